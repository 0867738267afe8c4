//! Quotas by payee and period. `docs/spec/evaluation.md`, section 3.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Exact, Period};
use crate::diag::{Cell, Code, Diagnostic, near};
use crate::eval::broken::Broken;
use crate::eval::people::Person;
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{Plan, Quota};
use crate::table::{Cause, Rows};

/// Values of one quota for one payee.
#[derive(Clone, Debug, Default)]
pub(in crate::eval) struct OfPayee {
    values: BTreeMap<Period, V>,
    /// Faults that reach every period.
    held: Vec<Cause>,
}

/// Reads one quota's table.
pub(in crate::eval) fn by_payee(
    plan: &Plan,
    quota: &Quota,
    rows: &dyn Rows,
    people: &[Person],
) -> (BTreeMap<String, OfPayee>, Vec<Diagnostic>) {
    let mut found: BTreeMap<String, OfPayee> = BTreeMap::new();
    let Some(table) = rows.table(&quota.binding) else {
        return (found, Vec::new());
    };
    let mut strangers: BTreeMap<String, usize> = BTreeMap::new();
    let ids: BTreeSet<&str> = people.iter().map(|person| person.id.as_str()).collect();
    if !table.broken.is_empty() {
        let broken = Broken::new(table, |text| ids.contains(text));
        for id in &ids {
            let held = broken.causes(id);
            if !held.is_empty() {
                found.entry((*id).to_owned()).or_default().held = held;
            }
        }
    }
    for row in 0..table.rows {
        let V::Text(payee) = cell(table, "payee", row, plan.currency) else {
            continue;
        };
        if !ids.contains(&*payee) {
            strangers.entry(payee.to_string()).or_insert(row);
            continue;
        }
        let of = found.entry(payee.to_string()).or_default();
        let text = match cell(table, "period", row, plan.currency).needed() {
            V::Text(text) => text,
            V::Held(causes) => {
                of.held = both(std::mem::take(&mut of.held), causes);
                continue;
            }
            _ => continue,
        };
        let period = plan
            .calendar
            .parse_period(&text)
            .ok()
            .filter(|period| period.cadence() == quota.cadence);
        let Some(period) = period else {
            let cause = Cause::quota_period(
                &text,
                (quota.cadence, &plan.first_period(quota.cadence)),
                table.cell(row, "period", &text),
            );
            of.held = both(std::mem::take(&mut of.held), vec![cause]);
            continue;
        };
        let value = match cell(table, &quota.name, row, plan.currency) {
            V::Absent(_) => continue,
            V::Number(number) if number.is_negative() => V::Held(vec![Cause::quota_negative(
                &quota.label,
                &payee,
                table.cell(row, &quota.name, &number.to_plain()),
            )]),
            other => other,
        };
        let value = match of.values.remove(&period) {
            None => value,
            Some(earlier) => {
                let at = table.cell(row, "period", &text);
                let twice = vec![Cause::quota_twice(
                    &quota.label,
                    &payee,
                    &plan.calendar.label(&period),
                    at,
                )];
                match earlier {
                    V::Held(causes) => V::Held(both(causes, twice)),
                    _ => V::Held(twice),
                }
            }
        };
        of.values.insert(period, value);
    }
    let strangers = strangers.iter().enumerate().map(|(at, (id, row))| {
        let guess = (at < MOST_GUESSED).then(|| near(id, ids.iter().copied()));
        stranger(id, table.cell(*row, "payee", id), guess.flatten())
    });
    (found, strangers.collect())
}

/// For how many payees whom the people file does not know one with a near name is looked for.
const MOST_GUESSED: usize = 20;

/// A payee whom the people file does not know. Said once, at the first of their rows.
fn stranger(id: &str, cell: Cell, near: Option<&str>) -> Diagnostic {
    let words = format!("the people file has no `{id}`");
    let said = Diagnostic::in_cell(Code::F004, cell, words)
        .note("Nobody has the quotas of this person until it has.");
    match near {
        Some(near) => said.help("closest is", near),
        None => said,
    }
}

/// The quota of one payee in one of the plan's periods.
pub(in crate::eval) fn value(
    plan: &Plan,
    quota: &Quota,
    of: Option<&OfPayee>,
    payee: &str,
    period: &Period,
) -> V {
    if let Some(of) = of
        && !of.held.is_empty()
    {
        return V::Held(of.held.clone());
    }
    let missing = || {
        V::Missing(Cause::quota_missing(
            (&quota.label, &quota.binding),
            payee,
            &plan.calendar.label(period),
        ))
    };
    let Some(of) = of else { return missing() };
    let parts: Vec<Period> = if quota.cadence >= plan.cadence {
        vec![
            plan.calendar
                .period_of(plan.first_day_in(period), quota.cadence),
        ]
    } else {
        plan.calendar
            .periods(period.start(), period.end(), quota.cadence)
    };
    let mut sum = Exact::ZERO;
    let mut held = Vec::new();
    let mut is_missing = false;
    for part in parts {
        match of.values.get(&part) {
            Some(V::Number(number)) => sum += number.clone(),
            Some(V::Held(causes)) => held = both(held, causes.clone()),
            _ => is_missing = true,
        }
    }
    match (held.is_empty(), is_missing) {
        (false, _) => V::Held(held),
        (true, true) => missing(),
        (true, false) => V::Number(sum),
    }
}
