//! The only file that speaks to pest: one line in, a tree of its words or the place where it stopped
//! making sense.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

pub(in crate::syntax) use rules::Rule;

mod rules {
    /// Rules of `grammar/plan.pest`.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/plan.pest"]
    pub(super) struct LineParser;
}

/// A tree of one line.
pub(in crate::syntax) type Words<'t> = Pair<'t, Rule>;

/// Where a line stopped making sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::syntax) struct Miss {
    /// Byte offset in the line.
    pub(in crate::syntax) at: usize,
    /// What could have stood there, in the reader's words, each once.
    pub(in crate::syntax) expected: Vec<String>,
}

/// Reads a whole text by one rule.
pub(in crate::syntax) fn read(rule: Rule, text: &str) -> Result<Words<'_>, Miss> {
    parsed(rule, text).map_err(|miss| ends_early(rule, text).unwrap_or(miss))
}

fn parsed(rule: Rule, text: &str) -> Result<Words<'_>, Miss> {
    let mut pairs = rules::LineParser::parse(rule, text).map_err(|error| {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let ErrorVariant::ParsingError { positives, .. } = error.variant else {
            return Miss {
                at,
                expected: Vec::new(),
            };
        };
        let mut expected: Vec<String> = positives.into_iter().filter_map(human).collect();
        expected.sort();
        expected.dedup();
        Miss { at, expected }
    })?;
    pairs.next().ok_or(Miss {
        at: 0,
        expected: Vec::new(),
    })
}

/// The miss of a text that is the beginning of a line and stops. Blanks and commas are no rules, and pest names
/// the last rule before them: so the text is read with one more word, and with a comma and one.
fn ends_early(rule: Rule, text: &str) -> Option<Miss> {
    const NO_WORD: &str = "?";
    let goes_on = |sign: &str| {
        let longer = format!("{}{sign} {NO_WORD}", text.trim_end());
        let word = longer.len() - NO_WORD.len();
        let miss = parsed(rule, &longer).err()?;
        let end = "the end of the line".to_owned();
        (miss.at == word && !miss.expected.contains(&end)).then_some(miss.expected)
    };
    let after_comma = || {
        let expected = goes_on(",")?;
        let with_comma = |words: String| match words.strip_prefix('`') {
            Some(words) => format!("`, {words}"),
            None => format!("a comma and {words}"),
        };
        Some(expected.into_iter().map(with_comma).collect())
    };
    let expected = goes_on("").or_else(after_comma)?;
    Some(Miss {
        at: text.len(),
        expected,
    })
}

/// The parts of a tree that carry something: everything but fixed words.
pub(in crate::syntax) fn parts(words: Words<'_>) -> impl Iterator<Item = Words<'_>> {
    words
        .into_inner()
        .filter(|part| !is_fixed(part.as_rule()) && part.as_rule() != Rule::EOI)
}

/// The fixed word a tree holds first, and so the choice that was made.
pub(in crate::syntax) fn choice(words: &Words<'_>, among: &[Rule]) -> Option<Rule> {
    words
        .clone()
        .into_inner()
        .map(|part| part.as_rule())
        .find(|rule| among.contains(rule))
}

fn is_fixed(rule: Rule) -> bool {
    format!("{rule:?}").starts_with("k_")
}

/// What a rule is called in a message; `None` for what is not worth offering.
fn human(rule: Rule) -> Option<String> {
    let words = match rule {
        Rule::EOI => "the end of the line",
        Rule::name | Rule::ident => "a name",
        Rule::text => "a text in quotes",
        Rule::code => "a currency code such as `USD`",
        Rule::check_id => "the code of a warning such as `T405`",
        Rule::figure => "a number",
        Rule::date => "a date such as `2026-03-31`",
        Rule::unit => "a unit",
        Rule::money => "an amount such as `90,000 USD`",
        Rule::path => "a column such as `deal.amount`",
        Rule::expr | Rule::arith | Rule::call | Rule::aggregate | Rule::together => "a value",
        Rule::range => "a range such as `50% to under 100%`",
        Rule::bound => "a value such as `50%`",
        Rule::cadence => "`week`, `two weeks`, `month`, `quarter`, `half` or `year`",
        Rule::weekday => "a day of the week",
        Rule::pattern => "`4-4-5`, `4-5-4` or `5-4-4`",
        Rule::whole => "a whole number",
        Rule::input_kind => "`Percent`, `Money`, `Number` or `Quantity in …`",
        Rule::month_name => "the name of a month",
        Rule::mode => "`half up`, `half even`, `half down`, `up` or `down`",
        Rule::level => "`the total`, `each …` or `the amount to date`",
        Rule::person => "a person's id",
        Rule::period_word => "a period such as `2026-Q1`",
        Rule::kind => "a type such as `Text`, `Money` or `Date`",
        Rule::each => "`each month`, `each quarter` or `each …`",
        Rule::moved
        | Rule::tiered
        | Rule::placed
        | Rule::share_of
        | Rule::is_value
        | Rule::never_less
        | Rule::on_date => {
            return None;
        }
        Rule::converted => "`converted to …`",
        Rule::rate_day => {
            "the day: `on the last day of the period`, `on deal.…` or `on 2026-01-31`"
        }
        Rule::round_to => "`, round to …`",
        Rule::k_sign_off => "`sign-off`",
        Rule::k_two_week_periods_from => "`two-week periods from`",
        _ => {
            let name = format!("{rule:?}");
            return name
                .strip_prefix("k_")
                .map(|words| format!("`{}`", words.replace('_', " ")));
        }
    };
    Some(words.to_owned())
}
