//! Dates and periods. Days are counted a second time here, one after the other from 1900-01-01 with
//! the lengths of the months, and every answer about a date is compared with that list.

use paycurve::base::{Cadence, Calendar, Date, Period, PeriodFault};

fn d(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|| panic!("{text} is a date"))
}

fn fiscal(month: u32) -> Calendar {
    Calendar::fiscal_from(month).unwrap()
}

fn span(period: &Period) -> String {
    format!("{} {}", period.start(), period.end())
}

fn month_length(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Every day from 1900 through 2200, in order.
fn all_days() -> Vec<(i32, u32, u32)> {
    let mut days = Vec::new();
    for year in 1900..=2200 {
        for month in 1..=12 {
            days.extend((1..=month_length(year, month)).map(|day| (year, month, day)));
        }
    }
    days
}

#[test]
fn every_date_there_is() {
    let days = all_days();
    let epoch = days.iter().position(|day| *day == (1970, 1, 1)).unwrap();
    let epoch = i32::try_from(epoch).unwrap();
    for (at, &(year, month, day)) in days.iter().enumerate() {
        let count = i32::try_from(at).unwrap() - epoch;
        let date = Date::new(year, month, day).unwrap();
        assert_eq!(date.days(), count);
        assert_eq!(Date::from_days(count), Some(date));
        assert_eq!((date.year(), date.month(), date.day()), (year, month, day));
        let text = format!("{year:04}-{month:02}-{day:02}");
        assert_eq!(date.to_string(), text);
        assert_eq!(Date::parse(&text), Some(date));
    }
    assert_eq!((Date::MIN, Date::MAX), (d("1900-01-01"), d("2200-12-31")));
    assert_eq!(Date::from_days(Date::MIN.days() - 1), None);
    assert_eq!(Date::from_days(Date::MAX.days() + 1), None);
    assert_eq!(Date::MAX.add_days(1), None);
    assert_eq!(Date::MAX.add_days(i32::MAX), None);
    assert_eq!(d("2026-12-31").add_days(1), Some(d("2027-01-01")));
    assert_eq!(d("2026-03-01").add_days(-1), Some(d("2026-02-28")));
}

#[test]
fn iso_dates_only() {
    for text in [
        "",
        "2026-3-31",
        "2026/03/31",
        "31.03.2026",
        "7/1/26",
        "20260331",
        "2026-03-31 ",
        " 2026-03-31",
        "2026-03-31T00:00:00",
        "2026-02-29",
        "2026-04-31",
        "2026-00-10",
        "2026-13-01",
        "2026-01-00",
        "1899-12-31",
        "2201-01-01",
        "+026-01-01",
        "2026-+1-01",
        "２０２６-01-01",
        "-026-01-01",
    ] {
        assert_eq!(Date::parse(text), None, "{text}");
    }
    assert_eq!(Date::parse_bytes(b"2024-02-29"), Some(d("2024-02-29")));
    assert_eq!(Date::parse_bytes(b"2024-02-2\xff"), None);
    assert_eq!(Date::new(2026, u32::MAX, 1), None);
    assert_eq!(Date::new(i32::MIN, 1, 1), None);
}

#[test]
fn months_end_where_they_end() {
    for (from, months, to) in [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-11-15", 2, "2027-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-05-20", 0, "2026-05-20"),
        ("2026-01-01", -1, "2025-12-01"),
    ] {
        assert_eq!(d(from).add_months(months), Some(d(to)), "{from} {months}");
    }
    assert_eq!(Date::MAX.add_months(1), None);
    assert_eq!(Date::MIN.add_months(-1), None);
    assert_eq!(Date::MIN.add_months(i32::MAX), None);
    assert_eq!(Date::MIN.add_months(i32::MIN), None);
}

#[test]
fn periods_of_a_calendar_year() {
    let calendar = Calendar::calendar_year();
    let date = d("2026-05-15");
    for (cadence, days, label, count) in [
        (Cadence::Month, "2026-05-01 2026-05-31", "2026-05", 31),
        (Cadence::Quarter, "2026-04-01 2026-06-30", "2026-Q2", 91),
        (Cadence::Half, "2026-01-01 2026-06-30", "2026-H1", 181),
        (Cadence::Year, "2026-01-01 2026-12-31", "2026", 365),
    ] {
        let period = calendar.period_of(date, cadence);
        assert_eq!(span(&period), days);
        assert_eq!(calendar.label(&period), label);
        assert_eq!((period.days(), period.cadence()), (count, cadence));
        assert_eq!(calendar.parse_period(label), Ok(period));
    }
}

#[test]
fn a_year_from_february() {
    let calendar = fiscal(2);
    // FY2026 is named by its last day, 2026-01-31.
    for (text, days) in [
        ("FY2026", "2025-02-01 2026-01-31"),
        ("FY2026-Q1", "2025-02-01 2025-04-30"),
        ("FY2026-Q4", "2025-11-01 2026-01-31"),
        ("FY2026-H2", "2025-08-01 2026-01-31"),
        ("FY2026-P01", "2025-02-01 2025-02-28"),
        ("FY2026-P12", "2026-01-01 2026-01-31"),
        ("2026-01", "2026-01-01 2026-01-31"),
    ] {
        let period = calendar.parse_period(text).unwrap();
        assert_eq!(span(&period), days, "{text}");
        assert_eq!(calendar.parse_period(&calendar.label(&period)), Ok(period));
    }
    let january = calendar.period_of(d("2026-01-10"), Cadence::Quarter);
    assert_eq!(calendar.label(&january), "FY2026-Q4");
    assert_eq!(
        calendar.label(&calendar.parse_period("FY2026-P03").unwrap()),
        "2025-04"
    );

    let fault = calendar.parse_period("2026-Q2").unwrap_err();
    assert_eq!(
        fault.to_string(),
        "the calendar has no such period; `FY2026-Q2` is 2025-05-01 through 2025-07-31"
    );
    for text in ["2026", "2026-H1", "2026-Q1"] {
        let fault = calendar.parse_period(text).unwrap_err();
        assert!(matches!(fault, PeriodFault::Other { .. }), "{text}");
    }
}

#[test]
fn calendar_words_under_other_years() {
    // A year from April has the same quarters under other names.
    let april = fiscal(4);
    let period = april.parse_period("2026-Q2").unwrap();
    assert_eq!(span(&period), "2026-04-01 2026-06-30");
    assert_eq!(april.label(&period), "FY2027-Q1");
    assert_eq!(april.parse_period("FY2027-Q1"), Ok(period));
    assert!(matches!(
        april.parse_period("2026-H1"),
        Err(PeriodFault::Other { .. })
    ));
    // A year from July has the same halves as well.
    let july = fiscal(7);
    assert_eq!(
        july.label(&july.parse_period("2026-H1").unwrap()),
        "FY2026-H2"
    );
    assert!(matches!(
        july.parse_period("2026"),
        Err(PeriodFault::Other { .. })
    ));
    // In a January year, both names are one period, and the shorter one is printed.
    let january = Calendar::calendar_year();
    assert_eq!(
        january.parse_period("FY2026-Q1"),
        january.parse_period("2026-Q1")
    );
    assert_eq!(
        january.label(&january.parse_period("FY2026").unwrap()),
        "2026"
    );
    assert_eq!(fiscal(1), january);
}

#[test]
fn not_periods() {
    let calendar = Calendar::calendar_year();
    for text in [
        "",
        "FY",
        "26",
        "2026-",
        "2026-Q0",
        "2026-Q5",
        "2026-Q",
        "2026-q2",
        "2026-H3",
        "2026-00",
        "2026-13",
        "2026-3",
        "2026-P03",
        "FY2026-03",
        "FY2026-P13",
        "FY2026-P1",
        "fy2026",
        "FY 2026",
        "2026-Q02",
        "2026-03-31",
        "2026-é",
        "Q2-2026",
        "2026/Q2",
        "2026-W7",
        "2026-W00",
        "2026-W54",
        "2026-W07-",
        "2026-W07-C",
        "2026-W07-a",
        "2026-Q1-A",
        "2026-03-A",
        "2026-W07-08",
        "2026-W07-W08-W09",
        "2026-W07-W08-A-B",
    ] {
        assert_eq!(
            calendar.parse_period(text),
            Err(PeriodFault::NotAPeriod),
            "{text}"
        );
    }
    assert_eq!(calendar.parse_period("2026-W07"), Err(PeriodFault::NoWeeks));
    assert_eq!(calendar.parse_period("0000"), Err(PeriodFault::OutOfRange));
    assert_eq!(
        calendar.parse_period("2201-01"),
        Err(PeriodFault::OutOfRange)
    );
    assert_eq!(
        fiscal(2).parse_period("FY1900"),
        Err(PeriodFault::OutOfRange)
    );
    assert!(calendar.parse_period("2200-12").is_ok() && calendar.parse_period("1900").is_ok());
    assert_eq!(
        (Calendar::fiscal_from(0), Calendar::fiscal_from(13)),
        (None, None)
    );
}

#[test]
fn every_day_lies_in_one_period_of_every_calendar() {
    for start in 1..=12 {
        let calendar = fiscal(start);
        for cadence in Cadence::ALL.iter().filter(|own| own.months().is_some()) {
            let mut period = calendar.period_of(d("2019-01-01"), *cadence);
            let mut date = d("2019-01-01");
            while date <= d("2029-12-31") {
                if date > period.end() {
                    let next = calendar.next(&period);
                    assert_eq!(next.start().days(), period.end().days() + 1);
                    assert_eq!(calendar.previous(&next), period);
                    assert_eq!(calendar.parse_period(&calendar.label(&next)), Ok(next));
                    period = next;
                }
                assert!(period.contains(date));
                assert_eq!(calendar.period_of(date, *cadence), period, "{date}");
                let month = calendar.period_of(date, Cadence::Month);
                assert!(period.contains_period(&month));
                assert_eq!(calendar.window_start(&month, *cadence), period.start());
                date = date.add_days(1).unwrap();
            }
            let months = i32::try_from(period.start().month() + 12 - start).unwrap();
            assert_eq!(
                months % cadence.months().unwrap(),
                0,
                "periods start at multiples of their length"
            );
        }
    }
}

#[test]
fn periods_that_touch_a_range() {
    let calendar = fiscal(2);
    let labels = |from: &str, through: &str, cadence| -> Vec<String> {
        let periods = calendar.periods(d(from), d(through), cadence);
        periods
            .iter()
            .map(|period| calendar.label(period))
            .collect()
    };
    assert_eq!(
        labels("2026-01-31", "2026-05-01", Cadence::Quarter),
        ["FY2026-Q4", "FY2027-Q1", "FY2027-Q2"]
    );
    assert_eq!(
        labels("2026-02-01", "2026-04-30", Cadence::Quarter),
        ["FY2027-Q1"]
    );
    assert_eq!(
        labels("2026-02-15", "2026-02-15", Cadence::Year),
        ["FY2027"]
    );
    assert_eq!(
        labels("2026-02-15", "2026-02-14", Cadence::Month),
        [] as [&str; 0]
    );
    let all = calendar.periods(Date::MIN, Date::MAX, Cadence::Month);
    assert_eq!(all.len(), 301 * 12);
    // The first and the last fiscal year reach beyond the range.
    let years = calendar.periods(Date::MIN, Date::MAX, Cadence::Year);
    assert_eq!(years.len(), 302);
    assert_eq!(span(&years[0]), "1899-02-01 1900-01-31");
    assert_eq!(span(&years[301]), "2200-02-01 2201-01-31");
}

#[test]
fn windows_to_date() {
    let calendar = fiscal(2);
    let june = calendar.parse_period("2026-06").unwrap();
    assert_eq!(
        calendar.window_start(&june, Cadence::Quarter),
        d("2026-05-01")
    );
    assert_eq!(calendar.window_start(&june, Cadence::Half), d("2026-02-01"));
    assert_eq!(calendar.window_start(&june, Cadence::Year), d("2026-02-01"));
    let quarter = calendar.parse_period("FY2027-Q2").unwrap();
    assert_eq!(
        calendar.window_start(&quarter, Cadence::Month),
        quarter.start()
    );
}

#[test]
fn order_is_by_start_then_length() {
    let calendar = Calendar::calendar_year();
    let of = |text: &str| calendar.parse_period(text).unwrap();
    let ordered = [
        of("2025-12"),
        of("2026-01"),
        of("2026-Q1"),
        of("2026-H1"),
        of("2026"),
        of("2026-02"),
    ];
    assert!(ordered.is_sorted());
    assert!(of("2026").contains_period(&of("2026-H2")));
    assert!(!of("2026-H2").contains_period(&of("2026")));
    // A period of another calendar has no name here, so its days stand for it.
    assert_eq!(
        calendar.label(&fiscal(2).parse_period("FY2026").unwrap()),
        "2025-02-01 through 2026-01-31"
    );
}

#[test]
fn cadences_by_word() {
    for cadence in Cadence::ALL {
        assert_eq!(Cadence::from_words(cadence.words()), Some(*cadence));
    }
    assert_eq!(Cadence::from_words("day"), None);
    assert!(Cadence::ALL.is_sorted());
}

/// Days and the months between them by hand: a month is over on the same day of the next, or on its last where it is too
/// short.
#[test]
fn months_that_have_passed() {
    for (earlier, later, passed) in [
        ("2026-01-10", "2026-01-10", Some(0)),
        ("2026-01-10", "2026-01-09", None),
        ("2026-01-10", "2026-02-09", Some(0)),
        ("2026-01-10", "2026-02-10", Some(1)),
        ("2026-01-31", "2026-02-27", Some(0)),
        ("2026-01-31", "2026-02-28", Some(1)),
        ("2028-01-31", "2028-02-28", Some(0)),
        ("2026-01-31", "2026-03-30", Some(1)),
        ("2026-02-28", "2026-03-28", Some(1)),
        ("2025-12-15", "2026-01-14", Some(0)),
        ("2025-12-15", "2027-01-15", Some(13)),
        ("2024-02-29", "2025-02-28", Some(12)),
    ] {
        let found = d(later).months_since(d(earlier));
        assert_eq!(found, passed, "{earlier} to {later}");
    }
}

/// A month after another, until the next would begin too late.
#[test]
fn months_passed_are_months_that_can_be_added() {
    let first = d("2027-11-25");
    for begun in 0..40 {
        let earlier = first.add_days(begun).unwrap();
        for days in 0..500 {
            let later = earlier.add_days(days).unwrap();
            let all = (1..).take_while(|months| earlier.add_months(*months).unwrap() <= later);
            let passed = i32::try_from(all.count()).unwrap();
            assert_eq!(
                later.months_since(earlier),
                Some(passed),
                "{earlier} to {later}"
            );
        }
    }
}
