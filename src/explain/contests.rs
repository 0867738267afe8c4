//! Somebody's place in a contest, found by looking at all others. `docs/spec/evaluation.md`, section 3f.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::base::{Date, Exact, natural_cmp};
use crate::explain::credits::Share;
use crate::explain::expression::{Found, Scalar, Stop, demand, yes};
use crate::explain::groups::Text;
use crate::explain::receipt::{Decided, Node, NotRanked, Rule, Shared};
use crate::explain::walk::{Here, Walker, decided_in, kind, leaf};
use crate::meaning::plan::{Contest, Gives, GroupId, Membership, Prize, Spare, Ties, Whom};
use crate::syntax::ast::{First, PlaceTies};
use crate::table::{Cause, sorted};

/// Who competes in a period, by text; and why nobody's place is known, whatever the text.
#[derive(Debug, Default)]
pub(in crate::explain) struct Standings {
    by_text: BTreeMap<Text, Field>,
    of_any: Vec<Cause>,
}

/// Those who compete with each other.
#[derive(Clone, Debug, Default)]
struct Field {
    ranked: Vec<Competitor>,
    why: Vec<Cause>,
}

/// One who is ranked.
#[derive(Clone, Debug)]
struct Competitor {
    payee: String,
    /// By the lines that decide; better is greater, whichever end comes first.
    merits: Vec<Exact>,
    /// The last record of what is ranked, where that matters.
    last: Option<Share>,
}

/// What was looked at on the way to somebody's place.
#[derive(Default)]
struct Looked {
    /// What the person is ranked by.
    reads: Vec<Node>,
    /// Conditions, and rows of prizes.
    decided: BTreeSet<Decided>,
}

/// What is known of a person before the order is.
enum Entered {
    Not(NotRanked),
    Ranked(Competitor),
    Unknown(Vec<Cause>),
}

impl<'a> Walker<'a> {
    /// What a contest or ranking gives whoever reads it here.
    pub(in crate::explain) fn contest(
        &mut self,
        here: &Here,
        id: GroupId,
        contest: &Contest,
    ) -> (Found, Option<Node>) {
        let group = self.plan.group(id);
        let mut looked = Looked::default();
        let (found, rule) = self.standing_in(here, id, contest, &mut looked);
        let mut node = leaf(rule, &group.label, &found, kind(group.ty), Some(group.span));
        node.reads = looked.reads;
        node.decided = looked.decided;
        (found, Some(node))
    }

    fn standing_in(
        &mut self,
        here: &Here,
        id: GroupId,
        contest: &Contest,
        looked: &mut Looked,
    ) -> (Found, Rule) {
        let unknown = |stop: Stop| (Err(stop), Rule::Expression);
        let life = self.life(&here.payee);
        if !life.held.is_empty() {
            return unknown(Stop::Held(life.held));
        }
        let Some(days) = contest.days(self.days_in_plan(here.period)) else {
            let last = contest.runs.map_or(Date::MAX, |(_, last)| last);
            return not_ranked(contest, NotRanked::Elsewhen { last });
        };
        match self.enters(here, contest, days, looked) {
            Entered::Not(why) => return not_ranked(contest, why),
            Entered::Ranked(_) | Entered::Unknown(_) => {}
        }
        let text = match self.own_text(&here.payee, contest.whom, days) {
            Ok(text) => text,
            Err(stop) => return unknown(stop),
        };
        let all = self.standings(id, contest, here.period, days);
        let field = all.by_text.get(&text).cloned().unwrap_or_default();
        let why = sorted([field.why, all.of_any.clone()].concat());
        if !why.is_empty() {
            return unknown(Stop::Held(why));
        }
        let ranked = field.ranked;
        let Some(own) = ranked.iter().find(|other| other.payee == here.payee) else {
            return not_ranked(contest, NotRanked::Absent);
        };
        let place = 1 + ranked
            .iter()
            .filter(|other| other.merits > own.merits)
            .count();
        let level: Vec<&Competitor> = ranked
            .iter()
            .filter(|other| other.merits == own.merits)
            .collect();
        let (worth, shared) = worth(contest, place, own, &level);
        looked
            .decided
            .extend(rows_reached(contest, place, level.len()));
        let rule = Rule::Ranked {
            of: text,
            place,
            ranked: ranked.len(),
            tied: level.len(),
            shared,
        };
        (Ok(Scalar::Number(worth)), rule)
    }

