//! `measure`, and what holds where a divisor is zero.

use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Item, Lower, same};
use crate::meaning::plan::{
    CreditId, Expr, ExprKind, Measure, MeasureId, MeasureRule, QuotaId, RuleOutcome, each_child,
};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, BinaryOp};

impl<'a> Lower<'a> {
    pub(in crate::meaning) fn measure(&mut self, written: &ast::Measure) -> Option<MeasureId> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let value = self.expr(written.value.as_ref()?, &mut place);
        self.want_number(&value);
        let mut divisors = Vec::new();
        collect_divisors(&value, &mut divisors);
        let mut rules = Vec::new();
        for rule in &written.rules {
            rules.extend(self.measure_rule(rule, &value, &divisors, written));
        }
        let is_read = !written.broken && rules.len() == written.rules.len();
        if is_read && value.ty != Type::Poisoned {
            self.unsaid(&divisors, &value, &rules, written.span);
        }
        let label = written.name.called(written.label.as_ref());
        let rounding = written
            .round
            .as_ref()
            .and_then(|round| self.rounding(round, value.ty));
        self.plan.measures.push(Measure {
            name: written.name.text.clone(),
            label: self.label_to_date(label),
            over: self.reading,
            text: self.text_here(),
            value,
            rules,
            rounding,
            span: written.span,
        });
        Some(MeasureId(self.plan.measures.len() - 1))
    }

    pub(in crate::meaning) fn measure_rule(
        &mut self,
        rule: &ast::MeasureRule,
        value: &Expr,
        divisors: &[Expr],
        measure: &ast::Measure,
    ) -> Option<MeasureRule> {
        let mut place = Place::new(PlaceKind::Person, measure.span);
        // `if revenue is zero` speaks of the divisor `total revenue`.
        let aggregate_of = |credit: CreditId| {
            divisors
                .iter()
                .find(|d| matches!(d.kind, ExprKind::Aggregate { credit: c, .. } if c == credit))
                .cloned()
        };
        let subject = match &rule.subject {
            ast::RuleSubject::Over(window) => self.divisor_over(window, divisors)?,
            ast::RuleSubject::Expr(written) => {
                let bare = match &written.kind {
                    ast::ExprKind::Name(name)
                        if divisors.iter().any(|own| self.is_together_of(own, name)) =>
                    {
                        let mut own = divisors.iter();
                        own.find(|own| self.is_together_of(own, name)).cloned()
                    }
                    ast::ExprKind::Name(name) => match self.names.peek(name) {
                        Some(def) if def.is_credit() => match self.item(name, written.span) {
                            Some(Item::Credit(id)) => aggregate_of(id),
                            _ => None,
                        },
                        _ => None,
                    },
                    _ => None,
                };
                match bare {
                    Some(subject) => subject,
                    None => self.expr(written, &mut place),
                }
            }
        };
        if subject.ty == Type::Poisoned {
            return None;
        }
        let outcome = match &rule.outcome {
            ast::RuleOutcome::PayNothing => RuleOutcome::PayNothing,
            ast::RuleOutcome::Hold => RuleOutcome::Hold,
            ast::RuleOutcome::Value(written) => {
                let constant_value = self.expr(written, &mut place);
                if value.ty != Type::Poisoned && !self.want(&constant_value, value.ty) {
                    return None;
                }
                if constant(&constant_value).is_none() {
                    self.problems.push(errors::wrong_place(
                        "this",
                        constant_value.span,
                        "a rule gives a constant, such as 0%",
                    ));
                    return None;
                }
                RuleOutcome::Value(constant_value)
            }
        };
        Some(MeasureRule {
            subject,
            zero: rule.zero,
            missing: rule.missing,
            outcome,
            span: rule.span,
        })
    }

    /// `last year` in a rule speaks of the one divisor over that window.
    pub(in crate::meaning) fn divisor_over(
        &mut self,
        window: &ast::Spanned<ast::Window>,
        divisors: &[Expr],
    ) -> Option<Expr> {
        let here = self.window_here(self.plain_window(window.value));
        let is_over = |divisor: &&Expr| matches!(divisor.kind, ExprKind::Aggregate { window: own, .. } if own == here);
        let mut over: Vec<&Expr> = Vec::new();
        for divisor in divisors.iter().filter(is_over) {
            if !over.iter().any(|known| same(known, divisor)) {
                over.push(divisor);
            }
        }
        if let [only] = over.as_slice() {
            return Some((*only).clone());
        }
        let words = window.value.words();
        let known: Vec<String> = over.iter().map(|over| self.spoken(over)).collect();
        if let (true, Some(made)) = (known.is_empty(), self.made_together(divisors)) {
            self.problems
                .push(errors::ruled_by_name(&words, &made, window.span));
            return None;
        }
        let diagnostic = Diagnostic::at(
            Code::S008,
            window.span,
            match known.len() {
                0 => format!("the value does not divide by anything over `{words}`"),
                _ => format!("which divisor over `{words}` is meant?"),
            },
        );
        self.problems.push(known.iter().fold(diagnostic, |d, name| {
            d.help("name the divisor", format!("if {name} is zero …"))
        }));
        None
    }

    /// The words of a divisor that several persons make together.
    fn made_together(&self, divisors: &[Expr]) -> Option<String> {
        divisors.iter().find_map(|divisor| match divisor.kind {
            ExprKind::Group(id) => Some(self.plan.group(id).words.clone()),
            _ => None,
        })
    }

    /// Q802 for divisors without a rule for zero and quotas without one for missing.
    pub(in crate::meaning) fn unsaid(
        &mut self,
        divisors: &[Expr],
        value: &Expr,
        rules: &[MeasureRule],
        head: Span,
    ) {
        let mut quotas = Vec::new();
        collect_quotas(value, &mut quotas);
        quotas.retain(|quota| {
            !rules.iter().any(|rule| {
                rule.missing
                    && matches!(rule.subject.kind, ExprKind::Quota(own, _) if own == *quota)
            })
        });
        for divisor in divisors {
            let covered = rules
                .iter()
                .any(|rule| rule.zero && zero_with(divisor, &rule.subject));
            if !covered {
                // One question for a quota of which nothing is said at all.
                let unsaid = quotas.len();
                quotas.retain(
                    |quota| !matches!(divisor.kind, ExprKind::Quota(own, _) if own == *quota),
                );
                let when = if quotas.len() < unsaid {
                    "zero or missing"
                } else {
                    "zero"
                };
                let name = self.spoken(divisor);
                let diagnostic =
                    errors::division(divisor.span, &name, when, Some(head), self.plan.currency);
                self.problems.push(diagnostic);
            }
        }
        for quota in quotas {
            let name = self.plan.quota(quota).name.clone();
            self.problems.push(errors::missing_quota(&name, head));
        }
    }

    /// Divisions outside a measure have no place for their rule.
    pub(in crate::meaning) fn no_division(&mut self, expr: &Expr) {
        let mut divisors = Vec::new();
        collect_divisors(expr, &mut divisors);
        for divisor in divisors {
            let name = self.spoken(&divisor);
            self.problems.push(errors::division(
                divisor.span,
                &name,
                "zero",
                None,
                self.plan.currency,
            ));
        }
    }

    /// `tiers t on total bookings / quota` needs a measure, where the rules for zero can stand.
    pub(in crate::meaning) fn no_division_unless_measure(&mut self, axis: &Expr) {
        if !matches!(axis.kind, ExprKind::Measure(_)) {
            self.no_division(axis);
        }
    }
}

