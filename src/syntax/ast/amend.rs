//! Amendments as written: a change of a plan, from one of its days on.

use crate::base::Date;
use crate::diag::Span;
use crate::syntax::ast::{Accept, Approved, Item, Name, Spanned};

/// The head of an amendment with its clauses; a required one that is missing is `None` and was reported.
#[derive(Clone, Debug)]
pub struct AmendHead {
    /// The title of the plan that it changes.
    pub plan: Spanned<String>,
    /// Its own title.
    pub title: Spanned<String>,
    /// `effective DATE through DATE`
    pub effective: Option<Spanned<(Date, Date)>>,
    /// `applies to deals dated by deal.close_date in the effective dates`, once for each source.
    pub applies: Vec<Applies>,
    /// `because "…"`
    pub because: Option<Spanned<String>>,
    /// `approved by "CRO" on DATE`
    pub approved: Option<Approved>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The whole head line.
    pub span: Span,
}

/// Which records a change is about.
#[derive(Clone, Debug)]
pub struct Applies {
    /// The source.
    pub source: Name,
    /// The word for one record.
    pub word: Name,
    /// The column with the date.
    pub column: Name,
    /// The clause.
    pub span: Span,
}

/// A block that takes the place of the plan's block of the same name.
#[derive(Clone, Debug)]
pub struct Replace {
    /// The block.
    pub item: Box<Item>,
    /// Its head, without `replace`.
    pub span: Span,
}

/// `on the change date`
#[derive(Clone, Debug)]
pub struct Change {
    /// What becomes of each running quantity.
    pub running: Vec<Fate>,
    /// The level of what was sold before.
    pub earlier: Option<Earlier>,
    /// Whether a line of it could not be read.
    pub broken: bool,
    /// The head.
    pub span: Span,
}

/// What becomes of one running quantity.
#[derive(Clone, Debug)]
pub struct Fate {
    /// Its name, or `cap`, `floor` or `balance`.
    pub name: Name,
    /// Whether it starts again at 0.
    pub is_fresh: bool,
    /// The line.
    pub span: Span,
}

/// `earlier deals take the level reached …`
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The source of records.
    pub source: Name,
    /// Where the level is read.
    pub level: Level,
    /// The line.
    pub span: Span,
}

/// Where the level of what was sold before a change is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// At the end of the period.
    AtTheEnd,
    /// On the last day before the change.
    OnTheChangeDate,
}

impl Item {
    /// Whether an amendment can put another block in its place.
    pub fn can_be_replaced(&self) -> bool {
        self.replaced_name().is_some()
    }

    /// The name of a block that an amendment can replace.
    pub fn replaced_name(&self) -> Option<&Name> {
        match self {
            Item::Measure(own) => Some(&own.name),
            Item::Tiers(own) => Some(&own.name),
            Item::Curve(own) => Some(&own.name),
            Item::Lookup(own) => Some(&own.name),
            Item::Rate(own) => Some(&own.name),
            Item::Scorecard(own) => Some(&own.name),
            Item::Pay(own) => Some(&own.name),
            _ => None,
        }
    }
}
