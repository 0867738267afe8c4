//! Every question the checker asks, once.

use crate::diag::SourceMap;
use crate::meaning::{Bindings, check};
use crate::syntax::parse;

const TERMS: &str = r#"people "People"
  | column | type | meaning |
  | id | Text | number |
  | role | one of AE, Manager | job |
  | target_bonus | Money | at 100% |
  | manager | Person or none | above |
  | from | Date or none | first day |
  | through | Date or none | last day |

records deals "Deals"
  | column | type | meaning |
  | id | Text | order |
  | amount | Money | value |
  | stage | one of Open, Won | where it stands |
  | close_date | Date | signed |
  | owner | Person | seller |
  | mate | Person or none | second seller |
  | seats | Quantity in seats | how many |

unit seat "Seat", plural seats

credit bookings "Bookings"
  from deals as deal
  when deal.stage is "Won"
  dated by deal.close_date
  to deal.owner
  amount deal.amount
"#;

const HEAD: &str = r#"plan "P"
  currency USD
  effective 2026-01-01 through 2026-12-31
  period quarter
  payees role is "AE" for the days in the role
  quota from quotas, one per payee per quarter
"#;

const MEASURE: &str = r#"measure attainment "Attainment"
  value total bookings / quota
  if quota is zero or missing hold this payout
"#;

const LADDER: &str = r#"tiers ladder on attainment
  | attainment | rate |
  | under 100% | 4% |
  | 100% and above | 8% |
"#;

/// `CODE 'words pointed at' message` of a plan with the usual head, by place.
fn problems(body: &str) -> Vec<String> {
    let text = format!("{HEAD}{body}");
    let mut sources = SourceMap::new();
    let plan_id = sources.add("p.plan", text.clone());
    let terms_id = sources.add("company.terms", TERMS);
    let plan = parse(plan_id, &text);
    let terms = parse(terms_id, TERMS);
    assert!(terms.problems.is_empty(), "{:?}", terms.problems);
    let checked = check(&plan, &[&terms], &Bindings::default());
    let mut found = plan.problems;
    assert_eq!(
        checked.value.is_none(),
        checked.problems.has_errors() || found.has_errors()
    );
    found.extend(checked.problems);
    let words = |d: &crate::diag::Diagnostic| {
        format!(
            "{} '{}' {}",
            d.code,
            sources.words(d.labels[0].span),
            d.message
        )
    };
    found.sorted().iter().map(words).collect()
}

/// A whole plan around the amount of a pay.
fn of_amount(amount: &str) -> Vec<String> {
    problems(&format!("{MEASURE}{LADDER}pay p\n  amount {amount}\n  round the total to 0.01, half up\n  below 0 USD is lost\n"))
        .into_iter()
        .filter(|line| !line.starts_with("N103"))
        .collect()
}

#[test]
fn a_right_plan_is_right() {
    assert_eq!(
        of_amount("total bookings at ladder, each slice at its own rate"),
        [""; 0]
    );
    assert_eq!(
        of_amount("total bookings at ladder, everything at the rate reached"),
        [""; 0]
    );
    assert_eq!(of_amount("6% of total bookings"), [""; 0]);
    assert_eq!(
        of_amount("max(6% of total bookings, 10 USD) + ladder * 100 USD"),
        [""; 0]
    );
}

#[test]
fn names_are_known_or_a_near_one_is_offered() {
    assert_eq!(
        of_amount("6% of total bookngs"),
        ["N101 'bookngs' there is no `bookngs`"]
    );
    assert_eq!(
        of_amount("target_bonu"),
        ["N101 'target_bonu' there is no `target_bonu`"]
    );
    let body = "component a\n  amount b\ncomponent b\n  amount a\npay p\n  amount a\n  round never\n  below 0 USD is lost\n";
    // That nobody uses the quota is said once no error is left: a name may be meant where one stands.
    assert_eq!(problems(body), ["N102 'a' `a` needs itself"]);
    assert_eq!(
        problems(
            &body
                .replace("amount b", "amount 1 USD")
                .replace("y p\n  amount a", "y p\n  amount b")
        ),
        [
            "N103 'quota from quotas, one per payee per quarter' `quota` is a quota and no payout uses it"
        ]
    );
    assert_eq!(problems("measure attainment\n  value count bookings\nmeasure attainment\n  value count bookings\n").iter().filter(|l| l.starts_with("N105")).count(), 1);
}

