//! Who is on the plan, and on which days. `docs/spec/evaluation.md`, section 1.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Date, Period, natural_cmp};
use crate::eval::broken::Broken;
use crate::eval::values::{Env, V, both, cell, eval, truth};
use crate::meaning::plan::{ColumnId, Expr, ExprKind, Membership, Plan};
use crate::table::{Cause, PEOPLE, Rows, Table, sorted};

/// One person.
#[derive(Clone, Debug)]
pub(in crate::eval) struct Person {
    /// The id.
    pub(in crate::eval) id: String,
    /// Rows of the people table, each with its first and last day.
    pub(in crate::eval) rows: Vec<(usize, Date, Date)>,
    /// Rows whose days cannot be told, and why.
    pub(in crate::eval) undated: Vec<(usize, Vec<Cause>)>,
    /// Days on which the condition holds, in order; windows that look back read those before the plan.
    pub(in crate::eval) role: Vec<(Date, Date)>,
    /// Rows that are not whole and may be theirs.
    pub(in crate::eval) broken: Vec<Cause>,
    /// Why nothing of this person can be known.
    pub(in crate::eval) held: Vec<Cause>,
}

impl Person {
    /// Whether a day is one in the role.
    pub(in crate::eval) fn has_role(&self, day: Date) -> bool {
        self.role
            .iter()
            .any(|(first, last)| *first <= day && day <= *last)
    }

    /// Whether credits of a day count.
    pub(in crate::eval) fn counts(&self, plan: &Plan, day: Date) -> bool {
        !self.held.is_empty() || plan.payees.membership == Membership::LastDay || self.has_role(day)
    }

    /// Whether the person belongs to a period.
    pub(in crate::eval) fn belongs(&self, plan: &Plan, period: &Period) -> bool {
        if !plan.earns_in(period) {
            return false;
        }
        if !self.held.is_empty() {
            return true;
        }
        let start = period.start().max(plan.effective.0);
        self.belongs_to(plan, start, period.end().min(plan.effective.1))
    }

    /// Whether some days, all of them the plan's, are such that the person belongs to them.
    pub(in crate::eval) fn belongs_to(&self, plan: &Plan, start: Date, end: Date) -> bool {
        match plan.payees.membership {
            Membership::LastDay => self.has_role(end),
            Membership::DaysInRole => {
                let mut days = self.role.iter();
                days.any(|(first, last)| *first <= end && start <= *last)
            }
        }
    }
}

struct RowEnv<'a> {
    plan: &'a Plan,
    table: &'a Table,
    row: usize,
}

impl Env for RowEnv<'_> {
    fn read(&self, expr: &Expr) -> V {
        match expr.kind {
            ExprKind::Fact(ColumnId(at), _) => cell(
                self.table,
                &self.plan.people.columns[at].name,
                self.row,
                self.plan.currency,
            ),
            _ => V::Nothing,
        }
    }
}

/// Everyone in the people table, by id in natural order; and every id there is.
pub(in crate::eval) fn people(plan: &Plan, rows: &dyn Rows) -> Vec<Person> {
    let Some(table) = rows.table(PEOPLE) else {
        return Vec::new();
    };
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in 0..table.rows {
        if let V::Text(id) = cell(table, "id", row, plan.currency) {
            by_id.entry(id.to_string()).or_default().push(row);
        }
    }
    let mut people: Vec<Person> = by_id
        .into_iter()
        .map(|(id, rows)| person(plan, table, id, &rows))
        .collect();
    people.sort_by(|a, b| natural_cmp(&a.id, &b.id));
    let ids: BTreeSet<String> = people.iter().map(|person| person.id.clone()).collect();
    let broken = Broken::new(table, |text| ids.contains(text));
    for person in &mut people {
        person.broken = broken.causes(&person.id);
        person.held = both(std::mem::take(&mut person.held), person.broken.clone());
    }
    people
}

fn person(plan: &Plan, table: &Table, id: String, rows: &[usize]) -> Person {
    let mut person = Person {
        id,
        rows: Vec::new(),
        undated: Vec::new(),
        role: Vec::new(),
        broken: Vec::new(),
        held: Vec::new(),
    };
    let mut could_be_member = false;
    let mut contradictions = Vec::new();
    for row in rows {
        let edge = |name: &str, open: Date| match cell(table, name, *row, plan.currency) {
            V::Date(date) => Ok(date),
            V::Held(causes) => Err(causes),
            _ => Ok(open),
        };
        let condition = truth(eval(
            &plan.payees.condition,
            &RowEnv {
                plan,
                table,
                row: *row,
            },
        ));
        let (first, last) = match (edge("from", Date::MIN), edge("through", Date::MAX)) {
            (Ok(first), Ok(last)) => (first, last),
            (Err(causes), _) | (_, Err(causes)) => {
                person.undated.push((*row, causes.clone()));
                if condition != V::Bool(false) {
                    person.held.extend(causes);
                }
                continue;
            }
        };
        if last < first {
            let cell = table.cell(*row, "through", &last.to_string());
            let cause = Cause::ends_first(&person.id, first, last, cell);
            person.undated.push((*row, vec![cause.clone()]));
            contradictions.push(cause);
        } else {
            if person
                .rows
                .iter()
                .any(|(_, f, l)| *f <= last && first <= *l)
            {
                let cell = table.cell(*row, "id", &person.id);
                contradictions.push(Cause::overlap(&person.id, cell));
            }
            person.rows.push((*row, first, last));
        }
        match condition {
            V::Bool(false) | V::Nothing => {}
            V::Held(causes) => person.held.extend(causes),
            _ => {
                could_be_member = true;
                if first <= last {
                    person.role.push((first, last));
                }
            }
        }
    }
    if could_be_member {
        person.held.extend(contradictions);
    }
    person.held = sorted(std::mem::take(&mut person.held));
    // By day, so that what is said of them does not depend on the order of rows.
    person
        .rows
        .sort_by_key(|(row, first, last)| (*first, *last, *row));
    person.role.sort();
    person
}
