//! Constants of expressions, and which can never be below zero.

use crate::base::Exact;
use crate::meaning::plan::{
    Counts, Expr, ExprKind, Function, MissingScore, Objective, Plan, Range,
};
use crate::meaning::types::Type;
use crate::syntax::ast::{Aggregate, BinaryOp};

/// The value of an expression of literals; `None` where it reads something or divides by zero.
pub fn constant(expr: &Expr) -> Option<Exact> {
    Some(match &expr.kind {
        ExprKind::Number(number) => number.clone(),
        ExprKind::Negative(inner) => -constant(inner)?,
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (constant(a)?, constant(b)?);
            match op {
                BinaryOp::Add => a + b,
                BinaryOp::Subtract => a - b,
                BinaryOp::Multiply => a * b,
                BinaryOp::Divide => a.checked_div(&b)?,
                _ => return None,
            }
        }
        ExprKind::Call(function, arguments) => {
            let values: Option<Vec<Exact>> = arguments.iter().map(constant).collect();
            match function {
                Function::Min => values?.into_iter().min()?,
                Function::Max => values?.into_iter().max()?,
                Function::Abs => values?.first()?.abs(),
            }
        }
        _ => return None,
    })
}

/// Whether an expression is known never to be below zero, whatever the data.
pub(in crate::meaning) fn never_negative(expr: &Expr, plan: &Plan) -> bool {
    if let Some(value) = constant(expr) {
        return !value.is_negative();
    }
    match &expr.kind {
        ExprKind::Quota(_) | ExprKind::Poisoned => true,
        ExprKind::Input(id) => match &plan.input(*id).range {
            Range::Numbers {
                low: Some((low, _)),
                ..
            } => !low.is_negative(),
            _ => false,
        },
        ExprKind::Aggregate {
            how: Aggregate::Count,
            ..
        } => true,
        ExprKind::Tier(id) => plan
            .tier_table(*id)
            .rows
            .iter()
            .all(|row| !row.value.is_negative()),
        ExprKind::Wholes { of, above, .. } => above.is_some() || never_negative(of, plan),
        ExprKind::Lookup(id) => plan.lookup(*id).never_negative(),
        ExprKind::Dated(id, _) => {
            let mut rows = plan.rate(*id).rows.iter();
            rows.all(|row| !row.value.is_negative())
        }
        ExprKind::Scorecard(id) => {
            let card = plan.scorecard(*id);
            let counted = |objective: &Objective| {
                let least = objective.counts.iter().any(|counts| match counts {
                    Counts::AtLeast(least) => !least.is_negative(),
                    Counts::Under(under, value) => !under.is_negative() && !value.is_negative(),
                    Counts::AtMost(_) => false,
                });
                let most = objective
                    .counts
                    .iter()
                    .all(|counts| !matches!(counts, Counts::AtMost(most) if most.is_negative()));
                most && (least || never_negative(&objective.score, plan))
            };
            !matches!(&card.missing, MissingScore::Counts(value) if value.is_negative())
                && card.objectives.iter().all(counted)
        }
        // A money fact below zero is a case nobody means: where it makes a pay negative, the pay is held.
        ExprKind::Fact(..) => matches!(expr.ty, Type::Money(_)),
        ExprKind::Call(Function::Abs, _) => true,
        ExprKind::Call(Function::Max, arguments) => {
            arguments.iter().any(|a| never_negative(a, plan))
        }
        ExprKind::Call(Function::Min, arguments) => {
            arguments.iter().all(|a| never_negative(a, plan))
        }
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Multiply | BinaryOp::Divide, a, b) => {
            never_negative(a, plan) && never_negative(b, plan)
        }
        ExprKind::Measure(id) => never_negative(&plan.measure(*id).value, plan),
        ExprKind::Pay(id) => pay_never_negative(*id, plan),
        _ => false,
    }
}

/// Whether what a pay earned is known never to be below zero.
pub fn pay_never_negative(id: crate::meaning::plan::PayId, plan: &Plan) -> bool {
    use crate::meaning::plan::{Amount, LimitOf, Otherwise, StepKind};
    let pay = plan.pay(id);
    let amount_is = |amount: &Amount| match amount {
        Amount::Plain(expr) => never_negative(expr, plan),
        Amount::Tiered { base, tiers, .. } => {
            never_negative(base, plan)
                && plan
                    .tier_table(*tiers)
                    .rows
                    .iter()
                    .all(|row| !row.value.is_negative())
        }
    };
    pay.steps
        .iter()
        .fold(amount_is(&pay.amount), |so_far, step| match &step.kind {
            StepKind::Gate {
                otherwise: Otherwise::Amount(amount),
                ..
            } => so_far && amount_is(amount),
            StepKind::Times(factor) => so_far && never_negative(factor, plan),
            // A floor that may not apply promises nothing.
            StepKind::Floor { .. } if step.when.is_some() => so_far,
            StepKind::Floor {
                amount,
                of: LimitOf::Period | LimitOf::Record,
            } => so_far || never_negative(amount, plan),
            StepKind::Cap {
                amount,
                of: LimitOf::Period | LimitOf::Record,
            } => so_far && never_negative(amount, plan),
            StepKind::Increase { never_below_zero } => *never_below_zero,
            _ => so_far,
        })
}
