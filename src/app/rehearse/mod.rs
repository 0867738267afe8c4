//! Runs the tests written inside a plan, on both roads.
//!
//! A test states only what matters to it. The rest takes neutral values: a person who is only named meets
//! the condition of `payees`, a cell that is not given is empty, a source without rows has none.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::collect::Collected;
use crate::app::rehearse::quotas::Quotas;
use crate::base::{Currency, Date, Exact, Money, Period};
use crate::diag::{Code, Diagnostic, Span};
use crate::eval::{Engine, LocalEngine, Opening, Prepared, Scope, Settled, Wanted};
use crate::explain::{Known, Node, Receipt, Walker};
use crate::meaning::plan::{
    self, Checked, ColumnId, ExprKind, FactDay, InputOf, MeasureId, PayId, Plan,
};
use crate::meaning::types::Type;
use crate::meaning::{SIGNED_BY, SIGNED_ON, needs};
use crate::program::Program;
use crate::syntax::ast;
use crate::table::{Cause, Column, Data, FileRows, GivenCredit, Kind, PEOPLE, Table, Value};

mod quotas;

/// What came of one test.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// Its title.
    pub title: String,
    /// Its head line.
    pub span: Span,
    /// What the test did not say and the runner filled in.
    pub assumed: Vec<Assumed>,
    /// What was not as expected; empty where it passed.
    pub failures: Vec<Failed>,
    /// Why that is so which is as expected, in the order written.
    pub reasons: Vec<Reason>,
}

/// A column, fact or quota that a test does not give, with the neutral value it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// What: `role of ana`.
    pub what: String,
    /// The value in words: `"Account Executive"`, `empty`, `missing`.
    pub value: String,
}

impl std::fmt::Display for Assumed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is {}", self.what, self.value)
    }
}

/// One expectation that does not hold.
#[derive(Clone, Debug)]
pub struct Failed {
    /// X303, or what is wrong with the test where it cannot be run.
    pub diagnostic: Diagnostic,
    /// What was compared, where the test could be run.
    pub compared: Option<Compared>,
}

/// An expectation beside what came out.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What the test expects.
    pub expected: Found,
    /// What the engine found.
    pub found: Found,
    /// Found less expected, where both are amounts.
    pub difference: Option<Exact>,
    /// Why it is what it is, from the walker.
    pub reason: Option<Reason>,
}

/// Why a value is what it is.
#[derive(Clone, Debug)]
pub enum Reason {
    /// A payout or component.
    Receipt(Receipt),
    /// A measure.
    Measure(Node),
}

/// A test's data, ready for both roads.
#[derive(Clone, Debug)]
pub struct Staged {
    /// What the test gives, and neutral values.
    pub data: Data,
    /// What was filled in.
    pub assumed: Vec<Assumed>,
    /// Why the test cannot be run.
    pub problems: Vec<Diagnostic>,
}

/// Runs the tests of a plan that are wanted by their titles, in the order written.
pub fn rehearse(
    plan: &Checked<Plan>,
    program: &Program,
    wanted: impl Fn(&str) -> bool,
) -> Vec<TestResult> {
    let tests = plan.tests.iter();
    tests
        .filter(|test| wanted(&test.title.value))
        .map(|test| run(plan, program, test))
        .collect()
}

/// Makes the data of one test.
pub fn stage(plan: &Plan, test: &ast::Test) -> Staged {
    let mut stage = Stage {
        plan,
        assumed: Vec::new(),
        problems: Vec::new(),
    };
    let data = stage.data(test);
    Staged {
        data,
        assumed: stage.assumed,
        problems: stage.problems,
    }
}

/// Everything the engine pays in a test.
pub fn paid(program: &Program, data: &Data) -> Collected {
    let opening = Opening::default();
    let mut collected = Collected::default();
    LocalEngine.prepare(program, data, &opening).pay(
        &crate::table::Overlay::default(),
        &Scope::default(),
        Wanted { credits: false },
        &mut collected,
    );
    collected
}

