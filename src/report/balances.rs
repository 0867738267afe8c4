//! From earned to paid, as text and as a file: what moved, and the balances that stand between periods.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::{Currency, Exact};
use crate::eval::{PayRow, PersonPeriod, Settled};
use crate::meaning::Plan;
use crate::report::files::{PlanRows, amount, csv};
use crate::report::summary::{Table, money, paid};
use crate::table::{Balance, Movements};

/// One row for each plan, person, period, payout and balance that is not 0 throughout.
pub fn file(plans: &[PlanRows<'_>]) -> Vec<u8> {
    let header = [
        "plan",
        "payee",
        "period",
        "pay",
        "currency",
        "balance",
        "opening",
        "added",
        "reduced",
        "written_off",
        "closing",
    ];
    let rows = plans.iter().flat_map(|of| {
        let plan = of.plan;
        of.rows.iter().flat_map(move |row| {
            row.pays.iter().flat_map(move |pay| {
                known(pay).map(move |balance| {
                    let mut cells = vec![
                        plan.title.clone(),
                        row.payee.clone(),
                        plan.calendar.label(&row.period),
                        plan.pay(pay.pay).name.clone(),
                        plan.currency.code().to_owned(),
                        balance.name.to_owned(),
                    ];
                    let amounts = balance.amounts();
                    cells.extend(amounts.map(|(_, value)| amount(value, plan.currency)));
                    cells
                })
            })
        })
    });
    csv(&header, rows)
}

/// The balances of a payout that stand, before a period or after it. Of one that is held nothing is known.
fn known(pay: &PayRow) -> impl Iterator<Item = Balance> {
    let is_known = !matches!(pay.payout, Settled::Held(_));
    let balances = pay.moves.balances().into_iter();
    balances.filter(move |own| is_known && own.stands())
}

/// What moves, as JSON: by name, without what is 0.
pub fn moves(moves: &Movements, text: &dyn Fn(&Exact) -> String) -> Value {
    let lines = moves.lines().into_iter();
    let lines = lines.filter(|(_, own)| !own.is_zero());
    lines
        .map(|(name, own)| (name.replace(' ', "_"), Value::String(text(&own))))
        .collect()
}

/// Balances that stand, as JSON: by name.
pub fn standing(moves: &Movements, text: &dyn Fn(&Exact) -> String) -> Value {
    let of = |own: Balance| {
        let amounts = own.amounts();
        let amounts = amounts.map(|(name, value)| (name.to_owned(), json!(text(value))));
        (own.name.to_owned(), Value::from_iter(amounts))
    };
    let standing = moves.balances().into_iter().filter(Balance::stands);
    standing.map(of).collect()
}

/// What lies between earned and paid, where anything does: a table of the lines that are not 0 everywhere, and the
/// balances that stand after each person's last period.
pub fn of_plan(plan: &Plan, rows: &[PersonPeriod]) -> String {
    let moved = moved(rows);
    if moved.is_empty() {
        return String::new();
    }
    let names = named(&moved);
    let mut heads = vec!["payee".to_owned(), "period".to_owned()];
    let has_several = paid(plan).len() > 1;
    heads.extend(has_several.then(|| "payout".to_owned()));
    heads.push("earned".to_owned());
    heads.extend(names.iter().map(|name| (*name).to_owned()));
    heads.push("paid".to_owned());
    let mut table = Table::new(heads);
    for (row, pay, paid) in &moved {
        let earned = match &pay.earned {
            Settled::Value(earned) => earned.clone(),
            _ => Exact::ZERO,
        };
        let mut cells = vec![row.payee.clone(), plan.calendar.label(&row.period)];
        cells.extend(has_several.then(|| plan.pay(pay.pay).label.clone()));
        cells.push(money(&earned, plan.currency));
        let mut sum = earned;
        for (name, own) in pay.moves.lines() {
            if names.contains(&name) {
                cells.push(signed(&own, plan.currency));
                sum += own;
            }
        }
        assert_eq!(sum, *paid, "earned and what moved is what is paid");
        cells.push(money(paid, plan.currency));
        table.rows.push(cells);
    }
    let mut out = format!("\n  from earned to paid\n{}", table.print());
    out.push_str(&closing(plan, rows));
    out
}

/// A payout of which something moved, and what was paid of it before a total cut it.
type Moved<'r> = (&'r PersonPeriod, &'r PayRow, Exact);

fn moved(rows: &[PersonPeriod]) -> Vec<Moved<'_>> {
    let pays = rows
        .iter()
        .flat_map(|row| row.pays.iter().map(move |pay| (row, pay)));
    let moved = pays.filter_map(|(row, pay)| {
        let Settled::Value(paid) = pay.before_cut() else {
            return None;
        };
        let moves = pay.moves.lines().into_iter().any(|(_, own)| !own.is_zero());
        moves.then_some((row, pay, paid))
    });
    moved.collect()
}

/// The lines that are not 0 everywhere.
fn named(moved: &[Moved<'_>]) -> Vec<&'static str> {
    let moves = |name: &str| {
        let mut of_pays = moved.iter().flat_map(|(_, pay, _)| pay.moves.lines());
        of_pays.any(|(own, amount)| own == name && !amount.is_zero())
    };
    let all = Movements::default().lines().into_iter();
    all.map(|(name, _)| name)
        .filter(|name| moves(name))
        .collect()
}

fn signed(amount: &Exact, currency: Currency) -> String {
    match amount.is_zero() {
        true => String::new(),
        false if amount.is_negative() => money(amount, currency),
        false => format!("+{}", money(amount, currency)),
    }
}

/// What stands after the last period of each person, by payout and balance.
fn closing(plan: &Plan, rows: &[PersonPeriod]) -> String {
    let mut found: Vec<(&str, String, &str, Balance)> = Vec::new();
    for row in rows {
        for pay in &row.pays {
            let name = plan.pay(pay.pay).label.as_str();
            found.retain(|(payee, _, own, _)| !(*payee == row.payee && *own == name));
            let period = plan.calendar.label(&row.period);
            let balances = known(pay).filter(|own| !own.closing.is_zero());
            found.extend(balances.map(|own| (row.payee.as_str(), period.clone(), name, own)));
        }
    }
    if found.is_empty() {
        return String::new();
    }
    let mut out = "\n  balances that stand\n".to_owned();
    for (payee, period, pay, own) in found {
        let amount = money(&own.closing.abs(), plan.currency);
        let words = match own.name {
            "withheld" => "earned, and payable later",
            "drawn" => "drawn, and not paid back",
            _ => "below 0, and carried on",
        };
        let _ = writeln!(out, "    {payee} after {period}   {pay}: {amount} {words}");
    }
    out
}
