//! Why a payout is held. Both roads take their causes from here, so that they give the same words.

use std::borrow::Cow;

use crate::base::{Cadence, Currency, Date};
use crate::diag::{Cell, Code, Diagnostic};
use crate::table::table::Table;

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
    /// What was expected, or what to do, as a sentence; empty where the words say all.
    pub advice: Cow<'static, str>,
}

impl Cause {
    fn new(code: Code, words: String, cell: Option<Cell>) -> Cause {
        Cause {
            code,
            words,
            cell,
            advice: Cow::Borrowed(""),
        }
    }

    fn advising(self, advice: impl Into<Cow<'static, str>>) -> Cause {
        Cause {
            advice: advice.into(),
            ..self
        }
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
        .advising("Fill the cell, or add the row of people that holds then.")
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
        .advising(format!(
            "Say it where the plan reads it: `{column} on the first day of the period` or `{column} on the last day of the \
             period`."
        ))
    }

    /// Rows of one person that overlap.
    pub fn overlap(payee: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F005,
            format!("two rows of {payee} hold on the same day"),
            Some(cell),
        )
        .advising("One row ends, with `through`, on the day before the next one starts.")
    }

    /// A row of days of a person that takes away less than nothing or more than all of them.
    pub fn relief_share(payee: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F022,
            format!("this relief of {payee} is not from 0% through 100%"),
            Some(cell),
        )
        .advising("Expected a part of each day, such as 50%.")
    }

    /// People who report to each other in a circle.
    pub fn circle(payee: &str) -> Cause {
        Cause::new(
            Code::F024,
            format!("{payee} reports to somebody who reports to {payee}"),
            None,
        )
        .advising("Nobody knows who stands above whom until one of their rows is corrected.")
    }

    /// A share of a person of which nothing, or more than there is, would go to them.
    pub fn level_share(payee: &str, column: &str, most: Option<&str>, cell: Cell) -> Cause {
        let found = &cell.found;
        let words = match most {
            Some(most) => format!("`{column}` of {payee} is {found}, not from 0% through {most}"),
            None => format!("`{column}` of {payee} is {found}, below zero"),
        };
        Cause::new(Code::F037, words, Some(cell)).advising(
            "What this person and those above have of a credit is not known until it is corrected.",
        )
    }

    /// A row of a person that ends before it starts.
    pub fn ends_first(payee: &str, from: Date, through: Date, cell: Cell) -> Cause {
        Cause::new(
            Code::F018,
            format!("this row of {payee} ends on {through}, before it starts on {from}"),
            Some(cell),
        )
        .advising("One of the two dates is wrong; until it is mended, nobody can know which.")
    }

    /// Money of another currency.
    pub fn currency(found: &str, wanted: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F006,
            format!("this is {found}, and the plan pays in {wanted}"),
            Some(cell),
        )
        .advising("Nothing is converted without a rate and a date.")
    }

    /// No rate of exchange on a day.
    pub fn no_exchange(
        (label, kept_by): (&str, &str),
        from: Currency,
        to: Currency,
        day: Date,
    ) -> Cause {
        let words = format!("no \"{label}\" from {from} to {to} on {day}");
        Cause::new(Code::F033, words, None).advising(format!(
            "{kept_by} keeps these rates. A rate that is missing is never guessed."
        ))
    }

    /// A rate of exchange that is not above 0.
    pub fn not_a_rate(label: &str, cell: Cell) -> Cause {
        let words = format!("a rate of \"{label}\" is {}", cell.found);
        Cause::new(Code::F034, words, Some(cell)).advising(
            "Expected a number above 0: what one of the first currency is worth in the second.",
        )
    }

    /// A code of rates of exchange that no currency has.
    pub fn no_currency(cell: Cell) -> Cause {
        let words = format!("`{}` is no currency", cell.found);
        Cause::new(Code::F034, words, Some(cell))
            .advising("Expected a code of ISO 4217, such as USD.")
    }

    /// A person whose currency is none.
    pub fn no_pay_currency(payee: &str, code: &str) -> Cause {
        let words = format!("{payee} is paid in `{code}`, which is no currency");
        Cause::new(Code::F035, words, None).advising("Expected a code of ISO 4217, such as USD.")
    }

    /// An amount that is rounded to what is no amount of a person's currency.
    pub fn no_such_coin(payee: &str, currency: Currency, unit: &str) -> Cause {
        let words = format!("{payee} is paid in {currency}, of which {unit} is no amount");
        Cause::new(Code::F035, words, None)
            .advising("Let the plan say `round to the smallest unit, …`.")
    }

    /// No quota for a payee and period in its source.
    pub fn quota_missing((label, source): (&str, &str), payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::Q801,
            format!("no \"{label}\" of {payee} for {period}"),
            None,
        )
        .advising(format!(
            "Add it to the source `{source}`, and run again. A missing quota is never 0."
        ))
    }

    /// Two quotas for one payee and period.
    pub fn quota_twice(label: &str, payee: &str, period: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F009,
            format!("a second \"{label}\" of {payee} for {period}"),
            Some(cell),
        )
        .advising("Choosing one, or adding them, would be a guess: keep one row.")
    }

    /// A quota below zero.
    pub fn quota_negative(label: &str, payee: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F013,
            format!("\"{label}\" of {payee} is {}, below zero", cell.found),
            Some(cell),
        )
        .advising("Expected zero or more; a minus is usually a typing error.")
    }

    /// A period of a quota or an input that cannot be one.
    pub fn quota_period(text: &str, (wanted, example): (Cadence, &str), cell: Cell) -> Cause {
        let noun = wanted.noun();
        Cause::new(Code::F014, format!("`{text}` is not a {noun}"), Some(cell))
            .advising(format!("Expected a {noun} such as {example}."))
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
        .advising("Whoever signs fills in `signed_by` and `signed_on`.")
    }

    /// An input outside its range, as a question.
    pub fn input_range(question: String, cell: Cell) -> Cause {
        Cause::new(Code::I703, question, Some(cell))
    }

    /// Two values of one input for one period.
    pub fn input_twice(label: &str, of: &str, period: &str, cell: Cell) -> Cause {
        let words = format!("a second \"{label}\"{} for {period}", of_whom(of));
        Cause::new(Code::F009, words, Some(cell))
            .advising("Choosing one, or adding them, would be a guess: keep one row.")
    }

    /// A second balance of one name for one payee and payout.
    pub fn opening_twice(pay: &str, balance: &str, payee: &str, cell: Cell) -> Cause {
        let words = format!("a second balance {balance} of \"{pay}\" for {payee}");
        Cause::new(Code::F048, words, Some(cell))
            .advising("Choosing one, or adding them, would be a guess: keep one row.")
    }

    /// A balance below 0 that is not below it.
    pub fn opening_above(pay: &str, payee: &str, cell: Cell) -> Cause {
        let words = format!("the balance carried of \"{pay}\" for {payee} is above 0");
        Cause::new(Code::F048, words, Some(cell)).advising(
            "What is carried is what was below 0: write it with a minus, as `balances.csv` does.",
        )
    }

    /// What was drawn that is below 0.
    pub fn opening_below(pay: &str, payee: &str, cell: Cell) -> Cause {
        let words = format!("the balance drawn of \"{pay}\" for {payee} is below 0");
        Cause::new(Code::F048, words, Some(cell))
            .advising("What is drawn is what somebody owes: write it without a minus.")
    }

    /// A balance that a payout does not have.
    pub fn opening_unknown(pay: &str, balance: &str, payee: &str, cell: Cell) -> Cause {
        let words = format!("a balance {balance} for {payee}, and \"{pay}\" has none");
        Cause::new(Code::F048, words, Some(cell)).advising(
            "`carried` is of a payout that carries forward, `drawn` of one with a draw that is recovered.",
        )
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
        .advising("Add the row to the table; a last row can hold for `any`.")
    }

    /// A table in data without a row for these texts.
    pub fn not_listed(label: &str, keys: &str) -> Cause {
        let words = format!("\"{label}\" has no row for {keys}");
        Cause::new(Code::F012, words, None)
            .advising("Add the row, or let the plan say `if missing use …`.")
    }

    /// A second row for the same texts.
    pub fn listed_twice(label: &str, keys: &str, cell: Cell) -> Cause {
        let words = format!("a second \"{label}\" for {keys}");
        Cause::new(Code::F009, words, Some(cell))
            .advising("Choosing one would be a guess: keep one row.")
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
        .advising("Say it in the pay: `below 0 … carries forward`, `is lost` or `is paid as it is`.")
    }

    /// A measure whose rule says to hold.
    pub fn measure_holds(label: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::F012,
            format!("\"{label}\" of {payee} for {period} has nothing to be divided by"),
            None,
        )
    }

    /// A gate that holds: where the subject, which has a name or none, must lie.
    pub fn gate_holds((subject, range): (&str, &str), payee: &str, period: &str) -> Cause {
        let who = if subject.is_empty() {
            format!("{payee} is not at")
        } else {
            format!("`{subject}` of {payee} is not")
        };
        Cause::new(
            Code::Q804,
            format!("{who} {range} in {period}, and the gate holds the payout"),
            None,
        )
        .advising("The plan asks for it: look at the result before anything is paid.")
    }

    /// `round never` on an amount that needs rounding.
    pub fn not_whole(label: &str, payee: &str, period: &str, amount: &str) -> Cause {
        Cause::new(
            Code::R904,
            format!("\"{label}\" of {payee} for {period} is {amount}, which is not whole cents"),
            None,
        )
        .advising("Say in the pay how it is rounded, as in `round the total to 0.01, half up`.")
    }

    /// Shares of a record that do not make a whole.
    pub fn shares_total(record: &str, total: &str, most: &str, cell: Cell) -> Cause {
        Cause::new(
            Code::F020,
            format!("the shares of `{record}` total {total}, not {most}100%"),
            Some(cell),
        )
    }

    /// A share or weight below zero.
    pub fn share_negative(record: &str, cell: Cell) -> Cause {
        let words = format!("a share of `{record}` is below zero");
        Cause::new(Code::F020, words, Some(cell))
    }

    /// Somebody's share of a pool that is in proportion to less than nothing.
    pub fn weight_negative(label: &str, payee: &str, period: &str) -> Cause {
        Cause::new(
            Code::F044,
            format!(
                "{payee} would have less than no share of \"{label}\" in {period}: what it is shared by is below 0"
            ),
            None,
        )
        .advising(
            "Say in the pool that it counts as none, as in `share by max(total bookings, 0 USD)`.",
        )
    }

    /// Weights that say nothing.
    pub fn no_weight(record: &str, cell: Cell) -> Cause {
        let words = format!("every weight of `{record}` is zero, so nobody has a share");
        Cause::new(Code::F020, words, Some(cell))
    }

    /// A list that names somebody twice.
    pub fn listed_again(person: &str, record: &str, cell: Cell) -> Cause {
        let words = format!("`{person}` stands twice in a list of `{record}`");
        Cause::new(Code::F038, words, Some(cell))
            .advising("One of them is too many, or another person is meant.")
    }

    /// A record of which nobody is found among people.
    pub fn nobody_has(column: &str, value: &str, day: Date, cell: Cell) -> Cause {
        let words = format!("on {day} nobody's `{column}` is `{value}`");
        Cause::new(Code::F039, words, Some(cell))
            .advising("It is credited to nobody until somebody's is, or the record says another.")
    }

    /// A record of which more than one person is found among people.
    pub fn several_have(column: &str, value: &str, (day, who): (Date, &str), cell: Cell) -> Cause {
        let words = format!("on {day} `{column}` is `{value}` for {who}");
        Cause::new(Code::F039, words, Some(cell))
            .advising("Only one of them can have it: end the row of the other on the day before.")
    }

    /// Two exceptions that give one value of a record differently.
    pub fn exceptions_differ(
        (first, second): (&str, &str),
        what: &str,
        table: &Table,
        row: usize,
    ) -> Cause {
        let id = table.text("id", row).unwrap_or_default();
        let words =
            format!("\"{first}\" and \"{second}\" give `{what}` of this record differently");
        Cause::new(Code::F030, words, Some(table.cell(row, "id", id)))
            .advising("Take one of the exceptions out, or narrow it to other records.")
    }

    /// An adjustment that nobody has approved yet: of how much, for whom, and who keeps it.
    pub fn not_approved(amount: &str, payee: &str, kept_by: &str, cell: Cell) -> Cause {
        let words =
            format!("the adjustment of {amount} for {payee} is not approved: {kept_by} keeps it");
        let columns = format!("Whoever approves it fills in `{}`.", cell.column);
        Cause::new(Code::A204, words, Some(cell)).advising(columns)
    }

    /// An adjustment with more decimals than its currency has.
    pub fn not_whole_cents(amount: &str, payee: &str, cell: Cell) -> Cause {
        let words = format!("the adjustment of {amount} for {payee} is not whole cents");
        Cause::new(Code::F031, words, Some(cell))
            .advising("Nothing rounds it: write what was approved.")
    }

    /// The cause as a problem with a place.
    pub fn diagnostic(&self) -> Diagnostic {
        let words = self.words.clone();
        let found = match &self.cell {
            Some(cell) => Diagnostic::in_cell(self.code, cell.clone(), words),
            None => Diagnostic::bare(self.code, words),
        };
        if self.advice.is_empty() {
            found
        } else {
            found.note(self.advice.clone())
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
