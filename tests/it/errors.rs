//! Every code has a page in `docs/errors/` and a running example in `plans/errors/`: a plan `CODE-NAME.plan`, or a
//! project `CODE-NAME/` where the data or `paycurve.yaml` is what is wrong. An example shows its code and nothing
//! else, and its message is snapshotted.

use std::fs;
use std::path::{Path, PathBuf};

use paycurve::app::compile::{Compiled, compile};
use paycurve::app::inspect::inspect;
use paycurve::app::rehearse::rehearse;
use paycurve::diag::{Code, Diagnostic, Severity, Style, render};
use paycurve::io::{Project, open};

/// A folder of the repository, where tests run: messages name it as a reader who stands there sees it.
fn folder(of: &str) -> PathBuf {
    PathBuf::from(of)
}

/// Plans and projects whose name starts with a code.
fn examples() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder("plans/errors")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_example = |path: &PathBuf| Code::ALL.iter().any(|c| c.name() == code_of(path));
    let mut examples: Vec<PathBuf> = paths.filter(is_example).collect();
    examples.sort();
    examples
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn code_of(path: &Path) -> String {
    name_of(path).split('-').next().unwrap().to_owned()
}

/// What checking an example, running it and running the tests in it finds.
fn found_in(project: &Project) -> Vec<Diagnostic> {
    let compiled = compile(project);
    let mut found = compiled.diagnostics.clone();
    found.extend(unmet(&compiled));
    if !compiled.has_errors() && project.root.join("paycurve.yaml").is_file() {
        let data = inspect(project, &compiled).unwrap();
        found.extend(data.problems);
        found.extend(data.faults.into_iter().flat_map(|kind| kind.examples));
    }
    found
}

/// Expectations in tests that do not hold.
fn unmet(compiled: &Compiled) -> Vec<Diagnostic> {
    let plans = compiled.ready.iter();
    let tests = plans.flat_map(|ready| rehearse(&ready.plan, &ready.program, |_| true));
    let failed = tests.flat_map(|test| test.failures);
    failed.map(|failed| failed.diagnostic).collect()
}

#[test]
fn every_code_has_an_example() {
    let shown: Vec<String> = examples().iter().map(|path| code_of(path)).collect();
    for code in Code::ALL {
        let has_one = shown.contains(&code.name().to_owned());
        assert!(has_one, "{code} has no example in plans/errors");
    }
}

#[test]
fn an_example_shows_its_code_and_nothing_else() {
    for path in examples() {
        let wanted = code_of(&path);
        let found = found_in(&open(&path, None).unwrap());
        let codes = found
            .iter()
            .filter(|d| d.severity != Severity::Note || d.code.name() == wanted);
        let mut codes: Vec<&str> = codes.map(|d| d.code.name()).collect();
        codes.dedup();
        assert_eq!(codes, [wanted.as_str()], "{}", path.display());
    }
}

/// What the examples of data start from has nothing wrong in it.
#[test]
fn the_sound_project_is_sound() {
    let project = open(&folder("plans/errors/sound"), None).unwrap();
    let found = found_in(&project);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn messages_read_well() {
    for path in examples() {
        let wanted = code_of(&path);
        let project = open(&path, None).unwrap();
        let found = found_in(&project);
        let shown = found.iter().find(|d| d.code.name() == wanted).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots/errors");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            insta::assert_snapshot!(name.as_str(), render(shown, &project.sources, Style::Plain))
        });
    }
}

/// `docs/errors/CODE.md` and the list of them.
fn page(name: &str) -> String {
    fs::read_to_string(folder("docs/errors").join(name)).unwrap()
}

#[test]
fn every_page_has_its_title_its_cure_and_its_example() {
    for code in Code::ALL {
        let page = page(&format!("{code}.md"));
        let title = format!("# {code}: {}\n", code.title());
        assert!(page.starts_with(&title), "{code}");
        assert!(page.contains("\n## To mend it\n"), "{code}");
        assert!(page.contains("](../language/"), "{code} has no link");
        let accepted = page.contains("\n## If it is meant\n");
        let is_error = code.severity() == Severity::Error;
        assert!(!(is_error && accepted), "{code}: no error is accepted");
    }
    for path in examples() {
        let (code, name) = (code_of(&path), name_of(&path));
        let page = page(&format!("{code}.md"));
        let example = format!("plans/errors/{name}");
        let mut marked = page.split("<!-- output: ").skip(1);
        let shown = marked.find_map(|block| {
            let (command, printed) = block.split_once(" -->\n")?;
            let is_own = command.split(' ').any(|word| word == example);
            is_own.then_some(printed)
        });
        let printed = shown.unwrap_or_else(|| panic!("{name} is not on its page"));
        assert!(printed.contains(&code), "the block of {name} shows it");
    }
}

#[test]
fn the_list_of_messages_is_the_list_of_codes() {
    let rows = Code::ALL.iter().map(|code| {
        let level = format!("{:?}", code.severity()).to_lowercase();
        format!("| [{code}]({code}.md) | {level} | {} |\n", code.title())
    });
    let table = format!("|---|---|---|\n{}", rows.collect::<String>());
    let list = page("README.md");
    assert!(
        list.ends_with(&table),
        "docs/errors/README.md ends with:\n{table}"
    );
    let files = fs::read_dir(folder("docs/errors")).unwrap().count();
    assert_eq!(
        files,
        Code::ALL.len() + 1,
        "a page for each code, and the list"
    );
}

/// A reader finds a code by its number: letters stand together, and numbers rise within a letter.
#[test]
fn codes_stand_in_order() {
    let mut letters: Vec<&str> = Vec::new();
    for pair in Code::ALL.windows(2) {
        let (before, after) = (pair[0].name(), pair[1].name());
        let (letter, next) = (&before[..1], &after[..1]);
        if letter == next {
            assert!(before < after, "{after} stands behind {before}");
        } else {
            letters.push(letter);
            assert!(
                !letters.contains(&next),
                "{after} stands apart from its letter"
            );
        }
    }
}
