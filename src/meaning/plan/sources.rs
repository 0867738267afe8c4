//! Records, credits and inputs, resolved.

use crate::base::{Cadence, Date, Exact, Period, Residue, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{ColumnId, Corrections, CreditId, Expr, Range, SourceId};
use crate::meaning::types::Type;
use crate::syntax::ast::Several;

/// A declared unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The word for one.
    pub singular: String,
    /// The word for many.
    pub plural: String,
}

/// A record source, or the people.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in plans.
    pub name: String,
    /// Its name in the manifest.
    pub binding: String,
    /// Its label.
    pub label: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Whether rows that declare columns could not be read, which has been reported.
    pub gaps: bool,
    /// The head line.
    pub span: Span,
}

/// A column of a source.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type; money has the plan's currency, which each row must bear out.
    pub ty: Type,
    /// The values it can have, where it is a `one of` list.
    pub one_of: Option<Vec<String>>,
    /// Whether a cell may be empty.
    pub optional: bool,
    /// What it means.
    pub meaning: String,
    /// The row that declares it.
    pub span: Span,
}

/// Who is credited with how much of a record.
#[derive(Clone, Debug)]
pub struct Credit {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// The records it reads.
    pub source: SourceId,
    /// The word for one record, such as `deal`.
    pub record_word: String,
    /// Conditions of record grain, all of which must hold.
    pub when: Vec<Expr>,
    /// A date column of the source.
    pub dated_by: ColumnId,
    /// When records came in, and what becomes of those that come in late; `None` where none is late.
    pub corrections: Option<Corrections>,
    /// The whole amount of the record, before any split.
    pub amount: Expr,
    /// The most that one share gives, or takes back.
    pub share_cap: Option<Exact>,
    /// Who gets it.
    pub receivers: Receivers,
    /// How each share is rounded, and who gets the spare units.
    pub rounding: Option<(Rounding, Residue)>,
    /// Where it goes up from another credit; then it has that one's source, date and kind of amount, and neither
    /// conditions nor receivers of its own.
    pub rollup: Option<Rollup>,
    /// Where its records are amounts that somebody adds by hand.
    pub by_hand: Option<ByHand>,
    /// The head line.
    pub span: Span,
}

/// What amounts added by hand say of themselves. Such a credit counts in every period to which its person belongs,
/// and waits for its approval.
#[derive(Clone, Debug)]
pub struct ByHand {
    /// The column with the amount, whole in minor units.
    pub amount: ColumnId,
    /// The column that says why.
    pub because: ColumnId,
    /// The column that says who approved it; empty until then.
    pub approved_by: ColumnId,
    /// The column that says when; empty until then.
    pub approved_on: ColumnId,
    /// Who keeps the rows.
    pub kept_by: String,
}

/// Credits of persons for those they report to, at some levels above them.
#[derive(Clone, Debug)]
pub struct Rollup {
    /// What goes up: the credit as everyone of the people file has it, whether or not the plan pays them.
    pub of: CreditId,
    /// The column of people that says to whom somebody reports.
    pub to: ColumnId,
    /// Levels above the person who has the credit, ascending, each with its share.
    pub levels: Vec<(u16, Exact)>,
    /// Where a level has its share only above what those below it have.
    pub differential: Option<Differential>,
    /// What counts once for one manager.
    pub once: Once,
    /// The day on which it is read who reports to whom.
    pub as_of: AsOf,
}

/// Whose shares those above somebody have, each less the highest below.
#[derive(Clone, Debug)]
pub struct Differential {
    /// The column of people with each person's own share, which whoever has the credit has below all levels; `None`
    /// where the levels have their shares.
    pub column: Option<ColumnId>,
    /// The most that shares come to, of which the company has the rest.
    pub whole: Option<Exact>,
}

/// What counts once for one manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// Each credit: of a shared record, what those below have of it.
    Credit,
    /// Each record: all of it, whoever below has a part.
    Record,
}

