//! Where records stand: planted faults hold exactly those who are paid for a record behind them in the same run, on both
//! engines, whatever the order of the rows; and receipts say where a record stands.

use paycurve::app::calculate::Run;
use paycurve::explain::{Rule, Walker};
use paycurve::meaning::plan::PayId;

use crate::support::small::{self, Fault};

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
  | column | type   | meaning  |
  | id     | Text   | order    |
  | amount | Money  | value    |
  | size   | Number | pieces   |
  | area   | Text   | where    |
  | date   | Date   | day      |
  | owner  | Person | who sold |

credit bookings "Bookings"
  from        deals as deal
  when        deal.amount > 0 USD
  dated by    deal.date
  to          deal.owner
  amount      deal.amount

tiers steps on count bookings
  | nth         | rate |
  | 0 through 2 |   1% |
  | above 2     |   2% |

pay commission
  for each    deal
  amount      bookings at steps, placed by the running count of deals of deal.area half to date
  round       the total to 0.01, half up
  below 0 USD is lost
"#;

const PEOPLE: &str = "id,role\nana,Rep\nbea,Rep\ncem,Rep\ndora,Rep\nzoe,Clerk\n";

const DEALS: &str = "id,amount,size,area,date,owner
D-1,1000.00,1,West,2026-01-10,ana
D-2,1000.00,1,West,2026-02-10,zoe
D-3,1000.00,1,West,2026-02-11,bea
D-4,1000.00,1,East,2026-02-12,cem
D-5,1000.00,1,West,2026-05-10,dora
D-6,1000.00,1,West,2026-07-10,ana
";

/// West in the first half: ana's is the 1st, zoe's the 2nd, bea's the 3rd, dora's the 4th; ana's of July is the 1st of the
/// second half. 1% of 1,000 is 10, 2% is 20.
const SOUND: [(&str, &str); 16] = [
    ("ana 2026-Q1", "10"),
    ("ana 2026-Q2", "0"),
    ("ana 2026-Q3", "10"),
    ("ana 2026-Q4", "0"),
    ("bea 2026-Q1", "20"),
    ("bea 2026-Q2", "0"),
    ("bea 2026-Q3", "0"),
    ("bea 2026-Q4", "0"),
    ("cem 2026-Q1", "10"),
    ("cem 2026-Q2", "0"),
    ("cem 2026-Q3", "0"),
    ("cem 2026-Q4", "0"),
    ("dora 2026-Q1", "0"),
    ("dora 2026-Q2", "20"),
    ("dora 2026-Q3", "0"),
    ("dora 2026-Q4", "0"),
];

const FAULTS: &[Fault] = &[
    ("", "", &[]),
    // Nobody knows whether zoe's deal counts: those behind it in West wait, through the half; zoe is not on the plan.
    (
        "D-2,1000.00",
        "D-2,many",
        &[("bea 2026-Q1", "F001"), ("dora 2026-Q2", "F001")],
    ),
    // A deal that gives nothing does not run.
    ("D-2,1000.00", "D-2,0.00", &[("bea 2026-Q1", "10")]),
    // It may stand in any area on its day.
    (
        "West,2026-02-11,bea",
        ",2026-02-11,bea",
        &[
            ("bea 2026-Q1", "F012"),
            ("cem 2026-Q1", "F012"),
            ("dora 2026-Q2", "F012"),
        ],
    ),
    // On any day, in West; and bea's own payouts wait in every period.
    (
        "West,2026-02-11,bea",
        "West,soon,bea",
        &[
            ("ana 2026-Q1", "F001"),
            ("ana 2026-Q3", "F001"),
            ("bea 2026-Q1", "F001"),
            ("bea 2026-Q2", "F001"),
            ("bea 2026-Q3", "F001"),
            ("bea 2026-Q4", "F001"),
            ("dora 2026-Q2", "F001"),
        ],
    ),
    // Not whole: whoever stands in it in every period, and all of the areas that stand in it.
    (
        "D-4,1000.00",
        "D-4,1,000.00",
        &[
            ("cem 2026-Q1", "F003"),
            ("cem 2026-Q2", "F003"),
            ("cem 2026-Q3", "F003"),
            ("cem 2026-Q4", "F003"),
        ],
    ),
    // A column that nothing reads.
    ("D-2,1000.00,1", "D-2,1000.00,x", &[]),
];

fn run(deals: &str) -> Run {
    small::run_over(&[("reps.plan", PLAN.to_owned())], PEOPLE, deals)
}

#[test]
fn a_record_that_cannot_be_known_holds_those_behind_it() {
    small::faults_hold(&SOUND, FAULTS, DEALS, run);
}

#[test]
fn a_receipt_says_where_a_record_stands() {
    let run = run(DEALS);
    let of = &run.plans[0];
    let mut walker = Walker::new(&of.plan, &run.data);
    let period = of.plan.periods()[0];
    let receipt = walker.receipt("bea", PayId(0), &period);
    let mut said = Vec::new();
    let mut open = vec![&receipt.root];
    while let Some(node) = open.pop() {
        open.extend(&node.reads);
        match &node.rule {
            Rule::Placed { .. } => said.push(node.label.clone()),
            Rule::RowReached { row, .. } => said.push(row.clone()),
            _ => {}
        }
    }
    assert_eq!(said, ["the 3rd deal of West, half to date", "above 2"]);
}
