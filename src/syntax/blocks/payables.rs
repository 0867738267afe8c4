//! Clauses of a `pay` about when it is paid.

use crate::base::Cadence;
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{
    After, DuePart, Equal, Leaving, Payable, RestIn, RoundParts, Spanned, Until, Withheld,
};
use crate::syntax::blocks::{At, mode_of, once};
use crate::syntax::grammar::{Rule, Words, choice, parts};

/// The most days or months after a date.
const MOST_AFTER: u16 = 3_660;
/// The most equal parts.
const MOST_PARTS: u16 = 480;

/// Reads a line if it is about when a pay is paid; whether it is.
pub(super) fn withheld<'t>(
    at: &mut At<'_, '_, '_, 't>,
    rule: Rule,
    words: Words<'t>,
    into: &mut Withheld,
) -> bool {
    match rule {
        Rule::payable => {
            let value = payable(at, words);
            once(&mut into.payable, value, |own| own.span, at, "payable");
        }
        Rule::round_parts => {
            let value = round_parts(at, words);
            once(
                &mut into.round,
                value,
                |own| own.span,
                at,
                "round each part",
            );
        }
        Rule::until => {
            let date = parts(words).next().map(|path| at.reader().path(path));
            let span = at.span();
            let value = date.map(|date| Until { date, span });
            once(&mut into.until, value, |own| own.span, at, "until");
        }
        Rule::leaving => {
            let value = match choice(&words, &[Rule::k_is_forfeited]) {
                Some(_) => Leaving::Forfeited,
                None => Leaving::PaidWhenDue,
            };
            let span = at.span();
            let value = Some(Spanned { value, span });
            once(&mut into.leaving, value, |own| own.span, at, "on leaving");
        }
        _ => return false,
    }
    true
}

fn payable<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Payable> {
    let read: Vec<Option<DuePart>> = parts(words).map(|part| due_part(at, part)).collect();
    let parts: Option<Vec<DuePart>> = read.into_iter().collect();
    let span = at.span();
    parts.map(|parts| Payable { parts, span })
}

fn due_part<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<DuePart> {
    let span = at.reader().span(&words);
    let (mut share, mut equal, mut after, mut date) = (None, None, None, None);
    for part in parts(words) {
        match part.as_rule() {
            Rule::percent => share = Some(percent(at, part)?),
            Rule::in_parts => equal = Some(in_parts(at, part)?),
            Rule::due_after => after = Some(due_after(at, part)?),
            _ => date = Some(at.reader().path(part)),
        }
    }
    Some(DuePart {
        share,
        equal,
        after,
        date: date?,
        span,
    })
}

/// A part of the whole.
fn percent<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Spanned<crate::base::Exact>> {
    let span = at.reader().span(&words);
    let figure = words.into_inner().next()?;
    let value = at.reader().figure(&figure)? * crate::base::Exact::fixed(1, 100);
    Some(Spanned { value, span })
}

fn in_parts<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Equal> {
    let each = match choice(&words, &[Rule::k_monthly, Rule::k_quarterly]) {
        Some(Rule::k_monthly) => Cadence::Month,
        Some(_) => Cadence::Quarter,
        None => Cadence::Year,
    };
    let count = parts(words).next()?;
    let span = at.reader().span(&count);
    let value = number(at, &count, (2, MOST_PARTS), "parts")?;
    Some(Equal {
        count: Spanned { value, span },
        each,
    })
}

fn due_after<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<After> {
    let days = choice(&words, &[Rule::k_days, Rule::k_day]).is_some();
    let count = parts(words).next()?;
    let noun = if days { "days" } else { "months" };
    let count = number(at, &count, (1, MOST_AFTER), noun)?;
    Some(if days {
        After::Days(count)
    } else {
        After::Months(count)
    })
}

/// A whole number inside limits.
fn number<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: &Words<'t>,
    (least, most): (u16, u16),
    noun: &str,
) -> Option<u16> {
    let count = words.as_str().parse().ok();
    let count = count.filter(|count| (least..=most).contains(count));
    if count.is_none() {
        let span = at.reader().span(words);
        let message = format!("this is no number of {noun}");
        at.lines.problems.push(
            Diagnostic::at(Code::S008, span, message)
                .saying(format!("from {least} through {most}")),
        );
    }
    count
}

fn round_parts<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<RoundParts> {
    let rest = match choice(&words, &[Rule::k_remainder_in_the_first_part]) {
        Some(_) => RestIn::First,
        None => RestIn::Last,
    };
    let mut inner = parts(words);
    let figure = inner.next()?;
    let unit = at.unit_of_rounding(&figure)?;
    let mode = mode_of(inner.next()?);
    Some(RoundParts {
        unit,
        mode,
        rest,
        span: at.span(),
    })
}
