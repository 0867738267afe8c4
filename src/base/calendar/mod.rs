//! Dates without clocks, and the periods that a company's calendar cuts them into.
//!
//! `date.rs` knows days, `period.rs` what a period is, `years.rs` the two ways to make years of months, `company.rs`
//! the calendar of a company, and `written.rs` how a period is written and read back. Only `date.rs` names `jiff`.
//! Deliberately absent: holidays and working days.

mod company;
mod date;
mod period;
mod written;
mod years;

pub use company::Calendar;
pub use date::{Date, MONTHS, Weekday};
pub use period::{Cadence, Period};
pub use written::PeriodFault;
pub use years::{Pattern, WeekYears, YearEnd};
