//! From one payout to everything it depends on, with a memory of what was walked before.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::base::{Cadence, Currency, Date, Exact, Period, natural_cmp};
use crate::diag::Span;
use crate::explain::amended::Counting;
use crate::explain::budgets::Spent;
use crate::explain::cells::{read_amount, read_cell, read_column};
use crate::explain::credits::{Credits, Share, of_person};
use crate::explain::crowd::Joins;
use crate::explain::exceptions::AsFiled;
use crate::explain::excess::Line;
use crate::explain::exchanges::{Amounts, quote};
use crate::explain::expression::{Found, Reader, Scalar, Stop, walk};
use crate::explain::fallen::Falls;
use crate::explain::groups::Groups;
use crate::explain::life::{Life, life};
use crate::explain::payable::Parts;
use crate::explain::pays::Walked;
use crate::explain::placing::Runs;
use crate::explain::receipt::{CarryLine, Decided, Kind, Known, Node, Quoted, Receipt, Rule};
use crate::explain::rollups::of_superior;
use crate::explain::settle::{Account, Settlement};
use crate::explain::uses::Passed;

use crate::meaning::plan::{
    CarryId, ColumnId, CreditId, ExchangeId, Expr, ExprKind, FactDay, GroupId, Instead, LimitOf,
    MeasureId, Membership, PayId, Plan, QuotaId, SourceId, StepKind,
};
use crate::meaning::types::Type;
use crate::syntax::ast::{Aggregate, Window};
use crate::table::{Cause, PEOPLE, Rows};

/// Walks payouts of one plan over one set of rows.
pub struct Walker<'a> {
    pub(in crate::explain) plan: &'a Plan,
    pub(in crate::explain) rows: &'a dyn Rows,
    pub(in crate::explain) periods: Vec<Period>,
    /// What payouts left after a period to which the person belongs, or why that is not known.
    pub(in crate::explain) accounts: BTreeMap<(String, PayId, usize), Result<Account, Vec<Cause>>>,
    /// What fell of the records of a period.
    pub(in crate::explain) fallen: BTreeMap<(String, PayId, usize), Falls>,
    lives: BTreeMap<String, Life>,
    pub(in crate::explain) credits: Rc<RefCell<BTreeMap<(String, CreditId), Credits>>>,
    /// The period in whose light everything is seen: what came to be known later is not there.
    pub(in crate::explain) seen_in: Option<usize>,
    /// The same walk in the light of each period.
    pub(in crate::explain) views: BTreeMap<usize, Walker<'a>>,
    joins: BTreeMap<CreditId, Joins<'a>>,
    /// By the words that say what runs.
    pub(in crate::explain) runs: BTreeMap<Span, Rc<Runs>>,
    pub(in crate::explain) measures: BTreeMap<(String, MeasureId, usize), (Found, Vec<Node>)>,
    pub(in crate::explain) walked: BTreeMap<(String, PayId, usize), Walked>,
    pub(in crate::explain) groups: Groups<'a>,
    pub(in crate::explain) budgets: BTreeMap<(GroupId, usize), Rc<Spent>>,
    /// The parts of what records of a period earn, where they are payable by their dates.
    pub(in crate::explain) parts: BTreeMap<(String, PayId, usize), Parts>,
    /// What caps have kept for later, after a period.
    pub(in crate::explain) kept: BTreeMap<(String, Line, usize), Found>,
    /// What records were paid below caps of those with one value of a column.
    pub(in crate::explain) passed: BTreeMap<(String, Line), Passed>,
    /// What is carried into a period, by age.
    pub(in crate::explain) ages: BTreeMap<(String, CarryId, usize), Result<Vec<Exact>, Stop>>,
}

/// Where a walk stands: whose, in which period, on which record.
#[derive(Clone)]
pub(in crate::explain) struct Here {
    pub(in crate::explain) payee: String,
    pub(in crate::explain) period: usize,
    pub(in crate::explain) record: Option<OnRecord>,
    /// Which days count.
    pub(in crate::explain) counting: Counting,
}

