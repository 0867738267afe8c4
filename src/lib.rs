//! paycurve: commission and incentive plans as text that finance can sign, and the exact money they pay.
//!
//! ```text
//! text ──syntax──▶ ast::File ──meaning──▶ Checked<Plan> ──program──▶ Program ──eval──▶ PersonPeriod
//!                                             ├──explain───▶ Receipt   one payout, every step kept
//!                                             └──piecewise─▶ Function  pay as a function of one quantity
//! ```
//!
//! Folders stand on floors and import downwards only; `docs/architecture.md` has the table, and a test
//! reads it. What a plan pays is written in `docs/spec/evaluation.md`; two independent roads, `eval`
//! and `explain`, follow it and must agree on every value.
pub mod app;
pub mod base;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diag;
pub mod eval;
pub mod explain;
pub mod io;
pub mod meaning;
pub mod piecewise;
pub mod program;
pub mod prove;
pub mod report;
pub mod syntax;
pub mod table;
