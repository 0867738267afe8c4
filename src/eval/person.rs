//! One person through all periods: measures, pays, steps, carried balances.
//! `docs/spec/evaluation.md`, sections 3 to 6.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::base::{Cadence, Date, Exact, Period, natural_cmp};
use crate::eval::credited::{Credited, Share, Unknown};
use crate::eval::credits::Past;
use crate::eval::engine::Opening;
use crate::eval::inputs::Delivered;
use crate::eval::lanes::{Number, Records, Units, odd_rows};
use crate::eval::outcome::{PayRow, PersonPeriod, Settled};
use crate::eval::people::Person;
use crate::eval::quotas::{OfPayee, value as quota_value};
use crate::eval::record::record_cell;
use crate::eval::values::{Env, V, both, cell, eval, numbers, truth};
use crate::eval::windows::days;
use crate::meaning::plan::{
    Amount, Beyond, ColumnId, Counts, CreditId, CurvePoint, Expr, ExprKind, FactDay, InputId,
    InputOf, LimitOf, LookupId, LookupKind, LookupRow, MeasureId, MissingScore, Otherwise, Pay,
    PayId, Plan, QuotaId, Range, Rate, RuleOutcome, Scope, ScorecardId, Step, StepKind, TierUse,
    TiersId,
};
use crate::meaning::types::Grain;
use crate::syntax::ast::{Aggregate, BelowZero, BinaryOp, PayKind, Window};
use crate::table::{Cause, PEOPLE, RowSet, Rows, sorted};

/// What everybody's payouts depend on.
pub(in crate::eval) struct Common<'a> {
    pub(in crate::eval) plan: &'a Plan,
    pub(in crate::eval) rows: &'a dyn Rows,
    pub(in crate::eval) periods: &'a [Period],
    pub(in crate::eval) opening: &'a Opening,
    /// By input.
    pub(in crate::eval) inputs: &'a [Delivered<'a>],
    /// By credit.
    pub(in crate::eval) credited: &'a [Credited],
    /// By credit: where windows look back.
    pub(in crate::eval) past: &'a [Option<Past>],
    /// By pay that runs over records: records that it must take one by one.
    pub(in crate::eval) odd: &'a [RowSet],
}

/// What one person's payouts depend on.
pub(in crate::eval) struct Payer<'a> {
    common: &'a Common<'a>,
    pub(in crate::eval) person: &'a Person,
    /// The person's position among the people.
    at: u32,
    /// By credit and period: how many shares, and their sum.
    totals: Vec<Vec<(i64, Exact)>>,
    quotas: Vec<Option<&'a OfPayee>>,
    made: RefCell<Made>,
}

impl<'a> std::ops::Deref for Payer<'a> {
    type Target = Common<'a>;
    fn deref(&self) -> &Common<'a> {
        self.common
    }
}

#[derive(Default)]
struct Made {
    measures: BTreeMap<(usize, MeasureId), V>,
    /// The amount earned, by period and pay.
    earned: BTreeMap<(usize, PayId), V>,
}

/// The person's credits on one record.
type Amounts = Vec<(CreditId, Exact)>;
/// A record, by its row, with the person's credits on it.
type RecordCredits = (Option<usize>, Amounts);

/// The record at hand under `for each`.
#[derive(Clone, Copy)]
struct Record<'r> {
    row: Option<usize>,
    /// The person's credits on it, in the scope's order.
    amounts: &'r [(CreditId, Exact)],
}

struct At<'p, 'a> {
    payer: &'p Payer<'a>,
    period: usize,
    record: Option<Record<'p>>,
}

impl Env for At<'_, '_> {
    fn read(&self, expr: &Expr) -> V {
        let payer = self.payer;
        match &expr.kind {
            ExprKind::Column(source, column) => match self.record.and_then(|record| record.row) {
                Some(row) => record_cell(payer.plan, payer.rows, *source, *column, row),
                // A given credit stands on no record.
                None => V::Absent(Cause::empty(
                    &payer.plan.source(*source).columns[column.0].name,
                    crate::diag::Cell {
                        file: String::new(),
                        line: 0,
                        column: String::new(),
                        found: String::new(),
                    },
                )),
            },
            ExprKind::Credit(id) => match self.record {
                Some(record) => {
                    let own = record.amounts.iter().find(|(credit, _)| credit == id);
                    V::Number(own.map_or(Exact::ZERO, |(_, amount)| amount.clone()))
                }
                None => V::Nothing,
            },
            ExprKind::Fact(column, day) => payer.fact(*column, *day, self.period),
            ExprKind::Aggregate {
                how,
                credit,
                window,
            } => payer.aggregate(*how, *credit, *window, self.period),
            ExprKind::Input(id) => payer.input(*id, self.period),
            ExprKind::Quota(id) => payer.quota(*id, self.period),
            ExprKind::Measure(id) => payer.measure(*id, self.period),
            ExprKind::Tier(id) => self.tier(*id),
            ExprKind::Lookup(id) => self.lookup(*id),
            ExprKind::Scorecard(id) => self.scorecard(*id),
            ExprKind::Dated(id, day) => match eval(day, self).needed() {
                V::Date(day) => dated(payer.plan.rate(*id), day),
                other => other,
            },
            ExprKind::DayOfPeriod(day) => {
                let period = &payer.periods[self.period];
                V::Date(match day {
                    FactDay::First => period.start(),
                    _ => period.end().min(payer.plan.effective.1),
                })
            }
            ExprKind::Pay(id) => payer.earned(*id, self.period),
            _ => V::Nothing,
        }
    }
}

