//! The later texts of a pay, and the answers that each change of it needs.

use crate::base::Date;
use crate::diag::Diagnostic;
use crate::meaning::amend::running::Runs;
use crate::meaning::amend::{changing, cuts, errors};
use crate::meaning::lower::Lower;
use crate::meaning::names::Def;
use crate::meaning::plan::{
    AmendmentId, Amount, Later, LimitOf, Pay, PayId, Placed, StepKind, TierUse,
};
use crate::syntax::ast::{self, Level};

/// A change of one pay, on its first day.
struct Changed<'p> {
    day: Date,
    /// The days of its changes before.
    earlier: &'p [Date],
    /// The amendments that begin, or else end.
    by: Vec<usize>,
    before: &'p Pay,
    after: &'p Pay,
    /// Whether days of the amount lie on both sides.
    is_cut: bool,
}

impl<'a> Lower<'a> {
    /// A pay with its texts from later days on.
    pub(in crate::meaning) fn pay_with_texts(&mut self, written: &'a ast::Pay) -> Option<PayId> {
        // The later ones first: what they read must stand before the pay.
        let mut later = self.later_texts(&written.name.text);
        let first = self.touching(0, &written.name.text);
        let id = self.pay(written)?;
        self.plan.pays[id.0].amendments = first.into_iter().map(AmendmentId).collect();
        let mut before = self.plan.pay(id).clone();
        let mut days = Vec::new();
        for own in &mut later {
            self.answer(&before, own, &days);
            before = own.text.clone();
            days.push(own.from);
        }
        self.plan.pays[id.0].later = later;
        Some(id)
    }

    fn later_texts(&mut self, name: &str) -> Vec<Later> {
        let mut later = Vec::new();
        let mut before = self.touching(0, name);
        for version in 1..self.amendments.texts.len() {
            let now = self.touching(version, name);
            if now == before {
                continue;
            }
            before.clone_from(&now);
            let Some(Def::Pay(written)) = self.names.in_text(version, name) else {
                continue;
            };
            self.names.text = version;
            let made = self.pay(written);
            self.names.text = 0;
            let Some(mut text) = made.and_then(|_| self.plan.pays.pop()) else {
                continue;
            };
            self.place_fresh(&mut text, version);
            text.amendments = now.into_iter().map(AmendmentId).collect();
            later.push(Later {
                from: self.amendments.texts[version].from,
                earlier: None,
                fresh_cap: false,
                fresh_balance: false,
                text,
            });
        }
        later
    }

    /// The amendments in force in a text of the plan that make a pay another.
    fn touching(&mut self, version: usize, name: &str) -> Vec<usize> {
        let Some(text) = self.amendments.texts.get(version) else {
            return Vec::new();
        };
        let in_force = text.amendments.clone();
        let def = self.names.in_text(version, name);
        let touches = in_force.into_iter().filter(|at| {
            let blocks = &self.amendments.list[*at].blocks;
            let start = blocks.keys().map(|name| (*name).to_owned()).collect();
            let other = self.names.readers_of(&start, version);
            let reads = def.as_ref().map(Def::names_read).unwrap_or_default();
            blocks.contains_key(name) || reads.iter().any(|read| other.contains(*read))
        });
        touches.collect()
    }

    /// Records of a text whose run starts fresh stand from 0 on its first day.
    fn place_fresh(&self, text: &mut Pay, version: usize) {
        let source = text
            .placed()
            .map(|(_, credit)| self.plan.credit(credit).source);
        let name = source.map(|source| self.plan.source(source).name.clone());
        let fresh = &self.amendments.texts[version].fresh;
        if let Amount::Tiered {
            how: TierUse::Placed(Placed { since, .. }),
            ..
        } = &mut text.amount
        {
            *since = name.and_then(|name| fresh.get(&name).copied());
        }
    }

