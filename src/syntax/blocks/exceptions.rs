//! `exception`.

use crate::syntax::ast::{Exception, Expr, ExprKind, WhosePeriod};
use crate::syntax::blocks::{At, Head, each, no_rows, once};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, parts};
use crate::syntax::lines::Block as Cut;

pub(in crate::syntax::blocks) fn exception(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Exception> {
    no_rows(&block.rows, lines);
    let mut own = Exception {
        title: head.title?,
        when: Vec::new(),
        whose: None,
        amount: None,
        instead: None,
        approved: None,
        because: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::when => own.when.extend(at.expr(words)),
        Rule::whose_period => {
            let value = whose_period(at, words);
            once(&mut own.whose, value, |whose| whose.span, at, "for");
        }
        Rule::instead => {
            let value = instead(at, words);
            once(&mut own.instead, value, |e| e.span, at, "instead of");
        }
        Rule::approved => {
            let value = at.approved(words);
            once(&mut own.approved, value, |a| a.span, at, "approved by");
        }
        Rule::reason => {
            let value = at.only_text(words);
            once(&mut own.because, value, |text| text.span, at, "because");
        }
        Rule::accept => own.accepts.extend(at.accept(words)),
        _ => {
            let value = at.expr(words);
            once(&mut own.amount, value, |e| e.span, at, "amount");
        }
    });
    own.broken = lines.bad;
    lines.bad |= bad_before;
    Some(own)
}

/// `ana in 2026-Q2`
fn whose_period<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<WhosePeriod> {
    let mut inner = parts(words);
    Some(WhosePeriod {
        person: at.name(&inner.next()?),
        period: at.name(&inner.next()?),
        span: at.span(),
    })
}

/// A column of the record, or a name.
fn instead<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Expr> {
    let part = parts(words).next()?;
    if part.as_rule() == Rule::path {
        return Some(at.reader().path(part));
    }
    let name = at.name(&part);
    Some(Expr {
        span: name.span,
        kind: ExprKind::Name(name.text),
    })
}
