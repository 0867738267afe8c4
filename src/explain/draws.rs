//! Draws on a payout: one after the other pays on top, then one after the other is paid back.

use crate::base::Exact;
use crate::explain::expression::{Scalar, Stop, demand, yes};
use crate::explain::receipt::DrawLine;
use crate::explain::walk::{Here, Walker};
use crate::meaning::plan::{Draw, Expr, FactDay, FirstPeriods, PayId, Recover};
use crate::syntax::ast::{DrawHow, EmploymentMonths, Forgiven, OnLeaving, RecoverSince};
use crate::table::{Cause, DrawMoves, Movements, sorted};

/// A value, or why it is not known.
type Found<T> = Result<T, Vec<Cause>>;

impl<'a> Walker<'a> {
    /// What the draws of a payout come to. `owed` is what was drawn before and is open.
    pub(in crate::explain) fn draws(
        &mut self,
        (payee, id, period): (&str, PayId, usize),
        net: &Exact,
        owed: &Exact,
    ) -> Found<Vec<DrawMoves>> {
        let plan = self.plan;
        let here = Here::of(payee, period);
        let draws: Vec<&'a Draw> = plan.draws_on(id).map(|(_, draw)| draw).collect();
        let mut lines: Vec<DrawMoves> = Vec::new();
        let calendar_period = self.periods[period];
        if !self.belongs(payee, &calendar_period) {
            let rests = draws.iter().map(|draw| match draw.recover {
                Some(_) => DrawMoves::rests(owed.clone()),
                None => DrawMoves::default(),
            });
            return Ok(rests.collect());
        }
        for draw in &draws {
            let before = match draw.recover {
                Some(_) => owed.clone(),
                None => Exact::ZERO,
            };
            let paid = lines.iter().fold(net.clone(), |sum, line| {
                sum + line.drawn.clone() + line.guaranteed.clone()
            });
            let line = DrawMoves {
                before,
                ..DrawMoves::default()
            };
            lines.push(self.pays_on_top(draw, &here, &paid, line)?);
        }
        // A top-up keeps to its amount: nobody pays back what another line has just paid them.
        let kept = draws.iter().zip(&lines);
        let kept = kept.filter(|(draw, _)| draw.how == DrawHow::TopUp);
        let kept = kept.filter_map(|(_, line)| line.to.clone()).max();
        let free = net.clone() - kept.unwrap_or_default();
        for (draw, line) in draws.iter().zip(&mut lines) {
            let Some(recover) = &draw.recover else {
                continue;
            };
            if let Some(most) = self.most_back(draw, recover, (&here, net), line)? {
                let back = most.min(line.before.clone()).min(free.clone());
                line.recovered = back.max(Exact::ZERO);
            }
            let left = line.before.clone() + line.drawn.clone() - line.recovered.clone();
            match self.forgives(recover, &here) {
                true => line.forgiven = left,
                false => line.after = left,
            }
        }
        Ok(lines)
    }

    /// The first half of a line: what is paid on top of what is paid so far.
    fn pays_on_top(
        &mut self,
        draw: &'a Draw,
        here: &Here,
        paid: &Exact,
        mut line: DrawMoves,
    ) -> Found<DrawMoves> {
        if !self.pays_in(draw, here)? {
            return Ok(line);
        }
        let amount = self.draw_amount(&draw.amount, here)?;
        let amount = draw.rounded(amount).max(Exact::ZERO);
        let missing = match draw.how {
            DrawHow::Advance => amount.clone(),
            DrawHow::TopUp => amount.clone() - paid.clone(),
        };
        line.to = Some(amount);
        if !missing.is_positive() {
            return Ok(line);
        }
        let Some(recover) = &draw.recover else {
            line.guaranteed = missing;
            return Ok(line);
        };
        line.drawn = missing.clone();
        if let Some(most) = &recover.most {
            let most = draw.rounded(self.draw_amount(most, here)?);
            let may_be_owed = most.max(line.before.clone()) - line.before.clone();
            line.drawn = line.drawn.min(may_be_owed);
        }
        line.refused = missing - line.drawn.clone();
        Ok(line)
    }

