//! Where a pay is looked at from: nothing at all, for questions about the plan; or what one person has, for a receipt.

use crate::base::{Cadence, Exact};
use crate::meaning::plan::{CreditId, PayId, QuotaId};
use crate::syntax::ast::Window;

/// What stands before the next deal. `None` is not known, and then the pay is not seen.
pub trait Start {
    /// The total of a credit over a window, so far.
    fn total(&mut self, credit: CreditId, window: Window) -> Option<Exact>;
    /// A quota of the length of time around the period.
    fn quota(&mut self, quota: QuotaId, over: Cadence) -> Option<Exact>;
    /// What a line reads of earlier periods: what they used of a cap, or the amount to date that an increase is taken of.
    fn earlier(&mut self, pay: PayId, step: usize) -> Option<Exact>;
    /// What a cap that keeps its excess has kept in earlier periods; 0 of other lines.
    fn excess(&mut self, _: PayId, _: usize) -> Option<Exact> {
        Some(Exact::ZERO)
    }
    /// Whether the longer length of time over which a pay is earned ends here.
    fn ends(&mut self, _: PayId) -> bool {
        true
    }
}

/// Nothing has been credited and nothing paid; all quotas are one.
pub(in crate::piecewise) struct FromNothing<'q> {
    /// The credit that moves.
    pub(in crate::piecewise) mover: CreditId,
    /// The quota.
    pub(in crate::piecewise) quota: &'q Exact,
}

impl Start for FromNothing<'_> {
    fn total(&mut self, credit: CreditId, window: Window) -> Option<Exact> {
        (credit == self.mover && !window.looks_back()).then_some(Exact::ZERO)
    }

    fn quota(&mut self, _: QuotaId, _: Cadence) -> Option<Exact> {
        Some(self.quota.clone())
    }

    fn earlier(&mut self, _: PayId, _: usize) -> Option<Exact> {
        Some(Exact::ZERO)
    }
}
