//! Claims about 4% up to 50% of quota, 8% up to 100%, 12% beyond, everything at the rate reached, on a quota of 300,000.

use crate::diag::SourceMap;
use crate::meaning::{Bindings, check};
use crate::prove::{problems, prove};
use crate::syntax::parse;

/// Code and words of what is found about one claim.
fn found(pay: &str, claim: &str) -> Vec<String> {
    let terms = include_str!("../../plans/tour/02-marginal/company.terms");
    let text = format!(
        "plan \"P\"\n  currency USD\n  effective 2026-01-01 through 2026-12-31\n  period quarter\n  payees role is \"AE\" for the days in the role\n  quota from quotas, one per payee per quarter\nuse \"company.terms\"\nmeasure attainment\n  value total bookings / quota\n  if quota is zero or missing hold this payout\ntiers t on attainment\n  | attainment | rate |\n  | under 50% | 4% |\n  | 50% to under 100% | 8% |\n  | 100% and above | 12% |\npay p\n{pay}  below 0 USD is lost\nprove\n  p {claim}\n"
    );
    let mut sources = SourceMap::new();
    let plan = parse(sources.add("p.plan", text.clone()), &text);
    let terms = parse(sources.add("company.terms", terms), terms);
    let plan = check(&plan, &[&terms], &Bindings::default()).value.unwrap();
    let said = problems(&plan, &prove(&plan));
    said.iter()
        .map(|d| {
            let saying = d.labels.iter().map(|label| label.words.clone());
            let words: Vec<String> = saying.chain(d.notes.clone()).collect();
            format!("{} {}", d.code, words.join(" ").trim())
        })
        .collect()
}

const ALL: &str = "  amount total bookings at t, everything at the rate reached\n  round the total to 0.01, half up\n";

/// 150,000 x 4% = 6,000 and x 8% = 12,000; one cent less is 5,999.9996, which is paid as 6,000.00.
#[test]
fn a_jump_names_its_quota_and_what_is_paid() {
    assert_eq!(
        found(ALL, "has no jumps"),
        [
            "P107 On a 300,000.00 USD quota:\n    bookings 149,999.99 USD   pays 6,000.00 USD\n    bookings 150,000.00 USD   pays 12,000.00 USD      6,000.00 USD more"
        ]
    );
}

/// 12% above quota is the steepest stretch of the slices; from 300,000 a further 1,000 pays 36,000 / 300 = 120 more.
#[test]
fn what_a_further_amount_is_worth_at_the_most() {
    let slices = ALL.replace(
        "everything at the rate reached",
        "each slice at its own rate",
    );
    assert!(found(&slices, "rises by at most 12% of further bookings").is_empty());
    // 18,000 is paid for 300,000 and 18,120 for 301,000.
    assert_eq!(
        found(&slices, "rises by at most 10% of further bookings"),
        [
            "P107 On a 300,000.00 USD quota:\n    bookings 300,000.00 USD   pays 18,000.00 USD\n    bookings 301,000.00 USD   pays 18,120.00 USD      120.00 USD more"
        ]
    );
    // A step is more than any rate, whatever the slopes.
    let steps = found(ALL, "rises by at most 200% of further bookings");
    assert!(
        matches!(steps.as_slice(), [one] if one.contains("150,000.00 USD   pays 12,000.00 USD")),
        "{steps:?}"
    );
}

/// One cent above 5,000 is 5,000.01, which is 4% of 125,000.25; rounded to whole dollars it is 5,001, of 125,025.
#[test]
fn a_bound_names_the_first_result_that_passes_it() {
    assert_eq!(
        found(ALL, "is at most 5,000 USD"),
        ["P107 On a 300,000.00 USD quota:\n    bookings 125,000.25 USD   pays 5,000.01 USD"]
    );
    let whole = "  amount 4% of total bookings\n  round the total to 1, half up\n";
    assert_eq!(
        found(whole, "is at most 5,000 USD"),
        ["P107 For example:\n    bookings 125,025.00 USD   pays 5,001.00 USD"]
    );
}

