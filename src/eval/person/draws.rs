//! What draws pay on top of a payout, and what is paid back of that. `docs/spec/settlement.md`, section 6.

use crate::base::{Cadence, Date, Exact, Period};
use crate::eval::person::Payer;
use crate::eval::values::{V, both, eval, truth};
use crate::meaning::plan::{Draw, Expr, FactDay, FirstPeriods, PayId, Recover};
use crate::syntax::ast::{DrawHow, EmploymentMonths, Forgiven, OnLeaving, RecoverSince};
use crate::table::{Cause, DrawMoves};

/// A value, or why it is not known.
type Known<T> = Result<T, Vec<Cause>>;

impl Payer<'_> {
    /// What each draw of a payout comes to: `net` is what is payable and carried in, `owed` what was drawn before.
    pub(super) fn drawn(
        &self,
        id: PayId,
        period: usize,
        net: &Exact,
        owed: &Exact,
    ) -> Known<Vec<DrawMoves>> {
        let draws: Vec<&Draw> = self.plan.draws_on(id).map(|(_, draw)| draw).collect();
        let before = |draw: &Draw| draw.recover.as_ref().map_or(Exact::ZERO, |_| owed.clone());
        if !self.belongs_to(period) {
            let rest = draws.iter().map(|draw| DrawMoves::rests(before(draw)));
            return Ok(rest.collect());
        }
        let mut moves = Vec::with_capacity(draws.len());
        let mut so_far = net.clone();
        for draw in &draws {
            let own = self.on_top(draw, period, &so_far, before(draw))?;
            so_far += own.drawn.clone() + own.guaranteed.clone();
            moves.push(own);
        }
        let least = draws.iter().zip(&moves).filter_map(|(draw, own)| {
            let to = own.to.as_ref()?;
            (draw.how == DrawHow::TopUp).then_some(to)
        });
        let least = least.fold(Exact::ZERO, |least, to| least.max(to.clone()));
        // What can be paid back without going below what the draws of the period top up to.
        let there = (net.clone() - least).max(Exact::ZERO);
        for (draw, own) in draws.iter().zip(&mut moves) {
            if let Some(recover) = &draw.recover {
                self.pay_back((draw, recover), period, net, &there, own)?;
            }
        }
        Ok(moves)
    }

    /// What a draw pays on top of what there is so far.
    fn on_top(
        &self,
        draw: &Draw,
        period: usize,
        so_far: &Exact,
        before: Exact,
    ) -> Known<DrawMoves> {
        let mut own = DrawMoves {
            before,
            ..DrawMoves::default()
        };
        if !self.holds(draw, period)? {
            return Ok(own);
        }
        let to = draw.rounded(self.money(&draw.amount, period)?);
        let to = to.max(Exact::ZERO);
        let wanted = match draw.how {
            DrawHow::TopUp => (to.clone() - so_far.clone()).max(Exact::ZERO),
            DrawHow::Advance => to.clone(),
        };
        own.to = Some(to);
        match draw.recover.as_ref().map(|recover| &recover.most) {
            None => own.guaranteed = wanted,
            Some(Some(most)) if wanted.is_positive() => {
                let most = draw.rounded(self.money(most, period)?);
                let room = (most - own.before.clone()).max(Exact::ZERO);
                own.drawn = wanted.clone().min(room);
                own.refused = wanted - own.drawn.clone();
            }
            Some(_) => own.drawn = wanted,
        }
        Ok(own)
    }

    /// What is paid back of what earlier periods left, what is forgiven, and what stays.
    fn pay_back(
        &self,
        (draw, recover): (&Draw, &Recover),
        period: usize,
        net: &Exact,
        there: &Exact,
        own: &mut DrawMoves,
    ) -> Known<()> {
        if own.before.is_positive() {
            own.recovered = if self.takes_the_last_pay(draw, period) {
                own.before.clone().min(there.clone())
            } else if self.is_recovered(recover, period, own) {
                let above = match &recover.above {
                    Some(above) => self.money(above, period)?,
                    None => Exact::ZERO,
                };
                let excess = (net.clone() - above).max(Exact::ZERO);
                let part = draw.rounded(excess * recover.share.clone());
                own.before.clone().min(part).min(there.clone())
            } else {
                Exact::ZERO
            };
        }
        let open = own.before.clone() + own.drawn.clone() - own.recovered.clone();
        if self.is_forgiven(recover, period) {
            own.forgiven = open;
        } else {
            own.after = open;
        }
        Ok(())
    }

    /// Whether a draw pays in a period.
    fn holds(&self, draw: &Draw, period: usize) -> Known<bool> {
        let own = &self.periods[period];
        let mut runs = draw.runs.iter();
        let is_out = runs.any(|(first, last)| own.end() < *first || *last < own.start());
        if is_out || self.takes_the_last_pay(draw, period) {
            return Ok(false);
        }
        let first = draw.first.as_ref();
        let first = first.map(|first| self.is_in_first(first, period));
        let when = draw.when.iter();
        let when = when.map(|when| truth(eval(when, &self.at(period))));
        let mut held = Vec::new();
        for answer in first.into_iter().chain(when) {
            match answer {
                V::Bool(true) => {}
                V::Held(causes) => held = both(held, causes),
                _ => return Ok(false),
            }
        }
        if held.is_empty() { Ok(true) } else { Err(held) }
    }

    /// Whether a period is one of a person's first.
    fn is_in_first(&self, first: &FirstPeriods, period: usize) -> V {
        let own = &self.periods[period];
        let day = FactDay::Throughout(self.plan.cadence);
        let hired = match self.fact(first.hired, day, period).needed() {
            V::Date(hired) => hired,
            other => return other,
        };
        let before = self.plan.calendar.earlier(own, i32::from(first.count));
        let begun = match first.months {
            EmploymentMonths::Full => before.start() >= hired,
            EmploymentMonths::Started => before.end() >= hired,
        };
        V::Bool(hired <= own.end() && !begun)
    }

    fn is_recovered(&self, recover: &Recover, period: usize, own: &DrawMoves) -> bool {
        match recover.since {
            RecoverSince::PeriodAfter => true,
            RecoverSince::Date(day) => day <= self.periods[period].start(),
            RecoverSince::DrawEnds => own.to.is_none(),
        }
    }

    fn is_forgiven(&self, recover: &Recover, period: usize) -> bool {
        let own = &self.periods[period];
        let on_leaving = recover.leaving == OnLeaving::Forgiven && self.is_last(own.end());
        on_leaving
            || match recover.forgiven {
                Forgiven::Never => false,
                Forgiven::On(day) => own.contains(day),
                Forgiven::AtEnd(length) => self.ends(own, length),
            }
    }

    /// Whether a longer length of time ends with a period.
    fn ends(&self, period: &Period, length: Cadence) -> bool {
        let around = self.plan.calendar.period_of(period.start(), length);
        around.end() <= period.end()
    }

    fn takes_the_last_pay(&self, draw: &Draw, period: usize) -> bool {
        let leaving = draw.recover.as_ref().map(|recover| recover.leaving);
        leaving == Some(OnLeaving::TakenFromTheLastPay) && self.is_last(self.periods[period].end())
    }

    /// Whether the person has no day in the role after this one.
    fn is_last(&self, day: Date) -> bool {
        self.person.role.iter().all(|(_, last)| *last <= day)
    }

    /// An amount of the period; nothing is 0.
    fn money(&self, of: &Expr, period: usize) -> Known<Exact> {
        match eval(of, &self.at(period)).needed() {
            V::Number(amount) => Ok(amount),
            V::Held(causes) => Err(causes),
            _ => Ok(Exact::ZERO),
        }
    }
}
