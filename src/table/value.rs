//! One cell's value.

use std::sync::Arc;

use crate::base::{Date, Exact};

/// A value that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Money in whole units of its currency, a fraction for percent, or any other number.
    Number(Exact),
    /// A text or a person's id.
    Text(Arc<str>),
    /// A date.
    Date(Date),
    /// Yes or no.
    Bool(bool),
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A value.
    Value(Value),
    /// Nothing: the cell is empty and its column allows that.
    Absent,
    /// Something that does not fit its column; the number is the position in [`crate::table::Table::faults`].
    Fault(usize),
}

/// The items of a list in a cell, which stand between semicolons.
pub fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(';')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}
