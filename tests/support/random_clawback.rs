//! Random take-backs of the payouts of a plan.

use std::fmt::Write as _;

use crate::support::random_project::Rng;

/// Take-backs for some payouts of a plan that can have them; `credits` are those whose records are deals.
pub fn blocks(rng: &mut Rng, plan: &str, credits: &[String]) -> String {
    let mut text = String::new();
    for (name, block) in pays(plan) {
        let over = ["earned ", "pays the increase", "as money"];
        if over.iter().any(|words| block.contains(words)) || !rng.chance(40) {
            continue;
        }
        let is_each = block.contains("for each");
        let says_below = block.contains("\n  below 0 ");
        if !says_below || (is_each && !block.contains("for each    deal\n")) {
            continue;
        }
        let last = i64::try_from(credits.len() - 1).expect("few");
        let credit = &credits[usize::try_from(rng.whole(0, last)).expect("small")];
        for nth in 0..rng.whole(1, 2) {
            let _ = writeln!(
                text,
                "clawback back_{name}_{nth} \"Back\"\n  of          {name}"
            );
            if rng.chance(50) {
                let (from, through) = (rng.whole(0, 20), rng.whole(40, 200));
                let unit = rng.pick(&["days", "days", "months"]);
                let _ = writeln!(
                    text,
                    "  when        deal.cancelled is {from} through {through} {unit} after deal.close_date"
                );
            }
            if rng.chance(30) {
                text.push_str("  when        deal.stage is \"Won\"\n");
            }
            let share = rng.pick(&["", "100% of ", "50% of ", "62.5% of "]);
            let part = rng.pick(&["1/9", "1/12", "5%"]);
            let months = rng.pick(&["whole", "started"]);
            let less = match rng.chance(40) {
                true => format!(", less {part} for each {months} month from deal.close_date"),
                false => String::new(),
            };
            let parts = rng.pick(&["", "", ", in 2 equal parts", ", in 3 equal parts"]);
            let to = if is_each {
                String::new()
            } else {
                format!(" to {credit}")
            };
            let unit = rng.pick(&["0.01", "1"]);
            let mode = rng.pick(&["half up", "half even", "up", "down"]);
            let _ = writeln!(
                text,
                "  take back   {share}what was earned and released on the deal{less}{parts}\n  attributed  in proportion{to}\n  \
                 in the period of deal.cancelled\n  round       each take-back to {unit}, {mode}\n  attainment  keeps the deal\n"
            );
        }
    }
    text
}

/// The payouts of a plan, by name, with their blocks.
fn pays(plan: &str) -> Vec<(String, String)> {
    let blocks = plan
        .split("\n\n")
        .map(|block| block.trim_start_matches('\n'));
    let pays = blocks.filter_map(|block| {
        let name = block.strip_prefix("pay ")?.split_whitespace().next()?;
        Some((name.to_owned(), block.to_owned()))
    });
    pays.collect()
}

/// The day on which a deal of a month is cancelled, if it is.
pub fn cancelled(rng: &mut Rng, year: i64, month: i64) -> String {
    if !rng.chance(35) {
        return String::new();
    }
    let later = month - 1 + rng.whole(0, 6);
    let (year, month) = (year + later / 12, later % 12 + 1);
    format!("{year}-{month:02}-{:02}", rng.whole(1, 28))
}
