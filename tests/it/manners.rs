//! What a terminal, a folder or a second plan makes of the commands: outputs fit to be read, and wrong uses told apart.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

fn paycurve(args: &[&str]) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn scratch(name: &str) -> PathBuf {
    let at = std::env::temp_dir().join(format!("paycurve-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&at);
    at
}

/// Nothing in a plan or in data moves the cursor of whoever reads the output, or fills their screen.
#[test]
fn what_is_printed_is_fit_for_a_terminal() {
    let folder = scratch("terminal");
    let at = folder.to_str().unwrap();
    assert!(paycurve(&["init", at]).status.success());
    let plan = folder.join("account-executive.plan");
    let good = fs::read_to_string(&plan).unwrap();
    let odd = good.replacen("plan \"", "plan \"\u{1b}[31m\u{202e}", 1);
    let line = format!("  {}\u{1b}[2J{}\n", "x".repeat(50_000), "y".repeat(50_000));
    let data = folder.join("data/deals.csv");
    let rows = fs::read_to_string(&data).unwrap();
    let bad = rows.replacen(
        "Closed Won",
        &format!("\u{1b}[2J{}", "Lost ".repeat(20_000)),
        1,
    );
    assert_ne!((odd.clone(), bad.clone()), (good, rows));
    fs::write(&data, bad).unwrap();
    for written in [odd.clone(), format!("{odd}{line}")] {
        fs::write(&plan, written).unwrap();
        for command in [
            vec!["check", at],
            vec!["test", "--verbose", at],
            vec!["run", at],
        ] {
            let done = paycurve(&command);
            for out in [&done.stdout, &done.stderr] {
                let out = text(out);
                assert!(!out.contains(['\u{1b}', '\u{202e}']), "{command:?}\n{out}");
                let longest = out.lines().map(|line| line.chars().count()).max();
                assert!(longest.unwrap_or(0) < 700, "{command:?}");
            }
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

/// Two plans may pay one person, which is said; but their results must be told apart.
#[test]
fn two_plans_are_told_apart_and_whom_both_pay_is_said() {
    let folder = scratch("twice");
    let at = folder.to_str().unwrap();
    assert!(paycurve(&["init", at]).status.success());
    let good = fs::read_to_string(folder.join("account-executive.plan")).unwrap();
    let alone = text(&paycurve(&["run", at]).stdout);
    assert!(!alone.contains("Q803"), "{alone}");
    fs::write(folder.join("again.plan"), &good).unwrap();
    let checked = paycurve(&["check", at]);
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(text(&checked.stdout).matches("error[").count(), 1);
    assert!(text(&checked.stdout).contains("error[N105]: two plans are called"));
    fs::write(
        folder.join("again.plan"),
        good.replacen("plan \"", "plan \"Another ", 1),
    )
    .unwrap();
    let both = paycurve(&["run", at]);
    let out = text(&both.stdout);
    let said = "Q803  3 people are paid by more than one plan in one period: ana, ";
    assert!(out.contains(said), "{out}");
    assert_eq!(both.status.code(), Some(0));
    // The second plan pays from the third quarter: nobody is paid twice for one day.
    let months = "effective   2026-01-01 through 2026-12-31";
    assert!(good.contains(months));
    let first = good.replacen(months, "effective   2026-01-01 through 2026-06-30", 1);
    let second = good.replacen("plan \"", "plan \"Another ", 1);
    let second = second.replacen(months, "effective   2026-07-01 through 2026-12-31", 1);
    let without_tests = |plan: &str| plan[..plan.find("\ntest \"").unwrap()].to_owned();
    fs::write(folder.join("account-executive.plan"), without_tests(&first)).unwrap();
    fs::write(folder.join("again.plan"), without_tests(&second)).unwrap();
    let parted = paycurve(&["run", at]);
    assert!(
        !text(&parted.stdout).contains("Q803"),
        "{}",
        text(&parted.stdout)
    );
    fs::remove_dir_all(folder).unwrap();
}
