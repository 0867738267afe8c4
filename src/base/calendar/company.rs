//! The calendar of a company: which days make a week, a month, a year.

use crate::base::calendar::date::{Date, Weekday};
use crate::base::calendar::period::{Cadence, Period};
use crate::base::calendar::years::{WeekYears, Years};

/// How a company cuts time into periods. Every day lies in exactly one period of each length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Calendar {
    pub(in crate::base::calendar) years: Years,
    /// Whether a year is named by the calendar year it starts in, not by the one it ends in.
    named_by_start: bool,
    weeks_start: Option<Weekday>,
    /// The first day of some two-week period.
    two_weeks_from: Option<Date>,
    cut: bool,
}

impl Calendar {
    /// Years from January through December.
    pub fn calendar_year() -> Calendar {
        Calendar::new(Years::OfMonths(1))
    }

    /// Years from the first of `month` (1 to 12).
    pub fn fiscal_from(month: u32) -> Option<Calendar> {
        let start = u8::try_from(month).ok()?;
        (1..=12)
            .contains(&start)
            .then_some(Calendar::new(Years::OfMonths(start)))
    }

    /// Years, and months, of whole weeks.
    pub fn of_weeks(years: WeekYears) -> Calendar {
        Calendar::new(Years::OfWeeks(years))
    }

    fn new(years: Years) -> Calendar {
        Calendar {
            years,
            named_by_start: false,
            weeks_start: None,
            two_weeks_from: None,
            cut: false,
        }
    }

    /// The same, its years named by the calendar year they start in.
    pub fn named_by_start(self) -> Calendar {
        Calendar {
            named_by_start: true,
            ..self
        }
    }

    /// The same with weeks that start on this day. Years of weeks say that themselves.
    pub fn with_weeks_from(self, weekday: Weekday) -> Calendar {
        Calendar {
            weeks_start: Some(weekday),
            ..self
        }
    }

    /// The same with two-week periods, of which one starts on this day: the first of a week.
    pub fn with_two_weeks_from(self, first_day: Date) -> Calendar {
        Calendar {
            two_weeks_from: Some(first_day),
            ..self
        }
    }

    /// The same with weeks, and two weeks, that end where a month ends: one across two months is two periods.
    pub fn cut_at_month_ends(self) -> Calendar {
        Calendar { cut: true, ..self }
    }

    /// The day on which weeks start, where the calendar says so.
    pub fn weeks_start(&self) -> Option<Weekday> {
        match self.years {
            Years::OfWeeks(years) => Some(years.end.weekday().next()),
            Years::OfMonths(_) => self.weeks_start,
        }
    }

    /// Whether it has periods of this length. Asked for one that it has not, it answers as if weeks started on Mondays
    /// and two weeks on the first day of 1900, a Monday.
    pub fn has(&self, cadence: Cadence) -> bool {
        match cadence {
            Cadence::Week => self.weeks_start().is_some(),
            Cadence::TwoWeeks => self.two_weeks_from.is_some(),
            _ => true,
        }
    }

    /// Whether its months are made of whole weeks.
    pub fn is_of_weeks(&self) -> bool {
        matches!(self.years, Years::OfWeeks(_))
    }

    /// Whether each period of the first length lies in exactly one of the second.
    pub fn nests(&self, shorter: Cadence, longer: Cadence) -> bool {
        if shorter > longer {
            return false;
        }
        match (shorter, longer) {
            (Cadence::Week | Cadence::TwoWeeks, Cadence::Week | Cadence::TwoWeeks) => true,
            (Cadence::Week, _) => self.cut || self.is_of_weeks(),
            (Cadence::TwoWeeks, _) => self.cut,
            _ => true,
        }
    }

    /// The period of this length that the day belongs to.
    pub fn period_of(&self, date: Date, cadence: Cadence) -> Period {
        match cadence.months() {
            Some(months) => {
                let first = self.years.floor(self.years.month_of(date), months);
                self.of_months(first, months, cadence)
            }
            None => self.part_of_weeks(date, cadence),
        }
    }

    /// The period after this one.
    pub fn next(&self, period: &Period) -> Period {
        self.period_of(period.end().shift(1), period.cadence())
    }

    /// The period before this one.
    pub fn previous(&self, period: &Period) -> Period {
        self.period_of(period.start().shift(-1), period.cadence())
    }

    /// The period this many periods earlier.
    pub fn earlier(&self, period: &Period, count: i32) -> Period {
        match period.cadence().months() {
            Some(months) => {
                let index = self.years.month_of(period.start());
                let first = index.saturating_sub(months.saturating_mul(count));
                let first = self.years.floor(first, months);
                self.of_months(first, months, period.cadence())
            }
            None => (0..count).fold(*period, |period, _| self.previous(&period)),
        }
    }

    /// The same period of the year before; of a week, which not every year has, the one 52 weeks before.
    pub fn year_before(&self, period: &Period) -> Period {
        match period.cadence().months() {
            Some(months) => self.earlier(period, 12 / months),
            None => self.period_of(period.start().shift(-52 * 7), period.cadence()),
        }
    }

    /// Every period that has a day from `from` through `through`, in order; the first and the last
    /// may reach beyond. None when `through` is before `from`.
    pub fn periods(&self, from: Date, through: Date, cadence: Cadence) -> Vec<Period> {
        let first = (from <= through).then(|| self.period_of(from, cadence));
        std::iter::successors(first, |period| {
            (period.end() < through).then(|| self.next(period))
        })
        .collect()
    }

    /// The first day of the longer window a period lies in, as in `year to date`. A window that is
    /// not longer gives the first day of the period.
    pub fn window_start(&self, period: &Period, window: Cadence) -> Date {
        self.period_of(period.start(), window.max(period.cadence()))
            .start()
    }

    /// So many months from the one of this number.
    pub(in crate::base::calendar) fn of_months(
        &self,
        first: i32,
        months: i32,
        cadence: Cadence,
    ) -> Period {
        let after = self.years.first_of_month(first.saturating_add(months));
        Period::new(self.years.first_of_month(first), after.shift(-1), cadence)
    }

    /// The week, or two weeks, of a day before any month cuts it.
    pub(in crate::base::calendar) fn whole_weeks(&self, date: Date, cadence: Cadence) -> Period {
        let week = date.back_to(self.weeks_start().unwrap_or(Weekday::Monday));
        if cadence == Cadence::Week {
            return Period::new(week, week.shift(6), cadence);
        }
        let a_monday = Date::MIN;
        let from = self.two_weeks_from.unwrap_or(a_monday);
        let into = (date.days() - from.days()).rem_euclid(14);
        Period::new(date.shift(-into), date.shift(13 - into), cadence)
    }

    fn part_of_weeks(&self, date: Date, cadence: Cadence) -> Period {
        let whole = self.whole_weeks(date, cadence);
        if !self.cut {
            return whole;
        }
        let month = self.period_of(date, Cadence::Month);
        let (start, end) = (
            whole.start().max(month.start()),
            whole.end().min(month.end()),
        );
        Period::new(start, end, cadence)
    }

    /// What is added to the name of a year to have the calendar year it ends in.
    pub(in crate::base::calendar) fn name_to_end(&self) -> i32 {
        i32::from(self.named_by_start && self.years.cross_new_year())
    }
}
