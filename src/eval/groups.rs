//! What several persons make together. `docs/spec/evaluation.md`, section 3b.
//!
//! Groups are made one after the other, in the order in which they feed each other: first everybody brings what is
//! theirs, side by side, then it is taken together; nobody reads a group before it is made.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::base::{Date, Exact, Period};
use crate::diag::Diagnostic;
use crate::eval::budgets::Budgeted;
use crate::eval::contests::Standings;
use crate::eval::credits::{self, Everybody, everyones};
use crate::eval::exchanges::Exchanges;
use crate::eval::people::Person;
use crate::eval::person::Payer;
use crate::eval::pools::{Shares, lost_in_each};
use crate::eval::rollups::Hierarchy;
use crate::eval::values::{V, both, cell, eval};
use crate::eval::windows::days;
use crate::meaning::plan::{
    AsOf, Budget, ColumnId, CreditId, GroupId, GroupKind, GroupOf, PayId, Plan, Whom,
};
use crate::syntax::ast::{Aggregate, Reports, Window};
use crate::table::{Cause, PEOPLE, Rows, Table, sorted};

/// A text that makes a group; `None` where everyone is one.
pub(in crate::eval) type Text = Option<Arc<str>>;

/// What groups came to, as far as they are made; by group.
pub(in crate::eval) struct Groups {
    made: Vec<OnceLock<Made>>,
}

/// What several persons made.
enum Made {
    Together(Sums),
    Pool(Shares),
    Budget(Budgeted),
    Contest(Standings),
}

/// What one group's members brought, by text and period.
#[derive(Default)]
struct Sums {
    of: BTreeMap<(Text, usize), Sum>,
    /// What may have been brought to any text: why none is known, by period.
    any: BTreeMap<usize, Vec<Cause>>,
}

/// What was brought so far.
#[derive(Clone, Default)]
struct Sum {
    count: i64,
    total: Exact,
    highest: Option<Exact>,
    lowest: Option<Exact>,
    /// The first that is missing.
    missing: Option<Cause>,
    causes: Vec<Cause>,
}

/// To which texts a person belongs.
pub(in crate::eval) enum Texts {
    /// From a day through another.
    Sure(Vec<(Date, Date, Text)>),
    /// Why it is not known, and those there are; `None` where it could be any.
    Unsure(Vec<Cause>, Option<Vec<Text>>),
}

/// Why a text is not sure, and each that it could be; no text is any.
type Unsure = (Vec<Cause>, Vec<Option<Text>>);

/// What one person brings to one text in one period; no text is any.
struct Brought {
    text: Option<Text>,
    period: usize,
    sum: Sum,
}

