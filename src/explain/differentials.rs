//! The part of somebody's credit that one person above them has, less what is paid below.

use crate::base::{Date, Exact};
use crate::explain::cells::read_cell;
use crate::explain::expression::{Scalar, Stop, demand};
use crate::explain::rollups::{Chart, Part};
use crate::meaning::plan::{ColumnId, Differential, Plan, Rollup};
use crate::table::{Cause, sorted};

/// How shares of people and levels become parts.
pub(in crate::explain) struct Ladder<'a> {
    pub(in crate::explain) plan: &'a Plan,
    pub(in crate::explain) rollup: &'a Rollup,
    pub(in crate::explain) own: &'a Differential,
    pub(in crate::explain) chart: &'a Chart<'a>,
}

impl Ladder<'_> {
    /// What a payee has of a credit of somebody, level by level.
    pub(in crate::explain) fn parts(&self, payee: &str, id: &str, day: Option<Date>) -> Vec<Part> {
        let most = self
            .rollup
            .levels
            .last()
            .map_or(0, |(level, _)| usize::from(*level));
        let levels = self.chart.levels(id, day, most);
        let mut highest = Exact::ZERO;
        let mut unsure: Vec<Cause> = Vec::new();
        if let Some(column) = self.own.column {
            match self.share_of(column, id, day) {
                Ok(share) => highest = share,
                Err(why) => unsure = why,
            }
        }
        let mut parts = Vec::new();
        for (number, of_level) in &self.rollup.levels {
            let Some(level) = levels.get(usize::from(*number).saturating_sub(1)) else {
                break;
            };
            let (below, unsure_below) = (highest.clone(), unsure.clone());
            for (who, why) in level {
                let share = match self.own.column {
                    Some(column) => self.share_of(column, who, day),
                    None => Ok(of_level.clone()),
                };
                let mut causes = [unsure_below.clone(), why.clone()].concat();
                let share = share.unwrap_or_else(|more| {
                    causes.extend(more);
                    Exact::ZERO
                });
                let is_sure = causes.is_empty() && day.is_some();
                if is_sure && share > highest {
                    highest = share.clone();
                }
                unsure.extend(causes.clone());
                if who == payee && (!is_sure || share > below) {
                    parts.push(Part {
                        why: sorted(causes),
                        share: (share.clone() - below.clone()).max(Exact::ZERO),
                        less: Some((*number, share, below.clone())),
                    });
                }
            }
        }
        parts
    }

    /// The share that people have of somebody on a day: nothing where no row holds it.
    fn share_of(&self, column: ColumnId, id: &str, day: Option<Date>) -> Result<Exact, Vec<Cause>> {
        let Some(day) = day else {
            return Ok(Exact::ZERO);
        };
        let Some(row) = self.chart.row_on(id, day)? else {
            return Ok(Exact::ZERO);
        };
        let (people, name) = (self.chart.people, &self.plan.people.columns[column.0].name);
        let share = match demand(read_cell(self.plan, people, name, row)) {
            Ok(Scalar::Number(share)) => share,
            Err(Stop::Held(causes)) => return Err(causes),
            _ => return Ok(Exact::ZERO),
        };
        let shown = |share: &Exact| format!("{}%", (share.clone() * Exact::int(100)).to_plain());
        match &self.own.whole {
            Some(whole) if share > *whole || share.is_negative() => {
                let cell = people.cell(row, name, &shown(&share));
                Err(vec![Cause::level_share(
                    id,
                    name,
                    Some(&shown(whole)),
                    cell,
                )])
            }
            None if share.is_negative() => {
                let cell = people.cell(row, name, &shown(&share));
                Err(vec![Cause::level_share(id, name, None, cell)])
            }
            _ => Ok(share),
        }
    }
}
