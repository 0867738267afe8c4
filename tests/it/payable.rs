//! What records earn and when it is payable: slips in the plan, faults in the dates, and what a receipt says.

use paycurve::app::calculate::Run;
use paycurve::base::{Date, Exact};
use paycurve::explain::{Becomes, PartLine, Walker};
use paycurve::meaning::plan::PayId;

use crate::slips::{Slip, found, give_one_message, shown};
use crate::support::small::{self, Fault};

const PLAN: &str = r#"plan "Halves 2026"
  currency    USD
  effective   2026-01-01 through 2026-06-30
  period      month
  payees      role is "AE" for the days in the role

people "People"
  | column  | type         | meaning   |
  | id      | Text         | who       |
  | role    | Text         | job       |
  | from    | Date or none | first day |
  | through | Date or none | last day  |

records deals "Deals"
  | column    | type         | meaning |
  | id        | Text         | which   |
  | date      | Date         | closed  |
  | paid_date | Date or none | paid    |
  | ended     | Date or none | ended   |
  | owner     | Person       | whose   |
  | amount    | Money        | value   |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount

pay commission "Commission"
  for each    deal
  amount      10% of bookings
  round       each deal to 0.01, half up
  payable     50% on deal.date, 50% on deal.paid_date
  round       each part to 0.01, down, remainder in the last part
  until       deal.ended, what is withheld then is forfeited
  on leaving  what is withheld is paid when due
  below 0 USD carries forward
"#;

const SLIPS: &[Slip] = &[
    (
        "50% on deal.date, 50%",
        "50% on deal.date, 40%",
        "S012",
        "payable ",
    ),
    (
        "50% on deal.date, 50%",
        "100% on deal.date, 0%",
        "S012",
        "payable ",
    ),
    (
        "50% on deal.date, 50% on",
        "on",
        "S012",
        "round       each part",
    ),
    (
        "50% on deal.date, 50% on deal.paid_date",
        "50% on deal.amount, 50% on deal.paid_date",
        "U203",
        "payable ",
    ),
    (
        "50% on deal.date, 50% on deal.paid_date",
        "50% on deal.date, 50% on deal.paid_dat",
        "N101",
        "payable ",
    ),
    (
        "  round       each part to 0.01, down, remainder in the last part\n",
        "",
        "D611",
        "payable ",
    ),
    (
        "  on leaving  what is withheld is paid when due\n",
        "",
        "D611",
        "payable ",
    ),
    (
        "  payable     50% on deal.date, 50% on deal.paid_date\n",
        "",
        "S012",
        "round       each part",
    ),
    (
        "round       each deal to 0.01, half up",
        "round       the total to 0.01, half up",
        "C517",
        "the total",
    ),
    (
        "round       each deal to 0.01, half up",
        "round       each deal to 0.01, half up\n  cap         500 USD each month, excess is lost",
        "C517",
        "cap  ",
    ),
    (
        "  for each    deal\n  amount      10% of bookings\n  round       each deal",
        "  amount      10% of total bookings\n  round       the total",
        "C517",
        "payable ",
    ),
    (
        "50% on deal.date, 50% on deal.paid_date",
        "in 1 equal monthly parts from deal.date",
        "S008",
        "in 1",
    ),
    (
        "50% on deal.date, 50% on deal.paid_date",
        "50% on deal.date and 50% on deal.paid_date",
        "S006",
        "payable ",
    ),
    (
        "to 0.01, down, remainder in the last part",
        "to 0.01, down",
        "D611",
        "round       each part",
    ),
];

#[test]
fn one_slip_gives_one_message() {
    give_one_message(PLAN, SLIPS);
}

/// With one part there is no rest, whether or not the line names who has it.
#[test]
fn a_single_part_is_not_rounded() {
    let slipped = PLAN
        .replace("50% on deal.date, 50% on deal.paid_date", "on deal.date")
        .replace(", down, remainder in the last part", ", down");
    let (found, sources) = found(&slipped);
    let told = shown(&found, &sources);
    assert_eq!(found.len(), 1, "{told}");
    assert!(told.contains("there is one part: nothing is cut"), "{told}");
}

const EXPECTED: &str = r#"
test "a month"
  given       total bookings is 100 USD for ana in 2026-01
  expect      withheld of commission for ana in 2026-01 is 5.00 USD
  expect      balance of commission for ana in 2026-01 is 0.00 USD
"#;

/// A line that does not read may be the one that an expectation is about.
#[test]
fn what_tests_expect_of_a_broken_payout_is_not_complained_about() {
    let slips: &[Slip] = &[
        (
            "payable     50% on",
            "payable     50% at",
            "S006",
            "payable ",
        ),
        ("carries forward", "is carried on", "S006", "below 0 USD"),
    ];
    give_one_message(&format!("{PLAN}{EXPECTED}"), slips);
}

