//! What the corpus cannot reach.
mod format;
mod messages;
mod phrases;
