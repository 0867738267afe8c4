//! Expressions over many records at once: the values that `values.rs` finds one by one, as whole numbers over one
//! denominator.
//!
//! What cannot be told this way is `None`: division by a column, numbers beyond 64 bits, a value that is held. Whoever
//! asks then takes the records one by one, so that there is one meaning and this is only a quicker way to it.

use std::cmp::Ordering;

use crate::base::{Exact, Rounding, div_round};
use crate::eval::record::currency_of;
use crate::meaning::each_child;
use crate::meaning::plan::{ColumnId, CreditId, Expr, ExprKind, Function, Plan, Range, SourceId};
use crate::meaning::types::Grain;
use crate::syntax::ast::BinaryOp;
use crate::table::{Column, CurrencyColumn, Lane, RowSet, Table, Values};

/// Records looked at together. None of them is odd, see [`odd_rows`].
pub(in crate::eval) struct Records<'a> {
    pub(in crate::eval) plan: &'a Plan,
    pub(in crate::eval) table: &'a Table,
    pub(in crate::eval) rows: &'a [u32],
    /// The person's credit on each of them, for a pay that runs over records.
    pub(in crate::eval) credit: Option<(CreditId, &'a Units)>,
    /// The value of what is not of record grain, if it is a number.
    pub(in crate::eval) outside: &'a dyn Fn(&Expr) -> Option<Exact>,
}

/// Whole numbers over one denominator, one for each record.
#[derive(Clone, Debug)]
pub(in crate::eval) struct Units {
    pub(in crate::eval) units: Vec<i64>,
    /// Positive.
    pub(in crate::eval) denominator: i128,
}

/// A number of each record.
#[derive(Clone, Debug)]
pub(in crate::eval) enum Number {
    /// The same for all.
    Same(Exact),
    /// One for each.
    Each(Units),
}

impl Units {
    fn map(self, denominator: i128, apply: impl Fn(i64) -> Option<i64>) -> Option<Units> {
        let units: Option<Vec<i64>> = self.units.into_iter().map(apply).collect();
        Some(Units {
            units: units?,
            denominator,
        })
    }

    /// The same numbers over a multiple of the denominator.
    fn over(self, denominator: i128) -> Option<Units> {
        if denominator == self.denominator {
            return Some(self);
        }
        let times = i64::try_from(denominator / self.denominator).ok()?;
        self.map(denominator, |units| units.checked_mul(times))
    }
}

impl Number {
    /// As units, for so many records.
    pub(in crate::eval) fn units(self, rows: usize) -> Option<Units> {
        match self {
            Number::Each(units) => Some(units),
            Number::Same(number) => {
                let (numerator, denominator) = number.small_parts()?;
                Some(Units {
                    units: vec![i64::try_from(numerator).ok()?; rows],
                    denominator,
                })
            }
        }
    }

    /// The product.
    pub(in crate::eval) fn times(self, other: Number) -> Option<Number> {
        Some(Number::Each(match (self, other) {
            (Number::Same(a), Number::Same(b)) => return Some(Number::Same(a * b)),
            (Number::Each(units), Number::Same(factor))
            | (Number::Same(factor), Number::Each(units)) => {
                let (numerator, denominator) = factor.small_parts()?;
                let numerator = i64::try_from(numerator).ok()?;
                let denominator = units.denominator.checked_mul(denominator)?;
                units.map(denominator, |units| units.checked_mul(numerator))?
            }
            (Number::Each(a), Number::Each(b)) => {
                let products = a.units.iter().zip(&b.units);
                let products: Option<Vec<i64>> = products.map(|(a, b)| a.checked_mul(*b)).collect();
                Units {
                    units: products?,
                    denominator: a.denominator.checked_mul(b.denominator)?,
                }
            }
        }))
    }

    /// The lesser of both, for each record.
    pub(in crate::eval) fn least(self, other: Number) -> Option<Number> {
        self.with(other, Exact::min, |a, b| Some(a.min(b)))
    }

    /// The greater of both, for each record.
    pub(in crate::eval) fn greatest(self, other: Number) -> Option<Number> {
        self.with(other, Exact::max, |a, b| Some(a.max(b)))
    }

