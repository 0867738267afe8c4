//! Tests inside a plan are about names the plan uses, in periods it has.

use crate::base::{Date, PeriodFault};
use crate::diag::{Code, Diagnostic, Edit};
use crate::meaning::errors;
use crate::meaning::lower::Lower;
use crate::meaning::names::Def;
use crate::meaning::plan::{CreditId, InputOf, QuotaId};
use crate::syntax::ast;

impl Lower<'_> {
    /// Tests are about names the plan uses, in periods it has.
    pub(super) fn tests(&mut self, plan: &ast::File) {
        for item in &plan.items {
            let ast::Item::Test(test) = item else {
                continue;
            };
            for given in &test.givens {
                match given {
                    ast::Given::Table {
                        source,
                        headings,
                        rows,
                        ..
                    } => self.given_table(source, headings, rows),
                    ast::Given::OfCompany { what, period, .. } => {
                        self.given_of_company(what, period)
                    }
                    ast::Given::Balance { what, value, .. } => self.given_balance(what, value),
                    ast::Given::Value {
                        what,
                        total,
                        value,
                        period,
                        ..
                    } => {
                        self.given_value(what, *total, period.as_ref());
                        self.test_value(value, what);
                    }
                }
            }
            self.given_once(test);
            for expect in &test.expects {
                if expect.of == ast::ExpectOf::Withheld {
                    self.expected_withheld(expect);
                    self.paid_period(&expect.period);
                    continue;
                }
                if expect.of == ast::ExpectOf::Taken {
                    self.expected_taken(expect);
                    self.paid_period(&expect.period);
                    continue;
                }
                if expect.of != ast::ExpectOf::Value {
                    self.expected_of_draw(expect);
                    self.paid_period(&expect.period);
                    continue;
                }
                match self.names.peek(&expect.what.text) {
                    Some(def) if def.is_expected() => {
                        self.names.find(&expect.what.text);
                        if let Some(value) = &expect.value
                            && !self.is_paid_amount(value, &expect.what)
                        {
                            self.test_value(value, &expect.what);
                        }
                    }
                    _ => self.not_in_plan(&expect.what, "a payout, component or measure", |def| {
                        def.is_expected()
                    }),
                }
                self.paid_period(&expect.period);
            }
            self.plan.tests.push(test.clone());
        }
    }

    /// What a clawback takes back.
    fn expected_taken(&mut self, expect: &ast::Expect) {
        let is_one = |def: &Def<'_>| matches!(def, Def::Clawback(_));
        if !self
            .names
            .peek(&expect.what.text)
            .is_some_and(|def| is_one(&def))
        {
            return self.not_in_plan(&expect.what, "a take-back", is_one);
        }
        if let Some(value) = &expect.value {
            self.test_value(value, &expect.what);
        }
    }

    /// What is withheld of a payout.
    fn expected_withheld(&mut self, expect: &ast::Expect) {
        match self.names.peek(&expect.what.text) {
            Some(Def::Pay(pay)) if pay.withheld.payable.is_some() => {}
            // The line that does not read may be `payable`.
            Some(Def::Pay(pay)) if pay.broken => return,
            _ => return self.withholds_nothing(expect),
        }
        self.names.find(&expect.what.text);
        if let Some(value) = &expect.value {
            self.test_value(value, &expect.what);
        }
    }

    /// X302: only a payout with `payable` withholds something.
    fn withholds_nothing(&mut self, expect: &ast::Expect) {
        let name = &expect.what;
        self.problems.push(
            Diagnostic::at(
                Code::X302,
                name.span,
                format!("nothing is withheld of `{}`", name.text),
            )
            .saying("it is no payout that says when it is payable")
            .help(
                "expect what is paid",
                format!("expect      {} for …", name.text),
            ),
        );
    }

    /// A period in which the plan pays.
    fn paid_period(&mut self, period: &ast::Name) {
        self.settled_period(period);
        if self.known.cadence {
            let cadence = self.plan.cadence;
            let what = format!("the plan pays by {}", cadence.words());
            self.period_fits(period, cadence, &what);
        }
    }

    fn given_table(&mut self, source: &ast::Name, headings: &[ast::Name], rows: &[Vec<ast::Name>]) {
        let known = if source.text == crate::table::PEOPLE {
            Some(self.plan.people.clone())
        } else {
            let mut sources = self.plan.sources.iter();
            let records = sources.find(|known| known.name == source.text);
            records
                .cloned()
                .or_else(|| self.plan.quota_source(&source.text))
        };
        let Some(known) = known else {
            if self.may_be_of_source(source) {
                return;
            }
            self.not_in_plan(source, "a source of records or quotas", |def| {
                matches!(def, Def::Records(_))
            });
            return;
        };
        if known.gaps {
            return;
        }
        self.given_cells(&known, headings, rows);
        let columns: Vec<&str> = known.columns.iter().map(|c| c.name.as_str()).collect();
        for heading in headings {
            if !columns.contains(&heading.text.as_str()) {
                let near = crate::diag::near(&heading.text, columns.iter().copied());
                let diagnostic =
                    errors::unknown_column(&heading.text, heading.span, &source.text, near);
                self.problems.push(Diagnostic {
                    code: Code::X302,
                    ..diagnostic
                });
            }
        }
    }

    fn given_value(&mut self, what: &ast::Name, total: bool, period: Option<&ast::Name>) {
        let is_credit = self
            .plan
            .credits
            .iter()
            .any(|credit| credit.name == what.text);
        let is_quota = self.plan.quotas.iter().any(|quota| quota.name == what.text);
        let is_fact = self
            .plan
            .people
            .columns
            .iter()
            .any(|column| column.name == what.text);
        let mut carries = self.plan.carries.iter();
        if carries.any(|own| own.name == what.text) && !total {
            return self.given_carry(what, period);
        }
        let input = self.plan.inputs.iter().find(|own| own.name == what.text);
        if let Some(input) = input
            && !total
        {
            if input.whose == InputOf::Company {
                let label = self.plan.calendar.label(&self.first_period());
                self.problems.push(
                    Diagnostic::at(
                        Code::X302,
                        what.span,
                        format!("`{}` is of the company, not of a person", what.text),
                    )
                    .help("write", format!("given {} is … in {label}", what.text)),
                );
            }
            match period {
                Some(period) => self.test_period(period, false),
                None => self.in_which_period(what),
            }
            return;
        }
        if total && !is_credit {
            self.not_in_plan(what, "a credit", |def| def.is_credit());
        }
        if !total && !is_quota && !is_fact {
            if is_credit {
                let text = format!("total {}", what.text);
                self.problems.push(
                    Diagnostic::at(
                        Code::X302,
                        what.span,
                        format!("`{}` is one amount for each record", what.text),
                    )
                    .fix(
                        "give its total",
                        text.clone(),
                        vec![Edit {
                            span: what.span,
                            text,
                        }],
                    ),
                );
            } else {
                self.not_in_plan(what, "a quota, an input or a column of people", |def| {
                    matches!(def, Def::Input(_) | Def::Quota(_) | Def::HeadQuota(_))
                });
            }
        }
        if let Some(period) = period
            && (total || is_quota)
        {
            let credits = self.plan.credits.iter();
            let credit = credits.clone().position(|credit| credit.name == what.text);
            let looks_back =
                credit.is_some_and(|at| !self.plan.windows_back(CreditId(at)).is_empty());
            self.test_period(period, total && looks_back);
            if total {
                self.on_one_side(what, period);
            }
            let mut quotas = self.plan.quotas.iter().enumerate();
            if !total
                && let Some((at, quota)) = quotas.find(|(_, quota)| quota.name == what.text)
                && (quota.is_made() || self.makes_one(quota.cadence))
            {
                let (cadence, what) = if quota.is_made() {
                    let cadence = self.length_given(QuotaId(at), period);
                    let noun = cadence.noun();
                    let what = format!("`{}` is given as it is in a {noun}", what.text);
                    (cadence, what)
                } else {
                    let words = quota.cadence.words();
                    (quota.cadence, format!("`{}` is one per {words}", what.text))
                };
                self.period_fits(period, cadence, &what);
            }
        }
        if period.is_none() && (total || is_quota) {
            self.in_which_period(what);
        }
    }

    /// What is carried into a period of the plan.
    fn given_carry(&mut self, what: &ast::Name, period: Option<&ast::Name>) {
        let Some(period) = period else {
            return self.in_which_period(what);
        };
        self.test_period(period, false);
        let cadence = self.plan.cadence;
        let into = format!("`{}` is carried into each {}", what.text, cadence.words());
        self.period_fits(period, cadence, &into);
    }

    fn given_of_company(&mut self, what: &ast::Name, period: &ast::Name) {
        let input = self.plan.inputs.iter().find(|own| own.name == what.text);
        match input.map(|input| input.whose) {
            Some(InputOf::Company) => {}
            Some(_) => self.problems.push(
                Diagnostic::at(
                    Code::X302,
                    what.span,
                    format!("of whom is `{}` given?", what.text),
                )
                .help(
                    "add it",
                    format!("given {} is … for … in {}", what.text, period.text),
                ),
            ),
            None => self.not_in_plan(what, "an input", |def| matches!(def, Def::Input(_))),
        }
        self.test_period(period, false);
    }

    fn in_which_period(&mut self, what: &ast::Name) {
        let label = self.plan.calendar.label(&self.first_period());
        self.problems.push(
            Diagnostic::at(
                Code::X302,
                what.span,
                format!("in which period is `{}` given?", what.text),
            )
            .help("add it", format!("… in {label}")),
        );
    }

    /// A period of the plan.
    pub(in crate::meaning) fn test_period(&mut self, written: &ast::Name, may_be_before: bool) {
        self.period_until(written, may_be_before, self.plan.effective.1);
    }

    /// A period of the plan, or one in which it is only settled.
    fn settled_period(&mut self, written: &ast::Name) {
        self.period_until(written, false, self.plan.settled_through);
    }

    fn period_until(&mut self, written: &ast::Name, may_be_before: bool, until: Date) {
        match self.plan.calendar.parse_period(&written.text) {
            // What is wrong with the calendar has been said.
            Err(fault) if !self.known.calendar && fault != PeriodFault::NotAPeriod => {}
            Err(fault) => self.problems.push(
                Diagnostic::at(
                    Code::D602,
                    written.span,
                    format!("`{}` is not a period of this calendar", written.text),
                )
                .saying(fault.to_string()),
            ),
            Ok(period) => {
                let (first, last) = self.plan.effective;
                // `settled through` may be the line that does not read.
                let may_be_settled = !self.known.all && until == last;
                let is_after = period.start() > until && !may_be_settled;
                let outside = (period.end() < first && !may_be_before) || is_after;
                if self.known.dates && outside {
                    self.problems.push(
                        Diagnostic::at(
                            Code::D602,
                            written.span,
                            format!("`{}` is outside the plan", written.text),
                        )
                        .saying(format!("the plan holds from {first} through {last}"))
                        .help(
                            "write a period of the plan, such as",
                            self.plan.first_period(self.plan.cadence),
                        ),
                    );
                }
            }
        }
    }

    fn first_period(&self) -> crate::base::Period {
        self.plan
            .calendar
            .period_of(self.plan.effective.0, self.plan.cadence)
    }

    /// X302, unless what is wrong with the name has been said already.
    pub(in crate::meaning) fn not_in_plan(
        &mut self,
        name: &ast::Name,
        wanted: &str,
        fits: fn(&Def<'_>) -> bool,
    ) {
        let may_be_used = !self.known.all || self.problems.has_errors() || !self.unknown.is_empty();
        match self.names.peek(&name.text) {
            Some(def) if may_be_used && fits(&def) => return,
            None if self.names.is_poisoned(&name.text) => return,
            None if self.is_unknown(&name.text) => return self.unknown(&name.text, name.span),
            _ => {}
        }
        let diagnostic = Diagnostic::at(
            Code::X302,
            name.span,
            format!("`{}` is not {wanted} of this plan", name.text),
        );
        let near = self.names.near_of(&name.text, fits);
        let diagnostic = match near.filter(|near| *near != name.text) {
            Some(near) => diagnostic.saying(format!("closest is `{near}`")).fix(
                format!("write `{near}`"),
                near,
                vec![Edit {
                    span: name.span,
                    text: near.to_owned(),
                }],
            ),
            None => diagnostic,
        };
        self.problems.push(diagnostic);
    }
}
