//! Random amendments of random projects: some of a plan's blocks, as they are or with other values, from a random day.

use paycurve::base::Date;

use crate::support::random_project::Rng;

const KINDS: [&str; 9] = [
    "measure",
    "tiers",
    "curve",
    "matrix",
    "value",
    "rate",
    "scorecard",
    "component",
    "pay",
];

/// The blocks of a plan that an amendment can replace, as written.
fn blocks(plan: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in plan.lines() {
        let opens = !line.is_empty() && !line.starts_with(' ');
        match blocks.last_mut() {
            Some(block) if !opens => {
                block.push_str(line);
                block.push('\n');
            }
            _ => blocks.push(format!("{line}\n")),
        }
    }
    blocks.retain(|block| {
        KINDS
            .iter()
            .any(|kind| block.starts_with(&format!("{kind} ")))
    });
    blocks
}

/// A block with other values in its rows, and in what it pays.
fn changed(rng: &mut Rng, block: &str) -> String {
    let mut headings = 0;
    let mut changed = String::new();
    for line in block.lines() {
        let is_row = line.trim_start().starts_with('|');
        let is_amount = line.trim_start().starts_with("amount");
        headings += usize::from(is_row);
        let (kept, value) = match line.trim_end().trim_end_matches('|').rsplit_once('|') {
            Some((kept, value)) if is_row && headings > 1 => (format!("{kept}|"), value),
            _ if is_amount => (String::new(), line),
            _ => {
                changed.push_str(line);
                changed.push('\n');
                continue;
            }
        };
        let digit = char::from(b'1' + u8::try_from(rng.whole(0, 8)).expect("a digit"));
        // The first digit of a value, but not of a name such as `booked0`.
        let at = value.char_indices().find(|(at, c)| {
            let before = value[..*at].chars().next_back();
            c.is_ascii_digit() && before.is_none_or(|c| c == ' ')
        });
        let value = match at {
            Some((at, _)) => format!("{}{digit}{}", &value[..at], &value[at + 1..]),
            None => value.to_owned(),
        };
        changed.push_str(&kept);
        changed.push_str(&value);
        changed.push_str(if is_row { "|\n" } else { "\n" });
    }
    changed
}

fn days(plan: &str) -> (Date, Date) {
    let line = plan
        .lines()
        .find_map(|line| line.trim().strip_prefix("effective "));
    let (first, last) = line
        .expect("a plan has days")
        .split_once(" through ")
        .expect("both");
    let day = |text: &str| Date::parse(text.trim()).expect("a day");
    (day(first), day(last))
}

/// An amendment of a plan; one of the same words where nothing shall change. It says nothing of the change date.
pub fn amendment(rng: &mut Rng, plan: &str, is_same: bool) -> String {
    let (first, last) = days(plan);
    let length = i64::from(last.days() - first.days());
    let on = |day: i64| {
        let day = first.add_days(i32::try_from(day).expect("a small number"));
        day.expect("a day of the plan")
    };
    let from = on(rng.whole(0, length));
    // Half of all changes are made where a month begins, and so perhaps a period.
    let month = Date::new(from.year(), from.month(), 1).filter(|day| first <= *day);
    let from = month.filter(|_| rng.chance(50)).unwrap_or(from);
    let through = if rng.chance(70) {
        last
    } else {
        on(rng.whole(i64::from(from.days() - first.days()), length))
    };
    let mut text = format!(
        "amend \"Random 2026\" as \"Change\"\n  effective   {from} through {through}\n  applies to  deals dated by \
         deal.close_date in the effective dates\n  because     \"chance\"\n  approved by \"Nobody\" on 2020-01-01\n"
    );
    let all = blocks(plan);
    let most = i64::try_from(all.len()).expect("a short plan");
    let mut chosen: Vec<usize> = Vec::new();
    for _ in 0..rng.whole(1, 3) {
        let one = usize::try_from(rng.whole(0, most - 1)).expect("not negative");
        if !chosen.contains(&one) {
            chosen.push(one);
        }
    }
    for one in chosen {
        let block = &all[one];
        let block = if is_same {
            block.clone()
        } else {
            changed(rng, block)
        };
        text.push_str(&format!("\nreplace {}\n", block.trim_end()));
    }
    text
}
