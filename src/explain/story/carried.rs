//! The end of a receipt: what caps and totals keep, what is carried in and out, what is paid, and why it is held.

use std::fmt::Write as _;

use crate::base::Exact;
use crate::explain::amounts::paid_lines;
use crate::explain::receipt::{CarryLine, CutLine, Kept, Node, Receipt, Taken};
use crate::explain::story::{Story, percent};
use crate::table::Cause;

impl Story<'_> {
    /// What a cap has kept for later.
    pub(super) fn kept(&mut self, kept: Option<&Kept>, depth: usize) {
        let Some(Kept { before, after }) = kept else {
            return;
        };
        if !before.is_zero() {
            let words = format!("excess of earlier periods {}", self.money(before));
            self.line(depth, &words, None);
        }
        if !after.is_zero() {
            let words = format!("excess for later periods {}", self.money(after));
            self.line(depth, &words, None);
        }
    }

    pub(super) fn carried(&mut self, receipt: &Receipt) {
        receipt.carries.iter().for_each(|carry| self.carry(carry));
        receipt
            .taken
            .iter()
            .for_each(|taken| self.taken_back(taken));
        self.below_zero(receipt);
        if let Some(cut) = &receipt.cut {
            self.taken(cut);
        }
    }

    /// What is taken back on one record.
    fn taken_back(&mut self, taken: &Taken) {
        let amount = self.money(&taken.amount);
        let words = format!("{}: {amount} taken back on {}", taken.label, taken.record);
        self.line(1, &words, Some(taken.span));
        let paid = self.money(&taken.paid);
        let words = format!(
            "{paid} were earned on it in {}, dated {}; it fell on {}",
            taken.earned_in, taken.date, taken.fell
        );
        self.line(2, &words, None);
        let (exact, whole) = (self.money(&taken.exact), self.money(&taken.whole));
        let mut words = format!("{} of {paid} are {exact}", percent(&taken.share));
        if taken.exact != taken.whole {
            let _ = write!(words, ", rounded and as far as it is left {whole}");
        }
        if let (nth, parts @ 2..) = taken.part {
            let _ = write!(words, ": part {nth} of {parts} is {amount}");
        }
        self.line(2, &words, None);
    }

    fn below_zero(&mut self, receipt: &Receipt) {
        if !receipt.moves.carried_in.is_zero() {
            let words = format!("carried in {}", self.money(&receipt.moves.carried_in));
            self.line(1, &words, None);
        }
        receipt.draws.iter().for_each(|draw| self.draw(draw));
        if !receipt.moves.carried_out.is_zero() {
            let words = format!(
                "below 0: nothing is paid, {} is carried forward",
                self.money(&receipt.moves.carried_out)
            );
            self.line(1, &words, None);
        }
    }

    /// What carries over and was read.
    fn carry(&mut self, carry: &CarryLine) {
        let value = self.known(&carry.carried_out, carry.kind);
        let into = match &carry.next {
            Some((next, into)) if *into == carry.carried_out => format!("carried out to {next}"),
            Some((next, into)) => {
                let into = self.known(into, carry.kind);
                format!("left, of which {into} are carried out to {next}")
            }
            None => "left when the plan ends".to_owned(),
        };
        self.line(
            1,
            &format!("{}: {value} {into}", carry.label),
            Some(carry.span),
        );
    }

    /// What a total across plans takes.
    fn taken(&mut self, line: &CutLine) {
        let (most, each) = (self.money(&line.most), line.each.words());
        let mut words = format!("{} {most} {} each {each}", line.label, self.currency);
        if !line.used.is_zero() {
            let left = (line.most.clone() - line.used.clone()).max(Exact::ZERO);
            let (used, left) = (self.money(&line.used), self.money(&left));
            let _ = write!(words, ": {used} used before, {left} left");
        }
        self.line(1, &words, Some(line.span));
        let (before, together) = (self.money(&line.before), self.money(&line.together));
        if line.before != line.together {
            let words = format!("{before} of {together} for periods that end on this day");
            self.line(2, &words, None);
        }
        let cut = self.money(&line.cut);
        let words = match line.cut.is_zero() {
            true => "takes nothing".to_owned(),
            false => format!("takes {cut}"),
        };
        self.line(2, &words, None);
    }

    /// What an earlier period has left.
    pub(super) fn carried_in(&mut self, node: &Node, from: Option<&str>, depth: usize) {
        let from = from.map_or_else(String::new, |from| format!(" from {from}"));
        let value = self.known(&node.value, node.kind);
        self.line(
            depth,
            &format!("{}: {value} carried in{from}", node.label),
            node.span,
        );
    }

    /// What is paid in another currency.
    pub(super) fn paid(&mut self, receipt: &Receipt) {
        for (words, span) in paid_lines(receipt, self.has_places) {
            self.line(1, &words, span);
        }
    }

    pub(super) fn held(&mut self, causes: &[Cause]) {
        for cause in causes {
            let place = cause
                .cell
                .as_ref()
                .filter(|cell| cell.line > 0)
                .map_or_else(String::new, |cell| {
                    format!(" ({}:{})", cell.file, cell.line)
                });
            self.line(
                1,
                &format!("held: {} {}{place}", cause.code, cause.words),
                None,
            );
        }
    }
}
