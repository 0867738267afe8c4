//! Why payouts of one person are what they are.

use crate::app::calculate::{Refused, read_data};
use crate::app::compile::Compiled;
use crate::app::periods::choose;
use crate::base::Exact;
use crate::diag::Diagnostic;
use crate::explain::{Known, Receipt, Walker};
use crate::io::Project;
use crate::meaning::Plan;
use crate::meaning::plan::{PayId, QuotaId};
use crate::piecewise::{next_line, of_pay};
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
    let chosen = choose(compiled, Some(&asked.period))?;
    let (data, problems) = read_data(project, compiled, &|_| {})?;
    let mut explained = Explained {
        problems,
        ..Explained::default()
    };
    if !explained.problems.is_empty() {
        return Ok(explained);
    }
    for (ready, wanted) in chosen.plans {
        let plan = &ready.plan;
        let mut walker = Walker::new(plan, &data);
        for period in wanted.unwrap_or_default() {
            if !walker.belongs(&asked.payee, &period) {
                continue;
            }
            for (at, pay) in plan.pays.iter().enumerate() {
                let named = match &asked.pay {
                    Some(name) => pay.name == *name,
                    None => pay.kind == PayKind::Pay,
                };
                if named {
                    let receipt = walker.receipt(&asked.payee, PayId(at), &period);
                    explained
                        .next
                        .push(next(plan, &mut walker, &receipt, PayId(at)));
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
        (true, None) => Err(Refused::Payee(asked.payee.clone())),
    }
}

/// What comes next for a payout that is known, where it follows one credit's total of the period.
fn next(plan: &Plan, walker: &mut Walker<'_>, receipt: &Receipt, id: PayId) -> Option<String> {
    let Known::Value(_) = receipt.payout else {
        return None;
    };
    if plan.pay(id).window != Window::Period {
        return None;
    }
    let shape = of_pay(plan, id, &Exact::ONE)?;
    let Known::Value(at) = walker.total(&receipt.payee, shape.mover, &receipt.period) else {
        return None;
    };
    let quota = match plan.quotas.len() {
        0 => None,
        _ => match walker.quota(&receipt.payee, QuotaId(0), &receipt.period) {
            Known::Value(quota) => Some(quota),
            _ => None,
        },
    };
    next_line(plan, id, &at, quota.as_ref())
}
