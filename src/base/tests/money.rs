use super::n;
use crate::base::{Currency, CurrencyMismatch, Exact, Money, currency_table};

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

#[test]
fn the_table_is_in_order_of_code() {
    for pair in currency_table().windows(2) {
        assert!(pair[0].0 < pair[1].0, "{pair:?}");
    }
    for (code, minor_units) in currency_table() {
        assert_eq!(currency(code).code(), *code);
        assert_eq!(currency(code).minor_units(), *minor_units);
        assert!([0, 2, 3, 4].contains(minor_units), "{code}");
        assert!(
            code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()),
            "{code}"
        );
    }
    assert!(currency("EUR") < currency("USD"));
}

#[test]
fn minor_units_of_a_few() {
    for (code, minor) in [
        ("USD", 2),
        ("EUR", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("CLF", 4),
        ("ISK", 0),
    ] {
        assert_eq!(currency(code).minor_units(), minor, "{code}");
        let unit = currency(code).minor_unit();
        assert_eq!(unit * Exact::int(10_i64.pow(minor)), Exact::ONE, "{code}");
    }
    for code in ["usd", "US", "USDD", "", "XXX", "XAU", "HRK", "ÜSD"] {
        assert_eq!(Currency::from_code(code), None, "{code}");
    }
}

#[test]
fn near_codes() {
    for (typed, meant) in [
        ("usd", "USD"),
        (" Eur ", "EUR"),
        ("UDS", "USD"),
        ("US$", "USD"),
        ("EURO", "EUR"),
        ("GPB", "GBP"),
        ("JP", "JPY"),
        ("CHFF", "CHF"),
        ("JYP", "JPY"),
    ] {
        assert_eq!(Currency::near(typed), Some(currency(meant)), "{typed}");
    }
    for typed in ["", "$", "dollars", "QQQ", "percent"] {
        assert_eq!(Currency::near(typed), None, "{typed}");
    }
}

#[test]
fn amounts_print_as_people_write_them() {
    for (amount, code, text) in [
        ("27600", "USD", "27,600.00 USD"),
        ("-1234.5", "EUR", "-1,234.50 EUR"),
        ("27600", "JPY", "27,600 JPY"),
        ("0.5", "JPY", "0.5 JPY"),
        ("1.5", "KWD", "1.500 KWD"),
        ("126.666", "USD", "126.666 USD"),
        ("126.6666667", "USD", "≈126.666667 USD"),
        ("380/3", "USD", "≈126.666667 USD"),
        ("-380/3", "USD", "≈-126.666667 USD"),
        ("0", "USD", "0.00 USD"),
    ] {
        assert_eq!(Money::new(n(amount), currency(code)).to_string(), text);
    }
}

#[test]
fn currencies_do_not_mix() {
    let (usd, eur) = (currency("USD"), currency("EUR"));
    let (a, b) = (Money::new(n("0.1"), usd), Money::new(n("0.2"), usd));
    assert_eq!(a.checked_add(&b), Ok(Money::new(n("0.3"), usd)));
    assert_eq!(a.checked_sub(&b), Ok(Money::new(n("-0.1"), usd)));
    let fault = CurrencyMismatch {
        left: usd,
        right: eur,
    };
    assert_eq!(a.checked_add(&Money::new(n("0"), eur)), Err(fault));
    assert_eq!(
        fault.to_string(),
        "USD and EUR do not add up without a rate and a date"
    );
}
