//! A receipt as data: a number, the clause that made it, what it read, why this row, what was rounded.
//! Format `explain/1`.

use std::collections::BTreeSet;

use crate::base::{Cadence, Currency, Date, Exact, Period};
use crate::diag::Span;
use crate::meaning::plan::{CapSpan, ClawbackId};
use crate::syntax::ast::{DrawHow, ProrationUnit};
use crate::table::{Cause, DrawMoves, Movements};

/// The version of the receipt's format.
pub const FORMAT: &str = "explain/1";

/// Why one person is paid what they are paid for one pay and period.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The plan's title.
    pub plan: String,
    /// The payee's id.
    pub payee: String,
    /// The period.
    pub period: Period,
    /// The payout's name.
    pub pay: String,
    /// Its label.
    pub label: String,
    /// The plan's currency.
    pub currency: Currency,
    /// The amount after all steps, before it is settled.
    pub earned: Known,
    /// What lies between that and the payout.
    pub moves: Movements,
    /// What of it is taken back, record by record; none of a payout that is held.
    pub taken: Vec<Taken>,
    /// What each draw on the payout has of that, in the order written.
    pub draws: Vec<DrawLine>,
    /// What is paid.
    pub payout: Known,
    /// What is paid in another currency; nothing where the plan does not say so, or the payout is held.
    pub paid: Option<PaidOut>,
    /// What a total across plans takes of it, where one adds it.
    pub cut: Option<CutLine>,
    /// What is new about closed periods, period by period.
    pub corrections: Vec<CorrectionLine>,
    /// The records that make it new, each a [`Rule::Credit`].
    pub late: Vec<Node>,
    /// Quantities that carry over and that it read.
    pub carries: Vec<CarryLine>,
    /// What became of the parts of records that are payable by their dates: those of the period, and those of earlier
    /// ones that move in it.
    pub parts: Vec<PartLine>,
    /// How `earned` came about. Its value is `earned`.
    pub root: Node,
}

/// A part of what a record earned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartLine {
    /// The record's id.
    pub record: String,
    /// The day of the credit.
    pub date: Date,
    /// The period that earned it.
    pub earned_in: String,
    /// What the record earned.
    pub of: Exact,
    /// The part of that.
    pub amount: Exact,
    /// The day on which it is due, where that is known.
    pub due: Option<Date>,
    /// What became of it.
    pub becomes: Becomes,
}

/// What becomes of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// It is payable in this period.
    Payable(String),
    /// It is forfeited in this period.
    Forfeited(String),
    /// It is withheld when the plan ends.
    Withheld,
}

/// What a draw pays on top of a payout, and what is paid back.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawLine {
    /// Its label.
    pub label: String,
    /// How it is paid.
    pub how: DrawHow,
    /// Its amounts.
    pub moves: DrawMoves,
    /// The line that says what it pays.
    pub pays: Span,
    /// The line that says how it is paid back; nothing of a guarantee.
    pub recover: Option<Span>,
    /// The line about its balance.
    pub balance: Option<Span>,
    /// The line about who leaves.
    pub leaving: Option<Span>,
}

/// What is taken back on one record that fell.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Which block of the plan.
    pub id: ClawbackId,
    /// Its name.
    pub clawback: String,
    /// Its label.
    pub label: String,
    /// The record's id.
    pub record: String,
    /// The date of its credit.
    pub date: Date,
    /// The label of the period in which it was earned.
    pub earned_in: String,
    /// What was earned and released on it.
    pub paid: Exact,
    /// The day on which it fell.
    pub fell: Date,
    /// The share of what was paid that is taken back.
    pub share: Exact,
    /// That share of it, exact.
    pub exact: Exact,
    /// What is taken back of it in all parts: rounded, and no more than earlier take-backs left.
    pub whole: Exact,
    /// Which part this is, and of how many.
    pub part: (u16, u16),
    /// This part.
    pub amount: Exact,
    /// The clause that says how much.
    pub span: Span,
}

