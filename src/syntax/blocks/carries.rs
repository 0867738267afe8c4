//! `carry`.

use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{Adds, Carry, Expiry, Spanned};
use crate::syntax::blocks::{At, Head, each, no_rows, once, require};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

/// The most periods after which something can expire.
const MOST_PERIODS: u16 = 120;

pub(in crate::syntax::blocks) fn carry(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Carry> {
    no_rows(&block.rows, lines);
    let mut carry = Carry {
        name: head.names.into_iter().next()?,
        label: head.title,
        adds: None,
        into: None,
        expires: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::adds => {
            let value = adds(at, words);
            once(&mut carry.adds, value, |own| own.span, at, "adds");
        }
        Rule::into => {
            let value = parts(words).next().map(|name| at.name(&name));
            once(&mut carry.into, value, |name| name.span, at, "into");
        }
        Rule::expires => {
            let value = expires(at, words);
            once(&mut carry.expires, value, |own| own.span, at, "expires");
        }
        _ => carry.accepts.extend(at.accept(words)),
    });
    require(
        &[
            (carry.adds.is_none(), Rule::adds),
            (carry.into.is_none(), Rule::into),
            (carry.expires.is_none(), Rule::expires),
        ],
        carry.span,
        lines,
    );
    carry.broken = lines.bad;
    lines.bad |= bad_before;
    Some(carry)
}

fn adds<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Adds> {
    Some(Adds {
        below_zero_too: choice(&words, &[Rule::k_below_0_too]).is_some(),
        value: at.expr(words)?,
        span: at.span(),
    })
}

fn expires<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Spanned<Expiry>> {
    let span = at.span();
    let Some(part) = parts(words).next() else {
        let value = Expiry::Never;
        return Some(Spanned { value, span });
    };
    if part.as_rule() == Rule::cadence {
        let value = Expiry::AtEnd(at.cadence(part)?.value);
        return Some(Spanned { value, span });
    }
    let count = part.as_str().parse().ok();
    let count = count.filter(|count| (1..=MOST_PERIODS).contains(count));
    if count.is_none() {
        let at_count = at.reader().span(&part);
        at.lines.problems.push(
            Diagnostic::at(Code::S008, at_count, "this is no number of periods")
                .saying(format!("from 1 through {MOST_PERIODS}")),
        );
    }
    let value = Expiry::After(count?);
    Some(Spanned { value, span })
}
