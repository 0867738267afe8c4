//! What will run: a checked plan as stages, each tagged with how often it has a value, and what a change of data
//! reaches.
//!
//! Invariant: a program is a pure function of its plan; a stage reads only stages before it.

pub mod program;
pub mod reach;
pub mod show;

pub use program::{Horizon, Item, Key, Program, Read, Stage};
pub use reach::Reach;
pub use show::show;