    /// What the amendments say of a change of a pay; D603 where they leave something open, D607 where what they say has
    /// no meaning.
    fn answer(&mut self, before: &Pay, later: &mut Later, earlier: &[Date]) {
        let changed = Changed {
            day: later.from,
            earlier,
            by: changing(&numbers(before), &numbers(&later.text)),
            before,
            after: &later.text,
            is_cut: self.runs_through(later.text.window, later.from),
        };
        if !cuts::paid_alike(changed.before, changed.after) {
            let by = &self.amendments.list[changed.by[0]];
            let problem = errors::paid_otherwise(by, changed.after);
            self.problems.push(problem);
            return;
        }
        if changed.is_cut && !self.can_be_cut(&changed) {
            return;
        }
        self.says_of_all(&changed);
        let running = self.running(changed.after, changed.day, changed.is_cut);
        let mut fresh = Vec::new();
        for (name, runs) in running {
            if self.starts_again(&changed, &name, runs) {
                fresh.push(runs);
            }
        }
        let level = self.level(&changed);
        let (fresh_cap, fresh_balance) =
            (fresh.contains(&Runs::Cap), fresh.contains(&Runs::Balance));
        if !fresh_cap {
            self.caps_stand_alike(&changed);
        }
        later.earlier = level;
        later.fresh_cap = fresh_cap;
        later.fresh_balance = fresh_balance;
    }

    fn can_be_cut(&mut self, changed: &Changed<'_>) -> bool {
        let by = &self.amendments.list[changed.by[0]];
        let period = self.plan.calendar.period_of(changed.day, self.plan.cadence);
        let problem = if let Some((what, at)) = cuts::not_shared(changed.before, changed.after) {
            errors::of_the_whole(by, changed.after, what, at, (changed.day, &period))
        } else if self.is_made_together(changed.before, changed.day)
            || self.is_made_together(changed.after, changed.day)
        {
            errors::made_together(by, changed.after, (changed.day, &period))
        } else if cuts::falls_apart(&self.plan, changed.before)
            && cuts::falls_apart(&self.plan, changed.after)
        {
            return true;
        } else {
            errors::not_by_days(by, changed.after, (changed.day, &period))
        };
        self.problems.push(problem);
        false
    }

    /// The amendment says of each source that it pays by which date its records are parted.
    fn says_of_all(&mut self, changed: &Changed<'_>) {
        let by = &self.amendments.list[changed.by[0]];
        let mut problems = Vec::new();
        for id in self.credits_paid(changed.after, changed.day) {
            let credit = self.plan.credit(id);
            let source = self.plan.source(credit.source);
            let column = &source.columns[credit.dated_by.0].name;
            let is_said = by
                .head
                .applies
                .iter()
                .any(|own| own.source.text == source.name && own.column.text == *column);
            if by.says_which && !is_said {
                let record = (
                    source.name.as_str(),
                    credit.record_word.as_str(),
                    column.as_str(),
                );
                problems.push(errors::not_applied(by, &changed.after.name, record));
            }
        }
        for problem in problems {
            self.say_once(problem);
        }
    }

    /// What is open for one pay may be open for another too.
    fn say_once(&mut self, problem: Diagnostic) {
        let same =
            |known: &Diagnostic| known.code == problem.code && known.message == problem.message;
        if !self.problems.iter().any(same) {
            self.problems.push(problem);
        }
    }