impl At<'_, '_> {
    /// The value of the row that a table's axis lies in.
    fn tier(&self, id: TiersId) -> V {
        let table = self.payer.plan.tier_table(id);
        let axis = eval(&table.axis, self).needed();
        let row = match &axis {
            V::Number(number) => table.rows.iter().find(|row| row.range.contains(number)),
            V::Text(text) => table
                .rows
                .iter()
                .find(|row| row.range == Range::Text(text.to_string())),
            _ => return axis,
        };
        row.map_or(V::Nothing, |row| V::Number(row.value.clone()))
    }
}

impl At<'_, '_> {
    /// The weighted scores, added.
    fn scorecard(&self, id: ScorecardId) -> V {
        let card = self.payer.plan.scorecard(id);
        let (mut sum, mut weights) = (Exact::ZERO, Exact::ZERO);
        let mut held = Vec::new();
        let mut nothing = false;
        for objective in &card.objectives {
            let counted = match eval(&objective.score, self) {
                V::Number(score) => Counts::apply(&objective.counts, &score),
                V::Absent(cause) | V::Missing(cause) => match &card.missing {
                    MissingScore::Counts(value) => value.clone(),
                    MissingScore::Share => continue,
                    MissingScore::Hold => {
                        held.push(cause);
                        continue;
                    }
                },
                V::Held(causes) => {
                    held.extend(causes);
                    continue;
                }
                _ => {
                    nothing = true;
                    continue;
                }
            };
            sum += objective.weight.clone() * counted;
            weights += objective.weight.clone();
        }
        if !held.is_empty() {
            return V::Held(sorted(held));
        }
        if nothing {
            return V::Nothing;
        }
        let Some(whole) = sum.checked_div(&weights) else {
            let (payer, period) = (self.payer, self.payer.label(self.period));
            let cause = Cause::no_scores(&card.label, &payer.person.id, &period);
            return V::Held(vec![cause]);
        };
        V::Number(match &card.rounding {
            Some(rounding) => rounding.round(&whole),
            None => whole,
        })
    }

    fn lookup(&self, id: LookupId) -> V {
        let lookup = self.payer.plan.lookup(id);
        let found = match &lookup.kind {
            LookupKind::Curve {
                axis,
                points,
                below,
                above,
            } => match eval(axis, self).needed() {
                V::Number(at) => V::Number(on_curve(points, below, above, &at)),
                other => other,
            },
            LookupKind::Rows { keys, rows } => {
                let mut held = Vec::new();
                let mut values = Vec::new();
                for key in keys {
                    match eval(key, self) {
                        V::Absent(_) => values.push(None),
                        value => match value.needed() {
                            V::Held(causes) => held = both(held, causes),
                            V::Nothing => return V::Nothing,
                            value => values.push(Some(value)),
                        },
                    }
                }
                if !held.is_empty() {
                    return V::Held(held);
                }
                let fits = |row: &&LookupRow| {
                    let pairs = row.ranges.iter().zip(&values);
                    pairs
                        .into_iter()
                        .all(|(range, value)| match (range, value) {
                            (None, _) => true,
                            (Some(range), Some(V::Number(number))) => range.contains(number),
                            (Some(Range::Text(text)), Some(V::Text(own))) => **text == **own,
                            _ => false,
                        })
                };
                match rows.iter().find(fits) {
                    Some(row) => V::Number(row.value.clone()),
                    None => {
                        let (payer, label) = (self.payer, &lookup.label);
                        let period = payer.label(self.period);
                        V::Held(vec![Cause::no_row(label, &payer.person.id, &period)])
                    }
                }
            }
        };
        match (found, &lookup.rounding) {
            (V::Number(number), Some(rounding)) => V::Number(rounding.round(&number)),
            (found, _) => found,
        }
    }
}

/// The value of a curve at a place.
fn on_curve(points: &[CurvePoint], below: &Beyond, above: &Beyond, at: &Exact) -> Exact {
    let beyond = |rule: &Beyond, point: &CurvePoint| match rule {
        Beyond::Nothing => Exact::ZERO,
        Beyond::Stays => point.value.clone(),
        Beyond::Continues(slope) => {
            point.value.clone() + (at.clone() - point.at.clone()) * slope.clone()
        }
    };
    let next = points.partition_point(|point| point.at < *at);
    match (
        next.checked_sub(1).and_then(|at| points.get(at)),
        points.get(next),
    ) {
        (_, Some(point)) if point.at == *at => point.value.clone(),
        (None, Some(first)) => beyond(below, first),
        (Some(last), None) => beyond(above, last),
        (Some(a), Some(b)) => {
            let part = (at.clone() - a.at.clone()).checked_div(&(b.at.clone() - a.at.clone()));
            let rise = b.value.clone() - a.value.clone();
            a.value.clone() + rise * part.unwrap_or_default()
        }
        (None, None) => Exact::ZERO,
    }
}

/// The value of a rate on a day.
fn dated(rate: &Rate, day: Date) -> V {
    let mut rows = rate.rows.iter();
    match rows.find(|row| row.first <= day && day <= row.last) {
        Some(row) => V::Number(row.value.clone()),
        None => V::Held(vec![Cause::no_rate(&rate.label, day)]),
    }
}

