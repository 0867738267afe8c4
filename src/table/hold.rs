//! Why a payout is held. Both roads take their causes from here, so that they give the same words.

use crate::base::Date;
use crate::diag::{Cell, Code, Diagnostic};

/// One reason why a value cannot be known yet. Ordered, so that lists of causes are the same bytes on
/// every run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// The kind: Q801 for a missing quota, Q804 for a gate, F… for data.
    pub code: Code,
    /// What is missing or wrong, in the reader's words.
    pub words: String,
    /// The cell it comes from, for faults of data.
    pub cell: Option<Cell>,
}

impl Cause {
    fn new(code: Code, words: String, cell: Option<Cell>) -> Cause {
        Cause { code, words, cell }
    }

    /// The fault of a cell.
    pub fn fault(fault: &Diagnostic) -> Cause {
        Cause::new(fault.code, fault.message.clone(), fault.cell.clone())
    }

    /// An empty cell whose value is needed.
    pub fn empty(column: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F012,
            format!("`{column}` is empty, and the plan needs it"),
            Some(cell),
        )
    }

    /// A column of people without a row for the day.
    pub fn no_fact(column: &str, payee: &str) -> Cause {
        Cause::new(
            Code::F012,
            format!("{payee} has no `{column}` in this period"),
            None,
        )
    }

    /// A fact that has two values in one period.
    pub fn fact_changes(column: &str, payee: &str) -> Cause {
        Cause::new(
            Code::F011,
            format!(
                "`{column}` of {payee} changes inside this period, and the plan does not say which day counts"
            ),
            None,
        )
    }

    /// Rows of one person that overlap.
    pub fn overlap(payee: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F005,
            format!("two rows of {payee} hold on the same day"),
            Some(cell),
        )
    }

    /// A row of people that ends before it starts.
    pub fn ends_first(payee: &str, from: Date, through: Date, cell: Cell) -> Cause {
        Cause::new(
            Code::F018,
            format!("this row of {payee} ends on {through}, before it starts on {from}"),
            Some(cell),
        )
    }

    /// Money of another currency.
    pub fn currency(found: &str, wanted: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F006,
            format!("this is {found}, and the plan pays in {wanted}"),
            Some(cell),
        )
    }

    /// No quota for a payee and period.
    pub fn quota_missing(label: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::Q801,
            format!("no \"{label}\" of {payee} for {period}"),
            None,
        )
    }

    /// Two quotas for one payee and period.
    pub fn quota_twice(label: &str, payee: &str, period: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F009,
            format!("a second \"{label}\" of {payee} for {period}"),
            Some(cell),
        )
    }

    /// A quota below zero.
    pub fn quota_negative(label: &str, payee: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F013,
            format!("\"{label}\" of {payee} is below zero"),
            Some(cell),
        )
    }

    /// A period of a quota that cannot be one.
    pub fn quota_period(text: &str, wanted: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F014,
            format!("`{text}` is not a {wanted}"),
            Some(cell),
        )
    }

    /// An input that has not come: what, of whom, who delivers it, and by when.
    pub fn input_missing(label: &str, of: &str, period: &str, kept_by: &str, due: Date) -> Cause {
        Cause::new(
            Code::I704,
            format!(
                "\"{label}\"{} for {period} is not delivered: {kept_by} delivers it by {due}",
                of_whom(of)
            ),
            None,
        )
    }

    /// An input that nobody has signed.
    pub fn input_unsigned(
        label: &str,
        of: &str,
        period: &str,
        (sign_off, kept_by): (&str, &str),
        cell: Cell,
    ) -> Cause {
        Cause::new(
            Code::I704,
            format!(
                "\"{label}\"{} for {period} is not signed: the {sign_off} signs it for {kept_by}",
                of_whom(of)
            ),
            Some(cell),
        )
    }

    /// An input outside its range, as a question.
    pub fn input_range(question: String, cell: Cell) -> Cause {
        Cause::new(Code::I703, question, Some(cell))
    }

    /// Two values of one input for one period.
    pub fn input_twice(label: &str, of: &str, period: &str, cell: Cell) -> Cause {
        let words = format!("a second \"{label}\"{} for {period}", of_whom(of));
        Cause::new(Code::F009, words, Some(cell))
    }

    /// An average, highest or lowest of nothing.
    pub fn of_none(label: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::F012,
            format!("{payee} has no \"{label}\" in {period}"),
            None,
        )
    }

    /// A rate without a value on a day.
    pub fn no_rate(label: &str, day: crate::base::Date) -> Cause {
        Cause::new(Code::D601, format!("no \"{label}\" on {day}"), None)
    }

    /// A table of values without a row for what the data says.
    pub fn no_row(label: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::F012,
            format!("no row of \"{label}\" fits {payee} in {period}"),
            None,
        )
    }

    /// A scorecard without any score.
    pub fn no_scores(label: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::F012,
            format!("\"{label}\" of {payee} for {period} has no score at all"),
            None,
        )
    }

    /// A pay below zero in a plan that does not say what then.
    pub fn below_zero(label: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::R905,
            format!(
                "\"{label}\" of {payee} for {period} is below 0, and the plan does not say what then"
            ),
            None,
        )
    }

    /// A measure whose rule says to hold.
    pub fn measure_holds(label: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::F012,
            format!("\"{label}\" of {payee} for {period} has nothing to be divided by"),
            None,
        )
    }

    /// A gate that holds.
    pub fn gate_holds(words: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::Q804,
            format!("{payee} is not at {words} in {period}, and the gate holds the payout"),
            None,
        )
    }

    /// `round never` on an amount that needs rounding.
    pub fn not_whole(label: &str, payee: &str, period: &str, amount: &str) -> Cause {
        Cause::new(
            Code::R904,
            format!("\"{label}\" of {payee} for {period} is {amount}, which is not whole cents"),
            None,
        )
    }

    /// The cause as a problem with a place.
    pub fn diagnostic(&self) -> Diagnostic {
        match &self.cell {
            Some(cell) => Diagnostic::in_cell(self.code, cell.clone(), self.words.clone()),
            None => Diagnostic::bare(self.code, self.words.clone()),
        }
    }
}

/// Words for the key of an input; nothing for the company's.
fn of_whom(key: &str) -> String {
    if key.is_empty() {
        String::new()
    } else {
        format!(" of {key}")
    }
}

/// Causes in order, each once.
pub fn sorted(mut causes: Vec<Cause>) -> Vec<Cause> {
    causes.sort();
    causes.dedup();
    causes
}
