//! Blocks to meaning, on demand: what a pay needs is lowered before it, so that items stand in the plan in
//! the order in which they feed each other, and a circle shows itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Calendar, Exact, Mode, Residue, Rounding};
use crate::diag::{Code, Diagnostic, Edit, Problems, Span};
use crate::meaning::check::{Bindings, SourceCurrency};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::names::{Def, Names};
use crate::meaning::plan::{
    Column, ColumnId, Credit, CreditId, Expr, ExprKind, Function, InputId, LookupId, Measure,
    MeasureId, MeasureRule, PayId, Plan, Quota, QuotaId, RateId, Receivers, RuleOutcome,
    ScorecardId, Source, SourceId, Split, TierRow, Tiers, TiersId, Unit, UnitId, each_child,
};
use crate::meaning::sign::constant;
use crate::meaning::tables;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self, BinaryOp};

/// What a name was lowered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::meaning) enum Item {
    Credit(CreditId),
    Input(InputId),
    Quota(QuotaId),
    Measure(MeasureId),
    Tiers(TiersId),
    Lookup(LookupId),
    Rate(RateId),
    Scorecard(ScorecardId),
    Pay(PayId),
}

enum Memo {
    Working,
    Done(Option<Item>),
}

/// Makes one plan.
pub(in crate::meaning) struct Lower<'a> {
    pub(in crate::meaning) names: Names<'a>,
    pub(in crate::meaning) plan: Plan,
    pub(in crate::meaning) problems: Problems,
    bindings: &'a Bindings,
    memo: BTreeMap<String, Memo>,
    /// Names being lowered, outermost first: a circle is read off it.
    working: Vec<(String, Span)>,
    /// `paid 20 days after the quarter ends`, in the head of the plan.
    pub(in crate::meaning) paid: Option<u16>,
    /// Quotas whose kind of value an expression has shown.
    settled: BTreeSet<QuotaId>,
    /// Names that are defined nowhere, each with every place that reads it.
    pub(in crate::meaning) unknown: BTreeMap<String, Vec<Span>>,
    pub(in crate::meaning) known: Known,
}

/// What could be read, so that nothing is said of what rests on a stand-in.
#[derive(Clone, Copy, Debug)]
pub(in crate::meaning) struct Known {
    /// Every line and every block.
    pub(in crate::meaning) all: bool,
    /// The plan's first and last day.
    pub(in crate::meaning) dates: bool,
    /// How often the plan pays.
    pub(in crate::meaning) cadence: bool,
}

