//! A receipt in lines for people: what was read, which row and why, what each line of the plan did.

use std::fmt::Write as _;

use crate::base::{Cadence, Currency, Exact};
use crate::diag::{FileId, SourceMap, Span};
use crate::explain::amounts::{conversion, digits, money_of, paid_lines};
use crate::explain::pays::is_held;
use crate::explain::receipt::{
    Factor, Kind, Known, Node, NotRanked, PartOf, Receipt, Rule, Shared, Used, Why,
};
use crate::syntax::ast::ProrationUnit;
use crate::table::Cause;

mod approved;

/// Where the lines of the plan are named.
const MARGIN: usize = 84;
/// The most records that are told one by one.
const MOST_RECORDS: usize = 40;
/// The most of them where they stand behind a part of an amount, such as an objective of a scorecard.
const MOST_RECORDS_INSIDE: usize = 3;
/// How deep such parts begin.
const INSIDE: usize = 3;

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
    story.carried(receipt);
    story.paid(receipt);
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    story.out.lines().map(words).collect()
}

pub(in crate::explain) struct Story<'s> {
    out: String,
    sources: &'s SourceMap,
    /// Whether lines of the plan and of the data are named.
    has_places: bool,
    pub(in crate::explain) currency: Currency,
    /// Files of amendments, which a place names.
    amending: Vec<FileId>,
}

