//! Records → credits: select, date, amount, receivers, rounding. `docs/spec/evaluation.md`, sections 2 and 4.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::{Date, Exact, split};
use crate::diag::{Code, Diagnostic};
use crate::eval::values::{Env, V, both, cell, eval, truth};
use crate::meaning::plan::{ColumnId, Credit, CreditId, Expr, ExprKind, Plan, SourceId};
use crate::table::{Cause, Column, Rows, Table, Texts, Values};

/// One share of one record for one person.
#[derive(Clone, Debug)]
pub(in crate::eval) struct Share {
    /// The person, by position in the list of people.
    pub(in crate::eval) person: usize,
    pub(in crate::eval) date: Date,
    /// The row in the source's table; `None` for a given credit.
    pub(in crate::eval) row: Option<usize>,
    pub(in crate::eval) amount: Exact,
}

/// A record that would give credit, if it could be known.
#[derive(Clone, Debug)]
pub(in crate::eval) struct Unknown {
    pub(in crate::eval) person: usize,
    /// `None` reaches every period.
    pub(in crate::eval) date: Option<Date>,
    pub(in crate::eval) causes: Vec<Cause>,
}

/// What the records of one credit came to.
#[derive(Clone, Debug, Default)]
pub(in crate::eval) struct Credited {
    pub(in crate::eval) shares: Vec<Share>,
    pub(in crate::eval) unknown: Vec<Unknown>,
    pub(in crate::eval) exceptions: Vec<Diagnostic>,
}

/// How many records a thread takes at a time.
const CHUNK: usize = 16 * 1024;

struct RecordEnv<'a> {
    plan: &'a Plan,
    table: &'a Table,
    row: usize,
}

impl Env for RecordEnv<'_> {
    fn read(&self, expr: &Expr) -> V {
        match expr.kind {
            ExprKind::Column(source, column) => cell(
                self.table,
                &self.plan.source(source).columns[column.0].name,
                self.row,
                self.plan.currency,
            ),
            _ => V::Nothing,
        }
    }

    fn is_empty(&self, expr: &Expr) -> Option<bool> {
        let ExprKind::Column(source, column) = expr.kind else {
            return None;
        };
        let name = &self.plan.source(source).columns[column.0].name;
        let column = self.table.column(name)?;
        Some(column.absent.contains(self.row))
    }

    fn is_text(&self, expr: &Expr, text: &str) -> Option<bool> {
        let ExprKind::Column(source, column) = expr.kind else {
            return None;
        };
        text_is(
            self.table,
            &self.plan.source(source).columns[column.0].name,
            self.row,
            text,
        )
    }
}

/// Whether a cell that is there holds a text, told by its code.
pub(in crate::eval) fn text_is(
    table: &Table,
    column: &str,
    row: usize,
    text: &str,
) -> Option<bool> {
    let column = table.column(column)?;
    let Values::Texts(texts) = &column.values else {
        return None;
    };
    if column.fault(row).is_some() {
        return None;
    }
    // An empty cell has a code without a text.
    Some(texts.get(row)? == text)
}

/// Credits every record of one credit's source, and those that are given.
pub(in crate::eval) fn credit(
    plan: &Plan,
    id: CreditId,
    rows: &dyn Rows,
    people: &FxHashMap<String, usize>,
) -> Credited {
    let credit = plan.credit(id);
    let mut all = Credited::default();
    if let Some(table) = rows.table(&plan.source(credit.source).binding) {
        let maker = Maker {
            plan,
            credit,
            table,
            persons: persons(plan, credit, table, people),
        };
        let chunks: Vec<Credited> = (0..table.rows.div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut made = Credited::default();
                for row in chunk * CHUNK..((chunk + 1) * CHUNK).min(table.rows) {
                    maker.record(row, &mut made);
                }
                made
            })
            .collect();
        all.shares
            .reserve(chunks.iter().map(|chunk| chunk.shares.len()).sum());
        for chunk in chunks {
            all.shares.extend(chunk.shares);
            all.unknown.extend(chunk.unknown);
            all.exceptions.extend(chunk.exceptions);
        }
    }
    for given in rows
        .given()
        .iter()
        .filter(|given| given.credit == credit.name)
    {
        if let Some(person) = people.get(&given.payee) {
            all.shares.push(Share {
                person: *person,
                date: given.date,
                row: None,
                amount: given.amount.clone(),
            });
        }
    }
    all.shares
        .retain(|share| plan.effective.0 <= share.date && share.date <= plan.effective.1);
    all
}

