//! The slow road: one payout and all it depends on, every step kept.
//!
//! The walker starts at a payout and asks for what it reads, down to the cells of the data. It shares nothing
//! with `eval` above `table`; both follow `docs/spec/evaluation.md`, and tests hold them against each other.
//!
//! Invariant: a receipt adds up to the payout it explains, asserted where it is made.

mod amended;
mod among;
mod amounts;
mod budgets;
mod by_hand;
mod carried;
mod cells;
mod contests;
mod corrected;
mod credits;
mod crowd;
mod days;
mod differentials;
mod draws;
mod earned;
mod exceptions;
mod excess;
mod exchanges;
mod expression;
mod fallen;
mod groups;
mod inputs;
mod late;
mod life;
mod listed;
mod lookups;
mod openings;
mod payable;
mod pays;
mod placing;
mod pools;
mod quotas;
mod reading;
pub mod receipt;
mod records;
mod rollups;
mod scorecards;
mod settle;
mod splits;
mod steps;
mod story;
mod totals;
mod uses;
mod walk;

pub use receipt::{
    Becomes, CarryLine, CutLine, Decided, DrawLine, Factor, Known, Node, PartLine, PartOf, Receipt,
    Rule, Taken,
};
pub use story::{derivation, tell, tell_step};
pub use totals::Together;
pub use walk::Walker;
