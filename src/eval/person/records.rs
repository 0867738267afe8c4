//! What a `pay` `for each` record comes to: record by record, or all at once on whole numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Date, Exact, natural_cmp};
use crate::eval::credited::Share;
use crate::eval::exceptions::Exceptions;
use crate::eval::lanes::{Number, Records, Units, odd_rows};
use crate::eval::person::amended::Part;
use crate::eval::person::amounts::{applies, held_too, zero_if_nothing};
use crate::eval::person::uses::Uses;
use crate::eval::person::{At, Payer, Record};
use crate::eval::placing::{Spot, given_size, run_of, size_of};
use crate::eval::values::{V, both, cell, eval, numbers, truth};
use crate::meaning::plan::{
    Amount, CreditId, Expr, ExprKind, LimitOf, Pay, Placed, Plan, Scope, StepKind, TierUse,
};
use crate::meaning::types::Grain;
use crate::syntax::ast::{Aggregate, BinaryOp, Window};
use crate::table::{Cause, RowSet, Rows};

/// The person's credits on one record.
pub(in crate::eval) type Amounts = Vec<(CreditId, Exact)>;
/// A record, by its row and date, with the person's credits on it.
type RecordCredits = (Option<usize>, Date, Amounts);

/// What a pay comes to on one record.
#[derive(Clone)]
pub(in crate::eval) struct OnRecord {
    /// The row of the record in its source; none for a given credit.
    pub(in crate::eval) row: Option<usize>,
    /// The credit's date.
    pub(in crate::eval) date: Date,
    pub(in crate::eval) amount: Exact,
}

/// What runs over the records for one text of a pay.
struct Run<'p> {
    text: &'p Pay,
    since: Option<Date>,
    /// The running total that places slices.
    total: Option<Exact>,
    /// Where the records stand, where a running quantity places them.
    spots: Vec<Spot>,
}

impl<'a> Payer<'a> {
    /// `for each`: the amounts of the person's records, added.
    pub(in crate::eval) fn each(&self, whole: &Pay, period: usize, uses: &mut Uses) -> V {
        // A period that is not paid uses nothing of a cap.
        let kept = (!self.belongs_to(period)).then(|| uses.clone());
        self.count_on(whole, period, uses);
        let total = self.each_of(whole, period, uses);
        if let Some(kept) = kept {
            *uses = kept;
        }
        total
    }

    fn each_of(&self, whole: &Pay, period: usize, uses: &mut Uses) -> V {
        let pay = self.text(whole, period);
        if pay.scope == Scope::Total {
            return V::Nothing;
        }
        let parts = self.parts(whole, period);
        if let [only] = parts.as_slice()
            && let Some(total) = self.each_at_once(only.text, period)
        {
            return V::Number(total);
        }
        let records = self.records_paid(whole, period, uses);
        if !uses.is_empty() {
            let mut made = self.made.borrow_mut();
            made.by_record
                .insert((whole.full_name(), period), records.clone());
        }
        match records {
            Ok(records) => V::Number(records.iter().map(|record| &record.amount).sum()),
            Err(causes) => V::Held(causes),
        }
    }

    /// `for each`: the amount of each of the person's records, in their order; those that conditions leave out are
    /// not there.
    ///
    /// # Errors
    /// Why one of them is not known.
    pub(in crate::eval) fn by_record(
        &self,
        whole: &Pay,
        period: usize,
    ) -> Result<Vec<OnRecord>, Vec<Cause>> {
        let known = (whole.full_name(), period);
        if let Some(known) = self.made.borrow().by_record.get(&known) {
            return known.clone();
        }
        self.records_paid(whole, period, &mut Uses::default())
    }

