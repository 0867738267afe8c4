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
    /// What each draw of the payout has of that, in the order written; none where the payout is held.
    pub draws: Vec<DrawMoves>,
}

/// One draw of one payout and period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawMoves {
    /// The amount that the draw pays, or tops up to, in this period; nothing where it does not pay in it.
    pub to: Option<Exact>,
    /// Owed before this period.
    pub before: Exact,
    /// Paid on top and owed back.
    pub drawn: Exact,
    /// Paid on top and never owed back.
    pub guaranteed: Exact,
    /// Not paid on top, because more cannot be owed.
    pub refused: Exact,
    /// Paid back.
    pub recovered: Exact,
    /// Never to be paid back, from now on.
    pub forgiven: Exact,
    /// Owed after this period.
    pub after: Exact,
}

/// One of the balances that stand between periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Its name: `carried`, `withheld` or `drawn`.
    pub name: &'static str,
    /// Before the period.
    pub opening: Exact,
    /// What the period adds.
    pub added: Exact,
    /// What it takes off, by payment.
    pub reduced: Exact,
    /// What it takes off, and nobody is paid or pays.
    pub written_off: Exact,
    /// After the period: opening and added, less reduced and written off.
    pub closing: Exact,
}

impl Balance {
    /// Whether there is one, before the period or after it.
    pub fn stands(&self) -> bool {
        !(self.opening.is_zero() && self.closing.is_zero() && self.added.is_zero())
    }

    /// Its amounts by name, in the order in which they add up.
    pub fn amounts(&self) -> [(&'static str, &Exact); 5] {
        [
            ("opening", &self.opening),
            ("added", &self.added),
            ("reduced", &self.reduced),
            ("written_off", &self.written_off),
            ("closing", &self.closing),
        ]
    }
}

impl Movements {
    /// Takes in what the draws of a payout come to, in the order written.
    pub fn take_draws(&mut self, draws: Vec<DrawMoves>) {
        let sum = |part: fn(&DrawMoves) -> &Exact| {
            let parts = draws.iter().map(part);
            parts.fold(Exact::ZERO, |sum, part| sum + part.clone())
        };
        self.drawn_in = sum(|own| &own.before);
        self.drawn = sum(|own| &own.drawn);
        self.guaranteed = sum(|own| &own.guaranteed);
        self.recovered = sum(|own| &own.recovered);
        self.forgiven = sum(|own| &own.forgiven);
        self.drawn_out = sum(|own| &own.after);
        self.draws = draws;
    }

    /// The lines between earned and paid, by name, in their order, each as the table of `docs/spec/settlement.md` adds it:
    /// together with what was earned they are what is paid.
    pub fn lines(&self) -> [(&'static str, Exact); 10] {
        [
            ("corrected", self.corrected.clone()),
            ("withheld", -self.withheld.clone()),
            ("released", self.released.clone()),
            ("taken back", -self.taken_back.clone()),
            ("carried in", self.carried_in.clone()),
            ("guaranteed", self.guaranteed.clone()),
            ("drawn", self.drawn.clone()),
            ("recovered", -self.recovered.clone()),
            ("lost", -self.lost.clone()),
            ("carried out", -self.carried_out.clone()),
        ]
    }

    /// The balances, in the order of the page.
    pub fn balances(&self) -> [Balance; 3] {
        let lowest = self.carried_out.clone().min(self.carried_in.clone());
        [
            Balance {
                name: "carried",
                opening: self.carried_in.clone(),
                added: lowest.clone() - self.carried_in.clone(),
                reduced: lowest - self.carried_out.clone(),
                written_off: Exact::ZERO,
                closing: self.carried_out.clone(),
            },
            Balance {
                name: "withheld",
                opening: self.withheld_in.clone(),
                added: self.withheld.clone(),
                reduced: self.released.clone(),
                written_off: self.forfeited.clone(),
                closing: self.withheld_out.clone(),
            },
            Balance {
                name: "drawn",
                opening: self.drawn_in.clone(),
                added: self.drawn.clone(),
                reduced: self.recovered.clone(),
                written_off: self.forgiven.clone(),
                closing: self.drawn_out.clone(),
            },
        ]
    }

    /// What a period's own results and earlier ones make payable: before balances, of either sign.
    pub fn payable(&self, earned: &Exact) -> Exact {
        earned.clone() + self.corrected.clone() - self.withheld.clone() + self.released.clone()
            - self.taken_back.clone()
    }

    /// What is paid, before a total across plans cuts it.
    pub fn paid(&self, earned: &Exact) -> Exact {
        let lines = self.lines().into_iter().map(|(_, amount)| amount);
        lines.fold(earned.clone(), |sum, amount| sum + amount)
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
        for own in self.balances() {
            let after = own.opening + own.added - own.reduced - own.written_off;
            assert_eq!(after, own.closing, "the balance {} rolls forward", own.name);
        }
        for draw in &self.draws {
            draw.assert_balanced();
        }
    }
}

impl DrawMoves {
    /// A draw that does nothing in a period, and what is owed of it.
    pub fn rests(owed: Exact) -> DrawMoves {
        DrawMoves {
            before: owed.clone(),
            after: owed,
            ..DrawMoves::default()
        }
    }

    /// That what was owed and what was drawn is recovered, forgiven or owed, and that nobody owes less than nothing.
    fn assert_balanced(&self) {
        let moved = self.before.clone() + self.drawn.clone() - self.recovered.clone();
        assert_eq!(
            moved - self.forgiven.clone(),
            self.after,
            "what is drawn of each draw is recovered, forgiven or still owed"
        );
        assert!(!self.after.is_negative(), "no balance of a draw is below 0");
    }
}
