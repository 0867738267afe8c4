//! Expressions: every name to its id, every node its type and grain.

use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::errors;
use crate::meaning::groups::{Written, word};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{CreditId, Expr, ExprKind, FactDay, SourceId};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

mod calls;
mod words;

/// Where an expression stands, which decides what it can read.
pub(in crate::meaning) struct Place {
    /// What kind of place.
    pub(in crate::meaning) kind: PlaceKind,
    /// The head of its block.
    pub(in crate::meaning) head: Span,
    /// Credits that were named bare: one amount for each record.
    pub(in crate::meaning) credits: Vec<CreditId>,
    /// Windows of aggregates that were named.
    pub(in crate::meaning) windows: Vec<(ast::Window, Span)>,
}

/// The kinds of place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::meaning) enum PlaceKind {
    /// The condition of `payees`: columns of people, day by day.
    People,
    /// In a credit: columns of its record.
    Record(SourceId, String),
    /// Once for each person and period.
    Person,
    /// Under `for each`: columns of the record, the person's credits on it, and all that is the person's.
    Each(SourceId, String),
    /// The axis of a tier table: either.
    Axis,
}

impl Place {
    pub(in crate::meaning) fn new(kind: PlaceKind, head: Span) -> Place {
        Place {
            kind,
            head,
            credits: Vec::new(),
            windows: Vec::new(),
        }
    }
}

pub(in crate::meaning) fn poisoned(span: Span) -> Expr {
    Expr {
        kind: ExprKind::Poisoned,
        ty: Type::Poisoned,
        grain: Grain::Constant,
        span,
    }
}

pub(in crate::meaning) fn node(kind: ExprKind, ty: Type, grain: Grain, span: Span) -> Expr {
    Expr {
        kind,
        ty,
        grain,
        span,
    }
}

