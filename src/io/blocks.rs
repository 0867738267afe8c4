//! One block of a file → its columns, a batch of records at a time: first where the fields are, then each column
//! by itself.

use std::collections::BTreeMap;

use crate::base::Currency;
use crate::diag::{Cell, Code, Diagnostic, near};
use crate::io::cells::{self, Fixed, Misfit};
use crate::io::columns::{Interner, NumberPart, Part, PartValues};
use crate::io::csv_blocks::{Broken, Cut, Field, Records, Written};
use crate::io::grid::Grid;
use crate::io::layout::{From, Layout, cell_of, sentence, text_of};
use crate::table::{BrokenRow, ColumnSchema, Kind, Lines, NO_CODE, Texts};

/// How many records are cut into fields before their columns are read: few enough to stay near the processor.
const BATCH: usize = 1_024;

/// One parsed block. Lines, rows and faults count from its start.
pub(in crate::io) struct BlockPart {
    /// In the order of the layout.
    pub(in crate::io) parts: Vec<Part>,
    pub(in crate::io) rows: usize,
    pub(in crate::io) lines: Lines,
    pub(in crate::io) total_lines: u64,
    /// In the order of the file.
    pub(in crate::io) faults: Vec<Found>,
    /// Rows that are not whole.
    pub(in crate::io) broken: Vec<BrokenRow>,
}

/// Records cut into fields.
struct Batch<'b> {
    /// The row of the first in its block.
    first: usize,
    rows: usize,
    /// Of all rows so far.
    lines: Lines,
    /// Row after row, as many for each as there are headings.
    fields: Vec<Field<'b>>,
    /// Records that are not whole, of all batches so far; their fields are empty.
    broken: Vec<BrokenRow>,
    /// How many of them are of earlier batches.
    broken_before: usize,
}

/// The most faults of one column and code that are kept one by one; the others share one.
pub(in crate::io) const KEPT: usize = 1_000;

/// A fault of a block, or what stands for those that are too many to keep.
pub(in crate::io) struct Found {
    row: usize,
    /// The column's position in the layout.
    pub(in crate::io) column: usize,
    pub(in crate::io) diagnostic: Diagnostic,
    /// For how many rows it stands, where it is not one of the first.
    pub(in crate::io) more: Option<usize>,
}

/// Faults of a block in the order they were found.
#[derive(Default)]
struct Faults {
    found: Vec<Found>,
    /// By column and code: how many there are, and the position of the one that stands for the rest.
    counts: BTreeMap<(usize, Code), (usize, Option<usize>)>,
}

impl Faults {
    /// Keeps a fault; its number.
    fn push(&mut self, row: usize, column: usize, diagnostic: Diagnostic) -> u32 {
        let (count, shared) = self
            .counts
            .entry((column, diagnostic.code))
            .or_insert((0, None));
        *count += 1;
        let at = match *shared {
            Some(at) => {
                if let Some(found) = self.found.get_mut(at) {
                    found.more = found.more.map(|more| more + 1);
                }
                at
            }
            None => {
                let is_shared = *count > KEPT;
                self.found.push(Found {
                    row,
                    column,
                    diagnostic,
                    more: is_shared.then_some(1),
                });
                let at = self.found.len() - 1;
                *shared = is_shared.then_some(at);
                at
            }
        };
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// In the order of the file; the numbers of faults in columns and broken rows follow.
    fn in_order(self, parts: &mut [Part], broken: &mut [BrokenRow]) -> Vec<Found> {
        let mut order: Vec<usize> = (0..self.found.len()).collect();
        let place = |at: &usize| self.found.get(*at).map(|found| (found.row, found.column));
        order.sort_by_key(place);
        let mut position = vec![0_u32; order.len()];
        for (to, from) in (0_u32..).zip(&order) {
            if let Some(position) = position.get_mut(*from) {
                *position = to;
            }
        }
        let of_cells = parts.iter_mut().flat_map(|part| &mut part.faulty);
        let of_rows = broken.iter_mut().map(|broken| &mut broken.fault);
        for fault in of_cells.map(|(_, fault)| fault).chain(of_rows) {
            *fault = position.get(*fault as usize).copied().unwrap_or(*fault);
        }
        let mut found = self.found;
        found.sort_by_key(|found| (found.row, found.column));
        found
    }
}

impl Layout<'_> {
    /// Reads a block of CSV.
    pub(in crate::io) fn parse(&self, block: &[u8]) -> BlockPart {
        self.read(Records::new(block, self.separator), self.dialect.is_plain())
    }

    /// Reads rows that come from elsewhere.
    pub(in crate::io) fn parse_grid(&self, grid: &Grid) -> BlockPart {
        self.read(grid.reader(), false)
    }

