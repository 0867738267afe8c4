//! Shares that stand in rows of another source: planted faults hold exactly whom they reach, on both engines, whatever
//! the order of the rows.

use std::collections::BTreeMap;

use paycurve::app::calculate::Run;
use paycurve::explain::{Rule, Walker};

use crate::support::small::{self, paid, turned};

const TERMS: &str = r#"people "People"
  | column | type | meaning |
  | id     | Text | who     |
  | role   | Text | job     |

records deals "Deals"
  | column     | type             | meaning  |
  | id         | Text             | order    |
  | amount     | Money            | value    |
  | stage      | one of Won, Lost | state    |
  | close_date | Date             | day      |
  | owner      | Person           | who owns |

records deal_splits "Splits"
  | column | type    | meaning |
  | deal   | Text    | which   |
  | person | Person  | who     |
  | share  | Percent | of all  |

credit bookings "Bookings"
  from        deals as deal
  when        deal.stage is "Won"
  dated by    deal.close_date
  to          deal.owner
  amount      deal.amount
  split from deal_splits as s
    | who      | share   |
    | s.person | s.share |
  shares total 100%
"#;

const PLAN: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-06-30
  period      quarter
  payees      role is "Rep"

use "company.terms"

pay commission
  amount      10% of total bookings
  round the total to 0.01, half up
  below 0 USD is lost
"#;

const PEOPLE: &str = "id,role\nana,Rep\nbea,Rep\ncem,Rep\ndora,Rep\nzoe,Clerk\n";

const DEALS: &str = "id,amount,stage,close_date,owner
D-1,1000.00,Won,2026-02-10,ana
D-2,1000.00,Won,2026-02-11,bea
D-3,1000.00,Won,2026-05-12,dora
D-4,1000.00,Lost,2026-05-13,dora
";

const SPLITS: &str = "deal,person,share
D-1,ana,60%
D-1,cem,40%
D-3,bea,50%
D-3,cem,50%
D-4,ana,10%
";

/// 10% of what is credited: of D-1 600 and 400, of D-2 all of 1,000, which no row splits, of D-3 500 and 500. D-4 is lost,
/// and nobody asks what its shares total.
const SOUND: [(&str, &str); 8] = [
    ("ana 2026-Q1", "60"),
    ("ana 2026-Q2", "0"),
    ("bea 2026-Q1", "100"),
    ("bea 2026-Q2", "50"),
    ("cem 2026-Q1", "40"),
    ("cem 2026-Q2", "50"),
    ("dora 2026-Q1", "0"),
    ("dora 2026-Q2", "0"),
];

/// A file, what stands in it, what comes in its place, who gets something else, and the exceptions by file and line.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

const FAULTS: &[Fault] = &[
    ("deal_splits", "", "", &[], &[]),
    (
        // The total: those whom the rows name, and the owner, in the period of the deal.
        "deal_splits",
        "D-3,bea,50%",
        "D-3,bea,40%",
        &[
            ("bea 2026-Q2", "F020"),
            ("cem 2026-Q2", "F020"),
            ("dora 2026-Q2", "F020"),
        ],
        &["F020 deal_splits 4"],
    ),
    (
        "deal_splits",
        "D-1,ana,60%\nD-1,cem,40%",
        "D-1,ana,110%\nD-1,cem,-10%",
        &[("ana 2026-Q1", "F020"), ("cem 2026-Q1", "F020")],
        &["F020 deal_splits 3"],
    ),
    (
        "deal_splits",
        "D-1,ana,60%",
        "D-1,ana,much",
        &[("ana 2026-Q1", "F001"), ("cem 2026-Q1", "F001")],
        &["F001 deal_splits 2"],
    ),
    (
        // An empty person names nobody; the others of the deal wait.
        "deal_splits",
        "D-3,bea,50%",
        "D-3,,50%",
        &[
            ("bea 2026-Q2", "0"),
            ("cem 2026-Q2", "F012"),
            ("dora 2026-Q2", "F012"),
        ],
        &["F012 deal_splits 4"],
    ),
    (
        // A person whom nobody knows has their part, and nobody else's changes.
        "deal_splits",
        "D-3,bea,50%",
        "D-3,eve,50%",
        &[("bea 2026-Q2", "0")],
        &["F004 deal_splits 4"],
    ),
    (
        // No such deal: the row is nobody's, and the deal that is meant has a wrong total.
        "deal_splits",
        "D-3,bea,50%",
        "D-33,bea,50%",
        &[
            ("bea 2026-Q2", "0"),
            ("cem 2026-Q2", "F020"),
            ("dora 2026-Q2", "F020"),
        ],
        &["F021 deal_splits 4", "F020 deal_splits 5"],
    ),
    (
        // Which deal is not said: its person waits in every period.
        "deal_splits",
        "D-4,ana,10%",
        ",ana,10%",
        &[("ana 2026-Q1", "F012"), ("ana 2026-Q2", "F012")],
        &["F012 deal_splits 6"],
    ),
    (
        // Not whole: whoever stands in it, in every period, and everybody of the deal that stands in it, in its own.
        "deal_splits",
        "D-1,cem,40%",
        "D-1,cem,40%,x",
        &[
            ("ana 2026-Q1", "F003"),
            ("cem 2026-Q1", "F003"),
            ("cem 2026-Q2", "F003"),
        ],
        &["F003 deal_splits 3"],
    ),
    (
        "deal_splits",
        "D-3,bea",
        "\"D-3,bea",
        &[
            ("ana 2026-Q1", "F008"),
            ("ana 2026-Q2", "F008"),
            ("bea 2026-Q1", "F008"),
            ("bea 2026-Q2", "F008"),
            ("cem 2026-Q1", "F008"),
            ("cem 2026-Q2", "F008"),
            ("dora 2026-Q1", "F008"),
            ("dora 2026-Q2", "F008"),
        ],
        &["F008 deal_splits 4"],
    ),
    (
        // A deal that is not whole: who stands in it, and whom the rows of an id in it name.
        "deals",
        "D-3,1000.00",
        "D-3,1,000.00",
        &[
            ("bea 2026-Q1", "F003"),
            ("bea 2026-Q2", "F003"),
            ("cem 2026-Q1", "F003"),
            ("cem 2026-Q2", "F003"),
            ("dora 2026-Q1", "F003"),
            ("dora 2026-Q2", "F003"),
        ],
        &["F003 deals 4"],
    ),
    (
        // A bad amount holds whoever has a part of it, and not the owner, who has none.
        "deals",
        "D-1,1000.00",
        "D-1,many",
        &[("ana 2026-Q1", "F001"), ("cem 2026-Q1", "F001")],
        &["F001 deals 2"],
    ),
    (
        // Two deals of one id: both are unknown for those whom the rows of the id name.
        "deals",
        "D-2,1000.00",
        "D-1,1000.00",
        &[
            ("ana 2026-Q1", "F007 F007"),
            ("bea 2026-Q1", "0"),
            ("cem 2026-Q1", "F007 F007"),
        ],
        &["F007 deals 2", "F007 deals 3"],
    ),
];

