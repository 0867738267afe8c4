//! Amendments of random projects: both roads agree on them, and one that changes no word changes no payout.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use paycurve::app::calculate::{Asked, Run, calculate};
use paycurve::app::compile::{Compiled, compile};
use paycurve::app::rehearse::rehearse;
use paycurve::base::{Exact, Period};
use paycurve::diag::{Code, Diagnostic, Severity, Style, render};
use paycurve::eval::Settled;
use paycurve::io::{Project, open};
use paycurve::program::Reach;
use paycurve::table::Rows;

use crate::roads::{agree, env, write};
use crate::support::random_amendment::amendment;
use crate::support::random_project::{self, Rng};
use crate::support::small;

const FILE: &str = "random.amend-1.plan";

fn errors(compiled: &Compiled) -> Vec<&Diagnostic> {
    let all = compiled.diagnostics.iter();
    all.filter(|own| own.severity == Severity::Error).collect()
}

/// Answers what the checker asks by one of its own fixes, until it asks nothing; `None` where the amendment has no
/// meaning, which it says by D607, or changes what is carried over (Q807).
fn answered(
    at: &Path,
    mut text: String,
    context: &str,
    choose: &mut dyn FnMut(usize) -> usize,
) -> Option<(Project, Compiled)> {
    for _ in 0..40 {
        fs::write(at.join(FILE), &text).unwrap();
        let project = open(at, None).unwrap();
        let compiled = compile(&project);
        let found = errors(&compiled);
        let Some(first) = found.first() else {
            return Some((project, compiled));
        };
        if found
            .iter()
            .any(|own| matches!(own.code, Code::D607 | Code::Q807))
        {
            return None;
        }
        let shown = || render(first, &project.sources, Style::Plain);
        // What is left open: a running quantity, or a source whose records are paid.
        let is_asked = matches!(first.code, Code::D603 | Code::S007);
        assert!(is_asked, "{context}\n{text}\n{}", shown());
        let fix = &first.fixes[choose(first.fixes.len())];
        let file = project.amendments[0].file;
        let mut edits: Vec<_> = fix.edits.iter().collect();
        assert!(!edits.is_empty(), "{context}: {}", shown());
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        for edit in edits {
            assert_eq!(edit.span.file, file, "{context}: {}", shown());
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            text.replace_range(start..end, &edit.text);
        }
    }
    panic!("{context}: the fixes lead nowhere\n{text}");
}

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("paycurve-{name}-{}", std::process::id()))
}

fn run(project: &Project, compiled: &Compiled) -> Run {
    let asked = Asked::default();
    calculate(project, compiled, &asked, &|_| {}).unwrap()
}

