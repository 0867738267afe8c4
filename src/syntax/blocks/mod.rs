//! One function for each block: its clauses → its node.

use crate::base::{Cadence, Exact, Mode, Residue};
use crate::diag::{Code, Diagnostic, Span};
use crate::syntax::ast::{
    Accept, Approved, Days, Expr, Item, LookupKind, Name, PayKind, QuotaFrom, Round, RoundLevel,
    RoundValue, Spanned, Unit,
};
use crate::syntax::blocks::adjustments::adjustments;
use crate::syntax::blocks::amend::{amend, change};
use crate::syntax::blocks::budgets::budget;
use crate::syntax::blocks::calendar::calendar;
use crate::syntax::blocks::carries::carry;
use crate::syntax::blocks::claims::{prove, test};
use crate::syntax::blocks::clawbacks::clawback;
use crate::syntax::blocks::contests::{Of, contest};
use crate::syntax::blocks::credits::{credit, input};
use crate::syntax::blocks::draws::draw;
use crate::syntax::blocks::exceptions::exception;
use crate::syntax::blocks::exchanges::exchange;
use crate::syntax::blocks::pays::pay;
use crate::syntax::blocks::pools::pool;
use crate::syntax::blocks::project::{plan, source};
use crate::syntax::blocks::quotas::quota;
use crate::syntax::blocks::rollups::rollup;
use crate::syntax::blocks::tables::{curve, lookup, measure, rate, scorecard, tiers};
use crate::syntax::blocks::totals::total;
use crate::syntax::errors;
use crate::syntax::expressions::{Reader, cadence_of};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::{Block as Cut, Clause, Piece, Row};
use crate::syntax::phrases::{Block, PHRASES};

mod adjustments;
mod amend;
mod budgets;
mod calendar;
mod carries;
mod claims;
mod clawbacks;
mod contests;
mod corrections;
mod credits;
mod draws;
mod exceptions;
mod exchanges;
mod payables;
mod pays;
mod pools;
mod project;
mod quotas;
mod rollups;
mod tables;
mod totals;

/// A block's node; `None` where its head names nothing.
pub(in crate::syntax) fn item<'t>(
    block: &Cut<'t>,
    head: Words<'t>,
    lines: &mut Lines<'_, '_>,
) -> Option<Item> {
    if lines.kind == Block::Amend {
        return amend(block, head, lines).map(Item::Amend);
    }
    let mut at = At {
        piece: block.head,
        lines,
    };
    let names = at.head(head);
    Some(match at.lines.kind {
        Block::Plan => Item::Plan(plan(block, names, at.lines)?),
        Block::Use => Item::Use(names.title?),
        Block::Calendar => Item::Calendar(calendar(block, at.lines)),
        Block::Unit => {
            no_rows(&block.rows, at.lines);
            none_of(block, at.lines);
            let mut named = names.names.into_iter();
            Item::Unit(Unit {
                singular: named.next()?,
                plural: named.next()?,
                label: names.title,
                span: block.head.span(),
            })
        }
        Block::People => Item::People(source(block, names, at.lines)),
        Block::Records => Item::Records(source(block, names, at.lines)),
        Block::Credit => Item::Credit(credit(block, names, at.lines)?),
        Block::Budget => Item::Budget(budget(block, names, at.lines)?),
        Block::Draw => Item::Draw(draw(block, names, at.lines)?),
        Block::Rollup => Item::Rollup(rollup(block, names, at.lines)?),
        Block::Input => Item::Input(input(block, names, at.lines)?),
        Block::Quota => Item::Quota(quota(block, names, at.lines)?),
        Block::Measure => Item::Measure(measure(block, names, at.lines)?),
        Block::Tiers => Item::Tiers(tiers(block, names, at.lines)?),
        Block::Curve => Item::Curve(curve(block, names, at.lines)?),
        Block::Matrix => Item::Lookup(lookup(block, names, LookupKind::Matrix, at.lines)?),
        Block::Value => Item::Lookup(lookup(block, names, LookupKind::Value, at.lines)?),
        Block::Rate => Item::Rate(rate(block, names, at.lines)?),
        Block::Exchange => Item::Exchange(exchange(block, names, at.lines)?),
        Block::Scorecard => Item::Scorecard(scorecard(block, names, at.lines)?),
        Block::Carry => Item::Carry(carry(block, names, at.lines)?),
        Block::Component => Item::Pay(pay(block, names, PayKind::Component, at.lines)?),
        Block::Pay => Item::Pay(pay(block, names, PayKind::Pay, at.lines)?),
        Block::Clawback => Item::Clawback(clawback(block, names, at.lines)?),
        Block::Adjustments => Item::Adjustments(adjustments(block, names, at.lines)?),
        Block::Exception => Item::Exception(exception(block, names, at.lines)?),
        Block::Pool => Item::Pool(pool(block, names, at.lines)?),
        Block::Total => Item::Total(total(block, names, at.lines)?),
        Block::Contest => Item::Contest(contest(block, names, Of::Prizes, at.lines)?),
        Block::Ranking => Item::Contest(contest(block, names, Of::Places, at.lines)?),
        Block::Prove => Item::Prove(prove(block, at.lines)),
        Block::Test => Item::Test(test(block, names, at.lines)?),
        Block::Change => Item::Change(change(block, at.lines)),
        // The head of an amendment has two texts and was read; `replace` stands before another head.
        Block::Amend | Block::Replace => return None,
    })
}

