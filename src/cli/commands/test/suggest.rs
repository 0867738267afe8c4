//! Tests that are missing, printed or written below the plan; as JSON of the format `suggest/1`.

use serde_json::{Value, json};

use crate::app::compile::Compiled;
use crate::app::suggest::{Suggestions, suggest};
use crate::cli::args::{TestArgs, TextFormat};
use crate::cli::ui::{Failure, Ui};
use crate::io::Project;
use crate::io::atomic::append;
use crate::syntax::parse;

pub(super) fn run(
    args: &TestArgs,
    project: &Project,
    compiled: &Compiled,
    ui: &Ui,
) -> Result<u8, Failure> {
    let mut pages: Vec<Value> = Vec::new();
    let mut any = false;
    for ready in &compiled.ready {
        let file = &project.sources.source(ready.plan.file).name;
        let found = suggest(ready, args.payee_like.as_deref(), &project.sources);
        for why in &found.left_out {
            ui.say(&format!("{file}: no test for {why}"));
        }
        let blocks: Vec<&str> = found.tests.iter().map(|test| test.text.as_str()).collect();
        let text = blocks.join("\n");
        any |= !blocks.is_empty();
        if args.write && !blocks.is_empty() {
            let plan = &project.sources.source(ready.plan.file).text;
            let longer = parse(ready.plan.file, &format!("{}\n\n{text}", plan.trim_end()));
            if longer.problems.has_errors() {
                let count = blocks.len();
                return Err(Failure::Use(format!(
                    "`{file}` would be too long with {count} more tests; nothing was written into it"
                )));
            }
            append(&project.root.join(file), &text)?;
        }
        match args.format {
            TextFormat::Json => pages.push(page(&ready.plan.title, file, &found)),
            TextFormat::Text if blocks.is_empty() => {}
            TextFormat::Text if args.write => {
                let count = blocks.len();
                let tests = if count == 1 { "test" } else { "tests" };
                ui.out(&format!("{file}: wrote {count} {tests} to check by hand\n"))?;
            }
            TextFormat::Text => ui.out(&format!("# for {file}\n\n{text}\n"))?,
        }
    }
    match args.format {
        TextFormat::Json => {
            let all = json!({ "format": "suggest/1", "plans": pages });
            ui.out(&format!("{all:#}\n"))?;
        }
        TextFormat::Text if !any => ui.out("no boundary test is missing\n")?,
        TextFormat::Text => {}
    }
    Ok(0)
}

fn page(plan: &str, file: &str, found: &Suggestions) -> Value {
    let tests = found
        .tests
        .iter()
        .map(|test| json!({ "pay": test.pay, "total": test.total.to_plain(), "text": test.text }));
    json!({
        "plan": plan,
        "file": file,
        "tests": tests.collect::<Vec<_>>(),
        "left_out": found.left_out,
    })
}
