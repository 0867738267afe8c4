//! A change inside the days of an amount: whether its two parts can be told apart, and what must be one on both sides.

use crate::meaning::lower::same;
use crate::meaning::plan::{
    Amount, Expr, ExprKind, Otherwise, PaidCurrency, PaidIn, Part, Pay, Payable, Plan, Scope, Step,
    StepKind, TierUse,
};
use crate::syntax::ast::{Aggregate, BinaryOp, Window};

/// Whether what an amount pays falls into the parts of its days: what is paid on is a sum over records.
pub(in crate::meaning::amend) fn falls_apart(plan: &Plan, pay: &Pay) -> bool {
    if pay.scope != Scope::Total {
        return true;
    }
    match &pay.amount {
        Amount::Plain(expr) => degree(expr, pay.window) == Some(1),
        Amount::Tiered { base, how, .. } => {
            !matches!(how, TierUse::Placed(_)) && is_sum(plan, base, pay.window)
        }
    }
}

/// How often totals of a window are multiplied with each other: 1 for a sum of totals each times something that is no
/// total. `None` where parts of the days do not add up.
fn degree(expr: &Expr, window: Window) -> Option<u32> {
    match &expr.kind {
        ExprKind::Aggregate { .. } => is_total(expr, window).then_some(1),
        ExprKind::Negative(inner) => degree(inner, window),
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (degree(a, window)?, degree(b, window)?);
            match op {
                BinaryOp::Add | BinaryOp::Subtract => (a == b).then_some(a),
                BinaryOp::Multiply => Some(a + b),
                BinaryOp::Divide => (b == 0).then_some(a),
                _ => (a + b == 0).then_some(0),
            }
        }
        _ => {
            let mut plain = true;
            crate::meaning::plan::each_child(expr, &mut |child| {
                plain &= degree(child, window) == Some(0);
            });
            plain.then_some(0)
        }
    }
}

/// Whether an expression is a sum over records of a window, however it is named.
fn is_sum(plan: &Plan, expr: &Expr, window: Window) -> bool {
    match &expr.kind {
        ExprKind::Aggregate { .. } => is_total(expr, window),
        ExprKind::Measure(id) => {
            let measure = plan.measure(*id);
            measure.rules.is_empty()
                && measure.rounding.is_none()
                && is_sum(plan, &measure.value, window)
        }
        ExprKind::Negative(inner) => is_sum(plan, inner, window),
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) => {
            is_sum(plan, a, window) && is_sum(plan, b, window)
        }
        ExprKind::Binary(BinaryOp::Multiply, a, b) => {
            let number = |expr: &Expr| matches!(expr.kind, ExprKind::Number(_));
            number(a) && is_sum(plan, b, window) || number(b) && is_sum(plan, a, window)
        }
        _ => false,
    }
}

fn is_total(expr: &Expr, window: Window) -> bool {
    matches!(expr.kind, ExprKind::Aggregate { how: Aggregate::Total | Aggregate::Count, window: own, .. } if own == window)
}

/// The first line below the amount, or condition, that two texts of a pay do not share.
pub(in crate::meaning::amend) fn not_shared<'p>(
    before: &'p Pay,
    after: &'p Pay,
) -> Option<(&'static str, crate::diag::Span)> {
    let whole = after.scope == Scope::Total;
    if before.scope != after.scope || before.window != after.window {
        return Some(("what the amount runs over", after.amount_span));
    }
    if whole && !all_same(&before.when, &after.when) {
        let at = after.when.first().map_or(after.span, |when| when.span);
        return Some(("the condition of `when`", at));
    }
    if before.below != after.below {
        return Some(("what happens below 0", after.span));
    }
    if !payable_alike(before, after) {
        return Some(("when it is payable", after.span));
    }
    let pairs = before.steps.iter().zip(&after.steps);
    for (a, b) in pairs {
        if !same_step(a, b) {
            return Some(("this line", b.span));
        }
    }
    (before.steps.len() != after.steps.len()).then_some(("the lines below `amount`", after.span))
}

