//! Weeks, two weeks and years of weeks. The days are counted one after the other here, and names are given by counting
//! too: no date arithmetic of the library is used to say what must come out.

use std::collections::BTreeMap;

use paycurve::base::{
    Cadence, Calendar, Date, Pattern, Period, PeriodFault, WeekYears, Weekday, YearEnd,
};

fn d(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|| panic!("{text} is a date"))
}

fn span(period: &Period) -> String {
    format!("{} {}", period.start(), period.end())
}

fn weeks(weekday: Weekday) -> Calendar {
    Calendar::calendar_year().with_weeks_from(weekday)
}

/// One day, with what was counted for it.
#[derive(Clone, Copy)]
struct Day {
    date: Date,
    weekday: Weekday,
    year: i32,
    month: u32,
    day: u32,
}

/// Every day of 1990 through 2060. 1990-01-01 was a Monday.
fn days() -> Vec<Day> {
    let mut days = Vec::new();
    let mut weekdays = Weekday::ALL.into_iter().cycle();
    for year in 1990..=2060 {
        let leap = year % 4 == 0;
        for (month, length) in (1..).zip([
            31,
            28 + u32::from(leap),
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ]) {
            for day in 1..=length {
                let date = d(&format!("{year:04}-{month:02}-{day:02}"));
                let weekday = weekdays.next().unwrap();
                days.push(Day {
                    date,
                    weekday,
                    year,
                    month,
                    day,
                });
            }
        }
    }
    days
}

/// Whole weeks of the days, each with the days it has.
fn chunks(days: &[Day], first: Weekday) -> Vec<&[Day]> {
    let start = days.iter().position(|day| day.weekday == first).unwrap();
    days[start..].chunks_exact(7).collect()
}

/// The name that each week has by counting: of the year that has four of its days, and which one of that year.
fn names(weeks: &[&[Day]]) -> Vec<(i32, u32)> {
    let mut counted: BTreeMap<i32, u32> = BTreeMap::new();
    let mut named = Vec::new();
    for week in weeks {
        // Of seven days in two years, one year has four.
        let year = [week[0].year, week[6].year]
            .into_iter()
            .find(|year| week.iter().filter(|day| day.year == *year).count() >= 4)
            .unwrap();
        let nth = counted.entry(year).or_insert(0);
        *nth += 1;
        named.push((year, *nth));
    }
    named
}

fn check(calendar: &Calendar, cadence: Cadence, days: &[Day], label: &str) {
    let period = calendar.parse_period(label);
    let period = period.unwrap_or_else(|fault| panic!("{label}: {fault}"));
    assert_eq!(period.start(), days[0].date, "{label}");
    assert_eq!(period.end(), days[days.len() - 1].date, "{label}");
    assert_eq!(period.cadence(), cadence);
    assert_eq!(calendar.label(&period), label);
    for day in days {
        assert_eq!(
            calendar.period_of(day.date, cadence),
            period,
            "{}",
            day.date
        );
    }
    let next = calendar.next(&period);
    assert_eq!(next.start().days(), period.end().days() + 1, "{label}");
    assert_eq!(calendar.previous(&next), period, "{label}");
    assert_eq!(calendar.earlier(&next, 1), period, "{label}");
}

/// Where the month changes inside.
fn halves(days: &[Day]) -> Vec<&[Day]> {
    days.chunk_by(|a, b| a.month == b.month).collect()
}

#[test]
fn weeks_are_those_that_one_counts() {
    let days = days();
    for first in Weekday::ALL {
        let (whole, cut) = (weeks(first), weeks(first).cut_at_month_ends());
        let chunks = chunks(&days, first);
        // The first year of the list does not begin with its first week.
        for (week, (year, nth)) in chunks
            .iter()
            .zip(names(&chunks))
            .filter(|(_, (year, _))| *year > 1990)
        {
            let label = format!("{year}-W{nth:02}");
            check(&whole, Cadence::Week, week, &label);
            match halves(week).as_slice() {
                [week] => check(&cut, Cadence::Week, week, &label),
                [a, b] => {
                    check(&cut, Cadence::Week, a, &format!("{label}-A"));
                    check(&cut, Cadence::Week, b, &format!("{label}-B"));
                }
                _ => unreachable!("a month is longer than a week"),
            }
        }
    }
}

