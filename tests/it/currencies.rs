//! Currencies: slips in what is converted, and faults in rates, each of which holds whom it reaches and nobody else.

use std::collections::BTreeMap;
use std::fs;

use paycurve::app::calculate::{Asked, calculate};
use paycurve::app::compile::compile;
use paycurve::io::open;

use crate::slips::{Slip, give_one_message};
use crate::support::small::{self, turned};

const GOOD: &str = r#"plan "Paid abroad 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      month
  payees      role is "AE"

people "People in sales"
  | column       | type             | meaning              |
  | id           | Text             | short name           |
  | role         | one of AE, Coach | the job              |
  | pay_currency | Text             | what they are paid in |
  | bonus        | Money            | a bonus              |

records deals "Deals"
  | column     | type   | meaning            |
  | id         | Text   | one line per order |
  | amount     | Money  | value before tax   |
  | close_date | Date   | day it was signed  |
  | owner      | Person | who sold it        |

exchange daily_rate "Daily rates"
  from        fx_rates, one per day
  kept by     "Treasury"
  if missing  hold this payout

exchange budget_rate "Budget rates"
  kept by     "Finance"
  | from | to  | effective                     | rate |
  | EUR  | USD | 2026-01-01 through 2026-06-30 | 1.10 |
  | EUR  | USD | 2026-07-01 through 2026-12-31 | 1.05 |
  | USD  | JPY | 2026-01-01 through 2026-12-31 | 150  |

quota target "Target"
  from        targets, one per payee per month
  converted at budget_rate on the first day of the period
  round       to 1 USD, half up

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.close_date
  to          deal.owner
  amount      deal.amount converted to USD at daily_rate on deal.close_date

measure attainment "Attainment"
  value       total bookings / target
  if target is zero or missing pay nothing

pay commission "Commission"
  amount      5% of total bookings
  cap         50,000 USD each month, excess is lost
  times       50% when attainment < 10%
  round       the total to 0.01, half up
  below 0 USD is lost
  paid in pay_currency at daily_rate on the last day of the period, round to 0.01, half up

pay extra "Extra"
  amount      100 EUR converted to USD at budget_rate on the first day of the period
  round       the total to 0.01, half up
  below 0 USD is lost
  paid in JPY at budget_rate on the last day of the period, round to 1, half up

test "a deal in euro"
  given       fx_rates
    | from | to  | date       | rate |
    | EUR  | USD | 2026-01-15 | 1.20 |
    | USD  | GBP | 2026-01-31 | 0.80 |
  given       targets
    | payee | period  | target    |
    | ana   | 2026-01 | 1,000 EUR |
  given       people
    | id  | role | pay_currency |
    | ana | AE   | GBP          |
  given       deals
    | id | close_date | owner | amount    |
    | 1  | 2026-01-15 | ana   | 1,000 EUR |
  expect      commission for ana in 2026-01 is 60.00 USD
  expect      commission for ana in 2026-01 is 48.00 GBP
  expect      extra for ana in 2026-01 is 16,500 JPY
"#;

