//! `quota`: where its values stand, and the lines that make a quota of a value.

use crate::base::{Cadence, Exact};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{
    ColumnId, DayRows, Expr, Proration, Quota, QuotaId, Ramp, SourceId, Spread,
};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast;

/// The column of people with the first day of employment.
const HIRED: &str = "hired";

impl Lower<'_> {
    /// `quota from …` in the head of a plan.
    pub(in crate::meaning) fn head_quota(&mut self, from: &ast::QuotaFrom) -> QuotaId {
        let quota = self.plain_quota("quota", "Quota".to_owned(), from, from.span);
        self.quota_fits(from, None);
        self.add_quota(quota)
    }

    /// The block; `None` where one of its lines is wrong, which has been reported.
    pub(in crate::meaning) fn quota(&mut self, written: &ast::Quota) -> Option<QuotaId> {
        let from = written.from.as_ref()?;
        let name = &written.name.text;
        let label = written.name.called(written.label.as_ref());
        let mut quota = self.plain_quota(name, label, from, written.span);
        self.quota_fits(from, written.spread.as_ref());
        let converted = written.converted.as_ref();
        let converted = converted.map(|written| self.quota_conversion(written));
        let spread = written.spread.as_ref();
        let spread = spread.map(|spread| self.spread(spread, from.cadence.value));
        let ramp = written.ramp.as_ref().map(|ramp| self.ramp(ramp));
        let relief = written.relief.as_ref().map(|relief| self.relief(relief));
        let prorated = written.prorated.as_ref();
        let length = written
            .spread
            .as_ref()
            .map_or(from.cadence.value, |spread| spread.over.value);
        let proration = prorated.map(|prorated| self.proration(prorated, length));
        let round = written.round.as_ref();
        let rounding = round.map(|round| {
            // What is converted is money, whatever the unit says.
            if written.converted.is_none() {
                quota.ty = self.type_of_unit(round);
            }
            self.rounding(round, quota.ty)
        });
        quota.converted = whole(converted)?;
        quota.spread = whole(spread)?;
        quota.ramp = whole(ramp)?;
        quota.relief = whole(relief)?;
        quota.proration = whole(proration)?.flatten();
        quota.rounding = whole(rounding)?;
        let is_rounded = quota.rounding.is_some();
        let id = self.add_quota(quota);
        if is_rounded {
            self.settled.insert(id);
        }
        Some(id)
    }

    /// Whether the calendar has periods of the quota's length, and they make one of the plan's.
    fn quota_fits(&mut self, from: &ast::QuotaFrom, spread: Option<&ast::Spread>) {
        if from.cadence.value != self.plan.cadence {
            self.has_periods(from.cadence.value, from.cadence.span);
        }
        if spread.is_none() {
            self.adds_up(from);
        }
    }

    fn plain_quota(&self, name: &str, label: String, from: &ast::QuotaFrom, span: Span) -> Quota {
        Quota {
            name: name.to_owned(),
            label,
            binding: from.source.text.clone(),
            cadence: from.cadence.value,
            ty: Type::Money(self.plan.currency),
            converted: None,
            spread: None,
            ramp: None,
            relief: None,
            proration: None,
            rounding: None,
            span,
        }
    }

    fn add_quota(&mut self, quota: Quota) -> QuotaId {
        self.plan.quotas.push(quota);
        QuotaId(self.plan.quotas.len() - 1)
    }

    /// A quota's kind of value is that of the unit it is rounded to, else of the first thing it is compared with.
    pub(in crate::meaning) fn settle_quota(&mut self, name: &str, ty: Type) {
        if !matches!(
            self.names.peek(name),
            Some(Def::Quota(_) | Def::HeadQuota(_))
        ) {
            return;
        }
        let span = self.plan.span;
        if let Some(Item::Quota(id)) = self.item(name, span)
            && self.settled.insert(id)
            && matches!(ty, Type::Quantity(_) | Type::Number | Type::Percent)
            && self.plan.quota(id).converted.is_none()
        {
            self.plan.quotas[id.0].ty = ty;
        }
    }

    fn type_of_unit(&mut self, round: &ast::RoundValue) -> Type {
        let mut place = Place::new(PlaceKind::Person, round.span);
        match self.expr(&round.unit, &mut place).ty {
            Type::Points => Type::Percent,
            ty => ty,
        }
    }

    /// Constant shares, none of them below 0.
    fn shares_of(&mut self, written: &[ast::Expr], head: Span) -> Option<Vec<Exact>> {
        let mut place = Place::new(PlaceKind::Person, head);
        let shares = written.iter().map(|share| {
            let share = self.expr(share, &mut place);
            self.share_of(&share)
        });
        // Each is looked at, so that one line gives all its messages at once.
        let shares: Vec<Option<Exact>> = shares.collect();
        shares.into_iter().collect()
    }

    fn share_of(&mut self, share: &Expr) -> Option<Exact> {
        let is_share = matches!(share.ty, Type::Percent | Type::Number);
        match constant(share).filter(|_| is_share) {
            Some(value) if value.is_negative() => {
                let words = "a share of a quota cannot be below 0%";
                self.problems
                    .push(Diagnostic::at(Code::Q805, share.span, words));
                None
            }
            Some(value) => Some(value),
            None if share.ty == Type::Poisoned => None,
            None => {
                let found = errors::type_words(share.ty, &self.plan.units);
                let wanted = "a share such as 25% or 1/3";
                self.problems
                    .push(errors::wrong_type(share.span, &found, wanted));
                None
            }
        }
    }

    fn spread(&mut self, written: &ast::Spread, of: Cadence) -> Option<Spread> {
        let shares = self.shares_of(&written.shares, written.span)?;
        let over = written.over.value;
        let problem = if over >= of {
            Some(not_shorter(written, of))
        } else if shares.len() != parts_in(of, over) {
            Some(other_count(written, of, shares.len()))
        } else {
            other_sum(written, &shares)
        };
        match problem {
            Some(problem) => {
                self.problems.push(problem);
                None
            }
            None => Some(Spread {
                shares,
                over,
                span: written.span,
            }),
        }
    }

    fn ramp(&mut self, written: &ast::Ramp) -> Option<Ramp> {
        let shares = self.shares_of(&written.shares, written.span);
        let hired = self.hired(written.span);
        Some(Ramp {
            shares: shares?,
            hired: hired?,
            months: written.months,
            span: written.span,
        })
    }

    /// The column of people from which months of employment count.
    pub(in crate::meaning) fn hired(&mut self, at: Span) -> Option<ColumnId> {
        let people = &self.plan.people;
        let found = people.columns.iter().position(|own| own.name == HIRED);
        let column = found.and_then(|at| people.columns.get(at));
        match column {
            Some(column) if column.ty == Type::Date => found.map(ColumnId),
            Some(column) => {
                let found = errors::type_words(column.ty, &self.plan.units);
                let problem = errors::wrong_type(column.span, &found, "a `Date`");
                self.problems.push(
                    problem.note(
                        "Months of employment count from the day on which a person was hired.",
                    ),
                );
                None
            }
            None if people.gaps => None,
            None => {
                let problem = Diagnostic::at(
                    Code::N101,
                    at,
                    "months of employment count from the column `hired` of people, and there is none",
                );
                let row = "| hired | Date | first day of employment |";
                self.problems
                    .push(problem.help("add it to the table of `people`", row));
                None
            }
        }
    }

    fn relief(&mut self, written: &ast::Relief) -> Option<DayRows> {
        let rows = self.day_rows(&written.days, written.span)?;
        let share = match &written.by {
            None => None,
            Some(by) => Some(self.column_of_rows(&rows.0, by, Type::Percent)?),
        };
        Some(DayRows { share, ..rows.1 })
    }

    fn proration(&mut self, written: &ast::Prorated, length: Cadence) -> Option<Option<Proration>> {
        if written.by == Some(ast::ProrationUnit::WholeMonths) && length.months().is_none() {
            let words = format!("a {} has no whole months", length.noun());
            self.problems.push(
                Diagnostic::at(Code::Q805, written.span, words)
                    .help("count days", "prorated by calendar days in the role"),
            );
            return None;
        }
        let leave = written.leave.as_ref();
        let leave = leave.map(|rows| self.day_rows(rows, written.span).map(|(_, rows)| rows));
        let holidays = written.holidays.as_ref();
        let holidays = holidays.map(|rows| self.holidays(rows, written));
        let (leave, holidays) = (whole(leave)?, whole(holidays)?);
        Some(written.by.map(|unit| Proration {
            unit,
            holidays,
            leave,
            span: written.span,
        }))
    }

    fn holidays(
        &mut self,
        rows: &ast::DayRows,
        written: &ast::Prorated,
    ) -> Option<(SourceId, ColumnId)> {
        if written.by != Some(ast::ProrationUnit::WorkingDays) {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    rows.from.0.span,
                    "holidays are no working days, and working days are not what is counted here",
                )
                .help(
                    "write",
                    "prorated by working days in the role, holidays from …",
                )
                .help("or take the holidays away", ""),
            );
            return None;
        }
        let place = self.place_of_rows(rows)?;
        let PlaceKind::Record(source, _) = place else {
            return None;
        };
        let date = self.column_of_rows(&place, &rows.on, Type::Date)?;
        Some((source, date))
    }

    /// Rows of days with a person, and where their columns are read.
    fn day_rows(&mut self, rows: &ast::DayRows, span: Span) -> Option<(PlaceKind, DayRows)> {
        let place = self.place_of_rows(rows)?;
        let PlaceKind::Record(source, _) = place else {
            return None;
        };
        let from = self.column_of_rows(&place, &rows.on, Type::Date);
        let through = rows.through.as_ref();
        let through = through.and_then(|day| self.column_of_rows(&place, day, Type::Date));
        let payee = self.payee_of(source, rows.from.0.span);
        let rows = DayRows {
            source,
            payee: payee?,
            from: from?,
            through: through?,
            share: None,
            span,
        };
        Some((place, rows))
    }

    fn place_of_rows(&mut self, rows: &ast::DayRows) -> Option<PlaceKind> {
        let (source, word) = &rows.from;
        let source = self.source(source)?;
        Some(PlaceKind::Record(source, word.text.clone()))
    }

    fn column_of_rows(
        &mut self,
        place: &PlaceKind,
        column: &ast::Expr,
        wanted: Type,
    ) -> Option<ColumnId> {
        let mut place = Place::new(place.clone(), column.span);
        self.column_of(column, wanted, &mut place)
    }

    /// The column `payee` of rows that are about persons.
    fn payee_of(&mut self, source: SourceId, at: Span) -> Option<ColumnId> {
        let source = self.plan.source(source);
        let found = source.columns.iter().position(|own| own.name == "payee");
        match found.and_then(|at| source.columns.get(at)) {
            Some(column) if column.ty == Type::Person => found.map(ColumnId),
            Some(column) => {
                let found = errors::type_words(column.ty, &self.plan.units);
                self.problems
                    .push(errors::wrong_type(column.span, &found, "a `Person`"));
                None
            }
            None if source.gaps => None,
            None => {
                let words = format!(
                    "the rows of `{}` do not say whose days they are",
                    source.name
                );
                self.problems.push(
                    Diagnostic::at(Code::N101, at, words)
                        .label(source.span, "it has no column `payee`")
                        .help("add it there", "| payee | Person | whose days these are |"),
                );
                None
            }
        }
    }
}

