//! Random rates of exchange, records and facts of several currencies, and payouts in another currency.

use std::fmt::Write as _;

use crate::support::random_project::{PEOPLE, Rng};

/// Columns of people: the currency somebody is paid in, and a bonus in some currency.
pub const COLUMNS: &str =
    "  | pays_in | Text             | paid in |\n  | home    | Money or none    | bonus   |\n";

/// The names of the files of currencies.
pub const FILES: [(&str, &str); 5] = [
    ("exports", ", currency: {column: currency}"),
    ("euros", ", currency: EUR"),
    ("fx_days", ""),
    ("fx_months", ""),
    ("targets", ", currency: {column: currency}"),
];

const CODES: [&str; 4] = ["USD", "EUR", "GBP", "JPY"];

/// Has a sequence of its own, so that what else is random stays as it is.
pub struct Currencies {
    rng: Rng,
    faults: bool,
}

impl Currencies {
    pub fn new(seed: u64, faults: bool) -> Currencies {
        let rng = Rng::new(seed ^ 0xF0E1_D2C3_B4A5_9687);
        Currencies { rng, faults }
    }

    /// Blocks of shared terms.
    pub fn terms(&mut self) -> String {
        let mut text = String::from(
            "\nrecords exports \"Exports\"\n  | column | type          | meaning |\n  | id     | Text          | id      |\n  \
             | amount | Money or none | value   |\n  | day    | Date          | when    |\n  | seller | Person        | who     |\n\n\
             records euros \"Euros\"\n  | column | type   | meaning |\n  | id     | Text   | id      |\n  \
             | amount | Money  | value   |\n  | day    | Date   | when    |\n  | seller | Person | who     |\n",
        );
        for (name, each) in [("fx_days", "day"), ("fx_months", "month")] {
            let missing = self
                .rng
                .pick(&["hold this payout", "use the last rate before it"]);
            let both = self.rng.pick(&["", "  used both ways\n"]);
            let _ = write!(
                text,
                "\nexchange at_{name} \"{name}\"\n  from        {name}, one per {each}\n  kept by     \"Treasury\"\n{both}  \
                 if missing  {missing}\n"
            );
        }
        text.push_str(
            "\nexchange at_budget \"Budget\"\n  kept by     \"Finance\"\n  used both ways\n  | from | to  | effective | rate |\n",
        );
        for (code, low, high) in [("EUR", 90, 120), ("GBP", 110, 140), ("JPY", 1, 2)] {
            let (a, b) = (self.rng.whole(low, high), self.rng.whole(low, high));
            let _ = writeln!(
                text,
                "  | {code} | USD | 2024-01-01 through 2026-05-31 | {}.{:02} |\n  | {code} | USD | 2026-06-01 through 2027-12-31 | {}.{:02} |",
                a / 100,
                a % 100,
                b / 100,
                b % 100
            );
        }
        text
    }

    fn at(&mut self) -> String {
        let names = ["at_fx_days", "at_fx_months", "at_budget"];
        self.rng.pick(&names).to_owned()
    }

    fn day_of_period(&mut self) -> String {
        let days = [
            "on the first day of the period",
            "on the last day of the period",
            "on 2026-04-15",
        ];
        self.rng.pick(&days).to_owned()
    }

    /// Credits and a pay of money that is converted.
    pub fn blocks(&mut self) -> String {
        let (abroad, euros, home) = (self.at(), self.at(), self.at());
        let (day, other) = (self.day_of_period(), self.day_of_period());
        let (of_quota, on) = (self.at(), self.day_of_period());
        let mut text = format!(
            "quota target \"Target\"\n  from        targets, one per payee per year\n  converted at {of_quota} {on}\n\n"
        );
        text.push_str(
            "credit abroad \"Abroad\"\n  from        exports as export\n  dated by    export.day\n  to          export.seller\n"
        );
        if self.rng.chance(40) {
            let at = self.at();
            let _ = writeln!(
                text,
                "  when        export.amount converted to USD at {at} on export.day > 100 USD"
            );
        }
        let _ = write!(
            text,
            "  amount      export.amount converted to USD at {abroad} on export.day\n\n\
             credit in_euros \"In euros\"\n  from        euros as euro\n  dated by    euro.day\n  to          euro.seller\n  \
             amount      euro.amount\n\n\
             pay foreign \"Foreign\"\n"
        );
        let extra = format!("home converted to USD at {home} {other}");
        let amount = match self.rng.whole(0, 3) {
            3 => "2% of total abroad + 1% of target".to_owned(),
            0 => format!(
                "5% of total abroad + 3% of (total in_euros converted to USD at {euros} {day})"
            ),
            1 => format!("5% of total abroad + 1% of ({extra})"),
            _ => format!("(total in_euros - 10 EUR) converted to USD at {euros} {day}"),
        };
        let _ = writeln!(text, "  amount      {amount}");
        text.push_str("  round       the total to 0.01, half even\n");
        let below = self
            .rng
            .pick(&["carries forward", "is lost", "is paid as it is"]);
        let _ = writeln!(text, "  below 0 USD {below}");
        text.push_str(&self.paid_in());
        let each = self.at();
        let _ = write!(
            text,
            "\npay each_export \"Each export\"\n  for each    export\n  amount      2% of abroad + 1% of (export.amount converted to USD at {each} on export.day)\n  \
             round       each export to 0.01, half up\n  below 0 USD is lost\n\n"
        );
        text
    }

