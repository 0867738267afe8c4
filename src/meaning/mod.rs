//! What was meant: names resolved, kinds of value and grain known, every unsaid choice asked about.
//!
//! `lower.rs` climbs from each pay to what it needs, so items stand in the plan in the order in which they
//! feed each other; `infer.rs` gives every expression its type and grain; `tables.rs` looks at ranges.
//!
//! Invariant: a [`Checked`] plan has no unresolved name, no unknown type and no missing choice. Mistakes
//! stand as poisoned nodes until then, so that one mistake gives one message. Nothing here reads data.

mod check;
mod credits;
mod errors;
mod given;
mod infer;
mod inputs;
mod lookups;
mod lower;
mod measures;
mod names;
mod needs;
mod pays;
pub mod plan;
mod scorecards;
mod sign;
mod sources;
mod tables;
#[cfg(test)]
mod tests;
mod tiers;
pub mod types;

pub use check::{Bindings, SourceCurrency, check};
pub use needs::{SIGNED_BY, SIGNED_ON, needs};
pub use plan::{Checked, Plan, each_child};
pub use sign::{constant, pay_never_negative};
