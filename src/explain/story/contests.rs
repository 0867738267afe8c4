//! Places in a contest, and the prizes of those who are level.

use crate::explain::receipt::{Kind, Node, NotRanked, Rule, Shared};
use crate::explain::story::Story;

impl Story<'_> {
    /// The place of who is ranked, and with whom the prizes are shared.
    pub(super) fn ranked(&mut self, node: &Node, depth: usize) {
        let Rule::Ranked {
            of,
            place,
            ranked,
            tied,
            shared,
        } = &node.rule
        else {
            return;
        };
        let of = of.as_ref().map_or_else(String::new, |of| format!(": {of}"));
        let level = match tied {
            1 => String::new(),
            many => format!(", {many} level"),
        };
        let value = self.known(&node.value, node.kind);
        let words = format!(
            "{}{of} {value}   place {place} of {ranked}{level}",
            node.label
        );
        self.line(depth, &words, node.span);
        self.reads(node, depth + 1);
        if let Some(shared) = shared {
            self.shared(shared, (*place, *tied), node.kind, depth + 1);
        }
    }

    /// How prizes are shared by those who are level.
    pub(super) fn shared(
        &mut self,
        shared: &Shared,
        (place, tied): (usize, usize),
        kind: Kind,
        depth: usize,
    ) {
        let spare = match (shared.spare.is_zero(), shared.is_own) {
            (true, _) => String::new(),
            (false, true) => format!(", and {} left over", self.shown(&shared.spare, kind)),
            (false, false) => {
                format!(
                    ", {} left over for another",
                    self.shown(&shared.spare, kind)
                )
            }
        };
        let words = format!(
            "prizes of places {place} through {}: {}, shared by {tied}: {}{spare}",
            place + tied - 1,
            self.shown(&shared.pot, kind),
            self.shown(&shared.each, kind),
        );
        self.line(depth, &words, None);
    }

    /// Why somebody has no place.
    pub(super) fn unranked(&mut self, node: &Node, why: &NotRanked, depth: usize) {
        let why = match why {
            NotRanked::Elsewhen { last } => format!("decided at its end, {last}"),
            NotRanked::Absent => "not taking part".to_owned(),
            NotRanked::Condition => "not ranked, a condition is not met".to_owned(),
            NotRanked::Nothing => "not ranked, there is nothing to rank by".to_owned(),
        };
        let value = self.known(&node.value, node.kind);
        self.line(depth, &format!("{} {value}   {why}", node.label), node.span);
        self.reads(node, depth + 1);
    }
}
