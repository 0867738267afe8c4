//! `pool`: money that several persons share.

use crate::syntax::ast::{AllZero, Pool, PoolOf, Remainder, ShareBy, Spanned};
use crate::syntax::blocks::{At, Head, each, no_rows, once, require, residue_of};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

pub(in crate::syntax::blocks) fn pool(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Pool> {
    no_rows(&block.rows, lines);
    let mut pool = Pool {
        name: head.names.into_iter().next()?,
        label: head.title,
        whose: None,
        size: None,
        at_least: None,
        members: Vec::new(),
        share: None,
        round: None,
        remainder: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::pool_for => {
            let value = Some(whose(at, words));
            once(&mut pool.whose, value, |whose| whose.span, at, "for");
        }
        Rule::size => {
            let mut inner = parts(words);
            let value = inner.next().map(|size| at.reader().expr(size));
            if pool.size.is_none() {
                pool.at_least = inner.next().map(|least| at.reader().bound(least));
            }
            once(&mut pool.size, value, |size| size.span, at, "size");
        }
        Rule::members => pool.members.extend(at.expr(words)),
        Rule::share_by => {
            let value = Some(share_by(at, words));
            once(&mut pool.share, value, |share| share.span, at, "share");
        }
        Rule::round => {
            let value = at.round(words);
            once(&mut pool.round, value, |round| round.span, at, "round");
        }
        Rule::pool_remainder => {
            let value = Some(remainder(at, &words));
            once(&mut pool.remainder, value, |r| r.span, at, "remainder");
        }
        _ => pool.accepts.extend(at.accept(words)),
    });
    pool.broken = lines.bad;
    require(
        &[
            (pool.size.is_none(), Rule::size),
            (pool.share.is_none(), Rule::share_by),
        ],
        pool.span,
        lines,
    );
    lines.bad |= bad_before;
    Some(pool)
}

fn whose<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Spanned<PoolOf> {
    let value = match parts(words).next() {
        Some(column) => PoolOf::Each(at.name(&column)),
        None => PoolOf::AllPayees,
    };
    let span = at.span();
    Spanned { value, span }
}

fn share_by<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Spanned<ShareBy> {
    let zero = [
        Rule::k_equally_if_all_are_zero,
        Rule::k_nobody_if_all_are_zero,
    ];
    let all_zero = choice(&words, &zero).map(|rule| match rule {
        Rule::k_equally_if_all_are_zero => AllZero::Equally,
        _ => AllZero::Nobody,
    });
    let value = match parts(words).next() {
        Some(weight) => ShareBy::Weight(at.reader().expr(weight), all_zero),
        None => ShareBy::Equally,
    };
    let span = at.span();
    Spanned { value, span }
}

fn remainder(at: &At<'_, '_, '_, '_>, words: &Words<'_>) -> Spanned<Remainder> {
    let value = residue_of(words).map_or(Remainder::Company, Remainder::Members);
    let span = at.span();
    Spanned { value, span }
}
