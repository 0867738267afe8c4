//! Credits, inputs and quotas as written.

use crate::base::{Cadence, Residue};
use crate::diag::Span;
use crate::syntax::ast::{Accept, ColumnKind, Expr, Name, Range, Round, Spanned};

/// `from SOURCE, one per payee per quarter`
#[derive(Clone, Debug)]
pub struct QuotaFrom {
    /// The source that the manifest binds.
    pub source: Name,
    /// The length of time one quota is for.
    pub cadence: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// `credit NAME "…"`
#[derive(Clone, Debug)]
pub struct Credit {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from deals as deal`: source and the word for one record.
    pub from: Option<(Name, Name)>,
    /// `when …`, all of which must hold.
    pub when: Vec<Expr>,
    /// `dated by deal.close_date`
    pub dated_by: Option<Expr>,
    /// `to deal.owner`
    pub to: Option<Expr>,
    /// `amount deal.amount`
    pub amount: Option<Expr>,
    /// `cap 150,000 USD each deal`: at most so much of the amount.
    pub cap: Option<Expr>,
    /// `cap 5,000 USD each share`: at most so much for each share.
    pub share_cap: Option<Expr>,
    /// `split …`
    pub split: Option<Split>,
    /// `round each share to 0.01, down`
    pub round: Option<Round>,
    /// `remainder to the largest share`
    pub remainder: Option<Spanned<Residue>>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `split`, `split when CONDITION`, with its table.
#[derive(Clone, Debug)]
pub struct Split {
    /// `when …`: otherwise all goes to `to`.
    pub when: Option<Expr>,
    /// Who gets which share.
    pub rows: Vec<SplitRow>,
    /// `if a person is missing the share goes to deal.owner | to nobody`
    pub missing: Option<Spanned<MissingShare>>,
    /// The clause.
    pub span: Span,
}

/// One row of a split.
#[derive(Clone, Debug)]
pub struct SplitRow {
    /// A person column, or `None` for `the company`.
    pub who: Option<Expr>,
    /// The share.
    pub share: Expr,
    /// The row.
    pub span: Span,
}

/// Where the share of an absent person goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingShare {
    /// To this person column.
    To(Expr),
    /// `to nobody`: it stays uncredited and is reported.
    Nobody,
}

/// `10 days after the quarter ends`
#[derive(Clone, Debug)]
pub struct Days {
    /// How many.
    pub count: u16,
    /// After the end of what.
    pub cadence: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// `input NAME "…"`
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name, also the value column's in the source of the same name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `type Percent from 0% through 100%`
    pub kind: Option<InputKind>,
    /// `for the company, each quarter`
    pub whose: Option<InputFor>,
    /// `kept by "…"`
    pub kept_by: Option<Spanned<String>>,
    /// `due 10 days after the quarter ends`
    pub due: Option<Days>,
    /// `sign-off "…"`
    pub sign_off: Option<Spanned<String>>,
    /// `if missing …`
    pub missing: Option<Spanned<InputMissing>>,
    /// Whether a line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `type Percent from 0% through 100%`
#[derive(Clone, Debug)]
pub struct InputKind {
    /// Money, percent, number or quantity.
    pub kind: ColumnKind,
    /// What it can be; `None` where it is not said.
    pub range: Option<Range>,
    /// The clause.
    pub span: Span,
}

/// `for the company, each quarter`
#[derive(Clone, Debug)]
pub struct InputFor {
    /// Of whom.
    pub whose: InputOf,
    /// How often.
    pub cadence: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// Of whom an input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputOf {
    /// `the company`
    Company,
    /// `each person`
    Person,
    /// `each team`: a column of people.
    Column(Name),
}

/// What holds until an input is there.
#[derive(Clone, Debug)]
pub enum InputMissing {
    /// `hold this payout`
    Hold,
    /// `use 85%`
    Use(Expr),
}

/// `quota NAME "…"`
#[derive(Clone, Debug)]
pub struct Quota {
    /// Its name, also the column's name in the source.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from SOURCE, one per payee per year`
    pub from: Option<QuotaFrom>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}
