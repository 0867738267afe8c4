//! What is taken back: slips of an author, each with its message, and faults of data, each with whom it holds and for how long.

use std::collections::BTreeMap;
use std::fs;

use paycurve::app::calculate::{Asked, Run, calculate};
use paycurve::app::compile::compile;
use paycurve::explain::Walker;
use paycurve::io::open;

use crate::roads::{agree, write};
use crate::slips::{Slip, found, give_one_message, shown};
use crate::support::{random_project, small};

const TERMS: &str = r#"people "People"
  from        people
  | column  | type         | meaning   |
  | id      | Text         | who       |
  | role    | Text         | job       |
  | from    | Date or none | first day |
  | through | Date or none | last day  |

records deals "Deals"
  from        deals
  | column    | type         | meaning   |
  | id        | Text         | order     |
  | date      | Date         | day       |
  | owner     | Person       | who sold  |
  | amount    | Money        | value     |
  | cancelled | Date or none | cancelled |
  | paid      | Date or none | paid      |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount
"#;

const HEAD: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-06-30
  period      month
  settled     through 2026-09-28
  payees      role is "Rep" for the days in the role
"#;

const BLOCKS: &str = r#"pay commission "Commission"
  for each    deal
  amount      10% of bookings
  round       each deal to 0.01, half up
  below 0 USD carries forward
  accept P105 because "each deal pays by itself"

clawback cancelled "Cancelled"
  of          commission
  when        deal.cancelled is 0 through 90 days after deal.date
  when        deal.paid is absent
  take back   what was earned and released on the deal
  in the period of deal.cancelled
  attainment  keeps the deal
"#;

const DEALS: &str = "id,date,owner,amount,cancelled,paid\nD-1,2026-01-10,ana,1000,2026-03-10,\n\
                     D-2,2026-02-10,ana,2000,,\nD-3,2026-03-10,ana,500,,\nD-4,2026-01-10,bea,400,2026-02-02,\n";

const SLIPS: &[Slip] = &[
    ("clawback cancelled", "clawbak cancelled", "S001", "clawbak"),
    (
        "  of          commission\n",
        "",
        "C515",
        "clawback cancelled",
    ),
    (
        "  attainment  keeps the deal\n",
        "",
        "C515",
        "clawback cancelled",
    ),
    (
        "  in the period of deal.cancelled\n",
        "",
        "C515",
        "clawback cancelled",
    ),
    (
        "keeps the deal",
        "keeps the order",
        "N101",
        "keeps the order",
    ),
    (
        "earned and released on the deal",
        "earned and released on the order",
        "N101",
        "on the order",
    ),
    (
        "attainment  keeps the deal",
        "attainment  loses it in this period",
        "C516",
        "attainment",
    ),
    (
        "  of          commission",
        "  of          comission",
        "N101",
        "comission",
    ),
    (
        "  of          commission",
        "  of          bookings",
        "U203",
        "of          bookings",
    ),
    (
        "in the period of deal.cancelled",
        "in the period of deal.amount",
        "U203",
        "in the period of",
    ),
    (
        "in the period of deal.cancelled",
        "in the period of deal.canceled",
        "N101",
        "in the period of",
    ),
    (
        "0 through 90 days",
        "90 through 0 days",
        "S008",
        "90 through",
    ),
    (
        "0 through 90 days",
        "0 through 900 days",
        "A202",
        "900 days",
    ),
    (
        "  take back   what",
        "  take back   0% of what",
        "S008",
        "take back",
    ),
    (
        "  take back   what",
        "  take back   50% of what",
        "C515",
        "take back",
    ),
    (
        "on the deal\n",
        "on the deal, less 1/9 for each month from deal.date\n",
        "S006",
        "take back",
    ),
    (
        "on the deal\n",
        "on the deal, in 1 equal parts\n",
        "S008",
        "take back",
    ),
    (
        "round       each deal to 0.01, half up",
        "round       the total to 0.01, half up",
        "C515",
        "take back",
    ),
    (
        "  for each    deal\n  amount      10% of bookings\n  round       each deal",
        "  amount      10% of total bookings\n  round       the total",
        "C515",
        "take back",
    ),
    (
        "  below 0 USD carries forward\n",
        "",
        "R905",
        "pay commission",
    ),
    (
        "| cancelled | Date or none",
        "| cancelled | Date        ",
        "U203",
        "cancelled | Date",
    ),
];

#[test]
fn one_slip_gives_one_message() {
    give_one_message(&format!("{HEAD}\n{TERMS}\n{BLOCKS}"), SLIPS);
}

/// A line that does not read may be the one that rounds; who is asked about an amount below 0 is not told that it has no balance.
#[test]
fn what_hangs_on_one_line_is_told_once() {
    let blocks = BLOCKS.replace(
        "the deal\n  in the period",
        "the deal, in 3 equal parts\n  round       each take-back to 0.01, half up\n  in the period",
    );
    let test = "\ntest \"a month\"\n  given       total bookings is 100 USD for ana in 2026-01\n  \
                expect      balance of commission for ana in 2026-01 is 0.00 USD\n  \
                expect      commission for ana in 2026-08 is 0.00 USD\n";
    let slips: &[Slip] = &[
        (
            "each take-back to",
            "the total to",
            "S006",
            "round       the",
        ),
        (
            "settled     through",
            "settled     until",
            "S006",
            "settled ",
        ),
    ];
    let good = format!("{HEAD}\n{TERMS}\n{blocks}{test}");
    give_one_message(&good, slips);
    let (problems, sources) = found(&good.replace("  below 0 USD carries forward\n", ""));
    assert_eq!(problems.len(), 1, "{}", shown(&problems, &sources));
}

