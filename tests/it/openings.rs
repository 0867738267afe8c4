//! Balances from before a plan: brought in as data they give what the earlier periods themselves would, and a fault in
//! them holds whom it reaches and nobody else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use paycurve::app::calculate::Run;
use paycurve::base::Exact;
use paycurve::eval::Settled;
use paycurve::table::Movements;

use crate::support::random_project::Rng;
use crate::support::small::{self, deals, planted};

const MANIFEST: &str = concat!(
    "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n",
    "  balances: {file: data/balances.csv, currency: USD}\n"
);

const PEOPLE: &str = "id,role\np0,Rep\np1,Rep\np2,Rep\np3,Rep\np4,Rep\np5,Rep\np6,Rep\n";

/// The line of a plan that brings balances in.
pub(crate) const BROUGHT_IN: &str = "  opening     from balances\n";

/// A plan of some months, with a payout that keeps a balance and one that keeps none.
fn plan(months: &str, opening: &str) -> String {
    format!(
        concat!(
            "plan \"Reps 2026\"\n  currency    USD\n  effective   {months}\n  period      month\n",
            "  payees      role is \"Rep\" for the days in the role\n{opening}\n",
            "people \"People\"\n  | column | type | meaning |\n  | id | Text | who |\n  | role | Text | job |\n",
            "{deals}\n",
            "pay commission \"Commission\"\n  amount      10% of total bookings\n",
            "  round       the total to 0.01, half up\n  below 0 USD carries forward\n\n",
            "pay bonus \"Bonus\"\n  amount      1% of total bookings\n",
            "  round       the total to 0.01, half up\n  below 0 USD is lost\n",
        ),
        months = months,
        opening = opening,
        deals = deals!()
    )
}

fn run(text: String, deals: &str, balances: &str) -> Run {
    small::run(&[
        ("paycurve.yaml", MANIFEST.to_owned()),
        ("reps.plan", text),
        ("data/people.csv", PEOPLE.to_owned()),
        ("data/deals.csv", deals.to_owned()),
        ("data/balances.csv", balances.to_owned()),
    ])
}

/// Which part of 2026 a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    Year,
    LaterHalf,
}

impl Time {
    /// The dates of `effective`.
    pub(crate) fn months(self) -> &'static str {
        match self {
            Time::Year => "2026-01-01 through 2026-12-31",
            Time::LaterHalf => "2026-07-01 through 2026-12-31",
        }
    }

    /// The line of what stood before its first day; none where the plan has the whole year.
    pub(crate) fn opening(self) -> &'static str {
        match self {
            Time::Year => "",
            Time::LaterHalf => BROUGHT_IN,
        }
    }
}

/// For random deals of so many cents, seed by seed: the later half of a year pays and moves what it does in the whole one,
/// where the balances that stand after June are brought in. `run` runs a plan over deals and balances. The rows of all
/// those balances.
pub(crate) fn half_is_worth_the_whole(
    seeds: std::ops::Range<u64>,
    (least, most): (i64, i64),
    run: impl Fn(Time, &str, &str) -> Run,
) -> String {
    let mut stood = String::new();
    for seed in seeds {
        let mut rng = Rng::new(seed);
        let mut deals = "id,date,owner,amount\n".to_owned();
        for n in 0..40 {
            let cents = rng.whole(least, most);
            deals += &small::random_deal(&mut rng, n, cents);
        }
        let whole = run(Time::Year, &deals, "");
        let balances = after_june(&whole);
        let file = format!("payee,pay,balance,amount\n{balances}");
        let half = run(Time::LaterHalf, &deals, &file);
        assert_eq!(later_half(&whole), later_half(&half), "seed {seed}");
        small::paid(&half);
        stood += &balances;
    }
    stood
}

/// What moved and was paid, by payee, period and pay, from July on.
fn later_half(run: &Run) -> BTreeMap<String, (Settled<Exact>, Movements)> {
    let of = &run.plans[0];
    let rows = of.collected.rows.iter();
    let lines = rows.flat_map(|row| {
        let period = of.plan.calendar.label(&row.period);
        let pays = row.pays.iter();
        pays.map(move |pay| {
            let name = &of.plan.pay(pay.pay).name;
            let place = format!("{period} {} {name}", row.payee);
            (place, (pay.payout.clone(), pay.moves.clone()))
        })
    });
    lines
        .filter(|(place, _)| place.as_str() >= "2026-07")
        .collect()
}

