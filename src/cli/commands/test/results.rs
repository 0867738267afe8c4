//! The results of tests, as text and as JSON of the format `test/1`.

use serde_json::{Value, json};

use crate::app::compile::{Compiled, Ready};
use crate::app::coverage::{Clause, coverage, outcomes, percent};
use crate::app::rehearse::{Assumed, Compared, Failed, Found, Reason, TestResult, rehearse};
use crate::cli::args::{TestArgs, TextFormat};
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::diag::{SourceMap, printable};
use crate::explain::{tell, tell_step};
use crate::io::Project;
use crate::report::{diagnostics, receipt};

pub(super) fn run(
    args: &TestArgs,
    project: &Project,
    compiled: &Compiled,
    ui: &Ui,
) -> Result<u8, Failure> {
    let wanted = |title: &str| {
        args.explain
            .as_ref()
            .is_none_or(|words| title.contains(words.as_str()))
    };
    let results: Vec<(&Ready, Vec<TestResult>)> = compiled
        .ready
        .iter()
        .map(|ready| (ready, rehearse(&ready.plan, &ready.program, wanted)))
        .filter(|(_, results)| args.explain.is_none() || !results.is_empty())
        .collect();
    if let Some(words) = &args.explain
        && results.is_empty()
    {
        let said = format!("no test has `{words}` in its title; `paycurve test` lists all");
        return Err(Failure::Use(said));
    }
    let all = || results.iter().flat_map(|(_, results)| results);
    let failed = all().filter(|result| !result.failures.is_empty()).count();
    let passed = all().count() - failed;
    match args.format {
        TextFormat::Text => {
            for (ready, results) in &results {
                ui.page(&format!("{}\n", ready.plan.title))?;
                for result in results {
                    ui.out(&told(ready, result, args.verbose, &project.sources, ui))?;
                    for reason in result.reasons.iter().filter(|_| args.explain.is_some()) {
                        let told = reason_told(ready, reason, &project.sources);
                        ui.out(&format!("\n{}\n", printable(&told)))?;
                    }
                }
            }
            ui.out(&format!("{passed} passed, {failed} failed\n"))?;
            if args.coverage {
                ui.out(&covered(compiled, &project.sources))?;
            }
        }
        TextFormat::Json => {
            let plans = results.iter().map(|(ready, results)| {
                let of = |result| {
                    let mut one = one(ready, result, &project.sources);
                    if args.explain.is_some() {
                        let reasons = result.reasons.iter();
                        one["reasons"] = reasons
                            .map(|own| reason_json(ready, own, &project.sources))
                            .collect();
                    }
                    one
                };
                let mut plan = json!({
                    "plan": ready.plan.title,
                    "tests": results.iter().map(of).collect::<Vec<_>>(),
                });
                if args.coverage {
                    let found = coverage(&ready.plan);
                    let (all, seen) = outcomes(&found);
                    let clause = |own| clause_json(own, &project.sources);
                    plan["coverage"] = json!({
                        "outcomes": all,
                        "seen": seen,
                        "percent": percent((all, seen)),
                        "clauses": found.iter().map(clause).collect::<Vec<_>>(),
                    });
                }
                plan
            });
            let page = json!({
                "format": "test/1",
                "passed": passed,
                "failed": failed,
                "plans": plans.collect::<Vec<_>>(),
            });
            ui.out(&format!("{page:#}\n"))?;
        }
    }
    Ok(if failed > 0 { HAS_ERRORS } else { 0 })
}

fn told(ready: &Ready, result: &TestResult, verbose: bool, sources: &SourceMap, ui: &Ui) -> String {
    let is_right = result.failures.is_empty();
    let mark = if is_right { "ok    " } else { "FAILED" };
    let listed = verbose || !is_right;
    let assumed = if listed || result.assumed.is_empty() {
        String::new()
    } else {
        let names: Vec<&str> = result.assumed.iter().map(|own| own.what.as_str()).collect();
        format!("   (assumed: {})", names.join(", "))
    };
    let mut out = format!("  {mark}  {}{assumed}\n", result.title);
    if listed {
        for assumed in &result.assumed {
            out.push_str(&format!("            assumed: {assumed}\n"));
        }
    }
    out = printable(&out).into_owned();
    for Failed {
        diagnostic,
        compared,
    } in &result.failures
    {
        out.push('\n');
        out.push_str(&ui.rendered(std::slice::from_ref(diagnostic), sources));
        if let Some(reason) = compared.as_ref().and_then(|own| own.reason.as_ref()) {
            out.push_str(&printable(&reason_told(ready, reason, sources)));
            out.push('\n');
        }
    }
    out
}

