//! All tables of a run, and changes to them as values.

use std::collections::BTreeMap;

use crate::table::table::{GivenBalance, GivenCarry, GivenCredit, GivenQuota, Table};

/// The name of the people's table in [`Data`].
pub const PEOPLE: &str = "people";

/// Where rows come from. The engine and the walker see data only through this.
pub trait Rows: Sync {
    /// The table of a source, by its name in the manifest; people are [`PEOPLE`].
    fn table(&self, name: &str) -> Option<&Table>;
    /// Credits that are given rather than derived.
    fn given(&self) -> &[GivenCredit];
    /// Quotas that are given rather than made.
    fn given_quotas(&self) -> &[GivenQuota];
    /// What is given as carried into a period.
    fn given_carries(&self) -> &[GivenCarry];
    /// What is given as a balance from before the plan's first period.
    fn given_balances(&self) -> &[GivenBalance];
}

/// Tables in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    /// By name in the manifest.
    pub tables: BTreeMap<String, Table>,
    /// Credits that are given rather than derived.
    pub given: Vec<GivenCredit>,
    /// Quotas that are given rather than made.
    pub given_quotas: Vec<GivenQuota>,
    /// What is given as carried into a period.
    pub given_carries: Vec<GivenCarry>,
    /// What is given as a balance from before the plan's first period.
    pub given_balances: Vec<GivenBalance>,
}

impl Rows for Data {
    fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }
    fn given(&self) -> &[GivenCredit] {
        &self.given
    }
    fn given_quotas(&self) -> &[GivenQuota] {
        &self.given_quotas
    }
    fn given_carries(&self) -> &[GivenCarry] {
        &self.given_carries
    }
    fn given_balances(&self) -> &[GivenBalance] {
        &self.given_balances
    }
}

/// Changed tables as a value, laid over the rows an engine was prepared with: a whole table stands in
/// place of the one of the same name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// Replaced tables, by name in the manifest.
    pub tables: BTreeMap<String, Table>,
    /// Credits in place of the given ones, where there are any.
    pub given: Option<Vec<GivenCredit>>,
}

/// Rows seen through an overlay.
pub struct Overlaid<'a> {
    /// What lies below.
    pub rows: &'a dyn Rows,
    /// What lies on top.
    pub overlay: &'a Overlay,
}

impl Rows for Overlaid<'_> {
    fn table(&self, name: &str) -> Option<&Table> {
        self.overlay
            .tables
            .get(name)
            .or_else(|| self.rows.table(name))
    }
    fn given(&self) -> &[GivenCredit] {
        self.overlay
            .given
            .as_deref()
            .unwrap_or_else(|| self.rows.given())
    }
    fn given_quotas(&self) -> &[GivenQuota] {
        self.rows.given_quotas()
    }
    fn given_carries(&self) -> &[GivenCarry] {
        self.rows.given_carries()
    }
    fn given_balances(&self) -> &[GivenBalance] {
        self.rows.given_balances()
    }
}
