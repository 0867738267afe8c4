//! A currency of each payee: slips in such a plan, and faults in its data.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use paycurve::app::calculate::{Asked, calculate};
use paycurve::app::compile::{Compiled, compile};
use paycurve::base::Exact;
use paycurve::diag::{Code, Severity};
use paycurve::eval::Settled;
use paycurve::io::{Project, open};

use crate::support::random_project::Rng;

const TERMS: &str = include_str!("../../plans/features/payee-currency/company.terms");
const PLAN: &str = include_str!("../../plans/features/payee-currency/sellers.plan");

const PEOPLE: &str = "id,role,pay_currency,from,through
ana,Seller,EUR,,
ben,Seller,GBP,,
cem,Seller,USD,,
";
const DEALS: &str = "id,close_date,owner,amount,currency
D-1,2026-03-06,ana,1000,EUR
D-2,2026-03-06,ben,1000,GBP
D-3,2026-03-06,cem,1000,USD
";

/// A project with these texts.
fn project(name: &str, terms: &str, plan: &str, people: &str, deals: &str) -> (Project, Compiled) {
    let at = std::env::temp_dir().join(format!("paycurve-each-{}-{name}", std::process::id()));
    fs::create_dir_all(at.join("data")).unwrap();
    let manifest = "sources:\n  deals: {file: data/deals.csv, currency: {column: currency}}\n";
    for (file, text) in [
        ("paycurve.yaml", manifest),
        ("company.terms", terms),
        ("sellers.plan", plan),
        ("data/people.csv", people),
        ("data/deals.csv", deals),
    ] {
        fs::write(at.join(file), text).unwrap();
    }
    let project = open(&at, None).unwrap();
    let compiled = compile(&project);
    (project, compiled)
}

/// What each is paid in March, with its currency; nothing where it is held.
fn paid(name: &str, people: &str, deals: &str) -> BTreeMap<(String, String), Option<Exact>> {
    let (project, compiled) = project(name, TERMS, PLAN, people, deals);
    let asked = Asked {
        period: Some("2026-03".to_owned()),
        ..Asked::default()
    };
    let run = calculate(&project, &compiled, &asked, &|_| {}).unwrap();
    let mut paid = BTreeMap::new();
    for of in &run.plans {
        for row in &of.collected.rows {
            let key = (row.payee.clone(), of.plan.currency.code().to_owned());
            let pay = row
                .pays
                .iter()
                .find(|pay| of.plan.pay(pay.pay).name == "commission");
            let payout = match &pay.unwrap().payout {
                Settled::Value(amount) => Some(amount.clone()),
                _ => None,
            };
            paid.insert(key, payout);
        }
    }
    paid
}

fn expected(rows: &[(&str, &str, Option<i64>)]) -> BTreeMap<(String, String), Option<Exact>> {
    let key = |who: &str, code: &str| (who.to_owned(), code.to_owned());
    let rows = rows.iter();
    rows.map(|(who, code, amount)| (key(who, code), amount.map(Exact::int)))
        .collect()
}

#[test]
fn each_is_paid_in_their_own_currency() {
    let good = [
        ("ana", "EUR", Some(50)),
        ("ben", "GBP", Some(50)),
        ("cem", "USD", Some(50)),
    ];
    assert_eq!(paid("good", PEOPLE, DEALS), expected(&good));
}

#[test]
fn a_deal_in_another_currency_holds_its_seller_alone() {
    let deals = DEALS.replace("ben,1000,GBP", "ben,1000,USD");
    let one = [
        ("ana", "EUR", Some(50)),
        ("ben", "GBP", None),
        ("cem", "USD", Some(50)),
    ];
    assert_eq!(paid("deal", PEOPLE, &deals), expected(&one));
}

#[test]
fn whose_currency_cannot_be_read_is_held_in_each() {
    let people = PEOPLE.replace("ben,Seller,GBP", "ben,Seller,CHF");
    let each = [
        ("ana", "EUR", Some(50)),
        ("ben", "EUR", None),
        ("ben", "GBP", None),
        ("ben", "USD", None),
        ("cem", "USD", Some(50)),
    ];
    assert_eq!(paid("people", &people, DEALS), expected(&each));
}

#[test]
fn who_moves_is_paid_in_both_by_days() {
    let people = PEOPLE.replace(
        "ana,Seller,EUR,,",
        "ana,Seller,EUR,,2026-03-15\nana,Seller,GBP,2026-03-16,",
    );
    let deals = format!("{DEALS}D-4,2026-03-20,ana,200,GBP\n");
    let both = [
        ("ana", "EUR", Some(50)),
        ("ana", "GBP", Some(10)),
        ("ben", "GBP", Some(50)),
        ("cem", "USD", Some(50)),
    ];
    assert_eq!(paid("moves", &people, &deals), expected(&both));
}

