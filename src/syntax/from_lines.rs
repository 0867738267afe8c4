//! A text → its tree. Every line is read by itself: *n* bad lines give *n* diagnostics.

use crate::diag::{Code, Diagnostic, FileId, Parsed, Problems, Span, near};
use crate::syntax::ast::{File, Item, Name, Replace};
use crate::syntax::blocks;
use crate::syntax::decisions;
use crate::syntax::errors;
use crate::syntax::expressions::{DEEPEST, MOST_OPERATORS};
use crate::syntax::grammar::{Miss, Rule, Words, read};
use crate::syntax::lines::{self, Clause, Piece};
use crate::syntax::phrases::{self, Block, Phrase};
use crate::syntax::spellings;

/// The longest text, in bytes.
const MOST_BYTES: usize = 256 * 1024;
/// The most lines in one text.
const MOST_LINES: usize = 2_000;
/// The longest line, in bytes.
pub(in crate::syntax) const LONGEST_LINE: usize = 4_000;

/// Whether a text is larger than any plan; nobody reads it then.
pub(in crate::syntax) fn is_too_large(text: &str) -> bool {
    text.len() > MOST_BYTES || text.split('\n').count() > MOST_LINES
}

/// Cuts a normalised text into blocks, clauses and rows.
pub(in crate::syntax) fn cut(file: FileId, text: &str) -> lines::Cut<'_> {
    lines::cut(file, text, |head, word| {
        Block::from_word(word).is_none()
            && Block::from_word(head).is_some_and(|block| phrases::starts_clause(block, word))
    })
}

/// Reads one normalised text. The tree is complete but for what could not be read.
///
/// Never panics; refuses texts that are too large or too deep with S009.
pub fn parse(file: FileId, text: &str) -> Parsed<File> {
    let mut problems = Problems::new();
    if text.len() > MOST_BYTES {
        problems.push(errors::too_large(
            Span::new(file, 0, 0),
            "It is larger than any plan.",
            "256 KiB",
        ));
        return Parsed {
            value: File::unread(file),
            problems,
        };
    }
    let cut = cut(file, text);
    if cut.lines > MOST_LINES {
        problems.push(errors::too_large(
            Span::new(file, 0, 0),
            "It is longer than any plan.",
            "2,000 lines",
        ));
        return Parsed {
            value: File::unread(file),
            problems,
        };
    }
    let mut tree = File {
        unnamed: false,
        ..File::unread(file)
    };
    odd_blanks(file, text, &mut problems);
    if let Some(line) = cut.strays.first() {
        problems.push(errors::stray(*line));
    }
    for block in &cut.blocks {
        read_block(block, text, &mut tree, &mut problems);
    }
    Parsed {
        value: tree,
        problems,
    }
}

fn read_block(block: &lines::Block<'_>, text: &str, tree: &mut File, problems: &mut Problems) {
    let opened = block.head.opened();
    if opened.at == block.head.at {
        let item = read_opened(block, text, tree, problems);
        tree.items.extend(item);
        return;
    }
    let block = lines::Block {
        head: opened,
        ..block.clone()
    };
    let Some(item) = read_opened(&block, text, tree, problems) else {
        return;
    };
    if item.can_be_replaced() {
        let span = opened.span();
        let item = Box::new(item);
        tree.items.push(Item::Replace(Replace { item, span }));
    } else {
        problems.push(errors::not_replaced(opened));
        tree.poisoned.extend(names_in(opened));
    }
}

/// A block by its head; what cannot be read is noted in the tree.
fn read_opened(
    block: &lines::Block<'_>,
    text: &str,
    tree: &mut File,
    problems: &mut Problems,
) -> Option<Item> {
    let word = block.head.first_word();
    let Some(kind) = Block::from_word(word) else {
        let elsewhere = phrases::blocks_with(word);
        let meant = || spellings::words_meant(word).find_map(Block::from_word);
        let near_word = || near(word, Block::ALL.map(Block::word)).and_then(Block::from_word);
        let near_block = spellings::override_meant(block.head.text)
            .or_else(|| meant().filter(|_| elsewhere.is_empty()))
            .or_else(near_word);
        problems.push(
            spellings::start_meant(block.head, None)
                .unwrap_or_else(|| errors::unknown_block(block.head, near_block, &elsewhere)),
        );
        lose(near_block, block.head, tree);
        return None;
    };
    let mut lines = Lines {
        kind,
        text,
        problems,
        bad: false,
        poisoned: Vec::new(),
    };
    let phrase = phrases::head(kind)?;
    let Some(head) = lines.read(block.head, &[phrase]) else {
        lose(Some(kind), block.head, tree);
        return None;
    };
    let item = blocks::item(block, head.1, &mut lines);
    tree.poisoned.append(&mut lines.poisoned);
    if item.is_none() {
        lose(Some(kind), block.head, tree);
    }
    item
}

