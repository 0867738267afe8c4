//! The lines of a quota: slips in them, and faults of the days they read.

use std::collections::BTreeMap;
use std::fs;

use paycurve::app::calculate::{Asked, Run, calculate};
use paycurve::app::compile::compile;
use paycurve::diag::{Diagnostic, Severity, SourceMap, Style, render};
use paycurve::eval::Settled;
use paycurve::io::open;
use paycurve::meaning::{Bindings, check};
use paycurve::syntax::parse;

const GOOD: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-06-30
  period      quarter
  payees      role is "Rep" for the days in the role

people "People"
  from        people
  | column | type | meaning             |
  | id     | Text | who                 |
  | role   | Text | job                 |
  | hired  | Date | first day of a job  |

records quota_relief "Relief"
  | column  | type         | meaning    |
  | id      | Text         | one a row  |
  | payee   | Person       | whose days |
  | from    | Date         | first day  |
  | through | Date or none | last day   |
  | share   | Percent      | how much   |

records leave "Leave"
  | column | type   | meaning    |
  | payee  | Person | whose days |
  | first  | Date   | first day  |
  | last   | Date   | last day   |

records holidays "Holidays"
  | column | type | meaning |
  | date   | Date | free    |

quota target "Target"
  from        quotas, one per payee per half
  spread      40%, 60% over quarters
  ramp        50%, 100% by month of employment
  relief      from quota_relief as r, on r.from through r.through, by r.share
  prorated by working days in the role, holidays from holidays as h, on h.date, less leave from leave as l, on l.first through l.last
  round       to 1 USD, half up

measure goal "Goal"
  value       target
  if target is missing hold this payout

pay bonus "Bonus"
  amount      1% of goal
  round       the total to 0.01, half up

test "a quota that is given"
  given       target is 10,000 USD for ana in 2026-Q1
  expect      bonus for ana in 2026-Q1 is 100.00 USD
"#;

/// What is written, what somebody writes in its place, the code, and a part of the line it is found on.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("40%, 60% over", "40%, 50% over", "Q805", "40%, 50%"),
    ("40%, 60% over", "40%, 70% over", "Q805", "40%, 70%"),
    ("40%, 60% over", "40%, 30%, 30% over", "Q805", "30%, 30%"),
    ("40%, 60% over", "100% over", "Q805", "100% over"),
    (
        "40%, 60% over quarters",
        "40%, 60% over halves",
        "Q805",
        "halves",
    ),
    ("40%, 60% over", "-40%, 140% over", "Q805", "-40%"),
    ("40%, 60% over", "40 USD, 60% over", "U203", "40 USD"),
    ("over quarters", "over weeks", "S006", "over weeks"),
    ("by month of employment", "by month", "S006", "by month"),
    ("| hired  | Date |", "| hird   | Date |", "N101", "ramp"),
    ("| hired  | Date |", "| hired  | Text |", "U203", "| hired"),
    (
        "from quota_relief as",
        "from quota_releif as",
        "N101",
        "quota_releif",
    ),
    ("on r.from through", "on r.form through", "N101", "r.form"),
    ("on r.from through", "on l.from through", "N101", "l.from"),
    ("by r.share", "by r.through", "U203", "by r.through"),
    (
        "| payee  | Person | whose days |\n  | first",
        "| who    | Person | whose days |\n  | first",
        "N101",
        "less leave",
    ),
    (
        "| payee  | Person | whose days |\n  | first",
        "| payee  | Text   | whose days |\n  | first",
        "U203",
        "| payee  | Text",
    ),
    (
        "working days in the role",
        "working days",
        "S007",
        "working days,",
    ),
    (
        "by working days in",
        "by calendar days in",
        "S008",
        "calendar days",
    ),
    (
        "round       to 1 USD",
        "round       to 0 USD",
        "S008",
        "to 0 USD",
    ),
    (
        "  spread      40%, 60% over quarters\n  ramp        50%, 100% by month of employment",
        "  ramp        50%, 100% by month of employment\n  spread      40%, 60% over quarters",
        "Q806",
        "ramp",
    ),
    (
        "10,000 USD for ana in 2026-Q1",
        "10,000 USD for ana in 2026-H1",
        "X302",
        "2026-H1",
    ),
];

