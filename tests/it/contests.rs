//! Contests: no prize is lost or paid twice, whatever ties; what cannot be known of one competitor holds all of them and
//! nobody else; and slips in a contest give one message.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use paycurve::base::Exact;
use paycurve::eval::Settled;

use crate::slips::{Slip, give_one_message};
use crate::support::random_project::Rng;
use crate::support::small::{self, deals, turned};

const PLAN: &str = concat!(
    r#"plan "Contest 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      quarter
  payees      role is "Rep"

people "People"
  | column | type         | meaning |
  | id     | Text         | who     |
  | role   | Text         | job     |
  | team   | Text or none | group   |
"#,
    deals!(),
    r#"
contest summer "Summer contest"
  runs        2026-05-15 through 2026-08-15
  rank by     count bookings, highest first
  needs       count bookings >= 1
  ties        share the prizes they span, rounded to 0.01, remainder to the earliest
  | place       | prize        |
  | 1           | 500.01 USD   |
  | 2           | 300 USD      |
  | 3 through 5 | 100 USD each |

ranking standing "Place"
  rank by     total bookings, highest first
  ties        take the better place
  if not ranked standing is 99

tiers club on standing
  | place        | bonus  |
  | 1 to under 4 | 10 USD |
  | 4 and above  | 0 USD  |

pay bonus "Club"
  amount      club
  round       the total to 0.01, half up
"#
);

/// By payee: what the summer contest pays in the third quarter; `None` is held.
fn paid(plan: &str, people: &str, deals: &str) -> BTreeMap<String, Option<Exact>> {
    let run = small::run_over(&[("contest.plan", plan.to_owned())], people, deals);
    let of = &run.plans[0];
    let mut paid = BTreeMap::new();
    for row in &of.collected.rows {
        if of.plan.calendar.label(&row.period) != "2026-Q3" {
            continue;
        }
        for pay in &row.pays {
            if of.plan.pay(pay.pay).name == "summer" {
                let payout = match &pay.payout {
                    Settled::Value(payout) => Some(payout.clone()),
                    _ => None,
                };
                paid.insert(row.payee.clone(), payout);
            }
        }
    }
    paid
}

fn people(count: i64) -> String {
    let mut people = "id,role,team\n".to_owned();
    for n in 0..count {
        let team = if n % 2 == 0 { "West" } else { "East" };
        let _ = writeln!(people, "p{n},Rep,{team}");
    }
    people
}

/// Deals of April through September, and how many persons have one in the days of the contest.
fn deals(rng: &mut Rng, people: i64) -> (String, usize) {
    let mut deals = "id,date,owner,amount\n".to_owned();
    let mut inside = Vec::new();
    for n in 0..rng.whole(0, 3 * people) {
        let (month, day, owner) = (rng.whole(4, 9), rng.whole(1, 30), rng.whole(0, people - 1));
        let _ = writeln!(
            deals,
            "D-{n},2026-{month:02}-{day:02},p{owner},{}",
            rng.whole(1, 900)
        );
        if (515..=815).contains(&(month * 100 + day)) && !inside.contains(&owner) {
            inside.push(owner);
        }
    }
    (deals, inside.len())
}

/// The prizes of as many places as there are ranked, however they tie.
#[test]
fn prizes_are_shared_whole() {
    let in_cents = [50_001, 30_000, 10_000, 10_000, 10_000];
    let mut rng = Rng::new(26);
    for n in 0..30 {
        let count = rng.whole(1, 9);
        let (people, (deals, ranked)) = (people(count), deals(&mut rng, count));
        let unit = ["0.01", "1", "250"][n % 3];
        let spare = ["earliest", "first by id"][n % 2];
        let plan = PLAN
            .replace("rounded to 0.01", &format!("rounded to {unit}"))
            .replace("to the earliest", &format!("to the {spare}"));
        let plan = plan.replace(
            "ranking standing",
            "  accept R903 because \"odd\"\n\nranking standing",
        );
        let found = paid(&plan, &people, &deals);
        let sum: Exact = found.values().flatten().sum();
        let prizes: i64 = in_cents.iter().take(ranked).sum();
        assert_eq!(sum, Exact::fixed(prizes.into(), 100), "{n}: {found:?}");
        let rows = (turned(&people), turned(&deals));
        assert_eq!(
            found,
            paid(&plan, &rows.0, &rows.1),
            "{n}: rows turned round"
        );
    }
}

