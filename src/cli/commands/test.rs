//! `paycurve test`

use crate::app::compile::compile;
use crate::app::rehearse::rehearse;
use crate::cli::args::TestArgs;
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::explain::tell;
use crate::io::open;

pub(in crate::cli) fn run(args: &TestArgs, ui: &Ui) -> Result<u8, Failure> {
    let project = open(&args.path, None)?;
    let compiled = compile(&project);
    if compiled.has_errors() {
        ui.problems(&compiled.diagnostics, &project.sources);
        ui.say("no test was run: the plans have errors");
        return Ok(HAS_ERRORS);
    }
    let (mut passed, mut failed) = (0, 0);
    for ready in &compiled.ready {
        ui.out(&format!("{}\n", ready.plan.title))?;
        for result in rehearse(&ready.plan, &ready.program) {
            let is_right = result.failures.is_empty();
            let mark = if is_right { "ok    " } else { "FAILED" };
            let assumed = if result.assumed.is_empty() {
                String::new()
            } else {
                format!("   (assumed: {})", result.assumed.join("; "))
            };
            ui.out(&format!("  {mark}  {}{assumed}\n", result.title))?;
            if is_right {
                passed += 1;
                continue;
            }
            failed += 1;
            for failure in &result.failures {
                ui.problems(std::slice::from_ref(&failure.diagnostic), &project.sources);
                if let Some(receipt) = &failure.receipt {
                    ui.say(&tell(
                        receipt,
                        &ready.plan.calendar.label(&receipt.period),
                        &project.sources,
                        None,
                    ));
                }
            }
        }
    }
    ui.out(&format!("{passed} passed, {failed} failed\n"))?;
    Ok(if failed > 0 { HAS_ERRORS } else { 0 })
}
