//! Ranges of tables: every point has exactly one row. Shares of splits: they make a whole.

use crate::base::{Exact, Money};
use crate::diag::{Code, Diagnostic, Edit, Problems, Span};
use crate::meaning::bounds::{Bounds, End};
use crate::meaning::lower::shown;
use crate::meaning::plan::{ColumnId, Expr, ExprKind, Plan, Range, TierRow};
use crate::meaning::types::Type;
use crate::syntax::ast;

/// A literal as it is written.
fn literal_words(expr: &ast::Expr) -> String {
    let hundred = Exact::int(100);
    match &expr.kind {
        ast::ExprKind::Number(n) => n.to_plain(),
        ast::ExprKind::Percent(n) => format!("{}%", (n.clone() * hundred).to_plain()),
        ast::ExprKind::Points(n) => format!("{} points", (n.clone() * hundred).to_plain()),
        ast::ExprKind::Money(n, currency) => {
            let places = if n.is_whole() {
                0
            } else {
                currency.minor_units()
            };
            format!("{} {currency}", n.to_grouped(places))
        }
        ast::ExprKind::MoneyPer(n, currency, unit) => {
            format!("{} {currency} per {}", n.to_plain(), unit.text)
        }
        ast::ExprKind::Quantity(n, unit) => format!("{} {}", n.to_plain(), unit.text),
        ast::ExprKind::Text(text) => format!("\"{text}\""),
        ast::ExprKind::Negative(inner) => format!("-{}", literal_words(inner)),
        _ => "…".to_owned(),
    }
}

/// The number of a literal.
fn literal(expr: &ast::Expr) -> Option<Exact> {
    match &expr.kind {
        ast::ExprKind::Number(n)
        | ast::ExprKind::Percent(n)
        | ast::ExprKind::Points(n)
        | ast::ExprKind::Money(n, _)
        | ast::ExprKind::MoneyPer(n, ..)
        | ast::ExprKind::Quantity(n, _) => Some(n.clone()),
        ast::ExprKind::Negative(inner) => Some(-literal(inner)?),
        _ => None,
    }
}

/// A range as it is written.
pub(in crate::meaning) fn words(range: &ast::Range) -> String {
    let at = |bound: &ast::Bound| literal_words(&bound.value);
    match (&range.low, &range.high) {
        (None, None) => "any".to_owned(),
        (None, Some(high)) if high.included => format!("{} and below", at(high)),
        (None, Some(high)) => format!("under {}", at(high)),
        (Some(low), None) if low.included => format!("{} and above", at(low)),
        (Some(low), None) => format!("above {}", at(low)),
        (Some(low), Some(high))
            if low.included && high.included && low.value.kind == high.value.kind =>
        {
            at(low)
        }
        (Some(low), Some(high)) => {
            let above = if low.included { "" } else { "above " };
            let until = if high.included { "through" } else { "to under" };
            format!("{above}{} {until} {}", at(low), at(high))
        }
    }
}

/// Rows in ascending order of their ranges.
pub(in crate::meaning) fn sort(rows: &mut [TierRow]) {
    rows.sort_by_key(|row| low_key(&row.range));
}

/// Orders ranges by their lower end: without end first, an included end before an excluded one.
fn low_key(range: &Range) -> (Option<Exact>, bool) {
    match range {
        Range::Numbers {
            low: Some((end, included)),
            ..
        } => (Some(end.clone()), !included),
        Range::Numbers { low: None, .. } | Range::Text(_) => (None, false),
    }
}

