//! Persons whom the people file does not know, in sources whose rows are of a person.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Cell, Code, Diagnostic, near};

/// Who they are, with the first of their rows.
pub(in crate::eval) type Strangers = BTreeMap<String, Cell>;

/// For how many of them one with a near name is looked for.
const MOST_GUESSED: usize = 20;

/// Each of them said once, with what holds until the people file has them.
pub(in crate::eval) fn said(
    strangers: Strangers,
    ids: &BTreeSet<&str>,
    note: &str,
) -> Vec<Diagnostic> {
    let said = strangers.into_iter().enumerate().map(|(at, (id, cell))| {
        let words = format!("the people file has no `{id}`");
        let said =
            Diagnostic::in_cell(Code::F004, cell, words).note(format!("{note} until it has."));
        let guess = (at < MOST_GUESSED).then(|| near(&id, ids.iter().copied()));
        match guess.flatten() {
            Some(near) => said.help("closest is", near),
            None => said,
        }
    });
    said.collect()
}
