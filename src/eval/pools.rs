//! Money that several persons share. `docs/spec/evaluation.md`, section 3d.
//!
//! Everybody says, side by side, whether they are a member, their weight and the size as they read it; then each pool is
//! shared once, in the order of ids.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::{Exact, split};
use crate::eval::groups::{Text, Texts, days_of, own_text, texts};
use crate::eval::person::Payer;
use crate::eval::values::{V, both, cell, eval, truth};
use crate::meaning::plan::{AsOf, Group, Plan, Pool, Whom};
use crate::syntax::ast::{AllZero, Remainder};
use crate::table::{Cause, PEOPLE, Rows, Table, sorted};

/// What the members of one pool have, by text and period.
#[derive(Default)]
pub(in crate::eval) struct Shares {
    of: BTreeMap<(Text, usize), Shared>,
    /// Why no pool of a period is known: somebody could be of any.
    any: BTreeMap<usize, Vec<Cause>>,
}

/// One pool of one period.
#[derive(Default)]
struct Shared {
    /// By position among the people.
    members: Vec<(u32, Member)>,
    shares: BTreeMap<u32, Exact>,
    /// Why it is not known.
    causes: Vec<Cause>,
}

/// Somebody with a share.
struct Member {
    weight: Exact,
    /// The size as they read it; `None` where they cannot know it.
    size: Option<Exact>,
}

/// What one person brings to the pool of a period.
struct Brought {
    /// Of which text; `None` could be any.
    text: Option<Text>,
    period: usize,
    at: u32,
    member: Result<Member, Vec<Cause>>,
}