#[test]
fn one_slip_gives_one_message() {
    let slips = [
        ("below 0 carries", "below 0 EUR carries", Code::U207),
        (
            "5% of total bookings",
            "5% of total bookings year to date\n  pays the increase, never less than 0 EUR",
            Code::U207,
        ),
        (
            "pay commission",
            "contest best\n  rank by     count bookings, highest first\n  ties        each take the better prize\n  | place | prize |\n  | 1     | 1 EUR |\n\npay commission",
            Code::U207,
        ),
        (
            "pay commission",
            "ranking standing\n  rank by     count bookings, highest first\n  ties        take the better place\n  if not ranked pay nothing\n\npay commission",
            Code::U207,
        ),
        ("in pay_currency", "in pay_curency", Code::U207),
        ("in pay_currency", "in role", Code::U207),
        ("one of EUR, GBP, USD", "one of EUR, GBP, UDS", Code::U207),
        ("cap         most", "cap         500 EUR", Code::U201),
        (
            "5% of total bookings",
            "5% of total bookings of everyone",
            Code::U207,
        ),
        ("| 450 EUR |", "| 450 GBP |", Code::U201),
        (
            "| \"EUR\"        | 450",
            "| \"EUT\"        | 450",
            Code::U204,
        ),
        ("500.01 EUR", "500.01", Code::U203),
    ];
    for (at, (from, to, code)) in slips.into_iter().enumerate() {
        assert!(TERMS.contains(from) || PLAN.contains(from), "{from}");
        let terms = TERMS.replacen(from, to, 1);
        let plan = PLAN.replacen(from, to, 1);
        let (_, compiled) = project(&format!("slip{at}"), &terms, &plan, PEOPLE, DEALS);
        let errors = compiled.diagnostics.iter();
        let errors: Vec<_> = errors
            .filter(|own| own.severity == Severity::Error)
            .collect();
        let codes: Vec<Code> = errors.iter().map(|own| own.code).collect();
        assert_eq!(codes, [code], "{to}: {errors:#?}");
    }
    let increase = PLAN.replacen(
        "5% of total bookings",
        "5% of total bookings year to date\n  pays the increase, never less than 0",
        1,
    );
    let (_, compiled) = project("increase", TERMS, &increase, PEOPLE, DEALS);
    let mut errors = compiled.diagnostics.iter();
    assert!(
        !errors.any(|own| own.severity == Severity::Error),
        "0 of each payee's own currency: {:#?}",
        compiled.diagnostics
    );
}

/// People who move between the currencies, and deals in any of them, with and without faults.
fn random_files(rng: &mut Rng) -> (String, String) {
    let currencies = ["EUR", "GBP", "USD"];
    let mut people = "id,role,pay_currency,from,through\n".to_owned();
    for n in 0..5 {
        let moves = rng.chance(40);
        let (first, second) = (rng.pick(&currencies), rng.pick(&currencies));
        let first = if rng.chance(4) { "CHF" } else { first };
        let _ = match moves {
            true => writeln!(
                people,
                "p{n},Seller,{first},,2026-04-14\np{n},Seller,{second},2026-04-15,"
            ),
            false => writeln!(people, "p{n},Seller,{first},,"),
        };
    }
    let mut deals = "id,close_date,owner,amount,currency\n".to_owned();
    for n in 0..40 {
        let (month, day, owner) = (rng.whole(1, 12), rng.whole(1, 28), rng.whole(0, 5));
        let amount = if rng.chance(2) {
            "much".to_owned()
        } else {
            (rng.whole(-9, 90) * 137).to_string()
        };
        let currency = rng.pick(&currencies);
        let _ = writeln!(
            deals,
            "D-{n},2026-{month:02}-{day:02},p{owner},{amount},{currency}"
        );
    }
    (people, deals)
}

/// Both engines agree on every payout of every currency.
#[test]
fn both_roads_agree_on_random_people_and_deals() {
    let mut rng = Rng::new(17);
    let mut compared = 0;
    for n in 0..60 {
        let (people, deals) = random_files(&mut rng);
        let name = format!("random-{n}");
        let (project, _) = project(&name, TERMS, PLAN, &people, &deals);
        compared += crate::roads::both(&project.root, &name);
    }
    assert!(compared > 3000, "{compared}");
}
