//! The head of a plan, the calendar, units, people and records as written.

use crate::base::{Cadence, Currency, Date, WeekYears, Weekday};
use crate::diag::Span;
use crate::syntax::ast::{Accept, Days, Expr, Name, QuotaFrom, Spanned};

/// The head of a plan with its clauses; a required one that is missing is `None` and was reported.
#[derive(Clone, Debug)]
pub struct PlanHead {
    /// The title in quotes.
    pub title: Spanned<String>,
    /// `currency USD`
    pub currency: Option<Spanned<Currency>>,
    /// `currency of each payee, in pay_currency`: the column of people.
    pub currency_each: Option<Name>,
    /// `effective DATE through DATE`
    pub effective: Option<Spanned<(Date, Date)>>,
    /// `period month`
    pub period: Option<Spanned<Cadence>>,
    /// `cut at month ends`, behind `period week`.
    pub cut: Option<Span>,
    /// `payees …`
    pub payees: Option<Payees>,
    /// `quota from SOURCE, one per payee per quarter`: defines the name `quota`.
    pub quota: Option<QuotaFrom>,
    /// `settled through DATE`
    pub settled: Option<Spanned<Date>>,
    /// `opening from SOURCE`
    pub opening: Option<Name>,
    /// `kept by "…"`
    pub kept_by: Option<Spanned<String>>,
    /// `paid 20 days after the quarter ends`
    pub paid: Option<Days>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The whole head line.
    pub span: Span,
}

/// Whom a plan pays.
#[derive(Clone, Debug)]
pub struct Payees {
    /// A condition over the columns of people.
    pub condition: Expr,
    /// When it must hold; `None` where the line does not say.
    pub when: Option<Spanned<Membership>>,
    /// The clause.
    pub span: Span,
}

/// When a person must meet the condition of `payees`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// `on deal.close_date`: on the date of each credit. Holds the path as written.
    OnDate(Name, Name),
    /// `for the days in the role`: credits dated on days on which it holds.
    DaysInRole,
    /// `on the last day of the period`: then all credits of the period count.
    LastDay,
}

/// `calendar`
#[derive(Clone, Debug)]
pub struct CalendarBlock {
    /// `fiscal year starts in February`: 1 to 12.
    pub starts_in: Option<Spanned<u8>>,
    /// `years of weeks, 4-4-5, ending on the last Saturday of January`
    pub years_of_weeks: Option<Spanned<WeekYears>>,
    /// `fiscal year is named by the year it starts in`
    pub named_by_start: Option<Span>,
    /// `weeks start on Monday`
    pub weeks_start: Option<Spanned<Weekday>>,
    /// `two-week periods from 2026-01-05`
    pub two_weeks_from: Option<Spanned<Date>>,
    /// Whether a line of it could not be read.
    pub broken: bool,
    /// The head.
    pub span: Span,
}

/// `unit seat "Seat", plural seats`
#[derive(Clone, Debug)]
pub struct Unit {
    /// The word for one.
    pub singular: Name,
    /// The word for many.
    pub plural: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// The head.
    pub span: Span,
}

/// A record source or the people file: what its columns mean.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name; `people` for people.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from crm_export`: the manifest's name; the block's own name where it is not written.
    pub from: Option<Name>,
    /// `kept by "…"`
    pub kept_by: Option<Spanned<String>>,
    /// The rows of `| column | type | meaning |`.
    pub columns: Vec<ColumnLine>,
    /// Whether rows of the table could not be read, so that there may be more columns.
    pub gaps: bool,
    /// The head.
    pub span: Span,
}

/// One row of a source's table of columns.
#[derive(Clone, Debug)]
pub struct ColumnLine {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub kind: Spanned<ColumnKind>,
    /// `or none`
    pub optional: bool,
    /// What it means.
    pub meaning: Spanned<String>,
}

/// A column's type as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// `Text`
    Text,
    /// `one of Open, Closed Won, Closed Lost`
    OneOf(Vec<String>),
    /// `Money`: its currency comes from the manifest.
    Money,
    /// `Percent`
    Percent,
    /// `Number`
    Number,
    /// `Quantity in seats`
    Quantity(Name),
    /// `Date`
    Date,
    /// `Person`
    Person,
    /// `List of persons`
    Persons,
    /// `Yes or no`
    YesNo,
}
