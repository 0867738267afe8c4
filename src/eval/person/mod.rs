//! One person through all periods: measures, pays, steps, carried balances.
//! `docs/spec/evaluation.md`, sections 3 to 6.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Exact, Period};
use crate::eval::credited::{Credited, Share};
use crate::eval::credits::Past;
use crate::eval::exceptions::Exceptions;
use crate::eval::exchanges::Exchanges;
use crate::eval::groups::Groups;
use crate::eval::inputs::Delivered;
use crate::eval::listed::Listed;
use crate::eval::openings::Openings;
use crate::eval::outcome::{CarryRow, PayRow, PersonPeriod, Settled};
use crate::eval::people::Person;
use crate::eval::person::amended::Cut;
use crate::eval::person::amounts::History;
use crate::eval::person::carried::Carried;
use crate::eval::person::corrected::{Seen, Views};
use crate::eval::person::records::OnRecord;
use crate::eval::person::settle::Account;
use crate::eval::placing::Placing;
use crate::eval::quotas;
use crate::eval::values::V;
use crate::meaning::plan::{CreditId, MeasureId, PayId, Plan, QuotaId};
use crate::syntax::ast::{Aggregate, Window};
use crate::table::{Cause, RowSet, Rows};

mod amended;
pub(in crate::eval) mod amounts;
mod carried;
mod corrected;
mod draws;
mod earned;
mod excess;
mod fallen;
mod paid;
mod payable;
mod reading;
pub(in crate::eval) mod records;
mod settle;
mod uses;

/// What everybody's payouts depend on.
#[derive(Clone, Copy)]
pub(in crate::eval) struct Common<'a> {
    pub(in crate::eval) plan: &'a Plan,
    pub(in crate::eval) rows: &'a dyn Rows,
    /// What stands in place of values of records.
    pub(in crate::eval) exceptions: &'a Exceptions,
    pub(in crate::eval) periods: &'a [Period],
    /// Balances from before the plan.
    pub(in crate::eval) openings: &'a Openings<'a>,
    /// By input.
    pub(in crate::eval) inputs: &'a [Delivered<'a>],
    /// By quota.
    pub(in crate::eval) quotas: &'a [quotas::Source<'a>],
    /// By table of values.
    pub(in crate::eval) listed: &'a [Listed<'a>],
    /// Rates of exchange.
    pub(in crate::eval) exchanges: &'a Exchanges<'a>,
    /// By credit.
    pub(in crate::eval) credited: &'a [Credited],
    /// By credit: where windows look back.
    pub(in crate::eval) past: &'a [Option<Past>],
    /// What several persons make together.
    pub(in crate::eval) groups: &'a Groups,
    /// By text of a pay that runs over records: records that it must take one by one.
    pub(in crate::eval) odd: &'a [RowSet],
    /// By text of a pay whose records run with those of others: where they stand.
    pub(in crate::eval) placings: &'a [Option<Placing>],
}

/// What one person's payouts depend on.
pub(in crate::eval) struct Payer<'a> {
    common: &'a Common<'a>,
    pub(in crate::eval) person: &'a Person,
    /// The person's position among the people.
    pub(in crate::eval) at: u32,
    /// By credit and period: how many shares, and their sum.
    totals: Vec<Vec<(i64, Exact)>>,
    made: RefCell<Made>,
}

/// The record at hand under `for each`.
#[derive(Clone, Copy)]
pub(in crate::eval) struct Record<'r> {
    row: Option<usize>,
    /// The person's credits on it, in the scope's order.
    amounts: &'r [(CreditId, Exact)],
}

pub(in crate::eval) struct At<'p, 'a> {
    payer: &'p Payer<'a>,
    period: usize,
    record: Option<Record<'p>>,
    cut: Cut,
}

impl<'a> std::ops::Deref for Payer<'a> {
    type Target = Common<'a>;
    fn deref(&self) -> &Common<'a> {
        self.common
    }
}

#[derive(Default)]
struct Made {
    /// By period and what carries over: what is carried in.
    carried: Vec<Vec<Carried>>,
    /// What the period before the one at hand left, by what carries over.
    left: Vec<Carried>,
    /// Measures that one of their rules decided, by period.
    decided: BTreeSet<(usize, MeasureId)>,
    measures: BTreeMap<(usize, MeasureId), V>,
    /// By pay: the amounts earned, from the first period on.
    earned: BTreeMap<PayId, Vec<V>>,
    /// By pay and period: what records came to, where a cap counts what earlier ones came to.
    by_record: BTreeMap<(String, usize), Result<Vec<OnRecord>, Vec<Cause>>>,
    /// By pay: what its lines came to in those periods.
    history: BTreeMap<PayId, History>,
}

impl<'a> Payer<'a> {
    pub(in crate::eval) fn new(common: &'a Common<'a>, person: &'a Person, at: u32) -> Payer<'a> {
        let of_credit = |credited: &Credited| {
            let of_period = |period| {
                let shares = credited.shares(at, period..period + 1);
                let count = i64::try_from(shares.len()).unwrap_or(i64::MAX);
                (count, credited.total(shares))
            };
            (0..common.periods.len()).map(of_period).collect()
        };
        Payer {
            common,
            person,
            at,
            totals: common.credited.iter().map(of_credit).collect(),
            made: RefCell::new(Made::default()),
        }
    }

    /// The person's shares of all periods.
    pub(in crate::eval) fn shares(&self, credit: CreditId) -> &'a [Share] {
        self.common.credited[credit.0].shares(self.at, 0..self.periods.len())
    }

