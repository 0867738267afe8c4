//! Who takes which part of a record.

use crate::base::{Exact, split};
use crate::diag::Span;
use crate::explain::credits::Record;
use crate::explain::expression::{Stop, demand};
use crate::explain::receipt::PartOf;
use crate::explain::splits::{Parts, Taking, Who, by_taker};
use crate::meaning::plan::{ColumnId, Split, WrittenSplit};
use crate::table::Cause;

impl Record<'_> {
    /// Who takes what, with why it cannot be known.
    pub(super) fn taking(&self, decide: &mut dyn FnMut(Span, bool)) -> Taking {
        let to = self.credit.receivers.to;
        let all = |to: Option<ColumnId>| Taking {
            parts: to
                .map(|to| (Some(Who::Column(to)), Exact::ONE))
                .into_iter()
                .collect(),
            ..Taking::default()
        };
        let mut taking = match &self.credit.receivers.split {
            None => all(to),
            Some(Split::Written(split)) => {
                let applies = split.when.as_ref().map_or(Ok(true), |when| self.test(when));
                let clause = split.when.as_ref().map_or(split.span, |when| when.span);
                match applies {
                    Ok(true) => {
                        decide(clause, true);
                        self.as_written(split, decide)
                    }
                    Err(Stop::Held(why)) => return self.anybody(split, to, why),
                    _ => {
                        decide(clause, false);
                        all(to)
                    }
                }
            }
            Some(Split::FromRows(split)) => {
                let id = self.table.text("id", self.row).unwrap_or_default();
                let rows = self.joins.rows.as_ref();
                match rows.and_then(|rows| rows.taking(id, to)) {
                    Some(taking) => {
                        decide(split.span, true);
                        let without_parts = taking.why.is_empty() && taking.parts.is_empty();
                        let parts = without_parts.then(|| all(split.by.rest().or(to)).parts);
                        Taking {
                            parts: parts.unwrap_or(taking.parts),
                            ..taking
                        }
                    }
                    None => all(split.by.rest().or(to)),
                }
            }
            Some(Split::Among(among)) => {
                decide(among.span, true);
                self.among(among)
            }
        };
        if taking.why.is_empty() {
            let sure = taking.parts.iter().filter_map(|(who, _)| *who);
            let sure = sure.chain(taking.beside.iter().map(|(who, _)| *who));
            let held = sure.filter_map(|who| match demand(self.person(who)) {
                Err(Stop::Held(causes)) => Some(causes),
                _ => None,
            });
            taking.why = held.flatten().collect();
        }
        taking
    }

    /// The shares of the plan's own table.
    fn as_written(&self, split: &WrittenSplit, decide: &mut dyn FnMut(Span, bool)) -> Taking {
        let mut taking = Taking::default();
        for (who, share, at) in &split.shares {
            let empty = who.is_some_and(|who| matches!(self.column(who), Err(Stop::Empty(_))));
            let taker = match split.missing {
                Some(instead) if empty => instead,
                _ => *who,
            };
            if who.is_none() || !empty {
                decide(*at, true);
            }
            taking.parts.push((taker.map(Who::Column), share.clone()));
        }
        for (who, share, at) in &split.overlays {
            if !matches!(self.column(*who), Err(Stop::Empty(_))) {
                decide(*at, true);
                taking.beside.push((Who::Column(*who), share.clone()));
            }
        }
        taking
    }

    /// At most the cap of a share.
    pub(in crate::explain) fn limited(&self, part: Exact) -> Exact {
        match &self.credit.share_cap {
            Some(cap) if part.abs() > *cap && part.is_negative() => -cap.clone(),
            Some(cap) if part > *cap => cap.clone(),
            _ => part,
        }
    }

    /// Where the condition of a split cannot be known: anybody it names could take something.
    fn anybody(&self, split: &WrittenSplit, to: Option<ColumnId>, why: Vec<Cause>) -> Taking {
        let named = split.shares.iter().filter_map(|(who, _, _)| *who);
        let named = named.chain(split.overlays.iter().map(|(who, _, _)| *who));
        let columns = to.into_iter().chain(named).chain(split.missing.flatten());
        Taking::anyone(columns.map(Who::Column), why)
    }

    /// What each part is worth, after rounding and the cap of a share.
    pub(super) fn parts_of(&self, parts: &Parts, whole: &Exact) -> Vec<PartOf> {
        let shares: Vec<(Option<String>, Exact)> = if self.joins.rows.is_some() {
            by_taker(parts, |who| self.id_of(who))
        } else {
            let of = |(who, share): &(Option<Who>, Exact)| {
                (who.and_then(|who| self.id_of(who)), share.clone())
            };
            parts.iter().map(of).collect()
        };
        let sizes: Vec<Exact> = shares.iter().map(|(_, share)| share.clone()).collect();
        let amounts: Vec<Exact> = match &self.credit.rounding {
            None => sizes
                .iter()
                .map(|share| share.clone() * whole.clone())
                .collect(),
            Some((rounding, _)) if sizes.len() == 1 => vec![rounding.round(whole)],
            Some((rounding, residue)) => split(whole, &sizes, rounding, *residue),
        };
        // What nobody gets is not limited: it is only shown.
        let limited = |id: &Option<String>, part: Exact| match id {
            Some(_) => self.limited(part),
            None => part,
        };
        let made = shares.into_iter().zip(amounts);
        made.map(|((id, share), whole)| {
            let amount = limited(&id, whole.clone());
            PartOf {
                places: self.places(parts, id.as_deref()),
                person: id.unwrap_or_default(),
                share,
                taken: whole - amount.clone(),
                amount,
            }
        })
        .collect()
    }

    /// Where rows stand that give somebody a part.
    pub(super) fn places(&self, parts: &Parts, id: Option<&str>) -> Vec<String> {
        let Some(split) = &self.joins.rows else {
            return Vec::new();
        };
        let rows = parts.iter().filter_map(|(who, _)| match who {
            Some(Who::Row(row)) if self.id_of(Who::Row(*row)).as_deref() == id => Some(*row),
            _ => None,
        });
        rows.map(|row| split.place(row)).collect()
    }
}
