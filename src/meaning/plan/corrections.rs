//! When records came in, and what becomes of those that come late.

use std::collections::BTreeSet;

use crate::base::{Date, Period};
use crate::diag::Span;
use crate::meaning::plan::{
    Amount, ColumnId, Credit, CreditId, Expr, ExprKind, Group, GroupKind, MeasureId, PayId, Plan,
    Scope, each_child,
};
use crate::syntax::ast::{Late, TooLate};

/// What a credit says of records that come in after their period has closed.
#[derive(Clone, Debug)]
pub struct Corrections {
    /// The date column of the source that says on which day a record came in.
    pub known_on: ColumnId,
    /// Where a record counts that comes in after its period has closed.
    pub late: Late,
    /// For how many closed periods it does, and what becomes of later ones; without a limit always.
    pub limit: Option<(u16, TooLate)>,
    /// How many days after its last one a period closes.
    pub close: u16,
    /// The clause.
    pub span: Span,
}

impl Plan {
    /// Whether records that come in late rate their own periods again.
    pub fn re_rates(&self) -> bool {
        self.credits.iter().any(Credit::re_rates)
    }

    /// The credits with such records that stand behind a pay.
    pub fn re_rated_behind(&self, pay: PayId) -> BTreeSet<CreditId> {
        if !self.re_rates() {
            return BTreeSet::new();
        }
        let mut behind = Behind::of(self);
        behind.pay(pay);
        let credits = behind.credits.into_iter();
        credits.filter(|id| self.credit(*id).re_rates()).collect()
    }

    /// The first credit with such records that stands behind what several persons make.
    pub fn re_rated_together(&self, group: &Group) -> Option<CreditId> {
        if !self.re_rates() {
            return None;
        }
        let mut behind = Behind::of(self);
        behind.credits.extend(group.credits().map(|(id, _)| id));
        if let GroupKind::Budget(budget) = &group.kind {
            budget.pays.iter().for_each(|id| behind.pay(*id));
        }
        let read = group.expressions();
        read.into_iter().for_each(|expr| behind.expr(expr));
        let mut credits = behind.credits.into_iter();
        credits.find(|id| self.credit(*id).re_rates())
    }

    /// The period that is open on a day on which a record comes in, where periods close so many days after they end.
    pub fn open_period(&self, day: Date, close: u16) -> Period {
        let day = day.add_days(-i32::from(close)).unwrap_or(day);
        self.calendar.period_of(day, self.cadence)
    }
}

impl Credit {
    /// Whether its records that come in late rate their own periods again.
    pub fn re_rates(&self) -> bool {
        let said = self.corrections.as_ref();
        said.is_some_and(|said| said.late == Late::OwnPeriod)
    }
}

/// What stands behind a pay, through all that it reads.
struct Behind<'a> {
    plan: &'a Plan,
    credits: BTreeSet<CreditId>,
    measures: BTreeSet<MeasureId>,
    pays: BTreeSet<PayId>,
}

impl<'a> Behind<'a> {
    fn of(plan: &'a Plan) -> Behind<'a> {
        Behind {
            plan,
            credits: BTreeSet::new(),
            measures: BTreeSet::new(),
            pays: BTreeSet::new(),
        }
    }

    fn pay(&mut self, id: PayId) {
        if !self.pays.insert(id) {
            return;
        }
        for text in self.plan.pay(id).texts() {
            if let Scope::Each { credits, .. } = &text.scope {
                self.credits.extend(credits);
            }
            for amount in text.amounts() {
                if let Amount::Tiered { tiers, .. } = amount {
                    self.expr(&self.plan.tier_table(*tiers).axis);
                }
            }
            let read = text.own_expressions();
            read.into_iter().for_each(|expr| self.expr(expr));
        }
    }

    fn measure(&mut self, id: MeasureId) {
        let plan = self.plan;
        if !self.measures.insert(id) {
            return;
        }
        for expr in plan.measure(id).expressions() {
            self.expr(expr);
        }
        for carry in plan.carried_into(id) {
            self.expr(&plan.carry(carry).adds);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let plan = self.plan;
        match &expr.kind {
            ExprKind::Aggregate { credit, .. } | ExprKind::Credit(credit) => {
                self.credits.insert(*credit);
            }
            ExprKind::Measure(id) => self.measure(*id),
            ExprKind::Tier(id) => self.expr(&plan.tier_table(*id).axis),
            ExprKind::Lookup(id) => {
                let read = plan.lookup(*id).expressions();
                read.into_iter().for_each(|expr| self.expr(expr));
            }
            ExprKind::Scorecard(id) => {
                let objectives = plan.scorecard(*id).objectives.iter();
                objectives.for_each(|objective| self.expr(&objective.score));
            }
            ExprKind::Carry(id) => self.expr(&plan.carry(*id).adds),
            ExprKind::Pay(id) => self.pay(*id),
            _ => {}
        }
        each_child(expr, &mut |child| self.expr(child));
    }
}