    fn read<'b>(&'b self, mut records: impl Cut<'b>, is_plain: bool) -> BlockPart {
        let kinds = self.columns.iter().map(|(schema, _)| schema.kind);
        let mut parts: Vec<Part> = kinds.map(Part::empty).collect();
        let mut interners: Vec<Interner<'b, 'b>> = self
            .columns
            .iter()
            .map(|(schema, _)| Interner::new(schema))
            .collect();
        let mut faults = Faults::default();
        let mut batch = Batch {
            first: 0,
            rows: 0,
            lines: Lines::From(0),
            fields: Vec::new(),
            broken: Vec::new(),
            broken_before: 0,
        };
        while self.cut(&mut records, &mut batch, &mut faults) {
            let columns = self.columns.iter().zip(&mut parts).zip(&mut interners);
            for (at, (((schema, from), part), interner)) in columns.enumerate() {
                let column = ColumnReader {
                    layout: self,
                    schema,
                    from,
                    at,
                    is_plain: is_plain || matches!(from, From::Constant(_)),
                };
                column.read(&batch, part, interner, &mut faults);
            }
        }
        let faults = faults.in_order(&mut parts, &mut batch.broken);
        BlockPart {
            parts,
            rows: batch.first,
            lines: batch.lines,
            total_lines: records.lines(),
            faults,
            broken: batch.broken,
        }
    }

    /// Cuts the next records into fields; `false` when there is none.
    fn cut<'b>(
        &self,
        records: &mut impl Cut<'b>,
        batch: &mut Batch<'b>,
        faults: &mut Faults,
    ) -> bool {
        let width = self.headers.len();
        batch.first += batch.rows;
        batch.rows = 0;
        batch.fields.clear();
        batch.broken_before = batch.broken.len();
        while batch.rows < BATCH {
            let start = records.position();
            let Some(record) = records.next(&mut batch.fields) else {
                break;
            };
            let row = batch.first + batch.rows;
            let found = batch.fields.len() - batch.rows * width;
            let is_open = matches!(record, Err((_, Broken::OpenQuote)));
            let (line, broken) = match record {
                Ok(line) if found == width => (line, None),
                Ok(line) => (line, Some(self.not_whole(line, found))),
                Err((line, broken)) => (line, Some(self.not_csv(line, broken))),
            };
            batch.lines.push(row, line);
            if let Some(fault) = broken {
                batch.fields.truncate(batch.rows * width);
                batch
                    .fields
                    .resize((batch.rows + 1) * width, Field::default());
                batch.broken.push(BrokenRow {
                    row: u32::try_from(row).unwrap_or(u32::MAX),
                    fault: faults.push(row, 0, fault),
                    text: (!is_open).then(|| records.text_from(start)).flatten(),
                });
            }
            batch.rows += 1;
        }
        batch.rows > 0
    }

    fn not_whole(&self, line: u64, found: usize) -> Diagnostic {
        Diagnostic::in_cell(
            Code::F003,
            cell_of(self.file, line, "", &format!("{found} values")),
            format!(
                "this row has {found} values, and the file has {} columns",
                self.headers.len()
            ),
        )
        .note("What stands between values, inside a value, needs quotes around the value.")
    }

    fn not_csv(&self, line: u64, broken: Broken) -> Diagnostic {
        let (code, words, note) = match broken {
            Broken::Wider(found) => return self.not_whole(line, found),
            Broken::OpenQuote => (
                Code::F008,
                "a quote opens here and never closes: the rows after it are lost, and nobody can know whose",
                "A quote inside a quoted value is written twice.",
            ),
            Broken::AfterQuote => (
                Code::F008,
                "something stands between a closing quote and the end of the value",
                "A quote inside a quoted value is written twice.",
            ),
            Broken::NotAnObject => (
                Code::F003,
                "this line is not a JSON object",
                "Each line is one whole object in braces.",
            ),
            Broken::KeyTwice => (
                Code::F003,
                "a key stands twice in this object",
                "Which of its values counts cannot be known.",
            ),
        };
        Diagnostic::in_cell(code, cell_of(self.file, line, "", ""), words).note(note)
    }
}

/// Reads one column of a block.
struct ColumnReader<'b> {
    layout: &'b Layout<'b>,
    schema: &'b ColumnSchema,
    from: &'b From,
    /// Its position in the layout.
    at: usize,
    /// Whether its cells are written the plain way.
    is_plain: bool,
}

/// What is known of the rows without a value.
struct Gaps<'p> {
    absent: &'p mut Vec<u32>,
    faulty: &'p mut Vec<(u32, u32)>,
    faults: &'p mut Faults,
}