impl Shares {
    /// Shares a pool among its payees.
    pub(in crate::eval) fn new(
        plan: &Plan,
        (group, pool): (&Group, &Pool),
        rows: &dyn Rows,
        payers: &mut [Payer<'_>],
    ) -> Shares {
        let all = payers.par_iter_mut();
        let brought: Vec<Vec<Brought>> = all
            .map(|payer| {
                let own = match pool.column {
                    Some(column) => texts(plan, column, rows.table(PEOPLE), payer.person),
                    None => Texts::everyone(),
                };
                let mut brought = Vec::new();
                for period in 0..payer.periods.len() {
                    bring(payer, (group, pool), &own, period, &mut brought);
                }
                brought
            })
            .collect();
        let mut shares = Shares {
            any: lost_in_each(plan, rows),
            ..Shares::default()
        };
        for own in brought.into_iter().flatten() {
            match (own.text, own.member) {
                (Some(text), Ok(member)) => {
                    let shared = shares.of.entry((text, own.period)).or_default();
                    shared.members.push((own.at, member));
                }
                (Some(text), Err(causes)) => {
                    let shared = shares.of.entry((text, own.period)).or_default();
                    shared.causes.extend(causes);
                }
                (None, Err(causes)) => shares.any.entry(own.period).or_default().extend(causes),
                (None, Ok(_)) => {}
            }
        }
        for shared in shares.of.values_mut() {
            shared.share(pool);
        }
        shares
    }

    /// What a person has of the pool in a period.
    pub(in crate::eval) fn value(
        &self,
        payer: &Payer<'_>,
        (group, pool): (&Group, &Pool),
        period: usize,
    ) -> V {
        let nothing = V::Number(Exact::ZERO);
        let belongs = payer.person.belongs(payer.plan, &payer.periods[period]);
        if !belongs || is_member(payer, pool, period) == Ok(false) {
            return nothing;
        }
        let text = match pool.column {
            None => None,
            Some(column) => {
                let days = days_of(payer.plan, &payer.periods[period]);
                match own_text(payer, Whom::Same(column, AsOf::LastDay), &days) {
                    Ok(text) => text,
                    Err(why) => return why,
                }
            }
        };
        let mut causes = match eval(&pool.size, &payer.at(period)).needed() {
            V::Held(causes) => causes,
            V::Number(size) if size.is_negative() => {
                let (payee, period) = (&payer.person.id, payer.label(period));
                vec![Cause::below_zero(&group.label, payee, &period)]
            }
            _ => Vec::new(),
        };
        let shared = self.of.get(&(text, period));
        causes.extend(shared.iter().flat_map(|shared| shared.causes.clone()));
        causes.extend(self.any.get(&period).into_iter().flatten().cloned());
        if !causes.is_empty() {
            return V::Held(sorted(causes));
        }
        let share = shared.and_then(|shared| shared.shares.get(&payer.at));
        share.map_or(nothing, |share| V::Number(share.clone()))
    }
}

/// Why somebody may be missing among the people, in every period of the plan; empty where nobody can be.
pub(in crate::eval) fn lost_in_each(plan: &Plan, rows: &dyn Rows) -> BTreeMap<usize, Vec<Cause>> {
    let lost = rows
        .table(PEOPLE)
        .map_or_else(Vec::new, |people| lost(plan, people));
    if lost.is_empty() {
        return BTreeMap::new();
    }
    let periods = 0..plan.periods().len();
    periods.map(|period| (period, lost.clone())).collect()
}

/// Why somebody may be missing among the people: rows that are not whole, and rows of nobody.
fn lost(plan: &Plan, people: &Table) -> Vec<Cause> {
    let broken = people.broken.iter().filter_map(|row| people.cause(row));
    let mut causes: Vec<Cause> = broken.collect();
    for row in (0..people.rows).filter(|row| people.broken_row(*row).is_none()) {
        match cell(people, "id", row, plan.currency) {
            V::Held(more) => causes.extend(more),
            V::Absent(cause) => causes.push(cause),
            _ => {}
        }
    }
    causes
}

/// Whether a person is a member, or why that is not known.
fn is_member(payer: &Payer<'_>, pool: &Pool, period: usize) -> Result<bool, Vec<Cause>> {
    let mut held = Vec::new();
    for member in &pool.members {
        match truth(eval(member, &payer.at(period))) {
            V::Bool(true) => {}
            V::Held(causes) => held = both(held, causes),
            _ => return Ok(false),
        }
    }
    match held.is_empty() {
        true => Ok(true),
        false => Err(held),
    }
}

/// What a person who belongs to a period brings to the pool they are in, or to each that they may be in.
fn bring(
    payer: &Payer<'_>,
    (group, pool): (&Group, &Pool),
    own: &Texts,
    period: usize,
    brought: &mut Vec<Brought>,
) {
    let plan = payer.plan;
    if !payer.person.belongs(plan, &payer.periods[period]) {
        return;
    }
    let member = match is_member(payer, pool, period) {
        Ok(false) => return,
        _ if !payer.person.held.is_empty() => Err(payer.person.held.clone()),
        Err(causes) => Err(causes),
        Ok(true) => weighed(payer, (group, pool), period),
    };
    let mut put = |text: Option<Text>, member| {
        brought.push(Brought {
            text,
            period,
            at: payer.at,
            member,
        });
    };
    match (own, own.last_in(&days_of(plan, &payer.periods[period]))) {
        (Texts::Unsure(causes, None), _) => put(None, Err(causes.clone())),
        (Texts::Unsure(causes, Some(all)), _) => {
            all.iter()
                .for_each(|text| put(Some(text.clone()), Err(causes.clone())));
        }
        (Texts::Sure(_), Ok(Some(text))) if text.is_some() || pool.column.is_none() => {
            put(Some(text), member);
        }
        (Texts::Sure(_), _) => {}
    }
}

/// A member's weight, and the size that they read.
fn weighed(
    payer: &Payer<'_>,
    (group, pool): (&Group, &Pool),
    period: usize,
) -> Result<Member, Vec<Cause>> {
    let at = payer.at(period);
    let weight = match &pool.weight {
        None => Exact::ONE,
        Some(weight) => match eval(weight, &at).needed() {
            V::Held(causes) => return Err(causes),
            V::Number(weight) if weight.is_negative() => {
                let (payee, period) = (&payer.person.id, payer.label(period));
                return Err(vec![Cause::weight_negative(&group.label, payee, &period)]);
            }
            V::Number(weight) => weight,
            _ => Exact::ZERO,
        },
    };
    let size = match eval(&pool.size, &at).needed() {
        V::Number(size) => Some(size),
        V::Held(_) => None,
        _ => Some(Exact::ZERO),
    };
    Ok(Member { weight, size })
}

impl Shared {
    /// Shares the size by the weights, where all of them are known.
    fn share(&mut self, pool: &Pool) {
        let mut sizes = self.members.iter().filter_map(|(_, own)| own.size.as_ref());
        let Some(size) = sizes.next().filter(|size| !size.is_negative()) else {
            return;
        };
        debug_assert!(
            sizes.all(|other| other == size),
            "a pool has one size for all its members"
        );
        if !self.causes.is_empty() {
            return;
        }
        let mut weights: Vec<(u32, Exact)> = self
            .members
            .iter()
            .filter(|(_, own)| own.weight.is_positive())
            .map(|(at, own)| (*at, own.weight.clone()))
            .collect();
        if weights.is_empty() && pool.all_zero == AllZero::Equally {
            let all = self.members.iter().map(|(at, _)| (*at, Exact::ONE));
            weights = all.collect();
        }
        let sum: Exact = weights.iter().map(|(_, weight)| weight).sum();
        let parts: Option<Vec<Exact>> = weights
            .iter()
            .map(|(_, weight)| weight.checked_div(&sum))
            .collect();
        let rounding = pool.rounding();
        let whole = rounding.round(size);
        let parts = parts.unwrap_or_default();
        let amounts = match pool.remainder {
            Remainder::Members(residue) => split(&whole, &parts, &rounding, residue),
            Remainder::Company => {
                let cut = parts.iter().map(|part| rounding.round(&(&whole * part)));
                cut.collect()
            }
        };
        let receivers = weights.into_iter().map(|(at, _)| at);
        self.shares = receivers.zip(amounts).collect();
    }
}
