//! What each period leaves for the next: what is carried in, and into which measure.

use crate::base::{Exact, Period};
use crate::explain::expression::{Found, Scalar, Stop, a_number, two_numbers};
use crate::explain::pays::or_zero;
use crate::explain::receipt::{CarryLine, Node, Rule};
use crate::explain::walk::{Here, Walker, kind, known, leaf};
use crate::meaning::plan::{Carry, CarryId, MeasureId};
use crate::syntax::ast::Expiry;
use crate::table::sorted;

/// What is carried into a period, by age: the first came from the period before, the next from the one before that.
type Ages = Result<Vec<Exact>, Stop>;

/// What is carried in as one number.
fn sum(ages: &Ages) -> Found {
    let ages = ages.as_ref().map_err(Clone::clone)?;
    Ok(Scalar::Number(ages.iter().sum()))
}

impl<'a> Walker<'a> {
    /// What is carried into a period.
    pub(in crate::explain) fn carried(
        &mut self,
        here: &Here,
        id: CarryId,
    ) -> (Found, Option<Node>) {
        let found = sum(&self.ages(&here.payee, id, here.period));
        let node = self.carried_node(here, id, &found);
        (found, Some(node))
    }

    fn carried_node(&self, here: &Here, id: CarryId, found: &Found) -> Node {
        let carry = self.plan.carry(id);
        let before = here.period.checked_sub(1);
        let from = before.map(|before| self.plan.calendar.label(&self.periods[before]));
        let ty = self.plan.measure(carry.into).value.ty;
        let rule = Rule::CarriedIn { from };
        leaf(rule, &carry.label, found, kind(ty), Some(carry.span))
    }

    /// A measure's value with what is carried into it.
    pub(in crate::explain) fn filled(
        &mut self,
        here: &Here,
        id: MeasureId,
        own: Found,
        reads: &mut Vec<Node>,
    ) -> Found {
        let carries: Vec<CarryId> = self.plan.carried_into(id).collect();
        let mut whole = own;
        for carry in carries {
            let (more, node) = self.carried(here, carry);
            reads.extend(node);
            whole = two_numbers(whole, more).map(|(whole, more)| Scalar::Number(whole + more));
        }
        whole
    }

    /// What is carried into a period, from the plan's first period on.
    fn ages(&mut self, payee: &str, id: CarryId, period: usize) -> Ages {
        for next in 0..=period {
            for at in (0..self.plan.carries.len()).map(CarryId) {
                if !self.ages.contains_key(&(payee.to_owned(), at, next)) {
                    let ages = self.make_ages(payee, at, next);
                    self.ages.insert((payee.to_owned(), at, next), ages);
                }
            }
        }
        let own = self.ages.get(&(payee.to_owned(), id, period));
        own.cloned().unwrap_or(Ok(Vec::new()))
    }

    fn make_ages(&mut self, payee: &str, id: CarryId, period: usize) -> Ages {
        let carry = self.plan.carry(id);
        let own = &self.periods[period];
        let mut given = self.rows.given_carries().iter();
        let given = given.find(|given| {
            given.carry == carry.name && given.payee == payee && given.period == *own
        });
        if let Some(given) = given {
            return Ok(vec![given.amount.clone()]);
        }
        let Some(before) = period.checked_sub(1) else {
            return Ok(Vec::new());
        };
        match carry.expires {
            Expiry::AtEnd(length)
                if self.start_of(length, before) != self.start_of(length, period) =>
            {
                Ok(Vec::new())
            }
            Expiry::After(most) => self.left(payee, id, before).map(|mut ages| {
                ages.truncate(usize::from(most));
                ages
            }),
            _ => self.left(payee, id, before),
        }
    }

    /// What a period leaves for the next, by age.
    fn left(&mut self, payee: &str, id: CarryId, period: usize) -> Ages {
        let carry = self.plan.carry(id);
        let here = Here::of(payee, period);
        let before = self.ages(payee, id, period);
        let calendar_period = self.periods[period];
        let is_there = self.belongs(payee, &calendar_period);
        let (measure, node) = self.measure_node(&here, carry.into);
        let mut reads = node.iter().flat_map(|node| &node.reads);
        if !is_there || reads.any(|read| read.rule == Rule::MeasureRule) {
            return before.map(|mut ages| {
                ages.insert(0, Exact::ZERO);
                ages
            });
        }
        let adds = or_zero(self.value(&here, &carry.adds, &mut Vec::new()));
        let (left, before) = match (a_number(adds), before) {
            (Ok(left), Ok(before)) => (left, before),
            (Err(Stop::Held(a)), Err(Stop::Held(b))) => {
                return Err(Stop::Held(sorted([a, b].concat())));
            }
            (Err(stop), _) | (_, Err(stop)) => return Err(stop),
        };
        let left = match carry.below_zero_too {
            true => left,
            false => left.max(Exact::ZERO),
        };
        match (carry.expires, a_number(measure)) {
            (Expiry::After(_), Ok(measure)) => Ok(youngest_first(before, measure, left)),
            _ => Ok(vec![left]),
        }
    }

    /// Everything about what carries over in a period: the lines below a receipt.
    pub(in crate::explain) fn carry_line(
        &mut self,
        carry: &Carry,
        id: CarryId,
        here: &Here,
    ) -> CarryLine {
        let carried_in = known(&self.carried(here, id).0);
        let left = self.left(&here.payee, id, here.period);
        let next = here.period + 1;
        let next = self.periods.get(next).copied().map(|period| {
            let into = known(&sum(&self.ages(&here.payee, id, next)));
            (self.plan.calendar.label(&period), into)
        });
        CarryLine {
            label: carry.label.clone(),
            kind: kind(self.plan.measure(carry.into).value.ty),
            carried_in,
            carried_out: known(&sum(&left)),
            next,
            span: carry.span,
        }
    }

    /// What is carried into a period, and what it leaves; nothing in one that the plan does not have.
    pub fn carry(&mut self, payee: &str, id: CarryId, period: &Period) -> Option<CarryLine> {
        let period = self.index(period)?;
        let here = Here::of(payee, period);
        let carry = self.plan.carry(id);
        Some(self.as_seen_in(period).carry_line(carry, id, &here))
    }

    /// What is carried into a period, as a step.
    pub fn carry_step(&mut self, payee: &str, id: CarryId, period: &Period) -> Option<Node> {
        let period = self.index(period)?;
        let here = Here::of(payee, period);
        self.as_seen_in(period).carried(&here, id).1
    }
}

/// What is left of a measure by age, where the oldest is used first: from the youngest, the period's own, each age keeps what
/// it has as long as some is left. What is left beyond all of it is the period's own.
fn youngest_first(before: Vec<Exact>, measure: Exact, left: Exact) -> Vec<Exact> {
    let carried: Exact = before.iter().sum();
    let mut all = vec![(measure - carried).max(Exact::ZERO)];
    all.extend(before);
    let mut rest = left;
    let mut kept: Vec<Exact> = Vec::new();
    for has in all {
        let own = has.min(rest.clone());
        rest -= own.clone();
        kept.push(own);
    }
    if let Some(first) = kept.first_mut() {
        *first += rest;
    }
    kept
}
