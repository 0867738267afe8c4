//! A program as text: stages by key, what each reads, how far a change reaches.

use std::path::Path;

use paycurve::app::compile::compile;
use paycurve::io::open;
use paycurve::program::show;

#[test]
fn programs_read_well() {
    for name in [
        "tour/01-flat",
        "tour/02-marginal",
        "bench/sales-year",
        "features/together",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("plans")
            .join(name);
        let project = open(&path, None).unwrap();
        let compiled = compile(&project);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots/program");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let shown: Vec<String> = compiled
            .ready
            .iter()
            .map(|ready| show(&ready.program))
            .collect();
        settings.bind(|| insta::assert_snapshot!(name.replace('/', "-"), shown.join("\n")));
    }
}
