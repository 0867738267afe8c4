//! `contest` and `ranking`: prizes and places of several persons.

use crate::base::Date;
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node, poisoned};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{
    Contest, CreditId, Expr, ExprKind, FactDay, Gives, Group, GroupId, GroupKind, Measure,
    MeasureId, Pay, PayId, RankBy, Spare, each_child,
};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self, ContestKind, Window};

mod places;
mod prizes;

/// The words of the one day on which it is read who competes with whom.
const LAST_DAY: &str = "as of the last day";

impl Lower<'_> {
    pub(in crate::meaning) fn contest(&mut self, written: &ast::Contest) -> Option<Item> {
        let name = &written.name;
        if !self.may_be_across_people(written.span) {
            return None;
        }
        if let Some(over) = self.reading {
            let why = format!(
                "it has a value for each period, and this is read for the {}",
                over.words()
            );
            let problem = errors::wrong_place(&format!("`{}`", name.text), name.span, &why);
            self.problems.push(problem);
            return None;
        }
        self.contest_at_hand = Some(written.runs.as_ref().map(|runs| runs.value));
        let (order, needs) = (self.order(written), self.needed(written));
        self.contest_at_hand = None;
        let within = written
            .runs
            .as_ref()
            .is_none_or(|runs| self.runs_in_plan("contest", runs));
        let whom = self.compete_in(written);
        let order = order.filter(|order| !order.is_empty());
        let gives = match &written.kind {
            ContestKind::Prizes { prizes, ties } => {
                self.prizes(written, prizes, ties.as_ref(), order.as_deref())
            }
            ContestKind::Places { ties, unranked } => {
                self.places(written, ties.as_ref(), unranked.as_ref())
            }
        };
        if written.broken || !within {
            return None;
        }
        let contest = Contest {
            runs: written.runs.as_ref().map(|runs| runs.value),
            whom: whom?,
            order: order?,
            needs: needs?,
            gives: gives?,
        };
        Some(self.contest_item(written, contest))
    }

    /// The group, and what people read of it: a payout of the prizes, or a measure of the places.
    fn contest_item(&mut self, written: &ast::Contest, contest: Contest) -> Item {
        let (name, span) = (&written.name.text, written.span);
        let label = written.name.called(written.label.as_ref());
        let is_paid = matches!(contest.gives, Gives::Prizes { .. });
        let ty = match is_paid {
            true => Type::Money(self.plan.currency),
            false => Type::Number,
        };
        self.plan.groups.push(Group {
            kind: GroupKind::Contest(Box::new(contest)),
            words: name.clone(),
            label: label.clone(),
            ty,
            span,
        });
        let id = GroupId(self.plan.groups.len() - 1);
        let value = node(ExprKind::Group(id), ty, Grain::PersonPeriod, span);
        if !is_paid {
            self.plan.measures.push(Measure {
                name: name.clone(),
                label,
                over: None,
                value,
                rules: Vec::new(),
                rounding: None,
                text: self.text_here(),
                span,
            });
            return Item::Measure(MeasureId(self.plan.measures.len() - 1));
        }
        self.plan.pays.push(Pay::plain(name, label, value, span));
        Item::Pay(PayId(self.plan.pays.len() - 1))
    }

    /// `rank by` and `then by`.
    fn order(&mut self, written: &ast::Contest) -> Option<Vec<RankBy>> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let mut order = Vec::new();
        for line in &written.order {
            let value = self.expr(&line.value, &mut place);
            let is_number = self.want_number(&value);
            self.no_division(&value);
            let first = line.first;
            order
                .push((is_number && value.ty != Type::Poisoned).then_some(RankBy { value, first }));
        }
        order.into_iter().collect()
    }

    fn needed(&mut self, written: &ast::Contest) -> Option<Vec<Expr>> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let mut needs = Vec::new();
        for condition in &written.needs {
            let condition = self.condition(condition, &mut place);
            needs.push((condition.ty == Type::Bool).then_some(condition));
        }
        needs.into_iter().collect()
    }

    /// D602 where a contest or a draw has days that the plan has not.
    pub(in crate::meaning) fn runs_in_plan(
        &mut self,
        what: &str,
        runs: &ast::Spanned<(Date, Date)>,
    ) -> bool {
        let ((from, through), (first, last)) = (runs.value, self.plan.effective);
        if !self.known.dates || first <= from && through <= last {
            return true;
        }
        let words = match last < through {
            true => format!("the {what} ends after the plan does"),
            false => format!("the {what} begins before the plan does"),
        };
        let line = format!(
            "runs        {} through {}",
            from.max(first),
            through.min(last)
        );
        let problem = Diagnostic::at(Code::D602, runs.span, words)
            .saying(format!("the plan holds from {first} through {last}"));
        self.problems.push(match from <= last && first <= through {
            true => problem.fix(
                "run it inside the plan",
                line.clone(),
                vec![Edit {
                    span: runs.span,
                    text: line,
                }],
            ),
            false => problem.help("run it inside the plan", "runs …"),
        });
        false
    }

    /// The one credit whose records say who was early; C512 where there is none, or more than one.
    fn earliest(&mut self, order: &[RankBy], span: Span) -> Option<Spare> {
        let found = order.first().map(|line| aggregates(&line.value));
        if let Some([(credit, window)]) = found.as_deref() {
            return Some(Spare::Earliest(*credit, *window));
        }
        let words = match found.as_deref() {
            None | Some([]) => "there are no records by which somebody is early",
            Some(_) => "by which of its records is somebody early?",
        };
        let by_id = "to the first by id";
        self.problems.push(
            Diagnostic::at(Code::C512, span, words)
                .saying("`rank by` says by what")
                .note("Early is whose last record of the credit that is ranked comes first.")
                .fix("take the order of ids", by_id, replace(span, by_id))
                .help(
                    "or rank by one credit, and by the rest in `then by`",
                    "rank by total bookings, highest first",
                ),
        );
        None
    }

    /// What a line of a contest cannot read, which is reported; `None` of all else.
    pub(in crate::meaning) fn refused_in_contest(&mut self, written: &ast::Expr) -> Option<Expr> {
        let runs = self.contest_at_hand?;
        if let ast::ExprKind::Name(name) = &written.kind
            && self.names.peek(name).is_some_and(|def| def.is_credit())
        {
            self.one_for_each_record(name, written.span);
            return Some(poisoned(written.span));
        }
        self.refused_in_run(written, runs?)
    }

    /// G301: a person has one place, and one amount for each record.
    fn one_for_each_record(&mut self, name: &str, span: Span) {
        let (total, count) = (format!("total {name}"), format!("count {name}"));
        self.problems.push(
            Diagnostic::at(
                Code::G301,
                span,
                format!("a person has one place, and `{name}` is one amount for each record"),
            )
            .fix("all of them together", total.clone(), replace(span, &total))
            .help("or how many there are", count),
        );
    }

    /// C510 for what has a value of a period, in a contest that has days of its own.
    fn refused_in_run(&mut self, written: &ast::Expr, (first, last): (Date, Date)) -> Option<Expr> {
        let (what, span) = match &written.kind {
            ast::ExprKind::Name(name) => match self.names.peek(name) {
                Some(Def::Records(_) | Def::Unit(_)) | None => return None,
                Some(def) => (format!("`{name}` is {}", def.kind()), written.span),
            },
            ast::ExprKind::Aggregate { window, .. } if *window == Window::Period => return None,
            ast::ExprKind::Aggregate { window, .. } => (
                format!("`{}` belongs to a period", window.words()),
                written.span,
            ),
            ast::ExprKind::Together { .. } => {
                ("this is of several persons".to_owned(), written.span)
            }
            ast::ExprKind::AsEarned(name) => {
                (format!("`{}` is earned in a period", name.text), name.span)
            }
            ast::ExprKind::OnDay(..) => {
                ("this is read on a day of a period".to_owned(), written.span)
            }
            ast::ExprKind::OnDate(name, _) => {
                (format!("`{}` is read on a day", name.text), name.span)
            }
            ast::ExprKind::Converted(_) => (
                "this is converted on a day of a period".to_owned(),
                written.span,
            ),
            _ => return None,
        };
        self.problems.push(
            Diagnostic::at(
                Code::C510,
                span,
                format!("{what}, and this runs over days of its own"),
            )
            .saying(format!("it runs from {first} through {last}"))
            .note("Over its own days it reads credits, and columns of people as they stand on its last day.")
            .help("rank by a credit", "total bookings")
            .help("or take the line `runs` away: then each period has its own", ""),
        );
        Some(poisoned(written.span))
    }

    /// The day on which a column of people is read where no day is written.
    pub(in crate::meaning) fn day_of_facts(&self) -> FactDay {
        match self.contest_at_hand.flatten() {
            Some((_, last)) => FactDay::On(last),
            None => FactDay::Throughout(self.length()),
        }
    }
}

/// The credits that an expression adds up or counts, each with its window, once.
fn aggregates(expr: &Expr) -> Vec<(CreditId, Window)> {
    fn add(expr: &Expr, found: &mut Vec<(CreditId, Window)>) {
        if let ExprKind::Aggregate { credit, window, .. } = expr.kind
            && !found.contains(&(credit, window))
        {
            found.push((credit, window));
        }
        each_child(expr, &mut |child| add(child, found));
    }
    let mut found = Vec::new();
    add(expr, &mut found);
    found
}

fn replace(span: Span, text: &str) -> Vec<Edit> {
    vec![Edit {
        span,
        text: text.to_owned(),
    }]
}
