//! Files: a project's manifest, its plans as texts, its data as tables, and results written whole or not at all.
//!
//! Invariant: everything is read before anything is calculated, and a bad cell costs its row's people, never
//! the file. The only folder that opens files.

#![allow(
    clippy::disallowed_methods,
    reason = "this is the folder that the ban points to"
)]

mod amendments;
pub mod atomic;
mod blocks;
mod cells;
mod columns;
mod csv_blocks;
mod decoded;
pub mod dialect;
mod excel;
mod grid;
mod guarded;
mod json_lines;
mod keys;
mod layout;
pub mod manifest;
mod parquet;
pub mod project;
pub mod tables;
pub mod texts;

pub use amendments::AmendmentFile;
pub use manifest::Manifest;
pub use project::{PlanFile, Project, open};
pub use tables::{Loaded, load};

use std::path::{Path, PathBuf};

/// The world did not do what was asked: a file that cannot be read or written.
#[derive(Debug)]
pub struct WorldFault {
    /// Which file.
    pub path: PathBuf,
    /// What was tried, such as `read`.
    pub doing: &'static str,
    /// What the system said.
    pub source: std::io::Error,
}

impl WorldFault {
    pub(in crate::io) fn new(
        path: &Path,
        doing: &'static str,
        source: std::io::Error,
    ) -> WorldFault {
        WorldFault {
            path: path.to_owned(),
            doing,
            source,
        }
    }
}

impl std::fmt::Display for WorldFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "cannot {} `{}`: {}",
            self.doing,
            self.path.display(),
            self.source
        )
    }
}

impl std::error::Error for WorldFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
