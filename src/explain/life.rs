//! One person's rows, and their days in the role.

use crate::base::Date;
use crate::explain::cells::{of_broken_rows, read_cell};
use crate::explain::expression::{Found, Reader, Scalar, Stop, walk, yes};
use crate::explain::receipt::Node;
use crate::meaning::plan::{Expr, ExprKind, Plan};
use crate::table::{Cause, PEOPLE, Rows, Table, sorted};

/// One person as the people table has them.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Life {
    /// Row, first day, last day.
    pub(in crate::explain) rows: Vec<(usize, Date, Date)>,
    /// Stretches of days in the role.
    pub(in crate::explain) role: Vec<(Date, Date)>,
    /// Why nothing can be known.
    pub(in crate::explain) held: Vec<Cause>,
}

struct PersonRow<'a>(&'a Plan, &'a Table, usize);

impl Reader for PersonRow<'_> {
    fn name(&mut self, expr: &Expr, _: &mut Vec<Node>) -> Found {
        match &expr.kind {
            ExprKind::Fact(column, _) => read_cell(
                self.0,
                self.1,
                &self.0.people.columns[column.0].name,
                self.2,
            ),
            _ => Err(Stop::Nothing),
        }
    }
}

/// Reads a person's life.
pub(in crate::explain) fn life(plan: &Plan, rows: &dyn Rows, payee: &str) -> Life {
    let mut life = Life {
        rows: Vec::new(),
        role: Vec::new(),
        held: Vec::new(),
    };
    let Some(table) = rows.table(PEOPLE) else {
        return life;
    };
    let mut impossible = Vec::new();
    let (mut member, mut is_known) = (false, false);
    for row in 0..table.rows {
        if read_cell(plan, table, "id", row) != Ok(Scalar::Text(payee.to_owned())) {
            continue;
        }
        is_known = true;
        let meets = yes(walk(
            &plan.payees.condition,
            &mut PersonRow(plan, table, row),
            &mut Vec::new(),
        ));
        let edge = |name: &str, open: Date| match read_cell(plan, table, name, row) {
            Ok(Scalar::Date(date)) => Ok(date),
            Err(Stop::Held(causes)) => Err(causes),
            _ => Ok(open),
        };
        let (first, last) = match (edge("from", Date::MIN), edge("through", Date::MAX)) {
            (Ok(first), Ok(last)) => (first, last),
            (Err(causes), _) | (Ok(_), Err(causes)) => {
                if meets != Ok(false) {
                    life.held.extend(causes);
                }
                continue;
            }
        };
        if first > last {
            let cell = table.cell(row, "through", &last.to_string());
            impossible.push(Cause::ends_first(payee, first, last, cell));
        } else {
            let clash = life.rows.iter().any(|(_, a, b)| first <= *b && *a <= last);
            if clash {
                impossible.push(Cause::overlap(payee, table.cell(row, "id", payee)));
            }
            life.rows.push((row, first, last));
        }
        match meets {
            Ok(true) => {
                member = true;
                if first <= last {
                    life.role.push((first, last));
                }
            }
            Err(Stop::Held(causes)) => life.held.extend(causes),
            _ => {}
        }
    }
    if member {
        life.held.append(&mut impossible);
    }
    if is_known {
        life.held.extend(of_broken_rows(table, payee));
    }
    life.rows.sort_by_key(|own| (own.1, own.2, own.0));
    life.held = sorted(life.held);
    life
}
