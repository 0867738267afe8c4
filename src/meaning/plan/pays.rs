//! Pays and claims, resolved.

use crate::base::{Cadence, Date, Exact, Period, Rounding};
use crate::diag::Span;
use crate::meaning::plan::{
    AmendmentId, ColumnId, CreditId, Expr, Later, LookupId, PaidIn, PayId, Payable, Plan, Range,
    SourceId, TiersId, full_name,
};
use crate::syntax::ast;

/// A component or a payout.
#[derive(Clone, Debug)]
pub struct Pay {
    /// Whether it is paid.
    pub kind: ast::PayKind,
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// The longer length of time whose amount it makes, to date; `None` is the plan's period.
    pub over: Option<Cadence>,
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
    /// When what its records earn becomes payable; `None` where that is in their own period.
    pub payable: Option<Payable>,
    /// In which currency it is paid, where that is not the plan's.
    pub paid_in: Option<PaidIn>,
    /// The amendments that make it what it is; none where it is the plan's own text.
    pub amendments: Vec<AmendmentId>,
    /// Its texts from later days on, ascending, where amendments change it.
    pub later: Vec<Later>,
    /// The head line.
    pub span: Span,
}

impl Pay {
    /// What is paid by a block other than `pay`: an amount of each person and period, with no lines of its own.
    pub(in crate::meaning) fn plain(name: &str, label: String, amount: Expr, span: Span) -> Pay {
        Pay {
            kind: ast::PayKind::Pay,
            name: name.to_owned(),
            label,
            over: None,
            scope: Scope::Total,
            when: Vec::new(),
            amount_span: amount.span,
            amount: Amount::Plain(amount),
            window: ast::Window::Period,
            steps: Vec::new(),
            below: None,
            payable: None,
            paid_in: None,
            amendments: Vec::new(),
            later: Vec::new(),
            span,
        }
    }
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

/// The ways to use a tier table.
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
    /// Each record stands where a running quantity has come to.
    Placed(Placed),
}

/// Where records stand: by date, then by id, among those that the pay's credit selects.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What runs.
    pub running: Running,
    /// The column whose records run together, whoever is credited with them; `None` for the payee's own.
    pub key: Option<ColumnId>,
    /// Where the run starts: at 0, on the first day of this window.
    pub window: ast::Window,
    /// Where an amendment lets it start again: no record before this day runs.
    pub since: Option<Date>,
    /// What a record earns that its own size carries across an edge.
    pub edge: ast::EdgeRule,
    /// The words.
    pub span: Span,
}

/// What places records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// How many there are; the nth takes the row that holds n.
    Count,
    /// The sum of a column.
    Total(ColumnId),
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
        /// Its name; empty for a formula.
        name: String,
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
    /// Lowers it.
    Cap {
        /// The most.
        amount: Expr,
        /// Of what.
        of: LimitOf,
        /// What becomes of the excess; that of a record is lost.
        excess: ast::Excess,
    },
    /// Lowers what each record pays, by what the records with the same value of a column have paid.
    CapOf(CapOf),
    /// From the amount to date to the increase since the period before in the same window.
    Increase {
        /// Whether a fall pays nothing.
        never_below_zero: bool,
    },
    /// From the amount to date to all of it in the last period of the longer length of time to which the person
    /// belongs, and nothing before.
    WhenItEnds,
    /// Rounds each record's amount.
    RoundEach(Rounding),
    /// Rounds the amount so far.
    Round(Rounding),
    /// Asserts that nothing needs rounding to the currency's minor unit.
    RoundNever,
}

impl StepKind {
    /// Whether it is a cap that keeps its excess for later periods.
    pub fn keeps_excess(&self) -> bool {
        let excess = ast::Excess::AsMoney;
        matches!(self, StepKind::Cap { excess: own, .. } if *own == excess)
    }

