//! Between which values an expression lies, whatever the data: what declared ranges, counts and tables promise.

use crate::base::{Exact, Rounding};
use crate::meaning::plan::{
    Beyond, Carry, Contest, Counts, Expr, ExprKind, Function, Gives, Group, GroupKind, GroupOf,
    Lookup, LookupKind, Measure, MeasureId, MissingScore, Objective, PayId, Plan, Prize, Range,
    RuleOutcome, Scorecard, Ties,
};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast::{Aggregate, BinaryOp};

/// An end of a range, and whether it belongs to it; `None` is without end.
pub(in crate::meaning) type End = Option<(Exact, bool)>;

/// All values from `low` to `high`. Never narrower than the truth; often wider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The lower end.
    pub(in crate::meaning) low: End,
    /// The upper end.
    pub(in crate::meaning) high: End,
}

/// Between which values an expression lies. Values that hold a payout do not count: an input outside its range is
/// never paid on.
pub fn bounds(expr: &Expr, plan: &Plan) -> Bounds {
    Reader {
        plan,
        money_facts_are_positive: false,
    }
    .of(expr)
}

/// Whether an expression is never below zero. Money of the people file is taken to be positive: where it is not,
/// and makes a pay negative, the pay is held.
pub(in crate::meaning) fn never_negative(expr: &Expr, plan: &Plan) -> bool {
    Reader {
        plan,
        money_facts_are_positive: true,
    }
    .of(expr)
    .is_never_negative()
}

impl Bounds {
    /// Without ends.
    pub const ALL: Bounds = Bounds {
        low: None,
        high: None,
    };

    fn closed(low: Option<Exact>, high: Option<Exact>) -> Bounds {
        Bounds {
            low: low.map(|end| (end, true)),
            high: high.map(|end| (end, true)),
        }
    }

    fn from_zero() -> Bounds {
        Bounds::closed(Some(Exact::ZERO), None)
    }

    fn exactly(value: Exact) -> Bounds {
        Bounds::closed(Some(value.clone()), Some(value))
    }

