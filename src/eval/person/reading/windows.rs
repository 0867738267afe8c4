//! Sums and counts of what is credited in the days of a window.

use std::borrow::Cow;

use crate::base::{Date, Exact};
use crate::eval::credited::{Credited, Share, Unknown};
use crate::eval::credits::Past;
use crate::eval::person::{At, Payer};
use crate::eval::values::V;
use crate::eval::windows::days;
use crate::meaning::plan::CreditId;
use crate::syntax::ast::{Aggregate, Window};
use crate::table::{Cause, sorted};

impl<'a> Payer<'a> {
    /// First and last day of a window.
    pub(in crate::eval) fn days(&self, window: Window, period: usize) -> (Date, Date) {
        days(self.plan, window, &self.periods[period])
    }

    pub(in crate::eval) fn in_window(
        &self,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> &'a [Share] {
        let (start, _) = self.days(window, period);
        let first = self.periods.partition_point(|period| period.end() < start);
        self.common.credited[credit.0].shares(self.at, first..period + 1)
    }

    /// How many shares lie in a window, and their sum.
    pub(in crate::eval) fn total_in(
        &self,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> (Exact, Exact) {
        let (first, _) = self.days(window, period);
        let mut count = 0;
        let mut total = Exact::ZERO;
        for (at, (more, sum)) in self.totals[credit.0].iter().enumerate().take(period + 1) {
            if self.periods[at].end() >= first {
                count += more;
                total += sum.clone();
            }
        }
        (Exact::int(count), total)
    }

    /// Where shares of a window that looks back stand.
    pub(in crate::eval) fn past_of(&self, credit: CreditId, window: Window) -> Option<&'a Past> {
        let past = self.common.past.get(credit.0)?.as_ref();
        past.filter(|_| window.looks_back())
    }

    /// The shares that an aggregate over a window runs over.
    pub(in crate::eval) fn shares_in(
        &self,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> Cow<'a, [Share]> {
        let Some(past) = self.past_of(credit, window) else {
            return Cow::Borrowed(self.in_window(credit, window, period));
        };
        let (first, last) = self.days(window, period);
        let from = past.steps.partition_point(|step| step.end() < first);
        let to = past.steps.partition_point(|step| step.start() <= last);
        let shares = past.credited.shares(self.at, from..to);
        // Days of its own may begin or end inside a step.
        let is_in = |share: &Share| first <= share.date() && share.date() <= last;
        match shares.iter().all(is_in) {
            true => Cow::Borrowed(shares),
            false => shares.iter().copied().filter(is_in).collect(),
        }
    }

    /// Why a credit cannot be known over a window.
    pub(in crate::eval) fn unknown_in(
        &self,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> Vec<Cause> {
        self.unknown_on(credit, window, self.days(window, period))
    }

    /// Why a credit cannot be known on days of a window.
    fn unknown_on(
        &self,
        credit: CreditId,
        window: Window,
        (first, last): (Date, Date),
    ) -> Vec<Cause> {
        if !self.person.held.is_empty() {
            return self.person.held.clone();
        }
        let unknown = match self.past_of(credit, window) {
            Some(past) => past.credited.unknown(self.at),
            None => self.credited[credit.0].unknown(self.at),
        };
        if unknown.is_empty() {
            return Vec::new();
        }
        let reaches = |unknown: &&Unknown| {
            unknown
                .date
                .is_none_or(|date| first <= date && date <= last)
        };
        sorted(
            unknown
                .iter()
                .filter(reaches)
                .flat_map(|unknown| unknown.causes.clone())
                .collect(),
        )
    }

    pub(in crate::eval) fn aggregate(
        &self,
        how: Aggregate,
        credit: CreditId,
        window: Window,
        at: &At<'_, 'a>,
    ) -> V {
        let period = at.period;
        let cut = at.cut.of(window, self.days(window, period));
        let days = cut.unwrap_or_else(|| self.days(window, period));
        let held = self.unknown_on(credit, window, days);
        if !held.is_empty() {
            return V::Held(held);
        }
        let found = match self.past_of(credit, window) {
            _ if cut.is_some() => self.aggregate_on(how, credit, window, (period, days)),
            Some(past) => {
                let shares = self.shares_in(credit, window, period);
                let count = i64::try_from(shares.len()).unwrap_or(i64::MAX);
                let sums = (Exact::int(count), past.credited.total(&shares));
                aggregated(how, sums, &past.credited, &shares)
            }
            None => {
                let sums = self.total_in(credit, window, period);
                let shares = || self.in_window(credit, window, period);
                let shares = match how {
                    Aggregate::Highest | Aggregate::Lowest => shares(),
                    _ => &[],
                };
                aggregated(how, sums, &self.credited[credit.0], shares)
            }
        };
        match found {
            Some(value) => V::Number(value),
            None => V::Missing(Cause::of_none(
                &self.plan.credit(credit).label,
                &self.person.id,
                &self.label(period),
            )),
        }
    }

    /// An aggregate over some days of a window.
    fn aggregate_on(
        &self,
        how: Aggregate,
        credit: CreditId,
        window: Window,
        (period, (first, last)): (usize, (Date, Date)),
    ) -> Option<Exact> {
        let (credited, shares) = match self.past_of(credit, window) {
            Some(past) => {
                let steps = past.steps.partition_point(|step| step.start() <= last);
                (&past.credited, past.credited.shares(self.at, 0..steps))
            }
            None => (
                &self.credited[credit.0],
                self.in_window(credit, window, period),
            ),
        };
        let counts = |share: &&Share| first <= share.date() && share.date() <= last;
        let shares: Vec<Share> = shares.iter().filter(counts).copied().collect();
        let count = i64::try_from(shares.len()).unwrap_or(i64::MAX);
        let sums = (Exact::int(count), credited.total(&shares));
        aggregated(how, sums, credited, &shares)
    }
}

/// What an aggregate comes to, of so many shares with this sum; `None` of none.
pub(in crate::eval) fn aggregated(
    how: Aggregate,
    (count, total): (Exact, Exact),
    credited: &Credited,
    shares: &[Share],
) -> Option<Exact> {
    let amounts = || shares.iter().map(|share| credited.amount(share));
    match how {
        Aggregate::Total => Some(total),
        Aggregate::Count => Some(count),
        Aggregate::Average => total.checked_div(&count),
        Aggregate::Highest => amounts().max(),
        Aggregate::Lowest => amounts().min(),
    }
}
