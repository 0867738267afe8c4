//! Stages in the order in which they feed each other, as data.

use crate::base::Cadence;
use crate::diag::Span;
use crate::meaning::plan::{
    Amount, Belongs, CapSpan, CarryId, Credit, CreditId, Draw, ExchangeId, Expr, ExprKind, Group,
    GroupId, GroupKind, InputId, InputOf, LimitOf, LookupKind, MeasureId, Pay, PayId, Plan, Quota,
    QuotaId, Scope, SourceId, StepKind, TiersId, each_child,
};
use crate::meaning::{Checked, needs};
use crate::syntax::ast::Window;

/// How often a stage has a value: the key by which work is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Once for each record.
    Record,
    /// Once for each person and period.
    PersonPeriod,
    /// Once for each group of persons and period: all of them must be there before anybody reads it.
    GroupPeriod,
}

/// How far a change in one period can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Horizon {
    /// Into no other period.
    Period,
    /// To the end of the length of time that holds the period.
    ToDate(Cadence),
    /// To the end of the plan.
    Plan,
}

/// What a stage can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Facts about the person.
    People,
    /// Records.
    Source(SourceId),
    /// A credit; read from a stage of another key, it is an exchange.
    Credit(CreditId),
    /// An input.
    Input(InputId),
    /// A quota.
    Quota(QuotaId),
    /// A measure.
    Measure(MeasureId),
    /// What several persons make together.
    Group(GroupId),
    /// A pay or component.
    Pay(PayId),
    /// What carries over.
    Carry(CarryId),
}

/// One thing that a stage reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Read {
    /// What.
    pub item: Item,
    /// How far a change of it reaches in this stage.
    pub horizon: Horizon,
    /// Whether it is read over days before the period, which may be days before the plan.
    pub looks_back: bool,
}

/// One step of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What it makes.
    pub item: Item,
    /// How often.
    pub key: Key,
    /// What it reads, each thing once.
    pub reads: Vec<Read>,
    /// How far a change of its own value in one period reaches, in itself.
    pub horizon: Horizon,
    /// The block it comes from.
    pub span: Span,
}

/// A plan ready to run.
#[derive(Clone, Debug)]
pub struct Program {
    plan: Plan,
    stages: Vec<Stage>,
    sources: Vec<String>,
}

