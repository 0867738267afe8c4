//! Expressions as written.

use crate::base::{Cadence, Currency, Date, Exact};
use crate::diag::Span;
use crate::syntax::ast::{Conversion, Hierarchy, Name, Range, Spanned};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// `24`
    Number(Exact),
    /// `8.25%`, `1/3` of two whole numbers stays a division; kept as the fraction 0.0825.
    Percent(Exact),
    /// `2 points`, kept as the fraction 0.02.
    Points(Exact),
    /// `90,000 USD`
    Money(Exact, Currency),
    /// `3 seats`
    Quantity(Exact, Name),
    /// `50 USD per seat`
    MoneyPer(Exact, Currency, Name),
    /// `2026-07-01`
    Date(Date),
    /// `"Closed Won"`
    Text(String),
    /// `yes`, `no`
    Bool(bool),
    /// `bookings`
    Name(String),
    /// `deal.amount`
    Path(Name, Name),
    /// `total bookings year to date`
    Aggregate {
        /// Which aggregate.
        how: Aggregate,
        /// A credit.
        what: Name,
        /// The window.
        window: Window,
    },
    /// `total bookings by team`, `average attainment of everyone`
    Together {
        /// Which aggregate.
        how: Aggregate,
        /// A credit, or a value that each payee has.
        what: Name,
        /// Whether `as earned` stands behind the name.
        as_earned: bool,
        /// The window; of a credit.
        window: Window,
        /// Whose credits or values.
        among: Among,
    },
    /// `commission as earned`
    AsEarned(Name),
    /// `target_bonus on the last day of the period`
    OnDay(Name, PeriodDay),
    /// `base_rate on deal.close_date`
    OnDate(Name, Box<Expr>),
    /// `-x`
    Negative(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// Two sides.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `min(a, b)`
    Call(Name, Vec<Expr>),
    /// `x is one of "a", "b"`; `false` for `is not one of`.
    OneOf(Box<Expr>, Vec<Expr>, bool),
    /// `x is within RANGE`; `false` for `is not within`.
    Within(Box<Expr>, Box<Range>, bool),
    /// `x is present`; `false` for `is absent`.
    Present(Box<Expr>, bool),
    /// `x converted to USD at month_end_rate on deal.close_date`
    Converted(Box<Conversion>),
    /// Could not be read; reported.
    Poisoned,
}

/// Whose credits or values are taken together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Among {
    /// `of everyone`
    Everyone,
    /// `by team as of …`: of those who have the payee's value in a column of people.
    Same(Name, Option<Box<Spanned<Hierarchy>>>),
    /// `of direct reports by manager as of …`: of those who report to the payee.
    Reports(Reports, Name, Option<Box<Spanned<Hierarchy>>>),
}

/// Which of those who report to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reports {
    /// `of direct reports`: to them and nobody between.
    Direct,
    /// `of all reports`: to them, or to somebody who does, and so on.
    All,
}

/// Aggregates over a person's credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// `total`
    Total,
    /// `count`
    Count,
    /// `average`
    Average,
    /// `highest`
    Highest,
    /// `lowest`
    Lowest,
}

/// The days an aggregate runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// The period itself.
    Period,
    /// `quarter to date`, `half to date`, `year to date`: from the first day of that length of time.
    ToDate(Cadence),
    /// `plan to date`: from the plan's first day.
    PlanToDate,
    /// `last period`: the period before this one.
    LastPeriod,
    /// `the same period last year`: the period of the same name, a year before.
    SamePeriodLastYear,
    /// `last year`: the whole year, or other length of time, before the one in which this period begins.
    Last(Cadence),
    /// The whole length of time, a year before, of which this period is a part: `the same period last year` of what is
    /// earned over more than a period.
    SameLastYear(Cadence),
    /// `the 12 months before this one`, `the 12 months ending with this one`: whole months.
    Months {
        /// How many.
        count: u16,
        /// Whether the period itself is among them.
        with_this: bool,
    },
    /// Whole months before the length of time in which this period begins.
    MonthsBefore {
        /// How many.
        count: u16,
        /// Before what.
        of: Cadence,
    },
    /// From a day through another, whatever the period: the days of a contest.
    Between(Date, Date),
}

impl Window {
    /// Whether it begins before the period and ends with it, so that each period adds to the one before.
    pub fn is_to_date(self) -> bool {
        matches!(self, Window::ToDate(_) | Window::PlanToDate)
    }

    /// Whether what is credited in the period counts in it.
    pub fn ends_with_the_period(self) -> bool {
        let months_with_this = matches!(
            self,
            Window::Months {
                with_this: true,
                ..
            }
        );
        matches!(self, Window::Period) || self.is_to_date() || months_with_this
    }

    /// Whether it has days of its own, which may begin before the plan does and inside a period.
    pub fn looks_back(self) -> bool {
        !matches!(self, Window::Period) && !self.is_to_date()
    }

    /// As plans write it; empty for the period itself.
    pub fn words(self) -> String {
        match self {
            Window::Period => String::new(),
            Window::ToDate(length) => format!("{} to date", length.words()),
            Window::PlanToDate => "plan to date".to_owned(),
            Window::LastPeriod => "last period".to_owned(),
            Window::SamePeriodLastYear => "the same period last year".to_owned(),
            Window::Last(length) => format!("last {}", length.words()),
            Window::SameLastYear(length) => format!("the same {} last year", length.words()),
            Window::Months { count, with_this } => {
                let months = if count == 1 { "month" } else { "months" };
                let place = if with_this { "ending with" } else { "before" };
                format!("the {count} {months} {place} this one")
            }
            Window::MonthsBefore { count, of } => {
                let months = if count == 1 { "month" } else { "months" };
                format!("the {count} {months} before this {}", of.words())
            }
            Window::Between(first, last) => format!("{first} through {last}"),
        }
    }
}

/// A day of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodDay {
    /// `on the first day of the period`
    First,
    /// `on the last day of the period`
    Last,
}

/// Operators with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`, and `of` in `6% of bookings`
    Multiply,
    /// `/`
    Divide,
}
