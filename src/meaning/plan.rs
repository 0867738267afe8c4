//! What was meant, as data: names resolved to ids, every expression with its type and grain.
//! One [`Plan`] is complete by itself: it holds what it uses of `company.terms`.

use crate::base::{Cadence, Calendar, Currency, Date, Exact, Period, Residue, Rounding};
use crate::diag::{Code, FileId, Span};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

/// A record source of the plan, by position in [`Plan::sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub usize);
/// A column, by position in its source's or the people's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub usize);
/// A unit, by position in [`Plan::units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub usize);
/// A credit, by position in [`Plan::credits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditId(pub usize);
/// An input, by position in [`Plan::inputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputId(pub usize);
/// A quota, by position in [`Plan::quotas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuotaId(pub usize);
/// A measure, by position in [`Plan::measures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureId(pub usize);
/// A tier table, by position in [`Plan::tiers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TiersId(pub usize);
/// A curve or table of values, by position in [`Plan::lookups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LookupId(pub usize);
/// A rate over time, by position in [`Plan::rates`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RateId(pub usize);
/// A scorecard, by position in [`Plan::scorecards`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScorecardId(pub usize);
/// A component or payout, by position in [`Plan::pays`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayId(pub usize);

/// A plan whose names are all resolved. Errors stand in it as poisoned expressions.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The title in quotes.
    pub title: String,
    /// The file with the plan's head.
    pub file: FileId,
    /// The head line.
    pub span: Span,
    /// Currency of everything it pays.
    pub currency: Currency,
    /// First and last day of the plan, both included.
    pub effective: (Date, Date),
    /// How often it pays.
    pub cadence: Cadence,
    /// The company's calendar.
    pub calendar: Calendar,
    /// Whom it pays.
    pub payees: Payees,
    /// The people file's columns.
    pub people: Source,
    /// Declared units.
    pub units: Vec<Unit>,
    /// Record sources that the plan's credits read.
    pub sources: Vec<Source>,
    /// Credits, those of `company.terms` that are used included.
    pub credits: Vec<Credit>,
    /// Inputs of departments that are read.
    pub inputs: Vec<Input>,
    /// Quotas.
    pub quotas: Vec<Quota>,
    /// Measures; one reads only those before it.
    pub measures: Vec<Measure>,
    /// Tier tables.
    pub tiers: Vec<Tiers>,
    /// Curves, matrices and tables of values.
    pub lookups: Vec<Lookup>,
    /// Rates over time.
    pub rates: Vec<Rate>,
    /// Scorecards.
    pub scorecards: Vec<Scorecard>,
    /// Components and payouts; one reads only those before it.
    pub pays: Vec<Pay>,
    /// Claims to prove.
    pub claims: Vec<Claim>,
    /// Claims about tables.
    pub table_claims: Vec<TableClaim>,
    /// Tests written in the plan.
    pub tests: Vec<ast::Test>,
    /// Accepted warnings: which, in which block (its head's span), and why.
    pub accepted: Vec<Accepted>,
}

/// A warning that the author accepted in the file.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The kind of warning.
    pub code: Code,
    /// The head of the block in which it is accepted.
    pub block: Span,
    /// The reason given.
    pub because: String,
}

/// Whom the plan pays and which of their credits count.
#[derive(Clone, Debug)]
pub struct Payees {
    /// A condition over columns of people ([`ExprKind::Fact`] with [`FactDay::Each`]).
    pub condition: Expr,
    /// When it must hold.
    pub membership: Membership,
    /// The clause.
    pub span: Span,
}

