//! Measures and tables, resolved.

use crate::base::{Cadence, Date, Exact, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{Expr, SourceId, full_name};
use crate::meaning::types::{Grain, Type};

/// A number for each person and period.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// The longer length of time for which it is read, to date; `None` is the plan's period.
    pub over: Option<Cadence>,
    /// The later text of the plan in which it is read, by position; `None` is the first.
    pub text: Option<usize>,
    /// Its value.
    pub value: Expr,
    /// What holds where a divisor is zero or a quota is missing.
    pub rules: Vec<MeasureRule>,
    /// How its value is rounded; a constant that a rule gives is not.
    pub rounding: Option<Rounding>,
    /// The head line.
    pub span: Span,
}

/// A rule of a measure, tried in the order written.
#[derive(Clone, Debug)]
pub struct MeasureRule {
    /// What is looked at: a quota, or a divisor of the measure's value.
    pub subject: Expr,
    /// Applies where the subject is zero.
    pub zero: bool,
    /// Applies where the subject is missing.
    pub missing: bool,
    /// What then.
    pub outcome: RuleOutcome,
    /// The clause.
    pub span: Span,
}

/// What a rule of a measure does.
#[derive(Clone, Debug)]
pub enum RuleOutcome {
    /// Whoever reads the measure for an amount pays 0.
    PayNothing,
    /// Whoever reads the measure is held.
    Hold,
    /// The measure has this constant value.
    Value(Expr),
}

/// A table of ranges and what each is worth. Rows cover the axis exactly once (checked).
#[derive(Clone, Debug)]
pub struct Tiers {
    /// Its name.
    pub name: String,
    /// What the rows are ranges of.
    pub axis: Expr,
    /// Its rows, in the order written, which is ascending.
    pub rows: Vec<TierRow>,
    /// Type of the values.
    pub ty: Type,
    /// The head line.
    pub span: Span,
}

/// One row of a tier table.
#[derive(Clone, Debug)]
pub struct TierRow {
    /// From where to where.
    pub range: Range,
    /// The range as written.
    pub words: String,
    /// What it is worth: a constant.
    pub value: Exact,
    /// The row.
    pub span: Span,
}

/// A value that is looked up where its axes lie.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// How it is looked up.
    pub kind: LookupKind,
    /// What rows that are a share are a share of.
    pub base: Option<Expr>,
    /// Type of the value.
    pub ty: Type,
    /// How often it has a value: as often as its axes, and the base.
    pub grain: Grain,
    /// How the value is rounded.
    pub rounding: Option<Rounding>,
    /// The head line.
    pub span: Span,
}

/// How a value is looked up.
#[derive(Clone, Debug)]
pub enum LookupKind {
    /// On straight lines between points.
    Curve {
        /// What moves along it.
        axis: Expr,
        /// Two or more, ascending; no two at one place.
        points: Vec<CurvePoint>,
        /// What holds before the first.
        below: Beyond,
        /// What holds after the last.
        above: Beyond,
    },
    /// In rows of ranges; the first row that matches decides. One always does (checked), but for values that are empty or
    /// not in their column's list.
    Rows {
        /// What the ranges are of.
        keys: Vec<Expr>,
        /// The rows, in the order written; of a matrix, its cells row by row.
        rows: Vec<LookupRow>,
    },
    /// In rows of data, by exact texts.
    Listed {
        /// What the texts are of.
        keys: Vec<Expr>,
        /// The rows: a column for each key, then the value.
        source: SourceId,
        /// What is used where there is no row; without it, whoever reads it is held.
        missing: Option<Exact>,
    },
}

/// One point of a curve.
#[derive(Clone, Debug)]
pub struct CurvePoint {
    /// Where.
    pub at: Exact,
    /// What it is worth.
    pub value: Exact,
    /// The row.
    pub span: Span,
}

/// What holds outside the points of a curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// 0.
    Nothing,
    /// The value of the nearest point.
    Stays,
    /// From the nearest point on with this slope.
    Continues(Exact),
}

/// One row of ranges.
#[derive(Clone, Debug)]
pub struct LookupRow {
    /// One for each key; `None` is no condition.
    pub ranges: Vec<Option<Range>>,
    /// The ranges as written.
    pub words: String,
    /// What it is worth: a value, or a share of the base.
    pub value: Exact,
    /// Whether it is a share of the base.
    pub is_share: bool,
    /// Who approved it, where the table says so.
    pub approved_by: Option<String>,
    /// The row, or the cell of a matrix.
    pub span: Span,
}

