//! Caps of the records with one value of a column: planted faults hold those who may have used them, on both engines and
//! whatever the order of the rows; and what was used before a plan counts like the same records in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use paycurve::base::Exact;

use crate::slips::{Slip, give_one_message};
use crate::support::random_project::Rng;
use crate::support::small::{self, Fault, amount, paid};

const PLAN: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      quarter
  payees      role is "Rep"

people "People"
  | column | type | meaning |
  | id     | Text | who     |
  | role   | Text | job     |

records deals "Deals"
  | column   | type         | meaning   |
  | id       | Text         | order     |
  | amount   | Money        | value     |
  | rate     | Percent      | what of   |
  | area     | Text         | where     |
  | street   | Text or none | more of it |
  | date     | Date         | day       |
  | owner    | Person       | who sold  |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount

pay commission
  for each    deal
  amount      bookings * deal.rate
  cap         150 USD each deal.area each half, excess is lost
  round       the total to 0.01, half up
  below 0 USD is paid as it is
"#;

const PEOPLE: &str = "id,role\nana,Rep\nbea,Rep\n";

const DEALS: &str = "id,amount,rate,area,date,owner,street
D-0,1000.00,10%,North,2026-01-05,ana,
D-1,1000.00,10%,West,2026-01-10,ana,
D-2,1000.00,10%,West,2026-04-10,ana,
D-3,1000.00,10%,East,2026-05-10,ana,
D-4,1000.00,10%,West,2026-07-10,ana,
D-5,1000.00,10%,West,2026-05-10,bea,
";

/// A deal pays 100. Of ana's second one in West, 50 are left in the half; bea has her own 150.
const SOUND: [(&str, &str); 8] = [
    ("ana 2026-Q1", "200"),
    ("ana 2026-Q2", "150"),
    ("ana 2026-Q3", "100"),
    ("ana 2026-Q4", "0"),
    ("bea 2026-Q1", "0"),
    ("bea 2026-Q2", "100"),
    ("bea 2026-Q3", "0"),
    ("bea 2026-Q4", "0"),
];

const FAULTS: &[Fault] = &[
    ("", "", &[]),
    // What is credited is not known, and it may have used any cap of the half.
    (
        "D-1,1000.00",
        "D-1,many",
        &[("ana 2026-Q1", "F001"), ("ana 2026-Q2", "F001")],
    ),
    // Only what it pays is not known: it has used the cap of West, to which D-2 belongs.
    (
        "D-1,1000.00,10%",
        "D-1,1000.00,x",
        &[("ana 2026-Q1", "F001"), ("ana 2026-Q2", "F001")],
    ),
    // No later deal of the half is in the North.
    (
        "D-0,1000.00,10%",
        "D-0,1000.00,x",
        &[("ana 2026-Q1", "F001")],
    ),
    // It may be of any area.
    (
        "West,2026-01-10",
        ",2026-01-10",
        &[("ana 2026-Q1", "F012"), ("ana 2026-Q2", "F012")],
    ),
    ("East,2026-05-10", ",2026-05-10", &[("ana 2026-Q2", "F012")]),
    // On any day.
    (
        "East,2026-05-10",
        "East,soon",
        &[
            ("ana 2026-Q1", "F001"),
            ("ana 2026-Q2", "F001"),
            ("ana 2026-Q3", "F001"),
            ("ana 2026-Q4", "F001"),
        ],
    ),
    // A return gives room back: 100 less 50, then all of D-2.
    (
        "D-0,1000.00,10%,North,2026-01-05",
        "D-0,-500.00,10%,West,2026-02-05",
        &[("ana 2026-Q1", "50"), ("ana 2026-Q2", "200")],
    ),
];

#[test]
fn a_record_that_cannot_be_known_may_have_used_a_cap() {
    small::faults_hold(&SOUND, FAULTS, DEALS, |deals| {
        small::run_over(&[("reps.plan", PLAN.to_owned())], PEOPLE, deals)
    });
}

/// What a plan for a part of the year pays, by payee and quarter; `prior` are rows of what was used before it.
fn paid_from(first: &str, line: &str, deals: &str, prior: &str) -> BTreeMap<String, String> {
    let plan = PLAN.replace("2026-01-01", first).replace(
        "cap         150 USD each deal.area each half, excess is lost",
        line,
    ) + "\nvalue prior by id, deal.area\n  from        prior\n  type        Money\n  if missing  use 0 USD\n";
    let manifest = small::MANIFEST.to_owned() + "  prior: {file: data/prior.csv, currency: USD}\n";
    let run = small::run(&[
        ("paycurve.yaml", manifest),
        ("reps.plan", plan),
        ("data/people.csv", PEOPLE.to_owned()),
        ("data/deals.csv", deals.to_owned()),
        ("data/prior.csv", prior.to_owned()),
    ]);
    paid(&run)
}

