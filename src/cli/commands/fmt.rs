//! `paycurve fmt`

use std::io::Read;

use crate::app::format::{FormattedFile, Layout, format_files, layout};
use crate::cli::args::FmtArgs;
use crate::cli::ui::{Failure, HAS_ERRORS, Ui};
use crate::io::WorldFault;
use crate::report::changes;

pub(in crate::cli) fn run(args: &FmtArgs, ui: &Ui) -> Result<u8, Failure> {
    if args.stdin {
        return standard_input(args, ui);
    }
    let files = format_files(&args.paths)?;
    if files.is_empty() {
        ui.say("there is no .plan or .terms file in these folders");
        return Ok(HAS_ERRORS);
    }
    let (mut changed, mut left) = (0, 0);
    for file in &files {
        let name = file.path.display().to_string();
        match &file.layout {
            Layout::Same => {}
            Layout::Changed(formatted) if args.check => {
                changed += 1;
                ui.out(&changes::text(&name, formatted))?;
            }
            Layout::Changed(_) => {
                changed += 1;
                file.write()?;
                ui.out(&format!("formatted {name}\n"))?;
            }
            Layout::Left(reason) => {
                left += 1;
                ui.say(&format!("{name} is left as it is: {reason}"));
            }
        }
    }
    ui.out(&format!("{}\n", summary(&files, changed, args.check)))?;
    let stops = left > 0 || (args.check && changed > 0);
    Ok(if stops { HAS_ERRORS } else { 0 })
}

fn summary(files: &[FormattedFile], changed: usize, check: bool) -> String {
    let all = match files.len() {
        1 => "1 file".to_owned(),
        many => format!("{many} files"),
    };
    match (changed, check) {
        (0, _) => format!("{all}: nothing to change"),
        (changed, true) => format!("{all}: {changed} would change"),
        (changed, false) => format!("{all}: {changed} changed"),
    }
}

fn standard_input(args: &FmtArgs, ui: &Ui) -> Result<u8, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|source| {
            Failure::World(WorldFault {
                path: "the input".into(),
                doing: "read",
                source,
            })
        })?;
    match layout(bytes.clone()) {
        Layout::Left(reason) => {
            ui.say(&format!("the input is left as it is: {reason}"));
            Ok(HAS_ERRORS)
        }
        Layout::Changed(formatted) if args.check => {
            ui.out(&changes::text("the input", &formatted))?;
            Ok(HAS_ERRORS)
        }
        Layout::Same if args.check => Ok(0),
        Layout::Changed(formatted) => ui.out(&formatted.text).map(|()| 0),
        Layout::Same => ui.out(&String::from_utf8_lossy(&bytes)).map(|()| 0),
    }
}
