//! What is taken back of a payout where its records fall: found when a record is earned, due when it falls.
//! `docs/spec/settlement.md`, section 5.

use std::collections::BTreeMap;

use crate::base::{Date, Exact, Rounding, cut};
use crate::eval::outcome::Settled;
use crate::eval::person::records::OnRecord;
use crate::eval::person::{At, Payer, Record};
use crate::eval::values::{V, both, eval, truth};
use crate::meaning::plan::{Belongs, Clawback, ClawbackId, CreditId, Less, Pay, PayId, Within};
use crate::syntax::ast::{Lapse, MonthsPassed, Window};
use crate::table::Cause;

/// What fell of what one payout paid to a person, as far as its periods were settled.
#[derive(Clone, Debug, Default)]
pub(in crate::eval) struct Fallen {
    /// By period: what is taken back in it, and by which take-back.
    due: BTreeMap<usize, Vec<(ClawbackId, Exact)>>,
    /// From which period on it is not known what fell, and why.
    held: BTreeMap<usize, Vec<Cause>>,
}

impl Fallen {
    /// What is taken back in a period, by take-back in the order of the plan.
    pub(super) fn taken(&self, period: usize) -> Vec<(ClawbackId, Exact)> {
        let mut sums: BTreeMap<ClawbackId, Exact> = BTreeMap::new();
        for (claw, amount) in self.due.get(&period).into_iter().flatten() {
            *sums.entry(*claw).or_default() += amount.clone();
        }
        sums.into_iter().collect()
    }

    /// Whether something is taken back in a period.
    pub(super) fn moves_in(&self, period: usize) -> bool {
        self.due.contains_key(&period)
    }

    /// Why it is not known what fell up to a period; empty where it is.
    pub(super) fn unknown_by(&self, period: usize) -> Vec<Cause> {
        let known = self.held.range(..=period);
        known.fold(Vec::new(), |all, (_, causes)| both(all, causes.clone()))
    }

    fn take(&mut self, period: usize, claw: ClawbackId, amount: Exact) {
        if !amount.is_zero() {
            let due = self.due.entry(period).or_default();
            due.push((claw, amount));
        }
    }

    fn hold(&mut self, from: usize, causes: Vec<Cause>) {
        let known = self.held.remove(&from).unwrap_or_default();
        self.held.insert(from, both(known, causes));
    }
}

/// Whether a record fell.
enum Fell {
    /// It did not, or after the plan's last period.
    Not,
    /// In this period, on this day; this share is taken back.
    In(usize, Date, Exact),
    /// It may have, from this period on.
    Unknown(usize, Vec<Cause>),
}

/// A record that fell.
struct Fall {
    /// In which period.
    at: usize,
    /// On which day.
    day: Date,
    /// By which take-back.
    claw: ClawbackId,
    /// Which share is taken back.
    share: Exact,
    /// What of the payout belongs to it.
    own: OnRecord,
}

impl<'a> Payer<'a> {
    /// Finds what fell, and will fall, of what a period earned.
    pub(super) fn finds_fallen(
        &self,
        (id, pay): (PayId, &Pay),
        period: usize,
        earned: &Settled<Exact>,
        fallen: &mut Fallen,
    ) {
        if !self.plan.is_clawed(id) {
            return;
        }
        let earned = match earned {
            Settled::Value(earned) => earned.clone(),
            Settled::Nothing => Exact::ZERO,
            Settled::Held(causes) => return fallen.hold(period, causes.clone()),
        };
        let mut by_record: BTreeMap<(Option<usize>, usize), Vec<Fall>> = BTreeMap::new();
        for (claw, of) in self.plan.clawbacks_of(id) {
            let parts = match self.attributed(of, pay, period, &earned) {
                Ok(parts) => parts,
                Err(causes) => {
                    fallen.hold(period, causes);
                    continue;
                }
            };
            for (nth, own) in parts.into_iter().enumerate() {
                if !own.amount.is_positive() {
                    continue;
                }
                assert!(
                    self.periods[period].contains(own.date),
                    "a record is earned in the period of its date"
                );
                // A given credit stands on no record, and nothing of it falls.
                let key = (own.row, if own.row.is_some() { 0 } else { nth });
                match self.fell(of, own.row, period) {
                    Fell::Not => {}
                    Fell::Unknown(from, causes) => fallen.hold(from, causes),
                    Fell::In(at, day, share) => by_record.entry(key).or_default().push(Fall {
                        at,
                        day,
                        claw,
                        share,
                        own,
                    }),
                }
            }
        }
        for falls in by_record.into_values() {
            self.takes_back(pay, period, falls, fallen);
        }
    }

    /// Takes back what one record of a period fell by, one after the other, and in all no more than was released on it.
    fn takes_back(&self, pay: &Pay, period: usize, mut falls: Vec<Fall>, fallen: &mut Fallen) {
        falls.sort_by_key(|fall| (fall.at, fall.day, fall.claw));
        let mut taken = Exact::ZERO;
        for fall in falls {
            let claw = self.plan.clawback(fall.claw);
            let released = match self.released_by(pay, &fall.own, (period, fall.at)) {
                Ok(released) => released,
                Err(causes) => {
                    fallen.hold(period, causes);
                    continue;
                }
            };
            let left = (released.clone() - taken.clone()).max(Exact::ZERO);
            // The first of parts that are rounded up can be below 0: then nothing was paid.
            let wanted = rounded(claw, fall.share * released.clone());
            let wanted = wanted.min(left).max(Exact::ZERO);
            taken += wanted.clone();
            assert!(
                wanted <= released.max(Exact::ZERO),
                "no more is taken back than was earned and released"
            );
            for (at, part) in (fall.at..self.periods.len()).zip(in_parts(claw, &wanted)) {
                fallen.take(at, fall.claw, part);
            }
        }
    }

