//! Two roads, one answer: the engine and the walker agree on every plan in `plans/` and on random plans with
//! random data, and results do not depend on the order of rows or the number of threads.
//!
//! `PAYCURVE_CASES` sets how many random projects are tried (300), `PAYCURVE_SEED` where they start (1):
//! `PAYCURVE_CASES=20000 cargo test --release --test it random_projects`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use paycurve::app::calculate::{Asked, Run, calculate};
use paycurve::app::collect::Collected;
use paycurve::app::compile::{Compiled, compile};
use paycurve::base::{Currency, Date, Exact, Period};
use paycurve::diag::{Severity, Style, render};
use paycurve::eval::{PaidOut, PersonPeriod, Settled};
use paycurve::explain::{Known, Walker, receipt};
use paycurve::io::{Project, open};
use paycurve::meaning::Plan;
use paycurve::meaning::plan::PayId;
use paycurve::program::Reach;
use paycurve::table::{Cause, Data, Rows};

use crate::support::folder::folders;
use crate::support::random_project;
use crate::support::small::turned;

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn ready(path: &Path) -> (Project, Compiled) {
    ready_as(path, "")
}

fn ready_as(path: &Path, context: &str) -> (Project, Compiled) {
    let project = open(path, None).unwrap();
    let compiled = compile(&project);
    let errors: Vec<String> = compiled
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| render(d, &project.sources, Style::Plain))
        .collect();
    assert!(
        errors.is_empty(),
        "{context} {}:\n{}",
        path.display(),
        errors.join("\n")
    );
    (project, compiled)
}

fn known<T: Clone>(settled: &Settled<T>, value: impl Fn(&T) -> Known) -> Known {
    match settled {
        Settled::Value(found) => value(found),
        Settled::Nothing => Known::Nothing,
        Settled::Held(causes) => Known::Held(causes.clone()),
    }
}

/// Every value of every row, by the walker.
pub(crate) fn agree(plan: &Plan, rows: &dyn Rows, found: &Collected, context: &str) -> usize {
    let mut walker = Walker::new(plan, rows);
    let mut compared = 0;
    let mut expected: Vec<(String, String)> = Vec::new();
    for payee in walker.payees() {
        for period in plan.periods() {
            let mut pays = (0..plan.pays.len()).map(PayId);
            if pays.any(|id| walker.is_settled(&payee, id, &period))
                || walker.belongs(&payee, &period)
            {
                expected.push((payee.clone(), plan.calendar.label(&period)));
            }
        }
    }
    let belongs: Vec<(String, String)> = found
        .rows
        .iter()
        .map(|r| (r.payee.clone(), plan.calendar.label(&r.period)))
        .collect();
    assert_eq!(belongs, expected, "who belongs to which periods: {context}");
    let number = |value: &paycurve::base::Exact| Known::Value(value.clone());
    for row in &found.rows {
        let place = format!(
            "{} {} {context}",
            row.payee,
            plan.calendar.label(&row.period)
        );
        for (id, total) in &row.totals {
            let name = &plan.credit(*id).name;
            assert_eq!(
                known(total, number),
                walker.total(&row.payee, *id, &row.period),
                "total {name}: {place}"
            );
        }
        for (id, quota) in &row.quotas {
            let fast = known(quota, |value| {
                value.clone().map_or(Known::Nothing, Known::Value)
            });
            assert_eq!(
                fast,
                walker.quota(&row.payee, *id, plan.cadence, &row.period),
                "{}: {place}",
                plan.quota(*id).name
            );
        }
        for (id, measure) in &row.measures {
            assert_eq!(
                known(measure, number),
                walker.measure(&row.payee, *id, &row.period),
                "{}: {place}",
                plan.measure(*id).name
            );
        }
        for own in &row.carries {
            let line = walker.carry(&row.payee, own.carry, &row.period);
            let line = line.expect("a period of the plan");
            let name = &plan.carry(own.carry).name;
            let (carried_in, carried_out) = (&own.carried_in, &own.carried_out);
            assert_eq!(
                (known(carried_in, number), known(carried_out, number)),
                (line.carried_in, line.carried_out),
                "{name}: {place}"
            );
        }
        for pay in &row.pays {
            let receipt = walker.receipt(&row.payee, pay.pay, &row.period);
            let name = &plan.pay(pay.pay).name;
            assert_eq!(
                known(&pay.earned, number),
                receipt.earned,
                "{name} earned: {place}"
            );
            assert_eq!(
                known(&pay.payout, number),
                receipt.payout,
                "{name} payout: {place}"
            );
            assert_eq!(pay.moves, receipt.moves, "{name} moves: {place}");
            let taken = receipt.taken.iter().map(|own| &own.amount).sum::<Exact>();
            assert_eq!(taken, pay.moves.taken_back, "{name} taken back: {place}");
            assert_eq!(
                pay.paid.as_ref().map(paid_by_engine),
                receipt.paid.as_ref().map(paid_by_walker),
                "{name} paid: {place}"
            );
            compared += 1;
        }
    }
    compared
}

