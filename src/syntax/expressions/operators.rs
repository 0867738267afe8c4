//! Operators and their precedence.

use std::sync::LazyLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};

use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::syntax::ast::{BinaryOp, Conversion, Expr, ExprKind, PeriodDay, RateDay};
use crate::syntax::expressions::Reader;
use crate::syntax::grammar::{Rule, Words, choice, parts};

static PRATT: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::or_))
        .op(left(Rule::and_))
        .op(Op::prefix(Rule::not_))
        .op(left(Rule::is)
            | left(Rule::is_not)
            | left(Rule::less)
            | left(Rule::at_most)
            | left(Rule::more)
            | left(Rule::at_least)
            | left(Rule::compat_operator)
            | Op::postfix(Rule::one_of)
            | Op::postfix(Rule::not_one_of)
            | Op::postfix(Rule::within)
            | Op::postfix(Rule::not_within)
            | Op::postfix(Rule::present)
            | Op::postfix(Rule::absent))
        .op(left(Rule::add) | left(Rule::subtract))
        .op(left(Rule::multiply) | left(Rule::divide) | left(Rule::of))
        .op(Op::prefix(Rule::negative))
        .op(Op::postfix(Rule::converted))
});

impl Reader<'_, '_> {
    /// An expression: `expr` or `arith`.
    pub(in crate::syntax) fn expr(&mut self, words: Words<'_>) -> Expr {
        // The Pratt parser calls back several times over; the nodes carry plain data until it is done.
        let mut items = Vec::new();
        for part in words.clone().into_inner() {
            items.push(part);
        }
        let this = std::cell::RefCell::new(self);
        PRATT
            .map_primary(|part| this.borrow_mut().primary(part))
            .map_prefix(|op, inner| this.borrow_mut().prefix(&op, inner))
            .map_postfix(|inner, op| this.borrow_mut().postfix(inner, op))
            .map_infix(|left, op, right| this.borrow_mut().infix(left, &op, right))
            .parse(items.into_iter())
    }

    fn prefix(&mut self, op: &Words<'_>, inner: Expr) -> Expr {
        let span = self.span(op).to(inner.span);
        let kind = match op.as_rule() {
            Rule::not_ => ExprKind::Not(Box::new(inner)),
            _ => ExprKind::Negative(Box::new(inner)),
        };
        Expr { kind, span }
    }

    fn postfix(&mut self, inner: Expr, op: Words<'_>) -> Expr {
        let span = inner.span.to(self.span(&op));
        let rule = op.as_rule();
        if rule == Rule::converted {
            let converted = self.conversion(inner, op);
            let kind = converted.map_or(ExprKind::Poisoned, |of| ExprKind::Converted(Box::new(of)));
            return Expr { kind, span };
        }
        let inner = Box::new(inner);
        let kind = match rule {
            Rule::present | Rule::absent => ExprKind::Present(inner, rule == Rule::present),
            Rule::one_of | Rule::not_one_of => {
                let choices = parts(op)
                    .flat_map(parts)
                    .map(|bound| self.bound(bound))
                    .collect();
                ExprKind::OneOf(inner, choices, rule == Rule::one_of)
            }
            _ => match parts(op).next().and_then(|range| self.range(range)) {
                Some(range) => ExprKind::Within(inner, Box::new(range), rule == Rule::within),
                None => ExprKind::Poisoned,
            },
        };
        Expr { kind, span }
    }

    fn infix(&mut self, left: Expr, op: &Words<'_>, right: Expr) -> Expr {
        let span = left.span.to(right.span);
        let operator = match op.as_rule() {
            Rule::or_ => BinaryOp::Or,
            Rule::and_ => BinaryOp::And,
            Rule::is => BinaryOp::Is,
            Rule::is_not => BinaryOp::IsNot,
            Rule::less => BinaryOp::Less,
            Rule::at_most => BinaryOp::AtMost,
            Rule::more => BinaryOp::More,
            Rule::at_least => BinaryOp::AtLeast,
            Rule::add => BinaryOp::Add,
            Rule::subtract => BinaryOp::Subtract,
            Rule::multiply | Rule::of => BinaryOp::Multiply,
            Rule::divide => BinaryOp::Divide,
            _ => {
                let ours = match op.as_str() {
                    "==" | "=" => "is",
                    "!=" | "<>" => "is not",
                    "&&" => "and",
                    _ => "or",
                };
                let at = self.span(op);
                let diagnostic = Diagnostic::at(
                    Code::S006,
                    at,
                    format!("`{}` is not an operator here", op.as_str()),
                )
                .saying(format!("write `{ours}`"))
                .fix(
                    format!("write `{ours}`"),
                    "",
                    vec![Edit {
                        span: at,
                        text: ours.to_owned(),
                    }],
                );
                let kind = self.report(diagnostic);
                return Expr { kind, span };
            }
        };
        if is_comparison(operator) && (compares(&left) || compares(&right)) {
            let diagnostic = Diagnostic::at(Code::S006, self.span(op), "two comparisons in a row")
                .saying("this compares the answer of the first one")
                .help("join them with `and`", "a >= 10 and a < 20");
            let kind = self.report(diagnostic);
            return Expr { kind, span };
        }
        Expr {
            kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)),
            span,
        }
    }

    /// The place of words in brackets, brackets and all: whoever replaces them replaces the whole.
    pub(super) fn with_brackets(&self, words: &Words<'_>) -> Span {
        let (span, text) = (words.as_span(), self.piece.text);
        let before = text.get(..span.start()).and_then(|head| head.rfind('('));
        let after = text.get(span.end()..).and_then(|rest| rest.find(')'));
        self.piece.sub(
            before.unwrap_or(span.start()),
            after.map_or(span.end(), |at| span.end() + at + 1),
        )
    }

    /// `converted to USD at month_end_rate on deal.close_date`
    fn conversion(&mut self, of: Expr, words: Words<'_>) -> Option<Conversion> {
        let mut inner = parts(words);
        let to = self.currency(&inner.next()?);
        let exchange = self.name(&inner.next()?);
        let on = self.rate_day(inner.next()?)?;
        Some(Conversion {
            of,
            to: to?,
            exchange,
            on,
        })
    }

    /// The day whose rate of exchange counts.
    pub(in crate::syntax) fn rate_day(&mut self, words: Words<'_>) -> Option<RateDay> {
        // Without the blank before it.
        let span = self.span(&words.clone().into_inner().next()?);
        let days = [
            Rule::k_on_the_first_day_of_the_period,
            Rule::k_on_the_last_day_of_the_period,
        ];
        Some(match choice(&words, &days) {
            Some(Rule::k_on_the_first_day_of_the_period) => {
                RateDay::OfPeriod(PeriodDay::First, span)
            }
            Some(_) => RateDay::OfPeriod(PeriodDay::Last, span),
            None => RateDay::On(self.primary(parts(words).next()?)),
        })
    }
}

pub(super) fn poisoned(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Poisoned => true,
        ExprKind::Negative(inner) => poisoned(&inner.kind),
        _ => false,
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Is
            | BinaryOp::IsNot
            | BinaryOp::Less
            | BinaryOp::AtMost
            | BinaryOp::More
            | BinaryOp::AtLeast
    )
}

fn compares(side: &Expr) -> bool {
    matches!(&side.kind, ExprKind::Binary(op, ..) if is_comparison(*op))
}