/// Shares add to 100%, at most.
pub(in crate::meaning) fn shares(
    shares: &[(Option<ColumnId>, Exact, Span)],
    rows: &[&ast::SplitRow],
    clause: Span,
    problems: &mut Problems,
) {
    if rows.is_empty() {
        problems.push(
            Diagnostic::at(
                Code::C501,
                clause,
                "every share is an overlay, and nobody has the record itself",
            )
            .help("say who has it", "| … | 100% |"),
        );
        return;
    }
    let total: Exact = shares
        .iter()
        .fold(Exact::ZERO, |sum, (_, share, _)| sum + share.clone());
    if total == Exact::ONE {
        return;
    }
    let percent = |x: &Exact| format!("{}%", (x.clone() * Exact::int(100)).to_plain());
    let last = rows.last().map_or(clause, |row| row.share.span);
    let missing = Exact::ONE - total.clone();
    let Some(currency) = crate::base::Currency::from_code("USD") else {
        return;
    };
    let million = Money::new(missing.abs() * Exact::int(1_000_000), currency)
        .amount
        .to_grouped(2);
    if missing.is_positive() {
        let row = |who: &str| format!("| {who} | {} |", percent(&missing));
        let insert = |line: &str| {
            vec![Edit::after(
                last,
                format!(" |\n    {}", line.trim_end_matches(" |")),
            )]
        };
        let company = row("the company");
        problems.push(
            Diagnostic::at(
                Code::C501,
                last,
                format!(
                    "{} of every record is credited to nobody",
                    percent(&missing)
                ),
            )
            .saying(format!("total {}", percent(&total)))
            .note(format!(
                "On 1,000,000.00 of credited value that is {million} without an owner."
            ))
            .help(
                "give the rest to one of them, or name who gets it",
                row("…"),
            )
            .fix(
                "leave it uncredited, on purpose",
                company.clone(),
                insert(&company),
            ),
        );
    } else {
        problems.push(
            Diagnostic::at(
                Code::C501,
                last,
                format!("shares add to {}, more than the whole", percent(&total)),
            )
            .saying(format!("total {}", percent(&total)))
            .note(format!(
                "On 1,000,000.00 of value, {million} too much would be credited."
            )),
        );
    }
}

/// T403: a range in which the axis never lies.
pub(in crate::meaning) fn outside(
    at: Span,
    words: &str,
    domain: &Bounds,
    axis: &Expr,
    plan: &Plan,
) -> Diagnostic {
    Diagnostic::at(Code::T403, at, format!("`{words}` never happens"))
        .saying(format!(
            "it is always `{}`",
            domain.words(|end| shown(end, axis.ty, plan))
        ))
        .help("take the row away, or correct its range", "")
}

/// A tier table under check.
pub(in crate::meaning) struct Table<'t> {
    pub(in crate::meaning) name: &'t str,
    /// In the order written.
    pub(in crate::meaning) rows: &'t [TierRow],
    pub(in crate::meaning) written: &'t ast::Tiers,
    /// Whether the axis counts: 0, 1, 2, …
    pub(in crate::meaning) whole: bool,
    /// Between which values the axis lies.
    pub(in crate::meaning) domain: Bounds,
    pub(in crate::meaning) axis: &'t Expr,
    pub(in crate::meaning) ty: Type,
    pub(in crate::meaning) plan: &'t Plan,
}

