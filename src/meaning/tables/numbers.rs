//! Rows whose ranges are of numbers: where one ends, the next one starts.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Edit, Problems, Span};
use crate::meaning::bounds::End;
use crate::meaning::plan::{Range, TierRow};
use crate::meaning::tables::words::{literal, low_key, words};
use crate::meaning::tables::{Table, outside};
use crate::meaning::types::Type;
use crate::syntax::ast;

impl Table<'_> {
    /// Whole numbers have a next one: `above 10` starts at 11.
    fn ends(&self, range: &Range) -> (End, End) {
        let Range::Numbers { low, high } = range else {
            return (None, None);
        };
        if !self.whole {
            return (low.clone(), high.clone());
        }
        let up = |x: &Exact, included: bool| {
            let floor = x.floor();
            if *x == floor && included {
                floor
            } else {
                floor + Exact::ONE
            }
        };
        let down = |x: &Exact, included: bool| {
            let floor = x.floor();
            if *x == floor && !included {
                floor - Exact::ONE
            } else {
                floor
            }
        };
        let low = low
            .as_ref()
            .map(|(x, included)| (up(x, *included), true))
            .or(Some((Exact::ZERO, true)));
        let high = high
            .as_ref()
            .map(|(x, included)| (down(x, *included), true));
        (low, high)
    }

    pub(super) fn check_numbers(&self, problems: &mut Problems) {
        let mut order: Vec<&TierRow> = Vec::new();
        for row in self.rows {
            let (low, high) = self.ends(&row.range);
            let empty = match (&low, &high) {
                (Some((low, a)), Some((high, b))) => low > high || (low == high && !(*a && *b)),
                _ => false,
            };
            if empty {
                problems.push(
                    Diagnostic::at(
                        Code::T403,
                        row.span,
                        format!("`{}` never happens", row.words),
                    )
                    .saying("this row has no point in it")
                    .help("correct one end of its range, or delete the row", ""),
                );
            } else if self.domain.misses(&row.range) {
                problems.push(outside(
                    row.span,
                    &row.words,
                    &self.domain,
                    self.axis,
                    self.plan,
                ));
            } else {
                order.push(row);
            }
        }
        let mut sorted = order.clone();
        sorted.sort_by_key(|row| low_key(&row.range));
        if sorted.iter().zip(&order).any(|(a, b)| a.span != b.span) {
            let at = sorted
                .iter()
                .zip(&order)
                .find(|(a, b)| a.span != b.span)
                .map_or(self.written.span, |(_, b)| b.span);
            problems.push(
                Diagnostic::at(Code::T404, at, "rows are not in ascending order")
                    .saying("this row stands too early or too late")
                    .help("sort them from the lowest range to the highest", ""),
            );
        }
        self.first_and_last(&sorted, problems);
        for pair in sorted.windows(2) {
            if let [a, b] = pair {
                self.neighbours(a, b, problems);
            }
        }
    }

    fn first_and_last(&self, sorted: &[&TierRow], problems: &mut Problems) {
        let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
            return;
        };
        let (low, _) = self.ends(&first.range);
        let starts = low.as_ref().is_none_or(|(end, included)| {
            self.domain.misses(&Range::Numbers {
                low: None,
                high: Some((end.clone(), !included)),
            })
        });
        if !starts && let Some((end, included)) = &low {
            let words = if *included {
                format!("under {}", self.shown(end))
            } else {
                format!("{} and below", self.shown(end))
            };
            let shown = format!("| {words} | {} |", self.zero());
            problems.push(
                Diagnostic::at(
                    Code::T401,
                    first.span,
                    format!(
                        "nothing is said of {}",
                        if *included {
                            format!("results under {}", self.shown(end))
                        } else {
                            format!("results of {} and below", self.shown(end))
                        }
                    ),
                )
                .saying("the table starts here")
                .note("Results can be low, and below zero after returns; every one needs a row.")
                .fix(
                    "say what they are worth",
                    shown.clone(),
                    vec![Edit {
                        span: Span {
                            end: first.span.start,
                            ..first.span
                        },
                        text: format!("{shown}\n  "),
                    }],
                ),
            );
        }
        if let (_, Some((end, included))) = self.ends(&last.range)
            && !self.domain.misses(&Range::Numbers {
                low: Some((end.clone(), !included)),
                high: None,
            })
        {
            let words = if included {
                format!("above {}", self.shown(&end))
            } else {
                format!("{} and above", self.shown(&end))
            };
            problems.push(
                Diagnostic::at(Code::T401, last.span, format!("nothing is said of {words}"))
                    .saying("the table ends here")
                    .help("add a last row", format!("| {words} | … |")),
            );
        }
    }

    fn zero(&self) -> String {
        match self.ty {
            Type::Percent => "0%".to_owned(),
            Type::Money(currency) => format!("0 {currency}"),
            _ => "0".to_owned(),
        }
    }

    pub(super) fn neighbours(&self, a: &TierRow, b: &TierRow, problems: &mut Problems) {
        let (_, high) = self.ends(&a.range);
        let (low, _) = self.ends(&b.range);
        let Some((low, low_in)) = low else {
            problems.push(self.both_claim(a, b, "the lowest results"));
            return;
        };
        let Some((high, high_in)) = high else {
            problems.push(self.both_claim(a, b, &format!("{} and more", self.shown(&low))));
            return;
        };
        if self.whole {
            let next = high.clone() + Exact::ONE;
            if low < next {
                problems.push(self.both_claim(a, b, &self.shown(&low)));
            } else if low > next {
                problems.push(self.gap(
                    a,
                    b,
                    &format!(
                        "{} to {}",
                        self.shown(&next),
                        self.shown(&(low.clone() - Exact::ONE))
                    ),
                ));
            }
            return;
        }
        if low == high {
            match (high_in, low_in) {
                (true, true) => problems.push(self.touch(a, b, &high)),
                (false, false) => {
                    problems.push(self.gap(a, b, &format!("exactly {}", self.shown(&high))))
                }
                _ => {}
            }
        } else if low < high {
            problems.push(self.both_claim(
                a,
                b,
                &format!("{} to {}", self.shown(&low), self.shown(&high)),
            ));
        } else {
            problems.push(self.gap(
                a,
                b,
                &format!("between {} and {}", self.shown(&high), self.shown(&low)),
            ));
        }
    }

    fn gap(&self, a: &TierRow, b: &TierRow, what: &str) -> Diagnostic {
        let diagnostic = Diagnostic::at(
            Code::T401,
            a.span,
            format!("nobody is paid {what}: no row covers it"),
        )
        .saying("this row ends below")
        .label(b.span, "and this one starts above");
        let middle = match (self.ends(&a.range).1, self.ends(&b.range).0) {
            (Some((high, _)), Some((low, _))) => (high + low) * Exact::fixed(1, 2),
            _ => return diagnostic,
        };
        let (who, pays) = self.someone(a, b, &middle);
        let diagnostic = match pays {
            Some((lower, higher)) if !self.whole => diagnostic.note(format!(
                "{who} would match no row: neither {lower} nor {higher} is paid."
            )),
            _ => diagnostic,
        };
        self.joined(diagnostic, a, b)
    }

    /// The two ways to let one row start where the other ends.
    pub(super) fn joined(&self, diagnostic: Diagnostic, a: &TierRow, b: &TierRow) -> Diagnostic {
        let (Some(first), Some(second)) = (self.cell(a), self.cell(b)) else {
            return diagnostic;
        };
        let beside = |bound: &ast::Bound| ast::Bound {
            value: bound.value.clone(),
            included: !bound.included,
        };
        let upper = second.low.as_ref().map(|low| ast::Range {
            high: Some(beside(low)),
            ..first.clone()
        });
        let lower = first.high.as_ref().map(|high| ast::Range {
            low: Some(beside(high)),
            ..second.clone()
        });
        let ways = [(a, upper), (b, lower)];
        ways.into_iter().fold(diagnostic, |d, (row, range)| {
            let Some(range) = range.filter(|range| !self.is_empty(range)) else {
                return d;
            };
            let text = words(&range);
            let edit = Edit {
                span: range.span,
                text: text.clone(),
            };
            d.fix(
                format!("pay {} there too", self.value(row)),
                format!("| {text} | {} |", self.value(row)),
                vec![edit],
            )
        })
    }

    /// Whether a range of literals holds nothing.
    pub(super) fn is_empty(&self, range: &ast::Range) -> bool {
        let end = |bound: &Option<ast::Bound>| {
            let bound = bound.as_ref()?;
            Some((literal(&bound.value)?, bound.included))
        };
        match (end(&range.low), end(&range.high)) {
            (Some((low, a)), Some((high, b))) => low > high || (low == high && !(a && b)),
            _ => false,
        }
    }

    /// Both rows hold one point.
    fn touch(&self, a: &TierRow, b: &TierRow, at: &Exact) -> Diagnostic {
        let point = self.shown(at);
        let (Some(first), Some(second)) = (self.cell(a), self.cell(b)) else {
            return self.both_claim(a, b, &point);
        };
        let open = |bound: &Option<ast::Bound>| {
            bound.clone().map(|bound| ast::Bound {
                included: false,
                ..bound
            })
        };
        let under = ast::Range {
            high: open(&first.high),
            ..first.clone()
        };
        let above = ast::Range {
            low: open(&second.low),
            ..second.clone()
        };
        let diagnostic = Diagnostic::at(
            Code::T402,
            first.span,
            format!("two rows both claim exactly {point}"),
        )
        .saying(format!("this row includes {point}"))
        .label(second.span, "and so does this one");
        let diagnostic = self.with_money(diagnostic, a, b, at);
        let ways = [("later", a, under), ("earlier", b, above)];
        let ways = ways
            .into_iter()
            .filter(|(_, _, range)| !self.is_empty(range));
        ways.fold(diagnostic, |d, (other, row, range)| {
            let text = words(&range);
            d.fix(
                format!("give {point} to the {other} row"),
                format!("| {text} | {} |", self.value(row)),
                vec![Edit {
                    span: range.span,
                    text,
                }],
            )
        })
    }
}
