//! Expressions, node by node, with what each read.

use std::cmp::Ordering;

use crate::base::{Currency, Date, Exact};
use crate::explain::exchanges::{Amounts, converted};
use crate::explain::receipt::{Kind, Known, Node, Quoted, Rule};
use crate::meaning::plan::{ExchangeId, Expr, ExprKind, Function, Range};
use crate::syntax::ast::BinaryOp;
use crate::table::{Cause, sorted};

/// A value that is there.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::explain) enum Scalar {
    Number(Exact),
    Text(String),
    Date(Date),
    Flag(bool),
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::explain) enum Stop {
    /// An empty cell.
    Empty(Cause),
    /// A missing quota, or an aggregate of nothing.
    Missing(Cause),
    /// `pay nothing`
    Nothing,
    /// It cannot be known yet.
    Held(Vec<Cause>),
}

pub(in crate::explain) type Found = Result<Scalar, Stop>;

/// What reads names, and keeps a node of each read.
pub(in crate::explain) trait Reader {
    fn name(&mut self, expr: &Expr, reads: &mut Vec<Node>) -> Found;

    /// A column or fact of money, each cell with its own currency.
    fn amounts(&mut self, _: &Expr) -> Amounts {
        Amounts::one(Err(Stop::Nothing))
    }

    /// The rate from one currency to another on a day.
    fn quote(&self, _: ExchangeId, _: (Currency, Currency), _: Date) -> Result<Quoted, Vec<Cause>> {
        Err(Vec::new())
    }
}

/// An empty or missing value where one is needed is a hold.
pub(in crate::explain) fn demand(found: Found) -> Found {
    found.map_err(|stop| match stop {
        Stop::Empty(cause) | Stop::Missing(cause) => Stop::Held(vec![cause]),
        other => other,
    })
}

/// Both stops as one: holds win over nothing, and all causes are kept.
fn join(a: Stop, b: Stop) -> Stop {
    match (a, b) {
        (Stop::Held(mut a), Stop::Held(b)) => {
            a.extend(b);
            Stop::Held(sorted(a))
        }
        (held @ Stop::Held(_), _) | (_, held @ Stop::Held(_)) => held,
        (a, _) => a,
    }
}

/// Two demanded values, or the join of why not.
pub(in crate::explain) fn pair(a: Found, b: Found) -> Result<(Scalar, Scalar), Stop> {
    match (demand(a), demand(b)) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(join(a, b)),
        (Err(stop), Ok(_)) | (Ok(_), Err(stop)) => Err(stop),
    }
}

/// Two numbers.
pub(in crate::explain) fn two_numbers(a: Found, b: Found) -> Result<(Exact, Exact), Stop> {
    match pair(a, b)? {
        (Scalar::Number(a), Scalar::Number(b)) => Ok((a, b)),
        _ => Err(Stop::Nothing),
    }
}

/// The number of a demanded value.
pub(in crate::explain) fn a_number(found: Found) -> Result<Exact, Stop> {
    match demand(found)? {
        Scalar::Number(number) => Ok(number),
        _ => Err(Stop::Nothing),
    }
}

/// A condition's answer; an empty cell says no.
pub(in crate::explain) fn yes(found: Found) -> Result<bool, Stop> {
    match found {
        Ok(Scalar::Flag(flag)) => Ok(flag),
        Ok(_) | Err(Stop::Empty(_)) => Ok(false),
        Err(stop) => demand(Err(stop)).map(|_| false),
    }
}

