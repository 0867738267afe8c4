//! Blocks of an amendment: its head, and what becomes of all that runs through the day of the change.

use crate::diag::Span;
use crate::syntax::ast::{AmendHead, Applies, Change, Earlier, Fate, Level, Spanned};
use crate::syntax::blocks::{At, each, no_rows, once, require};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

pub(in crate::syntax::blocks) fn amend(
    block: &Cut<'_>,
    words: Words<'_>,
    lines: &mut Lines<'_, '_>,
) -> Option<AmendHead> {
    no_rows(&block.rows, lines);
    let mut at = At {
        piece: block.head,
        lines,
    };
    let mut titles = parts(words);
    let (plan, title) = (at.text(&titles.next()?), at.text(&titles.next()?));
    let mut head = AmendHead {
        plan,
        title,
        effective: None,
        applies: Vec::new(),
        because: None,
        approved: None,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each(block, lines, |at, rule, words, _| match rule {
        Rule::effective => {
            let span = at.span();
            let days = at.reader().days(words);
            let value = days.map(|value| Spanned { value, span });
            once(&mut head.effective, value, |e| e.span, at, "effective");
        }
        Rule::applies => head.applies.extend(applies(at, words)),
        Rule::because => {
            let value = at.only_text(words);
            once(&mut head.because, value, |b| b.span, at, "because");
        }
        Rule::approved => {
            let value = at.approved(words);
            once(&mut head.approved, value, |a| a.span, at, "approved by");
        }
        _ => head.accepts.extend(at.accept(words)),
    });
    require(
        &[
            (head.effective.is_none(), Rule::effective),
            (head.applies.is_empty(), Rule::applies),
            (head.because.is_none(), Rule::because),
            (head.approved.is_none(), Rule::approved),
        ],
        head.span,
        lines,
    );
    Some(head)
}

fn applies(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Option<Applies> {
    let mut inner = parts(words);
    let source = at.name(&inner.next()?);
    let mut path = inner.next()?.into_inner();
    Some(Applies {
        source,
        word: at.name(&path.next()?),
        column: at.name(&path.next()?),
        span: at.span(),
    })
}

pub(in crate::syntax::blocks) fn change(block: &Cut<'_>, lines: &mut Lines<'_, '_>) -> Change {
    no_rows(&block.rows, lines);
    let mut change = Change {
        running: Vec::new(),
        earlier: None,
        broken: false,
        span: block.head.span(),
    };
    each(block, lines, |at, rule, words, _| {
        let span = at.span();
        if rule == Rule::earlier {
            let value = earlier(at, words, span);
            once(&mut change.earlier, value, |e| e.span, at, "earlier");
            return;
        }
        let is_fresh = choice(&words, &[Rule::k_starts_fresh]).is_some();
        let Some(name) = parts(words).next().map(|name| at.name(&name)) else {
            return;
        };
        change.running.push(Fate {
            name,
            is_fresh,
            span,
        });
    });
    change.broken = lines.bad;
    change
}

fn earlier(at: &mut At<'_, '_, '_, '_>, words: Words<'_>, span: Span) -> Option<Earlier> {
    let level = match choice(&words, &[Rule::k_at_the_end_of_the_period]) {
        Some(_) => Level::AtTheEnd,
        None => Level::OnTheChangeDate,
    };
    let source = at.name(&parts(words).next()?);
    Some(Earlier {
        source,
        level,
        span,
    })
}
