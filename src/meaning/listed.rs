//! `value … from rates`: a table of values that stands in data.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::kinds::meet;
use crate::meaning::lower::Lower;
use crate::meaning::plan::{
    Column, Expr, ExprKind, Lookup, LookupId, LookupKind, Source, SourceId,
};
use crate::meaning::sign::constant;
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

impl Lower<'_> {
    /// A table whose rows are data: exact texts under the names of its keys.
    pub(in crate::meaning) fn listed(
        &mut self,
        written: &ast::Lookup,
        from: &ast::Name,
        label: String,
    ) -> Option<LookupId> {
        let mut place = Place::new(PlaceKind::Axis, written.span);
        let keys: Vec<Expr> = written
            .keys
            .iter()
            .map(|key| self.expr(key, &mut place))
            .collect();
        let kind = written.value_kind.as_ref()?;
        let (ty, _) = self.column_type(&from.text, &kind.kind);
        if let Some(range) = &kind.range {
            let why = "a value in data has its type alone";
            self.problems
                .push(errors::wrong_place("a range", range.span, why));
            return None;
        }
        let missing = self.used_instead(written, ty)?;
        let source = self.list_source(written, from, &keys, ty)?;
        let grain = keys
            .iter()
            .fold(Grain::Constant, |g, key| meet(g, key.grain));
        Some(self.add_lookup(Lookup {
            name: written.name.text.clone(),
            label: self.label_to_date(label),
            grain,
            kind: LookupKind::Listed {
                keys,
                source,
                missing,
            },
            base: None,
            ty,
            rounding: None,
            span: written.span,
        }))
    }

    /// The constant of `if missing use`; nothing where the payout is held.
    fn used_instead(&mut self, written: &ast::Lookup, ty: Type) -> Option<Option<Exact>> {
        let ast::InputMissing::Use(instead) = &written.missing.as_ref()?.value else {
            return Some(None);
        };
        let mut place = Place::new(PlaceKind::Person, written.span);
        let value = self.expr(instead, &mut place);
        if ty == Type::Poisoned || !self.want(&value, ty) {
            return None;
        }
        let found = constant(&value);
        if found.is_none() {
            let why = "what is used instead is a constant, such as 5%";
            self.problems
                .push(errors::wrong_place("this", value.span, why));
        }
        found.map(Some)
    }

    /// The columns that the source has: one for each key, by its name, and one by the table's own.
    fn list_source(
        &mut self,
        written: &ast::Lookup,
        from: &ast::Name,
        keys: &[Expr],
        ty: Type,
    ) -> Option<SourceId> {
        let column = |name: &str, ty: Type, optional: bool| Column {
            name: name.to_owned(),
            ty,
            one_of: None,
            optional,
            meaning: String::new(),
            span: written.span,
        };
        let mut columns = Vec::new();
        for key in keys {
            let name = match (&key.kind, key.ty) {
                (_, Type::Poisoned) => return None,
                (ExprKind::Fact(id, _), Type::Text | Type::Person) => {
                    match self.plan.people.columns[id.0].name.as_str() {
                        // A column `id` would name the rows themselves.
                        "id" => "payee",
                        name => name,
                    }
                }
                (ExprKind::Text(_), _) if let Some(column) = self.plan.paid_by() => {
                    column.name.as_str()
                }
                (ExprKind::Column(source, id), Type::Text | Type::Person) => {
                    self.plan.source(*source).columns[id.0].name.as_str()
                }
                _ => {
                    let found = errors::type_words(key.ty, &self.plan.units);
                    let wanted = "a column of texts: rows in data are found by their exact words";
                    self.problems
                        .push(errors::wrong_type(key.span, &found, wanted));
                    return None;
                }
            };
            columns.push(column(name, Type::Text, false));
        }
        columns.push(column(&written.name.text, ty, true));
        let known = self
            .plan
            .sources
            .iter()
            .position(|own| own.binding == from.text);
        match known {
            // The same table, read for another length of time or in another text of the plan.
            Some(at)
                if self.plan.sources.get(at).is_some_and(|own| {
                    own.span == written.span || same_columns(&own.columns, &columns)
                }) =>
            {
                return Some(SourceId(at));
            }
            Some(_) => {
                self.problems.push(
                    Diagnostic::at(
                        Code::S008,
                        from.span,
                        format!("`{}` is read as something else already", from.text),
                    )
                    .help("give each table a source of its own", "from        …"),
                );
                return None;
            }
            None => {}
        }
        self.plan.sources.push(Source {
            name: from.text.clone(),
            binding: from.text.clone(),
            label: from.text.clone(),
            columns,
            gaps: false,
            span: written.span,
        });
        Some(SourceId(self.plan.sources.len() - 1))
    }
}

/// Whether two tables of data have the same columns; the last is called as they are, so they are one table in two texts.
fn same_columns(a: &[Column], b: &[Column]) -> bool {
    let same = |(a, b): (&Column, &Column)| a.name == b.name && a.ty == b.ty;
    a.len() == b.len() && a.iter().zip(b).all(same)
}