const SLIPS: &[Slip] = &[
    // rates
    (
        "one per day",
        "one for each day",
        "S006",
        "one for each day",
    ),
    (
        "  kept by     \"Treasury\"\n",
        "",
        "S007",
        "exchange daily_rate",
    ),
    (
        "  if missing  hold this payout\n\nexchange",
        "\nexchange",
        "S007",
        "exchange daily_rate",
    ),
    (
        "  if missing  hold this payout\n\nexchange",
        "  if missing  use 1.2\n\nexchange",
        "S006",
        "use 1.2",
    ),
    (
        "  kept by     \"Finance\"\n",
        "  kept by     \"Finance\"\n  if missing  use the last rate before it\n",
        "S002",
        "use the last rate",
    ),
    ("| USD  | JPY |", "| USD  | JYP |", "S004", "JYP"),
    ("| USD  | JPY |", "| USD  | USD |", "U205", "| USD  | USD |"),
    ("| 150  |", "| -150 |", "U205", "-150"),
    ("| 150  |", "| 150% |", "U203", "150%"),
    (
        "  | EUR  | USD | 2026-07-01",
        "  | EUR  | USD | 2026-06-30",
        "D601",
        "2026-06-30 through",
    ),
    (
        "  | from | to  | effective                     | rate |",
        "  | from | to  | dates                         | rate |",
        "S008",
        "dates  ",
    ),
    // conversions
    (
        "  amount      deal.amount converted to USD",
        "  amount      deal.amount converted in USD",
        "S006",
        "converted in",
    ),
    (
        "converted to USD at daily_rate on deal.close_date",
        "converted to usd at daily_rate on deal.close_date",
        "S006",
        "usd",
    ),
    (
        "at daily_rate on deal.close_date",
        "at dayly_rate on deal.close_date",
        "N101",
        "dayly_rate",
    ),
    (
        "at daily_rate on deal.close_date",
        "at bookings on deal.close_date",
        "U203",
        "at bookings on",
    ),
    (
        "daily_rate on deal.close_date",
        "daily_rate on the last day of the period",
        "G301",
        "daily_rate on the last",
    ),
    (
        "daily_rate on deal.close_date",
        "daily_rate on deal.owner",
        "U203",
        "daily_rate on deal.owner",
    ),
    (
        "daily_rate on deal.close_date",
        "daily_rate",
        "S006",
        "USD at daily_rate",
    ),
    (
        "  amount      5% of total bookings",
        "  amount      5% of total bookings * (5% converted to USD at daily_rate on 2026-01-15)",
        "U203",
        "5% converted",
    ),
    (
        "  amount      5% of total bookings",
        "  amount      daily_rate * total bookings",
        "U203",
        "daily_rate *",
    ),
    (
        "  amount      100 EUR converted to USD",
        "  amount      100 CHF converted to USD",
        "U205",
        "100 CHF",
    ),
    (
        "  amount      100 EUR converted to USD at budget_rate on the first day of the period",
        "  amount      100 EUR",
        "U201",
        "  amount      100 EUR",
    ),
    (
        "  payees      role is \"AE\"",
        "  payees      bonus converted to USD at daily_rate on 2026-01-01 > 5 USD",
        "G301",
        "payees",
    ),
    // quotas
    (
        "  converted at budget_rate on the first day of the period",
        "  converted at budget_rate on deal.close_date",
        "G301",
        "converted at budget_rate on deal",
    ),
    (
        "  converted at budget_rate on the first day of the period\n  round       to 1 USD, half up",
        "  round       to 1 USD, half up\n  converted at budget_rate on the first day of the period",
        "Q806",
        "  round       to 1 USD",
    ),
    (
        "  round       to 1 USD, half up",
        "  round       to 1, half up",
        "U203",
        "to 1, half up",
    ),
    // payouts
    (
        "paid in pay_currency",
        "paid in pay_curency",
        "N101",
        "pay_curency",
    ),
    (
        "paid in pay_currency",
        "paid in bonus",
        "U203",
        "paid in bonus",
    ),
    (
        "round to 1, half up",
        "round to 0.01, half up",
        "U206",
        "paid in JPY",
    ),
    ("  paid in JPY", "  paid in EUR", "U205", "paid in EUR"),
    (
        "on the last day of the period, round to 1, half up",
        "on the last day of the period",
        "S006",
        "paid in JPY",
    ),
];

#[test]
fn one_slip_gives_one_message() {
    give_one_message(GOOD, SLIPS);
}

const TERMS: &str = r#"people "People"
  from        people
  | column  | type | meaning     |
  | id      | Text | who         |
  | role    | Text | job         |
  | pays_in | Text | paid in     |

records deals "Deals"
  from        deals
  | column     | type   | meaning  |
  | id         | Text   | order    |
  | amount     | Money  | value    |
  | close_date | Date   | day      |
  | owner      | Person | who sold |

