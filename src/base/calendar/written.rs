//! How a period is written, and read back.

use std::fmt;

use crate::base::calendar::company::Calendar;
use crate::base::calendar::date::{Date, number};
use crate::base::calendar::period::{Cadence, Period};
use crate::base::calendar::years::Years;

/// Why a text is not a period of this calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodFault {
    /// It has none of the known forms.
    NotAPeriod,
    /// A week, and the calendar does not say on which day weeks start.
    NoWeeks,
    /// Two weeks, and the calendar does not say when one of its two-week periods starts.
    NoTwoWeeks,
    /// It reaches outside the years 1900 through 2200.
    OutOfRange,
    /// A period that this calendar does not have.
    Other {
        /// The period that is probably meant, as one writes it.
        label: String,
        /// That period, so that its days can be shown.
        period: Period,
    },
    /// Weeks that the end of a month cuts in two.
    Cut {
        /// The parts, as one writes them, with their days.
        parts: Vec<(String, Period)>,
    },
}

/// What a text says, before a calendar is asked.
struct Written {
    fiscal: bool,
    year: i32,
    cadence: Cadence,
    /// Which one of the year, from 1.
    nth: i32,
}

impl Calendar {
    /// Reads `2026-03`, `2026-Q2`, `2026-H1`, `2026`, `FY2026`, `FY2026-Q2`, `FY2026-H1`, `FY2026-P03`, and weeks:
    /// `2026-W07`, `2026-W02-W03`, in years of weeks `FY2026-W07`, and `2026-W05-A` where a month ends inside. A form
    /// without `FY` means the calendar's own span and is refused where this calendar has no such period.
    pub fn parse_period(&self, text: &str) -> Result<Period, PeriodFault> {
        let written = read(text).ok_or(PeriodFault::NotAPeriod)?;
        match written.cadence.months() {
            Some(months) => self.months_written(&written, months),
            None => self.weeks_written(&written, text),
        }
    }

    fn months_written(&self, written: &Written, months: i32) -> Result<Period, PeriodFault> {
        let within = (written.nth - 1) * months;
        let first = self.years.year(written.year + self.name_to_end()) + within;
        let as_fiscal = self.of_months(first, months, written.cadence);
        let is_own = match self.years {
            Years::OfMonths(_) => !written.fiscal,
            Years::OfWeeks(_) => false,
        };
        let period = if is_own {
            self.of_months(written.year * 12 + within, months, written.cadence)
        } else {
            as_fiscal
        };
        in_range(&period)?;
        let exists = period == self.period_of(period.start(), written.cadence);
        if exists && (written.fiscal || !self.is_of_weeks()) {
            return Ok(period);
        }
        Err(PeriodFault::Other {
            label: self.label(&as_fiscal),
            period: as_fiscal,
        })
    }

    fn weeks_written(&self, written: &Written, text: &str) -> Result<Period, PeriodFault> {
        let cadence = written.cadence;
        if !self.has(cadence) {
            return Err(match cadence {
                Cadence::TwoWeeks => PeriodFault::NoTwoWeeks,
                _ => PeriodFault::NoWeeks,
            });
        }
        let ends_in = match self.years {
            Years::OfWeeks(_) => written.year + self.name_to_end(),
            Years::OfMonths(_) => written.year,
        };
        let first = self.years.in_first_week(ends_in);
        let day = first.shift((written.nth - 1) * 7);
        let week = self.whole_weeks(day, Cadence::Week);
        let whole = self.whole_weeks(week.start(), cadence);
        in_range(&whole)?;
        let parts: Vec<(String, Period)> = self
            .periods(whole.start(), whole.end(), cadence)
            .into_iter()
            .map(|part| (self.label(&part), part))
            .collect();
        let found = parts.iter().find(|(label, _)| label == text);
        match (found, parts.as_slice()) {
            (Some((_, part)), _) => Ok(*part),
            (None, [(label, period)]) => Err(PeriodFault::Other {
                label: label.clone(),
                period: *period,
            }),
            (None, _) => Err(PeriodFault::Cut { parts }),
        }
    }

    /// The shortest form [`Calendar::parse_period`] reads back: months as `2026-03`, longer ones as
    /// `2026-Q2`, or as `FY2026-Q2` where the year does not start in January. A period of another
    /// calendar has no name in this one and is written as its first and last day.
    pub fn label(&self, period: &Period) -> String {
        if *period != self.period_of(period.start(), period.cadence()) {
            return format!("{} through {}", period.start(), period.end());
        }
        match (period.cadence(), self.years) {
            (Cadence::Week | Cadence::TwoWeeks, _) => self.label_of_weeks(period),
            (Cadence::Month, Years::OfMonths(_)) => {
                let day = period.start();
                format!("{:04}-{:02}", day.year(), day.month())
            }
            _ => self.label_of_months(period),
        }
    }

