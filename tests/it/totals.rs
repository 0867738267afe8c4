//! Totals across plans: what is cut by hand, both roads on random projects, and what must hold of every cut.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use paycurve::app::calculate::{Asked, Run, calculate};
use paycurve::app::compile::{Compiled, compile};
use paycurve::base::{Cadence, Exact, Period};
use paycurve::diag::{Severity, Style, render};
use paycurve::eval::{PayRow, Settled};
use paycurve::explain::{Known, Together, Walker};
use paycurve::io::open;
use paycurve::meaning::plan::PayId;

use crate::support::random_project;

fn compiled(path: &Path) -> (paycurve::io::Project, Compiled) {
    let project = open(path, None).unwrap();
    let compiled = compile(&project);
    let errors = compiled.diagnostics.iter();
    let errors: Vec<_> = errors
        .filter(|own| own.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    (project, compiled)
}

fn run(path: &Path, period: Option<&str>) -> (Compiled, Run) {
    let (project, compiled) = compiled(path);
    let asked = Asked {
        period: period.map(str::to_owned),
        ..Asked::default()
    };
    let run = calculate(&project, &compiled, &asked, &|_| {}).unwrap();
    (compiled, run)
}

/// A payout's place: plan, person, period and pay.
type Place = (String, String, String, String);

fn payouts(run: &Run) -> BTreeMap<Place, PayRow> {
    let mut all = BTreeMap::new();
    for of in &run.plans {
        for row in &of.collected.rows {
            for pay in &row.pays {
                let place = (
                    of.plan.title.clone(),
                    row.payee.clone(),
                    of.plan.calendar.label(&row.period),
                    of.plan.pay(pay.pay).full_name(),
                );
                all.insert(place, pay.clone());
            }
        }
    }
    all
}

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

fn features() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/features/two-plans")
}

