//! What tests in plans write: each value is of the kind it is given for or compared with, in a period that is paid,
//! and nothing is given twice.

use crate::base::{Cadence, Period};
use crate::diag::{Code, Diagnostic, Edit, near};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{ColumnId, QuotaId, Source};
use crate::meaning::types::Type;
use crate::syntax::ast;

impl Lower<'_> {
    /// The kind of value that a name of a test has; `None` where the plan has no such name. To be tested is not to
    /// be used.
    fn type_of_name(&self, name: &str) -> Option<Type> {
        let plan = &self.plan;
        let credits = plan.credits.iter().map(|own| (&own.name, own.amount.ty));
        let quotas = plan.quotas.iter().map(|own| (&own.name, own.ty));
        let measures = plan.measures.iter().map(|own| (&own.name, own.value.ty));
        let carries = plan
            .carries
            .iter()
            .map(|own| (&own.name, plan.measure(own.into).value.ty));
        let money = Type::Money(plan.currency);
        let pays = plan.pays.iter().map(|own| (&own.name, money));
        let draws = plan.draws.iter().map(|own| (&own.name, money));
        let clawbacks = plan.clawbacks.iter().map(|own| (&own.name, money));
        let facts = plan.people.columns.iter().map(|own| (&own.name, own.ty));
        let mut all = credits
            .chain(quotas)
            .chain(measures)
            .chain(carries)
            .chain(pays)
            .chain(draws)
            .chain(clawbacks)
            .chain(facts);
        all.find(|(own, _)| *own == name).map(|(_, ty)| ty)
    }

    /// A value of a test: written out, and of its name's kind.
    pub(in crate::meaning) fn test_value(&mut self, value: &ast::Expr, what: &ast::Name) {
        let Some(wanted) = self
            .type_of_name(&what.text)
            .filter(|ty| *ty != Type::Poisoned)
        else {
            return;
        };
        // The id of a person, or a text of one word, may stand without quotes.
        let is_word = matches!(value.kind, ast::ExprKind::Name(_));
        if is_word && matches!(wanted, Type::Text | Type::Person) {
            return;
        }
        if !is_written_out(value) {
            self.problems.push(errors::wrong_place(
                "this",
                value.span,
                "a test writes its values out, such as 18,000.00 USD",
            ));
            return;
        }
        let mut place = Place::new(PlaceKind::Person, value.span);
        let value = self.expr(value, &mut place);
        let wanted = match wanted {
            Type::Person => Type::Text,
            wanted => wanted,
        };
        // Each cell of a fact that is converted has a currency of its own.
        let columns = &self.plan.people.columns;
        let fact = columns.iter().position(|own| own.name == what.text);
        let is_converted = fact.is_some_and(|at| self.plan.is_converted(None, ColumnId(at)));
        if is_converted && matches!((value.ty, wanted), (Type::Money(_), Type::Money(_))) {
            return;
        }
        self.want(&value, wanted);
    }

    /// The length of time for which a quota is given as it comes out: one for which it is read, the written one if it is.
    pub(in crate::meaning) fn length_given(&self, quota: QuotaId, written: &ast::Name) -> Cadence {
        let lengths = self.plan.lengths_of_quota(quota);
        let written = self.plan.calendar.parse_period(&written.text);
        let own = written.ok().map(|period| period.cadence());
        let fitting = own.filter(|own| lengths.contains(own));
        let first = || lengths.first().copied().unwrap_or(self.plan.cadence);
        fitting.unwrap_or_else(first)
    }

    /// A period of a test whose length is not the one that is paid, or for which quotas are set.
    pub(in crate::meaning) fn period_fits(
        &mut self,
        written: &ast::Name,
        cadence: Cadence,
        what: &str,
    ) {
        let Ok(period) = self.plan.calendar.parse_period(&written.text) else {
            return;
        };
        if period.cadence() == cadence {
            return;
        }
        let calendar = self.plan.calendar;
        let around: Period = calendar.period_of(period.start(), cadence);
        let label = calendar.label(&around);
        let diagnostic = Diagnostic::at(
            Code::X302,
            written.span,
            format!(
                "`{}` is a {}, and {what}",
                written.text,
                period.cadence().noun()
            ),
        );
        self.problems.push(diagnostic.fix(
            if around.contains_period(&period) {
                "the period it is part of"
            } else if period.contains_period(&around) {
                "its first period"
            } else {
                "the period in which it begins"
            },
            label.clone(),
            vec![Edit {
                span: written.span,
                text: label,
            }],
        ));
    }

    /// Cells of a table of records: no id twice, and texts that their column can have.
    pub(in crate::meaning) fn given_cells(
        &mut self,
        source: &Source,
        headings: &[ast::Name],
        rows: &[Vec<ast::Name>],
    ) {
        let is_people = source.binding == crate::table::PEOPLE;
        for (at, heading) in headings.iter().enumerate() {
            let cells: Vec<&ast::Name> = rows.iter().filter_map(|row| row.get(at)).collect();
            let declared = source.columns.iter().find(|c| c.name == heading.text);
            if let Some(list) = declared.and_then(|column| column.one_of.as_ref()) {
                for cell in cells.iter().filter(|cell| !cell.text.is_empty()) {
                    if !list.contains(&cell.text) {
                        let near = near(&cell.text, list.iter().map(String::as_str));
                        let (name, text) = (&heading.text, &cell.text);
                        self.problems
                            .push(errors::never_has(name, text, cell.span, list, near));
                    }
                }
            }
            // A person may have several rows, one after the other; a record has one.
            if heading.text == "id" && !is_people {
                for (at, cell) in cells.iter().enumerate() {
                    let first = cells.iter().take(at).find(|other| other.text == cell.text);
                    if let Some(first) = first.filter(|_| !cell.text.is_empty()) {
                        self.problems.push(
                            Diagnostic::at(
                                Code::N105,
                                cell.span,
                                format!("the record `{}` is given twice", cell.text),
                            )
                            .saying("and again here")
                            .label(first.span, "first here"),
                        );
                    }
                }
            }
        }
    }

    /// A quota, a total or a fact of one person that a test gives twice.
    pub(in crate::meaning) fn given_once(&mut self, test: &ast::Test) {
        let mut seen: Vec<(&ast::Name, &ast::Name, Option<&ast::Name>)> = Vec::new();
        for given in &test.givens {
            let (what, person, period, span) = match given {
                ast::Given::Value {
                    what,
                    person,
                    period,
                    span,
                    ..
                } => (what, person, period.as_ref(), span),
                ast::Given::Balance {
                    what, person, span, ..
                } => (what, person, None, span),
                _ => continue,
            };
            let first = seen.iter().find(|(name, who, when)| {
                name.text == what.text
                    && who.text == person.text
                    && when.map(|when| &when.text) == period.map(|when| &when.text)
            });
            if let Some((first, ..)) = first {
                let when = period.map_or_else(String::new, |when| format!(" in {}", when.text));
                self.problems.push(
                    Diagnostic::at(
                        Code::N105,
                        *span,
                        format!("`{}` of {}{when} is given twice", what.text, person.text),
                    )
                    .saying("and again here")
                    .label(first.span, "first here")
                    .help("keep one of the two", ""),
                );
            }
            seen.push((what, person, period));
        }
    }
}

/// Whether a value stands there as it is: a literal, with a minus at most.
fn is_written_out(value: &ast::Expr) -> bool {
    match &value.kind {
        ast::ExprKind::Negative(inner) => is_written_out(inner),
        ast::ExprKind::Number(_)
        | ast::ExprKind::Percent(_)
        | ast::ExprKind::Points(_)
        | ast::ExprKind::Money(..)
        | ast::ExprKind::MoneyPer(..)
        | ast::ExprKind::Quantity(..)
        | ast::ExprKind::Date(_)
        | ast::ExprKind::Text(_)
        | ast::ExprKind::Bool(_)
        | ast::ExprKind::Poisoned => true,
        _ => false,
    }
}
