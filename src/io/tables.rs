//! Data files → tables. A cell that does not fit is a fault with its place; the rest of the file is read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;

use crate::base::Currency;
use crate::diag::{Code, Diagnostic, Problems, near};
use crate::io::WorldFault;
use crate::io::blocks::BlockPart;
use crate::io::columns::Joined;
use crate::io::csv_blocks::Blocks;
use crate::io::keys;
use crate::io::layout::{Layout, cell_of, header};
use crate::io::manifest::SourceFile;
use crate::io::project::Project;
use crate::table::{BrokenRow, Data, Schema, Table};

/// How much of a file is read at a time.
const BLOCK: usize = 4 << 20;

/// The data of a project.
#[derive(Debug)]
pub struct Loaded {
    /// Tables by name in the manifest.
    pub data: Data,
    /// Sources that could not be read at all; then nothing can be calculated.
    pub problems: Problems,
}

/// Reads the columns asked for. `progress` is told how many bytes have been read.
///
/// # Errors
/// A file that is there and cannot be read. One that is not there is a problem, M002 or M003.
pub fn load(
    project: &Project,
    schemas: &[Schema],
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Loaded, WorldFault> {
    let mut loaded = Loaded {
        data: Data::default(),
        problems: Problems::new(),
    };
    for schema in schemas {
        let Some(source) = project.source_file(&schema.source) else {
            loaded.problems.push(unbound(project, &schema.source));
            continue;
        };
        let path = project.data_path(&source.file);
        if !path.is_file() {
            loaded
                .problems
                .push(not_there(&schema.source, &source.file));
            continue;
        }
        match read(&path, schema, &source, BLOCK, progress)? {
            Ok(table) => {
                loaded.data.tables.insert(schema.source.clone(), table);
            }
            Err(problems) => problems
                .into_iter()
                .for_each(|problem| loaded.problems.push(problem)),
        }
    }
    Ok(loaded)
}

fn unbound(project: &Project, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::bare(
        Code::M002,
        format!("paycurve.yaml does not say where `{name}` is"),
    );
    let diagnostic = match near(name, project.manifest.sources.keys().map(String::as_str)) {
        Some(near) => diagnostic.note(format!("It binds `{near}`, which is close.")),
        None => diagnostic,
    };
    diagnostic.help(
        "add it under `sources`",
        format!("{name}: {{file: data/{name}.csv, currency: USD}}"),
    )
}

fn not_there(name: &str, file: &str) -> Diagnostic {
    Diagnostic::bare(Code::M003, format!("there is no file `{file}`"))
        .note(format!("It should hold the source `{name}`."))
        .help("put it there, or say in paycurve.yaml where it is", "")
}

/// Reads one file. The inner error says why the whole file is of no use.
///
/// # Errors
/// A file that cannot be read.
pub fn read(
    path: &Path,
    schema: &Schema,
    source: &SourceFile,
    block_size: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Result<Table, Vec<Diagnostic>>, WorldFault> {
    let file = File::open(path).map_err(|e| WorldFault::new(path, "read", e))?;
    read_from(file, schema, source, block_size, progress)
        .map_err(|e| WorldFault::new(path, "read", e))
}

/// Like [`read`], from anything.
///
/// # Errors
/// What the reader says.
pub fn read_from(
    reader: impl Read + Send,
    schema: &Schema,
    source: &SourceFile,
    block_size: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> std::io::Result<Result<Table, Vec<Diagnostic>>> {
    let mut blocks = Blocks::new(reader, block_size);
    let Some(mut first) = blocks.next()? else {
        let cell = cell_of(&source.file, 1, "", "");
        return Ok(Err(vec![
            Diagnostic::in_cell(Code::F008, cell, "this file is empty")
                .note("A data file starts with a line of headings."),
        ]));
    };
    if first.starts_with(b"\xEF\xBB\xBF") {
        first.drain(..3);
    }
    let (layout, body_start, header_lines) = match header(&first, schema, source) {
        Ok(found) => found,
        Err(problems) => return Ok(Err(problems)),
    };
    let mut maker = Maker::new(&layout, &schema.source, 1 + header_lines);
    let mut batch = vec![first.split_off(body_start)];
    let mut parsed: Vec<BlockPart> = Vec::new();
    while !(batch.is_empty() && parsed.is_empty()) {
        progress(batch.iter().map(|block| block.len() as u64).sum());
        // While one batch is parsed, the one before is joined and the next one is read.
        let (now, next) = rayon::join(
            || batch.par_iter().map(|block| layout.parse(block)).collect(),
            || {
                for part in std::mem::take(&mut parsed) {
                    maker.append(part);
                }
                next_batch(&mut blocks)
            },
        );
        parsed = now;
        batch = next?;
    }
    let hash = blocks.hash.finalize().to_hex().to_string();
    Ok(Ok(maker.finish(hash)))
}

/// A few blocks for each thread; none at the end.
fn next_batch(blocks: &mut Blocks<impl Read>) -> std::io::Result<Vec<Vec<u8>>> {
    let mut batch = Vec::new();
    while batch.len() < rayon::current_num_threads().max(1) * 2 {
        match blocks.next()? {
            Some(block) => batch.push(block),
            None => break,
        }
    }
    Ok(batch)
}

/// Joins blocks into a table.
struct Maker<'s> {
    columns: Vec<Joined<'s>>,
    currency: Option<Currency>,
    table: Table,
    /// The line on which the next block starts.
    next_line: u64,
}

impl<'s> Maker<'s> {
    fn new(layout: &Layout<'s>, name: &str, first_line: u64) -> Maker<'s> {
        let schemas = layout.columns.iter().map(|(schema, _)| *schema);
        Maker {
            columns: schemas.map(Joined::new).collect(),
            currency: layout.all,
            table: Table {
                file: layout.file.to_owned(),
                ..Table::empty(name)
            },
            next_line: first_line,
        }
    }

    /// Appends the next block.
    fn append(&mut self, block: BlockPart) {
        let line = self.next_line;
        let table = &mut self.table;
        let first_fault = u32::try_from(table.faults.len()).unwrap_or(u32::MAX);
        for (joined, part) in self.columns.iter_mut().zip(block.parts) {
            joined.append(part, first_fault);
        }
        for mut fault in block.faults {
            if let Some(cell) = &mut fault.cell {
                cell.line += line;
            }
            table.faults.push(fault);
        }
        let first_row = u32::try_from(table.rows).unwrap_or(u32::MAX);
        let broken = block.broken.into_iter();
        table.broken.extend(broken.map(|broken| BrokenRow {
            row: broken.row + first_row,
            fault: broken.fault + first_fault,
            ..broken
        }));
        for row in 0..block.rows {
            table
                .lines
                .push(table.rows + row, block.lines.get(row) + line);
        }
        table.rows += block.rows;
        self.next_line += block.total_lines;
    }

    fn finish(self, hash: String) -> Table {
        let keys: Vec<&str> = self.columns.iter().filter_map(Joined::key).collect();
        let mut table = Table { hash, ..self.table };
        let currency = self.currency;
        table.columns = self
            .columns
            .into_iter()
            .map(|joined| joined.finish(currency))
            .collect();
        for key in keys {
            keys::stand_once(&mut table, key);
        }
        table
    }
}
