//! What several persons make together, found person by person. `docs/spec/evaluation.md`, section 3b.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::base::{Date, Exact};
use crate::explain::cells::{of_broken_rows, read_cell};
use crate::explain::contests::Standings;
use crate::explain::credits::Credits;
use crate::explain::expression::{Found, Scalar, Stop};
use crate::explain::pools::Pools;
use crate::explain::receipt::{Decided, Known, Node, Rule};
use crate::explain::rollups::Chart;
use crate::explain::walk::{Here, Walker, decided_in, kind, leaf};
use crate::meaning::plan::{
    AsOf, ColumnId, CreditId, Expr, ExprKind, GroupId, GroupKind, GroupOf, Plan, Whom,
};
use crate::syntax::ast::{Aggregate, Reports, Window};
use crate::table::{Cause, PEOPLE, Rows, sorted};

/// A text that makes a group; `None` where everyone is one.
pub(in crate::explain) type Text = Option<String>;

/// The rows of people of one person, with the text that makes their group.
#[derive(Clone, Debug, Default)]
pub(in crate::explain) struct Texts {
    /// First day, last day, and the text, if there is one.
    pub(in crate::explain) stretches: Vec<(Date, Date, Text)>,
    /// Why they are not sure; nothing where they are.
    pub(in crate::explain) why: Vec<Cause>,
    /// Whether the text could be any.
    pub(in crate::explain) is_any: bool,
}

/// What one person brings to a group in a period.
struct Brought {
    /// Of the person, with the days on which the amounts stand where that matters.
    values: Vec<(Option<Date>, Exact)>,
    missing: Option<Cause>,
    /// Why something cannot be known, with its day where that is known.
    unknown: Vec<(Option<Date>, Vec<Cause>)>,
    decided: Vec<(Option<Date>, Decided)>,
}

/// What all of a group brought.
#[derive(Clone, Debug, Default)]
struct Together {
    values: Vec<Exact>,
    people: usize,
    missing: Option<Cause>,
    why: Vec<Cause>,
    decided: BTreeSet<Decided>,
    /// Who reports to the reader, and what each brings.
    of: Vec<(String, Known)>,
}

/// By text; and why nothing is known, whatever the text.
type Period = (BTreeMap<Text, Together>, Vec<Cause>);

/// Groups that were made before.
#[derive(Default)]
pub(in crate::explain) struct Groups<'a> {
    made: BTreeMap<(GroupId, usize), Rc<Period>>,
    pub(in crate::explain) standings: BTreeMap<(GroupId, usize), Rc<Standings>>,
    texts: BTreeMap<(String, ColumnId), Texts>,
    everyones: BTreeMap<(String, CreditId), Rc<Credits>>,
    charts: BTreeMap<ColumnId, Option<Rc<Chart<'a>>>>,
    pub(in crate::explain) pools: Pools,
}

fn texts(plan: &Plan, rows: &dyn Rows, payee: &str, column: ColumnId) -> Texts {
    let mut found = Texts::default();
    let Some(people) = rows.table(PEOPLE) else {
        return found;
    };
    let name = &plan.people.columns[column.0].name;
    let mut dated: Vec<(Date, Date, usize)> = Vec::new();
    let mut undated = Vec::new();
    for row in 0..people.rows {
        if read_cell(plan, people, "id", row) != Ok(Scalar::Text(payee.to_owned())) {
            continue;
        }
        let edge = |column: &str, open: Date| match read_cell(plan, people, column, row) {
            Ok(Scalar::Date(day)) => Ok(day),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(open),
        };
        match (edge("from", Date::MIN), edge("through", Date::MAX)) {
            (Ok(first), Ok(last)) if first <= last => dated.push((first, last, row)),
            (Ok(first), Ok(last)) => {
                let cell = people.cell(row, "through", &last.to_string());
                found.why.push(Cause::ends_first(payee, first, last, cell));
                undated.push(row);
            }
            (Err(causes), _) | (Ok(_), Err(causes)) => {
                found.why.extend(causes);
                undated.push(row);
            }
        }
    }
    dated.sort_unstable();
    for (at, (first, last, row)) in dated.iter().enumerate() {
        let mut earlier = dated.iter().take(at);
        if earlier.any(|(a, b, _)| a <= last && first <= b) {
            let cell = people.cell(*row, "id", payee);
            found.why.push(Cause::overlap(payee, cell));
        }
    }
    let broken = of_broken_rows(people, payee);
    found.is_any = !broken.is_empty();
    found.why.extend(broken);
    let all = dated
        .into_iter()
        .chain(undated.into_iter().map(|row| (Date::MIN, Date::MAX, row)));
    for (first, last, row) in all {
        let text = match read_cell(plan, people, name, row) {
            Ok(Scalar::Text(text)) => Some(text),
            Err(Stop::Held(causes)) => {
                found.is_any = true;
                found.why.extend(causes);
                None
            }
            _ => None,
        };
        found.stretches.push((first, last, text));
    }
    found.why = sorted(found.why);
    found
}

