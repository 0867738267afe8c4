//! `budget`.

use crate::syntax::ast::{Budget, Exempt, Limit, Spanned};
use crate::syntax::blocks::{At, Head, each, once, require, residue_of};
use crate::syntax::errors;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

pub(in crate::syntax::blocks) fn budget(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Budget> {
    let mut budget = Budget {
        name: head.names.into_iter().next()?,
        label: head.title,
        of: None,
        limit: None,
        exempt: None,
        round: None,
        remainder: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::budget_of => {
            let value = parts(words).map(|name| at.name(&name)).collect();
            let span = at.span();
            let value = Some(Spanned { value, span });
            once(&mut budget.of, value, |own| own.span, at, "of");
        }
        Rule::limit => {
            let value = limit(at, words);
            once(&mut budget.limit, value, |own| own.span, at, "limit");
        }
        Rule::exempt => {
            let counted = choice(&words, &[Rule::k_and_counted_first]).is_some();
            let condition = at.expr(words);
            let span = at.span();
            let value = condition.map(|condition| Exempt {
                condition,
                counted,
                span,
            });
            once(&mut budget.exempt, value, |own| own.span, at, "exempt");
        }
        Rule::round => {
            let value = at.round(words);
            once(&mut budget.round, value, |own| own.span, at, "round");
        }
        Rule::budget_rest => {
            // Where the spare units stay in the budget, nobody gets them.
            let (value, span) = (residue_of(&words), at.span());
            let value = Some(Spanned { value, span });
            once(
                &mut budget.remainder,
                value,
                |own| own.span,
                at,
                "remainder",
            );
        }
        _ => budget.accepts.extend(at.accept(words)),
    });
    require(
        &[
            (budget.of.is_none(), Rule::budget_of),
            (budget.limit.is_none(), Rule::limit),
            (budget.remainder.is_none(), Rule::budget_rest),
        ],
        budget.span,
        lines,
    );
    if budget.round.is_none() && !lines.bad {
        lines.problems.push(errors::unrounded_budget(budget.span));
    }
    budget.broken = lines.bad;
    lines.bad |= bad_before;
    Some(budget)
}

fn limit<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Limit> {
    let mut inner = parts(words);
    let amount = at.reader().bound(inner.next()?);
    Some(Limit {
        amount,
        each: at.cadence(inner.next()?)?.value,
        span: at.span(),
    })
}
