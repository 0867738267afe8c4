//! S…: what can be wrong with the text of a line.

use crate::diag::{Code, Diagnostic, Edit, Span};
use crate::syntax::grammar::Miss;
use crate::syntax::lines::Piece;
use crate::syntax::phrases::{Block, Phrase};

pub(in crate::syntax) fn too_large(span: Span, what: &str, most: &str) -> Diagnostic {
    Diagnostic::at(Code::S009, span, format!("this text has more than {most}"))
        .note(format!(
            "{what} A plan that a person can read and sign is far smaller."
        ))
        .help(
            "cut it in two plans, or move shared terms to company.terms",
            "",
        )
}

pub(in crate::syntax) fn line_too_deep(span: Span, what: &str) -> Diagnostic {
    Diagnostic::at(Code::S009, span, format!("this line has {what}")).help(
        "give parts of it names of their own",
        "component NAME \"…\"",
    )
}

pub(in crate::syntax) fn unknown_block(
    head: Piece<'_>,
    near: Option<Block>,
    elsewhere: &[Block],
) -> Diagnostic {
    let word = head.first_word();
    let span = head.sub(0, word.len());
    let diagnostic = Diagnostic::at(Code::S001, span, format!("I don't know the block `{word}`"));
    match (near, elsewhere) {
        (Some(block), _) => diagnostic
            .saying(format!("did you mean `{}`?", block.word()))
            .fix(
                format!("write `{}`", block.word()),
                head.text.replacen(word, block.word(), 1),
                vec![Edit {
                    span,
                    text: block.word().to_owned(),
                }],
            ),
        (None, []) => diagnostic
            .saying("no block starts with this word")
            .note(format!(
                "Blocks are {}.",
                listed(Block::ALL.into_iter().map(Block::word))
            )),
        (None, blocks) => diagnostic
            .saying(format!(
                "`{word}` is a clause of {}",
                listed(blocks.iter().map(|b| b.word()))
            ))
            .fix(
                "indent the line, so that it belongs to the block above",
                format!("  {}", head.text),
                vec![Edit {
                    span: head.sub(0, 0),
                    text: "  ".to_owned(),
                }],
            ),
    }
}

pub(in crate::syntax) fn not_indented(line: Piece<'_>, block: Block) -> Diagnostic {
    Diagnostic::at(
        Code::S001,
        line.sub(0, line.first_word().len()),
        format!(
            "`{}` is a clause of `{}`, and clauses are indented",
            line.first_word(),
            block.word()
        ),
    )
    .fix(
        "indent the line",
        format!("  {}", line.text),
        vec![Edit {
            span: line.sub(0, 0),
            text: "  ".to_owned(),
        }],
    )
}

pub(in crate::syntax) fn stray(line: Piece<'_>) -> Diagnostic {
    Diagnostic::at(Code::S001, line.span(), "this line belongs to no block")
        .note("A block starts with its word at the beginning of a line, such as `plan \"…\"`; its clauses are indented below it.")
}

pub(in crate::syntax) fn unknown_clause(
    line: Piece<'_>,
    block: Block,
    near: Option<&str>,
) -> Diagnostic {
    let word = line.first_word();
    let span = line.sub(0, word.len());
    let diagnostic = Diagnostic::at(
        Code::S001,
        span,
        format!("I don't know `{word}` in {}", a_block(block)),
    );
    match near {
        Some(near) => diagnostic.saying(format!("did you mean `{near}`?")).fix(
            format!("write `{near}`"),
            line.text.replacen(word, near, 1),
            vec![Edit {
                span,
                text: near.to_owned(),
            }],
        ),
        None => {
            let mut leads: Vec<&str> = crate::syntax::phrases::leads(block).collect();
            leads.dedup();
            diagnostic
                .saying("no clause starts with this word")
                .note(format!(
                    "Clauses of `{}` start with {}.",
                    block.word(),
                    listed(leads.into_iter())
                ))
        }
    }
}

pub(in crate::syntax) fn opens_block(line: Piece<'_>, block: Block) -> Diagnostic {
    Diagnostic::at(
        Code::S002,
        line.sub(0, line.first_word().len()),
        format!(
            "`{}` opens a block of its own, and blocks start at the beginning of a line",
            block.word()
        ),
    )
    .help("take away the blanks before it", line.text)
}

