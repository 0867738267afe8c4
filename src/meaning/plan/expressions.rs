//! Expressions with their type and grain.

use crate::base::{Cadence, Currency, Date, Exact};
use crate::diag::Span;
use crate::meaning::plan::{
    CarryId, ColumnId, CreditId, ExchangeId, GroupId, InputId, LookupId, MeasureId, PayId, QuotaId,
    Range, RateId, ScorecardId, SourceId, TiersId,
};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

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
    /// The one value it has throughout the length of time around the period, through the period's last day; a change
    /// inside it is a fault that asks.
    Throughout(Cadence),
    /// On the first day of the length of time around the period.
    First(Cadence),
    /// On the last day of the period.
    Last,
    /// On this day.
    On(Date),
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
    /// The input that holds for the payee in the length of time around the period.
    Input(InputId, Cadence),
    /// The payee's quota of the length of time around the period.
    Quota(QuotaId, Cadence),
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
    /// An amount in another currency.
    Converted {
        /// What is converted. Of a column, each cell has its own currency; of all else, the type says it.
        of: Box<Expr>,
        /// To what.
        to: Currency,
        /// By which rates.
        at: ExchangeId,
        /// The day whose rate counts.
        on: Box<Expr>,
    },
    /// A scorecard.
    Scorecard(ScorecardId),
    /// What is carried into the period.
    Carry(CarryId),
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
    /// What several persons make together.
    Group(GroupId),
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
        ExprKind::Converted { of, on, .. } => {
            visit(of);
            visit(on);
        }
        ExprKind::Call(_, list) => list.iter().for_each(visit),
        ExprKind::OneOf(a, list, _) => {
            visit(a);
            list.iter().for_each(visit);
        }
        _ => {}
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
