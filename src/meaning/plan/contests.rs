//! Contests and rankings, resolved.

use crate::base::{Date, Exact};
use crate::diag::Span;
use crate::meaning::plan::{CreditId, Expr, Whom};
use crate::syntax::ast::{First, PlaceTies, Window};

/// Several persons put in order.
#[derive(Clone, Debug)]
pub struct Contest {
    /// Its first and last day; `None` where each period has one.
    pub runs: Option<(Date, Date)>,
    /// Among whom.
    pub whom: Whom,
    /// What decides, the first line first.
    pub order: Vec<RankBy>,
    /// Conditions, all of which must hold for who is ranked.
    pub needs: Vec<Expr>,
    /// What the places are worth.
    pub gives: Gives,
}

/// What decides who comes first.
#[derive(Clone, Debug)]
pub struct RankBy {
    /// Of person and period.
    pub value: Expr,
    /// Who comes first.
    pub first: First,
}

/// What places are worth.
#[derive(Clone, Debug)]
pub enum Gives {
    /// Money.
    Prizes {
        /// By place, without gaps from 1 on. Who has a later place, or none, has nothing.
        rows: Vec<Prize>,
        /// What those get who tie.
        ties: Ties,
    },
    /// The place as a number.
    Places {
        /// The place of those who tie.
        ties: PlaceTies,
        /// The number of who is not ranked; `None` is *nothing*.
        unranked: Option<Exact>,
    },
}

/// What some places are worth.
#[derive(Clone, Debug)]
pub struct Prize {
    /// The first of the places.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// What each of them is worth.
    pub prize: Exact,
    /// The row.
    pub span: Span,
}

/// What those get who tie for prizes.
#[derive(Clone, Debug)]
pub enum Ties {
    /// Equal shares of the prizes of as many places as they are, rounded down to a unit.
    Share {
        /// What shares are multiples of. Positive.
        unit: Exact,
        /// Who gets what is left over.
        spare: Spare,
    },
    /// Each the prize of the first of these places.
    Better,
    /// Each the prize of the last of these places.
    Lower,
}

/// Who of those who tie gets what rounding leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spare {
    /// Whose last record of this credit over this window comes first; of equal ones, the first by id.
    Earliest(CreditId, Window),
    /// The first by id.
    FirstById,
}

impl Gives {
    /// The prizes, if there are any.
    pub fn rows(&self) -> &[Prize] {
        match self {
            Gives::Prizes { rows, .. } => rows,
            Gives::Places { .. } => &[],
        }
    }
}

impl Contest {
    /// Everything that is found for each person.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let ranked = self.order.iter().map(|line| &line.value);
        self.needs.iter().chain(ranked)
    }

    /// The days that count for a period: its own, or those of the contest where it ends in the period.
    pub fn days(&self, (first, last): (Date, Date)) -> Option<(Date, Date)> {
        match self.runs {
            None => Some((first, last)),
            Some(own) => (first <= own.1 && own.1 <= last).then_some(own),
        }
    }
}
