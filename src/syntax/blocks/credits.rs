//! Blocks of what comes in: credits and inputs of departments.

use crate::diag::{Code, Diagnostic, Span};
use crate::syntax::ast::{
    ColumnKind, Corrections, Credit, Everyone, Input, InputFor, InputKind, InputMissing, InputOf,
    MissingShare, Nobody, RestTo, Several, Shares, SharesTotal, Spanned, Split, SplitBy, SplitFrom,
};
use crate::syntax::blocks::corrections;
use crate::syntax::blocks::{At, Head, each, no_rows, once, require, residue_of};
use crate::syntax::cells;
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::{Block as Cut, Clause};

pub(in crate::syntax::blocks) fn credit(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Credit> {
    no_rows(&block.rows, lines);
    let mut credit = Credit {
        name: head.names.into_iter().next()?,
        label: head.title,
        from: None,
        when: Vec::new(),
        dated_by: None,
        corrections: Corrections::default(),
        to: None,
        everyone: None,
        amount: None,
        cap: None,
        share_cap: None,
        split: None,
        round: None,
        remainder: None,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let mut missing: Option<Spanned<MissingShare>> = None;
    let mut total: Option<Spanned<SharesTotal>> = None;
    let (mut several, mut nobody) = (None, None);
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, clause| match rule {
        Rule::from_as => {
            let value = at.source_and_word(words);
            once(
                &mut credit.from,
                value,
                |(source, _)| source.span,
                at,
                "from",
            );
        }
        Rule::when => credit.when.extend(at.expr(words)),
        Rule::dated_by => {
            let value = at.expr(words);
            once(&mut credit.dated_by, value, |e| e.span, at, "dated by");
        }
        Rule::known_on | Rule::corrections | Rule::periods_close => {
            corrections::line(&mut credit.corrections, at, rule, words);
        }
        Rule::to => to(&mut credit, at, words),
        Rule::if_several => {
            let kinds = [Rule::k_each_gets_all, Rule::k_they_share_equally];
            let value = match choice(&words, &kinds) {
                Some(Rule::k_each_gets_all) => Several::All,
                Some(_) => Several::Equally,
                None => Several::Error,
            };
            let value = Some(Spanned {
                value,
                span: at.span(),
            });
            once(&mut several, value, |s| s.span, at, "if several match");
        }
        Rule::if_nobody => {
            let error = choice(&words, &[Rule::k_it_is_an_error]);
            let value = match (error, choice(&words, &[Rule::k_the_company])) {
                (Some(_), _) => Some(Nobody::Error),
                (_, Some(_)) => Some(Nobody::Rest(RestTo::Company)),
                _ => at.expr(words).map(|who| Nobody::Rest(RestTo::Person(who))),
            };
            let span = at.span();
            let value = value.map(|value| Spanned { value, span });
            once(&mut nobody, value, |n| n.span, at, "if nobody matches");
        }
        Rule::credit_amount => {
            let value = at.expr(words);
            once(&mut credit.amount, value, |e| e.span, at, "amount");
        }
        Rule::credit_cap => {
            let mut inner = parts(words);
            let (Some(limit), Some(each)) = (inner.next(), inner.next()) else {
                return;
            };
            let limit = Some(at.reader().expr(limit));
            let word = parts(each).next().map(|word| at.name(&word));
            match (word, &credit.from) {
                (Some(word), _) if word.text == "share" => {
                    once(
                        &mut credit.share_cap,
                        limit,
                        |e| e.span,
                        at,
                        "cap … each share",
                    );
                }
                (Some(word), Some((_, record))) if word.text != record.text => {
                    at.lines.problems.push(
                        Diagnostic::at(
                            Code::N101,
                            word.span,
                            format!("this credit's records are called `{}`", record.text),
                        )
                        .help("write", format!("each {}", record.text))
                        .help("or, after the split", "each share"),
                    );
                    at.lines.bad = true;
                }
                _ => once(&mut credit.cap, limit, |e| e.span, at, "cap"),
            }
        }
        Rule::split_among => {
            let span = at.span();
            let value = at.expr(words).map(|list| Split {
                shares: Shares::Among(list),
                missing: None,
                span,
            });
            once(&mut credit.split, value, |s| s.span, at, "split");
        }
        Rule::split | Rule::split_from => {
            let shares = match rule {
                Rule::split => Some(Shares::Written {
                    when: at.expr(words),
                    rows: cells::shares(&clause.rows, at.lines.problems),
                }),
                _ => split_from(at, words, clause).map(Shares::FromRows),
            };
            if clause.rows.is_empty() {
                at.lines.problems.push(
                    Diagnostic::at(
                        Code::S007,
                        at.piece.span(),
                        "this `split` has no table of shares",
                    )
                    .help("add one", "| who | share |"),
                );
            }
            let span = at.span();
            let value = shares.map(|shares| Split {
                shares,
                missing: None,
                span,
            });
            once(&mut credit.split, value, |s| s.span, at, "split");
        }
        Rule::shares_total => {
            let value = shares_total(at, words);
            once(&mut total, value, |t| t.span, at, "shares total");
        }
        Rule::missing => {
            let nobody = choice(&words, &[Rule::k_to_nobody]).is_some();
            let value = if nobody {
                Some(MissingShare::Nobody)
            } else {
                at.expr(words).map(MissingShare::To)
            };
            let value = value.map(|value| Spanned {
                value,
                span: at.span(),
            });
            once(
                &mut missing,
                value,
                |m| m.span,
                at,
                "if a person is missing",
            );
        }
        Rule::round => {
            let value = at.round(words);
            once(&mut credit.round, value, |r| r.span, at, "round");
        }
        Rule::remainder => {
            let span = at.span();
            let value = residue_of(&words).map(|value| Spanned { value, span });
            once(&mut credit.remainder, value, |r| r.span, at, "remainder");
        }
        _ => credit.accepts.extend(at.accept(words)),
    });
    add_to_split(&mut credit.split, missing, total, lines);
    add_to_everyone(&mut credit, several, nobody, lines);
    credit.corrections.broken = lines.bad;
    lines.bad |= bad_before;
    let always_split = credit.split.as_ref().is_some_and(|split| {
        // Whether a split from rows needs it hangs on what the shares total.
        !matches!(&split.shares, Shares::Written { when: Some(_), .. })
    });
    require(
        &[
            (credit.from.is_none(), Rule::from_as),
            (credit.dated_by.is_none(), Rule::dated_by),
            (
                credit.to.is_none() && credit.everyone.is_none() && !always_split,
                Rule::to,
            ),
            (credit.amount.is_none(), Rule::credit_amount),
        ],
        credit.span,
        lines,
    );
    Some(credit)
}

/// `to deal.owner`, `to everyone whose territory is deal.territory on deal.close_date`
fn to<'t>(credit: &mut Credit, at: &mut At<'_, '_, '_, 't>, words: Words<'t>) {
    let span = at.span();
    let everyone = parts(words.clone()).find(|part| part.as_rule() == Rule::everyone);
    let Some(everyone) = everyone else {
        let value = at.expr(words);
        return once(&mut credit.to, value, |e| e.span, at, "to");
    };
    let mut inner = parts(everyone);
    let (Some(fact), Some(value)) = (inner.next(), inner.next()) else {
        return;
    };
    let value = Some(Everyone {
        fact: at.name(&fact),
        value: at.reader().path(value),
        on: inner.next().map(|day| at.reader().path(day)),
        several: None,
        nobody: None,
        broken: false,
        span,
    });
    once(&mut credit.everyone, value, |e| e.span, at, "to");
}

