//! Rows of tables: each cell is read by the rule of its column.

use crate::base::{Currency, Date};
use crate::diag::{Code, Diagnostic, Edit, Problems};
use crate::syntax::ast::{Expr, Name, Spanned};
use crate::syntax::expressions::{Reader, unquoted};
use crate::syntax::grammar::{Rule, Words, parts, read};
use crate::syntax::lines::{Piece, Row};
use crate::syntax::{errors, spellings};

mod columns;
mod contests;
mod ranges;
mod scorecards;
mod shares;
mod tables;

pub(in crate::syntax) use columns::columns;
pub(in crate::syntax) use contests::prizes;
pub(in crate::syntax) use ranges::unclear_range;
pub(in crate::syntax) use scorecards::objectives;
pub(in crate::syntax) use shares::{levels, row_of_split, shares};
pub(in crate::syntax) use tables::{dated, exchange_rates, lookup, matrix, points, tiers};

/// The most rows in one table.
const MOST_ROWS: usize = 500;

/// Rows below the heading, each as wide as it. Rows that are not are reported and left out.
pub(in crate::syntax) fn body<'r, 't>(
    rows: &'r [Row<'t>],
    width: Option<usize>,
    problems: &mut Problems,
) -> Option<(&'r Row<'t>, Vec<&'r Row<'t>>)> {
    let (heading, rest) = rows.split_first()?;
    let mut whole = Vec::new();
    if let Some(row) = rows.get(MOST_ROWS + 1) {
        problems.push(errors::too_large(
            row.line.span(),
            "A table this long is data and belongs in a file.",
            "500 rows in one table",
        ));
        return Some((heading, whole));
    }
    for row in rows.iter() {
        if !row.closed {
            let end = row.line.sub(row.line.text.len(), row.line.text.len());
            problems.push(
                Diagnostic::at(
                    Code::S008,
                    row.line.span(),
                    "this row has no `|` at its end",
                )
                .fix(
                    "close the row",
                    format!("{} |", row.line.text),
                    vec![Edit {
                        span: end,
                        text: " |".to_owned(),
                    }],
                ),
            );
        }
    }
    let width = width.unwrap_or(heading.cells.len());
    for row in rest {
        if row.cells.iter().all(|cell| is_ruled(cell.text)) {
            problems.push(errors::ruled_row(row.line));
        } else if row.cells.len() == width {
            whole.push(row);
        } else {
            problems.push(
                Diagnostic::at(
                    Code::S008,
                    row.line.span(),
                    format!(
                        "this row has {} cells, and the table has {width} columns",
                        row.cells.len()
                    ),
                )
                .label(heading.line.span(), "the columns")
                .saying(if row.cells.len() > width {
                    "a cell too many"
                } else {
                    "a cell is missing"
                })
                .help("one cell for each column", shape_of(width)),
            );
        }
    }
    Some((heading, whole))
}

/// `---`, as other tables part headings and rows.
fn is_ruled(cell: &str) -> bool {
    cell.contains("--") && cell.chars().all(|c| matches!(c, '-' | ':'))
}

/// A row of a table with so many columns.
fn shape_of(width: usize) -> String {
    format!("|{}", " … |".repeat(width))
}

/// Checks that a heading has these columns, in this order.
fn heading_is(heading: &Row<'_>, columns: &[&str], problems: &mut Problems) -> bool {
    let found: Vec<&str> = heading.cells.iter().map(|cell| cell.text).collect();
    if found == columns {
        return true;
    }
    let shown = format!("| {} |", columns.join(" | "));
    problems.push(
        Diagnostic::at(
            Code::S008,
            heading.line.span(),
            "this table needs other headings",
        )
        .saying(format!(
            "expected {}",
            errors::listed(columns.iter().copied())
        ))
        .fix(
            "write",
            shown.clone(),
            vec![Edit {
                span: heading.line.span(),
                text: shown,
            }],
        ),
    );
    false
}

/// The rows of a table that must have these columns.
fn rows_under<'r, 't>(
    columns: &[&str],
    rows: &'r [Row<'t>],
    problems: &mut Problems,
) -> Vec<&'r Row<'t>> {
    match body(rows, Some(columns.len()), problems) {
        Some((heading, rows)) if heading_is(heading, columns, problems) => rows,
        _ => Vec::new(),
    }
}

/// The value cell of a row.
fn read_value(cell: Piece<'_>, problems: &mut Problems) -> Option<Expr> {
    let words = parse(
        Rule::cell_value,
        cell,
        "a value such as `8%` or `500 USD`",
        problems,
    )?;
    let words = parts(words).next()?;
    Some(
        Reader {
            piece: cell,
            problems,
        }
        .expr(words),
    )
}

/// A currency by its code.
fn read_code(cell: Piece<'_>, problems: &mut Problems) -> Option<Spanned<Currency>> {
    let words = parse(
        Rule::cell_code,
        cell,
        "a currency's code such as `USD`",
        problems,
    )?;
    let mut reader = Reader {
        piece: cell,
        problems,
    };
    let value = reader.currency(&parts(words).next()?)?;
    Some(Spanned {
        value,
        span: cell.span(),
    })
}

/// First and last day.
fn read_days(cell: Piece<'_>, problems: &mut Problems) -> Option<(Date, Date)> {
    let expected = "dates such as `2026-01-01 through 2026-06-30`";
    let words = parse(Rule::cell_dates, cell, expected, problems)?;
    let mut reader = Reader {
        piece: cell,
        problems,
    };
    reader.days(words)
}

/// Headings and cells of a test's table, as written.
pub(in crate::syntax) fn given(
    rows: &[Row<'_>],
    problems: &mut Problems,
) -> (Vec<Name>, Vec<Vec<Name>>) {
    let Some((heading, rows)) = body(rows, None, problems) else {
        return (Vec::new(), Vec::new());
    };
    let headings = heading.cells.iter().map(name_of).collect();
    let rows = rows
        .into_iter()
        .map(|row| row.cells.iter().map(name_of).collect())
        .collect();
    (headings, rows)
}

fn name_of(cell: &Piece<'_>) -> Name {
    Name {
        text: unquoted(cell.text).to_owned(),
        span: cell.span(),
    }
}

fn parse<'t>(
    rule: Rule,
    cell: Piece<'t>,
    expected: &str,
    problems: &mut Problems,
) -> Option<Words<'t>> {
    match read(rule, cell.text) {
        Ok(words) => Some(words),
        Err(_) => {
            let meant = spellings::cells_meant(cell.text).find(|meant| read(rule, meant).is_ok());
            if let Some(meant) = meant {
                problems.push(errors::written_otherwise(cell, "this", meant));
                return None;
            }
            let message = if cell.text.is_empty() {
                "this cell is empty".to_owned()
            } else {
                format!("I can't read `{}` here", cell.text)
            };
            problems.push(
                Diagnostic::at(Code::S008, cell.span(), message)
                    .saying(format!("expected {expected}")),
            );
            None
        }
    }
}
