//! A text → the same text, laid out in the one style. Works on lines, not on the tree, so that a plan with
//! mistakes in it is laid out as well: a line that cannot be read stays byte for byte as it is.
//!
//! Invariant: nothing but blanks is added or taken away, and none inside quotes or in a cell that holds a text.
//! Formatting what was formatted changes nothing.

use std::collections::BTreeMap;

use crate::diag::{FileId, SourceMap};
use crate::syntax::from_lines::{LONGEST_LINE, cut, is_too_large, too_much};
use crate::syntax::grammar::{Rule, read};
use crate::syntax::lines::{self, Clause, Line, Piece, Row, normalise};
use crate::syntax::phrases::{self, Block, Phrase};

/// How deep clauses stand, and tables of a head; tables of a clause stand twice as deep.
const INDENT: usize = 2;
/// Keywords are this wide, and one blank follows; longer ones take what they need.
const KEYWORD: usize = 11;
/// What stands between a line and its comment.
const BEFORE_COMMENT: &str = "   ";
/// A cell longer than this does not widen its column.
const WIDEST_CELL: usize = 60;

/// A text laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The whole text.
    pub text: String,
    /// The lines that are not as they were, in order.
    pub changes: Vec<Change>,
    /// Whether line ends, a byte order mark or the end of the text are not as they were.
    pub ends_differ: bool,
}

/// A line that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number in the text as it was, from 1.
    pub line: usize,
    /// As it was.
    pub before: String,
    /// As it is; `None` for a blank line that is gone.
    pub after: Option<String>,
}

/// The safety net: the result would have had other characters than the text. Never seen; nothing may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTheSame;

/// Lays a text out.
///
/// # Errors
/// [`NotTheSame`], where anything but blanks would change.
pub fn format(raw: &str) -> Result<Formatted, NotTheSame> {
    let text = normalise(raw);
    let as_it_is = || Formatted {
        text: raw.to_owned(),
        changes: Vec::new(),
        ends_differ: false,
    };
    // What is too large for a plan is nobody's plan, and padding must not make a plan too large.
    if is_too_large(&text) {
        return Ok(as_it_is());
    }
    let formatted = laid_out(&text, raw);
    if !characters(&text).eq(characters(&formatted.text)) {
        return Err(NotTheSame);
    }
    if is_too_large(&formatted.text) {
        return Ok(as_it_is());
    }
    Ok(formatted)
}

/// All characters but blanks.
fn characters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

/// One line as it should be, without its comment.
#[derive(Clone, Debug)]
struct Laid {
    indent: usize,
    text: String,
}

fn laid_out(text: &str, raw: &str) -> Formatted {
    // Places are needed only inside this text.
    let file = SourceMap::new().add("", "");
    let lines: Vec<Line<'_>> = lines::lines(file, text).collect();
    let laid = lay_out(file, text, &lines);
    let mut rest = lines.as_slice();
    let mut written = Vec::with_capacity(lines.len());
    while let Some((line, below)) = rest.split_first() {
        written.push(whole(line, below, &laid));
        rest = below;
    }
    line_comments_up(&lines, &laid, &mut written);

    let mut formatted = Formatted {
        text: String::with_capacity(text.len() + text.len() / 8),
        changes: Vec::new(),
        ends_differ: false,
    };
    let last = written.iter().rposition(|line| !line.is_empty());
    let mut after_blank = true;
    for (number, (line, new)) in lines.iter().zip(written).enumerate() {
        let kept = !(new.is_empty() && (after_blank || last.is_none_or(|last| number > last)));
        if kept {
            formatted.text.push_str(&new);
            formatted.text.push('\n');
        }
        let is_end = number + 1 == lines.len() && line.raw.is_empty();
        if !is_end && (!kept || new != line.raw) {
            formatted.changes.push(Change {
                line: number + 1,
                before: line.raw.to_owned(),
                after: kept.then(|| new.clone()),
            });
        }
        after_blank = new.is_empty();
    }
    formatted.ends_differ = text != raw || (last.is_some() && !text.ends_with('\n'));
    formatted
}

