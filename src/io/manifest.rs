//! `paycurve.yaml`: where the plans and the data of a project are, and how the data is written.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::base::Currency;
use crate::diag::{Code, Diagnostic, FileId, Span, near};
use crate::io::dialect::{Dates, Dialect, Flags, Negatives, Numbers, Percent};
use crate::meaning::SourceCurrency;

/// A project's manifest.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What the project is called.
    #[serde(default)]
    pub name: String,
    /// Files and folders with plans; every `.plan` of the project where it is not written.
    #[serde(default)]
    pub plans: Vec<String>,
    /// The people file; `data/people.csv` where it is not written.
    #[serde(default)]
    pub people: Option<SourceFile>,
    /// Sources by the names plans know.
    #[serde(default, deserialize_with = "each_once")]
    pub sources: BTreeMap<String, SourceFile>,
}

/// Where one source is, and how it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// The file, relative to the project; `*` in its name stands for anything.
    #[serde(default)]
    pub file: Option<String>,
    /// Several files, one after the other.
    #[serde(default)]
    pub files: Vec<String>,
    /// What kind of files they are; what their names end with where it is not written.
    #[serde(default)]
    pub format: Option<Format>,
    /// What stands between values.
    #[serde(default)]
    pub separator: Option<Separator>,
    /// How characters are written as bytes.
    #[serde(default)]
    pub encoding: Encoding,
    /// The row with the headings.
    #[serde(default)]
    pub header_row: Option<u32>,
    /// The sheet of an Excel file; the first where it is not written.
    #[serde(default)]
    pub sheet: Option<String>,
    /// A sample of a number.
    #[serde(default)]
    pub numbers: Option<Numbers>,
    /// A sample of a number below zero.
    #[serde(default)]
    pub negatives: Option<Negatives>,
    /// What a percentage without its sign means.
    #[serde(default)]
    pub percent: Option<Percent>,
    /// 31 December 2026 as the file writes it.
    #[serde(default)]
    pub dates: Option<Dates>,
    /// The words for yes and no.
    #[serde(default)]
    pub flags: Option<Flags>,
    /// The currency of its money.
    #[serde(default)]
    pub currency: Option<CurrencyOf>,
    /// Columns whose header differs: plan's name to header.
    #[serde(default, deserialize_with = "each_once")]
    pub columns: BTreeMap<String, String>,
    /// Columns that the file lacks, with one value for every row.
    #[serde(default, deserialize_with = "each_once")]
    pub constants: BTreeMap<String, String>,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Format {
    /// Lines of values with something between them.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// One JSON object a line.
    JsonLines,
    /// Columns as Parquet keeps them.
    Parquet,
}

/// What stands between the values of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    #[default]
    Utf8,
    /// What Windows programs of Western Europe and America write.
    Windows1252,
    /// UTF-16; its mark says in which order the bytes are.
    Utf16,
}

/// One currency for all, or a column that names it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(
    untagged,
    expecting = "a currency is a code such as USD, or `{column: HEADING}`"
)]
pub enum CurrencyOf {
    /// `currency: USD`
    All(String),
    /// `currency: {column: currency}`
    Column {
        /// The header.
        column: String,
    },
}

impl TryFrom<String> for Format {
    type Error = String;

    fn try_from(word: String) -> Result<Format, String> {
        match word.as_str() {
            "csv" => Ok(Format::Csv),
            "xlsx" => Ok(Format::Xlsx),
            "jsonl" => Ok(Format::JsonLines),
            "parquet" => Ok(Format::Parquet),
            _ => Err(format!(
                "`{word}` is no kind of file: write `csv`, `xlsx`, `jsonl` or `parquet`"
            )),
        }
    }
}

impl Separator {
    /// All of them.
    pub(in crate::io) const ALL: [Separator; 4] = [
        Separator::Comma,
        Separator::Semicolon,
        Separator::Tab,
        Separator::Pipe,
    ];

