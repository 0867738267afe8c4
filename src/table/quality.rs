//! How good the data of a table is: what is empty, what is at fault and how often.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic};
use crate::table::column::Column;
use crate::table::table::Table;

/// One source.
#[derive(Clone, Debug)]
pub struct SourceQuality {
    /// Its name in the manifest.
    pub name: String,
    /// Its files, each with its rows.
    pub files: Vec<(String, usize)>,
    /// How many rows.
    pub rows: usize,
    /// Rows that are not whole.
    pub broken: usize,
    /// The columns that plans read, in their order.
    pub columns: Vec<ColumnQuality>,
}

/// One column.
#[derive(Clone, Debug)]
pub struct ColumnQuality {
    /// Its name in plans.
    pub name: String,
    /// Rows without a value.
    pub empty: usize,
    /// Rows whose cell is at fault, by code; rows that are not whole are counted with the source.
    pub faulty: BTreeMap<Code, usize>,
}

/// Faults of one code in one column of a file.
#[derive(Clone, Debug)]
pub struct FaultKind {
    /// The code.
    pub code: Code,
    /// The file; empty where the fault has no place in one.
    pub file: String,
    /// The column; empty for whole rows.
    pub column: String,
    /// How many rows or cases.
    pub count: usize,
    /// The first of them.
    pub examples: Vec<Diagnostic>,
}

/// File, column and code of a fault.
pub type Kind = (String, String, Code);

/// File, column and code of a fault; texts are empty where it has no place.
pub fn kind_of(fault: &Diagnostic) -> Kind {
    let cell = fault.cell.as_ref();
    let file = cell.map_or_else(String::new, |cell| cell.file.clone());
    let column = cell.map_or_else(String::new, |cell| cell.column.clone());
    (file, column, fault.code)
}

impl SourceQuality {
    /// Looks at a table.
    pub fn of(table: &Table) -> SourceQuality {
        let ends = table.files.iter().skip(1).map(|own| own.first);
        let ends = ends.chain([table.rows]);
        let files = table.files.iter().zip(ends);
        SourceQuality {
            name: table.name.clone(),
            files: files
                .map(|(own, end)| (own.file.clone(), end - own.first))
                .collect(),
            rows: table.rows,
            broken: table.broken.len(),
            columns: table
                .columns
                .iter()
                .map(|(name, column)| ColumnQuality {
                    name: name.clone(),
                    empty: column.absent.len(),
                    faulty: faulty(table, column),
                })
                .collect(),
        }
    }
}

fn faulty(table: &Table, column: &Column) -> BTreeMap<Code, usize> {
    let mut counts = BTreeMap::new();
    for (row, fault) in &column.faulty {
        if table.broken_row(*row as usize).is_none()
            && let Some(fault) = table.faults.get(*fault as usize)
        {
            *counts.entry(fault.code).or_default() += 1;
        }
    }
    counts
}

/// Counts the rows behind each kind of fault of a table: of some kinds only the first are kept one by one.
pub fn count_faults(table: &Table, counts: &mut BTreeMap<Kind, usize>) {
    let mut seen: BTreeSet<(u32, u32)> = BTreeSet::new();
    for (_, column) in &table.columns {
        for (row, fault) in &column.faulty {
            let is_broken = table.broken_row(*row as usize).is_some();
            // A row that is not whole is faulty in every column, and one row all the same.
            if is_broken && !seen.insert((*row, *fault)) {
                continue;
            }
            let Some(diagnostic) = table.faults.get(*fault as usize) else {
                continue;
            };
            let (_, column, code) = kind_of(diagnostic);
            let file = table.file_of(*row as usize).map(|own| own.file.clone());
            *counts
                .entry((file.unwrap_or_default(), column, code))
                .or_default() += 1;
        }
    }
}
