//! Columns of people and records.

use crate::diag::Problems;
use crate::syntax::ast::{ColumnKind, ColumnLine, Spanned};
use crate::syntax::cells::{parse, rows_under};
use crate::syntax::errors;
use crate::syntax::expressions::{Reader, unquoted};
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Row;

/// Columns of people or records.
pub(in crate::syntax) fn columns(rows: &[Row<'_>], problems: &mut Problems) -> Vec<ColumnLine> {
    let mut columns = Vec::new();
    for row in rows_under(&["column", "type", "meaning"], rows, problems) {
        let [name, kind, meaning] = row.cells.as_slice() else {
            continue;
        };
        let name = parse(
            Rule::cell_name,
            *name,
            "a column's name such as `amount`",
            problems,
        );
        let kind = parse(
            Rule::cell_kind,
            *kind,
            "a type such as `Text`, `Money` or `Date or none`",
            problems,
        );
        let (Some(name), Some(kind)) = (name, kind) else {
            continue;
        };
        let reader = Reader {
            piece: row.cells[0],
            problems,
        };
        let Some(name) = parts(name).next().map(|word| reader.name(&word)) else {
            continue;
        };
        if row.cells[1].text.contains('"') {
            problems.push(errors::quoted_choices(row.cells[1]));
        }
        let reader = Reader {
            piece: row.cells[1],
            problems,
        };
        let optional = choice(&kind, &[Rule::k_or_none]).is_some();
        let Some(words) = parts(kind).next() else {
            continue;
        };
        let span = reader.span(&words);
        columns.push(ColumnLine {
            name,
            kind: Spanned {
                value: column_kind(&reader, words),
                span,
            },
            optional,
            meaning: Spanned {
                value: meaning.text.to_owned(),
                span: meaning.span(),
            },
        });
    }
    columns
}

fn column_kind(reader: &Reader<'_, '_>, words: Words<'_>) -> ColumnKind {
    let word = words.clone().into_inner().next().map(|word| word.as_rule());
    let inner = parts(words).next();
    match (word, inner) {
        (Some(Rule::kind_one_of), Some(list)) => ColumnKind::OneOf(
            parts(list)
                .map(|choice| unquoted(choice.as_str().trim()).to_owned())
                .collect(),
        ),
        (Some(Rule::kind_qty), Some(quantity)) => match parts(quantity).next() {
            Some(unit) => ColumnKind::Quantity(reader.name(&unit)),
            None => ColumnKind::Number,
        },
        (Some(Rule::k_Money), _) => ColumnKind::Money,
        (Some(Rule::k_Percent), _) => ColumnKind::Percent,
        (Some(Rule::k_Number), _) => ColumnKind::Number,
        (Some(Rule::k_Date), _) => ColumnKind::Date,
        (Some(Rule::k_Person), _) => ColumnKind::Person,
        (Some(Rule::k_List_of_persons), _) => ColumnKind::Persons,
        (Some(Rule::k_Yes_or_no), _) => ColumnKind::YesNo,
        _ => ColumnKind::Text,
    }
}
