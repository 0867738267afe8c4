//! Words of one line → expressions and ranges. Precedence is one Pratt table; `grammar/README.md` shows it.

use std::sync::LazyLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};

use crate::base::{Cadence, Currency, Date, Exact};
use crate::diag::{Code, Diagnostic, Edit, Problems, Span};
use crate::syntax::ast::{
    Aggregate, Among, BinaryOp, Bound, Conversion, Expr, ExprKind, Hierarchy, Name, PeriodDay,
    Range, RateDay, Reports, Spanned, Window,
};
use crate::syntax::errors;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::Piece;

/// The most operators in one line: a tree of expressions is never deeper than this.
pub(in crate::syntax) const MOST_OPERATORS: usize = 200;
/// The most brackets around one value.
pub(in crate::syntax) const DEEPEST: usize = 64;
/// The most months in one window.
const MOST_MONTHS: u16 = 120;

static PRATT: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::or_))
        .op(left(Rule::and_))
        .op(Op::prefix(Rule::not_))
        .op(left(Rule::is)
            | left(Rule::is_not)
            | left(Rule::less)
            | left(Rule::at_most)
            | left(Rule::more)
            | left(Rule::at_least)
            | left(Rule::compat_operator)
            | Op::postfix(Rule::one_of)
            | Op::postfix(Rule::not_one_of)
            | Op::postfix(Rule::within)
            | Op::postfix(Rule::not_within)
            | Op::postfix(Rule::present)
            | Op::postfix(Rule::absent))
        .op(left(Rule::add) | left(Rule::subtract))
        .op(left(Rule::multiply) | left(Rule::divide) | left(Rule::of))
        .op(Op::prefix(Rule::negative))
        .op(Op::postfix(Rule::converted))
});

/// Makes nodes of one piece of text; problems are collected on the way.
pub(in crate::syntax) struct Reader<'t, 'p> {
    /// The text that was read.
    pub(in crate::syntax) piece: Piece<'t>,
    /// What was wrong with it.
    pub(in crate::syntax) problems: &'p mut Problems,
}

impl Reader<'_, '_> {
    /// Where words stand in the file.
    pub(in crate::syntax) fn span(&self, words: &Words<'_>) -> Span {
        let span = words.as_span();
        self.piece.sub(span.start(), span.end())
    }

