//! Rows of days of persons (relief, leave) and days of everybody (holidays), which quotas read.
//! `docs/spec/evaluation.md`, section 3.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Date, Exact};
use crate::diag::Cell;
use crate::eval::broken::Broken;
use crate::eval::strangers::Strangers;
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{ColumnId, DayRows, Plan, SourceId};
use crate::table::{Cause, Rows, Table, sorted};

/// Days from the first through the last.
pub(in crate::eval::quotas) type Days = (Date, Date);

/// The days that two stretches share.
pub(in crate::eval::quotas) fn shared(a: Days, b: Days) -> Option<Days> {
    let days = (a.0.max(b.0), a.1.min(b.1));
    (days.0 <= days.1).then_some(days)
}

/// Rows of days of one person.
#[derive(Clone, Debug, Default)]
pub(in crate::eval::quotas) struct OfPayee {
    rows: Vec<DayRow>,
    /// Faults that reach every day.
    held: Vec<Cause>,
}

#[derive(Clone, Debug)]
struct DayRow {
    days: Days,
    /// How much of each day.
    share: Result<Exact, Vec<Cause>>,
    /// Where it stands, for a row that shares a day with an earlier one.
    cell: Cell,
}

impl OfPayee {
    /// The stretches within some days, each with its share; held where one cannot be known or two share a day.
    pub(in crate::eval::quotas) fn within(
        &self,
        days: Days,
        payee: &str,
    ) -> Result<Vec<(Days, Exact)>, Vec<Cause>> {
        let mut held = self.held.clone();
        let mut found: Vec<(Days, Exact)> = Vec::new();
        let mut seen: Vec<Days> = Vec::new();
        for row in &self.rows {
            let Some(own) = shared(row.days, days) else {
                continue;
            };
            if seen.iter().any(|other| shared(*other, own).is_some()) {
                held.push(Cause::overlap(payee, row.cell.clone()));
            }
            seen.push(own);
            match &row.share {
                Ok(share) => found.push((own, share.clone())),
                Err(causes) => held.extend(causes.iter().cloned()),
            }
        }
        if held.is_empty() {
            Ok(found)
        } else {
            Err(sorted(held))
        }
    }
}

/// Reads rows of days, by person; and the rows of persons whom the people file does not know.
pub(in crate::eval::quotas) fn by_payee(
    plan: &Plan,
    of: &DayRows,
    rows: &dyn Rows,
    ids: &BTreeSet<&str>,
) -> (BTreeMap<String, OfPayee>, Strangers) {
    let mut found: BTreeMap<String, OfPayee> = BTreeMap::new();
    let mut strangers = Strangers::new();
    let source = plan.source(of.source);
    let name = |id: ColumnId| source.columns[id.0].name.as_str();
    let Some(table) = rows.table(&source.binding) else {
        return (found, strangers);
    };
    let broken = Broken::new(table, |text| ids.contains(text));
    for (id, held) in broken.held(ids.iter().copied()) {
        found.entry(id.to_owned()).or_default().held = held;
    }
    let has_ids = source.columns.iter().any(|column| column.name == "id");
    for row in 0..table.rows {
        let V::Text(payee) = cell(table, name(of.payee), row, plan.currency) else {
            continue;
        };
        let own_cell = table.cell(row, name(of.payee), &payee);
        if !ids.contains(&*payee) {
            strangers.entry(payee.to_string()).or_insert(own_cell);
            continue;
        }
        let edges = (name(of.from), name(of.through));
        let id = has_ids.then(|| cell(table, "id", row, plan.currency).needed());
        let share = match (id, of.share) {
            (Some(V::Held(causes)), _) => Err(causes),
            (_, Some(share)) => share_of(plan, table, name(share), row, &payee),
            (_, None) => Ok(Exact::ONE),
        };
        let own = found.entry(payee.to_string()).or_default();
        match days_of(plan, table, edges, row, &payee) {
            Ok(days) => own.rows.push(DayRow {
                days,
                share,
                cell: own_cell,
            }),
            Err(causes) => own.held = both(std::mem::take(&mut own.held), causes),
        }
    }
    (found, strangers)
}

fn days_of(
    plan: &Plan,
    table: &Table,
    (from, through): (&str, &str),
    row: usize,
    payee: &str,
) -> Result<Days, Vec<Cause>> {
    let from = match cell(table, from, row, plan.currency).needed() {
        V::Date(date) => Ok(date),
        V::Held(causes) => Err(causes),
        _ => Ok(Date::MIN),
    };
    let last = match cell(table, through, row, plan.currency) {
        V::Date(date) => Ok(date),
        V::Held(causes) => Err(causes),
        _ => Ok(Date::MAX),
    };
    match (from, last) {
        (Ok(from), Ok(last)) if last < from => {
            let cell = table.cell(row, through, &last.to_string());
            Err(vec![Cause::ends_first(payee, from, last, cell)])
        }
        (Ok(from), Ok(last)) => Ok((from, last)),
        (Err(a), Err(b)) => Err(both(a, b)),
        (Err(causes), _) | (_, Err(causes)) => Err(causes),
    }
}

fn share_of(
    plan: &Plan,
    table: &Table,
    column: &str,
    row: usize,
    payee: &str,
) -> Result<Exact, Vec<Cause>> {
    match cell(table, column, row, plan.currency).needed() {
        V::Number(share) if share.is_negative() || share > Exact::ONE => {
            let cell = table.cell(row, column, &share.to_plain());
            Err(vec![Cause::relief_share(payee, cell)])
        }
        V::Number(share) => Ok(share),
        V::Held(causes) => Err(causes),
        _ => Ok(Exact::ONE),
    }
}

/// Days that are no working days for anybody.
#[derive(Clone, Debug, Default)]
pub(in crate::eval::quotas) struct Holidays {
    days: BTreeSet<Date>,
    /// Why nobody's working days can be known.
    held: Vec<Cause>,
}

impl Holidays {
    /// Reads the days of a source.
    pub(in crate::eval::quotas) fn new(
        plan: &Plan,
        (source, date): (SourceId, ColumnId),
        rows: &dyn Rows,
    ) -> Holidays {
        let mut found = Holidays::default();
        let source = plan.source(source);
        let Some(table) = rows.table(&source.binding) else {
            return found;
        };
        let broken = table.broken.iter().filter_map(|row| table.cause(row));
        found.held.extend(broken);
        for row in 0..table.rows {
            match cell(table, &source.columns[date.0].name, row, plan.currency).needed() {
                V::Date(day) => {
                    found.days.insert(day);
                }
                V::Held(causes) => found.held.extend(causes),
                _ => {}
            }
        }
        found.held = sorted(found.held);
        found
    }

    /// Why nobody's working days can be known; nothing if they are.
    pub(in crate::eval::quotas) fn held(&self) -> &[Cause] {
        &self.held
    }

    /// How many working days there are in a stretch: Mondays to Fridays that are no holidays.
    pub(in crate::eval::quotas) fn working_days(&self, (first, last): Days) -> i64 {
        // Whole weeks from a Monday on have five each.
        let before = |day: i64| {
            let since_monday = day + 3;
            since_monday.div_euclid(7) * 5 + since_monday.rem_euclid(7).min(5)
        };
        let weekdays = before(i64::from(last.days()) + 1) - before(i64::from(first.days()));
        let holidays = self.days.range(first..=last);
        let free = holidays.filter(|day| day.is_weekday()).count();
        weekdays - i64::try_from(free).unwrap_or(0)
    }
}
