//! `payable`: when what a record earns is paid.

use crate::base::{Cadence, Exact, Rounding};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{Expr, ExprKind, Part, Payable, Scope, Step, StepKind};
use crate::meaning::types::Type;
use crate::syntax::ast::{self, After, DuePart, RestIn};

impl Lower<'_> {
    /// When a pay is payable; `None` where that is wrong, which was reported.
    pub(in crate::meaning) fn payable(
        &mut self,
        pay: &ast::Pay,
        scope: &Scope,
        steps: &Option<Vec<Step>>,
    ) -> Option<Option<Payable>> {
        let written = &pay.withheld;
        let Some(clause) = &written.payable else {
            return self.nothing_is_withheld(pay).then_some(None);
        };
        let (Scope::Each { source, .. }, Some(word)) = (scope, &pay.for_each) else {
            self.only_for_each(clause.span);
            return None;
        };
        let steps = steps.as_ref()?;
        if !self.is_a_sum_of_records(pay, clause.span, steps) {
            return None;
        }
        let kind = PlaceKind::Record(*source, word.text.clone());
        let mut place = Place::new(kind, clause.span);
        let parts = self.parts(clause, &mut place);
        let until = match &written.until {
            None => None,
            Some(until) => Some(self.date_of_record(&until.date, &mut place)?),
        };
        let parts = parts?;
        let rounding = self.rounding_of_parts(pay, clause, parts.len());
        let leaving = written.leaving.as_ref().map(|leaving| leaving.value);
        if leaving.is_none() && !pay.broken {
            self.who_leaves(clause.span);
        }
        Some(Some(Payable {
            parts,
            rounding: rounding?,
            until,
            leaving: leaving?,
            span: clause.span,
        }))
    }

    /// S012: lines about parts say nothing without `payable`.
    fn nothing_is_withheld(&mut self, pay: &ast::Pay) -> bool {
        let written = &pay.withheld;
        let lines = [
            written.round.as_ref().map(|own| own.span),
            written.until.as_ref().map(|own| own.span),
            written.leaving.as_ref().map(|own| own.span),
        ];
        let Some(span) = lines.into_iter().flatten().next() else {
            return true;
        };
        if !pay.broken {
            let words = "this line is about what is payable later, and nothing is";
            self.problems.push(
                Diagnostic::at(Code::S012, span, words)
                    .help("say when it is payable", "payable on deal.paid_date"),
            );
        }
        pay.broken
    }

    /// C517: only what belongs to a record has a date of the record.
    fn only_for_each(&mut self, span: Span) {
        self.problems.push(
            Diagnostic::at(
                Code::C517,
                span,
                "one amount for the period has no date of a record on which it is payable",
            )
            .note(
                "1,000 USD for twelve deals are not payable on the day on which one of them is paid. An amount for each \
                 deal is.",
            )
            .help("pay for each record", "for each    deal"),
        );
    }

    /// C517: where lines change the sum, nobody knows how much of it each record has.
    fn is_a_sum_of_records(&mut self, pay: &ast::Pay, clause: Span, steps: &[Step]) -> bool {
        let about_the_sum = |step: &&Step| {
            !step.kind.acts_on_record() && !matches!(step.kind, StepKind::RoundNever)
        };
        let word = pay.for_each.as_ref().map_or("record", |own| &own.text);
        if let Some(earned) = &pay.earned {
            self.problems.push(
                Diagnostic::at(
                    Code::C517,
                    earned.span,
                    "what is earned over a longer time cannot be payable by the dates of records",
                )
                .label(clause, format!("this is about each {word}"))
                .help("take one of the two lines away", ""),
            );
            return false;
        }
        let Some(step) = steps.iter().find(about_the_sum) else {
            return true;
        };
        let problem = Diagnostic::at(
            Code::C517,
            step.span,
            format!("this line changes the sum, and each {word} is payable by itself"),
        )
        .label(clause, format!("this is about each {word}"));
        let problem = match &step.kind {
            StepKind::Round(rounding) => {
                let line = format!(
                    "round each {word} to {}, {}",
                    rounding.unit.to_plain(),
                    rounding.mode.words()
                );
                let edit = Edit {
                    span: step.span,
                    text: line.clone(),
                };
                problem
                    .note(format!(
                        "Two {} of 33.335 make 66.67 together and 33.34 each: half a cent would be payable on no day.",
                        errors::many(word)
                    ))
                    .fix(format!("round what each {word} earns"), line, vec![edit])
            }
            _ => problem
                .note(format!(
                    "Of a sum of 5,000 that is cut to 4,000, nobody has said which {word} lost the 1,000."
                ))
                .help(
                    format!("put such lines into a pay without `payable`, or say them of each {word}"),
                    format!("cap         500 USD each {word}, excess is lost"),
                ),
        };
        self.problems.push(problem);
        false
    }

    /// The parts, one by one; S012 where they do not make the whole.
    fn parts(&mut self, clause: &ast::Payable, place: &mut Place) -> Option<Vec<Part>> {
        let made: Vec<Option<Vec<Part>>> = clause
            .parts
            .iter()
            .map(|part| self.equal_parts(part, place))
            .collect();
        let shares = clause.parts.iter().map(share_of);
        let whole: Exact = shares.fold(Exact::ZERO, |sum, share| sum + share);
        if whole != Exact::ONE {
            let percent = (whole * Exact::int(100)).to_plain();
            self.problems.push(
                Diagnostic::at(
                    Code::S012,
                    clause.span,
                    format!("these parts are {percent}% of what is earned, not 100%"),
                )
                .note("What is earned is paid in full: nothing of it would ever be payable, or more than there is.")
                .help("write parts that make 100%, or earn less by `amount`", ""),
            );
            return None;
        }
        let made: Option<Vec<Vec<Part>>> = made.into_iter().collect();
        made.map(|made| made.into_iter().flatten().collect())
    }

    fn equal_parts(&mut self, part: &DuePart, place: &mut Place) -> Option<Vec<Part>> {
        let date = self.date_of_record(&part.date, place)?;
        let share = share_of(part);
        if !share.is_positive() {
            let words = "a part of nothing, or of less";
            self.problems
                .push(Diagnostic::at(Code::S012, part.span, words).help("write", "50%"));
            return None;
        }
        let (days, months) = match part.after {
            None => (0, 0),
            Some(After::Days(days)) => (i32::from(days), 0),
            Some(After::Months(months)) => (0, i32::from(months)),
        };
        let (count, apart) = match &part.equal {
            None => (1, 0),
            Some(equal) => (i32::from(equal.count.value), months_of(equal.each)),
        };
        let each = share.checked_div(&Exact::int(i64::from(count)))?;
        let one = |nth: i32| Part {
            share: each.clone(),
            date: date.clone(),
            days,
            months: months + nth * apart,
        };
        Some((0..count).map(one).collect())
    }

    /// A date in a column of the record.
    fn date_of_record(&mut self, written: &ast::Expr, place: &mut Place) -> Option<Expr> {
        let date = self.expr(written, place);
        if date.ty == Type::Poisoned || !self.want(&date, Type::Date) {
            return None;
        }
        matches!(date.kind, ExprKind::Column(..)).then_some(date)
    }

    /// D611: more than one part is rounded, and one of them has what the others leave.
    fn rounding_of_parts(
        &mut self,
        pay: &ast::Pay,
        clause: &ast::Payable,
        count: usize,
    ) -> Option<Option<(Rounding, RestIn)>> {
        match &pay.withheld.round {
            None if count == 1 || pay.broken => Some(None),
            None => {
                self.who_has_the_rest(clause.span, |line| Edit::below(clause.span, line));
                None
            }
            Some(round) if count == 1 => {
                self.nothing_is_cut(round.span, clause);
                None
            }
            Some(round) => {
                let rounding = Rounding {
                    unit: round.unit.value.clone(),
                    mode: round.mode,
                };
                Some(Some((rounding, round.rest)))
            }
        }
    }

    /// A line that rounds each part as if it were a record: it does not say which part has the rest.
    pub(in crate::meaning) fn half_said_rounding(&mut self, span: Span, clause: &ast::Payable) {
        if matches!(clause.parts.as_slice(), [one] if one.equal.is_none()) {
            return self.nothing_is_cut(span, clause);
        }
        self.who_has_the_rest(span, |line| Edit {
            span,
            text: line.to_owned(),
        });
    }

    /// S012: a single part is the amount.
    fn nothing_is_cut(&mut self, span: Span, clause: &ast::Payable) {
        let words = "there is one part: nothing is cut";
        self.problems.push(
            Diagnostic::at(Code::S012, span, words)
                .label(clause.span, "all of it is payable here")
                .help("take the line away", ""),
        );
    }

    /// D611: parts are rounded, and one of them has what the others leave.
    fn who_has_the_rest(&mut self, span: Span, edit: impl Fn(&str) -> Edit) {
        let unit = self.plan.currency.minor_unit().to_plain();
        let last = format!("round       each part to {unit}, down, remainder in the last part");
        let first = format!("round       each part to {unit}, down, remainder in the first part");
        let edits = |line: &str| vec![edit(line)];
        self.problems.push(
            Diagnostic::at(Code::D611, span, "how is an amount cut into these parts?")
                .saying("and in which of them are the spare cents?")
                .note("Half of 33.35 is 16.675: somebody is paid 16.67 first and 16.68 later, or the reverse.")
                .fix("the last part has what is left", last.clone(), edits(&last))
                .fix("the first part has it", first.clone(), edits(&first)),
        );
    }

    /// D611: a part can be due after somebody has left.
    fn who_leaves(&mut self, clause: Span) {
        let paid = "on leaving  what is withheld is paid when due";
        let forfeited = "on leaving  what is withheld is forfeited";
        self.problems.push(
            Diagnostic::at(
                Code::D611,
                clause,
                "what becomes of what is due after somebody has left?",
            )
            .note(
                "Who leaves in June has earned, and a customer pays in August: the plan pays them in August, or never.",
            )
            .fix("it is paid all the same", paid, vec![Edit::below(clause, paid)])
            .fix(
                "it is not paid",
                forfeited,
                vec![Edit::below(clause, forfeited)],
            ),
        );
    }
}

/// A part's share: all of it where nothing is written.
fn share_of(part: &DuePart) -> Exact {
    let share = part.share.as_ref();
    share.map_or(Exact::ONE, |share| share.value.clone())
}

/// How many months lie between equal parts.
fn months_of(each: Cadence) -> i32 {
    each.months().unwrap_or(1)
}
