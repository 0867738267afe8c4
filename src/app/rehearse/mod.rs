//! Runs the tests written inside a plan, on both roads.
//!
//! A test states only what matters to it. The rest takes neutral values: a person who is only named meets
//! the condition of `payees`, a cell that is not given is empty, a source without rows has none.

use crate::app::collect::Collected;
use crate::base::{Currency, Exact, Money, Period};
use crate::diag::{Code, Diagnostic, Span};
use crate::eval::{Engine, LocalEngine, PayRow, Prepared, Scope, Settled, Wanted};
use crate::explain::{Known, Node, Receipt, Walker};
use crate::meaning::plan::{CarryId, Checked, MeasureId, PayId, Plan};
use crate::meaning::types::Type;
use crate::program::Program;
use crate::syntax::ast;
use crate::table::{Cause, Data, Value};

mod cells;
mod moved;
mod quotas;
mod stage;

pub use crate::app::rehearse::moved::{Moved, OfDraw};
pub use crate::app::rehearse::stage::{Staged, stage};

/// What came of one test.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// Its title.
    pub title: String,
    /// Its head line.
    pub span: Span,
    /// What the test did not say and the runner filled in.
    pub assumed: Vec<Assumed>,
    /// What was not as expected; empty where it passed.
    pub failures: Vec<Failed>,
    /// Why that is so which is as expected, in the order written.
    pub reasons: Vec<Reason>,
}

/// A column, fact or quota that a test does not give, with the neutral value it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// What: `role of ana`.
    pub what: String,
    /// The value in words: `"Account Executive"`, `empty`, `missing`.
    pub value: String,
}

impl std::fmt::Display for Assumed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is {}", self.what, self.value)
    }
}

/// One expectation that does not hold.
#[derive(Clone, Debug)]
pub struct Failed {
    /// X303, or what is wrong with the test where it cannot be run.
    pub diagnostic: Diagnostic,
    /// What was compared, where the test could be run.
    pub compared: Option<Compared>,
}

/// An expectation beside what came out.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What the test expects.
    pub expected: Found,
    /// What the engine found.
    pub found: Found,
    /// Found less expected, where both are amounts.
    pub difference: Option<Exact>,
    /// Why it is what it is, from the walker.
    pub reason: Option<Reason>,
}

/// Why a value is what it is.
#[derive(Clone, Debug)]
pub enum Reason {
    /// A payout or component.
    Receipt(Receipt),
    /// A measure.
    Measure(Node),
}

/// Runs the tests of a plan that are wanted by their titles, in the order written.
pub fn rehearse(
    plan: &Checked<Plan>,
    program: &Program,
    wanted: impl Fn(&str) -> bool,
) -> Vec<TestResult> {
    let tests = plan.tests.iter();
    tests
        .filter(|test| wanted(&test.title.value))
        .map(|test| run(plan, program, test))
        .collect()
}

/// Everything the engine pays in a test.
pub fn paid(program: &Program, data: &Data) -> Collected {
    let mut collected = Collected::default();
    LocalEngine.prepare(program, data).pay(
        &crate::table::Overlay::default(),
        &Scope::default(),
        Wanted { credits: false },
        &mut collected,
    );
    collected
}

fn run(plan: &Checked<Plan>, program: &Program, test: &ast::Test) -> TestResult {
    let staged = stage(plan, test);
    let not_run = staged.problems.into_iter().map(|diagnostic| Failed {
        diagnostic,
        compared: None,
    });
    let mut failures: Vec<Failed> = not_run.collect();
    let mut reasons = Vec::new();
    if failures.is_empty() {
        let collected = paid(program, &staged.data);
        let mut walker = Walker::new(plan, &staged.data);
        for expect in &test.expects {
            match check(plan, expect, &collected, &mut walker) {
                Some(Ok(reason)) => reasons.push(reason),
                Some(Err(failed)) => failures.push(failed),
                None => {}
            }
        }
    }
    TestResult {
        title: test.title.value.clone(),
        span: test.span,
        assumed: staged.assumed,
        failures,
        reasons,
    }
}

