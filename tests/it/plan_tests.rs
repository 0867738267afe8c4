//! `paycurve test`: what a failing test shows and what a test leaves unsaid.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use paycurve::app::boundaries::boundaries;
use paycurve::app::compile::{Compiled, compile};
use paycurve::app::coverage::{coverage, outcomes};
use paycurve::app::rehearse::rehearse;
use paycurve::app::suggest::{MARK, suggest};
use paycurve::diag::Code;
use paycurve::io::atomic::append;
use paycurve::io::{Project, open};

use paycurve::syntax::format as laid_out;

use crate::support::random_project;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn paycurve(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .args(args)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn scratch(name: &str) -> PathBuf {
    let at = std::env::temp_dir().join(format!("paycurve-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&at);
    at
}

/// A copy of a folder of plans with one plan changed.
fn changed(name: &str, from: &str, plan: &str, change: impl Fn(&str) -> String) -> PathBuf {
    let at = scratch(name);
    copy(&root().join(from), &at);
    let text = fs::read_to_string(at.join(plan)).unwrap();
    fs::write(at.join(plan), change(&text)).unwrap();
    at
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// 380,000 on a 300,000 quota pays 150,000 x 4% + 150,000 x 8% + 80,000 x 12% = 27,600; the test is made to
/// expect 27,000 (600 less), another 99% where 300,000 of 300,000 is 100%.
fn two_wrong_expectations(name: &str) -> PathBuf {
    changed(
        name,
        "plans/gallery/saas",
        "plans/account-executive.plan",
        |text| {
            text.replace("is 27,600.00 USD", "is 27,000.00 USD")
                .replace("2026-Q1 is 100%", "2026-Q1 is 99%")
        },
    )
}

/// The number of the line that says so.
fn line_of(at: &Path, words: &str) -> usize {
    let text = fs::read_to_string(at.join("plans/account-executive.plan")).unwrap();
    text.lines().position(|own| own.contains(words)).unwrap() + 1
}

#[test]
fn a_failing_test_shows_the_difference_and_the_receipt() {
    let at = two_wrong_expectations("failing-text");
    let wrong = line_of(&at, "27,000.00 USD");
    let rate = line_of(&at, "100% to under 150%");
    let done = paycurve(&["test", at.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(1));
    let out = text(&done.stdout);
    for words in [
        "FAILED  a quarter above quota",
        &format!("{wrong} |   expect      commission for ana in 2026-Q2 is 27,000.00 USD"),
        "600.00 USD more than expected",
        "   expected    27,000.00 USD\n   found       27,600.00 USD\n   difference     600.00 USD more\n",
        &format!(
            "    100% to under 150%              80,000.00 x    12% =       9,600.00               line {rate}\n"
        ),
        "            assumed: role of ana is \"Account Executive\"\n",
        "error[X303]: `attainment` is 100%",
        "1 point more than expected",
        "300,000.00 USD on quota 300,000.00 USD = 100% quota attainment",
        " passed, 2 failed",
    ] {
        assert!(out.contains(words), "{words}\n---\n{out}");
    }
    fs::remove_dir_all(&at).unwrap();
}

#[test]
fn programs_read_the_same() {
    let at = two_wrong_expectations("failing-json");
    let done = paycurve(&["test", at.to_str().unwrap(), "--format", "json"]);
    assert_eq!(done.status.code(), Some(1));
    let page: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(page["format"], "test/1");
    assert_eq!(page["failed"], 2);
    let test = &page["plans"][0]["tests"][1];
    assert_eq!(test["title"], "a quarter above quota");
    let failure = &test["failures"][0];
    assert_eq!(failure["code"], "X303");
    assert_eq!(failure["labels"][0]["line"], line_of(&at, "27,000.00 USD"));
    assert_eq!(failure["expected"], "27000");
    assert_eq!(failure["found"], "27600");
    assert_eq!(failure["difference"], "600");
    assert_eq!(failure["reason"]["payout"], "27600");
    assert_eq!(failure["reason"]["root"]["rule"]["kind"], "pay");
    assert_eq!(test["assumed"][0]["what"], "role of ana");
    assert_eq!(test["assumed"][0]["value"], "\"Account Executive\"");
    fs::remove_dir_all(&at).unwrap();
}

/// A test that gives a table without the column that a credit reads, and no quota.
#[test]
fn what_a_test_leaves_unsaid_is_named() {
    let at = changed(
        "unsaid",
        "plans/gallery/saas",
        "plans/account-executive.plan",
        |text| {
            let test = "test \"unsaid\"\n  given       deals\n    | id  | owner | stage      | close_date | amount     |\n    | D-1 | ana   | Closed Won | 2026-02-10 | 10,000 USD |\n  given       team is \"West\" for ana\n  given       collections is 95% for West in 2026-Q1\n  expect      multi_year for ana in 2026-Q1 is 0.00 USD\n";
            format!("{text}\n{test}")
        },
    );
    let short = text(&paycurve(&["test", at.to_str().unwrap()]).stdout);
    let names = "(assumed: role of ana, hired of ana, the table of quota_relief, split_with of deals, term_months of deals, quota of ana in 2026-Q1, collections of West in the other periods)";
    assert!(
        short.contains(&format!("ok      unsaid   {names}\n")),
        "{short}"
    );
    let long = text(&paycurve(&["test", at.to_str().unwrap(), "--verbose"]).stdout);
    let lines = "  ok      unsaid\n            assumed: role of ana is \"Account Executive\"\n            assumed: hired of ana is empty\n            assumed: the table of quota_relief is empty\n            assumed: split_with of deals is empty\n            assumed: term_months of deals is empty\n            assumed: quota of ana in 2026-Q1 is missing\n            assumed: collections of West in the other periods is 95%\n";
    assert!(long.contains(lines), "{long}");
    fs::remove_dir_all(&at).unwrap();
}

fn opened(at: &Path) -> (Project, Compiled) {
    let project = open(at, None).unwrap();
    let compiled = compile(&project);
    (project, compiled)
}

/// Writes what is suggested below each plan: the suggested tests pass, with those that were there, and nothing is
/// missing any more but what could not be suggested. How many were suggested.
fn suggested_tests_pass(at: &Path, context: &str) -> usize {
    let (project, compiled) = opened(at);
    assert!(!compiled.has_errors(), "{context}: the plans are sound");
    let mut count = 0;
    let mut left_out = Vec::new();
    for ready in &compiled.ready {
        let found = suggest(ready, None, &project.sources);
        let text: Vec<&str> = found.tests.iter().map(|own| own.text.as_str()).collect();
        let file = project
            .root
            .join(&project.sources.source(ready.plan.file).name);
        append(&file, &text.join("\n")).unwrap();
        count += text.len();
        left_out.push(found.left_out.len());
    }
    for file in project.plans.iter().map(|own| own.file) {
        let name = &project.sources.source(file).name;
        let text = fs::read_to_string(project.root.join(name)).unwrap();
        let own: Vec<&str> = text.split_inclusive(MARK).skip(1).collect();
        let wanted = laid_out(&own.concat()).unwrap().text;
        assert_eq!(
            wanted.trim(),
            own.concat().trim(),
            "{context}: in the one style"
        );
    }
    let (project, compiled) = opened(at);
    assert!(
        !compiled.has_errors(),
        "{context}: {:?}",
        compiled.diagnostics
    );
    for (ready, left_out) in compiled.ready.iter().zip(left_out) {
        for result in rehearse(&ready.plan, &ready.program, |_| true) {
            let failures: Vec<&str> = result
                .failures
                .iter()
                .map(|own| own.diagnostic.message.as_str())
                .collect();
            assert!(
                failures.is_empty(),
                "{context}: {}: {failures:?}",
                result.title
            );
        }
        let (all, seen) = outcomes(&coverage(&ready.plan));
        assert!(seen <= all, "{context}");
        let again = suggest(ready, None, &project.sources);
        assert!(
            left_out > 0 || again.tests.is_empty(),
            "{context}: {:?}",
            again.tests
        );
    }
    count
}

/// Folders of plans below a folder.
fn folders(below: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(below).unwrap().map(|own| own.unwrap().path()) {
        if entry.join("paycurve.yaml").is_file() {
            found.push(entry);
        } else if entry.is_dir() {
            folders(&entry, found);
        }
    }
}

#[test]
fn suggested_tests_pass_on_the_corpus() {
    let mut all = Vec::new();
    folders(&root().join("plans"), &mut all);
    all.retain(|folder| !folder.starts_with(root().join("plans/errors")));
    assert!(all.len() >= 5, "{all:?}");
    let at = scratch("corpus");
    let mut count = 0;
    for folder in all {
        let _ = fs::remove_dir_all(&at);
        copy(&folder, &at);
        count += suggested_tests_pass(&at, &folder.display().to_string());
    }
    assert!(count > 10, "the corpus has edges without tests: {count}");
    fs::remove_dir_all(&at).unwrap();
}

#[test]
fn suggested_tests_pass_on_random_plans() {
    let at = scratch("random-edges");
    let mut count = 0;
    for seed in 1..=60 {
        let project = random_project::project(seed);
        fs::create_dir_all(&at).unwrap();
        for (name, text) in [
            ("paycurve.yaml", &project.manifest),
            ("company.terms", &project.terms),
            ("random.plan", &project.plan),
        ] {
            fs::write(at.join(name), text).unwrap();
        }
        count += suggested_tests_pass(&at, &format!("seed {seed}\n{}", project.plan));
    }
    assert!(count > 0, "some random plan has edges");
    fs::remove_dir_all(&at).unwrap();
}

/// Edges of plan 2 on the 300,000 of its test: 50%, 100% and 150% are 150,000, 300,000 and 450,000. The cap: 6,000 +
/// 12,000 + 18,000 = 36,000 at 450,000, the other 54,000 at 10% are 540,000 more: 990,000. Its test is on 300,000.
#[test]
fn edges_are_where_pay_changes_its_course() {
    let (_, compiled) = opened(&root().join("plans/tour/02-marginal"));
    let found = boundaries(&compiled.ready[0].plan);
    assert_eq!(found.len(), 1);
    let points: Vec<(String, bool)> = found[0]
        .points
        .iter()
        .map(|own| (own.total.to_text(2), own.is_tested))
        .collect();
    let wanted = [
        "149999.99",
        "150000.00",
        "150000.01",
        "299999.99",
        "300000.00",
        "300000.01",
        "449999.99",
        "450000.00",
        "450000.01",
        "989999.99",
        "990000.00",
        "990000.01",
    ];
    let wanted: Vec<(String, bool)> = wanted
        .iter()
        .map(|own| ((*own).to_owned(), *own == "300000.00"))
        .collect();
    assert_eq!(points, wanted);
}

/// 450,000.01: 150,000 x 4% + 150,000 x 8% + 150,000 x 12% + 0.01 x 10% = 36,000.001, paid 36,000.00.
#[test]
fn a_suggestion_says_how_it_came_about() {
    let at = changed(
        "suggest",
        "plans/tour/02-marginal",
        "account-executive.plan",
        str::to_owned,
    );
    let dir = at.to_str().unwrap();
    let shown = text(&paycurve(&["test", dir, "--suggest", "--payee-like", "P-7"]).stdout);
    let block = "# suggested: check by hand, then delete this line
#   Credited bookings 450,000.01 USD
#   450,000.01 USD on quota 300,000.00 USD ≈ 150.000003% quota attainment
#   under 50% 150,000.00 x 4% = 6,000.00
#   50% to under 100% 150,000.00 x 8% = 12,000.00
#   100% to under 150% 150,000.00 x 12% = 18,000.00
#   150% and above 0.01 x 10% = 0.001
#   amount = 36,000.001 USD
#   cap 90,000.00 USD not reached
#   rounding -0.001: 36,000.001 becomes 36,000.00
test \"commission just above 450,000 USD of bookings\"
  given       quota is 300,000 USD for \"P-7\" in 2026-Q1
  given       total bookings is 450,000.01 USD for \"P-7\" in 2026-Q1
  expect      commission for \"P-7\" in 2026-Q1 is 36,000.00 USD
";
    assert!(shown.contains(block), "{shown}");
    assert_eq!(shown.matches(MARK).count(), 11);
    let written = text(&paycurve(&["test", dir, "--suggest", "--write"]).stdout);
    assert_eq!(
        written,
        "account-executive.plan: wrote 11 tests to check by hand\n"
    );
    let plan = fs::read_to_string(at.join("account-executive.plan")).unwrap();
    let before = fs::read_to_string(root().join("plans/tour/02-marginal/account-executive.plan"));
    assert!(plan.starts_with(&before.unwrap()), "what was there stays");
    let again = text(&paycurve(&["test", dir, "--suggest", "--write"]).stdout);
    assert_eq!(again, "no boundary test is missing\n");
    // Beside the tests' four rows and the cap both ways, the condition (two) and two rules stay unseen.
    let tested = text(&paycurve(&["test", dir, "--coverage"]).stdout);
    assert!(tested.contains("12 passed, 0 failed"), "{tested}");
    assert!(tested.contains("6 of 10 outcomes"), "{tested}");
    fs::remove_dir_all(&at).unwrap();
}

#[test]
fn untested_edges_are_a_note_that_can_be_accepted() {
    let plan = "account-executive.plan";
    let found = |at: &Path| {
        let (_, compiled) = opened(at);
        assert!(!compiled.has_warnings(), "a note is no warning");
        let all = compiled.diagnostics.into_iter();
        all.filter(|own| own.code == Code::X301).count()
    };
    let accept = "  accept X301 because \"tested in the old system\"\n";
    let in_pay = changed("accept-pay", "plans/tour/02-marginal", plan, |text| {
        text.replace("carries forward\n", &format!("carries forward\n{accept}"))
    });
    let in_head = changed("accept-head", "plans/tour/02-marginal", plan, |text| {
        let head = "one per payee per quarter\n";
        text.replace(head, &format!("{head}{accept}"))
    });
    assert_eq!(found(&root().join("plans/tour/02-marginal")), 1);
    assert_eq!((found(&in_pay), found(&in_head)), (0, 0));
    fs::remove_dir_all(&in_pay).unwrap();
    fs::remove_dir_all(&in_head).unwrap();
}

/// A plan whose payees cannot be guessed: the person of its test is paid, as the test says.
#[test]
fn a_suggestion_says_of_a_person_what_the_tests_say() {
    let people =
        "  given       people\n    | id  | role              |\n    | ana | Account Executive |\n";
    let at = changed(
        "like",
        "plans/tour/02-marginal",
        "account-executive.plan",
        |text| {
            text.replace("role is \"Account Executive\"", "not role is \"Nobody\"")
                .replace(
                    "test \"quota exactly met\"\n",
                    &format!("test \"quota exactly met\"\n{people}"),
                )
        },
    );
    let dir = at.to_str().unwrap();
    let shown = text(&paycurve(&["test", dir, "--suggest"]).stdout);
    assert_eq!(shown.matches(people).count(), 11, "{shown}");
    let other = paycurve(&["test", dir, "--suggest", "--payee-like", "ben"]);
    assert!(text(&other.stderr).contains("a test cannot guess who meets this condition"));
    fs::remove_dir_all(&at).unwrap();
}

/// A file keeps its line ends and what it has.
#[test]
fn appending_keeps_what_is_there() {
    let at = scratch("append");
    fs::create_dir_all(&at).unwrap();
    let file = at.join("a.plan");
    fs::write(&file, "one\r\ntwo\r\n\r\n").unwrap();
    append(&file, "three\nfour\n").unwrap();
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "one\r\ntwo\r\n\r\nthree\r\nfour\r\n"
    );
    fs::remove_dir_all(&at).unwrap();
}

/// Plan 2 has a condition and a cap (two outcomes each), two rules and four rows: 10. Its one test, on 300,000 of
/// 300,000, reaches the rows `under 50%` and `50% to under 100%` and leaves the amount below the cap: 3.
/// 79,999.99 of 100,000 is 79.99999%, and no rounding may make it look like the edge at 80%.
#[test]
fn a_test_is_explained_by_the_receipts_of_what_it_expects() {
    let dir = "plans/features/curve";
    let done = paycurve(&["test", dir, "--explain", "before the first"]);
    let told = text(&done.stdout);
    assert!(done.status.success(), "{told}");
    assert_eq!(told.matches("Bonus, ").count(), 2, "{told}");
    assert!(
        told.contains("Payout at 80%: 50%, between 80% (50%) and 100% (100%)"),
        "{told}"
    );
    assert!(
        told.contains("Payout at 79.99999%: 0%, before 80% (50%)"),
        "{told}"
    );
    assert!(told.ends_with("1 passed, 0 failed\n"), "{told}");
    let json = paycurve(&[
        "test",
        dir,
        "--explain",
        "before the first",
        "--format",
        "json",
    ]);
    let page: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let reasons = &page["plans"][0]["tests"][0]["reasons"];
    assert_eq!(reasons[0]["payout"], "5000", "{reasons}");
    let none = paycurve(&["test", dir, "--explain", "no such words"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("no test has `no such words` in its title"));
}

#[test]
fn coverage_lists_what_no_test_saw() {
    let done = paycurve(&["test", "plans/tour/02-marginal", "--coverage"]);
    let out = text(&done.stdout);
    let wanted = "
coverage
  Account Executive 2026: 3 of 10 outcomes
    account-executive.plan:12   if quota is zero    pay nothing                        never applied
    account-executive.plan:13   if quota is missing hold this payout                   never applied
    account-executive.plan:19   | 100% to under 150% |  12% |   # the accelerator      never reached
    account-executive.plan:20   | 150% and above     |  10% |   # the decelerator      never reached
    account-executive.plan:24   cap         90,000 USD each quarter, excess is lost    never changed an amount
    company.terms:22            when        deal.stage is \"Closed Won\"                never decided
  30% (3 of 10)
";
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(squeezed(&out).ends_with(&squeezed(wanted)), "{out}");
}

/// With a gate there are 12 outcomes, and these tests see them all:
/// an open deal and one of 20,000, which is 6.67% of 300,000 and misses the gate; 1,200,000, whose 6,000 + 12,000 +
/// 18,000 + 75,000 = 111,000 the cap lowers to 90,000; a quota of zero; no quota.
const ALL_WAYS: &str = "
test \"below the gate\"
  given       quota is 300,000 USD for ana in 2026-Q1
  given       deals
    | id  | owner | stage      | close_date | amount     |
    | D-1 | ana   | Open       | 2026-03-31 | 90,000 USD |
    | D-2 | ana   | Closed Won | 2026-03-31 | 20,000 USD |
  expect      commission for ana in 2026-Q1 is 0.00 USD

test \"the cap\"
  given       quota is 300,000 USD for ana in 2026-Q1
  given       total bookings is 1,200,000 USD for ana in 2026-Q1
  expect      commission for ana in 2026-Q1 is 90,000.00 USD

test \"a quota of zero\"
  given       quota is 0 USD for ana in 2026-Q1
  given       total bookings is 10,000 USD for ana in 2026-Q1
  expect      commission for ana in 2026-Q1 is 0.00 USD

test \"no quota\"
  given       total bookings is 10,000 USD for ana in 2026-Q1
  expect      commission for ana in 2026-Q1 is held
";

fn gated(name: &str, tests: &str) -> PathBuf {
    changed(
        name,
        "plans/tour/02-marginal",
        "account-executive.plan",
        |text| {
            let gate = "  gate        attainment 10% and above, otherwise pay nothing\n";
            // A gate makes a jump, so what the plan claims of its shape goes.
            let claim =
                |line: &&str| !line.starts_with("prove") && !line.starts_with("  commission ");
            let kept: Vec<&str> = text.lines().filter(claim).collect();
            let text = kept.join("\n") + "\n";
            text.replace("  cap         90", &format!("{gate}  cap         90")) + tests
        },
    )
}

fn coverage_of(at: &Path) -> serde_json::Value {
    let done = paycurve(&[
        "test",
        at.to_str().unwrap(),
        "--coverage",
        "--format",
        "json",
    ]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stdout));
    let page: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    page["plans"][0]["coverage"].clone()
}

/// Cells of a matrix stand on one line each row; their headings tell them apart. Rows of values are told the same way.
#[test]
fn coverage_names_cells_by_both_headings() {
    let done = paycurve(&["test", "plans/features/matrix", "--coverage"]);
    let told = text(&done.stdout);
    let cell = "factor: under 80%, 50,000 USD and above";
    assert!(
        told.lines()
            .any(|line| line.contains(cell) && line.ends_with("never reached")),
        "{told}"
    );
    let done = paycurve(&["test", "plans/features/scorecard", "--coverage"]);
    let told = text(&done.stdout);
    assert!(told.contains("9 of 9 outcomes"), "{told}");
}

#[test]
fn coverage_is_whole_when_every_clause_went_every_way() {
    let at = gated("covered", ALL_WAYS);
    let found = coverage_of(&at);
    assert_eq!(
        (&found["outcomes"], &found["seen"], &found["percent"]),
        (&12.into(), &12.into(), &100.into()),
        "{found:#}"
    );
    fs::remove_dir_all(&at).unwrap();
}

/// Each test that is taken away leaves the outcomes unseen that only it showed.
#[test]
fn coverage_counts_each_way() {
    let tests: Vec<&str> = ALL_WAYS.split("\n\n").collect();
    let kinds: [&[&str]; 4] = [
        // The condition both ways, and the gate that is missed: the quota of zero misses it too.
        &["when never decided"],
        &[
            "row never reached",
            "row never reached",
            "cap never changed an amount",
        ],
        &["rule never applied"],
        &["rule never applied"],
    ];
    for (without, wanted) in kinds.iter().enumerate() {
        let kept = tests.iter().enumerate().filter(|(at, _)| *at != without);
        let kept: Vec<&str> = kept.map(|(_, test)| *test).collect();
        let at = gated(
            &format!("ways-{without}"),
            &format!("\n{}\n", kept.join("\n\n")),
        );
        let found = coverage_of(&at);
        let clauses = found["clauses"].as_array().unwrap().iter();
        let missing: Vec<String> = clauses
            .filter(|own| !own["missing"].is_null())
            .map(|own| {
                format!(
                    "{} {}",
                    own["kind"].as_str().unwrap(),
                    own["missing"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(missing, *wanted, "without {}", tests[without]);
        fs::remove_dir_all(&at).unwrap();
    }
}

/// A split of 70/30: the record of ben says nothing about what ana is paid, so a test of ana does not cover it.
#[test]
fn only_what_an_expectation_rests_on_is_covered() {
    let at = changed(
        "rests",
        "plans/gallery/saas",
        "plans/channel-rep.plan",
        |text| {
            let (head, _) = text.split_once("# 79,999.99").unwrap();
            format!(
                "{head}test \"the deals of another\"\n  given       quota is 100,000 EUR for ida in 2026-Q1\n  given       deals\n    | id  | owner | split_with | stage      | close_date | amount     |\n    | D-1 | jan   | kim        | Closed Won | 2026-02-10 | 10,000 EUR |\n  expect      commission for ida in 2026-Q1 is 0.00 EUR\n"
            )
        },
    );
    let out = text(&paycurve(&["test", at.to_str().unwrap(), "--coverage"]).stdout);
    let (_, own) = out.split_once("Channel Reps 2026: ").unwrap();
    let lines: Vec<&str> = own
        .lines()
        .filter(|line| line.contains("company.terms"))
        .collect();
    assert_eq!(lines.len(), 4, "{out}");
    for (line, words) in lines.iter().zip([
        "never decided",
        "never decided",
        "never reached",
        "never reached",
    ]) {
        assert!(line.ends_with(words), "{line}");
    }
    fs::remove_dir_all(&at).unwrap();
}

/// 240,000 is 80% of 300,000 and pays 5%, 12,000.00. With the edge on the wrong side it would pay 3%, 7,200.00: the test
/// in the plan does not see it, the suggested ones do.
#[test]
fn a_suggested_test_notices_an_edge_on_the_wrong_side() {
    let plan = "channel-reps.plan";
    let at = changed("edge", "plans/tour/03-retroactive", plan, str::to_owned);
    let dir = at.to_str().unwrap();
    let wrong = |text: &str| {
        text.replace("| under 80%  ", "| 80% and below  ")
            .replace("| 80% to under 100%", "| above 80% to under 100%")
    };
    let file = at.join(plan);
    let right = fs::read_to_string(&file).unwrap();
    fs::write(&file, wrong(&right)).unwrap();
    assert_eq!(paycurve(&["test", dir]).status.code(), Some(0));
    fs::write(&file, &right).unwrap();
    paycurve(&["test", dir, "--suggest", "--write"]);
    assert_eq!(paycurve(&["test", dir]).status.code(), Some(0));
    let longer = fs::read_to_string(&file).unwrap();
    fs::write(&file, wrong(&longer)).unwrap();
    let found = text(&paycurve(&["test", dir]).stdout);
    assert!(
        found.contains("FAILED  commission on 240,000 EUR of bookings"),
        "{found}"
    );
    assert!(found.contains("expected    12,000.00 EUR\n   found        7,200.00 EUR\n   difference   4,800.00 EUR less"), "{found}");
    assert!(found.contains("1 failed"), "{found}");
    fs::remove_dir_all(&at).unwrap();
}

/// A plan has at most 2,000 lines; one that tests would make longer is left alone.
#[test]
fn a_plan_is_not_made_too_long() {
    let at = changed(
        "long",
        "plans/tour/02-marginal",
        "account-executive.plan",
        |text| format!("{text}\n{}", "# a long story\n".repeat(1_940)),
    );
    let file = at.join("account-executive.plan");
    let before = fs::read_to_string(&file).unwrap();
    let done = paycurve(&["test", at.to_str().unwrap(), "--suggest", "--write"]);
    assert_eq!(done.status.code(), Some(2), "{}", text(&done.stdout));
    assert!(text(&done.stderr).contains("would be too long with 11 more tests"));
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    fs::remove_dir_all(&at).unwrap();
}
