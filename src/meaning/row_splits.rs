//! `split from`: shares of a credit that stand in rows of another source.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::credits::record_word;
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{ColumnId, PartBy, Rest, RowSplit, Source, SourceId};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, SplitBy};

/// Whether somebody, or the company, gets all of a record without rows.
pub(in crate::meaning) fn takes_the_rest(by: PartBy) -> bool {
    matches!(by, PartBy::Share(_, Rest::Company | Rest::Person(_)))
}

impl Lower<'_> {
    pub(in crate::meaning) fn row_split(
        &mut self,
        written: &ast::Split,
        from: &ast::SplitFrom,
        credit: &ast::Credit,
        record: &mut Place,
    ) -> Option<RowSplit> {
        let source = self.source(&from.source)?;
        let word = record_word(credit);
        if from.word.text == word {
            let (_, first) = credit.from.as_ref()?;
            self.problems
                .push(errors::twice(word, first.span, from.word.span));
            return None;
        }
        let PlaceKind::Record(of, _) = record.kind else {
            return None;
        };
        self.records_have_ids(of, from.source.span);
        let names_record = self.names_record(source, word, from.source.span);
        let ast::PartColumns {
            who, size, overlay, ..
        } = from.row.as_ref()?;
        let kind = PlaceKind::Record(source, from.word.text.clone());
        let mut row = Place::new(kind, written.span);
        let column = self.column_of(who, Type::Person, &mut row);
        let by = self.part_by(from, size.as_ref(), &mut row, record);
        let overlay = match overlay {
            Some(overlay) => Some(self.column_of(overlay, Type::Bool, &mut row)?),
            None => None,
        };
        let (column, by) = (column?, by?);
        if !from.broken {
            self.somebody_without_rows(written, credit, of, by);
        }
        let missing = self.missing_share(written, record)?;
        let person = &self.plan.source(source).columns[column.0];
        if person.optional && missing.is_none() {
            self.problems
                .push(errors::may_be_empty(&person.name, who.span, word));
        }
        Some(RowSplit {
            source,
            record: names_record?,
            who: column,
            by,
            overlay,
            missing,
            span: written.span,
        })
    }

    /// Rows name a record by its id, so it needs one.
    fn records_have_ids(&mut self, of: SourceId, span: Span) {
        let source = self.plan.source(of);
        let id = source.columns.iter().find(|column| column.name == "id");
        let is_text = id.is_some_and(|id| id.ty == Type::Text && !id.optional);
        if !is_text && !source.gaps {
            let (name, label) = (&source.name, &source.label);
            self.problems.push(
                Diagnostic::at(
                    Code::S007,
                    span,
                    format!("these rows name records of `{name}`, which have no `id`"),
                )
                .help(
                    format!("declare it in `records {name} \"{label}\"`"),
                    "| id | Text | one line per record |",
                ),
            );
        }
    }

    /// The column of a split source that names the record: it is called like the record.
    fn names_record(&mut self, source: SourceId, word: &str, span: Span) -> Option<ColumnId> {
        let Source { name, columns, .. } = self.plan.source(source);
        let at = columns.iter().position(|column| column.name == word);
        if let Some(at) = at.filter(|at| columns[*at].ty == Type::Text && !columns[*at].optional) {
            return Some(ColumnId(at));
        }
        if at.is_some() || !self.plan.source(source).gaps {
            let says = format!("`{name}` has no column `{word}` that names the {word} of a row");
            self.problems.push(
                Diagnostic::at(Code::S007, span, says)
                    .note("It is a `Text` that is always there, with the `id` of the record.")
                    .help(
                        format!("declare it in `records {name}`"),
                        format!("| {word} | Text | id of the {word} |"),
                    ),
            );
        }
        None
    }

    fn part_by(
        &mut self,
        from: &ast::SplitFrom,
        column: Option<&ast::Expr>,
        row: &mut Place,
        record: &mut Place,
    ) -> Option<PartBy> {
        match (from.by, column) {
            (SplitBy::Share, Some(column)) => {
                let share = self.column_of(column, Type::Percent, row);
                let rest = self.shares_total(from, record);
                Some(PartBy::Share(share?, rest?))
            }
            (SplitBy::Weight, Some(column)) => {
                self.is_whole_by_itself(from);
                self.weight(column, row).map(PartBy::Weight)
            }
            _ => {
                self.is_whole_by_itself(from);
                Some(PartBy::Equal)
            }
        }
    }

    /// A column of plain numbers, of quantities or of percentages.
    fn weight(&mut self, column: &ast::Expr, row: &mut Place) -> Option<ColumnId> {
        let weight = self.expr(column, row);
        let is_number = matches!(
            weight.ty,
            Type::Number | Type::Quantity(_) | Type::Percent | Type::Poisoned
        );
        if !is_number {
            let found = errors::type_words(weight.ty, &self.plan.units);
            self.problems.push(errors::wrong_type(
                weight.span,
                &found,
                "a column of plain numbers",
            ));
        }
        match weight.kind {
            crate::meaning::plan::ExprKind::Column(_, column) if is_number => Some(column),
            _ => None,
        }
    }

    /// Weights and equal parts always add up to the whole.
    fn is_whole_by_itself(&mut self, from: &ast::SplitFrom) {
        if let Some(total) = &from.total {
            self.problems.push(
                Diagnostic::at(
                    Code::S007,
                    total.span,
                    "parts by weight, and equal ones, always make a whole",
                )
                .help("take the line away", ""),
            );
        }
    }

    /// `shares total …`, which a split from shares needs.
    fn shares_total(&mut self, from: &ast::SplitFrom, record: &mut Place) -> Option<Rest> {
        let Some(written) = &from.total else {
            if from.broken {
                return None;
            }
            let insert = |text: &str| vec![Edit::below(from.end, text)];
            let whole = "shares total 100%";
            let most = "shares total at most 100%, the rest to the company";
            self.problems.push(
                Diagnostic::at(Code::C501, from.source.span, "what do the shares of a record total?")
                    .note("A row with 40% where 50% is meant leaves 10% of the record to nobody, and nothing would say so.")
                    .fix("the whole, in every record", whole, insert(whole))
                    .fix("at most the whole, and somebody gets the rest", most, insert(most)),
            );
            return None;
        };
        let total = self.expr(&written.value.total, record);
        if let Some(total_is) = constant(&total).filter(|total| *total != Exact::ONE) {
            let shown = format!("{}%", (total_is * Exact::int(100)).to_plain());
            let says = format!("shares of {shown} do not make a whole");
            self.problems
                .push(Diagnostic::at(Code::C501, total.span, says).fix(
                    "write",
                    "100%",
                    vec![Edit {
                        span: total.span,
                        text: "100%".to_owned(),
                    }],
                ));
        }
        Some(match &written.value.rest {
            None => Rest::Nothing,
            Some(ast::RestTo::Company) => Rest::Company,
            Some(ast::RestTo::Person(person)) => {
                Rest::Person(self.column_of(person, Type::Person, record)?)
            }
        })
    }

    /// Somebody gets all of a record that no row splits: it can always be so.
    fn somebody_without_rows(
        &mut self,
        written: &ast::Split,
        credit: &ast::Credit,
        of: SourceId,
        by: PartBy,
    ) {
        if credit.to.is_some() || takes_the_rest(by) {
            return;
        }
        let word = record_word(credit);
        let columns = self.plan.source(of).columns.iter();
        let mut persons = columns.filter(|column| column.ty == Type::Person);
        let says = format!("who gets all of a {word} that no row splits?");
        let diagnostic = Diagnostic::at(Code::S007, written.span, says);
        let first = persons.find(|column| !column.optional);
        self.problems.push(match first {
            Some(column) => {
                let text = format!("to          {word}.{}", column.name);
                let insert = Edit {
                    span: Span {
                        end: written.span.start,
                        ..written.span
                    },
                    text: format!("{text}\n  "),
                };
                diagnostic.fix("say who", text, vec![insert])
            }
            None => diagnostic.help("say who", format!("to          {word}.…")),
        });
    }
}
