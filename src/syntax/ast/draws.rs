//! Draws as written.

use crate::base::{Cadence, Date, Exact};
use crate::diag::Span;
use crate::syntax::ast::{Accept, EmploymentMonths, Expr, Name, RoundValue, Spanned};

/// `draw ramp_draw "Recoverable draw"`
#[derive(Clone, Debug)]
pub struct Draw {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `top up …` or `advance …`
    pub pays: Option<DrawPays>,
    /// `for the first 6 full months of employment`
    pub first: Option<FirstTime>,
    /// `runs DATE through DATE`
    pub runs: Option<Spanned<(Date, Date)>>,
    /// `when …`, all of which must hold.
    pub when: Vec<Expr>,
    /// `recover …`
    pub recover: Option<Recover>,
    /// `balance …`
    pub balance: Option<Balance>,
    /// `on leaving …`
    pub leaving: Option<Spanned<OnLeaving>>,
    /// `round to 0.01, down`
    pub round: Option<RoundValue>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `top up commission to 4,000 USD each month` or `advance 600 USD on commission each month`
#[derive(Clone, Debug)]
pub struct DrawPays {
    /// How it is paid.
    pub how: DrawHow,
    /// The payout.
    pub pay: Name,
    /// How much.
    pub amount: Expr,
    /// How often.
    pub each: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// How a draw is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawHow {
    /// `top up`: what is missing to the amount.
    TopUp,
    /// `advance`: the amount, whatever is earned.
    Advance,
}

/// `for the first 6 full months of employment`
#[derive(Clone, Debug)]
pub struct FirstTime {
    /// How many.
    pub count: u16,
    /// Which of them is the first.
    pub months: EmploymentMonths,
    /// How long each is.
    pub each: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// `recover from commission above 4,000 USD, at most 50% of that excess, from the period after` or `recover never`
#[derive(Clone, Debug)]
pub struct Recover {
    /// From what; `None` where it never is.
    pub from: Option<RecoverFrom>,
    /// The clause.
    pub span: Span,
}

/// From what a draw is paid back.
#[derive(Clone, Debug)]
pub struct RecoverFrom {
    /// The payout.
    pub pay: Name,
    /// What stays in any case; 0 without it.
    pub above: Option<Expr>,
    /// The largest part of what lies above that; `None` is all of it.
    pub share: Option<Spanned<Exact>>,
    /// Since when.
    pub since: RecoverSince,
}

/// Since when a draw is paid back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoverSince {
    /// `from the period after`: as soon as something is owed.
    PeriodAfter,
    /// `from 2026-07-01`: in periods that start on that day or later.
    Date(Date),
    /// `after the draw ends`: in periods in which nothing is drawn by its own lines.
    DrawEnds,
}

/// `balance at most 10,000 USD, forgiven at year end`
#[derive(Clone, Debug)]
pub struct Balance {
    /// The most that can be owed; `None` is without limit.
    pub most: Option<Expr>,
    /// When what is owed is forgiven.
    pub forgiven: Forgiven,
    /// The clause.
    pub span: Span,
}

/// When what is owed is forgiven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgiven {
    /// `never forgiven`
    Never,
    /// `forgiven at year end`: in the last period of each such length of time.
    AtEnd(Cadence),
    /// `forgiven on 2026-12-31`: in the period that has this day.
    On(Date),
}

/// What becomes of what is owed in a person's last period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnLeaving {
    /// `is owed`
    Owed,
    /// `is forgiven`
    Forgiven,
    /// `is taken from the last pay`
    TakenFromTheLastPay,
}
