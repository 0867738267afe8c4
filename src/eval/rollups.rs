//! Credits that go up to those somebody reports to. `docs/spec/evaluation.md`, section 2.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::{Date, Exact};
use crate::diag::{Code, Diagnostic};
use crate::eval::credited::{Shares, Unknown, When};
use crate::eval::credits::{Everybody, Pile};
use crate::eval::differentials::Shared;
use crate::eval::exceptions::Exceptions;
use crate::eval::exchanges::Exchanges;
use crate::eval::lanes::common;
use crate::eval::late::LateRecords;
use crate::eval::people::Person;
use crate::eval::record::{RecordEnv, record_cell, whole};
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{AsOf, ColumnId, Credit, Once, Plan, Rollup};
use crate::table::{Cause, PEOPLE, Rows, Table};

/// Whom everyone reports to, by position in the list of people.
pub(in crate::eval) struct Hierarchy {
    above: Vec<Above>,
    /// Superiors whom the people file does not know.
    pub(in crate::eval) exceptions: Vec<Diagnostic>,
}

/// Whom one person reports to.
#[derive(Default)]
struct Above {
    id: String,
    /// By row of the people table: first and last day, and whom, if anybody.
    stretches: Vec<(usize, Date, Date, Option<u32>)>,
    /// Rows whose days cannot be told.
    undated: Vec<(Option<u32>, Vec<Cause>)>,
}

/// Whom somebody reaches at one level, and why it is not sure that they do; nothing where it is.
pub(in crate::eval) type Reached = BTreeMap<u32, Vec<Cause>>;

/// The part of a credit that somebody above has.
pub(in crate::eval) struct Get {
    pub(in crate::eval) who: u32,
    pub(in crate::eval) share: Exact,
    /// Why it is not sure.
    pub(in crate::eval) causes: Vec<Cause>,
}

impl Hierarchy {
    /// By a column of people.
    pub(in crate::eval) fn new(
        plan: &Plan,
        to: ColumnId,
        rows: &dyn Rows,
        everybody: &Everybody<'_>,
    ) -> Hierarchy {
        let mut exceptions = Vec::new();
        let above = match rows.table(PEOPLE) {
            None => Vec::new(),
            Some(table) => everybody
                .people
                .iter()
                .map(|person| above(plan, to, table, person, everybody, &mut exceptions))
                .collect(),
        };
        Hierarchy { above, exceptions }
    }

    /// Whom a person reports to on a day; on any day at all where it is not known which.
    fn next(&self, person: u32, day: Option<Date>, table: &Table) -> Reached {
        let mut reached = Reached::new();
        let Some(own) = self.above.get(person as usize) else {
            return reached;
        };
        let covers = |first: Date, last: Date| day.is_none_or(|day| first <= day && day <= last);
        let mut covering: Vec<(usize, Option<u32>)> = Vec::new();
        for (row, first, last, who) in &own.stretches {
            if covers(*first, *last) {
                covering.push((*row, *who));
            }
        }
        let mut causes: Vec<Cause> = Vec::new();
        // Two rows for one day, and nobody knows which holds.
        if day.is_some() {
            causes.extend(
                covering
                    .iter()
                    .skip(1)
                    .map(|(row, _)| Cause::overlap(&own.id, table.cell(*row, "id", &own.id))),
            );
        }
        for (who, why) in &own.undated {
            causes = both(causes, why.clone());
            covering.extend(who.map(|who| (0, Some(who))));
        }
        for who in covering.into_iter().filter_map(|(_, who)| who) {
            reached.insert(who, causes.clone());
        }
        reached
    }

    /// The row of people that holds a person's day, with the person's id, or why it is not known which.
    pub(in crate::eval) fn row(
        &self,
        person: u32,
        day: Date,
        table: &Table,
    ) -> Result<Option<(usize, &str)>, Vec<Cause>> {
        let Some(own) = self.above.get(person as usize) else {
            return Ok(None);
        };
        let holds = |first: Date, last: Date| first <= day && day <= last;
        let rows = own.stretches.iter();
        let rows = rows.filter(|(_, first, last, _)| holds(*first, *last));
        let rows: Vec<usize> = rows.map(|(row, ..)| *row).collect();
        let mut causes: Vec<Cause> = rows
            .iter()
            .skip(1)
            .map(|row| Cause::overlap(&own.id, table.cell(*row, "id", &own.id)))
            .collect();
        for (_, why) in &own.undated {
            causes = both(causes, why.clone());
        }
        if causes.is_empty() {
            Ok(rows.first().map(|row| (*row, own.id.as_str())))
        } else {
            Err(causes)
        }
    }

