//! Persons of a record that no table names: those of a list, and everyone whose column says the same on a day.
//! `docs/spec/evaluation.md`, section 2.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::{Currency, Date};
use crate::eval::broken::Broken;
use crate::eval::people::Person;
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{Among, FoundIn, Plan};
use crate::table::{BrokenRow, Cause, Column, PEOPLE, Rows, Table, Texts, Values, listed, sorted};

/// Where persons are found for records.
pub(in crate::eval) enum Finder<'a> {
    /// In lists of the records.
    Lists(Lists<'a>),
    /// Among people, by a column.
    People(Holders),
}

/// The persons in each list of a column; looked up once for each text, not for each row.
pub(in crate::eval) struct Lists<'a> {
    column: &'a Column,
    texts: &'a Texts,
    persons: Vec<Vec<(&'a str, Option<u32>)>>,
}

/// Who has which text on which days, by position in the list of people.
pub(in crate::eval) struct Holders {
    people: Vec<Vec<Stretch>>,
    /// Rows that are not whole and may be about a person.
    broken: Vec<Vec<Cause>>,
    by_text: FxHashMap<Arc<str>, Vec<u32>>,
    /// Who may have any text.
    doubtful: Vec<u32>,
    lost: Vec<Lost>,
}

/// A row of people of which nobody knows whose it is.
enum Lost {
    /// Not whole: any text that stands in it may be the person's.
    Broken(BrokenRow, Vec<Cause>),
    /// Without an id that can be read; its text, where that can be.
    Nameless(Option<Arc<str>>, Vec<Cause>),
}

/// A row of people.
struct Stretch {
    row: usize,
    /// Its days, or why they cannot be told.
    days: Result<(Date, Date), Vec<Cause>>,
    /// Its text, if any, or why it cannot be read.
    text: Result<Option<Arc<str>>, Vec<Cause>>,
}

impl<'a> Finder<'a> {
    /// Looks at the lists or the people of a credit once.
    pub(in crate::eval) fn new(
        plan: &Plan,
        among: &Among,
        (columns, table): (&[crate::meaning::plan::Column], &'a Table),
        rows: &dyn Rows,
        (people, by_id): (&[Person], &FxHashMap<&str, u32>),
    ) -> Option<Finder<'a>> {
        match among.whom {
            FoundIn::List(list) => Some(Finder::Lists(Lists::new(
                table.column(&columns.get(list.0)?.name)?,
                by_id,
            )?)),
            FoundIn::Everyone { fact, .. } => {
                let column = &plan.people.columns.get(fact.0)?.name;
                let table = rows.table(PEOPLE)?;
                let holders = Holders::new((table, column), people, by_id, plan.currency);
                Some(Finder::People(holders))
            }
        }
    }
}

