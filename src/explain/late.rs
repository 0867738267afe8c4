//! When a record came in, and the day on which it counts for that.

use crate::base::{Date, Period};
use crate::explain::cells::read_cell;
use crate::explain::expression::{Scalar, Stop, demand};
use crate::meaning::plan::{Corrections, Credit, Plan};
use crate::syntax::ast::{Late, TooLate};
use crate::table::{Cause, Table};

/// A day on which a record counts, and the first of the plan's periods in which that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) struct CountsOn {
    pub(in crate::explain) day: Date,
    pub(in crate::explain) known: usize,
}

/// The days on which a record may count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::explain) enum MayCount {
    /// One of these; one alone where it is known.
    On(Vec<CountsOn>),
    /// Nobody can tell.
    AnyDay,
    /// It came in too late.
    Never,
}

impl MayCount {
    /// The one day, where it is known.
    pub(in crate::explain) fn once(&self) -> Option<CountsOn> {
        match self {
            MayCount::On(days) => days.first().copied().filter(|_| days.len() == 1),
            _ => None,
        }
    }

    /// Each day; none stands for any.
    pub(in crate::explain) fn each(&self) -> Vec<Option<CountsOn>> {
        match self {
            MayCount::On(days) => days.iter().map(|on| Some(*on)).collect(),
            MayCount::AnyDay => vec![None],
            MayCount::Never => Vec::new(),
        }
    }
}

/// When a record came in, and on which days it may count; why that is not known is added.
pub(in crate::explain) fn counts_on(
    (plan, credit, table): (&Plan, &Credit, &Table),
    row: usize,
    own: Option<Date>,
    why: &mut Vec<Cause>,
) -> (Option<Date>, MayCount) {
    let always = |day: Date| CountsOn { day, known: 0 };
    let Some(said) = &credit.corrections else {
        let on = own.map_or(MayCount::AnyDay, |own| MayCount::On(vec![always(own)]));
        return (None, on);
    };
    let name = &plan.source(credit.source).columns[said.known_on.0].name;
    let known = match demand(read_cell(plan, table, name, row)) {
        Ok(Scalar::Date(known)) => Some(known),
        Err(Stop::Held(causes)) => {
            why.extend(causes);
            None
        }
        _ => None,
    };
    let on = match (own, known) {
        (None, _) => MayCount::AnyDay,
        (Some(own), Some(known)) => {
            let open = plan.open_period(known, said.close);
            let on = counting(plan, said, own, &open);
            on.map_or(MayCount::Never, |on| MayCount::On(vec![on]))
        }
        (Some(own), None) => {
            let its = plan.calendar.period_of(own, plan.cadence);
            let periods = plan.periods();
            let later = periods.iter().enumerate();
            let later = later.filter(|(at, open)| *at > 0 && its.start() < open.start());
            let later = later.filter_map(|(_, open)| counting(plan, said, own, open));
            let later = later.filter(|on| *on != always(own));
            MayCount::On(std::iter::once(always(own)).chain(later).collect())
        }
    };
    (known, on)
}

/// On which day a record counts that came in in a period, and since when; nothing where that was too late.
fn counting(plan: &Plan, said: &Corrections, own: Date, open: &Period) -> Option<CountsOn> {
    let periods = plan.periods();
    let its = plan.calendar.period_of(own, plan.cadence);
    let ended = |earlier: &Period| earlier.end() < open.start();
    let now = CountsOn { day: own, known: 0 };
    let before_the_plan = own < plan.effective.0;
    if open.start() <= its.start() || (before_the_plan && said.late == Late::OpenPeriod) {
        return Some(now);
    }
    // So many of the plan's periods had ended.
    let known = periods.iter().filter(|earlier| ended(earlier)).count();
    if before_the_plan {
        return Some(CountsOn { known, ..now });
    }
    if known == periods.len() {
        return None;
    }
    let closed = periods
        .iter()
        .filter(|earlier| its.start() <= earlier.start() && ended(earlier));
    let then = CountsOn {
        day: open.start(),
        known: 0,
    };
    let is_beyond = said
        .limit
        .is_some_and(|(most, _)| closed.count() > usize::from(most));
    match (said.late, said.limit) {
        (_, Some((_, TooLate::NotPaid))) if is_beyond => None,
        (Late::OwnPeriod, _) if !is_beyond => Some(CountsOn { known, ..now }),
        _ => Some(then).filter(|then| then.day <= plan.effective.1),
    }
}
