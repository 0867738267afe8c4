//! The balance from before the plan's first period, row by row.

use crate::base::Exact;
use crate::explain::cells::{of_broken_rows, read_cell};
use crate::explain::expression::{Scalar, Stop, demand};
use crate::explain::walk::Walker;
use crate::meaning::plan::PayId;
use crate::table::{Cause, Table, sorted};

/// What one row says about a balance.
enum Told {
    /// It is about another.
    Nothing,
    /// It may be about it.
    Unclear(Vec<Cause>),
    /// It is it.
    Balance(Result<Exact, Vec<Cause>>),
}

impl Walker<'_> {
    /// The balance below 0 that a payout of a person starts with.
    pub(in crate::explain) fn opening(&self, payee: &str, id: PayId) -> Result<Exact, Vec<Cause>> {
        let source = self.plan.opening.as_ref();
        let Some(table) = source.and_then(|source| self.rows.table(source)) else {
            return Ok(Exact::ZERO);
        };
        let mut held = of_broken_rows(table, payee);
        let mut balances = Vec::new();
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            match self.told(table, row, payee, id) {
                Told::Nothing => {}
                Told::Unclear(causes) => held.extend(causes),
                Told::Balance(balance) => {
                    if !balances.is_empty() {
                        let at = table.cell(row, "payee", payee);
                        let label = &self.plan.pay(id).label;
                        held.push(Cause::opening_twice(label, "carried", payee, at));
                    }
                    balances.push(balance);
                }
            }
        }
        let faulty = balances.iter().filter_map(|balance| balance.as_ref().err());
        held.extend(faulty.flatten().cloned());
        if held.is_empty() {
            Ok(balances.into_iter().flatten().next().unwrap_or_default())
        } else {
            Err(sorted(held))
        }
    }

    fn told(&self, table: &Table, row: usize, payee: &str, id: PayId) -> Told {
        let text = |column: &str| match demand(read_cell(self.plan, table, column, row)) {
            Ok(Scalar::Text(text)) => Ok(text),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Err(Vec::new()),
        };
        match text("payee") {
            Ok(own) if own == payee => {}
            Ok(_) => return Told::Nothing,
            Err(causes) => return Told::Unclear(causes),
        }
        let pay = match (text("pay"), text("balance")) {
            (Ok(pay), Ok(_)) => self.plan.pay_named(&pay),
            (pay, balance) => {
                let unread = [pay, balance].into_iter().filter_map(Result::err);
                return Told::Unclear(unread.flatten().collect());
            }
        };
        if pay != Some(id) {
            return Told::Nothing;
        }
        Told::Balance(match demand(read_cell(self.plan, table, "amount", row)) {
            Ok(Scalar::Number(amount)) if amount.is_positive() => {
                let at = table.cell(row, "amount", &amount.to_plain());
                let label = &self.plan.pay(id).label;
                Err(vec![Cause::opening_above(label, payee, at)])
            }
            Ok(Scalar::Number(amount)) => Ok(amount),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Err(Vec::new()),
        })
    }
}
