//! Values that exceptions put in place of those that records have. `docs/spec/evaluation.md`, section 2a.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::Exact;
use crate::eval::exchanges::Exchanges;
use crate::eval::record::RecordEnv;
use crate::eval::values::{V, both, eval, truth};
use crate::meaning::plan::{
    Exception, ExceptionOf, ExceptionOnRecords, Expr, ExprKind, Instead, Plan, each_child,
};
use crate::table::{Cause, Rows, Table};

/// Every value that an exception replaces, by what it is and the row of its record.
#[derive(Debug, Default)]
pub(in crate::eval) struct Exceptions {
    values: FxHashMap<Instead, FxHashMap<usize, V>>,
}

impl Exceptions {
    /// Looks at every record that an exception may be about.
    pub(in crate::eval) fn new(
        plan: &Plan,
        rows: &dyn Rows,
        exchanges: &Exchanges<'_>,
    ) -> Exceptions {
        let mut found = Exceptions::default();
        for own in &plan.exceptions {
            let ExceptionOf::Records(records) = &own.of else {
                continue;
            };
            let Some(table) = rows.table(&plan.source(records.source).binding) else {
                continue;
            };
            let instead = records.instead;
            found.values.entry(instead).or_insert_with(|| {
                let all: Vec<_> = plan.exceptions_of(instead).collect();
                let value = |row| Some((row, replacement(plan, (table, exchanges), &all, row)?));
                (0..table.rows)
                    .into_par_iter()
                    .filter_map(value)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .collect()
            });
        }
        found
    }

    /// What stands in place of a record's value, where an exception says so.
    pub(in crate::eval) fn of(&self, instead: Instead, row: usize) -> Option<V> {
        self.values.get(&instead)?.get(&row).cloned()
    }

    /// The rows on which anything that an expression reads is replaced.
    pub(in crate::eval) fn touched(&self, expr: &Expr, touch: &mut dyn FnMut(usize)) {
        if let ExprKind::Column(source, column) = expr.kind {
            self.rows(Instead::Column(source, column), touch);
        }
        each_child(expr, &mut |child| self.touched(child, touch));
    }

    /// The rows on which a value is replaced.
    pub(in crate::eval) fn rows(&self, instead: Instead, touch: &mut dyn FnMut(usize)) {
        let own = self.values.get(&instead).into_iter().flatten();
        own.for_each(|(row, _)| touch(*row));
    }
}

/// What the exceptions that replace one value make of it on one record; `None` where none is about the record.
fn replacement(
    plan: &Plan,
    (table, exchanges): (&Table, &Exchanges<'_>),
    all: &[(&Exception, &ExceptionOnRecords)],
    row: usize,
) -> Option<V> {
    if table.broken_row(row).is_some() {
        // All of it is unknown already.
        return None;
    }
    // An exception reads the record as its file has it.
    let none = Exceptions::default();
    let env = RecordEnv {
        plan,
        exchanges,
        table,
        exceptions: &none,
        row,
    };
    let mut held = Vec::new();
    let mut first: Option<(&Exception, Exact)> = None;
    for (own, records) in all {
        match meets(&records.when, &env) {
            V::Bool(true) => {}
            V::Held(causes) => {
                held = both(held, causes);
                continue;
            }
            _ => continue,
        }
        match (eval(&records.amount, &env).needed(), &first) {
            (V::Held(causes), _) => held = both(held, causes),
            (V::Number(value), Some((other, known))) if value != *known => {
                let what = plan.replaced(own);
                let cause = Cause::exceptions_differ((&other.title, &own.title), &what, table, row);
                held = both(held, vec![cause]);
            }
            (V::Number(value), None) => first = Some((own, value)),
            _ => {}
        }
    }
    if held.is_empty() {
        first.map(|(_, value)| V::Number(value))
    } else {
        Some(V::Held(held))
    }
}

/// Whether all conditions hold; one that is false decides, whatever the others are.
pub(in crate::eval) fn meets(when: &[Expr], env: &RecordEnv<'_>) -> V {
    let mut held = Vec::new();
    for condition in when {
        match truth(eval(condition, env)) {
            V::Bool(true) => {}
            V::Held(causes) => held = both(held, causes),
            _ => return V::Bool(false),
        }
    }
    if held.is_empty() {
        V::Bool(true)
    } else {
        V::Held(held)
    }
}
