//! Data of every kind: one table in every format is the same table; what paycurve.yaml says of dialects is followed, and
//! what it says wrongly is refused with its line.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, RecordBatch, StringArray};
use paycurve::base::Date;
use paycurve::io::manifest::{Manifest, SourceFile};
use paycurve::io::tables::read;
use paycurve::table::{ColumnSchema, Kind, Read, Schema, Table, Value};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::support::small::amount;

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("paycurve-data-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn schema(columns: &[(&str, Kind)]) -> Schema {
    let column = |(name, kind): &(&str, Kind)| ColumnSchema {
        name: (*name).to_owned(),
        kind: *kind,
        optional: true,
        may_lack: false,
        key: *name == "id",
        one_of: None,
    };
    Schema {
        source: "deals".to_owned(),
        columns: columns.iter().map(column).collect(),
    }
}

/// The manifest with one source `deals`, of which these lines are said.
fn manifest(lines: &str) -> Result<Manifest, Vec<paycurve::diag::Diagnostic>> {
    let text = format!(
        "sources:\n  deals:\n    {}\n",
        lines.replace('\n', "\n    ")
    );
    let mut sources = paycurve::diag::SourceMap::new();
    let file = sources.add("paycurve.yaml", text.clone());
    paycurve::io::manifest::read(file, &text)
}

fn source(lines: &str) -> SourceFile {
    manifest(lines).unwrap().sources["deals"].clone()
}

/// Reads files of a folder as the source says.
fn tables(
    folder: &Path,
    source: &SourceFile,
    columns: &[(&str, Kind)],
) -> Result<Table, Vec<paycurve::diag::Diagnostic>> {
    let files: Vec<(String, PathBuf)> = source
        .patterns()
        .map(|name| (name.clone(), folder.join(name)))
        .collect();
    read(&files, &schema(columns), source, 64, &|_| {}).unwrap()
}

/// A cell as a person would write it; a fault as its code.
fn shown(table: &Table, column: &str, row: usize) -> String {
    match table.read(column, row) {
        Read::Value(Value::Number(number)) => number.to_plain(),
        Read::Value(Value::Text(text)) => text.to_string(),
        Read::Value(Value::Date(date)) => date.to_string(),
        Read::Value(Value::Bool(flag)) => flag.to_string(),
        Read::Absent => String::new(),
        Read::Fault(at) => table.faults[at].code.name().to_owned(),
    }
}

fn column(table: &Table, column: &str) -> Vec<String> {
    (0..table.rows)
        .map(|row| shown(table, column, row))
        .collect()
}

/// Reads one column `a` of a CSV text in a dialect.
fn csv(name: &str, lines: &str, bytes: &[u8], kind: Kind) -> Vec<String> {
    let folder = scratch(name);
    fs::write(folder.join("d.csv"), bytes).unwrap();
    let source = source(&format!("file: d.csv\n{lines}"));
    let table = tables(&folder, &source, &[("a", kind)]).unwrap();
    fs::remove_dir_all(folder).unwrap();
    column(&table, "a")
}

#[test]
fn numbers_are_read_as_the_sample_shows() {
    let read = |sample: &str, text: &str| {
        let text = format!("a;b\n{}\n", text.replace('|', ";\n") + ";");
        csv(
            "numbers",
            &format!("separator: semicolon\nnumbers: \"{sample}\""),
            text.as_bytes(),
            Kind::Number,
        )
    };
    // Thousands are parted everywhere or nowhere; what fits only another sample is a fault.
    assert_eq!(
        read(
            "1.234,56",
            "1.234,56|1234,5|12.345.678|-1.000|1.23|1,5,5|1.2345|1,234.56"
        ),
        [
            "1234.56", "1234.5", "12345678", "-1000", "F001", "F001", "F001", "F001"
        ]
    );
    assert_eq!(
        read("1,234.56", "1,234.56|1234.5|12,34.5|,123"),
        ["1234.56", "1234.5", "F001", "F001"]
    );
    assert_eq!(
        read("1 234,56", "1 234,56|1\u{A0}234,5|1\u{202F}000|1234"),
        ["1234.56", "1234.5", "1000", "1234"]
    );
    assert_eq!(
        read("1'234.56", "1'234.56|1\u{2019}000"),
        ["1234.56", "1000"]
    );
    assert_eq!(read("1234,56", "1234,56|1.234,56"), ["1234.56", "F001"]);
}