/// When a person must meet the condition of `payees`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// Credits dated on days on which the condition holds count; a person belongs to every period that
    /// has such a day. Written `on deal.close_date` or `for the days in the role`.
    DaysInRole,
    /// Persons for whom it holds on the last day of the period (of the plan, where that is earlier)
    /// belong to it; all their credits count.
    LastDay,
}

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
    /// The whole amount of the record, before any split.
    pub amount: Expr,
    /// The most that one share gives, or takes back.
    pub share_cap: Option<Exact>,
    /// Who gets it.
    pub receivers: Receivers,
    /// How each share is rounded, and who gets the spare units.
    pub rounding: Option<(Rounding, Residue)>,
    /// The head line.
    pub span: Span,
}

/// Who gets a credit.
#[derive(Clone, Debug)]
pub struct Receivers {
    /// A person column that gets all of it where no split applies; `None` where the split always does.
    pub to: Option<ColumnId>,
    /// The split.
    pub split: Option<Split>,
}

/// Shares of a credit.
#[derive(Clone, Debug)]
pub struct Split {
    /// When it applies; `None` is always.
    pub when: Option<Expr>,
    /// Who and how much; `None` is the company. Shares are exact fractions that add to at most 1.
    pub shares: Vec<(Option<ColumnId>, Exact, Span)>,
    /// Who gets the share of an absent person: a person column, or nobody. `None` where no receiver
    /// can be absent.
    pub missing: Option<Option<ColumnId>>,
    /// The clause.
    pub span: Span,
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

/// A quota for each payee and period.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Its name, also the name of the value column in the source.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Its source's name in the manifest.
    pub binding: String,
    /// The length of time one value is for. Never shorter than the plan's period... a shorter one is summed.
    pub cadence: Cadence,
    /// Money of the plan's currency, or a quantity or number.
    pub ty: Type,
    /// The clause or head that declares it.
    pub span: Span,
}

/// A number for each person and period.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Its value.
    pub value: Expr,
    /// What holds where a divisor is zero or a quota is missing.
    pub rules: Vec<MeasureRule>,
    /// How its value is rounded; a constant that a rule gives is not.
    pub rounding: Option<Rounding>,
    /// The head line.
    pub span: Span,
}

/// A rule of a measure, tried in the order written.
#[derive(Clone, Debug)]
pub struct MeasureRule {
    /// What is looked at: a quota, or a divisor of the measure's value.
    pub subject: Expr,
    /// Applies where the subject is zero.
    pub zero: bool,
    /// Applies where the subject is missing.
    pub missing: bool,
    /// What then.
    pub outcome: RuleOutcome,
    /// The clause.
    pub span: Span,
}

/// What a rule of a measure does.
#[derive(Clone, Debug)]
pub enum RuleOutcome {
    /// Whoever reads the measure for an amount pays 0.
    PayNothing,
    /// Whoever reads the measure is held.
    Hold,
    /// The measure has this constant value.
    Value(Expr),
}

/// A table of ranges and what each is worth. Rows cover the axis exactly once (checked).
#[derive(Clone, Debug)]
pub struct Tiers {
    /// Its name.
    pub name: String,
    /// What the rows are ranges of.
    pub axis: Expr,
    /// Its rows, in the order written, which is ascending.
    pub rows: Vec<TierRow>,
    /// Type of the values.
    pub ty: Type,
    /// The head line.
    pub span: Span,
}

/// One row of a tier table.
#[derive(Clone, Debug)]
pub struct TierRow {
    /// From where to where.
    pub range: Range,
    /// The range as written.
    pub words: String,
    /// What it is worth: a constant.
    pub value: Exact,
    /// The row.
    pub span: Span,
}

/// A value that is looked up where its axes lie.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// How it is looked up.
    pub kind: LookupKind,
    /// Type of the value.
    pub ty: Type,
    /// How often it has a value: as often as its axes.
    pub grain: Grain,
    /// How the value is rounded.
    pub rounding: Option<Rounding>,
    /// The head line.
    pub span: Span,
}

