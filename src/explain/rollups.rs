//! What goes up to one person: everyone's credits, and who stands above them, found person by person.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Date, Exact, natural_cmp};
use crate::explain::cells::read_cell;
use crate::explain::credits::{Credits, RecordRow, Share, Unknown, of_person};
use crate::explain::crowd::Joins;
use crate::explain::differentials::Ladder;
use crate::explain::exceptions::whole;
use crate::explain::expression::{Scalar, Stop, demand};
use crate::meaning::plan::{AsOf, ColumnId, Once, Plan, Rollup};
use crate::table::{Cause, PEOPLE, Rows, Table, sorted};

/// A row of people: its days, or why they cannot be told, and to whom it says that somebody reports.
struct Stretch {
    row: usize,
    days: Result<(Date, Date), Vec<Cause>>,
    superior: Option<String>,
}

/// Who stands at one level, and why that is not sure; nothing where it is.
pub(in crate::explain) type Level = BTreeMap<String, Vec<Cause>>;

pub(in crate::explain) struct Chart<'a> {
    pub(in crate::explain) people: &'a Table,
    stretches: BTreeMap<String, Vec<Stretch>>,
}

impl<'a> Chart<'a> {
    /// By a column of people.
    pub(in crate::explain) fn new(
        plan: &Plan,
        rows: &'a dyn Rows,
        to: ColumnId,
    ) -> Option<Chart<'a>> {
        let people = rows.table(PEOPLE)?;
        let text = |column: &str, row: usize| match read_cell(plan, people, column, row) {
            Ok(Scalar::Text(text)) => Some(text),
            _ => None,
        };
        let to = plan.people.columns.get(to.0)?.name.as_str();
        let mut stretches: BTreeMap<String, Vec<Stretch>> = BTreeMap::new();
        for row in 0..people.rows {
            let Some(id) = text("id", row) else { continue };
            let edge = |column: &str, open: Date| match read_cell(plan, people, column, row) {
                Ok(Scalar::Date(day)) => Ok(day),
                Err(Stop::Held(causes)) => Err(causes),
                _ => Ok(open),
            };
            let days = match (edge("from", Date::MIN), edge("through", Date::MAX)) {
                (Ok(first), Ok(last)) if last < first => {
                    let cell = people.cell(row, "through", &last.to_string());
                    Err(vec![Cause::ends_first(&id, first, last, cell)])
                }
                (Ok(first), Ok(last)) => Ok((first, last)),
                (Err(causes), _) | (Ok(_), Err(causes)) => Err(causes),
            };
            stretches.entry(id).or_default().push(Stretch {
                row,
                days,
                superior: text(to, row),
            });
        }
        let known: BTreeSet<String> = stretches.keys().cloned().collect();
        for own in stretches.values_mut().flatten() {
            own.superior = own.superior.take().filter(|who| known.contains(who));
        }
        Some(Chart { people, stretches })
    }

    /// Whom somebody reports to on a day; on any day where it is not known which.
    fn above(&self, id: &str, day: Option<Date>) -> Level {
        let own = self.stretches.get(id).map_or(&[][..], Vec::as_slice);
        let holds = |own: &&Stretch| match (&own.days, day) {
            (Ok((first, last)), Some(day)) => *first <= day && day <= *last,
            (Ok(_), None) => true,
            (Err(_), _) => false,
        };
        let mut dated: Vec<&Stretch> = own.iter().filter(holds).collect();
        dated.sort_by_key(|own| (own.days.clone().ok(), own.row));
        let mut causes: Vec<Cause> = Vec::new();
        if day.is_some() {
            for again in dated.iter().skip(1) {
                causes.push(Cause::overlap(id, self.people.cell(again.row, "id", id)));
            }
        }
        let undated = own.iter().filter_map(|own| own.days.as_ref().err());
        causes.extend(undated.flatten().cloned());
        let causes = sorted(causes);
        let possible = dated
            .into_iter()
            .chain(own.iter().filter(|own| own.days.is_err()));
        possible
            .filter_map(|own| own.superior.clone())
            .map(|who| (who, causes.clone()))
            .collect()
    }

    /// The row of people that holds somebody's day, or why that cannot be told.
    pub(in crate::explain) fn row_on(
        &self,
        id: &str,
        day: Date,
    ) -> Result<Option<usize>, Vec<Cause>> {
        let own = self.stretches.get(id).map_or(&[][..], Vec::as_slice);
        let mut rows: Vec<(Date, Date, usize)> = Vec::new();
        let mut why: Vec<Cause> = Vec::new();
        for stretch in own {
            match &stretch.days {
                Ok((first, last)) if *first <= day && day <= *last => {
                    rows.push((*first, *last, stretch.row))
                }
                Ok(_) => {}
                Err(causes) => why.extend(causes.iter().cloned()),
            }
        }
        rows.sort_unstable();
        for (_, _, again) in rows.iter().skip(1) {
            why.push(Cause::overlap(id, self.people.cell(*again, "id", id)));
        }
        if why.is_empty() {
            Ok(rows.first().map(|(_, _, row)| *row))
        } else {
            Err(sorted(why))
        }
    }

    /// The levels above somebody, the nearest first.
    pub(in crate::explain) fn levels(
        &self,
        id: &str,
        day: Option<Date>,
        most: usize,
    ) -> Vec<Level> {
        let mut levels: Vec<Level> = Vec::new();
        // Everyone met so far, by the level at which they first stood.
        let mut passed: Vec<Vec<String>> = vec![vec![id.to_owned()]];
        let mut below = Level::from([(id.to_owned(), Vec::new())]);
        while levels.len() < most {
            let mut level = Level::new();
            for (who, why) in &below {
                for (superior, more) in self.above(who, day) {
                    let causes = sorted([why.clone(), more].concat());
                    match level.get_mut(&superior) {
                        None => {
                            level.insert(superior, causes);
                        }
                        Some(known) if known.is_empty() || causes.is_empty() => known.clear(),
                        Some(known) => *known = sorted([known.clone(), causes].concat()),
                    }
                }
            }
            if level.is_empty() {
                break;
            }
            let since = |who: &String| passed.iter().position(|level| level.contains(who));
            let mut met: Vec<&String> = level.keys().filter(|who| since(who).is_some()).collect();
            met.sort_by(|a, b| natural_cmp(a, b));
            if let Some(again) = met.first() {
                let circle = Cause::circle(again);
                let from = since(again).unwrap_or(0);
                for who in passed.into_iter().skip(from).flatten() {
                    let known = level.entry(who).or_default();
                    *known = sorted([known.clone(), vec![circle.clone()]].concat());
                }
                levels.push(level);
                break;
            }
            passed.push(level.keys().cloned().collect());
            below = level.clone();
            levels.push(level);
        }
        levels
    }

    /// Whether somebody may stand above another, on any day and at any level, or in a circle with them.
    fn may_be_above(&self, who: &str, id: &str) -> bool {
        let mut known: BTreeSet<&str> = BTreeSet::from([id]);
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            for own in self.stretches.get(next).into_iter().flatten() {
                if let Some(superior) = own.superior.as_deref()
                    && known.insert(superior)
                {
                    open.push(superior);
                }
            }
        }
        known.contains(who)
    }
}

