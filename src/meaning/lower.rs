//! Blocks to meaning, on demand: what a pay needs is lowered before it, so that items stand in the plan in
//! the order in which they feed each other, and a circle shows itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Cadence, Date, Exact};
use crate::diag::{Problems, Span};
use crate::meaning::amend::Amendments;
use crate::meaning::check::Bindings;
use crate::meaning::errors;
use crate::meaning::names::{Def, Names};
use crate::meaning::plan::{
    CarryId, ClawbackId, CreditId, DrawId, ExchangeId, Expr, ExprKind, GroupId, InputId, LookupId,
    MeasureId, PayId, Plan, QuotaId, RateId, ScorecardId, TiersId, Unit, UnitId,
};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

/// What a name was lowered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::meaning) enum Item {
    Credit(CreditId),
    Budget(GroupId),
    Draw(DrawId),
    Input(InputId),
    Quota(QuotaId),
    Measure(MeasureId),
    Tiers(TiersId),
    Lookup(LookupId),
    Rate(RateId),
    Exchange(ExchangeId),
    Scorecard(ScorecardId),
    Carry(CarryId),
    Pay(PayId),
    Clawback(ClawbackId),
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
    pub(in crate::meaning) bindings: &'a Bindings,
    /// Amendments of the plan.
    pub(in crate::meaning) amendments: Amendments<'a>,
    /// By name, the longer length of time for which it is read, and the text of the plan.
    memo: BTreeMap<(String, Option<Cadence>, usize), Memo>,
    /// The longer length of time for which the block at hand is read; `None` is the plan's period.
    pub(in crate::meaning) reading: Option<Cadence>,
    /// The contest at hand, if a line of one is: its days, where it has days of its own.
    pub(in crate::meaning) contest_at_hand: Option<Option<(Date, Date)>>,
    /// Names being lowered, outermost first: a circle is read off it.
    pub(in crate::meaning) working: Vec<(String, Span)>,
    /// `paid 20 days after the quarter ends`, in the head of the plan.
    pub(in crate::meaning) paid: Option<u16>,
    /// `week` of `period week`, in the head of the plan.
    pub(in crate::meaning) period_at: Option<Span>,
    /// Quotas whose kind of value an expression has shown.
    pub(in crate::meaning) settled: BTreeSet<QuotaId>,
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
    /// The company's calendar.
    pub(in crate::meaning) calendar: bool,
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
            amendments: Amendments::default(),
            memo: BTreeMap::new(),
            reading: None,
            contest_at_hand: None,
            working: Vec::new(),
            paid: None,
            period_at: None,
            settled: BTreeSet::new(),
            unknown: BTreeMap::new(),
            known,
        };
        if let Some(block) = lower.names.people {
            lower.plan.people = lower.source_block(block);
            lower.plan.people.binding = crate::table::PEOPLE.to_owned();
            lower.people_have_ids(block);
        }
        lower
    }

    /// A name of credit, quota, measure, tiers or pay; `None` where it is unknown to this, in a circle or
    /// poisoned, which has been reported.
    pub(in crate::meaning) fn item(&mut self, name: &str, span: Span) -> Option<Item> {
        let text = self.text_read(name);
        let outer = std::mem::replace(&mut self.names.text, text);
        let item = self.item_here(name, span);
        self.names.text = outer;
        item
    }

    /// A name in the text of the plan that is read.
    fn item_here(&mut self, name: &str, span: Span) -> Option<Item> {
        let def = self.names.find(name)?;
        let reading = self.reading.filter(|_| def.is_of_the_period());
        let key = (name.to_owned(), reading, self.names.text);
        match self.memo.get(&key) {
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
        self.memo.insert(key.clone(), Memo::Working);
        let head = match def {
            Def::Credit(credit) => credit.name.span,
            Def::Rollup(rollup) => rollup.name.span,
            Def::Budget(budget) => budget.name.span,
            Def::Draw(draw) => draw.name.span,
            Def::Input(input) => input.name.span,
            Def::Quota(quota) => quota.name.span,
            Def::HeadQuota(quota) => quota.span,
            Def::Measure(measure) => measure.name.span,
            Def::Tiers(tiers) => tiers.name.span,
            Def::Curve(curve) => curve.name.span,
            Def::Lookup(lookup) => lookup.name.span,
            Def::Rate(rate) => rate.name.span,
            Def::Exchange(exchange) => exchange.name.span,
            Def::Scorecard(card) => card.name.span,
            Def::Carry(carry) => carry.name.span,
            Def::Pay(pay) => pay.name.span,
            Def::Clawback(own) => own.name.span,
            Def::Adjustments(own) => own.name.span,
            Def::Pool(pool) => pool.name.span,
            Def::Contest(own) => own.name.span,
            Def::Records(_) | Def::Unit(_) => span,
        };
        self.working.push((name.to_owned(), head));
        let outer = std::mem::replace(&mut self.reading, reading);
        let contest = self.contest_at_hand.take();
        let item = match def {
            Def::Credit(credit) => self.credit(credit).map(Item::Credit),
            Def::Rollup(rollup) => self.rollup(rollup).map(Item::Credit),
            Def::Budget(budget) => self.budget(budget).map(Item::Budget),
            Def::Draw(draw) => self.draw(draw).map(Item::Draw),
            Def::Input(input) => self.input(input).map(Item::Input),
            Def::Quota(quota) => self.quota(quota).map(Item::Quota),
            Def::HeadQuota(from) => Some(Item::Quota(self.head_quota(from))),
            Def::Measure(measure) => self.measure(measure).map(Item::Measure),
            Def::Tiers(tiers) => self.tiers(tiers).map(Item::Tiers),
            Def::Curve(curve) => self.curve(curve).map(Item::Lookup),
            Def::Lookup(lookup) => self.lookup(lookup).map(Item::Lookup),
            Def::Rate(rate) => self.rate(rate).map(Item::Rate),
            Def::Exchange(exchange) => self.exchange(exchange).map(Item::Exchange),
            Def::Scorecard(card) => self.scorecard(card).map(Item::Scorecard),
            Def::Carry(carry) => self.carry(carry).map(Item::Carry),
            Def::Pay(pay) => self.pay_with_texts(pay).map(Item::Pay),
            Def::Clawback(own) => self.clawback(own).map(Item::Clawback),
            Def::Adjustments(own) => self.adjustments(own).map(Item::Pay),
            Def::Pool(pool) => self.pool(pool).map(Item::Pay),
            Def::Contest(own) => self.contest(own),
            Def::Records(_) | Def::Unit(_) => None,
        };
        if let Some(item) = item {
            self.starts_fresh(name, item, span);
        }
        self.reading = outer;
        self.contest_at_hand = contest;
        self.working.pop();
        self.memo.insert(key, Memo::Done(item));
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
            places.dedup();
            self.problems.push(match self.names.near(&name) {
                None if name == "quota" => errors::no_quota(&places, head.span, self.plan.cadence),
                Some(near) => errors::unknown(&name, &places, Some(near)),
                None => match self.column_of_records(&name) {
                    Some(path) => errors::column_of_records(&name, &places, &path),
                    None => errors::unknown(&name, &places, None),
                },
            });
        }
    }

    /// `deal.amount` for a name that is no name, but a column of records that a credit reads.
    fn column_of_records(&self, name: &str) -> Option<String> {
        let credit = self.plan.credits.iter().find(|credit| {
            let columns = &self.plan.source(credit.source).columns;
            columns.iter().any(|column| column.name == name)
        })?;
        Some(format!("{}.{name}", credit.record_word))
    }

    /// Whether something needs a name already.
    fn is_lowered(&self, name: &str) -> bool {
        self.memo.keys().any(|(known, ..)| known == name)
    }

    /// Lowers a block of the plan's own, which does not count as using it.
    pub(in crate::meaning) fn lower_unused(&mut self, name: &str, span: Span) {
        // What only a longer length of time reads is there for that alone.
        if self.is_lowered(name) {
            return;
        }
        let was_used = self.names.is_used(name);
        self.item(name, span);
        if !was_used {
            self.names.forget_use(name);
        }
    }

    /// A credit by name; anything else is not one.
    pub(in crate::meaning) fn credit_named(&mut self, name: &ast::Name) -> Option<CreditId> {
        match self.names.peek(&name.text) {
            Some(def) if def.is_credit() => match self.item(&name.text, name.span) {
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
                let currency = self.plan.currency;
                self.problems.push(errors::unknown_unit(name, currency));
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
