//! Budgets as written.

use crate::base::{Cadence, Residue};
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, Round, Spanned};

/// `budget spiffs "Budget for spiffs"`
#[derive(Clone, Debug)]
pub struct Budget {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `of spiff, kicker`
    pub of: Option<Spanned<Vec<Name>>>,
    /// `limit 100,000 USD each quarter, scaled down in proportion`
    pub limit: Option<Limit>,
    /// `exempt …`
    pub exempt: Option<Exempt>,
    /// `round each payout to 0.01, down`
    pub round: Option<Round>,
    /// `remainder …`; no residue where it stays in the budget.
    pub remainder: Option<Spanned<Option<Residue>>>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `limit 100,000 USD each quarter, scaled down in proportion`
#[derive(Clone, Debug)]
pub struct Limit {
    /// How much there is.
    pub amount: Expr,
    /// For how long.
    pub each: Cadence,
    /// The clause.
    pub span: Span,
}

/// `exempt role is "Manager", and counted first`
#[derive(Clone, Debug)]
pub struct Exempt {
    /// Who is paid in full.
    pub condition: Expr,
    /// Whether what they are paid is taken off the budget.
    pub counted: bool,
    /// The clause.
    pub span: Span,
}