    /// The most that the lines of a draw let it be paid back in a period; nothing where it is not.
    fn most_back(
        &mut self,
        draw: &'a Draw,
        recover: &'a Recover,
        (here, net): (&Here, &Exact),
        line: &DrawMoves,
    ) -> Found<Option<Exact>> {
        if line.before.is_zero() {
            return Ok(None);
        }
        if self.ends_with_the_person(draw, here) {
            return Ok(Some(line.before.clone()));
        }
        let begins = match recover.since {
            RecoverSince::PeriodAfter => true,
            RecoverSince::Date(day) => self.periods[here.period].start() >= day,
            RecoverSince::DrawEnds => line.to.is_none(),
        };
        if !begins {
            return Ok(None);
        }
        let stays = match &recover.above {
            Some(above) => self.draw_amount(above, here)?,
            None => Exact::ZERO,
        };
        let lies_above = net.clone() - stays;
        if !lies_above.is_positive() {
            return Ok(None);
        }
        Ok(Some(draw.rounded(lies_above * recover.share.clone())))
    }

    /// Whether a draw pays in a period: all of its conditions hold.
    fn pays_in(&mut self, draw: &'a Draw, here: &Here) -> Found<bool> {
        if self.ends_with_the_person(draw, here) {
            return Ok(false);
        }
        if let Some((first, last)) = draw.runs {
            let day = self.plan.first_day_in(&self.periods[here.period]);
            if day < first || last < day {
                return Ok(false);
            }
        }
        let mut answers = Vec::new();
        if let Some(first) = &draw.first {
            answers.push(self.is_early(first, here));
        }
        for when in &draw.when {
            answers.push(yes(self.value(here, when, &mut Vec::new())));
        }
        let mut why = Vec::new();
        for answer in answers {
            match answer {
                Ok(true) => {}
                Err(Stop::Held(causes)) => why.extend(causes),
                _ => return Ok(false),
            }
        }
        match why.is_empty() {
            true => Ok(true),
            false => Err(sorted(why)),
        }
    }

    /// Whether a period is one of the first after a person was hired, counted from that day on.
    fn is_early(&mut self, first: &FirstPeriods, here: &Here) -> Result<bool, Stop> {
        let length = self.plan.cadence;
        let day = FactDay::Throughout(length);
        let Scalar::Date(hired) = demand(self.fact(here, first.hired, day).0)? else {
            return Ok(false);
        };
        let last = self.periods[here.period].end();
        if last < hired {
            return Ok(false);
        }
        let since = self.plan.calendar.periods(hired, last, length);
        let counted = since.iter().filter(|period| match first.months {
            EmploymentMonths::Full => hired <= period.start(),
            EmploymentMonths::Started => true,
        });
        Ok(counted.count() <= usize::from(first.count))
    }

    /// Whether what is owed is forgiven with a period.
    fn forgives(&mut self, recover: &Recover, here: &Here) -> bool {
        let by_lines = match recover.forgiven {
            Forgiven::Never => false,
            Forgiven::On(day) => self.periods[here.period].contains(day),
            Forgiven::AtEnd(length) => {
                let calendar = &self.plan.calendar;
                let next = calendar.next(&self.periods[here.period]);
                calendar.period_of(next.start(), length).start() == next.start()
            }
        };
        by_lines || (recover.leaving == OnLeaving::Forgiven && self.leaves(here))
    }

    fn ends_with_the_person(&mut self, draw: &Draw, here: &Here) -> bool {
        let recover = draw.recover.as_ref();
        recover.is_some_and(|own| own.leaving == OnLeaving::TakenFromTheLastPay)
            && self.leaves(here)
    }

    /// Whether the period is the last with a day in the role.
    fn leaves(&mut self, here: &Here) -> bool {
        let role = self.life(&here.payee).role;
        let last = role.iter().map(|(_, last)| *last).max();
        last.is_none_or(|last| last <= self.periods[here.period].end())
    }

    fn draw_amount(&mut self, of: &'a Expr, here: &Here) -> Found<Exact> {
        match demand(self.value(here, of, &mut Vec::new())) {
            Ok(Scalar::Number(amount)) => Ok(amount),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(Exact::ZERO),
        }
    }

    /// What a receipt says of the draws of a payout.
    pub(in crate::explain) fn draw_lines(&self, id: PayId, moves: &Movements) -> Vec<DrawLine> {
        let draws = self.plan.draws_on(id).map(|(_, draw)| draw);
        let lines = draws.zip(&moves.draws).map(|(draw, moves)| {
            let recover = draw.recover.as_ref();
            DrawLine {
                label: draw.label.clone(),
                how: draw.how,
                moves: moves.clone(),
                pays: draw.pays_span,
                recover: recover.map(|own| own.span),
                balance: recover.map(|own| own.balance_span),
                leaving: recover.map(|own| own.leaving_span),
            }
        });
        lines.collect()
    }
}