/// What a total across plans takes of a payout.
#[derive(Clone, Debug, PartialEq)]
pub struct CutLine {
    /// The total's label.
    pub label: String,
    /// The most that its payouts come to together.
    pub most: Exact,
    /// In which length of time.
    pub each: Cadence,
    /// What periods that ended earlier used of it.
    pub used: Exact,
    /// What all payouts of periods that end on this day come to, before the cut.
    pub together: Exact,
    /// The payout before the cut.
    pub before: Exact,
    /// What is taken of it.
    pub cut: Exact,
    /// The block.
    pub span: Span,
}

/// What is new about a closed period.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectionLine {
    /// The label of the period.
    pub period: String,
    /// What was earned in it by what was known before.
    pub was: Known,
    /// What was earned in it by what is known now.
    pub now: Known,
}

/// What carries over, in one period of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct CarryLine {
    /// Its label.
    pub label: String,
    /// How to print it.
    pub kind: Kind,
    /// What earlier periods left, without what has expired.
    pub carried_in: Known,
    /// What the period leaves.
    pub carried_out: Known,
    /// The label of the next period, and what is carried into that; `None` after the last.
    pub next: Option<(String, Known)>,
    /// The block in the plan.
    pub span: Span,
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// A value.
    Value(Exact),
    /// A measure's rule said `pay nothing`.
    Nothing,
    /// Held, with its causes in order.
    Held(Vec<Cause>),
}

/// A payout in the currency in which it is paid.
#[derive(Clone, Debug, PartialEq)]
pub struct PaidOut {
    /// How much, rounded.
    pub amount: Exact,
    /// Of what.
    pub currency: Currency,
    /// How much, before rounding.
    pub exact: Exact,
    /// The rate; nothing where it is the plan's own currency.
    pub quoted: Option<Quoted>,
    /// The clause.
    pub span: Span,
}

/// A rate of exchange by which something was converted.
#[derive(Clone, Debug, PartialEq)]
pub struct Quoted {
    /// What people call the rates.
    pub label: String,
    /// What one of the first currency is worth.
    pub rate: Exact,
    /// The day that was asked for.
    pub on: Date,
    /// The first day on which its row holds.
    pub since: Date,
    /// File and line of the row; empty of a row of the plan.
    pub place: String,
    /// The row of the plan.
    pub span: Option<Span>,
}

/// How to print a node's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Money of the plan's currency.
    Money,
    /// Money of this currency.
    MoneyOf(Currency),
    /// A fraction, printed in percent.
    Percent,
    /// A plain number or quantity.
    Number,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What the step did.
    pub rule: Rule,
    /// What people call the value.
    pub label: String,
    /// The value.
    pub value: Known,
    /// How to print it.
    pub kind: Kind,
    /// The clause in the plan; `None` for facts that stand in data only.
    pub span: Option<Span>,
    /// What was read, in order. For rules that add up, their values sum to `value`.
    pub reads: Vec<Node>,
    /// Clauses that were decided on the way to the value and have no step of their own: conditions, and what
    /// stands behind a condition, a limit or another pay.
    pub decided: BTreeSet<Decided>,
}

/// A clause or a row of a table that was decided, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decided {
    /// The clause, condition or row in the plan.
    pub clause: Span,
    /// Whether the condition or gate held, the limit changed the amount, the row or rule was used.
    pub holds: bool,
}

impl Node {
    /// Every clause and row that this step and what it read decided.
    pub fn all_decided(&self) -> BTreeSet<Decided> {
        let mut all = BTreeSet::new();
        self.add_decided(&mut all);
        all
    }

    /// Whether what carries over under this head was read.
    pub(in crate::explain) fn reads_carried(&self, head: Span) -> bool {
        let own = matches!(self.rule, Rule::CarriedIn { .. }) && self.span == Some(head);
        own || self.reads.iter().any(|read| read.reads_carried(head))
    }