#[test]
fn numbers_below_zero_percentages_dates_and_flags_are_read_as_declared() {
    let read = |lines: &str, text: &str, kind: Kind| {
        csv(
            "cells",
            lines,
            format!("a\n{}\n", text.replace('|', "\n")).as_bytes(),
            kind,
        )
    };
    assert_eq!(
        read("negatives: (12.00)", "(12.00)|-3|4|(-5)", Kind::Money),
        ["-12", "-3", "4", "F001"]
    );
    assert_eq!(
        read("negatives: 12.00-", "12.00-|7", Kind::Number),
        ["-12", "7"]
    );
    assert_eq!(
        read("percent: whole", "85|85%|-2.5", Kind::Percent),
        ["0.85", "0.85", "-0.025"]
    );
    assert_eq!(
        read("percent: fraction", "0.85|85%", Kind::Percent),
        ["0.85", "0.85"]
    );
    assert_eq!(
        read(
            "dates: 31/12/2026",
            "31/3/2026|3/31/2026|2026-03-31|1/1/26",
            Kind::Date
        ),
        ["2026-03-31", "F001", "F001", "F001"]
    );
    assert_eq!(
        read("dates: 12/31/2026", "3/31/2026", Kind::Date),
        ["2026-03-31"]
    );
    assert_eq!(
        read("dates: \"20261231\"", "20260331|2026331", Kind::Date),
        ["2026-03-31", "F001"]
    );
    assert_eq!(
        read(
            "dates: 31-Dec-2026",
            "31-Mar-2026|1-september-2026|1-Foo-2026",
            Kind::Date
        ),
        ["2026-03-31", "2026-09-01", "F001"]
    );
    assert_eq!(
        read(
            "flags: {yes: [TRUE, 1, x], no: [false, 0]}",
            "true|True|1|x|FALSE|0|yes",
            Kind::Flag
        ),
        ["true", "true", "true", "true", "false", "false", "F001"]
    );
}

