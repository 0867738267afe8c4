//! The paycurve command.
fn main() {}
