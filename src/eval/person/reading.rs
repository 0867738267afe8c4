//! What one person's expressions read: totals over windows, quotas, inputs, facts, measures, tables.

use std::borrow::Cow;

use crate::base::{Cadence, Date, Exact, Period};
use crate::eval::credited::{Credited, Share, Unknown};
use crate::eval::credits::Past;
use crate::eval::exchanges::Exchanges;
use crate::eval::person::amended::Cut;
use crate::eval::person::{At, Made, Payer};
use crate::eval::record::{currency_of, record_cell, record_money};
use crate::eval::values::{Convert, Env, V, both, cell, eval, money_cell, numbers};
use crate::eval::windows::days;
use crate::meaning::plan::{
    Beyond, ColumnId, Counts, CreditId, CurvePoint, Expr, ExprKind, FactDay, InputId, InputOf,
    LookupId, LookupKind, LookupRow, MeasureId, MissingScore, PayId, QuotaId, Range, Rate,
    RuleOutcome, ScorecardId, TiersId,
};
use crate::syntax::ast::{Aggregate, Window};
use crate::table::{Cause, PEOPLE, Table, sorted};

impl Env for At<'_, '_> {
    fn read(&self, expr: &Expr) -> V {
        let payer = self.payer;
        match &expr.kind {
            ExprKind::Column(source, column) => match self.record.and_then(|record| record.row) {
                Some(row) => {
                    let data = (payer.rows, payer.exceptions);
                    record_cell(payer.plan, data, *source, *column, row)
                }
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
            } => payer.aggregate(*how, *credit, *window, self),
            ExprKind::Input(id, over) => payer.input(*id, *over, self.period),
            ExprKind::Quota(id, over) => payer.quota(*id, *over, self.period),
            ExprKind::Measure(id) => self.measure(*id),
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
                    FactDay::First(over) => payer.plan.calendar.window_start(period, *over),
                    _ => period.end().min(payer.plan.effective.1),
                })
            }
            ExprKind::Carry(id) => payer.carried(*id, self.period),
            ExprKind::Pay(id) => payer.earned(*id, self.period),
            ExprKind::Group(id) => payer.groups.value(payer, *id, self.period),
            _ => V::Nothing,
        }
    }

    fn money(&self, of: &Expr, convert: Convert<'_>) -> V {
        let payer = self.payer;
        match of.kind {
            ExprKind::Column(source, column) => match self.record.and_then(|record| record.row) {
                Some(row) => record_money(payer.plan, payer.rows, (source, column), row, convert),
                None => self.read(of),
            },
            ExprKind::Fact(column, day) => {
                payer.fact_of(column, day, self.period, &|place, row| {
                    let declared = currency_of(&payer.plan.people.columns[column.0], payer.plan);
                    money_cell(place, row, declared, convert)
                })
            }
            _ => V::Nothing,
        }
    }

    fn exchanges(&self) -> Option<&Exchanges<'_>> {
        Some(self.payer.exchanges)
    }
}

