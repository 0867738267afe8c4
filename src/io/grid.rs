//! Rows of cells that come from elsewhere than CSV, as texts one after the other.
//!
//! A number, date or truth value that the file itself keeps as one is written the plain way and marked as such, so that
//! what paycurve.yaml says of *written* numbers and dates never touches it.

use std::collections::BTreeMap;

use crate::io::csv_blocks::{Broken, Cut, Field, Written};

/// Rows of one width.
#[derive(Debug, Default)]
pub(in crate::io) struct Grid {
    text: Vec<u8>,
    /// Where each cell's text ends, and how it was written.
    cells: Vec<(usize, Written)>,
    /// One for each row: its line, or what is wrong with it as a whole.
    rows: Vec<Result<u64, (u64, Broken)>>,
    /// What is known of the text of rows that are not whole.
    broken: BTreeMap<usize, Option<String>>,
    width: usize,
    /// How many lines of the file it covers.
    pub(in crate::io) lines: u64,
}

impl Grid {
    pub(in crate::io) fn new(width: usize) -> Grid {
        Grid {
            width,
            ..Grid::default()
        }
    }

    /// How many rows.
    pub(in crate::io) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a cell to the row at hand.
    pub(in crate::io) fn cell(&mut self, text: &[u8], written: Written) {
        self.text.extend_from_slice(text);
        self.cells.push((self.text.len(), written));
    }

    /// Ends the row at hand: cells that it lacks are empty.
    pub(in crate::io) fn row(&mut self, line: u64) {
        self.rows.push(Ok(line));
        self.fill();
    }

    /// A row that is not whole, with its values parted by tabs where they can be told.
    pub(in crate::io) fn broken(&mut self, line: u64, broken: Broken, text: Option<String>) {
        self.broken.insert(self.rows.len(), text);
        self.cells.truncate(self.rows.len() * self.width);
        self.rows.push(Err((line, broken)));
        self.fill();
    }

    fn fill(&mut self) {
        let cells = self.rows.len() * self.width;
        self.cells.resize(cells, (self.text.len(), Written::Plain));
    }

    /// Its rows, one after the other.
    pub(in crate::io) fn reader(&self) -> GridReader<'_> {
        GridReader {
            grid: self,
            row: 0,
            start: 0,
        }
    }
}

/// Reads the rows of a grid.
pub(in crate::io) struct GridReader<'g> {
    grid: &'g Grid,
    row: usize,
    start: usize,
}

impl<'g> Cut<'g> for GridReader<'g> {
    fn next(&mut self, fields: &mut Vec<Field<'g>>) -> Option<Result<u64, (u64, Broken)>> {
        let grid = self.grid;
        let row = *grid.rows.get(self.row)?;
        let from = self.row * grid.width;
        let cells = grid.cells.get(from..from + grid.width).unwrap_or_default();
        for (end, written) in cells {
            let bytes = grid.text.get(self.start..*end).unwrap_or_default();
            self.start = *end;
            if row.is_ok() {
                fields.push(Field {
                    bytes,
                    written: *written,
                });
            }
        }
        self.row += 1;
        Some(row)
    }

    fn lines(&self) -> u64 {
        self.grid.lines
    }

    fn position(&self) -> usize {
        self.row
    }

    fn text_from(&self, start: usize) -> Option<String> {
        self.grid.broken.get(&start)?.clone()
    }
}
