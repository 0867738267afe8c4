//! JSON Lines: one object a line. Numbers are taken as they are written, never through a float.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::io::csv_blocks::{Broken, Written};
use crate::io::grid::Grid;

/// The keys and values of one object, in order.
struct Object<'l>(Vec<(String, &'l RawValue)>);

impl<'de: 'l, 'l> Deserialize<'de> for Object<'l> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<'l>, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Reads the wanted keys of the objects in a block of whole lines; adds every key met to `keys`.
pub(in crate::io) fn grid(block: &[u8], wanted: &[String], keys: &mut BTreeSet<String>) -> Grid {
    let mut grid = Grid::new(wanted.len());
    for (at, line) in (0_u64..).zip(block.split(|byte| *byte == b'\n')) {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let object = std::str::from_utf8(line)
            .ok()
            .and_then(|text| serde_json::from_str::<Object<'_>>(text).ok());
        let Some(Object(pairs)) = object else {
            grid.broken(at, Broken::NotAnObject, values_of(line));
            continue;
        };
        let mut own: Vec<&str> = pairs.iter().map(|(key, _)| key.as_str()).collect();
        own.sort_unstable();
        if own.windows(2).any(|pair| pair.first() == pair.last()) {
            grid.broken(at, Broken::KeyTwice, values_of(line));
            continue;
        }
        for key in own {
            if !keys.contains(key) {
                keys.insert(key.to_owned());
            }
        }
        for name in wanted {
            let value = pairs.iter().find(|(key, _)| key == name);
            cell(&mut grid, value.map_or("null", |(_, value)| value.get()));
        }
        grid.row(at);
    }
    grid.lines = memchr::memchr_iter(b'\n', block).count() as u64;
    grid
}

/// The values of a line that is not read, parted by tabs; `None` where an escape could hide one.
fn values_of(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line).ok()?;
    if text.contains('\\') {
        return None;
    }
    Some(text.replace(['{', '}', '[', ']', ':'], "\t"))
}

fn cell(grid: &mut Grid, value: &str) {
    match value.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(value) {
            Ok(text) => grid.cell(text.as_bytes(), Written::Plain),
            Err(_) => grid.cell(value.as_bytes(), Written::NoValue),
        },
        Some(b'n') | None => grid.cell(b"", Written::Plain),
        Some(b'[' | b'{') => grid.cell(value.as_bytes(), Written::NoValue),
        Some(b't' | b'f') => grid.cell(value.as_bytes(), Written::Native),
        Some(_) => grid.cell(without_exponent(value).as_bytes(), Written::Native),
    }
}

/// The most places that an exponent may move the point; more digits cannot be calculated with anyway.
const FARTHEST: i64 = 60;

/// `1.5e3` as `1500`, digit by digit; left as it is where the exponent is beyond reason.
fn without_exponent(number: &str) -> Cow<'_, str> {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else {
        return number.into();
    };
    let exponent = match exponent.trim_start_matches('+').parse::<i64>() {
        Ok(exponent) if exponent.abs() <= FARTHEST => exponent,
        _ => return number.into(),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let mut all = format!("{whole}{decimals}");
    let mut point = i64::try_from(whole.len()).unwrap_or(0) + exponent;
    while point <= 0 {
        all.insert(0, '0');
        point += 1;
    }
    let point = usize::try_from(point).unwrap_or(0);
    while all.len() < point {
        all.push('0');
    }
    let (whole, decimals) = all.split_at_checked(point).unwrap_or((&all, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() {
        format!("{sign}{whole}").into()
    } else {
        format!("{sign}{whole}.{decimals}").into()
    }
}

#[cfg(test)]
mod tests {
    use super::without_exponent;

    #[test]
    fn exponents_move_the_point_and_nothing_else() {
        for (written, plain) in [
            ("12.50", "12.50"),
            ("1e3", "1000"),
            ("1.5E+3", "1500"),
            ("-1.25e-2", "-0.0125"),
            ("123e-2", "1.23"),
            ("0e5", "0"),
            ("1e-61", "1e-61"),
        ] {
            assert_eq!(without_exponent(written), plain, "{written}");
        }
    }
}
