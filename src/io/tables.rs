//! Data files → tables. A cell that does not fit is a fault with its place; the rest of the file is read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::base::{Currency, Exact};
use crate::diag::{Code, Diagnostic, Problems, near};
use crate::io::blocks::{BlockPart, KEPT};
use crate::io::columns::Joined;
use crate::io::csv_blocks::Blocks;
use crate::io::decoded::{Decoded, Met};
use crate::io::layout::{From, Layout, cell_of, header, missing_column};
use crate::io::manifest::{CurrencyOf, Encoding, Format, SourceFile};
use crate::io::project::Project;
use crate::io::{WorldFault, excel, json_lines, keys, parquet};
use crate::table::{BrokenRow, Data, FileRows, Kind, Schema, Table};

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
        let (files, missing) = project.files_of(&source)?;
        if !missing.is_empty() {
            for file in missing {
                let path = project.data_path(&file);
                let diagnostic = not_there(&schema.source, &file, &path);
                loaded.problems.push(diagnostic);
            }
            continue;
        }
        match read(&files, schema, &source, BLOCK, progress)? {
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

fn not_there(name: &str, file: &str, path: &Path) -> Diagnostic {
    let message = if path.is_dir() {
        format!("`{file}` is a folder, and a file is needed")
    } else {
        format!("there is no file `{file}`")
    };
    Diagnostic::bare(Code::M003, message)
        .note(format!(
            "It should hold the source `{name}`. Looked for at {}.",
            path.display()
        ))
        .help("put it there, or say in paycurve.yaml where it is", "")
}

/// Reads the files of one source, each with its name, one after the other. The inner error says why they are of no use.
///
/// # Errors
/// A file that cannot be read.
pub fn read(
    files: &[(String, PathBuf)],
    schema: &Schema,
    source: &SourceFile,
    block_size: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Result<Table, Vec<Diagnostic>>, WorldFault> {
    let mut maker = Maker::new(schema, source);
    let mut problems = Vec::new();
    for (name, path) in files {
        let world = |error| WorldFault::new(path, "read", error);
        let file = File::open(path).map_err(world)?;
        let reading = Reading {
            schema,
            source,
            name,
            block_size,
            progress,
        };
        let found = match source.format_of(name) {
            Format::Csv => reading.csv(file, &mut maker),
            Format::JsonLines => reading.json_lines(file, &mut maker),
            Format::Xlsx => reading.xlsx(file, path, &mut maker),
            Format::Parquet => reading.parquet(file, &mut maker),
        };
        if let Err(more) = found.map_err(world)? {
            problems.extend(more);
        }
    }
    Ok(if problems.is_empty() {
        Ok(maker.finish())
    } else {
        Err(problems)
    })
}

/// Like [`read`] of one CSV file, from anything.
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
    let mut maker = Maker::new(schema, source);
    let name = source.patterns().next().map_or("", String::as_str);
    let reading = Reading {
        schema,
        source,
        name,
        block_size,
        progress,
    };
    let found = reading.csv(reader, &mut maker)?;
    Ok(found.map(|()| maker.finish()))
}

/// What came of a file: nothing to say, or why it is of no use.
type Outcome = Result<(), Vec<Diagnostic>>;

/// One file at hand.
struct Reading<'r> {
    schema: &'r Schema,
    source: &'r SourceFile,
    name: &'r str,
    block_size: usize,
    progress: &'r (dyn Fn(u64) + Sync),
}

