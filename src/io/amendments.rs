//! Amendments among the files of a project: each belongs to the plan whose title it names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diag::{Code, Diagnostic, Edit, FileId, Parsed, Problems, near};
use crate::io::project::{PlanFile, find_plans};
use crate::syntax::ast::{AmendHead, File, Item};

/// One amendment.
#[derive(Debug)]
pub struct AmendmentFile {
    /// Its text.
    pub file: FileId,
    /// What was written.
    pub parsed: Parsed<File>,
}

/// Puts amendments apart from plans, and each to its plan.
pub(in crate::io) fn put_apart(
    files: Vec<PlanFile>,
    problems: &mut Problems,
) -> (Vec<PlanFile>, Vec<AmendmentFile>) {
    let (amending, mut plans): (Vec<PlanFile>, Vec<PlanFile>) = files
        .into_iter()
        .partition(|file| amend_head(&file.parsed.value).is_some());
    let mut amendments = Vec::new();
    for file in amending {
        let Some(head) = amend_head(&file.parsed.value) else {
            continue;
        };
        let title = &head.plan.value;
        let is_of = |plan: &&mut PlanFile| plan_title(&plan.parsed.value) == Some(title.as_str());
        match plans.iter_mut().find(is_of) {
            Some(plan) => plan.amendments.push(amendments.len()),
            None => problems.push(of_no_plan(head, &plans)),
        }
        amendments.push(AmendmentFile {
            file: file.file,
            parsed: file.parsed,
        });
    }
    (plans, amendments)
}

fn amend_head(file: &File) -> Option<&AmendHead> {
    let is_plan = file.items.iter().any(|item| matches!(item, Item::Plan(_)));
    let mut items = file.items.iter().filter(|_| !is_plan);
    items.find_map(|item| match item {
        Item::Amend(head) => Some(head),
        _ => None,
    })
}

fn plan_title(file: &File) -> Option<&str> {
    file.items.iter().find_map(|item| match item {
        Item::Plan(head) => Some(head.title.value.as_str()),
        _ => None,
    })
}

fn of_no_plan(head: &AmendHead, plans: &[PlanFile]) -> Diagnostic {
    let titles = plans
        .iter()
        .filter_map(|plan| plan_title(&plan.parsed.value));
    let title = &head.plan.value;
    let near = near(title, titles);
    let diagnostic = Diagnostic::at(
        Code::N101,
        head.plan.span,
        format!("no plan of this project is called \"{title}\""),
    );
    match near {
        Some(near) => diagnostic.saying(format!("closest is \"{near}\"")).fix(
            format!("write \"{near}\""),
            format!("amend \"{near}\""),
            vec![Edit {
                span: head.plan.span,
                text: format!("\"{near}\""),
            }],
        ),
        None => diagnostic.help(
            "an amendment names its plan by the title",
            "amend \"…\" as \"…\"",
        ),
    }
}

/// A file with those that are read together with it: a plan with its amendments, from all of its project, or from its
/// folder where there is none.
pub(in crate::io) fn with_family(file: &Path, root: &Path, is_project: bool) -> Vec<PathBuf> {
    let mut family = vec![file.to_owned()];
    let Some(title) = title_in(file) else {
        return family;
    };
    let mut others = Vec::new();
    if is_project {
        // What cannot be read is somebody else's.
        let _ = find_plans(root, true, &mut others);
    } else {
        let folder = file.parent().filter(|own| !own.as_os_str().is_empty());
        let entries = fs::read_dir(folder.unwrap_or(Path::new(".")))
            .into_iter()
            .flatten();
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        others.extend(paths.filter(|path| path.extension().is_some_and(|kind| kind == "plan")));
    }
    let full = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let own = full(file);
    others.retain(|path| full(path) != own && title_in(path).as_ref() == Some(&title));
    family.extend(others.into_iter().filter(|path| {
        // Two plans of one title are no family.
        is_amendment(file) || is_amendment(path)
    }));
    family.sort();
    family
}

fn opening(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let mut lines = text.lines();
    let is_head = |line: &&str| line.starts_with("plan ") || line.starts_with("amend ");
    lines.find(is_head).map(str::to_owned)
}

/// The title of the plan that a file is, or amends.
fn title_in(path: &Path) -> Option<String> {
    opening(path)?.split('"').nth(1).map(str::to_owned)
}

fn is_amendment(path: &Path) -> bool {
    opening(path).is_some_and(|line| line.starts_with("amend "))
}
