//! Payouts in another currency than the plan's. `docs/spec/evaluation.md`, section 6a.

use crate::base::{Currency, Exact};
use crate::eval::outcome::{PaidOut, PayRow, Settled};
use crate::eval::person::Payer;
use crate::eval::values::{V, eval};
use crate::meaning::plan::{PaidCurrency, PaidIn, Pay};
use crate::table::Cause;

impl Payer<'_> {
    /// Says what is paid, where that is in another currency. Where it cannot be told the payout is held; the balance,
    /// which lives in the plan's currency, is what it would be.
    pub(in crate::eval) fn paid_in(&self, pay: &Pay, period: usize, row: &mut PayRow) {
        let Some(clause) = &pay.paid_in else { return };
        let payout = match &row.payout {
            Settled::Value(payout) => payout.clone(),
            Settled::Nothing => Exact::ZERO,
            Settled::Held(_) => return,
        };
        match self.paid_out(clause, period, payout) {
            Ok(paid) => row.paid = Some(paid),
            Err(causes) => row.payout = Settled::Held(causes),
        }
    }

    fn paid_out(
        &self,
        clause: &PaidIn,
        period: usize,
        payout: Exact,
    ) -> Result<PaidOut, Vec<Cause>> {
        let currency = match &clause.into {
            PaidCurrency::One(currency) => *currency,
            PaidCurrency::Fact(fact) => match eval(fact, &self.at(period)).needed() {
                V::Text(code) => Currency::from_code(&code)
                    .ok_or_else(|| vec![Cause::no_pay_currency(&self.person.id, &code)])?,
                V::Held(causes) => return Err(causes),
                _ => return Err(Vec::new()),
            },
        };
        let Some(rounding) = clause.rounding(currency) else {
            let unit = clause.unit.as_ref().map_or(String::new(), Exact::to_plain);
            let cause = Cause::no_such_coin(&self.person.id, currency, &unit);
            return Err(vec![cause]);
        };
        let own = self.plan.currency;
        if currency == own {
            return Ok(PaidOut {
                amount: rounding.round(&payout),
                currency,
                rate: Exact::ONE,
                since: None,
                place: None,
            });
        }
        let day = match eval(&clause.on, &self.at(period)).needed() {
            V::Date(day) => day,
            V::Held(causes) => return Err(causes),
            _ => return Err(Vec::new()),
        };
        let found = self.exchanges.rate(clause.at, (own, currency), day)?;
        Ok(PaidOut {
            amount: rounding.round(&(payout * found.rate.clone())),
            currency,
            rate: found.rate,
            since: Some(found.since),
            place: found.place,
        })
    }
}
