//! Credits of all persons, by person and period.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::base::{Date, Exact, Period, natural_cmp};
use crate::diag::Diagnostic;
use crate::table::{Cause, Table, Values};

/// One share of one record for one person. Small, since there are more of them than of anything else.
#[derive(Clone, Copy, Debug)]
pub(in crate::eval) struct Share {
    /// Over the credit's denominator; or, of an exact one, its position among the exact amounts.
    units: i64,
    /// The person, by position in the list of people.
    person: u32,
    row: u32,
    date: Date,
    /// Since which of the plan's periods the record is known.
    known: u16,
    is_exact: bool,
}

/// The day on which a record counts, and since when that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::eval) struct When {
    pub(in crate::eval) day: Date,
    /// The position of the first of the plan's periods in which it is known: 0 where it always was.
    pub(in crate::eval) known: u16,
}

impl When {
    /// A day that was always known.
    pub(in crate::eval) fn on(day: Date) -> When {
        When { day, known: 0 }
    }
}

/// The row of a share that stands on no record.
const NO_ROW: u32 = u32::MAX;

/// Where none has been placed yet.
const NO_SHARE: Share = Share {
    units: 0,
    person: 0,
    row: NO_ROW,
    date: Date::MIN,
    known: 0,
    is_exact: false,
};

/// A record that would give credit, if it could be known.
#[derive(Clone, Debug)]
pub(in crate::eval) struct Unknown {
    /// The day on which it counts; `None` reaches every period.
    pub(in crate::eval) date: Option<Date>,
    /// Since which of the plan's periods it is known that it is there.
    pub(in crate::eval) known: u16,
    /// The record's own day, which says whose it is.
    pub(in crate::eval) own: Option<Date>,
    pub(in crate::eval) causes: Vec<Cause>,
}

impl Unknown {
    /// What may count on any day.
    pub(in crate::eval) fn on_any_day(causes: Vec<Cause>) -> Unknown {
        Unknown {
            date: None,
            known: 0,
            own: None,
            causes,
        }
    }
}

/// Shares in the making, in the order of their records.
#[derive(Debug)]
pub(in crate::eval) struct Shares {
    /// What units are divided by. Positive.
    denominator: i128,
    shares: Vec<Share>,
    /// Amounts that are no whole number of units.
    exact: Vec<Exact>,
    pub(in crate::eval) unknown: Vec<(u32, Unknown)>,
    pub(in crate::eval) exceptions: Vec<Diagnostic>,
    /// By day, what is the company's and what stands on top of the records.
    pub(in crate::eval) beside: BTreeMap<Date, (Exact, Exact)>,
}

/// The days of periods that follow each other.
pub(in crate::eval) struct Days {
    first: Date,
    /// Day after day, the position of its period.
    period: Vec<u32>,
    /// Days before this one are left out.
    from: Date,
}

/// One credit, of everybody.
#[derive(Debug)]
pub(in crate::eval) struct Credited {
    denominator: i128,
    /// By person, then period, then in the order of their records or, where that decides money, by date and id.
    shares: Vec<Share>,
    /// Where shares of a person and period start: at person times periods plus period.
    starts: Vec<usize>,
    periods: usize,
    exact: Vec<Exact>,
    unknown: BTreeMap<u32, Vec<Unknown>>,
    /// The first person it is of.
    first: u32,
}

impl Share {
    /// The row in the source's table; `None` for a given credit.
    pub(in crate::eval) fn row(&self) -> Option<usize> {
        (self.row != NO_ROW).then_some(self.row as usize)
    }

    pub(in crate::eval) fn date(&self) -> Date {
        self.date
    }

    /// Since which of the plan's periods the record is known.
    pub(in crate::eval) fn known(&self) -> u16 {
        self.known
    }

    /// The amount over the credit's denominator, where it is a whole number of units.
    pub(in crate::eval) fn units(&self) -> Option<i64> {
        (!self.is_exact).then_some(self.units)
    }
}

