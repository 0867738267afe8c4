//! The engine of one machine: records once, side by side; then persons, side by side.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diag::Diagnostic;
use crate::eval::credits::{Credited, Share, Unknown, credit};
use crate::eval::engine::{Engine, Opening, Prepared, Scope, Sink, Wanted};
use crate::eval::outcome::{CreditRow, PersonPeriod, Settled};
use crate::eval::people::{Person, people};
use crate::eval::person::{Payer, running_axis};
use crate::eval::quotas::by_payee;
use crate::meaning::needs;
use crate::meaning::plan::{CreditId, Plan};
use crate::program::Program;
use crate::table::{Cause, Overlaid, Overlay, Read, Rows};

/// The engine of one machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalEngine;

/// Rows that will be paid by one program.
pub struct LocalPrepared<'a> {
    program: &'a Program,
    rows: &'a dyn Rows,
    opening: &'a Opening,
}

impl Engine for LocalEngine {
    type Prepared<'a> = LocalPrepared<'a>;
    fn prepare<'a>(
        &self,
        program: &'a Program,
        rows: &'a dyn Rows,
        opening: &'a Opening,
    ) -> LocalPrepared<'a> {
        LocalPrepared {
            program,
            rows,
            opening,
        }
    }
}

/// Shares and unknown records of one person, by credit.
type OfPerson = (Vec<Vec<Share>>, Vec<Vec<Unknown>>);

impl Prepared for LocalPrepared<'_> {
    fn pay(&self, overlay: &Overlay, scope: &Scope, wanted: Wanted, sink: &mut dyn Sink) {
        let rows = Overlaid {
            rows: self.rows,
            overlay,
        };
        let plan = self.program.plan();
        let periods = plan.periods();
        let persons = people(plan, &rows);
        let by_id: FxHashMap<String, usize> = persons
            .iter()
            .enumerate()
            .map(|(at, p)| (p.id.clone(), at))
            .collect();
        let credited: Vec<Credited> = (0..plan.credits.len())
            .map(|at| credit(plan, CreditId(at), &rows, &by_id))
            .collect();
        let mut exceptions: Vec<Diagnostic> =
            credited.iter().flat_map(|c| c.exceptions.clone()).collect();
        let mut of_person = by_person(plan, &persons, credited);
        let quotas: Vec<_> = plan
            .quotas
            .iter()
            .map(|quota| by_payee(plan, quota, &rows))
            .collect();
        let asked = |person: &Person| {
            !(person.role.is_empty() && person.held.is_empty())
                && scope
                    .payees
                    .as_ref()
                    .is_none_or(|payees| payees.contains(&person.id))
        };
        let work: Vec<(&Person, OfPerson)> = persons
            .iter()
            .zip(of_person.drain(..))
            .filter(|(person, _)| asked(person))
            .collect();
        let ordered = wanted.credits
            || plan
                .pays
                .iter()
                .any(|pay| running_axis(plan, pay).is_some());
        let paid: Vec<(Vec<PersonPeriod>, Vec<CreditRow>)> = work
            .into_par_iter()
            .map(|(person, (shares, unknown))| {
                let own = quotas.iter().map(|quota| quota.get(&person.id)).collect();
                let payer = Payer::new(
                    plan,
                    &rows,
                    &periods,
                    self.opening,
                    person,
                    shares,
                    unknown,
                    own,
                    ordered,
                );
                let found = payer.run(|period| {
                    scope
                        .periods
                        .as_ref()
                        .is_none_or(|asked| asked.contains(period))
                });
                let credits = if wanted.credits {
                    credit_rows(plan, &rows, &payer, scope)
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

/// Hands every share and unknown record to its person; those of days that do not count are left out.
fn by_person(plan: &Plan, persons: &[Person], credited: Vec<Credited>) -> Vec<OfPerson> {
    let mut of_person: Vec<OfPerson> = persons
        .iter()
        .map(|_| {
            (
                vec![Vec::new(); plan.credits.len()],
                vec![Vec::new(); plan.credits.len()],
            )
        })
        .collect();
    for (at, credited) in credited.into_iter().enumerate() {
        for share in credited.shares {
            if persons[share.person].counts(plan, share.date) {
                let person = share.person;
                of_person[person].0[at].push(share);
            }
        }
        for unknown in credited.unknown {
            if unknown
                .date
                .is_none_or(|date| persons[unknown.person].counts(plan, date))
            {
                let person = unknown.person;
                of_person[person].1[at].push(unknown);
            }
        }
    }
    of_person
}

fn credit_rows(plan: &Plan, rows: &dyn Rows, payer: &Payer<'_>, scope: &Scope) -> Vec<CreditRow> {
    let mut found = Vec::new();
    for (at, shares) in payer.shares.iter().enumerate() {
        let credit = plan.credit(CreditId(at));
        let table = rows.table(&plan.source(credit.source).binding);
        for share in shares {
            let period = plan.calendar.period_of(share.date, plan.cadence);
            if scope
                .periods
                .as_ref()
                .is_some_and(|asked| !asked.contains(&period))
            {
                continue;
            }
            let record = match (share.row, table) {
                (Some(row), Some(table)) => match table.read("id", row) {
                    Read::Value(crate::table::Value::Text(id)) => id.to_string(),
                    _ => format!("line {}", table.line(row)),
                },
                _ => String::new(),
            };
            found.push(CreditRow {
                credit: CreditId(at),
                payee: payer.person.id.clone(),
                date: share.date,
                record,
                row: share.row,
                amount: share.amount.clone(),
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