/// How a value is looked up.
#[derive(Clone, Debug)]
pub enum LookupKind {
    /// On straight lines between points.
    Curve {
        /// What moves along it.
        axis: Expr,
        /// Two or more, ascending; no two at one place.
        points: Vec<CurvePoint>,
        /// What holds before the first.
        below: Beyond,
        /// What holds after the last.
        above: Beyond,
    },
    /// In rows of ranges; the first row that matches decides. One always does (checked), but for values that are empty or
    /// not in their column's list.
    Rows {
        /// What the ranges are of.
        keys: Vec<Expr>,
        /// The rows, in the order written; of a matrix, its cells row by row.
        rows: Vec<LookupRow>,
    },
}

/// One point of a curve.
#[derive(Clone, Debug)]
pub struct CurvePoint {
    /// Where.
    pub at: Exact,
    /// What it is worth.
    pub value: Exact,
    /// The row.
    pub span: Span,
}

/// What holds outside the points of a curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// 0.
    Nothing,
    /// The value of the nearest point.
    Stays,
    /// From the nearest point on with this slope.
    Continues(Exact),
}

/// One row of ranges.
#[derive(Clone, Debug)]
pub struct LookupRow {
    /// One for each key; `None` is no condition.
    pub ranges: Vec<Option<Range>>,
    /// The ranges as written.
    pub words: String,
    /// What it is worth.
    pub value: Exact,
    /// Who approved it, where the table says so.
    pub approved_by: Option<String>,
    /// The row, or the cell of a matrix.
    pub span: Span,
}

/// Weighted scores: a percentage for each person and period.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Its objectives; the weights add to 1 (checked).
    pub objectives: Vec<Objective>,
    /// What holds where a score is empty.
    pub missing: MissingScore,
    /// How the whole is rounded.
    pub rounding: Option<Rounding>,
    /// The head line.
    pub span: Span,
}

/// One objective.
#[derive(Clone, Debug)]
pub struct Objective {
    /// Its name.
    pub name: String,
    /// Its weight, a fraction.
    pub weight: Exact,
    /// Its score: a percentage of person and period.
    pub score: Expr,
    /// Who answers for the score.
    pub owner: Option<String>,
    /// What of the score counts, applied in this order.
    pub counts: Vec<Counts>,
    /// The row.
    pub span: Span,
}

/// What of a score counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Never less.
    AtLeast(Exact),
    /// Never more.
    AtMost(Exact),
    /// A score below the first counts as the second, and nothing after it applies.
    Under(Exact, Exact),
}

/// What holds where a score is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingScore {
    /// Whoever reads the scorecard is held.
    Hold,
    /// The objective counts this.
    Counts(Exact),
    /// The other objectives take over its weight, in proportion.
    Share,
}

impl Counts {
    /// What a score counts under rules in their order.
    pub fn apply(rules: &[Counts], score: &Exact) -> Exact {
        let mut counted = score.clone();
        for rule in rules {
            match rule {
                Counts::AtLeast(least) => counted = counted.max(least.clone()),
                Counts::AtMost(most) => counted = counted.min(most.clone()),
                Counts::Under(under, value) if *score < *under => return value.clone(),
                Counts::Under(..) => {}
            }
        }
        counted
    }
}

/// A value with a history. Every day of the plan has one (checked).
#[derive(Clone, Debug)]
pub struct Rate {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Ascending.
    pub rows: Vec<DatedRow>,
    /// Type of the value.
    pub ty: Type,
    /// The head line.
    pub span: Span,
}

/// A value from one day through another.
#[derive(Clone, Debug)]
pub struct DatedRow {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// The value.
    pub value: Exact,
    /// The row.
    pub span: Span,
}

/// A range of numbers or texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// Between two ends, each `(end, whether it belongs)`; `None` is without end.
    Numbers {
        /// Lower end.
        low: Option<(Exact, bool)>,
        /// Upper end.
        high: Option<(Exact, bool)>,
    },
    /// Exactly this text.
    Text(String),
}

