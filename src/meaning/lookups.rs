//! `curve`, `matrix`, `value` and `rate`: values that are looked up. Every point of the axes has one value.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::currencies::RowOf;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::kinds::meet;
use crate::meaning::lower::Lower;
use crate::meaning::plan::{
    Expr, ExprKind, Lookup, LookupId, LookupKind, LookupRow, Range, each_child,
};
use crate::meaning::sign::constant;
use crate::meaning::types::{Grain, Type};
use crate::meaning::{errors, tables};
use crate::syntax::ast;

mod covers;
mod curves;
mod rates;

impl Lower<'_> {
    pub(in crate::meaning) fn add_lookup(&mut self, lookup: Lookup) -> LookupId {
        self.plan.lookups.push(lookup);
        LookupId(self.plan.lookups.len() - 1)
    }

    /// A literal's value; anything else in a table is answered.
    fn a_constant(&mut self, expr: &Expr) -> Option<Exact> {
        let value = constant(expr);
        if value.is_none() && expr.ty != Type::Poisoned {
            let why = "a table holds constants";
            self.problems
                .push(errors::wrong_place("this", expr.span, why));
        }
        value
    }

    pub(in crate::meaning) fn lookup(&mut self, written: &ast::Lookup) -> Option<LookupId> {
        if let Some(from) = &written.from {
            let label = written.name.called(written.label.as_ref());
            return self.listed(written, from, label);
        }
        let mut place = Place::new(PlaceKind::Axis, written.span);
        let keys: Vec<Expr> = written
            .keys
            .iter()
            .map(|key| self.expr(key, &mut place))
            .collect();
        for key in &keys {
            self.no_division_unless_measure(key);
        }
        let base = match &written.percent_of {
            Some(base) => Some(self.base_of(base, &mut place)?),
            None => None,
        };
        let mut broken = written.broken || keys.iter().any(|key| key.ty == Type::Poisoned);
        let mut ty = base.as_ref().map(|base| base.ty);
        let mut rows = Vec::new();
        for row in &written.rows {
            match self.currency_of_row(row, &keys) {
                RowOf::Another => continue,
                RowOf::Nobody => {
                    broken = true;
                    continue;
                }
                RowOf::Payee => {}
            }
            let value = self.expr(&row.value, &mut place);
            let is_share = base.is_some() && value.ty == Type::Percent;
            let fits = is_share || self.of_one_kind(&mut ty, &value);
            let ranges = self.ranges(row, &keys);
            match (self.a_constant(&value), ranges) {
                (Some(amount), Some(ranges)) if fits => {
                    let words = row.ranges.iter().flatten();
                    rows.push(LookupRow {
                        ranges,
                        words: words.map(tables::words).collect::<Vec<_>>().join(", "),
                        value: amount,
                        is_share,
                        approved_by: row.approved_by.as_ref().map(|by| by.value.clone()),
                        span: row.span,
                    });
                }
                _ => broken = true,
            }
        }
        let ty = ty?;
        if broken || rows.is_empty() {
            return None;
        }
        if let Some(base) = &written.percent_of
            && !rows.iter().any(|row| row.is_share)
        {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    base.span,
                    "no row of this table is a percentage",
                )
                .help(
                    "take the line away, or write a row such as",
                    "| \"Pro\" | 8% |",
                ),
            );
            return None;
        }
        let whole = match written.kind {
            ast::LookupKind::Matrix => {
                // Both headings by themselves: a gap in one would be a gap in every row.
                (0..keys.len()).all(|at| self.covers_axis(&keys, &rows, at, written))
            }
            ast::LookupKind::Value => self.covers(&keys, &rows, written),
        };
        if !whole {
            return None;
        }
        let grain = keys
            .iter()
            .chain(&base)
            .fold(Grain::Constant, |g, key| meet(g, key.grain));
        Some(self.add_lookup(Lookup {
            name: written.name.text.clone(),
            label: self.label_to_date(written.name.called(written.label.as_ref())),
            grain,
            kind: LookupKind::Rows { keys, rows },
            base,
            ty,
            rounding: None,
            span: written.span,
        }))
    }

    /// What percentages are of: money of the plan.
    fn base_of(&mut self, written: &ast::Expr, place: &mut Place) -> Option<Expr> {
        let base = self.expr(written, place);
        self.no_division(&base);
        self.want(&base, Type::Money(self.plan.currency))
            .then_some(base)
            .filter(|base| base.ty != Type::Poisoned)
    }

    /// A value of the kind of those above it; a percentage among amounts of money asks what it is of.
    fn of_one_kind(&mut self, ty: &mut Option<Type>, value: &Expr) -> bool {
        let is_mixed = matches!(
            (*ty, value.ty),
            (Some(Type::Money(_)), Type::Percent) | (Some(Type::Percent), Type::Money(_))
        );
        if !is_mixed {
            return self.one_type(ty, value);
        }
        self.problems.push(
            Diagnostic::at(
                Code::U203,
                value.span,
                "a percentage beside an amount of money: what is it of?",
            )
            .note("A row that is an amount pays it; a row that is a percentage pays that share of what the line names.")
            .help("say it below the head", "percent of  deal.amount"),
        );
        false
    }

    /// What an amount that reads a table reads through its base: credits of the record, and windows.
    pub(in crate::meaning) fn reads_base(&self, id: LookupId, span: Span, place: &mut Place) {
        fn add(lower: &Lower<'_>, expr: &Expr, span: Span, place: &mut Place) {
            match expr.kind {
                ExprKind::Credit(id) if !place.credits.contains(&id) => place.credits.push(id),
                ExprKind::Aggregate { window, .. } => {
                    place.windows.push((lower.plain_window(window), span));
                }
                _ => {}
            }
            each_child(expr, &mut |child| add(lower, child, span, place));
        }
        if let Some(base) = &self.plan.lookup(id).base {
            add(self, base, span, place);
        }
    }

    /// A range for each key; `any` is no condition.
    fn ranges(&mut self, row: &ast::LookupRow, keys: &[Expr]) -> Option<Vec<Option<Range>>> {
        let mut ranges = Vec::new();
        for (range, key) in row.ranges.iter().zip(keys) {
            let range = range.as_ref()?;
            ranges.push(match (&range.low, &range.high) {
                (None, None) => None,
                _ => Some(self.range(range, key)?),
            });
        }
        Some(ranges)
    }
}
