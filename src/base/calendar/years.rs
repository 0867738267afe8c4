//! The two ways to make years: of the calendar's months, or of whole weeks.
//!
//! Both count their months without gaps, so that quarters, halves and years are the same arithmetic on that count.

use crate::base::calendar::date::{Date, Weekday, first_of_month, month_index};

/// How many weeks the three months of a quarter have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// `4-4-5`
    FourFourFive,
    /// `4-5-4`
    FourFiveFour,
    /// `5-4-4`
    FiveFourFour,
}

/// The day on which years of weeks end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Close {
    /// The last such day of the week in a month, 1 to 12.
    Last(u8),
    /// The one nearest to a day of a month, 1 to 12.
    Nearest(u8, u8),
}

/// The last day of each year of weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct YearEnd {
    weekday: Weekday,
    close: Close,
}

/// Years of 52 or 53 whole weeks. The 53rd belongs to the last month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeekYears {
    /// The weeks of the months of each quarter.
    pub pattern: Pattern,
    /// When they end.
    pub end: YearEnd,
}

/// How a calendar makes its months and years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::base::calendar) enum Years {
    /// The calendar's months; years from the first of this one, 1 to 12.
    OfMonths(u8),
    /// Months and years of whole weeks.
    OfWeeks(WeekYears),
}

impl Pattern {
    /// All three.
    pub const ALL: [Pattern; 3] = [
        Pattern::FourFourFive,
        Pattern::FourFiveFour,
        Pattern::FiveFourFour,
    ];

    /// As plans write it: `4-4-5`.
    pub fn words(self) -> &'static str {
        match self {
            Pattern::FourFourFive => "4-4-5",
            Pattern::FourFiveFour => "4-5-4",
            Pattern::FiveFourFour => "5-4-4",
        }
    }

    /// Weeks of a quarter before its second and before its third month.
    fn weeks_before(self) -> [i32; 2] {
        match self {
            Pattern::FourFourFive => [4, 8],
            Pattern::FourFiveFour => [4, 9],
            Pattern::FiveFourFour => [5, 9],
        }
    }
}

impl YearEnd {
    /// On the last such day of the week in a month, 1 to 12.
    pub fn last(weekday: Weekday, month: u32) -> Option<YearEnd> {
        let month = u8::try_from(month).ok().filter(|m| (1..=12).contains(m))?;
        let close = Close::Last(month);
        Some(YearEnd { weekday, close })
    }

    /// On the one nearest to a day that every year has.
    pub fn nearest(weekday: Weekday, month: u32, day: u32) -> Option<YearEnd> {
        const NO_LEAP_YEAR: i32 = 2025;
        Date::new(NO_LEAP_YEAR, month, day)?;
        let close = Close::Nearest(u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        Some(YearEnd { weekday, close })
    }

    /// The day of the week.
    pub fn weekday(&self) -> Weekday {
        self.weekday
    }

    /// The day of a calendar year that the end keeps to. Its year names the year of weeks.
    fn aim(&self, year: i32) -> Date {
        match self.close {
            Close::Last(month) => first_of_month(year * 12 + i32::from(month)).shift(-1),
            Close::Nearest(month, day) => {
                first_of_month(year * 12 + i32::from(month) - 1).shift(i32::from(day) - 1)
            }
        }
    }

    /// The last day of the year of weeks of this name.
    fn of(&self, year: i32) -> Date {
        let aim = self.aim(year);
        match self.close {
            Close::Last(_) => aim.back_to(self.weekday),
            Close::Nearest(..) => aim.shift(3).back_to(self.weekday),
        }
    }
}

impl WeekYears {
    fn start(&self, year: i32) -> Date {
        self.end.of(year - 1).shift(1)
    }

    /// Year and week, both as in `FY2026-W07`.
    fn week_of(&self, date: Date) -> (i32, i32) {
        // A year ends at most three days outside the calendar year that names it.
        let near = date.year();
        let year = (near - 1..=near)
            .find(|year| date <= self.end.of(*year))
            .unwrap_or(near + 1);
        (year, (date.days() - self.start(year).days()) / 7 + 1)
    }

    fn month_of(&self, date: Date) -> i32 {
        let (year, week) = self.week_of(date);
        let weeks = week - 1;
        let quarter = (weeks / 13).min(3);
        let before = self.pattern.weeks_before();
        let done = before.iter().filter(|b| **b <= weeks - quarter * 13);
        let month = quarter * 3 + i32::try_from(done.count()).unwrap_or(0);
        year * 12 + month
    }

    fn first_of_month(&self, index: i32) -> Date {
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12));
        let [second, third] = self.pattern.weeks_before();
        let within = match month % 3 {
            0 => 0,
            1 => second,
            _ => third,
        };
        self.start(year).shift((month / 3 * 13 + within) * 7)
    }
}

impl Years {
    /// The number of the month in which a day lies.
    pub(in crate::base::calendar) fn month_of(&self, date: Date) -> i32 {
        match self {
            Years::OfMonths(_) => month_index(date),
            Years::OfWeeks(years) => years.month_of(date),
        }
    }

    /// The first day of the month of this number.
    pub(in crate::base::calendar) fn first_of_month(&self, index: i32) -> Date {
        match self {
            Years::OfMonths(_) => first_of_month(index),
            Years::OfWeeks(years) => years.first_of_month(index),
        }
    }

    /// The first month of the so many in which the one of this number lies, counted from the start of a year.
    pub(in crate::base::calendar) fn floor(&self, index: i32, months: i32) -> i32 {
        let offset = match self {
            Years::OfMonths(start) => i32::from(*start) - 1,
            Years::OfWeeks(_) => 0,
        };
        (index - offset).div_euclid(months) * months + offset
    }

    /// The number of the first month of the year that ends in this calendar year.
    pub(in crate::base::calendar) fn year(&self, ends_in: i32) -> i32 {
        self.floor(ends_in * 12, 12)
    }

    /// The calendar year in which the year with this first month ends.
    pub(in crate::base::calendar) fn ends_in(&self, first_month: i32) -> i32 {
        // For a start in January that is the same year.
        (first_month + 11).div_euclid(12)
    }

    /// Whether years begin in the calendar year before the one they end in.
    pub(in crate::base::calendar) fn cross_new_year(&self) -> bool {
        match self {
            Years::OfMonths(start) => *start != 1,
            Years::OfWeeks(years) => {
                let after = years.end.aim(2025).shift(1);
                after.year() == 2025
            }
        }
    }

    /// Year and number of a week of years of weeks: the year it ends in, and which one from 1.
    pub(in crate::base::calendar) fn week_of(&self, first_day: Date) -> (i32, i32) {
        match self {
            Years::OfWeeks(years) => years.week_of(first_day),
            // The year that has at least four of its days.
            Years::OfMonths(_) => {
                let middle = first_day.shift(3);
                let year = middle.year();
                let day = middle.days() - first_of_month(year * 12).days();
                (year, day / 7 + 1)
            }
        }
    }

    /// A day of the first week of the year that ends in this calendar year.
    pub(in crate::base::calendar) fn in_first_week(&self, ends_in: i32) -> Date {
        match self {
            Years::OfWeeks(years) => years.start(ends_in),
            Years::OfMonths(_) => first_of_month(ends_in * 12).shift(3),
        }
    }
}
