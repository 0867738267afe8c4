//! A pay in one period: its amount, then its lines, each kept as a step of the receipt.

use std::collections::BTreeSet;

use crate::base::Exact;
use crate::diag::Span;
use crate::explain::expression::{Found, Scalar, Stop, a_number, demand, two_numbers};
use crate::explain::receipt::{Decided, Kind, Known, Node, Rule};
use crate::explain::records::ByRecord;
use crate::explain::steps::step_word;
use crate::explain::walk::{Here, Walker, kind, known, leaf};
use crate::meaning::plan::{
    Amount, Expr, Pay, PayId, Range, Scope, StepKind, TierUse, Tiers, TiersId,
};
use crate::table::{Cause, sorted};

/// What walking a pay found.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Walked {
    pub(in crate::explain) earned: Found,
    /// The value at each line: after it, but before the difference is taken at `pays the increase`.
    pub(in crate::explain) at_step: Vec<Found>,
    /// What its records come to, in their order, before lines about their sum; none where it is not `for each`.
    pub(in crate::explain) by_record: Result<Vec<ByRecord>, Vec<Cause>>,
    pub(in crate::explain) node: Node,
}

/// A stop as a zero where it says nothing.
pub(in crate::explain) fn or_zero(found: Found) -> Found {
    match found {
        Err(Stop::Nothing) => Ok(Scalar::Number(Exact::ZERO)),
        other => other,
    }
}

pub(in crate::explain) fn holding(so_far: &Found, more: Vec<Cause>) -> Found {
    let mut causes = more;
    if let Err(Stop::Held(own)) = so_far {
        causes.extend(own.clone());
    }
    Err(Stop::Held(sorted(causes)))
}

impl<'a> Walker<'a> {
    /// What a pay earned: what it claims, as far as its budget goes.
    pub(in crate::explain) fn walk_pay(&mut self, payee: &str, id: PayId, period: usize) -> Walked {
        let walked = self.walk_claim(payee, id, period);
        let plan = self.plan;
        let here = Here::of(payee, period);
        match plan.budget_of(id) {
            Some(budget) => self.within_budget(budget, &here, id, walked),
            None => walked,
        }
    }