#[test]
fn kinds_of_value_go_together_or_are_asked_about() {
    assert_eq!(
        of_amount("total bookings + 5 EUR"),
        ["U201 'total bookings + 5 EUR' USD and EUR are mixed without a rate and a date"]
    );
    assert_eq!(
        of_amount("(ladder + 2%) * total bookings"),
        ["U202 'ladder + 2%' adding 2% can mean two things"]
    );
    assert_eq!(of_amount("(ladder + 2 points) * total bookings"), [""; 0]);
    assert_eq!(
        of_amount("total bookings * target_bonus"),
        ["U203 'total bookings * target_bonus' money times money would be USD squared"]
    );
    assert_eq!(
        of_amount("ladder"),
        ["U203 'ladder' this is a percentage, and an amount of USD is needed"]
    );
    assert_eq!(of_amount("3 seats * 50 USD per seat"), [""; 0]);
    let of_quota = "pay p\n  amount 5% of quota\n  round the total to 0.01, half up\n";
    assert_eq!(problems(of_quota), [""; 0]);
    let body = "pay p\n  for each deal\n  when deal.stage is \"Wn\"\n  amount 1% of bookings\n  round each deal to 0.01, half up\n  below 0 USD is lost\n";
    assert_eq!(problems(body)[0], "U204 '\"Wn\"' `stage` is never \"Wn\"");
}

#[test]
fn a_fixed_amount_for_each_record_needs_no_credit_by_name_where_there_is_one() {
    let kicker = "pay p\n  for each deal\n  when deal.seats > 3 seats\n  amount 500 USD\n  round each deal to 0.01, half up\n\npay q\n  amount 1% of min(total bookings, quota)\n  round the total to 0.01, half up\n  below 0 USD is lost\n";
    assert_eq!(problems(kicker), [""; 0]);
    let two = format!(
        "{kicker}credit second_bookings\n  from deals as deal\n  dated by deal.close_date\n  to deal.owner\n  amount deal.amount\n"
    );
    assert_eq!(
        problems(&two)[0],
        "G301 '500 USD' which credit on each deal is paid?"
    );
}

#[test]
fn grain_is_never_guessed() {
    assert_eq!(
        of_amount("6% of bookings"),
        ["G301 'bookings' this line pays per quarter, but `bookings` is one amount per deal"]
    );
    assert_eq!(
        of_amount("target_bonus at ladder, each slice at its own rate"),
        [
            "G302 'target_bonus at ladder, each slice at its own rate' `target_bonus` cannot be cut into slices along `ladder`"
        ]
    );
    assert_eq!(
        of_amount("6% of total bookings year to date"),
        [
            "G303 'total bookings year to date' this amount runs to date and would be paid again every period"
        ]
    );
}

#[test]
fn tables_cover_everything_once() {
    let table = |rows: &str| {
        let body = format!(
            "{MEASURE}tiers t on attainment\n  | attainment | rate |\n{rows}pay p\n  amount total bookings at t, each slice at its own rate\n  round the total to 0.01, half up\n  below 0 USD is lost\n"
        );
        problems(&body)
    };
    assert_eq!(
        table("  | under 50% | 4% |\n  | 50% and above | 8% |\n"),
        [""; 0]
    );
    assert_eq!(
        table("  | under 50% | 4% |\n  | 60% and above | 8% |\n"),
        ["T401 '| under 50% | 4% |' nobody is paid between 50% and 60%: no row covers it"]
    );
    assert_eq!(
        table("  | under 50% | 4% |\n  | above 50% | 8% |\n"),
        ["T401 '| under 50% | 4% |' nobody is paid exactly 50%: no row covers it"]
    );
    assert_eq!(
        table("  | 0% to under 50% | 4% |\n  | 50% and above | 8% |\n"),
        ["T401 '| 0% to under 50% | 4% |' nothing is said of results under 0%"]
    );
    assert_eq!(
        table("  | under 50% | 4% |\n  | 50% to under 90% | 8% |\n"),
        ["T401 '| 50% to under 90% | 8% |' nothing is said of 90% and above"]
    );
    assert_eq!(
        table("  | 50% and below | 4% |\n  | 50% and above | 8% |\n"),
        ["T402 '50% and below' two rows both claim exactly 50%"]
    );
    assert_eq!(
        table("  | under 50% | 4% |\n  | 40% and above | 8% |\n"),
        ["T402 '| under 50% | 4% |' two rows both claim 40% to 50%"]
    );
    assert_eq!(
        table("  | under 50% | 4% |\n  | 50% to under 50% | 5% |\n  | 50% and above | 8% |\n"),
        ["T403 '| 50% to under 50% | 5% |' `50% to under 50%` never happens"]
    );
    assert_eq!(
        table("  | 50% and above | 8% |\n  | under 50% | 4% |\n"),
        ["T404 '| 50% and above | 8% |' rows are not in ascending order"]
    );
    assert_eq!(
        table("  | under 50% | 8% |\n  | 50% and above | 8% |\n"),
        [
            "T404 '| 50% and above | 8% |' two neighbouring rows pay the same; did one change get lost?"
        ]
    );
    assert_eq!(
        table("  | under 50% | 8% |\n  | 50% to under 90% | 80% |\n  | 90% and above | 12% |\n"),
        ["T405 '| 50% to under 90% | 80% |' 80% beside 8% and 12%: is 8% meant?"]
    );
}

