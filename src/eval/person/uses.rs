//! Caps of the records with one value of a column: what they have used, and what is left. `docs/spec/evaluation.md`,
//! section 5.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Date, Exact};
use crate::eval::person::amounts::{applies, held_too, zero_if_nothing};
use crate::eval::person::{At, Payer};
use crate::eval::values::{V, both, eval, numbers};
use crate::meaning::plan::{CapOf, CapSpan, Pay, Step};
use crate::table::Cause;

/// What the records of a pay have used of its caps, by line.
#[derive(Clone, Debug, Default)]
pub(in crate::eval) struct Uses {
    lines: BTreeMap<usize, Used>,
}

/// What was used of one cap, by the value of its column.
#[derive(Clone, Debug)]
struct Used {
    /// The day from which records count.
    from: Date,
    of: BTreeMap<Arc<str>, V>,
    /// Why it is not known of any value: a record may be of each.
    unknown: Vec<Cause>,
}

impl Used {
    fn since(from: Date) -> Used {
        Used {
            from,
            of: BTreeMap::new(),
            unknown: Vec::new(),
        }
    }

    fn so_far(&self, of: &str) -> V {
        let used = self.of.get(of).cloned();
        let used = used.unwrap_or(V::Number(Exact::ZERO));
        if self.unknown.is_empty() {
            used
        } else {
            held_too(used, self.unknown.clone())
        }
    }

    /// Adds what a record was paid.
    fn pass(&mut self, of: Arc<str>, paid: &V) {
        let before = self.of.remove(&of);
        let before = before.unwrap_or(V::Number(Exact::ZERO));
        let sum = numbers(before, paid.clone(), |a, b| V::Number(a + b));
        self.of.insert(of, sum);
    }

    fn hold(&mut self, causes: &[Cause]) {
        self.unknown = both(std::mem::take(&mut self.unknown), causes.to_vec());
    }
}

impl Uses {
    /// Whether nothing counts what records came to.
    pub(in crate::eval) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Nobody knows whose caps the records of a period used.
    pub(in crate::eval) fn hold(&mut self, causes: &[Cause]) {
        self.lines.values_mut().for_each(|used| used.hold(causes));
    }
}

impl Payer<'_> {
    /// Lets what was used count on into a period, or begin anew.
    pub(in crate::eval) fn count_on(&self, whole: &Pay, period: usize, uses: &mut Uses) {
        for (line, cap) in self.text(whole, period).caps_of() {
            let from = self.counts_from(whole, cap.each, period);
            let used = uses.lines.entry(line).or_insert_with(|| Used::since(from));
            if used.from != from {
                *used = Used::since(from);
            }
        }
    }

    /// The day from which what is used of a cap counts in a period.
    fn counts_from(&self, whole: &Pay, each: CapSpan, period: usize) -> Date {
        let start = each.start(self.plan, &self.periods[period]);
        let last = self.periods[period].end();
        let later = whole.later.iter();
        let fresh = later.filter(|own| own.fresh_cap && own.from <= last);
        fresh.map(|own| own.from).fold(start, Date::max)
    }

    /// What a cap leaves of a record's amount, which it has used then.
    pub(in crate::eval) fn capped_of(
        &self,
        (line, step, cap): (usize, &Step, &CapOf),
        amount: V,
        at: &At<'_, '_>,
        uses: &mut Uses,
    ) -> V {
        let Some(used) = uses.lines.get_mut(&line) else {
            return amount;
        };
        // A given credit has no columns: nothing counts together with it.
        let is_given = at.record.is_none_or(|record| record.row.is_none());
        let of = if is_given {
            V::Nothing
        } else {
            eval(&cap.of, at).needed()
        };
        let paid = match applies(step, at) {
            V::Bool(true) => {
                let room = self.room_of(cap, &of, at, used);
                numbers(amount, room, |amount: Exact, room| {
                    V::Number(amount.min(room))
                })
            }
            V::Held(causes) => held_too(amount, causes),
            _ => amount,
        };
        match of {
            V::Text(of) => used.pass(of, &paid),
            V::Held(causes) => used.hold(&causes),
            _ => {}
        }
        paid
    }

    /// What is left of a cap for one value of its column.
    fn room_of(&self, cap: &CapOf, of: &V, at: &At<'_, '_>, used: &Used) -> V {
        let limit = zero_if_nothing(eval(&cap.amount, at));
        let used_before = match of {
            V::Text(of) => used.so_far(of),
            V::Held(causes) => V::Held(causes.clone()),
            _ => V::Number(Exact::ZERO),
        };
        let before = cap.before.as_ref();
        let counts = used.from <= self.plan.effective.0 && *of != V::Nothing;
        let before = before.filter(|_| counts);
        let before = before.map_or(V::Number(Exact::ZERO), |before| {
            zero_if_nothing(eval(before, at))
        });
        let all = numbers(used_before, before, |used, before| V::Number(used + before));
        numbers(limit, all, |limit, used| {
            V::Number((limit - used).max(Exact::ZERO))
        })
    }
}