    /// The one person above somebody on each level, where all of it is sure, as it nearly always is.
    fn chain(&self, person: u32, day: Date, most: u16) -> Option<Vec<u32>> {
        let mut chain = Vec::with_capacity(usize::from(most));
        let mut below = person;
        while chain.len() < usize::from(most) {
            let own = self.above.get(below as usize)?;
            let mut covering = own
                .stretches
                .iter()
                .filter(|(_, first, last, _)| *first <= day && day <= *last);
            let (found, another) = (covering.next(), covering.next());
            if another.is_some() || !own.undated.is_empty() {
                return None;
            }
            let Some((.., Some(superior))) = found else {
                break;
            };
            if *superior == person || chain.contains(superior) {
                return None;
            }
            chain.push(*superior);
            below = *superior;
        }
        Some(chain)
    }

    /// Everyone above a person, by level from 1.
    pub(in crate::eval) fn levels(
        &self,
        person: u32,
        day: Option<Date>,
        most: usize,
        table: &Table,
    ) -> Vec<Reached> {
        let mut levels: Vec<Reached> = Vec::new();
        let mut below: Reached = Reached::from([(person, Vec::new())]);
        // Whom one has met, and from which level.
        let mut seen: BTreeMap<u32, usize> = BTreeMap::from([(person, 0)]);
        for _ in 0..most {
            let mut level = Reached::new();
            for (who, why) in &below {
                for (next, more) in self.next(*who, day, table) {
                    let causes = both(why.clone(), more);
                    let known = level.entry(next).or_insert_with(|| causes.clone());
                    // Reached in two ways: sure where one of them is.
                    if causes.is_empty() {
                        known.clear();
                    } else if !known.is_empty() {
                        *known = both(std::mem::take(known), causes);
                    }
                }
            }
            if level.is_empty() {
                break;
            }
            let again = level.keys().find_map(|who| Some((*who, *seen.get(who)?)));
            if let Some((again, since)) = again {
                let id = self.above.get(again as usize);
                let circle = vec![Cause::circle(id.map_or("", |own| own.id.as_str()))];
                for (who, _) in seen.iter().filter(|(_, met)| **met >= since) {
                    let known = level.entry(*who).or_default();
                    *known = both(std::mem::take(known), circle.clone());
                }
                levels.push(level);
                return levels;
            }
            let now = levels.len() + 1;
            seen.extend(level.keys().map(|who| (*who, now)));
            below = level.clone();
            levels.push(level);
        }
        levels
    }
}

fn above(
    plan: &Plan,
    to: ColumnId,
    table: &Table,
    person: &Person,
    everybody: &Everybody<'_>,
    exceptions: &mut Vec<Diagnostic>,
) -> Above {
    let Some(column) = plan.people.columns.get(to.0) else {
        return Above::default();
    };
    let mut superior = |row: usize| match cell(table, &column.name, row, plan.currency) {
        V::Text(id) => {
            let found = everybody.by_id.get(&*id).copied();
            if found.is_none() {
                let at = table.cell(row, &column.name, &id);
                let words = format!("the people file has no `{id}`");
                exceptions.push(
                    Diagnostic::in_cell(Code::F004, at, words)
                        .note("What would go up to this person goes to nobody until it has."),
                );
            }
            found
        }
        _ => None,
    };
    let stretches = person.rows.iter();
    let undated = person.undated.iter();
    Above {
        id: person.id.clone(),
        stretches: stretches
            .map(|(row, first, last)| (*row, *first, *last, superior(*row)))
            .collect(),
        undated: undated
            .map(|(row, causes)| (superior(*row), causes.clone()))
            .collect(),
    }
}

/// What one record gives one person above.
#[derive(Default)]
struct Tally {
    /// Of each credit below, its level's share; added.
    amount: Exact,
    /// The largest share of the levels on which the record reaches them.
    share: Exact,
    /// Why it is not sure that it does.
    causes: Vec<Cause>,
}

struct Rolling<'a> {
    plan: &'a Plan,
    base: &'a Credit,
    rollup: &'a Rollup,
    rows: &'a dyn Rows,
    exchanges: &'a Exchanges<'a>,
    exceptions: &'a Exceptions,
    people: &'a Table,
    /// Where records count that come in late.
    late: Option<LateRecords<'a>>,
    hierarchy: Hierarchy,
    /// Where levels have what those below them leave.
    shared: Option<Shared<'a>>,
    most: u16,
}