impl Here {
    /// A person and period.
    pub(in crate::explain) fn of(payee: &str, period: usize) -> Here {
        Here {
            payee: payee.to_owned(),
            period,
            record: None,
            counting: Counting::default(),
        }
    }
}

/// The record at hand under `for each`.
#[derive(Clone)]
pub(in crate::explain) struct OnRecord {
    pub(in crate::explain) row: Option<usize>,
    pub(in crate::explain) amounts: BTreeMap<CreditId, Exact>,
    /// Where the amounts come from, and what of them was converted.
    pub(in crate::explain) credited: BTreeMap<CreditId, (Rule, Vec<Node>)>,
}

struct Names<'w, 'a> {
    walker: &'w mut Walker<'a>,
    here: Here,
}

/// Where a credit comes from.
pub(in crate::explain) fn credited(share: &Share) -> Rule {
    Rule::Credit {
        record: share.record.clone(),
        date: share.own,
        late: share.late,
        whole: share.whole.clone(),
        place: share.place.clone(),
        parts: share.parts.clone(),
        exceptions: share.exceptions.clone(),
        reason: share.reason.clone(),
    }
}

/// What a found value is in a receipt.
pub(in crate::explain) fn known(found: &Found) -> Known {
    match found {
        Ok(Scalar::Number(number)) => Known::Value(number.clone()),
        Err(Stop::Held(causes)) => Known::Held(causes.clone()),
        Err(Stop::Missing(cause) | Stop::Empty(cause)) => Known::Held(vec![cause.clone()]),
        _ => Known::Nothing,
    }
}

/// How a type is printed.
pub(in crate::explain) fn kind(ty: Type) -> Kind {
    match ty {
        Type::Money(currency) | Type::MoneyPer(currency, _) => Kind::MoneyOf(currency),
        Type::Percent | Type::Points => Kind::Percent,
        _ => Kind::Number,
    }
}

impl Reader for Names<'_, '_> {
    fn name(&mut self, expr: &Expr, reads: &mut Vec<Node>) -> Found {
        let Names { walker, here } = self;
        let (found, node) = match &expr.kind {
            ExprKind::Aggregate {
                how,
                credit,
                window,
            } => walker.aggregate(here, *how, *credit, *window),
            ExprKind::Input(id, over) => walker.input(here, *id, *over),
            ExprKind::Quota(id, over) => walker.quota_node(here, *id, *over),
            ExprKind::Measure(id) => walker.measure_node(here, *id),
            ExprKind::Fact(column, day) => walker.fact(here, *column, *day),
            ExprKind::Tier(id) => walker.tier(here, *id),
            ExprKind::Lookup(id) => walker.looked_up(here, *id),
            ExprKind::Scorecard(id) => walker.scorecard(here, *id),
            ExprKind::Dated(id, day) => walker.dated(here, *id, day),
            ExprKind::DayOfPeriod(day) => {
                let period = &walker.periods[here.period];
                let day = match day {
                    FactDay::First(over) => walker.start_of(*over, here.period),
                    _ => period.end().min(walker.plan.effective.1),
                };
                (Ok(Scalar::Date(day)), None)
            }
            ExprKind::Carry(id) => walker.carried(here, *id),
            ExprKind::Pay(id) => {
                let walked = walker.walk_pay(&here.payee, *id, here.period);
                let found = walked.earned;
                let pay = walker.plan.pay(*id);
                let mut node = leaf(Rule::Pay, &pay.label, &found, Kind::Money, Some(pay.span));
                node.decided = walked.node.decided;
                node.reads = walked.node.reads;
                (found, Some(node))
            }
            ExprKind::Group(id) => walker.group(here, *id),
            ExprKind::Credit(id) => {
                let amount = here
                    .record
                    .as_ref()
                    .map(|record| record.amounts.get(id).cloned().unwrap_or(Exact::ZERO));
                let found = amount.map(Scalar::Number).ok_or(Stop::Nothing);
                let credit = walker.plan.credit(*id);
                let from = here
                    .record
                    .as_ref()
                    .and_then(|record| record.credited.get(id).cloned());
                let (rule, converted) = from.unwrap_or((Rule::Expression, Vec::new()));
                let mut node = leaf(
                    rule,
                    &credit.label,
                    &found,
                    kind(credit.amount.ty),
                    Some(credit.span),
                );
                node.reads = converted;
                (found, Some(node))
            }
            ExprKind::Column(source, column) => walker.column(here, *source, *column),
            _ => (Err(Stop::Nothing), None),
        };
        reads.extend(node);
        found
    }