exchange daily_rate "Daily rates"
  from        days, one per day
  kept by     "Treasury"
  used both ways
  if missing  use the last rate before it

exchange month_rate "Month-end rates"
  from        months, one per month
  kept by     "Treasury"
  if missing  hold this payout

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.close_date
  to          deal.owner
  amount      deal.amount converted to USD at daily_rate on deal.close_date
"#;

const PLAN: &str = r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-03-31
  period      month
  payees      role is "Rep"

use "company.terms"

pay commission
  amount      10% of total bookings
  round       the total to 0.01, half up
  below 0 USD carries forward
  paid in pays_in at month_rate on the last day of the period, round to the smallest unit, half up
"#;

use crate::support::small::paid;

const PEOPLE: &str = "id,role,pays_in\nana,Rep,USD\nbea,Rep,EUR\ncem,Rep,USD\n";

/// Ana sells in pounds and in February in dollars, Bea in euro, Cem in pounds and returns half of it.
const DEALS: &str = "id,amount,currency,close_date,owner
D-1,1000.00,GBP,2026-01-10,ana
D-2,1000.00,USD,2026-02-10,ana
D-3,1000.00,EUR,2026-01-20,bea
D-4,1000.00,GBP,2026-02-20,cem
D-5,-500.00,GBP,2026-03-01,cem
";

/// A pound is 1.25 dollars from 5 January and 1.30 from 15 February; a euro is 1 / 0.80 = 1.25 dollars.
const DAYS: &str = "from,to,date,rate
GBP,USD,2026-01-05,1.25
USD,EUR,2026-01-01,0.80
GBP,USD,2026-02-15,1.30
";

const MONTHS: &str = "from,to,period,rate
USD,EUR,2026-01,0.90
USD,EUR,2026-02,0.90
USD,EUR,2026-03,0.90
";

/// Ana 10% of 1,250.00 and of 1,000.00; Bea 10% of 1,250.00; Cem 10% of 1,300.00, then -65.00, of which nothing is paid.
const SOUND: [(&str, &str); 9] = [
    ("ana commission 2026-01", "125"),
    ("ana commission 2026-02", "100"),
    ("ana commission 2026-03", "0"),
    ("bea commission 2026-01", "125"),
    ("bea commission 2026-02", "0"),
    ("bea commission 2026-03", "0"),
    ("cem commission 2026-01", "0"),
    ("cem commission 2026-02", "130"),
    ("cem commission 2026-03", "0"),
];

