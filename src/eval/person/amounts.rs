//! What one `pay` comes to: its amount and the clauses below it, in their order.

use crate::base::Exact;
use crate::eval::person::uses::Uses;
use crate::eval::person::{At, Payer};
use crate::eval::values::{V, both, eval, numbers, truth};
use crate::meaning::plan::{
    Amount, CreditId, Expr, LimitOf, Otherwise, Pay, Range, Scope, Step, StepKind, TierUse, TiersId,
};
use crate::table::Cause;

impl<'a> Payer<'a> {
    /// What a pay earned in a period: amount, then its lines in the order written.
    pub(in crate::eval) fn pay(&self, whole: &Pay, period: usize, history: &mut History) -> V {
        let pay = self.text(whole, period);
        history.start(pay.steps.len());
        let at = self.at(period);
        let mut stopped = (!self.person.held.is_empty()).then(|| V::Held(self.person.held.clone()));
        if pay.scope == Scope::Total && stopped.is_none() {
            let mut held = Vec::new();
            for when in &pay.when {
                match truth(eval(when, &at)) {
                    V::Bool(true) => {}
                    V::Held(causes) => held = both(held, causes),
                    _ => {
                        stopped = Some(V::Number(Exact::ZERO));
                        break;
                    }
                }
            }
            if stopped.is_none() && !held.is_empty() {
                stopped = Some(V::Held(held));
            }
        }
        let without = stopped == Some(V::Number(Exact::ZERO));
        let mut amount = stopped.unwrap_or_else(|| match &pay.scope {
            Scope::Total => self.whole_amount(whole, period),
            Scope::Each { .. } => self.each(whole, period, &mut history.uses),
        });
        if amount == V::Nothing {
            amount = V::Number(Exact::ZERO);
        }
        for (index, step) in pay.steps.iter().enumerate() {
            if without && !matches!(step.kind, StepKind::Increase { .. }) {
                history.set(index, V::Number(Exact::ZERO));
                continue;
            }
            amount = self.step((whole, pay), index, step, amount, period, history);
            if !matches!(step.kind, StepKind::Increase { .. }) {
                history.set(index, amount.clone());
            }
        }
        amount
    }

    pub(in crate::eval) fn amount(&self, amount: &Amount, at: &At<'_, 'a>) -> V {
        match amount {
            Amount::Plain(expr) => eval(expr, at).needed(),
            Amount::Tiered { base, tiers, how } => {
                let base = eval(base, at).needed();
                match how {
                    TierUse::Everything => {
                        numbers(base, at.tier(*tiers), |base, rate| V::Number(base * rate))
                    }
                    TierUse::EachSlice { divisor } => {
                        self.slices(*tiers, divisor.as_ref(), at, base, Exact::ZERO)
                    }
                    // Only a record stands somewhere, and it is paid where it stands.
                    TierUse::Placed(_) => V::Nothing,
                }
            }
        }
    }

    /// The integral of a table's values from `start` to `start + base`.
    pub(in crate::eval) fn slices(
        &self,
        tiers: TiersId,
        divisor: Option<&Expr>,
        at: &At<'_, 'a>,
        base: V,
        start: Exact,
    ) -> V {
        let table = self.plan.tier_table(tiers);
        let scale = match divisor {
            None => V::Number(Exact::ONE),
            Some(divisor) => match eval(&table.axis, at).needed() {
                V::Number(axis) => match eval(divisor, at) {
                    V::Number(divisor) if divisor.is_positive() => V::Number(divisor),
                    // The measure's rule gave it a value: all of the base lies where that value does.
                    _ => {
                        let row = table.rows.iter().find(|row| row.range.contains(&axis));
                        let rate = row.map_or(V::Nothing, |row| V::Number(row.value.clone()));
                        return numbers(base, rate, |base, rate| V::Number(base * rate));
                    }
                },
                other => other,
            },
        };
        numbers(base, scale, |base, scale| {
            let end = start.clone() + base;
            V::Number(integral(table, &end, &scale) - integral(table, &start, &scale))
        })
    }

