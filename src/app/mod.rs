//! Use cases: what a command, a page or a program asks for. No flags, no printing.
//!
//! Invariant: whatever is asked, plans are compiled once and data is read once.

pub mod boundaries;
pub mod calculate;
pub mod collect;
pub mod compile;
pub mod coverage;
pub mod explain;
pub mod format;
pub mod inspect;
pub mod periods;
pub mod rehearse;
pub mod restated;
pub mod suggest;
pub mod totals;
pub mod twice;
