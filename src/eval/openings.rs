//! Balances from before the plan's first period. `docs/spec/settlement.md`, section 7.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Exact;
use crate::diag::Diagnostic;
use crate::eval::broken::Broken;
use crate::eval::strangers::{Strangers, said};
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{PayId, Plan};
use crate::table::{Cause, Rows};

/// The balances of one source.
#[derive(Debug, Default)]
pub(in crate::eval) struct Openings<'a> {
    /// By payout and name of the balance, and payee.
    known: BTreeMap<((PayId, String), String), V>,
    /// By payee: rows of which it is not known which balance they are.
    held: BTreeMap<String, Vec<Cause>>,
    broken: Broken<'a>,
    /// Rows of which it is not known whose they are.
    everybody: Vec<Cause>,
}

impl<'a> Openings<'a> {
    /// Reads the plan's source, and says who of it the people file does not know.
    pub(in crate::eval) fn new(
        plan: &Plan,
        rows: &'a dyn Rows,
        ids: &BTreeSet<&str>,
    ) -> (Openings<'a>, Vec<Diagnostic>) {
        let mut openings = Openings::default();
        let mut strangers = Strangers::new();
        openings.given(plan, rows);
        let Some(table) = plan.opening.as_ref().and_then(|source| rows.table(source)) else {
            return (openings, Vec::new());
        };
        openings.broken = Broken::new(table, |_| true);
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            let read = |column: &str| cell(table, column, row, plan.currency).needed();
            let payee = match read("payee") {
                V::Text(payee) => payee.to_string(),
                V::Held(causes) => {
                    openings.everybody = both(std::mem::take(&mut openings.everybody), causes);
                    continue;
                }
                _ => continue,
            };
            if !ids.contains(payee.as_str()) {
                let cell = table.cell(row, "payee", &payee);
                strangers.entry(payee).or_insert(cell);
                continue;
            }
            let (pay, balance) = match (read("pay"), read("balance")) {
                (V::Text(pay), V::Text(balance)) => (plan.pay_named(&pay), balance),
                (pay, balance) => {
                    let held = openings.held.entry(payee).or_default();
                    for value in [pay, balance] {
                        if let V::Held(causes) = value {
                            *held = both(std::mem::take(held), causes);
                        }
                    }
                    continue;
                }
            };
            let Some(pay) = pay else { continue };
            let label = &plan.pay(pay).label;
            let mut value = read("amount");
            if let V::Number(amount) = &value {
                let cell = table.cell(row, "amount", &amount.to_plain());
                let wrong = match &*balance {
                    "drawn" if amount.is_negative() => {
                        Some(Cause::opening_below(label, &payee, cell))
                    }
                    "carried" if amount.is_positive() => {
                        Some(Cause::opening_above(label, &payee, cell))
                    }
                    _ => None,
                };
                value = wrong.map_or(value, |cause| V::Held(vec![cause]));
            }
            if !plan.keeps(pay, &balance) {
                let cell = table.cell(row, "balance", &balance);
                let cause = Cause::opening_unknown(label, &balance, &payee, cell);
                let held = openings.held.entry(payee).or_default();
                *held = both(std::mem::take(held), vec![cause]);
                continue;
            }
            let key = ((pay, balance.to_string()), payee);
            if let Some(earlier) = openings.known.remove(&key) {
                let cell = table.cell(row, "payee", &key.1);
                let mut causes = vec![Cause::opening_twice(label, &balance, &key.1, cell)];
                for value in [earlier, value] {
                    if let V::Held(more) = value {
                        causes = both(causes, more);
                    }
                }
                value = V::Held(causes);
            }
            openings.known.insert(key, value);
        }
        let note = "Nobody has the balance of this person";
        (openings, said(strangers, ids, note))
    }

    /// What a test gives.
    fn given(&mut self, plan: &Plan, rows: &dyn Rows) {
        for given in rows.given_balances() {
            if let Some(pay) = plan.pay_named(&given.pay) {
                let key = ((pay, given.balance.to_owned()), given.payee.clone());
                self.known.insert(key, V::Number(given.amount.clone()));
            }
        }
    }

    /// A balance, by its name, that a payout of a person starts with.
    ///
    /// # Errors
    /// Why it is not known.
    pub(in crate::eval) fn of(
        &self,
        (pay, balance): (PayId, &str),
        payee: &str,
    ) -> Result<Exact, Vec<Cause>> {
        let own = self.held.get(payee).cloned().unwrap_or_default();
        let mut held = both(self.everybody.clone(), both(self.broken.causes(payee), own));
        let key = ((pay, balance.to_owned()), payee.to_owned());
        let found = match self.known.get(&key) {
            Some(V::Number(amount)) => amount.clone(),
            Some(V::Held(causes)) => {
                held = both(held, causes.clone());
                Exact::ZERO
            }
            _ => Exact::ZERO,
        };
        if held.is_empty() {
            Ok(found)
        } else {
            Err(held)
        }
    }
}
