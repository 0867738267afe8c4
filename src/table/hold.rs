//! Why a payout is held.

use crate::diag::{Cell, Code};

/// One reason why a value cannot be known yet. Ordered, so that lists of causes are the same bytes on
/// every run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// The kind: Q801 for a missing quota, F… for data.
    pub code: Code,
    /// What is missing or wrong, in the reader's words.
    pub words: String,
    /// The cell it comes from, for faults of data.
    pub cell: Option<Cell>,
}