    /// What stands in the file.
    pub(in crate::io) fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
            Separator::Tab => b'\t',
            Separator::Pipe => b'|',
        }
    }

    /// As paycurve.yaml writes it.
    pub(in crate::io) fn word(self) -> &'static str {
        match self {
            Separator::Comma => "comma",
            Separator::Semicolon => "semicolon",
            Separator::Tab => "tab",
            Separator::Pipe => "pipe",
        }
    }
}

impl TryFrom<String> for Separator {
    type Error = String;

    fn try_from(word: String) -> Result<Separator, String> {
        let known = |own: &Separator| {
            own.word() == word || [own.byte()] == word.as_bytes() && *own != Separator::Tab
        };
        Separator::ALL.into_iter().find(known).ok_or_else(|| {
            format!("`{word}` is no separator: write `comma`, `semicolon`, `tab` or `pipe`")
        })
    }
}

impl TryFrom<String> for Encoding {
    type Error = String;

    fn try_from(word: String) -> Result<Encoding, String> {
        match word.to_ascii_lowercase().as_str() {
            "utf-8" => Ok(Encoding::Utf8),
            "windows-1252" => Ok(Encoding::Windows1252),
            "utf-16" => Ok(Encoding::Utf16),
            _ => Err(format!(
                "`{word}` is no encoding: write `utf-8`, `windows-1252` or `utf-16`"
            )),
        }
    }
}

impl SourceFile {
    /// A file without anything said about it.
    pub fn plain(file: String) -> SourceFile {
        SourceFile {
            file: Some(file),
            ..SourceFile::default()
        }
    }

    /// The files as they are written, patterns too.
    pub fn patterns(&self) -> impl Iterator<Item = &String> {
        self.file.iter().chain(&self.files)
    }

    /// What kind of file one of its files is.
    pub fn format_of(&self, file: &str) -> Format {
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        match (self.format, ending.to_ascii_lowercase().as_str()) {
            (Some(format), _) => format,
            (None, "xlsx") => Format::Xlsx,
            (None, "jsonl" | "ndjson") => Format::JsonLines,
            (None, "parquet") => Format::Parquet,
            _ => Format::Csv,
        }
    }

    /// What stands between the values of one of its files.
    pub(in crate::io) fn separator_of(&self, file: &str) -> Separator {
        match self.separator {
            Some(separator) => separator,
            None if file.ends_with(".tsv") => Separator::Tab,
            None => Separator::Comma,
        }
    }

    /// How its cells are written.
    pub fn dialect(&self) -> Dialect {
        Dialect {
            numbers: self.numbers.clone(),
            negatives: self.negatives,
            percent: self.percent,
            dates: self.dates.clone(),
            flags: self.flags.clone(),
        }
    }

    /// What the checker needs to know of its money.
    pub fn money(&self) -> Option<SourceCurrency> {
        match self.currency.as_ref()? {
            CurrencyOf::All(code) => Currency::from_code(code).map(SourceCurrency::All),
            CurrencyOf::Column { .. } => Some(SourceCurrency::Rows),
        }
    }

