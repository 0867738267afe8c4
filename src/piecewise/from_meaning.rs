//! The part of a plan that can be seen as a function of one credit's total.

use crate::base::Exact;
use crate::meaning::plan::{
    Amount, Beyond, CreditId, CurvePoint, Expr, ExprKind, Function as Named, LimitOf, Lookup,
    LookupKind, Otherwise, PayId, Plan, Range, RuleOutcome, Scope, StepKind, TierUse, Tiers,
};
use crate::piecewise::function::Function;
use crate::piecewise::start::{FromNothing, Start};
use crate::syntax::ast::{Aggregate, BinaryOp, Window};

/// The quota that examples use where no other is known.
pub const EXAMPLE_QUOTA: i64 = 300_000;

/// A pay as a function.
#[derive(Clone, Debug)]
pub struct Shape {
    /// What moves it: the total of this credit.
    pub mover: CreditId,
    /// What is earned, before rounding and `below 0`.
    pub function: Function,
    /// The same without caps.
    pub uncapped: Function,
    /// Whether it reads a quota.
    pub reads_quota: bool,
}

/// A pay as a function of the total of the first credit it reads, all quotas being `quota`; `None` where it depends
/// on anything else, or is curved.
pub fn of_pay(plan: &Plan, pay: PayId, quota: &Exact) -> Option<Shape> {
    let mover = mover(plan, pay)?;
    from(plan, pay, &mut FromNothing { mover, quota })
}

/// A pay as a function of how far the total of the first credit it reads lies below 0, all quotas being `quota`.
pub fn of_pay_below_zero(plan: &Plan, pay: PayId, quota: &Exact) -> Option<Function> {
    let mover = mover(plan, pay)?;
    let mut start = FromNothing { mover, quota };
    let mut maker = Maker::new(plan, mover, &mut start);
    maker.towards = -Exact::ONE;
    maker.pay(pay)
}

/// A pay as a function of what is still to come of the first credit it reads.
pub fn from(plan: &Plan, pay: PayId, start: &mut dyn Start) -> Option<Shape> {
    let mover = mover(plan, pay)?;
    let mut maker = Maker::new(plan, mover, start);
    let function = maker.pay(pay)?;
    maker.capped = false;
    let uncapped = maker.pay(pay)?;
    Some(Shape {
        mover,
        function,
        uncapped,
        reads_quota: maker.reads_quota,
    })
}

/// The axis of a table as a function of what is still to come of a credit.
pub(in crate::piecewise) fn axis_from(
    plan: &Plan,
    mover: CreditId,
    table: &Tiers,
    start: &mut dyn Start,
) -> Option<Function> {
    let mut maker = Maker::new(plan, mover, start);
    maker.expr(&table.axis)
}

/// The first credit a pay reads, itself or through what it reads.
fn mover(plan: &Plan, pay: PayId) -> Option<CreditId> {
    match &plan.pay(pay).amount {
        Amount::Plain(expr) => in_expr(plan, expr),
        Amount::Tiered { base, tiers, .. } => {
            in_expr(plan, base).or_else(|| in_expr(plan, &plan.tier_table(*tiers).axis))
        }
    }
}

fn in_expr(plan: &Plan, expr: &Expr) -> Option<CreditId> {
    match &expr.kind {
        ExprKind::Credit(credit) => Some(*credit),
        // What was credited in earlier periods does not move with this one's.
        ExprKind::Aggregate { credit, window, .. } => (!window.looks_back()).then_some(*credit),
        ExprKind::Measure(id) => in_expr(plan, &plan.measure(*id).value),
        ExprKind::Tier(id) => in_expr(plan, &plan.tier_table(*id).axis),
        ExprKind::Lookup(id) => {
            let mut read = plan.lookup(*id).expressions();
            read.find_map(|expr| in_expr(plan, expr))
        }
        ExprKind::Pay(id) => mover(plan, *id),
        ExprKind::Negative(inner) => in_expr(plan, inner),
        ExprKind::Binary(_, a, b) => in_expr(plan, a).or_else(|| in_expr(plan, b)),
        ExprKind::Call(_, list) => list.iter().find_map(|argument| in_expr(plan, argument)),
        _ => None,
    }
}

