//! What can be wrong with an amendment.

use crate::base::{Date, Exact, Money, Period};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::amend::running::Runs;
use crate::meaning::amend::{Amending, of, say};
use crate::meaning::plan::{
    Amendment, Amount, LimitOf, Pay, Plan, Range, StepKind, TierUse, Tiers,
};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast;

fn write(span: Span, text: &str) -> Vec<Edit> {
    vec![Edit {
        span,
        text: text.to_owned(),
    }]
}

pub(in crate::meaning::amend) fn outside_the_plan(
    effective: &ast::Spanned<(Date, Date)>,
    plan: (Date, Date),
    head: Span,
) -> Diagnostic {
    let (first, last) = plan;
    let (from, through) = effective.value;
    let fixed = format!(
        "effective   {} through {}",
        from.max(first),
        through.min(last)
    );
    let diagnostic = Diagnostic::at(
        Code::D602,
        effective.span,
        "the amendment holds on days that its plan does not have",
    )
    .saying(format!("the plan holds from {first} through {last}"))
    .label(head, "the plan");
    if from.max(first) > through.min(last) {
        return diagnostic.help("write days of the plan", "");
    }
    diagnostic.fix(
        "write days of the plan",
        fixed.clone(),
        write(effective.span, &fixed),
    )
}

pub(in crate::meaning::amend) fn not_a_change(item: &ast::Item, file: &ast::File) -> Diagnostic {
    let (name, at) = match item {
        ast::Item::Prove(prove) => (None, prove.span),
        _ => item
            .replaced_name()
            .map_or((None, Span::new(file.id, 0, 0)), |name| {
                (Some(&name.text), name.span)
            }),
    };
    let diagnostic = Diagnostic::at(
        Code::S002,
        at,
        "an amendment holds `replace …`, `on the change date` and tests, and nothing else",
    );
    match name {
        Some(name) => diagnostic.help(
            format!("if `{name}` is to take the place of the plan's, say so"),
            "replace …",
        ),
        None => diagnostic.help("claims, sources and credits belong in the plan", ""),
    }
}

pub(in crate::meaning::amend) fn another_kind(
    name: &ast::Name,
    (old, at): (&str, Span),
    new: &str,
) -> Diagnostic {
    let title = format!("`{}` is {old}, and {new} cannot take its place", name.text);
    Diagnostic::at(Code::N101, name.span, title)
        .label(at, "in the plan")
        .help("replace it by a block of its kind", "")
}

pub(in crate::meaning::amend) fn nothing_to_replace(
    name: &ast::Name,
    kind: &str,
    near: Option<&str>,
) -> Diagnostic {
    let title = format!("the plan has no `{}` to replace", name.text);
    let diagnostic = Diagnostic::at(Code::N101, name.span, title);
    match near {
        Some(near) => diagnostic.saying(format!("closest is `{near}`")).fix(
            format!("write `{near}`"),
            near,
            write(name.span, near),
        ),
        None => diagnostic.saying(format!("the plan has nothing of this name that is {kind}")),
    }
}

pub(in crate::meaning::amend) fn dated_otherwise(
    applies: &ast::Applies,
    near: Option<&str>,
    credits: &[&ast::Credit],
) -> Diagnostic {
    let title = format!(
        "no credit from `{}` is dated by `{}.{}`",
        applies.source.text, applies.word.text, applies.column.text
    );
    let diagnostic = Diagnostic::at(Code::N101, applies.span, title);
    let dated = credits
        .iter()
        .find_map(|credit| match &credit.dated_by.as_ref()?.kind {
            ast::ExprKind::Path(word, column) => Some(format!("{}.{}", word.text, column.text)),
            _ => None,
        });
    match (dated, near) {
        (Some(dated), _) => {
            let at = applies.word.span.to(applies.column.span);
            diagnostic
                .saying(format!("they are dated by `{dated}`"))
                .fix(format!("write `{dated}`"), dated.clone(), write(at, &dated))
        }
        (None, Some(near)) => diagnostic.saying(format!("closest is `{near}`")).fix(
            format!("write `{near}`"),
            near,
            write(applies.source.span, near),
        ),
        (None, None) => diagnostic,
    }
}

