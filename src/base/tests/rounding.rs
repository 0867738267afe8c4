use super::n;
use crate::base::{Exact, Mode, Residue, Rounding, cut, div_round, scaled_down, split};

fn to(unit: &str, mode: Mode) -> Rounding {
    Rounding {
        unit: n(unit),
        mode,
    }
}

/// Rounded to the cent by every mode, in the order of `Mode::ALL`: half up, half even, half down,
/// up, down.
fn cents(amount: &str) -> Vec<String> {
    Mode::ALL
        .iter()
        .map(|mode| to("0.01", *mode).round(&n(amount)).to_text(2))
        .collect()
}

#[test]
fn ties_and_neighbours_in_both_signs() {
    assert_eq!(cents("1.005"), ["1.01", "1.00", "1.00", "1.01", "1.00"]);
    assert_eq!(cents("1.015"), ["1.02", "1.02", "1.01", "1.02", "1.01"]);
    assert_eq!(
        cents("-1.005"),
        ["-1.01", "-1.00", "-1.00", "-1.01", "-1.00"]
    );
    assert_eq!(
        cents("-1.015"),
        ["-1.02", "-1.02", "-1.01", "-1.02", "-1.01"]
    );
    assert_eq!(cents("1.0049"), ["1.00", "1.00", "1.00", "1.01", "1.00"]);
    assert_eq!(cents("1.0051"), ["1.01", "1.01", "1.01", "1.01", "1.00"]);
    assert_eq!(cents("1.01"), ["1.01"; 5]);
    assert_eq!(cents("0"), ["0.00"; 5]);
}

#[test]
fn units_other_than_the_cent() {
    assert_eq!(to("1000", Mode::HalfUp).round(&n("27600")), n("28000"));
    assert_eq!(to("0.05", Mode::HalfUp).round(&n("1.025")), n("1.05"));
    assert_eq!(to("0.05", Mode::HalfEven).round(&n("1.025")), n("1")); // 20.5 units, 20 is even
    assert_eq!(to("1/3", Mode::Up).round(&n("0.5")), n("2/3"));
    assert!(to("0.05", Mode::Down).is_multiple(&n("1.15")));
    assert!(!to("0.05", Mode::Down).is_multiple(&n("1.16")));
}

#[test]
fn numbers_beyond_the_fast_path() {
    // 2^254 and a half cent: over a denominator of 200 the numerator does not fit.
    let huge = Exact::fixed(i128::MIN, 1) * Exact::fixed(i128::MIN, 1);
    let tie = &huge + n("0.005");
    assert_eq!(to("0.01", Mode::HalfUp).round(&tie), &huge + n("0.01"));
    assert_eq!(to("0.01", Mode::HalfEven).round(&tie), huge);
    assert_eq!(
        to("0.01", Mode::HalfEven).round(&(&huge + n("0.015"))),
        &huge + n("0.02")
    );
    assert_eq!(to("0.01", Mode::HalfDown).round(&-&tie), -&huge);
    assert_eq!(to("0.01", Mode::Up).round(&-&tie), -(&huge + n("0.01")));
}

#[test]
fn words_and_back() {
    for mode in Mode::ALL {
        assert_eq!(Mode::from_words(mode.words()), Some(*mode));
    }
    assert_eq!(Mode::from_words("nearest"), None);
}

#[test]
fn fixed_lanes() {
    assert_eq!(div_round(5, 2, Mode::HalfUp), Some(3));
    assert_eq!(div_round(5, 2, Mode::HalfEven), Some(2));
    assert_eq!(div_round(-7, 2, Mode::HalfEven), Some(-4));
    assert_eq!(div_round(-5, 2, Mode::Down), Some(-2));
    assert_eq!(div_round(i128::MIN, 1, Mode::Up), Some(i128::MIN));
    assert_eq!(div_round(i128::MIN, i128::MAX, Mode::Up), Some(-2));
    assert_eq!(div_round(i128::MAX, 2, Mode::Up), Some(1 << 126));
    assert_eq!(div_round(1, 0, Mode::Up), None);
    assert_eq!(div_round(1, -1, Mode::Up), None);
}

#[test]
#[should_panic(expected = "a rounding unit is positive, found 0")]
fn a_unit_of_zero_is_ours() {
    let _ = to("0", Mode::Up).round(&Exact::ONE);
}