/// What a head says.
struct Head {
    names: Vec<Name>,
    title: Option<Spanned<String>>,
    on: Vec<Expr>,
}

/// One line being read.
struct At<'l, 'p, 'q, 't> {
    piece: Piece<'t>,
    lines: &'l mut Lines<'p, 'q>,
}

impl<'t> At<'_, '_, '_, 't> {
    fn reader(&mut self) -> Reader<'t, '_> {
        Reader {
            piece: self.piece,
            problems: self.lines.problems,
        }
    }

    fn span(&self) -> Span {
        self.piece.span()
    }

    fn head(&mut self, words: Words<'t>) -> Head {
        let mut head = Head {
            names: Vec::new(),
            title: None,
            on: Vec::new(),
        };
        for part in parts(words) {
            match part.as_rule() {
                Rule::text => head.title = Some(self.text(&part)),
                Rule::expr => head.on.push(self.reader().expr(part)),
                _ => head.names.push(self.name(&part)),
            }
        }
        head
    }

    fn name(&mut self, words: &Words<'_>) -> Name {
        self.reader().name(words)
    }

    fn text(&mut self, words: &Words<'_>) -> Spanned<String> {
        let name = self.name(words);
        Spanned {
            value: name.text,
            span: name.span,
        }
    }

    /// The only expression of a clause.
    fn expr(&mut self, words: Words<'t>) -> Option<Expr> {
        let part = parts(words).next()?;
        Some(match part.as_rule() {
            Rule::path => self.reader().path(part),
            _ => self.reader().expr(part),
        })
    }

    fn only_text(&mut self, words: Words<'t>) -> Option<Spanned<String>> {
        parts(words).next().map(|text| self.text(&text))
    }

    /// `deals as deal`
    fn source_and_word(&mut self, words: Words<'t>) -> Option<(Name, Name)> {
        let mut names = parts(words);
        let source = self.name(&names.next()?);
        Some((source, self.name(&names.next()?)))
    }

    fn accept(&mut self, words: Words<'t>) -> Option<Accept> {
        let mut inner = parts(words);
        let id = inner.next()?;
        let code = Code::ALL
            .iter()
            .find(|code| code.name() == id.as_str())
            .copied();
        let span = self.reader().span(&id);
        let because = self.text(&inner.next()?);
        let Some(code) = code else {
            self.lines.problems.push(Diagnostic::at(
                Code::N101,
                span,
                format!("there is no code `{}`", id.as_str()),
            ));
            return None;
        };
        Some(Accept {
            codes: vec![code],
            because,
            span: self.span(),
        })
    }

    fn quota_from(&mut self, words: Words<'t>) -> Option<QuotaFrom> {
        let mut inner = parts(words);
        let source = self.name(&inner.next()?);
        Some(QuotaFrom {
            source,
            cadence: self.cadence(inner.next()?)?,
            span: self.span(),
        })
    }

    fn cadence(&mut self, words: Words<'t>) -> Option<Spanned<Cadence>> {
        let span = self.reader().span(&words);
        let word = words.into_inner().next()?;
        let value = cadence_of(word.as_rule())?;
        Some(Spanned { value, span })
    }

    /// `10 days after the quarter ends`
    fn days(&mut self, words: Words<'t>) -> Option<Days> {
        let mut inner = parts(words);
        let whole = inner.next()?;
        let Some(count) = whole.as_str().parse().ok().filter(|days| *days <= 366) else {
            let span = self.reader().span(&whole);
            let found = whole.as_str();
            self.lines.problems.push(
                Diagnostic::at(
                    Code::S004,
                    span,
                    format!("{found} days are more than a year"),
                )
                .saying("from 0 through 366"),
            );
            return None;
        };
        Some(Days {
            count,
            cadence: self.cadence(inner.next()?)?,
            span: self.span(),
        })
    }

    /// `"VP Sales" on 2026-02-11`
    fn approved(&mut self, words: Words<'t>) -> Option<Approved> {
        let mut inner = parts(words);
        let by = self.text(&inner.next()?);
        Some(Approved {
            by,
            on: self.reader().day(&inner.next()?)?,
            span: self.span(),
        })
    }

    fn round_value(&mut self, words: Words<'t>) -> Option<RoundValue> {
        let mut inner = parts(words);
        let unit = self.reader().bound(inner.next()?);
        Some(RoundValue {
            unit,
            mode: mode_of(inner.next()?),
            span: self.span(),
        })
    }

    fn round(&mut self, words: Words<'t>) -> Option<Round> {
        let mut level = None;
        let mut unit = None;
        let mut mode = None;
        for part in parts(words) {
            match part.as_rule() {
                Rule::level => {
                    let fixed = part.clone().into_inner().next().map(|word| word.as_rule());
                    level = match fixed {
                        Some(Rule::k_the_total) => Some(RoundLevel::Total),
                        Some(Rule::k_the_amount_to_date) => Some(RoundLevel::ToDate),
                        _ => parts(part)
                            .flat_map(parts)
                            .next()
                            .map(|word| match word.as_str() {
                                "share" => RoundLevel::EachShare,
                                _ => RoundLevel::Each(self.name(&word)),
                            }),
                    };
                }
                Rule::figure => unit = Some(self.unit_of_rounding(&part)?),
                _ => mode = Some(mode_of(part)),
            }
        }
        Some(Round {
            level: level?,
            unit: unit?,
            mode: mode?,
            span: self.span(),
        })
    }

    /// What something is rounded to a multiple of: more than 0.
    fn unit_of_rounding(&mut self, words: &Words<'_>) -> Option<Spanned<Exact>> {
        let span = self.reader().span(words);
        let value = self.reader().figure(words)?;
        if !value.is_positive() {
            let words = "nothing can be rounded to multiples of 0";
            self.lines
                .problems
                .push(Diagnostic::at(Code::S008, span, words).help("cents are", "0.01"));
            return None;
        }
        Some(Spanned { value, span })
    }
}

