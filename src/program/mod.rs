//! What will run: a checked plan as stages, each tagged with how often it has a value.
//!
//! Invariant: a program is a pure function of its plan; a stage reads only stages before it.

use crate::diag::Span;
use crate::meaning::{Checked, Plan};

/// How often a stage has a value: the key by which work is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Once for each record.
    Record,
    /// Once for each person and period.
    PersonPeriod,
}

/// One step of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// How often.
    pub key: Key,
    /// What it makes, such as `credit bookings`.
    pub words: String,
    /// The block it comes from.
    pub span: Span,
}

/// A plan ready to run.
#[derive(Clone, Debug)]
pub struct Program {
    plan: Plan,
    stages: Vec<Stage>,
}

impl Program {
    /// The program of a plan.
    pub fn from_meaning(plan: &Checked<Plan>) -> Program {
        let stage = |key, words: String, span| Stage { key, words, span };
        let credits = plan
            .credits
            .iter()
            .map(|c| stage(Key::Record, format!("credit {}", c.name), c.span));
        let quotas = plan
            .quotas
            .iter()
            .map(|q| stage(Key::PersonPeriod, format!("quota {}", q.name), q.span));
        let measures = plan
            .measures
            .iter()
            .map(|m| stage(Key::PersonPeriod, format!("measure {}", m.name), m.span));
        let pays = plan
            .pays
            .iter()
            .map(|p| stage(Key::PersonPeriod, format!("pay {}", p.name), p.span));
        let stages = credits.chain(quotas).chain(measures).chain(pays).collect();
        Program {
            plan: (**plan).clone(),
            stages,
        }
    }

    /// The meaning it runs.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Its stages, in the order in which they feed each other.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }
}
