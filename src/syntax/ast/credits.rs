//! Credits and inputs as written.

use crate::base::{Cadence, Residue};
use crate::diag::Span;
use crate::syntax::ast::{Accept, ColumnKind, Corrections, Expr, Name, Range, Round, Spanned};

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
    /// `known on …`, and what becomes of records that come in late.
    pub corrections: Corrections,
    /// `to deal.owner`
    pub to: Option<Expr>,
    /// `to everyone whose …`
    pub everyone: Option<Everyone>,
    /// `amount deal.amount`
    pub amount: Option<Expr>,
    /// `cap 150,000 USD each deal`: at most so much of the amount.
    pub cap: Option<Expr>,
    /// `cap 5,000 USD each share`: at most so much for each share.
    pub share_cap: Option<Expr>,
    /// `split …`, `split from …`
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

/// `to everyone whose territory is deal.territory on deal.close_date`
#[derive(Clone, Debug)]
pub struct Everyone {
    /// The column of people.
    pub fact: Name,
    /// The column of the record that says the same.
    pub value: Expr,
    /// The day on which people are read.
    pub on: Option<Expr>,
    /// `if several match …`
    pub several: Option<Spanned<Several>>,
    /// `if nobody matches …`
    pub nobody: Option<Spanned<Nobody>>,
    /// Whether a line of the block could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// The clause.
    pub span: Span,
}

/// What several persons get whose column says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Several {
    /// `each gets all`
    All,
    /// `they share equally`
    Equally,
    /// `it is an error`
    Error,
}

/// Who gets what nobody's column matches.
#[derive(Clone, Debug)]
pub enum Nobody {
    /// `it goes to the company | to deal.owner`
    Rest(RestTo),
    /// `it is an error`
    Error,
}

/// Who gets which part of a record.
#[derive(Clone, Debug)]
pub struct Split {
    /// Where the shares stand.
    pub shares: Shares,
    /// `if a person is missing the share goes to deal.owner | to nobody`
    pub missing: Option<Spanned<MissingShare>>,
    /// The clause.
    pub span: Span,
}

/// Where the shares of a split stand.
#[derive(Clone, Debug)]
pub enum Shares {
    /// `split`, `split when CONDITION`: in its table.
    Written {
        /// `when …`: otherwise all goes to `to`.
        when: Option<Expr>,
        /// Who gets which share.
        rows: Vec<SplitRow>,
    },
    /// `split from deal_splits as s`: in rows of another source.
    FromRows(SplitFrom),
    /// `split equally among deal.sellers`: a part as large for each person of the list.
    Among(Expr),
}

/// One row of a split.
#[derive(Clone, Debug)]
pub struct SplitRow {
    /// A person column, or `None` for `the company`.
    pub who: Option<Expr>,
    /// The share.
    pub share: Expr,
    /// `25% overlay`: on top of the whole.
    pub overlay: bool,
    /// The row.
    pub span: Span,
}

/// `split from deal_splits as s`
#[derive(Clone, Debug)]
pub struct SplitFrom {
    /// The source of the shares.
    pub source: Name,
    /// The word for one of its rows.
    pub word: Name,
    /// What a row says of its person's part.
    pub by: SplitBy,
    /// Its columns; `None` where the table could not be read, which was reported.
    pub row: Option<PartColumns>,
    /// `shares total …`
    pub total: Option<Spanned<SharesTotal>>,
    /// The last line of its table.
    pub end: Span,
    /// Whether a line of the block could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
}

/// The columns of a split source.
#[derive(Clone, Debug)]
pub struct PartColumns {
    /// The person.
    pub who: Expr,
    /// The share or weight, unless parts are equal.
    pub size: Option<Expr>,
    /// Whether the share is on top of the whole.
    pub overlay: Option<Expr>,
}

/// What a row of a split source says of its person's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitBy {
    /// A share of the whole.
    Share,
    /// `by weight`: a number, to which the part is in proportion.
    Weight,
    /// `equally`: nothing, all parts are the same.
    Equal,
}

/// What the shares of a record's rows add up to.
#[derive(Clone, Debug)]
pub struct SharesTotal {
    /// As written, 100% where it makes sense.
    pub total: Expr,
    /// `at most 100%, the rest to …`
    pub rest: Option<RestTo>,
}

/// Who gets what the shares of a record leave.
#[derive(Clone, Debug)]
pub enum RestTo {
    /// `the company`: nobody is credited with it.
    Company,
    /// This person column of the record.
    Person(Expr),
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