pub(in crate::syntax) fn wrong_block(
    line: Piece<'_>,
    block: Block,
    belongs: &[Block],
) -> Diagnostic {
    const FEW: usize = 3;
    let word = line.first_word();
    let at = line.sub(0, word.len());
    let here = a_block(block);
    if belongs.len() > FEW {
        let there = listed(belongs.iter().map(|b| b.word()));
        return Diagnostic::at(Code::S002, at, format!("{here} has no `{word}`"))
            .saying(format!("this line stands in {here}"))
            .note(format!("Blocks with such a line are {there}."))
            .help(
                "delete the line, or move it to the block that it is about",
                "",
            );
    }
    let there = listed_or(belongs.iter().map(|b| b.word()));
    let words = format!("`{word}` belongs in {there}, not in {here}");
    Diagnostic::at(Code::S002, at, words)
        .saying(format!("this line stands in {here}"))
        .help(format!("move the line into {there}, or delete it"), "")
}

/// `a` or `an`, and the word of a block.
fn a_block(block: Block) -> String {
    listed_or(std::iter::once(block.word()))
}

pub(in crate::syntax) fn stops(line: Piece<'_>, miss: &Miss, phrases: &[&Phrase]) -> Diagnostic {
    let rest = line.text.get(miss.at..).unwrap_or("");
    let word_end = rest
        .char_indices()
        .skip(1)
        .find(|(_, c)| !(c.is_alphanumeric() || *c == '_'))
        .map_or(rest.len(), |(at, _)| at);
    let found = rest.get(..word_end).unwrap_or("").trim_end();
    let diagnostic = if found.is_empty() {
        Diagnostic::at(
            Code::S006,
            line.sub(line.text.len(), line.text.len()),
            "this line ends too early",
        )
    } else {
        Diagnostic::at(
            Code::S006,
            line.sub(miss.at, miss.at + found.len()),
            format!("this line stops making sense at `{found}`"),
        )
    };
    let diagnostic = match miss.expected.as_slice() {
        [] => diagnostic,
        [only] if only == "a name" && is_word(found) => {
            diagnostic.saying(format!("expected a name, and `{found}` is a word of plans"))
        }
        expected => diagnostic.saying(format!("expected {}", joined_or(expected))),
    };
    let odd = |c: char| matches!(c, '“' | '”' | '„' | '‘' | '’' | '−' | '×' | '≤' | '≥');
    let diagnostic = match line.text.chars().find(|c| odd(*c)) {
        Some(c) => diagnostic.note(format!(
            "`{c}` is not the plain character. Texts stand in \" quotes, and signs are - * <= >=."
        )),
        None => diagnostic,
    };
    phrases.iter().take(2).fold(diagnostic, |d, phrase| {
        d.help("the line reads", phrase.words)
            .help("for example", phrase.example)
    })
}

/// Whether a text could be a name by its letters.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `before` and `after` are the ranges of the rows around, which must not claim what this one takes and must
/// take what it leaves.
pub(in crate::syntax) fn whose_boundary(
    cell: Piece<'_>,
    low: Option<&str>,
    high: Option<&str>,
    before: Option<Piece<'_>>,
    after: Option<Piece<'_>>,
) -> Diagnostic {
    let edge = high.or(low).unwrap_or("the boundary");
    let diagnostic = Diagnostic::at(
        Code::S003,
        cell.span(),
        format!("does {edge} itself belong to this row?"),
    )
    .saying("these words do not say");
    let put = |cell: Piece<'_>, text: String| Edit {
        span: cell.span(),
        text,
    };
    let with = |d: Diagnostic, shown: String, words: &str, other: Option<Edit>| {
        let mut edits = vec![put(cell, shown.clone())];
        edits.extend(other);
        d.fix(words.to_owned(), shown, edits)
    };
    let fix = |d, shown, words: &str| with(d, shown, words, None);
    // `100% and above` starts after 100% where this row keeps it.
    let starts_after = |high: &str| {
        let after = after?;
        let rest = after.text.strip_prefix(high)?;
        let text = match rest.trim() {
            "and above" => format!("above {high}"),
            rest if rest.starts_with("to under ") || rest.starts_with("through ") => {
                format!("above {}", after.text)
            }
            _ => return None,
        };
        Some(put(after, text))
    };
    // `50% to under 100%` ends with 100% where this row starts after it.
    let ends_with = |low: &str| {
        let before = before?;
        let head = before.text.strip_suffix(low)?.trim_end();
        let text = match head {
            "under" => format!("{low} and below"),
            head => format!("{} through {low}", head.strip_suffix(" to under")?),
        };
        Some(put(before, text))
    };
    match (low, high) {
        (Some(low), Some(high)) => {
            let d = fix(
                diagnostic,
                format!("{low} to under {high}"),
                &format!("{high} goes to the next row"),
            );
            with(
                d,
                format!("{low} through {high}"),
                &format!("{high} stays here"),
                starts_after(high),
            )
        }
        (None, Some(high)) => {
            let d = fix(
                diagnostic,
                format!("under {high}"),
                &format!("{high} goes to the next row"),
            );
            with(
                d,
                format!("{high} and below"),
                &format!("{high} stays here"),
                starts_after(high),
            )
        }
        (Some(low), None) => {
            let d = with(
                diagnostic,
                format!("above {low}"),
                &format!("{low} goes to the row before"),
                ends_with(low),
            );
            fix(d, format!("{low} and above"), &format!("{low} stays here"))
        }
        (None, None) => diagnostic,
    }
}

