//! Tables of values: tiers, curves, matrices, values by key or by date, rates of exchange.

use crate::base::Date;
use crate::diag::{Code, Diagnostic, Problems};
use crate::syntax::ast::{Expr, LookupRow, Name, Point, Range, RateRow, Spanned, TierRow};
use crate::syntax::cells::ranges::{read_range, read_range_among};
use crate::syntax::cells::{body, name_of, read_code, read_days, read_value, rows_under};
use crate::syntax::expressions::unquoted;
use crate::syntax::lines::Row;

/// Headings and rows of a tier table.
pub(in crate::syntax) fn tiers(
    rows: &[Row<'_>],
    problems: &mut Problems,
) -> (Vec<Name>, Vec<TierRow>) {
    let Some((heading, rows)) = body(rows, Some(2), problems) else {
        return (Vec::new(), Vec::new());
    };
    if heading.cells.len() != 2 {
        problems.push(
            Diagnostic::at(
                Code::S008,
                heading.line.span(),
                "a tier table has two columns: the range and what it is worth",
            )
            .help("for example", "| attainment | rate |"),
        );
        return (Vec::new(), Vec::new());
    }
    let headings = heading.cells.iter().map(name_of).collect();
    let mut tiers = Vec::new();
    let cell_of = |at: Option<usize>| at.and_then(|at| rows.get(at)?.cells.first().copied());
    for (at, row) in rows.iter().enumerate() {
        let [range, value] = row.cells.as_slice() else {
            continue;
        };
        let around = (cell_of(at.checked_sub(1)), cell_of(Some(at + 1)));
        let range = read_range_among(*range, around, problems);
        let Some(value) = read_value(*value, problems) else {
            continue;
        };
        tiers.push(TierRow {
            range,
            value,
            span: row.line.span(),
        });
    }
    (headings, tiers)
}

/// Points of a curve.
pub(in crate::syntax) fn points(rows: &[Row<'_>], problems: &mut Problems) -> Vec<Point> {
    let Some((_, rows)) = body(rows, Some(2), problems) else {
        return Vec::new();
    };
    let mut points = Vec::new();
    for row in rows {
        let [at, value] = row.cells.as_slice() else {
            continue;
        };
        let (at, value) = (read_value(*at, problems), read_value(*value, problems));
        if let (Some(at), Some(value)) = (at, value) {
            points.push(Point {
                at,
                value,
                span: row.line.span(),
            });
        }
    }
    points
}

/// Cells of a matrix, each with the range of its row and of its column.
pub(in crate::syntax) fn matrix(rows: &[Row<'_>], problems: &mut Problems) -> Vec<LookupRow> {
    let Some((heading, rows)) = body(rows, None, problems) else {
        return Vec::new();
    };
    let columns: Vec<Option<Range>> = heading
        .cells
        .iter()
        .skip(1)
        .map(|cell| read_range(*cell, problems))
        .collect();
    let mut cells = Vec::new();
    for row in rows {
        let Some((first, values)) = row.cells.split_first() else {
            continue;
        };
        let range = read_range(*first, problems);
        for (at, (column, cell)) in columns.iter().zip(values).enumerate() {
            if cell.text.is_empty() {
                let above = heading.cells.get(at + 1).map_or("", |cell| cell.text);
                problems.push(
                    Diagnostic::at(
                        Code::T406,
                        cell.span(),
                        format!("no value where `{}` meets `{above}`", first.text),
                    )
                    .saying("this cell is empty")
                    .help("every pair of ranges has a value; nothing is", "0%"),
                );
                continue;
            }
            if let Some(value) = read_value(*cell, problems) {
                cells.push(LookupRow {
                    ranges: vec![range.clone(), column.clone()],
                    value,
                    approved_by: None,
                    span: cell.span(),
                });
            }
        }
    }
    cells
}

/// Rows of a `value`: a range for each key, the value, and, where a column says so, who approved it.
pub(in crate::syntax) fn lookup(
    rows: &[Row<'_>],
    keys: usize,
    problems: &mut Problems,
) -> Vec<LookupRow> {
    let Some((heading, rows)) = body(rows, None, problems) else {
        return Vec::new();
    };
    let approved = heading.cells.get(keys + 1).map(|cell| cell.text);
    let fits = match heading.cells.len().checked_sub(keys + 1) {
        Some(0) => true,
        Some(1) => approved == Some("approved by"),
        _ => false,
    };
    if !fits {
        problems.push(
            Diagnostic::at(
                Code::S008,
                heading.line.span(),
                format!(
                    "this table needs {} columns: one for each key, and the value",
                    keys + 1
                ),
            )
            .help(
                "a further column can say who approved a row",
                "| role | rate | approved by |",
            ),
        );
        return Vec::new();
    }
    let mut found = Vec::new();
    for row in rows {
        let ranges = row.cells.iter().take(keys);
        let ranges = ranges.map(|cell| read_range(*cell, problems)).collect();
        let Some(value) = row
            .cells
            .get(keys)
            .and_then(|cell| read_value(*cell, problems))
        else {
            continue;
        };
        let by = row.cells.get(keys + 1).filter(|cell| !cell.text.is_empty());
        found.push(LookupRow {
            ranges,
            value,
            approved_by: by.map(|cell| Spanned {
                value: unquoted(cell.text).to_owned(),
                span: cell.span(),
            }),
            span: row.line.span(),
        });
    }
    found
}

/// Rows of a value with a history.
pub(in crate::syntax) fn dated(
    rows: &[Row<'_>],
    problems: &mut Problems,
) -> Vec<(Spanned<(Date, Date)>, Expr)> {
    let Some((_, rows)) = body(rows, Some(2), problems) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for row in rows {
        let [dates, value] = row.cells.as_slice() else {
            continue;
        };
        let days = read_days(*dates, problems);
        let value = read_value(*value, problems);
        if let (Some(days), Some(value)) = (days, value) {
            let span = row.line.span();
            found.push((Spanned { value: days, span }, value));
        }
    }
    found
}

/// Rates of exchange, each with its two currencies and its days.
pub(in crate::syntax) fn exchange_rates(rows: &[Row<'_>], problems: &mut Problems) -> Vec<RateRow> {
    const HEADINGS: [&str; 4] = ["from", "to", "effective", "rate"];
    let mut found = Vec::new();
    for row in rows_under(&HEADINGS, rows, problems) {
        let [from, to, days, rate] = row.cells.as_slice() else {
            continue;
        };
        let (from, to) = (read_code(*from, problems), read_code(*to, problems));
        let (days, rate) = (read_days(*days, problems), read_value(*rate, problems));
        if let (Some(from), Some(to), Some(days), Some(rate)) = (from, to, days, rate) {
            found.push(RateRow {
                from,
                to,
                days,
                rate,
                span: row.line.span(),
            });
        }
    }
    found
}
