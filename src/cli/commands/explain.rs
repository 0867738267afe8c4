//! `paycurve explain`

use crate::app::compile::compile;
use crate::app::explain::{Asked, explain};
use crate::cli::args::{ExplainArgs, TextFormat};
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::diag::printable;
use crate::explain::tell;
use crate::io::open;
use crate::report::receipt;

pub(in crate::cli) fn run(args: &ExplainArgs, ui: &Ui) -> Result<u8, Failure> {
    let project = open(&args.path, args.data.as_deref())?;
    let compiled = compile(&project);
    if compiled.files == 0 && compiled.diagnostics.is_empty() {
        return Err(Failure::no_plan(&args.path));
    }
    if compiled.has_errors() {
        ui.problems(&compiled.diagnostics, &project.sources);
        ui.say("nothing was explained: the plans have errors");
        return Ok(HAS_ERRORS);
    }
    let asked = Asked {
        payee: args.payee.clone(),
        period: args.period.clone(),
        pay: args.pay.clone(),
    };
    let explained = explain(&project, &compiled, &asked)?;
    if !explained.problems.is_empty() {
        ui.problems(&explained.problems, &project.sources);
        return Ok(HAS_ERRORS);
    }
    let text =
        match args.format {
            TextFormat::Json => format!(
                "{:#}\n",
                receipt::to_json(&explained.receipts, &project.sources)
            ),
            TextFormat::Text => {
                let stories = explained.receipts.iter().zip(&explained.next).map(
                    |((period, receipt), next)| {
                        tell(receipt, period, &project.sources, next.as_deref())
                    },
                );
                printable(&stories.collect::<Vec<_>>().join("\n")).into_owned()
            }
        };
    for note in &explained.left_out {
        ui.say(&format!("note: {note}"));
    }
    ui.out(&text)?;
    Ok(0)
}