impl Range {
    /// Whether a number lies in it; a text range holds no number.
    pub fn contains(&self, x: &Exact) -> bool {
        match self {
            Range::Text(_) => false,
            Range::Numbers { low, high } => {
                low.as_ref()
                    .is_none_or(|(end, included)| x > end || (*included && x == end))
                    && high
                        .as_ref()
                        .is_none_or(|(end, included)| x < end || (*included && x == end))
            }
        }
    }
}

/// A component or a payout.
#[derive(Clone, Debug)]
pub struct Pay {
    /// Whether it is paid.
    pub kind: ast::PayKind,
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// Once for each person and period, or for each record first.
    pub scope: Scope,
    /// Conditions; of record grain under `for each`, else of person and period. Where one fails the
    /// record counts 0, or the amount is 0.
    pub when: Vec<Expr>,
    /// What it pays.
    pub amount: Amount,
    /// The amount clause.
    pub amount_span: Span,
    /// The window over which `amount` and the steps before [`StepKind::Increase`] run.
    pub window: ast::Window,
    /// Steps, in the order written.
    pub steps: Vec<Step>,
    /// What happens below zero; `None` for a component, or where it cannot be negative.
    pub below: Option<ast::BelowZero>,
    /// The head line.
    pub span: Span,
}

/// How often a pay's amount is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Once for each person and period.
    Total,
    /// For each record on which the person has one of these credits; the amounts are added. Records
    /// are taken by date, then by id in natural order.
    Each {
        /// The records.
        source: SourceId,
        /// The credits whose records count; a credit the person does not have on a record is 0.
        credits: Vec<CreditId>,
    },
}

/// What `amount` says.
#[derive(Clone, Debug)]
pub enum Amount {
    /// An expression of money.
    Plain(Expr),
    /// By a tier table.
    Tiered {
        /// What is paid on: money, a quantity or a number.
        base: Expr,
        /// The table.
        tiers: TiersId,
        /// The way it is used.
        how: TierUse,
    },
}

/// The two ways to use a tier table.
#[derive(Clone, Debug)]
pub enum TierUse {
    /// The base is cut at each edge times the divisor; each slice takes its own rate:
    /// the integral of the rates from 0 to the base.
    EachSlice {
        /// What the axis divides the base by; `None` where the axis is the base itself. Positive.
        divisor: Option<Expr>,
    },
    /// The whole base takes the rate of the row in which the axis lies.
    Everything,
}

/// A line below `amount`.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// A condition without which the line does nothing; of the grain the line works on.
    pub when: Option<Expr>,
    /// The clause.
    pub span: Span,
}

/// What a line below `amount` does to the amount so far.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// Leaves it alone where the subject lies in the range.
    Gate {
        /// What is tested.
        subject: Expr,
        /// Where it must lie.
        range: Range,
        /// The range as written.
        words: String,
        /// What happens elsewhere.
        otherwise: Otherwise,
    },
    /// Multiplies it.
    Times(Expr),
    /// Raises it.
    Floor {
        /// The least.
        amount: Expr,
        /// Of what.
        of: LimitOf,
    },
    /// Lowers it; the excess is lost.
    Cap {
        /// The most.
        amount: Expr,
        /// Of what.
        of: LimitOf,
    },
    /// From the amount to date to the increase since the period before in the same window.
    Increase {
        /// Whether a fall pays nothing.
        never_below_zero: bool,
    },
    /// Rounds each record's amount.
    RoundEach(Rounding),
    /// Rounds the amount so far.
    Round(Rounding),
    /// Asserts that nothing needs rounding to the currency's minor unit.
    RoundNever,
}

impl StepKind {
    /// Whether the line is about each record, not about their sum.
    pub fn acts_on_record(&self) -> bool {
        matches!(
            self,
            StepKind::RoundEach(_)
                | StepKind::Cap {
                    of: LimitOf::Record,
                    ..
                }
                | StepKind::Floor {
                    of: LimitOf::Record,
                    ..
                }
        )
    }
}

