//! Records that come in late: slips in the lines about them, and planted faults that hold exactly whom they reach, on
//! both engines, whatever the order of rows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use paycurve::app::calculate::Run;
use paycurve::base::Exact;
use paycurve::eval::Settled;

use crate::slips::{Slip, found, give_one_message, shown};
use crate::support::random_project::{Rng, project};
use crate::support::small::{self, paid, turned};

const TERMS: &str = r#"people "People"
  | column  | type         | meaning   |
  | id      | Text         | who       |
  | role    | Text         | job       |
  | from    | Date or none | first day |
  | through | Date or none | last day  |

records deals "Deals"
  | column | type   | meaning |
  | id     | Text   | which   |
  | date   | Date   | day     |
  | owner  | Person | whose   |
  | amount | Money  | value   |
  | seen   | Date   | came in |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  known on    deal.seen
  corrections count in the open period, for 2 closed periods, later ones are not paid
  to          deal.owner
  amount      deal.amount
"#;

const PLAN: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-06-30
  period      month
  payees      role is "Rep" for the days in the role

use "company.terms"

pay commission "Commission"
  amount      10% of total bookings
  round       the total to 0.01, half up
  below 0 USD is lost
"#;

const PEOPLE: &str = "id,role,from,through\nana,Rep,,\nbea,Rep,,2026-03-31\n";

const DEALS: &str = "id,date,owner,amount,seen
D-1,2026-02-10,ana,1000.00,2026-02-10
D-2,2026-02-20,ana,500.00,2026-04-02
D-3,2026-03-12,bea,1000.00,2026-03-31
";

/// 10%: of D-1 in February, of D-2 in April, since it came in when February and March had closed, of D-3 in March.
const SOUND: [(&str, &str); 9] = [
    ("ana 01", "0"),
    ("ana 02", "100"),
    ("ana 03", "0"),
    ("ana 04", "50"),
    ("ana 05", "0"),
    ("ana 06", "0"),
    ("bea 01", "0"),
    ("bea 02", "0"),
    ("bea 03", "100"),
];

/// A file, what stands in it, what comes in its place, who gets something else, and the codes of the exceptions.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

const FAULTS: &[Fault] = &[
    ("deals", "", "", &[], &[]),
    // In time, and before its own day.
    (
        "deals",
        "2026-04-02",
        "2026-02-28",
        &[("ana 02", "150"), ("ana 04", "0")],
        &[],
    ),
    (
        "deals",
        "2026-04-02",
        "2025-12-28",
        &[("ana 02", "150"), ("ana 04", "0")],
        &[],
    ),
    (
        "deals",
        "2026-04-02",
        "2026-03-01",
        &[("ana 03", "50"), ("ana 04", "0")],
        &[],
    ),
    // February, March and April had closed; the plan was over.
    (
        "deals",
        "2026-04-02",
        "2026-05-01",
        &[("ana 04", "0")],
        &["F046"],
    ),
    (
        "deals",
        "2026-04-02",
        "2026-07-01",
        &[("ana 04", "0")],
        &["F046"],
    ),
    // With five days more, April's second is still a day of March.
    (
        "terms",
        "  to          deal.owner",
        "  periods close 5 days after they end\n  to          deal.owner",
        &[("ana 03", "50"), ("ana 04", "0")],
        &[],
    ),
    // Nobody knows when it came in: from its own period on, as far as late ones are taken.
    (
        "deals",
        "2026-04-02",
        "soon",
        &[("ana 02", "F001"), ("ana 03", "F001"), ("ana 04", "F001")],
        &["F001"],
    ),
    (
        "deals",
        "2026-04-02",
        "",
        &[("ana 02", "F012"), ("ana 03", "F012"), ("ana 04", "F012")],
        &["F012"],
    ),
    // Nobody knows its own day.
    (
        "deals",
        "2026-02-20",
        "in February",
        &[
            ("ana 01", "F001"),
            ("ana 02", "F001"),
            ("ana 03", "F001"),
            ("ana 04", "F001"),
            ("ana 05", "F001"),
            ("ana 06", "F001"),
        ],
        &["F001"],
    ),
    // What it is worth is unknown where it counts, and nowhere else; what is too late is unknown nowhere.
    ("deals", "500.00", "5oo", &[("ana 04", "F001")], &["F001"]),
    (
        "deals",
        "500.00,2026-04-02",
        "5oo,2026-05-01",
        &[("ana 04", "0")],
        &["F001"],
    ),
    // Bea left in March: there is no payout of hers in April.
    (
        "deals",
        "2026-03-31",
        "2026-04-01",
        &[("bea 03", "0")],
        &["F046"],
    ),
    // It is hers by its own day, and counts where it came in.
    (
        "deals",
        "2026-02-20,ana",
        "2026-04-20,bea",
        &[("ana 04", "0")],
        &[],
    ),
];

