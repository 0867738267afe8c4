//! The quota that holds for a person in a period: the rows of its source, and each line that makes a quota of them,
//! day by day and month by month.

use std::collections::BTreeMap;

use crate::base::{Cadence, Date, Exact, Period};
use crate::explain::cells::{of_broken_rows, read_cell, read_money};
use crate::explain::days::{Shares, days_of, is_within};
use crate::explain::exchanges::{conversion_node, quote};
use crate::explain::expression::{Found, Scalar, Stop, demand};
use crate::explain::receipt::{Factor, Known, Node, Replaced, Rule};
use crate::explain::walk::{Here, Walker, kind, known, leaf};
use crate::meaning::plan::{DayRows, FactDay, Proration, Quota, QuotaId, Ramp};
use crate::syntax::ast::{EmploymentMonths, ProrationUnit};
use crate::table::{Cause, Table, sorted};

/// A value with the words of its place and how it was converted, or why it cannot be known.
type QuotaRow = Result<(Exact, String, Vec<Node>), Vec<Cause>>;

/// The values of a quota's source by the quota's period.
type QuotaRows = BTreeMap<Period, Vec<QuotaRow>>;

/// What counts of a part, and why; or everything that keeps it from being known.
type Factors = Result<Vec<Factor>, Vec<Cause>>;

