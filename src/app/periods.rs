//! Which plans pay in the period asked for, and which of their periods lie in it.

use crate::app::calculate::Refused;
use crate::app::compile::{Compiled, Ready};
use crate::base::Period;
use crate::meaning::Plan;

/// The plans of a project, chosen by a period.
#[derive(Debug, Default)]
pub struct Chosen<'c> {
    /// Plans with their periods inside the one asked for; `None` is all periods.
    pub plans: Vec<(&'c Ready, Option<Vec<Period>>)>,
    /// Plans that have none, with the reason.
    pub left_out: Vec<(&'c Ready, LeftOut)>,
}

/// Why a plan has no period inside the one asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// What is asked for is a part of this one.
    Part(Period),
    /// It does not pay then.
    Outside,
}

impl LeftOut {
    /// The reason in words; `who` is the plan: `this plan`, `it`.
    pub fn words(&self, plan: &Plan, asked: &str, who: &str) -> String {
        match self {
            LeftOut::Part(whole) => format!(
                "`{asked}` is part of {}, and {who} pays by {}",
                plan.calendar.label(whole),
                plan.cadence.words()
            ),
            LeftOut::Outside => format!("{who} does not pay in `{asked}`"),
        }
    }

    /// That a plan is left out, for whoever might wait for it.
    pub fn note(&self, plan: &Plan, asked: &str) -> String {
        let why = self.words(plan, asked, "it");
        format!("\"{}\" is left out: {why}", plan.title)
    }
}

/// Chooses plans and their periods; without a period, everything.
///
/// # Errors
/// [`Refused::Period`] where the period cannot be read, or no plan has a period inside it.
pub fn choose<'c>(compiled: &'c Compiled, asked: Option<&str>) -> Result<Chosen<'c>, Refused> {
    let mut chosen = Chosen::default();
    let Some(text) = asked else {
        chosen.plans = compiled.ready.iter().map(|ready| (ready, None)).collect();
        return Ok(chosen);
    };
    for ready in &compiled.ready {
        let wanted = ready.plan.calendar.parse_period(text);
        let wanted = wanted.map_err(|fault| Refused::Period(format!("`{text}`: {fault}")))?;
        match inside(&ready.plan, &wanted) {
            Ok(periods) => chosen.plans.push((ready, Some(periods))),
            Err(why) => chosen.left_out.push((ready, why)),
        }
    }
    if !chosen.plans.is_empty() {
        return Ok(chosen);
    }
    let part = chosen.left_out.iter().find_map(|(ready, why)| match why {
        LeftOut::Part(whole) => Some((ready, why, whole)),
        LeftOut::Outside => None,
    });
    Err(Refused::Period(match part {
        Some((ready, why, _)) if compiled.ready.len() == 1 => {
            why.words(&ready.plan, text, "this plan")
        }
        Some((ready, _, whole)) => {
            let whole = ready.plan.calendar.label(whole);
            format!("`{text}` is part of {whole}, and no plan pays by a shorter period then")
        }
        None => format!("no plan pays in `{text}`"),
    }))
}

/// A plan's periods inside another one, at least one.
fn inside(plan: &Plan, wanted: &Period) -> Result<Vec<Period>, LeftOut> {
    let mut periods = plan.periods();
    let whole = periods.iter().find(|own| own.contains_period(wanted));
    let whole = whole.copied();
    periods.retain(|own| wanted.contains_period(own));
    match whole {
        _ if !periods.is_empty() => Ok(periods),
        Some(whole) => Err(LeftOut::Part(whole)),
        None => Err(LeftOut::Outside),
    }
}
