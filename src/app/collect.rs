//! Keeps everything an engine finds.

use crate::diag::Diagnostic;
use crate::eval::{CreditRow, PersonPeriod, Sink};

/// A sink that keeps all rows in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collected {
    /// One for each person and period.
    pub rows: Vec<PersonPeriod>,
    /// Credits, where they were asked for.
    pub credits: Vec<CreditRow>,
    /// Faults in the data.
    pub exceptions: Vec<Diagnostic>,
}

impl Sink for Collected {
    fn person(&mut self, row: PersonPeriod) {
        self.rows.push(row);
    }
    fn credit(&mut self, row: CreditRow) {
        self.credits.push(row);
    }
    fn exception(&mut self, diagnostic: Diagnostic) {
        self.exceptions.push(diagnostic);
    }
}