#[test]
fn encodings_are_read_as_declared_and_hashes_are_of_the_files_bytes() {
    let bytes = b"a\nM\xFCller\n\x80\n";
    assert_eq!(
        csv("latin", "encoding: windows-1252", bytes, Kind::Text),
        ["Müller", "€"]
    );
    for little in [true, false] {
        let units: Vec<u16> = "\u{FEFF}a\nMüller\n😀\n".encode_utf16().collect();
        let bytes: Vec<u8> = units
            .iter()
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect();
        assert_eq!(
            csv("utf16", "encoding: utf-16", &bytes, Kind::Text),
            ["Müller", "😀"]
        );
        let folder = scratch("utf16-undeclared");
        fs::write(folder.join("d.csv"), &bytes).unwrap();
        let undeclared = tables(&folder, &source("file: d.csv"), &[("a", Kind::Text)]).unwrap_err();
        assert_eq!(
            undeclared[0].message,
            "this file is UTF-16, and UTF-8 is expected"
        );
        let declared = source("file: d.csv\nencoding: utf-16");
        fs::write(folder.join("d.csv"), &bytes[..bytes.len() - 1]).unwrap();
        let cut = tables(&folder, &declared, &[("a", Kind::Text)]).unwrap_err();
        assert_eq!(cut[0].message, "some bytes of this file are no characters");
        fs::write(folder.join("d.csv"), &bytes).unwrap();
        let table = tables(&folder, &declared, &[("a", Kind::Text)]).unwrap();
        assert_eq!(
            table.files[0].hash,
            blake3::hash(&bytes).to_hex().to_string()
        );
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_separator_that_was_not_declared_is_named() {
    let folder = scratch("separator");
    fs::write(folder.join("d.csv"), "id;a\n1;2\n").unwrap();
    let found = tables(
        &folder,
        &source("file: d.csv"),
        &[("id", Kind::Text), ("a", Kind::Number)],
    )
    .unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.name(), "F015");
    assert_eq!(found[0].fixes[0].shown, "separator: semicolon");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn headings_may_stand_below_other_rows_and_must_differ() {
    let bytes = b"Report of May\n\na\n5\n";
    assert_eq!(csv("below", "header_row: 3", bytes, Kind::Number), ["5"]);
    let folder = scratch("twice");
    fs::write(folder.join("d.csv"), "a,a\n1,2\n").unwrap();
    let found = tables(&folder, &source("file: d.csv"), &[("a", Kind::Number)]).unwrap_err();
    assert_eq!(found[0].message, "2 columns are called `a`");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn several_files_are_one_table_and_faults_name_theirs() {
    let folder = scratch("several");
    fs::write(folder.join("a.csv"), "id,a\nD-1,1\nD-2,x\n").unwrap();
    fs::write(folder.join("b.csv"), "a,id\n3,D-3\n4,D-1\n").unwrap();
    let source = source("files: [a.csv, b.csv]");
    let table = tables(&folder, &source, &[("id", Kind::Text), ("a", Kind::Number)]).unwrap();
    assert_eq!(column(&table, "a"), ["1", "F001", "3", "4"]);
    assert_eq!(column(&table, "id"), ["F007", "D-2", "D-3", "F007"]);
    let places: Vec<String> = table
        .faults
        .iter()
        .map(|fault| fault.cell.clone().unwrap())
        .map(|cell| format!("{}:{} {}", cell.file, cell.line, cell.column))
        .collect();
    assert_eq!(places, ["a.csv:3 a", "a.csv:2 id", "b.csv:3 id"]);
    let words = [1, 2].map(|at| table.faults[at].message.as_str());
    assert_eq!(
        words,
        [
            "the record `D-1` stands again on line 3 of b.csv",
            "the record `D-1` stands again on line 2 of a.csv",
        ]
    );
    assert_eq!(table.place(2), "b.csv:2");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_pattern_takes_files_in_the_order_of_their_names() {
    let folder = scratch("pattern");
    fs::create_dir_all(folder.join("data")).unwrap();
    for (name, text) in [
        ("deals-02.csv", "a\n2\n"),
        ("deals-01.csv", "a\n1\n"),
        ("other.csv", "a\n9\n"),
    ] {
        fs::write(folder.join("data").join(name), text).unwrap();
    }
    fs::write(
        folder.join("paycurve.yaml"),
        "sources:\n  deals: {file: data/deals-*.csv}\n",
    )
    .unwrap();
    let project = paycurve::io::open(&folder, None).unwrap();
    let loaded = paycurve::io::load(&project, &[schema(&[("a", Kind::Number)])], &|_| {}).unwrap();
    assert_eq!(column(&loaded.data.tables["deals"], "a"), ["1", "2"]);
    fs::write(
        folder.join("paycurve.yaml"),
        "sources:\n  deals: {file: data/quotas-*.csv}\n",
    )
    .unwrap();
    let project = paycurve::io::open(&folder, None).unwrap();
    let loaded = paycurve::io::load(&project, &[schema(&[("a", Kind::Number)])], &|_| {}).unwrap();
    assert_eq!(loaded.problems.sorted()[0].code.name(), "M003");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_flood_of_faults_is_counted_and_holds_every_row() {
    let folder = scratch("flood");
    let mut text = "id,a\n".to_owned();
    for row in 0..5_000 {
        text.push_str(&format!(
            "D-{},{}\n",
            row / 2,
            if row % 10 == 0 { "1" } else { "x" }
        ));
    }
    fs::write(folder.join("d.csv"), text).unwrap();
    let columns = [("id", Kind::Text), ("a", Kind::Number)];
    let table = tables(&folder, &source("file: d.csv"), &columns).unwrap();
    // 4,500 cells do not fit and all ids stand twice; 1,000 of each are kept and one stands for the rest.
    assert_eq!(table.faults.len(), 1_000 + 1 + 1_000 + 1);
    assert_eq!(
        table.faults[1_000].message,
        "3,500 more rows: a value that does not fit its column"
    );
    assert_eq!(
        table.faults[2_001].message,
        "4,000 more rows: a record id that stands twice"
    );
    let faulty = |name: &str| {
        (0..table.rows)
            .filter(|row| matches!(table.read(name, *row), Read::Fault(_)))
            .count()
    };
    assert_eq!((faulty("a"), faulty("id")), (4_500, 5_000));
    let files = [("d.csv".to_owned(), folder.join("d.csv"))];
    let whole = read(
        &files,
        &schema(&columns),
        &source("file: d.csv"),
        1 << 20,
        &|_| {},
    )
    .unwrap()
    .unwrap();
    assert_eq!(table.faults, whole.faults, "however the file is cut");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn json_lines_keep_numbers_as_they_are_written() {
    let folder = scratch("json");
    let lines = [
        r#"{"id":"D-1","a":12345678901234567890.123456,"x":[1]}"#,
        r#"{"id":"D-2"}"#,
        r#"{"id":"D-3","a":null}"#,
        r#"{"id":"D-4","a":1.5e2}"#,
        r#"{"id":"D-5","a":[1]}"#,
        r#"{"id":"D-6","a":"7"}"#,
        "",
        r#"{"id":"D-8","id":"D-9","a":1}"#,
        r#"["D-9",1]"#,
        r#"{"id":"\u0044-10","a":true}"#,
    ];
    fs::write(folder.join("d.jsonl"), lines.join("\n")).unwrap();
    let table = tables(
        &folder,
        &source("file: d.jsonl"),
        &[("id", Kind::Text), ("a", Kind::Number)],
    )
    .unwrap();
    assert_eq!(
        column(&table, "a"),
        [
            "12345678901234567890.123456",
            "",
            "",
            "150",
            "F001",
            "7",
            "F003",
            "F003",
            "F001"
        ]
    );
    assert_eq!(shown(&table, "id", 8), "D-10");
    let lines: Vec<u64> = (0..table.rows).map(|row| table.line(row)).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5, 6, 8, 9, 10]);
    let missing = tables(
        &folder,
        &source("file: d.jsonl"),
        &[("id", Kind::Text), ("amuont", Kind::Number)],
    )
    .unwrap_err();
    assert_eq!(missing[0].code.name(), "F002");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn sheets_are_read_by_name_and_only_what_is_a_workbook() {
    let folder = scratch("sheets");
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("Notes")
        .unwrap()
        .write(0, 0, "not this")
        .unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Deals").unwrap();
    sheet.write(0, 0, "Deals of 2026").unwrap();
    sheet.write(2, 0, "a").unwrap();
    sheet.write(3, 0, 0.1 + 0.2).unwrap();
    sheet.write(4, 0, 1_234.56).unwrap();
    sheet.write(6, 0, "1.234,5").unwrap();
    sheet.write(7, 1, "beyond").unwrap();
    book.save(folder.join("d.xlsx")).unwrap();
    let read = |lines: &str| {
        tables(
            &folder,
            &source(&format!("file: d.xlsx\n{lines}")),
            &[("a", Kind::Number)],
        )
    };
    let table = read("sheet: Deals\nheader_row: 3\nnumbers: \"1.234,56\"").unwrap();
    // What the sheet keeps as a number is not touched by what is said of written numbers.
    assert_eq!(
        column(&table, "a"),
        ["0.30000000000000004", "1234.56", "1234.5", "F003"]
    );
    assert_eq!(table.line(2), 7);
    let missing = read("sheet: Sales").unwrap_err();
    assert_eq!(missing[0].message, "there is no sheet `Sales`");
    fs::write(folder.join("d.xlsx"), "a\n1\n").unwrap();
    assert_eq!(read("").unwrap_err()[0].code.name(), "F008");
    fs::copy(folder.join("d.xlsx"), folder.join("d.csv")).unwrap();
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_workbook_that_unpacks_to_gigabytes_is_refused() {
    use std::io::Write;
    let folder = scratch("bomb");
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.join("d.xlsx")).unwrap());
    zip.start_file(
        "xl/sharedStrings.xml",
        zip::write::SimpleFileOptions::default(),
    )
    .unwrap();
    let zeros = vec![0_u8; 1 << 20];
    for _ in 0..1_025 {
        zip.write_all(&zeros).unwrap();
    }
    zip.finish().unwrap();
    assert!(fs::metadata(folder.join("d.xlsx")).unwrap().len() < 4 << 20);
    let found = tables(&folder, &source("file: d.xlsx"), &[("a", Kind::Number)]).unwrap_err();
    assert_eq!(found[0].message, "the workbook unpacks to more than 1 GiB");
    fs::remove_dir_all(folder).unwrap();
}

fn parquet(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(fs::File::create(path).unwrap(), batch.schema(), None)
            .unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn money_in_binary_fractions_is_refused() {
    let folder = scratch("float");
    let floats: ArrayRef = Arc::new(arrow_array::Float64Array::from(vec![0.1, 2.5]));
    parquet(&folder.join("d.parquet"), vec![("a", floats)]);
    let read = |kind| tables(&folder, &source("file: d.parquet"), &[("a", kind)]);
    assert_eq!(read(Kind::Money).unwrap_err()[0].code.name(), "F016");
    assert_eq!(column(&read(Kind::Number).unwrap(), "a"), ["0.1", "2.5"]);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_the_manifest_says_wrongly_is_refused_with_its_line() {
    let refused = |lines: &str| -> (String, u32, String) {
        let found = manifest(lines).unwrap_err();
        let text = format!(
            "sources:\n  deals:\n    {}\n",
            lines.replace('\n', "\n    ")
        );
        let at = found[0].labels[0].span.start as usize;
        let line = u32::try_from(text[..at].matches('\n').count() + 1).unwrap();
        (
            found[0].code.name().to_owned(),
            line,
            found[0].message.clone(),
        )
    };
    let is = |code: &str, line: u32, words: &str| (code.to_owned(), line, words.to_owned());
    assert_eq!(
        refused("file: d.csv\nseperator: tab"),
        is("M004", 4, "there is no `seperator` here")
    );
    assert_eq!(
        refused("file: d.csv\nfile: e.csv"),
        is("M004", 4, "`file` stands twice")
    );
    assert_eq!(
        refused("file: d.csv\ncolumns:\n  a: x\n  a: y"),
        is("M004", 6, "`a` stands twice")
    );
    assert_eq!(
        refused("file: d.csv\nseparator: colon"),
        is(
            "M005",
            4,
            "`colon` is no separator: write `comma`, `semicolon`, `tab` or `pipe`"
        )
    );
    assert!(
        refused("file: d.csv\nnumbers: \"12,5\"")
            .2
            .starts_with("`12,5` does not show how numbers are written")
    );
    assert!(
        refused("file: d.csv\ndates: 2026/31")
            .2
            .starts_with("`2026/31` does not show how dates are written")
    );
    assert_eq!(refused("file: d.csv\nsheet: A").1, 4);
    assert_eq!(refused("file: d.xls").0, "M005");
    assert_eq!(refused("currency: EUR").0, "M005");
    assert_eq!(refused("file: d.csv\ncurrency: Euro").0, "M005");
    assert_eq!(refused("files: d.csv").0, "M005");
    assert_eq!(refused("columns: {a: b").0, "M001");
    let tab = "sources:\n\tdeals: {file: d.csv}\n";
    let mut texts = paycurve::diag::SourceMap::new();
    let file = texts.add("paycurve.yaml", tab);
    let found = paycurve::io::manifest::read(file, tab).unwrap_err();
    let said = &found[0].labels[0];
    assert_eq!(texts.place(said.span).line, 2);
    assert_eq!(said.words, "a tab stands here, and only blanks can indent");
}

/// A row of the random table: id, amount in cents, quantity, day, flag, text.
type Row = (Option<i64>, Option<i32>, Option<bool>, Option<String>);

fn as_csv(rows: &[Row]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(["id", "amount", "day", "flag", "text"])
        .unwrap();
    for (at, (cents, day, flag, text)) in rows.iter().enumerate() {
        writer
            .write_record([
                format!("D-{at}"),
                cents.map_or_else(String::new, amount),
                day.map_or_else(String::new, |day| Date::from_days(day).unwrap().to_string()),
                flag.map_or("", |flag| if flag { "yes" } else { "no" })
                    .to_owned(),
                text.clone().unwrap_or_default(),
            ])
            .unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn as_json(rows: &[Row]) -> String {
    let line = |(at, (cents, day, flag, text)): (usize, &Row)| {
        let mut parts = vec![format!("\"id\":\"D-{at}\"")];
        parts.push(format!(
            "\"amount\":{}",
            cents.map_or_else(|| "null".to_owned(), amount)
        ));
        let day = day.map(|day| format!("\"{}\"", Date::from_days(day).unwrap()));
        parts.push(format!(
            "\"day\":{}",
            day.unwrap_or_else(|| "null".to_owned())
        ));
        parts.push(format!(
            "\"flag\":{}",
            flag.map_or_else(|| "null".to_owned(), |flag| flag.to_string())
        ));
        parts.push(format!("\"text\":{}", serde_json::to_string(text).unwrap()));
        format!("{{{}}}\n", parts.join(","))
    };
    rows.iter().enumerate().map(line).collect()
}

fn as_xlsx(path: &Path, rows: &[Row]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, name) in ["id", "amount", "day", "flag", "text"].iter().enumerate() {
        sheet.write(0, u16::try_from(at).unwrap(), *name).unwrap();
    }
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (at, (cents, day, flag, text)) in rows.iter().enumerate() {
        let row = u32::try_from(at).unwrap() + 1;
        sheet.write(row, 0, format!("D-{at}")).unwrap();
        if let Some(cents) = cents {
            sheet
                .write(row, 1, amount(*cents).parse::<f64>().unwrap())
                .unwrap();
        }
        if let Some(day) = day {
            let day = Date::from_days(*day).unwrap();
            let day =
                ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)
                    .unwrap();
            sheet.write_with_format(row, 2, &day, &date).unwrap();
        }
        if let Some(flag) = flag {
            sheet.write(row, 3, *flag).unwrap();
        }
        if let Some(text) = text {
            sheet.write(row, 4, text).unwrap();
        }
    }
    book.save(path).unwrap();
}

fn as_parquet(path: &Path, rows: &[Row]) {
    let ids: Vec<String> = (0..rows.len()).map(|at| format!("D-{at}")).collect();
    let amounts: Decimal128Array = rows.iter().map(|row| row.0.map(i128::from)).collect();
    let days: Date32Array = rows.iter().map(|row| row.1).collect();
    let flags: BooleanArray = rows.iter().map(|row| row.2).collect();
    let texts: StringArray = rows.iter().map(|row| row.3.clone()).collect();
    parquet(
        path,
        vec![
            ("id", Arc::new(StringArray::from(ids))),
            (
                "amount",
                Arc::new(amounts.with_precision_and_scale(20, 2).unwrap()),
            ),
            ("day", Arc::new(days)),
            ("flag", Arc::new(flags)),
            ("text", Arc::new(texts)),
        ],
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_table_in_every_format_is_one_table(
        rows in prop::collection::vec(
            (
                prop::option::of(-9_999_999_999_999_i64..9_999_999_999_999),
                // From 1 March 1900, where Excel's days begin to be true, through 2100.
                prop::option::of(-25_508_i32..47_846),
                prop::option::of(any::<bool>()),
                prop::option::of("[a-zäß,;\"|' ]{0,8}"),
            ),
            1..40,
        )
    ) {
        let folder = scratch("formats");
        let columns = [
            ("id", Kind::Text), ("amount", Kind::Money), ("day", Kind::Date), ("flag", Kind::Flag), ("text", Kind::Text),
        ];
        let text = as_csv(&rows);
        fs::write(folder.join("d.csv"), &text).unwrap();
        let utf16: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(folder.join("u.csv"), utf16).unwrap();
        fs::write(folder.join("d.jsonl"), as_json(&rows)).unwrap();
        as_xlsx(&folder.join("d.xlsx"), &rows);
        as_parquet(&folder.join("d.parquet"), &rows);
        let of = |lines: &str| tables(&folder, &source(&format!("currency: EUR\n{lines}")), &columns).unwrap();
        let first = of("file: d.csv");
        prop_assert_eq!(first.rows, rows.len());
        prop_assert!(first.faults.is_empty(), "{:?}", first.faults);
        for lines in ["file: u.csv\nencoding: utf-16", "file: d.jsonl", "file: d.xlsx", "file: d.parquet"] {
            let other = of(lines);
            prop_assert!(other.faults.is_empty(), "{}: {:?}", lines, other.faults);
            prop_assert_eq!(other.rows, first.rows, "{}", lines);
            for (name, _) in columns {
                prop_assert_eq!(column(&other, name), column(&first, name), "{} {}", lines, name);
            }
        }
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn the_sample_of_dialects_pays_by_hand() {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .args(["run", "plans/features/data-dialects", "--format", "csv"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let out = String::from_utf8(done.stdout).unwrap();
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let payouts: Vec<String> = reader
        .records()
        .map(|row| row.unwrap())
        .map(|row| format!("{} {}", &row[1], &row[19]))
        .collect();
    // jürgen: 12,500 - 1,000 = 11,500, of new customers 12,500: 1,150 + 250 = 1,400.
    // ana: 8,000.50 of a new customer: 800.05 + 160.01 = 960.06.
    assert_eq!(payouts, ["ana 960.06", "jürgen 1400.00"]);
    assert_eq!(done.status.code(), Some(0));
}

/// A project with one plan, whose deals are this CSV text.
fn project_with(name: &str, deals: &str) -> PathBuf {
    let folder = scratch(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/features/data-dialects");
    for file in ["company.terms", "reps.plan"] {
        fs::copy(root.join(file), folder.join(file)).unwrap();
    }
    fs::create_dir_all(folder.join("data")).unwrap();
    fs::write(
        folder.join("data/people.csv"),
        "id,role\nana,rep\nben,rep\n",
    )
    .unwrap();
    fs::write(folder.join("data/deals.csv"), deals).unwrap();
    let manifest = "sources:\n  deals: {file: data/deals.csv, currency: EUR}\n";
    fs::write(folder.join("paycurve.yaml"), manifest).unwrap();
    folder
}

fn paycurve(args: &[&str]) -> (Option<i32>, String, String) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_paycurve"))
        .args(args)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

#[test]
fn a_report_of_many_bad_rows_is_a_page_with_exact_counts() {
    let mut deals = "id,date,owner,amount,new\n".to_owned();
    for row in 0..9_000 {
        let date = if row % 3 == 0 {
            "2020-01-01"
        } else {
            "2026-02-01"
        };
        let owner = if row < 6_000 { "ana" } else { "zoe" };
        let amount = if row < 4_000 { "1,5x" } else { "10.00" };
        deals.push_str(&format!("D-{row},{date},{owner},\"{amount}\",no\n"));
    }
    let folder = project_with("report", &deals);
    let path = folder.to_str().unwrap();
    let (exit, out, _) = paycurve(&["check", path, "--with-data"]);
    assert_eq!(exit, Some(1));
    assert!(out.lines().count() < 40, "{out}");
    assert!(out.contains("deals   9,000 rows   data/deals.csv"), "{out}");
    assert!(out.contains("4,000 F001"), "{out}");
    // 4,000 cells, of which three are shown. A third of 9,000 rows is of 2020.
    assert!(out.contains("F001  and 3,997 more of this kind"), "{out}");
    assert!(
        out.contains("F019  3,000 of 9,000 rows are dated outside every plan that credits them"),
        "{out}"
    );
    // Unknown people count where a row counts: 2,000 of the last 3,000 rows are of 2026.
    assert!(out.contains("F004  and 1,997 more of this kind"), "{out}");
    let (_, json, _) = paycurve(&["check", path, "--with-data", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let faults = json["data"]["faults"].as_array().unwrap();
    let of_cells = faults.iter().find(|own| own["code"] == "F001").unwrap();
    assert_eq!(
        (&of_cells["count"], &of_cells["column"]),
        (&4_000.into(), &"amount".into())
    );
    let (exit, out, _) = paycurve(&["check", path]);
    assert_eq!(
        (exit, out.contains("deals")),
        (Some(0), false),
        "without --with-data no data is read"
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn strict_pays_nobody_where_the_data_has_an_error() {
    let head = "id,date,owner,amount,new\nD-1,2026-02-01,ana,10.00,no\n";
    let folder = project_with(
        "strict",
        &format!("{head}D-2,2026-02-01,ben,x,no\nD-3,2026-02-01,ben,y,no\n"),
    );
    let path = folder.to_str().unwrap();
    let (out_dir, good) = (folder.join("out"), folder.join("data/deals.csv"));
    let args = ["run", path, "--strict", "--out", out_dir.to_str().unwrap()];
    let (exit, out, err) = paycurve(&args);
    assert_eq!((exit, out.as_str(), out_dir.exists()), (Some(1), "", false));
    assert!(
        err.contains("`x` is not what `amount` holds") && !err.contains("`y`"),
        "{err}"
    );
    fs::write(good, head).unwrap();
    let (exit, out, _) = paycurve(&args);
    assert_eq!(
        (exit, out.contains("1.00"), out_dir.exists()),
        (Some(0), true, true)
    );
    fs::remove_dir_all(folder).unwrap();
}

/// Files that were damaged on the way are read, in parts faulty, or refused; they never bring the program down.
#[test]
fn damaged_files_are_refused_and_never_a_panic() {
    let folder = scratch("damaged");
    let rows: Vec<Row> = (0..20)
        .map(|n| {
            (
                Some(n * 7),
                Some(20_000),
                Some(n % 2 == 0),
                Some(format!("t{n}")),
            )
        })
        .collect();
    as_xlsx(&folder.join("d.xlsx"), &rows);
    as_parquet(&folder.join("d.parquet"), &rows);
    fs::write(folder.join("d.jsonl"), as_json(&rows)).unwrap();
    fs::write(folder.join("d.csv"), as_csv(&rows)).unwrap();
    let columns = [
        ("id", Kind::Text),
        ("amount", Kind::Money),
        ("day", Kind::Date),
        ("flag", Kind::Flag),
    ];
    let mut rng = crate::support::random_project::Rng::new(20_261_124);
    for name in ["d.xlsx", "d.parquet", "d.jsonl", "d.csv"] {
        let whole = fs::read(folder.join(name)).unwrap();
        for _ in 0..150 {
            let mut bytes = whole.clone();
            let last = i64::try_from(bytes.len()).unwrap() - 1;
            for _ in 0..rng.whole(1, 8) {
                let at = usize::try_from(rng.whole(0, last)).unwrap();
                bytes[at] = u8::try_from(rng.whole(0, 255)).unwrap();
            }
            if rng.chance(20) {
                bytes.truncate(usize::try_from(rng.whole(0, last)).unwrap());
            }
            fs::write(folder.join(name), &bytes).unwrap();
            let _ = tables(
                &folder,
                &source(&format!("file: {name}\ncurrency: EUR")),
                &columns,
            );
        }
    }
    fs::remove_dir_all(folder).unwrap();
}
