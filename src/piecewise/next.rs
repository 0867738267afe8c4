//! What comes next for somebody: how much more reaches the next edge, and what changes there.

use crate::base::{Exact, Money};
use crate::meaning::plan::{Amount, PayId, Plan, Range};
use crate::piecewise::from_meaning::of_pay;

/// The `next:` line of a receipt: from results of `at`, with this quota; `None` where nothing changes any more
/// or the pay is no function of one quantity.
pub fn next_line(plan: &Plan, pay: PayId, at: &Exact, quota: Option<&Exact>) -> Option<String> {
    let example = Exact::int(1);
    let shape = of_pay(plan, pay, quota.unwrap_or(&example))?;
    if shape.reads_quota && quota.is_none_or(|quota| !quota.is_positive()) {
        return None;
    }
    let credit = plan.credit(shape.mover);
    let at = at.clone().max(Exact::ZERO);
    let function = &shape.function;
    let next = function.points.iter().map(|(x, _)| x).find(|x| **x > at);
    let Some(next) = next else {
        let last = function.lines.last()?;
        let capped = last.slope.is_zero()
            && shape
                .uncapped
                .lines
                .last()
                .is_some_and(|line| line.slope.is_positive());
        return capped.then(|| format!("the cap is reached; more {} pay nothing", credit.name));
    };
    let more = Money::new(next.clone() - at, plan.currency);
    let jump = function.jumps().into_iter().find(|jump| jump.at == *next);
    let line = function
        .stretches()
        .find(|(start, _, _)| *start == next)
        .map(|(_, _, line)| line)?;
    let edge = edge_words(plan, pay, next, quota);
    let reach = edge.unwrap_or_else(|| Money::new(next.clone(), plan.currency).to_string());
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
    Some(format!("{more} more {} reach {reach}, {what}", credit.name))
}

/// The edge of the pay's table at a point, as a percentage of the quota.
fn edge_words(plan: &Plan, pay: PayId, at: &Exact, quota: Option<&Exact>) -> Option<String> {
    let Amount::Tiered { tiers, .. } = &plan.pay(pay).amount else {
        return None;
    };
    let share = at.checked_div(quota?)?;
    let is_edge = plan
        .tier_table(*tiers)
        .rows
        .iter()
        .any(|row| match &row.range {
            Range::Numbers {
                low: Some((edge, _)),
                ..
            } => *edge == share,
            _ => false,
        });
    is_edge.then(|| format!("{}%", (share * Exact::int(100)).to_plain()))
}
