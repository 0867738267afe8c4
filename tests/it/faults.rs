//! Planted faults in data: each holds exactly the people it reaches, in the periods it reaches, and everybody else is
//! paid what they earned.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use paycurve::app::calculate::{Asked, Run, calculate};
use paycurve::app::compile::compile;
use paycurve::io::open;

use crate::support::small::{self, paid};

const TERMS: &str = r#"people "People"
  from        people
  | column  | type         | meaning   |
  | id      | Text         | who       |
  | role    | Text         | job       |
  | from    | Date or none | first day |
  | through | Date or none | last day  |

records deals "Deals"
  from        deals
  | column     | type             | meaning   |
  | id         | Text             | order     |
  | amount     | Money            | value     |
  | stage      | one of Won, Lost | state     |
  | close_date | Date             | day       |
  | owner      | Person           | who sold  |
  | mate       | Person or none   | who helped |

credit bookings "Bookings"
  from        deals as deal
  when        deal.stage is "Won"
  dated by    deal.close_date
  to          deal.owner
  amount      deal.amount
  split when deal.mate is present
    | who        | share |
    | deal.owner | 50%   |
    | deal.mate  | 50%   |
"#;

const PLAN: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-06-30
  period      quarter
  payees      role is "Rep" for the days in the role
  quota       from quotas, one per payee per quarter

use "company.terms"

pay commission
  amount      10% of total bookings
  round       the total to 0.01, half up
  below 0 USD is lost

pay bonus
  amount      1% of max(quota, 0 USD)
  round       the total to 0.01, half up
  below 0 USD is lost
"#;

const PEOPLE: &str = "id,role,from,through\nana,Rep,2026-01-01,\nbea,Rep,2026-01-01,\ncem,Rep,2026-01-01,\ndora,Clerk,2026-01-01,\n";

const DEALS: &str = "id,amount,currency,stage,close_date,owner,mate
D-1,1000.00,USD,Won,2026-02-10,ana,
D-2,1000.00,USD,Won,2026-02-11,bea,
D-3,1000.00,USD,Won,2026-05-12,cem,ana
D-4,1000.00,USD,Won,2026-05-13,bea,
";

const QUOTAS: &str = "payee,period,quota
ana,2026-Q1,10000
ana,2026-Q2,10000
bea,2026-Q1,10000
bea,2026-Q2,10000
cem,2026-Q1,10000
cem,2026-Q2,10000
";

/// Without faults. Commission is 10% of what is credited: a deal of 1,000.00 gives 100.00, half of it 50.00; the bonus is
/// 1% of 10,000 = 100.00.
const SOUND: [(&str, &str); 12] = [
    ("ana commission 2026-Q1", "100"),
    ("ana commission 2026-Q2", "50"),
    ("ana bonus 2026-Q1", "100"),
    ("ana bonus 2026-Q2", "100"),
    ("bea commission 2026-Q1", "100"),
    ("bea commission 2026-Q2", "100"),
    ("bea bonus 2026-Q1", "100"),
    ("bea bonus 2026-Q2", "100"),
    ("cem commission 2026-Q1", "0"),
    ("cem commission 2026-Q2", "50"),
    ("cem bonus 2026-Q1", "100"),
    ("cem bonus 2026-Q2", "100"),
];

/// What stands in `file` is changed from one text to another.
struct Fault {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    /// Who is held or paid otherwise: the beginning of `PAYEE PAY PERIOD`, and the codes or the amount.
    other: &'static [(&'static str, &'static str)],
    /// Code and line of every exception in that file, by line.
    exceptions: &'static [&'static str],
}

