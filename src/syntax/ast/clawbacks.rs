//! Take-backs as written.

use crate::base::{Exact, Mode};
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, Spanned};

/// `clawback cancellations "Cancelled deals"`
#[derive(Clone, Debug)]
pub struct Clawback {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `of commission`
    pub of: Option<Name>,
    /// `when …`, all of which must hold.
    pub when: Vec<Expr>,
    /// `when deal.cancelled_date is 0 through 180 days after deal.close_date`
    pub within: Vec<Within>,
    /// `take back …`
    pub take: Option<TakeBack>,
    /// `attributed in proportion`
    pub attributed: Option<Attributed>,
    /// `in the period of deal.cancelled_date`
    pub fell: Option<Expr>,
    /// `round each take-back to 0.01, half up`
    pub round: Option<RoundTaken>,
    /// `attainment keeps the deal`
    pub keeps: Option<Keeps>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// A date a number of days or months after another.
#[derive(Clone, Debug)]
pub struct Within {
    /// The date that is asked for.
    pub date: Expr,
    /// The fewest and the most, both included.
    pub from: u16,
    /// The most.
    pub through: u16,
    /// Of what.
    pub unit: Lapse,
    /// The date it lies after.
    pub after: Expr,
    /// The clause.
    pub span: Span,
}

/// What time between two dates is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Days.
    Days,
    /// Months: the same day of a later month, or its last.
    Months,
}

/// `take back 50% of what was earned and released on the deal, less 1/9 for each whole month from deal.issue_date`
#[derive(Clone, Debug)]
pub struct TakeBack {
    /// The share; all of it where none is written.
    pub share: Option<Spanned<Exact>>,
    /// The word for one record.
    pub word: Name,
    /// What it falls by with time.
    pub less: Option<Less>,
    /// In how many parts, one in each period from the first; 1 where nothing is said.
    pub parts: Spanned<u16>,
    /// The clause.
    pub span: Span,
}

/// `less 1/9 for each whole month from deal.issue_date`
#[derive(Clone, Debug)]
pub struct Less {
    /// The part that each month is worth.
    pub part: Spanned<Exact>,
    /// Which months count.
    pub months: MonthsPassed,
    /// Since when.
    pub from: Expr,
}

/// Which months between two dates count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthsPassed {
    /// Those that have passed.
    Whole,
    /// Those that have begun: the first does on the first day.
    Started,
}

/// `attributed in proportion`, `attributed in proportion to bookings`
#[derive(Clone, Debug)]
pub struct Attributed {
    /// The credit by which an amount that is not `for each` belongs to records.
    pub to: Option<Name>,
    /// The clause.
    pub span: Span,
}

/// `round each take-back to 0.01, half up`
#[derive(Clone, Debug)]
pub struct RoundTaken {
    /// To a multiple of this.
    pub unit: Spanned<Exact>,
    /// How.
    pub mode: Mode,
    /// The clause.
    pub span: Span,
}

/// `attainment …`
#[derive(Clone, Debug)]
pub struct Keeps {
    /// Whether what fell still counts.
    pub rule: Attainment,
    /// The word for one record, where it stands in the clause.
    pub word: Option<Name>,
    /// The clause.
    pub span: Span,
}

/// Whether what fell counts on in credits and measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attainment {
    /// `keeps the deal`
    Keeps,
    /// `loses it in this period`
    LosesNow,
    /// `loses it in its own period`
    LosesThen,
}
