//! An amount with its currency. There is no conversion here: a rate has a date and an owner, and
//! both are above this floor.

use std::fmt;

use super::decimal::Exact;

/// A currency of ISO 4217. One that exists is in the table, so it has a code and minor units.
/// Ordered by code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u8);

/// An exact amount of one currency.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Money {
    /// How much; exact, so not necessarily a whole number of minor units.
    pub amount: Exact,
    /// Of what.
    pub currency: Currency,
}

/// Two currencies met where one was needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencyMismatch {
    /// The currency of the amount on the left.
    pub left: Currency,
    /// The currency of the amount on the right.
    pub right: Currency,
}

/// Decimal places an amount may show before it is printed as an approximation.
const MAX_PLACES: u32 = 6;

impl Currency {
    /// The currency of a three-letter code in capitals.
    pub fn from_code(code: &str) -> Option<Currency> {
        let at = TABLE
            .binary_search_by(|(known, _)| (*known).cmp(code))
            .ok()?;
        u8::try_from(at).ok().map(Currency)
    }

    /// `USD`.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// How many decimal places its smallest unit has: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn minor_units(self) -> u32 {
        self.row().1
    }

    /// Its smallest amount: 0.01 for USD, 1 for JPY, 0.001 for KWD.
    pub fn minor_unit(self) -> Exact {
        Exact::fixed(1, 10_i128.pow(self.minor_units()))
    }

    /// Whether an amount is a whole number of minor units.
    pub fn is_whole(self, amount: &Exact) -> bool {
        amount.to_units(10_i128.pow(self.minor_units())).is_some()
    }

    /// The currency somebody probably meant by a code that is none: `usd`, `US$`, `UDS`, `EURO`.
    /// Of several that are equally near, the one in wider use.
    pub fn near(code: &str) -> Option<Currency> {
        let code: Vec<char> = code.trim().to_uppercase().chars().take(5).collect();
        let common = COMMON.iter().filter_map(|code| Currency::from_code(code));
        let all = TABLE
            .iter()
            .filter_map(|(code, _)| Currency::from_code(code));
        let candidates: Vec<Currency> = common.chain(all).collect();
        let at = |limit: u8| {
            candidates.iter().copied().find(|known| {
                let known: Vec<char> = known.code().chars().collect();
                slips(&code, &known) == Some(limit)
            })
        };
        at(0).or_else(|| at(1))
    }

    fn row(self) -> (&'static str, u32) {
        TABLE
            .get(usize::from(self.0))
            .copied()
            .unwrap_or(("XXX", 2))
    }
}

impl Money {
    /// `amount` of `currency`.
    pub fn new(amount: Exact, currency: Currency) -> Money {
        Money { amount, currency }
    }

    /// The sum, when both are of one currency.
    pub fn checked_add(&self, other: &Money) -> Result<Money, CurrencyMismatch> {
        self.same_currency(other)?;
        Ok(Money::new(&self.amount + &other.amount, self.currency))
    }

    /// The difference, when both are of one currency.
    pub fn checked_sub(&self, other: &Money) -> Result<Money, CurrencyMismatch> {
        self.same_currency(other)?;
        Ok(Money::new(&self.amount - &other.amount, self.currency))
    }

    fn same_currency(&self, other: &Money) -> Result<(), CurrencyMismatch> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(CurrencyMismatch {
            left: self.currency,
            right: other.currency,
        })
    }
}

/// Every currency with its minor units, by code.
pub fn currency_table() -> &'static [(&'static str, u32)] {
    TABLE
}

/// 0 for equal, 1 for one slip of the pen (a wrong, missing, extra or swapped letter).
fn slips(typed: &[char], known: &[char]) -> Option<u8> {
    if typed == known {
        return Some(0);
    }
    let same = typed.iter().zip(known).take_while(|(a, b)| a == b).count();
    let (typed, known) = (typed.get(same..)?, known.get(same..)?);
    let one = match (typed, known) {
        ([a, b, rest @ ..], [c, d, end @ ..]) if a == d && b == c && rest == end => true,
        ([_, rest @ ..], [_, end @ ..]) if rest == end => true,
        ([_, rest @ ..], end) if rest == end => true,
        (rest, [_, end @ ..]) if rest == end => true,
        _ => false,
    };
    one.then_some(1)
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Money {
    /// `27,600.00 USD`: the places of the currency, more (up to six) where the exact amount has
    /// them, and `≈126.666667 USD` where even those do not hold it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minor = self.currency.minor_units();
        let text = match self.amount.places() {
            Some(places) if places <= MAX_PLACES => self.amount.to_grouped(places.max(minor)),
            _ => format!("≈{}", self.amount.to_grouped(MAX_PLACES)),
        };
        f.pad(&format!("{text} {}", self.currency))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

impl fmt::Display for CurrencyMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} and {} do not add up without a rate and a date",
            self.left, self.right
        )
    }
}

