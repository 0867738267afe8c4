//! First and last day of a window. `docs/spec/evaluation.md`, section 3.

use crate::base::{Cadence, Date, Period};
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
        Window::LastYear => {
            let year = calendar.period_of(period.start(), Cadence::Year);
            of(calendar.previous(&year))
        }
        Window::Months { count, with_this } => {
            let back = i32::from(count);
            if with_this {
                let month = calendar.period_of(period.end(), Cadence::Month);
                (calendar.earlier(&month, back - 1).start(), period.end())
            } else {
                let month = calendar.period_of(period.start(), Cadence::Month);
                let first = calendar.earlier(&month, back);
                (first.start(), calendar.previous(&month).end())
            }
        }
    }
}
