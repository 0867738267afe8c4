//! The parts that a quota is made of, and what counts of each: ramp, relief, proration.
//! `docs/spec/evaluation.md`, section 3.

use std::collections::BTreeMap;

use crate::base::{Cadence, Date, Exact, Period};
use crate::eval::people::Person;
use crate::eval::quotas::Source;
use crate::eval::quotas::days::{Days, OfPayee, shared};
use crate::eval::values::{V, both};
use crate::meaning::plan::{ColumnId, Plan, Proration, Quota, Ramp};
use crate::syntax::ast::{EmploymentMonths, ProrationUnit};
use crate::table::Cause;

/// A part of a quota: a length of time with a share of the value of a quota period.
pub(in crate::eval::quotas) struct Part {
    pub(in crate::eval::quotas) of: Period,
    pub(in crate::eval::quotas) days: Period,
    pub(in crate::eval::quotas) share: Exact,
}

/// The parts that make the quota of a period: the one around it, or those inside it.
pub(in crate::eval::quotas) fn parts(plan: &Plan, quota: &Quota, period: &Period) -> Vec<Part> {
    let calendar = &plan.calendar;
    let spread = quota.spread.as_ref();
    let length = spread.map_or(quota.cadence, |spread| spread.over);
    let lengths = if length >= period.cadence() {
        vec![calendar.period_of(plan.first_day_in(period), length)]
    } else {
        calendar.periods(period.start(), period.end(), length)
    };
    let part = |days: Period| {
        let of = calendar.period_of(days.start(), quota.cadence);
        let share = spread.map_or(Exact::ONE, |spread| {
            let parts = calendar.periods(of.start(), of.end(), length);
            let at = parts.iter().position(|own| *own == days);
            let share = at.and_then(|at| spread.shares.get(at));
            share.cloned().unwrap_or_default()
        });
        Part { of, days, share }
    };
    lengths.into_iter().map(part).collect()
}

/// One part of one person's quota, and what of it counts.
pub(in crate::eval::quotas) struct Making<'m, 'a> {
    pub(in crate::eval::quotas) plan: &'m Plan,
    pub(in crate::eval::quotas) source: &'m Source<'a>,
    pub(in crate::eval::quotas) person: &'m Person,
    pub(in crate::eval::quotas) part: Period,
}

impl Making<'_, '_> {
    /// The product of all that acts on the part, or everything that keeps it from being known.
    pub(in crate::eval::quotas) fn factor(
        &self,
        quota: &Quota,
        hired: impl Fn(ColumnId) -> V,
    ) -> Result<Exact, Vec<Cause>> {
        let ramp = quota.ramp.as_ref();
        let proration = quota.proration.as_ref();
        let factors = [
            ramp.map(|ramp| self.ramp(ramp, hired(ramp.hired))),
            quota.relief.as_ref().map(|_| self.relief()),
            proration.map(|proration| self.in_role(proration)),
        ];
        let mut product = Exact::ONE;
        let mut held = Vec::new();
        for factor in factors.into_iter().flatten() {
            match factor {
                Ok(factor) => product *= factor,
                Err(causes) => held = both(held, causes),
            }
        }
        if held.is_empty() {
            Ok(product)
        } else {
            Err(held)
        }
    }

    fn days(&self) -> Days {
        (self.part.start(), self.part.end())
    }

    fn months(&self) -> Vec<Period> {
        let (first, last) = self.days();
        self.plan.calendar.periods(first, last, Cadence::Month)
    }

    /// The average over the months of the part in which the person is employed in the role.
    fn ramp(&self, ramp: &Ramp, hired: V) -> Result<Exact, Vec<Cause>> {
        let hired = match hired.needed() {
            V::Date(day) => day,
            V::Held(causes) => return Err(causes),
            _ => return Ok(Exact::ONE),
        };
        let months = self.months();
        let employed = |month: &&Period| {
            let days = shared((hired, Date::MAX), (month.start(), month.end()));
            let mut role = self.person.role.iter();
            days.is_some_and(|days| role.any(|stretch| shared(*stretch, days).is_some()))
        };
        let mut counted: Vec<&Period> = months.iter().filter(employed).collect();
        if counted.is_empty() {
            counted = months.iter().collect();
        }
        let sum = counted.iter().fold(Exact::ZERO, |sum, month| {
            sum + self.percent(ramp, hired, month)
        });
        Ok(part_of(sum, counted.len()))
    }