/// Credits of everyone for those they report to.
pub(in crate::eval) fn rolled(
    plan: &Plan,
    base: &Credit,
    rollup: &Rollup,
    below: Pile,
    (rows, exchanges): (&dyn Rows, &Exchanges<'_>),
    everybody: &Everybody<'_>,
) -> Pile {
    let Some(people) = rows.table(PEOPLE) else {
        return Pile {
            made: Vec::new(),
            ..below
        };
    };
    let mut rolling = Rolling {
        plan,
        base,
        rollup,
        rows,
        exchanges,
        exceptions: everybody.exceptions,
        people,
        late: rows
            .table(&plan.source(base.source).binding)
            .and_then(|table| LateRecords::new(plan, base, table)),
        hierarchy: Hierarchy::new(plan, rollup.to, rows, everybody),
        shared: rollup.differential.as_ref().map(|own| Shared {
            plan,
            people,
            own,
            levels: &rollup.levels,
        }),
        most: rollup
            .levels
            .iter()
            .map(|(level, _)| *level)
            .max()
            .unwrap_or(0),
    };
    let parts = rollup
        .levels
        .iter()
        .try_fold(below.denominator, |so_far, (_, share)| {
            let scaled = share.small_parts()?.1.checked_mul(below.denominator)?;
            common(so_far, scaled)
        });
    let denominator = parts.unwrap_or(below.denominator);
    let mut apart = Shares::new(denominator);
    apart.exceptions = std::mem::take(&mut rolling.hierarchy.exceptions);
    let mut made: Vec<Shares> = below
        .made
        .par_iter()
        .map(|below| {
            let mut out = Shares::new(denominator);
            rolling.all(below, everybody, &mut out);
            out
        })
        .collect();
    made.push(apart);
    Pile { made, denominator }
}

impl Rolling<'_> {
    fn all(&self, below: &Shares, everybody: &Everybody<'_>, out: &mut Shares) {
        out.exceptions.clone_from(&below.exceptions);
        let mut shares = below.each().peekable();
        // Shares of one record stand side by side.
        while let Some((person, row, when, amount)) = shares.next() {
            let mut own = vec![(person, amount)];
            while let Some((person, _, _, amount)) =
                shares.next_if(|(_, other, _, _)| row.is_some() && *other == row)
            {
                own.push((person, amount));
            }
            self.record(row, when, &own, everybody, out);
        }
        for (person, unknown) in &below.unknown {
            self.unknown(*person, unknown, everybody, out);
        }
    }

    fn record(
        &self,
        row: Option<usize>,
        when: When,
        own: &[(u32, Exact)],
        everybody: &Everybody<'_>,
        out: &mut Shares,
    ) {
        let date = when.day;
        let own_day = self.own_day(row, date);
        let (day, unclear) = self.day(row, own_day);
        let mut tallies: BTreeMap<u32, Tally> = BTreeMap::new();
        for (person, amount) in own {
            let mut give = |who: u32, share: &Exact, why: &[&Vec<Cause>]| {
                let tally = tallies.entry(who).or_default();
                tally.amount += amount.clone() * share.clone();
                tally.share = tally.share.clone().max(share.clone());
                for causes in why.iter().filter(|causes| !causes.is_empty()) {
                    tally.causes = both(std::mem::take(&mut tally.causes), (*causes).clone());
                }
            };
            let (gets, left) = self.gets(*person, day);
            if let Some(left) = left.filter(|_| unclear.is_empty()) {
                let noted = self.late.as_ref().map_or(date, |late| late.listed_on(when));
                out.note(noted, amount.clone() * left, Exact::ZERO);
            }
            for get in gets {
                give(get.who, &get.share, &[&get.causes, &unclear]);
            }
        }
        for (who, tally) in tallies {
            if !self.counts(who, own_day, everybody) {
                continue;
            }
            if !tally.causes.is_empty() {
                let unknown = Unknown {
                    date: Some(date),
                    known: when.known,
                    own: Some(own_day),
                    causes: tally.causes,
                };
                out.unknown.push((who, unknown));
                continue;
            }
            if let (Some(late), Some(row)) = (self.late.as_ref().filter(|_| own_day != date), row) {
                let who = everybody.people.get(who as usize);
                let left = who.and_then(|who| late.has_left(row, who, date));
                out.exceptions.extend(left);
            }
            let amount = match self.rollup.once {
                Once::Credit => tally.amount,
                Once::Record => self.whole(row, own) * tally.share,
            };
            out.push(who, row, when, amount);
        }
    }

    /// What those above somebody have of a credit of theirs, and what is left to the company, where that is said.
    fn gets(&self, person: u32, day: Option<Date>) -> (Vec<Get>, Option<Exact>) {
        let chain = day.and_then(|day| self.hierarchy.chain(person, day, self.most));
        let sure = |who: u32, share: &Exact| Get {
            who,
            share: share.clone(),
            causes: Vec::new(),
        };
        let reached = match (chain, &self.shared) {
            (Some(chain), None) => {
                let levels = self.rollup.levels.iter();
                let there = levels.filter_map(|(level, share)| {
                    let who = chain.get(usize::from(*level) - 1)?;
                    Some(sure(*who, share))
                });
                return (there.collect(), None);
            }
            (Some(chain), Some(_)) => chain
                .into_iter()
                .map(|who| Reached::from([(who, Vec::new())]))
                .collect(),
            (None, _) => self
                .hierarchy
                .levels(person, day, usize::from(self.most), self.people),
        };
        if let Some(shared) = &self.shared {
            return shared.gets(person, day, &reached, &self.hierarchy);
        }
        let mut gets = Vec::new();
        for (level, share) in &self.rollup.levels {
            for (who, why) in reached.get(usize::from(*level) - 1).into_iter().flatten() {
                gets.push(Get {
                    causes: why.clone(),
                    ..sure(*who, share)
                });
            }
        }
        (gets, None)
    }

    /// The day on which it is read who reports to whom, or why that is not known.
    fn day(&self, row: Option<usize>, date: Date) -> (Option<Date>, Vec<Cause>) {
        match (self.rollup.as_of, row) {
            (AsOf::LastDay, _) => (Some(self.last_day(date)), Vec::new()),
            (AsOf::Column(_), None) => (Some(date), Vec::new()),
            (AsOf::Column(column), Some(row)) => {
                let data = (self.rows, self.exceptions);
                match record_cell(self.plan, data, self.base.source, column, row).needed() {
                    V::Date(day) => (Some(day), Vec::new()),
                    V::Held(causes) => (None, causes),
                    _ => (None, Vec::new()),
                }
            }
        }
    }

    /// The day of the record itself, which says who stood above whom.
    fn own_day(&self, row: Option<usize>, date: Date) -> Date {
        let dated_by = row.filter(|_| self.late.is_some()).map(|row| {
            let data = (self.rows, self.exceptions);
            record_cell(self.plan, data, self.base.source, self.base.dated_by, row)
        });
        match dated_by {
            Some(V::Date(own)) => own,
            _ => date,
        }
    }

    fn last_day(&self, date: Date) -> Date {
        let period = self.plan.calendar.period_of(date, self.plan.cadence);
        period.end().min(self.plan.effective.1)
    }

    /// All of a record, whoever has a part.
    fn whole(&self, row: Option<usize>, own: &[(u32, Exact)]) -> Exact {
        let table = self.rows.table(&self.plan.source(self.base.source).binding);
        let (Some(row), Some(table)) = (row, table) else {
            return own
                .iter()
                .fold(Exact::ZERO, |sum, (_, amount)| sum + amount.clone());
        };
        let record = RecordEnv {
            plan: self.plan,
            exchanges: self.exchanges,
            table,
            exceptions: self.exceptions,
            row,
        };
        match whole(self.rollup.of, &record) {
            V::Number(whole) => whole,
            _ => Exact::ZERO,
        }
    }

    /// A credit below that cannot be known: nor can what goes up of it.
    fn unknown(&self, person: u32, unknown: &Unknown, everybody: &Everybody<'_>, out: &mut Shares) {
        let day = unknown.own.and_then(|date| match self.rollup.as_of {
            AsOf::LastDay => Some(self.last_day(date)),
            AsOf::Column(column) => (column == self.base.dated_by).then_some(date),
        });
        let levels = self
            .hierarchy
            .levels(person, day, usize::from(self.most), self.people);
        let mut reached = Reached::new();
        for (level, _) in &self.rollup.levels {
            let above = levels.get(usize::from(*level) - 1).into_iter().flatten();
            for (who, why) in above {
                let known = reached
                    .entry(*who)
                    .or_insert_with(|| unknown.causes.clone());
                *known = both(std::mem::take(known), why.clone());
            }
        }
        for (who, causes) in reached {
            if unknown
                .own
                .is_none_or(|date| self.counts(who, date, everybody))
            {
                let unknown = Unknown {
                    causes,
                    ..unknown.clone()
                };
                out.unknown.push((who, unknown));
            }
        }
    }

    fn counts(&self, who: u32, date: Date, everybody: &Everybody<'_>) -> bool {
        let person = everybody.people.get(who as usize);
        person.is_some_and(|person| person.counts(self.plan, date))
    }
}