fn run(plan: &Checked<Plan>, program: &Program, test: &ast::Test) -> TestResult {
    let staged = stage(plan, test);
    let not_run = staged.problems.into_iter().map(|diagnostic| Failed {
        diagnostic,
        compared: None,
    });
    let mut failures: Vec<Failed> = not_run.collect();
    let mut reasons = Vec::new();
    if failures.is_empty() {
        let collected = paid(program, &staged.data);
        let mut walker = Walker::new(plan, &staged.data);
        for expect in &test.expects {
            match check(plan, expect, &collected, &mut walker) {
                Some(Ok(reason)) => reasons.push(reason),
                Some(Err(failed)) => failures.push(failed),
                None => {}
            }
        }
    }
    TestResult {
        title: test.title.value.clone(),
        span: test.span,
        assumed: staged.assumed,
        failures,
        reasons,
    }
}

/// A value as both roads give it.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A value.
    Value(Exact),
    /// Held, and why; a test that expects `is held` gives no causes.
    Held(Vec<Cause>),
    /// The person is not on the plan in that period.
    NotPaid,
}

/// What an expectation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A payout or component.
    Pay(PayId),
    /// A measure.
    Measure(MeasureId),
}

impl Target {
    /// What an expectation is about, and in which period; `None` for names that the plan does not have.
    pub fn of(plan: &Plan, expect: &ast::Expect) -> Option<(Target, Period)> {
        let name = &expect.what.text;
        let pay = plan.pay_named(name).map(Target::Pay);
        let target = pay.or_else(|| plan.measure_named(name).map(Target::Measure))?;
        let period = plan.calendar.parse_period(&expect.period.text).ok()?;
        Some((target, period))
    }

    /// The type of its value.
    fn ty(self, plan: &Plan) -> Type {
        match self {
            Target::Pay(_) => Type::Money(plan.currency),
            Target::Measure(id) => plan.measure(id).value.ty,
        }
    }
}

/// Why an expectation holds, or that it does not; `None` where there is nothing to show.
fn check(
    plan: &Plan,
    expect: &ast::Expect,
    collected: &Collected,
    walker: &mut Walker<'_>,
) -> Option<Result<Reason, Failed>> {
    let (target, period) = Target::of(plan, expect)?;
    let found = by_engine(collected, &expect.person.text, target, &period);
    let (slow, reason) = by_walker(walker, &expect.person.text, target, &period);
    let expected = match &expect.value {
        None => Found::Held(Vec::new()),
        Some(value) => match literal(value) {
            Some(Value::Number(number)) => Found::Value(number),
            _ => return None,
        },
    };
    let as_expected = match (&expected, &found) {
        (Found::Held(_), Found::Held(_)) => true,
        (expected, found) => expected == found,
    };
    if as_expected && found == slow {
        return reason.map(Ok);
    }
    let ty = target.ty(plan);
    let name = &expect.what.text;
    let message = if found != slow {
        format!(
            "the two engines disagree about `{name}`: {} and {}",
            words(&found, ty),
            words(&slow, ty)
        )
    } else {
        match (&expected, &found) {
            (Found::Held(_), _) => format!("`{name}` is not held: it is {}", words(&found, ty)),
            _ => format!("`{name}` is {}", words(&found, ty)),
        }
    };
    let mut diagnostic = Diagnostic::at(Code::X303, expect.span, message);
    let mut difference = None;
    if let (Found::Value(expected), Found::Value(found)) = (&expected, &found)
        && expected != found
    {
        let change = found.clone() - expected.clone();
        let amount = match ty {
            Type::Percent => plain(&Value::Number(change.abs()), Type::Points),
            _ => plain(&Value::Number(change.abs()), ty),
        };
        let way = if change.is_negative() { "less" } else { "more" };
        diagnostic = diagnostic
            .saying(format!("{amount} {way} than expected"))
            .note(columns(&[
                ("expected", plain(&Value::Number(expected.clone()), ty)),
                ("found", plain(&Value::Number(found.clone()), ty)),
                ("difference", format!("{amount} {way}")),
            ]));
        difference = Some(change);
    }
    if let Found::Held(causes) = &found {
        for cause in causes {
            diagnostic = diagnostic.note(cause.words.clone());
        }
    }
    Some(Err(Failed {
        diagnostic,
        compared: Some(Compared {
            expected,
            found,
            difference,
            reason,
        }),
    }))
}