/// S007: records of a source are paid, and the amendment does not say by which date they are parted.
pub(in crate::meaning::amend) fn not_applied(
    by: &Amending<'_>,
    pay: &str,
    (source, word, column): (&str, &str, &str),
) -> Diagnostic {
    let title = format!("which of the `{source}` does the amendment apply to?");
    let line = format!("applies to  {source} dated by {word}.{column} in the effective dates");
    let last = by.head.applies.last().map_or(by.head.span, |own| own.span);
    Diagnostic::at(Code::S007, by.head.span, title)
        .saying(format!("`{pay}` pays by them"))
        .fix(
            "those of its own dates",
            line.clone(),
            vec![Edit::below(last, &line)],
        )
}

pub(in crate::meaning::amend) fn crossing(
    name: &str,
    earlier: &Amending<'_>,
    later: &Amending<'_>,
) -> Diagnostic {
    let (a, b) = (&earlier.head.title.value, &later.head.title.value);
    let at = later
        .head
        .effective
        .as_ref()
        .map_or(later.head.span, |own| own.span);
    let diagnostic = if earlier.effective.0 == later.effective.0 {
        let from = later.effective.0.spoken();
        let title = format!("\"{a}\" and \"{b}\" both replace `{name}` from {from} on");
        Diagnostic::at(Code::D601, at, title).saying("which of them holds is not said")
    } else {
        let ends = earlier.effective.1.spoken();
        let title = format!("\"{a}\" ends on {ends}, inside \"{b}\", and both replace `{name}`");
        Diagnostic::at(Code::D601, at, title)
            .saying("each amends the result of the earlier, which is gone from there on")
    };
    let day_before = later.effective.0.add_days(-1).unwrap_or(later.effective.0);
    diagnostic.label(earlier.head.span, "the earlier one").help(
        "let the earlier one end before the later begins, or hold as long",
        format!("effective   {} through {day_before}", earlier.effective.0),
    )
}

pub(in crate::meaning::amend) fn two_starts(name: &str, span: Span) -> Diagnostic {
    let title = format!("`{name}` reads totals of which one starts fresh and one does not");
    Diagnostic::at(Code::D607, span, title)
        .note("What it is looked up by would be of two lengths of time.")
        .help("say one thing of all that it reads", "")
}

/// D603: whether something goes on or starts again is left open.
pub(in crate::meaning::amend) fn undecided(
    by: &Amending<'_>,
    name: &str,
    day: Date,
    example: Option<String>,
) -> Diagnostic {
    let title = format!("does `{name}` continue or start fresh on {}?", day.spoken());
    let at = by.change.map_or(by.head.span, |change| change.span);
    let continues = format!("{name:<11} continues");
    let fresh = format!("{name:<11} starts fresh");
    let ends = by.effective.1.add_days(1) == Some(day);
    let why = if ends {
        format!("the amendment has ended then, and nothing says what becomes of `{name}`")
    } else {
        format!("nothing here says what becomes of `{name}`")
    };
    let diagnostic = of(by, Code::D603, at, title).saying(why);
    let diagnostic = match example {
        Some(example) => diagnostic.note(example),
        None => diagnostic,
    };
    diagnostic
        .fix("it goes on", continues.clone(), say(by, &continues))
        .fix("it starts again at 0", fresh.clone(), say(by, &fresh))
}