#[test]
fn a_missing_day_is_offered_as_a_column_that_is_there() {
    let blocks = BLOCKS.replace("  in the period of deal.cancelled\n", "");
    let (found, sources) = found(&format!("{HEAD}\n{TERMS}\n{blocks}"));
    let told = shown(&found, &sources);
    assert!(
        told.contains("when:   in the period of deal.cancelled\n"),
        "{told}"
    );
}

/// What a run finds; both roads agree on it.
fn run(blocks: &str, people: &str, deals: &str) -> Run {
    let plan = format!("{HEAD}\nuse \"company.terms\"\n\n{blocks}");
    let texts = [("company.terms", TERMS.to_owned()), ("reps.plan", plan)];
    let run = small::run_over(&texts, people, deals);
    for of in &run.plans {
        agree(&of.plan, &run.data, &of.collected, deals);
    }
    run
}

/// What is paid by payee and month; held payouts with the codes of their causes.
fn paid(run: &Run) -> BTreeMap<String, String> {
    let paid = small::paid(run).into_iter();
    paid.map(|(place, said)| (place.replace(" commission", ""), said))
        .collect()
}

const PEOPLE: &str = "id,role,from,through\nana,Rep,,\nbea,Rep,2026-01-01,2026-01-31\n";

/// Ana earns 100, 200 and 50; 100 of D-1 are taken back in March: 50 stay open. Bea left after January with 40, which are taken
/// back in February and stay open.
#[test]
fn what_fell_is_taken_back() {
    let paid = paid(&run(BLOCKS, PEOPLE, DEALS));
    for (place, amount) in [
        ("ana 2026-01", "100"),
        ("ana 2026-02", "200"),
        ("ana 2026-03", "0"),
        ("ana 2026-04", "0"),
        ("bea 2026-01", "40"),
        ("bea 2026-02", "0"),
    ] {
        assert_eq!(paid[place], amount, "{place}");
    }
    assert!(!paid.contains_key("bea 2026-03"), "nothing moves");
}

/// The balance of somebody who has left stands in the results of the period in which it arose, and nowhere else.
#[test]
fn a_leaver_has_a_row_where_something_moves() {
    let run = run(BLOCKS, PEOPLE, DEALS);
    let of = &run.plans[0];
    let rows = of.collected.rows.iter().filter(|row| row.payee == "bea");
    let moved: Vec<(String, String, String)> = rows
        .map(|row| {
            let moves = &row.pays[0].moves;
            let period = of.plan.calendar.label(&row.period);
            (
                period,
                moves.taken_back.to_plain(),
                moves.carried_out.to_plain(),
            )
        })
        .collect();
    let expected = [("2026-01", "0", "0"), ("2026-02", "40", "-40")];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(moved, expected);
}

/// A day of cancellation that cannot be read may be any day: it holds from the month of its deal on. One that is known, of a
/// deal of which it is not known whether it was paid, holds from its own month on. Bea is paid as before.
#[test]
fn a_fault_holds_from_when_it_may_have_fallen() {
    let sound = paid(&run(BLOCKS, PEOPLE, DEALS));
    for (name, from, to, first) in [
        ("when", "ana,2000,,", "ana,2000,soon,", "ana 2026-02"),
        (
            "paid",
            "ana,1000,2026-03-10,",
            "ana,1000,2026-03-10,maybe",
            "ana 2026-03",
        ),
        ("never", "ana,2000,,", "ana,2000,,maybe", "ana 2026-99"),
        (
            "late",
            "ana,2000,,",
            "ana,2000,2026-12-31,maybe",
            "ana 2026-99",
        ),
    ] {
        let found = paid(&run(BLOCKS, PEOPLE, &DEALS.replace(from, to)));
        for (place, value) in found {
            let is_held = place.starts_with("ana") && place.as_str() >= first;
            let expected = if is_held { "F001" } else { &sound[&place] };
            assert_eq!(value, expected, "{name}: {place}");
        }
    }
}

/// A receipt names each deal that fell, what was paid on it and when, the share, and the line of the plan.
#[test]
fn a_receipt_names_what_fell() {
    let at_fault = BLOCKS
        .replace("take back   what", "take back   30% of what")
        .replace(
            "  attainment  keeps",
            "  round       each take-back to 0.01, half up\n  attainment  keeps",
        );
    let run = run(&at_fault, PEOPLE, DEALS);
    let of = &run.plans[0];
    let period = of.plan.periods()[2];
    let pay = of.plan.pay_named("commission").unwrap();
    let receipt = Walker::new(&of.plan, &run.data).receipt("ana", pay, &period);
    let taken = &receipt.taken[0];
    assert_eq!(
        (taken.record.as_str(), taken.earned_in.as_str()),
        ("D-1", "2026-01")
    );
    assert_eq!(taken.amount.to_plain(), "30");
    assert_eq!(taken.fell.to_string(), "2026-03-10");
}

/// Random projects take something back.
#[test]
fn random_projects_take_back() {
    let name = format!("paycurve-clawback-{}", std::process::id());
    let at = std::env::temp_dir().join(name);
    let mut taken = 0;
    for seed in 1..120 {
        write(&at, &random_project::project(seed));
        let project = open(&at, None).unwrap();
        let compiled = compile(&project);
        let run = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap();
        let rows = run.plans.iter().flat_map(|of| &of.collected.rows);
        let pays = rows.flat_map(|row| &row.pays);
        taken += pays.filter(|pay| !pay.taken.is_empty()).count();
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(taken >= 20, "{taken}");
}
