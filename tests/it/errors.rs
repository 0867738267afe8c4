//! Every code has a page in `docs/errors/`. Every code of plans has a running example in `plans/errors/`, which
//! shows that code and nothing else, and whose text is snapshotted: source first, then the message.

use std::fs;
use std::path::{Path, PathBuf};

use paycurve::app::compile::compile;
use paycurve::diag::{Code, Severity, Style, render};
use paycurve::io::open;

/// Codes that only data, the manifest or a run can raise; `plans/errors/ten-faults` and unit tests show them.
const OF_DATA: &[Code] = &[
    Code::I704,
    Code::Q801,
    Code::Q803,
    Code::Q804,
    Code::R904,
    Code::X303,
    Code::M001,
    Code::M002,
    Code::M003,
    Code::M004,
    Code::M005,
    Code::F015,
    Code::F016,
    Code::F019,
    Code::F001,
    Code::F002,
    Code::F003,
    Code::F004,
    Code::F005,
    Code::F006,
    Code::F007,
    Code::F008,
    Code::F009,
    Code::F010,
    Code::F011,
    Code::F012,
    Code::F013,
];

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/errors");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut plans: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|e| e == "plan"))
        .collect();
    plans.sort();
    plans
}

fn code_of(path: &Path) -> String {
    path.file_name()
        .unwrap()
        .to_string_lossy()
        .split('-')
        .next()
        .unwrap()
        .to_owned()
}

/// `docs/errors/CODE.md` and the list of them.
fn page_text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn every_page_has_its_title_its_cure_and_its_example() {
    for code in Code::ALL {
        let page = page_text(&format!("{code}.md"));
        assert!(
            page.starts_with(&format!("# {code}: {}\n", code.title())),
            "{code}"
        );
        assert!(page.contains("\n## To mend it\n"), "{code}");
        assert!(
            page.contains("](../language/"),
            "{code} leads to the language"
        );
        let accepted = page.contains("\n## If it is meant\n");
        let is_error = code.severity() == Severity::Error;
        assert!(!(is_error && accepted), "{code}: no error can be accepted");
    }
    for path in examples() {
        let page = page_text(&format!("{}.md", code_of(&path)));
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            page.contains(&format!("plans/errors/{name}")),
            "{name} is not on its page"
        );
    }
}

#[test]
fn the_list_of_messages_is_the_list_of_codes() {
    let rows = Code::ALL.iter().map(|code| {
        let level = format!("{:?}", code.severity()).to_lowercase();
        format!("| [{code}]({code}.md) | {level} | {} |\n", code.title())
    });
    let table = format!("|---|---|---|\n{}", rows.collect::<String>());
    assert!(
        page_text("README.md").ends_with(&table),
        "docs/errors/README.md ends with:\n{table}"
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    let files = fs::read_dir(folder).unwrap().count();
    assert_eq!(
        files,
        Code::ALL.len() + 1,
        "a page for each code, and the list"
    );
}

#[test]
fn every_code_of_plans_has_an_example() {
    let shown: Vec<String> = examples().iter().map(|path| code_of(path)).collect();
    for code in Code::ALL {
        let of_data = OF_DATA.contains(code) || *code >= Code::F014;
        assert!(
            of_data || shown.contains(&code.name().to_owned()),
            "{code} has no example in plans/errors"
        );
    }
}

#[test]
fn an_example_shows_its_code_and_nothing_else() {
    for path in examples() {
        let wanted = code_of(&path);
        let project = open(&path, None).unwrap();
        let found = compile(&project).diagnostics;
        let codes: Vec<&str> = found
            .iter()
            .filter(|d| d.severity != Severity::Note || d.code.name() == wanted)
            .map(|d| d.code.name())
            .collect();
        assert_eq!(codes, [wanted.as_str()], "{}", path.display());
    }
}

#[test]
fn messages_read_well() {
    for path in examples() {
        let wanted = code_of(&path);
        let project = open(&path, None).unwrap();
        let found = compile(&project).diagnostics;
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
