//! Values with a history: every day of the plan has one.

use crate::base::Date;
use crate::diag::{Code, Diagnostic, Span};
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{DatedRow, Rate, RateId};
use crate::syntax::ast;

impl Lower<'_> {
    pub(in crate::meaning) fn rate(&mut self, written: &ast::Rate) -> Option<RateId> {
        let mut place = Place::new(PlaceKind::Person, written.span);
        let mut ty = None;
        let mut rows = Vec::new();
        let mut broken = written.broken;
        for (days, value) in &written.rows {
            let value = self.expr(value, &mut place);
            let fits = self.one_type(&mut ty, &value);
            match self.a_constant(&value) {
                Some(value) if fits => rows.push(DatedRow {
                    first: days.value.0,
                    last: days.value.1,
                    value,
                    span: days.span,
                }),
                _ => broken = true,
            }
        }
        let ty = ty?;
        rows.sort_by_key(|row| (row.first, row.last));
        if broken || !self.days_covered(&written.name.text, &rows, written.span) {
            return None;
        }
        self.plan.rates.push(Rate {
            name: written.name.text.clone(),
            label: self.label_to_date(written.name.called(written.label.as_ref())),
            rows,
            ty,
            span: written.span,
        });
        Some(RateId(self.plan.rates.len() - 1))
    }

    /// D601: every day of the plan has one value.
    fn days_covered(&mut self, name: &str, rows: &[DatedRow], head: Span) -> bool {
        let mut whole = true;
        for pair in rows.windows(2) {
            let [a, b] = pair else { continue };
            let next = a.last.add_days(1);
            if b.first <= a.last {
                whole = false;
                self.problems.push(
                    Diagnostic::at(
                        Code::D601,
                        b.span,
                        format!("`{name}` has two values on {}", b.first),
                    )
                    .saying("and this row holds then, too")
                    .label(a.span, "this row holds on that day"),
                );
            } else if next.is_some_and(|next| next < b.first) {
                whole = false;
                let day = next.unwrap_or(a.last);
                self.problems.push(
                    Diagnostic::at(Code::D601, a.span, format!("no `{name}` on {day}"))
                        .saying("this row ends the day before")
                        .label(b.span, "and this one starts later")
                        .help("let one row end the day before the next starts", ""),
                );
            }
        }
        let (first, last) = self.plan.effective;
        let ends: Option<(Date, Date)> = rows
            .first()
            .zip(rows.last())
            .map(|(a, b)| (a.first, b.last));
        if let Some((from, through)) = ends
            && whole
            && (from > first || through < last)
        {
            whole = false;
            let day = if from > first { first } else { last };
            self.problems.push(
                Diagnostic::at(Code::D601, head, format!("no `{name}` on {day}"))
                    .saying(format!("it has values from {from} through {through}"))
                    .note(format!("The plan holds from {first} through {last}.")),
            );
        }
        whole
    }
}
