//! Data files → tables. A cell that does not fit is a fault with its place; the rest of the file is read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::Currency;
use crate::diag::{Cell, Code, Diagnostic, Problems, near};
use crate::io::WorldFault;
use crate::io::cells::{self, Misfit};
use crate::io::columns::{Joined, NumberPart, Part, TextPart};
use crate::io::csv_blocks::{Blocks, Broken, Field, Records};
use crate::io::manifest::{CurrencyOf, SourceFile};
use crate::io::project::Project;
use crate::table::{ColumnSchema, Data, Kind, Lines, Schema, Table, Value, Values};

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

fn cell_of(file: &str, line: u64, column: &str, found: &str) -> Cell {
    Cell {
        file: file.to_owned(),
        line,
        column: column.to_owned(),
        found: found.to_owned(),
    }
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
    let (plan, body_start, header_lines) = match header(&first, schema, source) {
        Ok(plan) => plan,
        Err(problems) => return Ok(Err(problems)),
    };
    let mut maker = Maker::new(&plan, &schema.source);
    let mut batch = vec![first.split_off(body_start)];
    let mut parsed: Vec<BlockPart> = Vec::new();
    let mut line = 1 + header_lines;
    while !(batch.is_empty() && parsed.is_empty()) {
        progress(batch.iter().map(|block| block.len() as u64).sum());
        // While one batch is parsed, the one before is joined and the next one is read.
        let (now, next) = rayon::join(
            || batch.par_iter().map(|block| plan.parse(block)).collect(),
            || {
                for part in std::mem::take(&mut parsed) {
                    line = maker.append(part, line);
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

/// Where a column's value comes from.
enum From {
    /// A field of the record.
    Field(usize),
    /// The manifest's constant.
    Constant(Value),
    /// Nowhere: every row is empty.
    Nowhere,
}

/// How records of one file become rows.
struct Layout<'s> {
    columns: Vec<(&'s ColumnSchema, From)>,
    /// The field with the currency of the row's money.
    currency: Option<usize>,
    all: Option<Currency>,
    width: usize,
    headers: Vec<String>,
    file: &'s str,
}

/// Rows of a block whose cell is empty.
type Rows = Vec<u32>;
/// Rows of a block whose cell does not fit, each with its fault.
type Faulty = Vec<(u32, u32)>;

/// One parsed block. Lines count from its start.
struct BlockPart {
    parts: Vec<(Part, Rows, Faulty)>,
    lines: Vec<u64>,
    total_lines: u64,
    faults: Vec<Diagnostic>,
}

type Header<'s> = (Layout<'s>, usize, u64);

fn header<'s>(
    block: &[u8],
    schema: &'s Schema,
    source: &'s SourceFile,
) -> Result<Header<'s>, Vec<Diagnostic>> {
    let mut records = Records::new(block);
    let mut fields = Vec::new();
    let broken = |words: &str| {
        vec![Diagnostic::in_cell(
            Code::F008,
            cell_of(&source.file, 1, "", ""),
            words,
        )]
    };
    match records.next(&mut fields) {
        Some(Ok(_)) => {}
        Some(Err(_)) => return Err(broken("the line of headings cannot be read as CSV")),
        None => return Err(broken("this file has no line of headings")),
    }
    let headers: Vec<String> = fields
        .iter()
        .map(|field| text_of(*field).trim().to_owned())
        .collect();
    let at = |name: &str| headers.iter().position(|header| header == name);
    let mut problems = Vec::new();
    let mut columns = Vec::new();
    for column in &schema.columns {
        let wanted = source.columns.get(&column.name).unwrap_or(&column.name);
        if let Some(constant) = source.constants.get(&column.name) {
            match constant_value(column.kind, constant) {
                Some(value) => columns.push((column, From::Constant(value))),
                None => problems.push(
                    Diagnostic::bare(
                        Code::M001,
                        format!(
                            "the constant `{constant}` is not what `{}` holds",
                            column.name
                        ),
                    )
                    .note(sentence(&cells::expected(column.kind, constant))),
                ),
            }
            continue;
        }
        match at(wanted) {
            Some(at) => columns.push((column, From::Field(at))),
            None if column.may_lack => columns.push((column, From::Nowhere)),
            None => problems.push(missing_column(wanted, &headers, &source.file)),
        }
    }
    let mut currency = None;
    let mut all = None;
    match &source.currency {
        Some(CurrencyOf::All(code)) => all = Currency::from_code(code),
        Some(CurrencyOf::Column { column })
            if schema.columns.iter().any(|c| c.kind == Kind::Money) =>
        {
            match at(column) {
                Some(at) => currency = Some(at),
                None => problems.push(missing_column(column, &headers, &source.file)),
            }
        }
        _ => {}
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let lines = memchr::memchr_iter(b'\n', block.get(..records.position()).unwrap_or_default())
        .count() as u64;
    let width = headers.len();
    Ok((
        Layout {
            columns,
            currency,
            all,
            width,
            headers,
            file: &source.file,
        },
        records.position(),
        lines,
    ))
}

fn missing_column(wanted: &str, headers: &[String], file: &str) -> Diagnostic {
    let diagnostic = Diagnostic::in_cell(
        Code::F002,
        cell_of(file, 1, wanted, ""),
        format!("there is no column `{wanted}`"),
    )
    .note(format!(
        "The file has {}.",
        headers
            .iter()
            .map(|h| format!("`{h}`"))
            .collect::<Vec<_>>()
            .join(", ")
    ));
    match near(wanted, headers.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(
            "say in paycurve.yaml which one it is",
            format!("columns: {{{wanted}: {near}}}"),
        ),
        None => diagnostic.help(
            "add the column, or a constant for it in paycurve.yaml",
            format!("constants: {{{wanted}: …}}"),
        ),
    }
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), chars.as_str())
    })
}

