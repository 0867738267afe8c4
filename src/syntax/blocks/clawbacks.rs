//! `clawback`.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{
    Attainment, Attributed, Clawback, Keeps, Lapse, Less, MonthsPassed, RoundTaken, Spanned,
    TakeBack, Within,
};
use crate::syntax::blocks::{At, Head, each, mode_of, no_rows, once};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

/// The most parts in which something is taken back.
const MOST_PARTS: u16 = 120;
/// The longest time after a date, in days or months.
const LONGEST: u16 = 3660;

pub(in crate::syntax::blocks) fn clawback(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Clawback> {
    no_rows(&block.rows, lines);
    let mut own = Clawback {
        name: head.names.into_iter().next()?,
        label: head.title,
        of: None,
        when: Vec::new(),
        within: Vec::new(),
        take: None,
        attributed: None,
        fell: None,
        round: None,
        keeps: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::claw_of => {
            let value = parts(words).next().map(|name| at.name(&name));
            once(&mut own.of, value, |name| name.span, at, "of");
        }
        Rule::days_after => match within(at, words) {
            Some(value) => own.within.push(value),
            None => at.lines.bad = true,
        },
        Rule::when => own.when.extend(at.expr(words)),
        Rule::take_back => {
            let value = take_back(at, words);
            once(&mut own.take, value, |take| take.span, at, "take back");
        }
        Rule::attributed => {
            let to = parts(words).next().map(|name| at.name(&name));
            let value = Some(Attributed {
                to,
                span: at.span(),
            });
            once(&mut own.attributed, value, |a| a.span, at, "attributed");
        }
        Rule::in_period_of => {
            let value = at.expr(words);
            once(&mut own.fell, value, |e| e.span, at, "in the period of");
        }
        Rule::round_taken => {
            let value = round_taken(at, words);
            once(&mut own.round, value, |round| round.span, at, "round");
        }
        Rule::keeps => {
            let value = Some(keeps(at, words));
            once(&mut own.keeps, value, |keeps| keeps.span, at, "attainment");
        }
        _ => own.accepts.extend(at.accept(words)),
    });
    own.broken = lines.bad;
    lines.bad |= bad_before;
    Some(own)
}

/// `deal.cancelled_date is 0 through 180 days after deal.close_date`
fn within<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Within> {
    let is_days = choice(&words, &[Rule::k_days, Rule::k_day]).is_some();
    let mut inner = parts(words);
    let date = at.reader().path(inner.next()?);
    let from = whole(at, &inner.next()?, 0, LONGEST)?;
    let through = inner.next()?;
    let span = at.reader().span(&through);
    let through = whole(at, &through, 0, LONGEST)?;
    if through < from {
        let words = format!("{from} through {through} holds nothing");
        at.lines
            .problems
            .push(Diagnostic::at(Code::S008, span, words).help("the smaller one comes first", ""));
        return None;
    }
    Some(Within {
        date,
        from,
        through,
        unit: if is_days { Lapse::Days } else { Lapse::Months },
        after: at.reader().path(inner.next()?),
        span: at.span(),
    })
}

/// A whole number between two.
fn whole(at: &mut At<'_, '_, '_, '_>, words: &Words<'_>, least: u16, most: u16) -> Option<u16> {
    let found = words.as_str().parse().ok();
    let found = found.filter(|count| (least..=most).contains(count));
    if found.is_none() {
        let span = at.reader().span(words);
        let words = format!("a whole number from {least} through {most} stands here");
        at.lines
            .problems
            .push(Diagnostic::at(Code::S008, span, words));
    }
    found
}

fn take_back<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<TakeBack> {
    let (mut share, mut word, mut less) = (None, None, None);
    let mut in_parts = Spanned {
        value: 1,
        span: at.span(),
    };
    for part in parts(words) {
        match part.as_rule() {
            Rule::percent => share = Some(fraction(at, &part)?),
            Rule::less_each => less = Some(less_each(at, part)?),
            Rule::equal_parts => {
                let count = parts(part).next()?;
                let span = at.reader().span(&count);
                let value = whole(at, &count, 2, MOST_PARTS)?;
                in_parts = Spanned { value, span };
            }
            _ => word = Some(at.name(&part)),
        }
    }
    Some(TakeBack {
        share,
        word: word?,
        less,
        parts: in_parts,
        span: at.span(),
    })
}

/// `less 1/9 for each whole month from deal.issue_date`
fn less_each<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Less> {
    let months = match choice(&words, &[Rule::k_for_each_whole_month_from]) {
        Some(_) => MonthsPassed::Whole,
        None => MonthsPassed::Started,
    };
    let mut inner = parts(words);
    let written = inner.next()?;
    let part = match parts(written.clone()).next()? {
        percent if percent.as_rule() == Rule::percent => fraction(at, &percent)?,
        _ => fraction(at, &written)?,
    };
    Some(Less {
        part,
        months,
        from: at.reader().path(inner.next()?),
    })
}

/// `1/9` or `10%`: more than 0, and no more than all.
fn fraction(at: &mut At<'_, '_, '_, '_>, words: &Words<'_>) -> Option<Spanned<Exact>> {
    let span = at.reader().span(words);
    let figures: Vec<Words<'_>> = parts(words.clone()).collect();
    let number = |words: &Words<'_>| words.as_str().parse().ok().map(Exact::int);
    let value = match figures.as_slice() {
        [above, below] => number(above)?.checked_div(&number(below)?),
        [figure] => at.reader().figure(figure)?.checked_div(&Exact::int(100)),
        _ => None,
    };
    let value = value.filter(|value| value.is_positive() && *value <= Exact::ONE);
    if value.is_none() {
        let words = "a part is more than nothing, and no more than all";
        let problem = Diagnostic::at(Code::S008, span, words);
        at.lines
            .problems
            .push(problem.help("for example", "1/9").help("or", "50%"));
    }
    Some(Spanned {
        value: value?,
        span,
    })
}

fn round_taken<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<RoundTaken> {
    let mut inner = parts(words);
    Some(RoundTaken {
        unit: at.unit_of_rounding(&inner.next()?)?,
        mode: mode_of(inner.next()?),
        span: at.span(),
    })
}

fn keeps<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Keeps {
    let rules = [Rule::k_keeps_the, Rule::k_loses_it_in_this_period];
    let rule = match choice(&words, &rules) {
        Some(Rule::k_keeps_the) => Attainment::Keeps,
        Some(_) => Attainment::LosesNow,
        None => Attainment::LosesThen,
    };
    Keeps {
        rule,
        word: parts(words).next().map(|name| at.name(&name)),
        span: at.span(),
    }
}
