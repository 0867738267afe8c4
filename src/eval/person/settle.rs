//! From earned to paid: what one pay of a person brings from period to period, and what it pays in each.
//! `docs/spec/settlement.md`.

use crate::base::{Exact, Period};
use crate::eval::outcome::{PayRow, Settled};
use crate::eval::person::Payer;
use crate::eval::values::both;
use crate::meaning::plan::{Later, Pay, PayId};
use crate::syntax::ast::{BelowZero, PayKind};
use crate::table::{Cause, Movements};

/// What earlier periods left for the next one.
#[derive(Clone, Debug, Default)]
pub(in crate::eval) struct Account {
    /// The balance below 0.
    carried: Exact,
    /// Why the account is not known any more.
    held: Vec<Cause>,
}

impl Payer<'_> {
    /// The account before the plan's first period.
    pub(super) fn opened(&self, id: PayId, pay: &Pay) -> Account {
        if !pay.has_account() {
            return Account::default();
        }
        match self.openings.of(id, &self.person.id) {
            Ok(carried) => Account {
                carried,
                held: Vec::new(),
            },
            Err(held) => Account {
                carried: Exact::ZERO,
                held,
            },
        }
    }

    /// An amendment may let balances start fresh on the first day of a period.
    pub(super) fn starts_fresh(&self, pay: &Pay, period: &Period, account: &mut Account) {
        let drops = |own: &Later| own.fresh_balance && own.from == period.start();
        if pay.later.iter().any(drops) {
            *account = Account::default();
        }
    }

    /// What is paid of what was earned, and what that leaves.
    pub(super) fn settle(
        &self,
        (id, pay): (PayId, &Pay),
        period: usize,
        earned: Settled<Exact>,
        account: &mut Account,
    ) -> PayRow {
        if pay.kind == PayKind::Component {
            return PayRow {
                pay: id,
                payout: earned.clone(),
                earned,
                moves: Movements::default(),
                cut: Exact::ZERO,
                paid: None,
            };
        }
        let (payout, moves) = match self.moved(pay, period, &earned, account) {
            Ok((payout, moves)) => (Settled::Value(payout), moves),
            Err(causes) => {
                let carried_in = account.carried.clone();
                let moves = Movements {
                    carried_in,
                    ..Movements::default()
                };
                if pay.has_account() {
                    account.held = causes.clone();
                    account.carried = Exact::ZERO;
                }
                (Settled::Held(causes), moves)
            }
        };
        PayRow {
            pay: id,
            earned,
            moves,
            cut: Exact::ZERO,
            payout,
            paid: None,
        }
    }

    /// What moves, in the one order for everybody.
    fn moved(
        &self,
        pay: &Pay,
        period: usize,
        earned: &Settled<Exact>,
        account: &mut Account,
    ) -> Result<(Exact, Movements), Vec<Cause>> {
        let earned = match earned {
            Settled::Held(causes) => return Err(both(causes.clone(), account.held.clone())),
            _ if !account.held.is_empty() => return Err(account.held.clone()),
            Settled::Value(amount) => amount.clone(),
            Settled::Nothing => Exact::ZERO,
        };
        let mut moves = Movements {
            carried_in: account.carried.clone(),
            ..Movements::default()
        };
        let net = moves.paid(&earned);
        if net.is_negative() {
            match pay.below {
                Some(BelowZero::CarriesForward) => moves.carried_out = net,
                Some(BelowZero::Lost) => moves.lost = net,
                Some(BelowZero::AsItIs) => {}
                None => {
                    let (payee, period) = (&self.person.id, self.label(period));
                    return Err(vec![Cause::below_zero(&pay.label, payee, &period)]);
                }
            }
        }
        let paid = moves.paid(&earned);
        moves.assert_balanced(&earned, &paid);
        account.carried = moves.carried_out.clone();
        Ok((paid, moves))
    }
}
