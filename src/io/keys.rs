//! Columns whose texts name the rows.

use std::hash::{Hash, Hasher};

use rayon::prelude::*;
use rustc_hash::FxHasher;

use crate::diag::{Code, Diagnostic};
use crate::table::{Table, Texts, Values};

/// F007: a record's id that another record has already. The later record is faulty.
pub(in crate::io) fn stand_once(table: &mut Table, column: &str) {
    let Some(Values::Texts(texts)) = table.column(column).map(|column| &column.values) else {
        return;
    };
    let again: Vec<(u32, Diagnostic)> = repeated(texts)
        .into_iter()
        .map(|(first, row)| {
            let id = texts.get(row as usize).unwrap_or_default();
            let diagnostic = Diagnostic::in_cell(
                Code::F007,
                table.cell(row as usize, column, id),
                format!("the record `{id}` stands twice"),
            );
            let line = table.line(first as usize);
            (
                row,
                diagnostic.note(format!(
                    "It stands on line {line} already. Paying it twice or choosing one would be a guess."
                )),
            )
        })
        .collect();
    for (row, diagnostic) in again {
        table.fault(column, row, diagnostic);
    }
}

/// Rows whose text an earlier row has, each with the first such row; ascending.
fn repeated(texts: &Texts) -> Vec<(u32, u32)> {
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
            first_of_each(texts, rows, &mut found);
        }
    }
    found.sort_unstable_by_key(|(_, row)| *row);
    found
}

/// The half of a key that is a hash; the other is a row.
const HASH: u64 = 0xFFFF_FFFF_0000_0000;

/// Among ascending rows of one hash, those that repeat a text, with the first row that has it.
fn first_of_each(texts: &Texts, rows: impl Iterator<Item = u32>, found: &mut Vec<(u32, u32)>) {
    let mut first: Vec<(&str, u32)> = Vec::new();
    for row in rows {
        let text = texts.get(row as usize).unwrap_or_default();
        match first.iter().find(|(known, _)| *known == text) {
            Some((_, first)) => found.push((*first, row)),
            None => first.push((text, row)),
        }
    }
}
