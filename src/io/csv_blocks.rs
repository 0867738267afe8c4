//! A CSV file, read once in blocks that end at the end of a record, so that blocks can be parsed side by side.

use std::io::Read;

use memchr::{memchr, memchr_iter, memchr2};

/// Blocks of a reader. Each ends with a record; a record longer than a block makes a longer block.
pub(in crate::io) struct Blocks<R> {
    reader: R,
    size: usize,
    rest: Vec<u8>,
    done: bool,
    /// What parts the fields of CSV, where line ends inside quotes belong to a record; `None` where every line is one.
    separator: Option<u8>,
    /// The hash of everything read so far.
    pub(in crate::io) hash: blake3::Hasher,
}

impl<R: Read> Blocks<R> {
    /// Blocks of CSV records.
    pub(in crate::io) fn new(reader: R, size: usize, separator: u8) -> Blocks<R> {
        Blocks {
            separator: Some(separator),
            ..Blocks::of_lines(reader, size)
        }
    }

    /// Blocks of whole lines, whatever stands in them.
    pub(in crate::io) fn of_lines(reader: R, size: usize) -> Blocks<R> {
        Blocks {
            reader,
            size: size.max(1),
            rest: Vec::new(),
            done: false,
            separator: None,
            hash: blake3::Hasher::new(),
        }
    }

    /// The next block; `None` at the end.
    pub(in crate::io) fn next(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        while !self.done {
            let start = self.rest.len();
            let mut block = std::mem::take(&mut self.rest);
            block.reserve_exact(self.size);
            let read = (&mut self.reader)
                .take(self.size as u64)
                .read_to_end(&mut block)?;
            self.done = read < self.size;
            self.hash.update(block.get(start..).unwrap_or_default());
            if self.done {
                return Ok((!block.is_empty()).then_some(block));
            }
            let end = match self.separator {
                Some(separator) => last_record_end(&block, separator),
                None => memchr::memrchr(b'\n', &block).map(|at| at + 1),
            };
            if let Some(end) = end {
                self.rest = block.split_off(end);
                return Ok(Some(block));
            }
            self.rest = block;
        }
        Ok(None)
    }
}

/// One past the last line feed that stands outside quotes. A block starts outside quotes. A quote opens where a field
/// starts and nowhere else, as in [`Records`]: `5" pipe` is text.
fn last_record_end(block: &[u8], separator: u8) -> Option<usize> {
    let last_line = |from: usize, to: usize| {
        let lines = block.get(from..to).unwrap_or_default();
        memchr::memrchr(b'\n', lines).map(|at| from + at + 1)
    };
    let (mut end, mut at) = (None, 0);
    while let Some(quote) = find(b'"', block, at) {
        let starts_a_field = match quote.checked_sub(1).and_then(|before| block.get(before)) {
            None => true,
            Some(byte) => {
                [separator, b'\n'].contains(byte) || block.get(..quote) == Some(BYTE_ORDER_MARK)
            }
        };
        end = last_line(at, quote).or(end);
        if !starts_a_field {
            at = quote + 1;
            continue;
        }
        let Some(close) = closing(block, quote) else {
            return end;
        };
        at = close + 1;
        if block
            .get(at)
            .is_some_and(|byte| ![separator, b'\n', b'\r'].contains(byte))
        {
            // Something after a closing quote: the record is broken and ends with its line.
            match find(b'\n', block, at) {
                Some(line_end) => at = line_end,
                None => return end,
            }
        }
    }
    last_line(at, block.len()).or(end)
}

/// Where the quote closes that opens here; `None` where it does not.
fn closing(block: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        let quote = find(b'"', block, at)?;
        if block.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

/// The place of a byte from a place on.
fn find(byte: u8, block: &[u8], from: usize) -> Option<usize> {
    memchr(byte, block.get(from..)?).map(|at| from + at)
}

/// What some programs write before the first heading.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One field: bytes without quotes; doubled quotes inside are not yet undone.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::io) struct Field<'b> {
    /// The bytes.
    pub(in crate::io) bytes: &'b [u8],
    /// How they stand for the value.
    pub(in crate::io) written: Written,
}

/// How bytes stand for a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::io) enum Written {
    /// As text.
    #[default]
    Plain,
    /// As text in which `""` stands for one quote.
    Doubled,
    /// The file keeps a number, date or truth value, which is written here the plain way.
    Native,
    /// As something that no column holds, such as a list.
    NoValue,
}

/// Something that gives records one after the other.
pub(in crate::io) trait Cut<'b> {
    /// Adds the fields of the next record to `fields`; the line it starts on, counted from 0 where the block starts, or
    /// `None` at the end.
    fn next(&mut self, fields: &mut Vec<Field<'b>>) -> Option<Result<u64, (u64, Broken)>>;
    /// How many lines have been passed.
    fn lines(&self) -> u64;
    /// Where the next record starts.
    fn position(&self) -> usize;
    /// The text from a position to where the reading stands; `None` where the values in it cannot be told.
    fn text_from(&self, start: usize) -> Option<String>;
}

