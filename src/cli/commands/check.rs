//! `paycurve check`

use crate::app::compile::compile;
use crate::app::inspect::inspect;
use crate::cli::args::{CheckArgs, TextFormat};
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::diag::render::count;
use crate::io::open;
use crate::prove::{TableVerdict, Verdict, decide_table};
use crate::report::{diagnostics, quality};

pub(in crate::cli) fn run(args: &CheckArgs, ui: &Ui) -> Result<u8, Failure> {
    let folder = args.with_data.as_ref().and_then(Option::as_deref);
    let project = open(&args.path, folder)?;
    let mut compiled = compile(&project);
    if compiled.files == 0 && compiled.diagnostics.is_empty() {
        return Err(Failure::no_plan(&args.path));
    }
    let plans_have_errors = compiled.has_errors();
    let mut stops = plans_have_errors || compiled.has_warnings();
    let data = match &args.with_data {
        Some(_) if !plans_have_errors && !compiled.ready.is_empty() => {
            Some(inspect(&project, &compiled)?)
        }
        _ => None,
    };
    if let Some(data) = &data {
        stops |= data.has_errors();
        compiled.diagnostics.extend(data.problems.iter().cloned());
    }
    match args.format {
        TextFormat::Json => {
            let mut found = diagnostics::to_json(&compiled.diagnostics, &project.sources);
            if let (Some(data), Some(found)) = (&data, found.as_object_mut()) {
                let data = quality::to_json(&data.sources, &data.faults);
                found.insert("data".to_owned(), data);
            }
            ui.out(&format!("{found:#}\n"))?;
        }
        TextFormat::Text => {
            ui.out(&ui.rendered(&compiled.diagnostics, &project.sources))?;
            let proofs = compiled.ready.iter().flat_map(|ready| &ready.proofs);
            for (claim, verdict) in proofs {
                if *verdict == Verdict::Proved {
                    ui.page(&format!("proved: {}\n", project.sources.words(claim.span)))?;
                }
            }
            for ready in &compiled.ready {
                for claim in &ready.plan.table_claims {
                    if decide_table(&ready.plan, claim) == TableVerdict::Proved {
                        ui.out(&format!("proved: {}\n", project.sources.words(claim.span)))?;
                    }
                }
            }
            let found = count(&compiled.diagnostics);
            let plans = if compiled.files == 1 {
                "1 plan".to_owned()
            } else {
                format!("{} plans", compiled.files)
            };
            let words = match (compiled.files, found.as_str()) {
                (_, "") => format!("{plans}: nothing to mend"),
                (_, found) => format!("{plans}: {found}"),
            };
            ui.out(&format!("{words}\n"))?;
            if let Some(data) = data.filter(|data| data.problems.is_empty()) {
                ui.out(&format!(
                    "\n{}",
                    quality::to_text(&data.sources, &data.faults)
                ))?;
            } else if args.with_data.is_some() && plans_have_errors {
                ui.say("the data was not looked at: the plans have errors");
            }
        }
    }
    Ok(if stops { HAS_ERRORS } else { 0 })
}
