//! Writing so that a reader sees the old file or the new one, never half of it.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::io::WorldFault;

/// Writes files of one folder: all are written and synced beside their places first, then each is renamed
/// into its place. Where writing fails, nothing has changed.
///
/// # Errors
/// The first file that cannot be written, with what the system said.
pub fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), WorldFault> {
    fs::create_dir_all(folder).map_err(|e| WorldFault::new(folder, "make the folder", e))?;
    let mut written = Vec::new();
    let result = files.iter().try_for_each(|(name, bytes)| {
        let beside = folder.join(format!(".{name}.new"));
        let place = folder.join(name);
        let outcome = write_synced(&beside, bytes).and_then(|()| keep_permissions(&place, &beside));
        written.push((beside, place));
        outcome.map_err(|e| WorldFault::new(&folder.join(name), "write", e))
    });
    if let Err(fault) = result {
        for (beside, _) in &written {
            // What is left over is hidden and is overwritten by the next run; the first fault is the news.
            let _ = fs::remove_file(beside);
        }
        return Err(fault);
    }
    for (beside, place) in &written {
        fs::rename(beside, place).map_err(|e| WorldFault::new(place, "write", e))?;
    }
    sync_folder(folder)
}

/// Writes a text below what a file holds, with one blank line between, in the file's own line ends. A reader sees
/// the file without it or with all of it.
///
/// # Errors
/// A file that cannot be read or written.
pub fn append(path: &Path, text: &str) -> Result<(), WorldFault> {
    let full = fs::canonicalize(path).map_err(|e| WorldFault::new(path, "read", e))?;
    let mut bytes = fs::read(&full).map_err(|e| WorldFault::new(path, "read", e))?;
    let end = if bytes.windows(2).any(|pair| pair == b"\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    while bytes.last().is_some_and(u8::is_ascii_whitespace) {
        bytes.pop();
    }
    for line in ["", ""].into_iter().chain(text.trim_end().lines()) {
        bytes.extend(line.as_bytes());
        bytes.extend(end.as_bytes());
    }
    let folder = full.parent().unwrap_or(Path::new("."));
    let name = full.file_name().unwrap_or_default().to_string_lossy();
    write_all(folder, &[(name.into_owned(), bytes)])
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Who may read a file is not changed by writing it again.
fn keep_permissions(place: &Path, beside: &Path) -> std::io::Result<()> {
    match fs::metadata(place) {
        Ok(meta) => fs::set_permissions(beside, meta.permissions()),
        Err(_) => Ok(()),
    }
}

/// A rename is on disk when its folder is.
fn sync_folder(folder: &Path) -> Result<(), WorldFault> {
    if cfg!(unix) {
        let opened = File::open(folder).and_then(|folder| folder.sync_all());
        return opened.map_err(|e| WorldFault::new(folder, "write", e));
    }
    Ok(())
}
