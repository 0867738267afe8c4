//! One function for each block: its clauses → its node.

use crate::base::{Cadence, Mode, Residue};
use crate::diag::{Code, Diagnostic, Span, near};
use crate::syntax::ast::{
    Accept, Amount, Below, BelowZero, Beyond, CalendarBlock, Claim, ClaimKind, ColumnKind, Credit,
    Curve, Days, Expect, Expr, ExprKind, Given, Input, InputFor, InputKind, InputMissing, InputOf,
    Item, LimitWindow, Lookup, LookupKind, Measure, MeasureRule, Membership, MissingScore,
    MissingShare, Name, Otherwise, Pay, PayKind, Payees, PeriodDay, PlanHead, Prove, Quota,
    QuotaFrom, Rate, Round, RoundLevel, RoundValue, RuleOutcome, RuleSubject, Scorecard, Source,
    Spanned, Split, Step, StepKind, Test, TierUse, Tiers, Unit,
};
use crate::syntax::cells;
use crate::syntax::errors;
use crate::syntax::expressions::{Reader, cadence_of};
use crate::syntax::from_lines::Lines;
use crate::syntax::grammar::{Rule, Words, choice, parts};
use crate::syntax::lines::{Block as Cut, Clause, Piece, Row};
use crate::syntax::phrases::{Block, PHRASES};

/// A block's node; `None` where its head names nothing.
pub(in crate::syntax) fn item<'t>(
    block: &Cut<'t>,
    head: Words<'t>,
    lines: &mut Lines<'_, '_>,
) -> Option<Item> {
    let mut at = At {
        piece: block.head,
        lines,
    };
    let names = at.head(head);
    Some(match at.lines.kind {
        Block::Plan => Item::Plan(plan(block, names, at.lines)?),
        Block::Use => Item::Use(names.title?),
        Block::Calendar => Item::Calendar(calendar(block, at.lines)),
        Block::Unit => {
            no_rows(&block.rows, at.lines);
            none_of(block, at.lines);
            let mut named = names.names.into_iter();
            Item::Unit(Unit {
                singular: named.next()?,
                plural: named.next()?,
                label: names.title,
                span: block.head.span(),
            })
        }
        Block::People => Item::People(source(block, names, at.lines)),
        Block::Records => Item::Records(source(block, names, at.lines)),
        Block::Credit => Item::Credit(credit(block, names, at.lines)?),
        Block::Input => Item::Input(input(block, names, at.lines)?),
        Block::Quota => Item::Quota(quota(block, names, at.lines)?),
        Block::Measure => Item::Measure(measure(block, names, at.lines)?),
        Block::Tiers => Item::Tiers(tiers(block, names, at.lines)?),
        Block::Curve => Item::Curve(curve(block, names, at.lines)?),
        Block::Matrix => Item::Lookup(lookup(block, names, LookupKind::Matrix, at.lines)?),
        Block::Value => Item::Lookup(lookup(block, names, LookupKind::Value, at.lines)?),
        Block::Rate => Item::Rate(rate(block, names, at.lines)?),
        Block::Scorecard => Item::Scorecard(scorecard(block, names, at.lines)?),
        Block::Component => Item::Pay(pay(block, names, PayKind::Component, at.lines)?),
        Block::Pay => Item::Pay(pay(block, names, PayKind::Pay, at.lines)?),
        Block::Prove => Item::Prove(prove(block, at.lines)),
        Block::Test => Item::Test(test(block, names, at.lines)?),
    })
}

/// What a head says.
struct Head {
    names: Vec<Name>,
    title: Option<Spanned<String>>,
    on: Vec<Expr>,
}

/// One line being read.
struct At<'l, 'p, 'q, 't> {
    piece: Piece<'t>,
    lines: &'l mut Lines<'p, 'q>,
}

