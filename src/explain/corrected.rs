//! What is new about closed periods: an earlier period in the light of the one at hand, and in that of the one before.

use crate::base::{Date, Exact};
use crate::explain::credits::Credits;
use crate::explain::expression::Scalar;
use crate::explain::receipt::{CorrectionLine, Known, Node};
use crate::explain::walk::{Walker, credited, kind, known, leaf};
use crate::meaning::plan::{CreditId, PayId};
use crate::syntax::ast::PayKind;
use crate::table::{Cause, sorted};

/// What is new about one closed period.
pub(in crate::explain) struct Correction {
    /// How much, or why that is not known.
    pub(in crate::explain) change: Result<Exact, Vec<Cause>>,
    pub(in crate::explain) line: CorrectionLine,
}

impl<'a> Walker<'a> {
    /// The walk by what was known in a period; the same one where nothing comes to be known late.
    pub(in crate::explain) fn as_seen_in(&mut self, period: usize) -> &mut Walker<'a> {
        if self.seen_in.is_some() || !self.plan.re_rates() {
            return self;
        }
        let (plan, rows, credits) = (self.plan, self.rows, &self.credits);
        let view = self.views.entry(period);
        view.or_insert_with(|| Walker::new(plan, rows).in_the_light_of(period, credits))
    }

    /// What is new in a period about those before it, period by period.
    pub(in crate::explain) fn corrections(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Vec<Correction> {
        let Some(first) = self.first_new(payee, id, period) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for closed in first..period {
            let calendar_period = self.periods[closed];
            if !self.belongs(payee, &calendar_period) {
                continue;
            }
            let now = known(&self.as_seen_in(period).walk_pay(payee, id, closed).earned);
            let was = known(
                &self
                    .as_seen_in(period - 1)
                    .walk_pay(payee, id, closed)
                    .earned,
            );
            if now == was && !matches!(now, Known::Held(_)) {
                continue;
            }
            found.push(Correction {
                change: change(&was, &now),
                line: CorrectionLine {
                    period: self.plan.calendar.label(&calendar_period),
                    was,
                    now,
                },
            });
        }
        found
    }

    /// What came to be known in a period of the credits behind a pay.
    fn news(&mut self, payee: &str, id: PayId, period: usize) -> Vec<(CreditId, Credits)> {
        let is_paid = self.plan.pay(id).kind == PayKind::Pay;
        if period == 0 || !is_paid || self.seen_in.is_some() {
            return Vec::new();
        }
        let behind = self.plan.re_rated_behind(id).into_iter();
        let news = behind.map(|credit| {
            let mut own = self.all_credits(payee, credit);
            own.shares.retain(|share| share.known == period);
            own.unknown.retain(|other| other.known == period);
            (credit, own)
        });
        news.collect()
    }

    /// The records that came to be known in a period, as steps.
    pub(in crate::explain) fn late_records(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Vec<Node> {
        let mut found = Vec::new();
        for (credit, news) in self.news(payee, id, period) {
            let written = self.plan.credit(credit);
            for share in news.shares {
                let amount = Ok(Scalar::Number(share.amount.clone()));
                let (label, span) = (&share.record, Some(written.span));
                let shown = kind(written.amount.ty);
                found.push(leaf(credited(&share), label, &amount, shown, span));
            }
        }
        found
    }

    /// The first closed period of which something is new for a pay.
    fn first_new(&mut self, payee: &str, id: PayId, period: usize) -> Option<usize> {
        let mut days = Vec::new();
        for (_, news) in self.news(payee, id, period) {
            days.extend(news.shares.iter().map(|share| Some(share.date)));
            days.extend(news.unknown.iter().map(|other| other.day));
        }
        // Without a day it may be any.
        let holds = |day: Option<Date>| {
            let day = day.unwrap_or(self.plan.effective.0);
            self.periods.iter().position(|own| day <= own.end())
        };
        days.into_iter().filter_map(holds).min()
    }
}

/// What a period comes to now, less what it came to before.
fn change(was: &Known, now: &Known) -> Result<Exact, Vec<Cause>> {
    let mut causes = Vec::new();
    let mut amount = |known: &Known| match known {
        Known::Value(value) => value.clone(),
        Known::Nothing => Exact::ZERO,
        Known::Held(more) => {
            causes.extend(more.iter().cloned());
            Exact::ZERO
        }
    };
    let change = amount(now) - amount(was);
    match causes.is_empty() {
        true => Ok(change),
        false => Err(sorted(causes)),
    }
}
