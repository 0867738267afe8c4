//! A small project written to a folder of its own, and run.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use paycurve::app::calculate::{Asked, Run, calculate};
use paycurve::app::compile::compile;
use paycurve::io::open;

/// Runs the one plan of a project of these files, by name and text.
pub fn run(files: &[(&str, String)]) -> Run {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let name = format!("paycurve-small-{}-{run}", std::process::id());
    let at = std::env::temp_dir().join(name);
    fs::create_dir_all(at.join("data")).unwrap();
    for (name, text) in files {
        fs::write(at.join(name), text).unwrap();
    }
    let project = open(&at, None).unwrap();
    let compiled = compile(&project);
    assert_eq!(compiled.ready.len(), 1, "{:?}", compiled.diagnostics);
    let run = calculate(&project, &compiled, &Asked::default(), &|_| {}).unwrap();
    fs::remove_dir_all(&at).unwrap();
    run
}

/// A CSV file with its rows turned round, below their heading.
pub fn turned(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    lines.join("\n") + "\n"
}
