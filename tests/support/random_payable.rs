//! Payouts that are payable by the dates of records, in random plans.

use std::fmt::Write as _;

use crate::support::random_project::Rng;

/// Columns of deals with the dates on which they are paid and end.
pub const COLUMNS: &str =
    "  | paid_date  | Date or none   | paid    |\n  | ended_date | Date or none   | ended   |\n";

/// Now and then, a payout whose parts are payable by dates of the deals.
pub fn block(seed: u64, credit: &str) -> String {
    let mut rng = Rng::new(seed ^ 0xDA7E);
    if !rng.chance(40) {
        return String::new();
    }
    let rate = rng.whole(1, 40);
    let mut text =
        format!("pay staged \"Staged\"\n  for each    deal\n  amount      {rate}% of {credit}\n");
    if rng.chance(30) {
        text.push_str("  when        deal.product is not \"core\"\n");
    }
    if rng.chance(30) {
        let _ = writeln!(
            text,
            "  cap         {}00 USD each deal, excess is lost",
            rng.whole(1, 30)
        );
    }
    let mode = rng.pick(&["half up", "half even", "down", "up"]);
    let _ = writeln!(text, "  round       each deal to 0.01, {mode}");
    let first = rng.whole(1, 99);
    let (rest, later) = (100 - first, rng.whole(1, 12));
    let parts = rng.whole(2, 14);
    let apart = rng.pick(&["monthly", "monthly", "quarterly", "yearly"]);
    let (when, several) = match rng.whole(0, 5) {
        0 => ("on deal.paid_date".to_owned(), false),
        1 => (
            format!("{} days after deal.close_date", rng.whole(1, 200)),
            false,
        ),
        2 => (
            format!("{first}% on deal.close_date, {rest}% on deal.paid_date"),
            true,
        ),
        3 => (
            format!("in {parts} equal {apart} parts from deal.close_date"),
            true,
        ),
        4 => (
            format!(
                "{first}% on deal.close_date, {rest}% in {parts} equal {apart} parts from {later} months after deal.paid_date"
            ),
            true,
        ),
        _ => (
            format!("{first}% {later} months after deal.paid_date, {rest}% on deal.close_date"),
            true,
        ),
    };
    let _ = writeln!(text, "  payable     {when}");
    if several {
        let unit = rng.pick(&["0.01", "0.01", "0.05", "1"]);
        let mode = rng.pick(&["half up", "down", "up"]);
        let part = rng.pick(&["first", "last"]);
        let _ = writeln!(
            text,
            "  round each part to {unit}, {mode}, remainder in the {part} part"
        );
    }
    if rng.chance(30) {
        text.push_str("  until       deal.ended_date, what is withheld then is forfeited\n");
    }
    let leaving = rng.pick(&["is paid when due", "is forfeited"]);
    let _ = writeln!(text, "  on leaving  what is withheld {leaving}");
    let below = rng.pick(&[
        "carries forward",
        "carries forward",
        "is lost",
        "is paid as it is",
    ]);
    let _ = writeln!(text, "  below 0 USD {below}\n");
    text
}

/// The deals with dates on which they are paid and end; now and then one that is none.
pub fn with_dates(seed: u64, faults: bool, deals: &str) -> String {
    let mut rng = Rng::new(seed ^ 0xD0E5);
    let mut out = String::new();
    for (n, line) in deals.lines().enumerate() {
        if n == 0 {
            let _ = writeln!(out, "{line},paid_date,ended_date");
            continue;
        }
        let paid = day(&mut rng, faults, 25);
        let ended = day(&mut rng, faults, 70);
        let _ = writeln!(out, "{line},{paid},{ended}");
    }
    out
}

fn day(rng: &mut Rng, faults: bool, empty: i64) -> String {
    let (year, month, day) = (rng.whole(2025, 2027), rng.whole(1, 12), rng.whole(1, 28));
    match (rng.chance(empty), faults && rng.chance(1)) {
        (true, _) => String::new(),
        (_, true) => "soon".to_owned(),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}
