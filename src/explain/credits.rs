//! One person's rows, days in the role, and credits, found by reading every record.

use std::collections::BTreeSet;

use crate::base::{Currency, Date, Exact, natural_cmp, split};
use crate::diag::Span;
use crate::explain::by_hand::Adjustment;
use crate::explain::crowd::Joins;
use crate::explain::exceptions::{AsFiled, whole};
use crate::explain::exchanges::{Amount, Amounts, quote};
use crate::explain::expression::{Found, Reader, Scalar, Stop, demand, walk, yes};
use crate::explain::receipt::{Decided, Node, PartOf, Quoted, Reason, Replaced, Rule};
use crate::explain::splits::{Parts, Taking, Who, by_taker};
use crate::meaning::plan::{
    ByHand, Column, ColumnId, Credit, CreditId, ExchangeId, Expr, ExprKind, Instead, Plan, Split,
    WrittenSplit,
};
use crate::table::{Cause, PEOPLE, Read, Rows, Table, Value, Values, listed, sorted};

/// What a cell says to a plan of one currency.
pub(in crate::explain) fn read_cell(plan: &Plan, table: &Table, column: &str, row: usize) -> Found {
    cell_in(plan.currency, table, column, row)
}

/// What a cell of a declared column says: money is of the column's currency.
pub(in crate::explain) fn read_column(
    plan: &Plan,
    table: &Table,
    column: &Column,
    row: usize,
) -> Found {
    let currency = column.ty.currency().unwrap_or(plan.currency);
    cell_in(currency, table, &column.name, row)
}

/// What a cell of money says, in its own currency.
pub(in crate::explain) fn read_amount(
    plan: &Plan,
    table: &Table,
    column: &Column,
    row: usize,
) -> Amount {
    let declared = column.ty.currency().unwrap_or(plan.currency);
    read_money(declared, table, &column.name, row)
}

/// What a cell of money says, in its own currency, or else in the declared one.
pub(in crate::explain) fn read_money(
    declared: Currency,
    table: &Table,
    column: &str,
    row: usize,
) -> Amount {
    let currency = own_currency(table, column, row).unwrap_or(declared);
    match cell_in(currency, table, column, row)? {
        Scalar::Number(amount) => Ok((amount, currency)),
        _ => Err(Stop::Nothing),
    }
}

/// The currency that a cell, its row or its file names.
fn own_currency(table: &Table, column: &str, row: usize) -> Option<Currency> {
    match &table.column(column)?.values {
        Values::Numbers(numbers) => numbers.currency(row),
        _ => None,
    }
}

