//! Money that several persons share, found person by person. `docs/spec/evaluation.md`, section 3d.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::base::{Exact, Residue};
use crate::diag::Span;
use crate::explain::cells::read_cell;
use crate::explain::expression::{Found, Scalar, Stop, demand};
use crate::explain::groups::Text;
use crate::explain::receipt::{Decided, Kind, Node, Rule};
use crate::explain::walk::{Here, Walker, decided_in, kind, leaf};
use crate::meaning::plan::{AsOf, Group, GroupId, Pool, Whom};
use crate::syntax::ast::{AllZero, Remainder};
use crate::table::{Cause, PEOPLE, sorted};

/// The pools of one period by text, and why none is known.
type Period = (BTreeMap<Text, Shared>, Vec<Cause>);

/// Pools that were shared before.
pub(in crate::explain) type Pools = BTreeMap<(GroupId, usize), Rc<Period>>;

/// One pool of one period.
#[derive(Clone, Debug, Default)]
pub(in crate::explain) struct Shared {
    /// Members with their weights, by id.
    members: Vec<(String, Exact)>,
    size: Option<Exact>,
    shares: BTreeMap<String, Share>,
    why: Vec<Cause>,
    decided: BTreeSet<Decided>,
}

/// What one member has.
#[derive(Clone, Debug)]
struct Share {
    /// Their weight, and that of all: 1 each where all have the same.
    weight: (Exact, Exact),
    /// Before rounding.
    exact: Exact,
    /// Of the units that rounding left.
    spare: Exact,
    amount: Exact,
}

/// Whether somebody is a member.
enum Standing {
    Member,
    /// By this condition.
    Not(Span),
    Unknown(Vec<Cause>),
}

impl<'a> Walker<'a> {
    /// What a person has of a pool.
    pub(in crate::explain) fn share(
        &mut self,
        here: &Here,
        id: GroupId,
        (group, pool): (&'a Group, &'a Pool),
    ) -> (Found, Option<Node>) {
        let money = |rule, label: &str, found: &Found, span| {
            leaf(rule, label, found, Kind::Money, Some(span))
        };
        let life = self.life(&here.payee);
        if !life.held.is_empty() {
            let found = Err(Stop::Held(life.held));
            let node = money(Rule::Expression, &group.label, &found, group.span);
            return (found, Some(node));
        }
        let nothing = Ok(Scalar::Number(Exact::ZERO));
        let calendar_period = self.periods[here.period];
        if !self.belongs(&here.payee, &calendar_period) {
            return (nothing, None);
        }
        let mut decided = BTreeSet::new();
        if let Standing::Not(condition) = self.standing(here, pool, &mut decided) {
            let mut node = money(Rule::NotMember, &group.label, &nothing, condition);
            node.decided = decided;
            return (nothing, Some(node));
        }
        let days = self.days_in_plan(here.period);
        let whom = pool.column.map(|column| Whom::Same(column, AsOf::LastDay));
        let text = match self.own_text(&here.payee, whom.unwrap_or(Whom::Everyone), days) {
            Ok(text) => text,
            Err(stop) => {
                let found = Err(stop);
                let node = money(Rule::Expression, &group.label, &found, group.span);
                return (found, Some(node));
            }
        };
        let mut reads = Vec::new();
        let size = self.pool_size(here, (group, pool), &mut reads);
        let period = self.pools_in(id, (group, pool), here.period);
        let shared = period.0.get(&text).cloned().unwrap_or_default();
        let mut why = [shared.why.clone(), period.1.clone()].concat();
        if let Err(causes) = &size {
            why.extend(causes.iter().cloned());
        }
        decided.extend(shared.decided.iter().copied());
        let size_found = size.map(Scalar::Number).map_err(Stop::Held);
        let paid = shared.shares.values().map(|share| &share.amount);
        let left = shared.size.clone().unwrap_or_default() - paid.sum::<Exact>();
        let members = why.is_empty().then_some(shared.members.len());
        let of_pool = Rule::Pool {
            of: text,
            members,
            left,
        };
        let mut size_node = money(of_pool, "size", &size_found, pool.size.span);
        size_node.reads = reads;
        let mut reads = vec![size_node];
        let found = if why.is_empty() {
            let own = shared.shares.get(&here.payee);
            let amount = own.map_or(Exact::ZERO, |share| share.amount.clone());
            Ok(Scalar::Number(amount))
        } else {
            Err(Stop::Held(sorted(why)))
        };
        if let Some(weight) = &pool.weight {
            let _ = self.value(here, weight, &mut reads);
        }
        let mut node = match (&found, shared.shares.get(&here.payee)) {
            (Ok(_), Some(share)) => {
                let exact = Ok(Scalar::Number(share.exact.clone()));
                let rule = Rule::Share {
                    weight: share.weight.0.clone(),
                    weights: share.weight.1.clone(),
                    kind: pool
                        .weight
                        .as_ref()
                        .map_or(Kind::Number, |own| kind(own.ty)),
                    equally: pool.weight.is_none() || shared.all_are_zero(),
                };
                let mut part = money(rule, "share", &exact, pool.share_span);
                part.reads = reads;
                let cut = Rule::Cut {
                    exact: share.exact.clone(),
                    spare: share.spare.clone(),
                };
                let mut node = money(cut, &group.label, &found, pool.round_span);
                node.reads = vec![part];
                node
            }
            _ => {
                let mut node = money(Rule::Expression, &group.label, &found, pool.share_span);
                node.reads = reads;
                node
            }
        };
        node.decided = decided;
        (found, Some(node))
    }

