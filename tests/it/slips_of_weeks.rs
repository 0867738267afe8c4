//! Slips about calendars and weeks, planted one at a time as in `slips.rs`.

use crate::slips::{Slip, found, give_one_message, shown};

const GOOD: &str = r#"plan "By week 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      week
  payees      role is "AE"
  quota       from quotas, one per payee per week
  paid        3 days after the week ends

calendar
  fiscal year starts in February
  weeks start on Monday
  two-week periods from 2026-01-05

people "People in sales"
  | column  | type             | meaning                    |
  | id      | Text             | short name                 |
  | role    | one of AE, Coach | the job                    |

records deals "Deals"
  | column     | type             | meaning               |
  | id         | Text             | one line per order    |
  | amount     | Money            | value before tax      |
  | close_date | Date             | day it was signed     |
  | owner      | Person           | who sold it           |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.close_date
  to          deal.owner
  amount      deal.amount

measure attainment "Attainment"
  value       total bookings / quota
  if quota is zero or missing hold this payout

measure before "Bookings before"
  value       total bookings last period

pay commission "Commission"
  amount      10% of total bookings + 1% of before
  gate        attainment 10% and above, otherwise pay nothing
  cap         1,000,000 USD each week, excess is lost
  round       the total to 0.01, half up
  below 0 USD carries forward
  cliffs accepted because "a quota must be met"

test "quota exactly met"
  given quota is 300,000 USD for ana in 2026-W07
  given total bookings is 300,000 USD for ana in 2026-W07
  expect commission for ana in 2026-W07 is 30,000.00 USD
"#;

const SLIPS: &[Slip] = &[
    // words
    (
        "  period      week",
        "  period      weekly",
        "S006",
        "weekly",
    ),
    (
        "  period      week",
        "  period      week, cut at month end",
        "S006",
        "month end",
    ),
    (
        "weeks start on Monday",
        "weeks start Monday",
        "S006",
        "weeks start M",
    ),
    (
        "weeks start on Monday",
        "weeks start on monday",
        "S006",
        "on monday",
    ),
    ("from 2026-01-05", "from 1/1/2024", "S004", "1/1/2024"),
    (
        "  fiscal year starts in February",
        "  years of weeks, 4-4-4, ending on the last Sunday of January",
        "S006",
        "4-4-4",
    ),
    (
        "  fiscal year starts in February",
        "  years of weeks, 4-4-5, ending on the Sunday nearest 30 February",
        "S004",
        "30 February",
    ),
    // a calendar that says too little, or two things
    (
        "  weeks start on Monday\n  two-week periods from 2026-01-05",
        "",
        "D606",
        "period      week",
    ),
    ("  weeks start on Monday\n", "", "D606", "two-week periods"),
    (
        "from 2026-01-05",
        "from 2026-01-06",
        "D606",
        "two-week periods",
    ),
    (
        "  fiscal year starts in February",
        "  fiscal year starts in February\n  years of weeks, 4-4-5, ending on the last Sunday of January",
        "D606",
        "years of weeks",
    ),
    // what is asked of a week
    (
        "each week, excess",
        "each month, excess",
        "D605",
        "each month",
    ),
    ("last period", "last year", "D605", "last year"),
    ("last period", "month to date", "D605", "month to date"),
    (
        "last period",
        "the same period last year",
        "G301",
        "the same period",
    ),
    (
        "last period",
        "the 3 months before this one",
        "G301",
        "the 3 months",
    ),
    (
        "after the week ends",
        "after the two weeks end",
        "S008",
        "two weeks end",
    ),
    // periods of tests
    (
        "ana in 2026-W07 is 30,000",
        "ana in 2026-W07-A is 30,000",
        "D602",
        "2026-W07-A",
    ),
    (
        "ana in 2026-W07 is 30,000",
        "ana in FY2026-W07 is 30,000",
        "D602",
        "FY2026-W07",
    ),
    (
        "ana in 2026-W07 is 30,000",
        "ana in 2026-02 is 30,000",
        "X302",
        "in 2026-02 is",
    ),
];

