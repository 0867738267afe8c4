//! Numbers, money, dates and ids: the values everything above is made of. Knows nobody.
//!
//! Invariant: nothing here rounds, wraps or loses a digit on its own. A number is the exact fraction
//! the arithmetic says until somebody asks a [`Rounding`] for another one, and a [`Period`] always
//! knows its first and last day. Deliberately absent: floats, time zones, the clock, exchange rates.
//!
//! Foreign libraries stop here: only `decimal.rs` names `rust_decimal` and the `num` crates, only
//! `calendar/date.rs` names `jiff`.

pub mod calendar;
pub mod decimal;
mod fraction;
pub mod id;
pub mod money;
pub mod rounding;
#[cfg(test)]
mod tests;

pub use calendar::{
    Cadence, Calendar, Date, MONTHS, Pattern, Period, PeriodFault, WeekYears, Weekday, YearEnd,
};
pub use decimal::{Decimal, Exact, NumberFault};
pub use id::{Interner, natural_cmp};
pub use money::{Currency, CurrencyMismatch, Money, currency_table};
pub use rounding::{Mode, Residue, Rounding, cut, div_round, scaled_down, split};
