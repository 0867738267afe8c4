//! The exact number, and the only file that knows which libraries hold it.
//!
//! An [`Exact`] is a fraction. Almost every number of a commission run fits two `i128`, so that is
//! the fast path (`fraction.rs`); what does not fit moves to big integers and moves back as soon as
//! it fits again. Fractions are not kept in lowest terms: amounts in cents stay over 100, and adding
//! them is one integer addition. They are reduced when an operation would otherwise overflow.
//!
//! `rust_decimal` is the number of literals and files only. Its arithmetic rounds silently past 28
//! digits (`docs/decisions/0001-exact-fractions.md`), so none of it is used here.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::fraction::Fraction;

pub use rust_decimal::Decimal;

/// An exact fraction: never rounds, never overflows, compares by value (`1/2` equals `2/4`).
///
/// ```
/// use paycurve::base::Exact;
/// let third = Exact::ratio(1, 3).unwrap();
/// assert_eq!(third * Exact::int(3), Exact::ONE);
/// ```
#[derive(Clone)]
pub struct Exact(Repr);

/// Invariant: `Big` holds only what no [`Fraction`] can, so the two never mean the same number.
#[derive(Clone)]
enum Repr {
    Small(Fraction),
    Big(Box<BigRational>),
}

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// There is no text at all.
    Empty,
    /// Something other than digits with one optional minus and one optional point.
    NotANumber,
    /// More digits than a file of ours can hold exactly.
    TooManyDigits,
}

/// What a [`Decimal`] holds for certain, whichever digits they are; also its most decimal places.
const MAX_DIGITS: u32 = 28;

impl Exact {
    /// Nothing.
    pub const ZERO: Exact = Exact::int(0);
    /// One, or 100 %.
    pub const ONE: Exact = Exact::int(1);

    /// A whole number.
    pub const fn int(value: i64) -> Exact {
        Exact(Repr::Small(Fraction::whole(value)))
    }

    /// `units / denominator`, as fixed lanes keep amounts: `fixed(1250, 100)` is 12.50.
    ///
    /// # Panics
    /// When `denominator` is not positive: denominators are ours, never input.
    pub fn fixed(units: i128, denominator: i128) -> Exact {
        Exact(Repr::Small(Fraction::new(units, denominator)))
    }

    /// `numerator / denominator` with either sign; `None` when the denominator is zero.
    pub fn ratio(numerator: i128, denominator: i128) -> Option<Exact> {
        if denominator > 0 {
            return Some(Exact(Repr::Small(Fraction::new(numerator, denominator))));
        }
        let numerator = Exact(Repr::Small(Fraction::new(numerator, 1)));
        let denominator = Exact(Repr::Small(Fraction::new(denominator, 1)));
        numerator.checked_div(&denominator)
    }

