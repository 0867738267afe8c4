//! `component` and `pay`: what is paid, how often, and the lines below `amount`.

use crate::base::{Exact, Mode, Money, Rounding};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::bounds::bounds;
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Item, Lower, is_of_record, same, shown};
use crate::meaning::plan::{
    Amount, CreditId, Expr, ExprKind, LimitOf, Otherwise, Pay, PayId, Range, Scope, Step, StepKind,
    TierUse, TiersId,
};
use crate::meaning::sign::{constant, pay_never_negative};
use crate::meaning::tables;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, BinaryOp, Window};

fn insert_below(span: Span, line: &str) -> Vec<Edit> {
    vec![Edit {
        span: Span {
            start: span.end,
            ..span
        },
        text: format!("\n  {line}"),
    }]
}

fn rounds_to_date(step: &ast::StepKind) -> bool {
    matches!(step, ast::StepKind::Round(round) if round.level == ast::RoundLevel::ToDate)
}

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
        let label = written
            .label
            .as_ref()
            .map_or_else(|| written.name.text.clone(), |label| label.value.clone());
        let label = if is_read {
            self.label_to_date(label)
        } else {
            label
        };
        let steps = steps?;
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
            span: written.span,
        });
        let id = PayId(self.plan.pays.len() - 1);
        if self.plan.pay(id).kind == ast::PayKind::Pay
            && !written.broken
            && written.below.is_none()
            && !pay_never_negative(id, &self.plan)
        {
            let code = self.plan.currency;
            let end = written.span;
            let carries = format!("below 0 {code} carries forward");
            let lost = format!("below 0 {code} is lost");
            self.problems.push(
                Diagnostic::at(
                    Code::R905,
                    written.span,
                    format!(
                        "what happens when `{}` comes out below 0?",
                        written.name.text
                    ),
                )
                .saying("returns can make it negative, and this block does not say")
                .fix(
                    "later payouts are less by it",
                    carries.clone(),
                    insert_below(end, &carries),
                )
                .fix(
                    "nothing is paid, and nothing is owed",
                    lost.clone(),
                    insert_below(end, &lost),
                )
                .help(
                    "it is paid as it is: money is taken back",
                    format!("below 0 {code} is paid as it is"),
                ),
            );
        }
        Some(id)
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

    fn amount(&mut self, written: &ast::Amount, place: &mut Place) -> Option<(Amount, Span)> {
        let money = Type::Money(self.plan.currency);
        match written {
            ast::Amount::Plain(expr) => {
                let span = expr.span;
                let expr = self.expr(expr, place);
                self.want(&expr, money);
                self.no_division(&expr);
                (expr.ty != Type::Poisoned).then_some((Amount::Plain(expr), span))
            }
            ast::Amount::Wholes {
                price,
                step,
                of,
                above,
                span,
            } => {
                let price = self.expr(price, place);
                self.want(&price, money);
                self.no_division(&price);
                let of = self.expr(of, place);
                self.want_number(&of);
                self.no_division(&of);
                let step = self.expr(step, place);
                let fits = self.is_difference(&step, of.ty);
                let above = match above {
                    None => None,
                    Some(above) => {
                        let above = self.expr(above, place);
                        if !self.want(&above, of.ty) {
                            return None;
                        }
                        Some(constant(&above)?)
                    }
                };
                let length = constant(&step)?;
                if !length.is_positive() {
                    self.problems.push(
                        Diagnostic::at(Code::S008, step.span, "a step of nothing goes nowhere")
                            .help(
                                "for example",
                                "for each whole 1 point of attainment above 100%",
                            ),
                    );
                    return None;
                }
                if !fits || of.ty == Type::Poisoned || price.ty == Type::Poisoned {
                    return None;
                }
                let grain = of.grain;
                let counted = Expr {
                    kind: ExprKind::Wholes {
                        of: Box::new(of),
                        step: length,
                        above,
                    },
                    ty: Type::Number,
                    grain,
                    span: *span,
                };
                let amount = Expr {
                    grain: crate::meaning::infer::meet(price.grain, grain),
                    kind: ExprKind::Binary(BinaryOp::Multiply, Box::new(price), Box::new(counted)),
                    ty: money,
                    span: *span,
                };
                Some((Amount::Plain(amount), *span))
            }
            ast::Amount::Tiered {
                base,
                tiers,
                how,
                span,
            } => {
                let base = self.expr(base, place);
                self.want_number(&base);
                self.no_division(&base);
                let tiers = self.tiers_named(tiers)?;
                if base.ty == Type::Poisoned {
                    return None;
                }
                self.tiered_type(&base, tiers, *span);
                let how = match how {
                    ast::TierUse::Everything => {
                        self.axis_fits(tiers, place, *span);
                        TierUse::Everything
                    }
                    ast::TierUse::EachSlice => TierUse::EachSlice {
                        divisor: self.slices(&base, tiers, *span)?,
                    },
                    ast::TierUse::Placed(written) => {
                        TierUse::Placed(self.placed(written, tiers, place)?)
                    }
                };
                Some((Amount::Tiered { base, tiers, how }, *span))
            }
        }
    }

    fn tiers_named(&mut self, name: &ast::Name) -> Option<TiersId> {
        if let Some(def) = self.names.peek(&name.text) {
            return match self.item(&name.text, name.span) {
                Some(Item::Tiers(id)) => Some(id),
                Some(_) => {
                    self.problems.push(errors::not_a_value(
                        &name.text,
                        name.span,
                        &format!("{}, not a tier table", def.kind()),
                    ));
                    None
                }
                None => None,
            };
        }
        self.unknown(&name.text, name.span);
        None
    }

    /// Base times rate is money of the plan.
    fn tiered_type(&mut self, base: &Expr, tiers: TiersId, span: Span) {
        let rate = self.plan.tier_table(tiers).ty;
        let made = match (base.ty, rate) {
            (Type::Money(currency), Type::Percent | Type::Number) => Some(Type::Money(currency)),
            (Type::Quantity(a), Type::MoneyPer(currency, b)) if a == b => {
                Some(Type::Money(currency))
            }
            (Type::Number | Type::Percent, Type::Money(currency)) => Some(Type::Money(currency)),
            _ => None,
        };
        match made {
            Some(Type::Money(currency)) if currency == self.plan.currency => {}
            Some(Type::Money(currency)) => {
                self.problems
                    .push(errors::currencies(currency, self.plan.currency, span));
            }
            _ => {
                let units = &self.plan.units;
                let rates = (
                    self.plan.tier_table(tiers).span,
                    format!("its rows are {}", errors::type_words(rate, units)),
                );
                let base = (base.span, errors::type_words(base.ty, units));
                self.problems.push(errors::do_not_go_together(
                    span,
                    "these two do not make money",
                    base,
                    rates,
                ));
            }
        }
    }

    /// A table on a record's value needs a record.
    fn axis_fits(&mut self, tiers: TiersId, place: &Place, span: Span) {
        let table = self.plan.tier_table(tiers);
        if is_of_record(&table.axis) && place.kind == PlaceKind::Person {
            let name = table.name.clone();
            self.problems.push(
                errors::wrong_place(
                    &format!("`{name}`"),
                    span,
                    "its ranges are of one value for each record",
                )
                .help("pay each record", "for each    deal"),
            );
        }
    }

    /// What an axis divides the base by; G302 where slices of the base do not move along it.
    fn slices(&mut self, base: &Expr, tiers: TiersId, span: Span) -> Option<Option<Expr>> {
        let table = self.plan.tier_table(tiers).clone();
        if let ExprKind::Measure(id) = &table.axis.kind
            && self.plan.measure(*id).rounding.is_some()
        {
            let name = self.plan.measure(*id).name.clone();
            self.problems.push(
                Diagnostic::at(
                    Code::G302,
                    span,
                    format!("slices cannot follow `{name}`, which is rounded"),
                )
                .label(table.span, "the ranges")
                .note("Rounding the measure moves the edges between slices away from those in the table.")
                .help("pay everything at one rate", "…, everything at the rate reached")
                .help("or let a measure of its own place the slices, without `round`", ""),
            );
            return None;
        }
        let axis = match &table.axis.kind {
            ExprKind::Measure(id) => self.plan.measure(*id).value.clone(),
            _ => table.axis.clone(),
        };
        let (numerator, divisor) = match &axis.kind {
            ExprKind::Binary(BinaryOp::Divide, numerator, divisor) => {
                ((**numerator).clone(), Some((**divisor).clone()))
            }
            _ => (axis.clone(), None),
        };
        let running_total = |credit| match numerator.kind {
            ExprKind::Aggregate {
                how: ast::Aggregate::Total,
                credit: of,
                window,
            } => of == credit && !window.looks_back(),
            _ => false,
        };
        let moves = same(base, &numerator)
            || matches!(base.kind, ExprKind::Credit(credit) if running_total(credit));
        // A measure whose value is not a division is its own axis.
        let own = matches!(table.axis.kind, ExprKind::Measure(_)) && same(base, &table.axis);
        if own {
            return Some(None);
        }
        if moves {
            return Some(divisor);
        }
        let along = self.spoken(&numerator);
        self.problems.push(
            Diagnostic::at(Code::G302, span, format!("{} cannot be cut into slices along `{}`", self.paid_words(base), table.name))
                .saying(format!("the table's ranges follow {}", if along == "the divisor" { "something else".to_owned() } else { format!("`{along}`") }))
                .label(table.span, "the ranges")
                .note("A slice is a part of what is paid that lies between two edges of the table, so the table has to measure what is paid.")
                .help("pay on what the table follows", format!("amount {along} at {}, each slice at its own rate", table.name))
                .help("or pay everything at one rate", "…, everything at the rate reached"),
        );
        None
    }

    fn paid_words(&self, base: &Expr) -> String {
        match self.spoken(base).as_str() {
            "the divisor" => "this amount".to_owned(),
            name => format!("`{name}`"),
        }
    }

    fn steps(&mut self, written: &ast::Pay, place: &mut Place) -> Option<Vec<Step>> {
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
    fn gate_can_decide(&mut self, subject: &Expr, range: &Range, words: &str, span: Span) {
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

    fn step(&mut self, step: &ast::Step, pay: &ast::Pay, place: &mut Place) -> Option<StepKind> {
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
            ast::StepKind::Cap { amount, window } => {
                let of = self.limit_of(window, pay)?;
                StepKind::Cap {
                    amount: self.limit(amount, of, place)?,
                    of,
                }
            }
            ast::StepKind::Increase { never_below_zero } => StepKind::Increase {
                never_below_zero: *never_below_zero,
            },
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
                        let text = word.text.clone();
                        self.no_each(&text, word.span, pay);
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

    fn condition(&mut self, written: &ast::Expr, place: &mut Place) -> Expr {
        let condition = self.expr(written, place);
        self.want(&condition, Type::Bool);
        self.no_division(&condition);
        condition
    }

    /// What a gate pays otherwise is of the period: an amount to date has its own block, where its increase is paid.
    fn of_one_period(&mut self, place: &Place, span: Span) -> Option<()> {
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

    fn limit(&mut self, amount: &ast::Expr, of: LimitOf, place: &mut Place) -> Option<Expr> {
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

    fn limit_of(
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

    fn no_each(&mut self, word: &str, span: Span, pay: &ast::Pay) {
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
            insert_below(pay.span, &format!("for each    {word}")),
        ));
    }

    /// An amount to date pays the increase, and only such an amount does.
    fn increase(
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
                    let never = format!(
                        "pays the increase, never less than 0 {}",
                        self.plan.currency
                    );
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
                            insert_below(amount, "pays the increase"),
                        )
                        .fix(
                            "the same, and a fall pays nothing",
                            never.clone(),
                            insert_below(amount, &never),
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

    fn below(&mut self, pay: &ast::Pay) -> Option<ast::BelowZero> {
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
        if written.currency.value != self.plan.currency {
            let code = self.plan.currency.code();
            self.problems.push(
                Diagnostic::at(
                    Code::U201,
                    written.currency.span,
                    format!("this plan pays in {code}"),
                )
                .fix(
                    "write",
                    format!("below 0 {code} …"),
                    vec![Edit {
                        span: written.currency.span,
                        text: code.to_owned(),
                    }],
                ),
            );
        }
        Some(written.rule)
    }

    /// R902: what rounding each record, to more than the smallest coin, can make of many.
    fn each_or_total(&mut self, pay: &ast::Pay, steps: &[Step], minor: &Exact) {
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
                    "At {records} {word}s the sum can differ by up to {gap} from the total that is rounded once."
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
    fn rounded(&mut self, pay: &ast::Pay, steps: &[Step]) {
        let minor = Exact::fixed(1, 10_i128.pow(self.plan.currency.minor_units()));
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
                        insert_below(at, &total),
                    )
                    .fix(
                        "half a cent goes to the even cent",
                        even.clone(),
                        insert_below(at, &even),
                    ),
                );
            }
            return;
        };
        self.each_or_total(pay, steps, &minor);
        for step in steps {
            let (StepKind::Cap { amount, .. } | StepKind::Floor { amount, .. }) = &step.kind else {
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