    /// A word with its place; quotes are taken off.
    pub(in crate::syntax) fn name(&self, words: &Words<'_>) -> Name {
        Name {
            text: unquoted(words.as_str()).to_owned(),
            span: self.span(words),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) -> ExprKind {
        self.problems.push(diagnostic);
        ExprKind::Poisoned
    }

    /// An expression: `expr` or `arith`.
    pub(in crate::syntax) fn expr(&mut self, words: Words<'_>) -> Expr {
        // The Pratt parser calls back several times over; the nodes carry plain data until it is done.
        let mut items = Vec::new();
        for part in words.clone().into_inner() {
            items.push(part);
        }
        let this = std::cell::RefCell::new(self);
        PRATT
            .map_primary(|part| this.borrow_mut().primary(part))
            .map_prefix(|op, inner| this.borrow_mut().prefix(&op, inner))
            .map_postfix(|inner, op| this.borrow_mut().postfix(inner, op))
            .map_infix(|left, op, right| this.borrow_mut().infix(left, &op, right))
            .parse(items.into_iter())
    }

    /// `deal.amount` as an expression.
    pub(in crate::syntax) fn path(&mut self, words: Words<'_>) -> Expr {
        self.primary(words)
    }

    fn prefix(&mut self, op: &Words<'_>, inner: Expr) -> Expr {
        let span = self.span(op).to(inner.span);
        let kind = match op.as_rule() {
            Rule::not_ => ExprKind::Not(Box::new(inner)),
            _ => ExprKind::Negative(Box::new(inner)),
        };
        Expr { kind, span }
    }

    fn postfix(&mut self, inner: Expr, op: Words<'_>) -> Expr {
        let span = inner.span.to(self.span(&op));
        let rule = op.as_rule();
        if rule == Rule::converted {
            let converted = self.conversion(inner, op);
            let kind = converted.map_or(ExprKind::Poisoned, |of| ExprKind::Converted(Box::new(of)));
            return Expr { kind, span };
        }
        let inner = Box::new(inner);
        let kind = match rule {
            Rule::present | Rule::absent => ExprKind::Present(inner, rule == Rule::present),
            Rule::one_of | Rule::not_one_of => {
                let choices = parts(op)
                    .flat_map(parts)
                    .map(|bound| self.bound(bound))
                    .collect();
                ExprKind::OneOf(inner, choices, rule == Rule::one_of)
            }
            _ => match parts(op).next().and_then(|range| self.range(range)) {
                Some(range) => ExprKind::Within(inner, Box::new(range), rule == Rule::within),
                None => ExprKind::Poisoned,
            },
        };
        Expr { kind, span }
    }

    /// `converted to USD at month_end_rate on deal.close_date`
    fn conversion(&mut self, of: Expr, words: Words<'_>) -> Option<Conversion> {
        let mut inner = parts(words);
        let to = self.currency(&inner.next()?);
        let exchange = self.name(&inner.next()?);
        let on = self.rate_day(inner.next()?)?;
        Some(Conversion {
            of,
            to: to?,
            exchange,
            on,
        })
    }

    /// The day whose rate of exchange counts.
    pub(in crate::syntax) fn rate_day(&mut self, words: Words<'_>) -> Option<RateDay> {
        // Without the blank before it.
        let span = self.span(&words.clone().into_inner().next()?);
        let days = [
            Rule::k_on_the_first_day_of_the_period,
            Rule::k_on_the_last_day_of_the_period,
        ];
        Some(match choice(&words, &days) {
            Some(Rule::k_on_the_first_day_of_the_period) => {
                RateDay::OfPeriod(PeriodDay::First, span)
            }
            Some(_) => RateDay::OfPeriod(PeriodDay::Last, span),
            None => RateDay::On(self.primary(parts(words).next()?)),
        })
    }

    fn infix(&mut self, left: Expr, op: &Words<'_>, right: Expr) -> Expr {
        let span = left.span.to(right.span);
        let operator = match op.as_rule() {
            Rule::or_ => BinaryOp::Or,
            Rule::and_ => BinaryOp::And,
            Rule::is => BinaryOp::Is,
            Rule::is_not => BinaryOp::IsNot,
            Rule::less => BinaryOp::Less,
            Rule::at_most => BinaryOp::AtMost,
            Rule::more => BinaryOp::More,
            Rule::at_least => BinaryOp::AtLeast,
            Rule::add => BinaryOp::Add,
            Rule::subtract => BinaryOp::Subtract,
            Rule::multiply | Rule::of => BinaryOp::Multiply,
            Rule::divide => BinaryOp::Divide,
            _ => {
                let ours = match op.as_str() {
                    "==" | "=" => "is",
                    "!=" | "<>" => "is not",
                    "&&" => "and",
                    _ => "or",
                };
                let at = self.span(op);
                let diagnostic = Diagnostic::at(
                    Code::S006,
                    at,
                    format!("`{}` is not an operator here", op.as_str()),
                )
                .saying(format!("write `{ours}`"))
                .fix(
                    format!("write `{ours}`"),
                    "",
                    vec![Edit {
                        span: at,
                        text: ours.to_owned(),
                    }],
                );
                let kind = self.report(diagnostic);
                return Expr { kind, span };
            }
        };
        if is_comparison(operator) && (compares(&left) || compares(&right)) {
            let diagnostic = Diagnostic::at(Code::S006, self.span(op), "two comparisons in a row")
                .saying("this compares the answer of the first one")
                .help("join them with `and`", "a >= 10 and a < 20");
            let kind = self.report(diagnostic);
            return Expr { kind, span };
        }
        Expr {
            kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)),
            span,
        }
    }

    /// The place of words in brackets, brackets and all: whoever replaces them replaces the whole.
    fn with_brackets(&self, words: &Words<'_>) -> Span {
        let (span, text) = (words.as_span(), self.piece.text);
        let before = text.get(..span.start()).and_then(|head| head.rfind('('));
        let after = text.get(span.end()..).and_then(|rest| rest.find(')'));
        self.piece.sub(
            before.unwrap_or(span.start()),
            after.map_or(span.end(), |at| span.end() + at + 1),
        )
    }

    fn primary(&mut self, part: Words<'_>) -> Expr {
        let span = self.span(&part);
        let kind = match part.as_rule() {
            Rule::expr | Rule::arith => {
                let span = self.with_brackets(&part);
                return Expr {
                    span,
                    ..self.expr(part)
                };
            }
            Rule::name => ExprKind::Name(part.as_str().to_owned()),
            Rule::path => match names(self, part).as_slice() {
                [record, column] => ExprKind::Path(record.clone(), column.clone()),
                _ => ExprKind::Poisoned,
            },
            Rule::aggregate => self.aggregate(part),
            Rule::together => self.together(part),
            Rule::as_earned => match names(self, part).into_iter().next() {
                Some(name) => ExprKind::AsEarned(name),
                None => ExprKind::Poisoned,
            },
            Rule::on_column => {
                let mut inner = parts(part);
                match (inner.next(), inner.next()) {
                    (Some(name), Some(path)) => {
                        let name = self.name(&name);
                        ExprKind::OnDate(name, Box::new(self.path(path)))
                    }
                    _ => ExprKind::Poisoned,
                }
            }
            Rule::on_day => {
                let day = match crate::syntax::grammar::choice(
                    &part,
                    &[Rule::k_on_the_first_day_of_the_period],
                ) {
                    Some(_) => PeriodDay::First,
                    None => PeriodDay::Last,
                };
                match names(self, part).into_iter().next() {
                    Some(name) => ExprKind::OnDay(name, day),
                    None => ExprKind::Poisoned,
                }
            }
            Rule::call => {
                let mut inner = parts(part);
                let Some(function) = inner.next().map(|name| self.name(&name)) else {
                    return Expr {
                        kind: ExprKind::Poisoned,
                        span,
                    };
                };
                let arguments: Vec<Expr> = inner.map(|argument| self.expr(argument)).collect();
                ExprKind::Call(function, arguments)
            }
            _ => self.literal(part),
        };
        Expr { kind, span }
    }

    fn aggregate(&mut self, part: Words<'_>) -> ExprKind {
        let how = how(&part);
        let mut what = None;
        let mut window = Window::Period;
        for inner in parts(part) {
            match inner.as_rule() {
                Rule::window => match self.window(inner) {
                    Some(read) => window = read,
                    None => return ExprKind::Poisoned,
                },
                _ => what = Some(self.name(&inner)),
            }
        }
        match (how, what) {
            (Some(how), Some(what)) => ExprKind::Aggregate { how, what, window },
            _ => ExprKind::Poisoned,
        }
    }

    fn together(&mut self, part: Words<'_>) -> ExprKind {
        let how = how(&part);
        let as_earned = choice(&part, &[Rule::k_as_earned]).is_some();
        let (mut what, mut among) = (None, None);
        let mut window = Window::Period;
        for inner in parts(part) {
            match inner.as_rule() {
                Rule::window => match self.window(inner) {
                    Some(read) => window = read,
                    None => return ExprKind::Poisoned,
                },
                Rule::among => among = self.among(inner),
                _ => what = Some(self.name(&inner)),
            }
        }
        match (how, what, among) {
            (Some(how), Some(what), Some(among)) => ExprKind::Together {
                how,
                what,
                as_earned,
                window,
                among,
            },
            _ => ExprKind::Poisoned,
        }
    }

    fn among(&mut self, words: Words<'_>) -> Option<Among> {
        if choice(&words, &[Rule::k_of_everyone]).is_some() {
            return Some(Among::Everyone);
        }
        let reports = choice(&words, &[Rule::k_of_all_reports, Rule::k_of_direct_reports]);
        let last_day = words
            .clone()
            .into_inner()
            .find(|inner| inner.as_rule() == Rule::k_as_of_the_last_day_of_the_period);
        let mut inner = parts(words);
        let column = inner.next().map(|name| self.name(&name))?;
        let as_of = match (last_day, inner.next()) {
            (Some(day), _) => Some(Spanned {
                value: Hierarchy::LastDay,
                span: self.span(&day),
            }),
            (None, Some(path)) => Some(Spanned {
                span: self.span(&path),
                value: Hierarchy::Column(self.path(path)),
            }),
            (None, None) => None,
        };
        let as_of = as_of.map(Box::new);
        Some(match reports {
            None => Among::Same(column, as_of),
            Some(Rule::k_of_all_reports) => Among::Reports(Reports::All, column, as_of),
            Some(_) => Among::Reports(Reports::Direct, column, as_of),
        })
    }

    /// The days an aggregate runs over.
    pub(in crate::syntax) fn window(&mut self, words: Words<'_>) -> Option<Window> {
        let first = words.into_inner().next()?;
        Some(match first.as_rule() {
            Rule::k_last_period => Window::LastPeriod,
            Rule::k_last_year => Window::Last(Cadence::Year),
            Rule::k_the_same_period_last_year => Window::SamePeriodLastYear,
            Rule::k_plan_to_date => Window::PlanToDate,
            Rule::months_ago => {
                let with_this = choice(&first, &[Rule::k_ending_with_this_one]).is_some();
                let whole = parts(first).next()?;
                let count = whole.as_str().parse().ok();
                let Some(count) = count.filter(|count| (1..=MOST_MONTHS).contains(count)) else {
                    let found = whole.as_str();
                    self.problems.push(
                        Diagnostic::at(
                            Code::S004,
                            self.span(&whole),
                            format!("a window cannot be {found} months long"),
                        )
                        .saying(format!("from 1 through {MOST_MONTHS}")),
                    );
                    return None;
                };
                Window::Months { count, with_this }
            }
            rule => Window::ToDate(cadence_of(rule)?),
        })
    }

    fn literal(&mut self, part: Words<'_>) -> ExprKind {
        let span = self.span(&part);
        let rule = part.as_rule();
        let written = part.as_str().to_owned();
        match rule {
            Rule::flag => return ExprKind::Bool(written == "yes"),
            Rule::text => return ExprKind::Text(unquoted(&written).to_owned()),
            Rule::date => {
                return self
                    .date(&written, span)
                    .map_or(ExprKind::Poisoned, ExprKind::Date);
            }
            Rule::compat_date => {
                let diagnostic = errors::two_readings_of_date(span, &written, &readings(&written));
                return self.report(diagnostic);
            }
            Rule::compat_amount => {
                let diagnostic = errors::unclear_amount(span, &written, &amounts(&written));
                return self.report(diagnostic);
            }
            _ => {}
        }
        let mut figure = None;
        let mut currency = None;
        let mut unit = None;
        for inner in part.into_inner() {
            match inner.as_rule() {
                Rule::figure => figure = self.figure(&inner),
                Rule::code => currency = Some(self.currency(&inner)),
                Rule::unit => unit = Some(self.name(&inner)),
                _ => {}
            }
        }
        let Some(figure) = figure else {
            return ExprKind::Poisoned;
        };
        if let (Rule::money, Some(Some(currency))) = (rule, currency)
            && let Some(readings) = point_or_thousands(&written, currency)
        {
            return self.report(errors::point_or_thousands(span, &written, &readings));
        }
        let hundredth = Exact::fixed(1, 100);
        match (rule, currency, unit) {
            (Rule::percent, ..) => ExprKind::Percent(figure * hundredth),
            (Rule::points, ..) => ExprKind::Points(figure * hundredth),
            (Rule::number, ..) => ExprKind::Number(figure),
            (Rule::money, Some(Some(currency)), _) => ExprKind::Money(figure, currency),
            (Rule::money_per, Some(Some(currency)), Some(unit)) => {
                ExprKind::MoneyPer(figure, currency, unit)
            }
            (Rule::quantity, _, Some(unit)) => ExprKind::Quantity(figure, unit),
            _ => ExprKind::Poisoned,
        }
    }

    /// A number as written, with or without commas between thousands.
    pub(in crate::syntax) fn figure(&mut self, words: &Words<'_>) -> Option<Exact> {
        let plain = words.as_str().replace(',', "");
        match Exact::parse(&plain) {
            Ok(value) => Some(value),
            Err(fault) => {
                let diagnostic = Diagnostic::at(
                    Code::S004,
                    self.span(words),
                    format!("this number cannot be used: {fault}"),
                );
                self.problems.push(diagnostic);
                None
            }
        }
    }

    /// A currency by its code.
    pub(in crate::syntax) fn currency(&mut self, words: &Words<'_>) -> Option<Currency> {
        let code = words.as_str();
        let found = Currency::from_code(code);
        if found.is_none() {
            let span = self.span(words);
            let mut diagnostic =
                Diagnostic::at(Code::S004, span, format!("there is no currency `{code}`"))
                    .saying("not a code of ISO 4217");
            if let Some(near) = Currency::near(code) {
                let edit = Edit {
                    span,
                    text: near.code().to_owned(),
                };
                diagnostic = diagnostic.fix(format!("write `{near}`"), near.code(), vec![edit]);
            }
            self.problems.push(diagnostic);
        }
        found
    }

    /// A date; one that the calendar does not have is reported.
    pub(in crate::syntax) fn date(&mut self, written: &str, span: Span) -> Option<Date> {
        let date = Date::parse(written);
        if date.is_none() {
            self.problems.push(
                Diagnostic::at(Code::S004, span, format!("there is no day {written}"))
                    .saying("the calendar does not have it"),
            );
        }
        date
    }

    /// Reports a date whose order of day and month is not known.
    pub(in crate::syntax) fn unclear_date(&mut self, words: &Words<'_>) {
        let diagnostic = errors::two_readings_of_date(
            self.span(words),
            words.as_str(),
            &readings(words.as_str()),
        );
        self.problems.push(diagnostic);
    }

    /// A date that may be written in another order; `None` where that could not be read, which was reported.
    pub(in crate::syntax) fn day(&mut self, words: &Words<'_>) -> Option<Date> {
        match words.as_rule() {
            Rule::date => self.date(words.as_str(), self.span(words)),
            _ => {
                self.unclear_date(words);
                None
            }
        }
    }

    /// `DATE through DATE`; `None` where that could not be read, which was reported.
    pub(in crate::syntax) fn days(&mut self, words: Words<'_>) -> Option<(Date, Date)> {
        let whole = self.span(&words);
        let mut dates = Vec::new();
        for part in parts(words) {
            dates.push(self.day(&part));
        }
        let [Some(first), Some(last)] = dates.as_slice() else {
            return None;
        };
        if last < first {
            self.problems.push(
                Diagnostic::at(Code::D602, whole, "the last day is before the first").help(
                    "write the earlier day first",
                    format!("{last} through {first}"),
                ),
            );
            return None;
        }
        Some((*first, *last))
    }

    /// A literal by itself.
    pub(in crate::syntax) fn amount(&mut self, words: Words<'_>) -> Expr {
        let span = self.span(&words);
        let kind = self.literal(words);
        Expr { kind, span }
    }

    /// A literal, with its sign.
    pub(in crate::syntax) fn bound(&mut self, words: Words<'_>) -> Expr {
        let span = self.span(&words);
        let mut negative = false;
        let mut kind = ExprKind::Poisoned;
        for part in words.into_inner() {
            if part.as_rule() == Rule::negative {
                negative = true;
            } else {
                kind = self.literal(part);
            }
        }
        if negative {
            kind = ExprKind::Negative(Box::new(Expr { kind, span }));
        }
        Expr { kind, span }
    }

    /// A range; `None` where one of its ends could not be read.
    pub(in crate::syntax) fn range(&mut self, words: Words<'_>) -> Option<Range> {
        let span = self.span(&words);
        let form = parts(words).next()?;
        let rule = form.as_rule();
        let bounds: Vec<Expr> = parts(form).map(|bound| self.bound(bound)).collect();
        if bounds.iter().any(|bound| poisoned(&bound.kind)) {
            return None;
        }
        let mut bounds = bounds.into_iter();
        let mut bound = |included| bounds.next().map(|value| Bound { value, included });
        let (low, high) = match rule {
            Rule::r_from | Rule::r_through => (bound(true), bound(true)),
            Rule::r_above_through => (bound(false), bound(true)),
            Rule::r_above_under => (bound(false), bound(false)),
            Rule::r_above => (bound(false), None),
            Rule::r_under => (None, bound(false)),
            Rule::r_to_under => (bound(true), bound(false)),
            Rule::r_and_above => (bound(true), None),
            Rule::r_and_below => (None, bound(true)),
            Rule::r_exact => {
                let exactly = bound(true);
                (exactly.clone(), exactly)
            }
            _ => (None, None),
        };
        Some(Range { low, high, span })
    }
}

