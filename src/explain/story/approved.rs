//! What stands on a receipt by somebody's word: exceptions, and amounts added by hand.

use crate::explain::receipt::{Node, Reason, Replaced, Rule};
use crate::explain::story::Story;

impl Story<'_> {
    /// What stands on a record by somebody's word, each exception once.
    pub(super) fn by_word(&mut self, reads: &[Node], depth: usize) {
        if !self.has_places {
            return;
        }
        let mut told: Vec<&Replaced> = Vec::new();
        for read in reads {
            match &read.rule {
                Rule::Credit {
                    exceptions, reason, ..
                } => {
                    told.extend(exceptions);
                    reason.iter().for_each(|own| self.reason(own, depth));
                }
                Rule::Exception(own) if !told.contains(&own) => told.push(own),
                _ => {}
            }
        }
        for own in told {
            self.replaced(own, depth);
        }
    }

    /// What an exception replaced, and by whose word.
    pub(super) fn replaced(&mut self, own: &Replaced, depth: usize) {
        let was = self.known(&own.was, own.kind);
        let value = self.shown(&own.value, own.kind);
        let words = format!("exception \"{}\": {} {was} -> {value}", own.title, own.of);
        self.line(depth, &words, Some(own.span));
        let words = format!(
            "approved by {} on {}: {}",
            own.approved_by, own.approved_on, own.because
        );
        self.line(depth + 1, &words, None);
    }

    /// Why an amount was added by hand, and by whose word.
    pub(super) fn reason(&mut self, own: &Reason, depth: usize) {
        let words = format!(
            "{}, approved by {} on {}",
            own.because, own.approved_by, own.approved_on
        );
        self.line(depth, &words, None);
    }
}
