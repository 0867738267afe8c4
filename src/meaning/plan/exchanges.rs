//! Rates of exchange, and payouts in another currency, resolved.

use crate::base::{Cadence, Currency, Date, Exact, Mode, Period, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{ColumnId, ExchangeId, Expr, ExprKind, Plan, SourceId, each_child};

/// Rates of exchange that somebody keeps. Each has a direction: how much of the second currency one of the first is worth.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// The department that answers for it.
    pub kept_by: String,
    /// Its rates.
    pub rates: Rates,
    /// Whether 1 divided by a rate converts back.
    pub both_ways: bool,
    /// The head line.
    pub span: Span,
}

/// Where rates of exchange stand.
#[derive(Clone, Debug)]
pub enum Rates {
    /// In the plan. No two of one pair of currencies share a day (checked).
    Written(Vec<WrittenRate>),
    /// In data.
    Data {
        /// The rows: `from`, `to`, then `date` or `period`, then `rate`.
        source: SourceId,
        /// The length of time for which one rate holds; `None` is a day.
        each: Option<Cadence>,
        /// Whether the last rate before a day counts where the day has none; otherwise whoever needs it is held.
        last_before: bool,
    },
}

/// A rate that stands in the plan.
#[derive(Clone, Debug)]
pub struct WrittenRate {
    /// What is converted.
    pub from: Currency,
    /// To what.
    pub to: Currency,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// The rate, more than 0.
    pub rate: Exact,
    /// The row.
    pub span: Span,
}

/// How values of a quota are converted.
#[derive(Clone, Debug)]
pub struct QuotaConversion {
    /// By which rates.
    pub at: ExchangeId,
    /// On which day.
    pub on: QuotaDay,
    /// The clause.
    pub span: Span,
}

/// The day whose rate counts for a value of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaDay {
    /// The first day of its own period.
    First,
    /// The last day of its own period.
    Last,
    /// This day.
    On(Date),
}

impl QuotaDay {
    /// The day for a value of a period.
    pub fn of(self, period: &Period) -> Date {
        match self {
            QuotaDay::First => period.start(),
            QuotaDay::Last => period.end(),
            QuotaDay::On(day) => day,
        }
    }
}

/// In which currency a payout is paid.
#[derive(Clone, Debug)]
pub struct PaidIn {
    /// The currency.
    pub into: PaidCurrency,
    /// By which rates.
    pub at: ExchangeId,
    /// On which day: a day of the period, or a constant.
    pub on: Expr,
    /// To a multiple of this; `None` is the currency's smallest unit.
    pub unit: Option<Exact>,
    /// How it is rounded.
    pub mode: Mode,
    /// The clause.
    pub span: Span,
}

/// The currency of a payout.
#[derive(Clone, Debug)]
pub enum PaidCurrency {
    /// One for everybody.
    One(Currency),
    /// That of the payee: a fact with its code.
    Fact(Expr),
}

impl Exchange {
    /// The column of its source with what is converted.
    pub const FROM: &str = "from";
    /// The one with what it is converted to.
    pub const TO: &str = "to";
    /// The one with the rate.
    pub const RATE: &str = "rate";

    /// The column that says when a rate in data holds.
    pub fn when_column(each: Option<Cadence>) -> &'static str {
        match each {
            Some(_) => "period",
            None => "date",
        }
    }

    /// The source of its rates, where they stand in data.
    pub fn source(&self) -> Option<SourceId> {
        match self.rates {
            Rates::Data { source, .. } => Some(source),
            Rates::Written(_) => None,
        }
    }
}

impl PaidIn {
    /// Its expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let fact = match &self.into {
            PaidCurrency::One(_) => None,
            PaidCurrency::Fact(fact) => Some(fact),
        };
        fact.into_iter().chain([&self.on])
    }

    /// How an amount of a currency is rounded; `None` where its unit is no amount of that currency.
    pub fn rounding(&self, currency: Currency) -> Option<Rounding> {
        let smallest = Rounding {
            unit: currency.minor_unit(),
            mode: self.mode,
        };
        match &self.unit {
            None => Some(smallest),
            Some(unit) => smallest.is_multiple(unit).then(|| Rounding {
                unit: unit.clone(),
                mode: self.mode,
            }),
        }
    }
}

impl Plan {
    /// Whether a column, of people where no source is named, is converted somewhere: then each of its cells may be in
    /// a currency of its own.
    pub fn is_converted(&self, source: Option<SourceId>, column: ColumnId) -> bool {
        fn inside(expr: &Expr, is_it: &dyn Fn(&ExprKind) -> bool) -> bool {
            let mut found = match &expr.kind {
                ExprKind::Converted { of, .. } => is_it(&of.kind),
                _ => false,
            };
            each_child(expr, &mut |child| found |= inside(child, is_it));
            found
        }
        let is_it = |kind: &ExprKind| match kind {
            ExprKind::Column(of, own) => Some(*of) == source && *own == column,
            ExprKind::Fact(own, _) => source.is_none() && *own == column,
            _ => false,
        };
        let mut all = self.expressions().into_iter();
        all.any(|expr| inside(expr, &is_it))
    }

    /// The rates behind an id of this plan.
    pub fn exchange(&self, id: ExchangeId) -> &Exchange {
        &self.exchanges[id.0]
    }
}
