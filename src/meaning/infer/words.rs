//! What a name means: an item of the plan, a column of people, or a column of a record.

use crate::diag::{Code, Diagnostic, Span, near};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node, poisoned};
use crate::meaning::lower::{Item, Lower};
use crate::meaning::names::Def;
use crate::meaning::plan::{CreditId, Expr, ExprKind, FactDay};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

impl Lower<'_> {
    pub(super) fn name(&mut self, name: &str, span: Span, place: &mut Place) -> Expr {
        let person_only = matches!(place.kind, PlaceKind::People | PlaceKind::Record(..));
        if person_only && self.names.peek(name).is_some() && !self.is_fact(name) {
            let why = "only columns can be read in this line";
            self.problems
                .push(errors::wrong_place(&format!("`{name}`"), span, why));
            return poisoned(span);
        }
        match self.names.peek(name) {
            Some(
                Def::Unit(_)
                | Def::Records(_)
                | Def::Budget(_)
                | Def::Clawback(_)
                | Def::Draw(_)
                | Def::Exchange(_),
            ) => {
                let kind = self.names.peek(name).map_or("", |def| def.kind());
                self.problems.push(errors::not_a_value(name, span, kind));
                poisoned(span)
            }
            Some(_) => match self.item(name, span) {
                None => poisoned(span),
                Some(Item::Budget(_) | Item::Clawback(_) | Item::Draw(_)) => poisoned(span),
                Some(Item::Credit(id)) => self.bare_credit(name, id, span, place),
                Some(Item::Input(id)) => {
                    self.input_fits(id, span);
                    node(
                        ExprKind::Input(id, self.length()),
                        self.plan.input(id).ty,
                        Grain::PersonPeriod,
                        span,
                    )
                }
                Some(Item::Quota(id)) => node(
                    ExprKind::Quota(id, self.length()),
                    self.plan.quota(id).ty,
                    Grain::PersonPeriod,
                    span,
                ),
                Some(Item::Measure(id)) => node(
                    ExprKind::Measure(id),
                    self.plan.measure(id).value.ty,
                    Grain::PersonPeriod,
                    span,
                ),
                Some(Item::Tiers(id)) => {
                    let table = self.plan.tier_table(id);
                    let (ty, grain) = (table.ty, table.axis.grain);
                    self.fits(grain, span, place);
                    node(ExprKind::Tier(id), ty, grain, span)
                }
                Some(Item::Lookup(id)) => {
                    let lookup = self.plan.lookup(id);
                    let (ty, grain) = (lookup.ty, lookup.grain);
                    self.fits(grain, span, place);
                    self.reads_base(id, span, place);
                    node(ExprKind::Lookup(id), ty, grain, span)
                }
                // Answered above: rates of exchange are no value.
                Some(Item::Exchange(_)) => poisoned(span),
                Some(Item::Scorecard(id)) => node(
                    ExprKind::Scorecard(id),
                    Type::Percent,
                    Grain::PersonPeriod,
                    span,
                ),
                Some(Item::Carry(id)) => node(
                    ExprKind::Carry(id),
                    self.plan.measure(self.plan.carry(id).into).value.ty,
                    Grain::PersonPeriod,
                    span,
                ),
                Some(Item::Rate(_)) => {
                    let last = format!("{name} on the last day of the period");
                    let diagnostic = Diagnostic::at(
                        Code::G301,
                        span,
                        format!("`{name}` changes over time: on which day is it read?"),
                    );
                    let diagnostic = match &place.kind {
                        PlaceKind::Each(_, word) => diagnostic
                            .help("on a date of the record", format!("{name} on {word}.…")),
                        _ => diagnostic,
                    };
                    self.problems.push(diagnostic.fix(
                        "on a day of the period",
                        last.clone(),
                        vec![crate::diag::Edit { span, text: last }],
                    ));
                    poisoned(span)
                }
                Some(Item::Pay(id)) => {
                    if self.names.peek(name).is_some_and(|def| def.is_paid()) {
                        let fixed = format!("{name} as earned");
                        self.problems.push(
                            Diagnostic::at(
                                Code::U203,
                                span,
                                format!("`{name}` is a payout: which of its amounts is meant?"),
                            )
                            .fix(
                                "what it earned, before `below 0`",
                                fixed.clone(),
                                vec![crate::diag::Edit { span, text: fixed }],
                            ),
                        );
                        return poisoned(span);
                    }
                    node(
                        ExprKind::Pay(id),
                        Type::Money(self.plan.currency),
                        Grain::PersonPeriod,
                        span,
                    )
                }
            },
            None if self.is_fact(name) => {
                let day = if place.kind == PlaceKind::People {
                    FactDay::Each
                } else {
                    self.day_of_facts()
                };
                self.fact(name, span, day, span, place)
            }
            None => {
                self.unknown(name, span);
                poisoned(span)
            }
        }
    }

    fn bare_credit(&mut self, name: &str, id: CreditId, span: Span, place: &mut Place) -> Expr {
        let credit = self.plan.credit(id);
        let (ty, source, word) = (credit.amount.ty, credit.source, credit.record_word.clone());
        match &place.kind {
            PlaceKind::Axis => {}
            PlaceKind::Each(here, _) if *here == source => {}
            PlaceKind::Each(_, here) => {
                let why =
                    format!("it is one amount per {word}, and this line runs over each {here}");
                self.problems
                    .push(errors::wrong_place(&format!("`{name}`"), span, &why));
                return poisoned(span);
            }
            PlaceKind::Person | PlaceKind::People | PlaceKind::Record(..) => {
                let period = self.plan.cadence.noun();
                // A pool has no line `for each deal`; where a block has one, this line is about the sum of its records.
                let block = self.working.last();
                let block = block.and_then(|(block, _)| self.names.peek(block));
                let takes_for_each = match block {
                    Some(Def::Pool(_)) => false,
                    Some(Def::Pay(pay)) => pay.for_each.is_none(),
                    _ => true,
                };
                let head = (place.head, takes_for_each);
                self.problems
                    .push(errors::per_record(name, &word, span, period, head));
                return poisoned(span);
            }
        }
        if !place.credits.contains(&id) {
            place.credits.push(id);
        }
        node(ExprKind::Credit(id), ty, Grain::Record(source), span)
    }

    fn is_fact(&self, name: &str) -> bool {
        self.plan
            .people
            .columns
            .iter()
            .any(|column| column.name == name)
    }

    pub(super) fn fact(
        &mut self,
        name: &str,
        name_span: Span,
        day: FactDay,
        span: Span,
        place: &Place,
    ) -> Expr {
        let columns = &self.plan.people.columns;
        let Some(at) = columns.iter().position(|column| column.name == name) else {
            if self.names.is_poisoned(name) {
                return poisoned(span);
            }
            let near_name = near(name, columns.iter().map(|column| column.name.as_str()));
            let diagnostic = errors::unknown_column(name, name_span, "people", near_name);
            self.problems.push(diagnostic);
            return poisoned(span);
        };
        if matches!(place.kind, PlaceKind::Record(..)) {
            let why = "a credit is made before it is known whose it is";
            self.problems
                .push(errors::wrong_place(&format!("`{name}`"), span, why));
            return poisoned(span);
        }
        let day = if place.kind == PlaceKind::People {
            FactDay::Each
        } else {
            day
        };
        let ty = columns[at].ty;
        if day != FactDay::Each
            && let Some(code) = self.code_of(name, day)
        {
            return node(ExprKind::Text(code), ty, Grain::PersonPeriod, span);
        }
        node(
            ExprKind::Fact(crate::meaning::plan::ColumnId(at), day),
            ty,
            Grain::PersonPeriod,
            span,
        )
    }

    pub(super) fn path(
        &mut self,
        word: &ast::Name,
        column: &ast::Name,
        span: Span,
        place: &Place,
    ) -> Expr {
        let source = match &place.kind {
            PlaceKind::Record(source, here) | PlaceKind::Each(source, here) => {
                if *here != word.text {
                    self.problems.push(
                        Diagnostic::at(
                            Code::N101,
                            word.span,
                            format!("there is no `{}` here", word.text),
                        )
                        .saying(format!("the record at hand is called `{here}`"))
                        .fix(
                            "write",
                            format!("{here}.{}", column.text),
                            vec![crate::diag::Edit {
                                span: word.span,
                                text: here.clone(),
                            }],
                        ),
                    );
                    return poisoned(span);
                }
                *source
            }
            PlaceKind::Axis => match self.source_of_word(&word.text, word.span) {
                Some(source) => source,
                None => return poisoned(span),
            },
            PlaceKind::Person | PlaceKind::People => {
                let why = format!(
                    "it has one value for each {}; this line has one for each person",
                    word.text
                );
                let path = format!("`{}.{}`", word.text, column.text);
                let diagnostic = errors::wrong_place(&path, span, &why);
                self.problems.push(match place.kind {
                    PlaceKind::Person => diagnostic
                        .help(
                            "pay each one separately",
                            format!("for each    {}", word.text),
                        )
                        .help("or take the total of a credit", "total …"),
                    _ => diagnostic,
                });
                return poisoned(span);
            }
        };
        let columns = &self.plan.source(source).columns;
        match columns.iter().position(|c| c.name == column.text) {
            Some(at) => {
                let ty = columns[at].ty;
                node(
                    ExprKind::Column(source, crate::meaning::plan::ColumnId(at)),
                    ty,
                    Grain::Record(source),
                    span,
                )
            }
            None if self.plan.source(source).gaps => poisoned(span),
            None => {
                let near_name = near(&column.text, columns.iter().map(|c| c.name.as_str()));
                let name = self.plan.source(source).name.clone();
                let diagnostic =
                    errors::unknown_column(&column.text, column.span, &name, near_name);
                self.problems.push(diagnostic);
                poisoned(span)
            }
        }
    }
}
