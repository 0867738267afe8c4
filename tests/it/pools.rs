//! Pools: slips give one message each, what is shared adds up whatever the data and its order, and planted faults hold the
//! members of the pool that they reach, and nobody else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use paycurve::app::calculate::Run;
use paycurve::base::{Exact, Mode, Rounding};

use crate::slips::{Slip, found, give_one_message, shown};
use crate::support::random_project::Rng;
use crate::support::small::{self, deals, paid, turned};

const GOOD: &str = concat!(
    r#"plan "Teams 2026"
  currency    USD
  effective   2026-01-01 through 2026-03-31
  period      quarter
  payees      role is "Rep"

people "People"
  | column        | type   | meaning          |
  | id            | Text   | who              |
  | role          | Text   | job              |
  | team          | Text   | with whom        |
  | days_employed | Number | since the start  |
"#,
    deals!(),
    r#"
pool shared "Team pool"
  size        min(2% of total bookings by team, 60,000 USD), at least 0 USD
  members     days_employed >= 45
  share by    total bookings, equally if all are zero
  round       each share to 0.01, down
  remainder   to the largest share

pay again
  amount      50% of shared as earned
  round       the total to 0.01, half up
"#
);

const SLIPS: &[Slip] = &[
    // whose it is
    ("total bookings by team", "total bookings", "G301", "size"),
    (
        "60,000 USD)",
        "2% of total bookings by role)",
        "C508",
        "size",
    ),
    (
        "  members",
        "  for all payees\n  members",
        "C508",
        "for all payees",
    ),
    (
        "  members",
        "  for each    role\n  members",
        "C508",
        "for each",
    ),
    (
        "  members",
        "  for each    id_of_team\n  members",
        "N101",
        "for each",
    ),
    (
        "total bookings by team",
        "total bookings year to date by team",
        "G303",
        "size",
    ),
    // how much
    (", at least 0 USD", "", "C509", "size"),
    (", at least 0 USD", ", at least 0 EUR", "U201", "size"),
    ("60,000 USD", "60,000.005 USD", "R903", "size"),
    ("60,000 USD)", "60,000)", "U203", "size"),
    // who
    ("days_employed >= 45", "days_employed", "U203", "members"),
    ("  members", "  member", "S001", "member "),
    // by what
    (", equally if all are zero", "", "C508", "share by"),
    ("equally if all", "equal if all", "S006", "share by"),
    (
        "share by    total bookings, ",
        "share by    team, ",
        "U203",
        "share by",
    ),
    (
        "share by    total bookings, ",
        "share by    bookings, ",
        "G301",
        "share by",
    ),
    (
        "  share by    total bookings, equally if all are zero\n",
        "",
        "S007",
        "pool shared",
    ),
    // cents
    (
        "  remainder   to the largest share\n",
        "",
        "R901",
        "each share",
    ),
    (
        "  round       each share to 0.01, down\n",
        "",
        "R901",
        "pool shared",
    ),
    ("0.01, down", "0.01, half up", "S008", "half up"),
    (
        "each share to",
        "the total to",
        "S008",
        "the total to 0.01, down",
    ),
    (
        "to the largest share",
        "to the largest",
        "S006",
        "remainder",
    ),
    (
        "  remainder   to",
        "  below 0 USD is lost\n  remainder   to",
        "S002",
        "below 0",
    ),
    // read by others
    ("shared as earned", "shared", "U203", "50% of"),
];

#[test]
fn one_slip_gives_one_message_and_its_edits_mend_it() {
    give_one_message(GOOD, SLIPS);
}

#[test]
fn what_is_earned_over_a_longer_time_reads_no_pool() {
    let text = GOOD
        .replace("period      quarter", "period      month")
        .replace(
            "pay again\n",
            "pay again\n  earned each quarter, paid each month\n",
        );
    let (problems, sources) = found(&text);
    let codes: Vec<&str> = problems.iter().map(|d| d.code.name()).collect();
    assert_eq!(codes, ["G303"], "{}", shown(&problems, &sources));
}

fn run(plan: &str, people: &str, deals: &str) -> Run {
    small::run_over(&[("teams.plan", plan.to_owned())], people, deals)
}

const PEOPLE: &str = "id,role,team,days_employed\nana,Rep,West,400\nben,Rep,West,90\ncem,Rep,East,80\ndan,Rep,West,9\n\
                      eve,Clerk,West,400\n";

const DEALS: &str = "id,date,owner,amount\nD-1,2026-01-10,ana,3000.00\nD-2,2026-02-10,ben,1000.00\n\
                     D-3,2026-02-11,cem,500.00\nD-4,2026-02-12,dan,1000.00\n";

/// Without faults: West sells 5,000, of which 2% are 100: ana 75, ben 25, dan is too new. East's 10 are cem's.
const SOUND: [(&str, &str); 4] = [("ana", "75"), ("ben", "25"), ("cem", "10"), ("dan", "0")];

