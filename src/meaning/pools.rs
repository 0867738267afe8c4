//! `pool`: money that several persons share.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::bounds::{bounds, never_negative};
use crate::meaning::credits::{rounds_down, rounds_each_share};
use crate::meaning::infer::{Place, PlaceKind, node};
use crate::meaning::lower::{Lower, shown};
use crate::meaning::plan::{
    ColumnId, Expr, ExprKind, Function, Group, GroupId, GroupKind, Pay, PayId, Plan, Pool,
};
use crate::meaning::pools::shared::{Shared, of_size};
use crate::meaning::sign::constant;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self, AllZero, PoolOf, Remainder, ShareBy};

mod shared;

impl Lower<'_> {
    /// A pool is a payout whose amount is the person's share of it.
    pub(in crate::meaning) fn pool(&mut self, written: &ast::Pool) -> Option<PayId> {
        if !self.may_be_across_people(written.span) {
            return None;
        }
        if let Some(over) = self.reading {
            self.problems.push(not_for_longer(written, over.words()));
            return None;
        }
        let size = self.pool_size(written);
        let mut place = Place::new(PlaceKind::Person, written.span);
        let members: Vec<Expr> = written
            .members
            .iter()
            .map(|member| self.condition(member, &mut place))
            .collect();
        let share = self.pool_share(written, &mut place);
        let rounds = self.pool_rounds(written);
        let (size, column) = size?;
        let (weight, all_zero, share_span) = share?;
        let (unit, remainder, round_span) = rounds?;
        self.size_can_be_paid(&size, &unit);
        let pool = Pool {
            size,
            column,
            members,
            weight,
            all_zero,
            unit,
            remainder,
            share_span,
            round_span,
        };
        Some(self.pay_of(written, pool))
    }

    fn pay_of(&mut self, written: &ast::Pool, pool: Pool) -> PayId {
        let name = &written.name.text;
        let label = written.name.called(written.label.as_ref());
        let (ty, amount_span) = (Type::Money(self.plan.currency), pool.size.span);
        self.plan.groups.push(Group {
            kind: GroupKind::Pool(pool),
            words: format!("the pool {name}"),
            label: label.clone(),
            ty,
            span: written.span,
        });
        let id = GroupId(self.plan.groups.len() - 1);
        let share = node(ExprKind::Group(id), ty, Grain::PersonPeriod, amount_span);
        let pay = Pay::plain(name, label, share, written.span);
        self.plan.pays.push(pay);
        PayId(self.plan.pays.len() - 1)
    }

    /// The size, never below zero, and the column of people that makes one pool for each of its texts.
    fn pool_size(&mut self, written: &ast::Pool) -> Option<(Expr, Option<ColumnId>)> {
        let money = Type::Money(self.plan.currency);
        let mut place = Place::new(PlaceKind::Person, written.span);
        let size = self.expr(written.size.as_ref()?, &mut place);
        self.no_division(&size);
        let is_money = self.want(&size, money) && size.ty != Type::Poisoned;
        let least = written.at_least.as_ref();
        let least = least.map(|least| self.expr(least, &mut place));
        let has_least = match &least {
            Some(least) => self.want(least, money) && least.ty != Type::Poisoned,
            None => true,
        };
        let whose = match &written.whose {
            None => None,
            Some(whose) => Some(self.stated(whose)?),
        };
        if !is_money || !has_least {
            return None;
        }
        self.size_is_of_the_period(&place)?;
        let column = self.whose_pool(written, whose, &size)?;
        let size = match least {
            None => size,
            Some(least) => {
                let span = size.span;
                let both = vec![size, least];
                node(
                    ExprKind::Call(Function::Max, both),
                    money,
                    Grain::PersonPeriod,
                    span,
                )
            }
        };
        if !never_negative(&size, &self.plan) {
            self.size_below_zero(written, &size);
            return None;
        }
        Some((size, column))
    }

    /// `for each team`: its column; `for all payees`: none.
    fn stated(&mut self, whose: &ast::Spanned<PoolOf>) -> Option<(Option<ColumnId>, Span)> {
        match &whose.value {
            PoolOf::AllPayees => Some((None, whose.span)),
            PoolOf::Each(name) => Some((Some(self.group_column(name)?), whose.span)),
        }
    }

    /// What runs to date would be shared again every period.
    fn size_is_of_the_period(&mut self, place: &Place) -> Option<()> {
        let mut windows = place.windows.iter();
        let Some((_, span)) = windows.find(|(window, _)| window.is_to_date()) else {
            return Some(());
        };
        self.problems.push(
            Diagnostic::at(
                Code::G303,
                *span,
                "this size runs to date and would be shared again every period",
            )
            .note("What is shared is of one period; only what it is shared by may run to date.")
            .help(
                "take what the period brings",
                "2% of total bookings by team",
            ),
        );
        None
    }

    /// Whose pool it is, by what the size reads and what is stated.
    fn whose_pool(
        &mut self,
        written: &ast::Pool,
        stated: Option<(Option<ColumnId>, Span)>,
        size: &Expr,
    ) -> Option<Option<ColumnId>> {
        let found = of_size(&self.plan, size);
        let own = stated
            .and_then(|(column, _)| column)
            .or(found.columns.first().map(|(column, _)| *column));
        if let Some(person) = found.persons.first() {
            self.of_one_person(person, own);
            return None;
        }
        let name = |plan: &Plan, column: ColumnId| plan.people.columns[column.0].name.clone();
        let mut columns = found.columns.iter();
        let Some((first, span)) = columns.next() else {
            return Some(own);
        };
        let first = name(&self.plan, *first);
        if let Some((other, at)) = columns.find(|(column, _)| Some(*column) != own) {
            let other = name(&self.plan, *other);
            self.problems.push(
                Diagnostic::at(
                    Code::C508,
                    *at,
                    format!(
                        "whose pool is `{}`: that of a {first}, or that of a {other}?",
                        written.name.text
                    ),
                )
                .saying(format!("one for each {other}"))
                .label(*span, format!("one for each {first}"))
                .note("Everybody who shares a pool must see one size.")
                .help("read one kind of group only", format!("… by {first}")),
            );
            return None;
        }
        match stated {
            Some((column, at)) if column != found.columns.first().map(|(own, _)| *own) => {
                let each = format!("for each    {first}");
                self.problems.push(
                    Diagnostic::at(Code::C508, at, "this pool has not one size")
                        .saying("whose it is, by this line")
                        .label(*span, format!("one size for each {first}"))
                        .fix(
                            format!("let each {first} have one"),
                            each.clone(),
                            vec![Edit {
                                span: at,
                                text: each,
                            }],
                        ),
                );
                None
            }
            _ => Some(own),
        }
    }

    /// G301: a size is not one person's.
    fn of_one_person(&mut self, person: &Shared, column: Option<ColumnId>) {
        let name = self.spoken(&person.name);
        let problem = Diagnostic::at(
            Code::G301,
            person.name.span,
            "the size of a pool is one for all who share it",
        )
        .saying(format!("`{name}` is one for each person"));
        let columns = &self.plan.people.columns;
        let team = columns.iter().position(|own| own.name == "team");
        let column = column.or(team.map(ColumnId));
        let Some(words) = person.together(&name) else {
            self.problems
                .push(problem.help("read what they make together", "total … of everyone"));
            return;
        };
        let put = |text: String| {
            let edit = Edit {
                span: person.name.span,
                text: text.clone(),
            };
            (text, vec![edit])
        };
        let mut problem = problem;
        if let Some(column) = column {
            let column = &columns[column.0].name;
            let day = match self.people_have_history() {
                true => " as of the last day of the period",
                false => "",
            };
            let (text, edits) = put(format!("{words} by {column}{day}"));
            problem = problem.fix(format!("a pool for each {column}"), text, edits);
        }
        let (text, edits) = put(format!("{words} of everyone"));
        self.problems
            .push(problem.fix("one pool for all", text, edits));
    }

    fn size_below_zero(&mut self, written: &ast::Pool, size: &Expr) {
        let least = format!(", at least 0 {}", self.plan.currency);
        let name = &written.name.text;
        let edits = vec![Edit::after(size.span, least.clone())];
        self.problems.push(
            Diagnostic::at(
                Code::C509,
                size.span,
                format!("what is shared when the size of `{name}` is below 0?"),
            )
            .saying("returns can make it negative, and this line does not say")
            .note("2% of a quarter in which 10,000 USD more are returned than sold would be -200 USD: nobody can share that.")
            .fix("nothing is shared then", format!("…{least}"), edits),
        );
    }

    /// What shares are in proportion to, and what holds where all of it is zero.
    fn pool_share(
        &mut self,
        written: &ast::Pool,
        place: &mut Place,
    ) -> Option<(Option<Expr>, AllZero, Span)> {
        let share = written.share.as_ref()?;
        let (weight, all_zero) = match &share.value {
            ShareBy::Equally => return Some((None, AllZero::Equally, share.span)),
            ShareBy::Weight(weight, all_zero) => (weight, all_zero),
        };
        let weight = self.expr(weight, place);
        self.no_division(&weight);
        if !self.want_number(&weight) || weight.ty == Type::Poisoned {
            return None;
        }
        let may_be_zero = bounds(&weight, &self.plan).may_be(&Exact::ZERO);
        let Some(all_zero) = all_zero.or((!may_be_zero).then_some(AllZero::Equally)) else {
            let put = |words: &str| vec![Edit::after(share.span, words.to_owned())];
            let (equally, nobody) = (", equally if all are zero", ", nobody if all are zero");
            self.problems.push(
                Diagnostic::at(
                    Code::C508,
                    share.span,
                    format!(
                        "who has a share of `{}` where every member's is in proportion to 0?",
                        written.name.text
                    ),
                )
                .note("Three who sold nothing share 600 USD: each has 200 USD, or nobody has anything.")
                .fix("all members have the same", format!("…{equally}"), put(equally))
                .fix("nobody: the company keeps it", format!("…{nobody}"), put(nobody)),
            );
            return None;
        };
        Some((Some(weight), all_zero, share.span))
    }

    /// The unit of the shares, and who gets what it leaves.
    fn pool_rounds(&mut self, written: &ast::Pool) -> Option<(Exact, Remainder, Span)> {
        if written.broken {
            return None;
        }
        let minor = self.plan.currency.minor_unit();
        let Some(round) = &written.round else {
            let line = format!("round       each share to {}, down", minor.to_plain());
            let at = written.share.as_ref().map_or(written.span, |own| own.span);
            self.problems.push(
                Diagnostic::at(
                    Code::R901,
                    written.span,
                    format!("how are the shares of `{}` rounded?", written.name.text),
                )
                .saying("nothing rounds unless a line says so")
                .note("Three thirds of 100.00 are 33.333… each: what is paid?")
                .fix(
                    "each is cut, and who gets the rest is said by `remainder`",
                    line.clone(),
                    vec![Edit::below(at, &line)],
                ),
            );
            return None;
        };
        if round.level != ast::RoundLevel::EachShare {
            self.problems.push(rounds_each_share("a pool", round));
            return None;
        }
        if round.mode != crate::base::Mode::Down {
            self.problems.push(rounds_down("a pool", round));
            return None;
        }
        let Some(remainder) = &written.remainder else {
            self.no_remainder(round.span);
            return None;
        };
        Some((round.unit.value.clone(), remainder.value, round.span))
    }

    fn no_remainder(&mut self, round: Span) {
        let problem = Diagnostic::at(
            Code::R901,
            round,
            "who gets the spare cents of the rounded shares?",
        )
        .note("Three thirds of 100.00 rounded down are 33.33 each, and one cent is left.");
        let ways = [
            ("the largest share", "to the largest share"),
            ("the first by id", "to the first"),
            ("a cent each to those who lost most", "by largest remainder"),
            ("nobody: the company keeps them", "to the company"),
        ];
        let problem = ways.iter().fold(problem, |problem, (label, words)| {
            let line = format!("remainder   {words}");
            let edits = vec![Edit::below(round, &line)];
            problem.fix(*label, line, edits)
        });
        self.problems.push(problem);
    }

    /// R903: a constant size, or a constant end of it, that no sum of shares can be.
    fn size_can_be_paid(&mut self, size: &Expr, unit: &Exact) {
        let rounding = crate::base::Rounding {
            unit: unit.clone(),
            mode: crate::base::Mode::Down,
        };
        let mut ends = Vec::new();
        ends_of(size, &mut ends);
        for (end, span) in ends {
            if rounding.is_multiple(&end) {
                continue;
            }
            let ty = Type::Money(self.plan.currency);
            let words = shown(&end, ty, &self.plan);
            let near = shown(&rounding.round(&end), ty, &self.plan);
            let text = near.clone();
            self.problems.push(
                Diagnostic::at(
                    Code::R903,
                    span,
                    format!("{words} can never be shared exactly"),
                )
                .saying(format!("shares are rounded to {}", unit.to_plain()))
                .fix(
                    "write a size that can be shared",
                    near,
                    vec![Edit { span, text }],
                ),
            );
        }
    }
}

/// Constants that a size is, or that limit it.
fn ends_of(size: &Expr, found: &mut Vec<(Exact, Span)>) {
    match (constant(size), &size.kind) {
        (Some(value), ExprKind::Number(_)) => found.push((value, size.span)),
        (_, ExprKind::Call(Function::Min | Function::Max, list)) => {
            list.iter().for_each(|own| ends_of(own, found));
        }
        _ => {}
    }
}

/// G303: what is earned over a longer length of time reads a pool of the period.
fn not_for_longer(written: &ast::Pool, each: &str) -> Diagnostic {
    Diagnostic::at(
        Code::G303,
        written.span,
        format!(
            "`{}` is shared each period, and a block that is earned each {each} reads it",
            written.name.text
        ),
    )
    .help("let both be of the plan's period", "")
}
