//! Random draws.

use std::fmt::Write as _;

use paycurve::base::{Cadence, Calendar, Date};

use crate::support::random_project::Rng;

/// What draws can rest on.
pub struct About<'a> {
    /// Payouts.
    pub pays: &'a [String],
    /// A credit.
    pub credit: &'a str,
    /// The plan's period.
    pub own: Cadence,
    /// Longer lengths of time that periods lie in.
    pub ends: &'a [Cadence],
    pub calendar: &'a Calendar,
    /// The plan's days.
    pub days: (Date, Date),
}

/// Up to two draws on each payout; one of them at most is owed back.
pub fn blocks(rng: &mut Rng, about: &About<'_>) -> String {
    let mut text = String::new();
    for (at, pay) in about.pays.iter().enumerate() {
        let owed = rng.whole(0, 2);
        for n in 0..rng.whole(0, 2) {
            let _ = writeln!(text, "draw draw{at}_{n} \"Draw {at} {n}\"");
            block(rng, about, (pay, n == owed), &mut text);
        }
    }
    text
}

fn block(rng: &mut Rng, about: &About<'_>, (pay, is_owed): (&str, bool), text: &mut String) {
    let to = amount(rng, about, 40);
    let own = about.own;
    let _ = match rng.chance(70) {
        true => writeln!(text, "  top up      {pay} to {to} each {own}"),
        false => writeln!(text, "  advance     {to} on {pay} each {own}"),
    };
    if own != Cadence::TwoWeeks && rng.chance(40) {
        let (count, how) = (rng.whole(1, 5), rng.pick(&["full", "started"]));
        let _ = writeln!(
            text,
            "  for the first {count} {how} {} of employment",
            own.plural()
        );
    }
    if rng.chance(30) {
        let (first, last) = (day(rng, about, true), day(rng, about, false));
        if first <= last {
            let _ = writeln!(text, "  runs        {first} through {last}");
        }
    }
    if rng.chance(30) {
        let total = format!("total {} >= 0 USD", about.credit);
        let condition = rng.pick(&[
            "region on the last day of the period is \"West\"",
            "factor >= 100%",
            &total,
        ]);
        let _ = writeln!(text, "  when        {condition}");
    }
    text.push_str("  round       to 0.01 USD, half up\n");
    if !is_owed {
        text.push_str("  recover     never\n\n");
        return;
    }
    let from = match rng.whole(0, 3) {
        0 => format!("{pay}, all of it"),
        1 => format!("{pay}, at most {}% of it", rng.whole(1, 100)),
        2 => format!("{pay} above {}, all of that excess", amount(rng, about, 40)),
        _ => format!(
            "{pay} above {}, at most {}% of that excess",
            amount(rng, about, 20),
            rng.whole(1, 100)
        ),
    };
    let since = match rng.whole(0, 3) {
        0 => "after the draw ends".to_owned(),
        1 => match day(rng, about, true) {
            day if about.calendar.period_of(day, about.own).start() == day => format!("from {day}"),
            // No period begins inside a plan of a part of one.
            _ => "from the period after".to_owned(),
        },
        _ => "from the period after".to_owned(),
    };
    let most = match rng.chance(50) {
        true => "without limit".to_owned(),
        false => format!("at most {}", amount(rng, about, 90)),
    };
    let forgiven = match rng.whole(0, 4) {
        0 => format!("forgiven on {}", day(rng, about, false).min(about.days.1)),
        1 if !about.ends.is_empty() => {
            let last = i64::try_from(about.ends.len() - 1).expect("a short list");
            let at = usize::try_from(rng.whole(0, last)).expect("not negative");
            format!("forgiven at {} end", about.ends[at])
        }
        _ => "never forgiven".to_owned(),
    };
    let leaving = rng.pick(&["is owed", "is forgiven", "is taken from the last pay"]);
    let _ = writeln!(
        text,
        "  recover     from {from}, {since}\n  balance     {most}, {forgiven}\n  on leaving  the balance {leaving}\n"
    );
}

/// Money of the person and the period; at times a part of a cent.
fn amount(rng: &mut Rng, about: &About<'_>, most: i64) -> String {
    let hundreds = rng.whole(0, most) * 100;
    match rng.whole(0, 5) {
        0 => format!("min({hundreds} USD, total {} / 3 + 100 USD)", about.credit),
        1 => format!("factor * {hundreds} USD"),
        _ => format!("{hundreds} USD"),
    }
}

/// The first or the last day of one of the plan's periods, as far as the plan goes.
fn day(rng: &mut Rng, about: &About<'_>, first: bool) -> Date {
    let (from, through) = about.days;
    let periods = about.calendar.periods(from, through, about.own);
    let last = i64::try_from(periods.len() - 1).expect("a few periods");
    let at = usize::try_from(rng.whole(0, last)).expect("not negative");
    let period = periods[at];
    match first {
        true if period.start() < from => periods.get(at + 1).map_or(from, |own| own.start()),
        true => period.start(),
        false => period.end().min(through),
    }
}
