//! Pay as an exact function of one quantity: where it bends, jumps, falls, lies flat and ends.
//!
//! Rounding is left out: every mode is monotone and moves a value by at most one unit, so what is said of the
//! exact function holds for the rounded one up to that unit (`docs/spec/shape-of-pay.md`).
//!
//! Invariant: a function here equals what the engines pay before rounding, or there is no function.

pub mod from_meaning;
pub mod function;
pub mod lint;
pub mod next;
pub mod order;
pub mod start;
#[cfg(test)]
mod tests;

pub use from_meaning::{EXAMPLE_QUOTA, Shape, of_pay, of_pay_below_zero};
pub use function::{Function, Jump, Line};
pub use lint::shape_lints;
pub use next::{Now, next_line};
pub use order::order_lints;
pub use start::Start;
