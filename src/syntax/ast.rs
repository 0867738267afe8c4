//! What was written, as data. Every node has a span; nothing is resolved and no kind is known.
//! A part that could not be read is left out or stands as [`ExprKind::Poisoned`]; the diagnostic was
//! made by whoever read it.

use crate::base::{Cadence, Currency, Date, Exact, Mode, Residue};
use crate::diag::{Code, FileId, Span};

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word, without quotes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Anything with a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// One file as written.
#[derive(Clone, Debug)]
pub struct File {
    /// The text it was read from.
    pub id: FileId,
    /// Its blocks, in the order written.
    pub items: Vec<Item>,
    /// Names that stand at the head of blocks which could not be read: known, but poisoned.
    pub poisoned: Vec<Name>,
    /// Whether more names may be meant: a head without a name, shared terms or all of the text could not be read.
    pub unnamed: bool,
}

impl File {
    /// A text nobody could read.
    pub fn unread(id: FileId) -> File {
        File {
            id,
            items: Vec::new(),
            poisoned: Vec::new(),
            unnamed: true,
        }
    }

    /// Whether a block could not be read.
    pub fn lost_a_block(&self) -> bool {
        self.unnamed || !self.poisoned.is_empty()
    }
}

/// A block.
#[derive(Clone, Debug)]
pub enum Item {
    /// `plan "…"`
    Plan(PlanHead),
    /// `use "company.terms"`
    Use(Spanned<String>),
    /// `calendar`
    Calendar(CalendarBlock),
    /// `unit seat "Seat", plural seats`
    Unit(Unit),
    /// `people "…"`
    People(Source),
    /// `records NAME "…"`
    Records(Source),
    /// `credit NAME "…"`
    Credit(Credit),
    /// `input NAME "…"`
    Input(Input),
    /// `quota NAME "…"`
    Quota(Quota),
    /// `measure NAME "…"`
    Measure(Measure),
    /// `tiers NAME on EXPR`
    Tiers(Tiers),
    /// `curve NAME on EXPR`
    Curve(Curve),
    /// `matrix NAME on EXPR by EXPR`, `value NAME by EXPR, EXPR`
    Lookup(Lookup),
    /// `rate NAME over time`
    Rate(Rate),
    /// `scorecard NAME "…"`
    Scorecard(Scorecard),
    /// `component NAME "…"` and `pay NAME "…"`
    Pay(Pay),
    /// `prove`
    Prove(Prove),
    /// `test "…"`
    Test(Test),
}

/// `accept CODE because "…"`, and `cliffs accepted` with its `because`.
#[derive(Clone, Debug)]
pub struct Accept {
    /// The warnings accepted; `cliffs accepted` stands for P101 and P102.
    pub codes: Vec<Code>,
    /// The reason given.
    pub because: Spanned<String>,
    /// The whole clause.
    pub span: Span,
}

/// The head of a plan with its clauses; a required one that is missing is `None` and was reported.
#[derive(Clone, Debug)]
pub struct PlanHead {
    /// The title in quotes.
    pub title: Spanned<String>,
    /// `currency USD`
    pub currency: Option<Spanned<Currency>>,
    /// `effective DATE through DATE`
    pub effective: Option<Spanned<(Date, Date)>>,
    /// `period month`
    pub period: Option<Spanned<Cadence>>,
    /// `payees …`
    pub payees: Option<Payees>,
    /// `quota from SOURCE, one per payee per quarter`: defines the name `quota`.
    pub quota: Option<QuotaFrom>,
    /// `kept by "…"`
    pub kept_by: Option<Spanned<String>>,
    /// `paid 20 days after the quarter ends`
    pub paid: Option<Days>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The whole head line.
    pub span: Span,
}

/// Whom a plan pays.
#[derive(Clone, Debug)]
pub struct Payees {
    /// A condition over the columns of people.
    pub condition: Expr,
    /// When it must hold; `None` where the line does not say.
    pub when: Option<Spanned<Membership>>,
    /// The clause.
    pub span: Span,
}

/// When a person must meet the condition of `payees`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// `on deal.close_date`: on the date of each credit. Holds the path as written.
    OnDate(Name, Name),
    /// `for the days in the role`: credits dated on days on which it holds.
    DaysInRole,
    /// `on the last day of the period`: then all credits of the period count.
    LastDay,
}

