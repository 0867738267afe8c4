//! A pay `for each` record: record by record, in order.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Date, Exact, natural_cmp};
use crate::explain::amended::{OnDays, together};
use crate::explain::cells::record_id;
use crate::explain::expression::{Found, Scalar, Stop, two_numbers, yes};
use crate::explain::pays::{holding, or_zero};
use crate::explain::placing::Spot;
use crate::explain::receipt::{Decided, Kind, Node, Rule};
use crate::explain::walk::{Here, OnRecord, Walker, credited, decided_in, leaf};
use crate::meaning::plan::{
    Amount, CreditId, Expr, ExprKind, LimitOf, Pay, Scope, SourceId, Step, StepKind, TierUse,
};
use crate::syntax::ast::{Aggregate, BinaryOp, Window};
use crate::table::sorted;

/// What a pay comes to on one record.
#[derive(Clone, Debug)]
pub(in crate::explain) struct ByRecord {
    /// The row of the record in its source; none for a given credit.
    pub(in crate::explain) row: Option<usize>,
    /// The credit's date.
    pub(in crate::explain) date: Date,
    pub(in crate::explain) amount: Exact,
}

impl<'a> Walker<'a> {
    /// The id of a record; none of a given credit.
    pub(in crate::explain) fn id_of(&self, source: SourceId, row: Option<usize>) -> String {
        let table = self.rows.table(&self.plan.source(source).binding);
        let record = table.zip(row);
        record.map_or_else(String::new, |(table, row)| record_id(self.plan, table, row))
    }

    /// `for each`: every record's amount through the lines about records, then their sum.
    /// What each of them comes to is added to `by_record`.
    pub(in crate::explain) fn each(
        &mut self,
        whole: &'a Pay,
        here: &Here,
        by_record: &mut Vec<ByRecord>,
    ) -> (Found, Node) {
        let pay = self.text_in(whole, here.period);
        let span = Some(pay.amount_span);
        let Scope::Each { credits, .. } = &pay.scope else {
            let none = Err(Stop::Nothing);
            return (
                none.clone(),
                leaf(Rule::Sum, "amount", &none, Kind::Money, None),
            );
        };
        let mut why = Vec::new();
        for credit in credits {
            why.extend(self.unknown(here, *credit, pay.window));
        }
        if !why.is_empty() {
            let causes = sorted(why);
            self.unknown_use(pay, &causes, here);
            let found = Err(Stop::Held(causes));
            let node = leaf(Rule::Sum, "amount", &found, Kind::Money, span);
            return (found, node);
        }
        let mut decided = BTreeSet::new();
        for credit in credits {
            decided.extend(self.decided_on(here, *credit, pay.window));
        }
        let texts = self.texts_on(whole, here.period);
        let records = self.records(here, credits, pay.window);
        let mut parts = Vec::new();
        let mut sum: Found = Ok(Scalar::Number(Exact::ZERO));
        for on in &texts {
            let (found, mut node) = self.records_on(on, &records, here, by_record);
            node.decided.append(&mut decided);
            parts.push(self.in_force(on, &found, vec![node], whole));
            sum = two_numbers(sum, found).map(|(sum, own)| Scalar::Number(sum + own));
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => (sum, only),
            last => {
                parts.extend(last);
                let node = together(&sum, parts, whole);
                (sum, node)
            }
        }
    }

