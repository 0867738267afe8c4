//! Prizes: every place from the first on has one, and each can be paid.

use crate::base::{Exact, Mode, Rounding};
use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::contests::replace;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Lower, shown};
use crate::meaning::plan::{Gives, Prize, RankBy};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast;

impl Lower<'_> {
    pub(super) fn prizes(
        &mut self,
        written: &ast::Contest,
        prizes: &[ast::PrizeRow],
        ties: Option<&ast::Spanned<ast::Ties>>,
        order: Option<&[RankBy]>,
    ) -> Option<Gives> {
        let rows = self.prize_rows(prizes);
        let ties = match ties {
            Some(ties) => self.ties(&ties.value, order, prizes),
            None => {
                if !written.broken {
                    self.no_ties(written, rows.as_deref().unwrap_or_default(), order);
                }
                None
            }
        };
        let rows = rows?;
        let is_whole = written.broken || self.no_gaps(&rows);
        is_whole.then_some(())?;
        Some(Gives::Prizes { rows, ties: ties? })
    }

    /// Rows in the order of their places, each with a prize that can be paid.
    fn prize_rows(&mut self, written: &[ast::PrizeRow]) -> Option<Vec<Prize>> {
        let mut rows = Vec::new();
        for row in written {
            rows.push(self.prize_row(row));
        }
        let mut rows: Vec<Prize> = rows.into_iter().collect::<Option<_>>()?;
        rows.sort_by_key(|row| row.first);
        (!rows.is_empty()).then_some(rows)
    }

    fn prize_row(&mut self, row: &ast::PrizeRow) -> Option<Prize> {
        let (first, last) = row.places.value;
        let mut place = Place::new(PlaceKind::Person, row.span);
        let prize = self.expr(&row.prize, &mut place);
        if !self.want(&prize, Type::Money(self.plan.currency)) {
            return None;
        }
        let amount = constant(&prize)?;
        if first != last && !row.each {
            self.prize_of_each(row, &amount, last - first + 1);
            return None;
        }
        self.can_be_paid(&amount, prize.span).then_some(Prize {
            first,
            last,
            prize: amount,
            span: row.span,
        })
    }

    /// C511: one sum beside several places is for each of them or for all.
    fn prize_of_each(&mut self, row: &ast::PrizeRow, amount: &Exact, places: u32) {
        let ty = Type::Money(self.plan.currency);
        let words = shown(amount, ty, &self.plan);
        let all = shown(
            &(amount.clone() * Exact::int(places.into())),
            ty,
            &self.plan,
        );
        let each = format!("{words} each");
        let at = row.prize.span;
        self.problems.push(
            Diagnostic::at(
                Code::C511,
                at,
                format!("is it {words} for each of these {places} places, or for all of them?"),
            )
            .note(format!("For each of them it is {all} in all."))
            .fix("for each", each.clone(), replace(at, &each))
            .help("for all of them: write the part of each", "… each"),
        );
    }

    /// R904: nothing rounds a prize, so it is paid as it is written.
    pub(super) fn can_be_paid(&mut self, amount: &Exact, span: Span) -> bool {
        let is_whole = self.smallest_coin().is_multiple(amount);
        if !is_whole {
            let words = shown(amount, Type::Money(self.plan.currency), &self.plan);
            self.problems.push(
                Diagnostic::at(Code::R904, span, format!("{words} cannot be paid"))
                    .saying("it is not whole cents, and nothing rounds it")
                    .help("write an amount that can be paid", "0.01 USD, 5,000 USD"),
            );
        }
        is_whole
    }

    fn smallest_coin(&self) -> Rounding {
        Rounding {
            unit: self.plan.currency.minor_unit(),
            mode: Mode::Down,
        }
    }

    /// T401 and T402: every place from the first on has one prize.
    fn no_gaps(&mut self, rows: &[Prize]) -> bool {
        let mut next = 1;
        for (at, row) in rows.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| rows.get(at));
            let problem = if row.first > next {
                Diagnostic::at(
                    Code::T401,
                    row.span,
                    format!("no row says what place {next} is worth"),
                )
                .help("add a row", format!("| {next} | … |"))
            } else if row.first < next {
                Diagnostic::at(
                    Code::T402,
                    row.span,
                    format!("two rows say what place {} is worth", row.first),
                )
                .saying("and so does this one")
                .help("let each place stand in one row", format!("| {next} | … |"))
            } else {
                next = row.last + 1;
                continue;
            };
            self.problems.push(match before {
                Some(before) => problem.label(before.span, "the row before it"),
                None => problem,
            });
            return false;
        }
        true
    }

    /// R903: a prize that the unit of shares does not divide always leaves something over.
    pub(super) fn odd_prizes(&mut self, unit: &Exact, prizes: &[ast::PrizeRow]) {
        let rounding = Rounding {
            unit: unit.clone(),
            mode: Mode::Down,
        };
        for row in prizes {
            let ast::ExprKind::Money(amount, _) = &row.prize.kind else {
                continue;
            };
            // Of one that cannot be paid at all it has been said.
            if self.smallest_coin().is_multiple(amount) && !rounding.is_multiple(amount) {
                let words = shown(amount, Type::Money(self.plan.currency), &self.plan);
                self.problems.push(
                    Diagnostic::at(
                        Code::R903,
                        row.prize.span,
                        format!("shares of {words} leave something over"),
                    )
                    .saying(format!("shares are rounded to {}", unit.to_plain()))
                    .note("Whoever gets the remainder gets that too.")
                    .help("or keep it, and say why", "accept R903 because \"…\""),
                );
            }
        }
    }
}

/// The last of the lines that say who comes first.
pub(super) fn last_rank(written: &ast::Contest) -> Span {
    written.order.last().map_or(written.span, |line| line.span)
}
