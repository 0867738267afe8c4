//! From earned to paid: a payout's account from the plan's first period on, and what moves in each.

use crate::base::{Exact, Period};
use crate::explain::expression::{Scalar, Stop};
use crate::explain::receipt::{Known, Taken};
use crate::explain::walk::Walker;
use crate::meaning::plan::{Pay, PayId};
use crate::syntax::ast::{BelowZero, PayKind};
use crate::table::{Cause, Movements, sorted};

/// What earlier periods left for the next one.
#[derive(Clone, Debug, Default)]
pub(in crate::explain) struct Account {
    /// The balance below 0.
    carried: Exact,
    /// What was drawn and is owed.
    drawn: Exact,
}

/// An account, or why it is not known.
type Found<T> = Result<T, Vec<Cause>>;

/// What a period pays, and what it leaves.
pub(in crate::explain) struct Settlement {
    pub(in crate::explain) payout: Known,
    pub(in crate::explain) moves: Movements,
    /// What is taken back, record by record; none where the payout is held.
    pub(in crate::explain) taken: Vec<Taken>,
    after: Found<Account>,
}

impl Walker<'_> {
    /// What is paid in a period of what was earned.
    pub(in crate::explain) fn settlement(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Settlement {
        let before = self.account_before(payee, id, period);
        self.settle(payee, id, period, before)
    }

    /// The account that stands before a period: what earlier periods of the person left.
    fn account_before(&mut self, payee: &str, id: PayId, period: usize) -> Found<Account> {
        let mut account = self.opened(payee, id);
        for earlier in 0..period {
            let key = (payee.to_owned(), id, earlier);
            if let Some(known) = self.accounts.get(&key) {
                account = known.clone();
                continue;
            }
            let calendar_period = self.periods[earlier];
            account = self.on_first_day(id, &calendar_period, account);
            if self.belongs(payee, &calendar_period) || self.moves(payee, id, earlier, &account) {
                account = self.settle(payee, id, earlier, account).after;
            }
            self.accounts.insert(key, account.clone());
        }
        let calendar_period = self.periods[period];
        self.on_first_day(id, &calendar_period, account)
    }

    /// Whether something moves in a period that the person does not belong to.
    fn moves(&mut self, payee: &str, id: PayId, period: usize, before: &Found<Account>) -> bool {
        let withholds = self.plan.pay(id).withholds();
        withholds && (before.is_err() || self.moves_open(payee, id, period))
            || self.takes_back(payee, id, period)
            || self.corrected(payee, id, period) != Ok(Exact::ZERO)
    }

    /// Whether a payout has a line in a period: the person belongs to it, or something of earlier periods moves.
    pub fn is_settled(&mut self, payee: &str, id: PayId, period: &Period) -> bool {
        if self.belongs(payee, period) {
            return true;
        }
        let plan = self.plan;
        let can_move = plan.pay(id).withholds() || plan.is_clawed(id) || plan.re_rates();
        let Some(at) = self.index(period).filter(|_| can_move) else {
            return false;
        };
        let before = self.account_before(payee, id, at);
        self.moves(payee, id, at, &before)
    }

    /// The account before the plan's first period.
    fn opened(&self, payee: &str, id: PayId) -> Found<Account> {
        let mut account = Account::default();
        let mut held = Vec::new();
        if self.plan.pay(id).has_account() {
            match self.opening(payee, (id, "carried")) {
                Ok(carried) => account.carried = carried,
                Err(causes) => held.extend(causes),
            }
        }
        if self.plan.is_owed_back(id) {
            match self.opening(payee, (id, "drawn")) {
                Ok(drawn) => account.drawn = drawn,
                Err(causes) => held.extend(causes),
            }
        }
        match held.is_empty() {
            true => Ok(account),
            false => Err(sorted(held)),
        }
    }

    /// An amendment may let a balance below 0 start fresh on the first day of a period; what is owed or withheld stays so.
    fn on_first_day(&self, id: PayId, period: &Period, account: Found<Account>) -> Found<Account> {
        let mut later = self.plan.pay(id).later.iter();
        if !later.any(|own| own.fresh_balance && own.from == period.start()) {
            return account;
        }
        match account {
            Ok(account) => Ok(Account {
                carried: Exact::ZERO,
                ..account
            }),
            Err(_) if !self.plan.is_owed_back(id) && !self.plan.pay(id).withholds() => {
                Ok(Account::default())
            }
            held => held,
        }
    }

    fn settle(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
        before: Found<Account>,
    ) -> Settlement {
        let pay = self.text_in(self.plan.pay(id), period);
        let earned = self.earned_by_member(payee, id, period);
        if pay.kind == PayKind::Component {
            return Settlement {
                payout: earned.map_or_else(Known::Held, Known::Value),
                moves: Movements::default(),
                taken: Vec::new(),
                after: before,
            };
        }
        let new = self.corrected(payee, id, period);
        let carried_in = match &before {
            Ok(account) => account.carried.clone(),
            Err(_) => Exact::ZERO,
        };
        let withheld_in = match &before {
            Ok(_) => self.standing_before(payee, id, period),
            Err(_) => Exact::ZERO,
        };
        let taken = self.taken_in(payee, id, period);
        let known = match (&earned, &new, &before, &taken) {
            (Ok(earned), Ok(new), Ok(account), Ok(taken)) => {
                let earned = (earned, new.clone());
                self.moved((id, pay), (payee, period), earned, taken, account)
            }
            _ => {
                let why = [
                    earned.err(),
                    new.err(),
                    before.as_ref().err().cloned(),
                    taken.clone().err(),
                ];
                Err(why.into_iter().flatten().flatten().collect())
            }
        };
        match known {
            Ok((payout, moves, after)) => Settlement {
                payout: Known::Value(payout),
                moves,
                taken: taken.unwrap_or_default(),
                after: Ok(after),
            },
            Err(causes) => {
                let causes = sorted(causes);
                Settlement {
                    payout: Known::Held(causes.clone()),
                    moves: Movements {
                        carried_in,
                        withheld_in,
                        ..Movements::default()
                    },
                    taken: Vec::new(),
                    after: if self.plan.has_account(id, pay) {
                        Err(causes)
                    } else {
                        before
                    },
                }
            }
        }
    }

    /// What a payout earned, of who belongs to the period; others earn nothing in it.
    fn earned_by_member(&mut self, payee: &str, id: PayId, period: usize) -> Found<Exact> {
        let calendar_period = self.periods[period];
        if !self.belongs(payee, &calendar_period) {
            return Ok(Exact::ZERO);
        }
        match self.as_seen_in(period).walk_pay(payee, id, period).earned {
            Ok(Scalar::Number(number)) => Ok(number),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(Exact::ZERO),
        }
    }

    /// What is new about closed periods, all together.
    pub(in crate::explain) fn corrected(
        &mut self,
        payee: &str,
        id: PayId,
        period: usize,
    ) -> Found<Exact> {
        let (mut sum, mut why) = (Exact::ZERO, Vec::new());
        for own in self.corrections(payee, id, period) {
            match own.change {
                Ok(change) => sum += change,
                Err(causes) => why.extend(causes),
            }
        }
        match why.is_empty() {
            true => Ok(sum),
            false => Err(why),
        }
    }

    /// What moves, in the one order for everybody; what is paid, and the account after it.
    fn moved(
        &mut self,
        (id, pay): (PayId, &Pay),
        (payee, period): (&str, usize),
        (earned, corrected): (&Exact, Exact),
        taken: &[Taken],
        account: &Account,
    ) -> Found<(Exact, Movements, Account)> {
        let taken_back = taken
            .iter()
            .fold(Exact::ZERO, |sum, own| sum + own.amount.clone());
        let mut moves = Movements {
            taken_back: taken_back.clone(),
            corrected,
            carried_in: account.carried.clone(),
            ..self.stood_open(payee, id, period)?
        };
        let net = moves.paid(earned);
        moves.take_draws(self.draws((payee, id, period), &net, &account.drawn)?);
        let net = net + moves.drawn.clone() + moves.guaranteed.clone() - moves.recovered.clone();
        let paid = match pay.below {
            Some(BelowZero::CarriesForward) => {
                moves.carried_out = net.clone().min(Exact::ZERO);
                net.max(Exact::ZERO)
            }
            Some(BelowZero::Lost) => {
                moves.lost = net.clone().min(Exact::ZERO);
                net.max(Exact::ZERO)
            }
            None if net.is_negative() => {
                let label = self.plan.calendar.label(&self.periods[period]);
                return Err(vec![Cause::below_zero(&pay.label, payee, &label)]);
            }
            Some(BelowZero::AsItIs) | None => net,
        };
        moves.assert_balanced(earned, &paid);
        let after = Account {
            carried: moves.carried_out.clone(),
            drawn: moves.drawn_out.clone(),
        };
        Ok((paid, moves, after))
    }
}