pub(in crate::syntax) fn two_readings_of_date(
    span: Span,
    text: &str,
    readings: &[crate::base::Date],
) -> Diagnostic {
    let diagnostic = Diagnostic::at(
        Code::S004,
        span,
        format!("`{text}` can be read in two ways"),
    )
    .saying("day and month in which order?");
    readings.iter().fold(diagnostic, |d, date| {
        d.fix(
            "write",
            date.to_string(),
            vec![Edit {
                span,
                text: date.to_string(),
            }],
        )
    })
}

pub(in crate::syntax) fn unclear_amount(
    span: Span,
    text: &str,
    readings: &[(String, String)],
) -> Diagnostic {
    let diagnostic = Diagnostic::at(Code::S004, span, format!("how much money is `{text}`?"))
        .saying("no short forms, and the currency's code after the amount")
        .note("`M` means thousand to some and million to others; `$` is the sign of more than twenty currencies.");
    readings
        .iter()
        .take(3)
        .fold(diagnostic, |d, (words, amount)| {
            d.fix(
                words.clone(),
                amount.clone(),
                vec![Edit {
                    span,
                    text: amount.clone(),
                }],
            )
        })
}

/// A cell in the words of another language.
pub(in crate::syntax) fn written_otherwise(
    cell: Piece<'_>,
    what: &str,
    meant: String,
) -> Diagnostic {
    Diagnostic::at(
        Code::S008,
        cell.span(),
        format!("I can't read `{}` here", cell.text),
    )
    .saying(format!("{what} is written `{meant}`"))
    .fix(
        "write",
        meant.clone(),
        vec![Edit {
            span: cell.span(),
            text: meant,
        }],
    )
}

/// A cell of words: `EUR`, `North-West`
pub(in crate::syntax) fn unquoted(cell: Piece<'_>) -> Option<Diagnostic> {
    let is_text = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '&' | '_');
    let starts = cell.text.starts_with(char::is_uppercase);
    (starts && cell.text.chars().all(is_text)).then(|| {
        let text = format!("\"{}\"", cell.text);
        let edit = Edit {
            span: cell.span(),
            text: text.clone(),
        };
        Diagnostic::at(Code::S008, cell.span(), "a text stands in quotes")
            .saying(format!("`{}` is no range of numbers", cell.text))
            .fix("write", text, vec![edit])
    })
}

/// `one of "Open", "Won"`
pub(in crate::syntax) fn quoted_choices(cell: Piece<'_>) -> Diagnostic {
    let plain = cell.text.replace('"', "");
    Diagnostic::at(
        Code::S008,
        cell.span(),
        "the values of `one of` stand without quotes",
    )
    .fix(
        "write",
        plain.clone(),
        vec![Edit {
            span: cell.span(),
            text: plain,
        }],
    )
}

/// A row of lines between the headings and the rest.
pub(in crate::syntax) fn ruled_row(row: Piece<'_>) -> Diagnostic {
    Diagnostic::at(
        Code::S008,
        row.span(),
        "this row holds no values, and headings need no line below them",
    )
    .fix(
        "delete the row",
        "",
        vec![Edit {
            span: row.span(),
            text: String::new(),
        }],
    )
}

/// An amount whose point parts thousands in one country and cents in another.
pub(in crate::syntax) fn point_or_thousands(
    span: Span,
    text: &str,
    [thousands, cents]: &[String; 2],
) -> Diagnostic {
    let put = |text: &String| {
        vec![Edit {
            span,
            text: text.clone(),
        }]
    };
    Diagnostic::at(
        Code::S004,
        span,
        format!("`{text}` can be read in two ways"),
    )
    .saying("does the point part thousands or cents?")
    .fix("thousands", thousands.clone(), put(thousands))
    .fix("cents", cents.clone(), put(cents))
}

