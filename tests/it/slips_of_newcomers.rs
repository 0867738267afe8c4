//! Slips of somebody from finance in blocks about several persons, money of others and somebody's word.

use crate::slips::{Slip, found, give_one_message, shown};

const GOOD: &str = r#"plan "Sales 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      quarter
  payees      role is "Rep" for the days in the role
  quota       from quotas, one per payee per quarter

people "Staff"
  | column       | type                | meaning                |
  | id           | Text                | short name             |
  | role         | one of Rep, Manager | the job                |
  | team         | Text or none        | the team               |
  | manager      | Person or none      | whom they report to    |
  | territory    | Text or none        | what they look after   |
  | level        | Percent             | contract level         |
  | pay_currency | Text                | in which they are paid |
  | from         | Date or none        | first day              |
  | through      | Date or none        | last day               |

records deals "Deals"
  | column     | type            | meaning               |
  | id         | Text            | one line per order    |
  | amount     | Money           | value before tax      |
  | close_date | Date            | day it was signed     |
  | owner      | Person          | who sold it           |
  | engineer   | Person or none  | who helped            |
  | sellers    | List of persons | everybody who sold it |
  | territory  | Text or none    | where it was sold     |

records adjustments "Adjustments"
  | column      | type         | meaning       |
  | id          | Text         | number        |
  | person      | Person       | for whom      |
  | date        | Date         | day           |
  | amount      | Money        | how much      |
  | reason      | Text         | why           |
  | approved_by | Text or none | by whose word |
  | approved_on | Date or none | since when    |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.close_date
  amount      deal.amount
  split
    | who           | share       |
    | deal.owner    |        100% |
    | deal.engineer | 25% overlay |

credit shared "Bookings of all sellers"
  from        deals as deal
  dated by    deal.close_date
  amount      deal.amount
  split equally among deal.sellers

credit of_area "Bookings of the territory"
  from        deals as deal
  dated by    deal.close_date
  to          everyone whose territory is deal.territory on deal.close_date
  if several match they share equally
  if nobody matches it goes to the company
  amount      deal.amount

rollup differential "Less what is paid below"
  from        bookings
  to          managers
  share       level less what is paid below
  levels      1 through 3 up, each credit once per manager
  hierarchy as of deal.close_date
  shares total at most 100%, the rest to the company

measure team_attainment "Attainment of the team"
  value       total bookings by team as of deal.close_date / total quota by team as of the last day of the period
  if quota is zero or missing hold this payout

tiers team_bonus on team_attainment
  | attainment     |     bonus |
  | under 100%     |     0 USD |
  | 100% and above | 1,000 USD |

exchange daily_rate "Daily rates"
  from        rates, one per day
  kept by     "Treasury"
  if missing  hold this payout

value area_bonus by territory
  | territory | bonus   |
  | "North"   | 500 USD |
  | any       |   0 USD |
  first match

ranking place "Place in the year"
  rank by     total bookings year to date, highest first
  ties        take the better place
  if not ranked pay nothing

tiers club on place
  | place       |   bonus |
  | 1 through 3 | 200 USD |
  | 4 and above |   0 USD |

pay commission "Commission"
  amount      5% of total bookings + 1% of total shared + 1% of total of_area + 1% of total differential
  cap         90,000 USD each quarter, excess is lost
  round       the total to 0.01, half up
  below 0 USD carries forward
  paid in     pay_currency at daily_rate on the last day of the period, round to the smallest unit, half up

pay bonus "Bonus"
  amount      team_bonus + area_bonus + club
  round       the total to 0.01, half up

pay on_top "On what the reports earn"
  amount      10% of total bonus as earned of direct reports by manager as of the last day of the period
  round       the total to 0.01, half up

pool team_pool "Team pool"
  size        1% of total bookings by team as of the last day of the period, at least 0 USD
  members     level >= 10%
  share by    max(total bookings, 0 USD), equally if all are zero
  round       each share to 0.01, down
  remainder   to the largest share

contest spring "Spring contest"
  runs        2026-02-01 through 2026-04-30
  rank by     total bookings, highest first
  needs       total bookings > 0 USD
  ties        share the prizes they span, rounded to 0.01, remainder to the earliest
  | place       | prize          |
  | 1           |      5,000 USD |
  | 2           |      3,000 USD |
  | 3 through 5 | 1,000 USD each |

