//! `amount`: an expression, or a base at a table.

use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Item, Lower, is_of_record, same};
use crate::meaning::plan::{Amount, Expr, ExprKind, TierUse, TiersId};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, BinaryOp};

impl Lower<'_> {
    pub(in crate::meaning) fn amount(
        &mut self,
        written: &ast::Amount,
        place: &mut Place,
    ) -> Option<(Amount, Span)> {
        let money = Type::Money(self.plan.currency);
        match written {
            ast::Amount::Plain(expr) => {
                let span = expr.span;
                let expr = self.expr(expr, place);
                self.want(&expr, money);
                self.no_division(&expr);
                (expr.ty != Type::Poisoned).then_some((Amount::Plain(expr), span))
            }
            ast::Amount::Wholes {
                price,
                step,
                of,
                above,
                span,
            } => {
                let price = self.expr(price, place);
                self.want(&price, money);
                self.no_division(&price);
                let of = self.expr(of, place);
                self.want_number(&of);
                self.no_division(&of);
                let step = self.expr(step, place);
                let fits = self.is_difference(&step, of.ty);
                let above = match above {
                    None => None,
                    Some(above) => {
                        let above = self.expr(above, place);
                        if !self.want(&above, of.ty) {
                            return None;
                        }
                        Some(constant(&above)?)
                    }
                };
                let length = constant(&step)?;
                if !length.is_positive() {
                    self.problems.push(
                        Diagnostic::at(Code::S008, step.span, "a step of nothing goes nowhere")
                            .help(
                                "for example",
                                "for each whole 1 point of attainment above 100%",
                            ),
                    );
                    return None;
                }
                if !fits || of.ty == Type::Poisoned || price.ty == Type::Poisoned {
                    return None;
                }
                let grain = of.grain;
                let counted = Expr {
                    kind: ExprKind::Wholes {
                        of: Box::new(of),
                        step: length,
                        above,
                    },
                    ty: Type::Number,
                    grain,
                    span: *span,
                };
                let amount = Expr {
                    grain: crate::meaning::kinds::meet(price.grain, grain),
                    kind: ExprKind::Binary(BinaryOp::Multiply, Box::new(price), Box::new(counted)),
                    ty: money,
                    span: *span,
                };
                Some((Amount::Plain(amount), *span))
            }
            ast::Amount::Tiered {
                base,
                tiers,
                how,
                span,
            } => {
                let base = self.expr(base, place);
                self.want_number(&base);
                self.no_division(&base);
                let tiers = self.tiers_named(tiers)?;
                if base.ty == Type::Poisoned {
                    return None;
                }
                self.tiered_type(&base, tiers, *span);
                let how = match how {
                    ast::TierUse::Everything => {
                        self.axis_fits(tiers, place, *span);
                        TierUse::Everything
                    }
                    ast::TierUse::EachSlice => TierUse::EachSlice {
                        divisor: self.slices(&base, tiers, *span)?,
                    },
                    ast::TierUse::Placed(written) => {
                        TierUse::Placed(self.placed(written, tiers, place)?)
                    }
                };
                Some((Amount::Tiered { base, tiers, how }, *span))
            }
        }
    }

    pub(in crate::meaning) fn tiers_named(&mut self, name: &ast::Name) -> Option<TiersId> {
        if let Some(def) = self.names.peek(&name.text) {
            return match self.item(&name.text, name.span) {
                Some(Item::Tiers(id)) => Some(id),
                Some(_) => {
                    self.problems.push(errors::not_a_value(
                        &name.text,
                        name.span,
                        &format!("{}, not a tier table", def.kind()),
                    ));
                    None
                }
                None => None,
            };
        }
        self.unknown(&name.text, name.span);
        None
    }

    /// Base times rate is money of the plan.
    pub(in crate::meaning) fn tiered_type(&mut self, base: &Expr, tiers: TiersId, span: Span) {
        let rate = self.plan.tier_table(tiers).ty;
        let made = match (base.ty, rate) {
            (Type::Money(currency), Type::Percent | Type::Number) => Some(Type::Money(currency)),
            (Type::Quantity(a), Type::MoneyPer(currency, b)) if a == b => {
                Some(Type::Money(currency))
            }
            (Type::Number | Type::Percent, Type::Money(currency)) => Some(Type::Money(currency)),
            _ => None,
        };
        match made {
            Some(Type::Money(currency)) if currency == self.plan.currency => {}
            Some(Type::Money(currency)) => {
                self.problems
                    .push(errors::currencies(currency, self.plan.currency, span));
            }
            _ => {
                let units = &self.plan.units;
                let rates = (
                    self.plan.tier_table(tiers).span,
                    format!("its rows are {}", errors::type_words(rate, units)),
                );
                let base = (base.span, errors::type_words(base.ty, units));
                self.problems.push(errors::do_not_go_together(
                    span,
                    "these two do not make money",
                    base,
                    rates,
                ));
            }
        }
    }

    /// A table on a record's value needs a record.
    pub(in crate::meaning) fn axis_fits(&mut self, tiers: TiersId, place: &Place, span: Span) {
        let table = self.plan.tier_table(tiers);
        if is_of_record(&table.axis) && place.kind == PlaceKind::Person {
            let name = table.name.clone();
            self.problems.push(
                errors::wrong_place(
                    &format!("`{name}`"),
                    span,
                    "its ranges are of one value for each record",
                )
                .help("pay each record", "for each    deal"),
            );
        }
    }

    /// What an axis divides the base by; G302 where slices of the base do not move along it.
    pub(in crate::meaning) fn slices(
        &mut self,
        base: &Expr,
        tiers: TiersId,
        span: Span,
    ) -> Option<Option<Expr>> {
        let table = self.plan.tier_table(tiers).clone();
        if let ExprKind::Measure(id) = &table.axis.kind
            && self.plan.measure(*id).rounding.is_some()
        {
            let name = self.plan.measure(*id).name.clone();
            self.problems.push(
                Diagnostic::at(
                    Code::G302,
                    span,
                    format!("slices cannot follow `{name}`, which is rounded"),
                )
                .label(table.span, "the ranges")
                .note("Rounding the measure moves the edges between slices away from those in the table.")
                .help("pay everything at one rate", "…, everything at the rate reached")
                .help("or let a measure of its own place the slices, without `round`", ""),
            );
            return None;
        }
        let axis = match &table.axis.kind {
            ExprKind::Measure(id) => self.plan.measure(*id).value.clone(),
            _ => table.axis.clone(),
        };
        let (numerator, divisor) = match &axis.kind {
            ExprKind::Binary(BinaryOp::Divide, numerator, divisor) => {
                ((**numerator).clone(), Some((**divisor).clone()))
            }
            _ => (axis.clone(), None),
        };
        let running_total = |credit| match numerator.kind {
            ExprKind::Aggregate {
                how: ast::Aggregate::Total,
                credit: of,
                window,
            } => of == credit && !window.looks_back(),
            _ => false,
        };
        let moves = same(base, &numerator)
            || matches!(base.kind, ExprKind::Credit(credit) if running_total(credit));
        // A measure whose value is not a division is its own axis.
        let own = matches!(table.axis.kind, ExprKind::Measure(_)) && same(base, &table.axis);
        if own {
            return Some(None);
        }
        if let ExprKind::Measure(id) = &table.axis.kind
            && self.plan.carried_into(*id).next().is_some()
        {
            self.slices_along_carried(*id, base, &table, span);
            return None;
        }
        if moves {
            return Some(divisor);
        }
        let along = self.spoken(&numerator);
        self.problems.push(
            Diagnostic::at(Code::G302, span, format!("{} cannot be cut into slices along `{}`", self.paid_words(base), table.name))
                .saying(format!("the table's ranges follow {}", if along == "the divisor" { "something else".to_owned() } else { format!("`{along}`") }))
                .label(table.span, "the ranges")
                .note("A slice is a part of what is paid that lies between two edges of the table, so the table has to measure what is paid.")
                .help("pay on what the table follows", format!("amount {along} at {}, each slice at its own rate", table.name))
                .help("or pay everything at one rate", "…, everything at the rate reached"),
        );
        None
    }

    pub(in crate::meaning) fn paid_words(&self, base: &Expr) -> String {
        match self.spoken(base).as_str() {
            "the divisor" => "this amount".to_owned(),
            name => format!("`{name}`"),
        }
    }
}
