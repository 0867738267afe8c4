//! Results as pages and files: text for people, CSV and JSON for programs. Nothing here writes a file.
//!
//! Invariant: every total printed is the sum of the rows above it, asserted.

pub mod balances;
pub mod changes;
pub mod code_pages;
pub mod diagnostics;
pub mod files;
pub mod quality;
pub mod receipt;
pub mod restated;
pub mod summary;
