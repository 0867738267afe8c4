//! Days and the names of the days of a week.
//!
//! The only file that names `jiff`, which knows the lengths of months and leap years. A date is kept
//! as a count of days, so that comparing, hashing and counting cost one integer operation.

use std::fmt;

use jiff::civil;

/// A day, from 1900 through 2200 wherever it comes from outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A day of the week. Ordered from Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Monday
    Monday,
    /// Tuesday
    Tuesday,
    /// Wednesday
    Wednesday,
    /// Thursday
    Thursday,
    /// Friday
    Friday,
    /// Saturday
    Saturday,
    /// Sunday
    Sunday,
}

/// The names of the months, from January.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const YEAR_MIN: i32 = 1900;
const YEAR_MAX: i32 = 2200;
const EPOCH: civil::Date = civil::date(1970, 1, 1);

impl Date {
    /// 1900-01-01, the first date there is.
    pub const MIN: Date = Date(-25_567);
    /// 2200-12-31, the last date there is.
    pub const MAX: Date = Date(84_370);

    /// The day of a year, month and day, if there is such a day from 1900 through 2200.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(YEAR_MIN..=YEAR_MAX).contains(&year) {
            return None;
        }
        let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
        civil::Date::new(year, month, i8::try_from(day).ok()?)
            .ok()
            .map(Date::from_civil)
    }

    /// Reads `2026-03-31`, and nothing else: other orders can be read in two ways.
    pub fn parse(text: &str) -> Option<Date> {
        Date::parse_bytes(text.as_bytes())
    }

    /// [`Date::parse`] for a cell of a file that is not known to be text yet.
    pub fn parse_bytes(bytes: &[u8]) -> Option<Date> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else {
            return None;
        };
        let year = number(&[*y1, *y2, *y3, *y4])?;
        Date::new(
            i32::try_from(year).ok()?,
            number(&[*m1, *m2])?,
            number(&[*d1, *d2])?,
        )
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.civil().year().into()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.civil().month().unsigned_abs().into()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        self.civil().day().unsigned_abs().into()
    }

    /// Days since 1970-01-01; earlier ones are negative.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The day this many days after 1970-01-01.
    pub fn from_days(days: i32) -> Option<Date> {
        (Date::MIN.0..=Date::MAX.0)
            .contains(&days)
            .then_some(Date(days))
    }

    /// This many days later, or earlier when negative.
    pub fn add_days(self, days: i32) -> Option<Date> {
        Date::from_days(self.0.checked_add(days)?)
    }

    /// The same day this many months later, or earlier when negative; the last day of the month
    /// where that month is too short: 2026-01-31 and one month is 2026-02-28.
    pub fn add_months(self, months: i32) -> Option<Date> {
        let first = first_of_month(month_index(self).checked_add(months)?);
        let last = first.civil().last_of_month().day().unsigned_abs();
        Date::new(first.year(), first.month(), self.day().min(last.into()))
    }

    /// How many months have passed since an earlier day, as [`Date::add_months`] counts them: none yet on the day itself;
    /// `None` where that day is still to come.
    pub fn months_since(self, earlier: Date) -> Option<i32> {
        if self < earlier {
            return None;
        }
        let begun = month_index(self) - month_index(earlier);
        let is_over = earlier.add_months(begun).is_some_and(|end| end <= self);
        Some(if is_over { begun } else { begun - 1 })
    }

    /// Whether it is one of Monday to Friday.
    pub fn is_weekday(self) -> bool {
        !matches!(self.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        let at = usize::try_from((self.0 + 3).rem_euclid(7)).unwrap_or(0);
        Weekday::ALL.get(at).copied().unwrap_or(Weekday::Monday)
    }

    /// The last such day of the week that is not later.
    pub(in crate::base::calendar) fn back_to(self, weekday: Weekday) -> Date {
        let back = self.weekday() as i32 - weekday as i32;
        self.shift(-back.rem_euclid(7))
    }

    /// This many days later or earlier, also where that is outside the known years: a period at their edge reaches
    /// beyond.
    pub(in crate::base::calendar) fn shift(self, days: i32) -> Date {
        Date(self.0.saturating_add(days))
    }

    /// As people say it: `15 August 2026`.
    pub fn spoken(self) -> String {
        let month = MONTHS.get(self.month() as usize - 1).copied();
        let month = month.unwrap_or("");
        format!("{} {month} {}", self.day(), self.year())
    }

    fn from_civil(date: civil::Date) -> Date {
        let days = date.duration_since(EPOCH).as_hours() / 24;
        // `jiff` ends at year 9999, about three million days away.
        Date(i32::try_from(days).unwrap_or(i32::MAX))
    }

    fn civil(self) -> civil::Date {
        EPOCH.saturating_add(jiff::SignedDuration::from_hours(i64::from(self.0) * 24))
    }
}

impl Weekday {
    /// All seven, from Monday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// As plans write it: `Monday`.
    pub fn word(self) -> &'static str {
        match self {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }

    /// The day after it.
    pub fn next(self) -> Weekday {
        let at = (self as usize + 1) % Weekday::ALL.len();
        Weekday::ALL.get(at).copied().unwrap_or(Weekday::Monday)
    }
}

/// A number of these ASCII digits. They are at most four, so it cannot overflow.
pub(in crate::base::calendar) fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + u32::from(digit - b'0'))
    })
}

/// Months since January of year 0.
pub(in crate::base::calendar) fn month_index(date: Date) -> i32 {
    let date = date.civil();
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// The first day of a month so counted. Total: at the ends of the known calendar, thousands of years from any date of
/// ours, it repeats the last one.
pub(in crate::base::calendar) fn first_of_month(index: i32) -> Date {
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
    let first = match (i16::try_from(year), i8::try_from(month)) {
        (Ok(year), Ok(month)) => civil::Date::new(year, month, 1).ok(),
        _ => None,
    };
    let end = if index < 0 {
        civil::Date::MIN
    } else {
        civil::Date::MAX
    };
    Date::from_civil(first.unwrap_or(end))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.civil();
        f.pad(&format!(
            "{:04}-{:02}-{:02}",
            date.year(),
            date.month(),
            date.day()
        ))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
