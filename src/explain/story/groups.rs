//! What a group has together, and the shares of a pool.

use std::fmt::Write as _;

use crate::base::Exact;
use crate::explain::receipt::{Kind, Known, Node};
use crate::explain::story::Story;

impl Story<'_> {
    /// What a group has together.
    pub(super) fn group(&mut self, node: &Node, of: Option<&str>, people: usize, depth: usize) {
        let of = of.map_or_else(String::new, |of| format!(": {of}"));
        let people = match people {
            1 => "1 person".to_owned(),
            many => format!("{many} people"),
        };
        let value = self.known(&node.value, node.kind);
        let words = format!("{}{of} {value}   {people}", node.label);
        self.line(depth, &words, node.span);
        self.records(&node.reads, depth);
    }

    /// The size of a pool, and who shares it.
    pub(super) fn pool(
        &mut self,
        node: &Node,
        of: Option<&str>,
        members: Option<usize>,
        left: &Exact,
        depth: usize,
    ) {
        self.reads(node, depth);
        let of = of.map_or_else(String::new, |of| format!(" of {of}"));
        let size = self.known(&node.value, node.kind);
        let members = match members {
            None => String::new(),
            Some(1) => "   1 member".to_owned(),
            Some(many) => format!("   {many} members"),
        };
        let stays = match left.is_zero() || members.is_empty() {
            true => String::new(),
            false => format!("; {} stays with the company", self.shown(left, node.kind)),
        };
        let words = format!("pool{of} {size}{members}{stays}");
        self.line(depth, &words, node.span);
    }

    /// A member's part of a pool.
    pub(super) fn share(
        &mut self,
        node: &Node,
        (weight, weights, kind): (&Exact, &Exact, Kind),
        equally: bool,
        depth: usize,
    ) {
        self.reads(node, depth);
        let amount = self.known_amount(node);
        let words = if equally && weights.is_zero() {
            "nobody has anything to share by: 0".to_owned()
        } else if equally {
            format!("shared equally: {amount}")
        } else {
            let (own, all) = (self.shown(weight, kind), self.shown(weights, kind));
            format!("share of {own} in {all}: {amount}")
        };
        self.line(depth, &words, node.span);
    }

    /// A share rounded down, with what it gets of the spare units.
    pub(super) fn cut(&mut self, node: &Node, exact: &Exact, spare: &Exact, depth: usize) {
        self.reads(node, depth);
        let Known::Value(amount) = &node.value else {
            return;
        };
        let down = amount.clone() - spare.clone();
        let mut words = match &down == exact {
            true => "rounding 0.00".to_owned(),
            false => format!(
                "rounded down: {} becomes {}",
                self.money(exact),
                self.money(&down)
            ),
        };
        if !spare.is_zero() {
            let _ = write!(words, ", and {} of what is left over", self.money(spare));
        }
        self.line(depth, &words, node.span);
    }
}
