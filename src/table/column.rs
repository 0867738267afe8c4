//! Typed columns: fixed-scale numbers, days, dictionary codes and flags, each with the rows that have
//! no value.

use crate::base::{Currency, Date, Exact};
use crate::table::row_set::RowSet;
use crate::table::texts::Texts;
use crate::table::value::Value;

/// Numbers of one scale: row `i` is worth `lane[i] / denominator`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// What the lane's whole numbers are divided by; a power of ten. At least 1.
    pub denominator: i128,
    /// The whole numbers.
    pub lane: Lane,
    /// The currency of each row, for a money column.
    pub currency: Option<CurrencyColumn>,
}

/// Whole numbers, as narrow as they fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The usual.
    Narrow(Vec<i64>),
    /// Where a number does not fit 64 bits.
    Wide(Vec<i128>),
}

/// Currencies of a money column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CurrencyColumn {
    /// The manifest names one for the whole source.
    All(Currency),
    /// Row by row; a row that names none is money of whatever plan reads it.
    Rows(Vec<Option<Currency>>),
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// Money, percent, quantities and plain numbers.
    Numbers(Numbers),
    /// Days since 1970-01-01.
    Dates(Vec<i32>),
    /// Texts and persons.
    Texts(Texts),
    /// Yes or no.
    Flags(Vec<bool>),
}

/// A column: values of one length, and the rows whose value must not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The values; where a row is absent or faulty the lane holds a neutral 0 that means nothing.
    pub values: Values,
    /// Rows whose cell is empty.
    pub absent: RowSet,
    /// Rows whose cell does not fit, each with its position in the table's faults.
    pub faulty: Vec<(u32, u32)>,
}

impl Numbers {
    /// The value of a row.
    pub fn get(&self, row: usize) -> Exact {
        match &self.lane {
            Lane::Narrow(lane) => Exact::fixed(i128::from(lane[row]), self.denominator),
            Lane::Wide(lane) => Exact::fixed(lane[row], self.denominator),
        }
    }

    /// The currency of a row, for money.
    pub fn currency(&self, row: usize) -> Option<Currency> {
        match self.currency.as_ref()? {
            CurrencyColumn::All(currency) => Some(*currency),
            CurrencyColumn::Rows(rows) => rows.get(row).copied().flatten(),
        }
    }
}

impl Column {
    /// How many rows.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Numbers(numbers) => match &numbers.lane {
                Lane::Narrow(lane) => lane.len(),
                Lane::Wide(lane) => lane.len(),
            },
            Values::Dates(days) => days.len(),
            Values::Texts(texts) => texts.codes.len(),
            Values::Flags(flags) => flags.len(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The position in the table's faults, where the row's cell does not fit.
    pub fn fault(&self, row: usize) -> Option<usize> {
        if self.faulty.is_empty() {
            return None;
        }
        let row = u32::try_from(row).ok()?;
        let at = self
            .faulty
            .binary_search_by_key(&row, |(row, _)| *row)
            .ok()?;
        Some(self.faulty[at].1 as usize)
    }

    /// The row's value, when it is neither absent nor faulty.
    pub fn value(&self, row: usize) -> Option<Value> {
        if self.absent.contains(row) || self.fault(row).is_some() {
            return None;
        }
        Some(match &self.values {
            Values::Numbers(numbers) => Value::Number(numbers.get(row)),
            Values::Dates(days) => Value::Date(Date::from_days(days[row])?),
            Values::Texts(texts) => Value::Text(texts.get(row)?.into()),
            Values::Flags(flags) => Value::Bool(flags[row]),
        })
    }
}
