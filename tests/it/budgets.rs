//! What a budget pays out is what is claimed, or all that there is.

use std::collections::BTreeMap;

use paycurve::base::Exact;
use paycurve::eval::Settled;

use crate::support::random_project::Rng;
use crate::support::small::{self, deals, turned};

const TERMS: &str = concat!(
    r#"people "People"
  | column | type | meaning |
  | id     | Text | who     |
  | role   | Text | job     |
"#,
    deals!()
);

const PLAN: &str = r#"plan "Everyone 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      month
  payees      role is "Rep"

use "company.terms"

pay claim
  amount      7.3% of total bookings
  round       the total to 0.01, half up
  below 0 USD is paid as it is

pay paid
  amount      7.3% of total bookings
  round       the total to 0.01, half up
  below 0 USD is paid as it is

budget purse
  of          paid
  limit       LIMIT USD each quarter, scaled down in proportion
  round       each payout to UNIT, down
  remainder   REST
"#;

/// By quarter: what is claimed and what is paid, and how many payouts there are. Amounts below 0 are the same in both.
fn sums(plan: &str, deals: &str) -> BTreeMap<u32, (Exact, Exact, i64)> {
    let people: String = (0..7).map(|n| format!("p{n},Rep\n")).collect();
    let texts = [
        ("company.terms", TERMS.to_owned()),
        ("budget.plan", plan.to_owned()),
    ];
    let run = small::run_over(&texts, &format!("id,role\n{people}"), deals);
    let mut sums = BTreeMap::new();
    for row in &run.plans[0].collected.rows {
        let amounts: Vec<Exact> = row
            .pays
            .iter()
            .map(|pay| match &pay.earned {
                Settled::Value(earned) => earned.clone(),
                other => panic!("{} is paid: {other:?}", row.payee),
            })
            .collect();
        let [claim, paid] = amounts.as_slice() else {
            panic!("two payouts");
        };
        if !claim.is_positive() {
            assert_eq!(claim, paid, "no claim is not touched");
            continue;
        }
        assert!(paid <= claim, "nobody is paid more than they claim");
        let quarter = (row.period.start().month() - 1) / 3;
        let sum = sums.entry(quarter).or_insert((Exact::ZERO, Exact::ZERO, 0));
        sum.0 += claim.clone();
        sum.1 += paid.clone();
        sum.2 += 1;
    }
    sums
}

#[test]
fn what_is_paid_is_what_is_claimed_or_all_there_is() {
    let rests = [
        "to the largest payout",
        "to the first",
        "by largest remainder",
        "stays in the budget",
    ];
    let (mut rng, mut scaled) = (Rng::new(11), 0);
    for n in 0..24 {
        let mut deals = "id,date,owner,amount\n".to_owned();
        for n in 0..40 {
            let cents = rng.whole(-500_000, 3_000_000);
            deals += &small::random_deal(&mut rng, n, cents);
        }
        let rest = rests[n % rests.len()];
        let limit = rng.whole(0, 9000);
        let plan = PLAN
            .replace("LIMIT", &limit.to_string())
            .replace("UNIT", "0.01")
            .replace("REST", rest);
        let found = sums(&plan, &deals);
        assert_eq!(
            found,
            sums(&plan, &small::turned(&deals)),
            "{n}: rows in another order"
        );
        for (quarter, (claimed, paid, payouts)) in found {
            let most = claimed.clone().min(Exact::int(limit));
            scaled += u32::from(claimed > most);
            if rest.starts_with("stays") {
                // Each payout loses less than a cent.
                let cents = Exact::int(payouts).checked_div(&Exact::int(100)).unwrap();
                assert!(
                    paid <= most && paid > most - cents,
                    "{n}, quarter {quarter}"
                );
            } else {
                assert_eq!(paid, most, "{n}, quarter {quarter}");
            }
        }
    }
    assert!(scaled > 20, "most budgets are not enough: {scaled}");
}

/// What one budget pays in January, on both engines, whatever the order of people.
fn january(plan: &str, people: &str) -> BTreeMap<String, String> {
    let deals = "id,date,owner,amount\n1,2026-01-10,p0,1000\n2,2026-01-11,p1,500\n";
    let found = |people: String| {
        let paid = small::paid(&small::run(&[
            ("paycurve.yaml", small::MANIFEST.to_owned()),
            ("company.terms", TERMS.to_owned()),
            ("budget.plan", plan.to_owned()),
            ("data/people.csv", people),
            ("data/deals.csv", deals.to_owned()),
        ]));
        let january = paid
            .into_iter()
            .filter_map(|(place, paid)| Some((place.strip_suffix(" 2026-01")?.to_owned(), paid)));
        january.collect::<BTreeMap<_, _>>()
    };
    let one = found(people.to_owned());
    assert_eq!(one, found(turned(people)), "people in another order");
    one
}

/// Who stands in a row of people that is not whole may claim something: nobody knows what is left for the others.
#[test]
fn who_is_lost_may_have_claimed() {
    let plan = PLAN
        .replace(
            "limit       LIMIT",
            "exempt      role is \"Lead\", and counted first\n  limit       100",
        )
        .replace("role is \"Rep\"", "role is one of \"Rep\", \"Lead\"")
        .replace("UNIT", "0.01")
        .replace("REST", "stays in the budget");
    // 7.3% of 1,000 and of 500 are 73 and 36.50, of 100 in all: the lead has all of it, and 27 are left.
    let found = january(&plan, "id,role\np0,Lead\np1,Rep\n");
    assert_eq!((&*found["p0 paid"], &*found["p1 paid"]), ("73", "27"));
    let found = january(&plan, "id,role\np0,Lead\np1,Rep\np9,Rep,x\n");
    assert_eq!((&*found["p0 paid"], &*found["p1 paid"]), ("73", "F003"));
    assert_eq!(found["p1 claim"], "36.5");
    let found = january(&plan, "id,role\np0,Lead\np1,Rep\n,Rep\n");
    assert_eq!((&*found["p0 paid"], &*found["p1 paid"]), ("73", "F012"));
}

/// A prize is a payout like any other: ana's 200 and 100 of bookings, and ben's 100 and 50, in proportion to 150.
#[test]
fn a_contest_claims_its_prizes() {
    let contest = "contest best
  rank by     total bookings, highest first
  ties        each take the better prize
  | place | prize   |
  | 1     | 200 USD |
  | 2     | 100 USD |
";
    let plan = PLAN
        .replace("budget purse", &format!("{contest}\nbudget purse"))
        .replace("7.3%", "10%")
        .replace("of          paid", "of          best, paid")
        .replace("LIMIT", "150")
        .replace("UNIT", "0.01")
        .replace("REST", "to the largest payout");
    // 200 + 100 and 100 + 50 are 450, three times what there is: a third of each is 66.66, 33.33, 33.33 and 16.66; the
    // 0.02 that are left go to the largest payout.
    let found = january(&plan, "id,role\np0,Rep\np1,Rep\n");
    let of = |place: &str| found[place].as_str();
    assert_eq!((of("p0 best"), of("p0 paid")), ("66.68", "33.33"));
    assert_eq!((of("p1 best"), of("p1 paid")), ("33.33", "16.66"));
}