/// What stands in a file is changed from one text to another; who is held or paid otherwise.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const FAULTS: &[Fault] = &[
    // A rate that is not there: before the first there is none, and of a carried balance all later months are held; of a
    // later day the one before counts.
    (
        "days",
        "GBP,USD,2026-01-05,1.25\n",
        "",
        &[("ana commission", "F033")],
    ),
    (
        "days",
        "GBP,USD,2026-02-15,1.30\n",
        "",
        &[("cem commission 2026-02", "125")],
    ),
    // The payouts of nothing need a rate, too: to Bea in March.
    (
        "months",
        "USD,EUR,2026-03,0.90\n",
        "",
        &[("bea commission 2026-03", "F033")],
    ),
    // One way only.
    (
        "months",
        "USD,EUR,2026-01",
        "EUR,USD,2026-01",
        &[("bea commission 2026-01", "F033")],
    ),
    // Rates that are none.
    (
        "days",
        "2026-02-15,1.30",
        "2026-02-15,0",
        &[
            ("cem commission 2026-02", "F034"),
            ("cem commission 2026-03", "F034"),
        ],
    ),
    (
        "days",
        "2026-01-05,1.25",
        "2026-01-05,-1.25",
        &[("ana commission", "F034")],
    ),
    (
        "days",
        "2026-01-05,1.25",
        "2026-01-05,much",
        &[("ana commission", "F001")],
    ),
    (
        "days",
        "2026-01-05,1.25",
        "2026-01-05,",
        &[("ana commission", "F012")],
    ),
    // A code that is none may be any: whoever converts to dollars on that day or later.
    (
        "days",
        "GBP,USD,2026-01-05",
        "GBB,USD,2026-01-05",
        &[
            ("ana commission", "F034"),
            ("bea commission", "F034"),
            ("cem commission 2026-02", "F034"),
            ("cem commission 2026-03", "F034"),
        ],
    ),
    // A day that is none may be any: whoever converts pounds.
    (
        "days",
        "GBP,USD,2026-01-05",
        "GBP,USD,5 January",
        &[
            ("ana commission", "F001"),
            ("cem commission 2026-02", "F001"),
            ("cem commission 2026-03", "F001"),
        ],
    ),
    // A period of another length.
    (
        "months",
        "USD,EUR,2026-02",
        "USD,EUR,2026-Q1",
        &[("bea commission", "F014")],
    ),
    // Two rates of one day.
    (
        "days",
        "GBP,USD,2026-02-15,1.30\n",
        "GBP,USD,2026-02-15,1.30\nGBP,USD,2026-02-15,1.31\n",
        &[
            ("cem commission 2026-02", "F009"),
            ("cem commission 2026-03", "F009"),
        ],
    ),
    // A row that is not whole may be about the currencies that stand in it.
    (
        "days",
        "USD,EUR,2026-01-01,0.80",
        "USD,EUR,2026-01-01,0.80,1",
        &[("bea commission", "F003")],
    ),
    // A deal in a currency without any rate.
    (
        "deals",
        "D-1,1000.00,GBP",
        "D-1,1000.00,CHF",
        &[("ana commission", "F033")],
    ),
    // A payee's currency that is none, or has no rate.
    (
        "people",
        "bea,Rep,EUR",
        "bea,Rep,EURO",
        &[("bea commission", "F035")],
    ),
    (
        "people",
        "bea,Rep,EUR",
        "bea,Rep,GBP",
        &[("bea commission", "F033")],
    ),
];

/// What everybody is paid where one file is changed.
fn run(context: &str, changed: Option<&Fault>) -> BTreeMap<String, String> {
    let files = [
        ("people", PEOPLE),
        ("deals", DEALS),
        ("days", DAYS),
        ("months", MONTHS),
    ];
    let mut texts = files.map(|(name, text)| (name, text.to_owned()));
    if let Some((file, from, to, _)) = changed {
        let (_, text) = texts.iter_mut().find(|(name, _)| name == file).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{context}");
        *text = text.replace(from, to);
    }
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    pays(context, "{column: currency}", (TERMS, PLAN), &texts)
}

