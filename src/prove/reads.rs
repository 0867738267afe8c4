//! What a pay reads, itself and through what it reads: the function of nothing before is all there is to say of it only
//! where no earlier period, and no second quota, can come in otherwise.

use crate::base::Cadence;
use crate::meaning::plan::{
    Amount, Expr, ExprKind, LimitOf, Pay, PayId, Plan, QuotaId, StepKind, TiersId, each_child,
};
use crate::syntax::ast::Window;

/// Everything that the value of a pay hangs on.
#[derive(Debug)]
pub(in crate::prove) struct Reads<'p> {
    plan: &'p Plan,
    /// The pay, and those it reads.
    pays: Vec<PayId>,
    /// The windows over which credits are read.
    windows: Vec<Window>,
    /// The quotas, each with the length of time for which it is read.
    pub(in crate::prove) quotas: Vec<(QuotaId, Cadence)>,
}

/// Whether a line takes its value from earlier periods.
pub(in crate::prove) fn remembers(kind: &StepKind) -> bool {
    let looks_back = matches!(
        kind,
        StepKind::Increase { .. }
            | StepKind::WhenItEnds
            | StepKind::CapOf(_)
            | StepKind::Cap {
                of: LimitOf::Window(_),
                ..
            }
    );
    looks_back || kind.keeps_excess()
}

impl<'p> Reads<'p> {
    /// The pays among them that an amendment changes.
    pub(in crate::prove) fn changing(&self) -> Vec<&'p Pay> {
        let pays = self.pays.iter().map(|id| self.plan.pay(*id));
        pays.filter(|pay| !pay.later.is_empty()).collect()
    }

    /// What a pay reads.
    pub(in crate::prove) fn of(plan: &'p Plan, pay: PayId) -> Reads<'p> {
        let mut reads = Reads {
            plan,
            pays: Vec::new(),
            windows: Vec::new(),
            quotas: Vec::new(),
        };
        reads.pay(pay);
        reads
    }

    /// The first pay below the outermost that takes something from earlier periods.
    pub(in crate::prove) fn memory_below(&self) -> Option<&'p Pay> {
        let mut below = self.pays.iter().skip(1).map(|id| self.plan.pay(*id));
        below.find(|pay| pay.steps.iter().any(|step| remembers(&step.kind)))
    }

    /// Whether credits are read over windows that begin on different days.
    pub(in crate::prove) fn has_several_windows(&self) -> bool {
        self.windows.len() > 1
    }

    fn pay(&mut self, id: PayId) {
        if self.pays.contains(&id) {
            return;
        }
        self.pays.push(id);
        let pay = self.plan.pay(id);
        for expr in pay.expressions() {
            self.expr(expr, pay.window);
        }
        for amount in pay.amounts() {
            if let Amount::Tiered { tiers, .. } = amount {
                self.tiers(*tiers, pay.window);
            }
        }
    }

    fn tiers(&mut self, id: TiersId, window: Window) {
        self.expr(&self.plan.tier_table(id).axis, window);
    }

    fn expr(&mut self, expr: &Expr, window: Window) {
        let plan = self.plan;
        match &expr.kind {
            ExprKind::Credit(_) => self.window(window),
            ExprKind::Aggregate { window, .. } => self.window(*window),
            ExprKind::Quota(id, over) => {
                if !self.quotas.contains(&(*id, *over)) {
                    self.quotas.push((*id, *over));
                }
            }
            ExprKind::Pay(id) => self.pay(*id),
            ExprKind::Tier(id) => self.tiers(*id, window),
            ExprKind::Measure(id) => {
                for own in plan.measure(*id).expressions() {
                    self.expr(own, window);
                }
            }
            ExprKind::Lookup(id) => {
                for own in plan.lookup(*id).expressions() {
                    self.expr(own, window);
                }
            }
            _ => each_child(expr, &mut |child| self.expr(child, window)),
        }
    }

    fn window(&mut self, window: Window) {
        if !self.windows.contains(&window) {
            self.windows.push(window);
        }
    }
}
