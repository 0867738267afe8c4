//! What everyone earns, as text: by plan and person quota, attainment, earned, payout; totals; what is held.

use std::fmt::Write as _;

use crate::base::{Currency, Exact, Money};
use crate::diag::Diagnostic;
use crate::eval::{Beside, PersonPeriod, Settled};
use crate::meaning::Plan;
use crate::meaning::plan::{ExprKind, MeasureId, QuotaId};
use crate::meaning::types::Type;
use crate::report::balances;
use crate::report::diagnostics::advice;
use crate::report::files::paid_in_others;
use crate::syntax::ast::{BinaryOp, PayKind};
use crate::table::Cause;

/// The most held payouts and exceptions that are listed one by one.
const MOST_LISTED: usize = 20;

/// A plan's results as a table with totals.
pub fn of_plan(plan: &Plan, rows: &[PersonPeriod], beside: &[Beside]) -> String {
    let mut out = format!("{}   {}\n", plan.title, plan.currency);
    if rows.is_empty() {
        out.push_str("  nobody is on this plan in the periods asked for\n");
        return out;
    }
    let attainment = attainment_of(plan);
    let mut table = Table::new(heads(plan, attainment));
    let mut held: Vec<Held> = Vec::new();
    let paid = paid(plan);
    let mut totals = vec![Exact::ZERO; paid.len()];
    for (at, row) in rows.iter().enumerate() {
        let mut cells = vec![row.payee.clone(), plan.calendar.label(&row.period)];
        if let Some((measure, quota)) = attainment {
            cells.push(quota_cell(plan, row, quota));
            cells.push(attainment_cell(plan, row, measure, quota));
        }
        let mut sum = Exact::ZERO;
        let mut any_held = false;
        for (pay, total) in paid.iter().zip(&mut totals) {
            let found = row.pays.iter().find(|p| p.pay.0 == *pay);
            match found.map(|p| &p.payout) {
                Some(Settled::Value(amount)) => {
                    *total += amount.clone();
                    sum += amount.clone();
                    cells.push(money(amount, plan.currency));
                }
                Some(Settled::Held(causes)) => {
                    any_held = true;
                    let period = plan.calendar.label(&row.period);
                    is_held(&mut held, (at, &row.payee), period, causes);
                    cells.push("held".to_owned());
                }
                _ => cells.push(money(&Exact::ZERO, plan.currency)),
            }
            if plan.pays[*pay].paid_in.is_some() {
                let paid = found.and_then(|own| own.paid.as_ref());
                cells.push(paid.map_or("held".to_owned(), |own| {
                    Money::new(own.amount.clone(), own.currency).to_string()
                }));
            }
        }
        if paid.len() > 1 {
            cells.push(if any_held && sum.is_zero() {
                "held".to_owned()
            } else {
                money(&sum, plan.currency)
            });
        }
        table.rows.push(cells);
    }
    let mut cells = vec!["total".to_owned(), String::new()];
    if attainment.is_some() {
        cells.extend([String::new(), String::new()]);
    }
    for (pay, total) in paid.iter().zip(&totals) {
        cells.push(money(total, plan.currency));
        // What is paid in several currencies has no sum.
        let other = plan.pays[*pay].paid_in.as_ref();
        cells.extend(other.map(|_| String::new()));
    }
    if paid.len() > 1 {
        let all = totals
            .iter()
            .fold(Exact::ZERO, |sum, total| sum + total.clone());
        cells.push(money(&all, plan.currency));
    }
    table.total = Some(cells);
    out.push_str(&table.print());
    for (currency, total) in paid_in_others(rows) {
        let _ = writeln!(out, "  paid in {}", Money::new(total, currency));
    }
    out.push_str(&balances::of_plan(plan, rows));
    write_held(&mut out, &held);
    write_beside(&mut out, plan, beside);
    out
}

