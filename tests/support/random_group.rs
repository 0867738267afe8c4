//! What several persons make together, in random plans.

use crate::support::random_project::Rng;

/// An amount that many persons make: over a credit, or over a value of the plan where one is given.
pub fn amount(rng: &mut Rng, credit: &str, back: &str, value: Option<&str>) -> String {
    let last = "as of the last day of the period";
    let of_credit = [
        "of everyone",
        "by region as of deal.close_date",
        "by region as of the last day of the period",
        "by manager as of deal.close_date",
    ];
    let among = rng.pick(&of_credit);
    let rate = rng.whole(1, 40);
    match (rng.whole(0, 7), value) {
        (0, _) => format!("count {credit}{back} {among} * 3.50 USD"),
        (1, _) => {
            let how = rng.pick(&["average", "highest", "lowest"]);
            format!("{rate}% of {how} {credit}{back} {among}")
        }
        (2, _) if rng.chance(30) => {
            format!("lowest attainment of all reports by manager {last} * {rate} USD")
        }
        (2, _) => format!("average attainment by region {last} * {rate} USD"),
        (3, _) => format!("{rate}% of total quota of everyone"),
        (4 | 5, Some(value)) => {
            let among = rng.pick(&[
                "of everyone",
                "by region as of the last day of the period",
                "of direct reports by manager as of the last day of the period",
                "of all reports by manager as of the last day of the period",
            ]);
            let how = rng.pick(&["total", "highest", "average"]);
            format!("{rate}% of {how} {value} {among}")
        }
        _ => format!("{rate}% of total {credit}{back} {among}"),
    }
}

/// A budget for some payouts, and sometimes a payout that reads what one of them earned.
pub fn budget(rng: &mut Rng, pays: &[String], each: &str) -> String {
    let of = pays.join(", ");
    let limit = rng.whole(0, 60) * 250;
    let exempt = rng.pick(&[
        "",
        "",
        "  exempt      region on the last day of the period is \"West\", and counted first\n",
        "  exempt      attainment >= 100%, and not counted\n",
    ]);
    let unit = rng.pick(&["0.01", "0.01", "0.05", "1"]);
    let rest = rng.pick(&[
        "to the largest payout",
        "to the first",
        "by largest remainder",
        "stays in the budget",
    ]);
    let mut text = format!(
        "budget purse \"Purse\"\n  of          {of}\n  limit       {limit} USD each {each}, scaled down in proportion\n\
         {exempt}  round       each payout to {unit}, down\n  remainder   {rest}\n\n"
    );
    if rng.chance(40) {
        text.push_str(&format!(
            "pay after \"After\"\n  amount      20% of {} as earned\n  round       the total to 0.01, half up\n  below 0 USD is lost\n\n",
            pays[0]
        ));
    }
    text
}