    /// The records of the days of one text, among all of the amount.
    fn records_on(
        &mut self,
        on: &OnDays<'a>,
        records: &[AtRecord],
        here: &Here,
        by_record: &mut Vec<ByRecord>,
    ) -> (Found, Node) {
        let pay = on.text;
        let placing = self.placing_credit(pay);
        let fresh = match &pay.amount {
            Amount::Tiered { tiers, .. } => self.fresh(*tiers),
            Amount::Plain(_) => None,
        };
        let mut running = match placing {
            Some((credit, window)) => {
                let start = self.days(pay.window, here.period).0;
                self.total_before(here, credit, window, (fresh, start))
            }
            None => Exact::ZERO,
        };
        let mut total = Exact::ZERO;
        let mut why = Vec::new();
        let mut nodes = Vec::new();
        let mut decided = BTreeSet::new();
        let spots = self.spots(pay, here, records);
        for (nth, record) in records.iter().enumerate() {
            let start = running.clone();
            if let Some((credit, _)) = placing
                && fresh.is_none_or(|fresh| fresh <= record.date)
            {
                let own = record.on.amounts.get(&credit);
                running += own.cloned().unwrap_or(Exact::ZERO);
            }
            if record.date < on.first || on.last < record.date {
                continue;
            }
            let at = Here {
                record: Some(record.on.clone()),
                counting: on.on_records(),
                ..here.clone()
            };
            let found = match self.included(pay, &at, &mut decided) {
                Ok(false) => continue,
                Ok(true) => {
                    let (found, node) = self.one_record(pay, record, &at, (&start, spots.get(nth)));
                    nodes.push(node);
                    found
                }
                Err(stop) => self.record_steps(pay, &at, Err(stop)).0,
            };
            match found {
                Ok(Scalar::Number(amount)) => {
                    total += amount.clone();
                    by_record.push(ByRecord {
                        row: record.on.row,
                        date: record.date,
                        amount,
                    });
                }
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => {}
            }
        }
        let found = if why.is_empty() {
            Ok(Scalar::Number(total))
        } else {
            Err(Stop::Held(sorted(why)))
        };
        let span = Some(pay.amount_span);
        let mut node = leaf(Rule::Sum, "amount", &found, Kind::Money, span);
        node.reads = nodes;
        node.decided = decided;
        (found, node)
    }

    /// What one record earns; slices of it start at `start`, or it stands on a spot.
    fn one_record(
        &mut self,
        pay: &'a Pay,
        record: &AtRecord,
        on: &Here,
        (start, spot): (&Exact, Option<&Spot>),
    ) -> (Found, Node) {
        let blocked = match self.placing_credit(pay) {
            Some((credit, window)) => {
                let whole = Here::of(&on.payee, on.period);
                self.unknown(&whole, credit, window)
            }
            None => Vec::new(),
        };
        let (found, amount) = if let Some(spot) = spot {
            self.placed_amount(pay, on, spot)
        } else if blocked.is_empty() {
            self.amount(&pay.amount, pay.amount_span, on, start)
        } else {
            let held = Err(Stop::Held(blocked));
            let span = Some(pay.amount_span);
            let node = leaf(Rule::Expression, "amount", &held, Kind::Money, span);
            (held, node)
        };
        let (found, mut node) = self.record_steps(pay, on, or_zero(found));
        node.rule = Rule::Record {
            record: record.id.clone(),
            date: record.own,
        };
        node.label = record.id.clone();
        node.reads.insert(0, amount);
        (found, node)
    }

    /// A condition's answer, kept with what it read.
    pub(in crate::explain) fn decide(
        &mut self,
        when: &'a Expr,
        here: &Here,
        decided: &mut BTreeSet<Decided>,
    ) -> Result<bool, Stop> {
        let mut reads = Vec::new();
        let answer = yes(self.value(here, when, &mut reads));
        decided.extend(decided_in(&reads));
        if let Ok(holds) = answer {
            decided.insert(Decided {
                clause: when.span,
                holds,
            });
        }
        answer
    }

    pub(in crate::explain) fn included(
        &mut self,
        pay: &'a Pay,
        on: &Here,
        decided: &mut BTreeSet<Decided>,
    ) -> Result<bool, Stop> {
        let mut why = Vec::new();
        for when in &pay.when {
            match self.decide(when, on, decided) {
                Ok(true) => {}
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => return Ok(false),
            }
        }
        if why.is_empty() {
            Ok(true)
        } else {
            Err(Stop::Held(sorted(why)))
        }
    }