    /// Reads a plain decimal: `-12.50`. No exponent, no separators, no plus sign, digits on both
    /// sides of a point, at most 28 digits from the first that is not zero and at most 28 after the
    /// point. What `parse` accepts, [`Exact::to_decimal`] can hold.
    pub fn parse(text: &str) -> Result<Exact, NumberFault> {
        if text.is_empty() {
            return Err(NumberFault::Empty);
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(part) {
            return Err(NumberFault::NotANumber);
        }
        let part = if digits.len() == whole.len() {
            ""
        } else {
            part
        };
        let significant = whole
            .bytes()
            .chain(part.bytes())
            .skip_while(|b| *b == b'0')
            .count();
        let limit = usize::try_from(MAX_DIGITS).unwrap_or(usize::MAX);
        if significant > limit || part.len() > limit {
            return Err(NumberFault::TooManyDigits);
        }
        let mut units = 0_i128;
        let mut denominator = 1_i128;
        for digit in whole.bytes().chain(part.bytes()) {
            units = units * 10 + i128::from(digit - b'0');
        }
        for _ in 0..part.len() {
            denominator *= 10;
        }
        Ok(Exact::fixed(
            if negative { -units } else { units },
            denominator,
        ))
    }

    /// The same number as files and programs hold it; `None` when that would lose a digit.
    pub fn to_decimal(&self) -> Option<Decimal> {
        let Repr::Small(fraction) = &self.0 else {
            return None;
        };
        let fraction = fraction.reduced();
        let places = fraction.places()?;
        if places > MAX_DIGITS {
            return None;
        }
        let factor = 10_i128.checked_pow(places)? / fraction.den();
        Decimal::try_from_i128_with_scale(fraction.num.checked_mul(factor)?, places).ok()
    }

    /// Every decimal is a fraction over a power of ten.
    pub fn from_decimal(decimal: Decimal) -> Exact {
        Exact::fixed(decimal.mantissa(), 10_i128.pow(decimal.scale()))
    }

    /// `self * denominator` when that is a whole number that fits: 12.50 in cents is 1250.
    pub fn to_units(&self, denominator: i128) -> Option<i128> {
        if let Repr::Small(fraction) = &self.0 {
            if fraction.den() == denominator {
                return Some(fraction.num);
            }
            if let Some(scaled) = fraction.num.checked_mul(denominator) {
                let (whole, rest) = (scaled / fraction.den(), scaled % fraction.den());
                return (rest == 0).then_some(whole);
            }
        }
        match (self * &Exact(Repr::Small(Fraction::new(denominator, 1)))).small_parts() {
            Some((units, 1)) => Some(units),
            _ => None,
        }
    }

    /// Numerator and denominator in lowest terms, as digits: the form for files, of any size.
    pub fn parts(&self) -> (String, String) {
        match &self.0 {
            Repr::Small(fraction) => {
                let fraction = fraction.reduced();
                (fraction.num.to_string(), fraction.den().to_string())
            }
            Repr::Big(big) => (big.numer().to_string(), big.denom().to_string()),
        }
    }

    /// Numerator and denominator in lowest terms, when both fit.
    pub fn small_parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small(fraction) => {
                let fraction = fraction.reduced();
                Some((fraction.num, fraction.den()))
            }
            Repr::Big(_) => None,
        }
    }

    /// Numerator and denominator as they happen to stand, without the cost of reducing them.
    pub(super) fn fraction(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small(fraction) => Some((fraction.num, fraction.den())),
            Repr::Big(_) => None,
        }
    }

    /// Exactly nothing.
    pub fn is_zero(&self) -> bool {
        matches!(&self.0, Repr::Small(fraction) if fraction.num == 0)
    }

    /// Below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(fraction) => fraction.num < 0,
            Repr::Big(big) => big.is_negative(),
        }
    }

    /// Above zero.
    pub fn is_positive(&self) -> bool {
        match &self.0 {
            Repr::Small(fraction) => fraction.num > 0,
            Repr::Big(big) => big.is_positive(),
        }
    }

    /// A whole number.
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Repr::Small(fraction) => fraction.num % fraction.den() == 0,
            Repr::Big(big) => big.is_integer(),
        }
    }

    /// The same distance from zero, not negative.
    pub fn abs(&self) -> Exact {
        if self.is_negative() {
            -self
        } else {
            self.clone()
        }
    }

    /// `self / by`, or `None` when `by` is zero. There is no `/` operator, because every division
    /// in a plan has to say what happens at zero.
    pub fn checked_div(&self, by: &Exact) -> Option<Exact> {
        if by.is_zero() {
            return None;
        }
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &by.0)
            && let Some(small) = a.over(*b)
        {
            return Some(Exact(Repr::Small(small)));
        }
        Some(Exact::from_big(&*self.to_big() / &*by.to_big()))
    }

    /// The greatest whole number that is not above `self`: -1.5 gives -2.
    pub fn floor(&self) -> Exact {
        match &self.0 {
            Repr::Small(fraction) => Exact(Repr::Small(Fraction::new(
                fraction.num.div_euclid(fraction.den()),
                1,
            ))),
            Repr::Big(big) => Exact::from_big(big.floor()),
        }
    }

    /// How many decimal places the number needs, or `None` when no number of places is enough.
    pub fn places(&self) -> Option<u32> {
        match &self.0 {
            Repr::Small(fraction) => fraction.places(),
            Repr::Big(big) => decimal_places_big(big.denom()),
        }
    }

    /// Half up at `places`, for people: `126.67`. Never for a value that is calculated with again.
    pub fn to_text(&self, places: u32) -> String {
        let digits = self.magnitude(places);
        let negative = self.is_negative() && digits.bytes().any(|b| b != b'0');
        let (whole, part) = point(&digits, places);
        join(negative, &whole, &part)
    }

    /// [`Exact::to_text`] with a comma after every third digit: `27,600.00`.
    pub fn to_grouped(&self, places: u32) -> String {
        let digits = self.magnitude(places);
        let negative = self.is_negative() && digits.bytes().any(|b| b != b'0');
        let (whole, part) = point(&digits, places);
        join(negative, &grouped(&whole), &part)
    }

    /// The number itself: the shortest decimal (`0.07`, `300000`), or `1/3` where none is exact.
    pub fn to_plain(&self) -> String {
        if let Some(places) = self.places() {
            return self.to_text(places);
        }
        let (numerator, denominator) = self.parts();
        format!("{numerator}/{denominator}")
    }

    /// The digits of `|self| * 10^places`, rounded half up to a whole number.
    fn magnitude(&self, places: u32) -> String {
        if let Repr::Small(fraction) = &self.0
            && let Some(digits) = fraction.magnitude(places)
        {
            return digits.to_string();
        }
        let big = self.to_big();
        let scaled = big.numer().magnitude() * BigUint::from(10_u32).pow(places);
        let (whole, rest) = scaled.div_rem(big.denom().magnitude());
        let up = rest * 2_u32 >= *big.denom().magnitude();
        (if up { whole + 1_u32 } else { whole }).to_string()
    }

    fn to_big(&self) -> Cow<'_, BigRational> {
        match &self.0 {
            Repr::Small(fraction) => {
                let fraction = fraction.reduced();
                Cow::Owned(BigRational::new_raw(
                    fraction.num.into(),
                    fraction.den().into(),
                ))
            }
            Repr::Big(big) => Cow::Borrowed(big),
        }
    }

    /// Back to the fast path as soon as it fits; equality and hashing rely on it.
    fn from_big(big: BigRational) -> Exact {
        match (big.numer().to_i128(), big.denom().to_i128()) {
            (Some(num), Some(den)) => Exact(Repr::Small(Fraction::new(num, den))),
            _ => Exact(Repr::Big(Box::new(big))),
        }
    }
}

