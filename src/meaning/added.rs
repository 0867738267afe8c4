//! Credits of the same records that a plan adds to each other.

use crate::diag::{Code, Span};
use crate::meaning::plan::{CreditId, Expr, ExprKind, Plan, each_child};
use crate::syntax::ast::{Aggregate, BinaryOp};

/// Credits that one sum adds, at least one of which goes up from what another is, and where it is accepted that a person
/// may have more of a record than there is.
pub struct Added {
    /// At least two, each once.
    pub credits: Vec<CreditId>,
}

/// Every sum that adds what somebody has themself to what goes up to them, or what goes up to them in two ways.
pub fn added(plan: &Plan) -> Vec<Added> {
    let mut found: Vec<Vec<CreditId>> = Vec::new();
    for expr in plan.expressions() {
        sums(expr, &mut |terms| of_one_credit(plan, terms, &mut found));
    }
    found.sort();
    found.dedup();
    let open = found
        .into_iter()
        .filter(|credits| !is_accepted(plan, credits));
    open.map(|credits| Added { credits }).collect()
}

/// The terms of every sum, the outermost of nested ones.
fn sums(expr: &Expr, sum: &mut dyn FnMut(&[&Expr])) {
    let mut terms = Vec::new();
    terms_of(expr, &mut terms);
    sum(&terms);
    for term in terms {
        each_child(term, &mut |child| sums(child, sum));
    }
}

fn terms_of<'e>(expr: &'e Expr, terms: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Add, a, b) => {
            terms_of(a, terms);
            terms_of(b, terms);
        }
        _ => terms.push(expr),
    }
}

fn of_one_credit(plan: &Plan, terms: &[&Expr], found: &mut Vec<Vec<CreditId>>) {
    let mut read: Vec<(CreditId, CreditId)> = Vec::new();
    for term in terms {
        let credit = match term.kind {
            ExprKind::Aggregate {
                how: Aggregate::Total,
                credit,
                ..
            }
            | ExprKind::Credit(credit) => credit,
            _ => continue,
        };
        let own = plan.credit(credit).rollup.as_ref();
        read.push((own.map_or(credit, |rollup| rollup.of), credit));
    }
    read.sort();
    read.dedup();
    for same in read
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() > 1)
    {
        found.push(same.iter().map(|(_, credit)| *credit).collect());
    }
}

fn is_accepted(plan: &Plan, credits: &[CreditId]) -> bool {
    let spans = credits.iter().map(|id| plan.credit(*id).span);
    let spans: Vec<Span> = spans.chain([plan.span]).collect();
    let mut accepted = plan.accepted.iter();
    accepted.any(|own| own.code == Code::C502 && spans.contains(&own.block))
}