struct Maker<'a> {
    plan: &'a Plan,
    credit: &'a Credit,
    table: &'a Table,
    persons: BTreeMap<ColumnId, PersonCodes<'a>>,
}

/// A column of persons: its codes, and the person behind each; looked up once for each text, not for each row.
struct PersonCodes<'a> {
    column: &'a Column,
    texts: &'a Texts,
    people: Vec<Option<usize>>,
}

impl PersonCodes<'_> {
    /// Whether a row names anybody.
    fn has(&self, row: usize) -> bool {
        !self.column.absent.contains(row) && self.column.fault(row).is_none()
    }
}

/// The person columns that a credit may give to.
fn persons<'a>(
    plan: &Plan,
    credit: &Credit,
    table: &'a Table,
    people: &FxHashMap<String, usize>,
) -> BTreeMap<ColumnId, PersonCodes<'a>> {
    let split = credit.receivers.split.iter();
    let named = split.flat_map(|split| {
        let shares = split.shares.iter().filter_map(|(who, _, _)| *who);
        shares.chain(split.missing.flatten())
    });
    let columns = named.chain(credit.receivers.to);
    columns
        .filter_map(|id| {
            let column = table.column(&plan.source(credit.source).columns[id.0].name)?;
            let Values::Texts(texts) = &column.values else {
                return None;
            };
            let people = texts
                .words
                .iter()
                .map(|word| people.get(word).copied())
                .collect();
            Some((
                id,
                PersonCodes {
                    column,
                    texts,
                    people,
                },
            ))
        })
        .collect()
}

/// Who gets what part of a record, or why that is not known.
struct Receivers {
    parts: Vec<(Option<ColumnId>, Exact)>,
    causes: Vec<Cause>,
}

