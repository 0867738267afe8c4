//! `total`, `count` and their like: over what, among whom, in which days.

use crate::base::Cadence;
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{Aggregate, Among, ExprKind, Hierarchy, Reports, Spanned, Window};
use crate::syntax::expressions::{Reader, cadence_of};
use crate::syntax::grammar::{Rule, Words, choice, parts};

/// The most months in one window.
const MOST_MONTHS: u16 = 120;

impl Reader<'_, '_> {
    pub(super) fn aggregate(&mut self, part: Words<'_>) -> ExprKind {
        let how = how(&part);
        let mut what = None;
        let mut window = Window::Period;
        for inner in parts(part) {
            match inner.as_rule() {
                Rule::window => match self.window(inner) {
                    Some(read) => window = read,
                    None => return ExprKind::Poisoned,
                },
                _ => what = Some(self.name(&inner)),
            }
        }
        match (how, what) {
            (Some(how), Some(what)) => ExprKind::Aggregate { how, what, window },
            _ => ExprKind::Poisoned,
        }
    }

    pub(super) fn together(&mut self, part: Words<'_>) -> ExprKind {
        let how = how(&part);
        let as_earned = choice(&part, &[Rule::k_as_earned]).is_some();
        let (mut what, mut among) = (None, None);
        let mut window = Window::Period;
        for inner in parts(part) {
            match inner.as_rule() {
                Rule::window => match self.window(inner) {
                    Some(read) => window = read,
                    None => return ExprKind::Poisoned,
                },
                Rule::among => among = self.among(inner),
                _ => what = Some(self.name(&inner)),
            }
        }
        match (how, what, among) {
            (Some(how), Some(what), Some(among)) => ExprKind::Together {
                how,
                what,
                as_earned,
                window,
                among,
            },
            _ => ExprKind::Poisoned,
        }
    }

    fn among(&mut self, words: Words<'_>) -> Option<Among> {
        if choice(&words, &[Rule::k_of_everyone]).is_some() {
            return Some(Among::Everyone);
        }
        let reports = choice(&words, &[Rule::k_of_all_reports, Rule::k_of_direct_reports]);
        let last_day = words
            .clone()
            .into_inner()
            .find(|inner| inner.as_rule() == Rule::k_as_of_the_last_day_of_the_period);
        let mut inner = parts(words);
        let column = inner.next().map(|name| self.name(&name))?;
        let as_of = match (last_day, inner.next()) {
            (Some(day), _) => Some(Spanned {
                value: Hierarchy::LastDay,
                span: self.span(&day),
            }),
            (None, Some(path)) => Some(Spanned {
                span: self.span(&path),
                value: Hierarchy::Column(self.path(path)),
            }),
            (None, None) => None,
        };
        let as_of = as_of.map(Box::new);
        Some(match reports {
            None => Among::Same(column, as_of),
            Some(Rule::k_of_all_reports) => Among::Reports(Reports::All, column, as_of),
            Some(_) => Among::Reports(Reports::Direct, column, as_of),
        })
    }

    /// The days an aggregate runs over.
    pub(in crate::syntax) fn window(&mut self, words: Words<'_>) -> Option<Window> {
        let first = words.into_inner().next()?;
        Some(match first.as_rule() {
            Rule::k_last_period => Window::LastPeriod,
            Rule::k_last_year => Window::Last(Cadence::Year),
            Rule::k_the_same_period_last_year => Window::SamePeriodLastYear,
            Rule::k_plan_to_date => Window::PlanToDate,
            Rule::months_ago => {
                let with_this = choice(&first, &[Rule::k_ending_with_this_one]).is_some();
                let whole = parts(first).next()?;
                let count = whole.as_str().parse().ok();
                let Some(count) = count.filter(|count| (1..=MOST_MONTHS).contains(count)) else {
                    let found = whole.as_str();
                    self.problems.push(
                        Diagnostic::at(
                            Code::S004,
                            self.span(&whole),
                            format!("a window cannot be {found} months long"),
                        )
                        .saying(format!("from 1 through {MOST_MONTHS}")),
                    );
                    return None;
                };
                Window::Months { count, with_this }
            }
            rule => Window::ToDate(cadence_of(rule)?),
        })
    }
}

/// The aggregate whose word comes first.
fn how(words: &Words<'_>) -> Option<Aggregate> {
    const HOW: [(Rule, Aggregate); 5] = [
        (Rule::k_total, Aggregate::Total),
        (Rule::k_count, Aggregate::Count),
        (Rule::k_average, Aggregate::Average),
        (Rule::k_highest, Aggregate::Highest),
        (Rule::k_lowest, Aggregate::Lowest),
    ];
    let word = words.clone().into_inner().next()?.as_rule();
    let mut all = HOW.into_iter();
    all.find_map(|(rule, how)| (rule == word).then_some(how))
}
