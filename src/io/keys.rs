//! Columns whose texts name the rows.

use std::hash::{Hash, Hasher};

use rayon::prelude::*;
use rustc_hash::FxHasher;

use crate::diag::{Code, Diagnostic};
use crate::io::blocks::KEPT;
use crate::io::tables::many;
use crate::table::{Table, Texts, Values};

/// How many other lines a message names.
const MOST_NAMED: usize = 3;

/// F007: records that have one id. All of them are faulty, since nobody can know which is meant.
pub(in crate::io) fn stand_once(table: &mut Table, column: &str) {
    let Some(Values::Texts(texts)) = table.column(column).map(|column| &column.values) else {
        return;
    };
    let groups = repeated(texts);
    let mut again: Vec<(u32, &Vec<u32>)> = groups
        .iter()
        .flat_map(|rows| rows.iter().map(move |row| (*row, rows)))
        .collect();
    again.sort_unstable_by_key(|(row, _)| *row);
    let (kept, rest) = again.split_at(again.len().min(KEPT));
    let kept: Vec<(u32, Diagnostic)> = kept
        .iter()
        .map(|(row, rows)| (*row, stands_again(table, column, texts, *row, rows)))
        .collect();
    let rest: Vec<u32> = rest.iter().map(|(row, _)| *row).collect();
    let shared = kept.first().map(|(_, like)| many(like, rest.len()));
    for (row, diagnostic) in kept {
        table.fault(column, row, diagnostic);
    }
    if let (Some(shared), false) = (shared, rest.is_empty()) {
        table.shared_fault(column, &rest, shared);
    }
}

fn stands_again(table: &Table, column: &str, texts: &Texts, row: u32, rows: &[u32]) -> Diagnostic {
    let id = texts.get(row as usize).unwrap_or_default();
    let file = table.file_of(row as usize).map(|own| &own.file);
    let others = rows.iter().filter(|other| **other != row).take(MOST_NAMED);
    let places: Vec<String> = others
        .map(|other| {
            let line = table.line(*other as usize);
            match table.file_of(*other as usize) {
                Some(own) if Some(&own.file) != file => format!("{line} of {}", own.file),
                _ => line.to_string(),
            }
        })
        .collect();
    let words = format!(
        "the record `{id}` stands again on {}",
        named(places, rows.len() - 1)
    );
    Diagnostic::in_cell(Code::F007, table.cell(row as usize, column, id), words)
        .note("Paying each of them, or choosing one, would be a guess.")
}

/// `line 4`, `lines 4 and 9`, `lines 4, 9, 12 and 5 more`; the first of `all` lines are given.
fn named(mut words: Vec<String>, all: usize) -> String {
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
    // Ids that ascend, as those of most exports do, are all different.
    let order = |row: usize| texts.get(row).map(|text| (text.len(), text));
    let ascends = |row: usize| matches!((order(row - 1), order(row)), (Some(a), Some(b)) if a < b);
    if (1..texts.codes.len()).into_par_iter().all(ascends) {
        return Vec::new();
    }
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
