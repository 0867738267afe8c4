//! Piecewise-linear functions of results from 0 upwards, exact.

use crate::base::Exact;
use crate::meaning::plan::Range;

/// `slope × x + intercept`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How much one more pays.
    pub slope: Exact,
    /// The value at 0, were the line continued there.
    pub intercept: Exact,
}

impl Line {
    /// The value at a point.
    pub fn at(&self, x: &Exact) -> Exact {
        self.slope.clone() * x.clone() + self.intercept.clone()
    }

    fn constant(value: Exact) -> Line {
        Line {
            slope: Exact::ZERO,
            intercept: value,
        }
    }
}

/// A function on `x ≥ 0`: a value at each break, a line on each open stretch between two breaks. The first
/// break is 0, the last stretch has no end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Breaks in order, each with the function's own value there.
    pub points: Vec<(Exact, Exact)>,
    /// The line right of each break.
    pub lines: Vec<Line>,
}

/// Values around a break at which they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jump {
    /// Where.
    pub at: Exact,
    /// Coming from the left.
    pub before: Exact,
    /// At the break itself.
    pub value: Exact,
    /// Going on to the right.
    pub after: Exact,
}

impl Jump {
    /// The largest rise or fall at the break.
    pub fn change(&self) -> Exact {
        self.after.clone().max(self.value.clone()) - self.before.clone()
    }

    /// How much is lost, where something is.
    pub fn fall(&self) -> Exact {
        let first = self.before.clone() - self.value.clone();
        let second = self.value.clone().max(self.before.clone()) - self.after.clone();
        first.max(second)
    }
}

impl Function {
    /// The same value everywhere.
    pub fn constant(value: Exact) -> Function {
        Function {
            points: vec![(Exact::ZERO, value.clone())],
            lines: vec![Line::constant(value)],
        }
    }

    /// The quantity itself.
    pub fn identity() -> Function {
        Function {
            points: vec![(Exact::ZERO, Exact::ZERO)],
            lines: vec![Line {
                slope: Exact::ONE,
                intercept: Exact::ZERO,
            }],
        }
    }

    /// The value at a point; points below 0 count as 0.
    pub fn at(&self, x: &Exact) -> Exact {
        match self.points.binary_search_by(|(at, _)| at.cmp(x)) {
            Ok(at) => self.points[at].1.clone(),
            Err(0) => self.points[0].1.clone(),
            Err(after) => self.lines[after - 1].at(x),
        }
    }

    /// The same function with more breaks.
    fn with_breaks(&self, more: impl IntoIterator<Item = Exact>) -> Function {
        let mut breaks: Vec<Exact> = self.points.iter().map(|(x, _)| x.clone()).collect();
        breaks.extend(more.into_iter().filter(|x| x.is_positive()));
        breaks.sort();
        breaks.dedup();
        let lines = breaks.iter().map(|x| self.right_of(x).clone()).collect();
        let points = breaks
            .into_iter()
            .map(|x| (x.clone(), self.at(&x)))
            .collect();
        Function { points, lines }
    }

    /// The line just right of a point.
    fn right_of(&self, x: &Exact) -> &Line {
        let after = self.points.partition_point(|(at, _)| at <= x);
        &self.lines[after.saturating_sub(1)]
    }

    fn breaks(&self) -> Vec<Exact> {
        self.points.iter().map(|(x, _)| x.clone()).collect()
    }

    /// Both on the same breaks.
    fn aligned(&self, other: &Function) -> (Function, Function) {
        (
            self.with_breaks(other.breaks()),
            other.with_breaks(self.breaks()),
        )
    }

