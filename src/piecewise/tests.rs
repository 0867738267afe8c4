//! Plan 2's table, by hand: quota 300,000; 4 / 8 / 12 / 10 % with edges at 150,000, 300,000 and 450,000.

use crate::base::{Cadence, Exact};
use crate::diag::SourceMap;
use crate::meaning::plan::{CreditId, PayId, QuotaId};
use crate::meaning::{Bindings, Checked, Plan, check};
use crate::piecewise::from_meaning::from;
use crate::piecewise::{Now, Start, next_line, of_pay, shape_lints};
use crate::syntax::ast::Window;
use crate::syntax::parse;

fn plan(how: &str, extra: &str) -> Checked<Plan> {
    let terms = include_str!("../../plans/tour/02-marginal/company.terms");
    let text = format!(
        "plan \"P\"\n  currency USD\n  effective 2026-01-01 through 2026-12-31\n  period quarter\n  payees role is \"AE\" for the days in the role\n  quota from quotas, one per payee per quarter\nuse \"company.terms\"\nmeasure attainment\n  value total bookings / quota\n  if quota is zero or missing hold this payout\ntiers t on attainment\n  | attainment | rate |\n  | under 50% | 4% |\n  | 50% to under 100% | 8% |\n  | 100% to under 150% | 12% |\n  | 150% and above | 10% |\npay p\n  amount total bookings at t, {how}\n{extra}  round the total to 0.01, half up\n  below 0 USD carries forward\n"
    );
    let mut sources = SourceMap::new();
    let plan = parse(sources.add("p.plan", text.clone()), &text);
    let terms = parse(sources.add("company.terms", terms), terms);
    check(&plan, &[&terms], &Bindings::default()).value.unwrap()
}

fn shape(how: &str, extra: &str) -> crate::piecewise::Function {
    of_pay(&plan(how, extra), PayId(0), &Exact::int(300_000))
        .unwrap()
        .function
}

const SLICES: &str = "each slice at its own rate";
const ALL: &str = "everything at the rate reached";
const CAP: &str = "  cap 90,000 USD each quarter, excess is lost\n";

#[test]
fn slices_with_a_cap() {
    let f = shape(SLICES, CAP);
    // 150,000 x 4% = 6,000; + 150,000 x 8% = 18,000; + 80,000 x 12% = 27,600; F(450,000) = 36,000;
    // 36,000 + (x - 450,000) x 10% = 90,000 at x = 990,000.
    for (x, y) in [
        (150_000, 6_000),
        (300_000, 18_000),
        (380_000, 27_600),
        (450_000, 36_000),
        (990_000, 90_000),
        (2_000_000, 90_000),
    ] {
        assert_eq!(f.at(&Exact::int(x)), Exact::int(y), "{x}");
    }
    assert!(f.jumps().is_empty());
    let breaks: Vec<String> = f.points.iter().map(|(x, _)| x.to_plain()).collect();
    assert_eq!(breaks, ["0", "150000", "300000", "450000", "990000"]);
    assert_eq!(f.maximum(), Some(Exact::int(90_000)));
    assert_eq!(shape(SLICES, "").maximum(), None);
}

#[test]
fn everything_at_the_rate_reached_jumps_and_falls() {
    let f = shape(ALL, "");
    // 150,000: 6,000 to 12,000; 300,000: 24,000 to 36,000; 450,000: 54,000 to 45,000; 45,000 + ... 54,000 = 10% of 540,000.
    let jumps: Vec<(String, String)> = f
        .jumps()
        .iter()
        .map(|j| (j.before.to_plain(), j.value.to_plain()))
        .collect();
    assert_eq!(
        jumps,
        [
            ("6000".into(), "12000".into()),
            ("24000".into(), "36000".into()),
            ("54000".into(), "45000".into())
        ]
    );
    assert_eq!(
        f.reaches(&Exact::int(54_000), &Exact::int(450_000)),
        Some(Exact::int(540_000))
    );
}

