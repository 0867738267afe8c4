//! C504: exceptions and credits whose conditions no record meets. A slip in an id changes nobody's pay, so nobody else
//! would say it.

use crate::base::{Date, Exact, Period};
use crate::diag::{Code, Diagnostic};
use crate::eval::exceptions::{Exceptions, meets};
use crate::eval::exchanges::Exchanges;
use crate::eval::people::people;
use crate::eval::record::RecordEnv;
use crate::eval::values::{V, cell};
use crate::meaning::plan::{
    Credit, Exception, ExceptionOf, ExceptionOnRecords, Expr, Instead, Plan, QuotaId,
};
use crate::table::{Rows, Table};

/// What no record meets in the periods asked for; `None` is all of the plan's. What is accepted in the plan is left out.
pub fn unmet(plan: &Plan, rows: &dyn Rows, asked: Option<&[Period]>) -> Vec<Diagnostic> {
    let all = plan.periods();
    let exchanges = Exchanges::new(plan, rows);
    let looking = Looking {
        plan,
        rows,
        exchanges: &exchanges,
        none: &Exceptions::default(),
        replaced: &Exceptions::new(plan, rows, &exchanges),
        periods: asked.unwrap_or(&all),
    };
    let mut found = Vec::new();
    if let Some(last) = looking.periods.iter().max_by_key(|own| own.end()) {
        let exceptions = plan.exceptions.iter();
        found.extend(exceptions.filter_map(|own| looking.exception(own, last)));
        found.extend(plan.credits.iter().filter_map(|own| looking.credit(own)));
    }
    found.retain(|own| !plan.accepts(own));
    found
}

struct Looking<'a> {
    plan: &'a Plan,
    rows: &'a dyn Rows,
    exchanges: &'a Exchanges<'a>,
    /// For exceptions, which read records as their files have them.
    none: &'a Exceptions,
    /// For everything else.
    replaced: &'a Exceptions,
    periods: &'a [Period],
}

impl<'a> Looking<'a> {
    /// An exception that has been approved, and nothing up to the last period is what it is about.
    fn exception(&self, own: &Exception, last: &Period) -> Option<Diagnostic> {
        if own.approved_on > last.end() {
            return None;
        }
        let label = self.plan.calendar.label(last);
        let (message, note) = match &own.of {
            ExceptionOf::Records(records) => {
                let through = last.end().min(self.plan.effective.1);
                if self.is_met(records, through) {
                    return None;
                }
                (
                    format!(
                        "the exception \"{}\" meets no record through {label}",
                        own.title
                    ),
                    "Is an id mistyped? Until a record meets it, everybody is paid as if it were not there.",
                )
            }
            ExceptionOf::Quota {
                quota,
                payee,
                period,
                ..
            } => {
                if period.start() > last.end() || self.is_paid(payee, period) {
                    return None;
                }
                (
                    self.nobody(own, *quota, payee, period),
                    "Is the id of the person mistyped?",
                )
            }
        };
        Some(Diagnostic::at(Code::C504, own.span, message).note(note))
    }

    fn nobody(&self, own: &Exception, quota: QuotaId, payee: &str, period: &Period) -> String {
        format!(
            "the exception \"{}\" sets `{}` of {payee}, whom this plan does not pay in {}",
            own.title,
            self.plan.quota(quota).name,
            self.plan.calendar.label(period)
        )
    }

    fn is_paid(&self, payee: &str, period: &Period) -> bool {
        let people = people(self.plan, self.rows);
        let person = people.iter().find(|own| own.id == payee);
        let periods = self.plan.periods();
        let mut inside = periods.iter().filter(|own| period.contains_period(own));
        person.is_some_and(|person| inside.any(|own| person.belongs(self.plan, own)))
    }

    /// Whether a record dated up to a day is, or may be, what an exception is about.
    fn is_met(&self, records: &ExceptionOnRecords, through: Date) -> bool {
        let Some(table) = self.rows.table(&self.plan.source(records.source).binding) else {
            return true;
        };
        let credits = self.plan.credits.iter().enumerate();
        let dating: Vec<&Credit> = credits
            .filter(|(at, own)| match records.instead {
                Instead::Credit(id) => id.0 == *at,
                Instead::Column(..) => own.source == records.source && own.rollup.is_none(),
            })
            .map(|(_, own)| own)
            .collect();
        let is_dated = |row| {
            let mut days = dating.iter().map(|own| self.day(own, table, row));
            days.any(|day| day.is_none_or(|day| day <= through))
        };
        (0..table.rows)
            .any(|row| is_dated(row) && self.may_meet(table, row, &records.when, self.none))
    }

    /// A credit whose source has records in the periods, and none of them meets its conditions.
    fn credit(&self, own: &Credit) -> Option<Diagnostic> {
        if own.when.is_empty() || own.rollup.is_some() {
            return None;
        }
        let table = self.rows.table(&self.plan.source(own.source).binding)?;
        let (first, last) = self.plan.effective;
        let inside = |day: Date| {
            let mut periods = self.periods.iter();
            first <= day && day <= last && periods.any(|own| own.start() <= day && day <= own.end())
        };
        let mut dated = 0;
        for row in 0..table.rows {
            let day = self.day(own, table, row);
            if day.is_none_or(inside) {
                if self.may_meet(table, row, &own.when, self.replaced) {
                    return None;
                }
                dated += 1;
            }
        }
        let count = Exact::int(dated).to_grouped(0);
        let labels: Vec<String> = [self.periods.first(), self.periods.last()]
            .into_iter()
            .flatten()
            .map(|period| self.plan.calendar.label(period))
            .collect();
        let when = match labels.as_slice() {
            [from, to] if from != to => format!("{from} through {to}"),
            other => other.first().cloned().unwrap_or_default(),
        };
        let message = match dated {
            0 => return None,
            1 => format!(
                "the only {} of {when} does not meet the conditions of \"{}\"",
                own.record_word, own.label
            ),
            _ => format!(
                "none of the {count} {}s of {when} meets the conditions of \"{}\"",
                own.record_word, own.label
            ),
        };
        Some(
            Diagnostic::at(Code::C504, own.span, message)
                .note("Is a value misspelled in the plan, or spelled otherwise in the data?"),
        )
    }

    /// The day of a record for a credit, where it can be read.
    fn day(&self, own: &Credit, table: &Table, row: usize) -> Option<Date> {
        let column = &self
            .plan
            .source(own.source)
            .columns
            .get(own.dated_by.0)?
            .name;
        match cell(table, column, row, self.plan.currency) {
            V::Date(day) => Some(day),
            _ => None,
        }
    }

    fn may_meet(
        &self,
        table: &'a Table,
        row: usize,
        when: &[Expr],
        exceptions: &'a Exceptions,
    ) -> bool {
        let env = RecordEnv {
            plan: self.plan,
            exchanges: self.exchanges,
            table,
            exceptions,
            row,
        };
        meets(when, &env) != V::Bool(false)
    }
}