/// Splits to the cent and prints the parts exactly.
fn parts(whole: &str, shares: &[&str], residue: Residue) -> Vec<String> {
    let shares: Vec<Exact> = shares.iter().map(|share| n(share)).collect();
    let parts = split(&n(whole), &shares, &to("0.01", Mode::Down), residue);
    parts.iter().map(Exact::to_plain).collect()
}

#[test]
fn spare_cents_by_rule() {
    let thirds = ["1/3", "1/3", "1/3"];
    // 100/3 = 33.33 each, one cent to spare; equal shares, so the first written.
    assert_eq!(
        parts("100", &thirds, Residue::ToLargest),
        ["33.34", "33.33", "33.33"]
    );
    assert_eq!(
        parts("-100", &thirds, Residue::ToLargest),
        ["-33.34", "-33.33", "-33.33"]
    );
    // 0.02/3 = 0.00 each, two cents to spare.
    assert_eq!(parts("0.02", &thirds, Residue::ToFirst), ["0.02", "0", "0"]);
    assert_eq!(
        parts("0.02", &thirds, Residue::LargestRemainder),
        ["0.01", "0.01", "0"]
    );
    // 10.01: 1.4014, 3.5035, 5.1051; down 1.40, 3.50, 5.10; one spare cent.
    let shares = ["0.14", "0.35", "0.51"];
    assert_eq!(
        parts("10.01", &shares, Residue::ToFirst),
        ["1.41", "3.5", "5.1"]
    );
    assert_eq!(
        parts("10.01", &shares, Residue::ToLargest),
        ["1.4", "3.5", "5.11"]
    );
    // Lost 0.0014, 0.0035 and 0.0051: the third lost most.
    assert_eq!(
        parts("10.01", &shares, Residue::LargestRemainder),
        ["1.4", "3.5", "5.11"]
    );
    // 0.99: 0.1386, 0.3465, 0.5049; lost 0.0086, 0.0065, 0.0049; two spare cents.
    assert_eq!(
        parts("0.99", &shares, Residue::LargestRemainder),
        ["0.14", "0.35", "0.5"]
    );
}

#[test]
fn dust_goes_with_the_first_spare_unit() {
    let halves = ["1/2", "1/2"];
    // 50.0025 each, 50.00 down; half a cent of dust and no whole unit.
    assert_eq!(
        parts("100.005", &halves, Residue::ToLargest),
        ["50.005", "50"]
    );
    assert_eq!(
        parts("100.005", &halves, Residue::LargestRemainder),
        ["50.005", "50"]
    );
    // 50.0075 each, 50.00 down; one cent and half a cent.
    assert_eq!(
        parts("100.015", &halves, Residue::LargestRemainder),
        ["50.015", "50"]
    );
    assert_eq!(
        parts("-100.015", &halves, Residue::ToFirst),
        ["-50.015", "-50"]
    );
}

#[test]
fn shares_need_not_be_a_whole() {
    // Two split partners both credited in full: 200 % is intended.
    assert_eq!(
        parts("0.01", &["1", "1"], Residue::ToLargest),
        ["0.01", "0.01"]
    );
    // 30 %, 30 % of 0.05: 0.015 each, down 0.01; 0.03 in total, one cent to spare.
    assert_eq!(
        parts("0.05", &["0.3", "0.3"], Residue::ToLargest),
        ["0.02", "0.01"]
    );
    assert_eq!(parts("100", &[], Residue::ToLargest), [] as [&str; 0]);
    assert_eq!(
        parts("100", &["0", "0"], Residue::LargestRemainder),
        ["0", "0"]
    );
    assert_eq!(
        parts("0", &["1/2", "1/2"], Residue::LargestRemainder),
        ["0", "0"]
    );
}

#[test]
fn a_negative_share_still_adds_up() {
    // 1.005 and -0.005: down 1.00 and 0.00, nothing to spare.
    assert_eq!(
        parts("1", &["1.005", "-0.005"], Residue::ToFirst),
        ["1", "0"]
    );
    // 0.10 * (0.55, -0.05, 0.5): 0.055, -0.005, 0.05; down 0.05, 0, 0.05; nothing to spare.
    let shares = ["0.55", "-0.05", "0.5"];
    assert_eq!(
        parts("0.1", &shares, Residue::LargestRemainder),
        ["0.05", "0", "0.05"]
    );
    // 0.01 * (-0.6, -0.6, 2.2): -0.006, -0.006, 0.022; down 0, 0, 0.02; a cent too many, taken
    // from the first of those who gained most.
    let shares = ["-0.6", "-0.6", "2.2"];
    assert_eq!(
        parts("0.01", &shares, Residue::LargestRemainder),
        ["-0.01", "0", "0.02"]
    );
}

