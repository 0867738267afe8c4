//! Which names a block that an amendment can replace reads, as written; columns are not among them.

use std::collections::BTreeSet;

use crate::syntax::ast::{
    Amount, Budget, Carry, Contest, Curve, Draw, Expr, ExprKind, Lookup, Measure, Otherwise, Pay,
    Pool, RuleOutcome, RuleSubject, Scorecard, ShareBy, Step, StepKind, Tiers,
};

impl Measure {
    /// The names that it reads.
    pub fn names_read(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.value.iter().for_each(|value| of(value, &mut found));
        for rule in &self.rules {
            if let RuleSubject::Expr(subject) = &rule.subject {
                of(subject, &mut found);
            }
            if let RuleOutcome::Value(value) = &rule.outcome {
                of(value, &mut found);
            }
        }
        found
    }
}

impl Tiers {
    /// The names that it reads.
    pub fn names_read(&self) -> BTreeSet<&str> {
        of_each([&self.on])
    }
}

impl Curve {
    /// The names that it reads.
    pub fn names_read(&self) -> BTreeSet<&str> {
        of_each([&self.on])
    }
}

impl Carry {
    /// The names that it reads, and the measure that takes it in.
    pub fn names_read(&self) -> BTreeSet<&str> {
        let mut found = of_each(self.adds.iter().map(|adds| &adds.value));
        found.extend(self.into.iter().map(|into| into.text.as_str()));
        found
    }
}

impl Lookup {
    /// The names that it reads.
    pub fn names_read(&self) -> BTreeSet<&str> {
        of_each(self.keys.iter().chain(&self.percent_of))
    }
}

impl Scorecard {
    /// The names that it reads.
    pub fn names_read(&self) -> BTreeSet<&str> {
        of_each(self.objectives.iter().map(|own| &own.score))
    }
}

impl Pay {
    /// The names that it reads.
    pub fn names_read(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        of_pay(self, &mut found);
        found
    }
}

impl Pool {
    /// The names that it reads.
    pub fn names_read(&self) -> BTreeSet<&str> {
        let share = self.share.iter().filter_map(|share| match &share.value {
            ShareBy::Weight(value, _) => Some(value),
            ShareBy::Equally => None,
        });
        let size = self.size.iter().chain(&self.at_least);
        of_each(size.chain(&self.members).chain(share))
    }
}

impl Contest {
    /// The names that it reads.
    pub fn names_read(&self) -> BTreeSet<&str> {
        let order = self.order.iter().map(|line| &line.value);
        of_each(order.chain(&self.needs))
    }
}

impl Budget {
    /// The names that it reads, its payouts apart.
    pub fn names_read(&self) -> BTreeSet<&str> {
        of_each(self.exempt.iter().map(|exempt| &exempt.condition))
    }
}

impl Draw {
    /// The names that it reads, its payout apart.
    pub fn names_read(&self) -> BTreeSet<&str> {
        let pays = self.pays.iter().map(|pays| &pays.amount);
        let from = self.recover.iter().flat_map(|own| &own.from);
        let above = from.flat_map(|from| &from.above);
        let most = self.balance.iter().flat_map(|balance| &balance.most);
        of_each(pays.chain(&self.when).chain(above).chain(most))
    }
}

fn of_each<'a>(all: impl IntoIterator<Item = &'a Expr>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    all.into_iter().for_each(|expr| of(expr, &mut found));
    found
}

fn of_pay<'a>(pay: &'a Pay, found: &mut BTreeSet<&'a str>) {
    pay.when.iter().for_each(|when| of(when, found));
    pay.amount
        .iter()
        .for_each(|amount| of_amount(amount, found));
    pay.steps.iter().for_each(|step| of_step(step, found));
}

fn of_amount<'a>(amount: &'a Amount, found: &mut BTreeSet<&'a str>) {
    match amount {
        Amount::Plain(expr) => of(expr, found),
        Amount::Wholes {
            price, of: what, ..
        } => {
            of(price, found);
            of(what, found);
        }
        Amount::Tiered { base, tiers, .. } => {
            of(base, found);
            found.insert(&tiers.text);
        }
    }
}

fn of_step<'a>(step: &'a Step, found: &mut BTreeSet<&'a str>) {
    step.when.iter().for_each(|when| of(when, found));
    match &step.kind {
        StepKind::Gate {
            subject, otherwise, ..
        } => {
            of(subject, found);
            match otherwise {
                Otherwise::Share(share) => of(share, found),
                Otherwise::Amount(amount) => of_amount(amount, found),
                Otherwise::Nothing | Otherwise::Hold => {}
            }
        }
        StepKind::Times(expr)
        | StepKind::Floor { amount: expr, .. }
        | StepKind::Cap { amount: expr, .. } => of(expr, found),
        StepKind::CapOf(cap) => {
            of(&cap.amount, found);
            of(&cap.of, found);
            cap.before.iter().for_each(|before| of(before, found));
        }
        StepKind::Increase { .. } | StepKind::Round(_) | StepKind::RoundNever => {}
    }
}

fn of<'a>(expr: &'a Expr, found: &mut BTreeSet<&'a str>) {
    match &expr.kind {
        ExprKind::Name(name) => {
            found.insert(name);
        }
        ExprKind::Aggregate { what: name, .. }
        | ExprKind::Together { what: name, .. }
        | ExprKind::AsEarned(name)
        | ExprKind::OnDay(name, _) => {
            found.insert(&name.text);
        }
        ExprKind::OnDate(name, date) => {
            found.insert(&name.text);
            of(date, found);
        }
        ExprKind::Negative(inner)
        | ExprKind::Not(inner)
        | ExprKind::OneOf(inner, ..)
        | ExprKind::Within(inner, ..)
        | ExprKind::Present(inner, _) => of(inner, found),
        ExprKind::Binary(_, a, b) => {
            of(a, found);
            of(b, found);
        }
        ExprKind::Converted(conversion) => of(&conversion.of, found),
        ExprKind::Call(_, arguments) => arguments.iter().for_each(|own| of(own, found)),
        _ => {}
    }
}
