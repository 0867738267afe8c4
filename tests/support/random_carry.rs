//! Random quantities that carry over.

use std::fmt::Write as _;

use paycurve::base::Cadence;

use crate::support::random_project::Rng;

/// What a pay of the period can read of them.
pub const READS: [&str; 5] = [
    "15% of stock",
    "used",
    "min(left_over, 900 USD)",
    "2.5% of (stock - used)",
    "debt * 10%",
];

/// Two measures of a stock that is used up in part, and what is left of it; one that runs below 0. `ends` are the lengths of
/// time with whose ends it can expire.
pub fn blocks(rng: &mut Rng, credit: &str, ends: &[Cadence]) -> String {
    let mut text = String::new();
    let rule = rng.pick(&["pay nothing", "hold this payout", "stock is 700 USD"]);
    let _ = writeln!(
        text,
        "measure stock \"Stock\"\n  value       total {credit}"
    );
    if rng.chance(30) {
        text.push_str("  round       to 1 USD, half up\n");
    }
    if rng.chance(40) {
        let _ = writeln!(text, "  if count {credit} is zero {rule}");
    }
    let most = rng.whole(1, 90) * 100;
    let _ = writeln!(
        text,
        "\nmeasure used \"Used\"\n  value       min(stock, {most} USD)\n"
    );
    let after = rng.whole(1, 4);
    let expiry = match rng.whole(0, 3) {
        0 => "never".to_owned(),
        1 if !ends.is_empty() => format!("at {} end", one_of(rng, ends)),
        _ => format!("after {after} period{}", if after == 1 { "" } else { "s" }),
    };
    let adds = rng.pick(&["stock - used", "stock - used", "max(stock - used, 250 USD)"]);
    let _ = writeln!(
        text,
        "carry left_over \"Left over\"\n  adds        {adds}\n  into        stock of the next period\n  expires     {expiry}\n"
    );
    let _ = writeln!(
        text,
        "measure debt \"Debt\"\n  value       total {credit} - 4,000 USD\n\n\
         carry owed \"Owed\"\n  adds        min(debt, 0 USD), below 0 too\n  into        debt of the next period\n  expires     never\n"
    );
    text
}

fn one_of(rng: &mut Rng, from: &[Cadence]) -> Cadence {
    let last = i64::try_from(from.len() - 1).expect("a short list");
    from[usize::try_from(rng.whole(0, last)).expect("not negative")]
}
