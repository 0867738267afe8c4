//! The input that holds for a person in a period, row by row.

use crate::base::{Cadence, Exact};
use crate::explain::cells::{of_broken_rows, read_cell};
use crate::explain::expression::{Found, Scalar, Stop, demand};
use crate::explain::receipt::{Node, Rule};
use crate::explain::walk::{Here, Walker, kind, leaf};
use crate::meaning::plan::{FactDay, Input, InputId, InputOf};
use crate::meaning::{SIGNED_BY, SIGNED_ON};
use crate::table::{Cause, Table, sorted};

/// A value with the words of its place, or why it cannot be known.
type Delivery = Result<(Exact, String), Vec<Cause>>;

impl Walker<'_> {
    /// An input as a step.
    pub(in crate::explain) fn input(
        &mut self,
        here: &Here,
        id: InputId,
        over: Cadence,
    ) -> (Found, Option<Node>) {
        let input = self.plan.input(id);
        let held = self.life(&here.payee).held;
        let (found, place) = if held.is_empty() {
            match self.input_key(here, input, over) {
                Ok(key) => self.delivered(here, input, over, &key),
                Err(stop) => (Err(stop), String::new()),
            }
        } else {
            (Err(Stop::Held(held)), String::new())
        };
        let span = Some(input.span);
        let node = leaf(
            Rule::Fact { place },
            &input.label,
            &found,
            kind(input.ty),
            span,
        );
        (found, Some(node))
    }

    fn input_key(&mut self, here: &Here, input: &Input, over: Cadence) -> Result<String, Stop> {
        match input.whose {
            InputOf::Company => Ok(String::new()),
            InputOf::Person => Ok(here.payee.clone()),
            InputOf::Column(column) => {
                let fact = self.fact(here, column, FactDay::Throughout(over)).0;
                match demand(fact)? {
                    Scalar::Text(key) => Ok(key),
                    _ => Err(Stop::Nothing),
                }
            }
        }
    }

    fn delivered(&self, here: &Here, input: &Input, over: Cadence, key: &str) -> (Found, String) {
        let calendar = &self.plan.calendar;
        let around = calendar.period_of(self.periods[here.period].start(), over);
        let wanted = calendar.period_of(self.plan.first_day_in(&around), input.cadence);
        let label = calendar.label(&wanted);
        let mut everywhere = Vec::new();
        let mut deliveries: Vec<Delivery> = Vec::new();
        if let Some(table) = self.rows.table(&input.name) {
            everywhere = match input.whose {
                InputOf::Company => {
                    let broken = table.broken.iter();
                    broken.filter_map(|row| table.cause(row)).collect()
                }
                InputOf::Person | InputOf::Column(_) => of_broken_rows(table, key),
            };
            for row in 0..table.rows {
                if table.broken_row(row).is_some() || !self.is_under(input, table, row, key) {
                    continue;
                }
                let text = match demand(read_cell(self.plan, table, "period", row)) {
                    Ok(Scalar::Text(text)) => text,
                    Err(Stop::Held(causes)) => {
                        everywhere.extend(causes);
                        continue;
                    }
                    _ => continue,
                };
                let at = table.cell(row, "period", &text);
                match calendar.parse_period(&text) {
                    Ok(period) if period == wanted => {}
                    Ok(period) if period.cadence() == input.cadence => continue,
                    _ => {
                        let example = self.plan.first_period(input.cadence);
                        let wanted = (input.cadence, example.as_str());
                        everywhere.push(Cause::quota_period(&text, wanted, at));
                        continue;
                    }
                }
                let Some(delivery) = self.delivery(input, table, row, (key, &label)) else {
                    continue;
                };
                if deliveries.is_empty() {
                    deliveries.push(delivery);
                } else {
                    // Two values are one fault; what the second says does not matter any more.
                    deliveries.retain(Result::is_err);
                    let twice = Cause::input_twice(&input.label, key, &label, at);
                    deliveries.push(Err(vec![twice]));
                }
            }
        }
        if !everywhere.is_empty() {
            return (Err(Stop::Held(sorted(everywhere))), String::new());
        }
        let causes = deliveries.iter().filter_map(|d| d.as_ref().err());
        let causes: Vec<Cause> = causes.flatten().cloned().collect();
        if !causes.is_empty() {
            return (Err(Stop::Held(sorted(causes))), String::new());
        }
        match (deliveries.into_iter().flatten().next(), &input.missing) {
            (Some((number, place)), _) => (Ok(Scalar::Number(number)), place),
            (None, Some(instead)) => {
                let place = format!("not delivered by {}", input.kept_by);
                (Ok(Scalar::Number(instead.clone())), place)
            }
            (None, None) => {
                let due = input.due_on(&wanted);
                let cause = Cause::input_missing(&input.label, key, &label, &input.kept_by, due);
                (Err(Stop::Held(vec![cause])), String::new())
            }
        }
    }

    /// Whether a row is about a key.
    fn is_under(&self, input: &Input, table: &Table, row: usize, key: &str) -> bool {
        let column = match input.whose {
            InputOf::Company => return true,
            InputOf::Person => "payee",
            InputOf::Column(id) => &self.plan.people.columns[id.0].name,
        };
        read_cell(self.plan, table, column, row) == Ok(Scalar::Text(key.to_owned()))
    }

    /// What one row delivers; `None` where its value is empty.
    fn delivery(
        &self,
        input: &Input,
        table: &Table,
        row: usize,
        (key, label): (&str, &str),
    ) -> Option<Delivery> {
        let number = match read_cell(self.plan, table, &input.name, row) {
            Ok(Scalar::Number(number)) => number,
            Err(Stop::Held(causes)) => return Some(Err(causes)),
            _ => return None,
        };
        if !input.range.contains(&number) {
            let cell = table.cell(row, &input.name, &number.to_plain());
            return Some(Err(vec![Cause::input_range(input.question(&number), cell)]));
        }
        let mut why = Vec::new();
        let mut signed = Vec::new();
        for column in [SIGNED_BY, SIGNED_ON] {
            match read_cell(self.plan, table, column, row) {
                Ok(Scalar::Text(by)) => signed.push(format!("signed by {by}")),
                Ok(Scalar::Date(day)) => signed.push(format!("on {day}")),
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => {}
            }
        }
        if !why.is_empty() {
            return Some(Err(sorted(why)));
        }
        if signed.len() < 2 {
            let who = (input.sign_off.as_str(), input.kept_by.as_str());
            let cell = table.cell(row, SIGNED_BY, "");
            let cause = Cause::input_unsigned(&input.label, key, label, who, cell);
            return Some(Err(vec![cause]));
        }
        let place = format!("{}, {}", table.place(row), signed.join(" "));
        Some(Ok((number, place)))
    }
}