/// Nothing where nothing is written; `None` where what is written is wrong.
fn whole<T>(written: Option<Option<T>>) -> Option<Option<T>> {
    match written {
        None => Some(None),
        Some(lowered) => lowered.map(Some),
    }
}

/// How many parts of one length another has.
fn parts_in(whole: Cadence, part: Cadence) -> usize {
    let months = |cadence: Cadence| usize::try_from(cadence.months()?).ok();
    let parts = months(whole).zip(months(part));
    parts.map_or(0, |(whole, part)| whole / part)
}

fn percent(share: &Exact) -> String {
    format!("{}%", (share.clone() * Exact::int(100)).to_plain())
}

fn not_shorter(written: &ast::Spread, of: Cadence) -> Diagnostic {
    let over = written.over.value.plural();
    let diagnostic = Diagnostic::at(
        Code::Q805,
        written.over.span,
        format!(
            "a quota of one {} has no {over} to be spread over",
            of.words()
        ),
    );
    match of {
        Cadence::Week | Cadence::TwoWeeks | Cadence::Month => {
            diagnostic.help("take the line away", "")
        }
        _ => diagnostic.help("spread it over shorter periods", "spread … over months"),
    }
}

fn other_count(written: &ast::Spread, of: Cadence, shares: usize) -> Diagnostic {
    let over = written.over.value;
    let parts = parts_in(of, over);
    let count = Exact::int(i64::try_from(parts).unwrap_or(1));
    let one = Exact::ONE.checked_div(&count).unwrap_or_default();
    let one = if (one.clone() * Exact::int(100)).is_whole() {
        percent(&one)
    } else {
        format!("1/{parts}")
    };
    let even = vec![one; parts].join(", ");
    let text = format!("spread {even} over {}", over.plural());
    let (are, s) = if shares == 1 {
        ("is", "")
    } else {
        ("are", "s")
    };
    Diagnostic::at(
        Code::Q805,
        written.span,
        format!(
            "a {} has {parts} {}, and there {are} {shares} share{s}",
            of.noun(),
            over.plural()
        ),
    )
    .fix(
        "the same for each would be",
        text.clone(),
        vec![Edit {
            span: written.span,
            text,
        }],
    )
}

