//! Blocks of claims and tests.

use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{Claim, ClaimKind, Expect, ExpectOf, Given, Prove, Test};
use crate::syntax::blocks::{At, Head, each, no_rows, require};
use crate::syntax::cells;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

pub(in crate::syntax::blocks) fn prove(block: &Cut<'_>, lines: &mut Lines<'_, '_>) -> Prove {
    no_rows(&block.rows, lines);
    let mut claims = Vec::new();
    each(block, lines, |at, rule, words, _| {
        let mut inner = parts(words);
        let Some(pay) = inner.next().map(|name| at.name(&name)) else {
            return;
        };
        let kind = match (rule, inner.next()) {
            (Rule::never_falls, Some(mover)) => ClaimKind::NeverFalls {
                mover: at.name(&mover),
            },
            (Rule::is_at_most, Some(most)) => ClaimKind::AtMost(at.reader().expr(most)),
            (Rule::rises_at_most, Some(rate)) => {
                let rate = at.reader().bound(rate);
                let Some(mover) = inner.next().map(|name| at.name(&name)) else {
                    return;
                };
                ClaimKind::RisesAtMost { rate, mover }
            }
            _ => ClaimKind::NoJumps,
        };
        claims.push(Claim {
            pay,
            kind,
            span: at.span(),
        });
    });
    Prove {
        claims,
        span: block.head.span(),
    }
}

pub(in crate::syntax::blocks) fn test(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Test> {
    no_rows(&block.rows, lines);
    let mut test = Test {
        title: head.title?,
        givens: Vec::new(),
        expects: Vec::new(),
        span: block.head.span(),
    };
    each(block, lines, |at, rule, words, clause| match rule {
        Rule::given_rows => {
            let Some(source) = parts(words).next().map(|name| at.name(&name)) else {
                return;
            };
            let (headings, rows) = cells::given(&clause.rows, at.lines.problems);
            if clause.rows.is_empty() {
                at.lines.problems.push(
                    Diagnostic::at(Code::S007, at.piece.span(), "no records are given").help(
                        "add them as a table below this line",
                        "| id | owner | amount |",
                    ),
                );
            }
            test.givens.push(Given::Table {
                source,
                headings,
                rows,
                span: at.span(),
            });
        }
        Rule::given_balance => test.givens.extend(given_balance(at, words)),
        Rule::given_input => test.givens.extend(given_input(at, words)),
        Rule::given => test.givens.extend(given(at, words)),
        _ => test.expects.extend(expect(at, words)),
    });
    require(&[(test.expects.is_empty(), Rule::expect)], test.span, lines);
    Some(test)
}

pub(in crate::syntax::blocks) fn given_input<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Given> {
    let mut inner = parts(words);
    Some(Given::OfCompany {
        what: at.name(&inner.next()?),
        value: at.reader().expr(inner.next()?),
        period: at.name(&inner.next()?),
        span: at.span(),
    })
}

fn given_balance<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Given> {
    let mut inner = parts(words);
    Some(Given::Balance {
        what: at.name(&inner.next()?),
        value: at.reader().expr(inner.next()?),
        person: at.name(&inner.next()?),
        span: at.span(),
    })
}

pub(in crate::syntax::blocks) fn given<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Given> {
    let total = choice(&words, &[Rule::k_total]).is_some();
    let mut inner = parts(words);
    let what = at.name(&inner.next()?);
    let value = at.reader().expr(inner.next()?);
    let person = at.name(&inner.next()?);
    let period = inner.next().map(|period| at.name(&period));
    Some(Given::Value {
        what,
        total,
        value,
        person,
        period,
        span: at.span(),
    })
}

pub(in crate::syntax::blocks) fn expect<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Expect> {
    let mut inner = parts(words).peekable();
    let moved = inner.next_if(|part| part.as_rule() == Rule::moved);
    let of = moved.map_or(ExpectOf::Value, |moved| expected_of(&moved));
    let what = at.name(&inner.next()?);
    let person = at.name(&inner.next()?);
    let period = at.name(&inner.next()?);
    let value = inner.next().map(|value| at.reader().expr(value));
    Some(Expect {
        of,
        what,
        person,
        period,
        value,
        span: at.span(),
    })
}

fn expected_of(words: &Words<'_>) -> ExpectOf {
    let rules = [
        Rule::k_withheld_of,
        Rule::k_taken_back_by,
        Rule::k_drawn_by,
        Rule::k_guaranteed_by,
        Rule::k_recovered_by,
        Rule::k_forgiven_of,
    ];
    match choice(words, &rules) {
        Some(Rule::k_withheld_of) => ExpectOf::Withheld,
        Some(Rule::k_taken_back_by) => ExpectOf::Taken,
        Some(Rule::k_drawn_by) => ExpectOf::Drawn,
        Some(Rule::k_guaranteed_by) => ExpectOf::Guaranteed,
        Some(Rule::k_recovered_by) => ExpectOf::Recovered,
        Some(_) => ExpectOf::Forgiven,
        None => ExpectOf::Balance,
    }
}
