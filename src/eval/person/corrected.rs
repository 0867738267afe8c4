//! Records that come in late and rate their own periods again: what each period comes to by what is known in a later
//! one. `docs/spec/evaluation.md`, section 2c.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::base::{Date, Exact};
use crate::eval::credited::Credited;
use crate::eval::credits::Past;
use crate::eval::outcome::Settled;
use crate::eval::person::{Common, Payer, settled};
use crate::eval::values::both;
use crate::meaning::plan::{CreditId, PayId};
use crate::syntax::ast::PayKind;

/// By the period in which it came to be known, and by credit: the first period of which something is new.
type News = BTreeMap<u16, BTreeMap<CreditId, usize>>;

/// A person's credits as far as they are known in one period.
pub(super) struct Knowledge {
    since: u16,
    credited: Vec<Credited>,
    past: Vec<Option<Past>>,
}

/// By what a person is paid.
pub(super) enum Seen<'s, 'a> {
    /// By all that there is, in every period: nothing came to be known late.
    Whole(&'s Payer<'a>),
    /// In each period by what was known in it.
    ByPeriod(Views<'s>),
}

impl Seen<'_, '_> {
    /// Every view of the person.
    pub(super) fn payers(&self) -> Vec<&Payer<'_>> {
        match self {
            Seen::Whole(payer) => vec![payer],
            Seen::ByPeriod(views) => views.payers.iter().map(|(_, payer)| payer).collect(),
        }
    }

    /// The view of a period, with its position among all.
    pub(super) fn at(&self, period: usize) -> (usize, &Payer<'_>) {
        match self {
            Seen::Whole(payer) => (0, payer),
            Seen::ByPeriod(views) => {
                let at = views.at(period);
                (at, &views.payers[at].1)
            }
        }
    }

    /// By pay, what a period finds new about those before it; none where nothing can be.
    pub(super) fn corrected(&self, period: usize) -> Vec<Settled<Exact>> {
        match self {
            Seen::Whole(_) => Vec::new(),
            Seen::ByPeriod(views) => {
                let pays = 0..views.behind.len();
                pays.map(|at| views.corrected(PayId(at), period)).collect()
            }
        }
    }
}

/// A person by what is known from some period on.
pub(super) struct Views<'v> {
    news: &'v News,
    /// By pay: the credits behind it whose late records rate their own periods again.
    behind: Vec<BTreeSet<CreditId>>,
    payers: Vec<(u16, Payer<'v>)>,
}

impl<'a> Payer<'a> {
    /// What comes to be known late about the person's credits.
    pub(super) fn news(&self) -> News {
        let mut news = News::new();
        for (at, credit) in self.plan.credits.iter().enumerate() {
            if !credit.re_rates() {
                continue;
            }
            let credited = match self.common.past.get(at) {
                Some(Some(past)) => &past.credited,
                _ => &self.common.credited[at],
            };
            let shares = credited.all_of(self.at).iter();
            let shares = shares.map(|share| (share.known(), Some(share.date())));
            let unknown = credited.unknown(self.at).iter();
            let unknown = unknown.map(|unknown| (unknown.known, unknown.date));
            for (known, day) in shares.chain(unknown).filter(|(known, _)| *known > 0) {
                let first = day.map_or(0, |day| self.period_at(day));
                let of_credit = news.entry(known).or_default();
                let so_far = of_credit.entry(CreditId(at)).or_insert(first);
                *so_far = first.min(*so_far);
            }
        }
        news
    }

    fn period_at(&self, day: Date) -> usize {
        self.periods.partition_point(|period| period.end() < day)
    }

    /// What is known before any news, and after each.
    pub(super) fn knowledge(&self, news: &News) -> Vec<Knowledge> {
        let known_in = |since: u16| Knowledge {
            since,
            credited: self
                .common
                .credited
                .iter()
                .map(|own| own.known_in(self.at, since))
                .collect(),
            past: self
                .common
                .past
                .iter()
                .map(|own| self.past_known_in(own.as_ref(), since))
                .collect(),
        };
        std::iter::once(0)
            .chain(news.keys().copied())
            .map(known_in)
            .collect()
    }

    fn past_known_in(&self, past: Option<&Past>, since: u16) -> Option<Past> {
        past.map(|past| Past {
            steps: past.steps.clone(),
            credited: past.credited.known_in(self.at, since),
        })
    }
}

impl Knowledge {
    /// What everybody's payouts depend on, and of this person what is known.
    pub(super) fn common<'k>(&'k self, all: &Common<'k>) -> Common<'k> {
        Common {
            credited: &self.credited,
            past: &self.past,
            ..*all
        }
    }
}

impl<'v> Views<'v> {
    /// Of a person, with what is known from each period on in which that changes.
    pub(super) fn new(
        payer: &Payer<'v>,
        news: &'v News,
        knowledge: &[Knowledge],
        commons: &'v [Common<'v>],
    ) -> Views<'v> {
        let pays = 0..payer.plan.pays.len();
        let since = knowledge.iter().map(|own| own.since);
        let payers = since.zip(commons);
        Views {
            news,
            behind: pays
                .map(|at| payer.plan.re_rated_behind(PayId(at)))
                .collect(),
            payers: payers
                .map(|(since, common)| (since, Payer::new(common, payer.person, payer.at)))
                .collect(),
        }
    }

    /// The position of the view of a period.
    fn at(&self, period: usize) -> usize {
        let known = self
            .payers
            .partition_point(|(since, _)| usize::from(*since) <= period);
        known.saturating_sub(1)
    }

    /// What a period finds new about those before it.
    fn corrected(&self, id: PayId, period: usize) -> Settled<Exact> {
        let zero = Settled::Value(Exact::ZERO);
        let Some(first) = self.first_new(id, period) else {
            return zero;
        };
        let at = self.at(period);
        let before = at.checked_sub(1).and_then(|at| self.payers.get(at));
        let (Some((_, now)), Some((_, was))) = (self.payers.get(at), before) else {
            return zero;
        };
        differences(now, was, id, first..period)
    }

    /// The first of the periods before one of which something is new for a pay.
    fn first_new(&self, id: PayId, period: usize) -> Option<usize> {
        let news = self.news.get(&u16::try_from(period).ok()?)?;
        let behind = self.behind.get(id.0)?;
        let own = news.iter().filter(|(credit, _)| behind.contains(credit));
        own.map(|(_, first)| *first).min()
    }
}

/// What a pay comes to by what is known now, less what it came to before, over periods of the person.
fn differences(
    now: &Payer<'_>,
    was: &Payer<'_>,
    id: PayId,
    periods: Range<usize>,
) -> Settled<Exact> {
    let mut sum = Exact::ZERO;
    let mut held = Vec::new();
    if now.plan.pay(id).kind == PayKind::Component {
        return Settled::Value(sum);
    }
    for period in periods.filter(|period| now.belongs_to(*period)) {
        for (value, is_now) in [
            (now.earned(id, period), true),
            (was.earned(id, period), false),
        ] {
            match settled(value) {
                Settled::Value(amount) if is_now => sum += amount,
                Settled::Value(amount) => sum -= amount,
                Settled::Held(causes) => held = both(held, causes),
                Settled::Nothing => {}
            }
        }
    }
    match held.is_empty() {
        true => Settled::Value(sum),
        false => Settled::Held(held),
    }
}