impl std::error::Error for CurrencyMismatch {}

/// Offered first when a code is misspelled.
const COMMON: &[&str] = &[
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "CNY", "INR", "SEK",
];

/// ISO 4217, active codes with minor units, in order of code. Without the metals, `XDR` and the
/// test codes, which have none. `BGN` left the list on 2026-01-01 and stays here as long as plans of
/// the year before are settled.
#[rustfmt::skip]
const TABLE: &[(&str, u32)] = &[
    ("AED", 2), ("AFN", 2), ("ALL", 2), ("AMD", 2), ("AOA", 2), ("ARS", 2), ("AUD", 2), ("AWG", 2),
    ("AZN", 2), ("BAM", 2), ("BBD", 2), ("BDT", 2), ("BGN", 2), ("BHD", 3), ("BIF", 0), ("BMD", 2),
    ("BND", 2), ("BOB", 2), ("BOV", 2), ("BRL", 2), ("BSD", 2), ("BTN", 2), ("BWP", 2), ("BYN", 2),
    ("BZD", 2), ("CAD", 2), ("CDF", 2), ("CHE", 2), ("CHF", 2), ("CHW", 2), ("CLF", 4), ("CLP", 0),
    ("CNY", 2), ("COP", 2), ("COU", 2), ("CRC", 2), ("CUP", 2), ("CVE", 2), ("CZK", 2), ("DJF", 0),
    ("DKK", 2), ("DOP", 2), ("DZD", 2), ("EGP", 2), ("ERN", 2), ("ETB", 2), ("EUR", 2), ("FJD", 2),
    ("FKP", 2), ("GBP", 2), ("GEL", 2), ("GHS", 2), ("GIP", 2), ("GMD", 2), ("GNF", 0), ("GTQ", 2),
    ("GYD", 2), ("HKD", 2), ("HNL", 2), ("HTG", 2), ("HUF", 2), ("IDR", 2), ("ILS", 2), ("INR", 2),
    ("IQD", 3), ("IRR", 2), ("ISK", 0), ("JMD", 2), ("JOD", 3), ("JPY", 0), ("KES", 2), ("KGS", 2),
    ("KHR", 2), ("KMF", 0), ("KPW", 2), ("KRW", 0), ("KWD", 3), ("KYD", 2), ("KZT", 2), ("LAK", 2),
    ("LBP", 2), ("LKR", 2), ("LRD", 2), ("LSL", 2), ("LYD", 3), ("MAD", 2), ("MDL", 2), ("MGA", 2),
    ("MKD", 2), ("MMK", 2), ("MNT", 2), ("MOP", 2), ("MRU", 2), ("MUR", 2), ("MVR", 2), ("MWK", 2),
    ("MXN", 2), ("MXV", 2), ("MYR", 2), ("MZN", 2), ("NAD", 2), ("NGN", 2), ("NIO", 2), ("NOK", 2),
    ("NPR", 2), ("NZD", 2), ("OMR", 3), ("PAB", 2), ("PEN", 2), ("PGK", 2), ("PHP", 2), ("PKR", 2),
    ("PLN", 2), ("PYG", 0), ("QAR", 2), ("RON", 2), ("RSD", 2), ("RUB", 2), ("RWF", 0), ("SAR", 2),
    ("SBD", 2), ("SCR", 2), ("SDG", 2), ("SEK", 2), ("SGD", 2), ("SHP", 2), ("SLE", 2), ("SOS", 2),
    ("SRD", 2), ("SSP", 2), ("STN", 2), ("SVC", 2), ("SYP", 2), ("SZL", 2), ("THB", 2), ("TJS", 2),
    ("TMT", 2), ("TND", 3), ("TOP", 2), ("TRY", 2), ("TTD", 2), ("TWD", 2), ("TZS", 2), ("UAH", 2),
    ("UGX", 0), ("USD", 2), ("USN", 2), ("UYI", 0), ("UYU", 2), ("UYW", 4), ("UZS", 2), ("VED", 2),
    ("VES", 2), ("VND", 0), ("VUV", 0), ("WST", 2), ("XAD", 2), ("XAF", 0), ("XCD", 2), ("XCG", 2),
    ("XOF", 0), ("XPF", 0), ("YER", 2), ("ZAR", 2), ("ZMW", 2), ("ZWG", 2),
];