/// Lines that say more of whom a credit goes to belong to it, wherever in the block they stand.
fn add_to_everyone(
    credit: &mut Credit,
    several: Option<Spanned<Several>>,
    nobody: Option<Spanned<Nobody>>,
    lines: &mut Lines<'_, '_>,
) {
    if let Some(everyone) = &mut credit.everyone {
        (everyone.several, everyone.nobody) = (several, nobody);
        everyone.broken = lines.bad;
        return;
    }
    // The line that they belong to may be the one that could not be read.
    if lines.bad {
        return;
    }
    let spans = [several.map(|own| own.span), nobody.map(|own| own.span)];
    for span in spans.into_iter().flatten() {
        let says =
            "this line says what holds where a column of people matches, and `to` asks for none";
        let write = "to          everyone whose territory is deal.territory on deal.close_date";
        lines.problems.push(
            Diagnostic::at(Code::S007, span, says).help("add it, or take the line away", write),
        );
    }
}

/// `split from deal_splits as s`, with its table.
fn split_from<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
    clause: &Clause<'t>,
) -> Option<SplitFrom> {
    let by = match choice(&words, &[Rule::k_by_weight, Rule::k_equally]) {
        Some(Rule::k_by_weight) => SplitBy::Weight,
        Some(_) => SplitBy::Equal,
        None => SplitBy::Share,
    };
    let mut names = parts(words);
    Some(SplitFrom {
        source: at.name(&names.next()?),
        word: at.name(&names.next()?),
        by,
        row: cells::row_of_split(&clause.rows, by, at.lines.problems),
        total: None,
        end: clause.rows.last().map_or(at.span(), |row| row.line.span()),
        broken: false,
    })
}

