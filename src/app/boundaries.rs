//! Where pay changes its course, and whether the plan's tests look there.
//!
//! A break of a pay is tested where some test expects the pay on it, one unit below and one unit above. A break
//! at 100% of quota is the same break under every quota, so tests may use whatever quota they like.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::rehearse::{Staged, Target, stage};
use crate::base::{Exact, Money, Period};
use crate::diag::{Code, Diagnostic, Edit, Problems};
use crate::explain::{Known, Walker};
use crate::meaning::each_child;
use crate::meaning::plan::{
    Amount, CreditId, Expr, ExprKind, MeasureId, PayId, Plan, QuotaId, TiersId,
};
use crate::meaning::types::Type;
use crate::piecewise::{EXAMPLE_QUOTA, Shape, of_pay};
use crate::syntax::ast::{self, PayKind, Window};

/// On which side of a break a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// One unit below.
    Below,
    /// On it.
    On,
    /// One unit above.
    Above,
}

/// A result at which a test should look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The total of the credit.
    pub total: Exact,
    /// The break it belongs to.
    pub edge: Exact,
    /// Where it lies.
    pub side: Side,
    /// Whether a test of the plan expects something there.
    pub is_tested: bool,
}

/// The breaks of one pay.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// The pay.
    pub pay: PayId,
    /// The credit whose total moves it.
    pub mover: CreditId,
    /// The quotas it reads.
    pub quotas: BTreeSet<QuotaId>,
    /// The amount of each of them: what the plan's tests use first, or a round one.
    pub quota: Exact,
    /// Points in the order of their totals, each once.
    pub points: Vec<Point>,
}

impl Boundary {
    /// Points without a test.
    pub fn untested(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| !point.is_tested)
    }
}

/// The breaks of every pay that is a function of one total.
pub fn boundaries(plan: &Plan) -> Vec<Boundary> {
    let staged: Vec<(&ast::Test, Staged)> = plan
        .tests
        .iter()
        .map(|test| (test, stage(plan, test)))
        .collect();
    let pays = plan.pays.iter().enumerate();
    pays.filter(|(_, pay)| pay.kind == PayKind::Pay)
        .filter_map(|(at, _)| of(plan, PayId(at), &staged))
        .collect()
}

fn of(plan: &Plan, pay: PayId, staged: &[(&ast::Test, Staged)]) -> Option<Boundary> {
    let quotas = Reads::of(plan, pay).quotas;
    let quota = example_quota(plan, pay, &quotas);
    let shape = of_pay(plan, pay, &quota)?;
    let unit = unit_of(plan, shape.mover)?;
    let tested = tested(plan, pay, &quotas, &shape, &unit, staged);
    let mut points: BTreeMap<Exact, Point> = BTreeMap::new();
    for (at, edge) in breaks(&shape) {
        for (side, total) in around(&edge, &unit) {
            let point = points.entry(total.clone()).or_insert(Point {
                total,
                edge: edge.clone(),
                side,
                is_tested: false,
            });
            point.is_tested |= tested.contains(&(at, side));
        }
    }
    (!points.is_empty()).then(|| Boundary {
        pay,
        mover: shape.mover,
        quotas,
        quota,
        points: points.into_values().collect(),
    })
}

/// The breaks above 0, with their positions.
fn breaks(shape: &Shape) -> impl Iterator<Item = (usize, Exact)> {
    let points = shape.function.points.iter().enumerate();
    points
        .filter(|(_, (x, _))| x.is_positive())
        .map(|(at, (x, _))| (at, x.clone()))
}

/// The points around a break that can happen: totals are whole units.
fn around(edge: &Exact, unit: &Exact) -> Vec<(Side, Exact)> {
    let Some(units) = edge.checked_div(unit) else {
        return Vec::new();
    };
    let below = units.floor() * unit.clone();
    if units.is_whole() {
        vec![
            (Side::Below, below.clone() - unit.clone()),
            (Side::On, below.clone()),
            (Side::Above, below + unit.clone()),
        ]
    } else {
        vec![
            (Side::Below, below.clone()),
            (Side::Above, below + unit.clone()),
        ]
    }
}

/// The least step of a credit's totals: a minor unit of money, one of anything counted.
fn unit_of(plan: &Plan, credit: CreditId) -> Option<Exact> {
    match plan.credit(credit).amount.ty {
        Type::Money(currency) => Some(currency.minor_unit()),
        Type::Number | Type::Quantity(_) => Some(Exact::ONE),
        _ => None,
    }
}

