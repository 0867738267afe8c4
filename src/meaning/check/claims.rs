//! What a plan claims to hold for every input.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{Claim, ClaimKind, CreditId, Expr, TableClaim, TableOf};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast;

impl Lower<'_> {
    pub(super) fn claims(&mut self, plan: &ast::File) {
        let claims = plan.items.iter().filter_map(|item| match item {
            ast::Item::Prove(prove) => Some(&prove.claims),
            _ => None,
        });
        for claim in claims.flatten() {
            if let ast::ClaimKind::NeverFalls { mover } = &claim.kind
                && matches!(
                    self.names.peek(&claim.pay.text),
                    Some(Def::Tiers(_) | Def::Curve(_) | Def::Lookup(_))
                )
            {
                self.table_claim(claim, mover);
                continue;
            }
            let Some(pay) = self.pay_named(&claim.pay) else {
                continue;
            };
            let kind = match &claim.kind {
                ast::ClaimKind::NoJumps => ClaimKind::NoJumps,
                ast::ClaimKind::NeverFalls { mover } => match self.mover(mover) {
                    Some(credit) => ClaimKind::NeverFalls(credit),
                    None => continue,
                },
                ast::ClaimKind::RisesAtMost { rate, mover } => {
                    let words = "this is a constant percentage";
                    match (self.claimed(rate, Type::Percent, words), self.mover(mover)) {
                        (Some(rate), Some(credit)) if self.is_money(credit, mover.span) => {
                            ClaimKind::RisesAtMost(credit, rate)
                        }
                        _ => continue,
                    }
                }
                ast::ClaimKind::AtMost(most) => {
                    let (ty, words) = (
                        Type::Money(self.plan.currency),
                        "an upper end is a constant amount",
                    );
                    match self.claimed(most, ty, words) {
                        Some(most) => ClaimKind::AtMost(most),
                        None => continue,
                    }
                }
            };
            self.plan.claims.push(Claim {
                pay,
                kind,
                span: claim.span,
            });
        }
    }

    fn pay_named(&mut self, name: &ast::Name) -> Option<crate::meaning::plan::PayId> {
        match self.names.peek(&name.text) {
            Some(def) if def.is_pay() => match self.item(&name.text, name.span) {
                Some(Item::Pay(id)) => Some(id),
                _ => None,
            },
            Some(def) => {
                self.problems.push(errors::not_a_value(
                    &name.text,
                    name.span,
                    &format!("{}, not a payout", def.kind()),
                ));
                None
            }
            None => {
                self.unknown(&name.text, name.span);
                None
            }
        }
    }

    /// What rises in a claim about a pay.
    fn mover(&mut self, name: &ast::Name) -> Option<CreditId> {
        let credit = self.credit_named(name);
        let other = self.names.peek(&name.text);
        let other = other.filter(|def| !def.is_credit());
        if credit.is_none()
            && let Some(def) = other
        {
            let kind = format!("{}, and what rises is a credit", def.kind());
            let problem = errors::not_a_value(&name.text, name.span, &kind);
            self.problems.push(problem);
        }
        credit
    }

    /// A percentage of what is not money would be no pay.
    fn is_money(&mut self, credit: CreditId, span: Span) -> bool {
        let amount = Expr {
            span,
            ..self.plan.credit(credit).amount.clone()
        };
        self.want(&amount, Type::Money(self.plan.currency))
    }

    /// The constant of a claim.
    fn claimed(&mut self, value: &ast::Expr, ty: Type, words: &str) -> Option<Exact> {
        let mut place = Place::new(PlaceKind::Person, value.span);
        let value = self.expr(value, &mut place);
        if !self.want(&value, ty) {
            return None;
        }
        let found = constant(&value);
        if found.is_none() {
            let problem = errors::wrong_place("this", value.span, words);
            self.problems.push(problem);
        }
        found
    }

    /// `payout_factor never falls when growth rises`: what rises is an axis of the table.
    fn table_claim(&mut self, claim: &ast::Claim, mover: &ast::Name) {
        let (table, axes) = match self.item(&claim.pay.text, claim.pay.span) {
            Some(Item::Tiers(id)) => {
                let axis = self.plan.tier_table(id).axis.clone();
                (TableOf::Tiers(id), vec![axis])
            }
            Some(Item::Lookup(id)) => (TableOf::Lookup(id), self.plan.lookup(id).axes().to_vec()),
            _ => return,
        };
        let names: Vec<String> = axes.iter().map(|axis| self.spoken(axis)).collect();
        let total = format!("total {}", mover.text);
        let axis = names
            .iter()
            .position(|name| *name == mover.text || *name == total);
        match axis {
            Some(axis) => {
                self.names.find(&mover.text);
                self.plan.table_claims.push(TableClaim {
                    table,
                    axis,
                    span: claim.span,
                });
            }
            None => {
                let near = crate::diag::near(&mover.text, names.iter().map(String::as_str));
                let mut diagnostic = Diagnostic::at(
                    Code::N101,
                    mover.span,
                    format!("`{}` does not move along `{}`", claim.pay.text, mover.text),
                );
                for name in near.map_or(names.clone(), |near| vec![near.to_owned()]) {
                    diagnostic = diagnostic.help("it moves along", name);
                }
                self.problems.push(diagnostic);
            }
        }
    }
}
