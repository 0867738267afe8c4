//! A problem as a value: what is wrong, where, what it costs and how to mend it.

use crate::diag::{Code, Span};

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Must be mended, or accepted in the file with a reason.
    Warning,
    /// Stops the build, or holds what it reaches.
    Error,
}

/// Words at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What is pointed at.
    pub span: Span,
    /// What to say there; may be empty for a bare underline.
    pub words: String,
}

/// A place in a data file, which is not kept as text: rows are too many for spans.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The file's name, relative to the project.
    pub file: String,
    /// Line in the file, from 1, the header being line 1; 0 for the file as a whole.
    pub line: u64,
    /// The column's header; empty for the whole row.
    pub column: String,
    /// What was found there.
    pub found: String,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes; an empty span inserts.
    pub span: Span,
    /// What comes.
    pub text: String,
}

impl Edit {
    /// Puts a text behind a place.
    pub fn after(place: Span, text: impl Into<String>) -> Edit {
        let span = Span {
            start: place.end,
            ..place
        };
        Edit {
            span,
            text: text.into(),
        }
    }

    /// Puts a clause on a line of its own behind a place.
    pub fn below(place: Span, line: &str) -> Edit {
        Edit::after(place, format!("\n  {line}"))
    }
}

/// A way out that an editor can apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the reader's words.
    pub words: String,
    /// The line as it would read, shown beside the words; may be empty.
    pub shown: String,
    /// The edits that do it; empty where only a person can choose the words.
    pub edits: Vec<Edit>,
}

/// A problem with a code and a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code, which has a page and a running example.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, lower-case, no final stop.
    pub message: String,
    /// Places in plans, the main one first.
    pub labels: Vec<Label>,
    /// The place in a data file, for faults of data.
    pub cell: Option<Cell>,
    /// Sentences with a money example, one paragraph each.
    pub notes: Vec<String>,
    /// Ways out, the best first, at most three.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A problem of the code's own severity at a place in a plan.
    pub fn at(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::bare(code, message).label(span, "")
    }

    /// A problem at a place in a data file.
    pub fn in_cell(code: Code, cell: Cell, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            cell: Some(cell),
            ..Diagnostic::bare(code, message)
        }
    }

    /// A problem of the code's own severity without a place yet.
    pub fn bare(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: Vec::new(),
            cell: None,
            notes: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Puts words on the main place.
    pub fn saying(mut self, words: impl Into<String>) -> Diagnostic {
        if let Some(label) = self.labels.first_mut() {
            label.words = words.into();
        }
        self
    }

    /// Points at one more place.
    pub fn label(mut self, span: Span, words: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            span,
            words: words.into(),
        });
        self
    }

    /// Adds a paragraph.
    pub fn note(mut self, words: impl Into<String>) -> Diagnostic {
        self.notes.push(words.into());
        self
    }

    /// What was expected and what to do, in one paragraph; empty where the message says all.
    pub fn advice(&self) -> String {
        let notes = self.notes.iter().cloned();
        let fixes = self.fixes.iter().map(|fix| {
            let words = if fix.shown.is_empty() {
                fix.words.clone()
            } else {
                format!("{} `{}`", fix.words, fix.shown)
            };
            let mut letters = words.chars();
            let first = letters.next().map(char::to_uppercase);
            first
                .into_iter()
                .flatten()
                .chain(letters)
                .chain(['.'])
                .collect()
        });
        notes.chain(fixes).collect::<Vec<String>>().join(" ")
    }

    /// Adds a way out in words only.
    pub fn help(self, words: impl Into<String>, shown: impl Into<String>) -> Diagnostic {
        self.fix(words, shown, Vec::new())
    }

    /// Adds a way out that an editor can apply.
    pub fn fix(
        mut self,
        words: impl Into<String>,
        shown: impl Into<String>,
        edits: Vec<Edit>,
    ) -> Diagnostic {
        self.fixes.push(Fix {
            words: words.into(),
            shown: shown.into(),
            edits,
        });
        self
    }
}

/// The problems met so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Diagnostic>,
}

impl Problems {
    /// None yet.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// Keeps one more.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Keeps all of another pass.
    pub fn extend(&mut self, other: Problems) {
        self.list.extend(other.list);
    }

    /// All but those of one code.
    pub fn without(mut self, code: Code) -> Problems {
        self.list.retain(|diagnostic| diagnostic.code != code);
        self
    }

    /// Whether any stops the build.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All, in the order met.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// All, by place: files in the order read, then lines, then codes; equal ones once.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.labels.first().map(|l| l.span), d.cell.clone(), d.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        self.list.dedup();
        self.list
    }
}

/// What a pass made, and what it met on the way. Only `app` decides to stop.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    /// The result, complete but for poisoned parts.
    pub value: T,
    /// What was wrong.
    pub problems: Problems,
}
