//! `currency of each payee, in pay_currency`: one plan for several currencies is one plan for each of them.
//!
//! An instance is the plan as if it were written with `currency EUR` and paid only those whose column says EUR. What is
//! wrong in several instances is said once.

use crate::base::Currency;
use crate::diag::{Code, Diagnostic, Parsed, Problems, Span};
use crate::meaning::infer::node;
use crate::meaning::lower::Lower;
use crate::meaning::plan::{Column, Expr, ExprKind, FactDay, Plan};
use crate::meaning::types::{Grain, Type};
use crate::syntax::ast::{self, BinaryOp, ColumnKind};

/// A plan as it is for one currency.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The file, written for this currency alone.
    pub file: Parsed<ast::File>,
    /// The currency; `None` where the plan has one, as most have.
    pub currency: Option<Currency>,
}

/// A plan file, once for each currency it pays in.
pub fn instances(file: &Parsed<ast::File>, shared: &[&Parsed<ast::File>]) -> Parsed<Vec<Instance>> {
    let mut problems = Problems::new();
    let head = file.value.items.iter().find_map(|item| match item {
        ast::Item::Plan(head) => Some(head),
        _ => None,
    });
    let each = head.and_then(|head| Some((head, head.currency_each.as_ref()?)));
    let Some((head, column)) = each else {
        let whole = Instance {
            file: file.clone(),
            currency: None,
        };
        return Parsed {
            value: vec![whole],
            problems,
        };
    };
    if let Some(one) = &head.currency {
        problems.push(
            Diagnostic::at(Code::U207, one.span, "one currency, or each payee's own?")
                .label(column.span, "this line says each payee's own")
                .help("take one of the two lines away", ""),
        );
    }
    for item in &file.value.items {
        let at = match item {
            ast::Item::Adjustments(own) => own.span,
            ast::Item::Exception(own) => own.span,
            _ => continue,
        };
        problems.push(
            Diagnostic::at(
                Code::U207,
                at,
                "this block stands in a plan of one currency",
            )
            .label(column.span, "this plan pays in several")
            .help("put whom it is about into a plan of their currency", ""),
        );
    }
    let codes = codes(column, file, shared).unwrap_or_else(|problem| {
        problems.push(problem);
        Vec::new()
    });
    let mut value = Vec::new();
    if !problems.has_errors() {
        let (tests, open) = Tests::of(&file.value, column, &codes);
        problems.extend(open);
        let one = |code: &Currency| Instance {
            file: Parsed {
                value: for_one(&file.value, column, *code, &tests),
                problems: file.problems.clone(),
            },
            currency: Some(*code),
        };
        value = codes.iter().map(one).collect();
    }
    Parsed { value, problems }
}

/// The currencies that the column of people can say.
fn codes(
    column: &ast::Name,
    file: &Parsed<ast::File>,
    shared: &[&Parsed<ast::File>],
) -> Result<Vec<Currency>, Diagnostic> {
    let files = std::iter::once(&file.value).chain(shared.iter().map(|own| &own.value));
    let people = files
        .flat_map(|own| &own.items)
        .find_map(|item| match item {
            ast::Item::People(people) => Some(people),
            _ => None,
        });
    let line = people.and_then(|people| {
        let mut lines = people.columns.iter();
        lines.find(|line| line.name.text == column.text)
    });
    let no_list = |at: Span, words: String| {
        Diagnostic::at(Code::U207, at, words)
            .note("The plan is calculated once for each currency, so their codes have to be known.")
            .help("declare it in `people`, such as", {
                format!("| {} | one of EUR, USD | … |", column.text)
            })
    };
    match line.map(|line| (&line.kind.value, line)) {
        Some((ColumnKind::OneOf(list), line)) if !line.optional => list
            .iter()
            .map(|code| {
                let wrong = || {
                    let words = format!("`{code}` is not a code of ISO 4217");
                    no_list(line.kind.span, words)
                };
                Currency::from_code(code).ok_or_else(wrong)
            })
            .collect(),
        Some((_, line)) => {
            let words = format!("which currencies can `{}` say?", column.text);
            Err(no_list(column.span, words).label(line.name.span, "declared here"))
        }
        None => {
            let words = format!("people have no column `{}`", column.text);
            Err(no_list(column.span, words))
        }
    }
}

