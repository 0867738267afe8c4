//! `credit`: who gets how much of a record.

use crate::base::{Mode, Residue, Rounding};
use crate::diag::{Code, Diagnostic, Edit};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{
    ColumnId, Credit, CreditId, Expr, ExprKind, Function, Receivers, Split, WrittenSplit,
};
use crate::meaning::row_splits::takes_the_rest;
use crate::meaning::sign::constant;
use crate::meaning::tables;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, BinaryOp};

impl<'a> Lower<'a> {
    pub(in crate::meaning) fn credit(&mut self, written: &ast::Credit) -> Option<CreditId> {
        let (source, word) = written.from.as_ref()?;
        let source = self.source(source)?;
        let mut place = Place::new(PlaceKind::Record(source, word.text.clone()), written.span);
        let mut when = Vec::new();
        for condition in &written.when {
            let condition = self.expr(condition, &mut place);
            self.want(&condition, Type::Bool);
            when.push(condition);
        }
        let dated_by = written
            .dated_by
            .as_ref()
            .and_then(|date| self.column_of(date, Type::Date, &mut place));
        let corrections = self.corrections(written, &mut place);
        let amount = written
            .amount
            .as_ref()
            .map(|amount| self.expr(amount, &mut place));
        if let Some(amount) = &amount {
            self.want_number(amount);
        }
        let amount = amount.map(|amount| match &written.cap {
            None => amount,
            Some(cap) => {
                let cap = self.expr(cap, &mut place);
                within(amount, cap, self)
            }
        });
        let share_cap = match &written.share_cap {
            None => None,
            Some(cap) => {
                let cap = self.expr(cap, &mut place);
                let fits = amount
                    .as_ref()
                    .is_none_or(|amount| self.want(&cap, amount.ty));
                match constant(&cap) {
                    Some(cap) if fits => Some(cap.abs()),
                    None if fits => {
                        let why = "the most of a share is a constant";
                        self.problems
                            .push(errors::wrong_place("this", cap.span, why));
                        return None;
                    }
                    _ => return None,
                }
            }
        };
        let to = written
            .to
            .as_ref()
            .map(|to| self.column_of(to, Type::Person, &mut place));
        let split = match &written.split {
            Some(split) if written.everyone.is_none() => {
                Some(self.split(split, written, &mut place)?)
            }
            _ => None,
        };
        let split = match &written.everyone {
            Some(everyone) => Some(self.everyone(everyone, written, &mut place)?),
            None => split,
        };
        let rounding = self.credit_rounding(written);
        // A split without a condition gives everything away; `to` then has nothing left to get.
        let always_split = match &split {
            Some(Split::Written(split)) => split.when.is_none(),
            Some(Split::FromRows(split)) => takes_the_rest(split.by),
            Some(Split::Among(_)) => true,
            None => false,
        };
        let to = match to {
            Some(column) => Some(column?).filter(|_| !always_split),
            None => None,
        };
        let label = written.name.called(written.label.as_ref());
        self.plan.credits.push(Credit {
            name: written.name.text.clone(),
            label,
            source,
            record_word: word.text.clone(),
            when,
            dated_by: dated_by?,
            corrections: corrections?,
            amount: amount?,
            share_cap,
            receivers: Receivers { to, split },
            rounding,
            rollup: None,
            by_hand: None,
            span: written.span,
        });
        Some(CreditId(self.plan.credits.len() - 1))
    }

