//! Nothing is lost and nothing is made, of lists, of what people say, of overlays and of levels: what everybody has, with
//! what is nobody's, less what stands on top, is the record; and nobody has more of a record by what goes up than it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use paycurve::app::calculate::Run;
use paycurve::base::Exact;

use crate::support::random_project::Rng;
use crate::support::small;

const TERMS: &str = r#"people "People"
  | column | type           | meaning |
  | id     | Text           | who     |
  | role   | Text           | job     |
  | above  | Person or none | upline  |
  | level  | Percent        | share   |
  | area   | Text or none   | where   |

records deals "Deals"
  | column  | type                    | meaning |
  | id      | Text                    | which   |
  | date    | Date                    | day     |
  | owner   | Person                  | whose   |
  | helper  | Person or none          | help    |
  | sellers | List of persons or none | all     |
  | area    | Text or none            | where   |
  | amount  | Money                   | value   |

credit whole "Whole deals"
  from        deals as deal
  dated by    deal.date
  to          deal.owner
  amount      deal.amount

credit in_lists "Lists"
  from        deals as deal
  dated by    deal.date
  amount      deal.amount
  split equally among deal.sellers
  if a person is missing the share goes to nobody
  ROUND

credit in_areas "Areas"
  from        deals as deal
  dated by    deal.date
  to          everyone whose area is deal.area on deal.date
  if several match SEVERAL
  if nobody matches it goes to the company
  amount      deal.amount

credit with_help "Overlays"
  from        deals as deal
  dated by    deal.date
  amount      deal.amount
  split
    | who         | share       |
    | deal.owner  | 70%         |
    | the company | 30%         |
    | deal.helper | 15% overlay |

rollup of_levels "Levels"
  from        in_lists
  to          above
  share       level less what is paid below
  levels      1 through 7 up, each credit once per manager
  hierarchy as of deal.date
  shares total at most 60%, the rest to the company

rollup of_teams "Teams"
  from        in_lists
  to          above
  levels      1 through 7 up, each credit once per manager
  hierarchy as of deal.date
"#;

const PLAN: &str = r#"plan "Everyone 2026"
  currency    USD
  effective   2026-01-01 through 2026-12-31
  period      year
  payees      role is "Rep"

use "company.terms"
"#;

const PAYS: [(&str, &str); 7] = [
    ("own_deals", "total whole"),
    ("own_lists", "total in_lists"),
    ("own_areas", "total in_areas"),
    ("own_help", "total with_help"),
    ("own_levels", "total of_levels"),
    ("own_part", "level * total in_lists"),
    ("own_teams", "total of_teams"),
];

/// People of whom each but the first reports to an earlier one, and deals and returns.
fn data(rng: &mut Rng) -> (String, String) {
    let area = |rng: &mut Rng| rng.pick(&["North", "South", "West", ""]);
    let mut people = "id,role,above,level,area\n".to_owned();
    for n in 0..7 {
        let above = if n == 0 {
            String::new()
        } else {
            format!("p{}", rng.whole(0, n - 1))
        };
        let _ = writeln!(
            people,
            "p{n},Rep,{above},{}%,{}",
            rng.whole(0, 60),
            area(rng)
        );
    }
    let mut deals = "id,date,owner,helper,sellers,area,amount\n".to_owned();
    for n in 0..12 {
        let sellers: Vec<String> = (0..7)
            .filter(|_| rng.chance(35))
            .map(|n| format!("p{n}"))
            .collect();
        let helper = if rng.chance(50) {
            format!("p{}", rng.whole(0, 6))
        } else {
            String::new()
        };
        let _ = writeln!(
            deals,
            "D-{n},2026-{:02}-15,p{},{helper},{},{},{}.{:02}",
            rng.whole(1, 12),
            rng.whole(0, 6),
            sellers.join(";"),
            area(rng),
            rng.whole(-9_000, 90_000),
            rng.whole(0, 99)
        );
    }
    (people, deals)
}

