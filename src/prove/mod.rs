//! Claims about all results at once: decided on the exact function, or said to be undecided.
//!
//! Invariant: *proved* is said only where the function covers every result and every quota the claim speaks of.

use crate::base::{Exact, Money, Rounding};
use crate::diag::{Code, Diagnostic, Problems};
use crate::meaning::plan::{
    Amount, Claim, ClaimKind, CreditId, ExprKind, LimitOf, PayId, Plan, StepKind, TableOf,
};
use crate::meaning::types::Type;
use crate::meaning::{constant, pay_never_negative, to_date_never_negative};
use crate::piecewise::{EXAMPLE_QUOTA, Jump, Shape, of_pay};

mod tables;
#[cfg(test)]
mod tests;

pub use tables::{TableVerdict, decide_table};

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds for every result, and for every quota above 0.
    Proved,
    /// Results of one credit, each with what is paid: the claim fails at the only one, or between the two.
    Disproved {
        /// What moves: the credit.
        mover: CreditId,
        /// The quota that the results are on, if the pay reads one.
        quota: Option<Exact>,
        /// Results and payouts, rounded as the pay is.
        points: Vec<(Exact, Exact)>,
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
    if let ClaimKind::AtMost(most) = &claim.kind
        && ends_under(plan, claim.pay, most)
    {
        return Verdict::Proved;
    }
    let quota = Exact::int(EXAMPLE_QUOTA);
    let Some(shape) = of_pay(plan, claim.pay, &quota) else {
        return Verdict::Undecided("it depends on more than one quantity, or is curved".to_owned());
    };
    if let ClaimKind::NeverFalls(credit) | ClaimKind::RisesAtMost(credit, _) = &claim.kind
        && *credit != shape.mover
    {
        return Verdict::Undecided(format!(
            "it is seen as a function of `{}`",
            plan.credit(shape.mover).name
        ));
    }
    let cent = Exact::fixed(1, 10_i128.pow(plan.currency.minor_units()));
    let rounding = last_round(plan, claim.pay);
    let unit = rounding.map_or(&cent, |rounding| &rounding.unit);
    let paid = |x: &Exact| {
        let exact = shape.function.at(x);
        rounding.map_or_else(|| exact.clone(), |rounding| rounding.round(&exact))
    };
    match counter_example(&shape, &claim.kind, (&cent, unit), &paid) {
        Some(results) => Verdict::Disproved {
            mover: shape.mover,
            quota: shape.reads_quota.then_some(quota),
            points: results.into_iter().map(|x| (x.clone(), paid(&x))).collect(),
        },
        None if gives_room_back(plan, claim) => Verdict::Undecided(
            "a return gives room back under a cap of a longer window, and a later period can then pay more"
                .to_owned(),
        ),
        None if rises_from_below(plan, claim) => Verdict::Undecided(
            "returns can bring the amount to date below 0, and a later period can then pay more".to_owned(),
        ),
        None if is_close(&shape, &claim.kind) => {
            Verdict::Undecided("it comes closer to this amount than a unit of rounding".to_owned())
        }
        None if shape.reads_quota && !scales(plan, claim) => Verdict::Undecided(
            "its edges do not all move with the quota, so one quota does not speak for all"
                .to_owned(),
        ),
        None => Verdict::Proved,
    }
}

/// Whether an upper end hangs on a cap of a longer window whose use can fall: after a period below 0 more is left than the
/// cap itself.
fn gives_room_back(plan: &Plan, claim: &Claim) -> bool {
    let is_long = |kind: &StepKind| {
        matches!(
            kind,
            StepKind::Cap {
                of: LimitOf::Window(_),
                ..
            }
        )
    };
    matches!(claim.kind, ClaimKind::AtMost(_))
        && plan
            .pay(claim.pay)
            .steps
            .iter()
            .any(|step| is_long(&step.kind))
        && !pay_never_negative(claim.pay, plan)
}

/// Whether an upper end hangs on an amount to date that can be below 0: the increase from there is more than the amount.
fn rises_from_below(plan: &Plan, claim: &Claim) -> bool {
    matches!(claim.kind, ClaimKind::AtMost(_)) && !to_date_never_negative(claim.pay, plan)
}