    pub(in crate::meaning) fn credit_rounding(
        &mut self,
        written: &ast::Credit,
    ) -> Option<(Rounding, Residue)> {
        match (&written.round, &written.remainder) {
            (Some(round), remainder) => {
                if let ast::RoundLevel::Total | ast::RoundLevel::ToDate | ast::RoundLevel::Each(_) =
                    round.level
                {
                    self.problems.push(rounds_each_share("a credit", round));
                    return None;
                }
                if has_parts(written) && round.mode != Mode::Down {
                    self.problems.push(rounds_down("a split", round));
                    return None;
                }
                // One whole amount has nothing to hand out.
                if !has_parts(written) && remainder.is_none() {
                    let rounding = Rounding {
                        unit: round.unit.value.clone(),
                        mode: round.mode,
                    };
                    return Some((rounding, Residue::ToLargest));
                }
                let Some(remainder) = remainder else {
                    let insert = |text: &str| vec![Edit::below(round.span, text)];
                    self.problems.push(
                        Diagnostic::at(Code::R901, round.span, "who gets the spare cents of the rounded shares?")
                            .note("Three thirds of 100.00 rounded down are 33.33 each, and one cent is left.")
                            .fix("the largest share", "remainder   to the largest share", insert("remainder   to the largest share"))
                            .fix("the first", "remainder   to the first", insert("remainder   to the first")),
                    );
                    return None;
                };
                Some((
                    Rounding {
                        unit: round.unit.value.clone(),
                        mode: round.mode,
                    },
                    remainder.value,
                ))
            }
            (None, Some(remainder)) => {
                self.problems.push(
                    Diagnostic::at(
                        Code::S007,
                        remainder.span,
                        "nothing is rounded, so nothing is left over",
                    )
                    .help("say what is rounded", "round each share to 0.01, down"),
                );
                None
            }
            (None, None) => None,
        }
    }

    fn split(
        &mut self,
        written: &ast::Split,
        credit: &ast::Credit,
        place: &mut Place,
    ) -> Option<Split> {
        match &written.shares {
            ast::Shares::Written { when, rows } => {
                let split = self.written_split(written, (when.as_ref(), rows), credit, place)?;
                Some(Split::Written(split))
            }
            ast::Shares::Among(list) => self.among(written, list, credit, place),
            ast::Shares::FromRows(from) => {
                let split = self.row_split(written, from, credit, place)?;
                Some(Split::FromRows(split))
            }
        }
    }

    fn written_split(
        &mut self,
        written: &ast::Split,
        (when, rows): (Option<&ast::Expr>, &[ast::SplitRow]),
        credit: &ast::Credit,
        place: &mut Place,
    ) -> Option<WrittenSplit> {
        let when = when.map(|when| {
            let when = self.expr(when, place);
            self.want(&when, Type::Bool);
            when
        });
        let (mut shares, mut overlays) = (Vec::new(), Vec::new());
        let mut broken = false;
        let mut unguarded = Vec::new();
        for row in rows {
            let who = match &row.who {
                None => None,
                Some(who) => match self.column_of(who, Type::Person, place) {
                    Some(column) => Some(column),
                    None => {
                        broken = true;
                        continue;
                    }
                },
            };
            let share = self.expr(&row.share, place);
            let Some(value) =
                constant(&share).filter(|_| matches!(share.ty, Type::Percent | Type::Number))
            else {
                if share.ty != Type::Poisoned {
                    let found = errors::type_words(share.ty, &self.plan.units);
                    self.problems.push(errors::wrong_type(
                        share.span,
                        &found,
                        "a share such as 70% or 1/3",
                    ));
                }
                broken = true;
                continue;
            };
            if value.is_negative() {
                self.problems.push(Diagnostic::at(
                    Code::C501,
                    share.span,
                    "a share cannot be below 0%",
                ));
                broken = true;
                continue;
            }
            if row.overlay {
                match who {
                    Some(who) => overlays.push((who, value, share.span)),
                    None => {
                        let says = "an overlay is somebody's: the company has none";
                        self.problems.push(
                            Diagnostic::at(Code::S008, row.span, says)
                                .help("take the row away", ""),
                        );
                        broken = true;
                    }
                }
                continue;
            }
            if let Some(column) = who {
                let source = match &place.kind {
                    PlaceKind::Record(source, _) => *source,
                    _ => return None,
                };
                let declared = &self.plan.source(source).columns[column.0];
                let guarded = when.as_ref().is_some_and(|when| guards(when, column));
                if declared.optional && !guarded {
                    unguarded.push((declared.name.clone(), row.span));
                }
            }
            shares.push((who, value, share.span));
        }
        if broken || rows.is_empty() {
            return None;
        }
        let of_the_whole = rows.iter().filter(|row| !row.overlay);
        let of_the_whole: Vec<&ast::SplitRow> = of_the_whole.collect();
        tables::shares(&shares, &of_the_whole, written.span, &mut self.problems);
        let (word, record) = (record_word(credit), place);
        if let (None, Some((column, span))) = (&written.missing, unguarded.first()) {
            self.problems
                .push(errors::may_be_empty(column, *span, word).help(
                    "or split only when it is there",
                    format!("split when {word}.{column} is present"),
                ));
        }
        Some(WrittenSplit {
            when,
            shares,
            overlays,
            missing: self.missing_share(written, record)?,
            span: written.span,
        })
    }

