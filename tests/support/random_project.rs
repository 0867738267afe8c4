//! Random well-typed projects with random data: plan text, terms, manifest and CSV files.
//!
//! A case is a function of its seed alone, so a failing seed is a failing test. Plans use every block and
//! clause of the language; data has returns, splits, movers, missing quotas, empty cells and, in some
//! cases, cells that do not fit.

use std::fmt::Write as _;

use paycurve::base::{Cadence, Date};

use crate::support::random_calendar::RandomCalendar;
use crate::support::random_clawback;
use crate::support::random_contest;
use crate::support::random_credit;
use crate::support::random_currency::{self, Currencies};
use crate::support::random_exceptions;
use crate::support::random_late;
use crate::support::random_payable;
use crate::support::random_pool;
use crate::support::{
    random_cap, random_carry, random_draw, random_group, random_quota, random_total,
};

/// A small generator of pseudo-random numbers (SplitMix64), specified here so that seeds stay valid.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `low` through `high`.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).expect("low is not above high");
        low + i64::try_from(self.next() % width).expect("a small width")
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.whole(1, 100) <= percent
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        let last = i64::try_from(from.len() - 1).expect("a short list");
        from[usize::try_from(self.whole(0, last)).expect("not negative")]
    }
}

/// A project as texts.
#[derive(Debug)]
pub struct Project {
    pub manifest: String,
    pub terms: String,
    pub plan: String,
    /// A second plan for the same people, and a total of both for the terms.
    pub second: (String, String),
    pub people: String,
    pub deals: String,
    pub quotas: String,
    pub splits: String,
    /// Files of inputs and of days, by name.
    pub inputs: Vec<(String, String)>,
}

impl Project {
    /// The texts of all CSV files.
    pub fn files(&mut self) -> impl Iterator<Item = &mut String> {
        let own = [
            &mut self.people,
            &mut self.deals,
            &mut self.quotas,
            &mut self.splits,
        ];
        let inputs = self.inputs.iter_mut().map(|(_, text)| text);
        own.into_iter().chain(inputs)
    }
}

pub const PEOPLE: [&str; 5] = ["ana", "ben", "cem", "dora", "P-10"];

struct Plan {
    rng: Rng,
    calendar: RandomCalendar,
    faults: bool,
    /// Whether the attainment is rounded; then nothing is cut into slices along it.
    rounded: bool,
    /// Whether nothing is made by several persons together; then late records may rate their periods again.
    alone: bool,
    credits: Vec<String>,
    /// The longest length of time for which everything can be read.
    longest: Cadence,
    currencies: Currencies,
    /// The plan's first and last day.
    days: (Date, Date),
    text: String,
}

/// A component that others can read.
struct Part {
    name: String,
    /// What it is earned over.
    over: Option<Cadence>,
    /// Whether it can be read for any length of time: it remembers no other period, and reads nothing that does.
    plain: bool,
    /// Whether it reads what is carried over, which nobody else's can be taken together with.
    carries: bool,
}

/// The case of a seed.
pub fn project(seed: u64) -> Project {
    let mut rng = Rng::new(seed);
    let calendar = RandomCalendar::new(&mut rng);
    let faults = rng.chance(35);
    let rounded = rng.chance(20);
    let alone = rng.chance(30);
    let mut plan = Plan {
        rng,
        calendar,
        faults,
        rounded,
        alone,
        credits: Vec::new(),
        longest: Cadence::Year,
        currencies: Currencies::new(seed, faults),
        days: (Date::MIN, Date::MAX),
        text: String::new(),
    };
    let terms = plan.terms();
    plan.header();
    plan.credits();
    plan.body();
    let staged = random_payable::block(seed, &plan.credits[0]);
    plan.text.push_str(&staged);
    plan.by_word();
    let clawbacks = random_clawback::blocks(&mut plan.rng, &plan.text, &plan.credits);
    plan.text.push_str(&clawbacks);
    let by_record = ["\nclawback ", "\n  payable "];
    if plan.alone && !by_record.iter().any(|word| plan.text.contains(word)) {
        plan.text = random_late::re_rate(&mut plan.rng, &plan.text);
    }
    let pays: Vec<String> = heads(&plan.text, "pay ");
    let second = random_total::second(&mut plan.rng, &plan.calendar, &pays);
    let people = plan.people();
    let mut people = plan.currencies.people(people);
    let deals = plan.deals();
    let mut deals = random_payable::with_dates(seed, plan.faults, &deals);
    let mut quotas = plan.quotas();
    let mut splits = plan.splits();
    for file in [&mut people, &mut deals, &mut quotas, &mut splits] {
        *file = plan.spoil(std::mem::take(file));
    }
    let mut inputs = plan.inputs();
    for (_, file) in &mut inputs {
        *file = plan.spoil(std::mem::take(file));
    }
    inputs.push(("rates".to_owned(), {
        let rates = plan.rates();
        plan.spoil(rates)
    }));
    let used_before = random_cap::rows(&mut plan.rng);
    inputs.push(("prior_use".to_owned(), plan.spoil(used_before)));
    let faults = plan.faults;
    let bad = |rng: &mut Rng, value: String, bad: &str| {
        if faults && rng.chance(1) {
            bad.to_owned()
        } else {
            value
        }
    };
    let by_hand = random_exceptions::rows(&mut plan.rng, bad);
    let by_hand = plan.spoil(by_hand);
    inputs.push(("adjustments".to_owned(), by_hand));
    let days = random_quota::files(&mut plan.rng, |rng, value, bad| {
        if faults && rng.chance(1) {
            bad.to_owned()
        } else {
            value
        }
    });
    for (name, file) in days {
        let file = plan.spoil(file);
        inputs.push((name, file));
    }
    let mut manifest = "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: {column: currency}}\n  \
                    quotas: {file: data/quotas.csv, currency: USD}\n  deal_splits: {file: data/deal_splits.csv}\n  csat: {file: data/csat.csv}\n  rates: {file: data/rates.csv}\n  \
                    prior_use: {file: data/prior_use.csv, currency: USD}\n  \
                    rating: {file: data/rating.csv}\n  bonus_pool: {file: data/bonus_pool.csv, currency: USD}\n  adjustments: {file: data/adjustments.csv, currency: USD}\n"
        .to_owned();
    for name in random_quota::FILES {
        let _ = writeln!(manifest, "  {name}: {{file: data/{name}.csv}}");
    }
    let years = plan.calendar.labels(Cadence::Year);
    let files = plan.currencies.files(&years);
    for ((name, currency), file) in random_currency::FILES.into_iter().zip(files) {
        let _ = writeln!(manifest, "  {name}: {{file: data/{name}.csv{currency}}}");
        inputs.push((name.to_owned(), plan.spoil(file)));
    }
    Project {
        manifest,
        terms,
        second,
        plan: plan.text,
        people,
        deals,
        quotas,
        splits,
        inputs,
    }
}

/// The names of blocks, by the word that opens them.
fn heads(text: &str, word: &str) -> Vec<String> {
    let heads = text.lines().filter_map(|line| line.strip_prefix(word));
    heads
        .filter_map(|head| Some(head.split_whitespace().next()?.to_owned()))
        .collect()
}