impl<'a> Payer<'a> {
    pub(in crate::eval) fn new(
        common: &'a Common<'a>,
        person: &'a Person,
        at: u32,
        quotas: Vec<Option<&'a OfPayee>>,
    ) -> Payer<'a> {
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
            quotas,
            made: RefCell::new(Made::default()),
        }
    }

    /// The person's shares of all periods.
    pub(in crate::eval) fn shares(&self, credit: CreditId) -> &'a [Share] {
        self.common.credited[credit.0].shares(self.at, 0..self.periods.len())
    }

    fn at(&self, period: usize) -> At<'_, 'a> {
        At {
            payer: self,
            period,
            record: None,
        }
    }

    fn label(&self, period: usize) -> String {
        self.plan.calendar.label(&self.periods[period])
    }

    /// First and last day of a window.
    fn days(&self, window: Window, period: usize) -> (Date, Date) {
        days(self.plan, window, &self.periods[period])
    }

    fn in_window(&self, credit: CreditId, window: Window, period: usize) -> &'a [Share] {
        let (start, _) = self.days(window, period);
        let first = self.periods.partition_point(|period| period.end() < start);
        self.common.credited[credit.0].shares(self.at, first..period + 1)
    }

    /// How many shares lie in a window, and their sum.
    fn total_in(&self, credit: CreditId, window: Window, period: usize) -> (Exact, Exact) {
        let (first, _) = self.days(window, period);
        let mut count = 0;
        let mut total = Exact::ZERO;
        for (at, (more, sum)) in self.totals[credit.0].iter().enumerate().take(period + 1) {
            if self.periods[at].end() >= first {
                count += more;
                total += sum.clone();
            }
        }
        (Exact::int(count), total)
    }

    /// Where shares of a window that looks back stand.
    fn past_of(&self, credit: CreditId, window: Window) -> Option<&'a Past> {
        let past = self.common.past.get(credit.0)?.as_ref();
        past.filter(|_| window.looks_back())
    }

    /// Why a credit cannot be known over a window.
    fn unknown_in(&self, credit: CreditId, window: Window, period: usize) -> Vec<Cause> {
        if !self.person.held.is_empty() {
            return self.person.held.clone();
        }
        let unknown = match self.past_of(credit, window) {
            Some(past) => past.credited.unknown(self.at),
            None => self.credited[credit.0].unknown(self.at),
        };
        if unknown.is_empty() {
            return Vec::new();
        }
        let (first, last) = self.days(window, period);
        let reaches = |unknown: &&Unknown| {
            unknown
                .date
                .is_none_or(|date| first <= date && date <= last)
        };
        sorted(
            unknown
                .iter()
                .filter(reaches)
                .flat_map(|unknown| unknown.causes.clone())
                .collect(),
        )
    }

    fn aggregate(&self, how: Aggregate, credit: CreditId, window: Window, period: usize) -> V {
        let held = self.unknown_in(credit, window, period);
        if !held.is_empty() {
            return V::Held(held);
        }
        let found = match self.past_of(credit, window) {
            Some(past) => {
                let (first, last) = self.days(window, period);
                let from = past.months.partition_point(|month| month.start() < first);
                let to = past.months.partition_point(|month| month.start() <= last);
                let shares = past.credited.shares(self.at, from..to);
                let count = i64::try_from(shares.len()).unwrap_or(i64::MAX);
                let sums = (Exact::int(count), past.credited.total(shares));
                aggregated(how, sums, &past.credited, shares)
            }
            None => {
                let sums = self.total_in(credit, window, period);
                let shares = || self.in_window(credit, window, period);
                let shares = match how {
                    Aggregate::Highest | Aggregate::Lowest => shares(),
                    _ => &[],
                };
                aggregated(how, sums, &self.credited[credit.0], shares)
            }
        };
        match found {
            Some(value) => V::Number(value),
            None => V::Missing(Cause::of_none(
                &self.plan.credit(credit).label,
                &self.person.id,
                &self.label(period),
            )),
        }
    }

    fn quota(&self, id: QuotaId, period: usize) -> V {
        if !self.person.held.is_empty() {
            return V::Held(self.person.held.clone());
        }
        quota_value(
            self.plan,
            self.plan.quota(id),
            self.quotas[id.0],
            &self.person.id,
            &self.periods[period],
        )
    }

    fn input(&self, id: InputId, period: usize) -> V {
        if !self.person.held.is_empty() {
            return V::Held(self.person.held.clone());
        }
        let input = self.plan.input(id);
        let key = match input.whose {
            InputOf::Company => String::new(),
            InputOf::Person => self.person.id.clone(),
            InputOf::Column(column) => {
                match self.fact(column, FactDay::Throughout, period).needed() {
                    V::Text(key) => key.to_string(),
                    other => return other,
                }
            }
        };
        self.inputs[id.0].value(self.plan, input, &key, &self.periods[period])
    }

    fn fact(&self, column: ColumnId, day: FactDay, period: usize) -> V {
        if !self.person.held.is_empty() {
            return V::Held(self.person.held.clone());
        }
        let name = &self.plan.people.columns[column.0].name;
        let Some(table) = self.rows.table(PEOPLE) else {
            return V::Nothing;
        };
        let period = &self.periods[period];
        let (first, last) = (
            period.start().max(self.plan.effective.0),
            period.end().min(self.plan.effective.1),
        );
        let (from, through) = match day {
            FactDay::First => (period.start(), period.start()),
            FactDay::Last => (last, last),
            FactDay::Throughout | FactDay::Each => (first, last),
        };
        let mut found: Option<V> = None;
        for (row, _, _) in self
            .person
            .rows
            .iter()
            .filter(|(_, a, b)| *a <= through && from <= *b)
        {
            let value = cell(table, name, *row, self.plan.currency);
            found = Some(match found {
                None => value,
                Some(V::Held(causes)) => match value {
                    V::Held(more) => V::Held(both(causes, more)),
                    _ => V::Held(causes),
                },
                Some(earlier) => match value {
                    V::Held(causes) => V::Held(causes),
                    V::Absent(cause) => match earlier {
                        V::Absent(first) => V::Absent(first.min(cause)),
                        _ => V::Held(vec![Cause::fact_changes(name, &self.person.id)]),
                    },
                    value if value == earlier => value,
                    _ => V::Held(vec![Cause::fact_changes(name, &self.person.id)]),
                },
            });
        }
        found.unwrap_or_else(|| V::Absent(Cause::no_fact(name, &self.person.id)))
    }

    pub(in crate::eval) fn measure(&self, id: MeasureId, period: usize) -> V {
        if let Some(value) = self.made.borrow().measures.get(&(period, id)) {
            return value.clone();
        }
        let value = self.make_measure(id, period);
        self.made
            .borrow_mut()
            .measures
            .insert((period, id), value.clone());
        value
    }

    fn make_measure(&self, id: MeasureId, period: usize) -> V {
        let measure = self.plan.measure(id);
        let at = self.at(period);
        for rule in &measure.rules {
            let subject = eval(&rule.subject, &at);
            let applies = match &subject {
                V::Missing(_) => rule.missing,
                V::Number(number) => rule.zero && number.is_zero(),
                V::Held(_) | V::Nothing => return subject,
                _ => false,
            };
            if !applies {
                continue;
            }
            return match &rule.outcome {
                RuleOutcome::PayNothing => V::Nothing,
                RuleOutcome::Value(value) => eval(value, &at),
                RuleOutcome::Hold => V::Held(vec![match subject {
                    V::Missing(cause) => cause,
                    _ => Cause::measure_holds(&measure.label, &self.person.id, &self.label(period)),
                }]),
            };
        }
        match (eval(&measure.value, &at).needed(), &measure.rounding) {
            (V::Number(number), Some(rounding)) => V::Number(rounding.round(&number)),
            (value, _) => value,
        }
    }

    fn earned(&self, id: PayId, period: usize) -> V {
        self.made
            .borrow()
            .earned
            .get(&(period, id))
            .cloned()
            .unwrap_or(V::Nothing)
    }

    /// Everything about the person, period by period; `wants` says which periods are asked for.
    pub(in crate::eval) fn run(&self, wants: impl Fn(&Period) -> bool) -> Vec<PersonPeriod> {
        let mut rows: Vec<(usize, Vec<PayRow>)> = Vec::new();
        let mut history: Vec<History> = self.plan.pays.iter().map(|_| History::default()).collect();
        let mut balances: Vec<Settled<Exact>> = (0..self.plan.pays.len())
            .map(|at| {
                let carried = self
                    .opening
                    .carried
                    .get(&(PayId(at), self.person.id.clone()));
                Settled::Value(carried.cloned().unwrap_or(Exact::ZERO))
            })
            .collect();
        for (period, calendar_period) in self.periods.iter().enumerate() {
            let belongs = self.person.belongs(self.plan, calendar_period);
            let mut pays = Vec::new();
            for (at, (pay, history)) in self.plan.pays.iter().zip(&mut history).enumerate() {
                let id = PayId(at);
                let earned = self.pay(pay, period, history);
                self.made
                    .borrow_mut()
                    .earned
                    .insert((period, id), earned.clone());
                if belongs {
                    let mut row = settle(pay, id, earned, &mut balances[at]);
                    let is_unsaid = pay.kind == PayKind::Pay && pay.below.is_none();
                    if is_unsaid && matches!(&row.payout, Settled::Value(v) if v.is_negative()) {
                        let (payee, period) = (&self.person.id, self.label(period));
                        let cause = Cause::below_zero(&pay.label, payee, &period);
                        row.payout = Settled::Held(vec![cause]);
                    }
                    pays.push(row);
                }
            }
            if belongs {
                rows.push((period, pays));
            }
        }
        rows.into_iter()
            .filter(|(period, _)| wants(&self.periods[*period]))
            .map(|(period, pays)| self.row(period, pays))
            .collect()
    }

    fn row(&self, period: usize, pays: Vec<PayRow>) -> PersonPeriod {
        let measures = (0..self.plan.measures.len())
            .map(MeasureId)
            .map(|id| (id, settled(self.measure(id, period))));
        let quotas = (0..self.plan.quotas.len()).map(QuotaId).map(|id| {
            (
                id,
                match self.quota(id, period) {
                    V::Number(number) => Settled::Value(Some(number)),
                    V::Held(causes) => Settled::Held(causes),
                    _ => Settled::Value(None),
                },
            )
        });
        let totals = (0..self.plan.credits.len()).map(CreditId).map(|id| {
            (
                id,
                settled(self.aggregate(Aggregate::Total, id, Window::Period, period)),
            )
        });
        PersonPeriod {
            payee: self.person.id.clone(),
            period: self.periods[period],
            pays,
            measures: measures.collect(),
            quotas: quotas.collect(),
            totals: totals.collect(),
        }
    }

    /// What a pay earned in a period: amount, then its lines in the order written.
    fn pay(&self, pay: &Pay, period: usize, history: &mut History) -> V {
        history.start(pay.steps.len());
        let at = self.at(period);
        let mut stopped = (!self.person.held.is_empty()).then(|| V::Held(self.person.held.clone()));
        if pay.scope == Scope::Total && stopped.is_none() {
            let mut held = Vec::new();
            for when in &pay.when {
                match truth(eval(when, &at)) {
                    V::Bool(true) => {}
                    V::Held(causes) => held = both(held, causes),
                    _ => {
                        stopped = Some(V::Number(Exact::ZERO));
                        break;
                    }
                }
            }
            if stopped.is_none() && !held.is_empty() {
                stopped = Some(V::Held(held));
            }
        }
        let without = stopped == Some(V::Number(Exact::ZERO));
        let mut amount = stopped.unwrap_or_else(|| match &pay.scope {
            Scope::Total => self.amount(&pay.amount, &at),
            Scope::Each { .. } => self.each(pay, period),
        });
        if amount == V::Nothing {
            amount = V::Number(Exact::ZERO);
        }
        for (index, step) in pay.steps.iter().enumerate() {
            if without && !matches!(step.kind, StepKind::Increase { .. }) {
                history.set(index, V::Number(Exact::ZERO));
                continue;
            }
            amount = self.step(pay, index, step, amount, period, history);
            if !matches!(step.kind, StepKind::Increase { .. }) {
                history.set(index, amount.clone());
            }
        }
        amount
    }

    fn amount(&self, amount: &Amount, at: &At<'_, 'a>) -> V {
        match amount {
            Amount::Plain(expr) => eval(expr, at).needed(),
            Amount::Tiered { base, tiers, how } => {
                let base = eval(base, at).needed();
                match how {
                    TierUse::Everything => {
                        numbers(base, at.tier(*tiers), |base, rate| V::Number(base * rate))
                    }
                    TierUse::EachSlice { divisor } => {
                        self.slices(*tiers, divisor.as_ref(), at, base, Exact::ZERO)
                    }
                }
            }
        }
    }

    /// The integral of a table's values from `start` to `start + base`.
    fn slices(
        &self,
        tiers: TiersId,
        divisor: Option<&Expr>,
        at: &At<'_, 'a>,
        base: V,
        start: Exact,
    ) -> V {
        let table = self.plan.tier_table(tiers);
        let scale = match divisor {
            None => V::Number(Exact::ONE),
            Some(divisor) => match eval(&table.axis, at).needed() {
                V::Number(axis) => match eval(divisor, at) {
                    V::Number(divisor) if divisor.is_positive() => V::Number(divisor),
                    // The measure's rule gave it a value: all of the base lies where that value does.
                    _ => {
                        let row = table.rows.iter().find(|row| row.range.contains(&axis));
                        let rate = row.map_or(V::Nothing, |row| V::Number(row.value.clone()));
                        return numbers(base, rate, |base, rate| V::Number(base * rate));
                    }
                },
                other => other,
            },
        };
        numbers(base, scale, |base, scale| {
            let end = start.clone() + base;
            V::Number(integral(table, &end, &scale) - integral(table, &start, &scale))
        })
    }

    /// `for each`: the amounts of the person's records, added.
    fn each(&self, pay: &Pay, period: usize) -> V {
        let Scope::Each { credits, .. } = &pay.scope else {
            return V::Nothing;
        };
        if let Some(total) = self.each_at_once(pay, period) {
            return V::Number(total);
        }
        let held = credits.iter().fold(Vec::new(), |held, credit| {
            both(held, self.unknown_in(*credit, pay.window, period))
        });
        if !held.is_empty() {
            return V::Held(held);
        }
        let mut running = self.running_before(pay, period);
        let mut total = Exact::ZERO;
        let mut held = Vec::new();
        for (row, amounts) in self.records(credits, pay.window, period) {
            let at = At {
                payer: self,
                period,
                record: Some(Record {
                    row,
                    amounts: &amounts,
                }),
            };
            let mut included = V::Bool(true);
            for when in &pay.when {
                match truth(eval(when, &at)) {
                    V::Bool(true) => {}
                    V::Held(causes) => {
                        included = match included {
                            V::Held(more) => V::Held(both(more, causes)),
                            _ => V::Held(causes),
                        };
                    }
                    _ => {
                        included = V::Bool(false);
                        break;
                    }
                }
            }
            let own = self.base_of(pay, &amounts);
            let before = running.clone();
            if let (Some(running), Some(own)) = (&mut running, own) {
                *running = running.clone() + own;
            }
            let amount = match included {
                V::Bool(true) => self.record_amount(pay, &at, before),
                V::Held(causes) => V::Held(causes),
                _ => continue,
            };
            let amount = match amount {
                V::Nothing => V::Number(Exact::ZERO),
                other => other,
            };
            match self.record_steps(pay, &at, amount) {
                V::Number(number) => total += number,
                V::Held(causes) => held = both(held, causes),
                _ => {}
            }
        }
        if held.is_empty() {
            V::Number(total)
        } else {
            V::Held(held)
        }
    }

    /// `for each` over all of the person's records of a window at once; `None` where they must be taken one by one.
    fn each_at_once(&self, pay: &Pay, period: usize) -> Option<Exact> {
        let Scope::Each { source, credits } = &pay.scope else {
            return None;
        };
        let [credit] = credits.as_slice() else {
            return None;
        };
        if !self.unknown_in(*credit, pay.window, period).is_empty() {
            return None;
        }
        let odd = self.odd_of(pay)?;
        let credited = &self.credited[credit.0];
        let shares = self.in_window(*credit, pay.window, period);
        let mut rows = Vec::with_capacity(shares.len());
        let mut units = Vec::with_capacity(shares.len());
        for share in shares {
            let row = share.row().filter(|row| !odd.contains(*row))?;
            rows.push(u32::try_from(row).ok()?);
            units.push(share.units()?);
        }
        let own = Units {
            units,
            denominator: credited.denominator(),
        };
        let at = self.at(period);
        let outside = |expr: &Expr| match eval(expr, &at) {
            V::Number(number) => Some(number),
            _ => None,
        };
        let table = self.rows.table(&self.plan.source(*source).binding)?;
        let records = |rows| Records {
            plan: self.plan,
            table,
            rows,
            credit: Some((*credit, &own)),
            outside: &outside,
        };
        let all = records(&rows);
        let mut included = vec![true; rows.len()];
        for when in &pay.when {
            for (included, flag) in included.iter_mut().zip(all.test(when)?) {
                *included &= flag;
            }
        }
        let mut amount = match &pay.amount {
            Amount::Plain(expr) => all.number(expr)?,
            Amount::Tiered {
                base,
                tiers,
                how: TierUse::Everything,
            } if !matches!(self.plan.tier_table(*tiers).axis.grain, Grain::Record(_)) => {
                match at.tier(*tiers) {
                    V::Number(rate) => all.number(base)?.times(Number::Same(rate))?,
                    _ => return None,
                }
            }
            Amount::Tiered { .. } => return None,
        };
        for step in pay.steps.iter().filter(|step| step.kind.acts_on_record()) {
            if step.when.is_some() {
                return None;
            }
            amount = match &step.kind {
                StepKind::RoundEach(rounding) => amount.rounded(rounding)?,
                StepKind::Cap {
                    amount: limit,
                    of: LimitOf::Record,
                } => amount.least(all.number(limit)?)?,
                StepKind::Floor {
                    amount: limit,
                    of: LimitOf::Record,
                } => amount.greatest(all.number(limit)?)?,
                _ => amount,
            };
        }
        let amounts = amount.units(rows.len())?;
        let counted = amounts.units.iter().zip(included);
        let sum = counted.filter(|(_, included)| *included);
        let sum: i128 = sum.map(|(units, _)| i128::from(*units)).sum();
        Some(Exact::fixed(sum, amounts.denominator))
    }

    fn odd_of(&self, pay: &Pay) -> Option<&'a RowSet> {
        let at = self
            .plan
            .pays
            .iter()
            .position(|known| std::ptr::eq(known, pay))?;
        self.common.odd.get(at)
    }

    /// Records with the person's credits on each, in order.
    fn records(&self, credits: &[CreditId], window: Window, period: usize) -> Vec<RecordCredits> {
        let mut records: Vec<(Option<usize>, Date, Amounts)> = Vec::new();
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        for credit in credits {
            for share in self.in_window(*credit, window, period) {
                let own = (*credit, self.credited[credit.0].amount(share));
                match share.row().and_then(|row| known.get(&row).copied()) {
                    Some(at) => records[at].2.push(own),
                    None => {
                        known.extend(share.row().map(|row| (row, records.len())));
                        records.push((share.row(), share.date(), vec![own]));
                    }
                }
            }
        }
        if credits.len() > 1 {
            let source = credits
                .first()
                .map(|credit| self.plan.credit(*credit).source);
            let table =
                source.and_then(|source| self.rows.table(&self.plan.source(source).binding));
            let id = |row: Option<usize>| match (row, table) {
                (Some(row), Some(table)) => match cell(table, "id", row, self.plan.currency) {
                    V::Text(id) => id.to_string(),
                    _ => String::new(),
                },
                _ => String::new(),
            };
            records.sort_by(|a, b| {
                a.1.cmp(&b.1)
                    .then_with(|| natural_cmp(&id(a.0), &id(b.0)))
                    .then_with(|| a.0.cmp(&b.0))
            });
        }
        records
            .into_iter()
            .map(|(row, _, amounts)| (row, amounts))
            .collect()
    }

    /// The credit whose running total places slices of records, with its window.
    fn running_axis(&self, pay: &Pay) -> Option<(CreditId, Window)> {
        running_axis(self.plan, pay)
    }

    /// The running total before the first record of the pay's own window.
    fn running_before(&self, pay: &Pay, period: usize) -> Option<Exact> {
        let (credit, window) = self.running_axis(pay)?;
        let (own_start, _) = self.days(pay.window, period);
        let shares = self.in_window(credit, window, period);
        let earlier = shares.partition_point(|share| share.date() < own_start);
        Some(self.credited[credit.0].total(shares.get(..earlier).unwrap_or_default()))
    }

    fn base_of(&self, pay: &Pay, amounts: &[(CreditId, Exact)]) -> Option<Exact> {
        let (credit, _) = self.running_axis(pay)?;
        let own = amounts.iter().find(|(id, _)| *id == credit);
        Some(own.map_or(Exact::ZERO, |(_, amount)| amount.clone()))
    }

    fn record_amount(&self, pay: &Pay, at: &At<'_, 'a>, running: Option<Exact>) -> V {
        match (&pay.amount, running) {
            (
                Amount::Tiered {
                    base,
                    tiers,
                    how: TierUse::EachSlice { divisor },
                },
                Some(before),
            ) => {
                if let Some((credit, window)) = self.running_axis(pay) {
                    let held = self.unknown_in(credit, window, at.period);
                    if !held.is_empty() {
                        return V::Held(held);
                    }
                }
                self.slices(
                    *tiers,
                    divisor.as_ref(),
                    at,
                    eval(base, at).needed(),
                    before,
                )
            }
            _ => self.amount(&pay.amount, at),
        }
    }

    fn record_steps(&self, pay: &Pay, at: &At<'_, 'a>, mut amount: V) -> V {
        for step in pay.steps.iter().filter(|step| step.kind.acts_on_record()) {
            match applies(step, at) {
                V::Bool(true) => {}
                V::Held(causes) => {
                    amount = held_too(amount, causes);
                    continue;
                }
                _ => continue,
            }
            amount = match &step.kind {
                StepKind::RoundEach(rounding) => match amount {
                    V::Number(number) => V::Number(rounding.round(&number)),
                    other => other,
                },
                StepKind::Cap {
                    amount: limit,
                    of: LimitOf::Record,
                } => numbers(amount, zero_if_nothing(eval(limit, at)), |amount, limit| {
                    V::Number(amount.min(limit))
                }),
                StepKind::Floor {
                    amount: limit,
                    of: LimitOf::Record,
                } => numbers(amount, zero_if_nothing(eval(limit, at)), |amount, limit| {
                    V::Number(amount.max(limit))
                }),
                _ => amount,
            };
        }
        amount
    }

    fn step(
        &self,
        pay: &Pay,
        index: usize,
        step: &Step,
        amount: V,
        period: usize,
        history: &mut History,
    ) -> V {
        let at = self.at(period);
        if !step.kind.acts_on_record() {
            match applies(step, &at) {
                V::Bool(true) => {}
                V::Held(causes) => return held_too(amount, causes),
                _ => return amount,
            }
        }
        match &step.kind {
            StepKind::Gate {
                subject,
                range,
                words,
                otherwise,
            } => {
                let subject = eval(subject, &at);
                let holds = match subject.needed() {
                    V::Number(number) => range.contains(&number),
                    V::Text(text) => *range == Range::Text(text.to_string()),
                    V::Held(causes) => return held_too(amount, causes),
                    _ => false,
                };
                if holds {
                    return amount;
                }
                match otherwise {
                    Otherwise::Nothing => V::Number(Exact::ZERO),
                    Otherwise::Share(share) => numbers(
                        amount,
                        zero_if_nothing(eval(share, &at)),
                        |amount, share| V::Number(amount * share),
                    ),
                    Otherwise::Hold => {
                        let cause = Cause::gate_holds(words, &self.person.id, &self.label(period));
                        held_too(amount, vec![cause])
                    }
                    Otherwise::Amount(other) => zero_if_nothing(self.amount(other, &at)),
                }
            }
            StepKind::Times(factor) => numbers(
                amount,
                zero_if_nothing(eval(factor, &at)),
                |amount, factor| V::Number(amount * factor),
            ),
            StepKind::Floor {
                amount: limit,
                of: LimitOf::Period,
            } => numbers(
                amount,
                zero_if_nothing(eval(limit, &at)),
                |amount, limit| V::Number(amount.max(limit)),
            ),
            StepKind::Cap {
                amount: limit,
                of: LimitOf::Period,
            } => numbers(
                amount,
                zero_if_nothing(eval(limit, &at)),
                |amount, limit| V::Number(amount.min(limit)),
            ),
            StepKind::Cap {
                amount: limit,
                of: LimitOf::Window(length),
            } => {
                let used = self.used(index, *length, period, history);
                let left = numbers(zero_if_nothing(eval(limit, &at)), used, |limit, used| {
                    V::Number((limit - used).max(Exact::ZERO))
                });
                numbers(amount, left, |amount, left| V::Number(amount.min(left)))
            }
            StepKind::Increase { never_below_zero } => {
                history.set(index, amount.clone());
                let before = self.before(pay, index, period, history);
                numbers(amount, before, |amount, before| {
                    let increase = amount - before;
                    V::Number(if *never_below_zero {
                        increase.max(Exact::ZERO)
                    } else {
                        increase
                    })
                })
            }
            StepKind::Round(rounding) => match amount {
                V::Number(number) => V::Number(rounding.round(&number)),
                other => other,
            },
            StepKind::RoundNever => match amount {
                V::Number(number)
                    if number
                        .to_units(10_i128.pow(self.plan.currency.minor_units()))
                        .is_none() =>
                {
                    let words = number.to_plain();
                    V::Held(vec![Cause::not_whole(
                        &pay.label,
                        &self.person.id,
                        &self.label(period),
                        &words,
                    )])
                }
                other => other,
            },
            StepKind::Floor { .. } | StepKind::Cap { .. } | StepKind::RoundEach(_) => amount,
        }
    }

    /// The same step's value in earlier periods of a window to which the person belongs, added.
    fn used(&self, index: usize, length: Cadence, period: usize, history: &History) -> V {
        let start = self
            .plan
            .calendar
            .window_start(&self.periods[period], length);
        let counts = |earlier: &usize| {
            let earlier = &self.periods[*earlier];
            earlier.start() >= start && self.person.belongs(self.plan, earlier)
        };
        (0..period)
            .filter(counts)
            .fold(V::Number(Exact::ZERO), |sum, earlier| {
                numbers(sum, history.get(earlier, index), |sum, used| {
                    V::Number(sum + used)
                })
            })
    }

    /// The amount to date of the period before in the same window.
    fn before(&self, pay: &Pay, index: usize, period: usize, history: &History) -> V {
        let Some(earlier) = period.checked_sub(1) else {
            return V::Number(Exact::ZERO);
        };
        let (start, _) = self.days(pay.window, period);
        if self.periods[earlier].end() < start {
            return V::Number(Exact::ZERO);
        }
        history.get(earlier, index)
    }
}

