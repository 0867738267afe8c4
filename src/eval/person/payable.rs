//! What becomes of what records earn: in which period each part of it is released, or forfeited.
//! `docs/spec/settlement.md`, section 4.

use crate::base::{Date, Exact, cut};
use crate::eval::person::records::OnRecord;
use crate::eval::person::{At, Payer, Record};
use crate::eval::values::{V, both, eval};
use crate::meaning::plan::{Expr, Pay, Payable};
use crate::syntax::ast::Leaving;
use crate::table::{Cause, Movements};

/// What becomes of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is payable in this period.
    Released(usize),
    /// It will never be payable, from this period on.
    Forfeited(usize),
    /// Nothing yet, or nothing in a period of the plan.
    Open,
}

/// A part of what a record earned.
#[derive(Clone, Debug)]
pub(in crate::eval) struct Portion {
    amount: Exact,
    fate: Fate,
}

/// What earlier periods have withheld.
#[derive(Clone, Debug, Default)]
pub(in crate::eval) struct Open(Vec<Portion>);

fn sum<'p>(portions: impl Iterator<Item = &'p Portion>, counts: impl Fn(Fate) -> bool) -> Exact {
    let counted = portions.filter(|own| counts(own.fate));
    counted.map(|own| &own.amount).sum()
}

impl Open {
    /// How much it is.
    pub(super) fn amount(&self) -> Exact {
        sum(self.0.iter(), |_| true)
    }

    /// Whether some of it is released or forfeited in a period.
    pub(super) fn moves_in(&self, period: usize) -> bool {
        let now = [Fate::Released(period), Fate::Forfeited(period)];
        self.0.iter().any(|own| now.contains(&own.fate))
    }

    /// Fills in what a period withholds, releases and forfeits; what stands open after it.
    pub(super) fn after(&self, own: Vec<Portion>, period: usize, moves: &mut Movements) -> Open {
        moves.withheld_in = self.amount();
        moves.withheld = sum(own.iter(), |fate| fate != Fate::Released(period));
        moves.released = sum(self.0.iter(), |fate| fate == Fate::Released(period));
        let all = || self.0.iter().chain(&own);
        moves.forfeited = sum(all(), |fate| fate == Fate::Forfeited(period));
        let now = [Fate::Released(period), Fate::Forfeited(period)];
        let open = all().filter(|own| !now.contains(&own.fate));
        let open = Open(open.cloned().collect());
        moves.withheld_out = open.amount();
        open
    }
}

impl<'a> Payer<'a> {
    /// The parts of what a person's records of a period earn, but those of 0; none where all of it is payable at once.
    ///
    /// # Errors
    /// Why the date of one of them is not known.
    pub(super) fn portions(&self, whole: &Pay, period: usize) -> Result<Vec<Portion>, Vec<Cause>> {
        let Some(payable) = &self.text(whole, period).payable else {
            return Ok(Vec::new());
        };
        if !self.person.belongs(self.plan, &self.periods[period]) {
            return Ok(Vec::new());
        }
        let (mut all, mut held) = (Vec::new(), Vec::new());
        for record in self.by_record(whole, period)? {
            match self.portions_of(payable, &record, period) {
                Ok(portions) => all.extend(portions),
                Err(causes) => held = both(held, causes),
            }
        }
        all.retain(|own: &Portion| !own.amount.is_zero());
        if held.is_empty() { Ok(all) } else { Err(held) }
    }

    /// What of a record of a period is released by the end of a later one.
    ///
    /// # Errors
    /// Why its dates are not known.
    pub(super) fn released_by(
        &self,
        whole: &Pay,
        record: &OnRecord,
        (period, by): (usize, usize),
    ) -> Result<Exact, Vec<Cause>> {
        let Some(payable) = &self.text(whole, period).payable else {
            return Ok(record.amount.clone());
        };
        let portions = self.portions_of(payable, record, period)?;
        let by_then = |fate| matches!(fate, Fate::Released(at) if at <= by);
        Ok(sum(portions.iter(), by_then))
    }

    /// The parts of what a record of a period earns.
    fn portions_of(
        &self,
        payable: &Payable,
        record: &OnRecord,
        period: usize,
    ) -> Result<Vec<Portion>, Vec<Cause>> {
        assert!(
            self.periods[period].contains(record.date),
            "a record is earned in the period of its date"
        );
        let last = self.last_day_payable(payable, record, period)?;
        let end = last.map(|last| self.index_of(last).map(|at| at.max(period)));
        let shares = payable.parts.iter().map(|part| &part.share);
        let (rounding, rest) = match &payable.rounding {
            Some((rounding, rest)) => (Some(rounding), rest.among(payable.parts.len())),
            None => (None, 0),
        };
        let amounts = cut(&record.amount, shares, rounding, rest);
        let (mut portions, mut held) = (Vec::new(), Vec::new());
        for (part, amount) in payable.parts.iter().zip(amounts) {
            let due = match self.date_on(&part.date, record, period) {
                Ok(date) => date.and_then(|date| part.due(date)),
                Err(causes) => {
                    held = both(held, causes);
                    continue;
                }
            };
            let in_time = due.filter(|due| last.is_none_or(|last| *due <= last));
            let fate = match (in_time.map(|due| self.index_of(due)), end) {
                (Some(Some(at)), _) => Fate::Released(at.max(period)),
                (None, Some(Some(at))) => Fate::Forfeited(at),
                _ => Fate::Open,
            };
            portions.push(Portion { amount, fate });
        }
        if held.is_empty() {
            Ok(portions)
        } else {
            Err(held)
        }
    }

    /// The last day on which a part of a record can become payable.
    fn last_day_payable(
        &self,
        payable: &Payable,
        record: &OnRecord,
        period: usize,
    ) -> Result<Option<Date>, Vec<Cause>> {
        let until = match &payable.until {
            None => None,
            Some(until) => self.date_on(until, record, period)?,
        };
        let left = match payable.leaving {
            Leaving::PaidWhenDue => None,
            Leaving::Forfeited => self.left_on(),
        };
        Ok(until.into_iter().chain(left).min())
    }

    /// The last day in the role, of who leaves before the plan ends.
    fn left_on(&self) -> Option<Date> {
        let last = self.person.role.iter().map(|(_, last)| *last).max()?;
        (last < self.plan.effective.1).then_some(last)
    }

    /// The first period that has not ended before a day; none after the plan's last.
    fn index_of(&self, day: Date) -> Option<usize> {
        let at = self.periods.partition_point(|period| period.end() < day);
        (at < self.periods.len()).then_some(at)
    }

    /// A date in a column of the record; none where its cell is empty.
    fn date_on(
        &self,
        date: &Expr,
        record: &OnRecord,
        period: usize,
    ) -> Result<Option<Date>, Vec<Cause>> {
        let at = At {
            record: Some(Record {
                row: record.row,
                amounts: &[],
            }),
            ..self.at(period)
        };
        let found = match eval(date, &at) {
            // A given credit stands on no record, so nobody can ever fill in the date.
            absent @ V::Absent(_) if record.row.is_none() => absent.needed(),
            other => other,
        };
        match found {
            V::Date(date) => Ok(Some(date)),
            V::Held(causes) => Err(causes),
            _ => Ok(None),
        }
    }
}
