//! Bytes of a file in another encoding → UTF-8, as they are read.

use std::io::Read;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::io::manifest::Encoding;

/// How much is decoded at a time.
const PIECE: usize = 64 << 10;

/// What was met in a file as its bytes stand.
#[derive(Debug, Default)]
pub(in crate::io) struct Met {
    /// The hash of all of them.
    pub(in crate::io) hash: blake3::Hasher,
    /// Whether some are no character of the encoding.
    pub(in crate::io) is_broken: bool,
}

/// A reader of UTF-8 over a reader of something else.
pub(in crate::io) struct Decoded<'m, R> {
    reader: R,
    encoding: Encoding,
    /// Known once the first bytes have been seen: a mark tells the two kinds of UTF-16 apart.
    decoder: Option<Decoder>,
    met: &'m mut Met,
    ready: Vec<u8>,
    given: usize,
    done: bool,
}

impl<'m, R: Read> Decoded<'m, R> {
    pub(in crate::io) fn new(reader: R, encoding: Encoding, met: &'m mut Met) -> Decoded<'m, R> {
        Decoded {
            reader,
            encoding,
            decoder: None,
            met,
            ready: Vec::new(),
            given: 0,
            done: false,
        }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        let mut piece = Vec::with_capacity(PIECE);
        (&mut self.reader)
            .take(PIECE as u64)
            .read_to_end(&mut piece)?;
        self.done = piece.is_empty();
        self.met.hash.update(&piece);
        let encoding = self.encoding;
        let decoder = self.decoder.get_or_insert_with(|| match encoding {
            Encoding::Windows1252 => WINDOWS_1252.new_decoder_without_bom_handling(),
            _ if piece.starts_with(&[0xFE, 0xFF]) => UTF_16BE.new_decoder_with_bom_removal(),
            _ => UTF_16LE.new_decoder_with_bom_removal(),
        });
        self.ready.clear();
        self.given = 0;
        let mut text = String::new();
        let mut rest = piece.as_slice();
        loop {
            let most = decoder.max_utf8_buffer_length(rest.len()).unwrap_or(PIECE);
            text.reserve(most);
            let (result, read, is_broken) = decoder.decode_to_string(rest, &mut text, self.done);
            self.met.is_broken |= is_broken;
            rest = rest.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        self.ready = text.into_bytes();
        Ok(())
    }
}

impl<R: Read> Read for Decoded<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.given >= self.ready.len() {
            if self.done {
                return Ok(0);
            }
            self.refill()?;
        }
        let waiting = self.ready.get(self.given..).unwrap_or_default();
        let count = waiting.len().min(into.len());
        for (to, from) in into.iter_mut().zip(waiting) {
            *to = *from;
        }
        self.given += count;
        Ok(count)
    }
}
