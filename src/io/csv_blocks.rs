//! A CSV file, read once in blocks that end at the end of a record, so that blocks can be parsed side by side.

use std::io::Read;

use memchr::{memchr, memchr_iter, memchr2};

/// Blocks of a reader. Each ends with a record; a record longer than a block makes a longer block.
pub(in crate::io) struct Blocks<R> {
    reader: R,
    size: usize,
    rest: Vec<u8>,
    done: bool,
    /// The hash of everything read so far.
    pub(in crate::io) hash: blake3::Hasher,
}

impl<R: Read> Blocks<R> {
    pub(in crate::io) fn new(reader: R, size: usize) -> Blocks<R> {
        Blocks {
            reader,
            size: size.max(1),
            rest: Vec::new(),
            done: false,
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
            if let Some(end) = last_record_end(&block) {
                self.rest = block.split_off(end);
                return Ok(Some(block));
            }
            self.rest = block;
        }
        Ok(None)
    }
}

/// One past the last line feed that stands outside quotes. A block starts outside quotes.
fn last_record_end(block: &[u8]) -> Option<usize> {
    if memchr(b'"', block).is_none() {
        return memchr::memrchr(b'\n', block).map(|at| at + 1);
    }
    let mut quotes = memchr_iter(b'"', block).peekable();
    let mut quoted = false;
    let mut end = None;
    for at in memchr_iter(b'\n', block) {
        while quotes.peek().is_some_and(|quote| *quote < at) {
            quotes.next();
            quoted = !quoted;
        }
        if !quoted {
            end = Some(at + 1);
        }
    }
    end
}

/// One field: bytes without quotes; doubled quotes inside are not yet undone.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::io) struct Field<'b> {
    /// The bytes.
    pub(in crate::io) bytes: &'b [u8],
    /// Whether `""` inside stands for one quote.
    pub(in crate::io) doubled: bool,
}

impl<'b> Field<'b> {
    /// Without quotes.
    pub(in crate::io) fn plain(bytes: &'b [u8]) -> Field<'b> {
        Field {
            bytes,
            doubled: false,
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
    /// Line feeds passed so far.
    pub(in crate::io) lines: u64,
}

/// Why a record cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::io) enum Broken {
    /// A quote opens and never closes.
    OpenQuote,
    /// Something stands between a closing quote and the next comma.
    AfterQuote,
}

impl<'b> Records<'b> {
    pub(in crate::io) fn new(block: &'b [u8]) -> Records<'b> {
        Records {
            block,
            at: 0,
            lines: 0,
        }
    }

    /// How far the block has been read.
    pub(in crate::io) fn position(&self) -> usize {
        self.at
    }

    /// The text from a position to where the reading stands.
    pub(in crate::io) fn text_from(&self, start: usize) -> String {
        let bytes = self.block.get(start..self.at).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// Adds the fields of the next record to `fields`, blank lines skipped; the line it starts on, counted from 0 in this
    /// block, or `None` at the end.
    pub(in crate::io) fn next(
        &mut self,
        fields: &mut Vec<Field<'b>>,
    ) -> Option<Result<u64, (u64, Broken)>> {
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
                let end = memchr2(b',', b'\n', rest).unwrap_or(rest.len());
                let bytes = rest.get(..end).unwrap_or_default();
                let last = rest.get(end) != Some(&b',');
                let bytes = if last {
                    bytes.strip_suffix(b"\r").unwrap_or(bytes)
                } else {
                    bytes
                };
                fields.push(Field::plain(bytes));
                self.at = start + end;
            }
            match self.block.get(self.at) {
                Some(b',') => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    self.lines += 1;
                    return Some(Ok(line));
                }
                None => return Some(Ok(line)),
            }
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
            return match self.block.get(at) {
                None | Some(b',' | b'\n') => Ok(Field { bytes, doubled }),
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