/// The part of a credit that a person above has at one level.
pub(in crate::explain) struct Part {
    /// Why it is not sure.
    pub(in crate::explain) why: Vec<Cause>,
    pub(in crate::explain) share: Exact,
    /// Of a share less what is paid below: the level, the share, and what is below.
    pub(in crate::explain) less: Option<(u16, Exact, Exact)>,
}

/// What goes up to a person, in order. `counts` says which days do.
pub(in crate::explain) fn of_superior(
    plan: &Plan,
    rows: &dyn Rows,
    (rollup, joins): (&Rollup, &Joins<'_>),
    payee: &str,
    counts: &dyn Fn(Date) -> bool,
) -> Credits {
    let Some(chart) = Chart::new(plan, rows, rollup.to) else {
        return Credits::default();
    };
    let rising = Rising {
        plan,
        rows,
        rollup,
        joins,
        chart,
        payee,
    };
    rising.all(counts)
}

/// `ana (level 2: 90% less 70% paid below)`
fn less_words(id: &str, (level, share, below): &(u16, Exact, Exact)) -> String {
    let percent = |share: &Exact| format!("{}%", (share.clone() * Exact::int(100)).to_plain());
    let (share, below) = (percent(share), percent(below));
    format!("{id} (level {level}: {share} less {below} paid below)")
}

struct Rising<'a> {
    plan: &'a Plan,
    rows: &'a dyn Rows,
    rollup: &'a Rollup,
    /// What the credit that goes up reads beside its records.
    joins: &'a Joins<'a>,
    chart: Chart<'a>,
    payee: &'a str,
}

