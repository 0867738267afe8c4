//! How good the data is, by source and column.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::Exact;
use crate::diag::{Code, Diagnostic};
use crate::report::diagnostics::advice;
use crate::table::quality::{ColumnQuality, FaultKind, SourceQuality};

fn grouped(count: usize) -> String {
    Exact::int(i64::try_from(count).unwrap_or(i64::MAX)).to_grouped(0)
}

/// Sources and columns as a table, then each kind of fault with its first examples.
pub fn to_text(sources: &[SourceQuality], kinds: &[FaultKind]) -> String {
    let mut out = String::new();
    for source in sources {
        let files: Vec<&str> = source.files.iter().map(|(file, _)| file.as_str()).collect();
        let _ = writeln!(
            out,
            "{}   {} rows   {}",
            source.name,
            grouped(source.rows),
            files.join(", ")
        );
        let names = source.columns.iter().map(|own| own.name.chars().count());
        let width = names.max().unwrap_or(0).max("column".len());
        let _ = writeln!(out, "  {:width$}   {:>11}   faults", "column", "empty");
        for ColumnQuality {
            name,
            empty,
            faulty,
        } in &source.columns
        {
            let faults: Vec<String> = faulty
                .iter()
                .map(|(code, count)| format!("{} {code}", grouped(*count)))
                .collect();
            let faults = if faults.is_empty() {
                "none".to_owned()
            } else {
                faults.join(", ")
            };
            let _ = writeln!(out, "  {name:width$}   {:>11}   {faults}", grouped(*empty));
        }
        if source.broken > 0 {
            let _ = writeln!(out, "  rows that are not whole: {}", grouped(source.broken));
        }
        out.push('\n');
    }
    for kind in kinds {
        for (example, advice) in kind.examples.iter().zip(advice(&kind.examples)) {
            let _ = writeln!(out, "{}", line(example));
            if !advice.is_empty() {
                let _ = writeln!(out, "        {advice}");
            }
        }
        let rest = kind.count.saturating_sub(kind.examples.len());
        if rest > 0 && kind.code != Code::F019 {
            let _ = writeln!(
                out,
                "  {}  and {} more of this kind",
                kind.code,
                grouped(rest)
            );
        }
    }
    out
}

fn line(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.cell.as_ref().map_or_else(String::new, |cell| {
        let line = if cell.line == 0 {
            String::new()
        } else {
            format!(":{}", cell.line)
        };
        let column = if cell.column.is_empty() {
            String::new()
        } else {
            format!(" `{}`", cell.column)
        };
        format!("  {}{line}{column}", cell.file)
    });
    format!("  {}  {}{place}", diagnostic.code, diagnostic.message)
}

/// The same as JSON, the value of `data` in `diagnostics/1`.
pub fn to_json(sources: &[SourceQuality], kinds: &[FaultKind]) -> Value {
    let faults = |own: &ColumnQuality| -> Value {
        let faulty = own.faulty.iter();
        faulty
            .map(|(code, count)| json!({ "code": code.name(), "rows": count }))
            .collect()
    };
    let sources: Vec<Value> = sources
        .iter()
        .map(|source| {
            let columns: Vec<Value> = source
                .columns
                .iter()
                .map(|own| json!({ "name": own.name, "empty": own.empty, "faults": faults(own) }))
                .collect();
            let files: Vec<Value> =
                source.files.iter().map(|(file, rows)| json!({ "file": file, "rows": rows })).collect();
            json!({
                "name": source.name, "rows": source.rows, "not_whole": source.broken, "files": files, "columns": columns,
            })
        })
        .collect();
    let kinds: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            let examples: Vec<Value> = kind
                .examples
                .iter()
                .map(|own| {
                    let cell = own.cell.as_ref();
                    json!({
                        "message": own.message,
                        "line": cell.map(|cell| cell.line),
                        "found": cell.map(|cell| &cell.found),
                    })
                })
                .collect();
            json!({
                "code": kind.code.name(),
                "file": kind.file,
                "column": kind.column,
                "count": kind.count,
                "examples": examples,
            })
        })
        .collect();
    json!({ "sources": sources, "faults": kinds })
}
