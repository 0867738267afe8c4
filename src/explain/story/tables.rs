//! Rows, slices and points of tables, and the objectives of a scorecard.

use crate::base::Exact;
use crate::explain::receipt::{Kind, Node, Rule};
use crate::explain::story::{Story, percent};

impl Story<'_> {
    /// The row of a table that was reached, and what it is worth.
    pub(super) fn row_reached(&mut self, node: &Node, depth: usize) {
        let Rule::RowReached {
            row,
            neighbours,
            rate,
            of,
        } = &node.rule
        else {
            return;
        };
        self.reads(node, depth);
        let beside = if neighbours.is_empty() {
            String::new()
        } else {
            format!("   (not {})", neighbours.join(", not "))
        };
        let worth = match of {
            None => self.shown(rate, node.kind),
            Some(of) => format!(
                "{} of {} = {}",
                percent(rate),
                self.money(of),
                self.known_amount(node)
            ),
        };
        let words = format!("{row}: {worth}{beside}");
        self.line(depth, &words, node.span);
    }

    /// A slice of an amount, and what it pays.
    pub(super) fn slice(&mut self, node: &Node, depth: usize) {
        let Rule::Slice {
            row,
            size,
            rate,
            kind,
        } = &node.rule
        else {
            return;
        };
        let words = format!(
            "{row:<24} {:>16} x {:>6} = {:>14}",
            match kind {
                Kind::Money | Kind::MoneyOf(_) => size.to_plain(),
                _ => self.money(size),
            },
            self.shown(rate, *kind),
            self.known_amount(node)
        );
        self.line(depth, &words, node.span);
    }

    /// Slices that stand on others.
    pub(super) fn placed(&mut self, node: &Node, depth: usize) {
        self.line(depth, &node.label, node.span);
        for read in &node.reads {
            match read.rule {
                // Slices stand one step in by themselves.
                Rule::Slices => self.node(read, depth),
                _ => self.node(read, depth + 1),
            }
        }
    }

    /// Whole steps of an amount.
    pub(super) fn wholes(&mut self, node: &Node, depth: usize) {
        let Rule::Wholes { step, above, kind } = &node.rule else {
            return;
        };
        self.reads(node, depth);
        let start = above.as_ref().map_or_else(String::new, |above| {
            format!(" above {}", self.shown(above, *kind))
        });
        let words = format!(
            "whole steps of {}{start}: {}",
            self.shown(step, *kind),
            self.known(&node.value, node.kind)
        );
        self.line(depth, &words, node.span);
    }

    /// A point on a curve, between which points it lies.
    pub(super) fn curve(&mut self, node: &Node, depth: usize) {
        let Rule::Curve {
            at,
            kind,
            before,
            after,
        } = &node.rule
        else {
            return;
        };
        for read in &node.reads {
            self.node(read, depth);
            self.behind(read, depth);
        }
        let words = self.on_curve(node, at, *kind, before.as_ref(), after.as_ref());
        self.line(depth, &words, node.span);
    }

    fn on_curve(
        &self,
        node: &Node,
        at: &Exact,
        kind: Kind,
        before: Option<&(Exact, Exact)>,
        after: Option<&(Exact, Exact)>,
    ) -> String {
        let point = |(at, value): &(Exact, Exact)| {
            format!(
                "{} ({})",
                self.shown(at, kind),
                self.shown(value, node.kind)
            )
        };
        let place = match (before, after) {
            (Some(a), Some(b)) => format!("between {} and {}", point(a), point(b)),
            (Some(a), None) => format!("from {} on", point(a)),
            (None, Some(b)) => format!("before {}", point(b)),
            (None, None) => String::new(),
        };
        format!(
            "{} at {}: {}, {place}",
            node.label,
            self.shown(at, kind),
            self.known(&node.value, node.kind)
        )
    }

    /// An objective of a scorecard.
    pub(super) fn objective(&mut self, node: &Node, depth: usize) {
        let Rule::Objective {
            score,
            counted,
            weight,
            owner,
        } = &node.rule
        else {
            return;
        };
        let owner = owner
            .as_ref()
            .map_or_else(String::new, |owner| format!("   {owner}"));
        let counts = if score == counted {
            percent(score)
        } else {
            format!("{}, counts {}", percent(score), percent(counted))
        };
        let words = format!(
            "{}: {counts} x {} = {}{owner}",
            node.label,
            percent(weight),
            self.known(&node.value, node.kind)
        );
        self.line(depth, &words, node.span);
        self.reads(node, depth + 1);
    }
}
