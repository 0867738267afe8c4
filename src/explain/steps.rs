//! Lines below `amount`, one after the other.

use std::collections::BTreeSet;

use crate::base::Exact;
use crate::explain::expression::{Found, Scalar, Stop, demand, lies_in, two_numbers};
use crate::explain::pays::{holding, or_zero};
use crate::explain::receipt::{Kind, Node, Rule};
use crate::explain::walk::{Here, Walker, leaf};
use crate::meaning::plan::{Expr, LimitOf, Otherwise, Pay, PayId, Step, StepKind};
use crate::table::Cause;

impl<'a> Walker<'a> {
    pub(in crate::explain) fn limited(
        &mut self,
        found: Found,
        limit: &'a Expr,
        here: &Here,
        step: &Step,
        is_cap: bool,
        nodes: &mut Vec<Node>,
    ) -> Found {
        let mut decided = BTreeSet::new();
        let limit = self.limit(limit, here, &mut decided).map(Scalar::Number);
        let (amount, limit) = two_numbers(found, limit)?;
        let value = if is_cap {
            amount.clone().min(limit.clone())
        } else {
            amount.clone().max(limit.clone())
        };
        let change = value.clone() - amount;
        let found = Ok(Scalar::Number(value));
        let label = if is_cap { "cap" } else { "floor" };
        let rule = Rule::Limit {
            limit,
            used: None,
            kept: None,
            change,
        };
        nodes.push(Node {
            decided,
            ..leaf(rule, label, &found, Kind::Money, Some(step.span))
        });
        found
    }

    pub(in crate::explain) fn step(
        &mut self,
        pay: &'a Pay,
        id: PayId,
        index: usize,
        step: &'a Step,
        so_far: Found,
        here: &Here,
    ) -> (Found, Option<Node>) {
        let span = Some(step.span);
        match &step.kind {
            StepKind::Gate {
                subject,
                name,
                range,
                words,
                otherwise,
            } => {
                let mut reads = Vec::new();
                let value = demand(self.value(here, subject, &mut reads));
                let holds = match value {
                    Ok(value) => lies_in(range, &value),
                    Err(Stop::Held(causes)) => return (holding(&so_far, causes), None),
                    Err(_) => false,
                };
                let mut decided = BTreeSet::new();
                let found = match (holds, otherwise) {
                    (true, _) => so_far,
                    (false, Otherwise::Amount(other)) => {
                        let (found, node) = self.amount(other, step.span, here, &Exact::ZERO);
                        reads.push(node);
                        or_zero(found)
                    }
                    (false, Otherwise::Nothing) => Ok(Scalar::Number(Exact::ZERO)),
                    (false, Otherwise::Share(share)) => {
                        let share = self.limit(share, here, &mut decided);
                        Walker::times(so_far, share.map(Scalar::Number))
                    }
                    (false, Otherwise::Hold) => {
                        let label = self.plan.calendar.label(&self.periods[here.period]);
                        let gate = (name.as_str(), words.as_str());
                        holding(&so_far, vec![Cause::gate_holds(gate, &here.payee, &label)])
                    }
                };
                let mut node = leaf(Rule::Gate { holds }, words, &found, Kind::Money, span);
                node.reads = reads;
                node.decided = decided;
                (found, Some(node))
            }
            StepKind::Times(factor) => {
                let mut reads = Vec::new();
                let by = self.value(here, factor, &mut reads);
                match two_numbers(so_far, or_zero(demand(by))) {
                    Err(stop) => (Err(stop), None),
                    Ok((amount, factor)) => {
                        let found = Ok(Scalar::Number(amount * factor.clone()));
                        let mut node =
                            leaf(Rule::Times { factor }, "times", &found, Kind::Money, span);
                        node.reads = reads;
                        (found, Some(node))
                    }
                }
            }
            StepKind::Floor {
                amount,
                of: LimitOf::Period,
            } => {
                let mut nodes = Vec::new();
                let found = self.limited(so_far, amount, here, step, false, &mut nodes);
                (found, nodes.pop())
            }
            StepKind::Cap {
                amount,
                of: of @ (LimitOf::Period | LimitOf::Window(_)),
                excess,
            } => self.capped((id, index), (amount, *of, *excess), so_far, here, step),
            StepKind::Increase { never_below_zero } => {
                let before = self.before(pay, id, index, here);
                match two_numbers(so_far, before) {
                    Err(stop) => (Err(stop), None),
                    Ok((to_date, before)) => {
                        let change = to_date.clone() - before.clone();
                        let value = if *never_below_zero {
                            change.max(Exact::ZERO)
                        } else {
                            change
                        };
                        let found = Ok(Scalar::Number(value));
                        let node = leaf(
                            Rule::Increase { to_date, before },
                            "increase",
                            &found,
                            Kind::Money,
                            span,
                        );
                        (found, Some(node))
                    }
                }
            }
            StepKind::WhenItEnds => self.when_it_ends(pay, step, so_far, here),
            StepKind::Round(rounding) => match so_far {
                Ok(Scalar::Number(exact)) => {
                    let found = Ok(Scalar::Number(rounding.round(&exact)));
                    let node = leaf(Rule::Round { exact }, "rounding", &found, Kind::Money, span);
                    (found, Some(node))
                }
                other => (other, None),
            },
            StepKind::RoundNever => {
                let found = match so_far {
                    Ok(Scalar::Number(number)) if !self.plan.currency.is_whole(&number) => {
                        let label = self.plan.calendar.label(&self.periods[here.period]);
                        Err(Stop::Held(vec![Cause::not_whole(
                            &pay.label,
                            &here.payee,
                            &label,
                            &number.to_plain(),
                        )]))
                    }
                    other => other,
                };
                (found, None)
            }
            // Lines about records have been applied to each of them.
            StepKind::Floor { .. }
            | StepKind::Cap { .. }
            | StepKind::CapOf(_)
            | StepKind::RoundEach(_) => (so_far, None),
        }
    }
}

/// The word of a line that can have a condition.
pub(in crate::explain) fn step_word(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Times(_) => "times",
        StepKind::Floor { .. } => "floor",
        _ => "cap",
    }
}