impl<'t> At<'_, '_, '_, 't> {
    fn reader(&mut self) -> Reader<'t, '_> {
        Reader {
            piece: self.piece,
            problems: self.lines.problems,
        }
    }

    fn span(&self) -> Span {
        self.piece.span()
    }

    fn head(&mut self, words: Words<'t>) -> Head {
        let mut head = Head {
            names: Vec::new(),
            title: None,
            on: Vec::new(),
        };
        for part in parts(words) {
            match part.as_rule() {
                Rule::text => head.title = Some(self.text(&part)),
                Rule::expr => head.on.push(self.reader().expr(part)),
                _ => head.names.push(self.name(&part)),
            }
        }
        head
    }

    fn name(&mut self, words: &Words<'_>) -> Name {
        self.reader().name(words)
    }

    fn text(&mut self, words: &Words<'_>) -> Spanned<String> {
        let name = self.name(words);
        Spanned {
            value: name.text,
            span: name.span,
        }
    }

    /// The only expression of a clause.
    fn expr(&mut self, words: Words<'t>) -> Option<Expr> {
        let part = parts(words).next()?;
        Some(match part.as_rule() {
            Rule::path => self.reader().path(part),
            _ => self.reader().expr(part),
        })
    }

    fn only_text(&mut self, words: Words<'t>) -> Option<Spanned<String>> {
        parts(words).next().map(|text| self.text(&text))
    }

    fn accept(&mut self, words: Words<'t>) -> Option<Accept> {
        let mut inner = parts(words);
        let id = inner.next()?;
        let code = Code::ALL
            .iter()
            .find(|code| code.name() == id.as_str())
            .copied();
        let span = self.reader().span(&id);
        let because = self.text(&inner.next()?);
        let Some(code) = code else {
            self.lines.problems.push(Diagnostic::at(
                Code::N101,
                span,
                format!("there is no code `{}`", id.as_str()),
            ));
            return None;
        };
        Some(Accept {
            codes: vec![code],
            because,
            span: self.span(),
        })
    }

    fn quota_from(&mut self, words: Words<'t>) -> Option<QuotaFrom> {
        let mut inner = parts(words);
        let source = self.name(&inner.next()?);
        Some(QuotaFrom {
            source,
            cadence: self.cadence(inner.next()?)?,
            span: self.span(),
        })
    }

    fn cadence(&mut self, words: Words<'t>) -> Option<Spanned<Cadence>> {
        let span = self.reader().span(&words);
        let word = words.into_inner().next()?;
        let value = cadence_of(word.as_rule())?;
        Some(Spanned { value, span })
    }

    /// `10 days after the quarter ends`
    fn days(&mut self, words: Words<'t>) -> Option<Days> {
        let mut inner = parts(words);
        let whole = inner.next()?;
        let Some(count) = whole.as_str().parse().ok().filter(|days| *days <= 366) else {
            let span = self.reader().span(&whole);
            let found = whole.as_str();
            self.lines.problems.push(
                Diagnostic::at(
                    Code::S004,
                    span,
                    format!("{found} days are more than a year"),
                )
                .saying("from 0 through 366"),
            );
            return None;
        };
        Some(Days {
            count,
            cadence: self.cadence(inner.next()?)?,
            span: self.span(),
        })
    }

    fn round_value(&mut self, words: Words<'t>) -> Option<RoundValue> {
        let mut inner = parts(words);
        let unit = self.reader().bound(inner.next()?);
        Some(RoundValue {
            unit,
            mode: mode_of(inner.next()?),
            span: self.span(),
        })
    }

    fn round(&mut self, words: Words<'t>) -> Option<Round> {
        let mut level = None;
        let mut unit = None;
        let mut mode = None;
        for part in parts(words) {
            match part.as_rule() {
                Rule::level => {
                    let fixed = part.clone().into_inner().next().map(|word| word.as_rule());
                    level = match fixed {
                        Some(Rule::k_the_total) => Some(RoundLevel::Total),
                        Some(Rule::k_the_amount_to_date) => Some(RoundLevel::ToDate),
                        _ => parts(part)
                            .flat_map(parts)
                            .next()
                            .map(|word| match word.as_str() {
                                "share" => RoundLevel::EachShare,
                                _ => RoundLevel::Each(self.name(&word)),
                            }),
                    };
                }
                Rule::figure => {
                    let span = self.reader().span(&part);
                    let value = self.reader().figure(&part)?;
                    if !value.is_positive() {
                        self.lines.problems.push(
                            Diagnostic::at(
                                Code::S008,
                                span,
                                "nothing can be rounded to multiples of 0",
                            )
                            .help("cents are", "0.01"),
                        );
                        return None;
                    }
                    unit = Some(Spanned { value, span });
                }
                _ => mode = Some(mode_of(part)),
            }
        }
        Some(Round {
            level: level?,
            unit: unit?,
            mode: mode?,
            span: self.span(),
        })
    }
}

fn mode_of(words: Words<'_>) -> Mode {
    match words.into_inner().next().map(|word| word.as_rule()) {
        Some(Rule::k_half_up) => Mode::HalfUp,
        Some(Rule::k_half_even) => Mode::HalfEven,
        Some(Rule::k_half_down) => Mode::HalfDown,
        Some(Rule::k_up) => Mode::Up,
        _ => Mode::Down,
    }
}

/// Runs over the clauses of a block that can be read.
fn each<'t>(
    block: &Cut<'t>,
    lines: &mut Lines<'_, '_>,
    mut take: impl FnMut(&mut At<'_, '_, '_, 't>, Rule, Words<'t>, &Clause<'t>),
) {
    for clause in &block.clauses {
        let Some((rule, words)) = lines.clause(clause) else {
            continue;
        };
        if !matches!(rule, Rule::split | Rule::given_rows) {
            no_rows(&clause.rows, lines);
        }
        take(
            &mut At {
                piece: clause.line,
                lines: &mut *lines,
            },
            rule,
            words,
            clause,
        );
    }
}

