//! Which columns of which sources a plan reads.

use crate::meaning::plan::{
    AsOf, Column, ColumnId, Credit, Exchange, Expr, ExprKind, FoundIn, Group, InputOf, LookupKind,
    Pay, PayId, Plan, Running, SourceId, each_child,
};
use crate::meaning::types::Type;
use crate::table::{ColumnSchema, Kind, PEOPLE, Schema};

/// The column with who signed an input.
pub const SIGNED_BY: &str = "signed_by";
/// The column with the day on which an input was signed.
pub const SIGNED_ON: &str = "signed_on";

/// The columns to load: those that something reads, and the keys of each source.
/// `docs/spec/evaluation.md`, section 7.
pub fn needs(plan: &Plan) -> Vec<Schema> {
    let mut read = Read {
        plan,
        facts: Vec::new(),
        columns: Vec::new(),
    };
    read.all();
    let mut schemas = vec![people(plan, &read.facts)];
    for (at, source) in plan.sources.iter().enumerate() {
        let used = |id: usize| read.columns.contains(&(SourceId(at), ColumnId(id)));
        let columns = source
            .columns
            .iter()
            .enumerate()
            .filter(|(id, column)| used(*id) || column.name == "id")
            .map(|(_, column)| ColumnSchema {
                key: column.name == "id",
                ..schema_of(column, false)
            })
            .collect();
        add(
            &mut schemas,
            Schema {
                source: source.binding.clone(),
                columns,
            },
        );
    }
    for input in &plan.inputs {
        let column = |name: &str, kind: Kind, may_lack: bool| ColumnSchema {
            name: name.to_owned(),
            kind,
            optional: may_lack,
            may_lack,
            key: false,
            one_of: None,
        };
        let mut columns = vec![column("period", Kind::Text, false)];
        columns.extend(match input.whose {
            InputOf::Company => None,
            InputOf::Person => Some(column("payee", Kind::Text, false)),
            InputOf::Column(id) => Some(column(&plan.people.columns[id.0].name, Kind::Text, false)),
        });
        columns.push(ColumnSchema {
            optional: true,
            ..column(&input.name, kind(input.ty), false)
        });
        columns.push(column(SIGNED_BY, Kind::Text, true));
        columns.push(column(SIGNED_ON, Kind::Date, true));
        schemas.push(Schema {
            source: input.name.clone(),
            columns,
        });
    }
    for quota in &plan.quotas {
        let text = |name: &str| ColumnSchema {
            name: name.to_owned(),
            kind: Kind::Text,
            optional: false,
            may_lack: false,
            key: false,
            one_of: None,
        };
        let value = ColumnSchema {
            name: quota.name.clone(),
            kind: kind(quota.ty),
            optional: true,
            may_lack: false,
            key: false,
            one_of: None,
        };
        add(
            &mut schemas,
            Schema {
                source: quota.binding.clone(),
                columns: vec![text("payee"), text("period"), value],
            },
        );
    }
    schemas.extend(plan.opening.as_ref().map(|source| opening(plan, source)));
    schemas
}

/// Balances from before the plan, one a row.
fn opening(plan: &Plan, source: &str) -> Schema {
    let pays = (0..).zip(&plan.pays);
    let accounts = pays.filter(|(at, pay)| plan.has_account(PayId(*at), pay));
    let pays = accounts.map(|(_, pay)| pay.name.clone()).collect();
    let balances = vec!["carried".to_owned(), "drawn".to_owned()];
    let column = |name: &str, kind: Kind, one_of: Option<Vec<String>>| ColumnSchema {
        name: name.to_owned(),
        kind,
        optional: false,
        may_lack: false,
        key: false,
        one_of,
    };
    Schema {
        source: source.to_owned(),
        columns: vec![
            column("payee", Kind::Text, None),
            column("pay", Kind::Text, Some(pays)),
            column("balance", Kind::Text, Some(balances)),
            column("amount", Kind::Money, None),
        ],
    }
}

fn people(plan: &Plan, facts: &[ColumnId]) -> Schema {
    let mut columns = Vec::new();
    for (at, column) in plan.people.columns.iter().enumerate() {
        let is_edge = column.name == "from" || column.name == "through";
        if column.name == "id" || is_edge || facts.contains(&ColumnId(at)) {
            columns.push(schema_of(column, is_edge));
        }
    }
    Schema {
        source: PEOPLE.to_owned(),
        columns,
    }
}

fn schema_of(column: &Column, may_lack: bool) -> ColumnSchema {
    ColumnSchema {
        name: column.name.clone(),
        kind: kind(column.ty),
        optional: column.optional,
        may_lack,
        key: false,
        one_of: column.one_of.clone(),
    }
}