/// Amount, currency, rate, the first day of its row, and where that stands.
type InOtherCurrency = (Exact, Currency, Exact, Option<Date>, String);

fn paid_by_engine(paid: &PaidOut) -> InOtherCurrency {
    let place = paid.place.clone().unwrap_or_default();
    let (amount, rate) = (paid.amount.clone(), paid.rate.clone());
    (amount, paid.currency, rate, paid.since, place)
}

fn paid_by_walker(paid: &receipt::PaidOut) -> InOtherCurrency {
    let by = paid.quoted.as_ref();
    let rate = by.map_or(Exact::ONE, |by| by.rate.clone());
    let place = by.map_or(String::new(), |by| by.place.clone());
    (
        paid.amount.clone(),
        paid.currency,
        rate,
        by.map(|by| by.since),
        place,
    )
}

/// Compares both roads on a project; how many payouts there are.
pub fn both(path: &Path, context: &str) -> usize {
    let (project, compiled) = ready_as(path, context);
    let asked = Asked {
        credits: true,
        ..Asked::default()
    };
    let run = calculate(&project, &compiled, &asked, &|_| {})
        .unwrap_or_else(|e| panic!("{context}: {e:?}"));
    assert!(run.problems.is_empty(), "{context}: {:?}", run.problems);
    run.plans
        .iter()
        .map(|of| agree(&of.plan, &run.data, &of.collected, context))
        .sum()
}

#[test]
fn they_agree_on_the_corpus() {
    for of in ["plans/tour", "plans/gallery"] {
        for project in folders(of) {
            let name = project.display().to_string();
            assert!(both(&project, &name) > 0, "{name} pays somebody");
        }
    }
}

pub(crate) fn write(at: &Path, project: &random_project::Project) {
    fs::create_dir_all(at.join("data")).unwrap();
    for (name, text) in [
        ("paycurve.yaml", &project.manifest),
        ("company.terms", &project.terms),
        ("random.plan", &project.plan),
        ("data/people.csv", &project.people),
        ("data/deals.csv", &project.deals),
        ("data/quotas.csv", &project.quotas),
        ("data/deal_splits.csv", &project.splits),
    ] {
        fs::write(at.join(name), text).unwrap();
    }
    for (name, text) in &project.inputs {
        fs::write(at.join("data").join(name).with_extension("csv"), text).unwrap();
    }
}

pub(crate) fn env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(otherwise)
}

