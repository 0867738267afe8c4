//! Which clauses and rows of a plan its tests have exercised, from what receipts say was decided.
//!
//! A condition, gate, cap or floor has two outcomes, and a test should see both; a row, a cell of a matrix, an objective, a
//! rule of a measure and a split have one. Only what stands behind an expectation counts: nobody looks at the rest.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::rehearse::{Reason, Target, by_walker, stage};
use crate::diag::Span;
use crate::explain::{Decided, Walker};
use crate::meaning::plan::{Credit, GroupKind, Lookup, LookupRow, Pay, Plan, Split, StepKind};

/// What kind of clause it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClauseKind {
    /// `when …` of a credit, a split, a pay or one of its lines; `members …` of a pool.
    When,
    /// `gate`
    Gate,
    /// `cap`
    Cap,
    /// `floor`
    Floor,
    /// `earned …, paid when the quarter ends`
    WhenItEnds,
    /// A row of a tier table or table of values, or a cell of a matrix.
    Row,
    /// A row of a scorecard.
    Objective,
    /// A rule of a measure.
    Rule,
    /// A split without a condition, or one whose shares stand in rows.
    Split,
    /// A row of a split.
    Share,
}

impl ClauseKind {
    /// Its word for programs.
    pub fn name(self) -> &'static str {
        match self {
            ClauseKind::When => "when",
            ClauseKind::Gate => "gate",
            ClauseKind::Cap => "cap",
            ClauseKind::Floor => "floor",
            ClauseKind::WhenItEnds => "earned",
            ClauseKind::Row => "row",
            ClauseKind::Objective => "objective",
            ClauseKind::Rule => "rule",
            ClauseKind::Split => "split",
            ClauseKind::Share => "share",
        }
    }

    /// Whether tests should see it both ways.
    pub fn has_two_ways(self) -> bool {
        matches!(
            self,
            ClauseKind::When
                | ClauseKind::Gate
                | ClauseKind::Cap
                | ClauseKind::Floor
                | ClauseKind::WhenItEnds
        )
    }
}

/// A clause or row with what the tests made of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clause {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ClauseKind,
    /// Its name where its line does not say it: a cell of a matrix by both headings.
    pub words: Option<String>,
    /// Whether it held, took something away or added it, or was used.
    pub held: bool,
    /// Whether it failed, or left the amount alone.
    pub failed: bool,
}

impl Clause {
    /// How many outcomes it has, and how many the tests saw.
    pub fn outcomes(&self) -> (usize, usize) {
        if self.kind.has_two_ways() {
            (2, usize::from(self.held) + usize::from(self.failed))
        } else {
            (1, usize::from(self.held))
        }
    }

    /// What no test saw, in words; `None` where nothing is missing.
    pub fn missing(&self) -> Option<&'static str> {
        let (all, seen) = self.outcomes();
        if seen == all {
            return None;
        }
        Some(match (self.kind, self.held) {
            (ClauseKind::Row | ClauseKind::Share, _) => "never reached",
            (ClauseKind::Objective, _) => "never counted",
            (ClauseKind::Rule | ClauseKind::Split, _) => "never applied",
            (_, false) if !self.failed => "never decided",
            (ClauseKind::When, false) => "never held",
            (ClauseKind::When, true) => "never failed",
            (ClauseKind::Gate, false) => "never passed",
            (ClauseKind::Gate, true) => "never missed",
            (ClauseKind::WhenItEnds, false) => "never in the last period",
            (ClauseKind::WhenItEnds, true) => "never before the last period",
            (ClauseKind::Cap | ClauseKind::Floor, false) => "never changed an amount",
            (ClauseKind::Cap | ClauseKind::Floor, true) => "never left an amount alone",
        })
    }
}

/// Every clause of a plan that can be exercised, by place: the plan's own first, then those of shared terms.
pub fn coverage(plan: &Plan) -> Vec<Clause> {
    let decided = decided(plan);
    let seen = |clause: Span, holds: bool| decided.contains(&Decided { clause, holds });
    let clauses = clauses(plan);
    let words = cells(plan);
    let of = |(span, kind): (Span, ClauseKind)| Clause {
        span,
        kind,
        words: words.get(&span).cloned(),
        held: seen(span, true),
        failed: seen(span, false),
    };
    let mut found: Vec<Clause> = clauses.into_iter().map(of).collect();
    found.sort_by_key(|own| (own.span.file != plan.file, own.span));
    found
}

