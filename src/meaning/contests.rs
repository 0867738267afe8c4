//! `contest` and `ranking`: prizes and places of several persons.

use crate::base::{Date, Exact, Mode, Rounding};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node, poisoned};
use crate::meaning::lower::{Item, Lower, shown};
use crate::meaning::names::Def;
use crate::meaning::plan::{
    Amount, AsOf, Contest, CreditId, Expr, ExprKind, FactDay, Gives, Group, GroupId, GroupKind,
    Measure, MeasureId, Pay, PayId, Prize, RankBy, Scope, Spare, Ties, Whom, each_child,
};
use crate::meaning::sign::constant;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self, ContestKind, Window};

/// The words of the one day on which it is read who competes with whom.
const LAST_DAY: &str = "as of the last day";

impl Lower<'_> {
    pub(in crate::meaning) fn contest(&mut self, written: &ast::Contest) -> Option<Item> {
        let name = &written.name;
        if let Some(over) = self.reading {
            let why = format!(
                "it has a value for each period, and this is read for the {}",
                over.words()
            );
            let problem = errors::wrong_place(&format!("`{}`", name.text), name.span, &why);
            self.problems.push(problem);
            return None;
        }
        self.contest_at_hand = Some(written.runs.as_ref().map(|runs| runs.value));
        let (order, needs) = (self.order(written), self.needed(written));
        self.contest_at_hand = None;
        let within = written
            .runs
            .as_ref()
            .is_none_or(|runs| self.runs_in_plan(runs));
        let whom = self.compete_in(written);
        let order = order.filter(|order| !order.is_empty());
        let gives = match &written.kind {
            ContestKind::Prizes { prizes, ties } => {
                self.prizes(written, prizes, ties.as_ref(), order.as_deref())
            }
            ContestKind::Places { ties, unranked } => {
                self.places(written, ties.as_ref(), unranked.as_ref())
            }
        };
        if written.broken || !within {
            return None;
        }
        let contest = Contest {
            runs: written.runs.as_ref().map(|runs| runs.value),
            whom: whom?,
            order: order?,
            needs: needs?,
            gives: gives?,
        };
        Some(self.contest_item(written, contest))
    }

    /// The group, and what people read of it: a payout of the prizes, or a measure of the places.
    fn contest_item(&mut self, written: &ast::Contest, contest: Contest) -> Item {
        let (name, span) = (&written.name.text, written.span);
        let label = written.label.as_ref();
        let label = label.map_or_else(|| name.clone(), |label| label.value.clone());
        let is_paid = matches!(contest.gives, Gives::Prizes { .. });
        let ty = match is_paid {
            true => Type::Money(self.plan.currency),
            false => Type::Number,
        };
        self.plan.groups.push(Group {
            kind: GroupKind::Contest(Box::new(contest)),
            words: name.clone(),
            label: label.clone(),
            ty,
            span,
        });
        let id = GroupId(self.plan.groups.len() - 1);
        let value = node(ExprKind::Group(id), ty, Grain::PersonPeriod, span);
        if !is_paid {
            self.plan.measures.push(Measure {
                name: name.clone(),
                label,
                over: None,
                value,
                rules: Vec::new(),
                rounding: None,
                text: self.text_here(),
                span,
            });
            return Item::Measure(MeasureId(self.plan.measures.len() - 1));
        }
        self.plan.pays.push(Pay {
            kind: ast::PayKind::Pay,
            name: name.clone(),
            label,
            over: None,
            scope: Scope::Total,
            when: Vec::new(),
            amount: Amount::Plain(value),
            amount_span: span,
            window: Window::Period,
            steps: Vec::new(),
            below: None,
            paid_in: None,
            amendments: Vec::new(),
            later: Vec::new(),
            span,
        });
        Item::Pay(PayId(self.plan.pays.len() - 1))
    }

    /// `rank by` and `then by`.
    fn order(&mut self, written: &ast::Contest) -> Option<Vec<RankBy>> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let mut order = Vec::new();
        for line in &written.order {
            let value = self.expr(&line.value, &mut place);
            let is_number = self.want_number(&value);
            self.no_division(&value);
            let first = line.first;
            order
                .push((is_number && value.ty != Type::Poisoned).then_some(RankBy { value, first }));
        }
        order.into_iter().collect()
    }

    fn needed(&mut self, written: &ast::Contest) -> Option<Vec<Expr>> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let mut needs = Vec::new();
        for condition in &written.needs {
            let condition = self.condition(condition, &mut place);
            needs.push((condition.ty == Type::Bool).then_some(condition));
        }
        needs.into_iter().collect()
    }

    /// D602 where a contest has days that the plan has not.
    fn runs_in_plan(&mut self, runs: &ast::Spanned<(Date, Date)>) -> bool {
        let ((from, through), (first, last)) = (runs.value, self.plan.effective);
        if !self.known.dates || first <= from && through <= last {
            return true;
        }
        let words = match last < through {
            true => "the contest ends after the plan does",
            false => "the contest begins before the plan does",
        };
        let line = format!(
            "runs        {} through {}",
            from.max(first),
            through.min(last)
        );
        let problem = Diagnostic::at(Code::D602, runs.span, words)
            .saying(format!("the plan holds from {first} through {last}"));
        self.problems.push(match from <= last && first <= through {
            true => problem.fix(
                "run it inside the plan",
                line.clone(),
                vec![Edit {
                    span: runs.span,
                    text: line,
                }],
            ),
            false => problem.help("run it inside the plan", "runs …"),
        });
        false
    }

    /// Among whom; C503 where a person can have several texts, one after the other, and no day is said.
    fn compete_in(&mut self, written: &ast::Contest) -> Option<Whom> {
        let Some((name, has_day)) = &written.among else {
            return Some(Whom::Everyone);
        };
        let column = self.group_column(name)?;
        if !has_day && self.people_have_history() {
            let text = format!("{} {LAST_DAY}", name.text);
            self.problems.push(
                Diagnostic::at(
                    Code::C503,
                    name.span,
                    format!("somebody changes {}: which one counts?", name.text),
                )
                .saying(format!(
                    "it is not said on which day `{}` is read",
                    name.text
                ))
                .fix(
                    format!("the {} at the end", name.text),
                    LAST_DAY,
                    vec![Edit {
                        span: name.span,
                        text,
                    }],
                ),
            );
            return None;
        }
        Some(Whom::Same(column, AsOf::LastDay))
    }

    fn places(
        &mut self,
        written: &ast::Contest,
        ties: Option<&ast::Spanned<ast::PlaceTies>>,
        unranked: Option<&ast::Spanned<ast::Unranked>>,
    ) -> Option<Gives> {
        if ties.is_none() && !written.broken {
            self.no_place_ties(written);
        }
        let unranked = match unranked {
            None if written.broken => None,
            None => {
                self.no_unranked(written);
                None
            }
            Some(line) => self.unranked(written, line),
        };
        Some(Gives::Places {
            ties: ties?.value,
            unranked: unranked?,
        })
    }

    /// The number of who is not ranked; `Some(None)` is *nothing*.
    fn unranked(
        &mut self,
        written: &ast::Contest,
        line: &ast::Spanned<ast::Unranked>,
    ) -> Option<Option<Exact>> {
        let ast::Unranked::Value(name, value) = &line.value else {
            return Some(None);
        };
        let own = &written.name.text;
        if name.text != *own {
            self.problems.push(
                Diagnostic::at(Code::S008, name.span, "this line is about another name").fix(
                    "write its own name",
                    own.clone(),
                    replace(name.span, own),
                ),
            );
            return None;
        }
        let mut place = Place::new(PlaceKind::Person, written.span);
        let value = self.expr(value, &mut place);
        if !self.want(&value, Type::Number) {
            return None;
        }
        let number = constant(&value);
        if number.is_none() {
            let why = "a rule gives a constant, such as 99";
            let problem = errors::wrong_place("this", value.span, why);
            self.problems.push(problem);
        }
        number.map(Some)
    }

    fn no_place_ties(&mut self, written: &ast::Contest) {
        let readings = [
            ("two who tie for 2nd are both 2nd", "take the better place"),
            ("they are both 3rd", "take the lower place"),
            ("they are both 2.5th", "share the average place"),
        ];
        self.unsaid_ties(written, &readings, None);
    }

    fn no_unranked(&mut self, written: &ast::Contest) {
        let line = "if not ranked pay nothing".to_owned();
        let problem = Diagnostic::at(
            Code::S007,
            written.span,
            "what is the value of who is not ranked?",
        )
        .saying("who does not meet `needs`, or does not take part, has no place")
        .fix(
            "nothing, and what reads it pays nothing",
            line.clone(),
            vec![Edit::below(last_rank(written), &line)],
        )
        .help(
            "or a number behind all places",
            format!("if not ranked {} is 999", written.name.text),
        );
        self.problems.push(problem);
    }

    /// S007: what those get who tie is never taken for granted.
    fn unsaid_ties(
        &mut self,
        written: &ast::Contest,
        readings: &[(&str, &str)],
        note: Option<String>,
    ) {
        let problem = Diagnostic::at(
            Code::S007,
            written.span,
            format!(
                "what happens in `{}` when two are level?",
                written.name.text
            ),
        )
        .saying("this block has no `ties`");
        let problem = match note {
            Some(note) => problem.note(note),
            None => problem,
        };
        let below = last_rank(written);
        let problem = readings.iter().fold(problem, |problem, (why, words)| {
            let line = format!("ties        {words}");
            problem.fix(*why, line.clone(), vec![Edit::below(below, &line)])
        });
        self.problems.push(problem);
    }

    fn prizes(
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
    fn can_be_paid(&mut self, amount: &Exact, span: Span) -> bool {
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
            unit: Exact::fixed(1, 10_i128.pow(self.plan.currency.minor_units())),
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

    fn ties(
        &mut self,
        written: &ast::Ties,
        order: Option<&[RankBy]>,
        prizes: &[ast::PrizeRow],
    ) -> Option<Ties> {
        let (unit, remainder) = match written {
            ast::Ties::Better => return Some(Ties::Better),
            ast::Ties::Lower => return Some(Ties::Lower),
            ast::Ties::Share { unit, remainder } => (unit, remainder),
        };
        let can_be_paid = self.can_be_paid(&unit.value, unit.span);
        if can_be_paid {
            self.odd_prizes(&unit.value, prizes);
        }
        let spare = match remainder.value {
            ast::Spare::FirstById => Spare::FirstById,
            ast::Spare::Earliest => self.earliest(order?, remainder.span)?,
        };
        can_be_paid.then(|| Ties::Share {
            unit: unit.value.clone(),
            spare,
        })
    }

    /// R903: a prize that the unit of shares does not divide always leaves something over.
    fn odd_prizes(&mut self, unit: &Exact, prizes: &[ast::PrizeRow]) {
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

    /// The one credit whose records say who was early; C512 where there is none, or more than one.
    fn earliest(&mut self, order: &[RankBy], span: Span) -> Option<Spare> {
        let found = order.first().map(|line| aggregates(&line.value));
        if let Some([(credit, window)]) = found.as_deref() {
            return Some(Spare::Earliest(*credit, *window));
        }
        let words = match found.as_deref() {
            None | Some([]) => "there are no records by which somebody is early",
            Some(_) => "by which of its records is somebody early?",
        };
        let by_id = "to the first by id";
        self.problems.push(
            Diagnostic::at(Code::C512, span, words)
                .saying("`rank by` says by what")
                .note("Early is whose last record of the credit that is ranked comes first.")
                .fix("take the order of ids", by_id, replace(span, by_id))
                .help(
                    "or rank by one credit, and by the rest in `then by`",
                    "rank by total bookings, highest first",
                ),
        );
        None
    }

    fn no_ties(&mut self, written: &ast::Contest, rows: &[Prize], order: Option<&[RankBy]>) {
        let ty = Type::Money(self.plan.currency);
        let prize = |place: u32| {
            let row = rows
                .iter()
                .find(|row| row.first <= place && place <= row.last);
            row.map_or(Exact::ZERO, |row| row.prize.clone())
        };
        let (first, second) = (prize(1), prize(2));
        let half = (first.clone() + second.clone()) * Exact::fixed(1, 2);
        let [half, first, second] = [half, first, second].map(|own| shown(&own, ty, &self.plan));
        let note = format!("Two who tie for the first place get {half}, {first} or {second} each.");
        let is_early = order.and_then(|order| order.first());
        let is_early = is_early.is_some_and(|line| aggregates(&line.value).len() == 1);
        let spare = match is_early {
            true => "to the earliest",
            false => "to the first by id",
        };
        let share = format!("share the prizes they span, rounded to 0.01, remainder {spare}");
        let readings = [
            ("they share the prizes of their places", share.as_str()),
            ("each gets the better one", "each take the better prize"),
            ("each gets the lower one", "each take the lower prize"),
        ];
        self.unsaid_ties(written, &readings, Some(note));
    }

    /// What a line of a contest cannot read, which is reported; `None` of all else.
    pub(in crate::meaning) fn refused_in_contest(&mut self, written: &ast::Expr) -> Option<Expr> {
        let runs = self.contest_at_hand?;
        if let ast::ExprKind::Name(name) = &written.kind
            && self.names.peek(name).is_some_and(|def| def.is_credit())
        {
            self.one_for_each_record(name, written.span);
            return Some(poisoned(written.span));
        }
        self.refused_in_run(written, runs?)
    }

    /// G301: a person has one place, and one amount for each record.
    fn one_for_each_record(&mut self, name: &str, span: Span) {
        let (total, count) = (format!("total {name}"), format!("count {name}"));
        self.problems.push(
            Diagnostic::at(
                Code::G301,
                span,
                format!("a person has one place, and `{name}` is one amount for each record"),
            )
            .fix("all of them together", total.clone(), replace(span, &total))
            .help("or how many there are", count),
        );
    }

    /// C510 for what has a value of a period, in a contest that has days of its own.
    fn refused_in_run(&mut self, written: &ast::Expr, (first, last): (Date, Date)) -> Option<Expr> {
        let (what, span) = match &written.kind {
            ast::ExprKind::Name(name) => match self.names.peek(name) {
                Some(Def::Records(_) | Def::Unit(_)) | None => return None,
                Some(def) => (format!("`{name}` is {}", def.kind()), written.span),
            },
            ast::ExprKind::Aggregate { window, .. } if *window == Window::Period => return None,
            ast::ExprKind::Aggregate { window, .. } => (
                format!("`{}` belongs to a period", window.words()),
                written.span,
            ),
            ast::ExprKind::Together { .. } => {
                ("this is of several persons".to_owned(), written.span)
            }
            ast::ExprKind::AsEarned(name) => {
                (format!("`{}` is earned in a period", name.text), name.span)
            }
            ast::ExprKind::OnDay(..) => {
                ("this is read on a day of a period".to_owned(), written.span)
            }
            ast::ExprKind::OnDate(name, _) => {
                (format!("`{}` is read on a day", name.text), name.span)
            }
            ast::ExprKind::Converted(_) => (
                "this is converted on a day of a period".to_owned(),
                written.span,
            ),
            _ => return None,
        };
        self.problems.push(
            Diagnostic::at(
                Code::C510,
                span,
                format!("{what}, and this runs over days of its own"),
            )
            .saying(format!("it runs from {first} through {last}"))
            .note("Over its own days it reads credits, and columns of people as they stand on its last day.")
            .help("rank by a credit", "total bookings")
            .help("or take the line `runs` away: then each period has its own", ""),
        );
        Some(poisoned(written.span))
    }

    /// Whether an expression is a place, and so 1, 2, 3, …
    pub(in crate::meaning) fn is_place(&self, expr: &Expr) -> bool {
        let ExprKind::Measure(id) = expr.kind else {
            return false;
        };
        let ExprKind::Group(id) = self.plan.measure(id).value.kind else {
            return false;
        };
        let GroupKind::Contest(contest) = &self.plan.group(id).kind else {
            return false;
        };
        match &contest.gives {
            Gives::Places { ties, unranked } => {
                *ties != ast::PlaceTies::Average && unranked.as_ref().is_none_or(Exact::is_whole)
            }
            Gives::Prizes { .. } => false,
        }
    }

    /// The day on which a column of people is read where no day is written.
    pub(in crate::meaning) fn day_of_facts(&self) -> FactDay {
        match self.contest_at_hand.flatten() {
            Some((_, last)) => FactDay::On(last),
            None => FactDay::Throughout(self.length()),
        }
    }
}

/// The credits that an expression adds up or counts, each with its window, once.
fn aggregates(expr: &Expr) -> Vec<(CreditId, Window)> {
    fn add(expr: &Expr, found: &mut Vec<(CreditId, Window)>) {
        if let ExprKind::Aggregate { credit, window, .. } = expr.kind
            && !found.contains(&(credit, window))
        {
            found.push((credit, window));
        }
        each_child(expr, &mut |child| add(child, found));
    }
    let mut found = Vec::new();
    add(expr, &mut found);
    found
}

/// The last of the lines that say who comes first.
fn last_rank(written: &ast::Contest) -> Span {
    written.order.last().map_or(written.span, |line| line.span)
}

fn replace(span: Span, text: &str) -> Vec<Edit> {
    vec![Edit {
        span,
        text: text.to_owned(),
    }]
}