    /// The least range that holds all the values; without values, all there is.
    fn around<'v>(values: impl Iterator<Item = &'v Exact>) -> Bounds {
        values
            .map(|value| Bounds::exactly(value.clone()))
            .reduce(Bounds::or)
            .unwrap_or(Bounds::ALL)
    }

    /// Whether no value is below zero.
    pub fn is_never_negative(&self) -> bool {
        matches!(&self.low, Some((end, _)) if !end.is_negative())
    }

    /// Whether a range holds none of the values.
    pub fn misses(&self, range: &Range) -> bool {
        let Range::Numbers { low, high } = range else {
            return false;
        };
        ends_before(high, &self.low) || ends_before(&self.high, low)
    }

    /// Whether a range holds all of the values.
    pub fn lies_in(&self, range: &Range) -> bool {
        let Range::Numbers { low, high } = range else {
            return false;
        };
        let inside =
            |outer: &End, own: &End, reaches: fn(&Exact, &Exact) -> bool| match (outer, own) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some((outer, holds)), Some((own, is_own))) => {
                    reaches(own, outer) || own == outer && (*holds || !is_own)
                }
            };
        inside(low, &self.low, |own, outer| own > outer)
            && inside(high, &self.high, |own, outer| own < outer)
    }

    /// A range as its values.
    pub(in crate::meaning) fn of_range(range: &Range) -> Bounds {
        match range {
            Range::Numbers { low, high } => Bounds {
                low: low.clone(),
                high: high.clone(),
            },
            Range::Text(_) => Bounds::ALL,
        }
    }

    /// Whether the expression can have this value.
    pub(in crate::meaning) fn may_be(&self, value: &Exact) -> bool {
        Range::Numbers {
            low: self.low.clone(),
            high: self.high.clone(),
        }
        .contains(value)
    }

    /// As a plan writes a range: `0% through 100%`, `above 0 USD`.
    pub(in crate::meaning) fn words(&self, shown: impl Fn(&Exact) -> String) -> String {
        match (&self.low, &self.high) {
            (None, None) => "any".to_owned(),
            (None, Some((high, true))) => format!("{} and below", shown(high)),
            (None, Some((high, false))) => format!("under {}", shown(high)),
            (Some((low, true)), None) => format!("{} and above", shown(low)),
            (Some((low, false)), None) => format!("above {}", shown(low)),
            (Some((low, from)), Some((high, to))) => {
                let above = if *from { "" } else { "above " };
                let until = if *to { "through" } else { "to under" };
                format!("{above}{} {until} {}", shown(low), shown(high))
            }
        }
    }

    /// What is in one or in the other.
    fn or(self, other: Bounds) -> Bounds {
        Bounds {
            low: farther(self.low, other.low, |a, b| a < b),
            high: farther(self.high, other.high, |a, b| a > b),
        }
    }

    /// The values after rounding, which keeps the order of numbers: ends round to ends.
    fn rounded(self, rounding: Option<&Rounding>) -> Bounds {
        let Some(rounding) = rounding else {
            return self;
        };
        let round = |end: End| end.map(|(end, _)| (rounding.round(&end), true));
        Bounds {
            low: round(self.low),
            high: round(self.high),
        }
    }

    fn negative(self) -> Bounds {
        let minus = |end: End| end.map(|(end, included)| (-end, included));
        Bounds {
            low: minus(self.high),
            high: minus(self.low),
        }
    }

    fn plus(self, other: Bounds) -> Bounds {
        let sum = |a: End, b: End| a.zip(b).map(|((a, a_is), (b, b_is))| (a + b, a_is && b_is));
        Bounds {
            low: sum(self.low, other.low),
            high: sum(self.high, other.high),
        }
    }

    fn times(self, other: Bounds) -> Bounds {
        if let (Some((a, _)), Some((b, _)), Some((c, _)), Some((d, _))) =
            (&self.low, &self.high, &other.low, &other.high)
        {
            let corners = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| x.clone() * y.clone());
            return Bounds::around(corners.iter());
        }
        match (&self.low, &other.low) {
            (Some((a, _)), Some((b, _))) if !a.is_negative() && !b.is_negative() => {
                Bounds::closed(Some(a.clone() * b.clone()), None)
            }
            _ => Bounds::ALL,
        }
    }

    fn over(self, other: Bounds) -> Bounds {
        match (&other.low, &other.high) {
            // By one number, which is the usual case.
            (Some((low, _)), Some((high, _))) if low == high => match Exact::ONE.checked_div(low) {
                Some(inverse) => self.times(Bounds::exactly(inverse)),
                None => Bounds::ALL,
            },
            _ if self.is_never_negative() && other.is_never_negative() => Bounds::from_zero(),
            _ => Bounds::ALL,
        }
    }
}

/// What the places of a contest are worth: no more than all prizes, or than the greatest where none are shared.
fn of_contest(contest: &Contest) -> Bounds {
    match &contest.gives {
        Gives::Prizes { rows, ties } => {
            let in_all =
                |row: &Prize| row.prize.clone() * Exact::int((row.last - row.first + 1).into());
            let most = match ties {
                Ties::Share { .. } => Some(rows.iter().map(in_all).sum()),
                Ties::Better | Ties::Lower => rows.iter().map(|row| row.prize.clone()).max(),
            };
            Bounds::closed(Some(Exact::ZERO), most)
        }
        Gives::Places { unranked, .. } => {
            let ranked = Bounds::closed(Some(Exact::ONE), None);
            match unranked {
                Some(value) => ranked.or(Bounds::exactly(value.clone())),
                None => ranked,
            }
        }
    }
}

/// Whether everything up to the first end lies before everything from the second on.
fn ends_before(high: &End, low: &End) -> bool {
    match (high, low) {
        (Some((high, holds_high)), Some((low, holds_low))) => {
            high < low || high == low && !(*holds_high && *holds_low)
        }
        _ => false,
    }
}

fn farther(a: End, b: End, is_farther: fn(&Exact, &Exact) -> bool) -> End {
    let ((a, a_is), (b, b_is)) = a.zip(b)?;
    Some(if a == b {
        (a, a_is || b_is)
    } else if is_farther(&a, &b) {
        (a, a_is)
    } else {
        (b, b_is)
    })
}

struct Reader<'p> {
    plan: &'p Plan,
    money_facts_are_positive: bool,
}

