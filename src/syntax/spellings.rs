//! What newcomers and other languages write, answered with what a plan says. A slip is only named where the line
//! reads once it is mended, so that no answer leads into the next mistake.

use std::ops::Range;

use crate::base::Currency;
use crate::diag::{Code, Diagnostic, Edit};
use crate::syntax::decisions;
use crate::syntax::lines::Piece;
use crate::syntax::phrases::Block;

/// A slip in a line: where it is, what to say, and the lines that may be meant, each with words.
pub(in crate::syntax) struct Slip {
    pub(in crate::syntax) at: Range<usize>,
    pub(in crate::syntax) message: String,
    pub(in crate::syntax) lines: Vec<(&'static str, String)>,
}

impl Slip {
    /// A slip that is mended by putting `plain` in its place.
    fn replaced(
        text: &str,
        at: Range<usize>,
        plain: &str,
        message: impl Into<String>,
    ) -> Option<Slip> {
        let (before, after) = (text.get(..at.start)?, text.get(at.end..)?);
        Some(Slip {
            at,
            message: message.into(),
            lines: vec![("write", format!("{before}{plain}{after}"))],
        })
    }
}

/// Kinds of slips, those that say most first.
const KINDS: &[fn(&str) -> Option<Slip>] = &[
    odd_character,
    single_quotes,
    sign_after_word,
    sign_at_end,
    otherwise,
    code_first,
    currency_sign,
    small_code,
    date_parts,
    days_apart,
    equals,
    letter_x,
    sum,
    bare_text,
    odd_name,
];

/// The slip in a line that does not read; `reads` says whether a line does.
pub(in crate::syntax) fn slip_in(
    line: Piece<'_>,
    reads: impl Fn(&str) -> bool,
) -> Option<Diagnostic> {
    let open = decisions::open_in(line.text);
    let slips = KINDS.iter().filter_map(|find| find(line.text));
    let slip = slips
        .chain(foreign_words(line.text))
        .chain(open)
        .find(|slip| slip.lines.iter().all(|(_, line)| reads(line)))?;
    let at = line.sub(slip.at.start, slip.at.end);
    let diagnostic = Diagnostic::at(Code::S006, at, slip.message);
    Some(slip.lines.into_iter().fold(diagnostic, |d, (words, text)| {
        let span = line.span();
        d.fix(words, text.clone(), vec![Edit { span, text }])
    }))
}

/// `100% or more`, `at least 100%` and the like, whose end is clear, as plans write them.
pub(in crate::syntax) fn range_meant(cell: &str) -> Option<String> {
    const ABOVE: &[&str] = &[" or more", " or above", " or higher", " and up", " or over"];
    const BELOW: &[&str] = &[" or less", " or below", " or lower", " or under"];
    let after = |starts: &[&str]| starts.iter().find_map(|start| cell.strip_prefix(start));
    let before = |ends: &[&str]| ends.iter().find_map(|end| cell.strip_suffix(end));
    let and_above = after(&["at least ", "from "]).or_else(|| before(ABOVE));
    let and_below = after(&["at most "]).or_else(|| before(BELOW));
    let under = after(&["below "]);
    if ["else", "otherwise", "other", "others", "rest", "all"].contains(&cell) {
        return Some("any".to_owned());
    }
    let said = |bound: Option<&str>, lead: &str, tail: &str| {
        bound.map(|bound| format!("{lead}{bound}{tail}"))
    };
    said(and_above, "", " and above")
        .or_else(|| said(and_below, "", " and below"))
        .or_else(|| said(under, "under ", ""))
}

/// The clauses, or the blocks, that a word of another language can stand for.
pub(in crate::syntax) fn words_meant(word: &str) -> impl Iterator<Item = &'static str> {
    const WORDS: &[(&str, &[&str])] = &[
        ("cap", &["maximum", "max", "limit", "ceiling", "capped"]),
        ("floor", &["minimum", "min", "guarantee", "guaranteed"]),
        ("times", &["multiply", "multiplier", "multiplied"]),
        ("when", &["where", "filter", "only"]),
        ("effective", &["valid", "dates", "starts", "term"]),
        ("payees", &["who", "eligible", "participants"]),
        ("expect", &["assert", "should", "then"]),
        ("given", &["assume", "suppose", "with"]),
        ("runs", &["effective", "valid", "dates", "lasts", "period"]),
        ("rank", &["winner", "winners", "ranked", "sort", "order"]),
        ("needs", &["when", "where", "requires", "condition", "gate"]),
        ("members", &["when", "payees", "who", "eligible"]),
        ("size", &["amount", "value", "pot"]),
        ("share", &["split", "divide", "distribute"]),
        ("limit", &["cap", "amount", "maximum", "max"]),
        ("because", &["reason", "why", "comment", "note"]),
        ("paid", &["pay", "payout", "converted"]),
        ("pay", &["commission", "bonus", "payout", "incentive"]),
        ("measure", &["metric", "kpi", "attainment"]),
        ("tiers", &["table", "bands", "brackets", "tier"]),
        ("records", &["source", "data", "transactions"]),
        ("people", &["employees", "persons", "users", "team"]),
        ("use", &["include", "import"]),
        ("exchange", &["fx", "forex", "conversion", "currencies"]),
        ("contest", &["competition", "spiff", "spif", "race"]),
        ("ranking", &["rank", "leaderboard"]),
        ("carry", &["carryover", "carryforward", "rollover"]),
        ("pool", &["pot", "shared"]),
        ("budget", &["fund", "purse"]),
        ("draw", &["guarantee", "subsidy"]),
        (
            "recover",
            &["repay", "repaid", "recoup", "recovered", "recovery"],
        ),
        ("advance", &["pays", "draws"]),
        ("replace", &["change", "changes"]),
        ("amend", &["amendment"]),
    ];
    let small = word.to_lowercase();
    let known = WORDS
        .iter()
        .filter(move |(_, all)| all.contains(&small.as_str()));
    known.map(|(ours, _)| *ours)
}

