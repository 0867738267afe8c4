//! `carry`: what each period leaves for the next.
//!
//! Its value in a period is what the period before left, so that inside one period the names have no circle: a block is
//! lowered up to the measure it fills, and what it adds once everything else has its meaning.

use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, poisoned};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::plan::{
    Amount, Carry, CarryId, Expr, ExprKind, GroupKind, LimitOf, MeasureId, PayId, Plan, Tiers,
    each_child,
};
use crate::meaning::types::Type;
use crate::syntax::ast::{self, Excess, Expiry};

impl Lower<'_> {
    /// All of them, before anything that reads the measures they fill.
    pub(in crate::meaning) fn carries(&mut self, plan: &ast::File, shared: &[&ast::File]) {
        for carry in self.names.carries() {
            if carry.span.file == plan.id {
                self.lower_unused(&carry.name.text, carry.name.span);
            }
        }
        let items = shared.iter().flat_map(|file| &file.items);
        for item in items {
            if let ast::Item::Carry(carry) = item {
                self.problems.push(
                    Diagnostic::at(
                        Code::Q807,
                        carry.span,
                        "what carries over stands in a plan, not in shared terms",
                    )
                    .saying("plans have periods of their own")
                    .help("put the block into the plan whose measure it fills", ""),
                );
            }
        }
    }

    /// One, without what it adds.
    pub(in crate::meaning) fn carry(&mut self, written: &ast::Carry) -> Option<CarryId> {
        if let Some(over) = self.reading {
            let what = format!("is carried into each {}", self.plan.cadence.words());
            let problem = self.not_read_over(written.name.span, &written.name.text, &what, over);
            self.problems.push(problem);
            return None;
        }
        let into = self.filled(written.into.as_ref()?)?;
        let expires = written.expires.as_ref()?;
        self.expiry_fits(written, expires.value, expires.span)?;
        let (name, label) = (&written.name, written.label.as_ref());
        self.plan.carries.push(Carry {
            name: name.text.clone(),
            label: name.called(label),
            adds: poisoned(written.span),
            below_zero_too: written.adds.as_ref()?.below_zero_too,
            into,
            expires: expires.value,
            span: written.span,
        });
        Some(CarryId(self.plan.carries.len() - 1))
    }

    /// The measure that a block fills.
    fn filled(&mut self, name: &ast::Name) -> Option<MeasureId> {
        let Some(def) = self.names.peek(&name.text) else {
            self.unknown(&name.text, name.span);
            return None;
        };
        match self.item(&name.text, name.span) {
            Some(Item::Measure(id)) => Some(id),
            Some(_) => {
                let kind = format!(
                    "{}, and what is carried over goes into a measure",
                    def.kind()
                );
                let problem = errors::not_a_value(&name.text, name.span, &kind);
                self.problems.push(problem);
                None
            }
            None => None,
        }
    }

    /// What is left of a period can be read in the next one, and each period lies in one length of time.
    fn expiry_fits(&mut self, written: &ast::Carry, expiry: Expiry, span: Span) -> Option<()> {
        let below_zero_too = written.adds.as_ref()?.below_zero_too;
        match expiry {
            Expiry::Never => {}
            Expiry::After(_) if below_zero_too => {
                self.problems.push(
                    Diagnostic::at(
                        Code::Q807,
                        span,
                        "what is below 0 has no first part that could expire first",
                    )
                    .help(
                        "let it expire with a length of time, or never",
                        "expires     at year end",
                    )
                    .help(
                        "or carry over only what is above 0",
                        "adds        left_volume - matched",
                    ),
                );
                return None;
            }
            Expiry::After(_) => {}
            Expiry::AtEnd(_) if !self.known.cadence => {}
            Expiry::AtEnd(length) if length <= self.plan.cadence => {
                let (own, length) = (self.plan.cadence.words(), length.words());
                self.problems.push(
                    Diagnostic::at(
                        Code::Q807,
                        span,
                        format!("the plan pays each {own}, and what expires at {length} end is never read"),
                    )
                    .help("name a longer length of time", "expires     at year end"),
                );
                return None;
            }
            Expiry::AtEnd(length) => {
                self.has_periods(length, span);
                let what = format!("what expires at {} end", length.words());
                self.lies_in((self.plan.cadence, length), span, &what);
            }
        }
        Some(())
    }

    /// What they add, once everything else is lowered.
    pub(in crate::meaning) fn carries_add(&mut self) {
        for written in self.names.carries() {
            let mut carries = self.plan.carries.iter();
            let at = carries.position(|own| own.span == written.span);
            let (Some(at), Some(adds)) = (at, &written.adds) else {
                continue;
            };
            let into = self.plan.carries[at].into;
            let mut place = Place::new(PlaceKind::Person, written.span);
            let value = self.expr(&adds.value, &mut place);
            self.no_division(&value);
            let ty = self.plan.measure(into).value.ty;
            if (value.ty, ty) != (Type::Points, Type::Percent) && ty != Type::Poisoned {
                self.want(&value, ty);
            }
            self.plan.carries[at].adds = value;
            self.filled_over_one_period(written, into);
        }
        self.not_taken_together();
        self.not_amended();
    }

    /// What is left for the next period is made by one text: which one would say it where an amendment comes between?
    fn not_amended(&mut self) {
        let carries = self.plan.carries.iter();
        let carries = carries.filter(|own| self.names.reads_amended([own.name.as_str()].into()));
        let kept = self.plan.pays.iter().filter(|pay| !pay.later.is_empty());
        let kept = kept.filter(|pay| pay.texts().any(crate::meaning::plan::Pay::keeps_excess));
        let spans = carries.map(|own| own.span).chain(kept.map(|pay| pay.span));
        let problems: Vec<Diagnostic> = spans
            .map(|span| {
                Diagnostic::at(Code::Q807, span, "nothing is carried over an amendment")
                    .saying("an amendment changes what this is made of")
                    .help(
                        "let the plan end on the day before, and begin another",
                        "plan \"…\"",
                    )
            })
            .collect();
        problems.into_iter().for_each(|own| self.problems.push(own));
    }

    /// What several persons bring is taken together for all periods before anybody is paid in the first.
    fn not_taken_together(&mut self) {
        let groups = self.plan.groups.iter();
        let together = groups.filter(|group| {
            let mut brought = group.expressions().into_iter();
            let claimed = match &group.kind {
                GroupKind::Budget(budget) => budget.pays.as_slice(),
                GroupKind::Together { .. } | GroupKind::Pool(_) | GroupKind::Contest(_) => &[],
            };
            brought.any(|expr| self.plan.reads_carried(expr))
                || claimed.iter().any(|pay| self.plan.pay_reads_carried(*pay))
        });
        let problems: Vec<Diagnostic> = together
            .map(|group| {
                Diagnostic::at(
                    Code::Q807,
                    group.span,
                    "what several persons make or share takes in nothing that is carried over",
                )
                .help(
                    "take together what is of the period alone",
                    "total bookings by team",
                )
            })
            .collect();
        for problem in problems {
            self.problems.push(problem);
        }
    }

    /// A measure that takes in what is left of each period is read for the period alone.
    fn filled_over_one_period(&mut self, written: &ast::Carry, into: MeasureId) {
        let name = self.plan.measure(into).name.clone();
        let mut measures = self.plan.measures.iter();
        let longer = measures.find_map(|own| own.over.filter(|_| own.name == name));
        if let Some(over) = longer {
            let what = format!(
                "takes in what is left of each {}",
                self.plan.cadence.words()
            );
            let problem = self.not_read_over(written.span, &name, &what, over);
            self.problems.push(problem);
        }
    }

    /// G302: slices of an amount do not move along a measure that takes something in from before.
    pub(in crate::meaning) fn slices_along_carried(
        &mut self,
        id: MeasureId,
        base: &Expr,
        table: &Tiers,
        span: Span,
    ) {
        let measure = self.plan.measure(id);
        let (name, ty) = (&measure.name, measure.value.ty);
        let diagnostic = Diagnostic::at(
            Code::G302,
            span,
            format!("slices cannot follow `{name}`, which takes in what is carried over"),
        )
        .label(table.span, "the ranges")
        .note("What is carried in moves the measure, and not what is paid on.")
        .help(
            "pay everything at one rate",
            "…, everything at the rate reached",
        );
        let itself = format!(
            "amount {name} at {}, each slice at its own rate",
            table.name
        );
        self.problems.push(if ty == base.ty {
            diagnostic.help("or pay on the measure itself", itself)
        } else {
            diagnostic
        });
    }

    fn not_read_over(
        &self,
        span: Span,
        name: &str,
        what: &str,
        over: crate::base::Cadence,
    ) -> Diagnostic {
        Diagnostic::at(
            Code::Q807,
            span,
            format!(
                "`{name}` {what}, and a block that is earned each {} reads it",
                over.words()
            ),
        )
        .help(
            "pay that block for the period",
            format!("take `earned each {}` away", over.words()),
        )
    }

    /// Whether a cap can keep what it takes: of each period, once, and paid as it is.
    pub(in crate::meaning) fn excess_can_be_kept(
        &mut self,
        excess: &ast::Spanned<Excess>,
        of: LimitOf,
        pay: &ast::Pay,
    ) -> Option<()> {
        if excess.value == Excess::Lost {
            return Some(());
        }
        let mut steps = pay.steps.iter();
        let increase = steps.find(|step| {
            matches!(step.kind, ast::StepKind::Increase { .. })
                && step.span.start > excess.span.start
        });
        let (words, label) = match (of, self.reading, increase) {
            (LimitOf::Record, ..) => (
                "what a cap takes of one record has no later period".to_owned(),
                None,
            ),
            (_, Some(over), _) => (
                format!(
                    "the amount of the {} so far is made anew each period, with all that a cap took before",
                    over.words()
                ),
                None,
            ),
            (_, None, Some(increase)) => (
                "an amount to date is made anew each period, with all that a cap took before"
                    .to_owned(),
                Some((increase.span, "below this line, a cap is of the period")),
            ),
            (_, None, None) => return Some(()),
        };
        let diagnostic = Diagnostic::at(Code::Q807, excess.span, words);
        let diagnostic = label.iter().fold(diagnostic, |diagnostic, (span, words)| {
            diagnostic.label(*span, *words)
        });
        self.problems.push(diagnostic.help(
            "here, a cap can only lose it",
            "cap         … each …, excess is lost",
        ));
        None
    }
}

