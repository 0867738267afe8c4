//! Objectives of a scorecard.

use crate::diag::Problems;
use crate::syntax::ast::{Counts, Objective, Spanned};
use crate::syntax::cells::{body, heading_is, parse, read_value};
use crate::syntax::expressions::{Reader, unquoted};
use crate::syntax::grammar::{Rule, parts};
use crate::syntax::lines::{Piece, Row};

/// Rows of a scorecard.
pub(in crate::syntax) fn objectives(rows: &[Row<'_>], problems: &mut Problems) -> Vec<Objective> {
    const HEADINGS: [&str; 5] = ["objective", "weight", "score", "owner", "counts"];
    let Some((heading, rows)) = body(rows, None, problems) else {
        return Vec::new();
    };
    let found: Vec<&str> = heading.cells.iter().map(|cell| cell.text).collect();
    let known = found.get(..3) == HEADINGS.get(..3)
        && found
            .iter()
            .skip(3)
            .all(|name| matches!(*name, "owner" | "counts"));
    if !known {
        heading_is(heading, &HEADINGS, problems);
        return Vec::new();
    }
    let column = |name: &str| found.iter().position(|own| *own == name);
    let mut objectives = Vec::new();
    for row in rows {
        let cell = |name: &str| column(name).and_then(|at| row.cells.get(at)).copied();
        let (Some(name), Some(weight), Some(score)) =
            (cell("objective"), cell("weight"), cell("score"))
        else {
            continue;
        };
        let words = parse(Rule::cell_name, name, "a name such as `renewals`", problems);
        let weight = read_value(weight, problems);
        let score = read_value(score, problems);
        let counts = cell("counts").map_or_else(Vec::new, |cell| read_counts(cell, problems));
        let (Some(words), Some(weight), Some(score)) = (words, weight, score) else {
            continue;
        };
        let reader = Reader {
            piece: name,
            problems,
        };
        let Some(name) = parts(words).next().map(|word| reader.name(&word)) else {
            continue;
        };
        let owner = cell("owner").filter(|cell| !cell.text.is_empty());
        objectives.push(Objective {
            name,
            weight,
            score,
            owner: owner.map(|cell| Spanned {
                value: unquoted(cell.text).to_owned(),
                span: cell.span(),
            }),
            counts,
            span: row.line.span(),
        });
    }
    objectives
}

fn read_counts(cell: Piece<'_>, problems: &mut Problems) -> Vec<Counts> {
    if cell.text.is_empty() {
        return Vec::new();
    }
    let expected = "what counts, such as `at least 0%, at most 120%` or `under 60% counts 0%`";
    let Some(words) = parse(Rule::cell_counts, cell, expected, problems) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for part in parts(words) {
        let rule = part.as_rule();
        let mut reader = Reader {
            piece: cell,
            problems,
        };
        let mut bounds = parts(part).map(|bound| reader.bound(bound));
        let (first, second) = (bounds.next(), bounds.next());
        match (rule, first, second) {
            (Rule::at_least_, Some(least), _) => found.push(Counts::AtLeast(least)),
            (Rule::at_most_, Some(most), _) => found.push(Counts::AtMost(most)),
            (_, Some(under), Some(value)) => found.push(Counts::Under(under, value)),
            _ => {}
        }
    }
    found
}