impl Texts {
    /// The text at the end of some days, as far as rows cover them.
    pub(in crate::explain) fn at_end(&self, (first, last): (Date, Date)) -> Text {
        let mut latest: Option<(Date, Text)> = None;
        for (from, through, text) in &self.stretches {
            let is_later = latest.as_ref().is_none_or(|(known, _)| known < through);
            if *from <= last && first <= *through && is_later {
                latest = Some((*through, text.clone()));
            }
        }
        latest.and_then(|(_, text)| text)
    }
}

impl Texts {
    /// Every text there is, each once.
    pub(in crate::explain) fn all(&self) -> BTreeSet<String> {
        let texts = self.stretches.iter().map(|own| own.2.clone());
        texts.flatten().collect()
    }
}

impl<'a> Walker<'a> {
    /// What a group came to for whoever reads it here.
    pub(in crate::explain) fn group(&mut self, here: &Here, id: GroupId) -> (Found, Option<Node>) {
        let plan = self.plan;
        let group = plan.group(id);
        let (how, of, whom) = match &group.kind {
            GroupKind::Together { how, of, whom } => (how, of, whom),
            GroupKind::Pool(pool) => return self.share(here, id, (group, pool)),
            GroupKind::Contest(contest) => return self.contest(here, id, contest),
            GroupKind::Budget(_) => return (Err(Stop::Nothing), None),
        };
        let life = self.life(&here.payee);
        let mut text = None;
        let mut stopped = (!life.held.is_empty()).then_some(Stop::Held(life.held));
        if stopped.is_none() {
            match self.own_text(&here.payee, *whom, self.days_in_plan(here.period)) {
                Ok(own) => text = own,
                Err(stop) => stopped = Some(stop),
            }
        }
        let period = self.group_in(id, here.period);
        let mut all = period.0.get(&text).cloned().unwrap_or_default();
        all.why.extend(period.1.iter().cloned());
        let people = all.people;
        let decided = std::mem::take(&mut all.decided);
        let reports = std::mem::take(&mut all.of);
        let found = match stopped {
            Some(stop) => Err(stop),
            None => self.taken_together(*how, &group.label, all, here),
        };
        let shown = match (of, how) {
            (GroupOf::Credits(..), Aggregate::Count) => crate::explain::receipt::Kind::Number,
            _ => kind(group.ty),
        };
        if let Whom::Reports(..) = whom {
            text = None;
        }
        let rule = Rule::Group { of: text, people };
        let mut node = leaf(rule, &group.label, &found, shown, Some(group.span));
        // Who leads people sees what each of them brings, and where its receipt is.
        let pay = match of {
            GroupOf::Value(Expr {
                kind: ExprKind::Pay(pay),
                ..
            }) => Some(plan.pay(*pay).name.clone()),
            _ => None,
        };
        let reports = reports.into_iter().map(|(payee, value)| Node {
            rule: Rule::Of { pay: pay.clone() },
            label: payee,
            value,
            kind: shown,
            span: None,
            reads: Vec::new(),
            decided: BTreeSet::new(),
        });
        node.reads = reports.collect();
        node.decided = decided;
        (found, Some(node))
    }

    /// The text of the group that a person is in at the end of some days.
    pub(in crate::explain) fn own_text(
        &mut self,
        payee: &str,
        whom: Whom,
        days: (Date, Date),
    ) -> Result<Text, Stop> {
        let column = match whom {
            Whom::Everyone => return Ok(None),
            Whom::Reports(..) => return Ok(Some(payee.to_owned())),
            Whom::Same(column, _) => column,
        };
        let own = self.texts(payee, column);
        if !own.why.is_empty() {
            return Err(Stop::Held(own.why));
        }
        let name = &self.plan.people.columns[column.0].name;
        let text = own.at_end(days);
        match text {
            Some(text) => Ok(Some(text)),
            None => Err(Stop::Empty(Cause::no_fact(name, payee))),
        }
    }

