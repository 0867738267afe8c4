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
    let titles = "The plans are \"Account Executive 2026\", \"Another Account Executive 2026\".";
    assert!(out.contains(titles), "{out}");
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

/// What is not there is named: wrong use with 2 on the error stream, a fault of the project with 1.
#[test]
fn what_is_not_there_is_named() {
    let folder = scratch("absent");
    let at = folder.to_str().unwrap();
    let none = folder.join("none");
    let none = none.to_str().unwrap();
    fs::create_dir_all(&folder).unwrap();
    for command in [
        vec!["check", at],
        vec!["run", at],
        vec!["explain", at, "--payee", "ana", "--period", "2026"],
    ] {
        let done = paycurve(&command);
        assert_eq!(
            (done.status.code(), text(&done.stdout)),
            (Some(2), String::new()),
            "{command:?}"
        );
        assert_eq!(
            text(&done.stderr),
            format!(
                "paycurve: there is no plan in {at}: a plan is a file whose name ends with `.plan`\n"
            )
        );
    }
    assert!(paycurve(&["init", at]).status.success());
    let done = paycurve(&["run", at, "--data", none]);
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(
        text(&done.stderr),
        format!("paycurve: there is no `{none}`\n")
    );
    let done = paycurve(&["run", at, "--data", &format!("{at}/company.terms")]);
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(
        text(&done.stderr),
        format!("paycurve: `{at}/company.terms` is not a folder\n")
    );
    let deals = folder.join("data/deals.csv");
    fs::remove_file(&deals).unwrap();
    let done = paycurve(&["run", at]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).starts_with("error[M003]: there is no file `data/deals.csv`\n"));
    fs::create_dir(&deals).unwrap();
    let done = paycurve(&["run", at]);
    assert_eq!(done.status.code(), Some(1));
    let said = "error[M003]: `data/deals.csv` is a folder, and a file is needed\n";
    assert!(
        text(&done.stderr).starts_with(said),
        "{}",
        text(&done.stderr)
    );
    fs::remove_dir_all(folder).unwrap();
}

/// A project may take plans from a folder beside it. They find the shared terms beside them, and are named from the
/// project, so that messages are the same on every machine.
#[test]
fn plans_outside_the_project_are_named_from_it() {
    let folder = scratch("outside");
    let shared = folder.join("shared");
    assert!(
        paycurve(&["init", shared.to_str().unwrap()])
            .status
            .success()
    );
    let plan = shared.join("account-executive.plan");
    let mistyped = fs::read_to_string(&plan)
        .unwrap()
        .replacen("\n  amount ", "\n  amuont ", 1);
    fs::write(&plan, mistyped).unwrap();
    let team = folder.join("team");
    fs::create_dir_all(&team).unwrap();
    fs::write(team.join("paycurve.yaml"), "plans: [../shared]\n").unwrap();
    let done = paycurve(&["check", team.to_str().unwrap()]);
    let said = text(&done.stdout);
    assert!(
        said.contains("\n   ../shared/account-executive.plan\n"),
        "{said}"
    );
    assert!(said.contains("I don't know `amuont`"), "{said}");
    assert!(!said.contains("M003"), "{said}");
    fs::remove_dir_all(folder).unwrap();
}

/// Where the data is what is wrong, nobody is told that it was not looked at.
#[test]
fn data_that_was_looked_at_is_not_said_to_be_left_out() {
    let left_out = "the data was not looked at";
    let faulty = paycurve(&["check", "plans/errors/F002-column", "--with-data"]);
    assert!(text(&faulty.stdout).contains("error[F002]"));
    assert!(!text(&faulty.stderr).contains(left_out));
    let plans = paycurve(&["check", "plans/errors/ten-mistakes", "--with-data"]);
    assert!(text(&plans.stderr).contains(left_out));
}

/// Warnings stop `check`; `run` pays, and keeps them in its record.
#[test]
fn a_run_records_the_warnings_that_are_open() {
    let folder = scratch("warnings");
    let at = folder.to_str().unwrap();
    assert!(paycurve(&["init", at]).status.success());
    let plan = folder.join("account-executive.plan");
    let good = fs::read_to_string(&plan).unwrap();

    let out = folder.join("out");
    let record = || -> serde_json::Value {
        let done = paycurve(&["run", at, "--out", out.to_str().unwrap()]);
        assert_eq!(done.status.code(), Some(0));
        let record =
            serde_json::from_slice::<serde_json::Value>(&fs::read(out.join("run.json")).unwrap());
        let mut record = record.unwrap()["warnings"].take();
        record
            .as_array_mut()
            .unwrap()
            .push(text(&done.stderr).into());
        record
    };
    assert_eq!(record(), serde_json::json!([""]));
    let unused = "\nmeasure idle\n  value       count bookings\n";
    fs::write(&plan, format!("{good}{unused}")).unwrap();
    let line = good.lines().count() + 2;
    let said = "1 warning in the plans; `paycurve check` shows what to mend or accept\n";
    let open =
        serde_json::json!({ "code": "N103", "file": "account-executive.plan", "line": line });
    assert_eq!(record(), serde_json::json!([open, said]));
    assert_eq!(paycurve(&["check", at]).status.code(), Some(1));
    fs::remove_dir_all(folder).unwrap();
}

/// A quota of zero is not a missing one, and columns are called what the plan calls them.
#[test]
fn a_quota_of_zero_is_told_from_none() {
    let folder = scratch("zero");
    let at = folder.to_str().unwrap();
    assert!(paycurve(&["init", at]).status.success());
    let plan = folder.join("account-executive.plan");
    let text_of = fs::read_to_string(&plan).unwrap();
    let nothing = text_of.replacen(
        "if quota is missing hold this payout",
        "if quota is missing pay nothing",
        1,
    );
    assert_ne!(nothing, text_of);
    fs::write(&plan, nothing).unwrap();
    let quotas = folder.join("data/quotas.csv");
    let rows = fs::read_to_string(&quotas).unwrap();
    let mut lines = rows
        .lines()
        .filter(|line| !line.starts_with("ben,2026-Q1,"));
    let zero = |line: &str| match line.strip_prefix("ana,2026-Q1,") {
        Some(_) => "ana,2026-Q1,0".to_owned(),
        None => line.to_owned(),
    };
    let changed: Vec<String> = lines.by_ref().map(zero).collect();
    fs::write(&quotas, format!("{}\n", changed.join("\n"))).unwrap();
    let done = paycurve(&["run", at, "--period", "2026-Q1"]);
    let out = text(&done.stdout);
    let line = |start: &str| {
        out.lines()
            .find(|line| line.trim_start().starts_with(start))
            .unwrap_or("")
            .to_owned()
    };
    assert!(
        line("payee").contains("Quota attainment   Quarterly commission"),
        "{out}"
    );
    assert!(
        line("ana").contains("  0.00   ") && line("ana").contains("quota is 0"),
        "{out}"
    );
    assert!(
        line("ben").contains("missing") && line("ben").contains("no quota"),
        "{out}"
    );
    fs::remove_dir_all(folder).unwrap();
}
