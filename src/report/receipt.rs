//! Receipts as JSON, format `explain/1`: nested steps with the plan's line, exact values as text.

use serde_json::{Value, json};

use crate::base::Exact;
use crate::diag::{SourceMap, Span};
use crate::explain::receipt::{
    Becomes, CarryLine, CorrectionLine, Decided, DrawLine, FORMAT, Factor, Known, Node, NotRanked,
    PartLine, PartOf, Quoted, Receipt, Replaced, Rule, Taken, Why,
};
use crate::meaning::plan::CapSpan;
use crate::report::balances;
use crate::syntax::ast::ProrationUnit;
use crate::table::Cause;

/// Receipts with the labels of their periods.
pub fn to_json(receipts: &[(String, Receipt)], sources: &SourceMap) -> Value {
    json!({
        "format": FORMAT,
        "receipts": receipts.iter().map(|(period, receipt)| one(period, receipt, sources)).collect::<Vec<_>>(),
    })
}

/// One receipt; `period` is its period's label.
pub fn one(period: &str, receipt: &Receipt, sources: &SourceMap) -> Value {
    let mut value = json!({
        "plan": receipt.plan,
        "payee": receipt.payee,
        "period": period,
        "pay": receipt.pay,
        "label": receipt.label,
        "currency": receipt.currency.code(),
        "earned": known(&receipt.earned),
        "moves": balances::moves(&receipt.moves, &Exact::to_plain),
        "balances": balances::standing(&receipt.moves, &Exact::to_plain),
        "payout": known(&receipt.payout),
        "root": node(&receipt.root, sources),
    });
    if !receipt.parts.is_empty() {
        value["parts"] = receipt.parts.iter().map(portion).collect();
    }
    if let Some(paid) = &receipt.paid {
        value["paid"] = json!({
            "currency": paid.currency.code(),
            "amount": paid.amount.to_plain(),
            "exact": paid.exact.to_plain(),
            "rate": paid.quoted.as_ref().map(|quoted| rate(quoted, sources)),
            "place": place(paid.span, sources),
        });
    }
    if let Some(line) = &receipt.cut {
        value["total"] = json!({
            "label": line.label,
            "most": line.most.to_plain(),
            "each": line.each.words(),
            "used": line.used.to_plain(),
            "together": line.together.to_plain(),
            "before": line.before.to_plain(),
            "cut": line.cut.to_plain(),
            "place": place(line.span, sources),
        });
    }
    if !receipt.draws.is_empty() {
        let draws = receipt.draws.iter().map(|line| draw(line, sources));
        value["draws"] = draws.collect();
    }
    if !receipt.taken.is_empty() {
        let taken = receipt.taken.iter();
        value["taken_back"] = taken.map(|own| taken_back(own, sources)).collect();
    }
    if !receipt.corrections.is_empty() {
        let lines = receipt.corrections.iter();
        let line = |own: &CorrectionLine| json!({ "period": own.period, "was": known(&own.was), "now": known(&own.now) });
        value["corrections"] = lines.map(line).collect();
        value["late"] = receipt.late.iter().map(|own| node(own, sources)).collect();
    }
    if !receipt.carries.is_empty() {
        value["carries"] = receipt.carries.iter().map(carry).collect();
    }
    value
}

/// One draw on the payout, with its lines of the plan.
fn draw(line: &DrawLine, sources: &SourceMap) -> Value {
    let moves = &line.moves;
    json!({
        "label": line.label,
        "to": moves.to.as_ref().map(Exact::to_plain),
        "owed_before": moves.before.to_plain(),
        "drawn": moves.drawn.to_plain(),
        "guaranteed": moves.guaranteed.to_plain(),
        "refused": moves.refused.to_plain(),
        "recovered": moves.recovered.to_plain(),
        "forgiven": moves.forgiven.to_plain(),
        "owed": moves.after.to_plain(),
        "pays": place(line.pays, sources),
        "recover": line.recover.map(|span| place(span, sources)),
        "balance": line.balance.map(|span| place(span, sources)),
        "on_leaving": line.leaving.map(|span| place(span, sources)),
    })
}

