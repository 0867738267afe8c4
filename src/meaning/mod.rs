//! What was meant: names resolved, kinds of value and grain known, every unsaid choice asked about.
//!
//! `lower.rs` climbs from each pay to what it needs, so items stand in the plan in the order in which they
//! feed each other; `infer.rs` gives every expression its type and grain; `bounds.rs` knows between which values it
//! lies; `tables.rs` looks at ranges; `accepted.rs` leaves out what the author has seen and keeps.
//!
//! Invariant: a [`Checked`] plan has no unresolved name, no unknown type and no missing choice. Mistakes
//! stand as poisoned nodes until then, so that one mistake gives one message. Nothing here reads data.

mod accepted;
mod added;
mod adjustments;
mod amend;
mod balances;
mod bounds;
mod budgets;
mod calendar;
mod carries;
mod check;
mod clawbacks;
mod contests;
mod corrections;
mod credits;
mod currencies;
mod differentials;
mod draws;
mod earned;
mod errors;
mod exceptions;
mod exchanges;
mod given;
mod groups;
mod infer;
mod inputs;
mod kinds;
mod listed;
mod lookups;
mod lower;
mod measures;
mod names;
mod needs;
mod pays;
mod placed;
pub mod plan;
mod pools;
mod quotas;
mod receivers;
mod rollups;
mod row_splits;
mod scorecards;
mod sign;
mod sources;
mod tables;
#[cfg(test)]
mod tests;
mod tiers;
mod totals;
pub mod types;

pub use added::added;
pub use bounds::{Bounds, bounds};
pub use check::{Bindings, SourceCurrency, check, check_amended};
pub use currencies::{Instance, instances, merged};
pub use needs::{SIGNED_BY, SIGNED_ON, needs};
pub use plan::{Checked, Plan, each_child};
pub use sign::{constant, pay_never_negative, to_date_never_negative};
pub use totals::{How, Total, totals};
