//! Shares of records that stand in rows of another source, joined to their records once.
//! `docs/spec/evaluation.md`, section 2.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::{Currency, Exact, natural_cmp};
use crate::diag::{Code, Diagnostic};
use crate::eval::record::PersonCodes;
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{ColumnId, PartBy, Plan, Rest, RowSplit};
use crate::table::{Cause, Column, RowSet, Table, Texts, Values};

/// Where a record has no rows.
const NO_GROUP: u32 = u32::MAX;

/// How many rows that name no record are told one by one.
const MOST_TOLD: usize = 1_000;

/// The rows of a split source, by the record that they name.
pub(in crate::eval) struct RowShares<'a> {
    pub(in crate::eval) split: &'a RowSplit,
    pub(in crate::eval) table: &'a Table,
    currency: Currency,
    who: Option<PersonCodes<'a>>,
    /// Its columns: the record, the person and, unless parts are equal, the share.
    names: (&'a str, &'a str, Option<&'a str>),
    /// The column that says whether a share is on top of the whole.
    overlay: Option<&'a str>,
    /// The group of a record's id.
    by_id: FxHashMap<&'a str, u32>,
    /// Where the rows of each group start among `rows`, and where the last ends.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// The group of each record.
    records: Vec<u32>,
    /// Why what is said of a record cannot be read: rows that are not whole, by what stands in them.
    broken: BTreeMap<&'a str, Vec<Cause>>,
}

/// Who gets a part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::eval) enum Taker {
    /// The company, or nobody.
    Nobody,
    /// The person in a column of the record.
    Record(ColumnId),
    /// The person in a row of the split source.
    Row(usize),
    /// One of a list in the record, by place.
    Listed(usize),
    /// A person, by position in the list of people.
    Person(u32),
}

/// What rows say of a record.
pub(in crate::eval) enum Said {
    /// There are none.
    Nothing,
    /// How large each part is: one for each row, then what they leave; and the shares on top of the whole.
    Parts(Vec<(Taker, Exact)>, Vec<(Taker, Exact)>),
    /// It cannot be known; the rows may name somebody all the same.
    Unknown(Vec<usize>, Vec<Cause>),
}

fn texts<'t>(table: &'t Table, column: &str) -> Option<&'t Texts> {
    match &table.column(column)?.values {
        Values::Texts(texts) => Some(texts),
        _ => None,
    }
}

