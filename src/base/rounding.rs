//! The only place where a number becomes another one, and the splits that always add up.
//!
//! Every mode acts on the distance from zero, so taking back a rounded payment gives exactly what
//! was paid. Floor and ceiling towards the infinities are absent: they make clawbacks drift.

use std::cmp::Ordering;

use super::decimal::Exact;

/// Which of the two neighbouring units a number goes to. All modes treat `-x` as the mirror of `x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// To the nearer unit; a tie goes away from zero.
    HalfUp,
    /// To the nearer unit; a tie goes to the even number of units.
    HalfEven,
    /// To the nearer unit; a tie goes towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
}

/// A unit (`0.01`, `1`, `1000`) and what happens between two of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rounding {
    /// What results are multiples of. Positive.
    pub unit: Exact,
    /// Which neighbour a number between two multiples goes to.
    pub mode: Mode,
}

/// Who gets the units that rounding each part down leaves over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Residue {
    /// All to the largest share; of equal ones to the first written.
    ToLargest,
    /// All to the first written.
    ToFirst,
    /// One unit each to those who lost most, equal ones in the order written.
    LargestRemainder,
}

impl Mode {
    /// Every mode, in the order of the reference.
    pub const ALL: &[Mode] = &[
        Mode::HalfUp,
        Mode::HalfEven,
        Mode::HalfDown,
        Mode::Up,
        Mode::Down,
    ];

    /// As plans write it: `half up`.
    pub fn words(self) -> &'static str {
        match self {
            Mode::HalfUp => "half up",
            Mode::HalfEven => "half even",
            Mode::HalfDown => "half down",
            Mode::Up => "up",
            Mode::Down => "down",
        }
    }

    /// The mode of these exact words.
    pub fn from_words(words: &str) -> Option<Mode> {
        Mode::ALL.iter().copied().find(|mode| mode.words() == words)
    }

    /// Whether the magnitude grows by one unit. `rest` is how the part beyond the last whole unit
    /// compares with half a unit; asked only when there is such a part.
    fn grows(self, rest: Ordering, odd: bool) -> bool {
        match self {
            Mode::HalfUp => rest != Ordering::Less,
            Mode::HalfEven => rest == Ordering::Greater || (rest == Ordering::Equal && odd),
            Mode::HalfDown => rest == Ordering::Greater,
            Mode::Up => true,
            Mode::Down => false,
        }
    }
}

impl Rounding {
    /// The multiple of the unit that the mode chooses for `x`.
    ///
    /// # Panics
    /// When the unit is not positive; whoever reads a unit from a plan refuses that.
    pub fn round(&self, x: &Exact) -> Exact {
        let units = self.units(x);
        let fast = units
            .fraction()
            .and_then(|(num, den)| div_round(num, den, self.mode));
        let whole = fast.map_or_else(|| round_whole(&units, self.mode), |n| Exact::fixed(n, 1));
        whole * &self.unit
    }

    /// The same unit, towards zero.
    pub fn down(&self) -> Rounding {
        Rounding {
            unit: self.unit.clone(),
            mode: Mode::Down,
        }
    }

    /// Whether rounding would change nothing.
    ///
    /// # Panics
    /// When the unit is not positive.
    pub fn is_multiple(&self, x: &Exact) -> bool {
        self.units(x).is_whole()
    }

    fn units(&self, x: &Exact) -> Exact {
        let units = if self.unit.is_positive() {
            x.checked_div(&self.unit)
        } else {
            None
        };
        assert!(
            units.is_some(),
            "a rounding unit is positive, found {}",
            self.unit
        );
        units.unwrap_or_default()
    }
}

/// Rounds `numerator / denominator` to a whole number, for columns that keep amounts as units.
/// `None` when the denominator is not positive; every other quotient fits.
///
/// ```
/// use paycurve::base::{Mode, div_round};
/// assert_eq!(div_round(-5, 2, Mode::HalfUp), Some(-3));
/// ```
pub fn div_round(numerator: i128, denominator: i128, mode: Mode) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    if rest == 0 {
        return Some(whole);
    }
    // `|rest| < denominator <= i128::MAX`, so twice its magnitude fits a `u128`.
    let half = (rest.unsigned_abs() * 2).cmp(&denominator.unsigned_abs());
    // A rest means `denominator >= 2`, so `whole` is far from both ends.
    let step = if mode.grows(half, whole % 2 != 0) {
        numerator.signum()
    } else {
        0
    };
    Some(whole + step)
}

/// The same for numbers beyond the fast path, written with exact operations alone.
fn round_whole(x: &Exact, mode: Mode) -> Exact {
    let magnitude = x.abs();
    let whole = magnitude.floor();
    let rest = &magnitude - &whole;
    if rest.is_zero() {
        return x.clone();
    }
    let half = (&rest + &rest).cmp(&Exact::ONE);
    let odd = !(&whole * &Exact::fixed(1, 2)).is_whole();
    let rounded = if mode.grows(half, odd) {
        whole + Exact::ONE
    } else {
        whole
    };
    if x.is_negative() { -rounded } else { rounded }
}

