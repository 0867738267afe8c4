//! Amounts, percentages, dates and ranges as they are written.

use crate::base::{Currency, Date, Exact};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::syntax::ast::{Bound, Expr, ExprKind, Range};
use crate::syntax::errors;
use crate::syntax::expressions::operators::poisoned;
use crate::syntax::expressions::{Reader, unquoted};
use crate::syntax::grammar::{Rule, Words, parts};

impl Reader<'_, '_> {
    pub(super) fn literal(&mut self, part: Words<'_>) -> ExprKind {
        let span = self.span(&part);
        let rule = part.as_rule();
        let written = part.as_str().to_owned();
        match rule {
            Rule::flag => return ExprKind::Bool(written == "yes"),
            Rule::text => return ExprKind::Text(unquoted(&written).to_owned()),
            Rule::date => {
                return self
                    .date(&written, span)
                    .map_or(ExprKind::Poisoned, ExprKind::Date);
            }
            Rule::compat_date => {
                let diagnostic = errors::two_readings_of_date(span, &written, &readings(&written));
                return self.report(diagnostic);
            }
            Rule::compat_amount => {
                let diagnostic = errors::unclear_amount(span, &written, &amounts(&written));
                return self.report(diagnostic);
            }
            _ => {}
        }
        let mut figure = None;
        let mut currency = None;
        let mut unit = None;
        for inner in part.into_inner() {
            match inner.as_rule() {
                Rule::figure => figure = self.figure(&inner),
                Rule::code => currency = Some(self.currency(&inner)),
                Rule::unit => unit = Some(self.name(&inner)),
                _ => {}
            }
        }
        let Some(figure) = figure else {
            return ExprKind::Poisoned;
        };
        if let (Rule::money, Some(Some(currency))) = (rule, currency)
            && let Some(readings) = point_or_thousands(&written, currency)
        {
            return self.report(errors::point_or_thousands(span, &written, &readings));
        }
        let hundredth = Exact::fixed(1, 100);
        match (rule, currency, unit) {
            (Rule::percent, ..) => ExprKind::Percent(figure * hundredth),
            (Rule::points, ..) => ExprKind::Points(figure * hundredth),
            (Rule::number, ..) => ExprKind::Number(figure),
            (Rule::money, Some(Some(currency)), _) => ExprKind::Money(figure, currency),
            (Rule::money_per, Some(Some(currency)), Some(unit)) => {
                ExprKind::MoneyPer(figure, currency, unit)
            }
            (Rule::quantity, _, Some(unit)) => ExprKind::Quantity(figure, unit),
            _ => ExprKind::Poisoned,
        }
    }

    /// A number as written, with or without commas between thousands.
    pub(in crate::syntax) fn figure(&mut self, words: &Words<'_>) -> Option<Exact> {
        let plain = words.as_str().replace(',', "");
        match Exact::parse(&plain) {
            Ok(value) => Some(value),
            Err(fault) => {
                let diagnostic = Diagnostic::at(
                    Code::S004,
                    self.span(words),
                    format!("this number cannot be used: {fault}"),
                );
                self.problems.push(diagnostic);
                None
            }
        }
    }

    /// A currency by its code.
    pub(in crate::syntax) fn currency(&mut self, words: &Words<'_>) -> Option<Currency> {
        let code = words.as_str();
        let found = Currency::from_code(code);
        if found.is_none() {
            let span = self.span(words);
            let mut diagnostic =
                Diagnostic::at(Code::S004, span, format!("there is no currency `{code}`"))
                    .saying("not a code of ISO 4217");
            if let Some(near) = Currency::near(code) {
                let edit = Edit {
                    span,
                    text: near.code().to_owned(),
                };
                diagnostic = diagnostic.fix(format!("write `{near}`"), near.code(), vec![edit]);
            }
            self.problems.push(diagnostic);
        }
        found
    }

    /// A date; one that the calendar does not have is reported.
    pub(in crate::syntax) fn date(&mut self, written: &str, span: Span) -> Option<Date> {
        let date = Date::parse(written);
        if date.is_none() {
            self.problems.push(
                Diagnostic::at(Code::S004, span, format!("there is no day {written}"))
                    .saying("the calendar does not have it"),
            );
        }
        date
    }

    /// Reports a date whose order of day and month is not known.
    pub(in crate::syntax) fn unclear_date(&mut self, words: &Words<'_>) {
        let diagnostic = errors::two_readings_of_date(
            self.span(words),
            words.as_str(),
            &readings(words.as_str()),
        );
        self.problems.push(diagnostic);
    }

    /// A date that may be written in another order; `None` where that could not be read, which was reported.
    pub(in crate::syntax) fn day(&mut self, words: &Words<'_>) -> Option<Date> {
        match words.as_rule() {
            Rule::date => self.date(words.as_str(), self.span(words)),
            _ => {
                self.unclear_date(words);
                None
            }
        }
    }