    /// Rounded to multiples of the rule's unit.
    pub(in crate::eval) fn rounded(self, rounding: &Rounding) -> Option<Number> {
        match self {
            Number::Same(number) => Some(Number::Same(rounding.round(&number))),
            Number::Each(units) => {
                let (numerator, denominator) = rounding.unit.small_parts()?;
                let per_unit = units.denominator.checked_mul(numerator)?;
                let round = |units: i64| {
                    let scaled = i128::from(units).checked_mul(denominator)?;
                    let whole = div_round(scaled, per_unit, rounding.mode)?;
                    i64::try_from(whole.checked_mul(numerator)?).ok()
                };
                Some(Number::Each(units.map(denominator, round)?))
            }
        }
    }

    /// Both over one denominator, put together.
    fn with(
        self,
        other: Number,
        exact: impl Fn(Exact, Exact) -> Exact,
        apply: impl Fn(i64, i64) -> Option<i64>,
    ) -> Option<Number> {
        let (a, b) = match (self, other) {
            (Number::Same(a), Number::Same(b)) => return Some(Number::Same(exact(a, b))),
            (Number::Each(a), b) => {
                let rows = a.units.len();
                (a, b.units(rows)?)
            }
            (a, Number::Each(b)) => (a.units(b.units.len())?, b),
        };
        let denominator = common(a.denominator, b.denominator)?;
        let (a, b) = (a.over(denominator)?, b.over(denominator)?);
        let pairs = a.units.iter().zip(&b.units);
        let units: Option<Vec<i64>> = pairs.map(|(a, b)| apply(*a, *b)).collect();
        Some(Number::Each(Units {
            units: units?,
            denominator,
        }))
    }

    /// How each compares with the other's.
    fn compared(
        self,
        other: Number,
        rows: usize,
        holds: impl Fn(Ordering) -> bool,
    ) -> Option<Vec<bool>> {
        match (self, other) {
            (Number::Same(a), Number::Same(b)) => Some(vec![holds(a.cmp(&b)); rows]),
            (Number::Each(a), Number::Same(b)) => against(&a, &b, holds),
            (Number::Same(a), Number::Each(b)) => against(&b, &a, |order| holds(order.reverse())),
            (Number::Each(a), Number::Each(b)) => {
                let pairs = a.units.iter().zip(&b.units);
                pairs
                    .map(|(x, y)| {
                        let left = i128::from(*x).checked_mul(b.denominator)?;
                        let right = i128::from(*y).checked_mul(a.denominator)?;
                        Some(holds(left.cmp(&right)))
                    })
                    .collect()
            }
        }
    }
}

/// How each number compares with one.
fn against(units: &Units, one: &Exact, holds: impl Fn(Ordering) -> bool) -> Option<Vec<bool>> {
    let (numerator, denominator) = one.small_parts()?;
    let right = numerator.checked_mul(units.denominator)?;
    let one_by_one = units.units.iter().map(|units| {
        let left = i128::from(*units).checked_mul(denominator)?;
        Some(holds(left.cmp(&right)))
    });
    one_by_one.collect()
}

/// A denominator that serves both.
pub(in crate::eval) fn common(a: i128, b: i128) -> Option<i128> {
    if a % b == 0 {
        Some(a)
    } else if b % a == 0 {
        Some(b)
    } else {
        a.checked_mul(b)
    }
}

