//! What draws pay on top of a payout, and what is paid back.

use crate::explain::receipt::DrawLine;
use crate::explain::story::Story;
use crate::syntax::ast::DrawHow;

impl Story<'_> {
    /// One draw of the payout: what it pays, what is paid back, and what is owed before and after.
    pub(super) fn draw(&mut self, draw: &DrawLine) {
        let moves = &draw.moves;
        let paid = moves.drawn.clone() + moves.guaranteed.clone();
        if let Some(to) = &moves.to {
            let (to, paid) = (self.money(to), self.money(&paid));
            let words = match draw.how {
                DrawHow::TopUp if moves.drawn.is_zero() && moves.guaranteed.is_zero() => {
                    format!("{}: nothing on top of {to}", draw.label)
                }
                DrawHow::TopUp => format!("{}: {paid} on top, to {to}", draw.label),
                DrawHow::Advance => format!("{}: {paid} on top", draw.label),
            };
            self.line(1, &words, Some(draw.pays));
        }
        if !moves.refused.is_zero() {
            let refused = self.money(&moves.refused);
            let words = format!("{refused} more is not paid: that much cannot be owed");
            self.line(2, &words, draw.balance);
        }
        if !moves.recovered.is_zero() {
            let words = format!("{}: {} paid back", draw.label, self.money(&moves.recovered));
            self.line(1, &words, draw.recover);
        }
        if !moves.forgiven.is_zero() {
            let words = format!("{}: {} forgiven", draw.label, self.money(&moves.forgiven));
            self.line(1, &words, draw.balance);
        }
        if !moves.before.is_zero() || !moves.after.is_zero() {
            let (before, after) = (self.money(&moves.before), self.money(&moves.after));
            let words = format!("{}: owed before {before}, after {after}", draw.label);
            self.line(1, &words, None);
        }
    }
}
