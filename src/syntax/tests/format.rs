//! Each case is a text as typed and as it is laid out.

use crate::syntax::phrases::keyword;
use crate::syntax::{Change, format};

#[track_caller]
fn check(typed: &str, expected: &str) {
    let formatted = format(typed).unwrap();
    assert_eq!(formatted.text, expected);
    let again = format(expected).unwrap();
    assert_eq!(again.text, expected, "once more changes nothing");
    assert_eq!(again.changes, [], "and says so");
}

#[track_caller]
fn stays(text: &str) {
    check(text, text);
}

#[test]
fn keywords_are_as_wide_as_the_longest_that_fits() {
    check(
        "pay   commission    \"Monthly  commission\"\n\tfor each deal\n amount 6%   of bookings\n      round   each deal to 0.01,   half up\n  below 0  USD   carries forward\n  accept  P102  because \"two  blanks\"",
        "pay commission \"Monthly  commission\"\n  for each    deal\n  amount      6% of bookings\n  round       each deal to 0.01, half up\n  below 0 USD carries forward\n  accept P102 because \"two  blanks\"\n",
    );
}

#[test]
fn longer_phrases_take_one_blank_and_questions_have_a_column() {
    check(
        "measure attainment\n value total bookings / quota\n if quota is zero pay nothing\n # why\n if quota is missing hold this payout\n",
        "measure attainment\n  value       total bookings / quota\n  if quota is zero    pay nothing\n  # why\n  if quota is missing hold this payout\n",
    );
    check(
        "calendar\n  fiscal   year  starts in    February\n",
        "calendar\n  fiscal year starts in February\n",
    );
    check(
        "calendar\n years of  weeks,  4-4-5,   ending on the last  Sunday of January\n weeks start   on Monday\n two-week periods from    2026-01-05\n fiscal year  is named by the year   it starts in\n",
        "calendar\n  years of weeks, 4-4-5, ending on the last Sunday of January\n  weeks start on Monday\n  two-week periods from 2026-01-05\n  fiscal year is named by the year it starts in\n",
    );
    check(
        "pay x\n amount a\n pays   the   increase\n cliffs  accepted   because  \"so\"\n",
        "pay x\n  amount      a\n  pays the increase\n  cliffs accepted because \"so\"\n",
    );
}

/// The words of a question end outside quotes.
#[test]
fn a_text_is_no_keyword() {
    stays("measure m\n  value       a / b\n  if b is zero m is 0%\n");
    stays(
        "credit c\n  from        deals as deal\n  if a person is missing the share goes to deal.owner\n",
    );
}

#[test]
fn claims_are_sentences() {
    check(
        "prove\n   commission   never falls   when bookings rise\n   c is at  most 9 USD\n",
        "prove\n  commission never falls when bookings rise\n  c is at most 9 USD\n",
    );
}

#[test]
fn figures_stand_on_the_right_but_in_the_first_column() {
    check(
        "tiers t on a\n|a|rate|\n|under 5|4%|\n|5|12.5%|\n|6 and above|1/3|\n",
        "tiers t on a\n  | a           | rate  |\n  | under 5     |    4% |\n  | 5           | 12.5% |\n  | 6 and above |   1/3 |\n",
    );
    check(
        "test \"t\"\n  given deals\n  | id | amount | seats | note |\n  | 1 | 10,000\u{A0}USD | 3 seats | a  b |\n  | 20 | -5 USD | | 2026-01-01 |\n",
        "test \"t\"\n  given       deals\n    | id | amount     | seats   | note       |\n    | 1  | 10,000 USD | 3 seats | a  b       |\n    | 20 |     -5 USD |         | 2026-01-01 |\n",
    );
}

/// A long list stands out of its column, and the pipes behind it meet again.
#[test]
fn a_list_does_not_widen_its_column() {
    check(
        "records deals\n  | column | type | meaning |\n  | id | Text | one line per order and customer |\n  | stage | one of Open, Won | where |\n  | at | Date or none | day |\n",
        "records deals\n  | column | type         | meaning                         |\n  | id     | Text         | one line per order and customer |\n  | stage  | one of Open, Won | where                       |\n  | at     | Date or none | day                             |\n",
    );
}

#[test]
fn a_table_that_stands_in_columns_keeps_its_widths() {
    stays(
        "tiers t on a\n  | a         | rate   |\n  | under 5   |     4% |\n  | 5 and up  |    12% |\n",
    );
    // Not in columns: as narrow as the cells allow.
    check(
        "tiers t on a\n  | a         | rate   |\n  | under 5   |    4% |\n  | 5 and above | 12% |\n",
        "tiers t on a\n  | a           | rate |\n  | under 5     |   4% |\n  | 5 and above |  12% |\n",
    );
}

