//! Texts of a column: one piece of memory for all of them, and a code for each row.

/// The code that marks a row without a text.
pub const NO_CODE: u32 = u32::MAX;

/// Texts one after the other in one piece of memory.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Words {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

/// Texts by code.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Texts {
    /// Row to code; [`NO_CODE`] where there is none.
    pub codes: Vec<u32>,
    /// Code to text. Each text stands once; in a key column, where texts do not repeat, each row has its
    /// own and nothing was looked up.
    pub words: Words,
}

impl Words {
    /// Adds a text at the end; its code. More than 2³² - 1 texts have no code.
    pub fn push(&mut self, word: &str) -> u32 {
        let code = u32::try_from(self.ends.len()).unwrap_or(NO_CODE);
        self.text.push_str(word);
        self.ends.push(self.text.len());
        code
    }

    /// The text of a code.
    pub fn get(&self, code: u32) -> Option<&str> {
        let at = code as usize;
        let end = *self.ends.get(at)?;
        let start = match at.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// In the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| self.text.get(start..*end).unwrap_or_default())
    }

    /// Adds all texts of another list.
    pub fn append(&mut self, more: &Words) {
        let before = self.text.len();
        self.text.push_str(&more.text);
        self.ends.extend(more.ends.iter().map(|end| end + before));
    }
}

impl Texts {
    /// The text of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.words.get(*self.codes.get(row)?)
    }

    /// The first code of a text, if any row could have it.
    pub fn code(&self, word: &str) -> Option<u32> {
        let at = self.words.iter().position(|known| known == word)?;
        u32::try_from(at).ok()
    }
}
