//! Sums and their records, one by one, and whose part of them is whose.

use std::fmt::Write as _;

use crate::base::Date;
use crate::explain::receipt::{Known, Node, PartOf, Rule};
use crate::explain::story::{Story, percent};

/// The most records that are told one by one.
const MOST_RECORDS: usize = 40;

/// The most of them where they stand behind a part of an amount, such as an objective of a scorecard.
const MOST_RECORDS_INSIDE: usize = 3;

/// How deep such parts begin.
const INSIDE: usize = 3;

impl Story<'_> {
    pub(super) fn sum(&mut self, node: &Node, depth: usize) {
        let words = self.named(node);
        self.line(depth, &words, node.span);
        self.records(&node.reads, depth);
    }

    /// The records of a sum at this depth.
    pub(super) fn records(&mut self, reads: &[Node], depth: usize) {
        let most = if depth < INSIDE {
            MOST_RECORDS
        } else {
            MOST_RECORDS_INSIDE
        };
        for read in reads.iter().take(most) {
            self.node(read, depth + 1);
        }
        if reads.len() > most {
            let rest = reads.len() - most;
            self.line(
                depth + 1,
                &format!("and {rest} more; --format json has all"),
                None,
            );
        }
    }

    /// One record on one line: what was credited, what it pays, what its lines did to that; then the rows it reached.
    pub(super) fn record(&mut self, node: &Node, record: &str, date: &str, depth: usize) {
        let name = if record.is_empty() { "given" } else { record };
        let reads = node.reads.first().map_or(&[][..], |amount| &amount.reads);
        let mut words = format!("{name:<10} {date} ");
        let mut place = "";
        for read in reads {
            let Rule::Credit {
                whole, place: at, ..
            } = &read.rule
            else {
                continue;
            };
            let _ = write!(words, " {:>16}", self.known_amount(read));
            if !matches!(&read.value, Known::Value(value) if value == whole) {
                let _ = write!(words, " of {}", self.money(whole));
            }
            place = at;
        }
        let _ = write!(words, "  pays {:>12}", self.known_amount(node));
        for read in node.reads.iter().skip(1) {
            match &read.rule {
                Rule::Round { exact } if read.value != Known::Value(exact.clone()) => {
                    let _ = write!(words, "   rounded from {}", self.money(exact));
                }
                Rule::Limit {
                    limit,
                    used,
                    change,
                    ..
                } if !change.is_zero() => {
                    let did = if change.is_negative() {
                        "takes"
                    } else {
                        "adds"
                    };
                    let (limit, by) = (self.money(limit), self.money(&change.abs()));
                    let _ = write!(words, "   {} {limit}", read.label);
                    if let Some(used) = used {
                        let _ = write!(words, " {}", self.used_of(used));
                    }
                    let _ = write!(words, " {did} {by}");
                }
                _ => {}
            }
        }
        if self.has_places && !place.is_empty() {
            let _ = write!(words, "   {place}");
        }
        self.line(depth, &words, None);
        for read in reads {
            match &read.rule {
                Rule::RowReached { .. } | Rule::Slices | Rule::Placed { .. } => {
                    self.node(read, depth + 1);
                }
                Rule::Credit { parts, late, .. } => {
                    self.came_in(*late, depth + 1);
                    parts.iter().for_each(|part| self.part(part, depth + 1));
                    for converted in &read.reads {
                        self.node(converted, depth + 1);
                    }
                }
                Rule::Converted { .. } => self.node(read, depth + 1),
                _ => {}
            }
        }
        self.by_word(reads, depth + 1);
    }

    /// One record that is credited, and whose parts it has.
    pub(super) fn credit(&mut self, node: &Node, depth: usize) {
        let Rule::Credit {
            record,
            date,
            late,
            whole,
            place,
            parts,
            exceptions,
            reason,
        } = &node.rule
        else {
            return;
        };
        if !self.has_places {
            return;
        }
        let part = match &node.value {
            Known::Value(value) if value != whole => format!(" of {}", self.money(whole)),
            _ => String::new(),
        };
        let name = if record.is_empty() { "given" } else { record };
        let words = format!(
            "{name:<10} {date}  {:>16}{part}   {place}",
            self.known_amount(node)
        );
        self.line(depth, &words, None);
        self.came_in(*late, depth + 1);
        parts.iter().for_each(|part| self.part(part, depth + 1));
        self.reads(node, depth + 1);
        exceptions
            .iter()
            .for_each(|own| self.replaced(own, depth + 1));
        reason.iter().for_each(|own| self.reason(own, depth + 1));
    }

    /// Of a record that came in after its period had closed: when.
    fn came_in(&mut self, late: Option<Date>, depth: usize) {
        if let Some(known) = late {
            let words = format!("came in on {known}, after its period had closed");
            self.line(depth, &words, None);
        }
    }

    /// Somebody's part of a record, and the rows that say so.
    pub(super) fn part(&mut self, part: &PartOf, depth: usize) {
        if !self.has_places {
            return;
        }
        let person = match part.person.as_str() {
            "" => "nobody",
            person => person,
        };
        let share = percent(&part.share);
        let (amount, places) = (self.money(&part.amount), part.places.join(", "));
        let words = format!("{share:>8} {person:<20} {amount:>16}   {places}");
        let cap = if part.taken.is_zero() {
            String::new()
        } else {
            format!("   cap takes {}", self.money(&part.taken))
        };
        self.line(depth, &format!("{}{cap}", words.trim_end()), None);
    }
}