impl Reading<'_> {
    fn unreadable(&self, words: impl Into<String>, note: &str) -> Outcome {
        let cell = cell_of(self.name, 0, "", "");
        Err(vec![
            Diagnostic::in_cell(Code::F008, cell, words).note(note),
        ])
    }

    fn csv(&self, reader: impl Read + Send, maker: &mut Maker<'_>) -> std::io::Result<Outcome> {
        let separator = self.source.separator_of(self.name).byte();
        if self.source.encoding == Encoding::Utf8 {
            let mut blocks = Blocks::new(reader, self.block_size, separator);
            let found = self.csv_blocks(&mut blocks, maker)?;
            maker.hashed(&blocks.hash);
            return Ok(found);
        }
        let mut met = Met::default();
        let decoded = Decoded::new(reader, self.source.encoding, &mut met);
        let mut blocks = Blocks::new(decoded, self.block_size, separator);
        let found = self.csv_blocks(&mut blocks, maker)?;
        maker.hashed(&met.hash);
        if met.is_broken {
            return Ok(self.unreadable(
                "some bytes of this file are no characters",
                "It is said to be UTF-16, and is not, or was cut off.",
            ));
        }
        Ok(found)
    }

    fn csv_blocks(
        &self,
        blocks: &mut Blocks<impl Read + Send>,
        maker: &mut Maker<'_>,
    ) -> std::io::Result<Outcome> {
        let Some(mut first) = blocks.next()? else {
            return Ok(self.unreadable(
                "this file is empty",
                "A data file starts with a line of headings.",
            ));
        };
        if let Some(other) = not_csv(&first) {
            return Ok(self.unreadable(other.0, other.1));
        }
        if first.starts_with(b"\xEF\xBB\xBF") {
            first.drain(..3);
        }
        let (layout, body_start, header_lines) = loop {
            match header(&first, self.schema, self.source, self.name) {
                Ok(Some(found)) => break found,
                Ok(None) => match blocks.next()? {
                    Some(more) => first.extend(more),
                    None => {
                        return Ok(self.unreadable(
                            "this file has no line of headings",
                            "A data file starts with a line of headings.",
                        ));
                    }
                },
                Err(problems) => return Ok(Err(problems)),
            }
        };
        maker.start(self.name, 1 + header_lines);
        let start = first.split_off(body_start);
        self.side_by_side(blocks, start, |block| layout.parse(block), maker)?;
        Ok(Ok(()))
    }

    /// Parses blocks on all threads and joins them in their order.
    fn side_by_side(
        &self,
        blocks: &mut Blocks<impl Read + Send>,
        start: Vec<u8>,
        parse: impl Fn(&[u8]) -> BlockPart + Sync,
        maker: &mut Maker<'_>,
    ) -> std::io::Result<()> {
        let mut batch = vec![start];
        let mut parsed: Vec<BlockPart> = Vec::new();
        while !(batch.is_empty() && parsed.is_empty()) {
            (self.progress)(batch.iter().map(|block| block.len() as u64).sum());
            // While one batch is parsed, the one before is joined and the next one is read.
            let (now, next) = rayon::join(
                || batch.par_iter().map(|block| parse(block)).collect(),
                || {
                    for part in std::mem::take(&mut parsed) {
                        maker.append(part);
                    }
                    next_batch(blocks)
                },
            );
            parsed = now;
            batch = next?;
        }
        Ok(())
    }

    fn json_lines(&self, file: File, maker: &mut Maker<'_>) -> std::io::Result<Outcome> {
        let wanted = Layout::wanted(self.schema, self.source);
        let layout = match Layout::new(wanted.clone(), self.schema, self.source, self.name) {
            Ok(layout) => layout,
            Err(problems) => return Ok(Err(problems)),
        };
        let mut blocks = Blocks::of_lines(file, self.block_size);
        let mut first = blocks.next()?.unwrap_or_default();
        if first.starts_with(b"\xEF\xBB\xBF") {
            first.drain(..3);
        }
        let keys = std::sync::Mutex::new(BTreeSet::new());
        let parse = |block: &[u8]| {
            let mut own = BTreeSet::new();
            let grid = json_lines::grid(block, &wanted, &mut own);
            if let Ok(mut keys) = keys.lock() {
                keys.append(&mut own);
            }
            layout.parse_grid(&grid)
        };
        maker.start(self.name, 1);
        let before = maker.table.rows;
        self.side_by_side(&mut blocks, first, parse, maker)?;
        maker.hashed(&blocks.hash);
        let keys: Vec<String> = keys.into_inner().unwrap_or_default().into_iter().collect();
        if maker.table.rows == before || keys.is_empty() {
            return Ok(Ok(()));
        }
        // A key that one object lacks is an empty cell; one that all lack is a column that is not there.
        let may_lack = |name: &String| {
            let mut columns = self.schema.columns.iter();
            columns.any(|column| {
                self.source
                    .columns
                    .get(&column.name)
                    .unwrap_or(&column.name)
                    == name
                    && column.may_lack
            })
        };
        let missing: Vec<Diagnostic> = wanted
            .iter()
            .filter(|name| !keys.contains(name) && !may_lack(name))
            .map(|name| missing_column(name, &keys, self.name, 0))
            .collect();
        Ok(if missing.is_empty() {
            Ok(())
        } else {
            Err(missing)
        })
    }

    fn xlsx(&self, mut file: File, path: &Path, maker: &mut Maker<'_>) -> std::io::Result<Outcome> {
        let hash = hash_of(&mut file)?;
        (self.progress)(file.metadata()?.len());
        let mut layout = None;
        let row = u64::from(self.source.header_row.unwrap_or(1));
        let read = excel::read(file, path, self.source.sheet.as_deref(), row, &mut |part| {
            match part {
                excel::Part::Headings(headers) => {
                    let new = Layout::new(headers, self.schema, self.source, self.name)?;
                    layout = Some(new);
                    maker.start(self.name, 0);
                }
                excel::Part::Rows(grid) => {
                    if let Some(layout) = &layout {
                        maker.append(layout.parse_grid(&grid));
                    }
                }
            }
            Ok(())
        });
        maker.hashed(&hash);
        Ok(match read {
            Ok(()) => Ok(()),
            Err(excel::Stop::Problems(problems)) => Err(problems),
            Err(excel::Stop::Words(words, note)) => self.unreadable(words, &note),
        })
    }

    fn parquet(&self, mut file: File, maker: &mut Maker<'_>) -> std::io::Result<Outcome> {
        let hash = hash_of(&mut file)?;
        (self.progress)(file.metadata()?.len());
        let mut parquet = match parquet::open(file) {
            Ok(parquet) => parquet,
            Err(words) => return Ok(self.unreadable("this file cannot be read as Parquet", &words)),
        };
        let layout = match Layout::new(parquet.headers(), self.schema, self.source, self.name) {
            Ok(layout) => layout,
            Err(problems) => return Ok(Err(problems)),
        };
        let money = layout
            .columns
            .iter()
            .filter(|(column, _)| column.kind == Kind::Money);
        let floats: Vec<Diagnostic> = money
            .filter_map(|(_, from)| match from {
                From::Field(at) if parquet.is_float(*at) => layout.headers.get(*at),
                _ => None,
            })
            .map(|name| float_money(self.name, name))
            .collect();
        if !floats.is_empty() {
            return Ok(Err(floats));
        }
        maker.start(self.name, 0);
        let fields = layout.columns.iter().filter_map(|(_, from)| match from {
            From::Field(at) => Some(*at),
            _ => None,
        });
        let fields: BTreeSet<usize> = fields.chain(layout.currency).collect();
        let read = parquet.read(&fields, &mut |grid| maker.append(layout.parse_grid(&grid)));
        maker.hashed(&hash);
        Ok(match read {
            Ok(()) => Ok(()),
            Err(words) => self.unreadable("this file cannot be read as Parquet", &words),
        })
    }
}

