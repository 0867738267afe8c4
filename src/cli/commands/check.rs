//! `paycurve check`

use crate::app::compile::{Compiled, compile};
use crate::app::inspect::inspect;
use crate::app::restated::restated;
use crate::cli::args::{CheckArgs, TextFormat};
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::diag::render::count;
use crate::io::open;
use crate::prove::{TableVerdict, Verdict, decide_table};
use crate::report::{diagnostics, quality, restated};

pub(in crate::cli) fn run(args: &CheckArgs, ui: &Ui) -> Result<u8, Failure> {
    let folder = args.with_data.as_ref().and_then(Option::as_deref);
    let project = open(&args.path, folder)?;
    let mut compiled = compile(&project);
    if compiled.files == 0 && compiled.diagnostics.is_empty() {
        return Err(Failure::no_plan(&args.path));
    }
    let plans_have_errors = compiled.has_errors();
    let mut stops = plans_have_errors || compiled.has_warnings();
    let is_with_data = args.with_data.is_some() && !plans_have_errors && !compiled.ready.is_empty();
    let data = is_with_data
        .then(|| inspect(&project, &compiled))
        .transpose()?;
    let is_read = data.as_ref().is_some_and(|data| data.problems.is_empty());
    let reaching_back = is_read.then(|| restated(&project, &compiled)).transpose()?;
    let reaching_back = reaching_back.unwrap_or_default();
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
                found.insert("restated".to_owned(), restated::to_json(&reaching_back));
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
            ui.out(&amended(&compiled))?;
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
                if !reaching_back.is_empty() {
                    ui.out(&format!("\n{}", restated::to_text(&reaching_back)))?;
                }
            } else if args.with_data.is_some() && plans_have_errors {
                ui.say("the data was not looked at: the plans have errors");
            }
        }
    }
    Ok(if stops { HAS_ERRORS } else { 0 })
}

/// Which plan is amended by what, and from when.
fn amended(compiled: &Compiled) -> String {
    let of_plan = compiled.ready.iter().flat_map(|ready| {
        let amendments = ready.plan.amended.amendments.iter();
        amendments.map(|own| {
            let (title, (first, last)) = (&ready.plan.title, own.effective);
            format!(
                "amended: \"{title}\" by \"{}\", {first} through {last}\n",
                own.title
            )
        })
    });
    of_plan.collect()
}