impl Program {
    /// The program of a plan.
    pub fn from_meaning(plan: &Checked<Plan>) -> Program {
        let plan: &Plan = plan;
        let record = |at: usize| {
            let credit = plan.credit(CreditId(at));
            Stage {
                item: Item::Credit(CreditId(at)),
                key: Key::Record,
                reads: match &credit.rollup {
                    None => reads_of_credit(plan, credit),
                    Some(rollup) => vec![here(Item::People), here(Item::Credit(rollup.of))],
                },
                horizon: Horizon::Period,
                span: credit.span,
            }
        };
        let longer = |cadence: Cadence| {
            if cadence > plan.cadence {
                to_date(plan, cadence)
            } else {
                Horizon::Period
            }
        };
        let input = |at: usize| {
            let input = plan.input(InputId(at));
            let is_fact = matches!(input.whose, InputOf::Column(_));
            Stage {
                item: Item::Input(InputId(at)),
                key: Key::PersonPeriod,
                reads: is_fact.then(|| here(Item::People)).into_iter().collect(),
                horizon: longer(input.cadence),
                span: input.span,
            }
        };
        let quota = |at: usize| {
            let quota = plan.quota(QuotaId(at));
            let read = longest_reading(plan, QuotaId(at)).max(Some(quota.cadence));
            Stage {
                item: Item::Quota(QuotaId(at)),
                key: Key::PersonPeriod,
                reads: reads_of_quota(plan, quota),
                horizon: longer(read.unwrap_or(quota.cadence)),
                span: quota.span,
            }
        };
        let measure = |at: usize| {
            let measure = plan.measure(MeasureId(at));
            Stage {
                item: Item::Measure(MeasureId(at)),
                key: Key::PersonPeriod,
                reads: reads_of_measure(plan, MeasureId(at)),
                horizon: Horizon::Period,
                span: measure.span,
            }
        };
        let group = |at: usize| {
            let group = plan.group(GroupId(at));
            Stage {
                item: Item::Group(GroupId(at)),
                key: Key::GroupPeriod,
                reads: reads_of_group(plan, group),
                horizon: match &group.kind {
                    GroupKind::Budget(budget) => longer(budget.each),
                    GroupKind::Together { .. } | GroupKind::Pool(_) | GroupKind::Contest(_) => {
                        Horizon::Period
                    }
                },
                span: group.span,
            }
        };
        let pay = |at: usize| {
            let (id, pay) = (PayId(at), plan.pay(PayId(at)));
            Stage {
                item: Item::Pay(id),
                key: Key::PersonPeriod,
                reads: each_once([reads_of_pay(plan, id), reads_of_draws(plan, id)].concat()),
                horizon: horizon_of_pay(plan, id),
                span: pay.span,
            }
        };
        // It comes last: what a period leaves is read in later ones.
        let carry = |at: usize| {
            let carry = plan.carry(CarryId(at));
            Stage {
                item: Item::Carry(CarryId(at)),
                key: Key::PersonPeriod,
                reads: reads(plan, &[&carry.adds]),
                horizon: Horizon::Plan,
                span: carry.span,
            }
        };
        let records = (0..plan.credits.len()).map(record);
        let persons = (0..plan.inputs.len())
            .map(input)
            .chain((0..plan.quotas.len()).map(quota))
            .chain((0..plan.measures.len()).map(measure))
            .chain((0..plan.groups.len()).map(group))
            .chain((0..plan.pays.len()).map(pay))
            .chain((0..plan.carries.len()).map(carry));
        Program {
            stages: in_order(records.chain(persons).collect()),
            sources: needs(plan)
                .into_iter()
                .map(|schema| schema.source)
                .collect(),
            plan: plan.clone(),
        }
    }

    /// The meaning it runs.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Its stages, in the order in which they feed each other.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The sources it reads, by their names in the manifest.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }
}

/// Stages after what they read; otherwise as they stand. Names make no circle, so that there always is a next one.
fn in_order(mut stages: Vec<Stage>) -> Vec<Stage> {
    let mut ordered: Vec<Stage> = Vec::with_capacity(stages.len());
    while !stages.is_empty() {
        let waits = |stage: &Stage| {
            let mut reads = stage.reads.iter();
            reads.any(|read| {
                let is_own = read.item == stage.item;
                !is_own && stages.iter().any(|other| other.item == read.item)
            })
        };
        let next = stages.iter().position(|stage| !waits(stage)).unwrap_or(0);
        ordered.push(stages.remove(next));
    }
    ordered
}

/// What several persons bring, and who they are.
fn reads_of_group(plan: &Plan, group: &Group) -> Vec<Read> {
    let mut found = vec![here(Item::People)];
    found.extend(group.credits().map(|(credit, window)| Read {
        item: Item::Credit(credit),
        horizon: of_window(plan, window),
        looks_back: window.looks_back(),
    }));
    for value in group.expressions() {
        add_reads(plan, value, &mut found);
    }
    if let GroupKind::Budget(budget) = &group.kind {
        found.extend(budget.pays.iter().map(|pay| here(Item::Pay(*pay))));
    }
    each_once(found)
}

/// What the records of a credit are made to credits with.
fn reads_of_credit(plan: &Plan, credit: &Credit) -> Vec<Read> {
    let split = credit.receivers.from_rows();
    let of_split = split.map(|split| here(Item::Source(split.source)));
    let own = [here(Item::People), here(Item::Source(credit.source))];
    let read = reads(plan, &credit.expressions()).into_iter();
    each_once(own.into_iter().chain(of_split).chain(read).collect())
}

/// The longest length of time for which a quota is read.
fn longest_reading(plan: &Plan, id: QuotaId) -> Option<Cadence> {
    fn longest(expr: &Expr, id: QuotaId, found: &mut Option<Cadence>) {
        if let ExprKind::Quota(own, over) = expr.kind
            && own == id
        {
            *found = (*found).max(Some(over));
        }
        each_child(expr, &mut |child| longest(child, id, found));
    }
    let mut found = None;
    for expr in plan.expressions() {
        longest(expr, id, &mut found);
    }
    found
}

