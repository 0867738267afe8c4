//! Slips of a newcomer, planted one at a time into a good plan: each gives one message at its line, and every
//! text edit that the message offers takes it away and brings no other.

use paycurve::app::compile::compile;
use paycurve::diag::{Diagnostic, Edit, Severity, SourceMap, Style, render};
use paycurve::io::open;
use paycurve::meaning::{Bindings, check};
use paycurve::report::diagnostics::to_json;
use paycurve::syntax::parse;

const GOOD: &str = r#"plan "Account Executive 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      quarter
  payees      role is "AE" for the days in the role
  quota       from quotas, one per payee per quarter

people "People in sales"
  | column  | type             | meaning                    |
  | id      | Text             | short name                 |
  | role    | one of AE, Coach | the job                    |
  | bonus   | Money            | paid for full attainment   |
  | manager | Person or none   | whom they report to        |
  | from    | Date or none     | first day the row holds    |
  | through | Date or none     | last day the row holds     |

records deals "Deals"
  | column     | type             | meaning               |
  | id         | Text             | one line per order    |
  | amount     | Money            | value before tax      |
  | stage      | one of Open, Won | where it stands       |
  | close_date | Date             | day it was signed     |
  | owner      | Person           | who sold it           |

credit bookings "Bookings"
  from        deals as deal
  when        deal.stage is "Won"
  dated by    deal.close_date
  to          deal.owner
  amount      deal.amount

measure attainment "Attainment"
  value       total bookings / quota
  if quota is zero or missing hold this payout

tiers accelerator on attainment
  | attainment         | rate |
  | under 50%          |   4% |
  | 50% to under 100%  |   8% |
  | 100% and above     |  12% |

pay commission "Commission"
  amount      total bookings at accelerator, each slice at its own rate
  gate        attainment 10% and above, otherwise pay nothing
  cap         90,000 USD each quarter, excess is lost
  round       the total to 0.01, half up
  below 0 USD carries forward

pay extra "For a good quarter"
  amount      (accelerator + 2 points) * bonus
  round       the total to 0.01, half up
  below 0 USD is lost

test "quota exactly met"
  given quota is 300,000 USD for ana in 2026-Q1
  given total bookings is 300,000 USD for ana in 2026-Q1
  expect attainment for ana in 2026-Q1 is 100%
  expect commission for ana in 2026-Q1 is 18,000.00 USD
"#;

