//! `paycurve test`

mod results;
mod suggest;

use crate::app::compile::compile;
use crate::cli::args::TestArgs;
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::io::open;

pub(in crate::cli) fn run(args: &TestArgs, ui: &Ui) -> Result<u8, Failure> {
    let project = open(&args.path, None)?;
    let compiled = compile(&project);
    if compiled.has_errors() {
        ui.problems(&compiled.diagnostics, &project.sources);
        ui.say("no test was run: the plans have errors");
        return Ok(HAS_ERRORS);
    }
    if args.suggest {
        return suggest::run(args, &project, &compiled, ui);
    }
    results::run(args, &project, &compiled, ui)
}
