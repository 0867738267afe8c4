//! Claims about all results at once: decided on the exact function, or said to be undecided.
//!
//! Invariant: *proved* is said only where the function covers every result and every quota the claim speaks of.

use crate::base::{Exact, Money};
use crate::diag::{Code, Diagnostic, Problems};
use crate::meaning::plan::{Amount, Claim, ClaimKind, ExprKind, Plan, StepKind};
use crate::piecewise::{EXAMPLE_QUOTA, Shape, of_pay};

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds for every result, and for every quota above 0.
    Proved,
    /// Two results, with what they pay: the claim fails between them.
    Disproved {
        /// The lower result and its payout.
        low: (Exact, Exact),
        /// The higher result and its payout.
        high: (Exact, Exact),
    },
    /// The exact method does not reach it; why.
    Undecided(String),
}

/// Decides every claim of a plan, in the order written.
pub fn prove(plan: &Plan) -> Vec<(Claim, Verdict)> {
    plan.claims
        .iter()
        .map(|claim| (claim.clone(), decide(plan, claim)))
        .collect()
}

fn decide(plan: &Plan, claim: &Claim) -> Verdict {
    let quota = Exact::int(EXAMPLE_QUOTA);
    let Some(shape) = of_pay(plan, claim.pay, &quota) else {
        return Verdict::Undecided("it depends on more than one quantity, or is curved".to_owned());
    };
    if let ClaimKind::NeverFalls(credit) = claim.kind
        && credit != shape.mover
    {
        return Verdict::Undecided(format!(
            "it is seen as a function of `{}`",
            plan.credit(shape.mover).name
        ));
    }
    let failed = counter_example(&shape, &claim.kind);
    match failed {
        Some((low, high)) => {
            let at = |x: Exact| (x.clone(), shape.function.at(&x));
            Verdict::Disproved {
                low: at(low),
                high: at(high),
            }
        }
        None if shape.reads_quota && !scales(plan, claim) => Verdict::Undecided(
            "its edges do not all move with the quota, so one quota does not speak for all"
                .to_owned(),
        ),
        None => Verdict::Proved,
    }
}

/// Two results between which a claim fails.
fn counter_example(shape: &Shape, kind: &ClaimKind) -> Option<(Exact, Exact)> {
    let function = &shape.function;
    let cent = Exact::fixed(1, 100);
    let around = |at: &Exact| (at.clone() - cent.clone(), at.clone() + cent.clone());
    match kind {
        ClaimKind::NoJumps => function.jumps().first().map(|jump| around(&jump.at)),
        ClaimKind::NeverFalls(_) => {
            let fall = function
                .jumps()
                .into_iter()
                .find(|jump| jump.fall().is_positive());
            let slope = function
                .stretches()
                .find(|(_, _, line)| line.slope.is_negative());
            match (fall, slope) {
                (Some(jump), _) => Some(around(&jump.at)),
                (None, Some((start, end, _))) => {
                    let end = end
                        .cloned()
                        .unwrap_or_else(|| start.clone() + Exact::int(1_000));
                    Some((start.clone(), end))
                }
                (None, None) => None,
            }
        }
        ClaimKind::AtMost(most) => {
            let above = function
                .points
                .iter()
                .find(|(_, value)| value > most)
                .map(|(x, _)| x.clone());
            let reached =
                above.or_else(|| function.reaches(&(most.clone() + cent), &Exact::ZERO))?;
            Some((Exact::ZERO, reached))
        }
    }
}

/// Whether all quotas give the same picture at another scale: tables are in percent of the quota and nothing
/// but caps and floors is a fixed amount. Caps and floors are constants, and the lesser or greater of a
/// function that never falls or never jumps and a constant does not either. A bound needs its cap.
fn scales(plan: &Plan, claim: &Claim) -> bool {
    let pay = plan.pay(claim.pay);
    let table_only = matches!(&pay.amount, Amount::Tiered { base, .. } if matches!(base.kind, ExprKind::Aggregate { .. }));
    let gates = pay
        .steps
        .iter()
        .any(|step| matches!(step.kind, StepKind::Gate { .. } | StepKind::Times(_)));
    match &claim.kind {
        ClaimKind::AtMost(most) => pay.steps.iter().any(|step| match &step.kind {
            StepKind::Cap { amount, .. } if step.when.is_none() => {
                matches!(&amount.kind, ExprKind::Number(limit) if limit <= most)
            }
            _ => false,
        }),
        ClaimKind::NeverFalls(_) | ClaimKind::NoJumps => table_only && !gates,
    }
}

/// P107 and P108.
pub fn problems(plan: &Plan, proofs: &[(Claim, Verdict)]) -> Problems {
    let mut problems = Problems::new();
    let money = |value: &Exact| Money::new(value.clone(), plan.currency).to_string();
    for (claim, verdict) in proofs {
        match verdict {
            Verdict::Proved => {}
            Verdict::Disproved { low, high } => problems.push(
                Diagnostic::at(Code::P107, claim.span, "this does not hold")
                    .note(format!(
                        "{} of results pays {}",
                        money(&low.0),
                        money(&low.1)
                    ))
                    .note(format!(
                        "{} of results pays {}",
                        money(&high.0),
                        money(&high.1)
                    )),
            ),
            Verdict::Undecided(why) => problems.push(
                Diagnostic::at(Code::P108, claim.span, "this could not be decided")
                    .saying(why.clone()),
            ),
        }
    }
    problems
}
