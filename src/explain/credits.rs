//! One person's rows, days in the role, and credits, found by reading every record.

use std::collections::BTreeSet;

use crate::base::{Date, Exact, natural_cmp, split};
use crate::diag::Span;
use crate::explain::expression::{Found, Reader, Scalar, Stop, demand, walk, yes};
use crate::explain::receipt::{Decided, Node};
use crate::meaning::plan::{ColumnId, Credit, CreditId, Expr, ExprKind, Plan};
use crate::table::{Cause, PEOPLE, Read, Rows, Table, Value, Values, sorted};

/// What a cell says to a plan of one currency.
pub(in crate::explain) fn read_cell(plan: &Plan, table: &Table, column: &str, row: usize) -> Found {
    let value = match table.read(column, row) {
        Read::Value(value) => value,
        Read::Absent => {
            return Err(Stop::Empty(Cause::empty(
                column,
                table.cell(row, column, ""),
            )));
        }
        Read::Fault(at) => {
            return Err(Stop::Held(
                table.faults.get(at).map(Cause::fault).into_iter().collect(),
            ));
        }
    };
    Ok(match value {
        Value::Text(text) => Scalar::Text(text.to_string()),
        Value::Date(date) => Scalar::Date(date),
        Value::Bool(flag) => Scalar::Flag(flag),
        Value::Number(number) => {
            let own = table
                .column(column)
                .and_then(|column| match &column.values {
                    Values::Numbers(numbers) => numbers.currency(row),
                    _ => None,
                });
            if let Some(own) = own.filter(|own| *own != plan.currency) {
                let found = table.cell(row, column, &format!("{} {own}", number.to_plain()));
                return Err(Stop::Held(vec![Cause::currency(
                    own.code(),
                    plan.currency.code(),
                    found,
                )]));
            }
            Scalar::Number(number)
        }
    })
}

/// One person as the people table has them.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Life {
    /// Row, first day, last day.
    pub(in crate::explain) rows: Vec<(usize, Date, Date)>,
    /// Stretches of days in the role.
    pub(in crate::explain) role: Vec<(Date, Date)>,
    /// Why nothing can be known.
    pub(in crate::explain) held: Vec<Cause>,
}

struct PersonRow<'a>(&'a Plan, &'a Table, usize);

impl Reader for PersonRow<'_> {
    fn name(&mut self, expr: &Expr, _: &mut Vec<Node>) -> Found {
        match &expr.kind {
            ExprKind::Fact(column, _) => read_cell(
                self.0,
                self.1,
                &self.0.people.columns[column.0].name,
                self.2,
            ),
            _ => Err(Stop::Nothing),
        }
    }
}

/// Reads a person's life.
pub(in crate::explain) fn life(plan: &Plan, rows: &dyn Rows, payee: &str) -> Life {
    let mut life = Life {
        rows: Vec::new(),
        role: Vec::new(),
        held: Vec::new(),
    };
    let Some(table) = rows.table(PEOPLE) else {
        return life;
    };
    let mut impossible = Vec::new();
    let (mut member, mut is_known) = (false, false);
    for row in 0..table.rows {
        if read_cell(plan, table, "id", row) != Ok(Scalar::Text(payee.to_owned())) {
            continue;
        }
        is_known = true;
        let meets = yes(walk(
            &plan.payees.condition,
            &mut PersonRow(plan, table, row),
            &mut Vec::new(),
        ));
        let edge = |name: &str, open: Date| match read_cell(plan, table, name, row) {
            Ok(Scalar::Date(date)) => Ok(date),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(open),
        };
        let (first, last) = match (edge("from", Date::MIN), edge("through", Date::MAX)) {
            (Ok(first), Ok(last)) => (first, last),
            (Err(causes), _) | (Ok(_), Err(causes)) => {
                if meets != Ok(false) {
                    life.held.extend(causes);
                }
                continue;
            }
        };
        if first > last {
            let cell = table.cell(row, "through", &last.to_string());
            impossible.push(Cause::ends_first(payee, first, last, cell));
        } else {
            let clash = life.rows.iter().any(|(_, a, b)| first <= *b && *a <= last);
            if clash {
                impossible.push(Cause::overlap(payee, table.cell(row, "id", payee)));
            }
            life.rows.push((row, first, last));
        }
        match meets {
            Ok(true) => {
                member = true;
                if first <= last {
                    life.role.push((first, last));
                }
            }
            Err(Stop::Held(causes)) => life.held.extend(causes),
            _ => {}
        }
    }
    if member {
        life.held.append(&mut impossible);
    }
    if is_known {
        life.held.extend(of_broken_rows(table, payee));
    }
    life.held = sorted(life.held);
    life
}

