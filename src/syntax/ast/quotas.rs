//! Quotas as written.

use crate::base::Cadence;
use crate::diag::Span;
use crate::syntax::ast::{Accept, ConvertedAt, Expr, Name, RoundValue, Spanned};

/// `from SOURCE, one per payee per quarter`
#[derive(Clone, Debug)]
pub struct QuotaFrom {
    /// The source that the manifest binds.
    pub source: Name,
    /// The length of time one quota is for.
    pub cadence: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// `spread 20%, 20%, 20%, 40% over quarters`
#[derive(Clone, Debug)]
pub struct Spread {
    /// One share for each part.
    pub shares: Vec<Expr>,
    /// The length of a part.
    pub over: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// `ramp 0%, 50%, 100% by month of employment`
#[derive(Clone, Debug)]
pub struct Ramp {
    /// One percentage for each month; the last one holds from there on.
    pub shares: Vec<Expr>,
    /// Which month is the first.
    pub months: EmploymentMonths,
    /// The clause.
    pub span: Span,
}

/// How months of employment are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmploymentMonths {
    /// The first is the first month that a person is employed from its first day.
    Full,
    /// The first is the month in which a person starts.
    Started,
}

/// `quota_relief as r, on r.from through r.through`
#[derive(Clone, Debug)]
pub struct DayRows {
    /// The source and the word for one row.
    pub from: (Name, Name),
    /// The first day; for rows of one day the only one.
    pub on: Expr,
    /// The last day.
    pub through: Option<Expr>,
}

/// `relief from quota_relief as r, on r.from through r.through, by r.share`
#[derive(Clone, Debug)]
pub struct Relief {
    /// Whose days.
    pub days: DayRows,
    /// How much of each day; without it all.
    pub by: Option<Expr>,
    /// The clause.
    pub span: Span,
}

/// `prorated by calendar days in the role | never`
#[derive(Clone, Debug)]
pub struct Prorated {
    /// What is counted; `None` is `never`.
    pub by: Option<ProrationUnit>,
    /// `holidays from holidays as h, on h.date`
    pub holidays: Option<DayRows>,
    /// `less leave from leave as l, on l.from through l.through`
    pub leave: Option<DayRows>,
    /// The clause.
    pub span: Span,
}

/// What proration counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProrationUnit {
    /// Every day.
    CalendarDays,
    /// Mondays to Fridays.
    WorkingDays,
    /// Months of which every day counts.
    WholeMonths,
}

/// `quota NAME "…"`
#[derive(Clone, Debug)]
pub struct Quota {
    /// Its name, also the column's name in the source.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from SOURCE, one per payee per year`
    pub from: Option<QuotaFrom>,
    /// `converted at budget_rate on the first day of the period`
    pub converted: Option<ConvertedAt>,
    /// `spread 20%, 20%, 20%, 40% over quarters`
    pub spread: Option<Spread>,
    /// `ramp 0%, 50%, 100% by month of employment`
    pub ramp: Option<Ramp>,
    /// `relief from quota_relief as r, on r.from through r.through`
    pub relief: Option<Relief>,
    /// `prorated by calendar days in the role`
    pub prorated: Option<Prorated>,
    /// `round to 1 USD, half up`
    pub round: Option<RoundValue>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}
