//! Where a record stands that a running quantity places, found by looking at every record.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::base::{Date, Exact, Money, natural_cmp};
use crate::explain::cells::{read_cell, read_column};
use crate::explain::credits::RecordRow;
use crate::explain::exceptions::AsFiled;
use crate::explain::expression::{Found, Scalar, Stop, demand, two_numbers, walk, yes};
use crate::explain::late::{MayCount, counts_on};
use crate::explain::pays::cut;
use crate::explain::reading::row_reached;
use crate::explain::receipt::{Kind, Node, Rule};
use crate::explain::records::AtRecord;
use crate::explain::walk::{Here, Walker, kind, leaf};
use crate::meaning::plan::{
    Amount, ColumnId, Credit, CreditId, Expr, Instead, Pay, Placed, Running, TierUse, Tiers,
};
use crate::meaning::types::Type;
use crate::syntax::ast::{EdgeRule, Window};
use crate::table::{Cause, Table, sorted};

/// Where a record stands.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Spot {
    /// What ran before it, and its own size; or why that cannot be known.
    place: Result<(Exact, Exact), Vec<Cause>>,
    /// Whose records run.
    of: String,
}

/// Records with their rows, by the text of the column that they share; those without it may run with any.
pub(in crate::explain) type Runs = BTreeMap<Option<String>, Vec<(usize, Runner)>>;

/// A record that the credit selects, or may select.
pub(in crate::explain) struct Runner {
    key: Option<String>,
    date: Option<Date>,
    size: Exact,
    why: Vec<Cause>,
}

impl<'a> Walker<'a> {
    /// Where the records of a pay stand, in their order; none where no running quantity places them.
    pub(in crate::explain) fn spots(
        &mut self,
        pay: &'a Pay,
        here: &Here,
        records: &[AtRecord],
    ) -> Vec<Spot> {
        match pay.placed() {
            None => Vec::new(),
            Some((placed, credit)) => match placed.key {
                Some(key) => records
                    .iter()
                    .map(|record| self.among_all(placed, key, credit, record))
                    .collect(),
                None => self.among_own(placed, credit, here, records.len()),
            },
        }
    }

    /// The first day of the run that a day belongs to.
    fn run_of(&self, placed: &Placed, date: Date) -> Date {
        let at = self
            .periods
            .iter()
            .rposition(|period| period.start() <= date);
        let start = self.days(placed.window, at.unwrap_or(0)).0;
        match placed.since {
            Some(since) if since <= date => start.max(since),
            _ => start,
        }
    }

    fn size(&self, placed: &Placed, credit: &Credit, record: Option<(&Table, usize)>) -> Found {
        match (placed.running, record) {
            (Running::Count, _) => Ok(Scalar::Number(Exact::ONE)),
            (Running::Total(_), None) => Ok(Scalar::Number(Exact::ZERO)),
            (Running::Total(column), Some((table, row))) => {
                let own = &self.plan.source(credit.source).columns[column.0];
                let (plan, rows) = (self.plan, self.rows);
                let filed = AsFiled {
                    plan,
                    rows,
                    table,
                    row,
                };
                let instead = filed.instead(Instead::Column(credit.source, column));
                demand(instead.unwrap_or_else(|| read_column(plan, table, own, row)))
            }
        }
    }

    /// Among the payee's own records.
    fn among_own(&mut self, placed: &Placed, id: CreditId, here: &Here, count: usize) -> Vec<Spot> {
        let credit = self.plan.credit(id);
        let all = self.credits(&here.payee, id);
        let last = self.days(Window::Period, here.period).1;
        let table = self.rows.table(&self.plan.source(credit.source).binding);
        let first = self.plan.effective.0;
        let mut shares = all.shares;
        shares.retain(|share| first <= share.date && share.date <= last);
        let mut spots = Vec::new();
        for (at, share) in shares.iter().enumerate() {
            let run = self.run_of(placed, share.date);
            let mut why = Vec::new();
            for other in &all.unknown {
                let is_before = |date: &Date| {
                    let is_in_plan = first <= *date;
                    is_in_plan && self.run_of(placed, *date) == run && *date <= share.date
                };
                if other.day.as_ref().is_none_or(is_before) {
                    why.extend(other.why.iter().cloned());
                }
            }
            let (mut before, mut own) = (Exact::ZERO, Exact::ZERO);
            for (other_at, other) in shares.iter().enumerate().take(at + 1) {
                if self.run_of(placed, other.date) != run {
                    continue;
                }
                match self.size(placed, credit, table.zip(other.row)) {
                    Ok(Scalar::Number(size)) if other_at == at => own = size,
                    Ok(Scalar::Number(size)) => before += size,
                    Err(Stop::Held(causes)) => why.extend(causes),
                    _ => {}
                }
            }
            spots.push(Spot {
                place: if why.is_empty() {
                    Ok((before, own))
                } else {
                    Err(sorted(why))
                },
                of: here.payee.clone(),
            });
        }
        spots.split_off(spots.len().saturating_sub(count))
    }

