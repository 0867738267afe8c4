//! From earned to paid: what one pay of a person brings from period to period, and what it pays in each.
//! `docs/spec/settlement.md`.

use crate::base::{Exact, Period};
use crate::eval::outcome::{PayRow, Settled};
use crate::eval::person::Payer;
use crate::eval::person::fallen::Fallen;
use crate::eval::person::payable::Open;
use crate::eval::values::both;
use crate::meaning::plan::{Later, Pay, PayId};
use crate::syntax::ast::{BelowZero, PayKind};
use crate::table::{Cause, Movements};

/// What earlier periods left for the next one.
#[derive(Clone, Debug, Default)]
pub(in crate::eval) struct Account {
    /// The balance below 0.
    carried: Exact,
    /// What is withheld.
    open: Open,
    /// What was drawn and is owed.
    drawn: Exact,
    /// Why the account is not known any more.
    held: Vec<Cause>,
    /// What records fell, and when.
    fallen: Fallen,
}

impl Account {
    /// What records fell, and when.
    pub(super) fn fallen(&mut self) -> &mut Fallen {
        &mut self.fallen
    }

    /// Whether something can move in a period to which the person does not belong.
    pub(super) fn moves_in(&self, pay: &Pay, period: usize) -> bool {
        self.open.moves_in(period)
            || self.fallen.moves_in(period)
            || pay.withholds() && !self.held.is_empty()
    }

    /// Nothing in it is known any more.
    fn hold(&mut self, causes: &[Cause]) {
        self.held = causes.to_vec();
        self.carried = Exact::ZERO;
        self.drawn = Exact::ZERO;
        self.open = Open::default();
    }
}

impl Payer<'_> {
    /// The account before the plan's first period.
    pub(super) fn opened(&self, id: PayId, pay: &Pay) -> Account {
        let payee = &self.person.id;
        let of = |is_kept: bool, balance| match is_kept {
            true => self.openings.of((id, balance), payee),
            false => Ok(Exact::ZERO),
        };
        let carried = of(pay.has_account(), "carried");
        let drawn = of(self.plan.is_owed_back(id), "drawn");
        match (carried, drawn) {
            (Ok(carried), Ok(drawn)) => Account {
                carried,
                drawn,
                ..Account::default()
            },
            (carried, drawn) => Account {
                held: both(
                    carried.err().unwrap_or_default(),
                    drawn.err().unwrap_or_default(),
                ),
                ..Account::default()
            },
        }
    }

    /// An amendment may let a balance below 0 start fresh on the first day of a period; what is owed or withheld stays so.
    pub(super) fn starts_fresh(
        &self,
        (id, pay): (PayId, &Pay),
        period: &Period,
        account: &mut Account,
    ) {
        let drops = |own: &Later| own.fresh_balance && own.from == period.start();
        if pay.later.iter().any(drops) {
            account.carried = Exact::ZERO;
            if !self.plan.is_owed_back(id) && !pay.withholds() {
                account.held.clear();
            }
        }
    }

    /// What is paid of what was earned, and what that leaves.
    pub(super) fn settle(
        &self,
        (id, pay): (PayId, &Pay),
        period: usize,
        (earned, corrected): (Settled<Exact>, Option<&Settled<Exact>>),
        account: &mut Account,
    ) -> PayRow {
        if pay.kind == PayKind::Component {
            return PayRow {
                pay: id,
                payout: earned.clone(),
                earned,
                moves: Movements::default(),
                taken: Vec::new(),
                cut: Exact::ZERO,
                paid: None,
            };
        }
        let taken = account.fallen.taken(period);
        let taken_back = taken.iter().map(|(_, amount)| amount).sum();
        let lines = (&earned, corrected, taken_back);
        let (payout, moves, taken) = match self.moved((id, pay), period, lines, account) {
            Ok((payout, moves)) => (Settled::Value(payout), moves, taken),
            Err(causes) => {
                let carried_in = account.carried.clone();
                let moves = Movements {
                    carried_in,
                    withheld_in: account.open.amount(),
                    ..Movements::default()
                };
                if self.plan.has_account(id, pay) {
                    account.hold(&causes);
                }
                (Settled::Held(causes), moves, Vec::new())
            }
        };
        PayRow {
            pay: id,
            earned,
            moves,
            taken,
            cut: Exact::ZERO,
            payout,
            paid: None,
        }
    }

    /// What moves, in the one order for everybody.
    fn moved(
        &self,
        (id, pay): (PayId, &Pay),
        period: usize,
        (earned, corrected, taken_back): (&Settled<Exact>, Option<&Settled<Exact>>, Exact),
        account: &mut Account,
    ) -> Result<(Exact, Movements), Vec<Cause>> {
        let mut held = both(account.held.clone(), account.fallen.unknown_by(period));
        for causes in [Some(earned), corrected]
            .into_iter()
            .flatten()
            .filter_map(causes_of)
        {
            held = both(held, causes.to_vec());
        }
        if !held.is_empty() {
            return Err(held);
        }
        let earned = amount_of(Some(earned));
        let mut moves = Movements {
            corrected: amount_of(corrected),
            taken_back,
            carried_in: account.carried.clone(),
            ..Movements::default()
        };
        let own = self.portions(self.plan.pay(id), period)?;
        let open = account.open.after(own, period, &mut moves);
        let net = moves.paid(&earned);
        moves.take_draws(self.drawn(id, period, &net, &account.drawn)?);
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
        account.open = open;
        account.drawn = moves.drawn_out.clone();
        Ok((paid, moves))
    }
}

/// Why a line is not known.
fn causes_of(line: &Settled<Exact>) -> Option<&[Cause]> {
    match line {
        Settled::Held(causes) => Some(causes),
        _ => None,
    }
}

/// What a line that is known comes to.
fn amount_of(line: Option<&Settled<Exact>>) -> Exact {
    match line {
        Some(Settled::Value(amount)) => amount.clone(),
        _ => Exact::ZERO,
    }
}
