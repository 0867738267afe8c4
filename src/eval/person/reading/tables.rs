//! What tables, curves and scorecards have for what is known of a person.

use crate::base::{Date, Exact};
use crate::eval::person::At;
use crate::eval::values::{V, both, eval, numbers};
use crate::meaning::plan::{
    Beyond, Counts, CurvePoint, Expr, LookupId, LookupKind, LookupRow, MissingScore, Range, Rate,
    ScorecardId, TiersId,
};
use crate::table::{Cause, sorted};

impl At<'_, '_> {
    /// The value of the row that a table's axis lies in.
    pub(in crate::eval) fn tier(&self, id: TiersId) -> V {
        let table = self.payer.plan.tier_table(id);
        let since = self.payer.plan.amended.fresh.tiers.get(&id);
        let axis = eval(&table.axis, &self.inside(since)).needed();
        let row = match &axis {
            V::Number(number) => table.rows.iter().find(|row| row.range.contains(number)),
            V::Text(text) => table
                .rows
                .iter()
                .find(|row| row.range == Range::Text(text.to_string())),
            _ => return axis,
        };
        row.map_or(V::Nothing, |row| V::Number(row.value.clone()))
    }

    /// The weighted scores, added.
    pub(super) fn scorecard(&self, id: ScorecardId) -> V {
        let card = self.payer.plan.scorecard(id);
        let at = &self.inside(self.payer.plan.amended.fresh.scorecards.get(&id));
        let (mut sum, mut weights) = (Exact::ZERO, Exact::ZERO);
        let mut held = Vec::new();
        let mut nothing = false;
        for objective in &card.objectives {
            let counted = match eval(&objective.score, at) {
                V::Number(score) => Counts::apply(&objective.counts, &score),
                V::Absent(cause) | V::Missing(cause) => match &card.missing {
                    MissingScore::Counts(value) => value.clone(),
                    MissingScore::Share => continue,
                    MissingScore::Hold => {
                        held.push(cause);
                        continue;
                    }
                },
                V::Held(causes) => {
                    held.extend(causes);
                    continue;
                }
                _ => {
                    nothing = true;
                    continue;
                }
            };
            sum += objective.weight.clone() * counted;
            weights += objective.weight.clone();
        }
        if !held.is_empty() {
            return V::Held(sorted(held));
        }
        if nothing {
            return V::Nothing;
        }
        let Some(whole) = sum.checked_div(&weights) else {
            let (payer, period) = (self.payer, self.payer.label(self.period));
            let cause = Cause::no_scores(&card.label, &payer.person.id, &period);
            return V::Held(vec![cause]);
        };
        V::Number(match &card.rounding {
            Some(rounding) => rounding.round(&whole),
            None => whole,
        })
    }

    /// What a table in data has for these keys.
    fn in_data(&self, id: LookupId, keys: &[Expr], missing: Option<&Exact>) -> V {
        let mut held = Vec::new();
        let mut lacks = None;
        let mut texts = Vec::new();
        for key in keys {
            match eval(key, self) {
                V::Text(text) => texts.push(Some(text.to_string())),
                V::Absent(cause) => {
                    lacks.get_or_insert(cause);
                    texts.push(None);
                }
                value => match value.needed() {
                    V::Held(causes) => held = both(held, causes),
                    _ => return V::Nothing,
                },
            }
        }
        if !held.is_empty() {
            return V::Held(held);
        }
        let payer = self.payer;
        if let Some(value) = payer.common.listed[id.0].value(&texts) {
            return value;
        }
        match (missing, lacks) {
            (Some(instead), _) => V::Number(instead.clone()),
            (None, Some(cause)) => V::Held(vec![cause]),
            (None, None) => {
                let words: Vec<String> = texts.into_iter().flatten().collect();
                let label = &payer.plan.lookup(id).label;
                V::Held(vec![Cause::not_listed(label, &words.join(", "))])
            }
        }
    }

    pub(super) fn lookup(&self, id: LookupId) -> V {
        let lookup = self.payer.plan.lookup(id);
        let at = &self.inside(self.payer.plan.amended.fresh.lookups.get(&id));
        let found = match &lookup.kind {
            LookupKind::Curve {
                axis,
                points,
                below,
                above,
            } => match eval(axis, at).needed() {
                V::Number(place) => V::Number(on_curve(points, below, above, &place)),
                other => other,
            },
            LookupKind::Listed { keys, missing, .. } => {
                return at.in_data(id, keys, missing.as_ref());
            }
            LookupKind::Rows { keys, rows } => {
                let mut held = Vec::new();
                let mut values = Vec::new();
                for key in keys {
                    match eval(key, at) {
                        V::Absent(_) => values.push(None),
                        value => match value.needed() {
                            V::Held(causes) => held = both(held, causes),
                            V::Nothing => return V::Nothing,
                            value => values.push(Some(value)),
                        },
                    }
                }
                if !held.is_empty() {
                    return V::Held(held);
                }
                let fits = |row: &&LookupRow| {
                    let pairs = row.ranges.iter().zip(&values);
                    pairs
                        .into_iter()
                        .all(|(range, value)| match (range, value) {
                            (None, _) => true,
                            (Some(range), Some(V::Number(number))) => range.contains(number),
                            (Some(Range::Text(text)), Some(V::Text(own))) => **text == **own,
                            _ => false,
                        })
                };
                match rows.iter().find(fits) {
                    Some(row) => match &lookup.base {
                        Some(base) if row.is_share => {
                            let share = V::Number(row.value.clone());
                            numbers(eval(base, at).needed(), share, |base, share| {
                                V::Number(base * share)
                            })
                        }
                        _ => V::Number(row.value.clone()),
                    },
                    None => {
                        let (payer, label) = (self.payer, &lookup.label);
                        let period = payer.label(self.period);
                        V::Held(vec![Cause::no_row(label, &payer.person.id, &period)])
                    }
                }
            }
        };
        match (found, &lookup.rounding) {
            (V::Number(number), Some(rounding)) => V::Number(rounding.round(&number)),
            (found, _) => found,
        }
    }
}

/// The value of a curve at a place.
pub(in crate::eval) fn on_curve(
    points: &[CurvePoint],
    below: &Beyond,
    above: &Beyond,
    at: &Exact,
) -> Exact {
    let beyond = |rule: &Beyond, point: &CurvePoint| match rule {
        Beyond::Nothing => Exact::ZERO,
        Beyond::Stays => point.value.clone(),
        Beyond::Continues(slope) => {
            point.value.clone() + (at.clone() - point.at.clone()) * slope.clone()
        }
    };
    let next = points.partition_point(|point| point.at < *at);
    match (
        next.checked_sub(1).and_then(|at| points.get(at)),
        points.get(next),
    ) {
        (_, Some(point)) if point.at == *at => point.value.clone(),
        (None, Some(first)) => beyond(below, first),
        (Some(last), None) => beyond(above, last),
        (Some(a), Some(b)) => {
            let part = (at.clone() - a.at.clone()).checked_div(&(b.at.clone() - a.at.clone()));
            let rise = b.value.clone() - a.value.clone();
            a.value.clone() + rise * part.unwrap_or_default()
        }
        (None, None) => Exact::ZERO,
    }
}

/// The value of a rate on a day.
pub(in crate::eval) fn dated(rate: &Rate, day: Date) -> V {
    let mut rows = rate.rows.iter();
    match rows.find(|row| row.first <= day && day <= row.last) {
        Some(row) => V::Number(row.value.clone()),
        None => V::Held(vec![Cause::no_rate(&rate.label, day)]),
    }
}
