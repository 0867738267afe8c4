//! What lies between what somebody has earned and what they are paid. Both roads fill in the same lines, each by its own
//! calculation, and [`Movements::assert_balanced`] holds both to the sum.

use crate::base::Exact;

/// What moves a payout of one person and period away from what was earned, in the order in which it moves, and the
/// balances before and after. Amounts are of the plan's currency and positive, but where stated.
/// `docs/spec/settlement.md`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Movements {
    /// What is new about closed periods; of either sign.
    pub corrected: Exact,
    /// Earned now and payable later; negative for returns.
    pub withheld: Exact,
    /// Earned before and payable now; negative for returns.
    pub released: Exact,
    /// Of what was paid before and now is taken back.
    pub taken_back: Exact,
    /// The balance below 0 that earlier periods left; zero or below.
    pub carried_in: Exact,
    /// Paid on top and owed back.
    pub drawn: Exact,
    /// Paid on top and never owed back.
    pub guaranteed: Exact,
    /// Paid back of what was drawn.
    pub recovered: Exact,
    /// What is below 0 and neither paid nor carried on; zero or below.
    pub lost: Exact,
    /// The balance below 0 that the next period takes in; zero or below.
    pub carried_out: Exact,
    /// Withheld by earlier periods and not released before this one; of either sign.
    pub withheld_in: Exact,
    /// Withheld and never to be paid, from now on.
    pub forfeited: Exact,
    /// Withheld after this period.
    pub withheld_out: Exact,
    /// Drawn by earlier periods and not paid back before this one.
    pub drawn_in: Exact,
    /// Drawn and never to be paid back, from now on.
    pub forgiven: Exact,
    /// Drawn and not paid back after this period.
    pub drawn_out: Exact,
}

impl Movements {
    /// What a period's own results and earlier ones make payable: before balances, of either sign.
    pub fn payable(&self, earned: &Exact) -> Exact {
        earned.clone() + self.corrected.clone() - self.withheld.clone() + self.released.clone()
            - self.taken_back.clone()
    }

    /// What is paid, before a total across plans cuts it.
    pub fn paid(&self, earned: &Exact) -> Exact {
        self.payable(earned)
            + self.carried_in.clone()
            + self.drawn.clone()
            + self.guaranteed.clone()
            - self.recovered.clone()
            - self.lost.clone()
            - self.carried_out.clone()
    }

    /// That every line adds up: earned to paid, and each balance to the one after it.
    ///
    /// # Panics
    /// Where one does not: a fault of the engine, never of a plan or its data.
    pub fn assert_balanced(&self, earned: &Exact, paid: &Exact) {
        assert_eq!(
            self.paid(earned),
            *paid,
            "earned and all movements are what is paid"
        );
        assert_eq!(
            self.withheld_in.clone() + self.withheld.clone()
                - self.released.clone()
                - self.forfeited.clone(),
            self.withheld_out,
            "what is withheld is released, forfeited or still withheld"
        );
        assert_eq!(
            self.drawn_in.clone() + self.drawn.clone()
                - self.recovered.clone()
                - self.forgiven.clone(),
            self.drawn_out,
            "what is drawn is recovered, forgiven or still owed"
        );
    }
}
