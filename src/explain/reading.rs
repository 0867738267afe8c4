//! What a person's expressions read: totals over windows, facts, measures, rows of tables.

use std::collections::BTreeSet;

use crate::base::{Cadence, Date, Exact, Period};
use crate::explain::cells::{read_amount, read_column};
use crate::explain::exchanges::{Amounts, agreed};
use crate::explain::expression::{Found, Scalar, Stop, a_number, demand, pair};
use crate::explain::life::Life;
use crate::explain::receipt::{Decided, Kind, Known, Node, Rule};
use crate::explain::walk::{Here, Walker, credited, decided_in, kind, leaf};
use crate::meaning::plan::{
    Column, ColumnId, CreditId, Expr, FactDay, MeasureId, RuleOutcome, Tiers, TiersId,
};
use crate::syntax::ast::{Aggregate, Window};
use crate::table::{Cause, PEOPLE, sorted};

/// The row of a table that was reached, with its value and its neighbours.
pub(in crate::explain) fn row_reached(table: &Tiers, at: usize) -> Node {
    let row = &table.rows[at];
    let beside = [at.checked_sub(1), Some(at + 1)];
    let beside = beside.into_iter().flatten();
    let rule = Rule::RowReached {
        of: None,
        row: row.words.clone(),
        neighbours: beside
            .filter_map(|at| table.rows.get(at))
            .map(|row| row.words.clone())
            .collect(),
        rate: row.value.clone(),
    };
    let found = Ok(Scalar::Number(row.value.clone()));
    leaf(rule, &table.name, &found, kind(table.ty), Some(row.span))
}

impl<'a> Walker<'a> {
    /// First and last day of a window.
    pub(in crate::explain) fn days(&self, window: Window, period: usize) -> (Date, Date) {
        let own = &self.periods[period];
        let calendar = &self.plan.calendar;
        // The period that ends just before another begins.
        let before = |start: Date, length: Cadence| {
            calendar.period_of(start.add_days(-1).unwrap_or(Date::MIN), length)
        };
        let all_of = |period: Period| (period.start(), period.end());
        let months_until = |day: Date, count: u16| {
            let mut first = day;
            for _ in 0..count {
                first = before(first, Cadence::Month).start();
            }
            (first, day.add_days(-1).unwrap_or(Date::MIN))
        };
        let (first, last) = match window {
            Window::Period => all_of(*own),
            Window::ToDate(length) => (calendar.window_start(own, length), own.end()),
            Window::PlanToDate => (Date::MIN, own.end()),
            Window::LastPeriod => all_of(before(own.start(), own.cadence())),
            Window::SamePeriodLastYear => all_of(calendar.year_before(own)),
            Window::Last(length) => {
                let this = calendar.period_of(own.start(), length);
                all_of(before(this.start(), length))
            }
            Window::SameLastYear(length) => {
                let this = calendar.period_of(own.start(), length);
                all_of(calendar.year_before(&this))
            }
            Window::Months {
                count,
                with_this: true,
            } => months_until(own.end().add_days(1).unwrap_or(Date::MAX), count),
            Window::Months { count, .. } => months_until(own.start(), count),
            Window::MonthsBefore { count, of } => {
                months_until(calendar.period_of(own.start(), of).start(), count)
            }
            Window::Between(first, last) => (first, last),
        };
        // A window that looks back begins before the plan where it must; no window goes beyond the plan's end.
        let earliest = if window.looks_back() {
            Date::MIN
        } else {
            self.plan.effective.0
        };
        (first.max(earliest), last.min(self.plan.effective.1))
    }

    /// First and last day of a window that count here.
    fn counted(&self, here: &Here, window: Window) -> (Date, Date) {
        let (first, last) = self.days(window, here.period);
        here.counting.days(window, first, last)
    }