impl At<'_, '_> {
    /// The value of the row that a table's axis lies in.
    pub(in crate::eval) fn tier(&self, id: TiersId) -> V {
        let table = self.payer.plan.tier_table(id);
        let since = self.payer.plan.amended.fresh.tiers.get(&id);
        let axis = eval(&table.axis, &self.inside(since)).needed();
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

impl<'p, 'a> At<'p, 'a> {
    /// In what is read by name from here.
    fn inside(&self, since: Option<&Date>) -> At<'p, 'a> {
        At {
            cut: self.cut.inside(since.copied()),
            ..*self
        }
    }

    fn measure(&self, id: MeasureId) -> V {
        if self.cut.is_whole_inside() {
            return self.payer.measure(id, self.period);
        }
        let since = self.payer.plan.amended.fresh.measures.get(&id);
        self.payer.make_measure(id, &self.inside(since))
    }
}

impl At<'_, '_> {
    /// The weighted scores, added.
    fn scorecard(&self, id: ScorecardId) -> V {
        let card = self.payer.plan.scorecard(id);
        let at = &self.inside(self.payer.plan.amended.fresh.scorecards.get(&id));
        let (mut sum, mut weights) = (Exact::ZERO, Exact::ZERO);
        let mut held = Vec::new();
        let mut nothing = false;
        for objective in &card.objectives {
            let counted = match eval(&objective.score, at) {
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

    /// What a table in data has for these keys.
    fn in_data(&self, id: LookupId, keys: &[Expr], missing: Option<&Exact>) -> V {
        let mut held = Vec::new();
        let mut lacks = None;
        let mut texts = Vec::new();
        for key in keys {
            match eval(key, self) {
                V::Text(text) => texts.push(Some(text.to_string())),
                V::Absent(cause) => {
                    lacks.get_or_insert(cause);
                    texts.push(None);
                }
                value => match value.needed() {
                    V::Held(causes) => held = both(held, causes),
                    _ => return V::Nothing,
                },
            }
        }
        if !held.is_empty() {
            return V::Held(held);
        }
        let payer = self.payer;
        if let Some(value) = payer.common.listed[id.0].value(&texts) {
            return value;
        }
        match (missing, lacks) {
            (Some(instead), _) => V::Number(instead.clone()),
            (None, Some(cause)) => V::Held(vec![cause]),
            (None, None) => {
                let words: Vec<String> = texts.into_iter().flatten().collect();
                let label = &payer.plan.lookup(id).label;
                V::Held(vec![Cause::not_listed(label, &words.join(", "))])
            }
        }
    }

    fn lookup(&self, id: LookupId) -> V {
        let lookup = self.payer.plan.lookup(id);
        let at = &self.inside(self.payer.plan.amended.fresh.lookups.get(&id));
        let found = match &lookup.kind {
            LookupKind::Curve {
                axis,
                points,
                below,
                above,
            } => match eval(axis, at).needed() {
                V::Number(place) => V::Number(on_curve(points, below, above, &place)),
                other => other,
            },
            LookupKind::Listed { keys, missing, .. } => {
                return at.in_data(id, keys, missing.as_ref());
            }
            LookupKind::Rows { keys, rows } => {
                let mut held = Vec::new();
                let mut values = Vec::new();
                for key in keys {
                    match eval(key, at) {
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
                    Some(row) => match &lookup.base {
                        Some(base) if row.is_share => {
                            let share = V::Number(row.value.clone());
                            numbers(eval(base, at).needed(), share, |base, share| {
                                V::Number(base * share)
                            })
                        }
                        _ => V::Number(row.value.clone()),
                    },
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
pub(in crate::eval) fn on_curve(
    points: &[CurvePoint],
    below: &Beyond,
    above: &Beyond,
    at: &Exact,
) -> Exact {
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
pub(in crate::eval) fn dated(rate: &Rate, day: Date) -> V {
    let mut rows = rate.rows.iter();
    match rows.find(|row| row.first <= day && day <= row.last) {
        Some(row) => V::Number(row.value.clone()),
        None => V::Held(vec![Cause::no_rate(&rate.label, day)]),
    }
}

impl<'a> Payer<'a> {
    pub(in crate::eval) fn at(&self, period: usize) -> At<'_, 'a> {
        At {
            payer: self,
            period,
            record: None,
            cut: Cut::default(),
        }
    }

    /// First and last day of a window.
    pub(in crate::eval) fn days(&self, window: Window, period: usize) -> (Date, Date) {
        days(self.plan, window, &self.periods[period])
    }

    pub(in crate::eval) fn in_window(
        &self,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> &'a [Share] {
        let (start, _) = self.days(window, period);
        let first = self.periods.partition_point(|period| period.end() < start);
        self.common.credited[credit.0].shares(self.at, first..period + 1)
    }

    /// How many shares lie in a window, and their sum.
    pub(in crate::eval) fn total_in(
        &self,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> (Exact, Exact) {
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
    pub(in crate::eval) fn past_of(&self, credit: CreditId, window: Window) -> Option<&'a Past> {
        let past = self.common.past.get(credit.0)?.as_ref();
        past.filter(|_| window.looks_back())
    }

    /// The shares that an aggregate over a window runs over.
    pub(in crate::eval) fn shares_in(
        &self,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> Cow<'a, [Share]> {
        let Some(past) = self.past_of(credit, window) else {
            return Cow::Borrowed(self.in_window(credit, window, period));
        };
        let (first, last) = self.days(window, period);
        let from = past.steps.partition_point(|step| step.end() < first);
        let to = past.steps.partition_point(|step| step.start() <= last);
        let shares = past.credited.shares(self.at, from..to);
        // Days of its own may begin or end inside a step.
        let is_in = |share: &Share| first <= share.date() && share.date() <= last;
        match shares.iter().all(is_in) {
            true => Cow::Borrowed(shares),
            false => shares.iter().copied().filter(is_in).collect(),
        }
    }

    /// Why a credit cannot be known over a window.
    pub(in crate::eval) fn unknown_in(
        &self,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> Vec<Cause> {
        self.unknown_on(credit, window, self.days(window, period))
    }

    /// Why a credit cannot be known on days of a window.
    fn unknown_on(
        &self,
        credit: CreditId,
        window: Window,
        (first, last): (Date, Date),
    ) -> Vec<Cause> {
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

    pub(in crate::eval) fn aggregate(
        &self,
        how: Aggregate,
        credit: CreditId,
        window: Window,
        at: &At<'_, 'a>,
    ) -> V {
        let period = at.period;
        let cut = at.cut.of(window, self.days(window, period));
        let days = cut.unwrap_or_else(|| self.days(window, period));
        let held = self.unknown_on(credit, window, days);
        if !held.is_empty() {
            return V::Held(held);
        }
        let found = match self.past_of(credit, window) {
            _ if cut.is_some() => self.aggregate_on(how, credit, window, (period, days)),
            Some(past) => {
                let shares = self.shares_in(credit, window, period);
                let count = i64::try_from(shares.len()).unwrap_or(i64::MAX);
                let sums = (Exact::int(count), past.credited.total(&shares));
                aggregated(how, sums, &past.credited, &shares)
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

    /// An aggregate over some days of a window.
    fn aggregate_on(
        &self,
        how: Aggregate,
        credit: CreditId,
        window: Window,
        (period, (first, last)): (usize, (Date, Date)),
    ) -> Option<Exact> {
        let (credited, shares) = match self.past_of(credit, window) {
            Some(past) => {
                let steps = past.steps.partition_point(|step| step.start() <= last);
                (&past.credited, past.credited.shares(self.at, 0..steps))
            }
            None => (
                &self.credited[credit.0],
                self.in_window(credit, window, period),
            ),
        };
        let counts = |share: &&Share| first <= share.date() && share.date() <= last;
        let shares: Vec<Share> = shares.iter().filter(counts).copied().collect();
        let count = i64::try_from(shares.len()).unwrap_or(i64::MAX);
        let sums = (Exact::int(count), credited.total(&shares));
        aggregated(how, sums, credited, &shares)
    }

    /// A quota of a length of time around a period.
    pub(in crate::eval) fn quota(&self, id: QuotaId, over: Cadence, period: usize) -> V {
        if !self.person.held.is_empty() {
            return V::Held(self.person.held.clone());
        }
        self.quotas[id.0].value(
            self.plan,
            self.plan.quota(id),
            self.person,
            &self.around(over, period),
            |hired| self.fact(hired, FactDay::Throughout(over), period),
        )
    }

    /// The length of time around a period.
    fn around(&self, over: Cadence, period: usize) -> Period {
        let period = &self.periods[period];
        self.plan.calendar.period_of(period.start(), over)
    }

    pub(in crate::eval) fn input(&self, id: InputId, over: Cadence, period: usize) -> V {
        if !self.person.held.is_empty() {
            return V::Held(self.person.held.clone());
        }
        let input = self.plan.input(id);
        let key = match input.whose {
            InputOf::Company => String::new(),
            InputOf::Person => self.person.id.clone(),
            InputOf::Column(column) => {
                match self
                    .fact(column, FactDay::Throughout(over), period)
                    .needed()
                {
                    V::Text(key) => key.to_string(),
                    other => return other,
                }
            }
        };
        self.inputs[id.0].value(self.plan, input, &key, &self.around(over, period))
    }

    pub(in crate::eval) fn fact(&self, column: ColumnId, day: FactDay, period: usize) -> V {
        let own = currency_of(&self.plan.people.columns[column.0], self.plan);
        self.fact_of(column, day, period, &|(table, name), row| {
            cell(table, name, row, own)
        })
    }

    /// A fact whose cells are read in some way.
    fn fact_of(
        &self,
        column: ColumnId,
        day: FactDay,
        period: usize,
        read: &dyn Fn((&Table, &str), usize) -> V,
    ) -> V {
        if !self.person.held.is_empty() {
            return V::Held(self.person.held.clone());
        }
        let name = &self.plan.people.columns[column.0].name;
        let Some(table) = self.rows.table(PEOPLE) else {
            return V::Nothing;
        };
        let period = &self.periods[period];
        let (earliest, latest) = self.plan.effective;
        let last = period.end().min(latest);
        let first_of = |over| self.plan.calendar.window_start(period, over);
        let (from, through) = match day {
            FactDay::First(over) => (first_of(over), first_of(over)),
            FactDay::Last => (last, last),
            FactDay::On(day) => (day, day),
            FactDay::Throughout(over) => (first_of(over).max(earliest), last),
            FactDay::Each => (period.start().max(earliest), last),
        };
        let rows = self.person.rows.iter();
        let rows = rows.filter(|(_, a, b)| *a <= through && from <= *b);
        let values: Vec<V> = rows.map(|(row, _, _)| read((table, name), *row)).collect();
        // Where one cannot be known, it is not known either whether they differ.
        let held = values.iter().filter_map(|value| match value {
            V::Held(causes) => Some(causes.clone()),
            _ => None,
        });
        if let Some(causes) = held.reduce(both) {
            return V::Held(causes);
        }
        // Rows stand in the order of their days.
        let same = |first: V, value: V| match (&first, &value) {
            (V::Absent(_), V::Absent(_)) => first,
            (V::Held(_), _) => first,
            _ if first == value => first,
            _ => V::Held(vec![Cause::fact_changes(name, &self.person.id)]),
        };
        let found = values.into_iter().reduce(same);
        found.unwrap_or_else(|| V::Absent(Cause::no_fact(name, &self.person.id)))
    }

    pub(in crate::eval) fn measure(&self, id: MeasureId, period: usize) -> V {
        if let Some(value) = self.made.borrow().measures.get(&(period, id)) {
            return value.clone();
        }
        let since = self.plan.amended.fresh.measures.get(&id);
        let value = self.make_measure(id, &self.at(period).inside(since));
        self.made
            .borrow_mut()
            .measures
            .insert((period, id), value.clone());
        value
    }

    fn make_measure(&self, id: MeasureId, at: &At<'_, 'a>) -> V {
        let measure = self.plan.measure(id);
        let period = at.period;
        for rule in &measure.rules {
            let subject = eval(&rule.subject, at);
            let applies = match &subject {
                V::Missing(_) => rule.missing,
                V::Number(number) => rule.zero && number.is_zero(),
                V::Held(_) | V::Nothing => return subject,
                _ => false,
            };
            if !applies {
                continue;
            }
            self.made.borrow_mut().decided.insert((period, id));
            return match &rule.outcome {
                RuleOutcome::PayNothing => V::Nothing,
                RuleOutcome::Value(value) => eval(value, at),
                RuleOutcome::Hold => V::Held(vec![match subject {
                    V::Missing(cause) => cause,
                    _ => Cause::measure_holds(&measure.label, &self.person.id, &self.label(period)),
                }]),
            };
        }
        let whole = self.filled(id, eval(&measure.value, at).needed(), period);
        match (whole, &measure.rounding) {
            (V::Number(number), Some(rounding)) => V::Number(rounding.round(&number)),
            (value, _) => value,
        }
    }

    /// What a pay earned in a period: what it claims, as far as its budget goes.
    pub(in crate::eval) fn earned(&self, id: PayId, period: usize) -> V {
        let claim = self.claimed(id, period);
        match self.plan.budget_of(id) {
            Some(budget) => self.groups.paid(self, budget, (id, period), claim),
            None => claim,
        }
    }

    /// What a pay comes to after all its lines; made from the first period on, since one may remember those before it.
    pub(in crate::eval) fn claimed(&self, id: PayId, period: usize) -> V {
        let made = |made: &Made| made.earned.get(&id).map_or(0, Vec::len);
        let next = made(&self.made.borrow());
        for at in next..=period {
            let mut history = self
                .made
                .borrow_mut()
                .history
                .remove(&id)
                .unwrap_or_default();
            let value = self.pay(self.plan.pay(id), at, &mut history);
            let mut made = self.made.borrow_mut();
            made.history.insert(id, history);
            made.earned.entry(id).or_default().push(value);
        }
        let made = self.made.borrow();
        let known = made.earned.get(&id).and_then(|all| all.get(period));
        known.cloned().unwrap_or(V::Nothing)
    }
}

/// What an aggregate comes to, of so many shares with this sum; `None` of none.
pub(in crate::eval) fn aggregated(
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
