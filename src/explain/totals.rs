//! Payouts of several plans under one cap, walked together for one person.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Date, Exact, Period, Residue};
use crate::explain::receipt::{CutLine, Known, Receipt};
use crate::explain::walk::Walker;
use crate::meaning::plan::PayId;
use crate::meaning::{How, Total};
use crate::table::sorted;

/// Which payout: a plan, a pay and a period.
type Payout = (usize, PayId, Period);

/// What a total makes of a payout.
#[derive(Clone, Debug)]
enum Outcome {
    Cut(CutLine),
    Held(Known),
}

/// Walks payouts of all plans that share totals. Walkers stand in the order in which totals count plans.
pub struct Together<'a> {
    totals: &'a [Total],
    walkers: Vec<Walker<'a>>,
    /// By total, payee and the first day of the window.
    walked: BTreeMap<(usize, String, Date), Vec<(Payout, Outcome)>>,
}

impl<'a> Together<'a> {
    /// Walkers of all plans.
    pub fn new(totals: &'a [Total], walkers: Vec<Walker<'a>>) -> Together<'a> {
        Together {
            totals,
            walkers,
            walked: BTreeMap::new(),
        }
    }

    /// The walker of one plan.
    pub fn walker(&mut self, plan: usize) -> &mut Walker<'a> {
        &mut self.walkers[plan]
    }

    /// Why one payout is what it is, with what a total takes of it.
    pub fn receipt(&mut self, plan: usize, payee: &str, id: PayId, period: &Period) -> Receipt {
        let mut receipt = self.walkers[plan].receipt(payee, id, period);
        let mut totals = self.totals.iter();
        let Some(at) = totals.position(|total| total.of.contains(&(plan, id))) else {
            return receipt;
        };
        let found = self.window(at, payee, period.end());
        let mut found = found.into_iter();
        match found.find(|(own, _)| *own == (plan, id, *period)) {
            Some((_, Outcome::Cut(line))) => {
                receipt.payout = Known::Value(line.before.clone() - line.cut.clone());
                receipt.cut = Some(line);
            }
            Some((_, Outcome::Held(held))) => receipt.payout = held,
            None => {}
        }
        receipt
    }

    /// Everything that a total does to a person in the window around a day.
    fn window(&mut self, at: usize, payee: &str, day: Date) -> Vec<(Payout, Outcome)> {
        let total = &self.totals[at];
        let Some((first, _)) = total.of.first() else {
            return Vec::new();
        };
        let window = self.walkers[*first]
            .plan
            .calendar
            .period_of(day, total.each);
        let key = (at, payee.to_owned(), window.start());
        if let Some(found) = self.walked.get(&key) {
            return found.clone();
        }
        let mut all: Vec<(Payout, Known)> = Vec::new();
        for (plan, id) in &total.of {
            let walker = &mut self.walkers[*plan];
            for period in walker.plan.periods() {
                if window.contains(period.end()) && walker.is_settled(payee, *id, &period) {
                    let receipt = walker.receipt(payee, *id, &period);
                    all.push(((*plan, *id, period), receipt.payout));
                }
            }
        }
        let found = by_days(total, &all);
        self.walked.insert(key, found.clone());
        found
    }
}

/// The days on which periods end, from the first: each takes what the ones before leave of the cap.
fn by_days(total: &Total, all: &[(Payout, Known)]) -> Vec<(Payout, Outcome)> {
    let days: BTreeSet<Date> = all.iter().map(|((.., period), _)| period.end()).collect();
    let mut used = Exact::ZERO;
    let mut held = Vec::new();
    let mut found = Vec::new();
    for day in days {
        let own: Vec<&(Payout, Known)> = all
            .iter()
            .filter(|((.., period), _)| period.end() == day)
            .collect();
        for (_, payout) in &own {
            if let Known::Held(causes) = payout {
                held.extend(causes.iter().cloned());
            }
        }
        if !held.is_empty() {
            let why = Known::Held(sorted(held.clone()));
            found.extend(
                own.iter()
                    .map(|(place, _)| (*place, Outcome::Held(why.clone()))),
            );
            continue;
        }
        let amounts: Vec<Exact> = own
            .iter()
            .map(|(_, payout)| match payout {
                Known::Value(amount) => amount.clone(),
                Known::Nothing | Known::Held(_) => Exact::ZERO,
            })
            .collect();
        let together: Exact = amounts.iter().sum();
        let left = (total.most.clone() - used.clone()).max(Exact::ZERO);
        let excess = (together.clone() - left).max(Exact::ZERO);
        let taken = taken(total, &amounts, &excess);
        for ((place, _), (before, cut)) in own.iter().zip(amounts.iter().zip(taken)) {
            found.push((
                *place,
                Outcome::Cut(CutLine {
                    label: total.label.clone(),
                    most: total.most.clone(),
                    each: total.each,
                    used: used.clone(),
                    together: together.clone(),
                    before: before.clone(),
                    cut,
                    span: total.span,
                }),
            ));
        }
        used = used + together - excess;
    }
    found
}

/// What each amount loses of an excess.
fn taken(total: &Total, amounts: &[Exact], excess: &Exact) -> Vec<Exact> {
    let can_lose =
        |at: usize, lost: &[Exact]| amounts[at].clone().max(Exact::ZERO) - lost[at].clone();
    let mut lost = vec![Exact::ZERO; amounts.len()];
    let (order, step) = match &total.how {
        How::LastFirst => ((0..amounts.len()).rev().collect::<Vec<_>>(), None),
        How::InProportion { unit, residue } => {
            let all = (0..amounts.len()).fold(Exact::ZERO, |sum, at| sum + can_lose(at, &lost));
            let mut dust = Vec::new();
            for at in 0..amounts.len() {
                let whole = excess.clone() * can_lose(at, &lost);
                let exact = whole.checked_div(&all).unwrap_or_default();
                lost[at] = unit.round(&exact);
                dust.push(exact - lost[at].clone());
            }
            let mut order: Vec<usize> = (0..amounts.len()).collect();
            match residue {
                Residue::ToFirst => (order, None),
                Residue::ToLargest => {
                    order.sort_by(|a, b| amounts[*b].cmp(&amounts[*a]).then(a.cmp(b)));
                    (order, None)
                }
                Residue::LargestRemainder => {
                    order.sort_by(|a, b| dust[*b].cmp(&dust[*a]).then(a.cmp(b)));
                    (order, Some(unit.unit.clone()))
                }
            }
        }
    };
    let mut spare = lost
        .iter()
        .fold(excess.clone(), |spare, own| spare - own.clone());
    let mut turn = 0;
    while spare.is_positive() && !order.is_empty() {
        let at = order[turn % order.len()];
        let most = can_lose(at, &lost).min(spare.clone());
        let own = step.clone().map_or(most.clone(), |step| step.min(most));
        spare -= own.clone();
        lost[at] += own;
        turn += 1;
    }
    lost
}
