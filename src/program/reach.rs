//! What a change of data reaches: whose results, from which period through which.
//!
//! Never too little; a little too much where that is cheaper to know (a record reaches all persons it names, whether
//! or not its condition lets them have credit).

use std::collections::BTreeMap;

use crate::base::{Date, Period};
use crate::diag::Code;
use crate::meaning::plan::{
    Column, ColumnId, Credit, CreditId, Exchange, FoundIn, InputId, InputOf, Lookup, LookupKind,
    Pay, PayId, Plan, Quota, QuotaId, RowSplit,
};
use crate::program::program::{Horizon, Item, Program};
use crate::table::{PEOPLE, Read, Rows, Table, Value, listed};

/// Persons and, for each, the first and the last of the periods that changes reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    persons: BTreeMap<String, (Date, Date)>,
    /// The periods that are reached for everybody.
    everybody: Option<(Date, Date)>,
}

impl Reach {
    /// Adds what a row of a source reaches. A row that changes is added as it was and as it is.
    pub fn row(&mut self, program: &Program, rows: &dyn Rows, source: &str, row: usize) {
        let Some(table) = rows.table(source) else {
            return;
        };
        for row in of_one_id(table, row).into_iter().chain([row]) {
            self.own(program, source, table, row);
            self.run(program, source, table, row);
            let plan = program.plan();
            for (at, credit) in plan.credits.iter().enumerate() {
                let joined = Joined::new(plan, credit, rows);
                if let Some(joined) = joined {
                    joined.reached(source, row, &mut |person, date| {
                        self.value(program, Item::Credit(CreditId(at)), Some(person), date);
                    });
                }
            }
        }
        // What one person brings, everybody may read.
        if !program.plan().groups.is_empty() {
            for (first, last) in self.persons.clone().into_values() {
                self.add_to(None, first, last);
            }
        }
    }

    /// Everybody whose records stand behind a record, where all that share a column run together.
    fn run(&mut self, program: &Program, source: &str, table: &Table, row: usize) {
        let plan = program.plan();
        for (at, pay) in plan.pays.iter().enumerate() {
            for (placed, credit) in pay.texts().filter_map(Pay::placed) {
                let credit = plan.credit(credit);
                let of = plan.source(credit.source);
                if placed.key.is_some() && of.binding == source {
                    for date in days(plan, credit, table, row) {
                        self.value(program, Item::Pay(PayId(at)), None, date);
                    }
                }
            }
        }
    }

