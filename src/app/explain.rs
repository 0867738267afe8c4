//! Why payouts of one person are what they are.

use crate::app::calculate::{Refused, periods, read_data};
use crate::app::compile::Compiled;
use crate::diag::Diagnostic;
use crate::explain::{Receipt, Walker};
use crate::io::Project;
use crate::meaning::plan::PayId;
use crate::syntax::ast::PayKind;

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
    /// Sources that could not be read at all.
    pub problems: Vec<Diagnostic>,
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
    let (data, problems) = read_data(project, compiled, &|_| {})?;
    let mut explained = Explained {
        receipts: Vec::new(),
        problems,
    };
    if !explained.problems.is_empty() {
        return Ok(explained);
    }
    let mut any_period = false;
    for ready in &compiled.ready {
        let plan = &ready.plan;
        let wanted = periods(plan, Some(&asked.period))
            .map_err(Refused::Period)?
            .unwrap_or_default();
        any_period |= !wanted.is_empty();
        let mut walker = Walker::new(plan, &data);
        for period in wanted {
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
                        .receipts
                        .push((plan.calendar.label(&period), receipt));
                }
            }
        }
    }
    match (explained.receipts.is_empty(), any_period, &asked.pay) {
        (false, ..) => Ok(explained),
        (true, false, _) => Err(Refused::Period(format!(
            "no plan pays in `{}`",
            asked.period
        ))),
        (true, true, Some(pay)) => Err(Refused::Period(format!(
            "`{}` has no payout called `{pay}` in `{}`",
            asked.payee, asked.period
        ))),
        (true, true, None) => Err(Refused::Payee(asked.payee.clone())),
    }
}