/// What nobody has of credits, and what stands on top of their records.
fn write_beside(out: &mut String, plan: &Plan, beside: &[Beside]) {
    if beside.is_empty() {
        return;
    }
    out.push_str("\n  beside the credits of people\n");
    for row in beside.iter().take(MOST_LISTED) {
        let company = (&row.company, "to the company");
        let on_top = (&row.on_top, "on top");
        let words: Vec<String> = [company, on_top]
            .into_iter()
            .filter(|(amount, _)| !amount.is_zero())
            .map(|(amount, what)| format!("{} {what}", money(amount, plan.currency)))
            .collect();
        let (credit, period) = (
            &plan.credit(row.credit).label,
            plan.calendar.label(&row.period),
        );
        let _ = writeln!(out, "    {credit} {period}   {}", words.join(", "));
    }
    if beside.len() > MOST_LISTED {
        let _ = writeln!(
            out,
            "    and {} more; `--out DIR` writes all of them",
            beside.len() - MOST_LISTED
        );
    }
}

/// Rows of one person that are held for the same causes, one after the other.
struct Held {
    payee: String,
    first: String,
    last: String,
    last_row: usize,
    causes: Vec<Cause>,
}

/// A row is held: what stands in the row before for the same causes goes on, other causes are listed by themselves.
fn is_held(held: &mut Vec<Held>, row: (usize, &str), period: String, causes: &[Cause]) {
    let (at, payee) = row;
    let goes_on =
        |own: &&mut Held| own.last_row + 1 >= at && own.payee == payee && own.causes == causes;
    if let Some(own) = held.iter_mut().rev().find(goes_on) {
        (own.last, own.last_row) = (period, at);
        return;
    }
    held.push(Held {
        payee: payee.to_owned(),
        first: period.clone(),
        last: period,
        last_row: at,
        causes: causes.to_vec(),
    });
}

fn write_held(out: &mut String, held: &[Held]) {
    if held.is_empty() {
        return;
    }
    out.push_str("\n  held\n");
    for own in held.iter().take(MOST_LISTED) {
        let periods = match own.first == own.last {
            true => own.first.clone(),
            false => format!("{} through {}", own.first, own.last),
        };
        for cause in &own.causes {
            let place = cause
                .cell
                .as_ref()
                .filter(|cell| cell.line > 0)
                .map_or_else(String::new, |cell| {
                    format!(" ({}:{})", cell.file, cell.line)
                });
            let _ = writeln!(
                out,
                "    {} {periods}   {}: {}{place}",
                own.payee, cause.code, cause.words
            );
        }
    }
    if held.len() > MOST_LISTED {
        let _ = writeln!(out, "    and {} more", held.len() - MOST_LISTED);
    }
}

/// Exceptions in the data, with what was expected; where that is the same for several, once below them.
pub fn exceptions(list: &[Diagnostic]) -> String {
    if list.is_empty() {
        return String::new();
    }
    let mut out = String::from("exceptions\n");
    let listed = list.get(..MOST_LISTED).unwrap_or(list);
    for (diagnostic, advice) in listed.iter().zip(advice(listed)) {
        let place = diagnostic.cell.as_ref().map_or_else(String::new, |cell| {
            let column = if cell.column.is_empty() {
                String::new()
            } else {
                format!(" `{}`", cell.column)
            };
            if cell.line == 0 {
                String::new()
            } else {
                format!("  {}:{}{column}", cell.file, cell.line)
            }
        });
        let _ = writeln!(out, "  {}  {}{place}", diagnostic.code, diagnostic.message);
        if !advice.is_empty() {
            let _ = writeln!(out, "        {advice}");
        }
    }
    if list.len() > MOST_LISTED {
        let _ = writeln!(
            out,
            "  and {} more; `--out DIR` writes all of them",
            list.len() - MOST_LISTED
        );
    }
    out
}

/// Positions of the pays that are paid.
pub(in crate::report) fn paid(plan: &Plan) -> Vec<usize> {
    (0..plan.pays.len())
        .filter(|at| plan.pays[*at].kind == PayKind::Pay)
        .collect()
}

/// The first measure that divides by a quota, with that quota.
fn attainment_of(plan: &Plan) -> Option<(MeasureId, QuotaId)> {
    // A quota that is read for longer than the period is shown where it is the same.
    let of_one_row = |quota, over| over == plan.cadence || over <= plan.quota(quota).cadence;
    plan.measures
        .iter()
        .enumerate()
        .filter(|(_, measure)| measure.text.is_none())
        .find_map(|(at, measure)| match &measure.value.kind {
            ExprKind::Binary(BinaryOp::Divide, _, divisor) => match divisor.kind {
                ExprKind::Quota(quota, over) if of_one_row(quota, over) => {
                    Some((MeasureId(at), quota))
                }
                _ => None,
            },
            _ => None,
        })
}

