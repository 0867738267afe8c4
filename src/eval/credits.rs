//! Records → credits. `docs/spec/evaluation.md`, sections 2 and 4.
//!
//! Records are credited many at a time where that can be told on whole numbers; those with an empty or bad cell, an
//! unknown person or a number that does not fit are taken one by one.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::{Cadence, Date, Exact, Period, split};
use crate::diag::Diagnostic;
use crate::eval::among::Finder;
use crate::eval::credited::{Credited, Days, Shares, When};
use crate::eval::exceptions::Exceptions;
use crate::eval::exchanges::Exchanges;
use crate::eval::lanes::{Empty, Records, Units, common, odd_rows};
use crate::eval::late::LateRecords;
use crate::eval::lost::{hold_by_broken_rows, of_lost_rows, of_lost_texts};
use crate::eval::many_rows::ManyRows;
use crate::eval::people::Person;
use crate::eval::record::{PersonCodes, RecordCrediting, Whose, persons};
use crate::eval::rollups::rolled;
use crate::eval::row_shares::RowShares;
use crate::eval::values::{Env, V, eval};
use crate::eval::windows::days;
use crate::meaning::plan::{ColumnId, Credit, CreditId, Expr, FoundIn, Instead, Plan, RowSplit};
use crate::table::{PEOPLE, RowSet, Rows};

/// How many records a thread takes at a time.
const CHUNK: usize = 16 * 1024;

/// What amounts that cannot be told many at a time are counted in: hundredths of a cent.
const USUAL_DENOMINATOR: i128 = 10_000;

/// Whom credits are handed to.
pub(in crate::eval) struct Everybody<'a> {
    pub(in crate::eval) people: &'a [Person],
    /// Positions among the people, by id.
    pub(in crate::eval) by_id: FxHashMap<&'a str, u32>,
    /// How many periods the plan has, and on which days.
    pub(in crate::eval) periods: usize,
    pub(in crate::eval) days: Days,
    /// What exceptions put in place of values of records.
    pub(in crate::eval) exceptions: &'a Exceptions,
}

/// What one credit gives: in the plan's periods, and over days that windows look back to.
pub(in crate::eval) struct Made {
    /// How many periods the plan has.
    pub(in crate::eval) periods: usize,
    pub(in crate::eval) credited: Credited,
    pub(in crate::eval) past: Option<Past>,
    /// Records of persons whom the people file does not know.
    pub(in crate::eval) exceptions: Vec<Diagnostic>,
    /// By day, what is the company's and what stands on top of the records.
    pub(in crate::eval) beside: BTreeMap<Date, (Exact, Exact)>,
}

/// A credit by the shortest time that windows are made of, from the first day that one looks back to through the plan's
/// last.
pub(in crate::eval) struct Past {
    /// Months, or the plan's own periods where those are shorter.
    pub(in crate::eval) steps: Vec<Period>,
    pub(in crate::eval) credited: Credited,
}

/// Shares in the making, counted in parts of one denominator.
pub(in crate::eval) struct Pile {
    pub(in crate::eval) made: Vec<Shares>,
    pub(in crate::eval) denominator: i128,
}

impl Made {
    /// Whether a person has no credit, known or unknown.
    pub(in crate::eval) fn is_without(&self, person: u32) -> bool {
        let all = 0..self.periods;
        let is_empty = self.credited.shares(person, all).is_empty()
            && self.credited.unknown(person).is_empty();
        let of_past = self.past.as_ref().is_none_or(|past| {
            let all = 0..past.steps.len();
            past.credited.shares(person, all).is_empty() && past.credited.unknown(person).is_empty()
        });
        is_empty && of_past
    }
}

