//! `total bookings by team`: what several persons bring, taken together.

use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node, poisoned};
use crate::meaning::lower::Lower;
use crate::meaning::names::Def;
use crate::meaning::plan::{
    AsOf, ColumnId, CreditId, Expr, ExprKind, Group, GroupId, GroupKind, GroupOf, Whom,
};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self, Aggregate, Reports, Window};

/// `total bookings by team`, as written.
pub(in crate::meaning) struct Written<'w> {
    pub(in crate::meaning) how: Aggregate,
    pub(in crate::meaning) what: &'w ast::Name,
    pub(in crate::meaning) as_earned: bool,
    pub(in crate::meaning) window: Window,
    pub(in crate::meaning) among: &'w ast::Among,
    pub(in crate::meaning) span: Span,
}

impl Lower<'_> {
    pub(in crate::meaning) fn together(
        &mut self,
        written: &Written<'_>,
        place: &mut Place,
    ) -> Expr {
        let span = written.span;
        if matches!(place.kind, PlaceKind::People | PlaceKind::Record(..)) {
            let why = "this line reads one row at a time";
            let problem = errors::wrong_place("a value of many persons", span, why);
            self.problems.push(problem);
            return poisoned(span);
        }
        if !self.may_be_across_people(span) {
            return poisoned(span);
        }
        let is_credit = self.names.peek(&written.what.text);
        let credit = match is_credit {
            Some(def) if def.is_credit() => match self.credit_named(written.what) {
                Some(credit) => Some(credit),
                None => return poisoned(span),
            },
            _ => None,
        };
        let whom = self.whom(written, credit);
        let of = match credit {
            Some(credit) => self.credits_together(written, credit, place),
            None => self.values_together(written, place),
        };
        match (of, whom) {
            (Some((of, ty)), Some(whom)) => self.group(written, of, whom, ty),
            _ => poisoned(span),
        }
    }

    fn credits_together(
        &mut self,
        written: &Written<'_>,
        credit: CreditId,
        place: &mut Place,
    ) -> Option<(GroupOf, Type)> {
        let own = self.plan.credit(credit);
        if let Some(rollup) = &own.rollup {
            let below = self.plan.credit(rollup.of).name.clone();
            let words = format!(
                "`{}` stands once for every manager above a sale; taken together it counts sales several times",
                written.what.text
            );
            self.problems
                .push(Diagnostic::at(Code::U203, written.what.span, words).help(
                    "take what went up together",
                    format!("{} {below} …", word(written.how)),
                ));
            return None;
        }
        let ty = match written.how {
            Aggregate::Count => Type::Number,
            _ => own.amount.ty,
        };
        if written.as_earned {
            let words = format!(
                "`{}` is a credit; only a payout is earned",
                written.what.text
            );
            self.problems
                .push(Diagnostic::at(Code::U203, written.what.span, words));
            return None;
        }
        let window = self.plain_window(written.window);
        place.windows.push((window, written.span));
        self.window_fits(window, written.span);
        Some((GroupOf::Credits(credit, self.window_here(window)), ty))
    }

    fn values_together(
        &mut self,
        written: &Written<'_>,
        place: &mut Place,
    ) -> Option<(GroupOf, Type)> {
        let (what, span) = (written.what, written.what.span);
        let mut person = Place::new(PlaceKind::Person, place.head);
        let kind = if written.as_earned {
            ast::ExprKind::AsEarned(what.clone())
        } else {
            ast::ExprKind::Name(what.text.clone())
        };
        let value = self.expr(&ast::Expr { kind, span }, &mut person);
        place.windows.append(&mut person.windows);
        if value.ty == Type::Poisoned || !self.want_number(&value) {
            return None;
        }
        if written.window != Window::Period {
            let words = format!(
                "`{}` has one value for each period, so no window fits",
                what.text
            );
            self.problems
                .push(Diagnostic::at(Code::U203, written.span, words));
            return None;
        }
        if written.how == Aggregate::Count {
            let words = format!("`{}` is a value and not counted", what.text);
            self.problems
                .push(Diagnostic::at(Code::U203, written.span, words).help(
                    "add it up, or count a credit",
                    format!("total {} …", what.text),
                ));
            return None;
        }
        let ty = value.ty;
        Some((GroupOf::Value(value), ty))
    }

    /// Whose values; C503 where the day is open on which it is read who is in the group.
    fn whom(&mut self, written: &Written<'_>, credit: Option<CreditId>) -> Option<Whom> {
        let (name, as_of, reports) = match written.among {
            ast::Among::Everyone => return Some(Whom::Everyone),
            ast::Among::Same(name, as_of) => (name, as_of, None),
            ast::Among::Reports(reports, name, as_of) => (name, as_of, Some(*reports)),
        };
        if reports.is_some() && credit.is_some() {
            let what = &written.what.text;
            let words = format!("credits go up by a roll-up: `{what}` is one");
            let block = format!("rollup team_{what}");
            self.problems
                .push(Diagnostic::at(Code::U203, written.span, words).help("say how far", block));
            return None;
        }
        let column = match reports {
            None => self.group_column(name)?,
            Some(_) => self.superior(name)?,
        };
        let as_of = match as_of {
            None if self.people_have_history() => {
                self.no_day(written, name, credit);
                return None;
            }
            None => AsOf::LastDay,
            Some(day) => match &day.value {
                ast::Hierarchy::LastDay => AsOf::LastDay,
                ast::Hierarchy::Column(path) => AsOf::Column(self.day_of_record(path, credit)?),
            },
        };
        Some(match reports {
            None => Whom::Same(column, as_of),
            Some(reports) => Whom::Reports(reports, column),
        })
    }

    /// A column of people whose texts make groups.
    pub(in crate::meaning) fn group_column(&mut self, name: &ast::Name) -> Option<ColumnId> {
        let columns = &self.plan.people.columns;
        let found = columns.iter().position(|column| column.name == name.text);
        match found.and_then(|at| Some((at, columns.get(at)?.ty))) {
            Some((at, Type::Text | Type::Person)) => Some(ColumnId(at)),
            Some((_, Type::Poisoned)) => None,
            Some((_, ty)) => {
                let found = errors::type_words(ty, &self.plan.units);
                let problem = errors::wrong_type(name.span, &found, "a column of texts");
                self.problems.push(problem);
                None
            }
            None if self.plan.people.gaps => None,
            None => {
                let texts = columns.iter().filter(|column| {
                    matches!(column.ty, Type::Text | Type::Person) && column.name != "id"
                });
                let texts: Vec<String> = texts.map(|column| column.name.clone()).collect();
                let words = format!("people have no column `{}`", name.text);
                let near = crate::diag::near(&name.text, texts.iter().map(String::as_str));
                let mut problem = Diagnostic::at(Code::N101, name.span, words);
                if let Some(near) = near {
                    let (span, text) = (name.span, near.to_owned());
                    problem = problem.fix("write", near, vec![Edit { span, text }]);
                }
                let row = format!("| {} | Text | … |", name.text);
                self.problems
                    .push(problem.help("declare it in `people`", row));
                None
            }
        }
    }

    /// Whether a person can have several rows of people, one after the other.
    pub(in crate::meaning) fn people_have_history(&self) -> bool {
        let mut columns = self.plan.people.columns.iter();
        columns.any(|column| column.name == "from" || column.name == "through")
    }

    fn no_day(&mut self, written: &Written<'_>, name: &ast::Name, credit: Option<CreditId>) {
        let column = &name.text;
        let last = "as of the last day of the period".to_owned();
        let insert = |text: &str| {
            vec![Edit {
                span: name.span,
                text: format!("{column} {text}"),
            }]
        };
        let problem = Diagnostic::at(
            Code::C503,
            written.span,
            format!("somebody changes {column}: which one counts?"),
        )
        .saying(format!("it is not said on which day `{column}` is read"));
        let problem = match credit.map(|id| self.plan.credit(id)) {
            None => problem,
            Some(credit) => {
                let (word, source) = (&credit.record_word, self.plan.source(credit.source));
                let date = source.columns.get(credit.dated_by.0);
                let date = date.map_or("…", |date| &date.name);
                let day = format!("as of {word}.{date}");
                let label = format!("the {column} on the day of the {word}");
                let problem = problem.note(format!(
                    "Who moves in the middle of a period takes their earlier {} along, or leaves them.",
 errors::many(word)
                ));
                problem.fix(label, day.clone(), insert(&day))
            }
        };
        let label = format!("the {column} at the end of the period");
        self.problems
            .push(problem.fix(label, last.clone(), insert(&last)));
    }

    /// The date column of a record on which it is read who is in the group: the one the credit is dated by.
    fn day_of_record(&mut self, path: &ast::Expr, credit: Option<CreditId>) -> Option<ColumnId> {
        let Some(id) = credit else {
            let words = "what the plan makes for a payee has no record, so no day of one";
            self.problems
                .push(Diagnostic::at(Code::U203, path.span, words).fix(
                    "on the last day of the period",
                    "as of the last day of the period",
                    vec![Edit {
                        span: path.span,
                        text: "the last day of the period".to_owned(),
                    }],
                ));
            return None;
        };
        let credit = self.plan.credit(id).clone();
        let kind = PlaceKind::Record(credit.source, credit.record_word.clone());
        let mut place = Place::new(kind, path.span);
        let column = self.column_of(path, Type::Date, &mut place)?;
        if column == credit.dated_by {
            return Some(column);
        }
        let date = self.plan.source(credit.source).columns[credit.dated_by.0]
            .name
            .clone();
        let text = format!("{}.{date}", credit.record_word);
        let words = format!("`{}` is dated by `{text}`", credit.name);
        self.problems
            .push(Diagnostic::at(Code::U203, path.span, words).fix(
                "read it on that day",
                text.clone(),
                vec![Edit {
                    span: path.span,
                    text,
                }],
            ));
        None
    }

    /// D607 where an amendment changes what a pool, a contest or a budget reads: they are of one text.
    pub(in crate::meaning) fn shared_is_not_amended(&mut self) {
        for span in self.names.shared_by_texts() {
            let words = "what several persons share is not changed by an amendment";
            self.problems.push(
                Diagnostic::at(Code::D607, span, words)
                    .saying("an amendment replaces something that this reads")
                    .help(
                        "let the plan end on the day before, and begin another",
                        "plan \"…\"",
                    ),
            );
        }
    }

    /// The same words twice are one group.
    fn group(&mut self, written: &Written<'_>, of: GroupOf, whom: Whom, ty: Type) -> Expr {
        let known = self.plan.groups.iter().position(|known| match &known.kind {
            GroupKind::Together {
                how,
                of: own,
                whom: theirs,
            } => *how == written.how && *theirs == whom && same_of(own, &of),
            GroupKind::Pool(_) | GroupKind::Budget(_) | GroupKind::Contest(_) => false,
        });
        let id = known.unwrap_or_else(|| {
            let (words, label) = self.group_words(written, &of, whom);
            self.plan.groups.push(Group {
                kind: GroupKind::Together {
                    how: written.how,
                    of,
                    whom,
                },
                words,
                label,
                ty,
                span: written.span,
            });
            self.plan.groups.len() - 1
        });
        let kind = ExprKind::Group(GroupId(id));
        node(kind, ty, Grain::PersonPeriod, written.span)
    }

    /// The words of the plan, and what people call it.
    fn group_words(&self, written: &Written<'_>, of: &GroupOf, whom: Whom) -> (String, String) {
        let name = &written.what.text;
        let earned = if written.as_earned { " as earned" } else { "" };
        let window = match of {
            GroupOf::Credits(..) if written.window != Window::Period => {
                format!(" {}", written.window.words())
            }
            _ => String::new(),
        };
        let among = match whom {
            Whom::Everyone => "of everyone".to_owned(),
            Whom::Same(column, _) => format!("by {}", self.plan.people.columns[column.0].name),
            Whom::Reports(reports, column) => {
                let of = match reports {
                    Reports::Direct => "direct",
                    Reports::All => "all",
                };
                let name = &self.plan.people.columns[column.0].name;
                format!("of {of} reports by {name}")
            }
        };
        let own = match of {
            GroupOf::Credits(id, _) => self.plan.credit(*id).label.clone(),
            GroupOf::Value(value) => self.label_of(value, name),
        };
        let how = match written.how {
            Aggregate::Total => String::new(),
            other => format!(", {}", word(other)),
        };
        (
            format!("{} {name}{earned}{window} {among}", word(written.how)),
            format!("{own}{}{how}, {among}", window.replacen(' ', ", ", 1)),
        )
    }

    fn label_of(&self, value: &Expr, name: &str) -> String {
        let label = match &value.kind {
            ExprKind::Input(id, _) => &self.plan.input(*id).label,
            ExprKind::Quota(id, _) => &self.plan.quota(*id).label,
            ExprKind::Measure(id) => &self.plan.measure(*id).label,
            ExprKind::Pay(id) => &self.plan.pay(*id).label,
            _ => return name.to_owned(),
        };
        label.clone()
    }

    /// Whether a divisor is what several persons bring of a name: `if quota is zero` speaks of `total quota by team`.
    pub(in crate::meaning) fn is_together_of(&self, divisor: &Expr, name: &str) -> bool {
        let ExprKind::Group(id) = divisor.kind else {
            return false;
        };
        let GroupKind::Together { of, .. } = &self.plan.group(id).kind else {
            return false;
        };
        match (of, self.names.peek(name)) {
            (GroupOf::Credits(id, _), Some(def)) => {
                def.is_credit() && self.plan.credit(*id).name == name
            }
            (GroupOf::Value(value), Some(Def::Quota(_) | Def::HeadQuota(_))) => {
                matches!(value.kind, ExprKind::Quota(id, _) if self.plan.quota(id).name == name)
            }
            _ => false,
        }
    }
}

fn same_of(a: &GroupOf, b: &GroupOf) -> bool {
    match (a, b) {
        (GroupOf::Value(a), GroupOf::Value(b)) => crate::meaning::lower::same(a, b),
        (a, b) => a == b,
    }
}

/// The word of an aggregate.
pub(in crate::meaning) fn word(how: Aggregate) -> &'static str {
    match how {
        Aggregate::Total => "total",
        Aggregate::Count => "count",
        Aggregate::Average => "average",
        Aggregate::Highest => "highest",
        Aggregate::Lowest => "lowest",
    }
}
