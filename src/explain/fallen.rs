//! What is taken back of a payout: for each record of an earlier period, whether it fell since, and what was paid on it.

use std::collections::BTreeMap;

use crate::base::{Date, Exact, Rounding, cut};
use crate::explain::expression::{Scalar, Stop, yes};
use crate::explain::receipt::Taken;
use crate::explain::records::ByRecord;
use crate::explain::walk::{Here, OnRecord, Walker};
use crate::meaning::plan::{Belongs, Clawback, ClawbackId, Expr, Less, PayId, Within};
use crate::syntax::ast::{Lapse, MonthsPassed, Window};
use crate::table::{Cause, sorted};

/// What fell of the records of one period.
#[derive(Clone, Debug, Default)]
pub(in crate::explain) struct Falls {
    /// What is taken back of them, and in which period.
    known: Vec<(usize, Taken)>,
    /// From which period on something may have fallen of which it is not known, and why.
    unknown: Vec<(usize, Vec<Cause>)>,
}

/// A record, and what of the payout belongs to it.
struct Part {
    row: Option<usize>,
    date: Date,
    paid: Exact,
}

/// A record that fell, and which share of it is taken back.
struct Fell {
    payee: String,
    period: usize,
    day: Date,
    claw: ClawbackId,
    part: Part,
    share: Exact,
}

