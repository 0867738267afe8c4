//! Excel workbooks: one sheet, cell by cell.
//!
//! A cell's number is a binary fraction in the file. It is read by its shortest decimal text, the one that a person sees
//! in the sheet, and never calculated with: 1234.56 in a cell is 1234.56 here, exactly.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx};

use crate::diag::Diagnostic;
use crate::io::csv_blocks::{Broken, Written};
use crate::io::grid::Grid;
use crate::io::guarded::guarded;

/// The most bytes a workbook may unpack to.
const MOST_BYTES: u64 = 1 << 30;
/// The most cells of a sheet.
const MOST_CELLS: u64 = 50_000_000;
/// How many rows are handed on at a time.
const ROWS: usize = 4_096;

/// What a sheet gives, in this order: its headings once, then rows.
pub(in crate::io) enum Part {
    Headings(Vec<String>),
    Rows(Grid),
}

/// Why a workbook is of no use.
pub(in crate::io) enum Stop {
    /// What whoever takes the parts found.
    Problems(Vec<Diagnostic>),
    /// In words, with a note.
    Words(String, String),
}

impl From<Vec<Diagnostic>> for Stop {
    fn from(problems: Vec<Diagnostic>) -> Stop {
        Stop::Problems(problems)
    }
}

fn unreadable(error: impl std::fmt::Display) -> Stop {
    Stop::Words(
        "this file cannot be read as an Excel workbook".to_owned(),
        format!("The reader says: {error}."),
    )
}

type Take<'t> = dyn FnMut(Part) -> Result<(), Vec<Diagnostic>> + 't;

/// Reads a sheet, the first where none is named, whose headings stand in a row counted from 1.
pub(in crate::io) fn read(
    file: File,
    path: &Path,
    sheet: Option<&str>,
    heading: u64,
    take: &mut Take<'_>,
) -> Result<(), Stop> {
    measure(&file)?;
    let again = File::open(path).map_err(unreadable)?;
    let mut book: Xlsx<_> = guarded(|| Xlsx::new(BufReader::new(again))).map_err(unreadable)?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(wanted) => names.iter().find(|name| *name == wanted).ok_or_else(|| {
            let all: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            Stop::Words(
                format!("there is no sheet `{wanted}`"),
                format!("The workbook has {}.", all.join(", ")),
            )
        })?,
        None => names.first().ok_or_else(|| unreadable("it has no sheet"))?,
    };
    let mut cells = guarded(|| book.worksheet_cells_reader(name)).map_err(unreadable)?;
    let mut rows = Rows {
        heading,
        headings: Vec::new(),
        grid: None,
        row: 0,
        line: Vec::new(),
    };
    let mut count = 0_u64;
    while let Some(cell) = guarded(|| cells.next_cell()).map_err(unreadable)? {
        count += 1;
        if count > MOST_CELLS {
            return Err(too_large("the sheet has more than 50 million cells"));
        }
        let (row, column) = cell.get_position();
        rows.cell(u64::from(row) + 1, column as usize, cell.get_value(), take)?;
    }
    rows.end(take)
}

fn too_large(words: &str) -> Stop {
    Stop::Words(
        words.to_owned(),
        "Export it as CSV or Parquet, which have no such limit.".to_owned(),
    )
}

/// Unpacks everything once and keeps nothing: what a workbook says of its own size cannot be trusted.
fn measure(file: &File) -> Result<(), Stop> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(unreadable)?;
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(unreadable)?;
        let size =
            std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(unreadable)?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| too_large("the workbook unpacks to more than 1 GiB"))?;
    }
    Ok(())
}

/// Cells, joined to rows.
struct Rows {
    heading: u64,
    headings: Vec<String>,
    grid: Option<Grid>,
    /// The row at hand.
    row: u64,
    line: Vec<(usize, Vec<u8>, Written)>,
}