    fn add_decided(&self, all: &mut BTreeSet<Decided>) {
        all.extend(&self.decided);
        let holds = match &self.rule {
            Rule::Slice { .. }
            | Rule::RowReached { .. }
            | Rule::Objective { .. }
            | Rule::MeasureRule => Some(true),
            Rule::Gate { holds } => Some(*holds),
            Rule::Limit { change, .. } => Some(!change.is_zero()),
            Rule::WhenItEnds { ends, .. } => Some(*ends),
            Rule::WhenFailed => Some(false),
            _ => None,
        };
        let own = self.span.zip(holds);
        all.extend(own.map(|(clause, holds)| Decided { clause, holds }));
        self.reads.iter().for_each(|read| read.add_decided(all));
    }
}

/// What a step did.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// The whole of a pay: the amount and its steps in order; each read continues from the one before.
    Pay,
    /// A total: the values of `reads` add up to it.
    Sum,
    /// Slices of a base; the values of `reads` (each a [`Rule::Slice`]) add up to it.
    Slices,
    /// One slice: `size × rate`.
    Slice {
        /// The row's range as written.
        row: String,
        /// How much of the base lies in the row.
        size: Exact,
        /// The row's value.
        rate: Exact,
        /// How to print it; what is worth money for each unit is cut by units.
        kind: Kind,
    },
    /// A record where a running quantity has come to; it reads the row that holds it, or the slices it is cut into.
    Placed {
        /// The quantity before the record.
        before: Exact,
        /// The quantity with it.
        after: Exact,
    },
    /// How many whole steps there are; its value.
    Wholes {
        /// How long a step is.
        step: Exact,
        /// Where counting starts.
        above: Option<Exact>,
        /// How to print both.
        kind: Kind,
    },
    /// One objective of a scorecard: `weight × counted`.
    Objective {
        /// The score.
        score: Exact,
        /// What of it counts.
        counted: Exact,
        /// The weight, after those of missing objectives are shared out.
        weight: Exact,
        /// Who answers for the score.
        owner: Option<String>,
    },
    /// On a curve.
    Curve {
        /// Where.
        at: Exact,
        /// How to print places.
        kind: Kind,
        /// The nearest point at or before it, `(place, value)`.
        before: Option<(Exact, Exact)>,
        /// The nearest point after it.
        after: Option<(Exact, Exact)>,
    },
    /// Everything at the rate of the row reached.
    RowReached {
        /// The row's range as written.
        row: String,
        /// Why not its neighbours: their ranges as written.
        neighbours: Vec<String>,
        /// The row's value.
        rate: Exact,
        /// What that is a share of; `None` where the row is worth its value.
        of: Option<Exact>,
    },
    /// An amount in another currency than it was.
    Converted {
        /// What it was.
        amount: Exact,
        /// Of what.
        from: Currency,
        /// The rate.
        quoted: Quoted,
    },
    /// An expression; its text stands at the span, its reads are the names in it.
    Expression,
    /// A credit on one record.
    Credit {
        /// The record's id; empty for a given credit.
        record: String,
        /// Its date.
        date: crate::base::Date,
        /// When it came in, where that was after its period had closed.
        late: Option<Date>,
        /// The record's whole amount.
        whole: Exact,
        /// File and line of the record.
        place: String,
        /// Everybody's part, where rows of another source say it.
        parts: Vec<PartOf>,
        /// What exceptions replaced on it.
        exceptions: Vec<Replaced>,
        /// Of an adjustment: why it is there.
        reason: Option<Reason>,
    },
    /// A value that an exception put in place of another.
    Exception(Replaced),
    /// One record's amount under `for each`; its reads are the steps on the record.
    Record {
        /// The record's id.
        record: String,
        /// Its date.
        date: crate::base::Date,
    },
    /// A quota, a fact about a person: read from data at this place.
    Fact {
        /// File and line, or `given in the test`.
        place: String,
    },
    /// A quota that is made of values of its source: its reads, each a [`Rule::QuotaPart`], add up to `exact`.
    Quota {
        /// Before rounding.
        exact: Exact,
    },
    /// A part of a quota: `value` times the shares of its factors.
    QuotaPart {
        /// File and line of the value.
        place: String,
        /// The period of the value.
        of: String,
        /// The value.
        value: Exact,
        /// What acts on it, in the order of the lines.
        factors: Vec<Factor>,
    },
    /// What several persons make together; what each brings is shown to those they report to (each a
    /// [`Rule::Of`]), and to nobody else.
    Group {
        /// The text that they have in common; `None` where everyone takes part.
        of: Option<String>,
        /// How many brought something.
        people: usize,
    },
    /// What one person, by their id, brings to somebody they report to.
    Of {
        /// The payout or component that it is; with the person and the receipt's period it names the receipt that says
        /// how it came about.
        pay: Option<String>,
    },
    /// The size of what several persons share.
    Pool {
        /// The text that they have in common; `None` where all payees share it.
        of: Option<String>,
        /// How many share it; `None` where that or what they have is not known.
        members: Option<usize>,
        /// What of it nobody gets.
        left: Exact,
    },
    /// A member's part of a pool, before rounding.
    Share {
        /// What their share is in proportion to.
        weight: Exact,
        /// The same of all members together.
        weights: Exact,
        /// How to print both.
        kind: Kind,
        /// Whether all members have the same, by the plan or because every weight is zero.
        equally: bool,
    },
    /// A share rounded down, and what of the spare units the member gets.
    Cut {
        /// Before.
        exact: Exact,
        /// Of the spare units.
        spare: Exact,
    },
    /// Who does not share a pool; the span is the condition that is not met.
    NotMember,
    /// What is carried in.
    CarriedIn {
        /// The label of the period before; `None` in the first.
        from: Option<String>,
    },
    /// A place among several persons, and what it is worth; its reads are what the person is ranked by.
    Ranked {
        /// The text that those have in common who compete; `None` where everyone does.
        of: Option<String>,
        /// The first place of those who tie.
        place: usize,
        /// How many are ranked.
        ranked: usize,
        /// How many tie for the place, this person among them.
        tied: usize,
        /// The prizes that they share, where they do.
        shared: Option<Shared>,
    },
    /// No place among several persons.
    Unranked {
        /// Why.
        why: NotRanked,
    },
    /// A measure, by its value.
    Measure,
    /// A measure or quota decided by one of its rules.
    MeasureRule,
    /// A `when` that failed: the amount is 0.
    WhenFailed,
    /// A gate.
    Gate {
        /// Whether it holds.
        holds: bool,
    },
    /// A line whose `when` is not met: nothing changes.
    NotMet,
    /// Parts of an amount that several texts of an amended plan made; they add up.
    Texts,
    /// What one text of an amended plan made, on days on which it is in force.
    InForce {
        /// The amendments whose text it is, each with its head; none where it is the plan's own.
        amendments: Vec<(String, Span)>,
        /// The first day.
        first: crate::base::Date,
        /// The last day.
        last: crate::base::Date,
    },
    /// Nothing is earned: the person does not belong to the period any more.
    HasLeft,
    /// A multiplication.
    Times {
        /// By what.
        factor: Exact,
    },
    /// A cap or floor.
    Limit {
        /// The limit, as the plan has it.
        limit: Exact,
        /// Of a cap over a longer window than the period, or of records with one value of a column: what was used before.
        used: Option<Used>,
        /// Of a cap that keeps its excess: what it kept before and after.
        kept: Option<Kept>,
        /// What it took away (negative) or added.
        change: Exact,
    },
    /// What a budget leaves of a payout: all of it where what is claimed fits into what is left.
    Budget {
        /// How much there is.
        limit: Exact,
        /// For how long.
        each: Cadence,
        /// What the periods before used of it.
        before: Exact,
        /// What those are paid who are exempt and counted first.
        first: Exact,
        /// What all claims together come to, this one included.
        claimed: Exact,
        /// How many claims there are.
        claims: usize,
    },
    /// The increase over the period before.
    Increase {
        /// To date.
        to_date: Exact,
        /// To date of the period before.
        before: Exact,
    },
    /// What is earned over a longer length of time than the period and paid when it ends.
    WhenItEnds {
        /// The length of time.
        over: Cadence,
        /// Whether this is the last period of it to which the person belongs.
        ends: bool,
        /// What it has come to; `None` where that is held.
        to_date: Option<Exact>,
    },
    /// Rounding.
    Round {
        /// Before.
        exact: Exact,
    },
}