/// The value of an expression.
pub(in crate::explain) fn walk(
    expr: &Expr,
    reader: &mut dyn Reader,
    reads: &mut Vec<Node>,
) -> Found {
    let flag = |answer: bool| Ok(Scalar::Flag(answer));
    match &expr.kind {
        ExprKind::Number(number) => Ok(Scalar::Number(number.clone())),
        ExprKind::Text(text) => Ok(Scalar::Text(text.clone())),
        ExprKind::Date(date) => Ok(Scalar::Date(*date)),
        ExprKind::Bool(answer) => flag(*answer),
        ExprKind::Negative(inner) => {
            a_number(walk(inner, reader, reads)).map(|number| Scalar::Number(-number))
        }
        ExprKind::Not(inner) => yes(walk(inner, reader, reads)).and_then(|answer| flag(!answer)),
        ExprKind::Present(inner, wanted) => match walk(inner, reader, reads) {
            Err(Stop::Held(causes)) => Err(Stop::Held(causes)),
            Err(Stop::Empty(_)) => flag(!*wanted),
            _ => flag(*wanted),
        },
        ExprKind::OneOf(inner, choices, wanted) => match walk(inner, reader, reads) {
            Err(Stop::Empty(_)) => flag(false),
            Err(stop) => demand(Err(stop)),
            Ok(value) => {
                let mut among = false;
                for choice in choices {
                    among |= walk(choice, reader, reads).is_ok_and(|choice| choice == value);
                }
                flag(among == *wanted)
            }
        },
        ExprKind::Within(inner, range, wanted) => match walk(inner, reader, reads) {
            Err(Stop::Empty(_)) => flag(false),
            Err(stop) => demand(Err(stop)),
            Ok(value) => flag(lies_in(range, &value) == *wanted),
        },
        ExprKind::Call(function, arguments) => {
            let mut result: Option<Result<Exact, Stop>> = None;
            for argument in arguments {
                let next = a_number(walk(argument, reader, reads));
                result = Some(match (result, next) {
                    (None, next) => next.map(|number| {
                        if *function == Function::Abs {
                            number.abs()
                        } else {
                            number
                        }
                    }),
                    (Some(Ok(a)), Ok(b)) => Ok(if (*function == Function::Min) == (b < a) {
                        b
                    } else {
                        a
                    }),
                    (Some(Err(a)), Err(b)) => Err(join(a, b)),
                    (Some(Err(stop)), Ok(_)) | (Some(Ok(_)), Err(stop)) => Err(stop),
                });
            }
            result.unwrap_or(Err(Stop::Nothing)).map(Scalar::Number)
        }
        ExprKind::Wholes { of, step, above } => {
            let mut own = Vec::new();
            let number = match a_number(walk(of, reader, &mut own)) {
                Ok(number) => number,
                Err(stop) => {
                    reads.extend(own);
                    return Err(stop);
                }
            };
            let start = above.clone().unwrap_or_default();
            let steps = (number - start).checked_div(step).ok_or(Stop::Nothing)?;
            // The largest whole number that is not beyond it, seen from 0.
            let whole = if steps.is_negative() {
                match above {
                    Some(_) => Exact::ZERO,
                    None => -(-steps).floor(),
                }
            } else {
                steps.floor()
            };
            reads.push(Node {
                rule: Rule::Wholes {
                    step: step.clone(),
                    above: above.clone(),
                    kind: crate::explain::walk::kind(of.ty),
                },
                label: "whole steps".to_owned(),
                value: Known::Value(whole.clone()),
                kind: Kind::Number,
                span: Some(expr.span),
                reads: own,
                decided: Default::default(),
            });
            Ok(Scalar::Number(whole))
        }
        ExprKind::Binary(op, left, right) => binary(*op, left, right, reader, reads),
        ExprKind::Converted { .. } => converted(expr, reader, reads),
        _ => reader.name(expr, reads),
    }
}

/// Whether a value lies in a range.
pub(in crate::explain) fn lies_in(range: &Range, value: &Scalar) -> bool {
    match (range, value) {
        (Range::Text(text), Scalar::Text(value)) => text == value,
        (range, Scalar::Number(number)) => range.contains(number),
        _ => false,
    }
}

fn binary(
    op: BinaryOp,
    left: &Expr,
    right: &Expr,
    reader: &mut dyn Reader,
    reads: &mut Vec<Node>,
) -> Found {
    if let BinaryOp::And | BinaryOp::Or = op {
        let settles = op == BinaryOp::Or;
        let first = yes(walk(left, reader, reads));
        if first == Ok(settles) {
            return Ok(Scalar::Flag(settles));
        }
        return match (first, yes(walk(right, reader, reads))) {
            (_, Ok(second)) if second == settles => Ok(Scalar::Flag(settles)),
            (Ok(_), Ok(_)) => Ok(Scalar::Flag(!settles)),
            (Err(a), Err(b)) => Err(join(a, b)),
            (Err(stop), Ok(_)) | (Ok(_), Err(stop)) => Err(stop),
        };
    }
    let a = walk(left, reader, reads);
    let b = walk(right, reader, reads);
    match op {
        BinaryOp::Add => two_numbers(a, b).map(|(a, b)| Scalar::Number(a + b)),
        BinaryOp::Subtract => two_numbers(a, b).map(|(a, b)| Scalar::Number(a - b)),
        BinaryOp::Multiply => two_numbers(a, b).map(|(a, b)| Scalar::Number(a * b)),
        BinaryOp::Divide => {
            let (a, b) = two_numbers(a, b)?;
            a.checked_div(&b).map(Scalar::Number).ok_or(Stop::Nothing)
        }
        _ => compare(op, a, b),
    }
}

fn compare(op: BinaryOp, a: Found, b: Found) -> Found {
    // An empty cell compares as false, unless the other side is held.
    match (&a, &b) {
        (Err(Stop::Held(causes)), Err(Stop::Empty(_)))
        | (Err(Stop::Empty(_)), Err(Stop::Held(causes))) => {
            return Err(Stop::Held(causes.clone()));
        }
        (Err(Stop::Empty(_)), _) | (_, Err(Stop::Empty(_))) => return Ok(Scalar::Flag(false)),
        _ => {}
    }
    let order = match pair(a, b)? {
        (Scalar::Number(a), Scalar::Number(b)) => a.cmp(&b),
        (Scalar::Text(a), Scalar::Text(b)) => a.cmp(&b),
        (Scalar::Date(a), Scalar::Date(b)) => a.cmp(&b),
        (Scalar::Flag(a), Scalar::Flag(b)) => a.cmp(&b),
        _ => return Ok(Scalar::Flag(false)),
    };
    Ok(Scalar::Flag(match op {
        BinaryOp::Is => order == Ordering::Equal,
        BinaryOp::IsNot => order != Ordering::Equal,
        BinaryOp::Less => order == Ordering::Less,
        BinaryOp::AtMost => order != Ordering::Greater,
        BinaryOp::More => order == Ordering::Greater,
        BinaryOp::AtLeast => order != Ordering::Less,
        _ => return Err(Stop::Nothing),
    }))
}