#[test]
fn two_weeks_are_those_that_one_counts() {
    let days = days();
    for (from, first) in [
        ("2026-01-05", Weekday::Monday),
        ("2026-01-04", Weekday::Sunday),
    ] {
        let whole = weeks(first).with_two_weeks_from(d(from));
        let cut = whole.cut_at_month_ends();
        let chunks = chunks(&days, first);
        let names = names(&chunks);
        // From the anchor every second week starts one.
        let anchor = chunks
            .iter()
            .position(|week| week[0].date == d(from))
            .unwrap();
        let pairs = (anchor % 2..chunks.len() - 1).step_by(2);
        for at in pairs.filter(|at| names[*at].0 > 1990) {
            let both = [chunks[at], chunks[at + 1]].concat();
            let ((year, a), (_, b)) = (names[at], names[at + 1]);
            let label = format!("{year}-W{a:02}-W{b:02}");
            check(&whole, Cadence::TwoWeeks, &both, &label);
            match halves(&both).as_slice() {
                [one] => check(&cut, Cadence::TwoWeeks, one, &label),
                [a, b] => {
                    check(&cut, Cadence::TwoWeeks, a, &format!("{label}-A"));
                    check(&cut, Cadence::TwoWeeks, b, &format!("{label}-B"));
                }
                _ => unreachable!("a month is longer than two weeks"),
            }
        }
    }
}

/// The last day of the year of weeks that keeps to a day of `year`, by looking at the days of the list.
fn end_of_year(
    days: &[Day],
    year: i32,
    month: u32,
    nearest: Option<u32>,
    weekday: Weekday,
) -> Option<Date> {
    let fits = |own: &&Day| own.weekday == weekday;
    match nearest {
        None => days
            .iter()
            .filter(|own| own.year == year && own.month == month)
            .rfind(fits)
            .map(|own| own.date),
        Some(day) => {
            let aim = days
                .iter()
                .find(|own| (own.year, own.month, own.day) == (year, month, day))?;
            let near = days.iter().filter(fits);
            near.min_by_key(|own| (own.date.days() - aim.date.days()).abs())
                .map(|own| own.date)
        }
    }
}

#[test]
fn years_of_weeks_are_those_that_one_counts() {
    let days = days();
    let ends = [
        (Weekday::Saturday, 1, None),
        (Weekday::Saturday, 1, Some(31)),
        (Weekday::Friday, 12, None),
        (Weekday::Sunday, 12, Some(31)),
        (Weekday::Tuesday, 2, Some(28)),
    ];
    for (pattern, lengths) in [
        (Pattern::FourFourFive, [4, 4, 5]),
        (Pattern::FourFiveFour, [4, 5, 4]),
        (Pattern::FiveFourFour, [5, 4, 4]),
    ] {
        for (weekday, month, nearest) in ends {
            let end = match nearest {
                None => YearEnd::last(weekday, month),
                Some(day) => YearEnd::nearest(weekday, month, day),
            };
            let end = end.unwrap();
            let calendar = Calendar::of_weeks(WeekYears { pattern, end });
            let mut lengths_seen = Vec::new();
            for year in 1995..2055 {
                let end = |year| end_of_year(&days, year, month, nearest, weekday).unwrap();
                let (before, last) = (end(year - 1), end(year));
                let own: Vec<Day> = days
                    .iter()
                    .filter(|day| before < day.date && day.date <= last)
                    .copied()
                    .collect();
                let name = format!("FY{year}");
                assert!(
                    own.len() == 364 || own.len() == 371,
                    "{name}: {}",
                    own.len()
                );
                lengths_seen.push(own.len());
                check(&calendar, Cadence::Year, &own, &name);
                for (nth, week) in (1..).zip(own.chunks(7)) {
                    check(&calendar, Cadence::Week, week, &format!("{name}-W{nth:02}"));
                }
                let mut rest = own.as_slice();
                for nth in 1..=12_usize {
                    // The 53rd week goes to the last month.
                    let weeks = lengths[(nth - 1) % 3];
                    let length = if nth == 12 { rest.len() } else { weeks * 7 };
                    let (month, after) = rest.split_at(length);
                    check(
                        &calendar,
                        Cadence::Month,
                        month,
                        &format!("{name}-P{nth:02}"),
                    );
                    rest = after;
                }
                for (cadence, letter, days) in
                    [(Cadence::Quarter, 'Q', 91), (Cadence::Half, 'H', 182)]
                {
                    let count = 364 / days;
                    for nth in 1..=count {
                        let through = if nth == count { own.len() } else { nth * days };
                        let part = &own[(nth - 1) * days..through];
                        check(&calendar, cadence, part, &format!("{name}-{letter}{nth}"));
                    }
                }
            }
            assert!(lengths_seen.contains(&364) && lengths_seen.contains(&371));
        }
    }
}

