//! Clauses of credits for random projects.

use crate::support::random_project::{PEOPLE, Rng};

/// `share … less what is paid below` of a roll-up, or nothing; and whether the shares stand in the table of levels.
pub fn differential(rng: &mut Rng) -> (String, bool) {
    if rng.chance(50) {
        return (String::new(), false);
    }
    let in_table = rng.chance(30);
    let whose = if in_table { "of the level" } else { "factor" };
    let whole = if rng.chance(60) {
        let most = rng.pick(if in_table {
            &["110%", "250%"]
        } else {
            &["150%", "75%"]
        });
        format!("  shares total at most {most}, the rest to the company\n")
    } else {
        String::new()
    };
    (
        format!("  share {whose} less what is paid below\n{whole}"),
        in_table,
    )
}

/// Whom `to` finds among people, with the lines that go with it, or nothing; and whether a record is cut in parts.
pub fn crowd(rng: &mut Rng) -> Option<(String, bool)> {
    if rng.chance(80) {
        return None;
    }
    let fact = rng.pick(&["region", "region", "role"]);
    let several = rng.pick(&["each gets all", "they share equally", "it is an error"]);
    let nobody = rng.pick(&[
        "it goes to deal.owner",
        "it goes to deal.mate",
        "it goes to the company",
        "it is an error",
    ]);
    let lines = format!(
        "everyone whose {fact} is deal.area on deal.close_date\n  if several match {several}\n  if nobody matches {nobody}"
    );
    Some((lines, several == "they share equally"))
}

/// A list of persons, each once; at times of none.
pub fn sellers(rng: &mut Rng) -> String {
    let mut ids: Vec<&str> = PEOPLE.into_iter().filter(|_| rng.chance(40)).collect();
    if rng.chance(50) {
        ids.reverse();
    }
    ids.join(rng.pick(&[";", "; "]))
}
