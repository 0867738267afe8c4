//! Laws of numbers, checked against a second arithmetic that shares nothing with the first: pairs of
//! big integers, never reduced, rounded by the textbook definitions. Numbers written by hand are in
//! `src/base/tests/`.

use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use num_bigint::{BigInt, Sign};
use paycurve::base::{Decimal, Exact, Mode, Residue, Rounding, div_round, natural_cmp, split};
use proptest::prelude::*;

/// The oracle: numerator and positive denominator.
#[derive(Clone, Debug)]
struct Pair(BigInt, BigInt);

impl Pair {
    fn new(num: impl Into<BigInt>, den: impl Into<BigInt>) -> Pair {
        let (num, den) = (num.into(), den.into());
        if den.sign() == Sign::Minus {
            Pair(-num, -den)
        } else {
            Pair(num, den)
        }
    }

    fn of(x: &Exact) -> Pair {
        let (num, den) = x.parts();
        Pair(num.parse().unwrap(), den.parse().unwrap())
    }

    fn add(&self, b: &Pair) -> Pair {
        Pair(&self.0 * &b.1 + &b.0 * &self.1, &self.1 * &b.1)
    }

    fn sub(&self, b: &Pair) -> Pair {
        Pair(&self.0 * &b.1 - &b.0 * &self.1, &self.1 * &b.1)
    }

    fn mul(&self, b: &Pair) -> Pair {
        Pair(&self.0 * &b.0, &self.1 * &b.1)
    }

    fn div(&self, b: &Pair) -> Pair {
        Pair::new(&self.0 * &b.1, &self.1 * &b.0)
    }

    fn cmp(&self, b: &Pair) -> Ordering {
        (&self.0 * &b.1).cmp(&(&b.0 * &self.1))
    }

    fn is_zero(&self) -> bool {
        self.0.sign() == Sign::NoSign
    }

    /// Towards minus infinity; `BigInt` division goes towards zero.
    fn floor(&self) -> BigInt {
        let towards_zero = &self.0 / &self.1;
        let exact = &towards_zero * &self.1 == self.0;
        if exact || self.0.sign() != Sign::Minus {
            towards_zero
        } else {
            towards_zero - 1
        }
    }

    fn ceiling(&self) -> BigInt {
        -Pair(-&self.0, self.1.clone()).floor()
    }

    /// By definition on the magnitude: half up is floor(x + 1/2), half down ceiling(x - 1/2).
    fn round(&self, mode: Mode) -> BigInt {
        let magnitude = Pair(BigInt::from(self.0.magnitude().clone()), self.1.clone());
        let half = Pair::new(1, 2);
        let (up, down) = (magnitude.add(&half).floor(), magnitude.sub(&half).ceiling());
        let units = match mode {
            Mode::HalfUp => up,
            Mode::HalfDown => down,
            Mode::HalfEven if &up % 2 == BigInt::ZERO => up,
            Mode::HalfEven => down,
            Mode::Up => magnitude.ceiling(),
            Mode::Down => magnitude.floor(),
        };
        if self.0.sign() == Sign::Minus {
            -units
        } else {
            units
        }
    }
}

fn same(x: &Exact, expected: &Pair) -> Result<(), TestCaseError> {
    let found = Pair::of(x);
    prop_assert!(found.1.sign() == Sign::Plus, "denominator of {x}");
    prop_assert!(
        found.cmp(expected) == Ordering::Equal,
        "found {x}, expected {expected:?}"
    );
    // In lowest terms: the greatest common divisor by Euclid is one.
    let (mut a, mut b) = (found.0.clone(), found.1.clone());
    while b.sign() != Sign::NoSign {
        (a, b) = (b.clone(), &a % &b);
    }
    prop_assert!(
        a == BigInt::from(1) || a == BigInt::from(-1),
        "{x} is not in lowest terms"
    );
    Ok(())
}

