//! Dates without clocks, and the periods a fiscal calendar cuts them into.
//!
//! The only file that names `jiff`, which knows the lengths of months and leap years. A date is kept
//! as a count of days, so that comparing, hashing and counting cost one integer operation.

use std::fmt;

use jiff::civil;

/// A day, from 1900 through 2200 wherever it comes from outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// How long a period is. Ordered from short to long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadence {
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// Twelve months.
    Year,
}

/// Which month a company's year starts in. Months are always calendar months; quarters, halves and
/// years are counted from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Calendar {
    fiscal_start: u8,
}

/// A month, quarter, half or year of some calendar. Ordered by first day, then from short to long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    start: Date,
    cadence: Cadence,
    end: Date,
}

/// Why a text is not a period of this calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodFault {
    /// It has none of the known forms.
    NotAPeriod,
    /// A week, which is not a period of any plan.
    Week,
    /// It reaches outside the years 1900 through 2200.
    OutOfRange,
    /// A calendar quarter, half or year that is none of the fiscal ones.
    NotFiscal {
        /// The period that is probably meant, as one writes it.
        label: String,
        /// That period, so that its days can be shown.
        period: Period,
    },
}

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

    fn from_civil(date: civil::Date) -> Date {
        let days = date.duration_since(EPOCH).as_hours() / 24;
        // `jiff` ends at year 9999, about three million days away.
        Date(i32::try_from(days).unwrap_or(i32::MAX))
    }

    fn civil(self) -> civil::Date {
        EPOCH.saturating_add(jiff::SignedDuration::from_hours(i64::from(self.0) * 24))
    }
}

impl Cadence {
    /// Every cadence, from short to long.
    pub const ALL: &[Cadence] = &[
        Cadence::Month,
        Cadence::Quarter,
        Cadence::Half,
        Cadence::Year,
    ];

    /// How many months.
    pub fn months(self) -> u32 {
        match self {
            Cadence::Month => 1,
            Cadence::Quarter => 3,
            Cadence::Half => 6,
            Cadence::Year => 12,
        }
    }

    /// As plans write it: `month`.
    pub fn words(self) -> &'static str {
        match self {
            Cadence::Month => "month",
            Cadence::Quarter => "quarter",
            Cadence::Half => "half",
            Cadence::Year => "year",
        }
    }

    /// The cadence of this exact word.
    pub fn from_words(words: &str) -> Option<Cadence> {
        Cadence::ALL
            .iter()
            .copied()
            .find(|cadence| cadence.words() == words)
    }

    fn month_count(self) -> i32 {
        i32::try_from(self.months()).unwrap_or(1)
    }
}

impl Period {
    /// The first day.
    pub fn start(&self) -> Date {
        self.start
    }

    /// The last day; it belongs to the period.
    pub fn end(&self) -> Date {
        self.end
    }

    /// Month, quarter, half or year.
    pub fn cadence(&self) -> Cadence {
        self.cadence
    }

    /// How many days, counting the first and the last.
    pub fn days(&self) -> i32 {
        self.end.0 - self.start.0 + 1
    }

    /// Whether the day is one of its days.
    pub fn contains(&self, date: Date) -> bool {
        self.start <= date && date <= self.end
    }

    /// Whether every day of `other` is one of its days; a period contains itself.
    pub fn contains_period(&self, other: &Period) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// `cadence` long, from the month with this index. Total: at the ends of the known calendar,
    /// thousands of years from any date of ours, it repeats the last period.
    fn from_index(index: i32, cadence: Cadence) -> Period {
        let start = first_of_month(index);
        let after = first_of_month(index.saturating_add(cadence.month_count()));
        Period {
            start,
            cadence,
            end: Date(after.0 - 1),
        }
    }
}

impl Calendar {
    /// Years from January through December.
    pub fn calendar_year() -> Calendar {
        Calendar { fiscal_start: 1 }
    }