#[test]
fn comments_stay_and_do_not_split_a_table() {
    check(
        "# first\n  # second\ntiers t on a # head\n|a|rate|#one\n   # between\n# at the margin\n|under 50|4%| # two\n\n|50 and above|12%|\n    # last\n",
        "# first\n  # second\ntiers t on a   # head\n  | a            | rate |   #one\n  # between\n# at the margin\n  | under 50     |   4% |   # two\n\n  | 50 and above |  12% |\n  # last\n",
    );
}

#[test]
fn comments_of_neighbours_start_in_one_column() {
    check(
        "pay x # head\n amount a # one\n round never # two \n\n below 0 USD is lost # three\n",
        "pay x   # head\n  amount      a       # one\n  round       never   # two\n\n  below 0 USD is lost   # three\n",
    );
}

#[test]
fn runs_of_blank_lines_become_one_and_none_is_added() {
    check(
        "\n\n \npay x\n\n\t\n  amount      a\nprove\n\n\n\ntest \"t\"\n\n\n",
        "pay x\n\n  amount      a\nprove\n\ntest \"t\"\n",
    );
    check("\n \n", "");
    check("", "");
}

#[test]
fn what_cannot_be_read_stays_byte_for_byte() {
    // An unknown clause with its rows, a clause that stops making sense, a forgotten indent, a row too short.
    stays(
        "pay x\n amuont   6%\n   |  a|b |\n  cap  90 every  month \namount   5 USD\n  round       never\n",
    );
    stays(
        "tiers t on a\n  | a       | rate |\n  | under 5 | 4%\n  |  5 and above |\n  | any     |   4% |\n",
    );
    // A block that is not known, or whose head cannot be read.
    stays("frob x   \"y\"\n   a    b  # c\n     # d\n  |a|\n\ntiers   t\n |  a |\n");
    // What belongs to no block.
    stays("   amount  5\n|a|\n");
}

#[test]
fn line_ends_marks_and_odd_blanks_become_plain() {
    check(
        "\u{FEFF}\u{FEFF}pay x\r\n  amount\u{A0}a #\u{202F}b\r  round never",
        "pay x\n  amount      a   # b\n  round       never\n",
    );
    // A text is a text.
    stays("pay x\n  when        deal.a is \"b\u{A0}c  d\"\n");
}

#[test]
fn changes_name_their_lines() {
    let formatted = format("pay x\n amount a\n\n\n  round       never\n").unwrap();
    let change = |line, before: &str, after: Option<&str>| Change {
        line,
        before: before.to_owned(),
        after: after.map(str::to_owned),
    };
    assert_eq!(
        formatted.changes,
        [
            change(2, " amount a", Some("  amount      a")),
            change(4, "", None)
        ]
    );
    assert!(!formatted.ends_differ);
    let formatted = format("pay x\r\n  amount      a").unwrap();
    assert_eq!(formatted.changes, []);
    assert!(formatted.ends_differ);
}

/// Padding must not make a line, or a plan, that is too large to be read.
#[test]
fn what_is_too_large_stays_as_it_is() {
    let long = format!("  amount 1 USD{}\r\n", " + 1 USD".repeat(40_000));
    assert_eq!(format(&long).unwrap().text, long);
    let lines = "pay x\n amount a\n".repeat(1_500);
    assert_eq!(format(&lines).unwrap().text, lines);
    let nested = format!(
        "pay x\n  amount   {}1{}\n",
        "(".repeat(900),
        ")".repeat(900)
    );
    stays(&nested);
}

/// The examples the language was designed with stand as the formatter would have them, also where a phrase is
/// still to be built: its keyword is known already.
#[test]
fn keywords_of_blocks_to_come_are_known() {
    let mut seen = 0;
    for text in [
        include_str!("../../../tests/format/amendment.plan"),
        include_str!("../../../tests/format/draw.plan"),
        include_str!("../../../tests/format/matrix.plan"),
        include_str!("../../../tests/format/override.plan"),
        include_str!("../../../tests/format/pool.plan"),
        include_str!("../../../tests/format/scorecard.plan"),
    ] {
        let mut claims = false;
        for line in text.lines() {
            let Some(clause) = line.strip_prefix("  ") else {
                claims = line == "prove";
                continue;
            };
            if claims || clause.trim_start().starts_with('|') {
                continue;
            }
            let words = clause.split_whitespace().collect::<Vec<_>>().join(" ");
            let keyword = keyword(&words);
            let rest = words.strip_prefix(keyword).unwrap().trim_start();
            let laid = format!("{keyword:<11} {rest}");
            assert_eq!(laid.trim_end(), clause);
            seen += 1;
        }
    }
    assert!(seen > 70, "{seen} clauses were seen");
}