impl Story<'_> {
    pub(in crate::explain) fn money(&self, value: &Exact) -> String {
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

    pub(in crate::explain) fn known(&self, known: &Known, kind: Kind) -> String {
        match known {
            Known::Value(value) => self.shown(value, kind),
            Known::Nothing => "nothing".to_owned(),
            Known::Held(_) => "held".to_owned(),
        }
    }

    pub(in crate::explain) fn line(&mut self, depth: usize, words: &str, span: Option<Span>) {
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
            Rule::Slices => node
                .reads
                .iter()
                .for_each(|slice| self.node(slice, depth + 1)),
            Rule::Placed { .. } => {
                self.line(depth, &node.label, node.span);
                for read in &node.reads {
                    match read.rule {
                        // Slices stand one step in by themselves.
                        Rule::Slices => self.node(read, depth),
                        _ => self.node(read, depth + 1),
                    }
                }
            }
            Rule::Slice {
                row,
                size,
                rate,
                kind,
            } => {
                let words = format!(
                    "{row:<24} {:>16} x {:>6} = {:>14}",
                    match kind {
                        Kind::Money | Kind::MoneyOf(_) => size.to_plain(),
                        _ => self.money(size),
                    },
                    self.shown(rate, *kind),
                    self.known_amount(node)
                );
                self.line(depth, &words, node.span);
            }
            Rule::Wholes { step, above, kind } => {
                for read in &node.reads {
                    self.node(read, depth);
                }
                let start = above.as_ref().map_or_else(String::new, |above| {
                    format!(" above {}", self.shown(above, *kind))
                });
                let words = format!(
                    "whole steps of {}{start}: {}",
                    self.shown(step, *kind),
                    self.known(&node.value, node.kind)
                );
                self.line(depth, &words, node.span);
            }
            Rule::Objective {
                score,
                counted,
                weight,
                owner,
            } => {
                let owner = owner
                    .as_ref()
                    .map_or_else(String::new, |owner| format!("   {owner}"));
                let counts = if score == counted {
                    percent(score)
                } else {
                    format!("{}, counts {}", percent(score), percent(counted))
                };
                let words = format!(
                    "{}: {counts} x {} = {}{owner}",
                    node.label,
                    percent(weight),
                    self.known(&node.value, node.kind)
                );
                self.line(depth, &words, node.span);
                for read in &node.reads {
                    self.node(read, depth + 1);
                }
            }
            Rule::Curve {
                at,
                kind,
                before,
                after,
            } => {
                for read in &node.reads {
                    self.node(read, depth);
                    self.behind(read, depth);
                }
                let words = self.curve(node, at, *kind, before.as_ref(), after.as_ref());
                self.line(depth, &words, node.span);
            }
            Rule::RowReached {
                row,
                neighbours,
                rate,
                of,
            } => {
                for read in &node.reads {
                    self.node(read, depth);
                }
                let beside = if neighbours.is_empty() {
                    String::new()
                } else {
                    format!("   (not {})", neighbours.join(", not "))
                };
                let worth = match of {
                    None => self.shown(rate, node.kind),
                    Some(of) => format!(
                        "{} of {} = {}",
                        percent(rate),
                        self.money(of),
                        self.known_amount(node)
                    ),
                };
                let words = format!("{row}: {worth}{beside}");
                self.line(depth, &words, node.span);
            }
            Rule::Credit {
                record,
                date,
                whole,
                place,
                parts,
                exceptions,
                reason,
            } => {
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
                parts.iter().for_each(|part| self.part(part, depth + 1));
                for read in &node.reads {
                    self.node(read, depth + 1);
                }
                exceptions
                    .iter()
                    .for_each(|own| self.replaced(own, depth + 1));
                reason.iter().for_each(|own| self.reason(own, depth + 1));
            }
            Rule::Exception(own) => self.replaced(own, depth),
            Rule::Record { record, date } => self.record(node, record, &date.to_string(), depth),
            Rule::Fact { place } => {
                let place = if place.is_empty() {
                    String::new()
                } else {
                    format!("   {place}")
                };
                let words = format!(
                    "{} {}{place}",
                    node.label,
                    self.known(&node.value, node.kind)
                );
                self.line(depth, &words, None);
            }
            Rule::Quota { exact } => {
                let words = format!("{} {}", node.label, self.known(&node.value, node.kind));
                self.line(depth, &words, None);
                self.quota_parts(node, exact, depth + 1);
            }
            Rule::QuotaPart {
                place,
                of,
                value,
                factors,
            } => {
                let value = self.shown(value, node.kind);
                self.line(depth, &format!("{value} for {of}   {place}"), None);
                for read in &node.reads {
                    self.node(read, depth + 1);
                }
                // What takes nothing away needs no telling.
                let acting = factors.iter().filter(|own| own.share != Exact::ONE);
                for factor in acting {
                    self.line(depth + 1, &format!("x {}", factor_words(factor)), None);
                }
            }
            Rule::Group { of, people } => {
                let of = of.as_ref().map_or_else(String::new, |of| format!(": {of}"));
                let people = match people {
                    1 => "1 person".to_owned(),
                    many => format!("{many} people"),
                };
                let value = self.known(&node.value, node.kind);
                let words = format!("{}{of} {value}   {people}", node.label);
                self.line(depth, &words, node.span);
                self.records(&node.reads, depth);
            }
            Rule::Of { .. } => {
                let value = self.known_amount(node);
                self.line(depth, &format!("{:<22} {value:>16}", node.label), None);
            }
            Rule::Converted {
                amount,
                from,
                quoted,
            } => {
                for read in &node.reads {
                    self.node(read, depth);
                }
                let made = self.known(&node.value, node.kind);
                let words = conversion((amount, *from), quoted, &made, self.has_places);
                self.line(depth, &words, quoted.span);
            }
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
            Rule::Ranked {
                of,
                place,
                ranked,
                tied,
                shared,
            } => {
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
                for read in &node.reads {
                    self.node(read, depth + 1);
                }
                if let Some(shared) = shared {
                    self.shared(shared, (*place, *tied), node.kind, depth + 1);
                }
            }
            Rule::Unranked { why } => {
                let why = match why {
                    NotRanked::Elsewhen { last } => format!("decided at its end, {last}"),
                    NotRanked::Absent => "not taking part".to_owned(),
                    NotRanked::Condition => "not ranked, a condition is not met".to_owned(),
                    NotRanked::Nothing => "not ranked, there is nothing to rank by".to_owned(),
                };
                let value = self.known(&node.value, node.kind);
                self.line(depth, &format!("{} {value}   {why}", node.label), node.span);
                for read in &node.reads {
                    self.node(read, depth + 1);
                }
            }
            Rule::Measure => self.measure(node, depth),
            Rule::MeasureRule => {
                let words = format!(
                    "{} by its rule: {}",
                    node.label,
                    self.known(&node.value, node.kind)
                );
                self.line(depth, &words, node.span);
            }
            Rule::WhenFailed => self.line(depth, "a condition is not met: 0", node.span),
            Rule::Gate { holds } => self.gate(node, *holds, depth),
            Rule::Texts => node.reads.iter().for_each(|part| self.node(part, depth)),
            Rule::InForce {
                amendments,
                first,
                last,
            } => {
                let titles: Vec<&str> =
                    amendments.iter().map(|(title, _)| title.as_str()).collect();
                let text = match titles.as_slice() {
                    [] => "by the plan's own text".to_owned(),
                    titles => format!("by \"{}\"", titles.join("\" and \"")),
                };
                let amount = self.known_amount(node);
                let words = format!("{first} through {last}, {text}: {amount}");
                self.amending
                    .extend(amendments.iter().map(|(_, head)| head.file));
                self.line(depth, &words, node.span);
                for read in &node.reads {
                    self.node(read, depth + 1);
                }
            }
            Rule::NotMet => {
                let words = format!("{}: its condition is not met", node.label);
                self.line(depth, &words, node.span);
            }
            Rule::Times { factor } => {
                for read in &node.reads {
                    self.node(read, depth);
                }
                let words = format!("times {} = {}", percent(factor), self.known_amount(node));
                self.line(depth, &words, node.span);
            }
            Rule::Limit {
                limit,
                used,
                kept,
                change,
            } => {
                self.limit(node, limit, used.as_ref(), change, depth);
                self.kept(kept.as_ref(), depth + 1);
            }
            Rule::CarriedIn { from } => {
                let from = from
                    .as_ref()
                    .map_or_else(String::new, |from| format!(" from {from}"));
                let value = self.known(&node.value, node.kind);
                self.line(
                    depth,
                    &format!("{}: {value} carried in{from}", node.label),
                    node.span,
                );
            }
            Rule::Budget { .. } => self.budget(node, depth),
            Rule::Increase { to_date, before } => {
                let words = format!(
                    "{} to date less {} before = {}",
                    self.money(to_date),
                    self.money(before),
                    self.known_amount(node)
                );
                self.line(depth, &words, node.span);
            }
            Rule::WhenItEnds {
                over,
                ends,
                to_date,
            } => {
                let words = self.when_it_ends(*over, *ends, to_date.as_ref());
                self.line(depth, &words, node.span);
            }
            Rule::Round { exact } if !self.is_own_money(node.kind) || !node.reads.is_empty() => {
                for read in &node.reads {
                    self.node(read, depth);
                    self.behind(read, depth);
                }
                let words = format!(
                    "{} rounded: {} becomes {}",
                    node.label,
                    self.shown(exact, node.kind),
                    self.known(&node.value, node.kind)
                );
                self.line(depth, &words, node.span);
            }
            Rule::Round { exact } => {
                let change = match &node.value {
                    Known::Value(value) => value.clone() - exact.clone(),
                    _ => Exact::ZERO,
                };
                let words = if change.is_zero() {
                    format!("rounding {}", self.money(&change))
                } else {
                    format!(
                        "rounding {}: {} becomes {}",
                        self.money(&change),
                        self.money(exact),
                        self.known_amount(node)
                    )
                };
                self.line(depth, &words, node.span);
            }
        }
    }

    /// The size of a pool, and who shares it.
    fn pool(
        &mut self,
        node: &Node,
        of: Option<&str>,
        members: Option<usize>,
        left: &Exact,
        depth: usize,
    ) {
        for read in &node.reads {
            self.node(read, depth);
        }
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
    fn share(
        &mut self,
        node: &Node,
        (weight, weights, kind): (&Exact, &Exact, Kind),
        equally: bool,
        depth: usize,
    ) {
        for read in &node.reads {
            self.node(read, depth);
        }
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
    fn cut(&mut self, node: &Node, exact: &Exact, spare: &Exact, depth: usize) {
        for read in &node.reads {
            self.node(read, depth);
        }
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

    fn when_it_ends(&self, over: Cadence, ends: bool, to_date: Option<&Exact>) -> String {
        let length = over.words();
        let so_far = to_date.map_or_else(|| "held".to_owned(), |so_far| self.money(so_far));
        if ends {
            format!("the {length} ends: {so_far} is paid")
        } else {
            format!("{so_far} so far, paid when the {length} ends: 0 now")
        }
    }

    fn curve(
        &self,
        node: &Node,
        at: &Exact,
        kind: Kind,
        before: Option<&(Exact, Exact)>,
        after: Option<&(Exact, Exact)>,
    ) -> String {
        let point = |(at, value): &(Exact, Exact)| {
            format!(
                "{} ({})",
                self.shown(at, kind),
                self.shown(value, node.kind)
            )
        };
        let place = match (before, after) {
            (Some(a), Some(b)) => format!("between {} and {}", point(a), point(b)),
            (Some(a), None) => format!("from {} on", point(a)),
            (None, Some(b)) => format!("before {}", point(b)),
            (None, None) => String::new(),
        };
        format!(
            "{} at {}: {}, {place}",
            node.label,
            self.shown(at, kind),
            self.known(&node.value, node.kind)
        )
    }

    fn known_amount(&self, node: &Node) -> String {
        match &node.value {
            Known::Value(value) if !matches!(node.kind, Kind::MoneyOf(_)) => self.money(value),
            Known::Value(value) if self.is_own_money(node.kind) => self.money(value),
            other => self.known(other, node.kind),
        }
    }

    /// How prizes are shared by those who are level.
    fn shared(&mut self, shared: &Shared, (place, tied): (usize, usize), kind: Kind, depth: usize) {
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

    fn expression(&mut self, node: &Node, depth: usize) {
        let is_leaf = node.reads.is_empty() && node.label != "amount";
        if is_leaf {
            let words = format!("{} {}", node.label, self.known(&node.value, node.kind));
            self.line(depth, &words, node.span);
            return;
        }
        for read in &node.reads {
            self.node(read, depth);
        }
        let words = format!("{} = {}", node.label, self.known(&node.value, node.kind));
        self.line(depth, &words, node.span);
    }

    fn budget(&mut self, node: &Node, depth: usize) {
        let Rule::Budget {
            limit,
            each,
            before,
            first,
            claimed,
            claims,
        } = &node.rule
        else {
            return;
        };
        let (limit, claimed) = (self.money(limit), self.money(claimed));
        let mut words = format!("{}: {limit} each {each}", node.label);
        for (amount, what) in [(before, "used before"), (first, "paid first")] {
            if !amount.is_zero() {
                let _ = write!(words, ", {} {what}", self.money(amount));
            }
        }
        self.line(depth, &words, node.span);
        let claims = match claims {
            1 => "1 claim".to_owned(),
            many => format!("{many} claims"),
        };
        let amount = self.known_amount(node);
        let words = format!("{claims} of {claimed} together, of this is paid {amount}");
        self.line(depth + 1, &words, None);
    }

    fn sum(&mut self, node: &Node, depth: usize) {
        let words = format!("{} {}", node.label, self.known(&node.value, node.kind));
        self.line(depth, &words, node.span);
        self.records(&node.reads, depth);
    }

    /// The records of a sum at this depth.
    fn records(&mut self, reads: &[Node], depth: usize) {
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

    /// The records behind a measure that is told on one line, where no amount beside it lists them.
    fn behind(&mut self, measure: &Node, depth: usize) {
        if let Some((numerator, _)) = on_one_line(measure)
            && numerator.rule == Rule::Sum
        {
            self.records(&numerator.reads, depth);
        }
    }

    /// Another pay, and how it came about.
    fn component(&mut self, node: &Node, depth: usize) {
        let words = format!("{} {}", node.label, self.known(&node.value, node.kind));
        self.line(depth, &words, node.span);
        for read in &node.reads {
            self.node(read, depth + 1);
        }
    }

    /// Somebody's part of a record, and the rows that say so.
    fn part(&mut self, part: &PartOf, depth: usize) {
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

    /// One record on one line: what was credited, what it pays, what its lines did to that; then the rows it reached.
    fn record(&mut self, node: &Node, record: &str, date: &str, depth: usize) {
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
                Rule::Limit { limit, change, .. } if !change.is_zero() => {
                    let did = if change.is_negative() {
                        "takes"
                    } else {
                        "adds"
                    };
                    let (limit, by) = (self.money(limit), self.money(&change.abs()));
                    let _ = write!(words, "   {} {limit} {did} {by}", read.label);
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
                Rule::Credit { parts, .. } => {
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

    fn measure(&mut self, node: &Node, depth: usize) {
        if let Some((numerator, quota)) = on_one_line(node) {
            // A comment beside a test on an edge must not say that the edge is reached.
            let is = match &node.value {
                Known::Value(value) if !self.has_places && is_rounded(value) => "≈",
                _ => "=",
            };
            let words = format!(
                "{} on {} {} {is} {} {}",
                self.known(&numerator.value, numerator.kind),
                quota.label.to_lowercase(),
                self.known(&quota.value, quota.kind),
                self.known(&node.value, node.kind),
                node.label.to_lowercase(),
            );
            self.line(depth, &words, node.span);
            match &quota.rule {
                Rule::Quota { exact } => self.quota_parts(quota, exact, depth + 1),
                Rule::Exception(own) => self.replaced(own, depth + 1),
                _ => {}
            }
            return;
        }
        let words = format!("{} {}", node.label, self.known(&node.value, node.kind));
        self.line(depth, &words, node.span);
        for read in &node.reads {
            self.node(read, depth + 1);
        }
    }

    /// What a quota is made of, and how it is rounded.
    fn quota_parts(&mut self, quota: &Node, exact: &Exact, depth: usize) {
        for part in &quota.reads {
            self.node(part, depth);
        }
        if quota.value != Known::Value(exact.clone()) {
            let words = format!(
                "{} rounded: {} becomes {}",
                quota.label.to_lowercase(),
                self.shown(exact, quota.kind),
                self.known(&quota.value, quota.kind)
            );
            self.line(depth, &words, quota.span);
        }
    }

    fn gate(&mut self, node: &Node, holds: bool, depth: usize) {
        for read in &node.reads {
            self.node(read, depth);
        }
        let words = if holds {
            format!("gate {}: passed", node.label)
        } else {
            format!(
                "gate {}: not passed, {}",
                node.label,
                self.known_amount(node)
            )
        };
        self.line(depth, &words, node.span);
    }

    fn limit(
        &mut self,
        node: &Node,
        limit: &Exact,
        used: Option<&Used>,
        change: &Exact,
        depth: usize,
    ) {
        let mut words = format!("{} {} {}", node.label, self.money(limit), self.currency);
        if let Some(used) = used {
            let _ = write!(words, " each {}", used.each.words());
            if !used.amount.is_zero() {
                let left = (limit.clone() - used.amount.clone()).max(Exact::ZERO);
                let (used, left) = (self.money(&used.amount), self.money(&left));
                let _ = write!(words, ": {used} used before, {left} left,");
            }
        }
        let did = if change.is_zero() {
            "not reached".to_owned()
        } else if change.is_negative() {
            format!("takes {}", self.money(&change.abs()))
        } else {
            format!("adds {}", self.money(change))
        };
        self.line(depth, &format!("{words} {did}"), node.span);
    }

    fn carried(&mut self, receipt: &Receipt) {
        receipt.carries.iter().for_each(|carry| self.carry(carry));
        self.below_zero(receipt);
        if let Some(cut) = &receipt.cut {
            self.taken(cut);
        }
    }

    fn below_zero(&mut self, receipt: &Receipt) {
        if !receipt.carried_in.is_zero() {
            let words = format!("carried in {}", self.money(&receipt.carried_in));
            self.line(1, &words, None);
        }
        if !receipt.carried_out.is_zero() {
            let words = format!(
                "below 0: nothing is paid, {} is carried forward",
                self.money(&receipt.carried_out)
            );
            self.line(1, &words, None);
        }
    }

    /// What is paid in another currency.
    fn paid(&mut self, receipt: &Receipt) {
        for (words, span) in paid_lines(receipt, self.has_places) {
            self.line(1, &words, span);
        }
    }

    fn held(&mut self, causes: &[Cause]) {
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

/// What a line of a quota leaves of it, and why.
fn factor_words(factor: &Factor) -> String {
    let share = percent(&factor.share);
    match &factor.why {
        Why::Spread { part } => format!("{share} in {part}"),
        Why::Ramp { months } => {
            let months = months
                .iter()
                .map(|(month, share)| format!("{month} {}", percent(share)));
            let months = months.collect::<Vec<String>>().join(", ");
            format!("{share} by month of employment: {months}")
        }
        Why::Relief { relieved, days } => {
            let left = Exact::int((*days).into()) - relieved.clone();
            let (left, relieved) = (left.to_plain(), relieved.to_plain());
            format!("{left} of {days} days, relief of {relieved}")
        }
        Why::Role { there, all, unit } => {
            let unit = match unit {
                ProrationUnit::CalendarDays => "calendar days",
                ProrationUnit::WorkingDays => "working days",
                ProrationUnit::WholeMonths => "whole months",
            };
            format!("{there} of {all} {unit} in the role")
        }
    }
}

/// The numerator and the quota of a measure that is told on one line.
fn on_one_line(node: &Node) -> Option<(&Node, &Node)> {
    match node.reads.as_slice() {
        [numerator, quota]
            if node.rule == Rule::Measure
                && matches!(
                    quota.rule,
                    Rule::Fact { .. } | Rule::Quota { .. } | Rule::Exception(_)
                )
                && !is_held(&node.value) =>
        {
            Some((numerator, quota))
        }
        _ => None,
    }
}

/// Up to how many places a percentage is shown as it is.
const EXACT_PLACES: u32 = 6;

/// Whether a percentage is shown rounded.
fn is_rounded(value: &Exact) -> bool {
    let hundred = value.clone() * Exact::int(100);
    hundred.places().is_none_or(|places| places > EXACT_PLACES)
}

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
