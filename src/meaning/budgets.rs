//! `budget`: payouts that are scaled down together.

use crate::diag::{Code, Diagnostic};
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{Budget, Group, GroupId, GroupKind, PayId};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, RoundLevel};

impl Lower<'_> {
    pub(in crate::meaning) fn budget(&mut self, written: &ast::Budget) -> Option<GroupId> {
        if !self.may_be_across_people(written.span) {
            return None;
        }
        let pays = self.budgeted(written);
        let limit = written.limit.as_ref()?;
        let mut place = Place::new(PlaceKind::Person, written.span);
        let amount = self.expr(&limit.amount, &mut place);
        let money = Type::Money(self.plan.currency);
        let amount = if self.want(&amount, money) {
            constant(&amount)
        } else {
            None
        };
        let own = self.plan.cadence;
        if self.known.cadence && limit.each < own {
            let words = format!("the plan pays each {own}: a budget cannot be of less");
            self.problems.push(
                Diagnostic::at(Code::S008, limit.span, words).help("say", format!("each {own}")),
            );
            return None;
        }
        self.lies_in((own, limit.each), limit.span, "a budget");
        let exempt = match &written.exempt {
            None => None,
            Some(exempt) => {
                let condition = self.expr(&exempt.condition, &mut place);
                self.want(&condition, Type::Bool);
                Some((condition, exempt.counted))
            }
        };
        let round = written.round.as_ref()?;
        if !matches!(&round.level, RoundLevel::Each(name) if name.text == "payout") {
            self.problems.push(
                Diagnostic::at(Code::S008, round.span, "a budget rounds each payout")
                    .help("say", "round each payout to 0.01, down"),
            );
            return None;
        }
        let residue = written.remainder.as_ref()?.value;
        if amount.as_ref().is_some_and(|own| own.is_negative()) {
            let words = "a budget below 0 pays nobody";
            self.problems
                .push(Diagnostic::at(Code::S008, limit.span, words));
        }
        if written.broken {
            return None;
        }
        let label = written.name.called(written.label.as_ref());
        self.plan.groups.push(Group {
            kind: GroupKind::Budget(Budget {
                pays: pays?,
                limit: amount?,
                each: limit.each,
                exempt,
                unit: round.unit.value.clone(),
                residue,
            }),
            words: format!("budget {}", written.name.text),
            label,
            ty: money,
            span: limit.span,
        });
        Some(GroupId(self.plan.groups.len() - 1))
    }

    /// The payouts of a budget.
    fn budgeted(&mut self, written: &ast::Budget) -> Option<Vec<PayId>> {
        let mut pays = Vec::new();
        let mut all = true;
        for name in &written.of.as_ref()?.value {
            let found = match self.names.peek(&name.text) {
                Some(Def::Adjustments(_)) => {
                    let words =
                        format!("`{}` is added by hand, and no budget reaches it", name.text);
                    let problem = Diagnostic::at(Code::U203, name.span, words)
                        .saying("each amount is paid as it was approved");
                    self.problems.push(problem);
                    None
                }
                Some(def) if def.is_paid() => match self.item(&name.text, name.span) {
                    Some(Item::Pay(id)) => Some(id),
                    _ => None,
                },
                Some(def) => {
                    let words = format!(
                        "`{}` is {}, and a budget is of payouts",
                        name.text,
                        def.kind()
                    );
                    self.problems
                        .push(Diagnostic::at(Code::U203, name.span, words));
                    None
                }
                None => {
                    self.unknown(&name.text, name.span);
                    None
                }
            };
            match found {
                Some(id) if pays.contains(&id) || self.is_budgeted(id) => {
                    let words = format!("`{}` is in a budget already", name.text);
                    self.problems
                        .push(Diagnostic::at(Code::S008, name.span, words));
                    all = false;
                }
                Some(id) if self.plan.pay(id).payable.is_some() => {
                    self.problems.push(
                        Diagnostic::at(
                            Code::C517,
                            name.span,
                            format!(
                                "`{}` is payable record by record, and a budget cuts its sum",
                                name.text
                            ),
                        )
                        .note("Nobody has said which record loses what the budget takes.")
                        .help("take it out of the budget, or take `payable` out of it", ""),
                    );
                    all = false;
                }
                Some(id) => pays.push(id),
                None => all = false,
            }
        }
        // Claims stand in the order of the plan.
        pays.sort();
        all.then_some(pays)
    }

    fn is_budgeted(&self, id: PayId) -> bool {
        self.plan.budget_of(id).is_some()
    }

    /// What a payout earned is known when its budget is: that comes first.
    pub(in crate::meaning) fn budget_first(&mut self, pay: &ast::Name) -> bool {
        let Some(budget) = self.names.budget_of(&pay.text) else {
            return true;
        };
        self.item(&budget.text, pay.span).is_some()
    }
}