    /// The size as somebody reads it.
    fn pool_size(
        &mut self,
        here: &Here,
        (group, pool): (&Group, &'a Pool),
        reads: &mut Vec<Node>,
    ) -> Result<Exact, Vec<Cause>> {
        match demand(self.value(here, &pool.size, reads)) {
            Ok(Scalar::Number(size)) if size.is_negative() => {
                let period = self.plan.calendar.label(&self.periods[here.period]);
                Err(vec![Cause::below_zero(&group.label, &here.payee, &period)])
            }
            Ok(Scalar::Number(size)) => Ok(size),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(Exact::ZERO),
        }
    }

    /// Whether somebody who belongs to the period is a member.
    fn standing(
        &mut self,
        here: &Here,
        pool: &'a Pool,
        decided: &mut BTreeSet<Decided>,
    ) -> Standing {
        let mut why = Vec::new();
        for member in &pool.members {
            match self.decide(member, here, decided) {
                Ok(true) => {}
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => return Standing::Not(member.span),
            }
        }
        match why.is_empty() {
            true => Standing::Member,
            false => Standing::Unknown(sorted(why)),
        }
    }

    /// Everybody's shares in a period, by text.
    fn pools_in(
        &mut self,
        id: GroupId,
        (group, pool): (&'a Group, &'a Pool),
        period: usize,
    ) -> Rc<Period> {
        if let Some(made) = self.groups.pools.get(&(id, period)) {
            return made.clone();
        }
        let mut by_text: BTreeMap<Text, Shared> = BTreeMap::new();
        let mut of_any = self.lost_people();
        let calendar_period = self.periods[period];
        for payee in self.payees() {
            if !self.belongs(&payee, &calendar_period) {
                continue;
            }
            let here = Here::of(&payee, period);
            let mut decided = BTreeSet::new();
            let standing = self.standing(&here, pool, &mut decided);
            let mut text = None;
            if let Some(column) = pool.column {
                let texts = self.texts(&payee, column);
                if !texts.why.is_empty() {
                    match standing {
                        Standing::Not(_) => {}
                        _ if texts.is_any => of_any.extend(texts.why),
                        _ => {
                            for text in texts.all() {
                                let own = by_text.entry(Some(text)).or_default();
                                own.why.extend(texts.why.iter().cloned());
                            }
                        }
                    }
                    continue;
                }
                text = texts.at_end(self.days_in_plan(period));
                // Who is in no group is held where they read it.
                if text.is_none() {
                    continue;
                }
            }
            let life = self.life(&payee);
            let shared = by_text.entry(text).or_default();
            shared.decided.extend(decided);
            match standing {
                Standing::Not(_) => continue,
                _ if !life.held.is_empty() => shared.why.extend(life.held),
                Standing::Unknown(why) => shared.why.extend(why),
                Standing::Member => {
                    let (weight, decided) = self.pool_weight(&here, (group, pool));
                    let size = self.pool_size(&here, (group, pool), &mut Vec::new());
                    shared.decided.extend(decided);
                    match weight {
                        Ok(weight) => {
                            shared.members.push((payee, weight));
                            shared.size = shared.size.take().or(size.ok());
                        }
                        Err(why) => shared.why.extend(why),
                    }
                }
            }
        }
        for shared in by_text.values_mut() {
            shared.share(pool);
        }
        let made = Rc::new((by_text, of_any));
        self.groups.pools.insert((id, period), made.clone());
        made
    }

    /// Why somebody may be missing among the people.
    pub(in crate::explain) fn lost_people(&self) -> Vec<Cause> {
        let Some(people) = self.rows.table(PEOPLE) else {
            return Vec::new();
        };
        let mut why = Vec::new();
        for row in 0..people.rows {
            if let Some(broken) = people.broken_row(row) {
                why.extend(people.cause(broken));
                continue;
            }
            match read_cell(self.plan, people, "id", row) {
                Err(Stop::Held(causes)) => why.extend(causes),
                Err(Stop::Empty(cause)) => why.push(cause),
                _ => {}
            }
        }
        why
    }

    /// A member's weight.
    fn pool_weight(
        &mut self,
        here: &Here,
        (group, pool): (&Group, &'a Pool),
    ) -> (Result<Exact, Vec<Cause>>, BTreeSet<Decided>) {
        let Some(weight) = &pool.weight else {
            return (Ok(Exact::ONE), BTreeSet::new());
        };
        let mut reads = Vec::new();
        let found = match demand(self.value(here, weight, &mut reads)) {
            Ok(Scalar::Number(weight)) if weight.is_negative() => {
                let period = self.plan.calendar.label(&self.periods[here.period]);
                let cause = Cause::weight_negative(&group.label, &here.payee, &period);
                Err(vec![cause])
            }
            Ok(Scalar::Number(weight)) => Ok(weight),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(Exact::ZERO),
        };
        (found, decided_in(&reads))
    }
}

impl Shared {
    fn all_are_zero(&self) -> bool {
        self.members.iter().all(|(_, weight)| weight.is_zero())
    }

    /// Cuts the size into shares, in whole units.
    fn share(&mut self, pool: &Pool) {
        let Some(units) = self
            .size
            .as_ref()
            .and_then(|size| size.checked_div(&pool.unit))
        else {
            return;
        };
        let units = units.floor();
        let equally = pool.all_zero == AllZero::Equally && self.all_are_zero();
        let weights: Vec<Exact> = self
            .members
            .iter()
            .map(|(_, weight)| match equally {
                true => Exact::ONE,
                false => weight.clone(),
            })
            .collect();
        let all: Exact = weights.iter().sum();
        let exact: Vec<Exact> = weights
            .iter()
            .map(|weight| (&units * weight).checked_div(&all).unwrap_or_default())
            .collect();
        let whole: Vec<Exact> = exact.iter().map(Exact::floor).collect();
        let mut spare = vec![Exact::ZERO; weights.len()];
        // Where nobody has a weight, nobody has a share.
        if !all.is_zero() {
            let left = units - whole.iter().sum::<Exact>();
            match pool.remainder {
                Remainder::Company => {}
                Remainder::Members(Residue::ToFirst) => {
                    let first = weights.iter().position(Exact::is_positive);
                    first.into_iter().for_each(|at| spare[at] = left.clone());
                }
                Remainder::Members(Residue::ToLargest) => {
                    let most = weights.iter().max();
                    let first = weights.iter().position(|own| Some(own) == most);
                    first.into_iter().for_each(|at| spare[at] = left.clone());
                }
                Remainder::Members(Residue::LargestRemainder) => {
                    let lost = |at: usize| &exact[at] - &whole[at];
                    let mut order: Vec<usize> = (0..weights.len()).collect();
                    order.sort_by(|a, b| lost(*b).cmp(&lost(*a)).then(a.cmp(b)));
                    let mut left = left;
                    for at in order {
                        if left.is_positive() {
                            spare[at] = Exact::ONE;
                            left -= Exact::ONE;
                        }
                    }
                }
            }
        }
        for (at, (payee, _)) in self.members.iter().enumerate() {
            let share = Share {
                weight: (weights[at].clone(), all.clone()),
                exact: &exact[at] * &pool.unit,
                spare: &spare[at] * &pool.unit,
                amount: (&whole[at] + &spare[at]) * &pool.unit,
            };
            self.shares.insert(payee.clone(), share);
        }
    }
}
