//! Columns: the shape of all data. Knows nothing of plans or files; whoever reads a file makes a
//! [`Table`], whoever calculates reads one.
//!
//! Invariant: columns of a table have one length, and the order of rows never changes a result.

pub mod broken;
pub mod build;
pub mod column;
pub mod data;
pub mod hold;
pub mod movements;
pub mod quality;
pub mod row_set;
pub mod schema;
pub mod table;
pub mod texts;
pub mod value;

pub use broken::BrokenRow;
pub use column::{Column, CurrencyColumn, Lane, Numbers, Values};
pub use data::{Data, Overlaid, Overlay, PEOPLE, Rows};
pub use hold::{Cause, sorted};
pub use movements::{Balance, DrawMoves, Movements};
pub use row_set::RowSet;
pub use schema::{ColumnSchema, Kind, Schema};
pub use table::{FileRows, GivenBalance, GivenCarry, GivenCredit, GivenQuota, Lines, Table};
pub use texts::{NO_CODE, Texts, Words};
pub use value::{Read, Value, listed};