impl Reader<'_> {
    fn of(&self, expr: &Expr) -> Bounds {
        if let Some(value) = constant(expr) {
            return Bounds::exactly(value);
        }
        let plan = self.plan;
        match &expr.kind {
            ExprKind::Quota(..) | ExprKind::Poisoned => Bounds::from_zero(),
            ExprKind::Aggregate {
                how: Aggregate::Count,
                ..
            } => Bounds::from_zero(),
            ExprKind::Input(id, _) => Bounds::of_range(&plan.input(*id).range),
            ExprKind::Fact(..) if self.money_facts_are_positive => match expr.ty {
                Type::Money(_) => Bounds::from_zero(),
                _ => Bounds::ALL,
            },
            ExprKind::Tier(id) => {
                Bounds::around(plan.tier_table(*id).rows.iter().map(|row| &row.value))
            }
            ExprKind::Lookup(id) => {
                let lookup = plan.lookup(*id);
                self.of_lookup(lookup).rounded(lookup.rounding.as_ref())
            }
            ExprKind::Dated(id, _) => {
                Bounds::around(plan.rate(*id).rows.iter().map(|row| &row.value))
            }
            ExprKind::Scorecard(id) => self.of_scorecard(plan.scorecard(*id)),
            ExprKind::Measure(id) => self.of_measure(*id),
            ExprKind::Carry(id) => carried(plan.carry(*id)),
            ExprKind::Pay(id) => self.of_pay(*id),
            ExprKind::Group(id) => self.of_group(plan.group(*id)),
            ExprKind::Wholes { of, above, .. } => {
                if above.is_some() || self.of(of).is_never_negative() {
                    Bounds::from_zero()
                } else {
                    Bounds::ALL
                }
            }
            // A rate is more than 0, and nothing else is known of it.
            ExprKind::Converted { of, .. } => {
                if self.of(of).is_never_negative() {
                    Bounds::from_zero()
                } else {
                    Bounds::ALL
                }
            }
            ExprKind::Negative(inner) => self.of(inner).negative(),
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.of(a), self.of(b));
                match op {
                    BinaryOp::Add => a.plus(b),
                    BinaryOp::Subtract => a.plus(b.negative()),
                    BinaryOp::Multiply => a.times(b),
                    BinaryOp::Divide => a.over(b),
                    _ => Bounds::ALL,
                }
            }
            ExprKind::Call(function, list) => self.of_call(*function, list),
            _ => Bounds::ALL,
        }
    }

    /// What several persons make together has the sign of what each brings.
    fn of_group(&self, group: &Group) -> Bounds {
        let (how, of) = match &group.kind {
            GroupKind::Together { how, of, .. } => (how, of),
            // A share is a part of the size.
            GroupKind::Pool(pool) => {
                return greatest(Bounds::exactly(Exact::ZERO), self.of(&pool.size))
                    .or(Bounds::exactly(Exact::ZERO));
            }
            GroupKind::Contest(contest) => return of_contest(contest),
            GroupKind::Budget(_) => return Bounds::ALL,
        };
        let each = match of {
            GroupOf::Credits(..) if *how == Aggregate::Count => Bounds::from_zero(),
            GroupOf::Credits(..) => Bounds::ALL,
            GroupOf::Value(value) => self.of(value),
        };
        match how {
            Aggregate::Total | Aggregate::Count if each.is_never_negative() => Bounds::from_zero(),
            Aggregate::Total | Aggregate::Count => Bounds::ALL,
            Aggregate::Average | Aggregate::Highest | Aggregate::Lowest => each,
        }
    }

    fn of_call(&self, function: Function, list: &[Expr]) -> Bounds {
        let all = list.iter().map(|argument| self.of(argument));
        match function {
            Function::Min => all.reduce(least).unwrap_or(Bounds::ALL),
            Function::Max => all.reduce(greatest).unwrap_or(Bounds::ALL),
            Function::Abs => match all.reduce(Bounds::or) {
                Some(own) if own.is_never_negative() => own,
                _ => Bounds::from_zero(),
            },
        }
    }

    fn of_lookup(&self, lookup: &Lookup) -> Bounds {
        let (LookupKind::Rows { rows, .. }, Some(base)) = (&lookup.kind, &lookup.base) else {
            return of_constants(lookup);
        };
        let values = rows.iter().map(|row| {
            let own = Bounds::exactly(row.value.clone());
            if row.is_share {
                own.times(self.of(base))
            } else {
                own
            }
        });
        values.reduce(Bounds::or).unwrap_or(Bounds::ALL)
    }

    fn of_measure(&self, id: MeasureId) -> Bounds {
        let measure: &Measure = self.plan.measure(id);
        let constants = measure.rules.iter().filter_map(|rule| match &rule.outcome {
            RuleOutcome::Value(value) => Some(self.of(value)),
            RuleOutcome::PayNothing | RuleOutcome::Hold => None,
        });
        let carried_in = self.plan.carried_into(id);
        let whole = carried_in.fold(self.of(&measure.value), |own, id| {
            own.plus(carried(self.plan.carry(id)))
        });
        let own = whole.rounded(measure.rounding.as_ref());
        constants.fold(own, Bounds::or)
    }

    /// A weighted average of scores lies between the lowest and the highest of them, whichever take part.
    fn of_scorecard(&self, card: &Scorecard) -> Bounds {
        let counted = |objective: &Objective| {
            let own = counts(&objective.counts, self.of(&objective.score));
            match &card.missing {
                MissingScore::Counts(value) => own.or(Bounds::exactly(value.clone())),
                MissingScore::Hold | MissingScore::Share => own,
            }
        };
        let own = card.objectives.iter().map(counted).reduce(Bounds::or);
        own.unwrap_or(Bounds::ALL).rounded(card.rounding.as_ref())
    }

    fn of_pay(&self, id: PayId) -> Bounds {
        if crate::meaning::sign::pay_never_negative(id, self.plan) {
            Bounds::from_zero()
        } else {
            Bounds::ALL
        }
    }
}