/// Shares that do not make the whole.
fn other_sum(written: &ast::Spread, shares: &[Exact]) -> Option<Diagnostic> {
    let total = shares
        .iter()
        .fold(Exact::ZERO, |sum, share| sum + share.clone());
    if total == Exact::ONE {
        return None;
    }
    let rest = Exact::ONE - total.clone();
    let what = if rest.is_positive() {
        "less than the whole quota"
    } else {
        "more than the whole quota"
    };
    let million = (rest.abs() * Exact::int(1_000_000)).to_grouped(2);
    let note = if rest.is_positive() {
        format!("Of a quota of 1,000,000.00 nobody would be measured by {million}.")
    } else {
        format!("A quota of 1,000,000.00 would become {million} more.")
    };
    let diagnostic = Diagnostic::at(
        Code::Q805,
        written.span,
        format!("the shares add to {}, {what}", percent(&total)),
    )
    .note(note);
    let last = shares.last()?.clone() + rest;
    let span = written.shares.last()?.span;
    if last.is_negative() {
        return Some(diagnostic.help(
            "make them add to 100%",
            "spread 20%, 20%, 20%, 40% over quarters",
        ));
    }
    let text = percent(&last);
    let edits = vec![Edit {
        span,
        text: text.clone(),
    }];
    Some(diagnostic.fix("if the last one is mistyped", text, edits))
}
