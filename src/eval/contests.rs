//! Who comes where in a contest, and what that is worth. `docs/spec/evaluation.md`, section 3f.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use rayon::prelude::*;

use crate::base::{Date, Exact, Mode, Residue, Rounding, natural_cmp, split};
use crate::eval::groups::{Text, Texts, days_of, own_text};
use crate::eval::person::Payer;
use crate::eval::pools::lost_in_each;
use crate::eval::values::{V, eval, truth};
use crate::meaning::plan::{Contest, CreditId, Gives, Plan, Prize, RankBy, Spare, Ties};
use crate::syntax::ast::{First, PlaceTies, Window};
use crate::table::{Cause, PEOPLE, Read, Rows, Value, sorted};

/// What everyone who is ranked gets, by text and period.
#[derive(Default)]
pub(in crate::eval) struct Standings {
    of: BTreeMap<(Text, usize), Standing>,
    /// Who may be ranked in any: why none is known, by period.
    any: BTreeMap<usize, Vec<Cause>>,
}

#[derive(Default)]
struct Standing {
    /// Why nobody's place is known.
    causes: Vec<Cause>,
    /// Who is ranked, in the natural order of ids; then what each gets.
    ranked: Vec<Ranked>,
    worth: BTreeMap<String, Exact>,
}

/// One who is ranked.
struct Ranked {
    id: String,
    /// By the lines that decide, the first line first.
    values: Vec<Exact>,
    /// Their last record of what is ranked, where that matters.
    last: Option<LastRecord>,
}

/// By day, then id in natural order, then place.
struct LastRecord {
    date: Date,
    record: String,
    row: Option<usize>,
}

/// What is known of somebody before the order is.
enum Entry {
    /// Does not meet a condition, or has nothing to be ranked by.
    Out,
    Ranked(Ranked),
    Unknown(Vec<Cause>),
}

/// One person's entry in one text and period; no text is any.
struct Brought {
    text: Option<Text>,
    period: usize,
    entry: Entry,
}

