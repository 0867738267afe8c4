//! Plans and data → what everyone earns.

use crate::app::collect::Collected;
use crate::app::compile::Compiled;
use crate::app::periods::choose;
use crate::app::{totals, twice};
use crate::diag::{Code, Diagnostic, Severity, near};
use crate::eval::{Engine, LocalEngine, Prepared, Scope, Wanted, unmet};
use crate::io::{Project, WorldFault, load};
use crate::meaning::{Plan, needs};
use crate::table::{Data, Overlay, PEOPLE, Read, Schema, Value};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A period as written, such as `2026-03` or `2026`; all periods inside it are paid.
    pub period: Option<String>,
    /// Only this person.
    pub payee: Option<String>,
    /// Whether credits are asked for, row by row.
    pub credits: bool,
}

/// One plan's results.
#[derive(Clone, Debug)]
pub struct PlanResult {
    /// The plan.
    pub plan: Plan,
    /// What the engine found.
    pub collected: Collected,
}

/// A whole run.
#[derive(Debug)]
pub struct Run {
    /// By plan, in the order of their files.
    pub plans: Vec<PlanResult>,
    /// Faults in the data, by place, each once.
    pub exceptions: Vec<Diagnostic>,
    /// Sources that could not be read at all; then there are no results.
    pub problems: Vec<Diagnostic>,
    /// Plans that are left out of the period asked for, and why.
    pub left_out: Vec<String>,
    /// The data that was read.
    pub data: Data,
}

impl Run {
    /// Whether the data has errors that somebody must mend.
    pub fn has_faults(&self) -> bool {
        !self.problems.is_empty() || self.first_fault().is_some()
    }

    /// The first of them, by place.
    pub fn first_fault(&self) -> Option<&Diagnostic> {
        self.exceptions.iter().find(|own| is_of_data(own.code))
    }
}

/// Whether a problem is one that somebody must mend in the data; what the plan itself says to hold is not.
pub fn is_of_data(code: Code) -> bool {
    code.severity() == Severity::Error
        && !matches!(code, Code::Q801 | Code::Q804 | Code::I704 | Code::A204)
}

/// Why a run cannot be asked for so.
#[derive(Debug)]
pub enum Refused {
    /// The period cannot be read, or no plan has it.
    Period(String),
    /// Nobody of this id is on any plan.
    Payee {
        /// The id asked for.
        asked: String,
        /// An id of the people file that is close to it.
        near: Option<String>,
    },
    /// The world.
    World(WorldFault),
}

impl Refused {
    /// Nobody of this id is on any plan; the people file may have one that is close.
    pub fn payee(asked: &str, data: &Data) -> Refused {
        let people = data.tables.get(PEOPLE);
        let ids: Vec<String> = people
            .into_iter()
            .flat_map(|table| (0..table.rows).map(|row| table.read("id", row)))
            .filter_map(|id| match id {
                Read::Value(Value::Text(id)) => Some(id.to_string()),
                _ => None,
            })
            .collect();
        let near = near(asked, ids.iter().map(String::as_str));
        Refused::Payee {
            asked: asked.to_owned(),
            near: near.filter(|near| *near != asked).map(str::to_owned),
        }
    }
}

impl From<WorldFault> for Refused {
    fn from(fault: WorldFault) -> Refused {
        Refused::World(fault)
    }
}

/// The columns all plans need, by source.
fn all_needs(compiled: &Compiled) -> Vec<Schema> {
    let mut all: Vec<Schema> = Vec::new();
    for schema in compiled.ready.iter().flat_map(|ready| needs(&ready.plan)) {
        match all.iter_mut().find(|known| known.source == schema.source) {
            Some(known) => {
                for column in schema.columns {
                    if !known.columns.iter().any(|c| c.name == column.name) {
                        known.columns.push(column);
                    }
                }
            }
            None => all.push(schema),
        }
    }
    all
}

/// Reads the data that plans need.
///
/// # Errors
/// A file that cannot be read.
pub fn read_data(
    project: &Project,
    compiled: &Compiled,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Data, Vec<Diagnostic>), WorldFault> {
    let loaded = load(project, &all_needs(compiled), progress)?;
    Ok((loaded.data, loaded.problems.sorted()))
}

/// Pays everyone.
///
/// # Errors
/// [`Refused`] where what is asked for is not there, or a file cannot be read.
pub fn calculate(
    project: &Project,
    compiled: &Compiled,
    asked: &Asked,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Run, Refused> {
    totals::refuse_apart(compiled)?;
    let chosen = choose(compiled, asked.period.as_deref())?;
    let (data, problems) = read_data(project, compiled, progress)?;
    let text = asked.period.as_deref().unwrap_or_default();
    let notes = chosen.left_out.iter();
    let notes = notes.map(|(ready, why)| why.note(&ready.plan, text));
    let mut run = Run {
        plans: Vec::new(),
        exceptions: Vec::new(),
        problems,
        left_out: notes.collect(),
        data,
    };
    if !run.problems.is_empty() {
        return Ok(run);
    }
    for (ready, periods) in chosen.plans {
        let scope = Scope {
            payees: asked.payee.clone().map(|payee| vec![payee]),
            periods,
        };
        let mut collected = Collected::default();
        LocalEngine.prepare(&ready.program, &run.data).pay(
            &Overlay::default(),
            &scope,
            Wanted {
                credits: asked.credits,
            },
            &mut collected,
        );
        run.exceptions.append(&mut collected.exceptions);
        run.exceptions
            .extend(unmet(&ready.plan, &run.data, scope.periods.as_deref()));
        run.plans.push(PlanResult {
            plan: (*ready.plan).clone(),
            collected,
        });
    }
    if let Some(payee) = &asked.payee
        && run.plans.iter().all(|plan| plan.collected.rows.is_empty())
    {
        return Err(Refused::payee(payee, &run.data));
    }
    totals::apply(compiled, &mut run, asked);
    run.exceptions.extend(twice::persons(compiled, &run.plans));
    run.exceptions
        .sort_by(|a, b| (&a.cell, a.code, &a.message).cmp(&(&b.cell, b.code, &b.message)));
    run.exceptions
        .dedup_by(|a, b| a.code == b.code && a.cell == b.cell && a.message == b.message);
    Ok(run)
}