#[test]
fn they_agree_on_random_projects() {
    let (cases, first) = (env("PAYCURVE_CASES", 300), env("PAYCURVE_SEED", 1));
    let at = std::env::temp_dir().join(format!("paycurve-roads-{}", std::process::id()));
    let mut compared = 0;
    for seed in first..first + cases {
        write(&at, &random_project::project(seed));
        compared += both(&at, &format!("PAYCURVE_SEED={seed}"));
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(compared as u64 > cases, "random projects pay somebody");
}

fn without_lines(cause: &mut Cause) {
    cause.cell = None;
    if let Some((before, _)) = cause.words.split_once(" stands again on ") {
        cause.words = before.to_owned();
    }
}

/// What a row says, without the lines of its causes: they move when a line above goes.
fn said(row: &PersonPeriod) -> String {
    let mut row = row.clone();
    let strip = |settled: &mut Settled<Exact>| {
        if let Settled::Held(causes) = settled {
            causes.iter_mut().for_each(without_lines);
        }
    };
    for pay in &mut row.pays {
        strip(&mut pay.earned);
        strip(&mut pay.payout);
        if let Some(paid) = &mut pay.paid {
            paid.place = None;
        }
    }
    row.measures.iter_mut().for_each(|(_, value)| strip(value));
    row.totals.iter_mut().for_each(|(_, value)| strip(value));
    for own in &mut row.carries {
        strip(&mut own.carried_in);
        strip(&mut own.carried_out);
    }
    for (_, quota) in &mut row.quotas {
        if let Settled::Held(causes) = quota {
            causes.iter_mut().for_each(without_lines);
        }
    }
    format!("{row:?}")
}

#[test]
fn what_changes_is_reached() {
    let (cases, first) = (env("PAYCURVE_CASES", 300) / 3, env("PAYCURVE_SEED", 1));
    let at = std::env::temp_dir().join(format!("paycurve-reach-{}", std::process::id()));
    let (mut changed, mut spared) = (0, 0);
    for seed in first..first + cases {
        let mut random = random_project::project(seed);
        write(&at, &random);
        let (project, compiled) = ready(&at);
        let before = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap();
        let (name, text) = match seed % 7 {
            6 => ("deal_splits".to_owned(), &mut random.splits),
            0 => ("people".to_owned(), &mut random.people),
            1 => ("quotas".to_owned(), &mut random.quotas),
            2 => {
                let file = {
                    let at = usize::try_from(seed / 7).unwrap() % random.inputs.len();
                    &mut random.inputs[at]
                };
                (file.0.clone(), &mut file.1)
            }
            _ => ("deals".to_owned(), &mut random.deals),
        };
        let mut lines: Vec<&str> = text.lines().collect();
        if lines.len() < 2 {
            continue;
        }
        let gone = usize::try_from(seed).unwrap() * 7 % (lines.len() - 1);
        lines.remove(gone + 1);
        *text = lines.join("\n") + "\n";
        write(&at, &random);
        let after = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap();
        let program = &compiled.ready[0].program;
        let mut reach = Reach::default();
        // A source that no line of this plan reads is not loaded.
        let Some(table) = before.data.table(&name) else {
            continue;
        };
        // A line inside a quote that never closes is no row; without it nothing changes.
        if gone < table.rows {
            reach.row(program, &before.data, &name, gone);
        }
        let by_place = |run: &Run| -> BTreeMap<(String, Period), String> {
            let rows = &run.plans[0].collected.rows;
            let of = |row: &PersonPeriod| ((row.payee.clone(), row.period), said(row));
            rows.iter().map(of).collect()
        };
        let (old, new) = (by_place(&before), by_place(&after));
        for place in old.keys().chain(new.keys()) {
            let differs = old.get(place) != new.get(place);
            let is_reached = reach.contains(&place.0, &place.1);
            assert!(
                !differs || is_reached,
                "PAYCURVE_SEED={seed}: without line {} of {name}.csv, {place:?} changes unreached\n{:?}\n{:?}",
                gone + 2,
                old.get(place),
                new.get(place)
            );
            changed += usize::from(differs);
            spared += usize::from(!is_reached);
        }
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(changed > 0, "some changes are seen");
    assert!(
        spared > changed,
        "most results are not reached by a change of one row"
    );
}

fn rows_of(project: &Project, compiled: &Compiled) -> Vec<Vec<PersonPeriod>> {
    let run = calculate(project, compiled, &Asked::default(), &|_| {}).unwrap();
    run.plans.into_iter().map(|of| of.collected.rows).collect()
}

#[test]
fn row_order_does_not_matter() {
    let source = folder("plans/gallery/saas");
    let (project, compiled) = ready(&source);
    let at = std::env::temp_dir().join(format!("paycurve-order-{}", std::process::id()));
    fs::create_dir_all(&at).unwrap();
    for entry in fs::read_dir(source.join("data")).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        fs::write(at.join(entry.file_name()), turned(&text)).unwrap();
    }
    let turned = open(&source, Some(&at)).unwrap();
    let turned_compiled = compile(&turned);
    // What is said of a held payout names a line, and lines move; everything else stays.
    let all =
        |rows: Vec<Vec<PersonPeriod>>| -> Vec<String> { rows.iter().flatten().map(said).collect() };
    assert_eq!(
        all(rows_of(&project, &compiled)),
        all(rows_of(&turned, &turned_compiled))
    );
    fs::remove_dir_all(&at).unwrap();
}

/// Neither the order of rows, in any file, nor the number of threads changes what random projects pay.
#[test]
fn neither_rows_nor_threads_matter_to_random_projects() {
    let (cases, first) = (env("PAYCURVE_CASES", 300) / 3, env("PAYCURVE_SEED", 1));
    let at = std::env::temp_dir().join(format!("paycurve-turned-{}", std::process::id()));
    let threads = rayon::ThreadPoolBuilder::new().num_threads(3);
    let threads = threads.build().unwrap();
    let mut compared = 0;
    for seed in first..first + cases {
        let mut random = random_project::project(seed);
        // A quote that opens and does not close takes other rows with it where they are turned.
        if random.files().any(|text| text.contains('"')) {
            continue;
        }
        let paid = |random: &random_project::Project| {
            write(&at, random);
            let (project, compiled) = ready(&at);
            rows_of(&project, &compiled)
        };
        let as_written = paid(&random);
        for text in random.files() {
            *text = turned(text);
        }
        let turned = threads.install(|| paid(&random));
        for (one, other) in as_written.iter().flatten().zip(turned.iter().flatten()) {
            assert_eq!(said(one), said(other), "PAYCURVE_SEED={seed}");
            compared += 1;
        }
        assert_eq!(as_written.concat().len(), turned.concat().len());
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(compared as u64 > cases, "random projects pay somebody");
}

#[test]
fn threads_do_not_matter() {
    let (project, compiled) = ready(&folder("plans/gallery/saas"));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| rows_of(&project, &compiled))
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(7));
}

