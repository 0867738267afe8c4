//! Planted mistakes in amendments: what is said, and that the first way out which an editor can take leaves nothing to mend.

use paycurve::diag::{Diagnostic, Edit, FileId, Severity, SourceMap, Style, render};
use paycurve::meaning::{Bindings, check_amended};
use paycurve::syntax::parse;

const PLAN: &str = include_str!("../../plans/errors/D603-undecided/reps.plan");

/// In the middle of a quarter, and nothing to mend.
const GOOD: &str = "amend \"Reps\" as \"Change\"
  effective   2026-08-15 through 2026-12-31
  applies to  deals dated by deal.date in the effective dates
  because     \"Minute\"
  approved by \"CRO\" on 2026-08-10

replace tiers rates on attainment
  | attainment     | rate |
  | under 100%     |   5% |
  | 100% and above |  10% |

on the change date
  attainment  continues
  quota       continues

test \"both\"
  given       quota is 300,000 USD for ana in 2026-Q3
  given       deals
    | id  | date       | owner | amount      |
    | D-1 | 2026-08-14 | ana   | 300,000 USD |
    | D-2 | 2026-08-15 | ana   | 100,000 USD |
  expect      commission for ana in 2026-Q3 is 22,000.00 USD
";

struct Found {
    errors: Vec<Diagnostic>,
    sources: SourceMap,
    amendment: FileId,
}

fn found(plan: &str, amendment: &str) -> Found {
    found_of(plan, &[amendment])
}

/// What is said of a plan with several amendments.
fn found_of(plan: &str, amendments: &[&str]) -> Found {
    let mut sources = SourceMap::new();
    let file = sources.add("reps.plan", plan);
    let of_plan = parse(file, plan);
    let mut parsed = Vec::new();
    for text in amendments {
        let file = sources.add("reps.amend.plan", *text);
        parsed.push((file, parse(file, text)));
    }
    let amending: Vec<_> = parsed.iter().map(|(_, parsed)| parsed).collect();
    let checked = check_amended(&of_plan, &amending, &[], &Bindings::default());
    let mut problems = checked.problems;
    for (_, parsed) in &parsed {
        problems.extend(parsed.problems.clone());
    }
    let all = problems.sorted().into_iter();
    Found {
        errors: all.filter(|own| own.severity != Severity::Note).collect(),
        sources,
        amendment: parsed[0].0,
    }
}

