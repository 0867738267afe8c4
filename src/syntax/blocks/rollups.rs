//! `rollup`.

use crate::diag::{Code, Diagnostic, Span};
use crate::syntax::ast::{Expr, Hierarchy, LevelShare, Levels, Name, Rollup, Spanned};
use crate::syntax::blocks::credits::shares_total;
use crate::syntax::blocks::{At, Head, all_rows, each_with_rows, once, require};
use crate::syntax::cells;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

/// The column of people that `managers` stands for.
const MANAGER: &str = "manager";

/// As many levels as anybody has above them.
const MOST_LEVELS: u16 = 30;

pub(in crate::syntax::blocks) fn rollup(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Rollup> {
    let mut rollup = Rollup {
        name: head.names.into_iter().next()?,
        label: head.title,
        from: None,
        to: None,
        levels: None,
        share: None,
        total: None,
        hierarchy: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each_with_rows(block, lines, |at, rule, words| match rule {
        Rule::roll_from => {
            let value = parts(words).next().map(|name| at.name(&name));
            once(&mut rollup.from, value, |name| name.span, at, "from");
        }
        Rule::roll_to => {
            let value = Some(match parts(words).next() {
                Some(name) => at.name(&name),
                None => Name {
                    text: MANAGER.to_owned(),
                    span: at.span(),
                },
            });
            once(&mut rollup.to, value, |name| name.span, at, "to");
        }
        Rule::levels => {
            let value = levels(at, words);
            once(&mut rollup.levels, value, |own| own.span, at, "levels");
        }
        Rule::roll_share => {
            let value = match parts(words).next() {
                Some(column) => LevelShare::Column(at.name(&column)),
                None => LevelShare::OfLevel,
            };
            let span = at.span();
            let value = Some(Spanned { value, span });
            once(&mut rollup.share, value, |own| own.span, at, "share");
        }
        Rule::shares_total => {
            let value = shares_total(at, words);
            once(&mut rollup.total, value, |own| own.span, at, "shares total");
        }
        Rule::hierarchy => {
            let last_day = choice(&words, &[Rule::k_the_last_day_of_the_period]);
            let value = match last_day {
                Some(_) => Some(Hierarchy::LastDay),
                None => at.expr(words).map(Hierarchy::Column),
            };
            let span = at.span();
            let value = value.map(|value| Spanned { value, span });
            once(
                &mut rollup.hierarchy,
                value,
                |own| own.span,
                at,
                "hierarchy as of",
            );
        }
        _ => rollup.accepts.extend(at.accept(words)),
    });
    require(
        &[
            (rollup.from.is_none(), Rule::roll_from),
            (rollup.to.is_none(), Rule::roll_to),
            (rollup.levels.is_none(), Rule::levels),
        ],
        rollup.span,
        lines,
    );
    let before = lines.problems.iter().len();
    if let Some(own) = &mut rollup.levels {
        let rows = cells::levels(&all_rows(block), lines.problems);
        in_table(own, rows, lines);
    }
    rollup.broken = lines.bad || lines.problems.iter().len() > before;
    lines.bad |= bad_before;
    Some(rollup)
}

fn levels<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Levels> {
    let span = at.span();
    let (mut levels, mut once) = (Vec::new(), None);
    for part in parts(words) {
        if part.as_rule() == Rule::level_list {
            let through = choice(&part, &[Rule::k_through]).is_some();
            let ends: Vec<Spanned<u16>> =
                parts(part).filter_map(|whole| level(at, whole)).collect();
            levels = match ends.as_slice() {
                [first, last] if through => (first.value..=last.value)
                    .map(|value| Spanned { value, ..*last })
                    .collect(),
                _ => ends,
            };
        } else {
            once = Some(at.name(&part));
        }
    }
    Some(Levels {
        levels: levels.into_iter().map(|level| (level, None)).collect(),
        once: once?,
        span,
    })
}

fn level<'t>(at: &mut At<'_, '_, '_, 't>, whole: Words<'t>) -> Option<Spanned<u16>> {
    let span = at.reader().span(&whole);
    let value = whole.as_str().parse().ok();
    let value = value.filter(|level| (1..=MOST_LEVELS).contains(level));
    if value.is_none() {
        at.lines.problems.push(no_level(span));
    }
    value.map(|value| Spanned { value, span })
}

/// Levels of the table below the clause; either the clause names them or the table.
fn in_table(own: &mut Levels, rows: Vec<(Spanned<Expr>, Expr)>, lines: &mut Lines<'_, '_>) {
    match (own.levels.is_empty(), rows.first()) {
        (true, None) => lines.problems.push(
            Diagnostic::at(Code::S007, own.span, "how far up do credits go?")
                .help(
                    "name the levels",
                    "levels 1 and 2 up, each credit once per manager",
                )
                .help("or give each a share, in a table", "| level | share |"),
        ),
        (false, Some((level, _))) => lines.problems.push(
            Diagnostic::at(Code::S008, level.span, "the levels are named twice")
                .saying("in the table")
                .label(own.span, "and in the clause")
                .help("keep one of them", "levels each credit once per manager"),
        ),
        _ => {}
    }
    for (level, share) in rows {
        let value = match &level.value.kind {
            crate::syntax::ast::ExprKind::Number(number) => number.to_units(1),
            _ => None,
        };
        let value = value.and_then(|level| u16::try_from(level).ok());
        match value.filter(|level| (1..=MOST_LEVELS).contains(level)) {
            Some(value) => own.levels.push((
                Spanned {
                    value,
                    span: level.span,
                },
                Some(share),
            )),
            None => lines.problems.push(no_level(level.span)),
        }
    }
}

fn no_level(span: Span) -> Diagnostic {
    Diagnostic::at(Code::S008, span, "this is no level").saying(format!(
        "levels are 1 through {MOST_LEVELS}: 1 is the manager, 2 the manager's manager"
    ))
}
