//! Claims about all results at once: decided on the exact function, or said to be undecided.
//!
//! Invariant: *proved* is said only where the function covers every result and every quota the claim speaks of.

use crate::base::{Exact, Money, Rounding};
use crate::diag::{Code, Diagnostic, Problems};
use crate::meaning::plan::{
    Amount, Claim, ClaimKind, CreditId, Expr, ExprKind, LimitOf, Otherwise, PayId, Plan, StepKind,
    TableOf,
};
use crate::meaning::types::Type;
use crate::meaning::{constant, pay_never_negative, to_date_never_negative};
use crate::piecewise::{EXAMPLE_QUOTA, Function, Jump, Shape, of_pay, of_pay_below_zero};
use crate::prove::reads::{Reads, remembers};

mod amended;
mod reads;
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
        .map(|claim| (claim.clone(), amended::decide(plan, claim)))
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
    let cent = plan.currency.minor_unit();
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
        None if fails_below_zero(plan, claim, (&shape, &quota, rounding)) => Verdict::Undecided(format!(
            "it may not hold where returns bring the total of `{}` below 0",
            plan.credit(shape.mover).name
        )),
        None if let Some(why) = hangs_on_earlier_periods(plan, claim, &quota) => {
            Verdict::Undecided(why)
        }
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

/// Whether a claim that holds from 0 upwards may fail below 0.
fn fails_below_zero(
    plan: &Plan,
    claim: &Claim,
    (shape, quota, rounding): (&Shape, &Exact, Option<&Rounding>),
) -> bool {
    let Some(function) = of_pay_below_zero(plan, claim.pay, quota) else {
        return true;
    };
    if let ClaimKind::AtMost(most) = &claim.kind {
        let rounded = |top: Exact| rounding.map_or_else(|| top.clone(), |own| own.round(&top));
        return function.maximum().is_none_or(|top| rounded(top) > *most);
    }
    // Turned about 0, slopes and the direction of jumps are the same.
    fails(shape, &claim.kind, function.scale(&-Exact::ONE))
}

/// Whether a claim fails of another function of the same pay.
fn fails(shape: &Shape, kind: &ClaimKind, function: Function) -> bool {
    let other = Shape {
        function,
        ..shape.clone()
    };
    let unit = Exact::ONE;
    counter_example(&other, kind, (&unit, &unit), &|x| other.function.at(x)).is_some()
}

/// Whether a pay's own constant caps and floors hide what breaks a claim about its course: on another quota, or with more
/// room in a longer window, they lie elsewhere.
fn is_hidden(plan: &Plan, claim: &Claim, quota: &Exact) -> bool {
    let mut bare = plan.clone();
    let limits = |kind: &StepKind| match kind {
        StepKind::Cap { amount, .. } | StepKind::Floor { amount, .. } => constant(amount).is_some(),
        _ => false,
    };
    bare.pays[claim.pay.0]
        .steps
        .retain(|step| !limits(&step.kind));
    of_pay(&bare, claim.pay, quota)
        .is_none_or(|shape| fails(&shape, &claim.kind, shape.function.clone()))
}

/// Why a claim that holds where nothing was before may not hold in a later period.
fn hangs_on_earlier_periods(plan: &Plan, claim: &Claim, quota: &Exact) -> Option<String> {
    let reads = Reads::of(plan, claim.pay);
    if let Some(below) = reads.memory_below() {
        return Some(format!(
            "it reads `{}`, and what that is hangs on earlier periods",
            below.name
        ));
    }
    if reads.has_several_windows() {
        return Some("it looks at totals of several windows, and they move apart".to_owned());
    }
    if matches!(claim.kind, ClaimKind::AtMost(_)) {
        return None;
    }
    // What earlier periods left shifts the amount, which keeps its course only through lines that keep it.
    let steps = &plan.pay(claim.pay).steps;
    let mut after = steps.iter().skip_while(|step| !remembers(&step.kind));
    if !after.all(|step| keeps_course(&step.kind)) {
        return Some("a line below the one that looks at earlier periods can bend it".to_owned());
    }
    // A used cap can leave more than the cap itself, and shows what lies above it.
    let is_long = steps.iter().any(|step| limits_window(&step.kind));
    let beyond = is_long && is_hidden(plan, claim, quota);
    beyond.then(|| {
        "above the cap of a longer window it does not hold, and returns can give more room"
            .to_owned()
    })
}

