//! One style: every shipped plan has it already, and no damage to a text makes the formatter lose anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use paycurve::diag::{Code, SourceMap};
use paycurve::syntax::{format, normalise, parse};
use proptest::prelude::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, kinds: &[&str], into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, kinds, into);
        } else if path
            .extension()
            .is_some_and(|e| kinds.iter().any(|kind| e == *kind))
        {
            into.push(path);
        }
    }
}

/// Every plan and all terms, also those with mistakes, and the examples the language was designed with.
static CORPUS: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    let mut paths = Vec::new();
    files(&root().join("plans"), &["plan", "terms"], &mut paths);
    files(&root().join("tests/format"), &["plan"], &mut paths);
    paths.sort();
    assert!(paths.len() > 50, "the corpus was found");
    let read = |path: PathBuf| (path.clone(), fs::read_to_string(path).unwrap());
    paths.into_iter().map(read).collect()
});

/// What parsing says, but for no-break spaces, which formatting mends; and the tree without its places.
fn parsed(text: &str) -> (Vec<(Code, String)>, String) {
    let mut sources = SourceMap::new();
    let text = normalise(text);
    let file = sources.add("a.plan", text.as_ref());
    let parsed = parse(file, &text);
    let problems = parsed.problems.sorted();
    let problems = problems
        .into_iter()
        .filter(|d| d.code != Code::S010)
        // A message quotes the line, with its blanks.
        .map(|d| (d.code, d.message.split_whitespace().collect()))
        .collect();
    let tree = format!("{:?}", parsed.value);
    let mut placeless = String::new();
    for part in tree.split("Span {") {
        placeless.push_str(match part.split_once('}') {
            Some((place, rest)) if place.contains("start:") => rest,
            _ => part,
        });
    }
    (problems, placeless)
}

#[test]
fn what_is_shipped_is_laid_out() {
    for (path, text) in CORPUS.iter() {
        // The one that shows what a no-break space does.
        if path.ends_with("S010-odd-blank.plan") {
            continue;
        }
        let formatted = format(text).unwrap();
        assert_eq!(
            &formatted.text,
            text,
            "`paycurve fmt {}` lays it out",
            path.display()
        );
    }
}

#[test]
fn what_the_documents_show_is_laid_out() {
    let mut paths = vec![root().join("README.md")];
    files(&root().join("docs"), &["md"], &mut paths);
    let mut fragments = 0;
    for path in paths {
        let page = fs::read_to_string(&path).unwrap();
        for fragment in page.split("```paycurve\n").skip(1) {
            let fragment = fragment.split("```").next().unwrap();
            let formatted = format(fragment).unwrap();
            assert_eq!(formatted.text, fragment, "{}", path.display());
            fragments += 1;
        }
    }
    assert!(fragments >= 12, "the fragments were found");
}

/// The laws, on one text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let formatted = format(text).expect("nothing but blanks changes").text;
    let characters =
        |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    prop_assert_eq!(characters(&normalise(text)), characters(&formatted));
    prop_assert_eq!(&format(&formatted).unwrap().text, &formatted, "idempotent");
    prop_assert_eq!(parsed(text), parsed(&formatted), "{}", formatted);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_is_kept(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), len in 0_usize..40, with in "[ -~\n\t|\"#\u{a0}“é]{0,8}") {
        let (_, text) = which.get(&CORPUS);
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        let end = (at + len).min(chars.len());
        chars.splice(at..end, with.chars());
        check(&chars.into_iter().collect::<String>())?;
    }

    /// Blanks where there are some: the layout is lost, and the meaning is not.
    #[test]
    fn any_layout_is_read_the_same(which in any::<prop::sample::Index>(), seed in any::<u64>()) {
        let (path, text) = which.get(&CORPUS);
        let mut state = seed;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut ugly = String::new();
        for line in text.lines() {
            let mut quoted = false;
            let is_cell_text = line.trim_start().starts_with('|');
            for c in line.chars() {
                quoted ^= c == '"';
                ugly.push(c);
                let beside_pipe = is_cell_text && c == '|' && !quoted;
                if (c == ' ' && !quoted && !is_cell_text) || beside_pipe {
                    ugly.push_str(["", "", " ", "  ", "\t", "\u{A0}"][next(6) as usize]);
                }
            }
            ugly.push_str(["\n", "\n", "\r\n", "  \n", "\n\n"][next(5) as usize]);
        }
        check(&ugly)?;
        let formatted = format(&ugly).unwrap().text;
        prop_assert_eq!(parsed(text), parsed(&formatted), "{}", path.display());
    }

    #[test]
    fn any_text_is_kept(text in "(\\PC|[ \n\r\t|#\"()%,.]|pay x|  amount 5 USD|tiers t on a|\n  \\| a \\| b \\|\n){0,60}") {
        check(&text)?;
    }
}

