#!/usr/bin/env python3
"""Makes the data of the sample company: make.py [SEED]  ->  the files in data/

Everything is invented: people, customers, figures, signatures. The same seed gives the same bytes on every machine,
because only whole numbers are drawn. What it puts in on purpose, so that a reader can look for it:
  60 people in five teams: 26 account executives, 10 customer success managers and 8 sales engineers (paid in USD),
  10 channel reps (paid in EUR), 4 sales managers, three of them paid in USD by what their teams sell; the
  fourth leads the channel reps and is on no plan, as are 2 service managers
  6,000 deals of 2026, more of them towards the end of each quarter: 8 % open or lost, 3 % returns (negative),
  12 % shared with a colleague of the same role; a third of the account executives' deals have a sales engineer
  P-014 is a sales engineer through 2026-03-31 and an account executive from the day after
  P-018 joins on 2026-05-04: the quota ramps and counts the days in the role
  P-021 leaves on 2026-08-15, on 46 of 92 days of the quarter; two of her customers sign later, and nobody is paid for that
  P-011 is on parental leave from 2026-07-06 through 2026-09-13, closes nothing and is relieved of quota in those days
  P-009 has no quota for the third quarter: the plan holds that payout until there is one
  P-040 has no training score: the other objectives share its weight
  customer satisfaction of the second quarter is under the gate of 85 %
  Finance has not signed the collections of team East for the fourth quarter: what depends on them waits
"""
import csv, random, sys
from datetime import date, timedelta
from pathlib import Path

FIRST = ("Ana Ben Carla Dario Elif Femi Greta Hugo Ines Jonas Kaya Luca Mira Nils Olga Pablo Rosa Samir Tessa Umut "
         "Vera Wim Xenia Yara Zeno Alba Boris Celia Davi Edda Faris Gina Heiko Ida Jana Kofi Lena Marek Noor Otto "
         "Petra Quinn Ravi Selma Tomas Ulla Vito Wanda Xaver Yusuf Zita Aron Birte Cem Dora Emil Flora Goran Hanna "
         "Ivo").split()
LAST = ("Almeida Brandt Castell Dorn Engel Farkas Gallo Hansen Ilves Jansen Kovac Lindt Moreau Novak Okoye Perez Quint "
        "Rossi Sato Thoma Ulrich Varga Weiss Xu Yilmaz Zeller Adler Berg Conti Diaz Ek Frey Grau Holm Iyer Jost Keller "
        "Lund Maier Nowak Olsen Petit Quast Roth Silva Toth Urban Voss Wolf Ximenes York Zorn Abel Bauer Costa Duval "
        "Ernst Falk Grimm Haas").split()
ROLES = [("Account Executive", 26), ("Channel Rep", 10), ("Customer Success Manager", 10), ("Sales Engineer", 8),
         ("Sales Manager", 4), ("Service Manager", 2)]
REGIONS = ["West", "East", "North"]
LEADS = {"West": "P-055", "East": "P-056", "North": "P-057", "Channel Rep": "P-058",
         "Customer Success Manager": "P-059", "Sales Engineer": "P-060"}

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
MOVED, JOINED, LEFT = date(2026, 4, 1), date(2026, 5, 4), date(2026, 8, 15)
LEAVE = (date(2026, 7, 6), date(2026, 9, 13))
MONTHS = [6, 7, 11, 7, 8, 12, 6, 6, 10, 7, 8, 12]  # of 100 deals


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}" if amount >= 0 else "-" + cents(-amount)


