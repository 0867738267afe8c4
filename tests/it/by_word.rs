//! Exceptions and adjustments: slips in their blocks, and planted faults that hold exactly whom they reach, on both
//! engines, whatever the order of rows.

use std::collections::BTreeMap;
use std::process::Command;

use paycurve::app::calculate::Run;
use paycurve::diag::{SourceMap, Style, render};
use paycurve::eval::unmet;
use paycurve::meaning::{Bindings, check};
use paycurve::syntax::parse;

use crate::support::small::{self, paid, turned};

const TERMS: &str = r#"people "People"
  | column | type | meaning |
  | id     | Text | who     |
  | role   | Text | job     |

records deals "Deals"
  | column | type           | meaning |
  | id     | Text           | order   |
  | date   | Date           | day     |
  | owner  | Person         | whose   |
  | mate   | Person or none | helper  |
  | amount | Money          | value   |
  | pieces | Number         | how many |

records adjustments "Adjustments"
  | column      | type         | meaning |
  | id          | Text         | which   |
  | person      | Person       | whose   |
  | date        | Date         | when    |
  | amount      | Money        | value   |
  | reason      | Text         | why     |
  | approved_by | Text or none | who     |
  | approved_on | Date or none | when    |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount
  split when deal.mate is present
    | who        | share |
    | deal.owner |   60% |
    | deal.mate  |   40% |
"#;

const PLAN: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-06-30
  period      quarter
  payees      role is "Rep"
  quota       from quotas, one per payee per quarter

use "company.terms"

pay commission "Commission"
  amount      10% of total bookings
  round       the total to 0.01, half up
  below 0 USD is lost

pay bonus "Bonus"
  amount      1% of max(quota, 0 USD)
  round       the total to 0.01, half up

adjustments manual "Manual"
  from        adjustments as adjustment
  to          adjustment.person
  dated by    adjustment.date
  amount      adjustment.amount
  because     adjustment.reason
  approved by adjustment.approved_by on adjustment.approved_on
  kept by     "Pay"
  below 0 USD is paid as it is

exception "Half"
  when        deal.id is "D-2"
  amount      50% of deal.amount
  instead of  deal.amount
  approved by "VP" on 2026-02-11
  because     "shared with partners"

exception "Cover"
  for         bea in 2026-Q2
  amount      40,000 USD
  instead of  quota
  approved by "CRO" on 2026-04-01
  because     "second region"
"#;

const MANIFEST: &str = "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n  \
                        quotas: {file: data/quotas.csv, currency: USD}\n  adjustments: {file: data/adjustments.csv, currency: {column: currency}}\n";

const PEOPLE: &str = "id,role\nana,Rep\nbea,Rep\ncem,Rep\nzoe,Clerk\n";

const DEALS: &str = "id,date,owner,mate,amount,pieces
D-1,2026-02-10,ana,,1000.00,1
D-2,2026-02-11,bea,cem,1000.00,2
D-3,2026-05-12,bea,,1000.00,3
";

const QUOTAS: &str = "payee,period,quota
ana,2026-Q1,10000
ana,2026-Q2,10000
bea,2026-Q1,10000
bea,2026-Q2,10000
cem,2026-Q1,10000
cem,2026-Q2,10000
";

const ADJUSTMENTS: &str = "id,person,date,amount,currency,reason,approved_by,approved_on
A-1,ana,2026-02-10,50.00,USD,referral,VP,2026-03-01
A-2,ana,2026-03-10,-20.00,USD,paid twice,VP,2026-03-15
A-3,cem,2026-05-10,70.00,USD,referral,VP,2026-06-01
";