/// `from SOURCE, one per payee per quarter`
#[derive(Clone, Debug)]
pub struct QuotaFrom {
    /// The source that the manifest binds.
    pub source: Name,
    /// The length of time one quota is for.
    pub cadence: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// `calendar`
#[derive(Clone, Debug)]
pub struct CalendarBlock {
    /// `fiscal year starts in February`: 1 to 12.
    pub starts_in: Option<Spanned<u8>>,
    /// The head.
    pub span: Span,
}

/// `unit seat "Seat", plural seats`
#[derive(Clone, Debug)]
pub struct Unit {
    /// The word for one.
    pub singular: Name,
    /// The word for many.
    pub plural: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// The head.
    pub span: Span,
}

/// A record source or the people file: what its columns mean.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name; `people` for people.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from crm_export`: the manifest's name; the block's own name where it is not written.
    pub from: Option<Name>,
    /// `kept by "…"`
    pub kept_by: Option<Spanned<String>>,
    /// The rows of `| column | type | meaning |`.
    pub columns: Vec<ColumnLine>,
    /// Whether rows of the table could not be read, so that there may be more columns.
    pub gaps: bool,
    /// The head.
    pub span: Span,
}

/// One row of a source's table of columns.
#[derive(Clone, Debug)]
pub struct ColumnLine {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub kind: Spanned<ColumnKind>,
    /// `or none`
    pub optional: bool,
    /// What it means.
    pub meaning: Spanned<String>,
}

/// A column's type as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// `Text`
    Text,
    /// `one of Open, Closed Won, Closed Lost`
    OneOf(Vec<String>),
    /// `Money`: its currency comes from the manifest.
    Money,
    /// `Percent`
    Percent,
    /// `Number`
    Number,
    /// `Quantity in seats`
    Quantity(Name),
    /// `Date`
    Date,
    /// `Person`
    Person,
    /// `Yes or no`
    YesNo,
}