    fn records_paid(
        &self,
        whole: &Pay,
        period: usize,
        uses: &mut Uses,
    ) -> Result<Vec<OnRecord>, Vec<Cause>> {
        let pay = self.text(whole, period);
        let Scope::Each { credits, .. } = &pay.scope else {
            return Ok(Vec::new());
        };
        let parts = self.parts(whole, period);
        let held = credits.iter().fold(Vec::new(), |held, credit| {
            both(held, self.unknown_in(*credit, pay.window, period))
        });
        if !held.is_empty() {
            uses.hold(&held);
            return Err(held);
        }
        let mut runs: Vec<Run<'_>> = parts.iter().map(|part| self.run_of(part, period)).collect();
        let mut found = Vec::new();
        let mut held = Vec::new();
        for (nth, (row, date, amounts)) in self
            .records(credits, pay.window, period)
            .into_iter()
            .enumerate()
        {
            let later = parts.iter().rposition(|part| part.days.0 <= date);
            let own = later.unwrap_or(0);
            let before = runs.get(own).and_then(|run| run.total.clone());
            for run in &mut runs {
                self.runs_on(run, date, &amounts);
            }
            let (Some(part), Some(run)) = (parts.get(own), runs.get(own)) else {
                continue;
            };
            let at = At {
                record: Some(Record {
                    row,
                    amounts: &amounts,
                }),
                cut: part.on_records(),
                ..self.at(period)
            };
            let text = part.text;
            let amount = match self.included(text, &at) {
                V::Bool(true) => match run.spots.get(nth) {
                    Some(spot) => self.placed_amount(text, &at, spot),
                    None => self.record_amount(text, &at, before),
                },
                V::Held(causes) => V::Held(causes),
                _ => continue,
            };
            let amount = match amount {
                V::Nothing => V::Number(Exact::ZERO),
                other => other,
            };
            match self.record_steps(text, &at, amount, uses) {
                V::Number(amount) => found.push(OnRecord { row, date, amount }),
                V::Held(causes) => held = both(held, causes),
                _ => {}
            }
        }
        if held.is_empty() {
            Ok(found)
        } else {
            Err(held)
        }
    }

    /// Whether a record meets the conditions of a pay.
    fn included(&self, pay: &Pay, at: &At<'_, 'a>) -> V {
        let mut included = V::Bool(true);
        for when in &pay.when {
            match truth(eval(when, at)) {
                V::Bool(true) => {}
                V::Held(causes) => {
                    included = match included {
                        V::Held(more) => V::Held(both(more, causes)),
                        _ => V::Held(causes),
                    };
                }
                _ => return V::Bool(false),
            }
        }
        included
    }