/// What a cap or floor limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitOf {
    /// Each record's amount (under `for each`).
    Record,
    /// The amount of each period.
    Period,
    /// What the pay came to since the start of the longer window, this step included.
    Window(Cadence),
}

/// `otherwise …` of a gate.
#[derive(Clone, Debug)]
pub enum Otherwise {
    /// 0.
    Nothing,
    /// This share of the amount so far.
    Share(Expr),
    /// Another amount, of person and period.
    Amount(Amount),
    /// The payout is held.
    Hold,
}

/// A claim about a payout.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The payout or component.
    pub pay: PayId,
    /// What is claimed.
    pub kind: ClaimKind,
    /// The line.
    pub span: Span,
}

/// A claim that a table never falls along one of its axes.
#[derive(Clone, Debug)]
pub struct TableClaim {
    /// The table.
    pub table: TableOf,
    /// Which of its axes.
    pub axis: usize,
    /// The line.
    pub span: Span,
}

/// A table of constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableOf {
    /// Tiers.
    Tiers(TiersId),
    /// A curve, matrix or table of values.
    Lookup(LookupId),
}

/// What is claimed.
#[derive(Clone, Debug)]
pub enum ClaimKind {
    /// Never falls when the total of this credit rises.
    NeverFalls(CreditId),
    /// Has no jumps, in whatever moves it.
    NoJumps,
    /// Is at most this amount.
    AtMost(Exact),
}

/// An expression with its type and grain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// How often it has a value.
    pub grain: Grain,
    /// Where it stands.
    pub span: Span,
}

/// A day on which a fact about a person is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactDay {
    /// The one value it has throughout the period; a change inside the period is a fault that asks.
    Throughout,
    /// On the first day of the period.
    First,
    /// On the last day of the period.
    Last,
    /// On each day looked at, in the condition of `payees`.
    Each,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// A number of any type: money in whole units of the currency, percent as a fraction.
    Number(Exact),
    /// A text or a person's id.
    Text(String),
    /// A date.
    Date(Date),
    /// Yes or no.
    Bool(bool),
    /// A column of the record at hand.
    Column(SourceId, ColumnId),
    /// A column of the payee.
    Fact(ColumnId, FactDay),
    /// The payee's credit on the record at hand.
    Credit(CreditId),
    /// Over the payee's credits of a window.
    Aggregate {
        /// Which aggregate.
        how: ast::Aggregate,
        /// Of what.
        credit: CreditId,
        /// Over which days.
        window: ast::Window,
    },
    /// The input that holds for the payee in the period.
    Input(InputId),
    /// The payee's quota of the period.
    Quota(QuotaId),
    /// A measure.
    Measure(MeasureId),
    /// The value of the row that a tier table's axis lies in.
    Tier(TiersId),
    /// A curve or table of values.
    Lookup(LookupId),
    /// A rate on a day.
    Dated(RateId, Box<Expr>),
    /// The first or last day of the period.
    DayOfPeriod(FactDay),
    /// A scorecard.
    Scorecard(ScorecardId),
    /// How many whole steps lie in a value, or in what of it lies above a start; never below 0 with a start, towards 0
    /// without.
    Wholes {
        /// What is counted.
        of: Box<Expr>,
        /// How long a step is. Positive.
        step: Exact,
        /// Where counting starts.
        above: Option<Exact>,
    },
    /// A component, or a payout as earned (after its steps, before `below 0`).
    Pay(PayId),
    /// Minus.
    Negative(Box<Expr>),
    /// Not.
    Not(Box<Expr>),
    /// Two sides; `Add` and `Subtract` are of one type, comparisons too.
    Binary(ast::BinaryOp, Box<Expr>, Box<Expr>),
    /// A function of the language.
    Call(Function, Vec<Expr>),
    /// Whether the value is one of these constants; `false` negates.
    OneOf(Box<Expr>, Vec<Expr>, bool),
    /// Whether the value lies in a range; `false` negates.
    Within(Box<Expr>, Range, bool),
    /// Whether a column that may be empty has a value; `false` negates.
    Present(Box<Expr>, bool),
    /// An error that has been reported.
    Poisoned,
}

