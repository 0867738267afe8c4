//! Blocks about the project: the head of a plan, people and records.

use crate::diag::{Code, Diagnostic, near};
use crate::syntax::ast::{
    Expr, ExprKind, Membership, Name, Payees, PeriodDay, PlanHead, Source, Spanned,
};
use crate::syntax::blocks::{At, Head, each, no_rows, once, require};
use crate::syntax::cells;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, parts};
use crate::syntax::lines::{Block as Cut, Clause};

pub(in crate::syntax::blocks) fn plan(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<PlanHead> {
    no_rows(&block.rows, lines);
    let mut plan = PlanHead {
        title: head.title?,
        currency: None,
        currency_each: None,
        effective: None,
        period: None,
        cut: None,
        payees: None,
        quota: None,
        settled: None,
        opening: None,
        kept_by: None,
        paid: None,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each(block, lines, |at, rule, words, _| match rule {
        Rule::paid => {
            let value = at.days(words);
            once(&mut plan.paid, value, |days| days.span, at, "paid");
        }
        Rule::currency => {
            let value = parts(words).next().and_then(|code| {
                let span = at.reader().span(&code);
                at.reader()
                    .currency(&code)
                    .map(|value| Spanned { value, span })
            });
            once(&mut plan.currency, value, |c| c.span, at, "currency");
        }
        Rule::currency_each => {
            let column = parts(words).next();
            let value = column.map(|column| at.reader().name(&column));
            once(&mut plan.currency_each, value, |c| c.span, at, "currency");
        }
        Rule::effective => {
            let days = at.reader().days(words);
            let span = at.span();
            let value = days.map(|value| Spanned { value, span });
            once(&mut plan.effective, value, |e| e.span, at, "effective");
        }
        Rule::period => {
            let mut written = words.clone().into_inner();
            let cut = written.find(|word| word.as_rule() == Rule::k_cut_at_month_ends);
            let cut = cut.map(|word| at.reader().span(&word));
            plan.cut = plan.cut.or(cut);
            let unit = parts(words).next();
            let value = unit.and_then(|unit| at.cadence(unit));
            once(&mut plan.period, value, |p| p.span, at, "period");
        }
        Rule::payees => {
            let value = payees(at, words);
            once(&mut plan.payees, value, |p| p.span, at, "payees");
        }
        Rule::quota_from => {
            let value = at.quota_from(words);
            once(&mut plan.quota, value, |q| q.span, at, "quota");
        }
        Rule::settled => {
            let span = at.span();
            let day = parts(words).next().and_then(|day| at.reader().day(&day));
            let value = day.map(|value| Spanned { value, span });
            once(&mut plan.settled, value, |own| own.span, at, "settled");
        }
        Rule::opening => {
            let source = parts(words).next();
            let value = source.map(|source| at.name(&source));
            once(&mut plan.opening, value, |own| own.span, at, "opening");
        }
        Rule::kept_by => {
            let value = at.only_text(words);
            once(&mut plan.kept_by, value, |k| k.span, at, "kept by");
        }
        _ => plan.accepts.extend(at.accept(words)),
    });
    let quota_line = |clause: &Clause<'_>| near(clause.line.first_word(), ["quota"]).is_some();
    if plan.quota.is_none() && block.clauses.iter().any(quota_line) {
        lines.poisoned.push(Name {
            text: "quota".to_owned(),
            span: plan.span,
        });
    }
    require(
        &[
            (
                plan.currency.is_none() && plan.currency_each.is_none(),
                Rule::currency,
            ),
            (plan.effective.is_none(), Rule::effective),
            (plan.period.is_none(), Rule::period),
            (plan.payees.is_none(), Rule::payees),
        ],
        plan.span,
        lines,
    );
    Some(plan)
}

pub(in crate::syntax::blocks) fn payees<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Payees> {
    let whole = words
        .clone()
        .into_inner()
        .find_map(|word| match word.as_rule() {
            Rule::k_for_the_days_in_the_role => Some((Membership::DaysInRole, word)),
            Rule::k_on_the_last_day_of_the_period => Some((Membership::LastDay, word)),
            _ => None,
        });
    let mut condition = None;
    let mut when = whole.map(|(value, word)| Spanned {
        value,
        span: at.reader().span(&word),
    });
    for part in parts(words) {
        match part.as_rule() {
            Rule::on_date => {
                let span = at.reader().span(&part);
                let path = parts(part).next().map(|path| at.reader().path(path));
                if let Some(Expr {
                    kind: ExprKind::Path(record, column),
                    ..
                }) = path
                {
                    when = Some(Spanned {
                        value: Membership::OnDate(record, column),
                        span,
                    });
                }
            }
            _ => condition = Some(at.reader().expr(part)),
        }
    }
    let mut condition = condition?;
    if when.is_none() {
        when = take_date(&mut condition);
    }
    // `payees is_seller on the last day of the period`: the day belongs to the clause, not to the fact.
    let (condition, when) = match (condition.kind, when) {
        (ExprKind::OnDay(name, PeriodDay::Last), None) => {
            let kind = ExprKind::Name(name.text);
            let day = Spanned {
                value: Membership::LastDay,
                span: condition.span,
            };
            (
                Expr {
                    kind,
                    span: name.span,
                },
                Some(day),
            )
        }
        (kind, when) => (
            Expr {
                kind,
                span: condition.span,
            },
            when,
        ),
    };
    Some(Payees {
        condition,
        when,
        span: at.span(),
    })
}

/// `payees role is "AE" and is_seller on deal.close_date`: the date belongs to the clause, not to the last name.
pub(in crate::syntax::blocks) fn take_date(condition: &mut Expr) -> Option<Spanned<Membership>> {
    match &mut condition.kind {
        ExprKind::OnDate(name, date) => {
            let ExprKind::Path(record, column) = &date.kind else {
                return None;
            };
            let (record, column) = (record.clone(), column.clone());
            let span = date.span;
            condition.span = name.span;
            condition.kind = ExprKind::Name(name.text.clone());
            Some(Spanned {
                value: Membership::OnDate(record, column),
                span,
            })
        }
        ExprKind::Not(inner) => take_date(inner),
        ExprKind::Binary(_, _, last) => take_date(last),
        _ => None,
    }
}

pub(in crate::syntax::blocks) fn source(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Source {
    let name = head.names.into_iter().next().unwrap_or_else(|| Name {
        text: block.head.first_word().to_owned(),
        span: block.head.span(),
    });
    let mut source = Source {
        name,
        label: head.title,
        from: None,
        kept_by: None,
        columns: Vec::new(),
        gaps: false,
        span: block.head.span(),
    };
    // The table may stand below the head or below any clause; it is the block's either way.
    let mut rows = block.rows.clone();
    for clause in &block.clauses {
        rows.extend(clause.rows.iter().cloned());
        let Some((rule, words)) = lines.clause(clause) else {
            continue;
        };
        let at = &mut At {
            piece: clause.line,
            lines: &mut *lines,
        };
        match rule {
            Rule::from_source => {
                let value = parts(words).next().map(|name| at.name(&name));
                once(&mut source.from, value, |n| n.span, at, "from");
            }
            _ => {
                let value = at.only_text(words);
                once(&mut source.kept_by, value, |k| k.span, at, "kept by");
            }
        }
    }
    if rows.is_empty() && !lines.bad {
        lines.problems.push(
            Diagnostic::at(
                Code::S007,
                source.span,
                format!("`{}` has no table of columns", source.name.text),
            )
            .help("add one", "| column | type | meaning |"),
        );
    }
    let before = lines.problems.iter().len();
    source.columns = cells::columns(&rows, lines.problems);
    source.gaps = rows.is_empty() || lines.problems.iter().len() > before;
    source
}
