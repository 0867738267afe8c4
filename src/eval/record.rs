//! One record → its shares, or why they cannot be known. `docs/spec/evaluation.md`, sections 2 and 4.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::base::{Currency, Date, Exact, split};
use crate::diag::{Code, Diagnostic};
use crate::eval::among::Finder;
use crate::eval::credited::{Shares, Unknown, When};
use crate::eval::exceptions::Exceptions;
use crate::eval::exchanges::Exchanges;
use crate::eval::late::{Counted, LateRecords};
use crate::eval::people::Person;
use crate::eval::row_shares::{RowShares, Said, Taker, by_person};
use crate::eval::values::{Convert, Env, V, both, cell, eval, money_cell, truth};
use crate::meaning::plan::{
    self, ColumnId, Credit, CreditId, Expr, ExprKind, Instead, Plan, SourceId, Split, WrittenSplit,
};
use crate::table::{Cause, Column, Rows, Table, Texts, Values};

/// The columns of one record.
pub(in crate::eval) struct RecordEnv<'a> {
    pub(in crate::eval) plan: &'a Plan,
    pub(in crate::eval) exchanges: &'a Exchanges<'a>,
    pub(in crate::eval) table: &'a Table,
    pub(in crate::eval) exceptions: &'a Exceptions,
    pub(in crate::eval) row: usize,
}

impl Env for RecordEnv<'_> {
    fn read(&self, expr: &Expr) -> V {
        match expr.kind {
            ExprKind::Column(source, column) => {
                let instead = self
                    .exceptions
                    .of(Instead::Column(source, column), self.row);
                instead.unwrap_or_else(|| {
                    let column = &self.plan.source(source).columns[column.0];
                    let currency = currency_of(column, self.plan);
                    cell(self.table, &column.name, self.row, currency)
                })
            }
            _ => V::Nothing,
        }
    }

    fn money(&self, of: &Expr, convert: Convert<'_>) -> V {
        match of.kind {
            ExprKind::Column(source, column) => {
                let column = &self.plan.source(source).columns[column.0];
                let (place, declared) =
                    ((self.table, &*column.name), currency_of(column, self.plan));
                money_cell(place, self.row, declared, convert)
            }
            _ => V::Nothing,
        }
    }

    fn exchanges(&self) -> Option<&Exchanges<'_>> {
        Some(self.exchanges)
    }
}

/// All of a record, before any split.
pub(in crate::eval) fn whole(credit: CreditId, env: &RecordEnv<'_>) -> V {
    let instead = env.exceptions.of(Instead::Credit(credit), env.row);
    instead.unwrap_or_else(|| eval(&env.plan.credit(credit).amount, env))
}

/// Whose credits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::eval) enum Whose {
    /// Those of persons on days on which the plan pays them.
    Payees,
    /// Those of everyone, whomever the plan pays: what goes up.
    Everyone,
}

impl Whose {
    /// Whether a person's credits of a day count.
    pub(in crate::eval) fn count(
        self,
        plan: &Plan,
        credit: &Credit,
        person: &Person,
        day: Date,
    ) -> bool {
        // What somebody adds by hand counts on any day of a period for which the person is paid.
        let by_hand = || person.belongs(plan, &plan.calendar.period_of(day, plan.cadence));
        match self {
            Whose::Everyone => true,
            Whose::Payees if credit.by_hand.is_some() => by_hand(),
            Whose::Payees => person.counts(plan, day),
        }
    }
}

