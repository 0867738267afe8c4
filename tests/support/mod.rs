//! Helpers of the integration tests.

pub mod folder;
pub mod random_amendment;
pub mod random_calendar;
pub mod random_cap;
pub mod random_carry;
pub mod random_clawback;
pub mod random_contest;
pub mod random_credit;
pub mod random_currency;
pub mod random_draw;
pub mod random_exceptions;
pub mod random_group;
pub mod random_late;
pub mod random_payable;
pub mod random_pool;
pub mod random_project;
pub mod random_quota;
pub mod random_total;
pub mod small;
