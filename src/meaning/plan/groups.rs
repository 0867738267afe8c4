//! Values that several persons make together, resolved.

use crate::base::{Cadence, Exact, Residue};
use crate::diag::Span;
use crate::meaning::plan::{AsOf, ColumnId, Contest, CreditId, Expr, PayId, Pool};
use crate::meaning::types::Type;
use crate::syntax::ast::{Aggregate, Reports, Window};

/// A value that each of several persons has only together with the others.
#[derive(Clone, Debug)]
pub struct Group {
    /// What they make.
    pub kind: GroupKind,
    /// The words of the plan.
    pub words: String,
    /// What people call it.
    pub label: String,
    /// The type of its value.
    pub ty: Type,
    /// Where it is read first.
    pub span: Span,
}

/// What several persons make.
#[derive(Clone, Debug)]
pub enum GroupKind {
    /// One value, which all of them read: `total bookings by team`.
    Together {
        /// What is done with what they bring.
        how: Aggregate,
        /// What each of them brings.
        of: GroupOf,
        /// Who they are.
        whom: Whom,
    },
    /// Shares of an amount, one for each of them.
    Pool(Pool),
    /// Payouts that are scaled down where there is not enough for all of them.
    Budget(Budget),
    /// A prize or a place of each of them.
    Contest(Box<Contest>),
}

/// Money for payouts of all payees.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The payouts, in the plan's order. What one claims is what it earned after all its lines, where that is above 0.
    pub pays: Vec<PayId>,
    /// How much there is, at least 0.
    pub limit: Exact,
    /// For how long; never shorter than the plan's period.
    pub each: Cadence,
    /// Who is paid in full, and whether that is taken off the budget first.
    pub exempt: Option<(Expr, bool)>,
    /// What scaled payouts are multiples of, but for who gets what is left.
    pub unit: Exact,
    /// Who gets what rounding down leaves; nobody where it stays in the budget.
    pub residue: Option<Residue>,
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
    /// Those of the persons who report to the reader by a column of people, on the last day of the period.
    Reports(Reports, ColumnId),
}

impl Group {
    /// The expressions that each payee brings.
    pub fn expressions(&self) -> Vec<&Expr> {
        match &self.kind {
            GroupKind::Together {
                of: GroupOf::Value(expr),
                ..
            } => vec![expr],
            GroupKind::Together { .. } => Vec::new(),
            GroupKind::Budget(budget) => {
                let exempt = budget.exempt.iter();
                exempt.map(|(condition, _)| condition).collect()
            }
            GroupKind::Contest(contest) => contest.expressions().collect(),
            GroupKind::Pool(pool) => pool.expressions(),
        }
    }

    /// The credits, whoever has them, that are taken together over a window.
    pub fn credits(&self) -> Option<(CreditId, Window)> {
        match &self.kind {
            GroupKind::Together {
                of: GroupOf::Credits(credit, window),
                ..
            } => Some((*credit, *window)),
            GroupKind::Together { .. }
            | GroupKind::Pool(_)
            | GroupKind::Budget(_)
            | GroupKind::Contest(_) => None,
        }
    }

    /// The column of people whose texts make the groups, if one does.
    pub fn column(&self) -> Option<ColumnId> {
        let whom = match &self.kind {
            GroupKind::Together { whom, .. } => *whom,
            GroupKind::Contest(contest) => contest.whom,
            GroupKind::Pool(pool) => return pool.column,
            GroupKind::Budget(_) => return None,
        };
        match whom {
            Whom::Same(column, _) | Whom::Reports(_, column) => Some(column),
            Whom::Everyone => None,
        }
    }
}