impl Plan {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn terms(&mut self) -> String {
        let mut terms = self.calendar.terms.clone();
        terms.push_str(
            "people \"People\"\n  from        people\n  | column  | type             | meaning |\n  | id      | Text             | id      |\n  \
             | role    | one of AE, Other | job     |\n  | region  | Text or none     | where   |\n  | target  | Money or none    | bonus   |\n  \
             | hired   | Date or none     | start   |\n  | factor  | Percent          | factor  |\n  | score   | Percent or none  | score   |\n  | manager | Person or none   | above   |\n{COLUMNS}  | from    | Date or none     | first   |\n  | through | Date or none     | last    |\n\n\
             records deals \"Deals\"\n  from        deals\n  | column     | type           | meaning |\n  | id         | Text           | id      |\n  \
             | amount     | Money          | value   |\n  | margin     | Money or none  | margin  |\n  | qty        | Number         | pieces  |\n  \
             | share      | Percent        | share   |\n  | stage      | one of Won, Lost | stage |\n  | product    | one of core, addon, hardware | what |\n  \
             | close_date | Date           | date    |\n  | owner      | Person         | who     |\n  | mate       | Person or none | second  |\n  \
             | strategic  | Yes or no      | flag    |\n  | sellers    | List of persons or none | all |\n  \
             | area       | Text or none   | where   |\n  | cancelled  | Date or none   | fell    |\n  | seen       | Date           | came in |\n{DATES}\n\
             records deal_splits \"Splits\"\n  from        deal_splits\n  | column | type           | meaning |\n  \
             | deal   | Text           | which   |\n  | person | Person or none | who     |\n  \
             | part   | Percent        | share   |\n  | points | Number         | weight  |\n  \
             | on_top | Yes or no      | overlay |\n",
        );
        terms.push_str(random_quota::TERMS);
        terms.push_str(random_exceptions::TERMS);
        let terms = terms.replace("{DATES}", random_payable::COLUMNS);
        terms.replace("{COLUMNS}", random_currency::COLUMNS) + &self.currencies.terms()
    }

    fn header(&mut self) {
        // A plan by week has enough periods in a few months.
        let days: &[&(&str, &str)] = match self.calendar.cadence {
            Cadence::Week | Cadence::TwoWeeks => &[
                &("2026-01-01", "2026-04-30"),
                &("2026-02-15", "2026-05-20"),
                &("2025-11-20", "2026-02-10"),
            ],
            _ => &[
                &("2026-01-01", "2026-12-31"),
                &("2026-02-15", "2027-01-20"),
                &("2025-11-01", "2026-10-31"),
            ],
        };
        let (from, through) = *self.rng.pick(days);
        let day = |text| Date::parse(text).expect("a day");
        self.days = (day(from), day(through));
        let payees = self.rng.pick(&[
            "role is \"AE\" for the days in the role",
            "role is \"AE\" on deal.close_date",
            "role is \"AE\" on the last day of the period",
            "role is \"AE\" and region is not \"East\" for the days in the role",
            "role is one of \"AE\", \"Other\" for the days in the role",
            "region is present and not role is \"Other\" for the days in the role",
        ]);
        let quota_cadence = if self.rng.chance(60) {
            self.calendar.cadence
        } else {
            let all = self.calendar.quotas();
            self.one_of(&all)
        };
        let cut = if self.calendar.cut {
            ", cut at month ends"
        } else {
            ""
        };
        let period = format!("{}{cut}", self.calendar.cadence);
        let quota = if self.rng.chance(50) {
            format!("  quota       from quotas, one per payee per {quota_cadence}\n\n")
        } else {
            format!("\n{}", random_quota::block(&mut self.rng, quota_cadence))
        };
        let settled = if self.rng.chance(10) {
            "  settled     through 2027-09-20\n"
        } else {
            ""
        };
        self.line(&format!(
            "plan \"Random 2026\"\n  currency    USD\n  effective   {from} through {through}\n  period      {period}\n  \
             payees      {payees}\n{settled}{quota}use \"company.terms\"\n"
        ));
    }

    fn one_of<T: Clone>(&mut self, from: &[T]) -> T {
        let last = i64::try_from(from.len() - 1).expect("a short list");
        from[usize::try_from(self.rng.whole(0, last)).expect("not negative")].clone()
    }

    fn money(&mut self) -> String {
        match self.rng.whole(0, 3) {
            0 => format!("{} USD", self.rng.whole(1, 40) * 1000),
            1 => format!(
                "{}.{:02} USD",
                self.rng.whole(1, 9000),
                self.rng.whole(0, 99)
            ),
            2 => format!(
                "{},{:03} USD",
                self.rng.whole(1, 90),
                self.rng.whole(0, 999)
            ),
            _ => format!("{} USD", self.rng.whole(10, 900)),
        }
    }

    fn percent(&mut self) -> String {
        match self.rng.whole(0, 2) {
            0 => format!("{}%", self.rng.whole(1, 20)),
            1 => format!("{}.{}%", self.rng.whole(0, 15), self.rng.whole(1, 99)),
            _ => format!("{}%", self.rng.whole(1, 9) * 5),
        }
    }

    /// A condition on one record.
    fn record_condition(&mut self, depth: u32) -> String {
        if depth > 0 && self.rng.chance(35) {
            let (a, b) = (
                self.record_condition(depth - 1),
                self.record_condition(depth - 1),
            );
            return match self.rng.whole(0, 2) {
                0 => format!("({a}) and ({b})"),
                1 => format!("({a}) or ({b})"),
                _ => format!("not ({a})"),
            };
        }
        match self.rng.whole(0, 9) {
            0 => "deal.stage is \"Won\"".to_owned(),
            1 => "deal.stage is not \"Lost\"".to_owned(),
            2 => "deal.product is one of \"core\", \"addon\"".to_owned(),
            3 => format!("deal.qty >= {}", self.rng.whole(1, 6)),
            4 => "deal.mate is present".to_owned(),
            5 => "deal.strategic".to_owned(),
            6 => format!("deal.amount > {}", self.money()),
            7 => "deal.close_date < 2026-09-01".to_owned(),
            8 => format!("deal.share is within {} and above", self.percent()),
            _ => "deal.product is not one of \"hardware\"".to_owned(),
        }
    }

    /// Money of one record, from its columns.
    fn record_money(&mut self, depth: u32) -> String {
        if depth > 0 && self.rng.chance(40) {
            let (a, b) = (self.record_money(depth - 1), self.record_money(depth - 1));
            return match self.rng.whole(0, 5) {
                0 => format!("min({a}, {b})"),
                1 => format!("max({a}, {b})"),
                2 => format!("({a}) + ({b})"),
                3 => format!("({a}) - ({b})"),
                4 => format!("({a}) * {}", self.percent()),
                _ => format!("{} of ({a})", self.percent()),
            };
        }
        match self.rng.whole(0, 7) {
            0..=2 => "deal.amount".to_owned(),
            3 => "deal.amount * deal.share".to_owned(),
            4 => "abs(deal.amount)".to_owned(),
            5 => "deal.amount * 1/3".to_owned(),
            6 if self.rng.chance(40) => "deal.amount / deal.qty".to_owned(),
            _ => format!("deal.qty * {}", self.money()),
        }
    }

