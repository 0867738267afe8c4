//! Whom rows hold that cannot be told apart, or joined to a record. `docs/spec/evaluation.md`, section 4.

use crate::eval::among::Holders;
use crate::eval::broken::Broken;
use crate::eval::credited::Unknown;
use crate::eval::credits::Everybody;
use crate::eval::row_shares::RowShares;
use crate::eval::values::both;
use crate::table::{Cause, Table};

/// Records that would give credit to a person, by the person's position.
pub(in crate::eval) type Lost = Vec<(u32, Unknown)>;

/// Rows that are not whole, and may be about anybody who stands in them.
pub(in crate::eval) fn hold_by_broken_rows(
    table: &Table,
    everybody: &Everybody<'_>,
    lost: &mut Lost,
) {
    if table.broken.is_empty() {
        return;
    }
    let broken = Broken::new(table, |text| everybody.by_id.contains_key(text));
    for (at, person) in (0..).zip(everybody.people) {
        let causes = broken.causes(&person.id);
        if !causes.is_empty() {
            lost.push((at, Unknown::on_any_day(causes)));
        }
    }
}

/// Whom records that are not whole hold by a text that people have: it may say who gets them.
pub(in crate::eval) fn of_lost_texts(
    holders: &Holders,
    (records, people): (&Table, &Table),
    lost: &mut Lost,
) {
    for broken in records.broken.iter().filter(|broken| broken.text.is_some()) {
        let cause: Vec<Cause> = records.cause(broken).into_iter().collect();
        for value in broken.values() {
            for (person, why) in holders.of(value, None, people) {
                let causes = both(cause.clone(), why);
                lost.push((person, Unknown::on_any_day(causes)));
            }
        }
    }
}

/// Whom rows of a split source hold that cannot be joined to a record: those that are not whole or whose record cannot
/// be read, and those whose record may be one that is not whole.
pub(in crate::eval) fn of_lost_rows(
    rows: &RowShares<'_>,
    records: &Table,
    everybody: &Everybody<'_>,
    lost: &mut Lost,
) {
    hold_by_broken_rows(rows.table, everybody, lost);
    let mut hold = |row: usize, causes: Vec<Cause>| {
        if let Some(person) = rows.who().and_then(|who| who.person(row)) {
            lost.push((person, Unknown::on_any_day(causes)));
        }
    };
    for (row, causes) in rows.astray() {
        hold(row, causes);
    }
    for broken in &records.broken {
        let causes: Vec<Cause> = records.cause(broken).into_iter().collect();
        for row in broken.values().flat_map(|value| rows.of_id(value)) {
            hold(*row as usize, causes.clone());
        }
    }
}
