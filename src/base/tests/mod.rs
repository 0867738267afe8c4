//! Numbers written by hand. The laws on random numbers are in `tests/it/numbers.rs`, periods and
//! dates in `tests/it/calendar.rs`.

mod decimal;
mod id;
mod money;
mod rounding;

use crate::base::Exact;

/// A number as a test reads it: `n("-12.50")`, `n("1/3")`.
fn n(text: &str) -> Exact {
    match text.split_once('/') {
        Some((numerator, denominator)) => {
            let part = |text: &str| text.parse::<i128>().unwrap();
            Exact::ratio(part(numerator), part(denominator)).unwrap()
        }
        None => Exact::parse(text).unwrap(),
    }
}
