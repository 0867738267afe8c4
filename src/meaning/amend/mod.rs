//! `amend "…" as "…"`: one plan whose blocks have a text for each of its days.
//!
//! A plan's days fall into *texts*: from its first day, and anew from each day on which an amendment begins or the one
//! before has ended. While a pay is lowered in a later text, [`Names::text`](crate::meaning::names::Names::text) is that
//! text, and whatever reads a block that is another in it, or that starts fresh in it, gets a version of its own.
//! What is the same in all texts is lowered once.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Date;
use crate::diag::{Code, Diagnostic, Edit, Span, near};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{Amendment, AmendmentId, Expr, ExprKind, Version, each_child};
use crate::syntax::ast;

mod cuts;
mod errors;
mod running;
mod texts;

/// The amendments of a plan, as written.
#[derive(Default)]
pub(in crate::meaning) struct Amendments<'a> {
    /// By their first days.
    list: Vec<Amending<'a>>,
    /// By the texts of the plan.
    texts: Vec<Text<'a>>,
    /// Answers that something asked for: by amendment, the name.
    asked: BTreeSet<(usize, String)>,
    /// Whether the level of earlier records was asked for, by amendment.
    level_asked: BTreeSet<usize>,
}

/// One amendment, as written.
struct Amending<'a> {
    head: &'a ast::AmendHead,
    effective: (Date, Date),
    /// Its blocks, by their names.
    blocks: BTreeMap<&'a str, &'a ast::Item>,
    change: Option<&'a ast::Change>,
    /// Whether all its lines about records name sources and dates that are there.
    says_which: bool,
    /// Whether all its blocks could be read.
    is_whole: bool,
}

/// The text of a plan from one day on.
struct Text<'a> {
    from: Date,
    /// Which amendments are in force.
    amendments: Vec<usize>,
    /// The blocks that they put in the place of others.
    blocks: BTreeMap<&'a str, &'a ast::Item>,
    /// The names that do not mean here what they mean in the first text.
    differs: BTreeSet<String>,
    /// What has started again at 0, and when.
    fresh: BTreeMap<String, Date>,
}

impl Amending<'_> {
    fn holds_on(&self, day: Date) -> bool {
        self.effective.0 <= day && day <= self.effective.1
    }
}

