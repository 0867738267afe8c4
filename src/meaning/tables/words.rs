//! Ranges as they are written, and the order of rows.

use crate::base::Exact;
use crate::meaning::plan::{Range, TierRow};
use crate::syntax::ast;

/// A literal as it is written.
fn literal_words(expr: &ast::Expr) -> String {
    let hundred = Exact::int(100);
    match &expr.kind {
        ast::ExprKind::Number(n) => n.to_plain(),
        ast::ExprKind::Percent(n) => format!("{}%", (n.clone() * hundred).to_plain()),
        ast::ExprKind::Points(n) => format!("{} points", (n.clone() * hundred).to_plain()),
        ast::ExprKind::Money(n, currency) => {
            let places = if n.is_whole() {
                0
            } else {
                currency.minor_units()
            };
            format!("{} {currency}", n.to_grouped(places))
        }
        ast::ExprKind::MoneyPer(n, currency, unit) => {
            format!("{} {currency} per {}", n.to_plain(), unit.text)
        }
        ast::ExprKind::Quantity(n, unit) => format!("{} {}", n.to_plain(), unit.text),
        ast::ExprKind::Text(text) => format!("\"{text}\""),
        ast::ExprKind::Negative(inner) => format!("-{}", literal_words(inner)),
        _ => "…".to_owned(),
    }
}

/// The number of a literal.
pub(super) fn literal(expr: &ast::Expr) -> Option<Exact> {
    match &expr.kind {
        ast::ExprKind::Number(n)
        | ast::ExprKind::Percent(n)
        | ast::ExprKind::Points(n)
        | ast::ExprKind::Money(n, _)
        | ast::ExprKind::MoneyPer(n, ..)
        | ast::ExprKind::Quantity(n, _) => Some(n.clone()),
        ast::ExprKind::Negative(inner) => Some(-literal(inner)?),
        _ => None,
    }
}

/// A range as it is written.
pub(in crate::meaning) fn words(range: &ast::Range) -> String {
    let at = |bound: &ast::Bound| literal_words(&bound.value);
    match (&range.low, &range.high) {
        (None, None) => "any".to_owned(),
        (None, Some(high)) if high.included => format!("{} and below", at(high)),
        (None, Some(high)) => format!("under {}", at(high)),
        (Some(low), None) if low.included => format!("{} and above", at(low)),
        (Some(low), None) => format!("above {}", at(low)),
        (Some(low), Some(high))
            if low.included && high.included && low.value.kind == high.value.kind =>
        {
            at(low)
        }
        (Some(low), Some(high)) => {
            let above = if low.included { "" } else { "above " };
            let until = if high.included { "through" } else { "to under" };
            format!("{above}{} {until} {}", at(low), at(high))
        }
    }
}

/// Rows in ascending order of their ranges.
pub(in crate::meaning) fn sort(rows: &mut [TierRow]) {
    rows.sort_by_key(|row| low_key(&row.range));
}

/// Orders ranges by their lower end: without end first, an included end before an excluded one.
pub(super) fn low_key(range: &Range) -> (Option<Exact>, bool) {
    match range {
        Range::Numbers {
            low: Some((end, included)),
            ..
        } => (Some(end.clone()), !included),
        Range::Numbers { low: None, .. } | Range::Text(_) => (None, false),
    }
}
