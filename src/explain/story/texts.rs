//! Which texts of a plan were in force on which days.

use crate::explain::receipt::{Node, Rule};
use crate::explain::story::Story;

impl Story<'_> {
    /// What is paid by the texts that are in force on some days.
    pub(super) fn in_force(&mut self, node: &Node, depth: usize) {
        let Rule::InForce {
            amendments,
            first,
            last,
        } = &node.rule
        else {
            return;
        };
        let titles: Vec<&str> = amendments.iter().map(|(title, _)| title.as_str()).collect();
        let text = match titles.as_slice() {
            [] => "by the plan's own text".to_owned(),
            titles => format!("by \"{}\"", titles.join("\" and \"")),
        };
        let amount = self.known_amount(node);
        let words = format!("{first} through {last}, {text}: {amount}");
        self.amending
            .extend(amendments.iter().map(|(_, head)| head.file));
        self.line(depth, &words, node.span);
        self.reads(node, depth + 1);
    }
}
