//! Receipts as people read them: small projects, told by `paycurve explain`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A project of one plan over the people, deals and quotas of these files.
struct Story {
    at: PathBuf,
}

impl Story {
    /// `body` is the plan below its head; `period` is that of the plan, `quota` that of its quotas.
    fn new(name: &str, period: &str, quota: &str, body: &str) -> Story {
        let at = std::env::temp_dir().join(format!("paycurve-told-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&at);
        fs::create_dir_all(at.join("data")).unwrap();
        let terms =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/features/branches/company.terms");
        fs::copy(terms, at.join("company.terms")).unwrap();
        let story = Story { at };
        story.file(
            "paycurve.yaml",
            "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n  \
             quotas: {file: data/quotas.csv, currency: USD}\n",
        );
        story.file(
            "told.plan",
            &format!(
                "plan \"Told 2026\"\n  currency USD\n  effective 2026-01-01 through 2026-12-31\n  period {period}\n  \
                 payees role is \"AE\" for the days in the role\n  quota from quotas, one per payee per {quota}\n\n\
                 use \"company.terms\"\n\n{body}"
            ),
        );
        story.file("data/people.csv", "id,role\nana,AE\n");
        story.file("data/quotas.csv", "payee,period,quota\nana,2026,100000\n");
        story
    }

    fn file(&self, name: &str, content: &str) {
        fs::write(self.at.join(name), content).unwrap();
    }

    /// Ana's deals: date and amount.
    fn deals(self, deals: &[(&str, &str)]) -> Story {
        let mut csv = "id,date,owner,amount\n".to_owned();
        for (n, (date, amount)) in (1..).zip(deals) {
            csv += &format!("D-{n},{date},ana,{amount}\n");
        }
        self.file("data/deals.csv", &csv);
        self
    }

    fn paycurve(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_paycurve"))
            .args(args)
            .arg(&self.at)
            .env("NO_COLOR", "1")
            .output()
            .unwrap()
    }

    /// Ana's receipt of a period.
    fn told(&self, period: &str) -> String {
        let done = self.paycurve(&["explain", "--payee", "ana", "--period", period]);
        let told = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert_eq!(done.status.code(), Some(0), "{told}");
        told
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.at);
    }
}

/// A receipt's lines without their columns and places in the plan.
fn lines(told: &str) -> Vec<String> {
    let words = |line: &str| {
        let line = line.rsplit_once("  line ").map_or(line, |(words, _)| words);
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    told.lines().map(words).collect()
}

#[track_caller]
fn has(told: &str, line: &str) {
    assert!(lines(told).iter().any(|own| own == line), "{line}\n{told}");
}

/// January: 10% of 50,000 = 5,000. February: 10% of 80,000 = 8,000, of which 10,000 - 5,000 = 5,000 are left.
/// March: 10% of 1,000 = 100, and nothing is left.
#[test]
fn a_cap_of_a_longer_window_says_what_was_used() {
    let body = "pay commission\n  amount 10% of total bookings\n  cap 10,000 USD each quarter, excess is lost\n  \
                round the total to 0.01, half up\n  below 0 USD is lost\n";
    let story = Story::new("cap", "month", "year", body).deals(&[
        ("2026-01-10", "50000"),
        ("2026-02-10", "80000"),
        ("2026-03-10", "1000"),
    ]);
    has(
        &story.told("2026-01"),
        "cap 10,000.00 USD each quarter not reached",
    );
    has(
        &story.told("2026-02"),
        "cap 10,000.00 USD each quarter: 5,000.00 used before, 5,000.00 left, takes 3,000.00",
    );
    has(
        &story.told("2026-03"),
        "cap 10,000.00 USD each quarter: 10,000.00 used before, 0.00 left, takes 100.00",
    );
}

/// Slices on a yearly quota of 100,000: 4% up to 50,000, 6% beyond.
fn ladder(axis: &str, pay: &str) -> String {
    format!(
        "measure attainment\n  value {axis} / quota\n  if quota is zero or missing hold this payout\n\n\
         tiers ladder on attainment\n  | attainment | rate |\n  | under 50% | 4% |\n  | 50% and above | 6% |\n\n\
         pay commission\n{pay}  round the total to 0.01, half up\n"
    )
}

#[track_caller]
fn next_is(told: &str, next: &str) {
    has(told, &format!("next: {next}"));
}

/// To date -10,000 + 45,000 = 35,000, so 15,000 are missing to 50% of 100,000. Then the quarter has 60,000:
/// x 4% = 2,400, x 6% = 3,600.
#[test]
fn the_next_edge_is_counted_from_the_amount_to_date() {
    let pay = "  amount total bookings at ladder, everything at the rate reached\n  below 0 USD is lost\n";
    let body = ladder("total bookings year to date", pay);
    let story = Story::new("to-date", "quarter", "year", &body)
        .deals(&[("2026-01-10", "-10000"), ("2026-04-10", "45000")]);
    let told = story.told("2026-Q2");
    next_is(
        &told,
        "15,000.00 USD more bookings reach 50%, where the payout goes from 2,400.00 USD to 3,600.00 USD",
    );
}

/// To date 30,000 + 10,000 = 40,000: 10,000 more reach 50%; the increase then grows by 6%.
#[test]
fn what_comes_next_of_an_increase() {
    let pay = "  amount total bookings year to date at ladder, each slice at its own rate\n  \
               pays the increase\n  below 0 USD is lost\n";
    let body = ladder("total bookings year to date", pay);
    let story = Story::new("increase", "quarter", "year", &body)
        .deals(&[("2026-01-10", "30000"), ("2026-04-10", "10000")]);
    next_is(
        &story.told("2026-Q2"),
        "10,000.00 USD more bookings reach 50%, where the rate changes to 6%",
    );
}

/// The gate lies at 50,000 of the year's 100,000. No booking of the second quarter is paid in it, so nothing is told; in the
/// fourth it is: 30,000 more reach 50,000, which pay 50,000 x 4% = 2,000.
#[test]
fn what_comes_next_of_what_is_paid_when_the_year_ends() {
    let pay = "  earned each year, paid when the year ends\n  amount total bookings at ladder, each slice at its own rate\n  \
               gate attainment 50% and above, otherwise pay nothing\n  below 0 USD is lost\n";
    let story = Story::new(
        "at-the-end",
        "quarter",
        "year",
        &ladder("total bookings", pay),
    )
    .deals(&[("2026-04-10", "20000")]);
    let before = story.told("2026-Q2");
    assert!(!before.contains("next:"), "{before}");
    next_is(
        &story.told("2026-Q4"),
        "30,000.00 USD more bookings reach 50%, where the payout goes from 0.00 USD to 2,000.00 USD",
    );
}

/// From -10,000 on: 10,000 more until anything is paid, 60,000 more to 50,000.
#[test]
fn what_comes_next_after_a_return() {
    let told = |name: &str, below: &str| {
        let pay = format!(
            "  amount total bookings at ladder, each slice at its own rate\n  below 0 USD {below}\n"
        );
        Story::new(name, "quarter", "year", &ladder("total bookings", &pay))
            .deals(&[("2026-01-10", "-10000")])
            .told("2026-Q1")
    };
    next_is(
        &told("lost", "is lost"),
        "10,000.00 USD more bookings reach 0.00 USD, where the rate changes to 4%",
    );
    next_is(
        &told("taken", "is paid as it is"),
        "60,000.00 USD more bookings reach 50%, where the rate changes to 6%",
    );
}

/// January: -1,000 x 10% = -100 is carried. February: 500 x 10% = 50, and 50 are missing: 500 more bookings.
#[test]
fn what_comes_next_stands_behind_what_is_owed() {
    let body = "pay commission\n  amount 10% of total bookings\n  round the total to 0.01, half up\n  \
                below 0 USD carries forward\n";
    let story = Story::new("owed", "month", "year", body)
        .deals(&[("2026-01-10", "-1000"), ("2026-02-10", "500")]);
    next_is(
        &story.told("2026-02"),
        "500.00 USD more bookings reach 1,000.00 USD, where the rate changes to 10%",
    );
}

/// 10% up to 10,000 a quarter. January pays 5,000 of 50,000; February has 20,000: 2,000 of the 5,000 left, so 30,000
/// more; March has nothing left.
#[test]
fn what_comes_next_under_a_cap_that_is_partly_used() {
    let body = "pay commission\n  amount 10% of total bookings\n  cap 10,000 USD each quarter, excess is lost\n  \
                round the total to 0.01, half up\n  below 0 USD is lost\n";
    let story = Story::new("used", "month", "year", body)
        .deals(&[("2026-01-10", "50000"), ("2026-02-10", "20000")]);
    let stops = |more: &str| {
        format!("{more} USD more bookings reach {more} USD, where the payout stops growing")
    };
    next_is(
        &story.told("2026-01"),
        "50,000.00 USD more bookings reach 100,000.00 USD, where the payout stops growing",
    );
    next_is(
        &story.told("2026-02"),
        "30,000.00 USD more bookings reach 50,000.00 USD, where the payout stops growing",
    );
    // 5,000 + 2,000 used: 3,000 are left, which 30,000 bookings make.
    next_is(&story.told("2026-03"), &stops("30,000.00"));
    let story = story.deals(&[("2026-01-10", "50000"), ("2026-02-10", "60000")]);
    for period in ["2026-02", "2026-03"] {
        next_is(
            &story.told(period),
            "the cap is reached; more bookings pay nothing",
        );
    }
}

/// 30% of quota is below the gate. The plan asks for it, so nothing is wrong with the data: the run exits with 0.
#[test]
fn a_gate_that_holds_is_no_missing_quota() {
    let pay = "  amount 10% of total bookings\n  gate attainment 50% and above, otherwise hold this payout\n  \
               below 0 USD is lost\n";
    let story = Story::new("gate", "quarter", "year", &ladder("total bookings", pay))
        .deals(&[("2026-01-10", "30000")]);
    let why =
        "Q804 `attainment` of ana is not 50% and above in 2026-Q1, and the gate holds the payout";
    has(&story.told("2026-Q1"), &format!("held: {why}"));
    let run = story.paycurve(&["run", "--period", "2026-Q1"]);
    let table = String::from_utf8(run.stdout).unwrap();
    has(&table, why);
    assert!(!table.contains("Q801"), "{table}");
    assert_eq!(run.status.code(), Some(0));
}

/// 6% of 10,000 = 600, of which the cap leaves 500; 6% of 5,000.10 = 300.006, rounded to 300.01. 500 + 300.01 = 800.01.
#[test]
fn each_record_says_what_was_credited_and_where_it_stands() {
    let body = "pay commission\n  for each deal\n  amount 6% of bookings\n  cap 500 USD each deal, excess is lost\n  \
                round each deal to 0.01, half up\n  below 0 USD is lost\n";
    let story = Story::new("each", "quarter", "year", body)
        .deals(&[("2026-01-10", "10000"), ("2026-02-10", "5000.10")]);
    let told = story.told("2026-Q1");
    has(&told, "amount 800.01 USD");
    has(
        &told,
        "D-1 2026-01-10 10,000.00 pays 500.00 cap 500.00 takes 100.00 data/deals.csv:2",
    );
    has(
        &told,
        "D-2 2026-02-10 5,000.10 pays 300.01 rounded from 300.006 data/deals.csv:3",
    );
}

/// Each deal at the rate its size reaches: 10,000 x 5% = 500.
#[test]
fn each_record_names_the_row_it_reached() {
    let body = "tiers by_size on deal.amount\n  | size | rate |\n  | under 10,000 USD | 4% |\n  | 10,000 USD and above | 5% |\n\n\
                pay commission\n  for each deal\n  amount bookings at by_size, everything at the rate reached\n  \
                round the total to 0.01, half up\n  below 0 USD is lost\n";
    let story = Story::new("size", "quarter", "year", body).deals(&[("2026-01-10", "10000")]);
    let told = story.told("2026-Q1");
    has(
        &told,
        "D-1 2026-01-10 10,000.00 pays 500.00 data/deals.csv:2",
    );
    has(&told, "10,000 USD and above: 5% (not under 10,000 USD)");
}

/// A pay that reads a component shows how the component came about: 10% of 1,000 = 100.
#[test]
fn a_component_is_told_where_it_is_read() {
    let body = "component base \"Base part\"\n  amount 10% of total bookings\n\npay commission\n  amount base + 50 USD\n  \
                round the total to 0.01, half up\n  below 0 USD is lost\n";
    let story = Story::new("part", "quarter", "year", body).deals(&[("2026-01-10", "1000")]);
    let told = story.told("2026-Q1");
    let found = lines(&told);
    let at = found
        .iter()
        .position(|line| line == "Base part 100.00 USD")
        .unwrap_or_else(|| panic!("{told}"));
    assert_eq!(
        found[at + 1..at + 5],
        [
            "Bookings 1,000.00 USD",
            "D-1 2026-01-10 1,000.00 data/deals.csv:2",
            "amount = 100.00 USD",
            "amount = 150.00 USD"
        ]
    );
}

/// A third of 30,000.10 = 10,000.033… to date, less nothing. At the end of the quarter all of it, rounded once.
#[test]
fn what_is_earned_over_the_quarter_says_what_it_has_come_to() {
    let pays = "pay at_the_end\n  earned each quarter, paid when the quarter ends\n  amount base\n  \
                round the total to 0.01, half up\n  below 0 USD is lost\n\n\
                pay along\n  earned each quarter, paid each month\n  amount base\n  \
                round the total to 0.01, half up\n  below 0 USD is lost\n\n\
                component base \"Base\"\n  amount 1/3 of total bookings\n";
    let story = Story::new("earned", "month", "year", pays)
        .deals(&[("2026-01-10", "30000.10"), ("2026-02-10", "-3000")]);
    let january = story.told("2026-01");
    has(&january, "Base, quarter to date ≈10,000.033333 USD");
    has(
        &january,
        "10,000.03 so far, paid when the quarter ends: 0 now",
    );
    has(&january, "10,000.03 to date less 0.00 before = 10,000.03");
    let march = story.told("2026-03");
    has(&march, "the quarter ends: 9,000.03 is paid");
    has(&march, "9,000.03 to date less 9,000.03 before = 0.00");
}

/// 60,000 more reach the quarter's edge in any month of it; the next quarter begins at 0.
#[test]
fn what_comes_next_is_of_the_quarter() {
    let table = "tiers ladder on total bookings\n  | bookings | rate |\n  | under 100,000 USD | 10% |\n  \
                 | 100,000 USD and above | 20% |\n\n";
    let pay = "pay along\n  earned each quarter, paid each month\n  \
               amount total bookings at ladder, each slice at its own rate\n  round the total to 0.01, half up\n  \
               below 0 USD is lost\n";
    let story = Story::new("quarter-next", "month", "year", &format!("{table}{pay}"))
        .deals(&[("2026-01-10", "30000"), ("2026-02-10", "10000")]);
    for (period, more) in [
        ("2026-01", "70,000.00"),
        ("2026-02", "60,000.00"),
        ("2026-03", "60,000.00"),
        ("2026-04", "100,000.00"),
    ] {
        let line =
            format!("{more} USD more bookings reach 100,000.00 USD, where the rate changes to 20%");
        next_is(&story.told(period), &line);
    }
}

/// A bad amount in February: the quarter's months from then on are held, and at its end all of it; what is paid at the
/// end pays nothing before, whatever the data. The next quarter is not reached.
#[test]
fn a_bad_deal_holds_the_quarter_from_its_month_on() {
    let of = |name: &str, paid: &str| {
        format!(
            "pay {name}\n  earned each quarter, paid {paid}\n  amount 10% of total bookings\n  \
             round the total to 0.01, half up\n  below 0 USD is lost\n\n"
        )
    };
    let body = of("along", "each month") + &of("at_the_end", "when the quarter ends");
    let story = Story::new("bad-deal", "month", "year", &body).deals(&[
        ("2026-01-10", "1000"),
        ("2026-02-10", "12x5"),
        ("2026-04-10", "500"),
    ]);
    let run = story.paycurve(&["run", "--format", "csv"]);
    let table = String::from_utf8(run.stdout).unwrap();
    let status = |month: &str, pay: &str| {
        let row = format!("ana,2026-{month},{pay},USD,");
        let rest = table.lines().find_map(|line| line.split_once(&row));
        let cells: Vec<&str> = rest.unwrap().1.split(',').collect();
        format!("{} {}", cells[0], cells[14])
    };
    let found = |pay: &str| ["01", "02", "03", "04"].map(|month| status(month, pay));
    assert_eq!(
        found("along"),
        ["paid 100.00", "held ", "held ", "paid 50.00"],
        "{table}"
    );
    assert_eq!(
        found("at_the_end"),
        ["paid 0.00", "paid 0.00", "held ", "paid 0.00"],
        "{table}"
    );
}

const OF_PIECES: &str = r#"unit piece "Piece", plural pieces

people "People"
  | column | type | meaning |
  | id     | Text | who     |
  | role   | Text | job     |

records deals "Deals"
  | column | type   | meaning |
  | id     | Text   | which   |
  | date   | Date   | day     |
  | owner  | Person | whose   |
  | amount | Money  | value   |
  | pieces | Quantity in pieces | how many |

records deal_splits "Splits"
  | column | type    | meaning |
  | deal   | Text    | which   |
  | person | Person  | who     |
  | share  | Percent | of all  |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  amount      deal.amount
  split from deal_splits as s
    | who      | share   |
    | s.person | s.share |
  shares total at most 100%, the rest to the company
  cap         40,000 USD each share

credit moved "Moved"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.pieces
"#;

/// The cap of a share stands beside the part that it cut: 75,000 is 35,000 too much, of a return as of a sale; what
/// nobody gets is not cut. A slice of pieces is counted in pieces, and paid by the piece: 2 at 100 and 3 at 150.
#[test]
fn parts_say_what_a_cap_took_and_slices_what_a_piece_pays() {
    let body = "tiers each_piece on total moved\n  | pieces | each |\n  | 2 pieces and below | 100 USD per piece |\n  \
                | above 2 pieces | 150 USD per piece |\n\n\
                pay commission\n  amount 1% of total bookings\n  round the total to 0.01, half up\n  below 0 USD is paid as it is\n\n\
                pay by_piece\n  amount total moved at each_piece, each slice at its own rate\n  \
                round the total to 0.01, half up\n  below 0 USD is paid as it is\n";
    let story = Story::new("parts", "quarter", "year", body);
    story.file("company.terms", OF_PIECES);
    story.file("paycurve.yaml", "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n  deal_splits: {file: data/deal_splits.csv}\n  quotas: {file: data/quotas.csv, currency: USD}\n");
    story.file(
        "data/deals.csv",
        "id,date,owner,amount,pieces\nD-1,2026-01-10,ana,150000,5\nD-2,2026-04-10,ana,-150000,0\n",
    );
    story.file(
        "data/deal_splits.csv",
        "deal,person,share\nD-1,ana,50%\nD-2,ana,50%\n",
    );
    let sold = story.told("2026-Q1");
    has(
        &sold,
        "50% ana 40,000.00 data/deal_splits.csv:2 cap takes 35,000.00",
    );
    has(&sold, "50% nobody 75,000.00");
    has(&sold, "2 pieces and below 2 x 100.00 USD = 200.00");
    has(&sold, "above 2 pieces 3 x 150.00 USD = 450.00");
    let returned = story.told("2026-Q2");
    has(
        &returned,
        "50% ana -40,000.00 data/deal_splits.csv:3 cap takes -35,000.00",
    );
}

/// A measure that is a place and nothing else has one line.
#[test]
fn a_place_is_said_once() {
    let body = "ranking seat \"Seat\"\n  rank by total bookings, highest first\n  ties take the better place\n  \
                if not ranked pay nothing\n\ntiers club on seat\n  | place | bonus |\n  | 1 | 200 USD |\n  \
                | above 1 | 0 USD |\n\npay bonus\n  amount club\n  round the total to 0.01, half up\n";
    let told = Story::new("place", "month", "year", body)
        .deals(&[("2026-01-10", "50000")])
        .told("2026-01");
    has(&told, "Seat 1 place 1 of 1");
    assert_eq!(told.matches("Seat").count(), 1, "{told}");
}

/// 5% of 50,000 is a claim of 2,500; what ben claims is not known, so nobody knows what is left for ana.
#[test]
fn a_budget_that_is_held_says_why() {
    let body = "pay spiff\n  amount 5% of total bookings\n  round the total to 0.01, half up\n  below 0 USD is lost\n\n\
                budget purse \"Purse\"\n  of spiff\n  limit 1,000 USD each month, scaled down in proportion\n  \
                round each payout to 0.01, down\n  remainder stays in the budget\n";
    let story = Story::new("held-budget", "month", "year", body);
    story.file("data/people.csv", "id,role\nana,AE\nben,AE\n");
    story.file(
        "data/deals.csv",
        "id,date,owner,amount\nD-1,2026-01-10,ana,50000\nD-2,2026-01-10,ben,many\n",
    );
    let done = story.paycurve(&["explain", "--payee", "ana", "--period", "2026-01"]);
    let told = String::from_utf8(done.stdout).unwrap();
    has(
        &told,
        "1 claim of 2,500.00 is known, and another holds them all",
    );
}