    fn credits(&mut self) {
        for n in 0..self.rng.whole(1, 3) {
            let name = format!("booked{n}");
            self.line(&format!(
                "credit {name} \"Booked {n}\"\n  from        deals as deal"
            ));
            if self.rng.chance(75) {
                let condition = self.record_condition(1);
                self.line(&format!("  when        {condition}"));
            }
            let crowd = random_credit::crowd(&mut self.rng);
            let to = crowd.as_ref().map_or("deal.owner", |(lines, _)| lines);
            self.line(&format!(
                "  dated by    deal.close_date\n  to          {to}"
            ));
            let late = random_late::clauses(&mut self.rng);
            self.text.push_str(&late);
            let amount = if n == 0 {
                "deal.amount".to_owned()
            } else {
                self.record_money(1)
            };
            self.line(&format!("  amount      {amount}"));
            if self.rng.chance(20) {
                let cap = self.money();
                self.line(&format!("  cap         {cap} each deal"));
            }
            if self.rng.chance(15) {
                let cap = self.money();
                self.line(&format!("  cap         {cap} each share"));
            }
            let split = match crowd {
                Some((_, has_parts)) => has_parts,
                None => self.rng.chance(45),
            };
            let rounds = self.rng.chance(30);
            match self.rng.whole(0, 4) {
                _ if !split || crowd.is_some() => {}
                0 | 1 => self.split_from(),
                2 => {
                    let to = self.rng.pick(&["deal.owner", "deal.mate", "nobody"]);
                    self.line(&format!(
                        "  split equally among deal.sellers\n  if a person is missing the share goes to {to}"
                    ));
                }
                _ => self.split(),
            }
            if rounds {
                let mode = if split {
                    "down"
                } else {
                    self.rng.pick(&["half up", "half even", "down"])
                };
                let unit = self.rng.pick(&["0.01", "1", "0.5"]);
                self.line(&format!("  round each share to {unit}, {mode}"));
                if split {
                    let rule = self.rng.pick(&[
                        "to the largest share",
                        "to the first",
                        "by largest remainder",
                    ]);
                    self.line(&format!("  remainder {rule}"));
                }
            }
            self.line("");
            self.credits.push(name);
        }
        if self.rng.chance(30) {
            self.rollup();
        }
    }

    fn rollup(&mut self) {
        let base = self.credit();
        let (share, in_table) = random_credit::differential(&mut self.rng);
        let once = if share.is_empty() {
            self.rng.pick(&["credit", "deal"])
        } else {
            "credit"
        };
        let kinds = if in_table {
            (4, 4)
        } else {
            (0, if share.is_empty() { 4 } else { 3 })
        };
        let levels = match self.rng.whole(kinds.0, kinds.1) {
            0 => format!("1 up, each {once} once per manager"),
            1 => format!("2 up, each {once} once per manager"),
            2 => format!("1 and 2 up, each {once} once per manager"),
            3 => format!("1 through 3 up, each {once} once per manager"),
            _ => format!(
                "each {once} once per manager\n    | level | share |\n    | 1 | {} |\n    | 2 | 33.3% |\n    | 4 | 110% |",
                self.percent()
            ),
        };
        let day = self
            .rng
            .pick(&["deal.close_date", "the last day of the period"]);
        self.line(&format!(
            "rollup team \"Team\"\n  from        {base}\n  to          managers\n  levels {levels}\n{share}  hierarchy as of {day}\n"
        ));
        self.credits.push("team".to_owned());
    }

    fn split(&mut self) {
        let guarded = self.rng.chance(50);
        self.line(if guarded {
            "  split when deal.mate is present"
        } else {
            "  split"
        });
        self.line("    | who        | share |");
        let shares: &[&str] = self.rng.pick(&[
            &["70%", "30%"] as &[&str],
            &["1/3", "2/3"],
            &["33.3%", "33.3%", "33.4%"],
            &["50%", "50%"],
        ]);
        for (i, share) in shares.iter().enumerate() {
            let who = ["deal.owner", "deal.mate", "the company"][i];
            self.line(&format!("    | {who} | {share} |"));
        }
        if self.rng.chance(30) {
            let who = self.rng.pick(&["deal.owner", "deal.mate"]);
            let share = self.rng.pick(&["25%", "1/3", "110%"]);
            self.line(&format!("    | {who} | {share} overlay |"));
        }
        if !guarded {
            let to = self.rng.pick(&["deal.owner", "nobody"]);
            self.line(&format!("  if a person is missing the share goes to {to}"));
        }
    }

    /// Shares from rows: of the whole, by weight or equal.
    fn split_from(&mut self) {
        let (how, table) = *self.rng.pick(&[
            &("", "| who | share |\n    | s.person | s.part |"),
            &(
                "",
                "| who | share | overlay |\n    | s.person | s.part | s.on_top |",
            ),
            &(
                ", by weight",
                "| who | weight |\n    | s.person | s.points |",
            ),
            &(", equally", "| who |\n    | s.person |"),
        ]);
        self.line(&format!("  split from deal_splits as s{how}\n    {table}"));
        if how.is_empty() {
            let total = self.rng.pick(&[
                "100%",
                "at most 100%, the rest to deal.owner",
                "at most 100%, the rest to deal.mate",
                "at most 100%, the rest to the company",
            ]);
            self.line(&format!("  shares total {total}"));
        }
        let to = self.rng.pick(&["deal.owner", "deal.mate", "nobody"]);
        self.line(&format!("  if a person is missing the share goes to {to}"));
    }

    fn credit(&mut self) -> String {
        let last = i64::try_from(self.credits.len() - 1).expect("few");
        self.credits[usize::try_from(self.rng.whole(0, last)).expect("small")].clone()
    }

    /// `""` or a window to date that is at least as long as the plan's period.
    fn window(&mut self) -> String {
        if self.rng.chance(50) {
            return String::new();
        }
        let longer = self.calendar.longer().into_iter().skip(1);
        let to_date = longer.filter(|own| own.months().is_some());
        let mut windows = vec![" plan to date".to_owned()];
        windows.extend(to_date.map(|own| format!(" {own} to date")));
        self.one_of(&windows)
    }

    /// A window of what pays for any length of time read: that cannot be longer than the window.
    fn read_window(&mut self) -> String {
        let window = self.window();
        let mut all = self.calendar.longer().into_iter();
        let length = all.find(|own| window == format!(" {own} to date"));
        self.longest = self.longest.min(length.unwrap_or(Cadence::Year));
        window
    }

    /// `""` or a window that may begin before the plan does.
    fn back(&mut self) -> String {
        // Of weeks, little can be asked.
        let most = match self.calendar.cadence {
            Cadence::Week | Cadence::TwoWeeks if self.calendar.longer().len() > 2 => 1,
            Cadence::Week | Cadence::TwoWeeks => 0,
            _ => 8,
        };
        if most < 8 && self.rng.chance(40) {
            return String::new();
        }
        match self.rng.whole(0, most) {
            0 => " last period".to_owned(),
            1 => " last year".to_owned(),
            2 => " the same period last year".to_owned(),
            3 => format!(" the {} months before this one", self.rng.whole(2, 14)),
            4 => format!(" the {} months ending with this one", self.rng.whole(2, 14)),
            5 => " the 1 month before this one".to_owned(),
            _ => String::new(),
        }
    }