/// Credits every record of one credit's source, and those that are given, to whom the plan pays.
pub(in crate::eval) fn credit(
    plan: &Plan,
    id: CreditId,
    of: (&dyn Rows, &Exchanges<'_>),
    everybody: &Everybody<'_>,
) -> Made {
    make(plan, id, of, everybody, Whose::Payees)
}

/// The same to everyone, whomever the plan pays; of a credit that has not gone up.
pub(in crate::eval) fn everyones(
    plan: &Plan,
    id: CreditId,
    of: (&dyn Rows, &Exchanges<'_>),
    everybody: &Everybody<'_>,
) -> Made {
    make(plan, id, of, everybody, Whose::Everyone)
}

fn make(
    plan: &Plan,
    id: CreditId,
    of: (&dyn Rows, &Exchanges<'_>),
    everybody: &Everybody<'_>,
    whose: Whose,
) -> Made {
    let own = plan.credit(id);
    let (first, last) = plan.effective;
    let back = plan.periods().first().and_then(|period| {
        let windows = plan.windows_back(id).into_iter();
        // A contest's days begin inside the plan; what else reads the past reads the plan's first day too.
        let earliest = windows.map(|window| days(plan, window, period).0).min();
        earliest.map(|back| back.min(first))
    });
    let admitted = (back.unwrap_or(first), last);
    let mut pile = match &own.rollup {
        None => of_records(plan, id, of, everybody, admitted, whose),
        Some(rollup) => {
            let base = plan.credit(rollup.of);
            let below = of_records(plan, rollup.of, of, everybody, admitted, Whose::Everyone);
            rolled(plan, base, rollup, below, of, everybody)
        }
    };
    // What is given of everyone's stands there already.
    if whose == Whose::Payees {
        let denominator = pile.denominator;
        let own = given(plan, own, of.0, everybody, admitted, denominator, whose);
        pile.made.push(own);
    }
    let exceptions = pile
        .made
        .iter_mut()
        .flat_map(|made| std::mem::take(&mut made.exceptions))
        .collect();
    let mut beside: BTreeMap<Date, (Exact, Exact)> = BTreeMap::new();
    for (day, (company, on_top)) in pile
        .made
        .iter_mut()
        .flat_map(|made| std::mem::take(&mut made.beside))
    {
        let (left, over) = beside.entry(day).or_default();
        *left += company;
        *over += on_top;
    }
    let persons = everybody.people.len();
    let place =
        |periods, days: &Days| Credited::new(&pile.made, pile.denominator, persons, periods, days);
    let past = back.map(|back| {
        let step = plan.cadence.min(Cadence::Month);
        let steps = plan.calendar.periods(back, last, step);
        Past {
            credited: place(steps.len(), &Days::new(&steps, back)),
            steps,
        }
    });
    Made {
        periods: everybody.periods,
        credited: place(everybody.periods, &everybody.days),
        past,
        exceptions,
        beside,
    }
}

/// What the records of a credit's source give, on the days that are admitted. What is given of it comes with what
/// goes up, and stands beside it elsewhere.
fn of_records(
    plan: &Plan,
    id: CreditId,
    (rows, exchanges): (&dyn Rows, &Exchanges<'_>),
    everybody: &Everybody<'_>,
    admitted: (Date, Date),
    whose: Whose,
) -> Pile {
    let credit = plan.credit(id);
    let mut denominator = USUAL_DENOMINATOR;
    let mut made: Vec<Shares> = Vec::new();
    let (mut lost, mut exceptions) = (Vec::new(), Vec::new());
    if let Some(table) = rows.table(&plan.source(credit.source).binding) {
        let split_table = |split: &RowSplit| rows.table(&plan.source(split.source).binding);
        let one = RecordCrediting {
            plan,
            exchanges,
            id,
            credit,
            table,
            exceptions: everybody.exceptions,
            days: admitted,
            late: LateRecords::new(plan, credit, table),
            people: everybody.people,
            whose,
            persons: persons(plan, credit, table, &everybody.by_id),
            finder: credit.receivers.among().and_then(|among| {
                let columns = &plan.source(credit.source).columns;
                let people = (everybody.people, &everybody.by_id);
                Finder::new(plan, among, (columns, table), rows, people)
            }),
            list: credit.receivers.among().and_then(|among| match among.whom {
                FoundIn::List(list) => Some(list),
                FoundIn::Everyone { .. } => None,
            }),
            people_table: rows.table(PEOPLE),
            rows: credit.receivers.from_rows().and_then(|split| {
                let tables = (split_table(split)?, table);
                Some(RowShares::new(plan, split, tables, &everybody.by_id))
            }),
        };
        if let Some(rows) = &one.rows {
            of_lost_rows(rows, table, everybody, &mut lost);
            exceptions.extend(rows.strays(table, &credit.record_word));
        }
        if let (Some(Finder::People(holders)), Some(people)) = (&one.finder, one.people_table) {
            of_lost_texts(holders, (table, people), &mut lost);
        }
        let many = Crediting::new(&one);
        denominator = many.as_ref().map_or(denominator, |many| many.denominator);
        made = (0..table.rows.div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let rows = chunk * CHUNK..((chunk + 1) * CHUNK).min(table.rows);
                let mut shares = Shares::new(denominator);
                let rest = match &many {
                    Some(many) => many.credit(rows, &mut shares),
                    None => rows.collect(),
                };
                rest.into_iter()
                    .for_each(|row| one.record(row, &mut shares));
                shares
            })
            .collect();
    }
    let mut apart = Shares::new(denominator);
    if let Some(table) = rows.table(&plan.source(credit.source).binding) {
        hold_by_broken_rows(table, everybody, &mut lost);
    }
    (apart.unknown, apart.exceptions) = (lost, exceptions);
    made.push(apart);
    if whose == Whose::Everyone {
        made.push(given(
            plan,
            credit,
            rows,
            everybody,
            admitted,
            denominator,
            whose,
        ));
    }
    Pile { made, denominator }
}

/// What tests give of a credit.
fn given(
    plan: &Plan,
    credit: &Credit,
    rows: &dyn Rows,
    everybody: &Everybody<'_>,
    admitted: (Date, Date),
    denominator: i128,
    whose: Whose,
) -> Shares {
    let mut apart = Shares::new(denominator);
    let own = rows.given().iter();
    for share in own.filter(|share| share.credit == credit.name) {
        let person = everybody.by_id.get(share.payee.as_str());
        let is_inside = admitted.0 <= share.date && share.date <= admitted.1;
        if let Some(at) = person
            && is_inside
            && let Some(person) = everybody.people.get(*at as usize)
            && whose.count(plan, credit, person, share.date)
        {
            apart.push(*at, None, When::on(share.date), share.amount.clone());
        }
    }
    apart
}

/// Credits records many at a time.
struct Crediting<'a> {
    one: &'a RecordCrediting<'a>,
    /// Records to be taken one by one.
    odd: RowSet,
    /// What shares are counted in.
    denominator: i128,
    /// What all of a record is multiplied by, from units of the amount to units of shares; 1 where shares are rounded.
    whole: i64,
    to: Option<&'a PersonCodes<'a>>,
    parts: Vec<Part<'a>>,
    /// Where the parts stand in rows of another source.
    rows: Option<ManyRows<'a>>,
}

/// One row of a split.
struct Part<'a> {
    /// `None` is the company.
    who: Option<&'a PersonCodes<'a>>,
    share: Exact,
    /// What a record's amount is multiplied by, from units of the amount to units of shares.
    times: i64,
}

/// Reads nothing: for expressions that need no name.
struct Nowhere;

impl Env for Nowhere {
    fn read(&self, _: &Expr) -> V {
        V::Nothing
    }
}

fn constant(expr: &Expr) -> Option<Exact> {
    match eval(expr, &Nowhere) {
        V::Number(number) => Some(number),
        _ => None,
    }
}

impl<'a> Crediting<'a> {
    /// `None` where the amount cannot be told on whole numbers.
    fn new(one: &'a RecordCrediting<'a>) -> Option<Crediting<'a>> {
        let credit = one.credit;
        let rule = credit.receivers.written();
        let has_overlays = rule.is_some_and(|rule| !rule.overlays.is_empty());
        if credit.share_cap.is_some()
            || credit.by_hand.is_some()
            || has_overlays
            || credit.receivers.among().is_some()
        {
            return None;
        }
        let mut expressions: Vec<&Expr> = credit.when.iter().collect();
        expressions.push(&credit.amount);
        expressions.extend(rule.and_then(|rule| rule.when.as_ref()));
        let mut columns = vec![(credit.dated_by, Empty::IsOdd)];
        let known_on = credit.corrections.as_ref().map(|own| own.known_on);
        columns.extend(known_on.map(|column| (column, Empty::IsOdd)));
        // A receiver that is absent is looked at where it matters.
        columns.extend(one.persons.keys().map(|id| (*id, Empty::IsFine)));
        let names = &one.plan.source(credit.source).columns;
        let id = names.iter().position(|column| column.name == "id");
        columns.extend(id.map(|id| (ColumnId(id), Empty::IsFine)));
        let mut odd = odd_rows(one.plan, credit.source, one.table, &expressions, &columns);
        expressions
            .iter()
            .for_each(|own| one.exceptions.touched(own, &mut |row| odd.insert(row)));
        one.exceptions
            .rows(Instead::Credit(one.id), &mut |row| odd.insert(row));
        // The denominator is the same for all rows, so none is needed to know it.
        let amount = records(one, &[]).number(&credit.amount)?.units(0)?;
        let shares = rule.map_or(&[][..], |rule| &rule.shares);
        let rows = match &one.rows {
            Some(rows) => Some(ManyRows::new(one, rows)?),
            None => None,
        };
        if let Some(rows) = &one.rows {
            let doubtful = rows.doubtful_records(one.table);
            doubtful.iter().for_each(|row| odd.insert(row));
        }
        let denominator = match (&credit.rounding, &rows) {
            (Some((rounding, _)), _) => rounding.unit.small_parts()?.1,
            (None, Some(rows)) => amount.denominator.checked_mul(rows.denominator())?,
            (None, None) => {
                shares
                    .iter()
                    .try_fold(amount.denominator, |so_far, (_, share, _)| {
                        let scaled = share.small_parts()?.1.checked_mul(amount.denominator)?;
                        common(so_far, scaled)
                    })?
            }
        };
        let times = |share: &Exact| {
            if credit.rounding.is_some() {
                return Some(1);
            }
            let (numerator, part) = share.small_parts()?;
            let times = denominator / amount.denominator / part;
            i64::try_from(times.checked_mul(numerator)?).ok()
        };
        let parts = shares.iter().map(|(who, share, _)| {
            Some(Part {
                who: match who {
                    Some(who) => Some(one.persons.get(who)?),
                    None => None,
                },
                share: share.clone(),
                times: times(share)?,
            })
        });
        Some(Crediting {
            one,
            odd,
            denominator,
            whole: times(&Exact::ONE)?,
            to: match credit.receivers.to {
                Some(to) => Some(one.persons.get(&to)?),
                None => None,
            },
            parts: parts.collect::<Option<Vec<Part<'a>>>>()?,
            rows,
        })
    }

    /// Credits what it can of a range of records; those that must be taken one by one come back.
    fn credit(&self, range: Range<usize>, out: &mut Shares) -> Vec<usize> {
        let all = || range.clone().filter_map(|row| u32::try_from(row).ok());
        let plain: Vec<u32> = all()
            .filter(|row| !self.odd.contains(*row as usize))
            .collect();
        let Some((plain, late)) = self.without_late(plain) else {
            return range.collect();
        };
        let Some(chosen) = self.choose(plain) else {
            return range.collect();
        };
        let mut rest: Vec<usize> = range.filter(|row| self.odd.contains(*row)).collect();
        rest.extend(late);
        let mut taken: Vec<(Option<u32>, i64)> = Vec::new();
        for (at, row) in chosen.rows.iter().enumerate() {
            let (date, units, is_split) =
                (chosen.dates[at], chosen.amounts.units[at], chosen.split[at]);
            let amount = (units, chosen.amounts.denominator);
            if self
                .take(*row as usize, amount, is_split, &mut taken)
                .is_none()
            {
                rest.push(*row as usize);
                continue;
            }
            for (person, units) in taken.drain(..) {
                match person {
                    None => {
                        let company = Exact::fixed(i128::from(units), self.denominator);
                        out.note(date, company, Exact::ZERO);
                    }
                    Some(person) if self.one.counts(person, date) => {
                        out.push_units(person, *row, date, units);
                    }
                    Some(_) => {}
                }
            }
        }
        rest
    }

    /// Records on their own days, and those that came in late: these are few, and taken one by one.
    fn without_late(&self, rows: Vec<u32>) -> Option<(Vec<u32>, Vec<usize>)> {
        let Some(late) = &self.one.late else {
            return Some((rows, Vec::new()));
        };
        let own = self.dates(&rows, self.one.credit.dated_by)?;
        let known = self.dates(&rows, late.known_on())?;
        let days = own.into_iter().zip(known);
        let (late, plain): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .zip(days)
            .partition(|(_, (own, known))| late.is_late(*own, *known));
        let plain = plain.into_iter().map(|(row, _)| row).collect();
        Some((
            plain,
            late.into_iter().map(|(row, _)| row as usize).collect(),
        ))
    }

    /// The days of a column of dates.
    fn dates(&self, rows: &[u32], column: ColumnId) -> Option<Vec<Date>> {
        let days = records(self.one, rows).days_of(self.one.credit.source, column)?;
        days.into_iter().map(Date::from_days).collect()
    }

    /// The records that give credit.
    fn choose(&self, mut rows: Vec<u32>) -> Option<Chosen> {
        let (credit, days) = (self.one.credit, self.one.days);
        for when in &credit.when {
            let flags = records(self.one, &rows).test(when)?;
            keep(&mut rows, &flags);
        }
        let inside = |date: Date| days.0 <= date && date <= days.1;
        let flags: Vec<bool> = self
            .dates(&rows, credit.dated_by)?
            .into_iter()
            .map(inside)
            .collect();
        keep(&mut rows, &flags);
        let chosen = records(self.one, &rows);
        let split = match credit.receivers.written() {
            None => vec![false; rows.len()],
            Some(rule) => match &rule.when {
                None => vec![true; rows.len()],
                Some(when) => chosen.test(when)?,
            },
        };
        let amounts = chosen.number(&credit.amount)?.units(rows.len())?;
        Some(Chosen {
            dates: self.dates(&rows, credit.dated_by)?,
            amounts,
            split,
            rows,
        })
    }

    /// Who gets how many units of one record; `None` where it must be looked at by itself.
    fn take(
        &self,
        row: usize,
        (units, denominator): (i64, i128),
        is_split: bool,
        taken: &mut Vec<(Option<u32>, i64)>,
    ) -> Option<()> {
        taken.clear();
        let credit = self.one.credit;
        if let Some(rows) = &self.rows {
            return self.take_sizes(&rows.parts(row)?, (units, denominator), taken);
        }
        if let Some((rounding, residue)) = &credit.rounding {
            let whole = Exact::fixed(i128::from(units), denominator);
            let amounts = if is_split && self.parts.len() > 1 {
                let shares: Vec<Exact> = self.parts.iter().map(|part| part.share.clone()).collect();
                split(&whole, &shares, rounding, *residue)
            } else {
                vec![rounding.round(&whole)]
            };
            for (at, amount) in amounts.iter().enumerate() {
                let units = i64::try_from(amount.to_units(self.denominator)?).ok()?;
                self.give(row, is_split.then_some(at), units, taken)?;
            }
            return Some(());
        }
        if !is_split {
            return self.give(row, None, units.checked_mul(self.whole)?, taken);
        }
        for (at, part) in self.parts.iter().enumerate() {
            self.give(row, Some(at), units.checked_mul(part.times)?, taken)?;
        }
        Some(())
    }

    /// Gives each person the part of a record that its size is of all sizes.
    fn take_sizes(
        &self,
        sizes: &[(Option<u32>, i64)],
        (units, denominator): (i64, i128),
        taken: &mut Vec<(Option<u32>, i64)>,
    ) -> Option<()> {
        let total: i128 = sizes.iter().map(|(_, size)| i128::from(*size)).sum();
        let mut give = |person: Option<u32>, units: i128| {
            let units = i64::try_from(units).ok()?;
            taken.push((person, units));
            Some(())
        };
        if let Some((rounding, residue)) = &self.one.credit.rounding {
            let whole = Exact::fixed(i128::from(units), denominator);
            let share = |(_, size): &(Option<u32>, i64)| {
                Exact::int(*size).checked_div(&Exact::fixed(total, 1))
            };
            let amounts = match sizes {
                [_] => vec![rounding.round(&whole)],
                _ => {
                    let shares: Option<Vec<Exact>> = sizes.iter().map(share).collect();
                    split(&whole, &shares?, rounding, *residue)
                }
            };
            for ((person, _), amount) in sizes.iter().zip(&amounts) {
                give(*person, amount.to_units(self.denominator)?)?;
            }
            return Some(());
        }
        let all = i128::from(units).checked_mul(i128::from(self.whole))?;
        for (person, size) in sizes {
            let part = all.checked_mul(i128::from(*size))?;
            if part % total != 0 {
                return None;
            }
            give(*person, part / total)?;
        }
        Some(())
    }

    /// Gives units to the receiver of a part, or of all of it.
    fn give(
        &self,
        row: usize,
        part: Option<usize>,
        units: i64,
        taken: &mut Vec<(Option<u32>, i64)>,
    ) -> Option<()> {
        let who = match part {
            None => self.to?,
            Some(part) => match self.parts.get(part)?.who {
                None => {
                    taken.push((None, units));
                    return Some(());
                }
                Some(who) => who,
            },
        };
        if who.is_absent(row) {
            return None;
        }
        let person = Some(who.person(row)?);
        match taken.iter_mut().find(|(known, _)| *known == person) {
            Some((_, so_far)) => *so_far = so_far.checked_add(units)?,
            None => taken.push((person, units)),
        }
        Some(())
    }
}

/// Records that give credit, column by column.
struct Chosen {
    rows: Vec<u32>,
    dates: Vec<Date>,
    amounts: Units,
    /// Whether the split applies.
    split: Vec<bool>,
}

fn records<'r>(one: &'r RecordCrediting<'r>, rows: &'r [u32]) -> Records<'r> {
    Records {
        plan: one.plan,
        table: one.table,
        rows,
        credit: None,
        outside: &constant,
    }
}

fn keep(rows: &mut Vec<u32>, flags: &[bool]) {
    let mut flags = flags.iter();
    rows.retain(|_| flags.next() == Some(&true));
}
