//! The `quota` block: where its values stand, and the lines that make a quota of a value, in the order in which
//! they act.

use crate::base::Cadence;
use crate::diag::Span;
use crate::syntax::ast::{
    DayRows, EmploymentMonths, Expr, Prorated, ProrationUnit, Quota, Ramp, Relief, Spanned, Spread,
};
use crate::syntax::blocks::exchanges::converted_at;
use crate::syntax::blocks::{At, Head, each, no_rows, once, require};
use crate::syntax::errors;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::{Block as Cut, Piece};

/// The clauses in the order in which they act.
const ORDER: [Rule; 7] = [
    Rule::from_quota,
    Rule::converted_at,
    Rule::spread,
    Rule::ramp,
    Rule::relief,
    Rule::prorated,
    Rule::round_value,
];

pub(in crate::syntax::blocks) fn quota(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Quota> {
    no_rows(&block.rows, lines);
    let mut quota = Quota {
        name: head.names.into_iter().next()?,
        label: head.title,
        from: None,
        converted: None,
        spread: None,
        ramp: None,
        relief: None,
        prorated: None,
        round: None,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let mut written: Vec<(usize, Piece<'_>)> = Vec::new();
    each(block, lines, |at, rule, words, clause| {
        let place = ORDER.iter().position(|known| *known == rule);
        written.extend(place.map(|place| (place, clause.line)));
        match rule {
            Rule::from_quota => {
                let value = at.quota_from(words);
                once(&mut quota.from, value, |q| q.span, at, "from");
            }
            Rule::converted_at => {
                let value = converted_at(at, words);
                once(&mut quota.converted, value, |c| c.span, at, "converted");
            }
            Rule::spread => {
                let value = spread(at, words);
                once(&mut quota.spread, value, |s| s.span, at, "spread");
            }
            Rule::ramp => {
                let value = ramp(at, words);
                once(&mut quota.ramp, value, |r| r.span, at, "ramp");
            }
            Rule::relief => {
                let value = relief(at, words);
                once(&mut quota.relief, value, |r| r.span, at, "relief");
            }
            Rule::prorated => {
                let value = Some(prorated(at, words));
                once(&mut quota.prorated, value, |p| p.span, at, "prorated");
            }
            Rule::round_value => {
                let value = at.round_value(words);
                once(&mut quota.round, value, |r| r.span, at, "round");
            }
            _ => quota.accepts.extend(at.accept(words)),
        }
    });
    require(
        &[(quota.from.is_none(), Rule::from_quota)],
        quota.span,
        lines,
    );
    in_order(&written, quota.span, lines);
    Some(quota)
}

/// Lines stand in the order in which they act, so that nobody takes them to act otherwise.
fn in_order(written: &[(usize, Piece<'_>)], head: Span, lines: &mut Lines<'_, '_>) {
    if lines.bad || written.is_sorted_by(|a, b| a.0 <= b.0) {
        return;
    }
    let mut wanted = written.to_vec();
    wanted.sort_by_key(|(place, _)| *place);
    let moved: Vec<(Span, &str)> = written
        .iter()
        .zip(&wanted)
        .filter(|((_, stands), (_, belongs))| stands.at != belongs.at)
        .map(|((_, stands), (_, belongs))| (stands.span(), belongs.text))
        .collect();
    lines.problems.push(errors::quota_order(head, &moved));
}

fn shares(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Vec<Expr> {
    parts(words).map(|share| at.reader().expr(share)).collect()
}

fn spread(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Option<Spread> {
    let mut inner = parts(words);
    let shares = shares(at, inner.next()?);
    let over = inner.next()?;
    let span = at.reader().span(&over);
    let value = match over.into_inner().next()?.as_rule() {
        Rule::k_months => Cadence::Month,
        Rule::k_quarters => Cadence::Quarter,
        _ => Cadence::Half,
    };
    Some(Spread {
        shares,
        over: Spanned { value, span },
        span: at.span(),
    })
}

fn ramp(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Option<Ramp> {
    let months = match choice(&words, &[Rule::k_by_started_month_of_employment]) {
        Some(_) => EmploymentMonths::Started,
        None => EmploymentMonths::Full,
    };
    let shares = shares(at, parts(words).next()?);
    Some(Ramp {
        shares,
        months,
        span: at.span(),
    })
}

fn relief(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Option<Relief> {
    let mut inner = parts(words);
    let days = days_as(at, inner.next()?)?;
    let by = inner.next().map(|by| at.reader().path(by));
    Some(Relief {
        days,
        by,
        span: at.span(),
    })
}

fn prorated(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Prorated {
    let by = words.clone().into_inner().find_map(|word| {
        let unit = match word.as_rule() {
            Rule::k_calendar_days => ProrationUnit::CalendarDays,
            Rule::k_working_days => ProrationUnit::WorkingDays,
            Rule::k_whole_months => ProrationUnit::WholeMonths,
            _ => return None,
        };
        Some((unit, at.reader().span(&word)))
    });
    if let Some((_, unit)) = by
        && choice(&words, &[Rule::k_in_the_role]).is_none()
    {
        at.lines.problems.push(errors::days_of_what(unit));
    }
    let by = by.map(|(unit, _)| unit);
    let mut prorated = Prorated {
        by,
        holidays: None,
        leave: None,
        span: at.span(),
    };
    for part in parts(words) {
        let is_leave = part.as_rule() == Rule::leave;
        let Some(rows) = parts(part).next() else {
            continue;
        };
        if is_leave {
            prorated.leave = days_as(at, rows);
        } else {
            prorated.holidays = rows_as(at, rows);
        }
    }
    prorated
}

/// `SOURCE as WORD, on WORD.DATE through WORD.DATE`
fn days_as(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Option<DayRows> {
    let mut inner = parts(words);
    let rows = rows_as(at, inner.next()?)?;
    let through = inner.next().map(|day| at.reader().path(day));
    Some(DayRows { through, ..rows })
}

/// `SOURCE as WORD, on WORD.DATE`
fn rows_as(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Option<DayRows> {
    let mut inner = parts(words);
    Some(DayRows {
        from: (at.name(&inner.next()?), at.name(&inner.next()?)),
        on: at.reader().path(inner.next()?),
        through: None,
    })
}
