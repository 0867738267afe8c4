//! `clawback`: what is taken back of a payout where its records fall.

use crate::base::{Exact, Rounding};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node};
use crate::meaning::lower::Lower;
use crate::meaning::names::Def;
use crate::meaning::plan::{
    Belongs, Clawback, ClawbackId, ColumnId, Expr, ExprKind, Less, Pay, PayId, Scope, SourceId,
    StepKind, Within,
};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self, Attainment, Lapse, Window};

impl Lower<'_> {
    pub(in crate::meaning) fn clawback(&mut self, written: &ast::Clawback) -> Option<ClawbackId> {
        self.clawback_is_whole(written);
        let take = written.take.as_ref()?;
        let source = self.taken_back_on(written, &take.word)?;
        let of = self.payout_named(
            written.of.as_ref()?,
            "what is taken back was paid by a `pay`",
        );
        let mut place = Place::new(PlaceKind::Record(source, take.word.text.clone()), take.span);
        let fell = self.date_of(written.fell.as_ref()?, &mut place);
        if let Some((column, _)) = fell {
            self.falls_only_sometimes(source, column, &take.word.text);
        }
        let mut when = Vec::new();
        for condition in &written.when {
            when.push(self.condition(condition, &mut place));
        }
        let within = self.all_within(&written.within, &mut place);
        let less = match &take.less {
            None => None,
            Some(less) => Some(Less {
                part: less.part.value.clone(),
                months: less.months,
                from: self.date_of(&less.from, &mut place)?.1,
            }),
        };
        let kept = self.keeps(written.keeps.as_ref()?, &take.word);
        let of = of?;
        let belongs = self.belongs(written, of, source)?;
        self.divides_as_others(written, of, source, belongs)?;
        let rounding = self.rounds_taken(written, of, belongs)?;
        kept?;
        self.outlasts_the_plan(written);
        self.goes_on_paying(of, fell.as_ref()?.0, source);
        self.plan.clawbacks.push(Clawback {
            name: written.name.text.clone(),
            label: written.name.called(written.label.as_ref()),
            of,
            source,
            when,
            within: within?,
            fell: fell?.1,
            share: (take.share.as_ref()).map_or(Exact::ONE, |own| own.value.clone()),
            less,
            parts: take.parts.value,
            belongs,
            rounding,
            take_span: take.span,
            span: written.span,
        });
        Some(ClawbackId(self.plan.clawbacks.len() - 1))
    }

    /// C515: everything that a take-back must say and does not, at once.
    fn clawback_is_whole(&mut self, written: &ast::Clawback) {
        if written.broken {
            return;
        }
        let word = written.take.as_ref().map(|take| take.word.text.as_str());
        let word = word.unwrap_or("deal");
        let fell = format!("in the period of {}", self.date_of_fall(word));
        let take = format!("take back   100% of what was earned and released on the {word}");
        let keeps = format!("attainment  keeps the {word}");
        let counts = format!("whether the {word} still counts in credits and measures");
        let lacks = [
            (
                written.of.is_none(),
                "of which payout",
                "of          commission",
            ),
            (written.take.is_none(), "how much is taken back", &take),
            (written.fell.is_none(), "when", &fell),
            (written.keeps.is_none(), &counts, &keeps),
        ];
        let subject = format!("`{}`", written.name.text);
        if let Some(said) = errors::leaves_unsaid(Code::C515, written.span, &subject, &lacks) {
            self.problems.push(said);
        }
    }

    /// The records on which something is taken back; N101 with the payout's own word where no credit has the one that is written.
    fn taken_back_on(&mut self, written: &ast::Clawback, word: &ast::Name) -> Option<SourceId> {
        let credits = self.names.credits();
        let mut words = credits.iter().filter_map(|credit| credit.from.as_ref());
        let of = written
            .of
            .as_ref()
            .and_then(|own| self.names.peek(&own.text));
        match of {
            Some(Def::Pay(ast::Pay {
                for_each: Some(each),
                ..
            })) if words.all(|(_, own)| own.text != word.text) => {
                self.is_of_each(word, &each.text.clone());
                None
            }
            _ => self.source_of_word(&word.text, word.span),
        }
    }

    /// N101: another word for the records on which something is taken back.
    fn is_of_each(&mut self, named: &ast::Name, word: &str) {
        let text = format!("what is taken back here is of each {word}");
        let edit = Edit {
            span: named.span,
            text: word.to_owned(),
        };
        self.problems
            .push(Diagnostic::at(Code::N101, named.span, text).fix("write", word, vec![edit]));
    }

    /// A date that stays empty until a record falls, in the words of a fix.
    fn date_of_fall(&self, word: &str) -> String {
        let credits = self.names.credits();
        let mut sources = credits.iter().filter_map(|credit| credit.from.as_ref());
        let source = sources.find(|(_, own)| own.text == word);
        let source = source.and_then(|(name, _)| {
            let mut all = self.plan.sources.iter();
            all.find(|own| own.name == name.text)
        });
        let column = source.and_then(|own| {
            let mut columns = own.columns.iter();
            columns.find(|own| own.ty == Type::Date && own.optional)
        });
        let column = column.map_or("cancelled_date", |own| own.name.as_str());
        format!("{word}.{column}")
    }

    /// A date of a record, as a column and as what reads it.
    fn date_of(&mut self, written: &ast::Expr, place: &mut Place) -> Option<(ColumnId, Expr)> {
        let PlaceKind::Record(source, _) = place.kind else {
            return None;
        };
        let column = self.column_of(written, Type::Date, place)?;
        let kind = ExprKind::Column(source, column);
        let date = node(kind, Type::Date, Grain::Record(source), written.span);
        Some((column, date))
    }

    fn all_within(&mut self, all: &[ast::Within], place: &mut Place) -> Option<Vec<Within>> {
        let found: Vec<Option<Within>> = all
            .iter()
            .map(|own| {
                let date = self.date_of(&own.date, place);
                let after = self.date_of(&own.after, place);
                Some(Within {
                    date: date?.1,
                    from: own.from,
                    through: own.through,
                    unit: own.unit,
                    after: after?.1,
                })
            })
            .collect();
        found.into_iter().collect()
    }

    /// U203: a date that every record has lets every record fall.
    fn falls_only_sometimes(&mut self, source: SourceId, id: ColumnId, word: &str) {
        let sources = self.plan.sources.get_mut(source.0);
        let Some(column) = sources.and_then(|own| own.columns.get_mut(id.0)) else {
            return;
        };
        if column.optional {
            return;
        }
        column.optional = true;
        let text = format!("`{}` is empty until the {word} falls", column.name);
        self.problems.push(
            Diagnostic::at(Code::U203, column.span, text).help("let it be empty", "Date or none"),
        );
    }

    /// C516: what fell counts on; nothing else can be said.
    fn keeps(&mut self, keeps: &ast::Keeps, word: &ast::Name) -> Option<()> {
        let fixed = format!("attainment  keeps the {}", word.text);
        if keeps.rule == Attainment::Keeps {
            let named = keeps.word.as_ref()?;
            if named.text == word.text {
                return Some(());
            }
            self.is_of_each(named, &word.text);
            return None;
        }
        let text = format!(
            "what a {} was credited with cannot be taken out of attainment",
            word.text
        );
        self.problems.push(
            Diagnostic::at(Code::C516, keeps.span, text)
                .saying("a take-back is about money, and credits stay as they are")
                .note(format!(
                    "Where a {} that falls must not count on, the source has a row with the negative amount, dated by the day it fell; that row lowers credits and measures, and what it earns is below 0. It stands beside no `clawback`, which would take the money a second time.",
                    word.text
                ))
                .fix(
                    format!("let the {} count", word.text),
                    fixed.clone(),
                    vec![Edit {
                        span: keeps.span,
                        text: fixed,
                    }],
                ),
        );
        None
    }

    /// What of the payout belongs to a record.
    fn belongs(&mut self, written: &ast::Clawback, id: PayId, source: SourceId) -> Option<Belongs> {
        self.earned_in_one_period(id, written.span)?;
        let texts: Vec<Scope> = self
            .plan
            .pay(id)
            .texts()
            .map(|own| own.scope.clone())
            .collect();
        let is_each =
            |scope: &Scope| matches!(scope, Scope::Each { source: own, .. } if *own == source);
        if texts.iter().all(is_each) {
            return self.belongs_to_each(written, id);
        }
        let totals = texts.iter().all(|scope| *scope == Scope::Total);
        if !totals {
            let pay = self.plan.pay(id);
            let text = format!("`{}` is not paid for each of these records", pay.name);
            let span = pay.span;
            self.problems.push(
                Diagnostic::at(Code::C516, written.take.as_ref()?.word.span, text)
                    .label(span, "it is paid for each record of another source"),
            );
            return None;
        }
        self.belongs_to_credit(written, id, source)
    }

    /// A payout that is paid for each record.
    fn belongs_to_each(&mut self, written: &ast::Clawback, id: PayId) -> Option<Belongs> {
        let is_sum = self.plan.budget_of(id).is_none()
            && !self.names_budget(id)
            && self.plan.pay(id).texts().all(is_sum_of_records);
        match &written.attributed {
            Some(own) if own.to.is_some() => {
                let text = "each record has an amount of its own here";
                let fixed = "attributed  in proportion".to_owned();
                self.problems
                    .push(Diagnostic::at(Code::C515, own.span, text).fix(
                        "what the payout comes to is divided by these",
                        fixed.clone(),
                        vec![Edit {
                            span: own.span,
                            text: fixed,
                        }],
                    ));
                None
            }
            _ if is_sum => Some(Belongs::Itself),
            Some(_) => Some(Belongs::InProportion),
            None => {
                let (name, span) = (&self.plan.pay(id).name, self.plan.pay(id).span);
                let take = written.take.as_ref()?;
                let line = "attributed  in proportion";
                let edits = vec![self.with_rounding(written, Edit::below(take.span, line))];
                let word = &take.word.text;
                self.problems.push(
                    Diagnostic::at(
                        Code::C515,
                        take.span,
                        format!("what of `{name}` was earned on one {word}?"),
                    )
                    .label(span, "a line below is about the sum, not about each record")
                    .note(format!(
                        "Two {1} come to 600 {0} and 400 {0}, and a cap pays 500 {0}: the first was paid 300 {0} in proportion.",
                        self.plan.currency,
                        errors::many(word)
                    ))
                    .fix("in proportion to what each comes to", line, edits),
                );
                None
            }
        }
    }

    /// A payout that is paid once, by what the payee is credited with on each record.
    fn belongs_to_credit(
        &mut self,
        written: &ast::Clawback,
        id: PayId,
        source: SourceId,
    ) -> Option<Belongs> {
        let named = written
            .attributed
            .as_ref()
            .map(|own| (own, own.to.as_ref()));
        if let Some((own, Some(credit))) = named {
            let found = self.credit_named(credit)?;
            if self.plan.credit(found).source == source {
                return Some(Belongs::ToCredit(found));
            }
            let text = format!("`{}` is of other records", credit.text);
            self.problems
                .push(Diagnostic::at(Code::C515, own.span, text));
            return None;
        }
        let take = written.take.as_ref()?;
        let of_source = self.plan.credits.iter().find(|own| own.source == source);
        let credit = of_source.map_or("bookings", |own| own.name.as_str());
        let line = format!("attributed  in proportion to {credit}");
        let edit = match named {
            Some((own, _)) => Edit {
                span: own.span,
                text: line.clone(),
            },
            None => Edit::below(take.span, &line),
        };
        let (name, span) = (&self.plan.pay(id).name, self.plan.pay(id).span);
        let word = &take.word.text;
        self.problems.push(
            Diagnostic::at(
                Code::C515,
                take.span,
                format!("what of `{name}` was earned on one {word}?"),
            )
            .label(span, "it is paid once, and not for each record")
            .note(format!(
                "1,000 {0} are paid on two {1} of 30,000 {0} and 10,000 {0}: in proportion to what is credited, 750 {0} were earned on the first.",
                self.plan.currency,
                errors::many(word)
            ))
            .fix("in proportion to a credit", line, vec![self.with_rounding(written, edit)]),
        );
        None
    }

    /// C516: what is earned over several periods belongs to no record of one.
    fn earned_in_one_period(&mut self, id: PayId, at: Span) -> Option<()> {
        let pay = self.plan.pay(id);
        let over = pay.texts().any(|text| {
            text.over.is_some() || text.window != Window::Period || text.steps.iter().any(is_over)
        });
        let text = if over {
            "is an amount of more than one period"
        } else if pay.texts().any(Pay::keeps_excess) {
            "pays what a cap kept of earlier periods"
        } else {
            return Some(());
        };
        let diagnostic = Diagnostic::at(
            Code::C516,
            at,
            format!("what was earned on one record cannot be told: `{}` {text}", pay.name),
        )
        .label(pay.span, "this payout")
        .help(
            "pay each period by itself: a `pay` without `earned each`, `pays the increase` and `as money`",
            "",
        );
        self.problems.push(diagnostic);
        None
    }

    /// C515: two take-backs of one payout divide it in one way, so that nothing is taken back twice.
    fn divides_as_others(
        &mut self,
        written: &ast::Clawback,
        of: PayId,
        source: SourceId,
        belongs: Belongs,
    ) -> Option<()> {
        let mut others = self.plan.clawbacks_of(of);
        let other = others.find(|(_, own)| own.source != source || own.belongs != belongs);
        let Some((_, other)) = other else {
            return Some(());
        };
        let text = format!("`{}` divides the payout in another way", other.name);
        let diagnostic = Diagnostic::at(Code::C515, written.take.as_ref()?.span, text)
            .label(other.span, "the other take-back")
            .note("What one of them takes back could then be taken back by the other once more.")
            .help(
                "let both be about the same records, divided in the same way",
                "",
            );
        self.problems.push(diagnostic);
        None
    }

    /// Whether a payout is in a budget that has no meaning yet.
    fn names_budget(&self, id: PayId) -> bool {
        self.names.budget_of(&self.plan.pay(id).name).is_some()
    }

    /// An edit that divides a payout, with the line that then rounds what is taken back of a part.
    fn with_rounding(&self, written: &ast::Clawback, edit: Edit) -> Edit {
        if written.round.is_some() {
            return edit;
        }
        let (minor, text) = (self.plan.currency.minor_unit().to_plain(), &edit.text);
        Edit {
            text: format!("{text}\n  round       each take-back to {minor}, half up"),
            ..edit
        }
    }

    /// What each take-back is rounded to; C515 where parts of cents can arise and nothing says it.
    fn rounds_taken(
        &mut self,
        written: &ast::Clawback,
        id: PayId,
        belongs: Belongs,
    ) -> Option<Option<Rounding>> {
        if let Some(round) = &written.round {
            return Some(Some(Rounding {
                unit: round.unit.value.clone(),
                mode: round.mode,
            }));
        }
        // A line that does not read may be this one.
        if written.broken {
            return None;
        }
        let take = written.take.as_ref()?;
        let is_all = take
            .share
            .as_ref()
            .is_none_or(|own| own.value == Exact::ONE);
        let is_whole = is_all && take.less.is_none() && take.parts.value == 1;
        let minor = self.plan.currency.minor_unit();
        let in_cents = |text: &Pay| {
            text.steps.iter().any(|step| match &step.kind {
                StepKind::RoundEach(rounding) => {
                    (rounding.unit.checked_div(&minor)).is_some_and(|units| units.is_whole())
                }
                StepKind::RoundNever => true,
                _ => false,
            })
        };
        if is_whole && belongs == Belongs::Itself && self.plan.pay(id).texts().all(in_cents) {
            return Some(None);
        }
        let unit = minor.to_plain();
        let up = format!("round       each take-back to {unit}, half up");
        let even = format!("round       each take-back to {unit}, half even");
        self.problems.push(
            Diagnostic::at(
                Code::C515,
                take.span,
                format!("how is a take-back of `{}` rounded?", written.name.text),
            )
            .saying("parts of cents can arise, and nothing rounds unless a line says so")
            .fix(
                "half a cent goes up",
                up.clone(),
                vec![Edit::below(take.span, &up)],
            )
            .fix(
                "half a cent goes to the even cent",
                even.clone(),
                vec![Edit::below(take.span, &even)],
            ),
        );
        None
    }

    /// A202: a record of the last days can fall when nothing is settled any more.
    fn outlasts_the_plan(&mut self, written: &ast::Clawback) {
        if !self.known.dates || !self.known.cadence || !self.known.calendar {
            return;
        }
        let (_, last) = self.plan.effective;
        let is_said = self.plan.settled_through > last;
        // The line that does not read may be the one that settles for longer.
        if !is_said && !self.known.all {
            return;
        }
        let periods = self.plan.periods();
        let Some(settled) = periods.last().map(|period| period.end()) else {
            return;
        };
        for within in &written.within {
            let count = i32::from(within.through);
            let (end, unit) = match within.unit {
                Lapse::Days => (last.add_days(count), "days"),
                Lapse::Months => (last.add_months(count), "months"),
            };
            let Some(end) = end.filter(|end| settled < *end) else {
                continue;
            };
            let line = format!("settled     through {end}");
            let edits = match is_said {
                true => Vec::new(),
                false => vec![Edit::below(self.plan.span, &line)],
            };
            self.problems.push(
                Diagnostic::at(
                    Code::A202,
                    within.span,
                    format!("what falls {count} {unit} later is taken back by nobody"),
                )
                .saying(format!("the plan is settled through {settled}"))
                .note(format!(
                    "A record of the plan's last day, {last}, can fall until {end}. What is taken back after the last period is never made."
                ))
                .fix("settle the plan for longer", line, edits)
                .help("or keep it, and say why", "accept A202 because \"…\""),
            );
        }
    }

    /// A205 where parts of a record's amount become payable after it fell.
    fn goes_on_paying(&mut self, of: PayId, fell: ColumnId, source: SourceId) {
        let pay = self.plan.pay(of);
        let word = self.word_of(&pay.name);
        let texts = pay.texts().filter_map(|text| text.payable.as_ref());
        let open: Vec<Span> = texts
            .filter(|own| own.until.is_none())
            .map(|own| own.span)
            .collect();
        let column = &self.plan.source(source).columns[fell.0].name;
        let zero = self.plan.currency;
        for span in open {
            let line = format!("until       {word}.{column}, what is withheld then is forfeited");
            let problem = Diagnostic::at(
                Code::A205,
                span,
                format!("what is payable later is paid, also where the {word} has fallen"),
            )
            .note(format!(
                "Of 1,000 {zero} half is paid at once and half next year, and the {word} falls this year: the half that was paid is taken back, and the other half is still paid."
            ))
            .fix("forfeit what is withheld when it falls", line.clone(), vec![Edit::below(span, &line)])
            .help("or keep it, and say why", "accept A205 because \"…\"");
            self.problems.push(problem);
        }
    }

    /// The word by which a payout calls each of its records.
    fn word_of(&self, name: &str) -> String {
        match self.names.peek(name) {
            Some(Def::Pay(pay)) => pay.for_each.as_ref().map(|word| word.text.clone()),
            _ => None,
        }
        .unwrap_or_else(|| "record".to_owned())
    }
}

/// Whether a payout is nothing but the sum of its records.
fn is_sum_of_records(text: &Pay) -> bool {
    let is_about_records =
        |kind: &StepKind| kind.acts_on_record() || matches!(kind, StepKind::RoundNever);
    text.steps.iter().all(|step| is_about_records(&step.kind))
}

/// Whether a line is about more than one period.
fn is_over(step: &crate::meaning::plan::Step) -> bool {
    matches!(step.kind, StepKind::Increase { .. } | StepKind::WhenItEnds)
}