impl Records<'_> {
    fn column(&self, source: SourceId, id: ColumnId) -> Option<&Column> {
        self.table
            .column(&self.plan.source(source).columns[id.0].name)
    }

    /// One value of each record.
    fn each<T>(&self, value: impl Fn(usize) -> Option<T>) -> Option<Vec<T>> {
        self.rows.iter().map(|row| value(*row as usize)).collect()
    }

    fn is_of_record(expr: &Expr) -> bool {
        matches!(expr.grain, Grain::Record(_))
    }

    /// A number of each record.
    pub(in crate::eval) fn number(&self, expr: &Expr) -> Option<Number> {
        match &expr.kind {
            ExprKind::Number(number) => Some(Number::Same(number.clone())),
            _ if !Self::is_of_record(expr) => (self.outside)(expr).map(Number::Same),
            ExprKind::Column(source, id) => {
                let Values::Numbers(numbers) = &self.column(*source, *id)?.values else {
                    return None;
                };
                let Lane::Narrow(lane) = &numbers.lane else {
                    return None;
                };
                Some(Number::Each(Units {
                    units: self.each(|row| lane.get(row).copied())?,
                    denominator: numbers.denominator,
                }))
            }
            ExprKind::Credit(id) => match self.credit {
                Some((own, units)) if own == *id => Some(Number::Each(units.clone())),
                _ => None,
            },
            ExprKind::Negative(inner) => self.number(inner)?.times(Number::Same(Exact::int(-1))),
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                match (op, b) {
                    (BinaryOp::Add, b) => a.with(b, |a, b| a + b, i64::checked_add),
                    (BinaryOp::Subtract, b) => a.with(b, |a, b| a - b, i64::checked_sub),
                    (BinaryOp::Multiply, b) => a.times(b),
                    (BinaryOp::Divide, Number::Same(by)) => {
                        a.times(Number::Same(Exact::ONE.checked_div(&by)?))
                    }
                    _ => None,
                }
            }
            ExprKind::Call(function, arguments) => {
                let mut numbers = arguments.iter().map(|argument| self.number(argument));
                let first = numbers.next()??;
                match function {
                    Function::Abs => {
                        let minus = first.clone().times(Number::Same(Exact::int(-1)))?;
                        first.greatest(minus)
                    }
                    Function::Min => numbers.try_fold(first, |least, next| least.least(next?)),
                    Function::Max => numbers.try_fold(first, |most, next| most.greatest(next?)),
                }
            }
            _ => None,
        }
    }

    /// Whether a condition holds, for each record.
    pub(in crate::eval) fn test(&self, expr: &Expr) -> Option<Vec<bool>> {
        match &expr.kind {
            ExprKind::Bool(flag) => Some(vec![*flag; self.rows.len()]),
            ExprKind::Column(source, id) => match &self.column(*source, *id)?.values {
                Values::Flags(flags) => self.each(|row| flags.get(row).copied()),
                _ => None,
            },
            ExprKind::Not(inner) => {
                let flags = self.test(inner)?;
                Some(flags.into_iter().map(|flag| !flag).collect())
            }
            ExprKind::Binary(BinaryOp::And, a, b) => self.both(a, b, |a, b| a && b),
            ExprKind::Binary(BinaryOp::Or, a, b) => self.both(a, b, |a, b| a || b),
            ExprKind::Binary(op, a, b) => self.compare(*op, a, b),
            ExprKind::OneOf(inner, choices, yes) => {
                let texts: Option<Vec<&str>> = choices.iter().map(text_of).collect();
                self.text_among(inner, &texts?, *yes)
            }
            ExprKind::Within(inner, Range::Text(text), yes) => {
                self.text_among(inner, &[text.as_str()], *yes)
            }
            ExprKind::Within(inner, Range::Numbers { low, high }, yes) => {
                let number = self.number(inner)?;
                let end = |end: &Option<(Exact, bool)>, outside: Ordering| match end {
                    None => Some(vec![true; self.rows.len()]),
                    Some((end, included)) => number.clone().compared(
                        Number::Same(end.clone()),
                        self.rows.len(),
                        |order| order != outside && (*included || order != Ordering::Equal),
                    ),
                };
                let (above, below) = (end(low, Ordering::Less)?, end(high, Ordering::Greater)?);
                let pairs = above.into_iter().zip(below);
                Some(pairs.map(|(a, b)| (a && b) == *yes).collect())
            }
            ExprKind::Present(inner, yes) => {
                let ExprKind::Column(source, id) = inner.kind else {
                    return None;
                };
                let absent = &self.column(source, id)?.absent;
                self.each(|row| Some(absent.contains(row) != *yes))
            }
            _ => None,
        }
    }

    fn both(&self, a: &Expr, b: &Expr, put: impl Fn(bool, bool) -> bool) -> Option<Vec<bool>> {
        let pairs = self.test(a)?.into_iter().zip(self.test(b)?);
        Some(pairs.map(|(a, b)| put(a, b)).collect())
    }

    fn compare(&self, op: BinaryOp, a: &Expr, b: &Expr) -> Option<Vec<bool>> {
        if let (BinaryOp::Is | BinaryOp::IsNot, Some(text)) = (op, text_of(b)) {
            return self.text_among(a, &[text], op == BinaryOp::Is);
        }
        let holds = |order: Ordering| match op {
            BinaryOp::Is => order == Ordering::Equal,
            BinaryOp::IsNot => order != Ordering::Equal,
            BinaryOp::Less => order == Ordering::Less,
            BinaryOp::AtMost => order != Ordering::Greater,
            BinaryOp::More => order == Ordering::Greater,
            _ => order != Ordering::Less,
        };
        if let (Some(a), Some(b)) = (self.days(a), self.days(b)) {
            let pairs = a.into_iter().zip(b);
            return Some(pairs.map(|(a, b)| holds(a.cmp(&b))).collect());
        }
        self.number(a)?
            .compared(self.number(b)?, self.rows.len(), holds)
    }

    fn days(&self, expr: &Expr) -> Option<Vec<i32>> {
        match &expr.kind {
            ExprKind::Date(date) => Some(vec![date.days(); self.rows.len()]),
            ExprKind::Column(source, id) => self.days_of(*source, *id),
            _ => None,
        }
    }

    /// The day each record has in a column.
    pub(in crate::eval) fn days_of(&self, source: SourceId, id: ColumnId) -> Option<Vec<i32>> {
        match &self.column(source, id)?.values {
            Values::Dates(days) => self.each(|row| days.get(row).copied()),
            _ => None,
        }
    }

    /// Whether a column's text is one of some; an empty cell is neither one of them nor another.
    fn text_among(&self, expr: &Expr, choices: &[&str], yes: bool) -> Option<Vec<bool>> {
        let ExprKind::Column(source, id) = expr.kind else {
            return None;
        };
        let Values::Texts(texts) = &self.column(source, id)?.values else {
            return None;
        };
        if texts.words.len() > self.rows.len() {
            return self.each(|row| {
                let text = texts.get(row);
                Some(text.is_some_and(|text| choices.contains(&text) == yes))
            });
        }
        let words = texts.words.iter();
        let holds: Vec<bool> = words.map(|word| choices.contains(&word) == yes).collect();
        self.each(|row| {
            let code = *texts.codes.get(row)?;
            Some(holds.get(code as usize).copied().unwrap_or(false))
        })
    }
}

