//! Persons who have more of a record than there is, by credits that the plan adds (C502).

use std::collections::BTreeMap;

use crate::base::Exact;
use crate::diag::{Code, Diagnostic};
use crate::eval::credited::Credited;
use crate::eval::exceptions::Exceptions;
use crate::eval::exchanges::Exchanges;
use crate::eval::people::Person;
use crate::eval::record::{RecordEnv, whole};
use crate::eval::values::V;
use crate::meaning::added;
use crate::meaning::plan::{CreditId, Plan};
use crate::table::{Rows, Table};

/// One warning for each person and each sum, with the first record that is counted twice.
pub(in crate::eval) fn doubled(
    plan: &Plan,
    credited: &[Credited],
    people: &[Person],
    (rows, exchanges): (&dyn Rows, &Exchanges<'_>),
    exceptions: &Exceptions,
) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    for added in added(plan) {
        let Some(first) = added.credits.first() else {
            continue;
        };
        let base = plan.credit(*first);
        let Some(table) = rows.table(&plan.source(base.source).binding) else {
            continue;
        };
        let sum = Sum {
            plan,
            credits: &added.credits,
            credited,
            exchanges,
            exceptions,
            table,
        };
        for (at, person) in (0..).zip(people).filter(|(_, own)| own.held.is_empty()) {
            said.extend(sum.of_person(at, &person.id));
        }
    }
    said
}

struct Sum<'a> {
    plan: &'a Plan,
    credits: &'a [CreditId],
    credited: &'a [Credited],
    exchanges: &'a Exchanges<'a>,
    exceptions: &'a Exceptions,
    table: &'a Table,
}

impl Sum<'_> {
    fn of_person(&self, person: u32, id: &str) -> Option<Diagnostic> {
        let periods = 0..self.plan.periods().len();
        let mut by_record: BTreeMap<usize, Vec<(CreditId, Exact)>> = BTreeMap::new();
        for credit in self.credits {
            let own = self.credited.get(credit.0)?;
            for share in own.shares(person, periods.clone()) {
                let Some(row) = share.row() else { continue };
                let parts = by_record.entry(row).or_default();
                parts.push((*credit, own.amount(share)));
            }
        }
        let twice = by_record.iter().filter(|(_, parts)| parts.len() > 1);
        let mut twice = twice
            .filter_map(|(row, parts)| Some((*row, parts, self.more_than_whole(*row, parts)?)));
        let (row, parts, (sum, whole)) = twice.next()?;
        let others = twice.count();
        let (record, places) = (
            self.table.text("id", row).unwrap_or_default(),
            self.plan.currency.minor_units(),
        );
        let ways: Vec<String> = parts
            .iter()
            .map(|(credit, amount)| {
                let label = &self.plan.credit(*credit).label;
                format!("{} by \"{label}\"", amount.to_grouped(places))
            })
            .collect();
        let more = match others {
            0 => String::new(),
            1 => " One more record is counted twice for them.".to_owned(),
            many => format!(" {many} more records are counted twice for them."),
        };
        let words = format!(
            "{id} has {} of `{record}`, which is {}: {}",
            sum.to_grouped(places),
            whole.to_grouped(places),
            ways.join(" and ")
        );
        Some(
            Diagnostic::in_cell(Code::C502, self.table.cell(row, "id", record), words).note(format!(
                "The plan adds these. Pay them apart, or write `accept C502 because \"…\"` in one of their blocks.{more}"
            )),
        )
    }

    /// What the parts of a record come to, and the record, where they are more.
    fn more_than_whole(&self, row: usize, parts: &[(CreditId, Exact)]) -> Option<(Exact, Exact)> {
        let (first, _) = parts.first()?;
        let sum = parts
            .iter()
            .fold(Exact::ZERO, |sum, (_, amount)| sum + amount.clone());
        let record = RecordEnv {
            plan: self.plan,
            exchanges: self.exchanges,
            exceptions: self.exceptions,
            table: self.table,
            row,
        };
        match whole(*first, &record) {
            V::Number(whole) if sum.abs() > whole.abs() => Some((sum, whole)),
            _ => None,
        }
    }
}
