//! Conversions: which row's rate counts, found by looking at every row.

use crate::base::{Currency, Date, Exact};
use crate::diag::Span;
use crate::explain::cells::read_cell;
use crate::explain::expression::{Found, Reader, Scalar, Stop, demand, walk};
use crate::explain::receipt::{Kind, Node, PaidOut, Quoted, Rule};
use crate::explain::walk::{Here, Walker, leaf};
use crate::meaning::plan::{
    Exchange, ExchangeId, Expr, ExprKind, PaidCurrency, PaidIn, PayId, Plan, Rates,
};
use crate::table::{Cause, Rows, Table, sorted};

/// An amount with the currency of its cell.
pub(in crate::explain) type Amount = Result<(Exact, Currency), Stop>;

/// Amounts that a name reads, before it is known whether they agree.
pub(in crate::explain) struct Amounts {
    /// One of a record, one for each row of a person.
    pub(in crate::explain) cells: Vec<Amount>,
    /// What holds where there are none.
    pub(in crate::explain) none: Stop,
    /// What holds where they differ.
    pub(in crate::explain) differ: Stop,
}

impl Amounts {
    /// The only one.
    pub(in crate::explain) fn one(amount: Amount) -> Amounts {
        Amounts {
            cells: vec![amount],
            none: Stop::Nothing,
            differ: Stop::Nothing,
        }
    }
}

/// What values of several rows say together.
pub(in crate::explain) fn agreed(values: &[Found], none: Stop, differ: Stop) -> Found {
    let held = values.iter().filter_map(|value| match value {
        Err(Stop::Held(causes)) => Some(causes.clone()),
        _ => None,
    });
    let held: Vec<Cause> = held.flatten().collect();
    if !held.is_empty() {
        return Err(Stop::Held(sorted(held)));
    }
    let Some(first) = values.first() else {
        return Err(none);
    };
    let is_empty = |value: &Found| matches!(value, Err(Stop::Empty(_)));
    // Of empty cells the first by day is as good as any, whatever the order of rows.
    if values.iter().all(is_empty) || values.iter().all(|value| value == first) {
        first.clone()
    } else {
        Err(differ)
    }
}

/// The value of a conversion, with what it read.
pub(in crate::explain) fn converted(
    expr: &Expr,
    reader: &mut dyn Reader,
    reads: &mut Vec<Node>,
) -> Found {
    let ExprKind::Converted { of, to, at, on } = &expr.kind else {
        return Err(Stop::Nothing);
    };
    let mut own = Vec::new();
    let amounts = match (&of.kind, of.ty.currency()) {
        (ExprKind::Column(..) | ExprKind::Fact(..), _) => reader.amounts(of),
        (_, Some(currency)) => Amounts::one(match demand(walk(of, reader, &mut own)) {
            Ok(Scalar::Number(amount)) => Ok((amount, currency)),
            Ok(_) => Err(Stop::Nothing),
            Err(stop) => Err(stop),
        }),
        _ => return Err(Stop::Nothing),
    };
    let day = demand(walk(on, reader, &mut Vec::new()));
    let mut values = Vec::new();
    let mut shown = None;
    for amount in amounts.cells {
        values.push(match (amount, &day) {
            (Ok((amount, from)), _) if from == *to => Ok(Scalar::Number(amount)),
            (Ok((amount, from)), Ok(Scalar::Date(day))) => {
                match reader.quote(*at, (from, *to), *day) {
                    Ok(quoted) => {
                        let made = amount.clone() * quoted.rate.clone();
                        shown = Some((amount, from, quoted));
                        Ok(Scalar::Number(made))
                    }
                    Err(causes) => Err(Stop::Held(causes)),
                }
            }
            (Ok(_), Err(stop)) => Err(stop.clone()),
            (Ok(_), Ok(_)) => Err(Stop::Nothing),
            (Err(stop), _) => Err(stop),
        });
    }
    let found = agreed(&values, amounts.none, amounts.differ);
    match (&found, shown) {
        (Ok(_), Some((amount, from, quoted))) => {
            let mut node = conversion_node((amount, from), quoted, *to, &found, expr.span);
            node.reads = own;
            reads.push(node);
        }
        _ => reads.extend(own),
    }
    found
}

/// An amount in another currency, as a step.
pub(in crate::explain) fn conversion_node(
    (amount, from): (Exact, Currency),
    quoted: Quoted,
    to: Currency,
    found: &Found,
    span: Span,
) -> Node {
    let rule = Rule::Converted {
        amount,
        from,
        quoted,
    };
    leaf(rule, "converted", found, Kind::MoneyOf(to), Some(span))
}

