//! A small company with people and deals: a project written to a folder of its own, and run.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use paycurve::app::calculate::{Asked, Run, calculate};
use paycurve::app::compile::compile;
use paycurve::base::Exact;
use paycurve::eval::Settled;
use paycurve::explain::{Known, Walker};
use paycurve::io::open;

use crate::support::random_project::Rng;

/// People, and deals in dollars.
pub const MANIFEST: &str =
    "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n";

/// Deals, and a credit that gives each of them to its owner.
macro_rules! deals {
    () => {
        r#"
records deals "Deals"
  | column | type   | meaning |
  | id     | Text   | which   |
  | date   | Date   | day     |
  | owner  | Person | whose   |
  | amount | Money  | value   |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount
"#
    };
}
pub(crate) use deals;

/// Runs the one plan of a project of these files, by name and text.
pub fn run(files: &[(&str, String)]) -> Run {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let name = format!("paycurve-small-{}-{run}", std::process::id());
    let at = std::env::temp_dir().join(name);
    fs::create_dir_all(at.join("data")).unwrap();
    for (name, text) in files {
        fs::write(at.join(name), text).unwrap();
    }
    let project = open(&at, None).unwrap();
    let compiled = compile(&project);
    assert_eq!(compiled.ready.len(), 1, "{:?}", compiled.diagnostics);
    let run = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap();
    fs::remove_dir_all(&at).unwrap();
    run
}

/// Runs the one plan of these texts over people and deals.
pub fn run_over(texts: &[(&str, String)], people: &str, deals: &str) -> Run {
    let data = [
        ("paycurve.yaml", MANIFEST.to_owned()),
        ("data/people.csv", people.to_owned()),
        ("data/deals.csv", deals.to_owned()),
    ];
    run(&[texts, &data].concat())
}

/// The text of a file, with a fault where the fault is in that file: what stands there, and what comes in its place.
pub fn planted(name: &str, text: &str, (file, from, to): (&str, &str, &str)) -> String {
    if name != file {
        return text.to_owned();
    }
    assert!(
        from.is_empty() || text.contains(from),
        "`{from}` stands in {file}"
    );
    text.replacen(from, to, 1)
}

/// Cents as an amount.
pub fn amount(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// A row of `id,date,owner,amount`: a deal of one of seven people, on some 15th of the year.
pub fn random_deal(rng: &mut Rng, n: usize, cents: i64) -> String {
    let (month, owner) = (rng.whole(1, 12), rng.whole(0, 6));
    format!("D-{n},2026-{month:02}-15,p{owner},{}\n", amount(cents))
}

/// Payee, pay and amount of all that is earned, of which nothing is held.
pub fn earned(run: &Run) -> Vec<(&str, &str, &Exact)> {
    let of = &run.plans[0];
    let mut found = Vec::new();
    for row in &of.collected.rows {
        for pay in &row.pays {
            let Settled::Value(earned) = &pay.earned else {
                panic!("{} is paid: {:?}", row.payee, pay.earned);
            };
            found.push((
                row.payee.as_str(),
                of.plan.pay(pay.pay).name.as_str(),
                earned,
            ));
        }
    }
    found
}

/// What everybody gets, by `PAYEE PAY PERIOD`: an amount or the codes of why it is held. Both engines say the same.
pub fn paid(run: &Run) -> BTreeMap<String, String> {
    let of = &run.plans[0];
    let mut walker = Walker::new(&of.plan, &run.data);
    let mut paid = BTreeMap::new();
    for row in &of.collected.rows {
        let period = of.plan.calendar.label(&row.period);
        for pay in &row.pays {
            let name = &of.plan.pay(pay.pay).name;
            let walked = walker.receipt(&row.payee, pay.pay, &row.period).payout;
            let (said, same) = match &pay.payout {
                Settled::Value(amount) => {
                    (amount.to_plain(), walked == Known::Value(amount.clone()))
                }
                Settled::Held(causes) => {
                    let codes: Vec<&str> = causes.iter().map(|cause| cause.code.name()).collect();
                    (codes.join(" "), walked == Known::Held(causes.clone()))
                }
                Settled::Nothing => ("nothing".to_owned(), walked == Known::Nothing),
            };
            let place = format!("{} {name} {period}", row.payee);
            assert!(
                same,
                "{place}: the engine says {said}, the walker {walked:?}"
            );
            paid.insert(place, said);
        }
    }
    paid
}

/// What stands in the deals, what comes in its place, and who gets something else, by `PAYEE PERIOD`.
pub type Fault = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Plants each fault in the deals of a plan that pays a commission, and compares what everybody gets of it with what they
/// get without a fault and what the fault says. The order of the rows does not matter.
pub fn faults_hold(
    sound: &[(&str, &str)],
    faults: &[Fault],
    deals: &str,
    run: impl Fn(&str) -> Run,
) {
    for (from, to, other) in faults {
        let expected: BTreeMap<String, String> = sound
            .iter()
            .chain(*other)
            .map(|(place, said)| ((*place).to_owned(), (*said).to_owned()))
            .collect();
        let deals = planted("deals", deals, ("deals", from, to));
        for deals in [turned(&deals), deals] {
            let found = paid(&run(&deals)).into_iter();
            let found: BTreeMap<String, String> = found
                .map(|(place, said)| (place.replace(" commission", ""), said))
                .collect();
            assert_eq!(found, expected, "{from:?} becomes {to:?}");
        }
    }
}

/// A CSV file with its rows turned round, below their heading.
pub fn turned(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    lines.join("\n") + "\n"
}