impl Rows {
    fn cell(
        &mut self,
        row: u64,
        column: usize,
        value: &DataRef<'_>,
        take: &mut Take<'_>,
    ) -> Result<(), Stop> {
        if row < self.row {
            return Err(unreadable("its rows are not in order"));
        }
        if row > self.row {
            self.close(take)?;
            self.row = row;
        }
        if row >= self.heading
            && let Some((text, written)) = text_of(value)
        {
            self.line.push((column, text, written));
        }
        Ok(())
    }

    /// The row at hand is whole.
    fn close(&mut self, take: &mut Take<'_>) -> Result<(), Stop> {
        let mut line = std::mem::take(&mut self.line);
        line.sort_by_key(|(column, ..)| *column);
        if line.iter().all(|(_, text, _)| text.trim_ascii().is_empty()) {
            return Ok(());
        }
        let Some(grid) = &mut self.grid else {
            let width = line.last().map_or(0, |(column, ..)| column + 1);
            self.headings = vec![String::new(); width];
            for (column, text, _) in line {
                if let Some(heading) = self.headings.get_mut(column) {
                    *heading = String::from_utf8_lossy(&text).trim().to_owned();
                }
            }
            self.grid = Some(Grid::new(width));
            return Ok(take(Part::Headings(self.headings.clone()))?);
        };
        let width = self.headings.len();
        let beyond = line
            .iter()
            .rev()
            .find(|(column, text, _)| *column >= width && !text.trim_ascii().is_empty());
        match beyond {
            Some((column, ..)) => {
                let values = line
                    .iter()
                    .map(|(_, text, _)| String::from_utf8_lossy(text));
                let values: Vec<_> = values.collect();
                grid.broken(self.row, Broken::Wider(column + 1), Some(values.join("\t")));
            }
            None => {
                let mut cells = line.into_iter().peekable();
                for at in 0..width {
                    match cells.next_if(|(column, ..)| *column == at) {
                        Some((_, text, written)) => grid.cell(&text, written),
                        None => grid.cell(b"", Written::Plain),
                    }
                }
                grid.row(self.row);
            }
        }
        if grid.len() >= ROWS {
            let full = std::mem::replace(grid, Grid::new(width));
            take(Part::Rows(full))?;
        }
        Ok(())
    }

    fn end(mut self, take: &mut Take<'_>) -> Result<(), Stop> {
        self.close(take)?;
        match self.grid {
            Some(grid) => Ok(take(Part::Rows(grid))?),
            None => Err(Stop::Words(
                "this sheet has no row of headings".to_owned(),
                "Its first row has the headings, unless `header_row` says which one has."
                    .to_owned(),
            )),
        }
    }
}

/// A cell as text; `None` where it is empty.
fn text_of(value: &DataRef<'_>) -> Option<(Vec<u8>, Written)> {
    let (text, written) = match value {
        DataRef::Empty => return None,
        DataRef::String(text) => (text.clone(), Written::Plain),
        DataRef::SharedString(text) => ((*text).to_owned(), Written::Plain),
        DataRef::Int(number) => (number.to_string(), Written::Native),
        DataRef::Float(number) => (number.to_string(), Written::Native),
        DataRef::Bool(flag) => (flag.to_string(), Written::Native),
        DataRef::DateTime(day) if day.is_datetime() => {
            let serial = day.as_f64().to_string();
            let (year, month, date, hour, minute, ..) = day.to_ymd_hms_milli();
            let mut text = format!("{year:04}-{month:02}-{date:02}");
            if serial.contains('.') {
                text = format!("{text} {hour:02}:{minute:02}");
            }
            (text, Written::Native)
        }
        DataRef::DateTime(duration) => (duration.as_f64().to_string(), Written::Native),
        DataRef::DateTimeIso(text) => (text.clone(), Written::Native),
        DataRef::DurationIso(text) => (text.clone(), Written::NoValue),
        DataRef::Error(error) => (error.to_string(), Written::NoValue),
    };
    Some((text.into_bytes(), written))
}
