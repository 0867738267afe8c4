//! Quantities that carry over, resolved.

use crate::diag::Span;
use crate::meaning::plan::{Expr, MeasureId};
use crate::syntax::ast::Expiry;

/// What each period leaves for the next. Its value in a period is what is carried in.
#[derive(Clone, Debug)]
pub struct Carry {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// What a period leaves, of person and period.
    pub adds: Expr,
    /// Whether it may be below 0; otherwise that counts 0.
    pub below_zero_too: bool,
    /// The measure that takes it in, in the next period. Of its type.
    pub into: MeasureId,
    /// When it stops counting.
    pub expires: Expiry,
    /// The head line.
    pub span: Span,
}