/// The same plan by year of weeks: nothing of it is cut, and its periods have other names.
fn by_years_of_weeks() -> String {
    GOOD.replace(
        "fiscal year starts in February",
        "years of weeks, 4-4-5, ending on the last Sunday of January",
    )
    .replace("in 2026-W07", "in FY2026-W50")
}

const SLIPS_OF_YEARS: &[Slip] = &[
    (
        "  period      week",
        "  period      week, cut at month ends",
        "D605",
        "cut at month ends",
    ),
    (
        "  weeks start on Monday",
        "  weeks start on Sunday",
        "D606",
        "on Sunday",
    ),
    (
        "ana in FY2026-W50 is 30,000",
        "ana in 2026-W07 is 30,000",
        "D602",
        "2026-W07",
    ),
];

#[test]
fn the_plans_without_slips_are_good() {
    for text in [GOOD, &by_years_of_weeks(), &by_month(), &by_two_weeks()] {
        let (found, sources) = found(text);
        assert_eq!(shown(&found, &sources), "");
    }
}

#[test]
fn a_slip_about_weeks_gives_one_message_and_its_edits_mend_it() {
    give_one_message(GOOD, SLIPS);
    give_one_message(&by_years_of_weeks(), SLIPS_OF_YEARS);
}

/// The same plan by month.
fn by_month() -> String {
    GOOD.replace("week\n  payees", "month\n  payees")
        .replace("per payee per week", "per payee per month")
        .replace("after the week ends", "after the month ends")
        .replace("each week", "each month")
        .replace("2026-W07", "2026-07")
}

#[test]
fn quotas_of_weeks_do_not_make_one_of_a_month() {
    give_one_message(
        &by_month(),
        &[
            (
                "per payee per month",
                "per payee per week",
                "D605",
                "per week",
            ),
            (
                "  period      month",
                "  period      month, cut at month ends",
                "D605",
                "cut at month ends",
            ),
        ],
    );
}

/// The same plan by two weeks, its quotas by week.
fn by_two_weeks() -> String {
    GOOD.replace("week\n  payees", "two weeks\n  payees")
        .replace("after the week ends", "after the two weeks end")
        .replace("each week", "each two weeks")
        .replace("2026-W07", "2026-W06-W07")
        .replace(
            "  given quota is 300,000 USD for ana in 2026-W06-W07",
            "  given quota is 100,000 USD for ana in 2026-W06\n  given quota is 200,000 USD for ana in 2026-W07",
        )
}

/// A calendar without weeks is one mistake, also where the plan's period and its quotas both need them.
#[test]
fn two_weeks_need_a_first_day() {
    give_one_message(
        &by_two_weeks(),
        &[
            (
                "  weeks start on Monday\n  two-week periods from 2026-01-05",
                "",
                "D606",
                "period      two weeks",
            ),
            (
                "  two-week periods from 2026-01-05",
                "",
                "D606",
                "period      two weeks",
            ),
            (
                "from 2026-01-05",
                "from 2026-01-07",
                "D606",
                "two-week periods",
            ),
            (
                "each two weeks, excess",
                "each month, excess",
                "D605",
                "each month",
            ),
        ],
    );
}

/// Weeks of a year of weeks lie in one month each, two of them do not; there is nothing that could be cut.
#[test]
fn what_is_earned_over_two_weeks_must_lie_in_a_month_that_limits_it() {
    let good = by_years_of_weeks()
        .replace("total bookings + 1% of before", "total bookings")
        .replace(
            "  amount      10%",
            "  earned      each two weeks, paid each week\n  amount      10%",
        )
        .replace(
            "  gate        attainment 10% and above, otherwise pay nothing\n",
            "",
        )
        .replace("each week, excess", "each month, excess");
    let (found, sources) = found(&good);
    let told = shown(&found, &sources);
    assert!(
        told.contains("D605") && told.contains("a two-week period can lie in two months"),
        "{told}"
    );
    assert!(!told.contains("cut at month ends"), "{told}");
}
