//! Draws: brought in as data they give what earlier periods would, and a fault holds whom it reaches and nobody else.

use paycurve::app::calculate::Run;

use crate::openings::{BROUGHT_IN, Time, half_is_worth_the_whole};
use crate::support::small::{self, deals, planted};

const MANIFEST: &str = concat!(
    "people: {file: data/people.csv, currency: USD}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n",
    "  balances: {file: data/balances.csv, currency: USD}\n"
);

const PEOPLE: &str = "id,role,hired,least\np0,Rep,2026-01-10,100\np1,Rep,2025-12-01,200\np2,Rep,2026-03-01,300\n\
    p3,Rep,2024-01-01,0\np4,Rep,2026-05-31,50\np5,Rep,2026-02-01,75.5\np6,Rep,2026-06-02,400\n";

/// A plan of some months, with a payout that has a draw and a guarantee, and one that has neither.
fn plan(months: &str, opening: &str) -> String {
    format!(
        concat!(
            "plan \"Reps 2026\"\n  currency    USD\n  effective   {months}\n  period      month\n",
            "  payees      role is \"Rep\" for the days in the role\n{opening}\n",
            "people \"People\"\n  | column | type | meaning |\n  | id | Text | who |\n  | role | Text | job |\n",
            "  | hired | Date | start |\n  | least | Money | of a month |\n",
            "{deals}\n",
            "pay commission \"Commission\"\n  amount      10% of total bookings\n",
            "  round       the total to 0.01, half up\n  below 0 USD carries forward\n\n",
            "draw start \"Start\"\n  top up      commission to 150 USD each month\n",
            "  for         the first 5 full months of employment\n",
            "  recover     from commission above 120 USD, at most 50% of that excess, from the period after\n",
            "  balance     at most 400 USD, never forgiven\n  on leaving  the balance is owed\n",
            "  round       to 0.01 USD, down\n\n",
            "draw minimum \"Minimum\"\n  top up      commission to least each month\n  recover     never\n",
            "  round       to 0.01 USD, down\n\n",
            "pay bonus \"Bonus\"\n  amount      1% of total bookings\n",
            "  round       the total to 0.01, half up\n  below 0 USD is lost\n",
        ),
        months = months,
        opening = opening,
        deals = deals!()
    )
}

fn run(text: String, people: &str, deals: &str, balances: &str) -> Run {
    small::run(&[
        ("paycurve.yaml", MANIFEST.to_owned()),
        ("reps.plan", text),
        ("data/people.csv", people.to_owned()),
        ("data/deals.csv", deals.to_owned()),
        ("data/balances.csv", balances.to_owned()),
    ])
}

#[test]
fn what_was_drawn_is_worth_the_periods_in_which_it_was() {
    let stood = half_is_worth_the_whole(0..40, (-100_000, 400_000), |time, deals, balances| {
        run(plan(time.months(), time.opening()), PEOPLE, deals, balances)
    });
    let stood = stood.matches(",drawn,").count();
    assert!(stood > 40, "something was owed in June: {stood}");
}

/// Two persons; each fault is planted in a file, and says what January's commission is, or by which code it is held.
#[test]
fn a_fault_that_a_draw_reads_holds_whom_it_reaches() {
    let people = "id,role,hired,least\np0,Rep,2026-01-10,100\np1,Rep,2025-01-01,20\n";
    let deals = "id,date,owner,amount\n1,2026-01-02,p0,400\n2,2026-01-03,p1,5000\n";
    let balances = "payee,pay,balance,amount\np1,commission,drawn,70\n";
    // p0: 10% of 400 = 40, topped up to 150. p1: 10% of 5,000 = 500; half of what lies above 120 is 190, and 70 are owed.
    let right = ["150", "430"];
    let faults = [
        ("people", "", "", right),
        ("people", "10,100", "10,1oo", ["F001", "430"]),
        ("people", "10,100", "10,", ["F012", "430"]),
        ("people", "2026-01-10", "10 January", ["F001", "430"]),
        ("people", "2026-01-10", "", ["F012", "430"]),
        // Hired before: no draw any more, and 100 are guaranteed.
        ("people", "2026-01-10", "2025-08-01", ["100", "430"]),
        ("balances", "drawn,70", "drawn,-70", ["150", "F048"]),
        (
            "balances",
            "drawn,70",
            "drawn,70\np1,commission,drawn,5",
            ["150", "F048"],
        ),
        (
            "balances",
            "commission,drawn",
            "bonus,drawn",
            ["150", "F001"],
        ),
        ("balances", "drawn,70", "carried,-70", right),
    ];
    let text = || plan(Time::Year.months(), BROUGHT_IN);
    for (file, from, to, expected) in faults {
        let people = planted("people", people, (file, from, to));
        let balances = planted("balances", balances, (file, from, to));
        let paid = small::paid(&run(text(), &people, deals, &balances));
        for (who, said) in ["p0", "p1"].iter().zip(expected) {
            assert_eq!(
                paid[&format!("{who} commission 2026-01")],
                said,
                "{who}: {from} -> {to}"
            );
            assert!(
                !paid[&format!("{who} bonus 2026-01")].starts_with('F'),
                "{from} -> {to}"
            );
        }
    }
}