/// Prizes that are shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The prizes of all places, added.
    pub pot: Exact,
    /// What each gets of it.
    pub each: Exact,
    /// What is left over.
    pub spare: Exact,
    /// Whether this person gets that too.
    pub is_own: bool,
}

/// Why somebody is not ranked.
#[derive(Clone, Debug, PartialEq)]
pub enum NotRanked {
    /// It is decided in another period, which ends later or before.
    Elsewhen {
        /// Its last day.
        last: crate::base::Date,
    },
    /// The person is not on the plan in its days.
    Absent,
    /// A condition is not met.
    Condition,
    /// There is nothing to be ranked by.
    Nothing,
}

/// Somebody's part of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct PartOf {
    /// Whose; empty where it is nobody's.
    pub person: String,
    /// How much of the whole.
    pub share: Exact,
    /// What it is worth.
    pub amount: Exact,
    /// What the cap of a share took of it; below zero of a return.
    pub taken: Exact,
    /// Files and lines of the rows that say so.
    pub places: Vec<String>,
}

/// What an exception replaced, and by whose word.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    /// The exception's title.
    pub title: String,
    /// What it replaced, as the plan writes it.
    pub of: String,
    /// The value without it.
    pub was: Known,
    /// The value with it.
    pub value: Exact,
    /// How to print both.
    pub kind: Kind,
    /// Who approved it.
    pub approved_by: String,
    /// When.
    pub approved_on: Date,
    /// Why.
    pub because: String,
    /// The exception in the plan.
    pub span: Span,
}

