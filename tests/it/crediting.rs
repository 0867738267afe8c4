//! Levels with what those below them leave, lists of persons, and persons found by a column: planted faults hold exactly
//! whom they reach, on both engines, and what is nobody's is told.

use std::collections::BTreeMap;

use paycurve::app::calculate::Run;

use crate::support::small::{self, paid, turned};

const TERMS: &str = r#"people "People"
  | column | type           | meaning |
  | id     | Text           | who     |
  | role   | Text           | job     |
  | above  | Person or none | upline  |
  | level  | Percent        | share   |
  | area   | Text or none   | where   |
  | from   | Date or none   | first   |

records deals "Deals"
  | column  | type                    | meaning |
  | id      | Text                    | order   |
  | amount  | Money                   | value   |
  | date    | Date                    | day     |
  | owner   | Person                  | whose   |
  | sellers | List of persons or none | all     |
  | area    | Text or none            | where   |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount

credit listed "Lists"
  from        deals as deal
  dated by    deal.date
  amount      deal.amount
  split equally among deal.sellers
  if a person is missing the share goes to nobody

credit by_area "By area"
  from        deals as deal
  dated by    deal.date
  to          everyone whose area is deal.area on deal.date
  if several match SEVERAL
  if nobody matches it goes to the company
  amount      deal.amount

rollup overrides "Overrides"
  from        bookings
  to          above
  share       level less what is paid below
  levels      1 through 3 up, each credit once per manager
  hierarchy as of deal.date
  shares total at most 50%, the rest to the company
"#;

const PLAN: &str = r#"plan "Everyone 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      year
  payees      role is "Rep" on the last day of the period

use "company.terms"

pay override
  amount      total overrides
  round the total to 0.01, half up
  below 0 USD is lost

pay in_list
  amount      total listed
  round the total to 0.01, half up
  below 0 USD is lost

pay in_area
  amount      total by_area
  round the total to 0.01, half up
  below 0 USD is lost
"#;

/// Ana reports to bea, bea to cem, and dora to nobody. Bea and cem have the north.
const PEOPLE: &str = "id,role,above,level,area,from
ana,Rep,bea,10%,,
bea,Rep,cem,20%,North,
cem,Rep,,45%,North,
dora,Rep,,30%,South,
";

const DEALS: &str = "id,amount,date,owner,sellers,area
D-1,1000.00,2026-02-10,ana,ana;bea,North
D-2,500.00,2026-02-11,dora,dora,South
D-3,100.00,2026-02-12,cem,,West
";

/// Of D-1 bea has 20% - 10%, 100, and cem 45% - 20%, 250; dora and cem have nobody above them. D-1 has two sellers, 500 each.
/// Bea and cem share the north.
const SOUND: [(&str, &str); 12] = [
    ("ana in_area", "0"),
    ("ana in_list", "500"),
    ("ana override", "0"),
    ("bea in_area", "500"),
    ("bea in_list", "500"),
    ("bea override", "100"),
    ("cem in_area", "500"),
    ("cem in_list", "0"),
    ("cem override", "250"),
    ("dora in_area", "500"),
    ("dora in_list", "500"),
    ("dora override", "0"),
];

fn run(several: &str, people: &str, deals: &str) -> Run {
    run_plan(PLAN, several, people, deals)
}

fn run_plan(plan: &str, several: &str, people: &str, deals: &str) -> Run {
    let terms = TERMS.replace("SEVERAL", several);
    let texts = [("company.terms", terms), ("everyone.plan", plan.to_owned())];
    small::run_over(&texts, people, deals)
}