/// F016
fn float_money(file: &str, column: &str) -> Diagnostic {
    Diagnostic::in_cell(
        Code::F016,
        cell_of(file, 0, column, ""),
        format!("`{column}` is money, and the file keeps it as binary fractions"),
    )
    .note("A binary fraction is not exact: 0.1 is kept as 0.1000000000000000055.")
    .help("export the column as a decimal", "decimal(18, 2)")
}

/// What bytes at the start of a file say it is, where it cannot be CSV in UTF-8; with what to do.
fn not_csv(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const MARKS: [(&[u8], &str, &str); 5] = [
        (
            b"\xFF\xFE",
            "this file is UTF-16, and UTF-8 is expected",
            "Write `encoding: utf-16` for this source in paycurve.yaml, or save the file as UTF-8.",
        ),
        (
            b"\xFE\xFF",
            "this file is UTF-16, and UTF-8 is expected",
            "Write `encoding: utf-16` for this source in paycurve.yaml, or save the file as UTF-8.",
        ),
        (
            b"PK\x03\x04",
            "this file is a workbook or an archive, and CSV is expected",
            "Write `format: xlsx` for this source in paycurve.yaml, or save the sheet as CSV.",
        ),
        (
            b"PAR1",
            "this file is Parquet, and CSV is expected",
            "Write `format: parquet` for this source in paycurve.yaml.",
        ),
        (
            b"\xD0\xCF\x11\xE0",
            "this file is a workbook of an old kind, and CSV is expected",
            "Save it as .xlsx or as CSV.",
        ),
    ];
    let mark = MARKS.iter().find(|(mark, ..)| start.starts_with(mark));
    mark.map(|(_, words, note)| (*words, *note))
}