/// A value as both roads give it.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A value.
    Value(Exact),
    /// Held, and why; a test that expects `is held` gives no causes.
    Held(Vec<Cause>),
    /// What is paid, in another currency than was expected.
    PaidIn(Exact, Currency),
    /// The person is not on the plan in that period.
    NotPaid,
}

/// What an expectation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A payout or component.
    Pay(PayId),
    /// What is paid of a payout, in another currency than the plan's.
    Paid(PayId, Currency),
    /// A measure.
    Measure(MeasureId),
    /// What is carried into a period.
    Carry(CarryId),
    /// What moves of a payout, or stands after a period.
    Moved(PayId, Moved),
}

impl Target {
    /// What an expectation is about, and in which period; `None` for names that the plan does not have.
    pub fn of(plan: &Plan, expect: &ast::Expect) -> Option<(Target, Period)> {
        let name = &expect.what.text;
        let period = plan.calendar.parse_period(&expect.period.text).ok()?;
        if expect.of != ast::ExpectOf::Value {
            let (pay, moved) = Moved::of(plan, expect.of, name)?;
            return Some((Target::Moved(pay, moved), period));
        }
        let pay = plan.pay_named(name).map(|pay| match &expect.value {
            Some(ast::Expr {
                kind: ast::ExprKind::Money(_, currency),
                ..
            }) if *currency != plan.currency => Target::Paid(pay, *currency),
            _ => Target::Pay(pay),
        });
        let named = plan.measure_named(name);
        let measure = || named.map(|id| plan.measure_on(id, period.end()));
        let carry = || plan.carry_named(name).map(Target::Carry);
        let target = pay
            .or_else(|| measure().map(Target::Measure))
            .or_else(carry)?;
        Some((target, period))
    }

    /// The payout or component that it is about, if it is about one.
    fn pay(self) -> Option<PayId> {
        match self {
            Target::Pay(id) | Target::Paid(id, _) | Target::Moved(id, _) => Some(id),
            Target::Measure(_) | Target::Carry(_) => None,
        }
    }

    /// The type of its value.
    fn ty(self, plan: &Plan) -> Type {
        match self {
            Target::Pay(_) | Target::Moved(..) => Type::Money(plan.currency),
            Target::Paid(_, currency) => Type::Money(currency),
            Target::Measure(id) => plan.measure(id).value.ty,
            Target::Carry(id) => plan.measure(plan.carry(id).into).value.ty,
        }
    }
}

/// Why an expectation holds, or that it does not; `None` where there is nothing to show.
fn check(
    plan: &Plan,
    expect: &ast::Expect,
    collected: &Collected,
    walker: &mut Walker<'_>,
) -> Option<Result<Reason, Failed>> {
    let (target, period) = Target::of(plan, expect)?;
    let found = by_engine(collected, &expect.person.text, target, &period);
    let (slow, reason) = by_walker(walker, &expect.person.text, target, &period);
    let expected = match &expect.value {
        None => Found::Held(Vec::new()),
        Some(value) => match literal(value) {
            Some(Value::Number(number)) => Found::Value(number),
            _ => return None,
        },
    };
    let as_expected = match (&expected, &found) {
        (Found::Held(_), Found::Held(_)) => true,
        (expected, found) => expected == found,
    };
    if as_expected && found == slow {
        return reason.map(Ok);
    }
    let ty = target.ty(plan);
    let name = format!("{}{}", expect.of.words(), expect.what.text);
    let message = if found != slow {
        format!(
            "the two engines disagree about `{name}`: {} and {}",
            words(&found, ty),
            words(&slow, ty)
        )
    } else {
        match (&expected, &found) {
            (Found::Held(_), _) => format!("`{name}` is not held: it is {}", words(&found, ty)),
            _ => format!("`{name}` is {}", words(&found, ty)),
        }
    };
    let mut diagnostic = Diagnostic::at(Code::X303, expect.span, message);
    let mut difference = None;
    if let (Found::Value(expected), Found::Value(found)) = (&expected, &found)
        && expected != found
    {
        let change = found.clone() - expected.clone();
        let amount = match ty {
            Type::Percent => plain(&Value::Number(change.abs()), Type::Points),
            _ => plain(&Value::Number(change.abs()), ty),
        };
        let way = if change.is_negative() { "less" } else { "more" };
        diagnostic = diagnostic
            .saying(format!("{amount} {way} than expected"))
            .note(columns(&[
                ("expected", plain(&Value::Number(expected.clone()), ty)),
                ("found", plain(&Value::Number(found.clone()), ty)),
                ("difference", format!("{amount} {way}")),
            ]));
        difference = Some(change);
    }
    if let Found::Held(causes) = &found {
        for cause in causes {
            diagnostic = diagnostic.note(cause.words.clone());
        }
    }
    Some(Err(Failed {
        diagnostic,
        compared: Some(Compared {
            expected,
            found,
            difference,
            reason,
        }),
    }))
}