/// Records that a pay over records must take one by one.
pub(in crate::eval) fn odd(plan: &Plan, pay: &Pay, rows: &dyn Rows) -> RowSet {
    let Scope::Each { source, .. } = pay.scope else {
        return RowSet::default();
    };
    let Some(table) = rows.table(&plan.source(source).binding) else {
        return RowSet::default();
    };
    let mut read: Vec<&Expr> = pay.when.iter().collect();
    match &pay.amount {
        Amount::Plain(expr) => read.push(expr),
        Amount::Tiered { base, .. } => read.push(base),
    }
    for step in pay.steps.iter().filter(|step| step.kind.acts_on_record()) {
        read.extend(&step.when);
        if let StepKind::Cap { amount, .. } | StepKind::Floor { amount, .. } = &step.kind {
            read.push(amount);
        }
    }
    odd_rows(plan, source, table, &read, &[])
}

/// The credit whose running total places slices of records, with its window. Only then does the order of
/// records matter.
pub(in crate::eval) fn running_axis(plan: &Plan, pay: &Pay) -> Option<(CreditId, Window)> {
    let Amount::Tiered {
        base,
        tiers,
        how: TierUse::EachSlice { .. },
    } = &pay.amount
    else {
        return None;
    };
    let ExprKind::Credit(credit) = base.kind else {
        return None;
    };
    let axis = &plan.tier_table(*tiers).axis;
    let axis = match axis.kind {
        ExprKind::Measure(id) => &plan.measure(id).value,
        _ => axis,
    };
    let numerator = match &axis.kind {
        ExprKind::Binary(BinaryOp::Divide, numerator, _) => numerator,
        _ => axis,
    };
    match numerator.kind {
        ExprKind::Aggregate {
            how: Aggregate::Total,
            credit: of,
            window,
        } if of == credit => Some((credit, window)),
        _ => None,
    }
}