/// Splits `whole` by `shares`, so that the parts add up to `whole * sum(shares)` exactly.
///
/// Each part is its exact share rounded down to the unit of `rounding`; only the unit is read,
/// because any other mode could hand out more than there is. The spare units go by `residue`, and so
/// does dust smaller than a unit (100.005 in cents), to the receiver of the first spare unit. Shares
/// need not sum to one. A negative whole splits as the mirror image of the positive one.
///
/// # Panics
/// When the unit is not positive.
pub fn split(whole: &Exact, shares: &[Exact], rounding: &Rounding, residue: Residue) -> Vec<Exact> {
    let down = rounding.down();
    let magnitude = whole.abs();
    let ideals: Vec<Exact> = shares.iter().map(|share| &magnitude * share).collect();
    let mut parts: Vec<Exact> = ideals.iter().map(|ideal| down.round(ideal)).collect();
    let total: Exact = ideals.iter().sum();
    let spare = &total - &parts.iter().sum::<Exact>();

    let order = match residue {
        Residue::ToLargest => largest_first(shares).into_iter().take(1).collect(),
        Residue::ToFirst => (0..shares.len().min(1)).collect(),
        Residue::LargestRemainder => {
            // Seen from the side of the spare amount: with a negative share among them, parts can
            // add up to too much, and then the units are taken from those who gained most.
            let lost = ideals.iter().zip(&parts).map(|(ideal, part)| ideal - part);
            let lost = if spare.is_negative() {
                lost.map(|x| -x).collect()
            } else {
                lost.collect::<Vec<_>>()
            };
            largest_first(&lost)
        }
    };
    hand_out(&mut parts, &order, &spare, &down.unit);

    assert_eq!(
        parts.iter().sum::<Exact>(),
        total,
        "a split must add up to what was split"
    );
    if whole.is_negative() {
        parts.into_iter().map(|part| -part).collect()
    } else {
        parts
    }
}

/// Cuts `whole` into parts by shares that together are one: each is rounded, but the one at `rest`, which has what the
/// others leave. Without a rounding every part is exact.
///
/// # Panics
/// When the unit is not positive, or the parts do not come to the whole.
pub fn cut<'s>(
    whole: &Exact,
    shares: impl Iterator<Item = &'s Exact>,
    rounding: Option<&Rounding>,
    rest: usize,
) -> Vec<Exact> {
    let exact = shares.map(|share| whole * share);
    let mut parts: Vec<Exact> = match rounding {
        Some(rounding) => exact.map(|part| rounding.round(&part)).collect(),
        None => exact.collect(),
    };
    let left = whole - &parts.iter().sum::<Exact>();
    if let Some(part) = parts.get_mut(rest) {
        *part += left;
    }
    assert_eq!(
        parts.iter().sum::<Exact>(),
        *whole,
        "parts come to what was cut"
    );
    parts
}

/// What claims are paid of `whole`, which is less than they come to together: each its part in proportion, rounded down
/// to `unit`. The spare goes by `residue` (to those with the largest claims first, to the first first, or a unit each to
/// those who lost most), to nobody beyond the claim; without one it stays.
///
/// # Panics
/// When the unit or a claim is not positive, when `whole` is negative, or when the claims come to less than `whole`.
pub fn scaled_down(
    whole: &Exact,
    claims: &[Exact],
    unit: &Exact,
    residue: Option<Residue>,
) -> Vec<Exact> {
    let sum: Exact = claims.iter().sum();
    assert!(
        !whole.is_negative() && *whole <= sum,
        "claims are scaled down"
    );
    assert!(claims.iter().all(Exact::is_positive), "claims are positive");
    let down = Rounding {
        unit: unit.clone(),
        mode: Mode::Down,
    };
    let ideals: Vec<Exact> = claims
        .iter()
        .map(|claim| (whole * claim).checked_div(&sum).unwrap_or_default())
        .collect();
    let mut parts: Vec<Exact> = ideals.iter().map(|ideal| down.round(ideal)).collect();
    let Some(residue) = residue else {
        return parts;
    };
    let mut left = whole - &parts.iter().sum::<Exact>();
    let order = match residue {
        Residue::ToLargest => largest_first(claims),
        Residue::ToFirst => (0..claims.len()).collect(),
        Residue::LargestRemainder => {
            let lost = ideals.iter().zip(&parts).map(|(ideal, part)| ideal - part);
            largest_first(&lost.collect::<Vec<_>>())
        }
    };
    while left.is_positive() {
        for at in &order {
            let (Some(part), Some(claim)) = (parts.get_mut(*at), claims.get(*at)) else {
                continue;
            };
            let room = claim - &*part;
            let more = match residue {
                Residue::LargestRemainder => room.min(unit.clone()),
                Residue::ToLargest | Residue::ToFirst => room,
            };
            let more = more.min(left.clone());
            *part += &more;
            left -= &more;
        }
    }
    parts
}

/// Places of `values` from the largest down, equal ones in the order written.
fn largest_first(values: &[Exact]) -> Vec<usize> {
    let mut order: Vec<(usize, &Exact)> = values.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| b.cmp(a));
    order.into_iter().map(|(at, _)| at).collect()
}

/// One unit each along `order` as long as whole units are left, then the rest to the first of it.
fn hand_out(parts: &mut [Exact], order: &[usize], spare: &Exact, unit: &Exact) {
    let step = if spare.is_negative() {
        -unit
    } else {
        unit.clone()
    };
    let mut left = spare.clone();
    for &at in order {
        if left.abs() < *unit {
            break;
        }
        if let Some(part) = parts.get_mut(at) {
            *part += &step;
            left -= &step;
        }
    }
    if let Some(part) = order.first().and_then(|&at| parts.get_mut(at)) {
        *part += left;
    }
}
