//! Quotas of a test: those that it gives as they come out, and those that it gives as rows of their source.

use std::collections::BTreeMap;

use crate::app::rehearse::cells::{currency_key, kind_of, test_table, with_currencies};
use crate::app::rehearse::plain;
use crate::app::rehearse::stage::{NamedRows, Stage};
use crate::meaning::plan::Quota;
use crate::syntax::ast;
use crate::table::{Column, Data, GivenQuota, Kind, Value};

/// Quotas by binding, payee and period, each with its named values.
pub(in crate::app::rehearse) type Quotas =
    BTreeMap<(String, String, String), BTreeMap<String, Value>>;

impl Stage<'_> {
    /// `given QUOTA is …`: the quota itself. Without lines that make another number of it, it is a row of the source.
    pub(in crate::app::rehearse) fn give_quota(
        &self,
        quota: &Quota,
        (payee, period): (&str, &str),
        value: Value,
        quotas: &mut Quotas,
        data: &mut Data,
    ) {
        if !quota.is_made() {
            let key = (quota.binding.clone(), payee.to_owned(), period.to_owned());
            let values = quotas.entry(key).or_default();
            values.insert(quota.name.clone(), value);
        } else if let (Ok(period), Value::Number(amount)) =
            (self.plan.calendar.parse_period(period), value)
        {
            data.given_quotas.push(GivenQuota {
                quota: quota.name.clone(),
                payee: payee.to_owned(),
                period,
                amount,
            });
        }
    }

    /// Rows of a quota's source that a test gives as a table. A quota that is given by itself goes before its row.
    pub(in crate::app::rehearse) fn quota_rows(
        &self,
        rows: &mut BTreeMap<String, NamedRows>,
        quotas: &mut Quotas,
    ) {
        for quota in &self.plan.quotas {
            for mut row in rows.remove(&quota.binding).unwrap_or_default() {
                let (Some(Value::Text(payee)), Some(Value::Text(period))) =
                    (row.remove("payee"), row.remove("period"))
                else {
                    continue;
                };
                let key = (quota.binding.clone(), payee.to_string(), period.to_string());
                let values = quotas.entry(key).or_default();
                for (name, value) in row {
                    values.entry(name).or_insert(value);
                }
            }
        }
    }

    /// Like a row, a quota that is given as it comes out holds in the periods that the test is not about.
    pub(in crate::app::rehearse) fn steady_given(&mut self, test: &ast::Test, data: &mut Data) {
        let given = data.given_quotas.clone();
        for (at, one) in given.iter().enumerate() {
            let length = one.period.cadence();
            let is_same = |own: &&GivenQuota| {
                (&own.quota, &own.payee, own.period.cadence()) == (&one.quota, &one.payee, length)
            };
            if given.iter().take(at).any(|own| is_same(&own)) {
                continue;
            }
            let about = |period: &crate::base::Period| {
                test.expects.iter().any(|expect| {
                    let of = self.plan.calendar.parse_period(&expect.period.text);
                    expect.person.text == one.payee
                        && of.is_ok_and(|of| period.contains_period(&of))
                })
            };
            let last = given.iter().rev().find(is_same).unwrap_or(one);
            let is_given = |period: &crate::base::Period| {
                let mut own = given.iter().filter(is_same);
                own.any(|own| own.period == *period)
            };
            let (start, end) = self.plan.effective;
            let others = self.plan.calendar.periods(start, end, length).into_iter();
            let others: Vec<_> = others
                .filter(|period| !about(period) && !is_given(period))
                .collect();
            let quota = self.plan.quotas.iter().find(|own| own.name == one.quota);
            if let (Some(quota), false) = (quota, others.is_empty()) {
                let what = format!("{} of {} in the other periods", one.quota, one.payee);
                self.assume(what, plain(&Value::Number(last.amount.clone()), quota.ty));
            }
            data.given_quotas
                .extend(others.into_iter().map(|period| GivenQuota {
                    period,
                    ..last.clone()
                }));
        }
    }

    /// Quotas of the periods that the test is about and does not give.
    pub(in crate::app::rehearse) fn missing_quotas(
        &mut self,
        test: &ast::Test,
        quotas: &Quotas,
        data: &Data,
    ) {
        let plan = self.plan;
        for quota in &plan.quotas {
            for expect in &test.expects {
                let Ok(of) = plan.calendar.parse_period(&expect.period.text) else {
                    continue;
                };
                let is_given = quotas.iter().any(|((binding, payee, period), values)| {
                    let within = plan.calendar.parse_period(period).is_ok_and(|own| {
                        own.contains(plan.first_day_in(&of)) || of.contains_period(&own)
                    });
                    *binding == quota.binding
                        && *payee == expect.person.text
                        && within
                        && values.contains_key(&quota.name)
                });
                let is_made = data.given_quotas.iter().any(|given| {
                    given.quota == quota.name
                        && given.payee == expect.person.text
                        && given.period.contains_period(&of)
                });
                if !is_given && !is_made {
                    let (person, period) = (&expect.person.text, &expect.period.text);
                    let what = format!("{} of {person} in {period}", quota.name);
                    self.assume(what, "missing".to_owned());
                }
            }
        }
    }

    /// A test about one period says nothing of the others: a quota that it gives holds in those too, so that
    /// an earlier period without one does not hold the balance carried into this one.
    pub(in crate::app::rehearse) fn steady_quotas(
        &mut self,
        test: &ast::Test,
        quotas: &mut Quotas,
    ) {
        for quota in &self.plan.quotas {
            let (first, last) = self.plan.effective;
            let periods = self.plan.calendar.periods(first, last, quota.cadence);
            let named = currency_key(&quota.name);
            let given: BTreeMap<String, (Value, Option<Value>)> = quotas
                .iter()
                .rev()
                .filter(|((binding, _, _), _)| *binding == quota.binding)
                .filter_map(|((_, payee, _), values)| {
                    let currency = values.get(&named).cloned();
                    let value = values.get(&quota.name)?.clone();
                    Some((payee.clone(), (value, currency)))
                })
                .collect();
            for (payee, (value, currency)) in given {
                let mut spread = false;
                for period in &periods {
                    let is_expected = test.expects.iter().any(|expect| {
                        let of = self.plan.calendar.parse_period(&expect.period.text);
                        expect.person.text == payee
                            && of.is_ok_and(|of| {
                                period.contains(self.plan.first_day_in(&of))
                                    || of.contains_period(period)
                            })
                    });
                    let key = (
                        quota.binding.clone(),
                        payee.clone(),
                        self.plan.calendar.label(period),
                    );
                    if !is_expected {
                        let values = quotas.entry(key).or_default();
                        if !values.contains_key(&quota.name) {
                            spread = true;
                            values.insert(quota.name.clone(), value.clone());
                            values.extend(currency.clone().map(|own| (named.clone(), own)));
                        }
                    }
                }
                if spread {
                    let what = format!("{} of {payee} in the other periods", quota.name);
                    self.assume(what, plain(&value, quota.ty));
                }
            }
        }
    }

    pub(in crate::app::rehearse) fn quota_tables(&self, quotas: &Quotas, data: &mut Data) {
        for quota in &self.plan.quotas {
            let rows: Vec<_> = quotas
                .iter()
                .filter(|((binding, _, _), _)| *binding == quota.binding)
                .collect();
            let text = |value: &str| Some(Value::Text(value.into()));
            let payees: Vec<_> = rows.iter().map(|((_, payee, _), _)| text(payee)).collect();
            let periods: Vec<_> = rows
                .iter()
                .map(|((_, _, period), _)| text(period))
                .collect();
            let mut table = data.tables.remove(&quota.binding).unwrap_or_else(|| {
                let mut table = test_table(&quota.binding, rows.len());
                table.columns.push((
                    "payee".to_owned(),
                    Column::from_values(Kind::Text, &payees, self.plan.currency),
                ));
                table.columns.push((
                    "period".to_owned(),
                    Column::from_values(Kind::Text, &periods, self.plan.currency),
                ));
                table
            });
            let values: Vec<_> = rows
                .iter()
                .map(|(_, values)| values.get(&quota.name).cloned())
                .collect();
            let currency = self.plan.currency;
            let column = Column::from_values(kind_of(quota.ty), &values, currency);
            let named = rows.iter().map(|(_, values)| *values);
            let column = with_currencies(column, &quota.name, currency, named);
            table.columns.push((quota.name.clone(), column));
            data.tables.insert(quota.binding.clone(), table);
        }
    }
}