fn text_of(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Text(text) => Some(text),
        _ => None,
    }
}

/// Rows that must be looked at one by one: a cell that expressions read does not fit, is of another currency, or is
/// empty where its value is needed.
pub(in crate::eval) fn odd_rows(
    plan: &Plan,
    source: SourceId,
    table: &Table,
    expressions: &[&Expr],
    more: &[(ColumnId, Empty)],
) -> RowSet {
    let mut read = more.to_vec();
    expressions.iter().for_each(|expr| reads(expr, &mut read));
    let mut odd = RowSet::default();
    for (id, empty) in read {
        let declared = &plan.source(source).columns[id.0];
        let own = currency_of(declared, plan);
        let Some(column) = table.column(&declared.name) else {
            return (0..table.rows).collect();
        };
        let faulty = column.faulty.iter();
        faulty.for_each(|(row, _)| odd.insert(*row as usize));
        if empty == Empty::IsOdd {
            column.absent.iter().for_each(|row| odd.insert(row));
        }
        if let Values::Numbers(numbers) = &column.values {
            match &numbers.currency {
                Some(CurrencyColumn::All(currency)) if *currency != own => {
                    return (0..table.rows).collect();
                }
                Some(CurrencyColumn::Rows(currencies)) => {
                    let foreign = currencies.iter().enumerate();
                    foreign
                        .filter(|(_, currency)| currency.is_some_and(|named| named != own))
                        .for_each(|(row, _)| odd.insert(row));
                }
                _ => {}
            }
        }
    }
    odd
}

/// What an empty cell of a column does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::eval) enum Empty {
    /// Its row is looked at by itself.
    IsOdd,
    /// Nothing unusual.
    IsFine,
}

fn reads(expr: &Expr, found: &mut Vec<(ColumnId, Empty)>) {
    let mut column = |inner: &Expr, empty: Empty| match inner.kind {
        ExprKind::Column(_, id) => {
            found.push((id, empty));
            true
        }
        _ => false,
    };
    let done = match &expr.kind {
        ExprKind::Column(..) => column(expr, Empty::IsOdd),
        ExprKind::Present(inner, _) | ExprKind::Within(inner, Range::Text(_), _) => {
            column(inner, Empty::IsFine)
        }
        ExprKind::Binary(BinaryOp::Is | BinaryOp::IsNot, inner, other) => {
            text_of(other).is_some() && column(inner, Empty::IsFine)
        }
        ExprKind::OneOf(inner, choices, _) => {
            choices.iter().all(|choice| text_of(choice).is_some()) && column(inner, Empty::IsFine)
        }
        _ => false,
    };
    if !done {
        each_child(expr, &mut |child| reads(child, found));
    }
}
