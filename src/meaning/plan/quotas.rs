//! Quotas, and the lines that make a quota of a value of its source, resolved.

use crate::base::{Cadence, Exact, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{Column, ColumnId, Plan, QuotaConversion, Source, SourceId};
use crate::meaning::types::Type;
use crate::syntax::ast::{EmploymentMonths, ProrationUnit};

/// A quota for each payee and period. Its lines act in the order of the fields.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Its name, also the name of the value column in the source.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Its source's name in the manifest.
    pub binding: String,
    /// The length of time one value is for.
    pub cadence: Cadence,
    /// Money of the plan's currency, or a quantity or number.
    pub ty: Type,
    /// How values in other currencies than the plan's are converted.
    pub converted: Option<QuotaConversion>,
    /// How a value is spread over shorter periods.
    pub spread: Option<Spread>,
    /// What of it counts in the first months of a person.
    pub ramp: Option<Ramp>,
    /// Days of which it is taken away.
    pub relief: Option<DayRows>,
    /// What of it counts where a person is not in the role throughout.
    pub proration: Option<Proration>,
    /// How the quota of the plan's period is rounded.
    pub rounding: Option<Rounding>,
    /// The clause or head that declares it.
    pub span: Span,
}

/// A value spread over shorter periods.
#[derive(Clone, Debug)]
pub struct Spread {
    /// One share for each part; together they make the whole.
    pub shares: Vec<Exact>,
    /// The length of a part.
    pub over: Cadence,
    /// The clause.
    pub span: Span,
}

/// A percentage for each of the first months of employment.
#[derive(Clone, Debug)]
pub struct Ramp {
    /// One for each month; the last one holds from there on. At least one.
    pub shares: Vec<Exact>,
    /// The column of people with the first day of employment.
    pub hired: ColumnId,
    /// Which month is the first.
    pub months: EmploymentMonths,
    /// The clause.
    pub span: Span,
}

/// Rows of days of persons: relief, or leave. No two rows of one person share a day.
#[derive(Clone, Debug)]
pub struct DayRows {
    /// The source.
    pub source: SourceId,
    /// The column with the person.
    pub payee: ColumnId,
    /// The column with the first day.
    pub from: ColumnId,
    /// The column with the last day; an empty one is without end.
    pub through: ColumnId,
    /// The column with how much of each day; `None` is all of it.
    pub share: Option<ColumnId>,
    /// The clause.
    pub span: Span,
}

/// The part of a period that a person is in the role.
#[derive(Clone, Debug)]
pub struct Proration {
    /// What is counted.
    pub unit: ProrationUnit,
    /// The source and column of days that are no working days.
    pub holidays: Option<(SourceId, ColumnId)>,
    /// Days that do not count as days in the role.
    pub leave: Option<DayRows>,
    /// The clause.
    pub span: Span,
}

impl Quota {
    /// Whether a line makes another number of a value of the source.
    pub fn is_made(&self) -> bool {
        self.converted.is_some()
            || self.spread.is_some()
            || self.ramp.is_some()
            || self.relief.is_some()
            || self.proration.is_some()
            || self.rounding.is_some()
    }

    /// The rows of days that it reads.
    pub fn day_rows(&self) -> impl Iterator<Item = &DayRows> {
        let leave = self.proration.iter().filter_map(|own| own.leave.as_ref());
        self.relief.iter().chain(leave)
    }

    /// The source and column of the holidays that it reads.
    pub fn holidays(&self) -> Option<(SourceId, ColumnId)> {
        self.proration.as_ref()?.holidays
    }
}

impl Plan {
    /// The source of quotas of a name, as a source of rows.
    pub fn quota_source(&self, binding: &str) -> Option<Source> {
        let quotas = self.quotas.iter().filter(|own| own.binding == binding);
        let first = quotas.clone().next()?;
        let column = |name: &str, ty: Type, span: Span| Column {
            name: name.to_owned(),
            ty,
            one_of: None,
            optional: true,
            meaning: String::new(),
            span,
        };
        let keys = [("payee", Type::Person), ("period", Type::Text)];
        let keys = keys.map(|(name, ty)| column(name, ty, first.span));
        let values = quotas.map(|quota| column(&quota.name, quota.ty, quota.span));
        Some(Source {
            name: binding.to_owned(),
            binding: binding.to_owned(),
            label: binding.to_owned(),
            columns: keys.into_iter().chain(values).collect(),
            gaps: false,
            span: first.span,
        })
    }
}

impl DayRows {
    /// The columns that are read.
    pub fn columns(&self) -> impl Iterator<Item = ColumnId> {
        [self.payee, self.from, self.through]
            .into_iter()
            .chain(self.share)
    }
}