/// Names with amounts under each other.
fn columns(rows: &[(&str, String)]) -> String {
    let digits = |text: &str| text.split(' ').next().unwrap_or("").chars().count();
    let widest = rows.iter().map(|(_, text)| digits(text)).max().unwrap_or(0);
    let lines = rows.iter().map(|(name, text)| {
        let pad = widest - digits(text);
        format!("{name:<12}{}{text}", " ".repeat(pad))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the engine found.
pub fn by_engine(collected: &Collected, payee: &str, target: Target, period: &Period) -> Found {
    let row = collected
        .rows
        .iter()
        .find(|row| row.payee == payee && row.period == *period);
    let Some(row) = row else {
        return Found::NotPaid;
    };
    let settled = match target {
        Target::Pay(id) => row
            .pays
            .iter()
            .find(|pay| pay.pay == id)
            .map(|pay| &pay.payout),
        Target::Measure(id) => row
            .measures
            .iter()
            .find(|(measure, _)| *measure == id)
            .map(|(_, value)| value),
    };
    match settled {
        None => Found::NotPaid,
        Some(Settled::Value(value)) => Found::Value(value.clone()),
        Some(Settled::Nothing) => Found::Value(Exact::ZERO),
        Some(Settled::Held(causes)) => Found::Held(causes.clone()),
    }
}

/// What the walker found, and why.
pub fn by_walker(
    walker: &mut Walker<'_>,
    payee: &str,
    target: Target,
    period: &Period,
) -> (Found, Option<Reason>) {
    if !walker.belongs(payee, period) {
        return (Found::NotPaid, None);
    }
    let (known, reason) = match target {
        Target::Pay(id) => {
            let receipt = walker.receipt(payee, id, period);
            (receipt.payout.clone(), Some(Reason::Receipt(receipt)))
        }
        Target::Measure(id) => {
            let step = walker.measure_step(payee, id, period);
            (walker.measure(payee, id, period), step.map(Reason::Measure))
        }
    };
    let found = match known {
        Known::Value(value) => Found::Value(value),
        Known::Nothing => Found::Value(Exact::ZERO),
        Known::Held(causes) => Found::Held(causes),
    };
    (found, reason)
}

fn words(found: &Found, ty: Type) -> String {
    match found {
        Found::Value(value) => plain(&Value::Number(value.clone()), ty),
        Found::Held(_) => "held".to_owned(),
        Found::NotPaid => {
            "not paid at all: the person is not on the plan in that period".to_owned()
        }
    }
}

/// The value of a literal, with a minus before it at most.
fn literal(expr: &ast::Expr) -> Option<Value> {
    Some(match &expr.kind {
        ast::ExprKind::Number(n) | ast::ExprKind::Percent(n) | ast::ExprKind::Points(n) => {
            Value::Number(n.clone())
        }
        ast::ExprKind::Money(n, _)
        | ast::ExprKind::Quantity(n, _)
        | ast::ExprKind::MoneyPer(n, _, _) => Value::Number(n.clone()),
        ast::ExprKind::Date(date) => Value::Date(*date),
        ast::ExprKind::Text(text) => Value::Text(text.as_str().into()),
        ast::ExprKind::Name(text) => Value::Text(text.as_str().into()),
        ast::ExprKind::Bool(flag) => Value::Bool(*flag),
        ast::ExprKind::Negative(inner) => match literal(inner)? {
            Value::Number(n) => Value::Number(-n),
            _ => return None,
        },
        _ => return None,
    })
}

/// Tables in the making: rows of named cells.
type NamedRows = Vec<BTreeMap<String, Value>>;

/// Inputs by name, whose they are and period.
type Inputs = BTreeMap<(String, String, String), Value>;

/// Makes the data of one test.
struct Stage<'a> {
    plan: &'a Plan,
    assumed: Vec<Assumed>,
    problems: Vec<Diagnostic>,
}

impl Stage<'_> {
    fn data(&mut self, test: &ast::Test) -> Data {
        let mut rows: BTreeMap<String, NamedRows> = BTreeMap::new();
        let mut quotas = Quotas::new();
        let mut facts: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        let mut inputs = Inputs::new();
        let mut data = Data::default();
        for expect in &test.expects {
            facts.entry(expect.person.text.clone()).or_default();
        }
        for given in &test.givens {
            match given {
                ast::Given::Table {
                    source,
                    headings,
                    rows: cells,
                    ..
                } => {
                    self.given_rows(source, headings, cells, &mut rows);
                }
                ast::Given::OfCompany {
                    what,
                    value,
                    period,
                    ..
                } => {
                    let key = (what.text.clone(), String::new(), period.text.clone());
                    inputs.extend(literal(value).map(|value| (key, value)));
                }
                ast::Given::Value {
                    what,
                    value,
                    person,
                    period: Some(period),
                    total: false,
                    ..
                } if self.plan.inputs.iter().any(|own| own.name == what.text) => {
                    let key = (what.text.clone(), person.text.clone(), period.text.clone());
                    inputs.extend(literal(value).map(|value| (key, value)));
                }
                ast::Given::Value {
                    what,
                    total,
                    value,
                    person,
                    period,
                    ..
                } => {
                    let fact = facts.entry(person.text.clone()).or_default();
                    let Some(value) = literal(value) else {
                        continue;
                    };
                    if *total {
                        data.given
                            .extend(self.given_total(what, &value, person, period.as_ref()));
                    } else if let Some(quota) =
                        self.plan.quotas.iter().find(|q| q.name == what.text)
                    {
                        let period = period.as_ref().map_or("", |period| &period.text);
                        let of = (&*person.text, period);
                        self.give_quota(quota, of, value, &mut quotas, &mut data);
                    } else {
                        fact.insert(what.text.clone(), value);
                    }
                }
            }
        }
        self.people(
            rows.remove(PEOPLE).unwrap_or_default(),
            facts,
            &rows,
            &mut data,
        );
        for source in &self.plan.sources {
            let rows = rows.remove(&source.name).unwrap_or_default();
            data.tables
                .insert(source.binding.clone(), self.table(source, &rows));
        }
        self.empty_columns(test);
        self.quota_rows(&mut rows, &mut quotas);
        self.missing_quotas(test, &quotas, &data);
        self.steady_quotas(test, &mut quotas);
        self.steady_given(test, &mut data);
        self.quota_tables(&quotas, &mut data);
        self.steady_inputs(test, &mut inputs);
        self.input_tables(&inputs, &mut data);
        data
    }

    fn assume(&mut self, what: String, value: String) {
        let assumed = Assumed { what, value };
        if !self.assumed.contains(&assumed) {
            self.assumed.push(assumed);
        }
    }

    /// Columns of a source that the plan reads; ids and days of validity name rows and say nothing else.
    fn read_columns(&self, binding: &str) -> Vec<String> {
        let schemas = needs(self.plan);
        let of = schemas
            .into_iter()
            .filter(|schema| schema.source == binding);
        of.flat_map(|schema| schema.columns)
            .map(|column| column.name)
            .filter(|name| !matches!(name.as_str(), "id" | "from" | "through"))
            .collect()
    }

    /// Columns that the plan reads and a table of the test does not have; sources without a table.
    fn empty_columns(&mut self, test: &ast::Test) {
        let plan = self.plan;
        for source in plan.sources.iter().chain([&plan.people]) {
            let tables = || {
                let of = |given: &'_ ast::Given| match given {
                    ast::Given::Table {
                        source: of,
                        headings,
                        ..
                    } if of.text == source.name => Some(headings.clone()),
                    _ => None,
                };
                test.givens.iter().filter_map(of)
            };
            let is_people = source.name == plan.people.name;
            if !is_people && tables().next().is_none() {
                self.assume(format!("the table of {}", source.name), "empty".to_owned());
                continue;
            }
            let binding = if is_people { PEOPLE } else { &source.binding };
            for name in self.read_columns(binding) {
                if tables().any(|headings| headings.iter().all(|own| own.text != name)) {
                    self.assume(format!("{name} of {}", source.name), "empty".to_owned());
                }
            }
        }
    }

    fn given_rows(
        &mut self,
        source: &ast::Name,
        headings: &[ast::Name],
        cells: &[Vec<ast::Name>],
        rows: &mut BTreeMap<String, NamedRows>,
    ) {
        let declared = if source.text == PEOPLE {
            Some(self.plan.people.clone())
        } else {
            let records = self.plan.sources.iter().find(|s| s.name == source.text);
            records
                .cloned()
                .or_else(|| self.plan.quota_source(&source.text))
        };
        let Some(declared) = declared else { return };
        for line in cells {
            let mut row = BTreeMap::new();
            for (heading, cell) in headings.iter().zip(line) {
                let Some(column) = declared.columns.iter().find(|c| c.name == heading.text) else {
                    continue;
                };
                if cell.text.is_empty() {
                    continue;
                }
                match value_of(&cell.text, column.ty, self.plan.currency) {
                    Some(value) => {
                        row.insert(heading.text.clone(), value);
                    }
                    None => self.problems.push(
                        Diagnostic::at(
                            Code::F001,
                            cell.span,
                            format!("`{}` is not what `{}` holds", cell.text, heading.text),
                        )
                        .saying(format!(
                            "expected {}",
                            example_of(column.ty, self.plan.currency)
                        )),
                    ),
                }
            }
            rows.entry(source.text.clone()).or_default().push(row);
        }
    }

    fn given_total(
        &mut self,
        what: &ast::Name,
        value: &Value,
        person: &ast::Name,
        period: Option<&ast::Name>,
    ) -> Option<GivenCredit> {
        let Value::Number(amount) = value else {
            return None;
        };
        let period = self.plan.calendar.parse_period(&period?.text).ok()?;
        let date = period.end().min(self.plan.effective.1);
        Some(GivenCredit {
            credit: what.text.clone(),
            payee: person.text.clone(),
            date,
            amount: amount.clone(),
        })
    }

    /// People: those given, then everyone else who is named anywhere in the test.
    fn people(
        &mut self,
        mut given: NamedRows,
        mut facts: BTreeMap<String, BTreeMap<String, Value>>,
        records: &BTreeMap<String, NamedRows>,
        data: &mut Data,
    ) {
        for source in &self.plan.sources {
            for column in source.columns.iter().filter(|c| c.ty == Type::Person) {
                for row in records.get(&source.name).into_iter().flatten() {
                    if let Some(Value::Text(id)) = row.get(&column.name) {
                        facts.entry(id.to_string()).or_default();
                    }
                }
            }
        }
        for row in &given {
            if let Some(Value::Text(id)) = row.get("id") {
                facts.remove(&**id);
            }
        }
        let read = self.read_columns(PEOPLE);
        if !facts.is_empty() {
            match member(&self.plan.payees.condition) {
                Some(member) => {
                    for (id, mut row) in facts {
                        for (column, value) in &member {
                            let named = &self.plan.people.columns[column.0];
                            let name = named.name.clone();
                            if let std::collections::btree_map::Entry::Vacant(entry) =
                                row.entry(name.clone())
                            {
                                self.assume(format!("{name} of {id}"), plain(value, named.ty));
                                entry.insert(value.clone());
                            }
                        }
                        for name in &read {
                            if !row.contains_key(name) {
                                self.assume(format!("{name} of {id}"), "empty".to_owned());
                            }
                        }
                        row.insert("id".to_owned(), Value::Text(Arc::from(id.as_str())));
                        given.push(row);
                    }
                }
                None => self.problems.push(
                    Diagnostic::at(
                        Code::X302,
                        self.plan.payees.span,
                        "a test cannot guess who meets this condition",
                    )
                    .help("say who the people are in the test", "given       people"),
                ),
            }
        }
        let table = self.table(&self.plan.people, &given);
        data.tables.insert(PEOPLE.to_owned(), table);
    }

    /// Like quotas, an input that is given holds in the periods that the test is not about.
    fn steady_inputs(&mut self, test: &ast::Test, inputs: &mut Inputs) {
        let plan = self.plan;
        for input in &plan.inputs {
            let (first, last) = plan.effective;
            let periods = plan.calendar.periods(first, last, input.cadence);
            let about = |period: &Period| {
                test.expects.iter().any(|expect| {
                    let of = plan.calendar.parse_period(&expect.period.text);
                    of.is_ok_and(|of| period.contains(plan.first_day_in(&of)))
                })
            };
            let given: BTreeMap<String, Value> = inputs
                .iter()
                .rev()
                .filter(|((name, ..), _)| *name == input.name)
                .map(|((_, key, _), value)| (key.clone(), value.clone()))
                .collect();
            for (key, value) in &given {
                let mut spread = false;
                for period in periods.iter().filter(|period| !about(period)) {
                    let label = plan.calendar.label(period);
                    let place = (input.name.clone(), key.clone(), label);
                    spread |= !inputs.contains_key(&place);
                    inputs.entry(place).or_insert_with(|| value.clone());
                }
                if spread {
                    let of = if key.is_empty() {
                        String::new()
                    } else {
                        format!(" of {key}")
                    };
                    let what = format!("{}{of} in the other periods", input.name);
                    self.assume(what, plain(value, input.ty));
                }
            }
            if given.is_empty() {
                let otherwise = input.missing.clone().map(Value::Number);
                let value = otherwise.map(|value| plain(&value, input.ty));
                self.assume(
                    input.name.clone(),
                    value.unwrap_or_else(|| "missing".to_owned()),
                );
            }
        }
    }

    /// Inputs that a test gives are signed.
    fn input_tables(&self, inputs: &Inputs, data: &mut Data) {
        let currency = self.plan.currency;
        for input in &self.plan.inputs {
            let own = |((name, ..), _): &(&(String, String, String), &Value)| *name == input.name;
            let rows: Vec<_> = inputs.iter().filter(own).collect();
            let mut table = test_table(&input.name, rows.len());
            let mut add = |name: &str, kind: Kind, values: Vec<Option<Value>>| {
                let column = Column::from_values(kind, &values, currency);
                table.columns.push((name.to_owned(), column));
            };
            let text = |text: &str| Some(Value::Text(text.into()));
            let keys = rows.iter().map(|((_, key, _), _)| text(key)).collect();
            match input.whose {
                InputOf::Company => {}
                InputOf::Person => add("payee", Kind::Text, keys),
                InputOf::Column(id) => add(&self.plan.people.columns[id.0].name, Kind::Text, keys),
            }
            let periods = rows.iter().map(|((.., period), _)| text(period));
            add("period", Kind::Text, periods.collect());
            let values = rows.iter().map(|(_, value)| Some((*value).clone()));
            add(&input.name, kind_of(input.ty), values.collect());
            let by = rows.iter().map(|_| text("the test"));
            add(SIGNED_BY, Kind::Text, by.collect());
            let on = rows
                .iter()
                .map(|_| Some(Value::Date(self.plan.effective.1)));
            add(SIGNED_ON, Kind::Date, on.collect());
            data.tables.insert(input.name.clone(), table);
        }
    }

    fn table(&self, source: &plan::Source, rows: &[BTreeMap<String, Value>]) -> Table {
        let mut table = test_table(&source.binding, rows.len());
        for column in &source.columns {
            let values: Vec<_> = rows
                .iter()
                .map(|row| row.get(&column.name).cloned())
                .collect();
            table.columns.push((
                column.name.clone(),
                Column::from_values(kind_of(column.ty), &values, self.plan.currency),
            ));
        }
        table
    }
}

