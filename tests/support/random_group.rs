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
