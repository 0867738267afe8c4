//! Whom amendments pay otherwise for periods that had ended when they were approved: as lines, and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::{Currency, Exact, Money};

/// One amendment that reaches back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restated {
    /// The plan's title.
    pub plan: String,
    /// The amendment's.
    pub amendment: String,
    /// What the plan pays in.
    pub currency: Currency,
    /// By person, period and payout; `None` where the plan cannot be read without the amendment.
    pub differences: Option<Vec<Difference>>,
}

/// One payout that is another with the amendment than without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The person.
    pub payee: String,
    /// The period's label.
    pub period: String,
    /// The payout's label.
    pub pay: String,
    /// What it is without the amendment; `None` where it is held.
    pub without: Option<Exact>,
    /// What it is with it.
    pub with: Option<Exact>,
}

/// The amendments, each with whom it pays otherwise.
pub fn to_text(found: &[Restated]) -> String {
    let mut out = String::new();
    for own in found {
        let _ = writeln!(
            out,
            "{}, \"{}\": periods that had ended",
            own.plan, own.amendment
        );
        let money = |amount: &Exact| Money::new(amount.clone(), own.currency).to_string();
        let shown = |amount: &Option<Exact>| amount.as_ref().map_or("held".to_owned(), money);
        match own.differences.as_deref() {
            None => out.push_str("  not compared: the plan cannot be read without it\n"),
            Some([]) => out.push_str("  nobody is paid otherwise\n"),
            Some(differences) => {
                for own in differences {
                    let change = match (&own.without, &own.with) {
                        (Some(before), Some(after)) if after < before => {
                            format!("   {} less", money(&(before.clone() - after.clone())))
                        }
                        (Some(before), Some(after)) => {
                            format!("   {} more", money(&(after.clone() - before.clone())))
                        }
                        _ => String::new(),
                    };
                    let (before, after) = (shown(&own.without), shown(&own.with));
                    let (payee, period, pay) = (&own.payee, &own.period, &own.pay);
                    let _ = writeln!(
                        out,
                        "  {payee:<10} {period:<8} {pay}: {before} becomes {after}{change}"
                    );
                }
            }
        }
    }
    out
}

/// The same for programs.
pub fn to_json(found: &[Restated]) -> Value {
    let plain = |amount: &Option<Exact>| amount.as_ref().map(Exact::to_plain);
    let one = |own: &Difference| {
        json!({
            "payee": own.payee,
            "period": own.period,
            "pay": own.pay,
            "without": plain(&own.without),
            "with": plain(&own.with),
        })
    };
    let all = found.iter().map(|own| {
        let differences = own.differences.as_ref();
        json!({
            "plan": own.plan,
            "amendment": own.amendment,
            "currency": own.currency.code(),
            "differences": differences.map(|all| all.iter().map(one).collect::<Vec<_>>()),
        })
    });
    all.collect()
}
