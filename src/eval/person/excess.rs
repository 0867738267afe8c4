//! Caps of the period and of longer windows, and what they keep for later. `docs/spec/evaluation.md`, section 5.

use crate::base::Exact;
use crate::eval::person::Payer;
use crate::eval::person::amounts::History;
use crate::eval::values::{V, numbers};
use crate::syntax::ast::Excess;

impl Payer<'_> {
    /// An amount below a cap with some room. What carries forward is paid where there is room for it, in periods to which
    /// the person belongs.
    pub(in crate::eval) fn capped(
        &self,
        amount: V,
        room: V,
        (step, excess): (usize, Excess),
        period: usize,
        history: &mut History,
    ) -> V {
        let lowered = |amount: V, room: V| {
            numbers(amount, room, |amount: Exact, room| {
                V::Number(amount.min(room))
            })
        };
        if excess == Excess::Lost || !self.belongs_to(period) {
            return lowered(amount, room);
        }
        let whole = numbers(amount, history.excess(step), |amount, kept| {
            V::Number(amount + kept)
        });
        let paid = lowered(whole.clone(), room);
        let kept = numbers(whole, paid.clone(), |whole, paid| V::Number(whole - paid));
        history.keep_excess(step, kept);
        paid
    }
}
