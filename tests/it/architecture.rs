//! The house keeps its floors: reads the table in docs/architecture.md and looks at every path in src.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Room to floor, from the rows `| 3 | `meaning` | … |` of the document.
fn floors() -> BTreeMap<String, u32> {
    let text =
        fs::read_to_string(root().join("docs/architecture.md")).expect("the document is there");
    let mut floors = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let Ok(floor) = cells[0].parse() else {
            continue;
        };
        for room in cells[1].split(',') {
            floors.insert(room.trim().trim_matches('`').to_owned(), floor);
        }
    }
    assert!(floors.len() > 8, "the floor table was not found");
    floors
}

fn rust_files(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
    {
        if entry.is_dir() {
            rust_files(&entry, into);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            into.push(entry);
        }
    }
}

/// A file's text without comments and string literals, so that only code is looked at.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            rest = &rest[end..];
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            rest = raw.find("\"#").map_or("", |end| &raw[end + 2..]);
        } else if let Some(literal) = rest.strip_prefix('"').filter(|_| !code.ends_with('\'')) {
            let mut escaped = false;
            let end = literal.char_indices().find(|(_, c)| {
                let closes = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                closes
            });
            rest = end.map_or("", |(at, _)| &literal[at + 1..]);
        } else {
            let c = rest.chars().next().expect("not empty");
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

/// The rooms that follow `crate::`, grouped imports opened: `crate::{a::b, c}` gives a and c.
fn rooms_named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let word = |text: &str| {
            text.trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        };
        if let Some(group) = rest.trim_start().strip_prefix('{') {
            let mut depth = 0;
            let mut starts = true;
            for (i, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => starts = true,
                    c if starts && !c.is_whitespace() => {
                        rooms.push(word(&group[i..]));
                        starts = false;
                    }
                    _ => {}
                }
            }
        } else {
            rooms.push(word(rest));
        }
    }
    rooms
}

/// The room of a file: `src/meaning/lint.rs` is in `meaning`, `src/main.rs` in `main`.
fn room_of(file: &Path) -> String {
    let inside = file
        .strip_prefix(root().join("src"))
        .expect("a file of src");
    let first = inside
        .components()
        .next()
        .expect("a name")
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn imports_go_down() {
    let floors = floors();
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let room = room_of(&file);
        if room == "lib" {
            continue;
        }
        let own = *floors
            .get(&room)
            .unwrap_or_else(|| panic!("`{room}` is not in the floor table"));
        let text = fs::read_to_string(&file).expect("a readable file");
        for named in rooms_named(&code_of(&text)) {
            if let Some(floor) = floors.get(&named)
                && named != room
                && *floor >= own
            {
                wrong.push(format!(
                    "{}: `{room}` (floor {own}) names `{named}` (floor {floor})",
                    file.display()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that do not go down:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_room_is_in_the_table() {
    let floors = floors();
    for entry in fs::read_dir(root().join("src")).expect("src") {
        let entry = entry.expect("an entry").path();
        let room = room_of(&entry);
        assert!(
            room == "lib" || floors.contains_key(&room),
            "`{room}` is not in the floor table"
        );
    }
    for room in floors.keys() {
        let folder = root().join("src").join(room);
        assert!(
            folder.is_dir() || folder.with_extension("rs").is_file(),
            "the table names `{room}`, which is not there"
        );
    }
}

#[test]
fn grouped_and_inline_paths_are_seen() {
    let code = code_of(
        "use crate::{base::{Exact, Money}, eval::run};\n// crate::cli\nlet x = crate::app::go(\"crate::io\");",
    );
    assert_eq!(rooms_named(&code), ["base", "eval", "app"]);
}

/// Every file of tests/it is a module of the one binary: a forgotten one would never run.
#[test]
fn no_test_file_is_forgotten() {
    let main = fs::read_to_string(root().join("tests/it/main.rs")).expect("main.rs");
    for entry in fs::read_dir(root().join("tests/it")).expect("tests/it") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path.extension().is_some_and(|e| e == "rs") && name != "main" {
            assert!(
                main.contains(&format!("mod {name};")),
                "tests/it/{name}.rs is not in main.rs"
            );
        }
    }
}
