//! Records that come in after their period has closed: where each counts. `docs/spec/evaluation.md`, section 2c.

use crate::base::{Date, Period};
use crate::diag::{Code, Diagnostic};
use crate::eval::credited::When;
use crate::eval::people::Person;
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{ColumnId, Corrections, Credit, Plan};
use crate::syntax::ast::{Late, TooLate};
use crate::table::{Cause, Table};

/// Tells where records of one credit count.
pub(in crate::eval) struct LateRecords<'a> {
    plan: &'a Plan,
    credit: &'a Credit,
    said: &'a Corrections,
    table: &'a Table,
    periods: Vec<Period>,
}

/// Where a record counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::eval) enum Counted {
    /// On this day.
    On(When),
    /// On one of these, and nobody can tell on which.
    OneOf(Vec<When>),
    /// On any day at all.
    AnyDay,
    /// On none: it came in too late.
    Never(Lapsed),
}

/// Why a record came in too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::eval) enum Lapsed {
    /// So many periods had closed, its own among them.
    Closed(usize),
    /// The plan was over.
    Ended,
}

impl Counted {
    /// Every day on which the record may count; `None` is any.
    pub(in crate::eval) fn days(&self) -> Vec<Option<When>> {
        match self {
            Counted::On(day) => vec![Some(*day)],
            Counted::OneOf(days) => days.iter().copied().map(Some).collect(),
            Counted::AnyDay => vec![None],
            Counted::Never(_) => Vec::new(),
        }
    }
}

impl<'a> LateRecords<'a> {
    /// Of a credit that says when its records came in.
    pub(in crate::eval) fn new(
        plan: &'a Plan,
        credit: &'a Credit,
        table: &'a Table,
    ) -> Option<LateRecords<'a>> {
        Some(LateRecords {
            plan,
            credit,
            said: credit.corrections.as_ref()?,
            table,
            periods: plan.periods(),
        })
    }

    /// Where a record with a day of its own counts; why that is not known is added to the causes.
    pub(in crate::eval) fn of_row(
        &self,
        row: usize,
        own: Option<Date>,
        causes: &mut Vec<Cause>,
    ) -> Counted {
        match (self.known(row).needed(), own) {
            (V::Date(known), Some(own)) => self.counted(own, known),
            (V::Held(more), own) => {
                *causes = both(std::mem::take(causes), more);
                own.map_or(Counted::AnyDay, |own| self.may_count(own))
            }
            _ => Counted::AnyDay,
        }
    }

    /// Whether a record does not count as if it had come in on its own day.
    pub(in crate::eval) fn is_late(&self, own: Date, known: Date) -> bool {
        self.counted(own, known) != Counted::On(When::on(own))
    }

    /// Where a record counts. One from before the plan is none of its records: windows that look back read it, as soon
    /// as it is known where its period is rated again.
    fn counted(&self, own: Date, known: Date) -> Counted {
        let (its, late) = (self.at(own), self.said.late);
        let open = self.at(self.plan.open_period(known, self.said.close).start());
        if open <= its {
            return Counted::On(When::on(own));
        }
        let known_then = When {
            day: own,
            known: u16::try_from(open).unwrap_or(u16::MAX),
        };
        if own < self.plan.effective.0 {
            return Counted::On(match late {
                Late::OwnPeriod => known_then,
                Late::OpenPeriod => When::on(own),
            });
        }
        let Some(period) = self.periods.get(open) else {
            return Counted::Never(Lapsed::Ended);
        };
        let closed = open - its;
        let limit = self.said.limit;
        let limit = limit.filter(|(most, _)| closed > usize::from(*most));
        match (late, limit) {
            (_, Some((_, TooLate::NotPaid))) => Counted::Never(Lapsed::Closed(closed)),
            (Late::OwnPeriod, None) => Counted::On(known_then),
            // Nothing is earned in a period in which the plan is only settled.
            _ if !self.plan.earns_in(period) => Counted::Never(Lapsed::Ended),
            _ => Counted::On(When::on(period.start())),
        }
    }

    /// Where a record counts of which nobody knows when it came in: on its own day or in one of the later periods for
    /// which such records are taken.
    fn may_count(&self, own: Date) -> Counted {
        let later = self.periods.iter().skip(self.at(own) + 1);
        let then = later.filter_map(|open| {
            let known = open.start().add_days(self.said.close.into())?;
            match self.counted(own, known) {
                Counted::On(when) => Some(when),
                _ => None,
            }
        });
        let mut days: Vec<When> = std::iter::once(When::on(own)).chain(then).collect();
        days.dedup();
        Counted::OneOf(days)
    }

    /// The day under which it is listed what nobody has of a record: one on which it was known.
    pub(in crate::eval) fn listed_on(&self, when: When) -> Date {
        let known = self.periods.get(usize::from(when.known));
        known.map_or(when.day, |known| known.start().max(when.day))
    }

    /// The position of the period that holds a day, among those of the plan.
    fn at(&self, day: Date) -> usize {
        self.periods.partition_point(|period| period.end() < day)
    }

    /// The column that says when a record came in.
    pub(in crate::eval) fn known_on(&self) -> ColumnId {
        self.said.known_on
    }

    fn known(&self, row: usize) -> V {
        cell(self.table, self.column(), row, self.plan.currency)
    }

    fn column(&self) -> &str {
        let columns = &self.plan.source(self.credit.source).columns;
        &columns[self.said.known_on.0].name
    }

    /// F046: a record that nobody is paid for.
    pub(in crate::eval) fn too_late(&self, row: usize, why: Lapsed) -> Diagnostic {
        let when = match why {
            Lapsed::Ended => "after the plan's last period had closed".to_owned(),
            Lapsed::Closed(1) => "after its period had closed".to_owned(),
            Lapsed::Closed(2) => "after its period and the one behind it had closed".to_owned(),
            Lapsed::Closed(closed) => {
                format!(
                    "after its period and the {} behind it had closed",
                    closed - 1
                )
            }
        };
        let note = match (why, self.said.limit) {
            (Lapsed::Closed(_), Some((most, _))) => format!(
                "`{}` takes records for {most} closed {}. Nobody is paid for this one.",
                self.credit.label,
                if most == 1 { "period" } else { "periods" }
            ),
            _ => "Nobody is paid for it by this plan.".to_owned(),
        };
        self.of_late(row, &when).note(note)
    }

    /// F046: a record that counts in a period to which its person does not belong any more.
    pub(in crate::eval) fn has_left(
        &self,
        row: usize,
        person: &Person,
        day: Date,
    ) -> Option<Diagnostic> {
        let plan = self.plan;
        let period = plan.calendar.period_of(day, plan.cadence);
        if person.belongs(plan, &period) {
            return None;
        }
        let label = plan.calendar.label(&period);
        let when = format!("and counts in {label}, in which {} is not paid", person.id);
        let note = "Who has left has no payout in which it can count.";
        Some(self.of_late(row, &when).note(note))
    }

    fn of_late(&self, row: usize, when: &str) -> Diagnostic {
        let known = match self.known(row) {
            V::Date(known) => known.to_string(),
            _ => String::new(),
        };
        let cell = self.table.cell(row, self.column(), &known);
        let record = match self.table.text("id", row).unwrap_or_default() {
            "" => format!("this {}", self.credit.record_word),
            id => format!("`{id}`"),
        };
        Diagnostic::in_cell(
            Code::F046,
            cell,
            format!("{record} came in on {known}, {when}"),
        )
    }
}