struct Maker<'p> {
    plan: &'p Plan,
    mover: CreditId,
    start: &'p mut dyn Start,
    /// 1 where the mover grows, -1 where it falls.
    towards: Exact,
    /// The window of the pay at hand.
    window: Window,
    capped: bool,
    reads_quota: bool,
}

impl<'p> Maker<'p> {
    fn new(plan: &'p Plan, mover: CreditId, start: &'p mut dyn Start) -> Maker<'p> {
        Maker {
            plan,
            mover,
            start,
            towards: Exact::ONE,
            window: Window::Period,
            capped: true,
            reads_quota: false,
        }
    }

    fn pay(&mut self, id: PayId) -> Option<Function> {
        // What others claim of its budget moves it too.
        if self.plan.budget_of(id).is_some() {
            return None;
        }
        let outer = std::mem::replace(&mut self.window, self.plan.pay(id).window);
        let function = self.pay_in_window(id);
        self.window = outer;
        function
    }

    fn pay_in_window(&mut self, id: PayId) -> Option<Function> {
        let pay = self.plan.pay(id);
        if !pay.when.is_empty() {
            return None;
        }
        let each = pay.scope != Scope::Total;
        let mut function = self.amount(&pay.amount, each)?;
        if each && !is_proportional(&function, &self.start.total(self.mover, self.window)?) {
            // What each deal pays adds up to the total's only for a flat rate.
            return None;
        }
        for (index, step) in pay.steps.iter().enumerate() {
            if step.when.is_some() {
                return None;
            }
            function = match &step.kind {
                StepKind::Gate {
                    subject,
                    range,
                    otherwise,
                    ..
                } => {
                    let subject = self.expr(subject)?;
                    let other = match otherwise {
                        Otherwise::Nothing => Function::constant(Exact::ZERO),
                        Otherwise::Share(share) => function.times(&self.expr(share)?)?,
                        Otherwise::Amount(amount) => self.amount(amount, false)?,
                        Otherwise::Hold => return None,
                    };
                    subject.select(range, &function, &other)
                }
                StepKind::Times(factor) => function.times(&self.expr(factor)?)?,
                StepKind::Floor {
                    amount,
                    of: LimitOf::Period,
                } => function.max(&self.expr(amount)?),
                StepKind::Cap { .. } | StepKind::CapOf(_) if !self.capped => function,
                StepKind::Cap {
                    amount,
                    of: of @ (LimitOf::Period | LimitOf::Window(_)),
                    ..
                } => {
                    let mut room = self.expr(amount)?;
                    if matches!(of, LimitOf::Window(_)) {
                        let used = Function::constant(-self.start.earlier(id, index)?);
                        room = room.add(&used).max(&Function::constant(Exact::ZERO));
                    }
                    let kept = Function::constant(self.start.excess(id, index)?);
                    function.add(&kept).min(&room)
                }
                StepKind::Cap { .. } | StepKind::CapOf(_) | StepKind::Floor { .. } => return None,
                StepKind::Increase { never_below_zero } => {
                    let before = Function::constant(-self.start.earlier(id, index)?);
                    let increase = function.add(&before);
                    if *never_below_zero {
                        increase.max(&Function::constant(Exact::ZERO))
                    } else {
                        increase
                    }
                }
                StepKind::WhenItEnds if !self.start.ends(id) => Function::constant(Exact::ZERO),
                StepKind::Round(_)
                | StepKind::RoundEach(_)
                | StepKind::RoundNever
                | StepKind::WhenItEnds => function,
            };
        }
        Some(function)
    }

    fn amount(&mut self, amount: &Amount, each: bool) -> Option<Function> {
        match amount {
            Amount::Plain(expr) => self.expr(expr),
            Amount::Tiered { base, tiers, how } => {
                let table = self.plan.tier_table(*tiers);
                let base_function = self.expr(base)?;
                match how {
                    TierUse::Everything if !each => base_function.times(&self.rates(table)?),
                    TierUse::EachSlice { divisor } => {
                        let scale = match divisor {
                            None => Exact::ONE,
                            Some(divisor) => self.expr(divisor)?.as_constant()?,
                        };
                        let is_single = matches!(base_function.lines.as_slice(), [line] if line.slope == self.towards);
                        (is_single && scale.is_positive())
                            .then(|| integral(table, &base_function, &scale))
                    }
                    TierUse::Everything | TierUse::Placed(_) => None,
                }
            }
        }
    }

    /// What there is of a credit over a window, and what comes to it where it moves.
    fn total(&mut self, credit: CreditId, window: Window) -> Option<Function> {
        let so_far = Function::constant(self.start.total(credit, window)?);
        let moves = credit == self.mover && window.ends_with_the_period();
        Some(if moves {
            so_far.add(&Function::identity().scale(&self.towards))
        } else {
            so_far
        })
    }

    /// The value of the row reached, as a function.
    fn rates(&mut self, table: &Tiers) -> Option<Function> {
        let axis = self.expr(&table.axis)?;
        let zero = Function::constant(Exact::ZERO);
        let mut rates = zero.clone();
        for row in &table.rows {
            let Range::Numbers { .. } = row.range else {
                return None;
            };
            rates =
                rates.add(&axis.select(&row.range, &Function::constant(row.value.clone()), &zero));
        }
        Some(rates)
    }

    /// A curve or a table of values along the quantity.
    fn looked_up(&mut self, lookup: &Lookup) -> Option<Function> {
        if lookup.rounding.is_some() {
            return None;
        }
        match &lookup.kind {
            LookupKind::Curve {
                axis,
                points,
                below,
                above,
            } => {
                let axis = self.expr(axis)?;
                let line = |point: &CurvePoint, slope: &Exact| {
                    let from = axis.add(&Function::constant(-point.at.clone()));
                    from.scale(slope)
                        .add(&Function::constant(point.value.clone()))
                };
                let beyond = |rule: &Beyond, point: &CurvePoint| match rule {
                    Beyond::Nothing => Function::constant(Exact::ZERO),
                    Beyond::Stays => Function::constant(point.value.clone()),
                    Beyond::Continues(slope) => line(point, slope),
                };
                let (first, last) = (points.first()?, points.last()?);
                let mut curve = beyond(above, last);
                // From the last stretch to the first: below each point's end, the stretch before it.
                for pair in points.windows(2).rev() {
                    let [a, b] = pair else { continue };
                    let rise = b.value.clone() - a.value.clone();
                    let slope = rise.checked_div(&(b.at.clone() - a.at.clone()))?;
                    let until = Range::Numbers {
                        low: None,
                        high: Some((b.at.clone(), true)),
                    };
                    curve = axis.select(&until, &line(a, &slope), &curve);
                }
                let before = Range::Numbers {
                    low: None,
                    high: Some((first.at.clone(), false)),
                };
                Some(axis.select(&before, &beyond(below, first), &curve))
            }
            LookupKind::Listed { .. } => None,
            LookupKind::Rows { keys, rows } => {
                let keys: Vec<Option<Function>> = keys.iter().map(|key| self.expr(key)).collect();
                let mut table = Function::constant(Exact::ZERO);
                // The first row that matches decides: from the last to the first, each lies over those below.
                for row in rows.iter().rev() {
                    let mut own = match &lookup.base {
                        Some(base) if row.is_share => self.expr(base)?.scale(&row.value),
                        _ => Function::constant(row.value.clone()),
                    };
                    for (range, key) in row.ranges.iter().zip(&keys) {
                        match range {
                            None => {}
                            Some(range @ Range::Numbers { .. }) => {
                                own = key.as_ref()?.select(range, &own, &table);
                            }
                            Some(Range::Text(_)) => return None,
                        }
                    }
                    table = own;
                }
                Some(table)
            }
        }
    }

    fn expr(&mut self, expr: &Expr) -> Option<Function> {
        Some(match &expr.kind {
            ExprKind::Number(number) => Function::constant(number.clone()),
            ExprKind::Credit(credit) if *credit == self.mover => {
                self.total(*credit, self.window)?
            }
            ExprKind::Aggregate {
                how: Aggregate::Total,
                credit,
                window,
            } => self.total(*credit, *window)?,
            ExprKind::Quota(id, over) => {
                self.reads_quota = true;
                Function::constant(self.start.quota(*id, *over)?)
            }
            // What is carried in does not move with the period.
            ExprKind::Measure(id) if self.plan.carried_into(*id).next().is_some() => return None,
            ExprKind::Measure(id) => {
                let measure = self.plan.measure(*id);
                if measure.rounding.is_some() {
                    // A step for every unit: too many pieces to say anything with.
                    return None;
                }
                let rules = &measure.rules;
                if rules.iter().any(|rule| {
                    matches!(rule.outcome, RuleOutcome::Value(_))
                        && rule.zero
                        && self
                            .expr(&rule.subject)
                            .is_none_or(|f| f.as_constant().is_none())
                }) {
                    return None;
                }
                self.expr(&measure.value)?
            }
            ExprKind::Tier(id) => self.rates(self.plan.tier_table(*id))?,
            ExprKind::Lookup(id) => self.looked_up(self.plan.lookup(*id))?,
            ExprKind::Pay(id) => self.pay(*id)?,
            ExprKind::Negative(inner) => self.expr(inner)?.scale(&-Exact::ONE),
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.expr(a)?, self.expr(b)?);
                match op {
                    BinaryOp::Add => a.add(&b),
                    BinaryOp::Subtract => a.add(&b.scale(&-Exact::ONE)),
                    BinaryOp::Multiply => a.times(&b)?,
                    BinaryOp::Divide => a.scale(&Exact::ONE.checked_div(&b.as_constant()?)?),
                    _ => return None,
                }
            }
            ExprKind::Call(named, list) => {
                let mut functions = list
                    .iter()
                    .map(|argument| self.expr(argument))
                    .collect::<Option<Vec<_>>>()?
                    .into_iter();
                let first = functions.next()?;
                match named {
                    Named::Min => functions.fold(first, |so_far, next| so_far.min(&next)),
                    Named::Max => functions.fold(first, |so_far, next| so_far.max(&next)),
                    Named::Abs => first.max(&first.scale(&-Exact::ONE)),
                }
            }
            _ => return None,
        })
    }
}

