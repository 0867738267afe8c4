use std::collections::HashSet;

use super::n;
use crate::base::{Exact, NumberFault};

const MAX: i128 = i128::MAX;

#[test]
fn a_third_three_times_is_one() {
    // rust_decimal: 0.9999999999999999999999999999.
    assert_eq!(n("1/3") * Exact::int(3), Exact::ONE);
}

#[test]
fn attainment_times_quota_is_the_base() {
    // 100,000 of 300,000 is a third of quota, and a third of 300,000 is 100,000 to the cent.
    let attainment = n("100000.00").checked_div(&n("300000.00")).unwrap();
    assert_eq!(attainment.parts(), ("1".into(), "3".into()));
    assert_eq!(attainment * n("300000.00"), n("100000"));
}

#[test]
fn a_product_of_eighteen_decimals_each_keeps_all_thirty_six() {
    // (1 + e)^2 = 1 + 2e + e^2 with e = 10^-18.
    let product = n("1.000000000000000001") * n("1.000000000000000001");
    assert_eq!(product.to_plain(), "1.000000000000000002000000000000000001");
    assert_eq!(product.to_decimal(), None);
}

#[test]
fn a_small_amount_is_not_lost_in_a_long_one() {
    let sum = n("9999999999999999999999999999") + n("0.0001");
    assert_eq!(sum.to_plain(), "9999999999999999999999999999.0001");
    assert_eq!(sum - n("9999999999999999999999999999"), n("0.0001"));
}

#[test]
fn beyond_i128_and_back() {
    let max = Exact::fixed(MAX, 1);
    let more = &max + Exact::ONE;
    // 2^127.
    assert_eq!(more.to_plain(), "170141183460469231731687303715884105728");
    assert_eq!(more.small_parts(), None);
    assert_eq!(&more - Exact::ONE, max);
    assert!((&more - Exact::ONE).small_parts().is_some());
    let square = &max * &max;
    assert_eq!(square.small_parts(), None);
    assert_eq!(square.checked_div(&max), Some(max.clone()));
    assert!(square > max && -&square < -&max);
    // -2^127 is the one number whose negation does not fit.
    let min = Exact::fixed(i128::MIN, 1);
    assert_eq!(-&min, more);
    assert_eq!(min.abs(), more);
    assert_eq!(-more, min);
    assert_eq!(min.checked_div(&Exact::int(-1)), Some(-&min));
    assert_eq!(Exact::ratio(i128::MIN, i128::MIN), Some(Exact::ONE));
    assert_eq!(Exact::ratio(1, i128::MIN), Exact::ONE.checked_div(&min));
}

#[test]
fn reduces_before_it_grows() {
    // The denominators multiply to 10^40, more than i128 holds, but everything cancels.
    let tiny = Exact::fixed(1, 10_i128.pow(20));
    let huge = Exact::fixed(10_i128.pow(38), 10_i128.pow(20));
    assert_eq!((&tiny * &huge).small_parts(), Some((1, 100)));
    assert_eq!(&tiny + &tiny, Exact::fixed(1, 5 * 10_i128.pow(19)));
    // 1/(2^100) + 1/(3*2^100): the product of the denominators does not fit, their lcm does.
    let (a, b) = (Exact::fixed(1, 1 << 100), Exact::fixed(1, 3 << 100));
    assert_eq!((a + b).small_parts(), Some((1, 3 << 98)));
}

#[test]
fn equal_numbers_are_one_key() {
    let keys: HashSet<Exact> = [n("1/2"), n("2/4"), n("0.5"), n("0.50"), n("-1/-2")]
        .into_iter()
        .collect();
    assert_eq!(keys.len(), 1);
    let big = Exact::fixed(MAX, 1) * Exact::fixed(MAX, 1);
    let keys: HashSet<Exact> = [big.clone(), big + Exact::ZERO].into_iter().collect();
    assert_eq!(keys.len(), 1);
}

#[test]
fn reads_plain_decimals_only() {
    for (text, plain) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("12.50", "12.5"),
        ("-0.07", "-0.07"),
        ("007", "7"),
        (
            "0.0000000000000000000000000001",
            "0.0000000000000000000000000001",
        ),
        (
            "9999999999999999999999999999",
            "9999999999999999999999999999",
        ),
        (
            "0000000000000000000000000000000000000000000000000000000001",
            "1",
        ),
    ] {
        let number = Exact::parse(text).unwrap();
        assert_eq!(number.to_plain(), plain, "{text}");
        assert_eq!(
            Exact::from_decimal(number.to_decimal().unwrap()),
            number,
            "{text}"
        );
    }
    assert_eq!(Exact::parse(""), Err(NumberFault::Empty));
    for text in [
        "-", ".", ".5", "5.", "-.5", "+5", "1e3", "1,000", "1_000", " 5", "5 ", "--5", "1.2.3",
        "1.-2", "٣", "0x10", "5%", "NaN", "inf", "1/3",
    ] {
        assert_eq!(Exact::parse(text), Err(NumberFault::NotANumber), "{text}");
    }
    for text in [
        "10000000000000000000000000000",
        "0.00000000000000000000000000001",
        "1.0000000000000000000000000000",
    ] {
        assert_eq!(
            Exact::parse(text),
            Err(NumberFault::TooManyDigits),
            "{text}"
        );
    }
}