    fn taken_together(&self, how: Aggregate, label: &str, all: Together, here: &Here) -> Found {
        if !all.why.is_empty() {
            return Err(Stop::Held(sorted(all.why)));
        }
        if let Some(cause) = all.missing {
            return Err(Stop::Missing(cause));
        }
        let count = i64::try_from(all.values.len()).map_or(Exact::ZERO, Exact::int);
        let sum = all
            .values
            .iter()
            .fold(Exact::ZERO, |sum, own| sum + own.clone());
        let value = match how {
            Aggregate::Total => Some(sum),
            Aggregate::Count => Some(count),
            Aggregate::Average => sum.checked_div(&count),
            Aggregate::Highest => all.values.into_iter().max(),
            Aggregate::Lowest => all.values.into_iter().min(),
        };
        let period = self.plan.calendar.label(&self.periods[here.period]);
        value
            .map(Scalar::Number)
            .ok_or_else(|| Stop::Missing(Cause::of_none(label, &here.payee, &period)))
    }

    /// Who reports to whom by a column of people.
    fn chart(&mut self, column: ColumnId) -> Option<Rc<Chart<'a>>> {
        let (plan, rows) = (self.plan, self.rows);
        let made = self.groups.charts.entry(column);
        made.or_insert_with(|| Chart::new(plan, rows, column).map(Rc::new))
            .clone()
    }

    /// First and last day of a period, as far as the plan has them.
    pub(in crate::explain) fn days_in_plan(&self, period: usize) -> (Date, Date) {
        let own = &self.periods[period];
        let (first, last) = self.plan.effective;
        (own.start().max(first), own.end().min(last))
    }

    pub(in crate::explain) fn texts(&mut self, payee: &str, column: ColumnId) -> Texts {
        let (plan, rows) = (self.plan, self.rows);
        let made = self.groups.texts.entry((payee.to_owned(), column));
        made.or_insert_with(|| texts(plan, rows, payee, column))
            .clone()
    }

    /// What everybody brings in a period, by text.
    fn group_in(&mut self, id: GroupId, period: usize) -> Rc<Period> {
        if let Some(made) = self.groups.made.get(&(id, period)) {
            return made.clone();
        }
        let mut by_text: BTreeMap<Text, Together> = BTreeMap::new();
        let mut of_any = self.lost_people();
        let GroupKind::Together { of, whom, .. } = &self.plan.group(id).kind else {
            return Rc::default();
        };
        for payee in self.payees() {
            let Some(brought) = self.brought(of, &payee, period) else {
                continue;
            };
            match *whom {
                Whom::Reports(reports, column) => {
                    let most = match reports {
                        Reports::Direct => 1,
                        Reports::All => self.payees().len(),
                    };
                    let (_, last) = self.days_in_plan(period);
                    let chart = self.chart(column);
                    let levels =
                        chart.map_or_else(Vec::new, |own| own.levels(&payee, Some(last), most));
                    for (superior, why) in levels.into_iter().flatten() {
                        let own = by_text.entry(Some(superior)).or_default();
                        if why.is_empty() {
                            own.add(&brought, Date::MIN, Date::MAX);
                            own.of.push((payee.clone(), brought.shown()));
                        } else {
                            own.why.extend(why);
                        }
                    }
                }
                Whom::Everyone => {
                    by_text
                        .entry(None)
                        .or_default()
                        .add(&brought, Date::MIN, Date::MAX)
                }
                Whom::Same(column, day) => {
                    let texts = self.texts(&payee, column);
                    if texts.is_any {
                        of_any.extend(texts.why);
                        continue;
                    }
                    if !texts.why.is_empty() {
                        for text in texts.all() {
                            let own = by_text.entry(Some(text)).or_default();
                            own.why.extend(texts.why.iter().cloned());
                        }
                        continue;
                    }
                    let window = match of {
                        GroupOf::Credits(_, window) => Some(self.days(*window, period)),
                        GroupOf::Value(_) => None,
                    };
                    if let (Some((from, through)), AsOf::Column(_)) = (window, day) {
                        for (first, last, text) in texts.stretches {
                            if text.is_some() && first <= through && from <= last {
                                let own = by_text.entry(text).or_default();
                                own.add(&brought, first, last);
                            }
                        }
                    } else if let Some(text) = texts.at_end(self.days_in_plan(period)) {
                        let own = by_text.entry(Some(text)).or_default();
                        own.add(&brought, Date::MIN, Date::MAX);
                    }
                }
            }
        }
        let made = Rc::new((by_text, of_any));
        self.groups.made.insert((id, period), made.clone());
        made
    }

    /// What one person brings; `None` who brings nothing.
    fn brought(&mut self, of: &GroupOf, payee: &str, period: usize) -> Option<Brought> {
        match of {
            GroupOf::Credits(credit, window) => {
                self.credits_brought(payee, *credit, *window, period)
            }
            GroupOf::Value(value) => {
                let calendar_period = self.periods[period];
                if !self.belongs(payee, &calendar_period) {
                    return None;
                }
                let here = Here::of(payee, period);
                let mut reads = Vec::new();
                let mut brought = Brought {
                    values: Vec::new(),
                    missing: None,
                    unknown: Vec::new(),
                    decided: Vec::new(),
                };
                match self.value(&here, value, &mut reads) {
                    Ok(Scalar::Number(number)) => brought.values.push((None, number)),
                    Err(Stop::Missing(cause)) => brought.missing = Some(cause),
                    Err(Stop::Empty(cause)) => brought.unknown.push((None, vec![cause])),
                    Err(Stop::Held(causes)) => brought.unknown.push((None, causes)),
                    _ => {}
                }
                let decided = decided_in(&reads).into_iter();
                brought.decided = decided.map(|own| (None, own)).collect();
                Some(brought)
            }
        }
    }

    fn credits_brought(
        &mut self,
        payee: &str,
        credit: CreditId,
        window: Window,
        period: usize,
    ) -> Option<Brought> {
        let all = self.everyones_credits(payee, credit);
        let (first, last) = self.days(window, period);
        let is_in = |day: Date| first <= day && day <= last;
        let shares = all.shares.iter().filter(|share| is_in(share.date));
        let unknown = all
            .unknown
            .iter()
            .filter(|other| other.day.is_none_or(is_in))
            .map(|other| (other.day, other.why.clone()));
        let decided = all.decided.iter().filter(|(day, _)| is_in(*day));
        let brought = Brought {
            values: shares
                .map(|share| (Some(share.date), share.amount.clone()))
                .collect(),
            missing: None,
            unknown: unknown.collect(),
            decided: decided.map(|(day, own)| (Some(*day), *own)).collect(),
        };
        let is_nothing = brought.values.is_empty() && brought.unknown.is_empty();
        (!is_nothing).then_some(brought)
    }

    /// A person's credits, whether or not the plan pays the person.
    fn everyones_credits(&mut self, payee: &str, credit: CreditId) -> Rc<Credits> {
        let key = (payee.to_owned(), credit);
        if let Some(made) = self.groups.everyones.get(&key) {
            return made.clone();
        }
        let made = Rc::new(self.made(payee, credit, &|_| true));
        self.groups.everyones.insert(key, made.clone());
        made
    }
}