/// Which of those who share get the spare units; `None` where none of them does.
fn residue_of(words: &Words<'_>) -> Option<Residue> {
    let rules = [
        Rule::k_to_the_largest_share,
        Rule::k_to_the_largest_payout,
        Rule::k_to_the_first,
        Rule::k_by_largest_remainder,
    ];
    choice(words, &rules).map(|rule| match rule {
        Rule::k_to_the_first => Residue::ToFirst,
        Rule::k_by_largest_remainder => Residue::LargestRemainder,
        _ => Residue::ToLargest,
    })
}

fn mode_of(words: Words<'_>) -> Mode {
    match words.into_inner().next().map(|word| word.as_rule()) {
        Some(Rule::k_half_up) => Mode::HalfUp,
        Some(Rule::k_half_even) => Mode::HalfEven,
        Some(Rule::k_half_down) => Mode::HalfDown,
        Some(Rule::k_up) => Mode::Up,
        _ => Mode::Down,
    }
}

/// Runs over the clauses of a block that can be read.
fn each<'t>(
    block: &Cut<'t>,
    lines: &mut Lines<'_, '_>,
    mut take: impl FnMut(&mut At<'_, '_, '_, 't>, Rule, Words<'t>, &Clause<'t>),
) {
    for clause in &block.clauses {
        let Some((rule, words)) = lines.clause(clause) else {
            continue;
        };
        if !matches!(rule, Rule::split | Rule::split_from | Rule::given_rows) {
            no_rows(&clause.rows, lines);
        }
        take(
            &mut At {
                piece: clause.line,
                lines: &mut *lines,
            },
            rule,
            words,
            clause,
        );
    }
}

