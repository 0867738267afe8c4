//! Ranges: words that do not say who owns an end are answered with a question.

use crate::diag::{Code, Diagnostic, Problems};
use crate::syntax::ast::Range;
use crate::syntax::expressions::Reader;
use crate::syntax::grammar::{Rule, parts, read};
use crate::syntax::lines::Piece;
use crate::syntax::{errors, spellings};

/// A range cell. Words that do not say who owns an end are answered with a question.
pub(super) fn read_range(cell: Piece<'_>, problems: &mut Problems) -> Option<Range> {
    read_range_among(cell, (None, None), problems)
}

/// A range cell between the ranges of the rows around it.
pub(super) fn read_range_among(
    cell: Piece<'_>,
    around: (Option<Piece<'_>>, Option<Piece<'_>>),
    problems: &mut Problems,
) -> Option<Range> {
    match read(Rule::cell_range, cell.text) {
        Ok(words) => {
            let words = parts(words).next()?;
            Reader {
                piece: cell,
                problems,
            }
            .range(words)
        }
        Err(miss) => {
            let meant = || {
                let meant = spellings::range_meant(cell.text)?;
                let reads = read(Rule::cell_range, &meant).is_ok();
                reads.then(|| errors::written_otherwise(cell, "a range", meant))
            };
            let unclear = unclear_range(cell, around)
                .or_else(meant)
                .or_else(|| errors::unquoted(cell));
            problems.push(unclear.unwrap_or_else(|| {
                let rest = cell.text.get(miss.at..).unwrap_or("");
                Diagnostic::at(
                    Code::S008,
                    cell.span(),
                    format!("I can't read `{}` as a range", cell.text),
                )
                .saying(if rest.is_empty() {
                    "expected more words".to_owned()
                } else {
                    format!("it stops making sense at `{rest}`")
                })
                .help("write the ends and who owns them", "50% to under 100%")
                .help("or", "150% and above")
            }));
            None
        }
    }
}

/// S003, where the words are a range whose ends nobody owns.
pub(in crate::syntax) fn unclear_range(
    cell: Piece<'_>,
    (before, after): (Option<Piece<'_>>, Option<Piece<'_>>),
) -> Option<Diagnostic> {
    let form = parts(read(Rule::compat_range, cell.text).ok()?).next()?;
    let rule = form.as_rule();
    let bounds: Vec<String> = parts(form).map(|bound| bound.as_str().to_owned()).collect();
    let first = bounds.first().map(String::as_str);
    let upward = cell.text.starts_with(['>', '≥']);
    let (low, high) = match rule {
        Rule::c_dash | Rule::c_between => (first, bounds.get(1).map(String::as_str)),
        Rule::c_over | Rule::c_plus => (first, None),
        Rule::c_sign if upward => (first, None),
        _ => (None, first),
    };
    Some(errors::whose_boundary(cell, low, high, before, after))
}
