//! Claims and tests as written.

use crate::diag::Span;
use crate::syntax::ast::{Expr, Name, Spanned};

/// `prove` with its lines.
#[derive(Clone, Debug)]
pub struct Prove {
    /// The claims that could be read.
    pub claims: Vec<Claim>,
    /// The head.
    pub span: Span,
}

/// One line of `prove`.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The payout the claim is about.
    pub pay: Name,
    /// What is claimed.
    pub kind: ClaimKind,
    /// The line.
    pub span: Span,
}

/// What a line of `prove` claims.
#[derive(Clone, Debug)]
pub enum ClaimKind {
    /// `commission never falls when bookings rise`: the name of a credit.
    NeverFalls {
        /// What rises.
        mover: Name,
    },
    /// `commission rises by at most 12% of further bookings`
    RisesAtMost {
        /// How much.
        rate: Expr,
        /// What rises: the name of a credit.
        mover: Name,
    },
    /// `commission has no jumps`
    NoJumps,
    /// `commission is at most 90,000 USD`
    AtMost(Expr),
}

/// `test "…"`
#[derive(Clone, Debug)]
pub struct Test {
    /// The title in quotes.
    pub title: Spanned<String>,
    /// What holds in the test.
    pub givens: Vec<Given>,
    /// What must come out.
    pub expects: Vec<Expect>,
    /// The head.
    pub span: Span,
}

/// One `given`.
#[derive(Clone, Debug)]
pub enum Given {
    /// `given quota is 300,000 USD for ana in 2026-Q1`,
    /// `given total bookings is 300,000 USD for ana in 2026-Q1`
    Value {
        /// A quota, an input, a column of people, or with `total` a credit.
        what: Name,
        /// Whether `total` stands before it.
        total: bool,
        /// The value.
        value: Expr,
        /// For whom.
        person: Name,
        /// In which period, as written; a column of people has none.
        period: Option<Name>,
        /// The clause.
        span: Span,
    },
    /// `given csat is 87% in 2026-Q1`
    OfCompany {
        /// An input of the company.
        what: Name,
        /// The value.
        value: Expr,
        /// In which period, as written.
        period: Name,
        /// The clause.
        span: Span,
    },
    /// `given balance of ramp_draw is 1,000 USD for ana`
    Balance {
        /// A draw, or a payout with a balance below 0.
        what: Name,
        /// What is open before the plan's first period.
        value: Expr,
        /// For whom.
        person: Name,
        /// The clause.
        span: Span,
    },
    /// `given deals` with rows.
    Table {
        /// A source, or `people`.
        source: Name,
        /// The headings.
        headings: Vec<Name>,
        /// The cells, as many as headings in each row.
        rows: Vec<Vec<Name>>,
        /// The clause.
        span: Span,
    },
}

/// What of a name is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectOf {
    /// Its value.
    Value,
    /// `balance of`: what is open after the period, of a draw or of a payout.
    Balance,
    /// `withheld of`: what a payout has earned and not yet made payable, after the period.
    Withheld,
    /// `taken back by`, of a clawback
    Taken,
    /// `drawn by`
    Drawn,
    /// `guaranteed by`
    Guaranteed,
    /// `recovered by`
    Recovered,
    /// `forgiven of`
    Forgiven,
}

impl ExpectOf {
    /// The words before the name, with the blank that follows them.
    pub fn words(self) -> &'static str {
        match self {
            ExpectOf::Value => "",
            ExpectOf::Balance => "balance of ",
            ExpectOf::Withheld => "withheld of ",
            ExpectOf::Taken => "taken back by ",
            ExpectOf::Drawn => "drawn by ",
            ExpectOf::Guaranteed => "guaranteed by ",
            ExpectOf::Recovered => "recovered by ",
            ExpectOf::Forgiven => "forgiven of ",
        }
    }
}

/// One `expect`.
#[derive(Clone, Debug)]
pub struct Expect {
    /// What of it.
    pub of: ExpectOf,
    /// A payout, component or measure.
    pub what: Name,
    /// For whom.
    pub person: Name,
    /// In which period, as written.
    pub period: Name,
    /// The value; `None` for `is held`.
    pub value: Option<Expr>,
    /// The clause.
    pub span: Span,
}