/// A file, what stands in it, what comes in its place, and who gets something else.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const FAULTS: &[Fault] = &[
    ("deals", "", "", &[]),
    (
        // A level that is too high: that person and those above, not those below or beside.
        "people",
        "bea,Rep,cem,20%",
        "bea,Rep,cem,200%",
        &[("bea override", "F037"), ("cem override", "F037")],
    ),
    (
        "people",
        "cem,Rep,,45%",
        "cem,Rep,,-45%",
        &[("cem override", "F037")],
    ),
    (
        // Nobody is below the seller: everyone above is.
        "people",
        "ana,Rep,bea,10%",
        "ana,Rep,bea,ten",
        &[("bea override", "F001"), ("cem override", "F001")],
    ),
    (
        // Cem broke away with less than bea: nothing, and not less than that.
        "people",
        "cem,Rep,,45%",
        "cem,Rep,,15%",
        &[("cem override", "0")],
    ),
    (
        "deals",
        "ana;bea",
        "ana; bea ;ana",
        &[("ana in_list", "F038"), ("bea in_list", "F038")],
    ),
    (
        // Somebody nobody knows has a part, and the others have no more.
        "deals",
        "ana;bea",
        "ana;bea;eve;",
        &[("ana in_list", "333.33"), ("bea in_list", "333.33")],
    ),
    (
        // Not whole: who stands in it, also in a list, and whoever has the area.
        "deals",
        "D-1,1000.00,2026-02-10,ana",
        "D-1,1000.00,2026-02-10,,ana",
        &[
            ("ana in_area", "F003"),
            ("ana in_list", "F003"),
            ("bea in_area", "F003"),
            ("bea in_list", "F003"),
            ("bea override", "F003"),
            ("cem in_area", "F003"),
            ("cem override", "F003"),
        ],
    ),
    (
        // The day: whoever has the area on any day, and the list's.
        "deals",
        "500.00,2026-02-11",
        "500.00,11/02/26",
        &[("dora in_area", "F001"), ("dora in_list", "F001")],
    ),
    (
        // Dora's area from March on: in February nobody has the south, and it is the company's.
        "people",
        "dora,Rep,,30%,South,",
        "dora,Rep,,30%,South,2026-03-01",
        &[("dora in_area", "0")],
    ),
    (
        // Whether cem has the north in February nobody knows: who has it with him waits too.
        "people",
        "cem,Rep,,45%,North,",
        "cem,Rep,,45%,North,soon",
        &[
            ("bea in_area", "F001"),
            ("cem in_area", "F001"),
            ("cem in_list", "F001"),
            ("cem override", "F001"),
        ],
    ),
    (
        // A row of somebody with the north of whom nobody knows who it is: those who share it could be one more.
        "people",
        "dora,Rep,,30%,South,\n",
        "dora,Rep,,30%,South,\nzoe,Rep,,30%,North\n",
        &[("bea in_area", "F003"), ("cem in_area", "F003")],
    ),
    (
        "people",
        "dora,Rep,,30%,South,\n",
        "dora,Rep,,30%,South,\n,Rep,,30%,South,\n",
        &[("dora in_area", "F012")],
    ),
];

#[test]
fn a_fault_holds_whom_it_reaches() {
    for (file, from, to, other) in FAULTS {
        let text = |name: &str, own: &str| small::planted(name, own, (file, from, to));
        let (people, deals) = (text("people", PEOPLE), text("deals", DEALS));
        let mut wanted: BTreeMap<String, String> = BTreeMap::new();
        for (place, amount) in SOUND {
            let found = other.iter().find(|(own, _)| *own == place);
            let amount = found.map_or(amount, |(_, other)| other);
            wanted.insert(format!("{place} 2026"), amount.to_owned());
        }
        let several = "they share equally";
        assert_eq!(paid(&run(several, &people, &deals)), wanted, "{to}");
        let (people, deals) = (turned(&people), turned(&deals));
        assert_eq!(paid(&run(several, &people, &deals)), wanted, "{to}, turned");
    }
}

