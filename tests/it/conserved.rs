//! Nothing is lost and nothing is made: what rows of shares give away, with what nobody gets, is the record; and what goes
//! up one level is what those who report to somebody have.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use paycurve::base::Exact;

use crate::support::random_project::Rng;
use crate::support::small;

const TERMS: &str = r#"people "People"
  | column  | type           | meaning |
  | id      | Text           | who     |
  | role    | Text           | job     |
  | manager | Person or none | above   |

records deals "Deals"
  | column | type   | meaning |
  | id     | Text   | which   |
  | date   | Date   | day     |
  | owner  | Person | whose   |
  | amount | Money  | value   |

records deal_splits "Splits"
  | column | type    | meaning |
  | deal   | Text    | which   |
  | person | Person  | who     |
  | share  | Percent | of all  |

credit whole "Whole deals"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount

credit parts "Parts"
  from        deals as deal
  dated by    deal.date
  amount      deal.amount
  split from deal_splits as s
    | who      | share   |
    | s.person | s.share |
  shares total at most 100%, the rest to REST
  ROUND

rollup team "Team"
  from        parts
  to          managers
  levels      1 up, each credit once per manager
  hierarchy as of deal.date
"#;

const PLAN: &str = r#"plan "Everyone 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      year
  payees      role is "Rep"

use "company.terms"

pay own_deals
  amount      total whole
  round never
  below 0 USD is paid as it is

pay own_parts
  amount      total parts
  round the total to 0.000001, half up
  below 0 USD is paid as it is

pay of_team
  amount      total team
  round the total to 0.000001, half up
  below 0 USD is paid as it is
"#;

const MANIFEST: &str = "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n  \
                        deal_splits: {file: data/deal_splits.csv}\n";

/// People of whom each but the first reports to an earlier one, deals and returns, and whole percents of them.
struct Case {
    people: String,
    deals: String,
    splits: String,
    /// In hundredths of a cent: what no row gives away.
    left: i64,
    /// In cents: what each deal is worth.
    cents: Vec<i64>,
}

fn case(rng: &mut Rng) -> Case {
    let mut people = "id,role,manager\np0,Rep,\n".to_owned();
    for n in 1..7 {
        let _ = writeln!(people, "p{n},Rep,p{}", rng.whole(0, n - 1));
    }
    let mut deals = "id,date,owner,amount\n".to_owned();
    let mut splits = "deal,person,share\n".to_owned();
    let (mut left, mut all) = (0, Vec::new());
    for n in 0..12 {
        let cents = rng.whole(-2_000_000, 9_000_000);
        deals += &small::random_deal(rng, n, cents);
        let mut free = 100;
        for _ in 0..rng.whole(0, 4) {
            let share = rng.whole(0, free);
            free -= share;
            let _ = writeln!(splits, "D-{n},p{},{share}%", rng.whole(0, 6));
        }
        left += cents * free;
        all.push(cents);
    }
    Case {
        people,
        deals,
        splits,
        left,
        cents: all,
    }
}

/// What the pays of everyone come to, by name, and what of `own_parts` is of people who report to somebody.
fn sums(case: &Case, rest: &str, round: &str, plan: &str) -> (BTreeMap<String, Exact>, Exact) {
    let run = small::run(&[
        ("paycurve.yaml", MANIFEST.to_owned()),
        (
            "company.terms",
            TERMS.replace("REST", rest).replace("  ROUND\n", round),
        ),
        ("conserved.plan", plan.to_owned()),
        ("data/people.csv", case.people.clone()),
        ("data/deals.csv", case.deals.clone()),
        ("data/deal_splits.csv", case.splits.clone()),
    ]);
    let (mut sums, mut below) = (BTreeMap::new(), Exact::ZERO);
    for (payee, pay, earned) in small::earned(&run) {
        *sums.entry(pay.to_owned()).or_insert(Exact::ZERO) += earned;
        if pay == "own_parts" && payee != "p0" {
            below += earned;
        }
    }
    (sums, below)
}

#[test]
fn nothing_is_lost_and_nothing_is_made() {
    let rounds = [
        "",
        "  round each share to 0.01, down\n  remainder to the largest share\n",
        "  round each share to 0.01, down\n  remainder by largest remainder\n",
        "  round each share to 0.01, down\n  remainder to the first\n",
    ];
    let mut rng = Rng::new(7);
    for n in 0..24 {
        let case = case(&mut rng);
        let round = rounds[n % rounds.len()];
        let (sums_of_all, below) = sums(&case, "deal.owner", round, PLAN);
        assert_eq!(sums_of_all["own_parts"], sums_of_all["own_deals"], "{n}");
        assert_eq!(sums_of_all["of_team"], below, "{n}");
        let (with_house, below) = sums(&case, "the company", "", PLAN);
        let house = Exact::int(case.left)
            .checked_div(&Exact::int(10_000))
            .unwrap();
        assert_eq!(
            with_house["own_parts"].clone() + house,
            with_house["own_deals"],
            "{n}"
        );
        assert_eq!(with_house["of_team"], below, "{n}");
    }
}

const EXCEPTIONS: &str = r#"
exception "A quarter of it"
  when        deal.id is "D-3"
  amount      25% of deal.amount
  instead of  deal.amount
  approved by "VP" on 2026-01-01
  because     "the rest is another unit's"

exception "As agreed"
  when        deal.id is "D-5"
  amount      8,000 USD
  instead of  parts
  approved by "VP" on 2026-01-01
  because     "side letter"
"#;

/// The parts of a split add up to what an exception puts in place of the amount, and so does what goes up.
#[test]
fn what_an_exception_gives_is_shared_whole() {
    let plan = format!("{PLAN}{EXCEPTIONS}")
        .replace("round never", "round the total to 0.000001, half up");
    let mut rng = Rng::new(11);
    for n in 0..12 {
        let case = case(&mut rng);
        let (sums, below) = sums(&case, "deal.owner", "", &plan);
        let worth = |(at, cents): (usize, &i64)| match at {
            3 => (*cents, 400),
            5 => (8_000, 1),
            _ => (*cents, 100),
        };
        let parts = case.cents.iter().enumerate().map(worth);
        let wanted = parts.fold(Exact::ZERO, |sum, (units, of)| {
            sum + Exact::int(units).checked_div(&Exact::int(of)).unwrap()
        });
        assert_eq!(sums["own_parts"], wanted, "{n}");
        assert_eq!(sums["of_team"], below, "{n}");
    }
}