const FAULTS: &[Fault] = &[
    // A quote that never closes: whose rows are lost cannot be known, so everybody who reads the file is held.
    Fault {
        file: "deals.csv",
        from: "\nD-4,",
        to: "\n\"D-4,",
        other: &[
            ("ana commission", "F008"),
            ("bea commission", "F008"),
            ("cem commission", "F008"),
        ],
        exceptions: &["F008 5"],
    },
    Fault {
        file: "quotas.csv",
        from: "\ncem,2026-Q2",
        to: "\n\"cem,2026-Q2",
        other: &[
            ("ana bonus", "F008"),
            ("bea bonus", "F008"),
            ("cem bonus", "F008"),
        ],
        exceptions: &["F008 7"],
    },
    Fault {
        file: "people.csv",
        from: "\ndora,Clerk",
        to: "\n\"dora,Clerk",
        other: &[("ana", "F008"), ("bea", "F008"), ("cem", "F008")],
        exceptions: &["F008 5"],
    },
    // A row that is not whole may be about anybody whose id stands in it, in any period.
    Fault {
        file: "deals.csv",
        from: "D-2,1000.00",
        to: "D-2,1,000.00",
        other: &[("bea commission", "F003")],
        exceptions: &["F003 3"],
    },
    Fault {
        file: "deals.csv",
        from: "Won,2026-05-12,cem,ana",
        to: "2026-05-12,cem,ana",
        other: &[("ana commission", "F003"), ("cem commission", "F003")],
        exceptions: &["F003 4"],
    },
    Fault {
        // Nobody who is known: the row may belong to nobody on the plan.
        file: "deals.csv",
        from: "\nD-4,",
        to: "\nD-5,zoe\nD-4,",
        other: &[],
        exceptions: &["F003 5"],
    },
    Fault {
        file: "deals.csv",
        from: "D-2,",
        to: "\"D-2\" ,",
        other: &[("bea commission", "F008")],
        exceptions: &["F008 3"],
    },
    Fault {
        // The quote closes at the next one and swallows a row of bea's, which is part of the broken row then.
        file: "deals.csv",
        from: "D-2,1000.00,USD,Won,2026-02-11,bea,\nD-3",
        to: "\"D-2,1000.00,USD,Won,2026-02-11,bea,\n\"D-3\"",
        other: &[
            ("ana commission", "F008"),
            ("bea commission", "F008"),
            ("cem commission", "F008"),
        ],
        exceptions: &["F008 3"],
    },
    Fault {
        file: "quotas.csv",
        from: "cem,2026-Q1,10000",
        to: "cem,2026-Q1,10,000",
        other: &[("cem bonus", "F003")],
        exceptions: &["F003 6"],
    },
    Fault {
        file: "people.csv",
        from: "dora,Clerk,2026-01-01,",
        to: "dora,Clerk,2026-01-01,\nbea,Clerk,,,",
        other: &[("bea", "F003")],
        exceptions: &["F003 6"],
    },
    Fault {
        // The only row of dora, whom no other row names.
        file: "people.csv",
        from: "dora,Clerk,2026-01-01,",
        to: "dora,Clerk,2026-01-01",
        other: &[],
        exceptions: &["F003 5"],
    },
    // Records of one id: which of them is meant cannot be known, whatever their order.
    Fault {
        file: "deals.csv",
        from: "D-4,",
        to: "D-1,",
        other: &[
            ("ana commission 2026-Q1", "F007"),
            ("bea commission 2026-Q2", "F007"),
        ],
        exceptions: &["F007 2", "F007 5"],
    },
    Fault {
        file: "deals.csv",
        from: "D-2,1000.00,USD,Won,2026-02-11,bea,\nD-3",
        to: "D-3,1000.00,USD,Won,2026-02-11,bea,\nD-3",
        other: &[
            ("ana commission 2026-Q2", "F007"),
            ("bea commission 2026-Q1", "F007"),
            ("cem commission 2026-Q2", "F007"),
        ],
        exceptions: &["F007 3", "F007 4"],
    },
    Fault {
        // A lost deal gives nobody anything; but whether D-2 is lost or won cannot be known any more.
        file: "deals.csv",
        from: "\nD-3",
        to: "\nD-2,1000.00,USD,Lost,2026-02-11,cem,\nD-3",
        other: &[("bea commission 2026-Q1", "F007")],
        exceptions: &["F007 3", "F007 4"],
    },
    // An empty cell of a column without `or none`.
    Fault {
        // Nobody is named, so nobody is held: bea's deal is paid to nobody until it says whose it is.
        file: "deals.csv",
        from: "2026-02-11,bea,",
        to: "2026-02-11,,",
        other: &[("bea commission 2026-Q1", "0")],
        exceptions: &["F012 3"],
    },
    Fault {
        // The seller is not named, who helped is.
        file: "deals.csv",
        from: "cem,ana",
        to: ",ana",
        other: &[
            ("ana commission 2026-Q2", "F012"),
            ("cem commission 2026-Q2", "0"),
        ],
        exceptions: &["F012 4"],
    },
    Fault {
        // Won or lost?
        file: "deals.csv",
        from: "Won,2026-02-11",
        to: ",2026-02-11",
        other: &[("bea commission 2026-Q1", "F012")],
        exceptions: &["F012 3"],
    },
    Fault {
        // In which period?
        file: "deals.csv",
        from: "2026-02-11",
        to: "",
        other: &[("bea commission", "F012")],
        exceptions: &["F012 3"],
    },
    Fault {
        // A record that cannot be named cannot be told from a second one.
        file: "deals.csv",
        from: "D-3,",
        to: ",",
        other: &[
            ("ana commission 2026-Q2", "F012"),
            ("cem commission 2026-Q2", "F012"),
        ],
        exceptions: &["F012 4"],
    },
    Fault {
        file: "people.csv",
        from: "bea,Rep",
        to: "bea,",
        other: &[("bea", "F012")],
        exceptions: &["F012 3"],
    },
    Fault {
        // A row of people that names nobody.
        file: "people.csv",
        from: "\ndora",
        to: "\n",
        other: &[],
        exceptions: &["F012 5"],
    },
    Fault {
        file: "quotas.csv",
        from: "cem,2026-Q1,10000\n",
        to: "cem,2026-Q1,10000\ncem,,10000\n",
        other: &[("cem bonus", "F012")],
        exceptions: &["F012 7"],
    },
    Fault {
        file: "quotas.csv",
        from: "cem,2026-Q1,10000\n",
        to: "cem,2026-Q1,10000\n,2026-Q1,10000\n",
        other: &[],
        exceptions: &["F012 7"],
    },
    // A row of people that ends before it starts.
    Fault {
        file: "people.csv",
        from: "bea,Rep,2026-01-01,",
        to: "bea,Rep,2026-01-01,2025-06-30",
        other: &[("bea", "F018")],
        exceptions: &["F018 3"],
    },
    Fault {
        // Whichever of her rows it is.
        file: "people.csv",
        from: "\ndora",
        to: "\nana,Clerk,2026-04-01,2026-03-01\ndora",
        other: &[("ana", "F018")],
        exceptions: &["F018 5"],
    },
    Fault {
        // Dora is on no plan, whichever row counts.
        file: "people.csv",
        from: "dora,Clerk,2026-01-01,",
        to: "dora,Clerk,2026-01-01,2025-12-31",
        other: &[],
        exceptions: &[],
    },
    // Quotas of somebody whom the people file does not know: said once.
    Fault {
        file: "quotas.csv",
        from: "cem,2026-Q1,10000\ncem",
        to: "Cem,2026-Q1,10000\nCem",
        other: &[("cem bonus", "Q801")],
        exceptions: &["F004 6"],
    },
    // A cell that says another currency than its row or its file.
    Fault {
        file: "deals.csv",
        from: "D-2,1000.00,",
        to: "D-2,1000.00 EUR,",
        other: &[("bea commission 2026-Q1", "F006")],
        exceptions: &["F006 3"],
    },
    Fault {
        file: "quotas.csv",
        from: "cem,2026-Q1,10000",
        to: "cem,2026-Q1,10000 EUR",
        other: &[("cem bonus 2026-Q1", "F006")],
        exceptions: &["F006 6"],
    },
];

