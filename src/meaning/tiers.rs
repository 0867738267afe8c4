//! `tiers`: ranges and what each is worth.

use crate::meaning::bounds::bounds;
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{ExprKind, TierRow, Tiers, TiersId};
use crate::meaning::sign::constant;
use crate::meaning::tables;
use crate::meaning::types::Type;
use crate::syntax::ast;

impl<'a> Lower<'a> {
    pub(in crate::meaning) fn tiers(&mut self, written: &ast::Tiers) -> Option<TiersId> {
        let mut place = Place::new(PlaceKind::Axis, written.span);
        let axis = self.expr(&written.on, &mut place);
        self.no_division_unless_measure(&axis);
        let mut rows = Vec::new();
        let mut ty = None;
        let mut broken = written.broken || axis.ty == Type::Poisoned || written.rows.is_empty();
        for row in &written.rows {
            let value = self.expr(&row.value, &mut place);
            let range = row
                .range
                .as_ref()
                .and_then(|range| self.range(range, &axis));
            match (constant(&value), range, &row.range) {
                (Some(amount), Some(range), Some(written_range))
                    if self.one_type(&mut ty, &value) =>
                {
                    rows.push(TierRow {
                        range,
                        words: tables::words(written_range),
                        value: amount,
                        span: row.span,
                    });
                }
                (None, ..) if value.ty != Type::Poisoned => {
                    self.problems.push(errors::wrong_place(
                        "this",
                        value.span,
                        "a table holds constants",
                    ));
                    broken = true;
                }
                _ => broken = true,
            }
        }
        let ty = ty?;
        if !broken {
            let whole = self.is_place(&axis)
                || matches!(
                    axis.kind,
                    ExprKind::Aggregate {
                        how: ast::Aggregate::Count,
                        ..
                    }
                );
            let table = tables::Table {
                name: &written.name.text,
                rows: &rows,
                written,
                whole,
                domain: bounds(&axis, &self.plan),
                axis: &axis,
                ty,
                plan: &self.plan,
            };
            table.check(&mut self.problems);
            tables::sort(&mut rows);
        }
        self.plan.tiers.push(Tiers {
            name: written.name.text.clone(),
            axis,
            rows,
            ty,
            span: written.span,
        });
        Some(TiersId(self.plan.tiers.len() - 1)).filter(|_| !broken)
    }
}
