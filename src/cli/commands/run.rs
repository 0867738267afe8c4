//! `paycurve run`

use serde_json::json;

use crate::app::calculate::{Asked, Refused, Run, calculate};
use crate::app::compile::{Compiled, compile};
use crate::cli::args::{Format, RunArgs};
use crate::cli::ui::{Failure, HAS_ERRORS, Progress, Ui};
use crate::diag::render::count;
use crate::diag::{Diagnostic, Severity, printable};
use crate::io::atomic::write_all;
use crate::io::{Project, open};
use crate::report::balances;
use crate::report::files::{self, PlanRows};
use crate::report::summary;

pub(in crate::cli) fn run(args: &RunArgs, ui: &Ui) -> Result<u8, Failure> {
    let project = open(&args.path, args.data.as_deref())?;
    let compiled = compile(&project);
    if compiled.has_errors() || compiled.files == 0 {
        return stopped(args, &project, &compiled, ui);
    }
    warn(&compiled, ui);
    let asked = Asked {
        period: args.period.clone(),
        payee: args.payee.clone(),
        credits: args.out.is_some() && !args.no_credits,
    };
    let found = paid(args, &project, &compiled, &asked)?;
    if !found.problems.is_empty() {
        ui.problems(&found.problems, &project.sources);
        return Ok(HAS_ERRORS);
    }
    if args.strict
        && let Some(first) = found.first_fault()
    {
        ui.problems(std::slice::from_ref(first), &project.sources);
        ui.say("nobody was paid: with --strict the first error in the data stops everything");
        return Ok(HAS_ERRORS);
    }
    for note in &found.left_out {
        ui.say(&format!("note: {note}"));
    }
    let rows: Vec<PlanRows<'_>> = found
        .plans
        .iter()
        .map(|plan| PlanRows {
            plan: &plan.plan,
            rows: &plan.collected.rows,
            credits: &plan.collected.credits,
            beside: &plan.collected.beside,
        })
        .collect();
    if let Some(folder) = &args.out {
        write_all(folder, &outputs(args, &project, &compiled, &found, &rows))?;
    }
    ui.out(&match args.format {
        Format::Table => printable(&table(&found, &rows)).into_owned(),
        Format::Csv => String::from_utf8(files::payouts(&rows)).unwrap_or_default(),
        Format::Json => format!("{:#}\n", files::results_json(&rows, &found.exceptions)),
    })?;
    let exit = if found.has_faults() { HAS_ERRORS } else { 0 };
    drop(rows);
    // The process ends here: giving millions of texts back one by one would only make people wait.
    std::mem::forget(found);
    Ok(exit)
}

/// Plans with errors pay nobody.
fn stopped(args: &RunArgs, project: &Project, compiled: &Compiled, ui: &Ui) -> Result<u8, Failure> {
    let stopping: Vec<_> = compiled
        .diagnostics
        .iter()
        .filter(|d| d.severity != Severity::Note)
        .cloned()
        .collect();
    ui.problems(&stopping, &project.sources);
    if compiled.files == 0 && compiled.diagnostics.is_empty() {
        return Err(Failure::no_plan(&args.path));
    }
    ui.say("nothing was calculated: the plans have errors");
    Ok(HAS_ERRORS)
}

fn warn(compiled: &Compiled, ui: &Ui) {
    let warnings = count(&open_warnings(compiled));
    if !warnings.is_empty() {
        ui.say(&format!(
            "{warnings} in the plans; `paycurve check` shows what to mend or accept"
        ));
    }
}

/// Warnings that the plans do not accept.
fn open_warnings(compiled: &Compiled) -> Vec<Diagnostic> {
    let all = compiled.diagnostics.iter();
    all.filter(|d| d.severity == Severity::Warning)
        .cloned()
        .collect()
}

fn paid(
    args: &RunArgs,
    project: &Project,
    compiled: &Compiled,
    asked: &Asked,
) -> Result<Run, Failure> {
    let progress = Progress::new(project.data_bytes());
    let work = || calculate(project, compiled, asked, &|bytes| progress.read(bytes));
    let found = match args.threads {
        None => work(),
        Some(threads) => rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build()
            .map_err(|error| Refused::Period(format!("cannot start {threads} threads: {error}")))
            .and_then(|pool| pool.install(work)),
    };
    progress.done();
    Ok(found?)
}

fn table(found: &Run, rows: &[PlanRows<'_>]) -> String {
    let mut parts: Vec<String> = rows
        .iter()
        .map(|of| summary::of_plan(of.plan, of.rows, of.beside))
        .collect();
    parts.push(summary::exceptions(&found.exceptions));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn outputs(
    args: &RunArgs,
    project: &Project,
    compiled: &Compiled,
    found: &Run,
    rows: &[PlanRows<'_>],
) -> Vec<(String, Vec<u8>)> {
    let mut outputs = vec![("payouts.csv".to_owned(), files::payouts(rows))];
    if !args.no_credits {
        outputs.push(("credits.csv".to_owned(), files::credits(rows)));
    }
    outputs.push(("balances.csv".to_owned(), balances::file(rows)));
    outputs.push(("beside.csv".to_owned(), files::beside(rows)));
    outputs.push(("measures.csv".to_owned(), files::measures(rows)));
    outputs.push((
        "exceptions.csv".to_owned(),
        files::exceptions(&found.exceptions),
    ));
    let texts: Vec<(String, String)> = project
        .hashes
        .iter()
        .map(|(name, hash)| (name.clone(), hash.clone()))
        .collect();
    let data: Vec<(String, String)> = found
        .data
        .tables
        .values()
        .flat_map(|table| &table.files)
        .map(|own| (own.file.clone(), own.hash.clone()))
        .collect();
    let asked = json!({ "period": args.period, "payee": args.payee });
    let record = files::run_json(
        &project.name,
        asked,
        &texts,
        &data,
        &outputs,
        rows,
        &files::Open {
            exceptions: found.exceptions.len(),
            warnings: &open_warnings(compiled),
            sources: &project.sources,
        },
    );
    outputs.push(("run.json".to_owned(), record));
    outputs
}
