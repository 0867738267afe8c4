//! Who leads people sees what each of them earns, and where its receipt is; nobody else sees another's pay.

use std::fs;

use paycurve::app::calculate::read_data;
use paycurve::app::compile::compile;
use paycurve::base::Exact;
use paycurve::explain::{Known, Node, Receipt, Rule, Walker};
use paycurve::io::open;

const TERMS: &str = include_str!("../../plans/features/together/company.terms");
const PLAN: &str = include_str!("../../plans/features/together/overrides.plan");

const PEOPLE: &str = "id,role,team,manager,from,through
ana,AE,West,mia,,
ben,AE,West,mia,,
mia,Manager,West,,,
";
const DEALS: &str = "id,date,owner,amount
D-1,2026-01-15,ana,30000
D-2,2026-02-15,ben,20000
";

/// Every step of a receipt, with the steps it read.
fn steps(node: &Node) -> Vec<&Node> {
    let below = node.reads.iter().flat_map(steps);
    std::iter::once(node).chain(below).collect()
}

/// The receipts of everybody for the first quarter.
fn receipts() -> Vec<Receipt> {
    let at = std::env::temp_dir().join(format!("paycurve-reports-{}", std::process::id()));
    fs::create_dir_all(at.join("data")).unwrap();
    let manifest = "people: {file: data/people.csv}\nsources:\n  deals: {file: data/deals.csv, currency: USD}\n";
    for (name, text) in [
        ("paycurve.yaml", manifest),
        ("company.terms", TERMS),
        ("overrides.plan", PLAN),
        ("data/people.csv", PEOPLE),
        ("data/deals.csv", DEALS),
    ] {
        fs::write(at.join(name), text).unwrap();
    }
    let project = open(&at, None).unwrap();
    let compiled = compile(&project);
    let (data, problems) = read_data(&project, &compiled, &|_| {}).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    let plan = &compiled.ready[0].plan;
    let period = plan.periods()[0];
    let mut walker = Walker::new(plan, &data);
    let mut receipts = Vec::new();
    for payee in ["ana", "ben", "mia"] {
        for name in ["commission", "override", "wide"] {
            let id = plan.pay_named(name).unwrap();
            receipts.push(walker.receipt(payee, id, &period));
        }
    }
    receipts
}

/// 5% of 30,000 is 1,500, of 20,000 is 1,000: 2,500 together, of which mia has a tenth.
#[test]
fn a_manager_is_led_to_the_receipts_of_those_below() {
    let receipts = receipts();
    let of = |payee: &str, pay: &str| {
        let mut all = receipts.iter();
        all.find(|own| own.payee == payee && own.pay == pay)
            .unwrap()
    };
    let own = of("mia", "override");
    assert_eq!(own.payout, Known::Value(Exact::int(250)));
    let links: Vec<(&str, &str, &Known)> = steps(&own.root)
        .into_iter()
        .filter_map(|step| match &step.rule {
            Rule::Of { pay } => Some((step.label.as_str(), pay.as_deref()?, &step.value)),
            _ => None,
        })
        .collect();
    let (ana, ben) = (
        Known::Value(Exact::int(1500)),
        Known::Value(Exact::int(1000)),
    );
    assert_eq!(
        links,
        [("ana", "commission", &ana), ("ben", "commission", &ben)]
    );
    for (payee, pay, value) in links {
        assert_eq!(
            &of(payee, pay).earned,
            value,
            "the receipt that the link names says the same"
        );
    }
}

#[test]
fn nobody_else_sees_them() {
    let names = ["ana", "ben", "mia"];
    for receipt in receipts().iter().filter(|own| own.payee != "mia") {
        for step in steps(&receipt.root) {
            let others = names.iter().filter(|name| **name != receipt.payee);
            for other in others {
                let shown = format!("{:?} {}", step.rule, step.label);
                let words: Vec<&str> = shown.split(|c: char| !c.is_alphanumeric()).collect();
                assert!(
                    !words.contains(other),
                    "{}, {}: {shown}",
                    receipt.payee,
                    receipt.pay
                );
            }
        }
    }
}