/// The quota that tests of this pay give first, else any test, else a round one.
fn example_quota(plan: &Plan, pay: PayId, quotas: &BTreeSet<QuotaId>) -> Exact {
    let name = &plan.pay(pay).name;
    let about = |test: &&ast::Test| test.expects.iter().any(|own| own.what.text == *name);
    let own = plan.tests.iter().filter(about);
    let given = own.chain(&plan.tests).flat_map(|test| &test.givens);
    given
        .filter_map(|given| match given {
            ast::Given::Value {
                what,
                total: false,
                value,
                ..
            } if quotas.iter().any(|id| plan.quota(*id).name == what.text) => match &value.kind {
                ast::ExprKind::Money(amount, _)
                | ast::ExprKind::Number(amount)
                | ast::ExprKind::Quantity(amount, _) => Some(amount.clone()),
                _ => None,
            },
            _ => None,
        })
        .find(Exact::is_positive)
        .unwrap_or_else(|| Exact::int(EXAMPLE_QUOTA))
}

/// The points, by break, at which a test expects this pay.
fn tested(
    plan: &Plan,
    pay: PayId,
    quotas: &BTreeSet<QuotaId>,
    shape: &Shape,
    unit: &Exact,
    staged: &[(&ast::Test, Staged)],
) -> BTreeSet<(usize, Side)> {
    let mut found = BTreeSet::new();
    for (test, staged) in staged {
        if !staged.problems.is_empty() {
            continue;
        }
        let mut walker = Walker::new(plan, &staged.data);
        for expect in &test.expects {
            let Some((Target::Pay(own) | Target::Paid(own, _), period)) = Target::of(plan, expect)
            else {
                continue;
            };
            if own != pay {
                continue;
            }
            let payee = &expect.person.text;
            let at = (payee.as_str(), &period);
            let Some(total) = first_total(plan, pay, &mut walker, at, shape.mover) else {
                continue;
            };
            let Some(there) = shape_there(plan, pay, quotas, &mut walker, payee, &period) else {
                continue;
            };
            for (at, edge) in breaks(&there) {
                let side = around(&edge, unit).into_iter().find(|(_, x)| *x == total);
                if let Some((side, _)) = side
                    && is_same_break(shape, &there, at)
                {
                    found.insert((at, side));
                }
            }
        }
    }
    found
}

/// The total of a period before which nothing was credited: what earlier periods left would move the pay too. Of a pay
/// that is paid when a longer length of time ends, the total of that, in its last period.
fn first_total(
    plan: &Plan,
    pay: PayId,
    walker: &mut Walker<'_>,
    (payee, period): (&str, &Period),
    mover: CreditId,
) -> Option<Exact> {
    let at_the_end = plan.pay(pay).is_paid_at_the_end();
    let length = if at_the_end {
        plan.length_of(pay)
    } else {
        plan.cadence
    };
    let whole = plan.calendar.period_of(period.start(), length);
    if period.end() < whole.end().min(plan.effective.1) {
        return None;
    }
    let earlier = plan
        .periods()
        .into_iter()
        .filter(|own| own.start() < whole.start());
    for own in earlier {
        match walker.total(payee, mover, &own) {
            Known::Value(total) if total.is_zero() => {}
            _ => return None,
        }
    }
    let window = if at_the_end {
        plan.pay(pay).window
    } else {
        Window::Period
    };
    match walker.total_in(payee, mover, window, period) {
        Known::Value(total) => Some(total),
        _ => None,
    }
}

/// The pay as a function under the quota that a test gives.
fn shape_there(
    plan: &Plan,
    pay: PayId,
    quotas: &BTreeSet<QuotaId>,
    walker: &mut Walker<'_>,
    payee: &str,
    period: &Period,
) -> Option<Shape> {
    let mut values = Vec::new();
    for id in quotas {
        match walker.quota(payee, *id, plan.length_of(pay), period) {
            Known::Value(value) if value.is_positive() => values.push(value),
            _ => return None,
        }
    }
    values.dedup();
    match values.as_slice() {
        [] => of_pay(plan, pay, &Exact::int(EXAMPLE_QUOTA)),
        [one] => of_pay(plan, pay, one),
        _ => None,
    }
}

/// Whether the break at this position is the same under both quotas: as many breaks, and the same rates beside it.
fn is_same_break(a: &Shape, b: &Shape, at: usize) -> bool {
    let rate = |shape: &Shape, at: Option<usize>| {
        let line = at.and_then(|at| shape.function.lines.get(at));
        line.map(|line| line.slope.clone())
    };
    let beside = |shape: &Shape| (rate(shape, at.checked_sub(1)), rate(shape, Some(at)));
    a.function.points.len() == b.function.points.len() && beside(a) == beside(b)
}

