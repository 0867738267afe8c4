//! Where records stand that a running quantity places: by date, then by id, among all that the credit selects.
//! `docs/spec/evaluation.md`, section 5.

use std::cmp::Ordering;
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::{Date, Exact, natural_cmp};
use crate::eval::exceptions::Exceptions;
use crate::eval::exchanges::Exchanges;
use crate::eval::late::{Counted, LateRecords};
use crate::eval::person::amounts::integral;
use crate::eval::record::{RecordEnv, currency_of};
use crate::eval::values::{V, both, cell, eval, truth};
use crate::eval::windows::days;
use crate::meaning::plan::{ColumnId, Credit, Instead, Pay, Placed, Plan, Running, Tiers};
use crate::syntax::ast::EdgeRule;
use crate::table::{Cause, Rows, Table};

/// Where a record stands.
#[derive(Clone, Debug)]
pub(in crate::eval) enum Spot {
    /// What ran before it, and what it adds.
    At {
        /// The running quantity before it.
        before: Exact,
        /// Its own size.
        size: Exact,
    },
    /// A record before it cannot be known.
    Unknown(Arc<Vec<Cause>>),
}

/// The records of a pay by where they stand, whoever is credited with them.
pub(in crate::eval) struct Placing {
    /// By row; those that the credit does not select stand nowhere.
    spots: Vec<Option<Spot>>,
}

/// A record that the credit selects, or may select.
struct Runner<'a> {
    key: Option<Arc<str>>,
    date: Option<Date>,
    id: &'a str,
    row: usize,
    size: Exact,
    /// Why it cannot be known.
    causes: Vec<Cause>,
}

/// Reads records of a pay's credit.
struct Selecting<'a> {
    plan: &'a Plan,
    exchanges: &'a Exchanges<'a>,
    credit: &'a Credit,
    placed: &'a Placed,
    table: &'a Table,
    /// Where records count that come in late.
    late: Option<LateRecords<'a>>,
    exceptions: &'a Exceptions,
}

/// The first day of the run that a day belongs to.
pub(in crate::eval) fn run_of(plan: &Plan, placed: &Placed, date: Date) -> Date {
    let period = plan.calendar.period_of(date, plan.cadence);
    let start = days(plan, placed.window, &period).0;
    let fresh = placed.since.filter(|since| *since <= date);
    fresh.map_or(start, |since| since.max(start))
}

/// The size of a record in a run.
pub(in crate::eval) fn size_of(
    plan: &Plan,
    credit: &Credit,
    placed: &Placed,
    record: (&Table, &Exceptions, usize),
) -> V {
    match placed.running {
        Running::Count => V::Number(Exact::ONE),
        Running::Total(column) => {
            let (table, exceptions, row) = record;
            let instead = exceptions.of(Instead::Column(credit.source, column), row);
            let column = &plan.source(credit.source).columns[column.0];
            let own = || cell(table, &column.name, row, currency_of(column, plan));
            instead.unwrap_or_else(own).needed()
        }
    }
}

/// What a record without a row adds: it is one, and has no columns.
pub(in crate::eval) fn given_size(placed: &Placed) -> Exact {
    match placed.running {
        Running::Count => Exact::ONE,
        Running::Total(_) => Exact::ZERO,
    }
}

impl Spot {
    /// The rate of a table for a record that stands here.
    pub(in crate::eval) fn rate(&self, table: &Tiers, edge: EdgeRule) -> V {
        let (before, size) = match self {
            Spot::Unknown(causes) => return V::Held(causes.to_vec()),
            Spot::At { before, size } => (before, size),
        };
        let after = before.clone() + size.clone();
        let at = |place: &Exact| {
            let row = table.rows.iter().find(|row| row.range.contains(place));
            row.map_or(V::Nothing, |row| V::Number(row.value.clone()))
        };
        match edge {
            EdgeRule::Starts => at(before),
            EdgeRule::Ends => at(&after),
            EdgeRule::Cut => {
                let passed =
                    integral(table, &after, &Exact::ONE) - integral(table, before, &Exact::ONE);
                passed
                    .checked_div(size)
                    .map_or_else(|| at(before), V::Number)
            }
        }
    }
}

impl<'a> Selecting<'a> {
    fn column(&self, id: ColumnId) -> &'a str {
        &self.plan.source(self.credit.source).columns[id.0].name
    }

    fn runner(&self, row: usize, key: ColumnId) -> Option<Runner<'a>> {
        if self.table.broken_row(row).is_some() {
            return None;
        }
        let env = RecordEnv {
            plan: self.plan,
            exchanges: self.exchanges,
            table: self.table,
            exceptions: self.exceptions,
            row,
        };
        let mut causes = Vec::new();
        for when in &self.credit.when {
            match truth(eval(when, &env)) {
                V::Bool(true) => {}
                V::Held(more) => causes = both(causes, more),
                _ => return None,
            }
        }
        let read = |column: &str| cell(self.table, column, row, self.plan.currency);
        let (first, last) = self.plan.effective;
        let own = match read(self.column(self.credit.dated_by)).needed() {
            V::Date(date) if date < first || last < date => return None,
            V::Date(date) => Some(date),
            V::Held(more) => {
                causes = both(causes, more);
                None
            }
            _ => None,
        };
        let date = match &self.late {
            None => own,
            Some(late) => match late.of_row(row, own, &mut causes) {
                Counted::On(when) => Some(when.day),
                Counted::OneOf(_) | Counted::AnyDay => None,
                Counted::Never(_) => return None,
            },
        };
        let record = (self.table, self.exceptions, row);
        let size = match size_of(self.plan, self.credit, self.placed, record) {
            V::Number(size) => size,
            V::Held(more) => {
                causes = both(causes, more);
                Exact::ZERO
            }
            _ => Exact::ZERO,
        };
        let key = match read(self.column(key)).needed() {
            V::Text(key) => Some(key),
            V::Held(more) => {
                causes = both(causes, more);
                None
            }
            _ => None,
        };
        if let V::Held(more) = read("id") {
            causes = both(causes, more);
        }
        Some(Runner {
            key,
            date,
            id: self.table.text("id", row).unwrap_or_default(),
            row,
            size,
            causes,
        })
    }
}

