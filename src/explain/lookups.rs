//! Values that are looked up: the row or the points that decided, and why not their neighbours.

use crate::base::Exact;
use crate::explain::expression::{Found, Scalar, Stop, demand, lies_in};
use crate::explain::receipt::{Node, Rule};
use crate::explain::walk::{Here, Walker, kind, leaf};
use crate::meaning::plan::{
    Beyond, CurvePoint, Expr, Lookup, LookupId, LookupKind, LookupRow, RateId,
};
use crate::table::{Cause, sorted};

impl<'a> Walker<'a> {
    /// A curve's or table's value.
    pub(in crate::explain) fn looked_up(
        &mut self,
        here: &Here,
        id: LookupId,
    ) -> (Found, Option<Node>) {
        let lookup = self.plan.lookup(id);
        let here = &here.inside(self.plan.amended.fresh.lookups.get(&id));
        let mut reads = Vec::new();
        let (found, mut node) = match &lookup.kind {
            LookupKind::Curve {
                axis,
                points,
                below,
                above,
            } => self.on_curve(here, lookup, axis, points, (below, above), &mut reads),
            LookupKind::Listed {
                keys,
                source,
                missing,
            } => {
                let rows = (keys.as_slice(), self.plan.source(*source));
                self.in_data(here, lookup, rows, missing.as_ref(), &mut reads)
            }
            LookupKind::Rows { keys, rows } => self.in_rows(here, lookup, keys, rows, &mut reads),
        };
        node.reads.splice(0..0, reads);
        (found, Some(node))
    }

    fn on_curve(
        &mut self,
        here: &Here,
        lookup: &'a Lookup,
        axis: &'a Expr,
        points: &'a [CurvePoint],
        (below, above): (&Beyond, &Beyond),
        reads: &mut Vec<Node>,
    ) -> (Found, Node) {
        let at = match demand(self.value(here, axis, reads)) {
            Ok(Scalar::Number(at)) => at,
            Ok(_) => return self.stopped(lookup, Stop::Nothing),
            Err(stop) => return self.stopped(lookup, stop),
        };
        let mut before: Option<&CurvePoint> = None;
        let mut after: Option<&CurvePoint> = None;
        for point in points {
            if point.at <= at {
                before = Some(point);
            } else if after.is_none() {
                after = Some(point);
            }
        }
        let exact = match (before, after) {
            (Some(a), _) if a.at == at => a.value.clone(),
            (Some(a), Some(b)) => {
                // The two-point form of a line, cleared of its denominator last.
                let width = b.at.clone() - a.at.clone();
                let weighed = a.value.clone() * (b.at.clone() - at.clone())
                    + b.value.clone() * (at.clone() - a.at.clone());
                weighed.checked_div(&width).unwrap_or_default()
            }
            (Some(last), None) => beyond(above, last, &at),
            (None, Some(first)) => beyond(below, first, &at),
            (None, None) => Exact::ZERO,
        };
        let pair = |point: &CurvePoint| (point.at.clone(), point.value.clone());
        let span = before.or(after).map_or(lookup.span, |point| point.span);
        let rule = Rule::Curve {
            at,
            kind: kind(axis.ty),
            before: before.map(pair),
            after: after.map(pair),
        };
        let found = Ok(Scalar::Number(exact.clone()));
        let node = leaf(rule, &lookup.label, &found, kind(lookup.ty), Some(span));
        let Some(rounding) = &lookup.rounding else {
            return (found, node);
        };
        let found = Ok(Scalar::Number(rounding.round(&exact)));
        let rule = Rule::Round { exact };
        let mut round = leaf(
            rule,
            &lookup.label,
            &found,
            kind(lookup.ty),
            Some(lookup.span),
        );
        round.reads.push(node);
        (found, round)
    }

