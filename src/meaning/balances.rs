//! What tests say of balances, and of what draws do.

use crate::diag::{Code, Diagnostic};
use crate::meaning::lower::Lower;
use crate::meaning::names::Def;
use crate::syntax::ast;

impl Lower<'_> {
    /// `given balance of …` of a test: of a draw that is owed back, or of a payout that carries forward.
    pub(in crate::meaning) fn given_balance(&mut self, what: &ast::Name, value: &ast::Expr) {
        if !self.has_balance(what) {
            return;
        }
        self.test_value(value, what);
        let is_draw = matches!(self.names.peek(&what.text), Some(Def::Draw(_)));
        let is_negative = matches!(value.kind, ast::ExprKind::Negative(_));
        if is_draw == is_negative {
            let words = match is_draw {
                true => "what is owed of a draw is above 0",
                false => "what a payout carries forward is below 0",
            };
            self.problems
                .push(Diagnostic::at(Code::U204, value.span, words));
        }
    }

    /// `expect balance of …`, `expect drawn by …` of a test.
    pub(in crate::meaning) fn expected_of_draw(&mut self, expect: &ast::Expect) {
        let is_right = match expect.of {
            ast::ExpectOf::Balance => self.has_balance(&expect.what),
            _ => self.is_draw(&expect.what),
        };
        if let Some(value) = expect.value.as_ref().filter(|_| is_right) {
            self.test_value(value, &expect.what);
        }
    }

    fn is_draw(&mut self, what: &ast::Name) -> bool {
        let is_draw = |def: &Def<'_>| matches!(def, Def::Draw(_));
        let found = self.names.peek(&what.text).is_some_and(|def| is_draw(&def));
        if !found {
            self.not_in_plan(what, "a draw", is_draw);
        }
        found
    }

    fn has_balance(&mut self, what: &ast::Name) -> bool {
        let has_one = |def: &Def<'_>| match def {
            Def::Draw(draw) => draw.recover.as_ref().is_none_or(|own| own.from.is_some()),
            Def::Pay(pay) => {
                let below = pay.below.as_ref().map(|below| below.rule);
                below == Some(ast::BelowZero::CarriesForward)
            }
            _ => false,
        };
        let found = self.names.peek(&what.text);
        if let Some(Def::Pay(pay)) = &found
            && self.is_asked_below(pay)
        {
            return false;
        }
        let found = found.is_some_and(|def| has_one(&def));
        if !found {
            self.not_in_plan(what, "a draw or payout with a balance", has_one);
        }
        found
    }

    /// Whether a payout may keep a balance: it does not say what happens below 0, and has been asked.
    fn is_asked_below(&self, pay: &ast::Pay) -> bool {
        let is_here = |own: &Diagnostic| own.labels.first().is_some_and(|at| at.span == pay.span);
        let is_asked = |own: &Diagnostic| own.code == Code::R905 && is_here(own);
        pay.below.is_none() && (pay.broken || self.problems.iter().any(is_asked))
    }
}