fn kind(ty: Type) -> Kind {
    match ty {
        Type::Money(_) | Type::MoneyPer(..) => Kind::Money,
        Type::Percent | Type::Points => Kind::Percent,
        Type::Number | Type::Quantity(_) => Kind::Number,
        Type::Date => Kind::Date,
        Type::Text | Type::Person | Type::Persons | Type::Poisoned => Kind::Text,
        Type::Bool => Kind::Flag,
    }
}

/// Adds columns to the schema of their source.
fn add(schemas: &mut Vec<Schema>, schema: Schema) {
    match schemas
        .iter_mut()
        .find(|known| known.source == schema.source)
    {
        Some(known) => {
            for column in schema.columns {
                if !known.columns.iter().any(|c| c.name == column.name) {
                    known.columns.push(column);
                }
            }
        }
        None => schemas.push(schema),
    }
}

struct Read<'p> {
    plan: &'p Plan,
    facts: Vec<ColumnId>,
    columns: Vec<(SourceId, ColumnId)>,
}

impl Read<'_> {
    fn all(&mut self) {
        let plan = self.plan;
        plan.expressions().into_iter().for_each(|e| self.expr(e));
        let columns = plan.inputs.iter().filter_map(|input| match input.whose {
            InputOf::Column(id) => Some(id),
            InputOf::Company | InputOf::Person => None,
        });
        self.facts.extend(columns);
        for lookup in &plan.lookups {
            if let LookupKind::Listed { source, .. } = lookup.kind {
                let columns = 0..plan.source(source).columns.len();
                self.columns
                    .extend(columns.map(|at| (source, ColumnId(at))));
            }
        }
        for source in plan.exchanges.iter().filter_map(Exchange::source) {
            let columns = 0..plan.source(source).columns.len();
            self.columns
                .extend(columns.map(|at| (source, ColumnId(at))));
        }
        let ramps = plan.quotas.iter().filter_map(|quota| quota.ramp.as_ref());
        self.facts.extend(ramps.map(|ramp| ramp.hired));
        let firsts = plan.draws.iter().filter_map(|draw| draw.first.as_ref());
        self.facts.extend(firsts.map(|first| first.hired));
        for quota in &plan.quotas {
            for rows in quota.day_rows() {
                let columns = rows.columns().map(|column| (rows.source, column));
                self.columns.extend(columns);
            }
            self.columns.extend(quota.holidays());
        }
        self.facts
            .extend(plan.groups.iter().filter_map(Group::column));
        for rollup in plan.credits.iter().filter_map(|own| own.rollup.as_ref()) {
            self.facts.push(rollup.to);
            let differential = rollup.differential.as_ref();
            self.facts.extend(differential.and_then(|own| own.column));
        }
        for credit in &plan.credits {
            let columns = credit.receivers().into_iter().chain([credit.dated_by]);
            let known_on = credit.corrections.as_ref().map(|own| own.known_on);
            let columns = columns.chain(known_on);
            let as_of = credit.rollup.as_ref().and_then(|own| match own.as_of {
                AsOf::Column(column) => Some(column),
                AsOf::LastDay => None,
            });
            self.columns
                .extend(columns.chain(as_of).map(|column| (credit.source, column)));
            self.of_rows(credit);
            if let Some(own) = &credit.by_hand {
                let said = [own.because, own.approved_by, own.approved_on];
                self.columns
                    .extend(said.map(|column| (credit.source, column)));
            }
        }
        for pay in plan.pays.iter().flat_map(Pay::texts) {
            if let Some((placed, credit)) = pay.placed() {
                let source = plan.credit(credit).source;
                let total = match placed.running {
                    Running::Total(column) => Some(column),
                    Running::Count => None,
                };
                let columns = placed.key.into_iter().chain(total);
                self.columns.extend(columns.map(|column| (source, column)));
            }
        }
    }

    /// The columns of rows that say who has which part of a record.
    fn of_rows(&mut self, credit: &Credit) {
        match credit.receivers.among().map(|among| among.whom) {
            Some(FoundIn::List(list)) => self.columns.push((credit.source, list)),
            Some(FoundIn::Everyone { fact, value, on }) => {
                self.facts.push(fact);
                let columns = [value, on].map(|column| (credit.source, column));
                self.columns.extend(columns);
            }
            None => {}
        }
        if let Some(split) = credit.receivers.from_rows() {
            let columns = [split.record, split.who].into_iter();
            let columns = columns.chain(split.by.column()).chain(split.overlay);
            self.columns
                .extend(columns.map(|column| (split.source, column)));
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr.kind {
            ExprKind::Fact(column, _) => self.facts.push(column),
            ExprKind::Column(source, column) => self.columns.push((source, column)),
            _ => {}
        }
        each_child(expr, &mut |child| self.expr(child));
    }
}