impl Brought {
    /// The one value of a person, as a receipt shows it.
    fn shown(&self) -> Known {
        match (self.unknown.first(), &self.missing, self.values.first()) {
            (Some((_, causes)), ..) => Known::Held(causes.clone()),
            (None, Some(cause), _) => Known::Held(vec![cause.clone()]),
            (None, None, Some((_, value))) => Known::Value(value.clone()),
            (None, None, None) => Known::Nothing,
        }
    }
}

impl Together {
    /// Adds what a person brings that stands on some days, or on none.
    fn add(&mut self, brought: &Brought, first: Date, last: Date) {
        let is_in = |day: &Option<Date>| day.is_none_or(|day| first <= day && day <= last);
        let before = (self.values.len(), self.why.len());
        let values = brought.values.iter().filter(|(day, _)| is_in(day));
        self.values.extend(values.map(|(_, value)| value.clone()));
        let unknown = brought.unknown.iter().filter(|(day, _)| is_in(day));
        self.why
            .extend(unknown.flat_map(|(_, causes)| causes.clone()));
        self.missing = self.missing.take().or_else(|| brought.missing.clone());
        let decided = brought.decided.iter().filter(|(day, _)| is_in(day));
        self.decided.extend(decided.map(|(_, own)| *own));
        if before != (self.values.len(), self.why.len()) {
            self.people += 1;
        }
    }
}
