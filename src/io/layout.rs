//! The headings → where each column's values come from.

use crate::base::Currency;
use crate::diag::{Cell, Code, Diagnostic, near};
use crate::io::cells;
use crate::io::csv_blocks::{Cut, Field, Records, Written};
use crate::io::dialect::Dialect;
use crate::io::manifest::{CurrencyOf, Separator, SourceFile};
use crate::table::{ColumnSchema, Kind, Schema};

/// Where a column's value comes from.
pub(in crate::io) enum From {
    /// A field of the record.
    Field(usize),
    /// The manifest's constant, which fits the column.
    Constant(String),
    /// Nowhere: every row is empty.
    Nowhere,
}

/// How records of one file become rows.
pub(in crate::io) struct Layout<'s> {
    /// The columns asked for, in the order of the schema.
    pub(in crate::io) columns: Vec<(&'s ColumnSchema, From)>,
    /// The field with the currency of the row's money.
    pub(in crate::io) currency: Option<usize>,
    /// The currency of all of the file's money.
    pub(in crate::io) all: Option<Currency>,
    /// The headings; a record has as many fields.
    pub(in crate::io) headers: Vec<String>,
    /// The file, as it is called in messages.
    pub(in crate::io) file: &'s str,
    /// How cells are written.
    pub(in crate::io) dialect: Dialect,
    /// What stands between values, in CSV.
    pub(in crate::io) separator: u8,
}

/// The layout, where the first record starts, and how many lines stand before it.
type Header<'s> = (Layout<'s>, usize, u64);

/// Reads the headings in a CSV file's first block; `None` where the block ends before them. The error says why the file
/// is of no use.
pub(in crate::io) fn header<'s>(
    block: &[u8],
    schema: &'s Schema,
    source: &'s SourceFile,
    file: &'s str,
) -> Result<Option<Header<'s>>, Vec<Diagnostic>> {
    let separator = source.separator_of(file);
    let line = u64::from(source.header_row.unwrap_or(1));
    let mut records = Records::new(block, separator.byte());
    records.skip_lines(line - 1);
    let mut fields = Vec::new();
    match records.next(&mut fields) {
        Some(Ok(_)) => {}
        Some(Err(_)) => {
            return Err(vec![Diagnostic::in_cell(
                Code::F008,
                cell_of(file, line, "", ""),
                "the line of headings cannot be read as CSV",
            )]);
        }
        None => return Ok(None),
    }
    let headers: Vec<String> = fields
        .iter()
        .map(|field| text_of(*field).trim().to_owned())
        .collect();
    let layout = Layout::new(headers, schema, source, file).map_err(|problems| {
        let other = fields
            .first()
            .filter(|_| fields.len() == 1)
            .and_then(|only| other_separator(only.bytes, separator));
        match other {
            Some(other) => vec![parted_by(file, line, separator, other)],
            None => problems,
        }
    })?;
    let lines = memchr::memchr_iter(b'\n', block.get(..records.position()).unwrap_or_default())
        .count() as u64;
    Ok(Some((layout, records.position(), lines)))
}

/// The separator that a line of headings seems to use.
fn other_separator(line: &[u8], declared: Separator) -> Option<Separator> {
    let count = |own: &Separator| memchr::memchr_iter(own.byte(), line).count();
    let others = Separator::ALL.into_iter().filter(|own| *own != declared);
    others.max_by_key(count).filter(|own| count(own) > 0)
}

fn parted_by(file: &str, line: u64, declared: Separator, seems: Separator) -> Diagnostic {
    let words = |own: Separator| match own {
        Separator::Comma => "commas",
        Separator::Semicolon => "semicolons",
        Separator::Tab => "tabs",
        Separator::Pipe => "pipes",
    };
    Diagnostic::in_cell(
        Code::F015,
        cell_of(file, line, "", ""),
        format!(
            "{} seem to part the values of this file, and {} are expected",
            words(seems),
            words(declared)
        ),
    )
    .help(
        "say so in paycurve.yaml",
        format!("separator: {}", seems.word()),
    )
}

