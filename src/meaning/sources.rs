//! `records` and `people`: columns and their types.

use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::check::SourceCurrency;
use crate::meaning::errors;
use crate::meaning::infer::Place;
use crate::meaning::lower::Lower;
use crate::meaning::names::Def;
use crate::meaning::plan::{Column, ColumnId, ExprKind, Source, SourceId};
use crate::meaning::types::Type;
use crate::syntax::ast;

impl<'a> Lower<'a> {
    pub(in crate::meaning) fn people_have_ids(&mut self, block: &ast::Source) {
        let id = block.columns.iter().find(|column| column.name.text == "id");
        match id {
            Some(column)
                if !matches!(column.kind.value, ast::ColumnKind::Text) || column.optional =>
            {
                self.problems.push(
                    Diagnostic::at(
                        Code::U203,
                        column.kind.span,
                        "the column `id` of people is a `Text` that is always there",
                    )
                    .fix(
                        "write",
                        "Text",
                        vec![Edit {
                            span: column.kind.span,
                            text: "Text".to_owned(),
                        }],
                    ),
                );
            }
            None if !block.columns.is_empty() && !block.gaps => self.problems.push(
                Diagnostic::at(Code::S007, block.span, "people need the column `id`")
                    .help("add it", "| id | Text | personnel number |"),
            ),
            _ => {}
        }
        for edge in ["from", "through"] {
            let column = block.columns.iter().find(|column| column.name.text == edge);
            if let Some(column) = column.filter(|c| !matches!(c.kind.value, ast::ColumnKind::Date))
            {
                self.problems.push(
                    Diagnostic::at(
                        Code::U203,
                        column.kind.span,
                        format!(
                            "`{edge}` says from when to when a row holds, so it is a `Date or none`"
                        ),
                    )
                    .fix(
                        "write",
                        "Date or none",
                        vec![Edit {
                            span: column.kind.span,
                            text: "Date or none".to_owned(),
                        }],
                    ),
                );
            }
        }
    }

    pub(in crate::meaning) fn source_block(&mut self, block: &ast::Source) -> Source {
        let binding = block.from.as_ref().unwrap_or(&block.name).text.clone();
        let mut columns: Vec<Column> = Vec::new();
        for line in &block.columns {
            if let Some(first) = columns.iter().find(|column| column.name == line.name.text) {
                self.problems
                    .push(errors::twice(&line.name.text, first.span, line.name.span));
                continue;
            }
            let (ty, one_of) = self.column_type(&binding, &line.kind.value);
            columns.push(Column {
                name: line.name.text.clone(),
                ty,
                one_of,
                optional: line.optional,
                meaning: line.meaning.value.clone(),
                span: line.name.span,
            });
        }
        let label = block.name.called(block.label.as_ref());
        Source {
            name: block.name.text.clone(),
            binding,
            label,
            columns,
            gaps: block.gaps,
            span: block.span,
        }
    }

    pub(in crate::meaning) fn column_type(
        &mut self,
        binding: &str,
        kind: &ast::ColumnKind,
    ) -> (Type, Option<Vec<String>>) {
        let ty = match kind {
            ast::ColumnKind::Text => Type::Text,
            ast::ColumnKind::OneOf(list) => return (Type::Text, Some(list.clone())),
            // The manifest may name one currency for the source; rows with their own are looked at one by one.
            ast::ColumnKind::Money => match self.bindings.sources.get(binding) {
                Some(SourceCurrency::All(currency)) => Type::Money(*currency),
                _ => Type::Money(self.plan.currency),
            },
            ast::ColumnKind::Percent => Type::Percent,
            ast::ColumnKind::Number => Type::Number,
            ast::ColumnKind::Quantity(unit) => {
                self.unit(unit).map_or(Type::Poisoned, Type::Quantity)
            }
            ast::ColumnKind::Date => Type::Date,
            ast::ColumnKind::Person => Type::Person,
            ast::ColumnKind::Persons => Type::Persons,
            ast::ColumnKind::YesNo => Type::Bool,
        };
        (ty, None)
    }

    /// A source by its name in plans.
    pub(in crate::meaning) fn source(&mut self, name: &ast::Name) -> Option<SourceId> {
        if let Some(at) = self
            .plan
            .sources
            .iter()
            .position(|source| source.name == name.text)
        {
            return Some(SourceId(at));
        }
        match self.names.find(&name.text) {
            Some(Def::Records(block)) => {
                let source = self.source_block(block);
                self.plan.sources.push(source);
                Some(SourceId(self.plan.sources.len() - 1))
            }
            Some(def) => {
                let kind = def.kind();
                self.problems
                    .push(errors::not_a_source(&name.text, name.span, kind));
                None
            }
            None => {
                self.unknown(&name.text, name.span);
                None
            }
        }
    }

    /// The source whose records are called by a word, by the credits that call them so.
    pub(in crate::meaning) fn source_of_word(
        &mut self,
        word: &str,
        span: Span,
    ) -> Option<SourceId> {
        let credits = self.names.credits();
        let from = credits
            .iter()
            .filter_map(|credit| credit.from.as_ref())
            .find(|(_, w)| w.text == word);
        match from {
            Some((source, _)) => self.source(&source.clone()),
            None => {
                let words = credits
                    .iter()
                    .filter_map(|credit| credit.from.as_ref())
                    .map(|(_, w)| w.text.as_str());
                let mut diagnostic = Diagnostic::at(
                    Code::N101,
                    span,
                    format!("no credit calls its records `{word}`"),
                );
                if let Some(near) = crate::diag::near(word, words) {
                    diagnostic = diagnostic.fix(
                        "write",
                        near,
                        vec![Edit {
                            span,
                            text: near.to_owned(),
                        }],
                    );
                }
                if !self.names.is_poisoned(word) {
                    self.problems.push(diagnostic);
                }
                None
            }
        }
    }

    /// A column of the record at hand, of one type.
    pub(in crate::meaning) fn column_of(
        &mut self,
        written: &ast::Expr,
        wanted: Type,
        place: &mut Place,
    ) -> Option<ColumnId> {
        let expr = self.expr(written, place);
        match expr.kind {
            ExprKind::Column(_, column) if self.want(&expr, wanted) => Some(column),
            _ => None,
        }
    }
}