    /// Everybody's entry in a period.
    fn standings(
        &mut self,
        id: GroupId,
        contest: &Contest,
        period: usize,
        days: (Date, Date),
    ) -> Rc<Standings> {
        if let Some(made) = self.groups.standings.get(&(id, period)) {
            return made.clone();
        }
        let mut all = Standings {
            of_any: self.lost_people(),
            ..Standings::default()
        };
        for payee in self.payees() {
            let here = Here::of(&payee, period);
            match self.enters(&here, contest, days, &mut Looked::default()) {
                Entered::Not(_) => {}
                entered => self.enrol(&here.payee, contest.whom, days, entered, &mut all),
            }
        }
        let made = Rc::new(all);
        self.groups.standings.insert((id, period), made.clone());
        made
    }

    /// Puts an entry where the person competes.
    fn enrol(
        &mut self,
        payee: &str,
        whom: Whom,
        days: (Date, Date),
        entered: Entered,
        all: &mut Standings,
    ) {
        let text = match whom {
            Whom::Everyone | Whom::Reports(..) => None,
            Whom::Same(column, _) => {
                let texts = self.texts(payee, column);
                if texts.is_any {
                    all.of_any.extend(texts.why);
                    return;
                }
                if !texts.why.is_empty() {
                    let known: BTreeSet<Text> =
                        texts.stretches.into_iter().map(|own| own.2).collect();
                    for text in known.into_iter().filter(Option::is_some) {
                        let field = all.by_text.entry(text).or_default();
                        field.why.extend(texts.why.iter().cloned());
                    }
                    return;
                }
                match texts.at_end(days) {
                    None => return,
                    text => text,
                }
            }
        };
        let field = all.by_text.entry(text).or_default();
        match entered {
            Entered::Ranked(competitor) => field.ranked.push(competitor),
            Entered::Unknown(causes) => field.why.extend(causes),
            Entered::Not(_) => {}
        }
    }

    fn enters(
        &mut self,
        here: &Here,
        contest: &Contest,
        (first, last): (Date, Date),
        looked: &mut Looked,
    ) -> Entered {
        let life = self.life(&here.payee);
        if !life.held.is_empty() {
            return Entered::Unknown(life.held);
        }
        let on_the_plan = life.role.iter().any(|(from, through)| {
            let membership = self.plan.payees.membership;
            *through >= last && *from <= last
                || membership == Membership::DaysInRole && *from <= last && first <= *through
        });
        let period = self.periods[here.period];
        if !on_the_plan || !self.belongs(&here.payee, &period) {
            return Entered::Not(NotRanked::Absent);
        }
        let mut held = Vec::new();
        let mut fails = false;
        for condition in &contest.needs {
            let mut asked = Vec::new();
            let answer = yes(self.value(here, condition, &mut asked));
            looked.decided.extend(decided_in(&asked));
            looked
                .decided
                .extend(answer.as_ref().ok().map(|holds| Decided {
                    clause: condition.span,
                    holds: *holds,
                }));
            match answer {
                Ok(true) => {}
                Err(Stop::Held(causes)) => held.extend(causes),
                _ => fails = true,
            }
        }
        if fails {
            return Entered::Not(NotRanked::Condition);
        }
        let mut merits = Vec::new();
        for line in &contest.order {
            match (
                demand(self.value(here, &line.value, &mut looked.reads)),
                line.first,
            ) {
                (Ok(Scalar::Number(value)), First::Highest) => merits.push(value),
                (Ok(Scalar::Number(value)), First::Lowest) => merits.push(-value),
                (Err(Stop::Held(causes)), _) => held.extend(causes),
                _ => return Entered::Not(NotRanked::Nothing),
            }
        }
        if !held.is_empty() {
            return Entered::Unknown(sorted(held));
        }
        Entered::Ranked(Competitor {
            payee: here.payee.clone(),
            merits,
            last: self.last_record(here, contest),
        })
    }

