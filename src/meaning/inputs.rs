//! Inputs of departments: what each must say, and whether it comes in time.

use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{ColumnId, Expr, ExprKind, Input, InputId, InputOf};
use crate::meaning::sign::constant;
use crate::meaning::tables;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

impl Lower<'_> {
    /// The day of payment that the head of the plan names.
    pub(in crate::meaning) fn paid(&mut self, head: &ast::PlanHead) {
        let Some(paid) = &head.paid else { return };
        if paid.cadence.value != self.plan.cadence && self.known.cadence {
            let (period, ends) = (self.plan.cadence.words(), self.plan.cadence.ends());
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    paid.cadence.span,
                    format!("this plan pays each {period}"),
                )
                .fix(
                    "write",
                    format!("paid {} days after the {period} {ends}", paid.count),
                    vec![Edit {
                        span: Span {
                            end: paid.span.end,
                            ..paid.cadence.span
                        },
                        text: format!("{period} {ends}"),
                    }],
                ),
            );
        }
        self.paid = Some(paid.count);
    }

    pub(in crate::meaning) fn input(&mut self, written: &ast::Input) -> Option<InputId> {
        self.input_is_whole(written);
        let (kind, whose) = (written.kind.as_ref(), written.whose.as_ref());
        let ty = match kind.map(|kind| &kind.kind) {
            Some(ast::ColumnKind::Money) => Type::Money(self.plan.currency),
            Some(ast::ColumnKind::Percent) => Type::Percent,
            Some(ast::ColumnKind::Quantity(unit)) => {
                self.unit(unit).map_or(Type::Poisoned, Type::Quantity)
            }
            Some(_) => Type::Number,
            None => Type::Poisoned,
        };
        let of = Expr {
            kind: ExprKind::Poisoned,
            ty,
            grain: Grain::Constant,
            span: written.span,
        };
        let written_range = kind.and_then(|kind| kind.range.as_ref());
        let range = written_range.and_then(|range| self.range(range, &of));
        let owner = match whose.map(|whose| &whose.whose) {
            Some(ast::InputOf::Column(name)) => self.input_column(name).map(InputOf::Column),
            Some(ast::InputOf::Person) => Some(InputOf::Person),
            Some(ast::InputOf::Company) => Some(InputOf::Company),
            None => None,
        };
        if let Some(whose) = whose {
            self.in_time(written, whose);
        }
        let missing = match written.missing.as_ref().map(|missing| &missing.value) {
            None => return None,
            Some(ast::InputMissing::Hold) => None,
            Some(ast::InputMissing::Use(value)) => {
                let mut place = Place::new(PlaceKind::Person, written.span);
                let value = self.expr(value, &mut place);
                if ty == Type::Poisoned || !self.want(&value, ty) {
                    return None;
                }
                let Some(number) = constant(&value) else {
                    let why = "what is used instead is a constant, such as 85%";
                    self.problems
                        .push(errors::wrong_place("this", value.span, why));
                    return None;
                };
                if let (Some(range), Some(written)) = (&range, written_range)
                    && !range.contains(&number)
                {
                    self.problems.push(
                        Diagnostic::at(
                            Code::I703,
                            value.span,
                            "this lies outside the input's own range",
                        )
                        .label(written.span, "the range")
                        .help(
                            "use a value of the range, or hold",
                            "if missing hold this payout",
                        ),
                    );
                }
                Some(number)
            }
        };
        let text =
            |text: &Option<ast::Spanned<String>>| text.as_ref().map(|text| text.value.clone());
        let label = text(&written.label).unwrap_or_else(|| written.name.text.clone());
        let words = written_range.map(tables::words)?;
        self.plan.inputs.push(Input {
            name: written.name.text.clone(),
            label,
            ty,
            range: range?,
            words,
            whose: owner?,
            cadence: whose?.cadence.value,
            kept_by: text(&written.kept_by)?,
            due: written.due.as_ref()?.count,
            sign_off: text(&written.sign_off)?,
            missing,
            span: written.span,
        });
        Some(InputId(self.plan.inputs.len() - 1))
    }

    /// I701: everything that an input must say and does not, at once.
    fn input_is_whole(&mut self, written: &ast::Input) {
        if written.broken {
            return;
        }
        let lacks = [
            (
                written.kind.is_none(),
                "its type and range",
                "type        Percent from 0% through 100%",
            ),
            (
                written
                    .kind
                    .as_ref()
                    .is_some_and(|kind| kind.range.is_none()),
                "its range",
                "type        … from 0% through 100%",
            ),
            (
                written.whose.is_none(),
                "of whom it is and how often",
                "for         the company, each quarter",
            ),
            (
                written.kept_by.is_none(),
                "who delivers it",
                "kept by     \"Customer Success\"",
            ),
            (
                written.due.is_none(),
                "when it is due",
                "due         10 days after the quarter ends",
            ),
            (
                written.sign_off.is_none(),
                "who signs it",
                "sign-off    \"Head of Customer Success\"",
            ),
            (
                written.missing.is_none(),
                "what holds without it",
                "if missing  hold this payout",
            ),
        ];
        let subject = format!("`{}`", written.name.text);
        if let Some(said) = errors::leaves_unsaid(Code::I701, written.span, &subject, &lacks) {
            self.problems.push(said.note(
                "A value that another department delivers waits for somebody. Whoever is paid by it can see for whom.",
            ));
        }
    }

    fn input_column(&mut self, name: &ast::Name) -> Option<ColumnId> {
        let columns = &self.plan.people.columns;
        let found = columns.iter().position(|column| column.name == name.text);
        let Some(at) = found else {
            let near = crate::diag::near(&name.text, columns.iter().map(|c| c.name.as_str()));
            let diagnostic = errors::unknown_column(&name.text, name.span, "people", near);
            self.problems.push(diagnostic);
            return None;
        };
        if !matches!(columns[at].ty, Type::Text | Type::Person) {
            let found = errors::type_words(columns[at].ty, &self.plan.units);
            self.problems
                .push(errors::wrong_type(name.span, &found, "a column of texts"));
            return None;
        }
        Some(ColumnId(at))
    }

    /// A value comes once for each of the plan's periods, and before it is paid (I702).
    fn in_time(&mut self, written: &ast::Input, whose: &ast::InputFor) {
        if !self.known.cadence {
            return;
        }
        let (own, period) = (whose.cadence.value, self.plan.cadence);
        if own != period {
            self.has_periods(own, whose.cadence.span);
        }
        let name = &written.name.text;
        if own < period {
            let why = format!(
                "the plan pays each {}, and `{name}` is for each {}: which one counts?",
                period.words(),
                own.words()
            );
            self.problems
                .push(errors::wrong_place("this input", whose.cadence.span, &why));
            return;
        }
        let Some(due) = &written.due else { return };
        if due.cadence.value != own {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    due.cadence.span,
                    format!("`{name}` is for each {}", own.words()),
                )
                .help(
                    "write",
                    format!("due {} days after the {own} {}", due.count, own.ends()),
                ),
            );
            return;
        }
        let late = |why: String, span: Span| {
            Diagnostic::at(Code::I702, span, why).help(
                "ask for it earlier, pay later, or say that payouts wait",
                "accept I702 because \"…\"",
            )
        };
        let diagnostic = if own > period {
            late(
                format!(
                    "`{name}` comes once a {}, and the plan pays each {period}: earlier {} wait for it",
                    own.noun(),
                    period.plural()
                ),
                whose.cadence.span,
            )
        } else {
            match self.paid {
                Some(paid) if due.count > paid => late(
                    format!(
                        "`{name}` is due {} days after the {own} {}, and the plan is paid on day {paid}",
                        due.count,
                        own.ends()
                    ),
                    due.span,
                ),
                _ => return,
            }
        };
        self.problems.push(diagnostic);
    }
}
