//! Totals across plans in a run: resolved when all plans are ready, applied when all are paid.

use crate::app::calculate::{Asked, Refused, Run};
use crate::app::collect::Collected;
use crate::app::compile::{Compiled, Ready};
use crate::diag::Problems;
use crate::eval::{Engine, LocalEngine, PersonPeriod, Prepared, Scope, Wanted, cut};
use crate::io::Project;
use crate::meaning::{Plan, Total, totals};
use crate::syntax::ast::{File, Item};
use crate::table::{Data, Overlay};

/// The totals of a project whose plans are all ready; none where one is not, which has been said.
pub fn resolve(project: &Project, ready: &[Ready]) -> (Vec<Total>, Problems) {
    if ready.len() < project.plans.len() {
        return (Vec::new(), Problems::new());
    }
    let plans: Vec<&Plan> = ready.iter().map(|ready| &*ready.plan).collect();
    totals(&files(project), &plans, project.is_whole)
}

fn files(project: &Project) -> Vec<&File> {
    let shared = project.shared.iter().map(|parsed| &parsed.value);
    let plans = project.plans.iter().map(|plan| &plan.parsed.value);
    shared.chain(plans).collect()
}

/// The total that keeps a plan from being paid alone: it may cut its payouts, and the other plans are not there.
pub fn apart(project: &Project, ready: &[Ready]) -> Option<String> {
    let is_here = |title: &str| ready.iter().any(|ready| ready.plan.title == title);
    let files = files(project);
    let mut items = files.iter().flat_map(|file| &file.items);
    items.find_map(|item| match item {
        Item::Total(total) => {
            let mut named = total.of.iter();
            let cuts = total.every.is_some() || named.any(|own| is_here(&own.plan.value));
            (cuts && !project.is_whole).then(|| total.name.text.clone())
        }
        _ => None,
    })
}

/// Refuses to pay a plan without the others of its total.
///
/// # Errors
/// [`Refused::Period`] with the total's name.
pub fn refuse_apart(compiled: &Compiled) -> Result<(), Refused> {
    match &compiled.apart {
        None => Ok(()),
        Some(name) => Err(Refused::Period(format!(
            "`{name}` can cut what this plan pays, and it adds payouts of other plans: name the folder of the project"
        ))),
    }
}

/// Cuts the payouts of a run.
pub fn apply(compiled: &Compiled, run: &mut Run, asked: &Asked) {
    if compiled.totals.is_empty() {
        return;
    }
    let plans: Vec<&Plan> = compiled.ready.iter().map(|ready| &*ready.plan).collect();
    let mut rows: Vec<Vec<PersonPeriod>> = match asked.period {
        None => {
            let paid = run.plans.iter_mut();
            paid.map(|of| std::mem::take(&mut of.collected.rows))
                .collect()
        }
        // What is left of a cap hangs on periods that are not asked for.
        Some(_) => {
            let ready = compiled.ready.iter();
            ready
                .map(|ready| all_periods(ready, &run.data, asked))
                .collect()
        }
    };
    cut(&compiled.totals, &plans, &mut rows);
    for of in &mut run.plans {
        let is_of = |plan: &&Plan| plan.title == of.plan.title && plan.currency == of.plan.currency;
        let at = plans.iter().position(is_of);
        let cut = at.and_then(|at| rows.get_mut(at)).map(std::mem::take);
        let cut = cut.unwrap_or_default();
        if asked.period.is_none() {
            of.collected.rows = cut;
            continue;
        }
        for row in &mut of.collected.rows {
            let same = |own: &&PersonPeriod| own.payee == row.payee && own.period == row.period;
            if let Some(own) = cut.iter().find(same) {
                row.pays.clone_from(&own.pays);
            }
        }
    }
}

/// What a plan pays in all its periods, to whoever is asked for.
fn all_periods(ready: &Ready, data: &Data, asked: &Asked) -> Vec<PersonPeriod> {
    let scope = Scope {
        payees: asked.payee.clone().map(|payee| vec![payee]),
        periods: None,
    };
    let mut collected = Collected::default();
    LocalEngine.prepare(&ready.program, data).pay(
        &Overlay::default(),
        &scope,
        Wanted { credits: false },
        &mut collected,
    );
    collected.rows
}
