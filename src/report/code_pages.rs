//! What a code means, on a page: `docs/errors/` inside the program. A code without a page does not compile.

use crate::diag::{Code, each_code};

macro_rules! pages {
    ($($code:ident $level:ident $title:literal;)*) => {
        /// The page of a code, as Markdown.
        pub fn page(code: Code) -> &'static str {
            match code {
                $(Code::$code => {
                    include_str!(concat!("../../docs/errors/", stringify!($code), ".md"))
                })*
            }
        }
    };
}

each_code!(pages);

/// The page of a code as a terminal shows it: no marks of Markdown, examples indented, links as paths.
pub fn for_terminal(code: Code) -> String {
    let mut text = String::new();
    let mut is_example = false;
    let lines = page(code).lines().filter(|line| !line.starts_with("<!-- "));
    for line in lines {
        if line.starts_with("```") {
            is_example = !is_example;
            continue;
        }
        if is_example && !line.is_empty() {
            text.push_str("    ");
            text.push_str(line);
            text.push('\n');
        } else {
            let prose = with_paths(line.trim_start_matches('#').trim_start());
            text.push_str(&wrapped(&prose));
        }
    }
    text
}

/// How wide prose is printed: as wide as a terminal is that nobody made wider.
const WIDTH: usize = 80;

/// A line of prose on as many lines as it takes.
fn wrapped(line: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            text.push('\n');
            width = 0;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += length;
    }
    text.push('\n');
    text
}

/// `[tiers](../language/tiers.md)` as `tiers (docs/language/tiers.md)`.
fn with_paths(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, link, after)) = first_link(rest) {
        text.push_str(before);
        text.push_str(&link);
        rest = after;
    }
    text + rest
}

/// What stands before the first link of a line, the link as a terminal shows it, and what stands after it.
fn first_link(line: &str) -> Option<(&str, String, &str)> {
    let (before, from_label) = line.split_once('[')?;
    let (label, from_target) = from_label.split_once("](../")?;
    let (target, after) = from_target.split_once(')')?;
    Some((before, format!("{label} (docs/{target})"), after))
}