/// The lines that can be read, each by the place of its first character.
fn lay_out(file: FileId, text: &str, lines: &[Line<'_>]) -> BTreeMap<usize, Laid> {
    let indents: BTreeMap<usize, usize> = lines
        .iter()
        .map(|line| (line.words.at, line.indent()))
        .collect();
    let indent_of = |piece: Piece<'_>| indents.get(&piece.at).copied().unwrap_or(0);
    let mut laid = BTreeMap::new();
    for block in &cut(file, text).blocks {
        let opened = block.head.opened();
        let Some(kind) = Block::from_word(opened.first_word()) else {
            continue;
        };
        if !phrases::head(kind).is_some_and(|phrase| fits(phrase, opened)) {
            continue;
        }
        let head = Laid {
            indent: 0,
            text: single_spaced(block.head.text),
        };
        laid.insert(block.head.at, head);
        table(kind, INDENT, &block.rows, &mut laid);
        let readable: Vec<(&Clause<'_>, &Phrase)> = block
            .clauses
            .iter()
            // A forgotten indent is for the author to see: it may be a block whose word is mistyped.
            .filter(|clause| indent_of(clause.line) > 0)
            .filter_map(|clause| Some((clause, phrase_of(kind, clause.line)?)))
            .collect();
        for ((clause, phrase), text) in readable.iter().zip(columned(&readable)) {
            if text.len() > LONGEST_LINE {
                continue;
            }
            let line = Laid {
                indent: INDENT,
                text,
            };
            laid.insert(clause.line.at, line);
            let deeper = clause
                .rows
                .first()
                .is_some_and(|row| indent_of(row.line) > indent_of(clause.line));
            let opens_table = matches!(phrase.rule, Rule::split | Rule::given_rows);
            let indent = if deeper || opens_table {
                2 * INDENT
            } else {
                INDENT
            };
            table(kind, indent, &clause.rows, &mut laid);
        }
    }
    laid
}

fn phrase_of(kind: Block, line: Piece<'_>) -> Option<&'static Phrase> {
    phrases::clauses(kind, line.first_word()).find(|phrase| fits(phrase, line))
}

fn fits(phrase: &Phrase, line: Piece<'_>) -> bool {
    too_much(line).is_none() && read(phrase.rule, line.text).is_ok()
}

/// Clauses of one block, what follows their keywords in one column. Questions such as `if quota is zero` are
/// longer than any keyword and have a column of their own.
fn columned(clauses: &[(&Clause<'_>, &Phrase)]) -> Vec<String> {
    let lines: Vec<(String, usize)> = clauses
        .iter()
        .map(|(clause, phrase)| {
            let line = single_spaced(clause.line.text);
            let keyword = match (phrase.lead, phrase.rule) {
                ("", Rule::running) => line.find(' ').unwrap_or(line.len()),
                ("", _) => line.len(),
                _ => phrases::keyword(&line).len(),
            };
            (line, keyword)
        })
        .collect();
    let is_question = |line: &str, keyword: usize| line.starts_with("if ") && keyword > KEYWORD;
    let questions = lines.iter().filter(|(line, at)| is_question(line, *at));
    let widest = questions
        .filter_map(|(line, at)| Some(line.get(..*at)?.chars().count()))
        .max();
    lines
        .iter()
        .map(|(line, at)| {
            let width = match widest {
                Some(widest) if is_question(line, *at) => widest,
                _ => KEYWORD,
            };
            match line.split_at_checked(*at) {
                Some((keyword, rest)) if !rest.is_empty() => {
                    format!("{keyword:<width$} {}", rest.trim_start())
                }
                _ => line.clone(),
            }
        })
        .collect()
}

/// What the grammar takes for a blank.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{00A0}' | '\u{2007}' | '\u{202F}')
}

/// Words one blank apart; texts in quotes stay as they are.
fn single_spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut quoted = false;
    let mut blank = false;
    for c in text.chars() {
        quoted ^= c == '"';
        let is_gap = !quoted && is_blank(c);
        if !is_gap {
            spaced.push(c);
        } else if !blank {
            spaced.push(' ');
        }
        blank = is_gap;
    }
    spaced
}

/// A table: pipes below each other. One whose pipes stand so already keeps its widths; any other is as narrow as
/// its cells allow. Rows that are not as wide as the heading, or not closed, stay as they are.
fn table(kind: Block, indent: usize, rows: &[Row<'_>], laid: &mut BTreeMap<usize, Laid>) {
    let Some(heading) = rows.first() else {
        return;
    };
    let texts = |row: &Row<'_>| -> Vec<String> {
        let is_heading = row.line.at == heading.line.at;
        let text = |cell: &Piece<'_>| {
            if is_heading {
                cell.text.to_owned()
            } else {
                cell_text(kind, cell.text)
            }
        };
        row.cells.iter().map(text).collect()
    };
    let whole: Vec<(&Row<'_>, Vec<String>)> = rows
        .iter()
        .filter(|row| heading.closed && row.closed && row.cells.len() == heading.cells.len())
        .map(|row| (row, texts(row)))
        .collect();
    let cells = || whole.iter().map(|(_, cells)| cells.as_slice());
    let needed = widths(cells(), Lists::Overflow);
    let written = written_widths(heading.line.text);
    let keeps = written.len() == needed.len()
        && written.iter().zip(&needed).all(|(has, needs)| has >= needs)
        && whole
            .iter()
            .all(|(row, cells)| row_text(cells, &written) == row.line.text);
    let widths = if keeps {
        written
    } else {
        widths(cells(), Lists::OverflowInside)
    };
    for (row, cells) in &whole {
        let text = row_text(cells, &widths);
        laid.insert(row.line.at, Laid { indent, text });
    }
}

/// Words are one blank apart where a cell is read as words, and in money; any other cell may hold a text, which
/// stays as it is.
fn cell_text(kind: Block, cell: &str) -> String {
    let spaced = single_spaced(cell);
    let is_money = || is_figure(&spaced) && spaced.ends_with(|c: char| c.is_ascii_uppercase());
    if matches!(kind, Block::Tiers | Block::Credit) || is_money() {
        spaced
    } else {
        cell.to_owned()
    }
}

/// Whether lists, which are longer than anything else in their column, widen it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    /// Never.
    Overflow,
    /// Only in the last column.
    OverflowInside,
}

/// How wide the columns must be for the heading and for all cells that widen theirs.
fn widths<'c>(rows: impl Iterator<Item = &'c [String]>, lists: Lists) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for (number, cells) in rows.enumerate() {
        widths.resize(cells.len(), 0);
        let last = cells.len().saturating_sub(1);
        for (column, (width, cell)) in widths.iter_mut().zip(cells).enumerate() {
            let length = cell.chars().count();
            let inside = lists == Lists::Overflow || column < last;
            let overflows = length > WIDEST_CELL || (inside && cell.contains(", "));
            if number == 0 || !overflows {
                *width = length.max(*width);
            }
        }
    }
    widths
}