fn expected(fault: &Fault) -> BTreeMap<String, String> {
    let of = |(place, amount): &(&str, &str)| {
        let other = fault
            .other
            .iter()
            .find(|(start, _)| place.starts_with(start));
        (
            (*place).to_owned(),
            other.map_or(*amount, |(_, other)| *other).to_owned(),
        )
    };
    SOUND.iter().map(of).collect()
}

fn check(fault: &Fault, terms: &str, context: &str) {
    let run = planted(fault, terms);
    assert!(run.problems.is_empty(), "{context}: {:?}", run.problems);
    assert_eq!(paid(&run), expected(fault), "{context}");
    let file = format!("data/{}", fault.file);
    let exceptions: Vec<String> = run
        .exceptions
        .iter()
        .filter_map(|found| Some((found, found.cell.as_ref()?)))
        .filter(|(_, cell)| cell.file == file)
        .map(|(found, cell)| format!("{} {}", found.code, cell.line))
        .collect();
    assert_eq!(exceptions, fault.exceptions, "{context}");
    assert_eq!(run.has_faults(), !fault.exceptions.is_empty(), "{context}");
}

/// A run over data with a fault.
fn planted(fault: &Fault, terms: &str) -> Run {
    let manifest = "sources:\n  deals: {file: data/deals.csv, currency: {column: currency}}\n  quotas: {file: data/quotas.csv, currency: USD}\n";
    let text =
        |name: &str, text: &str| small::planted(name, text, (fault.file, fault.from, fault.to));
    small::run(&[
        ("paycurve.yaml", manifest.to_owned()),
        ("company.terms", terms.to_owned()),
        ("reps.plan", PLAN.to_owned()),
        ("data/people.csv", text("people.csv", PEOPLE)),
        ("data/deals.csv", text("deals.csv", DEALS)),
        ("data/quotas.csv", text("quotas.csv", QUOTAS)),
    ])
}