/// Like [`each`], for blocks whose table may stand below any of their lines.
fn each_with_rows<'t>(
    block: &Cut<'t>,
    lines: &mut Lines<'_, '_>,
    mut take: impl FnMut(&mut At<'_, '_, '_, 't>, Rule, Words<'t>),
) {
    for clause in &block.clauses {
        if let Some((rule, words)) = lines.clause(clause) {
            let at = &mut At {
                piece: clause.line,
                lines: &mut *lines,
            };
            take(at, rule, words);
        }
    }
}

fn none_of(block: &Cut<'_>, lines: &mut Lines<'_, '_>) {
    each(block, lines, |_, _, _, _| {});
}

fn no_rows(rows: &[Row<'_>], lines: &mut Lines<'_, '_>) {
    if let Some(row) = rows.first() {
        lines.problems.push(
            Diagnostic::at(Code::S008, row.line.span(), "a table does not belong here")
                .note("Tables stand below `people`, `records`, `tiers`, `split` and `given`."),
        );
    }
}

/// Keeps the first of a clause that may stand once; a second is reported.
fn once<T>(
    slot: &mut Option<T>,
    value: Option<T>,
    first: impl Fn(&T) -> Span,
    at: &mut At<'_, '_, '_, '_>,
    what: &str,
) {
    match (slot.as_ref(), value) {
        (Some(kept), Some(_)) => {
            let diagnostic = errors::twice(first(kept), at.span(), what);
            at.lines.problems.push(diagnostic);
        }
        (None, Some(value)) => *slot = Some(value),
        (_, None) => at.lines.bad = true,
    }
}

/// Says which required clauses are missing, unless a line of the block could not be read.
fn require(missing: &[(bool, Rule)], head: Span, lines: &mut Lines<'_, '_>) {
    if lines.bad {
        return;
    }
    for (_, rule) in missing.iter().filter(|(is_missing, _)| *is_missing) {
        if let Some(phrase) = PHRASES.iter().find(|phrase| phrase.rule == *rule) {
            lines
                .problems
                .push(errors::missing_clause(head, lines.kind, phrase));
        }
    }
}

/// The rows of a block's table, wherever in the block they stand.
fn all_rows<'t>(block: &Cut<'t>) -> Vec<Row<'t>> {
    let below = block.clauses.iter().flat_map(|clause| &clause.rows);
    block.rows.iter().chain(below).cloned().collect()
}

/// Says that a block has no table, unless a line of it could not be read.
fn has_rows(rows: &[Row<'_>], block: &Cut<'_>, example: &str, lines: &mut Lines<'_, '_>) {
    if rows.len() < 2 && !lines.bad {
        lines.problems.push(
            Diagnostic::at(Code::S007, block.head.span(), "this table has no rows")
                .help("add its heading and rows", example),
        );
    }
}