/// Runs over the expressions directly inside another.
pub fn each_child(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    match &expr.kind {
        ExprKind::Negative(a)
        | ExprKind::Not(a)
        | ExprKind::Dated(_, a)
        | ExprKind::Wholes { of: a, .. }
        | ExprKind::Within(a, ..)
        | ExprKind::Present(a, _) => visit(a),
        ExprKind::Binary(_, a, b) => {
            visit(a);
            visit(b);
        }
        ExprKind::Call(_, list) => list.iter().for_each(visit),
        ExprKind::OneOf(a, list, _) => {
            visit(a);
            list.iter().for_each(visit);
        }
        _ => {}
    }
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
        let split = self.receivers.split.iter();
        let conditions = self
            .when
            .iter()
            .chain(split.filter_map(|split| split.when.as_ref()));
        conditions.chain([&self.amount]).collect()
    }

    /// The person columns whose persons it may give to.
    pub fn receivers(&self) -> Vec<ColumnId> {
        let split = self.receivers.split.iter();
        let named = split.flat_map(|split| {
            let shares = split.shares.iter().filter_map(|(who, _, _)| *who);
            shares.chain(split.missing.flatten())
        });
        self.receivers.to.into_iter().chain(named).collect()
    }
}

impl Lookup {
    /// What it is looked up by.
    pub fn axes(&self) -> &[Expr] {
        match &self.kind {
            LookupKind::Curve { axis, .. } => std::slice::from_ref(axis),
            LookupKind::Rows { keys, .. } => keys,
        }
    }

    /// Whether no value in it is below zero.
    pub fn never_negative(&self) -> bool {
        match &self.kind {
            LookupKind::Curve {
                points,
                below,
                above,
                ..
            } => {
                let falls = matches!(above, Beyond::Continues(slope) if slope.is_negative());
                !falls
                    && !matches!(below, Beyond::Continues(_))
                    && points.iter().all(|point| !point.value.is_negative())
            }
            LookupKind::Rows { rows, .. } => rows.iter().all(|row| !row.value.is_negative()),
        }
    }
}

impl Measure {
    /// Its expressions, the outermost of each.
    pub fn expressions(&self) -> Vec<&Expr> {
        let rules = self.rules.iter().flat_map(|rule| match &rule.outcome {
            RuleOutcome::Value(value) => vec![&rule.subject, value],
            RuleOutcome::PayNothing | RuleOutcome::Hold => vec![&rule.subject],
        });
        rules.chain([&self.value]).collect()
    }
}

impl Amount {
    /// Its expressions; of a tier table it uses, only what the plan says here.
    pub fn expressions(&self) -> Vec<&Expr> {
        match self {
            Amount::Plain(expr) => vec![expr],
            Amount::Tiered { base, how, .. } => match how {
                TierUse::EachSlice {
                    divisor: Some(divisor),
                } => vec![base, divisor],
                TierUse::EachSlice { divisor: None } | TierUse::Everything => vec![base],
            },
        }
    }
}

impl Pay {
    /// Its amount, and what its gates pay otherwise.
    pub fn amounts(&self) -> impl Iterator<Item = &Amount> {
        let otherwise = self.steps.iter().filter_map(|step| match &step.kind {
            StepKind::Gate {
                otherwise: Otherwise::Amount(amount),
                ..
            } => Some(amount),
            _ => None,
        });
        std::iter::once(&self.amount).chain(otherwise)
    }

