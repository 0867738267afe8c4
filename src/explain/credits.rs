//! One person's credits, found by reading every record.

use std::collections::BTreeSet;

use crate::base::{Currency, Date, Exact, natural_cmp};
use crate::diag::Span;
use crate::explain::by_hand::Adjustment;
use crate::explain::cells::{of_broken_rows, read_amount, read_cell, read_column, record_id};
use crate::explain::crowd::Joins;
use crate::explain::exceptions::{AsFiled, whole};
use crate::explain::exchanges::{Amounts, quote};
use crate::explain::expression::{Found, Reader, Scalar, Stop, demand, walk, yes};
use crate::explain::late::counts_on;
use crate::explain::receipt::{Decided, Node, PartOf, Quoted, Reason, Replaced, Rule};
use crate::explain::splits::Who;
use crate::meaning::plan::{
    ByHand, ColumnId, Credit, CreditId, ExchangeId, Expr, ExprKind, Instead, Plan,
};
use crate::table::{Cause, Read, Rows, Table, listed, sorted};

mod parts;

/// One record's share for the person.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Share {
    /// The day on which it counts.
    pub(in crate::explain) date: Date,
    /// The first of the plan's periods in which it is known.
    pub(in crate::explain) known: usize,
    /// The record's own day.
    pub(in crate::explain) own: Date,
    /// The day on which it came in, where that was after its period had closed.
    pub(in crate::explain) late: Option<Date>,
    pub(in crate::explain) row: Option<usize>,
    pub(in crate::explain) record: String,
    pub(in crate::explain) whole: Exact,
    pub(in crate::explain) amount: Exact,
    pub(in crate::explain) place: String,
    /// What of its amount was converted.
    pub(in crate::explain) converted: Vec<Node>,
    /// Who has which part of the record, where that stands in rows of another source.
    pub(in crate::explain) parts: Vec<PartOf>,
    /// What exceptions replaced on the record.
    pub(in crate::explain) exceptions: Vec<Replaced>,
    /// Of an adjustment: why it is there.
    pub(in crate::explain) reason: Option<Reason>,
}

/// A record that would give the person credit, if it could be known.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Unknown {
    /// The day on which it counts, or every day.
    pub(in crate::explain) day: Option<Date>,
    /// The first of the plan's periods in which it is known that it is there.
    pub(in crate::explain) known: usize,
    /// The record's own day.
    pub(in crate::explain) own: Option<Date>,
    pub(in crate::explain) why: Vec<Cause>,
}

/// All that one credit gives a person.
#[derive(Clone, Debug, Default)]
pub(in crate::explain) struct Credits {
    pub(in crate::explain) shares: Vec<Share>,
    /// Records that cannot be known.
    pub(in crate::explain) unknown: Vec<Unknown>,
    /// What the credit's conditions and splits decided, by the day of the record.
    pub(in crate::explain) decided: BTreeSet<(Date, Decided)>,
}

/// The columns of one record, as exceptions leave them.
#[derive(Clone)]
pub(in crate::explain) struct RecordRow<'a> {
    pub(in crate::explain) plan: &'a Plan,
    pub(in crate::explain) rows: &'a dyn Rows,
    pub(in crate::explain) table: &'a Table,
    pub(in crate::explain) row: usize,
}

impl<'a> RecordRow<'a> {
    /// The record as its file has it.
    pub(in crate::explain) fn filed(&self) -> AsFiled<'a> {
        AsFiled {
            plan: self.plan,
            rows: self.rows,
            table: self.table,
            row: self.row,
        }
    }
}

impl Reader for RecordRow<'_> {
    fn name(&mut self, expr: &Expr, _: &mut Vec<Node>) -> Found {
        match &expr.kind {
            ExprKind::Column(source, column) => {
                let instead = self.filed().instead(Instead::Column(*source, *column));
                let column = &self.plan.source(*source).columns[column.0];
                instead.unwrap_or_else(|| read_column(self.plan, self.table, column, self.row))
            }
            _ => Err(Stop::Nothing),
        }
    }

    fn amounts(&mut self, of: &Expr) -> Amounts {
        Amounts::one(match &of.kind {
            ExprKind::Column(source, column) => {
                let column = &self.plan.source(*source).columns[column.0];
                read_amount(self.plan, self.table, column, self.row)
            }
            _ => Err(Stop::Nothing),
        })
    }

    fn quote(
        &self,
        at: ExchangeId,
        pair: (Currency, Currency),
        day: Date,
    ) -> Result<Quoted, Vec<Cause>> {
        quote(self.plan, self.rows, at, pair, day)
    }
}

