//! What was meant, as data: names resolved to ids, every expression with its type and grain.
//! One [`Plan`] is complete by itself: it holds what it uses of `company.terms`.

use std::collections::BTreeSet;

use crate::base::{Cadence, Calendar, Currency, Date};
use crate::diag::{Code, FileId, Span};
use crate::syntax::ast;

mod amendments;
mod carries;
mod clawbacks;
mod contests;
mod corrections;
mod draws;
mod exceptions;
mod exchanges;
mod expressions;
mod groups;
mod payables;
mod pays;
mod pools;
mod quotas;
mod sources;
mod tables;

pub use crate::meaning::plan::amendments::*;
pub use crate::meaning::plan::carries::*;
pub use crate::meaning::plan::clawbacks::*;
pub use crate::meaning::plan::contests::*;
pub use crate::meaning::plan::corrections::*;
pub use crate::meaning::plan::draws::*;
pub use crate::meaning::plan::exceptions::*;
pub use crate::meaning::plan::exchanges::*;
pub use crate::meaning::plan::expressions::*;
pub use crate::meaning::plan::groups::*;
pub use crate::meaning::plan::payables::*;
pub use crate::meaning::plan::pays::*;
pub use crate::meaning::plan::pools::*;
pub use crate::meaning::plan::quotas::*;
pub use crate::meaning::plan::sources::*;
pub use crate::meaning::plan::tables::*;

/// A record source of the plan, by position in [`Plan::sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub usize);
/// A column, by position in its source's or the people's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub usize);
/// A unit, by position in [`Plan::units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub usize);
/// A credit, by position in [`Plan::credits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditId(pub usize);
/// An input, by position in [`Plan::inputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputId(pub usize);
/// A quota, by position in [`Plan::quotas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuotaId(pub usize);
/// A measure, by position in [`Plan::measures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureId(pub usize);
/// A tier table, by position in [`Plan::tiers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TiersId(pub usize);
/// A curve or table of values, by position in [`Plan::lookups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LookupId(pub usize);
/// A rate over time, by position in [`Plan::rates`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RateId(pub usize);
/// Rates of exchange, by position in [`Plan::exchanges`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub usize);
/// A scorecard, by position in [`Plan::scorecards`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScorecardId(pub usize);
/// A quantity that carries over, by position in [`Plan::carries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CarryId(pub usize);
/// A draw, by position in [`Plan::draws`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DrawId(pub usize);
/// A component or payout, by position in [`Plan::pays`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayId(pub usize);

/// A value that several persons make together, by position in [`Plan::groups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub usize);

/// A plan whose names are all resolved. Errors stand in it as poisoned expressions.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The title in quotes.
    pub title: String,
    /// The file with the plan's head.
    pub file: FileId,
    /// The head line.
    pub span: Span,
    /// Currency of everything it pays.
    pub currency: Currency,
    /// `currency of each payee, in pay_currency`: the column of people. The plan then pays only those whose column
    /// says its currency.
    pub each_payee: Option<String>,
    /// First and last day of the plan, both included.
    pub effective: (Date, Date),
    /// The last day on which what it left open is settled; its own last day or a later one.
    pub settled_through: Date,
    /// How often it pays.
    pub cadence: Cadence,
    /// The company's calendar.
    pub calendar: Calendar,
    /// The source of balances from before the plan's first period, by its name in the manifest.
    pub opening: Option<String>,
    /// Whom it pays.
    pub payees: Payees,
    /// The people file's columns.
    pub people: Source,
    /// Declared units.
    pub units: Vec<Unit>,
    /// Record sources that the plan's credits read.
    pub sources: Vec<Source>,
    /// Credits, those of `company.terms` that are used included.
    pub credits: Vec<Credit>,
    /// Inputs of departments that are read.
    pub inputs: Vec<Input>,
    /// Quotas.
    pub quotas: Vec<Quota>,
    /// Measures; one reads only those before it.
    pub measures: Vec<Measure>,
    /// Tier tables.
    pub tiers: Vec<Tiers>,
    /// Curves, matrices and tables of values.
    pub lookups: Vec<Lookup>,
    /// Rates over time.
    pub rates: Vec<Rate>,
    /// Rates of exchange.
    pub exchanges: Vec<Exchange>,
    /// Scorecards.
    pub scorecards: Vec<Scorecard>,
    /// Values that several persons make together; one reads only those before it.
    pub groups: Vec<Group>,
    /// Quantities that carry over.
    pub carries: Vec<Carry>,
    /// Components and payouts; one reads only those before it.
    pub pays: Vec<Pay>,
    /// Draws, in the order written.
    pub draws: Vec<Draw>,
    /// Take-backs, in the order written.
    pub clawbacks: Vec<Clawback>,
    /// Exceptions, in the order written.
    pub exceptions: Vec<Exception>,
    /// Claims to prove.
    pub claims: Vec<Claim>,
    /// Claims about tables.
    pub table_claims: Vec<TableClaim>,
    /// Tests written in the plan.
    pub tests: Vec<ast::Test>,
    /// What amendments make of it.
    pub amended: Amended,
    /// Accepted warnings: which, in which block (its head's span), and why.
    pub accepted: Vec<Accepted>,
}

