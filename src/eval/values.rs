//! Values while they are calculated, and the arithmetic and logic on them.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::base::{Currency, Date, Exact, Mode, Rounding};
use crate::eval::exchanges::{Exchanges, converted};
use crate::meaning::plan::{Expr, ExprKind, Function, Range};
use crate::syntax::ast::BinaryOp;
use crate::table::{Cause, Read, Table, Value, Values, sorted};

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::eval) enum V {
    Number(Exact),
    Text(Arc<str>),
    Date(Date),
    Bool(bool),
    /// An empty cell, with the cause that it is where its value is needed.
    Absent(Cause),
    /// A missing quota or an aggregate of nothing, which a measure may have a rule for.
    Missing(Cause),
    /// A measure's rule said `pay nothing`.
    Nothing,
    Held(Vec<Cause>),
}

impl V {
    /// Where a value is needed, an absent or missing one holds.
    pub(in crate::eval) fn needed(self) -> V {
        match self {
            V::Absent(cause) | V::Missing(cause) => V::Held(vec![cause]),
            other => other,
        }
    }
}

/// Causes of both, in order.
pub(in crate::eval) fn both(mut a: Vec<Cause>, b: Vec<Cause>) -> Vec<Cause> {
    a.extend(b);
    sorted(a)
}

/// Applies something to numbers; holds and nothings pass through.
pub(in crate::eval) fn numbers(a: V, b: V, apply: impl FnOnce(Exact, Exact) -> V) -> V {
    match (a.needed(), b.needed()) {
        (V::Held(a), V::Held(b)) => V::Held(both(a, b)),
        (V::Held(causes), _) | (_, V::Held(causes)) => V::Held(causes),
        (V::Nothing, _) | (_, V::Nothing) => V::Nothing,
        (V::Number(a), V::Number(b)) => apply(a, b),
        // The checker lets numbers only through here.
        (a, _) => a,
    }
}

/// What an amount of some currency is made to.
pub(in crate::eval) type Convert<'c> = &'c dyn Fn(Exact, Currency) -> V;

/// Reads names for an expression.
pub(in crate::eval) trait Env {
    /// A column, fact, credit, aggregate, quota, measure, tier or pay.
    fn read(&self, expr: &Expr) -> V;

    /// A column or fact of money by the currency of its own cell.
    fn money(&self, _: &Expr, _: Convert<'_>) -> V {
        V::Nothing
    }

    /// Rates of exchange; nothing where nothing is converted.
    fn exchanges(&self) -> Option<&Exchanges<'_>> {
        None
    }
}

/// The value of an expression.
pub(in crate::eval) fn eval(expr: &Expr, env: &dyn Env) -> V {
    match &expr.kind {
        ExprKind::Number(number) => V::Number(number.clone()),
        ExprKind::Text(text) => V::Text(Arc::from(text.as_str())),
        ExprKind::Date(date) => V::Date(*date),
        ExprKind::Bool(flag) => V::Bool(*flag),
        ExprKind::Negative(inner) => match eval(inner, env).needed() {
            V::Number(number) => V::Number(-number),
            other => other,
        },
        ExprKind::Not(inner) => match truth(eval(inner, env)) {
            V::Bool(flag) => V::Bool(!flag),
            other => other,
        },
        ExprKind::Binary(op, a, b) => binary(*op, a, b, env),
        ExprKind::Call(function, arguments) => call(*function, arguments, env),
        ExprKind::OneOf(inner, choices, yes) => match eval(inner, env) {
            V::Absent(_) => V::Bool(false),
            value => {
                let any = choices.iter().any(|choice| eval(choice, env) == value);
                match value.needed() {
                    held @ (V::Held(_) | V::Nothing) => held,
                    _ => V::Bool(any == *yes),
                }
            }
        },
        ExprKind::Within(inner, range, yes) => match eval(inner, env) {
            V::Absent(_) => V::Bool(false),
            value => match value.needed() {
                V::Number(number) => V::Bool(range.contains(&number) == *yes),
                V::Text(text) => V::Bool((*range == Range::Text(text.to_string())) == *yes),
                other => other,
            },
        },
        ExprKind::Present(inner, yes) => match eval(inner, env) {
            V::Held(causes) => V::Held(causes),
            value => V::Bool(matches!(value, V::Absent(_)) != *yes),
        },
        ExprKind::Wholes { of, step, above } => match eval(of, env).needed() {
            V::Number(number) => {
                let counted = match above {
                    Some(above) => (number - above.clone()).max(Exact::ZERO),
                    None => number,
                };
                let steps = counted.checked_div(step).unwrap_or_default();
                let whole = Rounding {
                    unit: Exact::ONE,
                    mode: Mode::Down,
                };
                V::Number(whole.round(&steps))
            }
            other => other,
        },
        ExprKind::Converted { of, to, at, on } => converted(env, of, *to, (*at, on)),
        _ => env.read(expr),
    }
}

/// A condition's value; an empty flag is no.
pub(in crate::eval) fn truth(value: V) -> V {
    match value {
        V::Absent(_) => V::Bool(false),
        other => other.needed(),
    }
}

