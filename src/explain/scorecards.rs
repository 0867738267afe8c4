//! A scorecard: each objective's score, what of it counts, and its weight.

use crate::base::Exact;
use crate::explain::expression::{Found, Scalar, Stop};
use crate::explain::receipt::{Kind, Node, Rule};
use crate::explain::walk::{Here, Walker, leaf};
use crate::meaning::plan::{Counts, MissingScore, Objective, ScorecardId};
use crate::table::{Cause, sorted};

impl Walker<'_> {
    /// The weighted scores, added.
    pub(in crate::explain) fn scorecard(
        &mut self,
        here: &Here,
        id: ScorecardId,
    ) -> (Found, Option<Node>) {
        let card = self.plan.scorecard(id);
        let here = &here.inside(self.plan.amended.fresh.scorecards.get(&id));
        let mut scored: Vec<(&Objective, Exact, Exact, Vec<Node>)> = Vec::new();
        let mut stops: Vec<Stop> = Vec::new();
        for objective in &card.objectives {
            let mut reads = Vec::new();
            match self.value(here, &objective.score, &mut reads) {
                Ok(Scalar::Number(score)) => {
                    let counted = Counts::apply(&objective.counts, &score);
                    scored.push((objective, score, counted, reads));
                }
                Err(Stop::Empty(cause) | Stop::Missing(cause)) => match &card.missing {
                    MissingScore::Hold => stops.push(Stop::Held(vec![cause])),
                    MissingScore::Share => {}
                    MissingScore::Counts(value) => {
                        scored.push((objective, value.clone(), value.clone(), reads));
                    }
                },
                Err(stop) => stops.push(stop),
                Ok(_) => stops.push(Stop::Nothing),
            }
        }
        let causes: Vec<Cause> = stops
            .iter()
            .filter_map(|stop| match stop {
                Stop::Held(causes) => Some(causes.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        let span = Some(card.span);
        let stopped = |stop: Stop| {
            let found = Err(stop);
            let node = leaf(Rule::Sum, &card.label, &found, Kind::Percent, span);
            (found, Some(node))
        };
        if !causes.is_empty() {
            return stopped(Stop::Held(sorted(causes)));
        }
        if !stops.is_empty() {
            return stopped(Stop::Nothing);
        }
        let whole = scored.iter().fold(Exact::ZERO, |sum, (objective, ..)| {
            sum + objective.weight.clone()
        });
        if whole.is_zero() {
            let label = self.plan.calendar.label(&self.periods[here.period]);
            let cause = Cause::no_scores(&card.label, &here.payee, &label);
            return stopped(Stop::Held(vec![cause]));
        }
        let mut sum = Exact::ZERO;
        let mut parts = Vec::new();
        for (objective, score, counted, reads) in scored {
            // Where a score is missing, the others share its weight in proportion to their own.
            let weight = objective.weight.checked_div(&whole).unwrap_or_default();
            let part = weight.clone() * counted.clone();
            sum += part.clone();
            let rule = Rule::Objective {
                score,
                counted,
                weight,
                owner: objective.owner.clone(),
            };
            let value = Ok(Scalar::Number(part));
            let mut part = leaf(
                rule,
                &objective.name,
                &value,
                Kind::Percent,
                Some(objective.span),
            );
            part.reads = reads;
            parts.push(part);
        }
        let exact = Ok(Scalar::Number(sum.clone()));
        let mut node = leaf(Rule::Sum, &card.label, &exact, Kind::Percent, span);
        node.reads = parts;
        let Some(rounding) = &card.rounding else {
            return (exact, Some(node));
        };
        let found = Ok(Scalar::Number(rounding.round(&sum)));
        let rule = Rule::Round { exact: sum };
        let mut rounded = leaf(rule, &card.label, &found, Kind::Percent, span);
        rounded.reads.push(node);
        (found, Some(rounded))
    }
}
