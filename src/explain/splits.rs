//! Who takes which part of a record: as the plan has it, or as rows of another source have it.

use std::collections::BTreeMap;

use crate::base::{Exact, natural_cmp};
use crate::explain::cells::{of_broken_rows, read_cell};
use crate::explain::expression::{Scalar, Stop, demand};
use crate::meaning::plan::{ColumnId, Credit, PartBy, Plan, Rest, RowSplit};
use crate::table::{Cause, Rows, Table};

/// Whose cell says who takes a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) enum Who {
    /// A column of the record.
    Column(ColumnId),
    /// A row of the split source.
    Row(usize),
    /// A place in the record's list.
    Listed(usize),
    /// Somebody who was found among people.
    Known(usize),
}

/// Parts and their takers; `None` is nobody.
pub(in crate::explain) type Parts = Vec<(Option<Who>, Exact)>;

/// Who takes what of one record.
#[derive(Debug, Default)]
pub(in crate::explain) struct Taking {
    pub(in crate::explain) parts: Parts,
    /// Shares that stand by themselves: overlays, and all of it for each of several.
    pub(in crate::explain) beside: Vec<(Who, Exact)>,
    /// Who may have a share by themselves, and why that cannot be known.
    pub(in crate::explain) unsure: Vec<(Who, Vec<Cause>)>,
    /// Why the parts cannot be known; then whoever is named may take something.
    pub(in crate::explain) why: Vec<Cause>,
}

impl Taking {
    /// Any of these may take something.
    pub(in crate::explain) fn anyone(who: impl Iterator<Item = Who>, why: Vec<Cause>) -> Taking {
        Taking {
            parts: who.map(|who| (Some(who), Exact::ZERO)).collect(),
            why,
            ..Taking::default()
        }
    }

    /// Everyone whom it names.
    pub(in crate::explain) fn named(&self) -> impl Iterator<Item = Who> + '_ {
        let parts = self.parts.iter().filter_map(|(who, _)| *who);
        let beside = self.beside.iter().map(|(who, _)| *who);
        parts
            .chain(beside)
            .chain(self.unsure.iter().map(|(who, _)| *who))
    }
}

/// The rows of a split source, by the id of the record that they name.
pub(in crate::explain) struct SplitRows<'a> {
    plan: &'a Plan,
    split: &'a RowSplit,
    table: &'a Table,
    by_record: BTreeMap<String, Vec<usize>>,
    /// Rows whose record cannot be read, and why.
    astray: Vec<(usize, Vec<Cause>)>,
}