const SLIPS: &[Slip] = &[
    // words
    (
        "amount      total bookings at",
        "amuont      total bookings at",
        "S001",
        "amuont",
    ),
    (
        "pay commission",
        "payy commission",
        "S001",
        "payy commission",
    ),
    (
        "measure attainment",
        "messure attainment",
        "S001",
        "messure",
    ),
    ("  gate        att", "gate        att", "S001", "gate   "),
    ("  gate        att", "  grate       att", "S001", "grate"),
    (
        "  to          deal.owner",
        "  to          deal.owner\n  gate        1% and above, otherwise pay nothing",
        "S002",
        "gate        1%",
    ),
    ("excess is lost", "the rest is lost", "S006", "the rest"),
    (
        "excess is lost",
        "excess carries forward as credit",
        "S006",
        "as credit",
    ),
    // decisions that a line leaves open
    (
        ", excess is lost",
        "",
        "S006",
        "cap         90,000 USD each quarter",
    ),
    (
        " each quarter, excess is lost",
        "",
        "S006",
        "cap         90,000 USD",
    ),
    (
        ", otherwise pay nothing",
        "",
        "S006",
        "gate        attainment 10% and above",
    ),
    (
        "the total to 0.01, half up\n  below 0 USD carries",
        "the total to 0.01\n  below 0 USD carries",
        "S006",
        "round       the total to 0.01",
    ),
    (" carries forward", "", "S006", "below 0 USD"),
    (
        "is zero or missing hold this payout",
        "is zero or missing",
        "S006",
        "if quota is zero or missing",
    ),
    (
        " each quarter, excess",
        " per quarter, excess",
        "S006",
        "per quarter, excess",
    ),
    (
        "  period      quarter",
        "  period      quarterly",
        "S006",
        "quarterly",
    ),
    (
        "to 0.01, half up\n  below 0 USD c",
        "to 0.01\n  below 0 USD c",
        "S006",
        "to 0.01",
    ),
    ("stage is \"Won\"", "stage = \"Won\"", "S006", "stage ="),
    ("stage is \"Won\"", "stage == \"Won\"", "S006", "stage =="),
    // spellings of other languages
    (
        "total bookings at accelerator, each slice at its own rate",
        "total bookings at accelerator",
        "S006",
        "at accelerator",
    ),
    (
        "amount      total bookings at",
        "amount    = total bookings at",
        "S006",
        "amount    =",
    ),
    ("  currency    USD", "  currency: USD", "S006", "currency:"),
    ("  currency    USD", "  currency    usd", "S006", "usd"),
    (
        "  period      quarter",
        "  period      quarter;",
        "S006",
        "quarter;",
    ),
    (
        "otherwise pay nothing",
        "else pay nothing",
        "S006",
        "else pay",
    ),
    (
        "above, otherwise pay",
        "above otherwise pay",
        "S006",
        "above otherwise",
    ),
    ("90,000 USD", "USD 90,000", "S006", "USD 90,000"),
    (
        "(accelerator + 2 points) * bonus",
        "(accelerator + 2 points) x bonus",
        "S006",
        " x bonus",
    ),
    (
        "(accelerator + 2 points) * bonus",
        "(accelerator + 2 points) × bonus",
        "S006",
        "×",
    ),
    (
        "total bookings / quota",
        "total bookings ÷ quota",
        "S006",
        "÷",
    ),
    ("total bookings at", "sum(bookings) at", "S006", "sum("),
    ("total bookings at", "sum of bookings at", "S006", "sum of"),
    ("stage is \"Won\"", "stage equals \"Won\"", "S006", "equals"),
    ("stage is \"Won\"", "stage is 'Won'", "S006", "'Won'"),
    ("stage is \"Won\"", "stage is “Won”", "S006", "“Won”"),
    ("2026-01-01 through", "2026/1/1 through", "S006", "2026/1/1"),
    ("2026-01-01 through", "2026-01-01 until", "S006", "until"),
    (
        "measure attainment",
        "measure Attainment",
        "S006",
        "measure A",
    ),
    ("100% and above", "100% or more", "S008", "100% or more"),
    ("100% and above", "at least 100%", "S008", "at least"),
    ("|   8% |", "|   8,5% |", "S008", "8,5%"),
    ("|   8% |", "|   8 % |", "S008", "8 %"),
    ("|   8% |", "|   8 |", "U203", "|   8 |"),
    ("|   8% |", "|   0.08 |", "U203", "0.08"),
    ("|   8% |", "|   8 percent |", "N101", "8 percent"),
    ("90,000 USD", "90,000 usd", "N101", "usd"),
    ("90,000 USD", "90,000 dollars", "N101", "dollars"),
    ("90,000 USD", "90.000 USD", "S004", "90.000"),
    (
        "  | attainment         | rate |\n",
        "  | attainment         | rate |\n  |---|---|\n",
        "S008",
        "|---|",
    ),
    (
        "| amount     | Money            |",
        "| amount     | Currency         |",
        "S008",
        "Currency",
    ),
    (
        "one of Open, Won",
        "one of \"Open\", \"Won\"",
        "S008",
        "\"Open\"",
    ),
    (
        "  | 50% to under 100%  |",
        "  50% to under 100%  |",
        "S008",
        "  50% to under",
    ),
    ("  cap         90", "  maximum     90", "S001", "maximum"),
    (
        "pay commission",
        "// money\npay commission",
        "S001",
        "// money",
    ),
    (
        "gate        attainment 10% and above, otherwise pay nothing",
        "if attainment is 10% then pay nothing",
        "S002",
        "if attainment is",
    ),
    (
        "stage is \"Won\"\n",
        "stage is \"Won\"\n    and deal.amount > 0 USD\n",
        "S001",
        "and deal",
    ),
    ("pay extra", "pay total", "S006", "pay total"),
    (
        "total bookings at accelerator, each slice at its own rate",
        "6% of deal.amount",
        "G301",
        "6% of deal.amount",
    ),
    // quotes and pipes
    (
        "\"Account Executive 2026\"",
        "\"Account Executive 2026",
        "S006",
        "plan \"A",
    ),
    (
        "\"Account Executive 2026\"",
        "Account Executive 2026",
        "S006",
        "plan A",
    ),
    ("stage is \"Won\"", "stage is \"Won", "S006", "stage is"),
    ("role is \"AE\" for", "role is AE for", "S006", "role is"),
    (
        "\"quota exactly met\"",
        "\"quota exactly met",
        "S006",
        "test \"",
    ),
    ("|   8% |", "|   8%", "S008", "|   8%"),
    (
        "50% to under 100%  |",
        "50% to under 100%",
        "S008",
        "50% to under 100% ",
    ),
    (
        "| close_date | Date             |",
        "| close_date | Dat              |",
        "S008",
        "Dat  ",
    ),
    (
        "| bonus   | Money            |",
        "| bonus   | USD              |",
        "S008",
        "| bonus",
    ),
    // ranges
    ("50% to under 100%", "50% - 100%", "S003", "50% - 100%"),
    ("50% to under 100%", "50%-100%", "S003", "50%-100%"),
    ("100% and above", "100%+", "S003", "100%+"),
    ("under 50%", "up to 50%", "S003", "up to 50%"),
    (
        "attainment 10% and above,",
        "attainment over 10%,",
        "S003",
        "over 10%",
    ),
    (
        "50% to under 100%",
        "60% to under 100%",
        "T401",
        "under 50%",
    ),
    (
        "50% to under 100%",
        "above 50% to under 100%",
        "T401",
        "under 50%",
    ),
    (
        "50% to under 100%",
        "50% through 100%",
        "T402",
        "50% through 100%",
    ),
    (
        "50% to under 100%",
        "40% to under 100%",
        "T402",
        "under 50%",
    ),
    ("|  12% |", "|   12 |", "U203", "100% and above"),
    (
        "50% to under 100%",
        "50 to under 100%",
        "U203",
        "50 to under 100%",
    ),
    // dates
    ("through 2026-12-31", "through 7/1/26", "S004", "7/1/26"),
    (
        "through 2026-12-31",
        "through 31.12.2026",
        "S004",
        "31.12.2026",
    ),
    (
        "2026-01-01 through",
        "2026-02-30 through",
        "S004",
        "2026-02-30",
    ),
    (
        "2026-01-01 through",
        "2026-01-01 to",
        "S006",
        "2026-01-01 to",
    ),
    (
        "2026-01-01 through 2026-12-31",
        "2026-12-31 through 2026-01-01",
        "D602",
        "2026-12-31 through",
    ),
    (
        "  effective   2026-01-01 through 2026-12-31\n",
        "",
        "S007",
        "plan \"A",
    ),
    (
        "  quota       from",
        "  settled     through 2026-06-30\n  quota       from",
        "D602",
        "settled",
    ),
    (
        "  quota       from",
        "  settled     through 2062-06-30\n  quota       from",
        "D602",
        "settled",
    ),
    (
        "  quota       from",
        "  settled     until 2027-06-30\n  quota       from",
        "S006",
        "until",
    ),
    (
        "  quota       from",
        "  opening     balances\n  quota       from",
        "S006",
        "balances",
    ),
    ("in 2026-Q1 is 18", "in 2027-Q1 is 18", "D602", "2027-Q1"),
    ("in 2026-Q1 is 18", "in 2026-Q5 is 18", "D602", "2026-Q5"),
    ("in 2026-Q1 is 18", "in Q1 2026 is 18", "S006", "Q1 2026"),
    // amounts
    ("90,000 USD", "90k", "S004", "90k"),
    ("90,000 USD", "90k USD", "S004", "90k USD"),
    ("90,000 USD", "$90,000", "S004", "$90,000"),
    ("90,000 USD", "90,000", "U203", "90,000 each"),
    ("90,000 USD", "90,000 EUR", "U201", "90,000 EUR"),
    (
        "total bookings at accelerator, each slice at its own rate",
        "6% of total bookings + 100 EUR",
        "U201",
        "100 EUR",
    ),
    (
        "  currency    USD",
        "  currency    dollars",
        "S006",
        "dollars",
    ),
    ("  currency    USD", "  currency    UDS", "S004", "UDS"),
    ("+ 2 points", "+ 2%", "U202", "+ 2%"),
    (" * bonus\n", " * bonus - 3%\n", "U202", "bonus - 3%"),
    ("+ 2 points", "+ 1 points + 2%", "U202", "+ 2%"),
    (" * bonus\n", " * bonus + 3%\n", "U202", "bonus + 3%"),
    (
        "(accelerator + 2 points) * bonus",
        "total bookings * bonus",
        "U203",
        "* bonus",
    ),
    (
        "total bookings at accelerator, each slice at its own rate",
        "6% of bookings",
        "G301",
        "6% of bookings",
    ),
    // tests
    ("18,000.00 USD", "18,000.00 EUR", "U201", "18,000.00 EUR"),
    (
        "quota is 300,000 USD",
        "quota is 300,000 EUR",
        "U201",
        "300,000 EUR",
    ),
    ("18,000.00 USD", "6%", "U203", "is 6%"),
    ("18,000.00 USD", "6% of 300,000 USD", "G301", "6% of 300"),
    ("is 100%", "is 1 USD", "U203", "is 1 USD"),
    ("in 2026-Q1 is 18", "in 2026-01 is 18", "X302", "2026-01 is"),
    ("in 2026-Q1 is 18", "in 2026 is 18", "X302", "in 2026 is"),
    (
        "USD for ana in 2026-Q1\n  given total",
        "USD for ana in 2026\n  given total",
        "X302",
        "ana in 2026",
    ),
    (
        "  given total",
        "  given quota is 200,000 USD for ana in 2026-Q1\n  given total",
        "N105",
        "200,000 USD for",
    ),
    (
        "  given total",
        "  given deals\n    | id | stage |\n    | D-1 | Won |\n    | D-1 | Open |\n  given total",
        "N105",
        "| D-1 | Open",
    ),
    (
        "  given total",
        "  given deals\n    | id | stage |\n    | D-1 | won |\n  given total",
        "U204",
        "| won |",
    ),
    // names
    ("total bookings at", "total bokings at", "N101", "bokings"),
    ("at accelerator,", "at acelerator,", "N101", "acelerator"),
    (
        "credit bookings",
        "credit bokings",
        "N101",
        "total bookings / quota",
    ),
    (
        "measure attainment",
        "measure attainmnt",
        "N101",
        "tiers accelerator",
    ),
    (
        "dated by    deal.close_date",
        "dated by    deal.closed",
        "N101",
        "deal.closed",
    ),
    (
        "dated by    deal.close_date",
        "dated by    deal.close_dat",
        "N101",
        "deal.close_dat",
    ),
    (
        "from        deals as",
        "from        deal as",
        "N101",
        "from        deal as",
    ),
    ("expect commission", "expect comission", "X302", "comission"),
    ("stage is \"Won\"", "stage is \"won\"", "U204", "\"won\""),
    ("role is \"AE\"", "role is \"AEs\"", "U204", "\"AEs\""),
    // what is missing
    (
        "  quota       from quotas, one per payee per quarter\n",
        "",
        "N101",
        "total bookings / quota",
    ),
    (
        "from quotas, one per payee per quarter",
        "from quotas per quarter",
        "S006",
        "quota       from",
    ),
    (
        "  round       the total to 0.01, half up\n  below 0 USD c",
        "  below 0 USD c",
        "R901",
        "pay commission",
    ),
    (
        "  below 0 USD carries forward\n",
        "",
        "R905",
        "pay commission",
    ),
    (
        "  if quota is zero or missing hold this payout\n",
        "",
        "Q802",
        "total bookings / quota",
    ),
    (
        "is zero or missing hold",
        "is zero hold",
        "Q802",
        "measure attainment",
    ),
    (
        "  dated by    deal.close_date\n",
        "",
        "S007",
        "credit bookings",
    ),
    (
        "  from        deals as deal\n",
        "",
        "S007",
        "credit bookings",
    ),
    (
        "  value       total bookings / quota\n",
        "",
        "S007",
        "measure attainment",
    ),
    (
        "  amount      total bookings at accelerator, each slice at its own rate\n",
        "",
        "S007",
        "pay commission",
    ),
    (" for the days in the role", "", "S007", "payees"),
    // a roll-up whose levels stand in a table
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "rollup team\n  from        bookings\n  to          managers\n  levels      each credit once per manager\n    | level | share |\n    | 1     |  100% |\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "C503",
        "rollup team",
    ),
    // levels that have what those below leave
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "rollup team\n  from        bookings\n  to          manager\n  share       bonus less what is paid below\n  levels      1 up, each credit once per manager\n  hierarchy as of deal.close_date\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "U203",
        "share       bonus",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "rollup team\n  from        bookings\n  to          manager\n  share       of the level less what is paid below\n  levels      1 up, each credit once per manager\n  hierarchy as of deal.close_date\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "S007",
        "share       of the level",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "rollup team\n  from        bookings\n  to          manager\n  share       of the level less what is paid below\n  levels      each deal once per manager\n    | level | share |\n    | 1     |   10% |\n  hierarchy as of deal.close_date\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "S007",
        "each deal once",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "rollup team\n  from        bookings\n  to          manager\n  share       of the level less what is paid below\n  levels      each credit once per manager\n    | level | share |\n    | 1     |   10% |\n  hierarchy as of deal.close_date\n  shares total 10%\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "S007",
        "shares total 10%",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "rollup team\n  from        bookings\n  to          manager\n  share       of the level less what is paid below\n  levels      each credit once per manager\n    | level | share |\n    | 1     |   20% |\n  hierarchy as of deal.close_date\n  shares total at most 10%, the rest to the company\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "C506",
        "| 1     |   20% |",
    ),
    // everyone whose column says the same
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "credit team\n  from        deals as deal\n  dated by    deal.close_date\n  amount      deal.amount\n  to          everyone whose role is deal.stage\n  if several match they share equally\n  if nobody matches it is an error\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "C507",
        "everyone whose role",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "credit team\n  from        deals as deal\n  dated by    deal.close_date\n  amount      deal.amount\n  to          everyone whose role is deal.stage on deal.close_date\n  if several match they share equally\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "C507",
        "everyone whose role",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "credit team\n  from        deals as deal\n  dated by    deal.close_date\n  amount      deal.amount\n  to          everyone whose role is deal.stage on deal.close_date\n  if nobody matches it goes to the company\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "C507",
        "everyone whose role",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "credit team\n  from        deals as deal\n  dated by    deal.close_date\n  amount      deal.amount\n  to          everyone whose bonus is deal.stage on deal.close_date\n  if several match each gets all\n  if nobody matches it is an error\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "U203",
        "everyone whose bonus",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "credit team\n  from        deals as deal\n  dated by    deal.close_date\n  amount      deal.amount\n  to          deal.owner\n  if several match each gets all\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "S007",
        "if several match",
    ),
    // overlays and lists
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "credit team\n  from        deals as deal\n  dated by    deal.close_date\n  amount      deal.amount\n  split\n    | who         | share       |\n    | deal.owner  | 100%        |\n    | the company | 25% overlay |\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "S008",
        "| the company",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "credit team\n  from        deals as deal\n  dated by    deal.close_date\n  amount      deal.amount\n  split\n    | who        | share       |\n    | deal.owner | 25% overlay |\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "C501",
        "split",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "credit team\n  from        deals as deal\n  dated by    deal.close_date\n  amount      deal.amount\n  split equally among deal.owner\n\npay extra \"For a good quarter\"\n  amount      1% of total team",
        "U203",
        "split equally among",
    ),
    // a table whose rows are data
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by role\n  from        fees\n  type        Money\n\npay extra \"For a good quarter\"\n  amount      fee",
        "S007",
        "value fee",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by role\n  from        fees\n  if missing  hold this payout\n\npay extra \"For a good quarter\"\n  amount      fee",
        "S007",
        "value fee",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by bonus\n  from        fees\n  type        Money\n  if missing  hold this payout\n\npay extra \"For a good quarter\"\n  amount      fee",
        "U203",
        "value fee",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by role\n  from        fees\n  type        Money\n  if missing  hold this payout\n  | role | fee |\n  | \"AE\" | 5 USD |\n\npay extra \"For a good quarter\"\n  amount      fee",
        "S008",
        "| role | fee |",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by role\n  type        Money\n  | role | fee |\n  | \"AE\" | 5 USD |\n  | any | 6 USD |\n  first match\n\npay extra \"For a good quarter\"\n  amount      fee",
        "S002",
        "type        Money",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by role\n  from   deals\n  type        Money\n  if missing  hold this payout\n\npay extra \"For a good quarter\"\n  amount      fee",
        "S008",
        "from   deals",
    ),
    // amounts and percentages in one table
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by role\n  | role | pays |\n  | \"AE\" | 50 USD |\n  | \"Coach\" | 8% |\n\n\
         pay extra \"For a good quarter\"\n  amount      fee",
        "U203",
        "| 8% |",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by role\n  percent of  bonus\n  | role | pays |\n  | \"AE\" | 50 USD |\n  | \"Coach\" | 40 USD |\n\n\
         pay extra \"For a good quarter\"\n  amount      fee",
        "S008",
        "percent of",
    ),
    (
        "pay extra \"For a good quarter\"\n  amount      (accelerator + 2 points) * bonus",
        "value fee by role\n  percent of  10%\n  | role | pays |\n  | \"AE\" | 50 USD |\n  | \"Coach\" | 8% |\n\n\
         pay extra \"For a good quarter\"\n  amount      fee",
        "U203",
        "percent of",
    ),
    // earned over a longer length of time
    (
        "  amount      (accel",
        "  earned each quarter, paid each quarter\n  amount      (accel",
        "S008",
        "earned each quarter",
    ),
    (
        "  amount      (accel",
        "  earned each month, paid when the month ends\n  amount      (accel",
        "S008",
        "earned each month",
    ),
    (
        "  amount      (accel",
        "  earned each year, paid each month\n  amount      (accel",
        "S008",
        "earned each year",
    ),
    (
        "  amount      (accel",
        "  earned each year, paid when the quarter ends\n  amount      (accel",
        "S008",
        "earned each year",
    ),
    (
        "  amount      (accel",
        "  earned each year, paid quarterly\n  amount      (accel",
        "S006",
        "earned each year",
    ),
    (
        "pay commission \"Commission\"",
        "pay commission\n  earned each year, paid when the year ends",
        "S008",
        "cap         90,000",
    ),
    (
        "  amount      (accelerator + 2 points) * bonus",
        "  earned each year, paid each quarter\n  amount      10% of commission as earned",
        "G303",
        "pay commission",
    ),
    (
        "  amount      (accelerator + 2 points) * bonus",
        "  earned each half, paid each quarter\n  amount      1% of total bookings year to date",
        "G303",
        "1% of total bookings year",
    ),
    (
        "  amount      (accelerator + 2 points) * bonus",
        "  earned each half, paid each quarter\n  amount      1% of total bookings\n  pays the increase",
        "G303",
        "pays the increase",
    ),
    (
        "  amount      (accelerator + 2 points) * bonus",
        "  earned each half, paid each quarter\n  amount      1% of total bookings quarter to date",
        "G301",
        "1% of total bookings quarter",
    ),
    (
        "  amount      (accelerator + 2 points) * bonus",
        "  amount      1% of total bookings year to date\n  pays the increase, never less than 0 EUR",
        "U201",
        "pays the increase",
    ),
    (
        "  amount      (accelerator + 2 points) * bonus",
        "  amount      1% of total bookings year to date\n  pays the increase, never less than 0",
        "U201",
        "pays the increase",
    ),
];

