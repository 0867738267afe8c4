//! Totals across plans: payouts of several plans under one cap.
//!
//! They stand above the plans: each is resolved once all plans have their meaning.

use crate::base::{Cadence, Exact, Residue, Rounding};
use crate::diag::{Code, Diagnostic, Edit, Problems, Span, near};
use crate::meaning::errors;
use crate::meaning::plan::{PayId, Plan};
use crate::syntax::ast::{self, PayKind, Reduces};

/// Payouts under one cap.
#[derive(Clone, Debug)]
pub struct Total {
    /// Its name.
    pub name: String,
    /// Its label, or its name.
    pub label: String,
    /// The payouts, in the order in which they stand: each a plan, by its place in the list that was given, and a payout.
    pub of: Vec<(usize, PayId)>,
    /// The most they pay together.
    pub most: Exact,
    /// In which length of time.
    pub each: Cadence,
    /// Who loses what is above it.
    pub how: How,
    /// The head line.
    pub span: Span,
}

/// Who loses what is above a cap.
#[derive(Clone, Debug)]
pub enum How {
    /// The last before the one before it.
    LastFirst,
    /// Each in proportion to what it pays, in whole units.
    InProportion {
        /// The unit, rounded down to.
        unit: Rounding,
        /// Who loses the spare units.
        residue: Residue,
    },
}

/// The totals of some files over plans. `all` says whether there are no other plans.
pub fn totals(files: &[&ast::File], plans: &[&Plan], all: bool) -> (Vec<Total>, Problems) {
    let mut made = Made {
        plans,
        all,
        totals: Vec::new(),
        problems: Problems::new(),
    };
    for item in files.iter().flat_map(|file| &file.items) {
        if let ast::Item::Total(total) = item {
            let total = made.total(total);
            made.totals.extend(total);
        }
    }
    (made.totals, made.problems)
}

struct Made<'p> {
    plans: &'p [&'p Plan],
    all: bool,
    totals: Vec<Total>,
    problems: Problems,
}

