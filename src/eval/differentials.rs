//! What those above somebody have of a credit, where each has a share only above what those below have.
//! `docs/spec/evaluation.md`, section 2.

use crate::base::{Date, Exact};
use crate::eval::rollups::{Get, Hierarchy, Reached};
use crate::eval::values::{V, both, cell};
use crate::meaning::plan::{Differential, Plan};
use crate::table::{Cause, Table};

/// Shares of a roll-up whose levels have what those below them leave.
pub(in crate::eval) struct Shared<'a> {
    pub(in crate::eval) plan: &'a Plan,
    pub(in crate::eval) people: &'a Table,
    pub(in crate::eval) own: &'a Differential,
    /// Levels that have something, ascending, each with its share where people have none of their own.
    pub(in crate::eval) levels: &'a [(u16, Exact)],
}

impl Shared<'_> {
    /// What those above a person have, who may be anybody on `reached`; and what is left to the company, where that is
    /// sure.
    pub(in crate::eval) fn gets(
        &self,
        person: u32,
        day: Option<Date>,
        reached: &[Reached],
        hierarchy: &Hierarchy,
    ) -> (Vec<Get>, Option<Exact>) {
        let mut gets = Vec::new();
        let (mut paid, mut doubt) = self.below(person, day, hierarchy);
        for (level, share) in self.levels {
            let before = doubt.clone();
            for (who, why) in reached.get(usize::from(*level) - 1).into_iter().flatten() {
                let own = match self.own.column {
                    None => Ok(share.clone()),
                    Some(_) => self.share(*who, day, hierarchy),
                };
                let mut causes = both(before.clone(), why.clone());
                let mut left = Exact::ZERO;
                match own {
                    Ok(own) => {
                        left = (own.clone() - paid.clone()).max(Exact::ZERO);
                        paid = paid.max(own);
                    }
                    Err(more) => causes = both(causes, more),
                }
                doubt = both(doubt, causes.clone());
                if !causes.is_empty() || !left.is_zero() || day.is_none() {
                    gets.push(Get {
                        who: *who,
                        share: left,
                        causes,
                    });
                }
            }
        }
        let whole = self.own.whole.clone().filter(|_| doubt.is_empty());
        (gets, whole.map(|whole| whole - paid))
    }

    /// What whoever has the credit has of it, and why that is not known.
    fn below(&self, person: u32, day: Option<Date>, hierarchy: &Hierarchy) -> (Exact, Vec<Cause>) {
        match self.own.column {
            None => (Exact::ZERO, Vec::new()),
            Some(_) => match self.share(person, day, hierarchy) {
                Ok(share) => (share, Vec::new()),
                Err(causes) => (Exact::ZERO, causes),
            },
        }
    }

    /// A person's own share on a day: 0 without a row that holds then.
    fn share(
        &self,
        person: u32,
        day: Option<Date>,
        hierarchy: &Hierarchy,
    ) -> Result<Exact, Vec<Cause>> {
        let Some(day) = day else {
            return Ok(Exact::ZERO);
        };
        let (row, id) = match hierarchy.row(person, day, self.people)? {
            Some(found) => found,
            None => return Ok(Exact::ZERO),
        };
        let Some(column) = self.own.column else {
            return Ok(Exact::ZERO);
        };
        let column = &self.plan.people.columns[column.0].name;
        match cell(self.people, column, row, self.plan.currency).needed() {
            V::Number(share) => self.fits(share, column, (row, id)),
            V::Held(causes) => Err(causes),
            _ => Ok(Exact::ZERO),
        }
    }

    fn fits(
        &self,
        share: Exact,
        column: &str,
        (row, id): (usize, &str),
    ) -> Result<Exact, Vec<Cause>> {
        let most = self.own.whole.as_ref();
        if !share.is_negative() && most.is_none_or(|most| share <= *most) {
            return Ok(share);
        }
        let percent = |share: &Exact| format!("{}%", (share.clone() * Exact::int(100)).to_plain());
        let cell = self.people.cell(row, column, &percent(&share));
        let most = most.map(percent);
        Err(vec![Cause::level_share(id, column, most.as_deref(), cell)])
    }
}