/// Weighted scores: a percentage for each person and period.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Its objectives; the weights add to 1 (checked).
    pub objectives: Vec<Objective>,
    /// What holds where a score is empty.
    pub missing: MissingScore,
    /// How the whole is rounded.
    pub rounding: Option<Rounding>,
    /// The head line.
    pub span: Span,
}

/// One objective.
#[derive(Clone, Debug)]
pub struct Objective {
    /// Its name.
    pub name: String,
    /// Its weight, a fraction.
    pub weight: Exact,
    /// Its score: a percentage of person and period.
    pub score: Expr,
    /// Who answers for the score.
    pub owner: Option<String>,
    /// What of the score counts, applied in this order.
    pub counts: Vec<Counts>,
    /// The row.
    pub span: Span,
}

/// What of a score counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Never less.
    AtLeast(Exact),
    /// Never more.
    AtMost(Exact),
    /// A score below the first counts as the second, and nothing after it applies.
    Under(Exact, Exact),
}

/// What holds where a score is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingScore {
    /// Whoever reads the scorecard is held.
    Hold,
    /// The objective counts this.
    Counts(Exact),
    /// The other objectives take over its weight, in proportion.
    Share,
}

impl Counts {
    /// What a score counts under rules in their order.
    pub fn apply(rules: &[Counts], score: &Exact) -> Exact {
        let mut counted = score.clone();
        for rule in rules {
            match rule {
                Counts::AtLeast(least) => counted = counted.max(least.clone()),
                Counts::AtMost(most) => counted = counted.min(most.clone()),
                Counts::Under(under, value) if *score < *under => return value.clone(),
                Counts::Under(..) => {}
            }
        }
        counted
    }
}

/// A value with a history. Every day of the plan has one (checked).
#[derive(Clone, Debug)]
pub struct Rate {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Ascending.
    pub rows: Vec<DatedRow>,
    /// Type of the value.
    pub ty: Type,
    /// The head line.
    pub span: Span,
}

/// A value from one day through another.
#[derive(Clone, Debug)]
pub struct DatedRow {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// The value.
    pub value: Exact,
    /// The row.
    pub span: Span,
}

/// A range of numbers or texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// Between two ends, each `(end, whether it belongs)`; `None` is without end.
    Numbers {
        /// Lower end.
        low: Option<(Exact, bool)>,
        /// Upper end.
        high: Option<(Exact, bool)>,
    },
    /// Exactly this text.
    Text(String),
}

impl Range {
    /// Whether a number lies in it; a text range holds no number.
    pub fn contains(&self, x: &Exact) -> bool {
        match self {
            Range::Text(_) => false,
            Range::Numbers { low, high } => {
                low.as_ref()
                    .is_none_or(|(end, included)| x > end || (*included && x == end))
                    && high
                        .as_ref()
                        .is_none_or(|(end, included)| x < end || (*included && x == end))
            }
        }
    }
}

impl Lookup {
    /// Its rows of ranges; none of a curve.
    pub fn rows(&self) -> &[LookupRow] {
        match &self.kind {
            LookupKind::Curve { .. } | LookupKind::Listed { .. } => &[],
            LookupKind::Rows { rows, .. } => rows,
        }
    }

    /// Its expressions, the outermost of each.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        self.axes().iter().chain(&self.base)
    }

    /// What it is looked up by.
    pub fn axes(&self) -> &[Expr] {
        match &self.kind {
            LookupKind::Curve { axis, .. } => std::slice::from_ref(axis),
            LookupKind::Rows { keys, .. } | LookupKind::Listed { keys, .. } => keys,
        }
    }
}

impl Measure {
    /// Its name, told apart from that of the measure of the period.
    pub fn full_name(&self) -> String {
        full_name(&self.name, self.over)
    }

    /// Its expressions, the outermost of each.
    pub fn expressions(&self) -> Vec<&Expr> {
        let rules = self.rules.iter().flat_map(|rule| match &rule.outcome {
            RuleOutcome::Value(value) => vec![&rule.subject, value],
            RuleOutcome::PayNothing | RuleOutcome::Hold => vec![&rule.subject],
        });
        rules.chain([&self.value]).collect()
    }
}
