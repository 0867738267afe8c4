//! Blocks of measures and of tables.

use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{
    Beyond, Curve, Lookup, LookupKind, Measure, MeasureRule, MissingScore, Name, Rate, RuleOutcome,
    RuleSubject, Scorecard, Spanned, Tiers,
};
use crate::syntax::blocks::credits::{if_missing, input_kind};
use crate::syntax::blocks::{
    At, Head, all_rows, each, each_with_rows, has_rows, no_rows, once, require,
};
use crate::syntax::cells;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::{Block as Cut, Row};

pub(in crate::syntax::blocks) fn measure(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Measure> {
    no_rows(&block.rows, lines);
    let mut measure = Measure {
        name: head.names.into_iter().next()?,
        label: head.title,
        value: None,
        rules: Vec::new(),
        round: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::value => {
            let value = at.expr(words);
            once(&mut measure.value, value, |e| e.span, at, "value");
        }
        Rule::round_value => {
            let value = at.round_value(words);
            once(&mut measure.round, value, |r| r.span, at, "round");
        }
        Rule::measure_rule => measure.rules.extend(measure_rule(at, words, &measure.name)),
        _ => measure.accepts.extend(at.accept(words)),
    });
    require(
        &[(measure.value.is_none(), Rule::value)],
        measure.span,
        lines,
    );
    measure.broken = lines.bad;
    lines.bad |= bad_before;
    Some(measure)
}

pub(in crate::syntax::blocks) fn measure_rule<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
    measure: &Name,
) -> Option<MeasureRule> {
    let has = |rule| choice(&words, &[rule]).is_some();
    let both = has(Rule::k_zero_or_missing);
    let (zero, missing) = (both || has(Rule::k_zero), both || has(Rule::k_missing));
    let mut outcome = if has(Rule::k_pay_nothing) {
        RuleOutcome::PayNothing
    } else {
        RuleOutcome::Hold
    };
    let mut subject = None;
    for part in parts(words.clone()) {
        match part.as_rule() {
            Rule::is_value => {
                let mut inner = parts(part);
                let name = at.name(&inner.next()?);
                if name.text != measure.text {
                    at.lines.problems.push(
                        Diagnostic::at(
                            Code::S008,
                            name.span,
                            format!(
                                "this rule gives `{}` a value, and it stands in `{}`",
                                name.text, measure.text
                            ),
                        )
                        .help("name the measure itself", format!("{} is 0%", measure.text)),
                    );
                    return None;
                }
                outcome = RuleOutcome::Value(at.reader().expr(inner.next()?));
            }
            Rule::over_window => {
                let span = at.reader().span(&part);
                let value = at.reader().window(part.into_inner().next()?)?;
                subject = Some(RuleSubject::Over(Spanned { value, span }));
            }
            _ => subject = Some(RuleSubject::Expr(at.reader().expr(part))),
        }
    }
    Some(MeasureRule {
        subject: subject?,
        zero,
        missing,
        outcome,
        span: at.span(),
    })
}