#[test]
fn what_was_used_before_counts_like_the_same_records_in_the_plan() {
    const LIMIT: i64 = 15_000;
    let line = "cap         150 USD each deal.area for life, of which prior was used before, excess is lost";
    for seed in 0..40 {
        let mut rng = Rng::new(seed);
        let mut used: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        let mut expected: BTreeMap<String, i64> = BTreeMap::new();
        let (mut all, mut later) = (String::new(), String::new());
        let head = "id,amount,rate,area,date,owner,street\n";
        let mut prior = String::from("payee,area,prior\n");
        for n in 0..14 {
            let month = 1 + n * 12 / 14;
            if month > 6 && later.is_empty() {
                later.push_str(head);
                for ((who, area), used) in &used {
                    let _ = writeln!(prior, "{who},{area},{}", amount(*used));
                }
            }
            let (who, area) = (rng.pick(&["ana", "bea"]), rng.pick(&["North", "South"]));
            let cents = rng.whole(-4, 9) * 1_000;
            let own = used.entry((who, area)).or_insert(0);
            let pays = cents.min((LIMIT - *own).max(0));
            *own += pays;
            let quarter = (month + 2) / 3;
            *expected
                .entry(format!("{who} commission 2026-Q{quarter}"))
                .or_insert(0) += pays;
            let row = format!(
                "D-{n},{},10%,{area},2026-{month:02}-15,{who},\n",
                amount(cents * 10)
            );
            all.push_str(&row);
            if !later.is_empty() {
                later.push_str(&row);
            }
        }
        let whole = paid_from(
            "2026-01-01",
            line,
            &(head.to_owned() + &all),
            "payee,area,prior\n",
        );
        let half = paid_from("2026-07-01", line, &later, &prior);
        for (place, pays) in &expected {
            let exact = Exact::fixed(i128::from(*pays), 100).to_plain();
            assert_eq!(whole[place], exact, "{seed}: {place}");
        }
        assert_eq!(half.len(), 4, "two quarters of two persons");
        for (place, said) in &half {
            assert_eq!(said, &whole[place], "{seed}: {place}");
        }
    }
}

/// Slips in the line of the cap.
const SLIPS: &[Slip] = &[
    (
        "each deal.area each half",
        "each deal.date each half",
        "U203",
        "  cap",
    ),
    (
        "each deal.area each half",
        "each deal.street each half",
        "S007",
        "  cap",
    ),
    (
        "each deal.area each half",
        "each deal.area each month",
        "S008",
        "  cap",
    ),
    (
        "each half,",
        "each year, of which 10 USD was used before,",
        "C513",
        "  cap",
    ),
    (
        "  for each    deal\n  amount      bookings * deal.rate",
        "  amount      10% of total bookings",
        "G301",
        "  cap",
    ),
    (" each half, excess is lost", "", "S006", "  cap"),
    (" each half, excess", ", excess", "S006", "  cap"),
];

#[test]
fn slips_in_a_cap_by_a_column() {
    give_one_message(PLAN, SLIPS);
}

/// A credit that only a line about each record names is had on the record, too: 1% of 1,000 = 10, and the floor is 10% of the
/// 2,000 of the other credit.
#[test]
fn a_credit_of_a_line_about_each_record_counts() {
    let plan = concat!(
        "plan \"Reps 2026\"\n  currency    USD\n  effective   2026-01-01 through 2026-12-31\n  period      year\n",
        "  payees      role is \"Rep\" for the days in the role\n\n",
        "people \"People\"\n  | column | type | meaning |\n  | id     | Text | who     |\n  | role   | Text | job     |\n",
        small::deals!(),
        "\ncredit doubled \"Doubled\"\n  from        deals as deal\n  dated by    deal.date\n",
        "  to          deal.owner\n  amount      deal.amount * 2\n\n",
        "pay commission \"Commission\"\n  for each    deal\n  amount      1% of bookings\n",
        "  floor       10% of doubled each deal\n  round       each deal to 0.01, half up\n  below 0 USD is lost\n",
    );
    let deals = "id,date,owner,amount\n1,2026-02-01,ana,1000\n";
    let run = small::run_over(
        &[("reps.plan", plan.to_owned())],
        "id,role\nana,Rep\n",
        deals,
    );
    assert_eq!(paid(&run)["ana commission 2026"], "200");
}
