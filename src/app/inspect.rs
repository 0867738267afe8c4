//! How good the data is: rows, empty cells and faults by source and column, as the plans need them.

use std::collections::BTreeMap;

use crate::app::calculate::{Asked, Refused, calculate, is_of_data};
use crate::app::compile::{Compiled, Ready};
use crate::app::twice;
use crate::base::{Date, Exact};
use crate::diag::{Code, Diagnostic};
use crate::io::Project;
use crate::table::quality::{FaultKind, Kind, SourceQuality, count_faults, kind_of};
use crate::table::{PEOPLE, Table, Values};

/// How many faults of one kind are shown.
const EXAMPLES: usize = 3;

/// The data of a project, looked at.
#[derive(Clone, Debug, Default)]
pub struct Inspected {
    /// By name.
    pub sources: Vec<SourceQuality>,
    /// What is wrong, by place.
    pub faults: Vec<FaultKind>,
    /// Sources that could not be read at all; then nothing else is known.
    pub problems: Vec<Diagnostic>,
}

impl Inspected {
    /// Whether somebody must mend something.
    pub fn has_errors(&self) -> bool {
        !self.problems.is_empty() || self.faults.iter().any(|kind| is_of_data(kind.code))
    }
}

impl Inspected {
    /// Counts faults that only show where a cell is used, such as a person whom nobody knows, with their column.
    fn count(&mut self, (file, column, code): &Kind, rows: usize) {
        let is_own = |source: &&mut SourceQuality| source.files.iter().any(|(own, _)| own == file);
        let source = self.sources.iter_mut().find(is_own);
        let columns = source.into_iter().flat_map(|source| &mut source.columns);
        if let Some(own) = columns.into_iter().find(|own| own.name == *column) {
            *own.faulty.entry(*code).or_default() += rows;
        }
    }
}

/// Reads the data, pays everyone and keeps what was wrong on the way.
///
/// # Errors
/// A file that cannot be read.
pub fn inspect(project: &Project, compiled: &Compiled) -> Result<Inspected, Refused> {
    let run = calculate(project, compiled, &Asked::default(), &|_| {})?;
    let tables = run.data.tables.values();
    let mut found = Inspected {
        sources: tables.clone().map(SourceQuality::of).collect(),
        faults: Vec::new(),
        problems: run.problems,
    };
    let mut kinds: BTreeMap<Kind, Vec<&Diagnostic>> = BTreeMap::new();
    for fault in &run.exceptions {
        kinds.entry(kind_of(fault)).or_default().push(fault);
    }
    let mut exact = BTreeMap::new();
    tables
        .clone()
        .for_each(|table| count_faults(table, &mut exact));
    for (kind, list) in kinds {
        let examples = list.iter().filter(|fault| has_line(fault));
        let examples: Vec<Diagnostic> = examples.take(EXAMPLES).map(|own| (*own).clone()).collect();
        let (file, column, code) = kind;
        let key = (file, column, code);
        let known = exact.get(&key).copied();
        if known.is_none() {
            found.count(&key, list.len());
        }
        found.faults.push(FaultKind {
            count: known.unwrap_or(list.len()),
            examples: if examples.is_empty() {
                list.into_iter().take(EXAMPLES).cloned().collect()
            } else {
                examples
            },
            file: key.0,
            column: key.1,
            code,
        });
    }
    let people = run.data.tables.get(PEOPLE);
    // Where a file cannot be read nobody is paid, which says nothing of their plans.
    let people = people.filter(|_| found.problems.is_empty());
    found.faults.extend(
        people
            .and_then(|people| twice::without_plan(people, &run.plans))
            .map(|said| FaultKind {
                code: said.code,
                file: String::new(),
                column: String::new(),
                count: 1,
                examples: vec![said],
            }),
    );
    for table in tables {
        found.faults.extend(outside(table, &compiled.ready));
    }
    Ok(found)
}

fn has_line(fault: &Diagnostic) -> bool {
    fault.cell.as_ref().is_some_and(|cell| cell.line > 0)
}

/// F019: rows whose date lies in no plan that credits them.
fn outside(table: &Table, ready: &[Ready]) -> Vec<FaultKind> {
    let mut spans: BTreeMap<&str, Vec<(Date, Date)>> = BTreeMap::new();
    for plan in ready.iter().map(|ready| &ready.plan) {
        for credit in &plan.credits {
            let source = plan.source(credit.source);
            if source.binding == table.name
                && let Some(column) = source.columns.get(credit.dated_by.0)
            {
                spans.entry(&column.name).or_default().push(plan.effective);
            }
        }
    }
    let mut found = Vec::new();
    for (name, spans) in spans {
        let Some(column) = table.column(name) else {
            continue;
        };
        let Values::Dates(days) = &column.values else {
            continue;
        };
        let inside = |day: i32| {
            spans
                .iter()
                .any(|(first, last)| first.days() <= day && day <= last.days())
        };
        let rows: Vec<usize> = days
            .iter()
            .enumerate()
            .filter(|(row, day)| !inside(**day) && column.value(*row).is_some())
            .map(|(row, _)| row)
            .collect();
        let Some(first) = rows.first() else { continue };
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let words = format!(
            "{} of {} rows {} dated outside every plan that credits them",
            Exact::int(count).to_grouped(0),
            Exact::int(i64::try_from(table.rows).unwrap_or(i64::MAX)).to_grouped(0),
            if count == 1 { "is" } else { "are" },
        );
        let day = days.get(*first).copied().and_then(Date::from_days);
        let day = day.map_or_else(String::new, |day| day.to_string());
        let cell = table.cell(*first, name, &day);
        let early = days
            .iter()
            .enumerate()
            .filter(|(row, _)| rows.binary_search(row).is_ok());
        let range = early.map(|(_, day)| *day);
        let (low, high) = range.fold((i32::MAX, i32::MIN), |(low, high), day| {
            (low.min(day), high.max(day))
        });
        let date = |day| Date::from_days(day).map_or_else(String::new, |day| day.to_string());
        found.push(FaultKind {
            code: Code::F019,
            file: cell.file.clone(),
            column: name.to_owned(),
            count: rows.len(),
            examples: vec![
                Diagnostic::in_cell(Code::F019, cell, words).note(if low == high {
                    format!("The date is {}.", date(low))
                } else {
                    format!("Their dates are {} through {}.", date(low), date(high))
                }),
            ],
        });
    }
    found
}