    fn amounts(&mut self, of: &Expr) -> Amounts {
        let Names { walker, here } = self;
        match &of.kind {
            ExprKind::Fact(column, day) => walker.amounts_of(here, *column, *day),
            ExprKind::Column(source, column) => {
                let source = walker.plan.source(*source);
                let column = &source.columns[column.0];
                let row = here.record.as_ref().and_then(|record| record.row);
                Amounts::one(match (row, walker.rows.table(&source.binding)) {
                    (Some(row), Some(table)) => read_amount(walker.plan, table, column, row),
                    _ => Err(Stop::Empty(Cause::empty(&column.name, no_cell()))),
                })
            }
            _ => Amounts::one(Err(Stop::Nothing)),
        }
    }

    fn quote(
        &self,
        at: ExchangeId,
        pair: (Currency, Currency),
        day: Date,
    ) -> Result<Quoted, Vec<Cause>> {
        quote(self.walker.plan, self.walker.rows, at, pair, day)
    }
}

/// Whether the plan pays a person in a period.
fn is_paid_in(plan: &Plan, life: &Life, period: &Period) -> bool {
    if !plan.earns_in(period) {
        return false;
    }
    if !life.held.is_empty() {
        return true;
    }
    let last_day = period.end().min(plan.effective.1);
    life.role
        .iter()
        .any(|(first, last)| match plan.payees.membership {
            Membership::LastDay => *first <= last_day && last_day <= *last,
            Membership::DaysInRole => {
                *first <= last_day && *last >= period.start().max(plan.effective.0)
            }
        })
}

/// A given credit stands on no record, so its columns stand in no cell.
fn no_cell() -> crate::diag::Cell {
    crate::diag::Cell {
        file: String::new(),
        line: 0,
        column: String::new(),
        found: String::new(),
    }
}

pub(in crate::explain) fn leaf(
    rule: Rule,
    label: &str,
    found: &Found,
    kind: Kind,
    span: Option<crate::diag::Span>,
) -> Node {
    Node {
        rule,
        label: label.to_owned(),
        value: known(found),
        kind,
        span,
        reads: Vec::new(),
        decided: BTreeSet::new(),
    }
}

/// Everything that these steps decided, for steps that are not shown themselves.
pub(in crate::explain) fn decided_in(reads: &[Node]) -> BTreeSet<Decided> {
    reads.iter().flat_map(Node::all_decided).collect()
}

