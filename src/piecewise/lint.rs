//! P101 to P106: what the shape of a pay should make its author think about.

use crate::base::{Exact, Money};
use crate::diag::{Code, Diagnostic, Edit, Problems, Severity, Span};
use crate::meaning::plan::{
    Amount, CapOf, Expr, ExprKind, LimitOf, LookupKind, Pay, PayId, Plan, StepKind, TierUse,
};
use crate::meaning::types::Type;
use crate::meaning::{constant, each_child};
use crate::piecewise::from_meaning::{EXAMPLE_QUOTA, Shape, of_pay};
use crate::piecewise::function::{Function, Jump};
use crate::syntax::ast::PayKind;

/// Looks at every pay that is a function of one quantity. Accepted warnings are left out.
pub fn shape_lints(plan: &Plan) -> Problems {
    let mut problems = Problems::new();
    let quota = Exact::int(EXAMPLE_QUOTA);
    for (at, pay) in plan.pays.iter().enumerate() {
        // What somebody adds by hand has no shape.
        if pay.kind != PayKind::Pay || plan.is_by_hand(pay) {
            continue;
        }
        let mut found = vec![cap_below_zero(pay)];
        if let Some(shape) = of_pay(plan, PayId(at), &quota) {
            let looked = Looked {
                plan,
                pay,
                shape: &shape,
            };
            found.extend([
                looked.falls(),
                looked.jumps(),
                looked.cap(),
                looked.flat(),
                looked.endless(),
                looked.dear(),
            ]);
        }
        found
            .into_iter()
            .flatten()
            .for_each(|diagnostic| problems.push(diagnostic));
    }
    plan.unaccepted(problems)
}

/// P103, whatever the amount is.
fn cap_below_zero(pay: &Pay) -> Option<Diagnostic> {
    let mut steps = pay.steps.iter();
    let step = steps.find(|step| match &step.kind {
        StepKind::Cap { amount, .. } | StepKind::CapOf(CapOf { amount, .. }) => {
            constant(amount).is_some_and(|limit| limit.is_negative())
        }
        _ => false,
    })?;
    Some(
        Diagnostic::at(Code::P103, step.span, "this cap is below 0")
            .saying("nobody can be paid anything")
            .help("take the minus away", ""),
    )
}

fn any_curve(expr: &Expr, plan: &Plan, any: &mut bool) {
    if let ExprKind::Lookup(id) = expr.kind {
        *any |= matches!(plan.lookup(id).kind, LookupKind::Curve { .. });
    }
    each_child(expr, &mut |child| any_curve(child, plan, any));
}

struct Looked<'p> {
    plan: &'p Plan,
    pay: &'p Pay,
    shape: &'p Shape,
}

