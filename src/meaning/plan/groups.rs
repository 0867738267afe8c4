//! Values that several persons make together, resolved.

use crate::diag::Span;
use crate::meaning::plan::{AsOf, ColumnId, CreditId, Expr};
use crate::meaning::types::Type;
use crate::syntax::ast::{Aggregate, Window};

/// A value that several persons make together, such as `total bookings by team`.
#[derive(Clone, Debug)]
pub struct Group {
    /// What is done with theirs.
    pub how: Aggregate,
    /// What each of them brings.
    pub of: GroupOf,
    /// Who they are.
    pub whom: Whom,
    /// The words of the plan.
    pub words: String,
    /// What people call it.
    pub label: String,
    /// The type of its value.
    pub ty: Type,
    /// Where it is read first.
    pub span: Span,
}

/// What each person brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupOf {
    /// Credits over a window: everyone's in the people file, whether or not the plan pays them.
    Credits(CreditId, Window),
    /// A value of person and period: that of each payee who belongs to the period.
    Value(Expr),
}

/// Whose values are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody's.
    Everyone,
    /// Those of the persons who have the same text in a column of people. A value counts for who had that text on the
    /// stated day; it is read by who has it on the last of the period's days that a row of theirs covers.
    Same(ColumnId, AsOf),
}

impl Group {
    /// The expression that each payee brings, if it is one.
    pub fn value(&self) -> Option<&Expr> {
        match &self.of {
            GroupOf::Value(expr) => Some(expr),
            GroupOf::Credits(..) => None,
        }
    }
}
