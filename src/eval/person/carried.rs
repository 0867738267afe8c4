//! What each period leaves for the next. `docs/spec/evaluation.md`, section 3e.

use crate::base::Exact;
use crate::eval::outcome::{CarryRow, Settled};
use crate::eval::person::Payer;
use crate::eval::values::{V, both, eval, numbers};
use crate::meaning::plan::{Carry, CarryId, MeasureId};
use crate::syntax::ast::Expiry;
use crate::table::Cause;

/// What has been carried over so far.
#[derive(Clone, Debug)]
pub(in crate::eval) enum Carried {
    /// Parts, the oldest first, each with the period that left it; `None` is before the plan.
    Parts(Vec<(Option<usize>, Exact)>),
    /// Not known.
    Held(Vec<Cause>),
}

impl Carried {
    fn value(&self) -> V {
        match self {
            Carried::Parts(parts) => V::Number(parts.iter().map(|(_, part)| part).sum()),
            Carried::Held(causes) => V::Held(causes.clone()),
        }
    }

    fn settled(&self) -> Settled<Exact> {
        match self.value() {
            V::Number(number) => Settled::Value(number),
            V::Held(causes) => Settled::Held(causes),
            _ => Settled::Nothing,
        }
    }
}

impl Payer<'_> {
    /// What is carried into a period.
    pub(in crate::eval) fn carried(&self, id: CarryId, period: usize) -> V {
        let made = self.made.borrow();
        let into = made.carried.get(period).and_then(|all| all.get(id.0));
        into.map_or(V::Nothing, Carried::value)
    }

    /// A measure's value with what is carried into it.
    pub(in crate::eval) fn filled(&self, id: MeasureId, own: V, period: usize) -> V {
        self.plan.carried_into(id).fold(own, |sum, carry| {
            numbers(sum, self.carried(carry, period), |sum, more| {
                V::Number(sum + more)
            })
        })
    }

    /// Begins a period: what expires goes, and what a test gives stands in place of the rest.
    pub(in crate::eval) fn carry_in(&self, period: usize) {
        let carries = self.plan.carries.iter().enumerate();
        let into = carries.map(|(at, carry)| match self.given_carry(carry, period) {
            Some(given) => Carried::Parts(vec![(period.checked_sub(1), given)]),
            None => {
                let before = self.made.borrow().left.get(at).cloned();
                self.unexpired(carry, before.unwrap_or(Carried::Parts(Vec::new())), period)
            }
        });
        let into = into.collect();
        self.made.borrow_mut().carried.push(into);
    }

    /// What a test gives as carried into a period.
    fn given_carry(&self, carry: &Carry, period: usize) -> Option<Exact> {
        let mut given = self.rows.given_carries().iter();
        let own = given.find(|own| {
            own.carry == carry.name
                && own.payee == self.person.id
                && own.period == self.periods[period]
        });
        own.map(|own| own.amount.clone())
    }

    fn unexpired(&self, carry: &Carry, carried: Carried, period: usize) -> Carried {
        let Some(before) = period.checked_sub(1) else {
            return carried;
        };
        let around = |period: usize, length| {
            let first = self.periods[period].start();
            self.plan.calendar.period_of(first, length)
        };
        match (carry.expires, carried) {
            (Expiry::AtEnd(length), _) if around(before, length) != around(period, length) => {
                Carried::Parts(Vec::new())
            }
            (Expiry::After(most), Carried::Parts(mut parts)) => {
                // A part left by the period before is one period old.
                let age = |from: Option<usize>| period - from.map_or(0, |from| from + 1) + 1;
                parts.retain(|(from, _)| age(*from) <= usize::from(most));
                Carried::Parts(parts)
            }
            (_, carried) => carried,
        }
    }

    /// Ends a period: what it leaves takes the place of what was carried into it.
    pub(in crate::eval) fn carry_out(&self, period: usize, belongs: bool) -> Vec<CarryRow> {
        let into = self
            .made
            .borrow()
            .carried
            .last()
            .cloned()
            .unwrap_or_default();
        let carries = self.plan.carries.iter().zip(&into);
        let out: Vec<Carried> = carries
            .map(|(carry, into)| self.left(carry, into, period, belongs))
            .collect();
        let rows = into.iter().zip(&out).enumerate();
        let rows = rows.map(|(at, (into, out))| CarryRow {
            carry: CarryId(at),
            carried_in: into.settled(),
            carried_out: out.settled(),
        });
        let rows = rows.collect();
        self.made.borrow_mut().left = out;
        rows
    }

    /// What one period leaves.
    fn left(&self, carry: &Carry, into: &Carried, period: usize, belongs: bool) -> Carried {
        // The measure is made before it is known whether one of its rules decided it.
        let measure = self.measure(carry.into, period);
        let is_decided = self.made.borrow().decided.contains(&(period, carry.into));
        if !belongs || is_decided {
            return into.clone();
        }
        let adds = match eval(&carry.adds, &self.at(period)).needed() {
            V::Number(number) => number,
            V::Held(causes) => {
                return Carried::Held(match into {
                    Carried::Held(more) => both(causes, more.clone()),
                    Carried::Parts(_) => causes,
                });
            }
            _ => Exact::ZERO,
        };
        let Carried::Parts(parts) = into else {
            return into.clone();
        };
        let adds = if carry.below_zero_too {
            adds
        } else {
            adds.max(Exact::ZERO)
        };
        match (carry.expires, measure) {
            (Expiry::After(_), V::Number(measure)) => {
                let carried: Exact = parts.iter().map(|(_, part)| part).sum();
                Carried::Parts(aged(
                    parts,
                    (measure - carried).max(Exact::ZERO),
                    adds,
                    period,
                ))
            }
            _ => Carried::Parts(vec![(Some(period), adds)]),
        }
    }
}

/// What is left, by age: what is used is taken from the oldest parts first, so that what is left is of the period itself as far as
/// that has something, then of the parts before it from the youngest on. What is left beyond all of them is of the period.
fn aged(
    parts: &[(Option<usize>, Exact)],
    own: Exact,
    left: Exact,
    period: usize,
) -> Vec<(Option<usize>, Exact)> {
    let mut new = own.min(left.clone());
    let mut rest = left - new.clone();
    let mut older = Vec::new();
    for (from, part) in parts.iter().rev() {
        let kept = part.clone().min(rest.clone());
        rest -= kept.clone();
        older.push((*from, kept));
    }
    new += rest;
    older.reverse();
    older.push((Some(period), new));
    older
}