/// What an aggregate comes to, of so many shares with this sum; `None` of none.
fn aggregated(
    how: Aggregate,
    (count, total): (Exact, Exact),
    credited: &Credited,
    shares: &[Share],
) -> Option<Exact> {
    let amounts = || shares.iter().map(|share| credited.amount(share));
    match how {
        Aggregate::Total => Some(total),
        Aggregate::Count => Some(count),
        Aggregate::Average => total.checked_div(&count),
        Aggregate::Highest => amounts().max(),
        Aggregate::Lowest => amounts().min(),
    }
}

/// Whether a line applies: a condition that is nothing does not hold.
fn applies(step: &Step, at: &At<'_, '_>) -> V {
    step.when
        .as_ref()
        .map_or(V::Bool(true), |when| truth(eval(when, at)))
}

/// The amount so far, held for more causes.
fn held_too(amount: V, causes: Vec<Cause>) -> V {
    V::Held(match amount {
        V::Held(more) => both(more, causes),
        _ => causes,
    })
}

/// What nothing limits to is 0.
fn zero_if_nothing(value: V) -> V {
    match value.needed() {
        V::Nothing => V::Number(Exact::ZERO),
        other => other,
    }
}

/// The integral of a table's values from 0 to `end`, with edges times `scale`; negative ends mirror.
fn integral(table: &crate::meaning::plan::Tiers, end: &Exact, scale: &Exact) -> Exact {
    let (low, high) = if end.is_negative() {
        (end.clone(), Exact::ZERO)
    } else {
        (Exact::ZERO, end.clone())
    };
    let mut sum = Exact::ZERO;
    for row in &table.rows {
        let Range::Numbers {
            low: row_low,
            high: row_high,
        } = &row.range
        else {
            continue;
        };
        let from = row_low.as_ref().map_or(low.clone(), |(edge, _)| {
            (edge.clone() * scale.clone()).max(low.clone())
        });
        let to = row_high.as_ref().map_or(high.clone(), |(edge, _)| {
            (edge.clone() * scale.clone()).min(high.clone())
        });
        if from < to {
            sum += (to - from) * row.value.clone();
        }
    }
    if end.is_negative() { -sum } else { sum }
}