/// What the expectations of all tests rest on.
fn decided(plan: &Plan) -> BTreeSet<Decided> {
    let mut all = BTreeSet::new();
    for test in &plan.tests {
        let staged = stage(plan, test);
        if !staged.problems.is_empty() {
            continue;
        }
        let mut walker = Walker::new(plan, &staged.data);
        for expect in &test.expects {
            let Some((target, period)) = Target::of(plan, expect) else {
                continue;
            };
            match by_walker(&mut walker, &expect.person.text, target, &period).1 {
                Some(Reason::Receipt(receipt)) => all.extend(receipt.root.all_decided()),
                Some(Reason::Measure(step)) => all.extend(step.all_decided()),
                None => {}
            }
        }
    }
    all
}

fn clauses(plan: &Plan) -> BTreeSet<(Span, ClauseKind)> {
    let mut all = BTreeSet::new();
    for credit in &plan.credits {
        of_credit(credit, &mut all);
    }
    for measure in &plan.measures {
        let rules = measure.rules.iter();
        all.extend(rules.map(|rule| (rule.span, ClauseKind::Rule)));
    }
    for table in &plan.tiers {
        let rows = table.rows.iter();
        all.extend(rows.map(|row| (row.span, ClauseKind::Row)));
    }
    let lookups = plan.lookups.iter().flat_map(Lookup::rows);
    all.extend(lookups.map(|row| (row.span, ClauseKind::Row)));
    let objectives = plan.scorecards.iter().flat_map(|card| &card.objectives);
    all.extend(objectives.map(|own| (own.span, ClauseKind::Objective)));
    for pay in plan.pays.iter().flat_map(Pay::texts) {
        of_pay(pay, &mut all);
    }
    let pools = plan.groups.iter().filter_map(|group| match &group.kind {
        GroupKind::Pool(pool) => Some(&pool.members),
        _ => None,
    });
    all.extend(pools.flatten().map(|own| (own.span, ClauseKind::When)));
    for group in &plan.groups {
        if let GroupKind::Contest(contest) = &group.kind {
            let needs = contest.needs.iter();
            all.extend(needs.map(|own| (own.span, ClauseKind::When)));
            let rows = contest.gives.rows().iter();
            all.extend(rows.map(|row| (row.span, ClauseKind::Row)));
        }
    }
    all
}

/// Rows of values and cells of matrices by the table's name and their ranges.
fn cells(plan: &Plan) -> BTreeMap<Span, String> {
    let rows = plan.lookups.iter().flat_map(|lookup| {
        let words = |row: &LookupRow| format!("{}: {}", lookup.name, row.words);
        lookup.rows().iter().map(move |row| (row.span, words(row)))
    });
    rows.collect()
}

fn of_credit(credit: &Credit, all: &mut BTreeSet<(Span, ClauseKind)>) {
    let conditions = credit.when.iter();
    all.extend(conditions.map(|when| (when.span, ClauseKind::When)));
    match &credit.receivers.split {
        None => {}
        Some(Split::Among(among)) => {
            all.insert((among.span, ClauseKind::Split));
        }
        Some(Split::FromRows(split)) => {
            all.insert((split.span, ClauseKind::Split));
        }
        Some(Split::Written(split)) => {
            all.insert(match &split.when {
                Some(when) => (when.span, ClauseKind::When),
                None => (split.span, ClauseKind::Split),
            });
            let shares = split.shares.iter();
            all.extend(shares.map(|(_, _, span)| (*span, ClauseKind::Share)));
            let overlays = split.overlays.iter();
            all.extend(overlays.map(|(_, _, span)| (*span, ClauseKind::Share)));
        }
    }
}

fn of_pay(pay: &Pay, all: &mut BTreeSet<(Span, ClauseKind)>) {
    let lines = pay.steps.iter().filter_map(|step| step.when.as_ref());
    let conditions = pay.when.iter().chain(lines);
    all.extend(conditions.map(|when| (when.span, ClauseKind::When)));
    for step in &pay.steps {
        let kind = match &step.kind {
            StepKind::Gate { .. } => ClauseKind::Gate,
            StepKind::Cap { .. } | StepKind::CapOf(_) => ClauseKind::Cap,
            StepKind::Floor { .. } => ClauseKind::Floor,
            StepKind::WhenItEnds => ClauseKind::WhenItEnds,
            _ => continue,
        };
        all.insert((step.span, kind));
    }
}

/// Outcomes of all these clauses, and how many the tests saw.
pub fn outcomes<'a>(clauses: impl IntoIterator<Item = &'a Clause>) -> (usize, usize) {
    let each = clauses.into_iter().map(Clause::outcomes);
    each.fold((0, 0), |(all, seen), (a, s)| (all + a, seen + s))
}

/// Whole percent, rounded down so that 100 means all; all of nothing is 100.
pub fn percent((all, seen): (usize, usize)) -> usize {
    (seen * 100).checked_div(all).unwrap_or(100)
}
