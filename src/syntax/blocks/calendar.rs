//! The block of the company's calendar.

use crate::base::{Pattern, WeekYears, Weekday, YearEnd};
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{CalendarBlock, Spanned};
use crate::syntax::blocks::{At, each, no_rows, once, require};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Block as Cut;

const MONTHS: [Rule; 12] = [
    Rule::k_January,
    Rule::k_February,
    Rule::k_March,
    Rule::k_April,
    Rule::k_May,
    Rule::k_June,
    Rule::k_July,
    Rule::k_August,
    Rule::k_September,
    Rule::k_October,
    Rule::k_November,
    Rule::k_December,
];

const WEEKDAYS: [Rule; 7] = [
    Rule::k_Monday,
    Rule::k_Tuesday,
    Rule::k_Wednesday,
    Rule::k_Thursday,
    Rule::k_Friday,
    Rule::k_Saturday,
    Rule::k_Sunday,
];

pub(in crate::syntax::blocks) fn calendar(
    block: &Cut<'_>,
    lines: &mut Lines<'_, '_>,
) -> CalendarBlock {
    no_rows(&block.rows, lines);
    let mut calendar = CalendarBlock {
        starts_in: None,
        years_of_weeks: None,
        named_by_start: None,
        weeks_start: None,
        two_weeks_from: None,
        broken: false,
        span: block.head.span(),
    };
    let mut is_empty = true;
    each(block, lines, |at, rule, words, _| {
        is_empty = false;
        line(&mut calendar, at, rule, words);
    });
    calendar.broken = lines.bad;
    require(&[(is_empty, Rule::fiscal)], calendar.span, lines);
    calendar
}

fn line<'t>(
    calendar: &mut CalendarBlock,
    at: &mut At<'_, '_, '_, 't>,
    rule: Rule,
    words: Words<'t>,
) {
    match rule {
        Rule::fiscal_name => {
            let slot = &mut calendar.named_by_start;
            let value = Some(at.span());
            once(slot, value, |span| *span, at, "fiscal year is named by");
        }
        Rule::week_years => {
            let span = at.span();
            let value = week_years(at, words).map(|value| Spanned { value, span });
            let slot = &mut calendar.years_of_weeks;
            once(slot, value, |years| years.span, at, "years of weeks");
        }
        Rule::weeks_start => {
            let value = parts(words).next().and_then(|word| {
                let span = at.reader().span(&word);
                let value = weekday(&word)?;
                Some(Spanned { value, span })
            });
            let slot = &mut calendar.weeks_start;
            once(slot, value, |day| day.span, at, "weeks start on");
        }
        Rule::two_weeks => {
            let value = parts(words).next().and_then(|word| {
                let span = at.reader().span(&word);
                let value = at.reader().day(&word)?;
                Some(Spanned { value, span })
            });
            let slot = &mut calendar.two_weeks_from;
            once(slot, value, |day| day.span, at, "two-week periods from");
        }
        _ => {
            let value = parts(words).next().and_then(|word| {
                let span = at.reader().span(&word);
                let value = month(&word)?;
                Some(Spanned { value, span })
            });
            let slot = &mut calendar.starts_in;
            once(slot, value, |month| month.span, at, "fiscal year starts in");
        }
    }
}

/// `years of weeks, 4-4-5, ending on the last Saturday of January | the Saturday nearest 31 January`
fn week_years(at: &mut At<'_, '_, '_, '_>, words: Words<'_>) -> Option<WeekYears> {
    let mut inner = parts(words);
    let written = inner.next()?;
    let mut patterns = Pattern::ALL.into_iter();
    let pattern = patterns.find(|own| own.words() == written.as_str())?;
    let ending = inner.next()?;
    let whole = at.reader().span(&ending);
    let mut day = None;
    let mut on = None;
    let mut in_month = None;
    for part in parts(ending) {
        match part.as_rule() {
            Rule::weekday => on = weekday(&part),
            Rule::month_name => in_month = month(&part),
            _ => day = Some((part.as_str().to_owned(), at.reader().span(&part))),
        }
    }
    let (on, in_month) = (on?, u32::from(in_month?));
    let end = match &day {
        None => YearEnd::last(on, in_month),
        Some((day, _)) => day
            .parse()
            .ok()
            .and_then(|day| YearEnd::nearest(on, in_month, day)),
    };
    if end.is_none() {
        let span = day.map_or(whole, |(_, span)| span);
        at.lines.problems.push(
            Diagnostic::at(Code::S004, span, "not every year has this day")
                .help("name one that it has", "the Saturday nearest 31 January"),
        );
    }
    Some(WeekYears { pattern, end: end? })
}

/// The month of a name, 1 to 12.
fn month(words: &Words<'_>) -> Option<u8> {
    let rule = choice(words, &MONTHS)?;
    let mut numbered = (1..).zip(MONTHS);
    numbered.find(|(_, month)| *month == rule).map(|(at, _)| at)
}

fn weekday(words: &Words<'_>) -> Option<Weekday> {
    let rule = choice(words, &WEEKDAYS)?;
    let mut named = WEEKDAYS.into_iter().zip(Weekday::ALL);
    named.find(|(own, _)| *own == rule).map(|(_, day)| day)
}