    /// Rows of a tier table over percentages or money, in order and without gaps.
    fn rows(&mut self, name: &str, money: bool, values: &str) {
        let mut edges: Vec<i64> = (0..self.rng.whole(1, 3))
            .map(|_| self.rng.whole(1, 30) * 5)
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let write = |edge: i64| {
            if money {
                format!("{} USD", edge * 400)
            } else {
                format!("{edge}%")
            }
        };
        self.line(&format!("  | {name} | rate |"));
        let above = self.rng.chance(30);
        for i in 0..=edges.len() {
            let range = match (i.checked_sub(1).map(|j| edges[j]), edges.get(i)) {
                (None, Some(high)) if above => format!("{} and below", write(*high)),
                (None, Some(high)) => format!("under {}", write(*high)),
                (Some(low), Some(high)) if above => {
                    format!("above {} through {}", write(low), write(*high))
                }
                (Some(low), Some(high)) => format!("{} to under {}", write(low), write(*high)),
                (Some(low), None) if above => format!("above {}", write(low)),
                (Some(low), None) => format!("{} and above", write(low)),
                (None, None) => "any".to_owned(),
            };
            let value = if values == "money" {
                self.money()
            } else {
                self.percent()
            };
            self.line(&format!("  | {range} | {value} |"));
        }
        self.line("");
    }

    fn rule(&mut self, subject: &str, state: &str, measure: &str) {
        let outcome = match self.rng.whole(0, 2) {
            0 => "pay nothing".to_owned(),
            1 => "hold this payout".to_owned(),
            _ => format!("{measure} is {}", self.percent()),
        };
        self.line(&format!("  if {subject} is {state} {outcome}"));
    }

    /// A curve, a matrix, a table of values and a rate over time.
    fn lookups(&mut self) {
        self.line("curve slope on attainment");
        self.line("  | attainment | value |");
        let mut at = self.rng.whole(20, 60);
        for _ in 0..self.rng.whole(2, 4) {
            let value = self.percent();
            self.line(&format!("  | {at}% | {value} |"));
            at += self.rng.whole(1, 50);
        }
        for (side, point) in [("below", "first"), ("above", "last")] {
            let rule = match self.rng.whole(0, 2) {
                0 => "pays nothing".to_owned(),
                1 => format!("stays at the {point} point"),
                _ => format!("continues at {}.5 points per point", self.rng.whole(0, 3)),
            };
            self.line(&format!("  {side} {rule}"));
        }
        if self.rng.chance(30) {
            self.line("  round to 1 point, half even");
        }
        let count = self.credit();
        self.line(&format!(
            "\nmeasure deal_count\n  value count {count}\n\nmatrix grid on attainment by deal_count"
        ));
        self.line("  | x | under 2 | 2 to under 5 | 5 and above |");
        for range in ["under 50%", "50% through 90%", "above 90%"] {
            let (a, b, c) = (self.percent(), self.percent(), self.percent());
            self.line(&format!("  | {range} | {a} | {b} | {c} |"));
        }
        let region = if self.rng.chance(50) {
            "region on the last day of the period"
        } else {
            "region on the first day of the period"
        };
        self.line(&format!(
            "\nvalue extra by {region}, attainment\n  first match"
        ));
        self.line("  | region | attainment | value |");
        let (a, b, c) = (self.percent(), self.percent(), self.percent());
        self.line(&format!("  | \"West\" | 80% and above | {a} |"));
        self.line(&format!(
            "  | \"West\" | any | {b} |\n  | any | any | {c} |"
        ));
        self.line("\nvalue by_product by deal.product, deal.amount\n  | product | size | rate |");
        for product in ["core", "addon"] {
            let (a, b) = (self.percent(), self.percent());
            self.line(&format!("  | \"{product}\" | under 9,000 USD | {a} |"));
            self.line(&format!("  | \"{product}\" | 9,000 USD and above | {b} |"));
        }
        let rate = self.percent();
        self.line(&format!("  | \"hardware\" | any | {rate} |"));
        let instead = match self.rng.whole(0, 1) {
            0 => "hold this payout".to_owned(),
            _ => format!("use {}", self.percent()),
        };
        self.line(&format!(
            "\nvalue rate_of by deal.product, region on the last day of the period\n  from        rates\n  \
             type        Percent\n  if missing  {instead}"
        ));
        let instead = self
            .rng
            .pick(&["hold this payout", "use 0 USD", "use 60 USD"]);
        self.line(&format!("{}{instead}", random_cap::BEFORE));
        let base = match self.rng.whole(0, 3) {
            0 => "deal.amount".to_owned(),
            1 => "deal.amount - deal.qty * 100 USD".to_owned(),
            _ => self.credit(),
        };
        let (fixed, rate) = (self.money(), self.percent());
        self.line(&format!(
            "\nvalue flat_or_share by deal.product\n  percent of  {base}\n  | product | pays |\n  | \"core\" | {fixed} |\n  \
             | \"addon\" | {rate} |\n  | \"hardware\" | 2.5% |"
        ));
        let (credit, fixed) = (self.credit(), self.money());
        self.line(&format!(
            "\nvalue by_region by region on the last day of the period\n  percent of  total {credit}\n  | region | pays |\n  \
             | \"East\" | {fixed} |\n  | any | 3% |\n  first match"
        ));
        let (a, b) = (self.percent(), self.percent());
        self.line("\nrate dated_rate over time\n  | effective | rate |");
        self.line(&format!("  | 2025-01-01 through 2026-05-15 | {a} |"));
        self.line(&format!("  | 2026-05-16 through 2027-12-31 | {b} |\n"));
    }

    /// A scorecard over facts that may be empty.
    fn scorecard(&mut self) {
        self.line("scorecard card");
        self.line("  | objective | weight | score | owner | counts |");
        let day = "on the last day of the period";
        let counts = [
            "",
            "at least 10%",
            "at most 90%",
            "under 40% counts 5%, at most 95%",
        ];
        for (name, weight, score) in [
            ("first", 50, "attainment".to_owned()),
            ("second", 30, format!("score {day}")),
            ("third", 20, format!("factor {day}")),
        ] {
            let counts = self.rng.pick(&counts);
            self.line(&format!(
                "  | {name} | {weight}% | {score} | \"HR\" | {counts} |"
            ));
        }
        self.line("  weights total 100%");
        let missing = self.rng.pick(&[
            "hold this payout",
            "counts 0%",
            "share its weight among the rest",
        ]);
        self.line(&format!("  if an objective is missing {missing}"));
        if self.rng.chance(30) {
            self.line("  round to 1 point, half up");
        }
        self.line("");
    }

    /// Three inputs: of the company, of each person, of each region.
    fn input_blocks(&mut self) {
        let missing = |plan: &mut Plan, value: &str| match plan.rng.chance(60) {
            true => "hold this payout".to_owned(),
            false => format!("use {value}"),
        };
        for (name, ty, whose, value) in [
            ("csat", "Percent from 0% through 150%", "the company", "80%"),
            ("rating", "Number from 0 through 5", "each person", "3"),
            (
                "bonus_pool",
                "Money from 0 USD through 5,000 USD",
                "each region",
                "100 USD",
            ),
        ] {
            let all: Vec<Cadence> = self.calendar.inputs();
            let cadence = self.one_of(&all);
            self.longest = self.longest.min(cadence);
            let ends = cadence.ends();
            let missing = missing(self, value);
            self.line(&format!(
                "input {name} \"{name}\"\n  type        {ty}\n  for         {whose}, each {cadence}\n  kept by     \"Somebody\"\n  \
                 due         10 days after the {cadence} {ends}\n  sign-off    \"The boss\"\n  if missing  {missing}\n"
            ));
        }
    }