fn decimal_places_big(den: &BigInt) -> Option<u32> {
    let twos = den.trailing_zeros().unwrap_or(0);
    let five = BigInt::from(5);
    let (mut rest, mut fives) = (den >> twos, 0_u64);
    loop {
        let (quotient, remainder) = rest.div_rem(&five);
        if !remainder.is_zero() {
            break;
        }
        rest = quotient;
        fives += 1;
    }
    if rest.is_one() {
        u32::try_from(twos.max(fives)).ok()
    } else {
        None
    }
}

/// Cuts digits into whole and decimal places, with at least one digit before the point.
fn point(digits: &str, places: u32) -> (String, String) {
    let places = usize::try_from(places).unwrap_or(usize::MAX);
    let padded = format!(
        "{}{digits}",
        "0".repeat((places + 1).saturating_sub(digits.len()))
    );
    let (whole, part) = padded.split_at(padded.len() - places);
    (whole.to_owned(), part.to_owned())
}

fn grouped(whole: &str) -> String {
    let mut text = String::with_capacity(whole.len() + whole.len() / 3);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn join(negative: bool, whole: &str, part: &str) -> String {
    let sign = if negative { "-" } else { "" };
    if part.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part}")
    }
}

impl Neg for &Exact {
    type Output = Exact;

