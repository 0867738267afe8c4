//! `rollup`: credits that go up to those somebody reports to.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Edit};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{AsOf, ColumnId, Credit, CreditId, Once, Receivers, Rollup};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast;

impl Lower<'_> {
    pub(in crate::meaning) fn rollup(&mut self, written: &ast::Rollup) -> Option<CreditId> {
        let from = written.from.as_ref()?;
        let of = self.goes_up(from)?;
        let base = self.plan.credit(of).clone();
        let to = self.superior(written.to.as_ref()?);
        let levels = written.levels.as_ref()?;
        let shares = self.levels(levels);
        let once = self.once(levels, &base.record_word);
        let as_of = self.hierarchy(written, &base);
        let differential = match (&shares, once) {
            (Some(shares), Some(once)) => self.differential(written, shares, once),
            _ => None,
        };
        if written.broken {
            return None;
        }
        self.plan.credits.push(Credit {
            name: written.name.text.clone(),
            label: written.name.called(written.label.as_ref()),
            when: Vec::new(),
            share_cap: None,
            receivers: Receivers {
                to: None,
                split: None,
            },
            rounding: None,
            rollup: Some(Rollup {
                of,
                to: to?,
                levels: shares?,
                differential: differential?,
                once: once?,
                as_of: as_of?,
            }),
            span: written.span,
            ..base
        });
        Some(CreditId(self.plan.credits.len() - 1))
    }

    /// The credit that goes up; one that went up already does not.
    fn goes_up(&mut self, from: &ast::Name) -> Option<CreditId> {
        let id = self.credit_named(from);
        match id {
            Some(id) if self.plan.credit(id).rollup.is_some() => {
                let why = format!("`{}` goes up already", from.text);
                self.problems
                    .push(Diagnostic::at(Code::U203, from.span, why).help(
                        "name more levels there, or take its credit",
                        "levels 1 through 3 up, …",
                    ));
                None
            }
            None if self.names.peek(&from.text).is_some() && !self.is_unknown(&from.text) => {
                let def = self.names.peek(&from.text)?;
                if !def.is_credit() {
                    let what = def.kind();
                    let words = format!("`{}` is {what}, and what goes up is a credit", from.text);
                    let diagnostic = Diagnostic::at(Code::U203, from.span, words);
                    self.problems.push(match def.kind() {
                        "a payout" => diagnostic.help(
                            "what a team earns is read by the payout of who leads it, without a rollup",
                            format!(
                                "total {} as earned of direct reports by manager as of the last day of the period",
                                from.text
                            ),
                        ),
                        _ => diagnostic,
                    });
                }
                None
            }
            id => id,
        }
    }

    /// The column of people that says to whom somebody reports.
    pub(in crate::meaning) fn superior(&mut self, to: &ast::Name) -> Option<ColumnId> {
        let columns = &self.plan.people.columns;
        let found = columns.iter().position(|column| column.name == to.text);
        match found.and_then(|at| Some((at, columns.get(at)?))) {
            Some((at, column)) if column.ty == Type::Person => Some(ColumnId(at)),
            Some((_, column)) if column.ty == Type::Poisoned => None,
            Some((_, column)) => {
                let found = errors::type_words(column.ty, &self.plan.units);
                let problem = errors::wrong_type(to.span, &found, "a column of persons");
                self.problems.push(problem);
                None
            }
            None if self.plan.people.gaps => None,
            None => {
                let persons = columns.iter().filter(|column| column.ty == Type::Person);
                let persons: Vec<String> = persons.map(|column| column.name.clone()).collect();
                let said = Diagnostic::at(
                    Code::N101,
                    to.span,
                    format!("people have no column `{}`", to.text),
                );
                let row = format!("| {} | Person or none | whom they report to |", to.text);
                let said = match persons.first() {
                    Some(other) => {
                        said.help("it is a column of persons", format!("to          {other}"))
                    }
                    None => said,
                };
                self.problems.push(said.help("declare it in `people`", row));
                None
            }
        }
    }

    /// Levels in ascending order, each once, with shares of at least 0%.
    fn levels(&mut self, written: &ast::Levels) -> Option<Vec<(u16, Exact)>> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let mut found: Vec<(u16, Exact)> = Vec::new();
        let mut whole = !written.levels.is_empty();
        for (level, share) in &written.levels {
            let share = match share {
                None => Some(Exact::ONE),
                Some(share) => {
                    let share = self.expr(share, &mut place);
                    let fits = self.want(&share, Type::Percent);
                    constant(&share).filter(|share| fits && !share.is_negative())
                }
            };
            if found.iter().any(|(known, _)| *known == level.value) {
                whole = false;
                let words = format!("level {} stands twice", level.value);
                self.problems.push(
                    Diagnostic::at(Code::S008, level.span, words).help("keep one of them", ""),
                );
            }
            match share {
                Some(share) => found.push((level.value, share)),
                None => whole = false,
            }
        }
        found.sort_by_key(|(level, _)| *level);
        whole.then_some(found)
    }

    /// `each credit` or `each deal`.
    fn once(&mut self, written: &ast::Levels, record: &str) -> Option<Once> {
        let word = written.once.text.as_str();
        if word == "credit" {
            return Some(Once::Credit);
        }
        if word == record {
            return Some(Once::Record);
        }
        let edit = |text: &str| {
            vec![Edit {
                span: written.once.span,
                text: text.to_owned(),
            }]
        };
        let words = format!("once per manager counts each credit, or each {record}");
        self.problems.push(
            Diagnostic::at(Code::N101, written.once.span, words)
                .note(format!(
                    "A manager of two people who share a {record} 60% and 25% has 85% of it with `each credit`, and all of it \
                     with `each {record}`."
                ))
                .fix("what people below have of it", "each credit once per manager", edit("credit"))
                .fix("all of it", format!("each {record} once per manager"), edit(record)),
        );
        None
    }

    /// C503 where it is not said on which day it is read who reports to whom.
    fn hierarchy(&mut self, written: &ast::Rollup, base: &Credit) -> Option<AsOf> {
        let word = &base.record_word;
        let Some(hierarchy) = &written.hierarchy else {
            let source = self.plan.source(base.source);
            let date = source.columns.get(base.dated_by.0)?.name.clone();
            // Above `levels`, whose table may follow.
            let at = written.to.as_ref().map_or(written.span, |to| to.span);
            let insert = |line: &str| vec![Edit::below(at, line)];
            let (first, last) = (
                format!("hierarchy as of {word}.{date}"),
                "hierarchy as of the last day of the period".to_owned(),
            );
            self.problems.push(
                Diagnostic::at(Code::C503, written.span, "somebody changes manager: which one counts?")
                    .saying("it is not said on which day it is read who reports to whom")
                    .note(format!(
                        "Who moves to another team in the middle of a period takes their earlier {} along, or leaves them.",
 errors::many(word)
                    ))
                    .fix(format!("the manager on the day of the {word}"), first.clone(), insert(&first))
                    .fix("the manager at the end of the period", last.clone(), insert(&last)),
            );
            return None;
        };
        match &hierarchy.value {
            ast::Hierarchy::LastDay => Some(AsOf::LastDay),
            ast::Hierarchy::Column(column) => {
                let kind = PlaceKind::Record(base.source, word.clone());
                let mut place = Place::new(kind, written.span);
                self.column_of(column, Type::Date, &mut place)
                    .map(AsOf::Column)
            }
        }
    }
}