    /// Years from the first of `month` (1 to 12).
    pub fn fiscal_from(month: u32) -> Option<Calendar> {
        let fiscal_start = u8::try_from(month).ok()?;
        (1..=12)
            .contains(&fiscal_start)
            .then_some(Calendar { fiscal_start })
    }

    /// The month a year starts in, 1 to 12.
    pub fn fiscal_start(&self) -> u32 {
        self.fiscal_start.into()
    }

    /// The period of this length that the day belongs to.
    pub fn period_of(&self, date: Date, cadence: Cadence) -> Period {
        Period::from_index(self.floor(month_index(date), cadence), cadence)
    }

    /// The period after this one.
    pub fn next(&self, period: &Period) -> Period {
        let index = self.floor(month_index(period.start), period.cadence);
        Period::from_index(index + period.cadence.month_count(), period.cadence)
    }

    /// The period before this one.
    pub fn previous(&self, period: &Period) -> Period {
        self.earlier(period, 1)
    }

    /// The period this many periods earlier.
    pub fn earlier(&self, period: &Period, count: i32) -> Period {
        let index = self.floor(month_index(period.start), period.cadence);
        let months = period.cadence.month_count().saturating_mul(count);
        Period::from_index(index.saturating_sub(months), period.cadence)
    }

    /// The same period of the year before.
    pub fn year_before(&self, period: &Period) -> Period {
        self.earlier(period, 12 / period.cadence.month_count())
    }

    /// Every period that has a day from `from` through `through`, in order; the first and the last
    /// may reach beyond. None when `through` is before `from`.
    pub fn periods(&self, from: Date, through: Date, cadence: Cadence) -> Vec<Period> {
        if through < from {
            return Vec::new();
        }
        let first = self.floor(month_index(from), cadence);
        let last = self.floor(month_index(through), cadence);
        let step = usize::try_from(cadence.months()).unwrap_or(1);
        (first..=last)
            .step_by(step)
            .map(|index| Period::from_index(index, cadence))
            .collect()
    }

    /// The first day of the longer window a period lies in, as in `year to date`. A window that is
    /// not longer gives the first day of the period.
    pub fn window_start(&self, period: &Period, window: Cadence) -> Date {
        self.period_of(period.start, window.max(period.cadence))
            .start
    }

    /// Reads `2026-03`, `2026-Q2`, `2026-H1`, `2026`, `FY2026`, `FY2026-Q2`, `FY2026-H1` or
    /// `FY2026-P03`. A fiscal year is named by the calendar year of its last day. A form without
    /// `FY` means the calendar's own span and is refused where this calendar has no such period.
    pub fn parse_period(&self, text: &str) -> Result<Period, PeriodFault> {
        let (fiscal, rest) = match text.strip_prefix("FY") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (year, part) = match rest.split_once('-') {
            Some((year, part)) => (year, Some(part)),
            None => (rest, None),
        };
        let year = exact_number(year, 4).ok_or(PeriodFault::NotAPeriod)?;
        let (cadence, nth) = part_of_year(part, fiscal)?;
        let year = i32::try_from(year).map_err(|_| PeriodFault::NotAPeriod)?;
        let nth = i32::try_from(nth).map_err(|_| PeriodFault::NotAPeriod)?;

        let within = (nth - 1) * cadence.month_count();
        let as_fiscal = Period::from_index(self.fiscal_year_index(year) + within, cadence);
        let as_written = Period::from_index(year * 12 + within, cadence);
        let period = if fiscal { as_fiscal } else { as_written };
        if period.start < Date::MIN || period.end > Date::MAX {
            return Err(PeriodFault::OutOfRange);
        }
        if period != self.period_of(period.start, cadence) {
            let label = self.label(&as_fiscal);
            return Err(PeriodFault::NotFiscal {
                label,
                period: as_fiscal,
            });
        }
        Ok(period)
    }