budget purse "Purse"
  of          bonus
  limit       10,000 USD each year, scaled down in proportion
  exempt      role is "Manager", and counted first
  round       each payout to 0.01, down
  remainder   stays in the budget

adjustments manual "Adjustments by hand"
  from        adjustments as adjustment
  to          adjustment.person
  dated by    adjustment.date
  amount      adjustment.amount
  because     adjustment.reason
  approved by adjustment.approved_by on adjustment.approved_on
  kept by     "Sales Compensation"
  below 0 USD is paid as it is

exception "Globex"
  when        deal.id is "D-1182"
  amount      50% of deal.amount
  instead of  deal.amount
  approved by "VP Sales" on 2026-02-11
  because     "Renewal moved from the partner team"
"#;

/// Lines that stop before their last decision: each answer is an edit.
const UNDECIDED: &[Slip] = &[
    (
        "year to date, highest first",
        "year to date",
        "S006",
        "rank by     total bookings year to date",
    ),
    (
        ", rounded to 0.01, remainder to the earliest",
        "",
        "S006",
        "they span",
    ),
    (", remainder to the earliest", "", "S006", "they span"),
    (
        ", scaled down in proportion",
        "",
        "S006",
        "limit       10,000",
    ),
    (", and counted first", "", "S006", "exempt      role"),
    (
        ", each credit once per manager",
        "",
        "S006",
        "levels      1 through 3",
    ),
    (
        ", round to the smallest unit, half up",
        "",
        "S006",
        "paid in     pay_currency",
    ),
];

/// Lines that end too early, where only the author knows what follows.
const TOO_EARLY: &[Slip] = &[
    (" on 2026-02-11", "", "S006", "approved by \"VP Sales\""),
    (", one per day", "", "S006", "from        rates"),
    (" as adjustment", "", "S006", "from        adjustments"),
];

/// Words of other languages, and texts without quotes.
const OTHER_WORDS: &[Slip] = &[
    (
        "role is \"Rep\" for",
        "role is Rep for",
        "S006",
        "role is Rep",
    ),
    (
        "role is \"Rep\" for",
        "role is one of Rep, Manager for",
        "S006",
        "one of Rep, Manager for",
    ),
    (
        "deal.id is \"D-1182\"",
        "deal.id is D-1182",
        "S006",
        "deal.id is",
    ),
    ("| \"North\" ", "| North ", "S008", "| North"),
    ("| any ", "| else ", "S008", "| else"),
    (
        ", highest first\n  needs",
        ", descending\n  needs",
        "S006",
        "descending",
    ),
    (
        "rank by     total bookings, highest",
        "winner by   total bookings, highest",
        "S001",
        "winner",
    ),
    ("needs  ", "when   ", "S001", "when        total bookings >"),
    (
        "runs        2026-02-01 through 2026-04-30",
        "runs        from 2026-02-01 to 2026-04-30",
        "S006",
        "runs        from",
    ),
    (
        "runs        2026-02-01 through 2026-04-30",
        "dates       2026-02-01 through 2026-04-30",
        "S001",
        "dates",
    ),
    ("| 1           |", "| 1st         |", "S008", "| 1st"),
    ("| 3 through 5 | 1,000", "| 3-5 | 1,000", "S008", "| 3-5"),
    (
        "contest spring",
        "competition spring",
        "S001",
        "competition",
    ),
    ("25% overlay", "25% on top", "S008", "on top"),
    ("25% overlay", "overlay 25%", "S008", "overlay 25%"),
    (
        "equally among",
        "equally between",
        "S006",
        "equally between",
    ),
    ("everyone whose", "anyone whose", "S006", "anyone whose"),
    (
        "if several match",
        "if multiple match",
        "S006",
        "if multiple",
    ),
    ("level less what", "level minus what", "S006", "minus what"),
    (
        "rollup differential",
        "override differential",
        "S001",
        "override",
    ),
    (
        "exchange daily_rate",
        "fx daily_rate",
        "S001",
        "fx daily_rate",
    ),
    ("one per day", "daily", "S006", "rates, daily"),
    (
        "paid in     pay_currency",
        "pay in      pay_currency",
        "S001",
        "pay in",
    ),
    (
        "of direct reports by",
        "of direct report by",
        "S006",
        "direct report by",
    ),
    ("size        1%", "amount      1%", "S001", "amount      1%"),
    (
        "members     level",
        "when        level",
        "S001",
        "when        level",
    ),
    ("share by    max", "split by    max", "S001", "split by"),
    (
        "limit       10,000",
        "cap         10,000",
        "S001",
        "cap         10,000",
    ),
    ("scaled down in proportion", "pro rata", "S006", "pro rata"),
    (
        "exception \"Globex\"",
        "override \"Globex\"",
        "S001",
        "override",
    ),
    (
        "because     \"Renewal",
        "reason      \"Renewal",
        "S001",
        "reason      \"Renewal",
    ),
];

