//! The files of a run: `payouts.csv`, `credits.csv`, `beside.csv`, `measures.csv`, `exceptions.csv` and
//! `run.json`.
//! `docs/spec/outputs.md` describes every column.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::base::{Currency, Exact};
use crate::diag::{Diagnostic, SourceMap};
use crate::eval::{Beside, CreditRow, PayRow, PersonPeriod, Settled};
use crate::meaning::Plan;
use crate::report::balances;
use crate::syntax::ast::PayKind;
use crate::table::Cause;

/// What one plan paid.
pub struct PlanRows<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Persons and periods, in order.
    pub rows: &'a [PersonPeriod],
    /// Credits, in order.
    pub credits: &'a [CreditRow],
    /// What nobody has of them, and what stands on top of records.
    pub beside: &'a [Beside],
}

pub(in crate::report) fn csv(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    // Writing to memory does not fail; a row of another width would, and every row here has the header's.
    let mut write = |row: Vec<String>| {
        assert!(
            writer.write_record(&row).is_ok(),
            "a row as wide as its header"
        )
    };
    write(header.iter().map(|head| (*head).to_owned()).collect());
    rows.for_each(write);
    writer.into_inner().unwrap_or_default()
}

/// An amount as a file carries it: the currency's decimals, or all it needs.
pub fn amount(value: &Exact, currency: Currency) -> String {
    let places = currency.minor_units();
    match value.to_units(10_i128.pow(places)) {
        Some(_) => value.to_text(places),
        None => value.to_plain(),
    }
}

fn causes(list: &[Cause]) -> String {
    list.iter()
        .map(|cause| format!("{}: {}", cause.code, cause.words))
        .collect::<Vec<_>>()
        .join("; ")
}

