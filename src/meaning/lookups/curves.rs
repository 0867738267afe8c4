//! Curves: points, what lies beyond them, and roundings.

use crate::base::{Exact, Rounding};
use crate::diag::{Code, Diagnostic};
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Lower, shown};
use crate::meaning::plan::{Beyond, CurvePoint, Expr, ExprKind, Lookup, LookupId, LookupKind};
use crate::meaning::sign::constant;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

impl Lower<'_> {
    pub(in crate::meaning) fn curve(&mut self, written: &ast::Curve) -> Option<LookupId> {
        let mut place = Place::new(PlaceKind::Axis, written.span);
        let axis = self.expr(&written.on, &mut place);
        self.want_number(&axis);
        self.no_division_unless_measure(&axis);
        let mut points: Vec<CurvePoint> = Vec::new();
        let mut ty = None;
        let mut broken = written.broken || axis.ty == Type::Poisoned;
        for point in &written.points {
            let at = self.expr(&point.at, &mut place);
            let value = self.expr(&point.value, &mut place);
            let fits = axis.ty == Type::Poisoned || self.want(&at, axis.ty);
            let fits = self.one_type(&mut ty, &value) && fits;
            match (self.a_constant(&at), self.a_constant(&value)) {
                (Some(at), Some(value)) if fits => points.push(CurvePoint {
                    at,
                    value,
                    span: point.span,
                }),
                _ => broken = true,
            }
        }
        let ty = ty?;
        points.sort_by(|a, b| a.at.cmp(&b.at));
        for pair in points.windows(2) {
            if let [a, b] = pair
                && a.at == b.at
            {
                broken = true;
                let at = shown(&a.at, axis.ty, &self.plan);
                self.problems.push(
                    Diagnostic::at(Code::T402, b.span, format!("two points both stand at {at}"))
                        .saying("and this one")
                        .label(a.span, "this point")
                        .note("A curve goes through one point at each place. A step is written with `tiers`."),
                );
            }
        }
        if points.len() == 1 && !broken {
            self.problems.push(
                Diagnostic::at(Code::S007, written.span, "a curve needs two points or more").help(
                    "one value for all is a constant; steps are written with",
                    "tiers",
                ),
            );
            broken = true;
        }
        let below = self.beyond(written.below.as_ref(), axis.ty, ty);
        let above = self.beyond(written.above.as_ref(), axis.ty, ty);
        let rounding = written
            .round
            .as_ref()
            .and_then(|round| self.rounding(round, ty));
        let (below, above) = (below?, above?);
        if broken {
            return None;
        }
        Some(self.add_lookup(Lookup {
            name: written.name.text.clone(),
            label: self.label_to_date(written.name.called(written.label.as_ref())),
            grain: axis.grain,
            kind: LookupKind::Curve {
                axis,
                points,
                below,
                above,
            },
            base: None,
            ty,
            rounding,
            span: written.span,
        }))
    }

    fn beyond(
        &mut self,
        written: Option<&ast::Spanned<ast::Beyond>>,
        axis: Type,
        ty: Type,
    ) -> Option<Beyond> {
        let written = written?;
        let (amount, step) = match &written.value {
            ast::Beyond::Nothing => return Some(Beyond::Nothing),
            ast::Beyond::Stays => return Some(Beyond::Stays),
            ast::Beyond::Continues(amount, step) => (amount, step),
        };
        let mut place = Place::new(PlaceKind::Person, written.span);
        let amount = self.expr(amount, &mut place);
        let point = || Expr {
            kind: ExprKind::Number(Exact::fixed(1, 100)),
            ty: Type::Points,
            grain: Grain::Constant,
            span: written.span,
        };
        let step = match step {
            Some(step) => self.expr(step, &mut place),
            None => point(),
        };
        let fits = self.is_difference(&amount, ty) && self.is_difference(&step, axis);
        let slope = constant(&amount)?.checked_div(&constant(&step)?);
        match slope {
            Some(slope) if fits => Some(Beyond::Continues(slope)),
            Some(_) => None,
            None => {
                self.problems.push(
                    Diagnostic::at(Code::S008, step.span, "a step of nothing goes nowhere")
                        .help("for example", "above continues at 1.5 points per point"),
                );
                None
            }
        }
    }

    /// Asks for a difference of values of a type: points for percentages, else the same kind.
    pub(in crate::meaning) fn is_difference(&mut self, expr: &Expr, of: Type) -> bool {
        match (expr.ty, of) {
            (Type::Points | Type::Percent, Type::Percent) | (Type::Poisoned, _) => true,
            _ => self.want(expr, of),
        }
    }

    /// `round to UNIT, MODE` of a value of a type.
    pub(in crate::meaning) fn rounding(
        &mut self,
        written: &ast::RoundValue,
        ty: Type,
    ) -> Option<Rounding> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let unit = self.expr(&written.unit, &mut place);
        if ty == Type::Poisoned || !self.is_difference(&unit, ty) {
            return None;
        }
        let value = constant(&unit)?;
        if !value.is_positive() {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    unit.span,
                    "nothing can be rounded to multiples of 0",
                )
                .help("whole percent are", "1 point"),
            );
            return None;
        }
        Some(Rounding {
            unit: value,
            mode: written.mode,
        })
    }
}