/// What a pay reads, itself and through what it reads.
#[derive(Debug, Default)]
pub struct Reads {
    /// Quotas.
    pub quotas: BTreeSet<QuotaId>,
    /// Components and payouts; itself too.
    pub pays: BTreeSet<PayId>,
    measures: BTreeSet<MeasureId>,
    tiers: BTreeSet<TiersId>,
}

impl Reads {
    /// Everything a pay reads.
    pub fn of(plan: &Plan, pay: PayId) -> Reads {
        let mut reads = Reads::default();
        reads.pay(plan, pay);
        reads
    }

    fn pay(&mut self, plan: &Plan, id: PayId) {
        if !self.pays.insert(id) {
            return;
        }
        let pay = plan.pay(id);
        for expr in pay.expressions() {
            self.expr(plan, expr);
        }
        for amount in pay.amounts() {
            if let Amount::Tiered { tiers, .. } = amount {
                self.table(plan, *tiers);
            }
        }
    }

    fn table(&mut self, plan: &Plan, id: TiersId) {
        if self.tiers.insert(id) {
            self.expr(plan, &plan.tier_table(id).axis);
        }
    }

    fn expr(&mut self, plan: &Plan, expr: &Expr) {
        match expr.kind {
            ExprKind::Quota(id, _) => {
                self.quotas.insert(id);
            }
            ExprKind::Measure(id) if self.measures.insert(id) => {
                for expr in plan.measure(id).expressions() {
                    self.expr(plan, expr);
                }
            }
            ExprKind::Tier(id) => self.table(plan, id),
            ExprKind::Pay(id) => self.pay(plan, id),
            _ => {}
        }
        each_child(expr, &mut |child| self.expr(plan, child));
    }
}

/// An amount of a credit or quota as a plan writes it.
pub fn written(plan: &Plan, amount: &Exact, ty: Type) -> String {
    let places = amount.places().unwrap_or(0);
    match ty {
        Type::Money(currency) => {
            let places = if places == 0 {
                0
            } else {
                places.max(currency.minor_units())
            };
            format!("{} {currency}", amount.to_grouped(places))
        }
        Type::Quantity(unit) => match plan.units.get(unit.0) {
            Some(unit) => format!("{} {}", amount.to_grouped(places), unit.plural),
            None => amount.to_grouped(places),
        },
        _ => amount.to_grouped(places),
    }
}

/// X301
pub fn untested(plan: &Plan) -> Problems {
    let mut problems = Problems::new();
    for boundary in boundaries(plan) {
        problems.extend(missing(plan, &boundary));
    }
    plan.unaccepted(problems)
}

fn missing(plan: &Plan, boundary: &Boundary) -> Problems {
    let mut by_edge: BTreeMap<&Exact, Vec<String>> = BTreeMap::new();
    for point in boundary.untested() {
        let total = match plan.credit(boundary.mover).amount.ty {
            Type::Money(currency) => point.total.to_grouped(currency.minor_units()),
            _ => point.total.to_grouped(0),
        };
        by_edge.entry(&point.edge).or_default().push(total);
    }
    let lists: Vec<String> = by_edge.into_values().map(|own| and(&own)).collect();
    let mut problems = Problems::new();
    let Some((first, rest)) = lists.split_first() else {
        return problems;
    };
    let (pay, name) = (plan.pay(boundary.pay), &plan.credit(boundary.mover).name);
    let mut diagnostic = Diagnostic::at(
        Code::X301,
        pay.amount_span,
        format!("not tested: {name} of {first}"),
    )
    .saying("pay changes its course there");
    if !rest.is_empty() {
        let lines: Vec<String> = rest
            .iter()
            .map(|own| format!("    {name} of {own}"))
            .collect();
        diagnostic = diagnostic.note(format!("Nor are:\n{}", lines.join("\n")));
    }
    let on_quota = match boundary.quotas.first() {
        Some(id) => {
            let quota = match plan.quota(*id).ty {
                Type::Money(currency) => Money::new(boundary.quota.clone(), currency).to_string(),
                ty => written(plan, &boundary.quota, ty),
            };
            format!("That is on a {quota} quota. ")
        }
        None => String::new(),
    };
    let accept = "accept X301 because \"…\"";
    let edit = Edit::below(pay.amount_span, accept);
    problems.push(
        diagnostic
            .note(format!("{on_quota}Add them?"))
            .help(
                "add them, and check each by hand",
                "paycurve test --suggest --write",
            )
            .fix("leave them untested, and say why", accept, vec![edit]),
    );
    problems
}

/// `a, b and c`
fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}
