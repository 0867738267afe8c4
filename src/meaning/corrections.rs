//! `known on`: when records came in, and what becomes of those that come in late.

use crate::diag::{Code, Diagnostic, Edit};
use crate::meaning::infer::Place;
use crate::meaning::lower::Lower;
use crate::meaning::plan::{Corrections, Pay, PayId};
use crate::meaning::types::Type;
use crate::syntax::ast::{self, CorrectionRule, Late, TooLate};

impl Lower<'_> {
    /// What a credit says of late records; `None` where it says so and it could not be read.
    pub(in crate::meaning) fn corrections(
        &mut self,
        written: &ast::Credit,
        place: &mut Place,
    ) -> Option<Option<Corrections>> {
        let said = &written.corrections;
        let Some(known_on) = &said.known_on else {
            self.nothing_is_late(said);
            return Some(None);
        };
        let column = self.column_of(known_on, Type::Date, place);
        let Some(rule) = &said.rule else {
            if !said.broken {
                self.problems.push(no_rule(known_on));
            }
            return None;
        };
        let limit = match &rule.limit {
            None => None,
            Some(limit) => match (limit.later, rule.late) {
                (None, _) => {
                    self.problems.push(no_later(rule, limit));
                    return None;
                }
                (Some(TooLate::OpenPeriod), Late::OpenPeriod) => {
                    self.problems.push(all_the_same(limit));
                    return None;
                }
                (Some(later), _) => Some((limit.count, later)),
            },
        };
        Some(Some(Corrections {
            known_on: column?,
            late: rule.late,
            limit,
            close: said.close.as_ref().map_or(0, |own| own.value),
            span: rule.span,
        }))
    }

    /// D609: what several persons make together is of one day, and no late record rates it again.
    pub(in crate::meaning) fn late_records_are_of_one_person(&mut self) {
        let plan = &self.plan;
        let together = plan.groups.iter().filter_map(|group| {
            let credit = plan.re_rated_together(group)?;
            let says = format!("`{}` is made by several persons together", group.label);
            Some((group.span, credit, says))
        });
        let texts = plan.pays.iter().flat_map(Pay::texts);
        let placed = texts.filter_map(|text| {
            let (placed, credit) = text.placed().filter(|(placed, _)| placed.key.is_some())?;
            let says = "where a record stands hangs on those of other persons".to_owned();
            plan.credit(credit)
                .re_rates()
                .then_some((placed.span, credit, says))
        });
        // What a record of a closed period earned is withheld or taken back as it was then.
        let ids = (0..plan.pays.len()).map(PayId);
        let settled = ids.filter_map(|id| {
            let pay = plan.pay(id);
            let credit = plan.re_rated_behind(id).into_iter().next()?;
            let says = if pay.withholds() {
                format!("`{}` is payable by the dates of its records", pay.name)
            } else if plan.is_clawed(id) {
                format!("what `{}` earned on a record can be taken back", pay.name)
            } else {
                return None;
            };
            Some((pay.span, credit, says))
        });
        let mut found = Vec::new();
        for (span, credit, says) in together.chain(placed).chain(settled) {
            let credit = plan.credit(credit);
            let Some(said) = &credit.corrections else {
                continue;
            };
            let text = "corrections count in the open period";
            let edit = Edit {
                span: said.span,
                text: text.to_owned(),
            };
            let note = match plan.pays.iter().any(|pay| pay.span == span) {
                true => {
                    "A closed period would come to something else than what was withheld or taken back of it."
                }
                false => {
                    "With a late record of one, closed periods of others would come to something else."
                }
            };
            let problem = Diagnostic::at(Code::D609, span, says)
                .saying(format!(
                    "late records of `{}` rate their own periods again",
                    credit.name
                ))
                .note(note)
                .fix(
                    "let late records count where they come in",
                    text,
                    vec![edit],
                );
            found.push(problem);
        }
        found.into_iter().for_each(|own| self.problems.push(own));
    }

    /// S007 where a line says what is late and nothing says when records came in.
    fn nothing_is_late(&mut self, said: &ast::Corrections) {
        if said.broken {
            return;
        }
        let rule = said.rule.as_ref().map(|own| own.span);
        let close = said.close.as_ref().map(|own| own.span);
        for span in [rule, close].into_iter().flatten() {
            self.problems.push(
                Diagnostic::at(
                    Code::S007,
                    span,
                    "this line is about records that come in late, and nothing says when they came in",
                )
                .help("add it, or take the line away", "known on    deal.entered_on"),
            );
        }
    }
}

/// D608: late records, and nothing says where they count.
fn no_rule(known_on: &ast::Expr) -> Diagnostic {
    let fix = |problem: Diagnostic, label: &str, text: &str| {
        problem.fix(label, text, vec![Edit::below(known_on.span, text)])
    };
    let problem = Diagnostic::at(
        Code::D608,
        known_on.span,
        "what becomes of a record that comes in after its period has closed?",
    )
    .note(
        "A deal of 10,000.00 from March that comes in in May is paid with what May sells, at the rate \
         of May; or it is paid what March would have paid more with it.",
    );
    let problem = fix(
        problem,
        "it counts where it comes in",
        "corrections count in the open period",
    );
    fix(
        problem,
        "the difference that it makes to its own period is paid where it comes in",
        "corrections re-rate their own period",
    )
}

/// D608: a limit, and nothing says what becomes of what lies beyond it.
fn no_later(rule: &CorrectionRule, limit: &ast::ClosedPeriods) -> Diagnostic {
    let problem = Diagnostic::at(
        Code::D608,
        limit.span,
        "what becomes of a record that comes in later than that?",
    );
    let add = |text: &str| {
        let later = format!(", later ones {text}");
        let edits = vec![Edit::after(limit.span, later.clone())];
        (later, edits)
    };
    let problem = match rule.late {
        Late::OpenPeriod => problem,
        Late::OwnPeriod => {
            let (text, edit) = add("count in the open period");
            problem.fix("it counts where it comes in", text, edit)
        }
    };
    let (text, edit) = add("are not paid");
    problem.fix("nobody is paid for it, and each is told", text, edit)
}

/// S008: a limit beyond which the same holds as before it.
fn all_the_same(limit: &ast::ClosedPeriods) -> Diagnostic {
    Diagnostic::at(
        Code::S008,
        limit.span,
        "later ones count where all others count, so this is no limit",
    )
    .help("take it away, or write", "later ones are not paid")
}