fn reason_told(ready: &Ready, reason: &Reason, sources: &SourceMap) -> String {
    match reason {
        Reason::Receipt(receipt) => {
            let period = ready.plan.calendar.label(&receipt.period);
            tell(receipt, &period, sources, None)
        }
        Reason::Measure(step) => tell_step(step, ready.plan.currency, sources),
    }
}

fn one(ready: &Ready, result: &TestResult, sources: &SourceMap) -> Value {
    let assumed = |own: &Assumed| json!({ "what": own.what, "value": own.value });
    json!({
        "title": result.title,
        "place": receipt::place(result.span, sources),
        "passed": result.failures.is_empty(),
        "assumed": result.assumed.iter().map(assumed).collect::<Vec<_>>(),
        "failures": result.failures.iter().map(|own| failure(ready, own, sources)).collect::<Vec<_>>(),
    })
}

fn failure(ready: &Ready, failed: &Failed, sources: &SourceMap) -> Value {
    let mut value = diagnostics::one(&failed.diagnostic, sources);
    let Some(Compared {
        expected,
        found: was,
        difference,
        reason,
    }) = &failed.compared
    else {
        return value;
    };
    value["expected"] = found(expected);
    value["found"] = found(was);
    value["difference"] = json!(difference.as_ref().map(|difference| difference.to_plain()));
    value["reason"] = reason
        .as_ref()
        .map_or(Value::Null, |reason| reason_json(ready, reason, sources));
    value
}

fn reason_json(ready: &Ready, reason: &Reason, sources: &SourceMap) -> Value {
    match reason {
        Reason::Receipt(own) => receipt::one(&ready.plan.calendar.label(&own.period), own, sources),
        Reason::Measure(step) => receipt::node(step, sources),
    }
}

/// An exact value as text, `held`, or `not paid`.
fn found(found: &Found) -> Value {
    match found {
        Found::Value(value) => json!(value.to_plain()),
        Found::PaidIn(value, currency) => json!(format!("{} {currency}", value.to_plain())),
        Found::Held(_) => json!("held"),
        Found::NotPaid => json!("not paid"),
    }
}

/// Coverage by plan: what no test saw, then how much of all.
fn covered(compiled: &Compiled, sources: &SourceMap) -> String {
    let mut out = String::from("\ncoverage\n");
    let mut every: Vec<Clause> = Vec::new();
    for ready in &compiled.ready {
        let clauses = coverage(&ready.plan);
        let (all, seen) = outcomes(&clauses);
        out.push_str(&format!(
            "  {}: {seen} of {all} outcomes\n",
            ready.plan.title
        ));
        let missing: Vec<(String, String, &str)> = clauses
            .iter()
            .filter_map(|own| {
                let source = sources.source(own.span.file);
                let line = sources.place(own.span).line;
                let place = format!("{}:{line}", source.name);
                let written = || source.line(line).trim().to_owned();
                let text = own.words.clone().unwrap_or_else(written);
                Some((place, text, own.missing()?))
            })
            .collect();
        let width =
            |of: fn(&(String, String, &str)) -> usize| missing.iter().map(of).max().unwrap_or(0);
        let place_width = width(|(place, _, _)| place.chars().count());
        let text_width = width(|(_, text, _)| text.chars().count());
        for (place, text, words) in &missing {
            let (place_pad, text_pad) = (
                " ".repeat(place_width - place.chars().count()),
                " ".repeat(text_width - text.chars().count()),
            );
            out.push_str(&format!(
                "    {place}{place_pad}   {text}{text_pad}   {words}\n"
            ));
        }
        every.extend(clauses);
    }
    let (all, seen) = outcomes(&every);
    let percent = percent((all, seen));
    out.push_str(&format!("  {percent}% ({seen} of {all})\n"));
    out
}

fn clause_json(clause: &Clause, sources: &SourceMap) -> Value {
    let line = sources.place(clause.span).line;
    let held_and_failed = clause.kind.has_two_ways();
    json!({
        "kind": clause.kind.name(),
        "place": receipt::place(clause.span, sources),
        "text": sources.source(clause.span.file).line(line).trim(),
        "name": clause.words,
        "held": clause.held,
        "failed": held_and_failed.then_some(clause.failed),
        "missing": clause.missing(),
    })
}