impl Lower<'_> {
    /// The meaning of an expression in a place.
    pub(in crate::meaning) fn expr(&mut self, written: &ast::Expr, place: &mut Place) -> Expr {
        let span = written.span;
        if let Some(refused) = self.refused_in_contest(written) {
            return refused;
        }
        let constant = |kind, ty| node(kind, ty, Grain::Constant, span);
        match &written.kind {
            ast::ExprKind::Poisoned => poisoned(span),
            ast::ExprKind::Number(n) => constant(ExprKind::Number(n.clone()), Type::Number),
            ast::ExprKind::Percent(n) => constant(ExprKind::Number(n.clone()), Type::Percent),
            ast::ExprKind::Points(n) => constant(ExprKind::Number(n.clone()), Type::Points),
            ast::ExprKind::Money(n, currency) => {
                constant(ExprKind::Number(n.clone()), Type::Money(*currency))
            }
            ast::ExprKind::Quantity(n, unit) => match self.unit(unit) {
                Some(id) => constant(ExprKind::Number(n.clone()), Type::Quantity(id)),
                None => poisoned(span),
            },
            ast::ExprKind::MoneyPer(n, currency, unit) => match self.unit(unit) {
                Some(id) => constant(ExprKind::Number(n.clone()), Type::MoneyPer(*currency, id)),
                None => poisoned(span),
            },
            ast::ExprKind::Date(date) => constant(ExprKind::Date(*date), Type::Date),
            ast::ExprKind::Text(text) => constant(ExprKind::Text(text.clone()), Type::Text),
            ast::ExprKind::Bool(flag) => constant(ExprKind::Bool(*flag), Type::Bool),
            ast::ExprKind::Name(name) => self.name(name, span, place),
            ast::ExprKind::Path(word, column) => self.path(word, column, span, place),
            ast::ExprKind::Aggregate { how, what, window } => {
                self.aggregate(*how, what, *window, span, place)
            }
            ast::ExprKind::Together {
                how,
                what,
                as_earned,
                window,
                among,
            } => {
                let written = Written {
                    how: *how,
                    what,
                    as_earned: *as_earned,
                    window: *window,
                    among,
                    span,
                };
                self.together(&written, place)
            }
            ast::ExprKind::AsEarned(name) => self.as_earned(name, span, place),
            ast::ExprKind::OnDay(name, day) => {
                let day = match day {
                    ast::PeriodDay::First => FactDay::First(self.length()),
                    ast::PeriodDay::Last => FactDay::Last,
                };
                match self.names.peek(&name.text) {
                    Some(Def::Rate(_)) => {
                        let grain = Grain::PersonPeriod;
                        let day = node(ExprKind::DayOfPeriod(day), Type::Date, grain, span);
                        self.dated(name, day, span)
                    }
                    _ => self.fact(&name.text, name.span, day, span, place),
                }
            }
            ast::ExprKind::OnDate(name, date) => {
                let day = self.expr(date, place);
                match self.names.peek(&name.text) {
                    Some(Def::Rate(_)) => {
                        self.want(&day, Type::Date);
                        self.dated(name, day, span)
                    }
                    Some(def) => {
                        let kind = format!("{} and has no history", def.kind());
                        self.problems
                            .push(errors::not_a_value(&name.text, name.span, &kind));
                        poisoned(span)
                    }
                    None => {
                        self.unknown(&name.text, name.span);
                        poisoned(span)
                    }
                }
            }
            ast::ExprKind::Negative(inner) => {
                let inner = self.expr(inner, place);
                self.want_number(&inner);
                let (ty, grain) = (inner.ty, inner.grain);
                node(ExprKind::Negative(Box::new(inner)), ty, grain, span)
            }
            ast::ExprKind::Not(inner) => {
                let inner = self.expr(inner, place);
                self.want(&inner, Type::Bool);
                let grain = inner.grain;
                node(ExprKind::Not(Box::new(inner)), Type::Bool, grain, span)
            }
            ast::ExprKind::Binary(op, a, b) => self.binary(*op, a, b, span, place),
            ast::ExprKind::Converted(conversion) => self.converted(conversion, span, place),
            ast::ExprKind::Call(function, arguments) => self.call(function, arguments, span, place),
            ast::ExprKind::OneOf(inner, choices, yes) => {
                let inner = self.expr(inner, place);
                let choices: Vec<Expr> = choices
                    .iter()
                    .map(|choice| self.expr(choice, place))
                    .collect();
                for choice in &choices {
                    self.comparable(&inner, choice, span);
                }
                let grain = inner.grain;
                node(
                    ExprKind::OneOf(Box::new(inner), choices, *yes),
                    Type::Bool,
                    grain,
                    span,
                )
            }
            ast::ExprKind::Within(inner, range, yes) => {
                let inner = self.expr(inner, place);
                let Some(range) = self.range(range, &inner) else {
                    return poisoned(span);
                };
                let grain = inner.grain;
                node(
                    ExprKind::Within(Box::new(inner), range, *yes),
                    Type::Bool,
                    grain,
                    span,
                )
            }
            ast::ExprKind::Present(inner, yes) => {
                let inner = self.expr(inner, place);
                if !self.can_be_absent(&inner) {
                    self.problems.push(
                        Diagnostic::at(Code::U203, span, "this always has a value").help(
                            "a column that may be empty is declared so",
                            "| engineer | Person or none | … |",
                        ),
                    );
                }
                let grain = inner.grain;
                node(
                    ExprKind::Present(Box::new(inner), *yes),
                    Type::Bool,
                    grain,
                    span,
                )
            }
        }
    }

    /// A rate on a day.
    fn dated(&mut self, name: &ast::Name, day: Expr, span: Span) -> Expr {
        match self.item(&name.text, name.span) {
            Some(Item::Rate(id)) if day.ty != Type::Poisoned => {
                let (ty, grain) = (self.plan.rate(id).ty, day.grain);
                node(ExprKind::Dated(id, Box::new(day)), ty, grain, span)
            }
            _ => poisoned(span),
        }
    }

    pub(in crate::meaning) fn can_be_absent(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Column(source, column) => {
                self.plan.source(*source).columns[column.0].optional
            }
            ExprKind::Fact(column, _) => self.plan.people.columns[column.0].optional,
            ExprKind::Poisoned => true,
            _ => false,
        }
    }

    /// A value of record grain stands only where there is a record.
    fn fits(&mut self, grain: Grain, span: Span, place: &Place) {
        if let (Grain::Record(source), PlaceKind::Person) = (grain, &place.kind) {
            let label = self.plan.source(source).label.clone();
            let why =
                format!("it has one value for each record of \"{label}\"; say `for each` above");
            self.problems.push(errors::wrong_place("this", span, &why));
        }
    }

    /// What people call an expression: its name, or its words where it has none.
    pub(in crate::meaning) fn spoken(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Input(id, _) => self.plan.input(*id).name.clone(),
            ExprKind::Quota(id, _) => self.plan.quota(*id).name.clone(),
            ExprKind::Measure(id) => self.plan.measure(*id).name.clone(),
            ExprKind::Pay(id) => self.plan.pay(*id).name.clone(),
            ExprKind::Lookup(id) => self.plan.lookup(*id).name.clone(),
            ExprKind::Dated(id, _) => self.plan.rate(*id).name.clone(),
            ExprKind::Scorecard(id) => self.plan.scorecard(*id).name.clone(),
            ExprKind::Group(id) => self.plan.group(*id).words.clone(),
            ExprKind::Carry(id) => self.plan.carry(*id).name.clone(),
            ExprKind::Credit(id) => self.plan.credit(*id).name.clone(),
            ExprKind::Fact(id, _) => self.plan.people.columns[id.0].name.clone(),
            ExprKind::Aggregate {
                how,
                credit,
                window,
            } => {
                let how = word(*how);
                let credit = &self.plan.credit(*credit).name;
                let words = format!("{how} {credit} {}", self.plain_window(*window).words());
                words.trim_end().to_owned()
            }
            _ => "the divisor".to_owned(),
        }
    }
}