fn heads(plan: &Plan, attainment: Option<(MeasureId, QuotaId)>) -> Vec<String> {
    let mut heads = vec!["payee".to_owned(), "period".to_owned()];
    if let Some((measure, quota)) = attainment {
        heads.push(plan.quota(quota).label.clone());
        heads.push(plan.measure(measure).label.clone());
    }
    let paid = paid(plan);
    for at in &paid {
        let pay = &plan.pays[*at];
        heads.push(pay.label.clone());
        heads.extend(pay.paid_in.as_ref().map(|_| "paid".to_owned()));
    }
    if paid.len() > 1 {
        heads.push("payout".to_owned());
    }
    heads
}

pub(in crate::report) fn money(amount: &Exact, currency: Currency) -> String {
    amount.to_grouped(currency.minor_units())
}

fn quota_cell(plan: &Plan, row: &PersonPeriod, quota: QuotaId) -> String {
    let places = match plan.quota(quota).ty {
        Type::Money(currency) => currency.minor_units(),
        _ => 0,
    };
    match row
        .quotas
        .iter()
        .find(|(id, _)| *id == quota)
        .map(|(_, value)| value)
    {
        Some(Settled::Value(Some(value))) => value.to_grouped(places),
        Some(Settled::Value(None)) => "missing".to_owned(),
        _ => "held".to_owned(),
    }
}

/// How many characters the bar of an attainment has.
const BAR: i64 = 10;

/// Attainment to 0.01 % with a bar; full at 100 %.
fn attainment_cell(plan: &Plan, row: &PersonPeriod, measure: MeasureId, quota: QuotaId) -> String {
    // What starts fresh is another measure from there on.
    let last = row.period.end().min(plan.effective.1);
    let measure = plan.measure_on(measure, last);
    match row
        .measures
        .iter()
        .find(|(id, _)| *id == measure)
        .map(|(_, value)| value)
    {
        Some(Settled::Value(value)) => {
            let tenths = (value.clone() * Exact::int(BAR)).floor();
            let full = (0..=BAR)
                .rev()
                .find(|n| Exact::int(*n) <= tenths)
                .unwrap_or(0);
            let full = usize::try_from(full).unwrap_or(0);
            let rest = usize::try_from(BAR).unwrap_or(0) - full;
            format!(
                "{}{} {:>9}",
                "█".repeat(full),
                "░".repeat(rest),
                format!("{} %", (value.clone() * Exact::int(100)).to_grouped(2))
            )
        }
        // The measure's rule says that nothing is paid; the quota's own column says why.
        Some(Settled::Nothing) => {
            let zero = Settled::Value(Some(Exact::ZERO));
            let is_zero = row.quotas.iter().any(|own| *own == (quota, zero.clone()));
            if is_zero { "quota is 0" } else { "no quota" }.to_owned()
        }
        _ => "held".to_owned(),
    }
}

/// A text table: the first two columns to the left, the rest to the right.
pub(in crate::report) struct Table {
    heads: Vec<String>,
    pub(in crate::report) rows: Vec<Vec<String>>,
    total: Option<Vec<String>>,
}

impl Table {
    pub(in crate::report) fn new(heads: Vec<String>) -> Table {
        Table {
            heads,
            rows: Vec::new(),
            total: None,
        }
    }

    pub(in crate::report) fn print(&self) -> String {
        let all = || {
            std::iter::once(&self.heads)
                .chain(&self.rows)
                .chain(&self.total)
        };
        let width = |at: usize| {
            all()
                .filter_map(|row| row.get(at))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.heads.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(at, (cell, width))| {
                    let pad = " ".repeat(width - cell.chars().count());
                    if at < 2 {
                        format!("{cell}{pad}")
                    } else {
                        format!("{pad}{cell}")
                    }
                })
                .collect();
            format!("  {}\n", cells.join("   ").trim_end())
        };
        let rule = format!(
            "  {}\n",
            "─".repeat(widths.iter().sum::<usize>() + 3 * (widths.len() - 1))
        );
        let mut out = line(&self.heads);
        out.push_str(&rule);
        self.rows.iter().for_each(|row| out.push_str(&line(row)));
        if let Some(total) = &self.total {
            out.push_str(&rule);
            out.push_str(&line(total));
        }
        out
    }
}
