//! Plans and terms as the bytes they are, for whoever changes them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::io::WorldFault;
use crate::io::atomic::write_all;

/// The plans and terms of a folder and of all below it, hidden folders and build results left out; or the one
/// file. Sorted.
///
/// # Errors
/// A file or folder that is not there or cannot be read.
pub fn find(at: &Path) -> Result<Vec<PathBuf>, WorldFault> {
    let meta = fs::metadata(at).map_err(|e| WorldFault::new(at, "read", e))?;
    let mut found = Vec::new();
    if meta.is_dir() {
        find_in(at, &mut found)?;
        found.sort();
    } else {
        found.push(at.to_owned());
    }
    Ok(found)
}

fn find_in(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), WorldFault> {
    let fault = |e| WorldFault::new(folder, "read", e);
    for entry in fs::read_dir(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // A link to a folder is not followed, so that no circle of links is.
        if entry.file_type().map_err(fault)?.is_dir() {
            if !name.starts_with('.') && name != "target" {
                find_in(&entry.path(), found)?;
            }
        } else if name.ends_with(".plan") || name.ends_with(".terms") {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// The bytes of a file.
///
/// # Errors
/// A file that cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, WorldFault> {
    fs::read(path).map_err(|e| WorldFault::new(path, "read", e))
}

/// Puts a text in the place of a file, whole or not at all. A link stays a link, and the file keeps who may read
/// it.
///
/// # Errors
/// A file that cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<(), WorldFault> {
    let place = fs::canonicalize(path).map_err(|e| WorldFault::new(path, "write", e))?;
    let (Some(folder), Some(name)) = (place.parent(), place.file_name().and_then(|n| n.to_str()))
    else {
        let odd = std::io::Error::from(std::io::ErrorKind::InvalidFilename);
        return Err(WorldFault::new(path, "write", odd));
    };
    write_all(folder, &[(name.to_owned(), text.as_bytes().to_vec())])
}
