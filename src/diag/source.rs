//! Texts under their names, and places in them.

/// Which text a span points into: an index into the [`SourceMap`] that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A half-open byte range of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            file,
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// The smallest range that covers both; `other` must point into the same text.
    pub fn to(self, other: Span) -> Span {
        assert_eq!(
            self.file, other.file,
            "two spans of one thing lie in one text"
        );
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// One text with its name and the offsets of its lines.
#[derive(Debug)]
pub struct Source {
    /// How people know the file, relative to the project, with `/` between folders.
    pub name: String,
    /// The text as read, after normalisation of line ends.
    pub text: String,
    /// How many bytes of a byte order mark the file starts with.
    mark: usize,
    /// Offsets of those `\n` of the text that are `\r\n` in the file.
    dropped: Vec<usize>,
    /// How lines of the file end.
    line_end: &'static str,
    line_starts: Vec<usize>,
}

/// A place as people count: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// All texts that spans can point into.
#[derive(Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> SourceMap {
        SourceMap::default()
    }

    /// Keeps a text and gives the id its spans carry.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let text = text.into();
        self.add_from(name, text, "")
    }

    /// Keeps a text made of a file by taking away its byte order mark and the `\r` before each `\n`, so that
    /// places can be told as they are in the file.
    pub fn add_from(&mut self, name: impl Into<String>, text: String, file: &str) -> FileId {
        let body = file.trim_start_matches('\u{FEFF}');
        let mark = file.len() - body.len();
        let ends = body.match_indices("\r\n").enumerate();
        let dropped: Vec<usize> = ends.map(|(before, (at, _))| at - before).collect();
        let line_end = if body.contains("\r\n") { "\r\n" } else { "\n" };
        let mut line_starts = vec![0];
        line_starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(i, _)| i + 1),
        );
        let id = FileId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(Source {
            name: name.into(),
            text,
            mark,
            dropped,
            line_end,
            line_starts,
        });
        id
    }

    /// The text behind an id of this map.
    pub fn source(&self, file: FileId) -> &Source {
        &self.sources[file.0 as usize]
    }

    /// All texts, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(self.sources.iter())
    }

    /// Where a span starts.
    pub fn place(&self, span: Span) -> Place {
        self.source(span.file).place(span.start as usize)
    }

    /// The words a span covers.
    pub fn words(&self, span: Span) -> &str {
        let text = &self.source(span.file).text;
        text.get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }
}

impl Source {
    /// Line and column of a byte offset; past the end counts as the end.
    pub fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        let column = self
            .text
            .get(start..offset)
            .map_or(0, |head| head.chars().count());
        Place {
            line,
            column: column + 1,
        }
    }

    /// A line's text without its end, by number from 1; `""` past the end.
    pub fn line(&self, number: usize) -> &str {
        let start = number.checked_sub(1).and_then(|i| self.line_starts.get(i));
        let Some(start) = start else { return "" };
        let rest = self.text.get(*start..).unwrap_or("");
        rest.split('\n').next().unwrap_or("")
    }

    /// Byte offset at which a line starts, by number from 1.
    pub fn line_start(&self, number: usize) -> usize {
        number
            .checked_sub(1)
            .and_then(|i| self.line_starts.get(i))
            .copied()
            .unwrap_or(self.text.len())
    }

    /// Where a byte of the text stands in the file.
    pub fn offset_in_file(&self, offset: usize) -> usize {
        self.mark + offset + self.dropped.partition_point(|at| *at < offset)
    }

    /// A text with the file's ends of lines.
    pub fn as_in_file(&self, text: &str) -> String {
        text.replace('\n', self.line_end)
    }

    /// How many lines there are.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }
}
