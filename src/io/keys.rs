//! Columns whose texts name the rows.

use std::hash::{Hash, Hasher};

use rayon::prelude::*;
use rustc_hash::FxHasher;

use crate::diag::{Code, Diagnostic};
use crate::table::{Table, Texts, Values};

/// How many other lines a message names.
const MOST_NAMED: usize = 3;

/// F007: records that have one id. All of them are faulty, since nobody can know which is meant.
pub(in crate::io) fn stand_once(table: &mut Table, column: &str) {
    let Some(Values::Texts(texts)) = table.column(column).map(|column| &column.values) else {
        return;
    };
    let mut again: Vec<(u32, Diagnostic)> = Vec::new();
    for rows in repeated(texts) {
        // A few of many are enough to name the others of each.
        let first: Vec<u32> = rows.iter().copied().take(MOST_NAMED + 1).collect();
        for row in &rows {
            let id = texts.get(*row as usize).unwrap_or_default();
            let others = first.iter().filter(|other| *other != row);
            let lines: Vec<u64> = others.map(|other| table.line(*other as usize)).collect();
            let diagnostic = Diagnostic::in_cell(
                Code::F007,
                table.cell(*row as usize, column, id),
                format!(
                    "the record `{id}` stands again on {}",
                    named(&lines, rows.len() - 1)
                ),
            );
            again.push((
                *row,
                diagnostic.note("Paying each of them, or choosing one, would be a guess."),
            ));
        }
    }
    again.sort_unstable_by_key(|(row, _)| *row);
    for (row, diagnostic) in again {
        table.fault(column, row, diagnostic);
    }
}

/// `line 4`, `lines 4 and 9`, `lines 4, 9, 12 and 5 more`; the first of `all` lines are given.
fn named(lines: &[u64], all: usize) -> String {
    let mut words: Vec<String> = lines.iter().take(MOST_NAMED).map(u64::to_string).collect();
    if all > words.len() {
        words.push(format!("{} more", all - words.len()));
    }
    match words.as_slice() {
        [one] => format!("line {one}"),
        [before @ .., last] => format!("lines {} and {last}", before.join(", ")),
        [] => String::new(),
    }
}

/// Rows that share a text, ascending, for each such text.
fn repeated(texts: &Texts) -> Vec<Vec<u32>> {
    // Equal texts have equal hashes: sorted, with the row in the lower half, they stand side by side.
    let mut keys: Vec<u64> = (0..texts.codes.len())
        .into_par_iter()
        .filter_map(|row| {
            let mut hasher = FxHasher::default();
            texts.get(row)?.hash(&mut hasher);
            Some(hasher.finish() & HASH | row as u64 & !HASH)
        })
        .collect();
    keys.par_sort_unstable();
    let mut found = Vec::new();
    for same_hash in keys.chunk_by(|a, b| a & HASH == b & HASH) {
        if same_hash.len() > 1 {
            let rows = same_hash.iter().map(|key| (key & !HASH) as u32);
            found.extend(
                by_text(texts, rows)
                    .into_iter()
                    .filter(|rows| rows.len() > 1),
            );
        }
    }
    found
}

/// The half of a key that is a hash; the other is a row.
const HASH: u64 = 0xFFFF_FFFF_0000_0000;

/// Ascending rows of one hash, by their text.
fn by_text(texts: &Texts, rows: impl Iterator<Item = u32>) -> Vec<Vec<u32>> {
    let mut found: Vec<(&str, Vec<u32>)> = Vec::new();
    for row in rows {
        let text = texts.get(row as usize).unwrap_or_default();
        match found.iter_mut().find(|(known, _)| *known == text) {
            Some((_, rows)) => rows.push(row),
            None => found.push((text, vec![row])),
        }
    }
    found.into_iter().map(|(_, rows)| rows).collect()
}
