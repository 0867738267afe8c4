//! What runs through the day of a change: what a pay reads whose days lie on both sides of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Cadence, Date};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{
    Amount, CapSpan, CreditId, Expr, ExprKind, LimitOf, MeasureId, Pay, QuotaId, Scope, StepKind,
    TierUse, each_child,
};
use crate::syntax::ast::{BelowZero, Window};

/// What kind of thing runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::meaning::amend) enum Runs {
    /// A measure, or a total that is read directly.
    Level,
    /// What several persons make together.
    Together,
    /// A quota.
    Quota,
    /// Where records stand.
    Place,
    /// What a cap has left.
    Cap,
    /// What a floor raises to.
    Floor,
    /// What is carried below 0.
    Balance,
}

/// What runs through a day, by name.
pub(in crate::meaning::amend) type Running = BTreeMap<String, Runs>;

/// What is looked for on the way through what a pay reads.
struct Through<'l, 'a> {
    lower: &'l Lower<'a>,
    day: Date,
    found: Running,
    /// Whether anything is read that several persons make together.
    together: bool,
    /// The credits that are read.
    credits: BTreeSet<CreditId>,
}

impl<'l, 'a> Through<'l, 'a> {
    fn of(lower: &'l Lower<'a>, day: Date) -> Through<'l, 'a> {
        Through {
            lower,
            day,
            found: Running::new(),
            together: false,
            credits: BTreeSet::new(),
        }
    }
}

impl Lower<'_> {
    /// Whether days of a window of the period around a day lie before that day, and it ends with the period.
    pub(in crate::meaning::amend) fn runs_through(&self, window: Window, day: Date) -> bool {
        let plan = &self.plan;
        let period = plan.calendar.period_of(day, plan.cadence);
        let start = match window {
            Window::Period => period.start(),
            Window::ToDate(length) => plan.calendar.window_start(&period, length),
            Window::PlanToDate => plan.effective.0,
            Window::Months { .. } => return window.ends_with_the_period(),
            _ => return false,
        };
        start.max(plan.effective.0) < day
    }

    /// What runs through a day in a text of a pay; only in its amount, where a change cuts that.
    pub(in crate::meaning::amend) fn running(
        &self,
        text: &Pay,
        day: Date,
        is_cut: bool,
    ) -> Running {
        let mut through = Through::of(self, day);
        through.amount(&text.amount, is_cut);
        if let Some((placed, credit)) = text.placed()
            && self.runs_through(placed.window, day)
        {
            let source = self.plan.credit(credit).source;
            let name = self.plan.source(source).name.clone();
            through.found.insert(name, Runs::Place);
        }
        if !is_cut {
            text.own_expressions()
                .into_iter()
                .for_each(|expr| through.expr(expr, true));
            for amount in text.amounts() {
                through.amount(amount, false);
            }
        }
        through.limits(text, is_cut);
        let starts = self.plan.calendar.period_of(day, self.plan.cadence).start();
        if text.below == Some(BelowZero::CarriesForward) && starts == day {
            through.found.insert("balance".to_owned(), Runs::Balance);
        }
        through.found
    }

    /// The credits whose records a change parts.
    pub(in crate::meaning::amend) fn credits_paid(&self, text: &Pay, day: Date) -> Vec<CreditId> {
        let mut through = Through::of(self, day);
        through.amount(&text.amount, true);
        if let Scope::Each { credits, .. } = &text.scope {
            through.credits.extend(credits);
        }
        through.credits.into_iter().collect()
    }

    /// Whether the amount of a text reads what several persons make together.
    pub(in crate::meaning::amend) fn is_made_together(&self, text: &Pay, day: Date) -> bool {
        let mut through = Through::of(self, day);
        through.amount(&text.amount, true);
        through.together
    }

    /// What of the running quantities decides at which level the amount of a text is paid.
    pub(in crate::meaning::amend) fn running_levels(&self, text: &Pay, day: Date) -> Vec<String> {
        let is_placed_by_size = matches!(
            text.amount,
            Amount::Tiered {
                how: TierUse::EachSlice { .. } | TierUse::Placed(_),
                ..
            }
        );
        if is_placed_by_size {
            return Vec::new();
        }
        let mut through = Through::of(self, day);
        through.amount(&text.amount, true);
        let found = through.found.into_iter();
        found
            .filter(|(_, runs)| *runs == Runs::Level)
            .map(|(name, _)| name)
            .collect()
    }
}

