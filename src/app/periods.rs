//! Which plans pay in the period asked for, and which of their periods lie in it.

use crate::app::calculate::Refused;
use crate::app::compile::{Compiled, Ready};
use crate::base::{Period, PeriodFault};
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
    /// This one lies in what is asked for only in part.
    Cut(Period),
    /// It does not pay then.
    Outside,
    /// Its calendar has no such period.
    Unread(PeriodFault),
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
            LeftOut::Cut(own) => format!(
                "only a part of {} lies in `{asked}`, and {who} pays by {}",
                plan.calendar.label(own),
                plan.cadence.words()
            ),
            LeftOut::Outside => format!("{who} does not pay in `{asked}`"),
            LeftOut::Unread(fault) => format!("`{asked}`: {fault}"),
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
        let wanted = match ready.plan.calendar.parse_period(text) {
            Ok(wanted) => Ok(vec![wanted]),
            // A week that the plan pays in two parts: both.
            Err(PeriodFault::Cut { parts }) => {
                Ok(parts.into_iter().map(|(_, part)| part).collect())
            }
            Err(fault) => Err(LeftOut::Unread(fault)),
        };
        match wanted.and_then(|wanted| inside(&ready.plan, &wanted)) {
            Ok(periods) => chosen.plans.push((ready, Some(periods))),
            Err(why) => chosen.left_out.push((ready, why)),
        }
    }
    if chosen.plans.is_empty() {
        return Err(Refused::Period(nothing(compiled, &chosen, text)));
    }
    Ok(chosen)
}

/// Why no plan pays in what is asked for: the reason that tells most.
fn nothing(compiled: &Compiled, chosen: &Chosen<'_>, text: &str) -> String {
    let mut reasons = chosen.left_out.iter();
    let near = |(_, why): &&(&Ready, LeftOut)| matches!(why, LeftOut::Part(_) | LeftOut::Cut(_));
    let reason = reasons.clone().find(near).or_else(|| reasons.next());
    match reason {
        Some((_, LeftOut::Outside)) | None => format!("no plan pays in `{text}`"),
        Some((ready, why)) if compiled.ready.len() == 1 => {
            why.words(&ready.plan, text, "this plan")
        }
        Some((ready, LeftOut::Part(whole))) => {
            let whole = ready.plan.calendar.label(whole);
            format!("`{text}` is part of {whole}, and no plan pays by a shorter period then")
        }
        Some((ready, why)) => why.words(&ready.plan, text, &format!("\"{}\"", ready.plan.title)),
    }
}

/// A plan's periods inside those asked for, at least one.
fn inside(plan: &Plan, wanted: &[Period]) -> Result<Vec<Period>, LeftOut> {
    let mut periods = plan.periods();
    // The days before and after the plan, and what settles it, are nobody's.
    let days = |own: &Period| {
        let (first, last) = (plan.effective.0, plan.settled_through);
        (own.start().max(first), own.end().min(last))
    };
    let is_inside = |own: &Period| {
        let (first, last) = days(own);
        let holds = |wanted: &Period| wanted.contains(first) && wanted.contains(last);
        wanted.iter().any(holds)
    };
    let meets = |own: &Period| {
        let (first, last) = days(own);
        let shares = |wanted: &Period| first <= wanted.end() && wanted.start() <= last;
        wanted.iter().any(shares)
    };
    let holds = |own: &&Period| wanted.iter().all(|wanted| own.contains_period(wanted));
    let whole = periods.iter().find(holds).copied();
    let cut = periods.iter().find(|own| meets(own) && !is_inside(own));
    let cut = cut.copied();
    periods.retain(is_inside);
    match (whole, cut) {
        // Whoever asks month by month must not miss the week between two of them.
        (None, Some(cut)) => Err(LeftOut::Cut(cut)),
        _ if !periods.is_empty() => Ok(periods),
        (Some(whole), _) => Err(LeftOut::Part(whole)),
        (None, None) => Err(LeftOut::Outside),
    }
}