    /// Now and then, a payout in another currency.
    pub fn paid_in(&mut self) -> String {
        if !self.rng.chance(35) {
            return String::new();
        }
        let (at, on) = (self.at(), self.day_of_period());
        let (into, unit) = match self.rng.whole(0, 4) {
            0 => ("EUR", "0.05"),
            1 => ("JPY", "1"),
            2 => ("GBP", "the smallest unit"),
            3 => ("pays_in", "0.01"),
            _ => ("pays_in", "the smallest unit"),
        };
        let mode = self.rng.pick(&["half up", "half even", "down"]);
        format!("  paid in {into} at {at} {on}, round to {unit}, {mode}\n")
    }

    /// People with their currencies.
    pub fn people(&mut self, csv: String) -> String {
        let mut lines = csv.lines().map(str::to_owned);
        let mut text = lines.next().unwrap_or_default() + ",pays_in,home\n";
        for line in lines {
            let pays_in = self.code();
            let home = match self.rng.whole(0, 3) {
                0 => String::new(),
                _ => format!("{}.50 {}", self.rng.whole(1, 900), self.code_only()),
            };
            let _ = writeln!(text, "{line},{pays_in},{home}");
        }
        text
    }

    fn code_only(&mut self) -> String {
        self.rng.pick(&CODES).to_owned()
    }

    /// A code, and with faults now and then none.
    fn code(&mut self) -> String {
        let code = self.code_only();
        self.bad(code, "XYZ")
    }

    fn bad(&mut self, value: String, bad: &str) -> String {
        if self.faults && self.rng.chance(3) {
            bad.to_owned()
        } else {
            value
        }
    }

    fn day(&mut self) -> String {
        let year = self.rng.pick(&["2025", "2026", "2026", "2026"]).to_owned();
        format!(
            "{year}-{:02}-{:02}",
            self.rng.whole(1, 12),
            self.rng.whole(1, 28)
        )
    }

    /// The texts of [`FILES`], in their order.
    pub fn files(&mut self, years: &[String]) -> [String; 5] {
        [
            self.records(true),
            self.records(false),
            self.rates(false),
            self.rates(true),
            self.targets(years),
        ]
    }

    fn targets(&mut self, years: &[String]) -> String {
        let mut csv = String::from("payee,period,target,currency\n");
        for id in PEOPLE {
            for year in years {
                if self.rng.chance(10) {
                    continue;
                }
                let target = format!("{}.5", self.rng.whole(0, 9_000));
                let target = self.bad(target, "-100");
                let currency = self.code_only();
                let _ = writeln!(csv, "{id},{year},{target},{currency}");
            }
        }
        csv
    }

    fn records(&mut self, has_currency: bool) -> String {
        let mut csv = String::from("id,amount,day,seller");
        csv.push_str(if has_currency { ",currency\n" } else { "\n" });
        for n in 1..=self.rng.whole(0, 12) {
            let sign = if self.rng.chance(15) { "-" } else { "" };
            let (whole, cents) = (self.rng.whole(1, 4_000), self.rng.whole(0, 99));
            let amount = format!("{sign}{whole}.{cents:02}");
            let amount = self.bad(amount, "much");
            let amount = if self.rng.chance(5) && has_currency {
                String::new()
            } else {
                amount
            };
            let (day, seller) = (self.day(), self.rng.pick(&PEOPLE).to_owned());
            let _ = write!(csv, "E-{n},{amount},{day},{seller}");
            if has_currency {
                let _ = write!(csv, ",{}", self.code_only());
            }
            csv.push('\n');
        }
        csv
    }

    /// Rates of some days or months, in both directions.
    fn rates(&mut self, by_month: bool) -> String {
        let mut csv = String::from(if by_month {
            "from,to,period,rate\n"
        } else {
            "from,to,date,rate\n"
        });
        for code in ["EUR", "GBP", "JPY"] {
            for month in 1..=12 {
                for day in [1, 15] {
                    if self.rng.chance(25) || by_month && day != 1 {
                        continue;
                    }
                    let year = self.rng.pick(&["2025", "2026", "2026"]).to_owned();
                    let when = match by_month {
                        true => format!("{year}-{month:02}"),
                        false => format!("{year}-{month:02}-{day:02}"),
                    };
                    let when = self.bad(when, "soon");
                    let (from, to) = match self.rng.chance(50) {
                        true => (code.to_owned(), "USD".to_owned()),
                        false => ("USD".to_owned(), code.to_owned()),
                    };
                    let (from, to) = (self.bad(from, "US"), self.bad(to, ""));
                    let rate = format!("1.{:03}", self.rng.whole(0, 999));
                    let rate = self.bad(rate, "-1.5");
                    let rate = self.bad(rate, "0");
                    let _ = writeln!(csv, "{from},{to},{when},{rate}");
                    if self.faults && self.rng.chance(3) {
                        let _ = writeln!(csv, "{from},{to},{when},1.5");
                    }
                }
            }
        }
        csv
    }
}
