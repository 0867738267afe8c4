//! `component` and `pay`: what is paid, how often, and the lines below `amount`.

use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{CreditId, Pay, PayId, Scope, Step};
use crate::meaning::sign::pay_never_negative;
use crate::syntax::ast;

mod amounts;
mod caps;
mod payables;
mod rounding;
mod steps;

impl Lower<'_> {
    /// A block, for the plan's period or for what it is earned over. Another that reads it for a longer length of time
    /// reads what it has come to so far, before it is paid.
    pub(in crate::meaning) fn pay(&mut self, written: &ast::Pay) -> Option<PayId> {
        if self.reading.is_some() {
            return self
                .can_be_read(written)
                .then(|| self.pay_here(written, None))?;
        }
        self.reading = self.earned_over(written);
        let payment = self.reading.and_then(|_| self.payment(written));
        let made = if self.can_be_read(written) {
            self.pay_here(written, payment)
        } else {
            None
        };
        self.reading = None;
        made
    }

    /// A block for the length of time at hand; `payment` is the line by which it is paid.
    fn pay_here(&mut self, written: &ast::Pay, payment: Option<Step>) -> Option<PayId> {
        // What another block reads for a longer length of time is not paid itself.
        let is_read = self.reading.is_some() && payment.is_none();
        let kind = match &written.for_each {
            None => PlaceKind::Person,
            Some(word) => PlaceKind::Each(
                self.source_of_word(&word.text, word.span)?,
                word.text.clone(),
            ),
        };
        let mut place = Place::new(kind, written.span);
        let mut when = Vec::new();
        for condition in &written.when {
            when.push(self.condition(condition, &mut place));
        }
        place.windows.clear();
        let amount = written.amount.as_ref();
        let amount = amount.and_then(|amount| self.amount(amount, &mut place));
        let windows = std::mem::take(&mut place.windows);
        let mut credits = place.credits.clone();
        // The lines below are read even where the amount could not be.
        let steps = self.steps(written, &mut place).map(|mut steps| {
            steps.extend(payment);
            steps
        });
        let (mut amount, amount_span) = amount?;
        self.edge(written, &mut amount, &place)?;
        let scope = match place.kind {
            PlaceKind::Each(source, ref word) => {
                if credits.is_empty() {
                    credits.push(self.only_credit_on(&word.clone(), amount_span)?);
                }
                // What only a line about each record names is had on it, too.
                let named = place.credits.iter().copied();
                let more: Vec<CreditId> = named.filter(|own| !credits.contains(own)).collect();
                credits.extend(more);
                self.one_credit_is_placed(&amount, &credits, amount_span)?;
                Scope::Each { source, credits }
            }
            _ => Scope::Total,
        };
        let window = match self.reading {
            None => self.increase(written, amount_span, &windows, &steps),
            Some(over) => self.window_over(over, &windows),
        };
        let below = self.below(written);
        let payable = self.payable(written, &scope, &steps);
        let paid_in = match &written.paid_in {
            Some(clause) if !is_read => Some(self.paid_in(clause)?),
            _ => None,
        };
        let label = written.name.called(written.label.as_ref());
        let label = if is_read {
            self.label_to_date(label)
        } else {
            label
        };
        let steps = steps?;
        self.caps_count_once(&steps, window)?;
        if !written.broken {
            self.rounded(written, &steps);
        }
        self.plan.pays.push(Pay {
            kind: if is_read {
                ast::PayKind::Component
            } else {
                written.kind
            },
            name: written.name.text.clone(),
            label,
            over: self.reading,
            scope,
            when,
            amount,
            amount_span,
            window,
            steps,
            below: below.filter(|_| !is_read),
            payable: payable?.filter(|_| !is_read),
            amendments: Vec::new(),
            later: Vec::new(),
            paid_in,
            span: written.span,
        });
        let id = PayId(self.plan.pays.len() - 1);
        let is_clawed = self.names.is_clawed(&written.name.text);
        if self.plan.pay(id).kind == ast::PayKind::Pay
            && !written.broken
            && written.below.is_none()
            && (is_clawed
                || !(pay_never_negative(id, &self.plan)
                    && self.plan.re_rated_behind(id).is_empty()))
        {
            let zero = self.zero();
            let end = written.span;
            let carries = format!("{zero} carries forward");
            let lost = format!("{zero} is lost");
            self.problems.push(
                Diagnostic::at(
                    Code::R905,
                    written.span,
                    format!(
                        "what happens when `{}` comes out below 0?",
                        written.name.text
                    ),
                )
                .saying(if is_clawed {
                    "what is taken back can make it negative, and this block does not say"
                } else {
                    "returns can make it negative, and this block does not say"
                })
                .fix(
                    "later payouts are less by it",
                    carries.clone(),
                    vec![Edit::below(end, &carries)],
                )
                .fix(
                    "nothing is paid, and nothing is owed",
                    lost.clone(),
                    vec![Edit::below(end, &lost)],
                )
                .help(
                    "it is paid as it is: money is taken back",
                    format!("{zero} is paid as it is"),
                ),
            );
        }
        Some(id)
    }

    /// The payout that another block is about; U203 for what is none, with what the block is about in words.
    pub(in crate::meaning) fn payout_named(
        &mut self,
        name: &ast::Name,
        about: &str,
    ) -> Option<PayId> {
        match self.names.peek(&name.text) {
            Some(Def::Pay(pay)) if pay.kind == ast::PayKind::Pay => {
                match self.item(&name.text, name.span) {
                    Some(Item::Pay(id)) => Some(id),
                    _ => None,
                }
            }
            Some(def) => {
                let words = format!("`{}` is {}, and {about}", name.text, def.kind());
                self.problems
                    .push(Diagnostic::at(Code::U203, name.span, words));
                None
            }
            None => {
                self.unknown(&name.text, name.span);
                None
            }
        }
    }

    /// The credit whose records a line runs over that names none: a fixed amount for each deal.
    fn only_credit_on(&mut self, word: &str, span: Span) -> Option<CreditId> {
        let credits = self.names.credits();
        let mut on = credits
            .iter()
            .filter(|credit| credit.from.as_ref().is_some_and(|(_, w)| w.text == word));
        let first = on.next()?;
        let Some(second) = on.next() else {
            return self.credit_named(&first.name);
        };
        let (first, second) = (&first.name.text, &second.name.text);
        self.problems.push(
            Diagnostic::at(
                Code::G301,
                span,
                format!("which credit on each {word} is paid?"),
            )
            .saying("no credit is named bare in this block")
            .note(format!(
                "`for each {word}` runs over the person's credits on each {word}. Those can be `{first}` or `{second}`: \
                 name one in the amount or in a condition."
            )),
        );
        None
    }
}
