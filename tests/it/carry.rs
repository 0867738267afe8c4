//! What carries over from period to period: slips of an author, each with its message, and faults of data, each with whom
//! it holds and for how long.

use std::collections::BTreeMap;
use std::fs;

use paycurve::app::calculate::{Asked, calculate};
use paycurve::app::compile::compile;
use paycurve::diag::{Severity, Style, render};
use paycurve::eval::Settled;
use paycurve::io::open;

const TERMS: &str = r#"people "People"
  from        people
  | column | type | meaning |
  | id     | Text | who     |
  | role   | Text | job     |

records deals "Deals"
  from        deals
  | column | type   | meaning  |
  | id     | Text   | order    |
  | date   | Date   | day      |
  | owner  | Person | who sold |
  | amount | Money  | value    |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount
"#;

const PLAN: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      month
  payees      role is "Rep" for the days in the role

use "company.terms"

measure volume "Volume"
  value       total bookings

carry spare "Spare volume"
  adds        volume - 1,000 USD
  into        volume of the next period
  expires     at quarter end

pay bonus
  amount      10% of min(volume, 1,000 USD)
  round       the total to 0.01, half up
  below 0 USD is lost

pay capped
  amount      10% of total bookings
  cap         150 USD each month, excess carries forward as money
  round       the total to 0.01, half up
  below 0 USD is lost
"#;

const DEALS: &str = "id,date,owner,amount\nD-1,2026-01-10,ana,2500\nD-2,2026-02-11,ana,400\nD-3,2026-02-12,bea,1800\n";

/// What is changed in the plan, and the code and the words of the one error that it gives.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("carry spare", "cary spare", "S001", "cary"),
    ("  expires     at quarter end\n", "", "S007", "expires"),
    (
        "at quarter end",
        "at the end of the quarter",
        "S006",
        "expires",
    ),
    ("at quarter end", "at month end", "Q807", "at month end"),
    (
        "at quarter end",
        "after 0 periods",
        "S008",
        "number of periods",
    ),
    (
        "1,000 USD\n  into        volume of the next period\n  expires     at quarter end",
        "1,000 USD, below 0 too\n  into        volume of the next period\n  expires     after 2 periods",
        "Q807",
        "below 0",
    ),
    ("volume of the next", "volum of the next", "N101", "volum"),
    (
        "volume of the next",
        "bookings of the next",
        "U203",
        "goes into a measure",
    ),
    (
        "volume - 1,000 USD",
        "volume - 1,000",
        "U203",
        "an amount of USD",
    ),
    (
        "volume - 1,000 USD",
        "count bookings",
        "U203",
        "plain number",
    ),
    (
        "min(volume, 1,000 USD)",
        "min(total volume of everyone, 1,000 USD)",
        "Q807",
        "several persons",
    ),
    (
        "pay bonus\n",
        "pay bonus\n  earned      each quarter, paid each month\n",
        "Q807",
        "takes in what is left of each month",
    ),
    (
        "excess carries forward as money",
        "excess carries forward",
        "S006",
        "excess",
    ),
    (
        "10% of total bookings\n  cap",
        "10% of total bookings year to date\n  pays the increase\n  cap",
        "",
        "",
    ),
    (
        "excess carries forward as money\n",
        "excess carries forward as money\n  pays the increase\n",
        "Q807",
        "to date",
    ),
];

fn folder(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("paycurve-{name}-{}", std::process::id()))
}

fn write(at: &std::path::Path, plan: &str, deals: &str) {
    fs::create_dir_all(at.join("data")).unwrap();
    let manifest = "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n";
    for (name, text) in [
        ("paycurve.yaml", manifest),
        ("company.terms", TERMS),
        ("reps.plan", plan),
        ("data/people.csv", "id,role\nana,Rep\nbea,Rep\n"),
        ("data/deals.csv", deals),
    ] {
        fs::write(at.join(name), text).unwrap();
    }
}

#[test]
fn slips_are_answered() {
    let at = folder("carry-slips");
    for (from, to, code, words) in SLIPS {
        let slip = PLAN.replacen(from, to, 1);
        assert_ne!(slip, PLAN, "{from}");
        let slip = slip.replace(
            "total bookings\n  cap         150 USD each month, excess carries forward as money\n  pays",
            "total bookings year to date\n  cap         150 USD each month, excess carries forward as money\n  pays",
        );
        write(&at, &slip, DEALS);
        let project = open(&at, None).unwrap();
        let compiled = compile(&project);
        let errors = compiled.diagnostics.iter();
        let errors: Vec<_> = errors
            .filter(|own| own.severity == Severity::Error)
            .collect();
        let shown: Vec<String> = errors
            .iter()
            .map(|own| render(own, &project.sources, Style::Plain))
            .collect();
        let codes: Vec<&str> = errors.iter().map(|own| own.code.name()).collect();
        let expected: &[&str] = if code.is_empty() { &[] } else { &[code] };
        assert_eq!(codes, expected, "{to}:\n{}", shown.join("\n"));
        assert!(shown.concat().contains(words), "{to}:\n{}", shown.concat());
    }
    fs::remove_dir_all(&at).unwrap();
}