    /// Why a credit is not known over a window.
    pub(in crate::explain) fn unknown(
        &mut self,
        here: &Here,
        credit: CreditId,
        window: Window,
    ) -> Vec<Cause> {
        let (first, last) = self.counted(here, window);
        let life = self.life(&here.payee);
        if !life.held.is_empty() {
            return life.held;
        }
        let credits = self.credits(&here.payee, credit);
        let mut causes = Vec::new();
        for other in credits.unknown {
            if other.day.is_none_or(|day| first <= day && day <= last) {
                causes.extend(other.why);
            }
        }
        sorted(causes)
    }

    pub(in crate::explain) fn aggregate(
        &mut self,
        here: &Here,
        how: Aggregate,
        credit: CreditId,
        window: Window,
    ) -> (Found, Option<Node>) {
        let written = self.plan.credit(credit);
        let unknown = self.unknown(here, credit, window);
        let (first, last) = self.counted(here, window);
        let mut shares = self.credits(&here.payee, credit).shares;
        shares.retain(|share| first <= share.date && share.date <= last);
        let sum = shares
            .iter()
            .fold(Exact::ZERO, |sum, share| sum + share.amount.clone());
        let count = i64::try_from(shares.len()).map_or(Exact::ZERO, Exact::int);
        let found = if !unknown.is_empty() {
            Err(Stop::Held(unknown))
        } else {
            let value = match how {
                Aggregate::Total => Some(sum),
                Aggregate::Count => Some(count),
                Aggregate::Average => sum.checked_div(&count),
                Aggregate::Highest => shares.iter().map(|share| share.amount.clone()).max(),
                Aggregate::Lowest => shares.iter().map(|share| share.amount.clone()).min(),
            };
            let label = self.plan.calendar.label(&self.periods[here.period]);
            value
                .map(Scalar::Number)
                .ok_or_else(|| Stop::Missing(Cause::of_none(&written.label, &here.payee, &label)))
        };
        let value_kind = kind(written.amount.ty);
        let reads = shares
            .into_iter()
            .map(|share| Node {
                rule: credited(&share),
                label: share.record,
                value: Known::Value(share.amount),
                kind: value_kind,
                span: Some(written.span),
                reads: share.converted,
                decided: BTreeSet::new(),
            })
            .collect();
        let rule = if how == Aggregate::Total {
            Rule::Sum
        } else {
            Rule::Expression
        };
        let shown = if how == Aggregate::Count {
            Kind::Number
        } else {
            value_kind
        };
        let label = match window {
            Window::Period => written.label.clone(),
            _ => format!("{}, {}", written.label, window.words()),
        };
        let mut node = leaf(rule, &label, &found, shown, Some(written.span));
        if matches!(node.value, Known::Value(_)) {
            node.reads = reads;
        }
        node.decided = self.decided_on(here, credit, window);
        (found, Some(node))
    }

    /// What the conditions and splits of a credit decided about records of a window.
    pub(in crate::explain) fn decided_on(
        &mut self,
        here: &Here,
        credit: CreditId,
        window: Window,
    ) -> BTreeSet<Decided> {
        let (first, last) = self.counted(here, window);
        let decided = self.credits(&here.payee, credit).decided;
        decided
            .into_iter()
            .filter(|(date, _)| first <= *date && *date <= last)
            .map(|(_, decided)| decided)
            .collect()
    }

    /// The first day of the length of time around a period.
    pub(in crate::explain) fn start_of(&self, over: Cadence, period: usize) -> Date {
        let first = self.periods[period].start();
        self.plan.calendar.period_of(first, over).start()
    }

    pub(in crate::explain) fn fact(
        &mut self,
        here: &Here,
        id: ColumnId,
        day: FactDay,
    ) -> (Found, Option<Node>) {
        let column = &self.plan.people.columns[id.0];
        let life = self.life(&here.payee);
        let (found, place) = if life.held.is_empty() {
            self.fact_found(here, column, day, &life)
        } else {
            (Err(Stop::Held(life.held)), String::new())
        };
        let node = leaf(
            Rule::Fact { place },
            &column.name,
            &found,
            kind(column.ty),
            Some(column.span),
        );
        (found, Some(node))
    }

