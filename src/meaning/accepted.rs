//! `accept CODE because "…"`: warnings and notes that the author has seen and keeps.

use crate::diag::{Code, Diagnostic, Problems, Severity, Span};
use crate::meaning::lower::Lower;
use crate::meaning::plan::{Accepted, Pay, Plan};
use crate::syntax::ast;

impl Plan {
    /// Problems without the warnings and notes that are accepted in their block, or, for the whole plan, in its head.
    pub fn unaccepted(&self, problems: Problems) -> Problems {
        let mut kept = Problems::new();
        for diagnostic in problems.iter().filter(|own| !self.accepts(own)) {
            kept.push(diagnostic.clone());
        }
        kept
    }

    /// Whether a warning or note is accepted where it stands.
    pub fn accepts(&self, diagnostic: &Diagnostic) -> bool {
        let Some(at) = diagnostic.labels.first().map(|label| label.span) else {
            return false;
        };
        let block = self.block_of(at);
        // What an amendment brings about can be accepted in its head.
        let beside: Vec<Span> = diagnostic.labels.iter().map(|label| label.span).collect();
        let heads = self.amended.amendments.iter().map(|own| own.span);
        let amending: Vec<Span> = heads.filter(|head| beside.contains(head)).collect();
        diagnostic.severity != Severity::Error
            && self.accepted.iter().any(|own| {
                own.code == diagnostic.code
                    && (Some(own.block) == block
                        || amending.contains(&own.block)
                        || own.block == self.span && at.file == self.file)
            })
    }

    /// The head of the block in which something stands: the last head before it.
    fn block_of(&self, at: Span) -> Option<Span> {
        self.block_heads()
            .filter(|head| head.file == at.file && head.start <= at.start)
            .max()
    }

    /// Heads of the blocks that may accept a warning.
    fn block_heads(&self) -> impl Iterator<Item = Span> + '_ {
        std::iter::once(self.span)
            .chain(self.credits.iter().map(|credit| credit.span))
            .chain(self.inputs.iter().map(|input| input.span))
            .chain(self.quotas.iter().map(|quota| quota.span))
            .chain(self.measures.iter().map(|measure| measure.span))
            .chain(self.tiers.iter().map(|tiers| tiers.span))
            .chain(self.lookups.iter().map(|lookup| lookup.span))
            .chain(self.rates.iter().map(|rate| rate.span))
            .chain(self.exchanges.iter().map(|exchange| exchange.span))
            .chain(self.scorecards.iter().map(|card| card.span))
            .chain(self.carries.iter().map(|carry| carry.span))
            .chain(self.pays.iter().flat_map(Pay::texts).map(|pay| pay.span))
            .chain(self.draws.iter().map(|draw| draw.span))
            .chain(self.clawbacks.iter().map(|claw| claw.span))
            .chain(self.exceptions.iter().map(|own| own.span))
            .chain(self.amended.amendments.iter().map(|own| own.span))
    }
}

impl Lower<'_> {
    pub(in crate::meaning) fn accept(&mut self, plan: &ast::File, shared: &[&ast::File]) {
        for item in std::iter::once(plan)
            .chain(shared.iter().copied())
            .flat_map(|file| &file.items)
        {
            let item = match item {
                ast::Item::Replace(replace) => &replace.item,
                other => other,
            };
            let (accepts, block) = match item {
                ast::Item::Amend(head) => (&head.accepts, head.span),
                ast::Item::Plan(head) => (&head.accepts, head.span),
                ast::Item::Credit(credit) => (&credit.accepts, credit.span),
                ast::Item::Budget(budget) => (&budget.accepts, budget.span),
                ast::Item::Draw(draw) => (&draw.accepts, draw.span),
                ast::Item::Rollup(rollup) => (&rollup.accepts, rollup.span),
                ast::Item::Input(input) => (&input.accepts, input.span),
                ast::Item::Quota(quota) => (&quota.accepts, quota.span),
                ast::Item::Measure(measure) => (&measure.accepts, measure.span),
                ast::Item::Tiers(tiers) => (&tiers.accepts, tiers.span),
                ast::Item::Curve(curve) => (&curve.accepts, curve.span),
                ast::Item::Lookup(lookup) => (&lookup.accepts, lookup.span),
                ast::Item::Rate(rate) => (&rate.accepts, rate.span),
                ast::Item::Scorecard(card) => (&card.accepts, card.span),
                ast::Item::Exchange(exchange) => (&exchange.accepts, exchange.span),
                ast::Item::Carry(carry) => (&carry.accepts, carry.span),
                ast::Item::Pay(pay) => (&pay.accepts, pay.span),
                ast::Item::Clawback(own) => (&own.accepts, own.span),
                ast::Item::Exception(own) => (&own.accepts, own.span),
                ast::Item::Pool(pool) => (&pool.accepts, pool.span),
                ast::Item::Contest(own) => (&own.accepts, own.span),
                _ => continue,
            };
            for accept in accepts {
                for code in &accept.codes {
                    if code.severity() == Severity::Error {
                        self.problems.push(
                            Diagnostic::at(
                                Code::S008,
                                accept.span,
                                format!("{code} is an error, and errors cannot be accepted"),
                            )
                            .help("mend what it is about", ""),
                        );
                    }
                    self.plan.accepted.push(Accepted {
                        code: *code,
                        block,
                        because: accept.because.value.clone(),
                    });
                }
            }
        }
    }
}