impl<'a> Lower<'a> {
    pub(in crate::meaning) fn new(
        names: Names<'a>,
        plan: Plan,
        bindings: &'a Bindings,
        known: Known,
    ) -> Lower<'a> {
        let mut lower = Lower {
            names,
            plan,
            problems: Problems::new(),
            bindings,
            memo: BTreeMap::new(),
            working: Vec::new(),
            paid: None,
            settled: BTreeSet::new(),
            unknown: BTreeMap::new(),
            known,
        };
        if let Some(block) = lower
            .names
            .calendar
            .and_then(|block| block.starts_in.as_ref())
        {
            lower.plan.calendar =
                Calendar::fiscal_from(u32::from(block.value)).unwrap_or(lower.plan.calendar);
        }
        if let Some(block) = lower.names.people {
            lower.plan.people = lower.source_block(block);
            lower.plan.people.binding = crate::table::PEOPLE.to_owned();
            lower.people_have_ids(block);
        }
        lower
    }

    fn people_have_ids(&mut self, block: &ast::Source) {
        let id = block.columns.iter().find(|column| column.name.text == "id");
        match id {
            Some(column)
                if !matches!(column.kind.value, ast::ColumnKind::Text) || column.optional =>
            {
                self.problems.push(
                    Diagnostic::at(
                        Code::U203,
                        column.kind.span,
                        "the column `id` of people is a `Text` that is always there",
                    )
                    .fix(
                        "write",
                        "Text",
                        vec![Edit {
                            span: column.kind.span,
                            text: "Text".to_owned(),
                        }],
                    ),
                );
            }
            None if !block.columns.is_empty() && !block.gaps => self.problems.push(
                Diagnostic::at(Code::S007, block.span, "people need the column `id`")
                    .help("add it", "| id | Text | personnel number |"),
            ),
            _ => {}
        }
        for edge in ["from", "through"] {
            let column = block.columns.iter().find(|column| column.name.text == edge);
            if let Some(column) = column.filter(|c| !matches!(c.kind.value, ast::ColumnKind::Date))
            {
                self.problems.push(
                    Diagnostic::at(
                        Code::U203,
                        column.kind.span,
                        format!(
                            "`{edge}` says from when to when a row holds, so it is a `Date or none`"
                        ),
                    )
                    .fix(
                        "write",
                        "Date or none",
                        vec![Edit {
                            span: column.kind.span,
                            text: "Date or none".to_owned(),
                        }],
                    ),
                );
            }
        }
    }

    /// A name of credit, quota, measure, tiers or pay; `None` where it is unknown to this, in a circle or
    /// poisoned, which has been reported.
    pub(in crate::meaning) fn item(&mut self, name: &str, span: Span) -> Option<Item> {
        let def = self.names.find(name)?;
        match self.memo.get(name) {
            Some(Memo::Done(item)) => return *item,
            Some(Memo::Working) => {
                let start = self
                    .working
                    .iter()
                    .position(|(working, _)| working == name)
                    .unwrap_or(0);
                let path = self.working.get(start..).unwrap_or_default().to_vec();
                self.problems.push(errors::circle(name, span, &path));
                return None;
            }
            None => {}
        }
        self.memo.insert(name.to_owned(), Memo::Working);
        let head = match def {
            Def::Credit(credit) => credit.name.span,
            Def::Input(input) => input.name.span,
            Def::Quota(quota) => quota.name.span,
            Def::HeadQuota(quota) => quota.span,
            Def::Measure(measure) => measure.name.span,
            Def::Tiers(tiers) => tiers.name.span,
            Def::Curve(curve) => curve.name.span,
            Def::Lookup(lookup) => lookup.name.span,
            Def::Rate(rate) => rate.name.span,
            Def::Scorecard(card) => card.name.span,
            Def::Pay(pay) => pay.name.span,
            Def::Records(_) | Def::Unit(_) => span,
        };
        self.working.push((name.to_owned(), head));
        let item = match def {
            Def::Credit(credit) => self.credit(credit).map(Item::Credit),
            Def::Input(input) => self.input(input).map(Item::Input),
            Def::Quota(quota) => quota.from.as_ref().map(|from| {
                let label = quota
                    .label
                    .as_ref()
                    .map_or_else(|| quota.name.text.clone(), |label| label.value.clone());
                Item::Quota(self.quota(&quota.name.text, label, from, quota.span))
            }),
            Def::HeadQuota(from) => Some(Item::Quota(self.quota(
                "quota",
                "Quota".to_owned(),
                from,
                from.span,
            ))),
            Def::Measure(measure) => self.measure(measure).map(Item::Measure),
            Def::Tiers(tiers) => self.tiers(tiers).map(Item::Tiers),
            Def::Curve(curve) => self.curve(curve).map(Item::Lookup),
            Def::Lookup(lookup) => self.lookup(lookup).map(Item::Lookup),
            Def::Rate(rate) => self.rate(rate).map(Item::Rate),
            Def::Scorecard(card) => self.scorecard(card).map(Item::Scorecard),
            Def::Pay(pay) => self.pay(pay).map(Item::Pay),
            Def::Records(_) | Def::Unit(_) => None,
        };
        self.working.pop();
        self.memo.insert(name.to_owned(), Memo::Done(item));
        item
    }

    /// A name that is defined nowhere; what is wrong is said once for all its places.
    pub(in crate::meaning) fn unknown(&mut self, name: &str, span: Span) {
        if !self.names.is_poisoned(name) {
            self.unknown.entry(name.to_owned()).or_default().push(span);
        }
    }

    pub(in crate::meaning) fn is_unknown(&self, name: &str) -> bool {
        self.unknown.contains_key(name)
    }

    pub(in crate::meaning) fn unknown_names(&mut self, head: &ast::PlanHead) {
        for (name, mut places) in std::mem::take(&mut self.unknown) {
            places.sort();
            self.problems.push(match self.names.near(&name) {
                None if name == "quota" => errors::no_quota(&places, head.span, self.plan.cadence),
                near => errors::unknown(&name, &places, near),
            });
        }
    }

    /// Lowers a block of the plan's own, which does not count as using it.
    pub(in crate::meaning) fn lower_unused(&mut self, name: &str, span: Span) {
        let was_used = self.names.is_used(name);
        self.item(name, span);
        if !was_used {
            self.names.forget_use(name);
        }
    }

    /// A credit by name; anything else is not one.
    pub(in crate::meaning) fn credit_named(&mut self, name: &ast::Name) -> Option<CreditId> {
        match self.names.peek(&name.text) {
            Some(Def::Credit(_)) => match self.item(&name.text, name.span) {
                Some(Item::Credit(id)) => Some(id),
                _ => None,
            },
            Some(_) => None,
            None => {
                self.unknown(&name.text, name.span);
                None
            }
        }
    }

    pub(in crate::meaning) fn unit(&mut self, name: &ast::Name) -> Option<UnitId> {
        let Some(Def::Unit(unit)) = self.names.find(&name.text) else {
            if !self.names.is_poisoned(&name.text) {
                self.problems.push(
                    Diagnostic::at(
                        Code::N101,
                        name.span,
                        format!("there is no unit `{}`", name.text),
                    )
                    .help(
                        "declare it in the shared terms",
                        format!("unit {0} \"{0}\", plural {0}s", name.text),
                    ),
                );
            }
            return None;
        };
        let known = self
            .plan
            .units
            .iter()
            .position(|known| known.singular == unit.singular.text);
        Some(UnitId(known.unwrap_or_else(|| {
            self.plan.units.push(Unit {
                singular: unit.singular.text.clone(),
                plural: unit.plural.text.clone(),
            });
            self.plan.units.len() - 1
        })))
    }

    fn source_block(&mut self, block: &ast::Source) -> Source {
        let binding = block.from.as_ref().unwrap_or(&block.name).text.clone();
        let mut columns: Vec<Column> = Vec::new();
        for line in &block.columns {
            if let Some(first) = columns.iter().find(|column| column.name == line.name.text) {
                self.problems
                    .push(errors::twice(&line.name.text, first.span, line.name.span));
                continue;
            }
            let (ty, one_of) = self.column_type(&binding, &line.kind.value);
            columns.push(Column {
                name: line.name.text.clone(),
                ty,
                one_of,
                optional: line.optional,
                meaning: line.meaning.value.clone(),
                span: line.name.span,
            });
        }
        let label = block
            .label
            .as_ref()
            .map_or_else(|| block.name.text.clone(), |label| label.value.clone());
        Source {
            name: block.name.text.clone(),
            binding,
            label,
            columns,
            gaps: block.gaps,
            span: block.span,
        }
    }

    fn column_type(
        &mut self,
        binding: &str,
        kind: &ast::ColumnKind,
    ) -> (Type, Option<Vec<String>>) {
        let ty = match kind {
            ast::ColumnKind::Text => Type::Text,
            ast::ColumnKind::OneOf(list) => return (Type::Text, Some(list.clone())),
            // The manifest may name one currency for the source; rows with their own are looked at one by one.
            ast::ColumnKind::Money => match self.bindings.sources.get(binding) {
                Some(SourceCurrency::All(currency)) => Type::Money(*currency),
                _ => Type::Money(self.plan.currency),
            },
            ast::ColumnKind::Percent => Type::Percent,
            ast::ColumnKind::Number => Type::Number,
            ast::ColumnKind::Quantity(unit) => {
                self.unit(unit).map_or(Type::Poisoned, Type::Quantity)
            }
            ast::ColumnKind::Date => Type::Date,
            ast::ColumnKind::Person => Type::Person,
            ast::ColumnKind::YesNo => Type::Bool,
        };
        (ty, None)
    }

    /// A source by its name in plans.
    fn source(&mut self, name: &ast::Name) -> Option<SourceId> {
        if let Some(at) = self
            .plan
            .sources
            .iter()
            .position(|source| source.name == name.text)
        {
            return Some(SourceId(at));
        }
        match self.names.find(&name.text) {
            Some(Def::Records(block)) => {
                let source = self.source_block(block);
                self.plan.sources.push(source);
                Some(SourceId(self.plan.sources.len() - 1))
            }
            Some(def) => {
                let kind = def.kind();
                self.problems.push(errors::not_a_value(
                    &name.text,
                    name.span,
                    &format!("{kind}, not a source of records"),
                ));
                None
            }
            None => {
                self.unknown(&name.text, name.span);
                None
            }
        }
    }

    /// The source whose records are called by a word, by the credits that call them so.
    pub(in crate::meaning) fn source_of_word(
        &mut self,
        word: &str,
        span: Span,
    ) -> Option<SourceId> {
        let credits = self.names.credits();
        let from = credits
            .iter()
            .filter_map(|credit| credit.from.as_ref())
            .find(|(_, w)| w.text == word);
        match from {
            Some((source, _)) => self.source(&source.clone()),
            None => {
                let words = credits
                    .iter()
                    .filter_map(|credit| credit.from.as_ref())
                    .map(|(_, w)| w.text.as_str());
                let mut diagnostic = Diagnostic::at(
                    Code::N101,
                    span,
                    format!("no credit calls its records `{word}`"),
                );
                if let Some(near) = crate::diag::near(word, words) {
                    diagnostic = diagnostic.fix(
                        "write",
                        near,
                        vec![Edit {
                            span,
                            text: near.to_owned(),
                        }],
                    );
                }
                if !self.names.is_poisoned(word) {
                    self.problems.push(diagnostic);
                }
                None
            }
        }
    }

    fn credit(&mut self, written: &ast::Credit) -> Option<CreditId> {
        let (source, word) = written.from.as_ref()?;
        let source = self.source(source)?;
        let mut place = Place::new(PlaceKind::Record(source, word.text.clone()), written.span);
        let mut when = Vec::new();
        for condition in &written.when {
            let condition = self.expr(condition, &mut place);
            self.want(&condition, Type::Bool);
            when.push(condition);
        }
        let dated_by = written
            .dated_by
            .as_ref()
            .and_then(|date| self.column_of(date, Type::Date, &mut place));
        let amount = written
            .amount
            .as_ref()
            .map(|amount| self.expr(amount, &mut place));
        if let Some(amount) = &amount {
            self.want_number(amount);
            if let Type::Money(currency) = amount.ty
                && currency != self.plan.currency
            {
                self.problems.push(errors::currencies(
                    currency,
                    self.plan.currency,
                    amount.span,
                ));
            }
        }
        let amount = amount.map(|amount| match &written.cap {
            None => amount,
            Some(cap) => {
                let cap = self.expr(cap, &mut place);
                within(amount, cap, self)
            }
        });
        let share_cap = match &written.share_cap {
            None => None,
            Some(cap) => {
                let cap = self.expr(cap, &mut place);
                let fits = amount
                    .as_ref()
                    .is_none_or(|amount| self.want(&cap, amount.ty));
                match constant(&cap) {
                    Some(cap) if fits => Some(cap.abs()),
                    None if fits => {
                        let why = "the most of a share is a constant";
                        self.problems
                            .push(errors::wrong_place("this", cap.span, why));
                        return None;
                    }
                    _ => return None,
                }
            }
        };
        let to = written
            .to
            .as_ref()
            .map(|to| self.column_of(to, Type::Person, &mut place));
        let split = match &written.split {
            Some(split) => Some(self.split(split, written, &mut place)?),
            None => None,
        };
        let rounding = self.credit_rounding(written);
        // A split without a condition gives everything away; `to` then has nothing left to get.
        let always_split = split.as_ref().is_some_and(|split| split.when.is_none());
        let to = match to {
            Some(column) => Some(column?).filter(|_| !always_split),
            None => None,
        };
        let label = written
            .label
            .as_ref()
            .map_or_else(|| written.name.text.clone(), |label| label.value.clone());
        self.plan.credits.push(Credit {
            name: written.name.text.clone(),
            label,
            source,
            record_word: word.text.clone(),
            when,
            dated_by: dated_by?,
            amount: amount?,
            share_cap,
            receivers: Receivers { to, split },
            rounding,
            span: written.span,
        });
        Some(CreditId(self.plan.credits.len() - 1))
    }

    fn credit_rounding(&mut self, written: &ast::Credit) -> Option<(Rounding, Residue)> {
        match (&written.round, &written.remainder) {
            (Some(round), remainder) => {
                if let ast::RoundLevel::Total | ast::RoundLevel::ToDate | ast::RoundLevel::Each(_) =
                    round.level
                {
                    self.problems.push(
                        Diagnostic::at(Code::S008, round.span, "a credit rounds `each share`")
                            .help(
                                "write",
                                format!(
                                    "round each share to {}, {}",
                                    round.unit.value,
                                    round.mode.words()
                                ),
                            ),
                    );
                    return None;
                }
                if written.split.is_some() && round.mode != Mode::Down {
                    let text = format!("round each share to {}, down", round.unit.value);
                    self.problems.push(
                        Diagnostic::at(
                            Code::S008,
                            round.span,
                            format!("shares of a split cannot be rounded {}", round.mode.words()),
                        )
                        .note(
                            "Three thirds of 100.01 rounded half up are 33.34 each, 100.02 in all: a cent too much. Each \
                             share is rounded down, and `remainder` says who gets the cents that are left.",
                        )
                        .fix(
                            "write",
                            text.clone(),
                            vec![Edit {
                                span: round.span,
                                text,
                            }],
                        ),
                    );
                    return None;
                }
                // One whole amount has nothing to hand out.
                if written.split.is_none() && remainder.is_none() {
                    let rounding = Rounding {
                        unit: round.unit.value.clone(),
                        mode: round.mode,
                    };
                    return Some((rounding, Residue::ToLargest));
                }
                let Some(remainder) = remainder else {
                    let insert = |text: &str| {
                        vec![Edit {
                            span: Span {
                                start: round.span.end,
                                ..round.span
                            },
                            text: format!("\n  {text}"),
                        }]
                    };
                    self.problems.push(
                        Diagnostic::at(Code::R901, round.span, "who gets the spare cents of the rounded shares?")
                            .note("Three thirds of 100.00 rounded down are 33.33 each, and one cent is left.")
                            .fix("the largest share", "remainder   to the largest share", insert("remainder   to the largest share"))
                            .fix("the first", "remainder   to the first", insert("remainder   to the first")),
                    );
                    return None;
                };
                Some((
                    Rounding {
                        unit: round.unit.value.clone(),
                        mode: round.mode,
                    },
                    remainder.value,
                ))
            }
            (None, Some(remainder)) => {
                self.problems.push(
                    Diagnostic::at(
                        Code::S007,
                        remainder.span,
                        "nothing is rounded, so nothing is left over",
                    )
                    .help("say what is rounded", "round each share to 0.01, down"),
                );
                None
            }
            (None, None) => None,
        }
    }

    /// A column of the record at hand, of one type.
    fn column_of(
        &mut self,
        written: &ast::Expr,
        wanted: Type,
        place: &mut Place,
    ) -> Option<ColumnId> {
        let expr = self.expr(written, place);
        match expr.kind {
            ExprKind::Column(_, column) if self.want(&expr, wanted) => Some(column),
            _ => None,
        }
    }

    fn split(
        &mut self,
        written: &ast::Split,
        credit: &ast::Credit,
        place: &mut Place,
    ) -> Option<Split> {
        let when = written.when.as_ref().map(|when| {
            let when = self.expr(when, place);
            self.want(&when, Type::Bool);
            when
        });
        let mut shares = Vec::new();
        let mut broken = false;
        let mut unguarded = Vec::new();
        for row in &written.rows {
            let who = match &row.who {
                None => None,
                Some(who) => match self.column_of(who, Type::Person, place) {
                    Some(column) => Some(column),
                    None => {
                        broken = true;
                        continue;
                    }
                },
            };
            let share = self.expr(&row.share, place);
            let Some(value) =
                constant(&share).filter(|_| matches!(share.ty, Type::Percent | Type::Number))
            else {
                if share.ty != Type::Poisoned {
                    let found = errors::type_words(share.ty, &self.plan.units);
                    self.problems.push(errors::wrong_type(
                        share.span,
                        &found,
                        "a share such as 70% or 1/3",
                    ));
                }
                broken = true;
                continue;
            };
            if value.is_negative() {
                self.problems.push(Diagnostic::at(
                    Code::C501,
                    share.span,
                    "a share cannot be below 0%",
                ));
                broken = true;
                continue;
            }
            if let Some(column) = who {
                let source = match &place.kind {
                    PlaceKind::Record(source, _) => *source,
                    _ => return None,
                };
                let declared = &self.plan.source(source).columns[column.0];
                let guarded = when.as_ref().is_some_and(|when| guards(when, column));
                if declared.optional && !guarded {
                    unguarded.push((declared.name.clone(), row.span));
                }
            }
            shares.push((who, value, share.span));
        }
        if broken || written.rows.is_empty() {
            return None;
        }
        tables::shares(&shares, written, &mut self.problems);
        let missing = match &written.missing {
            None => {
                if let Some((column, span)) = unguarded.first() {
                    let word = credit
                        .from
                        .as_ref()
                        .map_or("deal", |(_, word)| word.text.as_str());
                    self.problems.push(
                        Diagnostic::at(
                            Code::C501,
                            *span,
                            format!("`{column}` may be empty: who gets the share then?"),
                        )
                        .help(
                            "give it to somebody",
                            format!("if a person is missing the share goes to {word}.…"),
                        )
                        .help(
                            "or to nobody",
                            "if a person is missing the share goes to nobody",
                        )
                        .help(
                            "or split only when it is there",
                            format!("split when {word}.{column} is present"),
                        ),
                    );
                }
                None
            }
            Some(clause) => Some(match &clause.value {
                ast::MissingShare::Nobody => None,
                ast::MissingShare::To(person) => {
                    Some(self.column_of(person, Type::Person, place)?)
                }
            }),
        };
        Some(Split {
            when,
            shares,
            missing,
            span: written.span,
        })
    }

    fn quota(&mut self, name: &str, label: String, from: &ast::QuotaFrom, span: Span) -> QuotaId {
        self.plan.quotas.push(Quota {
            name: name.to_owned(),
            label,
            binding: from.source.text.clone(),
            cadence: from.cadence.value,
            ty: Type::Money(self.plan.currency),
            span,
        });
        QuotaId(self.plan.quotas.len() - 1)
    }

    /// A quota's kind of value is that of the first thing it is compared with.
    pub(in crate::meaning) fn settle_quota(&mut self, name: &str, ty: Type) {
        if !matches!(
            self.names.peek(name),
            Some(Def::Quota(_) | Def::HeadQuota(_))
        ) {
            return;
        }
        let span = self.plan.span;
        if let Some(Item::Quota(id)) = self.item(name, span)
            && self.settled.insert(id)
            && matches!(ty, Type::Quantity(_) | Type::Number | Type::Percent)
        {
            self.plan.quotas[id.0].ty = ty;
        }
    }

    fn measure(&mut self, written: &ast::Measure) -> Option<MeasureId> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let value = self.expr(written.value.as_ref()?, &mut place);
        self.want_number(&value);
        let mut divisors = Vec::new();
        collect_divisors(&value, &mut divisors);
        let mut rules = Vec::new();
        for rule in &written.rules {
            rules.extend(self.measure_rule(rule, &value, &divisors, written));
        }
        if rules.len() == written.rules.len() && value.ty != Type::Poisoned {
            self.unsaid(&divisors, &value, &rules, written.span);
        }
        let label = written
            .label
            .as_ref()
            .map_or_else(|| written.name.text.clone(), |label| label.value.clone());
        let rounding = written
            .round
            .as_ref()
            .and_then(|round| self.rounding(round, value.ty));
        self.plan.measures.push(Measure {
            name: written.name.text.clone(),
            label,
            value,
            rules,
            rounding,
            span: written.span,
        });
        Some(MeasureId(self.plan.measures.len() - 1))
    }

    fn measure_rule(
        &mut self,
        rule: &ast::MeasureRule,
        value: &Expr,
        divisors: &[Expr],
        measure: &ast::Measure,
    ) -> Option<MeasureRule> {
        let mut place = Place::new(PlaceKind::Person, measure.span);
        // `if revenue is zero` speaks of the divisor `total revenue`.
        let aggregate_of = |credit: CreditId| {
            divisors
                .iter()
                .find(|d| matches!(d.kind, ExprKind::Aggregate { credit: c, .. } if c == credit))
                .cloned()
        };
        let subject = match &rule.subject {
            ast::RuleSubject::Over(window) => self.divisor_over(window, divisors)?,
            ast::RuleSubject::Expr(written) => {
                let bare = match &written.kind {
                    ast::ExprKind::Name(name) => match self.names.peek(name) {
                        Some(Def::Credit(_)) => match self.item(name, written.span) {
                            Some(Item::Credit(id)) => aggregate_of(id),
                            _ => None,
                        },
                        _ => None,
                    },
                    _ => None,
                };
                match bare {
                    Some(subject) => subject,
                    None => self.expr(written, &mut place),
                }
            }
        };
        if subject.ty == Type::Poisoned {
            return None;
        }
        let outcome = match &rule.outcome {
            ast::RuleOutcome::PayNothing => RuleOutcome::PayNothing,
            ast::RuleOutcome::Hold => RuleOutcome::Hold,
            ast::RuleOutcome::Value(written) => {
                let constant_value = self.expr(written, &mut place);
                if value.ty != Type::Poisoned && !self.want(&constant_value, value.ty) {
                    return None;
                }
                if constant(&constant_value).is_none() {
                    self.problems.push(errors::wrong_place(
                        "this",
                        constant_value.span,
                        "a rule gives a constant, such as 0%",
                    ));
                    return None;
                }
                RuleOutcome::Value(constant_value)
            }
        };
        Some(MeasureRule {
            subject,
            zero: rule.zero,
            missing: rule.missing,
            outcome,
            span: rule.span,
        })
    }

    /// `last year` in a rule speaks of the one divisor over that window.
    fn divisor_over(
        &mut self,
        window: &ast::Spanned<ast::Window>,
        divisors: &[Expr],
    ) -> Option<Expr> {
        let is_over = |divisor: &&Expr| matches!(divisor.kind, ExprKind::Aggregate { window: own, .. } if own == window.value);
        let mut over: Vec<&Expr> = Vec::new();
        for divisor in divisors.iter().filter(is_over) {
            if !over.iter().any(|known| same(known, divisor)) {
                over.push(divisor);
            }
        }
        if let [only] = over.as_slice() {
            return Some((*only).clone());
        }
        let words = window.value.words();
        let known: Vec<String> = over.iter().map(|over| self.spoken(over)).collect();
        let diagnostic = Diagnostic::at(
            Code::S008,
            window.span,
            match known.len() {
                0 => format!("the value does not divide by anything over `{words}`"),
                _ => format!("which divisor over `{words}` is meant?"),
            },
        );
        self.problems.push(known.iter().fold(diagnostic, |d, name| {
            d.help("name the divisor", format!("if {name} is zero …"))
        }));
        None
    }

    /// Q802 for divisors without a rule for zero and quotas without one for missing.
    fn unsaid(&mut self, divisors: &[Expr], value: &Expr, rules: &[MeasureRule], head: Span) {
        let mut quotas = Vec::new();
        collect_quotas(value, &mut quotas);
        quotas.retain(|quota| {
            !rules
                .iter()
                .any(|rule| rule.missing && rule.subject.kind == ExprKind::Quota(*quota))
        });
        for divisor in divisors {
            let covered = rules
                .iter()
                .any(|rule| rule.zero && zero_with(divisor, &rule.subject));
            if !covered {
                // One question for a quota of which nothing is said at all.
                let unsaid = quotas.len();
                quotas.retain(|quota| divisor.kind != ExprKind::Quota(*quota));
                let when = if quotas.len() < unsaid {
                    "zero or missing"
                } else {
                    "zero"
                };
                let name = self.spoken(divisor);
                let diagnostic =
                    errors::division(divisor.span, &name, when, Some(head), self.plan.currency);
                self.problems.push(diagnostic);
            }
        }
        for quota in quotas {
            let name = self.plan.quota(quota).name.clone();
            self.problems.push(errors::missing_quota(&name, head));
        }
    }

    /// Divisions outside a measure have no place for their rule.
    pub(in crate::meaning) fn no_division(&mut self, expr: &Expr) {
        let mut divisors = Vec::new();
        collect_divisors(expr, &mut divisors);
        for divisor in divisors {
            let name = self.spoken(&divisor);
            self.problems.push(errors::division(
                divisor.span,
                &name,
                "zero",
                None,
                self.plan.currency,
            ));
        }
    }

    fn tiers(&mut self, written: &ast::Tiers) -> Option<TiersId> {
        let mut place = Place::new(PlaceKind::Axis, written.span);
        let axis = self.expr(&written.on, &mut place);
        self.no_division_unless_measure(&axis);
        let mut rows = Vec::new();
        let mut ty = None;
        let mut broken = written.broken || axis.ty == Type::Poisoned || written.rows.is_empty();
        for row in &written.rows {
            let value = self.expr(&row.value, &mut place);
            let range = row
                .range
                .as_ref()
                .and_then(|range| self.range(range, &axis));
            match (constant(&value), range, &row.range) {
                (Some(amount), Some(range), Some(written_range))
                    if self.one_type(&mut ty, &value) =>
                {
                    rows.push(TierRow {
                        range,
                        words: tables::words(written_range),
                        value: amount,
                        span: row.span,
                    });
                }
                (None, ..) if value.ty != Type::Poisoned => {
                    self.problems.push(errors::wrong_place(
                        "this",
                        value.span,
                        "a table holds constants",
                    ));
                    broken = true;
                }
                _ => broken = true,
            }
        }
        let ty = ty?;
        if !broken {
            let whole = matches!(
                axis.kind,
                ExprKind::Aggregate {
                    how: ast::Aggregate::Count,
                    ..
                }
            );
            let table = tables::Table {
                name: &written.name.text,
                rows: &rows,
                written,
                whole,
                axis: &axis,
                ty,
                plan: &self.plan,
            };
            table.check(&mut self.problems);
            tables::sort(&mut rows);
        }
        self.plan.tiers.push(Tiers {
            name: written.name.text.clone(),
            axis,
            rows,
            ty,
            span: written.span,
        });
        Some(TiersId(self.plan.tiers.len() - 1)).filter(|_| !broken)
    }

    /// `tiers t on total bookings / quota` needs a measure, where the rules for zero can stand.
    pub(in crate::meaning) fn no_division_unless_measure(&mut self, axis: &Expr) {
        if !matches!(axis.kind, ExprKind::Measure(_)) {
            self.no_division(axis);
        }
    }

    pub(in crate::meaning) fn one_type(&mut self, ty: &mut Option<Type>, value: &Expr) -> bool {
        match ty {
            None => {
                *ty = Some(value.ty);
                self.want_number(value) && value.ty != Type::Poisoned
            }
            Some(ty) => self.want(value, *ty),
        }
    }
}