/// What the answer is worth: where a quota of 300,000 is met before the change, and a third of it sold after.
pub(in crate::meaning::amend) fn example(
    plan: &Plan,
    after: &Pay,
    name: &str,
    runs: Runs,
) -> Option<String> {
    let money = |amount: Exact| Money::new(amount, plan.currency).to_string();
    match runs {
        Runs::Level => level_example(plan, after),
        Runs::Cap => {
            let limit = after.steps.iter().find_map(|step| match &step.kind {
                StepKind::Cap { amount, of, .. } if *of != LimitOf::Record => constant(amount),
                StepKind::CapOf(cap) => constant(&cap.amount),
                _ => None,
            })?;
            let half = limit.clone() * Exact::fixed(1, 2);
            Some(format!(
                "Where {} were paid before, {} are left if it continues, and {} if it starts fresh.",
                money(half.clone()),
                money(half),
                money(limit)
            ))
        }
        Runs::Balance => {
            let debt = money(Exact::int(1_000));
            Some(format!(
                "Who owes {debt} then is paid {debt} less later if it continues, and owes nothing any more if it starts fresh."
            ))
        }
        Runs::Quota | Runs::Together => Some(format!(
            "If it continues, what was sold before and after counts together for one `{name}`."
        )),
        Runs::Floor => Some(format!(
            "If it continues, one {name} holds for both parts together."
        )),
        Runs::Place => Some(
            "If it continues, the next record stands behind all before the change; if it starts fresh, it is the first."
                .to_owned(),
        ),
    }
}

fn level_example(plan: &Plan, after: &Pay) -> Option<String> {
    let Amount::Tiered { base, tiers, how } = &after.amount else {
        return None;
    };
    let table = plan.tier_table(*tiers);
    if !matches!(base.ty, Type::Money(_)) || !matches!(table.ty, Type::Percent) {
        return None;
    }
    let (whole, is_percent) = match table.axis.ty {
        Type::Percent => (Exact::int(300_000), true),
        Type::Money(_) => (last_edge(table)?, false),
        _ => return None,
    };
    let third = whole.clone() * Exact::fixed(1, 3);
    let together = whole.clone() + third.clone();
    let scale = if is_percent {
        whole.clone()
    } else {
        Exact::ONE
    };
    let level = |total: &Exact| total.checked_div(&scale);
    let (continues, fresh) = match how {
        TierUse::EachSlice { .. } => {
            let until = |end: &Exact| integral(table, end, &scale);
            (until(&together) - until(&whole), until(&third))
        }
        TierUse::Everything => {
            let rate = |total: &Exact| {
                let at = level(total)?;
                let row = table.rows.iter().find(|row| row.range.contains(&at))?;
                Some(row.value.clone())
            };
            (
                third.clone() * rate(&together)?,
                third.clone() * rate(&third)?,
            )
        }
        TierUse::Placed(_) => return None,
    };
    if continues == fresh {
        return None;
    }
    let money = |amount: &Exact| Money::new(amount.clone(), plan.currency).to_string();
    let quota = if is_percent {
        format!("On a quota of {0} with {0}", money(&whole))
    } else {
        format!("With {}", money(&whole))
    };
    Some(format!(
        "{quota} before the change, {} after it pay {} if it continues, and {} if it starts fresh.",
        money(&third),
        money(&continues),
        money(&fresh)
    ))
}

fn last_edge(table: &Tiers) -> Option<Exact> {
    let ends = table.rows.iter().filter_map(|row| match &row.range {
        Range::Numbers {
            low: Some((edge, _)),
            ..
        } => Some(edge.clone()),
        _ => None,
    });
    ends.max().filter(Exact::is_positive)
}

/// The integral of a table's values from 0 to an end above it.
fn integral(table: &Tiers, end: &Exact, scale: &Exact) -> Exact {
    let mut sum = Exact::ZERO;
    for row in &table.rows {
        let Range::Numbers { low, high } = &row.range else {
            continue;
        };
        let edge = |bound: &Option<(Exact, bool)>| {
            bound.as_ref().map(|(edge, _)| edge.clone() * scale.clone())
        };
        let from = edge(low).map_or(Exact::ZERO, |edge| edge.max(Exact::ZERO));
        let to = edge(high).map_or(end.clone(), |edge| edge.min(end.clone()));
        if from < to {
            sum += (to - from) * row.value.clone();
        }
    }
    sum
}