/// The block that the head of an `override` is: what managers have of a team, or another value by somebody's word.
pub(in crate::syntax) fn override_meant(head: &str) -> Option<Block> {
    let rest = head.strip_prefix("override")?.trim_start();
    match rest.starts_with('"') {
        true => Some(Block::Exception),
        false => Some(Block::Rollup),
    }
}

/// S001 and S008 for a line that starts like no clause and no block: a comment, a row, a second half.
pub(in crate::syntax) fn start_meant(line: Piece<'_>, block: Option<Block>) -> Option<Diagnostic> {
    let put = |d: Diagnostic, words: &str, from: usize, text: &str| {
        let rest = line.text.get(from..).unwrap_or_default();
        let span = line.sub(0, from);
        let text = text.to_owned();
        d.fix(words, format!("{text}{rest}"), vec![Edit { span, text }])
    };
    let at = line.sub(0, line.first_word().len());
    if let Some(sign) = ["//", "--", "/*"]
        .iter()
        .find(|own| line.text.starts_with(**own))
    {
        let said = Diagnostic::at(Code::S001, at, "a comment starts with `#`");
        return Some(put(said, "write", sign.len(), "#"));
    }
    if line.text.ends_with('|') {
        let said = Diagnostic::at(Code::S008, line.span(), "a row of a table starts with `|`");
        return Some(put(said, "write", 0, "| "));
    }
    let word = line.first_word();
    match block? {
        Block::Pay | Block::Component if word == "if" => Some(
            Diagnostic::at(Code::S002, at, "a condition on a payout is a `gate`").help(
                "for example",
                "gate attainment 50% and above, otherwise pay nothing",
            ),
        ),
        _ if matches!(word, "and" | "or") => Some(
            Diagnostic::at(Code::S001, at, "a clause stands on one line")
                .saying("this seems to go on from the line above")
                .help("put it at the end of that line", ""),
        ),
        _ => None,
    }
}

