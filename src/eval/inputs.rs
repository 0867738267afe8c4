//! Inputs by whose they are and period. `docs/spec/evaluation.md`, section 3.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Period;
use crate::diag::Diagnostic;
use crate::eval::broken::Broken;
use crate::eval::strangers::{Strangers, said};
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{Input, InputOf, Plan};
use crate::meaning::{SIGNED_BY, SIGNED_ON};
use crate::table::{Cause, Rows, Table, sorted};

/// Values of one input for one person, one value of a column, or the company.
#[derive(Clone, Debug, Default)]
struct OfKey {
    values: BTreeMap<Period, V>,
    /// Faults that reach every period.
    held: Vec<Cause>,
}

/// One input, by person or value of its column; the company's stands under the empty key.
#[derive(Debug, Default)]
pub(in crate::eval) struct Delivered<'a> {
    of: BTreeMap<String, OfKey>,
    broken: Broken<'a>,
    /// Every row that is not whole, for an input that is of the company.
    all_broken: Vec<Cause>,
}

/// The column that says whose a row is.
fn key_column<'p>(plan: &'p Plan, input: &Input) -> Option<&'p str> {
    match input.whose {
        InputOf::Company => None,
        InputOf::Person => Some("payee"),
        InputOf::Column(id) => Some(&plan.people.columns[id.0].name),
    }
}

impl<'a> Delivered<'a> {
    /// Reads one input's table, and says who of it the people file does not know.
    pub(in crate::eval) fn new(
        plan: &Plan,
        input: &Input,
        rows: &'a dyn Rows,
        ids: &BTreeSet<&str>,
    ) -> (Delivered<'a>, Vec<Diagnostic>) {
        let mut delivered = Delivered::default();
        let mut strangers = Strangers::new();
        let Some(table) = rows.table(&input.name) else {
            return (delivered, Vec::new());
        };
        let is_of_persons = matches!(input.whose, InputOf::Person);
        let column = key_column(plan, input);
        delivered.broken = Broken::new(table, |_| true);
        if column.is_none() {
            let causes = table.broken.iter().filter_map(|row| table.cause(row));
            delivered.all_broken = sorted(causes.collect());
        }
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            let key = match column.map(|column| cell(table, column, row, plan.currency)) {
                None => String::new(),
                Some(V::Text(key)) => key.to_string(),
                Some(_) => continue,
            };
            if is_of_persons && !ids.contains(key.as_str()) {
                let cell = table.cell(row, "payee", &key);
                strangers.entry(key).or_insert(cell);
                continue;
            }
            let of = delivered.of.entry(key.clone()).or_default();
            let text = match cell(table, "period", row, plan.currency).needed() {
                V::Text(text) => text,
                V::Held(causes) => {
                    of.held = both(std::mem::take(&mut of.held), causes);
                    continue;
                }
                _ => continue,
            };
            let period = plan.calendar.parse_period(&text).ok();
            let Some(period) = period.filter(|period| period.cadence() == input.cadence) else {
                let found = table.cell(row, "period", &text);
                let cause = Cause::quota_period(
                    &text,
                    (input.cadence, &plan.first_period(input.cadence)),
                    found,
                );
                of.held = both(std::mem::take(&mut of.held), vec![cause]);
                continue;
            };
            let label = plan.calendar.label(&period);
            let Some(value) = value_of(plan, input, table, row, (&key, &label)) else {
                continue;
            };
            let value = match of.values.remove(&period) {
                None => value,
                Some(earlier) => {
                    let at = table.cell(row, "period", &text);
                    let twice = vec![Cause::input_twice(&input.label, &key, &label, at)];
                    match earlier {
                        V::Held(causes) => V::Held(both(causes, twice)),
                        _ => V::Held(twice),
                    }
                }
            };
            of.values.insert(period, value);
        }
        let note = "Nobody has what is delivered for this person";
        (delivered, said(strangers, ids, note))
    }

    /// What holds under a key in one of the plan's periods.
    pub(in crate::eval) fn value(
        &self,
        plan: &Plan,
        input: &Input,
        key: &str,
        period: &Period,
    ) -> V {
        let day = plan.first_day_in(period);
        let own = plan.calendar.period_of(day, input.cadence);
        let of = self.of.get(key);
        let broken = both(self.broken.causes(key), self.all_broken.clone());
        let held = both(broken, of.map_or_else(Vec::new, |of| of.held.clone()));
        if !held.is_empty() {
            return V::Held(held);
        }
        if let Some(value) = of.and_then(|of| of.values.get(&own)) {
            return value.clone();
        }
        match &input.missing {
            Some(instead) => V::Number(instead.clone()),
            None => V::Held(vec![Cause::input_missing(
                &input.label,
                key,
                &plan.calendar.label(&own),
                &input.kept_by,
                input.due_on(&own),
            )]),
        }
    }
}

/// What one row delivers; `None` where its value is empty.
fn value_of(
    plan: &Plan,
    input: &Input,
    table: &Table,
    row: usize,
    (key, label): (&str, &str),
) -> Option<V> {
    let number = match cell(table, &input.name, row, plan.currency) {
        V::Absent(_) => return None,
        V::Number(number) => number,
        other => return Some(other),
    };
    if !input.range.contains(&number) {
        let found = table.cell(row, &input.name, &number.to_plain());
        return Some(V::Held(vec![Cause::input_range(
            input.question(&number),
            found,
        )]));
    }
    let by = cell(table, SIGNED_BY, row, plan.currency);
    let on = cell(table, SIGNED_ON, row, plan.currency);
    Some(match (by, on) {
        (V::Held(a), V::Held(b)) => V::Held(both(a, b)),
        (V::Held(causes), _) | (_, V::Held(causes)) => V::Held(causes),
        (V::Text(_), V::Date(_)) => V::Number(number),
        _ => V::Held(vec![Cause::input_unsigned(
            &input.label,
            key,
            label,
            (&input.sign_off, &input.kept_by),
            table.cell(row, SIGNED_BY, ""),
        )]),
    })
}