#[test]
fn lints_say_what_a_cent_is_worth() {
    let found: Vec<String> = shape_lints(&plan(ALL, ""))
        .iter()
        .map(|d| format!("{} {}", d.code, d.message))
        .collect();
    assert_eq!(
        found,
        [
            "P101 selling more can pay less",
            "P102 one more cent at 300,000.00 USD is worth 12,000.00 USD",
            "P105 no cap: this pay has no upper end",
        ]
    );
    let fall = shape_lints(&plan(ALL, ""))
        .iter()
        .next()
        .unwrap()
        .notes
        .join("\n");
    assert!(
        fall.contains("bookings 449,999.99 USD   pays 54,000.00 USD"),
        "{fall}"
    );
    assert!(
        fall.contains("bookings 450,000.00 USD   pays 45,000.00 USD      9,000.00 USD less"),
        "{fall}"
    );
    assert!(
        fall.contains("until bookings reach 540,000.00 USD"),
        "{fall}"
    );
    assert_eq!(
        shape_lints(&plan(ALL, "  cliffs accepted because \"meant\"\n"))
            .iter()
            .count(),
        1
    );
}

/// So much credited in the period, on a quota of 300,000; nothing before.
struct SoFar(i64);

impl Start for SoFar {
    fn total(&mut self, _: CreditId, _: Window) -> Option<Exact> {
        Some(Exact::int(self.0))
    }
    fn quota(&mut self, _: QuotaId, _: Cadence) -> Option<Exact> {
        Some(Exact::int(300_000))
    }
    fn earlier(&mut self, _: PayId, _: usize) -> Option<Exact> {
        Some(Exact::ZERO)
    }
}

#[test]
fn the_next_edge_is_told() {
    let plan = plan(SLICES, CAP);
    let next = |at: i64, payout: i64| {
        let now = Now {
            payout: Exact::int(payout),
            carried_in: Exact::ZERO,
            records: 0,
        };
        next_line(&plan, PayId(0), &now, &mut SoFar(at))
    };
    assert_eq!(
        next(380_000, 27_600).unwrap(),
        "70,000.00 USD more bookings reach 150%, where the rate changes to 10%"
    );
    // 36,000 + 50,000 x 10% = 41,000.
    assert_eq!(
        next(500_000, 41_000).unwrap(),
        "490,000.00 USD more bookings reach 990,000.00 USD, where the payout stops growing"
    );
    assert_eq!(
        next(1_000_000, 90_000).unwrap(),
        "the cap is reached; more bookings pay nothing"
    );
    // A receipt that says otherwise has something in it that the function does not see.
    assert_eq!(next(380_000, 27_000), None);
}

/// A return turns the slices round: -10,000 x 4% = -400, as for the first slice upwards.
#[test]
fn slices_below_0_mirror() {
    let plan = plan(SLICES, "");
    let shape = from(&plan, PayId(0), &mut SoFar(-10_000)).unwrap();
    assert_eq!(shape.function.at(&Exact::ZERO), Exact::int(-400));
    assert_eq!(shape.function.at(&Exact::int(10_000)), Exact::ZERO);
    // 160,000 more come to 150,000: 6,000; 170,000 more to 160,000: 6,000 + 10,000 x 8% = 6,800.
    assert_eq!(shape.function.at(&Exact::int(160_000)), Exact::int(6_000));
    assert_eq!(shape.function.at(&Exact::int(170_000)), Exact::int(6_800));
}

#[test]
fn a_cap_below_0_is_asked_about() {
    let found = shape_lints(&plan(SLICES, "  cap -5 USD each quarter, excess is lost\n"));
    let said = |d: &crate::diag::Diagnostic| format!("{} {}", d.code, d.message);
    assert!(
        found.iter().any(|d| said(d) == "P103 this cap is below 0"),
        "{:?}",
        found.iter().map(said).collect::<Vec<_>>()
    );
}