    /// What the row itself reaches.
    fn own(&mut self, program: &Program, source: &str, table: &Table, row: usize) {
        let plan = program.plan();
        let is_listed = |lookup: &Lookup| match lookup.kind {
            LookupKind::Listed { source: of, .. } => plan.source(of).binding == source,
            _ => false,
        };
        let mut rates = plan.exchanges.iter().filter_map(Exchange::source);
        let is_rate = rates.any(|of| plan.source(of).binding == source);
        if is_rate || plan.lookups.iter().any(is_listed) {
            // Whoever has the row's texts, and had them in any period; whoever's money is converted by it.
            return self.add_to(None, plan.effective.0, Date::MAX);
        }
        if let Some(broken) = table.broken_row(row) {
            let inputs = plan.inputs.iter().filter(|input| input.name == source);
            let is_shared = inputs.clone().any(|input| input.whose != InputOf::Person)
                || holidays_of(plan, source)
                || plan.credits.iter().any(reads_everybody);
            if broken.text.is_none() || is_shared {
                self.add_to(None, plan.effective.0, Date::MAX);
            }
            for value in broken.values() {
                self.add(value, plan.effective.0, Date::MAX);
            }
            return;
        }
        if source == PEOPLE {
            // Who reports to whom, who has what others do and who shares what can be any row's business.
            if !plan.groups.is_empty() || plan.credits.iter().any(reads_everybody) {
                self.add_to(None, plan.effective.0, Date::MAX);
            }
            // Whom a fact lets in or out counts for all that person ever did.
            if let Some(person) = text(table, "id", row) {
                self.add(&person, plan.effective.0, Date::MAX);
            }
            return;
        }
        if plan.opening.as_deref() == Some(source) {
            match text(table, "payee", row) {
                Some(person) => self.add(&person, plan.effective.0, Date::MAX),
                None => self.add_to(None, plan.effective.0, Date::MAX),
            }
        }
        if goes_up_by_rows(plan, source) {
            self.add_to(None, plan.effective.0, Date::MAX);
        }
        for (at, credit) in plan.credits.iter().enumerate() {
            let of = plan.source(credit.source);
            if of.binding != source {
                continue;
            }
            let item = Item::Credit(CreditId(at));
            let mut reads = program.stages().iter().flat_map(|stage| &stage.reads);
            let looks_back = reads.any(|read| read.item == item && read.looks_back);
            let is_out =
                |date: Date| (date < plan.effective.0 && !looks_back) || plan.effective.1 < date;
            let list = credit.receivers.among().and_then(|among| match among.whom {
                FoundIn::List(list) => text(table, &of.columns[list.0].name, row),
                FoundIn::Everyone { .. } => None,
            });
            let list = list.unwrap_or_default();
            let named = credit.receivers().into_iter();
            let named = named.filter_map(|who| text(table, &of.columns[who.0].name, row));
            let persons: Vec<String> = listed(&list).map(str::to_owned).chain(named).collect();
            for date in days(plan, credit, table, row) {
                if date.is_some_and(is_out) {
                    continue;
                }
                if reads_everybody(credit) {
                    self.value(program, item, None, date);
                }
                for person in &persons {
                    self.value(program, item, Some(person), date);
                }
            }
        }
        for (at, input) in plan.inputs.iter().enumerate() {
            if input.name == source {
                let item = Item::Input(InputId(at));
                let start = self.start(plan, table, row);
                match input.whose {
                    InputOf::Person => {
                        if let Some(person) = text(table, "payee", row) {
                            self.value(program, item, Some(&person), start);
                        }
                    }
                    InputOf::Company | InputOf::Column(_) => {
                        self.value(program, item, None, start);
                    }
                }
            }
        }
        for quota in &plan.quotas {
            for rows in quota.day_rows() {
                let of = plan.source(rows.source);
                if of.binding == source
                    && let Some(person) = text(table, &of.columns[rows.payee.0].name, row)
                {
                    self.add(&person, plan.effective.0, Date::MAX);
                }
            }
        }
        if holidays_of(plan, source) {
            self.add_to(None, plan.effective.0, Date::MAX);
        }
        for (at, quota) in plan.quotas.iter().enumerate() {
            if quota.binding == source
                && let Some(person) = text(table, "payee", row)
            {
                // A quota is read from the first period of the longest length of time whose quota it is a part of.
                let item = Item::Quota(QuotaId(at));
                let length = program.stages().iter().find(|stage| stage.item == item);
                let start = self.start(plan, table, row);
                let start = start.map(|start| match length.map(|stage| stage.horizon) {
                    Some(Horizon::ToDate(length)) => plan.calendar.period_of(start, length).start(),
                    _ => start,
                });
                self.value(program, item, Some(&person), start);
            }
        }
    }

    /// The first day of the period that a row of a quota or an input names.
    fn start(&self, plan: &Plan, table: &Table, row: usize) -> Option<Date> {
        let period = text(table, "period", row)?;
        let period = plan.calendar.parse_period(&period).ok()?;
        Some(period.start())
    }

    /// Adds what a value of one day reaches; without a person, everybody; without a day, all periods.
    fn value(&mut self, program: &Program, item: Item, person: Option<&str>, date: Option<Date>) {
        let plan = program.plan();
        let Some(date) = date else {
            return self.add_to(person, plan.effective.0, Date::MAX);
        };
        let period = plan.calendar.period_of(date, plan.cadence);
        let last = match horizon(program, item) {
            Horizon::Period => period.end(),
            Horizon::ToDate(cadence) => plan.calendar.period_of(date, cadence).end(),
            Horizon::Plan => Date::MAX,
        };
        self.add_to(person, period.start(), last);
    }