/// A position as it stands among units.
fn position(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// The sum of all numbers before each, and of all at the end.
fn sums_before(numbers: &[usize]) -> Vec<usize> {
    let mut sums = vec![0];
    sums.extend(numbers.iter().scan(0, |sum, number| {
        *sum += number;
        Some(*sum)
    }));
    sums
}

impl Shares {
    pub(in crate::eval) fn new(denominator: i128) -> Shares {
        Shares {
            denominator,
            shares: Vec::new(),
            exact: Vec::new(),
            unknown: Vec::new(),
            exceptions: Vec::new(),
            beside: BTreeMap::new(),
        }
    }

    /// Notes what of a record of a day is the company's, and what stands on top of it.
    pub(in crate::eval) fn note(&mut self, date: Date, company: Exact, on_top: Exact) {
        if company.is_zero() && on_top.is_zero() {
            return;
        }
        let (left, over) = self.beside.entry(date).or_default();
        *left += company;
        *over += on_top;
    }

    /// Every share, in order: person, row, day and amount.
    pub(in crate::eval) fn each(
        &self,
    ) -> impl Iterator<Item = (u32, Option<usize>, When, Exact)> + '_ {
        self.shares.iter().map(|share| {
            let exact = usize::try_from(share.units).ok().filter(|_| share.is_exact);
            let amount = match exact.and_then(|at| self.exact.get(at)) {
                Some(amount) => amount.clone(),
                None => Exact::fixed(i128::from(share.units), self.denominator),
            };
            let when = When {
                day: share.date,
                known: share.known,
            };
            (share.person, share.row(), when, amount)
        })
    }

    /// Adds a share of so many units.
    pub(in crate::eval) fn push_units(&mut self, person: u32, row: u32, date: Date, units: i64) {
        self.shares.push(Share {
            units,
            person,
            row,
            date,
            known: 0,
            is_exact: false,
        });
    }

    /// Adds a share of any amount.
    pub(in crate::eval) fn push(
        &mut self,
        person: u32,
        row: Option<usize>,
        when: When,
        amount: Exact,
    ) {
        let units = amount.to_units(self.denominator);
        let units = units.and_then(|units| i64::try_from(units).ok());
        let row = row.and_then(|row| u32::try_from(row).ok());
        self.shares.push(Share {
            units: units.unwrap_or_else(|| position(self.exact.len())),
            person,
            row: row.unwrap_or(NO_ROW),
            date: when.day,
            known: when.known,
            is_exact: units.is_none(),
        });
        if units.is_none() {
            self.exact.push(amount);
        }
    }
}

impl Days {
    /// Of periods that follow each other, from a day on.
    pub(in crate::eval) fn new(periods: &[Period], from: Date) -> Days {
        let days = (0_u32..).zip(periods).flat_map(|(at, period)| {
            let days = period.end().days() - period.start().days() + 1;
            std::iter::repeat_n(at, usize::try_from(days).unwrap_or(0))
        });
        Days {
            first: periods.first().map_or(Date::MIN, Period::start),
            period: days.collect(),
            from,
        }
    }

    /// The position of a day's period.
    fn period(&self, date: Date) -> Option<usize> {
        if date < self.from {
            return None;
        }
        let at = usize::try_from(date.days() - self.first.days()).ok()?;
        self.period.get(at).map(|period| *period as usize)
    }
}

