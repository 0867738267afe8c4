//! Totals across plans, as written.

use crate::base::{Cadence, Currency, Exact, Residue};
use crate::diag::Span;
use crate::syntax::ast::{Name, Spanned};

/// `total NAME "…"`
#[derive(Clone, Debug)]
pub struct Total {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `of commission in "Account Executive 2026"`
    pub of: Vec<PayIn>,
    /// `of every payout`
    pub every: Option<Span>,
    /// `cap 120,000 USD each year, excess is lost`
    pub cap: Option<TotalCap>,
    /// `reduces in proportion`
    pub reduces: Option<Spanned<Reduces>>,
    /// `round each cut to 0.01, down`
    pub unit: Option<Spanned<Exact>>,
    /// `remainder to the largest share`
    pub remainder: Option<Spanned<Residue>>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// The head.
    pub span: Span,
}

/// A payout of a plan.
#[derive(Clone, Debug)]
pub struct PayIn {
    /// Its name.
    pub pay: Name,
    /// The plan's title.
    pub plan: Spanned<String>,
}

/// The most that payouts come to together.
#[derive(Clone, Debug)]
pub struct TotalCap {
    /// The amount.
    pub amount: Exact,
    /// Its currency.
    pub currency: Spanned<Currency>,
    /// Of which length of time.
    pub each: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// Who loses what is above the cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduces {
    /// `in proportion`: each in proportion to what it pays.
    InProportion,
    /// `the last first`: the last written loses all of its own before the one before it loses anything.
    LastFirst,
}
