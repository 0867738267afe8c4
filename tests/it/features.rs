//! Every folder of `plans/features` shows one idea, every one of `plans/gallery` a company: its plans have no errors and no
//! warnings left open, and all tests written in them hold on both engines.

use crate::support::folder::{folders, is_clean_and_its_tests_hold};

#[test]
fn features_are_clean_and_their_tests_hold() {
    for of in ["plans/features", "plans/gallery"] {
        for folder in folders(of) {
            is_clean_and_its_tests_hold(&folder);
        }
    }
}
