//! Credits of several persons that no table names: those of a list, and everyone whose column says the same.

use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::credits::record_word;
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{Among, Column, ColumnId, FoundIn, IfNobody, Split};
use crate::meaning::types::Type;
use crate::syntax::ast::{self, Nobody, RestTo, Several};

impl Lower<'_> {
    /// `split equally among deal.sellers`
    pub(in crate::meaning) fn among(
        &mut self,
        written: &ast::Split,
        list: &ast::Expr,
        credit: &ast::Credit,
        record: &mut Place,
    ) -> Option<Split> {
        let column = self.column_of(list, Type::Persons, record)?;
        let PlaceKind::Record(source, _) = record.kind else {
            return None;
        };
        let missing = self.missing_share(written, record)?;
        let declared = &self.plan.source(source).columns[column.0];
        if declared.optional && missing.is_none() {
            let problem = errors::may_be_empty(&declared.name, list.span, record_word(credit));
            self.problems.push(problem);
        }
        Some(Split::Among(Among {
            whom: FoundIn::List(column),
            several: Several::Equally,
            nobody: match missing {
                None => IfNobody::Error,
                Some(None) => IfNobody::Company,
                Some(Some(person)) => IfNobody::Person(person),
            },
            span: written.span,
        }))
    }

    /// `to everyone whose territory is deal.territory on deal.close_date`, with the lines that go with it.
    pub(in crate::meaning) fn everyone(
        &mut self,
        written: &ast::Everyone,
        credit: &ast::Credit,
        record: &mut Place,
    ) -> Option<Split> {
        if let Some(split) = &credit.split {
            self.problems.push(
                Diagnostic::at(Code::S007, split.span, "two lines say who gets it")
                    .saying("the split")
                    .label(written.span, "and everyone whom a column finds")
                    .help("keep one of them", ""),
            );
            return None;
        }
        let fact = self.found_by(&written.fact);
        let value = self.text_of(&written.value, record);
        let on = match &written.on {
            Some(on) => self.column_of(on, Type::Date, record).map(Some),
            None => Some(None),
        };
        self.leaves_nothing_open(written, credit, record);
        let nobody = match &written.nobody.as_ref()?.value {
            Nobody::Error => IfNobody::Error,
            Nobody::Rest(RestTo::Company) => IfNobody::Company,
            Nobody::Rest(RestTo::Person(who)) => {
                IfNobody::Person(self.column_of(who, Type::Person, record)?)
            }
        };
        Some(Split::Among(Among {
            whom: FoundIn::Everyone {
                fact: fact?,
                value: value?,
                on: on??,
            },
            several: written.several.as_ref()?.value,
            nobody,
            span: written.span,
        }))
    }

    /// The column of people that is compared.
    fn found_by(&mut self, name: &ast::Name) -> Option<ColumnId> {
        let columns = &self.plan.people.columns;
        let at = columns.iter().position(|column| column.name == name.text);
        let Some(column) = at.and_then(|at| columns.get(at)) else {
            if !self.plan.people.gaps {
                let says = format!("people have no column `{}`", name.text);
                let row = format!("| {} | Text or none | … |", name.text);
                let said = Diagnostic::at(Code::N101, name.span, says);
                self.problems.push(said.help("declare it in `people`", row));
            }
            return None;
        };
        if matches!(column.ty, Type::Text | Type::Person) {
            return at.map(ColumnId);
        }
        self.not_a_text(column.ty, name.span);
        None
    }

    /// The column of the record that says the same.
    fn text_of(&mut self, path: &ast::Expr, record: &mut Place) -> Option<ColumnId> {
        let read = self.expr(path, record);
        match (read.ty, read.kind) {
            (Type::Text | Type::Person, crate::meaning::plan::ExprKind::Column(_, column)) => {
                Some(column)
            }
            (ty, _) => {
                self.not_a_text(ty, path.span);
                None
            }
        }
    }

    fn not_a_text(&mut self, ty: Type, at: Span) {
        if ty != Type::Poisoned {
            let found = errors::type_words(ty, &self.plan.units);
            let problem = errors::wrong_type(at, &found, "a column of texts");
            self.problems.push(problem);
        }
    }

    /// C507 where it is not said on which day people are read, and what none or several of them get.
    fn leaves_nothing_open(
        &mut self,
        written: &ast::Everyone,
        credit: &ast::Credit,
        record: &Place,
    ) {
        if written.broken {
            return;
        }
        let (word, below) = (record_word(credit), |text: &str| {
            vec![Edit::below(written.span, text)]
        });
        let (fact, whose) = (&written.fact.text, written.span);
        if written.on.is_none() {
            let day = match &credit.dated_by {
                Some(ast::Expr {
                    kind: ast::ExprKind::Path(_, column),
                    ..
                }) => column.text.as_str(),
                _ => "…",
            };
            let text = format!(" on {word}.{day}");
            self.problems.push(
                Diagnostic::at(Code::C507, whose, format!("`{fact}` of people changes: which day counts?"))
                    .note(format!("Who takes a {fact} over would have all that was sold in it before, or nothing of it."))
                    .fix(
                        format!("the day of the {word}"),
                        text.trim().to_owned(),
                        vec![Edit::after(whose, text.clone())],
                    ),
            );
        }
        if written.several.is_none() {
            let mut said = Diagnostic::at(Code::C507, whose, format!("what if several people have the same `{fact}`?"))
                .note(format!(
                    "Two people on a {word} of 10,000.00 have 10,000.00 each, or 5,000.00, or one of the rows is a mistake."
                ));
            for (why, text) in [
                ("all of it to each", "if several match each gets all"),
                ("equal parts", "if several match they share equally"),
                (
                    "nobody is paid before it is looked at",
                    "if several match it is an error",
                ),
            ] {
                said = said.fix(why, text, below(text));
            }
            self.problems.push(said);
        }
        if written.nobody.is_none() {
            let mut said = Diagnostic::at(
                Code::C507,
                whose,
                format!("what if nobody has the `{fact}` of a {word}?"),
            )
            .note(format!("A {word} that goes to nobody is missed by nobody."));
            let persons = persons_of(self, record)
                .into_iter()
                .find(|column| !column.optional);
            let to_person = persons
                .map(|column| format!("if nobody matches it goes to {word}.{}", column.name));
            for (why, text) in [
                (
                    "it is looked at",
                    Some("if nobody matches it is an error".to_owned()),
                ),
                (
                    "it stays the company's",
                    Some("if nobody matches it goes to the company".to_owned()),
                ),
                ("somebody of the record has it", to_person),
            ] {
                if let Some(text) = text {
                    said = said.fix(why, text.clone(), below(&text));
                }
            }
            self.problems.push(said);
        }
    }
}

fn persons_of(lower: &Lower<'_>, record: &Place) -> Vec<Column> {
    let PlaceKind::Record(source, _) = record.kind else {
        return Vec::new();
    };
    let columns = lower.plan.source(source).columns.iter();
    columns
        .filter(|column| column.ty == Type::Person)
        .cloned()
        .collect()
}