impl Rising<'_> {
    fn all(&self, counts: &dyn Fn(Date) -> bool) -> Credits {
        let mut found = Credits::default();
        let mut by_record: BTreeMap<usize, Vec<(String, Share)>> = BTreeMap::new();
        let mut apart: Vec<Vec<(String, Share)>> = Vec::new();
        let everyone = self.chart.stretches.keys();
        for id in everyone.filter(|id| self.chart.may_be_above(self.payee, id)) {
            let own = of_person(
                self.plan,
                self.rows,
                (self.rollup.of, self.joins),
                id,
                &|_| true,
            );
            // What was decided about those below decided about what goes up.
            let mut above: BTreeMap<Date, bool> = BTreeMap::new();
            for (date, decided) in own.decided {
                let is_above = above.entry(date).or_insert_with(|| {
                    let day = self.day_without_record(date);
                    !self.reached(id, day).is_empty()
                });
                if *is_above {
                    found.decided.insert((date, decided));
                }
            }
            for share in own.shares {
                match share.row {
                    Some(row) => by_record.entry(row).or_default().push((id.clone(), share)),
                    None => apart.push(vec![(id.clone(), share)]),
                }
            }
            for other in own.unknown {
                let day = other.own.and_then(|date| self.day_without_record(date));
                let reached = self.above(id, day);
                if !reached.is_empty() && other.own.is_none_or(counts) {
                    let more = reached.into_iter().flat_map(|(why, _)| why);
                    found.unknown.push(Unknown {
                        why: sorted(other.why.into_iter().chain(more).collect()),
                        ..other
                    });
                }
            }
        }
        for group in by_record.into_values().chain(apart) {
            self.record(&group, counts, &mut found);
        }
        found.shares.sort_by(|a, b| {
            a.date
                .cmp(&b.date)
                .then_with(|| natural_cmp(&a.record, &b.record))
                .then(a.row.cmp(&b.row))
        });
        found
    }

    /// The parts that the person has of a credit of another.
    fn reached(&self, id: &str, day: Option<Date>) -> Vec<Part> {
        if let Some(own) = &self.rollup.differential {
            let ladder = Ladder {
                plan: self.plan,
                rollup: self.rollup,
                own,
                chart: &self.chart,
            };
            return ladder.parts(self.payee, id, day);
        }
        let above = self.above(id, day).into_iter();
        let of = |(why, share)| Part {
            why,
            share,
            less: None,
        };
        above.map(of).collect()
    }

    /// The levels at which the person stands above another: why that is not sure, and the level's share.
    fn above(&self, id: &str, day: Option<Date>) -> Vec<(Vec<Cause>, Exact)> {
        let most = self.rollup.levels.iter().map(|(level, _)| *level).max();
        let levels = self.chart.levels(id, day, usize::from(most.unwrap_or(0)));
        let wanted = self.rollup.levels.iter();
        let standing = wanted.filter_map(|(level, share)| {
            let level = levels.get(usize::from(*level).checked_sub(1)?)?;
            Some((level.get(self.payee)?.clone(), share.clone()))
        });
        standing.collect()
    }

    /// What of one record goes up to the person: its shares below, each with whose it is.
    fn record(&self, group: &[(String, Share)], counts: &dyn Fn(Date) -> bool, out: &mut Credits) {
        let Some((_, first)) = group.first() else {
            return;
        };
        if !counts(first.own) {
            return;
        }
        let (day, mut why) = match (self.rollup.as_of, first.row) {
            (AsOf::Column(column), Some(row)) => self.date_of(column, row),
            _ => (
                self.day_without_record(first.own).or(Some(first.own)),
                Vec::new(),
            ),
        };
        let (mut added, mut largest) = (Exact::ZERO, None::<Exact>);
        let mut of: Vec<String> = Vec::new();
        for (id, share) in group {
            for part in self.reached(id, day) {
                added += share.amount.clone() * part.share.clone();
                let so_far = largest.unwrap_or(part.share.clone());
                largest = Some(so_far.max(part.share.clone()));
                let of_whom = match &part.less {
                    None => id.clone(),
                    Some(less) => less_words(id, less),
                };
                why.extend(part.why);
                if !of.contains(&of_whom) {
                    of.push(of_whom);
                }
            }
        }
        let Some(largest) = largest else { return };
        if !why.is_empty() {
            out.unknown.push(Unknown {
                day: Some(first.date),
                known: first.known,
                own: Some(first.own),
                why: sorted(why),
            });
            return;
        }
        let amount = match self.rollup.once {
            Once::Credit => added,
            Once::Record => self.whole(first) * largest,
        };
        of.sort_by(|a, b| natural_cmp(a, b));
        out.shares.push(Share {
            place: format!("{}, of {}", first.place, of.join(" and ")),
            amount,
            ..first.clone()
        });
    }

    /// A date of the record, or why it cannot be read.
    fn date_of(&self, column: ColumnId, row: usize) -> (Option<Date>, Vec<Cause>) {
        let source = self.plan.source(self.plan.credit(self.rollup.of).source);
        let read = self
            .rows
            .table(&source.binding)
            .zip(source.columns.get(column.0));
        let found =
            read.map(|(table, column)| demand(read_cell(self.plan, table, &column.name, row)));
        match found {
            Some(Ok(Scalar::Date(day))) => (Some(day), Vec::new()),
            Some(Err(Stop::Held(causes))) => (None, causes),
            _ => (None, Vec::new()),
        }
    }

    /// The day on which it is read who reports to whom, where no record tells it.
    fn day_without_record(&self, date: Date) -> Option<Date> {
        match self.rollup.as_of {
            AsOf::LastDay => {
                let period = self.plan.calendar.period_of(date, self.plan.cadence);
                Some(period.end().min(self.plan.effective.1))
            }
            AsOf::Column(column) => {
                (column == self.plan.credit(self.rollup.of).dated_by).then_some(date)
            }
        }
    }

    /// All of a record, whoever has a part.
    fn whole(&self, share: &Share) -> Exact {
        let base = self.plan.credit(self.rollup.of);
        let table = self.rows.table(&self.plan.source(base.source).binding);
        let (Some(row), Some(table)) = (share.row, table) else {
            return share.amount.clone();
        };
        let reader = RecordRow {
            plan: self.plan,
            rows: self.rows,
            table,
            row,
        };
        match whole(&reader, self.rollup.of, &mut Vec::new()) {
            Ok(Scalar::Number(whole)) => whole,
            _ => Exact::ZERO,
        }
    }
}
