//! Money that several persons share, resolved.

use crate::base::{Exact, Mode, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{ColumnId, Expr};
use crate::syntax::ast::{AllZero, Remainder};

/// Money that several payees share in a period.
#[derive(Clone, Debug)]
pub struct Pool {
    /// How much; the same for everybody who shares it.
    pub size: Expr,
    /// The column of people whose texts make one pool each; `None` where all payees have one.
    pub column: Option<ColumnId>,
    /// Conditions of person and period, all of which a member meets.
    pub members: Vec<Expr>,
    /// What a member's share is in proportion to; `None` where all are equal.
    pub weight: Option<Expr>,
    /// Who has a share where every weight is zero.
    pub all_zero: AllZero,
    /// What shares are multiples of.
    pub unit: Exact,
    /// Who gets the units that are left.
    pub remainder: Remainder,
    /// The line that says what shares are in proportion to.
    pub share_span: Span,
    /// The line that rounds them.
    pub round_span: Span,
}

impl Pool {
    /// Its expressions, the outermost of each.
    pub fn expressions(&self) -> Vec<&Expr> {
        let own = self.members.iter().chain(&self.weight);
        std::iter::once(&self.size).chain(own).collect()
    }

    /// How its size and its shares are rounded.
    pub fn rounding(&self) -> Rounding {
        Rounding {
            unit: self.unit.clone(),
            mode: Mode::Down,
        }
    }
}