fn paycurve(args: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .args(args)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    (
        done.status.code().unwrap(),
        String::from_utf8(done.stdout).unwrap(),
        String::from_utf8(done.stderr).unwrap(),
    )
}

#[test]
fn the_command_writes_shows_and_streams() {
    let at = std::env::temp_dir().join(format!("paycurve-fmt-{}", std::process::id()));
    let _ = fs::remove_dir_all(&at);
    fs::create_dir_all(at.join("deep/.hidden")).unwrap();
    let dir = at.to_str().unwrap();
    let none = paycurve(&["fmt", dir], "");
    assert_eq!(none.0, 1);
    assert!(none.2.contains("there is no .plan or .terms file"));

    let ugly = "pay x\n amount a\n\n\n\n  round never\n";
    let good = "pay x\n  amount      a\n\n  round       never\n";
    for name in ["deep/a.plan", "deep/.hidden/a.plan", "deep/a.txt"] {
        fs::write(at.join(name), ugly).unwrap();
    }
    fs::write(at.join("b.terms"), good).unwrap();
    let name = at.join("deep/a.plan").display().to_string();
    let read = |name: &str| fs::read_to_string(at.join(name)).unwrap();

    let shown = paycurve(&["fmt", "--check", dir], "");
    assert_eq!(shown.0, 1);
    assert_eq!(
        shown.1,
        format!(
            "{name}\n    2 -  amount a\n      +   amount      a\n    4 - (a blank line)\n    5 - (a blank line)\n    \
             6 -   round never\n      +   round       never\n2 files: 1 would change\n"
        )
    );
    assert_eq!(read("deep/a.plan"), ugly, "--check writes nothing");

    let written = paycurve(&["fmt", dir, dir], "");
    assert_eq!(
        (written.0, written.1),
        (0, format!("formatted {name}\n2 files: 1 changed\n"))
    );
    assert_eq!(read("deep/a.plan"), good);
    assert_eq!(read("deep/a.txt"), ugly);
    assert_eq!(read("deep/.hidden/a.plan"), ugly);
    assert_eq!(
        paycurve(&["fmt", "--check", dir], ""),
        (0, "2 files: nothing to change\n".to_owned(), String::new())
    );

    // One file that is not text does not keep the others from being laid out.
    fs::write(at.join("c.plan"), b"pay \xFF\n").unwrap();
    fs::write(at.join("d.plan"), ugly).unwrap();
    let left = paycurve(&["fmt", dir], "");
    assert_eq!(left.0, 1);
    assert!(left.2.contains("c.plan is left as it is: it is not UTF-8"));
    assert_eq!(read("d.plan"), good);
    fs::remove_dir_all(&at).unwrap();

    assert_eq!(
        paycurve(&["fmt", "--stdin"], ugly),
        (0, good.to_owned(), String::new())
    );
    assert_eq!(paycurve(&["fmt", "--stdin"], good).1, good);
    assert_eq!(paycurve(&["fmt", "--stdin", "--check"], good).0, 0);
    assert_eq!(paycurve(&["fmt", "--stdin", "--check"], ugly).0, 1);
    assert_eq!(paycurve(&["fmt", "--stdin", dir], "").0, 2);
    assert_eq!(paycurve(&["fmt", "no/such/folder"], "").0, 2);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_file_keeps_who_may_read_it() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let at = std::env::temp_dir().join(format!("paycurve-fmt-link-{}", std::process::id()));
    let _ = fs::remove_dir_all(&at);
    fs::create_dir_all(&at).unwrap();
    let (place, link) = (at.join("a.plan"), at.join("b.plan"));
    fs::write(&place, "pay x\n amount a\n").unwrap();
    fs::set_permissions(&place, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&place, &link).unwrap();
    assert_eq!(paycurve(&["fmt", link.to_str().unwrap()], "").0, 0);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(
        fs::read_to_string(&place).unwrap(),
        "pay x\n  amount      a\n"
    );
    assert_eq!(
        fs::metadata(&place).unwrap().permissions().mode() & 0o777,
        0o640
    );
    fs::remove_dir_all(&at).unwrap();
}