impl Through<'_, '_> {
    fn amount(&mut self, amount: &Amount, is_cut: bool) {
        match amount {
            // What is paid on falls into two parts by itself; what it is paid at does not.
            Amount::Plain(expr) => self.expr(expr, !is_cut),
            Amount::Tiered { base, tiers, how } => {
                self.expr(base, !is_cut);
                if !matches!(how, TierUse::Placed(_)) {
                    let axis = self.lower.plan.tier_table(*tiers).axis.clone();
                    self.expr(&axis, true);
                }
            }
        }
    }

    /// Everything that an expression reads; `directly` whether totals that stand in it itself count.
    fn expr(&mut self, expr: &Expr, directly: bool) {
        let plan = &self.lower.plan;
        match &expr.kind {
            ExprKind::Aggregate { credit, window, .. } => {
                self.credits.insert(*credit);
                if directly && self.lower.runs_through(*window, self.day) {
                    let name = plan.credit(*credit).name.clone();
                    self.found.insert(name, Runs::Level);
                }
            }
            ExprKind::Quota(id, over) => self.quota(*id, *over),
            ExprKind::Group(id) => {
                self.together = true;
                let credits = plan.group(*id).credits();
                let runs = credits.filter(|(_, window)| self.lower.runs_through(*window, self.day));
                if let Some((credit, _)) = runs.filter(|_| directly) {
                    let name = plan.credit(credit).name.clone();
                    self.found.insert(name, Runs::Together);
                }
            }
            ExprKind::Measure(id) => self.measure(*id),
            ExprKind::Tier(id) => {
                let axis = plan.tier_table(*id).axis.clone();
                self.expr(&axis, true);
            }
            ExprKind::Lookup(id) => {
                let read: Vec<Expr> = plan.lookup(*id).expressions().cloned().collect();
                read.iter().for_each(|expr| self.expr(expr, true));
            }
            ExprKind::Scorecard(id) => {
                let objectives = plan.scorecard(*id).objectives.clone();
                objectives
                    .iter()
                    .for_each(|own| self.expr(&own.score, true));
            }
            _ => {}
        }
        each_child(expr, &mut |child| self.expr(child, directly));
    }

    /// A measure runs where a total in it does.
    fn measure(&mut self, id: MeasureId) {
        let measure = self.lower.plan.measure(id).clone();
        for expr in measure.expressions() {
            let mut runs = None;
            self.totals(expr, &mut runs);
            if let Some(runs) = runs {
                self.found.insert(measure.name.clone(), runs);
            }
            self.expr(expr, false);
        }
    }

    /// What runs of the totals that stand in an expression itself.
    fn totals(&self, expr: &Expr, found: &mut Option<Runs>) {
        let plan = &self.lower.plan;
        match expr.kind {
            ExprKind::Aggregate { window, .. } if self.lower.runs_through(window, self.day) => {
                found.get_or_insert(Runs::Level);
            }
            ExprKind::Group(id) => {
                let credits = plan.group(id).credits();
                let runs = credits.is_some_and(|(_, own)| self.lower.runs_through(own, self.day));
                if runs {
                    *found = Some(Runs::Together);
                }
            }
            _ => {}
        }
        each_child(expr, &mut |child| self.totals(child, found));
    }

    fn quota(&mut self, id: QuotaId, over: Cadence) {
        let quota = self.lower.plan.quota(id);
        let length = match quota.spread {
            None => over.max(quota.cadence),
            Some(_) => over,
        };
        let start = self.lower.plan.calendar.period_of(self.day, length).start();
        if start < self.day {
            self.found.insert(quota.name.clone(), Runs::Quota);
        }
    }

    fn limits(&mut self, text: &Pay, is_cut: bool) {
        for step in &text.steps {
            let (name, runs, of) = match &step.kind {
                StepKind::Cap { of, .. } => ("cap", Runs::Cap, of),
                StepKind::Floor { of, .. } => ("floor", Runs::Floor, of),
                StepKind::CapOf(cap) => {
                    let window = match cap.each {
                        CapSpan::Life => Window::PlanToDate,
                        CapSpan::Each(length) => Window::ToDate(length),
                    };
                    if self.lower.runs_through(window, self.day) {
                        self.found.insert("cap".to_owned(), Runs::Cap);
                    }
                    continue;
                }
                _ => continue,
            };
            let runs_on = match of {
                LimitOf::Record => false,
                LimitOf::Period => is_cut,
                LimitOf::Window(length) => {
                    self.lower.runs_through(Window::ToDate(*length), self.day)
                }
            };
            if runs_on {
                self.found.insert(name.to_owned(), runs);
            }
        }
    }
}
