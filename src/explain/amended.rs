//! An amount whose text changes inside its days: each text on its own days, side by side.

use crate::base::{Date, Exact};
use crate::explain::expression::{Found, Scalar, Stop, a_number, demand, two_numbers};
use crate::explain::pays::or_zero;
use crate::explain::receipt::{Kind, Known, Node, Rule};
use crate::explain::walk::{Here, Walker, known, leaf};
use crate::meaning::plan::{Amount, Expr, ExprKind, Pay, TierUse, TiersId};
use crate::syntax::ast::{Level, Window};

/// The days that count for what is read; without an end, all do.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::explain) struct Counting {
    /// Of totals that are read directly.
    own: (Option<Date>, Option<Date>),
    /// Of totals that are read by a name.
    named: (Option<Date>, Option<Date>),
    /// The first day of totals that are read directly and start fresh.
    fresh: Option<Date>,
}

impl Counting {
    fn everything_from(first: Date, last: Date) -> Counting {
        let days = (Some(first), Some(last));
        Counting {
            own: days,
            named: days,
            fresh: None,
        }
    }

    fn levels_through(last: Option<Date>) -> Counting {
        let days = (None, last);
        Counting {
            own: days,
            named: days,
            fresh: None,
        }
    }

    /// Whether it leaves out nothing that is read by a name.
    pub(in crate::explain) fn all_named(self) -> bool {
        self.named == (None, None)
    }

    /// What counts of a window's days.
    pub(in crate::explain) fn days(self, window: Window, first: Date, last: Date) -> (Date, Date) {
        let (mut from, mut through) = (first, last);
        if let Some(own) = self.own.0 {
            from = from.max(own);
        }
        if let Some(own) = self.own.1 {
            through = through.min(own);
        }
        match self.fresh {
            Some(fresh) if window.ends_with_the_period() => (from.max(fresh), through),
            _ => (from, through),
        }
    }
}

impl Here {
    /// Inside something that is read by its name.
    pub(in crate::explain) fn inside(&self, fresh: Option<&Date>) -> Here {
        Here {
            counting: Counting {
                own: self.counting.named,
                fresh: fresh.copied(),
                ..self.counting
            },
            ..self.clone()
        }
    }

    fn counting(&self, counting: Counting) -> Here {
        Here {
            counting,
            ..self.clone()
        }
    }
}

/// A text of a pay on days of its amount.
#[derive(Clone, Copy)]
pub(in crate::explain) struct OnDays<'a> {
    pub(in crate::explain) text: &'a Pay,
    pub(in crate::explain) first: Date,
    pub(in crate::explain) last: Date,
    /// The last day that counts for the level at which it pays.
    level: Option<Date>,
}

impl OnDays<'_> {
    /// What counts on a record of these days.
    pub(in crate::explain) fn on_records(&self) -> Counting {
        Counting::levels_through(self.level)
    }
}

