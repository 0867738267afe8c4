//! Money that several persons share, in random plans.

use crate::support::random_project::Rng;

/// A pool, with a payout that reads it. `credit` is taken together, `other` is anybody's; `pay` is a payout of the plan.
pub fn pool(rng: &mut Rng, credit: &str, other: &str, back: &str, pay: &str) -> String {
    let last = "as of the last day of the period";
    let rate = rng.whole(1, 40);
    let size = match rng.whole(0, 7) {
        0 => format!("{rate}% of total {credit}{back} of everyone"),
        1 => format!("{rate}% of total {credit}{back} by region {last}"),
        2 => format!("min({rate}% of total {credit} by region as of deal.close_date, 900 USD)"),
        3 => format!("bonus_pool + {rate}% of highest {credit} by region {last}"),
        4 => format!("csat * {rate}00.05 USD"),
        5 => format!("average attainment by region {last} * {rate}0 USD"),
        6 => format!("{rate}% of total {pay} as earned by region {last}"),
        _ => format!("{rate}00 USD"),
    };
    let whose = match rng.whole(0, 3) {
        0 if !size.contains("by region") && !size.contains("bonus_pool") => "  for all payees\n",
        1 => "  for each    region\n",
        _ => "",
    };
    let mut members = String::new();
    for _ in 0..rng.whole(0, 2) {
        let count = format!("count {other} >= 1");
        let member = rng.pick(&[
            "region on the last day of the period is not \"North\"",
            "factor on the last day of the period > 60%",
            "attainment >= 40%",
            &count,
        ]);
        members += &format!("  members     {member}\n");
    }
    let weight = match rng.whole(0, 6) {
        0 => "quota".to_owned(),
        1 => "attainment".to_owned(),
        2 => "target on the last day of the period".to_owned(),
        3 => format!("{pay} as earned"),
        4 => format!("total {other}{back}"),
        _ => format!("max(total {other}, 0 USD)"),
    };
    let zero = rng.pick(&["equally", "nobody"]);
    let share = match rng.chance(15) {
        true => "equally".to_owned(),
        false => format!("by {weight}, {zero} if all are zero"),
    };
    let unit = rng.pick(&["0.01", "0.01", "0.05", "1"]);
    let remainder = rng.pick(&[
        "to the largest share",
        "to the first",
        "by largest remainder",
        "to the company",
    ]);
    format!(
        "pool shared \"Shared\"\n{whose}  size        {size}, at least 0 USD\n{members}  share {share}\n  round each share to \
         {unit}, down\n  remainder   {remainder}\n\npay of_pool \"Of the pool\"\n  amount      {rate}% of shared as earned\n  round \
         the total to 0.01, half up\n"
    )
}
