//! Whether what a size reads is the same for all who share it.

use crate::diag::Span;
use crate::meaning::plan::{ColumnId, Expr, ExprKind, GroupKind, InputOf, Plan, Whom, each_child};

/// What of a size is one person's, or one group's.
#[derive(Default)]
pub(super) struct OfSize {
    /// Columns of people whose texts make groups, with where they are read.
    pub(super) columns: Vec<(ColumnId, Span)>,
    /// What each person has for themselves.
    pub(super) persons: Vec<Shared>,
}

/// What each person has for themselves.
pub(super) struct Shared {
    /// The name in the size that reads it.
    pub(super) name: Expr,
}

impl Shared {
    /// The words of the name before `of everyone`; `None` where it cannot be taken together.
    pub(super) fn together(&self, name: &str) -> Option<String> {
        match &self.name.kind {
            ExprKind::Aggregate { .. } => Some(name.to_owned()),
            ExprKind::Quota(..) | ExprKind::Input(..) | ExprKind::Fact(..) => {
                Some(format!("total {name}"))
            }
            ExprKind::Measure(_) => Some(format!("average {name}")),
            ExprKind::Pay(_) => Some(format!("total {name} as earned")),
            _ => None,
        }
    }
}

/// What a size reads that is not the same for everybody.
pub(super) fn of_size(plan: &Plan, size: &Expr) -> OfSize {
    let mut found = OfSize::default();
    Reader {
        plan,
        found: &mut found,
    }
    .read(size, None);
    found
}

struct Reader<'p, 'f> {
    plan: &'p Plan,
    found: &'f mut OfSize,
}

impl Reader<'_, '_> {
    /// `name` is what stands in the size, where this stands behind it.
    fn read(&mut self, expr: &Expr, name: Option<&Expr>) {
        let plan = self.plan;
        let outer = name.unwrap_or(expr);
        match &expr.kind {
            ExprKind::Group(id) => match &plan.group(*id).kind {
                GroupKind::Together { whom, .. } => match whom {
                    Whom::Everyone => {}
                    Whom::Same(column, _) => self.found.columns.push((*column, outer.span)),
                    Whom::Reports(..) => self.of_a_person(outer),
                },
                GroupKind::Pool(_) | GroupKind::Budget(_) | GroupKind::Contest(_) => {
                    self.of_a_person(outer);
                }
            },
            ExprKind::Input(id, _) => match plan.input(*id).whose {
                InputOf::Company => {}
                InputOf::Column(column) => self.found.columns.push((column, outer.span)),
                InputOf::Person => self.of_a_person(outer),
            },
            ExprKind::Aggregate { .. }
            | ExprKind::Quota(..)
            | ExprKind::Fact(..)
            | ExprKind::Pay(_)
            | ExprKind::Credit(_)
            | ExprKind::Column(..) => self.of_a_person(outer),
            ExprKind::Measure(id) => {
                let read = plan.measure(*id).expressions();
                read.into_iter().for_each(|own| self.read(own, Some(outer)));
            }
            ExprKind::Tier(id) => self.read(&plan.tier_table(*id).axis, Some(outer)),
            ExprKind::Lookup(id) => {
                let read = plan.lookup(*id).expressions();
                read.into_iter().for_each(|own| self.read(own, Some(outer)));
            }
            ExprKind::Scorecard(id) => {
                let objectives = &plan.scorecard(*id).objectives;
                let scores = objectives.iter().map(|objective| &objective.score);
                scores.for_each(|own| self.read(own, Some(outer)));
            }
            _ => each_child(expr, &mut |child| self.read(child, name)),
        }
    }

    fn of_a_person(&mut self, name: &Expr) {
        let name = name.clone();
        self.found.persons.push(Shared { name });
    }
}