/// The file as if it paid in one currency.
fn for_one(file: &ast::File, column: &ast::Name, code: Currency, tests: &Tests<'_>) -> ast::File {
    let mut file = file.clone();
    file.items = std::mem::take(&mut file.items)
        .into_iter()
        .filter_map(|item| match item {
            ast::Item::Plan(head) => Some(ast::Item::Plan(head_for(head, column, code))),
            ast::Item::Test(test) => tests.part(test, code).map(ast::Item::Test),
            other => Some(other),
        })
        .collect();
    file
}

/// `currency EUR`, and payees only those whose column says so.
fn head_for(mut head: ast::PlanHead, column: &ast::Name, code: Currency) -> ast::PlanHead {
    let span = column.span;
    head.currency = Some(ast::Spanned { value: code, span });
    let side = |kind| Box::new(ast::Expr { kind, span });
    let is = ast::ExprKind::Binary(
        BinaryOp::Is,
        side(ast::ExprKind::Name(column.text.clone())),
        side(ast::ExprKind::Text(code.code().to_owned())),
    );
    if let Some(payees) = &mut head.payees {
        let condition = payees.condition.clone();
        payees.condition = ast::Expr {
            span: condition.span,
            kind: ast::ExprKind::Binary(BinaryOp::And, Box::new(condition), side(is)),
        };
    }
    head
}

/// For whom a row of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::meaning) enum RowOf {
    /// The payees of this instance.
    Payee,
    /// Those who are paid in another currency.
    Another,
    /// Nobody: what it names is no code of the column.
    Nobody,
}

/// In which currency each person of each test is paid.
struct Tests<'c> {
    column: &'c ast::Name,
    of: Vec<(Span, String, Currency)>,
}

impl<'c> Tests<'c> {
    /// What is given of a person decides, and otherwise the amounts that are given or expected.
    fn of(file: &ast::File, column: &'c ast::Name, codes: &[Currency]) -> (Tests<'c>, Problems) {
        let mut known = Vec::new();
        let mut problems = Problems::new();
        for item in &file.items {
            let ast::Item::Test(test) = item else {
                continue;
            };
            for expect in &test.expects {
                let person = &expect.person.text;
                let mut said = given(test, column, person);
                if said.is_empty() {
                    said = amounts(test, person);
                }
                said.retain(|code| codes.contains(code));
                if said.is_empty() {
                    let mut problem = Diagnostic::at(
                        Code::X302,
                        expect.person.span,
                        format!("in which currency is `{person}` paid?"),
                    );
                    if let Some(code) = codes.first() {
                        let line = format!("given {} is \"{code}\" for {person}", column.text);
                        problem = problem.help("say it, such as", line);
                    }
                    problems.push(problem);
                }
                known.extend(
                    said.into_iter()
                        .map(|code| (test.span, person.clone(), code)),
                );
            }
        }
        (Tests { column, of: known }, problems)
    }

    /// `given pay_currency is "GBP" for ben`
    fn is_paid_in(&self, (span, person, code): &(Span, String, Currency)) -> ast::Given {
        let span = *span;
        ast::Given::Value {
            what: self.column.clone(),
            total: false,
            value: ast::Expr {
                kind: ast::ExprKind::Text(code.code().to_owned()),
                span,
            },
            person: ast::Name {
                text: person.clone(),
                span,
            },
            period: None,
            span,
        }
    }

