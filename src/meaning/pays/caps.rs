//! `cap … each deal.customer for life`: caps of what the records with one value of a column pay together.

use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{CapOf, CapSpan, LimitOf, Step, StepKind};
use crate::meaning::types::Type;
use crate::syntax::ast::{self, Window};

impl Lower<'_> {
    pub(in crate::meaning) fn cap_of(
        &mut self,
        written: &ast::CapOf,
        pay: &ast::Pay,
        place: &mut Place,
    ) -> Option<CapOf> {
        if !matches!(place.kind, PlaceKind::Each(..)) {
            let word = match &written.of.kind {
                ast::ExprKind::Path(word, _) => word.text.clone(),
                _ => "record".to_owned(),
            };
            self.no_each(&word, written.of.span, pay);
            return None;
        }
        let of = self.expr(&written.of, place);
        if !matches!(of.ty, Type::Text | Type::Person | Type::Poisoned) {
            let found = errors::type_words(of.ty, &self.plan.units);
            self.problems.push(errors::wrong_type(
                written.of.span,
                &found,
                "a person or a text",
            ));
            return None;
        }
        let asks = "whose cap does such a record use?";
        self.always_there(&of, written.of.span, asks)?;
        let each = match &written.each {
            None => CapSpan::Life,
            Some(each) => self.cap_each(each, pay)?,
        };
        let amount = self.limit(&written.amount, LimitOf::Record, place);
        let before = match &written.before {
            None => None,
            Some(before) => {
                self.something_lies_before(each, before.span)?;
                Some(self.limit(before, LimitOf::Record, place)?)
            }
        };
        Some(CapOf {
            amount: amount?,
            of,
            each,
            before,
        })
    }

    /// A length of time in which each period of the plan lies.
    fn cap_each(
        &mut self,
        each: &ast::Spanned<crate::base::Cadence>,
        pay: &ast::Pay,
    ) -> Option<CapSpan> {
        let length = each.value;
        if length < self.length() && self.known.cadence {
            self.limit_too_short(length, each.span, pay);
            return None;
        }
        self.has_periods(length, each.span);
        self.lies_in(
            (self.length(), length),
            each.span,
            &format!("a cap each {length}"),
        );
        Some(CapSpan::Each(length))
    }

    /// C513: what was used before the plan counts in a length of time that begins before it.
    fn something_lies_before(&mut self, each: CapSpan, span: Span) -> Option<()> {
        let CapSpan::Each(length) = each else {
            return Some(());
        };
        let first = self.plan.effective.0;
        let is_known = self.known.calendar && self.known.cadence;
        if !is_known || self.plan.calendar.period_of(first, length).start() < first {
            return Some(());
        }
        let says = format!("a {length} begins with the plan, and nothing of it lies before");
        self.problems.push(
            Diagnostic::at(Code::C513, span, says)
                .saying("what was used before is never read")
                .help("take it away, or let it count", "for life"),
        );
        None
    }

    /// C513: an amount that is made anew each period has no records that count once.
    pub(in crate::meaning) fn caps_count_once(
        &mut self,
        steps: &[Step],
        window: Window,
    ) -> Option<()> {
        let mut caps = steps.iter();
        let Some(cap) = caps.find(|step| matches!(step.kind, StepKind::CapOf(_))) else {
            return Some(());
        };
        let so_far = match (self.reading, window) {
            (None, Window::Period) => return Some(()),
            (Some(over), _) => format!("the amount of the {} so far", over.words()),
            (None, _) => "an amount to date".to_owned(),
        };
        self.problems.push(
            Diagnostic::at(
                Code::C513,
                cap.span,
                format!("{so_far} is made anew each period, with all its records"),
            )
            .saying("each record would use its cap again")
            .help(
                "let the block be of the period, or limit each record by itself",
                "cap … each deal, excess is lost",
            ),
        );
        None
    }
}
