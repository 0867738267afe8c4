//! Ranges of tables: every point has exactly one row. Shares of splits: they make a whole.

use crate::base::{Exact, Money};
use crate::diag::{Code, Diagnostic, Edit, Problems, Span};
use crate::meaning::bounds::Bounds;
use crate::meaning::lower::shown;
use crate::meaning::plan::{ColumnId, Expr, ExprKind, Plan, Range, TierRow};
use crate::meaning::types::Type;
use crate::syntax::ast;

mod numbers;
mod words;

pub(in crate::meaning) use words::{sort, words};

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
            ))
            .help("let them total 100%", "")
            .help("or say which is on top of the whole", "25% overlay"),
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
