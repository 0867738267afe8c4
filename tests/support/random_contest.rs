//! Contests and rankings, in random plans.

use std::fmt::Write as _;

use paycurve::base::Date;

use crate::support::random_project::Rng;

/// What a contest can be about in one plan.
pub struct About<'a> {
    /// Credits of money.
    pub credits: [&'a str; 2],
    /// A window that looks back, or nothing.
    pub back: &'a str,
    /// The plan's first and last day.
    pub days: (Date, Date),
}

/// A contest, a ranking and a payout that reads both.
pub fn blocks(rng: &mut Rng, about: &About<'_>) -> String {
    let mut text = String::from("\ncontest prize \"Prize\"\n");
    order(rng, about, &mut text);
    let unit = rng.pick(&["0.01", "1", "7"]);
    let spare = rng.pick(&["to the earliest", "to the first by id"]);
    let share = format!("share the prizes they span, rounded to {unit}, remainder {spare}");
    let ties = rng.pick(&[
        share.as_str(),
        share.as_str(),
        "each take the better prize",
        "each take the lower prize",
    ]);
    let first = rng.whole(300, 900);
    let _ = writeln!(text, "  ties        {ties}");
    let _ = writeln!(
        text,
        "  | place | prize |\n  | 1 | {first} USD |\n  | 2 through 3 | 100.10 USD each |\n  | 4 | 31 USD |"
    );
    text.push_str("  accept R903 because \"random\"\n");
    text.push_str("\nranking standing \"Place\"\n");
    order(rng, about, &mut text);
    let ties = rng.pick(&[
        "take the better place",
        "take the lower place",
        "share the average place",
    ]);
    let unranked = rng.pick(&["pay nothing", "standing is 99"]);
    let _ = writeln!(text, "  ties        {ties}\n  if not ranked {unranked}");
    text.push_str(
        "\npay club \"Club\"\n  amount      standing * 1.50 USD + 10% of prize as earned\n  \
         round       the total to 0.01, half up\n",
    );
    text
}

/// Who competes, and by what.
fn order(rng: &mut Rng, about: &About<'_>, text: &mut String) {
    let [credit, other] = about.credits;
    let runs = rng.chance(50);
    if runs {
        let (first, last) = run(rng, about.days);
        let _ = writeln!(text, "  runs        {first} through {last}");
    }
    if rng.chance(40) {
        text.push_str("  for each    region as of the last day\n");
    }
    let back = if runs { "" } else { about.back };
    // By one credit, so that records say who is early.
    let ranked = match rng.whole(0, 3) {
        0 => format!("count {credit}{back}"),
        1 => format!("min(total {credit}{back}, 2,000 USD)"),
        2 => format!("max(count {credit}, 1)"),
        _ => format!("total {credit}"),
    };
    let first = rng.pick(&["highest first", "lowest first"]);
    let _ = writeln!(text, "  rank by     {ranked}, {first}");
    if rng.chance(25) {
        let then = if runs {
            format!("count {other}")
        } else {
            "attainment".to_owned()
        };
        let _ = writeln!(text, "  then by     {then}, highest first");
    }
    let needs = match rng.whole(0, 5) {
        0 => format!("count {credit} >= 1"),
        1 => format!("total {other} > 1,000 USD"),
        2 => "region is not \"East\"".to_owned(),
        3 if !runs => "attainment >= 30%".to_owned(),
        _ => return,
    };
    let _ = writeln!(text, "  needs       {needs}");
}

/// Some days of the plan.
fn run(rng: &mut Rng, (first, last): (Date, Date)) -> (Date, Date) {
    let all = i64::from(last.days() - first.days());
    let (a, b) = (rng.whole(0, all), rng.whole(0, all));
    let day = |after: i64| first.add_days(i32::try_from(after).unwrap()).unwrap();
    (day(a.min(b)), day(a.max(b)))
}
