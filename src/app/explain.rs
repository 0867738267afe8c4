//! Why payouts of one person are what they are.

use crate::app::calculate::{Refused, read_data};
use crate::app::compile::Compiled;
use crate::app::periods::choose;
use crate::app::totals;
use crate::base::{Cadence, Exact};
use crate::diag::Diagnostic;
use crate::explain::{Known, Node, Receipt, Rule, Together, Walker};
use crate::io::Project;
use crate::meaning::Plan;
use crate::meaning::plan::{CreditId, PayId, QuotaId};
use crate::piecewise::{Now, Start, next_line};
use crate::syntax::ast::{PayKind, Window};

/// What to explain.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whose payout.
    pub payee: String,
    /// A period as written; all periods inside it are explained.
    pub period: String,
    /// Only this payout or component.
    pub pay: Option<String>,
}

/// Receipts, and what stops them.
#[derive(Debug, Default)]
pub struct Explained {
    /// Each with the label of its period.
    pub receipts: Vec<(String, Receipt)>,
    /// What comes next, for each receipt where something does.
    pub next: Vec<Option<String>>,
    /// Sources that could not be read at all.
    pub problems: Vec<Diagnostic>,
    /// Plans of the person that are left out of the period asked for, and why.
    pub left_out: Vec<String>,
}

/// Walks every payout asked for.
///
/// # Errors
/// [`Refused`] where there is no such period or person, or a file cannot be read.
pub fn explain(
    project: &Project,
    compiled: &Compiled,
    asked: &Asked,
) -> Result<Explained, Refused> {
    totals::refuse_apart(compiled)?;
    let chosen = choose(compiled, Some(&asked.period))?;
    let (data, problems) = read_data(project, compiled, &|_| {})?;
    let mut explained = Explained {
        problems,
        ..Explained::default()
    };
    if !explained.problems.is_empty() {
        return Ok(explained);
    }
    let all = compiled.ready.iter();
    let walkers = all.map(|ready| Walker::new(&ready.plan, &data)).collect();
    let mut together = Together::new(&compiled.totals, walkers);
    for (ready, wanted) in chosen.plans {
        let plan = &ready.plan;
        let mut places = compiled.ready.iter();
        let Some(place) = places.position(|own| own.plan.title == plan.title) else {
            continue;
        };
        for period in wanted.unwrap_or_default() {
            for (at, pay) in plan.pays.iter().enumerate() {
                let named = match &asked.pay {
                    Some(name) => pay.name == *name,
                    None => pay.kind == PayKind::Pay,
                };
                let walker = together.walker(place);
                if named && walker.is_settled(&asked.payee, PayId(at), &period) {
                    let receipt = together.receipt(place, &asked.payee, PayId(at), &period);
                    let walker = together.walker(place);
                    explained.next.push(next(plan, walker, &receipt, PayId(at)));
                    explained
                        .receipts
                        .push((plan.calendar.label(&period), receipt));
                }
            }
        }
    }
    for (ready, why) in &chosen.left_out {
        let plan = &ready.plan;
        let mut walker = Walker::new(plan, &data);
        let belongs = |period| walker.belongs(&asked.payee, period);
        if plan.periods().iter().any(belongs) {
            explained.left_out.push(why.note(plan, &asked.period));
        }
    }
    match (explained.receipts.is_empty(), &asked.pay) {
        (false, _) => Ok(explained),
        (true, _) if !explained.left_out.is_empty() => {
            Err(Refused::Period(explained.left_out.join("; ")))
        }
        (true, Some(pay)) => Err(Refused::Period(format!(
            "`{}` has no payout called `{pay}` in `{}`",
            asked.payee, asked.period
        ))),
        (true, None) => Err(Refused::payee(&asked.payee, &data)),
    }
}

/// What comes next for a payout that is known.
fn next(plan: &Plan, walker: &mut Walker<'_>, receipt: &Receipt, id: PayId) -> Option<String> {
    let Known::Value(payout) = &receipt.payout else {
        return None;
    };
    // What is paid together with others under one cap is no function of one of them.
    // Nor is what draws stand on top of.
    if receipt.cut.is_some() || !receipt.draws.is_empty() {
        return None;
    }
    // Nor is what is new about closed periods one of what this one sells.
    if !receipt.corrections.is_empty() {
        return None;
    }
    let day = receipt.period.end().min(plan.effective.1);
    if plan.is_between_texts(&receipt.period) {
        return None;
    }
    let records = receipt.root.reads.first().map_or(0, records_in);
    let text = plan.as_on(day);
    let now = Now {
        payout: payout.clone(),
        carried_in: receipt.moves.carried_in.clone(),
        records,
    };
    let mut start = FromReceipt { walker, receipt };
    next_line(&text, id, &now, &mut start)
}

/// How many records an amount lists.
fn records_in(amount: &Node) -> usize {
    match amount.rule {
        Rule::Sum => amount.reads.len(),
        Rule::InForce { .. } => amount.reads.iter().map(records_in).sum(),
        _ => 0,
    }
}

/// What the person of a receipt has so far.
struct FromReceipt<'r, 'a> {
    walker: &'r mut Walker<'a>,
    receipt: &'r Receipt,
}

impl Start for FromReceipt<'_, '_> {
    fn excess(&mut self, pay: PayId, step: usize) -> Option<Exact> {
        let (payee, period) = (&self.receipt.payee, &self.receipt.period);
        match self.walker.excess(payee, pay, step, period) {
            Known::Value(kept) => Some(kept),
            _ => None,
        }
    }

    fn total(&mut self, credit: CreditId, window: Window) -> Option<Exact> {
        let (payee, period) = (&self.receipt.payee, &self.receipt.period);
        value(self.walker.total_in(payee, credit, window, period))
    }

    fn quota(&mut self, quota: QuotaId, over: Cadence) -> Option<Exact> {
        let (payee, period) = (&self.receipt.payee, &self.receipt.period);
        value(self.walker.quota(payee, quota, over, period))
    }

    fn earlier(&mut self, pay: PayId, step: usize) -> Option<Exact> {
        let (payee, period) = (&self.receipt.payee, &self.receipt.period);
        value(self.walker.earlier(payee, pay, step, period))
    }

    fn ends(&mut self, pay: PayId) -> bool {
        let (payee, period) = (&self.receipt.payee, &self.receipt.period);
        self.walker.ends(payee, pay, period)
    }
}

fn value(known: Known) -> Option<Exact> {
    match known {
        Known::Value(value) => Some(value),
        Known::Nothing | Known::Held(_) => None,
    }
}