/// What is changed in which file, and who is held then or paid otherwise.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const FAULTS: &[Fault] = &[
    ("", "", "", &[]),
    // What a member sold: dan has nothing of it, whatever it is.
    (
        "deals",
        "ben,1000.00",
        "ben,1k",
        &[("ana", "F001"), ("ben", "F001")],
    ),
    // What somebody sold who is no member, or not even a payee, is in the size.
    (
        "deals",
        "dan,1000.00",
        "dan,1k",
        &[("ana", "F001"), ("ben", "F001")],
    ),
    (
        "deals",
        "dan,1000.00",
        "eve,1k",
        &[("ana", "F001"), ("ben", "F001")],
    ),
    // More given back than sold.
    (
        "deals",
        "ben,1000.00",
        "ben,-1000.00",
        &[("ana", "F044"), ("ben", "F044")],
    ),
    // Whether ben is a member.
    (
        "people",
        "West,90",
        "West,long",
        &[("ana", "F001"), ("ben", "F001")],
    ),
    // Whose row this is, and of which team, nobody knows.
    (
        "people",
        "ben,Rep,West,90",
        "ben,Rep,West",
        &[("ana", "F003"), ("ben", ""), ("cem", "F003")],
    ),
    // Ben is of two teams on one day: of West or of East, and nobody knows.
    (
        "people",
        "ben,Rep,West,90\n",
        "ben,Rep,West,90\nben,Rep,East,90\n",
        &[("ana", "F005"), ("ben", "F005"), ("cem", "F005")],
    ),
    // Which team ben is of is not there, and it must be.
    (
        "people",
        "ben,Rep,West",
        "ben,Rep,",
        &[("ana", "F012"), ("ben", "F012"), ("cem", "F012")],
    ),
    // Nobody is a member: nobody has anything.
    (
        "people",
        "cem,Rep,East,80",
        "cem,Rep,East,8",
        &[("cem", "0")],
    ),
];

#[test]
fn a_fault_holds_the_members_of_the_pool_that_it_reaches() {
    for (file, from, to, other) in FAULTS {
        let change = |name: &str, text: &str| small::planted(name, text, (file, from, to));
        let (people, deals) = (change("people", PEOPLE), change("deals", DEALS));
        let mut expected: BTreeMap<&str, &str> = SOUND.into();
        expected.extend(other.iter().copied());
        for (people, deals) in [
            (people.clone(), deals.clone()),
            (turned(&people), turned(&deals)),
        ] {
            let found = paid(&run(GOOD, &people, &deals));
            for (who, amount) in &expected {
                let place = format!("{who} shared 2026-Q1");
                let found = found.get(&place).map_or("", String::as_str);
                assert_eq!(found, *amount, "{from} -> {to}: {place}");
            }
        }
    }
}

/// What each has of the pool, and the sum of what each team sold.
fn shares(run: &Run) -> BTreeMap<String, Exact> {
    let all = small::earned(run).into_iter();
    let shares = all.filter(|(_, pay, _)| *pay == "shared");
    shares
        .map(|(who, _, share)| (who.to_owned(), share.clone()))
        .collect()
}

#[test]
fn shares_and_what_stays_add_up_to_the_size() {
    let mut rng = Rng::new(25);
    for n in 0..40 {
        let unit = rng.pick(&["0.01", "0.05", "1"]);
        let company = rng.chance(25);
        let remainder = match company {
            true => "to the company",
            false => rng.pick(&[
                "to the largest share",
                "to the first",
                "by largest remainder",
            ]),
        };
        let nobody = rng.chance(50);
        let zero = if nobody { "nobody" } else { "equally" };
        let plan = GOOD
            .replace("to the largest share", remainder)
            .replace(
                "total bookings, equally",
                &format!("max(total bookings, 0 USD), {zero}"),
            )
            .replace("share to 0.01", &format!("share to {unit}"));
        let mut people = "id,role,team,days_employed\n".to_owned();
        let mut deals = "id,date,owner,amount\n".to_owned();
        // By team, in cents: what it sold, its members, and whether one of them sold anything.
        let mut sold: BTreeMap<&str, i64> = BTreeMap::new();
        let mut teams: BTreeMap<&str, (i64, bool)> = BTreeMap::new();
        let mut team_of = BTreeMap::new();
        for who in 0..9 {
            let team = rng.pick(&["West", "East", "North"]);
            let days = rng.whole(30, 90);
            let _ = writeln!(people, "p{who},Rep,{team},{days}");
            team_of.insert(format!("p{who}"), team);
            let mut own = 0;
            for deal in 0..rng.whole(0, 2) {
                let cents = rng.whole(-50_000, 900_000);
                let (day, amount) = (deal + 1, small::amount(cents));
                let _ = writeln!(deals, "D-{who}-{deal},2026-02-0{day},p{who},{amount}");
                own += cents;
            }
            *sold.entry(team).or_default() += own;
            if days >= 45 {
                let (members, any) = teams.entry(team).or_default();
                *members += 1;
                *any |= own > 0;
            }
        }
        let found = shares(&run(&plan, &people, &deals));
        assert_eq!(
            found,
            shares(&run(&plan, &turned(&people), &turned(&deals)))
        );
        let mut sums: BTreeMap<&str, Exact> = BTreeMap::new();
        for (who, share) in &found {
            *sums.entry(team_of[who]).or_default() += share;
        }
        let unit = Exact::parse(unit).unwrap();
        for (team, cents) in sold {
            // 2% of cents.
            let size = Exact::int(cents.max(0))
                .checked_div(&Exact::int(5_000))
                .unwrap();
            let rounding = Rounding {
                unit: unit.clone(),
                mode: Mode::Down,
            };
            let whole = rounding.round(&size);
            let (members, any) = teams.get(team).copied().unwrap_or_default();
            let sum = sums.get(team).cloned().unwrap_or_default();
            let context = format!("case {n}, {team}: {sum} of {whole}");
            if members == 0 || nobody && !any {
                assert_eq!(sum, Exact::ZERO, "{context}");
            } else if company {
                assert!(sum <= whole, "{context}");
                assert!(
                    whole - sum < unit.clone() * Exact::int(members),
                    "{context}"
                );
            } else {
                assert_eq!(sum, whole, "{context}");
            }
        }
    }
}