    fn add_to(&mut self, person: Option<&str>, first: Date, last: Date) {
        match person {
            Some(person) => self.add(person, first, last),
            None => {
                let known = self.everybody.unwrap_or((first, last));
                self.everybody = Some((known.0.min(first), known.1.max(last)));
            }
        }
    }

    fn add(&mut self, person: &str, first: Date, last: Date) {
        let known = self
            .persons
            .entry(person.to_owned())
            .or_insert((first, last));
        *known = (known.0.min(first), known.1.max(last));
    }

    /// Whether a person's results of a period are reached.
    pub fn contains(&self, person: &str, period: &Period) -> bool {
        let own = self.persons.get(person);
        own.into_iter()
            .chain(&self.everybody)
            .any(|(first, last)| *first <= period.end() && period.start() <= *last)
    }

    /// Everyone reached, by id; `None` is everybody.
    pub fn persons(&self) -> Option<impl Iterator<Item = &str>> {
        let nobody_else = self.everybody.is_none();
        nobody_else.then(|| self.persons.keys().map(String::as_str))
    }

    /// The plan's periods that are reached for anybody.
    pub fn periods(&self, plan: &Plan) -> Vec<Period> {
        let reached = |period: &Period| {
            self.contains("", period) || self.persons.keys().any(|who| self.contains(who, period))
        };
        plan.periods().into_iter().filter(reached).collect()
    }
}

/// Whether rows of people say who has a credit, beside whom the plan pays.
fn reads_everybody(credit: &Credit) -> bool {
    let among = credit.receivers.among().map(|among| among.whom);
    credit.rollup.is_some() || matches!(among, Some(FoundIn::Everyone { .. }))
}

/// Whether the rows of a source say who has which part of something that goes up.
fn goes_up_by_rows(plan: &Plan, source: &str) -> bool {
    let rollups = plan.credits.iter().filter_map(|own| own.rollup.as_ref());
    rollups
        .filter_map(|rollup| plan.credit(rollup.of).receivers.from_rows())
        .any(|split| plan.source(split.source).binding == source)
}

/// A credit's records with the rows of another source that say who has which part of them.
struct Joined<'a> {
    plan: &'a Plan,
    credit: &'a Credit,
    split: &'a RowSplit,
    /// Columns of records and of rows.
    columns: (&'a [Column], &'a [Column]),
    /// Their sources' names in the manifest.
    names: (&'a str, &'a str),
    records: &'a Table,
    rows: &'a Table,
}