impl<'b> ColumnReader<'b> {
    fn read(
        &self,
        batch: &Batch<'b>,
        part: &mut Part,
        interner: &mut Interner<'b, '_>,
        faults: &mut Faults,
    ) {
        let gaps = Gaps {
            absent: &mut part.absent,
            faulty: &mut part.faulty,
            faults,
        };
        match &mut part.values {
            PartValues::Numbers(numbers) => {
                let none = NumberPart::push_none;
                let plain = |read: fn(&[u8]) -> Result<Fixed, Misfit>| {
                    move |numbers: &mut NumberPart, field: Field<'b>, _| {
                        numbers.push(read(field.bytes)?)
                    }
                };
                match self.schema.kind {
                    Kind::Percent if !self.is_plain => {
                        let read = |numbers: &mut NumberPart, field: Field<'b>, _| {
                            numbers.push(self.percent(field)?)
                        };
                        self.each(batch, gaps, numbers, read, none);
                    }
                    Kind::Number if !self.is_plain => {
                        let read = |numbers: &mut NumberPart, field: Field<'b>, _| {
                            numbers.push(self.number(field)?)
                        };
                        self.each(batch, gaps, numbers, read, none);
                    }
                    Kind::Money => {
                        let mut money = Money::new(self.layout);
                        let read = |numbers: &mut NumberPart, field: Field<'b>, index| {
                            let cell = self.money(field)?;
                            money.read(cell, index, batch, numbers)
                        };
                        self.each(batch, gaps, numbers, read, none);
                    }
                    Kind::Percent => self.each(batch, gaps, numbers, plain(cells::percent), none),
                    _ => self.each(batch, gaps, numbers, plain(cells::number), none),
                }
            }
            PartValues::Dates(days) => {
                let read = |days: &mut Vec<i32>, field: Field<'b>, _| {
                    days.push(if self.is_plain {
                        cells::date(field.bytes)?
                    } else {
                        self.date(field)?
                    });
                    Ok(())
                };
                self.each(batch, gaps, days, read, |days| days.push(0));
            }
            PartValues::Flags(flags) => {
                let read = |flags: &mut Vec<bool>, field: Field<'b>, _| {
                    flags.push(if self.is_plain {
                        cells::flag(field.bytes)?
                    } else {
                        self.flag(field)?
                    });
                    Ok(())
                };
                self.each(batch, gaps, flags, read, |flags| flags.push(false));
            }
            PartValues::Texts(texts) => {
                let read = |texts: &mut Texts, field: Field<'b>, _| {
                    let words = &mut texts.words;
                    let code = match field.written {
                        Written::Plain | Written::Native => interner.code(field.bytes, words)?,
                        Written::Doubled => interner.add(text_of(field).as_bytes(), words)?,
                        Written::NoValue => return Err(Misfit::Kind),
                    };
                    texts.codes.push(code);
                    Ok(())
                };
                self.each(batch, gaps, texts, read, |texts| texts.codes.push(NO_CODE));
            }
        }
    }

    /// Reads the column's cell of every record of a batch.
    fn each<V>(
        &self,
        batch: &Batch<'b>,
        gaps: Gaps<'_>,
        values: &mut V,
        mut read: impl FnMut(&mut V, Field<'b>, usize) -> Result<(), Misfit>,
        none: impl Fn(&mut V),
    ) {
        let width = self.layout.headers.len();
        // A column that the file may lack altogether has no cell to be faulty.
        let may_be_empty = self.schema.optional || matches!(self.from, From::Nowhere);
        let mut broken = batch.broken.iter().skip(batch.broken_before).peekable();
        for index in 0..batch.rows {
            let row = batch.first + index;
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            if let Some(broken) = broken.next_if(|broken| broken.row == number) {
                none(values);
                gaps.faulty.push((number, broken.fault));
                continue;
            }
            let field = match self.from {
                From::Field(at) => batch.fields.get(index * width + at).copied(),
                From::Constant(text) => Some(Field::plain(text.as_bytes())),
                From::Nowhere => None,
            };
            let field = field.unwrap_or_default().trimmed();
            if field.bytes.is_empty() {
                none(values);
                if may_be_empty {
                    gaps.absent.push(number);
                } else {
                    let fault = self.empty(batch.lines.get(row));
                    gaps.faulty
                        .push((number, gaps.faults.push(row, self.at, fault)));
                }
            } else if let Err(misfit) = read(values, field, index) {
                none(values);
                let fault = self.misfit(field, batch.lines.get(row), misfit);
                gaps.faulty
                    .push((number, gaps.faults.push(row, self.at, fault)));
            }
        }
    }

    fn cell(&self, line: u64, found: &str) -> Cell {
        let header = match self.from {
            From::Field(at) => self.layout.headers.get(*at).map_or("", String::as_str),
            From::Constant(_) | From::Nowhere => "",
        };
        cell_of(self.layout.file, line, header, found)
    }

    /// An empty cell of a column without `or none`.
    fn empty(&self, line: u64) -> Diagnostic {
        let name = &self.schema.name;
        let words = format!("`{name}` is empty, and the plan needs it");
        Diagnostic::in_cell(Code::F012, self.cell(line, ""), words)
            .note("Only a column that is declared `or none` may have empty cells.")
    }

    fn misfit(&self, field: Field<'_>, line: u64, misfit: Misfit) -> Diagnostic {
        let found = text_of(field);
        let found = found.chars().take(80).collect::<String>();
        let cell = self.cell(line, &found);
        if misfit == Misfit::TooLarge {
            return Diagnostic::in_cell(
                Code::F010,
                cell,
                format!("`{found}` has more digits than can be calculated with"),
            )
            .note("A number has at most 28 digits.");
        }
        if let Misfit::Currency(own, declared) = misfit {
            let said = match self.layout.currency {
                Some(_) => "the currency of its row is",
                None => "paycurve.yaml says that this file is in",
            };
            let words = format!("`{found}` is in {own}, and {said} {declared}");
            return Diagnostic::in_cell(Code::F006, cell, words).note(format!(
                "Expected {declared}. Nothing is converted without a rate and a date."
            ));
        }
        if std::str::from_utf8(field.bytes).is_err() {
            return Diagnostic::in_cell(Code::F008, cell, "this value is not UTF-8").help(
                "export the file as UTF-8, or say in paycurve.yaml what it is",
                "encoding: windows-1252",
            );
        }
        let diagnostic = Diagnostic::in_cell(
            Code::F001,
            cell,
            format!("`{found}` is not what `{}` holds", self.schema.name),
        );
        match &self.schema.one_of {
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
            None => {
                let dialect = &self.layout.dialect;
                diagnostic.note(sentence(&dialect.expected(self.schema.kind, &found)))
            }
        }
    }

    fn number(&self, field: Field<'_>) -> Result<Fixed, Misfit> {
        match field.written {
            Written::Native => cells::number(field.bytes),
            Written::NoValue => Err(Misfit::Kind),
            Written::Plain | Written::Doubled => self.layout.dialect.number(field.bytes),
        }
    }

    fn money(&self, field: Field<'_>) -> Result<(Fixed, Option<Currency>), Misfit> {
        match field.written {
            _ if self.is_plain => cells::money(field.bytes),
            Written::Native => Ok((cells::number(field.bytes)?, None)),
            Written::NoValue => Err(Misfit::Kind),
            Written::Plain | Written::Doubled => self.layout.dialect.money(field.bytes),
        }
    }

    fn percent(&self, field: Field<'_>) -> Result<Fixed, Misfit> {
        let dialect = &self.layout.dialect;
        match field.written {
            Written::Native => dialect.without_marks().percent(field.bytes),
            Written::NoValue => Err(Misfit::Kind),
            Written::Plain | Written::Doubled => dialect.percent(field.bytes),
        }
    }

    fn date(&self, field: Field<'_>) -> Result<i32, Misfit> {
        match field.written {
            Written::Native => cells::date(field.bytes),
            Written::NoValue => Err(Misfit::Kind),
            Written::Plain | Written::Doubled => self.layout.dialect.date(field.bytes),
        }
    }

    fn flag(&self, field: Field<'_>) -> Result<bool, Misfit> {
        match (field.written, field.bytes) {
            (Written::Native, b"true") => Ok(true),
            (Written::Native, b"false") => Ok(false),
            (Written::NoValue, _) => Err(Misfit::Kind),
            (_, bytes) => self.layout.dialect.flag(bytes),
        }
    }
}

