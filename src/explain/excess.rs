//! Caps of the period and of longer windows, and what they keep for later periods.

use std::collections::BTreeSet;

use crate::base::Exact;
use crate::explain::expression::{Found, Scalar, two_numbers};
use crate::explain::pays::holding;
use crate::explain::receipt::{Kept, Kind, Node, Rule, Used};
use crate::explain::walk::{Here, Walker, leaf};
use crate::meaning::plan::{CapSpan, Expr, LimitOf, PayId, Step};
use crate::syntax::ast::Excess;
use crate::table::Cause;

/// A line of a pay.
pub(in crate::explain) type Line = (PayId, usize);

impl<'a> Walker<'a> {
    /// A cap: what it leaves of the amount and of what it kept before.
    pub(in crate::explain) fn capped(
        &mut self,
        line: Line,
        (limit, of, excess): (&'a Expr, LimitOf, Excess),
        so_far: Found,
        here: &Here,
        step: &Step,
    ) -> (Found, Option<Node>) {
        let number = |number: Exact| Ok(Scalar::Number(number));
        let mut decided = BTreeSet::new();
        let limit = self.limit(limit, here, &mut decided).map(Scalar::Number);
        let used = match of {
            LimitOf::Window(each) => Some((each, self.used(line.0, line.1, each, here))),
            LimitOf::Period | LimitOf::Record => None,
        };
        let room = match &used {
            None => limit.clone(),
            Some((_, used)) => two_numbers(limit.clone(), used.clone())
                .map(|(limit, used)| Scalar::Number((limit - used).max(Exact::ZERO))),
        };
        let keeps = excess == Excess::AsMoney && self.is_there(here);
        let before = if keeps {
            self.kept_before(line, here)
        } else {
            number(Exact::ZERO)
        };
        let whole = two_numbers(so_far.clone(), before.clone())
            .map(|(amount, before)| Scalar::Number(amount + before));
        let found =
            two_numbers(whole.clone(), room).map(|(whole, room)| Scalar::Number(whole.min(room)));
        let after =
            two_numbers(whole, found.clone()).map(|(whole, found)| Scalar::Number(whole - found));
        if keeps {
            self.keep(line, after.clone(), here);
        }
        let change = two_numbers(found.clone(), so_far);
        let (Ok((value, amount)), Ok(Scalar::Number(limit))) = (change, limit) else {
            return (found, None);
        };
        let kept = two_numbers(before, after).ok().filter(|_| keeps);
        let rule = Rule::Limit {
            limit,
            used: used.and_then(|(each, used)| match used {
                Ok(Scalar::Number(amount)) => Some(Used {
                    of: None,
                    each: CapSpan::Each(each),
                    amount,
                }),
                _ => None,
            }),
            kept: kept.map(|(before, after)| Kept { before, after }),
            change: value - amount,
        };
        let node = leaf(rule, "cap", &found, Kind::Money, Some(step.span));
        (found, Some(Node { decided, ..node }))
    }

    fn is_there(&mut self, here: &Here) -> bool {
        let period = self.periods[here.period];
        self.belongs(&here.payee, &period)
    }

    /// What the periods before left above a cap; one in which the cap says nothing leaves it as it was.
    fn kept_before(&mut self, line: Line, here: &Here) -> Found {
        let mut kept = Ok(Scalar::Number(Exact::ZERO));
        for earlier in 0..here.period {
            if !self.is_walked(&here.payee, line.0, earlier) {
                self.walk_claim(&here.payee, line.0, earlier);
            }
            let own = self.kept.get(&(here.payee.clone(), line, earlier));
            kept = own.cloned().unwrap_or(kept);
        }
        kept
    }

    fn keep(&mut self, line: Line, kept: Found, here: &Here) {
        let place = (here.payee.clone(), line, here.period);
        self.kept.insert(place, kept);
    }

    /// A cap of which it is not known whether it applies leaves nothing known.
    pub(in crate::explain) fn hold_excess(
        &mut self,
        line: Line,
        step: &Step,
        causes: &[Cause],
        here: &Here,
    ) {
        if step.kind.keeps_excess() && self.is_there(here) {
            let before = self.kept_before(line, here);
            self.keep(line, holding(&before, causes.to_vec()), here);
        }
    }

    /// What a line has kept before a period; 0 of lines that keep nothing.
    pub fn excess(
        &mut self,
        payee: &str,
        id: PayId,
        step: usize,
        period: &crate::base::Period,
    ) -> crate::explain::receipt::Known {
        let here = Here::of(payee, self.index(period).unwrap_or(0));
        crate::explain::walk::known(&self.kept_before((id, step), &here))
    }
}