/// The good plan with shares that stand in rows.
fn with_row_shares() -> String {
    let rows = "records deal_splits \"Splits\"\n  | column | type    | meaning     |\n  | deal   | Text    | which deal  |\n  \
                | person | Person  | who sold it |\n  | share  | Percent | of the deal |\n\ncredit bookings";
    let split = "  amount      deal.amount\n  split from deal_splits as s\n    | who      | share   |\n    \
                 | s.person | s.share |\n  shares total 100%";
    GOOD.replace("credit bookings", rows)
        .replace("  amount      deal.amount", split)
}

/// Slips in a split from rows.
const ROW_SHARE_SLIPS: &[Slip] = &[
    ("  shares total 100%\n", "", "C501", "split from"),
    ("total 100%\n", "total 90%\n", "C501", "shares total 90%"),
    (
        "shares total 100%\n",
        "share total 100%\n",
        "S001",
        "share total",
    ),
    ("  to          deal.owner\n", "", "S007", "split from"),
    ("| deal   | Text ", "| order  | Text ", "S007", "split from"),
    (
        "| deal   | Text    |",
        "| deal   | Text or none |",
        "S007",
        "split from",
    ),
    (
        "| id         | Text             | one line per order    |\n",
        "",
        "S007",
        "split from",
    ),
    (
        "| s.person | s.share |",
        "| s.person | s.deal |",
        "U203",
        "s.deal",
    ),
    (
        "| s.person | s.share |",
        "| s.share | s.share |",
        "U203",
        "| s.share |",
    ),
    (
        "| s.person | s.share |",
        "| deal.person | s.share |",
        "N101",
        "deal.person",
    ),
    (
        "person | Person  |",
        "person | Person or none |",
        "C501",
        "s.person",
    ),
    (
        "deal_splits as s\n",
        "deal_splits as deal\n",
        "N105",
        "split from",
    ),
    ("from deal_splits", "from deal_split", "N101", "split from"),
    (
        "    | s.person | s.share |\n",
        "    | s.person | s.share |\n    | s.person | s.other |\n",
        "S008",
        "s.other",
    ),
    ("    | s.person | s.share |\n", "", "S007", "| who      |"),
];

