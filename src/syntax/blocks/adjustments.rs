//! `adjustments`.

use crate::syntax::ast::{Adjustments, Expr};
use crate::syntax::blocks::pays::below;
use crate::syntax::blocks::{At, Head, each, no_rows, once};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, parts};
use crate::syntax::lines::Block as Cut;

pub(in crate::syntax::blocks) fn adjustments(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Adjustments> {
    no_rows(&block.rows, lines);
    let mut own = Adjustments {
        name: head.names.into_iter().next()?,
        label: head.title,
        from: None,
        to: None,
        dated_by: None,
        amount: None,
        because: None,
        approved: None,
        kept_by: None,
        below: None,
        broken: false,
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::from_as => {
            let value = at.source_and_word(words);
            once(&mut own.from, value, |(source, _)| source.span, at, "from");
        }
        Rule::to => {
            let value = at.expr(words);
            once(&mut own.to, value, |e| e.span, at, "to");
        }
        Rule::dated_by => {
            let value = at.expr(words);
            once(&mut own.dated_by, value, |e| e.span, at, "dated by");
        }
        Rule::credit_amount => {
            let value = at.expr(words);
            once(&mut own.amount, value, |e| e.span, at, "amount");
        }
        Rule::reason_of => {
            let value = at.expr(words);
            once(&mut own.because, value, |e| e.span, at, "because");
        }
        Rule::approved_of => {
            let value = by_and_on(at, words);
            once(
                &mut own.approved,
                value,
                |(by, _)| by.span,
                at,
                "approved by",
            );
        }
        Rule::kept_by => {
            let value = at.only_text(words);
            once(&mut own.kept_by, value, |k| k.span, at, "kept by");
        }
        _ => {
            let value = below(at, words);
            once(&mut own.below, value, |b| b.span, at, "below 0");
        }
    });
    own.broken = lines.bad;
    lines.bad |= bad_before;
    Some(own)
}

/// `adjustment.approved_by on adjustment.approved_on`
fn by_and_on<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<(Expr, Expr)> {
    let mut paths = parts(words);
    let by = at.reader().path(paths.next()?);
    Some((by, at.reader().path(paths.next()?)))
}
