//! Whether the rows of a table cover every point of their keys: tried at points that tell all its ranges apart.

use std::collections::BTreeSet;

use crate::base::Exact;
use crate::diag::{Code, Diagnostic};
use crate::meaning::bounds::{Bounds, bounds};
use crate::meaning::lower::{Lower, shown};
use crate::meaning::plan::{Expr, ExprKind, LookupRow, Range};
use crate::meaning::tables;
use crate::meaning::types::Type;
use crate::syntax::ast;

/// The most points at which the rows of one table are tried against each other.
const MOST_POINTS: usize = 100_000;

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

impl Lower<'_> {
    /// One axis of a matrix by itself.
    pub(super) fn covers_axis(
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
    pub(super) fn covers(
        &mut self,
        keys: &[Expr],
        rows: &[LookupRow],
        written: &ast::Lookup,
    ) -> bool {
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
