//! Named columns of one length, with the lines they came from and the cells that do not fit.

use crate::base::Date;
use crate::diag::{Cell, Diagnostic};
use crate::table::broken::BrokenRow;
use crate::table::column::{Column, Values};
use crate::table::hold::Cause;
use crate::table::value::Read;

/// Where rows stand in their file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Row `i` stands on line `first + i`.
    From(u64),
    /// One by one; a record may span lines.
    Listed(Vec<u64>),
}

/// A table. The order of its rows never changes a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name in the manifest.
    pub name: String,
    /// The files it came from, in the order of the rows; there is at least one.
    pub files: Vec<FileRows>,
    /// How many rows.
    pub rows: usize,
    /// Names and columns, in the order asked for.
    pub columns: Vec<(String, Column)>,
    /// Cells that do not fit their column, and rows that are not whole, in the order of the file.
    pub faults: Vec<Diagnostic>,
    /// Rows that are not whole, in the order of the file. All their cells are faulty.
    pub broken: Vec<BrokenRow>,
}

/// The rows that one file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRows {
    /// The file, relative to the project.
    pub file: String,
    /// Its first row in the table.
    pub first: usize,
    /// Where its rows stand, counted from its first.
    pub lines: Lines,
    /// BLAKE3 of the file's bytes, in hex; empty for rows made in memory.
    pub hash: String,
}

impl FileRows {
    /// A file whose rows start at `first`, one line each, below a line of headings.
    pub fn new(file: String, first: usize) -> FileRows {
        FileRows {
            file,
            first,
            lines: Lines::From(2),
            hash: String::new(),
        }
    }
}

impl Lines {
    /// Adds the line of `row`, the one after the last.
    pub fn push(&mut self, row: usize, line: u64) {
        match self {
            Lines::From(first) if row == 0 => *first = line,
            Lines::From(first) if *first + row as u64 == line => {}
            Lines::From(first) => {
                let mut lines: Vec<u64> = (*first..*first + row as u64).collect();
                lines.push(line);
                *self = Lines::Listed(lines);
            }
            Lines::Listed(lines) => lines.push(line),
        }
    }

    /// The line of a row; 0 where there is no such row.
    pub fn get(&self, row: usize) -> u64 {
        match self {
            Lines::From(first) => first + row as u64,
            Lines::Listed(lines) => lines.get(row).copied().unwrap_or(0),
        }
    }
}

impl Table {
    /// A table without rows or columns.
    pub fn empty(name: &str) -> Table {
        Table {
            name: name.to_owned(),
            files: vec![FileRows::new(String::new(), 0)],
            rows: 0,
            columns: Vec::new(),
            faults: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// The file that a row came from.
    pub fn file_of(&self, row: usize) -> Option<&FileRows> {
        let after = self.files.partition_point(|own| own.first <= row);
        self.files.get(after.checked_sub(1)?)
    }

    /// Where a row stands: `data/deals.csv:12`.
    pub fn place(&self, row: usize) -> String {
        let file = self.file_of(row).map_or("", |own| own.file.as_str());
        format!("{file}:{}", self.line(row))
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, column)| column)
    }

    /// Marks a cell that does not fit.
    pub fn fault(&mut self, column: &str, row: u32, diagnostic: Diagnostic) {
        self.shared_fault(column, &[row], diagnostic);
    }

    /// Marks cells of one column that do not fit, with one problem for all of them.
    pub fn shared_fault(&mut self, column: &str, rows: &[u32], diagnostic: Diagnostic) {
        let index = u32::try_from(self.faults.len()).unwrap_or(u32::MAX);
        let column = self.columns.iter_mut().find(|(name, _)| name == column);
        if let Some((_, column)) = column {
            for row in rows {
                match column.faulty.binary_search_by_key(row, |(row, _)| *row) {
                    Ok(at) => column.faulty[at].1 = index,
                    Err(at) => column.faulty.insert(at, (*row, index)),
                }
            }
            self.faults.push(diagnostic);
        }
    }

    /// What a cell holds; a column that is not there is absent in every row.
    pub fn read(&self, column: &str, row: usize) -> Read {
        let Some(column) = self.column(column) else {
            return Read::Absent;
        };
        match column.fault(row) {
            Some(fault) => Read::Fault(fault),
            None => column.value(row).map_or(Read::Absent, Read::Value),
        }
    }

    /// The text of a cell as it stands there, even where it is at fault because another row has it too.
    pub fn text(&self, column: &str, row: usize) -> Option<&str> {
        match &self.column(column)?.values {
            Values::Texts(texts) => texts.get(row),
            _ => None,
        }
    }

    /// What is known of a row that is not whole.
    pub fn broken_row(&self, row: usize) -> Option<&BrokenRow> {
        let row = u32::try_from(row).ok()?;
        let at = self.broken.binary_search_by_key(&row, |broken| broken.row);
        self.broken.get(at.ok()?)
    }

    /// Why a row is not whole.
    pub fn cause(&self, broken: &BrokenRow) -> Option<Cause> {
        self.faults.get(broken.fault as usize).map(Cause::fault)
    }

    /// The line of a row in its file.
    pub fn line(&self, row: usize) -> u64 {
        self.file_of(row)
            .map_or(0, |own| own.lines.get(row - own.first))
    }

    /// The place of a cell, for a diagnostic.
    pub fn cell(&self, row: usize, column: &str, found: &str) -> Cell {
        Cell {
            file: self
                .file_of(row)
                .map_or_else(String::new, |own| own.file.clone()),
            line: self.line(row),
            column: column.to_owned(),
            found: found.to_owned(),
        }
    }
}

/// A quota that is given rather than made of a value of its source: a test's `given annual_quota is …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenQuota {
    /// The quota's name.
    pub quota: String,
    /// Whose it is.
    pub payee: String,
    /// The plan's period.
    pub period: crate::base::Period,
    /// How much.
    pub amount: crate::base::Exact,
}

/// What a test gives as carried into a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCarry {
    /// The name of what carries over.
    pub carry: String,
    /// Whose it is.
    pub payee: String,
    /// The plan's period.
    pub period: crate::base::Period,
    /// How much.
    pub amount: crate::base::Exact,
}

/// What a test gives as a balance from before the plan's first period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenBalance {
    /// The payout's name.
    pub pay: String,
    /// The balance's name.
    pub balance: &'static str,
    /// Whose it is.
    pub payee: String,
    /// How much.
    pub amount: crate::base::Exact,
}

/// A credit that is given rather than derived from a record: a test's `given total bookings is …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCredit {
    /// The credit's name.
    pub credit: String,
    /// Whose it is.
    pub payee: String,
    /// The day it counts on.
    pub date: Date,
    /// How much.
    pub amount: crate::base::Exact,
}
