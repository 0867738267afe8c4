//! Rates of exchange and conversions as written.

use crate::base::{Cadence, Currency, Date, Exact, Mode};
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, PeriodDay, Spanned};

/// `exchange NAME "…"`
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `kept by "Treasury"`
    pub kept_by: Option<Spanned<String>>,
    /// `from fx_rates, one per month`: its rates stand in data.
    pub from: Option<RatesFrom>,
    /// Its rates, where they stand in the plan.
    pub rows: Vec<RateRow>,
    /// `used both ways`
    pub both_ways: Option<Span>,
    /// `if missing …`, of rates in data.
    pub missing: Option<Spanned<NoRate>>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `from fx_rates, one per month`
#[derive(Clone, Debug)]
pub struct RatesFrom {
    /// The source.
    pub source: Name,
    /// The length of time for which one rate holds; `None` is a day.
    pub each: Option<Cadence>,
    /// The clause.
    pub span: Span,
}

/// `if missing …` of rates of exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRate {
    /// `hold this payout`
    Hold,
    /// `use the last rate before it`
    LastBefore,
}

/// One rate that stands in the plan.
#[derive(Clone, Debug)]
pub struct RateRow {
    /// What is converted.
    pub from: Spanned<Currency>,
    /// To what.
    pub to: Spanned<Currency>,
    /// First and last day.
    pub days: (Date, Date),
    /// How much of the second one of the first is worth.
    pub rate: Expr,
    /// The row.
    pub span: Span,
}

/// `x converted to USD at month_end_rate on deal.close_date`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// What is converted.
    pub of: Expr,
    /// To what.
    pub to: Currency,
    /// By which rates.
    pub exchange: Name,
    /// On which day.
    pub on: RateDay,
}

/// `converted at budget_rate on the first day of the period`, of a quota
#[derive(Clone, Debug)]
pub struct ConvertedAt {
    /// By which rates.
    pub exchange: Name,
    /// On which day of the value's own period.
    pub on: RateDay,
    /// The clause.
    pub span: Span,
}

/// The day whose rate counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RateDay {
    /// `on the last day of the period`
    OfPeriod(PeriodDay, Span),
    /// `on deal.close_date`, `on 2026-01-01`
    On(Expr),
}

/// `paid in pay_currency at month_end_rate on the last day of the period, round to 0.01, half up`
#[derive(Clone, Debug)]
pub struct PaidIn {
    /// In what.
    pub into: PaidCurrency,
    /// By which rates.
    pub exchange: Name,
    /// On which day.
    pub on: RateDay,
    /// To a multiple of this; `None` is the currency's smallest unit.
    pub unit: Option<Spanned<Exact>>,
    /// How.
    pub mode: Mode,
    /// The clause.
    pub span: Span,
}

/// The currency in which somebody is paid.
#[derive(Clone, Debug)]
pub enum PaidCurrency {
    /// `USD`
    One(Spanned<Currency>),
    /// A column of people.
    Column(Name),
}