    /// What of a payout belongs to each of the period's records.
    fn attributed(
        &self,
        claw: &Clawback,
        pay: &Pay,
        period: usize,
        earned: &Exact,
    ) -> Result<Vec<OnRecord>, Vec<Cause>> {
        // A gate pays nothing of records, whatever they come to.
        if claw.belongs != Belongs::Itself && !earned.is_positive() {
            return Ok(Vec::new());
        }
        let weights = match claw.belongs {
            Belongs::Itself => return self.by_record(pay, period),
            Belongs::InProportion => self.by_record(pay, period)?,
            Belongs::ToCredit(credit) => self.credited_on(credit, period)?,
        };
        let sum: Exact = weights.iter().map(|own| &own.amount).sum();
        if !sum.is_positive() {
            return Ok(Vec::new());
        }
        let part = |own: OnRecord| OnRecord {
            amount: (own.amount * earned.clone())
                .checked_div(&sum)
                .unwrap_or_default(),
            ..own
        };
        Ok(weights.into_iter().map(part).collect())
    }

    /// What a credit comes to on each of the period's records.
    fn credited_on(&self, credit: CreditId, period: usize) -> Result<Vec<OnRecord>, Vec<Cause>> {
        let held = self.unknown_in(credit, Window::Period, period);
        if !held.is_empty() {
            return Err(held);
        }
        let records = self.records(&[credit], Window::Period, period);
        let on = records.into_iter().map(|(row, date, amounts)| OnRecord {
            row,
            date,
            amount: amounts.into_iter().map(|(_, amount)| amount).sum(),
        });
        Ok(on.collect())
    }

    /// Whether a record that was earned in a period fell, and when.
    fn fell(&self, claw: &Clawback, row: Option<usize>, period: usize) -> Fell {
        let at = At {
            record: Some(Record { row, amounts: &[] }),
            ..self.at(period)
        };
        let day = match eval(&claw.fell, &at) {
            V::Date(day) => Ok(day),
            V::Held(causes) => Err(causes),
            _ => return Fell::Not,
        };
        // What fell before it was earned is taken back when it is earned.
        let falls_in = match &day {
            Ok(day) => match self.periods.iter().position(|own| *day <= own.end()) {
                Some(own) => own.max(period),
                None => return Fell::Not,
            },
            Err(_) => period,
        };
        let conditions = claw.when.iter().map(|when| truth(eval(when, &at)));
        let windows = claw.within.iter().map(|within| lies_within(within, &at));
        let mut unknown = day.as_ref().err().cloned().unwrap_or_default();
        for answer in conditions.chain(windows) {
            match answer {
                V::Bool(true) => {}
                V::Held(causes) => unknown = both(unknown, causes),
                _ => return Fell::Not,
            }
        }
        let day = match day {
            Ok(day) if unknown.is_empty() => day,
            _ => return Fell::Unknown(falls_in, unknown),
        };
        match share(claw, day, &at) {
            Ok(share) => Fell::In(falls_in, day, share),
            Err(causes) => Fell::Unknown(falls_in, causes),
        }
    }
}

/// Whether a date lies so long after another; an absent one does not.
fn lies_within(within: &Within, at: &At<'_, '_>) -> V {
    let date = eval(&within.date, at);
    let after = eval(&within.after, at);
    match (date, after) {
        (V::Held(a), V::Held(b)) => V::Held(both(a, b)),
        (V::Held(_), V::Absent(_)) | (V::Absent(_), V::Held(_)) => V::Bool(false),
        (V::Held(causes), _) | (_, V::Held(causes)) => V::Held(causes),
        (V::Date(date), V::Date(after)) => {
            let later = |count: u16| match within.unit {
                Lapse::Days => after.add_days(i32::from(count)),
                Lapse::Months => after.add_months(i32::from(count)),
            };
            let is_late_enough = later(within.from).is_some_and(|first| first <= date);
            let is_soon_enough = later(within.through).is_none_or(|last| date <= last);
            V::Bool(is_late_enough && is_soon_enough)
        }
        _ => V::Bool(false),
    }
}

/// The share that is taken back of a record that fell on a day.
fn share(claw: &Clawback, day: Date, at: &At<'_, '_>) -> Result<Exact, Vec<Cause>> {
    let Some(less) = &claw.less else {
        return Ok(claw.share.clone());
    };
    match eval(&less.from, at).needed() {
        V::Date(from) => {
            let passed = Exact::int(months_passed(less, from, day));
            let left = (Exact::ONE - less.part.clone() * passed).max(Exact::ZERO);
            Ok(claw.share.clone() * left)
        }
        V::Held(causes) => Err(causes),
        _ => Ok(claw.share.clone()),
    }
}

/// How many months count that lie between two days.
fn months_passed(less: &Less, from: Date, day: Date) -> i64 {
    let passed = day.months_since(from);
    i64::from(match less.months {
        MonthsPassed::Whole => passed.unwrap_or(0),
        MonthsPassed::Started => passed.map_or(0, |whole| whole + 1),
    })
}

fn rounded(claw: &Clawback, amount: Exact) -> Exact {
    match &claw.rounding {
        Some(rounding) => rounding.round(&amount),
        None => amount,
    }
}

/// A take-back in equal parts, cut to whole units; what they leave is in the last.
fn in_parts(claw: &Clawback, amount: &Exact) -> Vec<Exact> {
    let count = usize::from(claw.parts);
    let share = Exact::fixed(1, claw.parts.into());
    let shares = std::iter::repeat_n(&share, count);
    let down = claw.rounding.as_ref().map(Rounding::down);
    cut(amount, shares, down.as_ref(), count - 1)
}