    /// The last record of what is ranked, where that decides about a remainder.
    fn last_record(&mut self, here: &Here, contest: &Contest) -> Option<Share> {
        let Gives::Prizes {
            ties:
                Ties::Share {
                    spare: Spare::Earliest(credit, window),
                    ..
                },
            ..
        } = contest.gives
        else {
            return None;
        };
        let (first, last) = self.days(window, here.period);
        let shares = self.credits(&here.payee, credit).shares;
        let inside = shares
            .into_iter()
            .filter(|own| first <= own.date && own.date <= last);
        inside.max_by(by_day)
    }
}

/// By day, then the record's id, then its place.
fn by_day(a: &Share, b: &Share) -> Ordering {
    let by_id = || natural_cmp(&a.record, &b.record);
    a.date.cmp(&b.date).then_with(by_id).then(a.row.cmp(&b.row))
}

fn not_ranked(contest: &Contest, why: NotRanked) -> (Found, Rule) {
    let found = match &contest.gives {
        Gives::Prizes { .. } => Ok(Scalar::Number(Exact::ZERO)),
        Gives::Places { unranked: None, .. } => Err(Stop::Nothing),
        Gives::Places {
            unranked: Some(value),
            ..
        } => Ok(Scalar::Number(value.clone())),
    };
    (found, Rule::Unranked { why })
}

/// What a place is worth to one of those who are level on it.
fn worth(
    contest: &Contest,
    place: usize,
    own: &Competitor,
    level: &[&Competitor],
) -> (Exact, Option<Shared>) {
    let whole = |number: usize| i64::try_from(number).map_or(Exact::ZERO, Exact::int);
    let last = place + level.len() - 1;
    let (rows, ties) = match &contest.gives {
        Gives::Prizes { rows, ties } => (rows, ties),
        Gives::Places { ties, .. } => {
            let worth = match ties {
                PlaceTies::Better => whole(place),
                PlaceTies::Lower => whole(last),
                PlaceTies::Average => (whole(place) + whole(last)) * Exact::fixed(1, 2),
            };
            return (worth, None);
        }
    };
    let (unit, spare) = match ties {
        Ties::Better => return (prize(rows, place), None),
        Ties::Lower => return (prize(rows, last), None),
        Ties::Share { unit, spare } => (unit, spare),
    };
    if level.len() == 1 {
        return (prize(rows, place), None);
    }
    let pot = (place..=last).fold(Exact::ZERO, |sum, place| sum + prize(rows, place));
    let many = whole(level.len());
    let units = pot
        .checked_div(&(many.clone() * unit.clone()))
        .unwrap_or_default();
    let each = units.floor() * unit.clone();
    let left = pot.clone() - each.clone() * many;
    let is_before = |other: &&&Competitor| {
        let by_record = match (&other.last, &own.last, spare) {
            (_, _, Spare::FirstById) | (None, None, _) => Ordering::Equal,
            (Some(a), Some(b), _) => by_day(a, b),
            (Some(_), None, _) => Ordering::Less,
            (None, Some(_), _) => Ordering::Greater,
        };
        by_record.then_with(|| natural_cmp(&other.payee, &own.payee)) == Ordering::Less
    };
    let is_own = !level.iter().any(|other| is_before(&other));
    let shared = Shared {
        pot,
        each: each.clone(),
        spare: left.clone(),
        is_own,
    };
    let worth = if is_own { each + left } else { each };
    (worth, Some(shared))
}

/// The rows of prizes that a place, with those who are level on it, comes to.
fn rows_reached(contest: &Contest, place: usize, level: usize) -> Vec<Decided> {
    let places = place..place + level;
    let own = contest.gives.rows().iter().filter(|row| {
        let (first, last) = (row.first as usize, row.last as usize);
        first < places.end && places.start <= last
    });
    own.map(|row| Decided {
        clause: row.span,
        holds: true,
    })
    .collect()
}

fn prize(rows: &[Prize], place: usize) -> Exact {
    let holds = |row: &&Prize| (row.first as usize..=row.last as usize).contains(&place);
    rows.iter()
        .find(holds)
        .map_or(Exact::ZERO, |row| row.prize.clone())
}