/// A deal of a day that cannot be read may be one of the contest: nobody's place is known, but for who is not ranked.
#[test]
fn what_is_unknown_of_one_holds_all_who_compete() {
    let deals =
        "id,date,owner,amount\nD-1,2026-06-01,p0,10\nD-2,soon,p1,10\nD-3,2026-07-01,p2,10\n";
    let held = paid(PLAN, &people(4), deals);
    let is_held: Vec<bool> = held.values().map(Option::is_none).collect();
    assert_eq!(is_held, [true, true, true, false], "{held:?}");
    assert_eq!(held["p3"], Some(Exact::ZERO));
    // The day of a deal can be read and is none of the contest's: its amount, which it is not ranked by, is of no account.
    let outside = deals
        .replace("soon", "2026-09-01")
        .replace("p1,10", "p1,much");
    let found = paid(PLAN, &people(4), &outside);
    assert!(found.values().all(Option::is_some), "{found:?}");
    // In teams, West alone is held.
    let teams = PLAN.replace(
        "  rank by     count",
        "  for each    team\n  rank by     count",
    );
    let found = paid(&teams, &people(4), &deals.replace("p1", "p0"));
    let is_held: Vec<bool> = found.values().map(Option::is_none).collect();
    assert_eq!(is_held, [true, false, true, false], "{found:?}");
    // Who is in no team competes with nobody, and nobody knows in which contest.
    let nowhere = people(4).replace("p2,Rep,West", "p2,Rep,");
    let found = paid(&teams, &nowhere, &deals.replace("soon", "2026-06-02"));
    assert_eq!(found["p2"], None, "{found:?}");
    assert!(found["p0"].is_some());
}

/// Who stands in a row of people that is not whole may have won: it holds all who are ranked.
#[test]
fn who_is_lost_may_have_won() {
    let deals = "id,date,owner,amount\nD-1,2026-06-01,p0,10\nD-2,2026-07-01,p1,10\n";
    for people in [people(3) + "p9,Rep\n", people(3) + ",Rep,East\n"] {
        for people in [people.clone(), turned(&people)] {
            let run = small::run(&[
                ("paycurve.yaml", small::MANIFEST.to_owned()),
                ("contest.plan", PLAN.to_owned()),
                ("data/people.csv", people),
                ("data/deals.csv", deals.to_owned()),
            ]);
            // On both engines, with the causes.
            let found = small::paid(&run);
            let is_held = |place: &str| found[place].starts_with('F');
            assert!(is_held("p0 summer 2026-Q3") && is_held("p1 summer 2026-Q3"));
            // Who sold nothing does not meet `needs`; and in no other quarter is a prize decided.
            assert_eq!(found["p2 summer 2026-Q3"], "0");
            assert_eq!(found["p0 summer 2026-Q2"], "0");
            // Everybody has a place in the ranking, by which the bonus is paid.
            assert!(is_held("p2 bonus 2026-Q2"));
        }
    }
}

const SLIPS: &[Slip] = &[
    (
        "rank by     count bookings, highest first",
        "rank by     count bookings",
        "S006",
        "rank by     count bookings",
    ),
    (
        "rank by     count bookings, highest first",
        "rank by     bookings, highest first",
        "G301",
        "rank by     bookings",
    ),
    (
        "rank by     count bookings, highest first",
        "rank by     3, highest first",
        "C512",
        "ties        share the prizes",
    ),
    (
        "  ties        share the prizes they span, rounded to 0.01, remainder to the earliest\n",
        "",
        "S007",
        "contest summer",
    ),
    (
        "remainder to the earliest",
        "remainder to the winner",
        "S006",
        "ties        share",
    ),
    (
        "rounded to 0.01",
        "rounded to 0.001",
        "R904",
        "ties        share",
    ),
    ("through 2026-08-15", "through 2027-01-15", "D602", "runs"),
    (
        "runs        2026-05-15",
        "runs        2025-05-15",
        "D602",
        "runs",
    ),
    (
        "needs       count bookings >= 1",
        "needs       standing <= 3",
        "C510",
        "needs       standing",
    ),
    (
        "needs       count bookings >= 1",
        "needs       count bookings year to date >= 1",
        "C510",
        "needs       count",
    ),
    (
        "| 100 USD each |",
        "| 100 USD      |",
        "C511",
        "3 through 5",
    ),
    ("| 500.01 USD   |", "| 500.005 USD  |", "R904", "500.005"),
    ("| 500.01 USD   |", "| 500.01 EUR   |", "U201", "500.01"),
    ("| 500.01 USD   |", "| a trip       |", "S008", "a trip"),
    ("| 3 through 5 |", "| 4 through 5 |", "T401", "4 through 5"),
    ("| 3 through 5 |", "| 2 through 5 |", "T402", "2 through 5"),
    ("| 3 through 5 |", "| 5 through 3 |", "S008", "5 through 3"),
    (
        "  ties        take the better place\n",
        "",
        "S007",
        "ranking standing",
    ),
    (
        "  if not ranked standing is 99\n",
        "",
        "S007",
        "ranking standing",
    ),
    (
        "not ranked standing is 99",
        "not ranked summer is 99",
        "S008",
        "if not ranked",
    ),
    (
        "not ranked standing is 99",
        "not ranked standing is 99 USD",
        "U203",
        "if not ranked",
    ),
    (
        "| 4 and above  | 0 USD  |",
        "| 5 and above  | 0 USD  |",
        "T401",
        "1 to under 4",
    ),
    ("  needs       count", "  need        count", "S001", "need"),
    ("contest summer", "contst summer", "S001", "contst"),
];

#[test]
fn one_slip_gives_one_message() {
    give_one_message(PLAN, SLIPS);
}