    fn runner(
        &self,
        placed: &Placed,
        key: ColumnId,
        credit: &Credit,
        (table, row): (&Table, usize),
    ) -> Option<Runner> {
        let plan = self.plan;
        let column = |id: ColumnId| plan.source(credit.source).columns[id.0].name.as_str();
        let mut why = Vec::new();
        for when in &credit.when {
            match yes(walk(
                when,
                &mut RecordRow {
                    plan,
                    rows: self.rows,
                    table,
                    row,
                },
                &mut Vec::new(),
            )) {
                Ok(true) => {}
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => return None,
            }
        }
        let mut read = |found: Found| match demand(found) {
            Ok(value) => Some(value),
            Err(Stop::Held(causes)) => {
                why.extend(causes);
                None
            }
            Err(_) => None,
        };
        let own = match read(read_cell(plan, table, column(credit.dated_by), row)) {
            Some(Scalar::Date(date)) => Some(date),
            _ => None,
        };
        let size = match read(self.size(placed, credit, Some((table, row)))) {
            Some(Scalar::Number(size)) => size,
            _ => Exact::ZERO,
        };
        let key = match read(read_cell(plan, table, column(key), row)) {
            Some(Scalar::Text(key)) => Some(key),
            _ => None,
        };
        if let Err(Stop::Held(causes)) = read_cell(plan, table, "id", row) {
            why.extend(causes);
        }
        let is_out = |date: Date| date < plan.effective.0 || plan.effective.1 < date;
        let (_, on) = counts_on((plan, credit, table), row, own, &mut why);
        let runs = on != MayCount::Never && !own.is_some_and(is_out);
        runs.then_some(Runner {
            key,
            date: on.once().map(|on| on.day),
            size,
            why,
        })
    }

    /// All records that run or may run, by their key; found once.
    fn runs(&mut self, placed: &Placed, key: ColumnId, credit: &Credit) -> Rc<Runs> {
        if let Some(known) = self.runs.get(&placed.span) {
            return Rc::clone(known);
        }
        let mut runs = Runs::new();
        if let Some(table) = self.rows.table(&self.plan.source(credit.source).binding) {
            for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
                if let Some(runner) = self.runner(placed, key, credit, (table, row)) {
                    let known = runs.entry(runner.key.clone()).or_default();
                    known.push((row, runner));
                }
            }
        }
        let runs = Rc::new(runs);
        self.runs.insert(placed.span, Rc::clone(&runs));
        runs
    }

    /// Among all records of one key, whoever is credited with them.
    fn among_all(
        &mut self,
        placed: &Placed,
        key: ColumnId,
        id: CreditId,
        record: &AtRecord,
    ) -> Spot {
        let credit = self.plan.credit(id);
        let table = self.rows.table(&self.plan.source(credit.source).binding);
        let own = table.zip(record.on.row);
        let own_runner = own.and_then(|at| self.runner(placed, key, credit, at));
        let (Some((table, own_row)), Some(own)) = (own, own_runner) else {
            let size = match placed.running {
                Running::Count => Exact::ONE,
                Running::Total(_) => Exact::ZERO,
            };
            return Spot {
                place: Ok((Exact::ZERO, size)),
                of: String::new(),
            };
        };
        let Some(of) = own.key else {
            return Spot {
                place: Err(sorted(own.why)),
                of: String::new(),
            };
        };
        let run = self.run_of(placed, record.date);
        let id = |row: usize| table.text("id", row).unwrap_or_default();
        let mut why = own.why;
        let broken = table.broken.iter();
        let broken = broken.filter(|broken| broken.may_be_about(&of));
        why.extend(broken.filter_map(|broken| table.cause(broken)));
        let mut before = Exact::ZERO;
        let runs = self.runs(placed, key, credit);
        let near = [Some(of.clone()), None];
        let near = near.iter().filter_map(|key| runs.get(key)).flatten();
        for (row, other) in near {
            let comes_first = other.date.is_none_or(|date| {
                let order = date
                    .cmp(&record.date)
                    .then_with(|| natural_cmp(id(*row), id(own_row)))
                    .then_with(|| row.cmp(&own_row));
                self.run_of(placed, date) == run && order.is_lt()
            });
            if comes_first && other.why.is_empty() {
                before += &other.size;
            } else if comes_first {
                why.extend(other.why.iter().cloned());
            }
        }
        Spot {
            place: if why.is_empty() {
                Ok((before, own.size))
            } else {
                Err(sorted(why))
            },
            of,
        }
    }

    /// What a record earns where it stands, and why.
    pub(in crate::explain) fn placed_amount(
        &mut self,
        pay: &'a Pay,
        on: &Here,
        spot: &Spot,
    ) -> (Found, Node) {
        let span = Some(pay.amount_span);
        let Amount::Tiered {
            base,
            tiers,
            how: TierUse::Placed(placed),
        } = &pay.amount
        else {
            let none = Err(Stop::Nothing);
            return (
                none.clone(),
                leaf(Rule::Expression, "amount", &none, Kind::Money, span),
            );
        };
        let (found, mut node) = {
            let mut reads = Vec::new();
            let found = self.base(base, on, &mut reads);
            let node = leaf(Rule::Expression, "amount", &found, Kind::Money, span);
            (found, Node { reads, ..node })
        };
        let place = spot.place.clone().map_err(Stop::Held);
        let zero = place.clone().map(|_| Scalar::Number(Exact::ZERO));
        let found = two_numbers(found, zero).map(|(base, _)| base);
        let table = self.plan.tier_table(*tiers);
        let made = found.and_then(|base| {
            let (before, size) = place?;
            let earned = earned(table, placed.edge, &base, (&before, &size))?;
            Ok((earned, before, size))
        });
        let found = match made {
            Err(stop) => Err(stop),
            Ok(((amount, read), before, size)) => {
                let found = Ok(Scalar::Number(amount));
                let after = before.clone() + size;
                let words = self.stands(placed, pay, &before, &after, &spot.of);
                let rule = Rule::Placed { before, after };
                let mut stands = leaf(rule, &words, &found, Kind::Money, span);
                stands.reads.push(read);
                node.reads.push(stands);
                found
            }
        };
        node.value = crate::explain::walk::known(&found);
        (found, node)
    }

    fn base(&mut self, base: &'a Expr, on: &Here, reads: &mut Vec<Node>) -> Found {
        demand(self.value(on, base, reads))
    }

    /// `the 11th deal of West, year to date`
    fn stands(
        &self,
        placed: &Placed,
        pay: &Pay,
        before: &Exact,
        after: &Exact,
        of: &str,
    ) -> String {
        let window = match placed.window {
            Window::ToDate(cadence) => format!(", {} to date", cadence.words()),
            Window::PlanToDate => ", plan to date".to_owned(),
            _ => String::new(),
        };
        let of = if of.is_empty() {
            String::new()
        } else {
            format!(" of {of}")
        };
        let Some((_, credit)) = pay.placed() else {
            return String::new();
        };
        let credit = self.plan.credit(credit);
        match placed.running {
            Running::Count => {
                format!("the {} {}{of}{window}", ordinal(after), credit.record_word)
            }
            Running::Total(column) => {
                let ty = self.plan.source(credit.source).columns[column.0].ty;
                let shown = |number: &Exact| match ty {
                    Type::Money(currency) => Money::new(number.clone(), currency).to_string(),
                    Type::Percent => format!("{}%", (number.clone() * Exact::int(100)).to_plain()),
                    _ => number.to_plain(),
                };
                format!("from {} to {}{of}{window}", shown(before), shown(after))
            }
        }
    }
}