/// ISO 8601: 2026-W01 begins on 29 December 2025, and 2020 and 2026 have 53 weeks.
#[test]
fn iso_weeks() {
    let calendar = weeks(Weekday::Monday);
    for (label, days) in [
        ("2026-W01", "2025-12-29 2026-01-04"),
        ("2026-W07", "2026-02-09 2026-02-15"),
        ("2020-W53", "2020-12-28 2021-01-03"),
        ("2021-W01", "2021-01-04 2021-01-10"),
        ("2026-W53", "2026-12-28 2027-01-03"),
    ] {
        assert_eq!(span(&calendar.parse_period(label).unwrap()), days);
    }
    let no_such = |text: &str| calendar.parse_period(text).unwrap_err().to_string();
    assert_eq!(
        no_such("2025-W53"),
        "the calendar has no such period; `2026-W01` is 2025-12-29 through 2026-01-04"
    );
    assert_eq!(
        no_such("FY2026-W07"),
        "the calendar has no such period; `2026-W07` is 2026-02-09 through 2026-02-15"
    );
    assert_eq!(
        no_such("2026-W07-A"),
        "the calendar has no such period; `2026-W07` is 2026-02-09 through 2026-02-15"
    );
    assert_eq!(
        calendar
            .cut_at_month_ends()
            .parse_period("2026-W05")
            .unwrap_err()
            .to_string(),
        "a month ends inside these weeks; `2026-W05-A` is 2026-01-26 through 2026-01-31, `2026-W05-B` is 2026-02-01 \
         through 2026-02-01"
    );
    assert_eq!(
        calendar.parse_period("2026-W02-W03"),
        Err(PeriodFault::NoTwoWeeks)
    );
    let two = calendar.with_two_weeks_from(d("2026-01-05"));
    assert_eq!(
        span(&two.parse_period("2026-W02-W03").unwrap()),
        "2026-01-05 2026-01-18"
    );
    assert_eq!(
        span(&two.parse_period("2026-W52-W53").unwrap()),
        "2026-12-21 2027-01-03"
    );
    // Not one of the calendar's own: the one with the first of the two weeks is offered.
    for wrong in ["2026-W03-W04", "2026-W02-W04"] {
        assert_eq!(
            two.parse_period(wrong).unwrap_err().to_string(),
            "the calendar has no such period; `2026-W02-W03` is 2026-01-05 through 2026-01-18"
        );
    }
    assert_eq!(
        weeks(Weekday::Monday).parse_period("2200-W53"),
        Err(PeriodFault::OutOfRange)
    );
}

/// The National Retail Federation's calendar: 4-5-4, on the Saturday nearest 31 January, named by the year it starts in.
/// Fiscal 2012, 2017 and 2023 have 53 weeks (https://nrf.com/resources/4-5-4-calendar); fiscal 2023 ends on 3 February
/// 2024, fiscal 2025 is 2 February 2025 through 31 January 2026.
#[test]
fn the_retail_calendar() {
    let years = WeekYears {
        pattern: Pattern::FourFiveFour,
        end: YearEnd::nearest(Weekday::Saturday, 1, 31).unwrap(),
    };
    let by_end = Calendar::of_weeks(years);
    let retail = by_end.named_by_start();
    for (label, days) in [
        ("FY2012", "2012-01-29 2013-02-02"),
        ("FY2017", "2017-01-29 2018-02-03"),
        ("FY2023", "2023-01-29 2024-02-03"),
        ("FY2024", "2024-02-04 2025-02-01"),
        ("FY2025", "2025-02-02 2026-01-31"),
        ("FY2025-P01", "2025-02-02 2025-03-01"),
        ("FY2025-P02", "2025-03-02 2025-04-05"),
        ("FY2025-Q1", "2025-02-02 2025-05-03"),
        ("FY2023-P12", "2023-12-31 2024-02-03"),
        ("FY2023-W53", "2024-01-28 2024-02-03"),
    ] {
        let period = retail.parse_period(label).unwrap();
        assert_eq!(
            (span(&period).as_str(), retail.label(&period).as_str()),
            (days, label)
        );
    }
    let long: Vec<i32> = (2000..2030)
        .filter(|year| retail.parse_period(&format!("FY{year}")).unwrap().days() == 371)
        .collect();
    assert_eq!(long, [2000, 2006, 2012, 2017, 2023, 2028]);
    // Without the clause, a year is named by the one it ends in.
    assert_eq!(
        span(&by_end.parse_period("FY2026").unwrap()),
        "2025-02-02 2026-01-31"
    );
    // The calendar's own months are none of its periods.
    for (text, label) in [
        ("2026-03", "FY2026-P03"),
        ("2026", "FY2026"),
        ("2026-W07", "FY2026-W07"),
    ] {
        match retail.parse_period(text) {
            Err(PeriodFault::Other { label: found, .. }) => assert_eq!(found, label),
            found => panic!("{text}: {found:?}"),
        }
    }
}

