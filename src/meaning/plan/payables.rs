//! When what a record earns becomes payable.

use crate::base::{Date, Exact, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{Expr, Pay};
use crate::syntax::ast::{Leaving, RestIn};

/// When what a record earns becomes payable, and what becomes of what does not.
#[derive(Clone, Debug)]
pub struct Payable {
    /// Its parts, in the order written; equal parts one by one. Their shares make the whole.
    pub parts: Vec<Part>,
    /// How an amount is cut into them; `None` where there is one.
    pub rounding: Option<(Rounding, RestIn)>,
    /// The last day on which a part becomes payable: a column of the record.
    pub until: Option<Expr>,
    /// What becomes of what is due after the person has left.
    pub leaving: Leaving,
    /// The clause.
    pub span: Span,
}

/// A part of what a record earns.
#[derive(Clone, Debug)]
pub struct Part {
    /// How much of it.
    pub share: Exact,
    /// The date from which is counted: a column of the record. While it is empty, the part is not due.
    pub date: Expr,
    /// How many days after it.
    pub days: i32,
    /// How many months after that.
    pub months: i32,
}

impl Part {
    /// The day on which it is due, by the date in the record; none after the last day there is.
    pub fn due(&self, date: Date) -> Option<Date> {
        date.add_days(self.days)?.add_months(self.months)
    }
}

impl Payable {
    /// The columns it reads.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        self.parts.iter().map(|part| &part.date).chain(&self.until)
    }
}

impl Pay {
    /// Whether any of its texts says when it is payable: then parts of earlier periods can stand open in any.
    pub fn withholds(&self) -> bool {
        self.texts().any(|text| text.payable.is_some())
    }
}
