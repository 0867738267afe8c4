//! The command line: what was typed, one function for each command, what is printed, how it exits.
//!
//! Invariant: a command loads, asks `app` and prints what `report` makes; it calculates nothing.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "the terminal, the arguments and the clock belong to this folder"
)]

pub mod args;
mod commands;
mod ui;

use std::process::ExitCode;

use clap::Parser;

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are asked for; everything else is wrong use.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let ui = ui::Ui::new(args.color);
    match commands::run(&args.command, &ui) {
        Ok(exit) => ExitCode::from(exit),
        Err(failure) => ui.fail(&failure),
    }
}