    fn neg(self) -> Exact {
        if let Repr::Small(fraction) = &self.0
            && let Some(negated) = fraction.negated()
        {
            return Exact(Repr::Small(negated));
        }
        Exact::from_big(-self.to_big().into_owned())
    }
}

impl Add for &Exact {
    type Output = Exact;

    fn add(self, other: &Exact) -> Exact {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && let Some(sum) = a.plus(*b)
        {
            return Exact(Repr::Small(sum));
        }
        Exact::from_big(&*self.to_big() + &*other.to_big())
    }
}

impl Sub for &Exact {
    type Output = Exact;

    fn sub(self, other: &Exact) -> Exact {
        self + &-other
    }
}

impl Mul for &Exact {
    type Output = Exact;

    fn mul(self, other: &Exact) -> Exact {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && let Some(product) = a.times(*b)
        {
            return Exact(Repr::Small(product));
        }
        Exact::from_big(&*self.to_big() * &*other.to_big())
    }
}

/// The other three pairs of value and reference for one operator, and the form that assigns a value.
macro_rules! forward {
    ($($Op:ident $op:ident $OpAssign:ident $op_assign:ident)*) => { $(
        impl $Op for Exact {
            type Output = Exact;
            fn $op(self, other: Exact) -> Exact { (&self).$op(&other) }
        }
        impl $Op<&Exact> for Exact {
            type Output = Exact;
            fn $op(self, other: &Exact) -> Exact { (&self).$op(other) }
        }
        impl $Op<Exact> for &Exact {
            type Output = Exact;
            fn $op(self, other: Exact) -> Exact { self.$op(&other) }
        }
        impl $OpAssign for Exact {
            fn $op_assign(&mut self, other: Exact) { self.$op_assign(&other); }
        }
    )* };
}

forward! {
    Add add AddAssign add_assign
    Sub sub SubAssign sub_assign
    Mul mul MulAssign mul_assign
}

impl AddAssign<&Exact> for Exact {
    /// Totals over rows are the most frequent operation there is: on the fast path the sum is
    /// written in place, in a third of the time of making and storing a new number.
    fn add_assign(&mut self, other: &Exact) {
        if let (Repr::Small(a), Repr::Small(b)) = (&mut self.0, &other.0)
            && let Some(sum) = a.plus(*b)
        {
            *a = sum;
            return;
        }
        *self = &*self + other;
    }
}

impl SubAssign<&Exact> for Exact {
    fn sub_assign(&mut self, other: &Exact) {
        *self = &*self - other;
    }
}

impl MulAssign<&Exact> for Exact {
    fn mul_assign(&mut self, other: &Exact) {
        *self = &*self * other;
    }
}

impl Neg for Exact {
    type Output = Exact;

    fn neg(self) -> Exact {
        -&self
    }
}

impl std::iter::Sum for Exact {
    fn sum<I: Iterator<Item = Exact>>(items: I) -> Exact {
        items.fold(Exact::ZERO, |mut total, item| {
            total += item;
            total
        })
    }
}

impl<'a> std::iter::Sum<&'a Exact> for Exact {
    fn sum<I: Iterator<Item = &'a Exact>>(items: I) -> Exact {
        items.fold(Exact::ZERO, |mut total, item| {
            total += item;
            total
        })
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && let Some(order) = a.compare(*b)
        {
            return order;
        }
        self.to_big().cmp(&other.to_big())
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Exact) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl Hash for Exact {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Small(fraction) => {
                let fraction = fraction.reduced();
                (fraction.num, fraction.den()).hash(state);
            }
            Repr::Big(big) => (big.numer(), big.denom()).hash(state),
        }
    }
}

impl Default for Exact {
    fn default() -> Exact {
        Exact::ZERO
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Exact {
        Exact::int(value)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_plain())
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_plain())
    }
}

impl fmt::Display for NumberFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumberFault::Empty => "there is no number",
            NumberFault::NotANumber => "a number is digits, with one point at most: `1250.75`",
            NumberFault::TooManyDigits => "a number has at most 28 digits",
        })
    }
}

impl std::error::Error for NumberFault {}
