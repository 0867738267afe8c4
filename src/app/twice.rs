//! What two plans of one project have in common and should not.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::calculate::PlanResult;
use crate::app::compile::Compiled;
use crate::base::Period;
use crate::diag::{Code, Diagnostic, Problems};
use crate::io::Project;
use crate::meaning::{Plan, Total};
use crate::syntax::ast::{Item, PlanHead};
use crate::table::{Table, Value};

/// The most persons, and plans, that are named.
const MOST_NAMED: usize = 10;

/// N105 where two plans have one title: nobody could tell their results apart.
pub fn titles(project: &Project) -> Problems {
    let mut problems = Problems::new();
    let mut seen: BTreeMap<&str, &PlanHead> = BTreeMap::new();
    let heads = project.plans.iter().filter_map(|file| {
        let mut items = file.parsed.value.items.iter();
        items.find_map(|item| match item {
            Item::Plan(head) => Some(head),
            _ => None,
        })
    });
    for head in heads {
        let title = head.title.value.as_str();
        match seen.get(title) {
            Some(first) => problems.push(
                Diagnostic::at(
                    Code::N105,
                    head.title.span,
                    format!("two plans are called \"{title}\""),
                )
                .saying("and this one too")
                .label(first.title.span, "this one")
                .note("Payouts name their plan by its title, so nobody could tell the two apart.")
                .help("give one of them another title", ""),
            ),
            None => {
                seen.insert(title, head);
            }
        }
    }
    problems
}

/// Whether it is on purpose that two plans pay one person: a total adds payouts of both, or the head of one of them accepts
/// it.
fn is_meant(compiled: &Compiled, plans: [&Plan; 2]) -> bool {
    let adds = |total: &Total, plan: &Plan| {
        let mut of = total.of.iter();
        of.any(|(at, _)| compiled.ready[*at].plan.title == plan.title)
    };
    let mut totals = compiled.totals.iter();
    let accepts = |plan: &Plan| {
        let mut all = plan.accepted.iter();
        all.any(|own| own.code == Code::Q803 && own.block == plan.span)
    };
    totals.any(|total| plans.iter().all(|plan| adds(total, plan)))
        || plans.iter().any(|plan| accepts(plan))
}

/// Q803 where plans pay one person for the same days, and nothing says that it is meant. It is allowed, and worth a look.
pub fn persons(compiled: &Compiled, plans: &[PlanResult]) -> Option<Diagnostic> {
    let mut periods: BTreeMap<&str, Vec<(usize, &Period)>> = BTreeMap::new();
    for (at, plan) in plans.iter().enumerate() {
        for row in &plan.collected.rows {
            periods
                .entry(&row.payee)
                .or_default()
                .push((at, &row.period));
        }
    }
    let share_days = |a: &Period, b: &Period| a.start() <= b.end() && b.start() <= a.end();
    // Somebody who moves is in one plan, in two currencies.
    let unmeant = |a: usize, b: usize| {
        let both = [&plans[a].plan, &plans[b].plan];
        both[0].file != both[1].file && !is_meant(compiled, both)
    };
    for of in periods.values_mut() {
        let all = of.clone();
        of.retain(|(plan, period)| {
            let mut others = all.iter().filter(|(other, _)| unmeant(*plan, *other));
            others.any(|(_, other)| share_days(period, other))
        });
    }
    periods.retain(|_, of| !of.is_empty());
    let paying: BTreeSet<usize> = periods.values().flatten().map(|(plan, _)| *plan).collect();
    let paying = paying.iter().filter_map(|plan| plans.get(*plan));
    let titles: Vec<String> = paying
        .take(MOST_NAMED)
        .map(|own| format!("\"{}\"", own.plan.title))
        .collect();
    let found = some(periods.into_keys().collect(), |count| match count {
        1 => "1 person is paid by more than one plan in one period".to_owned(),
        _ => format!("{count} people are paid by more than one plan in one period"),
    })?;
    Some(found.note(format!(
        "The plans are {}. Where that is not meant, their `payees` lines have to part them. Where it is, the head of one \
         says so: accept Q803 because \"…\". Plans of one `total` are meant to pay together.",
        titles.join(", ")
    )))
}

/// Q803 where no plan pays a person of the people file.
pub fn without_plan(people: &Table, plans: &[PlanResult]) -> Option<Diagnostic> {
    let paid: BTreeSet<&str> = plans
        .iter()
        .flat_map(|plan| &plan.collected.rows)
        .map(|row| row.payee.as_str())
        .collect();
    let ids = people.column("id")?;
    let others: BTreeSet<String> = (0..people.rows)
        .filter_map(|row| match ids.value(row) {
            Some(Value::Text(id)) if !paid.contains(&*id) => Some(id.to_string()),
            _ => None,
        })
        .collect();
    some(
        others.iter().map(String::as_str).collect(),
        |count| match count {
            1 => "1 person of the people file is on no plan".to_owned(),
            _ => format!("{count} people of the people file are on no plan"),
        },
    )
}

/// Q803 with the first names.
fn some(ids: Vec<&str>, words: impl Fn(usize) -> String) -> Option<Diagnostic> {
    let named: Vec<&str> = ids.iter().copied().take(MOST_NAMED).collect();
    let more = match ids.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (words, names) = (words(ids.len()), named.join(", "));
    (!ids.is_empty()).then(|| Diagnostic::bare(Code::Q803, format!("{words}: {names}{more}")))
}
