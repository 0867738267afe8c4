//! Measures, and the quotas they stand on.

use crate::base::Exact;
use crate::explain::pays::is_held;
use crate::explain::receipt::{Factor, Known, Node, Rule, Why};
use crate::explain::story::{Story, is_rounded, percent};
use crate::syntax::ast::ProrationUnit;

impl Story<'_> {
    pub(super) fn measure(&mut self, node: &Node, depth: usize) {
        if let Some((numerator, quota)) = on_one_line(node) {
            // A comment beside a test on an edge must not say that the edge is reached.
            let is = match &node.value {
                Known::Value(value) if !self.has_places && is_rounded(value) => "≈",
                _ => "=",
            };
            let words = format!(
                "{} on {} {} {is} {} {}",
                self.known(&numerator.value, numerator.kind),
                quota.label.to_lowercase(),
                self.known(&quota.value, quota.kind),
                self.known(&node.value, node.kind),
                node.label.to_lowercase(),
            );
            self.line(depth, &words, node.span);
            match &quota.rule {
                Rule::Quota { exact } => self.quota_parts(quota, exact, depth + 1),
                Rule::Exception(own) => self.replaced(own, depth + 1),
                _ => {}
            }
            return;
        }
        // A place is said once: whoever reads a ranking reads nothing but the place.
        if let [place] = node.reads.as_slice()
            && matches!(place.rule, Rule::Ranked { .. } | Rule::Unranked { .. })
            && place.label == node.label
        {
            return self.node(place, depth);
        }
        self.component(node, depth);
    }

    pub(super) fn by_rule(&mut self, node: &Node, depth: usize) {
        let value = self.known(&node.value, node.kind);
        let words = format!("{} by its rule: {value}", node.label);
        self.line(depth, &words, node.span);
    }

    /// The records behind a measure that is told on one line, where no amount beside it lists them.
    pub(super) fn behind(&mut self, measure: &Node, depth: usize) {
        if let Some((numerator, _)) = on_one_line(measure)
            && numerator.rule == Rule::Sum
        {
            self.records(&numerator.reads, depth);
        }
    }

    /// A column of people, and where it stands.
    pub(super) fn fact(&mut self, node: &Node, place: &str, depth: usize) {
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("   {place}")
        };
        let words = format!(
            "{} {}{place}",
            node.label,
            self.known(&node.value, node.kind)
        );
        self.line(depth, &words, None);
    }

    /// A quota, and what it is made of.
    pub(super) fn quota(&mut self, node: &Node, exact: &Exact, depth: usize) {
        let words = self.named(node);
        self.line(depth, &words, None);
        self.quota_parts(node, exact, depth + 1);
    }

    /// A part of a quota, and what its lines leave of it.
    pub(super) fn quota_part(&mut self, node: &Node, depth: usize) {
        let Rule::QuotaPart {
            place,
            of,
            value,
            factors,
        } = &node.rule
        else {
            return;
        };
        let value = self.shown(value, node.kind);
        self.line(depth, &format!("{value} for {of}   {place}"), None);
        self.reads(node, depth + 1);
        // What takes nothing away needs no telling.
        let acting = factors.iter().filter(|own| own.share != Exact::ONE);
        for factor in acting {
            self.line(depth + 1, &format!("x {}", factor_words(factor)), None);
        }
    }

    /// What a quota is made of, and how it is rounded.
    fn quota_parts(&mut self, quota: &Node, exact: &Exact, depth: usize) {
        for part in &quota.reads {
            self.node(part, depth);
        }
        if quota.value != Known::Value(exact.clone()) {
            let words = format!(
                "{} rounded: {} becomes {}",
                quota.label.to_lowercase(),
                self.shown(exact, quota.kind),
                self.known(&quota.value, quota.kind)
            );
            self.line(depth, &words, quota.span);
        }
    }
}

/// What a line of a quota leaves of it, and why.
fn factor_words(factor: &Factor) -> String {
    let share = percent(&factor.share);
    match &factor.why {
        Why::Spread { part } => format!("{share} in {part}"),
        Why::Ramp { months } => {
            let months = months
                .iter()
                .map(|(month, share)| format!("{month} {}", percent(share)));
            let months = months.collect::<Vec<String>>().join(", ");
            format!("{share} by month of employment: {months}")
        }
        Why::Relief { relieved, days } => {
            let left = Exact::int((*days).into()) - relieved.clone();
            let (left, relieved) = (left.to_plain(), relieved.to_plain());
            format!("{left} of {days} days, relief of {relieved}")
        }
        Why::Role { there, all, unit } => {
            let unit = match unit {
                ProrationUnit::CalendarDays => "calendar days",
                ProrationUnit::WorkingDays => "working days",
                ProrationUnit::WholeMonths => "whole months",
            };
            format!("{there} of {all} {unit} in the role")
        }
    }
}

/// The numerator and the quota of a measure that is told on one line.
fn on_one_line(node: &Node) -> Option<(&Node, &Node)> {
    match node.reads.as_slice() {
        [numerator, quota]
            if node.rule == Rule::Measure
                && matches!(
                    quota.rule,
                    Rule::Fact { .. } | Rule::Quota { .. } | Rule::Exception(_)
                )
                && !is_held(&node.value) =>
        {
            Some((numerator, quota))
        }
        _ => None,
    }
}