/// One rate, or as much as can be read of it.
struct Line {
    from: Option<Currency>,
    to: Option<Currency>,
    days: Option<(Date, Date)>,
    rate: Result<Exact, Vec<Cause>>,
    /// Why the rest cannot be read.
    why: Vec<Cause>,
    /// File and line; empty of a row of the plan.
    place: String,
    span: Option<Span>,
    /// That another row stands before it for the same pair and days.
    twice: Option<Cause>,
}

/// The rate by which one currency is converted to another on a day, or why there is none.
pub(in crate::explain) fn quote(
    plan: &Plan,
    rows: &dyn Rows,
    id: ExchangeId,
    (from, to): (Currency, Currency),
    day: Date,
) -> Result<Quoted, Vec<Cause>> {
    let exchange = plan.exchange(id);
    let (lines, mut held) = lines(plan, rows, exchange, (from, to));
    let last_before = matches!(
        exchange.rates,
        Rates::Data {
            last_before: true,
            ..
        }
    );
    let counts = |(first, last): (Date, Date)| first <= day && (last_before || day <= last);
    let is_of = |line: &Line, a: Currency, b: Currency| {
        line.from.is_none_or(|own| own == a)
            && line.to.is_none_or(|own| own == b)
            && line.days.is_none_or(counts)
    };
    let may_be = |line: &Line| is_of(line, from, to) || exchange.both_ways && is_of(line, to, from);
    for line in lines.iter().filter(|line| may_be(line)) {
        held.extend(line.why.clone());
    }
    if !held.is_empty() {
        return Err(sorted(held));
    }
    let clear = lines.iter().filter_map(|line| {
        let way = (line.from?, line.to?);
        let (first, last) = line.days?;
        let is_straight = way == (from, to);
        let fits = is_straight || exchange.both_ways && way == (to, from);
        (fits && counts((first, last))).then_some(((first, is_straight), line))
    });
    let clear: Vec<((Date, bool), &Line)> = clear.collect();
    let missing = || Cause::no_exchange((&exchange.label, &exchange.kept_by), from, to, day);
    let best = clear.iter().map(|(rank, _)| *rank).max();
    let (since, is_straight) = best.ok_or_else(|| vec![missing()])?;
    let best = clear
        .iter()
        .filter(|(rank, _)| *rank == (since, is_straight));
    let best: Vec<&Line> = best.map(|(_, line)| *line).collect();
    let [only] = best.as_slice() else {
        let why = |line: &&Line| line.rate.clone().err().unwrap_or_default();
        let twice = best.iter().skip(1).filter_map(|line| line.twice.clone());
        return Err(sorted(best.iter().flat_map(why).chain(twice).collect()));
    };
    let rate = only.rate.clone()?;
    let rate = match is_straight {
        true => Some(rate),
        false => Exact::ONE.checked_div(&rate),
    };
    Ok(Quoted {
        label: exchange.label.clone(),
        rate: rate.unwrap_or_default(),
        on: day,
        since,
        place: only.place.clone(),
        span: only.span,
    })
}

/// All rates, and why rows that are not whole hold what is converted between two currencies.
fn lines(
    plan: &Plan,
    rows: &dyn Rows,
    exchange: &Exchange,
    pair: (Currency, Currency),
) -> (Vec<Line>, Vec<Cause>) {
    let (source, each) = match &exchange.rates {
        Rates::Written(written) => {
            let of = written.iter().map(|rate| Line {
                from: Some(rate.from),
                to: Some(rate.to),
                days: Some((rate.first, rate.last)),
                rate: Ok(rate.rate.clone()),
                why: Vec::new(),
                place: String::new(),
                span: Some(rate.span),
                twice: None,
            });
            return (of.collect(), Vec::new());
        }
        Rates::Data { source, each, .. } => (*source, *each),
    };
    let Some(table) = rows.table(&plan.source(source).binding) else {
        return (Vec::new(), Vec::new());
    };
    let torn = table.broken.iter().filter(|row| {
        let codes = [pair.0.code(), pair.1.code()];
        codes.iter().all(|code| row.may_be_about(code))
    });
    let torn = torn.filter_map(|row| table.cause(row)).collect();
    let whole = (0..table.rows).filter(|row| table.broken_row(*row).is_none());
    let lines = whole.map(|row| line(plan, exchange, each, (table, row)));
    (lines.collect(), torn)
}

