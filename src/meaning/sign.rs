//! Constants of expressions, and which pays can never be below zero.

use crate::base::Exact;
use crate::meaning::bounds::never_negative;
use crate::meaning::plan::{
    Amount, Expr, ExprKind, Function, LimitOf, Otherwise, Pay, PayId, Plan, StepKind,
};
use crate::syntax::ast::BinaryOp;

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

/// Whether what a pay earned is known never to be below zero.
pub fn pay_never_negative(id: PayId, plan: &Plan) -> bool {
    let mut texts = plan.pay(id).texts();
    texts.all(|text| steps_never_negative(plan, text, usize::MAX))
}

/// Whether the amount to date of which a pay pays the increase is known never to be below zero; true of one that pays
/// none.
pub fn to_date_never_negative(id: PayId, plan: &Plan) -> bool {
    let mut texts = plan.pay(id).texts();
    texts.all(|pay| {
        let mut steps = pay.steps.iter();
        let increase = steps.position(|step| matches!(step.kind, StepKind::Increase { .. }));
        increase.is_none_or(|at| steps_never_negative(plan, pay, at))
    })
}

/// Whether a pay's amount after so many steps is known never to be below zero.
fn steps_never_negative(plan: &Plan, pay: &Pay, steps: usize) -> bool {
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
        .take(steps)
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
                ..
            } => so_far && never_negative(amount, plan),
            StepKind::Increase { never_below_zero } => *never_below_zero,
            _ => so_far,
        })
}