    /// The files of the inputs: most values are there and signed.
    fn inputs(&mut self) -> Vec<(String, String)> {
        let blocks = self.text.clone();
        let of_block = |name: &str| {
            let block = blocks
                .split(&format!("input {name} "))
                .nth(1)
                .expect("a block");
            let cadence = block.split(", each ").nth(1).expect("how often");
            let mut all = Cadence::ALL.iter();
            let asked = all.find(|own| cadence.starts_with(own.words()));
            *asked.expect("a cadence")
        };
        let mut files = Vec::new();
        for (name, column, keys) in [
            ("csat", "", &[""] as &[&str]),
            ("rating", "payee,", &PEOPLE),
            ("bonus_pool", "region,", &["East", "North", "West"]),
        ] {
            let mut csv = format!("{column}period,{name},signed_by,signed_on\n");
            for key in keys {
                let key = if key.is_empty() {
                    String::new()
                } else {
                    format!("{key},")
                };
                for period in self.calendar.labels(of_block(name)) {
                    if self.rng.chance(5) {
                        continue;
                    }
                    let value = match name {
                        "csat" => format!("{}%", self.rng.whole(0, 152)),
                        "rating" => self.rng.whole(0, 5).to_string(),
                        _ => self.rng.whole(0, 5000).to_string(),
                    };
                    let value = self.bad(value, "7x");
                    let value = if self.rng.chance(3) {
                        String::new()
                    } else {
                        value
                    };
                    let period = self.bad(period, "soon");
                    let (by, on) = match self.rng.whole(0, 14) {
                        0 => ("", ""),
                        1 => ("Mia", ""),
                        _ => ("Mia", "2026-04-08"),
                    };
                    let _ = writeln!(csv, "{key}{period},{value},{by},{on}");
                    if self.faults && self.rng.chance(2) {
                        let _ = writeln!(csv, "{key}{period},{value},Mia,2026-04-09");
                    }
                }
            }
            files.push((name.to_owned(), csv));
        }
        files
    }

    /// Rates by product and region: most are there, a few twice.
    fn rates(&mut self) -> String {
        let mut csv = String::from("product,region,rate_of\n");
        for product in ["core", "addon", "hardware"] {
            for region in ["East", "North", "West"] {
                let rate = self.percent();
                let rate = self.bad(rate, "much");
                let product = self.bad(product.to_owned(), "");
                let region = self.bad(region.to_owned(), "");
                match self.rng.whole(0, 9) {
                    0 => {}
                    1 => {
                        let _ = writeln!(csv, "{product},{region},");
                    }
                    _ => {
                        let _ = writeln!(csv, "{product},{region},{rate}");
                    }
                }
                if self.faults && self.rng.chance(3) {
                    let _ = writeln!(csv, "{product},{region},{rate}");
                }
            }
        }
        csv
    }

    fn body(&mut self) {
        self.input_blocks();
        let axis_credit = self.credit();
        let axis_window = self.read_window();
        let base = format!("total {axis_credit}{axis_window}");
        self.line(&format!(
            "measure attainment \"Attainment\"\n  value       {base} / quota"
        ));
        if self.rounded {
            self.line("  round       to 1 point, half up");
        }
        self.rule("quota", "zero", "attainment");
        self.rule("quota", "missing", "attainment");
        self.line("");
        self.line("tiers ladder on attainment");
        self.rows("attainment", false, "percent");
        let other = self.credit();
        let back = self.back();
        self.line(&format!(
            "measure growth \"Growth\"\n  value       (total {other} - total {other}{back}) / total {other}{back}"
        ));
        self.rule(
            if back.is_empty() { &other } else { back.trim() },
            "zero or missing",
            "growth",
        );
        let how = self.rng.pick(&["highest", "lowest", "average"]);
        let back = self.back();
        let rule = self
            .rng
            .pick(&["pay nothing", "hold this payout", "best is 500 USD"]);
        self.line(&format!(
            "\nmeasure best \"Best\"\n  value       {how} {other}{back}\n  if {how} {other}{back} is missing {rule}\n"
        ));
        let ends: Vec<Cadence> = self.calendar.longer().into_iter().skip(1).collect();
        let ends: Vec<Cadence> = ends
            .into_iter()
            .filter(|own| own.months().is_some())
            .collect();
        let stocked = self.credit();
        let carries = random_carry::blocks(&mut self.rng, &stocked, &ends);
        self.line(&carries);
        self.line(&format!("tiers steps on total {other}"));
        self.rows("total", true, "percent");
        self.line("tiers bonus on attainment");
        self.rows("attainment", false, "money");
        self.line(&format!("tiers nth on count {other}\n  | deals | rate |"));
        let (a, b, c) = (self.percent(), self.percent(), self.percent());
        self.line(&format!(
            "  | 0 through 1 | {a} |\n  | 2 through 3 | {b} |\n  | above 3 | {c} |\n"
        ));
        self.line("tiers by_size on deal.amount");
        self.rows("size", true, "percent");
        self.lookups();
        self.scorecard();
        let mut parts = Vec::new();
        for n in 0..self.rng.whole(0, 3) {
            let name = format!("part{n}");
            self.line(&format!("component {name} \"Part {n}\""));
            let part = self.pay(&name, &base, &axis_window, &other, &parts, false);
            parts.push(part);
        }
        let mut pays = Vec::new();
        let mut drawn_on = Vec::new();
        for n in 0..self.rng.whole(1, 3) {
            let name = format!("pay{n}");
            drawn_on.push(name.clone());
            self.line(&format!("pay {name} \"Pay {n}\""));
            let pay = self.pay(&name, &base, &axis_window, &other, &parts, true);
            pays.extend((!pay.carries).then_some(name));
        }
        if self.rng.chance(40) {
            let (ends, credit) = (self.calendar.longer(), self.credits[0].clone());
            let about = random_draw::About {
                pays: &drawn_on,
                credit: &credit,
                own: self.calendar.cadence,
                ends: ends.get(1..).unwrap_or_default(),
                calendar: &self.calendar.calendar,
                days: self.days,
            };
            let draws = random_draw::blocks(&mut self.rng, &about);
            self.text.push_str(&draws);
        }
        let mut has_free_pool = false;
        if !pays.is_empty() && !self.alone && self.rng.chance(40) {
            let (credit, back) = (self.credits[0].clone(), self.back());
            let pool = random_pool::pool(&mut self.rng, &credit, &other, &back, &pays[0]);
            self.line(&pool);
            // A pool that reads a payout of a budget cannot be in it.
            has_free_pool = !pool.contains(&pays[0]);
        }
        if !pays.is_empty() && !self.alone && self.rng.chance(25) {
            pays.truncate(usize::try_from(self.rng.whole(1, 3)).expect("small"));
            if has_free_pool && self.rng.chance(50) {
                pays.push("shared".to_owned());
            }
            let each = self.one_of(&self.calendar.longer()).to_string();
            let text = random_group::budget(&mut self.rng, &pays, &each);
            self.text.push_str(&text);
        }
        if self.calendar.longer().len() > 1 && self.rng.chance(40) {
            self.seasonal();
        }
        let foreign = self.currencies.blocks();
        self.text.push_str(&foreign);
        if !self.alone && self.rng.chance(25) {
            let (credit, back) = (self.credit(), self.back());
            let about = random_contest::About {
                credits: [&credit, &other],
                back: &back,
                days: self.days,
            };
            let contests = random_contest::blocks(&mut self.rng, &about);
            self.line(&contests);
        }
    }