    fn label_of_months(&self, period: &Period) -> String {
        let index = self.years.month_of(period.start());
        let year_start = self.years.floor(index, 12);
        let year = self.name_of_year(self.years.ends_in(year_start));
        let within = index - year_start;
        match period.cadence() {
            Cadence::Month => format!("{year}-P{:02}", within + 1),
            Cadence::Quarter => format!("{year}-Q{}", within / 3 + 1),
            Cadence::Half => format!("{year}-H{}", within / 6 + 1),
            Cadence::Year | Cadence::Week | Cadence::TwoWeeks => year,
        }
    }

    fn label_of_weeks(&self, period: &Period) -> String {
        let whole = self.whole_weeks(period.start(), period.cadence());
        let (ends_in, first) = self.years.week_of(whole.start());
        let year = match self.years {
            Years::OfWeeks(_) => self.name_of_year(ends_in),
            Years::OfMonths(_) => format!("{ends_in:04}"),
        };
        let second = match period.cadence() {
            Cadence::TwoWeeks => {
                let (_, second) = self.years.week_of(whole.start().shift(7));
                format!("-W{second:02}")
            }
            _ => String::new(),
        };
        let part = match (whole == *period, whole.start() == period.start()) {
            (true, _) => "",
            (false, true) => "-A",
            (false, false) => "-B",
        };
        format!("{year}-W{first:02}{second}{part}")
    }

    fn name_of_year(&self, ends_in: i32) -> String {
        let prefix = match self.years {
            Years::OfMonths(1) => "",
            _ => "FY",
        };
        format!("{prefix}{:04}", ends_in - self.name_to_end())
    }
}

fn in_range(period: &Period) -> Result<(), PeriodFault> {
    if period.start() < Date::MIN || period.end() > Date::MAX {
        return Err(PeriodFault::OutOfRange);
    }
    Ok(())
}

fn read(text: &str) -> Option<Written> {
    let rest = text.strip_prefix("FY");
    let fiscal = rest.is_some();
    let mut parts = rest.unwrap_or(text).split('-');
    let year = exact_number(parts.next()?, 4)?;
    let parts: Vec<&str> = parts.collect();
    let (cadence, nth) = match parts.as_slice() {
        [] => (Cadence::Year, 1),
        [week, "A" | "B"] | [week] if week.starts_with('W') => (Cadence::Week, a_week(week)?),
        [first, second, "A" | "B"] | [first, second] => {
            a_week(second)?;
            (Cadence::TwoWeeks, a_week(first)?)
        }
        [part] => part_of_year(part, fiscal)?,
        _ => return None,
    };
    Some(Written {
        fiscal,
        year,
        cadence,
        nth,
    })
}

/// A month, quarter or half of a year.
fn part_of_year(part: &str, fiscal: bool) -> Option<(Cadence, i32)> {
    let numbered = |lead: char| part.strip_prefix(lead);
    let (cadence, digits, width, last) = if let Some(nth) = numbered('Q') {
        (Cadence::Quarter, nth, 1, 4)
    } else if let Some(nth) = numbered('H') {
        (Cadence::Half, nth, 1, 2)
    } else if fiscal {
        (Cadence::Month, numbered('P')?, 2, 12)
    } else {
        (Cadence::Month, part, 2, 12)
    };
    let nth = exact_number(digits, width)?;
    (1..=last).contains(&nth).then_some((cadence, nth))
}

fn a_week(part: &str) -> Option<i32> {
    let nth = exact_number(part.strip_prefix('W')?, 2)?;
    (1..=53).contains(&nth).then_some(nth)
}

/// A number of exactly `width` ASCII digits.
fn exact_number(text: &str, width: usize) -> Option<i32> {
    let digits = Some(text.as_bytes()).filter(|digits| digits.len() == width);
    i32::try_from(number(digits?)?).ok()
}

impl fmt::Display for PeriodFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = |label: &str, period: &Period| {
            format!("`{label}` is {} through {}", period.start(), period.end())
        };
        match self {
            PeriodFault::NotAPeriod => f.write_str(
                "a period is written `2026-03`, `2026-Q2`, `2026-H1`, `2026`, `FY2026-Q2` or `2026-W07`",
            ),
            PeriodFault::NoWeeks => f.write_str(
                "the calendar does not say on which day weeks start: `weeks start on Monday`",
            ),
            PeriodFault::NoTwoWeeks => f.write_str(
                "the calendar does not say when two weeks start: `two-week periods from 2026-01-05`",
            ),
            PeriodFault::OutOfRange => f.write_str("periods lie in the years 1900 through 2200"),
            PeriodFault::Other { label, period } => {
                write!(f, "the calendar has no such period; {}", span(label, period))
            }
            PeriodFault::Cut { parts } => {
                let parts: Vec<String> = parts.iter().map(|(label, at)| span(label, at)).collect();
                write!(f, "a month ends inside these weeks; {}", parts.join(", "))
            }
        }
    }
}

impl std::error::Error for PeriodFault {}