    pub(in crate::explain) fn fact_found(
        &self,
        here: &Here,
        column: &Column,
        day: FactDay,
        life: &Life,
    ) -> (Found, String) {
        let Some(table) = self.rows.table(PEOPLE) else {
            return (Err(Stop::Nothing), String::new());
        };
        let rows = self.rows_on(here, day, life);
        let read = |row: &usize| read_column(self.plan, table, column, *row);
        let values: Vec<Found> = rows.iter().map(read).collect();
        let none = Stop::Empty(Cause::no_fact(&column.name, &here.payee));
        let differ = Stop::Held(vec![Cause::fact_changes(&column.name, &here.payee)]);
        let found = agreed(&values, none, differ);
        let place = match (&found, rows.first()) {
            (Ok(_), Some(row)) => table.place(*row),
            _ => String::new(),
        };
        (found, place)
    }

    /// The rows of a person that hold on the days on which a fact is read.
    fn rows_on(&self, here: &Here, day: FactDay, life: &Life) -> Vec<usize> {
        let (earliest, latest) = self.plan.effective;
        let period = &self.periods[here.period];
        let last = period.end().min(latest);
        let (from, through) = match day {
            FactDay::First(over) => {
                let first = self.start_of(over, here.period);
                (first, first)
            }
            FactDay::Last => (last, last),
            FactDay::On(day) => (day, day),
            FactDay::Throughout(over) => (self.start_of(over, here.period).max(earliest), last),
            FactDay::Each => (period.start().max(earliest), last),
        };
        let rows = life.rows.iter();
        let rows = rows.filter(|(_, first, last)| *first <= through && from <= *last);
        rows.map(|(row, ..)| *row).collect()
    }

    /// The amounts of a fact of money, each by the currency of its own cell.
    pub(in crate::explain) fn amounts_of(
        &mut self,
        here: &Here,
        id: ColumnId,
        day: FactDay,
    ) -> Amounts {
        let column = &self.plan.people.columns[id.0];
        let life = self.life(&here.payee);
        let rows = self.rows_on(here, day, &life);
        let cells = match (life.held.is_empty(), self.rows.table(PEOPLE)) {
            (false, _) => vec![Err(Stop::Held(life.held))],
            (true, None) => vec![Err(Stop::Nothing)],
            (true, Some(table)) => {
                let cells = rows.into_iter();
                let read = |row| read_amount(self.plan, table, column, row);
                cells.map(read).collect()
            }
        };
        Amounts {
            cells,
            none: Stop::Empty(Cause::no_fact(&column.name, &here.payee)),
            differ: Stop::Held(vec![Cause::fact_changes(&column.name, &here.payee)]),
        }
    }

    pub(in crate::explain) fn measure_node(
        &mut self,
        here: &Here,
        id: MeasureId,
    ) -> (Found, Option<Node>) {
        let here = &here.inside(self.plan.amended.fresh.measures.get(&id));
        let key = (here.payee.clone(), id, here.period);
        let known = self.measures.get(&key);
        let (found, reads) = match known.filter(|_| here.counting.all_named()) {
            Some(made) => made.clone(),
            None => {
                let made = self.make_measure(here, id);
                if here.counting.all_named() {
                    self.measures.insert(key, made.clone());
                }
                made
            }
        };
        let measure = self.plan.measure(id);
        let mut node = leaf(
            Rule::Measure,
            &measure.label,
            &found,
            kind(measure.value.ty),
            Some(measure.span),
        );
        node.reads = reads;
        (found, Some(node))
    }