#[test]
fn splits_make_a_whole() {
    let credit = |split: &str| {
        problems(&format!("credit shared\n  from deals as deal\n  dated by deal.close_date\n  amount deal.amount\n{split}pay p\n  amount 1% of total shared\n  round never\n  below 0 USD is lost\n"))
            .into_iter()
            .filter(|line| !line.starts_with("N103"))
            .collect::<Vec<_>>()
    };
    let table = "    | who | share |\n    | deal.owner | 60% |\n    | deal.mate | 40% |\n";
    assert_eq!(
        credit(&format!(
            "  split\n{table}  if a person is missing the share goes to deal.owner\n"
        )),
        [""; 0]
    );
    assert_eq!(
        credit(&format!(
            "  split when deal.mate is present\n{table}  to deal.owner\n"
        )),
        [""; 0]
    );
    assert_eq!(
        credit(&format!("  split\n{table}")),
        ["C501 '| deal.mate | 40% |' `mate` may be empty: who gets the share then?"]
    );
    assert_eq!(
        credit(
            "  split\n    | who | share |\n    | deal.owner | 60% |\n    | the company | 35% |\n"
        ),
        ["C501 '35%' 5% of every record is credited to nobody"]
    );
    assert_eq!(
        credit(
            "  split\n    | who | share |\n    | deal.owner | 1/3 |\n    | the company | 2/3 |\n  round each share to 0.01, down\n"
        ),
        ["R901 'round each share to 0.01, down' who gets the spare cents of the rounded shares?"]
    );
}

