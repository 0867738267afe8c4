//! Adjustments as written.

use crate::diag::Span;
use crate::syntax::ast::{Below, Expr, Name, Spanned};

/// `adjustments manual "Manual adjustments"`
#[derive(Clone, Debug)]
pub struct Adjustments {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from adjustments as adjustment`: source and the word for one row.
    pub from: Option<(Name, Name)>,
    /// `to adjustment.person`
    pub to: Option<Expr>,
    /// `dated by adjustment.date`
    pub dated_by: Option<Expr>,
    /// `amount adjustment.amount`
    pub amount: Option<Expr>,
    /// `because adjustment.reason`
    pub because: Option<Expr>,
    /// `approved by adjustment.approved_by on adjustment.approved_on`
    pub approved: Option<(Expr, Expr)>,
    /// `kept by "Sales Compensation"`
    pub kept_by: Option<Spanned<String>>,
    /// `below 0 USD is paid as it is`
    pub below: Option<Below>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// The head.
    pub span: Span,
}