/// A warning that the author accepted in the file.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The kind of warning.
    pub code: Code,
    /// The head of the block in which it is accepted.
    pub block: Span,
    /// The reason given.
    pub because: String,
}

/// Whom the plan pays and which of their credits count.
#[derive(Clone, Debug)]
pub struct Payees {
    /// A condition over columns of people ([`ExprKind::Fact`] with [`FactDay::Each`]).
    pub condition: Expr,
    /// When it must hold.
    pub membership: Membership,
    /// The clause.
    pub span: Span,
}

/// When a person must meet the condition of `payees`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// Credits dated on days on which the condition holds count; a person belongs to every period that
    /// has such a day. Written `on deal.close_date` or `for the days in the role`.
    DaysInRole,
    /// Persons for whom it holds on the last day of the period (of the plan, where that is earlier)
    /// belong to it; all their credits count.
    LastDay,
}

/// A plan without errors: no unresolved name, no unknown type. Made only by the checker.
#[derive(Clone, Debug)]
pub struct Checked<T>(pub(in crate::meaning) T);

impl<T> std::ops::Deref for Checked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// A name of what may be read for more than one length of time.
fn full_name(name: &str, over: Option<Cadence>) -> String {
    match over {
        None => name.to_owned(),
        Some(over) => format!("{name} {} to date", over.words()),
    }
}

