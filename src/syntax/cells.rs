//! Rows of tables: each cell is read by the rule of its column.

use crate::base::{Currency, Date};
use crate::diag::{Code, Diagnostic, Edit, Problems};
use crate::syntax::ast::{
    ColumnKind, ColumnLine, Counts, Expr, LookupRow, Name, Objective, PartColumns, Point, PrizeRow,
    Range, RateRow, Spanned, SplitBy, SplitRow, TierRow,
};
use crate::syntax::errors;
use crate::syntax::expressions::{Reader, unquoted};
use crate::syntax::grammar::{Rule, Words, choice, parts, read};
use crate::syntax::lines::{Piece, Row};
use crate::syntax::spellings;

/// The most rows in one table.
const MOST_ROWS: usize = 500;

/// As many places as anybody gives prizes for.
const MOST_PLACES: u32 = 10_000;

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

/// Columns of people or records.
pub(in crate::syntax) fn columns(rows: &[Row<'_>], problems: &mut Problems) -> Vec<ColumnLine> {
    let Some((heading, rows)) = body(rows, Some(3), problems) else {
        return Vec::new();
    };
    if !heading_is(heading, &["column", "type", "meaning"], problems) {
        return Vec::new();
    }
    let mut columns = Vec::new();
    for row in rows {
        let [name, kind, meaning] = row.cells.as_slice() else {
            continue;
        };
        let name = parse(
            Rule::cell_name,
            *name,
            "a column's name such as `amount`",
            problems,
        );
        let kind = parse(
            Rule::cell_kind,
            *kind,
            "a type such as `Text`, `Money` or `Date or none`",
            problems,
        );
        let (Some(name), Some(kind)) = (name, kind) else {
            continue;
        };
        let reader = Reader {
            piece: row.cells[0],
            problems,
        };
        let Some(name) = parts(name).next().map(|word| reader.name(&word)) else {
            continue;
        };
        if row.cells[1].text.contains('"') {
            problems.push(errors::quoted_choices(row.cells[1]));
        }
        let reader = Reader {
            piece: row.cells[1],
            problems,
        };
        let optional = choice(&kind, &[Rule::k_or_none]).is_some();
        let Some(words) = parts(kind).next() else {
            continue;
        };
        let span = reader.span(&words);
        columns.push(ColumnLine {
            name,
            kind: Spanned {
                value: column_kind(&reader, words),
                span,
            },
            optional,
            meaning: Spanned {
                value: meaning.text.to_owned(),
                span: meaning.span(),
            },
        });
    }
    columns
}

fn column_kind(reader: &Reader<'_, '_>, words: Words<'_>) -> ColumnKind {
    let word = words.clone().into_inner().next().map(|word| word.as_rule());
    let inner = parts(words).next();
    match (word, inner) {
        (Some(Rule::kind_one_of), Some(list)) => ColumnKind::OneOf(
            parts(list)
                .map(|choice| unquoted(choice.as_str().trim()).to_owned())
                .collect(),
        ),
        (Some(Rule::kind_qty), Some(quantity)) => match parts(quantity).next() {
            Some(unit) => ColumnKind::Quantity(reader.name(&unit)),
            None => ColumnKind::Number,
        },
        (Some(Rule::k_Money), _) => ColumnKind::Money,
        (Some(Rule::k_Percent), _) => ColumnKind::Percent,
        (Some(Rule::k_Number), _) => ColumnKind::Number,
        (Some(Rule::k_Date), _) => ColumnKind::Date,
        (Some(Rule::k_Person), _) => ColumnKind::Person,
        (Some(Rule::k_List_of_persons), _) => ColumnKind::Persons,
        (Some(Rule::k_Yes_or_no), _) => ColumnKind::YesNo,
        _ => ColumnKind::Text,
    }
}

/// Shares of a split.
pub(in crate::syntax) fn shares(rows: &[Row<'_>], problems: &mut Problems) -> Vec<SplitRow> {
    let Some((heading, rows)) = body(rows, Some(2), problems) else {
        return Vec::new();
    };
    if !heading_is(heading, &["who", "share"], problems) {
        return Vec::new();
    }
    let mut shares = Vec::new();
    for row in rows {
        let [who, share] = row.cells.as_slice() else {
            continue;
        };
        let (who, share) = (*who, *share);
        let who_words = parse(
            Rule::cell_who,
            who,
            "a person's column such as `deal.owner`, or `the company`",
            problems,
        );
        let share_words = parse(
            Rule::cell_share,
            share,
            "a share such as `70%`, `1/3` or `25% overlay`",
            problems,
        );
        let (Some(who_words), Some(share_words)) = (who_words, share_words) else {
            continue;
        };
        let person = parts(who_words).next().map(|path| {
            Reader {
                piece: who,
                problems,
            }
            .path(path)
        });
        let overlay = choice(&share_words, &[Rule::k_overlay]).is_some();
        let Some(share_words) = parts(share_words).next() else {
            continue;
        };
        let share = Reader {
            piece: share,
            problems,
        }
        .expr(share_words);
        shares.push(SplitRow {
            who: person,
            share,
            overlay,
            span: row.line.span(),
        });
    }
    shares
}

/// The only row of a split from rows of another source: whose, and by what column.
pub(in crate::syntax) fn row_of_split(
    rows: &[Row<'_>],
    by: SplitBy,
    problems: &mut Problems,
) -> Option<PartColumns> {
    let has_overlay = rows.first().is_some_and(|heading| heading.cells.len() == 3);
    let headings: &[&str] = match by {
        SplitBy::Share if has_overlay => &["who", "share", "overlay"],
        SplitBy::Share => &["who", "share"],
        SplitBy::Weight => &["who", "weight"],
        SplitBy::Equal => &["who"],
    };
    let (heading, rows) = body(rows, Some(headings.len()), problems)?;
    if !heading_is(heading, headings, problems) {
        return None;
    }
    if let Some(second) = rows.get(1) {
        problems.push(
            Diagnostic::at(
                Code::S008,
                second.line.span(),
                "one row says it for all rows of the source",
            )
            .help("keep one", "| s.person | s.share |"),
        );
    }
    let Some(row) = rows.first() else {
        problems.push(
            Diagnostic::at(Code::S007, heading.line.span(), "this table has no row")
                .help("add it", "| s.person | s.share |"),
        );
        return None;
    };
    let mut column = |at: usize, example: &str| {
        let cell = *row.cells.get(at)?;
        let words = parse(Rule::cell_path, cell, example, problems)?;
        let path = parts(words).next()?;
        Some(
            Reader {
                piece: cell,
                problems,
            }
            .path(path),
        )
    };
    let who = column(0, "a person's column of the source, such as `s.person`")?;
    let share = match by {
        SplitBy::Equal => None,
        _ => Some(column(1, "a column of the source, such as `s.share`")?),
    };
    let overlay = match headings.get(2) {
        None => None,
        Some(_) => Some(column(2, "a column of the source, such as `s.overlay`")?),
    };
    Some(PartColumns {
        who,
        size: share,
        overlay,
    })
}

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
        let value_cell = *value;
        let Some(words) = parse(
            Rule::cell_value,
            value_cell,
            "a value such as `8%` or `500 USD`",
            problems,
        ) else {
            continue;
        };
        let Some(words) = parts(words).next() else {
            continue;
        };
        let value = Reader {
            piece: value_cell,
            problems,
        }
        .expr(words);
        tiers.push(TierRow {
            range,
            value,
            span: row.line.span(),
        });
    }
    (headings, tiers)
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
    let Some((heading, rows)) = body(rows, Some(HEADINGS.len()), problems) else {
        return Vec::new();
    };
    if !heading_is(heading, &HEADINGS, problems) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for row in rows {
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

/// Levels of a roll-up, each with its share.
pub(in crate::syntax) fn levels(
    rows: &[Row<'_>],
    problems: &mut Problems,
) -> Vec<(Spanned<Expr>, Expr)> {
    const HEADINGS: [&str; 2] = ["level", "share"];
    let Some((heading, rows)) = body(rows, Some(HEADINGS.len()), problems) else {
        return Vec::new();
    };
    if !heading_is(heading, &HEADINGS, problems) {
        return Vec::new();
    }
    let mut levels = Vec::new();
    for row in rows {
        let [level, share] = row.cells.as_slice() else {
            continue;
        };
        let span = level.span();
        let read = (read_value(*level, problems), read_value(*share, problems));
        if let (Some(value), Some(share)) = read {
            levels.push((Spanned { value, span }, share));
        }
    }
    levels
}

/// Rows of a contest.
pub(in crate::syntax) fn prizes(rows: &[Row<'_>], problems: &mut Problems) -> Vec<PrizeRow> {
    const HEADINGS: [&str; 2] = ["place", "prize"];
    let Some((heading, rows)) = body(rows, Some(HEADINGS.len()), problems) else {
        return Vec::new();
    };
    if !heading_is(heading, &HEADINGS, problems) {
        return Vec::new();
    }
    let rows = rows.into_iter();
    rows.filter_map(|row| prize(row, problems)).collect()
}

fn prize(row: &Row<'_>, problems: &mut Problems) -> Option<PrizeRow> {
    let [place, prize] = row.cells.as_slice() else {
        return None;
    };
    let what = "a place such as `1` or `3 through 5`";
    let places = parse(Rule::cell_place, *place, what, problems);
    let what = "a prize such as `5,000 USD` or `1,000 USD each`";
    let worth = parse(Rule::cell_prize, *prize, what, problems);
    let (places, worth) = (places?, worth?);
    let ends: Option<Vec<u32>> = parts(places)
        .map(|whole| whole.as_str().parse().ok())
        .collect();
    let value = match ends.as_deref() {
        Some([place]) => (*place, *place),
        Some([first, last]) => (*first, *last),
        _ => (0, 0),
    };
    if !(1 <= value.0 && value.0 <= value.1 && value.1 <= MOST_PLACES) {
        problems.push(
            Diagnostic::at(Code::S008, place.span(), "these are no places").saying(format!(
                "places are 1 through {MOST_PLACES}, the better one first"
            )),
        );
        return None;
    }
    let each = crate::syntax::grammar::choice(&worth, &[Rule::k_each]).is_some();
    let mut reader = Reader {
        piece: *prize,
        problems,
    };
    Some(PrizeRow {
        places: Spanned {
            value,
            span: place.span(),
        },
        prize: reader.amount(parts(worth).next()?),
        each,
        span: row.line.span(),
    })
}

/// Rows of a scorecard.
pub(in crate::syntax) fn objectives(rows: &[Row<'_>], problems: &mut Problems) -> Vec<Objective> {
    const HEADINGS: [&str; 5] = ["objective", "weight", "score", "owner", "counts"];
    let Some((heading, rows)) = body(rows, None, problems) else {
        return Vec::new();
    };
    let found: Vec<&str> = heading.cells.iter().map(|cell| cell.text).collect();
    let known = found.get(..3) == HEADINGS.get(..3)
        && found
            .iter()
            .skip(3)
            .all(|name| matches!(*name, "owner" | "counts"));
    if !known {
        heading_is(heading, &HEADINGS, problems);
        return Vec::new();
    }
    let column = |name: &str| found.iter().position(|own| *own == name);
    let mut objectives = Vec::new();
    for row in rows {
        let cell = |name: &str| column(name).and_then(|at| row.cells.get(at)).copied();
        let (Some(name), Some(weight), Some(score)) =
            (cell("objective"), cell("weight"), cell("score"))
        else {
            continue;
        };
        let words = parse(Rule::cell_name, name, "a name such as `renewals`", problems);
        let weight = read_value(weight, problems);
        let score = read_value(score, problems);
        let counts = cell("counts").map_or_else(Vec::new, |cell| read_counts(cell, problems));
        let (Some(words), Some(weight), Some(score)) = (words, weight, score) else {
            continue;
        };
        let reader = Reader {
            piece: name,
            problems,
        };
        let Some(name) = parts(words).next().map(|word| reader.name(&word)) else {
            continue;
        };
        let owner = cell("owner").filter(|cell| !cell.text.is_empty());
        objectives.push(Objective {
            name,
            weight,
            score,
            owner: owner.map(|cell| Spanned {
                value: unquoted(cell.text).to_owned(),
                span: cell.span(),
            }),
            counts,
            span: row.line.span(),
        });
    }
    objectives
}

fn read_counts(cell: Piece<'_>, problems: &mut Problems) -> Vec<Counts> {
    if cell.text.is_empty() {
        return Vec::new();
    }
    let expected = "what counts, such as `at least 0%, at most 120%` or `under 60% counts 0%`";
    let Some(words) = parse(Rule::cell_counts, cell, expected, problems) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for part in parts(words) {
        let rule = part.as_rule();
        let mut reader = Reader {
            piece: cell,
            problems,
        };
        let mut bounds = parts(part).map(|bound| reader.bound(bound));
        let (first, second) = (bounds.next(), bounds.next());
        match (rule, first, second) {
            (Rule::at_least_, Some(least), _) => found.push(Counts::AtLeast(least)),
            (Rule::at_most_, Some(most), _) => found.push(Counts::AtMost(most)),
            (_, Some(under), Some(value)) => found.push(Counts::Under(under, value)),
            _ => {}
        }
    }
    found
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

/// A range cell. Words that do not say who owns an end are answered with a question.
fn read_range(cell: Piece<'_>, problems: &mut Problems) -> Option<Range> {
    read_range_among(cell, (None, None), problems)
}

/// A range cell between the ranges of the rows around it.
fn read_range_among(
    cell: Piece<'_>,
    around: (Option<Piece<'_>>, Option<Piece<'_>>),
    problems: &mut Problems,
) -> Option<Range> {
    match read(Rule::cell_range, cell.text) {
        Ok(words) => {
            let words = parts(words).next()?;
            Reader {
                piece: cell,
                problems,
            }
            .range(words)
        }
        Err(miss) => {
            let meant = || {
                let meant = spellings::range_meant(cell.text)?;
                let reads = read(Rule::cell_range, &meant).is_ok();
                reads.then(|| errors::written_otherwise(cell, "a range", meant))
            };
            let unclear = unclear_range(cell, around).or_else(meant);
            problems.push(unclear.unwrap_or_else(|| {
                let rest = cell.text.get(miss.at..).unwrap_or("");
                Diagnostic::at(
                    Code::S008,
                    cell.span(),
                    format!("I can't read `{}` as a range", cell.text),
                )
                .saying(if rest.is_empty() {
                    "expected more words".to_owned()
                } else {
                    format!("it stops making sense at `{rest}`")
                })
                .help("write the ends and who owns them", "50% to under 100%")
                .help("or", "150% and above")
            }));
            None
        }
    }
}

/// S003, where the words are a range whose ends nobody owns.
pub(in crate::syntax) fn unclear_range(
    cell: Piece<'_>,
    (before, after): (Option<Piece<'_>>, Option<Piece<'_>>),
) -> Option<Diagnostic> {
    let form = parts(read(Rule::compat_range, cell.text).ok()?).next()?;
    let rule = form.as_rule();
    let bounds: Vec<String> = parts(form).map(|bound| bound.as_str().to_owned()).collect();
    let first = bounds.first().map(String::as_str);
    let upward = cell.text.starts_with(['>', '≥']);
    let (low, high) = match rule {
        Rule::c_dash | Rule::c_between => (first, bounds.get(1).map(String::as_str)),
        Rule::c_over | Rule::c_plus => (first, None),
        Rule::c_sign if upward => (first, None),
        _ => (None, first),
    };
    Some(errors::whose_boundary(cell, low, high, before, after))
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
            let meant = spellings::cell_meant(cell.text).filter(|meant| read(rule, meant).is_ok());
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
