//! Colours, progress, failures and exit codes.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::app::calculate::Refused;
use crate::cli::args::Color;
use crate::diag::{Diagnostic, SourceMap, Style, printable, render};
use crate::io::WorldFault;

/// The exit code where plans or data have errors.
pub(in crate::cli) const HAS_ERRORS: u8 = 1;
const WRONG_USE: u8 = 2;
const WORLD: u8 = 3;

/// Why a command could not be carried out.
#[derive(Debug)]
pub(in crate::cli) enum Failure {
    /// It was asked for wrongly: exit code 2.
    Use(String),
    /// A file could not be read or written: exit code 3.
    World(WorldFault),
    /// The reader of our output went away, which is no error.
    ClosedPipe,
}

impl From<WorldFault> for Failure {
    fn from(fault: WorldFault) -> Failure {
        match fault.source.kind() {
            std::io::ErrorKind::NotFound => {
                Failure::Use(format!("there is no `{}`", fault.path.display()))
            }
            std::io::ErrorKind::NotADirectory => {
                Failure::Use(format!("`{}` is not a folder", fault.path.display()))
            }
            _ => Failure::World(fault),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        match refused {
            Refused::Period(words) => Failure::Use(words),
            Refused::Payee { asked, near } => {
                let words =
                    format!("nobody called `{asked}` is on a plan in the periods asked for");
                Failure::Use(match near {
                    Some(near) => format!("{words}; closest is `{near}`"),
                    None => words,
                })
            }
            Refused::World(fault) => Failure::World(fault),
        }
    }
}

impl Failure {
    /// A folder in which there is nothing to do.
    pub(in crate::cli) fn no_plan(path: &std::path::Path) -> Failure {
        Failure::Use(format!(
            "there is no plan in {}: a plan is a file whose name ends with `.plan`",
            path.display()
        ))
    }
}

/// The terminal.
pub(in crate::cli) struct Ui {
    style: Style,
}

impl Ui {
    pub(in crate::cli) fn new(color: Color) -> Ui {
        let coloured = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
            }
        };
        Ui {
            style: if coloured {
                Style::Coloured
            } else {
                Style::Plain
            },
        }
    }

    /// Writes results.
    pub(in crate::cli) fn out(&self, text: &str) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                Err(Failure::ClosedPipe)
            }
            Err(source) => Err(Failure::World(WorldFault {
                path: "the output".into(),
                doing: "write",
                source,
            })),
        }
    }

    /// Writes a page for people, in which names from plans and data cannot move the cursor.
    pub(in crate::cli) fn page(&self, text: &str) -> Result<(), Failure> {
        self.out(&printable(text))
    }

    /// Problems as text, a blank line after each.
    pub(in crate::cli) fn rendered(
        &self,
        diagnostics: &[Diagnostic],
        sources: &SourceMap,
    ) -> String {
        diagnostics
            .iter()
            .map(|d| format!("{}\n", render(d, sources, self.style)))
            .collect()
    }

    /// Writes problems, in order, to where errors go.
    pub(in crate::cli) fn problems(&self, diagnostics: &[Diagnostic], sources: &SourceMap) {
        let texts: Vec<String> = diagnostics
            .iter()
            .map(|d| render(d, sources, self.style))
            .collect();
        if !texts.is_empty() {
            // Nobody is left to tell where the error stream is closed.
            let _ = writeln!(std::io::stderr().lock(), "{}", texts.join("\n"));
        }
    }

    /// Writes one line to where errors go.
    pub(in crate::cli) fn say(&self, words: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", printable(words));
    }

    pub(in crate::cli) fn fail(&self, failure: &Failure) -> ExitCode {
        match failure {
            Failure::ClosedPipe => ExitCode::SUCCESS,
            Failure::Use(words) => {
                self.say(&format!("paycurve: {words}"));
                ExitCode::from(WRONG_USE)
            }
            Failure::World(fault) => {
                self.say(&format!("paycurve: {fault}"));
                ExitCode::from(WORLD)
            }
        }
    }
}

/// Tells how much has been read, once reading has taken a second, and only on a terminal.
pub(in crate::cli) struct Progress {
    started: Instant,
    bar: indicatif::ProgressBar,
    shown: Mutex<bool>,
}

impl Progress {
    pub(in crate::cli) fn new(total: u64) -> Progress {
        let bar = indicatif::ProgressBar::hidden();
        bar.set_length(total);
        Progress {
            started: Instant::now(),
            bar,
            shown: Mutex::new(false),
        }
    }

    pub(in crate::cli) fn read(&self, bytes: u64) {
        self.bar.inc(bytes);
        if self.started.elapsed() < Duration::from_secs(1) || !std::io::stderr().is_terminal() {
            return;
        }
        if let Ok(mut shown) = self.shown.lock()
            && !*shown
        {
            *shown = true;
            self.bar
                .set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
    }

    pub(in crate::cli) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
