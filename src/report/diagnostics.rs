//! Diagnostics as JSON, format `diagnostics/1`.

use serde_json::{Value, json};

use crate::diag::{Diagnostic, Severity, SourceMap};

/// All diagnostics of a command.
pub fn to_json(diagnostics: &[Diagnostic], sources: &SourceMap) -> Value {
    json!({
        "format": "diagnostics/1",
        "diagnostics": diagnostics.iter().map(|d| one(d, sources)).collect::<Vec<_>>(),
    })
}

/// One diagnostic.
pub fn one(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let source = sources.source(label.span.file);
            let (start, end) = (
                source.place(label.span.start as usize),
                source.place(label.span.end as usize),
            );
            json!({
                "file": source.name, "line": start.line, "column": start.column,
                "end_line": end.line, "end_column": end.column, "words": label.words,
            })
        })
        .collect();
    let fixes: Vec<Value> = diagnostic
        .fixes
        .iter()
        .map(|fix| {
            let edits: Vec<Value> = fix
                .edits
                .iter()
                .map(|edit| {
                    let source = sources.source(edit.span.file);
                    json!({
                        "file": source.name,
                        "start": source.offset_in_file(edit.span.start as usize),
                        "end": source.offset_in_file(edit.span.end as usize),
                        "text": source.as_in_file(&edit.text),
                    })
                })
                .collect();
            json!({ "words": fix.words, "shown": fix.shown, "edits": edits })
        })
        .collect();
    json!({
        "code": diagnostic.code.name(),
        "severity": severity,
        "message": diagnostic.message,
        "labels": labels,
        "cell": diagnostic.cell.as_ref().map(|cell| json!({
            "file": cell.file, "line": cell.line, "column": cell.column, "found": cell.found,
        })),
        "notes": diagnostic.notes,
        "fixes": fixes,
    })
}

/// What was expected and what to do, for each of a list; said once, at the last, where it is the same for several.
pub(in crate::report) fn advice(list: &[Diagnostic]) -> Vec<String> {
    let mut advice: Vec<String> = list.iter().map(Diagnostic::advice).collect();
    for at in 1..advice.len() {
        if let Some([first, second]) = advice.get_mut(at - 1..=at)
            && first == second
        {
            first.clear();
        }
    }
    advice
}