/// A cell as plans may write it.
pub(in crate::syntax) fn cells_meant(cell: &str) -> impl Iterator<Item = String> {
    let ways = [value_meant(cell), places_meant(cell), overlay_meant(cell)];
    ways.into_iter().flatten()
}

/// `1st`, `2-5` and `top 3`
fn places_meant(cell: &str) -> Option<String> {
    let cell = cell.to_lowercase();
    if let Some(last) = cell.strip_prefix("top ") {
        return Some(format!("1 through {last}"));
    }
    let bare = |place: &str| {
        let place = place.trim();
        let ends = ["st", "nd", "rd", "th"];
        let plain = ends.iter().find_map(|end| place.strip_suffix(end));
        plain.unwrap_or(place).to_owned()
    };
    match cell
        .split_once(['-', '–'])
        .or_else(|| cell.split_once(" to "))
    {
        Some((first, last)) => Some(format!("{} through {}", bare(first), bare(last))),
        None => Some(bare(&cell)).filter(|plain| *plain != cell),
    }
}

/// `overlay 25%`, `25% overlays` and `25% on top`
fn overlay_meant(cell: &str) -> Option<String> {
    let after = ["overlays", "on top", "in addition"];
    let share = cell
        .strip_prefix("overlay ")
        .or_else(|| after.iter().find_map(|words| cell.strip_suffix(words)))?;
    Some(format!("{} overlay", share.trim()))
}

/// `12 %`, `8,5%` or `money`, as plans write them.
fn value_meant(cell: &str) -> Option<String> {
    const KINDS: &[(&str, &[&str])] = &[
        ("Text", &["string", "varchar", "char"]),
        ("Money", &["currency", "amount", "usd", "eur", "dollars"]),
        ("Number", &["integer", "int", "decimal", "float", "numeric"]),
        ("Percent", &["percentage", "%", "rate"]),
        ("Date", &["datetime", "timestamp", "day"]),
        ("Person", &["employee", "user", "people"]),
        ("Yes or no", &["boolean", "bool", "flag", "yes/no"]),
    ];
    let (word, tail) = match cell.strip_suffix(" or none") {
        Some(word) => (word, " or none"),
        None => (cell, ""),
    };
    let small = word.to_lowercase();
    let kind = KINDS
        .iter()
        .find(|(kind, others)| small == kind.to_lowercase() || others.contains(&small.as_str()));
    if let Some((kind, _)) = kind {
        return Some(format!("{kind}{tail}"));
    }
    let figure = cell.strip_suffix('%')?.trim_end().trim_end_matches('%');
    Some(match figure.split_once(',') {
        Some((whole, part)) if part.len() < 3 => format!("{whole}.{part}%"),
        _ => format!("{figure}%"),
    })
}

/// Words outside quotes, with their places.
pub(in crate::syntax) fn words(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let (mut start, mut quoted) = (None, false);
    for (at, c) in text.char_indices() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            found.extend(start.take().map(|start: usize| start..at));
        } else {
            start.get_or_insert(at);
        }
    }
    found.extend(start.map(|start| start..text.len()));
    let word = |at: Range<usize>| Some((at.clone(), text.get(at)?));
    found.into_iter().filter_map(word).collect()
}

/// The place of the first such word.
fn place_of(text: &str, wanted: &str) -> Option<Range<usize>> {
    let mut all = words(text).into_iter();
    all.find(|(_, word)| *word == wanted).map(|(at, _)| at)
}

