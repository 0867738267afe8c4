//! What a line of a pay reads of earlier periods, and when what is earned over a longer length of time is paid.

use crate::base::{Cadence, Exact, Period};
use crate::explain::expression::{Found, Scalar, Stop, two_numbers};
use crate::explain::receipt::{Kind, Node, Rule};
use crate::explain::walk::{Here, Walker, leaf};
use crate::meaning::plan::{Pay, PayId, Step};

impl Walker<'_> {
    /// The plan's periods inside the longer length of time around a period, to which a person belongs.
    fn own_periods(&mut self, payee: &str, over: Cadence, period: usize) -> Vec<usize> {
        let around = self
            .plan
            .calendar
            .period_of(self.periods[period].start(), over);
        let inside = |own: &Period| around.start() <= own.start() && own.start() <= around.end();
        let periods = self.periods.clone();
        let all = periods.iter().enumerate();
        all.filter(|(_, own)| inside(own) && self.belongs(payee, own))
            .map(|(at, _)| at)
            .collect()
    }

    /// Whether a period is the last of what a pay is earned over to which a person belongs.
    pub fn ends(&mut self, payee: &str, id: PayId, period: &Period) -> bool {
        let over = self.plan.pay(id).over.unwrap_or(self.plan.cadence);
        let here = self.index(period);
        here.is_some_and(|here| self.own_periods(payee, over, here).last() == Some(&here))
    }

    fn at_step(&mut self, id: PayId, index: usize, payee: &str, period: usize) -> Found {
        let walked = self.walk_claim(payee, id, period);
        let own = walked.at_step.get(index).cloned();
        own.unwrap_or(Err(Stop::Nothing))
    }

    /// A line's value in the earlier periods of a window to which the person belongs, added; of what is earned over a
    /// longer length of time, in the last of them of each that lies before.
    pub(in crate::explain) fn used(
        &mut self,
        id: PayId,
        index: usize,
        length: Cadence,
        here: &Here,
    ) -> Found {
        let calendar = &self.plan.calendar;
        let start = calendar.window_start(&self.periods[here.period], length);
        let pay = self.plan.pay(id);
        let last = self.periods[here.period].end();
        let mut fresh = pay.later.iter().rev();
        let fresh = fresh.find(|own| own.fresh_cap && own.from <= last);
        let start = fresh.map_or(start, |own| own.from.max(start));
        let over = pay.over.unwrap_or(self.plan.cadence);
        let mut used: Found = Ok(Scalar::Number(Exact::ZERO));
        for earlier in 0..here.period {
            if self.periods[earlier].start() < start {
                continue;
            }
            let own = self.own_periods(&here.payee, over, earlier);
            if own.last() != Some(&earlier)
                || self.start_of(over, here.period) <= self.periods[earlier].start()
            {
                continue;
            }
            let own = self.at_step(id, index, &here.payee, earlier);
            used = two_numbers(used, own).map(|(sum, own)| Scalar::Number(sum + own));
        }
        used
    }

    /// The amount to date of the period before, if it lies in the same window; of what is earned over a longer length of
    /// time, that of the period of it before this to which the person belongs.
    pub(in crate::explain) fn before(
        &mut self,
        pay: &Pay,
        id: PayId,
        index: usize,
        here: &Here,
    ) -> Found {
        let earlier = match pay.over {
            Some(over) => {
                let own = self.own_periods(&here.payee, over, here.period);
                own.into_iter().rev().find(|own| *own < here.period)
            }
            None => {
                let first = self.days(pay.window, here.period).0;
                let before = here.period.checked_sub(1);
                before.filter(|before| self.periods[*before].end() >= first)
            }
        };
        match earlier {
            Some(earlier) => self.at_step(id, index, &here.payee, earlier),
            None => Ok(Scalar::Number(Exact::ZERO)),
        }
    }

    /// `paid when the quarter ends`: all of the amount to date, or nothing yet.
    pub(in crate::explain) fn when_it_ends(
        &mut self,
        pay: &Pay,
        step: &Step,
        so_far: Found,
        here: &Here,
    ) -> (Found, Option<Node>) {
        let over = pay.over.unwrap_or(self.plan.cadence);
        let own = self.own_periods(&here.payee, over, here.period);
        let ends = own.last() == Some(&here.period);
        if !self.life(&here.payee).held.is_empty() {
            return (so_far, None);
        }
        let to_date = match &so_far {
            Ok(Scalar::Number(number)) => Some(number.clone()),
            _ => None,
        };
        let found = if ends {
            so_far
        } else {
            Ok(Scalar::Number(Exact::ZERO))
        };
        let rule = Rule::WhenItEnds {
            over,
            ends,
            to_date,
        };
        let node = leaf(
            rule,
            "paid at the end",
            &found,
            Kind::Money,
            Some(step.span),
        );
        (found, Some(node))
    }
}
