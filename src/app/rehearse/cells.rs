//! The cells of a test's tables: text to values, and values to columns of the right kind.

use std::collections::BTreeMap;

use crate::base::{Currency, Date, Exact};
use crate::meaning::types::Type;
use crate::syntax::ast;
use crate::table::{Column, FileRows, Kind, Table, Value};

/// Under which name a row keeps the currency of a cell that names another than its column's. No column has a name with
/// blanks.
pub(in crate::app::rehearse) fn currency_key(column: &str) -> String {
    format!("{column}, currency")
}

/// A table of a test, with so many rows and no columns yet.
pub(in crate::app::rehearse) fn test_table(name: &str, rows: usize) -> Table {
    Table {
        files: vec![FileRows::new(format!("the test's {name}"), 0)],
        rows,
        ..Table::empty(name)
    }
}

/// How a table keeps values of a type.
pub(in crate::app::rehearse) fn kind_of(ty: Type) -> Kind {
    match ty {
        Type::Money(_) | Type::MoneyPer(..) => Kind::Money,
        Type::Percent | Type::Points => Kind::Percent,
        Type::Number | Type::Quantity(_) | Type::Poisoned => Kind::Number,
        Type::Date => Kind::Date,
        Type::Text | Type::Person | Type::Persons => Kind::Text,
        Type::Bool => Kind::Flag,
    }
}

/// A column of a test's rows, where some of them name another currency than its own.
pub(in crate::app::rehearse) fn with_currencies<'r>(
    column: Column,
    name: &str,
    currency: Currency,
    rows: impl Iterator<Item = &'r BTreeMap<String, Value>>,
) -> Column {
    let key = currency_key(name);
    let own = rows.map(|row| match row.get(&key) {
        Some(Value::Text(code)) => Currency::from_code(code).unwrap_or(currency),
        _ => currency,
    });
    let own: Vec<Currency> = own.collect();
    match own.iter().all(|own| *own == currency) {
        true => column,
        false => column.in_currencies(own),
    }
}

/// The currency that a cell of a test's table names.
pub(in crate::app::rehearse) fn currency_named(text: &str) -> Option<Currency> {
    Currency::from_code(text.rsplit_once(' ')?.1)
}

/// The currency of an amount as written.
pub(in crate::app::rehearse) fn money_of(written: &ast::Expr) -> Option<Currency> {
    match &written.kind {
        ast::ExprKind::Money(_, currency) => Some(*currency),
        ast::ExprKind::Negative(inner) => money_of(inner),
        _ => None,
    }
}

/// A cell of a test's table as a value of its column.
pub(in crate::app::rehearse) fn value_of(
    text: &str,
    ty: Type,
    currency: Currency,
) -> Option<Value> {
    Some(match ty {
        Type::Money(_) | Type::MoneyPer(..) => {
            let (number, code) = text.split_once(' ')?;
            (code.trim() == currency.code()).then_some(())?;
            Value::Number(grouped(number)?)
        }
        Type::Percent | Type::Points => {
            Value::Number(grouped(text.strip_suffix('%')?)? * Exact::ratio(1, 100)?)
        }
        Type::Quantity(_) => Value::Number(grouped(text.split(' ').next()?)?),
        Type::Number => Value::Number(grouped(text)?),
        Type::Date => Value::Date(Date::parse(text)?),
        Type::Text | Type::Person | Type::Persons => Value::Text(text.trim_matches('"').into()),
        Type::Bool => Value::Bool(match text {
            "yes" => true,
            "no" => false,
            _ => return None,
        }),
        Type::Poisoned => return None,
    })
}

/// A number whose thousands may be grouped by commas: `10,000.50`.
fn grouped(text: &str) -> Option<Exact> {
    let (whole, _) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next()?.len();
    let mut rest = groups.peekable();
    if rest.peek().is_some() && (first > 3 || rest.any(|group| group.len() != 3)) {
        return None;
    }
    Exact::parse(&text.replace(',', "")).ok()
}

/// What a cell of a column could say, with an example.
pub(in crate::app::rehearse) fn example_of(ty: Type, currency: Currency) -> String {
    match ty {
        Type::Money(_) | Type::MoneyPer(..) => format!("money, such as 10,000 {currency}"),
        Type::Percent | Type::Points => "a percentage, such as 85%".to_owned(),
        Type::Number | Type::Quantity(_) | Type::Poisoned => "a number, such as 12".to_owned(),
        Type::Date => "a date, such as 2026-03-31".to_owned(),
        Type::Text | Type::Person => "a text".to_owned(),
        Type::Persons => "ids of persons, such as `ana;ben`".to_owned(),
        Type::Bool => "yes or no".to_owned(),
    }
}