/// Credits records of one source, one at a time.
pub(in crate::eval) struct RecordCrediting<'a> {
    pub(in crate::eval) plan: &'a Plan,
    pub(in crate::eval) exchanges: &'a Exchanges<'a>,
    pub(in crate::eval) id: CreditId,
    pub(in crate::eval) credit: &'a Credit,
    pub(in crate::eval) table: &'a Table,
    pub(in crate::eval) exceptions: &'a Exceptions,
    /// Records of other days give nothing.
    pub(in crate::eval) days: (Date, Date),
    /// Where records count that come in late.
    pub(in crate::eval) late: Option<LateRecords<'a>>,
    pub(in crate::eval) people: &'a [Person],
    pub(in crate::eval) whose: Whose,
    pub(in crate::eval) persons: BTreeMap<ColumnId, PersonCodes<'a>>,
    /// Shares that stand in rows of another source.
    pub(in crate::eval) rows: Option<RowShares<'a>>,
    /// Where persons are found whom no table names.
    pub(in crate::eval) finder: Option<Finder<'a>>,
    /// The column with the list of persons, where they are found in one.
    pub(in crate::eval) list: Option<ColumnId>,
    pub(in crate::eval) people_table: Option<&'a Table>,
}

/// A column of persons: its codes, and the person behind each; looked up once for each text, not for each row.
pub(in crate::eval) struct PersonCodes<'a> {
    column: &'a Column,
    texts: &'a Texts,
    people: Vec<Option<u32>>,
}

impl<'a> PersonCodes<'a> {
    /// Of a column of texts.
    pub(in crate::eval) fn new(
        column: &'a Column,
        people: &FxHashMap<&str, u32>,
    ) -> Option<PersonCodes<'a>> {
        let Values::Texts(texts) = &column.values else {
            return None;
        };
        let words = texts.words.iter();
        Some(PersonCodes {
            column,
            texts,
            people: words.map(|word| people.get(word).copied()).collect(),
        })
    }

    /// The id that a row names, if it names anybody.
    fn id(&self, row: usize) -> Option<&'a str> {
        self.texts.get(row).filter(|_| self.has(row))
    }

    /// Whether a row's cell is empty.
    pub(in crate::eval) fn is_absent(&self, row: usize) -> bool {
        self.column.absent.contains(row)
    }

    /// The person of a row, where it names one whom the people file knows.
    pub(in crate::eval) fn person(&self, row: usize) -> Option<u32> {
        let code = *self.texts.codes.get(row)?;
        *self.people.get(code as usize)?
    }

    /// Whether a row names anybody.
    fn has(&self, row: usize) -> bool {
        !self.column.absent.contains(row) && self.column.fault(row).is_none()
    }
}

/// The person columns that a credit may give to.
pub(in crate::eval) fn persons<'a>(
    plan: &Plan,
    credit: &Credit,
    table: &'a Table,
    people: &FxHashMap<&str, u32>,
) -> BTreeMap<ColumnId, PersonCodes<'a>> {
    let columns = credit.receivers().into_iter();
    columns
        .filter_map(|id| {
            let column = table.column(&plan.source(credit.source).columns[id.0].name)?;
            Some((id, PersonCodes::new(column, people)?))
        })
        .collect()
}

/// A table and a column of it.
type Place<'a> = (&'a Table, &'a str);

/// Who gets what part of a record, or why that is not known.
#[derive(Default)]
pub(in crate::eval) struct Receivers {
    /// What the record is cut into.
    pub(in crate::eval) parts: Vec<(Taker, Exact)>,
    /// Shares that stand beside the parts: overlays, and all of it for each of several.
    pub(in crate::eval) alone: Vec<(Taker, Exact)>,
    /// Who may have a share that stands beside the parts, and why that is not known.
    pub(in crate::eval) unsure: Vec<(Taker, Vec<Cause>)>,
    pub(in crate::eval) causes: Vec<Cause>,
}

impl Receivers {
    /// Who has something for sure.
    fn takers(&self) -> impl Iterator<Item = Taker> + '_ {
        self.parts
            .iter()
            .chain(&self.alone)
            .map(|(taker, _)| *taker)
    }
}

