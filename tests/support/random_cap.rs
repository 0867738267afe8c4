//! Random caps of what the records with one value of a column pay together.

use paycurve::base::Cadence;

use crate::support::random_project::Rng;

/// What a payee used before the plan, as data.
pub const BEFORE: &str = "\nvalue prior_use by id, deal.product\n  from        prior_use\n  type        Money\n  if missing  ";

/// A line of a pay for each deal; `longer` are lengths of time in which each period lies, `when` is its condition.
pub fn line(rng: &mut Rng, limit: &str, longer: &[Cadence], when: &str) -> String {
    let column = rng.pick(&["deal.product", "deal.product", "deal.owner"]);
    let each = match rng.whole(0, 2) {
        0 => "for life".to_owned(),
        1 => {
            let before = rng.pick(&["prior_use", "100 USD", "prior_use + 50 USD"]);
            format!("for life, of which {before} was used before")
        }
        _ => {
            let last = i64::try_from(longer.len() - 1).expect("a few");
            let at = usize::try_from(rng.whole(0, last)).expect("small");
            format!("each {}", longer[at])
        }
    };
    format!("  cap         {limit} each {column} {each}, excess is lost{when}")
}

/// The rows of that table.
pub fn rows(rng: &mut Rng) -> String {
    let mut csv = "payee,product,prior_use\n".to_owned();
    for payee in ["ana", "ben", "cem"] {
        for product in ["core", "addon"] {
            if rng.chance(60) {
                let used = rng.whole(0, 9) * 70;
                csv.push_str(&format!("{payee},{product},{used}\n"));
                if rng.chance(4) {
                    csv.push_str(&format!("{payee},{product},{used}\n"));
                }
            }
        }
    }
    csv
}
