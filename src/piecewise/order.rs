//! S005: two lines of a pay whose order changes what is paid.

use crate::base::{Exact, Money};
use crate::diag::{Code, Diagnostic, Problems};
use crate::meaning::constant;
use crate::meaning::plan::{Amount, Expr, ExprKind, LimitOf, Otherwise, Pay, Plan, Step, StepKind};
use crate::meaning::types::Type;

/// What a fact of money is in examples.
const EXAMPLE_FACT: i64 = 10_000;

/// Looks at each two neighbouring lines of every pay and component. Accepted notes are left out.
pub fn order_lints(plan: &Plan) -> Problems {
    let mut problems = Problems::new();
    for pay in &plan.pays {
        for (first, second) in neighbours(pay) {
            if let Some(found) = look(plan, first, second) {
                problems.push(found);
            }
        }
    }
    plan.unaccepted(problems)
}

/// Each two lines between which nothing but rounding stands.
fn neighbours(pay: &Pay) -> Vec<(&Step, &Step)> {
    let of_total = pay.steps.iter().filter(|step| {
        !step.kind.acts_on_record()
            && !matches!(step.kind, StepKind::Round(_) | StepKind::RoundNever)
    });
    let lines: Vec<&Step> = of_total.collect();
    let pairs = lines.windows(2).filter_map(|pair| match pair {
        [a, b] => Some((*a, *b)),
        _ => None,
    });
    pairs.collect()
}

/// What a line does to an amount, where it does anything: its condition holds, its gate does not pass.
enum Effect {
    Times(Exact),
    AtMost(Exact),
    AtLeast(Exact),
    Becomes(Exact),
}

impl Effect {
    fn of(step: &Step) -> Option<Effect> {
        match &step.kind {
            StepKind::Times(factor) => Some(Effect::Times(example(factor)?)),
            StepKind::Cap {
                amount,
                of: LimitOf::Period | LimitOf::Window(_),
                ..
            } => Some(Effect::AtMost(example(amount)?)),
            StepKind::Floor {
                amount,
                of: LimitOf::Period | LimitOf::Window(_),
            } => Some(Effect::AtLeast(example(amount)?)),
            StepKind::Gate { otherwise, .. } => match otherwise {
                Otherwise::Nothing => Some(Effect::Times(Exact::ZERO)),
                Otherwise::Share(share) => Some(Effect::Times(example(share)?)),
                Otherwise::Amount(Amount::Plain(amount)) => Some(Effect::Becomes(example(amount)?)),
                Otherwise::Amount(Amount::Tiered { .. }) | Otherwise::Hold => None,
            },
            _ => None,
        }
    }

    fn on(&self, amount: Exact) -> Exact {
        match self {
            Effect::Times(factor) => amount * factor.clone(),
            Effect::AtMost(limit) => amount.min(limit.clone()),
            Effect::AtLeast(limit) => amount.max(limit.clone()),
            Effect::Becomes(other) => other.clone(),
        }
    }

    /// Amounts at which what it does may change, or shows.
    fn edges(&self) -> Vec<Exact> {
        match self {
            Effect::Times(_) => Vec::new(),
            Effect::AtMost(edge) | Effect::AtLeast(edge) | Effect::Becomes(edge) => {
                let (half, two) = (Exact::fixed(1, 2), Exact::int(2));
                vec![edge.clone(), edge.clone() * half, edge.clone() * two]
            }
        }
    }

    /// Amounts that this leads to an edge of the other.
    fn before(&self, edge: &Exact) -> Option<Exact> {
        match self {
            Effect::Times(factor) => edge.checked_div(factor),
            _ => None,
        }
    }
}

/// A value for an example: constants as they are, facts of money about a person as one round sum.
fn example(expr: &Expr) -> Option<Exact> {
    if let Some(value) = constant(expr) {
        return Some(value);
    }
    match &expr.kind {
        ExprKind::Fact(..) if matches!(expr.ty, Type::Money(_)) => Some(Exact::int(EXAMPLE_FACT)),
        ExprKind::Binary(crate::syntax::ast::BinaryOp::Multiply, a, b) => {
            Some(example(a)? * example(b)?)
        }
        _ => None,
    }
}

fn look(plan: &Plan, first: &Step, second: &Step) -> Option<Diagnostic> {
    let condition = match (condition(first), condition(second)) {
        // Two conditions may never hold together.
        (Some(_), Some(_)) => return None,
        (own, other) => own.or(other),
    };
    let (a, b) = (Effect::of(first)?, Effect::of(second)?);
    let mut tried: Vec<Exact> = a.edges().into_iter().chain(b.edges()).collect();
    tried.extend(b.edges().iter().filter_map(|edge| a.before(edge)));
    tried.extend(a.edges().iter().filter_map(|edge| b.before(edge)));
    tried.sort();
    let difference = |amount: &Exact| {
        let (written, other) = (b.on(a.on(amount.clone())), a.on(b.on(amount.clone())));
        (written.clone() - other.clone(), written, other)
    };
    // The least amount at which most is at stake.
    let (amount, (gap, written, other)) = tried
        .into_iter()
        .filter(|amount| !amount.is_negative())
        .map(|amount| (amount.clone(), difference(&amount)))
        .reduce(|best, next| {
            if next.1.0.abs() > best.1.0.abs() {
                next
            } else {
                best
            }
        })?;
    if gap.is_zero() {
        return None;
    }
    let money = |value: &Exact| Money::new(value.clone(), plan.currency).to_string();
    let who = if reads_facts(first) || reads_facts(second) {
        format!(
            "For somebody whose amounts in the people file are {}, an amount of {}",
            money(&Exact::int(EXAMPLE_FACT)),
            money(&amount)
        )
    } else {
        format!("An amount of {}", money(&amount))
    };
    let condition = condition.map_or_else(String::new, |words| format!(", {words}"));
    Some(
        Diagnostic::at(
            Code::S005,
            second.span,
            "the order of these two lines makes a difference",
        )
        .saying("then this")
        .label(first.span, "first this")
        .note(format!(
            "{who}{condition}:\n    as written      pays {}\n    the other way   pays {}",
            money(&written),
            money(&other)
        ))
        .help("put the second line above the first, if that is meant", "")
        .help("or keep them, and say why", "accept S005 because \"…\""),
    )
}

/// Where a line does what the example shows.
fn condition(step: &Step) -> Option<&'static str> {
    match &step.kind {
        StepKind::Gate { .. } => Some("where the gate does not pass"),
        _ => step.when.as_ref().map(|_| "where the condition holds"),
    }
}

fn reads_facts(step: &Step) -> bool {
    match &step.kind {
        StepKind::Times(expr)
        | StepKind::Cap { amount: expr, .. }
        | StepKind::Floor { amount: expr, .. }
        | StepKind::Gate {
            otherwise: Otherwise::Share(expr) | Otherwise::Amount(Amount::Plain(expr)),
            ..
        } => constant(expr).is_none(),
        _ => false,
    }
}