pub(in crate::syntax::blocks) fn tiers(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Tiers> {
    let mut rows = block.rows.clone();
    let mut accepts = Vec::new();
    for clause in &block.clauses {
        rows.extend(clause.rows.iter().cloned());
        let Some((_, words)) = lines.clause(clause) else {
            continue;
        };
        accepts.extend(
            At {
                piece: clause.line,
                lines: &mut *lines,
            }
            .accept(words),
        );
    }
    if rows.len() < 2 && !lines.bad {
        lines.problems.push(
            Diagnostic::at(Code::S007, block.head.span(), "this table has no rows")
                .help("add its heading and rows", "| attainment | rate |"),
        );
    }
    let before = lines.problems.iter().len();
    let (headings, rows) = cells::tiers(&rows, lines.problems);
    let broken = lines.bad || lines.problems.iter().len() > before;
    Some(Tiers {
        name: head.names.into_iter().next()?,
        on: head.on.into_iter().next()?,
        headings,
        rows,
        broken,
        accepts,
        span: block.head.span(),
    })
}

pub(in crate::syntax::blocks) fn curve(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Curve> {
    let mut curve = Curve {
        name: head.names.into_iter().next()?,
        label: head.title,
        on: head.on.into_iter().next()?,
        points: Vec::new(),
        below: None,
        above: None,
        round: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each_with_rows(block, lines, |at, rule, words| match rule {
        Rule::curve_below => {
            let value = beyond(at, words);
            once(&mut curve.below, value, |b| b.span, at, "below");
        }
        Rule::curve_above => {
            let value = beyond(at, words);
            once(&mut curve.above, value, |a| a.span, at, "above");
        }
        Rule::round_value => {
            let value = at.round_value(words);
            once(&mut curve.round, value, |r| r.span, at, "round");
        }
        _ => curve.accepts.extend(at.accept(words)),
    });
    let rows = all_rows(block);
    has_rows(&rows, block, "| attainment | payout |", lines);
    require(
        &[
            (curve.below.is_none(), Rule::curve_below),
            (curve.above.is_none(), Rule::curve_above),
        ],
        curve.span,
        lines,
    );
    let before = lines.problems.iter().len();
    curve.points = cells::points(&rows, lines.problems);
    curve.broken = lines.bad || lines.problems.iter().len() > before;
    Some(curve)
}

pub(in crate::syntax::blocks) fn beyond<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Spanned<Beyond>> {
    let fixed = choice(&words, &[Rule::k_pays_nothing]);
    let value = match parts(words).next() {
        None if fixed.is_some() => Beyond::Nothing,
        None => Beyond::Stays,
        Some(continues) => {
            let mut inner = parts(continues);
            let amount = at.reader().bound(inner.next()?);
            let step = inner.next().and_then(|step| parts(step).next());
            Beyond::Continues(amount, step.map(|step| at.reader().bound(step)))
        }
    };
    Some(Spanned {
        value,
        span: at.span(),
    })
}

pub(in crate::syntax::blocks) fn lookup(
    block: &Cut<'_>,
    head: Head,
    kind: LookupKind,
    lines: &mut Lines<'_, '_>,
) -> Option<Lookup> {
    let mut lookup = Lookup {
        kind,
        name: head.names.into_iter().next()?,
        label: head.title,
        keys: head.on,
        rows: Vec::new(),
        from: None,
        value_kind: None,
        missing: None,
        percent_of: None,
        first_match: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each_with_rows(block, lines, |at, rule, words| match rule {
        Rule::from_source => {
            let value = parts(words).next().map(|name| at.name(&name));
            once(&mut lookup.from, value, |n| n.span, at, "from");
        }
        Rule::input_type => {
            let value = input_kind(at, words);
            once(&mut lookup.value_kind, value, |k| k.span, at, "type");
        }
        Rule::if_missing => {
            let value = Some(if_missing(at, words));
            once(&mut lookup.missing, value, |m| m.span, at, "if missing");
        }
        Rule::percent_of => {
            let value = at.expr(words);
            once(&mut lookup.percent_of, value, |e| e.span, at, "percent of");
        }
        Rule::first_match => {
            let value = Some(at.span());
            once(&mut lookup.first_match, value, |f| *f, at, "first match");
        }
        _ => lookup.accepts.extend(at.accept(words)),
    });
    let rows = all_rows(block);
    if let Some(from) = &lookup.from {
        in_data(&lookup, from, &rows, lines);
        lookup.broken = lines.bad;
        return Some(lookup);
    }
    if let Some(span) = lookup.only_of_data().filter(|_| !lines.bad) {
        lines.problems.push(
            Diagnostic::at(
                Code::S002,
                span,
                "this line is about a table whose rows are data",
            )
            .help("say which", "from        rates"),
        );
        lines.bad = true;
    }
    let example = match kind {
        LookupKind::Matrix => r"| growth \ margin | under 30% | 30% and above |",
        LookupKind::Value => "| role | rate |",
    };
    has_rows(&rows, block, example, lines);
    let before = lines.problems.iter().len();
    lookup.rows = match kind {
        LookupKind::Matrix => cells::matrix(&rows, lines.problems),
        LookupKind::Value => cells::lookup(&rows, lookup.keys.len(), lines.problems),
    };
    lookup.broken = lines.bad || lines.problems.iter().len() > before;
    Some(lookup)
}

/// What a table says whose rows are data: everything but rows.
fn in_data(lookup: &Lookup, from: &Name, rows: &[Row<'_>], lines: &mut Lines<'_, '_>) {
    let own = [
        lookup.first_match,
        lookup.percent_of.as_ref().map(|e| e.span),
    ];
    let row = rows.first().map(|row| row.line.span());
    if let Some(span) = own.into_iter().flatten().chain(row).next()
        && !lines.bad
    {
        lines.problems.push(
            Diagnostic::at(Code::S008, span, "the rows of this table stand in data")
                .label(from.span, "here it says so")
                .help("take one of the two away", ""),
        );
        lines.bad = true;
    }
    require(
        &[
            (lookup.value_kind.is_none(), Rule::input_type),
            (lookup.missing.is_none(), Rule::if_missing),
        ],
        lookup.span,
        lines,
    );
}

pub(in crate::syntax::blocks) fn rate(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Rate> {
    let mut rate = Rate {
        name: head.names.into_iter().next()?,
        label: head.title,
        rows: Vec::new(),
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each_with_rows(block, lines, |at, _, words| {
        rate.accepts.extend(at.accept(words));
    });
    let rows = all_rows(block);
    has_rows(&rows, block, "| effective | base_rate |", lines);
    let before = lines.problems.iter().len();
    rate.rows = cells::dated(&rows, lines.problems);
    rate.broken = lines.bad || lines.problems.iter().len() > before;
    Some(rate)
}

pub(in crate::syntax::blocks) fn scorecard(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Scorecard> {
    let mut scorecard = Scorecard {
        name: head.names.into_iter().next()?,
        label: head.title,
        objectives: Vec::new(),
        total: None,
        missing: None,
        round: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each_with_rows(block, lines, |at, rule, words| match rule {
        Rule::weights => {
            let span = at.span();
            let value = parts(words).next().map(|percent| Spanned {
                value: at.reader().path(percent),
                span,
            });
            once(&mut scorecard.total, value, |t| t.span, at, "weights total");
        }
        Rule::no_score => {
            let fixed = choice(
                &words,
                &[
                    Rule::k_hold_this_payout,
                    Rule::k_share_its_weight_among_the_rest,
                ],
            );
            let value = match (fixed, parts(words).next()) {
                (Some(Rule::k_hold_this_payout), _) => Some(MissingScore::Hold),
                (Some(_), _) => Some(MissingScore::Share),
                (None, Some(value)) => Some(MissingScore::Counts(at.reader().bound(value))),
                (None, None) => None,
            };
            let span = at.span();
            let value = value.map(|value| Spanned { value, span });
            let words = "if an objective is missing";
            once(&mut scorecard.missing, value, |m| m.span, at, words);
        }
        Rule::round_value => {
            let value = at.round_value(words);
            once(&mut scorecard.round, value, |r| r.span, at, "round");
        }
        _ => scorecard.accepts.extend(at.accept(words)),
    });
    let rows = all_rows(block);
    has_rows(&rows, block, "| objective | weight | score |", lines);
    require(
        &[(scorecard.total.is_none(), Rule::weights)],
        scorecard.span,
        lines,
    );
    let before = lines.problems.iter().len();
    scorecard.objectives = cells::objectives(&rows, lines.problems);
    scorecard.broken = lines.bad || lines.problems.iter().len() > before;
    Some(scorecard)
}
