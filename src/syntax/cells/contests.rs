//! Prizes of a contest.

use crate::diag::{Code, Diagnostic, Problems};
use crate::syntax::ast::{PrizeRow, Spanned};
use crate::syntax::cells::{parse, rows_under};
use crate::syntax::expressions::Reader;
use crate::syntax::grammar::{Rule, choice, parts};
use crate::syntax::lines::Row;

/// As many places as anybody gives prizes for.
const MOST_PLACES: u32 = 10_000;

/// Rows of a contest.
pub(in crate::syntax) fn prizes(rows: &[Row<'_>], problems: &mut Problems) -> Vec<PrizeRow> {
    const HEADINGS: [&str; 2] = ["place", "prize"];
    let rows = rows_under(&HEADINGS, rows, problems).into_iter();
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
    let each = choice(&worth, &[Rule::k_each]).is_some();
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
