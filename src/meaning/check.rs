//! One plan file with its shared terms → a checked plan.

use std::collections::BTreeMap;

use crate::base::{Cadence, Calendar, Currency, Date, Exact, PeriodFault};
use crate::diag::{Code, Diagnostic, Edit, Parsed, Problems, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Item, Known, Lower};
use crate::meaning::names::{Def, Names};
use crate::meaning::plan::{
    Amended, Checked, Claim, ClaimKind, CreditId, Expr, ExprKind, InputOf, Membership, Payees,
    Plan, QuotaId, Source, TableClaim, TableOf,
};
use crate::meaning::sign::constant;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

/// What the manifest says of a source's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceCurrency {
    /// All of it is of one currency.
    All(Currency),
    /// Each row names its own.
    Rows,
}

/// What is known of the sources that names are bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// By name in the manifest. A source that is not here has money of the plan's currency.
    pub sources: BTreeMap<String, SourceCurrency>,
}

/// Gives a plan without amendments its meaning.
pub fn check(
    plan: &Parsed<ast::File>,
    shared: &[&Parsed<ast::File>],
    bindings: &Bindings,
) -> Parsed<Option<Checked<Plan>>> {
    check_amended(plan, &[], shared, bindings)
}

/// Gives a plan its meaning. `plan` is the file with the `plan` block, `amendments` are files with `amend` blocks of it,
/// `shared` the files it uses.
///
/// The plan is there only where nothing that stops it was found, in the texts or in their meaning. Problems
/// of the texts are not repeated.
pub fn check_amended(
    plan: &Parsed<ast::File>,
    amendments: &[&Parsed<ast::File>],
    shared: &[&Parsed<ast::File>],
    bindings: &Bindings,
) -> Parsed<Option<Checked<Plan>>> {
    let others = || shared.iter().chain(amendments);
    let readable = !plan.problems.has_errors() && !others().any(|file| file.problems.has_errors());
    let lost_a_block = plan.value.lost_a_block() || others().any(|file| file.value.lost_a_block());
    let plan = &plan.value;
    let shared: Vec<&ast::File> = shared.iter().map(|file| &file.value).collect();
    let amendments: Vec<&ast::File> = amendments.iter().map(|file| &file.value).collect();
    let mut problems = Problems::new();
    let names = Names::gather(plan, &shared, &mut problems);
    let heads: Vec<&ast::PlanHead> = plan
        .items
        .iter()
        .filter_map(|item| match item {
            ast::Item::Plan(head) => Some(head),
            _ => None,
        })
        .collect();
    for item in &plan.items {
        problems.extend(not_an_amendment(item));
    }
    let Some(head) = heads.first() else {
        if !plan.lost_a_block() {
            problems.push(
                Diagnostic::at(
                    Code::S007,
                    Span::new(plan.id, 0, 0),
                    "this file has no `plan`",
                )
                .help("start it with", "plan \"Account Executive 2026\""),
            );
        }
        return Parsed {
            value: None,
            problems,
        };
    };
    if let Some(second) = heads.get(1) {
        problems.push(errors::twice("plan", head.span, second.span));
    }
    // A head line that could not be read was reported; what hangs on it is checked with a stand-in.
    let broken = head.currency.is_none()
        || head.effective.is_none()
        || head.period.is_none()
        || head.payees.is_none();
    let known = Known {
        all: readable && !lost_a_block,
        dates: head.effective.is_some(),
        cadence: head.period.is_some(),
        calendar: true,
    };
    let mut lower = Lower::new(names, empty(plan, head, bindings), bindings, known);
    lower.problems.extend(problems);
    if !lost_a_block {
        lower.no_people(head);
    }
    lower.calendar(head);
    lower.payees(head);
    lower.paid(head);
    let more: Vec<&ast::File> = shared.iter().chain(&amendments).copied().collect();
    lower.accept(plan, &more);
    lower.amend(&amendments);
    lower.carries(plan, &shared);
    // First what is earned over longer lengths of time: what only that reads is read for that alone.
    for item in &plan.items {
        if let ast::Item::Pay(pay) = item
            && pay.earned.is_some()
        {
            lower.lower_unused(&pay.name.text, pay.name.span);
        }
    }
    for item in &plan.items {
        let name = match item {
            ast::Item::Credit(credit) => &credit.name,
            ast::Item::Rollup(rollup) => &rollup.name,
            ast::Item::Input(input) => &input.name,
            ast::Item::Quota(quota) => &quota.name,
            ast::Item::Measure(measure) => &measure.name,
            ast::Item::Tiers(tiers) => &tiers.name,
            ast::Item::Curve(curve) => &curve.name,
            ast::Item::Lookup(lookup) => &lookup.name,
            ast::Item::Rate(rate) => &rate.name,
            ast::Item::Exchange(exchange) => &exchange.name,
            ast::Item::Scorecard(card) => &card.name,
            ast::Item::Pay(pay) => &pay.name,
            ast::Item::Budget(budget) => &budget.name,
            ast::Item::Adjustments(own) => &own.name,
            ast::Item::Pool(pool) => &pool.name,
            ast::Item::Contest(own) => &own.name,
            _ => continue,
        };
        lower.lower_unused(&name.text, name.span);
    }
    lower.exceptions(plan, &shared);
    lower.carries_add();
    lower.shared_is_not_amended();
    lower.claims(plan);
    for file in std::iter::once(plan).chain(amendments.iter().copied()) {
        lower.tests(file);
    }
    lower.unknown_names(head);
    lower.unused(plan);
    lower.unasked();
    lower.of_ended_periods();
    let Lower {
        plan: made,
        mut problems,
        ..
    } = lower;
    if head.currency.is_none() {
        problems = problems.without(Code::U201);
    }
    let problems = made.unaccepted(problems);
    let whole = readable && !lost_a_block && !broken && !problems.has_errors();
    Parsed {
        value: whole.then_some(Checked(made)),
        problems,
    }
}

