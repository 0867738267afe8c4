//! `paycurve.yaml`: where the plans and the data of a project are.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::Currency;
use crate::diag::{Code, Diagnostic, FileId, Span};
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
    #[serde(default)]
    pub sources: BTreeMap<String, SourceFile>,
}

/// Where one source is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// The file, relative to the project.
    pub file: String,
    /// The currency of its money.
    #[serde(default)]
    pub currency: Option<CurrencyOf>,
    /// Columns whose header differs: plan's name to header.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Columns that the file lacks, with one value for every row.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
}

/// One currency for all, or a column that names it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub enum CurrencyOf {
    /// `currency: USD`
    All(String),
    /// `currency: {column: currency}`
    Column {
        /// The header.
        column: String,
    },
}

impl SourceFile {
    /// A file without anything said about it.
    pub fn plain(file: String) -> SourceFile {
        SourceFile {
            file,
            currency: None,
            columns: BTreeMap::new(),
            constants: BTreeMap::new(),
        }
    }

    /// What the checker needs to know of its money.
    pub fn money(&self) -> Option<SourceCurrency> {
        match self.currency.as_ref()? {
            CurrencyOf::All(code) => Currency::from_code(code).map(SourceCurrency::All),
            CurrencyOf::Column { .. } => Some(SourceCurrency::Rows),
        }
    }
}

/// Reads a manifest.
///
/// # Errors
/// M001 at the place where the text stops being a manifest.
pub fn read(file: FileId, text: &str) -> Result<Manifest, Diagnostic> {
    if text.trim().is_empty() {
        return Ok(Manifest::default());
    }
    let manifest: Manifest = serde_yaml::from_str(text).map_err(|error| {
        let at = error.location().map_or(0, |place| place.index().min(text.len()));
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or(&words).to_owned();
        Diagnostic::at(Code::M001, Span::new(file, at, at), "paycurve.yaml cannot be read")
            .saying(words)
            .note("It says where data is: `name`, `plans`, `people` and `sources`, each source with `file`, `currency`, `columns` and `constants`.")
            .help("for example", "sources: {crm_export: {file: data/deals.csv, currency: USD}}")
    })?;
    for (name, source) in &manifest.sources {
        if let Some(CurrencyOf::All(code)) = &source.currency
            && Currency::from_code(code).is_none()
        {
            let at = text.find(code.as_str()).unwrap_or(0);
            return Err(Diagnostic::at(
                Code::M001,
                Span::new(file, at, at + code.len()),
                format!("`{code}` is no currency"),
            )
            .saying(format!("the currency of `{name}`"))
            .help("write a code of ISO 4217", "currency: USD"));
        }
    }
    Ok(manifest)
}