/// Like [`each`], for blocks whose table may stand below any of their lines.
fn each_with_rows<'t>(
    block: &Cut<'t>,
    lines: &mut Lines<'_, '_>,
    mut take: impl FnMut(&mut At<'_, '_, '_, 't>, Rule, Words<'t>),
) {
    for clause in &block.clauses {
        if let Some((rule, words)) = lines.clause(clause) {
            let at = &mut At {
                piece: clause.line,
                lines: &mut *lines,
            };
            take(at, rule, words);
        }
    }
}

fn none_of(block: &Cut<'_>, lines: &mut Lines<'_, '_>) {
    each(block, lines, |_, _, _, _| {});
}

fn no_rows(rows: &[Row<'_>], lines: &mut Lines<'_, '_>) {
    if let Some(row) = rows.first() {
        lines.problems.push(
            Diagnostic::at(Code::S008, row.line.span(), "a table does not belong here")
                .note("Tables stand below `people`, `records`, `tiers`, `split` and `given`."),
        );
    }
}

/// Keeps the first of a clause that may stand once; a second is reported.
fn once<T>(
    slot: &mut Option<T>,
    value: Option<T>,
    first: impl Fn(&T) -> Span,
    at: &mut At<'_, '_, '_, '_>,
    what: &str,
) {
    match (slot.as_ref(), value) {
        (Some(kept), Some(_)) => {
            let diagnostic = errors::twice(first(kept), at.span(), what);
            at.lines.problems.push(diagnostic);
        }
        (None, Some(value)) => *slot = Some(value),
        (_, None) => at.lines.bad = true,
    }
}

/// Says which required clauses are missing, unless a line of the block could not be read.
fn require(missing: &[(bool, Rule)], head: Span, lines: &mut Lines<'_, '_>) {
    if lines.bad {
        return;
    }
    for (_, rule) in missing.iter().filter(|(is_missing, _)| *is_missing) {
        if let Some(phrase) = PHRASES.iter().find(|phrase| phrase.rule == *rule) {
            lines
                .problems
                .push(errors::missing_clause(head, lines.kind, phrase));
        }
    }
}

fn plan(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<PlanHead> {
    no_rows(&block.rows, lines);
    let mut plan = PlanHead {
        title: head.title?,
        currency: None,
        effective: None,
        period: None,
        payees: None,
        quota: None,
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
        Rule::effective => {
            let days = at.reader().days(words);
            let span = at.span();
            let value = days.map(|value| Spanned { value, span });
            once(&mut plan.effective, value, |e| e.span, at, "effective");
        }
        Rule::period => {
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
            (plan.currency.is_none(), Rule::currency),
            (plan.effective.is_none(), Rule::effective),
            (plan.period.is_none(), Rule::period),
            (plan.payees.is_none(), Rule::payees),
        ],
        plan.span,
        lines,
    );
    Some(plan)
}

fn payees<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Payees> {
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
fn take_date(condition: &mut Expr) -> Option<Spanned<Membership>> {
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

fn calendar(block: &Cut<'_>, lines: &mut Lines<'_, '_>) -> CalendarBlock {
    no_rows(&block.rows, lines);
    const MONTHS: [Rule; 12] = [
        Rule::k_January,
        Rule::k_February,
        Rule::k_March,
        Rule::k_April,
        Rule::k_May,
        Rule::k_June,
        Rule::k_July,
        Rule::k_August,
        Rule::k_September,
        Rule::k_October,
        Rule::k_November,
        Rule::k_December,
    ];
    let mut calendar = CalendarBlock {
        starts_in: None,
        span: block.head.span(),
    };
    each(block, lines, |at, _, words, _| {
        let month = parts(words).next().and_then(|month| {
            let span = at.reader().span(&month);
            let rule = choice(&month, &MONTHS)?;
            let value = (1..).zip(MONTHS).find(|(_, month)| *month == rule)?.0;
            Some(Spanned { value, span })
        });
        once(
            &mut calendar.starts_in,
            month,
            |m| m.span,
            at,
            "fiscal year starts in",
        );
    });
    require(
        &[(calendar.starts_in.is_none(), Rule::fiscal)],
        calendar.span,
        lines,
    );
    calendar
}

fn source(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Source {
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

fn credit(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Credit> {
    no_rows(&block.rows, lines);
    let mut credit = Credit {
        name: head.names.into_iter().next()?,
        label: head.title,
        from: None,
        when: Vec::new(),
        dated_by: None,
        to: None,
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
    each(block, lines, |at, rule, words, clause| match rule {
        Rule::from_as => {
            let names: Vec<Name> = parts(words).map(|name| at.name(&name)).collect();
            let value = match names.as_slice() {
                [source, word] => Some((source.clone(), word.clone())),
                _ => None,
            };
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
        Rule::to => {
            let value = at.expr(words);
            once(&mut credit.to, value, |e| e.span, at, "to");
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
        Rule::split => {
            let when = at.expr(words);
            let rows = cells::shares(&clause.rows, at.lines.problems);
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
            let value = Some(Split {
                when,
                rows,
                missing: None,
                span: at.span(),
            });
            once(&mut credit.split, value, |s| s.span, at, "split");
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
            let value = match choice(
                &words,
                &[Rule::k_to_the_largest_share, Rule::k_to_the_first],
            ) {
                Some(Rule::k_to_the_largest_share) => Residue::ToLargest,
                Some(_) => Residue::ToFirst,
                None => Residue::LargestRemainder,
            };
            let value = Some(Spanned {
                value,
                span: at.span(),
            });
            once(&mut credit.remainder, value, |r| r.span, at, "remainder");
        }
        _ => credit.accepts.extend(at.accept(words)),
    });
    match (&mut credit.split, missing) {
        (Some(split), missing) => split.missing = missing,
        (None, Some(missing)) => lines.problems.push(
            Diagnostic::at(
                Code::S007,
                missing.span,
                "this line says where a share goes, and nothing is split",
            )
            .help("add a `split`, or take the line away", "split"),
        ),
        (None, None) => {}
    }
    require(
        &[
            (credit.from.is_none(), Rule::from_as),
            (credit.dated_by.is_none(), Rule::dated_by),
            (
                credit.to.is_none()
                    && credit
                        .split
                        .as_ref()
                        .is_none_or(|split| split.when.is_some()),
                Rule::to,
            ),
            (credit.amount.is_none(), Rule::credit_amount),
        ],
        credit.span,
        lines,
    );
    Some(credit)
}

fn input(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Input> {
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
            let value = Some(Spanned {
                value: match at.expr(words) {
                    Some(value) => InputMissing::Use(value),
                    None => InputMissing::Hold,
                },
                span: at.span(),
            });
            once(&mut input.missing, value, |m| m.span, at, "if missing");
        }
        _ => input.accepts.extend(at.accept(words)),
    });
    input.broken = lines.bad;
    lines.bad |= bad_before;
    Some(input)
}

fn input_kind<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<InputKind> {
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

fn input_for<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<InputFor> {
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

fn quota(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Quota> {
    no_rows(&block.rows, lines);
    let name = head.names.into_iter().next()?;
    let mut quota = Quota {
        name,
        label: head.title,
        from: None,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each(block, lines, |at, rule, words, _| match rule {
        Rule::from_quota => {
            let value = at.quota_from(words);
            once(&mut quota.from, value, |q| q.span, at, "from");
        }
        _ => quota.accepts.extend(at.accept(words)),
    });
    require(
        &[(quota.from.is_none(), Rule::from_quota)],
        quota.span,
        lines,
    );
    Some(quota)
}

fn measure(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Measure> {
    no_rows(&block.rows, lines);
    let mut measure = Measure {
        name: head.names.into_iter().next()?,
        label: head.title,
        value: None,
        rules: Vec::new(),
        round: None,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each(block, lines, |at, rule, words, _| match rule {
        Rule::value => {
            let value = at.expr(words);
            once(&mut measure.value, value, |e| e.span, at, "value");
        }
        Rule::round_value => {
            let value = at.round_value(words);
            once(&mut measure.round, value, |r| r.span, at, "round");
        }
        Rule::measure_rule => measure.rules.extend(measure_rule(at, words, &measure.name)),
        _ => measure.accepts.extend(at.accept(words)),
    });
    require(
        &[(measure.value.is_none(), Rule::value)],
        measure.span,
        lines,
    );
    Some(measure)
}

fn measure_rule<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
    measure: &Name,
) -> Option<MeasureRule> {
    let has = |rule| choice(&words, &[rule]).is_some();
    let both = has(Rule::k_zero_or_missing);
    let (zero, missing) = (both || has(Rule::k_zero), both || has(Rule::k_missing));
    let mut outcome = if has(Rule::k_pay_nothing) {
        RuleOutcome::PayNothing
    } else {
        RuleOutcome::Hold
    };
    let mut subject = None;
    for part in parts(words.clone()) {
        match part.as_rule() {
            Rule::is_value => {
                let mut inner = parts(part);
                let name = at.name(&inner.next()?);
                if name.text != measure.text {
                    at.lines.problems.push(
                        Diagnostic::at(
                            Code::S008,
                            name.span,
                            format!(
                                "this rule gives `{}` a value, and it stands in `{}`",
                                name.text, measure.text
                            ),
                        )
                        .help("name the measure itself", format!("{} is 0%", measure.text)),
                    );
                    return None;
                }
                outcome = RuleOutcome::Value(at.reader().expr(inner.next()?));
            }
            Rule::over_window => {
                let span = at.reader().span(&part);
                let value = at.reader().window(part.into_inner().next()?)?;
                subject = Some(RuleSubject::Over(Spanned { value, span }));
            }
            _ => subject = Some(RuleSubject::Expr(at.reader().expr(part))),
        }
    }
    Some(MeasureRule {
        subject: subject?,
        zero,
        missing,
        outcome,
        span: at.span(),
    })
}

fn tiers(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Tiers> {
    let mut rows = block.rows.clone();
    let mut accepts = Vec::new();
    for clause in &block.clauses {
        rows.extend(clause.rows.iter().cloned());
        let Some((_, words)) = lines.clause(clause) else {
            continue;
        };
        accepts.extend(
            At {
                piece: clause.line,
                lines: &mut *lines,
            }
            .accept(words),
        );
    }
    if rows.len() < 2 && !lines.bad {
        lines.problems.push(
            Diagnostic::at(Code::S007, block.head.span(), "this table has no rows")
                .help("add its heading and rows", "| attainment | rate |"),
        );
    }
    let before = lines.problems.iter().len();
    let (headings, rows) = cells::tiers(&rows, lines.problems);
    let broken = lines.bad || lines.problems.iter().len() > before;
    Some(Tiers {
        name: head.names.into_iter().next()?,
        on: head.on.into_iter().next()?,
        headings,
        rows,
        broken,
        accepts,
        span: block.head.span(),
    })
}

/// The rows of a block's table, wherever in the block they stand.
fn all_rows<'t>(block: &Cut<'t>) -> Vec<Row<'t>> {
    let below = block.clauses.iter().flat_map(|clause| &clause.rows);
    block.rows.iter().chain(below).cloned().collect()
}

/// Says that a block has no table, unless a line of it could not be read.
fn has_rows(rows: &[Row<'_>], block: &Cut<'_>, example: &str, lines: &mut Lines<'_, '_>) {
    if rows.len() < 2 && !lines.bad {
        lines.problems.push(
            Diagnostic::at(Code::S007, block.head.span(), "this table has no rows")
                .help("add its heading and rows", example),
        );
    }
}

fn curve(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Curve> {
    let mut curve = Curve {
        name: head.names.into_iter().next()?,
        label: head.title,
        on: head.on.into_iter().next()?,
        points: Vec::new(),
        below: None,
        above: None,
        round: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each_with_rows(block, lines, |at, rule, words| match rule {
        Rule::curve_below => {
            let value = beyond(at, words);
            once(&mut curve.below, value, |b| b.span, at, "below");
        }
        Rule::curve_above => {
            let value = beyond(at, words);
            once(&mut curve.above, value, |a| a.span, at, "above");
        }
        Rule::round_value => {
            let value = at.round_value(words);
            once(&mut curve.round, value, |r| r.span, at, "round");
        }
        _ => curve.accepts.extend(at.accept(words)),
    });
    let rows = all_rows(block);
    has_rows(&rows, block, "| attainment | payout |", lines);
    require(
        &[
            (curve.below.is_none(), Rule::curve_below),
            (curve.above.is_none(), Rule::curve_above),
        ],
        curve.span,
        lines,
    );
    let before = lines.problems.iter().len();
    curve.points = cells::points(&rows, lines.problems);
    curve.broken = lines.bad || lines.problems.iter().len() > before;
    Some(curve)
}

fn beyond<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Spanned<Beyond>> {
    let fixed = choice(&words, &[Rule::k_pays_nothing]);
    let value = match parts(words).next() {
        None if fixed.is_some() => Beyond::Nothing,
        None => Beyond::Stays,
        Some(continues) => {
            let mut inner = parts(continues);
            let amount = at.reader().bound(inner.next()?);
            let step = inner.next().and_then(|step| parts(step).next());
            Beyond::Continues(amount, step.map(|step| at.reader().bound(step)))
        }
    };
    Some(Spanned {
        value,
        span: at.span(),
    })
}

fn lookup(
    block: &Cut<'_>,
    head: Head,
    kind: LookupKind,
    lines: &mut Lines<'_, '_>,
) -> Option<Lookup> {
    let mut lookup = Lookup {
        kind,
        name: head.names.into_iter().next()?,
        label: head.title,
        keys: head.on,
        rows: Vec::new(),
        first_match: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each_with_rows(block, lines, |at, rule, words| match rule {
        Rule::first_match => {
            let value = Some(at.span());
            once(&mut lookup.first_match, value, |f| *f, at, "first match");
        }
        _ => lookup.accepts.extend(at.accept(words)),
    });
    let rows = all_rows(block);
    let example = match kind {
        LookupKind::Matrix => r"| growth \ margin | under 30% | 30% and above |",
        LookupKind::Value => "| role | rate |",
    };
    has_rows(&rows, block, example, lines);
    let before = lines.problems.iter().len();
    lookup.rows = match kind {
        LookupKind::Matrix => cells::matrix(&rows, lines.problems),
        LookupKind::Value => cells::lookup(&rows, lookup.keys.len(), lines.problems),
    };
    lookup.broken = lines.bad || lines.problems.iter().len() > before;
    Some(lookup)
}

fn rate(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Rate> {
    let mut rate = Rate {
        name: head.names.into_iter().next()?,
        label: head.title,
        rows: Vec::new(),
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each_with_rows(block, lines, |at, _, words| {
        rate.accepts.extend(at.accept(words));
    });
    let rows = all_rows(block);
    has_rows(&rows, block, "| effective | base_rate |", lines);
    let before = lines.problems.iter().len();
    rate.rows = cells::dated(&rows, lines.problems);
    rate.broken = lines.bad || lines.problems.iter().len() > before;
    Some(rate)
}

fn scorecard(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Scorecard> {
    let mut scorecard = Scorecard {
        name: head.names.into_iter().next()?,
        label: head.title,
        objectives: Vec::new(),
        total: None,
        missing: None,
        round: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    each_with_rows(block, lines, |at, rule, words| match rule {
        Rule::weights => {
            let span = at.span();
            let value = parts(words).next().map(|percent| Spanned {
                value: at.reader().path(percent),
                span,
            });
            once(&mut scorecard.total, value, |t| t.span, at, "weights total");
        }
        Rule::no_score => {
            let fixed = choice(
                &words,
                &[
                    Rule::k_hold_this_payout,
                    Rule::k_share_its_weight_among_the_rest,
                ],
            );
            let value = match (fixed, parts(words).next()) {
                (Some(Rule::k_hold_this_payout), _) => Some(MissingScore::Hold),
                (Some(_), _) => Some(MissingScore::Share),
                (None, Some(value)) => Some(MissingScore::Counts(at.reader().bound(value))),
                (None, None) => None,
            };
            let span = at.span();
            let value = value.map(|value| Spanned { value, span });
            let words = "if an objective is missing";
            once(&mut scorecard.missing, value, |m| m.span, at, words);
        }
        Rule::round_value => {
            let value = at.round_value(words);
            once(&mut scorecard.round, value, |r| r.span, at, "round");
        }
        _ => scorecard.accepts.extend(at.accept(words)),
    });
    let rows = all_rows(block);
    has_rows(&rows, block, "| objective | weight | score |", lines);
    require(
        &[(scorecard.total.is_none(), Rule::weights)],
        scorecard.span,
        lines,
    );
    let before = lines.problems.iter().len();
    scorecard.objectives = cells::objectives(&rows, lines.problems);
    scorecard.broken = lines.bad || lines.problems.iter().len() > before;
    Some(scorecard)
}

fn pay(block: &Cut<'_>, head: Head, kind: PayKind, lines: &mut Lines<'_, '_>) -> Option<Pay> {
    no_rows(&block.rows, lines);
    let mut pay = Pay {
        kind,
        name: head.names.into_iter().next()?,
        label: head.title,
        for_each: None,
        when: Vec::new(),
        amount: None,
        steps: Vec::new(),
        below: None,
        broken: false,
        accepts: Vec::new(),
        span: block.head.span(),
    };
    let bad_before = std::mem::take(&mut lines.bad);
    // `cliffs accepted` waits for its `because`.
    let mut cliffs: Option<Span> = None;
    each(block, lines, |at, rule, words, _| match rule {
        Rule::for_each => {
            let value = parts(words).next().map(|name| at.name(&name));
            once(&mut pay.for_each, value, |n| n.span, at, "for each");
        }
        Rule::when => pay.when.extend(at.expr(words)),
        Rule::amount => {
            let value = parts(words).next().and_then(|part| amount(at, part));
            let first = |amount: &Amount| match amount {
                Amount::Plain(expr) => expr.span,
                Amount::Tiered { span, .. } | Amount::Wholes { span, .. } => *span,
            };
            once(&mut pay.amount, value, first, at, "amount");
        }
        Rule::below => {
            let value = below(at, words);
            once(&mut pay.below, value, |b| b.span, at, "below 0");
        }
        Rule::cliffs => match parts(words).next() {
            Some(text) => {
                let because = at.text(&text);
                pay.accepts.push(Accept {
                    codes: vec![Code::P101, Code::P102],
                    because,
                    span: at.span(),
                });
            }
            None => cliffs = Some(at.span()),
        },
        Rule::because => {
            let because = at.only_text(words);
            match (cliffs.take(), because) {
                (Some(span), Some(because)) => {
                    let span = span.to(at.span());
                    pay.accepts.push(Accept {
                        codes: vec![Code::P101, Code::P102],
                        because,
                        span,
                    });
                }
                _ => at.lines.problems.push(
                    Diagnostic::at(
                        Code::S002,
                        at.piece.span(),
                        "this reason belongs to nothing",
                    )
                    .help("put it below `cliffs accepted`", "cliffs accepted"),
                ),
            }
        }
        Rule::accept => pay.accepts.extend(at.accept(words)),
        _ => match step(at, rule, words) {
            Some(step) => pay.steps.push(step),
            None => at.lines.bad = true,
        },
    });
    pay.broken = lines.bad;
    lines.bad |= bad_before;
    if let Some(span) = cliffs
        && !lines.bad
    {
        lines.problems.push(
            Diagnostic::at(Code::S007, span, "cliffs are accepted without a reason")
                .help("say why, on the next line", "because \"…\""),
        );
    }
    require(&[(pay.amount.is_none(), Rule::amount)], pay.span, lines);
    Some(pay)
}

fn amount<'t>(at: &mut At<'_, '_, '_, 't>, part: Words<'t>) -> Option<Amount> {
    if part.as_rule() == Rule::expr {
        return Some(Amount::Plain(at.reader().expr(part)));
    }
    if part.as_rule() == Rule::wholes {
        return wholes(at, part);
    }
    let how = match choice(&part, &[Rule::k_each_slice_at_its_own_rate]) {
        Some(_) => TierUse::EachSlice,
        None => TierUse::Everything,
    };
    let span = at.reader().span(&part);
    let inner: Vec<Words<'t>> = parts(part).collect();
    let [base, tiers] = inner.as_slice() else {
        return None;
    };
    let base = match base.as_rule() {
        Rule::expr => at.reader().expr(base.clone()),
        _ => at.reader().path(base.clone()),
    };
    Some(Amount::Tiered {
        base,
        tiers: at.name(tiers),
        how,
        span,
    })
}

fn wholes<'t>(at: &mut At<'_, '_, '_, 't>, part: Words<'t>) -> Option<Amount> {
    let span = at.reader().span(&part);
    let mut inner = parts(part);
    let price = at.reader().expr(inner.next()?);
    let step = at.reader().bound(inner.next()?);
    let of = at.reader().expr(inner.next()?);
    let above = inner.next().map(|above| at.reader().bound(above));
    Some(Amount::Wholes {
        price,
        step,
        of,
        above,
        span,
    })
}

fn step<'t>(at: &mut At<'_, '_, '_, 't>, rule: Rule, words: Words<'t>) -> Option<Step> {
    let when = parts(words.clone())
        .find(|part| part.as_rule() == Rule::only_when)
        .and_then(|when| at.expr(when));
    let kind = match rule {
        Rule::gate => gate(at, words)?,
        Rule::times => StepKind::Times(at.expr(words)?),
        Rule::floor => {
            let (amount, window) = limit(at, words)?;
            StepKind::Floor { amount, window }
        }
        Rule::cap => {
            let (amount, window) = limit(at, words)?;
            StepKind::Cap { amount, window }
        }
        Rule::increase => {
            let least = parts(words).next();
            if let Some(figure) = least
                .clone()
                .and_then(|least| parts(least).next())
                .and_then(|money| money.into_inner().next())
            {
                zero(at, &figure)?;
            }
            StepKind::Increase {
                never_below_zero: least.is_some(),
            }
        }
        _ if choice(&words, &[Rule::k_never]).is_some() => StepKind::RoundNever,
        _ => StepKind::Round(at.round(words)?),
    };
    Some(Step {
        kind,
        when,
        span: at.span(),
    })
}

fn gate<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<StepKind> {
    let mut otherwise = match choice(&words, &[Rule::k_hold_this_payout]) {
        Some(_) => Otherwise::Hold,
        None => Otherwise::Nothing,
    };
    let mut subject = None;
    let mut range = None;
    for part in parts(words) {
        match part.as_rule() {
            Rule::arith => subject = Some(at.reader().expr(part)),
            Rule::range => range = at.reader().range(part),
            Rule::share_of => otherwise = Otherwise::Share(at.expr(part)?),
            _ => otherwise = Otherwise::Amount(amount(at, part)?),
        }
    }
    Some(StepKind::Gate {
        subject: subject?,
        range: range?,
        otherwise,
    })
}

fn limit<'t>(
    at: &mut At<'_, '_, '_, 't>,
    words: Words<'t>,
) -> Option<(Expr, Spanned<LimitWindow>)> {
    let mut inner = parts(words);
    let amount = at.reader().expr(inner.next()?);
    let each = inner.next()?;
    let span = at.reader().span(&each);
    let of = parts(each).next()?;
    let value = match of.as_rule() {
        Rule::cadence => LimitWindow::Each(
            of.into_inner()
                .next()
                .and_then(|word| cadence_of(word.as_rule()))?,
        ),
        _ => LimitWindow::EachRecord(at.name(&of)),
    };
    Some((amount, Spanned { value, span }))
}

/// `below 0` and `never less than 0` know no other number.
fn zero(at: &mut At<'_, '_, '_, '_>, figure: &Words<'_>) -> Option<()> {
    let value = at.reader().figure(figure)?;
    if value.is_zero() {
        return Some(());
    }
    let span = at.reader().span(figure);
    at.lines.problems.push(
        Diagnostic::at(Code::S006, span, "only 0 can stand here")
            .note("A higher least amount is a `floor`.")
            .help("for example", "floor 1,000 USD each month"),
    );
    None
}

fn below<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Below> {
    let rule = match choice(&words, &[Rule::k_carries_forward, Rule::k_is_lost]) {
        Some(Rule::k_carries_forward) => BelowZero::CarriesForward,
        Some(_) => BelowZero::Lost,
        None => BelowZero::AsItIs,
    };
    let mut inner = parts(words);
    zero(at, &inner.next()?)?;
    let code = inner.next()?;
    let span = at.reader().span(&code);
    let value = at.reader().currency(&code)?;
    Some(Below {
        currency: Spanned { value, span },
        rule,
        span: at.span(),
    })
}

fn prove(block: &Cut<'_>, lines: &mut Lines<'_, '_>) -> Prove {
    no_rows(&block.rows, lines);
    let mut claims = Vec::new();
    each(block, lines, |at, rule, words, _| {
        let mut inner = parts(words);
        let Some(pay) = inner.next().map(|name| at.name(&name)) else {
            return;
        };
        let kind = match (rule, inner.next()) {
            (Rule::never_falls, Some(mover)) => ClaimKind::NeverFalls {
                mover: at.name(&mover),
            },
            (Rule::is_at_most, Some(most)) => ClaimKind::AtMost(at.reader().expr(most)),
            _ => ClaimKind::NoJumps,
        };
        claims.push(Claim {
            pay,
            kind,
            span: at.span(),
        });
    });
    Prove {
        claims,
        span: block.head.span(),
    }
}

fn test(block: &Cut<'_>, head: Head, lines: &mut Lines<'_, '_>) -> Option<Test> {
    no_rows(&block.rows, lines);
    let mut test = Test {
        title: head.title?,
        givens: Vec::new(),
        expects: Vec::new(),
        span: block.head.span(),
    };
    each(block, lines, |at, rule, words, clause| match rule {
        Rule::given_rows => {
            let Some(source) = parts(words).next().map(|name| at.name(&name)) else {
                return;
            };
            let (headings, rows) = cells::given(&clause.rows, at.lines.problems);
            if clause.rows.is_empty() {
                at.lines.problems.push(
                    Diagnostic::at(Code::S007, at.piece.span(), "no records are given").help(
                        "add them as a table below this line",
                        "| id | owner | amount |",
                    ),
                );
            }
            test.givens.push(Given::Table {
                source,
                headings,
                rows,
                span: at.span(),
            });
        }
        Rule::given_input => test.givens.extend(given_input(at, words)),
        Rule::given => test.givens.extend(given(at, words)),
        _ => test.expects.extend(expect(at, words)),
    });
    require(&[(test.expects.is_empty(), Rule::expect)], test.span, lines);
    Some(test)
}

fn given_input<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Given> {
    let mut inner = parts(words);
    Some(Given::OfCompany {
        what: at.name(&inner.next()?),
        value: at.reader().expr(inner.next()?),
        period: at.name(&inner.next()?),
        span: at.span(),
    })
}

fn given<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Given> {
    let total = choice(&words, &[Rule::k_total]).is_some();
    let mut inner = parts(words);
    let what = at.name(&inner.next()?);
    let value = at.reader().expr(inner.next()?);
    let person = at.name(&inner.next()?);
    let period = inner.next().map(|period| at.name(&period));
    Some(Given::Value {
        what,
        total,
        value,
        person,
        period,
        span: at.span(),
    })
}

fn expect<'t>(at: &mut At<'_, '_, '_, 't>, words: Words<'t>) -> Option<Expect> {
    let mut inner = parts(words);
    let what = at.name(&inner.next()?);
    let person = at.name(&inner.next()?);
    let period = at.name(&inner.next()?);
    let value = inner.next().map(|value| at.reader().expr(value));
    Some(Expect {
        what,
        person,
        period,
        value,
        span: at.span(),
    })
}
