//! Tables made in memory, value by value: for tests inside plans and for hypothetical rows.

use crate::base::{Currency, Exact};
use crate::table::column::{Column, CurrencyColumn, Lane, Numbers, Values};
use crate::table::row_set::RowSet;
use crate::table::schema::Kind;
use crate::table::texts::{NO_CODE, Texts};
use crate::table::value::Value;

/// The most decimals a value made in memory can have, as in files.
const MOST_DECIMALS: u32 = 28;

impl Column {
    /// A column of one kind; `None` is an empty cell. Money is of `currency`. A value of another kind, or
    /// a number that no lane can hold exactly, is an empty cell too: callers have checked both.
    pub fn from_values(kind: Kind, values: &[Option<Value>], currency: Currency) -> Column {
        let mut absent = RowSet::default();
        let mut miss = |row: usize| absent.insert(row);
        let values = match kind {
            Kind::Number | Kind::Percent | Kind::Money => {
                let denominator = common_denominator(values);
                let mut lane = Vec::with_capacity(values.len());
                for (row, value) in values.iter().enumerate() {
                    let units = match value {
                        Some(Value::Number(number)) => number.to_units(denominator),
                        _ => None,
                    };
                    lane.push(units.unwrap_or_else(|| {
                        miss(row);
                        0
                    }));
                }
                let currency = (kind == Kind::Money).then_some(CurrencyColumn::All(currency));
                Values::Numbers(Numbers {
                    denominator,
                    lane: Lane::narrowest(lane),
                    currency,
                })
            }
            Kind::Date => Values::Dates(
                values
                    .iter()
                    .enumerate()
                    .map(|(row, value)| match value {
                        Some(Value::Date(date)) => date.days(),
                        _ => {
                            miss(row);
                            0
                        }
                    })
                    .collect(),
            ),
            Kind::Text => {
                let mut texts = Texts::default();
                for (row, value) in values.iter().enumerate() {
                    let code = match value {
                        Some(Value::Text(word)) => {
                            texts.code(word).unwrap_or_else(|| texts.words.push(word))
                        }
                        _ => {
                            miss(row);
                            NO_CODE
                        }
                    };
                    texts.codes.push(code);
                }
                Values::Texts(texts)
            }
            Kind::Flag => Values::Flags(
                values
                    .iter()
                    .enumerate()
                    .map(|(row, value)| match value {
                        Some(Value::Bool(flag)) => *flag,
                        _ => {
                            miss(row);
                            false
                        }
                    })
                    .collect(),
            ),
        };
        Column {
            values,
            absent,
            faulty: Vec::new(),
        }
    }
}

impl Column {
    /// A column of money whose values have currencies of their own.
    pub fn in_currencies(mut self, own: Vec<Currency>) -> Column {
        if let Values::Numbers(numbers) = &mut self.values
            && numbers.currency.is_some()
        {
            numbers.currency = Some(CurrencyColumn::Rows(own.into_iter().map(Some).collect()));
        }
        self
    }
}

impl Lane {
    /// As narrow as the numbers allow.
    pub fn narrowest(wide: Vec<i128>) -> Lane {
        match wide.iter().map(|n| i64::try_from(*n)).collect() {
            Ok(narrow) => Lane::Narrow(narrow),
            Err(_) => Lane::Wide(wide),
        }
    }
}

/// The least power of ten that makes every number whole.
fn common_denominator(values: &[Option<Value>]) -> i128 {
    let whole_at = |number: &Exact| {
        (0..=MOST_DECIMALS)
            .map(|places| 10_i128.pow(places))
            .find(|d| number.to_units(*d).is_some())
    };
    values
        .iter()
        .filter_map(|value| match value {
            Some(Value::Number(number)) => whole_at(number),
            _ => None,
        })
        .max()
        .unwrap_or(1)
}