fn scaled(whole: &str, claims: &[&str], residue: Option<Residue>) -> Vec<String> {
    let exact = |text: &str| Exact::parse(text).unwrap();
    let claims: Vec<Exact> = claims.iter().map(|claim| exact(claim)).collect();
    let parts = scaled_down(&exact(whole), &claims, &exact("0.01"), residue);
    parts.iter().map(Exact::to_plain).collect()
}

#[test]
fn claims_are_scaled_down_in_proportion() {
    // 100 of 150: two thirds of each 50 is 33.333…; a cent is left.
    let thirds = ["50", "50", "50"];
    assert_eq!(scaled("100", &thirds, None), ["33.33"; 3]);
    for residue in [
        Residue::ToLargest,
        Residue::ToFirst,
        Residue::LargestRemainder,
    ] {
        assert_eq!(
            scaled("100", &thirds, Some(residue)),
            ["33.34", "33.33", "33.33"]
        );
    }
    // 1.00 of 1.12 by 0.10, 0.51 and 0.51: 0.0892…, 0.4553… twice; down 0.08, 0.45, 0.45: two cents are left.
    let claims = ["0.1", "0.51", "0.51"];
    assert_eq!(
        scaled("1", &claims, Some(Residue::ToLargest)),
        ["0.08", "0.47", "0.45"]
    );
    assert_eq!(
        scaled("1", &claims, Some(Residue::ToFirst)),
        ["0.1", "0.45", "0.45"]
    );
    // The first lost 0.92 of a cent, the others 0.53: a cent each to the first and the second.
    assert_eq!(
        scaled("1", &claims, Some(Residue::LargestRemainder)),
        ["0.09", "0.46", "0.45"]
    );
}

/// Three claims of a cent, of which two are paid: nobody has more than the cent that they claim.
#[test]
fn nobody_is_paid_more_than_they_claim() {
    let cents = ["0.01", "0.01", "0.01"];
    for residue in [
        Residue::ToLargest,
        Residue::ToFirst,
        Residue::LargestRemainder,
    ] {
        assert_eq!(scaled("0.02", &cents, Some(residue)), ["0.01", "0.01", "0"]);
    }
    // Dust below a unit goes where the first spare unit goes.
    assert_eq!(
        scaled("0.025", &cents, Some(Residue::ToFirst)),
        ["0.01", "0.01", "0.005"]
    );
}

#[test]
fn one_part_has_what_the_others_leave() {
    let parts = |whole: &str, shares: &[&str], rounding: Option<&Rounding>, rest: usize| {
        let shares: Vec<Exact> = shares.iter().map(|share| n(share)).collect();
        let parts = cut(&n(whole), shares.iter(), rounding, rest);
        parts.iter().map(|part| part.to_plain()).collect::<Vec<_>>()
    };
    let thirds = ["1/3", "1/3", "1/3"];
    let down = to("0.01", Mode::Down);
    // A third of 100 is 33.333…
    assert_eq!(
        parts("100", &thirds, Some(&down), 2),
        ["33.33", "33.33", "33.34"]
    );
    assert_eq!(
        parts("100", &thirds, Some(&down), 0),
        ["33.34", "33.33", "33.33"]
    );
    assert_eq!(
        parts("-100", &thirds, Some(&down), 2),
        ["-33.33", "-33.33", "-33.34"]
    );
    // Up, the last has less.
    let up = to("0.01", Mode::Up);
    assert_eq!(
        parts("100", &thirds, Some(&up), 2),
        ["33.34", "33.34", "33.32"]
    );
    assert_eq!(
        parts("33.35", &["0.5", "0.5"], None, 1),
        ["16.675", "16.675"]
    );
    // What is no whole number of cents stays with the rest; one part is the whole.
    assert_eq!(
        parts("0.005", &["0.5", "0.5"], Some(&down), 1),
        ["0", "0.005"]
    );
    assert_eq!(parts("33.355", &["1"], Some(&down), 0), ["33.355"]);
}
