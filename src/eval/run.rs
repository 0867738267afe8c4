//! The engine of one machine: records once, side by side; then persons, side by side.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{Date, Exact};
use crate::diag::Diagnostic;
use crate::eval::credited::Days;
use crate::eval::credits::{Everybody, credit};
use crate::eval::doubled::doubled;
use crate::eval::engine::{Engine, Prepared, Scope, Sink, Wanted};
use crate::eval::exceptions::Exceptions;
use crate::eval::exchanges::Exchanges;
use crate::eval::groups::Groups;
use crate::eval::inputs::Delivered;
use crate::eval::listed::Listed;
use crate::eval::openings::Openings;
use crate::eval::outcome::{Beside, CreditRow, PersonPeriod, Settled};
use crate::eval::people::{Person, people};
use crate::eval::person::records::{odd, running_axis};
use crate::eval::person::{Common, Payer};
use crate::eval::placing::Placing;
use crate::eval::quotas;
use crate::meaning::needs;
use crate::meaning::plan::{CreditId, Pay, Plan};
use crate::program::Program;
use crate::table::{Cause, Overlaid, Overlay, Read, RowSet, Rows};

/// The engine of one machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalEngine;

/// Rows that will be paid by one program.
pub struct LocalPrepared<'a> {
    program: &'a Program,
    rows: &'a dyn Rows,
}

impl Engine for LocalEngine {
    type Prepared<'a> = LocalPrepared<'a>;
    fn prepare<'a>(&self, program: &'a Program, rows: &'a dyn Rows) -> LocalPrepared<'a> {
        LocalPrepared { program, rows }
    }
}

impl Prepared for LocalPrepared<'_> {
    fn pay(&self, overlay: &Overlay, scope: &Scope, wanted: Wanted, sink: &mut dyn Sink) {
        let rows = Overlaid {
            rows: self.rows,
            overlay,
        };
        let plan = self.program.plan();
        let periods = plan.periods();
        let exchanges = Exchanges::new(plan, &rows);
        let people = people(plan, &rows);
        let replaced = Exceptions::new(plan, &rows, &exchanges);
        let everybody = Everybody {
            exceptions: &replaced,
            people: &people,
            by_id: (0..)
                .zip(&people)
                .map(|(at, p)| (p.id.as_str(), at))
                .collect(),
            periods: periods.len(),
            days: Days::new(&periods, plan.effective.0),
        };
        let mut credited = Vec::new();
        let (mut past, mut beside) = (Vec::new(), Vec::new());
        let mut exceptions: Vec<Diagnostic> = Vec::new();
        for at in 0..plan.credits.len() {
            let made = credit(plan, CreditId(at), (&rows, &exchanges), &everybody);
            credited.push(made.credited);
            past.push(made.past);
            beside.push(made.beside);
            exceptions.extend(made.exceptions);
        }
        if scope.payees.is_none() {
            exceptions.extend(doubled(
                plan,
                &credited,
                &people,
                (&rows, &exchanges),
                &replaced,
            ));
        }
        let is_running = |pay: &Pay| {
            running_axis(plan, pay).is_some() || pay.placed().is_some() || pay.counts_records()
        };
        let texts = || plan.pays.iter().flat_map(Pay::texts);
        if wanted.credits || texts().any(is_running) {
            for (credited, credit) in credited.iter_mut().zip(&plan.credits) {
                credited.put_in_order(rows.table(&plan.source(credit.source).binding));
            }
        }
        let ids: BTreeSet<&str> = people.iter().map(|person| person.id.as_str()).collect();
        let mut made_of = Vec::new();
        for quota in &plan.quotas {
            let (source, strangers) = quotas::Source::new(plan, quota, (&rows, &exchanges), &ids);
            made_of.push(source);
            exceptions.extend(strangers);
        }
        let mut inputs = Vec::new();
        for input in &plan.inputs {
            let (delivered, strangers) = Delivered::new(plan, input, &rows, &ids);
            inputs.push(delivered);
            exceptions.extend(strangers);
        }
        let (openings, strangers) = Openings::new(plan, &rows, &ids);
        exceptions.extend(strangers);
        let lookups = plan.lookups.iter();
        let listed: Vec<_> = lookups
            .map(|lookup| Listed::new(plan, lookup, &rows))
            .collect();
        let odd: Vec<RowSet> = texts()
            .map(|pay| odd(plan, pay, &rows, &replaced))
            .collect();
        let placings: Vec<Option<Placing>> = texts()
            .map(|pay| Placing::new(plan, pay, (&rows, &exchanges), &replaced))
            .collect();
        let groups = Groups::new(plan);
        let common = Common {
            plan,
            rows: &rows,
            exceptions: &replaced,
            periods: &periods,
            openings: &openings,
            inputs: &inputs,
            listed: &listed,
            exchanges: &exchanges,
            credited: &credited,
            past: &past,
            quotas: &made_of,
            groups: &groups,
            odd: &odd,
            placings: &placings,
        };
        let asked = |person: &Person| {
            scope
                .payees
                .as_ref()
                .is_none_or(|payees| payees.contains(&person.id))
        };
        // Whoever is not asked for may bring something to a group.
        let is_paid = |person: &Person| {
            !(person.role.is_empty() && person.held.is_empty())
                && (asked(person) || !plan.groups.is_empty())
        };
        let work: Vec<(u32, &Person)> = (0..)
            .zip(&people)
            .filter(|(_, person)| is_paid(person))
            .collect();
        let mut payers: Vec<Payer<'_>> = work
            .into_par_iter()
            .map(|(at, person)| Payer::new(&common, person, at))
            .collect();
        exceptions.extend(groups.make(plan, (&rows, &exchanges), &everybody, &mut payers));
        payers.retain(|payer| asked(payer.person));
        let paid: Vec<(Vec<PersonPeriod>, Vec<CreditRow>)> = payers
            .par_iter_mut()
            .map(|payer| {
                let found = payer.run(|period| {
                    scope
                        .periods
                        .as_ref()
                        .is_none_or(|asked| asked.contains(period))
                });
                let credits = if wanted.credits {
                    credit_rows(payer, scope)
                } else {
                    Vec::new()
                };
                (found, credits)
            })
            .collect();
        for (found, credits) in paid {
            for row in found {
                exceptions.extend(causes(&row).map(Cause::diagnostic));
                sink.person(row);
            }
            credits.into_iter().for_each(|row| sink.credit(row));
        }
        if scope.payees.is_none() {
            for (at, days) in beside.into_iter().enumerate() {
                of_nobody(plan, CreditId(at), days, scope)
                    .into_iter()
                    .for_each(|row| sink.beside(row));
            }
        }
        for schema in needs(plan) {
            if let Some(table) = rows.table(&schema.source) {
                exceptions.extend(table.faults.iter().cloned());
            }
        }
        in_order(exceptions)
            .into_iter()
            .for_each(|exception| sink.exception(exception));
    }
}