/// An amount, at most a cap in size: what is taken back is no more than what could be given.
fn within(amount: Expr, cap: Expr, lower: &mut Lower<'_>) -> Expr {
    if amount.ty == Type::Poisoned || !lower.want(&cap, amount.ty) {
        return amount;
    }
    let (ty, grain, span) = (amount.ty, amount.grain, amount.span);
    let node = |kind| Expr {
        kind,
        ty,
        grain,
        span,
    };
    let least = node(ExprKind::Negative(Box::new(cap.clone())));
    let most = node(ExprKind::Call(Function::Min, vec![amount, cap]));
    node(ExprKind::Call(Function::Max, vec![most, least]))
}

/// Whether a condition makes sure that a column is there: `deal.x is present`, alone or joined by `and`.
fn guards(condition: &Expr, column: ColumnId) -> bool {
    match &condition.kind {
        ExprKind::Present(inner, true) => {
            matches!(inner.kind, ExprKind::Column(_, c) if c == column)
        }
        ExprKind::Binary(BinaryOp::And, a, b) => guards(a, column) || guards(b, column),
        _ => false,
    }
}

/// Divisors that are not constants, constant factors taken off.
fn collect_divisors(expr: &Expr, found: &mut Vec<Expr>) {
    if let ExprKind::Binary(BinaryOp::Divide, _, divisor) = &expr.kind
        && constant(divisor).is_none()
        && divisor.ty != Type::Poisoned
    {
        found.push(without_factors(divisor).clone());
    }
    each_child(expr, &mut |child| collect_divisors(child, found));
}

