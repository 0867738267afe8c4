//! What is new about closed periods, each with what it came to before and comes to now.

use crate::explain::receipt::{CorrectionLine, Kind, Known, Receipt};
use crate::explain::story::Story;

impl Story<'_> {
    pub(super) fn corrected(&mut self, receipt: &Receipt) {
        if receipt.corrections.is_empty() {
            return;
        }
        let words = match receipt.payout {
            Known::Held(_) => "corrections of closed periods".to_owned(),
            _ => {
                let sum = self.money(&receipt.moves.corrected);
                format!("corrections of closed periods {sum}")
            }
        };
        self.line(1, &words, None);
        for own in &receipt.corrections {
            self.correction(own);
        }
        self.records(&receipt.late, 1);
    }

    fn correction(&mut self, own: &CorrectionLine) {
        let now = self.known(&own.now, Kind::Money);
        let was = self.known(&own.was, Kind::Money);
        self.line(
            2,
            &format!("{} is {now} now, and was {was}", own.period),
            None,
        );
    }
}