/// Commission is 10%: of 1,000 for ana; of 300 and of 200, which are 60% and 40% of half of D-2, for bea and cem; of 1,000
/// for bea in Q2. The bonus is 1% of the quota, 400 for bea in Q2. Ana's adjustments are 50 and -20.
const SOUND: [(&str, &str); 18] = [
    ("ana commission 2026-Q1", "100"),
    ("ana commission 2026-Q2", "0"),
    ("ana bonus 2026-Q1", "100"),
    ("ana bonus 2026-Q2", "100"),
    ("ana manual 2026-Q1", "30"),
    ("ana manual 2026-Q2", "0"),
    ("bea commission 2026-Q1", "30"),
    ("bea commission 2026-Q2", "100"),
    ("bea bonus 2026-Q1", "100"),
    ("bea bonus 2026-Q2", "400"),
    ("bea manual 2026-Q1", "0"),
    ("bea manual 2026-Q2", "0"),
    ("cem commission 2026-Q1", "20"),
    ("cem commission 2026-Q2", "0"),
    ("cem bonus 2026-Q1", "100"),
    ("cem bonus 2026-Q2", "100"),
    ("cem manual 2026-Q1", "0"),
    ("cem manual 2026-Q2", "70"),
];

/// A file, what stands in it, what comes in its place, who gets something else, and the codes of the exceptions.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

const SECOND: &str = r#"exception "All of it"
  when        deal.pieces >= 2
  amount      500 USD
  instead of  deal.amount
  approved by "VP" on 2026-02-11
  because     "shared with partners"

exception "Cover""#;

const FAULTS: &[Fault] = &[
    ("deals", "", "", &[], &[]),
    (
        // Both come to 500 on D-2, which is no fault; D-3 is met by the second alone.
        "plan",
        "exception \"Cover\"",
        SECOND,
        &[("bea commission 2026-Q2", "50")],
        &[],
    ),
    (
        // The new value is made of the record: half of 1,200.
        "deals",
        "bea,cem,1000.00",
        "bea,cem,1200.00",
        &[
            ("bea commission 2026-Q1", "36"),
            ("cem commission 2026-Q1", "24"),
        ],
        &[],
    ),
    (
        // A cell that the new value does not need may be broken.
        "plan",
        "50% of deal.amount",
        "300 USD",
        &[
            ("bea commission 2026-Q1", "18"),
            ("cem commission 2026-Q1", "12"),
        ],
        &[],
    ),
    (
        "adjustments",
        "paid twice,VP,2026-03-15",
        "paid twice,,",
        &[("ana manual 2026-Q1", "A204")],
        &["A204"],
    ),
    (
        "adjustments",
        "paid twice,VP,2026-03-15",
        "paid twice,VP,",
        &[("ana manual 2026-Q1", "A204")],
        &["A204"],
    ),
    (
        "adjustments",
        "paid twice,VP",
        ",VP",
        &[("ana manual 2026-Q1", "F012")],
        &["F012"],
    ),
    (
        "adjustments",
        "-20.00",
        "-20.005",
        &[("ana manual 2026-Q1", "F031")],
        &["F031"],
    ),
    (
        "adjustments",
        "70.00,USD",
        "70.00,EUR",
        &[("cem manual 2026-Q2", "F006")],
        &["F006"],
    ),
    (
        // Nobody of this name: told, and nobody waits.
        "adjustments",
        "A-3,cem",
        "A-3,eve",
        &[("cem manual 2026-Q2", "0")],
        &["F004"],
    ),
    (
        // The plan does not pay her: the amount stands on no statement.
        "adjustments",
        "A-3,cem",
        "A-3,zoe",
        &[("cem manual 2026-Q2", "0")],
        &["F032"],
    ),
    (
        // Another year's rows are another plan's.
        "adjustments",
        "2026-05-10",
        "2025-05-10",
        &[("cem manual 2026-Q2", "0")],
        &[],
    ),
    (
        "adjustments",
        "2026-05-10",
        "May",
        &[
            ("cem manual 2026-Q1", "F001"),
            ("cem manual 2026-Q2", "F001"),
        ],
        &["F001"],
    ),
    (
        "adjustments",
        "A-2,ana",
        "A-1,ana",
        &[("ana manual 2026-Q1", "F007 F007")],
        &["F007"],
    ),
];