/// By date, then by id, then by place.
fn order(a: &Runner<'_>, b: &Runner<'_>) -> Ordering {
    a.date
        .cmp(&b.date)
        .then_with(|| natural_cmp(a.id, b.id))
        .then_with(|| a.row.cmp(&b.row))
}

impl Placing {
    /// Of a pay whose records run with those that share a column; `None` of every other.
    pub(in crate::eval) fn new(
        plan: &Plan,
        pay: &Pay,
        (rows, exchanges): (&dyn Rows, &Exchanges<'_>),
        exceptions: &Exceptions,
    ) -> Option<Placing> {
        let (placed, credit) = pay.placed()?;
        let key = placed.key?;
        let credit = plan.credit(credit);
        let table = rows.table(&plan.source(credit.source).binding)?;
        let selecting = Selecting {
            plan,
            exchanges,
            credit,
            placed,
            table,
            late: LateRecords::new(plan, credit, table),
            exceptions,
        };
        let runners: Vec<Runner<'_>> = (0..table.rows)
            .into_par_iter()
            .filter_map(|row| selecting.runner(row, key))
            .collect();
        let (mut known, loose): (Vec<Runner<'_>>, Vec<Runner<'_>>) = runners
            .into_iter()
            .partition(|runner| runner.key.is_some() && runner.date.is_some());
        known.par_sort_by(|a, b| a.key.cmp(&b.key).then_with(|| order(a, b)));
        let mut placing = Placing {
            spots: vec![None; table.rows],
        };
        let same_run = |a: &Runner<'_>, b: &Runner<'_>| {
            let run = |of: &Runner<'_>| of.date.map(|date| run_of(plan, placed, date));
            a.key == b.key && run(a) == run(b)
        };
        for other in &loose {
            if let Some(slot) = placing.spots.get_mut(other.row) {
                *slot = Some(Spot::Unknown(Arc::new(other.causes.clone())));
            }
        }
        for run in known.chunk_by(same_run) {
            placing.run(&selecting, run, &loose);
        }
        Some(placing)
    }

    /// Places the records of one run.
    fn run(&mut self, selecting: &Selecting<'_>, run: &[Runner<'_>], loose: &[Runner<'_>]) {
        let Some(first) = run.first() else { return };
        let key = first.key.as_deref().unwrap_or_default();
        let start = |of: &Runner<'_>| {
            let (plan, placed) = (selecting.plan, selecting.placed);
            of.date.map(|date| run_of(plan, placed, date))
        };
        let mut held: Vec<Cause> = Vec::new();
        for broken in &selecting.table.broken {
            if broken.may_be_about(key) {
                held.extend(selecting.table.cause(broken));
            }
        }
        // Those that may be of this run: on a day of it, or nobody knows when.
        let may_be = |other: &&Runner<'_>| {
            other.key.as_deref().is_none_or(|other| other == key)
                && (other.date.is_none() || start(other) == start(first))
        };
        let near: Vec<&Runner<'_>> = loose.iter().filter(may_be).collect();
        let (mut waiting, dateless): (Vec<&Runner<'_>>, Vec<&Runner<'_>>) =
            near.into_iter().partition(|other| other.date.is_some());
        held.extend(dateless.iter().flat_map(|other| other.causes.clone()));
        waiting.sort_by(|a, b| order(b, a));
        let mut held = Arc::new(both(held, Vec::new()));
        let mut sum = Exact::ZERO;
        for runner in run {
            let mut more = runner.causes.clone();
            while let Some(other) = waiting.pop_if(|other| order(other, runner).is_lt()) {
                more.extend(other.causes.iter().cloned());
            }
            if !more.is_empty() {
                held = Arc::new(both(held.to_vec(), more));
            }
            let spot = if held.is_empty() {
                let before = sum.clone();
                sum += &runner.size;
                Spot::At {
                    before,
                    size: runner.size.clone(),
                }
            } else {
                Spot::Unknown(Arc::clone(&held))
            };
            if let Some(slot) = self.spots.get_mut(runner.row) {
                *slot = Some(spot);
            }
        }
    }

    /// Where a record stands; one that is given stands at the start.
    pub(in crate::eval) fn spot(&self, placed: &Placed, row: Option<usize>) -> Spot {
        let known = row.and_then(|row| self.spots.get(row).cloned().flatten());
        known.unwrap_or_else(|| Spot::At {
            before: Exact::ZERO,
            size: given_size(placed),
        })
    }
}
