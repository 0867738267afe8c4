//! `round` and `below 0`: what every pay has to say.

use crate::base::{Exact, Mode, Money, Rounding};
use crate::diag::{Code, Diagnostic, Edit};
use crate::meaning::errors;
use crate::meaning::lower::{Lower, shown};
use crate::meaning::plan::{CapOf, Step, StepKind};
use crate::meaning::sign::constant;
use crate::syntax::ast;

impl Lower<'_> {
    pub(in crate::meaning) fn below(&mut self, pay: &ast::Pay) -> Option<ast::BelowZero> {
        let written = pay.below.as_ref()?;
        if pay.kind == ast::PayKind::Component {
            self.problems.push(
                Diagnostic::at(
                    Code::S002,
                    written.span,
                    "`below 0` belongs in a `pay`: a component is not paid",
                )
                .help("put it into the pay that reads this component", ""),
            );
            return None;
        }
        self.below_zero(Some(written))
    }

    /// What happens below 0, in the plan's own currency.
    pub(in crate::meaning) fn below_zero(
        &mut self,
        written: Option<&ast::Below>,
    ) -> Option<ast::BelowZero> {
        let written = written?;
        let words = format!("{} …", self.zero());
        self.in_own_currency(&written.zero, &words);
        Some(written.rule)
    }

    /// A 0 names the plan's currency; where each payee has their own, none. `zero` is the line as it would be right.
    pub(in crate::meaning) fn in_own_currency(&mut self, written: &ast::Zero, zero: &str) {
        let own = (self.plan.each_payee.is_none()).then_some(self.plan.currency);
        if written.currency.as_ref().map(|named| named.value) == own {
            return;
        }
        let code = self.plan.currency.code();
        let problem = match (&written.currency, own) {
            (Some(named), Some(_)) => {
                Diagnostic::at(Code::U201, named.span, format!("this plan pays in {code}")).fix(
                    "write",
                    zero,
                    vec![Edit {
                        span: named.span,
                        text: code.to_owned(),
                    }],
                )
            }
            (Some(named), None) => Diagnostic::at(
                Code::U207,
                named.span,
                "each payee of this plan is paid in their own currency",
            )
            .help("take the currency away", zero),
            (None, _) => {
                Diagnostic::at(Code::U201, written.span, "0 of which currency?").help("write", zero)
            }
        };
        self.problems.push(problem);
    }

    /// `below 0 USD`, as this plan writes it.
    pub(in crate::meaning) fn zero(&self) -> String {
        format!("below {}", self.own_zero())
    }

    /// `0 USD`, as this plan writes it.
    pub(in crate::meaning) fn own_zero(&self) -> String {
        match self.plan.each_payee {
            Some(_) => "0".to_owned(),
            None => format!("0 {}", self.plan.currency),
        }
    }

    /// R902: what rounding each record, to more than the smallest coin, can make of many.
    pub(in crate::meaning) fn each_or_total(
        &mut self,
        pay: &ast::Pay,
        steps: &[Step],
        minor: &Exact,
    ) {
        let coarse = steps.iter().find_map(|step| match &step.kind {
            StepKind::RoundEach(rounding) if rounding.unit > *minor => Some((rounding, step.span)),
            _ => None,
        });
        let (Some((rounding, span)), Some(word)) = (coarse, &pay.for_each) else {
            return;
        };
        // Each is moved by at most half a unit, or by less than one; so is the total.
        let most = match rounding.mode {
            Mode::HalfUp | Mode::HalfEven | Mode::HalfDown => Exact::fixed(1, 2),
            Mode::Up | Mode::Down => Exact::ONE,
        };
        let records = 400;
        let gap = rounding.unit.clone() * most * Exact::int(records + 1);
        let gap = Money::new(gap, self.plan.currency);
        let (word, unit) = (&word.text, rounding.unit.to_plain());
        let total = format!("round the total to {unit}, {}", rounding.mode.words());
        self.problems.push(
            Diagnostic::at(Code::R902, span, format!("each {word} is rounded to {unit}, not their total"))
                .note(format!(
                    "At {records} {} the sum can differ by up to {gap} from the total that is rounded once.",
                    errors::many(word)
                ))
                .fix(
                    "round once",
                    total.clone(),
                    vec![Edit { span, text: total }],
                )
                .help("or keep it, and say why", "accept R902 because \"…\""),
        );
    }

    /// R901 and R903: every pay says how it is rounded, and its caps can be paid exactly.
    pub(in crate::meaning) fn rounded(&mut self, pay: &ast::Pay, steps: &[Step]) {
        let minor = self.plan.currency.minor_unit();
        let rounding = steps.iter().find_map(|step| match &step.kind {
            StepKind::Round(rounding) | StepKind::RoundEach(rounding) => Some(rounding.clone()),
            StepKind::RoundNever => Some(Rounding {
                unit: minor.clone(),
                mode: Mode::HalfUp,
            }),
            _ => None,
        });
        let Some(rounding) = rounding else {
            if pay.kind == ast::PayKind::Pay {
                let at = pay.amount.as_ref().map_or(pay.span, |amount| match amount {
                    ast::Amount::Plain(expr) => expr.span,
                    ast::Amount::Tiered { span, .. } | ast::Amount::Wholes { span, .. } => *span,
                });
                let unit = minor.to_plain();
                let total = format!("round       the total to {unit}, half up");
                let even = format!("round       the total to {unit}, half even");
                self.problems.push(
                    Diagnostic::at(
                        Code::R901,
                        pay.span,
                        format!("how is `{}` rounded?", pay.name.text),
                    )
                    .saying("nothing rounds unless a line says so")
                    .note(format!(
                        "A third of 100 {0} is 33.333… {0}: what is paid?",
                        self.plan.currency
                    ))
                    .fix(
                        "half a cent goes up",
                        total.clone(),
                        vec![Edit::below(at, &total)],
                    )
                    .fix(
                        "half a cent goes to the even cent",
                        even.clone(),
                        vec![Edit::below(at, &even)],
                    ),
                );
            }
            return;
        };
        self.each_or_total(pay, steps, &minor);
        for step in steps {
            let (StepKind::Cap { amount, .. }
            | StepKind::Floor { amount, .. }
            | StepKind::CapOf(CapOf { amount, .. })) = &step.kind
            else {
                continue;
            };
            if let Some(limit) = constant(amount).filter(|limit| !rounding.is_multiple(limit)) {
                let words = shown(&limit, amount.ty, &self.plan);
                let near = shown(&rounding.round(&limit), amount.ty, &self.plan);
                self.problems.push(
                    Diagnostic::at(
                        Code::R903,
                        amount.span,
                        format!("{words} can never be paid exactly"),
                    )
                    .saying(format!(
                        "this pay is rounded to {}",
                        rounding.unit.to_plain()
                    ))
                    .fix(
                        "write a limit that can be paid",
                        near.clone(),
                        vec![Edit {
                            span: amount.span,
                            text: near,
                        }],
                    ),
                );
            }
        }
    }
}