#[test]
fn units_only_when_whole() {
    assert_eq!(n("12.50").to_units(100), Some(1250));
    assert_eq!(n("12.50").to_units(1000), Some(12500));
    assert_eq!(n("12.5").to_units(100), Some(1250));
    assert_eq!(n("12.505").to_units(100), None);
    assert_eq!(n("12.505").to_units(1), None);
    assert_eq!(n("-1/4").to_units(100), Some(-25));
    assert_eq!(n("1/3").to_units(100), None);
    assert_eq!(Exact::fixed(MAX, 1).to_units(100), None);
    assert_eq!(Exact::fixed(MAX, 3).to_units(300), None);
    assert_eq!(Exact::fixed(MAX, 200).to_units(100), None); // MAX is odd
    assert_eq!(
        Exact::fixed(MAX - 1, 200).to_units(100),
        Some((MAX - 1) / 2)
    );
}

#[test]
fn decimals_only_when_exact() {
    assert_eq!(n("1/8").to_decimal().unwrap().to_string(), "0.125");
    assert_eq!(n("300000").to_decimal().unwrap().to_string(), "300000");
    assert_eq!(n("1/3").to_decimal(), None);
    // 2^96 - 1 is the greatest mantissa.
    let most = Exact::fixed((1 << 96) - 1, 1);
    assert_eq!(
        most.to_decimal().unwrap().to_string(),
        "79228162514264337593543950335"
    );
    assert_eq!((most + Exact::ONE).to_decimal(), None);
    // 2^-29 needs 29 places.
    assert_eq!(Exact::fixed(1, 1 << 29).to_decimal(), None);
    assert_eq!(Exact::fixed(1, MAX).to_decimal(), None);
    assert_eq!(
        (Exact::fixed(MAX, 1) * Exact::fixed(MAX, 1)).to_decimal(),
        None
    );
}

#[test]
fn texts_for_people() {
    for (number, places, text, grouped) in [
        ("126.666", 2, "126.67", "126.67"),
        ("380/3", 2, "126.67", "126.67"),
        ("27600", 2, "27600.00", "27,600.00"),
        ("1234567.891", 0, "1234568", "1,234,568"),
        ("123456", 0, "123456", "123,456"),
        ("999", 0, "999", "999"),
        ("0.005", 2, "0.01", "0.01"),
        ("-0.005", 2, "-0.01", "-0.01"),
        ("-0.004", 2, "0.00", "0.00"),
        ("0.5", 0, "1", "1"),
        ("-1234.5", 1, "-1234.5", "-1,234.5"),
        ("0", 3, "0.000", "0.000"),
        ("9.99", 1, "10.0", "10.0"),
    ] {
        assert_eq!(n(number).to_text(places), text, "{number}");
        assert_eq!(n(number).to_grouped(places), grouped, "{number}");
    }
    // Places beyond the fast path: 1/3 with 45 threes.
    assert_eq!(n("1/3").to_text(45), format!("0.{}", "3".repeat(45)));
    let wide = Exact::fixed(10_i128.pow(38), 1);
    assert_eq!(wide.to_text(2), format!("1{}.00", "0".repeat(38)));
    assert_eq!(wide.to_grouped(0), format!("100{}", ",000".repeat(12)));
}

#[test]
fn plain_text_is_the_number_itself() {
    for (number, text) in [
        ("0.07", "0.07"),
        ("0.070", "0.07"),
        ("300000.00", "300000"),
        ("-2/6", "-1/3"),
        ("7/8", "0.875"),
        ("1/1024", "0.0009765625"),
        ("1/6", "1/6"),
    ] {
        assert_eq!(n(number).to_plain(), text);
        assert_eq!(format!("{}", n(number)), text);
        assert_eq!(format!("{:?}", n(number)), text);
    }
    // 2^-200 is 5^200 / 10^200: it ends, after 200 places.
    let half = n("1/2");
    let tiny = (0..200).fold(Exact::ONE, |x, _| x * &half);
    assert_eq!(tiny.places(), Some(200));
    assert_eq!(tiny.to_plain().len(), 202);
    assert_eq!((0..200).fold(tiny, |x, _| x * Exact::int(2)), Exact::ONE);
}

#[test]
fn whole_numbers() {
    for (number, floor) in [
        ("1.5", "1"),
        ("-1.5", "-2"),
        ("-2", "-2"),
        ("0", "0"),
        ("8/3", "2"),
    ] {
        assert_eq!(n(number).floor(), n(floor), "{number}");
    }
    let big = Exact::fixed(MAX, 1) * Exact::fixed(MAX, 1);
    assert_eq!((&big + n("1/3")).floor(), big);
    assert_eq!((-&big + n("1/3")).floor(), -&big);
    assert!(big.is_whole() && !(&big + n("1/3")).is_whole() && n("4/2").is_whole());
}

#[test]
fn signs_and_order() {
    assert!(n("-0.01").is_negative() && n("0.01").is_positive() && Exact::ZERO.is_zero());
    assert!(!Exact::ZERO.is_negative() && !Exact::ZERO.is_positive());
    assert!(n("2/3") < n("0.6667") && n("2/3") > n("0.6666") && n("-2/3") < n("2/3"));
    // The cross products are about 2^253; the difference is one part in 2^126.
    let (a, b) = (Exact::fixed(MAX - 1, MAX), Exact::fixed(MAX - 2, MAX - 1));
    assert!(b < a && a != b);
    assert_eq!(n("1").max(n("2")), n("2"));
    assert_eq!(n("1").min(n("-2")), n("-2"));
    assert_eq!(Exact::ONE.checked_div(&Exact::ZERO), None);
    assert_eq!(Exact::ratio(1, 0), None);
    assert_eq!([n("0.1"), n("0.2")].iter().sum::<Exact>(), n("0.3"));
}

#[test]
#[should_panic(expected = "a denominator is positive, found 0")]
fn a_fixed_denominator_is_ours() {
    let _ = Exact::fixed(1, 0);
}

#[test]
fn takes_32_bytes() {
    // Columns hold millions of these: a third fewer bytes than tag, numerator and denominator.
    assert_eq!(size_of::<Exact>(), 32);
}
