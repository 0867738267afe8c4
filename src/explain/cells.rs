//! What the cells of the data say to a plan.

use crate::base::Currency;
use crate::explain::exchanges::Amount;
use crate::explain::expression::{Found, Scalar, Stop};
use crate::meaning::plan::{Column, Plan};
use crate::table::{Cause, Read, Table, Value, Values};

/// What a cell says to a plan of one currency.
pub(in crate::explain) fn read_cell(plan: &Plan, table: &Table, column: &str, row: usize) -> Found {
    cell_in(plan.currency, table, column, row)
}

/// What a cell of a declared column says: money is of the column's currency.
pub(in crate::explain) fn read_column(
    plan: &Plan,
    table: &Table,
    column: &Column,
    row: usize,
) -> Found {
    let currency = column.ty.currency().unwrap_or(plan.currency);
    cell_in(currency, table, &column.name, row)
}

/// What a cell of money says, in its own currency.
pub(in crate::explain) fn read_amount(
    plan: &Plan,
    table: &Table,
    column: &Column,
    row: usize,
) -> Amount {
    let declared = column.ty.currency().unwrap_or(plan.currency);
    read_money(declared, table, &column.name, row)
}

/// What a cell of money says, in its own currency, or else in the declared one.
pub(in crate::explain) fn read_money(
    declared: Currency,
    table: &Table,
    column: &str,
    row: usize,
) -> Amount {
    let currency = own_currency(table, column, row).unwrap_or(declared);
    match cell_in(currency, table, column, row)? {
        Scalar::Number(amount) => Ok((amount, currency)),
        _ => Err(Stop::Nothing),
    }
}

/// The currency that a cell, its row or its file names.
fn own_currency(table: &Table, column: &str, row: usize) -> Option<Currency> {
    match &table.column(column)?.values {
        Values::Numbers(numbers) => numbers.currency(row),
        _ => None,
    }
}

fn cell_in(currency: Currency, table: &Table, column: &str, row: usize) -> Found {
    let value = match table.read(column, row) {
        Read::Value(value) => value,
        Read::Absent => {
            return Err(Stop::Empty(Cause::empty(
                column,
                table.cell(row, column, ""),
            )));
        }
        Read::Fault(at) => {
            return Err(Stop::Held(
                table.faults.get(at).map(Cause::fault).into_iter().collect(),
            ));
        }
    };
    Ok(match value {
        Value::Text(text) => Scalar::Text(text.to_string()),
        Value::Date(date) => Scalar::Date(date),
        Value::Bool(flag) => Scalar::Flag(flag),
        Value::Number(number) => {
            let own = own_currency(table, column, row);
            if let Some(own) = own.filter(|own| *own != currency) {
                let found = table.cell(row, column, &format!("{} {own}", number.to_plain()));
                return Err(Stop::Held(vec![Cause::currency(
                    own.code(),
                    currency.code(),
                    found,
                )]));
            }
            Scalar::Number(number)
        }
    })
}

/// Why rows of a table that are not whole hold a person: they may be about them.
pub(in crate::explain) fn of_broken_rows(table: &Table, payee: &str) -> Vec<Cause> {
    let rows = table.broken.iter();
    rows.filter(|row| row.may_be_about(payee))
        .filter_map(|row| table.cause(row))
        .collect()
}

/// The id of a record; empty where it cannot be read.
pub(in crate::explain) fn record_id(plan: &Plan, table: &Table, row: usize) -> String {
    match read_cell(plan, table, "id", row) {
        Ok(Scalar::Text(id)) => id,
        _ => String::new(),
    }
}
