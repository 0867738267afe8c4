//! Words of plans and data, made fit for a terminal: nothing in them can move the cursor or change a colour, and
//! nothing is longer than a person reads.

use std::borrow::Cow;

/// A text whose control characters, but for ends of lines, are shown as pictures or as `�`.
///
/// ```
/// use paycurve::diag::printable;
/// assert_eq!(printable("a\u{1b}[2Jb\tc\nd"), "a␛[2Jb c\nd");
/// assert_eq!(printable("plain ü"), "plain ü");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| picture(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(picture).collect())
}

fn picture(c: char) -> char {
    let turns_around =
        matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    match u32::from(c) {
        0x0A => c,
        0x09 => ' ',
        code @ 0..=0x1F => char::from_u32(0x2400 + code).unwrap_or('\u{FFFD}'),
        0x7F => '\u{2421}',
        0x80..=0x9F => '\u{FFFD}',
        _ if turns_around => '\u{FFFD}',
        _ => c,
    }
}

/// At most so many characters of a printable text, with `…` for the rest.
pub(in crate::diag) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => printable(text),
        Some((end, _)) => {
            let head = text.get(..end).unwrap_or(text);
            Cow::Owned(format!("{}…", printable(head)))
        }
    }
}
