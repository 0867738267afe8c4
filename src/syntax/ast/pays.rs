//! Pays as written.

use crate::base::{Cadence, Currency, Exact, Mode};
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, PaidIn, Range, Spanned, Window, Withheld};

/// `pay` or `component`.
#[derive(Clone, Debug)]
pub struct Pay {
    /// Whether it is paid, or only read by others.
    pub kind: PayKind,
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `earned each quarter, paid each month`
    pub earned: Option<Earned>,
    /// `for each deal`
    pub for_each: Option<Name>,
    /// `when …`, all of which must hold.
    pub when: Vec<Expr>,
    /// `amount …`
    pub amount: Option<Amount>,
    /// `a deal across an edge …`, with the word for the record
    pub edge: Option<(Name, Spanned<EdgeRule>)>,
    /// `gate`, `floor`, `cap`, `pays the increase` and `round`, in the order written.
    pub steps: Vec<Step>,
    /// `below 0 USD carries forward`
    pub below: Option<Below>,
    /// `payable 50% on deal.close_date, 50% on deal.paid_date`, and the lines about it
    pub withheld: Withheld,
    /// `paid in pay_currency at month_end_rate …`
    pub paid_in: Option<PaidIn>,
    /// Whether a line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// Whether a block is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayKind {
    /// `component`: money that is not paid by itself.
    Component,
    /// `pay`
    Pay,
}

/// `earned each quarter, paid …`
#[derive(Clone, Debug)]
pub struct Earned {
    /// The length of time whose amount it is.
    pub each: Spanned<Cadence>,
    /// When it is paid.
    pub paid: Paid,
    /// The length of time that the second half names.
    pub paid_of: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// When an amount of a longer length of time than the plan's period is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// `paid each month`: what is new since the month before.
    AsItGrows,
    /// `paid when the quarter ends`: all of it, once.
    WhenItEnds,
}

/// What `amount` says.
#[derive(Clone, Debug)]
pub enum Amount {
    /// An expression.
    Plain(Expr),
    /// `500 USD for each whole 1 point of attainment above 100%`
    Wholes {
        /// What each is worth.
        price: Expr,
        /// A literal.
        step: Expr,
        /// What is counted.
        of: Expr,
        /// Where counting starts; a literal.
        above: Option<Expr>,
        /// The clause's value.
        span: Span,
    },
    /// `BASE at TIERS, each slice at its own rate`
    Tiered {
        /// What is paid on.
        base: Expr,
        /// The table.
        tiers: Name,
        /// Which of the two phrases.
        how: TierUse,
        /// The clause's value.
        span: Span,
    },
}

/// The ways to use a tier table, which pay different money.
#[derive(Clone, Debug)]
pub enum TierUse {
    /// `each slice at its own rate`
    EachSlice,
    /// `everything at the rate reached`
    Everything,
    /// `placed by the running …`
    Placed(Placed),
}

/// `placed by the running count of deals of deal.owner year to date`
#[derive(Clone, Debug)]
pub struct Placed {
    /// What runs.
    pub running: Running,
    /// The column whose records run together; `None` for the payee's own.
    pub key: Option<Expr>,
    /// Since when; the period where it is not written.
    pub window: Window,
    /// The words.
    pub span: Span,
}

/// What places records.
#[derive(Clone, Debug)]
pub enum Running {
    /// How many records of this source there are.
    Count(Name),
    /// The sum of this column.
    Total(Expr),
}

/// What a record earns that a running total carries across an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeRule {
    /// `is cut`
    Cut,
    /// `takes the rate where it starts`
    Starts,
    /// `takes the rate where it ends`
    Ends,
}

/// One line below `amount`, applied in the order written.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// `when …`: otherwise the line does nothing.
    pub when: Option<Expr>,
    /// The clause.
    pub span: Span,
}

/// What a line below `amount` does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// `gate SUBJECT RANGE, otherwise …`
    Gate {
        /// What is tested.
        subject: Expr,
        /// Where it must lie.
        range: Range,
        /// What happens elsewhere.
        otherwise: Otherwise,
    },
    /// `times 150%`
    Times(Expr),
    /// `floor AMOUNT each quarter`
    Floor {
        /// The least.
        amount: Expr,
        /// Of what.
        window: Spanned<LimitWindow>,
    },
    /// `cap AMOUNT each quarter, excess is lost`
    Cap {
        /// The most.
        amount: Expr,
        /// Of what.
        window: Spanned<LimitWindow>,
        /// What becomes of the excess.
        excess: Spanned<Excess>,
    },
    /// `cap AMOUNT each deal.customer for life, excess is lost`
    CapOf(CapOf),
    /// `pays the increase`, `pays the increase, never less than 0 USD`
    Increase {
        /// Where a fall pays nothing: 0, as it is written.
        least: Option<Zero>,
    },
    /// `round the total to 0.01, half up`
    Round(Round),
    /// `round never`
    RoundNever,
}

/// A cap of what the records with one value of a column pay together.
#[derive(Clone, Debug)]
pub struct CapOf {
    /// The most.
    pub amount: Expr,
    /// The column.
    pub of: Expr,
    /// How long they count together; `None` is for life.
    pub each: Option<Spanned<Cadence>>,
    /// `of which AMOUNT was used before`
    pub before: Option<Expr>,
}

/// What becomes of what a cap takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// `excess is lost`
    Lost,
    /// `excess carries forward as money`: it is paid in later periods, where there is room below the cap.
    AsMoney,
}

/// `otherwise …` of a gate.
#[derive(Clone, Debug)]
pub enum Otherwise {
    /// `pay nothing`
    Nothing,
    /// `pay 50% of the amount so far`
    Share(Expr),
    /// `pay total bookings at base_table, each slice at its own rate`
    Amount(Amount),
    /// `hold this payout`
    Hold,
}

/// The window of a cap or floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitWindow {
    /// `each month`
    Each(Cadence),
    /// `each deal`: the word for one record.
    EachRecord(Name),
}

/// `round LEVEL to UNIT, MODE`
#[derive(Clone, Debug)]
pub struct Round {
    /// What is rounded.
    pub level: RoundLevel,
    /// To a multiple of this.
    pub unit: Spanned<Exact>,
    /// How.
    pub mode: Mode,
    /// The clause.
    pub span: Span,
}

/// What a `round` line rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoundLevel {
    /// `each deal`: the word for one record.
    Each(Name),
    /// `each share`
    EachShare,
    /// `the total`
    Total,
    /// `the amount to date`
    ToDate,
}

/// `0 USD`
#[derive(Clone, Debug)]
pub struct Zero {
    /// The currency written; must be the plan's. Of each payee, none is.
    pub currency: Option<Spanned<Currency>>,
    /// Where it stands.
    pub span: Span,
}

/// `below 0 USD carries forward`
#[derive(Clone, Debug)]
pub struct Below {
    /// What it is about.
    pub zero: Zero,
    /// What happens below zero.
    pub rule: BelowZero,
    /// The clause.
    pub span: Span,
}

/// What happens to a payout below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BelowZero {
    /// `carries forward`: nothing is paid, and later payouts are less by it.
    CarriesForward,
    /// `is lost`: nothing is paid.
    Lost,
    /// `is paid as it is`
    AsItIs,
}
