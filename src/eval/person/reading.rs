//! What one person's expressions read: totals over windows, quotas, inputs, facts, measures, tables.

use crate::base::{Cadence, Date, Exact, Period};
use crate::eval::exchanges::Exchanges;
use crate::eval::person::amended::Cut;
use crate::eval::person::reading::tables::dated;
use crate::eval::person::{At, Made, Payer};
use crate::eval::record::{currency_of, record_cell, record_money};
use crate::eval::values::{Convert, Env, V, both, cell, eval, money_cell};
use crate::meaning::plan::{
    ColumnId, Expr, ExprKind, FactDay, InputId, InputOf, MeasureId, PayId, QuotaId, RuleOutcome,
};
use crate::table::{Cause, PEOPLE, Table};

mod tables;
mod windows;

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

impl<'a> Payer<'a> {
    pub(in crate::eval) fn at(&self, period: usize) -> At<'_, 'a> {
        At {
            payer: self,
            period,
            record: None,
            cut: Cut::default(),
        }
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
