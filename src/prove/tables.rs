//! Claims about tables: whether a curve, matrix or tier table ever falls along one of its axes. Their values are constants,
//! so neighbours are compared.

use crate::base::Exact;
use crate::meaning::plan::{
    Beyond, LookupId, LookupKind, LookupRow, Plan, Range, TableClaim, TableOf, TierRow, TiersId,
};

/// What became of a claim about a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableVerdict {
    /// It holds.
    Proved,
    /// Two places, each with its value: the second is further along the axis and worth less.
    Disproved((String, Exact), (String, Exact)),
    /// Rows that may overlap, a text axis, or shares of an amount.
    Undecided,
}

/// Decides a claim about a table, in every text of an amended plan.
pub fn decide_table(plan: &Plan, claim: &TableClaim) -> TableVerdict {
    let of_texts: Vec<TableOf> = match claim.table {
        TableOf::Tiers(id) => {
            let same = plan.tiers.iter().enumerate();
            let same = same.filter(|(_, own)| own.name == plan.tier_table(id).name);
            same.map(|(at, _)| TableOf::Tiers(TiersId(at))).collect()
        }
        TableOf::Lookup(id) => {
            let same = plan.lookups.iter().enumerate();
            let same = same.filter(|(_, own)| own.name == plan.lookup(id).name);
            same.map(|(at, _)| TableOf::Lookup(LookupId(at))).collect()
        }
    };
    let verdicts = of_texts
        .into_iter()
        .map(|table| decide(plan, table, claim.axis));
    let open = verdicts
        .into_iter()
        .find(|verdict| *verdict != TableVerdict::Proved);
    open.unwrap_or(TableVerdict::Proved)
}

fn decide(plan: &Plan, table: TableOf, axis: usize) -> TableVerdict {
    match table {
        TableOf::Tiers(id) => {
            let rows = &plan.tier_table(id).rows;
            if rows.iter().any(|row| matches!(row.range, Range::Text(_))) {
                return TableVerdict::Undecided;
            }
            let place = |row: &TierRow| (row.words.clone(), row.value.clone());
            rising(rows.iter().map(place))
        }
        // A share is worth what its base is.
        TableOf::Lookup(id) if plan.lookup(id).base.is_some() => TableVerdict::Undecided,
        TableOf::Lookup(id) => match &plan.lookup(id).kind {
            LookupKind::Rows { rows, .. } => along(rows, axis),
            LookupKind::Listed { .. } => TableVerdict::Undecided,
            LookupKind::Curve {
                points,
                below,
                above,
                ..
            } => {
                let (Some(first), Some(last)) = (points.first(), points.last()) else {
                    return TableVerdict::Undecided;
                };
                let outside = |rule: &Beyond, value: &Exact, side: i64| match rule {
                    Beyond::Nothing => Exact::ZERO,
                    Beyond::Stays => value.clone(),
                    Beyond::Continues(slope) => value.clone() + slope.clone() * Exact::int(side),
                };
                let before = (
                    "before the first point".to_owned(),
                    outside(below, &first.value, -1),
                );
                let after = (
                    "after the last point".to_owned(),
                    outside(above, &last.value, 1),
                );
                let place = |at: usize| format!("point {}", at + 1);
                let points = points.iter().enumerate();
                let points = points.map(|(at, point)| (place(at), point.value.clone()));
                rising(std::iter::once(before).chain(points).chain([after]))
            }
        },
    }
}

/// Whether values never fall from one place to the next.
fn rising(places: impl Iterator<Item = (String, Exact)>) -> TableVerdict {
    let mut before: Option<(String, Exact)> = None;
    for place in places {
        if let Some(before) = before
            && place.1 < before.1
        {
            return TableVerdict::Disproved(before, place);
        }
        before = Some(place);
    }
    TableVerdict::Proved
}

/// Rows along one of their keys, those with the same other ranges together.
fn along(rows: &[LookupRow], axis: usize) -> TableVerdict {
    let others = |row: &LookupRow| {
        let mut ranges = row.ranges.clone();
        ranges.remove(axis);
        ranges
    };
    let low = |row: &LookupRow| match row.ranges.get(axis) {
        Some(Some(Range::Numbers { low, .. })) => Some(low.clone().map(|(end, held)| (end, !held))),
        _ => None,
    };
    // A row without a condition may lie over others: which decides where is not told by neighbours.
    if rows
        .iter()
        .any(|row| row.ranges.iter().any(Option::is_none) || low(row).is_none())
    {
        return TableVerdict::Undecided;
    }
    for first in rows {
        let mut group: Vec<&LookupRow> = rows
            .iter()
            .filter(|row| others(row) == others(first))
            .collect();
        group.sort_by_key(|row| low(row).flatten());
        let place = |row: &&LookupRow| (row.words.clone(), row.value.clone());
        let verdict = rising(group.iter().map(place));
        if verdict != TableVerdict::Proved {
            return verdict;
        }
    }
    TableVerdict::Proved
}
