//! One cell's bytes → a value of its column, or what was expected instead.

use std::ops::{Add, Mul};

use crate::base::{Currency, Date};
use crate::table::Kind;

/// Powers of ten that a number's decimals can ask for.
pub(in crate::io) const MOST_DECIMALS: u32 = 28;

/// A number as whole units of a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::io) struct Fixed {
    pub(in crate::io) units: i128,
    pub(in crate::io) decimals: u32,
}

/// Why a cell is not a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::io) enum Misfit {
    /// Not of this kind.
    Kind,
    /// More digits than 28.
    TooLarge,
    /// Money that says another currency than its row or its file: first its own, then the other.
    Currency(Currency, Currency),
}

/// A plain number: `-1234.50`.
pub(in crate::io) fn number(cell: &[u8]) -> Result<Fixed, Misfit> {
    let (negative, digits) = match cell.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, cell),
    };
    let (units, decimals) = if digits.len() <= IN_64_BITS {
        let (units, decimals) = unsigned::<u64>(digits)?;
        (i128::from(units), decimals)
    } else {
        unsigned::<i128>(digits)?
    };
    Ok(Fixed {
        units: if negative { -units } else { units },
        decimals,
    })
}

/// So many digits always fit a `u64`.
const IN_64_BITS: usize = 18;

/// Digits with at most one point between them, as whole units and the number of decimals.
#[inline]
fn unsigned<N>(digits: &[u8]) -> Result<(N, u32), Misfit>
where
    N: From<u8> + Copy + Mul<Output = N> + Add<Output = N>,
{
    let mut units = N::from(0);
    let mut count = 0_u32;
    let mut before_point = None;
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                count += 1;
                // Leading zeros are digits too; nobody writes thirty of them.
                if count > MOST_DECIMALS {
                    return Err(Misfit::TooLarge);
                }
                units = units * N::from(10) + N::from(byte - b'0');
            }
            b'.' if before_point.is_none() && count > 0 => before_point = Some(count),
            _ => return Err(Misfit::Kind),
        }
    }
    let decimals = before_point.map(|before| count - before);
    if count == 0 || decimals == Some(0) {
        return Err(Misfit::Kind);
    }
    Ok((units, decimals.unwrap_or(0)))
}

/// `85%` as 0.85.
pub(in crate::io) fn percent(cell: &[u8]) -> Result<Fixed, Misfit> {
    let Some((b'%', digits)) = cell.split_last() else {
        return Err(Misfit::Kind);
    };
    let fixed = number(digits.trim_ascii_end())?;
    Ok(Fixed {
        decimals: fixed.decimals + 2,
        ..fixed
    })
}

/// `1234.50`, or with its code `1234.50 USD`.
pub(in crate::io) fn money(cell: &[u8]) -> Result<(Fixed, Option<Currency>), Misfit> {
    match memchr::memchr(b' ', cell) {
        None => Ok((number(cell)?, None)),
        Some(at) => {
            let (amount, code) = cell.split_at(at);
            Ok((number(amount)?, Some(currency(code.trim_ascii())?)))
        }
    }
}

/// `USD`
pub(in crate::io) fn currency(cell: &[u8]) -> Result<Currency, Misfit> {
    std::str::from_utf8(cell)
        .ok()
        .and_then(Currency::from_code)
        .ok_or(Misfit::Kind)
}

/// `2026-03-31`
pub(in crate::io) fn date(cell: &[u8]) -> Result<i32, Misfit> {
    Date::parse_bytes(cell).map(Date::days).ok_or(Misfit::Kind)
}

/// `yes` or `no`
pub(in crate::io) fn flag(cell: &[u8]) -> Result<bool, Misfit> {
    match cell {
        b"yes" => Ok(true),
        b"no" => Ok(false),
        _ => Err(Misfit::Kind),
    }
}

/// What a cell of a kind looks like.
pub(in crate::io) fn expected(kind: Kind, found: &str) -> String {
    let hint = hint(kind, found).map_or_else(String::new, |hint| format!("; {hint}"));
    match kind {
        Kind::Number => format!("expected a plain number such as 1234.5{hint}"),
        Kind::Percent => format!("expected a percentage such as 85%{hint}"),
        Kind::Money => format!("expected an amount such as 1234.50{hint}"),
        Kind::Date => format!("expected a date such as 2026-03-31{hint}"),
        Kind::Text => format!("expected a text{hint}"),
        Kind::Flag => format!("expected `yes` or `no`{hint}"),
    }
}

/// What probably happened.
fn hint(kind: Kind, found: &str) -> Option<&'static str> {
    let has = |c: char| found.contains(c);
    match kind {
        Kind::Number | Kind::Money if found.chars().any(|c| c.is_ascii_digit()) => {
            if has('$') || has('€') || has('£') {
                Some("write the currency's code, or nothing")
            } else if has(',') {
                Some("without commas between thousands")
            } else if found.ends_with(['k', 'K', 'm', 'M']) {
                Some("in full, without a letter for thousands or millions")
            } else if has('(') {
                Some("a minus before it, not brackets around it")
            } else {
                None
            }
        }
        Kind::Percent if found.parse::<u32>().is_ok() || has('.') => {
            Some("0.85 and 85 cannot be told apart without the sign")
        }
        Kind::Date if has('/') || has('.') => {
            Some("year, month, day: which of the numbers is the month cannot be known")
        }
        Kind::Date if found.len() == 5 && found.bytes().all(|b| b.is_ascii_digit()) => {
            Some("this is a spreadsheet's day number")
        }
        _ => None,
    }
}