fn run(file: &str, from: &str, to: &str, is_turned: bool) -> Run {
    let manifest = "sources:\n  deals: {file: data/deals.csv, currency: USD}\n  deal_splits: {file: data/deal_splits.csv}\n";
    let mut files = vec![
        ("paycurve.yaml", manifest.to_owned()),
        ("company.terms", TERMS.to_owned()),
        ("reps.plan", PLAN.to_owned()),
    ];
    for (name, path, text) in [
        ("people", "data/people.csv", PEOPLE),
        ("deals", "data/deals.csv", DEALS),
        ("deal_splits", "data/deal_splits.csv", SPLITS),
    ] {
        let mut text = small::planted(name, text, (file, from, to));
        if is_turned {
            text = turned(&text);
        }
        files.push((path, text));
    }
    small::run(&files)
}

/// What everybody is paid, by person and period.
fn commission(run: &Run) -> BTreeMap<String, String> {
    let all = paid(run).into_iter();
    all.map(|(place, said)| (place.replace(" commission", ""), said))
        .collect()
}

#[test]
fn a_fault_of_shares_holds_whom_it_reaches() {
    for (file, from, to, other, exceptions) in FAULTS {
        let context = format!("{file}: {from:?} becomes {to:?}");
        let found = run(file, from, to, false);
        let expected: BTreeMap<String, String> = SOUND
            .iter()
            .chain(*other)
            .map(|(place, said)| ((*place).to_owned(), (*said).to_owned()))
            .collect();
        assert_eq!(commission(&found), expected, "{context}");
        let said = found.exceptions.iter().filter_map(|found| {
            let cell = found.cell.as_ref()?;
            let file = cell
                .file
                .trim_start_matches("data/")
                .trim_end_matches(".csv");
            Some(format!("{} {file} {}", found.code, cell.line))
        });
        assert_eq!(said.collect::<Vec<_>>(), *exceptions, "{context}");
        // A quote that never closes swallows what comes after it, so the order matters there.
        if !to.starts_with('"') {
            let turned = run(file, from, to, true);
            assert_eq!(commission(&turned), expected, "turned round, {context}");
        }
    }
}

#[test]
fn a_receipt_says_who_has_which_part_by_which_row() {
    let run = run("deals", "", "", false);
    let of = &run.plans[0];
    let mut walker = Walker::new(&of.plan, &run.data);
    let period = of.plan.periods()[0];
    let receipt = walker.receipt("cem", paycurve::meaning::plan::PayId(0), &period);
    let mut parts = Vec::new();
    let mut open = vec![&receipt.root];
    while let Some(node) = open.pop() {
        open.extend(&node.reads);
        if let Rule::Credit {
            record, parts: own, ..
        } = &node.rule
        {
            parts.extend(own.iter().map(|part| {
                let (person, share, amount) = (&part.person, &part.share, &part.amount);
                let (share, amount) = (share.to_plain(), amount.to_plain());
                format!(
                    "{record} {person} {share} {amount} {}",
                    part.places.join(" ")
                )
            }));
        }
    }
    assert_eq!(
        parts,
        [
            "D-1 ana 0.6 600 data/deal_splits.csv:2",
            "D-1 cem 0.4 400 data/deal_splits.csv:3"
        ]
    );
}