    /// A test with the persons of one currency; none where nothing is expected of them.
    fn part(&self, mut test: ast::Test, code: Currency) -> Option<ast::Test> {
        let of = |person: &str| {
            let own = self.of.iter();
            own.filter(|(at, name, _)| *at == test.span && name == person)
                .map(|(_, _, own)| *own)
                .collect::<Vec<_>>()
        };
        test.expects.retain(|expect| {
            let own = of(&expect.person.text);
            own.contains(&code)
                && money_of(expect.value.as_ref(), &own).is_none_or(|own| own == code)
        });
        let is_here = |person: &ast::Name| {
            let own = of(&person.text);
            own.is_empty() || own.contains(&code)
        };
        let kept = test.givens.clone().into_iter().filter(|given| match given {
            ast::Given::Value { person, value, .. } | ast::Given::Balance { person, value, .. } => {
                is_here(person)
                    && money_of(Some(value), &of(&person.text)).is_none_or(|own| own == code)
            }
            _ => true,
        });
        let kept: Vec<ast::Given> = kept.collect();
        // Whoever is paid in another currency is not taken for somebody of this one.
        let others = self.of.iter().filter(|(at, person, _)| {
            *at == test.span
                && !of(person).contains(&code)
                && given(&test, self.column, person).is_empty()
        });
        let others: Vec<ast::Given> = others.map(|other| self.is_paid_in(other)).collect();
        test.givens = others.into_iter().chain(kept).collect();
        (!test.expects.is_empty()).then_some(test)
    }
}

/// The currency of an amount, where it is one in which the person is paid.
fn money_of(value: Option<&ast::Expr>, among: &[Currency]) -> Option<Currency> {
    let own = match &value?.kind {
        ast::ExprKind::Money(_, own) => *own,
        ast::ExprKind::Negative(inner) => return money_of(Some(inner), among),
        _ => return None,
    };
    among.contains(&own).then_some(own)
}

/// The currencies that a test gives a person in the column, by a line or by rows of people.
fn given(test: &ast::Test, column: &ast::Name, person: &str) -> Vec<Currency> {
    let mut found = Vec::new();
    for given in &test.givens {
        match given {
            ast::Given::Value {
                what,
                value,
                person: own,
                ..
            } if what.text == column.text && own.text == person => {
                if let ast::ExprKind::Text(code) | ast::ExprKind::Name(code) = &value.kind {
                    found.extend(Currency::from_code(code));
                }
            }
            ast::Given::Table {
                source,
                headings,
                rows,
                ..
            } if source.text == crate::table::PEOPLE => {
                let at = |name: &str| headings.iter().position(|own| own.text == name);
                let (Some(id), Some(code)) = (at("id"), at(&column.text)) else {
                    continue;
                };
                let cell = |row: &[ast::Name], at: usize| row.get(at).map(|own| own.text.clone());
                let own = rows
                    .iter()
                    .filter(|row| cell(row, id).as_deref() == Some(person));
                found.extend(own.filter_map(|row| Currency::from_code(&cell(row, code)?)));
            }
            _ => {}
        }
    }
    found.dedup();
    found
}

/// The currency of the first amount that a test expects for a person, or gives them.
fn amounts(test: &ast::Test, person: &str) -> Vec<Currency> {
    let expected = test.expects.iter();
    let expected = expected.filter(|own| own.person.text == person);
    let given = test.givens.iter().filter_map(|given| match given {
        ast::Given::Value {
            value, person: own, ..
        }
        | ast::Given::Balance {
            value, person: own, ..
        } if own.text == person => Some(value),
        _ => None,
    });
    let values = expected.filter_map(|own| own.value.as_ref()).chain(given);
    let mut all = values.filter_map(|value| match &value.kind {
        ast::ExprKind::Money(_, own) => Some(*own),
        _ => None,
    });
    all.next().into_iter().collect()
}

impl Plan {
    /// The column of people that says in which currency each payee is paid.
    pub(in crate::meaning) fn paid_by(&self) -> Option<&Column> {
        let name = self.each_payee.as_ref()?;
        self.people.columns.iter().find(|own| own.name == *name)
    }
}

