//! `curve`, `matrix`, `value` and `rate`: values that are looked up. Every point of the axes has one value.

use std::collections::BTreeSet;

use crate::base::{Date, Exact, Rounding};
use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::bounds::{Bounds, bounds};
use crate::meaning::currencies::RowOf;
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::kinds::meet;
use crate::meaning::lower::{Lower, shown};
use crate::meaning::plan::{
    Beyond, CurvePoint, DatedRow, Expr, ExprKind, Lookup, LookupId, LookupKind, LookupRow, Range,
    Rate, RateId, each_child,
};
use crate::meaning::sign::constant;
use crate::meaning::tables;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

/// The most points at which the rows of one table are tried against each other.
const MOST_POINTS: usize = 100_000;

impl Lower<'_> {
    pub(in crate::meaning) fn curve(&mut self, written: &ast::Curve) -> Option<LookupId> {
        let mut place = Place::new(PlaceKind::Axis, written.span);
        let axis = self.expr(&written.on, &mut place);
        self.want_number(&axis);
        self.no_division_unless_measure(&axis);
        let mut points: Vec<CurvePoint> = Vec::new();
        let mut ty = None;
        let mut broken = written.broken || axis.ty == Type::Poisoned;
        for point in &written.points {
            let at = self.expr(&point.at, &mut place);
            let value = self.expr(&point.value, &mut place);
            let fits = axis.ty == Type::Poisoned || self.want(&at, axis.ty);
            let fits = self.one_type(&mut ty, &value) && fits;
            match (self.a_constant(&at), self.a_constant(&value)) {
                (Some(at), Some(value)) if fits => points.push(CurvePoint {
                    at,
                    value,
                    span: point.span,
                }),
                _ => broken = true,
            }
        }
        let ty = ty?;
        points.sort_by(|a, b| a.at.cmp(&b.at));
        for pair in points.windows(2) {
            if let [a, b] = pair
                && a.at == b.at
            {
                broken = true;
                let at = shown(&a.at, axis.ty, &self.plan);
                self.problems.push(
                    Diagnostic::at(Code::T402, b.span, format!("two points both stand at {at}"))
                        .saying("and this one")
                        .label(a.span, "this point")
                        .note("A curve goes through one point at each place. A step is written with `tiers`."),
                );
            }
        }
        if points.len() == 1 && !broken {
            self.problems.push(
                Diagnostic::at(Code::S007, written.span, "a curve needs two points or more").help(
                    "one value for all is a constant; steps are written with",
                    "tiers",
                ),
            );
            broken = true;
        }
        let below = self.beyond(written.below.as_ref(), axis.ty, ty);
        let above = self.beyond(written.above.as_ref(), axis.ty, ty);
        let rounding = written
            .round
            .as_ref()
            .and_then(|round| self.rounding(round, ty));
        let (below, above) = (below?, above?);
        if broken {
            return None;
        }
        Some(self.add_lookup(Lookup {
            name: written.name.text.clone(),
            label: self.label_to_date(label(&written.name, written.label.as_ref())),
            grain: axis.grain,
            kind: LookupKind::Curve {
                axis,
                points,
                below,
                above,
            },
            base: None,
            ty,
            rounding,
            span: written.span,
        }))
    }

    pub(in crate::meaning) fn add_lookup(&mut self, lookup: Lookup) -> LookupId {
        self.plan.lookups.push(lookup);
        LookupId(self.plan.lookups.len() - 1)
    }

    /// A literal's value; anything else in a table is answered.
    fn a_constant(&mut self, expr: &Expr) -> Option<Exact> {
        let value = constant(expr);
        if value.is_none() && expr.ty != Type::Poisoned {
            let why = "a table holds constants";
            self.problems
                .push(errors::wrong_place("this", expr.span, why));
        }
        value
    }

    fn beyond(
        &mut self,
        written: Option<&ast::Spanned<ast::Beyond>>,
        axis: Type,
        ty: Type,
    ) -> Option<Beyond> {
        let written = written?;
        let (amount, step) = match &written.value {
            ast::Beyond::Nothing => return Some(Beyond::Nothing),
            ast::Beyond::Stays => return Some(Beyond::Stays),
            ast::Beyond::Continues(amount, step) => (amount, step),
        };
        let mut place = Place::new(PlaceKind::Person, written.span);
        let amount = self.expr(amount, &mut place);
        let point = || Expr {
            kind: ExprKind::Number(Exact::fixed(1, 100)),
            ty: Type::Points,
            grain: Grain::Constant,
            span: written.span,
        };
        let step = match step {
            Some(step) => self.expr(step, &mut place),
            None => point(),
        };
        let fits = self.is_difference(&amount, ty) && self.is_difference(&step, axis);
        let slope = constant(&amount)?.checked_div(&constant(&step)?);
        match slope {
            Some(slope) if fits => Some(Beyond::Continues(slope)),
            Some(_) => None,
            None => {
                self.problems.push(
                    Diagnostic::at(Code::S008, step.span, "a step of nothing goes nowhere")
                        .help("for example", "above continues at 1.5 points per point"),
                );
                None
            }
        }
    }

    /// Asks for a difference of values of a type: points for percentages, else the same kind.
    pub(in crate::meaning) fn is_difference(&mut self, expr: &Expr, of: Type) -> bool {
        match (expr.ty, of) {
            (Type::Points | Type::Percent, Type::Percent) | (Type::Poisoned, _) => true,
            _ => self.want(expr, of),
        }
    }

    /// `round to UNIT, MODE` of a value of a type.
    pub(in crate::meaning) fn rounding(
        &mut self,
        written: &ast::RoundValue,
        ty: Type,
    ) -> Option<Rounding> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let unit = self.expr(&written.unit, &mut place);
        if ty == Type::Poisoned || !self.is_difference(&unit, ty) {
            return None;
        }
        let value = constant(&unit)?;
        if !value.is_positive() {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    unit.span,
                    "nothing can be rounded to multiples of 0",
                )
                .help("whole percent are", "1 point"),
            );
            return None;
        }
        Some(Rounding {
            unit: value,
            mode: written.mode,
        })
    }

    pub(in crate::meaning) fn lookup(&mut self, written: &ast::Lookup) -> Option<LookupId> {
        if let Some(from) = &written.from {
            let label = label(&written.name, written.label.as_ref());
            return self.listed(written, from, label);
        }
        let mut place = Place::new(PlaceKind::Axis, written.span);
        let keys: Vec<Expr> = written
            .keys
            .iter()
            .map(|key| self.expr(key, &mut place))
            .collect();
        for key in &keys {
            self.no_division_unless_measure(key);
        }
        let base = match &written.percent_of {
            Some(base) => Some(self.base_of(base, &mut place)?),
            None => None,
        };
        let mut broken = written.broken || keys.iter().any(|key| key.ty == Type::Poisoned);
        let mut ty = base.as_ref().map(|base| base.ty);
        let mut rows = Vec::new();
        for row in &written.rows {
            match self.currency_of_row(row, &keys) {
                RowOf::Another => continue,
                RowOf::Nobody => {
                    broken = true;
                    continue;
                }
                RowOf::Payee => {}
            }
            let value = self.expr(&row.value, &mut place);
            let is_share = base.is_some() && value.ty == Type::Percent;
            let fits = is_share || self.of_one_kind(&mut ty, &value);
            let ranges = self.ranges(row, &keys);
            match (self.a_constant(&value), ranges) {
                (Some(amount), Some(ranges)) if fits => {
                    let words = row.ranges.iter().flatten();
                    rows.push(LookupRow {
                        ranges,
                        words: words.map(tables::words).collect::<Vec<_>>().join(", "),
                        value: amount,
                        is_share,
                        approved_by: row.approved_by.as_ref().map(|by| by.value.clone()),
                        span: row.span,
                    });
                }
                _ => broken = true,
            }
        }
        let ty = ty?;
        if broken || rows.is_empty() {
            return None;
        }
        if let Some(base) = &written.percent_of
            && !rows.iter().any(|row| row.is_share)
        {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    base.span,
                    "no row of this table is a percentage",
                )
                .help(
                    "take the line away, or write a row such as",
                    "| \"Pro\" | 8% |",
                ),
            );
            return None;
        }
        let whole = match written.kind {
            ast::LookupKind::Matrix => {
                // Both headings by themselves: a gap in one would be a gap in every row.
                (0..keys.len()).all(|at| self.covers_axis(&keys, &rows, at, written))
            }
            ast::LookupKind::Value => self.covers(&keys, &rows, written),
        };
        if !whole {
            return None;
        }
        let grain = keys
            .iter()
            .chain(&base)
            .fold(Grain::Constant, |g, key| meet(g, key.grain));
        Some(self.add_lookup(Lookup {
            name: written.name.text.clone(),
            label: self.label_to_date(label(&written.name, written.label.as_ref())),
            grain,
            kind: LookupKind::Rows { keys, rows },
            base,
            ty,
            rounding: None,
            span: written.span,
        }))
    }

    /// What percentages are of: money of the plan.
    fn base_of(&mut self, written: &ast::Expr, place: &mut Place) -> Option<Expr> {
        let base = self.expr(written, place);
        self.no_division(&base);
        self.want(&base, Type::Money(self.plan.currency))
            .then_some(base)
            .filter(|base| base.ty != Type::Poisoned)
    }

    /// A value of the kind of those above it; a percentage among amounts of money asks what it is of.
    fn of_one_kind(&mut self, ty: &mut Option<Type>, value: &Expr) -> bool {
        let is_mixed = matches!(
            (*ty, value.ty),
            (Some(Type::Money(_)), Type::Percent) | (Some(Type::Percent), Type::Money(_))
        );
        if !is_mixed {
            return self.one_type(ty, value);
        }
        self.problems.push(
            Diagnostic::at(
                Code::U203,
                value.span,
                "a percentage beside an amount of money: what is it of?",
            )
            .note("A row that is an amount pays it; a row that is a percentage pays that share of what the line names.")
            .help("say it below the head", "percent of  deal.amount"),
        );
        false
    }

    /// What an amount that reads a table reads through its base: credits of the record, and windows.
    pub(in crate::meaning) fn reads_base(&self, id: LookupId, span: Span, place: &mut Place) {
        fn add(lower: &Lower<'_>, expr: &Expr, span: Span, place: &mut Place) {
            match expr.kind {
                ExprKind::Credit(id) if !place.credits.contains(&id) => place.credits.push(id),
                ExprKind::Aggregate { window, .. } => {
                    place.windows.push((lower.plain_window(window), span));
                }
                _ => {}
            }
            each_child(expr, &mut |child| add(lower, child, span, place));
        }
        if let Some(base) = &self.plan.lookup(id).base {
            add(self, base, span, place);
        }
    }

    /// A range for each key; `any` is no condition.
    fn ranges(&mut self, row: &ast::LookupRow, keys: &[Expr]) -> Option<Vec<Option<Range>>> {
        let mut ranges = Vec::new();
        for (range, key) in row.ranges.iter().zip(keys) {
            let range = range.as_ref()?;
            ranges.push(match (&range.low, &range.high) {
                (None, None) => None,
                _ => Some(self.range(range, key)?),
            });
        }
        Some(ranges)
    }

    /// One axis of a matrix by itself.
    fn covers_axis(
        &mut self,
        keys: &[Expr],
        rows: &[LookupRow],
        at: usize,
        written: &ast::Lookup,
    ) -> bool {
        let (Some(key), Some(first)) = (keys.get(at), rows.first()) else {
            return false;
        };
        // The cells of the first row, or of the first column.
        let other = 1 - at;
        let own: Vec<LookupRow> = rows
            .iter()
            .filter(|row| row.ranges.get(other) == first.ranges.get(other))
            .map(|row| LookupRow {
                ranges: row.ranges.get(at).cloned().into_iter().collect(),
                ..row.clone()
            })
            .collect();
        self.covers(std::slice::from_ref(key), &own, written)
    }

    /// Whether rows cover every point of their keys, and, without `first match`, each once. Ranges only change at their
    /// ends, so that it is enough to try the ends and a point between each two.
    fn covers(&mut self, keys: &[Expr], rows: &[LookupRow], written: &ast::Lookup) -> bool {
        if !self.inside(keys, rows) {
            return false;
        }
        let axes: Vec<Vec<Sample>> = keys
            .iter()
            .enumerate()
            .map(|(at, key)| self.samples(key, rows, at))
            .collect();
        let points: usize = axes.iter().map(Vec::len).product();
        if points > MOST_POINTS {
            self.problems.push(
                Diagnostic::at(
                    Code::S009,
                    written.span,
                    "this table has too many combinations",
                )
                .note(format!("There are {points}; the most is {MOST_POINTS}."))
                .help("cut it into two tables", ""),
            );
            return false;
        }
        let mut first_of = vec![false; rows.len()];
        let mut whole = true;
        for point in 0..points {
            let mut rest = point;
            let sample: Vec<&Sample> = axes
                .iter()
                .filter_map(|axis| {
                    let own = axis.get(rest % axis.len());
                    rest /= axis.len();
                    own
                })
                .collect();
            let matching: Vec<usize> = (0..rows.len())
                .filter(|at| rows.get(*at).is_some_and(|row| lies_in(row, &sample)))
                .collect();
            let words: Vec<&str> = sample.iter().map(|sample| sample.words.as_str()).collect();
            let words = words.join(", ");
            match matching.as_slice() {
                [] => {
                    let diagnostic = Diagnostic::at(
                        Code::T401,
                        written.span,
                        format!("nothing is said of {words}"),
                    );
                    let cells = "any | ".repeat(keys.len());
                    self.problems.push(match written.kind {
                        ast::LookupKind::Matrix => diagnostic.help(
                            "let one range start where the one before ends",
                            "30% to under 35%",
                        ),
                        ast::LookupKind::Value => diagnostic.help(
                            "add a row, or one for all others at the end",
                            format!("| {cells}… |"),
                        ),
                    });
                    return false;
                }
                [first, rest @ ..] => {
                    if let Some(seen) = first_of.get_mut(*first) {
                        *seen = true;
                    }
                    if let (Some(second), None) = (rest.first(), written.first_match)
                        && let (Some(a), Some(b)) = (rows.get(*first), rows.get(*second))
                    {
                        let diagnostic = Diagnostic::at(
                            Code::T402,
                            a.span,
                            format!("two rows both claim {words}"),
                        )
                        .saying("this row")
                        .label(b.span, "and this one");
                        self.problems.push(match written.kind {
                            ast::LookupKind::Matrix => diagnostic,
                            ast::LookupKind::Value => diagnostic.help(
                                "if the first one that matches decides, say so",
                                "first match",
                            ),
                        });
                        return false;
                    }
                }
            }
        }
        for (row, _) in rows.iter().zip(&first_of).filter(|(_, seen)| !**seen) {
            whole = false;
            self.problems.push(
                Diagnostic::at(Code::T403, row.span, "this row never decides")
                    .saying("rows above it claim all that it claims")
                    .help("take it away, or put it above them", ""),
            );
        }
        whole
    }

    /// T403: whether every range can happen.
    fn inside(&mut self, keys: &[Expr], rows: &[LookupRow]) -> bool {
        let mut all = true;
        for (at, key) in keys.iter().enumerate() {
            let domain = bounds(key, &self.plan);
            let mut said = BTreeSet::new();
            for row in rows {
                let Some(Some(range)) = row.ranges.get(at) else {
                    continue;
                };
                let words = Bounds::of_range(range).words(|end| shown(end, key.ty, &self.plan));
                if domain.misses(range) && said.insert(words.clone()) {
                    all = false;
                    self.problems
                        .push(tables::outside(row.span, &words, &domain, key, &self.plan));
                }
            }
        }
        all
    }

    /// Points of one key that tell all its ranges apart.
    fn samples(&self, key: &Expr, rows: &[LookupRow], at: usize) -> Vec<Sample> {
        let ranges = || rows.iter().filter_map(|row| row.ranges.get(at)?.as_ref());
        let mut samples = Vec::new();
        let texts: Vec<&String> = ranges()
            .filter_map(|range| match range {
                Range::Text(text) => Some(text),
                Range::Numbers { .. } => None,
            })
            .collect();
        let declared = match &key.kind {
            ExprKind::Fact(column, _) => self.plan.people.columns.get(column.0),
            ExprKind::Column(source, column) => self.plan.source(*source).columns.get(column.0),
            _ => None,
        };
        if matches!(key.ty, Type::Text | Type::Person) {
            let list = declared.and_then(|column| column.one_of.as_ref());
            // The currency in which each payee is paid is one in each instance of a plan.
            let own = match &key.kind {
                ExprKind::Text(code) => Some(vec![code.clone()]),
                _ => None,
            };
            let list = own.as_ref().or(list);
            let known: Vec<&String> = list.map_or(texts, |list| list.iter().collect());
            for text in known {
                if !samples
                    .iter()
                    .any(|s: &Sample| s.point == Point::Text(text.clone()))
                {
                    samples.push(Sample {
                        words: format!("\"{text}\""),
                        point: Point::Text(text.clone()),
                    });
                }
            }
            if list.is_none() {
                samples.push(Sample {
                    words: "anything else".to_owned(),
                    point: Point::Other,
                });
            }
        } else {
            samples = self.numbers(key, ranges());
        }
        if declared.is_some_and(|column| column.optional) {
            samples.push(Sample {
                words: "an empty cell".to_owned(),
                point: Point::Other,
            });
        }
        samples
    }

    fn numbers<'r>(&self, key: &Expr, ranges: impl Iterator<Item = &'r Range>) -> Vec<Sample> {
        let mut ends: Vec<Exact> = ranges
            .flat_map(|range| match range {
                Range::Numbers { low, high } => [low.clone(), high.clone()],
                Range::Text(_) => [None, None],
            })
            .flatten()
            .map(|(end, _)| end)
            .collect();
        if ends.is_empty() {
            return vec![Sample {
                words: "anything".to_owned(),
                point: Point::Number(Exact::ZERO),
            }];
        }
        // Where the key never is, nothing has to be said.
        let domain = bounds(key, &self.plan);
        let own_ends = [&domain.low, &domain.high].into_iter().flatten();
        ends.extend(own_ends.map(|(end, _)| end.clone()));
        ends.sort();
        ends.dedup();
        let words = |end: &Exact| shown(end, key.ty, &self.plan);
        let mut samples = Vec::new();
        let (Some(first), Some(last)) = (ends.first(), ends.last()) else {
            return samples;
        };
        samples.push(Sample {
            words: format!("under {}", words(first)),
            point: Point::Number(first.clone() - Exact::ONE),
        });
        for (at, end) in ends.iter().enumerate() {
            samples.push(Sample {
                words: format!("exactly {}", words(end)),
                point: Point::Number(end.clone()),
            });
            if let Some(next) = ends.get(at + 1) {
                samples.push(Sample {
                    words: format!("between {} and {}", words(end), words(next)),
                    point: Point::Number((end.clone() + next.clone()) * Exact::fixed(1, 2)),
                });
            }
        }
        samples.push(Sample {
            words: format!("above {}", words(last)),
            point: Point::Number(last.clone() + Exact::ONE),
        });
        samples.retain(|sample| match &sample.point {
            Point::Number(number) => domain.may_be(number),
            Point::Text(_) | Point::Other => true,
        });
        samples
    }

    pub(in crate::meaning) fn rate(&mut self, written: &ast::Rate) -> Option<RateId> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let mut ty = None;
        let mut rows = Vec::new();
        let mut broken = written.broken;
        for (days, value) in &written.rows {
            let value = self.expr(value, &mut place);
            let fits = self.one_type(&mut ty, &value);
            match self.a_constant(&value) {
                Some(value) if fits => rows.push(DatedRow {
                    first: days.value.0,
                    last: days.value.1,
                    value,
                    span: days.span,
                }),
                _ => broken = true,
            }
        }
        let ty = ty?;
        rows.sort_by_key(|row| (row.first, row.last));
        if broken || !self.days_covered(&written.name.text, &rows, written.span) {
            return None;
        }
        self.plan.rates.push(Rate {
            name: written.name.text.clone(),
            label: self.label_to_date(label(&written.name, written.label.as_ref())),
            rows,
            ty,
            span: written.span,
        });
        Some(RateId(self.plan.rates.len() - 1))
    }

    /// D601: every day of the plan has one value.
    fn days_covered(&mut self, name: &str, rows: &[DatedRow], head: Span) -> bool {
        let mut whole = true;
        for pair in rows.windows(2) {
            let [a, b] = pair else { continue };
            let next = a.last.add_days(1);
            if b.first <= a.last {
                whole = false;
                self.problems.push(
                    Diagnostic::at(
                        Code::D601,
                        b.span,
                        format!("`{name}` has two values on {}", b.first),
                    )
                    .saying("and this row holds then, too")
                    .label(a.span, "this row holds on that day"),
                );
            } else if next.is_some_and(|next| next < b.first) {
                whole = false;
                let day = next.unwrap_or(a.last);
                self.problems.push(
                    Diagnostic::at(Code::D601, a.span, format!("no `{name}` on {day}"))
                        .saying("this row ends the day before")
                        .label(b.span, "and this one starts later")
                        .help("let one row end the day before the next starts", ""),
                );
            }
        }
        let (first, last) = self.plan.effective;
        let ends: Option<(Date, Date)> = rows
            .first()
            .zip(rows.last())
            .map(|(a, b)| (a.first, b.last));
        if let Some((from, through)) = ends
            && whole
            && (from > first || through < last)
        {
            whole = false;
            let day = if from > first { first } else { last };
            self.problems.push(
                Diagnostic::at(Code::D601, head, format!("no `{name}` on {day}"))
                    .saying(format!("it has values from {from} through {through}"))
                    .note(format!("The plan holds from {first} through {last}.")),
            );
        }
        whole
    }
}

/// A point of one key, in words.
struct Sample {
    words: String,
    point: Point,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Point {
    Number(Exact),
    Text(String),
    /// A text that no row names, or an empty cell.
    Other,
}

fn lies_in(row: &LookupRow, sample: &[&Sample]) -> bool {
    row.ranges
        .iter()
        .zip(sample)
        .all(|(range, sample)| match (range, &sample.point) {
            (None, _) => true,
            (Some(Range::Text(text)), Point::Text(own)) => text == own,
            (Some(range @ Range::Numbers { .. }), Point::Number(number)) => range.contains(number),
            _ => false,
        })
}

fn label(name: &ast::Name, label: Option<&ast::Spanned<String>>) -> String {
    label.map_or_else(|| name.text.clone(), |label| label.value.clone())
}