impl Table<'_> {
    pub(in crate::meaning) fn check(&self, problems: &mut Problems) {
        if self
            .rows
            .iter()
            .any(|row| matches!(row.range, Range::Text(_)))
        {
            self.check_texts(problems);
        } else {
            self.check_numbers(problems);
        }
        self.check_values(problems);
    }

    fn shown(&self, value: &Exact) -> String {
        shown(value, self.axis.ty, self.plan)
    }

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

    fn check_numbers(&self, problems: &mut Problems) {
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

    fn neighbours(&self, a: &TierRow, b: &TierRow, problems: &mut Problems) {
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
    fn joined(&self, diagnostic: Diagnostic, a: &TierRow, b: &TierRow) -> Diagnostic {
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
    fn is_empty(&self, range: &ast::Range) -> bool {
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

    fn value(&self, row: &TierRow) -> String {
        shown(&row.value, self.ty, self.plan)
    }

    /// What the two rows would pay at the point.
    fn with_money(
        &self,
        diagnostic: Diagnostic,
        a: &TierRow,
        b: &TierRow,
        at: &Exact,
    ) -> Diagnostic {
        let (who, pays) = self.someone(a, b, at);
        diagnostic.note(match pays {
            Some((lower, higher)) => format!(
                "{who} would match both rows: {lower} or {higher}. The rows must not share a point."
            ),
            None => "The rows must not share a point.".to_owned(),
        })
    }

    /// Somebody at a point, on a quota of 300,000 where the axis is an attainment, and what each row pays there.
    fn someone(&self, a: &TierRow, b: &TierRow, at: &Exact) -> (String, Option<(String, String)>) {
        let money = |amount: Exact| Money::new(amount, self.plan.currency).to_string();
        let quota = Exact::int(300_000);
        let (who, base) = match (self.axis.ty, self.ty) {
            (Type::Percent, Type::Percent) => (
                format!(
                    "Someone who lands exactly on {} of a {} quota",
                    self.shown(at),
                    money(quota.clone())
                ),
                Some(at.clone() * quota),
            ),
            (Type::Money(_), Type::Percent) => (
                format!("Someone who lands exactly on {}", self.shown(at)),
                Some(at.clone()),
            ),
            _ => (String::new(), None),
        };
        let pays = |row: &TierRow| base.clone().map(|base| money(base * row.value.clone()));
        (who, pays(a).zip(pays(b)))
    }

    fn both_claim(&self, a: &TierRow, b: &TierRow, what: &str) -> Diagnostic {
        let diagnostic = Diagnostic::at(Code::T402, a.span, format!("two rows both claim {what}"))
            .saying("this row")
            .label(b.span, "and this one");
        self.joined(diagnostic, a, b)
    }

    /// The range of a row as it is written.
    fn cell(&self, row: &TierRow) -> Option<&ast::Range> {
        let mut written = self.written.rows.iter();
        written
            .find(|written| written.span == row.span)?
            .range
            .as_ref()
    }

    fn check_texts(&self, problems: &mut Problems) {
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for row in self.rows {
            match &row.range {
                Range::Text(text) => {
                    if let Some((_, first)) = seen.iter().find(|(known, _)| known == text) {
                        problems.push(
                            Diagnostic::at(
                                Code::T402,
                                row.span,
                                format!("two rows both claim \"{text}\""),
                            )
                            .saying("and so does this one")
                            .label(*first, "this row"),
                        );
                    }
                    seen.push((text, row.span));
                }
                Range::Numbers { .. } => problems.push(
                    Diagnostic::at(
                        Code::T402,
                        row.span,
                        "this row claims what the others claim too",
                    )
                    .help("name each text in a row of its own", ""),
                ),
            }
        }
        let list = match &self.axis.kind {
            ExprKind::Fact(column, _) => self.plan.people.columns[column.0].one_of.as_ref(),
            ExprKind::Column(source, column) => {
                self.plan.source(*source).columns[column.0].one_of.as_ref()
            }
            _ => None,
        };
        let Some(list) = list else {
            problems.push(
                Diagnostic::at(
                    Code::T401,
                    self.written.span,
                    format!("`{}` covers only some texts", self.name),
                )
                .help("declare what the column can have", "one of West, East"),
            );
            return;
        };
        for value in list
            .iter()
            .filter(|value| !seen.iter().any(|(known, _)| known == value))
        {
            problems.push(
                Diagnostic::at(
                    Code::T401,
                    self.written.span,
                    format!("nothing is said of \"{value}\""),
                )
                .help("add a row", format!("| \"{value}\" | … |")),
            );
        }
    }

    /// T404 and T405: neighbours that pay the same, and rows that look mistyped.
    fn check_values(&self, problems: &mut Problems) {
        for pair in self.rows.windows(2) {
            if let [a, b] = pair
                && a.value == b.value
                && !matches!(a.range, Range::Text(_))
            {
                problems.push(
                    Diagnostic::at(
                        Code::T404,
                        b.span,
                        "two neighbouring rows pay the same; did one change get lost?",
                    )
                    .saying("this row")
                    .label(a.span, "and this one")
                    .help("make them one row, or correct one", "")
                    .help("or keep both, and say why", "accept T404 because \"…\""),
                );
            }
        }
        let ten = Exact::int(10);
        let five = Exact::int(5);
        let far = |x: &Exact, from: &Exact, by: &Exact| {
            x.is_positive()
                && from.is_positive()
                && (*x >= from.clone() * by.clone() || x.clone() * by.clone() <= *from)
        };
        let values: Vec<&TierRow> = self.rows.iter().collect();
        for (at, row) in values.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|i| values.get(i));
            let after = values.get(at + 1);
            let odd = match (before, after) {
                (Some(before), Some(after)) => {
                    far(&row.value, &before.value, &five) && far(&row.value, &after.value, &five)
                }
                (Some(only), None) => far(&row.value, &only.value, &ten) && row.value > only.value,
                (None, Some(only)) => far(&row.value, &only.value, &ten) && row.value > only.value,
                (None, None) => false,
            };
            if odd {
                let neighbours: Vec<String> = before
                    .into_iter()
                    .chain(after)
                    .map(|row| self.value(row))
                    .collect();
                let smaller = self.value(&TierRow {
                    value: row.value.clone() * Exact::fixed(1, 10),
                    ..(*row).clone()
                });
                problems.push(
                    Diagnostic::at(
                        Code::T405,
                        row.span,
                        format!(
                            "{} beside {}: is {smaller} meant?",
                            self.value(row),
                            neighbours.join(" and ")
                        ),
                    )
                    .saying("this row looks mistyped")
                    .help("correct it", format!("| {} | {smaller} |", row.words))
                    .help("or keep it, and say why", "accept T405 because \"…\""),
                );
            }
        }
    }
}
