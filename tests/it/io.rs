//! CSV blocks: any cut of the file gives the same table, and the `csv` crate reads the same texts.

use std::collections::BTreeMap;

use paycurve::io::manifest::SourceFile;
use paycurve::io::tables::read_from;
use paycurve::table::{ColumnSchema, Kind, Read, Schema, Table, Value};
use proptest::prelude::*;

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

fn table(text: &str, columns: &[(&str, Kind)], block: usize) -> Table {
    let source = SourceFile::plain("data/deals.csv".to_owned());
    read_from(text.as_bytes(), &schema(columns), &source, block, &|_| {})
        .unwrap()
        .unwrap()
}

fn texts(table: &Table, column: &str) -> Vec<String> {
    (0..table.rows)
        .map(|row| match table.read(column, row) {
            Read::Value(Value::Text(text)) => text.to_string(),
            Read::Absent => String::new(),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// One column's fault: line, header, found, message.
fn fault(text: &str, kind: Kind) -> (u64, String, String, String) {
    let table = table(text, &[("a", kind)], 1 << 20);
    assert_eq!(table.faults.len(), 1, "{:?}", table.faults);
    let cell = table.faults[0].cell.clone().unwrap();
    (
        cell.line,
        cell.column,
        cell.found,
        format!("{} {}", table.faults[0].code, table.faults[0].message),
    )
}

#[test]
fn every_misfit_says_where_it_is() {
    let at =
        |line, found: &str, words: &str| (line, "a".to_owned(), found.to_owned(), words.to_owned());
    assert_eq!(
        fault("a\n1\n\"1,000\"\n", Kind::Number),
        at(3, "1,000", "F001 `1,000` is not what `a` holds")
    );
    assert_eq!(
        fault("a\n$5\n", Kind::Money),
        at(2, "$5", "F001 `$5` is not what `a` holds")
    );
    assert_eq!(
        fault("a\n0.85\n", Kind::Percent),
        at(2, "0.85", "F001 `0.85` is not what `a` holds")
    );
    assert_eq!(
        fault("a\n\n\n3/31/2026\n", Kind::Date),
        at(4, "3/31/2026", "F001 `3/31/2026` is not what `a` holds")
    );
    assert_eq!(
        fault("a\ntrue\n", Kind::Flag),
        at(2, "true", "F001 `true` is not what `a` holds")
    );
    let digits = "1".repeat(29);
    assert_eq!(
        fault(&format!("a\n{digits}\n"), Kind::Number),
        at(
            2,
            &digits,
            &format!("F010 `{digits}` has more digits than can be calculated with")
        )
    );
    let (line, column, found, words) = fault("a\n1,2\n", Kind::Number);
    assert_eq!((line, column.as_str(), found.as_str()), (2, "", "2 values"));
    assert_eq!(
        words,
        "F003 this row has 2 values, and the file has 1 columns"
    );
}

#[test]
fn numbers_of_any_scale_share_a_column() {
    let table = table(
        "a\n1\n-0.25\n12345678901234567890.5\n3.10\n",
        &[("a", Kind::Number)],
        1 << 20,
    );
    let found: Vec<String> = (0..table.rows)
        .map(|row| match table.read("a", row) {
            Read::Value(Value::Number(number)) => number.to_plain(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, ["1", "-0.25", "12345678901234567890.5", "3.1"]);
}

#[test]
fn marks_line_ends_and_quotes_do_not_matter() {
    let plain = table(
        "id,a\n1,x\n2,\"y, z\"\n",
        &[("id", Kind::Text), ("a", Kind::Text)],
        1 << 20,
    );
    let odd = table(
        "\u{FEFF}id,a\r\n1,x\r\n\r\n2,\"y, z\"",
        &[("id", Kind::Text), ("a", Kind::Text)],
        1 << 20,
    );
    assert_eq!(plain.columns, odd.columns);
    assert_eq!(
        (plain.line(1), odd.line(1)),
        (3, 4),
        "blank lines count as lines"
    );
}

#[test]
fn records_of_one_id_are_all_faulty_and_name_each_other() {
    let table = |text: &str| table(text, &[("id", Kind::Text)], 8);
    let said = |table: &Table| -> Vec<(u64, String)> {
        let faults = table.faults.iter();
        faults
            .map(|fault| (fault.cell.as_ref().unwrap().line, fault.message.clone()))
            .collect()
    };
    let words = |line, words: &str| (line, format!("the record `D-1` stands again on {words}"));
    let twice = table("id\nD-1\nD-2\nD-1\n");
    assert_eq!(said(&twice), [words(2, "line 4"), words(4, "line 2")]);
    assert_eq!(
        [0, 2].map(|row| twice.read("id", row)),
        [Read::Fault(0), Read::Fault(1)]
    );
    let often = table(&format!("id\n{}", "D-1\n".repeat(6)));
    assert_eq!(said(&often)[0], words(2, "lines 3, 4, 5 and 2 more"));
    assert_eq!(said(&often)[1], words(3, "lines 2, 4, 5 and 2 more"));
    assert_eq!(said(&often)[5], words(7, "lines 2, 3, 4 and 2 more"));
    let thrice = table(&format!("id\n{}", "D-1\n".repeat(3)));
    assert_eq!(said(&thrice)[1], words(3, "lines 2 and 4"));
}

#[test]
fn faults_stand_in_the_order_of_the_file_whatever_column_they_are_in() {
    let text = "a,b\nx,y\n1\n2,3\nz,4\n";
    for block in [1, 6, 1 << 20] {
        let table = table(text, &[("b", Kind::Number), ("a", Kind::Number)], block);
        let places: Vec<(u64, String)> = table
            .faults
            .iter()
            .filter_map(|fault| fault.cell.clone())
            .map(|cell| (cell.line, cell.column))
            .collect();
        let at = |line, column: &str| (line, column.to_owned());
        // In one row, in the order asked for; a row that is not whole has no column.
        assert_eq!(places, [at(2, "b"), at(2, "a"), at(3, ""), at(5, "a")]);
        let of_row = |row| [table.read("b", row), table.read("a", row)];
        assert_eq!(of_row(0), [Read::Fault(0), Read::Fault(1)]);
        assert_eq!(of_row(1), [Read::Fault(2), Read::Fault(2)]);
        assert_eq!(table.read("a", 3), Read::Fault(3));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_id_that_stands_more_than_once_is_faulty(ids in prop::collection::vec("[ab]{1,3}", 0..40), block in 1_usize..60) {
        let text = format!("id\n{}\n", ids.join("\n"));
        let table = table(&text, &[("id", Kind::Text)], block);
        for (row, id) in ids.iter().enumerate() {
            let again = ids.iter().filter(|other| *other == id).count() > 1;
            prop_assert_eq!(matches!(table.read("id", row), Read::Fault(_)), again, "row {}: {}", row, id);
        }
    }

    /// A quote inside a field that has none at its start is text, whatever line ends stand in other fields.
    #[test]
    fn any_cut_reads_the_same_of_a_file_with_stray_quotes(fields in prop::collection::vec(("[a-c\"]{0,3}", any::<bool>()), 1..60), block in 1_usize..40) {
        let mut text = "a,b\n".to_owned();
        for pair in fields.chunks(2) {
            let written = pair.iter().map(|(field, quoted)| match quoted {
                true => format!("\"{}\n\"", field.replace('"', "\"\"")),
                // At its start it would open.
                false => format!("x{field}"),
            });
            let cells: Vec<String> = written.collect();
            text += &match cells.as_slice() {
                [a, b] => format!("{a},{b}\n"),
                all => format!("{},\n", all.concat()),
            };
        }
        let columns = [("a", Kind::Text), ("b", Kind::Text)];
        let whole = table(&text, &columns, 1 << 20);
        let cut = table(&text, &columns, block);
        prop_assert!(whole.broken.is_empty());
        prop_assert_eq!(&whole.columns, &cut.columns);
    }

    #[test]
    fn any_cut_reads_what_the_csv_crate_reads(rows in prop::collection::vec(("[a-c]{0,3}", "[ -~\n]{0,6}"), 0..30), block in 1_usize..200) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", "b"]).unwrap();
        for (a, b) in &rows {
            writer.write_record([a, b]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let mut expected: BTreeMap<&str, Vec<String>> = BTreeMap::from([("a", Vec::new()), ("b", Vec::new())]);
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            let record = record.unwrap();
            expected.get_mut("a").unwrap().push(record[0].trim_ascii().to_owned());
            expected.get_mut("b").unwrap().push(record[1].trim_ascii().to_owned());
        }
        let columns = [("a", Kind::Text), ("b", Kind::Text)];
        let whole = table(&text, &columns, 1 << 20);
        let cut = table(&text, &columns, block);
        for name in ["a", "b"] {
            prop_assert_eq!(&texts(&whole, name), &expected[name]);
            prop_assert_eq!(&texts(&cut, name), &expected[name]);
        }
        prop_assert_eq!(&whole.files[0].hash, &cut.files[0].hash);
    }
}
