//! Lines that stop before their last decision: what is asked, and how each answer ends the line.

use crate::diag::{Code, Diagnostic, Edit};
use crate::syntax::lines::Piece;
use crate::syntax::spellings::{Slip, words};

/// How a line begins, what is asked where it stops, and the ends that answer it, each with its words.
type Decision = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const DECISIONS: &[Decision] = &[
    (
        "cap",
        "what becomes of what lies above this cap?",
        &[("nothing: it is lost", ", excess is lost")],
    ),
    (
        "cap",
        "how long do these records count together?",
        &[
            ("as long as the plan goes on", " for life, excess is lost"),
            (
                "anew in each length of time, such as",
                " each year, excess is lost",
            ),
        ],
    ),
    (
        "cap",
        "how often can this much be paid?",
        &[("for example", " each quarter, excess is lost")],
    ),
    (
        "floor",
        "how often is this the least?",
        &[("for example", " each quarter")],
    ),
    (
        "gate",
        "what is paid where this gate does not pass?",
        &[
            ("nothing", ", otherwise pay nothing"),
            ("a part", ", otherwise pay 50% of the amount so far"),
            ("the payout waits", ", otherwise hold this payout"),
        ],
    ),
    (
        "round",
        "where does half a unit go?",
        &[
            ("half a unit goes up", ", half up"),
            ("half a unit goes to the even one", ", half even"),
        ],
    ),
    (
        "below",
        "what becomes of an amount below 0?",
        &[
            ("later payouts are less by it", " carries forward"),
            ("nothing more comes of it", " is lost"),
            ("it is taken back at once", " is paid as it is"),
        ],
    ),
    (
        "if",
        "what is paid then?",
        &[
            ("payouts that read it are 0", " pay nothing"),
            ("payouts that read it wait", " hold this payout"),
        ],
    ),
    (
        "rank by",
        "who is first: who has most, or who has least?",
        &[
            ("who has most", ", highest first"),
            ("who has least", ", lowest first"),
        ],
    ),
    (
        "then by",
        "who is first: who has most, or who has least?",
        &[
            ("who has most", ", highest first"),
            ("who has least", ", lowest first"),
        ],
    ),
    (
        "ties share the prizes they span",
        "who gets the cents that are left when the prizes are shared?",
        &[
            (
                "whose last record comes first",
                ", rounded to 0.01, remainder to the earliest",
            ),
            (
                "the first by id",
                ", rounded to 0.01, remainder to the first by id",
            ),
        ],
    ),
    (
        "ties share the prizes they span",
        "who gets the cents that are left when the prizes are shared?",
        &[
            (
                "whose last record comes first",
                ", remainder to the earliest",
            ),
            ("the first by id", ", remainder to the first by id"),
        ],
    ),
    (
        "limit",
        "what happens where there is not enough for all?",
        &[(
            "everybody gets the same part of what they earned",
            ", scaled down in proportion",
        )],
    ),
    (
        "exempt",
        "do they use up what there is?",
        &[
            ("yes: the others share what is left", ", and counted first"),
            ("no: they are paid from elsewhere", ", and not counted"),
        ],
    ),
    (
        "top up",
        "how often is it topped up?",
        &[("each period of a plan by month", " each month")],
    ),
    (
        "advance",
        "how often is this paid on top?",
        &[("each period of a plan by month", " each month")],
    ),
    (
        "recover from",
        "how much of it is paid back, and since when?",
        &[
            (
                "all of it, as soon as something is owed",
                ", all of it, from the period after",
            ),
            ("a part of it", ", at most 50% of it, from the period after"),
        ],
    ),
    (
        "recover from",
        "how much of what lies above is paid back, and since when?",
        &[
            (
                "all of that, as soon as something is owed",
                ", all of that excess, from the period after",
            ),
            (
                "a part of that",
                ", at most 50% of that excess, from the period after",
            ),
        ],
    ),
    (
        "recover from",
        "since when is it paid back?",
        &[
            ("as soon as something is owed", ", from the period after"),
            ("once nothing is drawn any more", ", after the draw ends"),
        ],
    ),
    (
        "balance",
        "is what is owed forgiven at some time?",
        &[
            ("never", ", never forgiven"),
            ("when a year ends", ", forgiven at year end"),
        ],
    ),
    (
        "levels",
        "what counts once for a manager?",
        &[(
            "of each record what those below have of it",
            ", each credit once per manager",
        )],
    ),
    (
        "currency of each payee",
        "where does it stand in which currency somebody is paid?",
        &[("in a column of people, for example", ", in pay_currency")],
    ),
    (
        "paid in",
        "to what is the amount that is paid rounded?",
        &[(
            "to the smallest unit of its currency",
            ", round to the smallest unit, half up",
        )],
    ),
];

/// The decisions that a line may leave open, as slips with a line for each answer.
pub(in crate::syntax) fn open_in(text: &str) -> impl Iterator<Item = Slip> + '_ {
    let decided = DECISIONS.iter().filter_map(|(start, message, ends)| {
        let mut own = text
            .split_whitespace()
            .map(|word| word.trim_end_matches(','));
        let mut wanted = start.split(' ');
        let begins = wanted.all(|word| own.next() == Some(word));
        begins.then(|| undecided(text, message, ends))
    });
    no_mode(text).into_iter().chain(decided)
}

/// `excess carries forward as credit`: what counts in the next period is carried by a block of its own.
pub(in crate::syntax) fn excess_as_credit(line: Piece<'_>) -> Option<Diagnostic> {
    const CREDIT: &str = "excess carries forward as credit";
    const MONEY: &str = "excess carries forward as money";
    let start = line.text.find(CREDIT)?;
    let span = line.sub(start, start + CREDIT.len());
    let diagnostic = Diagnostic::at(
        Code::S006,
        span,
        "a cap keeps money; what counts in the next period goes into a measure",
    )
    .note(
        "Of an attainment of 230% with a cap at 200%, a `carry` lets 30% count in the next period, until it expires.",
    );
    let text = MONEY.to_owned();
    Some(
        diagnostic
            .help(
                "say it in a `carry`, of the measure that has the excess",
                "adds attainment - 200%, into attainment of the next period",
            )
            .fix(
                "or it is paid later, where there is room below the cap",
                MONEY,
                vec![Edit { span, text }],
            ),
    )
}

fn undecided(text: &str, message: &str, ends: &[(&'static str, &str)]) -> Slip {
    // A condition stays where it is.
    let (line, condition) = match text.find(", when ") {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let last = words(line).pop().map_or(0, |(word, _)| word.start);
    let lines = ends
        .iter()
        .map(|(words, end)| (*words, format!("{line}{end}{condition}")));
    Slip {
        at: last..line.len(),
        message: message.to_owned(),
        lines: lines.collect(),
    }
}

/// `amount total bookings at accelerator`
fn no_mode(text: &str) -> Option<Slip> {
    let all = words(text);
    let [.., (at, "at"), (name, table)] = all.as_slice() else {
        return None;
    };
    Some(Slip {
        at: at.start..name.end,
        message: format!("how does `{table}` pay: slice by slice, or everything at one rate?"),
        lines: vec![
            (
                "each rate for its own slice",
                format!("{text}, each slice at its own rate"),
            ),
            (
                "the rate reached for all of it",
                format!("{text}, everything at the rate reached"),
            ),
        ],
    })
}