/// Whether a function is one rate times the quantity, of which there is `start` already.
fn is_proportional(function: &Function, start: &Exact) -> bool {
    matches!(function.lines.as_slice(), [line] if line.intercept == line.slope.clone() * start.clone()
        && function.points.iter().all(|(x, value)| *value == line.at(x)))
}

/// The integral of a table's values from 0 to `end`, with edges times `scale`; negative ends mirror.
fn integral(table: &Tiers, end: &Function, scale: &Exact) -> Function {
    let mut sum = Function::constant(Exact::ZERO);
    for row in &table.rows {
        let Range::Numbers { low, high } = &row.range else {
            continue;
        };
        // What lies of the row between 0 and the end: both held inside the row, and their difference.
        let mut inside = (end.clone(), Exact::ZERO);
        if let Some((edge, _)) = low {
            let edge = edge.clone() * scale.clone();
            inside = (
                inside.0.max(&Function::constant(edge.clone())),
                inside.1.max(edge),
            );
        }
        if let Some((edge, _)) = high {
            let edge = edge.clone() * scale.clone();
            inside = (
                inside.0.min(&Function::constant(edge.clone())),
                inside.1.min(edge),
            );
        }
        let (to, from) = inside;
        sum = sum.add(&to.add(&Function::constant(-from)).scale(&row.value));
    }
    sum
}
