//! The lines of a random `quota` block, and random days of relief and leave.

use std::fmt::Write as _;

use paycurve::base::Cadence;

use crate::support::random_project::{PEOPLE, Rng};

/// What the records of days mean.
pub const TERMS: &str = "\nrecords quota_relief \"Relief\"\n  | column  | type         | meaning |\n  | id      | Text         | id      |\n  \
     | payee   | Person       | whose   |\n  | from    | Date         | first   |\n  | through | Date or none | last    |\n  \
     | share   | Percent      | share   |\n\n\
     records leave \"Leave\"\n  | column | type   | meaning |\n  | payee  | Person | whose   |\n  | first  | Date   | first   |\n  \
     | last   | Date   | last    |\n\n\
     records holidays \"Holidays\"\n  | column | type | meaning |\n  | date   | Date | free    |\n";

/// The names of the files of days.
pub const FILES: [&str; 3] = ["quota_relief", "leave", "holidays"];

/// The block of a quota of one length of time.
pub fn block(rng: &mut Rng, of: Cadence) -> String {
    let mut text = format!("quota quota \"Quota\"\n  from        quotas, one per payee per {of}\n");
    if of > Cadence::Month && rng.chance(60) {
        text.push_str(&spread(rng, of));
    }
    if rng.chance(50) {
        let shares: Vec<String> = (0..rng.whole(1, 5))
            .map(|_| format!("{}%", rng.whole(0, 24) * 5))
            .collect();
        let month = rng.pick(&["month", "started month"]);
        let _ = writeln!(
            text,
            "  ramp        {} by {month} of employment",
            shares.join(", ")
        );
    }
    if rng.chance(50) {
        let by = rng.pick(&["", ", by r.share"]);
        let _ = writeln!(
            text,
            "  relief      from quota_relief as r, on r.from through r.through{by}"
        );
    }
    if rng.chance(60) {
        let whole = match of.months() {
            Some(_) => "whole months in the role",
            None => "calendar days in the role",
        };
        let unit = rng.pick(&[
            "calendar days in the role",
            "working days in the role",
            "working days in the role, holidays from holidays as h, on h.date",
            whole,
        ]);
        let leave = rng.pick(&[
            "",
            ", less leave from leave as l, on l.first through l.last",
        ]);
        let _ = writeln!(text, "  prorated by {unit}{leave}");
    }
    if rng.chance(40) {
        let unit = rng.pick(&["1 USD", "0.01 USD", "50 USD"]);
        let mode = rng.pick(&["half up", "half even", "down"]);
        let _ = writeln!(text, "  round       to {unit}, {mode}");
    }
    text.push('\n');
    text
}

/// Shares that make the whole.
fn spread(rng: &mut Rng, of: Cadence) -> String {
    let shorter = [Cadence::Month, Cadence::Quarter, Cadence::Half];
    let shorter: Vec<&Cadence> = shorter.iter().filter(|own| **own < of).collect();
    let over = *rng.pick(&shorter);
    let months = |own: Cadence| own.months().expect("whole months");
    let parts = months(of) / months(over);
    let mut left = 100;
    let mut shares = Vec::new();
    for _ in 1..parts {
        let share = rng.whole(0, left.min(30));
        left -= share;
        shares.push(format!("{share}%"));
    }
    shares.push(format!("{left}%"));
    format!(
        "  spread      {} over {}\n",
        shares.join(", "),
        over.plural()
    )
}

/// The files of days, by name. `bad` may put something wrong in the place of a value.
pub fn files(
    rng: &mut Rng,
    bad: impl Fn(&mut Rng, String, &str) -> String,
) -> Vec<(String, String)> {
    let mut relief = String::from("id,payee,from,through,share\n");
    let mut leave = String::from("payee,first,last\n");
    for id in PEOPLE {
        for (from, through) in stretches(rng) {
            let row = rng.whole(1, 9999).to_string();
            let share = format!("{}%", rng.whole(0, 10) * 10);
            let share = bad(rng, share, "120%");
            let from = bad(rng, from, "June");
            let through = if rng.chance(10) {
                String::new()
            } else {
                through
            };
            let id = bad(rng, id.to_owned(), "Ana");
            let _ = writeln!(relief, "{row},{id},{from},{through},{share}");
        }
        for (first, last) in stretches(rng) {
            let last = bad(rng, last, "2025-06-01");
            let first = bad(rng, first, "");
            let id = bad(rng, id.to_owned(), "");
            let _ = writeln!(leave, "{id},{first},{last}");
        }
    }
    let mut holidays = String::from("date\n");
    for _ in 0..rng.whole(0, 12) {
        let day = format!("2026-{:02}-{:02}", rng.whole(1, 12), rng.whole(1, 28));
        let _ = writeln!(holidays, "{}", bad(rng, day, "easter"));
    }
    FILES
        .iter()
        .zip([relief, leave, holidays])
        .map(|(name, text)| ((*name).to_owned(), text))
        .collect()
}

/// Days, of which two stretches share one now and then.
fn stretches(rng: &mut Rng) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for _ in 0..rng.whole(0, 2) {
        let (month, day) = (rng.whole(1, 11), rng.whole(1, 28));
        let year = rng.pick(&["2025", "2026", "2026", "2026"]).to_owned();
        let until = month + rng.whole(0, 1);
        let last = if until == month {
            rng.whole(day, 28)
        } else {
            rng.whole(1, 28)
        };
        found.push((
            format!("{year}-{month:02}-{day:02}"),
            format!("{year}-{until:02}-{last:02}"),
        ));
    }
    found
}
