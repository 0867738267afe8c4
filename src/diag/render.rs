//! A diagnostic as text: the title, the lines it is about, what it costs, ways out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diag::printable::{cut, printable};
use crate::diag::{Diagnostic, FileId, Label, Severity, SourceMap};

/// Whether colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escapes.
    Plain,
    /// ANSI colours.
    Coloured,
}

impl Style {
    /// Words in a colour, where there are colours.
    fn paint(self, code: &str, words: &str) -> String {
        match self {
            Style::Plain => words.to_owned(),
            Style::Coloured => format!("\u{1b}[{code}m{words}\u{1b}[0m"),
        }
    }
}

/// How wide paragraphs run.
const WIDTH: usize = 100;
/// The most characters of a line of a plan that are shown, and how many of them before the place that matters.
const SHOWN: usize = 160;
const BEFORE: usize = 40;
/// The most characters of a message, of words at a place and of a cell.
const MESSAGE: usize = 400;
const WORDS: usize = 200;
const CELL: usize = 120;
/// The most characters of a paragraph or of a way out.
const PARAGRAPH: usize = 2_000;

/// One diagnostic, ending in a line feed.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let (word, colour) = match diagnostic.severity {
        Severity::Error => ("error", "1;31"),
        Severity::Warning => ("warning", "1;33"),
        Severity::Note => ("note", "1;36"),
    };
    let head = style.paint(colour, &format!("{word}[{}]", diagnostic.code));
    let mut out = format!(
        "{head}: {}\n",
        style.paint("1", &cut(&diagnostic.message, MESSAGE))
    );
    if let Some(cell) = &diagnostic.cell {
        let line = if cell.line == 0 {
            String::new()
        } else {
            format!(":{}", cell.line)
        };
        let column = if cell.column.is_empty() {
            String::new()
        } else {
            format!("  column `{}`", cut(&cell.column, CELL))
        };
        let found = if cell.found.is_empty() {
            String::new()
        } else {
            format!("  found `{}`", cut(&cell.found, CELL))
        };
        let _ = writeln!(out, "   {}{line}{column}{found}", printable(&cell.file));
    }
    let mut by_file: BTreeMap<FileId, Vec<&Label>> = BTreeMap::new();
    let first = diagnostic.labels.first().map(|label| label.span.file);
    for label in &diagnostic.labels {
        by_file.entry(label.span.file).or_default().push(label);
    }
    let mut files: Vec<_> = by_file.into_iter().collect();
    files.sort_by_key(|(file, _)| (Some(*file) != first, *file));
    for (file, labels) in files {
        lines(&mut out, file, labels, sources, style, colour);
    }
    for note in &diagnostic.notes {
        out.push('\n');
        wrap(&mut out, &cut(note, PARAGRAPH));
    }
    if !diagnostic.fixes.is_empty() {
        out.push('\n');
    }
    let mut number = 0;
    for fix in &diagnostic.fixes {
        number += 1;
        const BELOW: &str = "\n             ";
        let separator = match (fix.shown.is_empty(), fix.shown.contains('\n')) {
            (true, _) => "".to_owned(),
            (false, false) => ":   ".to_owned(),
            (false, true) => format!(":{BELOW}"),
        };
        let shown = cut(&fix.shown, PARAGRAPH).replace('\n', BELOW);
        let name = style.paint("32", &format!("fix {number}"));
        let words = cut(&fix.words, WORDS);
        let _ = writeln!(out, "   {name}  {words}{separator}{shown}");
    }
    out
}

fn lines(
    out: &mut String,
    file: FileId,
    mut labels: Vec<&Label>,
    sources: &SourceMap,
    style: Style,
    colour: &str,
) {
    let source = sources.source(file);
    let _ = writeln!(out, "   {}", printable(&source.name));
    labels.sort_by_key(|label| label.span.start);
    let last = labels
        .iter()
        .map(|label| source.place(label.span.start as usize).line)
        .max()
        .unwrap_or(1);
    let gutter = last.to_string().len();
    let mut shown = (0, 0);
    let line_of = |label: &Label| source.place(label.span.start as usize).line;
    for label in &labels {
        // What other labels of the line say in words needs no bare underline beside it.
        let said = |other: &&&Label| !other.words.is_empty() && line_of(other) == line_of(label);
        if label.words.is_empty() && labels.iter().any(|other| said(&other)) {
            continue;
        }
        let place = source.place(label.span.start as usize);
        let view = View::of(source.line(place.line), place.column - 1);
        if shown != (place.line, view.from) {
            let _ = writeln!(out, "   {:>gutter$} | {}", place.line, view.text);
            shown = (place.line, view.from);
        }
        let covered = sources.words(label.span);
        let covered = covered.split('\n').next().unwrap_or("");
        let before = view.before(place.column - 1);
        let rest = columns(&view.text).saturating_sub(before);
        let width = columns(covered).min(rest).max(1);
        let carets = style.paint(colour, &"^".repeat(width));
        let words = if label.words.is_empty() {
            String::new()
        } else {
            format!(" {}", cut(&label.words, WORDS))
        };
        let _ = writeln!(
            out,
            "   {:>gutter$} | {}{carets}{words}",
            "",
            " ".repeat(before)
        );
    }
}

/// As much of a line as is shown.
struct View {
    /// The characters, with `…` where some are left out.
    text: String,
    /// The first of the line's characters that is shown.
    from: usize,
}

impl View {
    /// The part of a line around one of its characters.
    fn of(line: &str, at: usize) -> View {
        let from = match line.chars().count() {
            0..=SHOWN => 0,
            _ => at.saturating_sub(BEFORE),
        };
        let mut rest = line.chars().skip(from);
        let part: String = rest.by_ref().take(SHOWN).collect();
        let before = if from > 0 { "…" } else { "" };
        let after = if rest.next().is_some() { "…" } else { "" };
        View {
            text: format!("{before}{}{after}", printable(&part)),
            from,
        }
    }

    /// How many columns stand before a character of the line.
    fn before(&self, at: usize) -> usize {
        let cut = usize::from(self.from > 0);
        let before: String = self.text.chars().take(at - self.from + cut).collect();
        columns(&before)
    }
}

/// How many columns of a terminal a text takes: wide characters take two.
fn columns(text: &str) -> usize {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x1F300..=0x1FAFF);
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

fn wrap(out: &mut String, paragraph: &str) {
    for line in paragraph.split('\n') {
        let mut width = 0;
        for word in line.split(' ') {
            let length = columns(word);
            if width == 0 {
                out.push_str("   ");
                width = 3;
            } else if width + 1 + length > WIDTH {
                out.push_str("\n   ");
                width = 3;
            } else {
                out.push(' ');
                width += 1;
            }
            out.push_str(word);
            width += length;
        }
        out.push('\n');
    }
}

/// `2 errors and 1 warning`, or nothing where there are none.
pub fn count(diagnostics: &[Diagnostic]) -> String {
    let of = |severity: Severity, word: &str| {
        let count = diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count();
        match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        }
    };
    let parts: Vec<String> = [
        of(Severity::Error, "error"),
        of(Severity::Warning, "warning"),
        of(Severity::Note, "note"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}
