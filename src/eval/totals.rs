//! Payouts of several plans under one cap. `docs/spec/evaluation.md`, section 5c.

use std::collections::BTreeMap;

use crate::base::{Date, Exact, Period, Residue, Rounding};
use crate::eval::outcome::{PayRow, PersonPeriod, Settled};
use crate::eval::values::both;
use crate::meaning::{How, Plan, Total};
use crate::table::Cause;

/// Where a payout stands: the end of its period, its place in the total, its plan, row and pay.
type Place = (Date, usize, usize, usize, usize);

/// Cuts what stands above the caps. `rows` are the results of the plans, in the order in which totals count them, of all
/// periods.
pub fn cut(totals: &[Total], plans: &[&Plan], rows: &mut [Vec<PersonPeriod>]) {
    for total in totals {
        let mut of_payee: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for (order, (plan, id)) in total.of.iter().enumerate() {
            for (at, row) in rows[*plan].iter().enumerate() {
                let pay = row.pays.iter().position(|pay| pay.pay == *id);
                of_payee
                    .entry(row.payee.clone())
                    .or_default()
                    .extend(pay.map(|pay| (row.period.end(), order, *plan, at, pay)));
            }
        }
        let Some((first, _)) = total.of.first() else {
            continue;
        };
        let window = |day| plans[*first].calendar.period_of(day, total.each);
        for places in of_payee.values_mut() {
            places.sort();
            person(total, window, places, rows);
        }
    }
}

/// One person: the windows one after the other, and in each the ends of periods.
fn person(
    total: &Total,
    window: impl Fn(Date) -> Period,
    places: &[Place],
    rows: &mut [Vec<PersonPeriod>],
) {
    let mut now = None;
    let mut used = Settled::Value(Exact::ZERO);
    for group in places.chunk_by(|a, b| a.0 == b.0) {
        let own = group.first().map(|place| window(place.0));
        if own != now {
            (now, used) = (own, Settled::Value(Exact::ZERO));
        }
        let mut pays: Vec<PayRow> = group.iter().map(|at| pay_at(rows, at).clone()).collect();
        used = together(total, used, &mut pays);
        for (at, pay) in group.iter().zip(pays) {
            *pay_at(rows, at) = pay;
        }
    }
}

fn pay_at<'r>(rows: &'r mut [Vec<PersonPeriod>], place: &Place) -> &'r mut PayRow {
    let (_, _, plan, row, pay) = *place;
    &mut rows[plan][row].pays[pay]
}

/// Payouts of periods that end on one day, below what is left of the cap; what has been used with them.
fn together(total: &Total, used: Settled<Exact>, pays: &mut [PayRow]) -> Settled<Exact> {
    let mut held: Vec<Cause> = match &used {
        Settled::Held(causes) => causes.clone(),
        _ => Vec::new(),
    };
    let mut paid = Vec::new();
    for pay in pays.iter() {
        match &pay.payout {
            Settled::Held(causes) => held = both(held, causes.clone()),
            Settled::Value(amount) => paid.push(amount.clone()),
            Settled::Nothing => paid.push(Exact::ZERO),
        }
    }
    if !held.is_empty() {
        for pay in pays.iter_mut() {
            pay.payout = Settled::Held(held.clone());
        }
        return Settled::Held(held);
    }
    let used = match used {
        Settled::Value(used) => used,
        _ => Exact::ZERO,
    };
    let room = (total.most.clone() - used.clone()).max(Exact::ZERO);
    let sum: Exact = paid.iter().sum();
    let excess = (sum.clone() - room).max(Exact::ZERO);
    let cuts = match &total.how {
        How::LastFirst => last_first(&paid, &excess),
        How::InProportion { unit, residue } => in_proportion(&paid, &excess, unit, *residue),
    };
    assert_eq!(
        cuts.iter().sum::<Exact>(),
        excess,
        "the cuts are what stands above the cap"
    );
    for ((pay, before), cut) in pays.iter_mut().zip(paid).zip(cuts) {
        pay.payout = Settled::Value(before - cut.clone());
        pay.cut = cut;
    }
    Settled::Value(used + sum - excess)
}

fn last_first(paid: &[Exact], excess: &Exact) -> Vec<Exact> {
    let mut left = excess.clone();
    let mut cuts = vec![Exact::ZERO; paid.len()];
    for (cut, amount) in cuts.iter_mut().zip(paid).rev() {
        *cut = amount.clone().max(Exact::ZERO).min(left.clone());
        left -= cut.clone();
    }
    cuts
}

/// Each payout above 0 loses its part, in whole units; what is spare goes along an order, and nobody loses more than
/// is paid.
fn in_proportion(paid: &[Exact], excess: &Exact, unit: &Rounding, residue: Residue) -> Vec<Exact> {
    let amounts: Vec<Exact> = paid
        .iter()
        .map(|own| own.clone().max(Exact::ZERO))
        .collect();
    let whole: Exact = amounts.iter().sum();
    let part = |amount: &Exact| (excess * amount).checked_div(&whole).unwrap_or_default();
    let exact: Vec<Exact> = amounts.iter().map(part).collect();
    let mut cuts: Vec<Exact> = exact.iter().map(|part| unit.round(part)).collect();
    let mut order: Vec<usize> = (0..paid.len()).collect();
    match residue {
        Residue::ToLargest => order.sort_by(|a, b| amounts[*b].cmp(&amounts[*a])),
        Residue::ToFirst => {}
        Residue::LargestRemainder => {
            order.sort_by_key(|at| std::cmp::Reverse(exact[*at].clone() - cuts[*at].clone()));
        }
    }
    let mut spare = excess.clone() - cuts.iter().sum::<Exact>();
    // One unit each where the remainders decide; else all that the first can lose, then the next.
    while spare.is_positive() {
        for at in &order {
            let most = (amounts[*at].clone() - cuts[*at].clone()).min(spare.clone());
            let more = match residue {
                Residue::LargestRemainder => most.min(unit.unit.clone()),
                Residue::ToLargest | Residue::ToFirst => most,
            };
            spare -= more.clone();
            cuts[*at] += more;
        }
    }
    cuts
}