/// The balances that stand after June, as the rows of a file.
fn after_june(run: &Run) -> String {
    let of = &run.plans[0];
    let mut out = String::new();
    for row in &of.collected.rows {
        for pay in &row.pays {
            let is_june = of.plan.calendar.label(&row.period) == "2026-06";
            for balance in pay.moves.balances() {
                if is_june && !balance.closing.is_zero() {
                    let (name, amount) = (&of.plan.pay(pay.pay).name, balance.closing.to_plain());
                    let _ = writeln!(out, "{},{name},{},{amount}", row.payee, balance.name);
                }
            }
        }
    }
    out
}

#[test]
fn a_balance_brought_in_is_worth_the_periods_that_made_it() {
    // As many returns as sales, so that balances stand in June.
    let stood = half_is_worth_the_whole(0..60, (-500_000, 500_000), |time, deals, balances| {
        run(plan(time.months(), time.opening()), deals, balances)
    });
    let stood = stood.lines().count();
    assert!(stood > 100, "balances stood in June: {stood}");
}

/// Three balances; each fault is planted in them, and says who is held in January by which code.
#[test]
fn a_fault_in_a_balance_holds_whom_it_reaches() {
    let deals = "id,date,owner,amount\n1,2026-01-02,p0,5000\n";
    let balances =
        "payee,pay,balance,amount\np0,commission,carried,-200.00\np1,commission,carried,-30.00\n";
    let text = plan(Time::Year.months(), BROUGHT_IN);
    // 10% of 5,000 = 500, less the 200 from before.
    let right = [("p0", "300"), ("p1", "0"), ("p2", "0")];
    let faults = [
        ("", "", right),
        (
            "p0,commission,carried,-200",
            "p0,commission,carried,200",
            [("p0", "F048"), ("p1", "0"), ("p2", "0")],
        ),
        (
            "p1,commission",
            "p0,commission",
            [("p0", "F048"), ("p1", "0"), ("p2", "0")],
        ),
        (
            "p0,commission",
            "p0,bonus",
            [("p0", "F001"), ("p1", "0"), ("p2", "0")],
        ),
        (
            "p0,commission,carried",
            "p0,commission,owed",
            [("p0", "F001"), ("p1", "0"), ("p2", "0")],
        ),
        ("-200.00", "2oo", [("p0", "F001"), ("p1", "0"), ("p2", "0")]),
        ("-200.00", "", [("p0", "F012"), ("p1", "0"), ("p2", "0")]),
        ("p1,commission", "nobody,commission", right),
        (
            "p1,commission",
            ",commission",
            [("p0", "F012"), ("p1", "F012"), ("p2", "F012")],
        ),
        (
            "p1,commission,carried,-30.00",
            "p1,commission",
            [("p0", "300"), ("p1", "F003"), ("p2", "0")],
        ),
    ];
    for (from, to, held) in faults {
        let file = planted("balances", balances, ("balances", from, to));
        let paid = small::paid(&run(text.clone(), deals, &file));
        for (who, said) in held {
            assert_eq!(
                paid[&format!("{who} commission 2026-01")],
                said,
                "{who}: {from} -> {to}"
            );
            // What keeps no balance is not touched.
            assert!(
                !paid[&format!("{who} bonus 2026-01")].starts_with('F'),
                "{from} -> {to}"
            );
        }
    }
}

/// The figures at the head of the plan, with the balances of its data.
#[test]
fn the_sample_of_balances_pays_by_hand() {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .args(["run", "plans/features/opening", "--format", "csv"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let mut reader = csv::Reader::from_reader(done.stdout.as_slice());
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (payee, period, payout) = (at("payee"), at("period"), at("payout"));
    let rows = reader.records().map(Result::unwrap);
    let found: Vec<String> = rows
        .filter(|row| &row[payout] != "0.00")
        .map(|row| format!("{} {} {}", &row[payee], &row[period], &row[payout]))
        .collect();
    assert_eq!(found, ["ana 2026-02 1150.00", "cem 2026-02 700.00"]);
}
