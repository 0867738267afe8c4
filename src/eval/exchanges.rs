//! Rates of exchange, and amounts converted by them. `docs/spec/evaluation.md`, section 3c.

use std::collections::BTreeMap;

use crate::base::{Currency, Date, Exact};
use crate::eval::broken::Broken;
use crate::eval::values::{Env, V, both, cell, eval};
use crate::meaning::plan::{Exchange, ExchangeId, Expr, ExprKind, Plan, Rates, SourceId};
use crate::table::{Cause, Rows, Table};

/// Two currencies: what is converted, and to what.
type Pair = (Currency, Currency);

/// All rates of exchange of a plan.
pub(in crate::eval) struct Exchanges<'a> {
    plan: &'a Plan,
    /// By exchange.
    of: Vec<Kept<'a>>,
}

/// A rate that counts on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::eval) struct Rate {
    /// What one of the first currency is worth.
    pub(in crate::eval) rate: Exact,
    /// The first day on which its row holds.
    pub(in crate::eval) since: Date,
    /// File and line of the row; `None` of a row of the plan.
    pub(in crate::eval) place: Option<String>,
}

/// The rates of one exchange.
#[derive(Default)]
struct Kept<'a> {
    /// By pair and the first day on which a rate holds.
    rates: BTreeMap<Pair, BTreeMap<Date, Row>>,
    /// Rows of which it is not known for which currencies or days they are.
    unclear: Vec<Unclear>,
    broken: Broken<'a>,
    both_ways: bool,
    last_before: bool,
}

struct Row {
    last: Date,
    place: Option<String>,
    rate: Result<Exact, Vec<Cause>>,
}

/// What can be read of a row; `None` could be any.
struct Unclear {
    from: Option<Currency>,
    to: Option<Currency>,
    days: Option<(Date, Date)>,
    causes: Vec<Cause>,
}

impl<'a> Exchanges<'a> {
    /// Reads the rates of all exchanges.
    pub(in crate::eval) fn new(plan: &'a Plan, rows: &'a dyn Rows) -> Exchanges<'a> {
        let of = plan.exchanges.iter();
        Exchanges {
            plan,
            of: of.map(|own| Kept::new(plan, own, rows)).collect(),
        }
    }

    /// The rate that counts on a day, or why none does.
    pub(in crate::eval) fn rate(
        &self,
        id: ExchangeId,
        pair: Pair,
        day: Date,
    ) -> Result<Rate, Vec<Cause>> {
        let exchange = self.plan.exchange(id);
        let missing = || {
            let (from, to) = pair;
            let (label, kept_by) = (&exchange.label, &exchange.kept_by);
            vec![Cause::no_exchange((label, kept_by), from, to, day)]
        };
        let Some(kept) = self.of.get(id.0) else {
            return Err(missing());
        };
        kept.rate(pair, day).unwrap_or_else(|| Err(missing()))
    }

    /// An amount in another currency; in its own it is what it is, on whatever day.
    pub(in crate::eval) fn exchanged(
        &self,
        id: ExchangeId,
        amount: Exact,
        pair: Pair,
        day: impl FnOnce() -> V,
    ) -> V {
        if pair.0 == pair.1 {
            return V::Number(amount);
        }
        match day().needed() {
            V::Date(day) => match self.rate(id, pair, day) {
                Ok(found) => V::Number(amount * found.rate),
                Err(causes) => V::Held(causes),
            },
            other => other,
        }
    }
}

/// The value of a conversion. A cell has a currency of its own, every other amount that of its type.
pub(in crate::eval) fn converted(
    env: &dyn Env,
    of: &Expr,
    to: Currency,
    (at, on): (ExchangeId, &Expr),
) -> V {
    let Some(exchanges) = env.exchanges() else {
        return V::Nothing;
    };
    let convert = |amount, from| exchanges.exchanged(at, amount, (from, to), || eval(on, env));
    if let ExprKind::Column(..) | ExprKind::Fact(..) = of.kind {
        return env.money(of, &convert);
    }
    match (eval(of, env).needed(), of.ty.currency()) {
        (V::Number(amount), Some(from)) => convert(amount, from),
        (other, _) => other,
    }
}

impl<'a> Kept<'a> {
    fn new(plan: &Plan, exchange: &Exchange, rows: &'a dyn Rows) -> Kept<'a> {
        let mut kept = Kept {
            both_ways: exchange.both_ways,
            ..Kept::default()
        };
        match &exchange.rates {
            Rates::Written(written) => {
                for rate in written {
                    let row = Row {
                        last: rate.last,
                        place: None,
                        rate: Ok(rate.rate.clone()),
                    };
                    let own = kept.rates.entry((rate.from, rate.to)).or_default();
                    own.insert(rate.first, row);
                }
            }
            Rates::Data {
                source,
                last_before,
                ..
            } => {
                kept.last_before = *last_before;
                if let Some(table) = rows.table(&plan.source(*source).binding) {
                    kept.broken = Broken::new(table, |_| true);
                    for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
                        kept.add(plan, exchange, *source, (table, row));
                    }
                }
            }
        }
        kept
    }

