//! How the cells of a source are written, where that differs from the plain way. Each is declared by a sample, so that
//! nothing is guessed: `numbers: "1.234,56"`, `dates: "31/12/2026"`.

use serde::Deserialize;

use crate::base::{Currency, Date};
use crate::io::cells::{self, Fixed, Misfit};
use crate::table::Kind;

/// How cells are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// `numbers`, where not `1234.56`.
    pub numbers: Option<Numbers>,
    /// `negatives`, where not only `-12.00`.
    pub negatives: Option<Negatives>,
    /// `percent`, where not only with its sign.
    pub percent: Option<Percent>,
    /// `dates`, where not `2026-12-31`.
    pub dates: Option<Dates>,
    /// `flags`, where not `yes` and `no`.
    pub flags: Option<Flags>,
}

/// Where the decimals start and what parts the thousands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Numbers {
    sample: String,
    point: char,
    thousands: Option<char>,
}

/// How a number below zero is written, beside a minus before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Negatives {
    /// `(12.00)`
    Brackets,
    /// `12.00-`
    After,
    /// `-12.00`
    Before,
}

/// What a percentage without its sign means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Percent {
    /// `85` is 85%.
    Whole,
    /// `0.85` is 85%.
    Fraction,
}

/// The parts of a date in their order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Dates {
    sample: String,
    parts: Vec<DatePart>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatePart {
    Year,
    Month,
    /// `Dec`, or in full.
    MonthName,
    Day,
    Between(u8),
}

/// The words for yes and no; upper and lower case are the same.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    yes: Vec<Word>,
    no: Vec<Word>,
}

/// A word, which YAML may take for a number or a truth value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "words for yes and no are texts")]
enum Word {
    Text(String),
    Truth(bool),
    Whole(i64),
}

impl Word {
    fn is(&self, text: &str) -> bool {
        match self {
            Word::Text(word) => word.eq_ignore_ascii_case(text),
            Word::Truth(flag) => flag.to_string().eq_ignore_ascii_case(text),
            Word::Whole(number) => number.to_string() == text,
        }
    }
}

impl TryFrom<String> for Numbers {
    type Error = String;

    fn try_from(sample: String) -> Result<Numbers, String> {
        let refused = || {
            format!(
                "`{sample}` does not show how numbers are written: write one thousand two hundred thirty-four and 56 hundredths, \
                 such as `1,234.56`, `1.234,56`, `1 234,56` or `1'234.56`"
            )
        };
        let rest = sample.strip_prefix('1').ok_or_else(refused)?;
        let (thousands, rest) = match rest.strip_prefix("234") {
            Some(rest) => (None, rest),
            None => {
                let mut chars = rest.chars();
                let thousands = chars.next().ok_or_else(refused)?;
                let rest = chars.as_str().strip_prefix("234").ok_or_else(refused)?;
                (Some(thousands), rest)
            }
        };
        let point = match rest {
            ".56" => '.',
            ",56" => ',',
            _ => return Err(refused()),
        };
        if thousands.is_some_and(|c| c == point || !is_thousands_mark(c)) {
            return Err(refused());
        }
        Ok(Numbers {
            sample,
            point,
            thousands,
        })
    }
}

fn is_thousands_mark(c: char) -> bool {
    matches!(
        c,
        ',' | '.' | ' ' | '\'' | '\u{2019}' | '\u{A0}' | '\u{202F}'
    )
}

/// Blanks look alike, and so do apostrophes.
fn alike(c: char) -> char {
    match c {
        '\u{A0}' | '\u{202F}' => ' ',
        '\u{2019}' => '\'',
        c => c,
    }
}

impl Numbers {
    /// A number as `1234.56`; thousands are parted everywhere or nowhere.
    fn plain(&self, text: &str) -> Result<String, Misfit> {
        let mut plain = String::with_capacity(text.len());
        let (whole, decimals) = match text.split_once(self.point) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (text, None),
        };
        let is_mark = |c: char| Some(alike(c)) == self.thousands.map(alike);
        let mut groups = whole.split(is_mark);
        let first = groups.next().unwrap_or_default();
        plain.push_str(first);
        for group in groups {
            if group.len() != 3 || first.is_empty() || first.len() > 3 {
                return Err(Misfit::Kind);
            }
            plain.push_str(group);
        }
        if let Some(decimals) = decimals {
            plain.push('.');
            plain.push_str(decimals);
        }
        let is_plain = |c: char| c.is_ascii_digit() || c == '.';
        if plain.chars().all(is_plain) {
            Ok(plain)
        } else {
            Err(Misfit::Kind)
        }
    }
}