/// A run with some texts of files changed.
fn run(changes: &[(&str, &str, &str)], order: fn(&str) -> String) -> Run {
    let text = |name: &str, text: &str| {
        let change = |text: String, change: &(_, _, _)| small::planted(name, &text, *change);
        changes.iter().fold(text.to_owned(), change)
    };
    small::run(&[
        ("paycurve.yaml", MANIFEST.to_owned()),
        ("company.terms", text("terms", TERMS)),
        ("reps.plan", text("plan", PLAN)),
        ("data/people.csv", order(PEOPLE)),
        ("data/deals.csv", order(&text("deals", DEALS))),
        ("data/quotas.csv", order(QUOTAS)),
        (
            "data/adjustments.csv",
            order(&text("adjustments", ADJUSTMENTS)),
        ),
    ])
}

#[test]
fn faults_hold_whom_they_reach() {
    for (file, from, to, other, exceptions) in FAULTS {
        for order in [str::to_owned, turned] {
            let run = run(&[(file, from, to)], order);
            let found = paid(&run);
            let mut wanted: BTreeMap<String, String> = SOUND
                .iter()
                .map(|(who, what)| ((*who).to_owned(), (*what).to_owned()))
                .collect();
            for (who, what) in *other {
                wanted.insert((*who).to_owned(), (*what).to_owned());
            }
            assert_eq!(found, wanted, "{from} -> {to}");
            let mut codes: Vec<&str> = run.exceptions.iter().map(|own| own.code.name()).collect();
            codes.dedup();
            assert_eq!(codes, *exceptions, "{from} -> {to}: {:?}", run.exceptions);
        }
    }
}

/// Two exceptions about one deal that come to 600 and 500.
#[test]
fn exceptions_that_do_not_agree_hold_who_has_a_part() {
    let second = SECOND.replace("500 USD", "600 USD");
    let run = run(&[("plan", "exception \"Cover\"", &second)], str::to_owned);
    let found = paid(&run);
    assert_eq!(found["bea commission 2026-Q1"], "F030");
    assert_eq!(found["cem commission 2026-Q1"], "F030");
    // D-3 is met by the second alone: 10% of 600.
    assert_eq!(found["bea commission 2026-Q2"], "60");
    assert_eq!(found["ana commission 2026-Q1"], "100");
}

/// Whether the second exception is about D-1 cannot be known. D-3 has a cell that cannot be read, and an exception gives
/// its value.
#[test]
fn what_cannot_be_known_of_an_exception_holds() {
    let changes = [
        ("plan", "exception \"Cover\"", SECOND),
        ("deals", "ana,,1000.00,1", "ana,,1000.00,one"),
        ("deals", "bea,,1000.00,3", "bea,,much,3"),
    ];
    let run = run(&changes, str::to_owned);
    let found = paid(&run);
    assert_eq!(found["ana commission 2026-Q1"], "F001");
    assert_eq!(found["bea commission 2026-Q1"], "30");
    assert_eq!(found["bea commission 2026-Q2"], "50");
}

/// What is said of the plan's first periods, so many of them.
fn said(changes: &[(&str, &str, &str)], periods: usize) -> Vec<String> {
    let run = run(changes, str::to_owned);
    let plan = &run.plans[0].plan;
    let all = plan.periods();
    let said = unmet(plan, &run.data, Some(&all[..periods]));
    said.into_iter().map(|own| own.message).collect()
}

/// An exception that no record meets is told from the period in which it was approved until one does.
#[test]
fn an_exception_that_nothing_meets_is_told() {
    assert!(said(&[], 2).is_empty());
    let missed = [("plan", "\"D-2\"", "\"D-20\"")];
    let through = |label| format!("the exception \"Half\" meets no record through {label}");
    assert_eq!(said(&missed, 1), [through("2026-Q1")]);
    assert_eq!(said(&missed, 2), [through("2026-Q2")]);
    let later = [missed[0], ("plan", "2026-02-11", "2026-04-01")];
    assert!(said(&later, 1).is_empty(), "not approved yet");
    assert_eq!(said(&later, 2), [through("2026-Q2")]);
    // D-3 is dated in the second quarter.
    let coming = [("plan", "\"D-2\"", "\"D-3\"")];
    assert_eq!(said(&coming, 1), [through("2026-Q1")]);
    assert!(said(&coming, 2).is_empty());
    let accepted = [
        missed[0],
        (
            "plan",
            "\"shared with partners\"",
            "\"shared with partners\"\n  accept C504 because \"to come\"",
        ),
    ];
    assert!(said(&accepted, 2).is_empty());
    let nobody = [("plan", "for         bea", "for         zoe")];
    assert!(said(&nobody, 1).is_empty(), "of the second quarter");
    let words =
        "the exception \"Cover\" sets `quota` of zoe, whom this plan does not pay in 2026-Q2";
    assert_eq!(said(&nobody, 2), [words]);
}

