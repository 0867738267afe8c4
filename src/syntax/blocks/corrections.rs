//! Lines of a credit about records that come in late.

use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{ClosedPeriods, CorrectionRule, Corrections, Late, Spanned, TooLate};
use crate::syntax::blocks::{At, once};
use crate::syntax::grammar::{Rule, Words, choice, parts};

/// Reads one of the lines.
pub(in crate::syntax::blocks) fn line<'t>(
    said: &mut Corrections,
    at: &mut At<'_, '_, '_, 't>,
    rule: Rule,
    words: Words<'t>,
) {
    match rule {
        Rule::known_on => {
            let value = at.expr(words);
            once(&mut said.known_on, value, |e| e.span, at, "known on");
        }
        Rule::corrections => {
            let value = corrections(at, words);
            once(&mut said.rule, value, |own| own.span, at, "corrections");
        }
        Rule::periods_close => {
            let span = at.span();
            let days = parts(words).next();
            let value = days.and_then(|days| number(at, &days, 0, "days"));
            let value = value.map(|value| Spanned { value, span });
            once(&mut said.close, value, |own| own.span, at, "periods close");
        }
        _ => {}
    }
}

fn corrections<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<CorrectionRule> {
    let late = match choice(&words, &[Rule::k_re_rate_their_own_period]) {
        Some(_) => Late::OwnPeriod,
        None => Late::OpenPeriod,
    };
    let closed = parts(words).find(|part| part.as_rule() == Rule::closed);
    let limit = match closed {
        None => None,
        Some(closed) => {
            let span = at.reader().span(&closed);
            let mut inner = parts(closed);
            let count = inner.next()?;
            let count = number(at, &count, 1, "closed periods")?;
            let later = inner
                .next()
                .map(|later| match choice(&later, &[Rule::k_are_not_paid]) {
                    Some(_) => TooLate::NotPaid,
                    None => TooLate::OpenPeriod,
                });
            Some(ClosedPeriods { count, later, span })
        }
    };
    Some(CorrectionRule {
        late,
        limit,
        span: at.span(),
    })
}

/// A whole number from `least` through 366.
fn number<'t>(at: &mut At<'_, '_, '_, 't>, word: &Words<'t>, least: u16, of: &str) -> Option<u16> {
    let number = word.as_str().parse().ok();
    let number = number.filter(|number| (least..=366).contains(number));
    if number.is_none() {
        let span = at.reader().span(word);
        let found = word.as_str();
        let says = format!("{found} {of} cannot be meant here");
        let says = Diagnostic::at(Code::S004, span, says);
        at.lines
            .problems
            .push(says.saying(format!("from {least} through 366")));
    }
    number
}
