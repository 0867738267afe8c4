use crate::diag::{Code, SourceMap};
use crate::syntax::parse;

/// `CODE line:column-length message`, one for each problem.
fn check(text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let file = sources.add("a.plan", text);
    parse(file, text)
        .problems
        .sorted()
        .iter()
        .map(|d| {
            let span = d.labels[0].span;
            let place = sources.place(span);
            format!(
                "{} {}:{}-{} {}",
                d.code,
                place.line,
                place.column,
                span.end - span.start,
                d.message
            )
        })
        .collect()
}

#[test]
fn seven_bad_lines_give_seven_messages_at_their_places() {
    let text = r#"plan "P"
  currency    USD
  effective   2026-01-01 to 2026-12-31
  period      fortnight
  payees      role is "AE" for the days in the role

tiers ladder on attainment
  | attainment         | rate |
  | 50% - 100%         |   8% |
  | 100% and above     |  12% |

pay commission
  amuont      6% of bookings
  gaet        attainment 50% and above, otherwise pay nothing
  cap         90k each quarter, excess is lost
  top         up
"#;
    assert_eq!(
        check(text),
        [
            "S006 3:26-2 `to` leaves open whether the last day belongs to it",
            "S006 4:15-9 this line stops making sense at `fortnight`",
            "S003 9:5-10 does 100% itself belong to this row?",
            "S001 13:3-6 I don't know `amuont` in a `pay`",
            "S001 14:3-4 I don't know `gaet` in a `pay`",
            "S004 15:15-3 how much money is `90k`?",
            "S002 16:3-3 `top` belongs in a `draw`, not in a `pay`",
        ]
    );
}

#[test]
fn a_bad_head_costs_one_message_and_its_name_is_known() {
    let text = "messure attainment \"A\"\n  value total bookings / quota\n  nonsense\n";
    let mut sources = SourceMap::new();
    let file = sources.add("a.plan", text);
    let parsed = parse(file, text);
    assert_eq!(
        parsed
            .value
            .poisoned
            .iter()
            .map(|n| n.text.as_str())
            .collect::<Vec<_>>(),
        ["attainment"]
    );
    assert_eq!(check(text), ["S001 1:1-7 I don't know the block `messure`"]);
}

#[test]
fn dates_and_amounts_that_can_be_read_in_two_ways_are_asked_about() {
    let text = "plan \"P\"\n  currency USD\n  effective 7/1/26 through 2026-12-31\n  period month\n  payees role is \"AE\" on the last day of the period\n";
    assert_eq!(
        check(text),
        ["S004 3:13-6 `7/1/26` can be read in two ways"]
    );
    let text = "pay p\n  amount $90,000\n";
    assert_eq!(check(text), ["S004 2:10-7 how much money is `$90,000`?"]);
}

#[test]
fn a_forgotten_indent_costs_one_message() {
    let text = "pay p\namount 6% of total bookings\n";
    assert_eq!(
        check(text),
        ["S001 2:1-6 `amount` is a clause of `pay`, and clauses are indented"]
    );
}

#[test]
fn what_is_missing_or_stands_twice_is_said() {
    assert_eq!(
        check("pay p\n  round never\n"),
        ["S007 1:1-5 this `pay` has no `amount`"]
    );
    assert_eq!(
        check("pay p\n  amount 1 USD\n  amount 2 USD\n"),
        ["S007 3:3-12 `amount` stands twice in one block"]
    );
}

#[test]
fn rows_that_are_not_whole_are_said() {
    let text = "tiers t on a\n  | a | rate |\n  | under 5% | 1% | 2% |\n  | 5% and above | 3%\n";
    assert_eq!(
        check(text),
        [
            "S008 3:3-22 this row has 3 cells, and the table has 2 columns",
            "S008 4:3-19 this row has no `|` at its end",
        ]
    );
}

#[test]
fn hostile_depth_and_size_are_refused_in_our_words() {
    let deep = format!(
        "pay p\n  amount {}1 USD{}\n",
        "(".repeat(200),
        ")".repeat(200)
    );
    assert_eq!(
        check(&deep),
        ["S009 2:3-412 this line has 200 brackets inside each other; the most is 64"]
    );
    let long = format!("pay p\n  amount 1{}\n", " + 1".repeat(300));
    assert_eq!(
        check(&long),
        ["S009 2:3-1208 this line has 300 operators; the most is 200"]
    );
    let nested = format!("pay p\n  amount {}1 USD\n", "(".repeat(100_000));
    assert_eq!(
        check(&nested),
        ["S009 2:3-1 this line has more than 4000 characters"]
    );
    let lines = "\n".repeat(2_001);
    assert_eq!(
        check(&lines),
        ["S009 1:1-0 this text has more than 2,000 lines"]
    );
}

#[test]
fn operators_of_other_languages_are_answered_with_ours() {
    assert_eq!(
        check("pay p\n  when a == 5\n  amount 1 USD\n"),
        ["S006 2:10-2 `==` is not an operator here"]
    );
    assert_eq!(
        check("pay p\n  when 1 < a < 5\n  amount 1 USD\n"),
        ["S006 2:14-1 two comparisons in a row"]
    );
}

#[test]
fn odd_blanks_are_a_note() {
    let text = "pay p\n  amount\u{00A0}1 USD\n";
    let mut sources = SourceMap::new();
    let file = sources.add("a.plan", text);
    let problems = parse(file, text).problems.sorted();
    assert_eq!(
        problems.iter().map(|d| d.code).collect::<Vec<_>>(),
        [Code::S010]
    );
}

#[test]
fn a_comment_in_quotes_and_a_pipe_in_quotes_are_text() {
    let text = "tiers t on region\n  | region | rate |\n  | \"A|B # c\" | 1% |  # the rest\n  | any | 2% |\n";
    assert_eq!(check(text), Vec::<String>::new());
}
