//! A pay in one period: its amount, then its lines, each kept as a step of the receipt.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Cadence, Date, Exact, natural_cmp};
use crate::diag::Span;
use crate::explain::expression::{
    Found, Scalar, Stop, a_number, demand, lies_in, two_numbers, yes,
};
use crate::explain::receipt::{Decided, Kind, Known, Node, Rule, Used};
use crate::explain::walk::{Here, OnRecord, Walker, credited, decided_in, kind, known, leaf};
use crate::meaning::plan::{
    Amount, CreditId, Expr, ExprKind, LimitOf, Otherwise, Pay, PayId, Range, Scope, Step, StepKind,
    TierUse, Tiers, TiersId,
};
use crate::syntax::ast::{Aggregate, BinaryOp, Window};
use crate::table::{Cause, sorted};

/// What walking a pay found.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Walked {
    pub(in crate::explain) earned: Found,
    /// The value at each line: after it, but before the difference is taken at `pays the increase`.
    pub(in crate::explain) at_step: Vec<Found>,
    pub(in crate::explain) node: Node,
}

/// A stop as a zero where it says nothing.
fn or_zero(found: Found) -> Found {
    match found {
        Err(Stop::Nothing) => Ok(Scalar::Number(Exact::ZERO)),
        other => other,
    }
}

fn holding(so_far: &Found, more: Vec<Cause>) -> Found {
    let mut causes = more;
    if let Err(Stop::Held(own)) = so_far {
        causes.extend(own.clone());
    }
    Err(Stop::Held(sorted(causes)))
}

impl<'a> Walker<'a> {
    /// Walks a pay once; later calls remember.
    pub(in crate::explain) fn walk_pay(&mut self, payee: &str, id: PayId, period: usize) -> Walked {
        let key = (payee.to_owned(), id, period);
        if let Some(walked) = self.walked.get(&key) {
            return walked.clone();
        }
        let walked = self.make_pay(payee, id, period);
        self.walked.insert(key, walked.clone());
        walked
    }

