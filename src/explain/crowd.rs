//! Everyone of whom people say the same as a record.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Date, natural_cmp};
use crate::explain::cells::{of_broken_rows, read_cell};
use crate::explain::expression::{Scalar, Stop};
use crate::explain::splits::{SplitRows, Who};
use crate::meaning::plan::{Among, Credit, FoundIn, Plan};
use crate::table::{Cause, PEOPLE, Rows, Table, sorted};

/// What a credit reads beside its records and the plan.
#[derive(Default)]
pub(in crate::explain) struct Joins<'a> {
    /// Rows of another source that say who has which part.
    pub(in crate::explain) rows: Option<SplitRows<'a>>,
    /// People, where a column of theirs says who gets it.
    pub(in crate::explain) crowd: Option<Crowd<'a>>,
}

impl<'a> Joins<'a> {
    /// Those of a credit.
    pub(in crate::explain) fn of_credit(
        plan: &'a Plan,
        rows: &'a dyn Rows,
        credit: &'a Credit,
    ) -> Joins<'a> {
        let among = credit.receivers.among();
        Joins {
            rows: SplitRows::of_credit(plan, rows, credit),
            crowd: among.and_then(|among| Crowd::new(plan, rows, among)),
        }
    }
}

/// One row of a person.
struct Spell {
    row: usize,
    days: Result<(Date, Date), Vec<Cause>>,
    says: Result<Option<String>, Vec<Cause>>,
}

/// What people's rows say, person by person in natural order.
pub(in crate::explain) struct Crowd<'a> {
    plan: &'a Plan,
    people: &'a Table,
    /// The column that says it.
    column: &'a str,
    /// Rows that are not whole, or have no id that can be read.
    nobodys: Vec<usize>,
    ids: Vec<String>,
    spells: Vec<Vec<Spell>>,
    /// Rows that are not whole and may be about a person.
    broken: Vec<Vec<Cause>>,
    /// Who says what; and who may say anything.
    by_text: BTreeMap<String, BTreeSet<usize>>,
    vague: BTreeSet<usize>,
}

