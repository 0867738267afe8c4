//! One plan file with its shared terms → a checked plan.

use std::collections::BTreeMap;

use crate::base::Currency;
use crate::diag::{Code, Diagnostic, Parsed, Problems, Span};
use crate::meaning::check::head::empty;
use crate::meaning::errors;
use crate::meaning::lower::{Known, Lower};
use crate::meaning::names::{Def, Names};
use crate::meaning::plan::{Checked, Plan};
use crate::syntax::ast;

mod claims;
mod head;
mod plan_tests;

/// What the manifest says of a source's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceCurrency {
    /// All of it is of one currency.
    All(Currency),
    /// Each row names its own.
    Rows,
}

/// What is known of the sources that names are bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// By name in the manifest. A source that is not here has money of the plan's currency.
    pub sources: BTreeMap<String, SourceCurrency>,
}

/// Gives a plan without amendments its meaning.
pub fn check(
    plan: &Parsed<ast::File>,
    shared: &[&Parsed<ast::File>],
    bindings: &Bindings,
) -> Parsed<Option<Checked<Plan>>> {
    check_amended(plan, &[], shared, bindings)
}

/// Gives a plan its meaning. `plan` is the file with the `plan` block, `amendments` are files with `amend` blocks of it,
/// `shared` the files it uses.
///
/// The plan is there only where nothing that stops it was found, in the texts or in their meaning. Problems
/// of the texts are not repeated.
pub fn check_amended(
    plan: &Parsed<ast::File>,
    amendments: &[&Parsed<ast::File>],
    shared: &[&Parsed<ast::File>],
    bindings: &Bindings,
) -> Parsed<Option<Checked<Plan>>> {
    let others = || shared.iter().chain(amendments);
    let readable = !plan.problems.has_errors() && !others().any(|file| file.problems.has_errors());
    let lost_a_block = plan.value.lost_a_block() || others().any(|file| file.value.lost_a_block());
    let plan = &plan.value;
    let shared: Vec<&ast::File> = shared.iter().map(|file| &file.value).collect();
    let amendments: Vec<&ast::File> = amendments.iter().map(|file| &file.value).collect();
    let mut problems = Problems::new();
    let names = Names::gather(plan, &shared, &mut problems);
    let has_head = (plan.items.iter()).any(|item| matches!(item, ast::Item::Plan(_)));
    // A file whose head could not be read may be an amendment.
    let is_headless = !has_head && plan.unnamed;
    for item in plan.items.iter().filter(|_| !is_headless) {
        problems.extend(not_an_amendment(item));
    }
    let Some(head) = head_of(plan, &mut problems) else {
        return Parsed {
            value: None,
            problems,
        };
    };
    // A head line that could not be read was reported; what hangs on it is checked with a stand-in.
    let broken = head.currency.is_none()
        || head.effective.is_none()
        || head.period.is_none()
        || head.payees.is_none();
    let known = Known {
        all: readable && !lost_a_block,
        dates: head.effective.is_some(),
        cadence: head.period.is_some(),
        calendar: true,
    };
    let mut lower = Lower::new(names, empty(plan, head, bindings), bindings, known);
    lower.problems.extend(problems);
    if !lost_a_block {
        lower.no_people(head);
    }
    lower.calendar(head);
    lower.payees(head);
    lower.settled(head);
    lower.paid(head);
    let more: Vec<&ast::File> = shared.iter().chain(&amendments).copied().collect();
    lower.accept(plan, &more);
    lower.amend(&amendments);
    lower.carries(plan, &shared);
    // First what is earned over longer lengths of time: what only that reads is read for that alone.
    for item in &plan.items {
        if let ast::Item::Pay(pay) = item
            && pay.earned.is_some()
        {
            lower.lower_unused(&pay.name.text, pay.name.span);
        }
    }
    for name in plan.items.iter().filter_map(given_meaning) {
        lower.lower_unused(&name.text, name.span);
    }
    lower.exceptions(plan, &shared);
    lower.carries_add();
    lower.shared_is_not_amended();
    lower.draws_stand(&shared);
    lower.late_records_are_of_one_person();
    lower.claims(plan);
    for file in std::iter::once(plan).chain(amendments.iter().copied()) {
        lower.tests(file);
    }
    lower.unknown_names(head);
    lower.unused(plan);
    lower.unasked();
    lower.of_ended_periods();
    let Lower {
        plan: made,
        mut problems,
        ..
    } = lower;
    if head.currency.is_none() {
        problems = problems.without(Code::U201);
    }
    let problems = made.unaccepted(problems);
    let whole = readable && !lost_a_block && !broken && !problems.has_errors();
    Parsed {
        value: whole.then_some(Checked(made)),
        problems,
    }
}

