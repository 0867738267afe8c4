//! paycurve: commission and incentive plans as text.
pub mod base;
pub mod diag;
