//! Who takes what of a record by its list or by what people say, and what stands on top of it.

use crate::base::Exact;
use crate::explain::credits::Record;
use crate::explain::expression::{Found, Scalar, Stop, demand};
use crate::explain::splits::{Parts, Taking, Who, by_taker};
use crate::meaning::plan::{Among, ColumnId, FoundIn, IfNobody};
use crate::syntax::ast::Several;
use crate::table::{Cause, listed, sorted};

impl Record<'_> {
    /// The record's list of persons.
    pub(in crate::explain) fn list(&self) -> Found {
        match self.credit.receivers.among().map(|among| among.whom) {
            Some(FoundIn::List(list)) => self.column(list),
            _ => Err(Stop::Nothing),
        }
    }

    /// Whether the record's list names the payee, or people may say of them what it says.
    pub(in crate::explain) fn may_be_among(&self, payee: &str) -> bool {
        let text = |column| match self.column(column) {
            Ok(Scalar::Text(text)) => Some(text),
            _ => None,
        };
        match self.credit.receivers.among().map(|among| among.whom) {
            None => false,
            Some(FoundIn::List(list)) => {
                text(list).is_some_and(|ids| listed(&ids).any(|id| id == payee))
            }
            Some(FoundIn::Everyone { value, .. }) => {
                let crowd = self.joins.crowd.as_ref().zip(text(value));
                crowd.is_some_and(|(crowd, text)| crowd.may_say(payee, &text))
            }
        }
    }

    /// Whom the record finds in its list or among people.
    pub(in crate::explain) fn among(&self, among: &Among) -> Taking {
        match among.whom {
            FoundIn::List(list) => self.among_list(among, list),
            FoundIn::Everyone { fact, value, on } => self.among_people(among, fact, (value, on)),
        }
    }

    fn among_list(&self, among: &Among, list: ColumnId) -> Taking {
        let text = match self.column(list) {
            Ok(Scalar::Text(text)) => text,
            Err(Stop::Held(why)) => return anybody(among, Vec::new(), why),
            _ => return taking_among(among, Vec::new(), Vec::new(), |_| None),
        };
        let ids: Vec<&str> = listed(&text).collect();
        let stands_before = |at: &usize| ids.iter().take(*at).any(|id| Some(id) == ids.get(*at));
        let (again, first): (Vec<usize>, Vec<usize>) = (0..ids.len()).partition(stands_before);
        if again.is_empty() {
            let sure = first.into_iter().map(|at| (Who::Listed(at), Vec::new()));
            return taking_among(among, sure.collect(), Vec::new(), |_| None);
        }
        let name = &self.plan.source(self.credit.source).columns[list.0].name;
        let record = self.table.text("id", self.row).unwrap_or_default();
        let cell = || self.table.cell(self.row, name, &text);
        let twice = again.into_iter().filter_map(|at| ids.get(at));
        let why = twice
            .map(|id| Cause::listed_again(id, record, cell()))
            .collect();
        anybody(among, first.into_iter().map(Who::Listed).collect(), why)
    }

    fn among_people(
        &self,
        among: &Among,
        fact: ColumnId,
        (value, on): (ColumnId, ColumnId),
    ) -> Taking {
        let (day, mut why) = match demand(self.column(on)) {
            Ok(Scalar::Date(day)) => (Some(day), Vec::new()),
            Err(Stop::Held(why)) => (None, why),
            _ => (None, Vec::new()),
        };
        let text = match self.column(value) {
            Ok(Scalar::Text(text)) => text,
            Err(Stop::Held(more)) => {
                why.extend(more);
                return anybody(among, Vec::new(), why);
            }
            _ if why.is_empty() => {
                return taking_among(among, Vec::new(), Vec::new(), |_| None);
            }
            _ => return anybody(among, Vec::new(), why),
        };
        let crowd = self.joins.crowd.as_ref();
        let found = crowd.map_or_else(Vec::new, |crowd| crowd.saying(&text, day));
        let Some(day) = day else {
            return anybody(among, found.into_iter().map(|(who, _)| who).collect(), why);
        };
        let lost = crowd.map_or_else(Vec::new, |crowd| crowd.lost(&text));
        taking_among(among, found, lost, |sure| {
            let names = sure.iter().filter_map(|who| self.id_of(*who));
            let names = names.collect::<Vec<_>>().join(" and ");
            let own = &self.plan.source(self.credit.source).columns[value.0].name;
            let cell = self.table.cell(self.row, own, &text);
            let fact = &self.plan.people.columns[fact.0].name;
            Some(Cause::several_have(fact, &text, (day, &names), cell))
        })
    }

    /// What a person has by shares that stand by themselves.
    pub(in crate::explain) fn beside(
        &self,
        beside: &[(Who, Exact)],
        payee: &str,
        whole: &Exact,
    ) -> Exact {
        let each = beside
            .iter()
            .map(|(who, share)| (Some(*who), share.clone()));
        let all: Parts = each.collect();
        let own: Vec<(Option<String>, Exact)> = if self.joins.rows.is_some() {
            by_taker(&all, |who| self.id_of(who))
        } else {
            let id = |who: Option<Who>| who.and_then(|who| self.id_of(who));
            all.into_iter()
                .map(|(who, share)| (id(who), share))
                .collect()
        };
        let own = own
            .into_iter()
            .filter(|(id, _)| id.as_deref() == Some(payee));
        own.fold(Exact::ZERO, |sum, (_, share)| {
            let part = whole.clone() * share;
            let part = match &self.credit.rounding {
                Some((rounding, _)) => rounding.round(&part),
                None => part,
            };
            sum + self.limited(part)
        })
    }

    /// Where the record stands, and how much of it a person has on top.
    pub(in crate::explain) fn place_of(&self, taking: &Taking, payee: &str) -> String {
        let own = taking
            .beside
            .iter()
            .filter(|(who, _)| self.id_of(*who).as_deref() == Some(payee));
        let share = own.fold(Exact::ZERO, |sum, (_, share)| sum + share.clone());
        let place = self.table.place(self.row);
        if taking.parts.is_empty() || share.is_zero() {
            return place;
        }
        let share = (share * Exact::int(100)).to_plain();
        format!("{place}, {share}% on top")
    }
}