/// D603: at which level what was sold before is paid is left open.
pub(in crate::meaning::amend) fn no_level_said(
    by: &Amending<'_>,
    name: &str,
    day: Date,
) -> Diagnostic {
    let source = by
        .head
        .applies
        .first()
        .map_or("deals", |own| own.source.text.as_str());
    let title = format!(
        "which level of `{name}` do {source} take that were closed before {}?",
        day.spoken()
    );
    let at = by.change.map_or(by.head.span, |change| change.span);
    let end = format!("earlier {source} take the level reached at the end of the period");
    let change = format!("earlier {source} take the level reached on the change date");
    of(by, Code::D603, at, title)
        .saying("everything is paid at the level reached, and it goes on rising after the change")
        .note(format!(
            "Whoever stands at 60% on the day before and at 110% at the end has {source} of the old text paid at the old \
             rate of 60%, or at the old rate of 110%."
        ))
        .fix("that of the end of the period", end.clone(), say(by, &end))
        .fix("that of the day before the change", change.clone(), say(by, &change))
}

pub(in crate::meaning::amend) fn other_records(
    said: &ast::Earlier,
    sources: &[&str],
) -> Diagnostic {
    let title = format!("the amendment does not apply to `{}`", said.source.text);
    let diagnostic = Diagnostic::at(Code::N101, said.source.span, title);
    match sources.first() {
        Some(first) => diagnostic.fix(
            format!("write `{first}`"),
            *first,
            write(said.source.span, first),
        ),
        None => diagnostic,
    }
}

pub(in crate::meaning::amend) fn level_of_both(said: &ast::Earlier, name: &str) -> Diagnostic {
    let title =
        format!("`{name}` starts fresh, so it has no level at the end for what was sold before");
    let fixed = format!(
        "earlier {} take the level reached on the change date",
        said.source.text
    );
    Diagnostic::at(Code::D607, said.span, title)
        .saying("the level of the end does not count what was sold before")
        .fix(
            "take what was reached before the change",
            fixed.clone(),
            write(said.span, &fixed),
        )
}

pub(in crate::meaning::amend) fn runs_through_nothing(
    said: &ast::Fate,
    day: Date,
    near: Option<&str>,
) -> Diagnostic {
    let title = format!(
        "`{}` does not run through {} in anything that this amendment changes",
        said.name.text,
        day.spoken()
    );
    let diagnostic = Diagnostic::at(Code::N101, said.span, title);
    match near {
        Some(near) => diagnostic.saying(format!("closest is `{near}`")).fix(
            format!("write `{near}`"),
            near,
            write(said.name.span, near),
        ),
        None => diagnostic.fix("take the line away", "", write(said.span, "")),
    }
}

pub(in crate::meaning::amend) fn no_level(said: &ast::Earlier) -> Diagnostic {
    let title = "nothing that this amendment changes is paid at a level reached inside its days";
    Diagnostic::at(Code::S002, said.span, title).fix("take the line away", "", write(said.span, ""))
}

pub(in crate::meaning::amend) fn not_fresh(
    by: &Amending<'_>,
    said: &ast::Fate,
    why: &str,
) -> Diagnostic {
    let title = format!("`{}` cannot start fresh: {why}", said.name.text);
    let fixed = format!("{:<11} continues", said.name.text);
    of(by, Code::D607, said.span, title)
        .fix("let it go on", fixed.clone(), write(said.span, &fixed))
        .help("or change the plan on the first day of a period", "")
}

pub(in crate::meaning::amend) fn started_elsewhere(
    by: &Amending<'_>,
    said: &ast::Fate,
    day: Date,
) -> Diagnostic {
    let name = &said.name.text;
    let title = format!(
        "`{name}` has started fresh on {} for what was changed then, and this changes something else",
        day.spoken()
    );
    of(by, Code::D607, said.span, title)
        .note(format!(
            "There would be two numbers called `{name}`, of two lengths of time."
        ))
        .help(
            "let it start fresh here too, or in neither",
            format!("{name:<11} starts fresh"),
        )
}

