//! `draw`.

use crate::base::{Cadence, Exact};
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{
    Balance, Draw, DrawHow, DrawPays, EmploymentMonths, ExprKind, FirstTime, Forgiven, OnLeaving,
    Recover, RecoverFrom, RecoverSince, Spanned,
};
use crate::syntax::blocks::{At, Head, each, no_rows, once, require};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

/// The most periods that `for the first …` can have.
const MOST_PERIODS: u16 = 600;

pub(in crate::syntax::blocks) fn draw(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Draw> {
    no_rows(&block.rows, lines);
    let mut draw = Draw {
        name: head.names.into_iter().next()?,
        label: head.title,
        pays: None,
        first: None,
        runs: None,
        when: Vec::new(),
        recover: None,
        balance: None,
        leaving: None,
        round: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| {
        line(&mut draw, at, rule, words)
    });
    require(
        &[
            (draw.pays.is_none(), Rule::top_up),
            (draw.recover.is_none(), Rule::recover),
        ],
        draw.span,
        lines,
    );
    let is_owed = draw.recover.as_ref().is_some_and(|own| own.from.is_some());
    if is_owed {
        require(
            &[
                (draw.balance.is_none(), Rule::balance),
                (draw.leaving.is_none(), Rule::on_leaving),
            ],
            draw.span,
            lines,
        );
    }
    draw.broken = lines.bad;
    lines.bad |= bad_before;
    Some(draw)
}

fn line<'t>(draw: &mut Draw, at: &mut At<'_, '_, '_, 't>, rule: Rule, words: Words<'t>) {
    let span = at.span();
    match rule {
        Rule::top_up | Rule::advance => {
            let value = pays(at, rule, words);
            once(&mut draw.pays, value, |own| own.span, at, "what it pays");
        }
        Rule::first_time => {
            let value = first_time(at, words);
            once(&mut draw.first, value, |own| own.span, at, "for the first");
        }
        Rule::runs => {
            let days = at.reader().days(words);
            let value = days.map(|value| Spanned { value, span });
            once(&mut draw.runs, value, |own| own.span, at, "runs");
        }
        Rule::when => draw.when.extend(at.expr(words)),
        Rule::recover => {
            let value = recover(at, words);
            once(&mut draw.recover, value, |own| own.span, at, "recover");
        }
        Rule::balance => {
            let value = balance(at, words);
            once(&mut draw.balance, value, |own| own.span, at, "balance");
        }
        Rule::on_leaving => {
            let value = match choice(&words, &[Rule::k_is_owed, Rule::k_is_forgiven]) {
                Some(Rule::k_is_owed) => OnLeaving::Owed,
                Some(_) => OnLeaving::Forgiven,
                None => OnLeaving::TakenFromTheLastPay,
            };
            let value = Some(Spanned { value, span });
            once(&mut draw.leaving, value, |own| own.span, at, "on leaving");
        }
        Rule::round_value => {
            let value = at.round_value(words);
            once(&mut draw.round, value, |own| own.span, at, "round");
        }
        _ => draw.accepts.extend(at.accept(words)),
    }
}

fn pays<'t>(at: &mut At<'_, '_, '_, 't>, rule: Rule, words: Words<'t>) -> Option<DrawPays> {
    let mut inner = parts(words);
    let (first, second) = (inner.next()?, inner.next()?);
    let (how, name, amount) = match rule {
        Rule::top_up => (DrawHow::TopUp, first, second),
        _ => (DrawHow::Advance, second, first),
    };
    Some(DrawPays {
        how,
        pay: at.name(&name),
        amount: at.reader().expr(amount),
        each: at.cadence(inner.next()?)?,
        span: at.span(),
    })
}

fn first_time(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Option<FirstTime> {
    let months = match choice(&words, &[Rule::k_full]) {
        Some(_) => EmploymentMonths::Full,
        None => EmploymentMonths::Started,
    };
    let mut inner = parts(words);
    let (whole, plural) = (inner.next()?, inner.next()?);
    let count = whole.as_str().parse().ok();
    let count = count.filter(|count| (1..=MOST_PERIODS).contains(count));
    if count.is_none() {
        let span = at.reader().span(&whole);
        at.lines.problems.push(
            Diagnostic::at(Code::S008, span, "this is no number of periods")
                .saying(format!("from 1 through {MOST_PERIODS}")),
        );
    }
    let span = at.reader().span(&plural);
    let value = match plural.into_inner().next()?.as_rule() {
        Rule::k_weeks => Cadence::Week,
        Rule::k_months => Cadence::Month,
        Rule::k_quarters => Cadence::Quarter,
        Rule::k_halves => Cadence::Half,
        _ => Cadence::Year,
    };
    Some(FirstTime {
        count: count?,
        months,
        each: Spanned { value, span },
        span: at.span(),
    })
}

fn recover<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Recover> {
    let span = at.span();
    let Some(from) = parts(words).next() else {
        return Some(Recover { from: None, span });
    };
    let mut inner = parts(from);
    let pay = at.name(&inner.next()?);
    let (mut above, mut share, mut since) = (None, None, None);
    for part in inner {
        match part.as_rule() {
            Rule::arith => above = Some(at.reader().expr(part)),
            Rule::share_of_it | Rule::share_of_excess => {
                if let Some(percent) = parts(part).next() {
                    share = Some(share_of(at, percent)?);
                }
            }
            _ => {
                since = Some(
                    match choice(
                        &part,
                        &[Rule::k_from_the_period_after, Rule::k_after_the_draw_ends],
                    ) {
                        Some(Rule::k_from_the_period_after) => RecoverSince::PeriodAfter,
                        Some(_) => RecoverSince::DrawEnds,
                        None => RecoverSince::Date(at.reader().day(&parts(part).next()?)?),
                    },
                );
            }
        }
    }
    let from = RecoverFrom {
        pay,
        above,
        share,
        since: since?,
    };
    Some(Recover {
        from: Some(from),
        span,
    })
}

/// A part of the excess: more than 0%, and not more than all of it.
fn share_of<'t>(at: &mut At<'_, '_, '_, 't>, percent: Words<'t>) -> Option<Spanned<Exact>> {
    let span = at.reader().span(&percent);
    let ExprKind::Percent(value) = at.reader().amount(percent).kind else {
        return None;
    };
    if !value.is_positive() || value > Exact::ONE {
        at.lines.problems.push(
            Diagnostic::at(Code::S008, span, "this is no part of it")
                .saying("more than 0%, and at most 100%"),
        );
        return None;
    }
    Some(Spanned { value, span })
}

fn balance<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Balance> {
    let (mut most, mut forgiven) = (None, Forgiven::Never);
    for part in parts(words) {
        if part.as_rule() == Rule::arith {
            most = Some(at.reader().expr(part));
            continue;
        }
        let when = parts(part).next()?;
        forgiven = match when.as_rule() {
            Rule::cadence => Forgiven::AtEnd(at.cadence(when)?.value),
            _ => Forgiven::On(at.reader().day(&when)?),
        };
    }
    Some(Balance {
        most,
        forgiven,
        span: at.span(),
    })
}
