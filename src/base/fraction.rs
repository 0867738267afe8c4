//! The fast path of [`super::Exact`]: a fraction of two `i128` that says so when it does not fit.
//!
//! Every operation is exact or `None`; what to do about `None` is decided in `decimal.rs`.

use std::cmp::Ordering;
use std::num::NonZero;

/// Invariant: `den` is positive. Not necessarily in lowest terms.
/// That zero is impossible as `den` lets an `Exact` take 32 bytes instead of 48.
#[derive(Clone, Copy)]
pub(super) struct Fraction {
    pub(super) num: i128,
    den: NonZero<i128>,
}

impl Fraction {
    /// A whole number. Widening `i64` to `i128` cannot lose anything.
    pub(super) const fn whole(value: i64) -> Fraction {
        const ONE: NonZero<i128> = match NonZero::new(1) {
            Some(one) => one,
            None => unreachable!(),
        };
        Fraction {
            num: value as i128,
            den: ONE,
        }
    }

    pub(super) fn new(num: i128, den: i128) -> Fraction {
        assert!(den > 0, "a denominator is positive, found {den}");
        let Some(den) = NonZero::new(den) else {
            unreachable!("positive, as asserted above")
        };
        Fraction { num, den }
    }

    pub(super) fn den(self) -> i128 {
        self.den.get()
    }

    /// In lowest terms.
    pub(super) fn reduced(self) -> Fraction {
        let den = self.den();
        if den == 1 {
            return self;
        }
        let common = gcd(self.num, den);
        Fraction::new(self.num / common, den / common)
    }

    pub(super) fn negated(self) -> Option<Fraction> {
        Some(Fraction {
            num: self.num.checked_neg()?,
            den: self.den,
        })
    }

    #[inline]
    pub(super) fn plus(self, other: Fraction) -> Option<Fraction> {
        if self.den == other.den {
            return Some(Fraction {
                num: self.num.checked_add(other.num)?,
                den: self.den,
            });
        }
        self.plus_unlike(other).or_else(|| self.plus_reduced(other))
    }

    fn plus_unlike(self, other: Fraction) -> Option<Fraction> {
        let (fine, coarse) = if self.den > other.den {
            (self, other)
        } else {
            (other, self)
        };
        // Cents and whole amounts, rates and cents: the finer denominator serves both, and sums
        // over many rows keep it instead of multiplying denominators without end.
        if let Some(times) = whole_quotient(fine.den(), coarse.den()) {
            let num = coarse.num.checked_mul(times)?.checked_add(fine.num)?;
            return Some(Fraction { num, den: fine.den });
        }
        let left = self.num.checked_mul(other.den())?;
        let right = other.num.checked_mul(self.den())?;
        Some(Fraction::new(
            left.checked_add(right)?,
            self.den().checked_mul(other.den())?,
        ))
    }

    /// The second try: lowest terms and the least common denominator.
    fn plus_reduced(self, other: Fraction) -> Option<Fraction> {
        let (a, b) = (self.reduced(), other.reduced());
        let common = gcd(a.den(), b.den());
        let (up_a, up_b) = (b.den() / common, a.den() / common);
        let num = a
            .num
            .checked_mul(up_a)?
            .checked_add(b.num.checked_mul(up_b)?)?;
        Some(Fraction::new(num, a.den().checked_mul(up_a)?))
    }

    #[inline]
    pub(super) fn times(self, other: Fraction) -> Option<Fraction> {
        self.times_as_is(other).or_else(|| {
            // The second try: everything that cancels is cancelled first.
            let (a, b) = (self.reduced(), other.reduced());
            let left = Fraction {
                num: a.num,
                den: b.den,
            }
            .reduced();
            let right = Fraction {
                num: b.num,
                den: a.den,
            }
            .reduced();
            left.times_as_is(right)
        })
    }

    fn times_as_is(self, other: Fraction) -> Option<Fraction> {
        let num = self.num.checked_mul(other.num)?;
        Some(Fraction::new(num, self.den().checked_mul(other.den())?))
    }

    /// `None` also when `other` is zero.
    #[inline]
    pub(super) fn over(self, other: Fraction) -> Option<Fraction> {
        let sign = other.num.signum();
        let den = other.num.checked_abs().filter(|den| *den > 0)?;
        if self.den == other.den {
            return Some(Fraction::new(self.num.checked_mul(sign)?, den));
        }
        self.times(Fraction::new(other.den() * sign, den))
    }

    /// `None` when the cross products do not fit.
    #[inline]
    pub(super) fn compare(self, other: Fraction) -> Option<Ordering> {
        if self.den == other.den || self.num.signum() != other.num.signum() {
            return Some(self.num.cmp(&other.num));
        }
        let cross = |a: Fraction, b: Fraction| {
            let left = a.num.checked_mul(b.den())?;
            Some(left.cmp(&b.num.checked_mul(a.den())?))
        };
        cross(self, other).or_else(|| cross(self.reduced(), other.reduced()))
    }

    /// `|self| * 10^places`, rounded half up to a whole number.
    pub(super) fn magnitude(self, places: u32) -> Option<u128> {
        let scaled = self
            .num
            .unsigned_abs()
            .checked_mul(10_u128.checked_pow(places)?)?;
        let den = self.den().unsigned_abs();
        let (whole, rest) = (scaled / den, scaled % den);
        // `rest < den <= i128::MAX`, so doubling it fits; `whole` grows only where `den >= 2`.
        Some(if rest * 2 >= den { whole + 1 } else { whole })
    }

    /// How many decimal places hold the number; `None` unless the denominator in lowest terms is
    /// `2^a * 5^b`.
    pub(super) fn places(self) -> Option<u32> {
        let den = self.reduced().den();
        let twos = den.trailing_zeros();
        let (mut rest, mut fives) = (den >> twos, 0_u32);
        while rest % 5 == 0 {
            rest /= 5;
            fives += 1;
        }
        (rest == 1).then(|| twos.max(fives))
    }
}

/// `num` may be zero or negative, `den` is positive, so the result is positive and divides `den`.
/// Binary, because a 128-bit division costs more than a whole loop of shifts.
fn gcd(num: i128, den: i128) -> i128 {
    let (mut a, mut b) = (num.unsigned_abs(), den.unsigned_abs());
    if a == 0 {
        return den;
    }
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    i128::try_from(a << shift).unwrap_or(1)
}

/// `fine / coarse` when that is whole and cheap to find out.
fn whole_quotient(fine: i128, coarse: i128) -> Option<i128> {
    if coarse == 1 {
        return Some(fine);
    }
    let (fine, coarse) = (u64::try_from(fine).ok()?, u64::try_from(coarse).ok()?);
    fine.is_multiple_of(coarse)
        .then(|| i128::from(fine / coarse))
}
