//! What was written, as data. Every node has a span; nothing is resolved and no kind is known.
//! A part that could not be read is left out or stands as [`ExprKind::Poisoned`]; the diagnostic was
//! made by whoever read it.

use crate::diag::{Code, FileId, Span};

mod adjustments;
mod amend;
mod budgets;
mod carries;
mod claims;
mod clawbacks;
mod contests;
mod corrections;
mod credits;
mod draws;
mod exceptions;
mod exchanges;
mod expressions;
mod payables;
mod pays;
mod pools;
mod project;
mod quotas;
mod reads;
mod rollups;
mod tables;
mod totals;

pub use crate::syntax::ast::adjustments::*;
pub use crate::syntax::ast::amend::*;
pub use crate::syntax::ast::budgets::*;
pub use crate::syntax::ast::carries::*;
pub use crate::syntax::ast::claims::*;
pub use crate::syntax::ast::clawbacks::*;
pub use crate::syntax::ast::contests::*;
pub use crate::syntax::ast::corrections::*;
pub use crate::syntax::ast::credits::*;
pub use crate::syntax::ast::draws::*;
pub use crate::syntax::ast::exceptions::*;
pub use crate::syntax::ast::exchanges::*;
pub use crate::syntax::ast::expressions::*;
pub use crate::syntax::ast::payables::*;
pub use crate::syntax::ast::pays::*;
pub use crate::syntax::ast::pools::*;
pub use crate::syntax::ast::project::*;
pub use crate::syntax::ast::quotas::*;
pub use crate::syntax::ast::rollups::*;
pub use crate::syntax::ast::tables::*;
pub use crate::syntax::ast::totals::*;

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word, without quotes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Name {
    /// What people call what has this name: its label, or else the name.
    pub fn called(&self, label: Option<&Spanned<String>>) -> String {
        label.map_or_else(|| self.text.clone(), |label| label.value.clone())
    }
}

/// Anything with a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// One file as written.
#[derive(Clone, Debug)]
pub struct File {
    /// The text it was read from.
    pub id: FileId,
    /// Its blocks, in the order written.
    pub items: Vec<Item>,
    /// Names that stand at the head of blocks which could not be read: known, but poisoned.
    pub poisoned: Vec<Name>,
    /// Whether more names may be meant: a head without a name, shared terms or all of the text could not be read.
    pub unnamed: bool,
}

impl File {
    /// A text nobody could read.
    pub fn unread(id: FileId) -> File {
        File {
            id,
            items: Vec::new(),
            poisoned: Vec::new(),
            unnamed: true,
        }
    }

    /// Whether a block could not be read.
    pub fn lost_a_block(&self) -> bool {
        self.unnamed || !self.poisoned.is_empty()
    }
}

/// A block.
#[derive(Clone, Debug)]
pub enum Item {
    /// `plan "…"`
    Plan(PlanHead),
    /// `use "company.terms"`
    Use(Spanned<String>),
    /// `calendar`
    Calendar(CalendarBlock),
    /// `unit seat "Seat", plural seats`
    Unit(Unit),
    /// `people "…"`
    People(Source),
    /// `records NAME "…"`
    Records(Source),
    /// `credit NAME "…"`
    Credit(Credit),
    /// `budget NAME "…"`
    Budget(Budget),
    /// `draw NAME "…"`
    Draw(Draw),
    /// `rollup NAME "…"`
    Rollup(Rollup),
    /// `input NAME "…"`
    Input(Input),
    /// `quota NAME "…"`
    Quota(Quota),
    /// `measure NAME "…"`
    Measure(Measure),
    /// `tiers NAME on EXPR`
    Tiers(Tiers),
    /// `curve NAME on EXPR`
    Curve(Curve),
    /// `matrix NAME on EXPR by EXPR`, `value NAME by EXPR, EXPR`
    Lookup(Lookup),
    /// `rate NAME over time`
    Rate(Rate),
    /// `exchange NAME "…"`
    Exchange(Exchange),
    /// `scorecard NAME "…"`
    Scorecard(Scorecard),
    /// `carry NAME "…"`
    Carry(Carry),
    /// `component NAME "…"` and `pay NAME "…"`
    Pay(Pay),
    /// `clawback NAME "…"`
    Clawback(Clawback),
    /// `adjustments NAME "…"`
    Adjustments(Adjustments),
    /// `exception "…"`
    Exception(Exception),
    /// `pool NAME "…"`
    Pool(Pool),
    /// `total NAME "…"`
    Total(Total),
    /// `contest NAME "…"` and `ranking NAME "…"`
    Contest(Contest),
    /// `prove`
    Prove(Prove),
    /// `test "…"`
    Test(Test),
    /// `amend "…" as "…"`
    Amend(AmendHead),
    /// `replace` before any other head
    Replace(Replace),
    /// `on the change date`
    Change(Change),
}

/// `accept CODE because "…"`, and `cliffs accepted` with its `because`.
#[derive(Clone, Debug)]
pub struct Accept {
    /// The warnings accepted; `cliffs accepted` stands for P101 and P102.
    pub codes: Vec<Code>,
    /// The reason given.
    pub because: Spanned<String>,
    /// The whole clause.
    pub span: Span,
}