impl<'a> Crowd<'a> {
    fn new(plan: &'a Plan, rows: &'a dyn Rows, among: &Among) -> Option<Crowd<'a>> {
        let FoundIn::Everyone { fact, .. } = among.whom else {
            return None;
        };
        let people = rows.table(PEOPLE)?;
        let column = &plan.people.columns[fact.0].name;
        let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut nobodys = Vec::new();
        for row in 0..people.rows {
            match read_cell(plan, people, "id", row) {
                Ok(Scalar::Text(id)) => by_id.entry(id).or_default().push(row),
                _ => nobodys.push(row),
            }
        }
        let mut ids: Vec<String> = by_id.keys().cloned().collect();
        ids.sort_by(|a, b| natural_cmp(a, b));
        let mut crowd = Crowd {
            plan,
            people,
            column,
            nobodys,
            broken: ids.iter().map(|id| of_broken_rows(people, id)).collect(),
            spells: Vec::new(),
            by_text: BTreeMap::new(),
            vague: BTreeSet::new(),
            ids,
        };
        for (at, id) in crowd.ids.iter().enumerate() {
            let own = by_id.get(id).into_iter().flatten();
            let mut spells: Vec<Spell> = own
                .map(|row| spell(plan, people, (id, column), *row))
                .collect();
            spells.sort_by_key(|spell| (spell.days.clone().ok(), spell.row));
            for spell in &spells {
                match &spell.says {
                    Ok(Some(text)) => {
                        crowd.by_text.entry(text.clone()).or_default().insert(at);
                    }
                    Ok(None) => {}
                    Err(_) => {
                        crowd.vague.insert(at);
                    }
                }
            }
            if crowd.broken.get(at).is_some_and(|why| !why.is_empty()) {
                crowd.vague.insert(at);
            }
            crowd.spells.push(spells);
        }
        Some(crowd)
    }

    /// The id of a person.
    pub(in crate::explain) fn id(&self, at: usize) -> Option<&str> {
        self.ids.get(at).map(String::as_str)
    }

    /// Whether a row of a person says a text, or may.
    pub(in crate::explain) fn may_say(&self, id: &str, text: &str) -> bool {
        let at = self.ids.binary_search_by(|known| natural_cmp(known, id));
        let says = |at: &usize| {
            let said = self.by_text.get(text);
            self.vague.contains(at) || said.is_some_and(|who| who.contains(at))
        };
        at.as_ref().is_ok_and(says)
    }

    /// Why records that are not whole hold a person: what the person's rows say stands in one.
    pub(in crate::explain) fn astray(&self, payee: &str, records: &Table) -> Vec<Cause> {
        let is_payee = |who: &Who| matches!(who, Who::Known(at) if self.id(*at) == Some(payee));
        let mut causes = Vec::new();
        for broken in records.broken.iter().filter(|broken| broken.text.is_some()) {
            for value in broken.values().filter(|value| self.may_say(payee, value)) {
                for (_, why) in self
                    .saying(value, None)
                    .iter()
                    .filter(|(who, _)| is_payee(who))
                {
                    causes.extend(records.cause(broken));
                    causes.extend(why.iter().cloned());
                }
            }
        }
        causes
    }

    /// Everyone whose rows say a text on a day, each with why it is not sure; on any day where none is known.
    pub(in crate::explain) fn saying(
        &self,
        text: &str,
        day: Option<Date>,
    ) -> Vec<(Who, Vec<Cause>)> {
        let mut at: BTreeSet<usize> = self.vague.clone();
        at.extend(self.by_text.get(text).into_iter().flatten());
        let sure = |at: usize| Some((Who::Known(at), self.why_unsure(at, text, day)?));
        at.into_iter().filter_map(sure).collect()
    }

    /// Why somebody may say a text whose row is not whole, or has no id that can be read.
    pub(in crate::explain) fn lost(&self, text: &str) -> Vec<Cause> {
        let mut why = Vec::new();
        for row in self.nobodys.iter().copied() {
            if let Some(broken) = self.people.broken_row(row) {
                if broken.may_be_about(text) {
                    why.extend(self.people.cause(broken));
                }
                continue;
            }
            let nobodys = match read_cell(self.plan, self.people, "id", row) {
                Err(Stop::Held(causes)) => causes,
                Err(Stop::Empty(cause)) => vec![cause],
                _ => continue,
            };
            match read_cell(self.plan, self.people, self.column, row) {
                Ok(Scalar::Text(said)) if said == text => why.extend(nobodys),
                Err(Stop::Held(more)) => why.extend(nobodys.into_iter().chain(more)),
                _ => {}
            }
        }
        sorted(why)
    }

    fn why_unsure(&self, at: usize, text: &str, day: Option<Date>) -> Option<Vec<Cause>> {
        let (spells, broken) = (self.spells.get(at)?, self.broken.get(at)?);
        let holds = |spell: &&Spell| match (&spell.days, day) {
            (Ok((first, last)), Some(day)) => *first <= day && day <= *last,
            _ => true,
        };
        let holding: Vec<&Spell> = spells.iter().filter(holds).collect();
        let may = |spell: &&Spell| match &spell.says {
            Ok(said) => said.as_deref() == Some(text),
            Err(_) => true,
        };
        if broken.is_empty() && !holding.iter().any(may) {
            return None;
        }
        let mut why = broken.clone();
        for spell in &holding {
            why.extend(spell.days.as_ref().err().into_iter().flatten().cloned());
            why.extend(spell.says.as_ref().err().into_iter().flatten().cloned());
        }
        let id = self.id(at).unwrap_or_default();
        let dated = holding.iter().filter(|spell| spell.days.is_ok());
        for again in dated.skip(1).filter(|_| day.is_some()) {
            why.push(Cause::overlap(id, self.people.cell(again.row, "id", id)));
        }
        Some(sorted(why))
    }
}

fn spell(plan: &Plan, people: &Table, (id, column): (&str, &str), row: usize) -> Spell {
    let edge = |name: &str, open: Date| match read_cell(plan, people, name, row) {
        Ok(Scalar::Date(day)) => Ok(day),
        Err(Stop::Held(causes)) => Err(causes),
        _ => Ok(open),
    };
    let days = match (edge("from", Date::MIN), edge("through", Date::MAX)) {
        (Ok(first), Ok(last)) if first > last => {
            let cell = people.cell(row, "through", &last.to_string());
            Err(vec![Cause::ends_first(id, first, last, cell)])
        }
        (Ok(first), Ok(last)) => Ok((first, last)),
        (Err(why), _) | (Ok(_), Err(why)) => Err(why),
    };
    let says = match read_cell(plan, people, column, row) {
        Ok(Scalar::Text(text)) => Ok(Some(text)),
        Err(Stop::Held(why)) => Err(why),
        _ => Ok(None),
    };
    Spell { row, days, says }
}