/// Names with amounts under each other.
fn columns(rows: &[(&str, String)]) -> String {
    let digits = |text: &str| text.split(' ').next().unwrap_or("").chars().count();
    let widest = rows.iter().map(|(_, text)| digits(text)).max().unwrap_or(0);
    let lines = rows.iter().map(|(name, text)| {
        let pad = widest - digits(text);
        format!("{name:<12}{}{text}", " ".repeat(pad))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the engine found.
pub fn by_engine(collected: &Collected, payee: &str, target: Target, period: &Period) -> Found {
    let row = collected
        .rows
        .iter()
        .find(|row| row.payee == payee && row.period == *period);
    let Some(row) = row else {
        return Found::NotPaid;
    };
    let pay = |id: PayId| row.pays.iter().find(|pay| pay.pay == id);
    let settled = match target {
        Target::Pay(id) => pay(id).map(|pay| &pay.payout),
        Target::Paid(id, wanted) => {
            if let Some(paid) = pay(id).and_then(|pay| pay.paid.as_ref()) {
                return in_currency(&paid.amount, paid.currency, wanted);
            }
            pay(id).map(|pay| &pay.payout)
        }
        Target::Moved(id, moved) => {
            return pay(id).map_or(Found::NotPaid, |own| moved_in_row(own, moved));
        }
        Target::Measure(id) => row
            .measures
            .iter()
            .find(|(measure, _)| *measure == id)
            .map(|(_, value)| value),
        Target::Carry(id) => row
            .carries
            .iter()
            .find(|own| own.carry == id)
            .map(|own| &own.carried_in),
    };
    match settled {
        None => Found::NotPaid,
        Some(Settled::Value(value)) => Found::Value(value.clone()),
        Some(Settled::Nothing) => Found::Value(Exact::ZERO),
        Some(Settled::Held(causes)) => Found::Held(causes.clone()),
    }
}

/// What moves of a payout by the engine; of one that is held nothing is known.
fn moved_in_row(row: &PayRow, moved: Moved) -> Found {
    let taken = row.taken.iter().map(|(id, amount)| (*id, amount));
    match &row.payout {
        Settled::Held(causes) => Found::Held(causes.clone()),
        Settled::Value(_) | Settled::Nothing => Found::Value(moved.amount(&row.moves, taken)),
    }
}

/// What is paid, by whether it is in the currency that is expected.
fn in_currency(amount: &Exact, currency: Currency, wanted: Currency) -> Found {
    if currency == wanted {
        Found::Value(amount.clone())
    } else {
        Found::PaidIn(amount.clone(), currency)
    }
}

/// What the walker found, and why.
pub fn by_walker(
    walker: &mut Walker<'_>,
    payee: &str,
    target: Target,
    period: &Period,
) -> (Found, Option<Reason>) {
    let is_there = match target.pay() {
        Some(id) => walker.is_settled(payee, id, period),
        None => walker.belongs(payee, period),
    };
    if !is_there {
        return (Found::NotPaid, None);
    }
    let of_receipt = |walker: &mut Walker<'_>, id, found: &dyn Fn(&Receipt) -> Found| {
        let receipt = walker.receipt(payee, id, period);
        (found(&receipt), Some(Reason::Receipt(receipt)))
    };
    match target {
        Target::Pay(id) => of_receipt(walker, id, &|own| known(&own.payout)),
        Target::Paid(id, wanted) => of_receipt(walker, id, &|own| match &own.paid {
            Some(paid) => in_currency(&paid.amount, paid.currency, wanted),
            None => known(&own.payout),
        }),
        Target::Moved(id, moved) => of_receipt(walker, id, &|own| moved_in_receipt(own, moved)),
        Target::Measure(id) => {
            let step = walker.measure_step(payee, id, period);
            let found = known(&walker.measure(payee, id, period));
            (found, step.map(Reason::Measure))
        }
        Target::Carry(id) => {
            let step = walker.carry_step(payee, id, period);
            let found = step.as_ref();
            let found = found.map_or(Found::Value(Exact::ZERO), |step| known(&step.value));
            (found, step.map(Reason::Measure))
        }
    }
}

/// A value as the walker knows it.
fn known(value: &Known) -> Found {
    match value {
        Known::Value(value) => Found::Value(value.clone()),
        Known::Nothing => Found::Value(Exact::ZERO),
        Known::Held(causes) => Found::Held(causes.clone()),
    }
}

/// What moves of a payout by its receipt; of one that is held nothing is known.
fn moved_in_receipt(receipt: &Receipt, moved: Moved) -> Found {
    let taken = receipt.taken.iter().map(|own| (own.id, &own.amount));
    match &receipt.payout {
        Known::Held(causes) => Found::Held(causes.clone()),
        Known::Value(_) | Known::Nothing => Found::Value(moved.amount(&receipt.moves, taken)),
    }
}

fn words(found: &Found, ty: Type) -> String {
    match found {
        Found::Value(value) => plain(&Value::Number(value.clone()), ty),
        Found::Held(_) => "held".to_owned(),
        Found::PaidIn(amount, currency) => Money::new(amount.clone(), *currency).to_string(),
        Found::NotPaid => {
            "not paid at all: the person is not on the plan in that period".to_owned()
        }
    }
}

/// The value of a literal, with a minus before it at most.
fn literal(expr: &ast::Expr) -> Option<Value> {
    Some(match &expr.kind {
        ast::ExprKind::Number(n) | ast::ExprKind::Percent(n) | ast::ExprKind::Points(n) => {
            Value::Number(n.clone())
        }
        ast::ExprKind::Money(n, _)
        | ast::ExprKind::Quantity(n, _)
        | ast::ExprKind::MoneyPer(n, _, _) => Value::Number(n.clone()),
        ast::ExprKind::Date(date) => Value::Date(*date),
        ast::ExprKind::Text(text) => Value::Text(text.as_str().into()),
        ast::ExprKind::Name(text) => Value::Text(text.as_str().into()),
        ast::ExprKind::Bool(flag) => Value::Bool(*flag),
        ast::ExprKind::Negative(inner) => match literal(inner)? {
            Value::Number(n) => Value::Number(-n),
            _ => return None,
        },
        _ => return None,
    })
}

/// A value as a plan would write it.
pub fn plain(value: &Value, ty: Type) -> String {
    match (value, ty) {
        (Value::Number(number), Type::Money(currency) | Type::MoneyPer(currency, _)) => {
            Money::new(number.clone(), currency).to_string()
        }
        (Value::Number(number), Type::Percent) => {
            format!("{}%", (number.clone() * Exact::int(100)).to_plain())
        }
        (Value::Number(number), Type::Points) => {
            let points = number.clone() * Exact::int(100);
            let word = if points == Exact::ONE {
                "point"
            } else {
                "points"
            };
            format!("{} {word}", points.to_plain())
        }
        (Value::Number(number), _) => number.to_plain(),
        (Value::Text(text), _) => format!("\"{text}\""),
        (Value::Date(date), _) => date.to_string(),
        (Value::Bool(flag), _) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}