/// Why rows of a table that are not whole hold a person: they may be about them.
pub(in crate::explain) fn of_broken_rows(table: &Table, payee: &str) -> Vec<Cause> {
    let rows = table.broken.iter();
    rows.filter(|row| row.may_be_about(payee))
        .filter_map(|row| table.cause(row))
        .collect()
}

/// One record's share for the person.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Share {
    pub(in crate::explain) date: Date,
    pub(in crate::explain) row: Option<usize>,
    pub(in crate::explain) record: String,
    pub(in crate::explain) whole: Exact,
    pub(in crate::explain) amount: Exact,
    pub(in crate::explain) place: String,
}

/// All that one credit gives a person.
#[derive(Clone, Debug, Default)]
pub(in crate::explain) struct Credits {
    pub(in crate::explain) shares: Vec<Share>,
    /// Records that cannot be known: their day, or every day, and why.
    pub(in crate::explain) unknown: Vec<(Option<Date>, Vec<Cause>)>,
    /// What the credit's conditions and splits decided, by the day of the record.
    pub(in crate::explain) decided: BTreeSet<(Date, Decided)>,
}

/// The columns of one record.
pub(in crate::explain) struct RecordRow<'a>(
    pub(in crate::explain) &'a Plan,
    pub(in crate::explain) &'a Table,
    pub(in crate::explain) usize,
);

impl Reader for RecordRow<'_> {
    fn name(&mut self, expr: &Expr, _: &mut Vec<Node>) -> Found {
        match &expr.kind {
            ExprKind::Column(source, column) => read_cell(
                self.0,
                self.1,
                &self.0.source(*source).columns[column.0].name,
                self.2,
            ),
            _ => Err(Stop::Nothing),
        }
    }
}