/// The good plan with deals that a running total places.
fn with_placed_deals() -> String {
    let placed = "tiers steps on total bookings\n  | total              | rate |\n  | under 9,000 USD     |   1% |\n  \
                  | 9,000 USD and above |   2% |\n\npay placed \"Placed\"\n  for each    deal\n  amount      deal.amount at steps, \
                  placed by the running total of deal.amount of deal.owner year to date\n  a deal across an edge is cut\n  \
                  round       the total to 0.01, half even\n  below 0 USD is paid as it is\n\npay extra";
    GOOD.replace("pay extra", placed)
}

/// Slips in where deals stand.
const PLACED_SLIPS: &[Slip] = &[
    ("  a deal across an edge is cut\n", "", "S007", "placed by"),
    ("a deal across", "a sale across", "N101", "a sale across"),
    (
        "across an edge is cut",
        "across an edge is shared",
        "S006",
        "is shared",
    ),
    (
        "running total of deal.amount of",
        "running count of deals of",
        "G302",
        "placed by",
    ),
    (
        "running total of deal.amount of",
        "running total of deal.close_date of",
        "U203",
        "close_date of",
    ),
    (
        "of deal.owner year",
        "of deal.close_date year",
        "U203",
        "close_date year",
    ),
    (
        "of deal.owner year to date",
        "of deal.owner last year",
        "G301",
        "last year",
    ),
];