impl<'a> Lists<'a> {
    fn new(column: &'a Column, by_id: &FxHashMap<&str, u32>) -> Option<Lists<'a>> {
        let Values::Texts(texts) = &column.values else {
            return None;
        };
        let person = |id: &'a str| (id, by_id.get(id).copied());
        let words = texts.words.iter();
        Some(Lists {
            column,
            texts,
            persons: words
                .map(|list| listed(list).map(person).collect())
                .collect(),
        })
    }

    /// The persons whom a row lists: each id, and the person where the people file knows it.
    pub(in crate::eval) fn of_row(&self, row: usize) -> &[(&'a str, Option<u32>)] {
        if self.column.absent.contains(row) || self.column.fault(row).is_some() {
            return &[];
        }
        let code = self.texts.codes.get(row).map(|code| *code as usize);
        let list = code.and_then(|code| self.persons.get(code));
        list.map_or(&[], Vec::as_slice)
    }
}

impl Holders {
    fn new(
        (table, column): (&Table, &str),
        people: &[Person],
        by_id: &FxHashMap<&str, u32>,
        currency: Currency,
    ) -> Holders {
        let all = Broken::new(table, |text| by_id.contains_key(text));
        let mut found = Holders {
            people: Vec::new(),
            broken: people.iter().map(|own| all.causes(&own.id)).collect(),
            by_text: FxHashMap::default(),
            doubtful: Vec::new(),
            lost: Vec::new(),
        };
        let text = |row: usize| match cell(table, column, row, currency) {
            V::Text(text) => Ok(Some(Arc::from(&*text))),
            V::Held(causes) => Err(causes),
            _ => Ok(None),
        };
        for (at, person) in (0_u32..).zip(people) {
            let dated = person.rows.iter().map(|(row, first, last)| Stretch {
                row: *row,
                days: Ok((*first, *last)),
                text: text(*row),
            });
            let undated = person.undated.iter().map(|(row, causes)| Stretch {
                row: *row,
                days: Err(causes.clone()),
                text: text(*row),
            });
            let own: Vec<Stretch> = dated.chain(undated).collect();
            for text in own.iter().filter_map(|row| row.text.as_ref().ok()?.clone()) {
                let holders = found.by_text.entry(text).or_default();
                if holders.last() != Some(&at) {
                    holders.push(at);
                }
            }
            let is_broken = found
                .broken
                .get(at as usize)
                .is_some_and(|own| !own.is_empty());
            if is_broken || own.iter().any(|row| row.text.is_err()) {
                found.doubtful.push(at);
            }
            found.people.push(own);
        }
        let broken = table.broken.iter();
        found.lost.extend(broken.map(|row| {
            let why = table.cause(row).into_iter().collect();
            Lost::Broken(row.clone(), why)
        }));
        for row in (0..table.rows).filter(|row| table.broken_row(*row).is_none()) {
            let why = match cell(table, "id", row, currency) {
                V::Held(causes) => causes,
                V::Absent(cause) => vec![cause],
                _ => continue,
            };
            match text(row) {
                Ok(None) => {}
                Ok(text) => found.lost.push(Lost::Nameless(text, why)),
                Err(more) => found.lost.push(Lost::Nameless(None, both(why, more))),
            }
        }
        found
    }

    /// Why somebody may have a text of whom no id can be read.
    pub(in crate::eval) fn lost(&self, text: &str) -> Vec<Cause> {
        let rows = self.lost.iter().filter_map(|row| match row {
            Lost::Broken(row, why) => row.may_be_about(text).then_some(why),
            Lost::Nameless(own, why) => {
                let may_be = own.as_ref().is_none_or(|own| **own == *text);
                may_be.then_some(why)
            }
        });
        sorted(rows.flatten().cloned().collect())
    }

    /// Who has a text on a day, in the order of people, and why that is not sure; on any day where it is not known which.
    pub(in crate::eval) fn of(
        &self,
        text: &str,
        day: Option<Date>,
        people: &Table,
    ) -> Vec<(u32, Vec<Cause>)> {
        let mut candidates = self.by_text.get(text).cloned().unwrap_or_default();
        candidates.extend(&self.doubtful);
        candidates.sort_unstable();
        candidates.dedup();
        let found = candidates.into_iter();
        found
            .filter_map(|who| Some((who, self.has(who, text, day, people)?)))
            .collect()
    }

    /// Why it is not sure that a person has a text, nothing where it is; `None` where they do not.
    fn has(&self, who: u32, text: &str, day: Option<Date>, people: &Table) -> Option<Vec<Cause>> {
        let own = self.people.get(who as usize)?;
        let mut causes = self.broken.get(who as usize).cloned().unwrap_or_default();
        let mut may_have = !causes.is_empty();
        let mut holding = 0;
        for stretch in own {
            match (&stretch.days, day) {
                (Ok((first, last)), Some(day)) if day < *first || *last < day => continue,
                (Ok(_), Some(_)) => {
                    holding += 1;
                    if holding > 1 {
                        let id = people.text("id", stretch.row).unwrap_or_default();
                        let overlap = Cause::overlap(id, people.cell(stretch.row, "id", id));
                        causes = both(causes, vec![overlap]);
                    }
                }
                (Err(why), _) => causes = both(causes, why.clone()),
                (Ok(_), None) => {}
            }
            match &stretch.text {
                Ok(own) => may_have |= own.as_deref() == Some(text),
                Err(why) => {
                    may_have = true;
                    causes = both(causes, why.clone());
                }
            }
        }
        may_have.then_some(causes)
    }
}