/// A pay's last `round` line.
fn last_round(plan: &Plan, pay: PayId) -> Option<&Rounding> {
    let mut steps = plan.pay(pay).steps.iter().rev();
    steps.find_map(|step| match &step.kind {
        StepKind::Round(rounding) => Some(rounding),
        _ => None,
    })
}

/// Whether a constant cap of the period at the end keeps a pay at most at an amount, whatever comes before it: no line stands below it
/// but rounding, to units of which the cap or the amount is a multiple. `below 0` lifts no payout above 0. A cap of a longer
/// window can pass its limit in a period, where returns gave room back.
fn ends_under(plan: &Plan, pay: PayId, most: &Exact) -> bool {
    let mut units: Vec<&Rounding> = Vec::new();
    for step in plan.pay(pay).steps.iter().rev() {
        match &step.kind {
            StepKind::Round(rounding) => units.push(rounding),
            // Paid at the end, it is the amount or nothing.
            StepKind::RoundNever | StepKind::WhenItEnds => {}
            StepKind::Cap {
                amount,
                of: LimitOf::Period,
            } if step.when.is_none() => {
                let whole = |x: &Exact| units.iter().all(|unit| unit.is_multiple(x));
                let stays = |limit: Exact| limit <= *most && (whole(&limit) || whole(most));
                return !most.is_negative() && constant(amount).is_some_and(stays);
            }
            _ => return false,
        }
    }
    false
}

/// The result at which a claim fails, or two between which it does.
fn counter_example(
    shape: &Shape,
    kind: &ClaimKind,
    (cent, unit): (&Exact, &Exact),
    paid: &dyn Fn(&Exact) -> Exact,
) -> Option<Vec<Exact>> {
    let function = &shape.function;
    match kind {
        ClaimKind::NoJumps => function.jumps().first().map(|jump| sides(jump, cent)),
        ClaimKind::NeverFalls(_) => {
            let fall = function
                .jumps()
                .into_iter()
                .find(|jump| jump.fall().is_positive());
            let slope = function
                .stretches()
                .find(|(_, _, line)| line.slope.is_negative());
            match (fall, slope) {
                (Some(jump), _) => Some(sides(&jump, cent)),
                (None, Some((start, end, _))) => Some(along(start, end)),
                (None, None) => None,
            }
        }
        ClaimKind::RisesAtMost(_, rate) => {
            let rise = function
                .jumps()
                .into_iter()
                .find(|jump| jump.change().is_positive());
            let steep = function.stretches().find(|(_, _, line)| line.slope > *rate);
            match (rise, steep) {
                (Some(jump), _) => Some(sides(&jump, cent)),
                (None, Some((start, end, _))) => Some(along(start, end)),
                (None, None) => None,
            }
        }
        ClaimKind::AtMost(most) => {
            let points = function.points.iter().map(|(x, _)| x.clone());
            let jumps = function.jumps().into_iter();
            let sides = jumps.flat_map(|jump| sides(&jump, cent));
            // Where pay grows on and on, one unit above is more in every mode.
            let above = most.clone() + unit.clone();
            let further = function.reaches(&above, &Exact::ZERO);
            let further = further.and_then(|x| whole_cents(&x, cent));
            let results = points.chain(sides).chain(further);
            let first = results.filter(|x| paid(x) > *most).min();
            first.map(|x| vec![x])
        }
    }
}

/// Both ends of a stretch, or its start and a thousand further.
fn along(start: &Exact, end: Option<&Exact>) -> Vec<Exact> {
    let further = || start.clone() + Exact::int(1_000);
    vec![start.clone(), end.cloned().unwrap_or_else(further)]
}

/// The least amount of whole cents that is not below another.
fn whole_cents(x: &Exact, cent: &Exact) -> Option<Exact> {
    let below = (-x.checked_div(cent)?).floor();
    Some(-below * cent.clone())
}