/// Whether a line keeps what never falls, never jumps or rises by at most a rate so.
fn keeps_course(kind: &StepKind) -> bool {
    match kind {
        StepKind::Cap { amount, .. } | StepKind::Floor { amount, .. } => constant(amount).is_some(),
        StepKind::Increase { .. }
        | StepKind::WhenItEnds
        | StepKind::Round(_)
        | StepKind::RoundNever => true,
        StepKind::Gate { .. }
        | StepKind::Times(_)
        | StepKind::RoundEach(_)
        | StepKind::CapOf(_) => false,
    }
}

fn limits_window(kind: &StepKind) -> bool {
    matches!(
        kind,
        StepKind::Cap {
            of: LimitOf::Window(_),
            ..
        }
    )
}

/// Whether an upper end hangs on a cap of a longer window whose use can fall: after a period below 0 more is left than the
/// cap itself.
fn gives_room_back(plan: &Plan, claim: &Claim) -> bool {
    matches!(claim.kind, ClaimKind::AtMost(_))
        && plan
            .pay(claim.pay)
            .steps
            .iter()
            .any(|step| limits_window(&step.kind))
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
                ..
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

/// Whether all quotas give the same picture at another scale: tables are in percent of the one quota and nothing
/// but caps and floors is a fixed amount. Caps and floors are constants, and the lesser or greater of a
/// function that never falls or never jumps and a constant does not either. A bound needs its cap, and no line below it
/// that lifts.
fn scales(plan: &Plan, claim: &Claim) -> bool {
    let pay = plan.pay(claim.pay);
    if let ClaimKind::AtMost(most) = &claim.kind {
        let below = pay.steps.iter().rev();
        let mut below =
            below.skip_while(|step| !is_limit(&step.kind, most) && stays_under(&step.kind, most));
        let limit = below.next().is_some_and(|step| is_limit(&step.kind, most));
        return limit && !most.is_negative();
    }
    let table_only = matches!(&pay.amount, Amount::Tiered { base, .. } if matches!(base.kind, ExprKind::Aggregate { .. }));
    let gates = pay
        .steps
        .iter()
        .any(|step| matches!(step.kind, StepKind::Gate { .. } | StepKind::Times(_)));
    table_only
        && !gates
        && Reads::of(plan, claim.pay).quotas.len() == 1
        && !is_hidden(plan, claim, &Exact::int(EXAMPLE_QUOTA))
}

/// Whether a line is a constant cap of at most an amount.
fn is_limit(kind: &StepKind, most: &Exact) -> bool {
    matches!(kind, StepKind::Cap { amount, .. } if constant(amount).is_some_and(|limit| limit <= *most))
}

/// Whether a line leaves what is at most an amount so, whatever the quota.
fn stays_under(kind: &StepKind, most: &Exact) -> bool {
    let is_part = |factor: &Expr| {
        constant(factor).is_some_and(|part| !part.is_negative() && part <= Exact::ONE)
    };
    match kind {
        StepKind::Cap { .. }
        | StepKind::Increase { .. }
        | StepKind::WhenItEnds
        | StepKind::Round(_)
        | StepKind::RoundNever => true,
        StepKind::Floor { amount, .. } => constant(amount).is_some_and(|least| least <= *most),
        StepKind::Times(factor) => is_part(factor),
        StepKind::Gate { otherwise, .. } => match otherwise {
            Otherwise::Nothing | Otherwise::Hold => true,
            Otherwise::Share(share) => is_part(share),
            Otherwise::Amount(Amount::Plain(amount)) => {
                constant(amount).is_some_and(|other| other <= *most)
            }
            Otherwise::Amount(Amount::Tiered { .. }) => false,
        },
        StepKind::RoundEach(_) | StepKind::CapOf(_) => false,
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
            Verdict::Undecided(why) => {
                let undecided = Diagnostic::at(Code::P108, claim.span, "this could not be decided");
                let undecided = undecided.saying(why.clone()).help(UNDECIDED, "");
                problems.push(amended::beside(plan, claim, undecided));
            }
        }
    }
    problems
}