    /// What stands by somebody's word: amounts added by hand, and exceptions from what the plan reads.
    fn by_word(&mut self) {
        if self.rng.chance(40) {
            let block = random_exceptions::adjustments(&mut self.rng);
            self.text.push_str(&block);
        }
        let mut blocks = String::new();
        for n in 0..self.rng.whole(0, 3) {
            let n = usize::try_from(n).expect("small");
            let condition = match self.rng.whole(0, 2) {
                0 => format!("deal.id is \"D-{}\"", self.rng.whole(1, 9)),
                1 => self.record_condition(1),
                _ => format!("deal.qty >= {}", self.rng.whole(1, 6)),
            };
            let about = format!("  when        {condition}\n");
            let (about, amount, instead) = match self.rng.whole(0, 4) {
                0 if self.text.contains("deal.qty") => (
                    about,
                    format!("deal.qty + {}", self.rng.whole(-2, 3)),
                    "deal.qty".to_owned(),
                ),
                1 if self.text.contains("deal.share") => (
                    about,
                    format!("deal.share * {}", self.percent()),
                    "deal.share".to_owned(),
                ),
                2 => (about, self.record_money(1), "booked0".to_owned()),
                3 if !self.text.contains("  earned ") => {
                    let (from, through) = self.days;
                    let labels = self.calendar.labels_of_plan(from, through);
                    let label = self.one_of(&labels);
                    let about = format!(
                        "  for         {} in {label}\n",
                        self.rng.pick(&["ana", "ben"])
                    );
                    // Two quotas for one person and period are refused, so all are the same.
                    (about, "12,345.67 USD".to_owned(), "quota".to_owned())
                }
                _ => (about, self.record_money(1), "deal.amount".to_owned()),
            };
            blocks.push_str(&random_exceptions::exception(n, &about, &amount, &instead));
        }
        self.text.push_str(&blocks);
    }

    /// An amount of every period, also of those to which somebody does not belong, under a cap of a longer window.
    fn seasonal(&mut self) {
        let (fixed, most) = (self.rng.whole(1, 9) * 100, self.rng.whole(5, 30) * 100);
        let rate = self.percent();
        let credit = self.credit();
        let longer = self.one_of(&self.calendar.longer()[1..]);
        self.line(&format!(
            "pay seasonal \"Seasonal\"\n  amount      {fixed} USD + {rate} of total {credit}\n  cap         {most} USD each {longer}, \
             excess is lost"
        ));
        self.round("the total");
        self.line("  below 0 USD carries forward\n");
    }

    /// The clauses of a pay or component.
    fn pay(
        &mut self,
        name: &str,
        base: &str,
        base_window: &str,
        other: &str,
        parts: &[Part],
        paid: bool,
    ) -> Part {
        let mut window = String::new();
        let over = self.over();
        if let Some(over) = over {
            let when = match self.rng.whole(0, 1) {
                0 => format!("each {}", self.calendar.cadence),
                _ => format!("when the {over} ends"),
            };
            self.line(&format!("  earned each {over}, paid {when}"));
        }
        let readable = |part: &&Part| over.is_none() || part.plain || part.over == over;
        let parts: Vec<&Part> = parts.iter().filter(readable).collect();
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        // What runs to date of another length of time is not earned over this one.
        let runs_on = over.is_some_and(|over| {
            !base_window.is_empty() && base_window != format!(" {over} to date")
        });
        let mut reads_parts = false;
        let mut carries = false;
        let mut counts_records = false;
        let each = self.rng.chance(35);
        if each {
            self.line("  for each    deal");
            if self.rng.chance(50) {
                let condition = self.record_condition(1);
                self.line(&format!("  when        {condition}"));
            }
            let credit = self.credit();
            let rate = self.percent();
            let mut edge = false;
            let last = if credit == "team" { 14 } else { 18 };
            let amount = match self.rng.whole(0, last) {
                14 => format!("{credit} * rate_of"),
                12 => format!("flat_or_share + {rate} of {credit}"),
                13 => format!("min(flat_or_share, {credit})"),
                15 | 16 => {
                    edge = true;
                    let run = self.run();
                    format!("{credit} at steps, placed by the running total of deal.amount{run}")
                }
                17 | 18 => {
                    let run = self.run();
                    format!("{credit} at nth, placed by the running count of deals{run}")
                }
                10 => format!("7 USD for each whole 500 USD of {credit} above 1,000 USD"),
                7 => format!("{credit} * by_product"),
                8 => format!("{credit} * dated_rate on deal.close_date"),
                9 => format!("{credit} * slope + {credit} * grid"),
                0 => format!("{credit} at by_size, everything at the rate reached"),
                1 => format!("min({credit} * {rate}, {})", self.money()),
                2 => format!("{credit} * factor on the last day of the period"),
                3 => format!("{credit} at ladder, everything at the rate reached"),
                4 => format!("{credit} * by_size"),
                5 => format!("{credit} * deal.share + {rate} of {credit}"),
                _ => format!("{rate} of {credit}"),
            };
            self.line(&format!("  amount      {amount}"));
            if edge {
                let rule = self.rng.pick(&[
                    "is cut",
                    "takes the rate where it starts",
                    "takes the rate where it ends",
                ]);
                self.line(&format!("  a deal across an edge {rule}"));
            }
            for _ in 0..self.rng.whole(0, 2) {
                let limit = self.money();
                match self.rng.whole(0, 4) {
                    3 | 4 if over.is_none() => {
                        counts_records = true;
                        let when = match self.rng.chance(30) {
                            true => format!(", when {}", self.record_condition(1)),
                            false => String::new(),
                        };
                        let longer = self.calendar.longer();
                        let line = random_cap::line(&mut self.rng, &limit, &longer, &when);
                        self.line(&line);
                    }
                    0 => {
                        let when = if self.rng.chance(30) {
                            format!(", when {}", self.record_condition(1))
                        } else {
                            String::new()
                        };
                        self.line(&format!(
                            "  cap         {limit} each deal, excess is lost{when}"
                        ));
                    }
                    1 => self.line(&format!("  floor       {limit} each deal")),
                    _ if paid => self.round("each deal"),
                    _ => {}
                }
            }
        } else {
            if self.rng.chance(25) {
                let condition = match self.rng.whole(0, 3) {
                    0 => "attainment >= 60%".to_owned(),
                    1 => format!("total {other}{} > {}", self.back(), self.money()),
                    2 => format!("count {other}{} >= {}", self.back(), self.rng.whole(1, 4)),
                    _ => "region on the last day of the period is not \"North\"".to_owned(),
                };
                self.line(&format!("  when        {condition}"));
            }
            let rate = self.percent();
            let amount = match self.rng.whole(0, 21) {
                19..=21 if over.is_none() => {
                    carries = true;
                    self.rng.pick(&random_carry::READS).to_owned()
                }
                17 | 18 if !self.alone => {
                    let part = if self.rng.chance(50) {
                        parts.iter().find(|part| !part.carries)
                    } else {
                        None
                    };
                    let part = part.map(|part| part.name.as_str());
                    reads_parts |= part.is_some();
                    let (credit, back) = (self.credits[0].clone(), self.back());
                    random_group::amount(&mut self.rng, &credit, &back, part)
                }
                16 => format!("by_region + {rate} of total {other}"),
                14 => format!("{} for each whole 3 points of attainment", self.money()),
                9 => "slope * target on the last day of the period".to_owned(),
                10 => format!("grid * total {other}"),
                11 => format!("extra * total {other}"),
                13 => "card * target on the last day of the period".to_owned(),
                12 => format!("total {other} * dated_rate on the first day of the period"),
                0 if !self.rounded && !runs_on => {
                    window = base_window.to_owned();
                    format!("{base} at ladder, each slice at its own rate")
                }
                1 if !runs_on => {
                    window = base_window.to_owned();
                    format!("{base} at ladder, everything at the rate reached")
                }
                2 => format!("total {other} at steps, each slice at its own rate"),
                3 => "bonus".to_owned(),
                4 => "attainment * target on the last day of the period".to_owned(),
                5 if !parts.is_empty() => {
                    reads_parts = true;
                    format!("{} + {rate} of total {other}", names.join(" + "))
                }
                6 if !parts.is_empty() => {
                    reads_parts = true;
                    format!("max({}, 0 USD)", names.join(" - "))
                }
                7 => format!("count {other}{} * {}", self.back(), self.money()),
                8 if over.is_none() => {
                    window = self.window();
                    let credit = self.credit();
                    format!("{rate} of total {credit}{window}")
                }
                _ => match self.rng.whole(0, 4) {
                    2 => self
                        .rng
                        .pick(&["csat * 1,000 USD", "rating * 100 USD", "bonus_pool * csat"])
                        .to_owned(),
                    0 => format!("{rate} of growth * {} USD", self.rng.whole(10, 900)),
                    1 => format!("{rate} of best"),
                    _ => format!("{rate} of total {other}{}", self.back()),
                },
            };
            self.line(&format!("  amount      {amount}"));
        }
        if !window.is_empty() && over.is_none() {
            let never = if self.rng.chance(30) {
                ", never less than 0 USD"
            } else {
                ""
            };
            if self.rng.chance(20) {
                let cap = self.money();
                let period = self.calendar.cadence;
                self.line(&format!(
                    "  cap         {cap} each {period}, excess is lost"
                ));
            }
            let rounds = paid && self.rng.chance(30);
            let below = rounds && self.rng.chance(50);
            if rounds && !below {
                self.round("the amount to date");
            }
            self.line(&format!("  pays the increase{never}"));
            if below {
                self.round("the amount to date");
            }
        }
        let limits = self.steps(paid, other, over.unwrap_or(self.calendar.cadence));
        if paid {
            let below = self
                .rng
                .pick(&["carries forward", "is lost", "is paid as it is"]);
            self.line(&format!("  below 0 USD {below}"));
            let paid_in = self.currencies.paid_in();
            self.text.push_str(&paid_in);
        }
        self.line("");
        let all_plain = parts.iter().all(|part| part.plain);
        carries |= reads_parts && parts.iter().any(|part| part.carries);
        Part {
            name: name.to_owned(),
            over,
            carries,
            plain: over.is_none()
                && window.is_empty()
                && !limits
                && !counts_records
                && !carries
                && (!reads_parts || all_plain),
        }
    }

