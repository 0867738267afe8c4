//! Whom rows that are not whole may be about. `docs/spec/evaluation.md`, section 4.

use std::collections::BTreeMap;

use crate::eval::values::both;
use crate::table::{Cause, Table};

/// Why persons are held by the rows of a table that are not whole.
#[derive(Debug, Default)]
pub(in crate::eval) struct Broken<'a> {
    everybody: Vec<Cause>,
    by_id: BTreeMap<&'a str, Vec<Cause>>,
}

impl<'a> Broken<'a> {
    /// Looks at each such row once. `is_known` says whether a text is the id of a person.
    pub(in crate::eval) fn new(table: &'a Table, is_known: impl Fn(&str) -> bool) -> Broken<'a> {
        let mut found = Broken::default();
        for row in &table.broken {
            let causes: Vec<Cause> = table.cause(row).into_iter().collect();
            if row.text.is_none() {
                found.everybody.extend(causes);
                continue;
            }
            for id in row.values().filter(|value| is_known(value)) {
                let so_far = found.by_id.entry(id).or_default();
                *so_far = both(std::mem::take(so_far), causes.clone());
            }
        }
        found
    }

    /// Those of some persons who are held, each with why.
    pub(in crate::eval) fn held<'i>(
        &self,
        ids: impl Iterator<Item = &'i str>,
    ) -> Vec<(&'i str, Vec<Cause>)> {
        let all = ids.map(|id| (id, self.causes(id)));
        all.filter(|(_, causes)| !causes.is_empty()).collect()
    }

    /// Why a person is held; nothing if they are not.
    pub(in crate::eval) fn causes(&self, id: &str) -> Vec<Cause> {
        let own = self.by_id.get(id).cloned().unwrap_or_default();
        both(self.everybody.clone(), own)
    }
}