    fn zip(
        &self,
        other: &Function,
        value: impl Fn(&Exact, &Exact) -> Exact,
        line: impl Fn(&Line, &Line) -> Option<Line>,
    ) -> Option<Function> {
        let (a, b) = self.aligned(other);
        let points = a
            .points
            .iter()
            .zip(&b.points)
            .map(|((x, p), (_, q))| (x.clone(), value(p, q)))
            .collect();
        let lines: Option<Vec<Line>> = a
            .lines
            .iter()
            .zip(&b.lines)
            .map(|(p, q)| line(p, q))
            .collect();
        Some(
            Function {
                points,
                lines: lines?,
            }
            .simplified(),
        )
    }

    /// The sum.
    pub fn add(&self, other: &Function) -> Function {
        let sum = self.zip(
            other,
            |a, b| a.clone() + b.clone(),
            |a, b| {
                Some(Line {
                    slope: a.slope.clone() + b.slope.clone(),
                    intercept: a.intercept.clone() + b.intercept.clone(),
                })
            },
        );
        sum.unwrap_or_else(|| Function::constant(Exact::ZERO))
    }

    /// Times a constant.
    pub fn scale(&self, by: &Exact) -> Function {
        Function {
            points: self
                .points
                .iter()
                .map(|(x, value)| (x.clone(), value.clone() * by.clone()))
                .collect(),
            lines: self
                .lines
                .iter()
                .map(|line| Line {
                    slope: line.slope.clone() * by.clone(),
                    intercept: line.intercept.clone() * by.clone(),
                })
                .collect(),
        }
    }

    /// The product, where one side is level on every stretch; `None` where it would be curved.
    pub fn times(&self, other: &Function) -> Option<Function> {
        self.zip(
            other,
            |a, b| a.clone() * b.clone(),
            |a, b| {
                let (level, line) = if a.slope.is_zero() { (a, b) } else { (b, a) };
                level.slope.is_zero().then(|| Line {
                    slope: line.slope.clone() * level.intercept.clone(),
                    intercept: line.intercept.clone() * level.intercept.clone(),
                })
            },
        )
    }

    /// The constant it is, if it is one.
    pub fn as_constant(&self) -> Option<Exact> {
        let (_, first) = self.points.first()?;
        let level = self
            .lines
            .iter()
            .all(|line| line.slope.is_zero() && line.intercept == *first);
        (level && self.points.iter().all(|(_, value)| value == first)).then(|| first.clone())
    }

    /// Where it equals a constant inside a stretch.
    fn crossings(&self, level: &Function) -> Vec<Exact> {
        let (a, b) = self.aligned(level);
        let mut found = Vec::new();
        for (at, (p, q)) in a.lines.iter().zip(&b.lines).enumerate() {
            let slope = p.slope.clone() - q.slope.clone();
            let gap = q.intercept.clone() - p.intercept.clone();
            if let Some(x) = gap.checked_div(&slope) {
                let start = &a.points[at].0;
                let end = a.points.get(at + 1).map(|(x, _)| x);
                if x > *start && end.is_none_or(|end| x < *end) {
                    found.push(x);
                }
            }
        }
        found
    }

    /// The lesser of both, everywhere.
    pub fn min(&self, other: &Function) -> Function {
        self.choose(other, |a, b| a <= b)
    }

    /// The greater of both, everywhere.
    pub fn max(&self, other: &Function) -> Function {
        self.choose(other, |a, b| a >= b)
    }

    fn choose(&self, other: &Function, first: impl Fn(&Exact, &Exact) -> bool) -> Function {
        let crossings = self.crossings(other);
        let (a, b) = self.with_breaks(crossings).aligned(other);
        let mut chosen = a.clone();
        for at in 0..a.points.len() {
            let (x, p) = &a.points[at];
            let q = &b.points[at].1;
            chosen.points[at] = (x.clone(), if first(p, q) { p.clone() } else { q.clone() });
            let inside = a.inside(at);
            let use_first = first(&a.lines[at].at(&inside), &b.lines[at].at(&inside));
            chosen.lines[at] = if use_first {
                a.lines[at].clone()
            } else {
                b.lines[at].clone()
            };
        }
        chosen.simplified()
    }