    /// Who gets the share of an absent person; `Some(None)` where it is not said.
    pub(in crate::meaning) fn missing_share(
        &mut self,
        written: &ast::Split,
        record: &mut Place,
    ) -> Option<Option<Option<ColumnId>>> {
        Some(match written.missing.as_ref().map(|clause| &clause.value) {
            None => None,
            Some(ast::MissingShare::Nobody) => Some(None),
            Some(ast::MissingShare::To(person)) => {
                Some(Some(self.column_of(person, Type::Person, record)?))
            }
        })
    }
}

/// Whether a record is cut in parts.
fn has_parts(credit: &ast::Credit) -> bool {
    let several = credit
        .everyone
        .as_ref()
        .and_then(|own| own.several.as_ref());
    credit.split.is_some() || several.is_some_and(|own| own.value == ast::Several::Equally)
}

/// The word for one record of a credit.
pub(in crate::meaning) fn record_word(credit: &ast::Credit) -> &str {
    let from = credit.from.as_ref();
    from.map_or("deal", |(_, word)| word.text.as_str())
}

/// An amount, at most a cap in size: what is taken back is no more than what could be given.
pub(in crate::meaning) fn within(amount: Expr, cap: Expr, lower: &mut Lower<'_>) -> Expr {
    if amount.ty == Type::Poisoned || !lower.want(&cap, amount.ty) {
        return amount;
    }
    let (ty, grain, span) = (amount.ty, amount.grain, amount.span);
    let node = |kind| Expr {
        kind,
        ty,
        grain,
        span,
    };
    let least = node(ExprKind::Negative(Box::new(cap.clone())));
    let most = node(ExprKind::Call(Function::Min, vec![amount, cap]));
    node(ExprKind::Call(Function::Max, vec![most, least]))
}

/// Whether a condition makes sure that a column is there: `deal.x is present`, alone or joined by `and`.
pub(in crate::meaning) fn guards(condition: &Expr, column: ColumnId) -> bool {
    match &condition.kind {
        ExprKind::Present(inner, true) => {
            matches!(inner.kind, ExprKind::Column(_, c) if c == column)
        }
        ExprKind::Binary(BinaryOp::And, a, b) => guards(a, column) || guards(b, column),
        _ => false,
    }
}

/// S008 where a line should round each share and rounds something else.
pub(in crate::meaning) fn rounds_each_share(what: &str, round: &ast::Round) -> Diagnostic {
    Diagnostic::at(
        Code::S008,
        round.span,
        format!("{what} rounds `each share`"),
    )
    .help(
        "write",
        format!(
            "round each share to {}, {}",
            round.unit.value,
            round.mode.words()
        ),
    )
}

/// S008 where shares that must add up are not rounded down.
pub(in crate::meaning) fn rounds_down(of: &str, round: &ast::Round) -> Diagnostic {
    let text = format!("round each share to {}, down", round.unit.value);
    Diagnostic::at(
        Code::S008,
        round.span,
        format!("shares of {of} cannot be rounded {}", round.mode.words()),
    )
    .note(
        "Three thirds of 100.01 rounded half up are 33.34 each, 100.02 in all: a cent too much. Each \
         share is rounded down, and `remainder` says who gets the cents that are left.",
    )
    .fix(
        "write",
        text.clone(),
        vec![Edit {
            span: round.span,
            text,
        }],
    )
}