impl<'a> RowShares<'a> {
    /// Joins the rows of a split source to records.
    pub(in crate::eval) fn new(
        plan: &'a Plan,
        split: &'a RowSplit,
        (table, records): (&'a Table, &'a Table),
        people: &FxHashMap<&str, u32>,
    ) -> RowShares<'a> {
        let columns = &plan.source(split.source).columns;
        let name = |id: ColumnId| columns[id.0].name.as_str();
        let names = (
            name(split.record),
            name(split.who),
            split.by.column().map(name),
        );
        let mut by_id: FxHashMap<&str, u32> = FxHashMap::default();
        let (mut starts, mut rows) = (vec![0], Vec::new());
        if let (Some(column), Some(ids)) = (table.column(names.0), texts(table, names.0)) {
            let of_code: Vec<u32> = (0..)
                .zip(ids.words.iter())
                .map(|(code, word)| *by_id.entry(word).or_insert(code))
                .collect();
            let group = |row: usize| {
                let is_there = !column.absent.contains(row) && column.fault(row).is_none();
                let code = ids.codes.get(row).filter(|_| is_there)?;
                of_code.get(*code as usize).copied()
            };
            (starts, rows) = grouped(table.rows, of_code.len(), group);
        }
        let ids = texts(records, "id");
        let group_of = |row: usize| {
            let id = ids.and_then(|ids| ids.get(row));
            id.and_then(|id| by_id.get(id).copied()).unwrap_or(NO_GROUP)
        };
        let records = (0..records.rows).into_par_iter().map(group_of).collect();
        let mut broken: BTreeMap<&str, Vec<Cause>> = BTreeMap::new();
        for row in &table.broken {
            for value in row.values().filter(|value| !value.is_empty()) {
                broken.entry(value).or_default().extend(table.cause(row));
            }
        }
        RowShares {
            split,
            table,
            currency: plan.currency,
            who: table
                .column(names.1)
                .and_then(|column| PersonCodes::new(column, people)),
            names,
            overlay: split.overlay.map(name),
            by_id,
            starts,
            rows,
            records,
            broken,
        }
    }

    /// The persons behind its rows.
    pub(in crate::eval) fn who(&self) -> Option<&PersonCodes<'a>> {
        self.who.as_ref()
    }

    /// The column with the size of a part; `None` where parts are equal, and no column where the table lacks it.
    pub(in crate::eval) fn size_column(&self) -> Option<Option<&'a Column>> {
        self.names.2.map(|name| self.table.column(name))
    }

    /// The column with the person.
    pub(in crate::eval) fn who_column(&self) -> &'a str {
        self.names.1
    }

    fn of_group(&self, group: u32) -> &[u32] {
        let at = |group: u32| self.starts.get(group as usize).map(|at| *at as usize);
        match (at(group), at(group.saturating_add(1))) {
            (Some(start), Some(end)) => self.rows.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The rows that name a record, in the order of the file.
    pub(in crate::eval) fn of_record(&self, record: usize) -> &[u32] {
        let group = self.records.get(record).copied();
        self.of_group(group.unwrap_or(NO_GROUP))
    }

    /// The rows that name a record by its id.
    pub(in crate::eval) fn of_id(&self, id: &str) -> &[u32] {
        self.by_id
            .get(id)
            .map_or(&[], |group| self.of_group(*group))
    }

    /// Rows that must be looked at one by one.
    pub(in crate::eval) fn odd_rows(&self) -> RowSet {
        let share = self.names.2;
        let columns = ["id", self.names.1].into_iter().chain(share);
        let columns = columns.filter_map(|name| self.table.column(name));
        columns
            .flat_map(|column| {
                let faulty = column.faulty.iter().map(|(row, _)| *row as usize);
                faulty.chain(column.absent.iter())
            })
            .collect()
    }

    /// Records that rows which are not whole may speak of.
    pub(in crate::eval) fn doubtful_records(&self, records: &Table) -> RowSet {
        if self.broken.is_empty() {
            return RowSet::default();
        }
        let ids = texts(records, "id");
        let is_named = |row: &usize| {
            let id = ids.and_then(|ids| ids.get(*row));
            id.is_some_and(|id| self.broken.contains_key(id))
        };
        (0..records.rows).filter(is_named).collect()
    }

    fn value(&self, column: &str, row: usize) -> V {
        cell(self.table, column, row, self.currency)
    }

    /// The person in a row's cell: there, absent, or why it cannot be read.
    pub(in crate::eval) fn person(&self, row: usize) -> V {
        self.value(self.names.1, row)
    }

    /// What is said of a record. The id is that of its row, though a second record may have it.
    pub(in crate::eval) fn said(&self, id: &str, record: usize) -> Said {
        let rows: Vec<usize> = self.of_record(record).iter().map(|r| *r as usize).collect();
        let mut causes = self.broken.get(id).cloned().unwrap_or_default();
        let mut sizes = Vec::new();
        let mut is_overlay = Vec::new();
        for row in &rows {
            is_overlay.push(
                match self.overlay.map(|column| self.value(column, *row).needed()) {
                    Some(V::Bool(flag)) => flag,
                    Some(V::Held(more)) => {
                        causes = both(causes, more);
                        false
                    }
                    _ => false,
                },
            );
            causes = both(causes, self.why_not(*row));
            sizes.push(
                match self.names.2.map(|share| self.value(share, *row).needed()) {
                    None => Exact::ONE,
                    Some(V::Number(size)) => size,
                    Some(V::Held(more)) => {
                        causes = both(causes, more);
                        Exact::ZERO
                    }
                    Some(_) => Exact::ZERO,
                },
            );
        }
        if causes.is_empty() && rows.is_empty() {
            return Said::Nothing;
        }
        if causes.is_empty() {
            causes.extend(self.wrong(id, &rows, &sizes, &is_overlay));
        }
        if causes.is_empty() {
            let all = rows.iter().copied().zip(sizes).zip(is_overlay);
            let (overlays, own): (Vec<_>, Vec<_>) = all.partition(|(_, overlay)| *overlay);
            let (rows, sizes): (Vec<usize>, Vec<Exact>) =
                own.into_iter().map(|(part, _)| part).unzip();
            let overlays = overlays.into_iter();
            Said::Parts(
                self.parts(&rows, sizes),
                overlays
                    .map(|((row, share), _)| (self.on_top(row), share))
                    .collect(),
            )
        } else {
            Said::Unknown(rows, both(causes, Vec::new()))
        }
    }

    /// Why a row's person cannot be read, or the row cannot be told from a second one.
    fn why_not(&self, row: usize) -> Vec<Cause> {
        let person = match self.person(row) {
            V::Held(causes) => causes,
            V::Absent(cause) if self.split.missing.is_none() => vec![cause],
            _ => Vec::new(),
        };
        match self.value("id", row) {
            V::Held(causes) => both(person, causes),
            _ => person,
        }
    }

    /// What is wrong with sizes that can all be read (F020).
    fn wrong(
        &self,
        id: &str,
        rows: &[usize],
        sizes: &[Exact],
        is_overlay: &[bool],
    ) -> Option<Cause> {
        let column = self.names.2?;
        let at = |place: usize| {
            let (row, size) = (rows.get(place)?, sizes.get(place)?);
            let found = match self.split.by {
                PartBy::Share(..) => percent(size),
                _ => size.to_plain(),
            };
            Some(self.table.cell(*row, column, &found))
        };
        if let Some(place) = sizes.iter().position(Exact::is_negative) {
            return Some(Cause::share_negative(id, at(place)?));
        }
        let first = is_overlay.iter().position(|overlay| !overlay)?;
        let parts = sizes.iter().zip(is_overlay);
        let parts = parts.filter(|(_, overlay)| !**overlay);
        let total: Exact = parts.map(|(size, _)| size).sum();
        match self.split.by {
            PartBy::Share(_, Rest::Nothing) if total != Exact::ONE => {
                Some(Cause::shares_total(id, &percent(&total), "", at(first)?))
            }
            PartBy::Share(_, rest) if rest != Rest::Nothing && total > Exact::ONE => Some(
                Cause::shares_total(id, &percent(&total), "at most ", at(first)?),
            ),
            PartBy::Weight(_) if total.is_zero() => Some(Cause::no_weight(id, at(first)?)),
            _ => None,
        }
    }

    /// One part for each row, then what they leave.
    fn parts(&self, rows: &[usize], sizes: Vec<Exact>) -> Vec<(Taker, Exact)> {
        if rows.is_empty() {
            return Vec::new();
        }
        let total: Exact = sizes.iter().sum();
        let rest = Exact::ONE - total.clone();
        let share = |size: Exact| match self.split.by {
            PartBy::Share(..) => size,
            PartBy::Weight(_) | PartBy::Equal => size.checked_div(&total).unwrap_or_default(),
        };
        let mut parts: Vec<(Taker, Exact)> = rows
            .iter()
            .zip(sizes)
            .map(|(row, size)| (self.taker(*row), share(size)))
            .collect();
        if let PartBy::Share(_, Rest::Company | Rest::Person(_)) = self.split.by
            && !rest.is_zero()
        {
            let taker = self.split.by.rest().map_or(Taker::Nobody, Taker::Record);
            parts.push((taker, rest));
        }
        parts
    }

    /// Who gets the share of a row on top of the whole; that of an absent person is nobody's.
    fn on_top(&self, row: usize) -> Taker {
        match self.person(row) {
            V::Absent(_) => Taker::Nobody,
            _ => Taker::Row(row),
        }
    }

    /// Who gets the part of a row.
    fn taker(&self, row: usize) -> Taker {
        match (self.person(row), self.split.missing) {
            (V::Absent(_), Some(Some(column))) => Taker::Record(column),
            (V::Absent(_), Some(None)) => Taker::Nobody,
            _ => Taker::Row(row),
        }
    }

    /// Rows whose record cannot be read: it may be any record of their person.
    pub(in crate::eval) fn astray(&self) -> Vec<(usize, Vec<Cause>)> {
        let Some(column) = self.table.column(self.names.0) else {
            return Vec::new();
        };
        let rows = column.faulty.iter().map(|(row, _)| *row as usize);
        let whole = rows.filter(|row| self.table.broken_row(*row).is_none());
        whole
            .filter_map(|row| match self.value(self.names.0, row) {
                V::Held(causes) => Some((row, causes)),
                _ => None,
            })
            .collect()
    }

    /// Rows that name a record which is not there (F021): they credit nobody, and hold nobody.
    pub(in crate::eval) fn strays(&self, records: &Table, word: &str) -> Vec<Diagnostic> {
        let mut is_known = vec![false; self.starts.len()];
        let mut know = |group: u32| {
            if let Some(known) = is_known.get_mut(group as usize) {
                *known = true;
            }
        };
        self.records.iter().for_each(|group| know(*group));
        for broken in &records.broken {
            if broken.text.is_none() {
                // Records are lost, and it may be one of them.
                return Vec::new();
            }
            let values = broken.values();
            values.for_each(|value| know(self.by_id.get(value).copied().unwrap_or(NO_GROUP)));
        }
        let groups = (0_u32..).zip(&is_known).filter(|(_, known)| !**known);
        let mut rows: Vec<u32> = groups
            .flat_map(|(group, _)| self.of_group(group))
            .copied()
            .collect();
        rows.sort_unstable();
        let ids = texts(self.table, self.names.0);
        let told = rows.iter().take(MOST_TOLD).map(|row| {
            let row = *row as usize;
            let id = ids.and_then(|ids| ids.get(row)).unwrap_or_default();
            let cell = self.table.cell(row, self.names.0, id);
            Diagnostic::in_cell(Code::F021, cell, format!("there is no {word} `{id}`"))
                .note("This share is nobody's until the record is there, or the row names another.")
        });
        let mut told: Vec<Diagnostic> = told.collect();
        if rows.len() > MOST_TOLD {
            let words = format!(
                "{} more rows of `{}` name a {word} that is not there",
                rows.len() - MOST_TOLD,
                self.table.name
            );
            told.push(Diagnostic::bare(Code::F021, words));
        }
        told
    }
}

fn percent(share: &Exact) -> String {
    format!("{}%", (share.clone() * Exact::int(100)).to_plain())
}

/// Rows by group, in the order of the file, and where each group starts.
fn grouped(
    rows: usize,
    groups: usize,
    group: impl Fn(usize) -> Option<u32>,
) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; groups + 1];
    for at in (0..rows).filter_map(&group) {
        if let Some(count) = starts.get_mut(at as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut placed = vec![0_u32; sum as usize];
    for (row, at) in (0_u32..).zip((0..rows).map(&group)) {
        if let Some(next) = at.and_then(|at| next.get_mut(at as usize))
            && let Some(slot) = placed.get_mut(*next as usize)
        {
            *slot = row;
            *next += 1;
        }
    }
    (starts, placed)
}

/// Parts of one person added into one, in the natural order of ids; what nobody gets comes last.
pub(in crate::eval) fn by_person(
    parts: Vec<(Taker, Exact)>,
    id: impl Fn(Taker) -> Option<String>,
) -> Vec<(Taker, Exact)> {
    let mut named: Vec<(Option<String>, Taker, Exact)> = parts
        .into_iter()
        .map(|(taker, share)| (id(taker), taker, share))
        .collect();
    named.sort_by(|(a, ..), (b, ..)| match (a, b) {
        (Some(a), Some(b)) => natural_cmp(a, b),
        _ => b.is_some().cmp(&a.is_some()),
    });
    let mut added: Vec<(Option<String>, Taker, Exact)> = Vec::new();
    for (id, taker, share) in named {
        match added.last_mut() {
            Some((last, _, so_far)) if *last == id => *so_far += share,
            _ => added.push((id, taker, share)),
        }
    }
    added
        .into_iter()
        .map(|(_, taker, share)| (taker, share))
        .collect()
}
