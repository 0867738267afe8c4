//! Helpers of the integration tests.

pub mod random_project;
