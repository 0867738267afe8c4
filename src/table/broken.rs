//! Rows that are not whole.

use crate::table::listed;

/// What values of a file may be cut at.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// A row whose values cannot be told apart: nobody knows which column each of them belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRow {
    /// The row.
    pub row: u32,
    /// Why, as a position in the table's faults.
    pub fault: u32,
    /// The row as it stands in the file; `None` where more than this row is lost, and nobody knows whose rows.
    pub text: Option<String>,
}

impl BrokenRow {
    /// Whatever could be a value in it or in a list of it, however it is cut; some more than once.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        let text = self.text.as_deref().unwrap_or_default();
        SEPARATORS
            .into_iter()
            .flat_map(move |separator| text.split([separator, '"', '\n']))
            .map(str::trim_ascii)
            .flat_map(|value| {
                let items = listed(value).filter(move |item| *item != value);
                std::iter::once(value).chain(items)
            })
    }

    /// Whether it may be about a person.
    ///
    /// ```
    /// let row = |text: &str| paycurve::table::BrokenRow { row: 0, fault: 0, text: Some(text.to_owned()) };
    /// assert!(row("D-7,500,\"Ana, Bea\",cem").may_be_about("cem"));
    /// assert!(row("D-7,500,\"Ana, Bea\",cem").may_be_about("Ana, Bea"));
    /// assert!(row("D-7,500,ana;cem").may_be_about("cem"));
    /// assert!(!row("D-7,500,cemal").may_be_about("cem"));
    /// ```
    pub fn may_be_about(&self, id: &str) -> bool {
        self.text.is_none() || self.values().any(|value| value == id)
    }
}
