//! What of a receipt is payable when, part by part.

use std::fmt::Write as _;

use crate::base::Exact;
use crate::explain::receipt::{Becomes, PartLine, Receipt};
use crate::explain::story::Story;

impl Story<'_> {
    /// The parts of records, and what they come to.
    pub(super) fn withheld(&mut self, receipt: &Receipt, period: &str) {
        if !receipt.parts.is_empty() {
            self.line(1, "payable by the dates of records", None);
        }
        for part in &receipt.parts {
            let words = self.portion(part, period);
            self.line(2, &words, None);
        }
        let moves = &receipt.moves;
        let lines: [(&Exact, &str); 5] = [
            (&moves.withheld_in, "withheld before"),
            (&moves.withheld, "withheld"),
            (&moves.released, "released"),
            (&moves.forfeited, "forfeited"),
            (&moves.withheld_out, "still withheld"),
        ];
        for (amount, words) in lines {
            if !amount.is_zero() {
                let words = format!("{words} {}", self.money(amount));
                self.line(1, &words, None);
            }
        }
    }

    fn portion(&self, part: &PartLine, period: &str) -> String {
        let mut words = part.record.clone();
        if part.earned_in != period {
            let _ = write!(words, " of {}", part.earned_in);
        }
        let _ = write!(words, ": {}", self.money(&part.amount));
        if part.amount != part.of {
            let _ = write!(words, " of {}", self.money(&part.of));
        }
        if let Some(due) = part.due {
            let _ = write!(words, ", due {due}");
        }
        let becomes = match &part.becomes {
            Becomes::Payable(at) if at == period => "payable now".to_owned(),
            Becomes::Payable(at) => format!("withheld until {at}"),
            Becomes::Forfeited(at) if at == period => "forfeited".to_owned(),
            Becomes::Forfeited(at) => format!("withheld, and forfeited in {at}"),
            Becomes::Withheld if part.due.is_some() => "withheld beyond the plan".to_owned(),
            Becomes::Withheld => "withheld: it has no date yet".to_owned(),
        };
        let _ = write!(words, ": {becomes}");
        words
    }
}
