//! Amounts that somebody adds by hand: whether one may be paid. `docs/spec/evaluation.md`, section 2b.

use crate::base::{Date, Money};
use crate::diag::{Code, Diagnostic};
use crate::eval::record::RecordCrediting;
use crate::eval::values::{V, both};
use crate::meaning::plan::ByHand;
use crate::table::Cause;

impl RecordCrediting<'_> {
    /// Why an adjustment may not be paid yet: it gives no reason, nobody has approved it, or it is not whole in the
    /// smallest coin.
    pub(in crate::eval) fn not_sound(&self, own: &ByHand, row: usize) -> Vec<Cause> {
        let mut causes = Vec::new();
        if let V::Held(more) = self.cell(own.because, row).needed() {
            causes = both(causes, more);
        }
        let V::Number(number) = self.cell(own.amount, row) else {
            return causes;
        };
        let amount = Money::new(number.clone(), self.plan.currency).to_string();
        let payee = self.credit.receivers.to.map(|to| self.cell(to, row));
        let Some(V::Text(payee)) = payee else {
            return causes;
        };
        // Who has not approved it has not done so on a day.
        let mut approval = [own.approved_by, own.approved_on].into_iter();
        let open = approval.find_map(|column| match self.cell(column, row) {
            V::Held(causes) => Some(causes),
            V::Absent(_) => {
                let cell = self.table.cell(row, self.column(column), "");
                let cause = Cause::not_approved(&amount, &payee, &own.kept_by, cell);
                Some(vec![cause])
            }
            _ => None,
        });
        causes = both(causes, open.unwrap_or_default());
        if !self.plan.currency.is_whole(&number) {
            let cell = self
                .table
                .cell(row, self.column(own.amount), &number.to_plain());
            let cause = Cause::not_whole_cents(&amount, &payee, cell);
            causes = both(causes, vec![cause]);
        }
        causes
    }

    /// F032: an adjustment that stands on no statement.
    pub(in crate::eval) fn not_paid_then(
        &self,
        person: u32,
        row: usize,
        date: Date,
    ) -> Option<Diagnostic> {
        let plan = self.plan;
        if date < plan.effective.0 {
            return None;
        }
        let person = self.people.get(person as usize)?;
        let period = plan.calendar.period_of(date, plan.cadence);
        let label = plan.calendar.label(&period);
        let message = format!("{} is not paid by this plan in {label}", person.id);
        let cell = self
            .table
            .cell(row, self.column(self.credit.dated_by), &date.to_string());
        Some(
            Diagnostic::in_cell(Code::F032, cell, message)
                .note("The adjustment stands on no statement, and nobody is paid by it."),
        )
    }
}