    fn in_rows(
        &mut self,
        here: &Here,
        lookup: &'a Lookup,
        keys: &'a [Expr],
        rows: &'a [LookupRow],
        reads: &mut Vec<Node>,
    ) -> (Found, Node) {
        let mut values: Vec<Option<Scalar>> = Vec::new();
        let mut held = Vec::new();
        for key in keys {
            match self.value(here, key, reads) {
                Ok(value) => values.push(Some(value)),
                Err(Stop::Empty(_)) => values.push(None),
                Err(stop) => match demand(Err(stop)) {
                    Err(Stop::Held(causes)) => held.extend(causes),
                    _ => return self.stopped(lookup, Stop::Nothing),
                },
            }
        }
        if !held.is_empty() {
            return self.stopped(lookup, Stop::Held(sorted(held)));
        }
        let mut matching = rows.iter().filter(|row| {
            let mut pairs = row.ranges.iter().zip(&values);
            pairs.all(|(range, value)| match (range, value) {
                (None, _) => true,
                (Some(range), Some(value)) => lies_in(range, value),
                (Some(_), None) => false,
            })
        });
        let Some(row) = matching.next() else {
            let label = self.plan.calendar.label(&self.periods[here.period]);
            let cause = Cause::no_row(&lookup.label, &here.payee, &label);
            return self.stopped(lookup, Stop::Held(vec![cause]));
        };
        let lost = matching.map(|row| row.words.clone()).collect();
        let words = match &row.approved_by {
            Some(by) => format!("{}, approved by {by}", row.words),
            None => row.words.clone(),
        };
        let (found, of) = match &lookup.base {
            Some(base) if row.is_share => match demand(self.value(here, base, reads)) {
                Ok(Scalar::Number(base)) => {
                    let share = base.clone() * row.value.clone();
                    (Ok(Scalar::Number(share)), Some(base))
                }
                Ok(_) => return self.stopped(lookup, Stop::Nothing),
                Err(stop) => return self.stopped(lookup, stop),
            },
            _ => (Ok(Scalar::Number(row.value.clone())), None),
        };
        let rule = Rule::RowReached {
            row: format!("{}: {words}", lookup.label),
            neighbours: lost,
            rate: row.value.clone(),
            of,
        };
        let node = leaf(rule, &lookup.label, &found, kind(lookup.ty), Some(row.span));
        (found, node)
    }

    pub(in crate::explain) fn stopped(&self, lookup: &Lookup, stop: Stop) -> (Found, Node) {
        let found = Err(stop);
        let node = leaf(
            Rule::Expression,
            &lookup.label,
            &found,
            kind(lookup.ty),
            Some(lookup.span),
        );
        (found, node)
    }

    /// A rate on a day.
    pub(in crate::explain) fn dated(
        &mut self,
        here: &Here,
        id: RateId,
        day: &Expr,
    ) -> (Found, Option<Node>) {
        let rate = self.plan.rate(id);
        let day = match demand(self.value(here, day, &mut Vec::new())) {
            Ok(Scalar::Date(day)) => day,
            Ok(_) => return (Err(Stop::Nothing), None),
            Err(stop) => return (Err(stop), None),
        };
        let holds = |first, last| first <= day && day <= last;
        let Some(row) = rate.rows.iter().find(|row| holds(row.first, row.last)) else {
            let cause = Cause::no_rate(&rate.label, day);
            return (Err(Stop::Held(vec![cause])), None);
        };
        let found = Ok(Scalar::Number(row.value.clone()));
        let rule = Rule::RowReached {
            row: format!(
                "{} on {day}, {} through {}",
                rate.label, row.first, row.last
            ),
            neighbours: Vec::new(),
            rate: row.value.clone(),
            of: None,
        };
        let node = leaf(rule, &rate.label, &found, kind(rate.ty), Some(row.span));
        (found, Some(node))
    }
}

fn beyond(rule: &Beyond, point: &CurvePoint, at: &Exact) -> Exact {
    match rule {
        Beyond::Nothing => Exact::ZERO,
        Beyond::Stays => point.value.clone(),
        Beyond::Continues(slope) => {
            slope.clone() * (at.clone() - point.at.clone()) + point.value.clone()
        }
    }
}