/// A row of data.
fn line(
    plan: &Plan,
    exchange: &Exchange,
    each: Option<crate::base::Cadence>,
    (table, row): (&Table, usize),
) -> Line {
    let mut why = Vec::new();
    let mut read = |column: &str| match demand(read_cell(plan, table, column, row)) {
        Ok(value) => Some(value),
        Err(Stop::Held(causes)) => {
            why.extend(causes);
            None
        }
        Err(_) => None,
    };
    let when = Exchange::when_column(each);
    let (from, to, days) = (read(Exchange::FROM), read(Exchange::TO), read(when));
    let mut currency = |column: &str, value: Option<Scalar>| {
        let Some(Scalar::Text(code)) = value else {
            return None;
        };
        let found = Currency::from_code(&code);
        if found.is_none() {
            why.push(Cause::no_currency(table.cell(row, column, &code)));
        }
        found
    };
    let (from, to) = (currency(Exchange::FROM, from), currency(Exchange::TO, to));
    let days = match (days, each) {
        (Some(Scalar::Date(day)), _) => Some((day, day)),
        (Some(Scalar::Text(text)), Some(each)) => match plan.calendar.parse_period(&text) {
            Ok(period) if period.cadence() == each => Some((period.start(), period.end())),
            _ => {
                let cell = table.cell(row, when, &text);
                let wanted = (each, &*plan.first_period(each));
                why.push(Cause::quota_period(&text, wanted, cell));
                None
            }
        },
        _ => None,
    };
    let rate = match demand(read_cell(plan, table, Exchange::RATE, row)) {
        Ok(Scalar::Number(rate)) if rate.is_positive() => Ok(rate),
        Ok(Scalar::Number(rate)) => {
            let found = table.cell(row, Exchange::RATE, &rate.to_plain());
            Err(vec![Cause::not_a_rate(&exchange.label, found)])
        }
        Err(Stop::Held(causes)) => Err(causes),
        _ => Err(Vec::new()),
    };
    let twice = from.zip(to).zip(days).map(|((from, to), (first, _))| {
        let words = format!("{from} to {to} on {first}");
        Cause::listed_twice(&exchange.label, &words, table.cell(row, when, ""))
    });
    Line {
        from,
        to,
        days,
        rate,
        why,
        place: table.place(row),
        span: None,
        twice,
    }
}

impl Walker<'_> {
    /// What is paid of a payout in another currency; nothing where the plan does not say so.
    pub(in crate::explain) fn paid_out(
        &mut self,
        id: PayId,
        here: &Here,
        payout: &Exact,
    ) -> Option<Result<PaidOut, Vec<Cause>>> {
        let clause = self.plan.pay(id).paid_in.as_ref()?;
        Some(self.in_other_currency(clause, here, payout))
    }

    fn in_other_currency(
        &mut self,
        clause: &PaidIn,
        here: &Here,
        payout: &Exact,
    ) -> Result<PaidOut, Vec<Cause>> {
        let own = self.plan.currency;
        let mut needed = |expr: &Expr| match demand(self.value(here, expr, &mut Vec::new())) {
            Ok(value) => Ok(value),
            Err(Stop::Held(causes)) => Err(causes),
            Err(_) => Err(Vec::new()),
        };
        let currency = match &clause.into {
            PaidCurrency::One(currency) => *currency,
            PaidCurrency::Fact(fact) => match needed(fact)? {
                Scalar::Text(code) => Currency::from_code(&code)
                    .ok_or_else(|| vec![Cause::no_pay_currency(&here.payee, &code)])?,
                _ => return Err(Vec::new()),
            },
        };
        let rounding = clause.rounding(currency).ok_or_else(|| {
            let unit = clause.unit.as_ref().map_or(String::new(), Exact::to_plain);
            vec![Cause::no_such_coin(&here.payee, currency, &unit)]
        })?;
        let quoted = if currency == own {
            None
        } else {
            let Scalar::Date(day) = needed(&clause.on)? else {
                return Err(Vec::new());
            };
            Some(quote(
                self.plan,
                self.rows,
                clause.at,
                (own, currency),
                day,
            )?)
        };
        let exact = match &quoted {
            Some(quoted) => payout.clone() * quoted.rate.clone(),
            None => payout.clone(),
        };
        Ok(PaidOut {
            amount: rounding.round(&exact),
            currency,
            exact,
            quoted,
            span: clause.span,
        })
    }
}