/// A credit is told where its source has records of the periods, and none of them meets its conditions.
#[test]
fn a_credit_that_nothing_meets_is_told() {
    let when = |condition: &str| format!("as deal\n  when        {condition}");
    let all = when("deal.amount > 5,000 USD");
    let changes = [("terms", "as deal", all.as_str())];
    let words = "none of the 2 deals of 2026-Q1 meets the conditions of \"Bookings\"";
    assert_eq!(said(&changes, 1), [words]);
    let words =
        "none of the 3 deals of 2026-Q1 through 2026-Q2 meets the conditions of \"Bookings\"";
    assert_eq!(said(&changes, 2), [words]);
    // The condition reads what the exception gives D-2: 500.
    let some = when("deal.amount <= 600 USD");
    assert!(said(&[("terms", "as deal", some.as_str())], 1).is_empty());
    let none = [
        ("terms", "as deal", some.as_str()),
        ("deals", "2026-02-1", "2026-04-1"),
        ("deals", "2026-02-1", "2026-04-1"),
    ];
    // Nothing is said of a credit that had nothing to find.
    let words = "the exception \"Half\" meets no record through 2026-Q1";
    assert_eq!(said(&none, 1), [words]);
}

/// A receipt as JSON, of a project of the repository.
fn receipt(project: &str, payee: &str) -> String {
    let explain = Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["explain", project, "--payee", payee, "--period", "2026-Q1"])
        .args(["--format", "json"])
        .output()
        .unwrap();
    String::from_utf8(explain.stdout).unwrap()
}

/// A receipt names the exception, both values, and by whose word; one of an adjustment its reason.
#[test]
fn receipts_say_by_whose_word() {
    let mia = receipt("plans/gallery/managers", "mia");
    for words in [
        r#""exception": "Globex renewal""#,
        r#""instead_of": "deal.amount""#,
        r#""is": "50000""#,
        r#""approved_by": "VP Sales""#,
        r#""approved_on": "2026-02-11""#,
        r#""because": "Renewal moved from the partner team""#,
    ] {
        assert!(mia.contains(words), "{words}: {mia}");
    }
    let ben = receipt("plans/errors/F031-half-a-cent", "ben");
    for words in [
        r#""because": "spiff paid twice""#,
        r#""approved_on": "2026-03-01""#,
    ] {
        assert!(ben.contains(words), "{words}: {ben}");
    }
}