/// A block that could not be read takes its names with it.
fn lose(kind: Option<Block>, head: Piece<'_>, tree: &mut File) {
    let names = match kind {
        Some(Block::Calendar | Block::Prove | Block::Test | Block::Change) => return,
        Some(Block::Plan | Block::Use | Block::Amend) => Vec::new(),
        _ => names_in(head),
    };
    tree.unnamed |= names.is_empty();
    tree.poisoned.extend(names);
}

/// The names that a head which could not be read may define: its words before a text in quotes, as names are
/// written. `pay sales commission` may be meant as `commission`.
fn names_in(head: Piece<'_>) -> Vec<Name> {
    let text = head.text.split('"').next().unwrap_or(head.text);
    let first = head.first_word().len();
    let mut at = 0;
    let parts = text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let words = parts.filter_map(|part| {
        let start = at;
        at += part.len();
        let word = part.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        (start >= first && !word.is_empty()).then(|| Name {
            text: word.to_lowercase(),
            span: head.sub(start, start + word.len()),
        })
    });
    words.collect()
}

/// Blanks that look like spaces and are not: read as spaces, and mentioned once.
fn odd_blanks(file: FileId, text: &str, problems: &mut Problems) {
    let odd = |c: char| matches!(c, '\u{00A0}' | '\u{2007}' | '\u{202F}');
    if let Some((at, c)) = text.char_indices().find(|(_, c)| odd(*c)) {
        let count = text.chars().filter(|c| odd(*c)).count();
        problems.push(
            Diagnostic::at(
                Code::S010,
                Span::new(file, at, at + c.len_utf8()),
                "a no-break space, read as a plain one",
            )
            .saying(if count == 1 {
                "here".to_owned()
            } else {
                format!("here and in {} other places", count - 1)
            }),
        );
    }
}

/// Reads the lines of one block.
pub(in crate::syntax) struct Lines<'p, 't> {
    /// Which block.
    pub(in crate::syntax) kind: Block,
    /// The whole text, to see where a line starts.
    text: &'t str,
    /// What was wrong.
    pub(in crate::syntax) problems: &'p mut Problems,
    /// Whether a line of the block could not be read: then nothing is said to be missing.
    pub(in crate::syntax) bad: bool,
    /// Names that lines which could not be read seem to define.
    pub(in crate::syntax) poisoned: Vec<Name>,
}

