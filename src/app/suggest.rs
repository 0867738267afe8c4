//! Tests that a plan lacks, written out for a person to check: each break of each pay, one unit below it and above.

use std::collections::BTreeSet;

use crate::app::boundaries::{Boundary, Point, Reads, Side, boundaries, written};
use crate::app::compile::Ready;
use crate::app::rehearse::{Found, Target, by_engine, by_walker, paid, stage};
use crate::base::{Exact, Money, Period};
use crate::diag::SourceMap;
use crate::explain::{Walker, derivation};
use crate::meaning::plan::{Plan, QuotaId};
use crate::meaning::types::Type;
use crate::syntax::ast;

/// The line that stands above a suggested test until somebody has checked it.
pub const MARK: &str = "# suggested: check by hand, then delete this line";
/// Who is paid in a suggested test where the plan's tests name nobody.
const SOMEBODY: &str = "ana";

/// A test that is not in the plan yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// The pay it expects.
    pub pay: String,
    /// The credit's total.
    pub total: Exact,
    /// The block with its comments, as it would stand in the plan.
    pub text: String,
}

/// What can be suggested for a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// Tests, pay by pay, in the order of their totals.
    pub tests: Vec<Suggested>,
    /// Why some pay got none, in sentences.
    pub left_out: Vec<String>,
}

/// Tests for every break point that no test of the plan looks at. `like` is the person they pay: what the plan's
/// tests say of that person holds in the suggested ones too.
pub fn suggest(ready: &Ready, like: Option<&str>, sources: &SourceMap) -> Suggestions {
    let mut suggestions = Suggestions::default();
    for boundary in boundaries(&ready.plan.first_text()) {
        let person = Person::of(&ready.plan, &boundary, like);
        for point in boundary.untested() {
            match one(ready, &boundary, point, &person, sources) {
                Ok(test) => suggestions.tests.push(test),
                Err(why) => {
                    let pay = &ready.plan.pay(boundary.pay).name;
                    suggestions.left_out.push(format!("`{pay}`: {why}"));
                }
            }
        }
    }
    suggestions.left_out.dedup();
    suggestions
}

/// Whom suggested tests pay, when, and what holds of the person.
struct Person {
    name: ast::Name,
    period: Period,
    /// Tables of people, and facts.
    givens: Vec<ast::Given>,
}

impl Person {
    fn of(plan: &Plan, boundary: &Boundary, like: Option<&str>) -> Person {
        let pay = plan.pay(boundary.pay);
        let expects = |test: &ast::Test| test.expects.clone();
        let is_like = |own: &ast::Expect| like.is_none_or(|like| own.person.text == like);
        let named = |about_pay: bool| {
            plan.tests
                .iter()
                .flat_map(expects)
                .find(|own| is_like(own) && (!about_pay || own.what.text == pay.name))
        };
        let example = named(true).or_else(|| named(false));
        let text = like
            .map(str::to_owned)
            .or(example.as_ref().map(|own| own.person.text.clone()));
        let name = ast::Name {
            text: text.unwrap_or_else(|| SOMEBODY.to_owned()),
            span: pay.span,
        };
        let is_of = |test: &&ast::Test| test.expects.iter().any(|own| own.person.text == name.text);
        let givens: Vec<ast::Given> = plan.tests.iter().find(is_of).map_or_else(Vec::new, |test| {
            let facts = test.givens.iter().filter(|given| match given {
                ast::Given::Table { source, .. } => source.text == plan.people.name,
                ast::Given::OfCompany { .. } => true,
                ast::Given::Balance { .. } => false,
                ast::Given::Value {
                    what,
                    total,
                    person,
                    ..
                } => {
                    let is_quota = plan.quotas.iter().any(|quota| quota.name == what.text);
                    !total && !is_quota && person.text == name.text
                }
            });
            facts.cloned().collect()
        });
        // The first period that lies in the plan as a whole.
        let periods = plan.periods();
        let (start, end) = plan.effective;
        let whole = periods
            .iter()
            .find(|own| own.start() >= start && own.end() <= end);
        let first = plan.calendar.period_of(plan.effective.0, plan.cadence);
        let first = whole.copied().unwrap_or(first);
        // What is paid when a longer length of time ends is paid in the last of its periods.
        let first = if pay.is_paid_at_the_end() {
            let whole = plan
                .calendar
                .period_of(first.start(), plan.length_of(boundary.pay));
            plan.calendar.period_of(whole.end().min(end), plan.cadence)
        } else {
            first
        };
        // Whoever a test describes with dates is paid in the period of that test.
        let dated = givens
            .iter()
            .any(|given| matches!(given, ast::Given::Table { .. }));
        let own = example.filter(|own| dated && own.person.text == name.text);
        let period = own.and_then(|own| plan.calendar.parse_period(&own.period.text).ok());
        Person {
            name,
            period: period.unwrap_or(first),
            givens,
        }
    }
}

