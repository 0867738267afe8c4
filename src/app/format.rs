//! Files → what they would be, laid out in the one style.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::io::{WorldFault, texts};
use crate::syntax::{Formatted, format};

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// It is laid out already.
    Same,
    /// It would be this.
    Changed(Formatted),
    /// It must stay as it is, for this reason.
    Left(&'static str),
}

/// One file.
#[derive(Clone, Debug)]
pub struct FormattedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What became of it.
    pub layout: Layout,
}

impl FormattedFile {
    /// Writes it where it would change.
    ///
    /// # Errors
    /// A file that cannot be written; it is then as it was.
    pub fn write(&self) -> Result<(), WorldFault> {
        match &self.layout {
            Layout::Changed(formatted) => texts::replace(&self.path, &formatted.text),
            Layout::Same | Layout::Left(_) => Ok(()),
        }
    }
}

/// Lays out one text.
pub fn layout(bytes: Vec<u8>) -> Layout {
    let Ok(text) = String::from_utf8(bytes) else {
        return Layout::Left("it is not UTF-8");
    };
    match format(&text) {
        Err(_) => Layout::Left("more than blanks would change, which is a fault of paycurve"),
        Ok(formatted) if formatted.text == text => Layout::Same,
        Ok(formatted) => Layout::Changed(formatted),
    }
}

/// Lays out files, and the plans and terms of folders; each once, by name. Writes nothing.
///
/// # Errors
/// A file or folder that is not there or cannot be read.
pub fn format_files(paths: &[PathBuf]) -> Result<Vec<FormattedFile>, WorldFault> {
    let mut found = BTreeSet::new();
    for path in paths {
        found.extend(texts::find(path)?);
    }
    let file = |path: PathBuf| {
        let layout = layout(texts::read(&path)?);
        Ok(FormattedFile { path, layout })
    };
    found.into_iter().map(file).collect()
}