impl Looked<'_> {
    fn money(&self, value: &Exact) -> String {
        Money::new(value.clone(), self.plan.currency).to_string()
    }

    fn mover(&self) -> &str {
        &self.plan.credit(self.shape.mover).name
    }

    /// `On a 300,000.00 USD quota: `, where there is one.
    fn on_quota(&self) -> String {
        if self.shape.reads_quota {
            format!("On a {} quota:", self.money(&Exact::int(EXAMPLE_QUOTA)))
        } else {
            "For example:".to_owned()
        }
    }

    /// What is paid one cent below a point and at it.
    fn two_amounts(&self, jump: &Jump) -> (String, Exact) {
        let cent = self.plan.currency.minor_unit();
        let function = &self.shape.function;
        // Where the point itself still pays the old amount, the cent above it is the news.
        let (low, high) = if jump.value == jump.before {
            (jump.at.clone(), jump.at.clone() + cent)
        } else {
            (jump.at.clone() - cent, jump.at.clone())
        };
        let (a, b) = (function.at(&low), function.at(&high));
        let round = |x: &Exact| {
            Exact::fixed(
                (x.clone() * Exact::int(100) + Exact::fixed(1, 2))
                    .floor()
                    .to_units(1)
                    .unwrap_or(0),
                100,
            )
        };
        let (a, b) = (round(&a), round(&b));
        let change = b.clone() - a.clone();
        let words = if change.is_negative() {
            format!("{} less", self.money(&change.abs()))
        } else {
            format!("{} more", self.money(&change))
        };
        let name = self.mover();
        (
            format!(
                "    {name} {}   pays {}\n    {name} {}   pays {}      {words}",
                self.money(&low),
                self.money(&a),
                self.money(&high),
                self.money(&b)
            ),
            a,
        )
    }

    fn accept_edit(&self) -> (String, Vec<Edit>) {
        let text = "cliffs accepted\n  because     \"…\"".to_owned();
        let at = self.pay.amount_span;
        (text.clone(), vec![Edit::below(at, &text)])
    }

    /// P101
    fn falls(&self) -> Option<Diagnostic> {
        let function = &self.shape.function;
        let worst = function
            .jumps()
            .into_iter()
            .filter(|jump| jump.fall().is_positive())
            .max_by_key(Jump::fall);
        if let Some(jump) = worst {
            let (amounts, before) = self.two_amounts(&jump);
            let until = function.reaches(&before, &jump.at);
            let until = match until {
                Some(x) => format!(
                    "The rep earns less than before until {} reach {}.",
                    self.mover(),
                    self.money(&x)
                ),
                None => "The rep never earns as much again.".to_owned(),
            };
            let (text, edits) = self.accept_edit();
            let found = Diagnostic::at(
                Code::P101,
                self.pay.amount_span,
                "selling more can pay less",
            )
            .saying(format!("pay falls at {}", self.money(&jump.at)))
            .note(format!("{}\n{amounts}", self.on_quota()))
            .note(until);
            return Some(self.smoother(found, "the fall disappears").fix(
                "keep it, and say why",
                text,
                edits,
            ));
        }
        let (start, end, line) = function
            .stretches()
            .find(|(_, _, line)| line.slope.is_negative())?;
        let upto = end.map_or_else(
            || "without end".to_owned(),
            |end| format!("to {}", self.money(end)),
        );
        let (text, edits) = self.accept_edit();
        Some(
            Diagnostic::at(
                Code::P101,
                self.pay.amount_span,
                "selling more can pay less",
            )
            .saying(format!(
                "pay falls from {} of {} {upto}",
                self.money(start),
                self.mover()
            ))
            .note(format!(
                "{} each further 1,000 of {} pays {} less.",
                self.on_quota(),
                self.mover(),
                self.money(&(line.slope.abs() * Exact::int(1000)))
            ))
            .fix("keep it, and say why", text, edits),
        )
    }

    /// P102
    fn jumps(&self) -> Option<Diagnostic> {
        let function = &self.shape.function;
        let rises: Vec<Jump> = function
            .jumps()
            .into_iter()
            .filter(|jump| jump.change().is_positive())
            .collect();
        let worst = rises.iter().max_by_key(|jump| jump.change())?;
        let (amounts, _) = self.two_amounts(worst);
        let others = match rises.len() {
            1 => String::new(),
            more => format!(" There are {} such steps; this is the largest.", more),
        };
        let (text, edits) = self.accept_edit();
        let found = Diagnostic::at(
            Code::P102,
            self.pay.amount_span,
            format!(
                "one more cent at {} is worth {}",
                self.money(&worst.at),
                self.money(&worst.change())
            ),
        )
        .saying("pay jumps here")
        .note(format!("{}\n{amounts}", self.on_quota()))
        .note(format!(
            "People at the edge notice, and deals move across it.{others}"
        ));
        let found = self.smoother(found, "the steps disappear");
        Some(found.fix("keep it, and say why", text, edits))
    }

    /// The way to write the pay without steps, where there is one.
    fn smoother(&self, found: Diagnostic, so: &str) -> Diagnostic {
        match &self.pay.amount {
            Amount::Tiered {
                how: TierUse::Everything,
                ..
            } => found.help(
                format!("pay each slice at its own rate, and {so}"),
                "…, each slice at its own rate",
            ),
            _ if self.reads_a_curve() => found.help(
                "let the curve start and end with points that are worth what lies beyond them",
                "",
            ),
            _ => found,
        }
    }

    fn reads_a_curve(&self) -> bool {
        let mut any = false;
        for expr in self.pay.amount.expressions() {
            any_curve(expr, self.plan, &mut any);
        }
        any
    }

    /// The constant cap of the period, with its line.
    fn cap_line(&self) -> Option<(Exact, Span)> {
        let always = self.pay.steps.iter().filter(|step| step.when.is_none());
        always.into_iter().find_map(|step| match &step.kind {
            StepKind::Cap {
                amount,
                of: LimitOf::Period | LimitOf::Window(_),
                ..
            } => match &amount.kind {
                ExprKind::Number(limit) => Some((limit.clone(), step.span)),
                _ => None,
            },
            _ => None,
        })
    }

    /// P103
    fn cap(&self) -> Option<Diagnostic> {
        let (limit, span) = self.cap_line()?;
        let target = Exact::int(EXAMPLE_QUOTA);
        if let Some(most) = self.shape.uncapped.maximum()
            && most < limit
        {
            return Some(
                Diagnostic::at(Code::P103, span, "this cap is never reached")
                    .saying(format!("the most this pays is {}", self.money(&most)))
                    .help("take it away, or lower it", ""),
            );
        }
        // Without a rate on quota there is no target to compare with; a cap scales with nothing.
        let at_target = self.shape.uncapped.at(&target);
        (self.shape.reads_quota && at_target > limit.clone() * Exact::int(10)).then(|| {
            Diagnostic::at(
                Code::P103,
                span,
                "this cap is far below the pay at 100% of quota",
            )
            .saying(format!(
                "at 100% of a {} quota the amount is {}",
                self.money(&target),
                self.money(&at_target)
            ))
        })
    }

    /// P104: a note where a cap or a rate of 0 says so, a warning elsewhere.
    fn flat(&self) -> Option<Diagnostic> {
        let function = &self.shape.function;
        let cap = self.cap_line();
        let rises = |f: &Function| f.lines.iter().any(|line| line.slope.is_positive());
        if !rises(function) {
            return None;
        }
        let (start, end, line) = function
            .stretches()
            .find(|(_, _, line)| line.slope.is_zero() && !line.intercept.is_zero())?;
        let by_cap = cap
            .as_ref()
            .is_some_and(|(limit, _)| *limit == line.intercept);
        if end.is_some() && !by_cap {
            let end = end.map_or_else(String::new, |end| self.money(end));
            return Some(
                Diagnostic::at(
                    Code::P104,
                    self.pay.amount_span,
                    format!(
                        "between {} and {end} of {} more sales pay nothing",
                        self.money(start),
                        self.mover()
                    ),
                )
                .saying(format!("{} all the way", self.money(&line.intercept)))
                .help("correct the formula", "")
                .help("or keep it, and say why", "accept P104 because \"…\""),
            );
        }
        let (_, span) = cap.filter(|_| by_cap && !self.pay.keeps_excess())?;
        Some(Diagnostic {
            severity: Severity::Note,
            ..Diagnostic::at(
                Code::P104,
                span,
                format!(
                    "from {} of {} on, more sales pay nothing",
                    self.money(start),
                    self.mover()
                ),
            )
            .saying("the cap holds")
            .note(if self.shape.reads_quota {
                format!("On a {} quota.", self.money(&Exact::int(EXAMPLE_QUOTA)))
            } else {
                "The text says so; it is worth knowing.".to_owned()
            })
        })
    }

    /// P106: a stretch on which each further unit of money pays more than itself.
    fn dear(&self) -> Option<Diagnostic> {
        let credit = self.plan.credit(self.shape.mover);
        if !matches!(credit.amount.ty, Type::Money(_)) {
            return None;
        }
        let mut stretches = self.shape.function.stretches();
        let (from, to, line) = stretches.find(|(_, _, line)| line.slope > Exact::ONE)?;
        let hundred = Exact::int(100);
        // A thousand more, or as much as the stretch is long.
        let step = to.map_or(Exact::int(1_000), |to| {
            (to.clone() - from.clone()).min(Exact::int(1_000))
        });
        let (name, end) = (self.mover(), from.clone() + step.clone());
        Some(
            Diagnostic::at(
                Code::P106,
                self.pay.amount_span,
                format!(
                    "from {} of {name} on, more is paid than is sold",
                    self.money(from)
                ),
            )
            .saying(format!(
                "{}% of each further amount",
                (line.slope.clone() * hundred).to_plain()
            ))
            .note(format!(
                "{} From {} to {} of {name}, {} more is paid.",
                self.on_quota(),
                self.money(from),
                self.money(&end),
                self.money(&(line.slope.clone() * step))
            ))
            .help("correct the rate or the table", "")
            .help("or keep it, and say why", "accept P106 because \"…\""),
        )
    }

    /// P105
    fn endless(&self) -> Option<Diagnostic> {
        let last = self.shape.function.lines.last()?;
        last.slope.is_positive().then(|| {
            let rate = format!("{}%", (last.slope.clone() * Exact::int(100)).to_plain());
            Diagnostic::at(
                Code::P105,
                self.pay.amount_span,
                "no cap: this pay has no upper end",
            )
            .saying(format!(
                "it grows by {rate} of {} without end",
                self.mover()
            ))
        })
    }
}