pub(in crate::meaning::amend) fn of_the_whole(
    by: &Amending<'_>,
    pay: &Pay,
    what: &str,
    at: Span,
    (day, period): (Date, &Period),
) -> Diagnostic {
    let title = format!(
        "`{}` changes on {}, inside the days it is paid for, and {what} is of them all",
        pay.name,
        day.spoken()
    );
    let diagnostic = of(by, Code::D607, at, title)
        .note("Only the amount has two parts, one before and one after. What acts on their sum must read the same in both texts, and read nothing that changes.");
    on_a_first_day(diagnostic, period)
}

pub(in crate::meaning::amend) fn not_by_days(
    by: &Amending<'_>,
    pay: &Pay,
    (day, period): (Date, &Period),
) -> Diagnostic {
    let title = format!(
        "`{}` changes on {}, inside the days it is paid for, and its amount has no parts before and after",
        pay.name,
        day.spoken()
    );
    let diagnostic = of(by, Code::D607, pay.amount_span, title)
        .note("A total of what was sold falls into two parts by the days of its records, and can be paid by two texts; a fixed amount, a target or a highest value cannot.");
    on_a_first_day(diagnostic, period)
}

pub(in crate::meaning::amend) fn made_together(
    by: &Amending<'_>,
    pay: &Pay,
    (day, period): (Date, &Period),
) -> Diagnostic {
    let title = format!(
        "`{}` changes on {}, inside the days it is paid for, and reads what several persons make together",
        pay.name,
        day.spoken()
    );
    let diagnostic = of(by, Code::D607, pay.amount_span, title)
        .note("What a team makes is one value of all the days, and has no part before and after.");
    on_a_first_day(diagnostic, period)
}

fn on_a_first_day(diagnostic: Diagnostic, period: &Period) -> Diagnostic {
    let next = period.end().add_days(1).unwrap_or(Date::MAX);
    diagnostic.help(
        "let the amendment begin on the first day of a period",
        format!("effective   {} …, or {next} …", period.start()),
    )
}

pub(in crate::meaning::amend) fn paid_otherwise(by: &Amending<'_>, pay: &Pay) -> Diagnostic {
    let title = format!(
        "`{}` is paid in another currency, or at other rates, from there on",
        pay.name
    );
    of(by, Code::D607, pay.span, title)
        .note("Results and balances of a payout are in one currency for all of a plan's dates.")
        .help(
            "let the plan end the day before, and write a plan from there on",
            "plan \"…\"",
        )
}

pub(in crate::meaning::amend) fn cap_elsewhere(by: &Amending<'_>, pay: &Pay) -> Diagnostic {
    let title = format!(
        "the cap of `{}` stands elsewhere in the new text: what was used of it is not known there",
        pay.name
    );
    of(by, Code::D607, pay.span, title)
        .help(
            "let it stand on the same line of the block, for the same length of time",
            "",
        )
        .help("or let it start fresh", "cap         starts fresh")
}

/// X302: a total of both sides of a change.
pub(in crate::meaning::amend) fn given_of_both(what: &ast::Name, day: Date) -> Diagnostic {
    let title = format!(
        "how much of the total of `{}` lies before {}, where the plan changes?",
        what.text,
        day.spoken()
    );
    Diagnostic::at(Code::X302, what.span, title)
        .saying("a total has no day")
        .help("give the records, each with its day", "given       deals")
}

/// D604: an amendment of periods that had ended when it was approved.
pub(in crate::meaning::amend) fn ended(own: &Amendment, labels: &[String]) -> Diagnostic {
    let listed = match labels {
        [only] => format!("{only}, which"),
        [first, .., last] => format!("{first} through {last}, which"),
        [] => String::new(),
    };
    Diagnostic::at(
        Code::D604,
        own.span,
        format!("\"{}\" changes {listed} had ended when it was approved", own.title),
    )
    .saying(format!(
        "effective from {}, approved on {}",
        own.effective.0.spoken(),
        own.approved_on.spoken()
    ))
    .note("What was paid for a period that has ended may have been paid already. `paycurve check --with-data` lists whom it pays otherwise, and how much.")
    .help(
        "if it is meant to reach back, accept it in the head of the amendment",
        "accept D604 because \"…\"",
    )
}
