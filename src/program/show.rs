//! A program as text, for people and snapshots.

use std::fmt::Write as _;

use crate::meaning::plan::Plan;
use crate::program::program::{Horizon, Item, Key, Program, Read};
use crate::syntax::ast::PayKind;

/// One line a stage: how often it has a value, what it makes, what it reads, how far a change reaches.
pub fn show(program: &Program) -> String {
    let plan = program.plan();
    let mut text = format!("program \"{}\"\n", plan.title);
    let mut before = None;
    for stage in program.stages() {
        if before != Some(stage.key) {
            let head = match stage.key {
                Key::Record => "each record",
                Key::PersonPeriod => "each person and period",
                Key::GroupPeriod => "each group of persons and period",
            };
            let _ = writeln!(text, "{head}");
            before = Some(stage.key);
        }
        let reads: Vec<String> = stage.reads.iter().map(|read| words(plan, read)).collect();
        let mut line = format!("  {:<24}", name(plan, stage.item));
        if !reads.is_empty() {
            let _ = write!(line, " reads {}", reads.join(", "));
        }
        if stage.horizon != Horizon::Period {
            let _ = write!(line, "; a change reaches {}", horizon(stage.horizon));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn over(plan: &Plan, read: &Read) -> String {
    match read.horizon {
        Horizon::ToDate(cadence) => {
            format!("{} {} to date", name(plan, read.item), cadence.words())
        }
        Horizon::Period | Horizon::Plan => name(plan, read.item),
    }
}

/// What a stage reads of one thing.
fn words(plan: &Plan, read: &Read) -> String {
    let read_words = over(plan, read);
    if read.looks_back {
        format!("{read_words}, looking back")
    } else {
        read_words
    }
}

fn horizon(horizon: Horizon) -> String {
    match horizon {
        Horizon::Period => "its period".to_owned(),
        Horizon::ToDate(cadence) => format!("the end of its {}", cadence.noun()),
        Horizon::Plan => "the end of the plan".to_owned(),
    }
}

fn name(plan: &Plan, item: Item) -> String {
    match item {
        Item::People => "people".to_owned(),
        Item::Source(id) => format!("records {}", plan.source(id).name),
        Item::Credit(id) => format!("credit {}", plan.credit(id).name),
        Item::Input(id) => format!("input {}", plan.input(id).name),
        Item::Quota(id) => format!("quota {}", plan.quota(id).name),
        Item::Measure(id) => format!("measure {}", plan.name_of(id)),
        Item::Group(id) => plan.group(id).words.clone(),
        Item::Carry(id) => format!("carry {}", plan.carry(id).name),
        Item::Pay(id) => match plan.pay(id).kind {
            PayKind::Pay => format!("pay {}", plan.pay(id).full_name()),
            PayKind::Component => format!("component {}", plan.pay(id).full_name()),
        },
    }
}
