//! What can be wrong with what was meant: N… names, U… kinds of value, G… grain, Q… quotas, R… rounding.

use crate::base::{Cadence, Currency, Exact, Money};
use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::meaning::plan::{Expr, ExprKind, Unit};
use crate::meaning::sign::constant;
use crate::meaning::types::Type;
use crate::syntax::ast::{self, BinaryOp};

/// Several of what a plan calls its records: deals, policies, branches.
pub(in crate::meaning) fn many(word: &str) -> String {
    let is_vowel = |letter: char| "aeiou".contains(letter);
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) && !stem.is_empty() => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"]
            .iter()
            .any(|end| word.ends_with(end)) =>
        {
            format!("{word}es")
        }
        _ => format!("{word}s"),
    }
}

/// A type in the reader's words.
pub(in crate::meaning) fn type_words(ty: Type, units: &[Unit]) -> String {
    let unit = |id: crate::meaning::plan::UnitId, many: bool| {
        units
            .get(id.0)
            .map_or("units", |unit| {
                if many {
                    unit.plural.as_str()
                } else {
                    unit.singular.as_str()
                }
            })
            .to_owned()
    };
    match ty {
        Type::Money(currency) => format!("an amount of {currency}"),
        Type::Percent => "a percentage".to_owned(),
        Type::Points => "a difference in points".to_owned(),
        Type::Number => "a plain number".to_owned(),
        Type::Quantity(id) => format!("a number of {}", unit(id, true)),
        Type::MoneyPer(currency, id) => format!("{currency} per {}", unit(id, false)),
        Type::Date => "a date".to_owned(),
        Type::Text => "a text".to_owned(),
        Type::Person => "a person".to_owned(),
        Type::Persons => "a list of persons".to_owned(),
        Type::Bool => "a yes or no".to_owned(),
        Type::Poisoned => "something that could not be read".to_owned(),
    }
}

fn replace(span: Span, text: &str) -> Vec<Edit> {
    vec![Edit {
        span,
        text: text.to_owned(),
    }]
}

pub(in crate::meaning) fn twice(name: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::at(Code::N105, second, format!("`{name}` is defined twice"))
        .saying("and again here")
        .label(first, "first here")
        .help("give one of them another name, or keep one", "")
}

/// One message for a name that is defined nowhere, however often it is read.
pub(in crate::meaning) fn unknown(
    name: &str,
    places: &[Span],
    near: Option<(String, Span)>,
) -> Diagnostic {
    let diagnostic = read_at(places, format!("there is no `{name}`"));
    match near {
        Some((near, at)) => diagnostic
            .saying(format!("closest is `{near}`"))
            .label(at, format!("`{near}` is defined here"))
            .fix(
                format!("write `{near}`"),
                near.clone(),
                places.iter().flat_map(|at| replace(*at, &near)).collect(),
            ),
        None => diagnostic
            .saying("no block and no column of people has this name")
            .help(
                "define it, or take it from shared terms",
                "use \"company.terms\"",
            ),
    }
}

/// A column of records, without the word for one of them.
pub(in crate::meaning) fn column_of_records(name: &str, places: &[Span], path: &str) -> Diagnostic {
    read_at(places, format!("there is no `{name}`"))
        .saying("a column of records is named with the word for one of them")
        .help("where a line is about one record", path)
        .help(
            "for a person and period, what a credit makes of them",
            "total …",
        )
}

/// The head does not say where quotas come from.
pub(in crate::meaning) fn no_quota(places: &[Span], head: Span, cadence: Cadence) -> Diagnostic {
    let line = format!(
        "quota       from quotas, one per payee per {}",
        cadence.words()
    );
    let insert = Edit::below(head, &line);
    read_at(places, "there is no `quota`")
        .saying("nothing says where quotas come from")
        .fix("say it below the plan's head", line, vec![insert])
}

/// N101 at the first of some places, pointing at two more.
fn read_at(places: &[Span], message: impl Into<String>) -> Diagnostic {
    let mut places = places.iter();
    let diagnostic = match places.next() {
        Some(first) => Diagnostic::at(Code::N101, *first, message),
        None => Diagnostic::bare(Code::N101, message),
    };
    places
        .take(2)
        .fold(diagnostic, |d, at| d.label(*at, "and here"))
}