fn run(terms: &str, (file, from, to): (&str, &str, &str), order: fn(&str) -> String) -> Run {
    let text = |name: &str, text: &str| small::planted(name, text, (file, from, to));
    let texts = [
        ("company.terms", text("terms", terms)),
        ("reps.plan", text("plan", PLAN)),
    ];
    small::run_over(&texts, &order(PEOPLE), &order(&text("deals", DEALS)))
}

#[test]
fn faults_hold_whom_they_reach() {
    hold_whom_they_reach(TERMS, FAULTS);
    let again = TERMS.replace("count in the open period", "re-rate their own period");
    hold_whom_they_reach(&again, RE_RATED);
}

fn hold_whom_they_reach(terms: &str, faults: &[Fault]) {
    for (file, from, to, other, exceptions) in faults {
        for order in [str::to_owned, turned] {
            let run = run(terms, (file, from, to), order);
            let place = |who: &str| who.replace(' ', " commission 2026-");
            let mut wanted: BTreeMap<String, &str> = BTreeMap::new();
            for (who, what) in SOUND.iter().chain(*other) {
                wanted.insert(place(who), what);
            }
            let paid = paid(&run);
            let paid: BTreeMap<String, &str> = paid
                .iter()
                .map(|(who, what)| (who.clone(), what.as_str()))
                .collect();
            assert_eq!(paid, wanted, "{from} -> {to}");
            let codes: Vec<&str> = run.exceptions.iter().map(|own| own.code.name()).collect();
            assert_eq!(codes, *exceptions, "{from} -> {to}: {:?}", run.exceptions);
        }
    }
}

fn good() -> String {
    let (head, pay) = PLAN.split_once("use \"company.terms\"\n").unwrap();
    format!("{head}{TERMS}{pay}")
}

/// With re-rating, D-2 makes February 150 instead of 100; April, in which it comes in, pays the 50. Faults reach the periods
/// of which something may be new, and the period in which it is told.
const RE_RATED: &[Fault] = &[
    ("deals", "", "", &[], &[]),
    (
        "deals",
        "2026-04-02",
        "2026-03-01",
        &[("ana 03", "50"), ("ana 04", "0")],
        &[],
    ),
    (
        "deals",
        "2026-04-02",
        "2026-02-28",
        &[("ana 02", "150"), ("ana 04", "0")],
        &[],
    ),
    (
        "deals",
        "2026-04-02",
        "2026-05-01",
        &[("ana 04", "0")],
        &["F046"],
    ),
    ("deals", "500.00", "5oo", &[("ana 04", "F001")], &["F001"]),
    (
        "deals",
        "2026-04-02",
        "soon",
        &[("ana 02", "F001"), ("ana 03", "F001"), ("ana 04", "F001")],
        &["F001"],
    ),
    // What is new about a period that is held is not known either.
    (
        "deals",
        "ana,1000.00",
        "ana,1ooo",
        &[("ana 02", "F001"), ("ana 04", "F001")],
        &["F001"],
    ),
    // Bea has left, and has what her March comes to with it: it stands in April, to which she does not belong.
    (
        "deals",
        "2026-03-31",
        "2026-04-01",
        &[("bea 03", "0"), ("bea 04", "100")],
        &[],
    ),
    // A deal of which the whole is taken back.
    ("deals", "500.00", "-1000.00", &[("ana 04", "0")], &[]),
];

const SLIPS: &[Slip] = &[
    (
        "known on    deal.seen",
        "known on    deal.amount",
        "U203",
        "known on",
    ),
    (
        "known on    deal.seen",
        "known on    deal.sean",
        "N101",
        "known on",
    ),
    (
        "known on    deal.seen",
        "known     deal.seen",
        "S006",
        "known ",
    ),
    ("  known on    deal.seen\n", "", "S007", "corrections"),
    (
        "  corrections count in the open period, for 2 closed periods, later ones are not paid\n",
        "",
        "D608",
        "known on",
    ),
    (", later ones are not paid", "", "D608", "corrections"),
    (
        "later ones are not paid",
        "later ones count in the open period",
        "S008",
        "corrections",
    ),
    (
        "later ones are not paid",
        "later ones are lost",
        "S006",
        "are lost",
    ),
    (
        "for 2 closed periods",
        "for 0 closed periods",
        "S004",
        "for 0",
    ),
    (
        "for 2 closed periods",
        "for two closed periods",
        "S006",
        "for two",
    ),
    (
        "count in the open period,",
        "count in the next period,",
        "S006",
        "next",
    ),
    (
        "  corrections count",
        "  known on    deal.date\n  corrections count",
        "S007",
        "known on    deal.date",
    ),
];