    /// Now and then, a length of time longer than the period over which a pay is earned.
    fn over(&mut self) -> Option<Cadence> {
        let (own, longest) = (self.calendar.cadence, self.longest);
        let mut all = self.calendar.longer();
        all.retain(|over| over.months().is_some() && own < *over && *over <= longest);
        (!all.is_empty() && self.rng.chance(25)).then(|| self.one_of(&all))
    }

    /// Whose records run together, and since when.
    fn run(&mut self) -> String {
        let keys: &[&str] = match self.alone {
            true => &[""],
            false => &["", " of deal.owner", " of deal.product"],
        };
        let key = self.rng.pick(keys);
        format!("{key}{}", self.window())
    }

    fn round(&mut self, level: &str) {
        let unit = self.rng.pick(&["0.01", "0.01", "1", "0.05"]);
        let mode = self
            .rng
            .pick(&["half up", "half even", "half down", "up", "down"]);
        self.line(&format!("  round {level} to {unit}, {mode}"));
    }

    /// Half of the time, a condition of a line.
    fn only_when(&mut self, before: &str) -> String {
        match self.rng.whole(0, 5) {
            0 => format!("{before}when attainment >= 80%"),
            1 => format!(
                "{before}when attainment < 120% and count {} > 1",
                self.credit()
            ),
            2 => format!("{before}when region on the first day of the period is \"West\""),
            _ => String::new(),
        }
    }

    /// Lines below the amount; whether one is about a length of time.
    fn steps(&mut self, paid: bool, other_credit: &str, length: Cadence) -> bool {
        let mut rounded = !paid;
        let mut limits = false;
        for _ in 0..self.rng.whole(0, 3) {
            let limit = self.money();
            match self.rng.whole(0, 7) {
                0 => {
                    let credit = self.credit();
                    let rate = self.percent();
                    let other = format!("pay {rate} of total {credit}");
                    let sliced =
                        format!("pay total {other_credit} at steps, each slice at its own rate");
                    let otherwise = self.rng.pick(&[
                        "pay nothing",
                        "pay 50% of the amount so far",
                        "hold this payout",
                        other.as_str(),
                        sliced.as_str(),
                    ]);
                    let edge = self.percent();
                    let subject = self.rng.pick(&["attainment", "attainment", "csat"]);
                    self.line(&format!(
                        "  gate        {subject} {edge} and above, otherwise {otherwise}"
                    ));
                }
                1 => {
                    limits = true;
                    let period = length;
                    let when = self.only_when(", ");
                    self.line(&format!("  floor       {limit} each {period}{when}"));
                }
                4 => {
                    let factor = match self.rng.whole(0, 2) {
                        0 => "attainment".to_owned(),
                        1 => "0.5".to_owned(),
                        _ => self.percent(),
                    };
                    let when = self.only_when(" ");
                    self.line(&format!("  times       {factor}{when}"));
                }
                2 => {
                    limits = true;
                    let mut all = self.calendar.longer();
                    all.retain(|own| *own >= length);
                    let longer = self.one_of(&all);
                    let when = self.only_when(", ");
                    let excess = if length == self.calendar.cadence && self.rng.chance(50) {
                        "carries forward as money"
                    } else {
                        "is lost"
                    };
                    self.line(&format!(
                        "  cap         {limit} each {longer}, excess {excess}{when}"
                    ));
                }
                3 if !rounded => {
                    self.round("the total");
                    rounded = true;
                }
                _ => {}
            }
        }
        if !rounded {
            self.round("the total");
        }
        limits
    }

    fn bad(&mut self, value: String, bad: &str) -> String {
        if self.faults && self.rng.chance(1) {
            bad.to_owned()
        } else {
            value
        }
    }

    /// Faults of whole rows, here and there.
    fn spoil(&mut self, csv: String) -> String {
        let mut lines: Vec<String> = csv.lines().map(str::to_owned).collect();
        let last = i64::try_from(lines.len() - 1).expect("a short file");
        if self.faults && last > 0 && self.rng.chance(10) {
            // A quote that never closes; there is no other in these files.
            let at = usize::try_from(self.rng.whole(1, last)).expect("small");
            lines[at].insert(0, '"');
            return lines.join("\n") + "\n";
        }
        for line in lines.iter_mut().skip(1) {
            *line = self.bad(line.clone(), &format!("{line},9"));
            let cut = line.rsplit_once(',').map_or("", |(before, _)| before);
            *line = self.bad(line.clone(), cut);
            *line = self.bad(line.clone(), &format!("\"x\"{line}"));
        }
        lines.join("\n") + "\n"
    }