/// Cents, rates, counts, odd fractions, and the ends of `i128`, where the fast path gives up.
fn raw() -> impl Strategy<Value = (i128, i128)> {
    let power = (0_u32..=38).prop_map(|e| 10_i128.pow(e));
    let edge = prop_oneof![
        (0_i128..4).prop_map(|d| i128::MAX - d),
        (0_i128..4).prop_map(|d| i128::MIN + d),
        (62_u32..127).prop_map(|e| 1 << e),
        (62_u32..127).prop_map(|e| -(1 << e)),
        any::<i128>(),
    ];
    let edge_den = prop_oneof![
        (0_i128..4).prop_map(|d| i128::MAX - d),
        (62_u32..127).prop_map(|e| 1 << e),
        1_i128..=i128::MAX,
    ];
    prop_oneof![
        3 => (-10_000_000_i128..10_000_000, Just(100)),
        2 => (-1000_i128..1000, Just(1)),
        2 => (-100_000_i128..100_000, Just(10_000)),
        3 => (any::<i64>().prop_map(i128::from), 1_i128..1000),
        2 => (any::<i64>().prop_map(i128::from), power),
        1 => (edge.clone(), 1_i128..100),
        1 => (-100_i128..100, edge_den.clone()),
        1 => (edge, edge_den),
    ]
}

fn number() -> impl Strategy<Value = (Exact, Pair)> {
    raw().prop_map(|(num, den)| (Exact::fixed(num, den), Pair::new(num, den)))
}

fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(Mode::ALL)
}

fn unit() -> impl Strategy<Value = (Exact, Pair)> {
    let units = vec![
        (1, 100),
        (1, 1),
        (5, 100),
        (1000, 1),
        (1, 1000),
        (1, 3),
        (1, i128::MAX),
    ];
    prop::sample::select(units).prop_map(|(num, den)| (Exact::fixed(num, den), Pair::new(num, den)))
}