#[test]
fn several_records_have_the_plural_of_their_word() {
    let slipped = PLAN
        .replace("deals as deal", "deals as policy")
        .replace("deal.", "policy.")
        .replace("for each    deal", "for each    policy")
        .replace("each deal to", "the total to");
    let (found, sources) = found(&slipped);
    let told = shown(&found, &sources);
    assert!(told.contains("Two policies of 33.335"), "{told}");
}

const PEOPLE: &str =
    "id,role,from,through\nana,AE,2026-01-01,\nbea,AE,2026-01-01,\ncem,AE,2026-01-01,2026-02-20\n";

/// 10% of 1,000 are 100: 50 at once, 50 when it is paid.
const DEALS: &str = "id,date,paid_date,ended,owner,amount
D-1,2026-01-10,2026-03-10,,ana,1000
D-2,2026-02-10,,,ana,1000
D-3,2026-01-12,2026-04-12,,cem,1000
D-4,2026-02-12,2026-05-12,2026-04-30,bea,1000
";

fn run(deals: &str) -> Run {
    small::run_over(&[("halves.plan", PLAN.to_owned())], PEOPLE, deals)
}

/// Without faults: cem has left, and is paid in April all the same; he has no other line after February. D-4 has ended
/// before it is paid.
const SOUND: &[(&str, &str)] = &[
    ("ana 2026-01", "50"),
    ("ana 2026-02", "50"),
    ("ana 2026-03", "50"),
    ("ana 2026-04", "0"),
    ("ana 2026-05", "0"),
    ("ana 2026-06", "0"),
    ("bea 2026-01", "0"),
    ("bea 2026-02", "50"),
    ("bea 2026-03", "0"),
    ("bea 2026-04", "0"),
    ("bea 2026-05", "0"),
    ("bea 2026-06", "0"),
    ("cem 2026-01", "50"),
    ("cem 2026-02", "0"),
    ("cem 2026-04", "50"),
];

const FAULTS: &[Fault] = &[
    ("", "", &[]),
    // A date that cannot be read holds from the record's own period on, and nobody else.
    (
        "2026-03-10,,ana",
        "soon,,ana",
        &[
            ("ana 2026-01", "F001"),
            ("ana 2026-02", "F001"),
            ("ana 2026-03", "F001"),
            ("ana 2026-04", "F001"),
            ("ana 2026-05", "F001"),
            ("ana 2026-06", "F001"),
        ],
    ),
    (
        "D-2,2026-02-10,,,ana",
        "D-2,2026-02-10,,soon,ana",
        &[
            ("ana 2026-02", "F001"),
            ("ana 2026-03", "F001"),
            ("ana 2026-04", "F001"),
            ("ana 2026-05", "F001"),
            ("ana 2026-06", "F001"),
        ],
    ),
    // Who has left is held in later periods too: nobody knows whether something is due.
    (
        "2026-04-12,,cem",
        "soon,,cem",
        &[
            ("cem 2026-01", "F001"),
            ("cem 2026-02", "F001"),
            ("cem 2026-03", "F001"),
            ("cem 2026-04", "F001"),
            ("cem 2026-05", "F001"),
            ("cem 2026-06", "F001"),
        ],
    ),
    // On the last day of `until` it is still paid.
    ("2026-04-30,bea", "2026-05-12,bea", &[("bea 2026-05", "50")]),
    // After the plan's last period it is not.
    (
        "2026-03-10,,ana",
        "2026-07-01,,ana",
        &[("ana 2026-03", "0")],
    ),
];

#[test]
fn dates_hold_and_move_whom_they_are_about() {
    small::faults_hold(SOUND, FAULTS, DEALS, run);
}

#[test]
fn a_receipt_lists_the_parts() {
    let run = run(DEALS);
    let of = &run.plans[0];
    let mut walker = Walker::new(&of.plan, &run.data);
    let march = of.plan.periods()[2];
    let receipt = walker.receipt("ana", PayId(0), &march);
    let expected = PartLine {
        record: "D-1".to_owned(),
        date: Date::parse("2026-01-10").unwrap(),
        earned_in: "2026-01".to_owned(),
        of: Exact::int(100),
        amount: Exact::int(50),
        due: Date::parse("2026-03-10"),
        becomes: Becomes::Payable("2026-03".to_owned()),
    };
    assert_eq!(receipt.parts, [expected]);
    let moves = receipt.moves;
    let lines = [moves.withheld_in, moves.released, moves.withheld_out];
    assert_eq!(lines, [100, 50, 50].map(Exact::int));
}