impl<'a> Joined<'a> {
    fn new(plan: &'a Plan, credit: &'a Credit, rows: &'a dyn Rows) -> Option<Joined<'a>> {
        let split = credit.receivers.from_rows()?;
        let (of, parts) = (plan.source(credit.source), plan.source(split.source));
        Some(Joined {
            plan,
            credit,
            split,
            columns: (&of.columns, &parts.columns),
            names: (&of.binding, &parts.binding),
            records: rows.table(&of.binding)?,
            rows: rows.table(&parts.binding)?,
        })
    }

    /// Whom a row reaches through the join, and on which day; `None` is every day.
    fn reached(&self, source: &str, row: usize, reach: &mut dyn FnMut(&str, Option<Date>)) {
        if source == self.names.0 {
            match self.records.broken_row(row) {
                Some(broken) => {
                    for value in broken.values() {
                        self.persons_of(value)
                            .iter()
                            .for_each(|who| reach(who, None));
                    }
                }
                None => self.record(row, reach),
            }
        }
        if source == self.names.1 {
            let record = self.column(self.split.record);
            match (self.rows.broken_row(row), text(self.rows, record, row)) {
                (Some(broken), _) => broken.values().for_each(|id| self.all_of(id, reach)),
                (None, Some(id)) => self.all_of(&id, reach),
                (None, None) => {
                    if let Some(who) = text(self.rows, self.column(self.split.who), row) {
                        reach(&who, None);
                    }
                }
            }
        }
    }

    fn column(&self, id: ColumnId) -> &str {
        &self.columns.1[id.0].name
    }

    /// The persons of all rows that name a record.
    fn persons_of(&self, id: &str) -> Vec<String> {
        let record = self.column(self.split.record);
        let is_of = |row: &usize| text(self.rows, record, *row).as_deref() == Some(id);
        let own = (0..self.rows.rows).filter(is_of);
        own.filter_map(|row| text(self.rows, self.column(self.split.who), row))
            .collect()
    }

    /// Everybody who may have a part of the records with an id.
    fn all_of(&self, id: &str, reach: &mut dyn FnMut(&str, Option<Date>)) {
        let of_id = (0..self.records.rows).filter(|row| self.records.text("id", *row) == Some(id));
        of_id.for_each(|row| self.record(row, reach));
        let mut broken = self.records.broken.iter();
        if broken.any(|broken| broken.may_be_about(id)) {
            self.persons_of(id).iter().for_each(|who| reach(who, None));
        }
    }

    /// Everybody who may have a part of a record.
    fn record(&self, row: usize, reach: &mut dyn FnMut(&str, Option<Date>)) {
        let column = |id: ColumnId| self.columns.0[id.0].name.as_str();
        let receivers = self.credit.receivers();
        let own = receivers
            .into_iter()
            .filter_map(|who| text(self.records, column(who), row));
        let id = self.records.text("id", row);
        let parts = id.map_or_else(Vec::new, |id| self.persons_of(id));
        let days = days(self.plan, self.credit, self.records, row);
        for person in own.chain(parts) {
            days.iter().for_each(|date| reach(&person, *date));
        }
    }
}

/// The days of a record: its own, and that of the period in which it came in; `None` is any.
fn days(plan: &Plan, credit: &Credit, table: &Table, row: usize) -> Vec<Option<Date>> {
    let columns = &plan.source(credit.source).columns;
    let day = |column: ColumnId| match table.read(&columns[column.0].name, row) {
        Read::Value(Value::Date(date)) => Some(date),
        _ => None,
    };
    let mut days = vec![day(credit.dated_by)];
    if let Some(said) = &credit.corrections {
        let known = day(said.known_on);
        days.push(known.map(|known| plan.open_period(known, said.close).start()));
    }
    days
}

/// The rows that are faulty because they have the id of this one (F007); whether they are depends on it.
fn of_one_id(table: &Table, row: usize) -> Vec<usize> {
    let id = |row: usize| {
        let fault = table.faults.get(table.column("id")?.fault(row)?)?;
        let cell = fault.cell.as_ref()?;
        (fault.code == Code::F007).then_some(cell.found.as_str())
    };
    let (Some(own), Some(column)) = (id(row), table.column("id")) else {
        return Vec::new();
    };
    let rows = column.faulty.iter().map(|(row, _)| *row as usize);
    rows.filter(|other| *other != row && id(*other) == Some(own))
        .collect()
}

/// Whether a source holds days that are no working days for anybody.
fn holidays_of(plan: &Plan, source: &str) -> bool {
    let mut quotas = plan.quotas.iter().filter_map(Quota::holidays);
    quotas.any(|(id, _)| plan.source(id).binding == source)
}

fn text(table: &Table, column: &str, row: usize) -> Option<String> {
    match table.read(column, row) {
        Read::Value(Value::Text(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// The farthest that a change of an item reaches, through all that reads it. Lengths of time lie inside each other,
/// so the longest decides.
fn horizon(program: &Program, item: Item) -> Horizon {
    let own = program.stages().iter().filter(|stage| stage.item == item);
    let mut farthest = own
        .map(|stage| stage.horizon)
        .max()
        .unwrap_or(Horizon::Period);
    let mut reached = vec![item];
    for stage in program.stages() {
        let through = stage
            .reads
            .iter()
            .filter(|read| reached.contains(&read.item));
        if let Some(read) = through.map(|read| read.horizon).max() {
            farthest = farthest.max(read).max(stage.horizon);
            reached.push(stage.item);
        }
    }
    farthest
}
