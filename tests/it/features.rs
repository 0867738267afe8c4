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

#[test]
fn each_company_of_the_gallery_is_on_its_page() {
    let page = include_str!("../../docs/gallery.md");
    for folder in folders("plans/gallery") {
        let name = folder.file_name().unwrap().to_string_lossy();
        assert!(
            page.contains(&format!("](../plans/gallery/{name})")),
            "docs/gallery.md says nothing about {name}"
        );
    }
}