impl Credited {
    /// Hands shares to their persons. Those of days outside all periods are left out.
    pub(in crate::eval) fn new(
        made: &[Shares],
        denominator: i128,
        persons: usize,
        periods: usize,
        days: &Days,
    ) -> Credited {
        let place = |share: &Share| {
            let period = days.period(share.date)?;
            Some(share.person as usize * periods + period)
        };
        // Counting, then placing: a share is moved once. Each thread looks at all shares and takes those of its
        // own persons, so that threads write to different places.
        let places = persons * periods;
        let each = persons.div_ceil(rayon::current_num_threads().max(1)).max(1) * periods.max(1);
        let mut counts = vec![0_usize; places];
        counts
            .par_chunks_mut(each)
            .enumerate()
            .for_each(|(piece, counts)| {
                for share in made.iter().flat_map(|made| &made.shares) {
                    let at = place(share).and_then(|at| at.checked_sub(piece * each));
                    if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
                        *count += 1;
                    }
                }
            });
        let starts = sums_before(&counts);
        let mut shares = vec![NO_SHARE; starts.last().copied().unwrap_or(0)];
        let mut pieces = Vec::new();
        let mut rest = shares.as_mut_slice();
        for (piece, counts) in counts.chunks(each).enumerate() {
            let mut next = sums_before(counts);
            let (own, more) = rest.split_at_mut(next.pop().unwrap_or(0));
            rest = more;
            pieces.push((piece * each, next, own));
        }
        pieces.into_par_iter().for_each(|(first, mut next, own)| {
            let mut exact_before = 0;
            for made in made {
                for share in &made.shares {
                    let at = place(share).and_then(|at| at.checked_sub(first));
                    if let Some(next) = at.and_then(|at| next.get_mut(at))
                        && let Some(slot) = own.get_mut(*next)
                    {
                        *slot = *share;
                        if share.is_exact {
                            slot.units += exact_before;
                        }
                        *next += 1;
                    }
                }
                exact_before += position(made.exact.len());
            }
        });
        let mut exact = Vec::new();
        let mut unknown: BTreeMap<u32, Vec<Unknown>> = BTreeMap::new();
        for made in made {
            exact.extend(made.exact.iter().cloned());
            for (person, found) in &made.unknown {
                if found.date.is_none_or(|date| days.period(date).is_some()) {
                    unknown.entry(*person).or_default().push(found.clone());
                }
            }
        }
        Credited {
            denominator,
            shares,
            starts,
            periods,
            exact,
            unknown,
            first: 0,
        }
    }

    /// What one person has of it, as far as that is known in one of the plan's periods.
    pub(in crate::eval) fn known_in(&self, person: u32, period: u16) -> Credited {
        let mut own = Credited {
            denominator: self.denominator,
            shares: Vec::new(),
            starts: vec![0],
            periods: self.periods,
            exact: Vec::new(),
            unknown: BTreeMap::new(),
            first: person,
        };
        for at in 0..self.periods {
            let shares = self.shares(person, at..at + 1).iter();
            for share in shares.filter(|share| share.known <= period) {
                let mut share = *share;
                if share.is_exact {
                    own.exact.push(self.amount(&share));
                    share.units = position(own.exact.len() - 1);
                }
                own.shares.push(share);
            }
            own.starts.push(own.shares.len());
        }
        let unknown = self.unknown(person).iter();
        let unknown = unknown.filter(|unknown| unknown.known <= period).cloned();
        own.unknown.insert(person, unknown.collect());
        own
    }

    /// Puts each person's shares by date, then by the record's id in natural order, then by place.
    pub(in crate::eval) fn put_in_order(&mut self, table: Option<&Table>) {
        let ids = match table.and_then(|table| table.column("id")) {
            Some(column) => match &column.values {
                Values::Texts(texts) => Some((column, texts)),
                _ => None,
            },
            None => None,
        };
        let id = |share: &Share| match (ids, share.row()) {
            (Some((column, texts)), Some(row)) if column.fault(row).is_none() => {
                texts.get(row).unwrap_or_default()
            }
            _ => "",
        };
        self.shares
            .par_chunk_by_mut(|a, b| a.person == b.person)
            .for_each(|own| {
                own.sort_by(|a, b| {
                    a.date
                        .cmp(&b.date)
                        .then_with(|| natural_cmp(id(a), id(b)))
                        .then_with(|| a.row().cmp(&b.row()))
                });
            });
    }

    /// What units are divided by.
    pub(in crate::eval) fn denominator(&self) -> i128 {
        self.denominator
    }

    /// A person's shares of some of the periods.
    pub(in crate::eval) fn shares(&self, person: u32, periods: Range<usize>) -> &[Share] {
        let start = |period: usize| {
            let at = (person - self.first) as usize * self.periods + period;
            self.starts.get(at).copied().unwrap_or(0)
        };
        let range = start(periods.start)..start(periods.end);
        self.shares.get(range).unwrap_or_default()
    }

    /// All shares of a person.
    pub(in crate::eval) fn all_of(&self, person: u32) -> &[Share] {
        self.shares(person, 0..self.periods)
    }

    /// The amount of a share.
    pub(in crate::eval) fn amount(&self, share: &Share) -> Exact {
        match usize::try_from(share.units) {
            Ok(at) if share.is_exact => self.exact.get(at).cloned().unwrap_or_default(),
            _ => Exact::fixed(i128::from(share.units), self.denominator),
        }
    }

    /// The sum of shares. Exact, so that the order does not matter.
    pub(in crate::eval) fn total(&self, shares: &[Share]) -> Exact {
        let units = shares.iter().filter_map(Share::units).map(i128::from).sum();
        let whole = Exact::fixed(units, self.denominator);
        let exact = shares.iter().filter(|share| share.is_exact);
        exact.fold(whole, |sum, share| sum + self.amount(share))
    }

    /// A person's records that would give credit, if they could be known.
    pub(in crate::eval) fn unknown(&self, person: u32) -> &[Unknown] {
        self.unknown.get(&person).map_or(&[], Vec::as_slice)
    }
}