impl RecordCrediting<'_> {
    pub(in crate::eval) fn column(&self, id: ColumnId) -> &str {
        &self.plan.source(self.credit.source).columns[id.0].name
    }

    pub(in crate::eval) fn cell(&self, id: ColumnId, row: usize) -> V {
        cell(self.table, self.column(id), row, self.plan.currency)
    }

    /// Credits one record.
    pub(in crate::eval) fn record(&self, row: usize, out: &mut Shares) {
        if self.table.broken_row(row).is_some() {
            // Whom it may be about is told for all such rows together.
            return;
        }
        let env = RecordEnv {
            plan: self.plan,
            exchanges: self.exchanges,
            table: self.table,
            exceptions: self.exceptions,
            row,
        };
        let mut causes: Vec<Cause> = Vec::new();
        for when in &self.credit.when {
            match truth(eval(when, &env)) {
                V::Bool(true) => {}
                V::Held(more) => causes = both(causes, more),
                _ => return,
            }
        }
        let own = match self.cell(self.credit.dated_by, row).needed() {
            V::Date(date) if date < self.days.0 || date > self.days.1 => return,
            V::Date(date) => Some(date),
            V::Held(more) => {
                causes = both(causes, more);
                None
            }
            _ => return,
        };
        let counted = match (&self.late, own) {
            (Some(late), own) => late.of_row(row, own, &mut causes),
            (None, Some(own)) => Counted::On(When::on(own)),
            (None, None) => Counted::AnyDay,
        };
        let whole = match whole(self.id, &env).needed() {
            V::Number(amount) => amount,
            V::Held(more) => {
                causes = both(causes, more);
                Exact::ZERO
            }
            _ => return,
        };
        if let Some(column) = self.table.column("id")
            && let Some(fault) = column.fault(row).and_then(|at| self.table.faults.get(at))
        {
            causes = both(causes, vec![Cause::fault(fault)]);
        }
        if let Some(own) = &self.credit.by_hand {
            causes = both(causes, self.not_sound(own, row));
        }
        let receivers = self.receivers(row, &env, out);
        causes = both(causes, receivers.causes.clone());
        match (counted, own) {
            (Counted::Never(why), Some(own)) if causes.is_empty() => {
                let takers = receivers.takers();
                let persons: Vec<u32> = takers.filter_map(|to| self.person(to, row, out)).collect();
                if persons.into_iter().any(|person| self.counts(person, own)) {
                    let late = self.late.as_ref();
                    out.exceptions
                        .extend(late.map(|late| late.too_late(row, why)));
                }
            }
            (Counted::On(day), Some(own)) if causes.is_empty() => {
                self.share(row, (own, day), &whole, &receivers, out);
                for (taker, why) in &receivers.unsure {
                    self.unknown(row, (Some(own), &[Some(day)]), why, [*taker], out);
                }
            }
            (counted, own) => {
                let days = counted.days();
                self.unknown(row, (own, &days), &causes, receivers.takers(), out);
                for (taker, why) in &receivers.unsure {
                    let causes = both(causes.clone(), why.clone());
                    self.unknown(row, (own, &days), &causes, [*taker], out);
                }
            }
        }
    }

    fn receivers(&self, row: usize, env: &RecordEnv<'_>, out: &mut Shares) -> Receivers {
        match (&self.credit.receivers.split, &self.rows) {
            (Some(Split::Written(rule)), _) => self.by_plan(rule, row, env, out),
            (Some(Split::FromRows(_)), Some(rows)) => self.by_rows(rows, row, out),
            (Some(Split::Among(among)), _) => self.by_among(among, row, out),
            _ => self.all_to(self.credit.receivers.to, row, out),
        }
    }

    /// All of it to one column's person.
    pub(in crate::eval) fn all_to(
        &self,
        to: Option<ColumnId>,
        row: usize,
        out: &mut Shares,
    ) -> Receivers {
        Receivers {
            parts: to
                .map(|to| (Taker::Record(to), Exact::ONE))
                .into_iter()
                .collect(),
            causes: to.map_or_else(Vec::new, |to| self.why_not(to, row, out)),
            ..Receivers::default()
        }
    }

    fn by_plan(
        &self,
        rule: &WrittenSplit,
        row: usize,
        env: &RecordEnv<'_>,
        out: &mut Shares,
    ) -> Receivers {
        let to = self.credit.receivers.to;
        let applies = rule
            .when
            .as_ref()
            .map_or(V::Bool(true), |when| truth(eval(when, env)));
        match applies {
            V::Bool(true) => {
                let mut made = Receivers::default();
                for (who, share, _) in &rule.shares {
                    let Some(who) = who else {
                        made.parts.push((Taker::Nobody, share.clone()));
                        continue;
                    };
                    let taker = match (self.cell(*who, row), &rule.missing) {
                        (V::Absent(_), Some(instead)) => *instead,
                        _ => Some(*who),
                    };
                    if let Some(taker) = taker {
                        made.causes = both(made.causes, self.why_not(taker, row, out));
                    }
                    let taker = taker.map_or(Taker::Nobody, Taker::Record);
                    made.parts.push((taker, share.clone()));
                }
                for (who, share, _) in &rule.overlays {
                    if !matches!(self.cell(*who, row), V::Absent(_)) {
                        made.causes = both(made.causes, self.why_not(*who, row, out));
                        made.alone.push((Taker::Record(*who), share.clone()));
                    }
                }
                made
            }
            V::Held(causes) => {
                // Anyone named could get it.
                let named = rule.shares.iter().filter_map(|(who, _, _)| *who);
                let named = named.chain(rule.overlays.iter().map(|(who, _, _)| *who));
                let named = to.into_iter().chain(named).chain(rule.missing.flatten());
                Receivers {
                    parts: named.map(|who| (Taker::Record(who), Exact::ZERO)).collect(),
                    causes,
                    ..Receivers::default()
                }
            }
            _ => self.all_to(to, row, out),
        }
    }

    fn by_rows(&self, rows: &RowShares<'_>, row: usize, out: &mut Shares) -> Receivers {
        let to = self.credit.receivers.to;
        let rest = rows.split.by.rest();
        let id = self.table.text("id", row);
        match rows.said(id.unwrap_or_default(), row) {
            Said::Nothing => self.all_to(rest.or(to), row, out),
            Said::Unknown(named, causes) => {
                // A total that is wrong is said even where it holds nobody.
                let wrong = causes.iter().filter(|cause| cause.code == Code::F020);
                out.exceptions.extend(wrong.map(Cause::diagnostic));
                let others = [to, rest, rows.split.missing.flatten()];
                let others = others.into_iter().flatten().map(Taker::Record);
                let takers = named.into_iter().map(Taker::Row).chain(others);
                Receivers {
                    parts: takers.map(|taker| (taker, Exact::ZERO)).collect(),
                    causes,
                    ..Receivers::default()
                }
            }
            Said::Parts(parts, overlays) => {
                let mut causes = Vec::new();
                for (taker, _) in &parts {
                    if let Taker::Record(column) = taker {
                        causes = both(causes, self.why_not(*column, row, out));
                    }
                }
                let id = |taker| self.named(taker, row).map(str::to_owned);
                let alone = by_person(overlays, id);
                if parts.is_empty() {
                    let whole = self.all_to(rest.or(to), row, out);
                    return Receivers { alone, ..whole };
                }
                Receivers {
                    parts: by_person(parts, id),
                    alone,
                    causes,
                    ..Receivers::default()
                }
            }
        }
    }

    /// The persons behind a taker's column, the row and the place of its cell.
    fn place(&self, taker: Taker, record: usize) -> Option<(&PersonCodes<'_>, usize, Place<'_>)> {
        match taker {
            Taker::Nobody | Taker::Person(_) | Taker::Listed(_) => None,
            Taker::Record(column) => {
                let codes = self.persons.get(&column)?;
                Some((codes, record, (self.table, self.column(column))))
            }
            Taker::Row(row) => {
                let rows = self.rows.as_ref()?;
                Some((rows.who()?, row, (rows.table, rows.who_column())))
            }
        }
    }

    /// The id of a taker, if anybody is named.
    fn named(&self, taker: Taker, record: usize) -> Option<&str> {
        let (codes, row, _) = self.place(taker, record)?;
        codes.id(row)
    }

    /// Why a person cannot be read, if they cannot. Where nobody is named, nobody is held: then it must be said.
    fn why_not(&self, column: ColumnId, row: usize, out: &mut Shares) -> Vec<Cause> {
        let is_there = self
            .persons
            .get(&column)
            .is_some_and(|codes| codes.has(row));
        if is_there {
            return Vec::new();
        }
        match self.cell(column, row) {
            V::Held(causes) => causes,
            V::Absent(cause) => {
                out.exceptions.push(cause.diagnostic());
                vec![cause]
            }
            _ => Vec::new(),
        }
    }

    /// The person a taker is; one whom the people file does not know is an exception.
    fn person(&self, taker: Taker, record: usize, out: &mut Shares) -> Option<u32> {
        let (found, id, (row, (table, column))) = match (taker, &self.finder, self.list) {
            (Taker::Person(who), ..) => return Some(who),
            (Taker::Listed(at), Some(Finder::Lists(lists)), Some(list)) => {
                let (id, found) = lists.of_row(record).get(at)?;
                (*found, *id, (record, (self.table, self.column(list))))
            }
            _ => {
                let (codes, row, place) = self.place(taker, record)?;
                (codes.person(row), codes.id(row)?, (row, place))
            }
        };
        if found.is_none() {
            let note = match taker {
                Taker::Listed(_) if id.contains(',') => {
                    "Ids of a list stand between semicolons, such as `ana;ben`."
                }
                _ => "Nobody is credited with this person's share until it has.",
            };
            out.exceptions.push(
                Diagnostic::in_cell(
                    Code::F004,
                    table.cell(row, column, id),
                    format!("the people file has no `{id}`"),
                )
                .note(note),
            );
        }
        found
    }

    fn share(
        &self,
        row: usize,
        (own_day, when): (Date, When),
        whole: &Exact,
        receivers: &Receivers,
        out: &mut Shares,
    ) {
        let Receivers { parts, alone, .. } = receivers;
        let amounts: Vec<Exact> = match &self.credit.rounding {
            Some((rounding, residue)) => {
                let shares: Vec<Exact> = parts.iter().map(|(_, share)| share.clone()).collect();
                match parts.as_slice() {
                    [_] => vec![rounding.round(whole)],
                    _ => split(whole, &shares, rounding, *residue),
                }
            }
            None => parts
                .iter()
                .map(|(_, share)| whole.clone() * share.clone())
                .collect(),
        };
        let limited = |amount: Exact| match &self.credit.share_cap {
            Some(cap) => amount.min(cap.clone()).max(-cap.clone()),
            None => amount,
        };
        let by_itself = alone.iter().map(|(_, share)| {
            let amount = whole.clone() * share.clone();
            let rounding = self.credit.rounding.as_ref();
            rounding.map_or(amount.clone(), |(rounding, _)| rounding.round(&amount))
        });
        let by_itself: Vec<Exact> = by_itself.collect();
        let nobody = |(taker, _): &&(Taker, Exact)| *taker == Taker::Nobody;
        let left = parts.iter().zip(&amounts).filter(|(part, _)| nobody(part));
        let company = left.map(|(_, amount)| amount).sum();
        let mut on_top: Exact = by_itself.iter().sum();
        if parts.is_empty() && !alone.is_empty() {
            // Each has all of it: the record itself is one of them.
            on_top -= whole.clone();
        }
        let noted = self
            .late
            .as_ref()
            .map_or(when.day, |late| late.listed_on(when));
        out.note(noted, company, on_top);
        let amounts = amounts.into_iter().chain(by_itself);
        let mut own: Vec<(u32, Exact)> = Vec::new();
        for ((taker, _), amount) in parts.iter().chain(alone).zip(amounts) {
            let amount = limited(amount);
            let Some(person) = self.person(*taker, row, out) else {
                continue;
            };
            match own.iter_mut().find(|(known, _)| *known == person) {
                Some((_, so_far)) => *so_far += amount,
                None => own.push((person, amount)),
            }
        }
        for (person, amount) in own {
            if self.counts(person, own_day) {
                out.push(person, Some(row), when, amount);
                if when.day != own_day {
                    out.exceptions.extend(self.has_left(row, person, when.day));
                }
            } else if self.credit.by_hand.is_some() {
                out.exceptions
                    .extend(self.not_paid_then(person, row, own_day));
            }
        }
    }

    /// A record that comes in late and counts where its person is not paid any more. Of what goes up, it is told
    /// of whom that reaches.
    fn has_left(&self, row: usize, person: u32, day: Date) -> Option<Diagnostic> {
        let late = self.late.as_ref().filter(|_| self.whose == Whose::Payees)?;
        late.has_left(row, self.people.get(person as usize)?, day)
    }

    /// Whether a person's credits of a day count.
    pub(in crate::eval) fn counts(&self, person: u32, date: Date) -> bool {
        let person = self.people.get(person as usize);
        person.is_some_and(|person| self.whose.count(self.plan, self.credit, person, date))
    }

    fn unknown(
        &self,
        row: usize,
        (own, days): (Option<Date>, &[Option<When>]),
        causes: &[Cause],
        takers: impl IntoIterator<Item = Taker>,
        out: &mut Shares,
    ) {
        let mut reached: Vec<u32> = Vec::new();
        for taker in takers {
            if let Some(person) = self.person(taker, row, out)
                && !reached.contains(&person)
            {
                reached.push(person);
                if let Some(own) = own.filter(|own| !self.counts(person, *own)) {
                    if self.credit.by_hand.is_some() {
                        out.exceptions.extend(self.not_paid_then(person, row, own));
                    }
                    continue;
                }
                for when in days {
                    let unknown = Unknown {
                        date: when.map(|when| when.day),
                        known: when.map_or(0, |when| when.known),
                        own,
                        causes: causes.to_vec(),
                    };
                    out.unknown.push((person, unknown));
                }
            }
        }
    }
}

