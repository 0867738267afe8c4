//! What a budget leaves of a payout, found claim by claim. `docs/spec/evaluation.md`, section 5b.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::base::{Exact, scaled_down};
use crate::explain::expression::{Found, Scalar, Stop, yes};
use crate::explain::pays::{Walked, holding};
use crate::explain::receipt::{Kind, Rule};
use crate::explain::walk::{Here, Walker, leaf};
use crate::meaning::plan::{Budget, GroupId, PayId};
use crate::table::{Cause, sorted};

/// A budget in one period.
#[derive(Clone, Debug, Default)]
pub(in crate::explain) struct Spent {
    /// What periods before in the same length of time used.
    before: Exact,
    /// What those are paid who are exempt and counted.
    first: Exact,
    /// What all others claim, and how many claims there are.
    claimed: Exact,
    claims: usize,
    /// What they are paid, where that is less.
    scaled: Option<BTreeMap<(String, PayId), Exact>>,
    /// Why none of it can be known.
    why: Vec<Cause>,
}

impl Spent {
    /// What is used at the end of the period.
    fn used(&self) -> Exact {
        let paid = match &self.scaled {
            Some(scaled) => scaled
                .values()
                .fold(Exact::ZERO, |sum, part| sum + part.clone()),
            None => self.claimed.clone(),
        };
        self.before.clone() + self.first.clone() + paid
    }
}

impl<'a> Walker<'a> {
    /// What a budget leaves of a payout's claim; the step of the receipt says how.
    pub(in crate::explain) fn within_budget(
        &mut self,
        (id, budget): (GroupId, &'a Budget),
        here: &Here,
        pay: PayId,
        mut walked: Walked,
    ) -> Walked {
        let claim = match &walked.earned {
            Ok(Scalar::Number(claim)) if claim.is_positive() => Some(claim.clone()),
            Err(Stop::Held(_)) => None,
            _ => return walked,
        };
        match self.is_exempt(budget, here) {
            Ok(true) => return walked,
            Ok(false) => {}
            Err(causes) => {
                walked.earned = holding(&walked.earned, causes);
                walked.node.value = crate::explain::walk::known(&walked.earned);
                return walked;
            }
        }
        let spent = self.spent(id, budget, here.period);
        let group = self.plan.group(id);
        if !spent.why.is_empty() {
            walked.earned = holding(&walked.earned, spent.why.clone());
        } else if let Some(claim) = claim {
            let key = (here.payee.clone(), pay);
            let scaled = spent.scaled.as_ref().and_then(|scaled| scaled.get(&key));
            walked.earned = Ok(Scalar::Number(scaled.cloned().unwrap_or(claim)));
        }
        let rule = Rule::Budget {
            limit: budget.limit.clone(),
            each: budget.each,
            before: spent.before.clone(),
            first: spent.first.clone(),
            claimed: spent.claimed.clone(),
            claims: spent.claims,
        };
        let step = leaf(
            rule,
            &group.label,
            &walked.earned,
            Kind::Money,
            Some(group.span),
        );
        walked.node.value = step.value.clone();
        walked.node.reads.push(step);
        walked
    }

    /// Whether somebody is paid in full.
    fn is_exempt(&mut self, budget: &'a Budget, here: &Here) -> Result<bool, Vec<Cause>> {
        let Some((condition, _)) = &budget.exempt else {
            return Ok(false);
        };
        let found: Found = self.value(here, condition, &mut Vec::new());
        match yes(found) {
            Err(Stop::Held(causes)) => Err(causes),
            other => Ok(other == Ok(true)),
        }
    }

    /// What is claimed and paid in a period.
    fn spent(&mut self, id: GroupId, budget: &'a Budget, period: usize) -> Rc<Spent> {
        if let Some(made) = self.budgets.get(&(id, period)) {
            return made.clone();
        }
        let made = Rc::new(self.make_spent(id, budget, period));
        self.budgets.insert((id, period), made.clone());
        made
    }

    fn make_spent(&mut self, id: GroupId, budget: &'a Budget, period: usize) -> Spent {
        let mut spent = Spent {
            why: self.lost_people(),
            ..Spent::default()
        };
        let around = |at: usize| {
            let first = self.periods[at].start();
            self.plan.calendar.period_of(first, budget.each)
        };
        if let Some(before) = period.checked_sub(1)
            && around(before) == around(period)
        {
            let before = self.spent(id, budget, before);
            spent.before = before.used();
            spent.why.extend(before.why.iter().cloned());
        }
        let calendar_period = self.periods[period];
        let is_counted = budget.exempt.as_ref().is_none_or(|(_, counted)| *counted);
        let mut claims: Vec<((String, PayId), Exact)> = Vec::new();
        for payee in self.payees() {
            if !self.belongs(&payee, &calendar_period) {
                continue;
            }
            let here = Here::of(&payee, period);
            let exempt = match self.is_exempt(budget, &here) {
                Ok(exempt) => exempt,
                Err(causes) => {
                    spent.why.extend(causes);
                    continue;
                }
            };
            if exempt && !is_counted {
                continue;
            }
            for pay in &budget.pays {
                match self.walk_claim(&payee, *pay, period).earned {
                    Ok(Scalar::Number(claim)) if claim.is_positive() && exempt => {
                        spent.first += claim;
                    }
                    Ok(Scalar::Number(claim)) if claim.is_positive() => {
                        claims.push(((payee.clone(), *pay), claim));
                    }
                    Err(Stop::Held(causes)) => spent.why.extend(causes),
                    _ => {}
                }
            }
        }
        spent.why = sorted(spent.why);
        spent.claims = claims.len();
        for (_, claim) in &claims {
            spent.claimed += claim.clone();
        }
        let left = budget.limit.clone() - spent.before.clone() - spent.first.clone();
        let left = left.max(Exact::ZERO);
        if spent.why.is_empty() && spent.claimed > left {
            let (keys, amounts): (Vec<_>, Vec<_>) = claims.into_iter().unzip();
            let parts = scaled_down(&left, &amounts, &budget.unit, budget.residue);
            spent.scaled = Some(keys.into_iter().zip(parts).collect());
        }
        spent
    }
}