/// What a base earns between two places, and by which rows.
fn earned(
    table: &Tiers,
    edge: EdgeRule,
    base: &Exact,
    (before, size): (&Exact, &Exact),
) -> Result<(Exact, Node), Stop> {
    let place = match edge {
        EdgeRule::Cut if !size.is_zero() => return Ok(cut_up(table, base, before, size)),
        EdgeRule::Cut | EdgeRule::Starts => before.clone(),
        EdgeRule::Ends => before.clone() + size.clone(),
    };
    let mut rows = table.rows.iter();
    let at = rows.position(|row| row.range.contains(&place));
    let at = at.ok_or(Stop::Nothing)?;
    let amount = base.clone() * table.rows[at].value.clone();
    Ok((amount, row_reached(table, at)))
}

/// A base cut where the edges lie, each part at its own rate.
fn cut_up(table: &Tiers, base: &Exact, before: &Exact, size: &Exact) -> (Exact, Node) {
    let (mut sum, mut reads) = (Exact::ZERO, Vec::new());
    for (at, part, rate) in cut(table, before, size, &Exact::ONE) {
        let part = (base.clone() * part).checked_div(size).unwrap_or_default();
        let value = part.clone() * rate.clone();
        sum += &value;
        let row = &table.rows[at];
        let rule = Rule::Slice {
            row: row.words.clone(),
            size: part,
            rate,
            kind: kind(table.ty),
        };
        let value = Ok(Scalar::Number(value));
        reads.push(leaf(rule, &row.words, &value, Kind::Money, Some(row.span)));
    }
    let found = Ok(Scalar::Number(sum.clone()));
    let node = leaf(
        Rule::Slices,
        "amount",
        &found,
        Kind::Money,
        Some(table.span),
    );
    (sum, Node { reads, ..node })
}

/// `11th`
fn ordinal(number: &Exact) -> String {
    let digits = number.to_plain();
    let ending = match digits.as_bytes() {
        [.., b'1', _] => "th",
        [.., b'1'] => "st",
        [.., b'2'] => "nd",
        [.., b'3'] => "rd",
        _ => "th",
    };
    format!("{digits}{ending}")
}