impl Found {
    fn shown(&self) -> String {
        let shown = |own: &Diagnostic| render(own, &self.sources, Style::Plain);
        self.errors.iter().map(shown).collect()
    }
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

/// A slip: what is written in place of what, the code, words of the title, and the line that the first edit leaves, or
/// nothing where only a person can mend it.
type Slip = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const SLIPS: &[Slip] = &[
    (
        "tiers rates",
        "tiers ratse",
        "N101",
        "the plan has no `ratse` to replace",
        Some("replace tiers rates on attainment"),
    ),
    (
        "tiers rates on attainment",
        "curve rates on attainment",
        "N101",
        "`rates` is a tier table, and a curve cannot take its place",
        None,
    ),
    (
        "deal.date in",
        "deal.closed in",
        "N101",
        "no credit from `deals` is dated by `deal.closed`",
        Some("  applies to  deals dated by deal.date in the effective dates"),
    ),
    (
        "to  deals dated",
        "to  dels dated",
        "N101",
        "no credit from `dels` is dated by",
        Some("  applies to  deals dated by deal.date in the effective dates"),
    ),
    (
        "2026-08-15 through 2026-12-31",
        "2026-08-15 through 2027-12-31",
        "D602",
        "the amendment holds on days that its plan does not have",
        Some("  effective   2026-08-15 through 2026-12-31"),
    ),
    (
        "  attainment  continues\n",
        "",
        "D603",
        "does `attainment` continue or start fresh on 15 August 2026?",
        Some("  attainment  continues"),
    ),
    (
        "  quota       continues\n",
        "",
        "D603",
        "does `quota` continue or start fresh on 15 August 2026?",
        Some("  quota       continues"),
    ),
    (
        "attainment  continues",
        "atainment  continues",
        "D603",
        "does `attainment` continue or start fresh",
        None,
    ),
    (
        "quota       continues",
        "quota       starts fresh",
        "D607",
        "`quota` cannot start fresh: nothing says how large the quota is",
        Some("  quota       continues"),
    ),
    (
        "  quota       continues\n",
        "  quota       continues\n  cap         continues\n",
        "N101",
        "`cap` does not run through 15 August 2026",
        Some(""),
    ),
    (
        "  quota       continues\n",
        "  quota       continues\n  earlier deals take the level reached on the change date\n",
        "S002",
        "nothing that this amendment changes is paid at a level",
        Some(""),
    ),
    (
        "  because     \"Minute\"\n",
        "",
        "S007",
        "this `amend` has no `because`",
        None,
    ),
    (
        "  approved by \"CRO\" on 2026-08-10\n",
        "",
        "S007",
        "this `amend` has no `approved by`",
        None,
    ),
    ("on 2026-08-10", "on 8/10/26", "S004", "", None),
    ("continues\n  quota", "keeps on\n  quota", "S006", "", None),
    (
        "replace tiers",
        "tiers",
        "S002",
        "an amendment holds `replace …`, `on the change date` and tests",
        None,
    ),
    (
        "2026-08-15 through",
        "2026-02-15 through",
        "D604",
        "\"Change\" changes 2026-Q1 through 2026-Q2, which had ended",
        None,
    ),
];

#[test]
fn an_amendment_without_slips_is_good() {
    let found = found(PLAN, GOOD);
    assert_eq!(found.shown(), "");
}

#[test]
fn every_slip_says_what_to_write() {
    for (right, wrong, code, title, line) in SLIPS {
        let slipped = GOOD.replacen(right, wrong, 1);
        assert_ne!(slipped, GOOD, "{wrong}");
        let said = found(PLAN, &slipped);
        let only: Vec<&Diagnostic> = said
            .errors
            .iter()
            .filter(|own| own.code.name() == *code)
            .collect();
        let first = only
            .first()
            .unwrap_or_else(|| panic!("{wrong}: {}", said.shown()));
        assert!(first.message.contains(title), "{wrong}: {}", said.shown());
        let Some(line) = line else { continue };
        assert_eq!(said.errors.len(), 1, "{wrong}: {}", said.shown());
        let fix = first.fixes.iter().find(|fix| !fix.edits.is_empty());
        let fix = fix.unwrap_or_else(|| panic!("{wrong} has no fix: {}", said.shown()));
        assert!(
            fix.edits
                .iter()
                .all(|edit| edit.span.file == said.amendment)
        );
        let mended = apply(&slipped, &fix.edits);
        assert!(
            mended.lines().any(|own| own.trim_end() == *line),
            "{wrong}:\n{mended}"
        );
        assert_eq!(found(PLAN, &mended).shown(), "", "{wrong}:\n{mended}");
    }
}

/// What stands in the plan itself is no amendment.
#[test]
fn a_plan_holds_no_change_of_itself() {
    for block in [
        "amend \"Reps\" as \"Change\"\n",
        "\nreplace tiers rates on attainment\n",
        "\non the change date\n",
    ] {
        let said = found(&format!("{PLAN}{block}"), GOOD);
        let shown = said.shown();
        assert!(
            shown.contains("a change of a plan stands in a file of its own"),
            "{block}: {shown}"
        );
    }
}

/// Everything at the rate reached: the level of earlier deals, said once and in one way.
#[test]
fn the_level_of_earlier_deals_is_said() {
    let plan = PLAN.replace(
        "each slice at its own rate",
        "everything at the rate reached",
    );
    let level = |line: &str| {
        GOOD.replace(
            "quota       continues\n",
            &format!("quota       continues\n{line}"),
        )
    };
    let said = found(&plan, &level(""));
    assert!(said.shown().contains(
        "which level of `attainment` do deals take that were closed before 15 August 2026?"
    ));
    for fix in &said.errors[0].fixes {
        let mended = apply(&level(""), &fix.edits);
        assert_eq!(found(&plan, &mended).shown(), "", "{mended}");
    }
    let other = found(
        &plan,
        &level("  earlier orders take the level reached on the change date\n"),
    );
    assert!(
        other
            .shown()
            .contains("the amendment does not apply to `orders`"),
        "{}",
        other.shown()
    );
    let end = level("  earlier deals take the level reached at the end of the period\n");
    let fresh = found(
        &plan,
        &end.replace("attainment  continues", "attainment  starts fresh"),
    );
    assert!(
        fresh
            .shown()
            .contains("`attainment` starts fresh, so it has no level at the end"),
        "{}",
        fresh.shown()
    );
}

/// What is of the whole period changes where a period begins, and nowhere else.
#[test]
fn only_an_amount_changes_inside_a_period() {
    let pays = [
        (
            "a factor",
            "  times       110%\n",
            "this line is of them all",
        ),
        (
            "a gate",
            "  gate        attainment 50% and above, otherwise pay nothing\n",
            "this line is of them all",
        ),
    ];
    let replaced = |line: &str| {
        format!(
            "replace pay commission \"Commission\"\n  amount      total bookings at rates, each slice at its own rate\n{line}  round       \
             the total to 0.01, half up\n  below 0 USD carries forward\n\non the change date"
        )
    };
    for (what, line, title) in pays {
        let amendment = GOOD.replace("on the change date", &replaced(line));
        let said = found(PLAN, &amendment);
        assert!(said.shown().contains(title), "{what}: {}", said.shown());
        let first_day = amendment.replace("2026-08-15 through", "2026-10-01 through");
        let first_day = first_day.replace(
            "  attainment  continues\n  quota       continues\n",
            "  balance     continues\n",
        );
        let first_day = first_day.split("\ntest ").next().unwrap();
        assert_eq!(found(PLAN, first_day).shown(), "", "{what}");
    }
    let fixed = GOOD.replace(
        "on the change date",
        "replace pay commission \"Commission\"\n  amount      1,000 USD\n  round       the total to 0.01, half up\n  \
         below 0 USD carries forward\n\non the change date",
    );
    let said = found(PLAN, &fixed);
    assert!(
        said.shown()
            .contains("its amount has no parts before and after"),
        "{}",
        said.shown()
    );
}

/// A total has no day, so a test gives the deals of a quarter under two texts.
#[test]
fn a_total_of_both_sides_is_not_given() {
    let (head, _) = GOOD.split_once("test ").unwrap();
    let given = format!(
        "{head}test \"total\"\n  given       quota is 300,000 USD for ana in 2026-Q3\n  given       total bookings is 100 \
         USD for ana in 2026-Q3\n  expect      commission for ana in 2026-Q3 is 5.00 USD\n"
    );
    let said = found(PLAN, &given);
    assert!(
        said.shown()
            .contains("how much of the total of `bookings` lies before 15 August 2026"),
        "{}",
        said.shown()
    );
}

/// Amendments of one block do not cross; of different blocks they may.
#[test]
fn amendments_do_not_cross() {
    let dates = |title: &str, from: &str, through: &str| {
        let (head, _) = GOOD.split_once("\ntest ").unwrap();
        let head = head.replace("\"Change\"", &format!("\"{title}\""));
        head.replace("2026-08-15", from)
            .replace("2026-12-31", through)
    };
    let long = dates("Long", "2026-07-15", "2026-12-31");
    let inside = dates("Inside", "2026-08-15", "2026-11-15");
    assert_eq!(found_of(PLAN, &[&long, &inside]).shown(), "");
    let same_day = dates("Same day", "2026-07-15", "2026-09-15");
    let said = found_of(PLAN, &[&long, &same_day]).shown();
    assert!(
        said.contains("both replace `rates` from 15 July 2026 on"),
        "{said}"
    );
    let ends = dates("Ends", "2026-07-15", "2026-09-15");
    let later = dates("Later", "2026-08-15", "2026-12-31");
    let said = found_of(PLAN, &[&ends, &later]).shown();
    assert!(
        said.contains("\"Ends\" ends on 15 September 2026, inside \"Later\""),
        "{said}"
    );
}

/// What has started fresh for one payout goes on for no other.
#[test]
fn two_payouts_start_fresh_together() {
    let second = "\npay bonus \"Bonus\"\n  amount      total bookings at steps, each slice at its own rate\n  round       the \
                  total to 0.01, half up\n  below 0 USD carries forward\n\ntiers steps on attainment\n  | attainment     | rate \
                  |\n  | under 100%     |   1% |\n  | 100% and above |   2% |\n";
    let plan = format!("{PLAN}{second}");
    let (head, _) = GOOD.split_once("\ntest ").unwrap();
    let fresh = head.replace("attainment  continues", "attainment  starts fresh");
    let other = head
        .replace("\"Change\"", "\"Other\"")
        .replace("tiers rates", "tiers steps");
    let other = other.replace("2026-08-15", "2026-09-15");
    assert_eq!(found_of(&plan, &[&fresh]).shown(), "");
    assert_eq!(found_of(&plan, &[&other]).shown(), "");
    let said = found_of(&plan, &[&fresh, &other]).shown();
    assert!(
        said.contains("`attainment` has started fresh on 15 August 2026 for what was changed then"),
        "{said}"
    );
}

/// What a team makes has no part before a change and none after it.
#[test]
fn what_several_persons_make_is_of_the_whole_period() {
    let plan = PLAN.replace(
        "value       total bookings / quota",
        "value       total bookings of everyone / quota",
    );
    let plan = plan.replace(
        "each slice at its own rate",
        "everything at the rate reached",
    );
    let said = found(&plan, GOOD).shown();
    assert!(
        said.contains("and reads what several persons make together"),
        "{said}"
    );
}

/// A cap of the year can start fresh with a quarter, and not inside one.
#[test]
fn a_cap_starts_fresh_where_a_period_begins() {
    let plan = PLAN.replace(
        "  round       the total",
        "  cap         50,000 USD each year, excess is lost\n  round       the total",
    );
    let (head, _) = GOOD.split_once("\ntest ").unwrap();
    let inside = format!("{head}  cap         starts fresh\n");
    let said = found(&plan, &inside).shown();
    assert!(
        said.contains("`cap` cannot start fresh: nothing says how much of the cap"),
        "{said}"
    );
    let (before, _) = inside.split_once("  attainment ").unwrap();
    let first_day = format!("{before}  balance     continues\n  cap         starts fresh\n");
    let first_day = first_day.replace("2026-08-15", "2026-10-01");
    assert_eq!(found(&plan, &first_day).shown(), "");
}

/// Every source that is paid by the amendment is named, with the date that parts its records.
#[test]
fn all_sources_are_named() {
    let renewals = "\nrecords renewals \"Renewals\"\n  | column | type   | meaning     |\n  | id     | Text   | its number  |\n  \
                    | signed | Date   | when signed |\n  | owner  | Person | whose it is |\n  | value  | Money  | its value   |\n\n\
                    credit renewed \"Renewed\"\n  from        renewals as renewal\n  dated by    renewal.signed\n  to          \
                    renewal.owner\n  amount      renewal.value\n";
    let plan = format!("{PLAN}{renewals}");
    let plan = plan.replace(
        "total bookings / quota",
        "(total bookings + total renewed) / quota",
    );
    let plan = plan.replace(
        "each slice at its own rate",
        "everything at the rate reached",
    );
    let level =
        "quota       continues\n  earlier deals take the level reached on the change date\n";
    let amendment = GOOD.replace("quota       continues\n", level);
    let said = found(&plan, &amendment);
    assert!(
        said.shown()
            .contains("which of the `renewals` does the amendment apply to?"),
        "{}",
        said.shown()
    );
    let mended = apply(&amendment, &said.errors[0].fixes[0].edits);
    assert_eq!(found(&plan, &mended).shown(), "", "{mended}");
}

/// A payout is paid in one currency for all of a plan's dates.
#[test]
fn the_currency_of_a_payout_does_not_change() {
    let rates = "\nexchange rates_of_exchange \"Rates\"\n  kept by     \"Treasury\"\n  | from | to  | effective                     | \
                 rate |\n  | USD  | EUR | 2026-01-01 through 2026-12-31 | 0.90 |\n";
    let plan = format!("{PLAN}{rates}");
    let (head, _) = GOOD.split_once("\non the change date").unwrap();
    let amendment = format!(
        "{}\nreplace pay commission \"Commission\"\n  amount      total bookings at rates, each slice at its own rate\n  round       \
         the total to 0.01, half up\n  below 0 USD carries forward\n  paid in     EUR at rates_of_exchange on the last day of \
         the period, round to the smallest unit, half up\n\non the change date\n  balance     continues\n",
        head.replace("2026-08-15", "2026-10-01")
    );
    let said = found(&plan, &amendment);
    assert!(
        said.shown()
            .contains("`commission` is paid in another currency, or at other rates"),
        "{}",
        said.shown()
    );
}

/// What hangs on a block, or on a line, that could not be read is not complained about.
#[test]
fn one_slip_gives_one_message() {
    for (right, wrong) in [
        ("replace tiers", "change tiers"),
        ("replace tiers", "replace teirs"),
        (
            "  applies to  deals dated by deal.date in the effective dates\n",
            "",
        ),
    ] {
        let said = found(PLAN, &GOOD.replacen(right, wrong, 1));
        assert_eq!(said.errors.len(), 1, "{wrong}: {}", said.shown());
    }
}

/// A file whose `amend` line does not read is not taken for a plan with an amendment's blocks in it.
#[test]
fn an_amendment_without_its_title_is_told_so_alone() {
    let (problems, sources) = crate::slips::found(&GOOD.replacen(" as \"Change\"", "", 1));
    let codes: Vec<&str> = problems.iter().map(|own| own.code.name()).collect();
    let told = crate::slips::shown(&problems, &sources);
    assert_eq!(codes, ["S006"], "{told}");
}
