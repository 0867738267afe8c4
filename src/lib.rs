//! paycurve: commission and incentive plans as text.
pub mod diag;