impl Plan {
    /// The plan's first period of a cadence, as its calendar writes it.
    pub fn first_period(&self, cadence: Cadence) -> String {
        let first = self.calendar.period_of(self.effective.0, cadence);
        self.calendar.label(&first)
    }
    /// The measure of a name: that of the plan's period where there are several.
    pub fn measure_named(&self, name: &str) -> Option<MeasureId> {
        let own = self.measures.iter().enumerate();
        let named = own.filter(|(_, measure)| measure.name == name);
        let first = named.min_by_key(|(_, measure)| (measure.text.is_some(), measure.over));
        first.map(|(at, _)| MeasureId(at))
    }
    /// The pay or component of a name: that of the plan's period, or the one that is paid, where there are several.
    pub fn pay_named(&self, name: &str) -> Option<PayId> {
        let own = self.pays.iter().enumerate();
        let named = own.filter(|(_, pay)| pay.name == name);
        let first = named.min_by_key(|(_, pay)| (pay.full_name() != pay.name, pay.over));
        first.map(|(at, _)| PayId(at))
    }
    /// Whether a pay pays amounts that somebody adds by hand.
    pub fn is_by_hand(&self, pay: &Pay) -> bool {
        match &pay.scope {
            Scope::Total => false,
            Scope::Each { credits, .. } => {
                let mut credits = credits.iter().map(|own| self.credit(*own));
                credits.any(|own| own.by_hand.is_some())
            }
        }
    }
    /// What carries over under a name.
    pub fn carry_named(&self, name: &str) -> Option<CarryId> {
        let mut own = self.carries.iter();
        own.position(|carry| carry.name == name).map(CarryId)
    }
    /// The length of time whose amount a pay makes.
    pub fn length_of(&self, id: PayId) -> Cadence {
        self.pay(id).over.unwrap_or(self.cadence)
    }
    /// The source behind an id of this plan.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0]
    }
    /// The credit behind an id of this plan.
    pub fn credit(&self, id: CreditId) -> &Credit {
        &self.credits[id.0]
    }
    /// The quota behind an id of this plan.
    pub fn quota(&self, id: QuotaId) -> &Quota {
        &self.quotas[id.0]
    }
    /// The input behind an id of this plan.
    pub fn input(&self, id: InputId) -> &Input {
        &self.inputs[id.0]
    }
    /// The measure behind an id of this plan.
    pub fn measure(&self, id: MeasureId) -> &Measure {
        &self.measures[id.0]
    }
    /// The tier table behind an id of this plan.
    pub fn tier_table(&self, id: TiersId) -> &Tiers {
        &self.tiers[id.0]
    }
    /// The curve or table of values behind an id of this plan.
    pub fn lookup(&self, id: LookupId) -> &Lookup {
        &self.lookups[id.0]
    }
    /// The rate over time behind an id of this plan.
    pub fn rate(&self, id: RateId) -> &Rate {
        &self.rates[id.0]
    }
    /// The scorecard behind an id of this plan.
    pub fn scorecard(&self, id: ScorecardId) -> &Scorecard {
        &self.scorecards[id.0]
    }
    /// The value of several persons behind an id of this plan.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.0]
    }
    /// The budget that a payout is in, if it is in one.
    pub fn budget_of(&self, pay: PayId) -> Option<(GroupId, &Budget)> {
        (0..)
            .zip(&self.groups)
            .find_map(|(at, group)| match &group.kind {
                GroupKind::Budget(budget) if budget.pays.contains(&pay) => {
                    Some((GroupId(at), budget))
                }
                _ => None,
            })
    }
    /// What carries over, behind an id of this plan.
    pub fn carry(&self, id: CarryId) -> &Carry {
        &self.carries[id.0]
    }
    /// What is carried into a measure.
    pub fn carried_into(&self, measure: MeasureId) -> impl Iterator<Item = CarryId> + '_ {
        let all = self.carries.iter().enumerate();
        all.filter(move |(_, own)| own.into == measure)
            .map(|(at, _)| CarryId(at))
    }
    /// The pay behind an id of this plan.
    pub fn pay(&self, id: PayId) -> &Pay {
        &self.pays[id.0]
    }
    /// The take-back behind an id of this plan.
    pub fn clawback(&self, id: ClawbackId) -> &Clawback {
        &self.clawbacks[id.0]
    }
    /// The take-back of a name.
    pub fn clawback_named(&self, name: &str) -> Option<ClawbackId> {
        let mut own = self.clawbacks.iter();
        own.position(|claw| claw.name == name).map(ClawbackId)
    }
    /// What is taken back of a payout, in the order written.
    pub fn clawbacks_of(&self, pay: PayId) -> impl Iterator<Item = (ClawbackId, &Clawback)> + '_ {
        let all = (0..).map(ClawbackId).zip(&self.clawbacks);
        all.filter(move |(_, claw)| claw.of == pay)
    }
    /// Whether something can be taken back of a payout.
    pub fn is_clawed(&self, pay: PayId) -> bool {
        self.clawbacks_of(pay).next().is_some()
    }
    /// Every expression, the outermost of each.
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut found = vec![&self.payees.condition];
        found.extend(self.credits.iter().flat_map(Credit::expressions));
        found.extend(self.measures.iter().flat_map(Measure::expressions));
        found.extend(self.tiers.iter().map(|tiers| &tiers.axis));
        found.extend(self.lookups.iter().flat_map(Lookup::expressions));
        let objectives = self.scorecards.iter().flat_map(|card| &card.objectives);
        found.extend(objectives.map(|objective| &objective.score));
        found.extend(self.carries.iter().map(|carry| &carry.adds));
        found.extend(self.pays.iter().flat_map(Pay::expressions));
        found.extend(self.groups.iter().flat_map(Group::expressions));
        found.extend(self.draws.iter().flat_map(Draw::expressions));
        found.extend(self.clawbacks.iter().flat_map(Clawback::expressions));
        for own in &self.exceptions {
            if let ExceptionOf::Records(records) = &own.of {
                found.extend(records.when.iter().chain([&records.amount]));
            }
        }
        found
    }

    /// The lengths of time for which a quota is read, each once; the plan's period where nothing reads it.
    pub fn lengths_of_quota(&self, quota: QuotaId) -> Vec<Cadence> {
        fn add(expr: &Expr, quota: QuotaId, found: &mut BTreeSet<Cadence>) {
            if let ExprKind::Quota(of, over) = expr.kind
                && of == quota
            {
                found.insert(over);
            }
            each_child(expr, &mut |child| add(child, quota, found));
        }
        let mut found = BTreeSet::new();
        for expr in self.expressions() {
            add(expr, quota, &mut found);
        }
        if found.is_empty() {
            found.insert(self.cadence);
        }
        found.into_iter().collect()
    }

    /// The windows that may begin before the plan and over which a credit is read, each once.
    pub fn windows_back(&self, credit: CreditId) -> Vec<ast::Window> {
        fn add(expr: &Expr, credit: CreditId, found: &mut Vec<ast::Window>) {
            if let ExprKind::Aggregate {
                credit: of, window, ..
            } = expr.kind
                && of == credit
                && window.looks_back()
                && !found.contains(&window)
            {
                found.push(window);
            }
            each_child(expr, &mut |child| add(child, credit, found));
        }
        let mut found = Vec::new();
        for expr in self.expressions() {
            add(expr, credit, &mut found);
        }
        for (of, window) in self.groups.iter().filter_map(Group::credits) {
            if of == credit && window.looks_back() && !found.contains(&window) {
                found.push(window);
            }
        }
        found
    }

    /// The first of a period's days that the plan has: it decides which quota or input of a longer period holds in it.
    pub fn first_day_in(&self, period: &crate::base::Period) -> Date {
        period.start().max(self.effective.0)
    }

    /// The plan's periods: all that touch its effective dates, and those after in which it is still settled.
    pub fn periods(&self) -> Vec<crate::base::Period> {
        self.calendar
            .periods(self.effective.0, self.settled_through, self.cadence)
    }

    /// Whether somebody can earn in one of its periods: it is not there to settle alone.
    pub fn earns_in(&self, period: &crate::base::Period) -> bool {
        period.start() <= self.effective.1
    }
}
