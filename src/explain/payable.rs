//! What becomes of the parts of what records earn, period by period from the first.

use std::rc::Rc;

use crate::base::{Date, Exact, cut};
use crate::explain::expression::{Scalar, Stop, demand};
use crate::explain::receipt::{Becomes, PartLine};
use crate::explain::records::ByRecord;
use crate::explain::walk::{Here, OnRecord, Walker};
use crate::meaning::plan::{Expr, Pay, PayId, Payable, Scope};
use crate::syntax::ast::Leaving;
use crate::table::{Cause, Movements, sorted};

/// A part of what a record earned, with the days that decide about it.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Portion {
    record: String,
    date: Date,
    of: Exact,
    amount: Exact,
    due: Option<Date>,
    /// The last day on which it can become payable.
    last: Option<Date>,
    /// The period that earned it.
    earned_in: usize,
}

/// Parts, or why they are not known.
pub(in crate::explain) type Parts = Result<Rc<Vec<Portion>>, Vec<Cause>>;

impl Portion {
    /// The day that decides about it; none while nothing does.
    fn decided_on(&self) -> Option<(Date, bool)> {
        match (self.due, self.last) {
            (Some(due), Some(last)) if due > last => Some((last, false)),
            (Some(due), _) => Some((due, true)),
            (None, Some(last)) => Some((last, false)),
            (None, None) => None,
        }
    }
}

impl<'a> Walker<'a> {
    /// The period in which something happens to a part, and whether it is payable then.
    fn happens_in(&self, part: &Portion) -> Option<(usize, bool)> {
        let (day, payable) = part.decided_on()?;
        let mut periods = self.periods.iter().enumerate();
        let (at, _) = periods.find(|(at, period)| *at >= part.earned_in && day <= period.end())?;
        Some((at, payable))
    }

    /// The parts of earlier periods and of this one.
    fn parts_through(
        &mut self,
        payee: &str,
        id: PayId,
        last: usize,
    ) -> Result<Vec<Portion>, Vec<Cause>> {
        let mut all = Vec::new();
        for period in 0..=last {
            all.extend(self.parts_of(payee, id, period)?.iter().cloned());
        }
        Ok(all)
    }