impl<'a> SplitRows<'a> {
    /// Those of a credit, if its shares stand in rows.
    pub(in crate::explain) fn of_credit(
        plan: &'a Plan,
        rows: &'a dyn Rows,
        credit: &'a Credit,
    ) -> Option<SplitRows<'a>> {
        let split = credit.receivers.from_rows()?;
        let source = plan.source(split.source);
        let table = rows.table(&source.binding)?;
        let record = &source.columns[split.record.0].name;
        let mut by_record: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut astray = Vec::new();
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            match read_cell(plan, table, record, row) {
                Ok(Scalar::Text(id)) => by_record.entry(id).or_default().push(row),
                Err(Stop::Held(causes)) => astray.push((row, causes)),
                _ => {}
            }
        }
        Some(SplitRows {
            plan,
            split,
            table,
            by_record,
            astray,
        })
    }

    fn name(&self, column: ColumnId) -> &str {
        &self.plan.source(self.split.source).columns[column.0].name
    }

    /// The person in a row.
    pub(in crate::explain) fn person(&self, row: usize) -> Result<Scalar, Stop> {
        read_cell(self.plan, self.table, self.name(self.split.who), row)
    }

    /// Where a row stands.
    pub(in crate::explain) fn place(&self, row: usize) -> String {
        self.table.place(row)
    }

    fn of_record(&self, id: &str) -> &[usize] {
        self.by_record.get(id).map_or(&[], Vec::as_slice)
    }

    /// Whether a row of a record names a person.
    pub(in crate::explain) fn names(&self, id: &str, payee: &str) -> bool {
        let payee = Ok(Scalar::Text(payee.to_owned()));
        let mut rows = self.of_record(id).iter();
        rows.any(|row| self.person(*row) == payee)
    }

    /// Why rows that belong to no record that can be read hold a person.
    pub(in crate::explain) fn astray(&self, payee: &str, records: &Table) -> Vec<Cause> {
        let own = |row: usize| self.person(row) == Ok(Scalar::Text(payee.to_owned()));
        let mut causes = of_broken_rows(self.table, payee);
        let unread = self.astray.iter().filter(|(row, _)| own(*row));
        causes.extend(unread.flat_map(|(_, why)| why.iter().cloned()));
        for broken in &records.broken {
            if broken.values().any(|value| self.names(value, payee)) {
                causes.extend(records.cause(broken));
            }
        }
        causes
    }

    /// Who takes what of the record with an id; `None` where no row says it.
    pub(in crate::explain) fn taking(&self, id: &str, to: Option<ColumnId>) -> Option<Taking> {
        let rows = self.of_record(id);
        let mut why: Vec<Cause> = Vec::new();
        for broken in &self.table.broken {
            if broken.text.is_some() && !id.is_empty() && broken.values().any(|value| value == id) {
                why.extend(self.table.cause(broken));
            }
        }
        let mut sizes: Vec<Exact> = Vec::new();
        let mut own: Vec<usize> = Vec::new();
        for row in rows {
            match self.size(*row) {
                Ok(size) => sizes.push(size),
                Err(causes) => why.extend(causes),
            }
            why.extend(self.unreadable(*row));
            match self.is_overlay(*row) {
                Ok(true) => {}
                Ok(false) => own.push(*row),
                Err(causes) => why.extend(causes),
            }
        }
        if why.is_empty() {
            if rows.is_empty() {
                return None;
            }
            why.extend(self.not_whole(id, rows, &sizes, &own));
        }
        if why.is_empty() {
            let each = rows.iter().copied().zip(sizes);
            let (own, on_top): (Vec<_>, Vec<_>) = each.partition(|(row, _)| own.contains(row));
            let on_top = on_top
                .into_iter()
                .filter(|(row, _)| !matches!(self.person(*row), Err(Stop::Empty(_))));
            let (rows, sizes): (Vec<usize>, Vec<Exact>) = own.into_iter().unzip();
            return Some(Taking {
                parts: self.parts(&rows, &sizes),
                beside: on_top.map(|(row, share)| (Who::Row(row), share)).collect(),
                ..Taking::default()
            });
        }
        let columns = [to, self.split.by.rest(), self.split.missing.flatten()];
        let columns = columns.into_iter().flatten().map(Who::Column);
        let named = rows.iter().map(|row| Who::Row(*row)).chain(columns);
        Some(Taking::anyone(named, why))
    }

    /// Whether a row's share is on top of the whole.
    fn is_overlay(&self, row: usize) -> Result<bool, Vec<Cause>> {
        let Some(column) = self.split.overlay else {
            return Ok(false);
        };
        match demand(read_cell(self.plan, self.table, self.name(column), row)) {
            Ok(Scalar::Flag(flag)) => Ok(flag),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(false),
        }
    }

    fn size(&self, row: usize) -> Result<Exact, Vec<Cause>> {
        let Some(column) = self.split.by.column() else {
            return Ok(Exact::ONE);
        };
        match demand(read_cell(self.plan, self.table, self.name(column), row)) {
            Ok(Scalar::Number(size)) => Ok(size),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Err(Vec::new()),
        }
    }

    /// Why a row's person cannot be told, or the row from another.
    fn unreadable(&self, row: usize) -> Vec<Cause> {
        let mut causes = Vec::new();
        match self.person(row) {
            Err(Stop::Held(why)) => causes.extend(why),
            Err(Stop::Empty(why)) if self.split.missing.is_none() => causes.push(why),
            _ => {}
        }
        if let Err(Stop::Held(why)) = read_cell(self.plan, self.table, "id", row) {
            causes.extend(why);
        }
        causes
    }

    /// Why shares or weights make no whole.
    fn not_whole(&self, id: &str, rows: &[usize], sizes: &[Exact], own: &[usize]) -> Option<Cause> {
        let column = self.name(self.split.by.column()?);
        let in_percent = |size: &Exact| format!("{}%", (size.clone() * Exact::int(100)).to_plain());
        let is_share = matches!(self.split.by, PartBy::Share(..));
        let cell = |row: usize, size: &Exact| {
            let found = if is_share {
                in_percent(size)
            } else {
                size.to_plain()
            };
            self.table.cell(row, column, &found)
        };
        let mut both = rows.iter().zip(sizes);
        let parts: Vec<(&usize, &Exact)> =
            both.clone().filter(|(row, _)| own.contains(row)).collect();
        if let Some((row, size)) = both.find(|(_, size)| size.is_negative()) {
            return Some(Cause::share_negative(id, cell(*row, size)));
        }
        let (first, first_size) = parts.first()?;
        let total = parts
            .iter()
            .fold(Exact::ZERO, |sum, (_, size)| sum + (*size).clone());
        let place = cell(**first, first_size);
        match self.split.by {
            PartBy::Weight(_) => total.is_zero().then(|| Cause::no_weight(id, place)),
            PartBy::Equal => None,
            PartBy::Share(_, Rest::Nothing) => (total != Exact::ONE)
                .then(|| Cause::shares_total(id, &in_percent(&total), "", place)),
            PartBy::Share(..) => (total > Exact::ONE)
                .then(|| Cause::shares_total(id, &in_percent(&total), "at most ", place)),
        }
    }

    fn parts(&self, rows: &[usize], sizes: &[Exact]) -> Parts {
        if rows.is_empty() {
            return Parts::new();
        }
        let total = sizes
            .iter()
            .fold(Exact::ZERO, |sum, size| sum + size.clone());
        let of_all = |size: &Exact| match self.split.by {
            PartBy::Share(..) => Some(size.clone()),
            _ => size.checked_div(&total),
        };
        let taker = |row: usize| match (self.person(row), self.split.missing) {
            (Err(Stop::Empty(_)), Some(instead)) => instead.map(Who::Column),
            _ => Some(Who::Row(row)),
        };
        let mut parts: Parts = rows
            .iter()
            .zip(sizes)
            .map(|(row, size)| (taker(*row), of_all(size).unwrap_or_default()))
            .collect();
        if matches!(self.split.by, PartBy::Share(..)) && total < Exact::ONE {
            let rest = self.split.by.rest().map(Who::Column);
            parts.push((rest, Exact::ONE - total));
        }
        parts
    }
}

/// Parts with the ids of their takers, one part for each, in natural order; nobody's comes last.
pub(in crate::explain) fn by_taker(
    parts: &Parts,
    id: impl Fn(Who) -> Option<String>,
) -> Vec<(Option<String>, Exact)> {
    let mut sums: BTreeMap<Option<String>, Exact> = BTreeMap::new();
    for (who, share) in parts {
        let sum = sums.entry(who.and_then(&id)).or_default();
        *sum = sum.clone() + share.clone();
    }
    let nobody = sums.remove_entry(&None);
    let mut all: Vec<(Option<String>, Exact)> = sums.into_iter().collect();
    all.sort_by(|(a, _), (b, _)| {
        let of = |id: &Option<String>| id.clone().unwrap_or_default();
        natural_cmp(&of(a), &of(b))
    });
    all.extend(nobody);
    all
}
