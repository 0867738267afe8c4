//! Whom an amendment pays otherwise for periods that had ended when it was approved.

use std::collections::BTreeMap;

use crate::app::calculate::{Asked, PlanResult, Refused, calculate};
use crate::app::compile::{Compiled, Ready};
use crate::base::{Exact, Period};
use crate::eval::Settled;
use crate::io::Project;
use crate::meaning::check_amended;
use crate::meaning::plan::{Amendment, Plan};
use crate::program::Program;
use crate::report::restated::{Difference, Restated};
use crate::syntax::ast::PayKind;

/// Pays the plans with and without each amendment that reaches back, and compares the periods that had ended.
///
/// # Errors
/// A file that cannot be read.
pub fn restated(project: &Project, compiled: &Compiled) -> Result<Vec<Restated>, Refused> {
    let mut found = Vec::new();
    for ready in &compiled.ready {
        for amendment in &ready.plan.amended.amendments {
            let ended = ended_before(&ready.plan, amendment);
            if ended.is_empty() {
                continue;
            }
            let differences = match without(project, ready, amendment) {
                None => None,
                Some(before) => Some(differences(project, ready, before, &ended)?),
            };
            found.push(Restated {
                plan: ready.plan.title.clone(),
                amendment: amendment.title.clone(),
                currency: ready.plan.currency,
                differences,
            });
        }
    }
    Ok(found)
}

/// A plan without one of its amendments.
fn without(project: &Project, ready: &Ready, amendment: &Amendment) -> Option<Ready> {
    let file = project
        .plans
        .iter()
        .find(|own| own.file == ready.plan.file)?;
    let shared = file.shared.iter().filter_map(|at| project.shared.get(*at));
    let shared: Vec<_> = shared.collect();
    let others = file
        .amendments
        .iter()
        .filter_map(|at| project.amendments.get(*at));
    let others = others.filter(|own| own.file != amendment.file);
    let others: Vec<_> = others.map(|own| &own.parsed).collect();
    let plan = check_amended(&file.parsed, &others, &shared, &project.bindings()).value?;
    let program = Program::from_meaning(&plan);
    Some(Ready {
        plan,
        program,
        proofs: Vec::new(),
    })
}

type Payouts = BTreeMap<(String, Period, String), Option<Exact>>;

fn differences(
    project: &Project,
    ready: &Ready,
    before: Ready,
    ended: &[Period],
) -> Result<Vec<Difference>, Refused> {
    let paid = |ready: Ready| -> Result<Payouts, Refused> {
        let compiled = Compiled {
            ready: vec![ready],
            diagnostics: Vec::new(),
            files: 1,
            // What a plan pays by itself is compared.
            totals: Vec::new(),
            apart: None,
        };
        let run = calculate(project, &compiled, &Asked::default(), &|_| {})?;
        Ok(run.plans.iter().flat_map(payouts).collect())
    };
    let (before, after) = (paid(before)?, paid(ready.clone())?);
    let calendar = &ready.plan.calendar;
    let mut found = Vec::new();
    for ((payee, period, pay), with) in after {
        let key = (payee, period, pay);
        let without = before.get(&key).cloned().flatten();
        let (payee, period, pay) = key;
        if ended.contains(&period) && without != with {
            found.push(Difference {
                payee,
                period: calendar.label(&period),
                pay,
                without,
                with,
            });
        }
    }
    Ok(found)
}

fn payouts(of: &PlanResult) -> impl Iterator<Item = ((String, Period, String), Option<Exact>)> {
    let rows = of.collected.rows.iter();
    let pays = rows.flat_map(|row| row.pays.iter().map(move |pay| (row, pay)));
    pays.filter_map(|(row, pay)| {
        let own = of.plan.pay(pay.pay);
        let amount = match &pay.payout {
            Settled::Value(amount) => Some(amount.clone()),
            Settled::Nothing => Some(Exact::ZERO),
            Settled::Held(_) => None,
        };
        let key = (row.payee.clone(), row.period, own.label.clone());
        (own.kind == PayKind::Pay).then_some((key, amount))
    })
}

/// The periods that an amendment is about and that had ended when it was approved.
fn ended_before(plan: &Plan, amendment: &Amendment) -> Vec<Period> {
    let periods = plan.periods().into_iter();
    periods
        .filter(|period| amendment.had_ended(period))
        .collect()
}
