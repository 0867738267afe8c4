//! Quotas by payee and period, and what is made of their values. `docs/spec/evaluation.md`, section 3.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Currency, Exact, Period};
use crate::diag::Diagnostic;
use crate::eval::broken::Broken;
use crate::eval::exchanges::Exchanges;
use crate::eval::people::Person;
use crate::eval::quotas::days::{Holidays, OfPayee as DaysOf, by_payee as days_by_payee};
use crate::eval::quotas::parts::{Making, parts};
use crate::eval::strangers::{Strangers, said};
use crate::eval::values::{V, both, cell, money_cell};
use crate::meaning::plan::{ColumnId, DayRows, ExceptionOf, Plan, Quota};
use crate::table::{Cause, Rows};

mod days;
mod parts;

/// All that one quota is made of.
#[derive(Debug, Default)]
pub(in crate::eval) struct Source<'a> {
    values: BTreeMap<String, OfPayee>,
    given: BTreeMap<(&'a str, Period), &'a Exact>,
    relief: BTreeMap<String, DaysOf>,
    leave: BTreeMap<String, DaysOf>,
    holidays: Holidays,
}

/// Values of one quota for one payee.
#[derive(Clone, Debug, Default)]
struct OfPayee {
    values: BTreeMap<Period, V>,
    /// Faults that reach every period.
    held: Vec<Cause>,
}

impl<'a> Source<'a> {
    /// Reads everything, and says who of it the people file does not know.
    pub(in crate::eval) fn new(
        plan: &'a Plan,
        quota: &Quota,
        (rows, exchanges): (&'a dyn Rows, &Exchanges<'_>),
        ids: &BTreeSet<&str>,
    ) -> (Source<'a>, Vec<Diagnostic>) {
        let (values, unknown) = by_payee(plan, quota, (rows, exchanges), ids);
        let mut strangers = said(unknown, ids, "Nobody has the quotas of this person");
        let mut days = |of: Option<&DayRows>| {
            let Some(of) = of else {
                return BTreeMap::new();
            };
            let (days, unknown) = days_by_payee(plan, of, rows, ids);
            strangers.extend(said(unknown, ids, "These days are nobody's"));
            days
        };
        let relief = days(quota.relief.as_ref());
        let proration = quota.proration.as_ref();
        let leave = days(proration.and_then(|proration| proration.leave.as_ref()));
        let holidays = quota.holidays();
        let holidays = holidays.map(|of| Holidays::new(plan, of, rows));
        let given = rows.given_quotas().iter();
        let given = given.filter(|given| given.quota == quota.name);
        let given = given.map(|given| ((given.payee.as_str(), given.period), &given.amount));
        let source = Source {
            values,
            // An exception has the last word, over what a test gives too.
            given: given.chain(exceptional(plan, quota)).collect(),
            relief,
            leave,
            holidays: holidays.unwrap_or_default(),
        };
        (source, strangers)
    }

    /// The quota of one payee in one of the plan's periods; `hired` reads the column of people for a ramp.
    pub(in crate::eval) fn value(
        &self,
        plan: &Plan,
        quota: &Quota,
        person: &Person,
        period: &Period,
        hired: impl Fn(ColumnId) -> V,
    ) -> V {
        if let Some(given) = self.given.get(&(person.id.as_str(), *period)) {
            return V::Number((*given).clone());
        }
        let missing = || {
            let label = plan.calendar.label(period);
            V::Missing(Cause::quota_missing(
                (&quota.label, &quota.binding),
                &person.id,
                &label,
            ))
        };
        let Some(of) = self.values.get(&person.id) else {
            return missing();
        };
        if !of.held.is_empty() {
            return V::Held(of.held.clone());
        }
        let mut sum = Exact::ZERO;
        let mut held = Vec::new();
        let mut is_missing = false;
        for part in parts(plan, quota, period) {
            match of.values.get(&part.of) {
                Some(V::Number(number)) => {
                    let made = Making {
                        plan,
                        source: self,
                        person,
                        part: part.days,
                    };
                    match made.factor(quota, &hired) {
                        Ok(factor) => sum += number.clone() * part.share * factor,
                        Err(causes) => held = both(held, causes),
                    }
                }
                Some(V::Held(causes)) => held = both(held, causes.clone()),
                _ => is_missing = true,
            }
        }
        match (held.is_empty(), is_missing) {
            (false, _) => V::Held(held),
            (true, true) => missing(),
            (true, false) => V::Number(match &quota.rounding {
                Some(rounding) => rounding.round(&sum),
                None => sum,
            }),
        }
    }
}

