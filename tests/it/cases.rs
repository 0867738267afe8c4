//! Every folder of `plans/cases` is an example that somebody else worked and published. Its plans have no errors and no
//! warnings left open, they say where the example comes from, and they pay the published figures on both engines.

use std::fs;
use std::path::Path;

use crate::support::folder::{folders, is_clean_and_its_tests_hold};

const FOLDER: &str = "plans/cases";

/// A case, as its plans and the page of cases name it.
#[derive(Debug, PartialEq, Eq)]
struct Case {
    folder: String,
    source: String,
}

#[test]
fn cases_are_clean_and_pay_the_published_figures() {
    for folder in folders(FOLDER) {
        is_clean_and_its_tests_hold(&folder);
    }
}

#[test]
fn every_plan_says_where_its_figures_come_from_and_expects_them() {
    for folder in folders(FOLDER) {
        let name = folder.file_name().unwrap().to_string_lossy().to_string();
        let number = name.split('-').next().unwrap();
        assert!(
            number.len() == 3 && number.parse::<u16>().is_ok(),
            "{name} starts with its number"
        );
        for (file, text) in plans(&folder) {
            let head: Vec<&str> = text.lines().take_while(|l| l.starts_with('#')).collect();
            let title = format!("# Case {}: ", number.trim_start_matches('0'));
            let first = head.first().unwrap_or(&"");
            assert!(
                first.starts_with(&title),
                "{name}/{file} starts with `{title}…`"
            );
            assert!(
                head.iter()
                    .any(|line| line.starts_with("# Source: ") && line.len() > 20),
                "{name}/{file} names its source"
            );
            assert!(
                head.len() > 3,
                "{name}/{file} says what it is about and what was settled"
            );
            assert!(
                text.lines()
                    .any(|line| line.trim_start().starts_with("expect ")),
                "{name}/{file} expects something"
            );
        }
    }
}

#[test]
fn the_page_of_cases_lists_them_all() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cases.md")).unwrap();
    let listed: Vec<Case> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| [`"))
        .map(|line| {
            let (folder, rest) = line.split_once("`]").unwrap();
            let source = rest.split(" | ").last().unwrap();
            Case {
                folder: folder.to_owned(),
                source: source.trim_end_matches('|').trim().to_owned(),
            }
        })
        .collect();
    let there: Vec<Case> = folders(FOLDER)
        .iter()
        .map(|folder| {
            let (_, text) = plans(folder).into_iter().next().unwrap();
            let source = text
                .lines()
                .find_map(|line| line.strip_prefix("# Source: "));
            Case {
                folder: folder.file_name().unwrap().to_string_lossy().to_string(),
                source: source.unwrap().to_owned(),
            }
        })
        .collect();
    assert_eq!(listed, there);
    let count = format!("{} examples", there.len());
    assert!(page.contains(&count), "docs/cases.md says `{count}`");
}

fn plans(folder: &Path) -> Vec<(String, String)> {
    let mut plans: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "plan"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().to_string();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    plans.sort();
    assert!(!plans.is_empty(), "{} has a plan", folder.display());
    plans
}
