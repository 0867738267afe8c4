//! Amounts that somebody adds by hand: whether one may be paid, and what it says of itself.

use crate::base::Money;
use crate::explain::cells::read_cell;
use crate::explain::expression::{Found, Scalar, Stop, demand};
use crate::explain::receipt::Reason;
use crate::meaning::plan::{ByHand, ColumnId, Credit, Plan};
use crate::table::{Cause, Table};

/// A row of adjustments.
#[derive(Clone, Copy)]
pub(in crate::explain) struct Adjustment<'a> {
    pub(in crate::explain) plan: &'a Plan,
    pub(in crate::explain) credit: &'a Credit,
    pub(in crate::explain) table: &'a Table,
    pub(in crate::explain) row: usize,
}

impl Adjustment<'_> {
    fn name(&self, id: ColumnId) -> &str {
        &self.plan.source(self.credit.source).columns[id.0].name
    }

    fn read(&self, id: ColumnId) -> Found {
        read_cell(self.plan, self.table, self.name(id), self.row)
    }

    fn text(&self, id: ColumnId) -> String {
        match self.read(id) {
            Ok(Scalar::Text(text)) => text,
            _ => String::new(),
        }
    }

    /// Why it may not be paid yet, if it may not.
    pub(in crate::explain) fn why_not(&self, own: &ByHand, payee: &str) -> Vec<Cause> {
        let mut why = match demand(self.read(own.because)) {
            Err(Stop::Held(causes)) => causes,
            _ => Vec::new(),
        };
        let Ok(Scalar::Number(number)) = self.read(own.amount) else {
            return why;
        };
        let amount = Money::new(number.clone(), self.plan.currency).to_string();
        for id in [own.approved_by, own.approved_on] {
            match self.read(id) {
                Ok(_) => continue,
                Err(Stop::Held(causes)) => why.extend(causes),
                Err(_) => {
                    let cell = self.table.cell(self.row, self.name(id), "");
                    why.push(Cause::not_approved(&amount, payee, &own.kept_by, cell));
                }
            }
            break;
        }
        if !self.plan.currency.is_whole(&number) {
            let found = number.to_plain();
            let cell = self.table.cell(self.row, self.name(own.amount), &found);
            why.push(Cause::not_whole_cents(&amount, payee, cell));
        }
        why
    }

    /// What stands on the statement beside the amount.
    pub(in crate::explain) fn reason(&self, own: &ByHand) -> Option<Reason> {
        match self.read(own.approved_on) {
            Ok(Scalar::Date(approved_on)) => Some(Reason {
                because: self.text(own.because),
                approved_by: self.text(own.approved_by),
                approved_on,
            }),
            _ => None,
        }
    }
}
