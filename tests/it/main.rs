//! The one integration binary: every file of this folder is a module here.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a test may stop at the first thing that is not as it says, and reads files and the environment"
)]

mod amend;
mod architecture;
mod budgets;
mod by_word;
mod calendar;
mod caps_of;
mod carry;
mod cases;
mod clawback;
mod cli;
mod conserved;
mod conserved_credits;
mod contests;
mod crediting;
mod currencies;
mod data;
mod docs;
mod draws;
mod each_payee;
mod errors;
mod faults;
mod features;
mod format;
mod io;
mod late;
mod manners;
mod numbers;
mod openings;
mod payable;
mod placed;
mod plan_tests;
mod pools;
mod program;
mod quotas;
mod receipts;
mod reports;
mod roads;
mod row_shares;
mod slips;
mod slips_of_amendments;
mod slips_of_draws;
mod slips_of_newcomers;
mod slips_of_weeks;
mod syntax;
mod totals;
mod weeks;

#[path = "../support/mod.rs"]
mod support;