#[test]
fn both_roads_agree_on_amended_projects() {
    let (cases, first) = (env("PAYCURVE_CASES", 300), env("PAYCURVE_SEED", 1));
    let at = folder("amended");
    let (mut amended, mut compared) = (0, 0);
    for seed in first..first + cases {
        let context = format!("PAYCURVE_SEED={seed}");
        let mut rng = Rng::new(seed ^ 0x0A3E_17D5);
        let random = random_project::project(seed);
        write(&at, &random);
        let text = amendment(&mut rng, &random.plan, false);
        let mut any = |fixes: usize| {
            let last = i64::try_from(fixes - 1).unwrap();
            usize::try_from(rng.whole(0, last)).unwrap()
        };
        let Some((project, compiled)) = answered(&at, text, &context, &mut any) else {
            continue;
        };
        amended += 1;
        for of in &run(&project, &compiled).plans {
            let data = run(&project, &compiled).data;
            compared += agree(&of.plan, &data, &of.collected, &context);
        }
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(amended * 3 > cases, "{amended} of {cases} have a meaning");
    assert!(compared as u64 > cases, "amended projects pay somebody");
}

type Paid = BTreeMap<(String, String, Period), Option<(Exact, Exact)>>;

/// What everybody earned and was paid, by pay, person and period; nothing where it is held.
fn paid(run: &Run) -> Paid {
    let mut paid = Paid::new();
    for of in &run.plans {
        for row in &of.collected.rows {
            for pay in &row.pays {
                let name = of.plan.pay(pay.pay).full_name();
                let amounts = match (&pay.earned, &pay.payout) {
                    (Settled::Value(earned), Settled::Value(payout)) => {
                        Some((earned.clone(), payout.clone()))
                    }
                    _ => None,
                };
                paid.insert((name, row.payee.clone(), row.period), amounts);
            }
        }
    }
    paid
}

#[test]
fn an_amendment_of_the_same_words_changes_nothing() {
    let (cases, first) = (env("PAYCURVE_CASES", 300), env("PAYCURVE_SEED", 1));
    let at = folder("same-words");
    let mut amended = 0;
    for seed in first..first + cases {
        let context = format!("PAYCURVE_SEED={seed}");
        let mut rng = Rng::new(seed ^ 0x5A3E_0001);
        let random = random_project::project(seed);
        write(&at, &random);
        let _ = fs::remove_file(at.join(FILE));
        let project = open(&at, None).unwrap();
        let before = paid(&run(&project, &compile(&project)));
        let text = amendment(&mut rng, &random.plan, true);
        // All goes on, and earlier records take the level of the end.
        let Some((project, compiled)) = answered(&at, text, &context, &mut |_| 0) else {
            continue;
        };
        amended += 1;
        assert_eq!(before, paid(&run(&project, &compiled)), "{context}");
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(amended * 3 > cases, "{amended} of {cases} have a meaning");
}

/// The design's own example: an amendment in the middle of a quarter, word for word.
#[test]
fn the_design_example_pays_what_it_says() {
    let at = folder("designed");
    let from = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(&at).unwrap();
    for (name, file) in [
        ("company.terms", "plans/tour/02-marginal/company.terms"),
        (
            "account-executive.plan",
            "plans/tour/02-marginal/account-executive.plan",
        ),
        (
            "account-executive.amend-1.plan",
            "tests/format/amendment.plan",
        ),
    ] {
        fs::copy(from.join(file), at.join(name)).unwrap();
    }
    // Whichever of the files is named, the plan is read with its amendment.
    for named in [
        "",
        "account-executive.plan",
        "account-executive.amend-1.plan",
    ] {
        let project = open(&at.join(named), None).unwrap();
        let compiled = compile(&project);
        assert_eq!(errors(&compiled), Vec::<&Diagnostic>::new(), "{named}");
        assert_eq!(
            compiled.ready[0].plan.amended.amendments.len(),
            1,
            "{named}"
        );
        let ready = &compiled.ready[0];
        let results = rehearse(&ready.plan, &ready.program, |title| {
            title.contains("each side")
        });
        assert_eq!(results.len(), 1, "{named}");
        assert!(
            results[0].failures.is_empty(),
            "{named}: {:?}",
            results[0].failures
        );
    }
    fs::remove_dir_all(&at).unwrap();
}

/// An amendment of a plan that is not there is told, with the nearest title.
#[test]
fn an_amendment_names_its_plan() {
    let at = folder("of-no-plan");
    fs::create_dir_all(&at).unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/errors/D603-undecided");
    fs::copy(from.join("reps.plan"), at.join("reps.plan")).unwrap();
    let text = fs::read_to_string(from.join("reps.amend-1.plan")).unwrap();
    let text = text.replace("amend \"Reps\"", "amend \"Rep\"");
    fs::write(at.join("reps.amend-1.plan"), text).unwrap();
    let project = open(&at, None).unwrap();
    let compiled = compile(&project);
    let found = errors(&compiled);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "no plan of this project is called \"Rep\""
    );
    assert_eq!(found[0].fixes[0].words, "write \"Reps\"");
    fs::remove_dir_all(&at).unwrap();
}

/// Whoever is paid otherwise without a row of data was reached by it, under amendments too.
#[test]
fn what_changes_in_amended_projects_is_reached() {
    let (cases, first) = (env("PAYCURVE_CASES", 300) / 3, env("PAYCURVE_SEED", 1));
    let at = folder("amended-reach");
    let mut changed = 0;
    for seed in first..first + cases {
        let context = format!("PAYCURVE_SEED={seed}");
        let mut rng = Rng::new(seed ^ 0x0A3E_17D5);
        let mut random = random_project::project(seed);
        write(&at, &random);
        let text = amendment(&mut rng, &random.plan, false);
        let Some((project, compiled)) = answered(&at, text, &context, &mut |_| 0) else {
            continue;
        };
        let before = run(&project, &compiled);
        let mut lines: Vec<&str> = random.deals.lines().collect();
        if lines.len() < 2 {
            continue;
        }
        let gone = usize::try_from(seed).unwrap() * 7 % (lines.len() - 1);
        lines.remove(gone + 1);
        random.deals = lines.join("\n") + "\n";
        write(&at, &random);
        let after = run(&project, &compiled);
        let mut reach = Reach::default();
        let Some(table) = before.data.table("deals") else {
            continue;
        };
        if gone < table.rows {
            reach.row(&compiled.ready[0].program, &before.data, "deals", gone);
        }
        let (old, new) = (paid(&before), paid(&after));
        for key in old.keys().chain(new.keys()) {
            let differs = old.get(key) != new.get(key);
            changed += usize::from(differs);
            assert!(
                !differs || reach.contains(&key.1, &key.2),
                "{context}: {key:?}"
            );
        }
    }
    fs::remove_dir_all(&at).unwrap();
    assert!(changed > 0, "some changes are seen");
}

const QUARTERS: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      month
  payees      role is "Rep"

people "People"
  | column | type | meaning |
  | id     | Text | who     |
  | role   | Text | job     |
  | team   | Text | group   |

records deals "Deals"
  | column  | type   | meaning |
  | id      | Text   | order   |
  | date    | Date   | day     |
  | owner   | Person | whose   |
  | amount  | Money  | value   |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount

value rate_of by team
  from        rates
  type        Percent
  if missing  use 2%

pay commission "Commission"
  earned each quarter, paid when the quarter ends
  for each    deal
  amount      bookings * rate_of
  round       the total to 0.01, half up
  below 0 USD is lost
"#;

const OTHERWISE: &str = r#"amend "Reps 2026" as "Change"
  effective   2026-04-01 through 2026-12-31
  applies to  deals dated by deal.date in the effective dates
  because     "chance"
  approved by "Nobody" on 2026-01-01

replace value rate_of by team
  from        rates
  type        Percent
  if missing  use 3%
"#;

/// A table in data has one source, in whichever text it is read, and also where it is read for a quarter. Ana's team has no
/// row: 2% of 100 in the first quarter by the plan, 3% of 100 in the second by the amendment.
#[test]
fn an_amended_table_in_data_reads_one_source() {
    let manifest = "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n  rates: {file: data/rates.csv}\n";
    let deals = "id,date,owner,amount\n1,2026-01-02,ana,100\n2,2026-04-02,ana,100\n";
    let found = small::paid(&small::run(&[
        ("paycurve.yaml", manifest.to_owned()),
        ("reps.plan", QUARTERS.to_owned()),
        ("reps.amend-1.plan", OTHERWISE.to_owned()),
        ("data/people.csv", "id,role,team\nana,Rep,A\n".to_owned()),
        ("data/deals.csv", deals.to_owned()),
        ("data/rates.csv", "team,rate_of\nB,1%\n".to_owned()),
    ]));
    assert_eq!(found["ana commission 2026-03"], "2");
    assert_eq!(found["ana commission 2026-06"], "3");
}
