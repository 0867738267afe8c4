//! What a test expects of the way from earned to paid: what stands, what is taken back and what a draw comes to.

use crate::base::Exact;
use crate::meaning::plan::{ClawbackId, PayId, Plan};
use crate::syntax::ast::ExpectOf;
use crate::table::{DrawMoves, Movements};

/// What moves of a payout, or stands after a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The balance below 0 that it leaves.
    Carried,
    /// What is withheld after the period.
    Withheld,
    /// What one take-back takes of it.
    TakenBack(ClawbackId),
    /// What one draw on it comes to, by its place among them.
    Draw(usize, OfDraw),
}

/// A line of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfDraw {
    /// What is owed after the period.
    Balance,
    /// What is paid on top and owed back.
    Drawn,
    /// What is paid on top for good.
    Guaranteed,
    /// What is paid back.
    Recovered,
    /// What is never to be paid back.
    Forgiven,
}

impl Moved {
    /// What an expectation is about that asks for more than a value, and of which payout; `None` for names that the plan
    /// does not have.
    pub(in crate::app::rehearse) fn of(
        plan: &Plan,
        of: ExpectOf,
        name: &str,
    ) -> Option<(PayId, Moved)> {
        let of_pay = |moved| plan.pay_named(name).map(|pay| (pay, moved));
        let of_draw = |part| {
            let (pay, at) = plan.place_of(plan.draw_named(name)?);
            Some((pay, Moved::Draw(at, part)))
        };
        match of {
            ExpectOf::Value => None,
            ExpectOf::Balance => of_draw(OfDraw::Balance).or_else(|| of_pay(Moved::Carried)),
            ExpectOf::Withheld => of_pay(Moved::Withheld),
            ExpectOf::Taken => {
                let id = plan.clawback_named(name)?;
                Some((plan.clawback(id).of, Moved::TakenBack(id)))
            }
            ExpectOf::Drawn => of_draw(OfDraw::Drawn),
            ExpectOf::Guaranteed => of_draw(OfDraw::Guaranteed),
            ExpectOf::Recovered => of_draw(OfDraw::Recovered),
            ExpectOf::Forgiven => of_draw(OfDraw::Forgiven),
        }
    }

    /// How much it is, by a payout's movements and what each take-back takes of it.
    pub(in crate::app::rehearse) fn amount<'t>(
        self,
        moves: &Movements,
        taken: impl Iterator<Item = (ClawbackId, &'t Exact)>,
    ) -> Exact {
        match self {
            Moved::Carried => moves.carried_out.clone(),
            Moved::Withheld => moves.withheld_out.clone(),
            Moved::TakenBack(id) => {
                let own = taken.filter(|(claw, _)| *claw == id);
                own.map(|(_, amount)| amount).sum()
            }
            Moved::Draw(at, part) => {
                let draw = moves.draws.get(at);
                draw.map_or(Exact::ZERO, |draw| part.amount(draw).clone())
            }
        }
    }
}

impl OfDraw {
    fn amount(self, draw: &DrawMoves) -> &Exact {
        match self {
            OfDraw::Balance => &draw.after,
            OfDraw::Drawn => &draw.drawn,
            OfDraw::Guaranteed => &draw.guaranteed,
            OfDraw::Recovered => &draw.recovered,
            OfDraw::Forgiven => &draw.forgiven,
        }
    }
}