impl Lines<'_, '_> {
    /// A clause by the phrase it is, or `None` with a diagnostic.
    pub(in crate::syntax) fn clause<'t>(
        &mut self,
        clause: &Clause<'t>,
    ) -> Option<(Rule, Words<'t>)> {
        let line = clause.line;
        let word = line.first_word();
        let candidates: Vec<&Phrase> = phrases::clauses(self.kind, word).collect();
        if candidates.is_empty() {
            let diagnostic = self.not_a_clause(line, word);
            self.problems.push(diagnostic);
            self.bad = true;
            return None;
        }
        if self.starts_line(line) {
            self.problems.push(errors::not_indented(line, self.kind));
        }
        self.read(line, &candidates)
    }

    fn starts_line(&self, line: Piece<'_>) -> bool {
        line.at == 0 || self.text.as_bytes().get(line.at - 1) == Some(&b'\n')
    }

    fn not_a_clause(&self, line: Piece<'_>, word: &str) -> Diagnostic {
        if let Some(diagnostic) = spellings::start_meant(line, Some(self.kind)) {
            return diagnostic;
        }
        let elsewhere = phrases::blocks_with(word);
        let is_lead = |meant: &&str| phrases::leads(self.kind).any(|lead| lead == *meant);
        let meant = spellings::words_meant(word).filter(is_lead);
        let known: Vec<&str> = near(word, phrases::leads(self.kind))
            .into_iter()
            .chain(meant)
            .collect();
        // A slip of a letter can be a word of another block.
        let reads = |near: &str| {
            let text = line.text.replacen(word, near, 1);
            let mut own = phrases::clauses(self.kind, near);
            own.any(|phrase| read(phrase.rule, &text).is_ok())
        };
        let sure = known.iter().copied().find(|near| reads(near));
        let first = || known.first().copied().filter(|_| elsewhere.is_empty());
        if let Some(near) = sure.or_else(first) {
            return errors::unknown_clause(line, self.kind, Some(near));
        }
        if !elsewhere.is_empty() {
            return errors::wrong_block(line, self.kind, &elsewhere);
        }
        match Block::from_word(word) {
            Some(block) => errors::opens_block(line, block),
            None => errors::unknown_clause(line, self.kind, None),
        }
    }

    /// A line by one of several phrases; the one that makes sense farthest explains a failure.
    fn read<'t>(&mut self, line: Piece<'t>, candidates: &[&Phrase]) -> Option<(Rule, Words<'t>)> {
        if let Some(diagnostic) = too_much(line) {
            self.problems.push(diagnostic);
            self.bad = true;
            return None;
        }
        let mut farthest: Option<(Miss, Vec<&Phrase>)> = None;
        for phrase in candidates {
            match read(phrase.rule, line.text) {
                Ok(words) => return Some((phrase.rule, words)),
                Err(miss) => match &mut farthest {
                    Some((best, phrases)) if best.at == miss.at => {
                        phrases.push(phrase);
                        best.expected.extend(miss.expected);
                    }
                    Some((best, _)) if best.at > miss.at => {}
                    _ => farthest = Some((miss, vec![phrase])),
                },
            }
        }
        if let Some((mut miss, phrases)) = farthest {
            miss.expected.sort();
            miss.expected.dedup();
            let unclear = (phrases.iter().any(|phrase| phrase.rule == Rule::gate))
                .then(|| unclear_gate(line))
                .flatten();
            let reads = |text: &str| candidates.iter().any(|own| read(own.rule, text).is_ok());
            let diagnostic = unclear
                .or_else(|| decisions::excess_as_credit(line))
                .or_else(|| spellings::slip_in(line, reads))
                .unwrap_or_else(|| errors::stops(line, &miss, &phrases));
            self.problems.push(diagnostic);
        }
        self.bad = true;
        None
    }
}

/// S003 for the range of a gate: from the end of some word to the comma.
fn unclear_gate(line: Piece<'_>) -> Option<Diagnostic> {
    let end = line
        .text
        .find(", otherwise")
        .or_else(|| line.text.find(','))?;
    let head = line.text.get(..end)?;
    head.char_indices()
        .filter(|(_, c)| c.is_whitespace())
        .filter_map(|(at, _)| {
            let text = head.get(at..)?.trim();
            let start = end - head.get(at..)?.trim_start().len();
            let range = Piece {
                text,
                at: line.at + start,
                file: line.file,
            };
            crate::syntax::cells::unclear_range(range, (None, None))
        })
        .next()
}

/// S009 for lines that are too long or nest too deep.
pub(in crate::syntax) fn too_much(line: Piece<'_>) -> Option<Diagnostic> {
    if line.text.len() > LONGEST_LINE {
        return Some(errors::line_too_deep(
            line.sub(0, 1),
            &format!("more than {LONGEST_LINE} characters"),
        ));
    }
    let (mut depth, mut deepest, mut operators, mut quoted) = (0_usize, 0, 0, false);
    for word in line.text.split_inclusive([' ', '\t', '"', '(', ')']) {
        let bare = word.trim_end_matches([' ', '\t', '"', '(', ')']);
        if !quoted {
            operators += usize::from(matches!(bare, "and" | "or" | "not" | "of" | "is"));
            operators += bare
                .chars()
                .filter(|c| matches!(c, '+' | '-' | '*' | '/' | '<' | '>' | '='))
                .count();
        }
        match word.chars().last() {
            Some('"') => quoted = !quoted,
            Some('(') if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            Some(')') if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    if deepest > DEEPEST {
        return Some(errors::line_too_deep(
            line.span(),
            &format!("{deepest} brackets inside each other; the most is {DEEPEST}"),
        ));
    }
    (operators > MOST_OPERATORS).then(|| {
        errors::line_too_deep(
            line.span(),
            &format!("{operators} operators; the most is {MOST_OPERATORS}"),
        )
    })
}