/// Quotas that exceptions set.
fn exceptional<'p>(
    plan: &'p Plan,
    quota: &Quota,
) -> impl Iterator<Item = ((&'p str, Period), &'p Exact)> {
    plan.exceptions.iter().filter_map(|own| match &own.of {
        ExceptionOf::Quota {
            quota: of,
            payee,
            period,
            amount,
        } if plan.quota(*of).name == quota.name => Some(((payee.as_str(), *period), amount)),
        _ => None,
    })
}

/// Reads one quota's table.
fn by_payee(
    plan: &Plan,
    quota: &Quota,
    (rows, exchanges): (&dyn Rows, &Exchanges<'_>),
    ids: &BTreeSet<&str>,
) -> (BTreeMap<String, OfPayee>, Strangers) {
    let mut found: BTreeMap<String, OfPayee> = BTreeMap::new();
    let mut strangers = Strangers::new();
    let Some(table) = rows.table(&quota.binding) else {
        return (found, strangers);
    };
    let broken = Broken::new(table, |text| ids.contains(text));
    for (id, held) in broken.held(ids.iter().copied()) {
        found.entry(id.to_owned()).or_default().held = held;
    }
    for row in 0..table.rows {
        let V::Text(payee) = cell(table, "payee", row, plan.currency) else {
            continue;
        };
        if !ids.contains(&*payee) {
            let cell = table.cell(row, "payee", &payee);
            strangers.entry(payee.to_string()).or_insert(cell);
            continue;
        }
        let of = found.entry(payee.to_string()).or_default();
        let text = match cell(table, "period", row, plan.currency).needed() {
            V::Text(text) => text,
            V::Held(causes) => {
                of.held = both(std::mem::take(&mut of.held), causes);
                continue;
            }
            _ => continue,
        };
        let period = plan
            .calendar
            .parse_period(&text)
            .ok()
            .filter(|period| period.cadence() == quota.cadence);
        let Some(period) = period else {
            let cause = Cause::quota_period(
                &text,
                (quota.cadence, &plan.first_period(quota.cadence)),
                table.cell(row, "period", &text),
            );
            of.held = both(std::mem::take(&mut of.held), vec![cause]);
            continue;
        };
        let negative = |number: &Exact| {
            let found = table.cell(row, &quota.name, &number.to_plain());
            V::Held(vec![Cause::quota_negative(&quota.label, &payee, found)])
        };
        let value = match &quota.converted {
            None => cell(table, &quota.name, row, plan.currency),
            Some(own) => {
                let convert = |amount: Exact, from: Currency| {
                    if amount.is_negative() {
                        return negative(&amount);
                    }
                    let (pair, day) = ((from, plan.currency), own.on.of(&period));
                    exchanges.exchanged(own.at, amount, pair, || V::Date(day))
                };
                money_cell((table, &quota.name), row, plan.currency, &convert)
            }
        };
        let value = match value {
            V::Absent(_) => continue,
            V::Number(number) if number.is_negative() => negative(&number),
            other => other,
        };
        let value = match of.values.remove(&period) {
            None => value,
            Some(earlier) => {
                let at = table.cell(row, "period", &text);
                let twice = vec![Cause::quota_twice(
                    &quota.label,
                    &payee,
                    &plan.calendar.label(&period),
                    at,
                )];
                match earlier {
                    V::Held(causes) => V::Held(both(causes, twice)),
                    _ => V::Held(twice),
                }
            }
        };
        of.values.insert(period, value);
    }
    (found, strangers)
}
