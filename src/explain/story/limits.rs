//! Gates, factors, caps and budgets, roundings, and what was paid before.

use std::fmt::Write as _;

use crate::base::{Cadence, Exact};
use crate::explain::receipt::{Known, Node, Rule, Used};
use crate::explain::story::{Story, percent};

impl Story<'_> {
    pub(super) fn gate(&mut self, node: &Node, holds: bool, depth: usize) {
        self.reads(node, depth);
        let words = if holds {
            format!("gate {}: passed", node.label)
        } else {
            format!(
                "gate {}: not passed, {}",
                node.label,
                self.known_amount(node)
            )
        };
        self.line(depth, &words, node.span);
    }

    pub(super) fn times(&mut self, node: &Node, factor: &Exact, depth: usize) {
        self.reads(node, depth);
        let words = format!("times {} = {}", percent(factor), self.known_amount(node));
        self.line(depth, &words, node.span);
    }

    pub(super) fn limit(
        &mut self,
        node: &Node,
        limit: &Exact,
        used: Option<&Used>,
        change: &Exact,
        depth: usize,
    ) {
        let mut words = format!("{} {} {}", node.label, self.money(limit), self.currency);
        if let Some(used) = used {
            let _ = write!(words, " {}", used.each.words());
            if !used.amount.is_zero() {
                let left = (limit.clone() - used.amount.clone()).max(Exact::ZERO);
                let (used, left) = (self.money(&used.amount), self.money(&left));
                let _ = write!(words, ": {used} used before, {left} left,");
            }
        }
        let did = if change.is_zero() {
            "not reached".to_owned()
        } else if change.is_negative() {
            format!("takes {}", self.money(&change.abs()))
        } else {
            format!("adds {}", self.money(change))
        };
        self.line(depth, &format!("{words} {did}"), node.span);
    }

    /// `of C-1 for life, 180.00 used before,`
    pub(super) fn used_of(&self, used: &Used) -> String {
        let mut words = match &used.of {
            Some(of) => format!("of {of} {}", used.each.words()),
            None => used.each.words(),
        };
        if !used.amount.is_zero() {
            let _ = write!(words, ", {} used before,", self.money(&used.amount));
        }
        words
    }

    pub(super) fn budget(&mut self, node: &Node, depth: usize) {
        let Rule::Budget {
            limit,
            each,
            before,
            first,
            claimed,
            claims,
        } = &node.rule
        else {
            return;
        };
        let (limit, claimed) = (self.money(limit), self.money(claimed));
        let mut words = format!("{}: {limit} each {each}", node.label);
        for (amount, what) in [(before, "used before"), (first, "paid first")] {
            if !amount.is_zero() {
                let _ = write!(words, ", {} {what}", self.money(amount));
            }
        }
        self.line(depth, &words, node.span);
        let (claims, are) = match claims {
            1 => ("1 claim".to_owned(), "is"),
            many => (format!("{many} claims"), "are"),
        };
        let words = match &node.value {
            Known::Held(_) => {
                format!("{claims} of {claimed} {are} known, and another holds them all")
            }
            _ => {
                let amount = self.known_amount(node);
                format!("{claims} of {claimed} together, of this is paid {amount}")
            }
        };
        self.line(depth + 1, &words, None);
    }

    /// What is new since the period before.
    pub(super) fn increase(&mut self, node: &Node, to_date: &Exact, before: &Exact, depth: usize) {
        let words = format!(
            "{} to date less {} before = {}",
            self.money(to_date),
            self.money(before),
            self.known_amount(node)
        );
        self.line(depth, &words, node.span);
    }

    pub(super) fn when_it_ends(
        &self,
        over: Cadence,
        ends: bool,
        to_date: Option<&Exact>,
    ) -> String {
        let length = over.words();
        let so_far = to_date.map_or_else(|| "held".to_owned(), |so_far| self.money(so_far));
        if ends {
            format!("the {length} ends: {so_far} is paid")
        } else {
            format!("{so_far} so far, paid when the {length} ends: 0 now")
        }
    }

    /// What is rounded on the way, with what it was read from.
    pub(super) fn rounded(&mut self, node: &Node, exact: &Exact, depth: usize) {
        for read in &node.reads {
            self.node(read, depth);
            self.behind(read, depth);
        }
        let words = format!(
            "{} rounded: {} becomes {}",
            node.label,
            self.shown(exact, node.kind),
            self.known(&node.value, node.kind)
        );
        self.line(depth, &words, node.span);
    }

    /// What the rounding of an amount changes.
    pub(super) fn rounding(&mut self, node: &Node, exact: &Exact, depth: usize) {
        let change = match &node.value {
            Known::Value(value) => value.clone() - exact.clone(),
            _ => Exact::ZERO,
        };
        let words = if change.is_zero() {
            format!("rounding {}", self.money(&change))
        } else {
            format!(
                "rounding {}: {} becomes {}",
                self.money(&change),
                self.money(exact),
                self.known_amount(node)
            )
        };
        self.line(depth, &words, node.span);
    }
}