impl<'b> Field<'b> {
    /// Without quotes.
    pub(in crate::io) fn plain(bytes: &'b [u8]) -> Field<'b> {
        Field {
            bytes,
            written: Written::Plain,
        }
    }

    /// Without the blanks around it.
    pub(in crate::io) fn trimmed(self) -> Field<'b> {
        Field {
            bytes: self.bytes.trim_ascii(),
            ..self
        }
    }
}

/// Reads records of a block one after the other.
pub(in crate::io) struct Records<'b> {
    block: &'b [u8],
    at: usize,
    separator: u8,
    /// Line feeds passed so far.
    lines: u64,
}

/// Why a record cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::io) enum Broken {
    /// A quote opens and never closes.
    OpenQuote,
    /// Something stands between a closing quote and the next comma.
    AfterQuote,
    /// A line of JSON that is no object.
    NotAnObject,
    /// A key that stands twice in one object.
    KeyTwice,
    /// A row of a sheet that has values beyond the headings: how many columns it takes.
    Wider(usize),
}

impl<'b> Records<'b> {
    pub(in crate::io) fn new(block: &'b [u8], separator: u8) -> Records<'b> {
        Records {
            block,
            at: 0,
            separator,
            lines: 0,
        }
    }

    /// Passes whole lines.
    pub(in crate::io) fn skip_lines(&mut self, count: u64) {
        for _ in 0..count {
            let rest = self.block.get(self.at..).unwrap_or_default();
            let Some(end) = memchr(b'\n', rest) else {
                self.at = self.block.len();
                return;
            };
            self.at += end + 1;
            self.lines += 1;
        }
    }

    /// A field in quotes; leaves `at` on the comma or line feed after it.
    fn quoted(&mut self, start: usize) -> Result<Field<'b>, Broken> {
        let mut at = start + 1;
        let mut doubled = false;
        loop {
            let rest = self.block.get(at..).unwrap_or_default();
            let Some(quote) = memchr(b'"', rest) else {
                self.at = self.block.len();
                return Err(Broken::OpenQuote);
            };
            at += quote + 1;
            if self.block.get(at) == Some(&b'"') {
                doubled = true;
                at += 1;
                continue;
            }
            let bytes = self.block.get(start + 1..at - 1).unwrap_or_default();
            self.lines += memchr_iter(b'\n', bytes).count() as u64;
            if self.block.get(at) == Some(&b'\r') && self.block.get(at + 1) == Some(&b'\n') {
                at += 1;
            }
            self.at = at;
            let written = if doubled {
                Written::Doubled
            } else {
                Written::Plain
            };
            let field = Field { bytes, written };
            return match self.block.get(at) {
                None | Some(b'\n') => Ok(field),
                Some(byte) if *byte == self.separator => Ok(field),
                Some(_) => {
                    let rest = self.block.get(at..).unwrap_or_default();
                    let end = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
                    self.at = at + end;
                    self.lines += 1;
                    Err(Broken::AfterQuote)
                }
            };
        }
    }
}

impl<'b> Cut<'b> for Records<'b> {
    /// Blank lines are skipped.
    #[inline]
    fn next(&mut self, fields: &mut Vec<Field<'b>>) -> Option<Result<u64, (u64, Broken)>> {
        loop {
            match self.block.get(self.at)? {
                b'\n' => {
                    self.at += 1;
                    self.lines += 1;
                }
                b'\r' if self.block.get(self.at + 1) == Some(&b'\n') => self.at += 1,
                _ => break,
            }
        }
        let line = self.lines;
        loop {
            let start = self.at;
            let rest = self.block.get(start..).unwrap_or_default();
            if rest.first() == Some(&b'"') {
                match self.quoted(start) {
                    Ok(field) => fields.push(field),
                    Err(broken) => return Some(Err((line, broken))),
                }
            } else {
                let end = memchr2(self.separator, b'\n', rest).unwrap_or(rest.len());
                let bytes = rest.get(..end).unwrap_or_default();
                let last = rest.get(end) != Some(&self.separator);
                let bytes = if last {
                    bytes.strip_suffix(b"\r").unwrap_or(bytes)
                } else {
                    bytes
                };
                fields.push(Field::plain(bytes));
                self.at = start + end;
            }
            match self.block.get(self.at) {
                Some(byte) if *byte == self.separator => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    self.lines += 1;
                    return Some(Ok(line));
                }
                None => return Some(Ok(line)),
            }
        }
    }

    fn lines(&self) -> u64 {
        self.lines
    }

    fn position(&self) -> usize {
        self.at
    }

    fn text_from(&self, start: usize) -> Option<String> {
        let bytes = self.block.get(start..self.at).unwrap_or_default();
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}
