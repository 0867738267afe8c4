//! Contests and rankings as written.

use crate::base::{Date, Exact};
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, Spanned};

/// `contest` or `ranking`.
#[derive(Clone, Debug)]
pub struct Contest {
    /// What the places are worth.
    pub kind: ContestKind,
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `runs 2026-07-01 through 2026-08-31`
    pub runs: Option<Spanned<(Date, Date)>>,
    /// `for each team as of the last day`: the column, and whether the day is written.
    pub among: Option<(Name, bool)>,
    /// `rank by …` and every `then by …`, in the order written.
    pub order: Vec<RankBy>,
    /// `needs …`, all of which must hold.
    pub needs: Vec<Expr>,
    /// Whether a line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// What places are worth.
#[derive(Clone, Debug)]
pub enum ContestKind {
    /// `contest`: prizes.
    Prizes {
        /// The table of prizes.
        prizes: Vec<PrizeRow>,
        /// `ties …`
        ties: Option<Spanned<Ties>>,
    },
    /// `ranking`: the place itself.
    Places {
        /// `ties …`
        ties: Option<Spanned<PlaceTies>>,
        /// `if not ranked …`
        unranked: Option<Spanned<Unranked>>,
    },
}

/// `rank by total bookings, highest first`
#[derive(Clone, Debug)]
pub struct RankBy {
    /// What decides.
    pub value: Expr,
    /// Who comes first.
    pub first: First,
    /// The clause.
    pub span: Span,
}

/// Who comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// `highest first`
    Highest,
    /// `lowest first`
    Lowest,
}

/// `| 3 through 5 | 1,000 USD each |`
#[derive(Clone, Debug)]
pub struct PrizeRow {
    /// The first place and the last.
    pub places: Spanned<(u32, u32)>,
    /// What each of them is worth.
    pub prize: Expr,
    /// Whether `each` stands behind it.
    pub each: bool,
    /// The row.
    pub span: Span,
}

/// What those get who tie for prizes.
#[derive(Clone, Debug)]
pub enum Ties {
    /// `share the prizes they span, rounded to 0.01, remainder to the earliest`
    Share {
        /// What each share is a multiple of.
        unit: Spanned<Exact>,
        /// Who gets what rounding down leaves.
        remainder: Spanned<Spare>,
    },
    /// `each take the better prize`
    Better,
    /// `each take the lower prize`
    Lower,
}

/// Who of those who tie gets what rounding leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spare {
    /// `to the earliest`
    Earliest,
    /// `to the first by id`
    FirstById,
}

/// The place of those who tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceTies {
    /// `take the better place`
    Better,
    /// `take the lower place`
    Lower,
    /// `share the average place`
    Average,
}

/// The value of who is not ranked.
#[derive(Clone, Debug)]
pub enum Unranked {
    /// `pay nothing`
    PayNothing,
    /// `club_rank is 99`, with the name written.
    Value(Name, Expr),
}
