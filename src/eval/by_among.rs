//! One record → what persons get whom no table names. `docs/spec/evaluation.md`, section 2.

use crate::base::Exact;
use crate::eval::among::Finder;
use crate::eval::credited::Shares;
use crate::eval::record::{Receivers, RecordCrediting};
use crate::eval::row_shares::Taker;
use crate::eval::values::{V, both};
use crate::meaning::plan::{Among, ColumnId, FoundIn, IfNobody};
use crate::syntax::ast::Several;
use crate::table::{Cause, listed};

/// Whom a record finds.
#[derive(Default)]
struct Persons {
    /// Each with why it is not sure; nothing where it is.
    takers: Vec<(Taker, Vec<Cause>)>,
    /// Why nothing is sure.
    causes: Vec<Cause>,
    /// Why somebody could be found whose row of people is lost.
    lost: Vec<Cause>,
    /// What is said where nobody is found, or more than one.
    nobody: Option<Cause>,
    several: Option<Cause>,
}

impl RecordCrediting<'_> {
    pub(in crate::eval) fn by_among(
        &self,
        among: &Among,
        row: usize,
        out: &mut Shares,
    ) -> Receivers {
        let found = match among.whom {
            FoundIn::List(list) => self.of_list(list, row),
            FoundIn::Everyone { fact, value, on } => self.of_people(fact, (value, on), row),
        };
        if !found.causes.is_empty() {
            let wrong = found
                .causes
                .iter()
                .filter(|cause| cause.code == crate::diag::Code::F038);
            out.exceptions.extend(wrong.map(Cause::diagnostic));
            return maybe(among, found.takers, found.causes);
        }
        let sure = found
            .takers
            .iter()
            .filter(|(_, why)| why.is_empty())
            .count();
        let doubts = found
            .takers
            .iter()
            .fold(found.lost, |all, (_, why)| both(all, why.clone()));
        match (among.several, found.takers.len()) {
            (_, 0) if doubts.is_empty() => {
                self.to_nobody_else(among.nobody, found.nobody, row, out)
            }
            (Several::All, _) => {
                let mut made = Receivers::default();
                for (taker, why) in found.takers {
                    if why.is_empty() {
                        made.alone.push((taker, Exact::ONE));
                    } else {
                        made.unsure.push((taker, why));
                    }
                }
                if let (0, IfNobody::Person(person)) = (sure, among.nobody) {
                    made.unsure.push((Taker::Record(person), doubts));
                }
                made
            }
            (_, many) if doubts.is_empty() => match found.several.filter(|_| many > 1) {
                Some(cause) if among.several == Several::Error => {
                    out.exceptions.push(cause.diagnostic());
                    Receivers {
                        parts: zeros(found.takers),
                        causes: vec![cause],
                        ..Receivers::default()
                    }
                }
                _ => Receivers {
                    parts: equal(found.takers),
                    ..Receivers::default()
                },
            },
            _ => maybe(among, found.takers, doubts),
        }
    }

    fn of_list(&self, list: ColumnId, row: usize) -> Persons {
        let mut found = Persons::default();
        let text = match self.cell(list, row) {
            V::Text(text) => text,
            V::Held(causes) => {
                found.causes = causes;
                return found;
            }
            V::Absent(cause) => {
                found.nobody = Some(cause);
                return found;
            }
            _ => return found,
        };
        let place = || self.table.cell(row, self.column(list), &text);
        let ids: Vec<&str> = listed(&text).collect();
        for (at, id) in ids.iter().enumerate() {
            if ids.iter().take(at).any(|known| known == id) {
                let record = self.table.text("id", row).unwrap_or_default();
                let cause = Cause::listed_again(id, record, place());
                found.causes = both(found.causes, vec![cause]);
            } else {
                found.takers.push((Taker::Listed(at), Vec::new()));
            }
        }
        if ids.is_empty() {
            found.nobody = Some(Cause::empty(self.column(list), place()));
        }
        found
    }

    fn of_people(&self, fact: ColumnId, (value, on): (ColumnId, ColumnId), row: usize) -> Persons {
        let mut found = Persons::default();
        let (day, why) = match self.cell(on, row).needed() {
            V::Date(day) => (Some(day), Vec::new()),
            V::Held(causes) => (None, causes),
            _ => (None, Vec::new()),
        };
        found.causes = why;
        let text = match self.cell(value, row) {
            V::Text(text) => text,
            V::Held(causes) => {
                found.causes = both(found.causes, causes);
                return found;
            }
            V::Absent(cause) => {
                found.nobody = Some(cause);
                return found;
            }
            _ => return found,
        };
        let (Some(Finder::People(holders)), Some(people)) = (&self.finder, self.people_table)
        else {
            return found;
        };
        found.lost = holders.lost(&text);
        let takers = holders.of(&text, day, people).into_iter();
        found.takers = takers.map(|(who, why)| (Taker::Person(who), why)).collect();
        let (Some(day), Some(fact)) = (day, self.plan.people.columns.get(fact.0)) else {
            return found;
        };
        let place = || self.table.cell(row, self.column(value), &text);
        let names = found.takers.iter().filter_map(|(taker, _)| match taker {
            Taker::Person(who) => self.people.get(*who as usize).map(|own| own.id.as_str()),
            _ => None,
        });
        let names = names.collect::<Vec<_>>().join(" and ");
        found.nobody = Some(Cause::nobody_has(&fact.name, &text, day, place()));
        found.several = Some(Cause::several_have(
            &fact.name,
            &text,
            (day, &names),
            place(),
        ));
        found
    }

    /// Who has a record of which nobody is found.
    fn to_nobody_else(
        &self,
        instead: IfNobody,
        said: Option<Cause>,
        row: usize,
        out: &mut Shares,
    ) -> Receivers {
        match instead {
            IfNobody::Person(person) => self.all_to(Some(person), row, out),
            IfNobody::Company => Receivers {
                parts: vec![(Taker::Nobody, Exact::ONE)],
                ..Receivers::default()
            },
            IfNobody::Error => {
                out.exceptions.extend(said.as_ref().map(Cause::diagnostic));
                Receivers::default()
            }
        }
    }
}

fn zeros(takers: Vec<(Taker, Vec<Cause>)>) -> Vec<(Taker, Exact)> {
    let zero = |(taker, _)| (taker, Exact::ZERO);
    takers.into_iter().map(zero).collect()
}

fn equal(takers: Vec<(Taker, Vec<Cause>)>) -> Vec<(Taker, Exact)> {
    let count = Exact::int(i64::try_from(takers.len()).unwrap_or(i64::MAX));
    let part = Exact::ONE.checked_div(&count).unwrap_or_default();
    let one = |(taker, _)| (taker, part.clone());
    takers.into_iter().map(one).collect()
}

/// Anybody who is found could get it, and whoever has it where nobody is.
fn maybe(among: &Among, takers: Vec<(Taker, Vec<Cause>)>, causes: Vec<Cause>) -> Receivers {
    let mut parts = zeros(takers);
    if let IfNobody::Person(person) = among.nobody {
        parts.push((Taker::Record(person), Exact::ZERO));
    }
    Receivers {
        parts,
        causes,
        ..Receivers::default()
    }
}