impl<'a> Walker<'a> {
    /// The text of a pay that acts on a period's amount.
    pub(in crate::explain) fn text_in(&self, pay: &'a Pay, period: usize) -> &'a Pay {
        let last = self.periods[period].end().min(self.plan.effective.1);
        pay.text_on(last)
    }

    /// The texts that stand behind a pay's amount of a period, by their days.
    pub(in crate::explain) fn texts_on(&self, pay: &'a Pay, period: usize) -> Vec<OnDays<'a>> {
        let window = self.text_in(pay, period).window;
        let (first, last) = self.days(window, period);
        let first = first.max(self.plan.effective.0);
        let mut edges: Vec<Date> = vec![first];
        edges.extend(pay.later.iter().map(|later| later.from));
        edges.retain(|day| first <= *day && *day <= last);
        edges.dedup();
        let on = |at: usize, from: Date| {
            let next = edges.get(at + 1).copied();
            let change = pay.later.iter().find(|later| Some(later.from) == next);
            let until = next.and_then(|next| next.add_days(-1)).unwrap_or(last);
            let earlier = change.and_then(|later| later.earlier);
            OnDays {
                text: pay.text_on(from),
                first: from,
                last: until,
                level: (earlier == Some(Level::OnTheChangeDate)).then_some(until),
            }
        };
        let edged = edges.iter().enumerate();
        edged.map(|(at, from)| on(at, *from)).collect()
    }

    /// The amount of a pay that is made once for a period.
    pub(in crate::explain) fn whole_amount(&mut self, pay: &'a Pay, here: &Here) -> (Found, Node) {
        let texts = self.texts_on(pay, here.period);
        if let [only] = texts.as_slice() {
            let (amount, span) = (&only.text.amount, only.text.amount_span);
            let (found, node) = self.amount(amount, span, here, &Exact::ZERO);
            return (found.clone(), self.in_force(only, &found, vec![node], pay));
        }
        let start = texts.first().map_or(Date::MIN, |text| text.first);
        let mut nodes = Vec::new();
        let mut sum: Found = Ok(Scalar::Number(Exact::ZERO));
        for on in &texts {
            let (found, node) = self.on_its_days(on, start, here);
            let found = or_zero(found);
            nodes.push(self.in_force(on, &found, vec![node], pay));
            sum = two_numbers(sum, found).map(|(sum, own)| Scalar::Number(sum + own));
        }
        let node = together(&sum, nodes, pay);
        (sum, node)
    }

    /// A part of an amount with the text that made it; the plan's own text goes without saying where it never changes.
    pub(in crate::explain) fn in_force(
        &self,
        on: &OnDays<'a>,
        found: &Found,
        mut reads: Vec<Node>,
        pay: &Pay,
    ) -> Node {
        let is_plain = pay.later.is_empty() && on.text.amendments.is_empty();
        if is_plain && let Some(only) = reads.pop() {
            return only;
        }
        let amended = &self.plan.amended.amendments;
        let all = on.text.amendments.iter().map(|id| &amended[id.0]);
        let amendments: Vec<_> = all.map(|own| (own.title.clone(), own.span)).collect();
        let span = amendments.last().map(|(_, span)| *span);
        let rule = Rule::InForce {
            amendments,
            first: on.first,
            last: on.last,
        };
        let mut node = leaf(rule, "amount", found, Kind::Money, span);
        node.reads = reads;
        node
    }

    /// What one text pays on its days, of an amount that begins to count on `start`.
    fn on_its_days(&mut self, on: &OnDays<'a>, start: Date, here: &Here) -> (Found, Node) {
        let span = Some(on.text.amount_span);
        let sold = here.counting(Counting::everything_from(on.first, on.last));
        let level = here.counting(Counting {
            own: (Some(on.first), Some(on.last)),
            ..Counting::levels_through(on.level)
        });
        let mut reads = Vec::new();
        let found = match &on.text.amount {
            Amount::Plain(expr) => demand(self.value(&level, expr, &mut reads)),
            Amount::Tiered { base, tiers, how } => {
                let size = demand(self.value(&sold, base, &mut reads));
                match how {
                    TierUse::Everything => {
                        let level = here.counting(Counting::levels_through(on.level));
                        let (rate, row) = self.tier(&level, *tiers);
                        reads.extend(row);
                        Walker::times(size, rate)
                    }
                    TierUse::EachSlice { divisor } => {
                        let slices = (*tiers, divisor.as_ref());
                        return self.slices_behind(on, (base, size), slices, start, here, reads);
                    }
                    TierUse::Placed(_) => Err(Stop::Nothing),
                }
            }
        };
        let mut node = leaf(Rule::Expression, "amount", &found, Kind::Money, span);
        node.reads = reads;
        (found, node)
    }

    /// The slices of what was sold on some days, which lie behind those of the days before.
    fn slices_behind(
        &mut self,
        on: &OnDays<'a>,
        (base, size): (&'a Expr, Found),
        (tiers, divisor): (TiersId, Option<&'a Expr>),
        start: Date,
        here: &Here,
        reads: Vec<Node>,
    ) -> (Found, Node) {
        let span = on.text.amount_span;
        let start = match self.fresh(tiers) {
            Some(fresh) => fresh.max(start),
            None => start,
        };
        let until = on.first.add_days(-1).unwrap_or(Date::MIN);
        let before = if start <= until {
            let earlier = here.counting(Counting::everything_from(start, until));
            a_number(self.value(&earlier, base, &mut Vec::new()))
        } else {
            Ok(Exact::ZERO)
        };
        match before {
            Ok(before) => self.slices(span, tiers, divisor, here, size, &before, reads),
            Err(stop) => {
                let found = two_numbers(Err(stop), size).map(|(_, size)| Scalar::Number(size));
                let mut node = leaf(Rule::Expression, "amount", &found, Kind::Money, Some(span));
                node.reads = reads;
                (found, node)
            }
        }
    }

    /// The day on which what a table measures starts fresh.
    pub(in crate::explain) fn fresh(&self, tiers: TiersId) -> Option<Date> {
        let fresh = &self.plan.amended.fresh;
        let of_table = fresh.tiers.get(&tiers);
        let own = match &self.plan.tier_table(tiers).axis.kind {
            ExprKind::Measure(id) => fresh.measures.get(id),
            _ => of_table,
        };
        own.copied()
    }
}

/// Parts that were made by several texts.
pub(in crate::explain) fn together(sum: &Found, nodes: Vec<Node>, pay: &Pay) -> Node {
    let span = Some(pay.amount_span);
    let mut node = leaf(Rule::Texts, "amount", sum, Kind::Money, span);
    if matches!(known(sum), Known::Value(_)) {
        node.reads = nodes;
    }
    node
}
