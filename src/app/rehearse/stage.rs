//! The data of one test: what it gives, and neutral values for the rest.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::rehearse::cells::{
    currency_key, currency_named, example_of, kind_of, money_of, test_table, value_of,
    with_currencies,
};
use crate::app::rehearse::quotas::Quotas;
use crate::app::rehearse::{Assumed, literal, plain};
use crate::base::Period;
use crate::diag::{Code, Diagnostic};
use crate::meaning::plan::{self, ColumnId, ExprKind, FactDay, InputOf, Plan, SourceId};
use crate::meaning::types::Type;
use crate::meaning::{SIGNED_BY, SIGNED_ON, needs};
use crate::syntax::ast;
use crate::table::{
    Column, Data, GivenBalance, GivenCarry, GivenCredit, Kind, PEOPLE, Table, Value, listed,
};

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

/// What a test gives as open before the plan's first period: what is owed of a draw, or a payout carries below 0.
fn given_balance(
    plan: &Plan,
    what: &ast::Name,
    value: &ast::Expr,
    person: &ast::Name,
) -> Option<GivenBalance> {
    let draw = plan.draw_named(&what.text).map(|draw| plan.draw(draw).pay);
    let Some(Value::Number(amount)) = literal(value) else {
        return None;
    };
    Some(GivenBalance {
        pay: match draw {
            Some(pay) => plan.pay(pay).name.clone(),
            None => what.text.clone(),
        },
        balance: if draw.is_some() { "drawn" } else { "carried" },
        payee: person.text.clone(),
        amount,
    })
}

/// Tables in the making: rows of named cells.
pub(in crate::app::rehearse) type NamedRows = Vec<BTreeMap<String, Value>>;

/// Inputs by name, whose they are and period.
pub(in crate::app::rehearse) type Inputs = BTreeMap<(String, String, String), Value>;

/// Makes the data of one test.
pub(in crate::app::rehearse) struct Stage<'a> {
    pub(in crate::app::rehearse) plan: &'a Plan,
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
                ast::Given::Balance {
                    what,
                    value,
                    person,
                    ..
                } => {
                    facts.entry(person.text.clone()).or_default();
                    data.given_balances
                        .extend(given_balance(self.plan, what, value, person));
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
                    let written = value;
                    let Some(value) = literal(value) else {
                        continue;
                    };
                    if self.plan.carries.iter().any(|own| own.name == what.text) {
                        let of = (&*person.text, period.as_ref());
                        data.given_carries
                            .extend(self.given_carry(what, &value, of));
                    } else if *total {
                        data.given
                            .extend(self.given_total(what, &value, person, period.as_ref()));
                    } else if let Some(quota) =
                        self.plan.quotas.iter().find(|q| q.name == what.text)
                    {
                        let period = period.as_ref().map_or("", |period| &period.text);
                        let of = (&*person.text, period);
                        self.give_quota(quota, of, value, &mut quotas, &mut data);
                    } else {
                        if let Some(currency) = money_of(written) {
                            let code = Value::Text(currency.code().into());
                            fact.insert(currency_key(&what.text), code);
                        }
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

    pub(in crate::app::rehearse) fn assume(&mut self, what: String, value: String) {
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
        let of_plan = self.plan.sources.iter().position(|s| s.name == source.text);
        let of_plan = of_plan.map(SourceId);
        for line in cells {
            let mut row = BTreeMap::new();
            for (heading, cell) in headings.iter().zip(line) {
                let Some(column) = declared.columns.iter().find(|c| c.name == heading.text) else {
                    continue;
                };
                if cell.text.is_empty() {
                    continue;
                }
                let at = declared
                    .columns
                    .iter()
                    .position(|own| own.name == column.name);
                let quotas = self.plan.quotas.iter();
                let is_converted = at
                    .is_some_and(|at| self.plan.is_converted(of_plan, ColumnId(at)))
                    || quotas
                        .filter(|own| own.binding == source.text && own.name == column.name)
                        .any(|own| own.converted.is_some());
                let own = column.ty.currency().unwrap_or(self.plan.currency);
                // Rows of payees who are paid in other currencies stand in the same table.
                let may_be_other = is_converted || self.plan.each_payee.is_some();
                let named = currency_named(&cell.text).filter(|_| may_be_other);
                match value_of(&cell.text, column.ty, named.unwrap_or(own)) {
                    Some(value) => {
                        if let Some(named) = named {
                            let code = Value::Text(named.code().into());
                            row.insert(currency_key(&heading.text), code);
                        }
                        row.insert(heading.text.clone(), value);
                    }
                    None => self.problems.push(
                        Diagnostic::at(
                            Code::F001,
                            cell.span,
                            format!("`{}` is not what `{}` holds", cell.text, heading.text),
                        )
                        .saying(format!("expected {}", example_of(column.ty, own))),
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

    fn given_carry(
        &self,
        what: &ast::Name,
        value: &Value,
        (person, period): (&str, Option<&ast::Name>),
    ) -> Option<GivenCarry> {
        let Value::Number(amount) = value else {
            return None;
        };
        Some(GivenCarry {
            carry: what.text.clone(),
            payee: person.to_owned(),
            period: self.plan.calendar.parse_period(&period?.text).ok()?,
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
            for column in &source.columns {
                let named = |text: &str| match column.ty {
                    Type::Person => vec![text.to_owned()],
                    Type::Persons => listed(text).map(str::to_owned).collect(),
                    _ => Vec::new(),
                };
                for row in records.get(&source.name).into_iter().flatten() {
                    if let Some(Value::Text(ids)) = row.get(&column.name) {
                        for id in named(ids) {
                            facts.entry(id).or_default();
                        }
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
            let currency = column.ty.currency().unwrap_or(self.plan.currency);
            let made = Column::from_values(kind_of(column.ty), &values, currency);
            let made = with_currencies(made, &column.name, currency, rows.iter());
            table.columns.push((column.name.clone(), made));
        }
        table
    }
}

/// Values of people columns that make a condition true; `None` where that takes more than reading it.
pub(in crate::app::rehearse) fn member(condition: &plan::Expr) -> Option<Vec<(ColumnId, Value)>> {
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