/// A third of 15,000.01 is 5,000.0033…, which is paid as 5,000.00: within one unit of rounding nothing is claimed.
#[test]
fn a_bound_is_not_passed_where_rounding_takes_it_back() {
    let close =
        "  amount min(1/3 of total bookings, 5,000.004 USD)\n  round the total to 0.01, half up\n";
    assert_eq!(
        found(close, "is at most 5,000 USD"),
        ["P108 it comes closer to this amount than a unit of rounding"]
    );
}

/// What comes before a cap at the end does not matter: this pay is curved, and no function here follows it.
#[test]
fn a_constant_cap_at_the_end_decides() {
    let pay = |end: &str| format!("  amount total bookings * attainment\n{end}");
    let capped =
        pay("  cap 5,000 USD each quarter, excess is lost\n  round the total to 0.01, half up\n");
    assert!(found(&capped, "is at most 5,000 USD").is_empty());
    assert!(found(&capped, "is at most 6,000 USD").is_empty());
    let undecided = ["P108 it depends on more than one quantity, or is curved"];
    assert_eq!(found(&capped, "is at most 4,999.99 USD"), undecided);
    // 5,000 rounded up to a multiple of 3,000 is 6,000.
    let lifted =
        pay("  cap 5,000 USD each quarter, excess is lost\n  round the total to 3000, up\n");
    assert_eq!(found(&lifted, "is at most 5,000 USD"), undecided);
    let raised = pay(
        "  cap 5,000 USD each quarter, excess is lost\n  times 150%\n  round the total to 0.01, half up\n",
    );
    assert_eq!(found(&raised, "is at most 5,000 USD"), undecided);
}

/// January -1,000 leaves 6,000 of a half-year's 5,000: the second quarter can be paid more than the cap.
#[test]
fn a_cap_of_a_longer_window_is_no_bound_where_amounts_can_be_negative() {
    let pay = |amount: &str| {
        format!(
            "  amount {amount}\n  cap 5,000 USD each half, excess is lost\n  round the total to 0.01, half up\n"
        )
    };
    assert_eq!(
        found(&pay("4% of total bookings"), "is at most 5,000 USD"),
        [
            "P108 a return gives room back under a cap of a longer window, and a later period can then pay more"
        ]
    );
    assert!(
        found(
            &pay("max(4% of total bookings, 0 USD)"),
            "is at most 5,000 USD"
        )
        .is_empty()
    );
}

/// A cap of the year on what is earned over the year: paid at its end, no quarter pays more. Paid as it grows, a quarter
/// after returns can: from -1,000 to 9,000 it pays 10,000.
#[test]
fn what_is_earned_over_the_year_is_bounded_where_it_is_paid_at_once() {
    let pay = |paid: &str| {
        format!(
            "  earned each year, paid {paid}\n  amount 10% of total bookings\n  cap 9,000 USD each year, excess is lost\n  \
             round the total to 0.01, half up\n"
        )
    };
    assert!(found(&pay("when the year ends"), "is at most 9,000 USD").is_empty());
    assert!(found(&pay("each quarter"), "never falls when bookings rise").is_empty());
    let undecided = found(&pay("each quarter"), "is at most 9,000 USD");
    assert!(
        matches!(undecided.as_slice(), [one] if one.starts_with("P108") && one.contains("below 0")),
        "{undecided:?}"
    );
}

/// The only thing that is not decided, where its words say why.
fn is_undecided(found: &[String], why: &str) {
    assert!(
        matches!(found, [one] if one.starts_with("P108") && one.contains(why)),
        "{found:?}"
    );
}

/// A return of 10,000 leaves the component 2,000 of its half-year's 1,000, and takes 1,000 off its amount to date: the
/// payout that reads it is then more than 1,000 either way.
#[test]
fn what_a_component_remembers_is_no_bound_of_the_payout() {
    let pay = "  amount base\n  round the total to 0.01, half up\n";
    let lines = [
        "amount 10% of total bookings\n  cap 1,000 USD each half, excess is lost",
        "amount 10% of total bookings half to date\n  cap 1,000 USD each quarter, excess is lost\n  pays the increase",
        "earned each half, paid each quarter\n  amount 10% of total bookings\n  cap 1,000 USD each half, excess is lost",
    ];
    for line in lines {
        let claim = format!("is at most 1,000 USD\ncomponent base\n  {line}");
        is_undecided(&found(pay, &claim), "it reads `base`");
    }
    let plain = "is at most 1,000 USD\ncomponent base\n  amount 10% of total bookings\n  cap 1,000 USD each quarter, excess is lost";
    assert!(found(pay, plain).is_empty());
}

