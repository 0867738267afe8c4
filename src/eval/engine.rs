//! The seam of evaluation: one machine today, many later. A run, a what-if, a difference of plans, a
//! correction and an incremental run are the same call.

use crate::base::Period;
use crate::diag::Diagnostic;
use crate::eval::outcome::{Beside, CreditRow, PersonPeriod};
use crate::program::Program;
use crate::table::{Overlay, Rows};

/// Whose results are asked for. Everything they depend on is calculated, whether asked for or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// These persons; `None` is everyone.
    pub payees: Option<Vec<String>>,
    /// These periods; `None` is all of the plan's.
    pub periods: Option<Vec<Period>>,
}

/// Which outputs are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Rows for each credit, beside those for each person and period.
    pub credits: bool,
}

/// Where results go, in a fixed order: persons by id in natural order, then periods; credits after the
/// row of their person's last period, by date and record; then what is nobody's, by credit and period; exceptions last, by
/// place.
pub trait Sink {
    /// One person in one period.
    fn person(&mut self, row: PersonPeriod);
    /// One credit.
    fn credit(&mut self, row: CreditRow);
    /// What nobody has of a credit in one period, and what stands on top, where there is anything. Asked for with everyone's
    /// results only.
    fn beside(&mut self, row: Beside);
    /// A fault in the data, whether it held somebody or not. Each once.
    fn exception(&mut self, diagnostic: Diagnostic);
}

/// Something that can run programs over rows.
pub trait Engine {
    /// Rows made ready for one program.
    type Prepared<'a>: Prepared;
    /// Looks at every row once.
    fn prepare<'a>(&self, program: &'a Program, rows: &'a dyn Rows) -> Self::Prepared<'a>;
}

/// Rows made ready for one program.
pub trait Prepared {
    /// Results of a scope, with changes laid over the rows.
    fn pay(&self, overlay: &Overlay, scope: &Scope, wanted: Wanted, sink: &mut dyn Sink);
}