/// Values after each step, period by period, for lines that look back.
#[derive(Default)]
struct History {
    values: Vec<Vec<V>>,
}

impl History {
    fn start(&mut self, steps: usize) {
        self.values.push(vec![V::Number(Exact::ZERO); steps]);
    }

    fn set(&mut self, step: usize, value: V) {
        if let Some(slot) = self
            .values
            .last_mut()
            .and_then(|values| values.get_mut(step))
        {
            *slot = value;
        }
    }

    fn get(&self, period: usize, step: usize) -> V {
        self.values
            .get(period)
            .and_then(|values| values.get(step))
            .cloned()
            .unwrap_or(V::Nothing)
    }
}

fn settled(value: V) -> Settled<Exact> {
    match value.needed() {
        V::Number(number) => Settled::Value(number),
        V::Held(causes) => Settled::Held(causes),
        _ => Settled::Nothing,
    }
}

/// `below 0`, and the balance carried from period to period.
fn settle(pay: &Pay, id: PayId, earned: V, balance: &mut Settled<Exact>) -> PayRow {
    let zero = Exact::ZERO;
    let earned = settled(earned);
    if pay.kind == PayKind::Component {
        return PayRow {
            pay: id,
            payout: earned.clone(),
            earned,
            carried_in: zero.clone(),
            carried_out: zero,
        };
    }
    let carries = pay.below == Some(BelowZero::CarriesForward);
    let (amount, carried) = match (&earned, &*balance) {
        (Settled::Held(a), Settled::Held(b)) if carries => {
            return held(
                id,
                earned.clone(),
                both(a.clone(), b.clone()),
                balance,
                carries,
            );
        }
        (_, Settled::Held(causes)) if carries => {
            return held(id, earned.clone(), causes.clone(), balance, carries);
        }
        (Settled::Held(causes), _) => {
            return held(id, earned.clone(), causes.clone(), balance, carries);
        }
        (Settled::Value(amount), Settled::Value(carried)) => (amount.clone(), carried.clone()),
        (_, Settled::Value(carried)) => (zero.clone(), carried.clone()),
        (Settled::Value(amount), _) => (amount.clone(), zero.clone()),
        (Settled::Nothing, _) => (zero.clone(), zero.clone()),
    };
    let (carried_in, payout, carried_out) = match pay.below {
        Some(BelowZero::CarriesForward) => {
            let sum = amount + carried.clone();
            (
                carried,
                sum.clone().max(zero.clone()),
                sum.min(zero.clone()),
            )
        }
        Some(BelowZero::Lost) => (zero.clone(), amount.max(zero.clone()), zero.clone()),
        Some(BelowZero::AsItIs) | None => (zero.clone(), amount, zero.clone()),
    };
    if carries {
        *balance = Settled::Value(carried_out.clone());
    }
    PayRow {
        pay: id,
        earned,
        carried_in,
        payout: Settled::Value(payout),
        carried_out,
    }
}

fn held(
    id: PayId,
    earned: Settled<Exact>,
    causes: Vec<Cause>,
    balance: &mut Settled<Exact>,
    carries: bool,
) -> PayRow {
    let carried_in = match &*balance {
        Settled::Value(carried) if carries => carried.clone(),
        _ => Exact::ZERO,
    };
    if carries {
        *balance = Settled::Held(causes.clone());
    }
    PayRow {
        pay: id,
        earned,
        carried_in,
        payout: Settled::Held(causes),
        carried_out: Exact::ZERO,
    }
}