    /// Its expressions, the outermost of each; of a tier table it uses, only what the plan says here.
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut found: Vec<&Expr> = self.when.iter().collect();
        found.extend(self.amounts().flat_map(Amount::expressions));
        for step in &self.steps {
            found.extend(&step.when);
            match &step.kind {
                StepKind::Gate {
                    subject, otherwise, ..
                } => {
                    found.push(subject);
                    if let Otherwise::Share(share) = otherwise {
                        found.push(share);
                    }
                }
                StepKind::Times(factor) => found.push(factor),
                StepKind::Floor { amount, .. } | StepKind::Cap { amount, .. } => found.push(amount),
                StepKind::Increase { .. }
                | StepKind::RoundEach(_)
                | StepKind::Round(_)
                | StepKind::RoundNever => {}
            }
        }
        found
    }
}

/// Functions of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// The least of its arguments.
    Min,
    /// The greatest of its arguments.
    Max,
    /// Without its sign.
    Abs,
}

/// A plan without errors: no unresolved name, no unknown type. Made only by the checker.
#[derive(Clone, Debug)]
pub struct Checked<T>(pub(in crate::meaning) T);

impl<T> std::ops::Deref for Checked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl Plan {
    /// The source behind an id of this plan.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0]
    }
    /// The credit behind an id of this plan.
    pub fn credit(&self, id: CreditId) -> &Credit {
        &self.credits[id.0]
    }
    /// The quota behind an id of this plan.
    pub fn quota(&self, id: QuotaId) -> &Quota {
        &self.quotas[id.0]
    }
    /// The input behind an id of this plan.
    pub fn input(&self, id: InputId) -> &Input {
        &self.inputs[id.0]
    }
    /// The measure behind an id of this plan.
    pub fn measure(&self, id: MeasureId) -> &Measure {
        &self.measures[id.0]
    }
    /// The tier table behind an id of this plan.
    pub fn tier_table(&self, id: TiersId) -> &Tiers {
        &self.tiers[id.0]
    }
    /// The curve or table of values behind an id of this plan.
    pub fn lookup(&self, id: LookupId) -> &Lookup {
        &self.lookups[id.0]
    }
    /// The rate over time behind an id of this plan.
    pub fn rate(&self, id: RateId) -> &Rate {
        &self.rates[id.0]
    }
    /// The scorecard behind an id of this plan.
    pub fn scorecard(&self, id: ScorecardId) -> &Scorecard {
        &self.scorecards[id.0]
    }
    /// The pay behind an id of this plan.
    pub fn pay(&self, id: PayId) -> &Pay {
        &self.pays[id.0]
    }
    /// Every expression, the outermost of each.
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut found = vec![&self.payees.condition];
        found.extend(self.credits.iter().flat_map(Credit::expressions));
        found.extend(self.measures.iter().flat_map(Measure::expressions));
        found.extend(self.tiers.iter().map(|tiers| &tiers.axis));
        found.extend(self.lookups.iter().flat_map(Lookup::axes));
        let objectives = self.scorecards.iter().flat_map(|card| &card.objectives);
        found.extend(objectives.map(|objective| &objective.score));
        found.extend(self.pays.iter().flat_map(Pay::expressions));
        found
    }
    /// The windows that may begin before the plan and over which a credit is read, each once.
    pub fn windows_back(&self, credit: CreditId) -> Vec<ast::Window> {
        fn add(expr: &Expr, credit: CreditId, found: &mut Vec<ast::Window>) {
            if let ExprKind::Aggregate {
                credit: of, window, ..
            } = expr.kind
                && of == credit
                && window.looks_back()
                && !found.contains(&window)
            {
                found.push(window);
            }
            each_child(expr, &mut |child| add(child, credit, found));
        }
        let mut found = Vec::new();
        for expr in self.expressions() {
            add(expr, credit, &mut found);
        }
        found
    }
    /// The plan's periods: all that touch its effective dates.
    pub fn periods(&self) -> Vec<crate::base::Period> {
        self.calendar
            .periods(self.effective.0, self.effective.1, self.cadence)
    }
}
