//! Amounts of money in words: in their currency's decimals, and how they were converted.

use std::fmt::Write as _;

use crate::base::{Currency, Exact};
use crate::diag::Span;
use crate::explain::receipt::{Known, Quoted, Receipt};

/// An amount with its currency.
pub(in crate::explain) fn money_of(value: &Exact, currency: Currency) -> String {
    format!("{} {currency}", digits(value, currency))
}

/// An amount in its currency's decimals: more where they are needed, with a mark where six are not enough.
pub(in crate::explain) fn digits(value: &Exact, currency: Currency) -> String {
    let places = currency.minor_units();
    match value.to_units(10_i128.pow(places)) {
        Some(_) => value.to_grouped(places),
        None => match value.places() {
            Some(own) if own <= 6 => value.to_grouped(own),
            _ => format!("≈{}", value.to_grouped(6)),
        },
    }
}

/// `1,000.00 GBP x 1.22 = 1,220.00 USD   Month-end rates on 2026-03-31, since 2026-03-01   data/fx.csv:2`
pub(in crate::explain) fn conversion(
    (amount, from): (&Exact, Currency),
    by: &Quoted,
    made: &str,
    has_places: bool,
) -> String {
    let rate = match by.rate.places() {
        Some(_) => by.rate.to_plain(),
        None => format!("≈{}", by.rate.to_grouped(6)),
    };
    let mut words = format!("{} x {rate} = {made}", money_of(amount, from));
    let _ = write!(words, "   {} on {}", by.label, by.on);
    if by.since != by.on {
        let _ = write!(words, ", since {}", by.since);
    }
    if has_places && !by.place.is_empty() {
        let _ = write!(words, "   {}", by.place);
    }
    words
}

/// What is paid in another currency, in lines that each may have a place in the plan.
pub(in crate::explain) fn paid_lines(
    receipt: &Receipt,
    has_places: bool,
) -> Vec<(String, Option<Span>)> {
    let Some(paid) = &receipt.paid else {
        return Vec::new();
    };
    let payout = match &receipt.payout {
        Known::Value(payout) => payout.clone(),
        _ => Exact::ZERO,
    };
    let exact = money_of(&paid.exact, paid.currency);
    let words = match &paid.quoted {
        Some(by) => conversion((&payout, receipt.currency), by, &exact, has_places),
        None => exact,
    };
    let mut lines = vec![(
        format!("paid in {}: {words}", paid.currency),
        Some(paid.span),
    )];
    if paid.exact != paid.amount {
        let change = digits(&(paid.amount.clone() - paid.exact.clone()), paid.currency);
        let amount = money_of(&paid.amount, paid.currency);
        lines.push((format!("rounding {change}: {amount} is paid"), None));
    }
    lines
}
