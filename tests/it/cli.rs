//! The command line end to end: what it prints, what it writes, how it exits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use clap::Parser;
use paycurve::cli::args::{Args, Command};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn paycurve(args: &[&str]) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .args(args)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "110")
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

/// `docs/cli.md` is made of the help texts.
#[test]
fn the_page_of_the_command_line_is_current() {
    let mut page = String::from(
        "# The command line\n\nMade from the help texts. Exit codes: 0 done · 1 plans or data have errors, or a data file is not there · 2 wrong use ·\n3 a file that is there could not be read or written · 4 a fault of paycurve itself.\n",
    );
    for command in [
        "",
        "init",
        "check",
        "fmt",
        "test",
        "run",
        "explain",
        "explain-code",
    ] {
        let args: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let help = paycurve(&args);
        assert!(help.status.success());
        let help = text(&help.stdout);
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        page.push_str(
            &format!(
                "\n## paycurve {command}\n\n```text\n{}\n```\n",
                help.join("\n").trim_end()
            )
            .replace("## paycurve \n", "## paycurve\n"),
        );
    }
    let path = root().join("docs/cli.md");
    if std::env::var("PAYCURVE_DOCS").is_ok_and(|v| v == "write") {
        fs::write(&path, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        page,
        "PAYCURVE_DOCS=write cargo test writes it"
    );
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let (a, b) = (scratch("bytes-a"), scratch("bytes-b"));
    for (at, threads) in [(&a, "1"), (&b, "3")] {
        let done = paycurve(&[
            "run",
            "plans/gallery/saas",
            "--threads",
            threads,
            "--out",
            at.to_str().unwrap(),
        ]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    }
    let mut names: Vec<_> = fs::read_dir(&a)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "balances.csv",
            "beside.csv",
            "credits.csv",
            "exceptions.csv",
            "measures.csv",
            "payouts.csv",
            "run.json"
        ]
    );
    for name in names {
        assert_eq!(
            fs::read(a.join(&name)).unwrap(),
            fs::read(b.join(&name)).unwrap(),
            "{name:?}"
        );
    }
    let record: serde_json::Value =
        serde_json::from_slice(&fs::read(a.join("run.json")).unwrap()).unwrap();
    assert_eq!(record["format"], "run/1");
    let payouts = blake3::hash(&fs::read(a.join("payouts.csv")).unwrap())
        .to_hex()
        .to_string();
    assert_eq!(record["results"]["payouts.csv"], payouts.as_str());
    fs::remove_dir_all(&a).unwrap();
    fs::remove_dir_all(&b).unwrap();
}

/// Tour 2, by hand: 18,000 + 27,600 + 5,000 + 90,000 + 3,600 = 144,200; Eva's second quarter is held.
#[test]
fn totals_are_sums() {
    let done = paycurve(&[
        "run",
        "plans/tour/02-marginal",
        "--period",
        "2026-H1",
        "--format",
        "json",
    ]);
    let results: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(results["totals"][0]["total"], "144200.00");
    assert_eq!(results["totals"][0]["held"], 1);
    assert_eq!(
        done.status.code(),
        Some(0),
        "a missing quota is no error of the data"
    );
}

#[test]
fn a_new_project_runs() {
    let at = scratch("init");
    let dir = at.to_str().unwrap();
    assert_eq!(paycurve(&["init", dir]).status.code(), Some(0));
    let again = paycurve(&["init", dir]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("is there already; nothing was written"));
    assert_eq!(paycurve(&["check", dir]).status.code(), Some(0));
    assert_eq!(paycurve(&["test", dir]).status.code(), Some(0));
    assert_eq!(paycurve(&["run", dir]).status.code(), Some(0));
    fs::remove_dir_all(&at).unwrap();
}

