//! What a pay reads of its earlier periods, and when one that is earned over a longer length of time is paid.
//! `docs/spec/evaluation.md`, section 5.

use crate::base::{Cadence, Date, Exact};
use crate::eval::person::Payer;
use crate::eval::person::amounts::History;
use crate::eval::values::{V, numbers};
use crate::meaning::plan::Pay;

impl Payer<'_> {
    pub(in crate::eval) fn belongs_to(&self, period: usize) -> bool {
        self.person.belongs(self.plan, &self.periods[period])
    }

    /// Whether two periods lie in one longer length of time.
    fn are_of_one(&self, over: Cadence, a: usize, b: usize) -> bool {
        let around = |period: usize| {
            let first = self.periods[period].start();
            self.plan.calendar.period_of(first, over)
        };
        around(a) == around(b)
    }

    /// Whether a period is the last of a longer length of time to which the person belongs.
    pub(in crate::eval) fn is_last_of(&self, over: Cadence, period: usize) -> bool {
        let mut later = period + 1..self.periods.len();
        self.belongs_to(period)
            && !later.any(|later| self.are_of_one(over, period, later) && self.belongs_to(later))
    }

    /// The same step's value in earlier periods of a window to which the person belongs, added. Of what is earned over a
    /// longer length of time than the period, each has its value in the last of them.
    pub(in crate::eval) fn used(
        &self,
        pay: &Pay,
        index: usize,
        length: Cadence,
        period: usize,
        history: &History,
    ) -> V {
        let calendar = &self.plan.calendar;
        let start = calendar.window_start(&self.periods[period], length);
        let last = self.periods[period].end();
        let fresh = pay
            .later
            .iter()
            .filter(|own| own.fresh_cap && own.from <= last);
        let start = fresh.map(|own| own.from).fold(start, Date::max);
        let counts = |earlier: &usize| {
            let is_in = self.periods[*earlier].start() >= start;
            is_in
                && match pay.over {
                    None => self.belongs_to(*earlier),
                    Some(over) => {
                        !self.are_of_one(over, *earlier, period) && self.is_last_of(over, *earlier)
                    }
                }
        };
        (0..period)
            .filter(counts)
            .fold(V::Number(Exact::ZERO), |sum, earlier| {
                numbers(sum, history.get(earlier, index), |sum, used| {
                    V::Number(sum + used)
                })
            })
    }

    /// The amount to date of which the increase is taken: that of the period before in the same window; of what is
    /// earned over a longer length of time, that of the last period of it before this to which the person belongs.
    pub(in crate::eval) fn before(
        &self,
        pay: &Pay,
        index: usize,
        period: usize,
        history: &History,
    ) -> V {
        let earlier = match pay.over {
            None => {
                let (start, _) = self.days(pay.window, period);
                let before = period.checked_sub(1);
                before.filter(|before| start <= self.periods[*before].end())
            }
            Some(over) => {
                let mut earlier = (0..period).rev();
                earlier.find(|earlier| {
                    self.are_of_one(over, *earlier, period) && self.belongs_to(*earlier)
                })
            }
        };
        earlier.map_or(V::Number(Exact::ZERO), |earlier| {
            history.get(earlier, index)
        })
    }
}