/// What one credit gives a person, in order: by date, then record, then place. `counts` says which days do.
pub(in crate::explain) fn of_person(
    plan: &Plan,
    rows: &dyn Rows,
    id: CreditId,
    payee: &str,
    counts: &dyn Fn(Date) -> bool,
) -> Credits {
    let credit = plan.credit(id);
    let mut found = Credits::default();
    if let Some(table) = rows.table(&plan.source(credit.source).binding) {
        let held = of_broken_rows(table, payee);
        if !held.is_empty() {
            found.unknown.push((None, held));
        }
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            one_record(plan, credit, table, row, payee, counts, &mut found);
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
                row: None,
                record: String::new(),
                whole: given.amount.clone(),
                amount: given.amount.clone(),
                place: "given in the test".to_owned(),
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

fn one_record(
    plan: &Plan,
    credit: &Credit,
    table: &Table,
    row: usize,
    payee: &str,
    counts: &dyn Fn(Date) -> bool,
    out: &mut Credits,
) {
    let column = |id: ColumnId| plan.source(credit.source).columns[id.0].name.as_str();
    let names_payee = |who: ColumnId| {
        read_cell(plan, table, column(who), row) == Ok(Scalar::Text(payee.to_owned()))
    };
    if !credit.receivers().into_iter().any(names_payee) {
        // Whatever it says, it gives this person nothing.
        return;
    }
    let mut why = Vec::new();
    let mut reader = RecordRow(plan, table, row);
    let day = match read_cell(plan, table, column(credit.dated_by), row) {
        Ok(Scalar::Date(day)) => Some(day),
        _ => None,
    };
    let mut decide = |clause: Span, holds: bool| {
        out.decided
            .extend(day.map(|day| (day, Decided { clause, holds })));
    };
    for when in &credit.when {
        match yes(walk(when, &mut reader, &mut Vec::new())) {
            Ok(true) => decide(when.span, true),
            Err(Stop::Held(causes)) => why.extend(causes),
            _ => {
                decide(when.span, false);
                return;
            }
        }
    }
    let date = match demand(read_cell(plan, table, column(credit.dated_by), row)) {
        Ok(Scalar::Date(date)) => Some(date),
        Err(Stop::Held(causes)) => {
            why.extend(causes);
            None
        }
        _ => return,
    };
    // Days before the plan are for windows that look back.
    if date.is_some_and(|date| date > plan.effective.1 || !counts(date)) {
        return;
    }
    let whole = match demand(walk(&credit.amount, &mut reader, &mut Vec::new())) {
        Ok(Scalar::Number(whole)) => whole,
        Err(Stop::Held(causes)) => {
            why.extend(causes);
            Exact::ZERO
        }
        _ => return,
    };
    if let Read::Fault(at) = table.read("id", row) {
        why.extend(table.faults.get(at).map(Cause::fault));
    }
    let person = |id: ColumnId| demand(read_cell(plan, table, column(id), row));
    let mut takers: Vec<(Option<ColumnId>, Exact)> = Vec::new();
    let receivers = &credit.receivers;
    let applies = receivers.split.as_ref().map(|split| match &split.when {
        None => Ok(true),
        Some(when) => yes(walk(when, &mut reader, &mut Vec::new())),
    });
    if let (Some(split), Some(Ok(applies))) = (&receivers.split, &applies) {
        let condition = split.when.as_ref().map(|when| when.span);
        decide(condition.unwrap_or(split.span), *applies);
    }
    match (&receivers.split, applies) {
        (Some(split), Some(Ok(true))) => {
            for (who, share, at) in &split.shares {
                let empty = who.is_some_and(|who| {
                    matches!(
                        read_cell(plan, table, column(who), row),
                        Err(Stop::Empty(_))
                    )
                });
                let taker = match split.missing {
                    Some(instead) if empty => instead,
                    _ => *who,
                };
                if who.is_none() || !empty {
                    decide(*at, true);
                }
                takers.push((taker, share.clone()));
            }
        }
        (Some(split), Some(Err(Stop::Held(causes)))) => {
            why.extend(causes);
            takers.extend(receivers.to.map(|to| (Some(to), Exact::ONE)));
            takers.extend(
                split
                    .shares
                    .iter()
                    .map(|(who, share, _)| (*who, share.clone())),
            );
            takers.extend(split.missing.flatten().map(|who| (Some(who), Exact::ZERO)));
        }
        _ => takers.extend(receivers.to.map(|to| (Some(to), Exact::ONE))),
    }
    let split_is_unknown = matches!(&receivers.split, Some(split) if split.when.as_ref().is_some_and(|when| {
        matches!(yes(walk(when, &mut reader, &mut Vec::new())), Err(Stop::Held(_)))
    }));
    if !split_is_unknown {
        for who in takers.iter().filter_map(|(who, _)| *who) {
            if let Err(Stop::Held(causes)) = person(who) {
                why.extend(causes);
            }
        }
    }
    let is_payee = |who: &Option<ColumnId>| {
        who.is_some_and(|who| person(who) == Ok(Scalar::Text(payee.to_owned())))
    };
    if !takers.iter().any(|(who, _)| is_payee(who)) {
        return;
    }
    if !why.is_empty() {
        out.unknown.push((date, sorted(why)));
        return;
    }
    let Some(date) = date else { return };
    let shares: Vec<Exact> = takers.iter().map(|(_, share)| share.clone()).collect();
    let parts: Vec<Exact> = match &credit.rounding {
        None => shares
            .iter()
            .map(|share| share.clone() * whole.clone())
            .collect(),
        Some((rounding, _)) if shares.len() == 1 => vec![rounding.round(&whole)],
        Some((rounding, residue)) => split(&whole, &shares, rounding, *residue),
    };
    let own = takers
        .iter()
        .zip(parts)
        .filter(|((who, _), _)| is_payee(who));
    let amount = own.fold(Exact::ZERO, |sum, (_, part)| {
        sum + match &credit.share_cap {
            Some(cap) if part.abs() > *cap && part.is_negative() => -cap.clone(),
            Some(cap) if part > *cap => cap.clone(),
            _ => part,
        }
    });
    let record = match read_cell(plan, table, "id", row) {
        Ok(Scalar::Text(id)) => id,
        _ => String::new(),
    };
    let place = table.place(row);
    out.shares.push(Share {
        date,
        row: Some(row),
        record,
        whole,
        amount,
        place,
    });
}
