//! `earned each quarter, paid …`: a block that is read as if the plan paid each quarter.
//!
//! While such a block is lowered, [`Lower::reading`] is its length of time. Whatever has a value for each period then
//! gets a version of its own, to date of that length of time: measures, tables, scorecards and components. Credits,
//! quotas, inputs and rates are the same for all.

use crate::base::Cadence;
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::lower::Lower;
use crate::meaning::names::Def;
use crate::meaning::plan::{InputId, Step, StepKind};
use crate::syntax::ast::{self, Paid, Window};

impl Def<'_> {
    /// Whether what it means depends on the length of time for which it is read.
    pub(in crate::meaning) fn is_of_the_period(&self) -> bool {
        matches!(
            self,
            Def::Measure(_)
                | Def::Tiers(_)
                | Def::Curve(_)
                | Def::Lookup(_)
                | Def::Scorecard(_)
                | Def::Carry(_)
                | Def::Pay(_)
                | Def::Pool(_)
                | Def::Contest(_)
        )
    }
}

impl Lower<'_> {
    /// The length of time for which the block at hand is read.
    pub(in crate::meaning) fn length(&self) -> Cadence {
        self.reading.unwrap_or(self.plan.cadence)
    }

    /// A label, told apart from that of the same block for the plan's period.
    pub(in crate::meaning) fn label_to_date(&self, label: String) -> String {
        match self.reading {
            None => label,
            Some(over) => format!("{label}, {} to date", over.words()),
        }
    }

    /// A window without what goes without saying: in a block of the quarter, `quarter to date` is no window.
    pub(in crate::meaning) fn plain_window(&self, written: Window) -> Window {
        match (self.reading, written) {
            (Some(over), Window::ToDate(length)) if length == over => Window::Period,
            _ => written,
        }
    }

    /// The days that a window written here means.
    pub(in crate::meaning) fn window_here(&self, written: Window) -> Window {
        if let Some(Some((first, last))) = self.contest_at_hand {
            return Window::Between(first, last);
        }
        let Some(over) = self.reading else {
            return written;
        };
        match written {
            Window::Period => Window::ToDate(over),
            Window::LastPeriod => Window::Last(over),
            Window::SamePeriodLastYear => Window::SameLastYear(over),
            Window::Months {
                count,
                with_this: false,
            } => Window::MonthsBefore { count, of: over },
            other => other,
        }
    }

    /// The length of time of a block, where what it says of it holds.
    pub(in crate::meaning) fn earned_over(&mut self, pay: &ast::Pay) -> Option<Cadence> {
        let earned = pay.earned.as_ref()?;
        let (each, period) = (earned.each.value, self.plan.cadence);
        if !self.known.cadence {
            return None;
        }
        if each <= period {
            let why = if each == period {
                "which this block is anyway".to_owned()
            } else {
                format!("and a {} is shorter", each.words())
            };
            self.problems.push(
                Diagnostic::at(
                    Code::S008,
                    earned.span,
                    format!("the plan pays each {}, {why}", period.words()),
                )
                .fix(
                    "take the line away",
                    "",
                    vec![Edit {
                        span: earned.span,
                        text: String::new(),
                    }],
                )
                .note(
                    "`earned each …` is for what is earned over a longer length of time than the plan's period.",
                ),
            );
            return None;
        }
        let wanted = match earned.paid {
            Paid::AsItGrows => period,
            Paid::WhenItEnds => each,
        };
        if earned.paid_of.value != wanted {
            let said = match earned.paid {
                Paid::AsItGrows => format!("the plan pays each {}", period.words()),
                Paid::WhenItEnds => format!("this is earned each {}", each.words()),
            };
            self.problems
                .push(Diagnostic::at(Code::S008, earned.paid_of.span, said).fix(
                    "write",
                    wanted.words(),
                    vec![Edit {
                        span: earned.paid_of.span,
                        text: wanted.words().to_owned(),
                    }],
                ));
        }
        let what = format!("what is earned each {each}");
        self.lies_in((period, each), earned.span, &what);
        Some(each)
    }

    /// Whether a block can be read for the length of time at hand: it does not remember other periods in its own way.
    pub(in crate::meaning) fn can_be_read(&mut self, pay: &ast::Pay) -> bool {
        let Some(over) = self.reading else {
            return true;
        };
        let (name, each) = (&pay.name.text, over.words());
        let own = pay.earned.as_ref().map(|earned| earned.each.value);
        if own == Some(over) {
            return self.no_increase(pay, over);
        }
        let why = match (own, pay.kind) {
            (Some(own), _) => format!("`{name}` is earned each {}", own.words()),
            (None, ast::PayKind::Pay) => {
                format!("`{name}` is earned each {}", self.plan.cadence.words())
            }
            (None, ast::PayKind::Component) => return self.no_increase(pay, over),
        };
        self.problems.push(
            Diagnostic::at(
                Code::G303,
                pay.span,
                format!("{why}, and a block that is earned each {each} reads it"),
            )
            .note(format!("What it comes to in a {each} is one thing paid {0} by {0}, and another paid at once.", self.plan.cadence.words()))
            .help("let both be earned over one length of time", format!("earned      each {each}, …"))
            .help("or read a component, which is read for either", "component …"),
        );
        false
    }

    fn no_increase(&mut self, pay: &ast::Pay, over: Cadence) -> bool {
        let mut steps = pay.steps.iter();
        let increase = steps.find(|step| matches!(step.kind, ast::StepKind::Increase { .. }));
        let Some(increase) = increase else {
            return true;
        };
        let each = over.words();
        self.problems.push(
            Diagnostic::at(
                Code::G303,
                increase.span,
                format!("since when: this amount is of the {each}, and the line takes off an earlier one"),
            )
            .help(
                format!("pay what is new in the {each} so far"),
                format!("earned      each {each}, paid each {}", self.plan.cadence.words()),
            ),
        );
        false
    }

    /// The window of a block that is read for a longer length of time; an amount in it runs over no other to date.
    pub(in crate::meaning) fn window_over(
        &mut self,
        over: Cadence,
        windows: &[(Window, Span)],
    ) -> Window {
        let runs_on = |window: Window| match window {
            // What is shorter has been answered where it stands.
            Window::ToDate(length) => length > over,
            window => window.is_to_date(),
        };
        if let Some((window, at)) = windows.iter().find(|(window, _)| runs_on(*window)) {
            let each = over.words();
            self.problems.push(
                Diagnostic::at(
                    Code::G303,
                    *at,
                    format!(
                        "this block is of the {each}, and its amount runs to date of something else"
                    ),
                )
                .saying(format!("the {}", window.words()))
                .help(format!("take what is of the {each}"), "total bookings")
                .help(
                    "or pay what is new since the period before, without `earned`",
                    "pays the increase",
                ),
            );
        }
        Window::ToDate(over)
    }

    /// The line by which what is earned over a longer length of time is paid; the last of all.
    pub(in crate::meaning) fn payment(&self, pay: &ast::Pay) -> Option<Step> {
        let earned = pay.earned.as_ref()?;
        let kind = match earned.paid {
            Paid::AsItGrows => StepKind::Increase {
                never_below_zero: false,
            },
            Paid::WhenItEnds => StepKind::WhenItEnds,
        };
        Some(Step {
            kind,
            when: None,
            span: earned.span,
        })
    }

    /// A cap or floor of less than the length of time at hand.
    pub(in crate::meaning) fn limit_too_short(
        &mut self,
        limit: Cadence,
        span: Span,
        pay: &ast::Pay,
    ) {
        let (length, limit) = (self.length().words(), limit.words());
        let fixed = format!("each {length}");
        let edit = vec![Edit {
            span,
            text: fixed.clone(),
        }];
        let short = format!("and a {limit} is shorter");
        let diagnostic = match (self.reading, &pay.earned) {
            (None, _) => Diagnostic::at(
                Code::S008,
                span,
                format!("the plan pays each {length}, {short}"),
            )
            .fix("write", fixed, edit),
            (Some(_), Some(_)) => Diagnostic::at(
                Code::S008,
                span,
                format!("this is earned each {length}, {short}"),
            )
            .fix("write", fixed, edit),
            (Some(_), None) => Diagnostic::at(
                Code::S008,
                span,
                format!(
                    "`{}` is read by a block that is earned each {length}, {short}",
                    pay.name.text
                ),
            )
            .help(
                "limit what is paid: in the block that reads it, write",
                format!("cap         … each {length}, excess is lost"),
            ),
        };
        self.problems.push(diagnostic);
    }

    /// An input has one value in the length of time for which it is read.
    pub(in crate::meaning) fn input_fits(&mut self, id: InputId, span: Span) {
        let input = self.plan.input(id);
        let Some(over) = self.reading.filter(|over| input.cadence < *over) else {
            return;
        };
        let (name, own) = (input.name.clone(), input.cadence.words());
        let why = format!(
            "it is read for the {}, and it is for each {own}: which one counts?",
            over.words()
        );
        self.problems
            .push(errors::wrong_place(&format!("`{name}`"), span, &why));
    }
}
