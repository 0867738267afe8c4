//! Quantities that carry over, as written.

use crate::base::Cadence;
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, Spanned};

/// `carry NAME "…"`
#[derive(Clone, Debug)]
pub struct Carry {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `adds …`
    pub adds: Option<Adds>,
    /// The measure of `into …`
    pub into: Option<Name>,
    /// `expires …`
    pub expires: Option<Spanned<Expiry>>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `adds left_volume - matched`
#[derive(Clone, Debug)]
pub struct Adds {
    /// What a period leaves for the next.
    pub value: Expr,
    /// `below 0 too`: otherwise what is below 0 counts 0.
    pub below_zero_too: bool,
    /// The clause.
    pub span: Span,
}

/// When what is left stops counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// `at year end`: it is not carried from one such length of time into the next.
    AtEnd(Cadence),
    /// `after 2 periods`: it counts in so many periods after its own.
    After(u16),
    /// `never`
    Never,
}
