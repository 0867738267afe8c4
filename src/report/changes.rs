//! The lines that a formatter would change, as they are and as they would be.

use crate::syntax::Formatted;

/// The most lines shown of one file.
const MOST: usize = 20;

/// The lines of one file that would change, each with its number.
pub fn text(name: &str, formatted: &Formatted) -> String {
    let mut text = format!("{name}\n");
    for change in formatted.changes.iter().take(MOST) {
        let number = change.line;
        match &change.after {
            None => text.push_str(&format!("{number:>5} - (a blank line)\n")),
            Some(after) => {
                let before = change.before.trim_end();
                text.push_str(&format!("{number:>5} - {before}\n      + {after}\n"));
            }
        }
    }
    if let Some(more) = formatted.changes.len().checked_sub(MOST).filter(|n| *n > 0) {
        text.push_str(&format!("      and {more} more lines\n"));
    }
    if formatted.ends_differ {
        text.push_str("      line ends, or the end of the file\n");
    }
    text
}
