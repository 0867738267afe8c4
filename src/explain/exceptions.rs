//! Exceptions, as one payout meets them: the value that stands, and the receipt of what it stands in place of.

use std::collections::BTreeSet;

use crate::base::{Currency, Date, Exact};
use crate::explain::cells::read_column;
use crate::explain::credits::RecordRow;
use crate::explain::exchanges::Amounts;
use crate::explain::expression::{Found, Reader, Scalar, Stop, demand, walk, yes};
use crate::explain::receipt::{Known, Node, Quoted, Replaced};
use crate::explain::walk::{kind, known};
use crate::meaning::plan::{
    Credit, CreditId, Exception, ExceptionOnRecords, ExchangeId, Expr, ExprKind, Instead, Plan,
    each_child,
};
use crate::table::{Cause, Rows, Table, sorted};

/// One record as its file has it, whatever exceptions say.
#[derive(Clone, Copy)]
pub(in crate::explain) struct AsFiled<'a> {
    pub(in crate::explain) plan: &'a Plan,
    pub(in crate::explain) rows: &'a dyn Rows,
    pub(in crate::explain) table: &'a Table,
    pub(in crate::explain) row: usize,
}

impl Reader for AsFiled<'_> {
    fn name(&mut self, expr: &Expr, _: &mut Vec<Node>) -> Found {
        match &expr.kind {
            ExprKind::Column(source, column) => {
                let column = &self.plan.source(*source).columns[column.0];
                read_column(self.plan, self.table, column, self.row)
            }
            _ => Err(Stop::Nothing),
        }
    }

    fn amounts(&mut self, of: &Expr) -> Amounts {
        self.record().amounts(of)
    }

    fn quote(
        &self,
        at: ExchangeId,
        pair: (Currency, Currency),
        day: Date,
    ) -> Result<Quoted, Vec<Cause>> {
        self.record().quote(at, pair, day)
    }
}

impl<'a> AsFiled<'a> {
    /// The record as exceptions leave it.
    fn record(self) -> RecordRow<'a> {
        RecordRow {
            plan: self.plan,
            rows: self.rows,
            table: self.table,
            row: self.row,
        }
    }

    fn of(mut self, expr: &Expr) -> Found {
        walk(expr, &mut self, &mut Vec::new())
    }

    /// Whether an exception is about the record.
    fn meets(self, when: &[Expr]) -> Result<bool, Vec<Cause>> {
        let answers: Vec<Result<bool, Stop>> = when.iter().map(|own| yes(self.of(own))).collect();
        let mut causes = Vec::new();
        for answer in answers {
            match answer {
                Ok(true) => {}
                Err(Stop::Held(why)) => causes.extend(why),
                _ => return Ok(false),
            }
        }
        if causes.is_empty() {
            Ok(true)
        } else {
            Err(causes)
        }
    }

    /// The exceptions about one value of the record, each with what it makes of it.
    fn about(self, instead: Instead) -> Vec<(&'a Exception, Found)> {
        let verdict = |(own, records): (&'a Exception, &'a ExceptionOnRecords)| match self
            .meets(&records.when)
        {
            Ok(false) => None,
            Ok(true) => Some((own, demand(self.of(&records.amount)))),
            Err(causes) => Some((own, Err(Stop::Held(causes)))),
        };
        self.plan
            .exceptions_of(instead)
            .filter_map(verdict)
            .collect()
    }

    /// What stands in place of a value of the record; `None` where no exception is about it.
    pub(in crate::explain) fn instead(self, instead: Instead) -> Option<Found> {
        let about = self.about(instead);
        let mut causes = Vec::new();
        let mut values: Vec<(&Exception, &Scalar)> = Vec::new();
        for (own, found) in &about {
            match found {
                Ok(value) => values.push((own, value)),
                Err(Stop::Held(why)) => causes.extend(why.iter().cloned()),
                Err(_) => {}
            }
        }
        let (first, value) = match values.first() {
            Some(first) => *first,
            None if causes.is_empty() => return None,
            None => return Some(Err(Stop::Held(sorted(causes)))),
        };
        let others = values.iter().filter(|(_, other)| *other != value);
        causes.extend(others.map(|(own, _)| {
            let titles = (first.title.as_str(), own.title.as_str());
            let what = self.plan.replaced(own);
            Cause::exceptions_differ(titles, &what, self.table, self.row)
        }));
        Some(if causes.is_empty() {
            Ok(value.clone())
        } else {
            Err(Stop::Held(sorted(causes)))
        })
    }

    /// What the receipt says of a value that exceptions replace; `was` is the value without them.
    pub(in crate::explain) fn replaced(self, instead: Instead, was: &Found) -> Vec<Replaced> {
        let about = self.about(instead).into_iter();
        let said = about.filter_map(|(own, found)| match found {
            Ok(Scalar::Number(value)) => Some(Replaced::new(self.plan, own, known(was), value)),
            _ => None,
        });
        said.collect()
    }

    /// What exceptions replace of all that a credit reads of the record.
    pub(in crate::explain) fn all_replaced(self, id: CreditId, credit: &Credit) -> Vec<Replaced> {
        let mut columns = BTreeSet::new();
        for expr in credit.expressions() {
            add_columns(expr, &mut columns);
        }
        let mut said: Vec<Replaced> = columns
            .into_iter()
            .flat_map(|instead| match instead {
                Instead::Column(source, column) => {
                    let column = &self.plan.source(source).columns[column.0];
                    let was = read_column(self.plan, self.table, column, self.row);
                    self.replaced(instead, &was)
                }
                Instead::Credit(_) => Vec::new(),
            })
            .collect();
        let was = walk(&credit.amount, &mut self.record(), &mut Vec::new());
        said.extend(self.replaced(Instead::Credit(id), &was));
        said
    }
}

fn add_columns(expr: &Expr, found: &mut BTreeSet<Instead>) {
    if let ExprKind::Column(source, column) = expr.kind {
        found.insert(Instead::Column(source, column));
    }
    each_child(expr, &mut |child| add_columns(child, found));
}

/// All of a record, before any split; what its amount read is added to `reads`.
pub(in crate::explain) fn whole(
    record: &RecordRow<'_>,
    id: CreditId,
    reads: &mut Vec<Node>,
) -> Found {
    let instead = record.filed().instead(Instead::Credit(id));
    let mut reader = record.clone();
    instead.unwrap_or_else(|| walk(&record.plan.credit(id).amount, &mut reader, reads))
}

impl Replaced {
    /// An exception's words, with the value before it and the value it gives.
    pub(in crate::explain) fn new(
        plan: &Plan,
        own: &Exception,
        was: Known,
        value: Exact,
    ) -> Replaced {
        Replaced {
            title: own.title.clone(),
            of: plan.replaced(own),
            was,
            value,
            kind: kind(plan.replaced_type(own)),
            approved_by: own.approved_by.clone(),
            approved_on: own.approved_on,
            because: own.because.clone(),
            span: own.span,
        }
    }
}