impl Standings {
    /// Ranks all payees, side by side.
    pub(in crate::eval) fn of(
        contest: &Contest,
        plan: &Plan,
        rows: &dyn Rows,
        payers: &mut [Payer<'_>],
    ) -> Standings {
        let brought: Vec<Vec<Brought>> = payers
            .par_iter_mut()
            .map(|payer| brings(contest, plan, rows, payer))
            .collect();
        let mut standings = Standings {
            any: lost_in_each(plan, rows),
            ..Standings::default()
        };
        for own in brought.into_iter().flatten() {
            standings.add(own);
        }
        for standing in standings.of.values_mut() {
            standing.worth = worths(contest, std::mem::take(&mut standing.ranked));
        }
        standings
    }

    fn add(&mut self, own: Brought) {
        let Some(text) = own.text else {
            if let Entry::Unknown(causes) = own.entry {
                self.any.entry(own.period).or_default().extend(causes);
            }
            return;
        };
        let standing = self.of.entry((text, own.period)).or_default();
        match own.entry {
            Entry::Out => {}
            Entry::Ranked(ranked) => standing.ranked.push(ranked),
            Entry::Unknown(causes) => standing.causes.extend(causes),
        }
    }

    /// The prize or place of a person in a period.
    pub(in crate::eval) fn value(&self, contest: &Contest, payer: &Payer<'_>, period: usize) -> V {
        if !payer.person.held.is_empty() {
            return V::Held(payer.person.held.clone());
        }
        let Some(days) = days(contest, payer, period) else {
            return unranked(contest);
        };
        if !matches!(
            entry(contest, payer, period, &days),
            Some(Entry::Ranked(_) | Entry::Unknown(_))
        ) {
            return unranked(contest);
        }
        let text = match own_text(payer, contest.whom, &days) {
            Ok(text) => text,
            Err(value) => return value,
        };
        let standing = self.of.get(&(text, period));
        let mut causes = self.any.get(&period).cloned().unwrap_or_default();
        causes.extend(standing.iter().flat_map(|own| own.causes.clone()));
        if !causes.is_empty() {
            return V::Held(sorted(causes));
        }
        match standing.and_then(|own| own.worth.get(&payer.person.id)) {
            Some(worth) => V::Number(worth.clone()),
            None => unranked(contest),
        }
    }
}

/// The value of who is not ranked.
fn unranked(contest: &Contest) -> V {
    match &contest.gives {
        Gives::Prizes { .. } => V::Number(Exact::ZERO),
        Gives::Places { unranked, .. } => match unranked {
            Some(value) => V::Number(value.clone()),
            None => V::Nothing,
        },
    }
}

/// The days over which a contest that is decided in a period runs.
fn days(contest: &Contest, payer: &Payer<'_>, period: usize) -> Option<RangeInclusive<Date>> {
    let own = days_of(payer.plan, &payer.periods[period]);
    let (first, last) = contest.days((*own.start(), *own.end()))?;
    Some(first..=last)
}

/// A person's entry of every period.
fn brings(contest: &Contest, plan: &Plan, rows: &dyn Rows, payer: &Payer<'_>) -> Vec<Brought> {
    let texts = Texts::among(plan, contest.whom, rows.table(PEOPLE), payer.person);
    let mut brought = Vec::new();
    for period in 0..payer.periods.len() {
        let Some(days) = days(contest, payer, period) else {
            continue;
        };
        let Some(entry) = entry(contest, payer, period, &days) else {
            continue;
        };
        match (texts.at_end(&days), entry) {
            (_, Entry::Out) | (Ok(None), _) => {}
            (Ok(text), entry) => brought.push(Brought {
                text,
                period,
                entry,
            }),
            (Err((causes, texts)), _) => {
                let of = |text| Brought {
                    text,
                    period,
                    entry: Entry::Unknown(causes.clone()),
                };
                brought.extend(texts.into_iter().map(of));
            }
        }
    }
    brought
}

/// A person's entry; `None` of who does not take part in the period.
fn entry(
    contest: &Contest,
    payer: &Payer<'_>,
    period: usize,
    days: &RangeInclusive<Date>,
) -> Option<Entry> {
    let person = payer.person;
    if !person.held.is_empty() {
        return Some(Entry::Unknown(person.held.clone()));
    }
    let takes_part = person.belongs(payer.plan, &payer.periods[period])
        && person.belongs_to(payer.plan, *days.start(), *days.end());
    takes_part.then(|| entered(contest, payer, period))
}

fn entered(contest: &Contest, payer: &Payer<'_>, period: usize) -> Entry {
    let at = payer.at(period);
    let mut causes = Vec::new();
    for condition in &contest.needs {
        match truth(eval(condition, &at)) {
            V::Bool(true) => {}
            V::Held(more) => causes.extend(more),
            _ => return Entry::Out,
        }
    }
    let mut values = Vec::new();
    for line in &contest.order {
        match eval(&line.value, &at).needed() {
            V::Number(value) => values.push(value),
            V::Held(more) => causes.extend(more),
            _ => return Entry::Out,
        }
    }
    if !causes.is_empty() {
        return Entry::Unknown(sorted(causes));
    }
    let last = match &contest.gives {
        Gives::Prizes {
            ties:
                Ties::Share {
                    spare: Spare::Earliest(credit, window),
                    ..
                },
            ..
        } => last_record(payer, *credit, *window, period),
        _ => None,
    };
    Entry::Ranked(Ranked {
        id: payer.person.id.clone(),
        values,
        last,
    })
}

fn last_record(
    payer: &Payer<'_>,
    credit: CreditId,
    window: Window,
    period: usize,
) -> Option<LastRecord> {
    let source = payer.plan.credit(credit).source;
    let table = payer.rows.table(&payer.plan.source(source).binding);
    let id = |row: usize| match table.map(|table| table.read("id", row)) {
        Some(Read::Value(Value::Text(id))) => id.to_string(),
        _ => String::new(),
    };
    let shares = payer.shares_in(credit, window, period);
    let records = shares.iter().map(|share| LastRecord {
        date: share.date(),
        record: share.row().map_or_else(String::new, id),
        row: share.row(),
    });
    records.max_by(LastRecord::order)
}

impl LastRecord {
    fn order(&self, other: &LastRecord) -> Ordering {
        self.date
            .cmp(&other.date)
            .then_with(|| natural_cmp(&self.record, &other.record))
            .then_with(|| self.row.cmp(&other.row))
    }
}

/// Who comes first by the lines that decide.
fn order(lines: &[RankBy], a: &Ranked, b: &Ranked) -> Ordering {
    let values = a.values.iter().zip(&b.values);
    let each = lines.iter().zip(values);
    each.fold(Ordering::Equal, |so_far, (line, (a, b))| {
        so_far.then_with(|| match line.first {
            First::Highest => b.cmp(a),
            First::Lowest => a.cmp(b),
        })
    })
}

/// What everyone gets who is ranked.
fn worths(contest: &Contest, mut ranked: Vec<Ranked>) -> BTreeMap<String, Exact> {
    // Stable: those who tie stay in the natural order of their ids.
    ranked.sort_by(|a, b| order(&contest.order, a, b));
    let mut worths = BTreeMap::new();
    let mut place = 1;
    for tied in ranked.chunk_by_mut(|a, b| order(&contest.order, a, b) == Ordering::Equal) {
        let many = u32::try_from(tied.len()).unwrap_or(u32::MAX);
        let own = match &contest.gives {
            Gives::Places { ties, .. } => vec![place_of(*ties, place, many); tied.len()],
            Gives::Prizes { rows, ties } => prizes_of(rows, ties, place, tied),
        };
        worths.extend(tied.iter().map(|own| own.id.clone()).zip(own));
        place += many;
    }
    worths
}

fn place_of(ties: PlaceTies, place: u32, many: u32) -> Exact {
    let last = place + many - 1;
    match ties {
        PlaceTies::Better => Exact::int(place.into()),
        PlaceTies::Lower => Exact::int(last.into()),
        PlaceTies::Average => Exact::int(i64::from(place) + i64::from(last)) * Exact::fixed(1, 2),
    }
}

/// The prizes of those who tie for a place and the ones after it; puts them in the order in which they get them.
fn prizes_of(rows: &[Prize], ties: &Ties, place: u32, tied: &mut [Ranked]) -> Vec<Exact> {
    let many = u32::try_from(tied.len()).unwrap_or(u32::MAX);
    match ties {
        Ties::Better => vec![prize(rows, place); tied.len()],
        Ties::Lower => vec![prize(rows, place + many - 1); tied.len()],
        Ties::Share { unit, spare } => {
            if let Spare::Earliest(..) = spare {
                tied.sort_by(early);
            }
            let pot: Exact = (place..place + many).map(|at| prize(rows, at)).sum();
            let each = Exact::fixed(1, i128::from(many));
            let rounding = Rounding {
                unit: unit.clone(),
                mode: Mode::Down,
            };
            split(&pot, &vec![each; tied.len()], &rounding, Residue::ToFirst)
        }
    }
}

/// Whose last record comes first; who has none comes last.
fn early(a: &Ranked, b: &Ranked) -> Ordering {
    match (&a.last, &b.last) {
        (Some(a), Some(b)) => a.order(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn prize(rows: &[Prize], place: u32) -> Exact {
    let mut rows = rows.iter();
    let row = rows.find(|row| row.first <= place && place <= row.last);
    row.map_or(Exact::ZERO, |row| row.prize.clone())
}