/// `“Won”`, `×` and other characters that word processors put in.
fn odd_character(text: &str) -> Option<Slip> {
    let plain = |c: char| match c {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' => Some("\""),
        '×' => Some("*"),
        '÷' => Some("/"),
        '−' | '–' | '—' => Some("-"),
        '≤' => Some("<="),
        '≥' => Some(">="),
        _ => None,
    };
    let (at, first) = text.char_indices().find(|(_, c)| plain(*c).is_some())?;
    let mended = text.chars().fold(String::new(), |mut line, c| {
        match plain(c) {
            Some(plain) => line.push_str(plain),
            None => line.push(c),
        }
        line
    });
    Some(Slip {
        at: at..at + first.len_utf8(),
        message: format!(
            "`{first}` is written `{}`",
            plain(first).unwrap_or_default()
        ),
        lines: vec![("write", mended)],
    })
}

fn single_quotes(text: &str) -> Option<Slip> {
    let at = text.find('\'')?;
    Some(Slip {
        at: at..at + 1,
        message: "a text stands in double quotes".to_owned(),
        lines: vec![("write", text.replace('\'', "\""))],
    })
}

/// `currency: USD`, `amount = 6% of total bookings`
fn sign_after_word(text: &str) -> Option<Slip> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    let rest = text.get(end..)?;
    let at = end + (rest.len() - rest.trim_start().len());
    let sign = rest.trim_start().chars().next()?;
    let after = text.get(at + 1..).filter(|_| matches!(sign, ':' | '='))?;
    let word = text.get(..end)?;
    Some(Slip {
        at: at..at + 1,
        message: format!("no `{sign}` stands between `{word}` and what it says"),
        lines: vec![("write", format!("{word} {}", after.trim_start()))],
    })
}

/// `period quarter;`
fn sign_at_end(text: &str) -> Option<Slip> {
    let sign = text.chars().next_back()?;
    let at = text.len() - sign.len_utf8();
    let is_sign = matches!(sign, ';' | ',' | '.' | ':');
    let words = format!("a line ends without `{sign}`");
    is_sign
        .then(|| Slip::replaced(text, at..text.len(), "", words))
        .flatten()
}

/// `…, else pay nothing`, and a comma that is missing
fn otherwise(text: &str) -> Option<Slip> {
    let foreign = place_of(text, "else");
    let is_foreign = foreign.is_some();
    let at = foreign.or_else(|| place_of(text, "otherwise"))?;
    let before = text.get(..at.start)?.trim_end();
    let after = text.get(at.end..)?;
    let message = if is_foreign {
        "`else` is written `otherwise`"
    } else {
        "a comma stands before `otherwise`"
    };
    Some(Slip {
        at,
        message: message.to_owned(),
        lines: vec![(
            "write",
            format!("{}, otherwise{after}", before.trim_end_matches(',')),
        )],
    })
}

/// `USD 90,000`
fn code_first(text: &str) -> Option<Slip> {
    let all = words(text);
    let pair = all.windows(2).find_map(|pair| match pair {
        [(code_at, code), (at, figure)]
            if Currency::from_code(code).is_some()
                && figure.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            Some((code_at.start..at.end, *code, *figure))
        }
        _ => None,
    });
    let (at, code, figure) = pair?;
    let bare = figure.trim_end_matches(',');
    let comma = figure.get(bare.len()..)?;
    let words = "the currency's code stands after the amount";
    Slip::replaced(text, at, &format!("{bare} {code}{comma}"), words)
}

/// `90,000 €`
fn currency_sign(text: &str) -> Option<Slip> {
    let code = |c: char| match c {
        '€' => Some("EUR"),
        '$' => Some("USD"),
        '£' => Some("GBP"),
        _ => None,
    };
    let (at, sign) = text.char_indices().find(|(_, c)| code(*c).is_some())?;
    let before = text.get(..at)?.trim_end();
    before.ends_with(|c: char| c.is_ascii_digit()).then(|| {
        let plain = format!(" {}", code(sign).unwrap_or_default());
        let words = format!("a currency is written with its code, and `{sign}` is a sign");
        Slip::replaced(text, before.len()..at + sign.len_utf8(), &plain, words)
    })?
}