    /// Takes a row of data.
    fn add(
        &mut self,
        plan: &Plan,
        exchange: &Exchange,
        source: SourceId,
        (table, row): (&Table, usize),
    ) {
        let mut causes = Vec::new();
        let from = code(plan, table, Exchange::FROM, row, &mut causes);
        let to = code(plan, table, Exchange::TO, row, &mut causes);
        let days = days(plan, exchange, (table, row), &mut causes);
        let (Some(from), Some(to), Some((first, last))) = (from, to, days) else {
            self.unclear.push(Unclear {
                from,
                to,
                days,
                causes,
            });
            return;
        };
        let column = |at: usize| &plan.source(source).columns[at].name;
        let rate = match cell(table, column(3), row, plan.currency).needed() {
            V::Number(rate) if rate.is_positive() => Ok(rate),
            V::Number(rate) => {
                let found = table.cell(row, column(3), &rate.to_plain());
                Err(vec![Cause::not_a_rate(&exchange.label, found)])
            }
            V::Held(causes) => Err(causes),
            _ => Err(Vec::new()),
        };
        let made = Row {
            last,
            place: Some(table.place(row)),
            rate,
        };
        let own = self.rates.entry((from, to)).or_default();
        let made = match own.remove(&first) {
            None => made,
            Some(earlier) => {
                let words = format!("{from} to {to} on {first}");
                let at = table.cell(row, column(2), "");
                let twice = Cause::listed_twice(&exchange.label, &words, at);
                let known = [earlier.rate, made.rate].into_iter();
                let known = known.filter_map(Result::err).fold(Vec::new(), both);
                Row {
                    rate: Err(both(known, vec![twice])),
                    ..earlier
                }
            }
        };
        own.insert(first, made);
    }

    fn rate(&self, (from, to): Pair, day: Date) -> Option<Result<Rate, Vec<Cause>>> {
        let held = both(self.may_be((from, to), day), self.torn(from, to));
        if !held.is_empty() {
            return Some(Err(held));
        }
        let straight = self.on((from, to), day);
        let back = self.both_ways.then(|| self.on((to, from), day)).flatten();
        // The later row counts; of two of one day the one that says it as it is asked.
        let (since, row, is_back) = match (straight, back) {
            (Some((a, _)), Some((b, row))) if a < b => (b, row, true),
            (Some((a, row)), _) => (a, row, false),
            (None, Some((b, row))) => (b, row, true),
            (None, None) => return None,
        };
        let rate = match &row.rate {
            Ok(rate) if is_back => Exact::ONE.checked_div(rate),
            Ok(rate) => Some(rate.clone()),
            Err(causes) => return Some(Err(causes.clone())),
        };
        let place = row.place.clone();
        Some(Ok(Rate {
            rate: rate?,
            since,
            place,
        }))
    }

    /// The row that counts on a day.
    fn on(&self, pair: Pair, day: Date) -> Option<(Date, &Row)> {
        let (first, row) = self.rates.get(&pair)?.range(..=day).next_back()?;
        (day <= row.last || self.last_before).then_some((*first, row))
    }

    /// Rows that could be for a pair and a day.
    fn may_be(&self, (from, to): Pair, day: Date) -> Vec<Cause> {
        let fits = |own: &Unclear, from: Currency, to: Currency| {
            own.from.is_none_or(|own| own == from)
                && own.to.is_none_or(|own| own == to)
                && own
                    .days
                    .is_none_or(|(first, last)| first <= day && (day <= last || self.last_before))
        };
        let unclear = self.unclear.iter();
        unclear
            .filter(|own| fits(own, from, to) || self.both_ways && fits(own, to, from))
            .fold(Vec::new(), |held, own| both(held, own.causes.clone()))
    }

    /// Rows that are not whole and have both codes in them.
    fn torn(&self, from: Currency, to: Currency) -> Vec<Cause> {
        let other = self.broken.causes(to.code());
        let own = self.broken.causes(from.code()).into_iter();
        own.filter(|cause| other.contains(cause)).collect()
    }
}

/// The currency that a cell names.
fn code(
    plan: &Plan,
    table: &Table,
    column: &str,
    row: usize,
    causes: &mut Vec<Cause>,
) -> Option<Currency> {
    match cell(table, column, row, plan.currency).needed() {
        V::Text(code) => {
            let found = Currency::from_code(&code);
            if found.is_none() {
                causes.push(Cause::no_currency(table.cell(row, column, &code)));
            }
            found
        }
        V::Held(held) => {
            causes.extend(held);
            None
        }
        _ => None,
    }
}

/// The days for which a row's rate is.
fn days(
    plan: &Plan,
    exchange: &Exchange,
    (table, row): (&Table, usize),
    causes: &mut Vec<Cause>,
) -> Option<(Date, Date)> {
    let Rates::Data { each, .. } = exchange.rates else {
        return None;
    };
    let column = Exchange::when_column(each);
    match (cell(table, column, row, plan.currency).needed(), each) {
        (V::Date(day), _) => Some((day, day)),
        (V::Text(text), Some(each)) => {
            let period = plan.calendar.parse_period(&text).ok();
            let period = period.filter(|period| period.cadence() == each);
            if period.is_none() {
                let cell = table.cell(row, column, &text);
                let wanted = (each, &*plan.first_period(each));
                causes.push(Cause::quota_period(&text, wanted, cell));
            }
            period.map(|period| (period.start(), period.end()))
        }
        (V::Held(held), _) => {
            causes.extend(held);
            None
        }
        _ => None,
    }
}