/// On a quota of 300,000 the floor is 300; on one of 10,000,000 it is 10,000.
#[test]
fn a_floor_below_the_cap_moves_with_the_quota() {
    let pay = |floor: &str| {
        format!(
            "  amount 10% of total bookings\n  cap 1,000 USD each quarter, excess is lost\n  {floor}  round the total to 0.01, half up\n"
        )
    };
    is_undecided(
        &found(
            &pay("floor 0.1% of quota each quarter\n"),
            "is at most 1,000 USD",
        ),
        "do not all move with the quota",
    );
    is_undecided(
        &found(
            &pay(
                "gate attainment 0% and above, otherwise pay 1,000 USD\n  floor 0.1% of quota each quarter\n",
            ),
            "is at most 1,000 USD",
        ),
        "do not all move with the quota",
    );
    let gate = "gate attainment 50% and above, otherwise pay 50% of the amount so far\n";
    assert!(found(&pay(gate), "is at most 1,000 USD").is_empty());
}

/// Nothing is paid from 10,000 of the half-year on, so from nothing no quarter pays 1,000. After a return of 50,000 in the
/// first quarter, 55,000 in the second pay 5,500.
#[test]
fn totals_of_two_windows_move_apart() {
    let pay = "  amount total bookings at late, everything at the rate reached\n  round the total to 0.01, half up\n";
    let claim = "is at most 1,000 USD\nmeasure so_far\n  value total bookings half to date\n\
                 tiers late on so_far\n  | so_far | rate |\n  | under 10,000 USD | 10% |\n  | 10,000 USD and above | 0% |";
    is_undecided(&found(pay, claim), "several windows");
}

/// From nothing the cap of the half-year hides the fall at 20,000 of bookings. A return of 10,000 leaves 2,000 of it: then
/// one cent below is paid 2,000.00 and the edge itself 1,000.00.
#[test]
fn what_a_cap_of_a_longer_window_hides_can_come_out() {
    let pay = "  amount total bookings at late, everything at the rate reached\n  cap 1,000 USD each half, excess is lost\n  \
               round the total to 0.01, half up\n";
    let claim = "never falls when bookings rise\nmeasure own\n  value total bookings\n\
                 tiers late on own\n  | own | rate |\n  | under 20,000 USD | 10% |\n  | 20,000 USD and above | 5% |";
    is_undecided(&found(pay, claim), "more room");
}

/// A return of 40,000 pays 4,000 without its sign, and from there a sale pays less; what is cut off at 0 does not.
#[test]
fn results_below_zero_count() {
    let pay = |amount: &str| format!("  amount {amount}\n  round the total to 0.01, half up\n");
    let bent = pay("abs(min(10% of total bookings, 500 USD))");
    is_undecided(&found(&bent, "is at most 500 USD"), "below 0");
    is_undecided(&found(&bent, "never falls when bookings rise"), "below 0");
    let cut = pay("max(min(10% of total bookings, 500 USD), 0 USD)");
    assert!(found(&cut, "is at most 500 USD").is_empty());
    assert!(found(&cut, "never falls when bookings rise").is_empty());
}

/// On a quota of 300,000 the cap is reached at 40,000, long before the rate falls; on one of 1,000 the rate falls at 1,000:
/// from 50 to 10.
#[test]
fn what_a_cap_hides_on_one_quota_can_come_out_on_another() {
    let pay = "  amount total bookings at late, everything at the rate reached\n  cap 2,000 USD each quarter, excess is lost\n  \
               round the total to 0.01, half up\n";
    let claim = "never falls when bookings rise\ntiers late on attainment\n  | attainment | rate |\n  \
                 | under 100% | 5% |\n  | 100% and above | 1% |";
    is_undecided(&found(pay, claim), "do not all move with the quota");
}