    /// The running total before the first record of the pay's own window.
    pub(in crate::eval) fn running_before(&self, pay: &Pay, period: usize) -> Option<Exact> {
        let (credit, window) = self.running_axis(pay)?;
        let (own_start, _) = self.days(pay.window, period);
        let shares = self.in_window(credit, window, period);
        let earlier = shares.partition_point(|share| share.date() < own_start);
        let since = self.since_of(pay);
        let skipped = shares.partition_point(|share| since.is_some_and(|day| share.date() < day));
        let before = shares.get(skipped.min(earlier)..earlier);
        Some(self.credited[credit.0].total(before.unwrap_or_default()))
    }

    pub(in crate::eval) fn base_of(
        &self,
        pay: &Pay,
        amounts: &[(CreditId, Exact)],
    ) -> Option<Exact> {
        let (credit, _) = self.running_axis(pay)?;
        let own = amounts.iter().find(|(id, _)| *id == credit);
        Some(own.map_or(Exact::ZERO, |(_, amount)| amount.clone()))
    }

    pub(in crate::eval) fn step(
        &self,
        (whole, pay): (&Pay, &Pay),
        index: usize,
        step: &Step,
        amount: V,
        period: usize,
        history: &mut History,
    ) -> V {
        let at = self.at(period);
        if !step.kind.acts_on_record() {
            match applies(step, &at) {
                V::Bool(true) => {}
                V::Held(causes) => {
                    if self.belongs_to(period) {
                        history.hold_excess(index, &causes);
                    }
                    return held_too(amount, causes);
                }
                _ => return amount,
            }
        }
        match &step.kind {
            StepKind::Gate {
                subject,
                name,
                range,
                words,
                otherwise,
            } => {
                let subject = eval(subject, &at);
                let holds = match subject.needed() {
                    V::Number(number) => range.contains(&number),
                    V::Text(text) => *range == Range::Text(text.to_string()),
                    V::Held(causes) => return held_too(amount, causes),
                    _ => false,
                };
                if holds {
                    return amount;
                }
                match otherwise {
                    Otherwise::Nothing => V::Number(Exact::ZERO),
                    Otherwise::Share(share) => numbers(
                        amount,
                        zero_if_nothing(eval(share, &at)),
                        |amount, share| V::Number(amount * share),
                    ),
                    Otherwise::Hold => {
                        let gate = (name.as_str(), words.as_str());
                        let cause = Cause::gate_holds(gate, &self.person.id, &self.label(period));
                        held_too(amount, vec![cause])
                    }
                    Otherwise::Amount(other) => zero_if_nothing(self.amount(other, &at)),
                }
            }
            StepKind::Times(factor) => numbers(
                amount,
                zero_if_nothing(eval(factor, &at)),
                |amount, factor| V::Number(amount * factor),
            ),
            StepKind::Floor {
                amount: limit,
                of: LimitOf::Period,
            } => numbers(
                amount,
                zero_if_nothing(eval(limit, &at)),
                |amount, limit| V::Number(amount.max(limit)),
            ),
            StepKind::Cap {
                amount: limit,
                of: of @ (LimitOf::Period | LimitOf::Window(_)),
                excess,
            } => {
                let mut room = zero_if_nothing(eval(limit, &at));
                if let LimitOf::Window(length) = of {
                    let used = self.used(whole, index, *length, period, history);
                    room = numbers(room, used, |limit, used| {
                        V::Number((limit - used).max(Exact::ZERO))
                    });
                }
                self.capped(amount, room, (index, *excess), period, history)
            }
            StepKind::Increase { never_below_zero } => {
                history.set(index, amount.clone());
                let before = self.before(pay, index, period, history);
                numbers(amount, before, |amount, before| {
                    let increase = amount - before;
                    V::Number(if *never_below_zero {
                        increase.max(Exact::ZERO)
                    } else {
                        increase
                    })
                })
            }
            StepKind::WhenItEnds => {
                let is_paid = pay.over.is_none_or(|over| self.is_last_of(over, period));
                if is_paid || !self.person.held.is_empty() {
                    amount
                } else {
                    V::Number(Exact::ZERO)
                }
            }
            StepKind::Round(rounding) => match amount {
                V::Number(number) => V::Number(rounding.round(&number)),
                other => other,
            },
            StepKind::RoundNever => match amount {
                V::Number(number) if !self.plan.currency.is_whole(&number) => {
                    let words = number.to_plain();
                    V::Held(vec![Cause::not_whole(
                        &pay.label,
                        &self.person.id,
                        &self.label(period),
                        &words,
                    )])
                }
                other => other,
            },
            StepKind::Floor { .. }
            | StepKind::Cap { .. }
            | StepKind::CapOf(_)
            | StepKind::RoundEach(_) => amount,
        }
    }
}