impl Walker<'_> {
    /// Whether something is taken back of a payout in a period.
    pub(in crate::explain) fn takes_back(&mut self, payee: &str, id: PayId, period: usize) -> bool {
        let falls = self.falls_until(payee, id, period);
        let mut known = falls.iter().flat_map(|own| &own.known);
        known.any(|(at, _)| *at == period)
    }

    /// What is taken back of a payout in a period.
    ///
    /// # Errors
    /// Why it is not known.
    pub(in crate::explain) fn taken_in(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Result<Vec<Taken>, Vec<Cause>> {
        let falls = self.falls_until(payee, id, period);
        let unknown = falls.iter().flat_map(|own| &own.unknown);
        let why = unknown.filter(|(from, _)| *from <= period);
        let why: Vec<Cause> = why.flat_map(|(_, causes)| causes.clone()).collect();
        if !why.is_empty() {
            return Err(sorted(why));
        }
        let known = falls.into_iter().flat_map(|own| own.known);
        let taken = known.filter(|(own, _)| *own == period);
        Ok(taken.map(|(_, taken)| taken).collect())
    }

    /// What fell of the records of a period and all before it.
    fn falls_until(&mut self, payee: &str, id: PayId, last: usize) -> Vec<Falls> {
        if !self.plan.is_clawed(id) {
            return Vec::new();
        }
        (0..=last)
            .map(|period| {
                let key = (payee.to_owned(), id, period);
                if let Some(known) = self.fallen.get(&key) {
                    return known.clone();
                }
                let falls = self.falls_of(payee, id, period);
                self.fallen.insert(key, falls.clone());
                falls
            })
            .collect()
    }

    /// What fell of the records of a period.
    fn falls_of(&mut self, payee: &str, id: PayId, period: usize) -> Falls {
        let mut falls = Falls::default();
        let calendar_period = self.periods[period];
        if !self.belongs(payee, &calendar_period) {
            return falls;
        }
        let mut fell: Vec<Fell> = Vec::new();
        let plan = self.plan;
        for (claw_id, claw) in plan.clawbacks_of(id) {
            let parts = match self.attributed(payee, claw, period) {
                Ok(parts) => parts,
                Err(causes) => {
                    falls.unknown.push((period, causes));
                    continue;
                }
            };
            for part in parts.into_iter().filter(|part| part.paid.is_positive()) {
                match self.fell(payee, (claw_id, claw), part, period) {
                    Ok(found) => fell.extend(found),
                    Err(unknown) => falls.unknown.push(unknown),
                }
            }
        }
        fell.sort_by_key(|own| (own.period, own.day, own.claw));
        let mut taken: BTreeMap<usize, Exact> = BTreeMap::new();
        for own in fell {
            let before = own.part.row.and_then(|row| taken.get(&row).cloned());
            let before = before.unwrap_or_default();
            let amount = self.take(&own, &before, period, &mut falls);
            if let Some(row) = own.part.row {
                taken.insert(row, before + amount);
            }
        }
        falls
    }

    /// Takes back what fell, as far as it was not taken back before.
    fn take(&mut self, own: &Fell, before: &Exact, earned_in: usize, falls: &mut Falls) -> Exact {
        let claw = self.plan.clawback(own.claw);
        let record = ByRecord {
            row: own.part.row,
            date: own.part.date,
            amount: own.part.paid.clone(),
        };
        let at = (earned_in, own.period);
        let paid = match self.released_by(&own.payee, claw.of, &record, at) {
            Ok(paid) => paid,
            Err(causes) => {
                falls.unknown.push((earned_in, causes));
                return Exact::ZERO;
            }
        };
        let exact = paid.clone() * own.share.clone();
        let wanted = match &claw.rounding {
            Some(rounding) => rounding.round(&exact),
            None => exact.clone(),
        };
        let left = (paid.clone() - before.clone()).max(Exact::ZERO);
        let amount = if wanted > left { left } else { wanted };
        // What is released can be below 0 where later parts were rounded up.
        let amount = amount.max(Exact::ZERO);
        let label = |at: usize| {
            let period = self.periods.get(at);
            period.map_or_else(String::new, |period| self.plan.calendar.label(period))
        };
        for (nth, part) in (0..).zip(equal_parts(&amount, claw)) {
            let at = own.period + usize::from(nth);
            if at >= self.periods.len() || part.is_zero() {
                continue;
            }
            let line = Taken {
                id: own.claw,
                clawback: claw.name.clone(),
                label: claw.label.clone(),
                record: self.id_of(claw.source, own.part.row),
                date: own.part.date,
                earned_in: label(earned_in),
                paid: paid.clone(),
                fell: own.day,
                share: own.share.clone(),
                exact: exact.clone(),
                whole: amount.clone(),
                part: (nth + 1, claw.parts),
                amount: part,
                span: claw.take_span,
            };
            falls.known.push((at, line));
        }
        amount
    }

    /// What of a payout of a period belongs to each of its records.
    fn attributed(
        &mut self,
        payee: &str,
        claw: &Clawback,
        period: usize,
    ) -> Result<Vec<Part>, Vec<Cause>> {
        let walked = self.walk_pay(payee, claw.of, period);
        let earned = match walked.earned {
            Ok(Scalar::Number(earned)) => earned,
            Err(Stop::Held(causes)) => return Err(causes),
            _ => Exact::ZERO,
        };
        // A gate pays nothing of records, whatever they come to.
        if claw.belongs != Belongs::Itself && !earned.is_positive() {
            return Ok(Vec::new());
        }
        let parts: Vec<Part> = if let Belongs::ToCredit(credit) = claw.belongs {
            let here = Here::of(payee, period);
            let why = self.unknown(&here, credit, Window::Period);
            if !why.is_empty() {
                return Err(sorted(why));
            }
            let records = self.records(&here, &[credit], Window::Period);
            let part = |own: crate::explain::records::AtRecord| Part {
                row: own.on.row,
                date: own.date,
                paid: own.on.amounts.into_values().fold(Exact::ZERO, |a, b| a + b),
            };
            records.into_iter().map(part).collect()
        } else {
            let part = |own: ByRecord| Part {
                row: own.row,
                date: own.date,
                paid: own.amount,
            };
            walked.by_record?.into_iter().map(part).collect()
        };
        if claw.belongs == Belongs::Itself {
            return Ok(parts);
        }
        let whole = parts
            .iter()
            .fold(Exact::ZERO, |sum, own| sum + own.paid.clone());
        if !whole.is_positive() {
            return Ok(Vec::new());
        }
        let each = earned.checked_div(&whole).unwrap_or_default();
        let scaled = parts.into_iter().map(|own| Part {
            paid: own.paid * each.clone(),
            ..own
        });
        Ok(scaled.collect())
    }

    /// A record that fell, if it did.
    ///
    /// # Errors
    /// From which period on that is not known, and why.
    fn fell(
        &mut self,
        payee: &str,
        (id, claw): (ClawbackId, &Clawback),
        part: Part,
        earned_in: usize,
    ) -> Result<Option<Fell>, (usize, Vec<Cause>)> {
        let on = Here {
            record: Some(OnRecord {
                row: part.row,
                amounts: BTreeMap::new(),
                credited: BTreeMap::new(),
            }),
            ..Here::of(payee, earned_in)
        };
        let mut why = Vec::new();
        let day = match self.day(&on, &claw.fell) {
            Ok(Some(day)) => Some(day),
            Ok(None) => return Ok(None),
            Err(causes) => {
                why.extend(causes);
                None
            }
        };
        let mut period = earned_in;
        if let Some(day) = day {
            while self.periods.get(period).is_some_and(|own| own.end() < day) {
                period += 1;
            }
            if period == self.periods.len() {
                return Ok(None);
            }
        }
        for when in &claw.when {
            match yes(self.value(&on, when, &mut Vec::new())) {
                Ok(true) => {}
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => return Ok(None),
            }
        }
        for within in &claw.within {
            match self.is_within(&on, within) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(causes) => why.extend(causes),
            }
        }
        let Some(day) = day.filter(|_| why.is_empty()) else {
            return Err((period, sorted(why)));
        };
        let mut share = claw.share.clone();
        if let Some(less) = &claw.less {
            let from = match self.value(&on, &less.from, &mut Vec::new()) {
                Ok(Scalar::Date(from)) => from,
                Err(Stop::Empty(cause)) => return Err((period, vec![cause])),
                Err(Stop::Held(causes)) => return Err((period, causes)),
                _ => return Ok(None),
            };
            let off = Exact::int(months(less, from, day)) * less.part.clone();
            share *= (Exact::ONE - off).max(Exact::ZERO);
        }
        Ok(Some(Fell {
            payee: payee.to_owned(),
            period,
            day,
            claw: id,
            part,
            share,
        }))
    }

    /// A date of a record, where there is one.
    fn day(&mut self, on: &Here, date: &Expr) -> Result<Option<Date>, Vec<Cause>> {
        match self.value(on, date, &mut Vec::new()) {
            Ok(Scalar::Date(day)) => Ok(Some(day)),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(None),
        }
    }

    /// Whether a date lies so long after another.
    fn is_within(&mut self, on: &Here, within: &Within) -> Result<bool, Vec<Cause>> {
        let (date, after) = (self.day(on, &within.date), self.day(on, &within.after));
        let (date, after) = match (date, after) {
            (Ok(None), _) | (_, Ok(None)) => return Ok(false),
            (Ok(Some(date)), Ok(Some(after))) => (date, after),
            (Err(causes), Err(more)) => return Err([causes, more].concat()),
            (Err(causes), _) | (_, Err(causes)) => return Err(causes),
        };
        let end = |count: u16| match within.unit {
            Lapse::Days => after.add_days(count.into()),
            Lapse::Months => after.add_months(count.into()),
        };
        let too_early = end(within.from).is_none_or(|first| date < first);
        let too_late = end(within.through).is_some_and(|last| last < date);
        Ok(!too_early && !too_late)
    }
}

/// The months between two days, those that have begun or those that are over.
fn months(less: &Less, from: Date, day: Date) -> i64 {
    let Some(over) = day.months_since(from) else {
        return 0;
    };
    match less.months {
        MonthsPassed::Started => i64::from(over) + 1,
        MonthsPassed::Whole => over.into(),
    }
}

/// The equal parts of an amount, in whole units; the last has what they leave.
fn equal_parts(amount: &Exact, claw: &Clawback) -> Vec<Exact> {
    let share = Exact::fixed(1, claw.parts.into());
    let last = usize::from(claw.parts) - 1;
    let down = claw.rounding.as_ref().map(Rounding::down);
    let shares = (0..claw.parts).map(|_| &share);
    cut(amount, shares, down.as_ref(), last)
}