/// What one credit gives a person, in order: by date, then record, then place. `counts` says which days do.
pub(in crate::explain) fn of_person(
    plan: &Plan,
    rows: &dyn Rows,
    (id, joins): (CreditId, &Joins<'_>),
    payee: &str,
    counts: &dyn Fn(Date) -> bool,
) -> Credits {
    let credit = plan.credit(id);
    let mut found = Credits::default();
    if let Some(table) = rows.table(&plan.source(credit.source).binding) {
        let mut held = of_broken_rows(table, payee);
        let rows_of = joins.rows.as_ref();
        held.extend(rows_of.map_or_else(Vec::new, |rows| rows.astray(payee, table)));
        if let Some(crowd) = &joins.crowd {
            held.extend(crowd.astray(payee, table));
        }
        if !held.is_empty() {
            found.unknown.push(Unknown {
                day: None,
                known: 0,
                own: None,
                why: sorted(held),
            });
        }
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            let record = Record {
                plan,
                rows,
                id,
                credit,
                table,
                row,
                joins,
            };
            record.credit(payee, counts, &mut found);
        }
    }
    for given in rows.given() {
        if given.credit == credit.name
            && given.payee == payee
            && given.date <= plan.effective.1
            && counts(given.date)
        {
            found.shares.push(Share {
                date: given.date,
                known: 0,
                own: given.date,
                late: None,
                row: None,
                record: String::new(),
                whole: given.amount.clone(),
                amount: given.amount.clone(),
                place: "given in the test".to_owned(),
                converted: Vec::new(),
                parts: Vec::new(),
                exceptions: Vec::new(),
                reason: None,
            });
        }
    }
    found.shares.sort_by(|a, b| {
        a.date
            .cmp(&b.date)
            .then_with(|| natural_cmp(&a.record, &b.record))
            .then(a.row.cmp(&b.row))
    });
    found
}

/// A record that a credit may give to somebody.
pub(in crate::explain) struct Record<'a> {
    pub(in crate::explain) plan: &'a Plan,
    pub(in crate::explain) rows: &'a dyn Rows,
    pub(in crate::explain) id: CreditId,
    pub(in crate::explain) credit: &'a Credit,
    pub(in crate::explain) table: &'a Table,
    pub(in crate::explain) row: usize,
    pub(in crate::explain) joins: &'a Joins<'a>,
}