/// What changes a plan stands in a file of its own.
fn not_an_amendment(item: &ast::Item) -> Problems {
    let at = match item {
        ast::Item::Amend(head) => head.span,
        ast::Item::Replace(replace) => replace.span,
        ast::Item::Change(change) => change.span,
        _ => return Problems::new(),
    };
    let mut problems = Problems::new();
    problems.push(
        Diagnostic::at(Code::S002, at, "a change of a plan stands in a file of its own")
            .saying("not in the plan that it changes")
            .note("A text that is in force is not edited: whoever was paid by it must still be able to read it.")
            .help("move it to a file beside the plan", "NAME.amend-1.plan"),
    );
    problems
}

fn empty(file: &ast::File, head: &ast::PlanHead, bindings: &Bindings) -> Plan {
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
        cadence: head
            .period
            .as_ref()
            .map_or(Cadence::Month, |period| period.value),
        calendar: Calendar::calendar_year(),
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
        pays: Vec::new(),
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

impl Lower<'_> {
    fn no_people(&mut self, head: &ast::PlanHead) {
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

    fn payees(&mut self, head: &ast::PlanHead) {
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

    fn claims(&mut self, plan: &ast::File) {
        let claims = plan.items.iter().filter_map(|item| match item {
            ast::Item::Prove(prove) => Some(&prove.claims),
            _ => None,
        });
        for claim in claims.flatten() {
            if let ast::ClaimKind::NeverFalls { mover } = &claim.kind
                && matches!(
                    self.names.peek(&claim.pay.text),
                    Some(Def::Tiers(_) | Def::Curve(_) | Def::Lookup(_))
                )
            {
                self.table_claim(claim, mover);
                continue;
            }
            let Some(pay) = self.pay_named(&claim.pay) else {
                continue;
            };
            let kind = match &claim.kind {
                ast::ClaimKind::NoJumps => ClaimKind::NoJumps,
                ast::ClaimKind::NeverFalls { mover } => match self.mover(mover) {
                    Some(credit) => ClaimKind::NeverFalls(credit),
                    None => continue,
                },
                ast::ClaimKind::RisesAtMost { rate, mover } => {
                    let words = "this is a constant percentage";
                    match (self.claimed(rate, Type::Percent, words), self.mover(mover)) {
                        (Some(rate), Some(credit)) if self.is_money(credit, mover.span) => {
                            ClaimKind::RisesAtMost(credit, rate)
                        }
                        _ => continue,
                    }
                }
                ast::ClaimKind::AtMost(most) => {
                    let (ty, words) = (
                        Type::Money(self.plan.currency),
                        "an upper end is a constant amount",
                    );
                    match self.claimed(most, ty, words) {
                        Some(most) => ClaimKind::AtMost(most),
                        None => continue,
                    }
                }
            };
            self.plan.claims.push(Claim {
                pay,
                kind,
                span: claim.span,
            });
        }
    }

    /// What rises in a claim about a pay.
    fn mover(&mut self, name: &ast::Name) -> Option<CreditId> {
        let credit = self.credit_named(name);
        let other = self.names.peek(&name.text);
        let other = other.filter(|def| !def.is_credit());
        if credit.is_none()
            && let Some(def) = other
        {
            let kind = format!("{}, and what rises is a credit", def.kind());
            let problem = errors::not_a_value(&name.text, name.span, &kind);
            self.problems.push(problem);
        }
        credit
    }

    /// A percentage of what is not money would be no pay.
    fn is_money(&mut self, credit: CreditId, span: Span) -> bool {
        let amount = Expr {
            span,
            ..self.plan.credit(credit).amount.clone()
        };
        self.want(&amount, Type::Money(self.plan.currency))
    }

    /// The constant of a claim.
    fn claimed(&mut self, value: &ast::Expr, ty: Type, words: &str) -> Option<Exact> {
        let mut place = Place::new(PlaceKind::Person, value.span);
        let value = self.expr(value, &mut place);
        if !self.want(&value, ty) {
            return None;
        }
        let found = constant(&value);
        if found.is_none() {
            let problem = errors::wrong_place("this", value.span, words);
            self.problems.push(problem);
        }
        found
    }

    /// `payout_factor never falls when growth rises`: what rises is an axis of the table.
    fn table_claim(&mut self, claim: &ast::Claim, mover: &ast::Name) {
        let (table, axes) = match self.item(&claim.pay.text, claim.pay.span) {
            Some(Item::Tiers(id)) => {
                let axis = self.plan.tier_table(id).axis.clone();
                (TableOf::Tiers(id), vec![axis])
            }
            Some(Item::Lookup(id)) => (TableOf::Lookup(id), self.plan.lookup(id).axes().to_vec()),
            _ => return,
        };
        let names: Vec<String> = axes.iter().map(|axis| self.spoken(axis)).collect();
        let total = format!("total {}", mover.text);
        let axis = names
            .iter()
            .position(|name| *name == mover.text || *name == total);
        match axis {
            Some(axis) => {
                self.names.find(&mover.text);
                self.plan.table_claims.push(TableClaim {
                    table,
                    axis,
                    span: claim.span,
                });
            }
            None => {
                let near = crate::diag::near(&mover.text, names.iter().map(String::as_str));
                let mut diagnostic = Diagnostic::at(
                    Code::N101,
                    mover.span,
                    format!("`{}` does not move along `{}`", claim.pay.text, mover.text),
                );
                for name in near.map_or(names.clone(), |near| vec![near.to_owned()]) {
                    diagnostic = diagnostic.help("it moves along", name);
                }
                self.problems.push(diagnostic);
            }
        }
    }

    fn pay_named(&mut self, name: &ast::Name) -> Option<crate::meaning::plan::PayId> {
        match self.names.peek(&name.text) {
            Some(def) if def.is_pay() => match self.item(&name.text, name.span) {
                Some(Item::Pay(id)) => Some(id),
                _ => None,
            },
            Some(def) => {
                self.problems.push(errors::not_a_value(
                    &name.text,
                    name.span,
                    &format!("{}, not a payout", def.kind()),
                ));
                None
            }
            None => {
                self.unknown(&name.text, name.span);
                None
            }
        }
    }

    /// Tests are about names the plan uses, in periods it has.
    fn tests(&mut self, plan: &ast::File) {
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
                self.test_period(&expect.period, false);
                if self.known.cadence {
                    let cadence = self.plan.cadence;
                    let what = format!("the plan pays by {}", cadence.words());
                    self.period_fits(&expect.period, cadence, &what);
                }
            }
            self.plan.tests.push(test.clone());
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

    fn first_period(&self) -> crate::base::Period {
        self.plan
            .calendar
            .period_of(self.plan.effective.0, self.plan.cadence)
    }

    /// X302, unless what is wrong with the name has been said already.
    fn not_in_plan(&mut self, name: &ast::Name, wanted: &str, fits: fn(&Def<'_>) -> bool) {
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

    pub(in crate::meaning) fn test_period(&mut self, written: &ast::Name, may_be_before: bool) {
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
                let outside = (period.end() < first && !may_be_before) || period.start() > last;
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

    /// N103, once everything else is understood: until then a name may be meant where nobody could see it.
    fn unused(&mut self, plan: &ast::File) {
        if !self.known.all || self.problems.has_errors() {
            return;
        }
        for (name, def, span) in self.names.unused(plan) {
            self.problems.push(match def {
                Def::Input(input) => errors::unused_input(input),
                _ => errors::unused(name, def.kind(), span),
            });
        }
    }
}