def day_of(rng):
    month = rng.choices(range(1, 13), MONTHS)[0]
    last = (date(2026 + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(2026, month, rng.randint(1, last))


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2026)
    data = Path(__file__).resolve().parent / "data"
    data.mkdir(exist_ok=True)
    ids = [f"P-{n:03d}" for n in range(1, 61)]
    role = dict(zip(ids, [name for name, count in ROLES for _ in range(count)]))
    of_role = {name: [p for p in ids if role[p] == name] for name, _ in ROLES}
    team = {p: "Partners" if role[p] == "Channel Rep" else REGIONS[n % 3] for n, p in enumerate(ids)}
    team |= {"P-055": "West", "P-056": "East", "P-057": "North", "P-058": "Partners"}

    people = []
    for n, p in enumerate(ids):
        lead = "" if p in LEADS.values() else LEADS.get(role[p]) or LEADS[team[p]]
        bonus = {"Customer Success Manager": rng.randint(8, 14) * 500, "Sales Engineer": rng.randint(10, 16) * 500}
        target = cents(bonus[role[p]] * 100) if role[p] in bonus else ""
        training = f"{rng.randint(50, 110)}%" if role[p] == "Customer Success Manager" and p != "P-040" else ""

        def row(role, lead, target, first="", last="", hired=""):
            return [p, f"{FIRST[n]} {LAST[n]}", role, team[p], lead, target, training, hired or first, first, last]

        if p == "P-014":
            people.append(row("Sales Engineer", LEADS["Sales Engineer"], "6000.00", "2025-01-01",
                              (MOVED - timedelta(days=1)).isoformat()))
            people.append(row(role[p], lead, target, MOVED.isoformat(), hired="2025-01-01"))
        elif p == "P-018":
            people.append(row(role[p], lead, target, JOINED.isoformat()))
        elif p == "P-021":
            people.append(row(role[p], lead, target, "2024-03-01", LEFT.isoformat()))
        else:
            people.append(row(role[p], lead, target, f"20{rng.randint(18, 25)}-{rng.randint(1, 12):02d}-01"))
    write(data, "people", "id name role team manager target_bonus training hired from through", people)

    quotas, support = [], []
    for p in of_role["Account Executive"] + of_role["Channel Rep"]:
        usd = role[p] == "Account Executive"
        base = rng.randint(18, 30) if usd else rng.randint(10, 15)
        for quarter in range(1, 5):
            early = (p == "P-014" or p == "P-018") and quarter == 1
            if not early and (p, quarter) != ("P-009", 3):
                quotas.append([p, f"2026-Q{quarter}", f"{base}0000.00", "USD" if usd else "EUR"])
    for p in of_role["Sales Engineer"] + ["P-014"]:
        base = rng.randint(20, 28)
        for quarter in range(1, 2 if p == "P-014" else 5):
            support.append([p, f"2026-Q{quarter}", f"{base}0000.00"])
    write(data, "quotas", "payee period quota currency", quotas)
    write(data, "support_quotas", "payee period support_quota", support)
    write(data, "quota_relief", "payee from through", [["P-011", LEAVE[0].isoformat(), LEAVE[1].isoformat()]])

    write(data, "deals", "id amount currency stage close_date owner split_with engineer second_engineer product "
                         "term_months", deals(rng, role, of_role))
    write(data, "renewals", "id manager due_date due renewed", renewals(rng, of_role))
    write(data, "projects", "id manager live_date on_time", projects(rng, of_role))

    write(data, "csat", "period csat signed_by signed_on",
          [["2026-Q1", "91%", "Paula Reyes", "2026-04-08"], ["2026-Q2", "83%", "Paula Reyes", "2026-07-09"],
           ["2026-Q3", "88%", "Paula Reyes", "2026-10-07"], ["2026-Q4", "90%", "Paula Reyes", "2027-01-08"]])
    collected = {"West": [94, 91, 88, 93], "East": [92, 95, 90, 89], "North": [91, 86, 93, 95]}
    signed = ["2026-04-13", "2026-07-14", "2026-10-13", "2027-01-14"]
    write(data, "collections", "team period collections signed_by signed_on",
          [[region, f"2026-Q{quarter + 1}", f"{collected[region][quarter]}%"]
           + (["", ""] if (region, quarter) == ("East", 3) else ["Martin Hale", signed[quarter]])
           for quarter in range(4) for region in REGIONS])


def deals(rng, role, of_role):
    """A deal is seats at a price less a discount, scaled by how well its owner sells."""
    sellers = of_role["Account Executive"] + of_role["Channel Rep"]
    skill = {p: rng.randint(50, 120) for p in sellers}
    weight = {p: 10 if role[p] == "Account Executive" else 5 for p in sellers}

    def works(p, day):
        if p == "P-014":
            return day >= MOVED
        if p == "P-018":
            return day >= JOINED
        if p == "P-021":
            return day <= LEFT
        return p != "P-011" or not LEAVE[0] <= day <= LEAVE[1]

    made = []
    for n in range(6000):
        day = day_of(rng)
        here = [p for p in sellers if works(p, day)]
        owner = rng.choices(here, [weight[p] for p in here])[0]
        if n < 2:
            day, owner = (date(2026, 8, 28), date(2026, 9, 30))[n], "P-021"
        product = rng.choices(["Core", "Add-on", "Services"], [60, 25, 15])[0]
        price = {"Core": 48_000, "Add-on": 15_600, "Services": 22_000}[product]  # cents for a seat and year
        seats = rng.choices([rng.randint(3, 15), rng.randint(15, 45), rng.randint(45, 160)], [70, 25, 5])[0]
        amount = price * seats * (100 - rng.choice([0, 0, 5, 10, 12, 15, 20])) * skill[owner] // 10_000
        stage = rng.choices(["Closed Won", "Closed Lost", "Open"], [92, 5, 3])[0]
        if stage == "Closed Won" and rng.randint(1, 100) <= 3:
            amount = -(amount // 3)
        mates = [p for p in here if role[p] == role[owner] and p != owner]
        mate = rng.choice(mates) if rng.randint(1, 100) <= 12 else ""
        engineer = second = ""
        if role[owner] == "Account Executive" and rng.randint(1, 3) == 1:
            engineers = of_role["Sales Engineer"] + (["P-014"] if day < MOVED else [])
            engineer = rng.choice(engineers)
            if rng.randint(1, 100) <= 15:
                second = rng.choice([p for p in engineers if p != engineer])
        term = rng.choices([12, 24, 36], [70, 20, 10])[0]
        made.append([amount, stage, day, owner, mate, engineer, second, product, term])
    made.sort(key=lambda deal: deal[2])
    return [[f"D-{n}", cents(amount), "USD" if role[owner] == "Account Executive" else "EUR", stage, day.isoformat(),
             owner, mate, engineer, second, product, term]
            for n, (amount, stage, day, owner, mate, engineer, second, product, term) in enumerate(made, 1)]


def renewals(rng, of_role):
    """Contracts that came up for renewal: kept in part, as they were, or grown."""
    made = []
    for manager in of_role["Customer Success Manager"]:
        for _ in range(rng.randint(44, 60)):
            due = rng.randint(20, 400) * 10_000
            kept = rng.choices([0, rng.randint(50, 95), 100, rng.randint(105, 130)], [7, 19, 50, 24])[0]
            made.append([day_of(rng), manager, due, due * kept // 100])
    made.sort(key=lambda renewal: renewal[0])
    return [[f"R-{n}", manager, day.isoformat(), cents(due), cents(kept)]
            for n, (day, manager, due, kept) in enumerate(made, 1)]


def projects(rng, of_role):
    """Onboarding projects of new customers, in time or late."""
    made = []
    for manager in of_role["Customer Success Manager"]:
        for quarter in range(4):
            for _ in range(rng.randint(4, 8)):
                day = date(2026, 3 * quarter + rng.randint(1, 3), rng.randint(1, 28))
                made.append([day, manager, "yes" if rng.randint(1, 100) <= 82 else "no"])
    made.sort(key=lambda project: project[0])
    return [[f"O-{n}", manager, day.isoformat(), on_time] for n, (day, manager, on_time) in enumerate(made, 1)]


def write(data, name, header, rows):
    with open(data / f"{name}.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


main()
