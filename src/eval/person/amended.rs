//! An amount whose text changes inside its days: one part for each text, by the days of its records.
//! `docs/spec/evaluation.md`, section 5a.

use crate::base::{Date, Exact};
use crate::eval::person::{At, Payer};
use crate::eval::values::{V, eval, numbers};
use crate::meaning::plan::{Amount, Expr, ExprKind, Pay, TierUse, TiersId};
use crate::syntax::ast::{Level, Window};

/// Days that count, both included.
type Days = (Date, Date);

/// Which days count for what an expression reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::eval) struct Cut {
    /// For totals that stand in it.
    totals: Option<Days>,
    /// For what it reads by name.
    names: Option<Days>,
    /// The first day, for totals that stand in it and start fresh.
    since: Option<Date>,
}

impl Cut {
    /// The same days for everything.
    fn all(days: Option<Days>) -> Cut {
        Cut {
            totals: days,
            names: days,
            since: None,
        }
    }

    /// What is read by name, where that starts fresh or not.
    pub(in crate::eval) fn inside(self, since: Option<Date>) -> Cut {
        Cut {
            since,
            ..Cut::all(self.names)
        }
    }

    /// The days of a window that count, if not all of them do.
    pub(in crate::eval) fn of(self, window: Window, (first, last): Days) -> Option<Days> {
        let since = self.since.filter(|_| window.ends_with_the_period());
        if self.totals.is_none() && since.is_none() {
            return None;
        }
        let (from, through) = self.totals.unwrap_or((first, last));
        let from = since.map_or(from, |since| since.max(from));
        Some((first.max(from), last.min(through)))
    }

    /// Whether nothing that is read by name is cut.
    pub(in crate::eval) fn is_whole_inside(self) -> bool {
        self.names.is_none()
    }
}

/// A text with the days of an amount on which it is in force.
pub(in crate::eval) struct Part<'p> {
    pub(in crate::eval) text: &'p Pay,
    pub(in crate::eval) days: Days,
    /// The days that count for the level at which it pays.
    pub(in crate::eval) level: Option<Days>,
}

impl Part<'_> {
    /// What a record of the part reads.
    pub(in crate::eval) fn on_records(&self) -> Cut {
        Cut::all(self.level)
    }
}

fn day_before(day: Date) -> Date {
    day.add_days(-1).unwrap_or(Date::MIN)
}

impl<'a> Payer<'a> {
    /// The text of a pay that acts on what it comes to in a period: that of the last day.
    pub(in crate::eval) fn text<'p>(&self, pay: &'p Pay, period: usize) -> &'p Pay {
        pay.text_on(self.last_day(period))
    }

    fn last_day(&self, period: usize) -> Date {
        self.periods[period].end().min(self.plan.effective.1)
    }

    /// The texts in force on the days of a pay's amount.
    pub(in crate::eval) fn parts<'p>(&self, pay: &'p Pay, period: usize) -> Vec<Part<'p>> {
        let (start, _) = self.days(self.text(pay, period).window, period);
        let first = start.max(self.plan.effective.0);
        let last = self.last_day(period);
        let mut parts = vec![Part {
            text: pay.text_on(first),
            days: (first, last),
            level: None,
        }];
        for later in &pay.later {
            if later.from <= first || later.from > last {
                continue;
            }
            let until = day_before(later.from);
            if let Some(before) = parts.last_mut() {
                before.days.1 = until;
                let on_that_day = later.earlier == Some(Level::OnTheChangeDate);
                before.level = on_that_day.then_some((Date::MIN, until));
            }
            parts.push(Part {
                text: &later.text,
                days: (later.from, last),
                level: None,
            });
        }
        parts
    }

    /// The amount of a pay that is made once for a period.
    pub(in crate::eval) fn whole_amount(&self, pay: &Pay, period: usize) -> V {
        let parts = self.parts(pay, period);
        if let [only] = parts.as_slice() {
            return self.amount(&only.text.amount, &self.at(period));
        }
        let start = parts.first().map_or(Date::MIN, |part| part.days.0);
        parts.iter().fold(V::Number(Exact::ZERO), |sum, part| {
            let own = match self.part(part, start, period) {
                V::Nothing => V::Number(Exact::ZERO),
                own => own,
            };
            numbers(sum, own, |sum, own| V::Number(sum + own))
        })
    }

    fn cut_at(&self, period: usize, cut: Cut) -> At<'_, 'a> {
        At {
            cut,
            ..self.at(period)
        }
    }

    /// What one text pays on its own days, of an amount whose days begin on `start`.
    fn part(&self, part: &Part<'_>, start: Date, period: usize) -> V {
        let level = self.cut_at(
            period,
            Cut {
                totals: Some(part.days),
                ..Cut::all(part.level)
            },
        );
        let sold = |base: &Expr, days: Days| {
            eval(base, &self.cut_at(period, Cut::all(Some(days)))).needed()
        };
        match &part.text.amount {
            Amount::Plain(expr) => eval(expr, &level).needed(),
            Amount::Tiered { base, tiers, how } => match how {
                TierUse::Everything => {
                    let base = sold(base, part.days);
                    numbers(base, level.tier(*tiers), |base, rate| {
                        V::Number(base * rate)
                    })
                }
                TierUse::EachSlice { divisor } => {
                    let first = self.since(*tiers).map_or(start, |since| since.max(start));
                    let before = if first < part.days.0 {
                        sold(base, (first, day_before(part.days.0)))
                    } else {
                        V::Number(Exact::ZERO)
                    };
                    let base = sold(base, part.days);
                    let at = self.at(period);
                    match before {
                        V::Number(before) => {
                            self.slices(*tiers, divisor.as_ref(), &at, base, before)
                        }
                        other => numbers(other, base, |_, base| V::Number(base)),
                    }
                }
                TierUse::Placed(_) => V::Nothing,
            },
        }
    }

    /// Since when what a tier table measures counts, where that has started fresh.
    pub(in crate::eval) fn since(&self, tiers: TiersId) -> Option<Date> {
        let fresh = &self.plan.amended.fresh;
        match self.plan.tier_table(tiers).axis.kind {
            ExprKind::Measure(id) => fresh.measures.get(&id).copied(),
            _ => fresh.tiers.get(&tiers).copied(),
        }
    }
}
