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
    /// A balance, by its name, that a payout of a person starts with.
    pub(in crate::explain) fn opening(
        &self,
        payee: &str,
        (id, name): (PayId, &str),
    ) -> Result<Exact, Vec<Cause>> {
        let pay = &self.plan.pay(id).name;
        let mut given = self.rows.given_balances().iter();
        let given = given.find(|own| own.payee == payee && own.pay == *pay && own.balance == name);
        if let Some(given) = given {
            return Ok(given.amount.clone());
        }
        let source = self.plan.opening.as_ref();
        let Some(table) = source.and_then(|source| self.rows.table(source)) else {
            return Ok(Exact::ZERO);
        };
        let mut held = of_broken_rows(table, payee);
        let mut balances = Vec::new();
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            match self.told(table, row, payee, (id, name)) {
                Told::Nothing => {}
                Told::Unclear(causes) => held.extend(causes),
                Told::Balance(balance) => {
                    if !balances.is_empty() {
                        let at = table.cell(row, "payee", payee);
                        let label = &self.plan.pay(id).label;
                        held.push(Cause::opening_twice(label, name, payee, at));
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

    fn told(&self, table: &Table, row: usize, payee: &str, (id, name): (PayId, &str)) -> Told {
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
        let (pay, balance) = match (text("pay"), text("balance")) {
            (Ok(pay), Ok(balance)) => (self.plan.pay_named(&pay), balance),
            (pay, balance) => {
                let unread = [pay, balance].into_iter().filter_map(Result::err);
                return Told::Unclear(unread.flatten().collect());
            }
        };
        if let Some(pay) = pay
            && !self.plan.keeps(pay, &balance)
        {
            let at = table.cell(row, "balance", &balance);
            let label = &self.plan.pay(pay).label;
            return Told::Unclear(vec![Cause::opening_unknown(label, &balance, payee, at)]);
        }
        if pay != Some(id) || balance != name {
            return Told::Nothing;
        }
        Told::Balance(match demand(read_cell(self.plan, table, "amount", row)) {
            Ok(Scalar::Number(amount)) if is_of_other_sign(&amount, name) => {
                let at = table.cell(row, "amount", &amount.to_plain());
                let label = &self.plan.pay(id).label;
                Err(vec![match name {
                    "drawn" => Cause::opening_below(label, payee, at),
                    _ => Cause::opening_above(label, payee, at),
                }])
            }
            Ok(Scalar::Number(amount)) => Ok(amount),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Err(Vec::new()),
        })
    }
}

/// What is drawn is not below 0, and what is carried not above it.
fn is_of_other_sign(amount: &Exact, name: &str) -> bool {
    match name {
        "drawn" => amount.is_negative(),
        _ => amount.is_positive(),
    }
}
