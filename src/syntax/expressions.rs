//! Words of one line → expressions and ranges. Precedence is one Pratt table; `grammar/README.md` shows it.

use crate::base::Cadence;
use crate::diag::{Diagnostic, Problems, Span};
use crate::syntax::ast::{Expr, ExprKind, Name, PeriodDay};
use crate::syntax::grammar::{Rule, Words, parts};
use crate::syntax::lines::Piece;

mod aggregates;
mod literals;
mod operators;

/// The most operators in one line: a tree of expressions is never deeper than this.
pub(in crate::syntax) const MOST_OPERATORS: usize = 200;

/// The most brackets around one value.
pub(in crate::syntax) const DEEPEST: usize = 64;

/// Makes nodes of one piece of text; problems are collected on the way.
pub(in crate::syntax) struct Reader<'t, 'p> {
    /// The text that was read.
    pub(in crate::syntax) piece: Piece<'t>,
    /// What was wrong with it.
    pub(in crate::syntax) problems: &'p mut Problems,
}

impl Reader<'_, '_> {
    /// Where words stand in the file.
    pub(in crate::syntax) fn span(&self, words: &Words<'_>) -> Span {
        let span = words.as_span();
        self.piece.sub(span.start(), span.end())
    }

    /// A word with its place; quotes are taken off.
    pub(in crate::syntax) fn name(&self, words: &Words<'_>) -> Name {
        Name {
            text: unquoted(words.as_str()).to_owned(),
            span: self.span(words),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) -> ExprKind {
        self.problems.push(diagnostic);
        ExprKind::Poisoned
    }

    /// `deal.amount` as an expression.
    pub(in crate::syntax) fn path(&mut self, words: Words<'_>) -> Expr {
        self.primary(words)
    }

    fn primary(&mut self, part: Words<'_>) -> Expr {
        let span = self.span(&part);
        let kind = match part.as_rule() {
            Rule::expr | Rule::arith => {
                let span = self.with_brackets(&part);
                return Expr {
                    span,
                    ..self.expr(part)
                };
            }
            Rule::name => ExprKind::Name(part.as_str().to_owned()),
            Rule::path => match names(self, part).as_slice() {
                [record, column] => ExprKind::Path(record.clone(), column.clone()),
                _ => ExprKind::Poisoned,
            },
            Rule::aggregate => self.aggregate(part),
            Rule::together => self.together(part),
            Rule::as_earned => match names(self, part).into_iter().next() {
                Some(name) => ExprKind::AsEarned(name),
                None => ExprKind::Poisoned,
            },
            Rule::on_column => {
                let mut inner = parts(part);
                match (inner.next(), inner.next()) {
                    (Some(name), Some(path)) => {
                        let name = self.name(&name);
                        ExprKind::OnDate(name, Box::new(self.path(path)))
                    }
                    _ => ExprKind::Poisoned,
                }
            }
            Rule::on_day => {
                let day = match crate::syntax::grammar::choice(
                    &part,
                    &[Rule::k_on_the_first_day_of_the_period],
                ) {
                    Some(_) => PeriodDay::First,
                    None => PeriodDay::Last,
                };
                match names(self, part).into_iter().next() {
                    Some(name) => ExprKind::OnDay(name, day),
                    None => ExprKind::Poisoned,
                }
            }
            Rule::call => {
                let mut inner = parts(part);
                let Some(function) = inner.next().map(|name| self.name(&name)) else {
                    return Expr {
                        kind: ExprKind::Poisoned,
                        span,
                    };
                };
                let arguments: Vec<Expr> = inner.map(|argument| self.expr(argument)).collect();
                ExprKind::Call(function, arguments)
            }
            _ => self.literal(part),
        };
        Expr { kind, span }
    }
}

fn names(reader: &Reader<'_, '_>, words: Words<'_>) -> Vec<Name> {
    parts(words).map(|part| reader.name(&part)).collect()
}

/// A length of time by its word.
pub(in crate::syntax) fn cadence_of(rule: Rule) -> Option<Cadence> {
    match rule {
        Rule::k_week => Some(Cadence::Week),
        Rule::k_two_weeks => Some(Cadence::TwoWeeks),
        Rule::k_month => Some(Cadence::Month),
        Rule::k_quarter => Some(Cadence::Quarter),
        Rule::k_half => Some(Cadence::Half),
        Rule::k_year => Some(Cadence::Year),
        _ => None,
    }
}

/// A text without its quotes.
pub(in crate::syntax) fn unquoted(text: &str) -> &str {
    text.strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .unwrap_or(text)
}
