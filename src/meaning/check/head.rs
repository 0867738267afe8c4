//! The head of a plan: its currency, dates and payees, and what stands in for a line that could not be read.

use crate::base::{Cadence, Calendar, Currency, Date};
use crate::diag::{Code, Diagnostic, Edit};
use crate::meaning::check::{Bindings, SourceCurrency};
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{Amended, Expr, ExprKind, Membership, Payees, Plan, Source};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

/// The longest time after a plan for which it is settled, in years.
const MOST_YEARS: i32 = 10;

/// The last day on which a plan is settled: not before its own last day, nor after the longest time.
fn settled_through(head: &ast::PlanHead) -> Option<Date> {
    let (_, last) = head.effective.as_ref()?.value;
    let settled = head.settled.as_ref().map(|own| own.value);
    let is_fair = |day: &Date| MOST_YEARS.checked_add(last.year()) >= Some(day.year());
    Some(settled.filter(is_fair).map_or(last, |day| day.max(last)))
}

impl Lower<'_> {
    pub(super) fn no_people(&mut self, head: &ast::PlanHead) {
        if self.names.people.is_none() {
            self.problems.push(
                Diagnostic::at(
                    Code::S007,
                    head.span,
                    "nothing says what the columns of people mean",
                )
                .help("take in the shared terms", "use \"company.terms\"")
                .help("or declare them", "people \"People in sales\""),
            );
        }
    }

    /// D602 where the plan is settled for too short or for too long a time.
    pub(super) fn settled(&mut self, head: &ast::PlanHead) {
        let (Some(settled), Some(effective)) = (&head.settled, &head.effective) else {
            return;
        };
        let (_, last) = effective.value;
        if settled.value <= last {
            let words = "the plan is settled for no longer than it holds";
            self.problems.push(
                Diagnostic::at(Code::D602, settled.span, words)
                    .saying(format!(
                        "its last day is {last}; what is open then is settled through {}",
                        settled.value
                    ))
                    .help("take the line away, or write a later day", ""),
            );
        } else if MOST_YEARS.checked_add(last.year()) < Some(settled.value.year()) {
            let words = format!("the plan is settled for more than {MOST_YEARS} years");
            self.problems.push(
                Diagnostic::at(Code::D602, settled.span, words)
                    .saying(format!("its last day is {last}: is the year right?")),
            );
        }
    }

    pub(super) fn payees(&mut self, head: &ast::PlanHead) {
        let Some(written) = &head.payees else { return };
        let mut place = Place::new(PlaceKind::People, head.span);
        if self.names.people.is_none() {
            return;
        }
        let condition = self.expr(&written.condition, &mut place);
        self.want(&condition, Type::Bool);
        let dated = self.people_have_history();
        let membership = match written.when.as_ref().map(|when| &when.value) {
            Some(ast::Membership::LastDay) => Membership::LastDay,
            Some(ast::Membership::DaysInRole) => Membership::DaysInRole,
            Some(ast::Membership::OnDate(word, column)) => {
                self.is_a_credits_date(word, column);
                Membership::DaysInRole
            }
            None => {
                if dated {
                    let insert = |text: &str| vec![Edit::after(written.span, format!(" {text}"))];
                    self.problems.push(
                        Diagnostic::at(Code::S007, written.span, "people change roles: when must this hold?")
                            .saying("the rows of people have dates, and this line does not say which day counts")
                            .fix("credits dated on days in the role count", "… for the days in the role", insert("for the days in the role"))
                            .fix("whoever has it on the last day gets the whole period", "… on the last day of the period", insert("on the last day of the period")),
                    );
                }
                Membership::DaysInRole
            }
        };
        self.plan.payees = Payees {
            condition,
            membership,
            span: written.span,
        };
    }

    /// `on deal.close_date` names the date by which credits are dated.
    fn is_a_credits_date(&mut self, word: &ast::Name, column: &ast::Name) {
        let dates: Vec<(String, String)> = self
            .names
            .credits()
            .iter()
            .filter_map(
                |credit| match credit.dated_by.as_ref().map(|date| &date.kind) {
                    Some(ast::ExprKind::Path(word, column)) => {
                        Some((word.text.clone(), column.text.clone()))
                    }
                    _ => None,
                },
            )
            .collect();
        if dates.is_empty() || dates.contains(&(word.text.clone(), column.text.clone())) {
            return;
        }
        let diagnostic = Diagnostic::at(
            Code::N101,
            word.span.to(column.span),
            format!("no credit is dated by `{}.{}`", word.text, column.text),
        );
        let diagnostic = dates.iter().take(2).fold(diagnostic, |d, (word, column)| {
            d.help("write", format!("on {word}.{column}"))
        });
        self.problems.push(diagnostic);
    }
}

pub(super) fn empty(file: &ast::File, head: &ast::PlanHead, bindings: &Bindings) -> Plan {
    let any_currency = bindings
        .sources
        .values()
        .find_map(|currency| match currency {
            SourceCurrency::All(currency) => Some(*currency),
            SourceCurrency::Rows => None,
        });
    let currency = head
        .currency
        .as_ref()
        .map(|currency| currency.value)
        .or(any_currency)
        .or(Currency::from_code("USD"));
    let day = Date::from_days(0).unwrap_or(Date::MIN);
    Plan {
        title: head.title.value.clone(),
        file: file.id,
        span: head.span,
        currency: currency.unwrap_or_else(first_currency),
        each_payee: head.currency_each.as_ref().map(|own| own.text.clone()),
        effective: head
            .effective
            .as_ref()
            .map_or((day, day), |effective| effective.value),
        settled_through: settled_through(head).unwrap_or(day),
        cadence: head
            .period
            .as_ref()
            .map_or(Cadence::Month, |period| period.value),
        calendar: Calendar::calendar_year(),
        opening: head.opening.as_ref().map(|own| own.text.clone()),
        payees: Payees {
            condition: Expr {
                kind: ExprKind::Poisoned,
                ty: Type::Poisoned,
                grain: Grain::Constant,
                span: head.span,
            },
            membership: Membership::DaysInRole,
            span: head.span,
        },
        people: Source {
            name: crate::table::PEOPLE.to_owned(),
            binding: crate::table::PEOPLE.to_owned(),
            label: "People".to_owned(),
            columns: Vec::new(),
            gaps: false,
            span: head.span,
        },
        units: Vec::new(),
        sources: Vec::new(),
        credits: Vec::new(),
        inputs: Vec::new(),
        quotas: Vec::new(),
        measures: Vec::new(),
        tiers: Vec::new(),
        lookups: Vec::new(),
        rates: Vec::new(),
        exchanges: Vec::new(),
        scorecards: Vec::new(),
        groups: Vec::new(),
        carries: Vec::new(),
        draws: Vec::new(),
        pays: Vec::new(),
        clawbacks: Vec::new(),
        exceptions: Vec::new(),
        claims: Vec::new(),
        table_claims: Vec::new(),
        tests: Vec::new(),
        amended: Amended::default(),
        accepted: Vec::new(),
    }
}

#[expect(clippy::expect_used, reason = "the table of ISO 4217 is never empty")]
fn first_currency() -> Currency {
    let (code, _) = crate::base::currency_table()
        .first()
        .expect("a first currency");
    Currency::from_code(code).expect("a code of the table")
}