fn found(text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let file = sources.add("a.plan", text);
    let plan = parse(file, text);
    let checked = check(&plan, &[], &Bindings::default());
    let mut problems = plan.problems;
    problems.extend(checked.problems);
    let mut found = problems.sorted();
    found.retain(|problem| problem.severity == Severity::Error);
    (found, sources)
}

#[test]
fn one_slip_in_a_quota_gives_one_message_and_its_edits_mend_it() {
    let shown = |found: &[Diagnostic], sources: &SourceMap| -> String {
        found
            .iter()
            .map(|one| render(one, sources, Style::Plain))
            .collect()
    };
    let (problems, sources) = found(GOOD);
    assert!(problems.is_empty(), "{}", shown(&problems, &sources));
    for (good, slip, code, line) in SLIPS {
        assert!(GOOD.contains(good), "{good}");
        let text = GOOD.replacen(good, slip, 1);
        let (problems, sources) = found(&text);
        let codes: Vec<&str> = problems.iter().map(|one| one.code.name()).collect();
        assert_eq!(codes, [*code], "{slip}\n{}", shown(&problems, &sources));
        let at = sources.place(problems[0].labels[0].span).line;
        let there = text.lines().nth(at - 1).unwrap();
        assert!(there.contains(line), "{slip}: line {at} is {there}");
        for fix in &problems[0].fixes {
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
            let mut mended = text.clone();
            for edit in &edits {
                mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            let (left, sources) = found(&mended);
            assert!(
                edits.is_empty() || left.is_empty(),
                "{slip}\n{}",
                shown(&left, &sources)
            );
        }
    }
}

const FILES: [(&str, &str); 5] = [
    (
        "people",
        "id,role,hired\nana,Rep,2019-05-01\nbea,Rep,2019-05-01\n",
    ),
    (
        "quotas",
        "payee,period,target\nana,2026-H1,10000\nbea,2026-H1,10000\n",
    ),
    (
        "quota_relief",
        "id,payee,from,through,share\nR-1,ana,2026-01-05,2026-01-09,50%\nR-2,ana,2026-04-06,2026-04-10,50%\n",
    ),
    (
        "leave",
        "payee,first,last\nana,2026-02-02,2026-02-06\nbea,2026-05-04,2026-05-08\n",
    ),
    ("holidays", "date\n2026-01-01\n2026-05-01\n"),
];

/// Which file, what stands in it, what is planted in its place, and who is held in which period for what.
type Planted = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const BOTH: &[(&str, &str)] = &[("ana 2026-Q1", "F001"), ("ana 2026-Q2", "F001")];

const FAULTS: &[Planted] = &[
    ("holidays", "2026-01-01", "2026-01-02", &[]),
    // A day that cannot be read may lie anywhere.
    ("quota_relief", "2026-01-05", "2026-13-05", BOTH),
    ("quota_relief", "2026-01-09", "soon", BOTH),
    (
        "leave",
        "2026-02-02",
        "",
        &[("ana 2026-Q1", "F012"), ("ana 2026-Q2", "F012")],
    ),
    (
        "quota_relief",
        "2026-01-09",
        "2026-01-01",
        &[("ana 2026-Q1", "F018"), ("ana 2026-Q2", "F018")],
    ),
    // A share that cannot be is so on its days.
    (
        "quota_relief",
        "01-09,50%",
        "01-09,150%",
        &[("ana 2026-Q1", "F022")],
    ),
    (
        "quota_relief",
        "01-09,50%",
        "01-09,-5%",
        &[("ana 2026-Q1", "F022")],
    ),
    (
        "quota_relief",
        "04-10,50%",
        "04-10,half",
        &[("ana 2026-Q2", "F001")],
    ),
    // Two rows share 9 January, which is in the first quarter only.
    (
        "quota_relief",
        "2026-04-06",
        "2026-01-09",
        &[("ana 2026-Q1", "F005")],
    ),
    // Which of two rows of one id counts?
    (
        "quota_relief",
        "R-2",
        "R-1",
        &[("ana 2026-Q1", "F007"), ("ana 2026-Q2", "F007")],
    ),
    ("quota_relief", "R-2,", ",", &[("ana 2026-Q2", "F012")]),
    // Somebody whom nobody knows, and nobody.
    ("quota_relief", "R-1,ana", "R-1,anna", &[]),
    ("leave", "ana,", ",", &[]),
    // A row that is not whole may say anything about those whom it names.
    (
        "leave",
        "2026-05-08",
        "2026-05-08,9",
        &[("bea 2026-Q1", "F003"), ("bea 2026-Q2", "F003")],
    ),
    // A holiday is everybody's.
    (
        "holidays",
        "2026-05-01",
        "May Day",
        &[
            ("ana 2026-Q1", "F001"),
            ("ana 2026-Q2", "F001"),
            ("bea 2026-Q1", "F001"),
            ("bea 2026-Q2", "F001"),
        ],
    ),
    (
        "people",
        "bea,Rep,2019-05-01",
        "bea,Rep,",
        &[("bea 2026-Q1", "F012"), ("bea 2026-Q2", "F012")],
    ),
];

fn planted((file, from, to, _): &Planted) -> Run {
    let at = std::env::temp_dir().join(format!("paycurve-quotas-{}", std::process::id()));
    fs::create_dir_all(at.join("data")).unwrap();
    let mut manifest = String::from("sources:\n");
    for (name, text) in FILES {
        let currency = if name == "quotas" {
            ", currency: USD"
        } else {
            ""
        };
        if name != "people" {
            manifest.push_str(&format!("  {name}: {{file: data/{name}.csv{currency}}}\n"));
        }
        let text = if name == *file {
            assert!(text.contains(from), "{file}: {from}");
            text.replacen(from, to, 1)
        } else {
            text.to_owned()
        };
        fs::write(at.join(format!("data/{name}.csv")), text).unwrap();
    }
    fs::write(at.join("paycurve.yaml"), manifest).unwrap();
    fs::write(at.join("reps.plan"), GOOD).unwrap();
    let project = open(&at, None).unwrap();
    let compiled = compile(&project);
    assert_eq!(compiled.ready.len(), 1, "{:?}", compiled.diagnostics);
    let run = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap();
    fs::remove_dir_all(&at).unwrap();
    run
}

#[test]
fn a_fault_of_days_holds_the_quotas_it_reaches() {
    for fault in FAULTS {
        let run = planted(fault);
        let mut held = BTreeMap::new();
        let mut paid = 0;
        for row in &run.plans[0].collected.rows {
            let period = if row.period.start().month() == 1 {
                "2026-Q1"
            } else {
                "2026-Q2"
            };
            let who = format!("{} {period}", row.payee);
            match &row.pays[0].payout {
                Settled::Held(causes) => {
                    let codes: Vec<&str> = causes.iter().map(|cause| cause.code.name()).collect();
                    held.insert(who, codes.join(" "));
                }
                _ => paid += 1,
            }
        }
        let expected = fault
            .3
            .iter()
            .map(|(who, code)| ((*who).to_owned(), (*code).to_owned()));
        assert_eq!(held, expected.collect(), "{fault:?}");
        assert_eq!(paid, 4 - held.len(), "{fault:?}");
    }
}

/// Without faults, the first quarter of ana: 40% of 10,000 is 4,000. Relief of half of 5 of 90 days leaves 87.5: of 4,000
/// 3,888.88…. Mondays to Fridays are 22 in January, 20 in February, 22 in March, 64 in all; New Year is free: 63. Five of
/// them are leave: 58. 3,888.88… x 58 / 63 = 3,580.24…, rounded 3,580; 1% is 35.80. Bea has no leave in the quarter and no
/// relief: 4,000, and 40.00.
#[test]
fn the_lines_act_on_files() {
    let run = planted(&("holidays", "date", "date", &[]));
    let rows = &run.plans[0].collected.rows;
    let first = |payee: &str| {
        let row = rows.iter().find(|row| row.payee == payee).unwrap();
        match &row.pays[0].payout {
            Settled::Value(value) => value.to_plain(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        (first("ana"), first("bea")),
        ("35.8".to_owned(), "40".to_owned())
    );
    assert!(!run.has_faults());
}
