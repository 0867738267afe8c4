//! What a period is: its length of time, its first and its last day.

use std::fmt;

use crate::base::calendar::date::Date;

/// How long a period is. Ordered from short to long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadence {
    /// Seven days, or the part of them that lies in one month.
    Week,
    /// Fourteen days, or the part of them that lies in one month.
    TwoWeeks,
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// Twelve months.
    Year,
}

/// A period of some calendar. Ordered by first day, then from short to long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    start: Date,
    cadence: Cadence,
    end: Date,
}

impl Cadence {
    /// Every cadence, from short to long.
    pub const ALL: &[Cadence] = &[
        Cadence::Week,
        Cadence::TwoWeeks,
        Cadence::Month,
        Cadence::Quarter,
        Cadence::Half,
        Cadence::Year,
    ];

    /// How many months; `None` for those that are made of weeks.
    pub fn months(self) -> Option<i32> {
        match self {
            Cadence::Week | Cadence::TwoWeeks => None,
            Cadence::Month => Some(1),
            Cadence::Quarter => Some(3),
            Cadence::Half => Some(6),
            Cadence::Year => Some(12),
        }
    }

    /// As plans write it: `month`, `two weeks`.
    pub fn words(self) -> &'static str {
        match self {
            Cadence::Week => "week",
            Cadence::TwoWeeks => "two weeks",
            Cadence::Month => "month",
            Cadence::Quarter => "quarter",
            Cadence::Half => "half",
            Cadence::Year => "year",
        }
    }

    /// One of them, behind `a` or `the`: `month`, `two-week period`.
    pub fn noun(self) -> &'static str {
        match self {
            Cadence::TwoWeeks => "two-week period",
            other => other.words(),
        }
    }

    /// Several of them: `months`, `two-week periods`.
    pub fn plural(self) -> &'static str {
        match self {
            Cadence::Week => "weeks",
            Cadence::TwoWeeks => "two-week periods",
            Cadence::Month => "months",
            Cadence::Quarter => "quarters",
            Cadence::Half => "halves",
            Cadence::Year => "years",
        }
    }

    /// The verb of `the month ends`, `the two weeks end`.
    pub fn ends(self) -> &'static str {
        match self {
            Cadence::TwoWeeks => "end",
            _ => "ends",
        }
    }

    /// The cadence of these exact words.
    pub fn from_words(words: &str) -> Option<Cadence> {
        Cadence::ALL
            .iter()
            .copied()
            .find(|cadence| cadence.words() == words)
    }
}

impl Period {
    pub(in crate::base::calendar) fn new(start: Date, end: Date, cadence: Cadence) -> Period {
        Period {
            start,
            cadence,
            end,
        }
    }

    /// The first day.
    pub fn start(&self) -> Date {
        self.start
    }

    /// The last day; it belongs to the period.
    pub fn end(&self) -> Date {
        self.end
    }

    /// Its length of time.
    pub fn cadence(&self) -> Cadence {
        self.cadence
    }

    /// How many days, counting the first and the last.
    pub fn days(&self) -> i32 {
        self.end.days() - self.start.days() + 1
    }

    /// Whether the day is one of its days.
    pub fn contains(&self, date: Date) -> bool {
        self.start <= date && date <= self.end
    }

    /// Whether every day of `other` is one of its days; a period contains itself.
    pub fn contains_period(&self, other: &Period) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}