/// Whether two texts of a pay are paid in one currency, by one rate.
pub(in crate::meaning::amend) fn paid_alike(before: &Pay, after: &Pay) -> bool {
    match (&before.paid_in, &after.paid_in) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            let into = match (&a.into, &b.into) {
                (PaidCurrency::One(a), PaidCurrency::One(b)) => a == b,
                (PaidCurrency::Fact(a), PaidCurrency::Fact(b)) => same(a, b),
                _ => false,
            };
            let rule = |of: &PaidIn| (of.at, of.unit.clone(), of.mode);
            into && rule(a) == rule(b) && same(&a.on, &b.on)
        }
        _ => false,
    }
}

/// Whether what two texts of a pay earn is payable at the same times.
fn payable_alike(before: &Pay, after: &Pay) -> bool {
    match (&before.payable, &after.payable) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            let dates = |of: &Payable| of.expressions().cloned().collect::<Vec<Expr>>();
            let share = |part: &Part| (part.share.clone(), part.days, part.months);
            let shares = |of: &Payable| of.parts.iter().map(share).collect::<Vec<_>>();
            a.leaving == b.leaving
                && a.until.is_some() == b.until.is_some()
                && a.rounding == b.rounding
                && shares(a) == shares(b)
                && all_same(&dates(a), &dates(b))
        }
        _ => false,
    }
}

fn all_same(a: &[Expr], b: &[Expr]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

fn same_step(a: &Step, b: &Step) -> bool {
    let when = match (&a.when, &b.when) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    };
    when && match (&a.kind, &b.kind) {
        (
            StepKind::Gate {
                subject: a,
                range: ra,
                otherwise: oa,
                ..
            },
            StepKind::Gate {
                subject: b,
                range: rb,
                otherwise: ob,
                ..
            },
        ) => same(a, b) && ra == rb && same_otherwise(oa, ob),
        (StepKind::Times(a), StepKind::Times(b)) => same(a, b),
        (StepKind::Floor { amount: a, of: x }, StepKind::Floor { amount: b, of: y }) => {
            x == y && same(a, b)
        }
        (
            StepKind::Cap {
                amount: a,
                of: x,
                excess: e,
            },
            StepKind::Cap {
                amount: b,
                of: y,
                excess: f,
            },
        ) => x == y && e == f && same(a, b),
        (StepKind::CapOf(a), StepKind::CapOf(b)) => {
            let before = match (&a.before, &b.before) {
                (Some(a), Some(b)) => same(a, b),
                (a, b) => a.is_none() && b.is_none(),
            };
            a.each == b.each && same(&a.amount, &b.amount) && same(&a.of, &b.of) && before
        }
        (
            StepKind::Increase {
                never_below_zero: a,
            },
            StepKind::Increase {
                never_below_zero: b,
            },
        ) => a == b,
        (StepKind::WhenItEnds, StepKind::WhenItEnds)
        | (StepKind::RoundNever, StepKind::RoundNever) => true,
        (StepKind::RoundEach(a), StepKind::RoundEach(b))
        | (StepKind::Round(a), StepKind::Round(b)) => a == b,
        _ => false,
    }
}

fn same_otherwise(a: &Otherwise, b: &Otherwise) -> bool {
    match (a, b) {
        (Otherwise::Nothing, Otherwise::Nothing) | (Otherwise::Hold, Otherwise::Hold) => true,
        (Otherwise::Share(a), Otherwise::Share(b)) => same(a, b),
        (Otherwise::Amount(a), Otherwise::Amount(b)) => same_amount(a, b),
        _ => false,
    }
}

fn same_amount(a: &Amount, b: &Amount) -> bool {
    match (a, b) {
        (Amount::Plain(a), Amount::Plain(b)) => same(a, b),
        (
            Amount::Tiered {
                base: a,
                tiers: x,
                how,
            },
            Amount::Tiered {
                base: b,
                tiers: y,
                how: other,
            },
        ) => x == y && same(a, b) && std::mem::discriminant(how) == std::mem::discriminant(other),
        _ => false,
    }
}