/// The head of a plan; a file has one.
fn head_of<'f>(plan: &'f ast::File, problems: &mut Problems) -> Option<&'f ast::PlanHead> {
    let mut heads = plan.items.iter().filter_map(|item| match item {
        ast::Item::Plan(head) => Some(head),
        _ => None,
    });
    let head = heads.next();
    if let (Some(head), Some(second)) = (head, heads.next()) {
        problems.push(errors::twice("plan", head.span, second.span));
    }
    if head.is_none() && !plan.lost_a_block() {
        problems.push(
            Diagnostic::at(
                Code::S007,
                Span::new(plan.id, 0, 0),
                "this file has no `plan`",
            )
            .help("start it with", "plan \"Account Executive 2026\""),
        );
    }
    head
}

/// The name of an item that gets its meaning whether or not anything reads it.
fn given_meaning(item: &ast::Item) -> Option<&ast::Name> {
    Some(match item {
        ast::Item::Credit(credit) => &credit.name,
        ast::Item::Rollup(rollup) => &rollup.name,
        ast::Item::Input(input) => &input.name,
        ast::Item::Quota(quota) => &quota.name,
        ast::Item::Measure(measure) => &measure.name,
        ast::Item::Tiers(tiers) => &tiers.name,
        ast::Item::Curve(curve) => &curve.name,
        ast::Item::Lookup(lookup) => &lookup.name,
        ast::Item::Rate(rate) => &rate.name,
        ast::Item::Exchange(exchange) => &exchange.name,
        ast::Item::Scorecard(card) => &card.name,
        ast::Item::Pay(pay) => &pay.name,
        ast::Item::Budget(budget) => &budget.name,
        ast::Item::Draw(draw) => &draw.name,
        ast::Item::Clawback(own) => &own.name,
        ast::Item::Adjustments(own) => &own.name,
        ast::Item::Pool(pool) => &pool.name,
        ast::Item::Contest(own) => &own.name,
        _ => return None,
    })
}

/// What changes a plan stands in a file of its own.
fn not_an_amendment(item: &ast::Item) -> Problems {
    let at = match item {
        ast::Item::Amend(head) => head.span,
        ast::Item::Replace(replace) => replace.span,
        ast::Item::Change(change) => change.span,
        _ => return Problems::new(),
    };
    let mut problems = Problems::new();
    problems.push(
        Diagnostic::at(Code::S002, at, "a change of a plan stands in a file of its own")
            .saying("not in the plan that it changes")
            .note("A text that is in force is not edited: whoever was paid by it must still be able to read it.")
            .help("move it to a file beside the plan", "NAME.amend-1.plan"),
    );
    problems
}

impl Lower<'_> {
    /// N103, once everything else is understood: until then a name may be meant where nobody could see it.
    fn unused(&mut self, plan: &ast::File) {
        if !self.known.all || self.problems.has_errors() {
            return;
        }
        for (name, def, span) in self.names.unused(plan) {
            self.problems.push(match def {
                Def::Input(input) => errors::unused_input(input),
                _ => errors::unused(name, def.kind(), span),
            });
        }
    }
}