/// What stands in the plan, what comes in its place, the code, and words of the message.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    (
        "exception \"Half\"",
        "budget purse\n  of          bonus, manual\n  limit       100 USD each quarter, scaled down in proportion\n  round       each payout to 0.01, down\n  remainder   to the first\n\nexception \"Half\"",
        "U203",
        "`manual` is added by hand, and no budget reaches it",
    ),
    (
        "  approved by \"VP\" on 2026-02-11\n  because     \"shared with partners\"\n",
        "",
        "S007",
        "does not say who approved it and when and why",
    ),
    (
        "  when        deal.id is \"D-2\"\n  amount      50% of deal.amount\n  instead of  deal.amount\n",
        "",
        "S007",
        "does not say what it is about, the value it gives and which value that replaces",
    ),
    ("50% of deal.amount", "50%", "U203", "percent"),
    ("deal.id is \"D-2\"", "deal.amount", "U203", "yes or no"),
    (
        "instead of  deal.amount",
        "instead of  deal.owner",
        "U203",
        "an amount, a percentage or a number",
    ),
    (
        "instead of  deal.amount",
        "instead of  deal.pieces",
        "C505",
        "nothing in this plan reads `deal.pieces`",
    ),
    (
        "instead of  deal.amount",
        "instead of  sale.amount",
        "N101",
        "calls its records `sale`",
    ),
    (
        "instead of  deal.amount",
        "instead of  deal.amuont",
        "N101",
        "amuont",
    ),
    (
        "instead of  deal.amount",
        "instead of  bokings",
        "N101",
        "bokings",
    ),
    (
        "instead of  deal.amount",
        "instead of  commission",
        "U203",
        "a payout",
    ),
    (
        "instead of  deal.amount",
        "instead of  adjustment.amount",
        "G301",
        "another adjustment",
    ),
    (
        "instead of  deal.amount",
        "instead of  manual",
        "G301",
        "another adjustment",
    ),
    (
        "instead of  deal.amount",
        "instead of  quota",
        "S008",
        "one value for each person",
    ),
    (
        "for         bea in 2026-Q2\n  amount      40,000 USD\n  instead of  quota",
        "for         bea in 2026-Q2\n  amount      40,000 USD\n  instead of  deal.amount",
        "S008",
        "one value for each record",
    ),
    (
        "bea in 2026-Q2",
        "bea in 2026-05",
        "C505",
        "reads this quota for each quarter",
    ),
    (
        "bea in 2026-Q2",
        "bea in 2027-Q2",
        "D602",
        "outside the plan",
    ),
    ("40,000 USD", "-40,000 USD", "U204", "never below 0"),
    ("40,000 USD", "40,000 EUR", "U201", "EUR"),
    ("on 2026-02-11", "on 11/02/2026", "S004", "11/02/2026"),
    (
        "approved by \"VP\" on",
        "aproved by \"VP\" on",
        "S001",
        "aproved",
    ),
    (
        "  kept by     \"Pay\"\n  below 0 USD is paid as it is\n",
        "",
        "S007",
        "does not say who answers for them and what happens below 0",
    ),
    ("adjustment.person", "adjustment.reason", "U203", "person"),
    (
        "amount      adjustment.amount",
        "amount      adjustment.date",
        "U203",
        "date",
    ),
    (
        "below 0 USD is paid as it is",
        "below 0 EUR is paid as it is",
        "U201",
        "USD",
    ),
];

#[test]
fn slips_are_told() {
    for (from, to, code, words) in SLIPS {
        assert!(PLAN.contains(from), "{from}");
        let mut sources = SourceMap::new();
        let terms = sources.add("company.terms", TERMS);
        let terms = parse(terms, TERMS);
        let text = PLAN.replacen(from, to, 1);
        let id = sources.add("reps.plan", &text);
        let plan = parse(id, &text);
        let mut problems = plan.problems.clone();
        problems.extend(check(&plan, &[&terms], &Bindings::default()).problems);
        let errors: Vec<String> = problems
            .iter()
            .map(|own| render(own, &sources, Style::Plain))
            .collect();
        assert_eq!(errors.len(), 1, "{from} -> {to}:\n{}", errors.join("\n"));
        assert!(errors[0].contains(code), "{from} -> {to}: {}", errors[0]);
        assert!(errors[0].contains(words), "{from} -> {to}: {}", errors[0]);
    }
}

/// Words given for one plan do not stand in the terms of all.
#[test]
fn both_stand_in_the_plan() {
    let mut sources = SourceMap::new();
    let moved = PLAN.find("adjustments manual").unwrap();
    let (head, words) = PLAN.split_at(moved);
    let shared = format!("{TERMS}\n{words}");
    let terms = sources.add("company.terms", &shared);
    let terms = parse(terms, &shared);
    let plan = sources.add("reps.plan", head);
    let plan = parse(plan, head);
    let found = check(&plan, &[&terms], &Bindings::default()).problems;
    let codes: Vec<&str> = found.iter().map(|own| own.code.name()).collect();
    assert_eq!(codes, ["S002", "S002", "S002"]);
}
