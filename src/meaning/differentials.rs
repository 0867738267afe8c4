//! `share … less what is paid below`: a level of a roll-up has its share only above what those below it have.

use crate::base::Exact;
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{ColumnId, Differential, Once};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, LevelShare, RestTo};

const PHRASE: &str = "share       of the level less what is paid below";

impl Lower<'_> {
    /// `Some(None)` where levels have their shares whatever others have.
    pub(in crate::meaning) fn differential(
        &mut self,
        written: &ast::Rollup,
        levels: &[(u16, Exact)],
        once: Once,
    ) -> Option<Option<Differential>> {
        let Some(share) = &written.share else {
            let Some(total) = &written.total else {
                return Some(None);
            };
            if written.broken {
                return None;
            }
            self.problems.push(
                Diagnostic::at(
                    Code::S007,
                    total.span,
                    "this line says what shares total, and no level has a share less what is paid below",
                )
                .help("say whose share it is", PHRASE)
                .help("or take the line away", ""),
            );
            return None;
        };
        let column = match &share.value {
            LevelShare::Column(name) => Some(self.own_share(name)?),
            LevelShare::OfLevel => None,
        };
        let is_sound =
            self.shares_stand_once(written, share.span, column) & self.is_of_credits(written, once);
        let whole = match &written.total {
            Some(total) => Some(self.whole_of_levels(&total.value, total.span)?),
            None => None,
        };
        if let (Some(whole), None) = (&whole, column) {
            self.fit_the_whole(written, levels, whole)?;
        }
        is_sound.then_some(Some(Differential { column, whole }))
    }

    /// The column of people with each person's own share. Everybody has one: 0% is written, never guessed.
    fn own_share(&mut self, name: &ast::Name) -> Option<ColumnId> {
        let columns = &self.plan.people.columns;
        let at = columns.iter().position(|column| column.name == name.text);
        let Some(column) = at.and_then(|at| columns.get(at)) else {
            if !self.plan.people.gaps {
                let says = format!("people have no column `{}`", name.text);
                let row = format!("| {} | Percent | their own share |", name.text);
                let said = Diagnostic::at(Code::N101, name.span, says);
                self.problems.push(said.help("declare it in `people`", row));
            }
            return None;
        };
        match column.ty {
            Type::Percent if !column.optional => at.map(ColumnId),
            Type::Percent => {
                let says = format!(
                    "`{}` may be empty: what is a level without a share?",
                    name.text
                );
                let row = format!("| {} | Percent | their own share |", name.text);
                self.problems.push(
                    Diagnostic::at(Code::U203, name.span, says)
                        .note("Whoever has none has 0% in the file, so that a cell that was forgotten is found.")
                        .help("declare it as always there", row),
                );
                None
            }
            Type::Poisoned => None,
            other => {
                let found = errors::type_words(other, &self.plan.units);
                self.problems.push(errors::wrong_type(
                    name.span,
                    &found,
                    "a column of percentages",
                ));
                None
            }
        }
    }

    /// Shares stand in people or in the table of levels.
    fn shares_stand_once(
        &mut self,
        written: &ast::Rollup,
        at: Span,
        column: Option<ColumnId>,
    ) -> bool {
        let Some(levels) = &written.levels else {
            return false;
        };
        let in_table = levels.levels.iter().find_map(|(_, share)| share.as_ref());
        match (column, in_table) {
            (Some(_), Some(share)) => {
                self.problems.push(
                    Diagnostic::at(Code::S008, share.span, "the shares stand twice")
                        .saying("in the table of levels")
                        .label(at, "and in people")
                        .help("the table's", PHRASE)
                        .help(
                            "those of people",
                            "levels 1 through 5 up, each credit once per manager",
                        ),
                );
                false
            }
            (None, None) => {
                self.problems.push(
                    Diagnostic::at(Code::S007, at, "which share does a level have?")
                        .help(
                            "give each level one, in the table of `levels`",
                            "| level | share |",
                        )
                        .help(
                            "or name a column of people",
                            "share       contract_level less what is paid below",
                        ),
                );
                false
            }
            _ => true,
        }
    }

    /// What is paid below is a part of a credit.
    fn is_of_credits(&mut self, written: &ast::Rollup, once: Once) -> bool {
        if let (Once::Record, Some(levels)) = (once, &written.levels) {
            let edit = Edit {
                span: levels.once.span,
                text: "credit".to_owned(),
            };
            self.problems.push(
                Diagnostic::at(
                    Code::S007,
                    levels.once.span,
                    "what is paid below is told credit by credit",
                )
                .fix("write", "each credit once per manager", vec![edit]),
            );
            return false;
        }
        true
    }

    /// `shares total at most 90%, the rest to the company`
    fn whole_of_levels(&mut self, total: &ast::SharesTotal, span: Span) -> Option<Exact> {
        let mut place = Place::new(PlaceKind::Person, span);
        let value = self.expr(&total.total, &mut place);
        let whole = constant(&value)?;
        match &total.rest {
            Some(RestTo::Company) if whole.is_positive() => Some(whole),
            _ => {
                let shown = format!("{}%", (whole * Exact::int(100)).to_plain());
                let text = format!("shares total at most {shown}, the rest to the company");
                let edit = Edit {
                    span,
                    text: text.clone(),
                };
                self.problems.push(
                    Diagnostic::at(Code::S007, span, "what no level claims is left to the company")
                        .note("Levels that nobody fills, or that have no more than those below them, leave it.")
                        .fix("write", text, vec![edit]),
                );
                None
            }
        }
    }

    /// C506: a level of the table may have no more than there is.
    fn fit_the_whole(
        &mut self,
        written: &ast::Rollup,
        levels: &[(u16, Exact)],
        whole: &Exact,
    ) -> Option<()> {
        let over = levels.iter().find(|(_, share)| share > whole);
        let Some((level, share)) = over else {
            return Some(());
        };
        let rows = written.levels.iter().flat_map(|own| &own.levels);
        let mut of_level = rows.filter(|(own, _)| own.value == *level);
        let at = of_level.find_map(|(_, share)| share.as_ref());
        let percent = |share: &Exact| format!("{}%", (share.clone() * Exact::int(100)).to_plain());
        let says = format!(
            "level {level} has {}, and shares total at most {}",
            percent(share),
            percent(whole)
        );
        self.problems.push(
            Diagnostic::at(
                Code::C506,
                at.map_or(written.span, |share| share.span),
                says,
            )
            .help(
                "let them total at most what the highest has",
                format!(
                    "shares total at most {}, the rest to the company",
                    percent(share)
                ),
            ),
        );
        None
    }
}