    /// Whether something that runs through a change starts again at 0.
    fn starts_again(&mut self, changed: &Changed<'_>, name: &str, runs: Runs) -> bool {
        let mut said = None;
        for at in &changed.by {
            self.amendments.asked.insert((*at, name.to_owned()));
            let change = self.amendments.list[*at].change;
            let mut fates = change.into_iter().flat_map(|change| &change.running);
            said = said.or(fates.find(|own| own.name.text == name));
        }
        let by = &self.amendments.list[changed.by[0]];
        let Some(said) = said else {
            if by.change.is_none_or(|change| !change.broken) {
                let example = errors::example(&self.plan, changed.after, name, runs);
                let problem = errors::undecided(by, name, changed.day, example);
                self.say_once(problem);
            }
            return false;
        };
        let started = self.started(changed, name);
        let why = match runs {
            _ if !said.is_fresh => {
                if let Some(day) = started {
                    self.problems.push(errors::started_elsewhere(by, said, day));
                }
                return false;
            }
            Runs::Quota => "nothing says how large the quota is of what is left of its period",
            Runs::Together => "what several persons make together counts all of its days",
            Runs::Floor => "nothing says how much of the floor is of each part of the period",
            Runs::Cap if changed.is_cut => {
                "nothing says how much of the cap is of each part of the period"
            }
            Runs::Level | Runs::Place | Runs::Balance | Runs::Cap => return true,
        };
        self.problems.push(errors::not_fresh(by, said, why));
        false
    }

    /// The day on which something has started fresh for other pays and not for this one.
    fn started(&self, changed: &Changed<'_>, name: &str) -> Option<Date> {
        let mut texts = self.amendments.texts.iter();
        let text = texts.find(|text| text.from == changed.day)?;
        let day = *text.fresh.get(name)?;
        (day < changed.day && !changed.earlier.contains(&day)).then_some(day)
    }

    /// Where the level of what was sold before a change is read.
    fn level(&mut self, changed: &Changed<'_>) -> Option<Level> {
        if !changed.is_cut {
            return None;
        }
        let levels = self.running_levels(changed.before, changed.day);
        let name = levels.first()?;
        let mut said = None;
        for at in &changed.by {
            self.amendments.level_asked.insert(*at);
            let change = self.amendments.list[*at].change;
            said = said.or(change.and_then(|change| change.earlier.as_ref()));
        }
        let by = &self.amendments.list[changed.by[0]];
        let Some(said) = said else {
            if by.change.is_none_or(|change| !change.broken) {
                let problem = errors::no_level_said(by, name, changed.day);
                self.say_once(problem);
            }
            return None;
        };
        let sources = by.head.applies.iter().map(|own| own.source.text.as_str());
        let sources: Vec<&str> = sources.collect();
        if !sources.contains(&said.source.text.as_str()) {
            let problem = errors::other_records(said, &sources);
            self.problems.push(problem);
        }
        let text = self
            .amendments
            .texts
            .iter()
            .find(|text| text.from == changed.day);
        let begins = |name: &&String| {
            let fresh = text.and_then(|text| text.fresh.get(*name));
            fresh == Some(&changed.day)
        };
        if let Some(name) = levels.iter().find(begins)
            && said.level == Level::AtTheEnd
        {
            self.problems.push(errors::level_of_both(said, name));
        }
        Some(said.level)
    }

    /// What was used of a cap of several periods is told by its place among the lines.
    fn caps_stand_alike(&mut self, changed: &Changed<'_>) {
        let caps = |pay: &Pay| -> Vec<(usize, String)> {
            let steps = pay.steps.iter().enumerate();
            let caps = steps.filter_map(|(at, step)| match &step.kind {
                StepKind::Cap {
                    of: LimitOf::Window(length),
                    ..
                } => Some((at, length.words().to_owned())),
                StepKind::CapOf(cap) => {
                    Some((at, format!("{:?} {}", cap.of.kind, cap.each.words())))
                }
                _ => None,
            });
            caps.collect()
        };
        let (before, after) = (caps(changed.before), caps(changed.after));
        if !before.is_empty() && !after.is_empty() && before != after {
            let by = &self.amendments.list[changed.by[0]];
            self.problems.push(errors::cap_elsewhere(by, changed.after));
        }
    }
}

/// The amendments of a text, as they are written.
fn numbers(text: &Pay) -> Vec<usize> {
    text.amendments.iter().map(|id| id.0).collect()
}
