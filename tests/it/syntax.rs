//! The corpus parses without a word; damaged texts never panic and cost few messages.

use std::fs;
use std::path::{Path, PathBuf};

use paycurve::diag::SourceMap;
use paycurve::syntax::phrases;
use paycurve::syntax::{normalise, parse};
use proptest::prelude::*;
use rayon::prelude::*;

/// Every `.plan` and `.terms` under `plans/` that is meant to be right.
fn corpus() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("plans")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("errors") {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|e| e == "plan" || e == "terms")
            {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    assert!(found.len() >= 10, "the corpus was found");
    found
}

fn problems(text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let text = normalise(text);
    let file = sources.add("a.plan", text.as_ref());
    parse(file, &text)
        .problems
        .sorted()
        .iter()
        .map(|d| {
            format!(
                "{}:{} {}",
                sources.place(d.labels[0].span).line,
                d.code,
                d.message
            )
        })
        .collect()
}

#[test]
fn the_corpus_parses() {
    for (path, text) in corpus() {
        assert_eq!(problems(&text), Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn fragments_in_the_language_reference_parse() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language");
    let mut fragments = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        for fragment in page.split("```paycurve\n").skip(1) {
            let fragment = fragment.split("```").next().unwrap();
            assert_eq!(
                problems(fragment),
                Vec::<String>::new(),
                "{}:\n{fragment}",
                path.display()
            );
            fragments += 1;
        }
    }
    assert!(fragments >= 8, "the fragments were found");
}

/// `docs/language/phrases.md` is made from the table of phrases.
#[test]
fn the_page_of_phrases_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language/phrases.md");
    let page = phrases::page();
    if std::env::var("PAYCURVE_DOCS").is_ok_and(|v| v == "write") {
        fs::write(&path, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        page,
        "PAYCURVE_DOCS=write cargo test writes it"
    );
}

#[test]
fn line_ends_and_marks_do_not_matter() {
    for (path, text) in corpus() {
        let odd = format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
        assert_eq!(problems(&odd), Vec::<String>::new(), "{}", path.display());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_texts_never_panic(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), len in 0_usize..40, with in "[ -~\n|\"“é]{0,8}") {
        let corpus = corpus();
        let (_, text) = which.get(&corpus);
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        let end = (at + len).min(chars.len());
        chars.splice(at..end, with.chars());
        let damaged: String = chars.into_iter().collect();
        problems(&damaged);
    }

    #[test]
    fn any_text_never_panics(text in "(\\PC|[ \n\t|#\"()%,.]){0,200}") {
        problems(&text);
    }
}

/// One damaged line costs one message: every clause of every plan, one after the other.
#[test]
fn a_bad_line_costs_one_message() {
    let corpus = corpus();
    let wrong: Vec<String> = corpus
        .par_iter()
        .flat_map_iter(|(path, text)| {
            let lines: Vec<&str> = text.lines().collect();
            let clauses = lines.iter().enumerate().filter(|(_, line)| {
                // What costs one message for each thing that hangs on the line.
                let opens = ["split", "given", "cliffs"];
                line.starts_with("  ")
                    && !line.trim_start().starts_with(['|', '#'])
                    && !opens.iter().any(|word| line.contains(word))
            });
            let clauses: Vec<usize> = clauses.map(|(at, _)| at).collect();
            clauses.into_iter().filter_map(move |at| {
                let mut lines = lines.clone();
                lines[at] = "  zzzzzz nothing of this kind";
                let found = problems(&lines.join("\n"));
                (found.len() != 1).then(|| format!("{}:{}: {found:?}", path.display(), at + 1))
            })
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} lines\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
