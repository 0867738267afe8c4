//! Caps of the records with one value of a column: what each record was paid, and what that leaves for the next.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Date, Exact};
use crate::explain::excess::Line;
use crate::explain::expression::{Found, Scalar, Stop, demand, two_numbers};
use crate::explain::pays::holding;
use crate::explain::receipt::{Decided, Kind, Node, Rule, Used};
use crate::explain::walk::{Here, Walker, leaf};
use crate::meaning::plan::{CapOf, Pay, PayId, Step};
use crate::table::Cause;

/// What records were paid below a cap of a payee's pay, by the value of its column; without one it may be of any.
pub(in crate::explain) type Passed = BTreeMap<Option<String>, Vec<Paid>>;

/// What one record was paid, or why that is not known.
pub(in crate::explain) struct Paid {
    period: usize,
    /// Whether it counts in later periods: the payee belongs to its own.
    counts: bool,
    amount: Found,
}

impl<'a> Walker<'a> {
    /// A line of a pay, whichever of its texts it is in.
    fn pay_of(&self, text: &Pay) -> PayId {
        let mut pays = self.plan.pays.iter();
        let is_own = |pay: &Pay| pay.texts().any(|own| std::ptr::eq(own, text));
        PayId(pays.position(is_own).unwrap_or_default())
    }

    /// What a cap leaves of a record's amount, which it has used then.
    pub(in crate::explain) fn capped_of(
        &mut self,
        (pay, at, cap): (&'a Pay, usize, &'a CapOf),
        so_far: Found,
        on: &Here,
        decided: &mut BTreeSet<Decided>,
    ) -> (Found, Option<Node>) {
        let line = (self.pay_of(pay), at);
        let step = &pay.steps[at];
        let is_given = on.record.as_ref().is_none_or(|record| record.row.is_none());
        let of = if is_given {
            Err(Stop::Nothing)
        } else {
            demand(self.value(on, &cap.of, &mut Vec::new()))
        };
        let (found, node) = match self.step_applies(step, on, decided) {
            Ok(true) => self.below_cap_of((line, step, cap), &of, so_far, on),
            Err(Stop::Held(causes)) => (holding(&so_far, causes), None),
            _ => (so_far, None),
        };
        match of {
            Ok(Scalar::Text(of)) => self.note_paid(line, Some(of), found.clone(), on),
            Err(Stop::Held(causes)) => self.note_paid(line, None, Err(Stop::Held(causes)), on),
            _ => {}
        }
        (found, node)
    }

    /// What is not known of a period's records may be of any value.
    pub(in crate::explain) fn unknown_use(&mut self, pay: &Pay, causes: &[Cause], here: &Here) {
        let id = self.pay_of(pay);
        let lines: Vec<usize> = pay.caps_of().map(|(at, _)| at).collect();
        for at in lines {
            let held = Err(Stop::Held(causes.to_vec()));
            self.note_paid((id, at), None, held, here);
        }
    }

    fn note_paid(&mut self, line: Line, of: Option<String>, amount: Found, here: &Here) {
        let period = self.periods[here.period];
        let counts = self.belongs(&here.payee, &period);
        let passed = self.passed.entry((here.payee.clone(), line)).or_default();
        passed.entry(of).or_default().push(Paid {
            period: here.period,
            counts,
            amount,
        });
    }

    fn below_cap_of(
        &mut self,
        (line, step, cap): (Line, &Step, &'a CapOf),
        of: &Found,
        so_far: Found,
        on: &Here,
    ) -> (Found, Option<Node>) {
        let mut decided = BTreeSet::new();
        let limit = self.limit(&cap.amount, on, &mut decided);
        let limit = limit.map(Scalar::Number);
        let from = self.counts_from(line.0, cap, on);
        let used = match of {
            Ok(Scalar::Text(of)) => self.paid_so_far(line, of, from, on),
            Err(Stop::Held(causes)) => Err(Stop::Held(causes.clone())),
            _ => Ok(Scalar::Number(Exact::ZERO)),
        };
        let before = match &cap.before {
            Some(before) if from <= self.plan.effective.0 && *of != Err(Stop::Nothing) => {
                let before = self.limit(before, on, &mut decided);
                before.map(Scalar::Number)
            }
            _ => Ok(Scalar::Number(Exact::ZERO)),
        };
        let used = two_numbers(used, before).map(|(used, before)| used + before);
        let room = two_numbers(limit.clone(), used.clone().map(Scalar::Number))
            .map(|(limit, used)| Scalar::Number((limit - used).max(Exact::ZERO)));
        let found = two_numbers(so_far.clone(), room)
            .map(|(amount, room)| Scalar::Number(amount.min(room)));
        let change = two_numbers(found.clone(), so_far).map(|(after, before)| after - before);
        let (Ok(change), Ok(Scalar::Number(limit)), Ok(amount)) = (change, limit, used) else {
            return (found, None);
        };
        let of = match of {
            Ok(Scalar::Text(of)) => Some(of.clone()),
            _ => None,
        };
        let rule = Rule::Limit {
            limit,
            used: Some(Used {
                of,
                each: cap.each,
                amount,
            }),
            kept: None,
            change,
        };
        let node = leaf(rule, "cap", &found, Kind::Money, Some(step.span));
        (found, Some(Node { decided, ..node }))
    }

    /// The day from which records count.
    fn counts_from(&self, id: PayId, cap: &CapOf, on: &Here) -> Date {
        let period = &self.periods[on.period];
        let mut later = self.plan.pay(id).later.iter().rev();
        let fresh = later.find(|own| own.fresh_cap && own.from <= period.end());
        let start = cap.each.start(self.plan, period);
        fresh.map_or(start, |own| own.from.max(start))
    }

    /// What the records of a value were paid before this one, since a day.
    fn paid_so_far(&mut self, line: Line, of: &str, from: Date, on: &Here) -> Found {
        for earlier in 0..on.period {
            if from <= self.periods[earlier].end() {
                self.walk_claim(&on.payee, line.0, earlier);
            }
        }
        let mut sum: Found = Ok(Scalar::Number(Exact::ZERO));
        let Some(passed) = self.passed.get(&(on.payee.clone(), line)) else {
            return sum;
        };
        let ways = [Some(of.to_owned()), None];
        let paid = ways.iter().filter_map(|of| passed.get(of)).flatten();
        for paid in paid {
            let is_earlier =
                paid.counts && paid.period < on.period && from <= self.periods[paid.period].end();
            if is_earlier || paid.period == on.period {
                let own = paid.amount.clone();
                sum = two_numbers(sum, own).map(|(sum, own)| Scalar::Number(sum + own));
            }
        }
        sum
    }
}
