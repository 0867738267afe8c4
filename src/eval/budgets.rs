//! Payouts that are scaled down where there is not enough for all of them. `docs/spec/evaluation.md`, section 5b.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::{Exact, scaled_down};
use crate::eval::person::Payer;
use crate::eval::pools::lost_in_each;
use crate::eval::values::{V, both, eval, truth};
use crate::meaning::plan::{Budget, PayId, Plan};
use crate::table::{Cause, Rows, sorted};

/// What a budget changes, and why it cannot be known what it does.
#[derive(Default)]
pub(in crate::eval) struct Budgeted {
    /// By period, person and payout: what is paid instead of what is claimed.
    scaled: BTreeMap<(usize, u32, PayId), Exact>,
    /// Why claims of a period are held that are not exempt.
    held: BTreeMap<usize, Vec<Cause>>,
}

/// Whether a person's claims are scaled.
#[derive(Clone, Debug, PartialEq)]
enum Standing {
    Scaled,
    /// Paid in full; and whether it is taken off the budget.
    Exempt(bool),
    Unknown(Vec<Cause>),
}

/// What one person claims in a period, payout by payout.
struct Claims {
    person: u32,
    standing: Standing,
    of: Vec<(PayId, V)>,
}

impl Budgeted {
    /// Looks at every period in order: what one uses, those after it in the same length of time do not have.
    pub(in crate::eval) fn new(
        plan: &Plan,
        budget: &Budget,
        rows: &dyn Rows,
        payers: &mut [Payer<'_>],
    ) -> Budgeted {
        let lost = lost_in_each(plan, rows);
        let mut made = Budgeted::default();
        let mut used: BTreeMap<String, Result<Exact, Vec<Cause>>> = BTreeMap::new();
        for (period, calendar_period) in plan.periods().iter().enumerate() {
            let around = plan
                .calendar
                .period_of(calendar_period.start(), budget.each);
            let used = used
                .entry(plan.calendar.label(&around))
                .or_insert_with(|| Ok(Exact::ZERO));
            let claims: Vec<Claims> = payers
                .par_iter_mut()
                .filter(|payer| payer.person.belongs(plan, calendar_period))
                .map(|payer| claims(budget, payer, period))
                .collect();
            let lost = lost.get(&period).cloned().unwrap_or_default();
            made.period(budget, period, (&claims, lost), used);
        }
        made
    }

    fn period(
        &mut self,
        budget: &Budget,
        period: usize,
        (claims, lost): (&[Claims], Vec<Cause>),
        used: &mut Result<Exact, Vec<Cause>>,
    ) {
        let mut causes = both(used.clone().err().unwrap_or_default(), lost);
        let (mut first, mut wanted) = (Exact::ZERO, Vec::new());
        for own in claims {
            let counted = match &own.standing {
                Standing::Exempt(false) => continue,
                Standing::Unknown(why) => {
                    causes.extend(why.iter().cloned());
                    continue;
                }
                Standing::Exempt(true) => true,
                Standing::Scaled => false,
            };
            for (pay, claim) in &own.of {
                match claim {
                    V::Held(why) => causes.extend(why.iter().cloned()),
                    V::Number(claim) if claim.is_positive() => {
                        if counted {
                            first += claim.clone();
                        } else {
                            wanted.push((own.person, *pay, claim.clone()));
                        }
                    }
                    _ => {}
                }
            }
        }
        if !causes.is_empty() {
            let causes = sorted(causes);
            self.held.insert(period, causes.clone());
            *used = Err(causes);
            return;
        }
        let Ok(used) = used else { return };
        let left = (budget.limit.clone() - used.clone() - first.clone()).max(Exact::ZERO);
        let sum = wanted
            .iter()
            .fold(Exact::ZERO, |sum, (.., claim)| sum + claim.clone());
        *used += first;
        if sum <= left {
            *used += sum;
            return;
        }
        let amounts: Vec<Exact> = wanted.iter().map(|(.., claim)| claim.clone()).collect();
        let parts = scaled_down(&left, &amounts, &budget.unit, budget.residue);
        for ((person, pay, _), part) in wanted.into_iter().zip(parts) {
            *used += part.clone();
            self.scaled.insert((period, person, pay), part);
        }
    }

    /// What of a claim is paid.
    pub(in crate::eval) fn paid(
        &self,
        budget: &Budget,
        payer: &Payer<'_>,
        (pay, period): (PayId, usize),
        claim: V,
    ) -> V {
        // Who has nothing to be scaled is not touched, whatever the others have.
        let nothing_to_scale = match &claim {
            V::Number(claim) => !claim.is_positive(),
            V::Held(_) => false,
            _ => true,
        };
        if nothing_to_scale {
            return claim;
        }
        match standing(budget, payer, period) {
            Standing::Exempt(_) => return claim,
            Standing::Unknown(causes) => return held(claim, causes),
            Standing::Scaled => {}
        }
        if let Some(causes) = self.held.get(&period) {
            return held(claim, causes.clone());
        }
        match self.scaled.get(&(period, payer.at, pay)) {
            Some(paid) => V::Number(paid.clone()),
            None => claim,
        }
    }
}

fn held(claim: V, causes: Vec<Cause>) -> V {
    V::Held(match claim {
        V::Held(more) => both(more, causes),
        _ => causes,
    })
}

fn standing(budget: &Budget, payer: &Payer<'_>, period: usize) -> Standing {
    let Some((condition, counted)) = &budget.exempt else {
        return Standing::Scaled;
    };
    match truth(eval(condition, &payer.at(period))) {
        V::Bool(true) => Standing::Exempt(*counted),
        V::Held(causes) => Standing::Unknown(causes),
        _ => Standing::Scaled,
    }
}

fn claims(budget: &Budget, payer: &Payer<'_>, period: usize) -> Claims {
    let of = budget.pays.iter();
    Claims {
        person: payer.at,
        standing: standing(budget, payer, period),
        of: of.map(|pay| (*pay, payer.claimed(*pay, period))).collect(),
    }
}
