//! Tables of values that stand in data. `docs/spec/evaluation.md`, section 3.

use std::collections::BTreeMap;

use crate::eval::broken::Broken;
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{Lookup, LookupKind, Plan};
use crate::table::{Cause, Rows, Table};

/// One table of values, by the texts of its keys.
#[derive(Debug, Default)]
pub(in crate::eval) struct Listed<'a> {
    values: BTreeMap<Vec<String>, V>,
    broken: Broken<'a>,
}

impl<'a> Listed<'a> {
    /// Reads the rows of a table; of one that stands in the plan there are none.
    pub(in crate::eval) fn new(plan: &Plan, lookup: &Lookup, rows: &'a dyn Rows) -> Listed<'a> {
        let mut listed = Listed::default();
        let LookupKind::Listed { source, .. } = lookup.kind else {
            return listed;
        };
        let source = plan.source(source);
        let Some(table) = rows.table(&source.binding) else {
            return listed;
        };
        listed.broken = Broken::new(table, |_| true);
        let names: Vec<&str> = source.columns.iter().map(|own| own.name.as_str()).collect();
        let Some((value, keys)) = names.split_last() else {
            return listed;
        };
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            let key = |name: &&str| match cell(table, name, row, plan.currency) {
                V::Text(text) => Some(text.to_string()),
                _ => None,
            };
            if let Some(own) = keys.iter().map(key).collect() {
                listed.add(plan, lookup, (table, row), value, own);
            }
        }
        listed
    }

    fn add(
        &mut self,
        plan: &Plan,
        lookup: &Lookup,
        (table, row): (&Table, usize),
        value: &str,
        key: Vec<String>,
    ) {
        let currency = lookup.ty.currency().unwrap_or(plan.currency);
        let found = match cell(table, value, row, currency) {
            V::Absent(_) => return,
            found => found,
        };
        let found = match self.values.remove(&key) {
            None => found,
            Some(earlier) => {
                let at = table.cell(row, value, "");
                let twice = vec![Cause::listed_twice(&lookup.label, &key.join(", "), at)];
                match earlier {
                    V::Held(causes) => V::Held(both(causes, twice)),
                    _ => V::Held(twice),
                }
            }
        };
        self.values.insert(key, found);
    }

    /// What is listed for these keys; `None` where nothing is. A key that is empty is listed nowhere.
    pub(in crate::eval) fn value(&self, keys: &[Option<String>]) -> Option<V> {
        let keys: Option<Vec<String>> = keys.iter().cloned().collect();
        let keys = keys?;
        // A row that is not whole may be about whatever stands in it.
        let mut held = keys.iter().map(|key| self.broken.causes(key));
        let first = held.next().unwrap_or_default();
        let held = held.fold(first, |held, own| {
            held.into_iter()
                .filter(|cause| own.contains(cause))
                .collect()
        });
        if !held.is_empty() {
            return Some(V::Held(held));
        }
        self.values.get(&keys).cloned()
    }
}
