//! First and last day of a window. `docs/spec/evaluation.md`, section 3.

use crate::base::{Cadence, Calendar, Date, Period};
use crate::meaning::plan::Plan;
use crate::syntax::ast::Window;

/// The days over which an aggregate of a period runs.
pub(in crate::eval) fn days(plan: &Plan, window: Window, period: &Period) -> (Date, Date) {
    let calendar = &plan.calendar;
    let of = |period: Period| (period.start(), period.end());
    match window {
        Window::Period => of(*period),
        Window::ToDate(length) => (calendar.window_start(period, length), period.end()),
        Window::PlanToDate => (plan.effective.0, period.end()),
        Window::LastPeriod => of(calendar.previous(period)),
        Window::SamePeriodLastYear => of(calendar.year_before(period)),
        Window::Last(length) => {
            let this = calendar.period_of(period.start(), length);
            of(calendar.previous(&this))
        }
        Window::SameLastYear(length) => {
            let this = calendar.period_of(period.start(), length);
            of(calendar.year_before(&this))
        }
        Window::Months { count, with_this } => {
            let back = i32::from(count);
            if with_this {
                let month = calendar.period_of(period.end(), Cadence::Month);
                (calendar.earlier(&month, back - 1).start(), period.end())
            } else {
                months_before(calendar, period.start(), back)
            }
        }
        Window::MonthsBefore { count, of } => {
            let this = calendar.period_of(period.start(), of);
            months_before(calendar, this.start(), i32::from(count))
        }
        Window::Between(first, last) => (first, last),
    }
}

/// Whole months that end with the one before a day's.
fn months_before(calendar: &Calendar, day: Date, count: i32) -> (Date, Date) {
    let month = calendar.period_of(day, Cadence::Month);
    let first = calendar.earlier(&month, count);
    (first.start(), calendar.previous(&month).end())
}