impl TryFrom<String> for Negatives {
    type Error = String;

    fn try_from(sample: String) -> Result<Negatives, String> {
        let digits = |text: &str| {
            text.chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        };
        if let Some(inside) = sample.strip_prefix('(').and_then(|s| s.strip_suffix(')'))
            && digits(inside)
        {
            return Ok(Negatives::Brackets);
        }
        match (sample.strip_prefix('-'), sample.strip_suffix('-')) {
            (Some(rest), None) if digits(rest) => Ok(Negatives::Before),
            (None, Some(rest)) if digits(rest) => Ok(Negatives::After),
            _ => Err(format!(
                "`{sample}` does not show how numbers below zero are written: write `(12.00)`, `12.00-` or `-12.00`"
            )),
        }
    }
}

impl TryFrom<String> for Percent {
    type Error = String;

    fn try_from(word: String) -> Result<Percent, String> {
        match word.as_str() {
            "whole" => Ok(Percent::Whole),
            "fraction" => Ok(Percent::Fraction),
            _ => Err(format!(
                "`{word}` does not say what a percentage without its sign means: write `whole` where 85 is 85%, `fraction` \
                 where 0.85 is 85%"
            )),
        }
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl TryFrom<String> for Dates {
    type Error = String;

    fn try_from(sample: String) -> Result<Dates, String> {
        let refused = || {
            format!(
                "`{sample}` does not show how dates are written: write 31 December 2026, such as `31/12/2026`, `12/31/2026`, \
                 `31.12.2026`, `20261231` or `31-Dec-2026`"
            )
        };
        let words = [
            ("2026", DatePart::Year),
            ("31", DatePart::Day),
            ("12", DatePart::Month),
            ("December", DatePart::MonthName),
            ("Dec", DatePart::MonthName),
        ];
        let mut parts = Vec::new();
        let mut rest = sample.as_str();
        while !rest.is_empty() {
            let known = words
                .iter()
                .find_map(|(word, part)| Some((rest.strip_prefix(word)?, *part)));
            let (after, part) = match known {
                Some(known) => known,
                None => {
                    let mut chars = rest.chars();
                    match chars.next() {
                        Some(c) if matches!(c, '/' | '.' | '-' | ' ' | ',') => (
                            chars.as_str(),
                            DatePart::Between(u8::try_from(c).unwrap_or(b' ')),
                        ),
                        _ => return Err(refused()),
                    }
                }
            };
            parts.push(part);
            rest = after;
        }
        let count = |wanted: &[DatePart]| parts.iter().filter(|part| wanted.contains(part)).count();
        let each_once = count(&[DatePart::Year]) == 1
            && count(&[DatePart::Month, DatePart::MonthName]) == 1
            && count(&[DatePart::Day]) == 1;
        if each_once {
            Ok(Dates { sample, parts })
        } else {
            Err(refused())
        }
    }
}

impl Dates {
    fn read(&self, cell: &[u8]) -> Option<Date> {
        let is_parted = self
            .parts
            .iter()
            .any(|part| matches!(part, DatePart::Between(_)));
        let (mut year, mut month, mut day) = (0, 0, 0);
        let mut rest = cell;
        for part in &self.parts {
            match part {
                DatePart::Between(byte) => rest = rest.strip_prefix(&[*byte])?,
                DatePart::Year => (year, rest) = digits(rest, 4, 4)?,
                DatePart::Month => (month, rest) = digits(rest, if is_parted { 1 } else { 2 }, 2)?,
                DatePart::Day => (day, rest) = digits(rest, if is_parted { 1 } else { 2 }, 2)?,
                DatePart::MonthName => (month, rest) = month_name(rest)?,
            }
        }
        if !rest.is_empty() {
            return None;
        }
        Date::new(i32::try_from(year).ok()?, month, day)
    }
}

/// From `least` through `most` digits.
fn digits(text: &[u8], least: usize, most: usize) -> Option<(u32, &[u8])> {
    let count = text
        .iter()
        .take(most)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if count < least {
        return None;
    }
    let (digits, rest) = text.split_at_checked(count)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

/// `Dec` or `December`
fn month_name(text: &[u8]) -> Option<(u32, &[u8])> {
    let length = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (word, rest) = text.split_at_checked(length)?;
    let word = std::str::from_utf8(word).ok()?.to_ascii_lowercase();
    let is_it = |month: &str| month == word || (word.len() == 3 && month.starts_with(&word));
    let at = MONTHS.iter().position(|month| is_it(month))?;
    Some((u32::try_from(at).ok()? + 1, rest))
}

impl Dialect {
    /// Whether cells are written the plain way.
    pub(in crate::io) fn is_plain(&self) -> bool {
        *self == Dialect::default()
    }

    /// A number.
    pub(in crate::io) fn number(&self, cell: &[u8]) -> Result<Fixed, Misfit> {
        let text = std::str::from_utf8(cell).map_err(|_| Misfit::Kind)?.trim();
        let (negative, digits) = match (text.strip_prefix('-'), self.negatives) {
            (Some(rest), _) => (true, rest),
            (None, Some(Negatives::Brackets)) => {
                match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
                    Some(inside) => (true, inside.trim()),
                    None => (false, text),
                }
            }
            (None, Some(Negatives::After)) => match text.strip_suffix('-') {
                Some(rest) => (true, rest.trim_end()),
                None => (false, text),
            },
            (None, _) => (false, text),
        };
        let fixed = match &self.numbers {
            Some(numbers) => cells::number(numbers.plain(digits)?.as_bytes())?,
            None if digits.starts_with('-') => return Err(Misfit::Kind),
            None => cells::number(digits.as_bytes())?,
        };
        Ok(Fixed {
            units: if negative { -fixed.units } else { fixed.units },
            ..fixed
        })
    }

    /// How numbers are read that the file itself keeps as numbers: only what a percentage means is left.
    pub(in crate::io) fn without_marks(&self) -> Dialect {
        Dialect {
            percent: self.percent,
            ..Dialect::default()
        }
    }

    /// A percentage.
    pub(in crate::io) fn percent(&self, cell: &[u8]) -> Result<Fixed, Misfit> {
        let (digits, places) = match (cell.strip_suffix(b"%"), self.percent) {
            (Some(digits), _) => (digits, 2),
            (None, Some(Percent::Whole)) => (cell, 2),
            (None, Some(Percent::Fraction)) => (cell, 0),
            (None, None) => return Err(Misfit::Kind),
        };
        let fixed = self.number(digits)?;
        Ok(Fixed {
            decimals: fixed.decimals + places,
            ..fixed
        })
    }

    /// An amount, alone or with its code behind it.
    pub(in crate::io) fn money(&self, cell: &[u8]) -> Result<(Fixed, Option<Currency>), Misfit> {
        match cell.iter().rposition(|byte| *byte == b' ') {
            Some(at)
                if cell
                    .get(at + 1..)
                    .is_some_and(|code| code.iter().all(u8::is_ascii_uppercase)) =>
            {
                let (amount, code) = cell.split_at(at);
                let code = cells::currency(code.trim_ascii())?;
                Ok((self.number(amount)?, Some(code)))
            }
            _ => Ok((self.number(cell)?, None)),
        }
    }

    /// A date, as days.
    pub(in crate::io) fn date(&self, cell: &[u8]) -> Result<i32, Misfit> {
        match &self.dates {
            Some(dates) => dates.read(cell).map(Date::days).ok_or(Misfit::Kind),
            None => cells::date(cell),
        }
    }

    /// Yes or no.
    pub(in crate::io) fn flag(&self, cell: &[u8]) -> Result<bool, Misfit> {
        let Some(flags) = &self.flags else {
            return cells::flag(cell);
        };
        let text = std::str::from_utf8(cell).map_err(|_| Misfit::Kind)?;
        let among = |words: &[Word]| words.iter().any(|word| word.is(text));
        match (among(&flags.yes), among(&flags.no)) {
            (true, false) => Ok(true),
            (false, true) => Ok(false),
            _ => Err(Misfit::Kind),
        }
    }

    /// What a cell of a kind looks like.
    pub(in crate::io) fn expected(&self, kind: Kind, found: &str) -> String {
        let declared = match (kind, &self.numbers, &self.dates, &self.flags) {
            (Kind::Number | Kind::Money, Some(numbers), ..) => {
                format!("a number such as {}", numbers.sample)
            }
            (Kind::Date, _, Some(dates), _) => format!("a date such as {}", dates.sample),
            (Kind::Flag, .., Some(_)) => "one of the words for yes and no".to_owned(),
            (Kind::Percent, ..) if self.percent.is_some() => "a percentage".to_owned(),
            _ => return cells::expected(kind, found),
        };
        format!("expected {declared}, as paycurve.yaml says")
    }
}