fn here(item: Item) -> Read {
    Read {
        item,
        horizon: Horizon::Period,
        looks_back: false,
    }
}

/// Everything that expressions read, each thing once, with the farthest reach.
fn reads(plan: &Plan, expressions: &[&Expr]) -> Vec<Read> {
    let mut found = Vec::new();
    expressions
        .iter()
        .for_each(|expr| add_reads(plan, expr, &mut found));
    each_once(found)
}

/// What a measure is made of, and what is carried into it.
fn reads_of_measure(plan: &Plan, id: MeasureId) -> Vec<Read> {
    let mut found = reads(plan, &plan.measure(id).expressions());
    found.extend(plan.carried_into(id).map(|id| here(Item::Carry(id))));
    each_once(found)
}

fn each_once(mut found: Vec<Read>) -> Vec<Read> {
    found.sort_by(|a, b| a.item.cmp(&b.item).then(b.horizon.cmp(&a.horizon)));
    found.dedup_by(|other, first| {
        let is_same = other.item == first.item;
        first.looks_back |= is_same && other.looks_back;
        is_same
    });
    found
}

fn add_reads(plan: &Plan, expr: &Expr, found: &mut Vec<Read>) {
    match &expr.kind {
        ExprKind::Column(source, _) => found.push(here(Item::Source(*source))),
        ExprKind::Fact(..) => found.push(here(Item::People)),
        ExprKind::Credit(id) => found.push(here(Item::Credit(*id))),
        ExprKind::Input(id, _) => found.push(here(Item::Input(*id))),
        ExprKind::Quota(id, _) => found.push(here(Item::Quota(*id))),
        ExprKind::Measure(id) => found.push(here(Item::Measure(*id))),
        ExprKind::Pay(id) => {
            found.push(here(Item::Pay(*id)));
            let budget = plan.budget_of(*id);
            found.extend(budget.map(|(budget, _)| here(Item::Group(budget))));
        }
        ExprKind::Group(id) => found.push(here(Item::Group(*id))),
        ExprKind::Carry(id) => found.push(here(Item::Carry(*id))),
        ExprKind::Tier(id) => add_axis(plan, *id, found),
        ExprKind::Scorecard(id) => {
            for objective in &plan.scorecard(*id).objectives {
                add_reads(plan, &objective.score, found);
            }
        }
        ExprKind::Lookup(id) => {
            let read = plan.lookup(*id).expressions();
            read.for_each(|expr| add_reads(plan, expr, found));
            if let LookupKind::Listed { source, .. } = plan.lookup(*id).kind {
                found.push(here(Item::Source(source)));
            }
        }
        ExprKind::Converted { at, .. } => found.extend(rates_of(plan, *at)),
        ExprKind::Aggregate { credit, window, .. } => found.push(Read {
            item: Item::Credit(*credit),
            horizon: of_window(plan, *window),
            looks_back: window.looks_back(),
        }),
        _ => {}
    }
    each_child(expr, &mut |child| add_reads(plan, child, found));
}

/// The rates of an exchange, where they stand in data.
fn rates_of(plan: &Plan, id: ExchangeId) -> Option<Read> {
    let source = plan.exchange(id).source()?;
    Some(here(Item::Source(source)))
}

fn add_axis(plan: &Plan, id: TiersId, found: &mut Vec<Read>) {
    add_reads(plan, &plan.tier_table(id).axis, found);
}

fn of_window(plan: &Plan, window: Window) -> Horizon {
    match window {
        Window::Period => Horizon::Period,
        Window::ToDate(cadence) => to_date(plan, cadence),
        // A window that looks back reads the day again in some later period; how far it reaches through what reads
        // it in turn is not worth telling.
        _ => Horizon::Plan,
    }
}

