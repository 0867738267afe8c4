//! Expressions: every name to its id, every node its type and grain.

use crate::diag::{Code, Diagnostic, Span, near};
use crate::meaning::errors;
use crate::meaning::groups::{Written, word};
use crate::meaning::kinds::meet;
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{CreditId, Expr, ExprKind, FactDay, Function, SourceId};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self};

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

    fn name(&mut self, name: &str, span: Span, place: &mut Place) -> Expr {
        let person_only = matches!(place.kind, PlaceKind::People | PlaceKind::Record(..));
        if person_only && self.names.peek(name).is_some() && !self.is_fact(name) {
            let why = "only columns can be read in this line";
            self.problems
                .push(errors::wrong_place(&format!("`{name}`"), span, why));
            return poisoned(span);
        }
        match self.names.peek(name) {
            Some(Def::Unit(_) | Def::Records(_) | Def::Budget(_) | Def::Exchange(_)) => {
                let kind = self.names.peek(name).map_or("", |def| def.kind());
                self.problems.push(errors::not_a_value(name, span, kind));
                poisoned(span)
            }
            Some(_) => match self.item(name, span) {
                None => poisoned(span),
                Some(Item::Budget(_)) => poisoned(span),
                Some(Item::Credit(id)) => self.bare_credit(name, id, span, place),
                Some(Item::Input(id)) => {
                    self.input_fits(id, span);
                    node(
                        ExprKind::Input(id, self.length()),
                        self.plan.input(id).ty,
                        Grain::PersonPeriod,
                        span,
                    )
                }
                Some(Item::Quota(id)) => node(
                    ExprKind::Quota(id, self.length()),
                    self.plan.quota(id).ty,
                    Grain::PersonPeriod,
                    span,
                ),
                Some(Item::Measure(id)) => node(
                    ExprKind::Measure(id),
                    self.plan.measure(id).value.ty,
                    Grain::PersonPeriod,
                    span,
                ),
                Some(Item::Tiers(id)) => {
                    let table = self.plan.tier_table(id);
                    let (ty, grain) = (table.ty, table.axis.grain);
                    self.fits(grain, span, place);
                    node(ExprKind::Tier(id), ty, grain, span)
                }
                Some(Item::Lookup(id)) => {
                    let lookup = self.plan.lookup(id);
                    let (ty, grain) = (lookup.ty, lookup.grain);
                    self.fits(grain, span, place);
                    self.reads_base(id, span, place);
                    node(ExprKind::Lookup(id), ty, grain, span)
                }
                // Answered above: rates of exchange are no value.
                Some(Item::Exchange(_)) => poisoned(span),
                Some(Item::Scorecard(id)) => node(
                    ExprKind::Scorecard(id),
                    Type::Percent,
                    Grain::PersonPeriod,
                    span,
                ),
                Some(Item::Carry(id)) => node(
                    ExprKind::Carry(id),
                    self.plan.measure(self.plan.carry(id).into).value.ty,
                    Grain::PersonPeriod,
                    span,
                ),
                Some(Item::Rate(_)) => {
                    let last = format!("{name} on the last day of the period");
                    let diagnostic = Diagnostic::at(
                        Code::G301,
                        span,
                        format!("`{name}` changes over time: on which day is it read?"),
                    );
                    let diagnostic = match &place.kind {
                        PlaceKind::Each(_, word) => diagnostic
                            .help("on a date of the record", format!("{name} on {word}.…")),
                        _ => diagnostic,
                    };
                    self.problems.push(diagnostic.fix(
                        "on a day of the period",
                        last.clone(),
                        vec![crate::diag::Edit { span, text: last }],
                    ));
                    poisoned(span)
                }
                Some(Item::Pay(id)) => {
                    if self.names.peek(name).is_some_and(|def| def.is_paid()) {
                        let fixed = format!("{name} as earned");
                        self.problems.push(
                            Diagnostic::at(
                                Code::U203,
                                span,
                                format!("`{name}` is a payout: which of its amounts is meant?"),
                            )
                            .fix(
                                "what it earned, before `below 0`",
                                fixed.clone(),
                                vec![crate::diag::Edit { span, text: fixed }],
                            ),
                        );
                        return poisoned(span);
                    }
                    node(
                        ExprKind::Pay(id),
                        Type::Money(self.plan.currency),
                        Grain::PersonPeriod,
                        span,
                    )
                }
            },
            None if self.is_fact(name) => {
                let day = if place.kind == PlaceKind::People {
                    FactDay::Each
                } else {
                    self.day_of_facts()
                };
                self.fact(name, span, day, span, place)
            }
            None => {
                self.unknown(name, span);
                poisoned(span)
            }
        }
    }

    fn bare_credit(&mut self, name: &str, id: CreditId, span: Span, place: &mut Place) -> Expr {
        let credit = self.plan.credit(id);
        let (ty, source, word) = (credit.amount.ty, credit.source, credit.record_word.clone());
        match &place.kind {
            PlaceKind::Axis => {}
            PlaceKind::Each(here, _) if *here == source => {}
            PlaceKind::Each(_, here) => {
                let why =
                    format!("it is one amount per {word}, and this line runs over each {here}");
                self.problems
                    .push(errors::wrong_place(&format!("`{name}`"), span, &why));
                return poisoned(span);
            }
            PlaceKind::Person | PlaceKind::People | PlaceKind::Record(..) => {
                let period = self.plan.cadence.noun();
                // A pool has no line `for each deal`.
                let block = self.working.last();
                let block = block.and_then(|(block, _)| self.names.peek(block));
                let has_for_each = !matches!(block, Some(Def::Pool(_)));
                let head = (place.head, has_for_each);
                self.problems
                    .push(errors::per_record(name, &word, span, period, head));
                return poisoned(span);
            }
        }
        if !place.credits.contains(&id) {
            place.credits.push(id);
        }
        node(ExprKind::Credit(id), ty, Grain::Record(source), span)
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

    fn is_fact(&self, name: &str) -> bool {
        self.plan
            .people
            .columns
            .iter()
            .any(|column| column.name == name)
    }

    fn fact(
        &mut self,
        name: &str,
        name_span: Span,
        day: FactDay,
        span: Span,
        place: &Place,
    ) -> Expr {
        let columns = &self.plan.people.columns;
        let Some(at) = columns.iter().position(|column| column.name == name) else {
            if self.names.is_poisoned(name) {
                return poisoned(span);
            }
            let near_name = near(name, columns.iter().map(|column| column.name.as_str()));
            let diagnostic = errors::unknown_column(name, name_span, "people", near_name);
            self.problems.push(diagnostic);
            return poisoned(span);
        };
        if matches!(place.kind, PlaceKind::Record(..)) {
            let why = "a credit is made before it is known whose it is";
            self.problems
                .push(errors::wrong_place(&format!("`{name}`"), span, why));
            return poisoned(span);
        }
        let day = if place.kind == PlaceKind::People {
            FactDay::Each
        } else {
            day
        };
        let ty = columns[at].ty;
        if day != FactDay::Each
            && let Some(code) = self.code_of(name, day)
        {
            return node(ExprKind::Text(code), ty, Grain::PersonPeriod, span);
        }
        node(
            ExprKind::Fact(crate::meaning::plan::ColumnId(at), day),
            ty,
            Grain::PersonPeriod,
            span,
        )
    }

    fn path(&mut self, word: &ast::Name, column: &ast::Name, span: Span, place: &Place) -> Expr {
        let source = match &place.kind {
            PlaceKind::Record(source, here) | PlaceKind::Each(source, here) => {
                if *here != word.text {
                    self.problems.push(
                        Diagnostic::at(
                            Code::N101,
                            word.span,
                            format!("there is no `{}` here", word.text),
                        )
                        .saying(format!("the record at hand is called `{here}`"))
                        .fix(
                            "write",
                            format!("{here}.{}", column.text),
                            vec![crate::diag::Edit {
                                span: word.span,
                                text: here.clone(),
                            }],
                        ),
                    );
                    return poisoned(span);
                }
                *source
            }
            PlaceKind::Axis => match self.source_of_word(&word.text, word.span) {
                Some(source) => source,
                None => return poisoned(span),
            },
            PlaceKind::Person | PlaceKind::People => {
                let why = format!(
                    "it has one value for each {}; this line has one for each person",
                    word.text
                );
                let path = format!("`{}.{}`", word.text, column.text);
                let diagnostic = errors::wrong_place(&path, span, &why);
                self.problems.push(match place.kind {
                    PlaceKind::Person => diagnostic
                        .help(
                            "pay each one separately",
                            format!("for each    {}", word.text),
                        )
                        .help("or take the total of a credit", "total …"),
                    _ => diagnostic,
                });
                return poisoned(span);
            }
        };
        let columns = &self.plan.source(source).columns;
        match columns.iter().position(|c| c.name == column.text) {
            Some(at) => {
                let ty = columns[at].ty;
                node(
                    ExprKind::Column(source, crate::meaning::plan::ColumnId(at)),
                    ty,
                    Grain::Record(source),
                    span,
                )
            }
            None if self.plan.source(source).gaps => poisoned(span),
            None => {
                let near_name = near(&column.text, columns.iter().map(|c| c.name.as_str()));
                let name = self.plan.source(source).name.clone();
                let diagnostic =
                    errors::unknown_column(&column.text, column.span, &name, near_name);
                self.problems.push(diagnostic);
                poisoned(span)
            }
        }
    }

    fn aggregate(
        &mut self,
        how: ast::Aggregate,
        what: &ast::Name,
        window: ast::Window,
        span: Span,
        place: &mut Place,
    ) -> Expr {
        if matches!(place.kind, PlaceKind::People | PlaceKind::Record(..)) {
            self.problems.push(errors::wrong_place(
                "an aggregate",
                span,
                "this line reads one row at a time",
            ));
            return poisoned(span);
        }
        let def = self.names.peek(&what.text);
        match (def, self.credit_named(what)) {
            (_, Some(credit)) => {
                let window = self.plain_window(window);
                place.windows.push((window, span));
                let ty = match how {
                    ast::Aggregate::Count => Type::Number,
                    _ => self.plan.credit(credit).amount.ty,
                };
                self.window_fits(window, span);
                node(
                    ExprKind::Aggregate {
                        how,
                        credit,
                        window: self.window_here(window),
                    },
                    ty,
                    Grain::PersonPeriod,
                    span,
                )
            }
            (Some(def), None) if !def.is_credit() => {
                let (name, kind) = (&what.text, def.kind());
                self.problems.push(
                    Diagnostic::at(
                        Code::U203,
                        what.span,
                        format!("`{name}` is {kind}, and only credits can be added up"),
                    )
                    .help(
                        "take the word before it away, or name a credit",
                        name.clone(),
                    ),
                );
                poisoned(span)
            }
            _ => poisoned(span),
        }
    }

    fn as_earned(&mut self, name: &ast::Name, span: Span, place: &Place) -> Expr {
        if matches!(place.kind, PlaceKind::People | PlaceKind::Record(..)) {
            self.problems.push(errors::wrong_place(
                "a payout",
                span,
                "this line reads one row at a time",
            ));
            return poisoned(span);
        }
        match self.names.peek(&name.text) {
            Some(def) if def.is_pay() && !self.budget_first(name) => poisoned(span),
            Some(def) if def.is_pay() => match self.item(&name.text, name.span) {
                Some(Item::Pay(id)) => node(
                    ExprKind::Pay(id),
                    Type::Money(self.plan.currency),
                    Grain::PersonPeriod,
                    span,
                ),
                _ => poisoned(span),
            },
            Some(def) => {
                self.problems.push(errors::not_a_value(
                    &name.text,
                    name.span,
                    &format!("{} and is not earned", def.kind()),
                ));
                poisoned(span)
            }
            None => {
                self.unknown(&name.text, name.span);
                poisoned(span)
            }
        }
    }

    fn call(
        &mut self,
        function: &ast::Name,
        arguments: &[ast::Expr],
        span: Span,
        place: &mut Place,
    ) -> Expr {
        let which = match function.text.as_str() {
            "min" => Function::Min,
            "max" => Function::Max,
            "abs" => Function::Abs,
            other => {
                let near_name = near(other, ["min", "max", "abs"]);
                let mut diagnostic = Diagnostic::at(
                    Code::N101,
                    function.span,
                    format!("there is no function `{other}`"),
                )
                .saying("functions are `min`, `max` and `abs`");
                if let Some(near_name) = near_name {
                    diagnostic = diagnostic.fix(
                        "write",
                        near_name,
                        vec![crate::diag::Edit {
                            span: function.span,
                            text: near_name.to_owned(),
                        }],
                    );
                }
                self.problems.push(diagnostic);
                return poisoned(span);
            }
        };
        let arguments: Vec<Expr> = arguments
            .iter()
            .map(|argument| self.expr(argument, place))
            .collect();
        let enough = if which == Function::Abs {
            arguments.len() == 1
        } else {
            arguments.len() >= 2
        };
        if !enough {
            let needs = if which == Function::Abs {
                "one value"
            } else {
                "two or more values"
            };
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    span,
                    format!("`{}` takes {needs}", function.text),
                )
                .note("A space follows each comma: `5,100` is one number, `5, 100` are two."),
            );
            return poisoned(span);
        }
        for pair in arguments.windows(2) {
            if let [a, b] = pair {
                self.comparable(a, b, span);
            }
        }
        for argument in &arguments {
            self.want_number(argument);
        }
        let ty = arguments.first().map_or(Type::Poisoned, |first| first.ty);
        let grain = arguments.iter().fold(Grain::Constant, |grain, argument| {
            meet(grain, argument.grain)
        });
        node(ExprKind::Call(which, arguments), ty, grain, span)
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