impl<'a> Lower<'a> {
    /// Takes in the amendments of the plan, which must have its dates by now.
    pub(in crate::meaning) fn amend(&mut self, files: &[&'a ast::File]) {
        if !self.known.dates {
            return;
        }
        let mut list = Vec::new();
        for file in files {
            list.extend(self.amending(file));
        }
        list.sort_by_key(|own: &Amending<'_>| (own.effective, own.head.span));
        if self.cross(&list) {
            return;
        }
        self.plan.amended.amendments = list.iter().filter_map(resolved).collect();
        if self.plan.amended.amendments.len() < list.len() {
            return;
        }
        self.amendments.list = list;
        self.make_texts();
    }

    /// One amendment, where its dates can be read and lie in the plan.
    fn amending(&mut self, file: &'a ast::File) -> Option<Amending<'a>> {
        let heads = file.items.iter().filter_map(|item| match item {
            ast::Item::Amend(head) => Some(head),
            _ => None,
        });
        let head = heads.into_iter().next()?;
        let effective = head.effective.as_ref()?;
        let (first, last) = self.plan.effective;
        if effective.value.0 < first || effective.value.1 > last {
            self.problems.push(errors::outside_the_plan(
                effective,
                (first, last),
                self.plan.span,
            ));
            return None;
        }
        let mut changes = file.items.iter().filter_map(|item| match item {
            ast::Item::Change(change) => Some(change),
            _ => None,
        });
        let change = changes.next();
        if let (Some(first), Some(second)) = (change, changes.next()) {
            let twice =
                crate::meaning::errors::twice("on the change date", first.span, second.span);
            self.problems.push(twice);
        }
        self.only_changes(file);
        let blocks = self.replaced(file);
        // A head without such a line was answered already.
        let says_which = self.applies_to(head) && !head.applies.is_empty();
        Some(Amending {
            head,
            effective: effective.value,
            blocks,
            change,
            says_which,
            is_whole: file.poisoned.is_empty() && !file.unnamed,
        })
    }

    /// Nothing but blocks that take the place of others, and tests.
    fn only_changes(&mut self, file: &ast::File) {
        for item in &file.items {
            let is_own = matches!(
                item,
                ast::Item::Amend(_)
                    | ast::Item::Replace(_)
                    | ast::Item::Change(_)
                    | ast::Item::Test(_)
            );
            if !is_own {
                self.problems.push(errors::not_a_change(item, file));
            }
        }
    }

    /// The blocks of an amendment that take the place of blocks of the plan.
    fn replaced(&mut self, file: &'a ast::File) -> BTreeMap<&'a str, &'a ast::Item> {
        let mut blocks: BTreeMap<&str, &ast::Item> = BTreeMap::new();
        for item in &file.items {
            let ast::Item::Replace(replace) = item else {
                continue;
            };
            let Some(name) = replace.item.replaced_name() else {
                continue;
            };
            let Some((new, span)) = Def::replacing(&replace.item) else {
                continue;
            };
            match self.names.defined(&name.text) {
                Some((old, at)) if old.kind() != new.kind() => {
                    let problem = errors::another_kind(name, (old.kind(), at), new.kind());
                    self.problems.push(problem);
                }
                Some(_) => {
                    let known = blocks.insert(&name.text, &replace.item);
                    let first = known.and_then(ast::Item::replaced_name);
                    if let Some(first) = first {
                        let twice = crate::meaning::errors::twice(&name.text, first.span, span);
                        self.problems.push(twice);
                    }
                }
                None if self.names.is_poisoned(&name.text) => {}
                None => {
                    let near = self
                        .names
                        .near_of(&name.text, |def| def.kind() == new.kind());
                    let problem = errors::nothing_to_replace(name, new.kind(), near);
                    self.problems.push(problem);
                }
            }
        }
        blocks
    }

    /// The dates by which an amendment's records are its own are those by which credits are dated.
    fn applies_to(&mut self, head: &ast::AmendHead) -> bool {
        let mut all_known = true;
        let credits = self.names.credits();
        for applies in &head.applies {
            let dates = |credit: &&ast::Credit| {
                let from = credit.from.as_ref();
                from.is_some_and(|(source, _)| source.text == applies.source.text)
            };
            let of_source: Vec<&ast::Credit> = credits.iter().copied().filter(dates).collect();
            let is_dated = |credit: &&ast::Credit| {
                let path = credit.dated_by.as_ref().map(|date| &date.kind);
                matches!(path, Some(ast::ExprKind::Path(word, column))
                    if word.text == applies.word.text && column.text == applies.column.text)
            };
            if !of_source.iter().any(is_dated) {
                let sources = credits.iter().filter_map(|credit| credit.from.as_ref());
                let sources: Vec<&str> = sources.map(|(source, _)| source.text.as_str()).collect();
                let near = near(&applies.source.text, sources.iter().copied());
                let problem = errors::dated_otherwise(applies, near, &of_source);
                self.problems.push(problem);
                all_known = false;
            }
        }
        all_known
    }

    /// D601: amendments of one block that begin on one day, or of which the earlier ends inside the later.
    fn cross(&mut self, list: &[Amending<'a>]) -> bool {
        let mut found = false;
        for (at, later) in list.iter().enumerate() {
            for earlier in list.iter().take(at) {
                let mut both = later.blocks.keys();
                let Some(name) = both.find(|name| earlier.blocks.contains_key(*name)) else {
                    continue;
                };
                let ends_inside =
                    earlier.holds_on(later.effective.0) && earlier.effective.1 < later.effective.1;
                if earlier.effective.0 == later.effective.0 || ends_inside {
                    let problem = errors::crossing(name, earlier, later);
                    self.problems.push(problem);
                    found = true;
                }
            }
        }
        found
    }

    /// The texts of the plan, each with the blocks that differ from the first.
    fn make_texts(&mut self) {
        let (first, last) = self.plan.effective;
        let list = &self.amendments.list;
        if list.is_empty() {
            return;
        }
        let ends = list.iter().filter_map(|own| own.effective.1.add_days(1));
        let days = list.iter().map(|own| own.effective.0).chain(ends);
        let days: BTreeSet<Date> = days.filter(|day| *day <= last).chain([first]).collect();
        let mut texts: Vec<Text<'a>> = Vec::new();
        for from in days {
            let in_force = list
                .iter()
                .enumerate()
                .filter(|(_, own)| own.holds_on(from));
            let amendments: Vec<usize> = in_force.map(|(at, _)| at).collect();
            let mut blocks = BTreeMap::new();
            for own in amendments.iter().filter_map(|at| list.get(*at)) {
                blocks.extend(own.blocks.iter().map(|(name, item)| (*name, *item)));
            }
            let fresh = self.fresh_in(texts.last(), &amendments, from);
            texts.push(Text {
                from,
                amendments,
                blocks,
                differs: BTreeSet::new(),
                fresh,
            });
        }
        for text in &texts {
            self.names.next_text(&text.blocks);
            self.plan.amended.versions.push(Version {
                from: text.from,
                amendments: text.amendments.iter().copied().map(AmendmentId).collect(),
            });
        }
        self.amendments.texts = texts;
        for at in 0..self.amendments.texts.len() {
            let text = &self.amendments.texts[at];
            let start: BTreeSet<String> = text
                .blocks
                .keys()
                .map(|name| (*name).to_owned())
                .chain(text.fresh.keys().cloned())
                .collect();
            let differs = self.names.readers_of(&start, at);
            self.amendments.texts[at].differs = differs;
        }
    }

    /// What has started fresh by a text: what had before it, and what its own change starts.
    fn fresh_in(
        &self,
        before: Option<&Text<'a>>,
        amendments: &[usize],
        from: Date,
    ) -> BTreeMap<String, Date> {
        let mut fresh = before.map_or_else(BTreeMap::new, |text| text.fresh.clone());
        for at in changing(before.map_or(&[], |text| &text.amendments), amendments) {
            let change = self.amendments.list.get(at).and_then(|own| own.change);
            let said = change.into_iter().flat_map(|change| &change.running);
            let begins = said.filter(|own| own.is_fresh && before.is_some());
            fresh.extend(begins.map(|own| (own.name.text.clone(), from)));
        }
        fresh
    }

    /// The text in which a name has its meaning: the one at hand, where it does not mean there what it means in the first.
    pub(in crate::meaning) fn text_read(&self, name: &str) -> usize {
        let here = self.names.text;
        let is_pay = matches!(self.names.peek(name), Some(Def::Pay(_)));
        let text = self.amendments.texts.get(here);
        let differs = text.is_some_and(|text| text.differs.contains(name));
        if differs && !is_pay { here } else { 0 }
    }

    /// The later text that is read.
    pub(in crate::meaning) fn text_here(&self) -> Option<usize> {
        Some(self.names.text).filter(|text| *text > 0)
    }

    /// Notes from when on what a block reads counts, where that starts again at 0.
    pub(in crate::meaning) fn starts_fresh(&mut self, name: &str, item: Item, span: Span) {
        let Some(text) = self.amendments.texts.get(self.names.text) else {
            return;
        };
        if let Item::Measure(id) = item {
            if let Some(since) = text.fresh.get(name) {
                self.plan.amended.fresh.measures.insert(id, *since);
            }
            return;
        }
        let read: Vec<&Expr> = match item {
            Item::Tiers(id) => vec![&self.plan.tier_table(id).axis],
            Item::Lookup(id) => self.plan.lookup(id).expressions().collect(),
            Item::Scorecard(id) => {
                let objectives = self.plan.scorecard(id).objectives.iter();
                objectives.map(|own| &own.score).collect()
            }
            _ => return,
        };
        let mut since = BTreeSet::new();
        for expr in read {
            self.fresh_totals(expr, text, &mut since);
        }
        let mut since = since.into_iter();
        let (first, second) = (since.next().flatten(), since.next());
        if second.is_some() {
            self.problems.push(errors::two_starts(name, span));
        }
        let fresh = &mut self.plan.amended.fresh;
        match (item, first) {
            (Item::Tiers(id), Some(day)) => drop(fresh.tiers.insert(id, day)),
            (Item::Lookup(id), Some(day)) => drop(fresh.lookups.insert(id, day)),
            (Item::Scorecard(id), Some(day)) => drop(fresh.scorecards.insert(id, day)),
            _ => {}
        }
    }

    /// When the totals that an expression reads directly start, each day once; `None` for those that go on.
    fn fresh_totals(&self, expr: &Expr, text: &Text<'a>, found: &mut BTreeSet<Option<Date>>) {
        if let ExprKind::Aggregate { credit, window, .. } = &expr.kind
            && window.ends_with_the_period()
        {
            found.insert(text.fresh.get(&self.plan.credit(*credit).name).copied());
        }
        each_child(expr, &mut |child| self.fresh_totals(child, text, found));
    }

    /// A total that a test gives of a period whose text changes inside it: nothing says how much of it was sold before.
    pub(in crate::meaning) fn on_one_side(&mut self, what: &ast::Name, period: &ast::Name) {
        let Ok(of) = self.plan.calendar.parse_period(&period.text) else {
            return;
        };
        let texts = self.plan.pays.iter().flat_map(|pay| &pay.later);
        let mut days = texts.map(|later| later.from);
        if let Some(day) = days.find(|day| of.start() < *day && *day <= of.end()) {
            self.problems.push(errors::given_of_both(what, day));
        }
    }

    /// What an amendment says and nothing asks.
    pub(in crate::meaning) fn unasked(&mut self) {
        if self.problems.has_errors() {
            return;
        }
        for (at, own) in self.amendments.list.iter().enumerate() {
            let Some(change) = own.change.filter(|change| own.is_whole && !change.broken) else {
                continue;
            };
            let asked = self.amendments.asked.iter().filter(|(by, _)| *by == at);
            let names: Vec<&str> = asked.map(|(_, name)| name.as_str()).collect();
            for said in &change.running {
                if !names.contains(&said.name.text.as_str()) {
                    let near = near(&said.name.text, names.iter().copied());
                    let problem = errors::runs_through_nothing(said, own.effective.0, near);
                    self.problems.push(problem);
                }
            }
            if let Some(earlier) = &change.earlier
                && !self.amendments.level_asked.contains(&at)
            {
                self.problems.push(errors::no_level(earlier));
            }
        }
    }

    /// D604: periods that had ended when the amendment was approved.
    pub(in crate::meaning) fn of_ended_periods(&mut self) {
        let (plan, periods) = (&self.plan, self.plan.periods());
        let mut problems = Vec::new();
        for own in &plan.amended.amendments {
            let ended = periods.iter().filter(|period| own.had_ended(period));
            let labels: Vec<String> = ended.map(|period| plan.calendar.label(period)).collect();
            if !labels.is_empty() {
                problems.push(errors::ended(own, &labels));
            }
        }
        for problem in problems {
            self.problems.push(problem);
        }
    }
}

/// The amendments that begin or end between two texts.
fn changing(before: &[usize], now: &[usize]) -> Vec<usize> {
    let begin = now.iter().filter(|at| !before.contains(at));
    let end = before.iter().filter(|at| !now.contains(at));
    let begin: Vec<usize> = begin.copied().collect();
    if begin.is_empty() {
        end.copied().collect()
    } else {
        begin
    }
}

fn resolved(own: &Amending<'_>) -> Option<Amendment> {
    let approved = own.head.approved.as_ref()?;
    Some(Amendment {
        title: own.head.title.value.clone(),
        file: own.head.span.file,
        effective: own.effective,
        because: own.head.because.as_ref()?.value.clone(),
        approved_by: approved.by.value.clone(),
        approved_on: approved.on,
        span: own.head.span,
    })
}

/// An edit that adds a line below the head of `on the change date`, or the whole block at the end of the head.
fn say(own: &Amending<'_>, line: &str) -> Vec<Edit> {
    match own.change {
        Some(change) => vec![Edit::below(change.span, line)],
        None => {
            let approved = own.head.approved.as_ref().map(|approved| approved.span);
            let at = approved.unwrap_or(own.head.span);
            vec![Edit::after(at, format!("\n\non the change date\n  {line}"))]
        }
    }
}

/// A problem of an amendment with its head beside it.
fn of(own: &Amending<'_>, code: Code, at: Span, title: String) -> Diagnostic {
    let diagnostic = Diagnostic::at(code, at, title);
    if at == own.head.span {
        diagnostic
    } else {
        diagnostic.label(own.head.span, "in this amendment")
    }
}