/// The widths of the columns of a heading as it stands: from pipe to pipe, without a blank on each side.
fn written_widths(heading: &str) -> Vec<usize> {
    let mut quoted = false;
    let mut pipes = Vec::new();
    for (at, c) in heading.chars().enumerate() {
        quoted ^= c == '"';
        if c == '|' && !quoted {
            pipes.push(at);
        }
    }
    let between = pipes.windows(2).filter_map(|pair| match pair {
        [from, to] => Some((to - from).saturating_sub(3)),
        _ => None,
    });
    between.collect()
}

/// A row. Behind a cell that is too long for its column the next ones take what room is left, until the pipes
/// stand below each other again. Figures stand on the right, but in the first column, which names the row.
fn row_text(cells: &[String], widths: &[usize]) -> String {
    let mut row = String::from("|");
    let (mut at, mut pipe) = (1, 0);
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        pipe += width + 3;
        let length = cell.chars().count();
        let fill = pipe.saturating_sub(at + length + 2);
        let (left, right) = if column > 0 && is_figure(cell) {
            (fill, 0)
        } else {
            (0, fill)
        };
        row.push_str(&format!(" {:left$}{cell}{:right$} |", "", ""));
        at += fill + length + 3;
    }
    row
}

/// A number, a fraction, a percentage, money, a quantity, and money per unit.
fn is_figure(cell: &str) -> bool {
    let figure = cell.strip_prefix('-').unwrap_or(cell).trim_start();
    let in_figure = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '/' | '%');
    let unit = figure.trim_start_matches(in_figure);
    let words: Vec<&str> = unit.split(' ').skip(1).collect();
    let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
    figure.starts_with(|c: char| c.is_ascii_digit())
        && (unit.is_empty() || unit.starts_with(' '))
        && match words.as_slice() {
            [] => true,
            [unit] => is_word(unit),
            [code, "per", unit] => is_word(code) && is_word(unit),
            _ => false,
        }
}

/// A line as it should be, but for the room before its comment; empty where it is blank.
fn whole(line: &Line<'_>, below: &[Line<'_>], laid: &BTreeMap<usize, Laid>) -> String {
    if let Some(Laid { indent, text }) = laid.get(&line.words.at) {
        return format!("{:indent$}{text}", "");
    }
    if !line.words.text.is_empty() {
        return line.raw.to_owned();
    }
    if line.comment.is_empty() {
        return String::new();
    }
    // A comment at the margin stays there; any other stands as deep as the line it precedes.
    let next = below.iter().find(|line| !line.words.text.is_empty());
    let indent = match next.map(|line| laid.get(&line.words.at)) {
        _ if line.indent() == 0 => 0,
        Some(None) => return line.raw.to_owned(),
        Some(Some(next)) => next.indent.max(INDENT),
        None => INDENT,
    };
    format!("{:indent$}{}", "", comment_text(line))
}

fn comment_text(line: &Line<'_>) -> String {
    let plain = |c: char| if is_blank(c) && c != '\t' { ' ' } else { c };
    let text: String = line.comment.chars().map(plain).collect();
    text.trim_end().to_owned()
}

/// Adds the comments behind lines; those of lines that follow each other and stand equally deep start in one
/// column.
fn line_comments_up(lines: &[Line<'_>], laid: &BTreeMap<usize, Laid>, written: &mut [String]) {
    let depth = |line: &Line<'_>| {
        let laid = laid.get(&line.words.at)?;
        (!line.comment.is_empty()).then_some(laid.indent)
    };
    let mut at = 0;
    for together in lines.chunk_by(|a, b| depth(a).is_some_and(|a| a > 0) && depth(a) == depth(b)) {
        let run = written.iter_mut().skip(at).take(together.len());
        at += together.len();
        let run: Vec<(&mut String, &Line<'_>)> = run
            .zip(together)
            .filter(|(_, line)| depth(line).is_some())
            .collect();
        let widest = run.iter().map(|(text, _)| text.chars().count()).max();
        for (text, line) in run {
            let fill = widest.unwrap_or(0).saturating_sub(text.chars().count());
            text.push_str(&format!(
                "{:fill$}{BEFORE_COMMENT}{}",
                "",
                comment_text(line)
            ));
        }
    }
}