/// What everybody is paid by a plan over files.
fn pays(
    context: &str,
    currency: &str,
    (terms, plan): (&str, &str),
    files: &[(&str, &str)],
) -> BTreeMap<String, String> {
    let name = context.bytes().fold(0_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let at = std::env::temp_dir().join(format!("paycurve-fx-{}-{name:x}", std::process::id()));
    fs::create_dir_all(at.join("data")).unwrap();
    let manifest = format!(
        "people: {{file: data/people.csv}}\nsources:\n  deals: {{file: data/deals.csv, currency: {currency}}}\n  \
         days: {{file: data/days.csv}}\n  months: {{file: data/months.csv}}\n"
    );
    fs::write(at.join("paycurve.yaml"), manifest).unwrap();
    fs::write(at.join("company.terms"), terms).unwrap();
    fs::write(at.join("reps.plan"), plan).unwrap();
    for (name, text) in files {
        fs::write(at.join("data").join(name).with_extension("csv"), text).unwrap();
    }
    let project = open(&at, None).unwrap();
    let compiled = compile(&project);
    assert_eq!(compiled.ready.len(), 1, "{:?}", compiled.diagnostics);
    let run = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap();
    fs::remove_dir_all(&at).unwrap();
    paid(&run)
}

#[test]
fn a_fault_in_rates_holds_whom_it_reaches_and_nobody_else() {
    let sound: BTreeMap<String, String> = SOUND
        .iter()
        .map(|(place, amount)| ((*place).to_owned(), (*amount).to_owned()))
        .collect();
    assert_eq!(run("without faults", None), sound);
    for fault in FAULTS {
        let (file, from, to, other) = fault;
        let context = format!("{file}: {from:?} becomes {to:?}");
        let mut expected = sound.clone();
        for (place, said) in &mut expected {
            if let Some((_, other)) = other.iter().find(|(start, _)| place.starts_with(start)) {
                *said = (*other).to_owned();
            }
        }
        assert_eq!(run(&context, Some(fault)), expected, "{context}");
    }
}

/// A source whose money is all in euro makes a credit in euro; its total is converted once. 10% of (1,000.00 + 500.00) at 1.20 of
/// the last day is 180.00, whatever the rates of the deals' days.
#[test]
fn the_total_of_a_credit_in_another_currency_is_converted_at_once() {
    let terms = TERMS.replace(
        "deal.amount converted to USD at daily_rate on deal.close_date",
        "deal.amount",
    );
    let amount = "(total bookings converted to USD at daily_rate on the last day of the period)";
    let plan = PLAN.replace("total bookings", amount);
    let files = [
        ("people", PEOPLE),
        (
            "deals",
            "id,amount,close_date,owner\nD-1,1000.00,2026-01-10,ana\nD-2,500.00,2026-01-20,ana\n",
        ),
        (
            "days",
            "from,to,date,rate\nEUR,USD,2026-01-10,1.10\nEUR,USD,2026-01-31,1.20\n",
        ),
        ("months", MONTHS),
    ];
    let found = pays("in euro", "EUR", (&terms, &plan), &files);
    assert_eq!(found["ana commission 2026-01"], "180");
    assert_eq!(found["bea commission 2026-01"], "0");
}

/// An amount beside others that name a currency is the plan's own, whichever amount stands first: of 100 EUR at 1.20 and of
/// 200 the commission is 10% of 320. Without a conversion the first holds, and the second is paid.
#[test]
fn an_amount_that_names_no_currency_is_the_plans() {
    let manifest = "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv}\n";
    let plan = |amount: &str| {
        format!(
            r#"plan "Reps 2026"
  currency    USD
  effective   2026-01-01 through 2026-03-31
  period      month
  payees      role is "Rep"

people "People"
  | column | type | meaning |
  | id     | Text | who     |
  | role   | Text | job     |

records deals "Deals"
  | column | type   | meaning |
  | id     | Text   | order   |
  | date   | Date   | day     |
  | owner  | Person | whose   |
  | amount | Money  | value   |

exchange budget_rate "Budget rates"
  kept by     "Finance"
  | from | to  | effective                     | rate |
  | EUR  | USD | 2026-01-01 through 2026-12-31 | 1.20 |

credit bookings "Bookings"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      {amount}

pay commission "Commission"
  amount      10% of total bookings
  round       the total to 0.01, half up
  below 0 USD is lost
"#
        )
    };
    let deals = "id,date,owner,amount\n1,2026-01-10,ana,100 EUR\n2,2026-01-11,ana,200\n3,2026-01-12,ben,50\n";
    for deals in [deals.to_owned(), turned(deals)] {
        let found = |amount: &str| {
            paid(&small::run(&[
                ("paycurve.yaml", manifest.to_owned()),
                ("reps.plan", plan(amount)),
                ("data/people.csv", "id,role\nana,Rep\nben,Rep\n".to_owned()),
                ("data/deals.csv", deals.clone()),
            ]))
        };
        let both = found("deal.amount converted to USD at budget_rate on deal.date");
        let of = |place: &str| both[place].as_str();
        assert_eq!(of("ana commission 2026-01"), "32");
        assert_eq!(of("ben commission 2026-01"), "5");
        let plain = found("deal.amount");
        let of = |place: &str| plain[place].as_str();
        assert_eq!(of("ana commission 2026-01"), "F006");
        assert_eq!(of("ben commission 2026-01"), "5");
    }
}
