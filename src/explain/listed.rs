//! A value that stands in data, row by row.

use crate::base::Exact;
use crate::explain::cells::{of_broken_rows, read_cell, read_column};
use crate::explain::expression::{Found, Scalar, Stop, demand};
use crate::explain::receipt::{Node, Rule};
use crate::explain::walk::{Here, Walker, kind, leaf};
use crate::meaning::plan::{Expr, Lookup, Source};
use crate::table::{Cause, Table, sorted};

impl<'a> Walker<'a> {
    /// The value of the row that has all the keys, as a step with its place.
    pub(in crate::explain) fn in_data(
        &mut self,
        here: &Here,
        lookup: &'a Lookup,
        (keys, source): (&'a [Expr], &'a Source),
        missing: Option<&Exact>,
        reads: &mut Vec<Node>,
    ) -> (Found, Node) {
        let mut texts = Vec::new();
        let mut held = Vec::new();
        let mut lacks = None;
        for key in keys {
            match self.value(here, key, reads) {
                Ok(Scalar::Text(text)) => texts.push(text),
                Ok(_) => return self.stopped(lookup, Stop::Nothing),
                Err(Stop::Empty(cause)) => {
                    lacks.get_or_insert(cause);
                }
                Err(stop) => match demand(Err(stop)) {
                    Err(Stop::Held(causes)) => held.extend(causes),
                    _ => return self.stopped(lookup, Stop::Nothing),
                },
            }
        }
        if !held.is_empty() {
            return self.stopped(lookup, Stop::Held(sorted(held)));
        }
        let words = texts.join(", ");
        let (found, place) = match (self.rows.table(&source.binding), &lacks) {
            (Some(table), None) => self.row_of(lookup, source, table, &texts),
            _ => (None, String::new()),
        };
        let (found, place) = match (found, missing, lacks) {
            (Some(Ok(number)), ..) => (Ok(Scalar::Number(number)), place),
            (Some(Err(causes)), ..) => (Err(Stop::Held(sorted(causes))), String::new()),
            (None, Some(instead), _) => {
                let place = "no row; what is used instead".to_owned();
                (Ok(Scalar::Number(instead.clone())), place)
            }
            (None, None, Some(cause)) => (Err(Stop::Held(vec![cause])), String::new()),
            (None, None, None) => {
                let cause = Cause::not_listed(&lookup.label, &words);
                (Err(Stop::Held(vec![cause])), String::new())
            }
        };
        let Ok(Scalar::Number(number)) = &found else {
            let stop = found.err().unwrap_or(Stop::Nothing);
            return self.stopped(lookup, stop);
        };
        let rule = Rule::RowReached {
            row: format!("{}: {words} ({place})", lookup.label),
            neighbours: Vec::new(),
            rate: number.clone(),
            of: None,
        };
        let span = Some(lookup.span);
        let node = leaf(rule, &lookup.label, &found, kind(lookup.ty), span);
        (found, node)
    }

    /// What the rows with these keys say, and where; `None` where none has a value.
    fn row_of(
        &self,
        lookup: &Lookup,
        source: &Source,
        table: &Table,
        texts: &[String],
    ) -> (Option<Result<Exact, Vec<Cause>>>, String) {
        let mut broken: Vec<Cause> = of_broken_rows(table, texts.first().map_or("", |text| text));
        for text in texts {
            let own = of_broken_rows(table, text);
            broken.retain(|cause| own.contains(cause));
        }
        if !broken.is_empty() {
            return (Some(Err(broken)), String::new());
        }
        let Some((value, keys)) = source.columns.split_last() else {
            return (None, String::new());
        };
        let mut found: Option<Result<Exact, Vec<Cause>>> = None;
        let mut place = String::new();
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            let mut pairs = keys.iter().zip(texts);
            let is_own = pairs.all(|(key, text)| {
                read_cell(self.plan, table, &key.name, row) == Ok(Scalar::Text(text.clone()))
            });
            let own = match read_column(self.plan, table, value, row) {
                _ if !is_own => continue,
                Ok(Scalar::Number(number)) => Ok(number),
                Err(Stop::Held(causes)) => Err(causes),
                _ => continue,
            };
            place = table.place(row);
            found = Some(match found {
                None => own,
                // Two rows are one fault; what the second says does not matter any more.
                Some(earlier) => {
                    let cell = table.cell(row, &value.name, "");
                    let twice = Cause::listed_twice(&lookup.label, &texts.join(", "), cell);
                    Err([earlier.err().unwrap_or_default(), vec![twice]].concat())
                }
            });
        }
        (found, place)
    }
}
