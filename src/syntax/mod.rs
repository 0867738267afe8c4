//! What was written: a text cut into lines, each line read by its phrase, the whole as a tree of data.
//!
//! A text is cut in Rust (`lines.rs`), so a bad line costs one message; pest reads one line at a time
//! (`grammar/plan.pest`, spoken to only by `grammar.rs`); `phrases.rs` lists every phrase once. Names are
//! not resolved here and no kinds are known. `format.rs` lays lines out; it never sees the tree.
//!
//! Invariant: every node has a span into the text, and no text makes this floor panic.

pub mod ast;
mod blocks;
mod cells;
mod decisions;
mod errors;
mod expressions;
mod format;
mod from_lines;
mod grammar;
mod lines;
pub mod phrases;
mod spellings;
#[cfg(test)]
mod tests;

pub use format::{Change, Formatted, NotTheSame, format};
pub use from_lines::parse;
pub use lines::normalise;