/// A rate of exchange, with the row that says it: of a file, or of the plan.
fn rate(quoted: &Quoted, sources: &SourceMap) -> Value {
    let row = quoted.span.map(|span| place(span, sources));
    json!({
        "label": quoted.label,
        "rate": quoted.rate.to_plain(),
        "on": quoted.on.to_string(),
        "since": quoted.since.to_string(),
        "row": row.unwrap_or_else(|| json!(quoted.place)),
    })
}

/// A part of what a record earned.
fn portion(part: &PartLine) -> Value {
    let (becomes, period) = match &part.becomes {
        Becomes::Payable(period) => ("payable", Some(period)),
        Becomes::Forfeited(period) => ("forfeited", Some(period)),
        Becomes::Withheld => ("withheld", None),
    };
    json!({
        "record": part.record,
        "date": part.date.to_string(),
        "earned_in": part.earned_in,
        "of": part.of.to_plain(),
        "amount": part.amount.to_plain(),
        "due": part.due.map(|day| day.to_string()),
        "becomes": becomes,
        "in": period,
    })
}

/// What is taken back on one record.
fn taken_back(own: &Taken, sources: &SourceMap) -> Value {
    let (part, parts) = own.part;
    json!({
        "clawback": own.clawback,
        "label": own.label,
        "record": own.record,
        "date": own.date.to_string(),
        "earned_in": own.earned_in,
        "paid": own.paid.to_plain(),
        "fell": own.fell.to_string(),
        "share": own.share.to_plain(),
        "exact": own.exact.to_plain(),
        "whole": own.whole.to_plain(),
        "part": part,
        "parts": parts,
        "amount": own.amount.to_plain(),
        "place": place(own.span, sources),
    })
}

/// What carries over.
fn carry(carry: &CarryLine) -> Value {
    json!({
        "label": carry.label,
        "carried_in": known(&carry.carried_in),
        "carried_out": known(&carry.carried_out),
        "to": carry.next.as_ref().map(|(period, _)| period),
        "carried_on": carry.next.as_ref().map(|(_, value)| known(value)),
    })
}

/// A value as text: a decimal where it is one, else a fraction `n/d`.
fn known(value: &Known) -> Value {
    match value {
        Known::Value(value) => json!(value.to_plain()),
        Known::Nothing => json!("nothing"),
        Known::Held(causes) => json!({ "held": causes.iter().map(cause).collect::<Vec<_>>() }),
    }
}

fn cause(cause: &Cause) -> Value {
    json!({
        "code": cause.code.name(),
        "words": cause.words,
        "file": cause.cell.as_ref().map(|cell| cell.file.clone()),
        "line": cause.cell.as_ref().map(|cell| cell.line),
        "column": cause.cell.as_ref().map(|cell| cell.column.clone()),
    })
}

/// One step with what it read. `decided`, where there is some, are clauses without a step of their own.
pub fn node(step: &Node, sources: &SourceMap) -> Value {
    let mut value = json!({
        "rule": rule(&step.rule, sources),
        "label": step.label,
        "value": known(&step.value),
        "place": step.span.map(|span| place(span, sources)),
        "reads": step.reads.iter().map(|read| node(read, sources)).collect::<Vec<_>>(),
    });
    if !step.decided.is_empty() {
        let of = |decided: &Decided| json!({ "place": place(decided.clause, sources), "holds": decided.holds });
        value["decided"] = step.decided.iter().map(of).collect();
    }
    value
}

/// File and line of a clause.
pub fn place(span: Span, sources: &SourceMap) -> Value {
    json!({ "file": sources.source(span.file).name, "line": sources.place(span).line })
}

/// What a line of a quota leaves of a value, and what it looked at.
fn factor(factor: &Factor) -> Value {
    let share = factor.share.to_plain();
    match &factor.why {
        Why::Spread { part } => json!({ "kind": "spread", "share": share, "part": part }),
        Why::Ramp { months } => {
            let month = |(month, share): &(String, Exact)| json!({ "month": month, "share": share.to_plain() });
            let months: Vec<Value> = months.iter().map(month).collect();
            json!({ "kind": "ramp", "share": share, "months": months })
        }
        Why::Relief { relieved, days } => {
            json!({ "kind": "relief", "share": share, "relieved": relieved.to_plain(), "days": days })
        }
        Why::Role { there, all, unit } => {
            let unit = match unit {
                ProrationUnit::CalendarDays => "calendar_days",
                ProrationUnit::WorkingDays => "working_days",
                ProrationUnit::WholeMonths => "whole_months",
            };
            json!({ "kind": "role", "share": share, "there": there, "all": all, "unit": unit })
        }
    }
}