    pub(in crate::explain) fn make_measure(
        &mut self,
        here: &Here,
        id: MeasureId,
    ) -> (Found, Vec<Node>) {
        let measure = self.plan.measure(id);
        let person = Here {
            record: None,
            ..here.clone()
        };
        let mut reads = Vec::new();
        for rule in &measure.rules {
            let mut subject_reads = Vec::new();
            let subject = self.value(&person, &rule.subject, &mut subject_reads);
            let applies = match &subject {
                Ok(Scalar::Number(number)) => rule.zero && number.is_zero(),
                Err(Stop::Missing(_)) => rule.missing,
                Err(stop @ (Stop::Held(_) | Stop::Nothing)) => {
                    return (Err(stop.clone()), subject_reads);
                }
                _ => false,
            };
            if applies {
                let found = match (&rule.outcome, subject) {
                    (RuleOutcome::PayNothing, _) => Err(Stop::Nothing),
                    (RuleOutcome::Value(value), _) => self.value(&person, value, &mut Vec::new()),
                    (RuleOutcome::Hold, Err(Stop::Missing(cause))) => Err(Stop::Held(vec![cause])),
                    (RuleOutcome::Hold, _) => {
                        let label = self.plan.calendar.label(&self.periods[here.period]);
                        Err(Stop::Held(vec![Cause::measure_holds(
                            &measure.label,
                            &here.payee,
                            &label,
                        )]))
                    }
                };
                let mut node = leaf(
                    Rule::MeasureRule,
                    &measure.label,
                    &found,
                    kind(measure.value.ty),
                    Some(rule.span),
                );
                node.reads = subject_reads;
                return (found, vec![node]);
            }
        }
        let found = demand(self.value(&person, &measure.value, &mut reads));
        let found = self.filled(&person, id, found, &mut reads);
        let Some(rounding) = &measure.rounding else {
            return (found, reads);
        };
        let Ok(Scalar::Number(exact)) = found else {
            return (found, reads);
        };
        let found = Ok(Scalar::Number(rounding.round(&exact)));
        reads.push(leaf(
            Rule::Round { exact },
            &measure.label,
            &found,
            kind(measure.value.ty),
            Some(measure.span),
        ));
        (found, reads)
    }

    /// The value of the row a table's axis lies in.
    pub(in crate::explain) fn tier(&mut self, here: &Here, id: TiersId) -> (Found, Option<Node>) {
        let plan = self.plan;
        let table = plan.tier_table(id);
        let mut reads = Vec::new();
        let here = &here.inside(plan.amended.fresh.tiers.get(&id));
        let axis = demand(self.value(here, &table.axis, &mut reads));
        let axis = match axis {
            Ok(axis) => axis,
            Err(stop) => {
                let found = Err(stop);
                let mut node = leaf(
                    Rule::Expression,
                    &table.name,
                    &found,
                    kind(table.ty),
                    Some(table.span),
                );
                node.reads = reads;
                return (found, Some(node));
            }
        };
        let at = table
            .rows
            .iter()
            .position(|row| crate::explain::expression::lies_in(&row.range, &axis));
        let Some(at) = at else {
            return (Err(Stop::Nothing), None);
        };
        let mut node = row_reached(table, at);
        let found = Ok(Scalar::Number(table.rows[at].value.clone()));
        node.reads = reads;
        (found, Some(node))
    }

    /// Two values multiplied, for everything at the rate reached.
    pub(in crate::explain) fn times(base: Found, rate: Found) -> Found {
        match pair(base, rate)? {
            (Scalar::Number(base), Scalar::Number(rate)) => Ok(Scalar::Number(base * rate)),
            _ => Err(Stop::Nothing),
        }
    }

    /// A limit's amount; what nothing limits to is 0.
    pub(in crate::explain) fn limit(
        &mut self,
        expr: &Expr,
        here: &Here,
        decided: &mut BTreeSet<Decided>,
    ) -> Result<Exact, Stop> {
        let mut reads = Vec::new();
        let found = self.value(here, expr, &mut reads);
        decided.extend(decided_in(&reads));
        match a_number(found) {
            Err(Stop::Nothing) => Ok(Exact::ZERO),
            other => other,
        }
    }
}