/// The day on which it is read who reports to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// A date column of the record. A credit that stands on no record takes its own day.
    Column(ColumnId),
    /// The last day of the period that holds the credit's day, or the plan's last day where that is earlier.
    LastDay,
}

/// Who gets a credit.
#[derive(Clone, Debug)]
pub struct Receivers {
    /// A person column that gets all of it where no split applies, or no row splits it; `None` where none can be asked
    /// for.
    pub to: Option<ColumnId>,
    /// The split.
    pub split: Option<Split>,
}

/// Who gets which part of a record.
#[derive(Clone, Debug)]
pub enum Split {
    /// As the plan has it.
    Written(WrittenSplit),
    /// As rows of another source have it.
    FromRows(RowSplit),
    /// Among all of a list, or all whose column says the same.
    Among(Among),
}

/// Persons whom no table names, each with as much as any other.
#[derive(Clone, Debug)]
pub struct Among {
    /// Who they are.
    pub whom: FoundIn,
    /// What several of them get.
    pub several: Several,
    /// Who gets all of it where there are none.
    pub nobody: IfNobody,
    /// The clause.
    pub span: Span,
}

/// Where persons are found for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundIn {
    /// In the record's column, as a list.
    List(ColumnId),
    /// Among people: all whose column has the record's text on a day of the record.
    Everyone {
        /// The column of people.
        fact: ColumnId,
        /// The record's column with the text.
        value: ColumnId,
        /// The record's column with the day.
        on: ColumnId,
    },
}

/// Who gets a record of which nobody is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfNobody {
    /// This person of the record.
    Person(ColumnId),
    /// Nobody: it is the company's.
    Company,
    /// An error of the data.
    Error,
}

/// Shares that stand in the plan.
#[derive(Clone, Debug)]
pub struct WrittenSplit {
    /// When it applies; `None` is always.
    pub when: Option<Expr>,
    /// Who and how much; `None` is the company. Shares are exact fractions that add to at most 1.
    pub shares: Vec<(Option<ColumnId>, Exact, Span)>,
    /// Shares on top of the whole; those of persons who are absent are nobody's.
    pub overlays: Vec<(ColumnId, Exact, Span)>,
    /// Who gets the share of an absent person: a person column, or nobody. `None` where no receiver
    /// can be absent.
    pub missing: Option<Option<ColumnId>>,
    /// The clause.
    pub span: Span,
}

/// Shares that stand in rows of another source. A record without a row goes to the rest, or to `to`.
#[derive(Clone, Debug)]
pub struct RowSplit {
    /// The source of the rows.
    pub source: SourceId,
    /// Its column with the id of the record.
    pub record: ColumnId,
    /// Its column with the person.
    pub who: ColumnId,
    /// How large the person's part is.
    pub by: PartBy,
    /// Its column that says whether the share is on top of the whole.
    pub overlay: Option<ColumnId>,
    /// Who gets the part of an absent person: a person column of the record, or nobody. `None` where none can be
    /// absent.
    pub missing: Option<Option<ColumnId>>,
    /// The clause.
    pub span: Span,
}

/// How large the part of a row's person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartBy {
    /// A share of the whole.
    Share(ColumnId, Rest),
    /// In proportion to a number, at least 0.
    Weight(ColumnId),
    /// As large as that of every other row.
    Equal,
}

/// What the shares of a record may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing: they total 100%.
    Nothing,
    /// The company's part.
    Company,
    /// The part of a person of the record.
    Person(ColumnId),
}

impl PartBy {
    /// The column that says it, if one does.
    pub fn column(self) -> Option<ColumnId> {
        match self {
            PartBy::Share(column, _) | PartBy::Weight(column) => Some(column),
            PartBy::Equal => None,
        }
    }

    /// The person of the record who gets what the shares leave.
    pub fn rest(self) -> Option<ColumnId> {
        match self {
            PartBy::Share(_, Rest::Person(column)) => Some(column),
            _ => None,
        }
    }
}