    /// A point inside the stretch right of a break.
    fn inside(&self, at: usize) -> Exact {
        let (start, _) = &self.points[at];
        match self.points.get(at + 1) {
            Some((end, _)) => (start.clone() + end.clone()) * Exact::fixed(1, 2),
            None => start.clone() + Exact::ONE,
        }
    }

    /// `then` where this function lies in a range, `otherwise` elsewhere.
    pub fn select(&self, range: &Range, then: &Function, otherwise: &Function) -> Function {
        let mut breaks = Vec::new();
        if let Range::Numbers { low, high } = range {
            for (edge, _) in low.iter().chain(high) {
                breaks.extend(self.crossings(&Function::constant(edge.clone())));
            }
        }
        let all: Vec<Exact> = breaks
            .into_iter()
            .chain(self.breaks())
            .chain(then.breaks())
            .chain(otherwise.breaks())
            .collect();
        let (own, then, otherwise) = (
            self.with_breaks(all.clone()),
            then.with_breaks(all.clone()),
            otherwise.with_breaks(all),
        );
        let mut chosen = own.clone();
        for at in 0..own.points.len() {
            let (x, value) = &own.points[at];
            let from = if range.contains(value) {
                &then
            } else {
                &otherwise
            };
            chosen.points[at] = (x.clone(), from.points[at].1.clone());
            let inside = own.lines[at].at(&own.inside(at));
            let from = if range.contains(&inside) {
                &then
            } else {
                &otherwise
            };
            chosen.lines[at] = from.lines[at].clone();
        }
        chosen.simplified()
    }

    /// Without breaks at which nothing happens.
    fn simplified(self) -> Function {
        let mut made = Function {
            points: Vec::new(),
            lines: Vec::new(),
        };
        for (point, line) in self.points.into_iter().zip(self.lines) {
            let smooth = made
                .lines
                .last()
                .is_some_and(|before| *before == line && before.at(&point.0) == point.1);
            if !smooth {
                made.points.push(point);
                made.lines.push(line);
            }
        }
        made
    }

    /// Breaks at which it is not continuous, 0 left out.
    pub fn jumps(&self) -> Vec<Jump> {
        (1..self.points.len())
            .map(|at| {
                let (x, value) = &self.points[at];
                Jump {
                    at: x.clone(),
                    before: self.lines[at - 1].at(x),
                    value: value.clone(),
                    after: self.lines[at].at(x),
                }
            })
            .filter(|jump| jump.before != jump.value || jump.value != jump.after)
            .collect()
    }

    /// Stretches with their ends and lines.
    pub fn stretches(&self) -> impl Iterator<Item = (&Exact, Option<&Exact>, &Line)> {
        self.lines.iter().enumerate().map(|(at, line)| {
            (
                &self.points[at].0,
                self.points.get(at + 1).map(|(x, _)| x),
                line,
            )
        })
    }

    /// The least point beyond `from` at which it is at least `level` again.
    pub fn reaches(&self, level: &Exact, from: &Exact) -> Option<Exact> {
        for (start, end, line) in self.stretches() {
            if end.is_some_and(|end| end <= from) {
                continue;
            }
            let start = start.clone().max(from.clone());
            if line.at(&start) >= *level && start > *from {
                return Some(start);
            }
            if line.slope.is_positive()
                && let Some(x) = (level.clone() - line.intercept.clone()).checked_div(&line.slope)
                && x > start
                && end.is_none_or(|end| x <= *end)
            {
                return Some(x);
            }
        }
        None
    }

    /// The largest value; `None` where it grows without end.
    pub fn maximum(&self) -> Option<Exact> {
        if self
            .lines
            .last()
            .is_some_and(|line| line.slope.is_positive())
        {
            return None;
        }
        let ends = self
            .stretches()
            .flat_map(|(start, end, line)| [Some(line.at(start)), end.map(|end| line.at(end))]);
        ends.flatten()
            .chain(self.points.iter().map(|(_, value)| value.clone()))
            .max()
    }
}