pub(in crate::syntax) fn missing_clause(head: Span, block: Block, phrase: &Phrase) -> Diagnostic {
    Diagnostic::at(
        Code::S007,
        head,
        format!("this `{}` has no `{}`", block.word(), begins_with(phrase)),
    )
    .help(format!("add a line: {}", phrase.meaning), phrase.example)
}

/// The words by which a clause is known: `if` alone says nothing.
fn begins_with(phrase: &Phrase) -> &str {
    let opens = matches!(
        phrase.lead,
        "if" | "kept" | "dated" | "rank" | "approved" | "applies"
    );
    let mut blanks = phrase.words.match_indices(' ').map(|(at, _)| at);
    let second = blanks.nth(1).filter(|_| opens);
    second.map_or(phrase.lead, |end| {
        phrase.words.get(..end).unwrap_or(phrase.lead)
    })
}

/// A budget that does not say to what scaled payouts are rounded.
pub(in crate::syntax) fn unrounded_budget(head: Span) -> Diagnostic {
    let line = "round       each payout to 0.01, down";
    Diagnostic::at(Code::S007, head, "this `budget` has no `round`")
        .note("Where three claims of 100.00 share 200.00, each is paid 66.666…: of that 66.66 can be paid.")
        .fix("add a line", line, vec![Edit::below(head, line)])
}

/// A block that an amendment cannot replace.
pub(in crate::syntax) fn not_replaced(head: Piece<'_>) -> Diagnostic {
    let word = head.first_word();
    Diagnostic::at(
        Code::S002,
        head.sub(0, word.len()),
        format!("an amendment does not replace a `{word}`"),
    )
    .note(
        "It replaces what says how much is paid: measures, tiers, curves, matrices, values, rates, scorecards, \
         components and payouts. Who is credited, and where quotas and inputs come from, is one text for all of a \
         plan's dates.",
    )
    .help("let the plan end the day before, and write a plan from there on", "plan \"…\"")
}

pub(in crate::syntax) fn twice(first: Span, second: Span, what: &str) -> Diagnostic {
    Diagnostic::at(
        Code::S007,
        second,
        format!("`{what}` stands twice in one block"),
    )
    .saying("and again here")
    .label(first, "first here")
    .help("keep one of the two", "")
}

/// Lines of a quota that stand in another order than they act; each place with the line that belongs there.
pub(in crate::syntax) fn quota_order(head: Span, moved: &[(Span, &str)]) -> Diagnostic {
    let edits = moved.iter().map(|(span, text)| Edit {
        span: *span,
        text: (*text).to_owned(),
    });
    let first = moved.first().map_or("", |(_, text)| text);
    Diagnostic::at(
        Code::Q806,
        moved.first().map_or(head, |(span, _)| *span),
        "the lines of a quota stand in another order than they act",
    )
    .saying("this acts later")
    .note("A quota is made of its value in one order: converted at, spread, ramp, relief, prorated, round.")
    .fix("put them in order", format!("{first} …"), edits.collect())
}

/// Proration that does not say of what the days are.
pub(in crate::syntax) fn days_of_what(unit: Span) -> Diagnostic {
    Diagnostic::at(Code::S007, unit, "which of them count for a person?")
        .note("Those on which the person meets the condition of `payees` are the ones in the role.")
        .fix(
            "write",
            "… in the role",
            vec![Edit::after(unit, " in the role")],
        )
}

/// `a, b and c`, each in backticks.
pub(in crate::syntax) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    join(
        words
            .map(|w| format!("`{w}`"))
            .collect::<Vec<_>>()
            .as_slice(),
        "and",
    )
}

fn listed_or<'a>(words: impl Iterator<Item = &'a str>) -> String {
    join(
        words
            .map(|w| match w.starts_with(['a', 'e', 'i', 'o']) {
                true => format!("an `{w}`"),
                false => format!("a `{w}`"),
            })
            .collect::<Vec<_>>()
            .as_slice(),
        "or",
    )
}

fn joined_or(words: &[String]) -> String {
    join(words.get(..words.len().min(6)).unwrap_or(words), "or")
}

fn join(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., end] => format!("{} {last} {end}", init.join(", ")),
    }
}
