//! `paycurve check`

use crate::app::compile::compile;
use crate::cli::args::{CheckArgs, TextFormat};
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::diag::render::count;
use crate::io::open;
use crate::prove::{TableVerdict, Verdict, decide_table};
use crate::report::diagnostics;

pub(in crate::cli) fn run(args: &CheckArgs, ui: &Ui) -> Result<u8, Failure> {
    let project = open(&args.path, None)?;
    let compiled = compile(&project);
    let stops = compiled.has_errors() || compiled.has_warnings() || compiled.files == 0;
    match args.format {
        TextFormat::Json => ui.out(&format!(
            "{:#}\n",
            diagnostics::to_json(&compiled.diagnostics, &project.sources)
        ))?,
        TextFormat::Text => {
            ui.out(&ui.rendered(&compiled.diagnostics, &project.sources))?;
            let proofs = compiled.ready.iter().flat_map(|ready| &ready.proofs);
            for (claim, verdict) in proofs {
                if *verdict == Verdict::Proved {
                    ui.out(&format!("proved: {}\n", project.sources.words(claim.span)))?;
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
                (0, "") => format!("there is no plan in {}", args.path.display()),
                (_, "") => format!("{plans}: nothing to mend"),
                (_, found) => format!("{plans}: {found}"),
            };
            ui.out(&format!("{words}\n"))?;
        }
    }
    Ok(if stops { HAS_ERRORS } else { 0 })
}