fn without_factors(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Multiply, a, b) if constant(a).is_some_and(|c| !c.is_zero()) => {
            without_factors(b)
        }
        ExprKind::Binary(BinaryOp::Multiply | BinaryOp::Divide, a, b)
            if constant(b).is_some_and(|c| !c.is_zero()) =>
        {
            without_factors(a)
        }
        ExprKind::Negative(inner) => without_factors(inner),
        _ => expr,
    }
}

fn collect_quotas(expr: &Expr, found: &mut Vec<QuotaId>) {
    if let ExprKind::Quota(id) = expr.kind
        && !found.contains(&id)
    {
        found.push(id);
    }
    each_child(expr, &mut |child| collect_quotas(child, found));
}

/// Whether a divisor is zero just where a subject is: they are the same, constant factors aside.
fn zero_with(divisor: &Expr, subject: &Expr) -> bool {
    same(divisor, without_factors(subject))
}

/// Whether two expressions say the same, wherever they stand.
pub(in crate::meaning) fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Negative(a), ExprKind::Negative(b)) | (ExprKind::Not(a), ExprKind::Not(b)) => {
            same(a, b)
        }
        (ExprKind::Binary(x, a1, a2), ExprKind::Binary(y, b1, b2)) => {
            x == y && same(a1, b1) && same(a2, b2)
        }
        (ExprKind::Call(x, a), ExprKind::Call(y, b)) => {
            x == y && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (a, b) => a == b,
    }
}

/// Whether an expression has one value for each record.
pub(in crate::meaning) fn is_of_record(expr: &Expr) -> bool {
    matches!(expr.grain, Grain::Record(_))
}

/// A number of any kind, as it is written in messages.
pub(in crate::meaning) fn shown(value: &Exact, ty: Type, plan: &Plan) -> String {
    match ty {
        Type::Percent => format!("{}%", (value.clone() * Exact::int(100)).to_plain()),
        Type::Points => format!("{} points", (value.clone() * Exact::int(100)).to_plain()),
        Type::Money(currency) => crate::base::Money::new(value.clone(), currency).to_string(),
        Type::Quantity(unit) => format!(
            "{} {}",
            value.to_plain(),
            plan.units.get(unit.0).map_or("units", |u| &u.plural)
        ),
        _ => value.to_plain(),
    }
}
