//! Parts that stand in rows of another source, for many records at a time: whole numbers where `row_shares.rs` has exact
//! ones. What is unusual comes back as `None` and is looked at by itself there.

use crate::eval::record::{PersonCodes, RecordCrediting};
use crate::eval::row_shares::RowShares;
use crate::meaning::plan::{PartBy, Rest};
use crate::table::{Column, Lane, RowSet, Values};

/// What parts by weight are counted in, beside the amount's own units: what all numbers to 10 divide.
const OF_WEIGHTS: i128 = 2_520;

/// Sizes of parts, which add up to all of a record. `None` is nobody.
type Sizes = Vec<(Option<u32>, i64)>;

/// The rows of a split source as whole numbers.
pub(in crate::eval) struct ManyRows<'a> {
    rows: &'a RowShares<'a>,
    /// Rows to be looked at by themselves.
    odd: RowSet,
    /// Shares or weights; `None` where parts are equal.
    sizes: Option<&'a [i64]>,
    /// What shares are divided by; `None` for weights.
    whole: Option<i64>,
    rest: Rest,
    /// Who gets what rows leave, or all where there are none.
    remaining: Option<&'a PersonCodes<'a>>,
}

impl<'a> ManyRows<'a> {
    /// `None` where sizes are no whole numbers, or some shares are on top of the whole.
    pub(in crate::eval) fn new(
        one: &'a RecordCrediting<'a>,
        rows: &'a RowShares<'a>,
    ) -> Option<ManyRows<'a>> {
        if rows.split.overlay.is_some() {
            return None;
        }
        let (rest, is_share) = match rows.split.by {
            PartBy::Share(_, rest) => (rest, true),
            _ => (Rest::Nothing, false),
        };
        let (sizes, denominator) = match rows.size_column() {
            Some(column) => {
                let (lane, denominator) = narrow(column?)?;
                (Some(lane), denominator)
            }
            None => (None, 1),
        };
        let remaining = match rest {
            Rest::Company => None,
            Rest::Person(column) => Some(one.persons.get(&column)?),
            Rest::Nothing => Some(one.persons.get(&one.credit.receivers.to?)?),
        };
        Some(ManyRows {
            rows,
            odd: rows.odd_rows(),
            sizes,
            whole: match is_share {
                true => Some(i64::try_from(denominator).ok()?),
                false => None,
            },
            rest,
            remaining,
        })
    }

    /// What a record's amount is divided into beside its own units.
    pub(in crate::eval) fn denominator(&self) -> i128 {
        self.whole.map_or(OF_WEIGHTS, i128::from)
    }

    /// The parts of a record, one for each person, in the order of their ids.
    pub(in crate::eval) fn parts(&self, record: usize) -> Option<Sizes> {
        let rows = self.rows.of_record(record);
        if rows.is_empty() {
            return Some(vec![(self.remaining(record)?, 1)]);
        }
        let mut sizes: Sizes = Vec::with_capacity(rows.len() + 1);
        let mut total = 0_i64;
        for row in rows {
            let row = *row as usize;
            if self.odd.contains(row) {
                return None;
            }
            let person = self.rows.who()?.person(row)?;
            let size = self
                .sizes
                .map_or(Some(1), |sizes| sizes.get(row).copied())?;
            total = total.checked_add(size).filter(|_| size >= 0)?;
            sizes.push((Some(person), size));
        }
        match self.whole {
            None if total == 0 => return None,
            Some(whole) if total > whole => return None,
            Some(whole) if total < whole => {
                let rest = Some(whole - total).filter(|_| self.rest != Rest::Nothing)?;
                sizes.push((self.remaining(record)?, rest));
            }
            _ => {}
        }
        Some(by_person(sizes))
    }

    /// Who gets what rows leave, or all of it; nobody where that is the company's.
    fn remaining(&self, record: usize) -> Option<Option<u32>> {
        match self.remaining {
            None => Some(None),
            Some(who) if who.is_absent(record) => None,
            Some(who) => Some(Some(who.person(record)?)),
        }
    }
}

/// The numbers of a column and what they are divided by, where they fit 64 bits.
fn narrow(column: &Column) -> Option<(&[i64], i128)> {
    match &column.values {
        Values::Numbers(numbers) => match &numbers.lane {
            Lane::Narrow(lane) => Some((lane, numbers.denominator)),
            Lane::Wide(_) => None,
        },
        _ => None,
    }
}

/// Sizes of one person added into one, nobody's last. People stand in the natural order of their ids.
fn by_person(mut sizes: Sizes) -> Sizes {
    sizes.sort_by_key(|(person, _)| person.unwrap_or(u32::MAX));
    sizes.dedup_by(|next, first| {
        let is_same = next.0 == first.0;
        if is_same {
            first.1 += next.1;
        }
        is_same
    });
    sizes
}