fn poisoned(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Poisoned => true,
        ExprKind::Negative(inner) => poisoned(&inner.kind),
        _ => false,
    }
}

fn names(reader: &Reader<'_, '_>, words: Words<'_>) -> Vec<Name> {
    parts(words).map(|part| reader.name(&part)).collect()
}

/// A length of time by its word.
pub(in crate::syntax) fn cadence_of(rule: Rule) -> Option<Cadence> {
    match rule {
        Rule::k_week => Some(Cadence::Week),
        Rule::k_two_weeks => Some(Cadence::TwoWeeks),
        Rule::k_month => Some(Cadence::Month),
        Rule::k_quarter => Some(Cadence::Quarter),
        Rule::k_half => Some(Cadence::Half),
        Rule::k_year => Some(Cadence::Year),
        _ => None,
    }
}

/// A text without its quotes.
pub(in crate::syntax) fn unquoted(text: &str) -> &str {
    text.strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .unwrap_or(text)
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Is
            | BinaryOp::IsNot
            | BinaryOp::Less
            | BinaryOp::AtMost
            | BinaryOp::More
            | BinaryOp::AtLeast
    )
}

fn compares(side: &Expr) -> bool {
    matches!(&side.kind, ExprKind::Binary(op, ..) if is_comparison(*op))
}

