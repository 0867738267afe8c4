//! `adjustments`: amounts that somebody adds by hand. Each is a credit of its own, and a payout pays them all.

use crate::diag::{Code, Diagnostic};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind, node};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{
    ByHand, ColumnId, Credit, CreditId, ExprKind, Pay, PayId, Receivers, Scope, Step, StepKind,
};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast;

impl Lower<'_> {
    pub(in crate::meaning) fn adjustments(&mut self, written: &ast::Adjustments) -> Option<PayId> {
        self.adjustments_are_whole(written);
        let (source, word) = written.from.as_ref()?;
        let source = self.source(source)?;
        let mut place = Place::new(PlaceKind::Record(source, word.text.clone()), written.span);
        let to = written
            .to
            .as_ref()
            .map(|to| self.column_of(to, Type::Person, &mut place));
        let date = written
            .dated_by
            .as_ref()
            .map(|date| self.column_of(date, Type::Date, &mut place));
        let money = Type::Money(self.plan.currency);
        let amount = written.amount.as_ref();
        let amount = amount.map(|amount| (self.column_of(amount, money, &mut place), amount.span));
        let because = written
            .because
            .as_ref()
            .map(|why| self.column_of(why, Type::Text, &mut place));
        let approved = written.approved.as_ref().map(|(by, on)| {
            let by = self.column_of(by, Type::Text, &mut place);
            Some((by?, self.column_of(on, Type::Date, &mut place)?))
        });
        let below = self.below_zero(written.below.as_ref());
        let (to, dated_by, because) = (to??, date??, because??);
        let ((amount, span), (approved_by, approved_on)) = (amount?, approved??);
        let amount = amount?;
        self.wait_for_approval(source.0, [approved_by, approved_on]);
        let label = written.name.called(written.label.as_ref());
        let record = Grain::Record(source);
        self.plan.credits.push(Credit {
            name: written.name.text.clone(),
            label: label.clone(),
            source,
            record_word: word.text.clone(),
            when: Vec::new(),
            dated_by,
            corrections: None,
            amount: node(ExprKind::Column(source, amount), money, record, span),
            share_cap: None,
            receivers: Receivers {
                to: Some(to),
                split: None,
            },
            rounding: None,
            rollup: None,
            by_hand: Some(ByHand {
                amount,
                because,
                approved_by,
                approved_on,
                kept_by: written.kept_by.as_ref()?.value.clone(),
            }),
            span: written.span,
        });
        let credit = CreditId(self.plan.credits.len() - 1);
        let given = node(ExprKind::Credit(credit), money, record, span);
        self.plan.pays.push(Pay {
            scope: Scope::Each {
                source,
                credits: vec![credit],
            },
            steps: vec![Step {
                kind: StepKind::RoundNever,
                when: None,
                span,
            }],
            below: Some(below?),
            ..Pay::plain(&written.name.text, label, given, written.span)
        });
        Some(PayId(self.plan.pays.len() - 1))
    }

    /// S007: everything that adjustments must say and do not, at once.
    fn adjustments_are_whole(&mut self, written: &ast::Adjustments) {
        if written.broken {
            return;
        }
        let lacks = [
            (
                written.from.is_none(),
                "where the rows stand",
                "from        adjustments as adjustment",
            ),
            (
                written.to.is_none(),
                "whom they are for",
                "to          adjustment.person",
            ),
            (
                written.dated_by.is_none(),
                "when they count",
                "dated by    adjustment.date",
            ),
            (
                written.amount.is_none(),
                "how much they are",
                "amount      adjustment.amount",
            ),
            (
                written.because.is_none(),
                "where the reason stands",
                "because     adjustment.reason",
            ),
            (
                written.approved.is_none(),
                "where the approval stands",
                "approved by adjustment.approved_by on adjustment.approved_on",
            ),
            (
                written.kept_by.is_none(),
                "who answers for them",
                "kept by     \"Sales Compensation\"",
            ),
            (
                written.below.is_none(),
                "what happens below 0",
                "below 0 USD is paid as it is",
            ),
        ];
        let subject = format!("`{}`", written.name.text);
        if let Some(said) = errors::leaves_unsaid(Code::S007, written.span, &subject, &lacks) {
            self.problems.push(said);
        }
    }

    /// The columns of an approval may be empty until it is there.
    fn wait_for_approval(&mut self, source: usize, columns: [ColumnId; 2]) {
        for id in columns {
            let own = self.plan.sources.get_mut(source);
            let Some(column) = own.and_then(|own| own.columns.get_mut(id.0)) else {
                continue;
            };
            if !column.optional {
                column.optional = true;
                let text = format!(
                    "`{}` is empty until the adjustment is approved",
                    column.name
                );
                self.problems.push(
                    Diagnostic::at(Code::U203, column.span, text)
                        .help("let it be empty", "… or none"),
                );
            }
        }
    }
}
