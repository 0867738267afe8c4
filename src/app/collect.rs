//! Keeps everything an engine finds.

use crate::diag::Diagnostic;
use crate::eval::{Beside, CreditRow, PersonPeriod, Sink};

/// A sink that keeps all rows in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collected {
    /// One for each person and period.
    pub rows: Vec<PersonPeriod>,
    /// Credits, where they were asked for.
    pub credits: Vec<CreditRow>,
    /// What nobody has of credits, and what stands on top of records.
    pub beside: Vec<Beside>,
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
    fn beside(&mut self, row: Beside) {
        self.beside.push(row);
    }
    fn exception(&mut self, diagnostic: Diagnostic) {
        self.exceptions.push(diagnostic);
    }
}