/// `currency usd`
fn small_code(text: &str) -> Option<Slip> {
    let all = words(text);
    let (at, code) = all.iter().skip(1).find_map(|(at, word)| {
        let code = word.to_uppercase();
        (code != *word && Currency::from_code(&code).is_some()).then(|| (at.clone(), code))
    })?;
    Slip::replaced(text, at, &code, "a currency's code is written in capitals")
}

/// `2026/1/5` and `2026-1-5`: a year that stands first leaves no doubt.
fn date_parts(text: &str) -> Option<Slip> {
    let all = words(text);
    let is_odd = |word: &str| iso(word).is_some_and(|iso| iso != word);
    let (at, _) = all.iter().find(|(_, word)| is_odd(word))?.clone();
    let mended = all.iter().rev().fold(text.to_owned(), |mut line, own| {
        if let Some(iso) = iso(own.1) {
            line.replace_range(own.0.clone(), &iso);
        }
        line
    });
    Some(Slip {
        at,
        message: "a date is written with four, two and two digits".to_owned(),
        lines: vec![("write", mended)],
    })
}

/// A date whose year stands first, as plans write it.
fn iso(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
    let digits = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [year, month, day]
            if parts.iter().all(digits)
                && year.len() == 4
                && (1..=2).contains(&month.len())
                && (1..=2).contains(&day.len()) =>
        {
            Some(format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => None,
    }
}

/// `2026-01-01 to 2026-12-31`, and with a word before it
fn days_apart(text: &str) -> Option<Slip> {
    let all = words(text);
    let three = all.windows(3).enumerate().find(|(_, three)| match three {
        [(_, first), (_, word), (_, last)] => {
            let is_between = matches!(*word, "to" | "until" | "till" | "-" | "and");
            iso(first).is_some() && iso(last).is_some() && is_between
        }
        _ => false,
    });
    let (place, [(first, day), (at, word), ..]) = three? else {
        return None;
    };
    let words = format!("`{word}` leaves open whether the last day belongs to it");
    let lead = place.checked_sub(1).and_then(|before| all.get(before));
    match lead.filter(|(_, lead)| matches!(*lead, "from" | "between")) {
        Some((lead, _)) => {
            let plain = format!("{day} through");
            Slip::replaced(text, lead.start..at.end, &plain, words)
        }
        None if *word == "and" => None,
        None => Slip::replaced(text, first.start..at.end, &format!("{day} through"), words).map(
            |slip| Slip {
                at: at.clone(),
                ..slip
            },
        ),
    }
}

fn equals(text: &str) -> Option<Slip> {
    let at = place_of(text, "equals")?;
    Slip::replaced(text, at, "is", "`equals` is written `is`")
}

/// `rate x bonus`
fn letter_x(text: &str) -> Option<Slip> {
    let at = place_of(text, "x").or_else(|| place_of(text, "X"))?;
    Slip::replaced(text, at, "*", "times is written `*`")
}

/// `sum of bookings`, `sum(bookings)`
fn sum(text: &str) -> Option<Slip> {
    const WORDS: &str = "a sum of records is written `total`";
    if let Some(start) = text.find("sum of ") {
        return Slip::replaced(text, start..start + "sum of".len(), "total", WORDS);
    }
    let start = text.find("sum(")?;
    let (name, _) = text.get(start + "sum(".len()..)?.split_once(')')?;
    let end = start + "sum(".len() + name.len() + 1;
    Slip::replaced(text, start..end, &format!("total {}", name.trim()), WORDS)
}

/// `measure Attainment`, `credit net-bookings`, `pay sales commission`
fn odd_name(text: &str) -> Option<Slip> {
    let all = words(text);
    let ((_, first), rest) = all.split_first()?;
    Block::from_word(first)?;
    let is_end = |word: &str| word.starts_with('"') || matches!(word, "on" | "by" | "over");
    let name = rest.iter().take_while(|(_, word)| !is_end(word));
    let (starts, ends) = name.clone().fold((None, 0), |(start, _), (at, _)| {
        (start.or(Some(at.start)), at.end)
    });
    let start = starts?;
    let words: Vec<String> = name
        .map(|(_, word)| {
            word.to_lowercase()
                .replace(|c: char| !c.is_alphanumeric(), "_")
        })
        .collect();
    Slip::replaced(
        text,
        start..ends,
        &words.join("_"),
        "a name is one word of small letters, digits and `_`",
    )
}

/// `role is Rep`, `stage is one of Won, Closed Won`
fn bare_text(text: &str) -> Option<Slip> {
    let all = words(text);
    let mut mended = text.to_owned();
    let (mut texts, mut expects) = (Vec::new(), false);
    let mut at = 0;
    while let Some((_, word)) = all.get(at) {
        let bare = |word: &str| word.starts_with(|c: char| c.is_uppercase());
        if !(expects && bare(word)) {
            let is_more = expects && matches!(*word, "not" | "one" | "of");
            expects = *word == "is" || is_more || (expects && word.ends_with(','));
            at += 1;
            continue;
        }
        // `Closed Won` is one text, and a comma begins another.
        let start = at;
        while all.get(at).is_some_and(|(_, word)| !word.ends_with(','))
            && all.get(at + 1).is_some_and(|(_, next)| bare(next))
        {
            at += 1;
        }
        let (first, (last, end)) = (all.get(start)?, all.get(at)?);
        let tail = end.len() - end.trim_end_matches([',', ')']).len();
        texts.push(first.0.start..last.end - tail);
        expects = end.ends_with(',');
        at += 1;
    }
    let first = texts.first()?.clone();
    for text in texts.into_iter().rev() {
        mended.insert(text.end, '"');
        mended.insert(text.start, '"');
    }
    Some(Slip {
        at: first,
        message: "a text stands in quotes".to_owned(),
        lines: vec![("write", mended)],
    })
}

/// Words for which a plan has others.
fn foreign_words(text: &str) -> impl Iterator<Item = Slip> + '_ {
    const WORDS: &[(&str, &str)] = &[
        ("descending", "highest first"),
        ("ascending", "lowest first"),
        ("pro rata", "in proportion"),
        ("pro rata", "scaled down in proportion"),
        ("minus what", "less what"),
        ("of the team", "by team"),
        ("of each team", "by team"),
        ("per team", "by team"),
        ("of everybody", "of everyone"),
        ("of all payees", "of everyone"),
        ("direct report by", "direct reports by"),
        ("equally between", "equally among"),
        ("equally by", "equally among"),
        ("share equal", "share equally"),
        ("anyone whose", "everyone whose"),
        ("everybody whose", "everyone whose"),
        ("if multiple match", "if several match"),
        ("all get all", "each gets all"),
        ("all payouts", "every payout"),
        ("one rate per", "one per"),
        (", daily", ", one per day"),
        (", monthly", ", one per month"),
        ("the last rate", "the last rate before it"),
        ("of the next month", "of the next period"),
        ("of the next quarter", "of the next period"),
        ("excess rolls over", "excess carries forward as money"),
        ("excess carries forward", "excess carries forward as money"),
        ("if not placed", "if not ranked"),
        ("restarts", "starts fresh"),
        ("sum", "total"),
    ];
    WORDS.iter().filter_map(|(theirs, ours)| {
        let at = text.find(theirs)?;
        let end = at + theirs.len();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let goes_on = text.get(end..)?.starts_with(is_part)
            || (theirs.starts_with(is_part) && text.get(..at)?.ends_with(is_part));
        let words = format!("`{}` is written `{}`", bare_of(theirs), bare_of(ours));
        (!goes_on)
            .then(|| Slip::replaced(text, at..end, ours, words))
            .flatten()
    })
}

fn bare_of(words: &str) -> &str {
    words.trim_start_matches([',', ' '])
}