/// The dates that `7/1/26` could be.
fn readings(written: &str) -> Vec<Date> {
    let numbers: Vec<i32> = written
        .split(['/', '.'])
        .filter_map(|n| n.parse().ok())
        .collect();
    let [first, second, year] = numbers.as_slice() else {
        return Vec::new();
    };
    let year = if *year < 100 { 2000 + year } else { *year };
    let date = |month: i32, day: i32| Date::parse(&format!("{year:04}-{month:02}-{day:02}"));
    let mut found: Vec<Date> = [date(*first, *second), date(*second, *first)]
        .into_iter()
        .flatten()
        .collect();
    found.dedup();
    found
}

/// `90.000 USD` as ninety thousand and as ninety: nobody writes thousandths of a cent that end with a 0.
fn point_or_thousands(written: &str, currency: Currency) -> Option<[String; 2]> {
    let (figure, _) = written.split_once(' ')?;
    let (whole, part) = figure.split_once('.')?;
    let is_odd = part.len() == 3
        && part.ends_with('0')
        && !whole.starts_with('0')
        && !whole.contains(',')
        && currency.minor_units() < 3;
    let code = currency.code();
    let cents = part.get(..2)?;
    is_odd.then(|| {
        [
            format!("{whole},{part} {code}"),
            format!("{whole}.{cents} {code}"),
        ]
    })
}