impl Maker<'_> {
    fn column(&self, id: ColumnId) -> &str {
        &self.plan.source(self.credit.source).columns[id.0].name
    }

    fn cell(&self, id: ColumnId, row: usize) -> V {
        cell(self.table, self.column(id), row, self.plan.currency)
    }

    fn record(&self, row: usize, out: &mut Credited) {
        let env = RecordEnv {
            plan: self.plan,
            table: self.table,
            row,
        };
        let mut causes: Vec<Cause> = Vec::new();
        for when in &self.credit.when {
            match truth(eval(when, &env)) {
                V::Bool(true) => {}
                V::Held(more) => causes = both(causes, more),
                _ => return,
            }
        }
        let date = match self.cell(self.credit.dated_by, row).needed() {
            V::Date(date) if date < self.plan.effective.0 || date > self.plan.effective.1 => return,
            V::Date(date) => Some(date),
            V::Held(more) => {
                causes = both(causes, more);
                None
            }
            _ => return,
        };
        let whole = match eval(&self.credit.amount, &env).needed() {
            V::Number(amount) => amount,
            V::Held(more) => {
                causes = both(causes, more);
                Exact::ZERO
            }
            _ => return,
        };
        if let Some(column) = self.table.column("id")
            && let Some(fault) = column.fault(row).and_then(|at| self.table.faults.get(at))
        {
            causes = both(causes, vec![Cause::fault(fault)]);
        }
        let receivers = self.receivers(row, &env);
        causes = both(causes, receivers.causes);
        if causes.is_empty() {
            self.share(row, date, &whole, &receivers.parts, out);
        } else {
            self.unknown(row, date, &causes, &receivers.parts, out);
        }
    }

    fn receivers(&self, row: usize, env: &RecordEnv<'_>) -> Receivers {
        let receivers = &self.credit.receivers;
        let to = || Receivers {
            parts: receivers
                .to
                .map(|to| (Some(to), Exact::ONE))
                .into_iter()
                .collect(),
            causes: receivers
                .to
                .map_or_else(Vec::new, |to| self.why_not(to, row)),
        };
        let Some(rule) = &receivers.split else {
            return to();
        };
        let applies = rule
            .when
            .as_ref()
            .map_or(V::Bool(true), |when| truth(eval(when, env)));
        match applies {
            V::Bool(true) => {
                let mut made = Receivers {
                    parts: Vec::new(),
                    causes: Vec::new(),
                };
                for (who, share, _) in &rule.shares {
                    let Some(who) = who else {
                        made.parts.push((None, share.clone()));
                        continue;
                    };
                    let taker = match (self.cell(*who, row), &rule.missing) {
                        (V::Absent(_), Some(instead)) => *instead,
                        _ => Some(*who),
                    };
                    if let Some(taker) = taker {
                        made.causes = both(made.causes, self.why_not(taker, row));
                    }
                    made.parts.push((taker, share.clone()));
                }
                made
            }
            V::Held(causes) => {
                // Anyone named could get it.
                let mut made = to();
                made.causes = causes;
                made.parts.extend(
                    rule.shares
                        .iter()
                        .map(|(who, share, _)| (*who, share.clone())),
                );
                made.parts
                    .extend(rule.missing.flatten().map(|who| (Some(who), Exact::ZERO)));
                made
            }
            _ => to(),
        }
    }

    /// Why a person cannot be read, if they cannot.
    fn why_not(&self, column: ColumnId, row: usize) -> Vec<Cause> {
        let is_there = self
            .persons
            .get(&column)
            .is_some_and(|codes| codes.has(row));
        if is_there {
            return Vec::new();
        }
        match self.cell(column, row).needed() {
            V::Held(causes) => causes,
            _ => Vec::new(),
        }
    }

    /// The person a column names; one whom the people file does not know is an exception.
    fn person(&self, column: ColumnId, row: usize, out: &mut Credited) -> Option<usize> {
        let codes = self.persons.get(&column).filter(|codes| codes.has(row))?;
        let code = *codes.texts.codes.get(row)?;
        let found = *codes.people.get(code as usize)?;
        if found.is_none() {
            let id = codes.texts.words.get(code)?;
            out.exceptions.push(
                Diagnostic::in_cell(
                    Code::F004,
                    self.table.cell(row, self.column(column), id),
                    format!("the people file has no `{id}`"),
                )
                .note("Nobody is credited with this person's share until it has."),
            );
        }
        found
    }

    fn share(
        &self,
        row: usize,
        date: Option<Date>,
        whole: &Exact,
        parts: &[(Option<ColumnId>, Exact)],
        out: &mut Credited,
    ) {
        let Some(date) = date else { return };
        let amounts: Vec<Exact> = match &self.credit.rounding {
            Some((rounding, residue)) => {
                let shares: Vec<Exact> = parts.iter().map(|(_, share)| share.clone()).collect();
                match parts {
                    [_] => vec![rounding.round(whole)],
                    _ => split(whole, &shares, rounding, *residue),
                }
            }
            None => parts
                .iter()
                .map(|(_, share)| whole.clone() * share.clone())
                .collect(),
        };
        let first = out.shares.len();
        for ((who, _), amount) in parts.iter().zip(amounts) {
            let Some(person) = who.and_then(|who| self.person(who, row, out)) else {
                continue;
            };
            let own = out
                .shares
                .get_mut(first..)
                .and_then(|own| own.iter_mut().find(|share| share.person == person));
            match own {
                Some(share) => share.amount = share.amount.clone() + amount,
                None => out.shares.push(Share {
                    person,
                    date,
                    row: Some(row),
                    amount,
                }),
            }
        }
    }

    fn unknown(
        &self,
        row: usize,
        date: Option<Date>,
        causes: &[Cause],
        parts: &[(Option<ColumnId>, Exact)],
        out: &mut Credited,
    ) {
        let mut reached: Vec<usize> = Vec::new();
        for (who, _) in parts {
            if let Some(person) = who.and_then(|who| self.person(who, row, out))
                && !reached.contains(&person)
            {
                reached.push(person);
                out.unknown.push(Unknown {
                    person,
                    date,
                    causes: causes.to_vec(),
                });
            }
        }
    }
}

/// A column of the record at hand, for a pay that runs over records.
pub(in crate::eval) fn record_cell(
    plan: &Plan,
    rows: &dyn Rows,
    source: SourceId,
    column: ColumnId,
    row: usize,
) -> V {
    let source = plan.source(source);
    match rows.table(&source.binding) {
        Some(table) => cell(table, &source.columns[column.0].name, row, plan.currency),
        None => V::Nothing,
    }
}
