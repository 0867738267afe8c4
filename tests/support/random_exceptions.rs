//! Random exceptions, and random amounts added by hand.

use std::fmt::Write as _;

use crate::support::random_project::{PEOPLE, Rng};

/// What the rows of amounts added by hand mean.
pub const TERMS: &str = "\nrecords adjustments \"Adjustments\"\n  | column      | type         | meaning |\n  \
     | id          | Text         | id      |\n  | person      | Person       | whose   |\n  | date        | Date         | when    |\n  \
     | amount      | Money        | value   |\n  | reason      | Text         | why     |\n  \
     | approved_by | Text or none | who     |\n  | approved_on | Date or none | when    |\n";

/// The block that pays them.
pub fn adjustments(rng: &mut Rng) -> String {
    let below = rng.pick(&["is paid as it is", "carries forward", "is lost"]);
    format!(
        "adjustments manual \"Manual\"\n  from        adjustments as adjustment\n  to          adjustment.person\n  \
         dated by    adjustment.date\n  amount      adjustment.amount\n  because     adjustment.reason\n  \
         approved by adjustment.approved_by on adjustment.approved_on\n  kept by     \"Pay\"\n  below 0 USD {below}\n\n"
    )
}

/// Their rows: a few without a word of approval or a reason, and a few of half a cent.
pub fn rows(rng: &mut Rng, bad: impl Fn(&mut Rng, String, &str) -> String) -> String {
    let mut csv = String::from("id,person,date,amount,reason,approved_by,approved_on\n");
    for n in 1..=rng.whole(0, 12) {
        let person = rng.pick(&PEOPLE).to_owned();
        let person = bad(rng, person, "nobody-known");
        let year = if rng.chance(15) { 2025 } else { 2026 };
        let date = format!("{year}-{:02}-{:02}", rng.whole(1, 12), rng.whole(1, 28));
        let date = bad(rng, date, "soon");
        let third = if rng.chance(4) { "5" } else { "" };
        let sign = if rng.chance(40) { "-" } else { "" };
        let amount = format!("{sign}{}.{:02}{third}", rng.whole(0, 900), rng.whole(0, 99));
        let amount = bad(rng, amount, "10 EUR");
        let reason = bad(rng, "a reason".to_owned(), "");
        let (by, on) = *rng.pick(&[
            &("Mia", "2026-04-08"),
            &("Mia", "2026-04-08"),
            &("Mia", "2026-04-08"),
            &("Mia", "2026-04-08"),
            &("Mia", ""),
            &("", ""),
        ]);
        let on = bad(rng, on.to_owned(), "8 April");
        let id = bad(rng, format!("A-{n}"), "A-1");
        let _ = writeln!(csv, "{id},{person},{date},{amount},{reason},{by},{on}");
    }
    csv
}

/// An exception: its lines of what and whose, the value, and what that replaces.
pub fn exception(n: usize, about: &str, amount: &str, instead: &str) -> String {
    format!(
        "exception \"Exception {n}\"\n{about}  amount      {amount}\n  instead of  {instead}\n  \
         approved by \"Mia\" on 2026-02-11\n  because     \"agreed\"\n\n"
    )
}