fn run(rng: &mut Rng, round: &str, several: &str) -> Run {
    let (people, deals) = data(rng);
    let mut plan = PLAN.to_owned();
    for (name, amount) in PAYS {
        let _ = write!(
            plan,
            "\npay {name}\n  amount      {amount}\n  round the total to 0.000000000001, half up\n  below 0 USD is paid as it is\n"
        );
    }
    let terms = TERMS
        .replace("  ROUND\n", round)
        .replace("SEVERAL", several);
    let texts = [("company.terms", terms), ("everyone.plan", plan)];
    small::run_over(&texts, &people, &deals)
}

/// What the pays of everyone come to; what is nobody's of a credit; and what stands on top.
fn sums(run: &Run) -> BTreeMap<String, Exact> {
    let of = &run.plans[0];
    let mut sums: BTreeMap<String, Exact> = BTreeMap::new();
    let mut add = |name: String, amount: &Exact| *sums.entry(name).or_default() += amount;
    for name in ["in_lists", "in_areas", "with_help", "of_levels"] {
        add(format!("{name} to the company"), &Exact::ZERO);
        add(format!("{name} on top"), &Exact::ZERO);
    }
    for row in &of.collected.beside {
        let name = &of.plan.credit(row.credit).name;
        add(format!("{name} to the company"), &row.company);
        add(format!("{name} on top"), &row.on_top);
    }
    for (_, pay, earned) in small::earned(run) {
        add(pay.to_owned(), earned);
    }
    sums
}

/// Equal, but for what pays round of thirds and sevenths.
fn same(left: Exact, right: Exact, what: &str) {
    let apart = (left.clone() - right.clone()).abs();
    assert!(
        apart < Exact::ratio(1, 1_000_000_000).unwrap(),
        "{what}: {left} is not {right}"
    );
}

#[test]
fn what_everybody_has_and_nobody_has_is_the_record() {
    let rounds = [
        "",
        "  round each share to 0.01, down\n  remainder to the largest share\n",
        "  round each share to 0.01, down\n  remainder by largest remainder\n",
        "  round each share to 0.01, down\n  remainder to the first\n",
    ];
    let mut rng = Rng::new(11);
    for n in 0..16 {
        let several = ["each gets all", "they share equally"][n % 2];
        let found = run(&mut rng, rounds[n / 2 % rounds.len()], several);
        let sums = sums(&found);
        let of = |name: &str| sums[name].clone();
        for (pay, credit) in [
            ("own_lists", "in_lists"),
            ("own_areas", "in_areas"),
            ("own_help", "with_help"),
        ] {
            let all =
                of(pay) + of(&format!("{credit} to the company")) - of(&format!("{credit} on top"));
            same(all, of("own_deals"), credit);
        }
        // The level of whoever has the credit, what those above have, and the company's: the stated whole of it.
        let all = of("own_part") + of("own_levels") + of("of_levels to the company");
        let whole = of("own_lists") * Exact::ratio(60, 100).unwrap();
        same(all, whole, "of_levels");
        no_more_than_the_record(&found);
    }
}

/// What goes up to somebody by `each credit` is a part of the record, and has its sign.
fn no_more_than_the_record(run: &Run) {
    let of = &run.plans[0];
    let mut walker = paycurve::explain::Walker::new(&of.plan, &run.data);
    let pay = of.plan.pay_named("own_teams").unwrap();
    for row in &of.collected.rows {
        let receipt = walker.receipt(&row.payee, pay, &row.period);
        let mut open = vec![&receipt.root];
        while let Some(node) = open.pop() {
            open.extend(&node.reads);
            if let (
                paycurve::explain::Rule::Credit { whole, record, .. },
                paycurve::explain::Known::Value(part),
            ) = (&node.rule, &node.value)
            {
                assert!(
                    part.abs() <= whole.abs(),
                    "{} has {part} of {record}, {whole}",
                    row.payee
                );
            }
        }
    }
}