impl Plan {
    /// Whether an expression reads what is carried over, by itself or through what it reads. Names have no circle.
    fn reads_carried(&self, expr: &Expr) -> bool {
        let any = |mut list: Vec<&Expr>| list.drain(..).any(|own| self.reads_carried(own));
        let mut found = match &expr.kind {
            ExprKind::Carry(_) => true,
            ExprKind::Measure(id) => {
                self.carried_into(*id).next().is_some() || any(self.measure(*id).expressions())
            }
            ExprKind::Tier(id) => self.reads_carried(&self.tier_table(*id).axis),
            ExprKind::Lookup(id) => any(self.lookup(*id).expressions().collect()),
            ExprKind::Scorecard(id) => {
                let objectives = self.scorecard(*id).objectives.iter();
                any(objectives.map(|objective| &objective.score).collect())
            }
            ExprKind::Group(id) => any(self.group(*id).expressions()),
            ExprKind::Pay(id) => self.pay_reads_carried(*id),
            _ => false,
        };
        each_child(expr, &mut |child| found |= self.reads_carried(child));
        found
    }

    fn pay_reads_carried(&self, id: PayId) -> bool {
        let pay = self.pay(id);
        let axes = pay.amounts().filter_map(|amount| match amount {
            Amount::Tiered { tiers, .. } => Some(&self.tier_table(*tiers).axis),
            Amount::Plain(_) => None,
        });
        let mut all = pay.expressions().into_iter().chain(axes);
        all.any(|own| self.reads_carried(own))
    }
}