    /// The percentage of one month.
    fn percent(&self, ramp: &Ramp, hired: Date, month: &Period) -> Exact {
        let calendar = &self.plan.calendar;
        let before = |back: usize| {
            let back = i32::try_from(back).unwrap_or(i32::MAX);
            calendar.earlier(month, back)
        };
        // How many months before this one the person was hired, as far as the ramp goes.
        let since = (0..=ramp.shares.len()).find(|back| before(*back).start() <= hired);
        let at = match since {
            _ if month.end() < hired => 0,
            None => ramp.shares.len(),
            Some(since) => {
                let is_whole = before(since).start() == hired;
                match ramp.months {
                    EmploymentMonths::Full if !is_whole => since.saturating_sub(1),
                    _ => since,
                }
            }
        };
        let share = ramp.shares.get(at).or(ramp.shares.last());
        share.cloned().unwrap_or(Exact::ONE)
    }

    /// What is left where days are relieved.
    fn relief(&self) -> Result<Exact, Vec<Cause>> {
        let relieved = self.stretches(&self.source.relief)?;
        let days = relieved
            .into_iter()
            .fold(Exact::ZERO, |sum, (days, share)| {
                sum + Exact::int(length(days)) * share
            });
        let all = Exact::int(length(self.days()));
        Ok(Exact::ONE - days.checked_div(&all).unwrap_or_default())
    }

    fn stretches(&self, of: &BTreeMap<String, OfPayee>) -> Result<Vec<(Days, Exact)>, Vec<Cause>> {
        match of.get(&self.person.id) {
            Some(own) => own.within(self.days(), &self.person.id),
            None => Ok(Vec::new()),
        }
    }

    /// The part of the days, working days or months that the person is in the role and not on leave.
    fn in_role(&self, proration: &Proration) -> Result<Exact, Vec<Cause>> {
        let holidays = &self.source.holidays;
        let leave = match (self.stretches(&self.source.leave), holidays.held()) {
            (Ok(leave), []) => leave,
            (leave, held) => return Err(both(leave.err().unwrap_or_default(), held.to_vec())),
        };
        Ok(match proration.unit {
            ProrationUnit::CalendarDays => self.part_there(&leave, length),
            ProrationUnit::WorkingDays => {
                self.part_there(&leave, |days| holidays.working_days(days))
            }
            ProrationUnit::WholeMonths => {
                let months = self.months();
                let is_whole = |month: &&Period| {
                    let days = (month.start(), month.end());
                    self.there(days, &leave, length) == length(days)
                };
                let whole = months.iter().filter(is_whole).count();
                part_of(Exact::int(i64::try_from(whole).unwrap_or(0)), months.len())
            }
        })
    }

    /// How much of the part the person is there; all of it where there is nothing to count.
    fn part_there(&self, leave: &[(Days, Exact)], count: impl Fn(Days) -> i64) -> Exact {
        let all = Exact::int(count(self.days()));
        let there = Exact::int(self.there(self.days(), leave, count));
        there.checked_div(&all).unwrap_or(Exact::ONE)
    }

    /// How much of some days the person is there: in the role, less the days of leave in it.
    fn there(&self, days: Days, leave: &[(Days, Exact)], count: impl Fn(Days) -> i64) -> i64 {
        let role = self.person.role.iter();
        let stretches = role.filter_map(|stretch| shared(*stretch, days));
        stretches
            .map(|stretch| {
                let away = leave.iter().filter_map(|(away, _)| shared(*away, stretch));
                count(stretch) - away.map(&count).sum::<i64>()
            })
            .sum()
    }
}

fn length((first, last): Days) -> i64 {
    i64::from(last.days()) - i64::from(first.days()) + 1
}

fn part_of(sum: Exact, count: usize) -> Exact {
    let count = Exact::int(i64::try_from(count).unwrap_or(1));
    sum.checked_div(&count).unwrap_or_default()
}