pub(crate) fn found(text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let file = sources.add("a.plan", text);
    let plan = parse(file, text);
    let checked = check(&plan, &[], &Bindings::default());
    let mut problems = plan.problems;
    problems.extend(checked.problems);
    let mut found = problems.sorted();
    found.retain(|d| d.severity != Severity::Note);
    (found, sources)
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

pub(crate) fn shown(found: &[Diagnostic], sources: &SourceMap) -> String {
    found
        .iter()
        .map(|d| render(d, sources, Style::Plain))
        .collect()
}

#[test]
fn one_slip_gives_one_message_and_its_edits_mend_it() {
    give_one_message(GOOD, SLIPS);
    give_one_message(&with_row_shares(), ROW_SHARE_SLIPS);
    give_one_message(&with_placed_deals(), PLACED_SLIPS);
}

/// What is written, what a newcomer writes in its place, the code, and the line it is found on.
pub(crate) type Slip = (&'static str, &'static str, &'static str, &'static str);

/// Plants each slip into a good plan, which has none without them.
pub(crate) fn give_one_message(good: &str, slips: &[Slip]) {
    let (without, sources) = found(good);
    assert_eq!(shown(&without, &sources), "");
    let mut wrong = Vec::new();
    for (from, to, code, line) in slips {
        assert_eq!(good.matches(from).count(), 1, "`{from}` stands once");
        let text = good.replace(from, to);
        let expected = text
            .lines()
            .position(|l| l.contains(line))
            .map_or(0, |at| at + 1);
        let (problems, sources) = found(&text);
        let [only] = problems.as_slice() else {
            wrong.push(format!(
                "`{to}`: {} messages\n{}",
                problems.len(),
                shown(&problems, &sources)
            ));
            continue;
        };
        let place = sources.place(only.labels[0].span);
        if (only.code.name(), place.line) != (*code, expected) {
            wrong.push(format!(
                "`{to}`: not {code} on line {expected}\n{}",
                shown(&problems, &sources)
            ));
        }
        for fix in only.fixes.iter().filter(|fix| !fix.edits.is_empty()) {
            let mended = apply(&text, &fix.edits);
            let (left, sources) = found(&mended);
            if !left.is_empty() {
                wrong.push(format!(
                    "`{to}`, `{}` leaves\n{}",
                    fix.words,
                    shown(&left, &sources)
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The codes found in a project of these files.
fn codes(name: &str, files: &[(&str, &str)]) -> Vec<&'static str> {
    let folder = std::env::temp_dir().join(format!("paycurve-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let found = compile(&open(&folder, None).unwrap()).diagnostics;
    std::fs::remove_dir_all(&folder).unwrap();
    found.iter().map(|d| d.code.name()).collect()
}

#[test]
fn a_text_that_cannot_be_read_at_all_gives_one_message() {
    let terms_at = GOOD.find("people \"People").unwrap();
    let rest_at = GOOD.find("measure").unwrap();
    let terms = &GOOD[terms_at..rest_at];
    let plan = format!(
        "{}use \"company.terms\"\n\n{}",
        &GOOD[..terms_at],
        &GOOD[rest_at..]
    );
    let large = |text: &str| format!("{text}{}", "# and so on\n".repeat(2_100));
    let both =
        |plan: &str, terms: &str| codes("large", &[("a.plan", plan), ("company.terms", terms)]);
    assert_eq!(both(&plan, terms), ["P102", "X301", "P104"]);
    assert_eq!(both(&large(&plan), terms), ["S009"]);
    assert_eq!(both(&plan, &large(terms)), ["S009"]);
    assert_eq!(codes("absent", &[("a.plan", &plan)]), ["M003"]);
    let unquoted = plan.replace("use \"company.terms\"", "use company.terms");
    assert_eq!(both(&unquoted, terms), ["S006"]);
}

/// Editors apply the edits of `check --format json` to the bytes of the file, whatever its ends of lines.
#[test]
fn edits_in_json_are_places_in_the_file_as_it_is() {
    let slip = GOOD.replace(
        "  round       the total to 0.01, half up\n  below 0 USD c",
        "  below 0 USD c",
    );
    assert_ne!(slip, GOOD);
    let project = |text: &str| {
        let folder = std::env::temp_dir().join(format!("paycurve-bytes-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.plan"), text).unwrap();
        let project = open(&folder, None).unwrap();
        let found = compile(&project).diagnostics;
        std::fs::remove_dir_all(&folder).unwrap();
        to_json(&found, &project.sources)
    };
    for text in [
        slip.clone(),
        format!("\u{FEFF}{}", slip.replace('\n', "\r\n")),
    ] {
        let found = project(&text);
        let first = &found["diagnostics"][0];
        assert_eq!(first["code"], "R901");
        let mut mended = text.clone();
        for edit in first["fixes"][0]["edits"].as_array().unwrap() {
            let at = |key: &str| edit[key].as_u64().unwrap() as usize;
            mended.replace_range(at("start")..at("end"), edit["text"].as_str().unwrap());
        }
        let line = "each slice at its own rate\n  round       the total to 0.01, half up\n";
        let line = if text.contains('\r') {
            line.replace('\n', "\r\n")
        } else {
            line.to_owned()
        };
        assert!(mended.contains(&line), "{mended}");
        let left = project(&mended);
        assert!(
            left["diagnostics"]
                .as_array()
                .unwrap()
                .iter()
                .all(|d| d["severity"] != "error")
        );
    }
}

#[test]
fn shares_of_a_split_are_rounded_down() {
    let split = "  amount      deal.amount\n  split\n    | who        | share |\n    | deal.owner |   1/3 |\n    | deal.owner \
                 |   2/3 |\n  round       each share to 0.01, half up\n  remainder   to the first";
    let text = GOOD
        .replace("  to          deal.owner\n", "")
        .replace("  amount      deal.amount", split);
    let (problems, sources) = found(&text);
    let codes: Vec<&str> = problems.iter().map(|d| d.code.name()).collect();
    assert_eq!(codes, ["S008"], "{}", shown(&problems, &sources));
    let mended = apply(&text, &problems[0].fixes[0].edits);
    assert!(
        found(&mended).0.is_empty(),
        "rounded down, the plan is good"
    );
}
