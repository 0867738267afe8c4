//! A project → checked plans, and everything that is wrong with them.

use crate::app::{boundaries, totals, twice};
use crate::diag::{Code, Diagnostic, Parsed, Problems, Severity, Span};
use crate::io::Project;
use crate::meaning::plan::Claim;
use crate::meaning::{Bindings, Checked, Plan, Total, check_amended, instances, merged};
use crate::piecewise::{order_lints, shape_lints};
use crate::program::Program;
use crate::prove::{self, Verdict, prove};
use crate::syntax::ast::{File, Item};

/// One plan, ready.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Its meaning.
    pub plan: Checked<Plan>,
    /// Its program.
    pub program: Program,
    /// Its claims, each with what became of it.
    pub proofs: Vec<(Claim, Verdict)>,
}

/// All plans of a project.
#[derive(Debug)]
pub struct Compiled {
    /// Those without errors, in the order of their files.
    pub ready: Vec<Ready>,
    /// Totals across them; they count plans by their places in `ready`.
    pub totals: Vec<Total>,
    /// A total that adds payouts of plans which are not there, because one plan was asked for alone.
    pub apart: Option<String>,
    /// What was found, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// How many plan files there are.
    pub files: usize,
}

impl Compiled {
    /// Whether anything stops a run.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }

    /// Whether anything must be mended or accepted.
    pub fn has_warnings(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Warning)
    }
}

/// What a text of a plan should make its author think about and no earlier one did.
fn of_text(found: [Problems; 2], amendment: Option<Span>, known: &Problems) -> Problems {
    let mut new = Problems::new();
    for own in found.iter().flat_map(Problems::iter) {
        if known.iter().any(|known| known == own) {
            continue;
        }
        new.push(match amendment {
            None => own.clone(),
            Some(head) => own.clone().label(head, "in this text"),
        });
    }
    new
}

/// Compiles every plan of a project.
pub fn compile(project: &Project) -> Compiled {
    let mut problems = Problems::new();
    problems.extend(project.problems.clone());
    for shared in &project.shared {
        problems.extend(shared.problems.clone());
    }
    problems.extend(twice::titles(project));
    let bindings = project.bindings();
    let mut ready = Vec::new();
    for amendment in &project.amendments {
        problems.extend(amendment.parsed.problems.clone());
    }
    for file in &project.plans {
        problems.extend(file.parsed.problems.clone());
        let shared: Vec<_> = file
            .shared
            .iter()
            .filter_map(|at| project.shared.get(*at))
            .collect();
        let amendments: Vec<_> = file
            .amendments
            .iter()
            .filter_map(|at| project.amendments.get(*at))
            .map(|own| &own.parsed)
            .collect();
        let instances = instances(&file.parsed, &shared);
        problems.extend(instances.problems);
        let mut found = Vec::new();
        for instance in instances.value {
            let several = amendments.iter().filter(|_| instance.currency.is_some());
            let refused = several.filter_map(|own| not_of_several(own));
            refused.for_each(|own| problems.push(own));
            let amendments = match instance.currency {
                None => amendments.as_slice(),
                Some(_) => &[],
            };
            let (own, problems) = one(&instance.file, amendments, &shared, &bindings);
            ready.extend(own);
            found.push((instance.currency, problems));
        }
        problems.extend(merged(found));
    }
    let (made, found) = totals::resolve(project, &ready);
    problems.extend(found);
    Compiled {
        totals: made,
        apart: totals::apart(project, &ready),
        ready,
        diagnostics: problems.sorted(),
        files: project.plans.len(),
    }
}

/// Compiles a plan that pays in one currency, with its amendments.
fn one(
    file: &Parsed<File>,
    amendments: &[&Parsed<File>],
    shared: &[&Parsed<File>],
    bindings: &Bindings,
) -> (Option<Ready>, Problems) {
    let checked = check_amended(file, amendments, shared, bindings);
    let mut problems = checked.problems;
    let ready = checked.value.map(|plan| {
        for (text, amendment) in plan.whole_texts() {
            let looked = [shape_lints(&text), order_lints(&text)];
            let new = of_text(looked, amendment, &problems);
            problems.extend(plan.unaccepted(new));
        }
        let proofs = prove(&plan);
        problems.extend(plan.unaccepted(prove::problems(&plan, &proofs)));
        problems.extend(boundaries::untested(&plan.first_text()));
        let program = Program::from_meaning(&plan);
        Ready {
            plan,
            program,
            proofs,
        }
    });
    (ready, problems)
}

/// U207: an amendment is of a plan that pays in one currency.
fn not_of_several(amendment: &Parsed<File>) -> Option<Diagnostic> {
    let head = amendment.value.items.iter().find_map(|item| match item {
        Item::Amend(head) => Some(head.span),
        _ => None,
    })?;
    Some(
        Diagnostic::at(
            Code::U207,
            head,
            "an amendment changes a plan of one currency",
        )
        .saying("this plan pays in several")
        .help(
            "let the plan end on the day before, and begin another",
            "plan \"…\"",
        ),
    )
}