#[test]
fn every_choice_that_moves_money_is_asked_for() {
    let pay = |lines: &str| {
        problems(&format!(
            "{MEASURE}pay p\n  amount 6% of total bookings\n{lines}"
        ))
    };
    let only = |lines: &str| {
        pay(lines)
            .into_iter()
            .filter(|l| !l.starts_with("N103"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        only("  below 0 USD is lost\n"),
        ["R901 'pay p' how is `p` rounded?"]
    );
    assert_eq!(
        only("  round never\n"),
        ["R905 'pay p' what happens when `p` comes out below 0?"]
    );
    assert_eq!(only("  floor 0 USD each quarter\n  round never\n"), [""; 0]);
    assert_eq!(
        only(
            "  cap 100.005 USD each quarter, excess is lost\n  round the total to 0.01, half up\n  below 0 USD is lost\n"
        ),
        ["R903 '100.005 USD' 100.005 USD can never be paid exactly"]
    );
    assert_eq!(
        only("  round never\n  below 0 EUR is lost\n"),
        ["U201 'EUR' this plan pays in USD"]
    );
    let measure = problems("measure m\n  value total bookings / quota\n");
    assert_eq!(
        measure,
        ["Q802 'quota' what should happen when `quota` is 0 or missing?",]
    );
    let measure =
        problems("measure m\n  value total bookings / quota\n  if quota is zero pay nothing\n");
    assert_eq!(
        measure,
        ["Q802 'measure m' what should happen when `quota` is missing?"]
    );
}

#[test]
fn accepted_warnings_are_silent_in_their_block_only() {
    let body = format!(
        "{MEASURE}tiers t on attainment\n  | attainment | rate |\n  | under 50% | 8% |\n  | 50% and above | 8% |\n  accept T404 because \"meant\"\npay p\n  amount total bookings at t, each slice at its own rate\n  round the total to 0.01, half up\n  below 0 USD is lost\n"
    );
    assert_eq!(problems(&body), [""; 0]);
    let elsewhere =
        body.replace("  accept T404 because \"meant\"\n", "") + "  accept T404 because \"meant\"\n";
    assert_eq!(problems(&elsewhere).len(), 1);
}

#[test]
fn what_the_head_accepts_is_silent_in_the_whole_plan() {
    let body = format!(
        "{MEASURE}tiers t on attainment\n  | attainment | rate |\n  | under 50% | 8% |\n  | 50% and above | 8% |\npay p\n  amount total bookings at t, each slice at its own rate\n  round the total to 0.01, half up\n  below 0 USD is lost\n"
    );
    let said = problems(&body);
    assert!(
        matches!(said.as_slice(), [one] if one.starts_with("T404")),
        "{said:?}"
    );
    assert_eq!(
        problems(&format!("  accept T404 because \"meant\"\n{body}")),
        [""; 0]
    );
}

const CSAT: &str = "  accept N103 because \"another plan reads it\"\ninput csat\n  type Percent from 0% through 100%\n  for the company, each quarter\n  kept by \"CS\"\n  due 1 day after the quarter ends\n  sign-off \"CS\"\n  if missing hold this payout\n";

/// What a declared range promises: rows outside it never happen, rows for all of it are enough.
#[test]
fn tables_cover_what_their_axis_can_be() {
    let paid = "pay p\n  amount 100 USD * t\n  round never\n  accept P102 because \"meant\"\n";
    let with = |rows: &str| {
        problems(&format!(
            "{CSAT}tiers t on csat\n  | csat | share |\n{rows}{paid}"
        ))
    };
    assert_eq!(
        with("  | 0% to under 85% | 50% |\n  | 85% through 100% | 100% |\n"),
        [""; 0]
    );
    assert_eq!(
        with("  | under 85% | 50% |\n  | 85% and above | 100% |\n"),
        [""; 0]
    );
    assert_eq!(
        with("  | under 85% | 50% |\n  | 85% through 100% | 100% |\n  | above 100% | 120% |\n"),
        ["T403 '| above 100% | 120% |' `above 100%` never happens"]
    );
    assert_eq!(
        with("  | 10% to under 85% | 50% |\n  | 85% through 100% | 100% |\n"),
        ["T401 '| 10% to under 85% | 50% |' nothing is said of results under 10%"]
    );
    let by = |rows: &str| {
        let head = "value t by csat\n  | csat | t |\n";
        problems(&format!("{CSAT}{head}{rows}{paid}"))
    };
    assert_eq!(
        by("  | 0% to under 85% | 50% |\n  | 85% through 100% | 100% |\n"),
        [""; 0]
    );
    assert_eq!(
        by("  | under 0% | 0% |\n  | 0% through 100% | 100% |\n"),
        ["T403 '| under 0% | 0% |' `under 0%` never happens"]
    );
    assert_eq!(
        by("  | 0% to under 100% | 50% |\n"),
        ["T401 'value t by csat' nothing is said of exactly 100%"]
    );
}

#[test]
fn a_gate_decides_something() {
    let gate = |range: &str| {
        problems(&format!(
            "{CSAT}pay p\n  amount 100 USD\n  gate csat {range}, otherwise pay nothing\n  round never\n"
        ))
    };
    assert_eq!(gate("85% and above"), [""; 0]);
    assert_eq!(gate("100% and above"), [""; 0]);
    let line = "gate csat 0% and above, otherwise pay nothing";
    assert_eq!(
        gate("0% and above"),
        [format!("A203 '{line}' this gate always passes")]
    );
    let line = "gate csat above 100%, otherwise pay nothing";
    assert_eq!(
        gate("above 100%"),
        [format!("A203 '{line}' this gate never passes")]
    );
}

/// What a roll-up leaves unsaid is asked, and what cannot be is said at its word.
#[test]
fn rollups_say_who_what_and_when() {
    let with = |lines: &str| {
        problems(&format!(
            "  accept N103 because \"another plan reads it\"\nrollup team\n{lines}pay p\n  amount 1% of total team\n  round the total to 0.01, half up\n  below 0 USD is lost\n"
        ))
    };
    let (from, to) = ("  from bookings\n", "  to managers\n");
    let (levels, day) = (
        "  levels 1 up, each credit once per manager\n",
        "  hierarchy as of deal.close_date\n",
    );
    assert_eq!(with(&[from, to, levels, day].concat()), [""; 0]);
    assert_eq!(
        with(&[from, to, levels].concat()),
        ["C503 'rollup team' somebody changes manager: which one counts?"]
    );
    assert_eq!(
        with(&[from, "  to target_bonus\n", levels, day].concat()),
        ["U203 'target_bonus' this is an amount of USD, and a column of persons is needed"]
    );
    assert_eq!(
        with(&[from, "  to sponsor\n", levels, day].concat()),
        ["N101 'sponsor' people have no column `sponsor`"]
    );
    assert_eq!(
        with(
            &[
                from,
                to,
                "  levels 1 up, each order once per manager\n",
                day
            ]
            .concat()
        ),
        ["N101 'order' once per manager counts each credit, or each deal"]
    );
    assert_eq!(
        with(
            &[
                from,
                to,
                "  levels 1 and 1 up, each deal once per manager\n",
                day
            ]
            .concat()
        ),
        ["S008 '1' level 1 stands twice"]
    );
    assert_eq!(
        with(&[from, to, "  levels each deal once per manager\n", day].concat()),
        ["S007 'levels each deal once per manager' how far up do credits go?"]
    );
    assert_eq!(
        with(&["  from quota\n", to, levels, day].concat()),
        ["U203 'quota' `quota` is a quota, and what goes up is a credit"]
    );
    let placed = "tiers nth on count team\n  | n | rate |\n  | under 5 | 1% |\n  | 5 and above | 2% |\npay q\n  for each deal\n  amount team at nth, placed by the running count of deals\n  round each deal to 0.01, half up\n  below 0 USD is lost\n  accept P102 because \"meant\"\n";
    assert_eq!(
        with(&[from, to, levels, day, placed].concat()),
        [
            "G301 'team at nth, placed by the running count of deals' what goes up is not placed by itself"
        ]
    );
    let again = "rollup twice\n  from team\n  to managers\n  levels 1 up, each deal once per manager\n  hierarchy as of deal.close_date\n";
    assert_eq!(
        with(&[from, to, levels, day, again].concat()),
        ["U203 'team' `team` goes up already"]
    );
}

/// What several persons make together says whose it is and on which day.
#[test]
fn groups_say_whose_and_when() {
    let with = |amount: &str| {
        problems(&format!(
            "{MEASURE}pay p\n  amount {amount}\n  round the total to 0.01, half up\n  below 0 USD is lost\n"
        ))
        .into_iter()
        .filter(|problem| !problem.starts_with("N103"))
        .collect::<Vec<_>>()
    };
    let last = "as of the last day of the period";
    for fine in [
        "1% of total bookings by manager as of deal.close_date".to_owned(),
        format!("1% of highest bookings last period by role {last}"),
        "count bookings of everyone * 5 USD".to_owned(),
        format!("10 USD * average attainment by role {last}"),
        format!("1% of total quota by manager {last}"),
        format!("1% of total quota of direct reports by manager {last}"),
    ] {
        assert_eq!(with(&fine), [""; 0], "{fine}");
    }
    assert_eq!(
        with("1% of total bookings by manager"),
        ["C503 'total bookings by manager' somebody changes manager: which one counts?"]
    );
    assert_eq!(
        with("10 USD * average attainment by role as of deal.close_date"),
        ["U203 'deal.close_date' what the plan makes for a payee has no record, so no day of one"]
    );
    assert_eq!(
        with("1% of total bookings by target_bonus as of deal.close_date"),
        ["U203 'target_bonus' this is an amount of USD, and a column of texts is needed"]
    );
    assert_eq!(
        with("1% of total bookings by rule as of deal.close_date"),
        ["N101 'rule' people have no column `rule`"]
    );
    assert_eq!(
        with("count attainment of everyone * 5 USD"),
        ["U203 'count attainment of everyone' `attainment` is a value and not counted"]
    );
    assert_eq!(
        with("1% of total quota last period of everyone"),
        [
            "U203 'total quota last period of everyone' `quota` has one value for each period, so no window fits"
        ]
    );
    assert_eq!(
        with("1% of total bookings as earned of everyone"),
        ["U203 'bookings' `bookings` is a credit; only a payout is earned"]
    );
    assert_eq!(
        with("1% of total bookings of all reports by manager as of deal.close_date"),
        [
            "U203 'total bookings of all reports by manager as of deal.close_date' credits go up by a roll-up: `bookings` is one"
        ]
    );
    assert_eq!(
        with("1% of total p as earned of everyone"),
        ["N102 'p' `p` needs itself"]
    );
}

/// A budget says for what, how much, and who gets the cents.
#[test]
fn budgets_say_for_what_and_how_much() {
    let with = |lines: &str| {
        problems(&format!(
            "pay p\n  amount 6% of total bookings\n  round the total to 0.01, half up\n  below 0 USD is lost\ncomponent c\n  amount 1% of \
             total bookings\npay q\n  amount c\n  round the total to 0.01, half up\n  below 0 USD is lost\nbudget purse\n{lines}"
        ))
        .into_iter()
        .filter(|problem| !problem.starts_with("N103"))
        .collect::<Vec<_>>()
    };
    let limit = "  limit 100 USD each quarter, scaled down in proportion\n";
    let rest = "  round each payout to 0.01, down\n  remainder stays in the budget\n";
    let fine = |of: &str| with(&format!("  of {of}\n{limit}{rest}"));
    assert_eq!(fine("p, q"), [""; 0]);
    assert_eq!(
        fine("p, c"),
        ["U203 'c' `c` is a component, and a budget is of payouts"]
    );
    assert_eq!(fine("p, p"), ["S008 'p' `p` is in a budget already"]);
    assert_eq!(
        with(&format!("  of p\n{rest}")),
        ["S007 'budget purse' this `budget` has no `limit`"]
    );
    assert_eq!(
        with(&format!(
            "  of p\n  limit 100 USD each month, scaled down in proportion\n{rest}"
        )),
        [
            "S008 'limit 100 USD each month, scaled down in proportion' the plan pays each quarter: a budget cannot be of less"
        ]
    );
    assert_eq!(
        with(&format!(
            "  of p\n  limit 100 EUR each year, scaled down in proportion\n{rest}"
        )),
        ["U201 '100 EUR' EUR and USD are mixed without a rate and a date"]
    );
    assert_eq!(
        with(&format!(
            "  of p\n{limit}  round the total to 0.01, down\n  remainder to the first\n"
        )),
        ["S008 'round the total to 0.01, down' a budget rounds each payout"]
    );
    let circle = "  of p, r\n{limit}{rest}pay r\n  amount 10% of p as earned\n  round the total to 0.01, half up\n";
    let circle = circle.replace("{limit}", limit).replace("{rest}", rest);
    let found = with(&circle);
    assert!(
        found.iter().any(|problem| problem.starts_with("N102")),
        "{found:?}"
    );
}

#[test]
fn a_name_from_a_bad_block_is_silent() {
    let body = "messure attainment\n  value total bookings / quota\npay p\n  amount attainment * 100 USD\n  round never\n  below 0 USD is lost\n";
    assert_eq!(
        problems(body)
            .into_iter()
            .filter(|l| !l.starts_with("N103"))
            .collect::<Vec<_>>(),
        ["S001 'messure' I don't know the block `messure`"]
    );
}

#[test]
fn tests_are_about_the_plan() {
    let test = |line: &str| {
        let body = format!(
            "pay p\n  amount 6% of total bookings\n  round never\n  below 0 USD is lost\ntest \"t\"\n  given {line}\n  expect p for ana in 2026-Q1 is 6.00 USD\n"
        );
        problems(&body)
            .into_iter()
            .filter(|l| !l.starts_with("N103"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        test("total bookings is 100 USD for ana in 2026-Q1"),
        [""; 0]
    );
    assert_eq!(
        test("total bokings is 100 USD for ana in 2026-Q1"),
        ["X302 'bokings' `bokings` is not a credit of this plan"]
    );
    assert_eq!(
        test("bookings is 100 USD for ana in 2026-Q1"),
        ["X302 'bookings' `bookings` is one amount for each record"]
    );
    assert_eq!(
        test("total bookings is 100 USD for ana in 2025-Q1"),
        ["D602 '2025-Q1' `2025-Q1` is outside the plan"]
    );
}
