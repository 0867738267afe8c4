//! Slips of somebody from finance in a draw.

use crate::slips::{Slip, give_one_message};

const GOOD: &str = r#"plan "New sellers 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      month
  payees      role is "Rep" for the days in the role

people "Staff"
  | column  | type         | meaning      |
  | id      | Text         | short name   |
  | role    | Text         | the job      |
  | salary  | Money        | of a year    |
  | hired   | Date         | first day    |
  | from    | Date or none | first day    |
  | through | Date or none | last day     |

records deals "Deals"
  | column     | type   | meaning            |
  | id         | Text   | one line per order |
  | amount     | Money  | value before tax   |
  | close_date | Date   | day it was signed  |
  | owner      | Person | who sold it        |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.close_date
  to          deal.owner
  amount      deal.amount

component part "Part"
  amount      1% of total bookings

pay commission "Commission"
  amount      part + 4% of total bookings
  round       the total to 0.01, half up
  below 0 USD carries forward

draw ramp_draw "Draw"
  top up      commission to 4,000 USD each month
  for         the first 6 full months of employment
  runs        2026-01-01 through 2026-06-30
  recover     from commission above 3,000 USD, at most 50% of that excess, from 2026-03-01
  balance     at most 10,000 USD, forgiven at year end
  on leaving  the balance is owed
  round       to 0.01 USD, down

draw least "Guarantee"
  advance     salary / 100 on commission each month
  when        salary < 90,000 USD
  recover     never
  round       to 0.01 USD, half up

test "a month"
  given       balance of ramp_draw is 100 USD for ana
  given       total bookings is 200,000 USD for ana in 2026-07
  given       hired is 2026-01-01 for ana
  given       salary is 95,000 USD for ana
  expect      recovered by ramp_draw for ana in 2026-07 is 100.00 USD
  expect      commission for ana in 2026-07 is 9,900.00 USD
"#;

/// Lines that stop before what they have to say.
const UNDECIDED: &[Slip] = &[
    (
        "commission to 4,000 USD each month",
        "commission to 4,000 USD",
        "S006",
        "top up",
    ),
    (
        " on commission each month",
        " on commission",
        "S006",
        "advance",
    ),
    (
        ", at most 50% of that excess, from 2026-03-01",
        "",
        "S006",
        "recover     from",
    ),
    (
        "50% of that excess, from 2026-03-01",
        "50% of that excess",
        "S006",
        "recover     from",
    ),
    (
        "at most 10,000 USD, forgiven at year end",
        "at most 10,000 USD",
        "S006",
        "balance     at most",
    ),
];

/// Lines that say something that cannot be.
const WRONG: &[Slip] = &[
    (
        "to 4,000 USD each month",
        "to 4,000 USD each quarter",
        "S008",
        "top up",
    ),
    (
        "top up      commission",
        "top up      part",
        "U203",
        "top up      part",
    ),
    (
        "top up      commission to 4,000 USD",
        "top up      commission to 4,000 EUR",
        "U201",
        "top up",
    ),
    (
        "commission to 4,000 USD",
        "commission to -4,000 USD",
        "S008",
        "top up",
    ),
    (
        "6 full months",
        "6 full quarters",
        "S008",
        "6 full quarters",
    ),
    ("first 6 full", "first 0 full", "S008", "first 0 full"),
    (
        "runs        2026-01-01 through 2026-06-30",
        "runs        2026-01-15 through 2026-06-30",
        "S008",
        "runs",
    ),
    (
        "runs        2026-01-01 through 2026-06-30",
        "runs        2025-12-01 through 2026-06-30",
        "D602",
        "runs",
    ),
    ("50% of that", "0% of that", "S008", "0% of that"),
    (
        "from 2026-03-01",
        "from 2026-03-15",
        "S008",
        "from 2026-03-15",
    ),
    (
        "forgiven at year end",
        "forgiven on 2027-03-31",
        "D602",
        "forgiven on",
    ),
    (
        "forgiven at year end",
        "forgiven at month end",
        "S008",
        "forgiven at",
    ),
    (
        "  on leaving  the balance is owed\n",
        "",
        "S007",
        "draw ramp_draw",
    ),
    (
        "  balance     at most 10,000 USD, forgiven at year end\n",
        "",
        "S007",
        "draw ramp_draw",
    ),
    ("  recover     never\n", "", "S007", "draw least"),
    (
        "  recover     never\n",
        "  recover     never\n  balance     without limit, never forgiven\n",
        "S008",
        "balance     without",
    ),
    (
        "  recover     never\n",
        "  recover     from commission, all of it, from the period after\n  balance     without limit, never forgiven\n  on leaving  the balance is forgiven\n",
        "S008",
        "advance",
    ),
    (
        "  round       to 0.01 USD, down\n",
        "",
        "R901",
        "draw ramp_draw",
    ),
    (
        "  round       to 0.01 USD, half up\n",
        "",
        "R901",
        "draw least",
    ),
    (
        "recovered by ramp_draw",
        "recovered by part",
        "X302",
        "recovered by",
    ),
    (
        "given       balance of ramp_draw",
        "given       balance of least",
        "X302",
        "balance of least",
    ),
    (
        "balance of ramp_draw is 100 USD",
        "balance of ramp_draw is -100 USD",
        "U204",
        "is -100 USD",
    ),
];

#[test]
fn a_line_of_a_draw_that_stops_is_asked_for_its_decision() {
    give_one_message(GOOD, UNDECIDED);
}

#[test]
fn what_a_draw_cannot_say_is_told_once() {
    give_one_message(GOOD, WRONG);
}
