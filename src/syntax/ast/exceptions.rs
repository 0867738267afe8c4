//! Exceptions as written.

use crate::base::Date;
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, Spanned};

/// `exception "Globex renewal"`
#[derive(Clone, Debug)]
pub struct Exception {
    /// The title in quotes.
    pub title: Spanned<String>,
    /// `when …`, all of which must hold.
    pub when: Vec<Expr>,
    /// `for ana in 2026-Q2`
    pub whose: Option<WhosePeriod>,
    /// `amount 50% of deal.amount`
    pub amount: Option<Expr>,
    /// `instead of deal.amount`, `instead of bookings`
    pub instead: Option<Expr>,
    /// `approved by "VP Sales" on 2026-02-11`
    pub approved: Option<Approved>,
    /// `because "…"`
    pub because: Option<Spanned<String>>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `for ana in 2026-Q2`
#[derive(Clone, Debug)]
pub struct WhosePeriod {
    /// The person's id.
    pub person: Name,
    /// The period.
    pub period: Name,
    /// The clause.
    pub span: Span,
}

/// `approved by "VP Sales" on 2026-02-11`
#[derive(Clone, Debug)]
pub struct Approved {
    /// Who.
    pub by: Spanned<String>,
    /// When.
    pub on: Date,
    /// The clause.
    pub span: Span,
}
