//! Readers that others wrote, kept from bringing the program down.
//!
//! The Parquet reader checks less than it should of a damaged file and panics on some. That is no fault of ours, and a
//! damaged file deserves its message: such a panic is caught at the one call that may raise it, and said in words.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread will be caught, so that nothing is to be printed of it.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Calls a reader; in words, what it says, or that it stopped.
pub(in crate::io) fn guarded<T, E: std::fmt::Display>(
    read: impl FnOnce() -> Result<T, E>,
) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_CAUGHT.get() {
                before(panic);
            }
        }));
    });
    IS_CAUGHT.set(true);
    // Whatever the call has touched is not used again after a panic: the file is given up.
    let done = catch_unwind(AssertUnwindSafe(read));
    IS_CAUGHT.set(false);
    match done {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("the file is damaged".to_owned()),
    }
}