/// Reads cells of money; a code that many rows name is looked up once.
struct Money<'b> {
    layout: &'b Layout<'b>,
    last: Option<(&'b [u8], Currency)>,
}

impl<'b> Money<'b> {
    fn new(layout: &'b Layout<'b>) -> Money<'b> {
        Money { layout, last: None }
    }

    fn read(
        &mut self,
        (amount, own): (Fixed, Option<Currency>),
        index: usize,
        batch: &Batch<'b>,
        numbers: &mut NumberPart,
    ) -> Result<(), Misfit> {
        let named = match self.layout.currency {
            Some(at) => {
                let field = batch
                    .fields
                    .get(index * self.layout.headers.len() + at)
                    .copied();
                Some(self.currency(field.unwrap_or_default().trimmed().bytes)?)
            }
            None => None,
        };
        if let (Some(own), Some(declared)) = (own, named.or(self.layout.all))
            && own != declared
        {
            return Err(Misfit::Currency(own, declared));
        }
        numbers.push(amount)?;
        if let Some(currency) = named.or(own) {
            numbers.last_is_of(currency);
        }
        Ok(())
    }

    fn currency(&mut self, code: &'b [u8]) -> Result<Currency, Misfit> {
        if let Some((last, currency)) = self.last
            && last == code
        {
            return Ok(currency);
        }
        let currency = cells::currency(code)?;
        self.last = Some((code, currency));
        Ok(currency)
    }
}