    /// What does not go together, each with the word it is about.
    fn contradictions(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut say = |word: &str, what: String| found.push((word.to_owned(), what));
        match (&self.file, self.files.as_slice()) {
            (None, []) => say(
                "",
                "says of no file: write `file: data/NAME.csv`".to_owned(),
            ),
            (Some(_), [_, ..]) => say("files", "has both `file` and `files`".to_owned()),
            _ => {}
        }
        if let Some(CurrencyOf::All(code)) = &self.currency
            && Currency::from_code(code).is_none()
        {
            say(
                code,
                format!(
                    "has `{code}`, which is no currency: write a code of ISO 4217, such as USD"
                ),
            );
        }
        if self.header_row == Some(0) {
            say("header_row", "counts rows from 1".to_owned());
        }
        let formats = || self.patterns().map(|file| self.format_of(file));
        let only = |format: Format| formats().all(|own| own == format);
        if self.sheet.is_some() && !only(Format::Xlsx) {
            say(
                "sheet",
                "names a sheet, and only Excel files have sheets".to_owned(),
            );
        }
        if self.separator.is_some() && !only(Format::Csv) {
            say(
                "separator",
                "names a separator, and only CSV files have one".to_owned(),
            );
        }
        if self.encoding != Encoding::Utf8 && !only(Format::Csv) {
            say(
                "encoding",
                "names an encoding, and only CSV files are in one".to_owned(),
            );
        }
        if self.header_row.is_some()
            && formats().any(|own| matches!(own, Format::JsonLines | Format::Parquet))
        {
            say(
                "header_row",
                "names a row of headings, and only CSV and Excel files have one".to_owned(),
            );
        }
        let old = [".xls", ".xlsb", ".xlsm", ".ods"];
        for file in self.patterns() {
            if self.format.is_none()
                && old
                    .iter()
                    .any(|end| file.to_ascii_lowercase().ends_with(end))
            {
                say(
                    file,
                    format!(
                        "has `{file}`: save it as .xlsx, the only kind of workbook that is read"
                    ),
                );
            }
        }
        found
    }
}

/// A map in which no key stands twice.
fn each_once<'de, D, V>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    struct Once<V>(PhantomData<V>);
    impl<'de, V: Deserialize<'de>> Visitor<'de> for Once<V> {
        type Value = BTreeMap<String, V>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("names, each with its value")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = BTreeMap::new();
            while let Some(key) = map.next_key::<String>()? {
                if found.contains_key(&key) {
                    return Err(serde::de::Error::custom(format!("duplicate field `{key}`")));
                }
                let value = map.next_value()?;
                found.insert(key, value);
            }
            Ok(found)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(BTreeMap::new())
        }
    }
    deserializer.deserialize_map(Once(PhantomData))
}

/// Reads a manifest.
///
/// # Errors
/// M001 where the text is not YAML, M004 at a key, M005 at a value.
pub fn read(file: FileId, text: &str) -> Result<Manifest, Vec<Diagnostic>> {
    if text.trim().is_empty() {
        return Ok(Manifest::default());
    }
    let manifest: Manifest =
        serde_yaml::from_str(text).map_err(|error| vec![refused(file, text, &error)])?;
    let people = manifest.people.iter().map(|people| ("people", people));
    let sources = manifest
        .sources
        .iter()
        .map(|(name, own)| (name.as_str(), own));
    let mut problems = Vec::new();
    for (name, source) in people.chain(sources) {
        let start = key_at(text, name).unwrap_or(0);
        for (word, what) in source.contradictions() {
            let word = if word.is_empty() { name } else { &word };
            let at = find(text, word, start);
            problems.push(Diagnostic::at(
                Code::M005,
                Span::new(file, at, at + word.len()),
                format!("`{name}` {what}"),
            ));
        }
    }
    if problems.is_empty() {
        Ok(manifest)
    } else {
        Err(problems)
    }
}

/// Where a key stands: at the start of a line, or after a brace or comma.
fn key_at(text: &str, key: &str) -> Option<usize> {
    text.match_indices(key).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        let after = text.get(at + key.len()..).unwrap_or_default();
        after.trim_start().starts_with(':')
            && before.trim_end_matches(' ').ends_with(['\n', '{', ','])
            || before.is_empty() && after.starts_with(':')
    })
}

/// The first place of a word from `start` on; else the first of all.
fn find(text: &str, word: &str, start: usize) -> usize {
    let after = text.get(start..).unwrap_or_default();
    after
        .find(word)
        .map(|at| at + start)
        .or_else(|| text.find(word))
        .unwrap_or(start)
}

/// The first tab before the words of a line.
fn indent_with_tab(text: &str) -> Option<usize> {
    let mut at = 0;
    text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        let indent = line.len() - line.trim_start().len();
        let tab = line.get(..indent)?.find('\t')?;
        Some(start + tab)
    })
}