#[test]
fn one_slip_gives_one_message_and_its_edits_mend_it() {
    let good = good();
    let (problems, sources) = found(&good);
    assert_eq!(shown(&problems, &sources), "");
    give_one_message(&good, SLIPS);
}

#[test]
fn slips_of_records_that_rate_their_periods_again() {
    let good = good().replace("count in the open period,", "re-rate their own period,");
    let (problems, sources) = found(&good);
    assert_eq!(shown(&problems, &sources), "");
    give_one_message(
        &good,
        &[
            (", later ones are not paid", "", "D608", "corrections"),
            ("re-rate their", "rerate their", "S006", "rerate"),
            (
                "10% of total bookings",
                "10% of total bookings of everyone",
                "D609",
                "amount      10%",
            ),
            ("  below 0 USD is lost\n", "", "R905", "pay commission"),
            (
                "  amount      10% of total bookings\n  round       the total to 0.01, half up\n",
                "  for each    deal\n  amount      10% of bookings\n  round       each deal to 0.01, half up\n  \
                 payable     2 months after deal.date\n  on leaving  what is withheld is paid when due\n",
                "D609",
                "pay commission",
            ),
        ],
    );
}

/// Random projects have enough of both kinds.
#[test]
fn random_projects_have_late_records() {
    let of = |words: &str| {
        (0..600)
            .filter(|seed| project(*seed).plan.contains(words))
            .count()
    };
    assert!(of("corrections count in the open period") > 20);
    assert!(of("corrections re-rate their own period") > 10);
}

/// Ladders of a year in which deals come in up to eight months late. What everybody is paid by the end, corrections included, is what
/// a plan pays in which every deal was there in time.
#[test]
fn differences_add_up_to_what_was_due() {
    let plan = |late: &str| {
        let terms = TERMS.replace(
            "  known on    deal.seen\n  corrections count in the open period, for 2 closed periods, later ones are not paid\n",
            late,
        );
        let head = PLAN.replace("2026-06-30", "2026-12-31").replace(
            "pay commission",
            "tiers ladder on total bookings\n  | total bookings       | rate |\n  | under 10,000 USD     |   5% |\n  | 10,000 USD and above |  10% |\n\npay commission",
        );
        let head = head.replace(
            "10% of total bookings",
            "total bookings at ladder, each slice at its own rate",
        );
        let head = head.replace("below 0 USD is lost", "below 0 USD carries forward");
        [("company.terms", terms), ("reps.plan", head)]
    };
    let re_rated = "  known on    deal.seen\n  corrections re-rate their own period\n";
    let mut corrections = 0;
    for seed in 0..20 {
        let mut rng = Rng::new(seed);
        let mut deals = "id,date,owner,amount,seen\n".to_owned();
        for n in 0..25 {
            let month = rng.whole(1, 12);
            let seen = rng.whole(month, 12.min(month + 8));
            let (who, amount) = (["ana", "bea"][n % 2], rng.whole(-4_000, 12_000));
            let _ = writeln!(
                deals,
                "D-{n},2026-{month:02}-10,{who},{amount},2026-{seen:02}-20"
            );
        }
        let earned = |late: &str| {
            let run = small::run_over(
                &plan(late),
                "id,role,from,through\nana,Rep,,\nbea,Rep,,\n",
                &deals,
            );
            let mut sums: BTreeMap<String, Exact> = BTreeMap::new();
            let mut news = 0;
            for row in &run.plans[0].collected.rows {
                for pay in &row.pays {
                    let Settled::Value(own) = &pay.earned else {
                        panic!("{} earns: {:?}", row.payee, pay.earned);
                    };
                    *sums.entry(row.payee.clone()).or_default() +=
                        own.clone() + pay.moves.corrected.clone();
                    news += usize::from(!pay.moves.corrected.is_zero());
                }
            }
            (sums, news)
        };
        let (late, news) = earned(re_rated);
        corrections += news;
        assert_eq!(late, earned("").0, "seed {seed}");
    }
    assert!(corrections > 100, "{corrections} months have news");
}