/// `shares total …`
pub(in crate::syntax::blocks) fn shares_total<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<Spanned<SharesTotal>> {
    let span = at.span();
    let part = parts(words).next()?;
    let value = match part.as_rule() {
        Rule::the_rest => {
            let mut inner = parts(part);
            SharesTotal {
                total: at.reader().path(inner.next()?),
                rest: Some(match inner.next() {
                    Some(person) => RestTo::Person(at.reader().path(person)),
                    None => RestTo::Company,
                }),
            }
        }
        _ => SharesTotal {
            total: at.reader().path(part),
            rest: None,
        },
    };
    Some(Spanned { value, span })
}

/// Lines that say more of a split belong to it, wherever in the block they stand.
fn add_to_split(
    split: &mut Option<Split>,
    missing: Option<Spanned<MissingShare>>,
    total: Option<Spanned<SharesTotal>>,
    lines: &mut Lines<'_, '_>,
) {
    let broken = lines.bad;
    let mut without = |span: Span, says: &str, write: &str| {
        lines.problems.push(
            Diagnostic::at(Code::S007, span, says).help("add it, or take the line away", write),
        );
    };
    match split {
        Some(split) => split.missing = missing,
        None => {
            if let Some(missing) = missing {
                let says = "this line says where a share goes, and nothing is split";
                without(missing.span, says, "split");
            }
        }
    }
    match split.as_mut().map(|split| &mut split.shares) {
        Some(Shares::FromRows(from)) => {
            from.total = total;
            from.broken = broken;
        }
        _ => {
            if let Some(total) = total {
                let says = "this line says what shares in rows total, and no share stands in rows";
                without(total.span, says, "split from deal_splits as s");
            }
        }
    }
}

pub(in crate::syntax::blocks) fn input(
    block: &Cut<'_>,
    head: Head,
    lines: &mut Lines<'_, '_>,
) -> Option<Input> {
    no_rows(&block.rows, lines);
    let mut input = Input {
        name: head.names.into_iter().next()?,
        label: head.title,
        kind: None,
        whose: None,
        kept_by: None,
        due: None,
        sign_off: None,
        missing: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    each(block, lines, |at, rule, words, _| match rule {
        Rule::input_type => {
            let value = input_kind(at, words);
            once(&mut input.kind, value, |kind| kind.span, at, "type");
        }
        Rule::input_for => {
            let value = input_for(at, words);
            once(&mut input.whose, value, |whose| whose.span, at, "for");
        }
        Rule::kept_by => {
            let value = at.only_text(words);
            once(&mut input.kept_by, value, |k| k.span, at, "kept by");
        }
        Rule::due => {
            let value = at.days(words);
            once(&mut input.due, value, |days| days.span, at, "due");
        }
        Rule::sign_off => {
            let value = at.only_text(words);
            once(&mut input.sign_off, value, |s| s.span, at, "sign-off");
        }
        Rule::if_missing => {
            let value = Some(if_missing(at, words));
            once(&mut input.missing, value, |m| m.span, at, "if missing");
        }
        _ => input.accepts.extend(at.accept(words)),
    });
    input.broken = lines.bad;
    lines.bad |= bad_before;
    Some(input)
}

pub(in crate::syntax::blocks) fn if_missing<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Spanned<InputMissing> {
    Spanned {
        value: match at.expr(words) {
            Some(value) => InputMissing::Use(value),
            None => InputMissing::Hold,
        },
        span: at.span(),
    }
}

pub(in crate::syntax::blocks) fn input_kind<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<InputKind> {
    let mut inner = parts(words);
    let kind = inner.next()?;
    let first = kind.into_inner().next()?;
    let kind = match first.as_rule() {
        Rule::k_Money => ColumnKind::Money,
        Rule::k_Percent => ColumnKind::Percent,
        Rule::k_Number => ColumnKind::Number,
        _ => ColumnKind::Quantity(at.name(&parts(first).next()?)),
    };
    let range = match inner.next() {
        Some(range) => Some(at.reader().range(range)?),
        None => None,
    };
    Some(InputKind {
        kind,
        range,
        span: at.span(),
    })
}

pub(in crate::syntax::blocks) fn input_for<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<InputFor> {
    let fixed = choice(&words, &[Rule::k_the_company, Rule::k_each_person]);
    let mut whose = match fixed {
        Some(Rule::k_the_company) => InputOf::Company,
        _ => InputOf::Person,
    };
    let mut cadence = None;
    for part in parts(words) {
        match part.as_rule() {
            Rule::cadence => cadence = at.cadence(part),
            _ => whose = InputOf::Column(at.name(&part)),
        }
    }
    Some(InputFor {
        whose,
        cadence: cadence?,
        span: at.span(),
    })
}
