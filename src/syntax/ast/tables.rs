//! Measures and tables as written.

use crate::base::{Date, Mode};
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, InputKind, InputMissing, Name, Spanned, Window};

/// `measure NAME "…"`
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `value …`
    pub value: Option<Expr>,
    /// `if quota is zero …`, `if quota is missing …`
    pub rules: Vec<MeasureRule>,
    /// `round to 1 point, half up`
    pub round: Option<RoundValue>,
    /// Whether a line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `if SUBJECT is zero OUTCOME`
#[derive(Clone, Debug)]
pub struct MeasureRule {
    /// What is looked at.
    pub subject: RuleSubject,
    /// `is zero`
    pub zero: bool,
    /// `is missing`; both for `is zero or missing`.
    pub missing: bool,
    /// What then.
    pub outcome: RuleOutcome,
    /// The clause.
    pub span: Span,
}

/// What a rule of a measure looks at.
#[derive(Clone, Debug)]
pub enum RuleSubject {
    /// A name, or a whole divisor as written in `value`.
    Expr(Expr),
    /// `last year`: the divisor over this window.
    Over(Spanned<Window>),
}

/// What a rule of a measure does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleOutcome {
    /// `pay nothing`
    PayNothing,
    /// `hold this payout`
    Hold,
    /// `MEASURE is 0%`
    Value(Expr),
}

/// `tiers NAME on EXPR`
#[derive(Clone, Debug)]
pub struct Tiers {
    /// Its name.
    pub name: Name,
    /// What the rows are ranges of.
    pub on: Expr,
    /// The two headings.
    pub headings: Vec<Name>,
    /// The rows.
    pub rows: Vec<TierRow>,
    /// Whether a row or line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// One row of a tier table.
#[derive(Clone, Debug)]
pub struct TierRow {
    /// From where to where; `None` where it could not be read.
    pub range: Option<Range>,
    /// What it pays.
    pub value: Expr,
    /// The row.
    pub span: Span,
}

/// `curve NAME on EXPR`
#[derive(Clone, Debug)]
pub struct Curve {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// What moves along it.
    pub on: Expr,
    /// Its points.
    pub points: Vec<Point>,
    /// `below …`
    pub below: Option<Spanned<Beyond>>,
    /// `above …`
    pub above: Option<Spanned<Beyond>>,
    /// `round to 1 point, half up`
    pub round: Option<RoundValue>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// One point of a curve.
#[derive(Clone, Debug)]
pub struct Point {
    /// Where.
    pub at: Expr,
    /// What it is worth.
    pub value: Expr,
    /// The row.
    pub span: Span,
}

/// What holds outside the points of a curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// `pays nothing`
    Nothing,
    /// `stays at the first point`, `stays at the last point`
    Stays,
    /// `continues at AMOUNT per STEP`; no step is `per point`.
    Continues(Expr, Option<Expr>),
}

/// `matrix` and `value`: rows of ranges, one for each key, and what each is worth.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Which of the two blocks.
    pub kind: LookupKind,
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// What the ranges are of.
    pub keys: Vec<Expr>,
    /// The rows; of a matrix, one for each cell, row by row.
    pub rows: Vec<LookupRow>,
    /// `from rates`: the rows stand in data.
    pub from: Option<Name>,
    /// `type Percent`, of rows in data.
    pub value_kind: Option<InputKind>,
    /// `if missing …`, of rows in data.
    pub missing: Option<Spanned<InputMissing>>,
    /// `percent of deal.amount`
    pub percent_of: Option<Expr>,
    /// `first match`
    pub first_match: Option<Span>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

impl Lookup {
    /// The first line that only rows in data have.
    pub fn only_of_data(&self) -> Option<Span> {
        let kind = self.value_kind.as_ref().map(|kind| kind.span);
        kind.or(self.missing.as_ref().map(|missing| missing.span))
    }
}

/// The two blocks that look a value up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupKind {
    /// `matrix`
    Matrix,
    /// `value`
    Value,
}

/// One row of ranges.
#[derive(Clone, Debug)]
pub struct LookupRow {
    /// One for each key; `None` where it could not be read.
    pub ranges: Vec<Option<Range>>,
    /// What it is worth.
    pub value: Expr,
    /// Who approved it, where a column says so.
    pub approved_by: Option<Spanned<String>>,
    /// The row, or the cell of a matrix.
    pub span: Span,
}

/// `rate NAME over time`
#[derive(Clone, Debug)]
pub struct Rate {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// First and last day, and what holds from one through the other.
    pub rows: Vec<(Spanned<(Date, Date)>, Expr)>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `scorecard NAME "…"`
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// Its rows.
    pub objectives: Vec<Objective>,
    /// `weights total 100%`
    pub total: Option<Spanned<Expr>>,
    /// `if an objective is missing …`
    pub missing: Option<Spanned<MissingScore>>,
    /// `round to 1 point, half up`
    pub round: Option<RoundValue>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// One row of a scorecard.
#[derive(Clone, Debug)]
pub struct Objective {
    /// Its name.
    pub name: Name,
    /// Its weight.
    pub weight: Expr,
    /// Its score.
    pub score: Expr,
    /// Who answers for the score.
    pub owner: Option<Spanned<String>>,
    /// What of the score counts, in the order written.
    pub counts: Vec<Counts>,
    /// The row.
    pub span: Span,
}

/// What of a score counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// `at least 0%`
    AtLeast(Expr),
    /// `at most 120%`
    AtMost(Expr),
    /// `under 60% counts 0%`
    Under(Expr, Expr),
}

/// What holds without a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingScore {
    /// `hold this payout`
    Hold,
    /// `counts 0%`
    Counts(Expr),
    /// `share its weight among the rest`
    Share,
}

/// `round to UNIT, MODE`, of a value
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundValue {
    /// To a multiple of this: a literal of the value's kind.
    pub unit: Expr,
    /// How.
    pub mode: Mode,
    /// The clause.
    pub span: Span,
}

/// A range whose words say who owns its ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Lower end; `None` is without end.
    pub low: Option<Bound>,
    /// Upper end; `None` is without end.
    pub high: Option<Bound>,
    /// The words.
    pub span: Span,
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// A literal.
    pub value: Expr,
    /// Whether the end belongs to the range.
    pub included: bool,
}