    /// The shortest form [`Calendar::parse_period`] reads back: months as `2026-03`, longer ones as
    /// `2026-Q2`, or as `FY2026-Q2` where the year does not start in January. A period of another
    /// calendar has no name in this one and is written as its first and last day.
    pub fn label(&self, period: &Period) -> String {
        let index = month_index(period.start);
        if *period != self.period_of(period.start, period.cadence) {
            return format!("{} through {}", period.start, period.end);
        }
        if period.cadence == Cadence::Month {
            return format!("{:04}-{:02}", period.start.year(), period.start.month());
        }
        let year_start = self.floor(index, Cadence::Year);
        // The last month names the year; for a January start that is the same year.
        let year = (year_start + 11).div_euclid(12);
        let prefix = if self.fiscal_start == 1 { "" } else { "FY" };
        let nth = (index - year_start) / period.cadence.month_count() + 1;
        match period.cadence {
            Cadence::Quarter => format!("{prefix}{year:04}-Q{nth}"),
            Cadence::Half => format!("{prefix}{year:04}-H{nth}"),
            Cadence::Month | Cadence::Year => format!("{prefix}{year:04}"),
        }
    }

    /// The index of the first month of the period that month `index` lies in.
    fn floor(&self, index: i32, cadence: Cadence) -> i32 {
        let offset = i32::from(self.fiscal_start) - 1;
        let months = cadence.month_count();
        (index - offset).div_euclid(months) * months + offset
    }

    /// The index of the first month of the fiscal year that ends in calendar year `year`: the one
    /// that January of that year lies in, whichever month it starts with.
    fn fiscal_year_index(&self, year: i32) -> i32 {
        self.floor(year * 12, Cadence::Year)
    }
}

/// What follows the year: cadence and which one of the year, from 1.
fn part_of_year(part: Option<&str>, fiscal: bool) -> Result<(Cadence, u32), PeriodFault> {
    let Some(part) = part else {
        return Ok((Cadence::Year, 1));
    };
    let (cadence, digits, width, last) = match (part.strip_prefix(['Q', 'H', 'P', 'W']), fiscal) {
        (Some(nth), _) if part.starts_with('Q') => (Cadence::Quarter, nth, 1, 4),
        (Some(nth), _) if part.starts_with('H') => (Cadence::Half, nth, 1, 2),
        (Some(nth), true) if part.starts_with('P') => (Cadence::Month, nth, 2, 12),
        (Some(_), _) if part.starts_with('W') => return Err(PeriodFault::Week),
        (None, false) => (Cadence::Month, part, 2, 12),
        _ => return Err(PeriodFault::NotAPeriod),
    };
    match exact_number(digits, width) {
        Some(nth) if (1..=last).contains(&nth) => Ok((cadence, nth)),
        _ => Err(PeriodFault::NotAPeriod),
    }
}

/// A number of exactly `width` ASCII digits.
fn exact_number(text: &str, width: usize) -> Option<u32> {
    if text.len() == width {
        number(text.as_bytes())
    } else {
        None
    }
}

/// At most four digits, so the number cannot overflow.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + u32::from(digit - b'0'))
    })
}

/// Months since January of year 0.
fn month_index(date: Date) -> i32 {
    let date = date.civil();
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

fn first_of_month(index: i32) -> Date {
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

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

impl fmt::Display for PeriodFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PeriodFault::NotAPeriod => f.write_str(
                "a period is written `2026-03`, `2026-Q2`, `2026-H1`, `2026` or `FY2026-Q2`",
            ),
            PeriodFault::Week => f.write_str("weeks are not periods; write a month, `2026-03`"),
            PeriodFault::OutOfRange => f.write_str("periods lie in the years 1900 through 2200"),
            PeriodFault::NotFiscal { label, period } => write!(
                f,
                "the fiscal calendar has no such period; `{label}` is {} through {}",
                period.start, period.end
            ),
        }
    }
}

impl std::error::Error for PeriodFault {}
