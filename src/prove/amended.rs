//! Claims about a pay that amendments change: each text by itself, and what can be said of a period under two of them.

use crate::diag::Diagnostic;
use crate::meaning::plan::{Amount, Claim, ClaimKind, Pay, Plan, Scope, TierUse};
use crate::prove::reads::{Reads, remembers};
use crate::prove::{Verdict, ends_under, keeps_course};
use crate::syntax::ast::Window;

/// Decides a claim in every text of the pay.
pub(in crate::prove) fn decide(plan: &Plan, claim: &Claim) -> Verdict {
    let changing = Reads::of(plan, claim.pay).changing();
    if changing.is_empty() {
        return crate::prove::decide(plan, claim);
    }
    let texts = plan.whole_texts();
    for (text, _) in &texts {
        match crate::prove::decide(text, claim) {
            Verdict::Proved => {}
            other => return other,
        }
    }
    let pay = plan.pay(claim.pay);
    let holds = match &claim.kind {
        ClaimKind::AtMost(most) if keeps_under(plan, claim, most) => true,
        // Parts without a jump that are added have none.
        ClaimKind::NoJumps if changing.len() == 1 && pay.texts().all(is_smooth) => true,
        _ => changing.iter().all(|pay| is_whole(plan, pay)) && !pay.texts().any(looks_back),
    };
    if holds && !texts.is_empty() {
        Verdict::Proved
    } else {
        Verdict::Undecided(
            "an amendment changes it, and a period under two of its texts was not looked at"
                .to_owned(),
        )
    }
}

/// The same, with the amendments beside it, in whose heads it can be accepted.
pub(in crate::prove) fn beside(plan: &Plan, claim: &Claim, undecided: Diagnostic) -> Diagnostic {
    let changing = Reads::of(plan, claim.pay).changing();
    let texts = changing.iter().flat_map(|pay| pay.texts());
    let mut ids: Vec<_> = texts.flat_map(|text| &text.amendments).collect();
    ids.sort();
    ids.dedup();
    ids.iter().fold(undecided, |undecided, id| {
        undecided.label(plan.amended.amendments[id.0].span, "this amendment")
    })
}

/// Whether the cap of the period at the end keeps every text at most at an amount.
fn keeps_under(plan: &Plan, claim: &Claim, most: &crate::base::Exact) -> bool {
    let mut texts = plan.amended.versions.iter();
    texts.all(|version| ends_under(&plan.as_on(version.from), claim.pay, most))
}

/// Whether a text pays slice by slice, and nothing below makes a jump of what has none.
fn is_smooth(text: &Pay) -> bool {
    let by_slices = matches!(
        text.amount,
        Amount::Tiered {
            how: TierUse::EachSlice { .. },
            ..
        }
    );
    let mut steps = text.steps.iter();
    by_slices && text.scope == Scope::Total && steps.all(|step| keeps_course(&step.kind))
}

/// Whether every period of a pay lies under one text.
fn is_whole(plan: &Plan, pay: &Pay) -> bool {
    let periods = plan.periods();
    let starts = |day| periods.iter().any(|period| period.start() == day);
    let mut days = pay.later.iter().map(|later| later.from);
    pay.window == Window::Period && days.all(starts)
}

fn looks_back(text: &Pay) -> bool {
    let mut steps = text.steps.iter();
    steps.any(|step| remembers(&step.kind))
}
