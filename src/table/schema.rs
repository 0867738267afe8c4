//! Which columns are asked for, and what their cells must look like.

/// What a cell must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `1234.5`: a plain number or quantity.
    Number,
    /// `85%`; a bare number is refused, since 0.85 and 85 cannot be told apart.
    Percent,
    /// `1234.50`, or with its code `1234.50 USD`.
    Money,
    /// `2026-03-31`
    Date,
    /// Any text; persons too.
    Text,
    /// `yes` or `no`.
    Flag,
}

/// One column asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnSchema {
    /// Its name in plans.
    pub name: String,
    /// What its cells look like.
    pub kind: Kind,
    /// Whether a cell may be empty. An empty cell of another column is a fault F012.
    pub optional: bool,
    /// Whether the file may lack the column altogether; then every row is absent.
    pub may_lack: bool,
    /// Whether its texts name the rows: a text that stands twice is a fault F007 of the later row.
    pub key: bool,
    /// The texts it can have, where it is a list.
    pub one_of: Option<Vec<String>>,
}

/// The columns asked for of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The source's name in the manifest.
    pub source: String,
    /// In the order of the plan; a name stands once.
    pub columns: Vec<ColumnSchema>,
}