    /// Walks a pay through all its lines once; later calls remember.
    pub(in crate::explain) fn walk_claim(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Walked {
        let key = (payee.to_owned(), id, period);
        if let Some(walked) = self.walked.get(&key) {
            return walked.clone();
        }
        let walked = self.make_pay(payee, id, period);
        self.walked.insert(key, walked.clone());
        walked
    }

    pub(in crate::explain) fn is_walked(&self, payee: &str, id: PayId, period: usize) -> bool {
        self.walked.contains_key(&(payee.to_owned(), id, period))
    }

    fn make_pay(&mut self, payee: &str, id: PayId, period: usize) -> Walked {
        let whole = self.plan.pay(id);
        let pay = self.text_in(whole, period);
        let here = Here::of(payee, period);
        let (mut steps, mut by_record) = (Vec::new(), Vec::new());
        let mut decided = BTreeSet::new();
        let life = self.life(payee);
        let (mut so_far, refused) = if life.held.is_empty() {
            let mut kept = (&mut steps, &mut by_record);
            self.start((whole, pay), &here, &mut kept, &mut decided)
        } else {
            (Err(Stop::Held(life.held)), false)
        };
        so_far = or_zero(so_far);
        let by_record = match &so_far {
            Err(Stop::Held(causes)) => Err(causes.clone()),
            _ => Ok(by_record),
        };
        let mut at_step = Vec::new();
        for (index, step) in pay.steps.iter().enumerate() {
            let is_increase = matches!(step.kind, StepKind::Increase { .. });
            if refused && !is_increase {
                at_step.push(Ok(Scalar::Number(Exact::ZERO)));
                continue;
            }
            if is_increase {
                at_step.push(so_far.clone());
            }
            let applies = if step.kind.acts_on_record() {
                // Asked of each record.
                Ok(true)
            } else {
                self.step_applies(step, &here, &mut decided)
            };
            let (found, node) = match applies {
                Ok(true) => self.step(pay, id, index, step, so_far, &here),
                Err(Stop::Held(causes)) => {
                    self.hold_excess((id, index), step, &causes, &here);
                    (holding(&so_far, causes), None)
                }
                _ => {
                    let label = step_word(&step.kind);
                    let span = Some(step.span);
                    let node = leaf(Rule::NotMet, label, &so_far, Kind::Money, span);
                    (so_far, Some(node))
                }
            };
            so_far = found;
            steps.extend(node);
            if !is_increase {
                at_step.push(so_far.clone());
            }
        }
        let mut node = leaf(Rule::Pay, &pay.label, &so_far, Kind::Money, Some(pay.span));
        node.reads = steps;
        node.decided = decided;
        Walked {
            earned: so_far,
            at_step,
            by_record,
            node,
        }
    }

    /// The amount before any line; whether a `when` refused it.
    fn start(
        &mut self,
        (whole, pay): (&'a Pay, &'a Pay),
        here: &Here,
        (steps, by_record): &mut (&mut Vec<Node>, &mut Vec<ByRecord>),
        decided: &mut BTreeSet<Decided>,
    ) -> (Found, bool) {
        if pay.scope != Scope::Total {
            let (found, node) = self.each(whole, here, by_record);
            steps.push(node);
            return (found, false);
        }
        let mut why = Vec::new();
        for when in &pay.when {
            match self.decide(when, here, decided) {
                Ok(true) => {}
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => {
                    let zero = Ok(Scalar::Number(Exact::ZERO));
                    steps.push(leaf(
                        Rule::WhenFailed,
                        &pay.label,
                        &zero,
                        Kind::Money,
                        Some(when.span),
                    ));
                    return (zero, true);
                }
            }
        }
        if !why.is_empty() {
            return (Err(Stop::Held(sorted(why))), false);
        }
        let (found, mut node) = self.whole_amount(whole, here);
        let shown = or_zero(found.clone());
        node.value = known(&shown);
        steps.push(node);
        (found, false)
    }

    /// The amount clause, for a person or for the record at hand; slices start at `start`.
    pub(in crate::explain) fn amount(
        &mut self,
        amount: &'a Amount,
        span: Span,
        here: &Here,
        start: &Exact,
    ) -> (Found, Node) {
        let mut reads = Vec::new();
        match amount {
            Amount::Plain(expr) => {
                let found = demand(self.value(here, expr, &mut reads));
                let mut node = leaf(Rule::Expression, "amount", &found, Kind::Money, Some(span));
                node.reads = reads;
                (found, node)
            }
            Amount::Tiered { base, tiers, how } => {
                let size = demand(self.value(here, base, &mut reads));
                match how {
                    TierUse::Everything => {
                        let (rate, row) = self.tier(here, *tiers);
                        let found = Walker::times(size, rate);
                        reads.extend(row);
                        let mut node =
                            leaf(Rule::Expression, "amount", &found, Kind::Money, Some(span));
                        node.reads = reads;
                        (found, node)
                    }
                    TierUse::EachSlice { divisor } => {
                        self.slices(span, *tiers, divisor.as_ref(), here, size, start, reads)
                    }
                    // Only a record stands somewhere, and it is paid where it stands.
                    TierUse::Placed(_) => {
                        let found = Err(Stop::Nothing);
                        let node =
                            leaf(Rule::Expression, "amount", &found, Kind::Money, Some(span));
                        (found, node)
                    }
                }
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a slice needs its table, its place and its start by name"
    )]
    pub(in crate::explain) fn slices(
        &mut self,
        span: Span,
        tiers: TiersId,
        divisor: Option<&'a Expr>,
        here: &Here,
        size: Found,
        start: &Exact,
        mut reads: Vec<Node>,
    ) -> (Found, Node) {
        let plan = self.plan;
        let table = plan.tier_table(tiers);
        let mut scale = Ok(Exact::ONE);
        if let Some(divisor) = divisor {
            let axis = a_number(self.value(here, &table.axis, &mut reads));
            scale = match axis {
                Err(stop) => Err(stop),
                Ok(axis) => match a_number(self.value(here, divisor, &mut Vec::new())) {
                    Ok(divisor) if divisor.is_positive() => Ok(divisor),
                    _ => {
                        let row = table.rows.iter().find(|row| row.range.contains(&axis));
                        let rate = row
                            .map(|row| Scalar::Number(row.value.clone()))
                            .ok_or(Stop::Nothing);
                        let found = Walker::times(size, rate);
                        let mut node =
                            leaf(Rule::Expression, "amount", &found, Kind::Money, Some(span));
                        node.reads = reads;
                        return (found, node);
                    }
                },
            };
        }
        let both = two_numbers(size, scale.map(Scalar::Number));
        let (size, scale) = match both {
            Ok(both) => both,
            Err(stop) => {
                let found = Err(stop);
                let mut node = leaf(Rule::Expression, "amount", &found, Kind::Money, Some(span));
                node.reads = reads;
                return (found, node);
            }
        };
        let slices = cut(table, start, &size, &scale);
        let sum = slices.iter().fold(Exact::ZERO, |sum, (_, part, rate)| {
            sum + part.clone() * rate.clone()
        });
        let found = Ok(Scalar::Number(sum));
        let mut node = leaf(Rule::Slices, "amount", &found, Kind::Money, Some(span));
        node.reads = slices
            .into_iter()
            .map(|(row, part, rate)| {
                let value = Ok(Scalar::Number(part.clone() * rate.clone()));
                let row = &table.rows[row];
                leaf(
                    Rule::Slice {
                        row: row.words.clone(),
                        size: part,
                        rate,
                        kind: kind(table.ty),
                    },
                    &row.words,
                    &value,
                    Kind::Money,
                    Some(row.span),
                )
            })
            .collect();
        // What placed the slices stands above them.
        let mut outer = leaf(Rule::Expression, "amount", &found, Kind::Money, Some(span));
        reads.push(node);
        outer.reads = reads;
        (found, outer)
    }
}

/// Cuts what lies between `start` and `start + size` at the table's edges: row, part (negative where the size
/// is), rate. Empty parts are left out.
pub(in crate::explain) fn cut(
    table: &Tiers,
    start: &Exact,
    size: &Exact,
    scale: &Exact,
) -> Vec<(usize, Exact, Exact)> {
    let end = start.clone() + size.clone();
    let (low, high) = if end < *start {
        (end.clone(), start.clone())
    } else {
        (start.clone(), end.clone())
    };
    let mut parts = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let Range::Numbers {
            low: from,
            high: to,
        } = &row.range
        else {
            continue;
        };
        let edge = |bound: &Option<(Exact, bool)>| {
            bound.as_ref().map(|(edge, _)| edge.clone() * scale.clone())
        };
        let from = edge(from).map_or(low.clone(), |edge| edge.max(low.clone()));
        let to = edge(to).map_or(high.clone(), |edge| edge.min(high.clone()));
        if to > from {
            let part = to - from;
            parts.push((
                at,
                if end < *start { -part } else { part },
                row.value.clone(),
            ));
        }
    }
    parts
}

/// Whether a receipt's value is held.
pub(in crate::explain) fn is_held(known: &Known) -> bool {
    matches!(known, Known::Held(_))
}