/// `credit NAME "…"`
#[derive(Clone, Debug)]
pub struct Credit {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from deals as deal`: source and the word for one record.
    pub from: Option<(Name, Name)>,
    /// `when …`, all of which must hold.
    pub when: Vec<Expr>,
    /// `dated by deal.close_date`
    pub dated_by: Option<Expr>,
    /// `to deal.owner`
    pub to: Option<Expr>,
    /// `amount deal.amount`
    pub amount: Option<Expr>,
    /// `cap 150,000 USD each deal`: at most so much of the amount.
    pub cap: Option<Expr>,
    /// `cap 5,000 USD each share`: at most so much for each share.
    pub share_cap: Option<Expr>,
    /// `split …`
    pub split: Option<Split>,
    /// `round each share to 0.01, down`
    pub round: Option<Round>,
    /// `remainder to the largest share`
    pub remainder: Option<Spanned<Residue>>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `split`, `split when CONDITION`, with its table.
#[derive(Clone, Debug)]
pub struct Split {
    /// `when …`: otherwise all goes to `to`.
    pub when: Option<Expr>,
    /// Who gets which share.
    pub rows: Vec<SplitRow>,
    /// `if a person is missing the share goes to deal.owner | to nobody`
    pub missing: Option<Spanned<MissingShare>>,
    /// The clause.
    pub span: Span,
}

/// One row of a split.
#[derive(Clone, Debug)]
pub struct SplitRow {
    /// A person column, or `None` for `the company`.
    pub who: Option<Expr>,
    /// The share.
    pub share: Expr,
    /// The row.
    pub span: Span,
}

/// Where the share of an absent person goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingShare {
    /// To this person column.
    To(Expr),
    /// `to nobody`: it stays uncredited and is reported.
    Nobody,
}

/// `10 days after the quarter ends`
#[derive(Clone, Debug)]
pub struct Days {
    /// How many.
    pub count: u16,
    /// After the end of what.
    pub cadence: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// `input NAME "…"`
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name, also the value column's in the source of the same name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `type Percent from 0% through 100%`
    pub kind: Option<InputKind>,
    /// `for the company, each quarter`
    pub whose: Option<InputFor>,
    /// `kept by "…"`
    pub kept_by: Option<Spanned<String>>,
    /// `due 10 days after the quarter ends`
    pub due: Option<Days>,
    /// `sign-off "…"`
    pub sign_off: Option<Spanned<String>>,
    /// `if missing …`
    pub missing: Option<Spanned<InputMissing>>,
    /// Whether a line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `type Percent from 0% through 100%`
#[derive(Clone, Debug)]
pub struct InputKind {
    /// Money, percent, number or quantity.
    pub kind: ColumnKind,
    /// What it can be; `None` where it is not said.
    pub range: Option<Range>,
    /// The clause.
    pub span: Span,
}

/// `for the company, each quarter`
#[derive(Clone, Debug)]
pub struct InputFor {
    /// Of whom.
    pub whose: InputOf,
    /// How often.
    pub cadence: Spanned<Cadence>,
    /// The clause.
    pub span: Span,
}

/// Of whom an input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputOf {
    /// `the company`
    Company,
    /// `each person`
    Person,
    /// `each team`: a column of people.
    Column(Name),
}

/// What holds until an input is there.
#[derive(Clone, Debug)]
pub enum InputMissing {
    /// `hold this payout`
    Hold,
    /// `use 85%`
    Use(Expr),
}

/// `quota NAME "…"`
#[derive(Clone, Debug)]
pub struct Quota {
    /// Its name, also the column's name in the source.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `from SOURCE, one per payee per year`
    pub from: Option<QuotaFrom>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `measure NAME "…"`
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `value …`
    pub value: Option<Expr>,
    /// `if quota is zero …`, `if quota is missing …`
    pub rules: Vec<MeasureRule>,
    /// `round to 1 point, half up`
    pub round: Option<RoundValue>,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `if SUBJECT is zero OUTCOME`
#[derive(Clone, Debug)]
pub struct MeasureRule {
    /// What is looked at.
    pub subject: RuleSubject,
    /// `is zero`
    pub zero: bool,
    /// `is missing`; both for `is zero or missing`.
    pub missing: bool,
    /// What then.
    pub outcome: RuleOutcome,
    /// The clause.
    pub span: Span,
}

/// What a rule of a measure looks at.
#[derive(Clone, Debug)]
pub enum RuleSubject {
    /// A name, or a whole divisor as written in `value`.
    Expr(Expr),
    /// `last year`: the divisor over this window.
    Over(Spanned<Window>),
}

/// What a rule of a measure does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleOutcome {
    /// `pay nothing`
    PayNothing,
    /// `hold this payout`
    Hold,
    /// `MEASURE is 0%`
    Value(Expr),
}

/// `tiers NAME on EXPR`
#[derive(Clone, Debug)]
pub struct Tiers {
    /// Its name.
    pub name: Name,
    /// What the rows are ranges of.
    pub on: Expr,
    /// The two headings.
    pub headings: Vec<Name>,
    /// The rows.
    pub rows: Vec<TierRow>,
    /// Whether a row or line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// One row of a tier table.
#[derive(Clone, Debug)]
pub struct TierRow {
    /// From where to where; `None` where it could not be read.
    pub range: Option<Range>,
    /// What it pays.
    pub value: Expr,
    /// The row.
    pub span: Span,
}

/// `curve NAME on EXPR`
#[derive(Clone, Debug)]
pub struct Curve {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// What moves along it.
    pub on: Expr,
    /// Its points.
    pub points: Vec<Point>,
    /// `below …`
    pub below: Option<Spanned<Beyond>>,
    /// `above …`
    pub above: Option<Spanned<Beyond>>,
    /// `round to 1 point, half up`
    pub round: Option<RoundValue>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// One point of a curve.
#[derive(Clone, Debug)]
pub struct Point {
    /// Where.
    pub at: Expr,
    /// What it is worth.
    pub value: Expr,
    /// The row.
    pub span: Span,
}

/// What holds outside the points of a curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// `pays nothing`
    Nothing,
    /// `stays at the first point`, `stays at the last point`
    Stays,
    /// `continues at AMOUNT per STEP`; no step is `per point`.
    Continues(Expr, Option<Expr>),
}

/// `matrix` and `value`: rows of ranges, one for each key, and what each is worth.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Which of the two blocks.
    pub kind: LookupKind,
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// What the ranges are of.
    pub keys: Vec<Expr>,
    /// The rows; of a matrix, one for each cell, row by row.
    pub rows: Vec<LookupRow>,
    /// `first match`
    pub first_match: Option<Span>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// The two blocks that look a value up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupKind {
    /// `matrix`
    Matrix,
    /// `value`
    Value,
}

/// One row of ranges.
#[derive(Clone, Debug)]
pub struct LookupRow {
    /// One for each key; `None` where it could not be read.
    pub ranges: Vec<Option<Range>>,
    /// What it is worth.
    pub value: Expr,
    /// Who approved it, where a column says so.
    pub approved_by: Option<Spanned<String>>,
    /// The row, or the cell of a matrix.
    pub span: Span,
}

/// `rate NAME over time`
#[derive(Clone, Debug)]
pub struct Rate {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// First and last day, and what holds from one through the other.
    pub rows: Vec<(Spanned<(Date, Date)>, Expr)>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// `scorecard NAME "…"`
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// Its rows.
    pub objectives: Vec<Objective>,
    /// `weights total 100%`
    pub total: Option<Spanned<Expr>>,
    /// `if an objective is missing …`
    pub missing: Option<Spanned<MissingScore>>,
    /// `round to 1 point, half up`
    pub round: Option<RoundValue>,
    /// Whether a line of it could not be read, which was reported.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// One row of a scorecard.
#[derive(Clone, Debug)]
pub struct Objective {
    /// Its name.
    pub name: Name,
    /// Its weight.
    pub weight: Expr,
    /// Its score.
    pub score: Expr,
    /// Who answers for the score.
    pub owner: Option<Spanned<String>>,
    /// What of the score counts, in the order written.
    pub counts: Vec<Counts>,
    /// The row.
    pub span: Span,
}

/// What of a score counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// `at least 0%`
    AtLeast(Expr),
    /// `at most 120%`
    AtMost(Expr),
    /// `under 60% counts 0%`
    Under(Expr, Expr),
}

/// What holds without a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingScore {
    /// `hold this payout`
    Hold,
    /// `counts 0%`
    Counts(Expr),
    /// `share its weight among the rest`
    Share,
}

/// `round to UNIT, MODE`, of a value
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundValue {
    /// To a multiple of this: a literal of the value's kind.
    pub unit: Expr,
    /// How.
    pub mode: Mode,
    /// The clause.
    pub span: Span,
}

/// A range whose words say who owns its ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Lower end; `None` is without end.
    pub low: Option<Bound>,
    /// Upper end; `None` is without end.
    pub high: Option<Bound>,
    /// The words.
    pub span: Span,
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// A literal.
    pub value: Expr,
    /// Whether the end belongs to the range.
    pub included: bool,
}

/// `pay` or `component`.
#[derive(Clone, Debug)]
pub struct Pay {
    /// Whether it is paid, or only read by others.
    pub kind: PayKind,
    /// Its name.
    pub name: Name,
    /// The label in quotes.
    pub label: Option<Spanned<String>>,
    /// `for each deal`
    pub for_each: Option<Name>,
    /// `when …`, all of which must hold.
    pub when: Vec<Expr>,
    /// `amount …`
    pub amount: Option<Amount>,
    /// `gate`, `floor`, `cap`, `pays the increase` and `round`, in the order written.
    pub steps: Vec<Step>,
    /// `below 0 USD carries forward`
    pub below: Option<Below>,
    /// Whether a line of it could not be read, which was reported: then nothing is said to be missing.
    pub broken: bool,
    /// Accepted warnings.
    pub accepts: Vec<Accept>,
    /// The head.
    pub span: Span,
}

/// Whether a block is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayKind {
    /// `component`: money that is not paid by itself.
    Component,
    /// `pay`
    Pay,
}

/// What `amount` says.
#[derive(Clone, Debug)]
pub enum Amount {
    /// An expression.
    Plain(Expr),
    /// `500 USD for each whole 1 point of attainment above 100%`
    Wholes {
        /// What each is worth.
        price: Expr,
        /// A literal.
        step: Expr,
        /// What is counted.
        of: Expr,
        /// Where counting starts; a literal.
        above: Option<Expr>,
        /// The clause's value.
        span: Span,
    },
    /// `BASE at TIERS, each slice at its own rate`
    Tiered {
        /// What is paid on.
        base: Expr,
        /// The table.
        tiers: Name,
        /// Which of the two phrases.
        how: TierUse,
        /// The clause's value.
        span: Span,
    },
}

/// The two ways to use a tier table, which pay different money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierUse {
    /// `each slice at its own rate`
    EachSlice,
    /// `everything at the rate reached`
    Everything,
}

/// One line below `amount`, applied in the order written.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// `when …`: otherwise the line does nothing.
    pub when: Option<Expr>,
    /// The clause.
    pub span: Span,
}

/// What a line below `amount` does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// `gate SUBJECT RANGE, otherwise …`
    Gate {
        /// What is tested.
        subject: Expr,
        /// Where it must lie.
        range: Range,
        /// What happens elsewhere.
        otherwise: Otherwise,
    },
    /// `times 150%`
    Times(Expr),
    /// `floor AMOUNT each quarter`
    Floor {
        /// The least.
        amount: Expr,
        /// Of what.
        window: Spanned<LimitWindow>,
    },
    /// `cap AMOUNT each quarter, excess is lost`
    Cap {
        /// The most.
        amount: Expr,
        /// Of what.
        window: Spanned<LimitWindow>,
    },
    /// `pays the increase`, `pays the increase, never less than 0 USD`
    Increase {
        /// Whether a fall pays nothing.
        never_below_zero: bool,
    },
    /// `round the total to 0.01, half up`
    Round(Round),
    /// `round never`
    RoundNever,
}

/// `otherwise …` of a gate.
#[derive(Clone, Debug)]
pub enum Otherwise {
    /// `pay nothing`
    Nothing,
    /// `pay 50% of the amount so far`
    Share(Expr),
    /// `pay total bookings at base_table, each slice at its own rate`
    Amount(Amount),
    /// `hold this payout`
    Hold,
}

/// The window of a cap or floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitWindow {
    /// `each month`
    Each(Cadence),
    /// `each deal`: the word for one record.
    EachRecord(Name),
}

/// `round LEVEL to UNIT, MODE`
#[derive(Clone, Debug)]
pub struct Round {
    /// What is rounded.
    pub level: RoundLevel,
    /// To a multiple of this.
    pub unit: Spanned<Exact>,
    /// How.
    pub mode: Mode,
    /// The clause.
    pub span: Span,
}

/// What a `round` line rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoundLevel {
    /// `each deal`: the word for one record.
    Each(Name),
    /// `each share`
    EachShare,
    /// `the total`
    Total,
    /// `the amount to date`
    ToDate,
}

/// `below 0 USD carries forward`
#[derive(Clone, Debug)]
pub struct Below {
    /// The currency written; must be the plan's.
    pub currency: Spanned<Currency>,
    /// What happens below zero.
    pub rule: BelowZero,
    /// The clause.
    pub span: Span,
}

/// What happens to a payout below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BelowZero {
    /// `carries forward`: nothing is paid, and later payouts are less by it.
    CarriesForward,
    /// `is lost`: nothing is paid.
    Lost,
    /// `is paid as it is`
    AsItIs,
}

/// `prove` with its lines.
#[derive(Clone, Debug)]
pub struct Prove {
    /// The claims that could be read.
    pub claims: Vec<Claim>,
    /// The head.
    pub span: Span,
}

/// One line of `prove`.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The payout the claim is about.
    pub pay: Name,
    /// What is claimed.
    pub kind: ClaimKind,
    /// The line.
    pub span: Span,
}

/// What a line of `prove` claims.
#[derive(Clone, Debug)]
pub enum ClaimKind {
    /// `commission never falls when bookings rise`: the name of a credit.
    NeverFalls {
        /// What rises.
        mover: Name,
    },
    /// `commission has no jumps`
    NoJumps,
    /// `commission is at most 90,000 USD`
    AtMost(Expr),
}

/// `test "…"`
#[derive(Clone, Debug)]
pub struct Test {
    /// The title in quotes.
    pub title: Spanned<String>,
    /// What holds in the test.
    pub givens: Vec<Given>,
    /// What must come out.
    pub expects: Vec<Expect>,
    /// The head.
    pub span: Span,
}

/// One `given`.
#[derive(Clone, Debug)]
pub enum Given {
    /// `given quota is 300,000 USD for ana in 2026-Q1`,
    /// `given total bookings is 300,000 USD for ana in 2026-Q1`
    Value {
        /// A quota, an input, a column of people, or with `total` a credit.
        what: Name,
        /// Whether `total` stands before it.
        total: bool,
        /// The value.
        value: Expr,
        /// For whom.
        person: Name,
        /// In which period, as written; a column of people has none.
        period: Option<Name>,
        /// The clause.
        span: Span,
    },
    /// `given csat is 87% in 2026-Q1`
    OfCompany {
        /// An input of the company.
        what: Name,
        /// The value.
        value: Expr,
        /// In which period, as written.
        period: Name,
        /// The clause.
        span: Span,
    },
    /// `given deals` with rows.
    Table {
        /// A source, or `people`.
        source: Name,
        /// The headings.
        headings: Vec<Name>,
        /// The cells, as many as headings in each row.
        rows: Vec<Vec<Name>>,
        /// The clause.
        span: Span,
    },
}

/// One `expect`.
#[derive(Clone, Debug)]
pub struct Expect {
    /// A payout, component or measure.
    pub what: Name,
    /// For whom.
    pub person: Name,
    /// In which period, as written.
    pub period: Name,
    /// The value; `None` for `is held`.
    pub value: Option<Expr>,
    /// The clause.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// `24`
    Number(Exact),
    /// `8.25%`, `1/3` of two whole numbers stays a division; kept as the fraction 0.0825.
    Percent(Exact),
    /// `2 points`, kept as the fraction 0.02.
    Points(Exact),
    /// `90,000 USD`
    Money(Exact, Currency),
    /// `3 seats`
    Quantity(Exact, Name),
    /// `50 USD per seat`
    MoneyPer(Exact, Currency, Name),
    /// `2026-07-01`
    Date(Date),
    /// `"Closed Won"`
    Text(String),
    /// `yes`, `no`
    Bool(bool),
    /// `bookings`
    Name(String),
    /// `deal.amount`
    Path(Name, Name),
    /// `total bookings year to date`
    Aggregate {
        /// Which aggregate.
        how: Aggregate,
        /// A credit.
        what: Name,
        /// The window.
        window: Window,
    },
    /// `commission as earned`
    AsEarned(Name),
    /// `target_bonus on the last day of the period`
    OnDay(Name, PeriodDay),
    /// `base_rate on deal.close_date`
    OnDate(Name, Box<Expr>),
    /// `-x`
    Negative(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// Two sides.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `min(a, b)`
    Call(Name, Vec<Expr>),
    /// `x is one of "a", "b"`; `false` for `is not one of`.
    OneOf(Box<Expr>, Vec<Expr>, bool),
    /// `x is within RANGE`; `false` for `is not within`.
    Within(Box<Expr>, Box<Range>, bool),
    /// `x is present`; `false` for `is absent`.
    Present(Box<Expr>, bool),
    /// Could not be read; reported.
    Poisoned,
}

/// Aggregates over a person's credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// `total`
    Total,
    /// `count`
    Count,
    /// `average`
    Average,
    /// `highest`
    Highest,
    /// `lowest`
    Lowest,
}

/// The days an aggregate runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// The period itself.
    Period,
    /// `quarter to date`, `half to date`, `year to date`: from the first day of that length of time.
    ToDate(Cadence),
    /// `plan to date`: from the plan's first day.
    PlanToDate,
    /// `last period`: the period before this one.
    LastPeriod,
    /// `the same period last year`: the period of the same name, a year before.
    SamePeriodLastYear,
    /// `last year`: the whole year before the one in which this period begins.
    LastYear,
    /// `the 12 months before this one`, `the 12 months ending with this one`: whole months.
    Months {
        /// How many.
        count: u16,
        /// Whether the period itself is among them.
        with_this: bool,
    },
}

impl Window {
    /// Whether it begins before the period and ends with it, so that each period adds to the one before.
    pub fn is_to_date(self) -> bool {
        matches!(self, Window::ToDate(_) | Window::PlanToDate)
    }

    /// Whether what is credited in the period counts in it.
    pub fn ends_with_the_period(self) -> bool {
        let months_with_this = matches!(
            self,
            Window::Months {
                with_this: true,
                ..
            }
        );
        matches!(self, Window::Period) || self.is_to_date() || months_with_this
    }

    /// Whether it may begin before the plan does.
    pub fn looks_back(self) -> bool {
        !matches!(self, Window::Period) && !self.is_to_date()
    }

    /// As plans write it; empty for the period itself.
    pub fn words(self) -> String {
        match self {
            Window::Period => String::new(),
            Window::ToDate(length) => format!("{} to date", length.words()),
            Window::PlanToDate => "plan to date".to_owned(),
            Window::LastPeriod => "last period".to_owned(),
            Window::SamePeriodLastYear => "the same period last year".to_owned(),
            Window::LastYear => "last year".to_owned(),
            Window::Months { count, with_this } => {
                let months = if count == 1 { "month" } else { "months" };
                let place = if with_this { "ending with" } else { "before" };
                format!("the {count} {months} {place} this one")
            }
        }
    }
}

/// A day of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodDay {
    /// `on the first day of the period`
    First,
    /// `on the last day of the period`
    Last,
}

/// Operators with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`, and `of` in `6% of bookings`
    Multiply,
    /// `/`
    Divide,
}
