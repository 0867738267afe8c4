//! Roll-ups as written.

use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, SharesTotal, Spanned};

/// `rollup team_bookings "Team bookings"`
#[derive(Clone, Debug)]
pub struct Rollup {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from bookings`
    pub from: Option<Name>,
    /// `to managers`: a column of people.
    pub to: Option<Name>,
    /// `levels …`
    pub levels: Option<Levels>,
    /// `share … less what is paid below`
    pub share: Option<Spanned<LevelShare>>,
    /// `shares total …`
    pub total: Option<Spanned<SharesTotal>>,
    /// `hierarchy as of …`
    pub hierarchy: Option<Spanned<Hierarchy>>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `levels 1 and 2 up, each credit once per manager`
#[derive(Clone, Debug)]
pub struct Levels {
    /// Each level with its share, where the table gives one.
    pub levels: Vec<(Spanned<u16>, Option<Expr>)>,
    /// `credit`, or the word for one record.
    pub once: Name,
    /// The clause.
    pub span: Span,
}

/// Whose share of a credit a level has, less what is paid below.
#[derive(Clone, Debug)]
pub enum LevelShare {
    /// `share contract_level …`: each person's own, in a column of people.
    Column(Name),
    /// `share of the level …`: as the table has it.
    OfLevel,
}

/// The day on which it is read who reports to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hierarchy {
    /// A date column of the record.
    Column(Expr),
    /// The last day of the period that holds the credit.
    LastDay,
}