fn hash(x: &Exact) -> u64 {
    let mut hasher = DefaultHasher::new();
    x.hash(&mut hasher);
    hasher.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn one_operation((a, pa) in number(), (b, pb) in number()) {
        same(&a, &pa)?;
        same(&(&a + &b), &pa.add(&pb))?;
        same(&(&a - &b), &pa.sub(&pb))?;
        same(&(&a * &b), &pa.mul(&pb))?;
        same(&-&a, &Pair::new(0, 1).sub(&pa))?;
        match a.checked_div(&b) {
            Some(quotient) => same(&quotient, &pa.div(&pb))?,
            None => prop_assert!(pb.is_zero()),
        }
        prop_assert_eq!(a.cmp(&b), pa.cmp(&pb));
        prop_assert_eq!(a == b, pa.cmp(&pb) == Ordering::Equal);
        prop_assert_eq!(a.is_negative(), pa.0.sign() == Sign::Minus);
        prop_assert_eq!(a.is_positive(), pa.0.sign() == Sign::Plus);
        prop_assert_eq!(a.is_zero(), pa.is_zero());
        same(&a.floor(), &Pair::new(pa.floor(), 1))?;
        prop_assert_eq!(a.is_whole(), pa.floor() == pa.ceiling());
    }

    /// Long chains leave the fast path and come back; undoing them gives the start again.
    #[test]
    fn a_chain_and_its_undoing((start, pair) in number(), steps in prop::collection::vec((0..4_u8, number()), 1..25)) {
        let (mut x, mut p) = (start.clone(), pair);
        for (operation, (b, pb)) in &steps {
            (x, p) = match operation {
                0 => (x + b, p.add(pb)),
                1 => (x - b, p.sub(pb)),
                _ if b.is_zero() => (x, p),
                2 => (x * b, p.mul(pb)),
                _ => (x.checked_div(b).unwrap(), p.div(pb)),
            };
        }
        same(&x, &p)?;
        for (operation, (b, _)) in steps.iter().rev() {
            x = match operation {
                0 => x - b,
                1 => x + b,
                _ if b.is_zero() => x,
                2 => x.checked_div(b).unwrap(),
                _ => x * b,
            };
        }
        prop_assert_eq!(&x, &start);
        prop_assert_eq!(hash(&x), hash(&start));
        prop_assert_eq!(x.small_parts().is_some(), true);
    }

    #[test]
    fn a_sum_has_no_order(mut amounts in prop::collection::vec(number(), 0..40)) {
        let forward: Exact = amounts.iter().map(|(x, _)| x).sum();
        amounts.reverse();
        let backward: Exact = amounts.iter().map(|(x, _)| x.clone()).sum();
        prop_assert_eq!(&forward, &backward);
        let oracle = amounts.iter().fold(Pair::new(0, 1), |sum, (_, p)| sum.add(p));
        same(&forward, &oracle)?;
    }

    #[test]
    fn rounding_is_the_textbook_one((x, p) in number(), (unit, pu) in unit(), mode in mode()) {
        let rounding = Rounding { unit: unit.clone(), mode };
        let rounded = rounding.round(&x);
        same(&rounded, &Pair::new(p.div(&pu).round(mode), 1).mul(&pu))?;
        prop_assert_eq!(rounding.round(&-&x), -&rounded);
        prop_assert_eq!(rounding.round(&rounded), rounded.clone());
        prop_assert!(rounding.is_multiple(&rounded));
        prop_assert_eq!(rounding.is_multiple(&x), rounded == x);
        prop_assert!((&rounded - &x).abs() < unit);
    }

    /// Half cents of both signs, where the modes differ, and their neighbours.
    #[test]
    fn ties(cents in -1_000_000_i128..1_000_000, beside in -1_i128..=1, mode in mode()) {
        let thousandths_of_a_cent = cents * 1000 + 500 + beside;
        let x = Exact::fixed(thousandths_of_a_cent, 100_000);
        let expected = Pair::new(thousandths_of_a_cent, 1000).round(mode);
        let rounded = Rounding { unit: Exact::fixed(1, 100), mode }.round(&x);
        prop_assert_eq!(rounded.to_units(100).map(BigInt::from), Some(expected.clone()));
        prop_assert_eq!(div_round(thousandths_of_a_cent, 1000, mode).map(BigInt::from), Some(expected));
    }

    #[test]
    fn fixed_lanes_round_alike((num, den) in raw(), mode in mode()) {
        let expected = Pair::new(num, den).round(mode);
        prop_assert_eq!(div_round(num, den, mode).map(BigInt::from), Some(expected));
    }

    #[test]
    fn texts_say_the_number((x, p) in number(), places in 0_u32..45) {
        let scale = BigInt::from(10).pow(places);
        let units = Pair::new(&p.0 * &scale, p.1.clone()).round(Mode::HalfUp);
        let text = x.to_text(places);
        prop_assert_eq!(text.replace('.', "").parse::<BigInt>().unwrap(), units);
        let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
        prop_assert_eq!(decimals, usize::try_from(places).unwrap());
        prop_assert_eq!(x.to_grouped(places).replace(',', ""), text);

        let plain = x.to_plain();
        let read = match plain.split_once('/') {
            Some((num, den)) => Pair(num.parse().unwrap(), den.parse().unwrap()),
            None => {
                let places = plain.split_once('.').map_or(0, |(_, part)| part.len());
                let scale = BigInt::from(10).pow(u32::try_from(places).unwrap());
                Pair(plain.replace('.', "").parse().unwrap(), scale)
            }
        };
        same(&x, &read)?;
    }

    #[test]
    fn decimals_and_units_lose_nothing((x, p) in number(), den in prop::sample::select(vec![1_i128, 100, 10_000, 7])) {
        if let Some(decimal) = x.to_decimal() {
            prop_assert_eq!(Exact::from_decimal(decimal), x.clone());
        }
        let scaled = p.mul(&Pair::new(den, 1));
        let whole = (scaled.floor() == scaled.ceiling()).then(|| scaled.floor());
        let expected = whole.and_then(|units| i128::try_from(units).ok());
        prop_assert_eq!(x.to_units(den), expected);
        if let Some(units) = expected {
            prop_assert_eq!(Exact::fixed(units, den), x);
        }
    }

    #[test]
    fn what_is_parsed_can_be_stored(digits in "-?[0-9]{1,14}(\\.[0-9]{1,14})?") {
        let x = Exact::parse(&digits).unwrap();
        prop_assert_eq!(Exact::from_decimal(x.to_decimal().unwrap()), x.clone());
        prop_assert_eq!(Exact::parse(&x.to_plain()), Ok(x));
    }

    #[test]
    fn parse_never_panics(text in "\\PC{0,40}") {
        let _ = Exact::parse(&text);
    }

    #[test]
    fn natural_order_is_total(ids in prop::collection::vec("[D0-2-]{0,5}", 3)) {
        let [a, b, c] = &ids[..] else { unreachable!() };
        prop_assert_eq!(natural_cmp(a, b), natural_cmp(b, a).reverse());
        prop_assert_eq!(natural_cmp(a, b) == Ordering::Equal, a == b);
        if natural_cmp(a, b).is_le() && natural_cmp(b, c).is_le() {
            prop_assert!(natural_cmp(a, c).is_le());
        }
    }
}

