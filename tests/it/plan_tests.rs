//! `paycurve test`: what a failing test shows and what a test leaves unsaid.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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

/// A copy of a folder of plans with one plan changed.
fn changed(name: &str, from: &str, plan: &str, change: impl Fn(&str) -> String) -> PathBuf {
    let at = std::env::temp_dir().join(format!("paycurve-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&at);
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

#[test]
fn a_failing_test_shows_the_difference_and_the_receipt() {
    let at = two_wrong_expectations("failing-text");
    let done = paycurve(&["test", at.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(1));
    let out = text(&done.stdout);
    for words in [
        "FAILED  a quarter above quota",
        "52 |   expect      commission for ana in 2026-Q2 is 27,000.00 USD",
        "600.00 USD more than expected",
        "   expected    27,000.00 USD\n   found       27,600.00 USD\n   difference     600.00 USD more\n",
        "    100% to under 150%              80,000.00 x    12% =       9,600.00               line 20\n",
        "            assumed: role of ana is \"Account Executive\"\n",
        "error[X303]: `attainment` is 100%",
        "1 point more than expected",
        "300,000.00 USD on quota 300,000.00 USD = 100% quota attainment",
        "7 passed, 2 failed",
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
    assert_eq!((&page["passed"], &page["failed"]), (&7.into(), &2.into()));
    let test = &page["plans"][0]["tests"][1];
    assert_eq!(test["title"], "a quarter above quota");
    let failure = &test["failures"][0];
    assert_eq!(failure["code"], "X303");
    assert_eq!(failure["labels"][0]["line"], 52);
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
            let test = "test \"unsaid\"\n  given       deals\n    | id  | owner | stage      | close_date | amount     |\n    | D-1 | ana   | Closed Won | 2026-02-10 | 10,000 USD |\n  expect      multi_year for ana in 2026-Q1 is 0.00 USD\n";
            format!("{text}\n{test}")
        },
    );
    let short = text(&paycurve(&["test", at.to_str().unwrap()]).stdout);
    let names = "(assumed: role of ana, split_with of deals, term_months of deals, quota of ana in 2026-Q1)";
    assert!(
        short.contains(&format!("ok      unsaid   {names}\n")),
        "{short}"
    );
    let long = text(&paycurve(&["test", at.to_str().unwrap(), "--verbose"]).stdout);
    let lines = "  ok      unsaid\n            assumed: role of ana is \"Account Executive\"\n            assumed: split_with of deals is empty\n            assumed: term_months of deals is empty\n            assumed: quota of ana in 2026-Q1 is missing\n";
    assert!(long.contains(lines), "{long}");
    fs::remove_dir_all(&at).unwrap();
}
