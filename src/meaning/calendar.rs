//! The company's calendar as a plan reads it, and what cannot be asked of weeks.

use crate::base::{Cadence, Calendar, Date, Period, Weekday};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::errors;
use crate::meaning::lower::Lower;
use crate::syntax::ast::{self, Window};

impl Lower<'_> {
    /// Takes the calendar over, with what the head of the plan says of it.
    pub(in crate::meaning) fn calendar(&mut self, head: &ast::PlanHead) {
        if let Some(block) = self.names.calendar {
            self.known.calendar = !block.broken;
            self.plan.calendar = self.company_calendar(block);
        }
        let Some(period) = &head.period else { return };
        self.period_at = Some(period.span);
        self.has_periods(period.value, period.span);
        if let Some(cut) = head.cut {
            self.cut(period, cut);
        }
    }

    fn company_calendar(&mut self, block: &ast::CalendarBlock) -> Calendar {
        let mut calendar = self.years(block);
        if block.named_by_start.is_some() {
            calendar = calendar.named_by_start();
        }
        if let Some(written) = &block.weeks_start {
            self.same_weeks(calendar, written);
            calendar = calendar.with_weeks_from(written.value);
        }
        if let Some(first) = &block.two_weeks_from {
            calendar = self.two_weeks(calendar, block, first);
        }
        calendar
    }

    fn years(&mut self, block: &ast::CalendarBlock) -> Calendar {
        let starts_in = block.starts_in.as_ref();
        let Some(of_weeks) = &block.years_of_weeks else {
            return starts_in
                .and_then(|month| Calendar::fiscal_from(month.value.into()))
                .unwrap_or(Calendar::calendar_year());
        };
        if let Some(month) = starts_in {
            self.known.calendar = false;
            let words = "years start in a month, or they are made of weeks";
            self.problems.push(
                Diagnostic::at(Code::D606, of_weeks.span, words)
                    .label(month.span, "and here")
                    .help("keep one of the two", ""),
            );
        }
        Calendar::of_weeks(of_weeks.value)
    }

    /// The calendar with two weeks, which start where a week does.
    fn two_weeks(
        &mut self,
        calendar: Calendar,
        block: &ast::CalendarBlock,
        first: &ast::Spanned<Date>,
    ) -> Calendar {
        let weekday = first.value.weekday();
        match calendar.weeks_start() {
            Some(start) if start == weekday => calendar.with_two_weeks_from(first.value),
            Some(start) => calendar.with_two_weeks_from(self.not_a_week(first, start)),
            None => {
                if !block.broken {
                    let line = weeks_start(weekday);
                    let words = "this calendar does not say on which day weeks start";
                    self.problems.push(
                        Diagnostic::at(Code::D606, first.span, words)
                            .saying(format!("a {weekday}"))
                            .fix("say it", line.clone(), below(block.span, &[line])),
                    );
                }
                calendar
                    .with_weeks_from(weekday)
                    .with_two_weeks_from(first.value)
            }
        }
    }

    /// Years of weeks say by their last day when weeks start.
    fn same_weeks(&mut self, calendar: Calendar, written: &ast::Spanned<Weekday>) {
        let Some(start) = calendar.weeks_start().filter(|own| *own != written.value) else {
            return;
        };
        let words = format!("these years start on a {start}, and so do their weeks");
        self.problems
            .push(Diagnostic::at(Code::D606, written.span, words).fix(
                "write",
                weeks_start(start),
                replace(written.span, start.word()),
            ));
    }

    /// Offers the first day of the week in which two weeks are said to start, and goes on with it.
    fn not_a_week(&mut self, first: &ast::Spanned<Date>, start: Weekday) -> Date {
        let (day, weekday) = (first.value, first.value.weekday());
        let mut before = (1..7).filter_map(|back| day.add_days(-back));
        let near = before.find(|day| day.weekday() == start).unwrap_or(day);
        let shown = near.to_string();
        let edits = replace(first.span, &shown);
        let words = format!("{day} is a {weekday}, and weeks start on {start}");
        self.problems.push(
            Diagnostic::at(Code::D606, first.span, words)
                .saying("two weeks are two of the calendar's weeks")
                .fix("the first day of that week", shown, edits),
        );
        near
    }

    /// `cut at month ends`, where there is something to cut.
    fn cut(&mut self, period: &ast::Spanned<Cadence>, cut: Span) {
        let calendar = self.plan.calendar.cut_at_month_ends();
        let (own, month) = (period.value, Cadence::Month);
        if own.months().is_none() && !self.plan.calendar.nests(own, month) {
            self.plan.calendar = calendar;
            return;
        }
        let words = match own.months() {
            None => format!("no {} reaches over the end of a month", own.noun()),
            Some(_) => "only weeks are cut at month ends".to_owned(),
        };
        let whole = Span {
            start: period.span.end,
            ..cut
        };
        self.problems.push(
            Diagnostic::at(Code::D605, cut, words)
                .saying("there is nothing to cut")
                .fix("leave it away", format!("period {own}"), replace(whole, "")),
        );
    }

    /// D606 where the calendar does not say which days are such a period; then nothing else is said of periods.
    pub(in crate::meaning) fn has_periods(&mut self, cadence: Cadence, span: Span) {
        if self.plan.calendar.has(cadence) || !self.known.calendar {
            return;
        }
        self.known.calendar = false;
        let (words, ways) = match cadence {
            Cadence::TwoWeeks => (
                "the calendar does not say when two weeks start",
                vec![("name the first day of any of them", self.some_two_weeks())],
            ),
            _ => (
                "the calendar does not say on which day weeks start",
                [Weekday::Monday, Weekday::Sunday]
                    .map(|day| ("say it", vec![weeks_start(day)]))
                    .to_vec(),
            ),
        };
        let head = self.names.calendar.map(|block| block.span);
        let mut diagnostic = Diagnostic::at(Code::D606, span, words);
        for (words, lines) in ways {
            let shown = lines.join(", ");
            diagnostic = match head {
                Some(head) => diagnostic.fix(words, shown, below(head, &lines)),
                None => diagnostic.help(format!("{words}, in a block `calendar`"), shown),
            };
        }
        self.problems.push(diagnostic);
    }

    /// Lines by which two weeks start with the first week that begins in the plan.
    fn some_two_weeks(&self) -> Vec<String> {
        let known = self.plan.calendar.weeks_start();
        let start = known.unwrap_or(Weekday::Monday);
        let (first, _) = self.plan.effective;
        let mut days = (0..7).filter_map(|later| first.add_days(later));
        let day = days.find(|day| day.weekday() == start).unwrap_or(first);
        let line = format!("two-week periods from {day}");
        match known {
            Some(_) => vec![line],
            None => vec![weeks_start(start), line],
        }
    }

    /// D605 where weeks, of the plan or of what is earned over two of them, can lie in two of the periods that something
    /// asks about.
    pub(in crate::meaning) fn lies_in(
        &mut self,
        (own, longer): (Cadence, Cadence),
        span: Span,
        what: &str,
    ) {
        let calendar = &self.plan.calendar;
        let is_known = self.known.cadence && self.known.calendar;
        if !is_known || calendar.nests(own, longer) {
            return;
        }
        let words = format!("a {} can lie in two {}", own.noun(), longer.plural());
        let mut diagnostic = Diagnostic::at(Code::D605, span, words)
            .saying(format!("{what} must know in which one it lies"));
        if let Some(example) = self.in_two(own, longer) {
            diagnostic = diagnostic.note(example);
        }
        let can_cut = !self.plan.calendar.nests(self.plan.cadence, longer);
        if !can_cut {
            diagnostic = diagnostic.help("take the length of time itself", format!("each {own}"));
        } else if let Some(period) = self.period_at {
            diagnostic = diagnostic.fix(
                "let the end of a month end a period too",
                format!("period {}, cut at month ends", self.plan.cadence),
                vec![Edit::after(period, ", cut at month ends")],
            );
        }
        self.problems.push(diagnostic);
    }

    /// A period that lies in two longer ones, in words.
    fn in_two(&self, own: Cadence, longer: Cadence) -> Option<String> {
        let calendar = &self.plan.calendar;
        let ends = |own: &Period| {
            let (first, last) = (own.start(), own.end().min(self.plan.effective.1));
            let first = first.max(self.plan.effective.0);
            [first, last].map(|day| calendar.label(&calendar.period_of(day, longer)))
        };
        let (start, end) = self.plan.effective;
        let periods = calendar.periods(start, end, own).into_iter();
        let mut both = periods.map(|own| (ends(&own), own));
        let ([first, second], own) = both.find(|([first, second], _)| first != second)?;
        Some(format!(
            "{} is {} through {}: days of {first} and of {second}.",
            calendar.label(&own),
            own.start(),
            own.end()
        ))
    }

    /// Whether quotas of this length say what one of the plan's period is.
    pub(in crate::meaning) fn makes_one(&self, quota: Cadence) -> bool {
        let own = self.plan.cadence;
        quota >= own || self.plan.calendar.nests(quota, own)
    }

    /// D605 where quotas of weeks would have to make one of a longer period.
    pub(in crate::meaning) fn adds_up(&mut self, from: &ast::QuotaFrom) {
        let (quota, own) = (from.cadence.value, self.plan.cadence);
        if !self.known.cadence || !self.known.calendar || self.makes_one(quota) {
            return;
        }
        let words = format!("a {} can lie in two {}", quota.noun(), own.plural());
        let saying = format!(
            "so quotas of {} do not add up to one of a {}",
            quota.plural(),
            own.noun()
        );
        self.problems.push(
            Diagnostic::at(Code::D605, from.cadence.span, words)
                .saying(saying)
                .fix(
                    "set it for what the plan pays",
                    format!("one per payee per {own}"),
                    replace(from.cadence.span, own.words()),
                ),
        );
    }

    /// What a window asks of the plan's period.
    pub(in crate::meaning) fn window_fits(&mut self, window: Window, span: Span) {
        let own = self.length();
        let what = format!("`{}`", window.words());
        let why = match window {
            Window::ToDate(length) if length < own => match self.reading {
                None => format!("the plan's {} is longer", own.noun()),
                Some(_) => format!("it is read for the {}, which is longer", own.noun()),
            },
            Window::ToDate(length) => {
                return self.lies_in((self.plan.cadence, length), span, &what);
            }
            Window::Last(length) => return self.lies_in((self.plan.cadence, length), span, &what),
            Window::Months { .. } if own.months().is_none() => {
                format!(
                    "it counts whole months, and the plan's {} is less",
                    own.noun()
                )
            }
            Window::SamePeriodLastYear if own.months().is_none() => {
                "some years have 53 weeks, so not every week has one a year before".to_owned()
            }
            _ => return,
        };
        self.problems.push(errors::wrong_place(&what, span, &why));
    }
}

fn weeks_start(day: Weekday) -> String {
    format!("weeks start on {day}")
}

/// Puts lines below the head of a block.
fn below(head: Span, lines: &[String]) -> Vec<Edit> {
    let text: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    vec![Edit::after(head, text)]
}

fn replace(span: Span, text: &str) -> Vec<Edit> {
    vec![Edit {
        span,
        text: text.to_owned(),
    }]
}