fn test_table(name: &str, rows: usize) -> Table {
    Table {
        files: vec![FileRows::new(format!("the test's {name}"), 0)],
        rows,
        ..Table::empty(name)
    }
}

/// Values of people columns that make a condition true; `None` where that takes more than reading it.
fn member(condition: &plan::Expr) -> Option<Vec<(ColumnId, Value)>> {
    let column = |expr: &plan::Expr| match expr.kind {
        ExprKind::Fact(column, FactDay::Each) => Some(column),
        _ => None,
    };
    let value = |expr: &plan::Expr| match &expr.kind {
        ExprKind::Text(text) => Some(Value::Text(text.as_str().into())),
        ExprKind::Number(number) => Some(Value::Number(number.clone())),
        ExprKind::Date(date) => Some(Value::Date(*date)),
        ExprKind::Bool(flag) => Some(Value::Bool(*flag)),
        _ => None,
    };
    match &condition.kind {
        ExprKind::Binary(ast::BinaryOp::And, a, b) => {
            let mut both = member(a)?;
            both.extend(member(b)?);
            Some(both)
        }
        ExprKind::Binary(ast::BinaryOp::Or, a, b) => member(a).or_else(|| member(b)),
        ExprKind::Binary(
            ast::BinaryOp::Is | ast::BinaryOp::AtLeast | ast::BinaryOp::AtMost,
            a,
            b,
        ) => Some(vec![(column(a)?, value(b)?)]),
        ExprKind::OneOf(a, list, true) => Some(vec![(column(a)?, value(list.first()?)?)]),
        ExprKind::Fact(column, FactDay::Each) => Some(vec![(*column, Value::Bool(true))]),
        ExprKind::Present(a, true) if a.ty == Type::Text || a.ty == Type::Person => {
            Some(vec![(column(a)?, Value::Text("given".into()))])
        }
        ExprKind::Bool(true) => Some(Vec::new()),
        _ => None,
    }
}

