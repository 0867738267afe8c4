//! `total`.

use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{PayIn, Reduces, Spanned, Total, TotalCap};
use crate::syntax::blocks::{At, Head, each, no_rows, once, require, residue_of};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

pub(in crate::syntax::blocks) fn total(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Total> {
    no_rows(&block.rows, lines);
    let mut total = Total {
        name: head.names.into_iter().next()?,
        label: head.title,
        of: Vec::new(),
        every: None,
        cap: None,
        reduces: None,
        unit: None,
        remainder: None,
        broken: false,
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::total_of if choice(&words, &[Rule::k_every_payout]).is_some() => {
            let value = Some(at.span());
            once(&mut total.every, value, |span| *span, at, "of every payout");
        }
        Rule::total_of => total
            .of
            .extend(parts(words).filter_map(|own| pay_in(at, own))),
        Rule::total_cap => {
            let value = cap(at, words);
            once(&mut total.cap, value, |cap| cap.span, at, "cap");
        }
        Rule::reduces => {
            let value = match choice(&words, &[Rule::k_in_proportion]) {
                Some(_) => Reduces::InProportion,
                None => Reduces::LastFirst,
            };
            let span = at.span();
            let value = Some(Spanned { value, span });
            once(&mut total.reduces, value, |own| own.span, at, "reduces");
        }
        Rule::round_cuts => {
            let value = unit(at, words);
            once(&mut total.unit, value, |own| own.span, at, "round");
        }
        _ => {
            let span = at.span();
            let value = residue_of(&words).map(|value| Spanned { value, span });
            once(&mut total.remainder, value, |own| own.span, at, "remainder");
        }
    });
    let has_none = total.of.is_empty() && total.every.is_none();
    require(
        &[
            (has_none, Rule::total_of),
            (total.cap.is_none(), Rule::total_cap),
            (total.reduces.is_none(), Rule::reduces),
        ],
        total.span,
        lines,
    );
    total.broken = lines.bad;
    lines.bad |= bad_before;
    Some(total)
}

fn pay_in<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<PayIn> {
    let mut inner = parts(words);
    let pay = at.name(&inner.next()?);
    let plan = at.text(&inner.next()?);
    Some(PayIn { pay, plan })
}

fn cap<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<TotalCap> {
    let mut inner = parts(words);
    let mut money = parts(inner.next()?);
    let amount = at.reader().figure(&money.next()?)?;
    let code = money.next()?;
    let span = at.reader().span(&code);
    let value = at.reader().currency(&code)?;
    Some(TotalCap {
        amount,
        currency: Spanned { value, span },
        each: at.cadence(inner.next()?)?,
        span: at.span(),
    })
}

fn unit<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Spanned<crate::base::Exact>> {
    let figure = parts(words).next()?;
    let value = at.reader().figure(&figure)?;
    if !value.is_positive() {
        let span = at.reader().span(&figure);
        at.lines.problems.push(
            Diagnostic::at(Code::S008, span, "nothing can be rounded to multiples of 0")
                .help("cents are", "0.01"),
        );
        return None;
    }
    let span = at.span();
    Some(Spanned { value, span })
}
