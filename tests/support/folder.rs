//! A folder of plans that speaks for itself: no errors, no warnings left open, and the tests written in it hold.

use std::fs;
use std::path::{Path, PathBuf};

use paycurve::app::compile::compile;
use paycurve::app::rehearse::rehearse;
use paycurve::diag::{Severity, Style, render};
use paycurve::io::open;

/// The folders of one folder of the repository, by name.
pub fn folders(of: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(of);
    let entries = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Checks a folder's plans and runs their tests on both engines.
pub fn is_clean_and_its_tests_hold(folder: &Path) {
    let project = open(folder, None).unwrap();
    let compiled = compile(&project);
    let open: Vec<String> = compiled
        .diagnostics
        .iter()
        .filter(|d| d.severity != Severity::Note)
        .map(|d| render(d, &project.sources, Style::Plain))
        .collect();
    assert!(
        open.is_empty(),
        "{}:\n{}",
        folder.display(),
        open.join("\n")
    );
    let results = compiled.ready.iter();
    let results: Vec<_> = results
        .flat_map(|ready| rehearse(&ready.plan, &ready.program, |_| true))
        .collect();
    assert!(!results.is_empty(), "{} has tests", folder.display());
    for result in results {
        let failed: Vec<String> = result
            .failures
            .iter()
            .map(|failed| render(&failed.diagnostic, &project.sources, Style::Plain))
            .collect();
        assert!(
            failed.is_empty(),
            "{} \"{}\":\n{}",
            folder.display(),
            result.title,
            failed.join("\n")
        );
    }
}