/// The year's 20,000. Ana: 8,000 in January leave 12,000. On 31 March her month's 10,000 and her quarter's 5,000 are 15,000:
/// 3,000 too much, of which 10/15 are 2,000 and 5/15 are 1,000. April's 3,000 find no room. Ben is on one plan alone: 15,000
/// leave 5,000 for February's 7,000.
#[test]
fn what_two_plans_pay_together_has_one_cap() {
    let (_, run) = run(&features(), None);
    let found = payouts(&run);
    let cuts: Vec<(&str, &str, &str, Exact, Exact)> = found
        .iter()
        .filter(|(_, pay)| !pay.cut.is_zero())
        .map(|((_, payee, period, name), pay)| match &pay.payout {
            Settled::Value(payout) => (
                payee.as_str(),
                period.as_str(),
                name.as_str(),
                pay.cut.clone(),
                payout.clone(),
            ),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("ana", "2026-03", "commission", "2000", "8000"),
        ("ana", "2026-04", "commission", "3000", "0"),
        ("ben", "2026-02", "commission", "2000", "5000"),
        ("ana", "2026-Q1", "service_bonus", "1000", "4000"),
    ];
    let expected = expected
        .map(|(payee, period, pay, cut, payout)| (payee, period, pay, exact(cut), exact(payout)));
    assert_eq!(cuts, expected);
    // Plans of one total are meant to pay together.
    assert!(run.exceptions.is_empty(), "{:?}", run.exceptions);
}

/// What is left of the cap hangs on periods that are not asked for, and on plans that are left out.
#[test]
fn a_month_alone_is_cut_as_in_the_year() {
    let (_, year) = run(&features(), None);
    let (_, month) = run(&features(), Some("2026-03"));
    let (year, month) = (payouts(&year), payouts(&month));
    assert_eq!(month.len(), 2);
    for (place, pay) in month {
        assert_eq!(year.get(&place), Some(&pay), "{place:?}");
    }
}

fn write(at: &Path, random: &random_project::Project, total: bool, names: [&str; 2]) {
    let _ = fs::remove_dir_all(at);
    fs::create_dir_all(at.join("data")).unwrap();
    let (second, block) = &random.second;
    let block = if total { block.as_str() } else { "" };
    let terms = format!("{}{block}", random.terms);
    // What is converted when it is paid is not cut.
    let own = random
        .plan
        .lines()
        .filter(|line| !line.starts_with("  paid in "));
    let plan: String = own.map(|line| format!("{line}\n")).collect();
    for (name, text) in [
        ("paycurve.yaml", &random.manifest),
        ("company.terms", &terms),
        (names[0], &plan),
        (names[1], second),
        ("data/people.csv", &random.people),
        ("data/deals.csv", &random.deals),
        ("data/quotas.csv", &random.quotas),
        ("data/deal_splits.csv", &random.splits),
    ] {
        fs::write(at.join(name), text).unwrap();
    }
    for (name, text) in &random.inputs {
        fs::write(at.join("data").join(name).with_extension("csv"), text).unwrap();
    }
}

fn cases() -> (u64, u64) {
    let env = |name: &str, otherwise: u64| {
        let own = std::env::var(name).ok();
        own.and_then(|own| own.parse().ok()).unwrap_or(otherwise)
    };
    (env("PAYCURVE_CASES", 300) / 3, env("PAYCURVE_SEED", 1))
}

/// Both roads say the same of every payout, and what they cut is what stands above the cap.
#[test]
fn roads_agree_on_totals_of_random_projects() {
    let (cases, first) = cases();
    let at = std::env::temp_dir().join(format!("paycurve-totals-{}", std::process::id()));
    let (mut compared, mut cut) = (0, 0);
    for seed in first..first + cases {
        let random = random_project::project(seed);
        let context = format!("PAYCURVE_SEED={seed}");
        write(&at, &random, false, ["a.plan", "b.plan"]);
        let (_, without) = run(&at, None);
        write(&at, &random, true, ["a.plan", "b.plan"]);
        let (compiled, with) = run(&at, None);
        agree(&compiled, &with, &context);
        let (without, with_total) = (payouts(&without), payouts(&with));
        for (place, before) in &without {
            let after = &with_total[place];
            if let Settled::Value(_) = after.payout {
                assert_eq!(after.before_cut(), before.payout, "{context} {place:?}");
                assert!(!after.cut.is_negative(), "{context} {place:?}");
                compared += 1;
                cut += usize::from(!after.cut.is_zero());
            }
        }
        windows(&compiled, &with, &context);
        // The names of files say nothing.
        write(&at, &random, true, ["z.plan", "b.plan"]);
        assert_eq!(payouts(&run(&at, None).1), with_total, "{context}");
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(cut as u64 > cases, "random totals cut something");
    assert!(compared > cut, "and leave something");
}

fn agree(compiled: &Compiled, run: &Run, context: &str) {
    let plans = compiled.ready.iter();
    let walkers = plans.map(|own| Walker::new(&own.plan, &run.data)).collect();
    let mut together = Together::new(&compiled.totals, walkers);
    for (at, of) in run.plans.iter().enumerate() {
        for row in &of.collected.rows {
            for pay in &row.pays {
                let receipt = together.receipt(at, &row.payee, pay.pay, &row.period);
                let payout = match &pay.payout {
                    Settled::Value(value) => Known::Value(value.clone()),
                    Settled::Nothing => Known::Nothing,
                    Settled::Held(causes) => Known::Held(causes.clone()),
                };
                let name = &of.plan.pay(pay.pay).name;
                let place = format!("{name} {} {:?} {context}", row.payee, row.period);
                assert_eq!(payout, receipt.payout, "{place}");
                let cut = receipt.cut.map_or(Exact::ZERO, |line| line.cut);
                assert_eq!(pay.cut, cut, "{place}");
            }
        }
    }
}

/// In each window a person is paid at most the cap, and something is cut only where that is used up.
fn windows(compiled: &Compiled, run: &Run, context: &str) {
    for total in &compiled.totals {
        // By person and window: what is paid, what is cut, and whether something is held.
        let mut sums: BTreeMap<(String, Period), (Exact, Exact, Exact, bool)> = BTreeMap::new();
        for (plan, id) in &total.of {
            let of = &run.plans[*plan];
            for row in &of.collected.rows {
                let window = around(&of.plan.calendar, row.period, total.each);
                // Who has left has a line only for what moves.
                let Some(own) = row.pays.iter().find(|pay| pay.pay == PayId(id.0)) else {
                    continue;
                };
                let sum = sums.entry((row.payee.clone(), window)).or_default();
                match &own.payout {
                    Settled::Held(_) => sum.3 = true,
                    Settled::Value(payout) => {
                        sum.0 += payout.clone();
                        sum.1 += own.cut.clone();
                        sum.2 += payout.clone().min(Exact::ZERO);
                    }
                    Settled::Nothing => {}
                }
            }
        }
        for (place, (paid, cut, below, held)) in sums {
            assert!(paid <= total.most, "{context} {place:?}: {paid}");
            // Negative payouts give room back after something was cut.
            if !held && below.is_zero() && cut.is_positive() {
                assert_eq!(paid, total.most, "{context} {place:?}");
            }
        }
    }
}

fn around(calendar: &paycurve::base::Calendar, period: Period, each: Cadence) -> Period {
    calendar.period_of(period.end(), each)
}

/// What is changed in the terms of the example, and the code and words of the one error that it gives.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("in \"Sales 2026\"", "in \"Sale 2026\"", "N101", "no plan"),
    ("commission in", "comission in", "N101", "no payout"),
    (
        "service_bonus in \"Service 2026\"",
        "commission in \"Sales 2026\"",
        "N105",
        "twice",
    ),
    ("20,000 USD each", "20,000 EUR each", "U201", "EUR"),
    ("each year", "each month", "Q808", "pays each quarter"),
    ("each year", "each week", "Q808", "pays each"),
    (
        "  round       each cut to 0.01, down\n  remainder   to the largest share\n",
        "",
        "R901",
        "whole cents",
    ),
    (
        "  remainder   to the largest share\n",
        "",
        "R901",
        "spare cents",
    ),
    (
        "in proportion",
        "the last first",
        "Q808",
        "nothing is divided",
    ),
    ("  reduces     in proportion\n", "", "S007", "reduces"),
    (", excess is lost", "", "S006", "excess is lost"),
];

#[test]
fn slips_in_a_total_are_answered() {
    let at = std::env::temp_dir().join(format!("paycurve-total-slips-{}", std::process::id()));
    fs::create_dir_all(at.join("data")).unwrap();
    let copied = ["paycurve.yaml", "sales.plan", "service.plan"];
    for name in copied
        .into_iter()
        .chain(["data/people.csv", "data/deals.csv"])
    {
        fs::copy(features().join(name), at.join(name)).unwrap();
    }
    let terms = fs::read_to_string(features().join("company.terms")).unwrap();
    let second = terms.split("total variable_pay").nth(1).unwrap();
    let twice = format!("{terms}\ntotal other{second}");
    let slips = SLIPS.iter().map(|(from, to, code, words)| {
        let slip = terms.replacen(from, to, 1);
        assert_ne!(slip, terms, "{from}");
        (slip, *code, *words)
    });
    for (slip, code, words) in slips.chain([(twice, "Q808", "two totals")]) {
        fs::write(at.join("company.terms"), &slip).unwrap();
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
        assert_eq!(codes, [code], "{words}:\n{}", shown.join("\n"));
        assert!(
            shown.concat().contains(words),
            "{words}:\n{}",
            shown.concat()
        );
    }
    fs::remove_dir_all(&at).unwrap();
}

/// A deal that cannot be read holds what ana is paid on its day and later in the year, of both plans; not January, and not ben.
#[test]
fn a_held_payout_holds_those_of_its_total() {
    let at = std::env::temp_dir().join(format!("paycurve-total-fault-{}", std::process::id()));
    fs::create_dir_all(at.join("data")).unwrap();
    for name in [
        "paycurve.yaml",
        "sales.plan",
        "service.plan",
        "company.terms",
        "data/people.csv",
    ] {
        fs::copy(features().join(name), at.join(name)).unwrap();
    }
    let deals = fs::read_to_string(features().join("data/deals.csv")).unwrap();
    let deals = deals.replace("ana,100000\nD-3", "ana,lots\nD-3");
    fs::write(at.join("data/deals.csv"), deals).unwrap();
    let (_, run) = run(&at, None);
    for ((_, payee, period, _), pay) in payouts(&run) {
        let before = ["2026-01", "2026-02"].contains(&period.as_str());
        let is_held = matches!(pay.payout, Settled::Held(_));
        assert_eq!(is_held, payee == "ana" && !before, "{payee} {period}");
    }
    fs::remove_dir_all(&at).unwrap();
}

/// One plan alone would be paid without the cut.
#[test]
fn a_plan_of_a_total_is_not_paid_alone() {
    let (project, compiled) = compiled(&features().join("sales.plan"));
    let refused = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap_err();
    assert!(
        format!("{refused:?}").contains("variable_pay"),
        "{refused:?}"
    );
}

/// Two plans for one person are worth a look, unless a plan's head says that they are meant.
#[test]
fn being_on_two_plans_can_be_meant() {
    let at = std::env::temp_dir().join(format!("paycurve-on-purpose-{}", std::process::id()));
    fs::create_dir_all(at.join("data")).unwrap();
    for name in [
        "paycurve.yaml",
        "sales.plan",
        "data/people.csv",
        "data/deals.csv",
    ] {
        fs::copy(features().join(name), at.join(name)).unwrap();
    }
    let terms = fs::read_to_string(features().join("company.terms")).unwrap();
    let without = terms.split("total variable_pay").next().unwrap();
    fs::write(at.join("company.terms"), without).unwrap();
    let service = fs::read_to_string(features().join("service.plan")).unwrap();
    let line = "payees      service for the days in the role\n";
    let accepts = format!("{line}  accept Q803 because \"service comes on top\"\n");
    for (service, expected) in [
        (service.clone(), &["Q803"] as &[&str]),
        (service.replace(line, &accepts), &[]),
    ] {
        fs::write(at.join("service.plan"), service).unwrap();
        let (_, run) = run(&at, None);
        let found: Vec<&str> = run.exceptions.iter().map(|own| own.code.name()).collect();
        assert_eq!(found, expected);
    }
    fs::remove_dir_all(&at).unwrap();
}
