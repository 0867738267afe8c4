//! What a run found, as data: one row for each person and period.

use crate::base::{Currency, Date, Exact, Period};
use crate::meaning::plan::{CarryId, ClawbackId, CreditId, MeasureId, PayId, QuotaId};
use crate::table::{Cause, Movements};

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled<T> {
    /// A value.
    Value(T),
    /// A measure's rule said `pay nothing`.
    Nothing,
    /// Held, with its causes in order, each once.
    Held(Vec<Cause>),
}

/// One pay of one person and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayRow {
    /// Which pay or component.
    pub pay: PayId,
    /// After all steps, before it is settled.
    pub earned: Settled<Exact>,
    /// What lies between that and the payout; all 0 of a component, and of a payout that is held all but what is
    /// carried in.
    pub moves: Movements,
    /// What of it is taken back, by take-back; none of a payout that is held.
    pub taken: Vec<(ClawbackId, Exact)>,
    /// What a total across plans takes of it, of 0 or more.
    pub cut: Exact,
    /// What is paid; a component's is its amount.
    pub payout: Settled<Exact>,
    /// What is paid in another currency; nothing where the plan does not say so, or the payout is held.
    pub paid: Option<PaidOut>,
}

/// A payout in the currency in which it is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidOut {
    /// How much, rounded.
    pub amount: Exact,
    /// Of what.
    pub currency: Currency,
    /// The rate by which it is made of the payout: 1 in the plan's own currency.
    pub rate: Exact,
    /// The first day on which the rate holds; `None` in the plan's own currency.
    pub since: Option<Date>,
    /// File and line of the rate; `None` where it stands in the plan, or none was needed.
    pub place: Option<String>,
}

impl PayRow {
    /// What would be paid without a total across plans.
    pub fn before_cut(&self) -> Settled<Exact> {
        match &self.payout {
            Settled::Value(payout) => Settled::Value(payout.clone() + self.cut.clone()),
            other => other.clone(),
        }
    }
}

/// Everything about one person in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonPeriod {
    /// The person's id.
    pub payee: String,
    /// The period.
    pub period: Period,
    /// Pays and components, in the plan's order.
    pub pays: Vec<PayRow>,
    /// Measures, in the plan's order.
    pub measures: Vec<(MeasureId, Settled<Exact>)>,
    /// Quotas, in the plan's order; `None` is missing.
    pub quotas: Vec<(QuotaId, Settled<Option<Exact>>)>,
    /// Totals of the period by credit, in the plan's order.
    pub totals: Vec<(CreditId, Settled<Exact>)>,
    /// What carries over, in the plan's order.
    pub carries: Vec<CarryRow>,
}

/// What carries over, in one period of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarryRow {
    /// Which.
    pub carry: CarryId,
    /// What the periods before left, without what has expired.
    pub carried_in: Settled<Exact>,
    /// What is left for the next period.
    pub carried_out: Settled<Exact>,
}

/// What nobody has of a credit's records in one period, and what stands on top of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Which credit.
    pub credit: CreditId,
    /// The period.
    pub period: Period,
    /// The company's part: its shares, what an absent person leaves, what no level claims.
    pub company: Exact,
    /// Overlays, and all of a record for each person after the first.
    pub on_top: Exact,
}

/// One credit: a record's share for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditRow {
    /// Which credit.
    pub credit: CreditId,
    /// The person's id.
    pub payee: String,
    /// Its date.
    pub date: crate::base::Date,
    /// The record's id; empty for a given credit.
    pub record: String,
    /// The row in the source's table; `None` for a given credit.
    pub row: Option<usize>,
    /// How much.
    pub amount: Exact,
}