/// Apple's years end on the last Saturday of September: 30 September 2017 and 2023 after 53 weeks, 28 September 2024
/// after 52 (its annual reports on Form 10-K).
#[test]
fn the_last_saturday_of_september() {
    let years = WeekYears {
        pattern: Pattern::FiveFourFour,
        end: YearEnd::last(Weekday::Saturday, 9).unwrap(),
    };
    let calendar = Calendar::of_weeks(years);
    for (label, days) in [
        ("FY2017", "2016-09-25 2017-09-30"),
        ("FY2023", "2022-09-25 2023-09-30"),
        ("FY2024", "2023-10-01 2024-09-28"),
    ] {
        assert_eq!(span(&calendar.parse_period(label).unwrap()), days);
    }
}

/// A year that ends around New Year is named by the year whose end it keeps to, so no name is given twice: 2 January 2021
/// ends fiscal 2020.
#[test]
fn years_that_end_around_new_year() {
    let years = WeekYears {
        pattern: Pattern::FourFourFive,
        end: YearEnd::nearest(Weekday::Saturday, 12, 31).unwrap(),
    };
    for calendar in [
        Calendar::of_weeks(years),
        Calendar::of_weeks(years).named_by_start(),
    ] {
        assert_eq!(
            span(&calendar.parse_period("FY2020").unwrap()),
            "2019-12-29 2021-01-02"
        );
        assert_eq!(
            span(&calendar.parse_period("FY2021").unwrap()),
            "2021-01-03 2022-01-01"
        );
        assert_eq!(
            span(&calendar.parse_period("FY2022").unwrap()),
            "2022-01-02 2022-12-31"
        );
    }
    let april = Calendar::fiscal_from(4).unwrap();
    assert_eq!(
        span(&april.parse_period("FY2026").unwrap()),
        "2025-04-01 2026-03-31"
    );
    let april = april.named_by_start();
    let year = april.parse_period("FY2026").unwrap();
    assert_eq!(
        (span(&year).as_str(), april.label(&year).as_str()),
        ("2026-04-01 2027-03-31", "FY2026")
    );
    // Weeks are those of calendar years, whatever a year is called.
    let weeks = april.with_weeks_from(Weekday::Monday);
    assert_eq!(
        span(&weeks.parse_period("2026-W07").unwrap()),
        "2026-02-09 2026-02-15"
    );
}

#[test]
fn what_no_calendar_has() {
    assert_eq!(YearEnd::nearest(Weekday::Saturday, 2, 29), None);
    assert_eq!(YearEnd::nearest(Weekday::Saturday, 4, 31), None);
    assert_eq!(YearEnd::last(Weekday::Saturday, 13), None);
}

#[test]
fn what_lies_in_what() {
    let years = WeekYears {
        pattern: Pattern::FourFourFive,
        end: YearEnd::last(Weekday::Saturday, 1).unwrap(),
    };
    let anchored = |calendar: Calendar, day: &str| calendar.with_two_weeks_from(d(day));
    let (monday, of_weeks) = (
        anchored(weeks(Weekday::Monday), "2026-01-05"),
        anchored(Calendar::of_weeks(years), "2026-02-01"),
    );
    for calendar in [
        monday,
        monday.cut_at_month_ends(),
        of_weeks,
        of_weeks.cut_at_month_ends(),
    ] {
        for shorter in Cadence::ALL {
            for longer in Cadence::ALL {
                let all = calendar.periods(d("2024-01-01"), d("2032-12-31"), *shorter);
                let nests = all.iter().all(|own| {
                    let around = calendar.period_of(own.start(), *longer);
                    around.contains_period(own)
                });
                assert_eq!(
                    calendar.nests(*shorter, *longer),
                    nests,
                    "{calendar:?} {shorter} {longer}"
                );
            }
        }
    }
    assert!(Calendar::calendar_year().has(Cadence::Month));
    assert!(!Calendar::calendar_year().has(Cadence::Week));
    assert!(Calendar::of_weeks(years).has(Cadence::Week));
    assert!(!Calendar::of_weeks(years).has(Cadence::TwoWeeks));
}

/// Labels sort like the periods they name, within one length of time.
#[test]
fn labels_sort_by_time() {
    let calendar = weeks(Weekday::Monday)
        .with_two_weeks_from(d("2026-01-05"))
        .cut_at_month_ends();
    for cadence in [Cadence::Week, Cadence::TwoWeeks] {
        let all = calendar.periods(d("2019-01-01"), d("2031-12-31"), cadence);
        let labels: Vec<String> = all.iter().map(|period| calendar.label(period)).collect();
        assert!(labels.is_sorted());
        assert!(
            labels
                .iter()
                .all(|label| label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
        );
    }
}