fn constant_value(kind: Kind, text: &str) -> Option<Value> {
    let number = |fixed: cells::Fixed| {
        Value::Number(crate::base::Exact::fixed(
            fixed.units,
            10_i128.pow(fixed.decimals),
        ))
    };
    let bytes = text.as_bytes();
    Some(match kind {
        Kind::Number => number(cells::number(bytes).ok()?),
        Kind::Percent => number(cells::percent(bytes).ok()?),
        Kind::Money => number(cells::money(bytes).ok()?.0),
        Kind::Date => Value::Date(crate::base::Date::parse(text)?),
        Kind::Text => Value::Text(text.into()),
        Kind::Flag => Value::Bool(cells::flag(bytes).ok()?),
    })
}

/// A field's text; quotes undone.
fn text_of(field: Field<'_>) -> std::borrow::Cow<'_, str> {
    let text = String::from_utf8_lossy(field.bytes);
    if field.doubled {
        text.replace("\"\"", "\"").into()
    } else {
        text
    }
}

fn empty_part(kind: Kind) -> Part {
    match kind {
        Kind::Number | Kind::Percent | Kind::Money => Part::Numbers(NumberPart::default()),
        Kind::Date => Part::Dates(Vec::new()),
        Kind::Text => Part::Texts(TextPart::default()),
        Kind::Flag => Part::Flags(Vec::new()),
    }
}

impl Layout<'_> {
    fn parse(&self, block: &[u8]) -> BlockPart {
        let mut out = BlockPart {
            parts: self
                .columns
                .iter()
                .map(|(column, _)| (empty_part(column.kind), Vec::new(), Vec::new()))
                .collect(),
            lines: Vec::new(),
            total_lines: 0,
            faults: Vec::new(),
        };
        let mut records = Records::new(block);
        let mut fields = Vec::new();
        while let Some(record) = records.next(&mut fields) {
            let row = u32::try_from(out.lines.len()).unwrap_or(u32::MAX);
            let (line, broken) = match record {
                Ok(line) => (
                    line,
                    (fields.len() != self.width).then(|| self.not_whole(line, fields.len())),
                ),
                Err((line, broken)) => (line, Some(self.not_csv(line, broken))),
            };
            out.lines.push(line);
            match broken {
                Some(fault) => {
                    let index = u32::try_from(out.faults.len()).unwrap_or(u32::MAX);
                    out.faults.push(fault);
                    for (part, _, faulty) in &mut out.parts {
                        push_none(part);
                        faulty.push((row, index));
                    }
                }
                None => self.row(&fields, row, line, &mut out),
            }
        }
        out.total_lines = records.lines;
        out
    }

    fn not_whole(&self, line: u64, found: usize) -> Diagnostic {
        Diagnostic::in_cell(
            Code::F003,
            cell_of(self.file, line, "", &format!("{found} values")),
            format!(
                "this row has {found} values, and the file has {} columns",
                self.width
            ),
        )
        .note("A comma inside a value needs quotes around the value.")
    }

    fn not_csv(&self, line: u64, broken: Broken) -> Diagnostic {
        let words = match broken {
            Broken::OpenQuote => "a quote opens here and never closes: everything after it is lost",
            Broken::AfterQuote => "something stands between a closing quote and the next comma",
        };
        Diagnostic::in_cell(Code::F008, cell_of(self.file, line, "", ""), words)
            .note("A quote inside a quoted value is written twice.")
    }

    fn row(&self, fields: &[Field<'_>], row: u32, line: u64, out: &mut BlockPart) {
        let BlockPart { parts, faults, .. } = out;
        for ((column, from), (part, absent, faulty)) in self.columns.iter().zip(parts) {
            let field = match from {
                From::Field(at) => fields.get(*at).copied(),
                From::Constant(value) => {
                    push_value(part, value);
                    continue;
                }
                From::Nowhere => None,
            };
            let bytes = field.map_or(&b""[..], |field| field.bytes.trim_ascii());
            if bytes.is_empty() {
                push_none(part);
                absent.push(row);
                continue;
            }
            let doubled = field.is_some_and(|field| field.doubled);
            if let Err(fault) = self.value(column, Field { bytes, doubled }, fields, part) {
                push_none(part);
                faulty.push((row, u32::try_from(faults.len()).unwrap_or(u32::MAX)));
                faults.push(self.misfit(column, from, Field { bytes, doubled }, line, fault));
            }
        }
    }

    fn value(
        &self,
        column: &ColumnSchema,
        field: Field<'_>,
        fields: &[Field<'_>],
        part: &mut Part,
    ) -> Result<(), Misfit> {
        let bytes = field.bytes;
        match (column.kind, part) {
            (Kind::Number, Part::Numbers(numbers)) => push_number(numbers, cells::number(bytes)?),
            (Kind::Percent, Part::Numbers(numbers)) => push_number(numbers, cells::percent(bytes)?),
            (Kind::Money, Part::Numbers(numbers)) => {
                let (amount, own) = cells::money(bytes)?;
                let named = match self.currency.and_then(|at| fields.get(at)) {
                    Some(code) => {
                        let code = std::str::from_utf8(code.bytes.trim_ascii())
                            .ok()
                            .and_then(Currency::from_code);
                        Some(code.ok_or(Misfit::Kind)?)
                    }
                    None => None,
                };
                let declared = named.or(self.all);
                if let (Some(own), Some(declared)) = (own, declared)
                    && own != declared
                {
                    return Err(Misfit::Kind);
                }
                push_number(numbers, amount)?;
                if named.is_some() || own.is_some() {
                    let row = numbers.rows_before_last();
                    numbers.currencies.resize(row, None);
                    numbers.currencies.push(named.or(own));
                }
                Ok(())
            }
            (Kind::Date, Part::Dates(days)) => {
                days.push(cells::date(bytes)?);
                Ok(())
            }
            (Kind::Flag, Part::Flags(flags)) => {
                flags.push(cells::flag(bytes)?);
                Ok(())
            }
            (Kind::Text, Part::Texts(texts)) => {
                let text = std::str::from_utf8(bytes).map_err(|_| Misfit::Kind)?;
                let undone;
                let text = if field.doubled {
                    undone = text.replace("\"\"", "\"");
                    undone.as_str()
                } else {
                    text
                };
                if let Some(list) = &column.one_of
                    && !list.iter().any(|choice| choice == text)
                {
                    return Err(Misfit::Kind);
                }
                texts.push(text);
                Ok(())
            }
            _ => Err(Misfit::Kind),
        }
    }

    fn misfit(
        &self,
        column: &ColumnSchema,
        from: &From,
        field: Field<'_>,
        line: u64,
        misfit: Misfit,
    ) -> Diagnostic {
        let found = text_of(field);
        let found = found.chars().take(80).collect::<String>();
        let header = match from {
            From::Field(at) => self.headers.get(*at).map_or("", String::as_str),
            From::Constant(_) | From::Nowhere => "",
        };
        let cell = cell_of(self.file, line, header, &found);
        if misfit == Misfit::TooLarge {
            return Diagnostic::in_cell(
                Code::F010,
                cell,
                format!("`{found}` has more digits than can be calculated with"),
            )
            .note("A number has at most 28 digits.");
        }
        if std::str::from_utf8(field.bytes).is_err() {
            return Diagnostic::in_cell(Code::F008, cell, "this value is not UTF-8")
                .help("export the file as UTF-8", "");
        }
        let diagnostic = Diagnostic::in_cell(
            Code::F001,
            cell,
            format!("`{found}` is not what `{}` holds", column.name),
        );
        match &column.one_of {
            Some(list) => {
                let choices: Vec<String> =
                    list.iter().map(|choice| format!("`{choice}`")).collect();
                let diagnostic =
                    diagnostic.note(format!("Expected one of {}.", choices.join(", ")));
                match near(&found, list.iter().map(String::as_str)) {
                    Some(near) => diagnostic.help("closest is", near),
                    None => diagnostic,
                }
            }
            None => diagnostic.note(sentence(&cells::expected(column.kind, &found))),
        }
    }
}

fn push_number(numbers: &mut NumberPart, value: cells::Fixed) -> Result<(), Misfit> {
    if numbers.push(value) {
        Ok(())
    } else {
        Err(Misfit::TooLarge)
    }
}

fn push_none(part: &mut Part) {
    match part {
        Part::Numbers(numbers) => numbers.push_none(),
        Part::Dates(days) => days.push(0),
        Part::Texts(texts) => texts.push_none(),
        Part::Flags(flags) => flags.push(false),
    }
}

fn push_value(part: &mut Part, value: &Value) {
    match (part, value) {
        (Part::Numbers(numbers), Value::Number(number)) => {
            let fixed = (0..=cells::MOST_DECIMALS).find_map(|decimals| {
                Some(cells::Fixed {
                    units: number.to_units(10_i128.pow(decimals))?,
                    decimals,
                })
            });
            match fixed {
                Some(fixed) if numbers.push(fixed) => {}
                _ => numbers.push_none(),
            }
        }
        (Part::Dates(days), Value::Date(date)) => days.push(date.days()),
        (Part::Texts(texts), Value::Text(text)) => texts.push(text),
        (Part::Flags(flags), Value::Bool(flag)) => flags.push(*flag),
        (part, _) => push_none(part),
    }
}

/// Joins blocks into a table.
struct Maker<'l, 's> {
    layout: &'l Layout<'s>,
    name: &'l str,
    columns: Vec<Joined>,
    faults: Vec<Diagnostic>,
    lines: Vec<u64>,
}

impl<'l, 's> Maker<'l, 's> {
    fn new(layout: &'l Layout<'s>, name: &'l str) -> Maker<'l, 's> {
        let columns = layout
            .columns
            .iter()
            .map(|(column, _)| Joined::new(empty_part(column.kind)))
            .collect();
        Maker {
            layout,
            name,
            columns,
            faults: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Appends a block that starts on `line`; the line after it.
    fn append(&mut self, block: BlockPart, line: u64) -> u64 {
        let first_fault = u32::try_from(self.faults.len()).unwrap_or(u32::MAX);
        for (joined, (part, absent, faulty)) in self.columns.iter_mut().zip(block.parts) {
            joined.append(part, &absent, &faulty, first_fault);
        }
        self.faults
            .extend(block.faults.into_iter().map(|mut fault| {
                if let Some(cell) = &mut fault.cell {
                    cell.line += line;
                }
                fault
            }));
        self.lines
            .extend(block.lines.into_iter().map(|at| at + line));
        line + block.total_lines
    }

    fn finish(self, hash: String) -> Table {
        let rows = self.lines.len();
        let from = self.lines.first().copied().unwrap_or(2);
        let regular = self
            .lines
            .iter()
            .zip(from..)
            .all(|(line, expected)| *line == expected);
        let lines = if regular {
            Lines::From(from)
        } else {
            Lines::Listed(self.lines)
        };
        let columns = self
            .layout
            .columns
            .iter()
            .zip(self.columns)
            .map(|((schema, _), joined)| {
                (
                    schema.name.clone(),
                    joined.finish(schema.kind == Kind::Money, self.layout.all),
                )
            })
            .collect();
        let mut table = Table {
            name: self.name.to_owned(),
            file: self.layout.file.to_owned(),
            rows,
            columns,
            lines,
            faults: self.faults,
            hash,
        };
        if table.name != crate::table::PEOPLE {
            ids_stand_once(&mut table);
        }
        table
    }
}

/// F007: a record's id that another record has already. The later record is faulty.
fn ids_stand_once(table: &mut Table) {
    let Some((_, column)) = table.columns.iter().find(|(name, _)| name == "id") else {
        return;
    };
    let Values::Texts(texts) = &column.values else {
        return;
    };
    // As many words as rows: no text stands twice.
    if texts.words.len() == texts.codes.len() {
        return;
    }
    let mut first: FxHashMap<u32, usize> = FxHashMap::default();
    let mut again: Vec<(usize, usize)> = Vec::new();
    for (row, code) in texts.codes.iter().enumerate() {
        if *code == crate::table::NO_CODE {
            continue;
        }
        match first.entry(*code) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(row);
            }
            std::collections::hash_map::Entry::Occupied(entry) => again.push((*entry.get(), row)),
        }
    }
    let diagnostics: Vec<(usize, Diagnostic)> = again
        .into_iter()
        .map(|(first, row)| {
            let id = texts.get(row).map_or("", |word| &**word);
            let cell = table.cell(row, "id", id);
            let diagnostic = Diagnostic::in_cell(
                Code::F007,
                cell,
                format!("the record `{id}` stands twice"),
            )
            .note(format!(
                "It stands on line {} already. Paying it twice or choosing one would be a guess.",
                table.line(first)
            ));
            (row, diagnostic)
        })
        .collect();
    let mut by_row: BTreeMap<u32, u32> = column.faulty.iter().copied().collect();
    for (row, diagnostic) in diagnostics {
        let index = u32::try_from(table.faults.len()).unwrap_or(u32::MAX);
        by_row.insert(u32::try_from(row).unwrap_or(u32::MAX), index);
        table.faults.push(diagnostic);
    }
    if let Some((_, column)) = table.columns.iter_mut().find(|(name, _)| name == "id") {
        column.faulty = by_row.into_iter().collect();
    }
}