fn one(
    ready: &Ready,
    boundary: &Boundary,
    point: &Point,
    person: &Person,
    sources: &SourceMap,
) -> Result<Suggested, String> {
    let plan = &ready.plan;
    let pay = plan.pay(boundary.pay);
    let credit = plan.credit(boundary.mover);
    let period = name(plan, &person.period, pay.span);
    let mut givens = person.givens.clone();
    for id in &boundary.quotas {
        givens.extend(quota(plan, *id, boundary, person)?);
    }
    givens.push(ast::Given::Value {
        what: ast::Name {
            text: credit.name.clone(),
            span: pay.span,
        },
        total: true,
        value: number(&point.total, pay.span),
        person: person.name.clone(),
        period: Some(period.clone()),
        span: pay.span,
    });
    let amount = written(plan, &point.total, credit.amount.ty);
    let edge = written(plan, &point.edge, credit.amount.ty);
    let place = match point.side {
        Side::Below => "just below",
        Side::On => "on",
        Side::Above => "just above",
    };
    let title = format!("{} {place} {edge} of {}", pay.name, credit.name);
    let mut test = ast::Test {
        title: ast::Spanned {
            value: title,
            span: pay.span,
        },
        givens,
        expects: vec![ast::Expect {
            of: ast::ExpectOf::Value,
            what: ast::Name {
                text: pay.name.clone(),
                span: pay.span,
            },
            person: person.name.clone(),
            period,
            value: None,
            span: pay.span,
        }],
        span: pay.span,
    };
    let staged = stage(plan, &test);
    if let Some(problem) = staged.problems.first() {
        return Err(format!(
            "{}; say who in one test, and name that person with `--payee-like`",
            problem.message
        ));
    }
    let payee = &person.name.text;
    let collected = paid(&ready.program, &staged.data);
    let mut walker = Walker::new(plan, &staged.data);
    let target = Target::Pay(boundary.pay);
    let found = by_engine(&collected, payee, target, &person.period);
    let (slow, _) = by_walker(&mut walker, payee, target, &person.period);
    if found != slow {
        return Err(format!("the two engines disagree at {amount}"));
    }
    let answer = match found {
        Found::Value(value) if value.places().is_some() => value,
        Found::Value(_) => return Err(format!("at {amount} it pays no decimal amount")),
        Found::Held(_) => return Err(format!("at {amount} it is held")),
        Found::PaidIn(..) | Found::NotPaid => {
            return Err(format!("`{payee}` is not on the plan in that period"));
        }
    };
    test.expects
        .iter_mut()
        .for_each(|own| own.value = Some(number(&answer, pay.span)));
    let mut text = format!("{MARK}\n");
    let reads: BTreeSet<_> = Reads::of(plan, boundary.pay).pays;
    for id in reads {
        let receipt = walker.receipt(payee, id, &person.period);
        for line in derivation(&receipt, sources) {
            text.push_str(&format!("#   {line}\n"));
        }
    }
    text.push_str(&block(plan, &test, &answer));
    Ok(Suggested {
        pay: pay.name.clone(),
        total: point.total.clone(),
        text,
    })
}

fn name(plan: &Plan, period: &Period, span: crate::diag::Span) -> ast::Name {
    ast::Name {
        text: plan.calendar.label(period),
        span,
    }
}

fn number(value: &Exact, span: crate::diag::Span) -> ast::Expr {
    ast::Expr {
        kind: ast::ExprKind::Number(value.clone()),
        span,
    }
}

/// A quota of the period, or of what the pay is earned over: its own, or the first of the shorter ones inside, the others
/// being 0. One that is made of a value is given as it comes out.
fn quota(
    plan: &Plan,
    id: QuotaId,
    boundary: &Boundary,
    person: &Person,
) -> Result<Vec<ast::Given>, String> {
    let quota = plan.quota(id);
    let amount = &boundary.quota;
    let length = plan.length_of(boundary.pay);
    let of = &plan.calendar.period_of(person.period.start(), length);
    let periods = if quota.is_made() {
        vec![*of]
    } else if quota.cadence < length {
        plan.calendar.periods(of.start(), of.end(), quota.cadence)
    } else {
        vec![
            plan.calendar
                .period_of(plan.first_day_in(of), quota.cadence),
        ]
    };
    let (start, end) = plan.effective;
    if periods
        .iter()
        .any(|own| own.end() < start || own.start() > end)
    {
        return Err(format!(
            "no period of the plan has a whole `{}`",
            quota.name
        ));
    }
    if !matches!(quota.ty, Type::Money(_) | Type::Quantity(_) | Type::Number) {
        return Err(format!("`{}` is no amount", quota.name));
    }
    let given = periods.iter().enumerate().map(|(at, period)| {
        let value = if at == 0 { amount.clone() } else { Exact::ZERO };
        ast::Given::Value {
            what: ast::Name {
                text: quota.name.clone(),
                span: quota.span,
            },
            total: false,
            value: number(&value, quota.span),
            person: person.name.clone(),
            period: Some(name(plan, period, quota.span)),
            span: quota.span,
        }
    });
    Ok(given.collect())
}

