//! What a credit says of records that come in late, as written.

use crate::diag::Span;
use crate::syntax::ast::{Expr, Spanned};

/// Lines of a credit about records that come in after their period has closed.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    /// `known on deal.entered_on`
    pub known_on: Option<Expr>,
    /// `corrections …`
    pub rule: Option<CorrectionRule>,
    /// `periods close 5 days after they end`
    pub close: Option<Spanned<u16>>,
    /// Whether a line of the block could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
}

/// `corrections re-rate their own period, for 2 closed periods, later ones are not paid`
#[derive(Clone, Debug)]
pub struct CorrectionRule {
    /// Where they count.
    pub late: Late,
    /// For how many closed periods.
    pub limit: Option<ClosedPeriods>,
    /// The clause.
    pub span: Span,
}

/// `for 2 closed periods, later ones are not paid`
#[derive(Clone, Debug)]
pub struct ClosedPeriods {
    /// How many.
    pub count: u16,
    /// What becomes of a record that comes later.
    pub later: Option<TooLate>,
    /// The words.
    pub span: Span,
}

/// Where a record counts that comes in after its period has closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// `count in the open period`
    OpenPeriod,
    /// `re-rate their own period`
    OwnPeriod,
}

/// What becomes of a record that comes in too late even for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLate {
    /// `later ones count in the open period`
    OpenPeriod,
    /// `later ones are not paid`
    NotPaid,
}
