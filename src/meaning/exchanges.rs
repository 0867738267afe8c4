//! `exchange`, `converted to` and `paid in`: rates of exchange, and what is converted by them.

use crate::base::{Currency, Date};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::check::SourceCurrency;
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node, poisoned};
use crate::meaning::kinds::meet;
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{
    Column, Exchange, ExchangeId, Expr, ExprKind, FactDay, PaidCurrency, PaidIn, QuotaConversion,
    QuotaDay, Rates, Source, SourceId, WrittenRate,
};
use crate::meaning::sign::constant;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

impl Lower<'_> {
    pub(in crate::meaning) fn exchange(&mut self, written: &ast::Exchange) -> Option<ExchangeId> {
        if written.broken {
            return None;
        }
        let rates = match &written.from {
            Some(from) => Rates::Data {
                source: self.rate_source(written, from)?,
                each: from.each,
                last_before: written.missing.as_ref()?.value == ast::NoRate::LastBefore,
            },
            None => Rates::Written(self.written_rates(written)?),
        };
        self.plan.exchanges.push(Exchange {
            name: written.name.text.clone(),
            label: written.name.called(written.label.as_ref()),
            kept_by: written.kept_by.as_ref()?.value.clone(),
            rates,
            both_ways: written.both_ways.is_some(),
            span: written.span,
        });
        Some(ExchangeId(self.plan.exchanges.len() - 1))
    }

    /// The source of rates that stand in data, with its columns.
    fn rate_source(&mut self, written: &ast::Exchange, from: &ast::RatesFrom) -> Option<SourceId> {
        let column = |name: &str, ty: Type| Column {
            name: name.to_owned(),
            ty,
            one_of: None,
            optional: false,
            meaning: String::new(),
            span: written.span,
        };
        let when = match from.each {
            Some(_) => Type::Text,
            None => Type::Date,
        };
        let columns = vec![
            column(Exchange::FROM, Type::Text),
            column(Exchange::TO, Type::Text),
            column(Exchange::when_column(from.each), when),
            column(Exchange::RATE, Type::Number),
        ];
        let name = &from.source;
        let mut known = self.plan.sources.iter();
        if known.any(|own| own.binding == name.text) {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    name.span,
                    format!("`{}` is read as something else already", name.text),
                )
                .help("give each table a source of its own", "from        …"),
            );
            return None;
        }
        self.plan.sources.push(Source {
            name: name.text.clone(),
            binding: name.text.clone(),
            label: name.text.clone(),
            columns,
            gaps: false,
            span: written.span,
        });
        Some(SourceId(self.plan.sources.len() - 1))
    }

    /// Rates that stand in the plan: each more than 0, of two currencies, and one for a day.
    fn written_rates(&mut self, written: &ast::Exchange) -> Option<Vec<WrittenRate>> {
        let mut rates: Vec<WrittenRate> = Vec::new();
        let mut whole = true;
        for row in &written.rows {
            let mut place = Place::new(PlaceKind::Person, written.span);
            let value = self.expr(&row.rate, &mut place);
            let number = constant(&value).filter(|_| self.want(&value, Type::Number));
            let Some(rate) = number.filter(|rate| rate.is_positive()) else {
                if value.ty == Type::Number {
                    self.problems.push(no_rate_at_all(value.span));
                }
                whole = false;
                continue;
            };
            let rate = WrittenRate {
                from: row.from.value,
                to: row.to.value,
                first: row.days.0,
                last: row.days.1,
                rate,
                span: row.span,
            };
            if rate.from == rate.to {
                self.problems.push(
                    Diagnostic::at(
                        Code::U205,
                        row.span,
                        format!("{} is always worth 1 {}", rate.from, rate.to),
                    )
                    .help("take the row away", ""),
                );
                whole = false;
            }
            let clash = |own: &&WrittenRate| {
                (own.from, own.to) == (rate.from, rate.to)
                    && own.first <= rate.last
                    && rate.first <= own.last
            };
            if let Some(first) = rates.iter().find(clash) {
                let day: Date = first.first.max(rate.first);
                self.problems.push(
                    Diagnostic::at(
                        Code::D601,
                        row.span,
                        format!("two rates from {} to {} on {day}", rate.from, rate.to),
                    )
                    .saying("and this row holds then, too")
                    .label(first.span, "this row holds on that day"),
                );
                whole = false;
            }
            rates.push(rate);
        }
        whole.then_some(rates)
    }

    /// `x converted to USD at month_end_rate on deal.close_date`
    pub(in crate::meaning) fn converted(
        &mut self,
        written: &ast::Conversion,
        span: Span,
        place: &mut Place,
    ) -> Expr {
        if place.kind == PlaceKind::People {
            let why = "whom a plan pays does not hang on rates of exchange";
            self.problems
                .push(errors::wrong_place("a conversion", span, why));
            return poisoned(span);
        }
        let of = self.expr(&written.of, place);
        let on = self.rate_day(&written.on, self.length(), place);
        let at = self.exchange_named(&written.exchange);
        if !matches!(of.ty, Type::Money(_) | Type::Poisoned) {
            let found = errors::type_words(of.ty, &self.plan.units);
            self.problems
                .push(errors::wrong_type(of.span, &found, "an amount of money"));
            return poisoned(span);
        }
        let (Some(at), Some(on)) = (at, on) else {
            return poisoned(span);
        };
        if of.ty == Type::Poisoned {
            return poisoned(span);
        }
        if let Some(from) = self.only_currency(&of) {
            self.can_convert(at, from, written.to, span);
        }
        let grain = meet(of.grain, on.grain);
        let kind = ExprKind::Converted {
            of: Box::new(of),
            to: written.to,
            at,
            on: Box::new(on),
        };
        node(kind, Type::Money(written.to), grain, span)
    }

    /// The currency of an amount, where the texts and the manifest say it.
    fn only_currency(&self, of: &Expr) -> Option<Currency> {
        let source = match of.kind {
            ExprKind::Column(source, _) => &self.plan.source(source).binding,
            ExprKind::Fact(..) => &self.plan.people.binding,
            _ => return of.ty.currency(),
        };
        match self.bindings.sources.get(source) {
            Some(SourceCurrency::All(currency)) => Some(*currency),
            _ => None,
        }
    }

    /// U205: rates that stand in the plan have one for these two currencies.
    fn can_convert(&mut self, at: ExchangeId, from: Currency, to: Currency, span: Span) {
        let exchange = self.plan.exchange(at);
        let Rates::Written(rates) = &exchange.rates else {
            return;
        };
        let way = |a, b| rates.iter().any(|own| (own.from, own.to) == (a, b));
        if from == to || way(from, to) || exchange.both_ways && way(to, from) {
            return;
        }
        let diagnostic = Diagnostic::at(
            Code::U205,
            span,
            format!("`{}` has no rate from {from} to {to}", exchange.name),
        )
        .label(exchange.span, "its rates are these");
        self.problems.push(if way(to, from) {
            diagnostic
                .saying(format!("it has one from {to} to {from}"))
                .help("let 1 divided by a rate convert back", "used both ways")
        } else {
            diagnostic.help("add the row", format!("| {from} | {to} | … | … |"))
        });
    }

    /// Rates of exchange by their name.
    fn exchange_named(&mut self, name: &ast::Name) -> Option<ExchangeId> {
        match self.names.peek(&name.text) {
            Some(Def::Exchange(_)) => match self.item(&name.text, name.span) {
                Some(Item::Exchange(id)) => Some(id),
                _ => None,
            },
            Some(def) => {
                let kind = format!(
                    "{}, and money is converted at rates of exchange",
                    def.kind()
                );
                self.problems
                    .push(errors::not_a_value(&name.text, name.span, &kind));
                None
            }
            None => {
                self.unknown(&name.text, name.span);
                None
            }
        }
    }

    /// The day whose rate counts.
    fn rate_day(
        &mut self,
        written: &ast::RateDay,
        around: crate::base::Cadence,
        place: &mut Place,
    ) -> Option<Expr> {
        match written {
            ast::RateDay::On(day) => {
                let day = self.expr(day, place);
                self.want(&day, Type::Date).then_some(day)
            }
            ast::RateDay::OfPeriod(day, span) => {
                if let PlaceKind::Record(_, word) = &place.kind {
                    let why = "a credit is made before it is known in which period it counts";
                    let date = format!("on {word}.…");
                    self.problems.push(
                        errors::wrong_place("a day of the period", *span, why)
                            .help("take a date of the record", date)
                            .help("one rate for each month", "from        …, one per month"),
                    );
                    return None;
                }
                Some(day_of_period(*day, around, *span))
            }
        }
    }

    /// `converted at budget_rate on the first day of the period`, of a quota
    pub(in crate::meaning) fn quota_conversion(
        &mut self,
        written: &ast::ConvertedAt,
    ) -> Option<QuotaConversion> {
        let at = self.exchange_named(&written.exchange);
        let on = match &written.on {
            ast::RateDay::OfPeriod(ast::PeriodDay::First, _) => QuotaDay::First,
            ast::RateDay::OfPeriod(ast::PeriodDay::Last, _) => QuotaDay::Last,
            ast::RateDay::On(day) => match day.kind {
                ast::ExprKind::Date(day) => QuotaDay::On(day),
                _ => {
                    let why = "a quota has no record: take a day of the period, or a written day";
                    let problem = errors::wrong_place("this", day.span, why);
                    self.problems.push(problem);
                    return None;
                }
            },
        };
        Some(QuotaConversion {
            at: at?,
            on,
            span: written.span,
        })
    }

    /// `paid in pay_currency at month_end_rate on the last day of the period, round to 0.01, half up`
    pub(in crate::meaning) fn paid_in(&mut self, written: &ast::PaidIn) -> Option<PaidIn> {
        let cadence = self.plan.cadence;
        let mut place = Place::new(PlaceKind::Person, written.span);
        let on = self.rate_day(&written.on, cadence, &mut place);
        let at = self.exchange_named(&written.exchange);
        let into = match &written.into {
            ast::PaidCurrency::One(currency) => {
                if let Some(at) = at {
                    self.can_convert(at, self.plan.currency, currency.value, written.span);
                }
                PaidCurrency::One(currency.value)
            }
            ast::PaidCurrency::Column(name) => {
                let fact = ast::Expr {
                    kind: match &written.on {
                        ast::RateDay::OfPeriod(day, _) => ast::ExprKind::OnDay(name.clone(), *day),
                        ast::RateDay::On(_) => ast::ExprKind::Name(name.text.clone()),
                    },
                    span: name.span,
                };
                PaidCurrency::Fact(self.code_of_payee(&fact, &mut place)?)
            }
        };
        let paid_in = PaidIn {
            into,
            at: at?,
            on: on?,
            unit: written.unit.as_ref().map(|unit| unit.value.clone()),
            mode: written.mode,
            span: written.span,
        };
        self.unit_fits(&paid_in, written);
        Some(paid_in)
    }

    /// The column of people with the code of a payee's currency.
    fn code_of_payee(&mut self, written: &ast::Expr, place: &mut Place) -> Option<Expr> {
        let fact = self.expr(written, place);
        match (&fact.kind, fact.ty) {
            (_, Type::Poisoned) => None,
            (ExprKind::Fact(..), Type::Text) => Some(fact),
            _ => {
                let found = errors::type_words(fact.ty, &self.plan.units);
                let wanted = "a column of people with the code of their currency";
                self.problems
                    .push(errors::wrong_type(fact.span, &found, wanted));
                None
            }
        }
    }

    /// U206: what is paid is an amount of its currency.
    fn unit_fits(&mut self, paid_in: &PaidIn, written: &ast::PaidIn) {
        let PaidCurrency::One(currency) = paid_in.into else {
            return;
        };
        let Some(unit) = written.unit.as_ref() else {
            return;
        };
        if paid_in.rounding(currency).is_some() {
            return;
        }
        let smallest = "the smallest unit".to_owned();
        self.problems.push(
            Diagnostic::at(
                Code::U206,
                unit.span,
                format!("{} is no amount of {currency}", unit.value.to_plain()),
            )
            .saying(match currency.minor_units() {
                0 => format!("{currency} has no decimals"),
                places => format!("{currency} has {places} decimals"),
            })
            .fix(
                "write",
                format!("round to {smallest}"),
                vec![Edit {
                    span: unit.span,
                    text: smallest,
                }],
            ),
        );
    }

    /// Whether a test expects of a payout what is paid in another currency.
    pub(in crate::meaning) fn is_paid_amount(&self, value: &ast::Expr, what: &ast::Name) -> bool {
        let ast::ExprKind::Money(_, currency) = value.kind else {
            return false;
        };
        let may_be_paid_in = match self.names.peek(&what.text) {
            Some(Def::Pay(pay)) => pay.paid_in.is_some() || pay.broken,
            _ => false,
        };
        currency != self.plan.currency && may_be_paid_in
    }

    /// Whether rates of exchange or quotas that could not be understood may stand in a source.
    pub(in crate::meaning) fn may_be_of_source(&self, name: &ast::Name) -> bool {
        self.names.all().any(|def| match def {
            Def::Exchange(exchange) => match &exchange.from {
                Some(from) => from.source.text == name.text,
                None => exchange.broken,
            },
            Def::Quota(quota) => {
                let from = quota.from.as_ref();
                from.is_none_or(|from| from.source.text == name.text)
            }
            _ => false,
        })
    }
}

fn day_of_period(day: ast::PeriodDay, around: crate::base::Cadence, span: Span) -> Expr {
    let day = match day {
        ast::PeriodDay::First => FactDay::First(around),
        ast::PeriodDay::Last => FactDay::Last,
    };
    let grain = Grain::PersonPeriod;
    node(ExprKind::DayOfPeriod(day), Type::Date, grain, span)
}

fn no_rate_at_all(span: Span) -> Diagnostic {
    Diagnostic::at(Code::U205, span, "a rate of exchange is a number above 0")
        .saying("how much of the second currency one of the first is worth")
        .help("for example", "| GBP | USD | … | 1.22 |")
}