/// One slip, although other lines hang on the line that could not be read.
const ALONE: &[Slip] = &[
    (
        "to          everyone whose territory",
        "to          those whose territory",
        "S006",
        "those whose",
    ),
    (
        "share       level less what is paid below",
        "share       10% less what is paid below",
        "S006",
        "share       10%",
    ),
    (
        "instead of  deal.amount",
        "instead of  amount",
        "N101",
        "instead of  amount",
    ),
    (
        "  round       each payout to 0.01, down\n",
        "",
        "S007",
        "budget purse",
    ),
];

#[test]
fn a_line_that_stops_is_asked_for_its_decision() {
    give_one_message(GOOD, UNDECIDED);
    give_one_message(GOOD, TOO_EARLY);
}

#[test]
fn other_words_are_answered_with_those_of_a_plan() {
    give_one_message(GOOD, OTHER_WORDS);
}

#[test]
fn what_hangs_on_a_line_that_does_not_read_is_not_complained_about() {
    give_one_message(GOOD, ALONE);
}

#[test]
fn what_is_expected_at_the_end_of_a_line_is_said_there() {
    let says = |from: &str, to: &str| {
        let (found, sources) = found(&GOOD.replacen(from, to, 1));
        shown(&found, &sources)
    };
    let approved = says(" on 2026-02-11", "");
    assert!(approved.contains("this line ends too early") && approved.contains("expected `on`"));
    let rates = says(", one per day", "");
    assert!(rates.contains("this line ends too early") && rates.contains("expected `, one per`"));
}

/// `amount` is a column of deals: the message says so, not that a block is missing.
#[test]
fn a_column_without_its_word_is_told_how_it_is_named() {
    let slipped = GOOD.replacen("instead of  deal.amount", "instead of  amount", 1);
    let (found, sources) = found(&slipped);
    let told = shown(&found, &sources);
    assert!(
        told.contains("where a line is about one record:   deal.amount"),
        "{told}"
    );
}

/// A block with `for each` is not told to have one: a line below its amount is about the sum.
#[test]
fn a_line_about_the_sum_of_all_records_reads_no_single_one() {
    let block = r#"
pay each_deal "Each deal"
  for each    deal
  amount      1% of bookings
  floor       50% of bookings each quarter
  round       the total to 0.01, half up
  below 0 USD is lost
"#;
    let (found, sources) = found(&format!("{GOOD}{block}"));
    let told = shown(&found, &sources);
    assert!(
        told.contains("all of them together:   total bookings"),
        "{told}"
    );
    assert!(!told.contains("for each"), "{told}");
}

#[test]
fn a_rule_names_what_several_persons_make_together() {
    let block = r#"
measure team_growth "Growth of the team"
  value       total bookings of everyone / total bookings last period of everyone
  if last period is zero team_growth is 0%
"#;
    let (found, sources) = found(&format!("{GOOD}{block}"));
    let told = shown(&found, &sources);
    assert!(
        told.contains("`last period` is not the name of what several persons make together"),
        "{told}"
    );
    assert!(
        told.contains("value       total bookings last period of everyone"),
        "{told}"
    );
}

#[test]
fn a_source_of_records_is_said_to_be_missing_once() {
    let slipped = GOOD.replacen("from        deals as", "from        team_attainment as", 1);
    let (found, sources) = found(&slipped);
    let told = shown(&found, &sources);
    assert!(
        told.contains("`team_attainment` is a measure, not a source of records\n"),
        "{told}"
    );
}
