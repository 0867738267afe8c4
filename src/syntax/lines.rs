//! Cuts a text into blocks, clauses and table rows before any grammar sees it. Lossless: every line keeps
//! its bytes and offsets, so that a bad line costs one line and a bad head one block.

use std::borrow::Cow;

use crate::diag::{FileId, Span};

/// A text as the parser wants it: without a byte order mark, with `\n` at line ends. Everything else stays
/// as it is, so that offsets point into what the author sees.
pub fn normalise(raw: &str) -> Cow<'_, str> {
    let text = raw.trim_start_matches('\u{FEFF}');
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A piece of one line with its place: no blanks around it, no comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax) struct Piece<'t> {
    /// The characters.
    pub(in crate::syntax) text: &'t str,
    /// Byte offset in the file.
    pub(in crate::syntax) at: usize,
    /// The file.
    pub(in crate::syntax) file: FileId,
}

impl<'t> Piece<'t> {
    /// All of it.
    pub(in crate::syntax) fn span(&self) -> Span {
        self.sub(0, self.text.len())
    }

    /// A byte range of it.
    pub(in crate::syntax) fn sub(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, self.at + start, self.at + end)
    }

    /// The first word: letters, digits and `_`, or else the first character.
    pub(in crate::syntax) fn first_word(&self) -> &'t str {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let end = match self.text.find(|c| !word(c)) {
            Some(0) => self.text.chars().next().map_or(0, char::len_utf8),
            Some(end) => end,
            None => self.text.len(),
        };
        self.text.get(..end).unwrap_or("")
    }

    /// The head of a block without the `replace` before it.
    pub(in crate::syntax) fn opened(self) -> Piece<'t> {
        match self.text.strip_prefix("replace") {
            Some(rest) if rest.starts_with(char::is_whitespace) => {
                Piece::trimmed(rest, self.at + "replace".len(), self.file)
            }
            _ => self,
        }
    }

    fn trimmed(text: &'t str, at: usize, file: FileId) -> Piece<'t> {
        let from_start = text.trim_start();
        Piece {
            text: from_start.trim_end(),
            at: at + (text.len() - from_start.len()),
            file,
        }
    }
}

/// One line, whole.
#[derive(Clone, Copy, Debug)]
pub(in crate::syntax) struct Line<'t> {
    /// All of it, without its end.
    pub(in crate::syntax) raw: &'t str,
    /// What is read; empty where the line is blank or only a comment.
    pub(in crate::syntax) words: Piece<'t>,
    /// The comment from its `#` on, or empty.
    pub(in crate::syntax) comment: &'t str,
}

impl Line<'_> {
    /// How many blanks it starts with.
    pub(in crate::syntax) fn indent(&self) -> usize {
        let blank = self.raw.len() - self.raw.trim_start().len();
        self.raw.get(..blank).unwrap_or("").chars().count()
    }
}

/// One row of a table.
#[derive(Clone, Debug)]
pub(in crate::syntax) struct Row<'t> {
    /// The whole row.
    pub(in crate::syntax) line: Piece<'t>,
    /// What stands between the pipes.
    pub(in crate::syntax) cells: Vec<Piece<'t>>,
    /// Whether the last pipe is there.
    pub(in crate::syntax) closed: bool,
}

/// One clause with the rows below it.
#[derive(Clone, Debug)]
pub(in crate::syntax) struct Clause<'t> {
    /// The line.
    pub(in crate::syntax) line: Piece<'t>,
    /// Rows of its table.
    pub(in crate::syntax) rows: Vec<Row<'t>>,
}

/// A head with all that belongs to it.
#[derive(Clone, Debug)]
pub(in crate::syntax) struct Block<'t> {
    /// The head line.
    pub(in crate::syntax) head: Piece<'t>,
    /// Rows directly below the head.
    pub(in crate::syntax) rows: Vec<Row<'t>>,
    /// Clauses in the order written.
    pub(in crate::syntax) clauses: Vec<Clause<'t>>,
}

/// A text cut into blocks.
#[derive(Clone, Debug, Default)]
pub(in crate::syntax) struct Cut<'t> {
    /// In the order written.
    pub(in crate::syntax) blocks: Vec<Block<'t>>,
    /// Clauses and rows before the first block.
    pub(in crate::syntax) strays: Vec<Piece<'t>>,
    /// How many lines the text has.
    pub(in crate::syntax) lines: usize,
}

/// Cuts a normalised text. `is_clause_of` says whether a line at the start of the margin, which opens no
/// block that is known, reads as a clause of the block above it (by that block's first word): it is then
/// kept there, so that a forgotten indent costs one message.
pub(in crate::syntax) fn cut<'t>(
    file: FileId,
    text: &'t str,
    is_clause_of: impl Fn(&str, &str) -> bool,
) -> Cut<'t> {
    let mut cut = Cut::default();
    for line in lines(file, text) {
        cut.lines += 1;
        let piece = line.words;
        if piece.text.is_empty() {
            continue;
        }
        let indented = line.indent() > 0;
        if piece.text.starts_with('|') {
            match cut.blocks.last_mut() {
                None => cut.strays.push(piece),
                Some(block) => match block.clauses.last_mut() {
                    Some(clause) => clause.rows.push(row(piece)),
                    None => block.rows.push(row(piece)),
                },
            }
            continue;
        }
        let belongs_above = |block: &Block<'_>| {
            indented || is_clause_of(block.head.opened().first_word(), piece.first_word())
        };
        match cut.blocks.last_mut() {
            Some(block) if belongs_above(block) => block.clauses.push(Clause {
                line: piece,
                rows: Vec::new(),
            }),
            None if indented => cut.strays.push(piece),
            _ => cut.blocks.push(Block {
                head: piece,
                rows: Vec::new(),
                clauses: Vec::new(),
            }),
        }
    }
    cut
}

/// The lines of a normalised text, one after the other and without a gap.
pub(in crate::syntax) fn lines(file: FileId, text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split('\n').map(move |raw| {
        let start = at;
        at += raw.len() + 1;
        let body = without_comment(raw);
        Line {
            raw,
            words: Piece::trimmed(body, start, file),
            comment: raw.get(body.len()..).unwrap_or(""),
        }
    })
}

/// A line up to its `#`, unless that stands in quotes.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    // An open quote would swallow a comment; the phrase's own message is better than a guess.
    line
}

/// The cells of a row; pipes in quotes are text.
fn row(line: Piece<'_>) -> Row<'_> {
    let mut cells = Vec::new();
    let mut quoted = false;
    let mut start = 1;
    let mut closed = false;
    for (at, c) in line.text.char_indices().skip(1) {
        match c {
            '"' => quoted = !quoted,
            '|' if !quoted => {
                cells.push(cell(line, start, at));
                start = at + 1;
                closed = start == line.text.len();
            }
            _ => {}
        }
    }
    if !closed {
        cells.push(cell(line, start, line.text.len()));
    }
    Row {
        line,
        cells,
        closed,
    }
}

fn cell(line: Piece<'_>, start: usize, end: usize) -> Piece<'_> {
    let inner = line.text.get(start..end).unwrap_or("");
    let piece = Piece::trimmed(inner, line.at + start, line.file);
    if piece.text.is_empty() {
        // An empty cell is pointed at where its value should stand.
        return Piece {
            at: line.at + start + usize::from(end > start),
            ..piece
        };
    }
    piece
}
