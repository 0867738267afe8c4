//! Days on which records came in, and what becomes of late ones, for random projects.

use paycurve::base::Date;

use crate::support::random_project::Rng;

/// What a credit says of records that come in late, or nothing.
pub fn clauses(rng: &mut Rng) -> String {
    if rng.chance(65) {
        return String::new();
    }
    let limit = match rng.whole(0, 3) {
        0 => ", for 1 closed period, later ones are not paid",
        1 => ", for 3 closed periods, later ones are not paid",
        _ => "",
    };
    let close = if rng.chance(30) {
        "  periods close 12 days after they end\n"
    } else {
        ""
    };
    format!("  known on    deal.seen\n  corrections count in the open period{limit}\n{close}")
}

/// Lets late records rate their own periods again.
pub fn re_rate(rng: &mut Rng, text: &str) -> String {
    let open = "corrections count in the open period";
    let mut made = String::new();
    for line in text.lines() {
        let own = "corrections re-rate their own period";
        let mut line = line.replace(open, own);
        if line.contains(own) && rng.chance(50) {
            line = line.replace(
                "later ones are not paid",
                "later ones count in the open period",
            );
        }
        made.push_str(&line);
        made.push('\n');
    }
    say_what_holds_below_zero(&made)
}

/// A correction can be below 0, whatever the plan says of its amounts.
fn say_what_holds_below_zero(text: &str) -> String {
    let mut made = String::new();
    for block in text.split_inclusive("\n\n") {
        let lines = block.trim_end_matches('\n');
        let rest = &block[lines.len()..];
        made.push_str(lines);
        if lines.starts_with("pay ") && !lines.contains("\n  below 0") {
            made.push_str("\n  below 0 USD is lost");
        }
        made.push_str(rest);
    }
    made
}

/// The day on which a record of another day came in: mostly the same, now and then long after it, or before.
pub fn seen(rng: &mut Rng, date: &str) -> String {
    let days = match rng.whole(0, 9) {
        0 => rng.whole(1, 400),
        1 | 2 => rng.whole(1, 90),
        3 => -rng.whole(0, 40),
        _ => 0,
    };
    let day = Date::parse(date).and_then(|day| day.add_days(i32::try_from(days).ok()?));
    day.map_or_else(|| date.to_owned(), |day| day.to_string())
}