    /// `DATE through DATE`; `None` where that could not be read, which was reported.
    pub(in crate::syntax) fn days(&mut self, words: Words<'_>) -> Option<(Date, Date)> {
        let whole = self.span(&words);
        let mut dates = Vec::new();
        for part in parts(words) {
            dates.push(self.day(&part));
        }
        let [Some(first), Some(last)] = dates.as_slice() else {
            return None;
        };
        if last < first {
            self.problems.push(
                Diagnostic::at(Code::D602, whole, "the last day is before the first").help(
                    "write the earlier day first",
                    format!("{last} through {first}"),
                ),
            );
            return None;
        }
        Some((*first, *last))
    }

    /// A literal by itself.
    pub(in crate::syntax) fn amount(&mut self, words: Words<'_>) -> Expr {
        let span = self.span(&words);
        let kind = self.literal(words);
        Expr { kind, span }
    }

    /// A literal, with its sign.
    pub(in crate::syntax) fn bound(&mut self, words: Words<'_>) -> Expr {
        let span = self.span(&words);
        let mut negative = false;
        let mut kind = ExprKind::Poisoned;
        for part in words.into_inner() {
            if part.as_rule() == Rule::negative {
                negative = true;
            } else {
                kind = self.literal(part);
            }
        }
        if negative {
            kind = ExprKind::Negative(Box::new(Expr { kind, span }));
        }
        Expr { kind, span }
    }

    /// A range; `None` where one of its ends could not be read.
    pub(in crate::syntax) fn range(&mut self, words: Words<'_>) -> Option<Range> {
        let span = self.span(&words);
        let form = parts(words).next()?;
        let rule = form.as_rule();
        let bounds: Vec<Expr> = parts(form).map(|bound| self.bound(bound)).collect();
        if bounds.iter().any(|bound| poisoned(&bound.kind)) {
            return None;
        }
        let mut bounds = bounds.into_iter();
        let mut bound = |included| bounds.next().map(|value| Bound { value, included });
        let (low, high) = match rule {
            Rule::r_from | Rule::r_through => (bound(true), bound(true)),
            Rule::r_above_through => (bound(false), bound(true)),
            Rule::r_above_under => (bound(false), bound(false)),
            Rule::r_above => (bound(false), None),
            Rule::r_under => (None, bound(false)),
            Rule::r_to_under => (bound(true), bound(false)),
            Rule::r_and_above => (bound(true), None),
            Rule::r_and_below => (None, bound(true)),
            Rule::r_exact => {
                let exactly = bound(true);
                (exactly.clone(), exactly)
            }
            _ => (None, None),
        };
        Some(Range { low, high, span })
    }
}

/// The dates that `7/1/26` could be.
fn readings(written: &str) -> Vec<Date> {
    let numbers: Vec<i32> = written
        .split(['/', '.'])
        .filter_map(|n| n.parse().ok())
        .collect();
    let [first, second, year] = numbers.as_slice() else {
        return Vec::new();
    };
    let year = if *year < 100 { 2000 + year } else { *year };
    let date = |month: i32, day: i32| Date::parse(&format!("{year:04}-{month:02}-{day:02}"));
    let mut found: Vec<Date> = [date(*first, *second), date(*second, *first)]
        .into_iter()
        .flatten()
        .collect();
    found.dedup();
    found
}

/// `90.000 USD` as ninety thousand and as ninety: nobody writes thousandths of a cent that end with a 0.
fn point_or_thousands(written: &str, currency: Currency) -> Option<[String; 2]> {
    let (figure, _) = written.split_once(' ')?;
    let (whole, part) = figure.split_once('.')?;
    let is_odd = part.len() == 3
        && part.ends_with('0')
        && !whole.starts_with('0')
        && !whole.contains(',')
        && currency.minor_units() < 3;
    let code = currency.code();
    let cents = part.get(..2)?;
    is_odd.then(|| {
        [
            format!("{whole},{part} {code}"),
            format!("{whole}.{cents} {code}"),
        ]
    })
}

/// The amounts that `$2.5M` could be, each with what makes it so.
fn amounts(written: &str) -> Vec<(String, String)> {
    let (code, rest) = match written.chars().next() {
        Some('€') => ("EUR", written.trim_start_matches('€')),
        Some('£') => ("GBP", written.trim_start_matches('£')),
        _ => ("USD", written.trim_start_matches('$')),
    };
    let (rest, code) = match rest.trim().split_once(' ') {
        Some((rest, code)) => (rest, code.trim()),
        None => (rest.trim(), code),
    };
    let letters = rest.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let figure = rest
        .trim_end_matches(|c: char| c.is_ascii_alphabetic())
        .replace(',', "");
    let Ok(figure) = Exact::parse(&figure) else {
        return Vec::new();
    };
    let scaled = |by: i64| {
        let value = figure.clone() * Exact::int(by);
        let places = if value.is_whole() { 0 } else { 2 };
        format!("{} {code}", value.to_grouped(places))
    };
    match letters {
        "" => vec![("write the code".to_owned(), scaled(1))],
        "k" | "K" => vec![("in full".to_owned(), scaled(1_000))],
        "m" | "M" => vec![
            ("million".to_owned(), scaled(1_000_000)),
            ("thousand".to_owned(), scaled(1_000)),
        ],
        _ => vec![("million".to_owned(), scaled(1_000_000))],
    }
}
