//! One file for each command.

mod check;
mod explain;
mod explain_code;
mod fmt;
mod init;
mod run;
mod test;

use crate::cli::args::Command;
use crate::cli::ui::{Failure, Ui};

/// Does what was typed; the exit code.
pub(in crate::cli) fn run(command: &Command, ui: &Ui) -> Result<u8, Failure> {
    match command {
        Command::Init(args) => init::run(args, ui),
        Command::Check(args) => check::run(args, ui),
        Command::Fmt(args) => fmt::run(args, ui),
        Command::Test(args) => test::run(args, ui),
        Command::Explain(args) => explain::run(args, ui),
        Command::Run(args) => run::run(args, ui),
        Command::ExplainCode(args) => explain_code::run(args, ui),
    }
}
