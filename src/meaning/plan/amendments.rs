//! Amendments of a plan, resolved: which text is in force on which day.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base::{Date, Period};
use crate::diag::{FileId, Span};
use crate::meaning::plan::{LookupId, MeasureId, Pay, Plan, ScorecardId, TiersId};
use crate::syntax::ast::{Level, Window};

/// An amendment, by position in [`Amended::amendments`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AmendmentId(pub usize);

/// A change of a plan's text.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// The title in quotes.
    pub title: String,
    /// Its file.
    pub file: FileId,
    /// First and last day, both included.
    pub effective: (Date, Date),
    /// Why.
    pub because: String,
    /// Who agreed to it.
    pub approved_by: String,
    /// When.
    pub approved_on: Date,
    /// The head line.
    pub span: Span,
}

impl Amendment {
    /// Whether it is about days of a period that had ended when it was approved.
    pub fn had_ended(&self, period: &Period) -> bool {
        let (first, last) = self.effective;
        period.end() < self.approved_on && first <= period.end() && period.start() <= last
    }
}

/// The text of a plan from one day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first day.
    pub from: Date,
    /// The amendments in force, by their first days.
    pub amendments: Vec<AmendmentId>,
}

/// What amendments make of a plan.
#[derive(Clone, Debug, Default)]
pub struct Amended {
    /// By their first days.
    pub amendments: Vec<Amendment>,
    /// Ascending; the first holds from the plan's first day. Empty without amendments.
    pub versions: Vec<Version>,
    /// What starts again at 0: totals that these read directly do not count days before.
    pub fresh: Fresh,
}

/// Days before which nothing counts, by who reads it.
#[derive(Clone, Debug, Default)]
pub struct Fresh {
    /// Measures.
    pub measures: BTreeMap<MeasureId, Date>,
    /// Axes of tier tables.
    pub tiers: BTreeMap<TiersId, Date>,
    /// What curves and tables of values are looked up by.
    pub lookups: BTreeMap<LookupId, Date>,
    /// Scores.
    pub scorecards: BTreeMap<ScorecardId, Date>,
}

/// A later text of a pay.
#[derive(Clone, Debug)]
pub struct Later {
    /// The first day on which it is in force.
    pub from: Date,
    /// Where the level of what was sold before it is read; `None` where no level decides.
    pub earlier: Option<Level>,
    /// Whether what was used of caps before does not count.
    pub fresh_cap: bool,
    /// Whether the balance carried so far is dropped.
    pub fresh_balance: bool,
    /// The text; it has no later ones of its own.
    pub text: Pay,
}

impl Pay {
    /// Its texts, the first one first.
    pub fn texts(&self) -> impl Iterator<Item = &Pay> {
        std::iter::once(self).chain(self.later.iter().map(|later| &later.text))
    }

    /// The text in force on a day.
    pub fn text_on(&self, day: Date) -> &Pay {
        let later = self.later.iter().rev().find(|later| later.from <= day);
        later.map_or(self, |later| &later.text)
    }

    /// Whether its text changes on some day after the first of these and through the last.
    pub fn changes_within(&self, first: Date, last: Date) -> bool {
        let mut days = self.later.iter().map(|later| later.from);
        days.any(|day| first < day && day <= last)
    }
}

impl Plan {
    /// The plan as it reads on a day, as if that had always been its text.
    pub fn as_on(&self, day: Date) -> Plan {
        let mut plan = self.clone();
        for pay in &mut plan.pays {
            let mut text = pay.text_on(day).clone();
            text.later.clear();
            *pay = text;
        }
        plan
    }