/// Why an amount was added by hand, and by whose word.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Why.
    pub because: String,
    /// Who approved it.
    pub approved_by: String,
    /// When.
    pub approved_on: Date,
}

/// What a cap has kept for later periods.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// From the periods before.
    pub before: Exact,
    /// For the periods after.
    pub after: Exact,
}

/// What was used of a cap before.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// The value of the column whose records it is for; `None` of a cap of all that the pay comes to.
    pub of: Option<String>,
    /// The length of the cap's window.
    pub each: CapSpan,
    /// How much; below zero where more was given back than paid.
    pub amount: Exact,
}

/// What a line of a quota leaves of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// How much.
    pub share: Exact,
    /// Why.
    pub why: Why,
}

/// What a line of a quota looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The part of a longer period.
    Spread {
        /// The part.
        part: String,
    },
    /// The first months of employment.
    Ramp {
        /// Each month with its percentage; the share is their average.
        months: Vec<(String, Exact)>,
    },
    /// Days that are relieved.
    Relief {
        /// How many; a part of a day is a fraction.
        relieved: Exact,
        /// How many days there are.
        days: i32,
    },
    /// Days or months in the role.
    Role {
        /// How many.
        there: usize,
        /// How many there are.
        all: usize,
        /// Of what.
        unit: ProrationUnit,
    },
}

impl Factor {
    /// A part of a longer period.
    pub(in crate::explain) fn spread(share: Exact, part: String) -> Factor {
        let why = Why::Spread { part };
        Factor { share, why }
    }

    /// An average over months.
    pub(in crate::explain) fn ramp(share: Exact, months: Vec<(String, Exact)>) -> Factor {
        let why = Why::Ramp { months };
        Factor { share, why }
    }

    /// What is left where some of the days are relieved.
    pub(in crate::explain) fn relief(relieved: Exact, days: i32) -> Factor {
        let part = relieved.checked_div(&Exact::int(days.into()));
        Factor {
            share: Exact::ONE - part.unwrap_or_default(),
            why: Why::Relief { relieved, days },
        }
    }

    /// What is there of all that there is; all of it where there is nothing.
    pub(in crate::explain) fn role(there: usize, all: usize, unit: ProrationUnit) -> Factor {
        let exact = |count: usize| Exact::int(i64::try_from(count).unwrap_or(i64::MAX));
        Factor {
            share: exact(there).checked_div(&exact(all)).unwrap_or(Exact::ONE),
            why: Why::Role { there, all, unit },
        }
    }
}