fn refused(file: FileId, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let start = error
        .location()
        .map_or(0, |place| place.index().min(text.len()));
    let full = error.to_string();
    let words = full.split(" at line ").next().unwrap_or(&full);
    // `sources.deals.separator: what is wrong`: the path is said by the place.
    let words = match words.split_once(": ") {
        Some((path, rest)) if !path.contains([' ', '`']) => rest,
        _ => words,
    };
    if words.starts_with("found character that cannot start")
        && let Some(at) = indent_with_tab(text)
    {
        return Diagnostic::at(
            Code::M001,
            Span::new(file, at, at + 1),
            "paycurve.yaml cannot be read",
        )
        .saying("a tab stands here, and only blanks can indent")
        .help("put two blanks in place of each tab", "");
    }
    let mut quoted = words.split('`').skip(1).step_by(2);
    let first = quoted.next();
    let span = |word: &str, at: usize| Span::new(file, at, at + word.len());
    if let (Some(key), true) = (first, words.starts_with("unknown field")) {
        let at = find_key(text, key, start);
        let known: Vec<&str> = quoted.collect();
        let list: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
        let diagnostic = Diagnostic::at(
            Code::M004,
            span(key, at),
            format!("there is no `{key}` here"),
        )
        .note(format!("What can stand here: {}.", list.join(", ")));
        return match near(key, known.iter().copied()) {
            Some(near) => diagnostic.help("closest is", near),
            None => diagnostic,
        };
    }
    if let (Some(key), true) = (first, words.starts_with("duplicate")) {
        let at = find_key(text, key, start);
        let first = key_at(text, key).unwrap_or(at);
        let diagnostic = Diagnostic::at(Code::M004, span(key, at), format!("`{key}` stands twice"));
        return if first < at {
            diagnostic.label(span(key, first), "it stands here already")
        } else {
            diagnostic
        };
    }
    if let (Some(word), true) = (
        first,
        words.contains(": write ") || words.contains("write "),
    ) {
        let at = find(text, word, 0);
        return Diagnostic::at(Code::M005, span(word, at), words);
    }
    const OF_VALUES: [&str; 4] = [
        "invalid type",
        "a currency is",
        "words for",
        "missing field",
    ];
    if OF_VALUES.iter().any(|start| words.starts_with(start)) {
        let span = Span::new(file, start, start);
        return Diagnostic::at(Code::M005, span, "a value here cannot be")
            .saying(in_our_words(words));
    }
    Diagnostic::at(Code::M001, Span::new(file, start, start), "paycurve.yaml cannot be read")
        .saying(format!("{words}: the mistake is here, or in the lines above"))
        .note("It says where data is: `name`, `plans`, `people` and `sources`, each source with `file`, and with how the file is written where that differs.")
        .help("for example", "sources: {crm_export: {file: data/deals.csv, currency: USD}}")
}

/// What the reader of YAML says, without the names that programs give to kinds of values.
fn in_our_words(words: &str) -> String {
    if let Some(key) = words.strip_prefix("missing field ") {
        return format!("{key} is missing");
    }
    let expected = words.split_once("expected ").map(|(_, expected)| expected);
    match expected {
        Some("a sequence") => "a list is expected: `[one, another]`".to_owned(),
        Some("a string") => "one text is expected".to_owned(),
        Some("u32") => "a whole number is expected, such as 3".to_owned(),
        Some(_) if words.starts_with("invalid type") => {
            "names with their values are expected: `{name: value}`".to_owned()
        }
        _ => words.to_owned(),
    }
}

/// A key on the line the reader stopped at or below it; else anywhere, the last one.
fn find_key(text: &str, key: &str, start: usize) -> usize {
    let line = text
        .get(..start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let rest = text.get(line..).unwrap_or_default();
    key_at(rest, key)
        .map(|at| at + line)
        .or_else(|| {
            text.match_indices(key)
                .map(|(at, _)| at)
                .filter(|at| *at <= start)
                .last()
        })
        .unwrap_or(start)
}
