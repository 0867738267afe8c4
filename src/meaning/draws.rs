//! `draw`: money paid on top of a payout, owed back or not.

use crate::base::{Cadence, Date, Exact, Rounding};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::names::Def;
use crate::meaning::plan::{Draw, DrawId, Expr, FirstPeriods, Recover};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, Forgiven, PayKind, RecoverSince};

impl Lower<'_> {
    pub(in crate::meaning) fn draw(&mut self, written: &ast::Draw) -> Option<DrawId> {
        let pays = written.pays.as_ref()?;
        let pay = self.payout_named(&pays.pay, "a draw is on a `pay`");
        self.is_each_period(&pays.each);
        let mut place = Place::new(PlaceKind::Person, written.span);
        let amount = self.money_of(&pays.amount, &mut place);
        let mut when = Vec::new();
        for condition in &written.when {
            when.push(self.condition(condition, &mut place));
        }
        let first = match &written.first {
            Some(first) => Some(self.first_periods(first)?),
            None => None,
        };
        let runs = written.runs.as_ref();
        if let Some(runs) = runs {
            self.runs_by_periods(runs);
        }
        let recover = self.recovered(written, &mut place);
        let rounding = written.round.as_ref();
        let rounding =
            rounding.and_then(|round| self.rounding(round, Type::Money(self.plan.currency)));
        if written.broken {
            return None;
        }
        let draw = Draw {
            name: written.name.text.clone(),
            label: written.name.called(written.label.as_ref()),
            pay: pay?,
            how: pays.how,
            amount: amount?,
            first,
            runs: runs.map(|runs| runs.value),
            when,
            recover: recover?,
            rounding,
            pays_span: pays.span,
            span: written.span,
        };
        self.is_owed_once(&draw, &pays.pay);
        if written.round.is_none() {
            self.needs_no_rounding(&draw, written);
        }
        self.plan.draws.push(draw);
        Some(DrawId(self.plan.draws.len() - 1))
    }

    /// An amount of the plan's money; a constant one is not below 0.
    fn money_of(&mut self, written: &ast::Expr, place: &mut Place) -> Option<Expr> {
        let amount = self.expr(written, place);
        self.no_division(&amount);
        if !self.want(&amount, Type::Money(self.plan.currency)) {
            return None;
        }
        if constant(&amount).is_some_and(|own| own.is_negative()) {
            let words = "nothing can be drawn below 0";
            self.problems
                .push(Diagnostic::at(Code::S008, written.span, words));
            return None;
        }
        Some(amount)
    }

    /// A draw is paid as often as the plan pays.
    fn is_each_period(&mut self, each: &ast::Spanned<Cadence>) {
        let own = self.plan.cadence;
        if !self.known.cadence || each.value == own {
            return;
        }
        let words = format!("the plan pays each {}, and so does a draw", own.words());
        self.problems.push(
            Diagnostic::at(Code::S008, each.span, words)
                .note(format!(
                    "An amount of a {} is divided in the plan, where everybody can read how.",
                    each.value.noun()
                ))
                .fix(
                    "pay it as often as the plan pays",
                    format!("each {}", own.words()),
                    vec![Edit {
                        span: each.span,
                        text: own.words().to_owned(),
                    }],
                ),
        );
    }

    fn first_periods(&mut self, written: &ast::FirstTime) -> Option<FirstPeriods> {
        let own = self.plan.cadence;
        if self.known.cadence && written.each.value != own {
            let words = format!("the plan pays each {}", own.words());
            let problem = Diagnostic::at(Code::S008, written.each.span, words).saying(format!(
                "its first {} are not periods of it",
                written.each.value.plural()
            ));
            self.problems.push(match own {
                Cadence::TwoWeeks => problem.help(
                    "say it by dates",
                    "runs        2026-01-05 through 2026-06-21",
                ),
                _ => problem.fix(
                    "count periods of the plan",
                    own.plural(),
                    vec![Edit {
                        span: written.each.span,
                        text: own.plural().to_owned(),
                    }],
                ),
            });
        }
        Some(FirstPeriods {
            count: written.count,
            months: written.months,
            hired: self.hired(written.span)?,
        })
    }

    /// The days of a draw are whole periods of the plan.
    fn runs_by_periods(&mut self, runs: &ast::Spanned<(Date, Date)>) {
        let (first, last) = runs.value;
        if !self.runs_in_plan("draw", runs) || !self.known.cadence || !self.known.calendar {
            return;
        }
        let calendar = &self.plan.calendar;
        let around = |day| calendar.period_of(day, self.plan.cadence);
        let (starts, ends) = self.plan.effective;
        let whole = (
            around(first).start().max(starts),
            around(last).end().min(ends),
        );
        if whole == (first, last) {
            return;
        }
        let line = format!("runs        {} through {}", whole.0, whole.1);
        let words = format!("a draw of part of a {}", self.plan.cadence.noun());
        self.problems.push(
            Diagnostic::at(Code::S008, runs.span, words)
                .saying("is it the whole amount, a part of it, or nothing?")
                .fix(
                    "write whole periods",
                    line.clone(),
                    vec![Edit {
                        span: runs.span,
                        text: line,
                    }],
                ),
        );
    }

    /// How it is paid back, if it is; `None` where that is wrong.
    fn recovered(&mut self, written: &ast::Draw, place: &mut Place) -> Option<Option<Recover>> {
        let recover = written.recover.as_ref()?;
        let Some(from) = &recover.from else {
            self.nothing_is_owed(written);
            return Some(None);
        };
        self.names_one_pay(written, from);
        let above = match &from.above {
            Some(above) => Some(self.money_of(above, place)?),
            None => None,
        };
        let balance = written.balance.as_ref()?;
        let most = match &balance.most {
            Some(most) => Some(self.money_of(most, place)?),
            None => None,
        };
        if let RecoverSince::Date(day) = from.since {
            self.starts_a_period(day, recover.span);
        }
        self.forgiveness(balance);
        let share = from.share.as_ref();
        let leaving = written.leaving.as_ref()?;
        Some(Some(Recover {
            above,
            share: share.map_or(Exact::ONE, |share| share.value.clone()),
            since: from.since,
            most,
            forgiven: balance.forgiven,
            leaving: leaving.value,
            span: recover.span,
            balance_span: balance.span,
            leaving_span: leaving.span,
        }))
    }

    /// S008 where a guarantee has lines about what is owed.
    fn nothing_is_owed(&mut self, written: &ast::Draw) {
        let balance = written.balance.as_ref().map(|own| own.span);
        let leaving = written.leaving.as_ref().map(|own| own.span);
        for span in balance.into_iter().chain(leaving) {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    span,
                    "what is never recovered leaves no balance",
                )
                .help("take the line away", "")
                .help(
                    "or say how it is recovered",
                    "recover     from …, all of it, from the period after",
                ),
            );
        }
    }

    fn names_one_pay(&mut self, written: &ast::Draw, from: &ast::RecoverFrom) {
        let Some(pays) = &written.pays else { return };
        let is_pay = matches!(self.names.peek(&pays.pay.text), Some(Def::Pay(pay)) if pay.kind == PayKind::Pay);
        if from.pay.text == pays.pay.text || !is_pay {
            return;
        }
        let words = format!("this draw is on `{}`", pays.pay.text);
        self.problems.push(
            Diagnostic::at(Code::S008, from.pay.span, words)
                .saying("a draw is recovered from the payout that it tops up")
                .note("Amounts that are topped up together are components of one `pay`.")
                .fix(
                    "write",
                    pays.pay.text.clone(),
                    vec![Edit {
                        span: from.pay.span,
                        text: pays.pay.text.clone(),
                    }],
                ),
        );
    }

    /// Recovery begins with a period.
    fn starts_a_period(&mut self, day: Date, span: Span) {
        if !self.known.cadence || !self.known.calendar {
            return;
        }
        let period = self.plan.calendar.period_of(day, self.plan.cadence);
        if period.start() == day {
            return;
        }
        let words = format!("{day} is inside a {}", self.plan.cadence.noun());
        let next = self.plan.calendar.next(&period).start();
        self.problems.push(
            Diagnostic::at(Code::S008, span, words)
                .saying("a payout is recovered from as a whole")
                .help(
                    "name the first day of a period",
                    format!("…, from {} or from {next}", period.start()),
                ),
        );
    }

    /// What is forgiven was owed for longer than a period, and is forgiven while the plan holds.
    fn forgiveness(&mut self, balance: &ast::Balance) {
        match balance.forgiven {
            Forgiven::Never => {}
            Forgiven::On(day) => {
                let (first, last) = self.plan.effective;
                if self.known.dates && !(first..=last).contains(&day) {
                    let words = format!("the plan does not hold on {day}");
                    self.problems.push(
                        Diagnostic::at(Code::D602, balance.span, words)
                            .saying(format!("it holds from {first} through {last}"))
                            .help(
                                "forgive it on a day of the plan",
                                format!("…, forgiven on {last}"),
                            ),
                    );
                }
            }
            Forgiven::AtEnd(length) if !self.known.cadence => {
                self.has_periods(length, balance.span)
            }
            Forgiven::AtEnd(length) if length <= self.plan.cadence => {
                let words = format!(
                    "what is forgiven in each {} was never owed",
                    self.plan.cadence.noun()
                );
                self.problems.push(
                    Diagnostic::at(Code::S008, balance.span, words)
                        .help("name a longer length of time", "…, forgiven at year end")
                        .help("or make it a guarantee", "recover     never"),
                );
            }
            Forgiven::AtEnd(length) => {
                self.has_periods(length, balance.span);
                let what = format!("what is forgiven at {} end", length.words());
                self.lies_in((self.plan.cadence, length), balance.span, &what);
            }
        }
    }

    /// What was drawn on a payout is one balance.
    fn is_owed_once(&mut self, draw: &Draw, pay: &ast::Name) {
        let mut others = self.plan.draws_on(draw.pay).map(|(_, other)| other);
        let first = others.find(|other| other.recover.is_some());
        let (Some(first), true) = (first, draw.recover.is_some()) else {
            return;
        };
        let words = format!("`{}` has a draw that is owed back already", pay.text);
        self.problems.push(
            Diagnostic::at(Code::S008, pay.span, words)
                .saying("what was drawn on a payout is one balance")
                .label(first.pays_span, "the first one")
                .help("make one of them a guarantee", "recover     never")
                .help(
                    "or say both in one amount",
                    "top up      … to max(…, …) each …",
                ),
        );
    }

    /// R901 where a draw can come to parts of a cent.
    fn needs_no_rounding(&mut self, draw: &Draw, written: &ast::Draw) {
        let minor = self.plan.currency.minor_unit();
        let coins = Rounding {
            unit: minor.clone(),
            mode: crate::base::Mode::Down,
        };
        let is_whole = |amount: &Expr| constant(amount).is_some_and(|own| coins.is_multiple(&own));
        let recover = draw.recover.as_ref();
        let parts = recover.is_some_and(|own| own.share != Exact::ONE);
        let amounts = draw.expressions().into_iter();
        let mut amounts = amounts.filter(|own| own.ty != Type::Bool);
        if !parts && amounts.all(is_whole) {
            return;
        }
        let unit = minor.to_plain();
        let (down, half) = (
            format!("round       to {unit} {0}, down", self.plan.currency),
            format!("round       to {unit} {0}, half up", self.plan.currency),
        );
        let what = match parts {
            true => "a part of a payout can come to parts of a cent",
            false => "an amount that is calculated can come to parts of a cent",
        };
        let at = written.pays.as_ref().map_or(written.span, |own| own.span);
        self.problems.push(
            Diagnostic::at(
                Code::R901,
                written.span,
                format!("how is `{}` rounded?", draw.name),
            )
            .saying(what)
            .fix("down", down.clone(), vec![Edit::below(at, &down)])
            .fix(
                "half a cent goes up",
                half.clone(),
                vec![Edit::below(at, &half)],
            ),
        );
    }

    /// What holds of all draws, once everything has its meaning: they stand in the plan, and are of one text.
    pub(in crate::meaning) fn draws_stand(&mut self, shared: &[&ast::File]) {
        for item in shared.iter().flat_map(|file| &file.items) {
            if let ast::Item::Draw(draw) = item {
                self.problems.push(
                    Diagnostic::at(
                        Code::S002,
                        draw.span,
                        "a draw stands in a plan, not in shared terms",
                    )
                    .saying("its balance is of one payout")
                    .help("put the block into the plan whose payout it tops up", ""),
                );
            }
        }
        for span in self.names.draws_by_texts() {
            self.problems.push(
                Diagnostic::at(Code::D607, span, "a draw is not changed by an amendment")
                    .saying("an amendment replaces something that this reads")
                    .help(
                        "let the plan end on the day before, and begin another",
                        "plan \"…\"",
                    ),
            );
        }
    }
}