#[test]
fn wrong_use_is_said_and_exits_with_2() {
    for (args, words) in [
        (
            &["run", "no/such/folder"][..],
            "there is no `no/such/folder`",
        ),
        (
            &["run", "plans/tour/01-flat", "--payee", "nobody"],
            "nobody called `nobody` is on a plan",
        ),
        (
            &["run", "plans/tour/01-flat", "--payee", "anna"],
            "closest is `ana`",
        ),
        (
            &["run", "plans/tour/01-flat", "--period", "2031-01"],
            "no plan pays in `2031-01`",
        ),
        (&["run", "plans/tour/01-flat", "--period", "soon"], "`soon`"),
        (
            &["run", "plans/tour/03-retroactive", "--period", "2026-01"],
            "`2026-01` is part of 2026-Q1, and this plan pays by quarter\n",
        ),
        (
            &[
                "explain",
                "plans/tour/03-retroactive",
                "--payee",
                "ida",
                "--period",
                "2026-01",
            ],
            "`2026-01` is part of 2026-Q1, and this plan pays by quarter\n",
        ),
        (
            &["run", "plans/gallery/saas", "--period", "2026-01"],
            "`2026-01` is part of 2026-Q1, and no plan pays by a shorter period then\n",
        ),
        (
            &[
                "run",
                "plans/features/weeks/whole.plan",
                "--period",
                "2026-01",
            ],
            "only a part of 2026-W05 lies in `2026-01`, and this plan pays by week\n",
        ),
        (
            &[
                "run",
                "plans/features/weeks/whole.plan",
                "--period",
                "2026-W05-A",
            ],
            "`2026-W05-A`: the calendar has no such period; `2026-W05` is 2026-01-26 through 2026-02-01\n",
        ),
        (&["explain-code", "T999"], "there is no code `T999`"),
        (&["bogus"], "unrecognized subcommand"),
        (
            &["run", "plans/tour/01-flat", "--threads", "0"],
            "invalid value '0' for '--threads <N>': 0 is not in 1..=1024",
        ),
        (
            &["run", "plans/tour/01-flat", "--threads", "1025"],
            "1025 is not in 1..=1024",
        ),
        // Above the 65,535 that the field can hold, still told in the same words.
        (
            &["run", "plans/tour/01-flat", "--threads", "100000"],
            "100000 is not in 1..=1024",
        ),
        (
            &["run", "plans/tour/01-flat", "--threads", "many"],
            "invalid value 'many' for '--threads <N>'",
        ),
    ] {
        let done = paycurve(args);
        assert_eq!(done.status.code(), Some(2), "{args:?}");
        assert!(
            text(&done.stderr).contains(words),
            "{args:?}: {}",
            text(&done.stderr)
        );
    }
}

/// A month of a project whose plans pay by month and by quarter: the monthly plan is paid, the other one is named.
/// Both pay 10% of Ana's deal of 1,000.
#[test]
fn plans_without_a_period_inside_are_left_out_and_named() {
    let at = scratch("cadences");
    fs::create_dir_all(at.join("data")).unwrap();
    let plan = |title: &str, period: &str| {
        format!(
            "plan \"{title}\"\n  currency USD\n  effective 2026-01-01 through 2026-12-31\n  period {period}\n  \
             payees role is \"AE\" for the days in the role\n\nuse \"company.terms\"\n\npay commission\n  \
             amount 10% of total bookings\n  round the total to 0.01, half up\n  below 0 USD is lost\n"
        )
    };
    let terms = fs::read_to_string(root().join("plans/features/branches/company.terms")).unwrap();
    for (name, content) in [
        (
            "paycurve.yaml",
            "people: {file: data/people.csv}\nsources: {deals: {file: data/deals.csv, currency: USD}}\n",
        ),
        ("company.terms", terms.as_str()),
        ("monthly.plan", &plan("Monthly", "month")),
        ("quarterly.plan", &plan("Quarterly", "quarter")),
        ("data/people.csv", "id,role\nana,AE\nben,Other\n"),
        (
            "data/deals.csv",
            "id,date,owner,amount\nD-1,2026-02-03,ana,1000\n",
        ),
    ] {
        fs::write(at.join(name), content).unwrap();
    }
    let dir = at.to_str().unwrap();
    let note =
        "note: \"Quarterly\" is left out: `2026-02` is part of 2026-Q1, and it pays by quarter\n";
    let done = paycurve(&["run", dir, "--period", "2026-02", "--format", "json"]);
    assert_eq!(done.status.code(), Some(0));
    assert!(text(&done.stderr).contains(note), "{}", text(&done.stderr));
    let results: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let totals: Vec<_> = results["totals"].as_array().unwrap().iter().collect();
    assert_eq!(totals.len(), 1, "{totals:?}");
    assert_eq!(totals[0]["plan"], "Monthly");
    assert_eq!(totals[0]["total"], "100.00");

    let both = paycurve(&["run", dir, "--period", "2026-Q1", "--format", "json"]);
    assert!(!text(&both.stderr).contains("left out"));
    let results: serde_json::Value = serde_json::from_slice(&both.stdout).unwrap();
    assert_eq!(results["totals"].as_array().unwrap().len(), 2);

    let told = paycurve(&["explain", dir, "--payee", "ana", "--period", "2026-02"]);
    assert_eq!(told.status.code(), Some(0));
    assert!(text(&told.stderr).contains(note));
    assert_eq!(text(&told.stdout).matches("commission, ana").count(), 1);
    fs::remove_dir_all(&at).unwrap();
}