/// Divisors that are not constants, constant factors taken off.
pub(in crate::meaning) fn collect_divisors(expr: &Expr, found: &mut Vec<Expr>) {
    if let ExprKind::Binary(BinaryOp::Divide, _, divisor) = &expr.kind
        && constant(divisor).is_none()
        && divisor.ty != Type::Poisoned
    {
        found.push(without_factors(divisor).clone());
    }
    each_child(expr, &mut |child| collect_divisors(child, found));
}

pub(in crate::meaning) fn without_factors(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Multiply, a, b) if constant(a).is_some_and(|c| !c.is_zero()) => {
            without_factors(b)
        }
        ExprKind::Binary(BinaryOp::Multiply | BinaryOp::Divide, a, b)
            if constant(b).is_some_and(|c| !c.is_zero()) =>
        {
            without_factors(a)
        }
        ExprKind::Negative(inner) => without_factors(inner),
        _ => expr,
    }
}

pub(in crate::meaning) fn collect_quotas(expr: &Expr, found: &mut Vec<QuotaId>) {
    if let ExprKind::Quota(id, _) = expr.kind
        && !found.contains(&id)
    {
        found.push(id);
    }
    each_child(expr, &mut |child| collect_quotas(child, found));
}

/// Whether a divisor is zero just where a subject is: they are the same, constant factors aside.
pub(in crate::meaning) fn zero_with(divisor: &Expr, subject: &Expr) -> bool {
    same(divisor, without_factors(subject))
}