    fn make_pay(&mut self, payee: &str, id: PayId, period: usize) -> Walked {
        let pay = self.plan.pay(id);
        let here = Here {
            payee: payee.to_owned(),
            period,
            record: None,
        };
        let mut steps = Vec::new();
        let mut decided = BTreeSet::new();
        let life = self.life(payee);
        let (mut so_far, refused) = if life.held.is_empty() {
            self.start(pay, &here, &mut steps, &mut decided)
        } else {
            (Err(Stop::Held(life.held)), false)
        };
        so_far = or_zero(so_far);
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
                Err(Stop::Held(causes)) => (holding(&so_far, causes), None),
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
            node,
        }
    }

    /// The amount before any line; whether a `when` refused it.
    fn start(
        &mut self,
        pay: &'a Pay,
        here: &Here,
        steps: &mut Vec<Node>,
        decided: &mut BTreeSet<Decided>,
    ) -> (Found, bool) {
        if pay.scope != Scope::Total {
            let (found, node) = self.each(pay, here);
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
        let (found, mut node) = self.amount(&pay.amount, pay.amount_span, here, &Exact::ZERO);
        let shown = or_zero(found.clone());
        node.value = known(&shown);
        steps.push(node);
        (found, false)
    }

    /// The amount clause, for a person or for the record at hand; slices start at `start`.
    fn amount(
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
    fn slices(
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

    /// `for each`: every record's amount through the lines about records, then their sum.
    fn each(&mut self, pay: &'a Pay, here: &Here) -> (Found, Node) {
        let Scope::Each { credits, .. } = &pay.scope else {
            let none = Err(Stop::Nothing);
            return (
                none.clone(),
                leaf(Rule::Sum, "amount", &none, Kind::Money, None),
            );
        };
        let mut why = Vec::new();
        for credit in credits {
            why.extend(self.unknown(here, *credit, pay.window));
        }
        if !why.is_empty() {
            let found = Err(Stop::Held(sorted(why)));
            let node = leaf(
                Rule::Sum,
                "amount",
                &found,
                Kind::Money,
                Some(pay.amount_span),
            );
            return (found, node);
        }
        let placing = self.placing_credit(pay);
        let mut running = match placing {
            Some((credit, window)) => {
                self.total_before(here, credit, window, self.days(pay.window, here.period).0)
            }
            None => Exact::ZERO,
        };
        let mut total = Exact::ZERO;
        let mut why = Vec::new();
        let mut nodes = Vec::new();
        let mut decided = BTreeSet::new();
        for credit in credits {
            decided.extend(self.decided_on(here, *credit, pay.window));
        }
        let records = self.records(here, credits, pay.window);
        let mut spots = self.spots(pay, here, &records).into_iter();
        for record in records {
            let spot = spots.next();
            let on = Here {
                record: Some(record.on.clone()),
                ..here.clone()
            };
            let start = running.clone();
            if let Some((credit, _)) = placing {
                running += record
                    .on
                    .amounts
                    .get(&credit)
                    .cloned()
                    .unwrap_or(Exact::ZERO);
            }
            let found = match self.included(pay, &on, &mut decided) {
                Ok(false) => continue,
                Ok(true) => {
                    let blocked = placing.map_or_else(Vec::new, |(credit, window)| {
                        self.unknown(here, credit, window)
                    });
                    let (found, amount) = if let Some(spot) = spot {
                        self.placed_amount(pay, &on, &spot)
                    } else if blocked.is_empty() {
                        self.amount(&pay.amount, pay.amount_span, &on, &start)
                    } else {
                        let held = Err(Stop::Held(blocked));
                        (
                            held.clone(),
                            leaf(
                                Rule::Expression,
                                "amount",
                                &held,
                                Kind::Money,
                                Some(pay.amount_span),
                            ),
                        )
                    };
                    let (found, mut node) = self.record_steps(pay, &on, or_zero(found));
                    node.rule = Rule::Record {
                        record: record.id.clone(),
                        date: record.date,
                    };
                    node.label = record.id.clone();
                    node.reads.insert(0, amount);
                    nodes.push(node);
                    found
                }
                Err(stop) => Err(stop),
            };
            match found {
                Ok(Scalar::Number(number)) => total += number,
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => {}
            }
        }
        let found = if why.is_empty() {
            Ok(Scalar::Number(total))
        } else {
            Err(Stop::Held(sorted(why)))
        };
        let mut node = leaf(
            Rule::Sum,
            "amount",
            &found,
            Kind::Money,
            Some(pay.amount_span),
        );
        node.reads = nodes;
        node.decided = decided;
        (found, node)
    }

    /// A condition's answer, kept with what it read.
    fn decide(
        &mut self,
        when: &'a Expr,
        here: &Here,
        decided: &mut BTreeSet<Decided>,
    ) -> Result<bool, Stop> {
        let mut reads = Vec::new();
        let answer = yes(self.value(here, when, &mut reads));
        decided.extend(decided_in(&reads));
        if let Ok(holds) = answer {
            decided.insert(Decided {
                clause: when.span,
                holds,
            });
        }
        answer
    }

    fn included(
        &mut self,
        pay: &'a Pay,
        on: &Here,
        decided: &mut BTreeSet<Decided>,
    ) -> Result<bool, Stop> {
        let mut why = Vec::new();
        for when in &pay.when {
            match self.decide(when, on, decided) {
                Ok(true) => {}
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => return Ok(false),
            }
        }
        if why.is_empty() {
            Ok(true)
        } else {
            Err(Stop::Held(sorted(why)))
        }
    }

    fn record_steps(&mut self, pay: &'a Pay, on: &Here, start: Found) -> (Found, Node) {
        let mut found = start;
        let mut nodes = Vec::new();
        let mut decided = BTreeSet::new();
        for step in pay.steps.iter().filter(|step| step.kind.acts_on_record()) {
            match self.step_applies(step, on, &mut decided) {
                Ok(true) => {}
                Err(Stop::Held(causes)) => {
                    found = holding(&found, causes);
                    continue;
                }
                _ => continue,
            }
            found = match &step.kind {
                StepKind::RoundEach(rounding) => match found {
                    Ok(Scalar::Number(exact)) => {
                        let rounded = Ok(Scalar::Number(rounding.round(&exact)));
                        nodes.push(leaf(
                            Rule::Round { exact },
                            "rounding",
                            &rounded,
                            Kind::Money,
                            Some(step.span),
                        ));
                        rounded
                    }
                    other => other,
                },
                StepKind::Cap {
                    amount,
                    of: LimitOf::Record,
                } => self.limited(found, amount, on, step, true, &mut nodes),
                StepKind::Floor {
                    amount,
                    of: LimitOf::Record,
                } => self.limited(found, amount, on, step, false, &mut nodes),
                _ => found,
            };
        }
        let mut node = leaf(
            Rule::Expression,
            "",
            &found,
            Kind::Money,
            Some(pay.amount_span),
        );
        node.reads = nodes;
        node.decided = decided;
        (found, node)
    }

    /// Whether a line applies.
    fn step_applies(
        &mut self,
        step: &'a Step,
        here: &Here,
        decided: &mut BTreeSet<Decided>,
    ) -> Result<bool, Stop> {
        match &step.when {
            None => Ok(true),
            Some(when) => self.decide(when, here, decided),
        }
    }

    fn limited(
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
            change,
        };
        nodes.push(Node {
            decided,
            ..leaf(rule, label, &found, Kind::Money, Some(step.span))
        });
        found
    }

    /// The credit whose running total places slices of records.
    fn placing_credit(&self, pay: &Pay) -> Option<(CreditId, Window)> {
        let Amount::Tiered {
            base:
                Expr {
                    kind: ExprKind::Credit(paid),
                    ..
                },
            tiers,
            how: TierUse::EachSlice { .. },
        } = &pay.amount
        else {
            return None;
        };
        let axis = match &self.plan.tier_table(*tiers).axis.kind {
            ExprKind::Measure(id) => &self.plan.measure(*id).value.kind,
            own => own,
        };
        let numerator = match axis {
            ExprKind::Binary(BinaryOp::Divide, numerator, _) => &numerator.kind,
            own => own,
        };
        match numerator {
            ExprKind::Aggregate {
                how: Aggregate::Total,
                credit,
                window,
            } if credit == paid => Some((*credit, *window)),
            _ => None,
        }
    }

    fn total_before(
        &mut self,
        here: &Here,
        credit: CreditId,
        window: Window,
        before: Date,
    ) -> Exact {
        let (first, _) = self.days(window, here.period);
        let shares = self.credits(&here.payee, credit).shares;
        let earlier = shares
            .into_iter()
            .filter(|share| first <= share.date && share.date < before);
        earlier.fold(Exact::ZERO, |sum, share| sum + share.amount)
    }

    /// The records on which a person has one of the credits, in order.
    fn records(&mut self, here: &Here, credits: &[CreditId], window: Window) -> Vec<AtRecord> {
        let (first, last) = self.days(window, here.period);
        let mut records: Vec<AtRecord> = Vec::new();
        for credit in credits {
            for share in self.credits(&here.payee, *credit).shares {
                if share.date < first || share.date > last {
                    continue;
                }
                let known = records
                    .iter_mut()
                    .find(|record| share.row.is_some() && record.on.row == share.row);
                let from = credited(&share);
                match known {
                    Some(record) => {
                        record.on.amounts.insert(*credit, share.amount);
                        record.on.credited.insert(*credit, from);
                    }
                    None => records.push(AtRecord {
                        date: share.date,
                        id: share.record,
                        on: OnRecord {
                            row: share.row,
                            amounts: BTreeMap::from([(*credit, share.amount)]),
                            credited: BTreeMap::from([(*credit, from)]),
                        },
                    }),
                }
            }
        }
        records.sort_by(|a, b| {
            a.date
                .cmp(&b.date)
                .then_with(|| natural_cmp(&a.id, &b.id))
                .then(a.on.row.cmp(&b.on.row))
        });
        records
    }

    fn step(
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
                of: LimitOf::Period,
            } => {
                let mut nodes = Vec::new();
                let found = self.limited(so_far, amount, here, step, true, &mut nodes);
                (found, nodes.pop())
            }
            StepKind::Cap {
                amount,
                of: LimitOf::Window(length),
            } => self.capped_over(id, index, amount, *length, so_far, here, step),
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
                let cent = 10_i128.pow(self.plan.currency.minor_units());
                let found = match so_far {
                    Ok(Scalar::Number(number)) if number.to_units(cent).is_none() => {
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
            StepKind::Floor { .. } | StepKind::Cap { .. } | StepKind::RoundEach(_) => {
                (so_far, None)
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a cap over a window looks back at its own line in earlier periods"
    )]
    fn capped_over(
        &mut self,
        id: PayId,
        index: usize,
        limit: &'a Expr,
        length: Cadence,
        so_far: Found,
        here: &Here,
        step: &Step,
    ) -> (Found, Option<Node>) {
        let used = a_number(self.used(id, index, length, here));
        let mut decided = BTreeSet::new();
        let limit = self.limit(limit, here, &mut decided);
        let left = two_numbers(
            limit.clone().map(Scalar::Number),
            used.clone().map(Scalar::Number),
        );
        let left = left.map(|(limit, used)| Scalar::Number((limit - used).max(Exact::ZERO)));
        match (two_numbers(so_far, left), limit, used) {
            (Ok((amount, left)), Ok(limit), Ok(used)) => {
                let value = amount.clone().min(left);
                let change = value.clone() - amount;
                let found = Ok(Scalar::Number(value));
                let rule = Rule::Limit {
                    limit,
                    used: Some(Used {
                        each: length,
                        amount: used,
                    }),
                    change,
                };
                let node = Node {
                    decided,
                    ..leaf(rule, "cap", &found, Kind::Money, Some(step.span))
                };
                (found, Some(node))
            }
            (Err(stop), ..) | (_, Err(stop), _) | (.., Err(stop)) => (Err(stop), None),
        }
    }
}

/// The word of a line that can have a condition.
fn step_word(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Times(_) => "times",
        StepKind::Floor { .. } => "floor",
        _ => "cap",
    }
}

/// A record of a pay, with the payee's credits on it.
pub(in crate::explain) struct AtRecord {
    pub(in crate::explain) date: Date,
    id: String,
    pub(in crate::explain) on: OnRecord,
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
