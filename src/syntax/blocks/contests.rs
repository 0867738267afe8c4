//! `contest` and `ranking`.

use crate::syntax::ast::{
    Contest, ContestKind, First, PlaceTies, PrizeRow, RankBy, Spanned, Spare, Ties, Unranked,
};
use crate::syntax::blocks::{At, Head, all_rows, each_with_rows, has_rows, no_rows, once, require};
use crate::syntax::cells;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

/// What the places of a block are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax::blocks) enum Of {
    /// `contest`
    Prizes,
    /// `ranking`
    Places,
}

/// The lines that only one of the two blocks has.
#[derive(Default)]
struct Own {
    ties: Option<Spanned<Ties>>,
    place_ties: Option<Spanned<PlaceTies>>,
    unranked: Option<Spanned<Unranked>>,
}

pub(in crate::syntax::blocks) fn contest(
    block: &Cut<'_>,
    head: Head,
    of: Of,
    lines: &mut Lines<'_, '_>,
) -> Option<Contest> {
    let span = block.head.span();
    let name = head.names.into_iter().next()?;
    let (mut runs, mut among, mut ranked) = (None, None, None);
    let (mut then, mut needs, mut accepts) = (Vec::new(), Vec::new(), Vec::new());
    let mut own = Own::default();
    let bad_before = std::mem::take(&mut lines.bad);
    each_with_rows(block, lines, |at, rule, words| {
        let line = at.span();
        match rule {
            Rule::runs => {
                let days = at.reader().days(words);
                let value = days.map(|value| Spanned { value, span: line });
                once(&mut runs, value, |own| own.span, at, "runs");
            }
            Rule::compete_in => {
                let has_day = choice(&words, &[Rule::k_as_of_the_last_day]).is_some();
                let value = parts(words).next().map(|name| (at.name(&name), has_day));
                once(&mut among, value, |(name, _)| name.span, at, "for each");
            }
            Rule::rank_by => {
                let value = rank_by(at, words);
                once(&mut ranked, value, |own| own.span, at, "rank by");
            }
            Rule::then_by => then.extend(rank_by(at, words)),
            Rule::competes => needs.extend(at.expr(words)),
            Rule::ties => {
                let value = ties(at, words).map(|value| Spanned { value, span: line });
                once(&mut own.ties, value, |own| own.span, at, "ties");
            }
            Rule::place_ties => {
                let value = Some(Spanned {
                    value: place_ties(&words),
                    span: line,
                });
                once(&mut own.place_ties, value, |own| own.span, at, "ties");
            }
            Rule::not_ranked => {
                let value = unranked(at, words).map(|value| Spanned { value, span: line });
                once(
                    &mut own.unranked,
                    value,
                    |own| own.span,
                    at,
                    "if not ranked",
                );
            }
            _ => accepts.extend(at.accept(words)),
        }
    });
    let before = lines.problems.iter().len();
    require(&[(ranked.is_none(), Rule::rank_by)], span, lines);
    let kind = match of {
        Of::Prizes => ContestKind::Prizes {
            prizes: prizes(block, lines),
            ties: own.ties,
        },
        Of::Places => {
            no_rows(&all_rows(block), lines);
            ContestKind::Places {
                ties: own.place_ties,
                unranked: own.unranked,
            }
        }
    };
    let broken = lines.bad || lines.problems.iter().len() > before;
    lines.bad |= bad_before;
    Some(Contest {
        kind,
        name,
        label: head.title,
        runs,
        among,
        order: ranked.into_iter().chain(then).collect(),
        needs,
        broken,
        accepts,
        span,
    })
}

fn prizes(block: &Cut<'_>, lines: &mut Lines<'_, '_>) -> Vec<PrizeRow> {
    let rows = all_rows(block);
    has_rows(&rows, block, "| place | prize |", lines);
    cells::prizes(&rows, lines.problems)
}

fn rank_by<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<RankBy> {
    let span = at.span();
    let (mut value, mut first) = (None, First::Highest);
    for part in parts(words) {
        match part.as_rule() {
            Rule::first_is => {
                if choice(&part, &[Rule::k_lowest_first]).is_some() {
                    first = First::Lowest;
                }
            }
            _ => value = Some(at.reader().expr(part)),
        }
    }
    let value = value?;
    Some(RankBy { value, first, span })
}

fn ties<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Ties> {
    let fixed = [
        Rule::k_each_take_the_better_prize,
        Rule::k_each_take_the_lower_prize,
    ];
    match choice(&words, &fixed) {
        Some(Rule::k_each_take_the_better_prize) => return Some(Ties::Better),
        Some(_) => return Some(Ties::Lower),
        None => {}
    }
    let (mut unit, mut remainder) = (None, None);
    for part in parts(words).next()?.into_inner() {
        let span = at.reader().span(&part);
        match part.as_rule() {
            Rule::figure => unit = at.unit_of_rounding(&part),
            Rule::k_to_the_earliest => {
                let value = Spare::Earliest;
                remainder = Some(Spanned { value, span });
            }
            Rule::k_to_the_first_by_id => {
                let value = Spare::FirstById;
                remainder = Some(Spanned { value, span });
            }
            _ => {}
        }
    }
    Some(Ties::Share {
        unit: unit?,
        remainder: remainder?,
    })
}

fn place_ties(words: &Words<'_>) -> PlaceTies {
    let places = [
        Rule::k_take_the_lower_place,
        Rule::k_share_the_average_place,
    ];
    match choice(words, &places) {
        Some(Rule::k_take_the_lower_place) => PlaceTies::Lower,
        Some(_) => PlaceTies::Average,
        None => PlaceTies::Better,
    }
}

fn unranked<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Unranked> {
    let Some(value) = parts(words).next() else {
        return Some(Unranked::PayNothing);
    };
    let mut inner = parts(value);
    let name = at.name(&inner.next()?);
    let value = at.reader().expr(inner.next()?);
    Some(Unranked::Value(name, value))
}
