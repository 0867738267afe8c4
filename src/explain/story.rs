//! A receipt in lines for people: what was read, which row and why, what each line of the plan did.

use std::fmt::Write as _;

use crate::base::{Currency, Exact};
use crate::diag::{FileId, SourceMap, Span};
use crate::explain::amounts::{conversion, digits, money_of};
use crate::explain::receipt::{Kind, Known, Node, Receipt, Rule};

mod approved;
mod carried;
mod contests;
mod corrected;
mod draws;
mod groups;
mod limits;
mod measures;
mod records;
mod tables;
mod texts;
mod withheld;

/// Where the lines of the plan are named.
const MARGIN: usize = 84;

/// Tells a receipt. `period` is its label, `next` a line about what comes next.
pub fn tell(receipt: &Receipt, period: &str, sources: &SourceMap, next: Option<&str>) -> String {
    let mut story = Story {
        out: String::new(),
        sources,
        has_places: true,
        currency: receipt.currency,
        amending: Vec::new(),
    };
    let payout = match &receipt.payout {
        Known::Value(value) => {
            let own = format!("{} {}", story.money(value), receipt.currency);
            let paid = receipt.paid.as_ref();
            paid.map_or(own.clone(), |paid| {
                format!("{own} = {}", money_of(&paid.amount, paid.currency))
            })
        }
        Known::Nothing => format!("{} {}", story.money(&Exact::ZERO), receipt.currency),
        Known::Held(_) => "held".to_owned(),
    };
    let head = format!("{}, {}, {period}", receipt.label, receipt.payee);
    let width = MARGIN.saturating_sub(head.chars().count());
    let width = width.max(payout.chars().count() + 2);
    let _ = writeln!(story.out, "{head}{payout:>width$}");
    for read in &receipt.root.reads {
        story.node(read, 1);
    }
    story.corrected(receipt);
    story.withheld(receipt, period);
    story.carried(receipt);
    story.paid(receipt);
    if let Known::Held(causes) = &receipt.payout {
        story.held(causes);
    }
    if let Some(next) = next {
        let _ = writeln!(story.out, "  next: {next}");
    }
    story.out
}

/// Tells one step with what it read, such as a measure.
pub fn tell_step(step: &Node, currency: Currency, sources: &SourceMap) -> String {
    let mut story = Story {
        out: String::new(),
        sources,
        has_places: true,
        currency,
        amending: Vec::new(),
    };
    story.node(step, 0);
    story.out
}

/// The steps of a receipt without their places and records, for a comment beside a test.
pub fn derivation(receipt: &Receipt, sources: &SourceMap) -> Vec<String> {
    let mut story = Story {
        out: String::new(),
        sources,
        has_places: false,
        currency: receipt.currency,
        amending: Vec::new(),
    };
    for read in &receipt.root.reads {
        story.node(read, 0);
    }
    story.corrected(receipt);
    story.carried(receipt);
    story.paid(receipt);
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    story.out.lines().map(words).collect()
}

struct Story<'s> {
    out: String,
    sources: &'s SourceMap,
    /// Whether lines of the plan and of the data are named.
    has_places: bool,
    currency: Currency,
    /// Files of amendments, which a place names.
    amending: Vec<FileId>,
}