/// One row for each plan, person, period and payout.
pub fn payouts(plans: &[PlanRows<'_>]) -> Vec<u8> {
    let header = [
        "plan",
        "payee",
        "period",
        "pay",
        "currency",
        "status",
        "earned",
        "corrected",
        "withheld",
        "released",
        "taken_back",
        "carried_in",
        "guaranteed",
        "drawn",
        "recovered",
        "lost",
        "carried_out",
        "before_cut",
        "cut",
        "payout",
        "reason",
        "paid_currency",
        "paid",
        "rate",
        "rate_since",
        "rate_place",
    ];
    let rows = plans.iter().flat_map(|of| {
        let plan = of.plan;
        of.rows.iter().flat_map(move |row| {
            row.pays
                .iter()
                .filter(|pay| plan.pay(pay.pay).kind == PayKind::Pay)
                .map(move |pay| {
                    let known = |value: &Settled<Exact>| match value {
                        Settled::Value(value) => amount(value, plan.currency),
                        Settled::Nothing => amount(&Exact::ZERO, plan.currency),
                        Settled::Held(_) => String::new(),
                    };
                    let (status, reason) = match &pay.payout {
                        Settled::Held(list) => ("held", causes(list)),
                        _ => ("paid", String::new()),
                    };
                    let moved = |value: &Exact| {
                        if status == "held" {
                            String::new()
                        } else {
                            amount(value, plan.currency)
                        }
                    };
                    let before = pay.before_cut();
                    let mut cells = vec![
                        plan.title.clone(),
                        row.payee.clone(),
                        plan.calendar.label(&row.period),
                        plan.pay(pay.pay).name.clone(),
                        plan.currency.code().to_owned(),
                        status.to_owned(),
                        known(&pay.earned),
                    ];
                    cells.extend(pay.moves.lines().iter().map(|(_, own)| moved(own)));
                    cells.extend([known(&before), moved(&pay.cut), known(&pay.payout), reason]);
                    cells.extend(paid_cells(plan, pay));
                    cells
                })
        })
    });
    csv(&header, rows)
}

/// What is paid, in which currency and at which rate; a pay without `paid in` pays its payout.
fn paid_cells(plan: &Plan, pay: &PayRow) -> [String; 5] {
    let own = plan.currency;
    match (&pay.paid, &pay.payout) {
        (Some(paid), _) => [
            paid.currency.code().to_owned(),
            amount(&paid.amount, paid.currency),
            paid.rate.to_plain(),
            paid.since.map_or(String::new(), |day| day.to_string()),
            paid.place.clone().unwrap_or_default(),
        ],
        (None, Settled::Held(_)) => Default::default(),
        (None, Settled::Value(value)) => plain_cells(own, value),
        (None, Settled::Nothing) => plain_cells(own, &Exact::ZERO),
    }
}

fn plain_cells(currency: Currency, value: &Exact) -> [String; 5] {
    let (code, paid) = (currency.code().to_owned(), amount(value, currency));
    [code, paid, String::new(), String::new(), String::new()]
}

/// What is paid in other currencies than a plan's, by currency. Never added across currencies.
pub fn paid_in_others(rows: &[PersonPeriod]) -> BTreeMap<Currency, Exact> {
    let mut totals: BTreeMap<Currency, Exact> = BTreeMap::new();
    for paid in rows
        .iter()
        .flat_map(|row| &row.pays)
        .filter_map(|pay| pay.paid.as_ref())
    {
        *totals.entry(paid.currency).or_default() += paid.amount.clone();
    }
    totals
}

/// One row for each credit.
pub fn credits(plans: &[PlanRows<'_>]) -> Vec<u8> {
    let header = [
        "plan", "credit", "payee", "date", "record", "amount", "currency",
    ];
    let rows = plans.iter().flat_map(|of| {
        let plan = of.plan;
        of.credits.iter().map(move |row| {
            let own = plan.credit(row.credit).amount.ty.currency();
            vec![
                plan.title.clone(),
                plan.credit(row.credit).name.clone(),
                row.payee.clone(),
                row.date.to_string(),
                row.record.clone(),
                amount(&row.amount, own.unwrap_or(plan.currency)),
                own.map_or(String::new(), |own| own.code().to_owned()),
            ]
        })
    });
    csv(&header, rows)
}

/// One row for each credit and period of which something is nobody's, or stands on top.
pub fn beside(plans: &[PlanRows<'_>]) -> Vec<u8> {
    let header = ["plan", "credit", "period", "company", "on_top"];
    let rows = plans.iter().flat_map(|of| {
        let plan = of.plan;
        of.beside.iter().map(move |row| {
            vec![
                plan.title.clone(),
                plan.credit(row.credit).name.clone(),
                plan.calendar.label(&row.period),
                amount(&row.company, plan.currency),
                amount(&row.on_top, plan.currency),
            ]
        })
    });
    csv(&header, rows)
}

/// One row for each plan, person, period and measure or quota.
pub fn measures(plans: &[PlanRows<'_>]) -> Vec<u8> {
    let header = [
        "plan",
        "payee",
        "period",
        "name",
        "kind",
        "status",
        "value",
        "numerator",
        "denominator",
        "reason",
    ];
    let mut rows = Vec::new();
    for of in plans {
        let plan = of.plan;
        for row in of.rows {
            let mut push = |name: &str, kind: &str, value: Settled<Exact>| {
                let (status, shown, parts, reason) = match &value {
                    Settled::Value(value) => {
                        let (numerator, denominator) = value.parts();
                        (
                            "known",
                            value.to_text(6),
                            (numerator, denominator),
                            String::new(),
                        )
                    }
                    Settled::Nothing => (
                        "nothing",
                        String::new(),
                        (String::new(), String::new()),
                        String::new(),
                    ),
                    Settled::Held(list) => (
                        "held",
                        String::new(),
                        (String::new(), String::new()),
                        causes(list),
                    ),
                };
                let (numerator, denominator) = parts;
                rows.push(vec![
                    plan.title.clone(),
                    row.payee.clone(),
                    plan.calendar.label(&row.period),
                    name.to_owned(),
                    kind.to_owned(),
                    status.to_owned(),
                    shown,
                    numerator,
                    denominator,
                    reason,
                ]);
            };
            for (id, value) in &row.quotas {
                let value = match value {
                    Settled::Value(Some(value)) => Settled::Value(value.clone()),
                    Settled::Held(list) => Settled::Held(list.clone()),
                    _ => Settled::Nothing,
                };
                push(&plan.quota(*id).name, "quota", value);
            }
            for (id, value) in &row.totals {
                push(&plan.credit(*id).name, "total", value.clone());
            }
            for (id, value) in &row.measures {
                push(&plan.name_of(*id), "measure", value.clone());
            }
            for own in &row.carries {
                let name = &plan.carry(own.carry).name;
                push(name, "carried_in", own.carried_in.clone());
                push(name, "carried_out", own.carried_out.clone());
            }
        }
    }
    csv(&header, rows.into_iter())
}

/// One row for each fault in the data.
pub fn exceptions(list: &[Diagnostic]) -> Vec<u8> {
    let header = [
        "code", "file", "line", "column", "found", "message", "expected",
    ];
    let rows = list.iter().map(|diagnostic| {
        let cell = diagnostic.cell.clone();
        let of =
            |read: fn(&crate::diag::Cell) -> String| cell.as_ref().map_or_else(String::new, read);
        vec![
            diagnostic.code.name().to_owned(),
            of(|cell| cell.file.clone()),
            of(|cell| {
                if cell.line == 0 {
                    String::new()
                } else {
                    cell.line.to_string()
                }
            }),
            of(|cell| cell.column.clone()),
            of(|cell| cell.found.clone()),
            diagnostic.message.clone(),
            diagnostic.advice(),
        ]
    });
    csv(&header, rows)
}

/// Totals by plan; asserted to be the sum of the payouts that are not held.
pub fn totals(plans: &[PlanRows<'_>]) -> Value {
    Value::Array(
        plans
            .iter()
            .map(|of| {
                let payouts = || {
                    of.rows
                        .iter()
                        .flat_map(|row| &row.pays)
                        .filter(|pay| of.plan.pay(pay.pay).kind == PayKind::Pay)
                };
                let total = payouts().fold(Exact::ZERO, |sum, pay| match &pay.payout {
                    Settled::Value(value) => sum + value.clone(),
                    _ => sum,
                });
                let held = payouts()
                    .filter(|pay| matches!(pay.payout, Settled::Held(_)))
                    .count();
                let mut totals = json!({
                    "plan": of.plan.title,
                    "currency": of.plan.currency.code(),
                    "rows": payouts().count(),
                    "held": held,
                    "total": amount(&total, of.plan.currency),
                });
                let paid = paid_in_others(of.rows);
                if !paid.is_empty() {
                    let one = |(own, total): (&Currency, &Exact)| {
                        (own.code().to_owned(), json!(amount(total, *own)))
                    };
                    totals["paid"] = Value::Object(paid.iter().map(one).collect());
                }
                totals
            })
            .collect(),
    )
}

/// What a run left for somebody to look at.
pub struct Open<'a> {
    /// How many exceptions there are.
    pub exceptions: usize,
    /// Warnings that no plan accepts.
    pub warnings: &'a [Diagnostic],
    /// The texts they are about.
    pub sources: &'a SourceMap,
}

/// A warning by its code and place.
fn warning(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    let span = diagnostic.labels.first().map(|label| label.span);
    json!({
        "code": diagnostic.code.name(),
        "file": span.map(|span| sources.source(span.file).name.clone()),
        "line": span.map(|span| sources.place(span).line),
    })
}

/// What a run used and made, format `run/1`. No clock: the same inputs give the same bytes.
pub fn run_json(
    project: &str,
    asked: Value,
    texts: &[(String, String)],
    data: &[(String, String)],
    results: &[(String, Vec<u8>)],
    plans: &[PlanRows<'_>],
    open: &Open<'_>,
) -> Vec<u8> {
    let hashes = |list: &[(String, String)]| {
        Value::Object(
            list.iter()
                .map(|(name, hash)| (name.clone(), json!(hash)))
                .collect::<Map<_, _>>(),
        )
    };
    let results: Vec<(String, String)> = results
        .iter()
        .map(|(name, bytes)| (name.clone(), blake3::hash(bytes).to_hex().to_string()))
        .collect();
    let value = json!({
        "format": "run/1",
        "engine": concat!("paycurve ", env!("CARGO_PKG_VERSION")),
        "project": project,
        "asked": asked,
        "hash": "BLAKE3",
        "texts": hashes(texts),
        "data": hashes(data),
        "results": hashes(&results),
        "totals": totals(plans),
        "exceptions": open.exceptions,
        "warnings": open.warnings.iter().map(|d| warning(d, open.sources)).collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Results for programs, format `results/1`.
pub fn results_json(plans: &[PlanRows<'_>], list: &[Diagnostic]) -> Value {
    let of_plan = |of: &PlanRows<'_>| {
        let plan = of.plan;
        let settled = |value: &Settled<Exact>| match value {
            Settled::Value(value) => json!(amount(value, plan.currency)),
            Settled::Nothing => json!(amount(&Exact::ZERO, plan.currency)),
            Settled::Held(_) => Value::Null,
        };
        let rows: Vec<Value> = of
            .rows
            .iter()
            .map(|row| {
                let pays: Vec<Value> = row
                    .pays
                    .iter()
                    .map(|pay| {
                        let held = match &pay.payout {
                            Settled::Held(list) => list.iter().map(|c| json!({"code": c.code.name(), "words": c.words})).collect(),
                            _ => Vec::new(),
                        };
                        let own = |value: &Exact| amount(value, plan.currency);
                        let mut value = json!({
                            "pay": plan.pay(pay.pay).full_name(),
                            "component": plan.pay(pay.pay).kind == PayKind::Component,
                            "earned": settled(&pay.earned),
                            "before_cut": settled(&pay.before_cut()),
                            "cut": amount(&pay.cut, plan.currency),
                            "payout": settled(&pay.payout),
                            "moves": balances::moves(&pay.moves, &own),
                            "balances": balances::standing(&pay.moves, &own),
                            "held": held,
                        });
                        if let Some(paid) = &pay.paid {
                            value["paid"] = json!({
                                "currency": paid.currency.code(),
                                "amount": amount(&paid.amount, paid.currency),
                                "rate": paid.rate.to_plain(),
                                "since": paid.since.map(|day| day.to_string()),
                                "place": paid.place,
                            });
                        }
                        value
                    })
                    .collect();
                json!({ "payee": row.payee, "period": plan.calendar.label(&row.period), "pays": pays })
            })
            .collect();
        let beside = of.beside.iter().map(|row| {
            json!({
                "credit": plan.credit(row.credit).name,
                "period": plan.calendar.label(&row.period),
                "company": amount(&row.company, plan.currency),
                "on_top": amount(&row.on_top, plan.currency),
            })
        });
        let beside: Vec<Value> = beside.collect();
        json!({ "plan": plan.title, "currency": plan.currency.code(), "rows": rows, "beside": beside })
    };
    json!({
        "format": "results/1",
        "plans": plans.iter().map(of_plan).collect::<Vec<_>>(),
        "totals": totals(plans),
        "exceptions": list.iter().map(|d| json!({
            "code": d.code.name(),
            "message": d.message,
            "file": d.cell.as_ref().map(|c| c.file.clone()),
            "line": d.cell.as_ref().map(|c| c.line),
            "column": d.cell.as_ref().map(|c| c.column.clone()),
            "found": d.cell.as_ref().map(|c| c.found.clone()),
            "expected": d.advice(),
        })).collect::<Vec<_>>(),
    })
}