impl Made<'_> {
    fn total(&mut self, written: &ast::Total) -> Option<Total> {
        if let Some(first) = self.totals.iter().find(|own| own.name == written.name.text) {
            let problem = errors::twice(&written.name.text, first.span, written.span);
            self.problems.push(problem);
        }
        let of = match written.every {
            Some(_) => self.every(),
            None => self.named(&written.of)?,
        };
        let (cap, reduces) = (written.cap.as_ref()?, written.reduces.as_ref()?);
        let how = self.how(written, reduces)?;
        let whole = [
            self.once_in_all(&of, written),
            self.in_one_currency(&of, cap),
            self.in_one_window(&of, cap),
            self.not_paid_otherwise(&of, written),
        ];
        whole.iter().all(|own| *own).then(|| Total {
            name: written.name.text.clone(),
            label: written.name.called(written.label.as_ref()),
            of,
            most: cap.amount.clone(),
            each: cap.each.value,
            how,
            span: written.span,
        })
    }

    /// Every payout of every plan: plans by their titles, so that the names of files say nothing.
    fn every(&self) -> Vec<(usize, PayId)> {
        let mut plans: Vec<(usize, &&Plan)> = self.plans.iter().enumerate().collect();
        plans.sort_by(|(_, a), (_, b)| a.title.cmp(&b.title));
        let of_plan = |(at, plan): (usize, &&Plan)| {
            let pays = plan.pays.iter().enumerate();
            let paid = pays.filter(|(_, pay)| pay.kind == PayKind::Pay);
            paid.map(|(pay, _)| (at, PayId(pay))).collect::<Vec<_>>()
        };
        plans.into_iter().flat_map(of_plan).collect()
    }

    fn named(&mut self, written: &[ast::PayIn]) -> Option<Vec<(usize, PayId)>> {
        let mut of = Vec::new();
        let mut whole = true;
        for own in written {
            match self.payout(own) {
                Some(found) if of.contains(&found) => {
                    whole = false;
                    self.problems.push(Diagnostic::at(
                        Code::N105,
                        own.pay.span.to(own.plan.span),
                        format!("`{}` is added twice", own.pay.text),
                    ));
                }
                Some(found) => of.push(found),
                None => whole = false,
            }
        }
        whole.then_some(of)
    }

    fn payout(&mut self, written: &ast::PayIn) -> Option<(usize, PayId)> {
        let title = &written.plan.value;
        if self
            .plans
            .iter()
            .filter(|plan| plan.title == *title)
            .count()
            > 1
        {
            self.problems.push(
                Diagnostic::at(
                    Code::U207,
                    written.plan.span,
                    format!("\"{title}\" pays in several currencies, which do not add"),
                )
                .help("add payouts of plans of one currency", ""),
            );
            return None;
        }
        let mut plans = self.plans.iter();
        let Some(at) = plans.position(|plan| plan.title == *title) else {
            // Where one plan is looked at alone, the others are not there.
            if self.all {
                let titles = self.plans.iter().map(|plan| plan.title.as_str());
                let diagnostic = Diagnostic::at(
                    Code::N101,
                    written.plan.span,
                    format!("there is no plan \"{title}\""),
                );
                self.problems.push(with_near(
                    diagnostic,
                    near(title, titles),
                    written.plan.span,
                    true,
                ));
            }
            return None;
        };
        let (plan, name) = (self.plans[at], &written.pay);
        match plan.pay_named(&name.text) {
            Some(id) if plan.pay(id).kind == PayKind::Pay => Some((at, id)),
            Some(_) => {
                let kind = "a component, and only what is paid can be cut";
                let problem = errors::not_a_value(&name.text, name.span, kind);
                self.problems.push(problem);
                None
            }
            None => {
                let paid = plan.pays.iter().filter(|pay| pay.kind == PayKind::Pay);
                let found = near(&name.text, paid.map(|pay| pay.name.as_str()));
                let diagnostic = Diagnostic::at(
                    Code::N101,
                    name.span,
                    format!("\"{title}\" has no payout `{}`", name.text),
                );
                self.problems
                    .push(with_near(diagnostic, found, name.span, false));
                None
            }
        }
    }

    fn how(&mut self, written: &ast::Total, reduces: &ast::Spanned<Reduces>) -> Option<How> {
        match (reduces.value, &written.unit, &written.remainder) {
            (Reduces::LastFirst, None, None) if written.every.is_none() => Some(How::LastFirst),
            (Reduces::LastFirst, None, None) => {
                self.problems.push(
                    Diagnostic::at(
                        Code::Q808,
                        reduces.span,
                        "`every payout` has no order, so none is the last",
                    )
                    .help(
                        "name them in their order",
                        "of          commission in \"…\", bonus in \"…\"",
                    )
                    .help("or let each lose its part", "reduces     in proportion"),
                );
                None
            }
            (Reduces::LastFirst, unit, remainder) => {
                let unit = unit.as_ref().map(|own| own.span);
                let span = unit.or(remainder.as_ref().map(|own| own.span))?;
                self.problems.push(
                    Diagnostic::at(
                        Code::Q808,
                        span,
                        "nothing is divided where the last loses first",
                    )
                    .help("take the line away", ""),
                );
                None
            }
            (Reduces::InProportion, Some(unit), Some(remainder)) => Some(How::InProportion {
                unit: Rounding {
                    unit: unit.value.clone(),
                    mode: crate::base::Mode::Down,
                },
                residue: remainder.value,
            }),
            (Reduces::InProportion, unit, _) if !written.broken => {
                let diagnostic = Diagnostic::at(
                    Code::R901,
                    reduces.span,
                    "parts of a cut are no whole cents",
                )
                .note("100.00 taken from three equal payouts are 33.333… each.");
                self.problems.push(match unit {
                    None => {
                        let line = "round       each cut to 0.01, down";
                        let edit = vec![Edit::below(reduces.span, line)];
                        diagnostic.fix("say to what they are rounded", line, edit)
                    }
                    Some(unit) => {
                        let fix = |line: &str| vec![Edit::below(unit.span, line)];
                        let (largest, first) = (
                            "remainder   to the largest share",
                            "remainder   to the first",
                        );
                        diagnostic
                            .fix("the largest loses the spare cents", largest, fix(largest))
                            .fix("the first loses them", first, fix(first))
                    }
                });
                None
            }
            (Reduces::InProportion, ..) => None,
        }
    }

    /// A payout is cut by one total.
    fn once_in_all(&mut self, of: &[(usize, PayId)], written: &ast::Total) -> bool {
        let shared = self.totals.iter().find_map(|total| {
            let own = of.iter().find(|own| total.of.contains(own))?;
            Some((total, *own))
        });
        let Some((total, (plan, pay))) = shared else {
            return true;
        };
        let name = &self.plans[plan].pay(pay).name;
        let diagnostic = Diagnostic::at(
            Code::Q808,
            written.span,
            format!("`{name}` is cut by two totals"),
        )
        .saying("and by this one")
        .label(total.span, "by this one")
        .note("Which of them cuts first would decide what is paid.");
        self.problems
            .push(diagnostic.help("name the payouts that each of them cuts", "of          …"));
        false
    }

    /// A payout that is converted when it is paid: what is cut of it would have to be converted too.
    fn not_paid_otherwise(&mut self, of: &[(usize, PayId)], written: &ast::Total) -> bool {
        let pays = of.iter().map(|(plan, pay)| self.plans[*plan].pay(*pay));
        let paid = pays.into_iter().find(|pay| pay.paid_in.is_some());
        if let Some(pay) = paid {
            let words = format!("`{}` is paid in a currency of its own", pay.name);
            self.problems.push(
                Diagnostic::at(Code::Q808, written.span, words)
                    .label(pay.span, "with `paid in`")
                    .help("let the total add payouts that are paid as they are", ""),
            );
        }
        paid.is_none()
    }

    fn in_one_currency(&mut self, of: &[(usize, PayId)], cap: &ast::TotalCap) -> bool {
        let own = cap.currency.value;
        let currencies = of.iter().map(|(plan, _)| self.plans[*plan].currency);
        let other = currencies.into_iter().find(|other| *other != own);
        if let Some(other) = other {
            self.problems
                .push(errors::currencies(own, other, cap.currency.span));
        }
        other.is_none()
    }

    /// Every payout lies in one window of the cap, by the end of its period.
    fn in_one_window(&mut self, of: &[(usize, PayId)], cap: &ast::TotalCap) -> bool {
        let each = cap.each.value;
        let plans = || of.iter().map(|(plan, _)| self.plans[*plan]);
        let why = if let Some(plan) = plans().find(|plan| plan.cadence > each) {
            format!(
                "\"{}\" pays each {}, which is longer",
                plan.title,
                plan.cadence.words()
            )
        } else if plans().any(|plan| !plan.calendar.has(each)) {
            format!("the calendar has no {}", each.noun())
        } else if let [first, rest @ ..] = plans().collect::<Vec<_>>().as_slice()
            && let Some(other) = rest.iter().find(|own| !are_one(first, own))
        {
            format!(
                "\"{}\" and \"{}\" have different calendars",
                first.title, other.title
            )
        } else {
            return true;
        };
        self.problems.push(
            Diagnostic::at(
                Code::Q808,
                cap.each.span,
                format!("these payouts have no {} in common", each.noun()),
            )
            .saying(why)
            .help("cap a length of time in which all of them lie", "each year"),
        );
        false
    }
}

/// Whether two plans have the company's months, quarters and years in common; one of them may cut its weeks.
fn are_one(a: &Plan, b: &Plan) -> bool {
    a.calendar.cut_at_month_ends() == b.calendar.cut_at_month_ends()
}

fn with_near(diagnostic: Diagnostic, near: Option<&str>, span: Span, quoted: bool) -> Diagnostic {
    let Some(near) = near else {
        return diagnostic;
    };
    let text = if quoted {
        format!("\"{near}\"")
    } else {
        near.to_owned()
    };
    let edit = Edit {
        span,
        text: text.clone(),
    };
    diagnostic.fix("the closest there is", text, vec![edit])
}
