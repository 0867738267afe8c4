//! Days that quotas read: relief and leave of a person, holidays of everybody, row by row and day by day.

use std::collections::BTreeMap;

use crate::base::{Date, Exact, Period};
use crate::explain::cells::{of_broken_rows, read_cell};
use crate::explain::expression::{Found, Scalar, Stop, demand};
use crate::explain::walk::{Here, Walker};
use crate::meaning::plan::{ColumnId, DayRows, SourceId};
use crate::table::{Cause, Table, sorted};

/// How much of a day is taken away, for each day that has some.
pub(in crate::explain) type Shares = BTreeMap<Date, Exact>;

impl Walker<'_> {
    /// How much of each day of a part a person's rows take away; held where one cannot be known or two say it.
    pub(in crate::explain) fn shares_of_days(
        &self,
        here: &Here,
        of: &DayRows,
        days: &Period,
    ) -> Result<Shares, Vec<Cause>> {
        let source = self.plan.source(of.source);
        let mut shares = Shares::new();
        let Some(table) = self.rows.table(&source.binding) else {
            return Ok(shares);
        };
        let name = |id: ColumnId| source.columns[id.0].name.as_str();
        let mut held = of_broken_rows(table, &here.payee);
        let mut seen: Vec<Date> = Vec::new();
        for row in 0..table.rows {
            let payee = read_cell(self.plan, table, name(of.payee), row);
            if payee != Ok(Scalar::Text(here.payee.clone())) {
                continue;
            }
            let stretch = self.stretch(here, table, (name(of.from), name(of.through)), row);
            let (first, last) = match stretch {
                Ok(stretch) => stretch,
                Err(causes) => {
                    held.extend(causes);
                    continue;
                }
            };
            let own: Vec<Date> = days_of(days)
                .filter(|day| first <= *day && *day <= last)
                .collect();
            if own.is_empty() {
                continue;
            }
            if own.iter().any(|day| seen.contains(day)) {
                let cell = table.cell(row, name(of.payee), &here.payee);
                held.push(Cause::overlap(&here.payee, cell));
            }
            match self.share_of_row(here, table, of, row) {
                Ok(share) => shares.extend(own.iter().map(|day| (*day, share.clone()))),
                Err(causes) => held.extend(causes),
            }
            seen.extend(own);
        }
        if held.is_empty() {
            Ok(shares)
        } else {
            Err(sorted(held))
        }
    }

    /// The first and last day of a row.
    fn stretch(
        &self,
        here: &Here,
        table: &Table,
        (from, through): (&str, &str),
        row: usize,
    ) -> Result<(Date, Date), Vec<Cause>> {
        let mut held = Vec::new();
        let mut edge = |found: Found, open: Date| match found {
            Ok(Scalar::Date(day)) => day,
            Err(Stop::Held(causes)) => {
                held.extend(causes);
                open
            }
            _ => open,
        };
        let first = edge(demand(read_cell(self.plan, table, from, row)), Date::MIN);
        let last = edge(read_cell(self.plan, table, through, row), Date::MAX);
        if held.is_empty() && last < first {
            let cell = table.cell(row, through, &last.to_string());
            held.push(Cause::ends_first(&here.payee, first, last, cell));
        }
        if held.is_empty() {
            Ok((first, last))
        } else {
            Err(held)
        }
    }

    /// How much of each of its days a row takes away.
    fn share_of_row(
        &self,
        here: &Here,
        table: &Table,
        of: &DayRows,
        row: usize,
    ) -> Result<Exact, Vec<Cause>> {
        let columns = &self.plan.source(of.source).columns;
        if columns.iter().any(|column| column.name == "id")
            && let Err(Stop::Held(causes)) = demand(read_cell(self.plan, table, "id", row))
        {
            return Err(causes);
        }
        let Some(share) = of.share else {
            return Ok(Exact::ONE);
        };
        let name = columns[share.0].name.as_str();
        match demand(read_cell(self.plan, table, name, row)) {
            Ok(Scalar::Number(share)) if Exact::ZERO <= share && share <= Exact::ONE => Ok(share),
            Ok(Scalar::Number(share)) => {
                let cell = table.cell(row, name, &share.to_plain());
                Err(vec![Cause::relief_share(&here.payee, cell)])
            }
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(Exact::ONE),
        }
    }

    /// Days that are no working days for anybody.
    pub(in crate::explain) fn holidays(
        &self,
        (source, date): (SourceId, ColumnId),
    ) -> Result<Vec<Date>, Vec<Cause>> {
        let source = self.plan.source(source);
        let Some(table) = self.rows.table(&source.binding) else {
            return Ok(Vec::new());
        };
        let broken = table.broken.iter().filter_map(|row| table.cause(row));
        let mut held: Vec<Cause> = broken.collect();
        let mut days = Vec::new();
        for row in 0..table.rows {
            let name = &source.columns[date.0].name;
            match demand(read_cell(self.plan, table, name, row)) {
                Ok(Scalar::Date(day)) => days.push(day),
                Err(Stop::Held(causes)) => held.extend(causes),
                _ => {}
            }
        }
        if held.is_empty() {
            Ok(days)
        } else {
            Err(sorted(held))
        }
    }
}

/// The days of a period, one by one.
pub(in crate::explain) fn days_of(period: &Period) -> impl Iterator<Item = Date> + use<> {
    let days = period.start().days()..=period.end().days();
    days.filter_map(Date::from_days)
}

/// Whether a day lies in one of the stretches.
pub(in crate::explain) fn is_within(stretches: &[(Date, Date)], day: Date) -> bool {
    let mut stretches = stretches.iter();
    stretches.any(|(first, last)| *first <= day && day <= *last)
}
