//! The results of tests, as text and as JSON of the format `test/1`.

use serde_json::{Value, json};

use crate::app::compile::{Compiled, Ready};
use crate::app::rehearse::{Assumed, Compared, Failed, Found, Reason, TestResult, rehearse};
use crate::cli::args::{TestArgs, TextFormat};
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::diag::SourceMap;
use crate::explain::{tell, tell_step};
use crate::io::Project;
use crate::report::{diagnostics, receipt};

pub(super) fn run(
    args: &TestArgs,
    project: &Project,
    compiled: &Compiled,
    ui: &Ui,
) -> Result<u8, Failure> {
    let results: Vec<(&Ready, Vec<TestResult>)> = compiled
        .ready
        .iter()
        .map(|ready| (ready, rehearse(&ready.plan, &ready.program)))
        .collect();
    let all = || results.iter().flat_map(|(_, results)| results);
    let failed = all().filter(|result| !result.failures.is_empty()).count();
    let passed = all().count() - failed;
    match args.format {
        TextFormat::Text => {
            for (ready, results) in &results {
                ui.out(&format!("{}\n", ready.plan.title))?;
                for result in results {
                    ui.out(&told(ready, result, args.verbose, &project.sources, ui))?;
                }
            }
            ui.out(&format!("{passed} passed, {failed} failed\n"))?;
        }
        TextFormat::Json => {
            let plans = results.iter().map(|(ready, results)| {
                let of = |result| one(ready, result, &project.sources);
                json!({ "plan": ready.plan.title, "tests": results.iter().map(of).collect::<Vec<_>>() })
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
    for Failed {
        diagnostic,
        compared,
    } in &result.failures
    {
        out.push('\n');
        out.push_str(&ui.rendered(std::slice::from_ref(diagnostic), sources));
        if let Some(reason) = compared.as_ref().and_then(|own| own.reason.as_ref()) {
            out.push_str(&reason_told(ready, reason, sources));
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
    value["reason"] = match reason {
        Some(Reason::Receipt(own)) => {
            receipt::one(&ready.plan.calendar.label(&own.period), own, sources)
        }
        Some(Reason::Measure(step)) => receipt::node(step, sources),
        None => Value::Null,
    };
    value
}

/// An exact value as text, `held`, or `not paid`.
fn found(found: &Found) -> Value {
    match found {
        Found::Value(value) => json!(value.to_plain()),
        Found::Held(_) => json!("held"),
        Found::NotPaid => json!("not paid"),
    }
}