    /// Where the records of a text stand at first.
    fn run_of<'p>(&self, part: &Part<'p>, period: usize) -> Run<'p> {
        Run {
            text: part.text,
            since: self.since_of(part.text),
            total: self.running_before(part.text, period),
            spots: self.spots(part.text, period),
        }
    }

    /// Adds a record to what runs for a text.
    fn runs_on(&self, run: &mut Run<'_>, date: Date, amounts: &[(CreditId, Exact)]) {
        let counts = run.since.is_none_or(|since| since <= date);
        if let (Some(total), Some(own), true) =
            (&mut run.total, self.base_of(run.text, amounts), counts)
        {
            *total += own;
        }
    }

    /// Since when the total that places slices of records counts, where that has started fresh.
    pub(in crate::eval) fn since_of(&self, pay: &Pay) -> Option<Date> {
        match &pay.amount {
            Amount::Tiered { tiers, .. } => self.since(*tiers),
            Amount::Plain(_) => None,
        }
    }

    /// `for each` over all of the person's records of a window at once; `None` where they must be taken one by one.
    pub(in crate::eval) fn each_at_once(&self, pay: &Pay, period: usize) -> Option<Exact> {
        let Scope::Each { source, credits } = &pay.scope else {
            return None;
        };
        let [credit] = credits.as_slice() else {
            return None;
        };
        if pay.caps_of().next().is_some() {
            return None;
        }
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
                    ..
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

    /// Where the records of a pay stand, in their order; none where no running quantity places them.
    fn spots(&self, pay: &Pay, period: usize) -> Vec<Spot> {
        let Some((placed, credit)) = pay.placed() else {
            return Vec::new();
        };
        let own = self.in_window(credit, pay.window, period);
        if let Some(placing) = self
            .common
            .placings
            .get(self.position(pay))
            .and_then(Option::as_ref)
        {
            return own
                .iter()
                .map(|share| placing.spot(placed, share.row()))
                .collect();
        }
        // The payee's own records: all so far, of which the last are those of the pay's window.
        let all = self.common.credited[credit.0].shares(self.at, 0..period + 1);
        let mut spots = self.own_spots(placed, credit, all);
        spots.split_off(spots.len().saturating_sub(own.len()))
    }

    /// Where the payee's own records stand.
    fn own_spots(&self, placed: &Placed, credit: CreditId, all: &[Share]) -> Vec<Spot> {
        let of = self.plan.credit(credit);
        let table = self.rows.table(&self.plan.source(of.source).binding);
        let run = |date: Date| run_of(self.plan, placed, date);
        let unknown = self.common.credited[credit.0].unknown(self.at);
        let mut spots = Vec::with_capacity(all.len());
        for shares in all.chunk_by(|a, b| run(a.date()) == run(b.date())) {
            let mut sum = Exact::ZERO;
            let mut held: Vec<Cause> = Vec::new();
            for share in shares {
                let size = match (share.row(), table) {
                    (Some(row), Some(table)) => {
                        size_of(self.plan, of, placed, (table, self.exceptions, row))
                    }
                    _ => V::Number(given_size(placed)),
                };
                let before = unknown.iter().filter(|other| {
                    let same = |date| run(date) == run(share.date()) && date <= share.date();
                    other.date.is_none_or(same)
                });
                let mut more: Vec<Cause> = before.flat_map(|other| other.causes.clone()).collect();
                let mut own = Exact::ZERO;
                match size {
                    V::Number(size) => own = size,
                    V::Held(causes) => more.extend(causes),
                    _ => {}
                }
                held = both(held, more);
                spots.push(if held.is_empty() {
                    Spot::At {
                        before: sum.clone(),
                        size: own.clone(),
                    }
                } else {
                    Spot::Unknown(Arc::new(held.clone()))
                });
                sum += own;
            }
        }
        spots
    }

    /// What a record earns where it stands.
    fn placed_amount(&self, pay: &Pay, at: &At<'_, 'a>, spot: &Spot) -> V {
        let Amount::Tiered {
            base,
            tiers,
            how: TierUse::Placed(placed),
        } = &pay.amount
        else {
            return V::Nothing;
        };
        let rate = spot.rate(self.plan.tier_table(*tiers), placed.edge);
        numbers(eval(base, at).needed(), rate, |base, rate| {
            V::Number(base * rate)
        })
    }

    /// The position of a text among those of all pays.
    fn position(&self, pay: &Pay) -> usize {
        let mut pays = self.plan.pays.iter().flat_map(Pay::texts);
        pays.position(|known| std::ptr::eq(known, pay))
            .unwrap_or(usize::MAX)
    }

    pub(in crate::eval) fn odd_of(&self, pay: &Pay) -> Option<&'a RowSet> {
        self.common.odd.get(self.position(pay))
    }

    /// Records with the person's credits on each, in order.
    pub(in crate::eval) fn records(
        &self,
        credits: &[CreditId],
        window: Window,
        period: usize,
    ) -> Vec<RecordCredits> {
        let mut records: Vec<RecordCredits> = Vec::new();
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
    }

    /// The credit whose running total places slices of records, with its window.
    pub(in crate::eval) fn running_axis(&self, pay: &Pay) -> Option<(CreditId, Window)> {
        running_axis(self.plan, pay)
    }

    pub(in crate::eval) fn record_amount(
        &self,
        pay: &Pay,
        at: &At<'_, 'a>,
        running: Option<Exact>,
    ) -> V {
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

    /// A record's amount after the lines about records.
    fn record_steps(&self, pay: &Pay, at: &At<'_, 'a>, mut amount: V, uses: &mut Uses) -> V {
        for (line, step) in pay.steps.iter().enumerate() {
            if !step.kind.acts_on_record() {
                continue;
            }
            if let StepKind::CapOf(cap) = &step.kind {
                amount = self.capped_of((line, step, cap), amount, at, uses);
                continue;
            }
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
                    ..
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
}

/// Records that a pay over records must take one by one.
pub(in crate::eval) fn odd(
    plan: &Plan,
    pay: &Pay,
    rows: &dyn Rows,
    exceptions: &Exceptions,
) -> RowSet {
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
    let mut odd = odd_rows(plan, source, table, &read, &[]);
    read.iter()
        .for_each(|own| exceptions.touched(own, &mut |row| odd.insert(row)));
    odd
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
