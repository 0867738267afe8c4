//! The fast road: everyone at once, over columns, on all cores.
//!
//! `run.rs` looks at every record once and divides the work by person; `person` pays one person through all
//! periods. What it pays is written in `docs/spec/evaluation.md`; `explain` follows the same page by itself.
//!
//! Invariant: results come in a fixed order and do not depend on the order of rows or the number of threads,
//! because sums are exact.

mod among;
mod broken;
mod budgets;
mod by_among;
mod by_hand;
mod contests;
mod credited;
mod credits;
mod differentials;
mod doubled;
mod engine;
mod exceptions;
mod exchanges;
mod groups;
mod inputs;
mod lanes;
mod late;
mod listed;
mod lost;
mod many_rows;
mod openings;
mod outcome;
mod people;
mod person;
mod placing;
mod pools;
mod quotas;
mod record;
mod rollups;
mod row_shares;
mod run;
mod strangers;
mod totals;
mod unmet;
mod values;
mod windows;

pub use engine::{Engine, Prepared, Scope, Sink, Wanted};
pub use outcome::{Beside, CarryRow, CreditRow, PaidOut, PayRow, PersonPeriod, Settled};
pub use run::LocalEngine;
pub use totals::cut;
pub use unmet::unmet;