impl Groups {
    /// None is made yet.
    pub(in crate::eval) fn new(plan: &Plan) -> Groups {
        Groups {
            made: plan.groups.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// Takes together what everybody brings, group by group.
    pub(in crate::eval) fn make(
        &self,
        plan: &Plan,
        (rows, exchanges): (&dyn Rows, &Exchanges<'_>),
        everybody: &Everybody<'_>,
        payers: &mut [Payer<'_>],
    ) -> Vec<Diagnostic> {
        let mut exceptions = Vec::new();
        let mut of_credits: BTreeMap<CreditId, credits::Made> = BTreeMap::new();
        for (cell, group) in self.made.iter().zip(&plan.groups) {
            let (of, whom) = match &group.kind {
                GroupKind::Together { of, whom, .. } => (of, whom),
                GroupKind::Pool(pool) => {
                    let shares = Shares::new(plan, (group, pool), rows, payers);
                    let _ = cell.set(Made::Pool(shares));
                    continue;
                }
                GroupKind::Contest(contest) => {
                    let _ = cell.set(Made::Contest(Standings::of(contest, plan, rows, payers)));
                    continue;
                }
                GroupKind::Budget(budget) => {
                    let _ = cell.set(Made::Budget(Budgeted::new(plan, budget, rows, payers)));
                    continue;
                }
            };
            let made = match of {
                GroupOf::Credits(id, window) => {
                    let own = of_credits
                        .entry(*id)
                        .or_insert_with(|| everyones(plan, *id, (rows, exchanges), everybody));
                    let bringing = Bringing {
                        plan,
                        periods: &plan.periods(),
                        whom: *whom,
                        people: rows.table(PEOPLE),
                    };
                    bringing.credits(everybody.people, own, *window)
                }
                GroupOf::Value(value) => {
                    let brings =
                        |payer: &Payer<'_>, period| Sum::of_value(eval(value, &payer.at(period)));
                    match (*whom, rows.table(PEOPLE)) {
                        (Whom::Reports(reports, column), Some(table)) => {
                            let hierarchy = Hierarchy::new(plan, column, rows, everybody);
                            exceptions.extend(hierarchy.exceptions.iter().cloned());
                            let above = Superiors {
                                plan,
                                people: everybody.people,
                                table,
                                most: match reports {
                                    Reports::Direct => 1,
                                    Reports::All => everybody.people.len(),
                                },
                                hierarchy,
                            };
                            Sums::of(above.brought(payers, brings))
                        }
                        _ => Sums::of(of_payees(plan, *whom, rows, payers, brings)),
                    }
                }
            };
            let _ = cell.set(Made::Together(made.with_lost(plan, rows)));
        }
        exceptions
    }

    /// What a group came to for a person.
    pub(in crate::eval) fn value(&self, payer: &Payer<'_>, id: GroupId, period: usize) -> V {
        let plan = payer.plan;
        let group = plan.group(id);
        let Some(made) = self.made.get(id.0).and_then(OnceLock::get) else {
            return V::Nothing;
        };
        if !payer.person.held.is_empty() {
            return V::Held(payer.person.held.clone());
        }
        let (sums, how, whom) = match (made, &group.kind) {
            (Made::Together(sums), GroupKind::Together { how, whom, .. }) => (sums, *how, *whom),
            (Made::Pool(shares), GroupKind::Pool(pool)) => {
                return shares.value(payer, (group, pool), period);
            }
            (Made::Contest(standings), GroupKind::Contest(contest)) => {
                return standings.value(contest, payer, period);
            }
            _ => return V::Nothing,
        };
        let days = days_of(plan, &payer.periods[period]);
        let text = match own_text(payer, whom, &days) {
            Ok(text) => text,
            Err(value) => return value,
        };
        let mut sum = sums.of.get(&(text, period)).cloned().unwrap_or_default();
        if let Some(more) = sums.any.get(&period) {
            sum.causes = both(sum.causes, more.clone());
        }
        sum.value(how, &group.label, &payer.person.id, &payer.label(period))
    }
}

impl Groups {
    /// What of a payout's claim its budget lets be paid.
    pub(in crate::eval) fn paid(
        &self,
        payer: &Payer<'_>,
        (id, budget): (GroupId, &Budget),
        (pay, period): (PayId, usize),
        claim: V,
    ) -> V {
        match self.made.get(id.0).and_then(OnceLock::get) {
            Some(Made::Budget(made)) => made.paid(budget, payer, (pay, period), claim),
            _ => V::Nothing,
        }
    }
}

/// The text of the group that a person is in at the end of some days; held or absent where there is none.
pub(in crate::eval) fn own_text(
    payer: &Payer<'_>,
    whom: Whom,
    days: &RangeInclusive<Date>,
) -> Result<Text, V> {
    let column = match whom {
        Whom::Everyone => return Ok(None),
        Whom::Reports(..) => return Ok(Some(Arc::from(payer.person.id.as_str()))),
        Whom::Same(column, _) => column,
    };
    let texts = texts(payer.plan, column, payer.rows.table(PEOPLE), payer.person);
    match texts.last_in(days) {
        Ok(Some(Some(text))) => Ok(Some(text)),
        Ok(_) => {
            let name = &payer.plan.people.columns[column.0].name;
            Err(V::Absent(Cause::no_fact(name, &payer.person.id)))
        }
        Err(causes) => Err(V::Held(causes)),
    }
}

/// The days of a period that the plan has.
pub(in crate::eval) fn days_of(plan: &Plan, period: &Period) -> RangeInclusive<Date> {
    period.start().max(plan.effective.0)..=period.end().min(plan.effective.1)
}

/// What each payee brings who belongs to a period, person by person.
fn of_payees(
    plan: &Plan,
    whom: Whom,
    rows: &dyn Rows,
    payers: &mut [Payer<'_>],
    brings: impl Fn(&Payer<'_>, usize) -> Sum + Sync,
) -> Vec<Vec<Brought>> {
    let people = rows.table(PEOPLE);
    let all = payers.par_iter_mut();
    let brought = all.map(|payer| {
        let own = Texts::among(plan, whom, people, payer.person);
        let mut brought = Vec::new();
        for (period, calendar_period) in payer.periods.iter().enumerate() {
            if payer.person.belongs(plan, calendar_period) {
                let sum = brings(payer, period);
                own.bring(&days_of(plan, calendar_period), period, sum, &mut brought);
            }
        }
        brought
    });
    brought.collect()
}

/// Who stands above everybody.
struct Superiors<'a> {
    plan: &'a Plan,
    people: &'a [Person],
    table: &'a Table,
    hierarchy: Hierarchy,
    /// How many levels up.
    most: usize,
}

impl Superiors<'_> {
    /// What each payee brings to those above who belongs to a period, person by person.
    fn brought(
        &self,
        payers: &mut [Payer<'_>],
        brings: impl Fn(&Payer<'_>, usize) -> Sum + Sync,
    ) -> Vec<Vec<Brought>> {
        let all = payers.par_iter_mut().map(|payer| {
            let mut brought = Vec::new();
            for (period, calendar_period) in payer.periods.iter().enumerate() {
                if payer.person.belongs(self.plan, calendar_period) {
                    let sum = brings(payer, period);
                    let day = *days_of(self.plan, calendar_period).end();
                    self.bring(payer.at, day, (period, &sum), &mut brought);
                }
            }
            brought
        });
        all.collect()
    }

    /// Hands what is brought to those who stand above on a day.
    fn bring(
        &self,
        person: u32,
        day: Date,
        (period, sum): (usize, &Sum),
        brought: &mut Vec<Brought>,
    ) {
        let levels = self
            .hierarchy
            .levels(person, Some(day), self.most, self.table);
        for (who, why) in levels.into_iter().flatten() {
            let Some(superior) = self.people.get(who as usize) else {
                continue;
            };
            let sum = match why.is_empty() {
                true => sum.clone(),
                false => Sum {
                    causes: why,
                    ..Sum::default()
                },
            };
            brought.push(Brought {
                text: Some(Some(Arc::from(superior.id.as_str()))),
                period,
                sum,
            });
        }
    }
}

/// Credits in the bringing.
struct Bringing<'a> {
    plan: &'a Plan,
    periods: &'a [Period],
    whom: Whom,
    people: Option<&'a Table>,
}

impl Bringing<'_> {
    /// What everyone's credits bring.
    fn credits(&self, people: &[Person], made: &credits::Made, window: Window) -> Sums {
        let brought: Vec<Vec<Brought>> = people
            .par_iter()
            .enumerate()
            .map(|(at, person)| {
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                self.of_person(at, person, made, window)
            })
            .collect();
        Sums::of(brought)
    }

    fn of_person(
        &self,
        at: u32,
        person: &Person,
        made: &credits::Made,
        window: Window,
    ) -> Vec<Brought> {
        let mut brought = Vec::new();
        if made.is_without(at) {
            return brought;
        }
        let own = Texts::among(self.plan, self.whom, self.people, person);
        let day = match self.whom {
            Whom::Same(_, day) => day,
            _ => AsOf::LastDay,
        };
        for (period, calendar_period) in self.periods.iter().enumerate() {
            let (first, last) = days(self.plan, window, calendar_period);
            // What a window that looks back reads before the plan, no other does.
            let first = match window.looks_back() {
                true => first,
                false => first.max(self.plan.effective.0),
            };
            let in_days = |first: Date, last: Date| Sum::of_credits(at, made, window, first..=last);
            match (&own, day) {
                (Texts::Sure(stretches), AsOf::Column(_)) => {
                    for (from, through, text) in stretches {
                        let (first, last) = (first.max(*from), last.min(*through));
                        if first <= last && text.is_some() {
                            let (text, sum) = (Some(text.clone()), in_days(first, last));
                            brought.extend(sum.map(|sum| Brought { text, period, sum }));
                        }
                    }
                }
                _ => {
                    if let Some(sum) = in_days(first, last) {
                        let of = days_of(self.plan, calendar_period);
                        own.bring(&of, period, sum, &mut brought);
                    }
                }
            }
        }
        brought
    }
}

/// The texts of a column of people for one person.
pub(in crate::eval) fn texts(
    plan: &Plan,
    column: ColumnId,
    people: Option<&Table>,
    person: &Person,
) -> Texts {
    let name = &plan.people.columns[column.0].name;
    let Some(table) = people else {
        return Texts::Sure(Vec::new());
    };
    let mut causes = person.broken.clone();
    let mut is_any = !person.broken.is_empty();
    let mut stretches: Vec<(Date, Date, Text)> = Vec::new();
    let mut read = |row: usize, causes: &mut Vec<Cause>| match cell(table, name, row, plan.currency)
    {
        V::Text(text) => Some(text),
        V::Held(more) => {
            is_any = true;
            causes.extend(more);
            None
        }
        _ => None,
    };
    for (row, first, last) in &person.rows {
        if stretches.iter().any(|(a, b, _)| a <= last && first <= b) {
            causes.push(Cause::overlap(
                &person.id,
                table.cell(*row, "id", &person.id),
            ));
        }
        let text = read(*row, &mut causes);
        stretches.push((*first, *last, text));
    }
    for (row, why) in &person.undated {
        causes.extend(why.iter().cloned());
        let text = read(*row, &mut causes);
        stretches.push((Date::MIN, Date::MAX, text));
    }
    if causes.is_empty() {
        return Texts::Sure(stretches);
    }
    let all = stretches.into_iter().map(|(.., text)| text);
    Texts::Unsure(
        sorted(causes),
        (!is_any).then(|| all.filter(Option::is_some).collect()),
    )
}

impl Texts {
    /// The texts of a person that make the groups of somebody.
    pub(in crate::eval) fn among(
        plan: &Plan,
        whom: Whom,
        people: Option<&Table>,
        person: &Person,
    ) -> Texts {
        match whom {
            Whom::Same(column, _) => texts(plan, column, people, person),
            _ => Texts::everyone(),
        }
    }

    /// Where everyone is one group.
    pub(in crate::eval) fn everyone() -> Texts {
        Texts::Sure(vec![(Date::MIN, Date::MAX, None)])
    }

    /// The text on the last of some days that a row covers; nothing where none does.
    pub(in crate::eval) fn last_in(
        &self,
        days: &RangeInclusive<Date>,
    ) -> Result<Option<Text>, Vec<Cause>> {
        match self {
            Texts::Unsure(causes, _) => Err(causes.clone()),
            Texts::Sure(stretches) => {
                let inside = stretches
                    .iter()
                    .filter(|(first, last, _)| first <= days.end() && days.start() <= last);
                let latest = inside.max_by_key(|(_, last, _)| *last);
                Ok(latest.map(|(.., text)| text.clone()))
            }
        }
    }

    /// Hands what is brought to the text that holds at the end of some days, or its causes to those that could.
    fn bring(
        &self,
        days: &RangeInclusive<Date>,
        period: usize,
        sum: Sum,
        brought: &mut Vec<Brought>,
    ) {
        match self.at_end(days) {
            Ok(None) => {}
            Ok(Some(text)) => brought.push(Brought {
                text: Some(text),
                period,
                sum,
            }),
            Err((causes, texts)) => {
                let of = |text: Option<Text>| Brought {
                    text,
                    period,
                    sum: Sum {
                        causes: causes.clone(),
                        ..Sum::default()
                    },
                };
                brought.extend(texts.into_iter().map(of));
            }
        }
    }

    /// The text at the end of some days, if there is one; where everyone is one group it is none. Else why that is not
    /// sure, and each text that it could be; no text is any.
    pub(in crate::eval) fn at_end(
        &self,
        days: &RangeInclusive<Date>,
    ) -> Result<Option<Text>, Unsure> {
        match self {
            Texts::Sure(stretches) => {
                let is_everyone = matches!(stretches.as_slice(), [(Date::MIN, Date::MAX, None)]);
                let text = self.last_in(days).ok().flatten();
                Ok(text.filter(|text| is_everyone || text.is_some()))
            }
            Texts::Unsure(causes, None) => Err((causes.clone(), vec![None])),
            Texts::Unsure(causes, Some(all)) => {
                Err((causes.clone(), all.iter().cloned().map(Some).collect()))
            }
        }
    }
}

impl Sums {
    /// With why somebody may be missing among the people, who could have brought something to any text.
    fn with_lost(mut self, plan: &Plan, rows: &dyn Rows) -> Sums {
        for (period, causes) in lost_in_each(plan, rows) {
            self.any.entry(period).or_default().extend(causes);
        }
        self
    }

    /// Takes together what persons brought, in their order.
    fn of(brought: Vec<Vec<Brought>>) -> Sums {
        let mut sums = Sums::default();
        for own in brought.into_iter().flatten() {
            match own.text {
                None => sums
                    .any
                    .entry(own.period)
                    .or_default()
                    .extend(own.sum.causes),
                Some(text) => sums.of.entry((text, own.period)).or_default().add(own.sum),
            }
        }
        sums
    }
}

impl Sum {
    fn of_value(value: V) -> Sum {
        let none = Sum::default();
        match value {
            V::Number(number) => Sum {
                count: 1,
                total: number.clone(),
                highest: Some(number.clone()),
                lowest: Some(number),
                ..none
            },
            V::Missing(cause) => Sum {
                missing: Some(cause),
                ..none
            },
            V::Absent(cause) => Sum {
                causes: vec![cause],
                ..none
            },
            V::Held(causes) => Sum { causes, ..none },
            _ => none,
        }
    }

    /// What a person's credits of some days bring; `None` where there are none, known or unknown.
    fn of_credits(
        at: u32,
        made: &credits::Made,
        window: Window,
        days: RangeInclusive<Date>,
    ) -> Option<Sum> {
        // What windows look back on is not all that there is.
        let (credited, periods) = match made.past.as_ref().filter(|_| window.looks_back()) {
            Some(past) => (&past.credited, past.steps.len()),
            None => (&made.credited, made.periods),
        };
        let mut sum = Sum::default();
        for share in credited.shares(at, 0..periods) {
            if days.contains(&share.date()) {
                sum.add(Sum::of_value(V::Number(credited.amount(share))));
            }
        }
        for unknown in credited.unknown(at) {
            if unknown.date.is_none_or(|date| days.contains(&date)) {
                sum.causes.extend(unknown.causes.iter().cloned());
            }
        }
        (sum.count > 0 || !sum.causes.is_empty()).then_some(sum)
    }

    fn add(&mut self, other: Sum) {
        self.count += other.count;
        self.total += other.total;
        self.highest = self.highest.take().max(other.highest);
        self.lowest = match (self.lowest.take(), other.lowest) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.missing = self.missing.take().or(other.missing);
        self.causes.extend(other.causes);
    }

    fn value(self, how: Aggregate, label: &str, payee: &str, period: &str) -> V {
        if !self.causes.is_empty() {
            return V::Held(sorted(self.causes));
        }
        if let Some(cause) = self.missing {
            return V::Missing(cause);
        }
        let found = match how {
            Aggregate::Total => Some(self.total),
            Aggregate::Count => Some(Exact::int(self.count)),
            Aggregate::Average => self.total.checked_div(&Exact::int(self.count)),
            Aggregate::Highest => self.highest,
            Aggregate::Lowest => self.lowest,
        };
        match found {
            Some(number) => V::Number(number),
            None => V::Missing(Cause::of_none(label, payee, period)),
        }
    }
}