    pub(in crate::eval) fn label(&self, period: usize) -> String {
        self.plan.calendar.label(&self.periods[period])
    }

    /// Everything about the person, period by period; `wants` says which periods are asked for.
    pub(in crate::eval) fn run(&self, wants: impl Fn(&Period) -> bool) -> Vec<PersonPeriod> {
        let news = self.news();
        if news.is_empty() {
            return self.settled(&Seen::Whole(self), wants);
        }
        let knowledge = self.knowledge(&news);
        let commons: Vec<Common<'_>> = knowledge
            .iter()
            .map(|own| own.common(self.common))
            .collect();
        let views = Views::new(self, &news, &knowledge, &commons);
        self.settled(&Seen::ByPeriod(views), wants)
    }

    /// What each period earned, by what was known in it, and what was paid of that.
    fn settled(&self, seen: &Seen<'_, '_>, wants: impl Fn(&Period) -> bool) -> Vec<PersonPeriod> {
        let carries: Vec<Vec<Vec<CarryRow>>> =
            seen.payers().into_iter().map(Payer::carries).collect();
        let mut rows: Vec<PersonPeriod> = Vec::new();
        let mut accounts: Vec<Account> = (0..)
            .zip(&self.plan.pays)
            .map(|(at, pay)| self.opened(PayId(at), pay))
            .collect();
        for (period, calendar_period) in self.periods.iter().enumerate() {
            let (view, payer) = seen.at(period);
            let corrected = seen.corrected(period);
            let belongs = self.person.belongs(self.plan, calendar_period);
            let mut pays = Vec::new();
            for (at, pay) in self.plan.pays.iter().enumerate() {
                let id = PayId(at);
                let account = &mut accounts[at];
                self.starts_fresh((id, pay), calendar_period, account);
                let earned = match belongs {
                    true => settled(payer.earned(id, period)),
                    false => Settled::Value(Exact::ZERO),
                };
                if belongs {
                    self.finds_fallen((id, pay), period, &earned, account.fallen());
                }
                // What was earned stays earned: who has left is paid what is new about it.
                let new = corrected.get(at);
                if belongs || account.moves_in(pay, period) || new.is_some_and(is_something) {
                    let pay = self.text(pay, period);
                    let mut row = self.settle((id, pay), period, (earned, new), account);
                    self.paid_in(pay, period, &mut row);
                    pays.push(row);
                }
            }
            if (belongs || !pays.is_empty()) && wants(calendar_period) {
                rows.push(match belongs {
                    true => {
                        let carries = carries[view].get(period).cloned().unwrap_or_default();
                        payer.row(period, pays, carries)
                    }
                    false => self.row_after(period, pays),
                });
            }
        }
        rows
    }

    /// What carries over, period by period.
    fn carries(&self) -> Vec<Vec<CarryRow>> {
        let periods = self.periods.iter().enumerate();
        let carried = periods.map(|(period, calendar_period)| {
            self.carry_in(period);
            let belongs = self.person.belongs(self.plan, calendar_period);
            self.carry_out(period, belongs)
        });
        carried.collect()
    }

    /// A period to which the person does not belong: nothing but what moves in it.
    fn row_after(&self, period: usize, pays: Vec<PayRow>) -> PersonPeriod {
        PersonPeriod {
            payee: self.person.id.clone(),
            period: self.periods[period],
            pays,
            measures: Vec::new(),
            quotas: Vec::new(),
            totals: Vec::new(),
            carries: Vec::new(),
        }
    }

    fn row(&self, period: usize, pays: Vec<PayRow>, carries: Vec<CarryRow>) -> PersonPeriod {
        let measures = (0..self.plan.measures.len())
            .map(MeasureId)
            .filter(|id| self.plan.has_measure(*id, &self.periods[period]))
            .map(|id| (id, settled(self.measure(id, period))));
        let quotas = (0..self.plan.quotas.len()).map(QuotaId).map(|id| {
            (
                id,
                match self.quota(id, self.plan.cadence, period) {
                    V::Number(number) => Settled::Value(Some(number)),
                    V::Held(causes) => Settled::Held(causes),
                    _ => Settled::Value(None),
                },
            )
        });
        let totals = (0..self.plan.credits.len()).map(CreditId).map(|id| {
            (
                id,
                settled(self.aggregate(Aggregate::Total, id, Window::Period, &self.at(period))),
            )
        });
        PersonPeriod {
            payee: self.person.id.clone(),
            period: self.periods[period],
            pays,
            measures: measures.collect(),
            quotas: quotas.collect(),
            totals: totals.collect(),
            carries,
        }
    }
}

/// Whether something is new about closed periods, or may be.
fn is_something(corrected: &Settled<Exact>) -> bool {
    match corrected {
        Settled::Value(amount) => !amount.is_zero(),
        Settled::Held(_) => true,
        Settled::Nothing => false,
    }
}

fn settled(value: V) -> Settled<Exact> {
    match value.needed() {
        V::Number(number) => Settled::Value(number),
        V::Held(causes) => Settled::Held(causes),
        _ => Settled::Nothing,
    }
}