/// A carry is of a plan: shared terms know no periods.
#[test]
fn a_carry_in_shared_terms_is_refused() {
    let at = folder("carry-shared");
    let carry = "carry spare \"Spare\"\n  adds        volume\n  into        volume of the next period\n  expires     never\n";
    let plan = PLAN.replace(
        "carry spare \"Spare volume\"\n  adds        volume - 1,000 USD\n  into        volume of the next period\n  expires     at quarter end\n",
        "",
    );
    write(&at, &plan, DEALS);
    fs::write(at.join("company.terms"), format!("{TERMS}\n{carry}")).unwrap();
    let project = open(&at, None).unwrap();
    let compiled = compile(&project);
    let errors = compiled.diagnostics.iter();
    let codes: Vec<&str> = errors
        .filter(|own| own.severity == Severity::Error)
        .map(|own| own.code.name())
        .collect();
    assert_eq!(codes, ["Q807"]);
    fs::remove_dir_all(&at).unwrap();
}

/// What is paid by payee, pay and month; held payouts with the codes of their causes.
fn paid(at: &std::path::Path) -> BTreeMap<String, String> {
    let project = open(at, None).unwrap();
    let compiled = compile(&project);
    assert!(!compiled.has_errors(), "{:?}", compiled.diagnostics);
    let run = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap();
    let of = &run.plans[0];
    let mut paid = BTreeMap::new();
    for row in &of.collected.rows {
        for pay in &row.pays {
            let name = &of.plan.pay(pay.pay).name;
            let period = of.plan.calendar.label(&row.period);
            let value = match &pay.payout {
                Settled::Value(value) => value.to_plain(),
                Settled::Nothing => "nothing".to_owned(),
                Settled::Held(causes) => causes[0].code.name().to_owned(),
            };
            paid.insert(format!("{} {name} {period}", row.payee), value);
        }
    }
    paid
}

/// Ana books 2,500 in January: 1,500 are spare. In February 400 + 1,500 are 1,900: 900 are spare for March. The quarter then
/// ends. Of the 250 that the other pay earns, 150 are paid, and 100 kept: February's 40 and they are 140. Bea's 1,800 of
/// February leave 800 for March, and 30 of 180.
#[test]
fn each_period_takes_in_what_the_one_before_left() {
    let at = folder("carry-sound");
    write(&at, PLAN, DEALS);
    let paid = paid(&at);
    for (place, amount) in [
        ("ana bonus 2026-01", "100"),
        ("ana bonus 2026-02", "100"),
        ("ana bonus 2026-03", "90"),
        ("ana bonus 2026-04", "0"),
        ("ana capped 2026-01", "150"),
        ("ana capped 2026-02", "140"),
        ("ana capped 2026-03", "0"),
        ("bea bonus 2026-02", "100"),
        ("bea bonus 2026-03", "80"),
        ("bea bonus 2026-04", "0"),
        ("bea capped 2026-02", "150"),
        ("bea capped 2026-03", "30"),
    ] {
        assert_eq!(paid[place], amount, "{place}");
    }
    fs::remove_dir_all(&at).unwrap();
}

/// A deal that cannot be read holds its own month and what that leaves: the volume until the quarter ends, the excess until
/// the plan does. Bea, and ana's January, are paid as before.
#[test]
fn a_fault_holds_what_its_period_leaves() {
    let at = folder("carry-fault");
    write(&at, PLAN, DEALS);
    let sound = paid(&at);
    write(&at, PLAN, &DEALS.replace("ana,400", "ana,4x0"));
    for (place, value) in paid(&at) {
        let held = match place.as_str() {
            "ana bonus 2026-02" | "ana bonus 2026-03" => true,
            own => own.starts_with("ana capped") && own != "ana capped 2026-01",
        };
        let expected = if held { "F001" } else { &sound[&place] };
        assert_eq!(value, expected, "{place}");
    }
    fs::remove_dir_all(&at).unwrap();
}
