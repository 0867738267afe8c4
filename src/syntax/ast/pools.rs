//! Pools as written.

use crate::base::Residue;
use crate::diag::Span;
use crate::syntax::ast::{Accept, Expr, Name, Round, Spanned};

/// `pool west_pool "Team pool"`
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `for each team`, `for all payees`
    pub whose: Option<Spanned<PoolOf>>,
    /// `size …`
    pub size: Option<Expr>,
    /// `…, at least 0 USD`
    pub at_least: Option<Expr>,
    /// `members …`, all of which must hold.
    pub members: Vec<Expr>,
    /// `share by …`
    pub share: Option<Spanned<ShareBy>>,
    /// `round each share to 0.01, down`
    pub round: Option<Round>,
    /// `remainder …`
    pub remainder: Option<Spanned<Remainder>>,
    /// Whether a line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// Whose pool it is.
#[derive(Clone, Debug)]
pub enum PoolOf {
    /// `for each team`: a pool for each text of a column of people.
    Each(Name),
    /// `for all payees`
    AllPayees,
}

/// What shares are in proportion to.
#[derive(Clone, Debug)]
pub enum ShareBy {
    /// `share equally`
    Equally,
    /// `share by total bookings, equally if all are zero`
    Weight(Expr, Option<AllZero>),
}

/// Who has a share where every weight is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllZero {
    /// `equally if all are zero`
    Equally,
    /// `nobody if all are zero`
    Nobody,
}

/// Who gets the units that rounding each share down leaves over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remainder {
    /// Members, by a rule of splits.
    Members(Residue),
    /// `to the company`: nobody.
    Company,
}