fn reads_of_quota(plan: &Plan, quota: &Quota) -> Vec<Read> {
    let reads_people = quota.ramp.is_some() || quota.proration.is_some();
    let people = reads_people.then(|| here(Item::People));
    let days = quota.day_rows().map(|rows| here(Item::Source(rows.source)));
    let holidays = quota
        .holidays()
        .map(|(source, _)| here(Item::Source(source)));
    let converted = quota.converted.as_ref();
    let rates = converted.and_then(|converted| rates_of(plan, converted.at));
    let read = people.into_iter().chain(days).chain(holidays).chain(rates);
    each_once(read.collect())
}

/// To the end of a length of time. Where that can lie in two longer ones, no longest one tells how far a change reaches
/// through several of them, and the plan's end does.
fn to_date(plan: &Plan, cadence: Cadence) -> Horizon {
    if plan.calendar.nests(cadence, Cadence::Year) {
        Horizon::ToDate(cadence)
    } else {
        Horizon::Plan
    }
}

fn reads_of_pay(plan: &Plan, id: PayId) -> Vec<Read> {
    let texts = plan.pay(id).texts();
    let mut found: Vec<Read> = texts.flat_map(|text| reads_of_text(plan, text)).collect();
    for (_, claw) in plan.clawbacks_of(id) {
        found.extend(reads(plan, &claw.expressions()));
        if let Belongs::ToCredit(credit) = claw.belongs {
            found.push(here(Item::Credit(credit)));
        }
    }
    each_once(found)
}

/// What draws on a pay read beside it.
fn reads_of_draws(plan: &Plan, pay: PayId) -> Vec<Read> {
    let draws: Vec<&Draw> = plan.draws_on(pay).map(|(_, draw)| draw).collect();
    let read = draws.iter().flat_map(|draw| draw.expressions());
    let mut found = reads(plan, &read.collect::<Vec<_>>());
    // Whom the first months of employment, or the last, are of.
    found.extend((!draws.is_empty()).then(|| here(Item::People)));
    found
}

fn reads_of_text(plan: &Plan, pay: &Pay) -> Vec<Read> {
    let mut found = reads(plan, &pay.own_expressions());
    for amount in pay.amounts() {
        if let Amount::Tiered { tiers, .. } = amount {
            add_axis(plan, *tiers, &mut found);
        }
    }
    if let Scope::Each { source, credits } = &pay.scope {
        found.push(here(Item::Source(*source)));
        let run = pay
            .placed()
            .map(|(placed, _)| of_window(plan, placed.window));
        let horizon = of_window(plan, pay.window).max(run.unwrap_or(Horizon::Period));
        found.extend(credits.iter().map(|credit| Read {
            item: Item::Credit(*credit),
            horizon,
            looks_back: false,
        }));
    }
    let paid_in = pay.paid_in.as_ref();
    found.extend(paid_in.and_then(|paid_in| rates_of(plan, paid_in.at)));
    each_once(found)
}

/// How far a pay remembers: what it caps, increases or carries.
fn horizon_of_pay(plan: &Plan, id: PayId) -> Horizon {
    if plan.is_clawed(id) || plan.is_owed_back(id) {
        return Horizon::Plan;
    }
    let texts = plan.pay(id).texts().map(|text| horizon_of_text(plan, text));
    texts.max().unwrap_or(Horizon::Period)
}

fn horizon_of_text(plan: &Plan, pay: &Pay) -> Horizon {
    if pay.has_account() || pay.keeps_excess() {
        return Horizon::Plan;
    }
    let of_step = |kind: &StepKind| match kind {
        StepKind::Cap {
            of: LimitOf::Window(cadence),
            ..
        }
        | StepKind::Floor {
            of: LimitOf::Window(cadence),
            ..
        } => to_date(plan, *cadence),
        StepKind::CapOf(cap) => match cap.each {
            CapSpan::Life => Horizon::Plan,
            CapSpan::Each(cadence) => to_date(plan, cadence),
        },
        StepKind::Increase { .. } => of_window(plan, pay.window),
        _ => Horizon::Period,
    };
    let steps = pay.steps.iter().map(|step| of_step(&step.kind));
    // Later records stand where those before them end.
    let run = pay
        .placed()
        .map(|(placed, _)| of_window(plan, placed.window));
    steps.chain(run).max().unwrap_or(Horizon::Period)
}
