//! `paycurve init`

use crate::cli::args::InitArgs;
use crate::cli::ui::{Failure, Ui};
use crate::io::atomic::write_all;

/// The files of a new project: the tour's second chapter.
const FILES: [(&str, &str, &str); 6] = [
    (
        "",
        "paycurve.yaml",
        include_str!("../../../plans/tour/02-marginal/paycurve.yaml"),
    ),
    (
        "",
        "company.terms",
        include_str!("../../../plans/tour/02-marginal/company.terms"),
    ),
    (
        "",
        "account-executive.plan",
        include_str!("../../../plans/tour/02-marginal/account-executive.plan"),
    ),
    (
        "data",
        "people.csv",
        include_str!("../../../plans/tour/02-marginal/data/people.csv"),
    ),
    (
        "data",
        "deals.csv",
        include_str!("../../../plans/tour/02-marginal/data/deals.csv"),
    ),
    (
        "data",
        "quotas.csv",
        include_str!("../../../plans/tour/02-marginal/data/quotas.csv"),
    ),
];

pub(in crate::cli) fn run(args: &InitArgs, ui: &Ui) -> Result<u8, Failure> {
    for (folder, name, _) in FILES {
        let path = args.dir.join(folder).join(name);
        if path.exists() {
            return Err(Failure::Use(format!(
                "`{}` is there already; nothing was written",
                path.display()
            )));
        }
    }
    for folder in ["data", ""] {
        let files = FILES.iter().filter(|(of, _, _)| *of == folder);
        let files: Vec<(String, Vec<u8>)> = files
            .map(|(_, name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
        let place = if folder.is_empty() {
            args.dir.clone()
        } else {
            args.dir.join(folder)
        };
        write_all(&place, &files)?;
    }
    let dir = args.dir.display();
    ui.out(&format!(
        "wrote a project of one plan, three invented people and their deals into {dir}\n\n  paycurve run {dir}\n  \
         paycurve explain {dir} --payee ana --period 2026-Q2\n\nThen change a rate in account-executive.plan and run again.\n"
    ))?;
    Ok(0)
}