/// Whether an upper end is passed by less than rounding shows.
fn is_close(shape: &Shape, kind: &ClaimKind) -> bool {
    match kind {
        ClaimKind::AtMost(most) => shape.function.maximum().is_none_or(|top| top > *most),
        ClaimKind::NeverFalls(_) | ClaimKind::NoJumps | ClaimKind::RisesAtMost(..) => false,
    }
}

/// The last cent before a jump and the first after it; the jump itself is one of them.
fn sides(jump: &Jump, cent: &Exact) -> Vec<Exact> {
    let at = jump.at.clone();
    if jump.value == jump.before {
        vec![at.clone(), at + cent.clone()]
    } else {
        vec![at.clone() - cent.clone(), at]
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
        ClaimKind::NeverFalls(_) | ClaimKind::NoJumps | ClaimKind::RisesAtMost(..) => {
            table_only && !gates
        }
    }
}

/// What to do about a claim that is not so.
const DISPROVED: &str = "correct what pays so, or take the claim away";

/// What to do about a claim that nobody knows about.
const UNDECIDED: &str = "write a test at each point that matters, in place of the claim";

/// P107 and P108 of claims about tables.
fn table_problems(plan: &Plan, problems: &mut Problems) {
    for claim in &plan.table_claims {
        let (name, ty) = match claim.table {
            TableOf::Tiers(id) => (&plan.tier_table(id).name, plan.tier_table(id).ty),
            TableOf::Lookup(id) => (&plan.lookup(id).name, plan.lookup(id).ty),
        };
        let shown = |value: &Exact| match ty {
            Type::Money(currency) => Money::new(value.clone(), currency).to_string(),
            Type::Percent => format!("{}%", (value.clone() * Exact::int(100)).to_plain()),
            _ => value.to_plain(),
        };
        match decide_table(plan, claim) {
            TableVerdict::Proved => {}
            TableVerdict::Disproved(low, high) => problems.push(
                Diagnostic::at(Code::P107, claim.span, "this does not hold")
                    .note(format!(
                        "In `{name}`:\n    {}   is worth {}\n    {}   is worth {}",
                        low.0,
                        shown(&low.1),
                        high.0,
                        shown(&high.1)
                    ))
                    .help(DISPROVED, ""),
            ),
            TableVerdict::Undecided => problems.push(
                Diagnostic::at(Code::P108, claim.span, "this could not be decided")
                    .saying("rows of this table may lie over each other, or its axis has no order")
                    .help(UNDECIDED, ""),
            ),
        }
    }
}

/// P107 and P108.
pub fn problems(plan: &Plan, proofs: &[(Claim, Verdict)]) -> Problems {
    let mut problems = Problems::new();
    table_problems(plan, &mut problems);
    let money = |value: &Exact| Money::new(value.clone(), plan.currency).to_string();
    for (claim, verdict) in proofs {
        match verdict {
            Verdict::Proved => {}
            Verdict::Disproved {
                mover,
                quota,
                points,
            } => {
                let head = quota.as_ref().map_or_else(
                    || "For example:".to_owned(),
                    |quota| format!("On a {} quota:", money(quota)),
                );
                let name = &plan.credit(*mover).name;
                let lines = points
                    .iter()
                    .map(|(x, paid)| format!("    {name} {}   pays {}", money(x), money(paid)));
                let lines: Vec<String> = std::iter::once(head).chain(lines).collect();
                let change = match points.as_slice() {
                    [(_, a), (_, b)] if b < a => {
                        format!("      {} less", money(&(a.clone() - b.clone())))
                    }
                    [(_, a), (_, b)] => format!("      {} more", money(&(b.clone() - a.clone()))),
                    _ => String::new(),
                };
                problems.push(
                    Diagnostic::at(Code::P107, claim.span, "this does not hold")
                        .note(lines.join("\n") + &change)
                        .help(DISPROVED, ""),
                );
            }
            Verdict::Undecided(why) => problems.push(
                Diagnostic::at(Code::P108, claim.span, "this could not be decided")
                    .saying(why.clone())
                    .help(UNDECIDED, ""),
            ),
        }
    }
    problems
}