/// Whether a line applies: a condition that is nothing does not hold.
pub(in crate::eval) fn applies(step: &Step, at: &At<'_, '_>) -> V {
    step.when
        .as_ref()
        .map_or(V::Bool(true), |when| truth(eval(when, at)))
}

/// The amount so far, held for more causes.
pub(in crate::eval) fn held_too(amount: V, causes: Vec<Cause>) -> V {
    V::Held(match amount {
        V::Held(more) => both(more, causes),
        _ => causes,
    })
}

/// What nothing limits to is 0.
pub(in crate::eval) fn zero_if_nothing(value: V) -> V {
    match value.needed() {
        V::Nothing => V::Number(Exact::ZERO),
        other => other,
    }
}

/// The integral of a table's values from 0 to `end`, with edges times `scale`; negative ends mirror.
pub(in crate::eval) fn integral(
    table: &crate::meaning::plan::Tiers,
    end: &Exact,
    scale: &Exact,
) -> Exact {
    let (low, high) = if end.is_negative() {
        (end.clone(), Exact::ZERO)
    } else {
        (Exact::ZERO, end.clone())
    };
    let mut sum = Exact::ZERO;
    for row in &table.rows {
        let Range::Numbers {
            low: row_low,
            high: row_high,
        } = &row.range
        else {
            continue;
        };
        let from = row_low.as_ref().map_or(low.clone(), |(edge, _)| {
            (edge.clone() * scale.clone()).max(low.clone())
        });
        let to = row_high.as_ref().map_or(high.clone(), |(edge, _)| {
            (edge.clone() * scale.clone()).min(high.clone())
        });
        if from < to {
            sum += (to - from) * row.value.clone();
        }
    }
    if end.is_negative() { -sum } else { sum }
}

/// Values after each step, period by period, for lines that look back.
#[derive(Default)]
pub(in crate::eval) struct History {
    values: Vec<Vec<V>>,
    /// What each cap that keeps its excess has kept so far.
    excess: Vec<V>,
    /// What records have used of caps of those with one value of a column.
    uses: Uses,
}

impl History {
    fn start(&mut self, steps: usize) {
        self.values.push(vec![V::Number(Exact::ZERO); steps]);
        self.excess.resize(steps, V::Number(Exact::ZERO));
    }

    /// What the periods before left above a cap.
    pub(in crate::eval) fn excess(&self, step: usize) -> V {
        self.excess.get(step).cloned().unwrap_or(V::Nothing)
    }

    pub(in crate::eval) fn keep_excess(&mut self, step: usize, value: V) {
        if let Some(slot) = self.excess.get_mut(step) {
            *slot = value;
        }
    }

    /// A cap of which it is not known whether it applies leaves nothing known.
    fn hold_excess(&mut self, step: usize, causes: &[Cause]) {
        self.keep_excess(step, held_too(self.excess(step), causes.to_vec()));
    }

    fn set(&mut self, step: usize, value: V) {
        if let Some(slot) = self
            .values
            .last_mut()
            .and_then(|values| values.get_mut(step))
        {
            *slot = value;
        }
    }

    pub(in crate::eval) fn get(&self, period: usize, step: usize) -> V {
        self.values
            .get(period)
            .and_then(|values| values.get(step))
            .cloned()
            .unwrap_or(V::Nothing)
    }
}