/// The currency in which a column's money is read.
pub(in crate::eval) fn currency_of(column: &plan::Column, plan: &Plan) -> Currency {
    column.ty.currency().unwrap_or(plan.currency)
}

/// Money of a column of the record at hand, each cell by its own currency.
pub(in crate::eval) fn record_money(
    plan: &Plan,
    rows: &dyn Rows,
    (source, column): (SourceId, ColumnId),
    row: usize,
    convert: Convert<'_>,
) -> V {
    let source = plan.source(source);
    let column = &source.columns[column.0];
    let declared = currency_of(column, plan);
    match rows.table(&source.binding) {
        Some(table) => money_cell((table, &column.name), row, declared, convert),
        None => V::Nothing,
    }
}

/// A column of the record at hand, for a pay that runs over records.
pub(in crate::eval) fn record_cell(
    plan: &Plan,
    (rows, exceptions): (&dyn Rows, &Exceptions),
    source: SourceId,
    column: ColumnId,
    row: usize,
) -> V {
    if let Some(instead) = exceptions.of(Instead::Column(source, column), row) {
        return instead;
    }
    let source = plan.source(source);
    match rows.table(&source.binding) {
        Some(table) => {
            let column = &source.columns[column.0];
            cell(table, &column.name, row, currency_of(column, plan))
        }
        None => V::Nothing,
    }
}
