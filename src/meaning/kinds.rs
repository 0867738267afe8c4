//! Kinds of value: what goes with what, and what is asked for.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Edit, Span, near};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{Expr, ExprKind, Range};
use crate::meaning::sign::constant;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self, BinaryOp};

/// The finer of two grains: a person's value is the same on each of their records.
pub(in crate::meaning) fn meet(a: Grain, b: Grain) -> Grain {
    match (a, b) {
        (Grain::Record(source), _) | (_, Grain::Record(source)) => Grain::Record(source),
        (Grain::PersonPeriod, _) | (_, Grain::PersonPeriod) => Grain::PersonPeriod,
        (Grain::Constant, Grain::Constant) => Grain::Constant,
    }
}

pub(in crate::meaning) fn is_number(ty: Type) -> bool {
    matches!(
        ty,
        Type::Money(_)
            | Type::Percent
            | Type::Points
            | Type::Number
            | Type::Quantity(_)
            | Type::MoneyPer(..)
    )
}

impl Lower<'_> {
    pub(in crate::meaning) fn binary(
        &mut self,
        op: BinaryOp,
        a: &ast::Expr,
        b: &ast::Expr,
        span: Span,
        place: &mut Place,
    ) -> Expr {
        let left = self.expr(a, place);
        // A quota takes the kind of what it is compared with: money, seats or a number. A factor before it says nothing.
        let alike = op != BinaryOp::Multiply && is_number(left.ty);
        if let (ast::ExprKind::Name(name), true) = (&b.kind, alike) {
            self.settle_quota(name, left.ty);
        }
        let right = self.expr(b, place);
        let grain = meet(left.grain, right.grain);
        let ty = self.type_of(op, &left, &right, span, b);
        if op == BinaryOp::Divide
            && let Some(value) = constant(&right)
            && value.is_zero()
        {
            self.problems.push(
                Diagnostic::at(Code::Q802, right.span, "this divides by 0, always")
                    .saying("nothing can be divided by 0"),
            );
        }
        node(
            ExprKind::Binary(op, Box::new(left), Box::new(right)),
            ty,
            grain,
            span,
        )
    }

    pub(in crate::meaning) fn type_of(
        &mut self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        right_written: &ast::Expr,
    ) -> Type {
        let (a, b) = (left.ty, right.ty);
        if a == Type::Poisoned || b == Type::Poisoned {
            return match op {
                BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => {
                    Type::Poisoned
                }
                _ => Type::Bool,
            };
        }
        match op {
            BinaryOp::Or | BinaryOp::And => {
                self.want(left, Type::Bool);
                self.want(right, Type::Bool);
                Type::Bool
            }
            BinaryOp::Is | BinaryOp::IsNot => {
                self.comparable(left, right, span);
                Type::Bool
            }
            BinaryOp::Less | BinaryOp::AtMost | BinaryOp::More | BinaryOp::AtLeast => {
                self.comparable(left, right, span);
                if !(is_number(a) || a == Type::Date) {
                    let found = errors::type_words(a, &self.plan.units);
                    self.problems.push(errors::wrong_type(
                        left.span,
                        &found,
                        "something that has an order",
                    ));
                }
                Type::Bool
            }
            BinaryOp::Add | BinaryOp::Subtract => {
                self.sum_type(op, left, right, span, right_written)
            }
            BinaryOp::Multiply => match (a, b) {
                (Type::Percent | Type::Number, other) | (other, Type::Percent | Type::Number)
                    if is_number(other) =>
                {
                    other
                }
                (Type::MoneyPer(currency, unit), Type::Quantity(other))
                | (Type::Quantity(other), Type::MoneyPer(currency, unit))
                    if unit == other =>
                {
                    Type::Money(currency)
                }
                _ => {
                    let what = match (a, b) {
                        (Type::Money(c), Type::Money(_)) => {
                            format!("money times money would be {c} squared")
                        }
                        _ => "these two cannot be multiplied".to_owned(),
                    };
                    self.mismatch(span, &what, left, right)
                }
            },
            BinaryOp::Divide => match (a, b) {
                (Type::Money(x), Type::Money(y)) if x != y => {
                    self.problems.push(errors::currencies(x, y, span));
                    Type::Poisoned
                }
                // Parts of a constant stay a number: `1/3`. A ratio of two counts is a percentage.
                (Type::Number, Type::Number) if constant(right).is_some() => Type::Number,
                (Type::Number, Type::Number) => Type::Percent,
                (x, y) if x == y && is_number(x) => Type::Percent,
                (other, Type::Number | Type::Percent) if is_number(other) => other,
                (Type::Money(currency), Type::Quantity(unit)) => Type::MoneyPer(currency, unit),
                _ => self.mismatch(span, "these two cannot be divided", left, right),
            },
        }
    }

    pub(in crate::meaning) fn sum_type(
        &mut self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        right_written: &ast::Expr,
    ) -> Type {
        match (left.ty, right.ty) {
            (Type::Money(x), Type::Money(y)) if x != y => {
                self.problems.push(errors::currencies(x, y, span));
                Type::Poisoned
            }
            (Type::Percent, Type::Percent) if op == BinaryOp::Subtract => Type::Points,
            (_, Type::Percent) if matches!(right_written.kind, ast::ExprKind::Percent(_)) => {
                if let Some(share) = constant(right) {
                    let words = errors::type_words(left.ty, &self.plan.units);
                    let diagnostic = errors::percent_added(op, left, right.span, &share, &words);
                    self.problems.push(diagnostic);
                }
                Type::Poisoned
            }
            (Type::Percent, Type::Percent | Type::Points) | (Type::Points, Type::Percent) => {
                Type::Percent
            }
            (a, b) if a == b && is_number(a) => a,
            _ => self.mismatch(span, "these two cannot be added or subtracted", left, right),
        }
    }

    pub(in crate::meaning) fn mismatch(
        &mut self,
        span: Span,
        what: &str,
        left: &Expr,
        right: &Expr,
    ) -> Type {
        let words = |expr: &Expr| errors::type_words(expr.ty, &self.plan.units);
        let diagnostic = errors::do_not_go_together(
            span,
            what,
            (left.span, words(left)),
            (right.span, words(right)),
        );
        let diagnostic = match (self.unit_for(left, right.ty), self.unit_for(right, left.ty)) {
            (Some((unit, edit)), _) | (None, Some((unit, edit))) => {
                diagnostic.fix("say of what the number is", unit, vec![edit])
            }
            (None, None) => diagnostic,
        };
        self.problems.push(diagnostic);
        Type::Poisoned
    }

    /// A written number with the unit that it lacks where a value of a kind stands or is needed, and the edit. Below 1
    /// it is a percentage as a fraction: 0.08 is 8%.
    pub(in crate::meaning) fn unit_for(&self, number: &Expr, ty: Type) -> Option<(String, Edit)> {
        let (ExprKind::Number(value), Type::Number) = (&number.kind, number.ty) else {
            return None;
        };
        if ty == Type::Percent && !value.is_zero() && value.abs() < Exact::ONE {
            let text = format!("{}%", (value.clone() * Exact::int(100)).to_plain());
            let span = number.span;
            return Some((text.clone(), Edit { span, text }));
        }
        let unit = match ty {
            Type::Money(currency) => format!(" {currency}"),
            Type::Percent => "%".to_owned(),
            Type::Quantity(id) => format!(" {}", self.plan.units.get(id.0)?.plural),
            _ => return None,
        };
        let edit = Edit::after(number.span, unit.clone());
        let written = value.to_grouped(value.places().unwrap_or(2));
        Some((format!("{written}{unit}"), edit))
    }

    /// Both sides of a comparison are of one kind, and a text is one the column can have.
    pub(in crate::meaning) fn comparable(&mut self, left: &Expr, right: &Expr, span: Span) {
        match (left.ty, right.ty) {
            (Type::Poisoned, _) | (_, Type::Poisoned) => {}
            (Type::Money(x), Type::Money(y)) if x != y => {
                self.problems.push(errors::currencies(x, y, span))
            }
            (Type::Text | Type::Person, Type::Text | Type::Person) => {
                self.can_have(left, right);
                self.can_have(right, left);
            }
            (x, y) if x == y && x != Type::Persons => {}
            _ => {
                self.mismatch(span, "these two cannot be compared", left, right);
            }
        }
    }

    pub(in crate::meaning) fn can_have(&mut self, column: &Expr, value: &Expr) {
        let declared = match &column.kind {
            ExprKind::Column(source, id) => &self.plan.source(*source).columns[id.0],
            ExprKind::Fact(id, _) => &self.plan.people.columns[id.0],
            // In the place of the column in which each payee is paid stands its code.
            ExprKind::Text(_) if let Some(column) = self.plan.paid_by() => column,
            _ => return,
        };
        if let (Some(list), ExprKind::Text(text)) = (&declared.one_of, &value.kind)
            && !list.contains(text)
        {
            let near_value = near(text, list.iter().map(String::as_str));
            let diagnostic = errors::never_has(&declared.name, text, value.span, list, near_value);
            self.problems.push(diagnostic);
        }
    }

    /// A range of the kind of a value.
    pub(in crate::meaning) fn range(&mut self, written: &ast::Range, of: &Expr) -> Option<Range> {
        let mut place = Place::new(PlaceKind::People, written.span);
        let exact_text = match (&written.low, &written.high) {
            (Some(low), Some(high)) if low == high => match &low.value.kind {
                ast::ExprKind::Text(text) => Some((text.clone(), low.value.span)),
                _ => None,
            },
            _ => None,
        };
        if let Some((text, span)) = exact_text {
            let value = node(
                ExprKind::Text(text.clone()),
                Type::Text,
                Grain::Constant,
                span,
            );
            self.comparable(of, &value, span);
            return Some(Range::Text(text));
        }
        let mut end = |this: &mut Self,
                       bound: &Option<ast::Bound>|
         -> Option<Option<(crate::base::Exact, bool)>> {
            let Some(bound) = bound else {
                return Some(None);
            };
            let value = this.expr(&bound.value, &mut place);
            let before = this.problems.iter().len();
            this.comparable(of, &value, written.span);
            if this.problems.iter().len() > before || value.ty == Type::Poisoned {
                return None;
            }
            if value.ty == Type::Date || value.ty == Type::Text {
                this.problems.push(
                    Diagnostic::at(Code::U203, bound.value.span, "ranges are of numbers")
                        .help("compare with", "a >= … and a <= …"),
                );
                return None;
            }
            Some(Some((constant(&value)?, bound.included)))
        };
        let low = end(self, &written.low)?;
        let high = end(self, &written.high)?;
        Some(Range::Numbers { low, high })
    }

    /// Asks for a type.
    pub(in crate::meaning) fn want(&mut self, expr: &Expr, wanted: Type) -> bool {
        if expr.ty == wanted || expr.ty == Type::Poisoned {
            return expr.ty == wanted;
        }
        if let (Type::Money(x), Type::Money(y)) = (expr.ty, wanted) {
            self.problems.push(errors::currencies(x, y, expr.span));
            return false;
        }
        let units = &self.plan.units;
        let diagnostic = errors::wrong_type(
            expr.span,
            &errors::type_words(expr.ty, units),
            &errors::type_words(wanted, units),
        );
        let unit = self.unit_for(expr, wanted);
        self.problems.push(match unit {
            Some((text, edit)) => diagnostic.fix("say of what the number is", text, vec![edit]),
            None => diagnostic,
        });
        false
    }

    /// Asks for something that can be added up.
    pub(in crate::meaning) fn want_number(&mut self, expr: &Expr) -> bool {
        if is_number(expr.ty) || expr.ty == Type::Poisoned {
            return true;
        }
        let found = errors::type_words(expr.ty, &self.plan.units);
        self.problems
            .push(errors::wrong_type(expr.span, &found, "a number"));
        false
    }
}