#[test]
fn a_fault_holds_whom_it_reaches_and_nobody_else() {
    let none = Fault {
        file: "deals.csv",
        from: "",
        to: "",
        other: &[],
        exceptions: &[],
    };
    check(&none, TERMS, "without faults");
    for fault in FAULTS {
        let context = format!("{}: {:?} becomes {:?}", fault.file, fault.from, fault.to);
        check(fault, TERMS, &context);
    }
}

/// A deal may have no owner, and then it is an error that the credit is to go to the owner.
#[test]
fn a_deal_for_nobody_is_said() {
    let terms = TERMS.replace(
        "| owner      | Person           |",
        "| owner      | Person or none   |",
    );
    let (terms, _) = terms.split_once("  split when").unwrap();
    let fault = Fault {
        file: "deals.csv",
        from: "2026-02-11,bea,",
        to: "2026-02-11,,",
        // Without the split, cem alone has the 1,000.00 of D-3.
        other: &[
            ("bea commission 2026-Q1", "0"),
            ("ana commission 2026-Q2", "0"),
            ("cem commission 2026-Q2", "100"),
        ],
        exceptions: &["F012 3"],
    };
    check(&fault, terms, "an owner who may be missing is");
}

/// Which of two columns is meant would be a guess; one that the plan does not read may stand twice.
#[test]
fn two_columns_of_one_name_refuse_the_file() {
    let of = |from: &'static str, to: &'static str| {
        let fault = Fault {
            file: "deals.csv",
            from,
            to,
            other: &[],
            exceptions: &[],
        };
        let run = planted(&fault, TERMS);
        let problems: Vec<String> = run
            .problems
            .iter()
            .map(|problem| format!("{} {}", problem.code, problem.message))
            .collect();
        (problems, run.has_faults())
    };
    let twice = |name: &str| (vec![format!("F017 2 columns are called `{name}`")], true);
    assert_eq!(of("stage,close_date", "stage,amount"), {
        let mut both = twice("amount");
        both.0
            .push("F002 there is no column `close_date`".to_owned());
        both
    });
    assert_eq!(of("owner,mate\n", "owner,mate,amount\n"), twice("amount"));
    assert_eq!(
        of("owner,mate\n", "owner,mate,currency\n"),
        twice("currency")
    );
    assert_eq!(
        of("owner,mate\nD-1", "owner,mate,note,note\nD-1").0,
        [""; 0]
    );
}

/// What everybody gets by a plan of `plans/features/weeks` over its data, with one text of a file changed.
fn by_weeks(plan: &str, file: &str, from: &str, to: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/features/weeks");
    let at = std::env::temp_dir().join(format!("paycurve-weeks-{plan}-{}", std::process::id()));
    fs::create_dir_all(&at).unwrap();
    for entry in fs::read_dir(folder.join("data")).unwrap() {
        let entry = entry.unwrap();
        let mut text = fs::read_to_string(entry.path()).unwrap();
        let name = entry.file_name().into_string().unwrap();
        text = small::planted(&name, &text, (file, from, to));
        fs::write(at.join(name), text).unwrap();
    }
    let project = open(&folder.join(plan), Some(&at)).unwrap();
    let run = calculate(&project, &compile(&project), &Asked::default(), &|_| {}).unwrap();
    fs::remove_dir_all(&at).unwrap();
    paid(&run)
}

#[test]
fn a_fault_holds_the_part_of_a_week_that_it_reaches() {
    let sound = by_weeks("cut.plan", "deals.csv", "", "");
    let of = |place: &str| sound[place].as_str();
    assert_eq!(of("ben commission 2026-W05-A"), "100");
    assert_eq!(of("ben commission 2026-W05-B"), "300");
    // On 30 January: the part of the week in February does not read it.
    let mut expected = sound.clone();
    for pay in ["commission", "loyalty"] {
        expected.insert(format!("ben {pay} 2026-W05-A"), "F001".to_owned());
    }
    let faulty = by_weeks("cut.plan", "deals.csv", "ben,1000", "ben,1k");
    assert_eq!(faulty, expected);
}

#[test]
fn a_quota_of_no_week_of_the_plan_holds_whom_it_is_for() {
    let sound = by_weeks("whole.plan", "quotas.csv", "", "");
    assert_eq!(sound["ana commission 2026-W05"], "280");
    assert_eq!(sound["ana big_week 2026-W05"], "50");
    // The plan does not cut weeks, so nobody can know which quota this is.
    let faulty = by_weeks("whole.plan", "quotas.csv", "2026-W05", "2026-W05-A");
    for (place, amount) in sound {
        let reads_it = place.contains(" commission ");
        let expected = if reads_it { "F014" } else { amount.as_str() };
        assert_eq!(faulty[&place], expected, "{place}");
    }
}