/// Any of these could take it, and whoever has it where nobody is found.
fn anybody(among: &Among, found: Vec<Who>, why: Vec<Cause>) -> Taking {
    let instead = match among.nobody {
        IfNobody::Person(person) => Some(Who::Column(person)),
        IfNobody::Company | IfNobody::Error => None,
    };
    Taking::anyone(found.into_iter().chain(instead), sorted(why))
}

/// Who takes what of a record, when these are found and it is unclear for the reasons beside them; and why somebody else
/// could be found whose row of people is lost.
fn taking_among(
    among: &Among,
    found: Vec<(Who, Vec<Cause>)>,
    lost: Vec<Cause>,
    several: impl Fn(&[Who]) -> Option<Cause>,
) -> Taking {
    let instead = match among.nobody {
        IfNobody::Person(person) => Some(Who::Column(person)),
        IfNobody::Company | IfNobody::Error => None,
    };
    let whole = |who: Option<Who>| (who, Exact::ONE);
    if found.is_empty() && lost.is_empty() {
        let is_error = among.nobody == IfNobody::Error;
        return Taking {
            parts: if is_error {
                Vec::new()
            } else {
                vec![whole(instead)]
            },
            ..Taking::default()
        };
    }
    let (sure, unsure): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, why)| why.is_empty());
    let sure: Vec<Who> = sure.into_iter().map(|(who, _)| who).collect();
    let doubts = unsure.iter().flat_map(|(_, why)| why.clone()).chain(lost);
    let doubts = sorted(doubts.collect());
    if among.several == Several::All {
        let mut unsure = unsure;
        if sure.is_empty() {
            unsure.extend(instead.map(|who| (who, doubts)));
        }
        return Taking {
            beside: sure.into_iter().map(|who| (who, Exact::ONE)).collect(),
            unsure,
            ..Taking::default()
        };
    }
    if !doubts.is_empty() {
        let may_be = sure
            .into_iter()
            .chain(unsure.into_iter().map(|(who, _)| who));
        return anybody(among, may_be.collect(), doubts);
    }
    if among.several == Several::Error && sure.len() > 1 {
        let why = several(&sure).into_iter().collect();
        return Taking::anyone(sure.into_iter(), why);
    }
    let count = Exact::int(i64::try_from(sure.len()).unwrap_or(i64::MAX));
    let part = Exact::ONE.checked_div(&count).unwrap_or_default();
    Taking {
        parts: sure
            .into_iter()
            .map(|who| (Some(who), part.clone()))
            .collect(),
        ..Taking::default()
    }
}