/// Somebody's part of a record.
fn part(part: &PartOf) -> Value {
    json!({
        "person": part.person,
        "share": part.share.to_plain(),
        "amount": part.amount.to_plain(),
        "cap_takes": part.taken.to_plain(),
        "places": part.places,
    })
}

/// What an exception replaced, and by whose word.
fn replaced(own: &Replaced) -> Value {
    json!({
        "kind": "exception",
        "exception": own.title,
        "instead_of": own.of,
        "was": known(&own.was),
        "is": own.value.to_plain(),
        "approved_by": own.approved_by,
        "approved_on": own.approved_on.to_string(),
        "because": own.because,
    })
}

fn rule(rule: &Rule, sources: &SourceMap) -> Value {
    match rule {
        Rule::Converted {
            amount,
            from,
            quoted,
        } => {
            json!({ "kind": "converted", "amount": amount.to_plain(), "from": from.code(), "rate": rate(quoted, sources) })
        }
        Rule::Pay => json!({ "kind": "pay" }),
        Rule::Sum => json!({ "kind": "sum" }),
        Rule::Slices => json!({ "kind": "slices" }),
        Rule::Placed { before, after } => {
            json!({ "kind": "placed", "before": before.to_plain(), "after": after.to_plain() })
        }
        Rule::Slice {
            row, size, rate, ..
        } => {
            json!({ "kind": "slice", "row": row, "size": size.to_plain(), "rate": rate.to_plain() })
        }
        Rule::Wholes { step, above, .. } => {
            let above = above.as_ref().map(Exact::to_plain);
            json!({ "kind": "wholes", "step": step.to_plain(), "above": above })
        }
        Rule::Objective {
            score,
            counted,
            weight,
            owner,
        } => {
            json!({ "kind": "objective", "score": score.to_plain(), "counted": counted.to_plain(), "weight": weight.to_plain(), "owner": owner })
        }
        Rule::Curve {
            at, before, after, ..
        } => {
            let point = |point: &Option<(Exact, Exact)>| {
                point
                    .as_ref()
                    .map(|(at, value)| json!({ "at": at.to_plain(), "value": value.to_plain() }))
            };
            json!({ "kind": "curve", "at": at.to_plain(), "before": point(before), "after": point(after) })
        }
        Rule::RowReached {
            row,
            neighbours,
            rate,
            of,
        } => {
            let of = of.as_ref().map(Exact::to_plain);
            json!({ "kind": "row_reached", "row": row, "not": neighbours, "rate": rate.to_plain(), "of": of })
        }
        Rule::Expression => json!({ "kind": "expression" }),
        Rule::Credit {
            record,
            date,
            late,
            whole,
            place,
            parts,
            exceptions,
            reason,
        } => {
            let mut value = json!({ "kind": "credit", "record": record, "date": date.to_string(), "whole": whole.to_plain(), "place": place });
            if let Some(known) = late {
                value["came_in"] = known.to_string().into();
            }
            if !parts.is_empty() {
                value["parts"] = parts.iter().map(part).collect();
            }
            if !exceptions.is_empty() {
                value["exceptions"] = exceptions.iter().map(replaced).collect();
            }
            if let Some(own) = reason {
                value["reason"] = json!({
                    "because": own.because,
                    "approved_by": own.approved_by,
                    "approved_on": own.approved_on.to_string(),
                });
            }
            value
        }
        Rule::Exception(own) => replaced(own),
        Rule::Record { record, date } => {
            json!({ "kind": "record", "record": record, "date": date.to_string() })
        }
        Rule::Fact { place } => json!({ "kind": "fact", "place": place }),
        Rule::Quota { exact } => json!({ "kind": "quota", "exact": exact.to_plain() }),
        Rule::QuotaPart {
            place,
            of,
            value,
            factors,
        } => {
            let factors: Vec<Value> = factors.iter().map(factor).collect();
            json!({ "kind": "quota_part", "place": place, "of": of, "value": value.to_plain(), "factors": factors })
        }
        Rule::Group { of, people } => json!({ "kind": "group", "of": of, "people": people }),
        Rule::Of { pay } => json!({ "kind": "of", "pay": pay }),
        Rule::Pool { of, members, left } => {
            json!({ "kind": "pool", "of": of, "members": members, "left": left.to_plain() })
        }
        Rule::Share {
            weight,
            weights,
            equally,
            ..
        } => {
            json!({ "kind": "share", "weight": weight.to_plain(), "weights": weights.to_plain(), "equally": equally })
        }
        Rule::Cut { exact, spare } => {
            json!({ "kind": "cut", "exact": exact.to_plain(), "spare": spare.to_plain() })
        }
        Rule::NotMember => json!({ "kind": "not_member" }),
        Rule::Ranked {
            of,
            place,
            ranked,
            tied,
            shared,
        } => {
            let shared = shared.as_ref().map(|own| {
                json!({ "pot": own.pot.to_plain(), "each": own.each.to_plain(), "spare": own.spare.to_plain(), "is_own": own.is_own })
            });
            json!({ "kind": "ranked", "of": of, "place": place, "ranked": ranked, "tied": tied, "shared": shared })
        }
        Rule::Unranked { why } => {
            let why = match why {
                NotRanked::Elsewhen { .. } => "elsewhen",
                NotRanked::Absent => "absent",
                NotRanked::Condition => "condition",
                NotRanked::Nothing => "nothing",
            };
            json!({ "kind": "unranked", "why": why })
        }
        Rule::Measure => json!({ "kind": "measure" }),
        Rule::MeasureRule => json!({ "kind": "measure_rule" }),
        Rule::WhenFailed => json!({ "kind": "when_failed" }),
        Rule::Gate { holds } => json!({ "kind": "gate", "holds": holds }),
        Rule::Texts => json!({ "kind": "texts" }),
        Rule::InForce {
            amendments,
            first,
            last,
        } => {
            let titles: Vec<&str> = amendments.iter().map(|(title, _)| title.as_str()).collect();
            json!({ "kind": "in_force", "amendments": titles, "first": first.to_string(), "last": last.to_string() })
        }
        Rule::NotMet => json!({ "kind": "not_met" }),
        Rule::HasLeft => json!({ "kind": "has_left" }),
        Rule::Times { factor } => json!({ "kind": "times", "factor": factor.to_plain() }),
        Rule::Limit {
            limit,
            used,
            kept,
            change,
        } => {
            let mut value =
                json!({ "kind": "limit", "limit": limit.to_plain(), "change": change.to_plain() });
            if let Some(used) = used {
                if let Some(of) = &used.of {
                    value["of"] = json!(of);
                }
                value["each"] = json!(match used.each {
                    CapSpan::Each(length) => length.words(),
                    CapSpan::Life => "life",
                });
                value["used"] = json!(used.amount.to_plain());
            }
            if let Some(kept) = kept {
                value["kept_before"] = json!(kept.before.to_plain());
                value["kept_after"] = json!(kept.after.to_plain());
            }
            value
        }
        Rule::Budget {
            limit,
            each,
            before,
            first,
            claimed,
            claims,
        } => json!({
            "kind": "budget",
            "limit": limit.to_plain(),
            "each": each.words(),
            "before": before.to_plain(),
            "first": first.to_plain(),
            "claimed": claimed.to_plain(),
            "claims": claims,
        }),
        Rule::CarriedIn { from } => json!({ "kind": "carried_in", "from": from }),
        Rule::Increase { to_date, before } => {
            json!({ "kind": "increase", "to_date": to_date.to_plain(), "before": before.to_plain() })
        }
        Rule::WhenItEnds {
            over,
            ends,
            to_date,
        } => json!({
            "kind": "when it ends",
            "each": over.words(),
            "ends": ends,
            "to_date": to_date.as_ref().map(Exact::to_plain),
        }),
        Rule::Round { exact } => json!({ "kind": "round", "exact": exact.to_plain() }),
    }
}