/// The lesser of two values.
fn least(a: Bounds, b: Bounds) -> Bounds {
    let high = match (a.high, b.high) {
        (None, end) | (end, None) => end,
        (Some(x), Some(y)) => Some(if y.0 < x.0 { y } else { x }),
    };
    Bounds {
        low: farther(a.low, b.low, |a, b| a < b),
        high,
    }
}

/// The greater of two values.
fn greatest(a: Bounds, b: Bounds) -> Bounds {
    least(a.negative(), b.negative()).negative()
}

/// A score under its `counts` rules: values of `under … counts …` apart, what is left between the limits.
fn counts(rules: &[Counts], score: Bounds) -> Bounds {
    let exactly = |limit: &Exact| Bounds::exactly(limit.clone());
    let mut apart = Vec::new();
    let mut rest = score;
    // `under` looks at the score itself, whatever the limits before it.
    for rule in rules {
        if let Counts::Under(limit, value) = rule {
            apart.push(exactly(value));
            rest = greatest(rest, exactly(limit));
        }
    }
    for rule in rules {
        rest = match rule {
            Counts::AtLeast(limit) => greatest(rest, exactly(limit)),
            Counts::AtMost(limit) => least(rest, exactly(limit)),
            Counts::Under(..) => rest,
        };
    }
    apart.into_iter().fold(rest, Bounds::or)
}

/// What is carried over: nothing, or what a period left.
fn carried(carry: &Carry) -> Bounds {
    if carry.below_zero_too {
        Bounds::ALL
    } else {
        Bounds::from_zero()
    }
}

fn of_constants(lookup: &Lookup) -> Bounds {
    match &lookup.kind {
        LookupKind::Rows { rows, .. } => Bounds::around(rows.iter().map(|row| &row.value)),
        LookupKind::Listed { .. } => Bounds::ALL,
        LookupKind::Curve {
            points,
            below,
            above,
            ..
        } => {
            let zero = Exact::ZERO;
            let nothing = [below, above]
                .into_iter()
                .filter(|beyond| matches!(beyond, Beyond::Nothing))
                .map(|_| &zero);
            let mut own = Bounds::around(points.iter().map(|point| &point.value).chain(nothing));
            // Below the first point a rising line goes down without end, above the last one up.
            let goes_down = |falls: bool, beyond: &Beyond| match beyond {
                Beyond::Continues(slope) => slope.is_negative() == falls && !slope.is_zero(),
                _ => false,
            };
            if goes_down(false, below) || goes_down(true, above) {
                own.low = None;
            }
            if goes_down(true, below) || goes_down(false, above) {
                own.high = None;
            }
            own
        }
    }
}
