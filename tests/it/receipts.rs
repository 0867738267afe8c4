//! Receipts as people read them: small projects, told by `paycurve explain`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A project of one plan over the people, deals and quotas of these files.
struct Story {
    at: PathBuf,
}

impl Story {
    /// `body` is the plan below its head; `period` is that of the plan, `quota` that of its quotas.
    fn new(name: &str, period: &str, quota: &str, body: &str) -> Story {
        let at = std::env::temp_dir().join(format!("paycurve-told-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&at);
        fs::create_dir_all(at.join("data")).unwrap();
        let terms =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/features/branches/company.terms");
        fs::copy(terms, at.join("company.terms")).unwrap();
        let story = Story { at };
        story.file(
            "paycurve.yaml",
            "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n  \
             quotas: {file: data/quotas.csv, currency: USD}\n",
        );
        story.file(
            "told.plan",
            &format!(
                "plan \"Told 2026\"\n  currency USD\n  effective 2026-01-01 through 2026-12-31\n  period {period}\n  \
                 payees role is \"AE\" for the days in the role\n  quota from quotas, one per payee per {quota}\n\n\
                 use \"company.terms\"\n\n{body}"
            ),
        );
        story.file("data/people.csv", "id,role\nana,AE\n");
        story.file("data/quotas.csv", "payee,period,quota\nana,2026,100000\n");
        story
    }

    fn file(&self, name: &str, content: &str) {
        fs::write(self.at.join(name), content).unwrap();
    }

    /// Ana's deals: date and amount.
    fn deals(self, deals: &[(&str, &str)]) -> Story {
        let mut csv = "id,date,owner,amount\n".to_owned();
        for (n, (date, amount)) in (1..).zip(deals) {
            csv += &format!("D-{n},{date},ana,{amount}\n");
        }
        self.file("data/deals.csv", &csv);
        self
    }

    /// Ana's receipt of a period.
    fn told(&self, period: &str) -> String {
        let done = Command::new(env!("CARGO_BIN_EXE_paycurve"))
            .args(["explain", "--payee", "ana", "--period", period])
            .arg(&self.at)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let told = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert_eq!(done.status.code(), Some(0), "{told}");
        told
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.at);
    }
}

/// A receipt's lines without their columns and places in the plan.
fn lines(told: &str) -> Vec<String> {
    let words = |line: &str| {
        let line = line.rsplit_once("  line ").map_or(line, |(words, _)| words);
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    told.lines().map(words).collect()
}

#[track_caller]
fn has(told: &str, line: &str) {
    assert!(lines(told).iter().any(|own| own == line), "{line}\n{told}");
}

/// January: 10% of 50,000 = 5,000. February: 10% of 80,000 = 8,000, of which 10,000 - 5,000 = 5,000 are left.
/// March: 10% of 1,000 = 100, and nothing is left.
#[test]
fn a_cap_of_a_longer_window_says_what_was_used() {
    let body = "pay commission\n  amount 10% of total bookings\n  cap 10,000 USD each quarter, excess is lost\n  \
                round the total to 0.01, half up\n  below 0 USD is lost\n";
    let story = Story::new("cap", "month", "year", body).deals(&[
        ("2026-01-10", "50000"),
        ("2026-02-10", "80000"),
        ("2026-03-10", "1000"),
    ]);
    has(
        &story.told("2026-01"),
        "cap 10,000.00 USD each quarter not reached",
    );
    has(
        &story.told("2026-02"),
        "cap 10,000.00 USD each quarter: 5,000.00 used before, 5,000.00 left, takes 3,000.00",
    );
    has(
        &story.told("2026-03"),
        "cap 10,000.00 USD each quarter: 10,000.00 used before, 0.00 left, takes 100.00",
    );
}
