//! Exceptions, resolved: another value for some records, or for a person and period.

use crate::base::{Date, Exact, Period};
use crate::diag::Span;
use crate::meaning::plan::{ColumnId, CreditId, Expr, Plan, QuotaId, SourceId};
use crate::meaning::types::Type;

/// One value in place of another, with who answers for it.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The title in quotes.
    pub title: String,
    /// Which value is replaced, where.
    pub of: ExceptionOf,
    /// Who approved it.
    pub approved_by: String,
    /// When.
    pub approved_on: Date,
    /// Why.
    pub because: String,
    /// The head line.
    pub span: Span,
}

/// Where an exception holds, and what it puts there.
#[derive(Clone, Debug)]
pub enum ExceptionOf {
    /// On records: the value is made of the record as its file has it.
    Records(ExceptionOnRecords),
    /// The quota of one payee and one period of a length for which the plan reads it.
    Quota {
        /// Which quota.
        quota: QuotaId,
        /// Whose.
        payee: String,
        /// Of which period.
        period: Period,
        /// How much it is.
        amount: Exact,
    },
}

/// An exception on records.
#[derive(Clone, Debug)]
pub struct ExceptionOnRecords {
    /// The records.
    pub source: SourceId,
    /// Conditions of record grain, all of which must hold.
    pub when: Vec<Expr>,
    /// What is replaced.
    pub instead: Instead,
    /// By what, of record grain.
    pub amount: Expr,
}

/// A value of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Instead {
    /// A column of it, wherever the plan reads it.
    Column(SourceId, ColumnId),
    /// A credit's whole amount on it, after `cap … each record`, before any split.
    Credit(CreditId),
}

impl Plan {
    /// The exceptions that replace a value of records.
    pub fn exceptions_of(
        &self,
        instead: Instead,
    ) -> impl Iterator<Item = (&Exception, &ExceptionOnRecords)> {
        self.exceptions.iter().filter_map(move |own| match &own.of {
            ExceptionOf::Records(records) if records.instead == instead => Some((own, records)),
            _ => None,
        })
    }

    /// The exception that sets the quota of a payee and period.
    pub fn exceptional_quota(
        &self,
        quota: QuotaId,
        payee: &str,
        period: &Period,
    ) -> Option<(&Exception, &Exact)> {
        self.exceptions.iter().find_map(|own| match &own.of {
            ExceptionOf::Quota {
                quota: of,
                payee: whose,
                period: when,
                amount,
            } if *of == quota && whose == payee && when == period => Some((own, amount)),
            _ => None,
        })
    }

    /// What an exception replaces, as the plan writes it.
    pub fn replaced(&self, exception: &Exception) -> String {
        match &exception.of {
            ExceptionOf::Records(records) => match records.instead {
                Instead::Column(source, column) => {
                    let word = self.credits.iter().find(|own| own.source == source);
                    let word = word.map_or("", |own| own.record_word.as_str());
                    format!("{word}.{}", self.source(source).columns[column.0].name)
                }
                Instead::Credit(credit) => self.credit(credit).name.clone(),
            },
            ExceptionOf::Quota { quota, .. } => self.quota(*quota).name.clone(),
        }
    }

    /// The kind of value that an exception replaces.
    pub fn replaced_type(&self, exception: &Exception) -> Type {
        match &exception.of {
            ExceptionOf::Records(records) => records.amount.ty,
            ExceptionOf::Quota { quota, .. } => self.quota(*quota).ty,
        }
    }
}
