//! Aggregates, calls of functions, and what is read as it was earned.

use crate::diag::{Code, Diagnostic, Span, near};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node, poisoned};
use crate::meaning::kinds::meet;
use crate::meaning::lower::{Item, Lower};
use crate::meaning::plan::{Expr, ExprKind, Function};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

impl Lower<'_> {
    pub(super) fn aggregate(
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
                let words = format!("`{name}` is {kind}: a person has one of it in a period");
                self.problems.push(
                    Diagnostic::at(Code::U203, what.span, words)
                        .saying("only credits of a person are added up")
                        .help(
                            "that of the person: take the word before it away",
                            name.clone(),
                        )
                        .help(
                            "that of several persons: say whose",
                            format!("… {name} of everyone"),
                        ),
                );
                poisoned(span)
            }
            _ => poisoned(span),
        }
    }

    pub(super) fn as_earned(&mut self, name: &ast::Name, span: Span, place: &Place) -> Expr {
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

    pub(super) fn call(
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
}
