//! What the corpus cannot reach.
mod messages;
mod phrases;