/// What is nobody's of a credit, by period; days outside the plan belong to none.
fn of_nobody(
    plan: &Plan,
    credit: CreditId,
    days: BTreeMap<Date, (Exact, Exact)>,
    scope: &Scope,
) -> Vec<Beside> {
    let inside = |day: &Date| plan.effective.0 <= *day && *day <= plan.effective.1;
    let mut found: Vec<Beside> = Vec::new();
    for (day, (company, on_top)) in days.into_iter().filter(|(day, _)| inside(day)) {
        let period = plan.calendar.period_of(day, plan.cadence);
        if scope
            .periods
            .as_ref()
            .is_some_and(|asked| !asked.contains(&period))
        {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.period == period => {
                last.company += company;
                last.on_top += on_top;
            }
            _ => found.push(Beside {
                credit,
                period,
                company,
                on_top,
            }),
        }
    }
    found.retain(|row| !(row.company.is_zero() && row.on_top.is_zero()));
    found
}

fn credit_rows(payer: &Payer<'_>, scope: &Scope) -> Vec<CreditRow> {
    let plan = payer.plan;
    let mut found = Vec::new();
    for (at, credit) in plan.credits.iter().enumerate() {
        let table = payer.rows.table(&plan.source(credit.source).binding);
        for share in payer.shares(CreditId(at)) {
            // One that came in late is listed where it came in.
            let known = payer.periods.get(usize::from(share.known()));
            let day = known.map_or(share.date(), |known| known.start().max(share.date()));
            let period = plan.calendar.period_of(day, plan.cadence);
            if scope
                .periods
                .as_ref()
                .is_some_and(|asked| !asked.contains(&period))
            {
                continue;
            }
            let record = match (share.row(), table) {
                (Some(row), Some(table)) => match table.read("id", row) {
                    Read::Value(crate::table::Value::Text(id)) => id.to_string(),
                    _ => format!("line {}", table.line(row)),
                },
                _ => String::new(),
            };
            found.push(CreditRow {
                credit: CreditId(at),
                payee: payer.person.id.clone(),
                date: share.date(),
                record,
                row: share.row(),
                amount: payer.credited[at].amount(share),
            });
        }
    }
    // By date first; shares of one credit are in order already.
    found.sort_by_key(|row| row.date);
    found
}

fn causes(row: &PersonPeriod) -> impl Iterator<Item = &Cause> {
    row.pays.iter().flat_map(|pay| match &pay.payout {
        Settled::Held(causes) => causes.as_slice(),
        _ => &[],
    })
}

/// By place, each once.
fn in_order(mut exceptions: Vec<Diagnostic>) -> Vec<Diagnostic> {
    // A fault of the file says more than the cause made of it: it comes first and the other goes.
    exceptions.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.cell.clone(), d.code);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.message.cmp(&b.message))
            .then_with(|| b.notes.len().cmp(&a.notes.len()))
    });
    exceptions.dedup_by(|a, b| a.code == b.code && a.cell == b.cell && a.message == b.message);
    exceptions
}
