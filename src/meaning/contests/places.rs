//! Who takes part in a contest, what their places are, and what ties and those without a place get.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Edit};
use crate::meaning::contests::prizes::last_rank;
use crate::meaning::contests::{LAST_DAY, aggregates, replace};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Lower, shown};
use crate::meaning::plan::{
    AsOf, Expr, ExprKind, Gives, GroupKind, Prize, RankBy, Spare, Ties, Whom,
};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast;

impl Lower<'_> {
    /// Among whom; C503 where a person can have several texts, one after the other, and no day is said.
    pub(super) fn compete_in(&mut self, written: &ast::Contest) -> Option<Whom> {
        let Some((name, has_day)) = &written.among else {
            return Some(Whom::Everyone);
        };
        let column = self.group_column(name)?;
        if !has_day && self.people_have_history() {
            let text = format!("{} {LAST_DAY}", name.text);
            self.problems.push(
                Diagnostic::at(
                    Code::C503,
                    name.span,
                    format!("somebody changes {}: which one counts?", name.text),
                )
                .saying(format!(
                    "it is not said on which day `{}` is read",
                    name.text
                ))
                .fix(
                    format!("the {} at the end", name.text),
                    LAST_DAY,
                    vec![Edit {
                        span: name.span,
                        text,
                    }],
                ),
            );
            return None;
        }
        Some(Whom::Same(column, AsOf::LastDay))
    }

    pub(super) fn places(
        &mut self,
        written: &ast::Contest,
        ties: Option<&ast::Spanned<ast::PlaceTies>>,
        unranked: Option<&ast::Spanned<ast::Unranked>>,
    ) -> Option<Gives> {
        if ties.is_none() && !written.broken {
            self.no_place_ties(written);
        }
        let unranked = match unranked {
            None if written.broken => None,
            None => {
                self.no_unranked(written);
                None
            }
            Some(line) => self.unranked(written, line),
        };
        Some(Gives::Places {
            ties: ties?.value,
            unranked: unranked?,
        })
    }

    /// The number of who is not ranked; `Some(None)` is *nothing*.
    pub(super) fn unranked(
        &mut self,
        written: &ast::Contest,
        line: &ast::Spanned<ast::Unranked>,
    ) -> Option<Option<Exact>> {
        let ast::Unranked::Value(name, value) = &line.value else {
            return Some(None);
        };
        let own = &written.name.text;
        if name.text != *own {
            self.problems.push(
                Diagnostic::at(Code::S008, name.span, "this line is about another name").fix(
                    "write its own name",
                    own.clone(),
                    replace(name.span, own),
                ),
            );
            return None;
        }
        let mut place = Place::new(PlaceKind::Person, written.span);
        let value = self.expr(value, &mut place);
        if !self.want(&value, Type::Number) {
            return None;
        }
        let number = constant(&value);
        if number.is_none() {
            let why = "a rule gives a constant, such as 99";
            let problem = errors::wrong_place("this", value.span, why);
            self.problems.push(problem);
        }
        number.map(Some)
    }

    fn no_place_ties(&mut self, written: &ast::Contest) {
        let readings = [
            ("two who tie for 2nd are both 2nd", "take the better place"),
            ("they are both 3rd", "take the lower place"),
            ("they are both 2.5th", "share the average place"),
        ];
        self.unsaid_ties(written, &readings, None);
    }

    fn no_unranked(&mut self, written: &ast::Contest) {
        let line = "if not ranked pay nothing".to_owned();
        let problem = Diagnostic::at(
            Code::S007,
            written.span,
            "what is the value of who is not ranked?",
        )
        .saying("who does not meet `needs`, or does not take part, has no place")
        .fix(
            "nothing, and what reads it pays nothing",
            line.clone(),
            vec![Edit::below(last_rank(written), &line)],
        )
        .help(
            "or a number behind all places",
            format!("if not ranked {} is 999", written.name.text),
        );
        self.problems.push(problem);
    }

    /// S007: what those get who tie is never taken for granted.
    fn unsaid_ties(
        &mut self,
        written: &ast::Contest,
        readings: &[(&str, &str)],
        note: Option<String>,
    ) {
        let problem = Diagnostic::at(
            Code::S007,
            written.span,
            format!(
                "what happens in `{}` when two are level?",
                written.name.text
            ),
        )
        .saying("this block has no `ties`");
        let problem = match note {
            Some(note) => problem.note(note),
            None => problem,
        };
        let below = last_rank(written);
        let problem = readings.iter().fold(problem, |problem, (why, words)| {
            let line = format!("ties        {words}");
            problem.fix(*why, line.clone(), vec![Edit::below(below, &line)])
        });
        self.problems.push(problem);
    }

    pub(super) fn ties(
        &mut self,
        written: &ast::Ties,
        order: Option<&[RankBy]>,
        prizes: &[ast::PrizeRow],
    ) -> Option<Ties> {
        let (unit, remainder) = match written {
            ast::Ties::Better => return Some(Ties::Better),
            ast::Ties::Lower => return Some(Ties::Lower),
            ast::Ties::Share { unit, remainder } => (unit, remainder),
        };
        let can_be_paid = self.can_be_paid(&unit.value, unit.span);
        if can_be_paid {
            self.odd_prizes(&unit.value, prizes);
        }
        let spare = match remainder.value {
            ast::Spare::FirstById => Spare::FirstById,
            ast::Spare::Earliest => self.earliest(order?, remainder.span)?,
        };
        can_be_paid.then(|| Ties::Share {
            unit: unit.value.clone(),
            spare,
        })
    }

    pub(super) fn no_ties(
        &mut self,
        written: &ast::Contest,
        rows: &[Prize],
        order: Option<&[RankBy]>,
    ) {
        let ty = Type::Money(self.plan.currency);
        let prize = |place: u32| {
            let row = rows
                .iter()
                .find(|row| row.first <= place && place <= row.last);
            row.map_or(Exact::ZERO, |row| row.prize.clone())
        };
        let (first, second) = (prize(1), prize(2));
        let half = (first.clone() + second.clone()) * Exact::fixed(1, 2);
        let [half, first, second] = [half, first, second].map(|own| shown(&own, ty, &self.plan));
        let note = format!("Two who tie for the first place get {half}, {first} or {second} each.");
        let is_early = order.and_then(|order| order.first());
        let is_early = is_early.is_some_and(|line| aggregates(&line.value).len() == 1);
        let spare = match is_early {
            true => "to the earliest",
            false => "to the first by id",
        };
        let share = format!("share the prizes they span, rounded to 0.01, remainder {spare}");
        let readings = [
            ("they share the prizes of their places", share.as_str()),
            ("each gets the better one", "each take the better prize"),
            ("each gets the lower one", "each take the lower prize"),
        ];
        self.unsaid_ties(written, &readings, Some(note));
    }

    /// Whether an expression is a place, and so 1, 2, 3, …
    pub(in crate::meaning) fn is_place(&self, expr: &Expr) -> bool {
        let ExprKind::Measure(id) = expr.kind else {
            return false;
        };
        let ExprKind::Group(id) = self.plan.measure(id).value.kind else {
            return false;
        };
        let GroupKind::Contest(contest) = &self.plan.group(id).kind else {
            return false;
        };
        match &contest.gives {
            Gives::Places { ties, unranked } => {
                *ties != ast::PlaceTies::Average && unranked.as_ref().is_none_or(Exact::is_whole)
            }
            Gives::Prizes { .. } => false,
        }
    }
}