impl Lower<'_> {
    /// What the column in which the payee is paid says throughout: the currency of the instance, also for somebody who
    /// is paid in another one on other days.
    pub(in crate::meaning) fn code_of(&self, name: &str, day: FactDay) -> Option<String> {
        let is_throughout = matches!(day, FactDay::Throughout(_));
        let is_paid_by = self.plan.each_payee.as_deref() == Some(name);
        (is_throughout && is_paid_by).then(|| self.plan.currency.code().to_owned())
    }

    /// For whom a row of a table is, by the code that it names where the payee's currency is asked for. One that is no
    /// code of the column is reported.
    pub(in crate::meaning) fn currency_of_row(
        &mut self,
        row: &ast::LookupRow,
        keys: &[Expr],
    ) -> RowOf {
        for (key, range) in keys.iter().zip(&row.ranges) {
            let named = range.as_ref().and_then(|range| range.low.as_ref());
            let Some((own, named)) = self.plan.paid_by().and(match &key.kind {
                ExprKind::Text(own) => Some(own).zip(named),
                _ => None,
            }) else {
                continue;
            };
            let ast::ExprKind::Text(code) = &named.value.kind else {
                continue;
            };
            if code == own {
                continue;
            }
            let value = node(
                ExprKind::Text(code.clone()),
                Type::Text,
                Grain::Constant,
                named.value.span,
            );
            let before = self.problems.iter().len();
            self.can_have(key, &value);
            let is_known = self.problems.iter().len() == before;
            return if is_known {
                RowOf::Another
            } else {
                RowOf::Nobody
            };
        }
        RowOf::Payee
    }

    /// U207: an instance has only the payees of one currency, so nothing is taken together across people.
    pub(in crate::meaning) fn may_be_across_people(&mut self, span: Span) -> bool {
        let Some(column) = &self.plan.each_payee else {
            return true;
        };
        self.problems.push(
            Diagnostic::at(
                Code::U207,
                span,
                "nothing is taken together across people who are paid in different currencies",
            )
            .saying("this reads several persons")
            .note(format!(
                "By `{column}`, one may be paid in EUR and the next in USD: 1,000 EUR and 1,000 USD have no sum."
            ))
            .help("write a plan for each currency, or convert to one", "currency EUR"),
        );
        false
    }
}

/// What was found in the instances of a plan, each once. What does not hold in all of them, or is worded otherwise in
/// another, names its currencies.
pub fn merged(found: Vec<(Option<Currency>, Problems)>) -> Problems {
    let all = found.len();
    let mut said: Vec<(Diagnostic, Vec<Currency>, bool)> = Vec::new();
    for (currency, problems) in found {
        for own in problems.iter() {
            let place = |d: &Diagnostic| d.labels.first().map(|label| label.span);
            let known = said.iter_mut().find(|(first, codes, _)| {
                let is_new = codes.last().copied() != currency;
                is_new && first.code == own.code && place(first) == place(own)
            });
            match known {
                Some((first, codes, alike)) => {
                    *alike &= first == own;
                    codes.extend(currency);
                }
                None => said.push((own.clone(), currency.into_iter().collect(), true)),
            }
        }
    }
    let mut problems = Problems::new();
    for (own, codes, alike) in said {
        // A test stands only in the instances of its persons.
        let is_of_tests = own.code == Code::X302;
        if codes.is_empty() || (alike && (codes.len() == all || is_of_tests)) {
            problems.push(own);
        } else if own.code != Code::N103 {
            let names: Vec<&str> = codes.iter().map(|own| own.code()).collect();
            let note = match names.split_first() {
                Some((first, [])) => format!("So it is for payees paid in {first}."),
                Some((first, rest)) => {
                    format!(
                        "So it is for payees paid in {first}, and likewise in {}.",
                        rest.join(", ")
                    )
                }
                None => String::new(),
            };
            let own = own.note(note);
            problems.push(match own.code {
                Code::U201 => own.help("say it by currency, in a table", "value … by COLUMN"),
                _ => own,
            });
        }
    }
    problems
}
