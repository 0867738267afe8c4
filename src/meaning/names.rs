//! Which names there are, where they stand, and who used them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Problems, Span, near};
use crate::meaning::errors;
use crate::syntax::ast;

/// What a name stands for, as written.
#[derive(Clone, Copy)]
pub(in crate::meaning) enum Def<'a> {
    Records(&'a ast::Source),
    Unit(&'a ast::Unit),
    Credit(&'a ast::Credit),
    Rollup(&'a ast::Rollup),
    Draw(&'a ast::Draw),
    Budget(&'a ast::Budget),
    Input(&'a ast::Input),
    Quota(&'a ast::Quota),
    /// `quota from …` in the head of the plan.
    HeadQuota(&'a ast::QuotaFrom),
    Measure(&'a ast::Measure),
    Tiers(&'a ast::Tiers),
    Curve(&'a ast::Curve),
    Lookup(&'a ast::Lookup),
    Rate(&'a ast::Rate),
    Exchange(&'a ast::Exchange),
    Scorecard(&'a ast::Scorecard),
    Carry(&'a ast::Carry),
    Pay(&'a ast::Pay),
    Clawback(&'a ast::Clawback),
    Adjustments(&'a ast::Adjustments),
    Pool(&'a ast::Pool),
    /// `contest` or `ranking`
    Contest(&'a ast::Contest),
}

impl Def<'_> {
    /// Whether it gives credit to persons.
    pub(in crate::meaning) fn is_credit(&self) -> bool {
        matches!(self, Def::Credit(_) | Def::Rollup(_))
    }

    /// Whether it makes an amount for a person and a period.
    pub(in crate::meaning) fn is_pay(&self) -> bool {
        match self {
            Def::Contest(own) => matches!(own.kind, ast::ContestKind::Prizes { .. }),
            def => matches!(def, Def::Pay(_) | Def::Adjustments(_) | Def::Pool(_)),
        }
    }

    /// Whether that amount is paid, and not only read.
    pub(in crate::meaning) fn is_paid(&self) -> bool {
        match self {
            Def::Pay(pay) => pay.kind == ast::PayKind::Pay,
            _ => self.is_pay(),
        }
    }

    /// What a block that takes the place of another stands for, with the place of its name.
    pub(in crate::meaning) fn replacing(item: &ast::Item) -> Option<(Def<'_>, Span)> {
        let def = match item {
            ast::Item::Measure(own) => Def::Measure(own),
            ast::Item::Tiers(own) => Def::Tiers(own),
            ast::Item::Curve(own) => Def::Curve(own),
            ast::Item::Lookup(own) => Def::Lookup(own),
            ast::Item::Rate(own) => Def::Rate(own),
            ast::Item::Scorecard(own) => Def::Scorecard(own),
            ast::Item::Pay(own) => Def::Pay(own),
            _ => return None,
        };
        Some((def, item.replaced_name()?.span))
    }

    /// The names that it reads, where an amendment can make it another.
    pub(in crate::meaning) fn names_read(&self) -> BTreeSet<&str> {
        match self {
            Def::Measure(own) => own.names_read(),
            Def::Tiers(own) => own.names_read(),
            Def::Curve(own) => own.names_read(),
            Def::Lookup(own) => own.names_read(),
            Def::Scorecard(own) => own.names_read(),
            Def::Pay(own) => own.names_read(),
            Def::Carry(own) => own.names_read(),
            _ => BTreeSet::new(),
        }
    }

    /// Whether it has a number for each person and period that a test may expect.
    pub(in crate::meaning) fn is_expected(&self) -> bool {
        self.is_pay() || matches!(self, Def::Measure(_) | Def::Carry(_) | Def::Contest(_))
    }

    /// What kind of thing it is, with its article.
    pub(in crate::meaning) fn kind(&self) -> &'static str {
        match self {
            Def::Records(_) => "a source of records",
            Def::Unit(_) => "a unit",
            Def::Credit(_) | Def::Rollup(_) => "a credit",
            Def::Budget(_) => "a budget",
            Def::Draw(_) => "a draw",
            Def::Input(_) => "an input",
            Def::Quota(_) | Def::HeadQuota(_) => "a quota",
            Def::Measure(_) => "a measure",
            Def::Tiers(_) => "a tier table",
            Def::Curve(_) => "a curve",
            Def::Lookup(lookup) => match lookup.kind {
                ast::LookupKind::Matrix => "a matrix",
                ast::LookupKind::Value => "a table of values",
            },
            Def::Rate(_) => "a rate over time",
            Def::Exchange(_) => "a table of rates of exchange",
            Def::Scorecard(_) => "a scorecard",
            Def::Carry(_) => "a quantity that carries over",
            Def::Pay(pay) if pay.kind == ast::PayKind::Component => "a component",
            Def::Pay(_) | Def::Pool(_) => "a payout",
            Def::Clawback(_) => "a take-back",
            Def::Adjustments(_) => "a block of adjustments",
            Def::Contest(own) => match own.kind {
                ast::ContestKind::Prizes { .. } => "a contest",
                ast::ContestKind::Places { .. } => "a ranking",
            },
        }
    }
}

/// All names a plan can use.
pub(in crate::meaning) struct Names<'a> {
    defs: BTreeMap<&'a str, (Def<'a>, Span)>,
    poisoned: BTreeSet<&'a str>,
    /// Whether any name may be defined where nobody could read it.
    any: bool,
    used: BTreeSet<String>,
    /// Blocks that take the place of others, by text of the plan.
    texts: Vec<BTreeMap<&'a str, (Def<'a>, Span)>>,
    /// The text of the plan that is read, by position; the first is that of the plan's first day.
    pub(in crate::meaning) text: usize,
    /// The people block.
    pub(in crate::meaning) people: Option<&'a ast::Source>,
    /// The calendar block.
    pub(in crate::meaning) calendar: Option<&'a ast::CalendarBlock>,
}

impl<'a> Names<'a> {
    /// Gathers the plan's own names, then those of shared files.
    pub(in crate::meaning) fn gather(
        plan: &'a ast::File,
        shared: &[&'a ast::File],
        problems: &mut Problems,
    ) -> Names<'a> {
        let mut names = Names {
            defs: BTreeMap::new(),
            poisoned: BTreeSet::new(),
            any: false,
            used: BTreeSet::new(),
            texts: Vec::new(),
            text: 0,
            people: None,
            calendar: None,
        };
        for file in std::iter::once(plan).chain(shared.iter().copied()) {
            names
                .poisoned
                .extend(file.poisoned.iter().map(|name| name.text.as_str()));
            names.any |= file.unnamed;
            for item in &file.items {
                names.add(item, problems);
            }
        }
        names
    }

    fn add(&mut self, item: &'a ast::Item, problems: &mut Problems) {
        match item {
            ast::Item::Plan(head) => {
                if let Some(quota) = &head.quota {
                    self.define("quota", quota.span, Def::HeadQuota(quota), problems);
                }
            }
            ast::Item::Use(_)
            | ast::Item::Exception(_)
            | ast::Item::Total(_)
            | ast::Item::Prove(_)
            | ast::Item::Test(_)
            | ast::Item::Amend(_)
            | ast::Item::Replace(_)
            | ast::Item::Change(_) => {}
            ast::Item::Calendar(block) => match self.calendar {
                Some(first) => problems.push(errors::twice("calendar", first.span, block.span)),
                None => self.calendar = Some(block),
            },
            ast::Item::People(block) => match self.people {
                Some(first) => problems.push(errors::twice("people", first.span, block.span)),
                None => self.people = Some(block),
            },
            ast::Item::Unit(unit) => {
                self.define(
                    &unit.singular.text,
                    unit.singular.span,
                    Def::Unit(unit),
                    problems,
                );
                if unit.plural.text != unit.singular.text {
                    self.define(
                        &unit.plural.text,
                        unit.plural.span,
                        Def::Unit(unit),
                        problems,
                    );
                }
            }
            ast::Item::Records(block) => self.define(
                &block.name.text,
                block.name.span,
                Def::Records(block),
                problems,
            ),
            ast::Item::Credit(credit) => self.define(
                &credit.name.text,
                credit.name.span,
                Def::Credit(credit),
                problems,
            ),
            ast::Item::Budget(budget) => self.define(
                &budget.name.text,
                budget.name.span,
                Def::Budget(budget),
                problems,
            ),
            ast::Item::Draw(draw) => {
                self.define(&draw.name.text, draw.name.span, Def::Draw(draw), problems);
            }
            ast::Item::Rollup(rollup) => self.define(
                &rollup.name.text,
                rollup.name.span,
                Def::Rollup(rollup),
                problems,
            ),
            ast::Item::Input(input) => self.define(
                &input.name.text,
                input.name.span,
                Def::Input(input),
                problems,
            ),
            ast::Item::Quota(quota) => self.define(
                &quota.name.text,
                quota.name.span,
                Def::Quota(quota),
                problems,
            ),
            ast::Item::Measure(measure) => {
                self.define(
                    &measure.name.text,
                    measure.name.span,
                    Def::Measure(measure),
                    problems,
                );
            }
            ast::Item::Tiers(tiers) => self.define(
                &tiers.name.text,
                tiers.name.span,
                Def::Tiers(tiers),
                problems,
            ),
            ast::Item::Curve(curve) => self.define(
                &curve.name.text,
                curve.name.span,
                Def::Curve(curve),
                problems,
            ),
            ast::Item::Lookup(lookup) => self.define(
                &lookup.name.text,
                lookup.name.span,
                Def::Lookup(lookup),
                problems,
            ),
            ast::Item::Scorecard(card) => self.define(
                &card.name.text,
                card.name.span,
                Def::Scorecard(card),
                problems,
            ),
            ast::Item::Exchange(exchange) => self.define(
                &exchange.name.text,
                exchange.name.span,
                Def::Exchange(exchange),
                problems,
            ),
            ast::Item::Carry(carry) => self.define(
                &carry.name.text,
                carry.name.span,
                Def::Carry(carry),
                problems,
            ),
            ast::Item::Rate(rate) => {
                self.define(&rate.name.text, rate.name.span, Def::Rate(rate), problems);
            }
            ast::Item::Pay(pay) => {
                self.define(&pay.name.text, pay.name.span, Def::Pay(pay), problems)
            }
            ast::Item::Clawback(own) => {
                self.define(&own.name.text, own.name.span, Def::Clawback(own), problems)
            }
            ast::Item::Adjustments(own) => self.define(
                &own.name.text,
                own.name.span,
                Def::Adjustments(own),
                problems,
            ),
            ast::Item::Pool(pool) => {
                self.define(&pool.name.text, pool.name.span, Def::Pool(pool), problems);
            }
            ast::Item::Contest(own) => {
                self.define(&own.name.text, own.name.span, Def::Contest(own), problems);
            }
        }
    }

    fn define(&mut self, name: &'a str, span: Span, def: Def<'a>, problems: &mut Problems) {
        match self.defs.get(name) {
            Some((_, first)) => problems.push(errors::twice(name, *first, span)),
            None => {
                self.defs.insert(name, (def, span));
            }
        }
    }

    /// What a name stands for; it then counts as used.
    pub(in crate::meaning) fn find(&mut self, name: &str) -> Option<Def<'a>> {
        let def = self.peek(name)?;
        self.used.insert(name.to_owned());
        Some(def)
    }

    /// Whether anything has used a name so far.
    pub(in crate::meaning) fn is_used(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// Takes back a use.
    pub(in crate::meaning) fn forget_use(&mut self, name: &str) {
        self.used.remove(name);
    }

    /// What a name stands for, without using it.
    pub(in crate::meaning) fn peek(&self, name: &str) -> Option<Def<'a>> {
        let replaced = self.texts.get(self.text).and_then(|own| own.get(name));
        replaced.or(self.defs.get(name)).map(|(def, _)| *def)
    }

    /// What a name stands for in one text of the plan.
    pub(in crate::meaning) fn in_text(&mut self, text: usize, name: &str) -> Option<Def<'a>> {
        let here = std::mem::replace(&mut self.text, text);
        let def = self.peek(name);
        self.text = here;
        def
    }

    /// Puts blocks in the place of others, in the next text of the plan.
    pub(in crate::meaning) fn next_text(&mut self, blocks: &BTreeMap<&'a str, &'a ast::Item>) {
        let defined = blocks.iter().filter_map(|(name, item)| {
            let (def, span) = Def::replacing(item)?;
            Some((*name, (def, span)))
        });
        self.texts.push(defined.collect());
    }

    /// These names, and all blocks but pays that read one of them in a text of the plan, however indirectly.
    pub(in crate::meaning) fn readers_of(
        &mut self,
        start: &BTreeSet<String>,
        text: usize,
    ) -> BTreeSet<String> {
        let names: Vec<&'a str> = self.defs.keys().copied().collect();
        let blocks = names.into_iter().filter_map(|name| {
            let def = self.in_text(text, name)?;
            (!matches!(def, Def::Pay(_))).then_some((name, def))
        });
        let blocks: Vec<(&str, Def<'_>)> = blocks.collect();
        let mut found = start.clone();
        loop {
            let known = found.len();
            for (name, def) in &blocks {
                if def.names_read().iter().any(|read| found.contains(*read)) {
                    found.insert((*name).to_owned());
                }
            }
            if found.len() == known {
                return found;
            }
        }
    }

    /// Whether an amendment replaces one of these names, or something that they read, however indirectly.
    pub(in crate::meaning) fn reads_amended(&self, start: BTreeSet<&str>) -> bool {
        let mut known: BTreeSet<String> = start.into_iter().map(str::to_owned).collect();
        let mut open: Vec<String> = known.iter().cloned().collect();
        while let Some(name) = open.pop() {
            if self
                .texts
                .iter()
                .any(|text| text.contains_key(name.as_str()))
            {
                return true;
            }
            let Some((def, _)) = self.defs.get(name.as_str()) else {
                continue;
            };
            for read in def.names_read() {
                if known.insert(read.to_owned()) {
                    open.push(read.to_owned());
                }
            }
        }
        false
    }

    /// What several persons share, each with its head, where an amendment replaces something that it reads.
    pub(in crate::meaning) fn shared_by_texts(&self) -> Vec<Span> {
        self.by_texts(|def| match def {
            Def::Pool(own) => Some((own.names_read(), own.span)),
            Def::Contest(own) => Some((own.names_read(), own.span)),
            Def::Budget(own) => Some((own.names_read(), own.span)),
            _ => None,
        })
    }

    /// Draws, each with its head, where an amendment replaces something that they read.
    pub(in crate::meaning) fn draws_by_texts(&self) -> Vec<Span> {
        self.by_texts(|def| match def {
            Def::Draw(own) => Some((own.names_read(), own.span)),
            _ => None,
        })
    }

    /// The heads of what reads something that an amendment replaces.
    fn by_texts(&self, reads: impl Fn(&Def<'a>) -> Option<(BTreeSet<&'a str>, Span)>) -> Vec<Span> {
        let read = self.defs.values().filter_map(|(def, _)| reads(def));
        let amended = read.filter(|(names, _)| self.reads_amended(names.clone()));
        let mut found: Vec<Span> = amended.map(|(_, span)| span).collect();
        found.sort();
        found
    }

    /// Where a name of the plan's own is defined, and what it stands for there.
    pub(in crate::meaning) fn defined(&self, name: &str) -> Option<(Def<'a>, Span)> {
        self.defs.get(name).copied()
    }

    /// Whether something that could not be read seems to define it.
    pub(in crate::meaning) fn is_poisoned(&self, name: &str) -> bool {
        self.any || self.poisoned.contains(name) || self.people.is_some_and(|people| people.gaps)
    }

    /// The nearest name there is, with its place.
    pub(in crate::meaning) fn near(&self, name: &str) -> Option<(String, Span)> {
        let columns = self
            .people
            .map(|people| people.columns.as_slice())
            .unwrap_or_default();
        let known = self
            .defs
            .keys()
            .copied()
            .chain(columns.iter().map(|column| column.name.text.as_str()));
        let found = near(name, known)?;
        let span = match self.defs.get(found) {
            Some((_, span)) => *span,
            None => {
                columns
                    .iter()
                    .find(|column| column.name.text == found)?
                    .name
                    .span
            }
        };
        Some((found.to_owned(), span))
    }

    /// The nearest name of some kind.
    pub(in crate::meaning) fn near_of(
        &self,
        name: &str,
        fits: impl Fn(&Def<'_>) -> bool,
    ) -> Option<&'a str> {
        let known = self.defs.iter().filter(|(_, (def, _))| fits(def));
        near(name, known.map(|(name, _)| *name))
    }

    /// Names of the plan's own file that nothing used, in the order written.
    pub(in crate::meaning) fn unused(&self, plan: &ast::File) -> Vec<(&'a str, Def<'a>, Span)> {
        let mut unused: Vec<_> = self
            .defs
            .iter()
            .filter(|(name, (def, span))| {
                let acts = matches!(
                    def,
                    Def::Budget(_) | Def::Carry(_) | Def::Clawback(_) | Def::Draw(_)
                );
                let is_done = def.is_paid() || acts;
                span.file == plan.id && !is_done && !self.used.contains(**name)
            })
            .map(|(name, (def, span))| (*name, *def, *span))
            .collect();
        unused.sort_by_key(|(_, _, span)| *span);
        unused
    }

    /// The name of the budget of a payout, if it has one.
    pub(in crate::meaning) fn budget_of(&self, pay: &str) -> Option<&'a ast::Name> {
        self.defs.values().find_map(|(def, _)| match def {
            Def::Budget(budget) => {
                let mut of = budget.of.iter().flat_map(|of| &of.value);
                of.any(|name| name.text == pay).then_some(&budget.name)
            }
            _ => None,
        })
    }

    /// Whether something can be taken back of a payout.
    pub(in crate::meaning) fn is_clawed(&self, pay: &str) -> bool {
        self.defs.values().any(|(def, _)| match def {
            Def::Clawback(own) => own.of.as_ref().is_some_and(|of| of.text == pay),
            _ => false,
        })
    }

    /// What all names stand for.
    pub(in crate::meaning) fn all(&self) -> impl Iterator<Item = Def<'a>> {
        self.defs.values().map(|(def, _)| *def)
    }

    /// All that carries over, in the order written.
    pub(in crate::meaning) fn carries(&self) -> Vec<&'a ast::Carry> {
        let all = self.defs.values();
        let mut carries: Vec<&ast::Carry> = all
            .filter_map(|(def, _)| match def {
                Def::Carry(carry) => Some(*carry),
                _ => None,
            })
            .collect();
        carries.sort_by_key(|carry| carry.span);
        carries
    }

    /// All credits, in the order written.
    pub(in crate::meaning) fn credits(&self) -> Vec<&'a ast::Credit> {
        let mut credits: Vec<&ast::Credit> = self
            .defs
            .values()
            .filter_map(|(def, _)| match def {
                Def::Credit(credit) => Some(*credit),
                _ => None,
            })
            .collect();
        credits.sort_by_key(|credit| credit.span);
        credits
    }
}