pub(in crate::meaning) fn unknown_column(
    column: &str,
    span: Span,
    source: &str,
    near: Option<&str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::at(
        Code::N101,
        span,
        format!("`{source}` has no column `{column}`"),
    );
    match near {
        Some(near) => diagnostic.saying(format!("closest is `{near}`")).fix(
            format!("write `{near}`"),
            near,
            replace(span, near),
        ),
        None => diagnostic.help(
            "declare it in the table of columns",
            format!("| {column} | Text | … |"),
        ),
    }
}

pub(in crate::meaning) fn not_a_value(name: &str, span: Span, kind: &str) -> Diagnostic {
    Diagnostic::at(Code::U203, span, format!("`{name}` is {kind}, not a value"))
}

pub(in crate::meaning) fn not_a_source(name: &str, span: Span, kind: &str) -> Diagnostic {
    let message = format!("`{name}` is {kind}, not a source of records");
    Diagnostic::at(Code::U203, span, message)
}

pub(in crate::meaning) fn circle(name: &str, span: Span, path: &[(String, Span)]) -> Diagnostic {
    let names: Vec<String> = path.iter().map(|(name, _)| format!("`{name}`")).collect();
    let message = format!(
        "{} needs itself",
        names.first().map_or(name, String::as_str)
    );
    let diagnostic = Diagnostic::at(Code::N102, span, message)
        .saying(format!("{} → `{name}`", names.join(" → ")));
    path.iter()
        .fold(diagnostic, |d, (name, span)| d.label(*span, format!("`{name}` is defined here")))
        .note("A commission on profit after the commission itself is written as algebra: `rate / (1 + rate)`.")
}

pub(in crate::meaning) fn unused(name: &str, kind: &str, span: Span) -> Diagnostic {
    Diagnostic::at(
        Code::N103,
        span,
        format!("`{name}` is {kind} and no payout uses it"),
    )
    .saying("nothing reads this")
    .help("delete the block, or use the name", "")
    .help("or keep it, and say why", "accept N103 because \"…\"")
}

pub(in crate::meaning) fn unused_input(input: &ast::Input) -> Diagnostic {
    let name = &input.name.text;
    let text = |text: &Option<ast::Spanned<String>>, otherwise: &str| {
        text.as_ref()
            .map_or_else(|| otherwise.to_owned(), |text| text.value.clone())
    };
    let often = input.whose.as_ref().map_or_else(
        || "each time".to_owned(),
        |whose| format!("every {}", whose.cadence.value.words()),
    );
    let who = text(&input.kept_by, "a department");
    Diagnostic::at(
        Code::N104,
        input.name.span,
        format!("{who} must deliver `{name}` {often} and nothing reads it"),
    )
    .saying(format!(
        "{} signs it each time",
        text(&input.sign_off, "somebody")
    ))
    .help("delete the block, or use the name", "")
    .help("or keep it, and say why", "accept N104 because \"…\"")
}

/// `if last year is zero …`, where the divisor is what several persons make together.
pub(in crate::meaning) fn ruled_by_name(window: &str, made: &str, span: Span) -> Diagnostic {
    Diagnostic::at(
        Code::S008,
        span,
        format!("`{window}` is not the name of what several persons make together"),
    )
    .help(
        "make it a measure of its own, and divide by that",
        format!("value       {made}"),
    )
    .help("then the rule has its name", "if NAME is zero …")
}

/// An amount per record where one per person and period is meant.
pub(in crate::meaning) fn per_record(
    name: &str,
    word: &str,
    span: Span,
    period: &str,
    (head, takes_for_each): (Span, bool),
) -> Diagnostic {
    let total = format!("total {name}");
    let problem = Diagnostic::at(
        Code::G301,
        span,
        format!("this line pays per {period}, but `{name}` is one amount per {word}"),
    )
    .saying(format!("one amount for every {word}"))
    .note(format!(
        "A person has many {} in a {period}. Which amount is meant?",
        many(word)
    ))
    .fix("all of them together", total.clone(), replace(span, &total));
    if !takes_for_each {
        return problem;
    }
    problem
        .label(head, format!("once per person per {period}, because there is no `for each {word}`"))
        .fix(
            format!("pay each {word} separately"),
            format!("for each  {word}"),
            vec![Edit::below(head, &format!("for each    {word}"))],
        )
        .note("The two differ only in rounding for a flat rate, but not once a cap or a tier is involved.")
}

