//! The line of headings → where each column's values come from.

use crate::base::Currency;
use crate::diag::{Cell, Code, Diagnostic, near};
use crate::io::cells;
use crate::io::csv_blocks::{Field, Records};
use crate::io::manifest::{CurrencyOf, SourceFile};
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
}

/// The layout, where the first record starts, and how many lines the headings take.
type Header<'s> = (Layout<'s>, usize, u64);

/// Reads the headings of a file's first block. The error says why the file is of no use.
pub(in crate::io) fn header<'s>(
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
    let mut once = |name: &str| {
        let places = headers
            .iter()
            .enumerate()
            .filter(|(_, header)| *header == name);
        let places: Vec<usize> = places.map(|(at, _)| at + 1).collect();
        if places.len() > 1 {
            problems.push(two_columns(name, &places, &source.file));
        }
    };
    for column in &schema.columns {
        if !source.constants.contains_key(&column.name) {
            once(source.columns.get(&column.name).unwrap_or(&column.name));
        }
    }
    if let Some(CurrencyOf::Column { column }) = &source.currency {
        once(column);
    }
    let mut columns = Vec::new();
    for column in &schema.columns {
        let wanted = source.columns.get(&column.name).unwrap_or(&column.name);
        if let Some(constant) = source.constants.get(&column.name) {
            if fits(column, constant) {
                columns.push((column, From::Constant(constant.clone())));
            } else {
                problems.push(
                    Diagnostic::bare(
                        Code::M001,
                        format!(
                            "the constant `{constant}` is not what `{}` holds",
                            column.name
                        ),
                    )
                    .note(sentence(&cells::expected(column.kind, constant))),
                );
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
    Ok((
        Layout {
            columns,
            currency,
            all,
            headers,
            file: &source.file,
        },
        records.position(),
        lines,
    ))
}

fn two_columns(name: &str, places: &[usize], file: &str) -> Diagnostic {
    let places: Vec<String> = places.iter().map(usize::to_string).collect();
    Diagnostic::in_cell(
        Code::F017,
        cell_of(file, 1, name, ""),
        format!("{} columns are called `{name}`", places.len()),
    )
    .note(format!(
        "They are the columns {} of the file. Which of them is meant would be a guess.",
        places.join(" and ")
    ))
    .help("give each heading of the file its own name", "")
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
    if field.doubled {
        text.replace("\"\"", "\"").into()
    } else {
        text
    }
}
