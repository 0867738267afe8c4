//! The calendar of a random project: how long its periods are, and what may be asked of them.

use paycurve::base::{Cadence, Calendar, Date, MONTHS, Pattern, WeekYears, Weekday, YearEnd};

use crate::support::random_project::Rng;

/// A company's calendar with the period of its plan.
pub struct RandomCalendar {
    /// What `company.terms` says of it.
    pub terms: String,
    /// The period of the plan.
    pub cadence: Cadence,
    /// Whether `cut at month ends` stands behind it.
    pub cut: bool,
    pub calendar: Calendar,
}

impl RandomCalendar {
    /// Months in most cases; weeks, two weeks and years of weeks in some.
    pub fn new(rng: &mut Rng) -> RandomCalendar {
        let fiscal = if rng.chance(70) { 1 } else { rng.whole(2, 12) };
        let month = u32::try_from(fiscal).expect("a month");
        let mut lines = Vec::new();
        let mut calendar = Calendar::fiscal_from(month).expect("a month");
        if fiscal > 1 {
            let name = MONTHS[month as usize - 1];
            lines.push(format!("fiscal year starts in {name}"));
        }
        let of_weeks = rng.chance(15);
        if of_weeks {
            let (years, line) = years(rng);
            calendar = Calendar::of_weeks(years);
            lines = vec![line];
        }
        if (fiscal > 1 || of_weeks) && rng.chance(30) {
            calendar = calendar.named_by_start();
            lines.push("fiscal year is named by the year it starts in".to_owned());
        }
        let has_weeks = of_weeks || rng.chance(30);
        if has_weeks {
            let start = *rng.pick(&[&Weekday::Monday, &Weekday::Sunday, &Weekday::Thursday]);
            let start = calendar.weeks_start().unwrap_or(start);
            calendar = calendar.with_weeks_from(start);
            lines.push(format!("weeks start on {start}"));
            let from = Date::new(2026, 1, 1).expect("a day");
            let from = calendar.period_of(from, Cadence::Week).start();
            calendar = calendar.with_two_weeks_from(from);
            lines.push(format!("two-week periods from {from}"));
        }
        let shortest = if has_weeks { 0 } else { 2 };
        let at = usize::try_from(rng.whole(shortest, 5)).expect("small");
        let cadence = Cadence::ALL[at];
        let cut =
            !calendar.nests(cadence, Cadence::Month) && cadence < Cadence::Month && rng.chance(60);
        if cut {
            calendar = calendar.cut_at_month_ends();
        }
        let terms = match lines.as_slice() {
            [] => String::new(),
            lines => format!("calendar\n  {}\n\n", lines.join("\n  ")),
        };
        RandomCalendar {
            terms,
            cadence,
            cut,
            calendar,
        }
    }

    /// The lengths of time in which each period of the plan lies, the plan's own first.
    pub fn longer(&self) -> Vec<Cadence> {
        self.all(|own| self.calendar.nests(self.cadence, own))
    }

    /// Lengths of time in which all that ends on one day can be added, none of them shorter than these.
    pub fn caps(&self, plans: [Cadence; 2]) -> Vec<Cadence> {
        self.all(|own| own.months().is_some() && plans.iter().all(|plan| *plan <= own))
    }

    /// The lengths of time for which quotas can be set.
    pub fn quotas(&self) -> Vec<Cadence> {
        self.all(|own| own >= self.cadence || self.calendar.nests(own, self.cadence))
    }

    /// The lengths of time that are not shorter than the plan's period.
    pub fn inputs(&self) -> Vec<Cadence> {
        self.all(|own| own >= self.cadence)
    }

    fn all(&self, fits: impl Fn(Cadence) -> bool) -> Vec<Cadence> {
        let all = Cadence::ALL.iter().copied();
        all.filter(|own| self.calendar.has(*own) && fits(*own))
            .collect()
    }

    /// The plan's periods from one day through another, as one writes them.
    pub fn labels_of_plan(&self, from: Date, through: Date) -> Vec<String> {
        let all = self.calendar.periods(from, through, self.cadence);
        all.iter().map(|own| self.calendar.label(own)).collect()
    }

    /// Every period of a length from 2025 through 2027, as one writes it.
    pub fn labels(&self, cadence: Cadence) -> Vec<String> {
        let day = |year, month, day| Date::new(year, month, day).expect("a day");
        let all = self
            .calendar
            .periods(day(2025, 1, 1), day(2027, 12, 31), cadence);
        all.iter().map(|own| self.calendar.label(own)).collect()
    }
}

fn years(rng: &mut Rng) -> (WeekYears, String) {
    let pattern = Pattern::ALL[usize::try_from(rng.whole(0, 2)).expect("small")];
    let (end, words) = match rng.whole(0, 2) {
        0 => (
            YearEnd::last(Weekday::Saturday, 1),
            "the last Saturday of January",
        ),
        1 => (
            YearEnd::nearest(Weekday::Saturday, 1, 31),
            "the Saturday nearest 31 January",
        ),
        _ => (
            YearEnd::nearest(Weekday::Sunday, 12, 31),
            "the Sunday nearest 31 December",
        ),
    };
    let end = end.expect("a day of every year");
    let line = format!("years of weeks, {}, ending on {words}", pattern.words());
    (WeekYears { pattern, end }, line)
}