impl Record<'_> {
    /// Reads the record's columns.
    fn reader(&self) -> RecordRow<'_> {
        RecordRow {
            plan: self.plan,
            rows: self.rows,
            table: self.table,
            row: self.row,
        }
    }

    pub(in crate::explain) fn column(&self, id: ColumnId) -> Found {
        let name = &self.plan.source(self.credit.source).columns[id.0].name;
        read_cell(self.plan, self.table, name, self.row)
    }

    fn test(&self, condition: &Expr) -> Result<bool, Stop> {
        yes(walk(condition, &mut self.reader(), &mut Vec::new()))
    }

    fn filed(&self) -> AsFiled<'_> {
        AsFiled {
            plan: self.plan,
            rows: self.rows,
            table: self.table,
            row: self.row,
        }
    }

    /// The record as an amount that somebody adds by hand, where it is one.
    fn by_hand(&self) -> Option<(&ByHand, Adjustment<'_>)> {
        let own = self.credit.by_hand.as_ref()?;
        let row = Adjustment {
            plan: self.plan,
            credit: self.credit,
            table: self.table,
            row: self.row,
        };
        Some((own, row))
    }

    /// The person who takes a part.
    fn person(&self, who: Who) -> Found {
        let known = |id: Option<&str>| {
            id.map(|id| Scalar::Text(id.to_owned()))
                .ok_or(Stop::Nothing)
        };
        match who {
            Who::Column(column) => self.column(column),
            Who::Row(row) => match &self.joins.rows {
                Some(rows) => rows.person(row),
                None => Err(Stop::Nothing),
            },
            Who::Listed(at) => match self.list() {
                Ok(Scalar::Text(list)) => known(listed(&list).nth(at)),
                other => other,
            },
            Who::Known(at) => known(self.joins.crowd.as_ref().and_then(|crowd| crowd.id(at))),
        }
    }

    pub(in crate::explain) fn id_of(&self, who: Who) -> Option<String> {
        match self.person(who) {
            Ok(Scalar::Text(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether any cell that could say so names the payee.
    fn may_be_of(&self, payee: &str) -> bool {
        let columns = self.credit.receivers().into_iter().map(Who::Column);
        let by_column = columns
            .map(|who| self.id_of(who))
            .any(|id| id.as_deref() == Some(payee));
        let id = self.table.text("id", self.row).unwrap_or_default();
        let rows = self.joins.rows.as_ref();
        let by_rows = rows.is_some_and(|rows| rows.names(id, payee));
        by_column || by_rows || self.may_be_among(payee)
    }

    /// What the record gives the payee.
    fn credit(&self, payee: &str, counts: &dyn Fn(Date) -> bool, out: &mut Credits) {
        if !self.may_be_of(payee) {
            // Whatever it says, it gives this person nothing.
            return;
        }
        let mut why = Vec::new();
        let day = match self.column(self.credit.dated_by) {
            Ok(Scalar::Date(day)) => Some(day),
            _ => None,
        };
        let of = (self.plan, self.credit, self.table);
        let (known, on) = counts_on(of, self.row, day, &mut why);
        let decided_on = on.once().map(|on| on.day).or(day);
        let mut decide = |clause: Span, holds: bool| {
            out.decided
                .extend(decided_on.map(|day| (day, Decided { clause, holds })));
        };
        for when in &self.credit.when {
            match self.test(when) {
                Ok(true) => decide(when.span, true),
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => {
                    decide(when.span, false);
                    return;
                }
            }
        }
        if let Err(Stop::Held(causes)) = demand(self.column(self.credit.dated_by)) {
            why.extend(causes);
        }
        // Days before the plan are for windows that look back.
        if day.is_some_and(|day| day > self.plan.effective.1 || !counts(day)) {
            return;
        }
        let mut reads = Vec::new();
        let whole = match demand(whole(&self.reader(), self.id, &mut reads)) {
            Ok(Scalar::Number(whole)) => whole,
            Err(Stop::Held(causes)) => {
                why.extend(causes);
                Exact::ZERO
            }
            _ => return,
        };
        if let Read::Fault(at) = self.table.read("id", self.row) {
            why.extend(self.table.faults.get(at).map(Cause::fault));
        }
        let adjustment = self.by_hand();
        if let Some((own, row)) = &adjustment {
            why.extend(row.why_not(own, payee));
        }
        let mut taking = self.taking(&mut decide);
        let is_payee = |who: Who| self.id_of(who).as_deref() == Some(payee);
        if !taking.named().any(is_payee) {
            return;
        }
        why.append(&mut taking.why);
        let unsure = taking.unsure.iter().filter(|(who, _)| is_payee(*who));
        why.extend(unsure.flat_map(|(_, causes)| causes.iter().cloned()));
        if !why.is_empty() {
            let why = sorted(why);
            out.unknown.extend(on.each().into_iter().map(|at| Unknown {
                day: at.map(|on| on.day),
                known: at.map_or(0, |on| on.known),
                own: day,
                why: why.clone(),
            }));
            return;
        }
        let (Some(own), Some(on)) = (day, on.once()) else {
            return;
        };
        let parts = self.parts_of(&taking.parts, &whole);
        let its = parts.iter().filter(|part| part.person == payee);
        let amount = its.fold(Exact::ZERO, |sum, part| sum + part.amount.clone());
        let on_top = self.beside(&taking.beside, payee, &whole);
        out.shares.push(Share {
            date: on.day,
            known: on.known,
            own,
            late: known.filter(|_| on.day != own || on.known > 0),
            row: Some(self.row),
            record: record_id(self.plan, self.table, self.row),
            whole,
            amount: amount + on_top,
            place: self.place_of(&taking, payee),
            converted: reads
                .into_iter()
                .filter(|read| matches!(read.rule, Rule::Converted { .. }))
                .collect(),
            exceptions: self.filed().all_replaced(self.id, self.credit),
            reason: adjustment.and_then(|(own, row)| row.reason(own)),
            parts: if parts.iter().any(|part| !part.places.is_empty()) {
                parts
            } else {
                Vec::new()
            },
        });
    }
}