pub(in crate::meaning) fn wrong_place(what: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::at(Code::G301, span, format!("{what} cannot stand here")).saying(why.to_owned())
}

pub(in crate::meaning) fn currencies(a: Currency, b: Currency, span: Span) -> Diagnostic {
    Diagnostic::at(
        Code::U201,
        span,
        format!("{a} and {b} are mixed without a rate and a date"),
    )
    .note("An amount of one currency is never quietly taken for another.")
    .help(
        "say at which rate and of which day",
        "… converted to CODE at RATES on DAY",
    )
    .help("or keep one plan for each currency", "")
}

/// `8% + 2%`: `share` is the 2%, `words` what the left side is.
pub(in crate::meaning) fn percent_added(
    op: BinaryOp,
    left: &Expr,
    right: Span,
    share: &Exact,
    words: &str,
) -> Diagnostic {
    let (verb, sign, share) = match op {
        BinaryOp::Subtract => ("taking away", "-", -share.clone()),
        _ => ("adding", "+", share.clone()),
    };
    let percent = |x: &Exact| (x.clone() * Exact::int(100)).to_plain();
    let factor = Exact::ONE + share.clone();
    let times = format!("* {}%", percent(&factor));
    let end = left.span.end;
    let behind = |start: u32, text: String| Edit {
        span: Span { start, ..right },
        text,
    };
    // `a + b + 2%` becomes `(a + b) * 102%`.
    let sum = match &left.kind {
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, first, _) => {
            first.span.start == left.span.start
        }
        _ => false,
    };
    let mut edits = vec![behind(
        end,
        format!("{} {times}", if sum { ")" } else { "" }),
    )];
    if sum {
        let start = left.span.start;
        edits.push(Edit {
            span: Span {
                end: start,
                ..left.span
            },
            text: "(".to_owned(),
        });
    }
    let number = percent(&share.abs());
    let at = left.span.to(right);
    if !matches!(left.ty, Type::Percent | Type::Points) {
        return Diagnostic::at(
            Code::U202,
            at,
            format!("{verb} {number}% does not say of what"),
        )
        .saying(format!("{number}% beside {words}"))
        .fix("of what stands before it", times, edits);
    }
    let rate = constant(left)
        .filter(|rate| rate.is_positive())
        .unwrap_or(Exact::fixed(8, 100));
    let pays = |rate: &Exact| {
        let paid = rate.clone() * Exact::int(100_000);
        format!(
            "{}%, or {} of 100,000.00",
            percent(rate),
            paid.to_grouped(2)
        )
    };
    let points = format!("{number} points");
    Diagnostic::at(
        Code::U202,
        at,
        format!("{verb} {number}% can mean two things"),
    )
    .note(format!(
        "From {}%, `{sign} {points}` makes {}; `{times}` makes {}.",
        percent(&rate),
        pays(&(rate.clone() + share)),
        pays(&(rate.clone() * factor)),
    ))
    .fix("points", points.clone(), replace(right, &points))
    .fix("times", times, edits)
}

pub(in crate::meaning) fn do_not_go_together(
    span: Span,
    what: &str,
    a: (Span, String),
    b: (Span, String),
) -> Diagnostic {
    Diagnostic::at(Code::U203, span, what.to_owned())
        .label(a.0, a.1)
        .label(b.0, b.1)
}

/// N101 after a figure; `percent`, `usd` and `dollars` are no units.
pub(in crate::meaning) fn unknown_unit(name: &ast::Name, currency: Currency) -> Diagnostic {
    let text = name.text.as_str();
    let diagnostic = Diagnostic::at(Code::N101, name.span, format!("there is no unit `{text}`"));
    let code = match text.to_lowercase().as_str() {
        "percent" | "pct" => return diagnostic.help("a percentage is written", "8%"),
        "dollar" | "dollars" | "euro" | "euros" | "pounds" => Some(currency),
        small => Currency::from_code(&small.to_uppercase()),
    };
    match code {
        Some(code) => diagnostic
            .saying("a currency is written as its code, in capitals")
            .fix("write", code.code(), replace(name.span, code.code())),
        None => diagnostic.help(
            "declare it in the shared terms",
            format!("unit {text} \"{text}\", plural {text}s"),
        ),
    }
}

