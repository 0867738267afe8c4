//! Shares of a split and of a roll-up.

use crate::diag::{Code, Diagnostic, Problems};
use crate::syntax::ast::{Expr, PartColumns, Spanned, SplitBy, SplitRow};
use crate::syntax::cells::{body, heading_is, parse, read_value, rows_under};
use crate::syntax::expressions::Reader;
use crate::syntax::grammar::{Rule, choice, parts};
use crate::syntax::lines::Row;

/// Shares of a split.
pub(in crate::syntax) fn shares(rows: &[Row<'_>], problems: &mut Problems) -> Vec<SplitRow> {
    let mut shares = Vec::new();
    for row in rows_under(&["who", "share"], rows, problems) {
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

/// Levels of a roll-up, each with its share.
pub(in crate::syntax) fn levels(
    rows: &[Row<'_>],
    problems: &mut Problems,
) -> Vec<(Spanned<Expr>, Expr)> {
    const HEADINGS: [&str; 2] = ["level", "share"];
    let mut levels = Vec::new();
    for row in rows_under(&HEADINGS, rows, problems) {
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
