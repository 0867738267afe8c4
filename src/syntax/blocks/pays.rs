//! Blocks of what is paid.

use crate::diag::{Code, Diagnostic, Span};
use crate::syntax::ast::{
    Accept, Amount, Below, BelowZero, CapOf, Earned, EdgeRule, Excess, Expr, LimitWindow, Name,
    Otherwise, Paid, Pay, PayKind, Placed, Running, Spanned, Step, StepKind, TierUse, Window,
    Withheld, Zero,
};
use crate::syntax::blocks::exchanges::paid_in;
use crate::syntax::blocks::payables::withheld;
use crate::syntax::blocks::{At, Head, each, no_rows, once, require};
use crate::syntax::expressions::cadence_of;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

pub(in crate::syntax::blocks) fn pay(
    block: &Cut<'_>,
    head: Head,
    kind: PayKind,
    lines: &mut Lines<'_, '_>,
) -> Option<Pay> {
    no_rows(&block.rows, lines);
    let mut pay = Pay {
        kind,
        name: head.names.into_iter().next()?,
        label: head.title,
        earned: None,
        for_each: None,
        when: Vec::new(),
        amount: None,
        edge: None,
        steps: Vec::new(),
        below: None,
        withheld: Withheld::default(),
        paid_in: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    // `cliffs accepted` waits for its `because`.
    let mut cliffs: Option<Span> = None;
    each(block, lines, |at, rule, words, _| match rule {
        Rule::earned => {
            let value = earned(at, words);
            once(&mut pay.earned, value, |e| e.span, at, "earned");
        }
        Rule::for_each => {
            let value = parts(words).next().map(|name| at.name(&name));
            once(&mut pay.for_each, value, |n| n.span, at, "for each");
        }
        Rule::when => pay.when.extend(at.expr(words)),
        Rule::amount => {
            let value = parts(words).next().and_then(|part| amount(at, part));
            let first = |amount: &Amount| match amount {
                Amount::Plain(expr) => expr.span,
                Amount::Tiered { span, .. } | Amount::Wholes { span, .. } => *span,
            };
            once(&mut pay.amount, value, first, at, "amount");
        }
        Rule::edge => {
            let value = edge(at, words);
            once(&mut pay.edge, value, |(_, e)| e.span, at, "across an edge");
        }
        Rule::below => {
            let value = below(at, words);
            once(&mut pay.below, value, |b| b.span, at, "below 0");
        }
        Rule::paid_in => {
            let value = paid_in(at, words);
            once(&mut pay.paid_in, value, |p| p.span, at, "paid in");
        }
        Rule::cliffs => match parts(words).next() {
            Some(text) => {
                let because = at.text(&text);
                pay.accepts.push(Accept {
                    codes: vec![Code::P101, Code::P102],
                    because,
                    span: at.span(),
                });
            }
            None => cliffs = Some(at.span()),
        },
        Rule::because => {
            let because = at.only_text(words);
            match (cliffs.take(), because) {
                (Some(span), Some(because)) => {
                    let span = span.to(at.span());
                    pay.accepts.push(Accept {
                        codes: vec![Code::P101, Code::P102],
                        because,
                        span,
                    });
                }
                _ => at.lines.problems.push(
                    Diagnostic::at(
                        Code::S002,
                        at.piece.span(),
                        "this reason belongs to nothing",
                    )
                    .help("put it below `cliffs accepted`", "cliffs accepted"),
                ),
            }
        }
        Rule::accept => pay.accepts.extend(at.accept(words)),
        _ if withheld(at, rule, words.clone(), &mut pay.withheld) => {}
        _ => match step(at, rule, words) {
            Some(step) => pay.steps.push(step),
            None => at.lines.bad = true,
        },
    });
    pay.broken = lines.bad;
    lines.bad |= bad_before;
    if let Some(span) = cliffs
        && !lines.bad
    {
        lines.problems.push(
            Diagnostic::at(Code::S007, span, "cliffs are accepted without a reason")
                .help("say why, on the next line", "because \"…\""),
        );
    }
    require(&[(pay.amount.is_none(), Rule::amount)], pay.span, lines);
    Some(pay)
}

pub(in crate::syntax::blocks) fn earned<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Earned> {
    let paid = match choice(&words, &[Rule::k_paid_each]) {
        Some(_) => Paid::AsItGrows,
        None => Paid::WhenItEnds,
    };
    let mut lengths = parts(words).map(|words| {
        let span = at.reader().span(&words);
        let word = words.into_inner().next()?;
        let value = cadence_of(word.as_rule())?;
        Some(Spanned { value, span })
    });
    let (each, paid_of) = (lengths.next()??, lengths.next()??);
    Some(Earned {
        each,
        paid,
        paid_of,
        span: at.span(),
    })
}

pub(in crate::syntax::blocks) fn amount<'t>(
    at: &mut At<'_, '_, '_, 't>,
    part: Words<'t>,
) -> Option<Amount> {
    if part.as_rule() == Rule::expr {
        return Some(Amount::Plain(at.reader().expr(part)));
    }
    if part.as_rule() == Rule::wholes {
        return wholes(at, part);
    }
    let fixed = choice(&part, &[Rule::k_each_slice_at_its_own_rate]);
    let span = at.reader().span(&part);
    let inner: Vec<Words<'t>> = parts(part).collect();
    let [base, tiers, how @ ..] = inner.as_slice() else {
        return None;
    };
    let how = match (how.first(), fixed) {
        (Some(words), _) => TierUse::Placed(placed(at, words.clone())?),
        (None, Some(_)) => TierUse::EachSlice,
        (None, None) => TierUse::Everything,
    };
    let base = match base.as_rule() {
        Rule::expr => at.reader().expr(base.clone()),
        _ => at.reader().path(base.clone()),
    };
    Some(Amount::Tiered {
        base,
        tiers: at.name(tiers),
        how,
        span,
    })
}