pub(in crate::meaning) fn wrong_type(span: Span, found: &str, expected: &str) -> Diagnostic {
    Diagnostic::at(
        Code::U203,
        span,
        format!("this is {found}, and {expected} is needed"),
    )
    .saying(found.to_owned())
}

pub(in crate::meaning) fn never_has(
    column: &str,
    value: &str,
    span: Span,
    list: &[String],
    near: Option<&str>,
) -> Diagnostic {
    let choices: Vec<String> = list.iter().map(|v| format!("\"{v}\"")).collect();
    let diagnostic = Diagnostic::at(Code::U204, span, format!("`{column}` is never \"{value}\""))
        .saying(format!("it is one of {}", choices.join(", ")));
    match near {
        Some(near) => diagnostic.fix(
            "write",
            format!("\"{near}\""),
            replace(span, &format!("\"{near}\"")),
        ),
        None => diagnostic,
    }
}

pub(in crate::meaning) fn division(
    span: Span,
    divisor: &str,
    when: &str,
    place: Option<Span>,
    currency: Currency,
) -> Diagnostic {
    let diagnostic = Diagnostic::at(
        Code::Q802,
        span,
        format!(
            "what should happen when `{divisor}` is {}?",
            when.replace("zero", "0")
        ),
    )
    .saying("nothing can be divided by 0")
    .note(format!(
        "With {divisor} of 0 and {} of results there is no percentage: not 0%, not endless.",
        Money::new(Exact::int(100_000), currency)
    ));
    match place {
        Some(head) => {
            let insert = |text: &str| vec![Edit::below(head, text)];
            let nothing = format!("if {divisor} is {when} pay nothing");
            let hold = format!("if {divisor} is {when} hold this payout");
            diagnostic
                .fix("whoever reads it pays 0", nothing.clone(), insert(&nothing))
                .fix("whoever reads it is held", hold.clone(), insert(&hold))
        }
        None => diagnostic.help(
            "give the division a name, where the rule can stand",
            format!("measure ratio\n  value … / {divisor}\n  if {divisor} is zero pay nothing"),
        ),
    }
}

/// Everything that a block must say and does not, at once: whether it lacks each, what it is, and a line that says it.
pub(in crate::meaning) fn leaves_unsaid(
    code: Code,
    head: Span,
    subject: &str,
    lines: &[(bool, &str, &str)],
) -> Option<Diagnostic> {
    let lacks: Vec<_> = lines.iter().filter(|(lacks, ..)| *lacks).collect();
    let parts: Vec<&str> = lacks.iter().map(|(_, what, _)| *what).collect();
    let listed = match parts.split_last()? {
        (last, []) => (*last).to_owned(),
        (last, rest) => format!("{} and {last}", rest.join(", ")),
    };
    let said = Diagnostic::at(code, head, format!("{subject} does not say {listed}"));
    let help = |d: Diagnostic, (_, what, line): &&(bool, &str, &str)| d.help(*what, *line);
    Some(lacks.iter().fold(said, help))
}

/// A person column of a split may be empty, and nothing says who gets the share then.
pub(in crate::meaning) fn may_be_empty(column: &str, span: Span, word: &str) -> Diagnostic {
    Diagnostic::at(
        Code::C501,
        span,
        format!("`{column}` may be empty: who gets the share then?"),
    )
    .help(
        "give it to somebody",
        format!("if a person is missing the share goes to {word}.…"),
    )
    .help(
        "or to nobody",
        "if a person is missing the share goes to nobody",
    )
}

pub(in crate::meaning) fn missing_quota(quota: &str, head: Span) -> Diagnostic {
    let insert = |text: &str| vec![Edit::below(head, text)];
    let hold = format!("if {quota} is missing hold this payout");
    let nothing = format!("if {quota} is missing pay nothing");
    Diagnostic::at(
        Code::Q802,
        head,
        format!("what should happen when `{quota}` is missing?"),
    )
    .saying("a quota of zero and a missing quota are two things")
    .fix("wait for it", hold.clone(), insert(&hold))
    .fix("pay 0", nothing.clone(), insert(&nothing))
}