#[test]
fn a_person_alone_is_paid_the_same() {
    let (project, compiled) = ready(&folder("plans/gallery/saas"));
    let all = rows_of(&project, &compiled);
    let asked = Asked {
        payee: Some("P-007".to_owned()),
        ..Asked::default()
    };
    let alone = calculate(&project, &compiled, &asked, &|_| {}).unwrap();
    for (all, alone) in all.iter().zip(&alone.plans) {
        let own: Vec<_> = all
            .iter()
            .filter(|row| row.payee == "P-007")
            .cloned()
            .collect();
        assert_eq!(own, alone.collected.rows);
    }
    let _: &Data = &alone.data;
}

/// One person in one period is paid as in a run of everybody and everything.
#[test]
fn a_person_and_a_period_alone_are_paid_the_same_in_random_projects() {
    let (cases, first) = (env("PAYCURVE_CASES", 300) / 3, env("PAYCURVE_SEED", 1));
    let at = std::env::temp_dir().join(format!("paycurve-alone-{}", std::process::id()));
    let mut compared = 0;
    for seed in first..first + cases {
        write(&at, &random_project::project(seed));
        let (project, compiled) = ready(&at);
        compared += alone(&project, &compiled, seed, &format!("PAYCURVE_SEED={seed}"));
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(compared as u64 > cases / 2, "random projects pay somebody");
}

/// Compares one row of each plan with the same alone; which one depends on the seed.
fn alone(project: &Project, compiled: &Compiled, seed: u64, context: &str) -> usize {
    let all = calculate(project, compiled, &Asked::default(), &|_| {}).unwrap();
    let mut compared = 0;
    for (at, of) in all.plans.iter().enumerate() {
        let rows = &of.collected.rows;
        let Some(row) = rows.get(usize::try_from(seed * 7).unwrap() % rows.len().max(1)) else {
            continue;
        };
        let asked = Asked {
            payee: Some(row.payee.clone()),
            period: Some(of.plan.calendar.label(&row.period)),
            ..Asked::default()
        };
        let own = calculate(project, compiled, &asked, &|_| {}).unwrap();
        let of_title = own
            .plans
            .iter()
            .find(|own| own.plan.title == all.plans[at].plan.title);
        let own = &of_title.expect("the plan pays").collected.rows;
        assert_eq!(own.as_slice(), std::slice::from_ref(row), "{context}");
        compared += 1;
    }
    compared
}

/// A plan with all that is earned over longer lengths of time paid in one of the two ways.
fn paid(plan: &str, at_the_end: bool) -> String {
    let heads = || plan.lines().map(str::trim);
    let period = heads().find_map(|line| line.strip_prefix("period "));
    let period = period.unwrap().split(',').next().unwrap().trim();
    let lines = plan.lines().map(|line| {
        let over = line.trim().strip_prefix("earned each ");
        match over.and_then(|rest| rest.split_once(',')) {
            Some((over, _)) if at_the_end => {
                format!("  earned each {over}, paid when the {over} ends\n")
            }
            Some((over, _)) => format!("  earned each {over}, paid each {period}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}

/// What pays that are earned over longer lengths of time came to in each, by pay, person and length of time; nothing
/// where a period is held.
fn sums(path: &Path, context: &str) -> BTreeMap<(String, String, String), Option<Exact>> {
    let (project, compiled) = ready_as(path, context);
    let run = calculate(&project, &compiled, &Asked::default(), &|_| {})
        .unwrap_or_else(|e| panic!("{context}: {e:?}"));
    let mut sums = BTreeMap::new();
    for of in &run.plans {
        let rows = of.collected.rows.iter();
        for (row, pay) in rows.flat_map(|row| row.pays.iter().map(move |pay| (row, pay))) {
            let plan = &of.plan;
            let own = plan.pay(pay.pay);
            let Some(over) = own.over.filter(|_| own.full_name() == own.name) else {
                continue;
            };
            let around = plan.calendar.period_of(row.period.start(), over);
            let key = (
                own.name.clone(),
                row.payee.clone(),
                plan.calendar.label(&around),
            );
            let sum = sums.entry(key).or_insert(Some(Exact::ZERO));
            *sum = match (sum.take(), &pay.earned) {
                (Some(sum), Settled::Value(earned)) => Some(sum + earned.clone()),
                _ => None,
            };
        }
    }
    sums
}

/// Paid month by month or at the end of the quarter: over the quarter it is the same.
#[test]
fn what_is_earned_is_paid_either_way() {
    let (cases, first) = (env("PAYCURVE_CASES", 300), env("PAYCURVE_SEED", 1));
    let at = std::env::temp_dir().join(format!("paycurve-earned-{}", std::process::id()));
    let mut compared = 0;
    for seed in first..first + cases {
        let mut project = random_project::project(seed);
        // A budget pays each period what is left then, and a late record what it is worth by then: so it matters when.
        let skips = ["\nbudget ", "re-rate"]
            .iter()
            .any(|words| project.plan.contains(words));
        if !project.plan.contains("earned each") || skips {
            continue;
        }
        let context = format!("PAYCURVE_SEED={seed}");
        let mut either = [true, false].map(|at_the_end| {
            project.plan = paid(&project.plan, at_the_end);
            write(&at, &project);
            sums(&at, &context)
        });
        let [at_the_end, along] = &mut either;
        for (key, sum) in along {
            if let (Some(sum), Some(Some(other))) = (&*sum, at_the_end.get(key)) {
                assert_eq!(sum, other, "{context} {key:?}");
                compared += 1;
            }
        }
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(compared > 100, "random projects earn over longer times");
}