/// `placed by the running …`
fn placed<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Placed> {
    let span = at.reader().span(&words);
    let mut inner = parts(words);
    let what = inner.next()?;
    let running = match what.as_rule() {
        Rule::path => Running::Total(at.reader().path(what)),
        _ => Running::Count(at.name(&what)),
    };
    let (mut key, mut window) = (None, Window::Period);
    for part in inner {
        match part.as_rule() {
            Rule::path => key = Some(at.reader().path(part)),
            _ => window = at.reader().window(part)?,
        }
    }
    Some(Placed {
        running,
        key,
        window,
        span,
    })
}

/// `a deal across an edge …`
fn edge<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<(Name, Spanned<EdgeRule>)> {
    let rules = [Rule::k_is_cut, Rule::k_takes_the_rate_where_it_starts];
    let value = match choice(&words, &rules) {
        Some(Rule::k_is_cut) => EdgeRule::Cut,
        Some(_) => EdgeRule::Starts,
        None => EdgeRule::Ends,
    };
    let span = at.span();
    let word = at.name(&parts(words).next()?);
    Some((word, Spanned { value, span }))
}

pub(in crate::syntax::blocks) fn wholes<'t>(
    at: &mut At<'_, '_, '_, 't>,
    part: Words<'t>,
) -> Option<Amount> {
    let span = at.reader().span(&part);
    let mut inner = parts(part);
    let price = at.reader().expr(inner.next()?);
    let step = at.reader().bound(inner.next()?);
    let of = at.reader().expr(inner.next()?);
    let above = inner.next().map(|above| at.reader().bound(above));
    Some(Amount::Wholes {
        price,
        step,
        of,
        above,
        span,
    })
}

