//! Draws, resolved.

use crate::base::{Date, Exact, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{ColumnId, DrawId, Expr, Pay, PayId, Plan};
use crate::syntax::ast::{BelowZero, DrawHow, EmploymentMonths, Forgiven, OnLeaving, RecoverSince};

/// Money paid on top of a payout, owed back or not. Everything is of person and period.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// The payout.
    pub pay: PayId,
    /// How it is paid.
    pub how: DrawHow,
    /// To how much, or how much; what is below 0 counts 0.
    pub amount: Expr,
    /// In which of the first periods of employment.
    pub first: Option<FirstPeriods>,
    /// In periods that lie in these days.
    pub runs: Option<(Date, Date)>,
    /// Conditions, all of which must hold.
    pub when: Vec<Expr>,
    /// How it is paid back; `None` is a guarantee.
    pub recover: Option<Recover>,
    /// What its amounts are rounded by; `None` where none can be finer than the smallest coin.
    pub rounding: Option<Rounding>,
    /// The line that says what it pays.
    pub pays_span: Span,
    /// The head line.
    pub span: Span,
}

/// `for the first 6 full months of employment`: from the day on which a person is hired.
#[derive(Clone, Debug)]
pub struct FirstPeriods {
    /// How many of the plan's periods.
    pub count: u16,
    /// Which is the first.
    pub months: EmploymentMonths,
    /// The column of people with the first day of employment.
    pub hired: ColumnId,
}

/// How a draw is paid back.
#[derive(Clone, Debug)]
pub struct Recover {
    /// What stays in any case; 0 without it.
    pub above: Option<Expr>,
    /// The largest part of what lies above that.
    pub share: Exact,
    /// Since when.
    pub since: RecoverSince,
    /// The most that can be owed.
    pub most: Option<Expr>,
    /// When what is owed is forgiven.
    pub forgiven: Forgiven,
    /// What becomes of it in a person's last period.
    pub leaving: OnLeaving,
    /// The line `recover`.
    pub span: Span,
    /// The line `balance`.
    pub balance_span: Span,
    /// The line `on leaving`.
    pub leaving_span: Span,
}

impl Draw {
    /// Its expressions, the outermost of each.
    pub fn expressions(&self) -> Vec<&Expr> {
        let recover = self.recover.iter();
        let back = recover.flat_map(|own| own.above.iter().chain(&own.most));
        std::iter::once(&self.amount)
            .chain(&self.when)
            .chain(back)
            .collect()
    }

    /// Rounds an amount as the draw says.
    pub fn rounded(&self, amount: Exact) -> Exact {
        match &self.rounding {
            Some(rounding) => rounding.round(&amount),
            None => amount,
        }
    }
}

impl Plan {
    /// The draw behind an id of this plan.
    pub fn draw(&self, id: DrawId) -> &Draw {
        &self.draws[id.0]
    }
    /// The draw of a name.
    pub fn draw_named(&self, name: &str) -> Option<DrawId> {
        let mut own = self.draws.iter();
        own.position(|draw| draw.name == name).map(DrawId)
    }
    /// The payout that a draw is on, and its place among the draws on it.
    pub fn place_of(&self, id: DrawId) -> (PayId, usize) {
        let pay = self.draw(id).pay;
        let place = self.draws_on(pay).position(|(own, _)| own == id);
        (pay, place.unwrap_or(0))
    }
    /// The draws on a payout, in the order written.
    pub fn draws_on(&self, pay: PayId) -> impl Iterator<Item = (DrawId, &Draw)> {
        let all = self.draws.iter().enumerate();
        all.filter(move |(_, draw)| draw.pay == pay)
            .map(|(at, draw)| (DrawId(at), draw))
    }
    /// Whether what a payout pays in a period, by the text in force, hangs on what earlier ones left.
    pub fn has_account(&self, id: PayId, text: &Pay) -> bool {
        text.has_account()
            || self.pay(id).withholds()
            || self.is_owed_back(id)
            || self.is_clawed(id)
    }
    /// Whether a payout can have a balance of a name.
    pub fn keeps(&self, id: PayId, balance: &str) -> bool {
        match balance {
            "drawn" => self.is_owed_back(id),
            _ => self.pay(id).below == Some(BelowZero::CarriesForward),
        }
    }
    /// Whether something that was paid on top of a payout is owed back: there is one such draw at most.
    pub fn is_owed_back(&self, id: PayId) -> bool {
        self.draws_on(id).any(|(_, draw)| draw.recover.is_some())
    }
}