/// Where each has all of it, or more than one is an error, doubt about one holds that one, or everybody who is found.
#[test]
fn what_several_get_decides_whom_doubt_holds() {
    let doubtful = PEOPLE.replace("cem,Rep,,45%,North,", "cem,Rep,,45%,North,soon");
    for (several, bea, doubted) in [
        ("each gets all", "1000", "1000"),
        ("they share equally", "500", "F001"),
        ("it is an error", "F039", "F001"),
    ] {
        let sound = paid(&run(several, PEOPLE, DEALS));
        assert_eq!(sound["bea in_area 2026"], bea, "{several}");
        let in_doubt = paid(&run(several, &doubtful, DEALS));
        assert_eq!(in_doubt["bea in_area 2026"], doubted, "{several}");
        // Somebody is lost who has the north: with all of it for each, that is no matter of bea's.
        let lost = paid(&run(
            several,
            &(PEOPLE.to_owned() + "zoe,Rep,,,North\n"),
            DEALS,
        ));
        let doubted = doubted.replace("F001", "F003");
        assert_eq!(lost["bea in_area 2026"], doubted, "{several}");
    }
}

/// What is nobody's: of D-1 50% - 45% of 1,000, of D-2 50% - 30% of 500, of D-3 50% - 45% of 100, together 155; the list of
/// D-3, which is empty; and the west.
#[test]
fn what_is_nobodys_is_told() {
    let of = |several: &str| {
        let run = run(several, PEOPLE, DEALS);
        let plan = &run.plans[0];
        let rows = plan.collected.beside.iter();
        rows.map(|row| {
            let name = plan.plan.credit(row.credit).name.clone();
            (name, row.company.to_plain(), row.on_top.to_plain())
        })
        .collect::<Vec<_>>()
    };
    let told = |name: &str, company: &str, on_top: &str| {
        (name.to_owned(), company.to_owned(), on_top.to_owned())
    };
    let shared = of("they share equally");
    assert!(
        shared.contains(&told("overrides", "155", "0")),
        "{shared:?}"
    );
    assert!(shared.contains(&told("listed", "100", "0")), "{shared:?}");
    assert!(shared.contains(&told("by_area", "100", "0")), "{shared:?}");
    let each = of("each gets all");
    assert!(each.contains(&told("by_area", "100", "1000")), "{each:?}");
}

const TWICE: &str = r#"plan "Managers 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      year
  payees      role is "Rep" on the last day of the period

use "company.terms"

rollup team "Deals of the team"
  from        listed
  to          above
  levels      1 up, each ONCE once per manager
  hierarchy as of deal.date
  ACCEPT

pay commission
  amount      AMOUNT
  round the total to 0.01, half up
  below 0 USD is lost
"#;

/// Bea has 500 of D-1 herself, and all 1,000 of it for ana: 1,500 where they are added, and it is said.
#[test]
fn more_of_a_record_than_there_is_is_told_once() {
    let sum = "total listed + total team";
    for (once, accept, amount, told) in [
        ("deal", "", sum, 1),
        ("deal", "", "total team + 1% of total listed", 0),
        ("credit", "", sum, 0),
        ("deal", "accept C502 because \"both are meant\"", sum, 0),
    ] {
        let plan = TWICE
            .replace("ONCE", once)
            .replace("  ACCEPT\n", &format!("  {accept}\n"));
        let plan = plan.replace("AMOUNT", amount);
        let run = run_plan(&plan, "each gets all", PEOPLE, DEALS);
        let said = run
            .exceptions
            .iter()
            .filter(|own| own.code.name() == "C502");
        let said: Vec<&str> = said.map(|own| own.message.as_str()).collect();
        assert_eq!(said.len(), told, "{once} {accept} {amount}");
        assert!(!run.has_faults(), "it is a warning");
        for words in said {
            assert!(
                words.starts_with("bea has 1,500.00 of `D-1`, which is 1,000.00"),
                "{words}"
            );
        }
    }
}

/// Ids that stand between commas are one id that nobody has: the message says what a list looks like.
#[test]
fn a_list_with_commas_is_told_of_semicolons() {
    let deals = DEALS.replace("ana;bea", "\"ana,bea\"");
    let run = run("each gets all", PEOPLE, &deals);
    let said = run
        .exceptions
        .iter()
        .find(|own| own.message.contains("`ana,bea`"));
    let note = said.and_then(|own| own.notes.first().cloned());
    let wanted = "Ids of a list stand between semicolons, such as `ana;ben`.";
    assert_eq!(note.as_deref(), Some(wanted));
}
