use std::cmp::Ordering;

use crate::base::{Interner, natural_cmp};

#[test]
fn digits_compare_as_numbers() {
    // Equal as numbers, `01` and `1`, `D-09` and `D-9` are told apart by bytes: `0` before `1`.
    let ordered = [
        "",
        "-1",
        "0",
        "01",
        "1",
        "1a",
        "2",
        "9",
        "10",
        "A",
        "D",
        "D-",
        "D-09",
        "D-9",
        "D-9a",
        "D-10",
        "D-10-2",
        "D-10-11",
        "D-100",
        "D10",
        "D99999999999999999999999999999999999999998",
        "D99999999999999999999999999999999999999999",
        "a",
        "é",
    ];
    for (i, a) in ordered.iter().enumerate() {
        for (j, b) in ordered.iter().enumerate() {
            assert_eq!(natural_cmp(a, b), i.cmp(&j), "{a} {b}");
        }
    }
}

#[test]
fn leading_zeros_only_break_ties() {
    assert_eq!(natural_cmp("D-007", "D-7"), Ordering::Less);
    assert_eq!(natural_cmp("D-007", "D-7a"), Ordering::Less);
    assert_eq!(natural_cmp("D-007", "D-6"), Ordering::Greater);
    assert_eq!(natural_cmp("0", "00"), Ordering::Less);
}

#[test]
fn one_number_per_text() {
    let mut names = Interner::new();
    assert_eq!(
        (
            names.intern("ana"),
            names.intern("ben"),
            names.intern("ana")
        ),
        (0, 1, 0)
    );
    assert_eq!((names.get("ben"), names.get("cleo")), (Some(1), None));
    assert_eq!(
        (names.text(1), names.len(), names.is_empty()),
        ("ben", 2, false)
    );
    assert_eq!(names.texts().collect::<Vec<_>>(), ["ana", "ben"]);
}