/// The hash of a file's bytes; the file is at its start again.
fn hash_of(file: &mut File) -> std::io::Result<blake3::Hasher> {
    use std::io::Seek;
    let mut hash = blake3::Hasher::new();
    std::io::copy(file, &mut hash)?;
    file.rewind()?;
    Ok(hash)
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
    /// Faults of the file at hand, by column and code.
    kept: BTreeMap<(usize, Code), Kept>,
}

/// How many faults of a kind are kept one by one.
#[derive(Default)]
struct Kept {
    count: usize,
    /// The number of the fault that stands for the rest, and for how many rows.
    shared: Option<(u32, usize)>,
}

impl<'s> Maker<'s> {
    fn new(schema: &'s Schema, source: &SourceFile) -> Maker<'s> {
        Maker {
            columns: schema.columns.iter().map(Joined::new).collect(),
            currency: match &source.currency {
                Some(CurrencyOf::All(code)) => Currency::from_code(code),
                _ => None,
            },
            table: Table {
                files: Vec::new(),
                ..Table::empty(&schema.source)
            },
            next_line: 0,
            kept: BTreeMap::new(),
        }
    }

    /// The next file starts; its first record may stand on `line`.
    fn start(&mut self, file: &str, line: u64) {
        self.end();
        self.next_line = line;
        let rows = FileRows::new(file.to_owned(), self.table.rows);
        self.table.files.push(rows);
    }

    fn hashed(&mut self, hash: &blake3::Hasher) {
        if let Some(file) = self.table.files.last_mut() {
            file.hash = hash.finalize().to_hex().to_string();
        }
    }

    /// Appends the next block.
    fn append(&mut self, block: BlockPart) {
        let line = self.next_line;
        let mut numbers = Vec::with_capacity(block.faults.len());
        for mut found in block.faults {
            if let Some(cell) = &mut found.diagnostic.cell {
                cell.line += line;
            }
            numbers.push(self.number(found.column, found.diagnostic, found.more));
        }
        for (joined, part) in self.columns.iter_mut().zip(block.parts) {
            joined.append(part, &numbers);
        }
        let table = &mut self.table;
        let first_row = u32::try_from(table.rows).unwrap_or(u32::MAX);
        let broken = block.broken.into_iter();
        table.broken.extend(broken.map(|broken| {
            BrokenRow {
                row: broken.row + first_row,
                fault: numbers
                    .get(broken.fault as usize)
                    .copied()
                    .unwrap_or(u32::MAX),
                ..broken
            }
        }));
        if let Some(file) = table.files.last_mut() {
            for row in 0..block.rows {
                let own = table.rows - file.first + row;
                file.lines.push(own, block.lines.get(row) + line);
            }
        }
        table.rows += block.rows;
        self.next_line += block.total_lines;
    }

    /// Keeps a fault, or counts it where there are too many like it; its number in the table.
    fn number(&mut self, column: usize, diagnostic: Diagnostic, more: Option<usize>) -> u32 {
        let faults = &mut self.table.faults;
        let next = u32::try_from(faults.len()).unwrap_or(u32::MAX);
        let kept = self.kept.entry((column, diagnostic.code)).or_default();
        let rows = more.unwrap_or(1);
        match &mut kept.shared {
            Some((number, count)) => {
                *count += rows;
                return *number;
            }
            None if kept.count >= KEPT => {
                kept.shared = Some((next, rows));
            }
            None => kept.count += 1,
        }
        faults.push(diagnostic);
        next
    }

    /// The file at hand ends: how many rows share a fault is known.
    fn end(&mut self) {
        for (number, count) in std::mem::take(&mut self.kept)
            .into_values()
            .filter_map(|kept| kept.shared)
        {
            if let Some(fault) = self.table.faults.get_mut(number as usize) {
                *fault = many(fault, count);
            }
        }
    }

    fn finish(mut self) -> Table {
        self.end();
        let keys: Vec<&str> = self.columns.iter().filter_map(Joined::key).collect();
        let mut table = self.table;
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

/// What stands for faults that are too many to be kept one by one.
pub(in crate::io) fn many(like: &Diagnostic, count: usize) -> Diagnostic {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let rows = Exact::int(count).to_grouped(0);
    let words = format!("{rows} more rows: {}", like.code.title());
    Diagnostic {
        cell: like
            .cell
            .as_ref()
            .map(|cell| cell_of(&cell.file, 0, &cell.column, "")),
        ..Diagnostic::bare(like.code, words)
    }
    .note("They hold whom they reach, like the rows before them.")
}
