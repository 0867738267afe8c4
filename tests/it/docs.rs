//! What the documents show is what is: blocks that follow a marker comment are compared with the file or
//! the output they name.
//!
//! `<!-- file: PATH -->` before a block: the block is the whole file.
//! `<!-- output: paycurve … -->` before a block: the block is what the command prints, run at the
//! project's root, standard output and then standard error.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn output(command: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().collect();
    assert_eq!(
        words.first(),
        Some(&"paycurve"),
        "only paycurve is run: {command}"
    );
    let done = Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .args(&words[1..])
        .current_dir(root())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "110")
        .output()
        .expect("the binary runs");
    let text = [done.stdout, done.stderr].concat();
    let text = String::from_utf8(text).expect("output is UTF-8");
    assert!(
        !text.starts_with("paycurve: "),
        "a document shows what works: {command} says {text}"
    );
    text
}

/// A document with its marked blocks as they should be.
fn renewed(text: &str) -> String {
    let mut renewed = String::new();
    let mut wanted: Option<String> = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        renewed.push_str(line);
        renewed.push('\n');
        if let Some(marker) = line
            .strip_prefix("<!-- ")
            .and_then(|l| l.strip_suffix(" -->"))
        {
            wanted = match marker.split_once(": ") {
                Some(("file", path)) => Some(
                    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}")),
                ),
                Some(("output", command)) => Some(output(command)),
                _ => None,
            };
        } else if line.starts_with("```")
            && let Some(content) = wanted.take()
        {
            for old in lines.by_ref() {
                if old == "```" {
                    break;
                }
            }
            renewed.push_str(content.trim_end_matches('\n'));
            renewed.push_str("\n```\n");
        }
    }
    renewed
}

fn documents(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
    {
        if entry.is_dir() {
            documents(&entry, into);
        } else if entry.extension().is_some_and(|e| e == "md") {
            into.push(entry);
        }
    }
}

#[test]
fn marked_blocks_are_what_they_say() {
    let mut paths = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    documents(&root().join("docs"), &mut paths);
    let write = std::env::var("PAYCURVE_DOCS").is_ok_and(|v| v == "write");
    let mut stale = Vec::new();
    let mut marked = 0;
    for path in paths {
        let text = fs::read_to_string(&path).expect("a readable document");
        marked += text.matches("<!-- file: ").count() + text.matches("<!-- output: ").count();
        let new = renewed(&text);
        if new != text {
            if write {
                fs::write(&path, &new).expect("a writable document");
            }
            stale.push(format!("{} should read:\n{new}", path.display()));
        }
    }
    assert!(marked > 10, "the documents have marked blocks");
    assert!(write || stale.is_empty(), "{}", stale.join("\n\n"));
}

/// A row that no heading stands above is printed as text with bars in it.
#[test]
fn rows_of_tables_stand_below_their_headings() {
    let mut paths = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    documents(&root().join("docs"), &mut paths);
    let mut astray = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a readable document");
        let mut is_code = false;
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate() {
            is_code ^= line.starts_with("```");
            let is_first = n == 0 || !lines[n - 1].starts_with('|');
            let rule = lines.get(n + 1).is_some_and(|next| next.starts_with("|--"));
            if !is_code && line.starts_with('|') && is_first && !rule {
                astray.push(format!("{}:{}", path.display(), n + 1));
            }
        }
    }
    assert!(astray.is_empty(), "{}", astray.join("\n"));
}

/// A link to a page that is not there helps nobody.
#[test]
fn links_between_documents_lead_somewhere() {
    let mut paths = vec![
        root().join("README.md"),
        root().join("CONTRIBUTING.md"),
        root().join("CHANGELOG.md"),
    ];
    documents(&root().join("docs"), &mut paths);
    let mut broken = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a readable document");
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().expect("a link ends");
            let file = target.split('#').next().expect("a path");
            if file.is_empty() || target.contains("://") {
                continue;
            }
            if !path.parent().expect("a folder").join(file).exists() {
                broken.push(format!("{} links to {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
