//! The kinds of value a name can have, and how often it has one.

use crate::base::Currency;
use crate::meaning::plan::{SourceId, UnitId};

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// An amount of one currency.
    Money(Currency),
    /// A fraction written with `%`: 8% is the number 0.08.
    Percent,
    /// A difference of two percentages, written in points.
    Points,
    /// A plain number without a unit.
    Number,
    /// A number of a declared unit.
    Quantity(UnitId),
    /// Money for one of a declared unit.
    MoneyPer(Currency, UnitId),
    /// A civil date.
    Date,
    /// A text.
    Text,
    /// A person's id.
    Person,
    /// Ids of persons, parted by semicolons.
    Persons,
    /// Yes or no.
    Bool,
    /// Unknown because of an error that has been reported.
    Poisoned,
}

/// How often a name has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grain {
    /// Once: literals and what is made of them.
    Constant,
    /// Once for each record of a source, or for each credit on it.
    Record(SourceId),
    /// Once for each person and period.
    PersonPeriod,
}

impl Type {
    /// The currency of an amount of money.
    pub fn currency(self) -> Option<Currency> {
        match self {
            Type::Money(currency) | Type::MoneyPer(currency, _) => Some(currency),
            _ => None,
        }
    }
}
