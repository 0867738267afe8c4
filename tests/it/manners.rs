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
    for text in [odd.clone(), format!("{odd}{line}")] {
        fs::write(&plan, text).unwrap();
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