/// The amounts that `$2.5M` could be, each with what makes it so.
fn amounts(written: &str) -> Vec<(String, String)> {
    let (code, rest) = match written.chars().next() {
        Some('€') => ("EUR", written.trim_start_matches('€')),
        Some('£') => ("GBP", written.trim_start_matches('£')),
        _ => ("USD", written.trim_start_matches('$')),
    };
    let (rest, code) = match rest.trim().split_once(' ') {
        Some((rest, code)) => (rest, code.trim()),
        None => (rest.trim(), code),
    };
    let letters = rest.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let figure = rest
        .trim_end_matches(|c: char| c.is_ascii_alphabetic())
        .replace(',', "");
    let Ok(figure) = Exact::parse(&figure) else {
        return Vec::new();
    };
    let scaled = |by: i64| {
        let value = figure.clone() * Exact::int(by);
        let places = if value.is_whole() { 0 } else { 2 };
        format!("{} {code}", value.to_grouped(places))
    };
    match letters {
        "" => vec![("write the code".to_owned(), scaled(1))],
        "k" | "K" => vec![("in full".to_owned(), scaled(1_000))],
        "m" | "M" => vec![
            ("million".to_owned(), scaled(1_000_000)),
            ("thousand".to_owned(), scaled(1_000)),
        ],
        _ => vec![("million".to_owned(), scaled(1_000_000))],
    }
}

/// The aggregate whose word comes first.
fn how(words: &Words<'_>) -> Option<Aggregate> {
    const HOW: [(Rule, Aggregate); 5] = [
        (Rule::k_total, Aggregate::Total),
        (Rule::k_count, Aggregate::Count),
        (Rule::k_average, Aggregate::Average),
        (Rule::k_highest, Aggregate::Highest),
        (Rule::k_lowest, Aggregate::Lowest),
    ];
    let word = words.clone().into_inner().next()?.as_rule();
    let mut all = HOW.into_iter();
    all.find_map(|(rule, how)| (rule == word).then_some(how))
}