    fn people(&mut self) -> String {
        let mut csv =
            String::from("id,role,region,target,hired,factor,score,manager,from,through\n");
        for (at, id) in PEOPLE.iter().enumerate() {
            let mut starts = vec![String::new()];
            let hired = self.hired();
            for date in ["2026-03-10", "2026-07-01"] {
                if self.rng.chance(25) {
                    starts.push(date.to_owned());
                }
            }
            for i in 0..starts.len() {
                let role = if self.rng.chance(75) { "AE" } else { "Other" };
                let role = self.bad(role.to_owned(), "Boss");
                let role = self.bad(role, "");
                let id = self.bad((*id).to_owned(), "");
                let region = self.rng.pick(&["East", "North", "West", ""]).to_owned();
                let target = if self.rng.chance(80) {
                    format!("{} USD", self.rng.whole(1, 50) * 500)
                } else {
                    String::new()
                };
                let factor = self.percent();
                let score = if self.rng.chance(70) {
                    self.percent()
                } else {
                    String::new()
                };
                let above = match self.rng.whole(0, 9) {
                    0 | 1 => "",
                    // Now and then a circle.
                    2 => self.rng.pick(&PEOPLE),
                    _ => PEOPLE.get(at + 1).copied().unwrap_or(""),
                };
                let above = self.bad(above.to_owned(), "nobody-knows");
                let through = match starts.get(i + 1) {
                    Some(next) if next == "2026-03-10" => "2026-03-09".to_owned(),
                    Some(_) => "2026-06-30".to_owned(),
                    _ if self.faults && !starts[i].is_empty() && self.rng.chance(4) => {
                        "2025-01-31".to_owned()
                    }
                    None if self.rng.chance(15) => "2026-11-15".to_owned(),
                    None => String::new(),
                };
                let _ = writeln!(
                    csv,
                    "{id},{role},{region},{target},{hired},{factor},{score},{above},{},{through}",
                    starts[i]
                );
            }
        }
        csv
    }

    /// Mostly some day of the plan, else long ago, or not known.
    fn hired(&mut self) -> String {
        match self.rng.whole(0, 9) {
            0 => String::new(),
            1 => "2019-05-01".to_owned(),
            2 => format!("2026-{:02}-01", self.rng.whole(1, 12)),
            _ => format!(
                "2026-{:02}-{:02}",
                self.rng.whole(1, 12),
                self.rng.whole(1, 28)
            ),
        }
    }

    fn deals(&mut self) -> String {
        let mut csv = String::from(
            "id,amount,currency,margin,qty,share,stage,product,close_date,owner,mate,strategic,sellers,area,cancelled,seen\n",
        );
        for n in 1..=self.rng.whole(0, 25) {
            let sign = if self.rng.chance(12) { "-" } else { "" };
            let amount = match self.rng.whole(0, 4) {
                0 => format!("{sign}{}", self.rng.whole(0, 90_000)),
                1 => format!(
                    "{sign}{}.{:03}",
                    self.rng.whole(0, 9_000),
                    self.rng.whole(0, 999)
                ),
                _ => format!(
                    "{sign}{}.{:02}",
                    self.rng.whole(0, 60_000),
                    self.rng.whole(0, 99)
                ),
            };
            let amount = self.bad(amount, "12,5x");
            let amount = self.bad(amount.clone(), &format!("{amount} EUR"));
            let currency = self.bad("USD".to_owned(), "EUR");
            let qty = self.rng.whole(0, 8).to_string();
            let qty = self.bad(qty, "");
            let share = self.percent();
            let stage = if self.rng.chance(85) { "Won" } else { "Lost" };
            let stage = self.bad(stage.to_owned(), "Wonn");
            let stage = self.bad(stage, "");
            let product = self.rng.pick(&["core", "addon", "hardware"]).to_owned();
            let last = if self.calendar.cadence < Cadence::Month {
                5
            } else {
                12
            };
            let (month, day) = (self.rng.whole(1, last), self.rng.whole(1, 28));
            let year = if self.rng.chance(25) { 2025 } else { 2026 };
            let date = self.bad(format!("{year}-{month:02}-{day:02}"), "31/03/2026");
            let seen = random_late::seen(&mut self.rng, &date);
            let seen = self.bad(seen, "soon");
            let seen = self.bad(seen, "");
            let owner = self.rng.pick(&PEOPLE).to_owned();
            let owner = self.bad(owner, "nobody-known");
            let owner = self.bad(owner, "");
            let mate = if self.rng.chance(35) {
                self.rng.pick(&PEOPLE).to_owned()
            } else {
                String::new()
            };
            let strategic = if self.rng.chance(30) { "yes" } else { "no" };
            let sellers = random_credit::sellers(&mut self.rng);
            let sellers = self.bad(sellers, "ana; ben;ana");
            let sellers = self.bad(sellers, "ana;nobody-known;");
            let area = self.rng.pick(&["East", "North", "West", "AE", ""]);
            let cancelled = random_clawback::cancelled(&mut self.rng, year, month);
            let cancelled = self.bad(cancelled, "31/03/2026");
            let id = self.bad(format!("D-{n}"), "D-1");
            let id = self.bad(id, "");
            let _ = writeln!(
                csv,
                "{id},{amount},{currency},,{qty},{share},{stage},{product},{date},{owner},{mate},{strategic},{sellers},{area},{cancelled},{seen}"
            );
        }
        csv
    }

    /// Rows that say who has which part of a deal; most deals have some, and most of them make a whole.
    fn splits(&mut self) -> String {
        let mut csv = String::from("deal,person,part,points,on_top\n");
        for n in 1..=25 {
            if self.rng.chance(30) {
                continue;
            }
            let parts: &[&str] = self.rng.pick(&[
                &["100%"] as &[&str],
                &["50%", "50%"],
                &["33.33%", "33.33%", "33.34%"],
                &["0%", "100%"],
                &["20%", "30%", "12.5%", "37.5%"],
                &["60%", "30%"],
            ]);
            for part in parts {
                let part = self.bad((*part).to_owned(), "-10%");
                let part = self.bad(part, "half");
                let deal = self.bad(format!("D-{n}"), "");
                let person = if self.rng.chance(5) {
                    String::new()
                } else {
                    self.rng.pick(&PEOPLE).to_owned()
                };
                let person = self.bad(person, "nobody-known");
                let points = if self.rng.chance(95) {
                    self.rng.whole(0, 7).to_string()
                } else {
                    "0.25".to_owned()
                };
                let points = self.bad(points, "-1");
                let on_top = if self.rng.chance(10) { "yes" } else { "no" };
                let on_top = self.bad(on_top.to_owned(), "perhaps");
                let _ = writeln!(csv, "{deal},{person},{part},{points},{on_top}");
            }
        }
        csv
    }

    /// A quota for most people and periods of the cadence the header asks for.
    fn quotas(&mut self) -> String {
        let asked = Cadence::ALL
            .iter()
            .find(|own| self.text.contains(&format!("one per payee per {own}\n")));
        let periods = self.calendar.labels(*asked.expect("a cadence"));
        let mut csv = String::from("payee,period,quota\n");
        for id in PEOPLE {
            for period in periods.clone() {
                if self.rng.chance(4) {
                    continue;
                }
                let value = if self.rng.chance(4) {
                    "0".to_owned()
                } else {
                    (self.rng.whole(1, 60) * 1000).to_string()
                };
                let value = self.bad(value, "lots");
                let period = self.bad(period, "");
                let id = self.bad(id.to_owned(), "Ana");
                let id = self.bad(id, "");
                let _ = writeln!(csv, "{id},{period},{value}");
            }
        }
        csv
    }
}
