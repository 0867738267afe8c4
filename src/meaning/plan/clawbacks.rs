//! Take-backs, resolved.

use crate::base::{Exact, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{CreditId, Expr, PayId, SourceId};
use crate::syntax::ast::{Lapse, MonthsPassed};

/// A take-back, by position in [`crate::meaning::plan::Plan::clawbacks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClawbackId(pub usize);

/// What is taken back of a payout where its records fall.
#[derive(Clone, Debug)]
pub struct Clawback {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// The payout that paid.
    pub of: PayId,
    /// The records that can fall.
    pub source: SourceId,
    /// Conditions on a record; columns are all they read.
    pub when: Vec<Expr>,
    /// How long after which date a record can fall.
    pub within: Vec<Within>,
    /// The date on which a record falls; absent is never.
    pub fell: Expr,
    /// Which part is taken back at first.
    pub share: Exact,
    /// What that falls by with time.
    pub less: Option<Less>,
    /// In how many parts, one in each period.
    pub parts: u16,
    /// What of the payout belongs to a record.
    pub belongs: Belongs,
    /// What each take-back is rounded to.
    pub rounding: Option<Rounding>,
    /// The clause that says how much.
    pub take_span: Span,
    /// The head.
    pub span: Span,
}

/// A date a number of days or months after another, both ends included.
#[derive(Clone, Debug)]
pub struct Within {
    /// The date that is asked for.
    pub date: Expr,
    /// The fewest.
    pub from: u16,
    /// The most.
    pub through: u16,
    /// Of what.
    pub unit: Lapse,
    /// The date it lies after.
    pub after: Expr,
}

/// What a share falls by with time.
#[derive(Clone, Debug)]
pub struct Less {
    /// The part that each month is worth.
    pub part: Exact,
    /// Which months count.
    pub months: MonthsPassed,
    /// Since when.
    pub from: Expr,
}

/// What of a payout belongs to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// What it comes to on the record: the payout is their sum.
    Itself,
    /// In proportion to what it comes to on each record, before lines about their sum.
    InProportion,
    /// In proportion to the payee's credit on each record.
    ToCredit(CreditId),
}

impl Clawback {
    /// Its expressions, all of one record.
    pub fn expressions(&self) -> Vec<&Expr> {
        let within = self.within.iter().flat_map(|own| [&own.date, &own.after]);
        let less = self.less.iter().map(|own| &own.from);
        self.when
            .iter()
            .chain(within)
            .chain([&self.fell])
            .chain(less)
            .collect()
    }
}