impl Story<'_> {
    fn money(&self, value: &Exact) -> String {
        digits(value, self.currency)
    }

    /// Whether a kind is money of the plan's currency, which goes without saying.
    fn is_own_money(&self, kind: Kind) -> bool {
        match kind {
            Kind::Money => true,
            Kind::MoneyOf(currency) => currency == self.currency,
            _ => false,
        }
    }

    fn shown(&self, value: &Exact, kind: Kind) -> String {
        match kind {
            Kind::Money => money_of(value, self.currency),
            Kind::MoneyOf(currency) => money_of(value, currency),
            Kind::Percent => percent(value),
            Kind::Number => value.to_plain(),
        }
    }

    fn known(&self, known: &Known, kind: Kind) -> String {
        match known {
            Known::Value(value) => self.shown(value, kind),
            Known::Nothing => "nothing".to_owned(),
            Known::Held(_) => "held".to_owned(),
        }
    }

    fn line(&mut self, depth: usize, words: &str, span: Option<Span>) {
        let indent = "  ".repeat(depth);
        let line = span.filter(|_| self.has_places);
        let line = line.map_or(0, |span| self.sources.place(span).line);
        let text = format!("{indent}{words}");
        if line == 0 {
            let _ = writeln!(self.out, "{text}");
        } else {
            let pad = (MARGIN + 2).saturating_sub(text.chars().count()).max(2);
            let file = span.filter(|span| self.amending.contains(&span.file));
            let file = file.map_or_else(String::new, |span| {
                let name = &self.sources.source(span.file).name;
                format!("{} ", name.rsplit('/').next().unwrap_or(name))
            });
            let _ = writeln!(self.out, "{text}{}{file}line {line}", " ".repeat(pad));
        }
    }

    fn node(&mut self, node: &Node, depth: usize) {
        match &node.rule {
            Rule::Expression => self.expression(node, depth),
            Rule::Pay => self.component(node, depth),
            Rule::Sum => self.sum(node, depth),
            Rule::Slices => self.reads(node, depth + 1),
            Rule::Placed { .. } => self.placed(node, depth),
            Rule::Slice { .. } => self.slice(node, depth),
            Rule::Wholes { .. } => self.wholes(node, depth),
            Rule::Objective { .. } => self.objective(node, depth),
            Rule::Curve { .. } => self.curve(node, depth),
            Rule::RowReached { .. } => self.row_reached(node, depth),
            Rule::Credit { .. } => self.credit(node, depth),
            Rule::Exception(own) => self.replaced(own, depth),
            Rule::Record { record, date } => self.record(node, record, &date.to_string(), depth),
            Rule::Fact { place } => self.fact(node, place, depth),
            Rule::Quota { exact } => self.quota(node, exact, depth),
            Rule::QuotaPart { .. } => self.quota_part(node, depth),
            Rule::Group { of, people } => self.group(node, of.as_deref(), *people, depth),
            Rule::Of { .. } => {
                let value = self.known_amount(node);
                self.line(depth, &format!("{:<22} {value:>16}", node.label), None);
            }
            Rule::Converted { .. } => self.converted(node, depth),
            Rule::Pool { of, members, left } => {
                self.pool(node, of.as_deref(), *members, left, depth);
            }
            Rule::Share {
                weight,
                weights,
                kind,
                equally,
            } => self.share(node, (weight, weights, *kind), *equally, depth),
            Rule::Cut { exact, spare } => self.cut(node, exact, spare, depth),
            Rule::NotMember => self.line(depth, "not a member: 0", node.span),
            Rule::Ranked { .. } => self.ranked(node, depth),
            Rule::Unranked { why } => self.unranked(node, why, depth),
            Rule::Measure => self.measure(node, depth),
            Rule::MeasureRule => self.by_rule(node, depth),
            Rule::WhenFailed => self.line(depth, "a condition is not met: 0", node.span),
            Rule::Gate { holds } => self.gate(node, *holds, depth),
            Rule::Texts => self.reads(node, depth),
            Rule::InForce { .. } => self.in_force(node, depth),
            Rule::NotMet => {
                let words = format!("{}: its condition is not met", node.label);
                self.line(depth, &words, node.span);
            }
            Rule::HasLeft => {
                let words = "nothing is earned: no payee of the plan in this period";
                self.line(depth, words, node.span);
            }
            Rule::Times { factor } => self.times(node, factor, depth),
            Rule::Limit {
                limit,
                used,
                kept,
                change,
            } => {
                self.limit(node, limit, used.as_ref(), change, depth);
                self.kept(kept.as_ref(), depth + 1);
            }
            Rule::CarriedIn { from } => self.carried_in(node, from.as_deref(), depth),
            Rule::Budget { .. } => self.budget(node, depth),
            Rule::Increase { to_date, before } => self.increase(node, to_date, before, depth),
            Rule::WhenItEnds {
                over,
                ends,
                to_date,
            } => {
                let words = self.when_it_ends(*over, *ends, to_date.as_ref());
                self.line(depth, &words, node.span);
            }
            Rule::Round { exact } if !self.is_own_money(node.kind) || !node.reads.is_empty() => {
                self.rounded(node, exact, depth)
            }
            Rule::Round { exact } => self.rounding(node, exact, depth),
        }
    }

    /// An amount in another currency.
    fn converted(&mut self, node: &Node, depth: usize) {
        let Rule::Converted {
            amount,
            from,
            quoted,
        } = &node.rule
        else {
            return;
        };
        self.reads(node, depth);
        let made = self.known(&node.value, node.kind);
        let words = conversion((amount, *from), quoted, &made, self.has_places);
        self.line(depth, &words, quoted.span);
    }

    /// The name of a step, and what it comes to.
    fn named(&self, node: &Node) -> String {
        format!("{} {}", node.label, self.known(&node.value, node.kind))
    }

    fn known_amount(&self, node: &Node) -> String {
        match &node.value {
            Known::Value(value) if !matches!(node.kind, Kind::MoneyOf(_)) => self.money(value),
            Known::Value(value) if self.is_own_money(node.kind) => self.money(value),
            other => self.known(other, node.kind),
        }
    }

    /// What a step read, one after another.
    fn reads(&mut self, node: &Node, depth: usize) {
        node.reads.iter().for_each(|read| self.node(read, depth));
    }

    fn expression(&mut self, node: &Node, depth: usize) {
        let is_leaf = node.reads.is_empty() && node.label != "amount";
        if is_leaf {
            let words = self.named(node);
            self.line(depth, &words, node.span);
            return;
        }
        self.reads(node, depth);
        let words = format!("{} = {}", node.label, self.known(&node.value, node.kind));
        self.line(depth, &words, node.span);
    }

    /// Another pay, or a measure, and how it came about.
    fn component(&mut self, node: &Node, depth: usize) {
        let words = self.named(node);
        self.line(depth, &words, node.span);
        self.reads(node, depth + 1);
    }
}

/// Up to how many places a percentage is shown as it is.
const EXACT_PLACES: u32 = 6;

fn percent(value: &Exact) -> String {
    let hundred = value.clone() * Exact::int(100);
    if hundred
        .places()
        .is_some_and(|places| places <= EXACT_PLACES)
    {
        return format!("{}%", hundred.to_plain());
    }
    // What is not a whole percent does not look like one: 79.9999999% is not 80.00%.
    let looks_whole =
        |text: &String| text.ends_with("00") && text.trim_end_matches('0').ends_with('.');
    let shown = (2..=12).map(|places| hundred.to_grouped(places));
    let found = shown.into_iter().find(|text| !looks_whole(text));
    format!("{}%", found.unwrap_or_else(|| hundred.to_grouped(2)))
}

/// Whether a percentage is shown rounded.
fn is_rounded(value: &Exact) -> bool {
    let hundred = value.clone() * Exact::int(100);
    hundred.places().is_none_or(|places| places > EXACT_PLACES)
}
