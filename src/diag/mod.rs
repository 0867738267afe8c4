//! Where and what went wrong: texts, places in them, problems as values. Knows nobody.
//!
//! Invariant: whoever makes a [`Diagnostic`] never prints it.

pub mod code;
pub mod diagnostic;
pub mod near;
pub mod printable;
pub mod render;
pub mod source;

pub use code::Code;
pub(crate) use code::each_code;
pub use diagnostic::{Cell, Diagnostic, Edit, Fix, Label, Parsed, Problems, Severity};
pub use near::near;
pub use printable::printable;
pub use render::{Style, render};
pub use source::{FileId, Place, Source, SourceMap, Span};
