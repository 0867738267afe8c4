//! What comes next for somebody: how much more reaches the next edge, and what changes there.

use crate::base::{Exact, Money};
use crate::meaning::plan::{Amount, CreditId, PayId, Plan, Range, StepKind};
use crate::meaning::types::Type;
use crate::piecewise::from_meaning::{axis_from, from};
use crate::piecewise::function::Function;
use crate::piecewise::start::Start;
use crate::syntax::ast::{BelowZero, PayKind};

/// What a receipt says about the same payout.
#[derive(Clone, Debug)]
pub struct Now {
    /// What is paid.
    pub payout: Exact,
    /// The balance brought in.
    pub carried_in: Exact,
    /// How many records it lists.
    pub records: usize,
}

/// The `next:` line of a receipt; `None` where nothing changes any more, where the pay is no function of what is still
/// to come of one credit, or where that function does not start at what is paid now.
pub fn next_line(plan: &Plan, pay: PayId, now: &Now, start: &mut dyn Start) -> Option<String> {
    let shape = from(plan, pay, start)?;
    let function = payout(plan, pay, &shape.function, now);
    let off = function.at(&Exact::ZERO) - now.payout.clone();
    if off.abs() > rounding_moves(plan, now.records) {
        return None;
    }
    let name = &plan.credit(shape.mover).name;
    let more = function.points.iter().map(|(x, _)| x).nth(1);
    let Some(more) = more else {
        let last = function.lines.last()?;
        let capped = last.slope.is_zero()
            && payout(plan, pay, &shape.uncapped, now)
                .lines
                .last()
                .is_some_and(|line| line.slope.is_positive());
        let more = if plan.pay(pay).keeps_excess() {
            format!("what more {name} earn waits for room in later periods")
        } else {
            format!("more {name} pay nothing")
        };
        return capped.then(|| format!("the cap is reached; {more}"));
    };
    let jump = function.jumps().into_iter().find(|jump| jump.at == *more);
    let line = function
        .stretches()
        .find(|(start, _, _)| *start == more)
        .map(|(_, _, line)| line)?;
    let reach = match edge_words(plan, pay, shape.mover, more, start) {
        Some(edge) => edge,
        None => {
            let so_far = start.total(shape.mover, plan.pay(pay).window)?;
            Money::new(so_far + more.clone(), plan.currency).to_string()
        }
    };
    let what = match jump {
        Some(jump) => format!(
            "where the payout goes from {} to {}",
            Money::new(jump.before, plan.currency),
            Money::new(jump.value, plan.currency)
        ),
        None if line.slope.is_zero() => "where the payout stops growing".to_owned(),
        None => format!(
            "where the rate changes to {}%",
            (line.slope.clone() * Exact::int(100)).to_plain()
        ),
    };
    let more = Money::new(more.clone(), plan.currency);
    Some(format!("{more} more {name} reach {reach}, {what}"))
}

/// What is paid of what is earned.
fn payout(plan: &Plan, pay: PayId, earned: &Function, now: &Now) -> Function {
    let pay = plan.pay(pay);
    let zero = Function::constant(Exact::ZERO);
    match (pay.kind, pay.below) {
        (PayKind::Pay, Some(BelowZero::CarriesForward)) => earned
            .add(&Function::constant(now.carried_in.clone()))
            .max(&zero),
        (PayKind::Pay, Some(BelowZero::Lost)) => earned.max(&zero),
        _ => earned.clone(),
    }
}

/// How far rounding can move a payout, of two amounts to date and of every record.
fn rounding_moves(plan: &Plan, records: usize) -> Exact {
    let records = i64::try_from(records).unwrap_or(i64::MAX);
    let steps = plan.pays.iter().flat_map(|pay| &pay.steps);
    steps.fold(Exact::ZERO, |sum, step| match &step.kind {
        StepKind::Round(rounding) => sum + rounding.unit.clone() * Exact::int(2),
        StepKind::RoundEach(rounding) => sum + rounding.unit.clone() * Exact::int(records),
        _ => sum,
    })
}

/// The edge of the pay's table that is reached with so much more.
fn edge_words(
    plan: &Plan,
    pay: PayId,
    mover: CreditId,
    more: &Exact,
    start: &mut dyn Start,
) -> Option<String> {
    let Amount::Tiered { tiers, .. } = &plan.pay(pay).amount else {
        return None;
    };
    let table = plan.tier_table(*tiers);
    let reached = axis_from(plan, mover, table, start)?.at(more);
    let is_edge = table.rows.iter().any(|row| match &row.range {
        Range::Numbers {
            low: Some((edge, _)),
            ..
        } => *edge == reached,
        _ => false,
    });
    let is_percent = matches!(table.axis.ty, Type::Percent | Type::Number);
    (is_edge && is_percent).then(|| format!("{}%", (reached * Exact::int(100)).to_plain()))
}
