//! `exception`: another value for some records, or another quota for a person and period.

use crate::diag::{Code, Diagnostic, Edit, Span, near};
use crate::meaning::errors;
use crate::meaning::infer::{Place, PlaceKind};
use crate::meaning::kinds::is_number;
use crate::meaning::lower::{Lower, shown};
use crate::meaning::names::Def;
use crate::meaning::plan::{
    ColumnId, Credit, CreditId, Exception, ExceptionOf, ExceptionOnRecords, Expr, ExprKind,
    Instead, QuotaId, Running, SourceId, each_child,
};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast;

/// Why no exception is about an adjustment.
const ADJUSTED_AGAIN: &str = "an adjustment is changed by another adjustment";

/// What the plan has under the words behind `instead of`.
enum Found {
    Column(SourceId, String, ColumnId),
    Credit(CreditId),
    Quota(QuotaId),
}

impl Lower<'_> {
    /// The exceptions of the plan's own file, once everything they may replace is known.
    pub(in crate::meaning) fn exceptions(&mut self, plan: &ast::File, shared: &[&ast::File]) {
        for item in shared.iter().flat_map(|file| &file.items) {
            let (what, span) = match item {
                ast::Item::Exception(own) => {
                    ("an exception stands in the plan it is about", own.span)
                }
                ast::Item::Adjustments(own) => {
                    ("adjustments stand in the plan that pays them", own.span)
                }
                _ => continue,
            };
            let moved = "move the block into the plan's own file";
            self.problems
                .push(Diagnostic::at(Code::S002, span, what).help(moved, ""));
        }
        for item in &plan.items {
            if let ast::Item::Exception(written) = item
                && let Some(of) = self.exception(written)
                && let (Some(approved), Some(because)) = (&written.approved, &written.because)
            {
                self.plan.exceptions.push(Exception {
                    title: written.title.value.clone(),
                    of,
                    approved_by: approved.by.value.clone(),
                    approved_on: approved.on,
                    because: because.value.clone(),
                    span: written.span,
                });
            }
        }
        self.one_exception_for_each_quota();
    }

    fn exception(&mut self, written: &ast::Exception) -> Option<ExceptionOf> {
        self.exception_is_whole(written);
        let found = self.instead_of(written.instead.as_ref()?)?;
        match found {
            Found::Column(source, word, column) => {
                let instead = Instead::Column(source, column);
                if self.is_converted(source, column) {
                    let span = written
                        .instead
                        .as_ref()
                        .map_or(written.span, |own| own.span);
                    let name = self.plan.source(source).columns.get(column.0);
                    let name = name.map_or("…", |own| &own.name);
                    let words = format!(
                        "each `{word}.{name}` is converted from its own currency, and another amount would have none"
                    );
                    self.problems.push(
                        Diagnostic::at(Code::U203, span, words)
                            .help("replace what a credit makes of it", "instead of  bookings"),
                    );
                    return None;
                }
                self.on_records(written, source, word, instead)
            }
            Found::Credit(id) => {
                let credit = self.plan.credit(id);
                let (source, word) = (credit.source, credit.record_word.clone());
                self.on_records(written, source, word, Instead::Credit(id))
            }
            Found::Quota(id) => self.of_quota(written, id),
        }
    }

    /// Whether a column is converted cell by cell.
    fn is_converted(&self, source: SourceId, column: ColumnId) -> bool {
        fn reads(expr: &Expr, own: &ExprKind) -> bool {
            let mut found = match &expr.kind {
                ExprKind::Converted { of, .. } => of.kind == *own,
                _ => false,
            };
            each_child(expr, &mut |child| found |= reads(child, own));
            found
        }
        let own = ExprKind::Column(source, column);
        let expressions = self.plan.expressions();
        expressions.into_iter().any(|expr| reads(expr, &own))
    }

    /// S007: everything that an exception must say and does not, at once.
    fn exception_is_whole(&mut self, written: &ast::Exception) {
        if written.broken {
            return;
        }
        let lacks = [
            (
                written.when.is_empty() && written.whose.is_none(),
                "what it is about",
                "when        deal.id is \"D-1182\"",
            ),
            (
                written.amount.is_none(),
                "the value it gives",
                "amount      50% of deal.amount",
            ),
            (
                written.instead.is_none(),
                "which value that replaces",
                "instead of  deal.amount",
            ),
            (
                written.approved.is_none(),
                "who approved it and when",
                "approved by \"VP Sales\" on 2026-02-11",
            ),
            (
                written.because.is_none(),
                "why",
                "because     \"Renewal moved from the partner team\"",
            ),
        ];
        let subject = format!("the exception `{}`", written.title.value);
        let note = "An exception changes what somebody is paid outside the rule. Whoever is paid by it can see by whose word.";
        if let Some(said) = errors::leaves_unsaid(Code::S007, written.span, &subject, &lacks) {
            self.problems.push(said.note(note));
        }
    }

    /// What `instead of` names.
    fn instead_of(&mut self, written: &ast::Expr) -> Option<Found> {
        match &written.kind {
            ast::ExprKind::Path(word, column) => self.replaced_column(word, column),
            ast::ExprKind::Name(name) => self.replaced_name(name, written.span),
            _ => None,
        }
    }

    fn replaced_column(&mut self, word: &ast::Name, column: &ast::Name) -> Option<Found> {
        let mut adjustments = self.plan.credits.iter().filter(|own| own.by_hand.is_some());
        if adjustments.any(|own| own.record_word == word.text) {
            let what = format!("`{}.{}`", word.text, column.text);
            let span = word.span.to(column.span);
            self.problems
                .push(errors::wrong_place(&what, span, ADJUSTED_AGAIN));
            return None;
        }
        let sources = self.sources_called(&word.text);
        let [source] = sources[..] else {
            self.no_such_record(word, &sources);
            return None;
        };
        let columns = &self.plan.source(source).columns;
        let Some(at) = columns.iter().position(|own| own.name == column.text) else {
            let near = near(&column.text, columns.iter().map(|own| own.name.as_str()));
            let of = self.plan.source(source);
            if !of.gaps {
                let problem = errors::unknown_column(&column.text, column.span, &of.name, near);
                self.problems.push(problem);
            }
            return None;
        };
        let ty = columns.get(at)?.ty;
        let span = word.span.to(column.span);
        if ty == Type::Poisoned {
            return None;
        }
        if !is_number(ty) {
            let found = errors::type_words(ty, &self.plan.units);
            self.problems.push(
                errors::wrong_type(span, &found, "an amount, a percentage or a number")
                    .note("An exception replaces a number. Who has the record, and when, is corrected where the records come from."),
            );
            return None;
        }
        if !self.reads_column(source, ColumnId(at)) {
            self.replaces_nothing(span, &format!("{}.{}", word.text, column.text));
            return None;
        }
        Some(Found::Column(source, word.text.clone(), ColumnId(at)))
    }

    fn replaced_name(&mut self, name: &str, span: Span) -> Option<Found> {
        let own = |credit: &&Credit| credit.name == name;
        let credit = self.plan.credits.iter().find(own);
        if let Some(credit) = credit {
            let why = if credit.rollup.is_some() {
                Some("what goes up is replaced where it comes from: name the credit below")
            } else if credit.by_hand.is_some() {
                Some(ADJUSTED_AGAIN)
            } else {
                None
            };
            if let Some(why) = why {
                let problem = errors::wrong_place(&format!("`{name}`"), span, why);
                self.problems.push(problem);
                return None;
            }
            let at = self.plan.credits.iter().position(|own| own.name == name);
            return at.map(|at| Found::Credit(CreditId(at)));
        }
        let quota = self.plan.quotas.iter().position(|own| own.name == name);
        if let Some(at) = quota {
            return Some(Found::Quota(QuotaId(at)));
        }
        match self.names.peek(name) {
            Some(Def::Credit(_) | Def::Rollup(_) | Def::Quota(_) | Def::HeadQuota(_)) => {
                if self.known.all && !self.problems.has_errors() {
                    self.replaces_nothing(span, name);
                }
            }
            Some(def) => {
                let kind = format!(
                    "{}; an exception replaces a column of records, a credit or a quota",
                    def.kind()
                );
                self.problems.push(errors::not_a_value(name, span, &kind));
            }
            None => self.unknown(name, span),
        }
        None
    }

    /// The sources whose records the plan's credits call so.
    fn sources_called(&self, word: &str) -> Vec<SourceId> {
        let credits = self.plan.credits.iter();
        let called = credits.filter(|own| own.record_word == word);
        let mut sources: Vec<SourceId> = called.map(|own| own.source).collect();
        sources.sort();
        sources.dedup();
        sources
    }

    fn no_such_record(&mut self, word: &ast::Name, sources: &[SourceId]) {
        if self.names.is_poisoned(&word.text) || !self.known.all {
            return;
        }
        if !sources.is_empty() {
            let names: Vec<String> = sources
                .iter()
                .map(|id| format!("`{}`", self.plan.source(*id).name))
                .collect();
            let message = format!("`{}` is a record of {}", word.text, names.join(" and of "));
            let advice = "let one of the credits call its records otherwise";
            self.problems
                .push(Diagnostic::at(Code::N101, word.span, message).help(advice, "from … as …"));
            return;
        }
        let words = self.plan.credits.iter().map(|own| own.record_word.as_str());
        let near = near(&word.text, words);
        let message = format!("no credit of this plan calls its records `{}`", word.text);
        let said = Diagnostic::at(Code::N101, word.span, message);
        let said = match near {
            Some(near) => said.fix(
                "write",
                near,
                vec![Edit {
                    span: word.span,
                    text: near.to_owned(),
                }],
            ),
            None => said,
        };
        self.problems.push(said);
    }

    /// C505: an exception whose value nobody would see.
    fn replaces_nothing(&mut self, span: Span, what: &str) {
        self.problems.push(
            Diagnostic::at(
                Code::C505,
                span,
                format!("nothing in this plan reads `{what}`"),
            )
            .saying("so this exception changes nobody's pay")
            .help(
                "name a value that the plan reads",
                "instead of  deal.amount",
            ),
        );
    }

    /// Whether the plan reads a column for what it pays.
    fn reads_column(&self, source: SourceId, column: ColumnId) -> bool {
        fn reads(expr: &Expr, wanted: &ExprKind) -> bool {
            let mut found = expr.kind == *wanted;
            each_child(expr, &mut |child| found |= reads(child, wanted));
            found
        }
        let wanted = ExprKind::Column(source, column);
        // What the plan reads without its exceptions, which may stand before this one.
        let mut without = self.plan.clone();
        without.exceptions.clear();
        let runs = without.pays.iter().filter_map(|pay| pay.placed());
        let mut totals =
            runs.map(|(placed, credit)| (placed.running, without.credit(credit).source));
        without
            .expressions()
            .into_iter()
            .any(|own| reads(own, &wanted))
            || totals.any(|own| own == (Running::Total(column), source))
    }

    fn on_records(
        &mut self,
        written: &ast::Exception,
        source: SourceId,
        word: String,
        instead: Instead,
    ) -> Option<ExceptionOf> {
        if let Some(whose) = &written.whose {
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    whose.span,
                    "this is one value for each record, not for a person",
                )
                .help(
                    "say which records it is about",
                    format!("when        {word}.id is \"D-1182\""),
                ),
            );
            return None;
        }
        let mut place = Place::new(PlaceKind::Record(source, word), written.span);
        let mut when = Vec::new();
        for condition in &written.when {
            let condition = self.expr(condition, &mut place);
            self.want(&condition, Type::Bool);
            when.push(condition);
        }
        let amount = self.expr(written.amount.as_ref()?, &mut place);
        let wanted = match instead {
            Instead::Column(source, column) => self.plan.source(source).columns.get(column.0)?.ty,
            Instead::Credit(id) => self.plan.credit(id).amount.ty,
        };
        let fits = self.want(&amount, wanted);
        (fits && !when.is_empty()).then_some(ExceptionOf::Records(ExceptionOnRecords {
            source,
            when,
            instead,
            amount,
        }))
    }

    fn of_quota(&mut self, written: &ast::Exception, quota: QuotaId) -> Option<ExceptionOf> {
        if let Some(when) = written.when.first() {
            let name = &self.plan.quota(quota).name;
            let message = format!("`{name}` is one value for each person, not for a record");
            self.problems
                .push(Diagnostic::at(Code::S008, when.span, message).help(
                    "say whose it is, and of which period",
                    "for         ana in 2026-Q2",
                ));
            return None;
        }
        let whose = written.whose.as_ref()?;
        let lengths = self.plan.lengths_of_quota(quota);
        self.test_period(&whose.period, false);
        let period = self.plan.calendar.parse_period(&whose.period.text).ok()?;
        if !lengths.contains(&period.cadence()) {
            let length = lengths.first().copied().unwrap_or(self.plan.cadence);
            let around = self.plan.calendar.period_of(period.start(), length);
            let label = self.plan.calendar.label(&around);
            let message = format!(
                "`{}` is a {}, and the plan reads this quota for each {}",
                whose.period.text,
                period.cadence().noun(),
                length.words()
            );
            let edit = Edit {
                span: whose.period.span,
                text: label.clone(),
            };
            self.problems
                .push(Diagnostic::at(Code::C505, whose.period.span, message).fix(
                    "write",
                    label,
                    vec![edit],
                ));
            return None;
        }
        let mut place = Place::new(PlaceKind::Person, written.span);
        let amount = self.expr(written.amount.as_ref()?, &mut place);
        let wanted = self.plan.quota(quota).ty;
        if !self.want(&amount, wanted) {
            return None;
        }
        let Some(value) = constant(&amount) else {
            let why = "the quota of one person is a constant, such as 250,000 USD";
            self.problems
                .push(errors::wrong_place("this", amount.span, why));
            return None;
        };
        if value.is_negative() {
            self.problems.push(Diagnostic::at(
                Code::U204,
                amount.span,
                "a quota is never below 0",
            ));
            return None;
        }
        Some(ExceptionOf::Quota {
            quota,
            payee: whose.person.text.clone(),
            period,
            amount: value,
        })
    }

    /// C505: two quotas for one person and period, unless they are the same.
    fn one_exception_for_each_quota(&mut self) {
        let mut problems = Vec::new();
        for (at, own) in self.plan.exceptions.iter().enumerate() {
            let ExceptionOf::Quota {
                quota,
                payee,
                period,
                amount,
            } = &own.of
            else {
                continue;
            };
            let earlier = self.plan.exceptions.iter().take(at);
            let clash = earlier.filter_map(|first| match &first.of {
                ExceptionOf::Quota {
                    quota: q,
                    payee: p,
                    period: t,
                    amount: a,
                } if (q, p, t) == (quota, payee, period) && a != amount => Some((first, a)),
                _ => None,
            });
            for (first, other) in clash {
                let ty = self.plan.quota(*quota).ty;
                let shown = |value| shown(value, ty, &self.plan);
                let label = self.plan.calendar.label(period);
                let message = format!("two exceptions give {payee} different quotas for {label}");
                problems.push(
                    Diagnostic::at(Code::C505, own.span, message)
                        .saying(shown(amount))
                        .label(first.span, shown(other))
                        .help("keep one of them", ""),
                );
            }
        }
        problems.into_iter().for_each(|own| self.problems.push(own));
    }
}