impl Receivers {
    /// Shares that stand in the plan.
    pub fn written(&self) -> Option<&WrittenSplit> {
        match &self.split {
            Some(Split::Written(split)) => Some(split),
            _ => None,
        }
    }

    /// Persons of a list, or found among people.
    pub fn among(&self) -> Option<&Among> {
        match &self.split {
            Some(Split::Among(among)) => Some(among),
            _ => None,
        }
    }

    /// Shares that stand in rows of another source.
    pub fn from_rows(&self) -> Option<&RowSplit> {
        match &self.split {
            Some(Split::FromRows(split)) => Some(split),
            _ => None,
        }
    }
}

/// A number that a department delivers and signs.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name, also that of its source in the manifest and of the value column there.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Money of the plan's currency, a percentage, a quantity or a number.
    pub ty: Type,
    /// What it can be.
    pub range: Range,
    /// The range as written.
    pub words: String,
    /// Of whom it is.
    pub whose: InputOf,
    /// The length of time one value is for; never shorter than the plan's period.
    pub cadence: Cadence,
    /// The department that delivers it.
    pub kept_by: String,
    /// How many days after the end of its period it is due.
    pub due: u16,
    /// The role that signs it.
    pub sign_off: String,
    /// What it is where it is not delivered; `None` holds whoever reads it.
    pub missing: Option<Exact>,
    /// The head line.
    pub span: Span,
}

/// Of whom an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputOf {
    /// One value for everybody.
    Company,
    /// One for each person; the source has a column `payee`.
    Person,
    /// One for each value of a column of people; the source has a column of the same name.
    Column(ColumnId),
}

impl Input {
    /// What to ask about a value outside the range.
    pub fn question(&self, found: &Exact) -> String {
        let is_percent = self.ty == Type::Percent;
        let shown = |number: &Exact| {
            if is_percent {
                format!("{}%", (number.clone() * Exact::int(100)).to_plain())
            } else {
                number.to_plain()
            }
        };
        // A comma or a percent sign that slipped is most likely.
        let shifts = [
            Exact::fixed(1, 10),
            Exact::fixed(1, 100),
            Exact::int(10),
            Exact::int(100),
        ];
        let moved = shifts.into_iter().map(|shift| found.clone() * shift);
        let meant = moved
            .into_iter()
            .find(|number| self.range.contains(number) && !number.is_zero());
        let ask = meant.map_or_else(String::new, |meant| format!(". {}?", shown(&meant)));
        let (name, words) = (&self.name, &self.words);
        format!(
            "{name} {} was delivered; the range is {words}{ask}",
            shown(found)
        )
    }

    /// The day on which the value of a period is due.
    pub fn due_on(&self, period: &Period) -> Date {
        period.end().add_days(self.due.into()).unwrap_or(Date::MAX)
    }
}

impl Credit {
    /// Its expressions, the outermost of each.
    pub fn expressions(&self) -> Vec<&Expr> {
        let split = self.receivers.written().into_iter();
        let conditions = self
            .when
            .iter()
            .chain(split.filter_map(|split| split.when.as_ref()));
        conditions.chain([&self.amount]).collect()
    }

    /// The person columns of the record whose persons it may give to.
    pub fn receivers(&self) -> Vec<ColumnId> {
        let mut named: Vec<ColumnId> = self.receivers.to.into_iter().collect();
        match &self.receivers.split {
            Some(Split::Written(split)) => {
                named.extend(split.shares.iter().filter_map(|(who, _, _)| *who));
                named.extend(split.overlays.iter().map(|(who, _, _)| *who));
                named.extend(split.missing.flatten());
            }
            Some(Split::FromRows(split)) => {
                named.extend(split.by.rest());
                named.extend(split.missing.flatten());
            }
            Some(Split::Among(among)) => {
                if let IfNobody::Person(person) = among.nobody {
                    named.push(person);
                }
            }
            None => {}
        }
        named
    }
}