    /// The texts that hold throughout some period of the plan, each with the head of its last amendment.
    pub fn whole_texts(&self) -> Vec<(Cow<'_, Plan>, Option<Span>)> {
        let versions = &self.amended.versions;
        if versions.is_empty() {
            return vec![(Cow::Borrowed(self), None)];
        }
        let periods = self.periods();
        let texts = versions.iter().enumerate().filter(|(at, version)| {
            let next = versions.get(at + 1);
            let holds = |period: &Period| {
                version.from <= self.first_day_in(period)
                    && next.is_none_or(|next| period.end() < next.from)
            };
            periods.iter().any(holds)
        });
        let texts = texts.map(|(_, version)| {
            let last = version.amendments.last();
            let head = last.map(|id| self.amended.amendments[id.0].span);
            (Cow::Owned(self.as_on(version.from)), head)
        });
        texts.collect()
    }

    /// The plan's first text, with the tests that speak of no later one.
    pub fn first_text(&self) -> Cow<'_, Plan> {
        let Some(second) = self.amended.versions.get(1) else {
            return Cow::Borrowed(self);
        };
        let mut plan = self.as_on(self.effective.0);
        let is_before = |written: &str| {
            let period = self.calendar.parse_period(written);
            period.is_ok_and(|period| period.end() < second.from)
        };
        plan.tests.retain(|test| {
            let mut expects = test.expects.iter();
            expects.all(|expect| is_before(&expect.period.text))
        });
        plan.effective.1 = second.from.add_days(-1).unwrap_or(second.from);
        Cow::Owned(plan)
    }

    /// Whether a period's amounts may lie under two texts, or something that they read has started fresh: then no one text
    /// says what comes next.
    pub fn is_between_texts(&self, period: &Period) -> bool {
        let fresh = &self.amended.fresh;
        let is_fresh = !(fresh.measures.is_empty()
            && fresh.tiers.is_empty()
            && fresh.lookups.is_empty()
            && fresh.scorecards.is_empty());
        self.pays.iter().any(|pay| {
            let first = match pay.window {
                Window::Period => self.first_day_in(period),
                _ => self.effective.0,
            };
            let changes = pay.changes_within(first, period.end());
            changes || (is_fresh && pay.later.iter().any(|own| own.from <= period.end()))
        })
    }

    /// A measure as it is read in the text of a day.
    pub fn measure_on(&self, id: MeasureId, day: Date) -> MeasureId {
        let of = self.measure(id);
        let now = self.amended.versions.iter().rev();
        let Some(now) = now.into_iter().find(|version| version.from <= day) else {
            return id;
        };
        let holds = |text: usize| {
            let version = &self.amended.versions[text];
            let mut amendments = version.amendments.iter();
            version.from <= day && amendments.all(|own| now.amendments.contains(own))
        };
        let own = self.measures.iter().enumerate();
        let same = own.filter(|(_, own)| own.name == of.name && own.over == of.over);
        let texts = same.filter(|(_, own)| own.text.is_none_or(holds));
        let last = texts.max_by_key(|(_, own)| own.text);
        last.map_or(id, |(at, _)| MeasureId(at))
    }

    /// Whether results of a period have a measure: the first text's always, that of a later text where it is in force on
    /// the period's last day.
    pub fn has_measure(&self, id: MeasureId, period: &Period) -> bool {
        let last = period.end().min(self.effective.1);
        self.measure(id).text.is_none() || self.measure_on(id, last) == id
    }

    /// A measure's name, told apart from those of other lengths of time and other texts.
    pub fn name_of(&self, id: MeasureId) -> String {
        let measure = self.measure(id);
        match measure.text {
            None => measure.full_name(),
            Some(text) => {
                let from = self.amended.versions[text].from;
                let title = self.amended.title_of(text);
                let words = title.unwrap_or_else(|| format!("from {from}"));
                format!("{} ({words})", measure.full_name())
            }
        }
    }
}

impl Amended {
    /// The titles of the amendments of a text, or that it is the plan's own.
    pub fn title_of(&self, version: usize) -> Option<String> {
        let version = self.versions.get(version)?;
        let titles = version
            .amendments
            .iter()
            .map(|id| &self.amendments[id.0].title);
        let titles: Vec<String> = titles.map(|title| format!("\"{title}\"")).collect();
        (!titles.is_empty()).then(|| titles.join(" and "))
    }
}