/// A value as a plan would write it.
pub fn plain(value: &Value, ty: Type) -> String {
    match (value, ty) {
        (Value::Number(number), Type::Money(currency) | Type::MoneyPer(currency, _)) => {
            Money::new(number.clone(), currency).to_string()
        }
        (Value::Number(number), Type::Percent) => {
            format!("{}%", (number.clone() * Exact::int(100)).to_plain())
        }
        (Value::Number(number), Type::Points) => {
            let points = number.clone() * Exact::int(100);
            let word = if points == Exact::ONE {
                "point"
            } else {
                "points"
            };
            format!("{} {word}", points.to_plain())
        }
        (Value::Number(number), _) => number.to_plain(),
        (Value::Text(text), _) => format!("\"{text}\""),
        (Value::Date(date), _) => date.to_string(),
        (Value::Bool(flag), _) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}

fn kind_of(ty: Type) -> Kind {
    match ty {
        Type::Money(_) | Type::MoneyPer(..) => Kind::Money,
        Type::Percent | Type::Points => Kind::Percent,
        Type::Number | Type::Quantity(_) | Type::Poisoned => Kind::Number,
        Type::Date => Kind::Date,
        Type::Text | Type::Person => Kind::Text,
        Type::Bool => Kind::Flag,
    }
}

/// A cell of a test's table as a value of its column.
fn value_of(text: &str, ty: Type, currency: Currency) -> Option<Value> {
    Some(match ty {
        Type::Money(_) | Type::MoneyPer(..) => {
            let (number, code) = text.split_once(' ')?;
            (code.trim() == currency.code()).then_some(())?;
            Value::Number(grouped(number)?)
        }
        Type::Percent | Type::Points => {
            Value::Number(grouped(text.strip_suffix('%')?)? * Exact::ratio(1, 100)?)
        }
        Type::Quantity(_) => Value::Number(grouped(text.split(' ').next()?)?),
        Type::Number => Value::Number(grouped(text)?),
        Type::Date => Value::Date(Date::parse(text)?),
        Type::Text | Type::Person => Value::Text(text.trim_matches('"').into()),
        Type::Bool => Value::Bool(match text {
            "yes" => true,
            "no" => false,
            _ => return None,
        }),
        Type::Poisoned => return None,
    })
}

/// A number whose thousands may be grouped by commas: `10,000.50`.
fn grouped(text: &str) -> Option<Exact> {
    let (whole, _) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next()?.len();
    let mut rest = groups.peekable();
    if rest.peek().is_some() && (first > 3 || rest.any(|group| group.len() != 3)) {
        return None;
    }
    Exact::parse(&text.replace(',', "")).ok()
}

fn example_of(ty: Type, currency: Currency) -> String {
    match ty {
        Type::Money(_) | Type::MoneyPer(..) => format!("money, such as 10,000 {currency}"),
        Type::Percent | Type::Points => "a percentage, such as 85%".to_owned(),
        Type::Number | Type::Quantity(_) | Type::Poisoned => "a number, such as 12".to_owned(),
        Type::Date => "a date, such as 2026-03-31".to_owned(),
        Type::Text | Type::Person => "a text".to_owned(),
        Type::Bool => "yes or no".to_owned(),
    }
}
