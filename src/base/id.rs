//! The order people expect of ids, and small numbers in place of texts.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Compares texts with numbers in them as people do: `D-9` before `D-10`. Runs of ASCII digits
/// compare as numbers of any length, everything else byte by byte. Texts that differ only in leading
/// zeros compare by bytes, so the order is total and only equal texts are equal.
pub fn natural_cmp(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    loop {
        let order = match (left, right) {
            ([], []) => return a.cmp(b),
            ([l, ..], [r, ..]) if l.is_ascii_digit() && r.is_ascii_digit() => {
                let (l, left_rest) = number(left);
                let (r, right_rest) = number(right);
                (left, right) = (left_rest, right_rest);
                l.len().cmp(&r.len()).then_with(|| l.cmp(r))
            }
            ([l, left_rest @ ..], [r, right_rest @ ..]) => {
                (left, right) = (left_rest, right_rest);
                l.cmp(r)
            }
            _ => left.len().cmp(&right.len()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Splits a leading run of digits off, without its leading zeros: of two such runs the longer one
/// is the greater number.
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|b| !b.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let start = digits
        .iter()
        .position(|b| *b != b'0')
        .unwrap_or(digits.len());
    (digits.split_at(start).1, rest)
}

/// Texts as small numbers, in the order of their first appearance. The numbers mean nothing outside
/// the interner that gave them, and their order is not the order of the texts.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    numbers: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Interner {
    /// Without any text.
    pub fn new() -> Interner {
        Interner::default()
    }

    /// The number of a text, a new one at its first appearance.
    ///
    /// # Panics
    /// At 2^32 different texts, which no memory we run in holds.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let next = u32::try_from(self.texts.len());
        assert!(next.is_ok(), "an interner numbers fewer than 2^32 texts");
        let next = next.unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, next);
        next
    }

    /// The number of a text that has one.
    pub fn get(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The text of a number.
    ///
    /// # Panics
    /// When this interner did not give the number.
    pub fn text(&self, number: u32) -> &str {
        let text = usize::try_from(number)
            .ok()
            .and_then(|at| self.texts.get(at));
        assert!(text.is_some(), "{number} is not a number of this interner");
        text.map_or("", |text| text)
    }

    /// How many texts have a number.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether no text has a number.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Every text, in the order of the numbers.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }
}