/// Asked of the arguments alone: no test starts a thousand threads.
#[test]
fn from_1_to_1024_threads_may_be_asked_for() {
    for (typed, threads) in [("1", 1), ("1024", 1_024)] {
        let args = Args::try_parse_from(["paycurve", "run", "--threads", typed]).unwrap();
        let Command::Run(run) = args.command else {
            panic!("{typed}: `run` was typed");
        };
        assert_eq!(run.threads, Some(threads));
    }
    for typed in ["0", "1025", "100000", "99999999999999999999", "1.5", ""] {
        assert!(
            Args::try_parse_from(["paycurve", "run", "--threads", typed]).is_err(),
            "{typed:?}"
        );
    }
}

#[test]
fn explain_code_prints_the_page_for_a_terminal() {
    let done = paycurve(&["explain-code", "t402"]);
    assert_eq!(done.status.code(), Some(0));
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(text.starts_with("T402: two rows that claim the same point\n"));
    assert!(text.contains("\n    error[T402]: two rows both claim exactly 100%\n"));
    assert!(text.ends_with("\nSee tiers (docs/language/tiers.md).\n"));
    for code in paycurve::diag::Code::ALL {
        let text = paycurve::report::code_pages::for_terminal(*code);
        for mark in ["<!--", "```", "](", "##"] {
            assert!(!text.contains(mark), "{code}: {mark}");
        }
        let prose = text.lines().filter(|line| !line.starts_with("    "));
        for line in prose {
            assert!(line.chars().count() <= 80, "{code}: {line}");
        }
    }
}