impl<'s> Layout<'s> {
    /// Finds the columns asked for among the headings. The error says why the file is of no use.
    pub(in crate::io) fn new(
        headers: Vec<String>,
        schema: &'s Schema,
        source: &'s SourceFile,
        file: &'s str,
    ) -> Result<Layout<'s>, Vec<Diagnostic>> {
        let dialect = source.dialect();
        let line = u64::from(source.header_row.unwrap_or(1));
        let mut problems = Vec::new();
        let mut at = |name: &str, may_lack: bool| {
            let named = (1..).zip(&headers).filter(|(_, header)| *header == name);
            let places: Vec<usize> = named.map(|(place, _)| place).collect();
            if places.len() > 1 {
                problems.push(two_columns(name, &places, file, line));
            } else if places.is_empty() && !may_lack {
                problems.push(missing_column(name, &headers, file, line));
            }
            places.first().map(|place| place - 1)
        };
        let mut columns = Vec::new();
        let mut misfits = Vec::new();
        for column in &schema.columns {
            if let Some(constant) = source.constants.get(&column.name) {
                if !fits(column, constant) {
                    misfits.push(unfit_constant(column, constant));
                }
                columns.push((column, From::Constant(constant.clone())));
                continue;
            }
            let wanted = source.columns.get(&column.name).unwrap_or(&column.name);
            let from = at(wanted, column.may_lack).map_or(From::Nowhere, From::Field);
            columns.push((column, from));
        }
        let mut currency = None;
        let mut all = None;
        match &source.currency {
            Some(CurrencyOf::All(code)) => all = Currency::from_code(code),
            Some(CurrencyOf::Column { column })
                if schema.columns.iter().any(|c| c.kind == Kind::Money) =>
            {
                currency = at(column, false);
            }
            _ => {}
        }
        problems.extend(misfits);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Layout {
            columns,
            currency,
            all,
            headers,
            file,
            dialect,
            separator: source.separator_of(file).byte(),
        })
    }

    /// The same, for rows that are read by name and have no line of headings: the names asked for, each once.
    pub(in crate::io) fn wanted(schema: &Schema, source: &SourceFile) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let columns = schema
            .columns
            .iter()
            .filter(|column| !source.constants.contains_key(&column.name))
            .map(|column| source.columns.get(&column.name).unwrap_or(&column.name));
        let currency = match &source.currency {
            Some(CurrencyOf::Column { column })
                if schema.columns.iter().any(|c| c.kind == Kind::Money) =>
            {
                Some(column)
            }
            _ => None,
        };
        for name in columns.chain(currency) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }
}

fn two_columns(name: &str, places: &[usize], file: &str, line: u64) -> Diagnostic {
    let places: Vec<String> = places.iter().map(usize::to_string).collect();
    Diagnostic::in_cell(
        Code::F017,
        cell_of(file, line, name, ""),
        format!("{} columns are called `{name}`", places.len()),
    )
    .note(format!(
        "They are the columns {} of the file. Which of them is meant would be a guess.",
        places.join(" and ")
    ))
    .help("give each heading of the file its own name", "")
}

fn unfit_constant(column: &ColumnSchema, constant: &str) -> Diagnostic {
    Diagnostic::bare(
        Code::M005,
        format!(
            "the constant `{constant}` is not what `{}` holds",
            column.name
        ),
    )
    .note(sentence(&cells::expected(column.kind, constant)))
}

/// F002
pub(in crate::io) fn missing_column(
    wanted: &str,
    headers: &[String],
    file: &str,
    line: u64,
) -> Diagnostic {
    let diagnostic = Diagnostic::in_cell(
        Code::F002,
        cell_of(file, line, wanted, ""),
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
        None => diagnostic
            .help(
                "say in paycurve.yaml which heading it is",
                format!("columns: {{{wanted}: …}}"),
            )
            .help(
                "or add the column, or one value for all rows",
                format!("constants: {{{wanted}: …}}"),
            ),
    }
}

/// Words as a sentence.
pub(in crate::io) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), chars.as_str())
    })
}

/// Whether a text is a value of a column.
fn fits(column: &ColumnSchema, text: &str) -> bool {
    let cell = text.trim().as_bytes();
    match column.kind {
        Kind::Number => cells::number(cell).is_ok(),
        Kind::Percent => cells::percent(cell).is_ok(),
        Kind::Money => cells::money(cell).is_ok(),
        Kind::Date => cells::date(cell).is_ok(),
        Kind::Flag => cells::flag(cell).is_ok(),
        Kind::Text => match &column.one_of {
            Some(list) => list.iter().any(|choice| choice == text.trim()),
            None => column.optional || !cell.is_empty(),
        },
    }
}

/// The place of a cell.
pub(in crate::io) fn cell_of(file: &str, line: u64, column: &str, found: &str) -> Cell {
    Cell {
        file: file.to_owned(),
        line,
        column: column.to_owned(),
        found: found.to_owned(),
    }
}

/// A field's text; quotes undone.
pub(in crate::io) fn text_of(field: Field<'_>) -> std::borrow::Cow<'_, str> {
    let text = String::from_utf8_lossy(field.bytes);
    if field.written == Written::Doubled {
        text.replace("\"\"", "\"").into()
    } else {
        text
    }
}