impl<'a> Walker<'a> {
    /// A walker of a plan over rows.
    pub fn new(plan: &'a Plan, rows: &'a dyn Rows) -> Walker<'a> {
        Walker {
            plan,
            rows,
            periods: plan.periods(),
            accounts: BTreeMap::new(),
            fallen: BTreeMap::new(),
            lives: BTreeMap::new(),
            credits: Rc::default(),
            seen_in: None,
            views: BTreeMap::new(),
            joins: BTreeMap::new(),
            runs: BTreeMap::new(),
            measures: BTreeMap::new(),
            walked: BTreeMap::new(),
            groups: Groups::default(),
            budgets: BTreeMap::new(),
            parts: BTreeMap::new(),
            kept: BTreeMap::new(),
            passed: BTreeMap::new(),
            ages: BTreeMap::new(),
        }
    }

    /// By what was known in a period, of credits that are found once for all such walks.
    pub(in crate::explain) fn in_the_light_of(
        self,
        period: usize,
        credits: &Rc<RefCell<BTreeMap<(String, CreditId), Credits>>>,
    ) -> Walker<'a> {
        Walker {
            credits: Rc::clone(credits),
            seen_in: Some(period),
            ..self
        }
    }

    /// Everyone in the people table, in natural order.
    pub fn payees(&self) -> Vec<String> {
        let Some(table) = self.rows.table(PEOPLE) else {
            return Vec::new();
        };
        let ids: BTreeSet<String> = (0..table.rows)
            .filter_map(|row| match read_cell(self.plan, table, "id", row) {
                Ok(Scalar::Text(id)) => Some(id),
                _ => None,
            })
            .collect();
        let mut ids: Vec<String> = ids.into_iter().collect();
        ids.sort_by(|a, b| natural_cmp(a, b));
        ids
    }

    /// The value of an expression for a person and period, or a record of theirs; what it read is added to `reads`.
    pub(in crate::explain) fn value(
        &mut self,
        here: &Here,
        expr: &Expr,
        reads: &mut Vec<Node>,
    ) -> Found {
        let here = here.clone();
        walk(expr, &mut Names { walker: self, here }, reads)
    }

    /// A column of the record at hand; where an exception replaced it, with the receipt of that.
    fn column(&self, here: &Here, id: SourceId, column: ColumnId) -> (Found, Option<Node>) {
        let source = self.plan.source(id);
        let own = &source.columns[column.0];
        let name = &own.name;
        let row = here.record.as_ref().and_then(|record| record.row);
        let (Some(row), Some(table)) = (row, self.rows.table(&source.binding)) else {
            return (Err(Stop::Empty(Cause::empty(name, no_cell()))), None);
        };
        let filed = AsFiled {
            plan: self.plan,
            rows: self.rows,
            table,
            row,
        };
        let instead = Instead::Column(id, column);
        let was = read_column(self.plan, table, own, row);
        let Some(found) = filed.instead(instead) else {
            return (was, None);
        };
        let replaced = filed.replaced(instead, &was).into_iter().next();
        let node = replaced.map(|replaced| {
            let (kind, span) = (replaced.kind, Some(replaced.span));
            leaf(Rule::Exception(replaced), name, &found, kind, span)
        });
        (found, node)
    }

    pub(in crate::explain) fn life(&mut self, payee: &str) -> Life {
        let (plan, rows) = (self.plan, self.rows);
        self.lives
            .entry(payee.to_owned())
            .or_insert_with(|| life(plan, rows, payee))
            .clone()
    }

    /// Whether a person belongs to a period of the plan.
    pub fn belongs(&mut self, payee: &str, period: &Period) -> bool {
        let life = self.life(payee);
        is_paid_in(self.plan, &life, period)
    }

    pub(in crate::explain) fn index(&self, period: &Period) -> Option<usize> {
        self.periods.iter().position(|own| own == period)
    }

    /// Why one payout is what it is. A period that the plan does not have pays nothing.
    pub fn receipt(&mut self, payee: &str, id: PayId, period: &Period) -> Receipt {
        let at = self.index(period).unwrap_or(0);
        let pay = self.text_in(self.plan.pay(id), at);
        let (earned, root) = self.steps_of(payee, id, at);
        let Settlement {
            payout,
            moves,
            taken,
            ..
        } = self.settlement(payee, id, at);
        root.assert_adds_up();
        let draws = self.draw_lines(id, &moves);
        let corrections = self.corrections(payee, id, at);
        let corrections = corrections.into_iter().map(|own| own.line).collect();
        let carries = self.as_seen_in(at).carries_of(payee, at, &root);
        let here = Here::of(payee, at);
        let paid = match &payout {
            Known::Value(payout) => self.paid_out(id, &here, payout),
            Known::Nothing => self.paid_out(id, &here, &Exact::ZERO),
            Known::Held(_) => None,
        };
        let (payout, paid) = match paid {
            Some(Err(causes)) => (Known::Held(causes), None),
            Some(Ok(paid)) => (payout, Some(paid)),
            None => (payout, None),
        };
        Receipt {
            plan: self.plan.title.clone(),
            payee: payee.to_owned(),
            period: *period,
            pay: pay.name.clone(),
            label: pay.label.clone(),
            currency: self.plan.currency,
            earned,
            moves,
            draws,
            taken,
            payout,
            paid,
            cut: None,
            corrections,
            late: self.late_records(payee, id, at),
            carries,
            parts: self.part_lines(payee, id, at),
            root,
        }
    }

    /// What was earned and how; who does not belong to a period earns nothing in it.
    fn steps_of(&mut self, payee: &str, id: PayId, at: usize) -> (Known, Node) {
        let period = self.periods[at];
        if self.belongs(payee, &period) {
            let walked = self.as_seen_in(at).walk_pay(payee, id, at);
            return (known(&walked.earned), walked.node);
        }
        let pay = self.text_in(self.plan.pay(id), at);
        let nothing = Ok(Scalar::Number(Exact::ZERO));
        let mut node = leaf(Rule::Pay, &pay.label, &nothing, Kind::Money, Some(pay.span));
        if self.plan.re_rates() {
            let left = leaf(Rule::HasLeft, &pay.label, &nothing, Kind::Money, None);
            node.reads = vec![left];
        }
        (known(&nothing), node)
    }

    /// What carries over and was read on the way to a payout.
    fn carries_of(&mut self, payee: &str, period: usize, root: &Node) -> Vec<CarryLine> {
        let here = Here::of(payee, period);
        let carries = self.plan.carries.iter().enumerate();
        let read = carries.filter(|(_, carry)| root.reads_carried(carry.span));
        read.map(|(at, carry)| self.carry_line(carry, CarryId(at), &here))
            .collect()
    }

    /// A measure's value.
    pub fn measure(&mut self, payee: &str, id: MeasureId, period: &Period) -> Known {
        let Some(period) = self.index(period) else {
            return Known::Nothing;
        };
        let here = Here::of(payee, period);
        known(&self.as_seen_in(period).measure_node(&here, id).0)
    }

    /// A measure as a step with what it read; `None` in a period that the plan does not have.
    pub fn measure_step(&mut self, payee: &str, id: MeasureId, period: &Period) -> Option<Node> {
        let period = self.index(period)?;
        let here = Here::of(payee, period);
        self.as_seen_in(period).measure_node(&here, id).1
    }

    /// A quota of the length of time around a period; a missing one is held.
    pub fn quota(&mut self, payee: &str, id: QuotaId, over: Cadence, period: &Period) -> Known {
        let Some(period) = self.index(period) else {
            return Known::Nothing;
        };
        let here = Here::of(payee, period);
        match self.quota_node(&here, id, over).0 {
            Err(Stop::Missing(_)) => Known::Nothing,
            found => known(&found),
        }
    }

    /// The total of a credit in a period.
    pub fn total(&mut self, payee: &str, id: CreditId, period: &Period) -> Known {
        self.total_in(payee, id, Window::Period, period)
    }

    /// A credit's total over a window.
    pub fn total_in(
        &mut self,
        payee: &str,
        id: CreditId,
        window: Window,
        period: &Period,
    ) -> Known {
        let Some(period) = self.index(period) else {
            return Known::Nothing;
        };
        let here = Here::of(payee, period);
        let seen = self.as_seen_in(period);
        known(&seen.aggregate(&here, Aggregate::Total, id, window).0)
    }

    /// What a line of a pay reads of earlier periods: what they used of a cap, or the amount to date that an increase is
    /// taken of; nothing for other lines.
    pub fn earlier(&mut self, payee: &str, id: PayId, step: usize, period: &Period) -> Known {
        let Some(period) = self.index(period) else {
            return Known::Nothing;
        };
        let here = Here::of(payee, period);
        let pay = self.text_in(self.plan.pay(id), period);
        match pay.steps.get(step).map(|step| &step.kind) {
            Some(StepKind::Cap {
                of: LimitOf::Window(length),
                ..
            }) => known(&self.as_seen_in(period).used(id, step, *length, &here)),
            Some(StepKind::Increase { .. }) => {
                known(&self.as_seen_in(period).before(pay, id, step, &here))
            }
            _ => Known::Nothing,
        }
    }

    /// The person's credits, as far as they are seen.
    pub(in crate::explain) fn credits(&mut self, payee: &str, id: CreditId) -> Credits {
        let mut found = self.all_credits(payee, id);
        if let Some(period) = self.seen_in {
            found.shares.retain(|share| share.known <= period);
            found.unknown.retain(|other| other.known <= period);
        }
        found
    }

    /// The person's credits, whenever they came to be known.
    pub(in crate::explain) fn all_credits(&mut self, payee: &str, id: CreditId) -> Credits {
        let key = (payee.to_owned(), id);
        if let Some(found) = self.credits.borrow().get(&key) {
            return found.clone();
        }
        let life = self.life(payee);
        let all_days = self.plan.payees.membership == Membership::LastDay || !life.held.is_empty();
        let by_hand = self.plan.credit(id).by_hand.is_some();
        let plan = self.plan;
        let counts = |day: Date| {
            if by_hand {
                let period = plan.calendar.period_of(day, plan.cadence);
                return is_paid_in(plan, &life, &period);
            }
            all_days
                || life
                    .role
                    .iter()
                    .any(|(first, last)| *first <= day && day <= *last)
        };
        let found = self.made(payee, id, &counts);
        self.credits.borrow_mut().insert(key, found.clone());
        found
    }

    /// What a credit gives a person, or what goes up to them.
    pub(in crate::explain) fn made(
        &mut self,
        payee: &str,
        id: CreditId,
        counts: &dyn Fn(Date) -> bool,
    ) -> Credits {
        let (plan, rows) = (self.plan, self.rows);
        let Some(rollup) = &plan.credit(id).rollup else {
            return of_person(plan, rows, (id, self.joins(id)), payee, counts);
        };
        let below = (rollup, self.joins(rollup.of));
        let mut above = of_superior(plan, rows, below, payee, counts);
        // What a test gives of the roll-up itself stands beside what goes up.
        let given = of_person(plan, rows, (id, &Joins::default()), payee, counts);
        above.shares.extend(given.shares);
        above.shares.sort_by_key(|share| share.date);
        above
    }

    /// What a credit reads beside its records.
    fn joins(&mut self, id: CreditId) -> &Joins<'a> {
        let (plan, rows) = (self.plan, self.rows);
        let own = self.joins.entry(id);
        own.or_insert_with(|| Joins::of_credit(plan, rows, plan.credit(id)))
    }
}

impl Node {
    /// Rules that add up do.
    fn assert_adds_up(&self) {
        for read in &self.reads {
            read.assert_adds_up();
        }
        let Known::Value(value) = &self.value else {
            return;
        };
        match &self.rule {
            Rule::Sum | Rule::Slices | Rule::Texts => {
                let sum = self
                    .reads
                    .iter()
                    .fold(Exact::ZERO, |sum, read| match &read.value {
                        Known::Value(value) => sum + value.clone(),
                        _ => sum,
                    });
                assert_eq!(sum, *value, "the parts of {} add up to it", self.label);
            }
            Rule::Slice { size, rate, .. } => {
                assert_eq!(
                    size.clone() * rate.clone(),
                    *value,
                    "a slice is its size times its rate"
                );
            }
            Rule::Pay => {
                if let Some(last) = self.reads.last() {
                    assert_eq!(
                        last.value, self.value,
                        "the last line of {} is what it earned",
                        self.label
                    );
                }
            }
            _ => {}
        }
    }
}