    /// Whether the line is about each record, not about their sum.
    pub fn acts_on_record(&self) -> bool {
        matches!(
            self,
            StepKind::RoundEach(_)
                | StepKind::CapOf(_)
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

/// A cap of what the payee's pay comes to on the records with one value of a column, in a length of time.
#[derive(Clone, Debug)]
pub struct CapOf {
    /// The most; of any grain up to the record's.
    pub amount: Expr,
    /// The column: a person or a text that is always there.
    pub of: Expr,
    /// How long records count together.
    pub each: CapSpan,
    /// What was used before the plan, in the length of time that holds its first day.
    pub before: Option<Expr>,
}

/// How long what is used of a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapSpan {
    /// `for life`: since the plan's first day.
    Life,
    /// `each year`: not shorter than the plan's period.
    Each(Cadence),
}

impl CapSpan {
    /// The first day from which what is used counts in a period of the plan, if the plan has it.
    pub fn start(self, plan: &Plan, period: &Period) -> Date {
        match self {
            CapSpan::Life => plan.effective.0,
            CapSpan::Each(length) => plan.calendar.window_start(period, length),
        }
    }

    /// `for life`, `each year`
    pub fn words(self) -> String {
        match self {
            CapSpan::Life => "for life".to_owned(),
            CapSpan::Each(length) => format!("each {}", length.words()),
        }
    }
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
    /// Rises by at most this part of what the total of this credit rises by.
    RisesAtMost(CreditId, Exact),
    /// Has no jumps, in whatever moves it.
    NoJumps,
    /// Is at most this amount.
    AtMost(Exact),
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
                TierUse::EachSlice { divisor: None } | TierUse::Everything | TierUse::Placed(_) => {
                    vec![base]
                }
            },
        }
    }
}

impl Pay {
    /// Where its records stand, if a running quantity places them, and the credit whose records run.
    pub fn placed(&self) -> Option<(&Placed, CreditId)> {
        match (&self.amount, &self.scope) {
            (
                Amount::Tiered {
                    how: TierUse::Placed(placed),
                    ..
                },
                Scope::Each { credits, .. },
            ) => Some((placed, *credits.first()?)),
            _ => None,
        }
    }

    /// Whether it is earned over a longer length of time than the period and paid when that ends.
    pub fn is_paid_at_the_end(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step.kind, StepKind::WhenItEnds))
    }

    /// Whether what it pays in a period hangs on what earlier ones left.
    pub fn has_account(&self) -> bool {
        self.payable.is_some() || self.below == Some(ast::BelowZero::CarriesForward)
    }

    /// Whether a cap counts what earlier records of the same value came to, so that their order matters.
    pub fn counts_records(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step.kind, StepKind::CapOf(_)))
    }

    /// Whether a cap keeps its excess for later periods.
    pub fn keeps_excess(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| step.kind.keeps_excess())
    }

    /// The caps of records with one value of a column, each with its place among the lines.
    pub fn caps_of(&self) -> impl Iterator<Item = (usize, &CapOf)> {
        let steps = self.steps.iter().enumerate();
        steps.filter_map(|(at, step)| match &step.kind {
            StepKind::CapOf(cap) => Some((at, cap)),
            _ => None,
        })
    }

    /// Its name, told apart from that of the block of the period.
    pub fn full_name(&self) -> String {
        let is_paid_by_itself = self
            .steps
            .iter()
            .any(|step| matches!(step.kind, StepKind::Increase { .. } | StepKind::WhenItEnds));
        full_name(&self.name, self.over.filter(|_| !is_paid_by_itself))
    }

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

    /// Its expressions, those of later texts included, the outermost of each; of a tier table it uses, only what the plan
    /// says here.
    pub fn expressions(&self) -> Vec<&Expr> {
        self.texts().flat_map(Pay::own_expressions).collect()
    }

    /// The expressions of this text.
    pub fn own_expressions(&self) -> Vec<&Expr> {
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
                StepKind::CapOf(cap) => {
                    found.extend([&cap.amount, &cap.of]);
                    found.extend(&cap.before);
                }
                StepKind::Increase { .. }
                | StepKind::WhenItEnds
                | StepKind::RoundEach(_)
                | StepKind::Round(_)
                | StepKind::RoundNever => {}
            }
        }
        found.extend(self.payable.iter().flat_map(Payable::expressions));
        found.extend(self.paid_in.iter().flat_map(PaidIn::expressions));
        found
    }
}
