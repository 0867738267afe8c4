//! `scorecard`: weights that make a whole, scores, and what of them counts.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{Counts, Expr, MissingScore, Objective, Scorecard, ScorecardId};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast;

impl Lower<'_> {
    pub(in crate::meaning) fn scorecard(
        &mut self,
        written: &ast::Scorecard,
    ) -> Option<ScorecardId> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let mut objectives: Vec<Objective> = Vec::new();
        let mut broken = written.broken;
        let mut absent = None;
        for row in &written.objectives {
            if let Some(first) = objectives.iter().find(|known| known.name == row.name.text) {
                self.problems
                    .push(errors::twice(&row.name.text, first.span, row.span));
                broken = true;
                continue;
            }
            let weight = self.expr(&row.weight, &mut place);
            let score = self.expr(&row.score, &mut place);
            self.no_division(&score);
            if absent.is_none() && score.ty != Type::Poisoned && self.can_be_absent(&score) {
                absent = Some(row);
            }
            let fits = self.want(&score, Type::Percent);
            let counts: Option<Vec<Counts>> = row
                .counts
                .iter()
                .map(|counts| self.counts(counts, &mut place))
                .collect();
            match (self.percent(&weight), counts) {
                (Some(weight), Some(counts)) if fits && !weight.is_negative() => {
                    objectives.push(Objective {
                        name: row.name.text.clone(),
                        weight,
                        score,
                        owner: row.owner.as_ref().map(|owner| owner.value.clone()),
                        counts,
                        span: row.span,
                    });
                }
                _ => broken = true,
            }
        }
        let missing = match written.missing.as_ref().map(|missing| &missing.value) {
            Some(ast::MissingScore::Share) => MissingScore::Share,
            Some(ast::MissingScore::Counts(value)) => {
                let value = self.expr(value, &mut place);
                MissingScore::Counts(self.percent(&value)?)
            }
            Some(ast::MissingScore::Hold) => MissingScore::Hold,
            None => {
                if let Some(row) = absent {
                    self.problems.push(
                        Diagnostic::at(
                            Code::S007,
                            row.score.span,
                            format!(
                                "the score of `{}` may be empty: what holds then?",
                                row.name.text
                            ),
                        )
                        .help("wait for it", "if an objective is missing hold this payout")
                        .help(
                            "or the others take over its weight",
                            "if an objective is missing share its weight among the rest",
                        )
                        .help(
                            "or it counts nothing",
                            "if an objective is missing counts 0%",
                        ),
                    );
                    broken = true;
                }
                MissingScore::Hold
            }
        };
        let rounding = match &written.round {
            Some(round) => Some(self.rounding(round, Type::Percent)?),
            None => None,
        };
        if broken || objectives.is_empty() {
            return None;
        }
        self.make_a_whole(written, &objectives)?;
        let label = written.name.called(written.label.as_ref());
        self.plan.scorecards.push(Scorecard {
            name: written.name.text.clone(),
            label: self.label_to_date(label),
            objectives,
            missing,
            rounding,
            span: written.span,
        });
        Some(ScorecardId(self.plan.scorecards.len() - 1))
    }

    /// T407
    fn make_a_whole(&mut self, written: &ast::Scorecard, objectives: &[Objective]) -> Option<()> {
        let total = objectives
            .iter()
            .fold(Exact::ZERO, |sum, objective| sum + objective.weight.clone());
        let said = written.total.as_ref()?;
        let mut place = Place::new(PlaceKind::Person, written.span);
        let wanted = self.expr(&said.value, &mut place);
        if constant(&wanted) != Some(Exact::ONE) {
            self.problems.push(
                Diagnostic::at(Code::T407, said.span, "weights make a whole")
                    .help("write", "weights total 100%"),
            );
            return None;
        }
        if total == Exact::ONE {
            return Some(());
        }
        let percent = |x: &Exact| format!("{}%", (x.clone() * Exact::int(100)).to_plain());
        let last = written
            .objectives
            .last()
            .map_or(written.span, |row| row.weight.span);
        self.problems.push(
            Diagnostic::at(
                Code::T407,
                last,
                format!(
                    "the weights of `{}` add to {}",
                    written.name.text,
                    percent(&total)
                ),
            )
            .saying(format!("total {}", percent(&total)))
            .note(format!(
                "Someone who meets every objective would be paid {} of the target.",
                percent(&total)
            ))
            .help("correct a weight", "weights total 100%"),
        );
        None
    }

    /// A constant percentage.
    fn percent(&mut self, expr: &Expr) -> Option<Exact> {
        if !self.want(expr, Type::Percent) {
            return None;
        }
        let value = constant(expr);
        if value.is_none() {
            let why = "a scorecard holds constants here";
            self.problems
                .push(errors::wrong_place("this", expr.span, why));
        }
        value
    }

    fn counts(&mut self, written: &ast::Counts, place: &mut Place) -> Option<Counts> {
        let mut value = |written: &ast::Expr| {
            let expr = self.expr(written, place);
            self.percent(&expr)
        };
        Some(match written {
            ast::Counts::AtLeast(least) => Counts::AtLeast(value(least)?),
            ast::Counts::AtMost(most) => Counts::AtMost(value(most)?),
            ast::Counts::Under(under, counts) => Counts::Under(value(under)?, value(counts)?),
        })
    }
}