    /// What a period withholds, releases and forfeits, and what stands open before and after it.
    pub(in crate::explain) fn stood_open(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Result<Movements, Vec<Cause>> {
        let mut moves = Movements::default();
        if !self.plan.pay(id).withholds() {
            return Ok(moves);
        }
        for part in self.parts_through(payee, id, period)? {
            let happens = self.happens_in(&part);
            let is_new = part.earned_in == period;
            let now = happens.is_some_and(|(at, _)| at == period);
            let payable_now = happens == Some((period, true));
            if happens.is_some_and(|(at, _)| at < period) {
                continue;
            }
            let line = match (is_new, payable_now) {
                (true, true) => continue,
                (true, false) => &mut moves.withheld,
                (false, _) => &mut moves.withheld_in,
            };
            *line += part.amount.clone();
            let line = match (now, payable_now) {
                (true, true) => &mut moves.released,
                (true, false) => &mut moves.forfeited,
                (false, _) => &mut moves.withheld_out,
            };
            *line += part.amount.clone();
        }
        Ok(moves)
    }

    /// What stands open before a period all of whose earlier ones are known.
    pub(in crate::explain) fn standing_before(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Exact {
        if period == 0 || !self.plan.pay(id).withholds() {
            return Exact::ZERO;
        }
        let before = self.stood_open(payee, id, period - 1);
        before.map_or(Exact::ZERO, |moves| moves.withheld_out)
    }

    /// Whether a part of an earlier period becomes payable in a period, or is forfeited.
    pub(in crate::explain) fn moves_open(&mut self, payee: &str, id: PayId, period: usize) -> bool {
        let parts = self.parts_through(payee, id, period).unwrap_or_default();
        let mut happen = parts.iter().filter_map(|part| self.happens_in(part));
        happen.any(|(at, _)| at == period)
    }

    /// What of a record of a period is released by the end of a later one.
    ///
    /// # Errors
    /// Why its dates are not known.
    pub(in crate::explain) fn released_by(
        &mut self,
        payee: &str,
        id: PayId,
        record: &ByRecord,
        (period, by): (usize, usize),
    ) -> Result<Exact, Vec<Cause>> {
        let pay: &'a Pay = self.text_in(self.plan.pay(id), period);
        let Some(payable) = &pay.payable else {
            return Ok(record.amount.clone());
        };
        let mut released = Exact::ZERO;
        for part in self.parts_of_record((pay, payable), (payee, period), record)? {
            if self
                .happens_in(&part)
                .is_some_and(|(at, is_payable)| is_payable && at <= by)
            {
                released += part.amount;
            }
        }
        Ok(released)
    }

    /// The parts that a receipt shows: those that a period earned, and those of earlier ones that move in it.
    pub(in crate::explain) fn part_lines(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Vec<PartLine> {
        if !self.plan.pay(id).withholds() {
            return Vec::new();
        }
        let parts = self.parts_through(payee, id, period).unwrap_or_default();
        let label = |at: usize| self.plan.calendar.label(&self.periods[at]);
        let line = |part: Portion| {
            let happens = self.happens_in(&part);
            let is_shown = part.earned_in == period || happens.is_some_and(|(at, _)| at == period);
            let becomes = match happens {
                Some((at, true)) => Becomes::Payable(label(at)),
                Some((at, false)) => Becomes::Forfeited(label(at)),
                None => Becomes::Withheld,
            };
            is_shown.then(|| PartLine {
                record: part.record,
                date: part.date,
                earned_in: label(part.earned_in),
                of: part.of,
                amount: part.amount,
                due: part.due,
                becomes,
            })
        };
        parts.into_iter().filter_map(line).collect()
    }

    /// The parts of what a person's records of a period earn; none where all of it is payable at once.
    fn parts_of(&mut self, payee: &str, id: PayId, period: usize) -> Parts {
        let key = (payee.to_owned(), id, period);
        if let Some(known) = self.parts.get(&key) {
            return known.clone();
        }
        let made = self.make_parts(payee, id, period).map(Rc::new);
        self.parts.insert(key, made.clone());
        made
    }

    fn make_parts(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Result<Vec<Portion>, Vec<Cause>> {
        let pay: &'a Pay = self.text_in(self.plan.pay(id), period);
        let calendar_period = self.periods[period];
        let (Some(payable), true) = (&pay.payable, self.belongs(payee, &calendar_period)) else {
            return Ok(Vec::new());
        };
        let walked = self.walk_pay(payee, id, period);
        if let Err(Stop::Held(causes)) = walked.earned {
            return Err(causes);
        }
        let (mut all, mut why) = (Vec::new(), Vec::new());
        for record in &walked.by_record? {
            match self.parts_of_record((pay, payable), (payee, period), record) {
                Ok(parts) => all.extend(parts),
                Err(causes) => why.extend(causes),
            }
        }
        if why.is_empty() {
            Ok(all)
        } else {
            Err(sorted(why))
        }
    }

    fn parts_of_record(
        &mut self,
        (pay, payable): (&Pay, &Payable),
        (payee, period): (&str, usize),
        record: &ByRecord,
    ) -> Result<Vec<Portion>, Vec<Cause>> {
        let here = Here {
            record: Some(OnRecord {
                row: record.row,
                amounts: Default::default(),
                credited: Default::default(),
            }),
            ..Here::of(payee, period)
        };
        let mut last = match payable.leaving {
            Leaving::Forfeited => self.left_plan_on(payee),
            Leaving::PaidWhenDue => None,
        };
        if let Some(until) = &payable.until {
            last = [last, self.day_on(until, &here)?]
                .into_iter()
                .flatten()
                .min();
        }
        let name = match &pay.scope {
            Scope::Each { source, .. } => self.id_of(*source, record.row),
            Scope::Total => String::new(),
        };
        let shares = payable.parts.iter().map(|part| &part.share);
        let amounts = match &payable.rounding {
            Some((rounding, rest)) => {
                let rest = rest.among(payable.parts.len());
                cut(&record.amount, shares, Some(rounding), rest)
            }
            None => cut(&record.amount, shares, None, 0),
        };
        let mut found = Vec::new();
        let mut why = Vec::new();
        for (part, amount) in payable.parts.iter().zip(amounts) {
            match self.day_on(&part.date, &here) {
                Ok(day) => found.push(Portion {
                    record: name.clone(),
                    date: record.date,
                    of: record.amount.clone(),
                    amount,
                    due: day.and_then(|day| part.due(day)),
                    last,
                    earned_in: period,
                }),
                Err(causes) => why.extend(causes),
            }
        }
        found.retain(|part| !part.amount.is_zero());
        if why.is_empty() { Ok(found) } else { Err(why) }
    }

    /// The last day in the role of somebody who leaves before the plan does.
    fn left_plan_on(&mut self, payee: &str) -> Option<Date> {
        let days = self.life(payee).role;
        let last = days.into_iter().map(|(_, last)| last).max()?;
        (last < self.plan.effective.1).then_some(last)
    }

    fn day_on(&mut self, column: &Expr, here: &Here) -> Result<Option<Date>, Vec<Cause>> {
        let has_row = here
            .record
            .as_ref()
            .is_some_and(|record| record.row.is_some());
        let found = match self.value(here, column, &mut Vec::new()) {
            Err(Stop::Empty(_)) if has_row => return Ok(None),
            other => demand(other),
        };
        match found {
            Ok(Scalar::Date(day)) => Ok(Some(day)),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(None),
        }
    }
}