pub(in crate::syntax::blocks) fn step<'t>(
    at: &mut At<'_, '_, '_, 't>,
    rule: Rule,
    words: Words<'t>,
) -> Option<Step> {
    let when = parts(words.clone())
        .find(|part| part.as_rule() == Rule::only_when)
        .and_then(|when| at.expr(when));
    let kind = match rule {
        Rule::gate => gate(at, words)?,
        Rule::times => StepKind::Times(at.expr(words)?),
        Rule::floor => {
            let (amount, window) = limit(at, words)?;
            StepKind::Floor { amount, window }
        }
        Rule::cap => {
            let value = match choice(&words, &[Rule::k_excess_is_lost]) {
                Some(_) => Excess::Lost,
                None => Excess::AsMoney,
            };
            let (amount, window) = limit(at, words)?;
            let excess = Spanned {
                value,
                span: at.span(),
            };
            StepKind::Cap {
                amount,
                window,
                excess,
            }
        }
        Rule::cap_of => StepKind::CapOf(cap_of(at, words)?),
        Rule::increase => {
            let least = match parts(words).next() {
                None => None,
                Some(least) => {
                    let span = at.reader().span(&least);
                    Some(zero(at, &mut parts(least), span)?)
                }
            };
            StepKind::Increase { least }
        }
        _ if choice(&words, &[Rule::k_never]).is_some() => StepKind::RoundNever,
        _ => StepKind::Round(at.round(words)?),
    };
    Some(Step {
        kind,
        when,
        span: at.span(),
    })
}

pub(in crate::syntax::blocks) fn gate<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<StepKind> {
    let mut otherwise = match choice(&words, &[Rule::k_hold_this_payout]) {
        Some(_) => Otherwise::Hold,
        None => Otherwise::Nothing,
    };
    let mut subject = None;
    let mut range = None;
    for part in parts(words) {
        match part.as_rule() {
            Rule::arith => subject = Some(at.reader().expr(part)),
            Rule::range => range = at.reader().range(part),
            Rule::share_of => otherwise = Otherwise::Share(at.expr(part)?),
            _ => otherwise = Otherwise::Amount(amount(at, part)?),
        }
    }
    Some(StepKind::Gate {
        subject: subject?,
        range: range?,
        otherwise,
    })
}

pub(in crate::syntax::blocks) fn limit<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<(Expr, Spanned<LimitWindow>)> {
    let mut inner = parts(words);
    let amount = at.reader().expr(inner.next()?);
    let each = inner.next()?;
    let span = at.reader().span(&each);
    let of = parts(each).next()?;
    let value = match of.as_rule() {
        Rule::cadence => LimitWindow::Each(
            of.into_inner()
                .next()
                .and_then(|word| cadence_of(word.as_rule()))?,
        ),
        _ => LimitWindow::EachRecord(at.name(&of)),
    };
    Some((amount, Spanned { value, span }))
}

/// `cap AMOUNT each deal.customer for life, …`
fn cap_of<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<CapOf> {
    let mut inner = parts(words);
    let amount = at.reader().expr(inner.next()?);
    let of = at.reader().path(inner.next()?);
    let (mut each, mut before) = (None, None);
    for part in inner {
        match part.as_rule() {
            Rule::each_period => {
                let span = at.reader().span(&part);
                let word = parts(part).next()?.into_inner().next()?;
                let value = cadence_of(word.as_rule())?;
                each = Some(Spanned { value, span });
            }
            Rule::used_before => before = Some(at.expr(part)?),
            _ => {}
        }
    }
    Some(CapOf {
        amount,
        of,
        each,
        before,
    })
}

/// `below 0` and `never less than 0` know no other number.
pub(in crate::syntax::blocks) fn zero<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: &mut impl Iterator<Item = Words<'t>>,
    span: Span,
) -> Option<Zero> {
    let figure = words.next()?;
    if at.reader().figure(&figure)?.is_zero() {
        let currency = match words.next() {
            None => None,
            Some(code) => {
                let span = at.reader().span(&code);
                let value = at.reader().currency(&code)?;
                Some(Spanned { value, span })
            }
        };
        return Some(Zero { currency, span });
    }
    let span = at.reader().span(&figure);
    at.lines.problems.push(
        Diagnostic::at(Code::S006, span, "only 0 can stand here")
            .note("A higher least amount is a `floor`.")
            .help("for example", "floor 1,000 USD each month"),
    );
    None
}

pub(in crate::syntax::blocks) fn below<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Below> {
    let rule = match choice(&words, &[Rule::k_carries_forward, Rule::k_is_lost]) {
        Some(Rule::k_carries_forward) => BelowZero::CarriesForward,
        Some(_) => BelowZero::Lost,
        None => BelowZero::AsItIs,
    };
    let span = at.span();
    let zero = zero(at, &mut parts(words), span)?;
    Some(Below { zero, rule, span })
}