const RESIDUES: [Residue; 3] = [
    Residue::ToLargest,
    Residue::ToFirst,
    Residue::LargestRemainder,
];

/// Weights and what they make of one: shares that sum to exactly one.
fn shares() -> impl Strategy<Value = Vec<Exact>> {
    prop::collection::vec(0_i128..50, 1..9).prop_map(|weights| {
        let total = weights.iter().sum::<i128>().max(1);
        weights
            .iter()
            .map(|weight| Exact::fixed(*weight, total))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_split_adds_up((whole, _) in number(), shares in shares(), (unit, _) in unit(), residue in prop::sample::select(&RESIDUES[..])) {
        let rounding = Rounding { unit: unit.clone(), mode: Mode::Down };
        let parts = split(&whole, &shares, &rounding, residue);
        prop_assert_eq!(parts.len(), shares.len());
        let sum_of_shares: Exact = shares.iter().sum();
        prop_assert_eq!(parts.iter().sum::<Exact>(), &whole * &sum_of_shares);

        let mirrored = split(&-&whole, &shares, &rounding, residue);
        prop_assert_eq!(mirrored, parts.iter().map(|part| -part).collect::<Vec<_>>());

        // Only the receiver of the dust may hold a part of a unit; nobody gets less than the share
        // rounded down, and whoever is not the one receiver gets at most a unit more.
        let broken = parts.iter().filter(|part| !rounding.is_multiple(part)).count();
        prop_assert!(broken <= 1);
        let gains = parts.iter().zip(&shares).map(|(part, share)| {
            part.abs() - rounding.round(&(&whole * share)).abs()
        }).collect::<Vec<_>>();
        prop_assert!(gains.iter().all(|gain| !gain.is_negative()));
        let limit = match residue {
            Residue::LargestRemainder => shares.len(),
            _ => 1,
        };
        prop_assert!(gains.iter().filter(|gain| !gain.is_zero()).count() <= limit);
        if residue == Residue::LargestRemainder {
            let two = &unit + &unit;
            prop_assert!(gains.iter().all(|gain| *gain < two));
        }
    }

    /// Every spare unit goes to somebody who lost at least as much as everybody without one.
    #[test]
    fn the_largest_remainders_come_first(cents in 0_i128..100_000, shares in shares()) {
        let whole = Exact::fixed(cents, 100);
        let rounding = Rounding { unit: Exact::fixed(1, 100), mode: Mode::Down };
        let parts = split(&whole, &shares, &rounding, Residue::LargestRemainder);
        let lost = |at: usize| {
            let ideal = &whole * &shares[at];
            &ideal - &rounding.round(&ideal)
        };
        for (winner, part) in parts.iter().enumerate() {
            if *part == rounding.round(&(&whole * &shares[winner])) {
                continue;
            }
            for (loser, part) in parts.iter().enumerate() {
                if *part == rounding.round(&(&whole * &shares[loser])) {
                    prop_assert!(lost(winner) > lost(loser) || (lost(winner) == lost(loser) && winner < loser));
                }
            }
        }
    }
}

/// The measurements of `docs/decisions/0001-exact-fractions.md`. If one of them fails after an
/// update, the library has changed and the page wants another look.
#[test]
fn why_decimals_stay_at_the_edges() {
    let d = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(
        d("1") / d("3") * d("3"),
        d("0.9999999999999999999999999999")
    );
    assert_ne!(d("100000") / d("300000") * d("300000"), d("100000"));
    let product = d("1.000000000000000001").checked_mul(d("1.000000000000000001"));
    assert_eq!(product, Some(d("1.000000000000000002")));
    let long = d("9999999999999999999999999999");
    assert_eq!(long.checked_add(d("0.0001")), Some(long));
}
