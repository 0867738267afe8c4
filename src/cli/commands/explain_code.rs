//! `paycurve explain-code`

use crate::cli::args::CodeArgs;
use crate::cli::ui::{Failure, Ui};
use crate::diag::{Code, near};
use crate::report::code_pages;

pub(in crate::cli) fn run(args: &CodeArgs, ui: &Ui) -> Result<u8, Failure> {
    let Some(wanted) = &args.code else {
        let list: Vec<String> = Code::ALL
            .iter()
            .map(|code| format!("{}  {}\n", code, code.title()))
            .collect();
        ui.out(&list.concat())?;
        return Ok(0);
    };
    let wanted = wanted.to_uppercase();
    match Code::ALL.iter().find(|code| code.name() == wanted) {
        Some(code) => {
            ui.out(&code_pages::for_terminal(*code))?;
            Ok(0)
        }
        None => {
            let close = near(&wanted, Code::ALL.iter().map(|code| code.name()));
            let hint = close.map_or_else(
                || "`paycurve explain-code` lists all".to_owned(),
                |close| format!("closest is {close}"),
            );
            Err(Failure::Use(format!("there is no code `{wanted}`; {hint}")))
        }
    }
}