fn binary(op: BinaryOp, a: &Expr, b: &Expr, env: &dyn Env) -> V {
    match op {
        BinaryOp::And | BinaryOp::Or => {
            // The answer that decides by itself, whatever the other side is.
            let decides = op == BinaryOp::Or;
            let left = truth(eval(a, env));
            if left == V::Bool(decides) {
                return left;
            }
            let right = truth(eval(b, env));
            match (left, right) {
                (_, V::Bool(flag)) if flag == decides => V::Bool(decides),
                (V::Held(a), V::Held(b)) => V::Held(both(a, b)),
                (V::Held(causes), _) | (_, V::Held(causes)) => V::Held(causes),
                (V::Nothing, _) | (_, V::Nothing) => V::Nothing,
                _ => V::Bool(!decides),
            }
        }
        BinaryOp::Is
        | BinaryOp::IsNot
        | BinaryOp::Less
        | BinaryOp::AtMost
        | BinaryOp::More
        | BinaryOp::AtLeast => compare(op, eval(a, env), eval(b, env)),
        BinaryOp::Add => numbers(eval(a, env), eval(b, env), |a, b| V::Number(a + b)),
        BinaryOp::Subtract => numbers(eval(a, env), eval(b, env), |a, b| V::Number(a - b)),
        BinaryOp::Multiply => numbers(eval(a, env), eval(b, env), |a, b| V::Number(a * b)),
        BinaryOp::Divide => numbers(eval(a, env), eval(b, env), |a, b| {
            a.checked_div(&b).map_or(V::Nothing, V::Number)
        }),
    }
}

fn compare(op: BinaryOp, a: V, b: V) -> V {
    if matches!(a, V::Absent(_)) || matches!(b, V::Absent(_)) {
        // Comparing an empty cell is false, unless the other side cannot be known.
        return match (a, b) {
            (V::Held(causes), _) | (_, V::Held(causes)) => V::Held(causes),
            _ => V::Bool(false),
        };
    }
    let order = match (a.needed(), b.needed()) {
        (V::Held(a), V::Held(b)) => return V::Held(both(a, b)),
        (V::Held(causes), _) | (_, V::Held(causes)) => return V::Held(causes),
        (V::Nothing, _) | (_, V::Nothing) => return V::Nothing,
        (V::Number(a), V::Number(b)) => a.cmp(&b),
        (V::Date(a), V::Date(b)) => a.cmp(&b),
        (V::Text(a), V::Text(b)) => a.cmp(&b),
        (V::Bool(a), V::Bool(b)) => a.cmp(&b),
        _ => return V::Bool(false),
    };
    V::Bool(match op {
        BinaryOp::Is => order == Ordering::Equal,
        BinaryOp::IsNot => order != Ordering::Equal,
        BinaryOp::Less => order == Ordering::Less,
        BinaryOp::AtMost => order != Ordering::Greater,
        BinaryOp::More => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })
}

fn call(function: Function, arguments: &[Expr], env: &dyn Env) -> V {
    let mut values = arguments
        .iter()
        .map(|argument| eval(argument, env).needed());
    let Some(first) = values.next() else {
        return V::Nothing;
    };
    values.fold(
        match (function, first) {
            (Function::Abs, V::Number(number)) => V::Number(number.abs()),
            (_, first) => first,
        },
        |so_far, next| {
            numbers(so_far, next, |a, b| {
                V::Number(match function {
                    Function::Min => a.min(b),
                    Function::Max | Function::Abs => a.max(b),
                })
            })
        },
    )
}

/// What a cell holds, where money of another currency cannot be read.
pub(in crate::eval) fn cell(table: &Table, column: &str, row: usize, currency: Currency) -> V {
    let only = |number: Exact, own: Currency| {
        if own == currency {
            return V::Number(number);
        }
        let found = table.cell(row, column, &format!("{} {own}", number.to_plain()));
        V::Held(vec![Cause::currency(own.code(), currency.code(), found)])
    };
    money_cell((table, column), row, currency, &only)
}

/// What a cell holds; money is converted from its own currency, which is `declared` where neither it nor its row or file
/// says one.
pub(in crate::eval) fn money_cell(
    (table, column): (&Table, &str),
    row: usize,
    declared: Currency,
    convert: Convert<'_>,
) -> V {
    match table.read(column, row) {
        Read::Fault(fault) => match table.faults.get(fault) {
            Some(fault) => V::Held(vec![Cause::fault(fault)]),
            None => V::Held(Vec::new()),
        },
        Read::Absent => V::Absent(Cause::empty(column, table.cell(row, column, ""))),
        Read::Value(Value::Text(text)) => V::Text(text),
        Read::Value(Value::Date(date)) => V::Date(date),
        Read::Value(Value::Bool(flag)) => V::Bool(flag),
        Read::Value(Value::Number(number)) => {
            let own = match table.column(column).map(|column| &column.values) {
                Some(Values::Numbers(numbers)) => numbers.currency(row),
                _ => None,
            };
            convert(number, own.unwrap_or(declared))
        }
    }
}