/// A project whose every line of a kind is wrong prints one message each, at its line.
#[test]
fn ten_mistakes_in_a_plan_give_ten_messages() {
    let done = paycurve(&["check", "plans/errors/ten-mistakes", "--format", "json"]);
    assert_eq!(done.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let found: Vec<String> = found["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| format!("{} {}", d["code"].as_str().unwrap(), d["labels"][0]["line"]))
        .collect();
    // The comments in the plan say what is wrong with each line.
    let expected = [
        "S003 19", "T402 24", "T401 29", "S001 33", "G301 37", "N101 42", "U203 47", "R905 51",
        "S004 59", "R901 62",
    ];
    assert_eq!(found, expected);
}

/// Each fault holds exactly the people it reaches; the others are paid what they earned.
#[test]
fn ten_faults_in_the_data_hold_whom_they_reach() {
    let done = paycurve(&[
        "run",
        "plans/errors/ten-faults",
        "--format",
        "csv",
        "--period",
        "2026-Q1",
    ]);
    assert_eq!(done.status.code(), Some(1));
    let mut rows: Vec<(String, String, String, String)> = Vec::new();
    let out = text(&done.stdout);
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        let code = row[20].split(':').next().unwrap_or("").to_owned();
        rows.push((
            row[1].to_owned(),
            row[5].to_owned(),
            row[19].to_owned(),
            code,
        ));
    }
    // Everyone sells 1,000.00 on a quota of 10,000: 10% x 1,000 = 100.00, unless a fault reaches them.
    let expected = [
        ("ana", "paid", "100.00", ""),
        ("bea", "held", "", "F001"),   // an amount of `1,000`
        ("cem", "held", "", "F001"),   // a date of 3/31/2026
        ("dan", "held", "", "F001"),   // a stage that is not in the list
        ("eli", "held", "", "F006"),   // an amount in EUR
        ("fay", "held", "", "F007"),   // an id that stands twice
        ("gus", "held", "", "F005"),   // two rows of people that overlap
        ("hal", "held", "", "F009"),   // two quotas for the quarter
        ("ivo", "held", "", "F013"),   // a quota below zero
        ("jan", "held", "", "F014"),   // a quota for a period that is none
        ("kim", "held", "", "F012"),   // an empty amount
        ("lea", "paid", "100.00", ""), // beside a record of a person nobody knows (F004)
    ];
    let expected: Vec<(String, String, String, String)> = expected
        .map(|(a, b, c, d)| (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned()))
        .to_vec();
    assert_eq!(rows, expected);
}

/// A fault of data says where it is, what was found and what was expected, in whatever form it is printed.
#[test]
fn an_exception_says_what_was_expected() {
    let at = scratch("expected");
    let run = |format: &str| {
        let done = paycurve(&[
            "run",
            "plans/errors/ten-faults",
            "--period",
            "2026-Q1",
            "--format",
            format,
            "--out",
            at.to_str().unwrap(),
        ]);
        text(&done.stdout)
    };
    let expected = "Expected an amount such as 1234.50; without commas between thousands.";
    let words = "`1,000` is not what `amount` holds";
    let printed = run("table");
    let line = format!("  F001  {words}  data/deals.csv:3 `amount`\n        {expected}\n");
    assert!(printed.contains(&line), "{printed}");
    let results: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
    let exceptions = results["exceptions"].as_array().unwrap();
    let found = exceptions.iter().find(|e| e["line"] == 3).unwrap();
    let fields = serde_json::json!({
        "code": "F001", "file": "data/deals.csv", "line": 3, "column": "amount", "found": "1,000", "message": words,
        "expected": expected,
    });
    assert_eq!(*found, fields);
    let written = fs::read_to_string(at.join("exceptions.csv")).unwrap();
    let row = format!("F001,data/deals.csv,3,amount,\"1,000\",\"{words}\",{expected}\n");
    assert!(written.contains(&row), "{written}");
    fs::remove_dir_all(&at).unwrap();
}

/// The third quarter's satisfaction is delivered and unsigned, the fourth's not delivered: the bonus waits with the name of
/// the department, coaching does not, and the run is no failure.
#[test]
fn inputs_hold_with_the_name_of_who_is_waited_for() {
    let done = paycurve(&[
        "run",
        "plans/features/inputs",
        "--format",
        "csv",
        "--payee",
        "amy",
    ]);
    assert_eq!(done.status.code(), Some(0));
    let out = text(&done.stdout);
    let lines: Vec<&str> = out.lines().collect();
    let of = |period: &str, pay: &str| {
        let found = lines.iter().find(|l| l.contains(period) && l.contains(pay));
        (*found.unwrap()).to_owned()
    };
    // 110% x 4,000.
    assert!(of("2026-Q1", ",bonus,").contains("4400.00"), "{out}");
    let unsigned = of("2026-Q3", ",bonus,");
    assert!(
        unsigned.contains("held") && unsigned.contains("the Head of Customer Success signs it")
    );
    let missing = of("2026-Q4", ",bonus,");
    assert!(
        missing.contains("Customer Success delivers it by 2027-01-10"),
        "{missing}"
    );
    assert!(of("2026-Q3", ",coaching,").contains("paid"));
}

/// A row of somebody whom the people file does not know is nobody's, and is said.
#[test]
fn an_input_of_somebody_unknown_is_said() {
    let data = scratch("input-stranger");
    fs::create_dir_all(&data).unwrap();
    let from = root().join("plans/features/inputs/data");
    for entry in fs::read_dir(&from).unwrap().map(|entry| entry.unwrap()) {
        let text = fs::read_to_string(entry.path()).unwrap();
        let renamed = text.replace("bob,2026-Q2", "bop,2026-Q2");
        fs::write(data.join(entry.file_name()), renamed).unwrap();
    }
    let folder = data.to_string_lossy().into_owned();
    let done = paycurve(&["run", "plans/features/inputs", "--data", &folder]);
    assert_eq!(done.status.code(), Some(1));
    let out = text(&done.stdout);
    assert!(out.contains("F004  the people file has no `bop`"), "{out}");
    assert!(out.contains("coaching_days.csv:5 `payee`"), "{out}");
}

/// 870% is asked about and holds; that is an error of the data.
#[test]
fn an_input_outside_its_range_is_a_question() {
    let data = scratch("input-range");
    fs::create_dir_all(&data).unwrap();
    let from = root().join("plans/features/inputs/data");
    for entry in fs::read_dir(&from).unwrap().map(|entry| entry.unwrap()) {
        let text = fs::read_to_string(entry.path()).unwrap();
        fs::write(data.join(entry.file_name()), text.replace("88%", "870%")).unwrap();
    }
    let folder = data.to_string_lossy().into_owned();
    let args = [
        "run",
        "plans/features/inputs",
        "--data",
        &folder,
        "--period",
        "2026-Q1",
    ];
    let done = paycurve(&args);
    assert_eq!(done.status.code(), Some(1));
    let out = text(&done.stdout);
    let question = "I703  csat 870% was delivered; the range is 0% through 100%. 87%?";
    assert!(out.contains(question), "{out}");
}

#[test]
fn periods_that_are_held_for_one_cause_are_listed_together() {
    let out = paycurve(&["run", "plans/gallery/insurance"]);
    let text = text(&out.stdout);
    let (_, held) = text.split_once("\n  held\n").unwrap();
    let lines: Vec<&str> = held.lines().take_while(|line| !line.is_empty()).collect();
    let cause = "F001: `see letter` is not what `lapsed_on` holds (data/policies.csv:179)";
    assert_eq!(
        lines,
        [format!("    A-05 2026-05 through 2027-12   {cause}")]
    );
}
