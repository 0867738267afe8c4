//! A second plan for the people of a random project, and a total of what both pay.

use std::fmt::Write as _;

use paycurve::base::Cadence;

use crate::support::random_calendar::RandomCalendar;
use crate::support::random_project::Rng;

/// The plan, and the block of the total.
pub fn second(rng: &mut Rng, calendar: &RandomCalendar, pays: &[String]) -> (String, String) {
    let others = [
        Cadence::Month,
        Cadence::Quarter,
        Cadence::Half,
        Cadence::Year,
    ];
    let all: Vec<Cadence> = others
        .into_iter()
        .filter(|own| calendar.inputs().contains(own) || *own <= calendar.cadence)
        .collect();
    let period = one_of(rng, &all);
    let (rate, bonus) = (rng.whole(1, 12), rng.whole(1, 30) * 50);
    let gate = match rng.chance(25) {
        true => "  gate        count sold 1 and above, otherwise hold this payout\n",
        false => "",
    };
    let below = rng.pick(&["carries forward", "is lost", "is paid as it is"]);
    let unit = rng.pick(&["0.01", "0.01", "1", "0.003"]);
    let plan = format!(
        "plan \"Second 2026\"\n  currency    USD\n  effective   2026-01-01 through 2026-12-31\n  period      {period}\n  \
         payees      role is \"AE\" for the days in the role\n\nuse \"company.terms\"\n\n\
         credit sold \"Sold\"\n  from        deals as deal\n  dated by    deal.close_date\n  to          deal.owner\n  \
         amount      deal.amount\n\n\
         pay other \"Other\"\n  amount      {rate}% of total sold\n{gate}  round       the total to {unit}, half up\n  below 0 USD {below}\n\n\
         pay extra \"Extra\"\n  amount      count sold * {bonus} USD\n  round       the total to 0.01, half up\n"
    );
    let each = one_of(rng, &calendar.caps([calendar.cadence, period]));
    let most = rng.whole(1, 60) * 100;
    let mut total = "\ntotal together \"Together\"\n".to_owned();
    let every = rng.chance(30);
    if every {
        total.push_str("  of          every payout\n");
    } else {
        let last = i64::try_from(pays.len() - 1).expect("a few");
        let pay = &pays[usize::try_from(rng.whole(0, last)).expect("not negative")];
        let _ = writeln!(
            total,
            "  of          other in \"Second 2026\", {pay} in \"Random 2026\"\n  of          extra in \"Second 2026\""
        );
    }
    let _ = writeln!(
        total,
        "  cap         {most} USD each {each}, excess is lost"
    );
    if !every && rng.chance(40) {
        total.push_str("  reduces     the last first\n");
    } else {
        let residue = rng.pick(&[
            "to the largest share",
            "to the first",
            "by largest remainder",
        ]);
        let unit = rng.pick(&["0.01", "1", "50"]);
        let _ = writeln!(
            total,
            "  reduces     in proportion\n  round       each cut to {unit}, down\n  remainder   {residue}"
        );
    }
    (plan, total)
}

fn one_of(rng: &mut Rng, from: &[Cadence]) -> Cadence {
    let last = i64::try_from(from.len() - 1).expect("a short list");
    from[usize::try_from(rng.whole(0, last)).expect("not negative")]
}
