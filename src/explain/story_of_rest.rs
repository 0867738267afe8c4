//! What stays over, in lines for people: what a cap keeps, what carries over, what a total across plans takes.

use std::fmt::Write as _;

use crate::base::Exact;
use crate::explain::receipt::{CarryLine, CutLine, Kept};
use crate::explain::story::Story;

impl Story<'_> {
    /// What a cap has kept for later.
    pub(in crate::explain) fn kept(&mut self, kept: Option<&Kept>, depth: usize) {
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

    /// What carries over and was read.
    pub(in crate::explain) fn carry(&mut self, carry: &CarryLine) {
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
    pub(in crate::explain) fn taken(&mut self, line: &CutLine) {
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
}
