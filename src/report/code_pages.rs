//! What a code means, in a few sentences: `docs/errors/` inside the program.

use crate::diag::Code;

/// All pages in one text: `## CODE: title`, then sentences, an example and the cure.
const PAGES: &str = include_str!("../../docs/errors/README.md");

/// The page of a code.
pub fn page(code: Code) -> &'static str {
    let head = format!("## {code}: ");
    let Some(start) = PAGES.find(&head) else {
        return "";
    };
    let rest = PAGES.get(start..).unwrap_or("");
    let end = rest
        .get(3..)
        .and_then(|rest| rest.find("\n## "))
        .map_or(rest.len(), |end| end + 4);
    rest.get(..end).unwrap_or(rest)
}
