//! Lines below `amount`: gates, factors, caps, floors, increases.

use crate::base::Rounding;
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::bounds::bounds;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Lower, shown};
use crate::meaning::plan::{Expr, LimitOf, Otherwise, Range, Step, StepKind};
use crate::meaning::tables;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, Window};

pub(in crate::meaning) fn rounds_to_date(step: &ast::StepKind) -> bool {
    matches!(step, ast::StepKind::Round(round) if round.level == ast::RoundLevel::ToDate)
}

impl Lower<'_> {
    pub(in crate::meaning) fn steps(
        &mut self,
        written: &ast::Pay,
        place: &mut Place,
    ) -> Option<Vec<Step>> {
        let mut steps: Vec<Step> = Vec::new();
        let mut whole = true;
        for step in &written.steps {
            let Some(kind) = self.step(step, written, place) else {
                whole = false;
                continue;
            };
            let on_record = kind.acts_on_record();
            if on_record && let Some(before) = steps.iter().find(|step| !step.kind.acts_on_record())
            {
                self.problems.push(
                    Diagnostic::at(
                        Code::S007,
                        step.span,
                        "a line about each record stands below one about the total",
                    )
                    .label(before.span, "this works on the total already")
                    .help("put the lines about each record first", ""),
                );
                whole = false;
            }
            let when = match &step.when {
                None => None,
                Some(when) if on_record => Some(self.condition(when, place)),
                Some(when) => {
                    let mut person = Place::new(PlaceKind::Person, place.head);
                    Some(self.condition(when, &mut person))
                }
            };
            let made = Step {
                kind,
                when,
                span: step.span,
            };
            // `round the amount to date` rounds both amounts whose difference is paid, so it acts above that line.
            let increase = steps
                .iter()
                .position(|step| matches!(step.kind, StepKind::Increase { .. }));
            match increase.filter(|_| rounds_to_date(&step.kind)) {
                Some(at) => steps.insert(at, made),
                None => steps.push(made),
            }
        }
        whole.then_some(steps)
    }

    /// A203: whether a gate can pass and can fail.
    pub(in crate::meaning) fn gate_can_decide(
        &mut self,
        subject: &Expr,
        range: &Range,
        words: &str,
        span: Span,
    ) {
        let found = bounds(subject, &self.plan);
        let (says, means) = if found.misses(range) {
            ("never passes", "nobody is ever paid the amount above it")
        } else if found.lies_in(range) {
            ("always passes", "it changes nothing")
        } else {
            return;
        };
        let lies = found.words(|end| shown(end, subject.ty, &self.plan));
        self.problems.push(
            Diagnostic::at(Code::A203, span, format!("this gate {says}"))
                .saying(format!("what it looks at is always `{lies}`"))
                .note(format!(
                    "`{words}` holds {}: {means}.",
                    if found.misses(range) {
                        "for none of that"
                    } else {
                        "for all of that"
                    }
                ))
                .help("correct the range, or take the gate away", "")
                .help("or keep it, and say why", "accept A203 because \"…\""),
        );
    }

    pub(in crate::meaning) fn step(
        &mut self,
        step: &ast::Step,
        pay: &ast::Pay,
        place: &mut Place,
    ) -> Option<StepKind> {
        Some(match &step.kind {
            ast::StepKind::Gate {
                subject,
                range,
                otherwise,
            } => {
                let mut person = Place::new(PlaceKind::Person, place.head);
                let name = match &subject.kind {
                    ast::ExprKind::Name(name) => name.clone(),
                    _ => String::new(),
                };
                let subject = self.expr(subject, &mut person);
                self.no_division(&subject);
                let words = tables::words(range);
                let range = self.range(range, &subject)?;
                self.gate_can_decide(&subject, &range, &words, step.span);
                let otherwise = match otherwise {
                    ast::Otherwise::Nothing => Otherwise::Nothing,
                    ast::Otherwise::Hold => Otherwise::Hold,
                    ast::Otherwise::Amount(amount) => {
                        let (amount, span) = self.amount(amount, &mut person)?;
                        self.of_one_period(&person, span)?;
                        Otherwise::Amount(amount)
                    }
                    ast::Otherwise::Share(share) => {
                        let share = self.expr(share, &mut person);
                        self.want(&share, Type::Percent);
                        self.no_division(&share);
                        Otherwise::Share(share)
                    }
                };
                StepKind::Gate {
                    subject,
                    name,
                    range,
                    words,
                    otherwise,
                }
            }
            ast::StepKind::Times(factor) => {
                let mut person = Place::new(PlaceKind::Person, place.head);
                let factor = self.expr(factor, &mut person);
                self.no_division(&factor);
                if !matches!(factor.ty, Type::Number | Type::Poisoned) {
                    self.want(&factor, Type::Percent);
                }
                StepKind::Times(factor)
            }
            ast::StepKind::Floor { amount, window } => {
                let of = self.limit_of(window, pay)?;
                StepKind::Floor {
                    amount: self.limit(amount, of, place)?,
                    of,
                }
            }
            ast::StepKind::Cap {
                amount,
                window,
                excess,
            } => {
                let of = self.limit_of(window, pay)?;
                self.excess_can_be_kept(excess, of, pay)?;
                StepKind::Cap {
                    amount: self.limit(amount, of, place)?,
                    of,
                    excess: excess.value,
                }
            }
            ast::StepKind::CapOf(cap) => StepKind::CapOf(self.cap_of(cap, pay, place)?),
            ast::StepKind::Increase { least } => {
                if let Some(least) = least {
                    let line = format!("pays the increase, never less than {}", self.own_zero());
                    self.in_own_currency(least, &line);
                }
                StepKind::Increase {
                    never_below_zero: least.is_some(),
                }
            }
            ast::StepKind::RoundNever => StepKind::RoundNever,
            ast::StepKind::Round(round) => {
                let rounding = Rounding {
                    unit: round.unit.value.clone(),
                    mode: round.mode,
                };
                match &round.level {
                    ast::RoundLevel::Total | ast::RoundLevel::ToDate => StepKind::Round(rounding),
                    ast::RoundLevel::Each(word)
                        if pay
                            .for_each
                            .as_ref()
                            .is_some_and(|each| each.text == word.text) =>
                    {
                        StepKind::RoundEach(rounding)
                    }
                    ast::RoundLevel::Each(word) => {
                        match &pay.withheld.payable {
                            Some(clause) if word.text == "part" => {
                                self.half_said_rounding(round.span, clause);
                            }
                            _ => self.no_each(&word.text.clone(), word.span, pay),
                        }
                        return None;
                    }
                    ast::RoundLevel::EachShare => {
                        self.problems.push(
                            Diagnostic::at(
                                Code::S008,
                                round.span,
                                "shares are rounded in a `credit`",
                            )
                            .help(
                                "here, write",
                                format!(
                                    "round the total to {}, {}",
                                    round.unit.value,
                                    round.mode.words()
                                ),
                            ),
                        );
                        return None;
                    }
                }
            }
        })
    }

    pub(in crate::meaning) fn condition(&mut self, written: &ast::Expr, place: &mut Place) -> Expr {
        let condition = self.expr(written, place);
        self.want(&condition, Type::Bool);
        self.no_division(&condition);
        condition
    }

    /// What a gate pays otherwise is of the period: an amount to date has its own block, where its increase is paid.
    pub(in crate::meaning) fn of_one_period(&mut self, place: &Place, span: Span) -> Option<()> {
        let to_date = place.windows.iter().find(|(window, _)| window.is_to_date());
        if let Some((_, at)) = to_date {
            self.problems.push(
                Diagnostic::at(
                    Code::G303,
                    span,
                    "what a gate pays otherwise is of one period, and this runs to date",
                )
                .label(*at, "everything since then")
                .help(
                    "make it a component that pays its increase",
                    "pays the increase",
                ),
            );
            return None;
        }
        Some(())
    }

    pub(in crate::meaning) fn limit(
        &mut self,
        amount: &ast::Expr,
        of: LimitOf,
        place: &mut Place,
    ) -> Option<Expr> {
        let mut person = Place::new(PlaceKind::Person, place.head);
        let place = if of == LimitOf::Record {
            place
        } else {
            &mut person
        };
        let amount = self.expr(amount, place);
        self.no_division(&amount);
        self.want(&amount, Type::Money(self.plan.currency))
            .then_some(amount)
    }

    pub(in crate::meaning) fn limit_of(
        &mut self,
        window: &ast::Spanned<ast::LimitWindow>,
        pay: &ast::Pay,
    ) -> Option<LimitOf> {
        match &window.value {
            ast::LimitWindow::Each(cadence) if *cadence == self.length() || !self.known.cadence => {
                Some(LimitOf::Period)
            }
            ast::LimitWindow::Each(cadence) if *cadence > self.length() => {
                if let ast::StepKind::Floor { .. } = pay
                    .steps
                    .iter()
                    .find(|s| s.span.start <= window.span.start && window.span.end <= s.span.end)
                    .map(|s| &s.kind)?
                {
                    self.problems.push(
                        Diagnostic::at(
                            Code::S008,
                            window.span,
                            format!(
                                "a floor of a {} cannot be known before the {0} is over",
                                cadence.noun()
                            ),
                        )
                        .help(
                            "write the floor of each period",
                            format!("each {}", self.length().words()),
                        ),
                    );
                    return None;
                }
                let what = format!("a cap each {cadence}");
                self.has_periods(*cadence, window.span);
                self.lies_in((self.length(), *cadence), window.span, &what);
                Some(LimitOf::Window(*cadence))
            }
            ast::LimitWindow::Each(cadence) => {
                self.limit_too_short(*cadence, window.span, pay);
                None
            }
            ast::LimitWindow::EachRecord(word)
                if pay
                    .for_each
                    .as_ref()
                    .is_some_and(|each| each.text == word.text) =>
            {
                Some(LimitOf::Record)
            }
            ast::LimitWindow::EachRecord(word) => {
                let text = word.text.clone();
                self.no_each(&text, word.span, pay);
                None
            }
        }
    }

    pub(in crate::meaning) fn no_each(&mut self, word: &str, span: Span, pay: &ast::Pay) {
        let what = match &pay.for_each {
            Some(each) => format!("runs over each {}", each.text),
            None => format!("pays once per {}", self.plan.cadence.noun()),
        };
        let diagnostic = Diagnostic::at(
            Code::G301,
            span,
            format!("this line is about each {word}, and the block {what}"),
        );
        self.problems.push(diagnostic.fix(
            format!("pay each {word}"),
            format!("for each    {word}"),
            vec![Edit::below(pay.span, &format!("for each    {word}"))],
        ));
    }

    /// An amount to date pays the increase, and only such an amount does.
    pub(in crate::meaning) fn increase(
        &mut self,
        pay: &ast::Pay,
        amount: Span,
        windows: &[(Window, Span)],
        steps: &Option<Vec<Step>>,
    ) -> Window {
        let increase = pay
            .steps
            .iter()
            .find(|step| matches!(step.kind, ast::StepKind::Increase { .. }));
        let to_date: Vec<(Window, Span)> = windows
            .iter()
            .filter(|(window, _)| window.is_to_date())
            .copied()
            .collect();
        match (increase, to_date.first()) {
            (None, None) => Window::Period,
            (None, Some((window, span))) => {
                if steps.is_some() && !pay.broken {
                    let never = format!("pays the increase, never less than {}", self.own_zero());
                    self.problems.push(
                        Diagnostic::at(
                            Code::G303,
                            *span,
                            "this amount runs to date and would be paid again every period",
                        )
                        .saying(match window {
                            Window::ToDate(length) => {
                                format!("everything since the start of the {}", length.words())
                            }
                            _ => "everything since the start of the plan".to_owned(),
                        })
                        .fix(
                            "pay what is new since the period before",
                            "pays the increase",
                            vec![Edit::below(amount, "pays the increase")],
                        )
                        .fix(
                            "the same, and a fall pays nothing",
                            never.clone(),
                            vec![Edit::below(amount, &never)],
                        ),
                    );
                }
                *window
            }
            (Some(step), None) => {
                self.problems.push(
                    Diagnostic::at(
                        Code::G303,
                        step.span,
                        "there is nothing to date whose increase could be paid",
                    )
                    .label(amount, "this is the amount of one period")
                    .help("say since when", "total bookings year to date"),
                );
                Window::Period
            }
            (Some(_), Some((window, span))) => {
                if let Some((other, at)) = to_date.iter().find(|(other, _)| other != window) {
                    self.problems.push(
                        Diagnostic::at(
                            Code::G303,
                            *at,
                            "two windows in one amount: since when is the increase counted?",
                        )
                        .saying(format!("the {}", other.words()))
                        .label(*span, format!("the {}", window.words())),
                    );
                }
                *window
            }
        }
    }
}
