//! `placed by the running …`: where records stand in a tier table.

use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{
    Amount, ColumnId, CreditId, Expr, ExprKind, Placed, Running, TierUse, TiersId,
};
use crate::meaning::types::Type;
use crate::syntax::ast::{self, EdgeRule};

/// What is asked where a column that places records may be empty.
const STANDS: &str = "where does the record stand then?";

impl Lower<'_> {
    pub(in crate::meaning) fn placed(
        &mut self,
        written: &ast::Placed,
        tiers: TiersId,
        place: &mut Place,
    ) -> Option<Placed> {
        let PlaceKind::Each(source, word) = place.kind.clone() else {
            self.problems.push(
                errors::wrong_place(
                    "this",
                    written.span,
                    "a running quantity places one record after the other",
                )
                .help("pay each record, in the amount", "for each    deal"),
            );
            return None;
        };
        if written.window.looks_back() {
            self.problems.push(
                errors::wrong_place(
                    "this window",
                    written.span,
                    "a run starts anew in the period, or with a window to date",
                )
                .help("for example", "year to date"),
            );
            return None;
        }
        // Columns are read once for each record, not from any credit of the payee.
        let running = match &written.running {
            ast::Running::Count(name) => {
                if self.source(name)? != source {
                    let of = self.plan.source(source).name.clone();
                    let says = format!("each {word} is one of `{of}`, not of `{}`", name.text);
                    self.problems
                        .push(Diagnostic::at(Code::N101, name.span, says).fix(
                            "write",
                            of.clone(),
                            vec![Edit {
                                span: name.span,
                                text: of,
                            }],
                        ));
                    return None;
                }
                Running::Count
            }
            ast::Running::Total(column) => {
                let total = self.expr(column, place);
                if !self.want_number(&total) {
                    return None;
                }
                Running::Total(self.always_there(&total, column.span, STANDS)?)
            }
        };
        let key = match &written.key {
            None => None,
            Some(key) => {
                let column = self.expr(key, place);
                if !matches!(column.ty, Type::Text | Type::Person | Type::Poisoned) {
                    let found = errors::type_words(column.ty, &self.plan.units);
                    self.problems
                        .push(errors::wrong_type(key.span, &found, "a person or a text"));
                    return None;
                }
                Some(self.always_there(&column, key.span, STANDS)?)
            }
        };
        self.table_follows(running, tiers, source, written.span)?;
        Some(Placed {
            running,
            key,
            window: written.window,
            since: None,
            edge: EdgeRule::Ends,
            span: written.span,
        })
    }

    /// A column whose cells are never empty: an empty one would place nothing, run with nobody, or use nobody's cap.
    pub(in crate::meaning) fn always_there(
        &mut self,
        expr: &Expr,
        span: Span,
        asks: &str,
    ) -> Option<ColumnId> {
        let ExprKind::Column(source, column) = expr.kind else {
            return None;
        };
        let declared = &self.plan.source(source).columns[column.0];
        if declared.optional {
            let says = format!("`{}` may be empty: {asks}", declared.name);
            self.problems.push(
                Diagnostic::at(Code::S007, span, says)
                    .help("use a column that is always there", ""),
            );
            return None;
        }
        Some(column)
    }

    /// The ranges of the table are of the quantity that runs.
    fn table_follows(
        &mut self,
        running: Running,
        tiers: TiersId,
        source: crate::meaning::plan::SourceId,
        span: Span,
    ) -> Option<()> {
        let table = self.plan.tier_table(tiers);
        let ty = match running {
            Running::Count => Type::Number,
            Running::Total(column) => self.plan.source(source).columns[column.0].ty,
        };
        // Ranges of a count leave out what lies between two whole numbers, where a total may come to.
        let counts = matches!(
            table.axis.kind,
            ExprKind::Aggregate {
                how: ast::Aggregate::Count,
                ..
            }
        );
        if table.axis.ty == ty && (running == Running::Count || !counts) {
            return Some(());
        }
        let ranges = match counts {
            true => "a count".to_owned(),
            false => errors::type_words(table.axis.ty, &self.plan.units),
        };
        let runs = errors::type_words(ty, &self.plan.units);
        let name = table.name.clone();
        self.problems.push(
            Diagnostic::at(
                Code::G302,
                span,
                format!("what runs here is {runs}, and the ranges of `{name}` are {ranges}"),
            )
            .label(table.span, "the ranges")
            .note("The table has to measure what places the records."),
        );
        None
    }

    /// `a deal across an edge …` belongs to a running total, and a running total needs it.
    pub(in crate::meaning) fn edge(
        &mut self,
        written: &ast::Pay,
        amount: &mut Amount,
        place: &Place,
    ) -> Option<()> {
        let placed = match amount {
            Amount::Tiered {
                how: TierUse::Placed(placed),
                ..
            } => Some(placed),
            _ => None,
        };
        let total = placed.filter(|placed| placed.running != Running::Count);
        match (total, &written.edge) {
            (None, None) => Some(()),
            (Some(placed), Some((word, rule))) => {
                placed.edge = rule.value;
                self.is_the_record(word, place)
            }
            (None, Some((_, rule))) => {
                self.problems.push(
                    Diagnostic::at(
                        Code::S007,
                        rule.span,
                        "nothing lies across an edge here: only a running total carries a record across one",
                    )
                    .help("take the line away", ""),
                );
                None
            }
            (Some(placed), None) => {
                if !written.broken {
                    let span = placed.span;
                    self.problems.push(across_an_edge(span, place));
                }
                None
            }
        }
    }

    fn is_the_record(&mut self, word: &ast::Name, place: &Place) -> Option<()> {
        let PlaceKind::Each(_, here) = &place.kind else {
            return None;
        };
        if *here == word.text {
            return Some(());
        }
        let says = format!("the record at hand is called `{here}`");
        self.problems
            .push(Diagnostic::at(Code::N101, word.span, says).fix(
                "write",
                here.clone(),
                vec![Edit {
                    span: word.span,
                    text: here.clone(),
                }],
            ));
        None
    }

    /// The records of one credit run.
    pub(in crate::meaning) fn one_credit_is_placed(
        &mut self,
        amount: &Amount,
        credits: &[CreditId],
        span: Span,
    ) -> Option<()> {
        let is_placed = matches!(
            amount,
            Amount::Tiered {
                how: TierUse::Placed(_),
                ..
            }
        );
        let goes_up = |id: &CreditId| self.plan.credit(*id).rollup.is_some();
        let said = match credits {
            _ if !is_placed => return Some(()),
            [only] if goes_up(only) => {
                Diagnostic::at(Code::G301, span, "what goes up is not placed by itself")
                    .note("Whose records run is told by the credit from which it goes up.")
                    .help("place the credit that goes up", "")
            }
            [_] => return Some(()),
            _ => Diagnostic::at(Code::G301, span, "the records of which credit run?")
                .note("More than one credit is named in this block, and each may select other records.")
                .help("name one of them", ""),
        };
        self.problems.push(said);
        None
    }
}

/// What a record across an edge earns is not said.
fn across_an_edge(span: Span, place: &Place) -> Diagnostic {
    let word = match &place.kind {
        PlaceKind::Each(_, word) => word.as_str(),
        _ => "deal",
    };
    let insert = |text: &str| vec![Edit::below(span, text)];
    let cut = format!("a {word} across an edge is cut");
    let starts = format!("a {word} across an edge takes the rate where it starts");
    let ends = format!("a {word} across an edge takes the rate where it ends");
    Diagnostic::at(
        Code::S007,
        span,
        format!("what does a {word} earn that lies across an edge?"),
    )
    .note("Where 90,000 are reached and one of 20,000 follows, 10,000 of it lie on either side of an edge at 100,000.")
    .fix("its parts take the rates of both sides", cut.clone(), insert(&cut))
    .fix("all of it takes the first rate", starts.clone(), insert(&starts))
    .fix("all of it takes the last rate", ends.clone(), insert(&ends))
}