fn cell_in(currency: Currency, table: &Table, column: &str, row: usize) -> Found {
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
            let own = own_currency(table, column, row);
            if let Some(own) = own.filter(|own| *own != currency) {
                let found = table.cell(row, column, &format!("{} {own}", number.to_plain()));
                return Err(Stop::Held(vec![Cause::currency(
                    own.code(),
                    currency.code(),
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
    life.rows.sort_by_key(|own| (own.1, own.2, own.0));
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
    /// What of its amount was converted.
    pub(in crate::explain) converted: Vec<Node>,
    /// Who has which part of the record, where that stands in rows of another source.
    pub(in crate::explain) parts: Vec<PartOf>,
    /// What exceptions replaced on the record.
    pub(in crate::explain) exceptions: Vec<Replaced>,
    /// Of an adjustment: why it is there.
    pub(in crate::explain) reason: Option<Reason>,
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
            found.unknown.push((None, sorted(held)));
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
        let mut decide = |clause: Span, holds: bool| {
            out.decided
                .extend(day.map(|day| (day, Decided { clause, holds })));
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
            out.unknown.push((day, sorted(why)));
            return;
        }
        let Some(date) = day else { return };
        let parts = self.parts_of(&taking.parts, &whole);
        let own = parts.iter().filter(|part| part.person == payee);
        let amount = own.fold(Exact::ZERO, |sum, part| sum + part.amount.clone());
        let on_top = self.beside(&taking.beside, payee, &whole);
        out.shares.push(Share {
            date,
            row: Some(self.row),
            record: match read_cell(self.plan, self.table, "id", self.row) {
                Ok(Scalar::Text(id)) => id,
                _ => String::new(),
            },
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

    /// Who takes what, with why it cannot be known.
    fn taking(&self, decide: &mut dyn FnMut(Span, bool)) -> Taking {
        let to = self.credit.receivers.to;
        let all = |to: Option<ColumnId>| Taking {
            parts: to
                .map(|to| (Some(Who::Column(to)), Exact::ONE))
                .into_iter()
                .collect(),
            ..Taking::default()
        };
        let mut taking = match &self.credit.receivers.split {
            None => all(to),
            Some(Split::Written(split)) => {
                let applies = split.when.as_ref().map_or(Ok(true), |when| self.test(when));
                let clause = split.when.as_ref().map_or(split.span, |when| when.span);
                match applies {
                    Ok(true) => {
                        decide(clause, true);
                        self.as_written(split, decide)
                    }
                    Err(Stop::Held(why)) => return self.anybody(split, to, why),
                    _ => {
                        decide(clause, false);
                        all(to)
                    }
                }
            }
            Some(Split::FromRows(split)) => {
                let id = self.table.text("id", self.row).unwrap_or_default();
                let rows = self.joins.rows.as_ref();
                match rows.and_then(|rows| rows.taking(id, to)) {
                    Some(taking) => {
                        decide(split.span, true);
                        let without_parts = taking.why.is_empty() && taking.parts.is_empty();
                        let parts = without_parts.then(|| all(split.by.rest().or(to)).parts);
                        Taking {
                            parts: parts.unwrap_or(taking.parts),
                            ..taking
                        }
                    }
                    None => all(split.by.rest().or(to)),
                }
            }
            Some(Split::Among(among)) => {
                decide(among.span, true);
                self.among(among)
            }
        };
        if taking.why.is_empty() {
            let sure = taking.parts.iter().filter_map(|(who, _)| *who);
            let sure = sure.chain(taking.beside.iter().map(|(who, _)| *who));
            let held = sure.filter_map(|who| match demand(self.person(who)) {
                Err(Stop::Held(causes)) => Some(causes),
                _ => None,
            });
            taking.why = held.flatten().collect();
        }
        taking
    }

    /// The shares of the plan's own table.
    fn as_written(&self, split: &WrittenSplit, decide: &mut dyn FnMut(Span, bool)) -> Taking {
        let mut taking = Taking::default();
        for (who, share, at) in &split.shares {
            let empty = who.is_some_and(|who| matches!(self.column(who), Err(Stop::Empty(_))));
            let taker = match split.missing {
                Some(instead) if empty => instead,
                _ => *who,
            };
            if who.is_none() || !empty {
                decide(*at, true);
            }
            taking.parts.push((taker.map(Who::Column), share.clone()));
        }
        for (who, share, at) in &split.overlays {
            if !matches!(self.column(*who), Err(Stop::Empty(_))) {
                decide(*at, true);
                taking.beside.push((Who::Column(*who), share.clone()));
            }
        }
        taking
    }

    /// At most the cap of a share.
    pub(in crate::explain) fn limited(&self, part: Exact) -> Exact {
        match &self.credit.share_cap {
            Some(cap) if part.abs() > *cap && part.is_negative() => -cap.clone(),
            Some(cap) if part > *cap => cap.clone(),
            _ => part,
        }
    }

    /// Where the condition of a split cannot be known: anybody it names could take something.
    fn anybody(&self, split: &WrittenSplit, to: Option<ColumnId>, why: Vec<Cause>) -> Taking {
        let named = split.shares.iter().filter_map(|(who, _, _)| *who);
        let named = named.chain(split.overlays.iter().map(|(who, _, _)| *who));
        let columns = to.into_iter().chain(named).chain(split.missing.flatten());
        Taking::anyone(columns.map(Who::Column), why)
    }

    /// What each part is worth, after rounding and the cap of a share.
    fn parts_of(&self, parts: &Parts, whole: &Exact) -> Vec<PartOf> {
        let shares: Vec<(Option<String>, Exact)> = if self.joins.rows.is_some() {
            by_taker(parts, |who| self.id_of(who))
        } else {
            let of = |(who, share): &(Option<Who>, Exact)| {
                (who.and_then(|who| self.id_of(who)), share.clone())
            };
            parts.iter().map(of).collect()
        };
        let sizes: Vec<Exact> = shares.iter().map(|(_, share)| share.clone()).collect();
        let amounts: Vec<Exact> = match &self.credit.rounding {
            None => sizes
                .iter()
                .map(|share| share.clone() * whole.clone())
                .collect(),
            Some((rounding, _)) if sizes.len() == 1 => vec![rounding.round(whole)],
            Some((rounding, residue)) => split(whole, &sizes, rounding, *residue),
        };
        // What nobody gets is not limited: it is only shown.
        let limited = |id: &Option<String>, part: Exact| match id {
            Some(_) => self.limited(part),
            None => part,
        };
        let made = shares.into_iter().zip(amounts);
        made.map(|((id, share), whole)| {
            let amount = limited(&id, whole.clone());
            PartOf {
                places: self.places(parts, id.as_deref()),
                person: id.unwrap_or_default(),
                share,
                taken: whole - amount.clone(),
                amount,
            }
        })
        .collect()
    }

    /// Where rows stand that give somebody a part.
    fn places(&self, parts: &Parts, id: Option<&str>) -> Vec<String> {
        let Some(split) = &self.joins.rows else {
            return Vec::new();
        };
        let rows = parts.iter().filter_map(|(who, _)| match who {
            Some(Who::Row(row)) if self.id_of(Who::Row(*row)).as_deref() == id => Some(*row),
            _ => None,
        });
        rows.map(|row| split.place(row)).collect()
    }
}