    pub(in crate::explain) fn record_steps(
        &mut self,
        pay: &'a Pay,
        on: &Here,
        start: Found,
    ) -> (Found, Node) {
        let mut found = start;
        let mut nodes = Vec::new();
        let mut decided = BTreeSet::new();
        for (at, step) in pay.steps.iter().enumerate() {
            if !step.kind.acts_on_record() {
                continue;
            }
            if let StepKind::CapOf(cap) = &step.kind {
                let (left, node) = self.capped_of((pay, at, cap), found, on, &mut decided);
                found = left;
                nodes.extend(node);
                continue;
            }
            match self.step_applies(step, on, &mut decided) {
                Ok(true) => {}
                Err(Stop::Held(causes)) => {
                    found = holding(&found, causes);
                    continue;
                }
                _ => continue,
            }
            found = match &step.kind {
                StepKind::RoundEach(rounding) => match found {
                    Ok(Scalar::Number(exact)) => {
                        let rounded = Ok(Scalar::Number(rounding.round(&exact)));
                        nodes.push(leaf(
                            Rule::Round { exact },
                            "rounding",
                            &rounded,
                            Kind::Money,
                            Some(step.span),
                        ));
                        rounded
                    }
                    other => other,
                },
                StepKind::Cap {
                    amount,
                    of: LimitOf::Record,
                    ..
                } => self.limited(found, amount, on, step, true, &mut nodes),
                StepKind::Floor {
                    amount,
                    of: LimitOf::Record,
                } => self.limited(found, amount, on, step, false, &mut nodes),
                _ => found,
            };
        }
        let mut node = leaf(
            Rule::Expression,
            "",
            &found,
            Kind::Money,
            Some(pay.amount_span),
        );
        node.reads = nodes;
        node.decided = decided;
        (found, node)
    }

    /// Whether a line applies.
    pub(in crate::explain) fn step_applies(
        &mut self,
        step: &'a Step,
        here: &Here,
        decided: &mut BTreeSet<Decided>,
    ) -> Result<bool, Stop> {
        match &step.when {
            None => Ok(true),
            Some(when) => self.decide(when, here, decided),
        }
    }

    /// The credit whose running total places slices of records.
    pub(in crate::explain) fn placing_credit(&self, pay: &Pay) -> Option<(CreditId, Window)> {
        let Amount::Tiered {
            base:
                Expr {
                    kind: ExprKind::Credit(paid),
                    ..
                },
            tiers,
            how: TierUse::EachSlice { .. },
        } = &pay.amount
        else {
            return None;
        };
        let axis = match &self.plan.tier_table(*tiers).axis.kind {
            ExprKind::Measure(id) => &self.plan.measure(*id).value.kind,
            own => own,
        };
        let numerator = match axis {
            ExprKind::Binary(BinaryOp::Divide, numerator, _) => &numerator.kind,
            own => own,
        };
        match numerator {
            ExprKind::Aggregate {
                how: Aggregate::Total,
                credit,
                window,
            } if credit == paid => Some((*credit, *window)),
            _ => None,
        }
    }

    pub(in crate::explain) fn total_before(
        &mut self,
        here: &Here,
        credit: CreditId,
        window: Window,
        (fresh, before): (Option<Date>, Date),
    ) -> Exact {
        let (first, _) = self.days(window, here.period);
        let first = fresh.map_or(first, |fresh| first.max(fresh));
        let shares = self.credits(&here.payee, credit).shares;
        let earlier = shares
            .into_iter()
            .filter(|share| first <= share.date && share.date < before);
        earlier.fold(Exact::ZERO, |sum, share| sum + share.amount)
    }

    /// The records on which a person has one of the credits, in order.
    pub(in crate::explain) fn records(
        &mut self,
        here: &Here,
        credits: &[CreditId],
        window: Window,
    ) -> Vec<AtRecord> {
        let (first, last) = self.days(window, here.period);
        let mut records: Vec<AtRecord> = Vec::new();
        for credit in credits {
            for share in self.credits(&here.payee, *credit).shares {
                if share.date < first || share.date > last {
                    continue;
                }
                let known = records
                    .iter_mut()
                    .find(|record| share.row.is_some() && record.on.row == share.row);
                let from = (credited(&share), share.converted);
                match known {
                    Some(record) => {
                        record.on.amounts.insert(*credit, share.amount);
                        record.on.credited.insert(*credit, from);
                    }
                    None => records.push(AtRecord {
                        date: share.date,
                        own: share.own,
                        id: share.record,
                        on: OnRecord {
                            row: share.row,
                            amounts: BTreeMap::from([(*credit, share.amount)]),
                            credited: BTreeMap::from([(*credit, from)]),
                        },
                    }),
                }
            }
        }
        records.sort_by(|a, b| {
            a.date
                .cmp(&b.date)
                .then_with(|| natural_cmp(&a.id, &b.id))
                .then(a.on.row.cmp(&b.on.row))
        });
        records
    }
}

/// A record of a pay, with the payee's credits on it.
pub(in crate::explain) struct AtRecord {
    /// The day on which it counts.
    pub(in crate::explain) date: Date,
    /// Its own day.
    own: Date,
    id: String,
    pub(in crate::explain) on: OnRecord,
}
