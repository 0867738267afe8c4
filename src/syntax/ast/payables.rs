//! When what a record earns becomes payable, as written.

use crate::base::{Cadence, Exact, Mode};
use crate::diag::Span;
use crate::syntax::ast::{Expr, Spanned};

/// The clauses of a `pay` about when it is paid.
#[derive(Clone, Debug, Default)]
pub struct Withheld {
    /// `payable …`
    pub payable: Option<Payable>,
    /// `round each part to …`
    pub round: Option<RoundParts>,
    /// `until …`
    pub until: Option<Until>,
    /// `on leaving …`
    pub leaving: Option<Spanned<Leaving>>,
}

/// `payable 50% on deal.close_date, 50% on deal.paid_date`
#[derive(Clone, Debug)]
pub struct Payable {
    /// Its parts, in the order written.
    pub parts: Vec<DuePart>,
    /// The clause.
    pub span: Span,
}

/// A part, or several equal ones, of what a record earns.
#[derive(Clone, Debug)]
pub struct DuePart {
    /// How much of it; all of it where nothing is written.
    pub share: Option<Spanned<Exact>>,
    /// `in 3 equal monthly parts`
    pub equal: Option<Equal>,
    /// `9 months after`
    pub after: Option<After>,
    /// The date from which is counted.
    pub date: Expr,
    /// The words.
    pub span: Span,
}

/// `in 3 equal monthly parts from`
#[derive(Clone, Debug)]
pub struct Equal {
    /// How many.
    pub count: Spanned<u16>,
    /// How far apart.
    pub each: Cadence,
}

/// `45 days after`, `9 months after`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Days.
    Days(u16),
    /// Months.
    Months(u16),
}

/// `round each part to 0.01, down, remainder in the last part`
#[derive(Clone, Debug)]
pub struct RoundParts {
    /// To a multiple of this.
    pub unit: Spanned<Exact>,
    /// How.
    pub mode: Mode,
    /// Which part is what the others leave.
    pub rest: RestIn,
    /// The clause.
    pub span: Span,
}

/// The part that is what the others leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestIn {
    /// `remainder in the first part`
    First,
    /// `remainder in the last part`
    Last,
}

impl RestIn {
    /// The place of that part among so many.
    pub fn among(self, parts: usize) -> usize {
        match self {
            RestIn::First => 0,
            RestIn::Last => parts.saturating_sub(1),
        }
    }
}

/// `until policy.ended_date, what is withheld then is forfeited`
#[derive(Clone, Debug)]
pub struct Until {
    /// The last day.
    pub date: Expr,
    /// The clause.
    pub span: Span,
}

/// What becomes of what is due after somebody has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// `what is withheld is paid when due`
    PaidWhenDue,
    /// `what is withheld is forfeited`
    Forfeited,
}