/// A test as a plan writes it.
fn block(plan: &Plan, test: &ast::Test, answer: &Exact) -> String {
    let mut out = format!("test \"{}\"\n", test.title.value);
    for given in &test.givens {
        match given {
            ast::Given::Table {
                source,
                headings,
                rows,
                ..
            } => {
                out.push_str(&format!("  given       {}\n", source.text));
                out.push_str(&table(headings, rows));
            }
            ast::Given::OfCompany {
                what,
                value,
                period,
                ..
            } => out.push_str(&format!(
                "  given       {} is {} in {}\n",
                what.text,
                literal(value, ty_of(plan, &what.text), plan),
                period.text
            )),
            ast::Given::Balance {
                what,
                value,
                person,
                ..
            } => out.push_str(&format!(
                "  given       balance of {} is {} for {}\n",
                what.text,
                literal(value, Type::Money(plan.currency), plan),
                person_name(&person.text)
            )),
            ast::Given::Value {
                what,
                total,
                value,
                person,
                period,
                ..
            } => {
                let total = if *total { "total " } else { "" };
                let period = period
                    .as_ref()
                    .map_or_else(String::new, |period| format!(" in {}", period.text));
                out.push_str(&format!(
                    "  given       {total}{} is {} for {}{period}\n",
                    what.text,
                    literal(value, ty_of(plan, &what.text), plan),
                    person_name(&person.text)
                ));
            }
        }
    }
    let answer = Money::new(answer.clone(), plan.currency);
    for expect in &test.expects {
        out.push_str(&format!(
            "  expect      {} for {} in {} is {answer}\n",
            expect.what.text,
            person_name(&expect.person.text),
            expect.period.text
        ));
    }
    out
}

fn ty_of(plan: &Plan, name: &str) -> Type {
    let quota = plan
        .quotas
        .iter()
        .find(|own| own.name == name)
        .map(|own| own.ty);
    let credit = plan.credits.iter().find(|own| own.name == name);
    let fact = plan.people.columns.iter().find(|own| own.name == name);
    let input = plan.inputs.iter().find(|own| own.name == name);
    quota
        .or(input.map(|own| own.ty))
        .or(credit.map(|own| own.amount.ty))
        .or(fact.map(|own| own.ty))
        .unwrap_or(Type::Poisoned)
}

fn literal(expr: &ast::Expr, ty: Type, plan: &Plan) -> String {
    match &expr.kind {
        ast::ExprKind::Percent(value) => {
            format!("{}%", (value.clone() * Exact::int(100)).to_plain())
        }
        ast::ExprKind::Points(value) => {
            format!("{} points", (value.clone() * Exact::int(100)).to_plain())
        }
        ast::ExprKind::Number(value)
        | ast::ExprKind::Money(value, _)
        | ast::ExprKind::Quantity(value, _) => written(plan, value, ty),
        ast::ExprKind::MoneyPer(value, currency, unit) => {
            format!("{} {currency} per {}", value.to_plain(), unit.text)
        }
        ast::ExprKind::Date(date) => date.to_string(),
        ast::ExprKind::Text(text) => format!("\"{text}\""),
        ast::ExprKind::Name(text) => text.clone(),
        ast::ExprKind::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        ast::ExprKind::Negative(inner) => format!("-{}", literal(inner, ty, plan)),
        _ => String::new(),
    }
}

/// A person's id, quoted unless it is a plain name.
fn person_name(text: &str) -> String {
    let mut letters = text.chars();
    let is_plain = letters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|own| own.is_ascii_lowercase() || own.is_ascii_digit() || own == '_');
    if is_plain {
        text.to_owned()
    } else {
        format!("\"{text}\"")
    }
}

fn table(headings: &[ast::Name], rows: &[Vec<ast::Name>]) -> String {
    let all: Vec<Vec<&str>> = std::iter::once(headings)
        .chain(rows.iter().map(Vec::as_slice))
        .map(|row| row.iter().map(|cell| cell.text.as_str()).collect())
        .collect();
    let width = |at: usize| {
        let cells = all.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let line = |row: &Vec<&str>| {
        let cells = row.iter().enumerate().map(|(at, cell)| {
            let pad = " ".repeat(width(at).saturating_sub(cell.chars().count()));
            format!(" {cell}{pad} |")
        });
        format!("    |{}\n", cells.collect::<String>())
    };
    all.iter().map(line).collect()
}
