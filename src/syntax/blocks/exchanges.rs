//! Rates of exchange, and the line that pays in another currency.

use crate::base::Mode;
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{
    ConvertedAt, Exchange, NoRate, PaidCurrency, PaidIn, RateDay, RatesFrom, Spanned,
};
use crate::syntax::blocks::{At, Head, all_rows, each_with_rows, has_rows, mode_of, once, require};
use crate::syntax::cells;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::{Block as Cut, Row};

pub(in crate::syntax::blocks) fn exchange(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Exchange> {
    let mut exchange = Exchange {
        name: head.names.into_iter().next()?,
        label: head.title,
        kept_by: None,
        from: None,
        rows: Vec::new(),
        both_ways: None,
        missing: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each_with_rows(block, lines, |at, rule, words| match rule {
        Rule::from_rates => {
            let value = rates_from(at, words);
            once(&mut exchange.from, value, |f| f.span, at, "from");
        }
        Rule::kept_by => {
            let value = at.only_text(words);
            once(&mut exchange.kept_by, value, |k| k.span, at, "kept by");
        }
        Rule::both_ways => {
            let value = Some(at.span());
            once(&mut exchange.both_ways, value, |b| *b, at, "used both ways");
        }
        Rule::no_rate => {
            let value = match choice(&words, &[Rule::k_hold_this_payout]) {
                Some(_) => NoRate::Hold,
                None => NoRate::LastBefore,
            };
            let value = Some(Spanned {
                value,
                span: at.span(),
            });
            once(&mut exchange.missing, value, |m| m.span, at, "if missing");
        }
        _ => exchange.accepts.extend(at.accept(words)),
    });
    require(
        &[(exchange.kept_by.is_none(), Rule::kept_by)],
        exchange.span,
        lines,
    );
    rates(&mut exchange, &all_rows(block), block, lines);
    exchange.broken |= lines.bad;
    lines.bad |= bad_before;
    Some(exchange)
}

/// Where the rates stand: in data, or in rows of the block.
fn rates(exchange: &mut Exchange, rows: &[Row<'_>], block: &Cut<'_>, lines: &mut Lines<'_, '_>) {
    if let Some(from) = &exchange.from {
        if let Some(row) = rows.first()
            && !lines.bad
        {
            lines.problems.push(
                Diagnostic::at(Code::S008, row.line.span(), "these rates stand in data")
                    .label(from.span, "here it says so")
                    .help("take one of the two away", ""),
            );
            exchange.broken = true;
        }
        let missing = [(exchange.missing.is_none(), Rule::no_rate)];
        require(&missing, exchange.span, lines);
        return;
    }
    if let Some(missing) = &exchange.missing
        && !lines.bad
    {
        lines.problems.push(
            Diagnostic::at(
                Code::S002,
                missing.span,
                "this line is about rates that stand in data",
            )
            .help("say where", "from        fx_rates, one per month"),
        );
        exchange.broken = true;
        return;
    }
    has_rows(rows, block, "| from | to | effective | rate |", lines);
    let before = lines.problems.iter().len();
    exchange.rows = cells::exchange_rates(rows, lines.problems);
    exchange.broken |= lines.problems.iter().len() > before;
}

fn rates_from<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<RatesFrom> {
    let mut inner = parts(words);
    let source = at.name(&inner.next()?);
    let each = match inner.next() {
        Some(cadence) => Some(at.cadence(cadence)?.value),
        None => None,
    };
    Some(RatesFrom {
        source,
        each,
        span: at.span(),
    })
}

/// `converted at …` of a quota
pub(in crate::syntax::blocks) fn converted_at<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<ConvertedAt> {
    let mut inner = parts(words);
    let exchange = at.name(&inner.next()?);
    Some(ConvertedAt {
        exchange,
        on: at.reader().rate_day(inner.next()?)?,
        span: at.span(),
    })
}

/// `paid in …`
pub(in crate::syntax::blocks) fn paid_in<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<PaidIn> {
    let mut inner = parts(words);
    let first = inner.next()?;
    let into = match first.as_rule() {
        Rule::code => {
            let span = at.reader().span(&first);
            let value = at.reader().currency(&first)?;
            PaidCurrency::One(Spanned { value, span })
        }
        _ => PaidCurrency::Column(at.name(&first)),
    };
    let exchange = at.name(&inner.next()?);
    let on: RateDay = at.reader().rate_day(inner.next()?)?;
    let (mut unit, mut mode): (_, Option<Mode>) = (None, None);
    for part in parts(inner.next()?) {
        match part.as_rule() {
            Rule::figure => unit = Some(at.unit_of_rounding(&part)?),
            _ => mode = Some(mode_of(part)),
        }
    }
    Some(PaidIn {
        into,
        exchange,
        on,
        unit,
        mode: mode?,
        span: at.span(),
    })
}