impl Walker<'_> {
    /// A quota as a step.
    pub(in crate::explain) fn quota_node(
        &mut self,
        here: &Here,
        id: QuotaId,
        over: Cadence,
    ) -> (Found, Option<Node>) {
        let quota = self.plan.quota(id);
        let held = self.life(&here.payee).held;
        let sound = held.is_empty();
        let (found, mut parts) = if held.is_empty() {
            self.quota_found(here, quota, over)
        } else {
            (Err(Stop::Held(held)), Vec::new())
        };
        let start = self.periods[here.period].start();
        let period = self.plan.calendar.period_of(start, over);
        let exception = self.plan.exceptional_quota(id, &here.payee, &period);
        if let (Some((own, amount)), true) = (exception, sound) {
            let (plan, was) = (self.plan, known(&found));
            let found = Ok(Scalar::Number(amount.clone()));
            let rule = Rule::Exception(Replaced::new(plan, own, was, amount.clone()));
            let node = leaf(rule, &quota.label, &found, kind(quota.ty), Some(own.span));
            return (found, Some(node));
        }
        let exact = sum_of(&parts);
        let rule = if quota.is_made() && !parts.is_empty() {
            Rule::Quota { exact }
        } else {
            let places = parts.drain(..).filter_map(|part| match part.rule {
                Rule::QuotaPart { place, .. } => Some(place),
                _ => None,
            });
            let place = places.collect::<Vec<String>>().join(", ");
            Rule::Fact { place }
        };
        let (label, span) = (&quota.label, Some(quota.span));
        let mut node = leaf(rule, label, &found, kind(quota.ty), span);
        node.reads = parts;
        (found, Some(node))
    }

    /// The value and the parts it is made of; no parts where it is not known, or given.
    fn quota_found(&mut self, here: &Here, quota: &Quota, over: Cadence) -> (Found, Vec<Node>) {
        let calendar = &self.plan.calendar;
        let period = calendar.period_of(self.periods[here.period].start(), over);
        let given = self.rows.given_quotas().iter().find(|given| {
            given.quota == quota.name && given.payee == here.payee && given.period == period
        });
        if let Some(given) = given {
            return (Ok(Scalar::Number(given.amount.clone())), Vec::new());
        }
        let mut rows = match self.quota_rows(here, quota) {
            Ok(rows) => rows,
            Err(causes) => return (Err(Stop::Held(causes)), Vec::new()),
        };
        let mut held = Vec::new();
        let mut lacks = false;
        let mut parts = Vec::new();
        for days in self.quota_parts(quota, &period) {
            let of = self.plan.calendar.period_of(days.start(), quota.cadence);
            // Several parts may be of one value.
            let values = rows.entry(of).or_default();
            lacks |= values.is_empty();
            for value in values.clone() {
                let (value, place, converted) = match value {
                    Ok(value) => value,
                    Err(causes) => {
                        held.extend(causes);
                        continue;
                    }
                };
                match self.factors(here, quota, over, (&days, &of)) {
                    Ok(factors) => {
                        let mut part = self.part(quota, &of, &days, value, place, factors);
                        part.reads = converted;
                        parts.push(part);
                    }
                    Err(causes) => held.extend(causes),
                }
            }
        }
        if !held.is_empty() {
            return (Err(Stop::Held(sorted(held))), Vec::new());
        }
        if lacks {
            let label = self.plan.calendar.label(&period);
            let cause = Cause::quota_missing((&quota.label, &quota.binding), &here.payee, &label);
            return (Err(Stop::Missing(cause)), Vec::new());
        }
        let sum = sum_of(&parts);
        let value = match &quota.rounding {
            Some(rounding) => rounding.round(&sum),
            None => sum,
        };
        (Ok(Scalar::Number(value)), parts)
    }

    fn part(
        &self,
        quota: &Quota,
        of: &Period,
        days: &Period,
        value: Exact,
        place: String,
        factors: Vec<Factor>,
    ) -> Node {
        let calendar = &self.plan.calendar;
        let product = factors.iter().fold(value.clone(), |product, factor| {
            product * factor.share.clone()
        });
        let rule = Rule::QuotaPart {
            place,
            of: calendar.label(of),
            value,
            factors,
        };
        let found = Ok(Scalar::Number(product));
        leaf(rule, &calendar.label(days), &found, kind(quota.ty), None)
    }

    /// The lengths of time whose quotas are added up: one that holds the period, or those inside it.
    fn quota_parts(&self, quota: &Quota, period: &Period) -> Vec<Period> {
        let calendar = &self.plan.calendar;
        let length = quota.spread.as_ref().map_or(quota.cadence, |own| own.over);
        if length < period.cadence() {
            calendar.periods(period.start(), period.end(), length)
        } else {
            vec![calendar.period_of(self.plan.first_day_in(period), length)]
        }
    }

    /// The values of a person in the source, or faults that reach all of them.
    fn quota_rows(&self, here: &Here, quota: &Quota) -> Result<QuotaRows, Vec<Cause>> {
        let mut found = QuotaRows::new();
        let Some(table) = self.rows.table(&quota.binding) else {
            return Ok(found);
        };
        let mut everywhere = of_broken_rows(table, &here.payee);
        let mut seen: BTreeMap<Period, usize> = BTreeMap::new();
        for row in 0..table.rows {
            if read_cell(self.plan, table, "payee", row) != Ok(Scalar::Text(here.payee.clone())) {
                continue;
            }
            let text = match demand(read_cell(self.plan, table, "period", row)) {
                Ok(Scalar::Text(text)) => text,
                Err(Stop::Held(causes)) => {
                    everywhere.extend(causes);
                    continue;
                }
                _ => continue,
            };
            let of = match self.plan.calendar.parse_period(&text) {
                Ok(of) if of.cadence() == quota.cadence => of,
                _ => {
                    everywhere.push(Cause::quota_period(
                        &text,
                        (quota.cadence, &self.plan.first_period(quota.cadence)),
                        table.cell(row, "period", &text),
                    ));
                    continue;
                }
            };
            let mut converted = Vec::new();
            let value = match self.quota_value(quota, (table, row), &of, &mut converted) {
                Ok(Scalar::Number(number)) if number.is_negative() => {
                    let cell = table.cell(row, &quota.name, &number.to_plain());
                    Err(vec![Cause::quota_negative(&quota.label, &here.payee, cell)])
                }
                Ok(Scalar::Number(number)) => Ok((number, table.place(row), converted)),
                Err(Stop::Held(causes)) => Err(causes),
                _ => continue,
            };
            let values = found.entry(of).or_default();
            if seen.insert(of, row).is_some() {
                let label = self.plan.calendar.label(&of);
                let cell = table.cell(row, "period", &text);
                // Two quotas are one fault; what the second says does not matter any more.
                values.retain(Result::is_err);
                values.push(Err(vec![Cause::quota_twice(
                    &quota.label,
                    &here.payee,
                    &label,
                    cell,
                )]));
            } else {
                values.push(value);
            }
        }
        if everywhere.is_empty() {
            Ok(found)
        } else {
            Err(sorted(everywhere))
        }
    }

    /// A value of the source, converted where the quota says so; one below 0 is what it is.
    fn quota_value(
        &self,
        quota: &Quota,
        (table, row): (&Table, usize),
        of: &Period,
        reads: &mut Vec<Node>,
    ) -> Found {
        let own = self.plan.currency;
        let Some(conversion) = &quota.converted else {
            return read_cell(self.plan, table, &quota.name, row);
        };
        let (amount, from) = read_money(own, table, &quota.name, row)?;
        if amount.is_negative() || from == own {
            return Ok(Scalar::Number(amount));
        }
        let day = conversion.on.of(of);
        let quoted = quote(self.plan, self.rows, conversion.at, (from, own), day);
        let quoted = quoted.map_err(Stop::Held)?;
        let found = Ok(Scalar::Number(amount.clone() * quoted.rate.clone()));
        reads.push(conversion_node(
            (amount, from),
            quoted,
            own,
            &found,
            conversion.span,
        ));
        found
    }

    /// What acts on a part, in the order of the lines.
    fn factors(
        &mut self,
        here: &Here,
        quota: &Quota,
        over: Cadence,
        (days, of): (&Period, &Period),
    ) -> Factors {
        let mut factors = Vec::new();
        let mut held = Vec::new();
        let mut add = |factor: Result<Factor, Vec<Cause>>| match factor {
            Ok(factor) => factors.push(factor),
            Err(causes) => held.extend(causes),
        };
        if let Some(spread) = &quota.spread {
            let parts = self
                .plan
                .calendar
                .periods(of.start(), of.end(), spread.over);
            let own = parts
                .iter()
                .zip(&spread.shares)
                .find(|(part, _)| *part == days);
            let share = own.map_or(Exact::ZERO, |(_, share)| share.clone());
            add(Ok(Factor::spread(share, self.plan.calendar.label(days))));
        }
        if let Some(ramp) = &quota.ramp {
            add(self.ramp(here, ramp, over, days));
        }
        if let Some(relief) = &quota.relief {
            add(self.relief(here, relief, days));
        }
        if let Some(proration) = &quota.proration {
            add(self.in_role(here, proration, days));
        }
        if held.is_empty() {
            Ok(factors)
        } else {
            Err(held)
        }
    }

    /// The average of the percentages of the months in which the person is employed in the role.
    fn ramp(
        &mut self,
        here: &Here,
        ramp: &Ramp,
        over: Cadence,
        days: &Period,
    ) -> Result<Factor, Vec<Cause>> {
        let hired = match demand(self.fact(here, ramp.hired, FactDay::Throughout(over)).0) {
            Ok(Scalar::Date(hired)) => hired,
            Err(Stop::Held(causes)) => return Err(causes),
            _ => return Ok(Factor::ramp(Exact::ONE, Vec::new())),
        };
        let role = self.life(&here.payee).role;
        let calendar = &self.plan.calendar;
        let all = calendar.periods(days.start(), days.end(), Cadence::Month);
        let is_employed = |month: &Period| {
            let mut own = days_of(month).filter(|day| *day >= hired);
            own.any(|day| is_within(&role, day))
        };
        let mut months: Vec<Period> = all.iter().copied().filter(is_employed).collect();
        if months.is_empty() {
            months = all;
        }
        let of_month = |month: &Period| {
            let share = ramp
                .shares
                .get(self.month_of_employment(ramp, hired, month));
            let share = share.or(ramp.shares.last()).cloned();
            (calendar.label(month), share.unwrap_or(Exact::ONE))
        };
        let months: Vec<(String, Exact)> = months.iter().map(of_month).collect();
        let sum = months
            .iter()
            .fold(Exact::ZERO, |sum, (_, share)| sum + share.clone());
        let count = Exact::int(i64::try_from(months.len()).unwrap_or(1));
        let average = sum.checked_div(&count).unwrap_or_default();
        Ok(Factor::ramp(average, months))
    }

    /// Which month of employment it is, from 0; those before the first are the first.
    fn month_of_employment(&self, ramp: &Ramp, hired: Date, month: &Period) -> usize {
        let calendar = &self.plan.calendar;
        let since = calendar.periods(hired, month.end(), Cadence::Month);
        let is_first = |period: &&Period| match ramp.months {
            EmploymentMonths::Full => period.start() >= hired,
            EmploymentMonths::Started => true,
        };
        since.iter().filter(is_first).count().saturating_sub(1)
    }

    /// What is left where days are relieved.
    fn relief(&self, here: &Here, rows: &DayRows, days: &Period) -> Result<Factor, Vec<Cause>> {
        let shares = self.shares_of_days(here, rows, days)?;
        let relieved = shares
            .values()
            .fold(Exact::ZERO, |sum, share| sum + share.clone());
        Ok(Factor::relief(relieved, days.days()))
    }

    /// The part of the days or months that the person is in the role and not on leave.
    fn in_role(
        &mut self,
        here: &Here,
        proration: &Proration,
        days: &Period,
    ) -> Result<Factor, Vec<Cause>> {
        let leave = match &proration.leave {
            Some(rows) => self.shares_of_days(here, rows, days),
            None => Ok(Shares::new()),
        };
        let holidays = match proration.holidays {
            Some(of) => self.holidays(of),
            None => Ok(Vec::new()),
        };
        let (leave, holidays) = match (leave, holidays) {
            (Ok(leave), Ok(holidays)) => (leave, holidays),
            (leave, holidays) => {
                let causes = [leave.err(), holidays.err()];
                return Err(causes.into_iter().flatten().flatten().collect());
            }
        };
        let role = self.life(&here.payee).role;
        let is_there = |day: &Date| is_within(&role, *day) && !leave.contains_key(day);
        let (there, all) = match proration.unit {
            ProrationUnit::CalendarDays => (
                days_of(days).filter(is_there).count(),
                days_of(days).count(),
            ),
            ProrationUnit::WorkingDays => {
                let is_working = |day: &Date| day.is_weekday() && !holidays.contains(day);
                (
                    days_of(days).filter(is_working).filter(is_there).count(),
                    days_of(days).filter(is_working).count(),
                )
            }
            ProrationUnit::WholeMonths => {
                let (first, last) = (days.start(), days.end());
                let months = self.plan.calendar.periods(first, last, Cadence::Month);
                let is_whole = |month: &&Period| days_of(month).all(|day| is_there(&day));
                (months.iter().filter(is_whole).count(), months.len())
            }
        };
        Ok(Factor::role(there, all, proration.unit))
    }
}

fn sum_of(parts: &[Node]) -> Exact {
    parts
        .iter()
        .fold(Exact::ZERO, |sum, part| match &part.value {
            Known::Value(value) => sum + value.clone(),
            _ => sum,
        })
}
